//! A report as a value: facts, and tables of typed cells that any format can be written from.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::money::Money;

/// One report. `schema` names it for machines; fields are only ever added to a schema.
#[derive(Clone, PartialEq, Debug)]
pub struct Report {
    pub schema: &'static str,
    pub title: String,
    /// Single values: the day that the report looks from, totals.
    pub facts: Vec<Fact>,
    /// Tables; the first one is what a format for a single table holds.
    pub sheets: Vec<Sheet>,
    /// Sentences for people, below the tables.
    pub notes: Vec<String>,
}

/// A single value with its name for machines and the heading for people, empty where only machines read it.
#[derive(Clone, PartialEq, Debug)]
pub struct Fact {
    pub key: &'static str,
    pub heading: &'static str,
    pub cell: Cell,
}

#[derive(Clone, PartialEq, Debug)]
pub struct Sheet {
    /// The name of the table in JSON.
    pub key: &'static str,
    pub title: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
    /// A last row for people, as long as the others; machines add up themselves.
    pub total: Option<Vec<Cell>>,
    /// What people read in place of a table without rows.
    pub empty: String,
    /// Sentences for people, right below the table.
    pub notes: Vec<String>,
    pub audience: Audience,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Column {
    /// The name for machines, with the unit at its end.
    pub key: String,
    /// The heading for people.
    pub heading: String,
    pub audience: Audience,
    /// A value other than zero deserves a look.
    pub alert: bool,
    /// People are spared the column where all of it is blank.
    pub optional: bool,
}

/// Who reads a column or a table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Audience {
    Everyone,
    People,
    Machines,
}

/// A value with its type; how it looks is the format's business.
#[derive(Clone, PartialEq, Debug)]
pub enum Cell {
    /// Not known or not applicable: blank, never zero.
    Missing,
    Text(String),
    Number(i64),
    /// A number with a fraction, finite.
    Decimal(f64),
    /// What answers are worth, from 0 to 100; people read two decimals.
    Score(f64),
    /// A part of a whole, from 0 to 1; people read percent.
    Share(f64),
    /// A number of days.
    Days(i64),
    /// People read whole units.
    Money(Money),
    /// People read it to the last digit, as where single amounts are listed.
    ExactMoney(Money),
    Day(Day),
    Flag(bool),
    List(Vec<String>),
}

impl Sheet {
    /// The places of the columns that this audience reads.
    pub fn columns_for(&self, audience: Audience) -> Vec<usize> {
        let shown = |at: usize, column: &Column| match (audience, column.audience) {
            (Audience::People, Audience::Machines) | (Audience::Machines, Audience::People) => false,
            (Audience::People, _) if column.optional => self.rows.iter().any(|row| !row[at].is_blank()),
            _ => true,
        };
        self.columns.iter().enumerate().filter(|(at, column)| shown(*at, column)).map(|(at, _)| at).collect()
    }

    pub fn new(key: &'static str, title: impl Into<String>, columns: Vec<Column>) -> Sheet {
        Sheet {
            key,
            title: title.into(),
            columns,
            rows: Vec::new(),
            total: None,
            empty: "nothing to show".to_owned(),
            notes: Vec::new(),
            audience: Audience::Everyone,
        }
    }

    /// Only machines read it.
    pub fn for_machines(mut self) -> Sheet {
        self.audience = Audience::Machines;
        self
    }

    /// Only people read it.
    pub fn for_people(mut self) -> Sheet {
        self.audience = Audience::People;
        self
    }

    /// Whether machines read it.
    pub fn is_exported(&self) -> bool {
        self.audience != Audience::People
    }

    /// Whether people read it.
    pub fn is_shown(&self) -> bool {
        self.audience != Audience::Machines
    }

    pub fn empty(mut self, sentence: impl Into<String>) -> Sheet {
        self.empty = sentence.into();
        self
    }
}

impl Column {
    pub fn new(key: impl Into<String>, heading: impl Into<String>) -> Column {
        let audience = Audience::Everyone;
        Column { key: key.into(), heading: heading.into(), audience, alert: false, optional: false }
    }

    pub fn alert(mut self) -> Column {
        self.alert = true;
        self
    }

    pub fn optional(mut self) -> Column {
        self.optional = true;
        self
    }

    pub fn for_people(heading: impl Into<String>) -> Column {
        Column { audience: Audience::People, ..Column::new("", heading) }
    }

    pub fn for_machines(key: impl Into<String>) -> Column {
        Column { audience: Audience::Machines, ..Column::new(key, "") }
    }
}

impl Fact {
    pub fn new(key: &'static str, heading: &'static str, cell: impl Into<Cell>) -> Fact {
        Fact { key, heading, cell: cell.into() }
    }
}

impl Cell {
    pub fn text(text: impl Into<String>) -> Cell {
        Cell::Text(text.into())
    }

    pub fn days(days: Option<i64>) -> Cell {
        days.map_or(Cell::Missing, Cell::Days)
    }

    /// A number of days as the statistics count them.
    pub fn age(days: Option<usize>) -> Cell {
        days.map_or(Cell::Missing, |days| Cell::Days(i64::try_from(days).unwrap_or(i64::MAX)))
    }

    /// A number with a fraction; missing where it is not one.
    pub fn decimal(number: Option<f64>) -> Cell {
        number.filter(|number| number.is_finite()).map_or(Cell::Missing, Cell::Decimal)
    }

    /// A part of a whole; missing where it is not a number.
    pub fn share(share: Option<f64>) -> Cell {
        share.filter(|share| share.is_finite()).map_or(Cell::Missing, Cell::Share)
    }

    /// A score; missing where it is not known.
    pub fn score(score: Option<f64>) -> Cell {
        score.filter(|score| score.is_finite()).map_or(Cell::Missing, Cell::Score)
    }

    pub fn is_blank(&self) -> bool {
        match self {
            Cell::Missing => true,
            Cell::Text(text) => text.is_empty(),
            Cell::List(items) => items.is_empty(),
            _ => false,
        }
    }

    pub fn count(count: impl TryInto<i64>) -> Cell {
        Cell::Number(count.try_into().unwrap_or(i64::MAX))
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

impl From<i64> for Cell {
    fn from(number: i64) -> Cell {
        Cell::Number(number)
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

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Cell {
        value.map_or(Cell::Missing, Into::into)
    }
}
