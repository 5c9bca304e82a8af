//! A value with its type; how it looks is the format's business.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::base::money::Money;

/// One value of a table or a figure.
#[derive(Clone, PartialEq, Debug)]
pub enum Cell {
    /// Not known or not applicable: blank, never zero.
    Missing,
    Text(String),
    Number(i64),
    /// A number with a fraction, finite.
    Decimal(f64),
    /// The score of answers, from 0 to 100; people read two decimals.
    Score(f64),
    /// A part of a whole, from 0 to 1; people read percent.
    Share(f64),
    /// A number of days.
    Days(i64),
    /// People read whole units.
    Money(Money),
    /// People read it to the last digit, as in lists of single amounts.
    ExactMoney(Money),
    /// A change: people read its sign, a rise's too.
    Change(Box<Cell>),
    Day(Day),
    Flag(bool),
    List(Vec<String>),
    /// What can be done next, as a value; a format writes it as a command, a link or a button.
    Step(Step),
}

impl Cell {
    /// Returns a text.
    pub fn text(text: impl Into<String>) -> Cell {
        Cell::Text(text.into())
    }

    /// Returns a number of days.
    pub fn days(days: impl Into<Option<i64>>) -> Cell {
        days.into().map_or(Cell::Missing, Cell::Days)
    }

    /// Returns a number of days as the statistics count them.
    pub fn age(days: impl Into<Option<usize>>) -> Cell {
        days.into().map_or(Cell::Missing, |days| Cell::Days(i64::try_from(days).unwrap_or(i64::MAX)))
    }

    /// Returns a number with a fraction; missing if it is not finite.
    pub fn decimal(number: impl Into<Option<f64>>) -> Cell {
        number.into().filter(|number| number.is_finite()).map_or(Cell::Missing, Cell::Decimal)
    }

    /// Returns a part of a whole, from 0 to 1; missing if it is not finite.
    pub fn share(share: impl Into<Option<f64>>) -> Cell {
        share.into().filter(|share| share.is_finite()).map_or(Cell::Missing, Cell::Share)
    }

    /// Returns a change of what the cell measures; missing if the cell is.
    pub fn change(cell: Cell) -> Cell {
        if cell == Cell::Missing { cell } else { Cell::Change(Box::new(cell)) }
    }

    /// Returns a score from 0 to 100; missing if it is not known.
    pub fn score(score: impl Into<Option<f64>>) -> Cell {
        score.into().filter(|score| score.is_finite()).map_or(Cell::Missing, Cell::Score)
    }

    /// Returns a number of pieces.
    pub fn count(count: impl TryInto<i64>) -> Cell {
        Cell::Number(count.try_into().unwrap_or(i64::MAX))
    }

    /// Returns a list of texts.
    pub fn list<T: Into<String>>(items: impl IntoIterator<Item = T>) -> Cell {
        Cell::List(items.into_iter().map(Into::into).collect())
    }

    /// Returns whether people see nothing in its place.
    pub fn is_blank(&self) -> bool {
        match self {
            Cell::Missing => true,
            Cell::Text(text) => text.is_empty(),
            Cell::List(items) => items.is_empty(),
            _ => false,
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        Cell::Text(text)
    }
}

impl From<&String> for Cell {
    fn from(text: &String) -> Cell {
        Cell::Text(text.clone())
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Cell {
        Cell::Number(number)
    }
}

impl From<usize> for Cell {
    fn from(count: usize) -> Cell {
        Cell::count(count)
    }
}

impl From<u64> for Cell {
    fn from(count: u64) -> Cell {
        Cell::count(count)
    }
}

impl From<bool> for Cell {
    fn from(flag: bool) -> Cell {
        Cell::Flag(flag)
    }
}

impl From<Day> for Cell {
    fn from(day: Day) -> Cell {
        Cell::Day(day)
    }
}

impl From<Money> for Cell {
    fn from(money: Money) -> Cell {
        Cell::Money(money)
    }
}

impl From<Step> for Cell {
    fn from(step: Step) -> Cell {
        Cell::Step(step)
    }
}

impl From<Vec<String>> for Cell {
    fn from(items: Vec<String>) -> Cell {
        Cell::List(items)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Cell {
        value.map_or(Cell::Missing, Into::into)
    }
}
