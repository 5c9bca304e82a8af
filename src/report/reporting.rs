//! `report reporting`: partners with overdue sell-through reports.

use clap::Args;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::{Every, Period};
use crate::lifecycle::base::text::counted;
use crate::lifecycle::facts::Facts;
use crate::lifecycle::terms::Agreement;
use crate::report::basis::Basis;
use crate::report::named::{NamedReport, ReportRequest};
use crate::report::options::{FailOn, FailOption};
use crate::report::reading::{Channel, Line, Needs};
use crate::report::value::{Cell, Figure, Report, Table};
use crate::store::{AttributesRow, View};
use crate::text::periods::fiscal_periods;
use crate::text::reports::reports_due;

#[derive(Debug, Args)]
pub(crate) struct ReportingReport {
    #[command(flatten)]
    fail: FailOption,
}

impl NamedReport for ReportingReport {
    fn explanation(&self) -> &'static str {
        include_str!("../text/explain/reporting.txt")
    }

    fn needs(&self, _: &View) -> anyhow::Result<Needs> {
        Ok(needs())
    }

    fn report(&self, asked: &ReportRequest) -> anyhow::Result<Report> {
        Ok(report(asked.channel, asked.basis))
    }

    fn fail_on(&self) -> Option<FailOn> {
        self.fail.fail_on
    }
}

/// A partner and the periods of its overdue reports, oldest first.
pub(crate) struct Owing<'c> {
    line: &'c Line,
    periods: Vec<Period>,
}

/// Returns what the report reads.
pub(crate) fn needs() -> Needs {
    Needs::ALL_SALES.and(Needs::of::<AttributesRow>()).and(Needs::of::<Agreement>())
}

/// Returns the partners with overdue reports.
pub(crate) fn owing<'c>(channel: &'c Channel) -> Vec<Owing<'c>> {
    let owed = channel.lines.iter().map(|line| Owing { line, periods: channel.facts(line).reports_owed() });
    owed.filter(|one| !one.periods.is_empty()).collect()
}

/// Returns the key of the partner whose report is due longest, and its period.
pub(crate) fn oldest_owed(owing: &[Owing]) -> Option<(String, String)> {
    let first = |one: &Owing| one.periods.first().map(|period| period.last);
    let oldest = owing.iter().min_by_key(|one| (first(one), one.line.id))?;
    Some((oldest.line.key().to_owned(), oldest.periods.first()?.to_string()))
}

/// Returns the whole report.
fn report(channel: &Channel, frame: &Basis) -> Report {
    let due_days = channel.program.report_due_days();
    let due = |one: &Owing| one.periods.first().map_or(Day::LAST, |period| period.last.plus(due_days));
    let mut all = owing(channel);
    all.sort_by_key(|one| (due(one), one.line.id));
    let table = Table::of("rows", "Overdue sell-through reports", &all)
        .column("partner", "Partner", |one| one.line.key())
        .partner_name(|one| one.line.attribute("name"))
        .column("every", "Frequency", |one| channel.facts(one.line).cadence().map(Every::word))
        .people("Overdue reports", |one| one.periods.iter().map(Period::in_table).collect::<Vec<String>>())
        .machines("owed", |one| one.periods.iter().map(Period::to_string).collect::<Vec<String>>())
        .machines("reports_owed", |one| one.periods.len())
        .machines("owed_days", |one| {
            let days = one.periods.iter().map(|period| format!("{}..{}", period.first, period.last));
            days.collect::<Vec<String>>()
        })
        .column("due", "Oldest due", due)
        .column("days_late", "Overdue", |one| Cell::Days(channel.as_of.since(due(one))))
        .alert()
        .column("owner", "Owner", |one| one.line.attribute("owner"))
        .optional()
        .done()
        .empty("No reports are overdue.")
        .with_notes(fiscal_periods(all.iter().flat_map(|one| &one.periods)));
    let reports: usize = all.iter().map(|one| one.periods.len()).sum();
    frame
        .report("chanlife.reporting/1", channel)
        .with_figures([
            Figure::for_machines("partners", all.len()),
            Figure::for_machines("reports_owed", reports),
        ])
        .with_tables([table])
        .with_notes(note(channel, all.len(), reports))
}

fn note(channel: &Channel, partners: usize, reports: usize) -> Option<String> {
    let Some(rule) = &channel.program.reporting else {
        return Some("The program sets no reporting frequency: add a [reporting] section.".to_owned());
    };
    let have = if partners == 1 { "has" } else { "have" };
    (partners > 0).then(|| {
        let (who, what) = (counted(partners, "partner"), counted(reports, "overdue report"));
        format!("{who} {have} {what}. {}", reports_due(rule.due_days))
    })
}
