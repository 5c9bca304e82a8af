//! A report and its single figures.

use crate::report::value::{Cell, Table};

/// One report. `schema` names it for machines; figures and columns are only ever added to a schema.
#[derive(Clone, PartialEq, Debug)]
pub struct Report {
    pub schema: &'static str,
    pub title: String,
    /// The answer in a sentence for people, right below the title; empty if the tables are the answer.
    pub headline: String,
    /// Single values: the day that the report looks from, totals.
    pub figures: Vec<Figure>,
    /// Tables; the first one is what a format for a single table holds.
    pub tables: Vec<Table>,
    /// Sentences for people, below the tables.
    pub notes: Vec<String>,
    /// Sentences that the figures would mislead without: people read them below the tables, machines as `caveats`, and beside
    /// a format that has no place for them they are said.
    pub caveats: Vec<String>,
    /// Paragraphs for people that explain the columns and figures, last of all.
    pub explanation: Vec<String>,
}

/// A single value with its name for machines and its heading for people; one of both may be empty, and then only the
/// other ones read it.
#[derive(Clone, PartialEq, Debug)]
pub struct Figure {
    pub key: &'static str,
    pub heading: &'static str,
    pub cell: Cell,
}

impl Report {
    /// Returns a report without anything in it yet.
    pub fn new(schema: &'static str, title: impl Into<String>) -> Report {
        Report {
            schema,
            title: title.into(),
            headline: String::new(),
            figures: Vec::new(),
            tables: Vec::new(),
            notes: Vec::new(),
            caveats: Vec::new(),
            explanation: Vec::new(),
        }
    }

    /// Sets the answer in a sentence.
    pub fn with_headline(mut self, sentence: impl Into<String>) -> Report {
        self.headline = sentence.into();
        self
    }

    /// Adds figures behind those that it has.
    pub fn with_figures(mut self, figures: impl IntoIterator<Item = Figure>) -> Report {
        self.figures.extend(figures);
        self
    }

    /// Adds tables behind those that it has.
    pub fn with_tables(mut self, tables: impl IntoIterator<Item = Table>) -> Report {
        self.tables.extend(tables);
        self
    }

    /// Adds sentences below the tables.
    pub fn with_notes(mut self, notes: impl IntoIterator<Item = String>) -> Report {
        self.notes.extend(notes);
        self
    }

    /// Adds sentences that everybody has to know who reads the figures.
    pub fn with_caveats(mut self, caveats: impl IntoIterator<Item = String>) -> Report {
        self.caveats.extend(caveats);
        self
    }

    /// Adds an explanation: a text whose paragraphs have blank lines between them.
    pub fn explained(mut self, text: &str) -> Report {
        let paragraphs = text.split("\n\n").map(|one| one.split_whitespace().collect::<Vec<_>>().join(" "));
        self.explanation.extend(paragraphs.filter(|one| !one.is_empty()));
        self
    }
}

impl Figure {
    /// Returns a value that everybody reads.
    pub fn new(key: &'static str, heading: &'static str, cell: impl Into<Cell>) -> Figure {
        Figure { key, heading, cell: cell.into() }
    }

    /// Returns a value that only people read.
    pub fn for_people(heading: &'static str, cell: impl Into<Cell>) -> Figure {
        Figure::new("", heading, cell)
    }

    /// Returns a value that only machines read.
    pub fn for_machines(key: &'static str, cell: impl Into<Cell>) -> Figure {
        Figure::new(key, "", cell)
    }

    /// Returns one more line of the value above, which only people read.
    pub fn below(cell: impl Into<Cell>) -> Figure {
        Figure::for_people("", cell)
    }

    /// Returns whether people read it.
    pub fn is_shown(&self) -> bool {
        !self.heading.is_empty() || self.key.is_empty()
    }

    /// Returns whether machines read it.
    pub fn is_exported(&self) -> bool {
        !self.key.is_empty()
    }
}
