//! Creates schemas, and what is known by little more than its name.

use std::sync::Arc;

use super::{Cx, Outcome, Stop, define, problem};
use crate::dialect::catalog::{self, CastMethod, CatalogCast, CatalogOperator, FunctionKind, Volatility};
use crate::schema::depend::Object;
use crate::schema::store::QualifiedName;
use crate::schema::{Cloud, Column, ColumnNumber, Key, Namespace, Relation, RelationId, RelationKind, Type};
use crate::sql::ddl::{CastContext, Ddl, Name, ObjectKind, ObjectName, RoutineSignature, TypeName};

/// The schema and the name of a new object.
pub(super) fn new_name(cx: &Cx<'_>, name: &ObjectName, temporary: bool) -> Outcome<QualifiedName> {
    let text = name.name.text.clone();
    if let (true, Some(schema)) = (temporary, cx.schema.dialect.definition.temporary_schema) {
        return Ok((schema.into(), text));
    }
    if let Some(schema) = &name.schema {
        if is_schema(cx, &schema.text) {
            return Ok((schema.text.clone(), text));
        }
        return Err(cx.missing(&ObjectName { schema: None, name: schema.clone() }, problem::no_schema(schema)));
    }
    let schemas = cx.schema.search_path.iter();
    match schemas.into_iter().find(|schema| is_schema(cx, schema)) {
        Some(schema) => Ok((schema.clone(), text)),
        None => {
            let message = "no schema has been selected to create in".to_owned();
            Err(Stop::Fails(problem::fails(name.name.span, "3F000", message, vec![Key::Everything])))
        }
    }
}

fn is_schema(cx: &Cx<'_>, name: &str) -> bool {
    let definition = cx.schema.dialect.definition;
    cx.schema.namespaces.contains_key(name) || definition.temporary_schema == Some(name) || is_system_schema(cx, name)
}

/// Whether it is one of the engine's own schemas.
pub(super) fn is_system_schema(cx: &Cx<'_>, name: &str) -> bool {
    cx.schema.dialect.definition.system_schemas.contains(&name)
}

/// Whether a new object goes to the schema of temporary objects.
pub(super) fn is_temporary(cx: &Cx<'_>, name: &ObjectName) -> bool {
    let temporary = cx.schema.dialect.definition.temporary_schema;
    name.schema.as_ref().is_some_and(|schema| temporary == Some(&*schema.text))
}

pub(super) fn schema(cx: &mut Cx<'_>, name: &Name, if_not_exists: bool, elements: &[Ddl]) -> Outcome {
    if is_schema(cx, &name.text) {
        if if_not_exists {
            return Ok(());
        }
        let about = Key::Schema(name.text.clone());
        cx.refuse(problem::exists("schema", &name.text, name.span, "42P06", about))?;
    } else {
        let mut namespace = Namespace::default();
        super::rights::give_defaults(cx.schema, None, ObjectKind::Schema, &mut namespace.grants);
        cx.schema.namespaces.insert_mut(name.text.clone(), Arc::new(namespace));
    }
    cx.touch(Key::Schema(name.text.clone()));
    // The elements are carried out with the new schema first in the search path.
    let before = cx.schema.search_path.clone();
    cx.schema.search_path = Arc::new(std::iter::once(&name.text).chain(before.iter()).cloned().collect());
    let mut outcome = Ok(());
    for element in elements {
        let at = cx.at;
        outcome = outcome.and(cx.part(at, |cx| define(cx, element)));
    }
    cx.schema.search_path = before;
    outcome
}

/// Refuses a name that a relation or an index has. True where the object is to be created.
pub(super) fn is_free(cx: &mut Cx<'_>, at: &QualifiedName, name: &ObjectName, if_not_exists: bool) -> Outcome<bool> {
    if !cx.schema.has_relation_name(&at.0, &at.1) {
        return Ok(true);
    }
    if if_not_exists {
        return Ok(false);
    }
    cx.refuse(problem::relation_exists(name))?;
    super::drop::clear_relation_name(cx, at);
    Ok(true)
}

/// The columns of a virtual table are what its module says; of a known module that takes their names they are the
/// arguments.
pub(super) fn virtual_table(
    cx: &mut Cx<'_>,
    name: &ObjectName,
    if_not_exists: bool,
    module: &Name,
    arguments: &[String],
) -> Outcome {
    let at = new_name(cx, name, is_temporary(cx, name))?;
    if !is_free(cx, &at, name, if_not_exists)? {
        return Ok(());
    }
    let id = RelationId(cx.schema.fresh_id());
    let mut relation = Relation::new(id, at.0.clone(), at.1.clone(), RelationKind::Virtual);
    relation.row_id = true;
    match (cx.schema.dialect.definition.virtual_table)(&module.text, &at.1, arguments) {
        Some(made) => {
            for (number, (column, hidden)) in (1..).zip(made.columns) {
                let column = Column::new(ColumnNumber(number), column.into(), Type::UNSURE);
                relation.columns.push(Column { hidden, ..column });
                relation.next_column = number + 1;
            }
            for (suffix, columns) in made.shadows {
                shadow_table(cx, id, &at, suffix, &columns);
            }
        }
        None => {
            let reason = format!("the columns of a table of module `{}` are not known", module.text);
            relation.opaque = Some(Arc::new(Cloud { reason, place: Some(cx.place()) }));
        }
    }
    cx.schema.put(relation);
    cx.touch(Key::Relation(at.1));
    Ok(())
}

fn shadow_table(cx: &mut Cx<'_>, table: RelationId, owner: &QualifiedName, suffix: &str, columns: &[String]) {
    let name: Arc<str> = format!("{}_{suffix}", owner.1).into();
    if cx.schema.has_relation_name(&owner.0, &name) {
        return;
    }
    let id = RelationId(cx.schema.fresh_id());
    let mut relation = Relation::new(id, owner.0.clone(), name.clone(), RelationKind::Table);
    // It goes with the table whose rows it keeps.
    relation.owned_by = Some((table, ColumnNumber(0), false));
    for (number, column) in (1..).zip(columns) {
        relation.columns.push(Column::new(ColumnNumber(number), column.as_str().into(), Type::UNSURE));
        relation.next_column = number + 1;
    }
    cx.schema.put(relation);
    cx.touch(Key::Relation(name));
}

pub(super) fn operator(cx: &mut Cx<'_>, statement: &Ddl) -> Outcome {
    let Ddl::CreateOperator { name, left, right, function } = statement else { return Ok(()) };
    let at = new_name(cx, name, false)?;
    let operand = |ty: &Option<TypeName>| ty.as_ref().map(|ty| cx.schema.resolve_type(ty)).transpose();
    let (left, right) = (operand(left)?.map(|ty| ty.id), operand(right)?.map(|ty| ty.id));
    let operands: Vec<_> = left.into_iter().chain(right).collect();
    let called = function.as_ref().and_then(|function| {
        let schema = function.schema.as_ref().map(|schema| &*schema.text);
        let routines = cx.schema.find_routines(schema, &function.name.text);
        let fits = |r: &&crate::schema::RoutineRef<'_>| {
            r.signature().arguments.iter().map(|argument| argument.ty).eq(operands.iter().copied())
        };
        routines.iter().find(fits).map(|routine| (routine.signature().clone(), routine.id()))
    });
    let (called, routine) = called.map_or((None, None), |(called, routine)| (Some(called), routine));
    if let Some(routine) = routine {
        let caller = Object::Operator(at.1.clone(), left, right.unwrap_or_default());
        Arc::make_mut(&mut cx.schema.callers).push((caller, routine));
    }
    let operator = CatalogOperator {
        schema: at.0.to_string().into(),
        name: at.1.to_string().into(),
        left,
        right: right.unwrap_or_default(),
        result: called.as_ref().map(|function| function.result).unwrap_or_default(),
        strict: called.as_ref().is_some_and(|function| function.strict),
        volatility: called.as_ref().map_or(Volatility::Volatile, |function| function.volatility),
    };
    Arc::make_mut(&mut cx.schema.operators).push(operator);
    cx.touch(Key::Operator(at.1));
    Ok(())
}

pub(super) fn cast(
    cx: &mut Cx<'_>,
    source: &TypeName,
    target: &TypeName,
    context: CastContext,
    function: Option<&RoutineSignature>,
) -> Outcome {
    let source = cx.schema.resolve_type(source)?.id;
    let target = cx.schema.resolve_type(target)?.id;
    let context = match context {
        CastContext::Explicit => catalog::CastContext::Explicit,
        CastContext::Assignment => catalog::CastContext::Assignment,
        CastContext::Implicit => catalog::CastContext::Implicit,
    };
    if let Some(routine) = function.and_then(|function| super::routine::find(cx, ObjectKind::Routine, function).ok()) {
        Arc::make_mut(&mut cx.schema.callers).push((Object::Cast(source, target), routine));
    }
    let method = if function.is_some() { CastMethod::Function } else { CastMethod::Text };
    let casts = Arc::make_mut(&mut cx.schema.casts);
    casts.retain(|cast| (cast.source, cast.target) != (source, target));
    casts.push(CatalogCast { source, target, context, method });
    cx.touch(Key::Everything);
    Ok(())
}

pub(super) fn other(cx: &mut Cx<'_>, kind: ObjectKind, name: &ObjectName, if_not_exists: bool) -> Outcome {
    let schema = other_schema(cx, name);
    let key = (kind, schema, name.name.text.clone());
    if cx.schema.others.contains_key(&key) {
        if if_not_exists {
            return Ok(());
        }
        let about = Key::Relation(name.name.text.clone());
        let (what, span) = (problem::word(kind), problem::span(name));
        cx.refuse(problem::exists(what, &name.name.text, span, "42710", about))?;
    }
    cx.schema.others.insert_mut(key, ());
    Ok(())
}

/// The schema under which an object that is known by kind and name only is kept: the one written, else nothing.
pub(super) fn other_schema(cx: &Cx<'_>, name: &ObjectName) -> Arc<str> {
    match &name.schema {
        Some(schema) if cx.schema.search_path.first() != Some(&schema.text) => schema.text.clone(),
        _ => Arc::from(""),
    }
}

/// `CREATE EXTENSION`: its types, functions, operators, casts and relations, from the catalog's data. Of an extension
/// that is not known, names that are found nowhere else may be its objects.
pub(super) fn extension(cx: &mut Cx<'_>, name: &Name, if_not_exists: bool, schema: Option<&Name>) -> Outcome {
    if cx.schema.extensions.contains_key(&name.text) {
        if if_not_exists {
            return Ok(());
        }
        let about = Key::Everything;
        cx.refuse(problem::exists("extension", &name.text, name.span, "42710", about))?;
        return Ok(());
    }
    if let Some(schema) = schema
        && !is_schema(cx, &schema.text)
    {
        cx.refuse(problem::no_schema(schema))?;
    }
    let place = cx.place();
    for key in crate::schema::extension::install(cx.schema, &name.text, schema.map(|schema| &schema.text), &place) {
        cx.touch(key);
    }
    Ok(())
}

/// Whether a routine is of the kind that a statement names.
pub(super) fn is_kind(kind: ObjectKind, function: FunctionKind) -> bool {
    match kind {
        ObjectKind::Procedure => function == FunctionKind::Procedure,
        ObjectKind::Aggregate => {
            matches!(function, FunctionKind::Aggregate | FunctionKind::OrderedSet(_) | FunctionKind::HypotheticalSet(_))
        }
        ObjectKind::Function => matches!(function, FunctionKind::Function | FunctionKind::Window),
        _ => true,
    }
}

/// A bare name as that of an object.
pub(super) fn plain(name: &Name) -> ObjectName {
    ObjectName { schema: None, name: name.clone() }
}
