//! Records of periods that lie in several periods of a report: half-years in quarters, quarters of another fiscal year.

use std::convert::Infallible;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::{Calendar, DayRange, Every};
use crate::lifecycle::base::text::{counted, phrase};
use crate::lifecycle::facts::{Facts, PartnerFacts};
use crate::lifecycle::revenue::SaleFact;
use crate::report::first_few::FirstFew;
use crate::report::reading::Channel;
use crate::text::periods::days_in_words;

/// How many records are named.
const NAMED: usize = 3;

/// Records of periods that lie in several periods of a length.
pub(crate) struct Spanning {
    calendar: Calendar,
    every: Every,
    /// The first of them each with whose it is.
    few: FirstFew,
}

impl Spanning {
    /// Begins without any record.
    pub(crate) fn new(calendar: Calendar, every: Every) -> Spanning {
        Spanning { calendar, every, few: FirstFew::default() }
    }

    /// Takes a record of some days, if they do not all lie in one period.
    pub(crate) fn take(&mut self, partner: &str, days: DayRange) {
        let last = self.calendar.containing(days.last, self.every);
        if last.is_none_or(|period| period.first <= days.first) {
            return;
        }
        let words = || Ok::<_, Infallible>(format!("{partner} {}", self.calendar.named(days).with_days()));
        let Ok(()) = self.few.add(words);
    }

    /// Takes the sales of a partner that count within some days.
    pub(crate) fn take_sales<S: SaleFact>(&mut self, partner: &str, sales: &[S], within: DayRange) {
        let from = sales.partition_point(|sale| sale.day() < within.first);
        let of_window = sales[from..].iter().take_while(|sale| sale.day() <= within.last);
        for sale in of_window.filter(|sale| sale.amount_minor() != 0 && sale.first_day() < sale.day()) {
            self.take(partner, DayRange { first: sale.first_day(), last: sale.day() });
        }
    }

    /// Says how they count: nothing without any.
    pub(crate) fn sentence(&self) -> Option<String> {
        let FirstFew { count, named } = &self.few;
        let more = (self.few.more() > 0).then(|| format!("{} more", self.few.more()));
        let named: Vec<String> = named.iter().cloned().chain(more).collect();
        let every = self.every.word();
        (*count > 0).then(|| {
            let (reports, span, count) = match *count {
                1 => ("1 report of a period".to_owned(), "spans", "counts"),
                many => (counted(many, "report").replace("reports", "reports of periods"), "span", "count"),
            };
            format!(
                "{reports} {span} more than one {every} and {count} whole in the last one: {}.",
                phrase(&named)
            )
        })
    }
}

/// Says of milestones that were recorded or moved for days which are no period of the fiscal calendar, for which of its periods
/// that counts.
pub(crate) fn milestones_of_other_days(facts: PartnerFacts) -> Option<String> {
    let PartnerFacts { program, partner, .. } = facts;
    let recorded = partner.milestones.iter().filter(|one| one.life == partner.returns);
    let recorded = recorded.filter_map(|one| Some((&one.milestone, one.period.as_ref()?.days)));
    let moved = partner.moved_dues.iter().filter(|one| one.life == partner.returns);
    let moved = moved.filter_map(|one| Some((&one.milestone, one.days?)));
    let mut said: Vec<String> = Vec::new();
    for (key, days) in recorded.chain(moved) {
        let every = program.milestone(key).and_then(|(_, milestone)| milestone.every);
        let home = every.and_then(|every| program.report_calendars().home(days, every));
        let Some(home) = home.filter(|home| home.days() != days) else { continue };
        let sentence = format!("{key} of {} counts for {}", days_in_words(days), home.with_days());
        if !said.contains(&sentence) {
            said.push(sentence);
        }
    }
    let more = said.len().saturating_sub(NAMED);
    said.truncate(NAMED);
    said.extend((more > 0).then(|| format!("{more} more")));
    (!said.is_empty()).then(|| format!("Recorded under another fiscal year: {}.", phrase(&said)))
}

/// Says which records of periods that count from `first` to `last` lie in several quarters, and how they count.
pub(crate) fn spanning_quarters(channel: &Channel, (first, last): (Day, Day)) -> Option<String> {
    let mut spanning = Spanning::new(channel.program.calendar, Every::Quarter);
    for line in &channel.lines {
        spanning.take_sales(line.key(), channel.facts(line).sales(), DayRange { first, last });
    }
    spanning.sentence()
}
