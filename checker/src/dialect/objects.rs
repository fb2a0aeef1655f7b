//! The objects that a database engine or an extension of it brings: types, functions, operators, casts,
//! operator classes, relations.
//!
//! The structs are generic over how they refer to types. Built-in objects refer by [`TypeId`]; the objects
//! of an extension refer by name until [`CatalogFunction::resolve`] and its siblings give them ids.

use std::borrow::Cow;
use std::fmt;

/// Identity of a type. For built-in types the server's own number where it is fixed, else one below
/// [`TypeId::FIRST_USER`]; types that migrations create are numbered from there.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "command", derive(serde::Serialize, serde::Deserialize))]
pub struct TypeId(pub u32);

impl TypeId {
    /// We do not know the type. Not to be confused with the server's pseudo-type `unknown`.
    pub const UNSURE: TypeId = TypeId(0);
    /// The first id of types that are not built in.
    pub const FIRST_USER: u32 = 100_000;

    /// Whether the type is known.
    pub fn is_sure(self) -> bool {
        self != TypeId::UNSURE
    }

    /// Whether the type is not built in.
    pub fn is_user(self) -> bool {
        self.0 >= TypeId::FIRST_USER
    }
}

impl fmt::Debug for TypeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TypeId({})", self.0)
    }
}

/// A name: borrowed from the compiled-in data, or owned where an object comes from a migration.
pub type Name = Cow<'static, str>;

/// A type. Postgres manual: `pg_type`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogType<T = TypeId> {
    /// Its identity.
    pub id: T,
    /// The schema it is in; for an extension's type empty: the schema is chosen when it is created.
    pub schema: Name,
    /// The internal name (`int4`, `_text`).
    pub name: Name,
    /// What sort of type it is.
    pub kind: TypeKind,
    /// The category that decides between candidate functions (`N` numeric, `S` string, …).
    pub category: char,
    /// Whether it is the preferred type of its category.
    pub preferred: bool,
    /// Bytes of a value; -1 and -2 for varying lengths.
    pub length: i16,
    /// What a subscript gives, also for types that are no true arrays (`point`, `name`).
    pub element: Option<T>,
    /// The true array type over this type.
    pub array: Option<T>,
    /// How it takes subscripts.
    pub subscript: Subscript,
    /// For a range or multirange what it ranges over; for a domain its base type, with modifier.
    pub base: Option<(T, i32)>,
    /// For a domain, whether it refuses NULL.
    pub not_null: bool,
    /// For a range its multirange, for a multirange its range.
    pub range_partner: Option<T>,
    /// Whether its values have a collation.
    pub collatable: bool,
    /// Whether it takes modifiers: `varchar(20)`.
    pub has_modifier: bool,
}

/// What sort of type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TypeKind {
    /// Scalars and arrays.
    Base,
    /// The row of a relation, or a free-standing composite type.
    Composite,
    /// Another type with constraints.
    Domain,
    /// A list of labels.
    Enum,
    /// Only in signatures and for untyped literals.
    Pseudo,
    /// A range.
    Range,
    /// A set of ranges.
    Multirange,
}

/// How a type takes subscripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subscript {
    /// It takes none.
    None,
    /// A true array: elements and slices, more than one dimension.
    Array,
    /// A fixed-length type that can be read like an array.
    Fixed,
    /// Its own rules (`jsonb`, `hstore`).
    Own,
}

impl<T> CatalogType<T> {
    /// Whether it is a true array, which array functions and constructors take.
    pub fn is_true_array(&self) -> bool {
        self.subscript == Subscript::Array
    }
}

/// A function, aggregate, window function or procedure. Postgres manual: `pg_proc`, `pg_aggregate`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogFunction<T = TypeId> {
    /// The schema it is in; empty for an extension's function.
    pub schema: Name,
    /// Its name.
    pub name: Name,
    /// What it is.
    pub kind: FunctionKind,
    /// The input arguments; with [`CatalogFunction::variadic`] the last one is the array type.
    pub arguments: Vec<Argument<T>>,
    /// The element type of a VARIADIC last argument (the pseudo-type `any` for VARIADIC "any").
    pub variadic: Option<T>,
    /// How many of the last arguments have a default.
    pub defaults: usize,
    /// What it returns.
    pub result: T,
    /// Whether it returns any number of rows.
    pub returns_set: bool,
    /// Its OUT and TABLE columns; empty where the result is one value or the row of a type.
    pub outputs: Vec<Argument<T>>,
    /// Whether it is not called, and NULL is its result, when an argument is NULL.
    pub strict: bool,
    /// How far its result depends on more than its arguments.
    pub volatility: Volatility,
}

/// An argument or output column of a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument<T = TypeId> {
    /// Its name; empty for none.
    pub name: Name,
    /// Its type.
    pub ty: T,
}

/// What a routine is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FunctionKind {
    /// A function.
    Function,
    /// An aggregate.
    Aggregate,
    /// An ordered-set aggregate (`WITHIN GROUP`), with this many direct arguments.
    OrderedSet(usize),
    /// A hypothetical-set aggregate (`WITHIN GROUP`), with this many direct arguments.
    HypotheticalSet(usize),
    /// A window function.
    Window,
    /// A procedure.
    Procedure,
}

/// How far a function's result depends on more than its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Volatility {
    /// Only on its arguments.
    Immutable,
    /// The same within one statement.
    Stable,
    /// On anything.
    Volatile,
}

/// An operator. Postgres manual: `pg_operator`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogOperator<T = TypeId> {
    /// The schema it is in; empty for an extension's operator.
    pub schema: Name,
    /// Its name.
    pub name: Name,
    /// The left operand; none for a prefix operator.
    pub left: Option<T>,
    /// The right operand.
    pub right: T,
    /// What it returns.
    pub result: T,
    /// Whether its function is not called, and NULL is its result, when an operand is NULL.
    pub strict: bool,
    /// The volatility of its function.
    pub volatility: Volatility,
}

/// A cast that has a row in the catalog. Casts by input and output text, between array types over castable
/// elements, and from and to composite types follow from rules. Postgres manual: `pg_cast`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogCast<T = TypeId> {
    /// From.
    pub source: T,
    /// To.
    pub target: T,
    /// Where it applies.
    pub context: CastContext,
    /// How it is done.
    pub method: CastMethod,
}

/// Where a cast applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CastContext {
    /// Everywhere.
    Implicit,
    /// When a value is stored in a column, or written out.
    Assignment,
    /// Only when written out.
    Explicit,
}

/// How a cast is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CastMethod {
    /// The value stays as it is: the types are binary-coercible.
    Binary,
    /// By a function.
    Function,
    /// Through the text form.
    Text,
}

/// A relation of a system schema, or of an extension. Postgres manual: `pg_class`, `pg_attribute`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogRelation<T = TypeId> {
    /// The schema it is in; empty for an extension's relation.
    pub schema: Name,
    /// Its name.
    pub name: Name,
    /// What it is.
    pub kind: RelationKind,
    /// Its columns in order.
    pub columns: Vec<CatalogColumn<T>>,
    /// The names of its primary key's columns; empty for none.
    pub primary_key: Vec<Name>,
}

/// A column of a [`CatalogRelation`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogColumn<T = TypeId> {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: T,
    /// The type's modifier, -1 for none.
    pub modifier: i32,
    /// Whether it refuses NULL.
    pub not_null: bool,
    /// Whether `*` leaves it out.
    pub hidden: bool,
}

/// What a [`CatalogRelation`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RelationKind {
    /// A table.
    Table,
    /// A view.
    View,
    /// A materialized view.
    MaterializedView,
    /// A foreign table.
    ForeignTable,
    /// A sequence.
    Sequence,
    /// A free-standing composite type.
    Composite,
    /// A relation that can be written like a function, with values for its hidden columns.
    TableFunction,
}

/// How an index method treats a type: an operator class. Postgres manual: `pg_opclass`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogOperatorClass<T = TypeId> {
    /// Its name.
    pub name: Name,
    /// The index method (`btree`, `gin`).
    pub method: Name,
    /// The type it is for.
    pub input: T,
    /// Whether it is taken where none is named.
    pub is_default: bool,
}

/// What `CREATE EXTENSION` creates. Types are referred to by the `id` of the extension's own types or of those of the
/// extensions it requires, else as `Catalog::type_by_key` finds them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extension {
    /// Its name.
    pub name: Name,
    /// The version that is created by default.
    pub version: Name,
    /// Whether it comes with the server, so that the server's version says what it creates. Other extensions have
    /// versions of their own: another one may create more or less than this.
    pub exact: bool,
    /// The schema that its objects always go to; the one asked for if none.
    pub schema: Option<Name>,
    /// Whether its objects can be moved to another schema.
    pub relocatable: bool,
    /// The extensions that it needs.
    pub requires: Vec<Name>,
    /// Types.
    pub types: Vec<CatalogType<&'static str>>,
    /// Functions, aggregates and procedures.
    pub functions: Vec<CatalogFunction<&'static str>>,
    /// Operators.
    pub operators: Vec<CatalogOperator<&'static str>>,
    /// Casts.
    pub casts: Vec<CatalogCast<&'static str>>,
    /// Operator classes.
    pub operator_classes: Vec<CatalogOperatorClass<&'static str>>,
    /// Tables, views and composite types.
    pub relations: Vec<CatalogRelation<&'static str>>,
    /// Objects that only have a name.
    pub named: Vec<NamedObject>,
}

/// An object of which only the name matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedObject {
    /// What it is: `access-method`, `collation`, `extension`, `foreign-data-wrapper`, `language`, `role`, `server`,
    /// `text-search-configuration`, `text-search-dictionary`, `text-search-parser`, `text-search-template`.
    pub kind: Name,
    /// Its name.
    pub name: Name,
}

impl<T: Copy> CatalogType<T> {
    /// The same type with other references.
    pub fn resolve<U>(&self, mut id: impl FnMut(T) -> U) -> CatalogType<U> {
        CatalogType {
            id: id(self.id),
            schema: self.schema.clone(),
            name: self.name.clone(),
            kind: self.kind,
            category: self.category,
            preferred: self.preferred,
            length: self.length,
            element: self.element.map(&mut id),
            array: self.array.map(&mut id),
            subscript: self.subscript,
            base: self.base.map(|(base, modifier)| (id(base), modifier)),
            not_null: self.not_null,
            range_partner: self.range_partner.map(&mut id),
            collatable: self.collatable,
            has_modifier: self.has_modifier,
        }
    }
}

impl<T: Copy> CatalogFunction<T> {
    /// The same function with other references.
    pub fn resolve<U>(&self, mut id: impl FnMut(T) -> U) -> CatalogFunction<U> {
        let mut argument = |a: &Argument<T>| Argument { name: a.name.clone(), ty: id(a.ty) };
        CatalogFunction {
            arguments: self.arguments.iter().map(&mut argument).collect(),
            outputs: self.outputs.iter().map(&mut argument).collect(),
            schema: self.schema.clone(),
            name: self.name.clone(),
            kind: self.kind,
            variadic: self.variadic.map(&mut id),
            defaults: self.defaults,
            result: id(self.result),
            returns_set: self.returns_set,
            strict: self.strict,
            volatility: self.volatility,
        }
    }
}

impl<T: Copy> CatalogOperator<T> {
    /// The same operator with other references.
    pub fn resolve<U>(&self, mut id: impl FnMut(T) -> U) -> CatalogOperator<U> {
        CatalogOperator {
            schema: self.schema.clone(),
            name: self.name.clone(),
            left: self.left.map(&mut id),
            right: id(self.right),
            result: id(self.result),
            strict: self.strict,
            volatility: self.volatility,
        }
    }
}

impl<T: Copy> CatalogCast<T> {
    /// The same cast with other references.
    pub fn resolve<U>(&self, mut id: impl FnMut(T) -> U) -> CatalogCast<U> {
        CatalogCast { source: id(self.source), target: id(self.target), context: self.context, method: self.method }
    }
}

impl<T: Copy> CatalogOperatorClass<T> {
    /// The same operator class with other references.
    pub fn resolve<U>(&self, mut id: impl FnMut(T) -> U) -> CatalogOperatorClass<U> {
        CatalogOperatorClass {
            name: self.name.clone(),
            method: self.method.clone(),
            input: id(self.input),
            is_default: self.is_default,
        }
    }
}

impl<T: Copy> CatalogRelation<T> {
    /// The same relation with other references.
    pub fn resolve<U>(&self, mut id: impl FnMut(T) -> U) -> CatalogRelation<U> {
        let mut column = |c: &CatalogColumn<T>| CatalogColumn {
            name: c.name.clone(),
            ty: id(c.ty),
            modifier: c.modifier,
            not_null: c.not_null,
            hidden: c.hidden,
        };
        CatalogRelation {
            schema: self.schema.clone(),
            name: self.name.clone(),
            kind: self.kind,
            columns: self.columns.iter().map(&mut column).collect(),
            primary_key: self.primary_key.clone(),
        }
    }
}
