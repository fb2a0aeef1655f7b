//! `COPY`: its options say nothing of names and types.

use super::Edits;

/// Drops all after the source or target of `COPY`.
pub(super) fn options(edits: &mut Edits) {
    let mut at = match edits.closing(1) {
        Some(close) => close + 1,
        None => {
            let binary = usize::from(edits.is(1, "binary") && edits.is_name(2));
            edits.drop(1..1 + binary);
            edits.after_object_name(1 + binary)
        }
    };
    if let Some(close) = edits.closing(at) {
        at = close + 1;
    }
    if !edits.is_any(at, &["from", "to"]) {
        return;
    }
    let target = at + 1 + usize::from(edits.is(at + 1, "program"));
    let end = edits.tokens.len();
    if target + 1 < end {
        edits.drop_clause(target + 1..end, "COPY options");
    }
}
