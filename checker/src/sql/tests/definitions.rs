//! Definitions in short form, held against `definitions.txt`: a statement, then what is read from it.
//!
//! Run with `UPDATE_EXPECTED=1` to write the file anew.

use std::fmt::Write;

use super::*;
use crate::sql::ddl::*;
use crate::sql::routine::{Block, Body, PlStatement};

#[test]
#[expect(clippy::disallowed_methods, reason = "the test reads and writes its own file")]
fn definitions_are_read() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/sql/tests/definitions.txt");
    let expected = std::fs::read_to_string(path).expect("the file of definitions");
    let mut actual = String::new();
    for entry in expected.split("\n\n").map(str::trim).filter(|entry| !entry.is_empty()) {
        let sql: Vec<&str> = entry.lines().take_while(|line| !line.starts_with("=> ")).collect();
        let sql = sql.join("\n");
        let dialect = if sql.starts_with("-- sqlite") { &sqlite::DIALECT } else { &postgres::DIALECT };
        actual.push_str(&sql);
        for statement in parse(&sql, dialect) {
            write!(actual, "\n=> {}", brief(&statement)).expect("strings grow");
        }
        actual.push_str("\n\n");
    }
    let actual = format!("{}\n", actual.trim_end());
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        std::fs::write(path, &actual).expect("the file of definitions");
    } else {
        assert_eq!(actual, expected);
    }
}

fn brief(statement: &Statement) -> String {
    match &statement.kind {
        StatementKind::Ddl(ddl) => definition(ddl),
        StatementKind::Query(query) => format!("query {}", query.tree),
        StatementKind::Transaction(transaction) => format!("{transaction:?}"),
        StatementKind::Do(block) => format!("do {}", of_block(block)),
        StatementKind::Unparsed(unparsed) => format!("unparsed: {}", unparsed.reason),
    }
}

fn definition(ddl: &Ddl) -> String {
    match ddl {
        Ddl::CreateTable(table) => create_table(table),
        Ddl::AlterTable(alter) => {
            let actions: Vec<String> = alter.actions.iter().map(|(action, _)| of_action(action)).collect();
            format!("alter {:?} {}: {}", alter.kind, object(&alter.name), actions.join("; "))
        }
        Ddl::CreateIndex(index) => {
            let keys: Vec<String> = index.elements.iter().map(key).collect();
            let name = index.name.as_ref().map_or("?".to_string(), object);
            let unique = if index.unique { "unique " } else { "" };
            let predicate = index.predicate.as_ref().map_or(String::new(), |it| format!(" where {}", expr(it)));
            format!("{unique}index {name} on {} ({}){predicate}", object(&index.table), keys.join(", "))
        }
        Ddl::CreateView(view) => {
            let query = view.query.as_ref().map_or("?".to_string(), |query| query.tree.to_string());
            format!("view {} ({}) as {query}", object(&view.name), names(&view.columns))
        }
        Ddl::CreateRoutine(routine) => create_routine(routine),
        Ddl::CreateTrigger(trigger) => format!(
            "trigger {} {:?} {:?} of ({}) on {} when {} do {:?}, {} statements",
            object(&trigger.name),
            trigger.timing,
            trigger.events,
            names(&trigger.update_of),
            object(&trigger.table),
            trigger.when.as_ref().map_or("-".to_string(), expr),
            trigger.function.as_ref().map(object),
            trigger.body.len()
        ),
        Ddl::Set { parameter, values, local } => format!("set {parameter} {values:?} local {local}"),
        Ddl::Drop(drop) => {
            let objects: Vec<String> = drop.objects.iter().map(reference).collect();
            format!("drop {:?} {} cascade {}", drop.kind, objects.join(", "), drop.cascade)
        }
        Ddl::Grant(grant) => format!("grant {}", of_grant(grant)),
        Ddl::CreateDomain { name, base, default, constraints } => format!(
            "domain {} {} default {:?}, {} constraints",
            object(name),
            ty(base),
            default.as_ref().map(expr),
            constraints.len()
        ),
        Ddl::CreateEnum { name, labels } => {
            format!("enum {} {:?}", object(name), labels.iter().map(|(label, _)| label).collect::<Vec<_>>())
        }
        other => {
            let debug = format!("{other:?}");
            debug.split([' ', '(']).next().unwrap_or_default().to_string()
        }
    }
}

fn create_table(table: &CreateTable) -> String {
    let elements: Vec<String> = table
        .elements
        .iter()
        .map(|element| match element {
            TableElement::Column(it) => column(it),
            TableElement::Constraint(it) => constraint(it),
            TableElement::Like { table, including, .. } => format!("like {} {including:?}", object(table)),
        })
        .collect();
    let mut text = format!("table {} ({})", object(&table.name), elements.join(", "));
    if let Some(parent) = &table.partition_of {
        let bound = table.partition_bound.as_ref().map_or("?", |bound| &bound.text);
        write!(text, " partition of {} {bound}", object(parent)).expect("strings grow");
    }
    if let Some(by) = &table.partition_by {
        write!(
            text,
            " by {} {:?}",
            by.strategy,
            by.keys.iter().map(|it| it.as_ref().map(|it| &*it.text)).collect::<Vec<_>>()
        )
        .expect("strings grow");
    }
    if let Some(query) = &table.as_query {
        write!(text, " columns ({}) as {}", names(&table.as_columns), query.tree).expect("strings grow");
    }
    text
}

fn column(column: &ColumnDef) -> String {
    let mut text = format!("{} {}", column.name.text, column.ty.as_ref().map_or("-".to_string(), ty));
    for option in &column.options {
        let option = match option {
            ColumnOption::NotNull => "not null".to_string(),
            ColumnOption::Null => "null".to_string(),
            ColumnOption::Default(default) => format!("default {}", expr(default)),
            ColumnOption::Generated { expr: it, stored } => format!("generated {} stored {stored}", expr(it)),
            ColumnOption::Identity { always, .. } => format!("identity always {always}"),
            ColumnOption::AutoIncrement => "autoincrement".to_string(),
            ColumnOption::Constraint(it) => constraint(it),
        };
        write!(text, " {option}").expect("strings grow");
    }
    text
}

fn constraint(constraint: &ConstraintDef) -> String {
    let name = constraint.name.as_ref().map_or(String::new(), |name| format!("{}: ", name.text));
    let kind = match &constraint.kind {
        ConstraintKind::PrimaryKey { columns, .. } => format!("primary key ({})", names(columns)),
        ConstraintKind::Unique { columns, .. } => format!("unique ({})", names(columns)),
        ConstraintKind::UsingIndex { index, primary } => format!("using index {} primary {primary}", index.text),
        ConstraintKind::Check(check) => format!("check {}", expr(check)),
        ConstraintKind::ForeignKey { columns, table, referenced, on_delete, .. } => {
            format!("({}) references {} ({}) {on_delete:?}", names(columns), object(table), names(referenced))
        }
        ConstraintKind::Exclude { elements, .. } => {
            let keys: Vec<String> =
                elements.iter().map(|(element, with)| format!("{} with {with}", key(element))).collect();
            format!("exclude ({})", keys.join(", "))
        }
        ConstraintKind::NotNull { column } => format!("not null {}", column.text),
    };
    let valid = if constraint.not_valid { " not valid" } else { "" };
    format!("[{name}{kind}{valid}]")
}

fn of_action(action: &AlterAction) -> String {
    match action {
        AlterAction::AddColumn { column: it, .. } => format!("add {}", column(it)),
        AlterAction::AddConstraint(it) => format!("add {}", constraint(it)),
        AlterAction::SetType { column, ty: it, using, .. } => {
            format!("type {} {} using {}", column.text, ty(it), using.as_ref().map_or("-".to_string(), expr))
        }
        AlterAction::SetDefault { column, default } => format!("default {} {}", column.text, expr(default)),
        AlterAction::RenameTo(name) => format!("rename to {}", name.text),
        AlterAction::RenameColumn { from, to } => format!("rename {} to {}", from.text, to.text),
        AlterAction::AttachPartition { partition, bound } => format!("attach {} {}", object(partition), bound.text),
        other => {
            let debug = format!("{other:?}");
            debug.split([' ', '(']).next().unwrap_or_default().to_string()
        }
    }
}

fn create_routine(routine: &CreateRoutine) -> String {
    let argument = |it: &RoutineArgument| {
        let default = it.default.as_ref().map_or(String::new(), |it| format!(" = {}", expr(it)));
        format!("{:?} {} {}{default}", it.mode, it.name.as_ref().map_or("-", |name| &name.text), ty(&it.ty))
    };
    let arguments: Vec<String> = routine.arguments.iter().map(argument).collect();
    let body = match &routine.body {
        Body::Sql(statements) => statements.iter().map(brief).collect::<Vec<_>>().join("; "),
        Body::Atomic(statements) => {
            format!("atomic {}", statements.iter().map(brief).collect::<Vec<_>>().join("; "))
        }
        Body::PlPgSql(block) => of_block(block),
        Body::Opaque { reason } => format!("opaque: {reason}"),
    };
    let returns = routine.returns.as_ref().map_or("-".to_string(), ty);
    format!("{:?} {} ({}) returns {returns} {{ {body} }}", routine.kind, object(&routine.name), arguments.join(", "))
}

fn of_block(block: &Block) -> String {
    let mut parts: Vec<String> = block.unread.iter().map(|it| format!("unread: {}", it.reason)).collect();
    parts.extend(block.declarations.iter().map(|it| {
        let row = it.row_of.as_ref().map_or("-".to_string(), object);
        format!("declare {} {}", it.name.text, it.ty.as_ref().map_or(row, ty))
    }));
    parts.extend(block.body.iter().map(of_pl));
    parts.extend(block.handlers.iter().map(|it| format!("when {:?} {}", it.conditions, pl(&it.body))));
    parts.join("; ")
}

fn pl(statements: &[PlStatement]) -> String {
    format!("{{ {} }}", statements.iter().map(of_pl).collect::<Vec<_>>().join("; "))
}

fn of_pl(statement: &PlStatement) -> String {
    match statement {
        PlStatement::Block(block) => format!("begin {}", of_block(block)),
        PlStatement::If { branches, otherwise } => {
            let branch = |(condition, body): &(Result<crate::sql::Query, crate::sql::Unparsed>, Vec<PlStatement>)| {
                format!("if {} {}", condition.as_ref().map_or("?".to_string(), |it| it.tree.to_string()), pl(body))
            };
            let branches: Vec<String> = branches.iter().map(branch).collect();
            format!("{} else {}", branches.join(" "), pl(otherwise))
        }
        PlStatement::Loop { targets, query, dynamic, body } => {
            let query = query
                .as_ref()
                .map_or("-".to_string(), |it| it.as_ref().map_or("?".to_string(), |query| query.tree.to_string()));
            let dynamic = dynamic.as_ref().map_or(String::new(), |it| format!(" execute {}", it.text));
            format!("loop {} targets {query}{dynamic} {}", targets.len(), pl(body))
        }
        PlStatement::Sql { statement, into, .. } => {
            let into: Vec<&str> = into.iter().map(|target| &*target.name.text).collect();
            format!("{} into {into:?}", brief(statement))
        }
        PlStatement::Execute { text, into, .. } => format!("execute {} into {}", text.text, into.len()),
        PlStatement::Raise { error, .. } => format!("raise error {error}"),
        PlStatement::Control { what, .. } => what.to_string(),
        PlStatement::Unread(unparsed) => format!("unread: {}", unparsed.reason),
    }
}

fn key(element: &IndexElement) -> String {
    let class = element.operator_class.as_ref().map_or(String::new(), |it| format!(" {}", object(it)));
    match &element.column {
        Some(column) => format!("{}{class}", column.text),
        None => format!("{}{class}", expr(&element.expr)),
    }
}

fn of_grant(grant: &Grant) -> String {
    let rights: Vec<String> =
        grant.privileges.iter().map(|(right, columns)| format!("{right} ({})", names(columns))).collect();
    let target = match &grant.target {
        GrantTarget::Objects { kind, names } => {
            format!("{kind:?} {}", names.iter().map(reference).collect::<Vec<_>>().join(", "))
        }
        GrantTarget::AllInSchema { kind, schemas } => format!("all {kind:?} in {}", names(schemas)),
        GrantTarget::Future => "future".to_string(),
    };
    format!("{} on {target} to {}", rights.join(", "), names(&grant.grantees))
}

fn reference(reference: &ObjectRef) -> String {
    match reference {
        ObjectRef::Name(name) => object(name),
        ObjectRef::Routine(signature) => {
            let types = signature.arguments.as_ref().map(|types| types.iter().map(ty).collect::<Vec<_>>().join(", "));
            format!("{}({})", object(&signature.name), types.unwrap_or("?".to_string()))
        }
        ObjectRef::On { name, relation } => format!("{} on {}", name.text, object(relation)),
        ObjectRef::Operator { name, left, right } => {
            format!("{} {:?} {:?}", object(name), left.as_ref().map(ty), right.as_ref().map(ty))
        }
        ObjectRef::Cast { source, target } => format!("{} as {}", ty(source), ty(target)),
    }
}

fn object(name: &ObjectName) -> String {
    let schema = name.schema.as_ref().map_or(String::new(), |schema| format!("{}.", schema.text));
    format!("{schema}{}", name.name.text)
}

fn names(names: &[Name]) -> String {
    names.iter().map(|name| &*name.text).collect::<Vec<_>>().join(", ")
}

fn ty(ty: &TypeName) -> String {
    let set = if ty.set_of { "setof " } else { "" };
    let schema = ty.schema.as_ref().map_or(String::new(), |schema| format!("{}.", schema.text));
    let modifiers = if ty.modifiers.is_empty() { String::new() } else { format!("({})", ty.modifiers.join(",")) };
    let fields = ty.interval_fields.as_ref().map_or(String::new(), |fields| format!(" {fields}"));
    let column = if ty.of_column { "%type" } else { "" };
    format!("{set}{schema}{}{modifiers}{fields}{column}{}", ty.name.text, "[]".repeat(ty.dimensions))
}

/// As the tree has it; in angle brackets where there is none.
fn expr(expr: &Expr) -> String {
    expr.tree().map_or(format!("<{}>", expr.text), |tree| tree.to_string())
}
