//! Tables whose columns and cells still stand apart; each report moves to `value::Table`.

pub(crate) use crate::report::value::{Audience, Cell, Figure, Report, Table};

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

impl Sheet {
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

impl From<Sheet> for Table {
    fn from(sheet: Sheet) -> Table {
        let mut typed = Table::summed(sheet.key, sheet.title, &sheet.rows, sheet.total.as_ref());
        for (at, column) in sheet.columns.into_iter().enumerate() {
            let show = |row: &Vec<Cell>| row.get(at).cloned();
            typed = match column.audience {
                Audience::Everyone => typed.column(column.key, column.heading, show),
                Audience::People => typed.people(column.heading, show),
                Audience::Machines => typed.machines(column.key, show),
            };
            typed = if column.alert { typed.alert() } else { typed };
            typed = if column.optional { typed.optional() } else { typed };
        }
        let table = typed.done().empty(sheet.empty).with_notes(sheet.notes);
        match sheet.audience {
            Audience::Everyone => table,
            Audience::People => table.for_people(),
            Audience::Machines => table.for_machines(),
        }
    }
}
