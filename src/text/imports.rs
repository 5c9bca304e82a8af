//! The words of imports that name a command.

use crate::lifecycle::base::text::counted;

/// Why rows of an unknown partner are rejected, if an import adds no partners.
pub(crate) const PARTNER_NOT_FOUND: &str =
    "partner not found; add it with `chanlife add-partner` or `import partners`";

/// Why a row with a decision is rejected that changes more than the watch list.
pub(crate) const DECISION_WITH_CHANGES: &str =
    "is a decision with further changes; record it with `chanlife decide`";

/// The second comment line of an answers file.
pub(crate) const RECORD_ANSWERS: &str = "# Then record them: `chanlife assess PARTNER --answers FILE`\n";

/// Returns the note on partners whose stage in the file was not imported.
pub(crate) fn stages_kept(partners: u64) -> String {
    format!(
        "{} kept the recorded stage; use `chanlife import stages` for stage changes",
        counted(partners, "partner")
    )
}

/// Returns why a sale is rejected whose reference is recorded with another amount or day.
pub(crate) fn sale_differs(reference: &str, money: &str, day: &str, event: i64) -> String {
    format!("ref `{reference}` is recorded with {money} on {day}; to correct it: `chanlife correct {event}`")
}
