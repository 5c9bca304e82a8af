//! `log`: what was recorded, by whom and when.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::text::counted;
use crate::lifecycle::program::Program;
use crate::report::sheet::{Audience, Cell, Column, Figure, Report, Sheet};
use crate::store::{Action, LoggedEvent, Lookup};
use crate::text::events::describe;

/// An action with what undid it, where it is undone.
#[derive(Clone, Debug)]
pub struct LoggedAction {
    pub action: Action,
    pub undo: Option<Action>,
}

/// Actions, as given; `more` are left out for people.
pub fn actions(actions: &[LoggedAction], more: usize) -> Report {
    let columns = vec![
        Column::new("action", "Action"),
        Column::new("recorded_on", "Recorded"),
        Column::for_machines("recorded_at"),
        Column::new("actor", "By"),
        Column::new("said", "What"),
        Column::for_machines("kind"),
        Column::for_machines("words"),
        Column::for_machines("first_event"),
        Column::for_machines("last_event"),
        Column::new("undone_by", "Undone by").optional(),
        Column::for_machines("undone_by_actor"),
    ];
    let mut sheet = Sheet::new("rows", "", columns).empty("No such action was recorded.");
    for LoggedAction { action, undo } in actions {
        let (first, last) = action.events.unzip();
        sheet.rows.push(vec![
            action.id.into(),
            action.recorded_on.into(),
            action.recorded_at.as_str().into(),
            action.actor.as_str().into(),
            action.said.as_str().into(),
            action.kind.word().into(),
            action.words.as_str().into(),
            first.into(),
            last.into(),
            undo.as_ref().map(|undo| undo.id).into(),
            undo.as_ref().map(|undo| undo.actor.as_str()).into(),
        ]);
    }
    Report {
        schema: "chanlife.log/1",
        title: "Actions, newest last".to_owned(),
        figures: Vec::new(),
        tables: vec![sheet].into_iter().map(Into::into).collect(),
        notes: earlier(more, "earlier action"),
    }
}

/// Says how many are left out for people.
fn earlier(more: usize, noun: &str) -> Vec<String> {
    match more {
        0 => Vec::new(),
        more => vec![format!("{}; --limit 0 shows all", counted(more, noun))],
    }
}

/// One event in the log of a partner or of an action.
#[derive(Clone, Debug)]
pub struct PartnerEvent {
    pub logged: LoggedEvent,
    /// Whose it is, unless the program's.
    pub key: Option<String>,
    /// The day that holds after corrections in the log of a partner, the one recorded in that of an action.
    pub day: Day,
    pub recorded_on: Day,
    pub actor: String,
    pub undone: bool,
}

/// The events of one partner, in order of recording.
pub fn of_partner(partner: &Lookup, events: &[PartnerEvent], more: usize, program: &Program) -> Report {
    Report {
        schema: "chanlife.events/1",
        title: format!("Events of {}, in order of recording", partner.name),
        figures: vec![Figure::for_machines("partner", partner.key.as_str())],
        tables: vec![events_sheet(Column::for_machines("partner"), events, program)]
            .into_iter()
            .map(Into::into)
            .collect(),
        notes: earlier(more, "earlier event"),
    }
}

/// One action with its events, in order of recording.
pub fn of_action(logged: &LoggedAction, events: &[PartnerEvent], more: usize, program: &Program) -> Report {
    let LoggedAction { action, undo } = logged;
    let mut figures = vec![
        Figure::new("said", "What", action.said.as_str()),
        Figure::new("actor", "By", action.actor.as_str()),
        Figure::new("recorded_on", "Recorded", action.recorded_on),
        Figure::for_machines("recorded_at", action.recorded_at.as_str()),
        Figure::new("words", "Words", action.words.as_str()),
        Figure::for_machines("kind", action.kind.word()),
    ];
    if let Some(undo) = undo {
        figures.push(Figure::new("undone_by", "Undone by action", undo.id));
        figures.push(Figure::new("undone_by_actor", "Undone by", undo.actor.as_str()));
        figures.push(Figure::new("undone_on", "Undone on", undo.recorded_on));
    }
    let mut sheet = events_sheet(Column::new("partner", "Partner").optional(), events, program);
    // People read above what is the same for all of them.
    let same = ["action", "recorded_on", "actor", "undone"];
    for column in sheet.columns.iter_mut().filter(|column| same.contains(&column.key.as_str())) {
        column.audience = Audience::Machines;
    }
    Report {
        schema: "chanlife.action/1",
        title: format!("Action {}", action.id),
        figures,
        tables: vec![sheet.empty("It has no events of its own.")].into_iter().map(Into::into).collect(),
        notes: earlier(more, "earlier event"),
    }
}

fn events_sheet(partner: Column, events: &[PartnerEvent], program: &Program) -> Sheet {
    let columns = vec![
        Column::new("event", "Event"),
        partner,
        Column::new("day", "Day"),
        Column::new("kind", "Kind"),
        Column::new("what", "What"),
        Column::new("action", "Action"),
        Column::new("recorded_on", "Recorded"),
        Column::new("actor", "By"),
        Column::new("undone", "Undone").optional(),
    ];
    let mut sheet = Sheet::new("rows", "", columns).empty("No such event was recorded.");
    for event in events {
        let what = match event.logged.decode() {
            Ok(decoded) => describe(&decoded, program),
            Err(error) => error.to_string(),
        };
        sheet.rows.push(vec![
            event.logged.number.into(),
            event.key.as_deref().into(),
            event.day.into(),
            event.logged.kind.as_str().into(),
            what.into(),
            event.logged.action.into(),
            event.recorded_on.into(),
            event.actor.as_str().into(),
            if event.undone { Cell::Flag(true) } else { Cell::Missing },
        ]);
    }
    sheet
}
