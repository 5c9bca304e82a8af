//! How likely a partner still sells that has been waiting for its first sale, or for the next one, from how long the others
//! waited.

use crate::analysis::counts::{Counts, Spell};
use crate::analysis::incidence::{Incidence, incidence};
use crate::analysis::survival::Survival;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::facts::Facts;
use crate::lifecycle::performance::{known_since, reported_until};
use crate::report::estimate::significance::Evidence;
use crate::report::reading::{Channel, Line, LineFacts};

const SOLD: usize = 0;
const LEFT_WITHOUT: usize = 1;
/// The chance is that of a sale within so many days.
const AHEAD: usize = 365;
/// It is known if so many partners at least that waited as long were followed for so many days more.
const FOLLOWED: u64 = 5;
const FOLLOWED_DAYS: usize = 180;
/// Whoever waits longer than all others is given up only so many days after them.
pub(crate) const HALF_A_YEAR: i64 = 180;

/// How waits for a sale ended, over all partners.
pub(crate) struct SaleChances {
    /// The first day of which a sale is recorded, of any partner; without any, nothing is known of who sold nothing.
    recorded_since: Option<Day>,
    /// From growth to the first sale.
    first: SaleCurve,
    /// From one sale to the next.
    next: SaleCurve,
}

/// How long waits took that ended with a sale, and those that did not.
struct SaleCurve {
    counts: Counts,
    sold: Incidence,
    waiting: Survival,
}

impl SaleChances {
    /// Measures the channel, which needs all sales.
    pub(crate) fn of(channel: &Channel) -> SaleChances {
        let sales = channel.sales.iter().filter(|sale| sale.amount_minor > 0);
        let recorded_since = sales.map(|sale| sale.day).min();
        let first = channel.lines.iter().filter_map(|line| spell(channel, line, recorded_since));
        let next = channel.lines.iter().flat_map(|line| spells_between(channel, line));
        SaleChances { recorded_since, first: SaleCurve::of(first), next: SaleCurve::of(next) }
    }

    /// Returns for how many days a partner in growth has been known to have sold nothing; none if it sold something, or no
    /// sale is recorded in the channel.
    pub(crate) fn waited(&self, channel: &Channel, line: &Line) -> Option<i64> {
        let facts = channel.facts(line);
        let sold_nothing = facts.sales().iter().all(|sale| sale.amount_minor <= 0);
        self.recorded_since.filter(|_| sold_nothing)?;
        Some(channel.as_of.since(known_since(facts, facts.launched()?, self.recorded_since)))
    }

    /// Tells whether the chance of a first sale is nearly gone for a partner that waited for it so many days in growth.
    pub(crate) fn is_first_nearly_gone(&self, days: i64) -> bool {
        self.first.is_nearly_gone(days)
    }

    /// Tells whether the chance of another sale is nearly gone for a partner that has been silent for so many days.
    pub(crate) fn is_next_nearly_gone(&self, days: i64) -> bool {
        self.next.is_nearly_gone(days)
    }
}

impl SaleCurve {
    fn of(spells: impl Iterator<Item = Spell>) -> SaleCurve {
        let counts = Counts::of(2, spells);
        let (sold, waiting) = (incidence(&counts, SOLD), Survival::of(&counts));
        SaleCurve { counts, sold, waiting }
    }

    /// Whether of those that waited so long, half a year at least, a tenth as many still sell within a year as of those that
    /// begin to wait. Of longer waits than were followed it is so if it is of the longest that were, since a chance falls
    /// with waiting; or if they are far longer than any that ended, of five at least.
    fn is_nearly_gone(&self, days: i64) -> bool {
        let waited = usize::try_from(days).unwrap_or(0);
        let evidence = Evidence::of(self.counts.exits_in_all(SOLD));
        if evidence == Evidence::TooFew || days <= HALF_A_YEAR {
            return false;
        }
        let followed = (0..=waited).rev().find(|age| self.waiting.at_risk(age + FOLLOWED_DAYS) >= FOLLOWED);
        let followed = followed.filter(|_| evidence == Evidence::Full);
        if followed.is_some_and(|age| is_nearly_gone(self.chance(age), self.chance(0))) {
            return true;
        }
        let longest = (0..self.counts.ages()).rfind(|age| self.counts.exits(SOLD, *age) > 0);
        followed != Some(waited) && longest.is_some_and(|longest| is_far_beyond(days, longest))
    }

    /// The chance of a sale within a year, of those that waited so many days.
    fn chance(&self, waited: usize) -> f64 {
        let there = if waited > 0 { self.waiting.at(waited) } else { 1.0 };
        let sold = if waited > 0 { self.sold.at(waited) } else { 0.0 };
        if there > 0.0 { (self.sold.at(waited + AHEAD) - sold) / there } else { 0.0 }
    }
}

/// Returns whether so many days are twice as many as the longest that was seen to end, and half a year more.
pub(crate) fn is_far_beyond(days: i64, longest: usize) -> bool {
    let longest = longest as i64;
    days > 2 * longest && days > longest + HALF_A_YEAR
}

/// Returns whether a chance is nearly gone: at most a tenth of that of a new partner is left.
pub(crate) fn is_nearly_gone(now: f64, fresh: f64) -> bool {
    now <= fresh / 10.0
}

/// Returns the days on which a partner sold something, in order, each once.
pub(crate) fn sale_days(facts: LineFacts) -> Vec<i64> {
    let sold = facts.sales().iter().filter(|sale| sale.amount_minor > 0);
    let mut days: Vec<i64> = sold.map(|sale| sale.day.number()).collect();
    days.dedup();
    days
}

/// The waits of one partner from each sale to the next, or to the last day of which its sales are known.
fn spells_between(channel: &Channel, line: &Line) -> Vec<Spell> {
    let facts = channel.facts(line);
    let sold = sale_days(facts);
    let left = line.left_as().and(line.entered).map(Day::number);
    let mut spells: Vec<Spell> =
        sold.windows(2).map(|pair| Spell { since: 0, days: pair[1] - pair[0], exit: Some(SOLD) }).collect();
    let (until, exit) = match left {
        Some(left) => (left, Some(LEFT_WITHOUT)),
        None => (reported_until(facts).number(), None),
    };
    spells.extend(sold.last().filter(|last| **last <= until).map(|last| Spell {
        since: 0,
        days: until - last,
        exit,
    }));
    spells
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
    let since = days(known_since(facts, came, recorded_since));
    known.then(|| Spell { since, days: days(last), exit })
}
