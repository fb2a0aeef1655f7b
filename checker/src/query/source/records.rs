//! What code reads from a row: tuples, single values, and structs whose fields name columns.

use super::imports::Imports;
use super::value::Reference;
use super::{Read, Reads};
use super::{attributes, diesel};

/// A struct with named fields, or a tuple struct.
#[derive(Clone, Debug)]
pub(super) struct Record {
    pub(super) module: Vec<String>,
    pub(super) name: String,
    pub(super) fields: Vec<Field>,
    /// Whether fields go by position.
    pub(super) tuple: bool,
    /// Whether it is read from rows by name: it derives `FromRow` or `QueryableByName`.
    pub(super) from_row: bool,
}

/// A field of a struct.
#[derive(Clone, Debug)]
pub(super) struct Field {
    /// The field's own name.
    pub(super) name: String,
    pub(super) read: Read,
    /// The struct whose columns take this field's place.
    pub(super) flattened: Option<Vec<String>>,
    /// Whether no column is read for it.
    pub(super) skipped: bool,
}

/// The type of a row, as a call names it.
#[derive(Clone, Debug)]
pub(super) enum RowType {
    /// Columns by position.
    Positions(Vec<Read>),
    /// Columns by name.
    Names(Vec<Read>),
    /// A struct.
    Struct(Reference),
}

/// A struct's declaration.
pub(super) fn record(item: &syn::ItemStruct, module: &[String]) -> Record {
    let derives = attributes::derives(&item.attrs);
    let rename_all = sqlx_attribute(&item.attrs, "rename_all").flatten();
    let fields = item.fields.iter().enumerate().map(|(at, field)| {
        let name = field.ident.as_ref().map_or_else(|| at.to_string(), |ident| ident.to_string());
        let name = name.trim_start_matches("r#").to_owned();
        let column_name = || diesel::column_name(&field.attrs);
        let renamed = sqlx_attribute(&field.attrs, "rename").flatten().or_else(column_name);
        let column =
            renamed.unwrap_or_else(|| rename_all.as_deref().map_or_else(|| name.clone(), |rule| rename(&name, rule)));
        let default =
            sqlx_attribute(&field.attrs, "default").is_some() || sqlx_attribute(&item.attrs, "default").is_some();
        let embedded = sqlx_attribute(&field.attrs, "flatten").or_else(|| diesel::embeds(&field.attrs).then_some(None));
        let flattened = embedded.map(|_| path_of(&field.ty));
        let skipped = sqlx_attribute(&field.attrs, "skip").is_some();
        let stand_in = ["try_from", "json"].iter().any(|key| sqlx_attribute(&field.attrs, key).is_some());
        let mut read = read(if field.ident.is_some() { column } else { String::new() }, &field.ty, default);
        if stand_in {
            read.ty = String::new();
        }
        Field { name, read, flattened, skipped }
    });
    Record {
        module: module.to_vec(),
        name: item.ident.to_string(),
        fields: fields.collect(),
        tuple: matches!(item.fields, syn::Fields::Unnamed(_)),
        from_row: derives.iter().any(|name| name == "FromRow" || name == "QueryableByName"),
    }
}

/// The row type that a call names by a type argument.
pub(super) fn row_type(ty: &syn::Type, reference: impl Fn(&syn::Path) -> Reference) -> Option<RowType> {
    match ty {
        syn::Type::Tuple(tuple) => {
            Some(RowType::Positions(tuple.elems.iter().map(|ty| read(String::new(), ty, false)).collect()))
        }
        syn::Type::Path(path) if path.qself.is_none() => Some(RowType::Struct(reference(&path.path))),
        syn::Type::Paren(paren) => row_type(&paren.elem, reference),
        _ => None,
    }
}

/// The row type of a call that reads one column.
pub(super) fn scalar(ty: &syn::Type) -> Option<RowType> {
    (!matches!(ty, syn::Type::Infer(_))).then(|| RowType::Positions(vec![read(String::new(), ty, false)]))
}

pub(super) fn read(name: String, ty: &syn::Type, default: bool) -> Read {
    let optional = path_of(ty).last().is_some_and(|last| last == "Option");
    Read { name, ty: spelled(ty), optional, default }
}

/// A type as written, without spaces.
pub(super) fn spelled(ty: &syn::Type) -> String {
    use quote::ToTokens as _;
    ty.to_token_stream().to_string().split_whitespace().collect()
}

fn path_of(ty: &syn::Type) -> Vec<String> {
    match ty {
        syn::Type::Path(path) => path.path.segments.iter().map(|segment| segment.ident.to_string()).collect(),
        _ => Vec::new(),
    }
}

fn sqlx_attribute(attributes: &[syn::Attribute], key: &str) -> Option<Option<String>> {
    attributes::key(attributes, "sqlx", key)
}

/// A field's name under `rename_all`.
pub(super) fn rename(name: &str, rule: &str) -> String {
    let words: Vec<&str> = name.split('_').filter(|word| !word.is_empty()).collect();
    let capital = |word: &str| {
        let mut characters = word.chars();
        characters.next().map(|first| first.to_uppercase().chain(characters).collect::<String>()).unwrap_or_default()
    };
    match rule {
        "lowercase" => name.to_lowercase(),
        "UPPERCASE" => name.to_uppercase(),
        "snake_case" => words.join("_").to_lowercase(),
        "SCREAMING_SNAKE_CASE" => words.join("_").to_uppercase(),
        "kebab-case" => words.join("-").to_lowercase(),
        "PascalCase" => words.iter().map(|word| capital(word)).collect(),
        "camelCase" => words
            .iter()
            .enumerate()
            .map(|(at, word)| if at == 0 { (*word).to_owned() } else { capital(word) })
            .collect(),
        _ => name.to_owned(),
    }
}

/// What a row type reads, its struct looked up by `find`. `macros` read all fields, whatever `FromRow` would skip.
pub(super) fn reads<'r>(
    row: &RowType,
    find: &dyn Fn(&Reference) -> Option<&'r Record>,
    by_macro: bool,
) -> Option<Reads> {
    match row {
        RowType::Positions(reads) => Some(Reads::Positions(reads.clone())),
        RowType::Names(reads) => Some(Reads::Names(reads.clone())),
        RowType::Struct(reference) => {
            let record = find(reference)?;
            if !by_macro && !record.from_row {
                return None;
            }
            let mut names = Vec::new();
            add_fields(record, reference, find, by_macro, 0, &mut names)?;
            Some(if record.tuple { Reads::Positions(names) } else { Reads::Names(names) })
        }
    }
}

/// How deep `#[sqlx(flatten)]` nests.
const FLATTEN_LIMIT: usize = 8;

fn add_fields<'r>(
    record: &Record,
    reference: &Reference,
    find: &dyn Fn(&Reference) -> Option<&'r Record>,
    by_macro: bool,
    depth: usize,
    names: &mut Vec<Read>,
) -> Option<()> {
    for field in &record.fields {
        if by_macro {
            names.push(Read { name: field.name.clone(), default: false, ..field.read.clone() });
        } else if let (Some(path), true) = (&field.flattened, depth < FLATTEN_LIMIT) {
            let inner = Reference { path: path.clone(), ..reference.clone() };
            add_fields(find(&inner)?, &inner, find, by_macro, depth + 1, names)?;
        } else if !field.skipped {
            names.push(field.read.clone());
        }
    }
    Some(())
}

/// Kept so that a struct's field types are looked up as its own file imports them.
pub(super) fn apply_imports(record: &mut Record, imports: &Imports) {
    for field in &mut record.fields {
        if let Some(path) = &mut field.flattened {
            *path = imports.resolve(&record.module, std::mem::take(path));
        }
    }
}
