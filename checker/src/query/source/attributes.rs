//! Attributes that decide whether an item is in a release, and for which schema versions its queries are.

use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Lit, Meta, Token};

use super::{Expectation, Package};

/// Whether an item is only compiled for tests: under `#[cfg(test)]`, a test's attribute, or a feature that is named for tests
/// and that the package does not have by default.
pub(super) fn is_test(attributes: &[Attribute], package: &Package) -> bool {
    attributes.iter().any(|attribute| {
        let Some(name) = attribute.path().segments.last().map(|segment| segment.ident.to_string()) else {
            return false;
        };
        match (name.as_str(), &attribute.meta) {
            ("cfg", Meta::List(list)) => {
                list.parse_args::<Meta>().is_ok_and(|meta| holds(&meta, Some(package)) == Some(false))
            }
            _ => is_test_attribute(&name),
        }
    })
}

/// Whether an attribute makes a test or a benchmark of a function, by the names that test libraries use.
fn is_test_attribute(name: &str) -> bool {
    matches!(name, "test" | "bench" | "rstest" | "test_case" | "quickcheck" | "proptest" | "wasm_bindgen_test")
        || name.starts_with("test_")
        || name.ends_with("_test")
        || name.ends_with("_tests")
}

/// Whether a feature is one for tests, by the names that packages give to such.
fn is_test_feature(name: &str) -> bool {
    let mut words = name.split(['-', '_']);
    matches!(
        words.next(),
        Some("test" | "tests" | "testing" | "testutils" | "bench" | "benches" | "mock" | "mocks" | "fixtures")
    )
}

/// Whether a `cfg` condition holds outside of tests; `None` where that depends on how the release is built.
fn holds(condition: &Meta, package: Option<&Package>) -> Option<bool> {
    match condition {
        Meta::Path(path) if path.is_ident("test") || path.is_ident("doctest") || path.is_ident("doc") => Some(false),
        Meta::NameValue(value) if value.path.is_ident("feature") => {
            let feature = text_of(&value.value)?;
            let for_tests = package.is_some_and(|package| !package.default_features.contains(&feature));
            (for_tests && is_test_feature(&feature)).then_some(false)
        }
        Meta::List(list) => {
            let inner = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).ok()?;
            let all: Vec<Option<bool>> = inner.iter().map(|meta| holds(meta, package)).collect();
            match list.path.get_ident()?.to_string().as_str() {
                "not" => all.first().copied().flatten().map(|holds| !holds),
                "all" if all.contains(&Some(false)) => Some(false),
                "all" if all.iter().all(|holds| *holds == Some(true)) => Some(true),
                "any" if all.contains(&Some(true)) => Some(true),
                "any" if all.iter().all(|holds| *holds == Some(false)) => Some(false),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The text of a literal.
pub(super) fn text_of(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Lit(syn::ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
        Expr::Group(group) => text_of(&group.expr),
        _ => None,
    }
}

/// What `#[expects_schema(since = "…", until = "…", flag = "…")]` says.
pub(super) fn expectation(attributes: &[Attribute]) -> Option<(Expectation, &Attribute)> {
    let attribute = attributes
        .iter()
        .find(|attribute| attribute.path().segments.last().is_some_and(|segment| segment.ident == "expects_schema"))?;
    let keys = attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).ok()?;
    let mut expectation = Expectation::default();
    for key in &keys {
        if let Meta::NameValue(value) = key {
            let name = value.path.get_ident().map(ToString::to_string).unwrap_or_default();
            set(&mut expectation, &name, text_of(&value.value));
        }
    }
    Some((expectation, attribute))
}

/// Sets a key of an expectation; says whether there is such a key.
pub(super) fn set(expectation: &mut Expectation, key: &str, value: Option<String>) -> bool {
    match key {
        "since" => expectation.since = value,
        "until" => expectation.until = value,
        "flag" => expectation.flag = value,
        _ => return false,
    }
    true
}

/// The names in `#[derive(…)]`, each the last of its path.
pub(super) fn derives(attributes: &[Attribute]) -> Vec<String> {
    let last = |path: &syn::Path| path.segments.last().map(|last| last.ident.to_string());
    derived(attributes).iter().filter_map(last).collect()
}

/// Whether `#[derive(…)]` names a derive by a path that begins with its crate.
pub(super) fn derives_by_path(attributes: &[Attribute], krate: &str, name: &str) -> bool {
    derived(attributes).iter().any(|path| {
        let (first, last) = (path.segments.first(), path.segments.last());
        path.segments.len() > 1
            && first.is_some_and(|first| first.ident == krate)
            && last.is_some_and(|last| last.ident == name)
    })
}

fn derived(attributes: &[Attribute]) -> Vec<syn::Path> {
    let mut derived = Vec::new();
    for_each(attributes, &mut |meta| {
        if let Meta::List(list) = meta
            && list.path.is_ident("derive")
            && let Ok(paths) = list.parse_args_with(Punctuated::<syn::Path, Token![,]>::parse_terminated)
        {
            derived.extend(paths);
        }
    });
    derived
}

/// The text of an attribute such as `#[name = "…"]`: the first.
pub(super) fn value(attributes: &[Attribute], name: &str) -> Option<String> {
    let mut found = None;
    for_each(attributes, &mut |meta| {
        if let Meta::NameValue(value) = meta
            && value.path.is_ident(name)
        {
            found = found.take().or_else(|| text_of(&value.value));
        }
    });
    found
}

/// A key of an attribute such as `#[sqlx(…)]`: outer `None` where it is not there, inner where it has no value.
pub(super) fn key(attributes: &[Attribute], attribute: &str, key: &str) -> Option<Option<String>> {
    let mut found = None;
    for_each(attributes, &mut |meta| {
        let Meta::List(list) = meta else { return };
        if !list.path.is_ident(attribute) {
            return;
        }
        let inner = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
        for meta in inner.into_iter().flatten().filter(|meta| meta.path().is_ident(key)) {
            found = Some(match &meta {
                Meta::NameValue(value) => text_of(&value.value),
                _ => None,
            });
        }
    });
    found
}

/// Goes through attributes, and through those that a `cfg_attr` sets outside of tests.
pub(super) fn for_each(attributes: &[Attribute], visit: &mut dyn FnMut(&Meta)) {
    attributes.iter().for_each(|attribute| for_each_in(&attribute.meta, visit));
}

fn for_each_in(meta: &Meta, visit: &mut dyn FnMut(&Meta)) {
    let Meta::List(list) = meta else { return visit(meta) };
    if !list.path.is_ident("cfg_attr") {
        return visit(meta);
    }
    let inner = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).unwrap_or_default();
    let mut inner = inner.iter();
    if inner.next().is_some_and(|condition| holds(condition, None) != Some(false)) {
        inner.for_each(|meta| for_each_in(meta, visit));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_for_tests_only() {
        let package = Package { default_features: ["mock-default".to_owned()].into(), ..Package::default() };
        for (attribute, expected) in [
            ("#[cfg(test)]", true),
            ("#[cfg(all(test, feature = \"x\"))]", true),
            ("#[cfg(any(test, feature = \"x\"))]", false),
            ("#[cfg(not(test))]", false),
            ("#[cfg(any(test, doctest))]", true),
            ("#[cfg(feature = \"test\")]", true),
            ("#[cfg(any(test, feature = \"testing\"))]", true),
            ("#[cfg(feature = \"test-utils\")]", true),
            ("#[cfg(feature = \"mock-default\")]", false),
            ("#[cfg(feature = \"contest\")]", false),
            ("#[test]", true),
            ("#[tokio::test(flavor = \"multi_thread\")]", true),
            ("#[sqlx::test]", true),
            ("#[rstest]", true),
            ("#[test_log::test(tokio::test)]", true),
            ("#[cfg_attr(test, derive(Debug))]", false),
            ("#[inline]", false),
        ] {
            let item: syn::ItemFn = syn::parse_str(&format!("{attribute} fn f() {{}}")).expect(attribute);
            assert_eq!(is_test(&item.attrs, &package), expected, "{attribute}");
        }
    }
}
