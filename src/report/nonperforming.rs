//! `report nonperforming`: partners below the performance threshold, and the follow-up.

use clap::Args;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::base::period::Period;
use crate::lifecycle::base::text::counted;
use crate::lifecycle::facts::Facts;
use crate::lifecycle::performance::{
    Judged, JudgedQuarter, Performance, PerformanceMeasures, PerformanceRule, QuarterYardstick, WatchStatus,
};
use crate::lifecycle::program::Program;
use crate::report::back_test;
use crate::report::basis::Basis;
use crate::report::named::{NamedReport, ReportRequest};
use crate::report::options::{FailOn, FailOption};
use crate::report::reading::{Channel, Line, Needs};
use crate::report::spanning::spanning_quarters;
use crate::report::value::{Cell, Figure, Report, Table};
use crate::store::View;
use crate::text::agenda::NOTHING_SOLD;
use crate::text::performance::{measured, performance_in_words, quarter_in_words};
use crate::text::periods::PeriodNaming;

/// How many partners a sentence names.
const NAMED: usize = 10;

#[derive(Debug, Args)]
pub(crate) struct NonperformingReport {
    /// Also show partners that perform, have nothing to be judged by, or are judged later
    #[arg(long)]
    all: bool,
    /// Show whom the rule would have flagged at the end of past quarters, and their later performance
    #[arg(long)]
    back_test: bool,
    /// With --back-test: judge by the plan alone, with this threshold in percent
    #[arg(long, value_name = "PERCENT", requires = "back_test", value_parser = clap::value_parser!(u8).range(1..=100), allow_negative_numbers = true)]
    below: Option<u8>,
    /// With --back-test: try another number of quarters
    #[arg(long, value_name = "COUNT", requires = "back_test", value_parser = clap::value_parser!(u8).range(1..=20), allow_negative_numbers = true)]
    quarters: Option<u8>,
    /// With --back-test: try another grace period after launch, in days
    #[arg(long, value_name = "DAYS", requires = "back_test", value_parser = clap::value_parser!(u16).range(0..=3650), allow_negative_numbers = true)]
    grace: Option<u16>,
    #[command(flatten)]
    fail: FailOption,
}

impl NamedReport for NonperformingReport {
    fn explanation(&self) -> &'static str {
        include_str!("../text/explain/nonperforming.txt")
    }

    fn needs(&self, _: &View) -> anyhow::Result<Needs> {
        Ok(Needs::PERFORMANCE)
    }

    fn report(&self, asked: &ReportRequest) -> anyhow::Result<Report> {
        if self.back_test {
            let rule = self.rule(asked.channel.program)?;
            return Ok(back_test::report(asked.channel, asked.basis, rule));
        }
        Ok(report(asked.channel, asked.basis, self.all))
    }

    fn fail_on(&self) -> Option<FailOn> {
        self.fail.fail_on
    }

    fn examples() -> &'static [&'static str] {
        &[
            "report nonperforming",
            "report nonperforming --back-test",
            "report nonperforming --back-test --below 40 --quarters 3",
        ]
    }
}

impl NonperformingReport {
    /// Returns the rule of the program with the changes that are to be tried.
    fn rule(&self, program: &Program) -> Result<PerformanceRule, Error> {
        let known = program.non_performing.map(|found| found.rule);
        let measures = self.below.map(|percent| PerformanceMeasures::of_plan(i64::from(percent)));
        let Some(measures) = measures.or(known.map(|rule| rule.measures)) else {
            return Err(Error::usage("the program has no performance rule")
                .hint("give --below PERCENT, or add [non_performing] to the program"));
        };
        let quarters = self.quarters.map(i64::from).or(known.map(|rule| rule.quarters)).unwrap_or(2);
        let grace_days = self.grace.map(i64::from).or(known.map(|rule| rule.grace_days)).unwrap_or(0);
        Ok(PerformanceRule { measures, quarters, grace_days })
    }
}

/// A partner in growth, or on the watch list, with its performance.
struct JudgedLine<'c> {
    line: &'c Line,
    judged: Judged,
}

/// The number of partners by performance status.
#[derive(Default)]
struct PerformanceCounts([usize; Performance::ALL.len()]);

/// Returns whether any partner is below the program's performance threshold.
pub(crate) fn any_underperforming(channel: &Channel) -> bool {
    let mut judged = channel.lines.iter().filter_map(|line| channel.facts(line).performance());
    judged.any(|one| one.performance == Performance::Under)
}

/// Returns the whole report. `all` shows those that perform too.
fn report(channel: &Channel, frame: &Basis, all: bool) -> Report {
    let mut rows: Vec<JudgedLine> = channel.lines.iter().filter_map(|line| judged(channel, line)).collect();
    let mut counts = PerformanceCounts::default();
    for one in &rows {
        counts.0[one.judged.performance as usize] += 1;
    }
    let watched = rows.iter().filter(|one| one.line.watch_status().is_open()).count();
    let unlisted = if all { None } else { without_plan(&rows) };
    rows.retain(|one| all || deserves_a_look(one));
    frame
        .report("chanlife.nonperforming/1", channel)
        .with_figures(counts.figures())
        .with_figures([Figure::for_machines("watched", watched)])
        .with_tables([table(channel, &rows, all)])
        .with_notes([counts.sentence(channel)])
        .with_notes(unlisted)
        .with_caveats(spanning_quarters(channel, (channel.as_of.months_before(24), channel.as_of)))
}

/// Returns a partner's performance; one that is watched and is not in growth is too early to judge.
fn judged<'c>(channel: &'c Channel, line: &'c Line) -> Option<JudgedLine<'c>> {
    let too_early = || Judged { performance: Performance::TooEarly, quarters: Vec::new(), plan_lack: None };
    let judged = channel.facts(line).performance();
    Some(JudgedLine { line, judged: judged.or_else(|| line.watch_status().is_open().then(too_early))? })
}

fn deserves_a_look(one: &JudgedLine) -> bool {
    let unclear = [Performance::Under, Performance::Unreported, Performance::NoYardstick];
    unclear.contains(&one.judged.performance) || one.line.watch_status() != WatchStatus::None
}

/// Names the partners that have no agreed plan to be judged by and are not in the table: the first of them, and how many.
fn without_plan(rows: &[JudgedLine]) -> Option<String> {
    let lacks = |one: &&JudgedLine| one.judged.performance == Performance::NoPlan && !deserves_a_look(one);
    let keys: Vec<&str> = rows.iter().filter(lacks).map(|one| one.line.key()).collect();
    let more = keys.len().saturating_sub(NAMED);
    let named = keys.iter().take(NAMED).copied().collect::<Vec<&str>>().join(", ");
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    (!keys.is_empty()).then(|| {
        format!(
            "Without a plan for all quarters judged, not in the table: {named}{more}; \
             --all lists them."
        )
    })
}

fn table(channel: &Channel, rows: &[JudgedLine], all: bool) -> Table {
    let title = if all { "Performance of growth partners" } else { "Growth partners to look at" };
    let unreported = rows.iter().any(|one| one.judged.not_reported().is_some());
    let note = unreported.then(|| NOTHING_SOLD.to_owned());
    let in_words = |one: &JudgedLine| {
        let quarters = one.judged.quarters.iter();
        Cell::List(quarters.map(|quarter| quarter_in_words(channel.program, quarter)).collect())
    };
    Table::of("rows", title, rows)
        .column("partner", "Partner", |one| one.line.key())
        .partner_name(|one| one.line.attribute("name"))
        .machines("performance", |one| one.judged.performance.word())
        .people("Status", |one| performance_in_words(&one.judged, PeriodNaming::ByName))
        .column("quarters", "Quarters", in_words)
        .machines("yardsticks", |one| yardsticks(&one.judged))
        .column("shortfall", format!("Shortfall ({})", channel.program.currency.code()), |one| {
            one.judged.short_minor().map(|minor| channel.money(minor))
        })
        .optional()
        .detail()
        .column("care", "Follow-up", |one| done_about_it(one.line.watch_status()))
        .optional()
        .column("since", "Since", |one| since(one.line.watch_status()))
        .optional()
        .detail()
        .column("until", "Until", |one| until(one.line.watch_status()))
        .optional()
        .detail()
        .column("reason", "Reason", |one| one.line.watch_reason())
        .optional()
        .detail()
        .column("owner", "Owner", |one| one.line.attribute("owner"))
        .optional()
        .detail()
        .column("command", "Next step", |one| step(channel, one))
        .optional()
        .done()
        .empty("No partner is below the threshold or on the watch list.")
        .with_notes(note)
}

/// Returns what to do about a partner; a quarter that is not reported is to be reported first.
fn step(channel: &Channel, one: &JudgedLine) -> Option<Step> {
    let partner = one.line.key();
    let watch = channel.facts(one.line).watch_step(partner, Some(one.judged.performance));
    let report = |quarter: &Period| {
        let (partner, period) = (partner.to_owned(), quarter.to_string());
        Step::ReportRevenue { partner, period }
    };
    watch.or_else(|| one.judged.not_reported().map(report))
}

/// Returns what each quarter is held against, in a word.
fn yardsticks(judged: &Judged) -> Cell {
    let word = |quarter: &JudgedQuarter| {
        quarter.yardstick.as_ref().map_or("none", QuarterYardstick::word).to_owned()
    };
    Cell::List(judged.quarters.iter().map(word).collect())
}

fn done_about_it(status: WatchStatus) -> Option<&'static str> {
    match status {
        WatchStatus::Improving { .. } => Some("improvement plan"),
        _ => status.word(),
    }
}

fn since(status: WatchStatus) -> Option<Day> {
    match status {
        WatchStatus::None => None,
        WatchStatus::Watched { since } | WatchStatus::Improving { since, .. } => Some(since),
        WatchStatus::Settled { on, .. } => Some(on),
    }
}

fn until(status: WatchStatus) -> Option<Day> {
    match status {
        WatchStatus::Improving { until, .. } => Some(until),
        _ => None,
    }
}

impl PerformanceCounts {
    fn of(&self, performance: Performance) -> usize {
        self.0[performance as usize]
    }

    fn figures(&self) -> impl Iterator<Item = Figure> {
        let keys = [
            ("underperforming", Performance::Under),
            ("performing", Performance::Performing),
            ("too_early", Performance::TooEarly),
            ("no_plan", Performance::NoPlan),
            ("no_yardstick", Performance::NoYardstick),
            ("reports_owed", Performance::Unreported),
        ];
        keys.into_iter().map(|(key, performance)| Figure::for_machines(key, self.of(performance)))
    }

    fn sentence(&self, channel: &Channel) -> String {
        let Some(found) = channel.program.non_performing else {
            return "The program defines no performance threshold: add a [non_performing] section."
                .to_owned();
        };
        let mut parts = vec![format!(
            "{} {} for {}",
            self.of(Performance::Under),
            measured(channel.program, found.rule.measures),
            counted(found.rule.quarters, "full quarter")
        )];
        let others = [
            (Performance::Performing, "performing (at or above that in at least one of them)"),
            (Performance::TooEarly, "too early to judge"),
            (Performance::NoPlan, "without a plan for all of them"),
            (Performance::NoYardstick, "without a yardstick"),
            (Performance::Unreported, "with an unreported quarter"),
        ];
        let counts = others.into_iter().map(|(performance, words)| (self.of(performance), words));
        parts.extend(counts.filter(|(count, _)| *count > 0).map(|(count, words)| format!("{count} {words}")));
        let judged: usize = self.0.iter().sum();
        format!("{} in growth: {}.", counted(judged, "partner"), parts.join(", "))
    }
}
