//! `log`: what was recorded, by whom and when.

use super::describe::describe;
use super::sheet::{Cell, Column, Report, Sheet};
use crate::domain::day::Day;
use crate::domain::program::Program;
use crate::store::{Action, ActionId, ActionKind, LoggedEvent, Lookup};

/// An action with what undid it, where it is undone.
#[derive(Clone, Debug)]
pub struct LoggedAction {
    pub action: Action,
    pub undone_by: Option<ActionId>,
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
    ];
    let mut sheet = Sheet::new("rows", "", columns).empty("Nothing was recorded.");
    for LoggedAction { action, undone_by } in actions {
        let kind = match action.kind {
            ActionKind::Record => "record",
            ActionKind::Undo(_) => "undo",
            ActionKind::Redo(_) => "redo",
        };
        let (first, last) = action.events.unzip();
        sheet.rows.push(vec![
            action.id.into(),
            action.recorded_on.into(),
            action.recorded_at.as_str().into(),
            action.actor.as_str().into(),
            action.said.as_str().into(),
            kind.into(),
            action.words.as_str().into(),
            first.into(),
            last.into(),
            (*undone_by).into(),
        ]);
    }
    let notes = match more {
        0 => Vec::new(),
        more => vec![format!("{more} earlier actions; --limit 0 shows all")],
    };
    Report {
        schema: "chanlife.log/1",
        title: "Actions, newest last".to_owned(),
        facts: Vec::new(),
        sheets: vec![sheet],
        notes,
    }
}

/// One event in the log of a partner.
#[derive(Clone, Debug)]
pub struct PartnerEvent {
    pub logged: LoggedEvent,
    /// The day that holds after corrections.
    pub day: Day,
    pub recorded_on: Day,
    pub actor: String,
    pub undone: bool,
}

/// The events of one partner, in order of recording.
pub fn events(partner: &Lookup, events: &[PartnerEvent], program: &Program) -> Report {
    let columns = vec![
        Column::new("event", "Event"),
        Column::new("day", "Day"),
        Column::new("kind", "Kind"),
        Column::new("what", "What"),
        Column::new("action", "Action"),
        Column::new("recorded_on", "Recorded"),
        Column::new("actor", "By"),
        Column::new("undone", "Undone").optional(),
    ];
    let mut sheet = Sheet::new("rows", "", columns);
    for event in events {
        let what = match event.logged.decode() {
            Ok(decoded) => describe(&decoded, program),
            Err(error) => error.to_string(),
        };
        sheet.rows.push(vec![
            event.logged.number.into(),
            event.day.into(),
            event.logged.kind.as_str().into(),
            what.into(),
            event.logged.action.into(),
            event.recorded_on.into(),
            event.actor.as_str().into(),
            if event.undone { Cell::Flag(true) } else { Cell::Missing },
        ]);
    }
    Report {
        schema: "chanlife.events/1",
        title: format!("Events of {}, in order of recording", partner.name),
        facts: vec![super::sheet::Fact::new("partner", "", partner.key.as_str())],
        sheets: vec![sheet],
        notes: Vec::new(),
    }
}
