//! The rules: one file of code and one of documentation each, held together by [`ALL`].

use crate::rollout::Rule;

mod ambiguous_column;
mod broken_at_head;
mod collation_conflict;
mod conflict_target_missing;
mod constraint_added;
mod enum_label_missing;
mod enum_labels_differ;
mod expectation_out_of_range;
mod generated_column_written;
mod grouping_broken;
mod insert_arity;
mod meaning_changed;
mod migration_edited;
mod migration_fails;
mod migration_fails_on_rows;
mod migration_out_of_order;
mod migration_removed;
mod migrator_refuses_schema;
mod missing_column;
mod missing_function;
mod missing_table;
mod missing_type;
mod operation_refused;
mod parameter_type_changed;
mod permission_lost;
mod phase_not_enforced;
mod replacement_unwritten;
mod required_column_omitted;
mod result_nullability_loosened;
mod result_type_changed;
mod rollback_blocked;
mod routine_broken;
mod stale_session;
mod type_mismatch;
mod unparsed_query;
mod unparsed_statement;
mod view_broken;

/// All rules, sorted by id.
pub static ALL: &[&Rule] = &[
    &ambiguous_column::RULE,
    &broken_at_head::RULE,
    &collation_conflict::RULE,
    &conflict_target_missing::RULE,
    &constraint_added::RULE,
    &enum_label_missing::RULE,
    &enum_labels_differ::RULE,
    &expectation_out_of_range::RULE,
    &generated_column_written::RULE,
    &grouping_broken::RULE,
    &insert_arity::RULE,
    &meaning_changed::RULE,
    &migration_edited::RULE,
    &migration_fails::RULE,
    &migration_fails_on_rows::RULE,
    &migration_out_of_order::RULE,
    &migration_removed::RULE,
    &migrator_refuses_schema::RULE,
    &missing_column::RULE,
    &missing_function::RULE,
    &missing_table::RULE,
    &missing_type::RULE,
    &operation_refused::RULE,
    &parameter_type_changed::RULE,
    &permission_lost::RULE,
    &phase_not_enforced::RULE,
    &replacement_unwritten::RULE,
    &required_column_omitted::RULE,
    &result_nullability_loosened::RULE,
    &result_type_changed::RULE,
    &rollback_blocked::RULE,
    &routine_broken::RULE,
    &stale_session::RULE,
    &type_mismatch::RULE,
    &unparsed_query::RULE,
    &unparsed_statement::RULE,
    &view_broken::RULE,
];

/// The rule with this id.
pub fn by_id(id: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.id == id)
}

#[cfg(test)]
mod tests;
