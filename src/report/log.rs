//! `log`: recorded actions and events, who recorded them and when.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::text::counted;
use crate::lifecycle::program::Program;
use crate::report::value::{Figure, Report, Table};
use crate::store::{LoggedEvent, Lookup, RecordedAction};
use crate::text::events::describe;

/// An action, and the action that undid it.
#[derive(Clone, Debug)]
pub(crate) struct LoggedAction {
    pub action: RecordedAction,
    /// What it changed, in one sentence.
    pub said: String,
    pub undo: Option<RecordedAction>,
}

/// Returns actions, as given; `more` are left out for people.
pub(crate) fn actions(actions: &[LoggedAction], more: usize) -> Report {
    let table = Table::of("rows", "", actions)
        .column("action", "Action", |one| one.action.id)
        .column("recorded_on", "Recorded", |one| one.action.recorded_on)
        .machines("recorded_at", |one| &one.action.recorded_at)
        .column("actor", "By", |one| &one.action.actor)
        .column("said", "Description", |one| one.said.as_str())
        .headline()
        .machines("kind", |one| one.action.kind.word())
        .machines("words", |one| &one.action.words)
        .machines("first_event", |one| one.action.events.map(|(first, _)| first))
        .machines("last_event", |one| one.action.events.map(|(_, last)| last))
        .column("undone_by", "Undone by", |one| one.undo.as_ref().map(|undo| undo.id))
        .optional()
        .headline()
        .machines("undone_by_actor", |one| one.undo.as_ref().map(|undo| &undo.actor))
        .done()
        .empty("No actions found.");
    Report::new("chanlife.log/1", "Actions, newest last")
        .with_tables([table])
        .with_notes(earlier(more, "earlier action"))
}

/// Says how many are left out for people.
fn earlier(more: usize, noun: &str) -> Option<String> {
    (more > 0).then(|| format!("{} hidden; --limit 0 shows all", counted(more, noun)))
}

/// One event in the log of a partner or of an action.
#[derive(Clone, Debug)]
pub(crate) struct PartnerEvent {
    pub logged: LoggedEvent,
    /// Whose it is, unless the program's.
    pub key: Option<String>,
    /// The day that holds after corrections in the log of a partner, the one recorded in that of an action.
    pub day: Day,
    pub recorded_on: Day,
    pub actor: String,
    pub undone: bool,
}

/// Returns the events of one partner, in order of recording.
pub(crate) fn of_partner(
    partner: &Lookup,
    events: &[PartnerEvent],
    more: usize,
    program: &Program,
) -> Report {
    let table = Table::of("rows", "", events)
        .column("event", "Event", |one| one.logged.number)
        .machines("partner", |one| one.key.as_deref())
        .column("day", "Day", |one| one.day)
        .column("kind", "Kind", |one| &one.logged.kind)
        .column("what", "Description", |one| one.in_words(program))
        .headline()
        .column("action", "Action", |one| one.logged.action)
        .column("recorded_on", "Recorded", |one| one.recorded_on)
        .column("actor", "By", |one| &one.actor)
        .column("undone", "Undone", PartnerEvent::undone)
        .optional()
        .headline()
        .done()
        .empty("No events found.");
    Report::new("chanlife.events/1", format!("Events of {} in the order recorded", partner.name))
        .with_figures([Figure::for_machines("partner", partner.key.as_str())])
        .with_tables([table])
        .with_notes(earlier(more, "earlier event"))
}

/// Returns one action with its events, in order of recording.
pub(crate) fn of_action(
    logged: &LoggedAction,
    events: &[PartnerEvent],
    more: usize,
    program: &Program,
) -> Report {
    let LoggedAction { action, said, undo } = logged;
    let mut figures = vec![
        Figure::new("said", "Description", said.as_str()),
        Figure::new("actor", "By", action.actor.as_str()),
        Figure::new("recorded_on", "Recorded", action.recorded_on),
        Figure::for_machines("recorded_at", action.recorded_at.as_str()),
        Figure::new("words", "Command", action.words.as_str()),
        Figure::for_machines("kind", action.kind.word()),
    ];
    if let Some(undo) = undo {
        figures.push(Figure::new("undone_by", "Undone by action", undo.id));
        figures.push(Figure::new("undone_by_actor", "Undone by", undo.actor.as_str()));
        figures.push(Figure::new("undone_on", "Undone on", undo.recorded_on));
    }
    // What is the same for all events, people read above.
    let table = Table::of("rows", "", events)
        .column("event", "Event", |one| one.logged.number)
        .column("partner", "Partner", |one| one.key.as_deref())
        .optional()
        .column("day", "Day", |one| one.day)
        .column("kind", "Kind", |one| &one.logged.kind)
        .column("what", "Description", |one| one.in_words(program))
        .headline()
        .machines("action", |one| one.logged.action)
        .machines("recorded_on", |one| one.recorded_on)
        .machines("actor", |one| &one.actor)
        .machines("undone", PartnerEvent::undone)
        .done()
        .empty("This action recorded no events.");
    Report::new("chanlife.action/1", format!("Action {}", action.id))
        .with_figures(figures)
        .with_tables([table])
        .with_notes(earlier(more, "earlier event"))
}

impl PartnerEvent {
    fn in_words(&self, program: &Program) -> String {
        self.logged.decode().map_or_else(|error| error.to_string(), |event| describe(&event, program))
    }

    fn undone(&self) -> Option<bool> {
        self.undone.then_some(true)
    }
}
