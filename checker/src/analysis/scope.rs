//! Which tables, columns and common table expressions a name can mean at a place in a query.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use sqlparser::ast;

use super::tree::{ColumnRef, ItemId};
use crate::schema::{ColumnNumber, Relation, RelationId, Type};
use crate::source::Span;

/// The names of one query, inside those of the queries around it.
#[derive(Clone)]
pub(super) struct Scope<'p> {
    pub(super) parent: Option<&'p Scope<'p>>,
    /// How many queries are around this one.
    pub(super) depth: u32,
    /// What `FROM` brought in so far.
    pub(super) entries: Vec<Entry>,
    /// What `WITH` defines.
    pub(super) ctes: Vec<Rc<Cte>>,
    /// The common table expression whose query this is, with the names that it gives its columns.
    pub(super) recursive: Option<(Rc<Cte>, Vec<Arc<str>>)>,
    /// Whether items that only `LATERAL` sees are seen.
    pub(super) lateral: bool,
    /// Output columns, where the engine lets other clauses name them.
    pub(super) outputs: Vec<(Arc<str>, super::tree::Typed)>,
    /// What is being analysed: decides about aggregates.
    pub(super) clause: Clause,
    /// Windows by name.
    pub(super) windows: Vec<Arc<str>>,
    /// What aggregates were found at this level.
    pub(super) seen: Rc<Seen>,
}

/// What was found in the expressions of one query.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) aggregates: Cell<bool>,
    /// Functions that return sets, and window functions.
    pub(super) multiplies: Cell<bool>,
}

/// A clause of a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clause {
    Targets,
    From,
    Where,
    Having,
    GroupBy,
    OrderBy,
    Limit,
    Values,
    Set,
    Returning,
    Other,
}

impl Clause {
    /// The clause's words where aggregates are not allowed in it.
    pub(super) fn forbids_aggregates(self) -> Option<&'static str> {
        match self {
            Clause::Where => Some("WHERE"),
            Clause::GroupBy => Some("GROUP BY"),
            Clause::From => Some("FROM"),
            Clause::Limit => Some("LIMIT"),
            Clause::Values => Some("VALUES"),
            Clause::Set => Some("UPDATE"),
            Clause::Returning => Some("RETURNING"),
            Clause::Targets | Clause::Having | Clause::OrderBy | Clause::Other => None,
        }
    }
}

/// An item with how it is seen.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) item: Rc<Item>,
    /// Whether `name.column` finds it.
    pub(super) by_name: bool,
    /// Whether unqualified columns find it.
    pub(super) by_column: bool,
    /// Only what stands in `LATERAL` sees it.
    pub(super) lateral_only: bool,
    /// Whether `LATERAL` may use it here.
    pub(super) lateral_ok: bool,
}

impl Entry {
    pub(super) fn new(item: Rc<Item>) -> Entry {
        Entry { item, by_name: true, by_column: true, lateral_only: false, lateral_ok: true }
    }
}

/// An item of `FROM`: a table, a subquery, a function, a join.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) id: ItemId,
    pub(super) depth: u32,
    /// The name that qualifies its columns.
    pub(super) name: Option<Arc<str>>,
    /// Where that name stands.
    pub(super) span: Span,
    /// Whether the name is an alias.
    pub(super) aliased: bool,
    /// The relation, where it is one.
    pub(super) relation: Option<Arc<Relation>>,
    pub(super) columns: Vec<ItemColumn>,
    /// Whether `columns` is all there is.
    pub(super) complete: bool,
    /// The type of a whole row.
    pub(super) row: Type,
    /// Whether its only column is what a whole row means (functions that return one value).
    pub(super) scalar: bool,
    /// Whether it is a function.
    pub(super) function: bool,
    /// Whether an outer join may fill its row with NULL.
    pub(super) outer: bool,
    /// Where one may: which of its columns can be NULL in rows that none filled.
    pub(super) unfilled: Option<Vec<Option<bool>>>,
}

/// A column of an item.
#[derive(Clone, Debug)]
pub(super) struct ItemColumn {
    pub(super) name: Arc<str>,
    pub(super) ty: Type,
    pub(super) nullable: Option<bool>,
    pub(super) collation: Option<Arc<str>>,
    pub(super) origin: Option<(RelationId, ColumnNumber)>,
    /// The column that it stands for: its own, or in a join that of the joined item.
    pub(super) column: Option<ColumnRef>,
    /// `*` leaves it out.
    pub(super) hidden: bool,
}

/// Where an item has columns of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Places {
    None,
    One(usize),
    Several,
}

impl Item {
    /// Where the columns of a name are.
    pub(super) fn find(&self, name: &str) -> Places {
        let mut found = Places::None;
        // Each name of a query is compared with many columns: their lengths tell most of them apart.
        for (at, column) in self.columns.iter().enumerate() {
            if column.name.len() == name.len() && *column.name == *name {
                if found != Places::None {
                    return Places::Several;
                }
                found = Places::One(at);
            }
        }
        found
    }

    /// Fills the row with NULL where an outer join finds no match.
    pub(super) fn make_outer(&mut self) {
        self.outer = true;
        if self.unfilled.is_none() {
            self.unfilled = Some(self.columns.iter().map(|column| column.nullable).collect());
        }
        for column in &mut self.columns {
            column.nullable = Some(true);
        }
    }
}

/// A common table expression.
pub(super) struct Cte {
    pub(super) name: Arc<str>,
    pub(super) state: RefCell<CteState>,
}

/// How far the analysis of a common table expression is.
#[derive(Clone)]
pub(super) enum CteState {
    /// Not begun; `WITH RECURSIVE` allows to name it before.
    Waiting(Box<ast::Cte>),
    /// Under way, and nothing known of its columns.
    Begun,
    /// Under way: the columns of its first part.
    Recursive(Vec<ItemColumn>, bool),
    /// Its columns, and whether these are all.
    Done(Vec<ItemColumn>, bool),
    /// It returns no rows: a statement without `RETURNING`.
    Silent,
}

impl<'p> Scope<'p> {
    /// The names inside a query, with those around it.
    pub(super) fn inside(parent: Option<&'p Scope<'p>>) -> Scope<'p> {
        Scope {
            parent,
            depth: parent.map_or(0, |parent| parent.depth + 1),
            entries: Vec::new(),
            ctes: Vec::new(),
            recursive: None,
            lateral: false,
            outputs: Vec::new(),
            clause: Clause::Other,
            windows: Vec::new(),
            seen: Rc::default(),
        }
    }

    /// This scope and those around it, from the inside out.
    pub(super) fn levels(&self) -> impl Iterator<Item = &Scope<'p>> {
        let mut next = Some(self);
        std::iter::from_fn(move || {
            let level = next?;
            next = level.parent;
            Some(level)
        })
    }

    /// The same names in another clause.
    pub(super) fn at(&mut self, clause: Clause) -> &Scope<'p> {
        self.clause = clause;
        self
    }

    fn seen_entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| !entry.lateral_only || self.lateral)
    }
}

/// What an unqualified column name means.
pub(super) enum ColumnFound<'s> {
    One(&'s Entry, usize),
    /// Two items, or one item twice, have it.
    Ambiguous(&'s Entry, &'s Entry),
    /// It may be a column of an item whose columns are not all known.
    Perhaps,
    None,
}

/// Finds an unqualified column at one level.
pub(super) fn column_at_level<'s>(scope: &'s Scope<'_>, name: &str) -> ColumnFound<'s> {
    let mut found: Option<(&Entry, usize)> = None;
    let mut perhaps = false;
    for entry in scope.seen_entries().filter(|entry| entry.by_column) {
        let (at, twice) = match entry.item.find(name) {
            Places::None => {
                perhaps |= !entry.item.complete;
                continue;
            }
            Places::One(at) => (at, false),
            Places::Several => (0, true),
        };
        if let Some((other, _)) = found {
            return ColumnFound::Ambiguous(other, entry);
        }
        if twice {
            return ColumnFound::Ambiguous(entry, entry);
        }
        found = Some((entry, at));
    }
    match found {
        Some((entry, at)) => ColumnFound::One(entry, at),
        None if perhaps => ColumnFound::Perhaps,
        None => ColumnFound::None,
    }
}

/// What the name of an item means.
pub(super) enum ItemFound<'s> {
    One(&'s Entry),
    Ambiguous,
    /// An item of that name is there but cannot be used here.
    NotHere,
    None,
}

/// Finds an item by its name; with a schema only tables without an alias.
pub(super) fn find_item<'s>(scope: &'s Scope<'s>, schema: Option<&str>, name: &str) -> ItemFound<'s> {
    for level in scope.levels() {
        let named = |entry: &&Entry| match (schema, &entry.item.relation) {
            (None, _) => entry.item.name.as_deref() == Some(name),
            (Some(schema), Some(relation)) => {
                !entry.item.aliased && *relation.schema == *schema && *relation.name == *name
            }
            (Some(_), None) => false,
        };
        let mut matches = level.seen_entries().filter(|entry| entry.by_name).filter(named);
        match (matches.next(), matches.next()) {
            (Some(_), Some(_)) => return ItemFound::Ambiguous,
            (Some(entry), None) if entry.lateral_only && !entry.lateral_ok => return ItemFound::NotHere,
            (Some(entry), None) => return ItemFound::One(entry),
            (None, _) => {}
        }
    }
    let hidden = |level: &'s Scope<'s>| {
        let by_relation = |entry: &&Entry| match &entry.item.relation {
            Some(relation) => *relation.name == *name || entry.item.name.as_deref() == Some(name),
            None => entry.item.name.as_deref() == Some(name),
        };
        level.entries.iter().find(by_relation)
    };
    if scope.levels().find_map(hidden).is_some() { ItemFound::NotHere } else { ItemFound::None }
}

/// The common table expression that a name means, with the level that defines it.
pub(super) fn find_cte<'s, 'p>(scope: &'s Scope<'p>, name: &str) -> Option<(&'s Scope<'p>, Rc<Cte>)> {
    scope.levels().find_map(|level| {
        // In WITH without RECURSIVE only the earlier ones are there yet, so that the last of a name is the one meant.
        let cte = level.ctes.iter().rev().find(|cte| *cte.name == *name)?;
        Some((level, cte.clone()))
    })
}
