//! `show`: everything about one partner.

use crate::lifecycle::agenda::{NextStep, next_step};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::text::{counted, phrase};
use crate::lifecycle::criteria::Assessment;
use crate::lifecycle::criteria::Verdicts;
use crate::lifecycle::criteria::score_in_words;
use crate::lifecycle::facts::{Facts, Held, MilestoneFact, Scene};
use crate::lifecycle::milestone::Status;
use crate::lifecycle::partner::Contact;
use crate::lifecycle::partner::Partner;
use crate::lifecycle::program::{BUILT_IN_ATTRIBUTES, Milestone, Need, Program};
use crate::lifecycle::rule::History;
use crate::lifecycle::stage::Standing;
use crate::report::assessment;
use crate::report::frame::Frame;
use crate::report::partner_backing::backing_facts;
use crate::report::partner_growth::growth_facts;
use crate::report::sheet::{Cell, Column, Figure, Report, Sheet};
use crate::store::View;
use crate::text::events::describe;

/// One partner as of the view's day. `timeline` is how many of its events people see, the newest.
pub fn report(
    view: &View,
    partner: &Partner,
    history: &History,
    frame: &Frame,
    timeline: Option<usize>,
) -> Report {
    let program = &view.in_force.program;
    let today = view.as_of;
    let next = next_step(program, partner, today);
    let mut figures = vec![
        Figure::for_machines("as_of", frame.as_of),
        Figure::for_machines("known_on", frame.known_on),
        Figure::new("key", "Key", partner.key.as_str()),
        Figure::for_machines("name", partner.name()),
    ];
    let scene = Scene { program, partner, day: today };
    figures.extend(standing_facts(scene));
    figures.push(Figure::for_machines("next", next.as_ref().map(|step| step.what.clone())));
    figures.push(Figure::for_machines("command", next.as_ref().map(|step| step.command.clone())));
    figures.push(Figure::for_people(
        "Next",
        next.map(|NextStep { what, command }| format!("{what}: {command}")),
    ));
    figures.extend(verdict_facts(scene));
    figures.extend(attribute_facts(partner));
    figures.extend(revenue_facts(scene));
    figures.extend(growth_facts(scene));
    figures.extend(backing_facts(scene));
    let (events, hidden) = timeline_sheet(view, partner, history, timeline);
    let notes = match hidden {
        0 => Vec::new(),
        count => {
            vec![format!("{}; `chanlife log {}` lists all", counted(count, "earlier event"), partner.key)]
        }
    };
    Report {
        schema: "chanlife.partner/1",
        title: frame.title(partner.name()),
        figures,
        tables: vec![
            stages_sheet(program, partner, today),
            milestones_sheet(program, partner, today),
            events,
        ]
        .into_iter()
        .map(Into::into)
        .collect(),
        notes,
    }
}

/// One partner's assessments as of the view's day.
///
/// # Errors
/// Where the file can't be read.
pub fn assessments(view: &View, partner: &Partner, frame: &Frame) -> anyhow::Result<Report> {
    let mut figures = vec![
        Figure::for_machines("as_of", frame.as_of),
        Figure::for_machines("known_on", frame.known_on),
        Figure::new("key", "Key", partner.key.as_str()),
        Figure::for_machines("name", partner.name()),
    ];
    figures.extend(verdict_facts(Scene { program: &view.in_force.program, partner, day: view.as_of }));
    Ok(Report {
        schema: "chanlife.assessments/1",
        title: frame.title(partner.name()),
        figures,
        tables: assessment::history(view, partner)?.into_iter().map(Into::into).collect(),
        notes: Vec::new(),
    })
}

/// What the criteria say of a partner, both sides together.
fn verdict_facts(scene: Scene) -> Vec<Figure> {
    let Scene { program, partner, .. } = scene;
    let stage = program.criteria_stage();
    let verdicts = stage.and_then(|stage| scene.verdict(&stage.key));
    let sides = stage.into_iter().flat_map(|stage| program.questionnaires_of(&stage.key)).map(|one| {
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
        Figure::for_people("Criteria", shown),
    ]
}

fn standing_facts(scene: Scene) -> Vec<Figure> {
    let Scene { program, partner, day: today } = scene;
    let stay = partner.current();
    let days = stay.filter(|stay| stay.entry_known).map(|stay| today.since(stay.entered));
    let overdue = scene.overdue_days();
    let (row, sentence) = match stay.map(|stay| (&stay.standing, stay.entered)) {
        None => ("none".to_owned(), "in no stage yet".to_owned()),
        Some((Standing::In { stage }, since)) => {
            (stage.clone(), in_stage(program, partner, stage, since, overdue, today))
        }
        Some((Standing::Parked { from }, since)) => {
            let from =
                from.as_deref().map_or_else(String::new, |key| format!(" from {}", program.stage_name(key)));
            let until =
                stay.and_then(|stay| stay.until).map_or_else(String::new, |day| format!(", until {day}"));
            ("parked".to_owned(), format!("parked{from} since {since}{until}"))
        }
        Some((Standing::Left { label, from }, since)) => {
            let from =
                from.as_deref().map_or_else(String::new, |key| format!(" from {}", program.stage_name(key)));
            ("left".to_owned(), format!("left{from} on {since}: {}", label.word()))
        }
    };
    let reason = stay.and_then(|stay| stay.reason.clone());
    vec![
        Figure::for_people("Stands", sentence),
        Figure::for_machines("stage", row),
        Figure::for_machines("since", stay.filter(|stay| stay.entry_known).map(|stay| stay.entered)),
        Figure::for_machines("days_in_stage", Cell::days(days)),
        Figure::for_machines("overdue_days", Cell::days(overdue)),
        Figure::new("reason", "Because", reason),
    ]
}

fn in_stage(
    program: &Program,
    partner: &Partner,
    stage: &str,
    since: Day,
    overdue: Option<i64>,
    today: Day,
) -> String {
    let name = program.stage_name(stage);
    let here = today.since(since);
    let known = partner.current().is_some_and(|stay| stay.entry_known);
    let mut text = match known {
        true => format!("in {name} since {since}, {}", days(here)),
        false => format!("in {name}, found there on {since}, at least {}", days(here)),
    };
    if let Some(target) = program.stage(stage).and_then(|stage| stage.target_days) {
        match overdue {
            Some(overdue) => text.push_str(&format!("; overdue by {}, target {target}", days(overdue))),
            None => text.push_str(&format!("; target {target}")),
        }
    }
    let all = partner.days_in(stage, today);
    if all > here {
        text.push_str(&format!("; {} over all visits", days(all)));
    }
    text
}

fn attribute_facts(partner: &Partner) -> Vec<Figure> {
    let heading = |key: &str| match key {
        "type" => ("type", "Type"),
        "tier" => ("tier", "Tier"),
        "region" => ("region", "Region"),
        _ => ("owner", "Owner"),
    };
    let built_in = BUILT_IN_ATTRIBUTES.into_iter().filter(|key| *key != "name").map(|key| {
        let (key, heading) = heading(key);
        Figure::new(key, heading, partner.attribute(key))
    });
    let own: Vec<String> = partner
        .attributes()
        .iter()
        .filter(|(key, _)| !BUILT_IN_ATTRIBUTES.contains(&key.as_str()))
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    let contacts: Vec<String> = partner.contacts.iter().map(contact).collect();
    built_in
        .chain([
            Figure::new("fields", "Fields", Cell::List(own)),
            Figure::new("contacts", "Contacts", Cell::List(contacts)),
            Figure::new("references", "References", Cell::List(partner.references.clone())),
            Figure::new("joined", "Known since", partner.since),
            Figure::new("observed_from", "Observed from", partner.observed_from),
        ])
        .collect()
}

/// `Ana Ruiz <ana@acme.example>, sales`, as it can be typed back.
pub fn contact(contact: &Contact) -> String {
    let email = contact.email.as_ref().map_or_else(String::new, |email| format!(" <{email}>"));
    let role = contact.role.as_ref().map_or_else(String::new, |role| format!(", {role}"));
    format!("{}{email}{role}", contact.name)
}

fn revenue_facts(scene: Scene) -> Vec<Figure> {
    let Scene { program, partner, .. } = scene;
    let minor = scene.revenue_12m();
    let money = program.currency.money(minor);
    let shown = match (minor, scene.productive()) {
        (0, _) if partner.sales.is_empty() => None,
        (_, Some(true)) => Some(format!("{money} {} in 12 months: productive", program.currency.code())),
        (_, Some(false)) => Some(format!("{money} {} in 12 months: not productive", program.currency.code())),
        (_, None) => Some(format!("{money} {} in 12 months", program.currency.code())),
    };
    vec![
        Figure::for_people("Revenue", shown),
        Figure::for_machines("revenue_12m", money),
        Figure::for_machines("currency", program.currency.code()),
        Figure::for_machines("productive", scene.productive()),
    ]
}

fn stages_sheet(program: &Program, partner: &Partner, today: Day) -> Sheet {
    let columns = vec![
        Column::for_machines("stage"),
        Column::new("name", "Stage"),
        Column::new("visits", "Visits"),
        Column::new("first_entered", "First entered"),
        Column::new("days", "Days over all visits"),
        Column::new("target_days", "Target").optional(),
    ];
    let mut sheet = Sheet::new("stages", "Stages", columns).empty("In no stage yet.");
    let known = program.stages().iter().map(|stage| stage.key.as_str());
    let former = partner.stays.iter().filter_map(|stay| stay.standing.in_stage());
    let mut keys: Vec<&str> = Vec::new();
    for key in known.chain(former) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    for key in keys {
        let visits: Vec<_> =
            partner.stays.iter().filter(|stay| stay.standing.in_stage() == Some(key)).collect();
        let Some(first) = visits.first() else { continue };
        sheet.rows.push(vec![
            key.into(),
            program.stage_name(key).into(),
            Cell::count(visits.len()),
            Some(first.entered).filter(|_| first.entry_known).into(),
            Cell::Days(partner.days_in(key, today)),
            Cell::days(program.stage(key).and_then(|stage| stage.target_days)),
        ]);
    }
    sheet
}

fn milestones_sheet(program: &Program, partner: &Partner, today: Day) -> Sheet {
    let columns = vec![
        Column::new("milestone", "Milestone"),
        Column::new("name", "What"),
        Column::new("gate", "Gate"),
        Column::new("status", "Status"),
        Column::new("on", "On").optional(),
        Column::new("due", "Due").optional(),
        Column::new("evidence", "Evidence").optional(),
    ];
    let stage = partner.standing().and_then(Standing::last_stage).and_then(|key| program.stage(key));
    let title = stage.map_or_else(String::new, |stage| format!("Milestones of {}", stage.name));
    let mut sheet = Sheet::new("milestones", title, columns).empty("No milestone.");
    let milestones = stage.map_or(&[][..], |stage| &stage.milestones);
    for milestone in milestones {
        sheet.rows.push(milestone_row(Scene { program, partner, day: today }, milestone));
    }
    sheet
}

fn milestone_row(scene: Scene, milestone: &Milestone) -> Vec<Cell> {
    let Scene { program, partner, day } = scene;
    let period = milestone.every.and_then(|every| program.calendar.containing(day, every));
    let label = period.as_ref().map(ToString::to_string);
    let held = scene.held(milestone, period.as_ref());
    let entered = partner.current().map(|stay| stay.entered);
    let due = match (&period, milestone.due_days, entered) {
        (Some(period), ..) => Some(period.last),
        (None, Some(days), Some(entered)) => Some(entered.plus(days)),
        _ => None,
    };
    let late = scene.is_open(milestone) && due.is_some_and(|due| due < day);
    let (status, on, evidence) = match held {
        Some(Held::Passed { day }) => ("passed", Some(day), passed_by(scene, milestone, day)),
        Some(Held::Settled { day }) => ("done", Some(day), None),
        Some(Held::Recorded(MilestoneFact { day, skipped })) => {
            let record = partner.milestone(&milestone.key, label.as_deref());
            let words = record.and_then(|record| match &record.status {
                Status::Done { evidence, .. } => evidence.clone(),
                Status::Skipped { reason } => Some(reason.clone()),
                Status::Reopened { .. } => None,
            });
            (if skipped { "skipped" } else { "done" }, Some(day), words)
        }
        _ if late => ("overdue", None, None),
        _ => ("open", None, None),
    };
    let what = label.map_or_else(|| milestone.name.clone(), |label| format!("{} ({label})", milestone.name));
    vec![
        milestone.key.as_str().into(),
        what.into(),
        milestone.gate.into(),
        status.into(),
        on.into(),
        due.into(),
        evidence.into(),
    ]
}

/// What shows that the questionnaire that a milestone needs was passed on a day.
fn passed_by(scene: Scene, milestone: &Milestone, day: Day) -> Option<String> {
    let Some(Need::Questionnaire(key)) = &milestone.needs else { return None };
    let mut newest = scene.partner.assessments.iter().rev();
    newest.find(|one| one.day == day && one.assessed.questionnaire == *key).map(proof)
}

/// What shows that a questionnaire is passed.
fn proof(assessment: &Assessment) -> String {
    let score = assessment.assessed.outcome.score.map(|score| format!(" {}", score_in_words(score)));
    let overridden = assessment.overridden.as_ref().map(|one| format!(", overridden: {}", one.reason));
    [Some(assessment.assessed.questionnaire.clone()), score, overridden].into_iter().flatten().collect()
}

fn timeline_sheet(view: &View, partner: &Partner, history: &History, limit: Option<usize>) -> (Sheet, usize) {
    let columns = vec![
        Column::new("event", "Event"),
        Column::new("day", "Day"),
        Column::for_machines("kind"),
        Column::new("what", "What"),
    ];
    let mut sheet = Sheet::new("timeline", "Timeline", columns);
    let folded = history.fold(&view.in_force.aliases, Some(view.as_of));
    let past: Vec<_> = folded.order.iter().filter(|(day, _)| *day <= view.as_of).collect();
    let hidden = past.len() - limit.unwrap_or(past.len()).min(past.len());
    for (day, recorded) in &past[hidden..] {
        let what = describe(&recorded.event, &view.in_force.program);
        let from = match recorded.partner == partner.id {
            true => String::new(),
            false => " (merged)".to_owned(),
        };
        sheet.rows.push(vec![
            recorded.number.into(),
            (*day).into(),
            recorded.event.kind().into(),
            format!("{what}{from}").into(),
        ]);
    }
    (sheet, hidden)
}

fn days(count: i64) -> String {
    crate::lifecycle::stage::days(count)
}
