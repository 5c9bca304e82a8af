//! Cells as people read them: rounded, with units, missing as blank.

use crate::lifecycle::base::money::Money;
use crate::lifecycle::base::text::{grouped, visible};
use crate::report::value::{Cell, Column};
use crate::report::value::{percent, rounded};
use crate::text::criteria::score_in_words;
use crate::text::steps::command_line;

/// Returns a cell as people read it.
pub(super) fn text(cell: &Cell) -> String {
    match cell {
        Cell::Missing => String::new(),
        Cell::Text(text) => visible(text),
        Cell::Number(number) => number.to_string(),
        Cell::Decimal(number) => number.to_string(),
        Cell::Score(score) => score_in_words([*score; 2]),
        Cell::Share(share) => format!("{} %", percent(*share)),
        Cell::Days(days) => format!("{days} d"),
        Cell::Money(money) => rounded(*money),
        Cell::ExactMoney(money) => exact(*money),
        Cell::Change(change) => with_sign(&text(change)),
        Cell::Day(day) => day.to_string(),
        Cell::Flag(true) => "yes".to_owned(),
        Cell::Flag(false) => "no".to_owned(),
        Cell::List(items) => {
            let between = if items.iter().any(|item| item.contains(',')) { "; " } else { ", " };
            items.iter().map(|item| visible(item)).collect::<Vec<_>>().join(between)
        }
        Cell::Step(step) => visible(&command_line(step)),
    }
}

/// Returns whether a column holds numbers, so that its heading stands at the right side.
pub(super) fn is_numeric(column: &Column) -> bool {
    column.cells().iter().any(is_number)
}

/// Returns whether a cell stands at the right side of its column.
pub(super) fn is_number(cell: &Cell) -> bool {
    matches!(
        cell,
        Cell::Change(_)
            | Cell::Number(_)
            | Cell::Decimal(_)
            | Cell::Score(_)
            | Cell::Share(_)
            | Cell::Days(_)
            | Cell::Money(_)
            | Cell::ExactMoney(_)
    )
}

/// Returns a change with its sign; none for no change.
fn with_sign(text: &str) -> String {
    let rises = text.bytes().any(|byte| (b'1'..=b'9').contains(&byte)) && !text.starts_with('-');
    if rises { format!("+{text}") } else { text.to_owned() }
}

/// All digits, in groups of three before the point: `1 234 567.89`.
fn exact(money: Money) -> String {
    let text = money.to_string();
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("-", digits));
    match digits.split_once('.') {
        Some((whole, fraction)) => format!("{sign}{}.{fraction}", grouped(whole)),
        None => format!("{sign}{}", grouped(digits)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_rounded_to_whole_units_in_groups() {
        let shown = |minor: i128| rounded(Money { minor, digits: 2 }).replace('\u{a0}', " ");
        assert_eq!(shown(123_456_789), "1 234 568");
        assert_eq!(shown(99_950), "1 000");
        assert_eq!(shown(-150), "-2");
        assert_eq!(shown(-49), "0");
        assert_eq!(rounded(Money { minor: 1500, digits: 0 }), "1\u{a0}500");
        assert_eq!(exact(Money { minor: -123_456_705, digits: 2 }), "-1\u{a0}234\u{a0}567.05");
        assert_eq!(exact(Money { minor: 1500, digits: 0 }), "1\u{a0}500");
    }

    #[test]
    fn nothing_hidden_reaches_the_terminal() {
        let shown = text(&Cell::text("a\u{1b}[2J\u{202e}b\nc"));
        assert_eq!(shown, "a\\u{1b}[2J\\u{202e}b c");
    }
}
