//! Rows of an import on their way in: kept in a temporary table, so that any number of them can be put
//! in order, and so that reading a slow source holds no lock on the file.

use rusqlite::params;

use super::log::day_of;
use super::{Reader, Result, Store};
use crate::domain::day::Day;

/// A row of an import that was understood.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Incoming {
    /// The partner, as a number given by the import.
    pub subject: u32,
    pub day: Day,
    /// Orders rows within a day, where the source knows the time.
    pub moment: i64,
    pub line: u64,
    pub what: String,
    pub amount_minor: i64,
    pub reference: Option<String>,
}

impl Store {
    /// Takes rows in, in whatever order they come.
    ///
    /// # Errors
    /// Those of `feed`, and where the temporary table can't be written.
    pub fn take_in(
        &mut self,
        feed: impl FnOnce(&mut dyn FnMut(&Incoming) -> Result<()>) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let connection = &self.connection;
        let make = "drop table if exists temp.incoming;
             create temp table incoming (
               subject integer not null, day integer not null, moment integer not null, line integer not null,
               what text not null, amount_minor integer not null, reference text
             ) strict;
             begin;";
        connection.execute_batch(make).map_err(super::StoreError::from)?;
        let fed = {
            let mut insert = connection
                .prepare("insert into temp.incoming values (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
                .map_err(super::StoreError::from)?;
            feed(&mut |row: &Incoming| {
                insert.execute(params![
                    row.subject,
                    row.day.number(),
                    row.moment,
                    row.line as i64,
                    row.what,
                    row.amount_minor,
                    row.reference
                ])?;
                Ok(())
            })
        };
        connection.execute_batch("commit").map_err(super::StoreError::from)?;
        fed
    }
}

impl Reader<'_> {
    /// Hands over the rows that were taken in, subject by subject, each subject's in order.
    pub fn each_subject(
        &self,
        mut take: impl FnMut(u32, Vec<Incoming>) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let mut statement =
            self.connection.prepare("select * from temp.incoming order by subject, day, moment, line")?;
        let mut rows = statement.query([])?;
        let mut group: Vec<Incoming> = Vec::new();
        while let Some(row) = rows.next()? {
            let line: i64 = row.get("line")?;
            let incoming = Incoming {
                subject: row.get("subject")?,
                day: day_of(row.get("day")?)?,
                moment: row.get("moment")?,
                line: line.unsigned_abs(),
                what: row.get("what")?,
                amount_minor: row.get("amount_minor")?,
                reference: row.get("reference")?,
            };
            if let Some(subject) = group.first().map(|one| one.subject).filter(|one| *one != incoming.subject)
            {
                take(subject, std::mem::take(&mut group))?;
            }
            group.push(incoming);
        }
        match group.first().map(|one| one.subject) {
            Some(subject) => take(subject, group),
            None => Ok(()),
        }
    }
}
