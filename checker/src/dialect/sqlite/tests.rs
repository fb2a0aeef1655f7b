//! Facts of the library, spot-checked.

use super::*;
use crate::dialect::*;

#[test]
fn references_are_known() {
    let catalog = (DIALECT.catalog)(None);
    for function in catalog.function_names("main").iter().flat_map(|name| catalog.functions_by_name(name)) {
        assert!(function.arguments.iter().all(|a| a.ty == ANY), "{function:?}");
        assert!(function.result.is_sure(), "{function:?}");
    }
    for name in catalog.relation_names("main") {
        let relation = catalog.relation("main", name).expect("named relation");
        assert!(!relation.columns.is_empty() && relation.columns.iter().all(|c| c.ty.is_sure()), "{relation:?}");
    }
    for operator in DATA.operators.lines().flat_map(|l| catalog.operators_by_name(rows::key_of(l))) {
        assert!(operator.right.is_sure() && operator.result.is_sure(), "{operator:?}");
    }
}

#[test]
fn functions_have_arity_and_result() {
    let catalog = (DIALECT.catalog)(None);
    let shapes = |name| -> Vec<_> {
        let shape = |f: &CatalogFunction| (f.arguments.len(), f.variadic.is_some(), f.result);
        catalog.functions_by_name(name).iter().map(shape).collect()
    };
    assert_eq!(shapes("length"), [(1, false, INTEGER)]);
    assert_eq!(shapes("coalesce"), [(2, true, ANY)]);
    assert_eq!(shapes("printf"), [(0, false, TEXT), (1, true, TEXT)]);
    assert_eq!(shapes("sqrt"), [(1, false, REAL)]);
    assert_eq!(shapes("json_extract"), [(0, false, ANY), (1, true, ANY)]);
    assert!(shapes("now").is_empty());
    let kinds = |name| catalog.functions_by_name(name).iter().map(|f| f.kind).collect::<Vec<_>>();
    assert_eq!(kinds("max"), [FunctionKind::Aggregate, FunctionKind::Function]);
    assert_eq!(kinds("row_number"), [FunctionKind::Window]);
    assert!(catalog.functions_by_name("lower")[0].strict);
    assert!(!catalog.functions_by_name("ifnull")[0].strict);
}

#[test]
fn relations_have_columns() {
    let catalog = (DIALECT.catalog)(None);
    let master = catalog.relation("main", "sqlite_master").expect("sqlite_master");
    assert_eq!((&*master.columns[0].name, master.columns[0].ty), ("type", TEXT));
    assert!(catalog.relation("temp", "sqlite_master").is_some());
    let each = catalog.relation("main", "json_each").expect("json_each");
    assert_eq!(each.kind, RelationKind::TableFunction);
    let hidden: Vec<_> = each.columns.iter().filter(|c| c.hidden).map(|c| &*c.name).collect();
    assert_eq!(hidden, ["json", "root"]);
    assert!(catalog.has_named("collation", "nocase") && !catalog.has_named("collation", "other"));
}

/// SQLite manual: "Datatypes In SQLite", section 3.1.1.
#[test]
fn declared_types_have_an_affinity() {
    let catalog = (DIALECT.catalog)(None);
    let cases = [
        ("INT UNSIGNED", INTEGER),
        ("varchar(255)", TEXT),
        ("FLOATING POINT", INTEGER),
        ("STRING", NUMERIC),
        ("double precision", REAL),
        ("", BLOB),
        ("BLOB", BLOB),
        ("DATETIME", NUMERIC),
        ("ANY", ANY),
    ];
    for (declared, expected) in cases {
        assert_eq!(catalog.type_in("main", declared).map(|ty| ty.id), Some(expected), "{declared}");
    }
}
