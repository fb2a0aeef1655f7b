//! Reads the compiled-in data files: one object per line, columns separated by tabs, trailing empty columns
//! left out, lines sorted by bytes. The first column is the key: the name by which objects are looked up, with
//! its schema and a dot before it unless it is in the system schema. Types are referred to by their key. The
//! second column is the range of versions that have the object, the others are said where they are read.
//! The files are written by scripts and held against the server by tests: what does not fit is skipped.

use std::cmp::Ordering;

use super::objects::*;

type Text = &'static str;

/// One line of a file.
pub(super) struct Row {
    /// The first column.
    key: Text,
    /// The schema in it, or the system schema.
    pub(super) schema: Text,
    /// The name in it.
    pub(super) name: Text,
    /// The columns after the versions.
    columns: std::str::Split<'static, char>,
}

impl Row {
    /// Splits a line; none if this version does not have the object.
    pub(super) fn new(line: Text, system_schema: Text, version: u32) -> Option<Row> {
        let mut columns = line.split('\t');
        let key = columns.next()?;
        if !has_version(columns.next().unwrap_or_default(), version) {
            return None;
        }
        let (schema, name) = key.split_once('.').unwrap_or((system_schema, key));
        Some(Row { key, schema, name, columns })
    }

    fn next(&mut self) -> Text {
        self.columns.next().unwrap_or_default()
    }

    fn next_some(&mut self) -> Option<Text> {
        Some(self.next()).filter(|text| !text.is_empty())
    }
}

/// The lines whose first column is `key`, in a text of lines sorted by it.
pub(super) fn lines_of<'k>(text: Text, key: &'k str) -> impl Iterator<Item = Text> + use<'k> {
    // All lines before `low` have smaller keys, all from `high` on have not; both are starts of lines.
    let (mut low, mut high) = (0, text.len());
    while low < high {
        let mut middle = low + (high - low) / 2;
        while !text.is_char_boundary(middle) {
            middle -= 1;
        }
        let start = text[..middle].rfind('\n').map_or(0, |at| at + 1);
        if comes_before(&text.as_bytes()[start..], key.as_bytes()) {
            low = text[start..].find('\n').map_or(text.len(), |at| start + at + 1);
        } else {
            high = start;
        }
    }
    text[low..].lines().take_while(move |line| key_of(line) == key)
}

/// Whether the first column at the start of a text sorts before a key: what ends it sorts before all that keys hold.
fn comes_before(text: &[u8], key: &[u8]) -> bool {
    let both = text.len().min(key.len());
    match text[..both].cmp(&key[..both]) {
        Ordering::Equal => both < key.len(),
        order => order.is_lt(),
    }
}

/// The first column.
pub(super) fn key_of(line: Text) -> Text {
    line.split(['\t', '\n']).next().unwrap_or_default()
}

/// Whether a range of versions (`14-17`, an end left out where it is open, empty for all) has a version.
fn has_version(range: &str, version: u32) -> bool {
    let Some((first, last)) = range.split_once('-') else { return range.is_empty() };
    first.parse().unwrap_or(0) <= version && version <= last.parse().unwrap_or(u32::MAX)
}

/// A type and its number. Columns: number; kind, category and length together; flags (`p` preferred,
/// `c` collatable, `m` takes modifiers, `n` refuses NULL, `a` `f` `o` the sort of subscript); element; array;
/// base type; range partner; .
pub(super) fn read_type(mut row: Row) -> Option<(TypeId, CatalogType<Text>)> {
    let number = row.next().parse().unwrap_or(0);
    let mut shape = row.next().chars();
    let kind = match shape.next()? {
        'b' => TypeKind::Base,
        'c' => TypeKind::Composite,
        'd' => TypeKind::Domain,
        'e' => TypeKind::Enum,
        'p' => TypeKind::Pseudo,
        'r' => TypeKind::Range,
        'm' => TypeKind::Multirange,
        _ => return None,
    };
    let category = shape.next()?;
    let length = shape.as_str().parse().ok()?;
    let flags = row.next();
    let subscript = match () {
        () if flags.contains('a') => Subscript::Array,
        () if flags.contains('f') => Subscript::Fixed,
        () if flags.contains('o') => Subscript::Own,
        () => Subscript::None,
    };
    let ty = CatalogType {
        id: row.key,
        name: row.name.into(),
        kind,
        category,
        length,
        subscript,
        preferred: flags.contains('p'),
        collatable: flags.contains('c'),
        has_modifier: flags.contains('m'),
        not_null: flags.contains('n'),
        element: row.next_some(),
        array: row.next_some(),
        base: row.next_some().map(modified),
        range_partner: row.next_some(),
        schema: row.schema.into(),
    };
    Some((TypeId(number), ty))
}

/// A function. Columns: flags (kind; volatility; `s` strict; `r` returns a set; the number of direct
/// arguments); arguments; result; output columns. An argument is `[element*]type[:name][=]`, where
/// `element*` is for VARIADIC and `=` says that it has a default.
pub(super) fn read_function(mut row: Row) -> Option<CatalogFunction<Text>> {
    let flags = row.next();
    let direct = flags.trim_start_matches(|c: char| !c.is_ascii_digit()).parse().unwrap_or(0);
    let mut letters = flags.chars();
    let kind = match letters.next()? {
        'f' => FunctionKind::Function,
        'a' => FunctionKind::Aggregate,
        'o' => FunctionKind::OrderedSet(direct),
        'h' => FunctionKind::HypotheticalSet(direct),
        'w' => FunctionKind::Window,
        'p' => FunctionKind::Procedure,
        _ => return None,
    };
    let volatility = read_volatility(letters.next()?)?;
    let inputs = row.next();
    let last = inputs.rsplit(' ').next().unwrap_or_default();
    Some(CatalogFunction {
        name: row.name.into(),
        kind,
        volatility,
        strict: letters.as_str().contains('s'),
        returns_set: letters.as_str().contains('r'),
        arguments: arguments(inputs),
        variadic: last.split_once('*').map(|(element, _)| element),
        defaults: inputs.split(' ').filter(|input| input.ends_with('=')).count(),
        result: row.next(),
        outputs: arguments(row.next()),
        schema: row.schema.into(),
    })
}

/// An operator. Columns: volatility and `s` for strict; left; right; result.
pub(super) fn read_operator(mut row: Row) -> Option<CatalogOperator<Text>> {
    let flags = row.next();
    Some(CatalogOperator {
        name: row.name.into(),
        volatility: read_volatility(flags.chars().next()?)?,
        strict: flags.ends_with('s') && flags.len() > 1,
        left: row.next_some(),
        right: row.next(),
        result: row.next(),
        schema: row.schema.into(),
    })
}

/// A cast; its line starts with the source. Columns: target; context and method.
pub(super) fn read_cast(mut row: Row) -> Option<CatalogCast<Text>> {
    let target = row.next();
    let how = row.next();
    let context = match how.get(..1)? {
        "i" => CastContext::Implicit,
        "a" => CastContext::Assignment,
        "e" => CastContext::Explicit,
        _ => return None,
    };
    let method = match how.get(1..)? {
        "b" => CastMethod::Binary,
        "f" => CastMethod::Function,
        "i" => CastMethod::Text,
        _ => return None,
    };
    Some(CatalogCast { source: row.key, target, context, method })
}

/// An operator class; its line starts with the index method. Columns: name; type; `d` for default.
pub(super) fn read_operator_class(mut row: Row) -> Option<CatalogOperatorClass<Text>> {
    Some(CatalogOperatorClass {
        method: row.name.into(),
        name: row.next().into(),
        input: row.next(),
        is_default: row.next() == "d",
    })
}

/// A relation. Columns: kind; its columns, each `[+][~]name:type[(modifier)][!]`, where `+` is for the primary
/// key, `~` for hidden, `!` for NOT NULL.
pub(super) fn read_relation(mut row: Row) -> Option<CatalogRelation<Text>> {
    let kind = match row.next() {
        "r" => RelationKind::Table,
        "v" => RelationKind::View,
        "m" => RelationKind::MaterializedView,
        "f" => RelationKind::ForeignTable,
        "S" => RelationKind::Sequence,
        "c" => RelationKind::Composite,
        "t" => RelationKind::TableFunction,
        _ => return None,
    };
    let mut primary_key = Vec::new();
    let mut columns = Vec::new();
    for column in row.next().split(' ') {
        let Some((name, ty)) = column.rsplit_once(':') else { continue };
        let keyless = name.strip_prefix('+').unwrap_or(name);
        let shown = keyless.strip_prefix('~').unwrap_or(keyless);
        if keyless.len() < name.len() {
            primary_key.push(shown.into());
        }
        let (ty, modifier) = modified(ty.strip_suffix('!').unwrap_or(ty));
        let not_null = column.ends_with('!');
        columns.push(CatalogColumn { name: shown.into(), ty, modifier, not_null, hidden: shown.len() < keyless.len() });
    }
    Some(CatalogRelation { schema: row.schema.into(), name: row.name.into(), kind, columns, primary_key })
}

/// An extension from its lines: its name, the section, and then what that section's files hold.
/// The line of section `extension` has: `relocatable` or `fixed`, with `+` for an extension from elsewhere;
/// version; schema; required extensions.
pub(super) fn read_extension(name: Text, lines: impl Iterator<Item = Text>, version: u32) -> Option<Extension> {
    let mut extension = Extension { name: name.into(), ..Extension::default() };
    let mut exists = false;
    for line in lines {
        let Some((section, line)) = line.split_once('\t').and_then(|(_, line)| line.split_once('\t')) else {
            continue;
        };
        let Some(mut row) = Row::new(line, "", version) else { continue };
        match section {
            "extension" => {
                exists = true;
                extension.relocatable = row.key.starts_with("relocatable");
                extension.exact = !row.key.ends_with('+');
                extension.version = row.next().into();
                extension.schema = row.next_some().map(Name::from);
                let requires = row.next().split(' ').filter(|name| !name.is_empty());
                extension.requires = requires.map(Name::from).collect();
            }
            "types" => extension.types.extend(read_type(row).map(|(_, ty)| ty)),
            "functions" => extension.functions.extend(read_function(row)),
            "operators" => extension.operators.extend(read_operator(row)),
            "casts" => extension.casts.extend(read_cast(row)),
            "operator_classes" => extension.operator_classes.extend(read_operator_class(row)),
            "relations" => extension.relations.extend(read_relation(row)),
            "named" => extension.named.extend(read_named(row)),
            _ => {}
        }
    }
    exists.then_some(extension)
}

/// An object that only has a name; its line starts with the kind. Column: name.
pub(super) fn read_named(mut row: Row) -> Option<NamedObject> {
    Some(NamedObject { kind: row.key.into(), name: row.next_some()?.into() })
}

fn read_volatility(letter: char) -> Option<Volatility> {
    match letter {
        'i' => Some(Volatility::Immutable),
        's' => Some(Volatility::Stable),
        'v' => Some(Volatility::Volatile),
        _ => None,
    }
}

fn arguments(list: Text) -> Vec<Argument<Text>> {
    list.split(' ').filter(|text| !text.is_empty()).map(argument).collect()
}

fn argument(text: Text) -> Argument<Text> {
    let text = text.split_once('*').map_or(text, |(_, array)| array);
    let text = text.strip_suffix('=').unwrap_or(text);
    let (ty, name) = text.split_once(':').unwrap_or((text, ""));
    Argument { name: name.into(), ty }
}

/// `type(modifier)` or `type`.
fn modified(text: Text) -> (Text, i32) {
    let Some((ty, modifier)) = text.strip_suffix(')').and_then(|text| text.split_once('(')) else {
        return (text, -1);
    };
    (ty, modifier.parse().unwrap_or(-1))
}
