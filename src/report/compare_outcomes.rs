//! What became of the partners of each segment of `report compare`: growth, first revenue, and revenue.
//!
//! A partner belongs to the segment that it was in when it began, and its clock starts on that day.

use crate::analysis::Limits;
use crate::analysis::counts::Counts;
use crate::analysis::incidence::{incidence, is_known_at};
use crate::analysis::state_histories::SUCCEEDED;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::money::Money;
use crate::report::estimate::histories::{Horizon, Past};
use crate::report::estimate::significance::{Evidence, chance};
use crate::report::reading::{Channel, Line};
use crate::report::value::{Cell, Table};
use crate::store::StandingRow;

/// Days of a year on average.
const YEAR: f64 = 365.25;

/// What became of the partners that began in one segment.
#[derive(Clone, Default)]
pub(super) struct SegmentOutcome {
    pub partners: usize,
    /// Of them, how many came to the stage of success.
    pub in_growth: usize,
    pub growth: ChanceWithin,
    /// Of them, how many had revenue.
    pub with_revenue: usize,
    pub revenue: ChanceWithin,
    sold_minor: i128,
    /// Days in the channel of all of them together.
    days: i64,
}

/// The chance of something within the horizon beside leaving before it (Aalen and Johansen, 1978), if it is known.
#[derive(Clone, Copy, Default)]
pub(super) struct ChanceWithin {
    pub p: Option<f64>,
    limits: Option<Limits>,
    /// How many came or left.
    ended: u64,
}

impl ChanceWithin {
    fn of(counts: &Counts, horizon: Horizon) -> ChanceWithin {
        let came = incidence(counts, SUCCEEDED);
        let p = is_known_at(counts, horizon.days).then(|| came.at(horizon.days));
        ChanceWithin { p, limits: came.limits(horizon.days), ended: counts.ended() }
    }

    fn in_words(self) -> Cell {
        match self.p {
            _ if Evidence::of(self.ended) != Evidence::Full => "not enough data".into(),
            None => Cell::Missing,
            // Without any that did otherwise there is no interval.
            Some(p) if p >= 1.0 => format!("100 % (all {})", self.ended).into(),
            Some(p) if p <= 0.0 => format!("0 % (none of {})", self.ended).into(),
            Some(p) => chance(p, self.limits),
        }
    }
}

impl SegmentOutcome {
    /// Returns the revenue for each partner and year in the channel.
    pub(super) fn revenue_per_year(&self, channel: &Channel) -> Option<Money> {
        let years = self.days as f64 / YEAR;
        let minor = self.sold_minor as f64 / years;
        (self.days > 0).then(|| channel.money(minor.round() as i128))
    }

    fn take(&mut self, channel: &Channel, past: &Past, line: &Line) {
        let success = past.histories.states.success;
        let stays = channel.stays_of(line);
        let is_success = |place: StandingRow| past.state(place) == success;
        let sales = channel.sales_of(line);
        self.partners += 1;
        self.in_growth += usize::from(stays.iter().any(|stay| is_success(stay.place)));
        self.with_revenue += usize::from(sales.iter().any(|sale| sale.amount_minor > 0));
        self.sold_minor +=
            channel.sales_once(line).iter().map(|sale| i128::from(sale.amount_minor)).sum::<i128>();
        self.days += days_in_channel(channel, line);
    }
}

/// Returns the days from the first that is watched until today, without those after leaving.
fn days_in_channel(channel: &Channel, line: &Line) -> i64 {
    let stays = channel.stays_of(line);
    let ends = stays.iter().skip(1).map(|next| next.entered).chain([channel.as_of]);
    let inside = stays.iter().zip(ends).filter(|(stay, _)| !matches!(stay.place, StandingRow::Left(..)));
    inside.map(|(stay, end)| end.since(stay.entered)).sum()
}

/// Returns what became of the partners of each group: `groups` is their number, and the group of each line.
pub(super) fn outcomes(
    channel: &Channel,
    past: &Past,
    (count, groups): (usize, &[usize]),
    horizon: Horizon,
) -> Vec<SegmentOutcome> {
    let mut outcomes = vec![SegmentOutcome::default(); count];
    for (line, group) in channel.lines.iter().zip(groups) {
        outcomes[*group].take(channel, past, line);
    }
    let success = past.histories.states.success;
    let first_sale = |at: usize| {
        let mut sales = channel.sales_of(&channel.lines[at]).iter();
        sales.find(|sale| sale.amount_minor > 0).map(|sale| sale.day)
    };
    let group = |at: usize| groups[at];
    let growth = past.histories.first_to_by(count, |state| state == success, group);
    let revenue = past.histories.first_event_by(count, |at| first_sale(at).map(Day::number), group);
    for ((outcome, growth), revenue) in outcomes.iter_mut().zip(&growth).zip(&revenue) {
        outcome.growth = ChanceWithin::of(growth, horizon);
        outcome.revenue = ChanceWithin::of(revenue, horizon);
    }
    outcomes
}

/// Returns the table of what became of the partners of each segment; none without a segment.
pub(super) fn outcome_table(
    channel: &Channel,
    rows: &[(&str, &SegmentOutcome)],
    horizon: Horizon,
) -> Option<Table> {
    let (success, days) = (&channel.program.success_stage().name, horizon.days);
    let code = channel.program.currency.code();
    let sold = rows.iter().any(|(_, one)| one.with_revenue > 0);
    let table = Table::of("segments", "Partners by segment", rows)
        .column("group", "Segment", |(name, _)| *name)
        .identity()
        .column("partners", "Partners", |(_, one)| one.partners)
        .column("reached_growth", format!("Reached {success}"), |(_, one)| one.in_growth)
        .people(format!("{success} within {days} d"), |(_, one)| one.growth.in_words())
        .machines("p_growth", |(_, one)| Cell::decimal(one.growth.p))
        .machines("p_growth_low", |(_, one)| Cell::decimal(one.growth.limits.map(|limits| limits.low)))
        .machines("p_growth_high", |(_, one)| Cell::decimal(one.growth.limits.map(|limits| limits.high)))
        .column("with_revenue", "With revenue", |(_, one)| one.with_revenue)
        .detail()
        .people(format!("First revenue within {days} d"), |(_, one)| one.revenue.in_words())
        .machines("p_revenue", |(_, one)| Cell::decimal(one.revenue.p))
        .machines("p_revenue_low", |(_, one)| Cell::decimal(one.revenue.limits.map(|limits| limits.low)))
        .machines("p_revenue_high", |(_, one)| Cell::decimal(one.revenue.limits.map(|limits| limits.high)))
        .column("revenue_per_partner_year", format!("Revenue per partner-year ({code})"), |(_, one)| {
            one.revenue_per_year(channel).filter(|_| sold)
        })
        .optional()
        .done();
    (!rows.is_empty()).then_some(table)
}
