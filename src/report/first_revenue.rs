//! How long it takes from joining to the first revenue, and to being productive.

use crate::analysis::counts::Counts;
use crate::analysis::lives::{LEFT_BEFORE, SUCCEEDED};
use crate::lifecycle::base::day::Day;
use crate::report::channel::Channel;
use crate::report::past::Past;
use crate::report::sheet::{Cell, Column, Sheet};
use crate::report::waits;
use crate::report::waits::Headings;
use crate::store::SaleRow;

/// Days for which it is said how many have come so far.
const BY: [usize; 4] = [90, 180, 365, 730];

/// The table; the channel needs sales.
pub(super) fn sheet(channel: &Channel) -> Sheet {
    let headings = Headings {
        all: ("partners", "Partners"),
        came: ("reached", "Reached it"),
        left: "Left before",
        open: "Not yet",
    };
    let mut columns = vec![Column::new("event", "Time from joining to")];
    columns.extend(waits::columns(&headings, &BY));
    let mut sheet = Sheet::new("time_to_revenue", "How long it takes", columns);
    let past = Past::of(channel);
    let sales = |at: usize| channel.sales_of(&channel.lines[at]);
    let first =
        |sales: &[SaleRow]| sales.iter().find(|sale| sale.amount_minor > 0).map(|sale| sale.day.number());
    sheet.rows.push(row("first revenue", &past.lives.first_event(|at| first(sales(at)))));
    if let Some(rule) = channel.program.productive {
        let productive = |sales: &[SaleRow]| productive_on(sales, rule.revenue_12m_minor).map(Day::number);
        sheet.rows.push(row("productive", &past.lives.first_event(|at| productive(sales(at)))));
    }
    let counted = past.lives.first_event(|_| None);
    let unknown = past.lives.len() as u64 - counted.open() - counted.ended();
    if unknown > 0 {
        sheet.notes.push(format!("Without {unknown} whose beginning is not known."));
    }
    sheet
}

/// The first day on which the revenue of twelve months reaches `least`.
fn productive_on(sales: &[SaleRow], least: i64) -> Option<Day> {
    let (mut sum, mut from) = (0_i128, 0);
    for (at, sale) in sales.iter().enumerate() {
        sum += i128::from(sale.amount_minor);
        let year = sale.day.months_before(12);
        while sales[from].day <= year {
            sum -= i128::from(sales[from].amount_minor);
            from += 1;
        }
        let day_is_over = sales.get(at + 1).is_none_or(|next| next.day != sale.day);
        if day_is_over && sum >= i128::from(least) {
            return Some(sale.day);
        }
    }
    None
}

fn row(event: &str, counts: &Counts) -> Vec<Cell> {
    let mut row = vec![event.into()];
    row.extend(waits::cells(counts, SUCCEEDED, LEFT_BEFORE, &BY));
    row
}
