//! Imports with one record of an existing partner per row. Rows refer to each other by their content, since they have
//! no numbers before they are recorded.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::import::kept_rows::KeptRows;
use crate::import::packed_texts::PackedRow;
use crate::import::rejects::{before_joining, misfit, too_early};
use crate::import::rows_by_partner::PartnerRow;
use crate::import::runner::{OfPartner, Recording, Runner};
use crate::import::sources::csv::{SourceRow, SourceTable};
use crate::import::{ImportSource, Imported};
use crate::lifecycle::base::conflict::Conflict;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::event::{Event, Recorded};
use crate::lifecycle::partner::Partner;
use crate::lifecycle::plans::Task;
use crate::lifecycle::program::Program;
use crate::lifecycle::renamed::renamed;
use crate::lifecycle::rule::History;
use crate::store::InForce;

/// What a row says, before it is known which numbers its events get.
pub(super) trait RecordRow: Sized {
    /// Whether what a row says may be older than the partnership; it is then recorded on the day on which that began.
    const MAY_PRECEDE_JOINING: bool = false;

    /// Whether a row of a day before the partner joined shows that it joined sooner. A promise or a question does not.
    const SHOWS_PARTNERSHIP: bool = true;

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
    let mut broken = BrokenReferences::new();
    let rows = runner.gather(table, |row, partners| {
        let partner = partners.number(row.get("partner"), row.line)?;
        let understood = row.past_day("on", today).and_then(|(day, moment)| {
            read(row, RowContext { program: &program, today, on: day }).map(|_| (day, moment))
        });
        let (day, moment) = understood.inspect_err(|_| {
            if let Some(reference) = reference(row) {
                broken.entry((partner, reference)).or_insert(row.line);
            }
        })?;
        Ok(Some(PartnerRow { partner, day, moment, line: row.line, says: kept.keep(row)? }))
    })?;
    let read_again = |row: &PartnerRow<PackedRow>| {
        let context = RowContext { program: &program, today, on: row.day };
        kept.read(row.line, row.says, |cells| read(cells, context))
    };
    let reference = |row: &PartnerRow<PackedRow>| kept.read(row.line, row.says, reference);
    runner.import_each(rows, |of, recording| {
        PartnerRows { of: &of, rejected: BTreeMap::new(), broken: &mut broken }.import(
            recording,
            &read_again,
            &reference,
        )
    })
}

/// Returns the reference that ties rows to each other, if the row has one.
fn reference(row: &SourceRow) -> Option<String> {
    row.get("ref").map(str::to_owned)
}

/// Rejected rows by what they refer to, the partner's number with a reference, each with its line: rows that need what
/// they would have brought follow from them.
type BrokenReferences = HashMap<(u32, String), u64>;

/// How often the rows of a partner are tried without those that do not fit, before all the others are given up.
const MOST_ROUNDS: usize = 100;

/// The rows of a partner, less those that are found not to fit.
struct PartnerRows<'p> {
    of: &'p OfPartner<'p, PackedRow>,
    /// Lines that do not fit, with the reason.
    rejected: BTreeMap<u64, String>,
    broken: &'p mut BrokenReferences,
}

/// The events that rows come to, and the line of each.
struct RowEvents {
    first: i64,
    events: Vec<(Day, Event)>,
    lines: Vec<u64>,
    known: u64,
}

impl PartnerRows<'_> {
    /// Records all rows that fit, and rejects the others: one that does not fit alone, not those beside it.
    fn import<T: RecordRow>(
        mut self,
        recording: &mut Recording,
        read: &impl Fn(&PartnerRow<PackedRow>) -> Result<T, String>,
        reference: &impl Fn(&PartnerRow<PackedRow>) -> Option<String>,
    ) -> anyhow::Result<()> {
        let Some(id) = recording.known_partner(self.of)? else { return Ok(()) };
        for round in 1.. {
            let history = recording.importer.history(id)?;
            let made = self.events(&history, recording.importer.next_number(), read, reference);
            if made.events.is_empty() {
                recording.counts().known += made.known;
                break;
            }
            let RowEvents { first, events, lines, known } = made;
            let rows = lines.iter().collect::<BTreeSet<&u64>>().len() as u64;
            match recording.record(history, events.clone(), self.of.named)? {
                None => {
                    let counts = recording.counts();
                    counts.events += rows;
                    counts.known += known;
                    break;
                }
                Some(conflict) if round < MOST_ROUNDS => {
                    let history = recording.importer.history(id)?;
                    let at = self.culprit(&history, &conflict, first, &events);
                    let why = misfit(&conflict, first, &lines);
                    if let Some(row) = self.of.rows.iter().find(|row| row.line == lines[at]) {
                        self.reject(row, why, reference(row));
                    }
                }
                Some(conflict) => {
                    let why = misfit(&conflict, first, &lines);
                    self.rejected.extend(lines.into_iter().map(|line| (line, why.clone())));
                    break;
                }
            }
        }
        let named = self.of.named;
        Ok(self.rejected.into_iter().try_for_each(|(line, why)| recording.reject(line, named, why))?)
    }

    /// Returns the events of the rows that were not rejected so far; rejects those that cannot be understood.
    fn events<T: RecordRow>(
        &mut self,
        history: &History,
        first: i64,
        read: &impl Fn(&PartnerRow<PackedRow>) -> Result<T, String>,
        reference: &impl Fn(&PartnerRow<PackedRow>) -> Option<String>,
    ) -> RowEvents {
        let mut events = NumberedEvents {
            in_force: self.of.in_force,
            history,
            used: Vec::new(),
            first,
            added: Vec::new(),
        };
        let (mut lines, mut known) = (Vec::new(), 0);
        for row in self.of.rows {
            if self.rejected.contains_key(&row.line) {
                continue;
            }
            let before = events.added.len();
            let joined = history.first_day().filter(|joined| T::MAY_PRECEDE_JOINING && row.day < *joined);
            let day = joined.unwrap_or(row.day);
            let too_early = too_early(history, day)
                .or_else(|| before_joining(history, day).filter(|_| !T::SHOWS_PARTNERSHIP));
            let taken = match too_early {
                Some(why) => Err(why),
                None => read(row).and_then(|says| says.add_to(day, &mut events)),
            };
            match taken {
                Err(why) => self.reject(row, why, reference(row)),
                Ok(()) if events.added.len() == before => known += 1,
                Ok(()) => lines.resize(events.added.len(), row.line),
            }
        }
        RowEvents { first, events: events.added, lines, known }
    }

    /// Rejects a row; if it refers to what a rejected row would have brought, it only follows from that.
    fn reject(&mut self, row: &PartnerRow<PackedRow>, why: String, reference: Option<String>) {
        let why = match reference.map(|reference| self.broken.entry((row.partner, reference))) {
            Some(Entry::Occupied(cause)) => format!("follows from line {}", cause.get()),
            Some(Entry::Vacant(place)) => {
                place.insert(row.line);
                why
            }
            None => why,
        };
        self.rejected.insert(row.line, why);
    }

    /// Returns the place of the event without which there would be no conflict.
    fn culprit(&self, history: &History, conflict: &Conflict, first: i64, events: &[(Day, Event)]) -> usize {
        if let Ok(own) = usize::try_from(conflict.event - first) {
            return own.min(events.len() - 1);
        }
        let number = |at: usize| first + at as i64;
        let recorded = |(at, (day, event)): (usize, &(Day, Event))| Recorded {
            number: number(at),
            partner: history.subject,
            day: *day,
            event: event.clone(),
        };
        let (mut fits, mut fails) = (0, events.len());
        while fails - fits > 1 {
            let middle = fits.midpoint(fails);
            let added: Vec<Recorded> = events[..middle].iter().enumerate().map(recorded).collect();
            match history.extended(&added, &self.of.in_force.aliases) {
                Ok(_) => fits = middle,
                Err(_) => fails = middle,
            }
        }
        fits
    }
}

/// What is known of a partner and what rows add, with the numbers that it has or will have.
pub(super) struct NumberedEvents<'k> {
    pub in_force: &'k InForce,
    history: &'k History,
    /// Numbers of known events that a row said already: as often as something is known, as often is a row no news.
    used: Vec<i64>,
    /// The number that the first event gets that is added.
    first: i64,
    added: Vec<(Day, Event)>,
}

impl NumberedEvents<'_> {
    /// Adds an event, unless it is known already, and returns its number.
    pub(super) fn add(&mut self, day: Day, event: Event) -> i64 {
        if let Some(number) = self.recorded(day, &event) {
            self.used.push(number);
            return number;
        }
        self.added.push((day, event));
        self.first + self.added.len() as i64 - 1
    }

    /// Adds an event, unless the same is known of this or any other day, and returns its number.
    pub(super) fn add_once(&mut self, day: Day, event: Event) -> i64 {
        let known = self.recorded(day, &event).or_else(|| self.said(&event, |_| true));
        match known {
            Some(number) => {
                self.used.push(number);
                number
            }
            None => self.add(day, event),
        }
    }

    /// Returns the number of an event if it is recorded, and no row said it so far.
    pub(super) fn recorded(&self, day: Day, event: &Event) -> Option<i64> {
        self.said(event, |one| one == day)
    }

    /// Returns the number of an event if it is recorded on such a day, and no row said it so far.
    fn said(&self, event: &Event, is_wanted: impl Fn(Day) -> bool) -> Option<i64> {
        // What is known counts under the keys of now, and so does the row.
        let aliases = &self.in_force.aliases;
        let event = renamed(event, aliases);
        let bare = event.without_days();
        let says = |one: &Event| {
            let one = renamed(one, aliases);
            one.says_the_same(&event) || *one == bare
        };
        let same =
            |one: &&Recorded| is_wanted(one.day) && says(&one.event) && !self.used.contains(&one.number);
        self.history.events.iter().find(same).map(|one| one.number)
    }

    /// Returns the event that closed a task which is known to be over, with the task.
    pub(super) fn closing(&self, task: i64) -> Option<(i64, Task)> {
        let closes = |event: &Event| match event {
            Event::Finished(one) => one.task == task,
            Event::TaskDropped(one) => one.task == task,
            _ => false,
        };
        let number = self.history.events.iter().find(|one| closes(&one.event))?.number;
        let folded = self.history.fold(&self.in_force.aliases, None);
        let known = folded.partner()?.tasks.iter().find(|one| one.event == task && !one.is_open())?;
        Some((number, known.clone()))
    }

    /// Adds an event, whether or not the same is known.
    pub(super) fn add_anew(&mut self, day: Day, event: Event) {
        self.added.push((day, event));
    }

    /// Returns all events with their numbers, the newest last.
    pub(super) fn all(&self) -> impl DoubleEndedIterator<Item = (i64, &Event)> {
        let known = self.history.events.iter().map(|one| (one.number, &one.event));
        let added = self.added.iter().enumerate().map(|(at, (_, event))| (self.first + at as i64, event));
        known.chain(added)
    }

    /// Returns the known events of a day that no row said so far.
    pub(super) fn unsaid_on(&self, day: Day) -> impl Iterator<Item = &Recorded> {
        self.history.events.iter().filter(move |one| one.day == day && !self.used.contains(&one.number))
    }

    /// Returns the partner as it is known to have been at the end of a day.
    pub(super) fn partner_on(&self, day: Day) -> Option<Partner> {
        self.history.fold(&self.in_force.aliases, Some(day)).partner().cloned()
    }

    /// Returns whether this event is known from before the import.
    pub(super) fn is_known(&self, number: i64) -> bool {
        self.history.events.iter().any(|one| one.number == number)
    }
}
