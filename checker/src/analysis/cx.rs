//! What one analysis carries with it: the schema, what the caller knows, and what was found so far.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use sqlparser::ast::{Ident, ObjectName, ObjectNamePart};

use super::parameters::Parameters;
use super::scope::Item;
use super::tree::{ColumnRef, ItemId};
use super::{Analysis, Context, Object, Problem, Stage, Unknown, Use};
use crate::query::HOLE;
use crate::schema::{ColumnNumber, Key, RelationId, RoutineId, Schema};
use crate::source::Span;
use crate::sql::ddl::Event;
use crate::sql::{Removed, RemovedKind, byte_span};

/// How deep expressions and queries may nest: each level takes several frames of the stack.
const DEPTH: usize = 220;

/// The state of one analysis.
pub(super) struct Cx<'a> {
    pub(super) schema: &'a Schema,
    pub(super) context: &'a Context,
    /// What the tree of the statement lacks.
    pub(super) removed: &'a [Removed],
    /// The whole statement.
    pub(super) span: Span,
    pub(super) out: Analysis,
    pub(super) parameters: Parameters,
    /// Columns in the order in which they were resolved: a subquery's references to columns around it are the tail.
    pub(super) references: Vec<Reference>,
    /// Views whose queries are being analysed.
    pub(super) views: Vec<RelationId>,
    /// Which columns of views can be NULL, as far as they were asked for.
    pub(super) of_views: OfViews,
    /// Routines whose bodies are being analysed.
    pub(super) routines: Vec<RoutineId>,
    /// Triggers with bodies of their own that are being analysed.
    pub(super) triggers: Vec<(RelationId, Event, Arc<str>)>,
    /// Bodies that were followed already, with the table and event for a trigger's.
    pub(super) followed: Vec<(RoutineId, Option<(RelationId, Event)>)>,
    /// Events whose triggers were followed already.
    pub(super) fired: Vec<(RelationId, Event, Vec<ColumnNumber>)>,
    /// Where each `INSERT` of the statement ends its first word.
    pub(super) inserts: Vec<usize>,
    next_item: u32,
    depth: usize,
    too_deep: bool,
}

/// A column that an expression names.
#[derive(Clone, Debug)]
pub(super) struct Reference {
    pub(super) column: ColumnRef,
    pub(super) name: Arc<str>,
    pub(super) span: Span,
}

/// What a problem says, besides its rule and code.
pub(super) struct Words {
    pub(super) span: Span,
    pub(super) message: String,
    pub(super) label: String,
}

/// A rule with the server's code and the stage at which the server notices.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Kind(pub(super) &'static str, pub(super) &'static str, pub(super) Stage);

/// What is being analysed around a statement: what it brings with it must not come back to it.
#[derive(Default)]
pub(super) struct Path {
    pub(super) views: Vec<RelationId>,
    pub(super) of_views: OfViews,
    pub(super) routines: Vec<RoutineId>,
    pub(super) triggers: Vec<(RelationId, Event, Arc<str>)>,
}

/// Which columns of views can be NULL: found once for a statement and all that it brings with it.
pub(super) type OfViews = Rc<RefCell<BTreeMap<RelationId, Vec<Option<bool>>>>>;

impl<'a> Cx<'a> {
    pub(super) fn new(schema: &'a Schema, context: &'a Context, removed: &'a [Removed], span: Span) -> Cx<'a> {
        Cx {
            schema,
            context,
            removed,
            span,
            out: Analysis::default(),
            parameters: Parameters::new(&context.declared, context.typed),
            references: Vec::new(),
            views: Vec::new(),
            of_views: OfViews::default(),
            routines: Vec::new(),
            triggers: Vec::new(),
            followed: Vec::new(),
            fired: Vec::new(),
            inserts: Vec::new(),
            next_item: 0,
            depth: 0,
            too_deep: false,
        }
    }

    /// What is being analysed around a statement that this one brings with it.
    pub(super) fn path(&self) -> Path {
        Path {
            views: self.views.clone(),
            of_views: self.of_views.clone(),
            routines: self.routines.clone(),
            triggers: self.triggers.clone(),
        }
    }

    pub(super) fn rules(&self) -> &'static crate::dialect::resolution::Resolution {
        self.schema.dialect.resolution
    }

    /// Whether the statement stands in a routine or a trigger.
    pub(super) fn is_in_a_body(&self) -> bool {
        !self.routines.is_empty() || !self.triggers.is_empty()
    }

    pub(super) fn new_item(&mut self) -> ItemId {
        self.next_item += 1;
        ItemId(self.next_item)
    }

    /// Goes one level deeper; `None`, with one word about it, where that is too deep.
    pub(super) fn deeper<T>(&mut self, go: impl FnOnce(&mut Cx<'a>) -> T) -> Option<T> {
        if self.depth >= DEPTH {
            if !self.too_deep {
                self.too_deep = true;
                self.unknown(self.span, "nested too deep");
            }
            return None;
        }
        self.depth += 1;
        let result = go(self);
        self.depth -= 1;
        Some(result)
    }

    pub(super) fn problem(&mut self, kind: Kind, about: Vec<Key>, words: Words) {
        let Kind(rule, sqlstate, stage) = kind;
        let sqlstate = if self.rules().sql_states { sqlstate } else { "" };
        let Words { span, message, label } = words;
        self.out.problems.push(Problem { rule, span, message, label, about, sqlstate, stage, certain: true });
    }

    /// Analyses a command that the server only reads when it is prepared, and looks into when it is executed.
    pub(super) fn at_execution<T>(&mut self, analyse: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.out.problems.len();
        let done = analyse(self);
        for problem in self.out.problems.iter_mut().skip(before) {
            problem.stage = Stage::Execute;
        }
        done
    }

    pub(super) fn unknown(&mut self, span: Span, reason: impl Into<String>) {
        let reason = reason.into();
        if !self.out.unknowns.iter().any(|known| known.reason == reason) {
            self.out.unknowns.push(Unknown { span, reason });
        }
    }

    pub(super) fn depend(&mut self, key: Key) {
        self.out.dependencies.insert(key);
    }

    pub(super) fn used(&mut self, span: Span, object: Object) {
        self.out.uses.push(Use { span, object, written: false, explicit: true });
    }

    pub(super) fn used_column(&mut self, span: Span, column: (RelationId, ColumnNumber), explicit: bool) {
        let object = Object::Column(column.0, column.1);
        self.out.uses.push(Use { span, object, written: false, explicit });
    }

    pub(super) fn wrote(&mut self, span: Span, object: Object) {
        self.out.uses.push(Use { span, object, written: true, explicit: true });
    }

    /// Records that an expression names a column of an item.
    pub(super) fn referred(&mut self, column: ColumnRef, item: &Item, span: Span, at: usize) {
        let name = item.columns.get(at).map_or_else(|| Arc::from(""), |column| column.name.clone());
        self.references.push(Reference { column, name, span });
    }

    /// An identifier as it is looked up.
    pub(super) fn fold(&self, ident: &Ident) -> Arc<str> {
        let dialect = self.schema.dialect;
        match ident.quote_style {
            _ if is_folded(&ident.value) => ident.value.as_str().into(),
            None => (dialect.fold)(&ident.value).into(),
            Some(_) => (dialect.fold_quoted)(&ident.value).into(),
        }
    }

    /// A name of one or more parts as it is looked up, with the span of each part.
    pub(super) fn names(&self, name: &ObjectName) -> Vec<(Arc<str>, Span)> {
        let part = |part: &ObjectNamePart| match part {
            ObjectNamePart::Identifier(ident) => (self.fold(ident), ident_span(ident).unwrap_or(self.span)),
            ObjectNamePart::Function(function) => (self.fold(&function.name), self.span),
        };
        name.0.iter().map(part).collect()
    }

    /// Where an identifier stands.
    pub(super) fn span_of(&self, ident: &Ident) -> Span {
        ident_span(ident).unwrap_or(self.span)
    }

    /// The first of the pieces taken out of the statement that starts between two offsets and that `pick` wants.
    pub(super) fn removed<T>(
        &self,
        from: usize,
        to: usize,
        pick: impl Fn(&'a RemovedKind) -> Option<T>,
    ) -> Option<(Span, T)> {
        let within = self.removed.iter().filter(|removed| (from..to).contains(&removed.span.start));
        within.filter_map(|removed| Some((removed.span, pick(&removed.what)?))).next()
    }

    /// The piece that was taken out directly after an offset, but for white space and closing parentheses.
    pub(super) fn removed_after<T>(&self, end: usize, pick: impl Fn(&'a RemovedKind) -> Option<T>) -> Option<T> {
        // Without the text, what lies between is judged by its length.
        let near = |start: usize| match self.context.text.get(end..start) {
            Some(between) => between.chars().all(|c| matches!(c, '(' | ')') || c.is_whitespace()),
            None => start >= end && start - end <= 8,
        };
        let mut found = self.removed.iter().filter(|removed| removed.span.start >= end && near(removed.span.start));
        found.find_map(|removed| pick(&removed.what))
    }

    /// Whether part of a name is only known at run time; says so.
    pub(super) fn is_hole(&mut self, name: &str, span: Span) -> bool {
        let hole = name.contains(HOLE);
        if hole {
            self.unknown(span, "part of the text is only known at run time");
        }
        hole
    }

    /// Analyses something of which only the result counts: what it finds, needs and uses is not the statement's.
    pub(super) fn aside<T>(&mut self, go: impl FnOnce(&mut Cx<'a>) -> T) -> T {
        let out = std::mem::take(&mut self.out);
        let parameters = self.parameters.clone();
        let references = self.references.len();
        let result = go(self);
        self.references.truncate(references);
        self.parameters = parameters;
        self.out = out;
        result
    }

    /// Where the next `INSERT` of the statement starts, after one that starts at an offset.
    pub(super) fn end_of_insert(&self, start: usize) -> usize {
        self.inserts.iter().copied().find(|&other| other > start).unwrap_or(usize::MAX)
    }

    /// Goes on with part of a tree that lies several levels deeper.
    pub(super) fn weighing<T>(&mut self, levels: usize, go: impl FnOnce(&mut Cx<'a>) -> T) -> T {
        let weight = levels / 8;
        self.depth += weight;
        let result = go(self);
        self.depth -= weight;
        result
    }

    /// Whether a name that was not found may belong to an extension of which nothing is known; says so.
    pub(super) fn of_unknown_extension(&mut self, name: &str, span: Span) -> bool {
        let schema = self.schema;
        let inexact = |extension: &&Arc<str>| schema.catalog.extension(extension).is_none_or(|known| !known.exact);
        let mut extensions =
            schema.extensions.keys().filter(inexact).filter(|name| !schema.catalog.has_named("extension", name));
        let Some(extension) = extensions.next() else { return false };
        self.unknown(span, format!("`{name}` may belong to the extension `{extension}`, of which nothing is known"));
        true
    }

    /// Whether something that was not understood may have touched a name; says so.
    pub(super) fn clouded(&mut self, name: &str, span: Span) -> bool {
        let Some(cloud) = self.schema.cloud(name) else { return false };
        let reason = format!("`{name}` may have been changed by something that was not understood: {}", cloud.reason);
        self.unknown(span, reason);
        true
    }
}

/// Whether every engine looks an identifier up as it is written: most are, and each is asked for several times.
fn is_folded(identifier: &str) -> bool {
    let bytes = identifier.as_bytes();
    let mut at = 0;
    while at < bytes.len() && matches!(bytes[at], b'a'..=b'z' | b'0'..=b'9' | b'_') {
        at += 1;
    }
    at == bytes.len() && at < 60
}

pub(super) fn ident_span(ident: &Ident) -> Option<Span> {
    byte_span(ident.span)
}
