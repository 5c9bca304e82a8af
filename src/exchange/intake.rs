//! What all imports have in common: rows are read one by one, bad ones are kept apart, and either
//! all is imported or nothing, unless bad rows were to be left out.

use std::io::Read;

use super::rejects::Rejects;
use super::rows::{Row, Table};
use super::subjects::Subjects;
use super::{Outcome, Rejected, Source};
use crate::store::Importer;

/// An import under way.
pub(super) struct Intake {
    pub outcome: Outcome,
    pub rejects: Rejects,
    pub subjects: Subjects,
    name: String,
    skip_errors: bool,
}

/// What a row comes to.
pub(super) enum Taken<T> {
    Row(T),
    /// The row says nothing that is wanted.
    PassedOver,
}

impl Intake {
    pub fn new(source: &Source) -> Intake {
        Intake {
            outcome: Outcome::default(),
            rejects: Rejects::default(),
            subjects: Subjects::default(),
            name: source.name.clone(),
            skip_errors: source.skip_errors,
        }
    }

    /// Reads all rows: `read` says what a row comes to, or why it can't be used; `put` takes it.
    pub fn take<R: Read, T>(
        &mut self,
        table: Table<R>,
        mut read: impl FnMut(&Row, &mut Subjects) -> Result<Taken<T>, String>,
        mut put: impl FnMut(T) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        self.outcome.note_unused(&table.columns.unused());
        table.each(|row| {
            self.outcome.counts.rows += 1;
            match row.check_length().and_then(|()| read(&row, &mut self.subjects)) {
                Ok(Taken::Row(taken)) => put(taken)?,
                Ok(Taken::PassedOver) => self.outcome.counts.passed_over += 1,
                Err(why) => self.rejects.add(row.line, row.partner(), why)?,
            }
            Ok(())
        })
    }

    /// Completes the import as one action, which says `said` of what was imported.
    pub fn conclude(
        mut self,
        importer: Importer,
        said: impl FnOnce(&Outcome, &str) -> String,
    ) -> anyhow::Result<Outcome> {
        if !self.rejects.is_empty() && !self.skip_errors {
            return Err(Rejected { source: self.name, rejects: self.rejects.sorted() }.into());
        }
        let said = said(&self.outcome, &self.name);
        self.outcome.counts.action = importer.finish(&said)?;
        self.outcome.rejects = self.rejects.sorted();
        Ok(self.outcome)
    }
}
