//! Time from joining to first revenue, and to being productive.

use crate::analysis::state_histories::{LEFT_BEFORE, SUCCEEDED};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::text::counted;
use crate::report::estimate::histories::Past;
use crate::report::estimate::toward::{first_sale, productive_on};
use crate::report::estimate::waiting::{Headings, Waiting, waiting_columns};
use crate::report::reading::Channel;
use crate::report::value::Table;
use crate::store::SaleRow;

/// The days within which the share of partners is given.
const BY: [usize; 4] = [90, 180, 365, 730];

/// Returns the table; the channel needs sales.
pub(super) fn table(channel: &Channel) -> Table {
    let headings = Headings {
        all: ("partners", "Partners"),
        came: ("reached", "Reached"),
        left: "Left before",
        open: "In progress",
    };
    let past = Past::of(channel);
    let sales = |at: usize| channel.sales_of(&channel.lines[at]);
    let until = |reached: &dyn Fn(&[SaleRow]) -> Option<Day>| {
        let counts = past.histories.first_event(|at| reached(sales(at)).map(Day::number));
        Waiting::of(&counts, SUCCEEDED, LEFT_BEFORE, &BY)
    };
    let mut waits = vec![("first revenue", until(&first_sale))];
    if let Some(rule) = channel.program.productive {
        waits.push(("productive", until(&|sales| productive_on(sales, rule.revenue_12m_minor))));
    }
    let table = Table::of("time_to_revenue", "Time to revenue", &waits).column(
        "event",
        "From joining to",
        |(event, _)| *event,
    );
    let counts = past.histories.first_event(|_| None);
    let unknown = past.histories.len() as u64 - counts.open() - counts.ended();
    waiting_columns(table, &headings, &BY, |(_, waiting)| waiting).done().with_notes(
        (unknown > 0).then(|| format!("Excludes {} whose start is not known.", counted(unknown, "partner"))),
    )
}
