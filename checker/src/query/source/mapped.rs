//! Rust types that derive postgres-types' `FromSql` and `ToSql`: they take the type of the database whose labels, or fields, are
//! exactly their own.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::scan::FileScan;
use super::{Driver, MappedParts, MappedType, Query, attributes};

/// What an enum maps.
pub(super) fn of_enum(item: &syn::ItemEnum) -> Option<MappedType> {
    let variants = item.variants.iter().map(|variant| (variant.ident.to_string(), variant.attrs.as_slice()));
    let labels = names(&item.attrs, variants);
    mapped(&item.attrs, &item.ident, MappedParts::Labels(labels))
}

/// What a struct with named fields maps.
pub(super) fn of_struct(item: &syn::ItemStruct) -> Option<MappedType> {
    let syn::Fields::Named(fields) = &item.fields else { return None };
    let fields =
        fields.named.iter().filter_map(|field| Some((field.ident.as_ref()?.to_string(), field.attrs.as_slice())));
    let fields = names(&item.attrs, fields);
    mapped(&item.attrs, &item.ident, MappedParts::Fields(fields))
}

fn mapped(attributes: &[syn::Attribute], ident: &syn::Ident, parts: MappedParts) -> Option<MappedType> {
    let derives = attributes::derives(attributes);
    let has = |name: &str| derives.iter().any(|derive| derive == name);
    let (reads, writes) = (has("FromSql"), has("ToSql"));
    let says = |key: &str| attributes::key(attributes, "postgres", key);
    if !reads && !writes || says("allow_mismatch").is_some() || says("transparent").is_some() {
        return None;
    }
    let name = says("name").flatten().unwrap_or_else(|| ident.to_string());
    Some(MappedType { name: name.trim_start_matches("r#").into(), parts, reads, writes })
}

/// The names of variants or fields in the database.
fn names<'a>(
    attributes: &[syn::Attribute],
    members: impl Iterator<Item = (String, &'a [syn::Attribute])>,
) -> Vec<String> {
    let rule = attributes::key(attributes, "postgres", "rename_all").flatten();
    let named = |(name, attributes): (String, &[syn::Attribute])| {
        let own = attributes::key(attributes, "postgres", "name").flatten();
        let name = name.trim_start_matches("r#");
        own.unwrap_or_else(|| rule.as_deref().map_or_else(|| name.to_owned(), |rule| renamed(name, rule)))
    };
    members.map(named).collect()
}

fn renamed(name: &str, rule: &str) -> String {
    let words = words(name);
    let joined = |sign: &str| words.join(sign);
    let capital = |word: &String| {
        let mut characters = word.chars();
        characters.next().map(|first| first.to_uppercase().chain(characters).collect::<String>()).unwrap_or_default()
    };
    match rule {
        "lowercase" => joined(""),
        "UPPERCASE" => joined("").to_uppercase(),
        "snake_case" => joined("_"),
        "SCREAMING_SNAKE_CASE" => joined("_").to_uppercase(),
        "kebab-case" => joined("-"),
        "SCREAMING-KEBAB-CASE" => joined("-").to_uppercase(),
        "PascalCase" => words.iter().map(capital).collect(),
        "camelCase" => {
            let capitals =
                words.iter().enumerate().map(|(at, word)| if at == 0 { word.clone() } else { capital(word) });
            capitals.collect()
        }
        _ => name.to_owned(),
    }
}

/// The words of a name in lower case: they begin at capitals and after underscores.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let characters: Vec<char> = name.chars().collect();
    for (at, character) in characters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| characters.get(before));
        let starts = character.is_uppercase()
            && (before.is_none_or(|before| !before.is_uppercase())
                || characters.get(at + 1).is_some_and(|next| next.is_lowercase()));
        if words.is_empty() || starts || before == Some(&'_') {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| *character != '_') {
            word.extend(character.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Gives the queries of tokio-postgres the types that their package maps, and those of other packages by names that only one
/// of them has.
pub(super) fn attach<'f>(files: impl Iterator<Item = &'f FileScan>, queries: &mut [Query]) {
    let mut by_package: BTreeMap<Arc<str>, Vec<MappedType>> = BTreeMap::new();
    for file in files {
        by_package.entry(file.package.name.clone()).or_default().extend(file.found.mapped.iter().cloned());
    }
    by_package.retain(|_, types| !types.is_empty());
    if by_package.is_empty() {
        return;
    }
    let mut visible: BTreeMap<Arc<str>, Arc<[MappedType]>> = BTreeMap::new();
    for query in queries.iter_mut().filter(|query| query.call.driver == Driver::TokioPostgres) {
        let types = visible.entry(query.package.clone()).or_insert_with(|| visible_from(&query.package, &by_package));
        query.types = types.clone();
    }
}

fn visible_from(package: &Arc<str>, all: &BTreeMap<Arc<str>, Vec<MappedType>>) -> Arc<[MappedType]> {
    let mut types = all.get(package).cloned().unwrap_or_default();
    let own = types.len();
    for other in all.iter().filter(|(name, _)| *name != package).flat_map(|(_, types)| types) {
        types.push(other.clone());
    }
    let unclear = |at: usize, ty: &MappedType| {
        let range = if at < own { types.get(..own) } else { Some(types.as_slice()) };
        range.unwrap_or_default().iter().any(|other| other.name == ty.name && other != ty)
    };
    types.iter().enumerate().filter(|(at, ty)| !unclear(*at, ty)).map(|(_, ty)| ty.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::{MappedParts, of_enum, of_struct, renamed};

    #[test]
    fn types_and_their_parts_have_names() {
        let item = syn::parse_str("#[derive(Debug, ToSql, FromSql)] #[postgres(name = \"mood\", rename_all = \"snake_case\")] enum Mood { Sad, #[postgres(name = \"just ok\")] Ok, VeryHappy }").expect("an enum");
        let mood = of_enum(&item).expect("it is mapped");
        assert_eq!((&*mood.name, mood.reads, mood.writes), ("mood", true, true));
        assert_eq!(mood.parts, MappedParts::Labels(vec!["sad".into(), "just ok".into(), "very_happy".into()]));
        let item =
            syn::parse_str("#[derive(FromSql)] struct Pair { a: i32, #[postgres(name = \"second\")] b: String }")
                .expect("a struct");
        let pair = of_struct(&item).expect("it is mapped");
        assert_eq!((&*pair.name, pair.reads, pair.writes), ("Pair", true, false));
        assert_eq!(pair.parts, MappedParts::Fields(vec!["a".into(), "second".into()]));
        let loose = syn::parse_str("#[derive(ToSql)] #[postgres(name = \"mood\", allow_mismatch)] enum Mood { Sad }")
            .expect("an enum");
        assert_eq!(of_enum(&loose), None);
        assert_eq!(of_enum(&syn::parse_str("#[derive(Clone)] enum Plain { A }").expect("an enum")), None);
    }

    #[test]
    fn names_follow_a_rule() {
        let rules = ["lowercase", "UPPERCASE", "snake_case", "SCREAMING-KEBAB-CASE", "camelCase", "PascalCase"];
        let found: Vec<String> = rules.iter().map(|rule| renamed("HTTPError", rule)).collect();
        assert_eq!(found, ["httperror", "HTTPERROR", "http_error", "HTTP-ERROR", "httpError", "HttpError"]);
    }
}
