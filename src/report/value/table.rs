//! Tables: a column is its key, its heading and what it shows of a row, so that heading and cell can't drift apart.

use std::borrow::Borrow;

use crate::lifecycle::base::period::Period;
use crate::lifecycle::base::text::says_name;
use crate::report::value::Cell;
use crate::text::periods::fiscal_periods;

/// What a table is read for, whatever else it shows: no screen is too narrow for columns with these headings.
const NEVER_HIDDEN: [&str; 3] = ["Next step", "Status", "When"];

/// A column says little if no more than one of so many rows has something in it.
const SPARSE_ROWS: usize = 10;

/// A table of typed cells.
#[derive(Clone, PartialEq, Debug)]
pub struct Table {
    /// The name of the table in JSON.
    pub key: &'static str,
    pub title: String,
    /// What people read in place of a table without rows.
    pub empty: String,
    /// Sentences for people, right below the table.
    pub notes: Vec<String>,
    pub audience: Audience,
    columns: Vec<Column>,
    rows: usize,
    has_total: bool,
}

/// One column with its cells.
#[derive(Clone, PartialEq, Debug)]
pub struct Column {
    /// The name for machines, with the unit at its end.
    pub key: String,
    /// The heading for people.
    pub heading: String,
    pub audience: Audience,
    /// A value other than zero deserves a look.
    pub alert: bool,
    /// People are spared the column if all of it is blank.
    pub optional: bool,
    /// What may be left out first on a narrow screen.
    pub priority: Priority,
    /// A narrow screen may put each word of it in a line of its own.
    pub narrow: bool,
    /// Where machines find it.
    place: ColumnOrder,
    /// One for each row, and one more for the total if the table has one.
    cells: Vec<Cell>,
}

/// Where machines find a column. One that a table got later stands behind those that it had, so that who reads columns by their
/// numbers finds them where they were.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum ColumnOrder {
    InOrder,
    Behind,
}

/// Who reads a column or a table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Audience {
    Everyone,
    People,
    Machines,
}

/// How much a column matters to people, the most first: a narrow screen leaves out the last ones.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Priority {
    /// Tells what the row is about: a name, a key, a day.
    Identity,
    /// The figure that the table is there for.
    Headline,
    /// What one wants to know beside it.
    Context,
    /// The first to be left out.
    Detail,
}

/// A table that is being put together from rows of one type: each column says what it shows of a row.
pub struct TypedTable<'r, R> {
    table: Table,
    rows: &'r [R],
    total: Option<&'r R>,
}

impl Table {
    /// Begins a table with these rows.
    pub fn of<'r, R>(key: &'static str, title: impl Into<String>, rows: &'r [R]) -> TypedTable<'r, R> {
        Table::summed(key, title, rows, None)
    }

    /// Begins a table with these rows and with their total, a last row that only people read.
    pub fn summed<'r, R>(
        key: &'static str,
        title: impl Into<String>,
        rows: &'r [R],
        total: Option<&'r R>,
    ) -> TypedTable<'r, R> {
        let table = Table {
            key,
            title: title.into(),
            empty: "No data.".to_owned(),
            notes: Vec::new(),
            audience: Audience::Everyone,
            columns: Vec::new(),
            rows: rows.len(),
            has_total: total.is_some(),
        };
        TypedTable { table, rows, total }
    }

    /// Makes it a table that only machines read.
    pub fn for_machines(mut self) -> Table {
        self.audience = Audience::Machines;
        self
    }

    /// Makes it a table that only people read.
    pub fn for_people(mut self) -> Table {
        self.audience = Audience::People;
        self
    }

    /// Sets what people read in place of a table without rows.
    pub fn empty(mut self, sentence: impl Into<String>) -> Table {
        self.empty = sentence.into();
        self
    }

    /// Adds sentences right below the table.
    pub fn with_notes(mut self, notes: impl IntoIterator<Item = String>) -> Table {
        self.notes.extend(notes);
        self
    }

    /// Returns whether machines read it.
    pub fn is_exported(&self) -> bool {
        self.audience != Audience::People
    }

    /// Returns whether people read it.
    pub fn is_shown(&self) -> bool {
        self.audience != Audience::Machines
    }

    /// Returns the number of rows, without the total.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Returns whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Returns the columns that people see: without those that are blank all the way and need not be there.
    pub fn columns_for_people(&self) -> Vec<&Column> {
        let shown = |column: &&Column| {
            column.audience != Audience::Machines
                && !(column.optional && column.rows(self).iter().all(Cell::is_blank))
        };
        self.columns.iter().filter(shown).collect()
    }

    /// Returns the columns that machines read.
    pub fn columns_for_machines(&self) -> Vec<&Column> {
        let mut columns: Vec<&Column> =
            self.columns.iter().filter(|column| column.audience != Audience::People).collect();
        columns.sort_by_key(|column| column.place);
        columns
    }

    /// Returns the cells of these columns row by row, without the total.
    pub fn rows<'t>(&self, columns: &'t [&'t Column]) -> impl ExactSizeIterator<Item = Vec<&'t Cell>> {
        across(columns, 0..self.rows)
    }

    /// Returns the cells of these columns row by row, the total behind the rows.
    pub fn rows_and_total<'t>(
        &self,
        columns: &'t [&'t Column],
    ) -> impl ExactSizeIterator<Item = Vec<&'t Cell>> {
        across(columns, 0..self.rows + usize::from(self.has_total))
    }
}

fn across<'t>(
    columns: &'t [&'t Column],
    places: std::ops::Range<usize>,
) -> impl ExactSizeIterator<Item = Vec<&'t Cell>> {
    places.map(|at| columns.iter().filter_map(|column| column.cells.get(at)).collect())
}

impl Column {
    /// Returns its cells, without the total.
    fn rows(&self, table: &Table) -> &[Cell] {
        self.cells.get(..table.rows).unwrap_or(&self.cells)
    }

    /// Returns what it says of each row if that is the same for all of several rows, in few words, and of the total nothing.
    pub fn same(&self, table: &Table) -> Option<&Cell> {
        let rows = self.rows(table);
        let [first, second, ..] = rows else { return None };
        let no_total = self.cells[rows.len()..].iter().all(Cell::is_blank);
        (no_total && first == second && rows.iter().all(|cell| cell == first)).then_some(first)
    }

    /// Returns whether hardly any of many rows has something in it.
    pub fn is_sparse(&self, table: &Table) -> bool {
        let rows = self.rows(table);
        let filled = rows.iter().filter(|cell| !cell.is_blank()).count();
        rows.len() >= SPARSE_ROWS && filled * SPARSE_ROWS <= rows.len()
    }

    /// Returns its cells, with the total.
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }
}

impl<'r, R> TypedTable<'r, R> {
    /// Adds a column that everybody reads: its name for machines, its heading for people, what it shows of a row.
    pub fn column<C: Into<Cell>>(
        self,
        key: impl Into<String>,
        heading: impl Into<String>,
        show: impl Fn(&'r R) -> C,
    ) -> Self {
        self.add(Audience::Everyone, key.into(), heading.into(), show)
    }

    /// Adds a column of periods: people read what they are called, machines their first and last days, too. What the names of
    /// fiscal periods stand for is said below the table.
    pub fn period<P: Borrow<Period>>(
        self,
        key: &str,
        heading: impl Into<String>,
        show: impl Fn(&'r R) -> Option<P>,
    ) -> Self {
        self.column(key, heading, |row| show(row).map(|period| period.borrow().to_string()))
            .period_days(key, show)
    }

    /// Adds to a column of periods their first and last days, for machines; what the names of fiscal periods stand for is said
    /// below the table.
    pub fn period_days<P: Borrow<Period>>(mut self, key: &str, show: impl Fn(&'r R) -> Option<P>) -> Self {
        let periods: Vec<Option<P>> = self.rows.iter().map(&show).collect();
        let named = periods.iter().flatten().map(Borrow::borrow);
        self.table.notes.extend(fiscal_periods(named));
        self.machines(format!("{key}_first_day"), |row| show(row).map(|period| period.borrow().first))
            .behind()
            .machines(format!("{key}_last_day"), |row| show(row).map(|period| period.borrow().last))
            .behind()
    }

    /// Says of the column before that machines find it behind the others.
    pub fn behind(self) -> Self {
        self.change_last(|column| column.place = ColumnOrder::Behind)
    }

    /// Adds the names of the partners whose keys stand in the column before. People are spared them if all keys say the names:
    /// `acme` says `Acme GmbH`, `c100` says nothing.
    pub fn partner_name<C: Into<Cell>>(self, show: impl Fn(&'r R) -> C) -> Self {
        self.named(show, ColumnOrder::InOrder)
    }

    /// Adds the same to a table that had no names before; machines find them behind the other columns.
    pub fn later_partner_name<C: Into<Cell>>(self, show: impl Fn(&'r R) -> C) -> Self {
        self.named(show, ColumnOrder::Behind)
    }

    fn named<C: Into<Cell>>(mut self, show: impl Fn(&'r R) -> C, place: ColumnOrder) -> Self {
        let keys = self.table.columns.last().map(|column| column.cells.clone()).unwrap_or_default();
        self = self.machines("name", show).change_last(|column| column.place = place);
        let names = self.table.columns.last().map(|column| column.cells.clone()).unwrap_or_default();
        // What is of no single partner has the name of the program.
        let of_partner =
            |(key, name): (&Cell, &Cell)| if key.is_blank() { Cell::Missing } else { name.clone() };
        let shown: Vec<Cell> = keys.iter().zip(&names).map(of_partner).collect();
        let is_said = |(key, name): (&Cell, &Cell)| match (key, name) {
            (Cell::Text(key), Cell::Text(name)) => says_name(key, name),
            _ => true,
        };
        if keys.iter().zip(&shown).all(is_said) {
            return self;
        }
        self = self.people("Name", |_| Cell::Missing);
        self.narrow().change_last(|column| column.cells = shown)
    }

    /// Adds a column that only people read.
    pub fn people<C: Into<Cell>>(self, heading: impl Into<String>, show: impl Fn(&'r R) -> C) -> Self {
        self.add(Audience::People, String::new(), heading.into(), show)
    }

    /// Adds a column that only machines read.
    pub fn machines<C: Into<Cell>>(self, key: impl Into<String>, show: impl Fn(&'r R) -> C) -> Self {
        self.add(Audience::Machines, key.into(), String::new(), show)
    }

    fn add<C: Into<Cell>>(
        mut self,
        audience: Audience,
        key: String,
        heading: String,
        show: impl Fn(&'r R) -> C,
    ) -> Self {
        let cells = self.rows.iter().chain(self.total).map(|row| show(row).into()).collect();
        // The first column that people see says what a row is about.
        let seen_before = self.table.columns.iter().any(|column| column.audience != Audience::Machines);
        let priority = match heading.as_str() {
            _ if !seen_before => Priority::Identity,
            heading if NEVER_HIDDEN.contains(&heading) => Priority::Headline,
            _ => Priority::Context,
        };
        self.table.columns.push(Column {
            key,
            heading,
            audience,
            alert: false,
            optional: false,
            priority,
            narrow: false,
            place: ColumnOrder::InOrder,
            cells,
        });
        self
    }

    /// Says of the column before: a value other than zero deserves a look.
    pub fn alert(self) -> Self {
        self.change_last(|column| column.alert = true)
    }

    /// Says of the column before: people are spared it if all of it is blank.
    pub fn optional(self) -> Self {
        self.change_last(|column| column.optional = true)
    }

    /// Says of the column before that it, too, tells what a row is about.
    pub fn identity(self) -> Self {
        self.change_last(|column| column.priority = Priority::Identity)
    }

    /// Says of the column before: it is what the table is there for.
    pub fn headline(self) -> Self {
        self.change_last(|column| column.priority = Priority::Headline)
    }

    /// Says of the column before: a narrow screen leaves it out first.
    pub fn detail(self) -> Self {
        self.change_last(|column| column.priority = Priority::Detail)
    }

    /// Says of the column before: a narrow screen may put each word of it in a line of its own.
    pub fn narrow(self) -> Self {
        self.change_last(|column| column.narrow = true)
    }

    fn change_last(mut self, change: impl FnOnce(&mut Column)) -> Self {
        if let Some(column) = self.table.columns.last_mut() {
            change(column);
        }
        self
    }

    /// Returns the finished table.
    pub fn done(self) -> Table {
        self.table
    }
}
