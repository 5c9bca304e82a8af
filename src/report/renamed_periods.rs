//! Whose plans, sales, milestones, reviews and credits are of periods that a new program calls otherwise.

use std::collections::BTreeSet;

use crate::lifecycle::base::period::{Calendar, DayRange};
use crate::lifecycle::base::text::{counted, phrase};
use crate::lifecycle::partner::Partner;
use crate::lifecycle::program::Program;
use crate::store::View;
use crate::text::periods::days_in_words;

/// How many partners are named.
const NAMED: usize = 3;

/// The kinds of records that have periods, and what becomes of those that are no period of the new calendar.
const KINDS: [(&str, &str); 5] = [
    ("plan", "count by day"),
    ("sale", "count whole on their last day"),
    ("milestone", "count for the period with most of their days"),
    ("business review", "count for the quarter with most of their days"),
    ("credit", "keep their money and their days"),
];

/// What is recorded of one kind for periods that get other names.
#[derive(Default)]
struct RenamedPeriods {
    records: usize,
    partners: BTreeSet<String>,
    /// Those that the new calendar has no name for.
    unnamed: usize,
    first: Option<DayRange>,
}

/// Says of each kind of record how many there are, of whom, whose periods a new program calls otherwise; nothing if its fiscal
/// years are those of the old one.
///
/// # Errors
/// Fails if the file cannot be read.
pub(crate) fn renamed_periods(view: &View, old: &Program, new: &Program) -> anyhow::Result<Vec<String>> {
    let calendars = (old.calendar, new.calendar);
    if calendars.0 == calendars.1 {
        return Ok(Vec::new());
    }
    let mut all: [RenamedPeriods; KINDS.len()] = Default::default();
    for watched in view.partners()? {
        let Some(partner) = view.partner(watched.id)? else { continue };
        for (kind, periods) in all.iter_mut().zip(periods_of(&partner)) {
            for days in periods {
                kind.take(&partner.key, days, calendars);
            }
        }
    }
    Ok(all.iter().zip(KINDS).filter_map(|(one, kind)| one.sentence(kind, calendars)).collect())
}

/// Returns the days of all periods that are recorded of a partner, in the order of [`KINDS`].
fn periods_of(partner: &Partner) -> [Vec<DayRange>; KINDS.len()] {
    let done = partner.milestones.iter().filter_map(|one| Some(one.period.as_ref()?.days));
    let moved = partner.moved_dues.iter().filter_map(|one| one.days);
    let lots = partner.books.ledgers().flat_map(|(_, ledger)| &ledger.lots);
    [
        partner.plans.iter().map(|plan| plan.days).collect(),
        partner.sales.iter().filter_map(|sale| sale.period).collect(),
        done.chain(moved).collect(),
        partner.reviews.iter().map(|review| review.days).collect(),
        lots.map(|lot| lot.days).collect(),
    ]
}

impl RenamedPeriods {
    /// Takes the days of a record, if the new calendar calls them otherwise.
    fn take(&mut self, partner: &str, days: DayRange, (old, new): (Calendar, Calendar)) {
        let now = new.named(days);
        if old.named(days) == now {
            return;
        }
        self.records += 1;
        self.unnamed += usize::from(now.is_unnamed());
        self.first.get_or_insert(days);
        if !self.partners.contains(partner) {
            self.partners.insert(partner.to_owned());
        }
    }

    fn sentence(&self, (noun, unnamed): (&str, &str), (old, new): (Calendar, Calendar)) -> Option<String> {
        let days = self.first?;
        let (was, now) = (old.named(days), new.named(days));
        let now = if now.is_unnamed() { days_in_words(days) } else { now.with_days() };
        let mut named: Vec<String> = self.partners.iter().take(NAMED).cloned().collect();
        let more = self.partners.len() - named.len();
        named.extend((more > 0).then(|| format!("{more} more")));
        let (records, have) = (counted(self.records, noun), if self.records == 1 { "its" } else { "their" });
        let fit = match self.unnamed {
            0 => String::new(),
            all if all == self.records => format!("; no new period has these days: they {unnamed}"),
            some => format!("; no new period has the days of {some} of them: they {unnamed}"),
        };
        let (keep, get) = if self.records == 1 { ("keeps", "gets") } else { ("keep", "get") };
        let names = if self.records == 1 { "another name" } else { "other names" };
        Some(format!(
            "{records} of {} {keep} {have} days and {get} {names}: {} becomes {now}{fit}",
            phrase(&named),
            was.with_days()
        ))
    }
}
