//! Cells as programs and spreadsheets read them: exact, without units, missing as nothing.

use crate::report::value::Cell;
use crate::text::steps::command_line;

/// Returns a cell with its exact value.
pub(super) fn text(cell: &Cell) -> String {
    match cell {
        Cell::Missing => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Number(number) | Cell::Days(number) => number.to_string(),
        Cell::Decimal(number) | Cell::Score(number) | Cell::Share(number) => number.to_string(),
        Cell::Money(money) | Cell::ExactMoney(money) => money.to_string(),
        Cell::Change(change) => text(change),
        Cell::Day(day) => day.to_string(),
        Cell::Flag(flag) => flag.to_string(),
        Cell::List(items) => items.join(";"),
        Cell::Step(step) => command_line(step),
    }
}
