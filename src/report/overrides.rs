//! `report overrides`: overridden gates and verdicts, the reasons, and the outcomes.

use std::collections::BTreeSet;

use clap::Args;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::text::counted;
use crate::lifecycle::event::Event;
use crate::lifecycle::facts::Facts;
use crate::lifecycle::stage::Stay;
use crate::lifecycle::stage::{LeftAs, Why};
use crate::report::basis::Basis;
use crate::report::named::{NamedReport, ReportRequest};
use crate::report::reading::{Channel, Line, Needs};
use crate::report::value::{Figure, Report, Table};
use crate::store::{AttributesRow, View};

#[derive(Debug, Args)]
pub(crate) struct OverridesReport {}

impl NamedReport for OverridesReport {
    fn explanation(&self) -> &'static str {
        include_str!("../text/explain/overrides.txt")
    }

    fn needs(&self, _: &View) -> anyhow::Result<Needs> {
        Ok(Needs::of::<AttributesRow>())
    }

    fn report(&self, asked: &ReportRequest) -> anyhow::Result<Report> {
        report(asked.view, asked.channel, asked.basis)
    }
}

/// One override of a gate or a verdict.
struct RecordedOverride<'c> {
    line: &'c Line,
    day: Day,
    event: i64,
    kind: &'static str,
    overridden: Vec<String>,
    reason: Option<String>,
    by: String,
    /// Of verdicts: whether it still decides.
    in_force: Option<bool>,
}

/// The outcomes of partners with an override, counted from the first override of each.
#[derive(Default)]
struct Passed {
    partners: usize,
    succeeded: usize,
    left: usize,
}

/// Returns the whole report.
///
/// # Errors
/// If the file can't be read.
fn report(view: &View, channel: &Channel, frame: &Basis) -> anyhow::Result<Report> {
    let candidates: BTreeSet<i64> = view.overriding()?;
    let (mut rows, mut passed) = (Vec::new(), Passed::default());
    for line in channel.lines.iter().filter(|line| candidates.contains(&line.id)) {
        of_partner(view, channel, line, &mut rows, &mut passed)?;
    }
    rows.sort_by_key(|row| row.day);
    let name = &channel.program.success_stage().name;
    let Passed { partners, succeeded, left } = passed;
    let note = format!(
        "Of {} with an override, {succeeded} reached {name} and {left} left.",
        counted(partners, "partner")
    );
    Ok(frame
        .report("chanlife.overrides/1", channel)
        .with_figures([
            Figure::for_machines("partners", partners),
            Figure::for_machines("succeeded", succeeded),
            Figure::for_machines("left", left),
        ])
        .with_tables([table(channel, &rows)])
        .with_notes((partners > 0).then_some(note)))
}

fn table(channel: &Channel, rows: &[RecordedOverride]) -> Table {
    Table::of("rows", "Override outcomes", rows)
        .column("day", "Day", |row| row.day)
        .column("partner", "Partner", |row| row.line.key())
        .identity()
        .partner_name(|row| row.line.attribute("name"))
        .machines("event", |row| row.event)
        .machines("kind", |row| row.kind)
        .people("Type", |row| kind_in_words(row.kind))
        .column("overridden", "Overridden", |row| row.overridden.clone())
        .headline()
        .column("reason", "Reason", |row| row.reason.as_ref())
        .headline()
        .column("by", "By", |row| &row.by)
        .detail()
        .column("in_force", "In force", |row| row.in_force)
        .optional()
        .column("stage", "Current stage", |row| channel.row_of(row.line))
        .machines("left_as", |row| row.line.left_as().map(LeftAs::word))
        .column("since", "Since", |row| row.line.entered.filter(|_| row.line.entry_known))
        .detail()
        .column("revenue_12m", format!("12-month revenue ({})", channel.program.currency.code()), |row| {
            channel.money(channel.facts(row.line).revenue_12m())
        })
        .detail()
        .done()
        .empty("No overrides.")
}

fn kind_in_words(kind: &'static str) -> &'static str {
    if kind == "criteria skipped" { "gate skipped" } else { kind }
}

/// Collects the overrides of one partner.
fn of_partner<'c>(
    view: &View,
    channel: &Channel,
    line: &'c Line,
    rows: &mut Vec<RecordedOverride<'c>>,
    passed: &mut Passed,
) -> anyhow::Result<()> {
    let history = view.history(line.id)?;
    let folded = history.fold(&view.in_force.aliases, Some(view.as_of));
    let state = folded.partner();
    let mut first: Option<Day> = None;
    for (day, recorded) in folded.order.iter().filter(|(day, _)| *day <= view.as_of) {
        let (kind, overridden, reason) = match &recorded.event {
            Event::Entered(entered) if entered.reason.is_some() && entered.why == Why::Advanced => {
                let kind = if entered.overridden.is_empty() { "stages skipped" } else { "gates" };
                (kind, entered.overridden.clone(), entered.reason.clone())
            }
            Event::Overridden(parts) => ("verdict", parts.questionnaires.clone(), Some(parts.reason.clone())),
            Event::Skipped(parts)
                if is_verified(channel, view.in_force.aliases.milestone(&parts.milestone)) =>
            {
                ("criteria skipped", vec![parts.milestone.clone()], Some(parts.reason.clone()))
            }
            _ => continue,
        };
        first = first.or(Some(*day));
        let in_force = state.filter(|_| kind == "verdict").map(|partner| {
            partner.assessments.iter().any(|one| {
                one.life == partner.returns
                    && one.overridden.as_ref().is_some_and(|by| by.event == recorded.number)
                    && partner.assessment(&one.assessed.questionnaire).is_some_and(|newest| newest == one)
            })
        });
        let by = view.reader().actor_of(recorded.number)?;
        rows.push(RecordedOverride {
            line,
            day: *day,
            event: recorded.number,
            kind,
            overridden,
            reason,
            by,
            in_force,
        });
    }
    let Some(first) = first else { return Ok(()) };
    let success = &channel.program.success_stage().key;
    let came = |stay: &Stay| stay.entered >= first && stay.standing.in_stage() == Some(success);
    passed.partners += 1;
    passed.succeeded += usize::from(state.is_some_and(|one| one.stays.iter().any(came)));
    passed.left += usize::from(line.left_as().is_some());
    Ok(())
}

/// Returns whether a milestone needs more than a record.
fn is_verified(channel: &Channel, milestone: &str) -> bool {
    channel.program.milestone(milestone).is_some_and(|(_, one)| !one.by_hand)
}
