//! How likely a partner in growth that sold nothing yet still sells, from how long the others took to their first sale.

use crate::analysis::counts::{Counts, Spell};
use crate::analysis::incidence::{Incidence, incidence};
use crate::analysis::survival::Survival;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::facts::Facts;
use crate::report::estimate::significance::Evidence;
use crate::report::reading::{Channel, Line};

const SOLD: usize = 0;
const LEFT_WITHOUT: usize = 1;
/// The chance is that of a first sale within so many days.
const AHEAD: usize = 365;

/// The time from growth to the first sale, over all partners that came to growth.
pub(crate) struct FirstSales {
    /// The first day of which a sale is recorded, of any partner; without any, nothing is known of who sold nothing.
    recorded_since: Option<Day>,
    counts: Counts,
    sold: Incidence,
    waiting: Survival,
}

impl FirstSales {
    /// Measures the channel, which needs all sales.
    pub(crate) fn of(channel: &Channel) -> FirstSales {
        let mut counts = Counts::new(2);
        let sales = channel.sales.iter().filter(|sale| sale.amount_minor > 0);
        let recorded_since = sales.map(|sale| sale.day).min();
        for line in &channel.lines {
            if let Some(spell) = spell(channel, line, recorded_since) {
                counts.add(spell, 1);
            }
        }
        let (sold, waiting) = (incidence(&counts, SOLD), Survival::of(&counts));
        FirstSales { recorded_since, counts, sold, waiting }
    }

    /// Returns for how many days a partner in growth has been known to have sold nothing; none if it sold something, or no
    /// sale is recorded in the channel.
    pub(crate) fn waited(&self, channel: &Channel, line: &Line) -> Option<i64> {
        let facts = channel.facts(line);
        let sold_nothing = facts.sales().iter().all(|sale| sale.amount_minor <= 0);
        self.recorded_since.filter(|_| sold_nothing)?;
        Some(channel.as_of.since(known_since(line, facts.launched()?, self.recorded_since)))
    }

    /// Returns the chance of a first sale within a year, of a partner that has waited for it so many days in growth, beside
    /// that of a partner that comes to growth now; none if too few partners were seen to sell, or none that waited so long
    /// was followed further.
    pub(crate) fn chances(&self, waited: usize) -> Option<(f64, f64)> {
        let there = self.waiting.at(waited);
        let followed = self.waiting.oldest() > Some(waited);
        let later = (self.sold.at(waited + AHEAD) - self.sold.at(waited)) / there;
        (self.is_known() && there > 0.0 && followed).then(|| (later, self.sold.at(AHEAD)))
    }

    /// Returns whether enough partners were seen to sell.
    pub(crate) fn is_known(&self) -> bool {
        Evidence::of(self.counts.exits_in_all(SOLD)) == Evidence::Full
    }

    /// Returns the longest time from growth to a first sale, in days.
    pub(crate) fn longest(&self) -> Option<usize> {
        (0..self.counts.ages()).rfind(|age| self.counts.exits(SOLD, *age) > 0)
    }
}

/// Returns the day since when it is known of a partner in growth whether it sells: since it came there, but not before it
/// was watched, unless sales of earlier days are recorded in the channel.
fn known_since(line: &Line, came: Day, recorded_since: Option<Day>) -> Day {
    came.max(recorded_since.map_or(line.observed_from, |first| first.min(line.observed_from)))
}

/// The wait of one partner for its first sale after it came to growth; none for one that never came there, or was found
/// there.
fn spell(channel: &Channel, line: &Line, recorded_since: Option<Day>) -> Option<Spell> {
    let facts = channel.facts(line);
    let came = facts.launched()?;
    let known = facts.stays().any(|stay| stay.entered == came && stay.entry_known);
    let left = line.left_as().and(line.entered);
    let end = left.unwrap_or(channel.as_of);
    let first = facts.sales().iter().find(|sale| sale.amount_minor > 0).map(|sale| sale.day.max(came));
    let (last, exit) = match (first.filter(|first| *first <= end), left) {
        (Some(first), _) => (first, Some(SOLD)),
        (None, Some(left)) => (left, Some(LEFT_WITHOUT)),
        (None, None) => (end, None),
    };
    let days = |to: Day| to.since(came);
    let since = days(known_since(line, came, recorded_since));
    known.then(|| Spell { since, days: days(last), exit })
}
