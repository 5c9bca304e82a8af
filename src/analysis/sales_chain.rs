//! From joining to revenue: histories that go by stages up to the first sale, and by sales from then on.
//!
//! Up to its twelfth sale a partner is in a state for each sale, so that whoever goes on after one is compared with others
//! that have sold as often, and after that it is *selling*, unless it goes *quiet*: silent for longer than a limit. A sale
//! after that makes it *selling again*. Going quiet is dated back to the last sale, which is when it
//! stopped; whether it did is known only once the limit has passed. So the time after each sale counts if its limit ends by
//! the last day, whatever came, and a history is observed up to the first sale of which it does not. That depends on the
//! past of the sale alone, so that those who go on are no more likely to count than those who do not (a predictable
//! at-risk indicator; Andersen, Borgan, Gill and Keiding, 1993, section III.2).

use crate::analysis::state_histories::{StateHistories, StateHistory, States, Visit};

/// What is to be reached.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    /// The first sale.
    FirstRevenue,
    /// The first day on which the revenue of twelve months reaches a threshold.
    Productive,
    /// Nothing: all that is sold counts, to the last day.
    Revenue,
}

/// What one partner sold on one day, net of returns.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct SaleDay {
    pub day: i64,
    pub amount: f64,
}

/// What is known of the sales of one partner.
#[derive(Clone, Debug, Default)]
pub struct PartnerSales {
    /// In order of day.
    pub days: Vec<SaleDay>,
    /// The first day on which the partner was productive.
    pub productive: Option<i64>,
}

/// The states that come after the first sale, behind those of the stages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SalesStates {
    /// Sold once; the states of the next sales follow, and `selling` is the last of them.
    pub once: usize,
    pub selling: usize,
    pub quiet: usize,
    pub again: usize,
    /// The end is reached.
    pub target: usize,
}

/// An amount that a history brought in a stay of a known age.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Earned {
    /// The place of the history.
    pub history: usize,
    pub state: usize,
    pub age: usize,
    pub amount: f64,
}

/// Where a partner stands on the last day, unless it has left or reached the end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Present {
    pub partner: i64,
    pub state: usize,
    pub age: usize,
}

/// The histories toward one end.
#[derive(Clone, Debug)]
pub struct SalesChain {
    pub histories: StateHistories,
    pub states: SalesStates,
    pub earned: Vec<Earned>,
    pub present: Vec<Present>,
    /// A partner that sold once is quiet after so many days; none if it cannot be told from being slow.
    pub quiet_after: Option<i64>,
    /// Histories that are not used, because it is not known whether they had sold before.
    pub left_out: usize,
}

/// So many sales are counted.
const COUNTED: usize = 12;
/// A partner is quiet after this multiple of the time in which so many of the next sales come that come. Of exponential
/// gaps 99 % are shorter.
const MOST: f64 = 0.9;
const LATE: f64 = 2.0;
/// Of the second sale this is said if so many partners at least were followed for so many times as long; of any sale, if so
/// many came.
const FOLLOWED: i64 = 2;
const ENOUGH: usize = 10;
/// The pace of a partner is held against that of all as if it had so many gaps like theirs.
const OTHERS: f64 = 2.0;

impl SalesStates {
    /// Returns these states, and all states together, behind those of the stages.
    pub fn behind(stages: States) -> (SalesStates, States) {
        let first = stages.count;
        let selling = first + COUNTED - 1;
        let own =
            SalesStates { once: first, selling, quiet: selling + 1, again: selling + 2, target: selling + 3 };
        (own, States { count: own.target + 1, success: own.target, ..stages })
    }

    /// Returns all states in which a partner that has sold goes on, those after it was quiet too.
    pub fn going_on(self) -> impl Iterator<Item = usize> {
        (self.once..=self.selling).chain([self.again])
    }

    /// Returns the state after the sale at a place, from 0.
    fn after(self, sale: usize) -> usize {
        (self.once + sale).min(self.selling)
    }
}

impl SalesChain {
    /// Makes the histories toward an end from those of the stages and the sales of each of them, in the same order.
    pub fn of(end: End, stages: &StateHistories, sales: &[PartnerSales]) -> SalesChain {
        let (states, all) = SalesStates::behind(stages.states);
        let as_of = stages.as_of;
        let sold: Vec<Vec<i64>> = sales.iter().map(PartnerSales::sold_on).collect();
        let mut chain = SalesChain {
            histories: StateHistories::new(all, as_of),
            states,
            earned: Vec::new(),
            present: Vec::new(),
            quiet_after: second_sale_late(&sold, as_of),
            left_out: 0,
        };
        let pace = SalesPace::of(&sold, as_of);
        for ((history, sales), sold) in stages.iter().zip(sales).zip(&sold) {
            let at = chain.histories.len();
            chain.histories.begin(history.id, history.observed_from);
            let life = Life {
                end,
                history,
                sold,
                productive: sales.productive,
                success: stages.states.success,
                left: all.left,
                as_of,
                limits: limits(pace.as_ref(), sold, chain.quiet_after),
            };
            let present = life.present(states);
            chain.present.extend(present.map(|(state, age)| Present { partner: history.id, state, age }));
            if life.is_unknown() {
                chain.left_out += 1;
                chain.histories.observed_until(history.observed_from - 1);
                continue;
            }
            let (visits, until) = life.visits(states);
            for visit in &visits {
                chain.histories.visit(*visit);
            }
            chain.histories.observed_until(until);
            chain.earned.extend(earned(at, &visits, until, states, sales));
        }
        chain
    }
}

impl PartnerSales {
    /// The days on which more was sold than returned.
    fn sold_on(&self) -> Vec<i64> {
        self.days.iter().filter(|one| one.amount > 0.0).map(|one| one.day).collect()
    }
}

/// For each day of a sale the silence in days after which the partner is quiet; none if it never is.
fn limits(pace: Option<&SalesPace>, sold: &[i64], once: Option<i64>) -> Vec<Option<i64>> {
    let limit = |at: usize| match at {
        0 => once,
        _ => pace.map(|pace| pace.limit(&sold[..=at])),
    };
    (0..sold.len()).map(limit).collect()
}

/// How long after a sale the next one comes, as multiples of what is usual for the partner.
struct SalesPace {
    /// The geometric mean of the days between two sales of all partners, as a logarithm.
    usual: f64,
    /// The multiple after which a partner is quiet.
    multiple: f64,
}

impl SalesPace {
    /// Learns the pace from the days of all sales. None if there are too few, or nobody has been silent for longer than the
    /// limit.
    fn of(sold: &[Vec<i64>], as_of: i64) -> Option<SalesPace> {
        let mut begun: Vec<i64> = sold.iter().flatten().copied().collect();
        begun.sort_unstable();
        let gaps = || sold.iter().flat_map(|days| logarithms(days));
        let usual = gaps().sum::<f64>() / gaps().count().max(1) as f64;
        let mut pace = SalesPace { usual, multiple: 1.0 };
        let mut multiples: Vec<(f64, f64)> = Vec::new();
        for days in sold {
            for (at, pair) in days.windows(2).enumerate().skip(1) {
                let gap = pair[1] - pair[0];
                let weight = 1.0 / begun.partition_point(|day| *day <= as_of - gap).max(1) as f64;
                multiples.push((gap as f64 / pace.usual_after(&days[..=at]), weight));
            }
        }
        pace.multiple = LATE * quantile(&mut multiples, MOST)?;
        let silent = |days: &&Vec<i64>| {
            let last = days.last().filter(|_| days.len() > 1);
            last.is_some_and(|last| as_of - last > pace.limit(days))
        };
        let stopped = sold.iter().filter(silent).count();
        (multiples.len() >= ENOUGH && stopped > 0).then_some(pace)
    }

    /// The days that are usual from the last of these sales of a partner to the next.
    fn usual_after(&self, days: &[i64]) -> f64 {
        let own: f64 = logarithms(days).sum();
        ((OTHERS * self.usual + own) / (OTHERS + days.len() as f64 - 1.0)).exp()
    }

    fn limit(&self, days: &[i64]) -> i64 {
        (self.multiple * self.usual_after(days)).ceil() as i64
    }
}

fn logarithms(days: &[i64]) -> impl Iterator<Item = f64> {
    days.windows(2).map(|pair| ((pair[1] - pair[0]).max(1) as f64).ln())
}

/// The smallest value up to which the weights make this share of all; none without values.
fn quantile(weighted: &mut [(f64, f64)], share: f64) -> Option<f64> {
    weighted.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let all: f64 = weighted.iter().map(|(_, weight)| weight).sum();
    let mut so_far = 0.0;
    let found = weighted.iter().find(|(_, weight)| {
        so_far += weight;
        so_far >= share * all
    });
    found.or(weighted.last()).map(|(value, _)| *value)
}

/// Returns the days after which a second sale that has not come is taken not to come.
///
/// Twice the time in which nine of ten second sales come, from those that came, each weighted by the inverse of the share of
/// partners that were followed so long (Horvitz and Thompson, 1952). None unless followed long enough to
/// tell slow from never (sufficient follow-up; Maller and Zhou, 1992), and if nobody has been silent for longer.
fn second_sale_late(sold: &[Vec<i64>], as_of: i64) -> Option<i64> {
    let mut first: Vec<i64> = sold.iter().filter_map(|days| days.first().copied()).collect();
    first.sort_unstable();
    let followed = |days: i64| first.partition_point(|day| *day <= as_of - days);
    let gaps = sold.iter().filter_map(|days| Some(days.get(1)? - days.first()?));
    let weighted = |gap: i64| (gap as f64, 1.0 / followed(gap).max(1) as f64);
    let mut gaps: Vec<(f64, f64)> = gaps.map(weighted).collect();
    let late = (LATE * quantile(&mut gaps, MOST)?).ceil() as i64;
    let silent = |days: &&Vec<i64>| days.len() == 1 && as_of - days[0] > late;
    let never = sold.iter().filter(silent).count();
    (gaps.len() >= ENOUGH && followed(FOLLOWED * late) >= ENOUGH && never > 0).then_some(late)
}

/// What one partner lived through, as the chain sees it.
struct Life<'l> {
    end: End,
    history: StateHistory<'l>,
    /// Days of sales, each once.
    sold: &'l [i64],
    productive: Option<i64>,
    /// The success stage.
    success: usize,
    left: usize,
    as_of: i64,
    /// By sale, the silence after which the partner is quiet.
    limits: Vec<Option<i64>>,
}

impl Life<'_> {
    /// Whether it is not known if the partner had sold before it was observed, or it had.
    fn is_unknown(&self) -> bool {
        let Some(first) = self.history.visits.first() else { return true };
        let late = !first.entry_known || self.history.observed_from > first.entered;
        let mut on_arrival =
            self.history.visits.iter().take_while(|visit| visit.entered <= self.history.observed_from);
        let sold_before = self
            .sold
            .first()
            .is_some_and(|day| *day < first.entered || (late && *day < self.history.observed_from));
        let may_have_sold = late && on_arrival.any(|visit| visit.state == self.success);
        sold_before || may_have_sold
    }

    /// The visits up to the first sale: a sale on the day of a move belongs to the stage that was left.
    fn before_sale(&self) -> &[Visit] {
        let visits = self.history.visits;
        let Some(day) = self.sold.first() else { return visits };
        let count = visits.partition_point(|visit| visit.entered < *day).max(1).min(visits.len());
        &visits[..count]
    }

    /// The day of leaving after a day, if the partner did.
    fn left_after(&self, day: i64) -> Option<i64> {
        let left = self.history.visits.iter().find(|visit| visit.state == self.left && visit.entered >= day);
        left.map(|visit| visit.entered)
    }

    /// The visits of the chain and the last day that is observed.
    fn visits(&self, states: SalesStates) -> (Vec<Visit>, i64) {
        let before = self.before_sale();
        let mut visits = before.to_vec();
        let Some(&first) = self.sold.first() else { return (visits, self.as_of) };
        if before.last().is_none_or(|visit| visit.state == self.left) {
            // Sold after leaving: that it left came first.
            return (visits, self.as_of);
        }
        if self.end == End::FirstRevenue || self.reached(first) {
            visits.push(visit(states.target, first));
            return (visits, self.as_of);
        }
        visits.push(visit(states.once, first));
        let left = self.left_after(first);
        for (at, (day, limit)) in self.sold.iter().zip(&self.limits).enumerate() {
            let resolved = limit.is_none_or(|limit| day + limit <= self.as_of);
            if !resolved {
                let began_now = visits.last().is_some_and(|visit| visit.entered == *day);
                if let Some(last) = visits.last_mut().filter(|_| began_now) {
                    last.entry_known = false;
                    return (visits, self.as_of);
                }
                return (visits, day - 1);
            }
            let next = self.sold.get(at + 1).copied();
            let quiet = limit.is_some_and(|limit| next.is_none_or(|next| next - day > limit));
            let quiet = quiet && left.is_none_or(|left| limit.is_none_or(|limit| left - day > limit));
            if quiet {
                visits.push(visit(states.quiet, *day));
            }
            if let Some(left) = left.filter(|left| next.is_none_or(|next| *left <= next)) {
                visits.push(visit(self.left, left));
                return (visits, self.as_of);
            }
            let Some(next) = next else { return (visits, self.as_of) };
            if self.reached(next) {
                visits.push(visit(states.target, next));
                return (visits, self.as_of);
            }
            if quiet {
                visits.push(visit(states.again, next));
            } else if !visits.last().is_some_and(|last| [states.selling, states.again].contains(&last.state))
            {
                visits.push(visit(states.after(at + 1), next));
            }
        }
        (visits, self.as_of)
    }

    fn reached(&self, day: i64) -> bool {
        self.end == End::Productive && self.productive == Some(day)
    }

    /// The state in which the partner is on the last day and for how many days it has been; none if it has left, reached
    /// the end, or stands nobody knows since when.
    fn present(&self, states: SalesStates) -> Option<(usize, usize)> {
        let current = self.history.visits.last()?;
        if current.state == self.left {
            return None;
        }
        let days = |since: i64| usize::try_from(self.as_of - since).ok();
        let Some(&last) = self.sold.last() else {
            return Some((current.state, days(current.entered)?)).filter(|_| current.entry_known);
        };
        if self.end == End::FirstRevenue || (self.end == End::Productive && self.productive.is_some()) {
            return None;
        }
        let limit = self.limits.last().copied().flatten();
        if limit.is_some_and(|limit| self.as_of - last > limit) {
            return Some((states.quiet, days(last)?));
        }
        let mut gaps = self.sold.windows(2).zip(&self.limits[..self.sold.len() - 1]).rev();
        let back = gaps.find(|(pair, limit)| limit.is_some_and(|limit| pair[1] - pair[0] > limit));
        match back {
            Some((pair, _)) => Some((states.again, days(pair[1])?)),
            None => {
                let state = states.after(self.sold.len() - 1);
                let since = if state == states.selling { self.sold[state - states.once] } else { last };
                Some((state, days(since)?))
            }
        }
    }
}

fn visit(state: usize, entered: i64) -> Visit {
    Visit { state, entered, entry_known: true }
}

/// The amounts of a history, each in the stay in which it came: on the day of a move in the stay that the sale began, or,
/// if the partner went quiet on it, in the one before.
fn earned(
    history: usize,
    visits: &[Visit],
    until: i64,
    states: SalesStates,
    sales: &PartnerSales,
) -> Vec<Earned> {
    let counted = |visit: &&Visit| visit.state != states.target;
    let selling = |state: usize| states.going_on().any(|one| one == state);
    let of = |sale: &SaleDay| {
        let there = visits
            .iter()
            .filter(counted)
            .rfind(|visit| visit.entered < sale.day || (visit.entered == sale.day && selling(visit.state)))?;
        let sells = selling(there.state) || there.state == states.quiet;
        let age = usize::try_from(sale.day - there.entered).ok()?;
        (sells && there.entry_known && sale.day <= until).then_some(Earned {
            history,
            state: there.state,
            age,
            amount: sale.amount,
        })
    };
    sales.days.iter().filter_map(of).collect()
}
