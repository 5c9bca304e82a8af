//! What accruals to several partners come to, and what of them nobody has asked for yet.

use shell_words::quote;

use crate::lifecycle::base::hint::Step;
use crate::lifecycle::base::money::Amount;
use crate::lifecycle::base::period::Period;
use crate::lifecycle::base::text::counted;
use crate::text::steps::command_line;

/// What accrued to several partners, or has not accrued yet.
#[derive(Default)]
pub(crate) struct AccruedSum {
    pub partners: usize,
    pub minor: i128,
    /// The first quarter of those whose money nobody has asked for.
    pub begin: Option<Period>,
}

/// Says what accrued to several partners together.
pub(crate) fn accrued_in_all(sum: &AccruedSum, amount: Amount) -> String {
    format!("{amount} in all, for {}", counted(sum.partners, "partner"))
}

/// Says what has not accrued to several partners yet, and which command begins with it; `conditions` are those that they meet.
pub(crate) fn not_accrued_in_all(sum: &AccruedSum, amount: Amount, conditions: &[String]) -> Option<String> {
    let begin = sum.begin.as_ref()?;
    let conditions: Vec<String> = conditions.iter().map(|one| format!("--where {} ", quote(one))).collect();
    let conditions = conditions.concat();
    Some(format!(
        "{amount} of earlier quarters has not accrued to {} yet: `chanlife fund accrue {conditions}--period {begin}` \
         begins with {}",
        counted(sum.partners, "partner"),
        begin.with_days()
    ))
}

/// Says what is to be posted to the funds of a partner after a correction of what it sold.
pub(crate) fn accrues_otherwise(amount: Amount, partner: &str) -> String {
    let accrue = command_line(&Step::AccrueFund { partner: partner.to_owned() });
    match amount.money.minor {
        0 => "nothing more is to accrue".to_owned(),
        _ => format!("its accruals change by {amount}: `{accrue}` posts that"),
    }
}
