//! What partners in growth lack by the end of the fiscal year, and how much of it the rest of the year can still bring.
//!
//! The yardstick of a partner is its plan of the year, else the yearly revenue that it expected, else the median of the
//! partners of its type that sell. Its gap is what it will lack at its own pace; the part that can still be brought is
//! what remains of the year at a pace that partners of this channel have shown.

use std::collections::BTreeMap;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::{DayRange, Every, Period};
use crate::lifecycle::facts::Facts;
use crate::lifecycle::performance::{reported_until, share_of_days};
use crate::lifecycle::revenue::{SaleFact, sold_between};
use crate::report::reading::{Channel, Line};

/// Days of a year, over which pace is measured.
const YEAR: i64 = 365;
/// The pace of the channel is that of the partner that a quarter of those that sell reach.
const SHOWN_BY: f64 = 0.75;
/// So many partners of a type that sell have a median of their own.
const OF_TYPE: usize = 3;

/// Where partners in growth stand against their yardsticks in the fiscal year that contains the day.
pub(crate) struct GrowthGaps {
    pub year: Period,
    /// Days that remain of it.
    pub rest_days: i64,
    /// Revenue a day that a quarter of the partners that sell reach, in minor units; none if nobody sells.
    pace: Option<f64>,
    /// Median revenue of twelve months of the partners that sell, by type, in minor units.
    medians: BTreeMap<String, i128>,
    median: Option<i128>,
}

/// By what a partner is measured.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum GapYardstick {
    Plan,
    /// The yearly revenue that the partner expected when it was assessed.
    Expectation,
    /// The median of the partners of its type that sell.
    Median,
}

/// What one partner lacks, in minor units.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct GrowthGap {
    pub yardstick: GapYardstick,
    /// The last day of which sales are known.
    pub until: Day,
    /// What the yardstick asks for up to that day.
    pub to_date_minor: i128,
    /// What of it the partner can be behind: nothing of a plan for the days before it was agreed.
    pub owed_minor: i128,
    pub actual_minor: i128,
    /// What it will lack at the end of the year if it goes on as in the last twelve months.
    pub gap_minor: i128,
    /// The part of the gap that the rest of the year can still bring.
    pub reachable_minor: i128,
}

impl GapYardstick {
    /// Returns what machines call it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            GapYardstick::Plan => "plan",
            GapYardstick::Expectation => "expectation",
            GapYardstick::Median => "median",
        }
    }
}

impl GrowthGaps {
    /// Measures the channel; none if its calendar ends. The channel needs all that plans look at.
    pub(crate) fn of(channel: &Channel) -> Option<GrowthGaps> {
        let year = channel.program.calendar.containing(channel.as_of, Every::Year)?;
        let mut by_type: BTreeMap<String, Vec<i128>> = BTreeMap::new();
        let mut paces = Vec::new();
        for line in &channel.lines {
            let facts = channel.facts(line);
            let Some(since) = facts.in_growth_since().and_then(|_| facts.launched()) else { continue };
            // What the partners of the channel bring is counted once, what one lacks goes by what it reported.
            let sold = channel.revenue_12m_once(line);
            if sold > 0 {
                paces.push(pace(channel.sales_once(line), since, reported_until(facts)));
                by_type.entry(type_of(line)).or_default().push(sold);
            }
        }
        paces.sort_unstable_by(f64::total_cmp);
        let at = (SHOWN_BY * paces.len() as f64).ceil() as usize;
        let mut all: Vec<i128> = by_type.values().flatten().copied().collect();
        let enough = by_type.into_iter().filter(|(_, sold)| sold.len() >= OF_TYPE);
        Some(GrowthGaps {
            rest_days: year.last.since(channel.as_of),
            year,
            pace: paces.get(at.saturating_sub(1)).copied(),
            medians: enough.filter_map(|(kind, mut sold)| Some((kind, median(&mut sold)?))).collect(),
            median: median(&mut all),
        })
    }

    /// Returns what a partner in growth lacks; none outside growth, and without any yardstick.
    pub(crate) fn gap(&self, channel: &Channel, line: &Line) -> Option<GrowthGap> {
        let facts = channel.facts(line);
        let since = facts.in_growth_since().and_then(|_| facts.launched())?;
        let until = reported_until(facts);
        let (yardstick, target_minor, to_date_minor) = self.target(channel, line, (since, until))?;
        let owed_minor = match yardstick {
            GapYardstick::Plan => facts.planned(channel.as_of).owed(self.to_date(until)),
            GapYardstick::Expectation | GapYardstick::Median => to_date_minor,
        };
        let actual_minor = facts.sold(self.year.first, channel.as_of);
        let gap_minor = gap_of_year(facts, &self.year, target_minor, since);
        // If nobody sells, no pace was shown.
        let most = self.pace.map_or(0, |pace| (pace * self.rest_days as f64).round() as i128);
        let reachable_minor = gap_minor.min(most.max(0));
        Some(GrowthGap {
            yardstick,
            until,
            to_date_minor,
            owed_minor,
            actual_minor,
            gap_minor,
            reachable_minor,
        })
    }

    /// Returns the days of the year up to one.
    fn to_date(&self, until: Day) -> DayRange {
        DayRange { first: self.year.first, last: until.min(self.year.last) }
    }

    /// Returns the yardstick of a partner in growth since a day, what it asks for in the year, and what until another day.
    fn target(
        &self,
        channel: &Channel,
        line: &Line,
        (since, until): (Day, Day),
    ) -> Option<(GapYardstick, i128, i128)> {
        let facts = channel.facts(line);
        let planned = facts.planned(channel.as_of);
        if let Some(plan) = planned.within(self.year.days()) {
            let to_date = planned.within(self.to_date(until)).map_or(0, |to_date| to_date.minor);
            return Some((GapYardstick::Plan, plan.minor, to_date));
        }
        let (yardstick, yearly) = match expectation(channel, line) {
            Some(expected) => (GapYardstick::Expectation, expected),
            None => (GapYardstick::Median, self.medians.get(&type_of(line)).copied().or(self.median)?),
        };
        // It counts from the day on which the partner came to growth.
        let whole = (self.year.first, self.year.last);
        let own = |last: Day| share_of_days(yearly, whole, (since, last));
        Some((yardstick, own(self.year.last), own(until)))
    }
}

/// Returns what a partner in growth since a day will lack of the target of a fiscal year at its end if it goes on as in the
/// last twelve months, in minor units: target - sold - pace x days to come, at least 0.
pub(crate) fn gap_of_year<'f>(facts: impl Facts<'f>, year: &Period, target_minor: i128, since: Day) -> i128 {
    let until = reported_until(facts);
    let to_come = year.last.since(until).max(0);
    let own = (pace(facts.sales(), since, until) * to_come as f64).round() as i128;
    (target_minor - facts.sold(year.first, facts.day()) - own.max(0)).max(0)
}

/// Returns what these sales are a day, in minor units, over the year that ends with `until`, or since the partner came to
/// growth.
fn pace<S: SaleFact>(sales: &[S], since: Day, until: Day) -> f64 {
    let days = (until.since(since) + 1).clamp(1, YEAR);
    sold_between(sales, until.plus(1 - days), until) as f64 / days as f64
}

/// Returns the yearly revenue that the partner expected when it was last assessed, in minor units.
fn expectation(channel: &Channel, line: &Line) -> Option<i128> {
    let program = channel.program;
    let mut asked = program.questionnaires().iter().filter(|one| one.currency == program.currency);
    asked.find_map(|one| {
        let question = one.questions.iter().find(|question| question.actual.is_some())?;
        let answer = line.answers_on(&one.key, channel.as_of)?.get(&question.key)?;
        program.currency.parse(answer).ok().map(i128::from).filter(|minor| *minor > 0)
    })
}

fn type_of(line: &Line) -> String {
    line.attribute("type").unwrap_or_default().to_owned()
}

/// Returns the median, the mean of the two in the middle of an even number; none of nothing.
fn median(amounts: &mut [i128]) -> Option<i128> {
    amounts.sort_unstable();
    let low = amounts.get(amounts.len().checked_sub(1)? / 2)?;
    let high = amounts.get(amounts.len() / 2)?;
    Some((low + high) / 2)
}
