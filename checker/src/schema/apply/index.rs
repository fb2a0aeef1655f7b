//! Indexes.

use std::sync::Arc;

use sqlparser::ast::{Expr as Tree, FunctionArg, FunctionArgExpr, FunctionArguments};

use super::{Cx, Outcome, Stop, column, constraint, fit, inherit, problem};
use crate::schema::mention::{folded, mentions};
use crate::schema::{ColumnNumber, Index, IndexKey, Key, Relation, RelationId, RelationKind, Schema, names};
use crate::sql::ddl::{CreateIndex, Expr, IndexElement, Name, ObjectName};

pub(super) fn create(cx: &mut Cx<'_>, create: &CreateIndex) -> Outcome {
    let relation = cx.relation(&create.table)?;
    refuse_kind(&relation, create)?;
    let built = build(cx, &relation, &create.elements, &create.include, create.predicate.as_ref())?;
    let method =
        create.method.as_ref().map_or(cx.schema.dialect.definition.index_method.into(), |name| name.text.clone());
    let name = match &create.name {
        Some(name) => {
            if !is_free(cx, &relation, name, create.if_not_exists)? {
                return Ok(());
            }
            name.name.text.clone()
        }
        None => generated_name(cx, &relation, &built),
    };
    let index = Index {
        name: name.clone(),
        method,
        unique: create.unique,
        nulls_not_distinct: create.nulls_not_distinct,
        valid: !(create.only && relation.kind == RelationKind::PartitionedTable),
        ..built
    };
    fit::keys(cx, &relation, &index, cx.at)?;
    cx.schema.edit(relation.id, |relation| relation.indexes.push(index));
    constraint::touch(cx, relation.id, &name);
    if create.only { Ok(()) } else { inherit::pass_index(cx, relation.id, &name) }
}

fn refuse_kind(relation: &Relation, create: &CreateIndex) -> Outcome {
    use RelationKind::{MaterializedView, PartitionedTable, Table, Virtual};
    if matches!(relation.kind, Table | PartitionedTable | MaterializedView | Virtual) {
        return Ok(());
    }
    let message = format!("cannot create an index on relation `{}`", relation.name);
    let about = vec![Key::Relation(relation.name.clone())];
    Err(Stop::Fails(problem::fails(problem::span(&create.table), "42809", message, about)))
}

/// Whether the index is to be created: its name is free, or its bearer gave way.
fn is_free(cx: &mut Cx<'_>, relation: &Relation, name: &ObjectName, if_not_exists: bool) -> Outcome<bool> {
    if !cx.schema.has_relation_name(&relation.schema, &name.name.text) {
        return Ok(true);
    }
    if if_not_exists {
        return Ok(false);
    }
    cx.refuse(problem::relation_exists(name))?;
    super::drop::clear_relation_name(cx, &(relation.schema.clone(), name.name.text.clone()));
    Ok(true)
}

/// An index's keys, without what the statement says beside them.
pub(super) fn build(
    cx: &mut Cx<'_>,
    relation: &Relation,
    elements: &[IndexElement],
    include: &[Name],
    predicate: Option<&Expr>,
) -> Outcome<Index> {
    let mut index = Index::new(Arc::from(""), cx.schema.dialect.definition.index_method.into(), Vec::new());
    for element in elements {
        let key = key(cx, relation, element, &mut index)?;
        index.keys.push(key);
    }
    for name in include {
        match relation.column(&name.text) {
            Some(column) => index.include.push(column.number),
            None => cx.refuse(problem::no_column(&relation.name, &name.text, name.span))?,
        }
    }
    if let Some(predicate) = predicate {
        index.predicate_mentions = column::mentioned(cx, relation, predicate)?;
        index.depends.extend(mentions(cx.schema, predicate, relation, &[]).depends);
        index.predicate = Some(predicate.clone());
    }
    Ok(index)
}

fn key(cx: &mut Cx<'_>, relation: &Relation, element: &IndexElement, index: &mut Index) -> Outcome<IndexKey> {
    let written = element.column.clone().or_else(|| bare_column(cx.schema, relation, &element.expr));
    let named = written.as_ref().map(|name| (name, relation.column(&name.text)));
    let mut key = match named {
        Some((_, Some(column))) => IndexKey::column(column.number),
        Some((_, None)) if relation.opaque.is_some() => return Err(Stop::Clouded),
        Some((name, None)) => {
            let message = format!("column `{}` does not exist", name.text);
            let about = vec![Key::Column(relation.name.clone(), name.text.clone())];
            return Err(Stop::Fails(problem::fails(name.span, "42703", message, about)));
        }
        None => {
            let columns = column::mentioned(cx, relation, &element.expr)?;
            index.depends.extend(mentions(cx.schema, &element.expr, relation, &[]).depends);
            IndexKey { expr: Some(element.expr.clone()), mentions: columns, ..IndexKey::default() }
        }
    };
    key.collation = element.collation.as_ref().map(|name| name.name.text.clone());
    key.operator_class = element.operator_class.as_ref().map(|name| name.name.text.clone());
    Ok(key)
}

/// The column that a key is, if it is nothing else: casts to the type that the column has anyway do not count.
fn bare_column(schema: &Schema, relation: &Relation, expr: &Expr) -> Option<Name> {
    let Some(tree) = expr.tree().map(|tree| &**tree) else {
        // Words that could start an expression, such as `date`, are columns here.
        let plain = expr.text.chars().all(|c| c.is_alphanumeric() || c == '_') && !expr.text.is_empty();
        return plain.then(|| Name { text: (schema.dialect.fold)(&expr.text).into(), span: expr.span });
    };
    let text = uncast(schema, relation, tree)?;
    Some(Name { text: text.into(), span: expr.span })
}

fn uncast(schema: &Schema, relation: &Relation, tree: &Tree) -> Option<String> {
    let (inner, ty) = match tree {
        Tree::Identifier(ident) => return Some(folded(schema, ident)),
        Tree::Nested(inner) => return uncast(schema, relation, inner),
        Tree::Cast { expr, data_type, .. } => (&**expr, data_type.to_string().to_lowercase()),
        // A type's name called like a function is a cast.
        Tree::Function(function) => match &function.args {
            FunctionArguments::List(list) => match list.args.as_slice() {
                [FunctionArg::Unnamed(FunctionArgExpr::Expr(expr))] => (expr, function.name.to_string().to_lowercase()),
                _ => return None,
            },
            _ => return None,
        },
        _ => return None,
    };
    let name = uncast(schema, relation, inner)?;
    let internal = (schema.dialect.type_name)(&ty, &mut Vec::new()).to_owned();
    let has = relation.column(&name).map(|column| column.ty)?;
    (has.modifier == -1 && schema.find_type(None, &internal) == Some(has.id)).then_some(name)
}

/// After a column's type changed: the server builds the indexes anew from their text.
pub(super) fn rebuild(cx: &mut Cx<'_>, id: RelationId, number: ColumnNumber) {
    let Some(relation) = cx.schema.relation(id) else { return };
    if !relation.indexes.iter().any(|index| index.keys.iter().any(|key| key.mentions.contains(&number))) {
        return;
    }
    let schema = cx.schema.clone();
    cx.schema.edit(id, |changed| {
        for key in changed.indexes.iter_mut().flat_map(|index| &mut index.keys) {
            let bare = key.expr.as_ref().and_then(|expr| bare_column(&schema, &relation, expr));
            if let Some(column) = bare.and_then(|name| relation.column(&name.text)) {
                *key = IndexKey {
                    collation: key.collation.take(),
                    operator_class: key.operator_class.take(),
                    ..IndexKey::column(column.number)
                };
            }
        }
    });
}

fn generated_name(cx: &Cx<'_>, relation: &Relation, index: &Index) -> Arc<str> {
    let limit = cx.schema.dialect.max_identifier_bytes.unwrap_or(usize::MAX);
    let addition = names::keys_addition(&key_names(relation, index, limit), limit);
    names::relation_name(cx.schema, &relation.schema, &relation.name, &addition, "idx", false)
}

/// The names of an index's keys and carried columns, as generated names show them.
pub(super) fn key_names(relation: &Relation, index: &Index, limit: usize) -> Vec<String> {
    let column = |number| relation.column_numbered(number).map_or(String::new(), |column| column.name.to_string());
    let key = |key: &IndexKey| match (key.column, key.expr.as_ref().and_then(|expr| expr.tree().map(|tree| &**tree))) {
        (Some(number), _) => column(number),
        (None, Some(tree)) => names::expression_name(tree),
        (None, None) => "expr".to_owned(),
    };
    let carried = index.include.iter().map(|&number| column(number));
    names::key_names(index.keys.iter().map(key).chain(carried), limit)
}
