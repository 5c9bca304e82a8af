//! Whether the file says the truth: integrity, checksums, and a fold of everything against the projections.

use std::fmt;

use crate::lifecycle::event::Event;
use crate::lifecycle::program::Program;
use crate::store::engine::file::{Reader, Store};
use crate::store::error::Result;
use crate::store::log::append::checksum_over;
use crate::store::log::read::{Action, ActionId, LoggedEvent};
use crate::store::projection::project::Schema;
use crate::store::schema::records::projected_tables;

/// The part of the file that follows from the events.
const PROJECTIONS: &str = "projections";

/// Something that is wrong with the file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// `integrity`, `references`, `log`, `events`, `program`, `projections` or `place`.
    pub part: &'static str,
    pub what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.part, self.what)
    }
}

/// How much was checked, and what was found.
#[derive(Clone, Default, Debug)]
pub struct Checked {
    pub actions: i64,
    pub events: i64,
    pub partners: i64,
    pub findings: Vec<Finding>,
}

impl Store {
    /// Checks everything that can be checked.
    ///
    /// # Errors
    /// Only where the file can't be read at all; what is wrong with it is found, not failed on.
    #[expect(
        clippy::redundant_closure_for_method_calls,
        reason = "the reader's lifetime is the transaction's"
    )]
    pub fn check(&mut self) -> anyhow::Result<Checked> {
        self.read(|reader| reader.check())
    }
}

impl Reader<'_> {
    pub(in crate::store) fn check(&self) -> anyhow::Result<Checked> {
        let mut checked = Checked::default();
        self.check_integrity(&mut checked)?;
        if checked.findings.is_empty() {
            self.check_log(&mut checked)?;
            self.check_events(&mut checked)?;
        }
        if checked.findings.is_empty() {
            self.check_projections(&mut checked)?;
        }
        Ok(checked)
    }

    fn check_integrity(&self, checked: &mut Checked) -> Result<()> {
        let mut statement = self.connection.prepare("pragma integrity_check")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let line: String = row.get(0)?;
            if line != "ok" {
                checked.found("integrity", line);
            }
        }
        let mut statement = self.connection.prepare("pragma foreign_key_check")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (table, parent): (String, String) = (row.get(0)?, row.get(2)?);
            checked.found("references", format!("a row of {table} refers to a {parent} that is not there"));
        }
        Ok(())
    }

    fn check_log(&self, checked: &mut Checked) -> anyhow::Result<()> {
        let mut actions = Vec::new();
        self.actions_before(ActionId::MAX, |action| {
            actions.push(action);
            true
        })?;
        actions.reverse();
        checked.actions = actions.len() as i64;
        let mut next_event = 1;
        let mut recorded_on = None;
        for (at, action) in actions.iter().enumerate() {
            if action.id != at as i64 + 1 {
                checked.found("log", format!("action {} is missing", at + 1));
                return Ok(());
            }
            if recorded_on > Some(action.recorded_on) {
                checked.found("log", format!("action {} was recorded before the one before it", action.id));
            }
            recorded_on = Some(action.recorded_on);
            let mut rows = Vec::new();
            if let Some((first, last)) = action.events {
                if first != next_event {
                    checked.found("log", format!("events before number {first} belong to no action"));
                }
                next_event = last.saturating_add(1);
                rows = self.events((first, last))?;
                check_rows(action, first, &rows, checked);
            }
            if checksum_over(action, &rows) != action.checksum {
                checked.found("log", format!("action {} or its events were changed", action.id));
            }
        }
        checked.events = next_event - 1;
        let stray: i64 = self.connection.query_row(
            "select count(*) from event where number >= ?1",
            [next_event],
            |row| row.get(0),
        )?;
        if stray > 0 {
            checked.found("log", format!("{stray} events belong to no action"));
        }
        let held = self.known(None)?;
        let said = self.undone_by_log(ActionId::MAX)?;
        if !held.undoes_exactly(&said) {
            checked.found("log", "which actions are undone does not follow from the log".to_owned());
        }
        Ok(())
    }

    fn check_events(&self, checked: &mut Checked) -> anyhow::Result<()> {
        // Numbers can be far apart where events are lost.
        let mut next = self.first_event_behind(0)?;
        while let Some(first) = next {
            let last = first.saturating_add(9_999);
            for logged in self.events((first, last))? {
                let decoded = logged.each_recorded(logged.partner.unwrap_or_default(), |recorded| {
                    if let Event::Applied(applied) = &recorded.event
                        && let Err(problems) = Program::parse(&applied.toml)
                    {
                        let why = problems.first().map(ToString::to_string).unwrap_or_default();
                        checked.found("program", format!("event {}: {why}", recorded.number));
                    }
                });
                if let Err(error) = decoded {
                    checked.found("events", format!("event {}: {error}", logged.number));
                }
            }
            next = self.first_event_behind(last)?;
        }
        Ok(())
    }

    fn first_event_behind(&self, number: i64) -> Result<Option<i64>> {
        let sql = "select min(number) from event where number > ?1";
        Ok(self.connection.query_row(sql, [number], |row| row.get(0))?)
    }

    fn check_projections(&self, checked: &mut Checked) -> anyhow::Result<()> {
        let Some(in_force) = self.program(None, None)? else {
            checked.found("program", "there is none".to_owned());
            return Ok(());
        };
        self.hide_projections()?;
        for conflict in self.rebuild(Schema::Temp, &self.known(None)?, &in_force.aliases)? {
            checked.found("events", format!("contradiction: {conflict}"));
        }
        for table in projected_tables().filter(|table| *table != "stage") {
            let differing: i64 = self.connection.query_row(
                &format!(
                    "select (select count(*) from (select * from main.{table} except select * from temp.{table}))
                          + (select count(*) from (select * from temp.{table} except select * from main.{table}))"
                ),
                [],
                |row| row.get(0),
            )?;
            if differing > 0 {
                checked
                    .found(PROJECTIONS, format!("{differing} rows of {table} do not follow from the events"));
            }
        }
        checked.partners =
            self.connection.query_row("select count(*) from temp.partner", [], |row| row.get(0))?;
        Ok(())
    }
}

/// The rows of the events of an action have its number, follow each other, and happened before they were recorded.
fn check_rows(action: &Action, first: i64, rows: &[LoggedEvent], checked: &mut Checked) {
    let mut expected = first;
    for row in rows {
        if row.number != expected || row.action != action.id {
            checked.found("log", format!("event {expected} of action {} is missing", action.id));
        }
        expected = row.number.saturating_add(row.count().unwrap_or(1));
    }
    // A program can be put in force on a day to come.
    if let Some(early) = rows.iter().find(|row| row.day > action.recorded_on && row.kind != "program") {
        let what = format!("event {} happened after the day on which it was recorded", early.number);
        checked.found("log", what);
    }
}

impl Checked {
    /// Whether all that is wrong follows from the events and can be written anew.
    pub fn is_repairable(&self) -> bool {
        self.findings.iter().all(|finding| finding.part == PROJECTIONS)
    }

    fn found(&mut self, part: &'static str, what: String) {
        self.findings.push(Finding { part, what });
    }
}
