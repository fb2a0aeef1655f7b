//! What a statement does to the schema.

use std::sync::Arc;

use super::store::Target;
use super::{Applied, ApplyProblem, Cloud, Key, LookupProblem, Relation, RelationId, Schema, Touch};
use crate::analysis::Variable;
use crate::source::{Place, Source, Span};
use crate::sql::ddl::{Ddl, ObjectName};
use crate::sql::{Statement, StatementKind, Unparsed};

mod alter;
mod column;
mod constraint;
mod create;
mod data;
mod drop;
mod fit;
mod follow;
mod index;
mod inherit;
mod problem;
mod publication;
mod rename;
mod rights;
mod routine;
mod rows;
mod sequence;
mod session;
mod table;
mod trigger;
mod types;
mod view;

pub(super) use problem::FAILS;
pub(super) use routine::put_built;
pub(super) use sequence::next_value;
pub(super) use session::Session;

/// Applies a statement to the schema, as the session that runs the migrations would. What the server would refuse is
/// reported, and the schema goes on with what comes closest to the author's intent.
pub fn apply(schema: &mut Schema, statement: &Statement, source: &Source) -> Applied {
    let mut cx = Cx::new(schema, source);
    let outcome = run(&mut cx, statement);
    cx.settle(outcome);
    cx.out
}

/// Why a statement, or a part of it, is not carried out.
#[derive(Debug)]
enum Stop {
    /// The server refuses it.
    Fails(ApplyProblem),
    /// It is about something that is not known, which is reported elsewhere.
    Clouded,
}

type Outcome<T = ()> = Result<T, Stop>;

/// The session that applies a statement.
struct Cx<'a> {
    schema: &'a mut Schema,
    /// The text that positions count in.
    source: Source,
    /// What stands for all places, where the text at work is made up by a statement.
    fixed: Option<Place>,
    /// The part of the text at work.
    at: Span,
    /// Whether the first error ends it all; else errors are noted and the work goes on.
    strict: bool,
    /// How many routines, blocks and computed texts are around the statement.
    depth: usize,
    /// The variables of the routines and blocks around it.
    variables: Vec<Variable>,
    /// Whether `IF EXISTS` and `IF NOT EXISTS` hide nothing: a part of the name is not known.
    wary: bool,
    out: Applied,
}

impl<'a> Cx<'a> {
    /// The same place on another schema, to see what a statement would do.
    fn trial<'b>(&self, schema: &'b mut Schema) -> Cx<'b> {
        Cx {
            schema,
            source: self.source.clone(),
            fixed: self.fixed.clone(),
            at: self.at,
            strict: false,
            depth: self.depth,
            variables: self.variables.clone(),
            wary: self.wary,
            out: Applied::default(),
        }
    }

    fn new(schema: &'a mut Schema, source: &Source) -> Cx<'a> {
        Cx {
            schema,
            source: source.clone(),
            fixed: None,
            at: Span::default(),
            strict: false,
            depth: 0,
            variables: Vec::new(),
            wary: false,
            out: Applied::default(),
        }
    }

    /// Notes that an object changed, by the part of the statement at work.
    fn touch(&mut self, key: Key) {
        let touch = Touch { key, span: self.fixed.as_ref().map_or(self.at, |place| place.span) };
        if !self.out.touches.contains(&touch) {
            self.out.touches.push(touch);
        }
    }

    /// What the server refuses: ends a strict run, is noted by a lenient one, which goes on as if it had not.
    fn refuse(&mut self, problem: ApplyProblem) -> Outcome {
        if self.strict {
            return Err(Stop::Fails(problem));
        }
        self.report(problem);
        Ok(())
    }

    fn report(&mut self, problem: ApplyProblem) {
        let span = self.fixed.as_ref().map_or(problem.span, |place| place.span);
        self.out.problems.push(ApplyProblem { span, ..problem });
    }

    /// Ends a part of a statement: what stopped it is noted by a lenient run.
    fn settle(&mut self, outcome: Outcome) {
        if let Err(Stop::Fails(problem)) = outcome {
            self.report(problem);
        }
    }

    /// Runs a part of a statement: a strict run ends with it if it fails, a lenient one goes on.
    fn part(&mut self, at: Span, work: impl FnOnce(&mut Cx<'a>) -> Outcome) -> Outcome {
        let before = std::mem::replace(&mut self.at, at);
        let outcome = work(self);
        self.at = before;
        match outcome {
            Err(Stop::Fails(problem)) if self.strict => Err(Stop::Fails(problem)),
            outcome => {
                self.settle(outcome);
                Ok(())
            }
        }
    }

    /// Notes that a relation changed: for itself and for the views over it.
    fn touch_relation(&mut self, id: RelationId) {
        let mut pending = vec![id];
        let mut at = 0;
        while let Some(&id) = pending.get(at) {
            at += 1;
            let Some(relation) = self.schema.relation(id) else { continue };
            self.touch(Key::Relation(relation.name.clone()));
            let over = |user: &RelationId| self.schema.relation(*user).is_some_and(|user| user.view.is_some());
            let views: Vec<RelationId> =
                self.schema.users(Target::Relation(id)).filter(over).filter(|view| !pending.contains(view)).collect();
            pending.extend(views);
        }
    }

    /// Something was done to a relation that is not understood.
    fn make_opaque(&mut self, id: RelationId, reason: &str) {
        let cloud = Arc::new(Cloud { reason: reason.to_owned(), place: Some(self.place()) });
        self.schema.edit(id, |relation| relation.opaque = Some(cloud));
        self.touch_relation(id);
    }

    fn place(&self) -> Place {
        self.fixed.clone().unwrap_or_else(|| Place { source: self.source.clone(), span: self.at })
    }

    /// Names that something touched which was not understood.
    fn cloud(&mut self, unparsed: &Unparsed) {
        let place = Some(match &self.fixed {
            Some(place) => place.clone(),
            None => Place { source: self.source.clone(), span: unparsed.span },
        });
        let cloud = Arc::new(Cloud { reason: unparsed.reason.clone(), place });
        for name in &unparsed.identifiers {
            self.cloud_name(name, &cloud);
        }
    }

    fn cloud_name(&mut self, name: &Arc<str>, cloud: &Arc<Cloud>) {
        self.schema.clouds.insert_mut(name.clone(), cloud.clone());
        for key in Key::named(name) {
            self.touch(key);
        }
    }

    /// The relation that a statement names.
    fn relation(&self, name: &ObjectName) -> Outcome<Arc<Relation>> {
        let schema = name.schema.as_ref().map(|schema| &*schema.text);
        match self.schema.find_relation(schema, &name.name.text) {
            Some(relation) => Ok(relation),
            None => Err(self.no_relation(name)),
        }
    }

    /// Why a relation is not found.
    fn no_relation(&self, name: &ObjectName) -> Stop {
        self.missing(name, problem::no_relation(name))
    }

    /// An object that is not there, unless something that was not understood may have made it.
    fn missing(&self, name: &ObjectName, problem: ApplyProblem) -> Stop {
        let schema = name.schema.as_ref().and_then(|schema| self.schema.clouds.get(&schema.text));
        match schema.or(self.schema.cloud(&name.name.text)) {
            Some(_) => Stop::Clouded,
            None => Stop::Fails(problem),
        }
    }
}

impl From<LookupProblem> for Stop {
    fn from(problem: LookupProblem) -> Stop {
        let LookupProblem { span, message, sqlstate, about } = problem;
        Stop::Fails(ApplyProblem { rule: problem::FAILS, span, message, sqlstate: Some(sqlstate), about: vec![about] })
    }
}

fn run(cx: &mut Cx<'_>, statement: &Statement) -> Outcome {
    cx.at = statement.span;
    match &statement.kind {
        StatementKind::Ddl(ddl) => define(cx, ddl),
        StatementKind::Query(query) => {
            data::note(cx, query);
            follow::query(cx, query)
        }
        StatementKind::Do(block) => follow::block(cx, block),
        StatementKind::Transaction(transaction) => {
            session::transaction(cx, *transaction);
            Ok(())
        }
        StatementKind::Unparsed(unparsed) => {
            // Statements that only write rows define nothing, whatever they say.
            if !follow::writes_rows(cx.source.slice(unparsed.span)) {
                cx.cloud(unparsed);
            }
            Err(Stop::Fails(problem::unparsed(unparsed)))
        }
    }
}

/// Carries out a statement of data definition.
fn define(cx: &mut Cx<'_>, ddl: &Ddl) -> Outcome {
    match ddl {
        Ddl::CreateSchema { name, if_not_exists, elements } => create::schema(cx, name, *if_not_exists, elements),
        Ddl::CreateTable(table) => table::create(cx, table),
        Ddl::AlterTable(alter) => alter::table(cx, alter),
        Ddl::CreateIndex(index) => index::create(cx, index),
        Ddl::CreateView(view) => view::create(cx, view),
        Ddl::RefreshView { name, concurrently, with_data } => view::refresh(cx, name, *concurrently, *with_data),
        Ddl::CreateVirtualTable { name, if_not_exists, module, arguments } => {
            create::virtual_table(cx, name, *if_not_exists, module, arguments)
        }
        Ddl::CreateEnum { name, labels } => types::create_enum(cx, name, labels),
        Ddl::CreateComposite { name, attributes } => types::create_composite(cx, name, attributes),
        Ddl::CreateRange { name, subtype, multirange } => types::create_range(cx, name, subtype, multirange.as_ref()),
        Ddl::CreateBaseType { name } => types::create_base(cx, name),
        Ddl::CreateDomain { name, base, default, constraints } => {
            types::create_domain(cx, name, base, default.as_ref(), constraints)
        }
        Ddl::AlterType { name, actions } => types::alter(cx, name, actions),
        Ddl::AlterDomain { name, action } => types::alter_domain(cx, name, action),
        Ddl::CreateSequence { name, if_not_exists, temporary, options } => {
            sequence::create(cx, name, *if_not_exists, *temporary, options)
        }
        Ddl::AlterSequence { name, if_exists, options } => sequence::alter(cx, name, *if_exists, options),
        Ddl::CreateRoutine(routine) => routine::create(cx, routine),
        Ddl::AlterRoutine { .. } => routine::alter(cx, ddl),
        Ddl::CreateTrigger(trigger) => trigger::create(cx, trigger),
        Ddl::CreateRule { .. } => trigger::create_rule(cx, ddl),
        Ddl::CreatePolicy { .. } => trigger::create_policy(cx, ddl),
        Ddl::AlterPolicy { .. } => trigger::alter_policy(cx, ddl),
        Ddl::CreateExtension { name, if_not_exists, schema, .. } => {
            create::extension(cx, name, *if_not_exists, schema.as_ref())
        }
        Ddl::CreateOperator { .. } => create::operator(cx, ddl),
        Ddl::CreateCast { source, target, context, function } => {
            create::cast(cx, source, target, *context, function.as_ref())
        }
        Ddl::CreateOther { kind, name, if_not_exists } => create::other(cx, *kind, name, *if_not_exists),
        Ddl::Publication { name, change, objects, commands } => {
            publication::publish(cx, name, *change, objects, commands.as_deref())
        }
        Ddl::Drop(drop) => drop::drop(cx, drop),
        Ddl::Rename { kind, object, if_exists, to } => rename::rename(cx, *kind, object, *if_exists, to),
        Ddl::SetSchema { kind, object, if_exists, to } => rename::set_schema(cx, *kind, object, *if_exists, to),
        Ddl::SetOwner { kind, object, owner } => rename::set_owner(cx, *kind, object, owner),
        Ddl::Grant(grant) => rights::grant(cx, grant),
        Ddl::Revoke { grant, grant_option_for, .. } => rights::revoke(cx, grant, *grant_option_for),
        Ddl::DefaultPrivileges { in_schemas, kind, grant, revoke, .. } => {
            rights::default_privileges(cx, in_schemas, *kind, grant, *revoke)
        }
        Ddl::Set { parameter, values, local } => session::set(cx, parameter, values, *local),
        Ddl::Truncate { tables, cascade } => session::truncate(cx, tables, *cascade),
        Ddl::Lock { tables } => {
            for table in tables {
                cx.part(cx.at, |cx| cx.relation(table).map(|_| ()))?;
            }
            Ok(())
        }
        Ddl::NoEffect { .. } => {
            session::switch(cx);
            Ok(())
        }
    }
}
