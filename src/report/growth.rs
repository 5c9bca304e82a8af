//! `report growth`: plan vs. actual, pace, revenue by partner, concentration, time to revenue.

use std::collections::BTreeSet;

use clap::Args;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::{DayRange, Every, Period};
use crate::lifecycle::base::text::counted;
use crate::lifecycle::event::PartnerId;
use crate::lifecycle::facts::Facts;
use crate::lifecycle::performance::Judged;
use crate::lifecycle::plans::quarters_of;
use crate::report::basis::Basis;
use crate::report::concentration::{Shares, movers};
use crate::report::first_revenue;
use crate::report::named::{NamedReport, ReportRequest};
use crate::report::options::{FailOn, FailOption, Limit};
use crate::report::plan_goals::of_channel_goals;
use crate::report::plans::of_other_days;
use crate::report::reading::{Channel, Line, Needs};
use crate::report::spanning::spanning_quarters;
use crate::report::value::{Cell, Figure, Report, Table};
use crate::report::value::{changed, percent, ratio, rounded};
use crate::store::View;
use crate::text::performance::{judged_in_words, quarter_in_words};
use crate::text::periods::{PeriodNaming, days_in_words};

#[derive(Debug, Args)]
#[command(mut_arg("limit", |limit| limit.help("How many partners to show; 0 for all, as in JSON and CSV")))]
pub(crate) struct GrowthReport {
    /// Show changes in the top-80 % group since this date; default: a year ago
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    #[command(flatten)]
    limit: Limit,
    #[command(flatten)]
    fail: FailOption,
}

impl NamedReport for GrowthReport {
    fn explanation(&self) -> &'static str {
        include_str!("../text/explain/growth.txt")
    }

    fn needs(&self, _: &View) -> anyhow::Result<Needs> {
        Ok(Needs::PERFORMANCE)
    }

    fn report(&self, asked: &ReportRequest) -> anyhow::Result<Report> {
        let since = asked.since(self.since.as_ref())?;
        let calendar = asked.channel.program.calendar;
        let year = calendar.containing(asked.channel.as_of, Every::Year);
        let goals = year.map(|year| of_channel_goals(asked.channel, asked.view, year.days())).transpose()?;
        let options = GrowthOptions {
            since,
            sold_since: asked.view.reader().sold_since()?,
            limit: asked.rows(self.limit, 20),
        };
        Ok(report(asked.channel, asked.basis, options).with_tables(goals.flatten()))
    }

    fn fail_on(&self) -> Option<FailOn> {
        self.fail.fail_on
    }
}

/// What is asked of the report, and what is known of the file.
#[derive(Clone, Copy)]
struct GrowthOptions {
    since: Option<Day>,
    /// The first day of which revenue is recorded, of any partner.
    sold_since: Option<Day>,
    /// How many partners people see.
    limit: Option<usize>,
}

/// One quarter of the running fiscal year, over all partners.
#[derive(Clone, Copy, Default, Debug)]
struct QuarterTotals {
    partners: usize,
    plan_minor: i128,
    /// Plan to date: the share of the plan for the days that have passed.
    plan_to_date_minor: i128,
    /// Of partners with a plan; a sale that two of them report counts once.
    actual_minor: i128,
    /// Of all.
    all_minor: i128,
}

/// One partner with its revenue, its plan and its performance.
struct Growing<'c> {
    line: &'c Line,
    now_minor: i128,
    before_minor: i128,
    quarters: [GrowingQuarter; 4],
    judged: Option<Judged>,
}

/// One quarter of one partner: what was sold, and what was planned if a plan is agreed, in minor units.
#[derive(Clone, Copy, Debug)]
struct GrowingQuarter {
    /// Those of its days of which the revenue is held against the plan, up to today.
    days: DayRange,
    target: Option<i128>,
    plan_to_date: Option<i128>,
    /// What the partner reported.
    actual: i128,
    /// What of it counts in sums over partners.
    once: i128,
}

/// The totals of all partners.
struct GrowthTotals {
    now_minor: i128,
    before_minor: i128,
    /// The first day of which revenue is recorded, if that is within the year before the last twelve months.
    began: Option<Day>,
    plan_to_date_minor: i128,
    actual_minor: i128,
    productive: usize,
}

/// Returns the whole report.
fn report(channel: &Channel, frame: &Basis, options: GrowthOptions) -> Report {
    let report = frame.report("chanlife.growth/1", channel);
    let Some(year) = channel.program.calendar.containing(channel.as_of, Every::Year) else { return report };
    let mut growing: Vec<Growing> = channel.lines.iter().map(|line| of(channel, line, &year)).collect();
    let shares = Shares::of(growing.iter().map(|one| (one.line.id, one.now_minor)));
    let quarters = quarters(channel, &growing);
    // Growth against a year of which only a part is recorded would say nothing.
    let began_after = |first: Day| options.sold_since.filter(|began| *began > first);
    let began = began_after(channel.as_of.months_before(24).plus(1));
    let totals = GrowthTotals { began, ..GrowthTotals::of(channel, &growing, &quarters) };
    growing.sort_by(|a, b| b.now_minor.cmp(&a.now_minor).then(a.line.id.cmp(&b.line.id)));
    let since = options.since.unwrap_or_else(|| channel.as_of.months_before(12));
    let year_before = since.months_before(12).plus(1);
    let then =
        Shares::of(channel.lines.iter().map(|line| (line.id, channel.sold_once(line, year_before, since))));
    report
        .with_figures(totals.figures(channel, &year))
        .with_figures(shares.figures())
        .with_tables([
            quarter_table(channel, &year, &quarters),
            partner_table(channel, &year, (&growing, began), &shares, options.limit),
            movers(channel, (&then, &shares), since, began_after(year_before)),
            first_revenue::table(channel),
        ])
        .with_notes([totals.sentence(channel)])
        .with_notes(shares.sentence())
        .with_caveats(of_other_days(channel, year.days(), "The figures are the share of its days."))
        .with_caveats(spanning_quarters(channel, (year.first, year.last.min(channel.as_of))))
        .with_notes(channel.counted_once(channel.as_of.months_before(24)))
}

impl Growing<'_> {
    /// Returns the plan of the year, if one is agreed.
    fn plan_minor(&self) -> Option<i128> {
        self.quarters.iter().filter_map(|one| one.target).reduce(|sum, one| sum + one)
    }

    /// Returns the plan of the year up to today, if one is agreed.
    fn plan_to_date_minor(&self) -> Option<i128> {
        self.quarters.iter().filter_map(|one| one.plan_to_date).reduce(|sum, one| sum + one)
    }

    /// Returns the revenue of the year so far; of a partner with a plan, that of the quarters that have one.
    fn actual_to_date_minor(&self) -> i128 {
        let has_plan = self.plan_minor().is_some();
        self.quarters.iter().filter(|one| !has_plan || one.target.is_some()).map(|one| one.actual).sum()
    }
}

/// Returns by how much each partner, in order of the lines, falls short of its plan of a fiscal year at the pace of the plan
/// to date, in minor units; 0 if it does not, or has no plan, or none of the year has passed.
pub(crate) fn behind_plan(channel: &Channel, year: &Period) -> Vec<f64> {
    let behind = |line: &Line| {
        let growing = of(channel, line, year);
        let (plan, to_date) = growing.plan_minor().zip(growing.plan_to_date_minor())?;
        let pace = ratio(growing.actual_to_date_minor(), to_date)?;
        Some((plan as f64 * (1.0 - pace)).max(0.0))
    };
    channel.lines.iter().map(|line| behind(line).unwrap_or(0.0)).collect()
}

fn of<'c>(channel: &'c Channel, line: &'c Line, year: &Period) -> Growing<'c> {
    let (today, facts) = (channel.as_of, channel.facts(line));
    let (last_year, before) = (today.months_before(12), today.months_before(24));
    let planned = facts.planned(today);
    let quarters = quarters_of(year.first).map(|quarter| {
        let DayRange { first, last } = quarter;
        let plan = planned.within(quarter);
        let of_plan = plan.map_or(quarter, |plan| plan.days);
        let days = DayRange { last: of_plan.last.min(today), ..of_plan };
        let to_date = || planned.within(DayRange { first, last: last.min(today) });
        GrowingQuarter {
            days,
            target: plan.map(|plan| plan.minor),
            plan_to_date: plan
                .map(|_| if first > today { 0 } else { to_date().map_or(0, |plan| plan.minor) }),
            actual: facts.sold(days.first, days.last),
            once: channel.sold_once(line, first, last.min(today)),
        }
    });
    Growing {
        line,
        now_minor: channel.sold_once(line, last_year.plus(1), today),
        before_minor: channel.sold_once(line, before.plus(1), last_year),
        quarters,
        judged: facts.performance(),
    }
}

fn quarters(channel: &Channel, growing: &[Growing]) -> [QuarterTotals; 4] {
    let planned = growing.iter().filter(|one| one.plan_minor().is_some()).map(|one| one.line.id);
    let planned: BTreeSet<PartnerId> = planned.collect();
    let mut totals = [QuarterTotals::default(); 4];
    for one in growing {
        for (total, quarter) in totals.iter_mut().zip(&one.quarters) {
            total.all_minor += quarter.once;
            let Some(target) = quarter.target else { continue };
            total.partners += 1;
            total.plan_minor += target;
            total.plan_to_date_minor += quarter.plan_to_date.unwrap_or(0);
            let twice = channel.sold_twice(one.line, (quarter.days.first, quarter.days.last), &planned);
            total.actual_minor += quarter.actual - twice;
        }
    }
    totals
}

/// A row of the table of quarters.
struct QuarterRow {
    name: String,
    /// None of the total.
    period: Option<Period>,
    quarter: QuarterTotals,
    begun: bool,
}

impl QuarterRow {
    /// Whether there is a plan, and the quarter has begun.
    fn counts(&self) -> bool {
        self.quarter.partners > 0 && self.begun
    }
}

fn quarter_table(channel: &Channel, year: &Period, quarters: &[QuarterTotals; 4]) -> Table {
    let mut all = QuarterTotals::default();
    let mut rows = Vec::new();
    for (DayRange { first, .. }, quarter) in quarters_of(year.first).into_iter().zip(quarters) {
        all.partners = all.partners.max(quarter.partners);
        all.plan_minor += quarter.plan_minor;
        all.plan_to_date_minor += quarter.plan_to_date_minor;
        all.actual_minor += quarter.actual_minor;
        all.all_minor += quarter.all_minor;
        let period = channel.program.calendar.containing(first, Every::Quarter);
        let name = period.as_ref().map_or_else(String::new, Period::to_string);
        rows.push(QuarterRow { name, period, quarter: *quarter, begun: first <= channel.as_of });
    }
    let total = QuarterRow { name: "Total".to_owned(), period: None, quarter: all, begun: true };
    let title = format!("Plan vs. actual, fiscal year {}", year.in_full());
    let money = |minor: i128| channel.money(minor);
    Table::summed("quarters", title, &rows, Some(&total))
        .column("quarter", "Quarter", |row| &row.name)
        .machines("first_day", |row| row.period.as_ref().map(|period| period.first))
        .machines("last_day", |row| row.period.as_ref().map(|period| period.last))
        .people("Days", |row| {
            row.period.as_ref().filter(|one| one.is_fiscal()).map(|one| days_in_words(one.days()))
        })
        .optional()
        .column("partners_with_plan", "Partners with a plan", |row| row.quarter.partners)
        .column("plan", format!("Plan ({})", channel.program.currency.code()), |row| {
            (row.quarter.partners > 0).then(|| money(row.quarter.plan_minor))
        })
        .column("plan_to_date", "Plan to date", |row| {
            row.counts().then(|| money(row.quarter.plan_to_date_minor))
        })
        .column("actual", "Actual", |row| row.counts().then(|| money(row.quarter.actual_minor)))
        .column("attainment", "Attainment", |row| {
            Cell::share(ratio(row.quarter.actual_minor, row.quarter.plan_minor).filter(|_| row.begun))
        })
        .column("pace", "Pace", |row| {
            Cell::share(ratio(row.quarter.actual_minor, row.quarter.plan_to_date_minor).filter(|_| row.begun))
        })
        .column("actual_of_all", "Actual, all partners", |row| {
            row.begun.then(|| money(row.quarter.all_minor))
        })
        .done()
}

/// A row of the table of partners, with the revenue of all rows down to it.
struct GrowingRow<'g> {
    one: &'g Growing<'g>,
    so_far_minor: i128,
    /// Whether the year before the last twelve months is recorded whole.
    is_comparable: bool,
}

fn partner_table(
    channel: &Channel,
    year: &Period,
    (growing, began): (&[Growing], Option<Day>),
    shares: &Shares,
    limit: Option<usize>,
) -> Table {
    let wanted = |one: &&Growing| {
        one.now_minor != 0
            || one.plan_to_date_minor().is_some()
            || channel.facts(one.line).in_growth_since().is_some()
    };
    let mut so_far_minor = 0;
    let mut rows: Vec<GrowingRow> = Vec::new();
    for one in growing.iter().filter(wanted) {
        so_far_minor += one.now_minor.max(0);
        rows.push(GrowingRow { one, so_far_minor, is_comparable: began.is_none() });
    }
    let shown = limit.unwrap_or(rows.len()).min(rows.len());
    let more = (shown < rows.len())
        .then(|| format!("Showing {shown} of {} partners; --limit 0 shows all.", rows.len()));
    partner_columns(channel, year, &rows[..shown], shares)
        .empty("No partner has revenue or a plan.")
        .with_notes(more)
}

fn partner_columns(channel: &Channel, year: &Period, rows: &[GrowingRow], shares: &Shares) -> Table {
    let money = |minor: i128| channel.money(minor);
    let of_all = |minor: i128| Cell::share(ratio(minor, shares.total_minor));
    let mut table = Table::of("rows", "Partners by 12-month revenue", rows)
        .column("partner", "Partner", |row| row.one.line.key())
        .partner_name(|row| row.one.line.attribute("name"))
        .column("tier", "Tier", |row| row.one.line.attribute("tier"))
        .optional()
        .detail()
        .machines("stage", |row| channel.row_of(row.one.line))
        .column("revenue_12m", format!("12-month revenue ({})", channel.program.currency.code()), |row| {
            money(row.one.now_minor)
        })
        .machines("revenue_12m_before", |row| money(row.one.before_minor))
        .column("growth", "Year over year", |row| {
            let change = change(row.one.now_minor, row.one.before_minor).filter(|_| row.is_comparable);
            Cell::change(Cell::share(change))
        })
        .optional()
        .column("share", "Share of revenue", |row| of_all(row.one.now_minor.max(0)))
        .machines("share_up_to_here", |row| of_all(row.so_far_minor))
        .column("productive", "Productive", |row| channel.facts(row.one.line).productive())
        .optional()
        .detail()
        .machines("plan", |row| row.one.plan_minor().map(money))
        .machines("plan_to_date", |row| row.one.plan_to_date_minor().map(money))
        .machines("actual_to_date", |row| money(row.one.actual_to_date_minor()))
        .column("pace", format!("Pace {year}"), |row| {
            let plan = row.one.plan_to_date_minor();
            Cell::share(plan.and_then(|plan| ratio(row.one.actual_to_date_minor(), plan)))
        })
        .optional()
        .headline()
        .machines("performance", |row| row.one.judged.as_ref().map(|judged| judged.performance.word()))
        .machines("judged_quarters", |row| {
            let quarters = row.one.judged.iter().flat_map(|judged| &judged.quarters);
            Cell::List(quarters.map(|quarter| quarter_in_words(channel.program, quarter)).collect())
        })
        .people("Status", |row| {
            row.one
                .judged
                .as_ref()
                .map(|judged| judged_in_words(channel.program, judged, PeriodNaming::ByName))
        })
        .optional();
    for at in 0..4 {
        let number = at + 1;
        let days = quarters_of(year.first)[at];
        table = table
            .machines(format!("q{number}_first_day"), move |_| days.first)
            .machines(format!("q{number}_last_day"), move |_| days.last)
            .machines(format!("q{number}_plan"), move |row| row.one.quarters[at].target.map(money))
            .machines(format!("q{number}_actual"), move |row| money(row.one.quarters[at].actual))
            .machines(format!("q{number}_attainment"), move |row| {
                let quarter = row.one.quarters[at];
                Cell::share(quarter.target.and_then(|target| ratio(quarter.actual, target)))
            });
    }
    table.done()
}

impl GrowthTotals {
    fn of(channel: &Channel, growing: &[Growing], quarters: &[QuarterTotals; 4]) -> GrowthTotals {
        let productive = |one: &&Growing| channel.facts(one.line).productive() == Some(true);
        GrowthTotals {
            now_minor: growing.iter().map(|one| one.now_minor).sum(),
            before_minor: growing.iter().map(|one| one.before_minor).sum(),
            began: None,
            plan_to_date_minor: quarters.iter().map(|one| one.plan_to_date_minor).sum(),
            actual_minor: quarters.iter().map(|one| one.actual_minor).sum(),
            productive: growing.iter().filter(productive).count(),
        }
    }

    /// Returns by which share revenue grew against the year before, if that is recorded whole.
    fn change(&self) -> Option<f64> {
        change(self.now_minor, self.before_minor).filter(|_| self.began.is_none())
    }

    fn figures(&self, channel: &Channel, year: &Period) -> [Figure; 12] {
        [
            Figure::for_machines("fiscal_year", year.to_string()),
            Figure::for_machines("fiscal_year_first_day", year.first),
            Figure::for_machines("fiscal_year_last_day", year.last),
            Figure::for_machines("currency", channel.program.currency.code()),
            Figure::for_machines("plan_to_date", channel.money(self.plan_to_date_minor)),
            Figure::for_machines("actual_to_date", channel.money(self.actual_minor)),
            Figure::for_machines("pace", Cell::share(ratio(self.actual_minor, self.plan_to_date_minor))),
            Figure::for_machines("revenue_12m", channel.money(self.now_minor)),
            Figure::for_machines("revenue_12m_before", channel.money(self.before_minor)),
            Figure::for_machines("growth", Cell::share(self.change())),
            Figure::for_machines("productive", self.productive),
            Figure::for_machines("revenue_recorded_since", self.began),
        ]
    }

    fn sentence(&self, channel: &Channel) -> String {
        let now = rounded(channel.money(self.now_minor));
        let mut text = format!("12-month revenue: {now} {}", channel.program.currency.code());
        if let Some(change) = self.change() {
            text.push_str(&format!(", {} % year over year", changed(change)));
        }
        if let Some(pace) = ratio(self.actual_minor, self.plan_to_date_minor) {
            text.push_str(&format!("; pace {} % of plan to date", percent(pace)));
        }
        if channel.program.productive.is_some() {
            text.push_str(&format!("; {} productive", counted(self.productive, "partner")));
        }
        match self.began.filter(|_| self.now_minor != 0) {
            Some(began) => format!("{text}. No year over year: revenue is recorded since {began}."),
            None => text + ".",
        }
    }
}

/// Returns by which share an amount grew; nothing if there was none before.
fn change(now: i128, before: i128) -> Option<f64> {
    ratio(now - before, before)
}
