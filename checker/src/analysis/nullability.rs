//! Which expressions can be NULL.

use super::tree::Typed;
use super::types::{self, BOOL, JSONB};
use crate::dialect::catalog::{CatalogFunction, CatalogOperator, FunctionKind};
use crate::schema::Schema;

/// The result of something that is NULL when one of its arguments is, and that gives NULL by itself unless it is `total`.
pub(super) fn of_strict(arguments: &[Typed], total: bool) -> Option<bool> {
    if arguments.iter().any(|argument| argument.nullable == Some(true)) {
        return Some(true);
    }
    (total && arguments.iter().all(|argument| argument.nullable == Some(false))).then_some(false)
}

/// The result of an operator.
pub(super) fn of_operator(schema: &Schema, operator: &CatalogOperator, operands: &[Typed]) -> Option<bool> {
    let built_in = Some(&*operator.schema) == schema.dialect.system_schema;
    let name = &*operator.name;
    let category = types::category(schema, operator.right).0;
    // JSON path predicates give NULL where they cannot decide.
    let total = built_in
        && (operator.result == BOOL && !matches!(name, "@?" | "@@")
            || matches!(name, "+" | "-" | "*" | "/" | "%" | "||" | "&" | "|" | "<<" | ">>" | "^" | "~")
                && (matches!(category, 'N' | 'D' | 'T' | 'S') || operator.right == JSONB));
    let known = of_strict(operands, total);
    if operator.strict { known } else { known.filter(|&nullable| !nullable) }
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
    "concat_ws",
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
    "date_part",
    "date_trunc",
    "decode",
    "encode",
    "exp",
    "extract",
    "floor",
    "format_type",
    "hashtext",
    "initcap",
    "left",
    "length",
    "ln",
    "lower",
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
    "to_char",
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
    "upper",
    "json_array_length",
    "jsonb_array_length",
    "justify_days",
    "justify_hours",
    "justify_interval",
    "make_interval",
    "row_to_json",
    "array_to_json",
    "bool",
    "int4",
    "int8",
    "int2",
    "float8",
    "numeric",
    "text",
];

/// The result of a function.
pub(super) fn of_function(signature: &CatalogFunction, built_in: bool, arguments: &[Typed]) -> Option<bool> {
    let name = &*signature.name;
    if built_in && NEVER.contains(&name) {
        return Some(false);
    }
    match signature.kind {
        FunctionKind::Function if signature.returns_set => None,
        FunctionKind::Function if signature.strict => of_strict(arguments, built_in && TOTAL.contains(&name)),
        _ => None,
    }
}
