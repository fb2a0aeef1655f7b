//! What stands in `FROM`: tables, subqueries, joins.

use std::rc::Rc;
use std::sync::Arc;

use sqlparser::ast::{self, TableFactor};

use super::cx::{Cx, Kind, Words};
use super::expr::functions;
use super::query::RowColumn;
use super::scope::{Clause, Cte, CteState, Entry, Item, ItemColumn, Places, Scope, find_cte};
use super::tree::{ColumnRef, ItemId, Typed};
use super::{Object, Stage, function_item, join, operation, query, required, sample, with};
use crate::schema::{Key, Relation, RelationKind, Type};
use crate::source::Span;
use crate::sql::byte_span;

pub(super) const NO_TABLE: Kind = Kind("missing-table", "42P01", Stage::Parse);
const NAMELESS: Kind = Kind("operation-refused", "42601", Stage::Parse);
const DUPLICATE_NAME: Kind = Kind("ambiguous-column", "42712", Stage::Parse);
const TOO_MANY_NAMES: Kind = Kind("missing-column", "42P10", Stage::Parse);
const NOT_A_TABLE: Kind = Kind("missing-table", "42809", Stage::Parse);
const NOT_RETURNING: Kind = Kind("missing-table", "0A000", Stage::Parse);

/// Brings the items of a `FROM` into the scope.
pub(super) fn from(cx: &mut Cx, scope: &mut Scope, tables: &[ast::TableWithJoins]) {
    let clause = scope.clause;
    scope.clause = Clause::From;
    for table in tables {
        let mut entries = table_with_joins(cx, scope, table);
        check_names(cx, &scope.entries, &entries);
        for entry in &mut entries {
            entry.lateral_only = true;
            entry.lateral_ok = true;
        }
        scope.entries.append(&mut entries);
    }
    for entry in &mut scope.entries {
        entry.lateral_only = false;
        entry.lateral_ok = true;
    }
    scope.clause = clause;
}

/// One item of `FROM` with what is joined to it.
fn table_with_joins(cx: &mut Cx, scope: &mut Scope, table: &ast::TableWithJoins) -> Vec<Entry> {
    let mut entries = factor(cx, scope, &table.relation);
    for step in &table.joins {
        entries = join::join(cx, scope, entries, step);
    }
    entries
}

/// Two items of one `FROM` with the same name.
pub(super) fn check_names(cx: &mut Cx, before: &[Entry], after: &[Entry]) {
    if cx.rules().duplicate_tables {
        return;
    }
    for entry in after.iter().filter(|entry| entry.by_name) {
        let Some(name) = &entry.item.name else { continue };
        let same = |other: &&Entry| {
            let both_plain = !entry.item.aliased && !other.item.aliased;
            let differ = matches!((&entry.item.relation, &other.item.relation), (Some(a), Some(b)) if a.id != b.id);
            // Functions without an alias may stand side by side in `ROWS FROM`.
            let functions = entry.item.function && other.item.function;
            other.by_name && other.item.name.as_ref() == Some(name) && !(both_plain && (differ || functions))
        };
        if before.iter().any(|other| same(&other)) {
            let words = Words {
                span: entry.item.span,
                message: format!("table name `{name}` is there more than once"),
                label: "named twice".into(),
            };
            cx.problem(DUPLICATE_NAME, Vec::new(), words);
        }
    }
}

/// One table, subquery, function or parenthesised join.
pub(super) fn factor(cx: &mut Cx, scope: &mut Scope, factor: &TableFactor) -> Vec<Entry> {
    match cx.deeper(|cx| factor_here(cx, scope, factor)) {
        Some(entries) => entries,
        None => vec![opaque(cx, scope, None)],
    }
}

fn factor_here(cx: &mut Cx, scope: &mut Scope, factor: &TableFactor) -> Vec<Entry> {
    match factor {
        TableFactor::Table { name, alias, args: None, with_ordinality: false, sample, .. } => {
            let entry = table(cx, scope, name, alias.as_ref());
            if let Some(sample) = sample {
                sample::check(cx, scope, &entry.item, sample);
            }
            vec![entry]
        }
        TableFactor::Derived { lateral, subquery, alias, .. } => {
            vec![derived(cx, scope, *lateral, subquery, alias.as_ref())]
        }
        TableFactor::NestedJoin { table_with_joins: inner, alias } => {
            let entries = table_with_joins(cx, scope, inner);
            match alias {
                Some(alias) => vec![aliased_join(cx, &entries, alias)],
                None => entries,
            }
        }
        _ => vec![function_item::function_item(cx, scope, factor)],
    }
}

/// A parenthesised join with an alias hides what is in it.
fn aliased_join(cx: &mut Cx, entries: &[Entry], alias: &ast::TableAlias) -> Entry {
    let top = entries.iter().find(|entry| entry.by_column);
    let mut item = top.map_or_else(|| nothing(ItemId(0), 0), |entry| (*entry.item).clone());
    item.id = cx.new_item();
    item.relation = None;
    rename(cx, &mut item, Some(alias));
    Entry::new(Rc::new(item))
}

/// A table or a common table expression by name.
fn table(cx: &mut Cx, scope: &Scope, name: &ast::ObjectName, alias: Option<&ast::TableAlias>) -> Entry {
    let parts = cx.names(name);
    if let [(first, span)] = parts.as_slice() {
        if let Some(mut item) = cte_item(cx, scope, first, *span) {
            rename(cx, &mut item, alias);
            return Entry::new(Rc::new(item));
        }
        if let Some(mut item) = given_item(cx, scope, first, *span) {
            rename(cx, &mut item, alias);
            return Entry::new(Rc::new(item));
        }
        let plain = name.0.first().and_then(|part| part.as_ident()).is_some_and(|ident| ident.quote_style.is_none());
        if let Some(typed) = functions::keyword(cx, first, *span).filter(|_| plain) {
            let column = RowColumn { name: first.clone(), typed }.into_item_column();
            let mut item = columns_item(cx, scope, vec![column], true);
            item.name = Some(first.clone());
            item.scalar = true;
            item.function = true;
            rename(cx, &mut item, alias);
            return Entry::new(Rc::new(item));
        }
    }
    match find_relation(cx, &parts) {
        Some((relation, span)) => {
            operation::check_populated(cx, &relation, span);
            let mut item = relation_item(cx, scope, relation, span);
            rename(cx, &mut item, alias);
            Entry::new(Rc::new(item))
        }
        None => {
            let (name, span) = parts.last().cloned().unwrap_or((Arc::from(""), cx.span));
            let mut entry = opaque(cx, scope, Some((name, span)));
            rename(cx, Rc::make_mut(&mut entry.item), alias);
            entry
        }
    }
}

/// Looks a relation up; says so where it is not there.
pub(super) fn find_relation(cx: &mut Cx, parts: &[(Arc<str>, Span)]) -> Option<(Arc<Relation>, Span)> {
    let (name, span) = parts.last()?;
    // A database name before the schema must be the current one; it is not checked.
    let schema = parts.len().checked_sub(2).and_then(|at| parts.get(at));
    cx.depend(Key::Relation(name.clone()));
    if let Some((schema, _)) = schema {
        cx.depend(Key::Schema(schema.clone()));
    }
    if parts.iter().any(|(part, span)| cx.is_hole(part, *span)) {
        return None;
    }
    let whole = parts.first().map_or(*span, |(_, first)| first.to(*span));
    let schema = schema.map(|(schema, _)| &**schema);
    let found = cx.schema.find_relation(schema, name);
    let clouded = cx.clouded(name, whole);
    match found {
        Some(relation) if matches!(relation.kind, RelationKind::Composite) => {
            let words = Words {
                span: whole,
                message: format!("`{name}` is a composite type, not a table"),
                label: "not a table".into(),
            };
            cx.problem(NOT_A_TABLE, vec![Key::Relation(name.clone())], words);
            None
        }
        Some(relation) => {
            cx.used(whole, Object::Relation(relation.id));
            Some((relation, whole))
        }
        None if clouded => None,
        None => {
            let shown = schema.map_or_else(|| name.to_string(), |schema| format!("{schema}.{name}"));
            let words = Words {
                span: whole,
                message: format!("relation `{shown}` does not exist"),
                label: "unknown table".into(),
            };
            cx.problem(NO_TABLE, vec![Key::Relation(name.clone())], words);
            None
        }
    }
}

/// A relation as an item of `FROM`.
pub(super) fn relation_item(cx: &mut Cx, scope: &Scope, relation: Arc<Relation>, span: Span) -> Item {
    let id = cx.new_item();
    let row = Type::plain(relation.row_type);
    let mut item = Item {
        id,
        depth: scope.depth,
        name: Some(relation.name.clone()),
        span,
        aliased: false,
        complete: relation.opaque.is_none() && !cx.schema.clouds.contains_key(&relation.name),
        columns: Vec::new(),
        row,
        scalar: false,
        function: false,
        outer: false,
        unfilled: None,
        relation: None,
    };
    if let Some(cloud) = &relation.opaque {
        cx.unknown(span, format!("the columns of `{}` are not all known: {}", relation.name, cloud.reason));
    }
    let exact = !matches!(relation.kind, RelationKind::View | RelationKind::MaterializedView | RelationKind::System);
    let of_view = super::view::nullability(cx, &relation);
    let held = columns_held(cx, &relation);
    for (at, column) in relation.columns.iter().enumerate() {
        let numbered = column.auto_number && cx.rules().null_asks_for_number;
        let nullable = match &of_view {
            Some(columns) => columns.get(at).copied().flatten(),
            None if numbered || held.get(at) == Some(&true) => Some(false),
            None => exact.then_some(true),
        };
        item.columns.push(ItemColumn {
            name: column.name.clone(),
            ty: column.ty,
            nullable,
            collation: column.collation.clone(),
            origin: Some((relation.id, column.number)),
            column: Some(ColumnRef { depth: scope.depth, item: id, column: at }),
            hidden: column.hidden,
        });
    }
    add_system_columns(cx, &relation, &mut item);
    if cx.rules().views_by_name {
        super::view::check(cx, &relation, span);
    }
    item.relation = Some(relation);
    item
}

/// Which columns of a table hold a value in each row, those of the tables that inherit from it among them.
fn columns_held(cx: &Cx, relation: &Relation) -> Vec<bool> {
    let mut held: Vec<bool> = relation.columns.iter().map(|column| column.not_null).collect();
    let children = cx.schema.children(relation.id);
    for (column, held) in relation.columns.iter().zip(&mut held).filter(|(_, held)| !**held) {
        *held = required::is_checked(cx, relation, column, children.is_empty());
    }
    // Partitions refuse what their parent refuses.
    let mut waiting = if relation.kind == RelationKind::PartitionedTable { Vec::new() } else { children };
    // Tables below tables end; the bound guards against a wrong model.
    for _ in 0..10_000 {
        let Some(child) = waiting.pop().and_then(|id| cx.schema.relation(id)) else { break };
        for (column, held) in relation.columns.iter().zip(&mut held) {
            let same = child.columns.iter().find(|other| other.name == column.name);
            *held &= same.is_none_or(|same| same.not_null || required::is_checked(cx, &child, same, false));
        }
        waiting.extend(cx.schema.children(child.id));
    }
    held
}

/// The columns that an engine gives each stored table.
fn add_system_columns(cx: &Cx, relation: &Relation, item: &mut Item) {
    let stored = !matches!(relation.kind, RelationKind::View | RelationKind::Composite);
    if !stored || cx.rules().system_columns_number_rows && !relation.row_id {
        return;
    }
    for &(name, id) in cx.schema.dialect.system_columns {
        if item.find(name) != Places::None {
            continue;
        }
        let column = Some(ColumnRef { depth: item.depth, item: item.id, column: item.columns.len() });
        item.columns.push(ItemColumn {
            name: Arc::from(name),
            ty: Type::plain(id),
            nullable: Some(false),
            collation: None,
            origin: None,
            column,
            hidden: true,
        });
    }
}

/// A common table expression as an item of `FROM`.
fn cte_item(cx: &mut Cx, scope: &Scope, name: &Arc<str>, span: Span) -> Option<Item> {
    let (level, cte) = find_cte(scope, name)?;
    with::complete(cx, level, &cte);
    let state = cte.state.borrow().clone();
    let (columns, complete) = match state {
        CteState::Done(columns, complete) | CteState::Recursive(columns, complete) => (columns, complete),
        CteState::Silent => {
            let words = Words {
                span,
                message: format!("`WITH` query `{name}` does not have a `RETURNING` clause"),
                label: "returns no rows".into(),
            };
            cx.problem(NOT_RETURNING, Vec::new(), words);
            (Vec::new(), false)
        }
        CteState::Waiting(_) | CteState::Begun => (Vec::new(), false),
    };
    Some(cte_as_item(cx, scope, &cte, span, columns, complete))
}

fn cte_as_item(cx: &mut Cx, scope: &Scope, cte: &Cte, span: Span, columns: Vec<ItemColumn>, complete: bool) -> Item {
    let mut item = columns_item(cx, scope, columns, complete);
    item.name = Some(cte.name.clone());
    item.span = span;
    item
}

/// A table that the routine around the query has under this name: a trigger's transition table.
fn given_item(cx: &mut Cx, scope: &Scope, name: &Arc<str>, span: Span) -> Option<Item> {
    let relation = cx.context.tables.iter().find(|(given, _)| given == name).map(|(_, relation)| relation.clone())?;
    let mut item = relation_item(cx, scope, relation, span);
    item.columns.retain(|column| !column.hidden);
    item.name = Some(name.clone());
    item.relation = None;
    Some(item)
}

/// An item made of columns.
pub(super) fn columns_item(cx: &mut Cx, scope: &Scope, columns: Vec<ItemColumn>, complete: bool) -> Item {
    let id = cx.new_item();
    let mut item = Item { columns, complete, row: Type::plain(super::types::RECORD), ..nothing(id, scope.depth) };
    for (at, column) in item.columns.iter_mut().enumerate() {
        column.column = Some(ColumnRef { depth: scope.depth, item: id, column: at });
    }
    item
}

fn nothing(id: ItemId, depth: u32) -> Item {
    Item {
        id,
        depth,
        name: None,
        span: Span::default(),
        aliased: false,
        relation: None,
        columns: Vec::new(),
        complete: false,
        row: Type::UNSURE,
        scalar: false,
        function: false,
        outer: false,
        unfilled: None,
    }
}

/// An item of which nothing is known but perhaps its name.
pub(super) fn opaque(cx: &mut Cx, scope: &Scope, name: Option<(Arc<str>, Span)>) -> Entry {
    let id = cx.new_item();
    let mut item = nothing(id, scope.depth);
    if let Some((name, span)) = name {
        item.name = Some(name);
        item.span = span;
    }
    Entry::new(Rc::new(item))
}

/// A subquery in `FROM`.
fn derived(
    cx: &mut Cx,
    scope: &mut Scope,
    lateral: bool,
    subquery: &ast::Query,
    alias: Option<&ast::TableAlias>,
) -> Entry {
    let needs_name = cx.rules().unnamed_subqueries_since.is_some_and(|since| cx.schema.catalog.version() < since);
    if alias.is_none() && needs_name {
        let span = byte_span(sqlparser::ast::Spanned::span(subquery)).unwrap_or(cx.span);
        let message = "a subquery in `FROM` needs a name on this version of the server".to_string();
        cx.problem(NAMELESS, Vec::new(), Words { span, message, label: "no name".to_string() });
    }
    let before = scope.lateral;
    scope.lateral = lateral;
    let rows = query::subquery(cx, Some(scope), subquery, query::Unknowns::ToText);
    scope.lateral = before;
    let columns = rows.columns.into_iter().map(|column| column.into_item_column()).collect();
    let mut item = columns_item(cx, scope, columns, rows.complete);
    rename(cx, &mut item, alias);
    Entry::new(Rc::new(item))
}

/// Gives an item the names of its alias.
pub(super) fn rename(cx: &mut Cx, item: &mut Item, alias: Option<&ast::TableAlias>) {
    let Some(alias) = alias else { return };
    item.span = cx.span_of(&alias.name);
    item.name = Some(cx.fold(&alias.name));
    item.aliased = true;
    let shown = item.columns.iter().filter(|column| !column.hidden).count();
    for (at, definition) in alias.columns.iter().enumerate() {
        let name = cx.fold(&definition.name);
        match item.columns.get_mut(at).filter(|column| !column.hidden) {
            Some(column) => column.name = name,
            None if item.complete => {
                let words = Words {
                    span: cx.span_of(&definition.name),
                    message: format!(
                        "`{}` has {shown} columns, but its alias names {}",
                        alias.name.value,
                        alias.columns.len()
                    ),
                    label: "one name too many".into(),
                };
                cx.problem(TOO_MANY_NAMES, Vec::new(), words);
                break;
            }
            None => {
                let column = Some(ColumnRef { depth: item.depth, item: item.id, column: at });
                let unsure = Typed::unsure(Span::default());
                let (ty, nullable, origin) = (unsure.ty, unsure.nullable, unsure.origin);
                item.columns.push(ItemColumn { name, ty, nullable, collation: None, origin, column, hidden: false });
            }
        }
    }
}
