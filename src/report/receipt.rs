//! The action that a command recorded, for machines, and for people who only try it.

use crate::lifecycle::program::Program;
use crate::report::value::{Figure, Report, Table};
use crate::store::{ActionId, NewEvent};
use crate::text::events::describe;

/// An action as it was recorded, or as it would be.
#[derive(Clone, Default, Debug)]
pub(crate) struct Receipt {
    /// Nothing if nothing was recorded.
    pub action: Option<ActionId>,
    /// The number of the first event, if they are consecutive.
    pub first_event: Option<i64>,
    /// What changed, or why nothing did: a sentence each.
    pub said: Vec<String>,
    /// The events, each with the key of its partner.
    pub events: Vec<(String, NewEvent)>,
}

/// Returns what was recorded as a table of its events.
pub(crate) fn report(receipt: &Receipt, program: &Program) -> Report {
    let events: Vec<(usize, &(String, NewEvent))> = receipt.events.iter().enumerate().collect();
    let table = Table::of("rows", "", &events)
        .machines("event", |(at, _)| receipt.first_event.map(|first| first + *at as i64))
        .column("partner", "Partner", |(_, (partner, _))| partner)
        .column("day", "Day", |(_, (_, event))| event.day)
        .column("kind", "Event", |(_, (_, event))| event.event.kind())
        .column("what", "Description", |(_, (_, event))| describe(&event.event, program))
        .headline()
        .done()
        .empty("No events.");
    Report::new("chanlife.action/1", "")
        .with_figures([
            Figure::for_machines("action", receipt.action),
            Figure::for_machines("said", receipt.said.clone()),
        ])
        .with_tables([table])
}
