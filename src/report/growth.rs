//! `report growth`: plan against actual, pace, who brings the revenue, how long it takes to come.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::{Every, Period};
use crate::lifecycle::base::text::counted;
use crate::lifecycle::facts::Facts;
use crate::lifecycle::plans::quarters_of;
use crate::report::channel::{Channel, Line};
use crate::report::concentration::{Shares, movers};
use crate::report::first_revenue;
use crate::report::frame::Frame;
use crate::report::say::{percent, rounded, signed};
use crate::report::sheet::{Cell, Column, Figure, Report, Sheet};

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Who moved in or out of those that make 80 % is said since this day.
    pub since: Option<Day>,
    /// How many partners people see.
    pub limit: Option<usize>,
    pub explain: bool,
}

/// One quarter of the running fiscal year, over all partners.
#[derive(Clone, Copy, Default, Debug)]
struct Quarter {
    partners: usize,
    plan_minor: i128,
    /// The part of the plan that the days up to now stand for.
    plan_to_date_minor: i128,
    /// Of partners with a plan.
    actual_minor: i128,
    /// Of all.
    all_minor: i128,
}

/// What is said of one partner.
struct Growing<'c> {
    line: &'c Line,
    now_minor: i128,
    before_minor: i128,
    /// By quarter: target and actual.
    quarters: [(Option<i64>, i128); 4],
    plan_to_date_minor: Option<i128>,
    actual_to_date_minor: i128,
    performance: Option<&'static str>,
}

/// The whole report; the channel needs attributes, sales, stays and growth.
pub fn report(channel: &Channel, frame: &Frame, options: Options) -> Report {
    let Some(year) = channel.program.calendar.containing(channel.as_of, Every::Year) else {
        return Report {
            schema: "chanlife.growth/1",
            title: frame.title(&channel.program.name),
            figures: frame.figures(channel),
            tables: Vec::new(),
            notes: Vec::new(),
        };
    };
    let mut growing: Vec<Growing> = channel.lines.iter().map(|line| of(channel, line, &year)).collect();
    let shares = Shares::of(growing.iter().map(|one| (one.line.id, one.now_minor)));
    let quarters = quarters(channel, &year);
    let currency = channel.program.currency;
    let mut figures = frame.figures(channel);
    let sum = |part: fn(&Growing) -> i128| growing.iter().map(part).sum::<i128>();
    let (now, before) = (sum(|one| one.now_minor), sum(|one| one.before_minor));
    let productive = growing.iter().filter(|one| channel.facts(one.line).productive() == Some(true)).count();
    let plan_to_date: i128 = quarters.iter().map(|one| one.plan_to_date_minor).sum();
    let actual: i128 = quarters.iter().map(|one| one.actual_minor).sum();
    figures.extend([
        Figure::for_machines("fiscal_year", year.to_string()),
        Figure::for_machines("currency", currency.code()),
        Figure::for_machines("plan_to_date", currency.money(plan_to_date)),
        Figure::for_machines("actual_to_date", currency.money(actual)),
        Figure::for_machines("pace", Cell::share(ratio(actual, plan_to_date))),
        Figure::for_machines("revenue_12m", currency.money(now)),
        Figure::for_machines("revenue_12m_before", currency.money(before)),
        Figure::for_machines("growth", Cell::share(change(now, before))),
        Figure::for_machines("productive", Cell::count(productive)),
    ]);
    figures.extend(shares.figures());
    let since = options.since.unwrap_or_else(|| channel.as_of.months_before(12));
    let year_before = since.months_before(12).plus(1);
    let then =
        Shares::of(channel.lines.iter().map(|line| (line.id, channel.facts(line).sold(year_before, since))));
    growing.sort_by(|a, b| b.now_minor.cmp(&a.now_minor).then(a.line.id.cmp(&b.line.id)));
    let mut notes = vec![sentence(channel, now, before, actual, plan_to_date, productive)];
    notes.extend(shares.sentence());
    let mut sheets = vec![
        quarter_sheet(channel, &year, &quarters),
        partner_sheet(channel, &year, &growing, &shares, options.limit),
        movers(channel, &then, &shares, since),
    ];
    sheets.push(first_revenue::sheet(channel));
    if options.explain {
        notes.extend(EXPLAINED.iter().map(|&text| text.to_owned()));
    }
    Report {
        schema: "chanlife.growth/1",
        title: frame.title(&channel.program.name),
        figures,
        tables: sheets.into_iter().map(Into::into).collect(),
        notes,
    }
}

const EXPLAINED: [&str; 4] = [
    "Plans are those that both sides agreed to. In the running quarter the plan to date is the part of its days that \
     have passed; pace is actual to date over plan to date, of partners with a plan.",
    "Revenue of 12 months is that of the days after the same day of the year before, up to the day of the report; growth \
     is against the 12 months before those. Returns count below zero.",
    "Shares are of partners with revenue above zero in 12 months: the top fifth of them, rounded up, and the fewest that \
     make 80 % of it together.",
    "Time to first revenue counts from the first stage that a partner entered, with leaving as competing exit and those \
     still without revenue as censored (Aalen and Johansen, 1978). Partners whose beginning is not known are left out.",
];

fn of<'c>(channel: &'c Channel, line: &'c Line, year: &Period) -> Growing<'c> {
    let (today, facts) = (channel.as_of, channel.facts(line));
    let (last_year, before) = (today.months_before(12), today.months_before(24));
    let plan = facts.plan_agreed(&year.to_string(), today);
    let mut quarters = [(None, 0); 4];
    let mut plan_to_date = 0;
    let starts = plan.map_or(year.first, |plan| plan.starts);
    for (at, (first, last)) in quarters_of(starts).into_iter().enumerate() {
        let target = plan.map(|plan| plan.version.targets_minor[at]);
        quarters[at] = (target, facts.sold(first, last.min(today)));
        plan_to_date += target.map_or(0, |target| to_date(target, first, last, today));
    }
    Growing {
        line,
        now_minor: facts.sold(last_year.plus(1), today),
        before_minor: facts.sold(before.plus(1), last_year),
        quarters,
        plan_to_date_minor: plan.map(|_| plan_to_date),
        actual_to_date_minor: quarters.iter().map(|(_, actual)| actual).sum(),
        performance: facts.performance().map(|judged| judged.performance.word()),
    }
}

/// The part of a quarter's target that the days up to `today` stand for.
fn to_date(target_minor: i64, first: Day, last: Day, today: Day) -> i128 {
    let days = last.since(first) + 1;
    let passed = (today.since(first) + 1).clamp(0, days);
    i128::from(target_minor) * i128::from(passed) / i128::from(days)
}

fn quarters(channel: &Channel, year: &Period) -> [Quarter; 4] {
    let today = channel.as_of;
    let mut quarters = [Quarter::default(); 4];
    let label = year.to_string();
    for line in &channel.lines {
        let facts = channel.facts(line);
        let plan = facts.plan_agreed(&label, today);
        let starts = plan.map_or(year.first, |plan| plan.starts);
        for (at, (first, last)) in quarters_of(starts).into_iter().enumerate() {
            let actual = facts.sold(first, last.min(today));
            quarters[at].all_minor += actual;
            let Some(plan) = plan else { continue };
            let target = plan.version.targets_minor[at];
            quarters[at].partners += 1;
            quarters[at].plan_minor += i128::from(target);
            quarters[at].plan_to_date_minor += to_date(target, first, last, today);
            quarters[at].actual_minor += actual;
        }
    }
    quarters
}

fn quarter_sheet(channel: &Channel, year: &Period, quarters: &[Quarter; 4]) -> Sheet {
    let currency = channel.program.currency;
    let columns = vec![
        Column::new("quarter", "Quarter"),
        Column::new("partners_with_plan", "With a plan"),
        Column::new("plan", format!("Plan ({})", currency.code())),
        Column::new("plan_to_date", "Plan to date"),
        Column::new("actual", "Actual"),
        Column::new("attainment", "Of plan"),
        Column::new("pace", "Pace"),
        Column::new("actual_of_all", "Actual of all partners"),
    ];
    let mut sheet = Sheet::new("quarters", format!("Plan against actual, fiscal year {year}"), columns);
    let bounds = quarters_of(year.first);
    let mut all = Quarter::default();
    for (at, quarter) in quarters.iter().enumerate() {
        let begun = bounds[at].0 <= channel.as_of;
        let label = channel.program.calendar.containing(bounds[at].0, Every::Quarter);
        all.partners = all.partners.max(quarter.partners);
        all.plan_minor += quarter.plan_minor;
        all.plan_to_date_minor += quarter.plan_to_date_minor;
        all.actual_minor += quarter.actual_minor;
        all.all_minor += quarter.all_minor;
        let name = label.map_or_else(String::new, |label| label.to_string());
        sheet.rows.push(quarter_row(channel, &name, *quarter, begun));
    }
    sheet.total = Some(quarter_row(channel, "All", all, true));
    sheet
}

fn quarter_row(channel: &Channel, name: &str, quarter: Quarter, begun: bool) -> Vec<Cell> {
    let money = |minor: i128| channel.program.currency.money(minor);
    let planned = quarter.partners > 0;
    vec![
        name.into(),
        Cell::count(quarter.partners),
        planned.then(|| money(quarter.plan_minor)).into(),
        (planned && begun).then(|| money(quarter.plan_to_date_minor)).into(),
        (planned && begun).then(|| money(quarter.actual_minor)).into(),
        Cell::share(ratio(quarter.actual_minor, quarter.plan_minor).filter(|_| begun)),
        Cell::share(ratio(quarter.actual_minor, quarter.plan_to_date_minor).filter(|_| begun)),
        begun.then(|| money(quarter.all_minor)).into(),
    ]
}

fn partner_sheet(
    channel: &Channel,
    year: &Period,
    growing: &[Growing],
    shares: &Shares,
    limit: Option<usize>,
) -> Sheet {
    let currency = channel.program.currency;
    let mut columns = vec![
        Column::new("partner", "Partner"),
        Column::for_machines("name"),
        Column::new("tier", "Tier").optional(),
        Column::for_machines("stage"),
        Column::new("revenue_12m", format!("Revenue 12 months ({})", currency.code())),
        Column::for_machines("revenue_12m_before"),
        Column::new("growth", "Growth").optional(),
        Column::new("share", "Share"),
        Column::for_machines("share_up_to_here"),
        Column::new("productive", "Productive").optional(),
        Column::for_machines("plan"),
        Column::for_machines("plan_to_date"),
        Column::for_machines("actual_to_date"),
        Column::new("pace", format!("Pace {year}")).optional(),
        Column::new("performance", "By the rule").optional(),
    ];
    for quarter in 1..=4 {
        columns.push(Column::for_machines(format!("q{quarter}_plan")));
        columns.push(Column::for_machines(format!("q{quarter}_actual")));
        columns.push(Column::for_machines(format!("q{quarter}_attainment")));
    }
    let title = "Partners by revenue of 12 months";
    let mut sheet = Sheet::new("rows", title, columns).empty("No partner has revenue or a plan.");
    let mut so_far = 0;
    let wanted = |one: &&Growing| {
        one.now_minor != 0
            || one.plan_to_date_minor.is_some()
            || channel.facts(one.line).in_growth_since().is_some()
    };
    let wanted: Vec<&Growing> = growing.iter().filter(wanted).collect();
    for one in wanted.iter().take(limit.unwrap_or(usize::MAX)) {
        so_far += one.now_minor.max(0);
        let attribute = |key: &str| one.line.attributes.as_ref().and_then(|all| all.values.get(key)).cloned();
        let money = |minor: i128| currency.money(minor);
        let plan: Option<i128> = one
            .plan_to_date_minor
            .map(|_| one.quarters.iter().map(|(target, _)| i128::from(target.unwrap_or(0))).sum());
        let mut row = vec![
            one.line.key().into(),
            attribute("name").into(),
            attribute("tier").into(),
            channel.row_of(one.line).into(),
            money(one.now_minor).into(),
            money(one.before_minor).into(),
            Cell::share(change(one.now_minor, one.before_minor)),
            Cell::share(ratio(one.now_minor.max(0), shares.total_minor)),
            Cell::share(ratio(so_far, shares.total_minor)),
            channel.facts(one.line).productive().into(),
            plan.map(money).into(),
            one.plan_to_date_minor.map(money).into(),
            money(one.actual_to_date_minor).into(),
            Cell::share(one.plan_to_date_minor.and_then(|plan| ratio(one.actual_to_date_minor, plan))),
            one.performance.into(),
        ];
        for (target, actual) in one.quarters {
            row.push(target.map(|target| money(i128::from(target))).into());
            row.push(money(actual).into());
            row.push(Cell::share(target.and_then(|target| ratio(actual, i128::from(target)))));
        }
        sheet.rows.push(row);
    }
    if sheet.rows.len() < wanted.len() {
        sheet.notes.push(format!("The first {} of {}; --limit 0 shows all.", sheet.rows.len(), wanted.len()));
    }
    sheet
}

fn sentence(
    channel: &Channel,
    now: i128,
    before: i128,
    actual: i128,
    plan_to_date: i128,
    productive: usize,
) -> String {
    let currency = channel.program.currency;
    let money = |minor: i128| rounded(currency.money(minor));
    let mut text = format!("Revenue of 12 months: {} {}", money(now), currency.code());
    if let Some(change) = change(now, before) {
        text.push_str(&format!(", {} % against the 12 months before", signed(change * 100.0, 0)));
    }
    if let Some(pace) = ratio(actual, plan_to_date) {
        text.push_str(&format!("; pace {} % of plan to date", percent(pace)));
    }
    if channel.program.productive.is_some() {
        text.push_str(&format!("; {} productive", counted(productive, "partner")));
    }
    text + "."
}

/// One amount as a share of another; nothing where that is not above zero.
pub(crate) fn ratio(part: i128, whole: i128) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// By which share an amount grew; nothing where there was none before.
fn change(now: i128, before: i128) -> Option<f64> {
    ratio(now - before, before)
}
