//! Facts of the server, spot-checked.

use std::collections::BTreeSet;

use super::{DATA, DIALECT, VERSIONS, types};
use crate::dialect::*;

fn newest() -> &'static Catalog {
    (DIALECT.catalog)(None)
}

fn at(version: u32) -> &'static Catalog {
    (DIALECT.catalog)(Some(version))
}

fn format(id: TypeId, modifier: i32) -> String {
    (DIALECT.format_type)(newest(), id, modifier, &|_| None)
}

/// Each type that a row refers to exists in each version that has the row.
#[test]
fn references_are_known() {
    for version in VERSIONS {
        let catalog = at(version);
        for ty in catalog.types() {
            let refers = [ty.element, ty.array, ty.base.map(|(base, _)| base), ty.range_partner];
            assert!(!refers.contains(&Some(TypeId::UNSURE)), "{version} {ty:?}");
            assert!(ty.id.is_sure() && !ty.id.is_user(), "{version} {ty:?}");
            assert_eq!(catalog.type_by_id(ty.id), Some(ty));
            assert_eq!(catalog.type_in(&ty.schema, &ty.name), Some(ty));
        }
        for schema in ["pg_catalog", "information_schema"] {
            for function in catalog.function_names(schema).iter().flat_map(|n| catalog.functions_in(schema, n)) {
                let arguments = function.arguments.iter().chain(&function.outputs).map(|a| a.ty);
                let mut refers = arguments.chain(function.variadic).chain([function.result]);
                assert!(refers.all(TypeId::is_sure), "{version} {function:?}");
            }
            for name in catalog.relation_names(schema) {
                let relation = catalog.relation(schema, name).expect("named relation");
                assert!(relation.columns.iter().all(|c| c.ty.is_sure()), "{version} {relation:?}");
            }
        }
        for operator in DATA.operators.lines().flat_map(|l| catalog.operators_by_name(rows::key_of(l))) {
            let mut refers = operator.left.into_iter().chain([operator.right, operator.result]);
            assert!(refers.all(TypeId::is_sure), "{version} {operator:?}");
        }
        assert!(catalog.casts().iter().all(|c| c.source.is_sure() && c.target.is_sure()));
        assert!(catalog.operator_classes().iter().all(|c| c.input.is_sure()));
    }
}

/// No line is lost: each is read by at least one version.
#[test]
fn each_row_is_read() {
    let all = |count: &dyn Fn(&Catalog) -> BTreeSet<String>| {
        VERSIONS.flat_map(|v| count(at(v))).collect::<BTreeSet<String>>().len()
    };
    let keys = |text: &'static str| text.lines().map(rows::key_of).collect::<BTreeSet<_>>().len();
    let schemas = ["pg_catalog", "information_schema"];
    let functions = all(&|c| {
        let of = |s: &'static str| c.function_names(s).into_iter().map(move |n| format!("{s}.{n}"));
        schemas.into_iter().flat_map(of).collect()
    });
    assert_eq!(functions, keys(DATA.functions));
    let types = all(&|c| c.types().iter().map(|t| format!("{}.{}", t.schema, t.name)).collect());
    assert_eq!(types, keys(DATA.types));
    let casts: BTreeSet<_> = DATA.casts.lines().map(|l| l.split('\t').take(3).collect::<Vec<_>>()).collect();
    assert_eq!(all(&|c| c.casts().iter().map(|c| format!("{c:?}")).collect()), casts.len());
}

#[test]
fn types_have_their_facts() {
    let catalog = newest();
    let text = catalog.type_by_name("text").expect("text");
    assert_eq!((text.id, text.category, text.preferred, text.collatable), (types::TEXT, 'S', true, true));
    assert_eq!(text.array, Some(types::TEXT_ARRAY));
    let array = catalog.type_by_id(types::TEXT_ARRAY).expect("text[]");
    assert!(array.is_true_array());
    assert_eq!(array.element, Some(types::TEXT));
    let point = catalog.type_by_id(types::POINT).expect("point");
    assert_eq!((point.subscript, point.element), (Subscript::Fixed, Some(types::FLOAT8)));
    assert_eq!(catalog.type_by_id(types::JSONB).expect("jsonb").subscript, Subscript::Own);
    assert_eq!(at(13).type_by_id(types::JSONB).expect("jsonb").subscript, Subscript::None);
    let range = catalog.type_by_name("int4range").expect("int4range");
    assert_eq!((range.kind, range.base), (TypeKind::Range, Some((types::INT4, -1))));
    let multirange = catalog.type_by_name("int4multirange").expect("int4multirange");
    assert_eq!((multirange.kind, multirange.range_partner), (TypeKind::Multirange, Some(range.id)));
    assert_eq!(range.range_partner, Some(multirange.id));
    assert_eq!(at(13).type_by_name("int4multirange"), None);
    assert_eq!(catalog.type_by_name("sql_identifier"), None);
    let yes = catalog.type_in("information_schema", "yes_or_no").expect("yes_or_no");
    assert_eq!((yes.kind, yes.base), (TypeKind::Domain, Some((types::VARCHAR, 7))));
}

#[test]
fn functions_have_their_facts() {
    let catalog = newest();
    let lower: BTreeSet<_> = catalog.functions_by_name("lower").iter().map(|f| f.arguments[0].ty).collect();
    assert_eq!(lower, BTreeSet::from([types::ANYMULTIRANGE, types::ANYRANGE, types::TEXT]));
    let concat = &catalog.functions_by_name("concat")[0];
    assert_eq!((concat.variadic, concat.strict), (Some(types::ANY), false));
    let date_part = catalog.functions_by_name("json_extract_path");
    assert_eq!(date_part[0].variadic, Some(types::TEXT));
    assert_eq!(date_part[0].arguments[1].ty, types::TEXT_ARRAY);
    let each = &catalog.functions_by_name("jsonb_each")[0];
    assert!(each.returns_set);
    let outputs: Vec<_> = each.outputs.iter().map(|o| (&*o.name, o.ty)).collect();
    assert_eq!(outputs, [("key", types::TEXT), ("value", types::JSONB)]);
    let set = &catalog.functions_by_name("jsonb_set")[0];
    assert_eq!((set.arguments.len(), set.defaults), (4, 1));
    let percentile = &catalog.functions_by_name("percentile_cont")[0];
    assert_eq!((percentile.kind, percentile.arguments.len()), (FunctionKind::OrderedSet(1), 2));
    assert_eq!(catalog.functions_by_name("rank").len(), 2);
    let kinds: Vec<_> = catalog.functions_by_name("rank").iter().map(|f| f.kind).collect();
    assert!(kinds.contains(&FunctionKind::Window));
    assert!(kinds.iter().any(|k| matches!(k, FunctionKind::HypotheticalSet(_))));
    assert!(catalog.functions_by_name("no_such_function").is_empty());
    assert!(catalog.functions_by_name("_pg_truetypid").is_empty());
    assert_eq!(catalog.functions_in("information_schema", "_pg_truetypid").len(), 1);
    assert_eq!(at(15).functions_by_name("any_value").len(), 0);
    assert_eq!(at(16).functions_by_name("any_value").len(), 1);
    assert_eq!(at(12).version(), 13);
}

#[test]
fn casts_and_operators() {
    let catalog = newest();
    let widen = catalog.cast(types::INT4, types::INT8).expect("int4 to int8");
    assert_eq!((widen.context, widen.method), (CastContext::Implicit, CastMethod::Function));
    assert_eq!(catalog.cast(types::INT8, types::INT4).map(|c| c.context), Some(CastContext::Assignment));
    assert_eq!(catalog.cast(types::VARCHAR, types::TEXT).map(|c| c.method), Some(CastMethod::Binary));
    assert_eq!(catalog.cast(types::TEXT, types::UUID), None);
    let arrow = catalog.operators_by_name("->>");
    assert!(arrow.iter().any(|o| (o.left, o.right, o.result) == (Some(types::JSONB), types::TEXT, types::TEXT)));
    assert!(catalog.operators_by_name("@").iter().all(|o| o.left.is_none()));
}

#[test]
fn equality_and_order() {
    let catalog = newest();
    let class = |id, method: &str| {
        catalog.default_operator_class(method, catalog.type_by_id(id)?).map(|class| class.name.to_string())
    };
    assert_eq!(class(types::TEXT, "btree").as_deref(), Some("text_ops"));
    assert_eq!(class(types::VARCHAR, "btree").as_deref(), Some("text_ops"));
    assert_eq!(class(types::TEXT_ARRAY, "btree").as_deref(), Some("array_ops"));
    assert_eq!(class(types::INT4RANGE, "btree").as_deref(), Some("range_ops"));
    assert_eq!(class(types::JSONB, "btree").as_deref(), Some("jsonb_ops"));
    assert_eq!(class(types::JSON, "btree"), None);
    assert_eq!(class(types::POINT, "btree"), None);
    assert_eq!(class(types::XID, "btree"), None);
    assert_eq!(class(types::XID, "hash").as_deref(), Some("xid_ops"));
}

#[test]
fn relations_have_columns() {
    let catalog = newest();
    let class = catalog.relation("pg_catalog", "pg_class").expect("pg_class");
    assert_eq!(class.primary_key, ["oid"]);
    assert_eq!(
        (&*class.columns[1].name, class.columns[1].ty, class.columns[1].not_null),
        ("relname", types::NAME, true)
    );
    assert!(at(13).relation("pg_catalog", "pg_class").is_some_and(|class| class.primary_key.is_empty()));
    let tables = catalog.relation("information_schema", "tables").expect("tables");
    assert_eq!(tables.kind, RelationKind::View);
    assert!(catalog.relation("pg_catalog", "tables").is_none());
    assert!(catalog.relation_names("information_schema").contains(&"columns"));
}

#[test]
fn extensions_have_objects() {
    for version in VERSIONS {
        let catalog = at(version);
        for name in catalog.extension_names() {
            let extension = catalog.extension(name).expect("named extension");
            let mut known: BTreeSet<&str> = extension.types.iter().map(|ty| ty.id).collect();
            for required in &extension.requires {
                let required = catalog.extension(required).expect("required extension");
                known.extend(required.types.iter().map(|ty| ty.id));
            }
            let mut check = |ty: &str| {
                assert!(known.contains(ty) || catalog.type_by_key(ty).is_some(), "{version} {name}: {ty}");
            };
            extension.types.iter().for_each(|o| _ = o.resolve(&mut check));
            extension.functions.iter().for_each(|o| _ = o.resolve(&mut check));
            extension.operators.iter().for_each(|o| _ = o.resolve(&mut check));
            extension.casts.iter().for_each(|o| _ = o.resolve(&mut check));
            extension.operator_classes.iter().for_each(|o| _ = o.resolve(&mut check));
            extension.relations.iter().for_each(|o| _ = o.resolve(&mut check));
        }
    }
    let trigram = newest().extension("pg_trgm").expect("pg_trgm");
    assert!(trigram.operator_classes.iter().any(|c| c.name == "gin_trgm_ops" && c.method == "gin"));
    let hstore = newest().extension("hstore").expect("hstore");
    let names: Vec<_> = hstore.types.iter().map(|t| &*t.name).collect();
    assert!(names.contains(&"hstore") && names.contains(&"_hstore"), "{names:?}");
    assert_eq!(newest().extension("earthdistance").map(|e| e.requires.clone()), Some(vec!["cube".into()]));
    let vector = newest().extension("vector").expect("vector");
    assert!(vector.operators.iter().any(|o| o.name == "<=>"));
    assert!(hstore.exact && !vector.exact && hstore.relocatable && vector.relocatable);
    let postgis = newest().extension("postgis").expect("postgis");
    assert!(postgis.relations.iter().any(|r| r.name == "spatial_ref_sys" && r.primary_key == ["srid"]));
    let topology = newest().extension("postgis_topology").expect("postgis_topology");
    assert_eq!(topology.schema.as_deref(), Some("topology"));
    assert!(topology.relations.iter().any(|r| r.schema == "topology" && r.name == "layer"));
    assert!(at(16).extension("adminpack").is_some() && at(17).extension("adminpack").is_none());
    assert!(newest().extension("no_such_extension").is_none());
    let statements = newest().extension("pg_stat_statements").expect("pg_stat_statements");
    assert!(statements.relations.iter().any(|r| r.name == "pg_stat_statements" && r.columns.len() > 40));
}

/// As `select format_type(t, m)` on a server.
#[test]
fn types_print_like_the_server() {
    let cases = [
        (types::VARCHAR, -1, "character varying"),
        (types::VARCHAR, 24, "character varying(20)"),
        (types::BPCHAR, -1, "bpchar"),
        (types::BPCHAR, 5, "character(1)"),
        (types::CHAR, -1, "\"char\""),
        (types::BIT, -1, "\"bit\""),
        (types::BIT, 3, "bit(3)"),
        (types::VARBIT, 3, "bit varying(3)"),
        (types::NUMERIC, 655366, "numeric(10,2)"),
        (types::NUMERIC, 133122, "numeric(2,-2)"),
        (types::TIMESTAMPTZ, -1, "timestamp with time zone"),
        (types::TIMESTAMP, 3, "timestamp(3) without time zone"),
        (types::TIMETZ, 0, "time(0) with time zone"),
        (types::INTERVAL, 2147418115, "interval(3)"),
        (types::INTERVAL, 470286339, "interval day to second(3)"),
        (types::INTERVAL, 458751, "interval year to month"),
        (types::INT4_ARRAY, -1, "integer[]"),
        (types::VARCHAR_ARRAY, 24, "character varying(20)[]"),
        (types::INT2VECTOR, -1, "int2vector"),
        (types::ANY, -1, "\"any\""),
        (types::RECORD_ARRAY, -1, "record[]"),
        (types::NAME, -1, "name"),
        (TypeId::UNSURE, -1, "???"),
    ];
    for (id, modifier, expected) in cases {
        assert_eq!(format(id, modifier), expected);
    }
    let domain = newest().type_in("information_schema", "sql_identifier").expect("domain").id;
    assert_eq!(format(domain, -1), "information_schema.sql_identifier");
    let user = |id| match id {
        TypeId(100_000) => Some(UserType::Named("vector".to_owned())),
        _ => Some(UserType::ArrayOf(TypeId(100_000))),
    };
    let format = |id, modifier| (DIALECT.format_type)(newest(), id, modifier, &user);
    assert_eq!(format(TypeId(100_000), 3), "vector(3)");
    assert_eq!(format(TypeId(100_001), 3), "vector(3)[]");
}

/// What is written, and how the server prints the type it makes of it.
#[test]
fn spellings_give_types() {
    let cases: [(&str, &[i64], &str); 19] = [
        ("int", &[], "integer"),
        ("char", &[], "character(1)"),
        ("bpchar", &[], "bpchar"),
        ("bit", &[], "bit(1)"),
        ("bit varying", &[], "bit varying"),
        ("national character varying", &[7], "character varying(7)"),
        ("decimal", &[10, 2], "numeric(10,2)"),
        ("numeric", &[5], "numeric(5,0)"),
        ("numeric", &[2, -3], "numeric(2,-3)"),
        ("float", &[24], "real"),
        ("float", &[], "double precision"),
        ("timestamp with time zone", &[3], "timestamp(3) with time zone"),
        ("time", &[9], "time(6) without time zone"),
        ("interval", &[], "interval"),
        ("interval", &[3], "interval(3)"),
        ("interval day to second", &[3], "interval day to second(3)"),
        ("interval second", &[], "interval second"),
        ("text", &[], "text"),
        ("timestamptz", &[], "timestamp with time zone"),
    ];
    for (spelling, numbers, expected) in cases {
        let (spelling, fields) = match spelling.split_once(' ') {
            Some(("interval", fields)) => ("interval", Some(fields)),
            _ => (spelling, None),
        };
        let mut words = numbers.iter().map(i64::to_string).collect();
        let name = (DIALECT.type_name)(spelling, &mut words);
        let numbers: Vec<i64> = words.iter().map(|word| word.parse().expect("number")).collect();
        let modifier = (DIALECT.type_modifier)(name, &numbers, fields).expect(spelling);
        let ty = newest().type_by_name(name).expect(name);
        assert_eq!(format(ty.id, modifier), expected, "{spelling}");
    }
    let modifier = DIALECT.type_modifier;
    assert!(modifier("varchar", &[0], None).is_err());
    assert!(modifier("numeric", &[1001], None).is_err());
    assert!(modifier("interval", &[3], Some("year")).is_err());
    assert_eq!(modifier("vector", &[3], None), Ok(3));
}

#[test]
fn identifiers() {
    let long = "é".repeat(40);
    assert_eq!((DIALECT.fold)("User Name"), "user name");
    assert_eq!((DIALECT.fold)(&long).len(), 62);
    assert_eq!((DIALECT.fold_quoted)("User"), "User");
    let quoted: Vec<_> = ["users", "user", "Users", "a b", "a\"b", "", "name", "é", "1a"].map(DIALECT.quote).into();
    assert_eq!(quoted, ["users", "\"user\"", "\"Users\"", "\"a b\"", "\"a\"\"b\"", "\"\"", "name", "\"é\"", "\"1a\""]);
}

#[test]
fn constants_are_the_servers() {
    let named = [("bool", types::BOOL), ("int8", types::INT8), ("jsonb", types::JSONB), ("any", types::ANY)];
    for (name, id) in named {
        assert_eq!(newest().type_by_name(name).map(|ty| ty.id), Some(id), "{name}");
    }
}
