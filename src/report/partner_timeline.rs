//! `show`: the events of a partner, the newest last.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use crate::lifecycle::event::{Event, Recorded};
use crate::lifecycle::partner::Partner;
use crate::lifecycle::revenue::{SaleTies, Sold};
use crate::lifecycle::rule::History;
use crate::report::value::Table;
use crate::store::View;
use crate::text::events::describe;

/// Returns the newest events, and the number of earlier ones left out.
pub(crate) fn timeline_table(
    view: &View,
    partner: &Partner,
    history: &History,
    limit: Option<usize>,
) -> (Table, usize) {
    let folded = history.fold(&view.in_force.aliases, Some(view.as_of));
    let past: Vec<_> = folded.order.iter().filter(|(day, _)| *day <= view.as_of).collect();
    let hidden = past.len() - limit.unwrap_or(past.len()).min(past.len());
    let ties: HashMap<i64, Option<&SaleTies>> =
        partner.sales.iter().map(|sale| (sale.event, sale.ties.as_deref())).collect();
    let table = Table::of("timeline", "Timeline", &past[hidden..])
        .column("event", "Event", |(_, recorded)| recorded.number)
        .column("day", "Day", |(day, _)| *day)
        .identity()
        .machines("kind", |(_, recorded)| recorded.event.kind())
        .column("what", "Description", |(_, recorded)| {
            let from = if recorded.partner == partner.id { "" } else { " (merged)" };
            let event = as_it_counts(recorded, &ties);
            format!("{}{from}", describe(&event, &view.in_force.program))
        })
        .headline();
    (table.done(), hidden)
}

/// Returns an event as it counts now: a sale is a part of the total that it is a part of, whatever was undone since.
fn as_it_counts<'e>(recorded: &'e Recorded, ties: &HashMap<i64, Option<&SaleTies>>) -> Cow<'e, Event> {
    let Event::Sold(sold) = &recorded.event else { return Cow::Borrowed(&recorded.event) };
    let part_of = |ties: Option<&SaleTies>| ties.and_then(|ties| ties.part_of);
    match ties.get(&recorded.number) {
        Some(now) if part_of(*now) != part_of(sold.ties.as_deref()) => {
            let known = sold.ties.as_deref().cloned().unwrap_or_default();
            let ties = Some(Arc::new(SaleTies { part_of: part_of(*now), ..known }));
            Cow::Owned(Event::from(Sold { ties, ..sold.clone() }))
        }
        _ => Cow::Borrowed(&recorded.event),
    }
}
