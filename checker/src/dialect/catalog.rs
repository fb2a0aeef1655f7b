//! The built-in objects of one version of a database engine, looked up by name.
//!
//! Nothing is read at start: names are found in the sorted data files by binary search, and what was found
//! is kept. Types, casts and operator classes, which are asked for by more than one key, are read at the
//! first use.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::sync::{OnceLock, RwLock};

pub use super::objects::*;
use super::rows;

/// The built-in objects of one version of a database engine.
pub struct Catalog {
    version: u32,
    data: &'static Data,
    types: OnceLock<Types>,
    casts: OnceLock<Vec<CatalogCast>>,
    operator_classes: OnceLock<Vec<CatalogOperatorClass>>,
    functions: ByName<CatalogFunction>,
    operators: ByName<CatalogOperator>,
    relations: ByName<CatalogRelation>,
    extensions: ByName<Extension>,
}

/// The data files of an engine, for all its versions.
pub struct Data {
    /// The schema of objects whose row names none.
    pub system_schema: &'static str,
    /// Where any words are a type: the name of the built-in type that they stand for.
    pub written_type: Option<fn(&str) -> &'static str>,
    /// Files as the functions in `rows.rs` read them; empty for none.
    pub types: &'static str,
    /// See [`Data::types`].
    pub functions: &'static str,
    /// See [`Data::types`].
    pub operators: &'static str,
    /// See [`Data::types`].
    pub casts: &'static str,
    /// See [`Data::types`].
    pub operator_classes: &'static str,
    /// See [`Data::types`].
    pub relations: &'static str,
    /// See [`Data::types`].
    pub extensions: &'static str,
    /// Objects that only have a name.
    pub named: &'static str,
}

struct Types {
    /// In the order of schema and name.
    all: Vec<CatalogType>,
    /// Positions in `all`, by id; those of no type lead nowhere.
    by_id: Vec<u32>,
}

/// Objects that were asked for, by name. They stay for the life of the process, as their catalog does:
/// at most as many as the data files hold, and some names that nothing has.
struct ByName<T: 'static>(RwLock<HashMap<Cow<'static, str>, &'static [T]>>);

/// Names that are known to be no object's: most names of a query are looked up among the built-in objects first.
const ABSENT_KEPT: usize = 4096;

impl<T> ByName<T> {
    fn new() -> ByName<T> {
        ByName(RwLock::new(HashMap::new()))
    }

    /// The objects on lines with the first column `key`, read at the first call.
    fn get(
        &self,
        text: &'static str,
        key: &str,
        read: impl FnOnce(&'static str, &mut dyn Iterator<Item = &'static str>) -> Vec<T>,
    ) -> &'static [T] {
        let known = self.0.read().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(found) = known.get(key) {
            return found;
        }
        drop(known);
        let mut lines = rows::lines_of(text, key).peekable();
        let stored = lines.peek().map(|line| rows::key_of(line));
        let (key, found): (Cow<'static, str>, &'static [T]) = match stored {
            Some(key) => (key.into(), Box::leak(read(key, &mut lines).into_boxed_slice())),
            None => (key.to_owned().into(), &[]),
        };
        let mut known = self.0.write().unwrap_or_else(|poisoned| poisoned.into_inner());
        if stored.is_none() && known.len() >= ABSENT_KEPT {
            return found;
        }
        known.entry(key).or_insert(found)
    }
}

impl Catalog {
    /// The objects that a version has.
    pub fn new(data: &'static Data, version: u32) -> Catalog {
        Catalog {
            version,
            data,
            types: OnceLock::new(),
            casts: OnceLock::new(),
            operator_classes: OnceLock::new(),
            functions: ByName::new(),
            operators: ByName::new(),
            relations: ByName::new(),
            extensions: ByName::new(),
        }
    }

    /// The major version of the server.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// A type of the system schema by its internal name (`int4`, `timestamptz`, `_text`).
    pub fn type_by_name(&self, name: &str) -> Option<&CatalogType> {
        self.type_in(self.data.system_schema, name)
    }

    /// A type by schema and internal name; where any words are a type, by those words.
    pub fn type_in(&self, schema: &str, name: &str) -> Option<&CatalogType> {
        match self.data.written_type {
            Some(stands_for) => self.exact_type(self.data.system_schema, stands_for(name)),
            None => self.exact_type(schema, name),
        }
    }

    fn exact_type(&self, schema: &str, name: &str) -> Option<&CatalogType> {
        let types = self.types();
        let at = types.binary_search_by(|ty| (&*ty.schema, &*ty.name).cmp(&(schema, name))).ok()?;
        types.get(at)
    }

    /// A type by its id.
    pub fn type_by_id(&self, id: TypeId) -> Option<&CatalogType> {
        let types = self.loaded_types();
        types.all.get(*types.by_id.get(id.0 as usize)? as usize)
    }

    /// All types, in the order of schema and name.
    pub fn types(&self) -> &[CatalogType] {
        &self.loaded_types().all
    }

    /// The functions, aggregates and procedures of the system schema with a name.
    pub fn functions_by_name(&self, name: &str) -> &'static [CatalogFunction] {
        self.functions.get(self.data.functions, name, |_, lines| {
            self.rows(lines).filter_map(rows::read_function).map(|f| f.resolve(|ty| self.id(ty))).collect()
        })
    }

    /// The functions, aggregates and procedures of a schema with a name.
    pub fn functions_in(&self, schema: &str, name: &str) -> &'static [CatalogFunction] {
        self.functions_by_name(&self.key(schema, name))
    }

    /// The operators of the system schema with a name.
    pub fn operators_by_name(&self, name: &str) -> &'static [CatalogOperator] {
        self.operators.get(self.data.operators, name, |_, lines| {
            self.rows(lines).filter_map(rows::read_operator).map(|o| o.resolve(|ty| self.id(ty))).collect()
        })
    }

    /// A relation by schema and name.
    pub fn relation(&self, schema: &str, name: &str) -> Option<&'static CatalogRelation> {
        let found = self.relations.get(self.data.relations, &self.key(schema, name), |_, lines| {
            self.rows(lines).filter_map(rows::read_relation).map(|r| r.resolve(|ty| self.id(ty))).collect()
        });
        found.first()
    }

    /// The names of all relations of a schema, sorted.
    pub fn relation_names(&self, schema: &str) -> Vec<&'static str> {
        self.names(self.data.relations, schema)
    }

    /// The names of all functions, aggregates and procedures of a schema, sorted.
    pub fn function_names(&self, schema: &str) -> Vec<&'static str> {
        self.names(self.data.functions, schema)
    }

    /// The cast between two types that has a row in the catalog.
    pub fn cast(&self, source: TypeId, target: TypeId) -> Option<&CatalogCast> {
        let casts = self.casts();
        let at = casts.binary_search_by_key(&(source, target), |cast| (cast.source, cast.target)).ok()?;
        casts.get(at)
    }

    /// All casts that have a row in the catalog, in the order of source and target.
    pub fn casts(&self) -> &[CatalogCast] {
        self.casts.get_or_init(|| {
            let rows = self.rows(self.data.casts.lines());
            let casts = rows.filter_map(rows::read_cast).map(|c| c.resolve(|ty| self.id(ty)));
            let mut casts: Vec<CatalogCast> = casts.collect();
            casts.sort_by_key(|cast| (cast.source, cast.target));
            casts
        })
    }

    /// All operator classes, by index method and name.
    pub fn operator_classes(&self) -> &[CatalogOperatorClass] {
        self.operator_classes.get_or_init(|| {
            let rows = self.rows(self.data.operator_classes.lines());
            rows.filter_map(rows::read_operator_class).map(|c| c.resolve(|ty| self.id(ty))).collect()
        })
    }

    /// The operator class that an index method takes for a type where none is named, as the server finds it:
    /// one for the type itself, else one for a type it is binary-coercible to. A type has an order if there
    /// is one for `btree`, and equality if there is one for `btree` or `hash`; arrays, ranges and composite
    /// types have one always, and what counts then are their elements. Postgres source: `GetDefaultOpClass`.
    pub fn default_operator_class(&self, method: &str, ty: &CatalogType) -> Option<&CatalogOperatorClass> {
        let base = ty.base.filter(|_| ty.kind == TypeKind::Domain).and_then(|(base, _)| self.type_by_id(base));
        let ty = base.unwrap_or(ty);
        let taken = |class: &&CatalogOperatorClass| class.is_default && class.method == method;
        let classes = || self.operator_classes().iter().filter(taken);
        let fits = |class: &&CatalogOperatorClass| self.is_binary_coercible(ty, class.input);
        let preferred = |class: &&CatalogOperatorClass| {
            self.type_by_id(class.input).is_some_and(|input| input.preferred && input.category == ty.category)
        };
        let exact = self.operator_classes().iter().find(|class| class.input == ty.id && taken(class));
        exact.or_else(|| classes().filter(fits).find(preferred)).or_else(|| classes().find(fits))
    }

    /// Whether values of a type can be taken as values of a built-in type as they are.
    /// Postgres source: `IsBinaryCoercible`.
    pub fn is_binary_coercible(&self, source: &CatalogType, target: TypeId) -> bool {
        let polymorphic = self.type_by_id(target).is_some_and(|target| {
            target.kind == TypeKind::Pseudo
                && match &*target.name {
                    "any" | "anyelement" | "anycompatible" => true,
                    "anyarray" | "anycompatiblearray" => source.is_true_array(),
                    "anyenum" => source.kind == TypeKind::Enum,
                    "anyrange" | "anycompatiblerange" => source.kind == TypeKind::Range,
                    "anymultirange" | "anycompatiblemultirange" => source.kind == TypeKind::Multirange,
                    "record" => source.kind == TypeKind::Composite,
                    "_record" => self.is_array_of_composites(source),
                    _ => false,
                }
        });
        let cast = || self.cast(source.id, target);
        source.id == target
            || polymorphic
            || cast().is_some_and(|c| c.method == CastMethod::Binary && c.context == CastContext::Implicit)
    }

    fn is_array_of_composites(&self, ty: &CatalogType) -> bool {
        let element = ty.element.filter(|_| ty.is_true_array()).and_then(|element| self.type_by_id(element));
        element.is_some_and(|element| element.kind == TypeKind::Composite)
    }

    /// What an extension creates; none for an extension that this version is not known to have.
    pub fn extension(&self, name: &str) -> Option<&'static Extension> {
        let found = self.extensions.get(self.data.extensions, name, |name, lines| {
            rows::read_extension(name, lines, self.version).into_iter().collect()
        });
        found.first()
    }

    /// The names of all known extensions, sorted.
    pub fn extension_names(&self) -> Vec<&'static str> {
        let mut names: Vec<&str> = self.data.extensions.lines().map(rows::key_of).collect();
        names.dedup();
        names.retain(|name| self.extension(name).is_some());
        names
    }

    /// Whether there is a built-in object that only has a name, of the kinds that [`NamedObject`] lists.
    pub fn has_named(&self, kind: &str, name: &str) -> bool {
        let named = self.rows(rows::lines_of(self.data.named, kind)).filter_map(rows::read_named);
        named.into_iter().any(|object| object.name == name)
    }

    /// The lines that this version has.
    fn rows(&self, lines: impl Iterator<Item = &'static str>) -> impl Iterator<Item = rows::Row> {
        lines.filter_map(|line| rows::Row::new(line, self.data.system_schema, self.version))
    }

    /// The key of a name in the data files.
    fn key<'n>(&self, schema: &str, name: &'n str) -> Cow<'n, str> {
        if schema == self.data.system_schema { name.into() } else { format!("{schema}.{name}").into() }
    }

    /// The names of a schema in a data file, sorted.
    fn names(&self, text: &'static str, schema: &str) -> Vec<&'static str> {
        let rows = self.rows(text.lines()).filter(|row| row.schema == schema);
        let mut names: Vec<&str> = rows.map(|row| row.name).collect();
        names.dedup();
        names
    }

    /// A type as the objects of an [`Extension`] refer to it: by name, after `schema.` unless it is in the system
    /// schema.
    pub fn type_by_key(&self, key: &str) -> Option<&CatalogType> {
        let (schema, name) = key.split_once('.').unwrap_or((self.data.system_schema, key));
        self.exact_type(schema, name)
    }

    fn id(&self, key: &str) -> TypeId {
        self.type_by_key(key).map_or(TypeId::UNSURE, |ty| ty.id)
    }

    fn loaded_types(&self) -> &Types {
        self.types.get_or_init(|| load_types(self.rows(self.data.types.lines())))
    }
}

impl fmt::Debug for Catalog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Catalog({})", self.version)
    }
}

fn load_types(rows: impl Iterator<Item = rows::Row>) -> Types {
    let mut named: Vec<_> = rows.filter_map(rows::read_type).collect();
    named.sort_by(|(_, a), (_, b)| (&a.schema, &a.name).cmp(&(&b.schema, &b.name)));
    let mut by_key: Vec<_> = named.iter().map(|(id, ty)| (ty.id, *id)).collect();
    by_key.sort_unstable();
    let id = |key| match by_key.binary_search_by_key(&key, |&(key, _)| key) {
        Ok(at) => by_key[at].1,
        Err(_) => TypeId::UNSURE,
    };
    let all: Vec<CatalogType> = named.iter().map(|(_, ty)| ty.resolve(id)).collect();
    // Ids of built-in types are small.
    let ids = || (0u32..).zip(&all).map(|(at, ty)| (ty.id, at)).filter(|(id, _)| !id.is_user());
    let mut by_id = vec![u32::MAX; ids().map(|(id, _)| id.0 as usize + 1).max().unwrap_or(0)];
    for (id, at) in ids() {
        by_id[id.0 as usize] = at;
    }
    Types { all, by_id }
}
