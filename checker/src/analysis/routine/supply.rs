//! Whether a trigger gives a column its value before the row is stored.

use sqlparser::ast::{Expr, SelectItem, SetExpr};

use crate::schema::{Relation, Schema, Trigger};
use crate::sql::StatementKind;
use crate::sql::ddl::{Event, TriggerTiming};
use crate::sql::routine::{Block, Body, PlStatement, SqlRole, Target};

/// Whether a trigger gives a column a value.
pub(in super::super) enum Supply {
    /// It does, at least on some path.
    Yes,
    No,
    Unknown(String),
}

/// Whether a trigger gives a column a value before a row is stored, or may do so.
pub(crate) fn may_be_supplied(schema: &Schema, relation: &Relation, column: &str, event: Event) -> bool {
    !matches!(supplies(schema, relation, column, event), Supply::No)
}

/// Whether a trigger gives a column a value before a row is stored.
pub(in super::super) fn supplies(schema: &Schema, relation: &Relation, column: &str, event: Event) -> Supply {
    let before = |trigger: &&Trigger| {
        trigger.enabled
            && trigger.for_each_row
            && trigger.timing == TriggerTiming::Before
            && trigger.events.contains(&event)
    };
    let mut unknown = None;
    for trigger in relation.triggers.iter().filter(before) {
        match by_trigger(schema, relation, trigger, column) {
            Supply::Yes => return Supply::Yes,
            Supply::Unknown(reason) => unknown = unknown.or(Some(reason)),
            Supply::No => {}
        }
    }
    unknown.map_or(Supply::No, Supply::Unknown)
}

fn by_trigger(schema: &Schema, relation: &Relation, trigger: &Trigger, column: &str) -> Supply {
    let name = &trigger.name;
    if let Some(cloud) = &trigger.unread {
        return Supply::Unknown(format!("trigger `{name}` is not understood: {}", cloud.reason));
    }
    // Bodies in the trigger itself cannot change the row.
    if !trigger.body.is_empty() {
        return Supply::No;
    }
    let Some(routine) = trigger.routine.and_then(|id| schema.routines.get(&id)) else {
        return built_in(schema, relation, column, name);
    };
    match &routine.body {
        Body::PlPgSql(block) => {
            let mut search = Search { column, found: false, unknown: None };
            search.block(block);
            match (search.found, search.unknown) {
                (true, _) => Supply::Yes,
                (false, Some(reason)) => Supply::Unknown(format!("trigger `{name}` {reason}")),
                (false, None) => Supply::No,
            }
        }
        Body::Opaque { reason } => Supply::Unknown(format!("trigger `{name}` is written in {reason}")),
        Body::Sql(_) | Body::Atomic(_) => Supply::No,
    }
}

/// The server's own trigger functions fill text search columns only.
fn built_in(schema: &Schema, relation: &Relation, column: &str, trigger: &str) -> Supply {
    let info = relation.column(column).and_then(|column| schema.type_info(column.ty.id));
    match info {
        Some(info) if &*info.name != "tsvector" => Supply::No,
        _ => Supply::Unknown(format!("trigger `{trigger}` calls a function of the server")),
    }
}

/// Looks for assignments to `NEW.column`.
struct Search<'s> {
    column: &'s str,
    found: bool,
    unknown: Option<&'static str>,
}

impl Search<'_> {
    fn block(&mut self, block: &Block) {
        if !block.unread.is_empty() {
            self.unknown = Some("has parts that are not understood");
        }
        self.statements(&block.body);
        for handler in &block.handlers {
            self.statements(&handler.body);
        }
    }

    fn statements(&mut self, statements: &[PlStatement]) {
        for statement in statements {
            self.statement(statement);
        }
    }

    fn statement(&mut self, statement: &PlStatement) {
        match statement {
            PlStatement::Block(block) => self.block(block),
            PlStatement::If { branches, otherwise } => {
                for (_, body) in branches {
                    self.statements(body);
                }
                self.statements(otherwise);
            }
            PlStatement::Loop { body, .. } => self.statements(body),
            PlStatement::Sql { statement, into, role } => {
                self.targets(into);
                if *role == SqlRole::Return && !returns_row(&statement.kind) {
                    self.unknown = Some("returns another row");
                }
            }
            PlStatement::Execute { into, .. } => self.targets(into),
            PlStatement::Unread(_) => self.unknown = Some("has parts that are not understood"),
            PlStatement::Raise { .. } | PlStatement::Control { .. } => {}
        }
    }

    fn targets(&mut self, targets: &[Target]) {
        for target in targets.iter().filter(|target| &*target.name.text == "new") {
            match target.fields.first() {
                Some(field) => self.found |= *field.text == *self.column,
                None => self.unknown = Some("assigns the whole row"),
            }
        }
    }
}

/// Whether `RETURN NEW` or `RETURN OLD` stands there.
fn returns_row(kind: &StatementKind) -> bool {
    let StatementKind::Query(query) = kind else { return false };
    let sqlparser::ast::Statement::Query(tree) = &*query.tree else { return false };
    let SetExpr::Select(select) = &*tree.body else { return false };
    match select.projection.as_slice() {
        [SelectItem::UnnamedExpr(Expr::Identifier(name))] => {
            name.value.eq_ignore_ascii_case("new") || name.value.eq_ignore_ascii_case("old")
        }
        _ => false,
    }
}
