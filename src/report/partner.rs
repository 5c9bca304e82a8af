//! `show`: one partner with stage, criteria, revenue, plan, terms, milestones and timeline.

use crate::lifecycle::agenda::next_step;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::base::moved::{DueMove, days_moved, first_due};
use crate::lifecycle::base::period::Period;
use crate::lifecycle::base::text::{counted, phrase};
use crate::lifecycle::criteria::Assessment;
use crate::lifecycle::criteria::Verdicts;
use crate::lifecycle::facts::{Facts, MilestoneFact, PartnerFacts};
use crate::lifecycle::milestone::{
    Doer, Held, LeftOpen, MetNeed, MilestoneFacts, Status, due_day, due_in_visit, due_moves, is_reported,
    last_entered, left_open, proofs, to_prepare,
};
use crate::lifecycle::partner::{Partner, identity};
use crate::lifecycle::program::{
    BUILT_IN_ATTRIBUTES, Milestone, Need, PARENT, Program, Stage, further, further_of,
};
use crate::lifecycle::rule::History;
use crate::lifecycle::stage::{Standing, Stay};
use crate::report::assessment;
use crate::report::basis::Basis;
use crate::report::family::Family;
use crate::report::partner_enablement::enablement_figures;
use crate::report::partner_follow_ups::{actions, follow_ups};
use crate::report::partner_leaving::off_boarding;
use crate::report::partner_people::people;
use crate::report::partner_performance::{performance_figures, tier_figures};
use crate::report::partner_timeline::timeline_table;
use crate::report::reading::Channel;
use crate::report::reason::{GrowthReason, RHYTHM_NEEDS, ReasonNames, gone_quiet};
use crate::report::spanning::milestones_of_other_days;
use crate::report::value::{Cell, Figure, Report, Table};
use crate::store::View;
use crate::text::agenda::step_in_words;
use crate::text::criteria::score_in_words;
use crate::text::needs::all_proofs;
use crate::text::partner::contact;
use crate::text::periods::{PeriodNaming, fiscal_periods};
use crate::text::plans::{moved_in_words, moves_in_words};
use crate::text::stage::reason_in_words;
use crate::text::steps::command_line;

/// Returns one partner as of the view's day. `timeline` is how many of its events people see, the newest.
pub(crate) fn report(
    view: &View,
    partner: &Partner,
    history: &History,
    frame: &Basis,
    timeline: Option<usize>,
) -> anyhow::Result<Report> {
    let program = &view.in_force.program;
    let today = view.as_of;
    let facts = PartnerFacts { program, partner, day: today };
    let family = Family::read(view, partner)?;
    let next = next_step(facts, view.reader().sold_since()?);
    let (events, hidden) = timeline_table(view, partner, history, timeline);
    let log = Step::Log { partner: partner.key.clone() };
    let note = (hidden > 0)
        .then(|| format!("{}; `{}` lists all", counted(hidden, "earlier event"), command_line(&log)));
    let report = begun("chanlife.partner/1", partner, frame)
        .with_figures(standing_figures(facts))
        .with_figures([
            Figure::for_machines("next", next.as_ref().map(|next| next.what.sentence())),
            Figure::for_machines("command", next.as_ref().map(|next| command_line(&next.step))),
            Figure::for_people("Next step", next.as_ref().map(|next| step_in_words(next).replace('`', ""))),
        ])
        .with_figures(verdict_figures(facts))
        .with_figures(attribute_figures(program, partner))
        .with_figures(family.figures())
        .with_figures(revenue_figures(facts))
        .with_figures(silence_figures(view, facts)?)
        .with_figures(performance_figures(facts))
        .with_figures(tier_figures(facts))
        .with_figures(enablement_figures(facts))
        .with_tables(family.table(program, timeline.is_some()))
        .with_tables([stages_table(program, partner, today)])
        .with_tables(milestones_table(facts))
        .with_tables([off_boarding(facts)])
        .with_tables([follow_ups(facts), actions(facts)])
        .with_tables([people(facts)])
        .with_tables([events])
        .with_notes(family.note())
        .with_notes(note)
        .with_caveats(milestones_of_other_days(facts));
    Ok(report)
}

/// Returns one partner's assessments as of the view's day.
///
/// # Errors
/// If the file can't be read.
pub(crate) fn assessments(view: &View, partner: &Partner, frame: &Basis) -> anyhow::Result<Report> {
    Ok(begun("chanlife.assessments/1", partner, frame)
        .with_figures(verdict_figures(PartnerFacts {
            program: &view.in_force.program,
            partner,
            day: view.as_of,
        }))
        .with_tables(assessment::history(view, partner)?))
}

/// Begins a report on one partner.
fn begun(schema: &'static str, partner: &Partner, frame: &Basis) -> Report {
    Report::new(schema, frame.title(partner.name())).with_figures([
        Figure::for_machines("as_of", frame.as_of),
        Figure::for_machines("known_on", frame.known_on),
        Figure::new("key", "Key", partner.key.as_str()),
        Figure::for_machines("name", partner.name()),
    ])
}

/// Returns the verdict on a partner, both sides together.
fn verdict_figures(facts: PartnerFacts) -> Vec<Figure> {
    let PartnerFacts { program, partner, .. } = facts;
    let stage = program.criteria_stage();
    let verdicts = stage.and_then(|stage| facts.verdict(&stage.key));
    let sides = stage.into_iter().flat_map(|stage| facts.questionnaires_of(&stage.key)).map(|one| {
        let assessment = partner.assessment(&one.key);
        let said = match assessment {
            None => "not assessed".to_owned(),
            Some(assessment) => {
                let score = assessment.assessed.outcome.score;
                let score = score.map_or_else(String::new, |score| format!("{} ", score_in_words(score)));
                let overridden = if assessment.overridden.is_some() { ", overridden" } else { "" };
                format!("{score}{}{overridden}", assessment.assessed.outcome.verdicts().word())
            }
        };
        format!("{} {said}", one.key)
    });
    let shown = verdicts
        .map(|verdicts| format!("{}: {}", verdicts.decision(), phrase(&sides.collect::<Vec<String>>())));
    vec![
        Figure::for_machines("verdict", verdicts.map(Verdicts::decision)),
        Figure::for_people("Verdict", shown),
    ]
}

fn standing_figures(facts: PartnerFacts) -> Vec<Figure> {
    let PartnerFacts { program, partner, day: today } = facts;
    let stay = partner.current();
    let days = stay.filter(|stay| stay.entry_known).map(|stay| today.since(stay.entered));
    let overdue = facts.overdue_days();
    let (row, sentence) = match stay.map(|stay| (&stay.standing, stay.entered)) {
        None => ("none".to_owned(), "no stage yet".to_owned()),
        Some((Standing::In { stage }, since)) => (stage.clone(), in_stage(facts, stage, since)),
        Some((Standing::Parked { from }, since)) => {
            let from =
                from.as_deref().map_or_else(String::new, |key| format!(" from {}", program.stage_name(key)));
            let until =
                stay.and_then(|stay| stay.until).map_or_else(String::new, |day| format!(", until {day}"));
            ("parked".to_owned(), format!("Parked{from} (since {since}{until})"))
        }
        Some((Standing::Left { label, from }, since)) => {
            let from =
                from.as_deref().map_or_else(String::new, |key| format!(" from {}", program.stage_name(key)));
            ("left".to_owned(), format!("Left{from} on {since}: {}", label.word()))
        }
    };
    let why = stay.and_then(|stay| stay.cause.as_deref());
    let reason = stay.and_then(|stay| stay.reason.clone());
    let in_words = reason_in_words(program, why, reason.as_deref());
    vec![
        Figure::for_people("Stage", sentence),
        Figure::for_machines("stage", row),
        Figure::for_machines("since", stay.filter(|stay| stay.entry_known).map(|stay| stay.entered)),
        Figure::for_machines("days_in_stage", Cell::days(days)),
        Figure::for_machines("overdue_days", Cell::days(overdue)),
        Figure::for_people("Reason", in_words),
        Figure::for_machines("reason", reason),
        Figure::for_machines("why", why),
    ]
}

/// Returns the stage with the time in it: `Terms (since 2026-01-03, 28 days; 5 days over target of 23)`.
fn in_stage(facts: PartnerFacts, stage: &str, since: Day) -> String {
    let PartnerFacts { program, partner, day: today } = facts;
    let here = today.since(since);
    let known = partner.current().is_some_and(|stay| stay.entry_known);
    let time = if known {
        format!("since {since}, {}", counted(here, "day"))
    } else {
        format!("since {since} or earlier, at least {}", counted(here, "day"))
    };
    let mut parts = vec![time];
    if let Some(target) = program.stage(stage).and_then(|stage| stage.target_days) {
        parts.push(match facts.overdue_days() {
            Some(overdue) => format!("{} over target of {target}", counted(overdue, "day")),
            None => format!("target {}", counted(target, "day")),
        });
    }
    let all = partner.days_in(stage, today);
    if all > here {
        parts.push(format!("{} over all visits", counted(all, "day")));
    }
    format!("{} ({})", program.stage_name(stage), parts.join("; "))
}

fn attribute_figures(program: &Program, partner: &Partner) -> Vec<Figure> {
    let heading = |key: &str| match key {
        "type" => ("type", "Type"),
        "tier" => ("tier", "Tier"),
        "region" => ("region", "Region"),
        _ => ("owner", "Owner"),
    };
    let built_in = BUILT_IN_ATTRIBUTES.into_iter().filter(|key| *key != "name").flat_map(|key| {
        let (key, heading) = heading(key);
        if !program.is_several(key) {
            return vec![Figure::new(key, heading, partner.attribute(key))];
        }
        vec![
            Figure::for_machines(key, partner.attribute(key)),
            Figure::for_machines("region_all", Cell::list(partner.values(key))),
            Figure::for_people(heading, Cell::list(partner.values(key))),
        ]
    });
    let own: Vec<String> = partner
        .attributes()
        .iter()
        .filter(|(key, _)| !BUILT_IN_ATTRIBUTES.contains(&further_of(key).unwrap_or(key)))
        .filter(|(key, _)| *key != PARENT || !program.has_parents())
        .flat_map(|(key, value)| {
            let key = further_of(key).unwrap_or(key);
            further(Some(value)).map(move |value| format!("{key}={value}"))
        })
        .collect();
    let contacts: Vec<String> = partner.contacts.iter().map(contact).collect();
    let first = contacts.first().map(|one| Figure::for_people("Contacts", one.as_str()));
    let others = contacts.iter().skip(1).map(|one| Figure::below(one.as_str()));
    let one_a_line: Vec<Figure> = first.into_iter().chain(others).collect();
    let is_contact = |person: &&String| partner.contacts.iter().any(|one| identity(one) == *person);
    let opted_out = Cell::List(partner.opted_out.iter().filter(is_contact).cloned().collect());
    built_in
        .chain([
            Figure::new("fields", "Fields", Cell::List(own)),
            Figure::for_machines("contacts", Cell::List(contacts)),
            Figure::for_machines("opted_out", Cell::List(partner.opted_out.iter().cloned().collect())),
        ])
        .chain(one_a_line)
        .chain([
            Figure::for_people("Opted out of mail", opted_out),
            Figure::new("references", "References", Cell::List(partner.references.clone())),
            Figure::new("joined", "Joined", partner.since),
            Figure::new("observed_from", "Tracked since", partner.observed_from),
        ])
        .collect()
}

fn revenue_figures(facts: PartnerFacts) -> Vec<Figure> {
    let PartnerFacts { program, partner, .. } = facts;
    let minor = facts.revenue_12m();
    let money = program.currency.money(minor);
    let shown = match (minor, facts.productive()) {
        (0, _) if partner.sales.is_empty() => None,
        (_, Some(true)) => {
            Some(format!("{money} {} in the last 12 months (productive)", program.currency.code()))
        }
        (_, Some(false)) => {
            Some(format!("{money} {} in the last 12 months (not productive)", program.currency.code()))
        }
        (_, None) => Some(format!("{money} {} in the last 12 months", program.currency.code())),
    };
    vec![
        Figure::for_people("Revenue", shown),
        Figure::for_machines("revenue_12m", money),
        Figure::for_machines("currency", program.currency.code()),
        Figure::for_machines("productive", facts.productive()),
    ]
}

/// Returns that a partner in growth has gone quiet, as the front page says it; for that the sales of all partners are read.
fn silence_figures(view: &View, facts: PartnerFacts) -> anyhow::Result<[Figure; 4]> {
    let is_asked = facts.in_growth_since().is_some() && !facts.partner.sales.is_empty();
    let found = is_asked.then(|| {
        Channel::read(view, RHYTHM_NEEDS, |channel| {
            let line = channel.lines.iter().find(|line| line.id == facts.partner.id);
            Ok(line.and_then(|line| gone_quiet(channel, line)))
        })
    });
    let found = found.transpose()?.flatten();
    let (days, usual_days) = match &found {
        Some(GrowthReason::Quiet { days, usual_days }) => (Some(*days), Some(*usual_days)),
        Some(GrowthReason::NothingLately { days }) => (Some(*days), None),
        _ => (None, None),
    };
    Ok([
        Figure::for_people(
            "Sales",
            found.as_ref().map(|found| {
                let ReasonNames { word, .. } = found.names();
                format!("{word}: {}", found.sentence(PeriodNaming::InFull))
            }),
        ),
        Figure::for_machines("gone_quiet", found.is_some()),
        Figure::for_machines("silent_days", Cell::days(days)),
        Figure::for_machines("usual_days", Cell::days(usual_days)),
    ])
}

fn stages_table(program: &Program, partner: &Partner, today: Day) -> Table {
    let known = program.stages().iter().map(|stage| stage.key.as_str());
    let former = partner.stays.iter().filter_map(|stay| stay.standing.in_stage());
    let mut visited: Vec<(&str, Vec<&Stay>)> = Vec::new();
    for key in known.chain(former) {
        let visits: Vec<&Stay> =
            partner.stays.iter().filter(|stay| stay.standing.in_stage() == Some(key)).collect();
        if !visits.is_empty() && !visited.iter().any(|(one, _)| *one == key) {
            visited.push((key, visits));
        }
    }
    Table::of("stages", "Stages", &visited)
        .machines("stage", |(key, _)| *key)
        .column("name", "Stage", |(key, _)| program.stage_name(key))
        .column("visits", "Visits", |(_, visits)| visits.len())
        .detail()
        .column("first_entered", "First entered", |(_, visits)| {
            visits.first().filter(|first| first.entry_known).map(|first| first.entered)
        })
        .column("days", "Total days", |(key, _)| Cell::Days(partner.days_in(key, today)))
        .headline()
        .column("target_days", "Target", |(key, _)| {
            Cell::days(program.stage(key).and_then(|stage| stage.target_days))
        })
        .optional()
        .done()
        .empty("No stage yet.")
}

fn milestones_table(facts: PartnerFacts) -> [Table; 2] {
    let PartnerFacts { program, partner, .. } = facts;
    let stage = partner.standing().and_then(Standing::last_stage).and_then(|key| program.stage(key));
    let title = stage.map_or_else(String::new, |stage| format!("Milestones in {}", stage.name));
    let milestones: Vec<&Milestone> = stage.into_iter().flat_map(|stage| facts.asked_in(stage)).collect();
    let now = milestones.iter().map(|one| MilestoneNow::of(facts, stage, one));
    let to_come = milestones.iter().filter_map(|one| MilestoneNow::to_prepare(facts, stage?, one));
    let (missed, passed): (Vec<LeftOpen>, Vec<LeftOpen>) =
        left_open(facts).into_iter().partition(|one| one.period.is_some());
    let late = missed.iter().chain(&passed).map(|one| MilestoneNow::left_open(facts, one));
    let mut rows: Vec<MilestoneNow> = now.chain(to_come).chain(late).collect();
    let has_left = partner.has_left();
    // Who left owes no milestone of its stage any more.
    let open = rows.iter_mut().filter(|row| has_left && row.on.is_none());
    open.for_each(|row| row.status = NOT_DUE);
    let mut seen: Vec<MilestoneNow> = MilestoneNow::for_people(&rows);
    seen.retain(|row| row.status != NOT_DUE);
    let table = |rows: &[MilestoneNow]| {
        Table::of("milestones", title.clone(), rows)
            .column("milestone", "Milestone", |row| &row.milestone.key)
            .column("name", "Name", |row| &row.what)
            .column("gate", "Gate", |row| row.milestone.gate)
            .detail()
            .column("status", "Status", |row| row.status)
            .headline()
            .column("on", "Date", |row| row.on)
            .optional()
            .column("due", "Due", |row| row.due)
            .optional()
            .machines("original_due", |row| first_due(&row.moves).or(row.due))
            .machines("moves", |row| row.moves.len())
            .machines("moved_days", |row| Cell::days(days_moved(&row.moves)))
            .machines("moved", |row| Cell::List(moves_in_words(&row.moves)))
            .people("Moved", |row| moved_in_words(&row.moves))
            .optional()
            .column("by", "Responsible", |row| row.milestone.by.map(Doer::word))
            .optional()
            .column("evidence", "Evidence", |row| row.evidence.as_ref())
            .optional()
            .detail()
            .machines("stage", |row| row.stage)
            .machines("period", |row| row.period.as_ref().map(ToString::to_string))
            .machines("period_first_day", |row| row.period.as_ref().map(|period| period.first))
            .machines("period_last_day", |row| row.period.as_ref().map(|period| period.last))
            .done()
            .empty(if has_left { "None was settled." } else { "No milestones." })
            .with_notes(fiscal_periods(rows.iter().filter_map(|row| row.period.as_ref())))
    };
    [table(&rows).for_machines(), table(&seen).for_people()]
}

/// The status of what was open when the partner left.
const NOT_DUE: &str = "not due";

/// The status of a milestone of a partner.
#[derive(Clone)]
struct MilestoneNow<'p> {
    milestone: &'p Milestone,
    stage: &'p str,
    period: Option<Period>,
    what: String,
    status: &'static str,
    on: Option<Day>,
    due: Option<Day>,
    evidence: Option<String>,
    moves: Vec<DueMove>,
}

/// Returns how the due day of a milestone was moved, in the last visit to its stage or in its period.
fn moves_of(facts: PartnerFacts, milestone: &Milestone, period: Option<&Period>) -> Vec<DueMove> {
    let entered = last_entered(facts, milestone);
    entered.map_or_else(Vec::new, |entered| due_moves(facts, milestone, period, entered))
}

impl<'p> MilestoneNow<'p> {
    fn of(facts: PartnerFacts<'p>, stage: Option<&'p Stage>, milestone: &'p Milestone) -> MilestoneNow<'p> {
        let PartnerFacts { program, partner, day } = facts;
        // Reports are owed at the pace that is agreed.
        let agreed = facts.cadence().filter(|_| is_reported(milestone));
        let period = agreed.or(milestone.every).and_then(|every| program.calendar.containing(day, every));
        let held = facts.held(milestone, period.as_ref());
        let moves = moves_of(facts, milestone, period.as_ref());
        // While it is parked, and after it left, days are those of its last visit.
        let visit = stage.and_then(|one| partner.last_visit(&one.key));
        let end = visit.and_then(|(_, end)| end).unwrap_or(day);
        let stay = visit.map(|(stay, _)| stay).or_else(|| partner.current());
        let due = stay.and_then(|stay| match &period {
            Some(period) => due_day(facts, milestone, period, stay.entered),
            // What is done shows by when it was due by the program, also if nobody watched then.
            None if stay.entry_known && held.is_some() && moves.is_empty() => {
                milestone.due_days.map(|days| stay.entered.plus(days))
            }
            None => due_in_visit(facts, milestone, stay),
        });
        let late = held.is_none() && due.is_some_and(|due| due < end);
        let (status, on, evidence) = match held {
            None if late => ("overdue", None, None),
            None => ("open", None, None),
            Some(held) => settled(facts, milestone, period.as_ref(), held),
        };
        let what = match &period {
            Some(period) => format!("{} ({})", milestone.name, PeriodNaming::ByName.named(period)),
            None => milestone.name.clone(),
        };
        let stage = stage.map_or("", |stage| &stage.key);
        MilestoneNow { milestone, stage, period, what, status, on, due, evidence, moves }
    }

    /// Returns a milestone that is due before its period, which is the next one, if it is open.
    fn to_prepare(
        facts: PartnerFacts,
        stage: &'p Stage,
        milestone: &'p Milestone,
    ) -> Option<MilestoneNow<'p>> {
        facts.stage().filter(|current| *current == stage.key)?;
        let (period, due) = to_prepare(facts, milestone)?;
        let status = if due < facts.day { "overdue" } else { "open" };
        let what = format!("{} ({})", milestone.name, PeriodNaming::ByName.named(&period));
        let (stage, due) = (stage.key.as_str(), Some(due));
        let period = Some(period);
        let moves = moves_of(facts, milestone, period.as_ref());
        Some(MilestoneNow { milestone, stage, period, what, status, on: None, due, evidence: None, moves })
    }

    /// Returns a milestone that was not settled in time.
    fn left_open(facts: PartnerFacts, one: &LeftOpen<'p>) -> MilestoneNow<'p> {
        let LeftOpen { stage, milestone, period, due } = one;
        let (status, what) = match period {
            Some(period) if !one.is_missed(facts.day) => {
                ("open", format!("{} ({})", milestone.name, PeriodNaming::ByName.named(period)))
            }
            Some(period) => {
                ("missed", format!("{} ({})", milestone.name, PeriodNaming::ByName.named(period)))
            }
            None => {
                let status = if *due < facts.day { "overdue" } else { "open" };
                (status, format!("{} ({})", milestone.name, stage.name))
            }
        };
        let (period, due) = (period.clone(), Some(*due));
        let moves = moves_of(facts, milestone, period.as_ref());
        let (stage, on, evidence) = (stage.key.as_str(), None, None);
        MilestoneNow { milestone, stage, period, what, status, on, due, evidence, moves }
    }

    /// Returns these with all missed periods of a milestone in one row, in the place of the first.
    fn for_people(rows: &[MilestoneNow<'p>]) -> Vec<MilestoneNow<'p>> {
        let of_same = |row: &MilestoneNow| {
            let missed = rows.iter().filter(|one| one.status == "missed");
            missed.filter(|one| one.milestone.key == row.milestone.key).count()
        };
        let mut seen: Vec<MilestoneNow> = Vec::new();
        for row in rows {
            let is_again =
                |one: &MilestoneNow| one.status == "missed" && one.milestone.key == row.milestone.key;
            if row.status == "missed" && seen.iter().any(is_again) {
                continue;
            }
            let mut row = row.clone();
            let period = row.period.as_ref().filter(|_| row.status == "missed");
            if let (Some(period), count @ 2..) = (period, of_same(&row)) {
                row.what = format!(
                    "{} ({} and {} more)",
                    row.milestone.name,
                    PeriodNaming::ByName.named(period),
                    count - 1
                );
            }
            seen.push(row);
        }
        seen
    }
}

/// Returns the status of a settled milestone, the day since when it is, and the evidence.
fn settled(
    facts: PartnerFacts,
    milestone: &Milestone,
    period: Option<&Period>,
    held: Held,
) -> (&'static str, Option<Day>, Option<String>) {
    let (status, evidence) = match held {
        Held::Met(MetNeed { day, need: Need::Questionnaire(key) }) => {
            let mut newest = facts.partner.assessments.iter().rev();
            let found = newest.find(|one| one.day == day && one.assessed.questionnaire == *key);
            ("passed", found.map(proof))
        }
        Held::Met(met) => ("done", Some(all_proofs(&proofs(facts, met, period)))),
        Held::Recorded(MilestoneFact { skipped, .. }) => {
            let record = match period {
                Some(period) => facts.recorded_of(milestone, period),
                None => facts.partner.milestone(&milestone.key, None),
            };
            let words = record.and_then(|record| match &record.status {
                Status::Done { evidence, .. } => evidence.clone(),
                Status::Skipped { reason } => Some(reason.clone()),
                Status::Reopened { .. } => None,
            });
            (if skipped { "skipped" } else { "done" }, words)
        }
    };
    (status, Some(held.day()), evidence)
}

/// Returns the evidence that a questionnaire is passed.
fn proof(assessment: &Assessment) -> String {
    let score = assessment.assessed.outcome.score.map(|score| format!(" {}", score_in_words(score)));
    let overridden = assessment.overridden.as_ref().map(|one| format!(", overridden: {}", one.reason));
    [Some(assessment.assessed.questionnaire.clone()), score, overridden].into_iter().flatten().collect()
}
