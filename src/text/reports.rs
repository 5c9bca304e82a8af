//! Notes of reports that name the next command.

use crate::lifecycle::base::text::counted;
use crate::lifecycle::program::Program;

/// Says how to announce, below a report without announcements.
pub(crate) const NO_ANNOUNCEMENTS: &str = "No announcements yet: `chanlife announce KEY --where ...`";
/// Says how to list the partners of an announcement.
pub(crate) const ANNOUNCEMENT_BY_PARTNER: &str = "Partner by partner: `chanlife report communication KEY`";
/// Says how to answer.
pub(crate) const ANSWER_A_QUESTION: &str =
    "`chanlife answer NUMBER TEXT` answers a question; `--as NUMBER` reuses an earlier answer.";
/// Says how to credit funds.
pub(crate) const NO_CREDITS: &str = "No credits yet: use `chanlife fund accrue` or `chanlife fund grant`.";
/// Says how to agree on terms.
pub(crate) const NO_TERMS: &str = "No terms agreed yet: `chanlife agree PARTNER TERM=VALUE`";
/// Says how to have sales held against terms.
pub(crate) const SALES_NOT_HELD: &str =
    "Sales are not checked against terms: add [sales] to the program (`chanlife help program-file`).";
/// Says how to apply a tier review, of one partner, of those who meet conditions, or of all.
pub(crate) fn apply_tiers(partner: Option<&str>, conditions: &[String]) -> String {
    let whom = match partner {
        Some(key) => format!("{key} "),
        None => conditions
            .iter()
            .flat_map(|one| ["--where ".into(), shell_words::quote(one), " ".into()])
            .collect(),
    };
    let what = if partner.is_some() { "this change" } else { "these changes as one action" };
    format!("`chanlife tier review {whom}--apply` records {what}.")
}

/// Says how to take a tier that is no more from a partner that has earned no other.
pub(crate) fn no_tier_left(partner: &str) -> String {
    format!("`chanlife edit {partner} --unset tier` removes a tier that is no longer in the program.")
}

/// Stands in place of the partners to touch first if there are no partners.
pub(crate) const NOBODY: &str = "No partner needs attention today.";

/// Stands in place of the partners to touch first if all partners are on schedule.
pub(crate) const NOBODY_LATE: &str =
    "No partner needs attention today. `chanlife next` lists the next step of each.";

/// Says how to park a partner instead of ending the partnership.
pub(crate) const PARK_INSTEAD: &str = "To park one instead: `chanlife park PARTNER --until DATE --reason REASON`. To keep one, see `chanlife show PARTNER`.";

/// Returns a sentence that names partners about whom only a decision is left, each with why, and where they are listed.
pub(crate) fn to_decide(named: &[String]) -> String {
    format!("To decide, see `chanlife next`: {}.", named.join("; "))
}

/// Says that visits began before the field by which they are grouped was recorded, and how to record since when it holds.
pub(crate) fn recorded_later(visits: usize, field: &str) -> String {
    format!(
        "{} began before the {field} of the partner was recorded: under (none). `chanlife edit PARTNER --set \
         {field}=VALUE --on DATE` records since when it holds.",
        counted(visits, "visit")
    )
}

/// Says how many partners below another are not shown, and what lists them.
pub(crate) fn more_below(hidden: usize, parent: &str) -> String {
    format!("{hidden} more: `chanlife list --where parent={parent}`")
}

/// Says how many requests await approval, and where they are listed.
pub(crate) fn requests_awaiting_approval(requests: &str) -> String {
    format!("{requests} awaiting approval: `chanlife fund list`")
}

/// Says how to assess a partner that was not assessed yet.
pub(crate) fn not_assessed(partner: &str) -> String {
    format!("Not assessed yet: `chanlife assess {partner}`")
}

/// Says when reports are due, and how to record a period without sales.
pub(crate) fn reports_due(due_days: i64) -> String {
    format!(
        "Reports are due {due_days} days after the end of the period; \
         `chanlife revenue add PARTNER 0 --period PERIOD` records a period without sales."
    )
}

/// Returns the command that notifies a partner of an announcement: by messages, which need a sender, or else by a file for
/// a mail merge.
pub(crate) fn announce_to(program: &Program, announcement: &str, partner: &str) -> String {
    let sender = program.launches.as_ref().and_then(|rule| rule.sender.as_ref());
    let how = if sender.is_some() { "--messages FOLDER" } else { "--merge FILE" };
    format!("chanlife announce {announcement} {partner} {how}")
}

/// Says where to look as long as no improvement toward sales can be ranked.
pub(crate) const MEANWHILE: &str = "Until then: `chanlife report growth` has the time to revenue and who sells, `chanlife next` whom to touch first.";

/// Says that partners whose chance is nearly gone are left out of a list of whom to touch.
pub(crate) fn given_up_in_words(count: usize) -> String {
    let partners = counted(count, "partner");
    let is = if count == 1 { "is" } else { "are" };
    format!("{partners} whose chance is nearly gone {is} left out; `chanlife next` lists them under Decide.")
}

/// Says which chance `report growth` has, which does not look at stages.
pub(crate) fn counted_directly(chance: &str) -> String {
    format!("Counted from joining alone, as in `chanlife report growth`: {chance}.")
}

/// Says in which stage most due dates were moved to a later day: how often, of how many moves in all stages, and by how many
/// days in the median.
pub(crate) fn slippage_in_words(
    stage: &str,
    (later, total): (usize, usize),
    partners: usize,
    median: i64,
) -> String {
    let all = if later == total { "all of them".to_owned() } else { format!("{later} of {total}") };
    format!(
        "Slippage: most due dates moved to a later day in the last 12 months were in {stage}: {all}, for {}, by {median} d in \
         the median; `chanlife report velocity` shows all stages.",
        counted(partners, "partner")
    )
}
