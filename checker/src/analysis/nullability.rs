//! Which expressions can be NULL.

use super::tree::{Node, Typed};
use super::types::{self, BOOL, JSONB};
use crate::dialect::TypeId;
use crate::dialect::catalog::{CatalogFunction, CatalogOperator, FunctionKind};
use crate::schema::Schema;

/// How the nullability of an expression follows from that of the expressions below it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Follows {
    /// In no way that is known.
    #[default]
    Not,
    /// NULL where an operand is NULL; and never else where it is `total`.
    Operands {
        /// Whether only NULL makes it NULL.
        total: bool,
    },
    /// One of the last operands, this many.
    Results(usize),
    /// An aggregate that is NULL over no rows, and unless it `counts_nulls` over rows of NULL.
    Rows {
        /// Whether NULL in a row is a value of it.
        counts_nulls: bool,
    },
}

/// The result of something that is NULL when one of its arguments is, and that gives NULL by itself unless it is `total`.
pub(super) fn of_strict(arguments: &[Typed], total: bool) -> Option<bool> {
    if arguments.iter().any(|argument| argument.nullable == Some(true)) {
        return Some(true);
    }
    (total && arguments.iter().all(|argument| argument.nullable == Some(false))).then_some(false)
}

/// A construct that is NULL where an operand is, and never else.
pub(super) fn total(typed: Typed) -> Typed {
    let nullable = of_strict(typed.children(), true);
    Typed { nullable, follows: Follows::Operands { total: true }, ..typed }
}

/// The result of an operator, and how it follows from the operands.
pub(super) fn of_operator(schema: &Schema, operator: &CatalogOperator, operands: &[Typed]) -> (Option<bool>, Follows) {
    let built_in = Some(&*operator.schema) == schema.dialect.system_schema;
    let name = &*operator.name;
    let category = types::category(schema, operator.right).0;
    // JSON path predicates give NULL where they cannot decide.
    let total = built_in
        && (operator.result == BOOL && !matches!(name, "@?" | "@@")
            || matches!(name, "+" | "-" | "*" | "/" | "%" | "||" | "&" | "|" | "<<" | ">>" | "^" | "~")
                && (matches!(category, 'N' | 'D' | 'T' | 'S') || operator.right == JSONB));
    let known = of_strict(operands, total);
    if operator.strict {
        return (known, Follows::Operands { total });
    }
    (known.filter(|&nullable| !nullable), Follows::Not)
}

/// Functions that give NULL for no arguments at all.
const NEVER: &[&str] = &[
    "count",
    "row_number",
    "rank",
    "dense_rank",
    "percent_rank",
    "cume_dist",
    "concat",
    "now",
    "transaction_timestamp",
    "statement_timestamp",
    "clock_timestamp",
    "gen_random_uuid",
    "random",
    "pi",
    "version",
    "txid_current",
    "json_build_object",
    "jsonb_build_object",
    "json_build_array",
    "jsonb_build_array",
    "num_nulls",
    "num_nonnulls",
];

/// Functions that give NULL only where an argument is NULL.
const TOTAL: &[&str] = &[
    "abs",
    "age",
    "ascii",
    "bit_length",
    "btrim",
    "cardinality",
    "ceil",
    "ceiling",
    "char_length",
    "character_length",
    "chr",
    "date_trunc",
    "decode",
    "encode",
    "exp",
    "floor",
    "format_type",
    "hashtext",
    "initcap",
    "left",
    "length",
    "ln",
    "lpad",
    "ltrim",
    "make_date",
    "make_time",
    "make_timestamp",
    "make_timestamptz",
    "md5",
    "mod",
    "nextval",
    "octet_length",
    "position",
    "power",
    "quote_ident",
    "quote_literal",
    "repeat",
    "replace",
    "reverse",
    "right",
    "round",
    "rpad",
    "rtrim",
    "sha224",
    "sha256",
    "sha384",
    "sha512",
    "sign",
    "split_part",
    "sqrt",
    "starts_with",
    "strpos",
    "substr",
    "timezone",
    "to_date",
    "to_hex",
    "to_json",
    "to_jsonb",
    "to_timestamp",
    "to_tsvector",
    "to_tsquery",
    "plainto_tsquery",
    "websearch_to_tsquery",
    "translate",
    "trunc",
    "json_array_length",
    "jsonb_array_length",
    "justify_days",
    "justify_hours",
    "justify_interval",
    "make_interval",
    "row_to_json",
    "array_to_json",
    "text",
];

/// Functions that are total over arguments of text only: others of their name are of ranges.
const TOTAL_OF_TEXT: &[&str] = &["lower", "upper"];

/// Conversions, which are functions by the names of their types.
const CONVERSIONS: &[&str] = &["bool", "float8", "int2", "int4", "int8", "numeric"];

/// Parts of a moment that an infinite one has, too.
const PARTS_OF_INFINITY: &[&str] = &["epoch", "year", "decade", "century", "millennium", "julian", "isoyear"];

/// Aggregates that are NULL over no rows, and over rows of NULL.
const OF_ROWS: &[&str] =
    &["sum", "min", "max", "avg", "bool_and", "bool_or", "every", "string_agg", "bit_and", "bit_or", "bit_xor"];

/// Aggregates that are NULL over no rows only.
const OF_ANY_ROWS: &[&str] = &["array_agg", "json_agg", "jsonb_agg", "json_object_agg", "jsonb_object_agg"];

/// The result of a function, and how it follows from the arguments. `variadic`: whether an array stands for the last ones.
pub(super) fn of_function(
    schema: &Schema,
    signature: &CatalogFunction,
    built_in: bool,
    variadic: bool,
    arguments: &[Typed],
) -> (Option<bool>, Follows) {
    let name = &*signature.name;
    let takes_text = || arguments.first().is_some_and(|first| types::category(schema, first.ty.id).0 == 'S');
    // Newer servers make NULL of JSON's null.
    let takes_json = || arguments.first().is_some_and(|first| types::base(schema, first.ty.id) == JSONB);
    let takes_number = || arguments.first().is_some_and(|first| types::category(schema, first.ty.id).0 == 'N');
    match signature.kind {
        FunctionKind::Function if signature.returns_set => (None, Follows::Not),
        // Without the separator there is nothing to put between the others.
        FunctionKind::Function if built_in && name == "concat_ws" && !variadic => {
            let separator = arguments.first().and_then(|first| first.nullable);
            (separator, Follows::Not)
        }
        _ if built_in && !variadic && NEVER.contains(&name) => (Some(false), Follows::Not),
        FunctionKind::Function if signature.strict => {
            let total = match name {
                "extract" | "date_part" => has_part(arguments),
                "to_char" => takes_number(),
                _ if TOTAL_OF_TEXT.contains(&name) => takes_text(),
                _ if CONVERSIONS.contains(&name) => !takes_json(),
                _ => TOTAL.contains(&name),
            };
            let total = built_in && total;
            (of_strict(arguments, total), Follows::Operands { total })
        }
        FunctionKind::Aggregate if built_in && OF_ROWS.contains(&name) => (None, Follows::Rows { counts_nulls: false }),
        FunctionKind::Aggregate if built_in && OF_ANY_ROWS.contains(&name) => {
            (None, Follows::Rows { counts_nulls: true })
        }
        _ => (None, Follows::Not),
    }
}

/// Whether a moment has the part that is asked for, also where it is infinite.
fn has_part(arguments: &[Typed]) -> bool {
    let Some(Typed { node: Node::Text(part), .. }) = arguments.first() else { return false };
    PARTS_OF_INFINITY.contains(&part.to_ascii_lowercase().as_str())
}

/// A conversion to another type, and how it follows from the value.
pub(super) fn of_cast(schema: &Schema, value: &Typed, target: TypeId) -> (Option<bool>, Follows) {
    // A function of the project's own may do anything, and newer servers make NULL of JSON's null.
    let own = schema.casts.iter().any(|cast| cast.source == value.ty.id && cast.target == target);
    if own {
        return (None, Follows::Not);
    }
    let scalar = matches!(types::category(schema, types::base(schema, target)).0, 'B' | 'N');
    if scalar && types::base(schema, value.ty.id) == JSONB {
        return (value.nullable.filter(|&nullable| nullable), Follows::Operands { total: false });
    }
    (value.nullable, Follows::Operands { total: true })
}
