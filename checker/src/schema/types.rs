//! Types: what a type name stands for, what a type is made of, and how it is printed.

use std::sync::Arc;

use super::{Column, Key, LookupProblem, Schema, Type, UserDefinedType};
use crate::dialect::catalog::{CatalogType, TypeKind};
use crate::dialect::{TypeId, UserType};
use crate::sql::ddl::TypeName;

impl Schema {
    /// The type that a name stands for, built in or created.
    pub fn find_type(&self, schema: Option<&str>, name: &str) -> Option<TypeId> {
        match schema {
            Some(schema) => self.type_in(schema, name),
            None => self.lookup_path().find_map(|schema| self.type_in(schema, name)),
        }
    }

    /// The type of a schema with a name.
    pub(super) fn type_in(&self, schema: &str, name: &str) -> Option<TypeId> {
        let created = self.type_names.get(&(Arc::from(schema), Arc::from(name))).copied();
        created.or_else(|| self.catalog.type_in(schema, name).map(|ty| ty.id))
    }

    /// What the type rules need to know of a type; `None` for one that is not known.
    pub fn type_info(&self, id: TypeId) -> Option<&CatalogType> {
        match id.is_user() {
            true => self.types.get(&id).map(|created| &created.info),
            false => self.catalog.type_by_id(id),
        }
    }

    /// The labels of an enum in order; `None` for any other type.
    pub fn labels(&self, id: TypeId) -> Option<&[Arc<str>]> {
        let created = self.types.get(&id)?;
        (created.info.kind == TypeKind::Enum).then_some(created.labels.as_slice())
    }

    /// The columns of a row type in order; `None` for any other type.
    pub fn attributes(&self, id: TypeId) -> Option<Vec<Column>> {
        if let Some(created) = self.types.get(&id) {
            return self.relation(created.relation?).map(|relation| relation.columns.clone());
        }
        let info = self.catalog.type_by_id(id).filter(|info| info.kind == TypeKind::Composite)?;
        self.find_relation(Some(&info.schema), &info.name).map(|relation| relation.columns.clone())
    }

    /// The domain that an id stands for.
    pub fn domain(&self, id: TypeId) -> Option<&UserDefinedType> {
        self.types.get(&id).map(|created| &**created).filter(|created| created.info.kind == TypeKind::Domain)
    }

    /// The type below all domains, with the modifier that they give it.
    pub fn base_type(&self, ty: Type) -> Type {
        let mut ty = ty;
        // A domain's base existed before the domain, so that this ends; the bound guards against a wrong catalog.
        for _ in 0..64 {
            match self.type_info(ty.id) {
                Some(CatalogType { kind: TypeKind::Domain, base: Some((id, modifier)), .. }) => {
                    ty = Type { id: *id, modifier: *modifier };
                }
                _ => break,
            }
        }
        ty
    }

    /// The array type over a type.
    pub fn array_of(&self, element: TypeId) -> Option<TypeId> {
        self.type_info(element)?.array
    }

    /// What a true array is made of.
    pub fn element_of(&self, array: TypeId) -> Option<TypeId> {
        self.type_info(array).filter(|info| info.is_true_array())?.element
    }

    /// A type as the server prints it.
    pub fn format_type(&self, ty: Type) -> String {
        (self.dialect.format_type)(self.catalog, ty.id, ty.modifier, &|id| self.printed(id))
    }

    /// How to print a type that is not built in.
    fn printed(&self, id: TypeId) -> Option<UserType> {
        let created = self.types.get(&id)?;
        if let Some(element) = created.array_of {
            return Some(UserType::ArrayOf(element));
        }
        let (schema, name) = (&*created.info.schema, &*created.info.name);
        let quoted = (self.dialect.quote)(name);
        if self.type_is_visible(schema, name) {
            return Some(UserType::Named(quoted));
        }
        Some(UserType::Named(format!("{}.{quoted}", (self.dialect.quote)(schema))))
    }

    /// The type that a written type stands for, [`Type::UNSURE`] where something that was not understood may have made it.
    ///
    /// # Errors
    ///
    /// What the server would say: the type does not exist, or does not take the modifier.
    pub fn resolve_type(&self, written: &TypeName) -> Result<Type, LookupProblem> {
        if written.of_column {
            return self.type_of_column(written);
        }
        let schema = written.schema.as_ref().map(|schema| &*schema.text);
        let Some(id) = self.find_type(schema, &written.name.text) else {
            return match self.cloud(&written.name.text) {
                Some(_) => Ok(Type::UNSURE),
                None => Err(no_type(written)),
            };
        };
        let modifier = self.modifier(id, written)?;
        if written.dimensions == 0 {
            return Ok(Type { id, modifier });
        }
        match self.array_of(id) {
            Some(array) => Ok(Type { id: array, modifier }),
            None => Err(no_type(written)),
        }
    }

    fn modifier(&self, id: TypeId, written: &TypeName) -> Result<i32, LookupProblem> {
        let Some(info) = self.type_info(id) else { return Ok(-1) };
        if written.modifiers.is_empty() && written.interval_fields.is_none() {
            return Ok(-1);
        }
        let refuse = |message: String| LookupProblem {
            span: written.span,
            message,
            sqlstate: "22023",
            about: Key::Type(written.name.text.clone()),
        };
        if !info.has_modifier {
            return Err(refuse(format!("type modifier is not allowed for type `{}`", written.name.text)));
        }
        let numbers: Option<Vec<i64>> = written.modifiers.iter().map(|word| word.trim().parse().ok()).collect();
        match numbers {
            Some(numbers) => {
                (self.dialect.type_modifier)(&info.name, &numbers, written.interval_fields.as_deref()).map_err(refuse)
            }
            None => Ok(-1),
        }
    }

    /// `relation.column%TYPE`.
    fn type_of_column(&self, written: &TypeName) -> Result<Type, LookupProblem> {
        let (table, column) = match &written.schema {
            Some(schema) => (&schema.text, &written.name.text),
            None => (&written.name.text, &written.name.text),
        };
        if self.cloud(table).is_some() {
            return Ok(Type::UNSURE);
        }
        let relation = self.find_relation(None, table);
        let found = relation.as_ref().and_then(|relation| relation.column(column)).map(|column| column.ty);
        found.ok_or_else(|| match relation {
            Some(_) => LookupProblem {
                span: written.span,
                message: format!("column `{column}` of relation `{table}` does not exist"),
                sqlstate: "42703",
                about: Key::Column(table.clone(), column.clone()),
            },
            None => LookupProblem {
                span: written.span,
                message: format!("relation `{table}` does not exist"),
                sqlstate: "42P01",
                about: Key::Relation(table.clone()),
            },
        })
    }
}

fn no_type(written: &TypeName) -> LookupProblem {
    let name = &written.name.text;
    LookupProblem {
        span: written.span,
        message: format!("type `{name}` does not exist"),
        sqlstate: "42704",
        about: Key::Type(name.clone()),
    }
}
