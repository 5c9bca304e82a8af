//! What all imports have in common: rows are read one by one, invalid ones are collected, and either all rows are
//! imported or none, unless invalid rows are to be skipped.

use std::io::Read;

use crate::import::named_partners::{NamedPartner, NamedPartners, Resolved};
use crate::import::reason_names::ExitReasonNames;
use crate::import::rejects::{RejectedFor, RejectedRow, Rejects, contradiction};
use crate::import::rows_by_partner::{PartnerRow, RowsByPartner};
use crate::import::sources::csv::{Fields, SourceRow, SourceTable};
use crate::import::stage_names::StageNames;
use crate::import::{ImportSource, Imported, RejectedRows};
use crate::lifecycle::base::conflict::Conflict;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::event::{Event, PartnerId, Recorded};
use crate::lifecycle::partner::{KeptDetail, Partner};
use crate::lifecycle::program::Program;
use crate::lifecycle::revenue::Sold;
use crate::lifecycle::rule::History;
use crate::report::import::{ImportCounts, StandingDetail};
use crate::store::{Importer, InForce, Keep, NewEvent, Reader, Stamp, Store};
use crate::text::imports::{
    KeptText, KeptTexts, MovedJoining, PARTNER_NOT_FOUND, first_rows, joined_earlier, kept_detail,
};

/// An import under way, from the file of the source to one action in the database.
pub(super) struct Runner<'r> {
    /// The columns that the kind of import knows.
    fields: Fields<'static>,
    pub store: &'r mut Store,
    pub stamp: &'r Stamp,
    pub keep: Keep,
    pub partners: NamedPartners,
    pub tally: RowTally,
}

/// The result so far.
pub(super) struct RowTally {
    pub imported: Imported,
    pub rejects: Rejects,
    source: String,
    skip_errors: bool,
    /// How to correct rejected rows.
    hints: Vec<String>,
    /// What rows of the file stand in place of, in a sentence each.
    pub restated: Vec<String>,
    /// What rows report that was restated and counts no more.
    pub counts_no_more: Vec<String>,
    /// What rows name by a period that has other days since the fiscal year moved.
    pub other_days: Vec<String>,
    /// What is recorded otherwise than rows say, and stays.
    kept: KeptTexts,
    /// Known partners that joined earlier by what the file says.
    moved: Vec<MovedJoining>,
}

/// One partner of the file, with all its rows in order of day, time and line.
pub(super) struct OfPartner<'i, T> {
    pub in_force: &'i InForce,
    pub named: &'i NamedPartner,
    /// A partner that is there, or one that is new.
    pub resolved: &'i Resolved,
    pub rows: &'i [PartnerRow<T>],
}

/// The rows on their way into the database.
pub(super) struct Recording<'t, 'w> {
    pub importer: Importer<'w>,
    pub tally: &'t mut RowTally,
}

impl<'r> Runner<'r> {
    /// Begins an import that knows these columns.
    pub(super) fn new(
        fields: Fields<'static>,
        store: &'r mut Store,
        stamp: &'r Stamp,
        source: &ImportSource,
        keep: Keep,
    ) -> Runner<'r> {
        let tally = RowTally {
            imported: Imported::default(),
            rejects: Rejects::default(),
            source: source.name.clone(),
            skip_errors: source.skip_errors,
            hints: Vec::new(),
            restated: Vec::new(),
            counts_no_more: Vec::new(),
            other_days: Vec::new(),
            kept: KeptTexts::default(),
            moved: Vec::new(),
        };
        Runner { fields, store, stamp, keep, partners: NamedPartners::default(), tally }
    }

    /// Returns the columns that a source is to find.
    pub(super) fn fields(&self) -> Fields<'static> {
        self.fields.clone()
    }

    /// Returns the program in force.
    ///
    /// # Errors
    /// Those of reading the database.
    pub(super) fn program(&mut self) -> anyhow::Result<Program> {
        self.store.read(|reader| Ok(reader.program_now()?.program))
    }

    /// Reads something of the file before its rows are imported.
    ///
    /// # Errors
    /// Those of `read`, and of reading the database.
    pub(super) fn read_file<T>(
        &mut self,
        read: impl FnOnce(&Reader) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        self.store.read(read)
    }

    /// Reads all rows: `read` returns the value of a row, nothing if the row is to be ignored, or why it is invalid.
    ///
    /// # Errors
    /// Those of the source, and so many bad rows that the file as a whole must be wrong.
    pub(super) fn read<R: Read, T>(
        &mut self,
        table: SourceTable<R>,
        mut read: impl FnMut(&SourceRow, &mut NamedPartners) -> Result<Option<T>, String>,
        mut take: impl FnMut(T),
    ) -> anyhow::Result<()> {
        let RowTally { imported, rejects, .. } = &mut self.tally;
        imported.note_unused(&table.columns.unused());
        table.each(|row| {
            imported.counts.rows += 1;
            match row.check_length().and_then(|()| read(&row, &mut self.partners)) {
                Ok(Some(says)) => take(says),
                Ok(None) => {
                    imported.counts.passed_over += 1;
                    imported.counts.ignored += 1;
                }
                Err(why) => rejects.add(row.line, row.partner(), why)?,
            }
            Ok(())
        })
    }

    /// Reads all rows and keeps them, to be put in order.
    ///
    /// # Errors
    /// Those of [`Runner::read`].
    pub(super) fn gather<R: Read, T>(
        &mut self,
        table: SourceTable<R>,
        read: impl FnMut(&SourceRow, &mut NamedPartners) -> Result<Option<PartnerRow<T>>, String>,
    ) -> anyhow::Result<RowsByPartner<T>> {
        let mut rows = RowsByPartner::new();
        self.read(table, read, |row| rows.push(row))?;
        Ok(rows)
    }

    /// Imports the rows that were gathered, partner by partner, as one action.
    ///
    /// # Errors
    /// [`RejectedRows`] if rows cannot be used and are not to be skipped, and those of writing.
    pub(super) fn import_each<T>(
        self,
        mut rows: RowsByPartner<T>,
        mut import: impl FnMut(OfPartner<T>, &mut Recording) -> anyhow::Result<()>,
    ) -> anyhow::Result<Imported> {
        let Runner { store, stamp, keep, partners, mut tally, .. } = self;
        store.write(keep, |writer| {
            let in_force = writer.reader().program_now()?;
            let all = partners.resolve(writer.reader())?;
            let importer = Importer::new(writer, stamp, &in_force.aliases)?;
            let mut recording = Recording { importer, tally: &mut tally };
            // A partner that others were merged into goes by several keys, perhaps in one file.
            rows.renumber(|number| match all.get(number as usize) {
                Some(Resolved::Repeated { known, .. }) => *known,
                _ => None,
            });
            for rows in rows.in_order() {
                let number = rows[0].partner;
                let Some((named, resolved)) = partners.numbered(number).zip(all.get(number as usize)) else {
                    continue;
                };
                match resolved {
                    Resolved::Known(_) | Resolved::New { .. } => {
                        let of_partner = OfPartner { in_force: &in_force, named, resolved, rows };
                        import(of_partner, &mut recording)?;
                    }
                    Resolved::Removed => recording.counts().passed_over += rows.len() as u64,
                    Resolved::Repeated { why, .. } => recording.reject_rows(rows, named, why)?,
                }
            }
            let Recording { importer, .. } = recording;
            tally.conclude(importer)
        })
    }
}

impl Runner<'_> {
    /// Imports what is of no partner, as one action; `import` takes the rows.
    ///
    /// # Errors
    /// [`RejectedRows`] if rows cannot be used and are not to be skipped, and those of writing.
    pub(super) fn import_of_nobody(
        self,
        import: impl FnOnce(&Reader, &mut Recording) -> anyhow::Result<()>,
    ) -> anyhow::Result<Imported> {
        let Runner { store, stamp, keep, mut tally, .. } = self;
        store.write(keep, |writer| {
            let in_force = writer.reader().program_now()?;
            let importer = Importer::new(writer, stamp, &in_force.aliases)?;
            let mut recording = Recording { importer, tally: &mut tally };
            import(writer.reader(), &mut recording)?;
            let Recording { importer, .. } = recording;
            tally.conclude(importer)
        })
    }
}

impl RowTally {
    /// Adds how to correct rejected rows.
    pub(super) fn hint(&mut self, hint: String) {
        self.hints.push(hint);
    }

    /// Takes over the hints and notes on the stage names and the reasons of the file.
    pub(super) fn heed(&mut self, names: &StageNames, reasons: &ExitReasonNames) {
        self.hints = names.hints();
        self.hints.extend(reasons.hints());
        self.imported.notes.extend(names.unmet());
        self.imported.notes.extend(reasons.unmet());
        self.imported.notes.extend(reasons.left_out());
    }

    /// Completes the import as one action.
    ///
    /// # Errors
    /// Those of [`Runner::import_each`].
    pub(super) fn conclude(mut self, importer: Importer) -> anyhow::Result<Imported> {
        if !self.rejects.is_empty() && !self.skip_errors {
            let (rejects, mut hints) = (self.rejects.sorted(), self.hints);
            if rejects.iter().any(RejectedRow::has_decimal_comma) {
                hints.push("replace decimal commas by points in the file".to_owned());
            }
            hints.extend(self.imported.notes);
            return Err(Error::input(RejectedRows { source: self.source, rejects, hints }).into());
        }
        self.imported.notes.append(&mut self.hints);
        let noted = [&mut self.restated, &mut self.counts_no_more, &mut self.other_days];
        let [restated, gone, other_days] = noted.map(std::mem::take);
        self.imported.notes.extend(first_rows(restated, "stand in place of recorded figures"));
        self.imported.notes.extend(first_rows(gone, "report what counts no more"));
        self.imported.changes.sort_by_key(|one| one.line);
        self.imported.standing.sort_by_key(|one| one.line);
        let standing = self.imported.standing.iter().map(|one| one.sentence.clone()).collect();
        self.imported
            .notes
            .extend(first_rows(standing, "with details that stay as they were changed by hand"));
        self.imported.notes.extend(first_rows(other_days, "name periods that have other days now"));
        self.imported.notes.extend(self.kept.in_words());
        self.imported.notes.extend(joined_earlier(&self.moved));
        self.imported.counts.action = importer.finish()?;
        self.imported.rejects = self.rejects.sorted();
        Ok(self.imported)
    }
}

/// Returns how these days move the joining day of a known partner to an earlier one; nothing if they do not.
fn moved_joining(
    history: &History,
    days: impl Iterator<Item = Day>,
    named: &NamedPartner,
) -> Option<MovedJoining> {
    let to = days.min()?;
    let corrected = |one: &Recorded| matches!(one.event, Event::Corrected(_));
    // Only a correction moves an event to another day than it was recorded with.
    if history.events.iter().any(|one| one.day <= to) && !history.events.iter().any(corrected) {
        return None;
    }
    let from = history.first_day().filter(|from| to < *from)?;
    Some(MovedJoining { partner: named.name.clone(), from, to })
}

impl Recording<'_, '_> {
    /// Returns what is counted.
    pub(super) fn counts(&mut self) -> &mut ImportCounts {
        &mut self.tally.imported.counts
    }

    /// Adds how to correct rejected rows, if it is not said yet.
    pub(super) fn hint_once(&mut self, hint: &str) {
        if !self.tally.hints.iter().any(|known| known == hint) {
            self.tally.hint(hint.to_owned());
        }
    }

    /// Adds a note to the answer, of several of one kind the first.
    pub(super) fn note_once(&mut self, note: &str) {
        let begins = |note: &str| note.split('`').next().unwrap_or_default().to_owned();
        let notes = &mut self.tally.imported.notes;
        if notes.iter().all(|known| begins(known) != begins(note)) {
            notes.push(note.to_owned());
        }
    }

    /// Counts a row that is known already, and keeps what it says otherwise.
    pub(super) fn know(&mut self, line: u64, named: &NamedPartner, other: Option<KeptText>) {
        self.counts().known += 1;
        if let Some(text) = other {
            self.keep_text(line, named, text);
        }
    }

    /// Keeps that a row is known already with another text, which stays.
    pub(super) fn keep_text(&mut self, line: u64, named: &NamedPartner, text: KeptText) {
        self.tally.kept.add(line, &named.name, text);
    }

    /// Keeps that a row gives a detail of a partner otherwise than a person recorded it, which stays.
    pub(super) fn keep_detail(&mut self, line: u64, partner: &Partner, kept: &KeptDetail) {
        let sentence = kept_detail(line, partner, kept);
        let partner = partner.key.clone();
        self.tally.imported.standing.push(StandingDetail { line, partner, sentence });
    }

    /// Keeps a rejected row.
    ///
    /// # Errors
    /// Those of [`Rejects::add`].
    pub(super) fn reject(
        &mut self,
        line: u64,
        named: &NamedPartner,
        why: impl Into<String>,
    ) -> Result<(), Error> {
        self.tally.rejects.add(line, &named.name, why)
    }

    /// Keeps a rejected row that is of no partner.
    ///
    /// # Errors
    /// Those of [`Rejects::add`].
    pub(super) fn reject_line(&mut self, line: u64, why: String) -> Result<(), Error> {
        self.tally.rejects.add(line, "", why)
    }

    /// Records an event of no partner.
    ///
    /// # Errors
    /// Those of writing.
    pub(super) fn record_of_nobody(&mut self, day: Day, event: Event) -> anyhow::Result<()> {
        self.importer.record_of_nobody(day, event)?;
        self.counts().events += 1;
        Ok(())
    }

    /// Keeps a row as rejected because one that it depends on is.
    ///
    /// # Errors
    /// Those of [`Rejects::add`].
    pub(super) fn reject_below(&mut self, line: u64, named: &NamedPartner, why: String) -> Result<(), Error> {
        self.tally.rejects.add_for(RejectedFor::Another, line, &named.name, why)
    }

    /// Keeps these rows as rejected, for one reason.
    ///
    /// # Errors
    /// Those of [`Rejects::add`].
    pub(super) fn reject_rows<T>(
        &mut self,
        rows: &[PartnerRow<T>],
        named: &NamedPartner,
        why: &str,
    ) -> Result<(), Error> {
        rows.iter().try_for_each(|row| self.reject(row.line, named, why))
    }

    /// Returns the existing partner; if there is none, its rows are rejected.
    ///
    /// # Errors
    /// Those of [`Rejects::add`].
    pub(super) fn known_partner<T>(&mut self, of: &OfPartner<T>) -> Result<Option<PartnerId>, Error> {
        if let Resolved::Known(id) = of.resolved {
            return Ok(Some(*id));
        }
        self.reject_rows(of.rows, of.named, PARTNER_NOT_FOUND)?;
        Ok(None)
    }

    /// Records the events of these lines; if they contradict recorded events, the lines are rejected.
    /// Returns whether they were recorded.
    ///
    /// # Errors
    /// Those of writing, and of [`Rejects::add`].
    pub(super) fn record_lines(
        &mut self,
        history: History,
        events: Vec<(Day, Event)>,
        lines: &[u64],
        named: &NamedPartner,
    ) -> anyhow::Result<bool> {
        let first = self.importer.next_number();
        let Some(conflict) = self.record(history, events, named)? else { return Ok(true) };
        let why = contradiction(&conflict, first);
        lines.iter().try_for_each(|line| self.reject(*line, named, why.as_str()))?;
        Ok(false)
    }

    /// Records events of a partner, or returns how they contradict recorded events.
    ///
    /// # Errors
    /// Those of writing.
    pub(super) fn record(
        &mut self,
        history: History,
        events: Vec<(Day, Event)>,
        named: &NamedPartner,
    ) -> anyhow::Result<Option<Conflict>> {
        let partner = Some(history.subject);
        let moved = moved_joining(&history, events.iter().map(|(day, _)| *day), named);
        let events: Vec<NewEvent> =
            events.into_iter().map(|(day, event)| NewEvent { partner, day, event }).collect();
        let conflict = self.importer.record(history, &events)?;
        if conflict.is_none() {
            self.tally.moved.extend(moved);
        }
        Ok(conflict)
    }

    /// Records sales of a partner, or returns how they contradict recorded events.
    ///
    /// # Errors
    /// Those of writing.
    pub(super) fn sell(
        &mut self,
        history: History,
        sales: Vec<(Day, Sold)>,
        named: &NamedPartner,
    ) -> anyhow::Result<Option<Conflict>> {
        let moved = moved_joining(&history, sales.iter().map(|(day, _)| *day), named);
        let conflict = self.importer.sell(history, sales)?;
        if conflict.is_none() {
            self.tally.moved.extend(moved);
        }
        Ok(conflict)
    }
}
