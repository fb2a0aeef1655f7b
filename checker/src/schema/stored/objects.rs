//! Relations, types and routines. Trees are not stored: their texts are, where reading those gives the same trees.

use std::sync::Arc;

use super::{Object, Reader, Stored, Writer, stored_fields, stored_words};
use crate::dialect::TypeId;
use crate::dialect::catalog::{
    Argument, CastContext, CastMethod, CatalogCast, CatalogFunction, CatalogOperator, CatalogType, FunctionKind,
    Subscript, TypeKind, Volatility,
};
use crate::schema::{
    Cloud, Column, ColumnNumber, Constraint, ConstraintKind, Dependency, DomainCheck, Generated, Index, IndexKey, Kept,
    Key, Partitioning, Policy, Relation, RelationId, RelationKind, RewriteRule, Right, Routine, RoutineId, Schema,
    Trigger, Type, UserDefinedType, View,
};
use crate::source::{Place, Source, Span};
use crate::sql::ddl::{ArgumentMode, Event, Expr, ObjectKind, TriggerTiming};
use crate::sql::routine::Body;
use crate::sql::{self, Query};

macro_rules! stored_ids {
    ($($type:ident),*) => {
        $(impl Stored for $type {
            fn write(&self, out: &mut Writer) {
                self.0.write(out);
            }

            fn read(from: &mut Reader<'_>) -> Option<$type> {
                Stored::read(from).map($type)
            }
        })*
    };
}

stored_ids!(RelationId, RoutineId, ColumnNumber, TypeId);

stored_fields!(Type { id, modifier });
stored_fields!(Cloud { reason, place });
stored_fields!(Right { privilege, grantee, column });
stored_fields!(Partitioning { strategy, keys });
stored_fields!(Generated { expr, stored, mentions });
stored_fields!(Column {
    number,
    name,
    ty,
    declared,
    not_null,
    default,
    default_depends,
    generated,
    identity,
    auto_number,
    collation,
    inherited,
    local,
    origin,
    hidden,
});
stored_fields!(Constraint {
    name,
    unnamed,
    kind,
    columns,
    valid,
    deferrable,
    initially_deferred,
    inherited,
    local,
    no_inherit,
    depends,
    place,
});
stored_fields!(Index {
    name,
    method,
    keys,
    include,
    unique,
    nulls_not_distinct,
    predicate,
    valid,
    immediate,
    constraint,
    primary,
    parent,
    predicate_mentions,
    depends,
});
stored_fields!(IndexKey { column, expr, mentions, collation, operator_class });
stored_fields!(Policy { name, command, permissive, roles, using, check, columns, depends });
stored_fields!(Relation {
    id,
    schema,
    name,
    kind,
    columns,
    next_column,
    row_type,
    of_type,
    constraints,
    indexes,
    triggers,
    rules,
    policies,
    row_security,
    parents,
    partitioning,
    partition_bound,
    view,
    owned_by,
    sequence_type,
    temporary,
    populated,
    strict,
    row_id,
    opaque,
    grants,
    owner,
    extension,
});
stored_fields!(DomainCheck { name, expr, valid });
stored_fields!(UserDefinedType { info, labels, relation, checks, default, array_of, extension });
stored_fields!(CatalogType {
    id,
    schema,
    name,
    kind,
    category,
    preferred,
    length,
    element,
    array,
    subscript,
    base,
    not_null,
    range_partner,
    collatable,
    has_modifier,
});
stored_fields!(CatalogFunction {
    schema,
    name,
    kind,
    arguments,
    variadic,
    defaults,
    result,
    returns_set,
    outputs,
    strict,
    volatility,
});
stored_fields!(Argument { name, ty });
stored_fields!(CatalogOperator { schema, name, left, right, result, strict, volatility });
stored_fields!(CatalogCast { source, target, context, method });

stored_words!(RelationKind:
    Table, PartitionedTable, ForeignTable, View, MaterializedView, Sequence, Composite, Virtual, System);
stored_words!(TriggerTiming: Before, After, InsteadOf);
stored_words!(Event: Select, Insert, Update, Delete, Truncate);
stored_words!(ArgumentMode: In, Out, InOut, Variadic, Table);
stored_words!(TypeKind: Base, Composite, Domain, Enum, Pseudo, Range, Multirange);
stored_words!(Subscript: None, Array, Fixed, Own);
stored_words!(Volatility: Immutable, Stable, Volatile);
stored_words!(CastContext: Implicit, Assignment, Explicit);
stored_words!(CastMethod: Binary, Function, Text);
stored_words!(ObjectKind:
    Schema, Table, View, MaterializedView, ForeignTable, Index, Sequence, Column, Constraint, Type, Domain, Function,
    Procedure, Routine, Aggregate, Trigger, Rule, Policy, Extension, Operator, OperatorClass, OperatorFamily, Cast,
    Collation, Conversion, Statistics, Publication, Subscription, TextSearchConfiguration, TextSearchDictionary,
    TextSearchParser, TextSearchTemplate, EventTrigger, Language, Role, Server,
    ForeignDataWrapper, UserMapping, AccessMethod, Tablespace, Database, Transform, LargeObject, Owned, Parameter);

/// An enum whose variants hold values: the number of the variant, then those in order.
macro_rules! stored_variants {
    ($type:ty { $($number:literal: $variant:ident $(($($value:ident),*))? $({ $($field:ident),* })?),* $(,)? }) => {
        impl $crate::schema::stored::Stored for $type {
            fn write(&self, out: &mut $crate::schema::stored::Writer) {
                use $crate::schema::stored::Stored;
                match self {
                    $(Self::$variant $(($($value),*))? $({ $($field),* })? => {
                        Stored::write(&($number as u8), out);
                        $($(Stored::write($value, out);)*)?
                        $($(Stored::write($field, out);)*)?
                    })*
                }
            }

            fn read(from: &mut $crate::schema::stored::Reader<'_>) -> Option<Self> {
                use $crate::schema::stored::Stored;
                Some(match <u8 as Stored>::read(from)? {
                    $($number => {
                        $($(let $value = Stored::read(from)?;)*)?
                        $($(let $field = Stored::read(from)?;)*)?
                        Self::$variant $(($($value),*))? $({ $($field),* })?
                    })*
                    _ => return None,
                })
            }
        }
    };
}

#[cfg(feature = "project")]
pub(crate) use stored_variants;

stored_variants!(Dependency { 0: Relation(id), 1: Column(id, number), 2: Type(id), 3: Routine(id), 4: PrimaryKey(id) });
stored_variants!(ConstraintKind {
    0: PrimaryKey,
    1: Unique { nulls_not_distinct },
    2: Exclude,
    3: Check(expr),
    4: ForeignKey { table, awaits, referenced, index, on_delete, on_update },
});
stored_variants!(FunctionKind {
    0: Function,
    1: Aggregate,
    2: OrderedSet(direct),
    3: HypotheticalSet(direct),
    4: Window,
    5: Procedure,
});
stored_variants!(Key {
    0: Schema(name),
    1: Relation(name),
    2: Column(relation, name),
    3: Constraint(relation, name),
    4: Trigger(relation, name),
    5: Type(name),
    6: Label(ty, name),
    7: Routine(name),
    8: Operator(name),
    9: Everything,
});

impl Stored for Expr {
    fn write(&self, out: &mut Writer) {
        let Some(tree) = self.tree() else {
            (false, self.span, self.text.clone()).write(out);
            return;
        };
        let dialect = out.dialect();
        let again = || {
            let unread = dialect.map(|dialect| Expr::unread(self.span, self.text.clone(), dialect));
            unread.is_some_and(|unread| unread.tree().is_some_and(|again| again == tree))
        };
        if !*out.trees.entry(self.text.clone()).or_insert_with(again) {
            out.lose();
        }
        (true, self.span, self.text.clone()).write(out);
    }

    fn read(from: &mut Reader<'_>) -> Option<Expr> {
        let (has_tree, span, text) = Stored::read(from)?;
        Some(match has_tree {
            true => Expr::unread(span, text, from.dialect()?),
            false => Expr::new(span, text, None),
        })
    }
}

/// A query by its place in the text that positions in it count in.
fn write_query(query: &Query, source: &Source, out: &mut Writer) {
    let again = out.dialect().and_then(|dialect| sql::query_of_text(source.slice(query.span), query.span, dialect));
    let same = |again: Query| {
        again.tree == query.tree
            && again.span == query.span
            && (again.removed.is_empty() && query.removed.is_empty()
                || format!("{:?}", again.removed) == format!("{:?}", query.removed))
    };
    if !again.is_some_and(same) {
        out.lose();
    }
    query.span.write(out);
}

fn read_query(source: &Source, from: &mut Reader<'_>) -> Option<Query> {
    let span = Span::read(from)?;
    sql::query_of_text(source.slice(span), span, from.dialect()?)
}

fn write_queries(queries: &[Query], source: &Source, out: &mut Writer) {
    queries.len().write(out);
    queries.iter().for_each(|query| write_query(query, source, out));
}

fn read_queries(source: &Source, from: &mut Reader<'_>) -> Option<Arc<Vec<Query>>> {
    let count = usize::read(from)?;
    let queries: Option<Vec<Query>> = (0..count).map(|_| read_query(source, from)).collect();
    queries.map(Arc::new)
}

impl Stored for View {
    fn write(&self, out: &mut Writer) {
        let View { query, source, search_path, column_names, depends, updatable, check_option, unread } = self;
        source.write(out);
        query.is_some().write(out);
        if let Some(query) = query {
            write_query(query, source, out);
        }
        search_path.write(out);
        column_names.write(out);
        depends.write(out);
        (*updatable, *check_option).write(out);
        unread.write(out);
    }

    fn read(from: &mut Reader<'_>) -> Option<View> {
        let source = Source::read(from)?;
        let query = if bool::read(from)? { Some(read_query(&source, from)?) } else { None };
        let (search_path, column_names, depends) = Stored::read(from)?;
        let (updatable, check_option) = Stored::read(from)?;
        let unread = Stored::read(from)?;
        Some(View { query, source, search_path, column_names, depends, updatable, check_option, unread })
    }
}

impl Stored for Trigger {
    fn write(&self, out: &mut Writer) {
        let Trigger {
            name,
            timing,
            events,
            update_of,
            for_each_row,
            when,
            routine,
            transition_tables,
            body,
            source,
            unread,
            mentions,
            enabled,
            inherited,
        } = self;
        source.write(out);
        write_queries(body, source, out);
        name.write(out);
        timing.write(out);
        events.write(out);
        update_of.write(out);
        when.write(out);
        routine.write(out);
        transition_tables.write(out);
        unread.write(out);
        mentions.write(out);
        (*for_each_row, *enabled, *inherited).write(out);
    }

    fn read(from: &mut Reader<'_>) -> Option<Trigger> {
        let source = Source::read(from)?;
        let body = read_queries(&source, from)?;
        let (name, timing, events) = Stored::read(from)?;
        let (update_of, when, routine) = Stored::read(from)?;
        let (transition_tables, unread, mentions) = Stored::read(from)?;
        let (for_each_row, enabled, inherited) = Stored::read(from)?;
        Some(Trigger {
            name,
            timing,
            events,
            update_of,
            for_each_row,
            when,
            routine,
            transition_tables,
            body,
            source,
            unread,
            mentions,
            enabled,
            inherited,
        })
    }
}

impl Stored for RewriteRule {
    fn write(&self, out: &mut Writer) {
        let RewriteRule { name, event, instead, conditional, actions, source, depends } = self;
        source.write(out);
        write_queries(actions, source, out);
        name.write(out);
        event.write(out);
        (*instead, *conditional).write(out);
        depends.write(out);
    }

    fn read(from: &mut Reader<'_>) -> Option<RewriteRule> {
        let source = Source::read(from)?;
        let actions = read_queries(&source, from)?;
        let (name, event) = Stored::read(from)?;
        let (instead, conditional) = Stored::read(from)?;
        let depends = Stored::read(from)?;
        Some(RewriteRule { name, event, instead, conditional, actions, source, depends })
    }
}

impl Stored for Routine {
    fn write(&self, out: &mut Writer) {
        let Routine {
            id,
            signature,
            arguments,
            language,
            body,
            source,
            search_path,
            depends,
            security_definer,
            grants,
            default_grants,
            extension,
            place,
        } = self;
        source.write(out);
        place.write(out);
        write_body(body, source, place.as_ref(), out);
        id.write(out);
        signature.write(out);
        arguments.write(out);
        language.write(out);
        search_path.write(out);
        depends.write(out);
        grants.write(out);
        extension.write(out);
        (*security_definer, *default_grants).write(out);
    }

    fn read(from: &mut Reader<'_>) -> Option<Routine> {
        let source = Source::read(from)?;
        let place: Option<Place> = Stored::read(from)?;
        let body = read_body(place.as_ref(), from)?;
        let (id, signature, arguments) = Stored::read(from)?;
        let (language, search_path, depends) = Stored::read(from)?;
        let (grants, extension) = Stored::read(from)?;
        let (security_definer, default_grants) = Stored::read(from)?;
        Some(Routine {
            id,
            signature,
            arguments,
            language,
            body,
            source,
            search_path,
            depends,
            security_definer,
            grants,
            default_grants,
            extension,
            place,
        })
    }
}

/// A body is read again from the statement that made the routine.
fn write_body(body: &Body, source: &Source, place: Option<&Place>, out: &mut Writer) {
    if let Body::Opaque { reason } = body {
        (true, reason.clone()).write(out);
        return;
    }
    false.write(out);
    let again = place.filter(|place| place.source.is(source)).and_then(|place| body_at(place, out.dialect()?));
    // A body of text is looked up anew at each call, so that nothing but its statement decides on it.
    let same = match (body, &again) {
        (Body::Sql(body), Some(Body::Sql(again))) => body.len() == again.len(),
        (Body::PlPgSql(body), Some(Body::PlPgSql(again))) => body.span == again.span,
        (Body::Atomic(body), Some(Body::Atomic(again))) => format!("{body:?}") == format!("{again:?}"),
        _ => false,
    };
    if !same {
        out.lose();
    }
}

fn read_body(place: Option<&Place>, from: &mut Reader<'_>) -> Option<Body> {
    match bool::read(from)? {
        true => Some(Body::Opaque { reason: Stored::read(from)? }),
        false => body_at(place?, from.dialect()?),
    }
}

fn body_at(place: &Place, dialect: &'static crate::dialect::Dialect) -> Option<Body> {
    sql::body_of_text(place.source.slice(place.span), place.span, dialect)
}

impl Object for Relation {
    fn number(&self) -> u32 {
        self.id.0
    }

    fn find(schema: &Schema, number: u32) -> Option<&Kept<Relation>> {
        schema.relations.get(&RelationId(number))
    }

    fn lost(number: u32, reason: &str) -> Relation {
        let cloud = Arc::new(Cloud { reason: reason.to_owned(), place: None });
        let nameless = Relation::new(RelationId(number), Arc::from(""), Arc::from(""), RelationKind::Table);
        Relation { opaque: Some(cloud), ..nameless }
    }
}

impl Object for UserDefinedType {
    fn number(&self) -> u32 {
        self.info.id.0
    }

    fn find(schema: &Schema, number: u32) -> Option<&Kept<UserDefinedType>> {
        schema.types.get(&TypeId(number))
    }

    fn lost(number: u32, _: &str) -> UserDefinedType {
        let info = CatalogType {
            id: TypeId(number),
            schema: "".into(),
            name: "".into(),
            kind: TypeKind::Pseudo,
            category: 'X',
            preferred: false,
            length: -1,
            element: None,
            array: None,
            subscript: Subscript::Own,
            base: None,
            not_null: false,
            range_partner: None,
            collatable: false,
            has_modifier: false,
        };
        UserDefinedType {
            info,
            labels: Vec::new(),
            relation: None,
            checks: Vec::new(),
            default: None,
            array_of: None,
            extension: None,
        }
    }
}

impl Object for Routine {
    fn number(&self) -> u32 {
        self.id.0
    }

    fn find(schema: &Schema, number: u32) -> Option<&Kept<Routine>> {
        schema.routines.get(&RoutineId(number))
    }

    fn lost(number: u32, reason: &str) -> Routine {
        let signature = CatalogFunction {
            schema: "".into(),
            name: "".into(),
            kind: FunctionKind::Function,
            arguments: Vec::new(),
            variadic: None,
            defaults: 0,
            result: TypeId::UNSURE,
            returns_set: false,
            outputs: Vec::new(),
            strict: false,
            volatility: Volatility::Volatile,
        };
        Routine {
            id: RoutineId(number),
            signature,
            arguments: Vec::new(),
            language: Arc::from(""),
            body: Body::Opaque { reason: reason.to_owned() },
            source: Source::new("", ""),
            search_path: None,
            depends: Vec::new(),
            security_definer: false,
            grants: Vec::new(),
            default_grants: true,
            extension: None,
            place: None,
        }
    }
}
