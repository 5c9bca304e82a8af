//! What accruals to several partners come to, and what of them nobody has asked for yet.

use shell_words::quote;

use crate::lifecycle::base::hint::Step;
use crate::lifecycle::base::money::Amount;
use crate::lifecycle::base::period::Period;
use crate::lifecycle::base::text::counted;
use crate::lifecycle::facts::PartnerFacts;
use crate::lifecycle::funds::{AccruesAnew, Balance, JoinedBalance, NotPosted, settled_minor};
use crate::lifecycle::program::Program;
use crate::text::funds::not_covered_in_words;
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
        _ => format!("co-op accruals change by {amount}; post them: `{accrue}`"),
    }
}

/// Says of which earlier days nothing has accrued to a fund, and how it does.
pub(crate) fn left_out_in_words(fund: &str, after: PartnerFacts, one: &NotPosted) -> String {
    let (partner, key) = (after.partner.name(), &after.partner.key);
    let accrue = command_line(&Step::AccrueFund { partner: key.clone() });
    let how = match one {
        NotPosted::LeftOut { begin: Some(first), .. } => {
            format!(": `{accrue} --period {first}` begins with {}", first.with_days())
        }
        NotPosted::LeftOut { begin: None, .. } => format!(": `{accrue}` posts it"),
        NotPosted::NoPercent { .. } | NotPosted::Expired { .. } => String::new(),
    };
    format!("{partner}, {fund}: {}{how}", one.in_words())
}

/// Says what accruals changed of what is overpaid or not covered of a fund, from how things stood before to how they stand now; nothing if
/// nothing of it changed.
pub(crate) fn overpaid_in_words(fund: &str, before: PartnerFacts, after: PartnerFacts) -> Option<String> {
    let (was, is) = (before.balance(fund), after.balance(fund));
    let set = settled_minor(after, fund) - settled_minor(before, fund);
    if set <= 0 && is.overpaid <= was.overpaid && is.not_covered <= was.not_covered {
        return None;
    }
    let mut parts = Vec::new();
    if set > 0 {
        let what = match (was.overpaid > 0 || is.overpaid > 0, was.not_covered > 0 || is.not_covered > 0) {
            (true, true) => "settles what was overpaid and covers what is committed or claimed",
            (false, true) => "covers what is committed or claimed",
            _ => "settles what was overpaid",
        };
        parts.push(format!("{} {what}, {} is available", after.amount(set), after.amount(is.available)));
    }
    if is.overpaid > 0 {
        let overpaid = after.amount(is.overpaid);
        parts.push(format!("overpaid by {overpaid}, to be settled by what accrues next"));
    }
    parts.extend(not_covered_in_words(is, after.amount(0)));
    Some(format!("{}, {fund}: {}", after.partner.name(), parts.join("; ")))
}

/// Says what a merge makes of the money of a fund; the keys are those of the partner that stays and of the one that goes.
pub(crate) fn joined_in_words(one: &JoinedBalance, [staying, going]: [&str; 2], program: &Program) -> String {
    let JoinedBalance { fund, staying: own, going: other, together } = one;
    let held = |balance: &Balance| held_in_words(*balance, program);
    if !own.in_hand() {
        return format!("{fund}: {} of `{going}` is taken over", held(other));
    }
    format!("{fund}: {} of `{staying}` and {} of `{going}` make {}", held(own), held(other), held(together))
}

/// Says what is not settled of a balance.
fn held_in_words(balance: Balance, program: &Program) -> String {
    let parts = [
        (balance.available, "available"),
        (balance.committed, "committed"),
        (balance.claimed, "claimed"),
        (balance.overpaid, "overpaid"),
        (balance.not_covered, "not covered"),
    ];
    let parts =
        parts.into_iter().filter(|(minor, word)| *minor > 0 || *word == "available" && !balance.in_hand());
    let parts: Vec<String> =
        parts.map(|(minor, word)| format!("{} {word}", program.currency.amount(minor))).collect();
    parts.join(", ")
}

/// Says what has accrued to a fund too much, or not yet, since two partners are one, and what puts that right.
pub(crate) fn accrues_anew_in_words(all: &[AccruesAnew], partner: &str, program: &Program) -> Vec<String> {
    let accrue = command_line(&Step::AccrueFund { partner: partner.to_owned() });
    let said = all.iter().map(|AccruesAnew { fund, days, minor }| {
        let (amount, period) = (program.currency.amount(minor.abs()), program.calendar.named(*days));
        let how = if period.is_unnamed() { accrue.clone() } else { format!("{accrue} --period {period}") };
        let of = period.with_days();
        if *minor < 0 {
            format!("{amount} too much has accrued to {fund} for {of}: `{how}` takes it back")
        } else {
            format!("{amount} has not accrued to {fund} for {of} yet: `{how}` posts it")
        }
    });
    said.collect()
}
