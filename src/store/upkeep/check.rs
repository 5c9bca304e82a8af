//! Whether the file says the truth: integrity, checksums, and a fold of everything against the projections.

use crate::lifecycle::event::Event;
use crate::lifecycle::program::Program;
use crate::store::engine::file::{Reader, Store};
use crate::store::error::{Finding, Result};
use crate::store::log::append::checksum_over;
use crate::store::log::logged::{LoggedEvent, RecordedAction};
use crate::store::projection::project::Schema;
use crate::store::schema::records::projected_tables;

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
    /// Only if the file cannot be read at all; what is wrong with it is found, not failed on.
    #[expect(
        clippy::redundant_closure_for_method_calls,
        reason = "the reader's lifetime is the transaction's"
    )]
    pub fn check(&mut self) -> anyhow::Result<Checked> {
        self.read(|reader| reader.check())
    }
}

impl Reader<'_> {
    /// Checks everything that can be checked, on this state of the file.
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
                checked.findings.push(Finding::Integrity { line });
            }
        }
        let mut statement = self.connection.prepare("pragma foreign_key_check")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (table, parent): (String, String) = (row.get(0)?, row.get(2)?);
            checked.findings.push(Finding::DanglingRow { table, parent });
        }
        Ok(())
    }

    fn check_log(&self, checked: &mut Checked) -> anyhow::Result<()> {
        let mut actions = Vec::new();
        self.actions_before(None, |action| {
            actions.push(action);
            true
        })?;
        actions.reverse();
        checked.actions = actions.len() as i64;
        let mut next_event = 1;
        let mut recorded_on = None;
        for (at, action) in actions.iter().enumerate() {
            if action.id != at as i64 + 1 {
                checked.findings.push(Finding::ActionMissing { action: at as i64 + 1 });
                return Ok(());
            }
            if recorded_on > Some(action.recorded_on) {
                checked.findings.push(Finding::ActionOutOfOrder { action: action.id });
            }
            recorded_on = Some(action.recorded_on);
            let mut rows = Vec::new();
            if let Some((first, last)) = action.events {
                if first != next_event {
                    checked.findings.push(Finding::EventsBefore { number: first });
                }
                next_event = last.saturating_add(1);
                rows = self.events((first, last))?;
                check_rows(action, first, &rows, checked);
            }
            if checksum_over(action, &rows) != action.checksum {
                checked.findings.push(Finding::ActionChanged { action: action.id });
            }
        }
        checked.events = next_event - 1;
        let stray: i64 = self.connection.query_row(
            "select count(*) from event where number >= ?1",
            [next_event],
            |row| row.get(0),
        )?;
        if stray > 0 {
            checked.findings.push(Finding::EventsWithoutAction { count: stray });
        }
        let held = self.known(None)?;
        let said = self.undone_by_log(None)?;
        if !held.undoes_exactly(&said) {
            checked.findings.push(Finding::UndoneDiffers);
        }
        Ok(())
    }

    fn check_events(&self, checked: &mut Checked) -> anyhow::Result<()> {
        // Numbers can be far apart if events are lost.
        let mut next = self.first_event_behind(0)?;
        while let Some(first) = next {
            let last = first.saturating_add(9_999);
            for logged in self.events((first, last))? {
                let decoded = logged.each_recorded(logged.partner.unwrap_or_default(), |recorded| {
                    if let Event::Applied(applied) = &recorded.event
                        && let Err(problems) = Program::parse(&applied.toml)
                    {
                        let problem = problems.first().map(ToString::to_string).unwrap_or_default();
                        checked.findings.push(Finding::ProgramInvalid { event: recorded.number, problem });
                    }
                });
                if let Err(error) = decoded {
                    let (event, why) = (logged.number, error.to_string());
                    checked.findings.push(Finding::EventUnreadable { event, why });
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
            checked.findings.push(Finding::NoProgram);
            return Ok(());
        };
        self.hide_projections()?;
        for conflict in self.rebuild(Schema::Temp, &self.known(None)?, &in_force.aliases)? {
            checked.findings.push(Finding::Contradiction(conflict));
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
                checked.findings.push(Finding::RowsDiffer { table, rows: differing });
            }
        }
        checked.partners =
            self.connection.query_row("select count(*) from temp.partner", [], |row| row.get(0))?;
        Ok(())
    }
}

/// Checks that the events of an action have its number, follow each other, and happened before they were recorded.
fn check_rows(action: &RecordedAction, first: i64, rows: &[LoggedEvent], checked: &mut Checked) {
    let mut expected = first;
    for row in rows {
        if row.number != expected || row.action != action.id {
            checked.findings.push(Finding::EventMissing { event: expected, action: action.id });
        }
        expected = row.number.saturating_add(row.count().unwrap_or(1));
    }
    // A program can be put in force on a day to come.
    if let Some(early) = rows.iter().find(|row| row.day > action.recorded_on && row.kind != "program") {
        checked.findings.push(Finding::EventTooLate { event: early.number });
    }
}

impl Checked {
    /// Returns whether all that is wrong follows from the events and can be written anew.
    pub fn is_repairable(&self) -> bool {
        self.findings.iter().all(|finding| matches!(finding, Finding::RowsDiffer { .. }))
    }
}
