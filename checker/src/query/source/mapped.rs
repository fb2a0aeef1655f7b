//! Rust types that stand for types of the database part by part: by the derives of postgres-types, sqlx, sea-orm and
//! diesel-derive-enum.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::scan::FileScan;
use super::{Driver, MappedParts, MappedType, Query, attributes};

/// A derive that maps an enum: what it and its attributes are called.
struct Derive {
    driver: Driver,
    /// Its names; the first makes a type that is read, the last one that is written.
    names: [&'static str; 2],
    /// The attribute that belongs to it.
    attribute: &'static str,
    /// The key with the type's name.
    name: &'static str,
    /// The key with a label of its own, on a variant.
    label: &'static str,
    /// The key with the rule for all other labels.
    rule: &'static str,
    /// The rule where none is named.
    plain: &'static str,
}

const POSTGRES_TYPES: Derive = Derive {
    driver: Driver::TokioPostgres,
    names: ["FromSql", "ToSql"],
    attribute: "postgres",
    name: "name",
    label: "name",
    rule: "rename_all",
    plain: "",
};

const SQLX: Derive = Derive {
    driver: Driver::Sqlx,
    names: ["Type", "Type"],
    attribute: "sqlx",
    name: "type_name",
    label: "rename",
    rule: "rename_all",
    plain: "",
};

const SEA_ORM: Derive = Derive {
    driver: Driver::SeaOrm,
    names: ["DeriveActiveEnum", "DeriveActiveEnum"],
    attribute: "sea_orm",
    name: "enum_name",
    label: "string_value",
    rule: "rename_all",
    plain: "",
};

const DIESEL: Derive = Derive {
    driver: Driver::Diesel,
    names: ["DbEnum", "DbEnum"],
    attribute: "db_enum",
    name: "pg_type",
    label: "rename",
    rule: "value_style",
    plain: "snake_case",
};

/// What an enum maps, for each driver that has a derive on it.
pub(super) fn of_enum(item: &syn::ItemEnum) -> impl Iterator<Item = MappedType> {
    [POSTGRES_TYPES, SQLX, SEA_ORM, DIESEL].into_iter().filter_map(|derive| enum_of(&derive, item))
}

fn enum_of(derive: &Derive, item: &syn::ItemEnum) -> Option<MappedType> {
    let says = |key: &str| attributes::key(&item.attrs, derive.attribute, key);
    // The numbers of a type with a representation are no labels.
    let is_label = match derive.driver {
        Driver::TokioPostgres => true,
        Driver::SeaOrm => says("db_type").flatten().is_some_and(|ty| ty == "Enum"),
        _ => !item.attrs.iter().any(|attribute| attribute.path().is_ident("repr")),
    };
    if !is_label || derive.driver == Driver::Sqlx && !is_of_sqlx(item) {
        return None;
    }
    let variants = item.variants.iter().map(|variant| (variant.ident.to_string(), variant.attrs.as_slice()));
    let labels = names(derive, &item.attrs, variants);
    let name = match derive.driver {
        Driver::Diesel => diesel_name(item)?,
        Driver::SeaOrm => says(derive.name).flatten()?,
        // `rename` was sqlx's own word for it before 0.5.
        _ => says(derive.name).or_else(|| says("rename")).flatten().unwrap_or_else(|| item.ident.to_string()),
    };
    mapped(derive, &item.attrs, &name, MappedParts::Labels(labels))
}

/// Other crates have derives of the name `Type` too.
fn is_of_sqlx(item: &syn::ItemEnum) -> bool {
    let of_variants = item.variants.iter().flat_map(|variant| &variant.attrs);
    let mut found = false;
    for attribute in item.attrs.iter().chain(of_variants) {
        attributes::for_each(std::slice::from_ref(attribute), &mut |meta| found |= meta.path().is_ident("sqlx"));
    }
    found || attributes::derives_by_path(&item.attrs, "sqlx", "Type")
}

/// The type's name: as the path of diesel's type for it ends, else as the enum is called.
fn diesel_name(item: &syn::ItemEnum) -> Option<String> {
    let says = |key: &str| attributes::key(&item.attrs, DIESEL.attribute, key).flatten();
    let path = says("existing_type_path").or_else(|| attributes::value(&item.attrs, "ExistingTypePath"));
    let own = says(DIESEL.name).or_else(|| attributes::value(&item.attrs, "PgType"));
    let called = match path {
        Some(path) => path.rsplit("::").next()?.trim().to_owned(),
        None => item.ident.to_string(),
    };
    Some(own.unwrap_or_else(|| renamed(&called, "snake_case")))
}

/// What a struct with named fields maps.
pub(super) fn of_struct(item: &syn::ItemStruct) -> Option<MappedType> {
    let syn::Fields::Named(fields) = &item.fields else { return None };
    let fields =
        fields.named.iter().filter_map(|field| Some((field.ident.as_ref()?.to_string(), field.attrs.as_slice())));
    let derive = &POSTGRES_TYPES;
    let fields = names(derive, &item.attrs, fields);
    let named = attributes::key(&item.attrs, derive.attribute, derive.name).flatten();
    mapped(derive, &item.attrs, &named.unwrap_or_else(|| item.ident.to_string()), MappedParts::Fields(fields))
}

fn mapped(derive: &Derive, attributes: &[syn::Attribute], name: &str, parts: MappedParts) -> Option<MappedType> {
    let derives = attributes::derives(attributes);
    let has = |name: &str| derives.iter().any(|derive| derive == name);
    let (reads, writes) = (has(derive.names[0]), has(derive.names[1]));
    let says = |key: &str| attributes::key(attributes, derive.attribute, key);
    if !reads && !writes || says("allow_mismatch").is_some() || says("transparent").is_some() {
        return None;
    }
    // sqlx hands the name to the server, which reads it as an identifier: perhaps with a schema, or in quotes.
    let name = match derive.driver {
        Driver::Sqlx => identifier(name),
        _ => name.trim_start_matches("r#").to_owned(),
    };
    Some(MappedType { name: name.into(), driver: derive.driver, parts, reads, writes })
}

/// The last part of a name as the server reads it.
fn identifier(name: &str) -> String {
    let name = name.trim_start_matches("r#");
    match name.strip_suffix('"') {
        Some(quoted) => quoted.rsplit('"').next().unwrap_or_default().to_owned(),
        None => name.rsplit('.').next().unwrap_or_default().to_lowercase(),
    }
}

/// The names of variants or fields in the database.
fn names<'a>(
    derive: &Derive,
    attributes: &[syn::Attribute],
    members: impl Iterator<Item = (String, &'a [syn::Attribute])>,
) -> Vec<String> {
    let says = |attributes: &[syn::Attribute], key: &str| attributes::key(attributes, derive.attribute, key).flatten();
    let rule = says(attributes, derive.rule).or_else(|| attributes::value(attributes, "DbValueStyle"));
    let rule = rule.as_deref().unwrap_or(derive.plain);
    let named = |(name, attributes): (String, &[syn::Attribute])| {
        let name = name.trim_start_matches("r#");
        let own = says(attributes, derive.label).or_else(|| attributes::value(attributes, "db_rename"));
        own.unwrap_or_else(|| renamed(name, rule))
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
        "lowercase" => name.to_lowercase(),
        "UPPERCASE" => name.to_uppercase(),
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

/// Gives queries the types that their package maps, and those of other packages by names that only one of them has.
pub(super) fn attach<'f>(files: impl Iterator<Item = &'f FileScan>, queries: &mut [Query]) {
    let mut by_package: BTreeMap<Arc<str>, Vec<MappedType>> = BTreeMap::new();
    for file in files {
        by_package.entry(file.package.name.clone()).or_default().extend(file.found.mapped.iter().cloned());
    }
    by_package.retain(|_, types| !types.is_empty());
    if by_package.is_empty() {
        return;
    }
    let mut visible: BTreeMap<Arc<str>, Vec<MappedType>> = BTreeMap::new();
    for query in queries.iter_mut() {
        let types = visible.entry(query.package.clone()).or_insert_with(|| visible_from(&query.package, &by_package));
        query.map_types(types);
    }
}

fn visible_from(package: &Arc<str>, all: &BTreeMap<Arc<str>, Vec<MappedType>>) -> Vec<MappedType> {
    let mut types = all.get(package).cloned().unwrap_or_default();
    let own = types.len();
    for other in all.iter().filter(|(name, _)| *name != package).flat_map(|(_, types)| types) {
        types.push(other.clone());
    }
    let unclear = |at: usize, ty: &MappedType| {
        let range = if at < own { types.get(..own) } else { Some(types.as_slice()) };
        range
            .unwrap_or_default()
            .iter()
            .any(|other| (&other.name, other.driver) == (&ty.name, ty.driver) && other != ty)
    };
    types.iter().enumerate().filter(|(at, ty)| !unclear(*at, ty)).map(|(_, ty)| ty.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::{Driver, MappedParts, MappedType, of_enum, of_struct, renamed};

    fn enums(item: &str) -> Vec<MappedType> {
        of_enum(&syn::parse_str(item).expect(item)).collect()
    }

    fn labels(item: &str) -> (Driver, String, String) {
        match enums(item).as_slice() {
            [MappedType { name, driver, parts: MappedParts::Labels(labels), .. }] => {
                (*driver, name.to_string(), labels.join(" "))
            }
            other => panic!("{item}: {other:?}"),
        }
    }

    #[test]
    fn types_and_their_parts_have_names() {
        let mood = enums(
            "#[derive(Debug, ToSql, FromSql)] #[postgres(name = \"mood\", rename_all = \"snake_case\")] enum Mood { Sad, #[postgres(name = \"just ok\")] Ok, VeryHappy }",
        );
        let [mood] = mood.as_slice() else { panic!("{mood:?}") };
        assert_eq!((&*mood.name, mood.driver, mood.reads, mood.writes), ("mood", Driver::TokioPostgres, true, true));
        assert_eq!(mood.parts, MappedParts::Labels(vec!["sad".into(), "just ok".into(), "very_happy".into()]));
        let item =
            syn::parse_str("#[derive(FromSql)] struct Pair { a: i32, #[postgres(name = \"second\")] b: String }")
                .expect("a struct");
        let pair = of_struct(&item).expect("it is mapped");
        assert_eq!((&*pair.name, pair.reads, pair.writes), ("Pair", true, false));
        assert_eq!(pair.parts, MappedParts::Fields(vec!["a".into(), "second".into()]));
        for other in [
            "#[derive(ToSql)] #[postgres(name = \"mood\", allow_mismatch)] enum Mood { Sad }",
            "#[derive(Clone)] enum Plain { A }",
            "#[derive(specta::Type)] enum Mood { Sad }",
            "#[derive(sqlx::Type)] #[repr(i32)] enum Mood { Sad = 1 }",
            "#[derive(DeriveActiveEnum)] #[sea_orm(rs_type = \"i32\", db_type = \"Integer\")] enum Mood { A }",
        ] {
            assert_eq!(enums(other), [], "{other}");
        }
    }

    #[test]
    fn each_driver_names_labels_in_its_own_way() {
        let sqlx = |name: &str, labels: &str| (Driver::Sqlx, name.to_owned(), labels.to_owned());
        assert_eq!(labels("#[derive(sqlx::Type)] enum Mood { Sad, VeryHappy }"), sqlx("mood", "Sad VeryHappy"));
        let renamed = "#[sqlx(type_name = \"app.mood\", rename_all = \"kebab-case\")] enum Mood { VeryHappy, #[sqlx(rename = \"ok\")] Fine }";
        assert_eq!(labels(&format!("#[derive(Type)] {renamed}")), sqlx("mood", "very-happy ok"));
        let conditional =
            renamed.replace("#[sqlx(type_name", "#[cfg_attr(feature = \"db\", derive(sqlx::Type))] #[sqlx(type_name");
        assert_eq!(labels(&conditional), sqlx("mood", "very-happy ok"));
        let quoted = "#[derive(sqlx::Type)] #[sqlx(type_name = \"\\\"Mood\\\"\", rename_all = \"lowercase\")] enum M { Very_Sad }";
        assert_eq!(labels(quoted), sqlx("Mood", "very_sad"));
        let old = "#[derive(sqlx::Type)] #[sqlx(rename = \"Kind\")] enum Mood { Sad }";
        assert_eq!(labels(old), sqlx("kind", "Sad"));
        let sea = "#[derive(EnumIter, DeriveActiveEnum)] #[sea_orm(rs_type = \"String\", db_type = \"Enum\", enum_name = \"mood\")] enum M { #[sea_orm(string_value = \"sad\")] Sad }";
        assert_eq!(labels(sea), (Driver::SeaOrm, "mood".to_owned(), "sad".to_owned()));
        let diesel = "#[derive(DbEnum)] #[ExistingTypePath = \"crate::schema::sql_types::MoodKind\"] enum M { VerySad, #[db_rename = \"ok\"] Fine }";
        assert_eq!(labels(diesel), (Driver::Diesel, "mood_kind".to_owned(), "very_sad ok".to_owned()));
        let verbatim = "#[derive(DbEnum)] #[db_enum(existing_type_path = \"s::Mood\", value_style = \"verbatim\")] enum M { VerySad }";
        assert_eq!(labels(verbatim), (Driver::Diesel, "mood".to_owned(), "VerySad".to_owned()));
    }

    #[test]
    fn names_follow_a_rule() {
        let rules = ["lowercase", "UPPERCASE", "snake_case", "SCREAMING-KEBAB-CASE", "camelCase", "PascalCase"];
        let found: Vec<String> = rules.iter().map(|rule| renamed("HTTPError", rule)).collect();
        assert_eq!(found, ["httperror", "HTTPERROR", "http_error", "HTTP-ERROR", "httpError", "HttpError"]);
    }
}
