//! What a command recorded, for machines, and for people who only try it.

use crate::lifecycle::program::Program;
use crate::report::sheet::{Column, Figure, Report, Sheet};
use crate::store::{ActionId, NewEvent};
use crate::text::events::describe;

/// An action as it was recorded, or as it would be.
#[derive(Clone, Default, Debug)]
pub struct Receipt {
    /// Nothing where nothing was recorded.
    pub action: Option<ActionId>,
    /// The number of the first event, where they are in a row.
    pub first_event: Option<i64>,
    /// What changed, or why nothing did: a sentence each.
    pub said: Vec<String>,
    /// The events, each with the key of its partner.
    pub events: Vec<(String, NewEvent)>,
}

pub fn report(receipt: &Receipt, program: &Program) -> Report {
    let columns = vec![
        Column::for_machines("event"),
        Column::new("partner", "Partner"),
        Column::new("day", "Day"),
        Column::new("kind", "Event"),
        Column::new("what", "What"),
    ];
    let mut sheet = Sheet::new("rows", "", columns).empty("No event.");
    for (at, (partner, event)) in receipt.events.iter().enumerate() {
        sheet.rows.push(vec![
            receipt.first_event.map(|first| first + at as i64).into(),
            partner.as_str().into(),
            event.day.into(),
            event.event.kind().into(),
            describe(&event.event, program).into(),
        ]);
    }
    Report {
        schema: "chanlife.action/1",
        title: String::new(),
        figures: vec![
            Figure::for_machines("action", receipt.action),
            Figure::for_machines("said", crate::report::sheet::Cell::List(receipt.said.clone())),
        ],
        tables: vec![sheet].into_iter().map(Into::into).collect(),
        notes: Vec::new(),
    }
}
