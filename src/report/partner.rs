//! `show`: everything about one partner.

use super::describe::describe;
use super::frame::Frame;
use super::sheet::{Cell, Column, Fact, Report, Sheet};
use crate::domain::day::Day;
use crate::domain::event::Contact;
use crate::domain::next::{NextStep, is_open, next_step};
use crate::domain::partner::{Partner, Standing, Status};
use crate::domain::program::{BUILT_IN_ATTRIBUTES, Milestone, Program};
use crate::domain::rules::{History, Scene};
use crate::domain::text::counted;
use crate::store::View;

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
    let mut facts = vec![
        Fact::new("as_of", "", frame.as_of),
        Fact::new("known_on", "", frame.known_on),
        Fact::new("key", "Key", partner.key.as_str()),
        Fact::new("name", "", partner.name()),
    ];
    facts.extend(standing_facts(program, partner, today));
    facts.push(Fact::new("next", "", next.as_ref().map(|step| step.what.clone())));
    facts.push(Fact::new("command", "", next.as_ref().map(|step| step.command.clone())));
    facts.push(Fact::new("", "Next", next.map(|NextStep { what, command }| format!("{what}: {command}"))));
    facts.extend(attribute_facts(partner));
    facts.extend(revenue_facts(program, partner, today));
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
        facts,
        sheets: vec![
            stages_sheet(program, partner, today),
            milestones_sheet(program, partner, today),
            events,
        ],
        notes,
    }
}

fn standing_facts(program: &Program, partner: &Partner, today: Day) -> Vec<Fact> {
    let stay = partner.current();
    let days = stay.filter(|stay| stay.entry_known).map(|stay| today.since(stay.entered));
    let overdue = partner.overdue_days(program, today);
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
        Fact::new("", "Stands", sentence),
        Fact::new("stage", "", row),
        Fact::new("since", "", stay.filter(|stay| stay.entry_known).map(|stay| stay.entered)),
        Fact::new("days_in_stage", "", Cell::days(days)),
        Fact::new("overdue_days", "", Cell::days(overdue)),
        Fact::new("reason", "Because", reason),
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

fn attribute_facts(partner: &Partner) -> Vec<Fact> {
    let heading = |key: &str| match key {
        "type" => ("type", "Type"),
        "tier" => ("tier", "Tier"),
        "region" => ("region", "Region"),
        _ => ("owner", "Owner"),
    };
    let built_in = BUILT_IN_ATTRIBUTES.into_iter().filter(|key| *key != "name").map(|key| {
        let (key, heading) = heading(key);
        Fact::new(key, heading, partner.attribute(key))
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
            Fact::new("fields", "Fields", Cell::List(own)),
            Fact::new("contacts", "Contacts", Cell::List(contacts)),
            Fact::new("references", "References", Cell::List(partner.references.clone())),
            Fact::new("joined", "Known since", partner.since),
            Fact::new("observed_from", "Observed from", partner.observed_from),
        ])
        .collect()
}

/// `Ana Ruiz <ana@acme.example>, sales`, as it can be typed back.
pub fn contact(contact: &Contact) -> String {
    let email = contact.email.as_ref().map_or_else(String::new, |email| format!(" <{email}>"));
    let role = contact.role.as_ref().map_or_else(String::new, |role| format!(", {role}"));
    format!("{}{email}{role}", contact.name)
}

fn revenue_facts(program: &Program, partner: &Partner, today: Day) -> Vec<Fact> {
    let minor = partner.revenue_12m(today);
    let money = program.currency.money(minor);
    let shown = match (minor, partner.productive(program, today)) {
        (0, _) if partner.sales.is_empty() => None,
        (_, Some(true)) => Some(format!("{money} {} in 12 months: productive", program.currency.code())),
        (_, Some(false)) => Some(format!("{money} {} in 12 months: not productive", program.currency.code())),
        (_, None) => Some(format!("{money} {} in 12 months", program.currency.code())),
    };
    vec![
        Fact::new("", "Revenue", shown),
        Fact::new("revenue_12m", "", money),
        Fact::new("currency", "", program.currency.code()),
        Fact::new("productive", "", partner.productive(program, today)),
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
    let record = partner.milestone(&milestone.key, label.as_deref());
    let entered = partner.current().map(|stay| stay.entered);
    let due = match (&period, milestone.due_days, entered) {
        (Some(period), ..) => Some(period.last),
        (None, Some(days), Some(entered)) => Some(entered.plus(days)),
        _ => None,
    };
    let late = is_open(scene, milestone) && due.is_some_and(|due| due < day);
    let (status, evidence) = match record.map(|record| &record.status) {
        Some(Status::Done { evidence, .. }) => ("done", evidence.clone()),
        Some(Status::Skipped { reason }) => ("skipped", Some(reason.clone())),
        _ if late => ("overdue", None),
        _ => ("open", None),
    };
    let what = label.map_or_else(|| milestone.name.clone(), |label| format!("{} ({label})", milestone.name));
    vec![
        milestone.key.as_str().into(),
        what.into(),
        milestone.gate.into(),
        status.into(),
        record.map(|record| record.day).into(),
        due.into(),
        evidence.into(),
    ]
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
    crate::domain::rules::days(count)
}
