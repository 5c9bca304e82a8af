//! What is due for a partner, and what waits for us: each with its day, the command that settles it, and an identifier
//! that stays the same whatever the day.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::enablement::expiries;
use crate::lifecycle::event::LeftAs;
use crate::lifecycle::facts::{Facts, Scene};
use crate::lifecycle::funds::{ClaimOutcome, RequestState};
use crate::lifecycle::needs::lacking;
use crate::lifecycle::next::{open_leaving, recorded_by};
use crate::lifecycle::performance::{DecidedAs, WatchStatus};
use crate::lifecycle::program::{Milestone, SettledBy};
use crate::lifecycle::stage::Standing;
use crate::lifecycle::terms::renewals;

/// Something that is due, or waits since a day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Due {
    /// The day by which it is due; where it waits, the day since when.
    pub day: Day,
    pub kind: DueKind,
    pub what: String,
    pub command: String,
    /// Tells it apart from all others of the partner.
    pub id: String,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum DueKind {
    Milestone,
    Review,
    Report,
    Action,
    Decision,
    Resume,
    Renewal,
    Certificate,
    /// Money of a fund that is gone after the day.
    Fund,
    /// What was approved and is to be claimed.
    Claim,
    Activity,
    /// The public is told.
    Launch,
    Leaving,
    /// A question, a request or a claim that waits for us.
    Waiting,
}

impl DueKind {
    pub fn word(self) -> &'static str {
        match self {
            DueKind::Milestone => "milestone",
            DueKind::Review => "review",
            DueKind::Report => "report",
            DueKind::Action => "action",
            DueKind::Decision => "decision",
            DueKind::Resume => "resume",
            DueKind::Renewal => "renewal",
            DueKind::Certificate => "certificate",
            DueKind::Fund => "fund",
            DueKind::Claim => "claim",
            DueKind::Activity => "activity",
            DueKind::Launch => "launch",
            DueKind::Leaving => "leaving",
            DueKind::Waiting => "waiting",
        }
    }
}

/// Everything that is due for a partner, in order of day.
pub fn dues(scene: Scene) -> Vec<Due> {
    let mut all = waiting(scene);
    match scene.partner.standing() {
        None => {}
        Some(Standing::In { stage }) => {
            milestones(scene, stage, &mut all);
            growth(scene, &mut all);
            backing(scene, &mut all);
        }
        Some(Standing::Parked { .. }) => {
            resume(scene, &mut all);
            backing(scene, &mut all);
        }
        Some(Standing::Left { label, .. }) => leaving(scene, *label, &mut all),
    }
    all.sort_by(|a, b| (a.day, a.kind, &a.id).cmp(&(b.day, b.kind, &b.id)));
    all
}

/// What waits for us: questions, requests for money, claims.
pub(crate) fn waiting(scene: Scene) -> Vec<Due> {
    let Scene { partner, day, program } = scene;
    let mut all = Vec::new();
    let mut add = |since: Day, what: String, command: String, id: String| {
        all.push(Due { day: since, kind: DueKind::Waiting, what, command, id });
    };
    for one in partner.questions.iter().filter(|one| one.reply.is_none()) {
        let (number, first) = (one.event, one.text.lines().next().unwrap_or_default());
        let command = format!("chanlife answer {number} TEXT");
        add(one.day, format!("question {number}: {first}"), command, format!("question.{number}"));
    }
    let books = partner.books.on(day);
    let money = |minor: i64| program.currency.money(i128::from(minor));
    for (fund, request) in books.requests() {
        let number = request.event;
        if request.state == RequestState::Waiting {
            let what = format!(
                "request {number}: {} of {fund} for a {}",
                money(request.asked_minor),
                request.activity
            );
            add(request.day, what, format!("chanlife fund approve {number}"), format!("request.{number}"));
        }
        for claim in request.claims.iter().filter(|claim| claim.outcome.is_none()) {
            let what = format!("claim {}: {} of {fund} to be paid", claim.event, money(claim.amount_minor));
            let command = format!("chanlife fund pay {}", claim.event);
            add(claim.day, what, command, format!("payment.{}", claim.event));
        }
    }
    all.sort_by(|a, b| (a.day, &a.id).cmp(&(b.day, &b.id)));
    all
}

fn milestones(scene: Scene, stage: &str, all: &mut Vec<Due>) {
    let Scene { program, partner, day } = scene;
    let Some((stage, stay)) = program.stage(stage).zip(partner.current()) else { return };
    let self_service =
        matches!(partner.watch_status(), WatchStatus::Settled { outcome: DecidedAs::SelfService, .. });
    for milestone in stage.milestones.iter().filter(|one| scene.is_open(one)) {
        let period = milestone.every.and_then(|every| program.calendar.containing(day, every));
        let life = if partner.returns > 0 { format!(".{}", partner.returns) } else { String::new() };
        let (due, label) = match (&period, milestone.due_days) {
            (Some(_), _) if self_service => continue,
            (Some(period), _) => (period.last, format!(" ({period})")),
            (None, Some(days)) if stay.entry_known => (stay.entered.plus(days), String::new()),
            (None, _) => continue,
        };
        let kind = match milestone.settled_by {
            Some(SettledBy::Review) => DueKind::Review,
            // Reports are owed at the pace that is agreed.
            Some(SettledBy::Report) => continue,
            _ => DueKind::Milestone,
        };
        let id = period.map_or_else(String::new, |period| format!(".{period}"));
        all.push(Due {
            day: due,
            kind,
            what: format!("{}{label}", milestone.name),
            command: settling(scene, milestone),
            id: format!("milestone.{}{id}{life}", milestone.key),
        });
    }
}

fn settling(scene: Scene, milestone: &Milestone) -> String {
    milestone
        .needs
        .as_ref()
        .map_or_else(|| recorded_by(scene, milestone), |need| lacking(scene, need).command)
}

fn growth(scene: Scene, all: &mut Vec<Due>) {
    let Scene { program, partner, .. } = scene;
    let key = &partner.key;
    for task in partner.open_tasks() {
        let owner = task.owner.as_ref().map_or_else(String::new, |owner| format!(", by {owner}"));
        all.push(Due {
            day: task.due,
            kind: DueKind::Action,
            what: format!("{}{owner}", task.what),
            command: format!("chanlife plan done {key} {}", task.event),
            id: format!("action.{}", task.event),
        });
    }
    if let WatchStatus::Improving { until, .. } = partner.watch_status() {
        all.push(Due {
            day: until,
            kind: DueKind::Decision,
            what: "its improvement plan ends, decide".to_owned(),
            command: format!("chanlife decide {key} recover|lower-tier|self-service|leave --reason REASON"),
            id: "decision".to_owned(),
        });
    }
    let due_days = program.reporting.as_ref().map_or(0, |rule| rule.due_days);
    for period in scene.reports_owed().into_iter().chain(scene.report_to_come()) {
        all.push(Due {
            day: period.last.plus(due_days),
            kind: DueKind::Report,
            what: format!("report of {period}"),
            command: format!("chanlife revenue add {key} AMOUNT --period {period}"),
            id: format!("report.{period}"),
        });
    }
}

/// Renewals, certificates, money that ends.
fn backing(scene: Scene, all: &mut Vec<Due>) {
    let Scene { program, partner, day } = scene;
    let key = &partner.key;
    for (term, end, renewed_by) in renewals(scene) {
        let value = &term.field.key;
        all.push(Due {
            day: renewed_by,
            kind: DueKind::Renewal,
            what: format!("{}: ends on {end}, agree anew", term.name),
            command: format!("chanlife agree {key} {value}=VALUE"),
            id: format!("renewal.{value}.{end}"),
        });
    }
    for (person, course, until) in expiries(scene) {
        let name = program.course(course).map_or(course, |course| &course.name);
        all.push(Due {
            day: until,
            kind: DueKind::Certificate,
            what: format!("certificate of {person} ends: {name}"),
            command: format!("chanlife certify {key} {course} {}", shell_words::quote(person)),
            id: format!("certificate.{course}.{person}.{until}"),
        });
    }
    let books = partner.books.on(day);
    let money =
        |minor: i64| format!("{} {}", program.currency.money(i128::from(minor)), program.currency.code());
    for (fund, ledger) in books.ledgers() {
        for lot in ledger.lots.iter().filter(|lot| lot.left_minor > 0) {
            let Some(until) = lot.until else { continue };
            all.push(Due {
                day: until,
                kind: DueKind::Fund,
                what: format!("{} of {fund} ends", money(lot.left_minor)),
                command: format!("chanlife fund request {key} ACTIVITY --cost AMOUNT --starts DATE"),
                id: format!("fund.{}", lot.event),
            });
        }
        for request in &ledger.requests {
            let RequestState::Approved { claim_by, .. } = request.state else { continue };
            let number = request.event;
            let paid = |outcome: &Option<ClaimOutcome>| matches!(outcome, Some(ClaimOutcome::Paid { .. }));
            if request.starts >= day && !request.claims.iter().any(|claim| paid(&claim.outcome)) {
                all.push(Due {
                    day: request.starts,
                    kind: DueKind::Activity,
                    what: format!("{} of request {number} starts", request.activity),
                    command: format!("chanlife fund show {key}"),
                    id: format!("activity.{number}"),
                });
            }
            if request.open_minor() > 0 {
                all.push(Due {
                    day: claim_by,
                    kind: DueKind::Claim,
                    what: format!("{} of request {number} to be claimed", money(request.open_minor())),
                    command: format!("chanlife fund claim {number} AMOUNT --proof PROOF"),
                    id: format!("claim.{number}"),
                });
            }
        }
    }
}

fn resume(scene: Scene, all: &mut Vec<Due>) {
    let stay = scene.partner.current();
    if let Some((stay, until)) = stay.and_then(|stay| Some((stay, stay.until?))) {
        all.push(Due {
            day: until,
            kind: DueKind::Resume,
            what: "take it up again".to_owned(),
            command: format!("chanlife resume {}", scene.partner.key),
            id: format!("resume.{}", stay.event),
        });
    }
}

fn leaving(scene: Scene, label: LeftAs, all: &mut Vec<Due>) {
    let Scene { program, partner, .. } = scene;
    let Some(left) = partner.current().map(|stay| stay.entered) else { return };
    for item in open_leaving(program, partner, label) {
        let Some(days) = item.due_days else { continue };
        all.push(Due {
            day: left.plus(days),
            kind: DueKind::Leaving,
            what: item.name.clone(),
            command: format!("chanlife done {} {}", partner.key, item.key),
            id: format!("leaving.{}.{}", item.key, partner.returns),
        });
    }
}
