//! Whose plans, sales, milestones, reviews, credits and owed reports are of periods that a new program calls otherwise.

use std::collections::BTreeSet;

use crate::lifecycle::base::period::{Calendar, DayRange, Period};
use crate::lifecycle::base::text::{counted, phrase};
use crate::lifecycle::facts::{Facts, PartnerFacts};
use crate::lifecycle::program::Program;
use crate::store::View;
use crate::text::periods::days_in_words;

/// How many partners are named.
const NAMED: usize = 3;

/// The kinds of records that have periods, and what becomes of those that are no period of the new calendar.
const KINDS: [(&str, &str); 6] = [
    ("plan", "each day counts in its new quarter"),
    ("sale", "each counts whole, on its last day"),
    ("milestone", "each counts for the period with most of its days"),
    ("business review", "each counts for the quarter with most of its days"),
    ("credit", "each keeps its money and its days"),
    ("overdue report", "each is still asked for, with these days"),
];

/// What is recorded of one kind for periods that get other names.
#[derive(Default)]
struct RenamedPeriods {
    records: usize,
    partners: BTreeSet<String>,
    /// Those that the new calendar has no name for.
    unnamed: usize,
    /// The first of those with another name, and of those without one.
    first: Option<DayRange>,
    first_unnamed: Option<DayRange>,
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
        for (kind, periods) in
            all.iter_mut().zip(periods_of(PartnerFacts { program: old, partner: &partner, day: view.as_of }))
        {
            for days in periods {
                kind.take(&partner.key, days, calendars);
            }
        }
    }
    Ok(all.iter().zip(KINDS).filter_map(|(one, kind)| one.sentence(kind, calendars)).collect())
}

/// Returns the days of all periods that are recorded of a partner or owed by it, in the order of [`KINDS`].
fn periods_of(facts: PartnerFacts) -> [Vec<DayRange>; KINDS.len()] {
    let partner = facts.partner;
    let done = partner.milestones.iter().filter_map(|one| Some(one.period.as_ref()?.days));
    let moved = partner.moved_dues.iter().filter_map(|one| one.days);
    let lots = partner.books.ledgers().flat_map(|(_, ledger)| &ledger.lots);
    [
        partner.plans.iter().map(|plan| plan.days).collect(),
        partner.sales.iter().filter_map(|sale| sale.period).collect(),
        done.chain(moved).collect(),
        partner.reviews.iter().map(|review| review.days).collect(),
        lots.map(|lot| lot.days).collect(),
        facts.reports_owed().iter().map(Period::days).collect(),
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
        let first = if now.is_unnamed() { &mut self.first_unnamed } else { &mut self.first };
        first.get_or_insert(days);
        if !self.partners.contains(partner) {
            self.partners.insert(partner.to_owned());
        }
    }

    fn sentence(&self, (noun, unnamed): (&str, &str), (old, new): (Calendar, Calendar)) -> Option<String> {
        let mut whose: Vec<String> = self.partners.iter().take(NAMED).cloned().collect();
        let more = self.partners.len() - whose.len();
        whose.extend((more > 0).then(|| format!("{more} more")));
        let (records, one) = (counted(self.records, noun), self.records == 1);
        let whose = phrase(&whose);
        let keep = if one { "keeps its days" } else { "keep their days" };
        let get = |count: usize| if count == 1 { "gets another name" } else { "get other names" };
        let renamed = |days: DayRange| {
            format!("{} becomes {}", old.named(days).with_days(), new.named(days).with_days())
        };
        Some(match (self.first, self.first_unnamed.map(days_in_words)) {
            (Some(days), None) => {
                format!("{records} of {whose} {keep} and {}: {}", get(self.records), renamed(days))
            }
            (None, Some(days)) => {
                format!("{records} of {whose} {keep}, {days}, which match no new period: {unnamed}")
            }
            (Some(first), Some(days)) => {
                let count = self.records - self.unnamed;
                let matches = if self.unnamed == 1 { "matches" } else { "match" };
                format!(
                    "{records} of {whose} {keep}: {count} {}, {}; {} {matches} no new period, {days}: {unnamed}",
                    get(count),
                    renamed(first),
                    self.unnamed
                )
            }
            (None, None) => return None,
        })
    }
}
