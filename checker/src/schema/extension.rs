//! `CREATE EXTENSION`: the objects that an extension brings.

use std::collections::HashMap;
use std::sync::Arc;

use super::apply::put_built;
use super::{Cloud, Column, ColumnNumber, Key, Relation, RelationId, RelationKind, Schema, Type, UserDefinedType};
use crate::dialect::TypeId;
use crate::dialect::catalog::{self, CatalogFunction, CatalogOperator, CatalogRelation, CatalogType, Extension};
use crate::source::Place;

/// Creates an extension and those that it requires; returns what changed.
pub(super) fn install(schema: &mut Schema, name: &Arc<str>, wanted: Option<&Arc<str>>, place: &Place) -> Vec<Key> {
    let Some(extension) = schema.catalog.extension(name) else {
        let reason = format!("the objects of extension `{name}` are not known");
        let cloud = Arc::new(Cloud { reason, place: Some(place.clone()) });
        Arc::make_mut(&mut schema.unknown_extensions).push((name.clone(), cloud));
        let namespace = wanted.cloned().or_else(|| schema.search_path.first().cloned());
        schema.extensions.insert_mut(name.clone(), namespace.unwrap_or_default());
        return vec![Key::Everything];
    };
    let mut keys = Vec::new();
    for required in &extension.requires {
        if !schema.extensions.contains_key(&**required) {
            keys.extend(install(schema, &Arc::from(&**required), wanted, place));
        }
    }
    let namespace = namespace_of(schema, extension, wanted);
    if !schema.namespaces.contains_key(&namespace) {
        schema.namespaces.insert_mut(namespace.clone(), Arc::default());
    }
    schema.extensions.insert_mut(name.clone(), namespace.clone());
    let mut new = New { schema, extension: name.clone(), namespace, types: HashMap::new(), keys };
    new.types(extension);
    for function in &extension.functions {
        new.function(function);
    }
    for operator in &extension.operators {
        new.operator(operator);
    }
    for cast in &extension.casts {
        let cast = cast.resolve(|ty| new.type_id(ty));
        Arc::make_mut(&mut new.schema.casts).push(cast);
    }
    for relation in &extension.relations {
        new.relation(relation);
    }
    new.keys
}

/// The schema that an extension's objects go to.
fn namespace_of(schema: &Schema, extension: &Extension, wanted: Option<&Arc<str>>) -> Arc<str> {
    let own = extension.schema.as_ref().map(|own| Arc::from(&**own));
    let first = schema.search_path.iter().find(|name| schema.namespaces.contains_key(*name));
    own.or_else(|| wanted.cloned()).or_else(|| first.cloned()).unwrap_or_default()
}

struct New<'a> {
    schema: &'a mut Schema,
    extension: Arc<str>,
    namespace: Arc<str>,
    /// The extension's own types by name.
    types: HashMap<&'static str, TypeId>,
    keys: Vec<Key>,
}

impl New<'_> {
    fn type_id(&self, name: &'static str) -> TypeId {
        let own = self.types.get(name).copied();
        own.or_else(|| self.schema.find_type(None, name)).unwrap_or_else(|| {
            // Types of the required extensions may be outside the search path.
            let named =
                |(_, at): (_, &TypeId)| self.schema.types.get(at).filter(|ty| ty.info.name == name).map(|_| *at);
            self.schema.type_names.iter().find_map(named).unwrap_or_default()
        })
    }

    fn types(&mut self, extension: &'static Extension) {
        for ty in &extension.types {
            let id = TypeId(self.schema.fresh_id());
            self.types.insert(ty.id, id);
        }
        for ty in &extension.types {
            let info: CatalogType = ty.resolve(|name| self.type_id(name));
            let info = CatalogType { schema: self.namespace.to_string().into(), ..info };
            self.keys.push(Key::Type(Arc::from(&*info.name)));
            let array_of = info.element.filter(|_| info.is_true_array());
            self.schema.put_type(UserDefinedType {
                info,
                labels: Vec::new(),
                relation: None,
                checks: Vec::new(),
                default: None,
                array_of,
                extension: Some(self.extension.clone()),
            });
        }
    }

    fn function(&mut self, function: &CatalogFunction<&'static str>) {
        let signature = function.resolve(|ty| self.type_id(ty));
        self.keys.push(Key::Routine(Arc::from(&*signature.name)));
        let signature = CatalogFunction { schema: self.namespace.to_string().into(), ..signature };
        put_built(self.schema, signature, Some(self.extension.clone()));
    }

    fn operator(&mut self, operator: &CatalogOperator<&'static str>) {
        let operator = operator.resolve(|ty| self.type_id(ty));
        self.keys.push(Key::Operator(Arc::from(&*operator.name)));
        let operator = CatalogOperator { schema: self.namespace.to_string().into(), ..operator };
        Arc::make_mut(&mut self.schema.operators).push(operator);
    }

    fn relation(&mut self, made: &CatalogRelation<&'static str>) {
        let made = made.resolve(|ty| self.type_id(ty));
        let id = RelationId(self.schema.fresh_id());
        let mut relation = Relation::new(id, self.namespace.clone(), Arc::from(&*made.name), kind(made.kind));
        relation.extension = Some(self.extension.clone());
        for (number, column) in (1..).zip(&made.columns) {
            let ty = Type { id: column.ty, modifier: column.modifier };
            let not_null = column.not_null || made.primary_key.contains(&column.name);
            let new = Column::new(ColumnNumber(number), Arc::from(&*column.name), ty);
            relation.columns.push(Column { not_null, hidden: column.hidden, ..new });
            relation.next_column = number + 1;
        }
        // The row type is among the extension's types.
        if let Some(&row_type) = self.types.get(&*made.name) {
            relation.row_type = row_type;
            self.schema.edit_type(row_type, |ty| ty.relation = Some(id));
        }
        self.keys.push(Key::Relation(relation.name.clone()));
        self.schema.put(relation);
    }
}

fn kind(kind: catalog::RelationKind) -> RelationKind {
    match kind {
        catalog::RelationKind::Table | catalog::RelationKind::TableFunction => RelationKind::Table,
        catalog::RelationKind::View => RelationKind::View,
        catalog::RelationKind::MaterializedView => RelationKind::MaterializedView,
        catalog::RelationKind::ForeignTable => RelationKind::ForeignTable,
        catalog::RelationKind::Sequence => RelationKind::Sequence,
        catalog::RelationKind::Composite => RelationKind::Composite,
    }
}

/// Takes an extension's name out, with what of it is not dropped object by object.
pub(super) fn remove(schema: &mut Schema, name: &Arc<str>) {
    schema.extensions.remove_mut(name);
    Arc::make_mut(&mut schema.unknown_extensions).retain(|(known, _)| known != name);
    let Some(extension) = schema.catalog.extension(name) else { return };
    let resolve = |ty: &str| schema.find_type(None, ty).unwrap_or_default();
    let operators: Vec<CatalogOperator> = extension.operators.iter().map(|it| it.resolve(resolve)).collect();
    let casts: Vec<_> = extension.casts.iter().map(|it| it.resolve(resolve)).map(|it| (it.source, it.target)).collect();
    Arc::make_mut(&mut schema.operators).retain(|it| {
        !operators.iter().any(|gone| gone.name == it.name && gone.left == it.left && gone.right == it.right)
    });
    Arc::make_mut(&mut schema.casts).retain(|it| !casts.contains(&(it.source, it.target)));
}

/// Moves an extension's objects to another schema.
pub(super) fn relocate(schema: &mut Schema, name: &Arc<str>, to: &Arc<str>) {
    let Some(from) = schema.extensions.get(name).cloned() else { return };
    schema.extensions.insert_mut(name.clone(), to.clone());
    let belongs = |extension: &Option<Arc<str>>| extension.as_ref() == Some(name);
    let relations: Vec<_> = schema.relations.values().filter(|it| belongs(&it.extension)).map(|it| it.id).collect();
    for id in relations {
        schema.edit(id, |relation| relation.schema = to.clone());
    }
    let types: Vec<_> = schema.types.values().filter(|it| belongs(&it.extension)).map(|it| it.info.id).collect();
    for id in types {
        schema.edit_type(id, |ty| ty.info.schema = to.to_string().into());
    }
    let routines: Vec<_> = schema.routines.values().filter(|it| belongs(&it.extension)).map(|it| it.id).collect();
    for id in routines {
        schema.edit_routine(id, |routine| routine.signature.schema = to.to_string().into());
    }
    let Some(extension) = schema.catalog.extension(name) else { return };
    let names: Vec<&str> = extension.operators.iter().map(|it| &*it.name).collect();
    for operator in Arc::make_mut(&mut schema.operators) {
        if operator.schema == *from && names.contains(&&*operator.name) {
            operator.schema = to.to_string().into();
        }
    }
}
