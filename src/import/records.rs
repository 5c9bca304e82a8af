//! Imports with one record of an existing partner per row. Rows refer to each other by their content, since they have
//! no numbers before they are recorded.

use crate::import::kept_rows::KeptRows;
use crate::import::packed_texts::PackedRow;
use crate::import::rows_by_partner::PartnerRow;
use crate::import::runner::{OfPartner, Recording, Runner};
use crate::import::sources::csv::{SourceRow, SourceTable};
use crate::import::{ImportSource, Imported};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::event::{Event, Recorded};
use crate::lifecycle::program::Program;

/// What a row says, before it is known which numbers its events get.
pub(super) trait RecordRow {
    /// Adds the events of the row, which is of `day`, to those of its partner.
    ///
    /// # Errors
    /// Why the row is invalid, such as an unknown reference.
    fn add_to(self, day: Day, events: &mut NumberedEvents) -> Result<(), String>;
}

/// Most rows are one event that refers to no other.
impl<E: Into<Event>> RecordRow for E {
    fn add_to(self, day: Day, events: &mut NumberedEvents) -> Result<(), String> {
        events.add(day, self.into());
        Ok(())
    }
}

/// What a row is read with.
#[derive(Clone, Copy)]
pub(super) struct RowContext<'c> {
    pub program: &'c Program,
    pub today: Day,
    /// The day of the row.
    pub on: Day,
}

impl RowContext<'_> {
    /// Checks a later day that a row speaks of.
    ///
    /// # Errors
    /// The reason, if it is before the day of the row.
    pub(super) fn check_end(self, end: Day) -> Result<(), String> {
        if end < self.on {
            return Err(format!("ends on {end}, before it began on {}", self.on));
        }
        Ok(())
    }
}

/// How a row is read; it is read twice, once when it comes and once when its partner's turn comes.
type ReadRow<T> = fn(&SourceRow, RowContext) -> Result<T, String>;

/// Imports rows as `read` reads them, as one action.
///
/// # Errors
/// Those of the file, and rows that cannot be used; then nothing is imported.
pub(super) fn import<T: RecordRow>(
    mut runner: Runner,
    source: ImportSource,
    read: ReadRow<T>,
) -> anyhow::Result<Imported> {
    let ImportSource { input, delimiter, mapping, today, .. } = source;
    let program = runner.program()?;
    let table = SourceTable::open(input, delimiter, &mapping, &runner.fields())?;
    let mut kept = KeptRows::new(&table.columns);
    let rows = runner.gather(table, |row, partners| {
        let partner = partners.number(row.get("partner"), row.line)?;
        let (day, moment) = row.past_day("on", today)?;
        read(row, RowContext { program: &program, today, on: day })?;
        Ok(Some(PartnerRow { partner, day, moment, line: row.line, says: kept.keep(row)? }))
    })?;
    let read_again = |row: &PartnerRow<PackedRow>| {
        let context = RowContext { program: &program, today, on: row.day };
        kept.read(row.line, row.says, |cells| read(cells, context))
    };
    runner.import_each(rows, |of, recording| import_partner(&of, recording, read_again))
}

fn import_partner<T: RecordRow>(
    of: &OfPartner<PackedRow>,
    recording: &mut Recording,
    read: impl Fn(&PartnerRow<PackedRow>) -> Result<T, String>,
) -> anyhow::Result<()> {
    let Some(id) = recording.known_partner(of)? else { return Ok(()) };
    let history = recording.importer.history(id)?;
    let mut events = NumberedEvents {
        known: &history.events,
        used: Vec::new(),
        first: recording.importer.next_number(),
        added: Vec::new(),
    };
    let mut lines = Vec::new();
    for row in of.rows {
        let before = events.added.len();
        match read(row).and_then(|says| says.add_to(row.day, &mut events)) {
            Err(why) => recording.reject(row.line, of.named, why)?,
            Ok(()) if events.added.len() == before => recording.counts().known += 1,
            Ok(()) => lines.push(row.line),
        }
    }
    let added = events.added;
    if !added.is_empty() && recording.record(history, added, &lines, of.named)? {
        recording.counts().events += lines.len() as u64;
    }
    Ok(())
}

/// What is known of a partner and what rows add, with the numbers that it has or will have.
pub(super) struct NumberedEvents<'k> {
    known: &'k [Recorded],
    /// Numbers of known events that a row said already: as often as something is known, as often is a row no news.
    used: Vec<i64>,
    /// The number that the first event gets that is added.
    first: i64,
    added: Vec<(Day, Event)>,
}

impl NumberedEvents<'_> {
    /// Adds an event, unless it is known already, and returns its number.
    pub(super) fn add(&mut self, day: Day, event: Event) -> i64 {
        let same = |one: &&Recorded| one.day == day && one.event == event && !self.used.contains(&one.number);
        if let Some(number) = self.known.iter().find(same).map(|one| one.number) {
            self.used.push(number);
            return number;
        }
        self.added.push((day, event));
        self.first + self.added.len() as i64 - 1
    }

    /// Adds an event, whether or not the same is known.
    pub(super) fn add_anew(&mut self, day: Day, event: Event) {
        self.added.push((day, event));
    }

    /// Returns all events with their numbers, the newest last.
    pub(super) fn all(&self) -> impl DoubleEndedIterator<Item = (i64, &Event)> {
        let known = self.known.iter().map(|one| (one.number, &one.event));
        let added = self.added.iter().enumerate().map(|(at, (_, event))| (self.first + at as i64, event));
        known.chain(added)
    }

    /// Returns the known events of a day that no row said so far.
    pub(super) fn unsaid_on(&self, day: Day) -> impl Iterator<Item = &Recorded> {
        self.known.iter().filter(move |one| one.day == day && !self.used.contains(&one.number))
    }

    /// Returns whether this event is known from before the import.
    pub(super) fn is_known(&self, number: i64) -> bool {
        self.known.iter().any(|one| one.number == number)
    }
}
