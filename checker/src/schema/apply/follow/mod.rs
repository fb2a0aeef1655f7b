//! `DO` blocks, and calls of routines that migrations defined: what they do to the schema, as far as conditions and
//! computed texts can be known without rows.
//!
//! What cannot be followed clouds the names that it may touch, and nothing else.

use std::rc::Rc;
use std::sync::Arc;

use sqlparser::ast::{Expr, Function, Query as Tree, SelectItem, SetExpr, Statement as Ast};

use super::{Cx, Outcome, Stop, problem, run};
use crate::analysis::Variable;
use crate::schema::{Cloud, Key, Routine, RoutineRef, Type};
use crate::source::{Place, Source, Span};
use crate::sql::routine::{Block, Body, Declaration, Handler, PlStatement, SqlRole, Target};
use crate::sql::{self, Query, Statement, StatementKind, Unparsed, ddl};

mod evaluate;
mod facts;
mod function;
mod holes;
mod query;
mod reach;
mod value;

use evaluate::{Eval, Scope, Variables};
use query::Found;
use value::{Row, Value};

/// How deep routines may call each other, and blocks and computed texts stand in each other.
const DEPTH: usize = 12;

/// The most rounds of a loop that are followed.
const ROUNDS: usize = 2_000;

/// What comes after a statement.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    Next,
    /// The loop or the routine ends, or the round of the loop.
    Leave,
}

/// A script on its way.
struct Script<'c, 'a> {
    cx: &'c mut Cx<'a>,
    variables: Variables,
    depth: usize,
}

/// A `DO` block.
pub(super) fn block(cx: &mut Cx<'_>, block: &Block) -> Outcome {
    let depth = cx.depth;
    let mut script = Script { cx, variables: Variables::default(), depth };
    script.block(block).map(|_| ())
}

/// A query: the routines that it calls may change the schema.
pub(super) fn query(cx: &mut Cx<'_>, query: &Query) -> Outcome {
    if !reach::calls_routines(cx.schema, &query.tree) {
        return Ok(());
    }
    let depth = cx.depth;
    Script { cx, variables: Variables::default(), depth }.calls_of(query)
}

impl<'a> Script<'_, 'a> {
    fn block(&mut self, block: &Block) -> Outcome<Flow> {
        let outer = (self.variables.count(), self.cx.variables.len());
        for unread in &block.unread {
            self.cloud(unread);
        }
        for declared in &block.declarations {
            let value = match &declared.query {
                Some(query) if declared.ty.is_some() => self.scalar(query),
                Some(_) => Value::Unknown,
                None => Value::Null,
            };
            self.variables.declare(&declared.name.text, value);
            let typed = self.typed(declared);
            self.cx.variables.push(typed);
        }
        let outcome = match block.handlers.as_slice() {
            [] => self.statements(&block.body),
            handlers => self.guarded(&block.body, handlers),
        };
        self.variables.truncate(outer.0);
        self.cx.variables.truncate(outer.1);
        outcome
    }

    /// A variable as queries see it.
    fn typed(&self, declared: &Declaration) -> Variable {
        let row = declared.row_of.as_ref().and_then(|name| {
            self.cx.schema.find_relation(name.schema.as_ref().map(|schema| &*schema.text), &name.name.text)
        });
        let ty = declared.ty.as_ref().and_then(|ty| self.cx.schema.resolve_type(ty).ok());
        Variable {
            name: declared.name.text.clone(),
            qualifiers: Vec::new(),
            ty: ty.unwrap_or(Type::UNSURE),
            fields: row.as_ref().map(|row| row.columns.as_slice().into()),
            relation: row.map(|row| row.id),
        }
    }

    /// Statements whose errors are caught: what they did up to the error is taken back.
    fn guarded(&mut self, body: &[PlStatement], handlers: &[Handler]) -> Outcome<Flow> {
        let (schema, touches, problems) =
            (self.cx.schema.clone(), self.cx.out.touches.len(), self.cx.out.problems.len());
        let variables = self.variables.clone();
        let strict = std::mem::replace(&mut self.cx.strict, true);
        let outcome = self.statements(body);
        self.cx.strict = strict;
        let Err(Stop::Fails(failure)) = outcome else { return outcome };
        let code = failure.sqlstate.unwrap_or("");
        let catches = |handler: &&Handler| handler.conditions.iter().any(|condition| is_meant(condition, code));
        let Some(handler) = handlers.iter().find(catches) else {
            return self.cx.refuse(failure).map(|()| Flow::Next);
        };
        *self.cx.schema = schema;
        self.cx.out.touches.truncate(touches);
        self.cx.out.problems.truncate(problems);
        self.variables = variables;
        self.statements(&handler.body)
    }

    fn statements(&mut self, statements: &[PlStatement]) -> Outcome<Flow> {
        for statement in statements {
            match self.statement(statement) {
                Ok(Flow::Next) | Err(Stop::Clouded) => {}
                ended => return ended,
            }
        }
        Ok(Flow::Next)
    }

    fn statement(&mut self, statement: &PlStatement) -> Outcome<Flow> {
        match statement {
            PlStatement::Block(block) => self.block(block),
            PlStatement::If { branches, otherwise } => self.condition(branches, otherwise),
            PlStatement::Loop { targets, query, dynamic, body } => {
                self.looped(targets, query.as_ref(), dynamic.is_some(), body)
            }
            PlStatement::Sql { statement, into, role } => {
                self.sql(statement, into)?;
                Ok(if *role == SqlRole::Return { Flow::Leave } else { Flow::Next })
            }
            PlStatement::Execute { text, into, span } => {
                self.execute(text, *span)?;
                into.iter().for_each(|target| self.variables.set(&target.name.text, Value::Unknown));
                Ok(Flow::Next)
            }
            PlStatement::Raise { error: true, span } => {
                let message = "an exception is raised".to_owned();
                Err(Stop::Fails(problem::fails(*span, "P0001", message, Vec::new())))
            }
            PlStatement::Raise { error: false, .. } => Ok(Flow::Next),
            PlStatement::Control { what, .. } => Ok(match *what {
                "return" | "exit" | "continue" => Flow::Leave,
                _ => Flow::Next,
            }),
            PlStatement::Unread(unread) => {
                self.cloud(unread);
                Ok(Flow::Next)
            }
        }
    }

    fn condition(
        &mut self,
        branches: &[(Result<Query, Unparsed>, Vec<PlStatement>)],
        otherwise: &[PlStatement],
    ) -> Outcome<Flow> {
        for (position, (condition, body)) in branches.iter().enumerate() {
            let holds = condition.as_ref().ok().and_then(|condition| self.scalar(condition).holds());
            match holds {
                Some(true) => return self.statements(body),
                Some(false) => {}
                None => {
                    let rest = branches.iter().skip(position).map(|(_, body)| body.as_slice());
                    let bodies: Vec<&[PlStatement]> = rest.chain([otherwise]).collect();
                    for body in bodies {
                        self.perhaps(body, "whether it runs depends on rows");
                    }
                    return Ok(Flow::Next);
                }
            }
        }
        self.statements(otherwise)
    }

    fn looped(
        &mut self,
        targets: &[ddl::Name],
        query: Option<&Result<Query, Unparsed>>,
        dynamic: bool,
        body: &[PlStatement],
    ) -> Outcome<Flow> {
        let rounds = match query {
            Some(Ok(query)) if !dynamic && !targets.is_empty() => self.rounds(query, targets),
            _ => None,
        };
        let Some(rounds) = rounds.filter(|rounds| rounds.len() <= ROUNDS) else {
            self.forget(targets);
            self.perhaps(body, "how often it runs depends on rows");
            return Ok(Flow::Next);
        };
        for values in rounds {
            for (target, value) in targets.iter().zip(values) {
                self.variables.set(&target.text, value);
            }
            if self.statements(body)? == Flow::Leave && reach::leaves_for_good(body) {
                break;
            }
        }
        Ok(Flow::Next)
    }

    /// The values of a loop's variables in each round, where they are known.
    fn rounds(&self, query: &Query, targets: &[ddl::Name]) -> Option<Vec<Vec<Value>>> {
        let Ast::Query(tree) = &*query.tree else { return None };
        let Found::Known(rows) = self.rows(tree) else { return None };
        if !rows.iter().all(|(_, certain)| *certain) {
            return None;
        }
        let from_tables = matches!(&*tree.body, SetExpr::Select(select) if !select.from.is_empty());
        if let (false, [(row, _)], [_]) = (from_tables, rows.as_slice(), targets) {
            let values: Vec<&Value> = row.columns.iter().map(|(_, value)| value).collect();
            match values.as_slice() {
                // `FOREACH x IN ARRAY …`
                [Value::List(items)] => return Some(items.iter().map(|item| vec![item.clone()]).collect()),
                // `FOR i IN low..high`
                [low, high] => {
                    let (low, high) = (low.number()?, high.number()?);
                    let short = high.saturating_sub(low) < i64::try_from(ROUNDS).unwrap_or(i64::MAX);
                    return short.then(|| (low..=high).map(|number| vec![Value::Number(number)]).collect());
                }
                _ => {}
            }
        }
        let one = targets.len() == 1;
        Some(rows.into_iter().map(|(row, _)| if one { vec![Value::Row(row)] } else { fields(&row) }).collect())
    }

    fn sql(&mut self, statement: &Statement, into: &[Target]) -> Outcome {
        if let StatementKind::Query(query) = &statement.kind {
            if !into.is_empty() {
                self.assign(query, into);
            }
            self.cx.at = statement.span;
            super::data::note(self.cx, query);
            return if reach::calls_routines(self.cx.schema, &query.tree) { self.calls_of(query) } else { Ok(()) };
        }
        let at = statement.span;
        self.cx.part(at, |cx| run(cx, statement))
    }

    /// `SELECT … INTO` and assignments.
    fn assign(&mut self, query: &Query, into: &[Target]) {
        let found = match &*query.tree {
            Ast::Query(tree) => self.rows(tree),
            _ => Found::Unknown,
        };
        let values = match found {
            Found::Known(rows) if rows.is_empty() => vec![Value::Null; into.len()],
            Found::Known(rows) if rows.iter().all(|(_, certain)| *certain) => match (rows.first(), into) {
                // The variable is a record.
                (Some((row, _)), [_]) if row.columns.len() > 1 => vec![Value::Row(row.clone())],
                (Some((row, _)), _) => fields(row),
                (None, _) => Vec::new(),
            },
            _ => Vec::new(),
        };
        for (position, target) in into.iter().enumerate() {
            // A field or an element alone does not make the whole known.
            let whole = values.get(position).filter(|_| target.fields.is_empty());
            self.variables.set(&target.name.text, whole.cloned().unwrap_or(Value::Unknown));
        }
    }

    fn forget(&mut self, names: &[ddl::Name]) {
        for name in names {
            self.variables.set(&name.text, Value::Unknown);
        }
    }

    /// `EXECUTE`.
    fn execute(&mut self, text: &ddl::Expr, span: Span) -> Outcome {
        let value = match text.tree() {
            Some(tree) => Eval::new(self.cx.schema, &self.variables).value(tree, &Scope::default()),
            None => Value::Unknown,
        };
        match value.shown() {
            Some(computed) => self.computed(&computed, span),
            None => {
                self.cx.at = span;
                let eval = Eval::new(self.cx.schema, &self.variables).with_holes();
                let value = text.tree().map(|tree| eval.value(tree, &Scope::default()));
                match value.and_then(|value| value.shown()) {
                    Some(partly) => self.partly_computed(&partly, span),
                    None => self.cx.overcast("the text that `EXECUTE` runs is not known"),
                }
                Ok(())
            }
        }
    }

    /// Statements of which only parts are known: all names are clouded that they can mean.
    fn partly_computed(&mut self, text: &str, span: Span) {
        if writes_rows(text) {
            return;
        }
        const WHY: &str = "a part of the text that `EXECUTE` runs is not known";
        let mut schema = self.cx.schema.clone();
        let mut trial = self.cx.trial(&mut schema);
        trial.wary = true;
        let mut script = Script { cx: &mut trial, variables: self.variables.clone(), depth: self.depth + 1 };
        let outcome = script.computed(text, span);
        script.cx.settle(outcome);
        let out = trial.out;
        let unread = out.problems.iter().any(|problem| problem.sqlstate.is_none() && problem.rule != problem::FAILS);
        if unread || holes::made(&schema, self.cx.schema) || schema.overcast.is_some() {
            return self.cx.overcast(WHY);
        }
        let cloud = Arc::new(Cloud { reason: WHY.to_owned(), place: Some(self.cx.place()) });
        let about = out.problems.into_iter().flat_map(|problem| problem.about);
        let keys: Vec<Key> = out.touches.into_iter().map(|touch| touch.key).chain(about).collect();
        let meant: Vec<Key> = keys.iter().flat_map(|key| holes::meant(self.cx.schema, key)).collect();
        for key in meant {
            self.cloud_key(&key, &cloud);
        }
    }

    /// Statements that a script has put together. Their places are that of the statement that runs them.
    fn computed(&mut self, text: &str, span: Span) -> Outcome {
        if self.depth >= DEPTH {
            self.cx.overcast("scripts run each other too deep to follow");
            return Ok(());
        }
        let place = self.cx.fixed.clone().unwrap_or_else(|| Place { source: self.cx.source.clone(), span });
        let source = Source::new(self.cx.source.path(), text);
        let outer = (std::mem::replace(&mut self.cx.source, source), self.cx.fixed.replace(place));
        self.cx.depth = self.depth + 1;
        let mut outcome = Ok(());
        for statement in sql::parse(text, self.cx.schema.dialect) {
            let at = statement.span;
            outcome = self.cx.part(at, |cx| run(cx, &statement));
            if outcome.is_err() {
                break;
            }
        }
        (self.cx.source, self.cx.fixed) = outer;
        self.cx.depth = self.depth;
        outcome
    }

    /// The routines that a query calls, as often as it is known to call them.
    fn calls_of(&mut self, query: &Query) -> Outcome {
        let Ast::Query(tree) = &*query.tree else {
            return self.perhaps_calls(&query.tree);
        };
        let Some(calls) = reach::plain_calls(tree) else { return self.perhaps_calls(&query.tree) };
        for function in calls {
            let eval = Eval::new(self.cx.schema, &self.variables);
            let arguments = eval.arguments(function, &Scope::default());
            self.call(function, arguments)?;
        }
        Ok(())
    }

    /// Calls whose number or arguments are not known.
    fn perhaps_calls(&mut self, tree: &Ast) -> Outcome {
        let rounds = match tree {
            Ast::Query(query) => self.call_rounds(query),
            _ => None,
        };
        if let Some(rounds) = rounds {
            for (function, arguments) in rounds {
                self.call(&function, arguments)?;
            }
            return Ok(());
        }
        for routine in reach::called(self.cx.schema, tree) {
            if let Body::PlPgSql(body) = &routine.body {
                self.inside(&routine, Variables::default(), |script| {
                    script.perhaps(&[PlStatement::Block((**body).clone())], "what it is called with depends on rows");
                    Ok(Flow::Next)
                })?;
            }
        }
        Ok(())
    }

    /// `SELECT f(name) FROM system table WHERE …`: the calls with the values of each row.
    fn call_rounds(&self, query: &Tree) -> Option<Vec<(Function, Arguments)>> {
        let SetExpr::Select(select) = &*query.body else { return None };
        let [
            SelectItem::UnnamedExpr(Expr::Function(function))
            | SelectItem::ExprWithAlias { expr: Expr::Function(function), .. },
        ] = select.projection.as_slice()
        else {
            return None;
        };
        // The rows of the same query with the arguments in the place of the call.
        let mut arguments = (**select).clone();
        arguments.projection = reach::argument_items(function)?;
        let query = Tree { body: Box::new(SetExpr::Select(Box::new(arguments))), ..query.clone() };
        let Found::Known(rows) = self.rows(&query) else { return None };
        if rows.len() > ROUNDS || !rows.iter().all(|(_, certain)| *certain) {
            return None;
        }
        let values = |row: &Rc<Row>| fields(row).into_iter().map(|value| (None, value)).collect();
        Some(rows.iter().map(|(row, _)| (function.clone(), values(row))).collect())
    }

    /// A call of a routine, where a migration defined it.
    fn call(&mut self, function: &Function, arguments: Vec<(Option<String>, Value)>) -> Outcome {
        let Some(routine) = reach::routine_of(self.cx.schema, &function.name, arguments.len()) else { return Ok(()) };
        if !reach::may_define(&routine.body) {
            return Ok(());
        }
        let variables = bound(&routine, arguments);
        match &routine.body {
            Body::PlPgSql(body) => self.inside(&routine, variables, |script| script.block(body)),
            Body::Sql(statements) | Body::Atomic(statements) => self.inside(&routine, variables, |script| {
                for statement in statements.iter() {
                    script.sql(statement, &[])?;
                }
                Ok(Flow::Next)
            }),
            Body::Opaque { .. } => Ok(()),
        }
    }

    /// Runs the body of a routine with its own variables and search path.
    fn inside(
        &mut self,
        routine: &Arc<Routine>,
        variables: Variables,
        work: impl FnOnce(&mut Script<'_, 'a>) -> Outcome<Flow>,
    ) -> Outcome {
        if self.depth >= DEPTH {
            self.cx.overcast("routines call each other too deep to follow");
            return Ok(());
        }
        let place = self.cx.place();
        let source = std::mem::replace(&mut self.cx.source, routine.source.clone());
        let fixed = self.cx.fixed.replace(place);
        let path = self.cx.schema.search_path.clone();
        if let Some(own) = &routine.search_path {
            self.cx.schema.search_path = own.clone();
        }
        let outer = self.cx.variables.len();
        self.cx.variables.extend(parameters(routine));
        let mut script = Script { cx: self.cx, variables, depth: self.depth + 1 };
        let outcome = work(&mut script);
        self.cx.variables.truncate(outer);
        if routine.search_path.is_some() {
            self.cx.schema.search_path = path;
        }
        (self.cx.source, self.cx.fixed) = (source, fixed);
        outcome.map(|_| ())
    }

    /// Statements that may or may not run: the names that they would touch are clouded.
    fn perhaps(&mut self, statements: &[PlStatement], why: &str) {
        if self.depth >= DEPTH || !reach::may_change(statements) {
            reach::note_rows(self.cx, statements);
            return;
        }
        let mut schema = self.cx.schema.clone();
        let mut trial = self.cx.trial(&mut schema);
        let mut script = Script { cx: &mut trial, variables: self.variables.clone(), depth: self.depth + 1 };
        // What ends the statements early would end them in the trial only.
        for statement in statements {
            let outcome = script.statement(statement).map(|_| ());
            script.cx.settle(outcome);
        }
        let out = trial.out;
        let overcast = schema.overcast.clone();
        let clouds: Vec<_> = schema.clouds.iter().map(|(name, cloud)| (name.clone(), cloud.clone())).collect();
        let place = Some(self.cx.place());
        let cloud = Arc::new(Cloud { reason: why.to_owned(), place });
        let about = out.problems.into_iter().filter(|problem| problem.rule == problem::FAILS).flat_map(|it| it.about);
        let keys: Vec<Key> = out.touches.into_iter().map(|touch| touch.key).chain(about).collect();
        for key in keys {
            self.cloud_key(&key, &cloud);
        }
        for (name, cloud) in clouds {
            if !self.cx.schema.clouds.contains_key(&name) {
                self.cx.cloud_name(&name, &cloud);
            }
        }
        if let (Some(cloud), None) = (overcast, &self.cx.schema.overcast) {
            self.cx.overcast(&cloud.reason);
        }
    }

    fn cloud_key(&mut self, key: &Key, cloud: &Arc<Cloud>) {
        let name = match key {
            Key::Relation(name) | Key::Type(name) | Key::Routine(name) | Key::Schema(name) | Key::Operator(name) => {
                name
            }
            Key::Column(name, _) | Key::Constraint(name, _) | Key::Trigger(name, _) => name,
            Key::Label(name, _) => name,
            Key::Everything => return self.cx.overcast(&cloud.reason),
        };
        self.cx.schema.clouds.insert_mut(name.clone(), cloud.clone());
        self.cx.touch(key.clone());
    }

    fn cloud(&mut self, unread: &Unparsed) {
        self.cx.cloud(unread);
        self.cx.report(problem::unparsed(unread));
    }

    fn rows(&self, tree: &Tree) -> Found {
        query::rows(&Eval::new(self.cx.schema, &self.variables), tree, &Scope::default())
    }

    /// The one value of a query.
    fn scalar(&self, query: &Query) -> Value {
        match &*query.tree {
            Ast::Query(tree) => query::scalar(&Eval::new(self.cx.schema, &self.variables), tree, &Scope::default()),
            _ => Value::Unknown,
        }
    }
}

fn fields(row: &Rc<Row>) -> Vec<Value> {
    row.columns.iter().map(|(_, value)| value.clone()).collect()
}

/// A routine's arguments as queries in its body see them.
fn parameters(routine: &Routine) -> impl Iterator<Item = Variable> {
    let qualifier: Arc<str> = Arc::from(&*routine.signature.name);
    routine.arguments.iter().filter_map(move |(_, name, ty)| {
        let qualifiers = vec![qualifier.clone()];
        Some(Variable { name: name.clone()?, qualifiers, ty: *ty, fields: None, relation: None })
    })
}

/// Whether a statement, by its first word, reads and writes rows and defines nothing.
pub(super) fn writes_rows(statement: &str) -> bool {
    let mut words = statement.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    let first = words.next().unwrap_or("").to_ascii_lowercase();
    let several = statement.trim_end().trim_end_matches(';').contains(';');
    match first.as_str() {
        "insert" | "update" | "delete" | "merge" | "copy" | "analyze" | "notify" | "vacuum" => !several,
        // `SELECT … INTO` makes a table.
        "select" | "with" | "values" | "explain" => !several && !words.any(|word| word.eq_ignore_ascii_case("into")),
        _ => false,
    }
}

/// A routine's arguments as variables: by name, by position, and behind the routine's name.
fn bound(routine: &Routine, arguments: Vec<(Option<String>, Value)>) -> Variables {
    let mut row = Row::default();
    let mut variables = Variables::default();
    let inputs = routine
        .arguments
        .iter()
        .filter(|(mode, ..)| !matches!(mode, ddl::ArgumentMode::Out | ddl::ArgumentMode::Table));
    for (position, (_, name, _)) in inputs.enumerate() {
        let named = arguments.iter().find(|(written, _)| written.as_deref() == name.as_deref() && written.is_some());
        let positional = arguments.get(position).filter(|(written, _)| written.is_none());
        let value = named.or(positional).map_or(Value::Unknown, |(_, value)| value.clone());
        variables.declare(&format!("${}", position + 1), value.clone());
        if let Some(name) = name {
            variables.declare(name, value.clone());
            row.columns.push((Rc::from(&**name), value));
        }
    }
    variables.declare(&routine.signature.name, Value::Row(Rc::new(row)));
    variables
}

/// Whether a handler's condition catches an error. Postgres manual: appendix A.
fn is_meant(condition: &str, code: &str) -> bool {
    let known = match condition {
        "others" => return true,
        "duplicate_object" => "42710",
        "duplicate_table" => "42P07",
        "duplicate_column" => "42701",
        "duplicate_schema" => "42P06",
        "duplicate_function" => "42723",
        "duplicate_alias" => "42712",
        "undefined_object" => "42704",
        "undefined_table" => "42P01",
        "undefined_column" => "42703",
        "undefined_function" => "42883",
        "invalid_schema_name" => "3F000",
        "invalid_table_definition" => "42P16",
        "invalid_parameter_value" => "22023",
        "wrong_object_type" => "42809",
        "dependent_objects_still_exist" => "2BP01",
        "feature_not_supported" => "0A000",
        "object_not_in_prerequisite_state" => "55000",
        "syntax_error_or_access_rule_violation" => return code.starts_with("42"),
        "raise_exception" => "P0001",
        other => return other.strip_prefix("sqlstate").is_some_and(|rest| rest.trim().trim_matches('\'') == code),
    };
    known == code
}

impl Cx<'_> {
    /// Something happened that may have touched anything.
    pub(super) fn overcast(&mut self, reason: &str) {
        let cloud = Arc::new(Cloud { reason: reason.to_owned(), place: Some(self.place()) });
        self.schema.overcast = Some(cloud);
        self.touch(Key::Everything);
    }
}

/// A routine by reference.
fn created(found: Option<RoutineRef<'_>>) -> Option<Arc<Routine>> {
    match found? {
        RoutineRef::Created(routine) => Some(routine.clone()),
        RoutineRef::BuiltIn(_) => None,
    }
}

/// The values of a call's arguments, with the names of those that are named.
type Arguments = Vec<(Option<String>, Value)>;
