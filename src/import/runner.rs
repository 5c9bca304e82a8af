//! What all imports have in common: rows are read one by one, bad ones are kept apart, and either
//! all is imported or nothing, unless bad rows were to be left out.

use crate::lifecycle::base::error::Error;
use std::io::Read;

use crate::import::named_partners::{NamedPartner, NamedPartners, Resolved};
use crate::import::rejects::Rejects;
use crate::import::rows_by_partner::{Incoming, RowsByPartner};
use crate::import::sources::csv::{SourceRow, SourceTable};
use crate::import::stage_names::StageNames;
use crate::import::{ImportSource, Imported, RejectedRows};
use crate::report::import::Counts;
use crate::store::{Importer, InForce, Keep, Stamp, Store};

/// Why rows of somebody who is not there can't be used, where an import makes no partners.
pub(super) const NO_PARTNER: &str = "is not a partner yet; `chanlife add-partner` or `import partners` first";

/// An import under way.
pub(super) struct Runner {
    pub outcome: Imported,
    pub rejects: Rejects,
    pub subjects: NamedPartners,
    name: String,
    skip_errors: bool,
    /// What would help with bad rows.
    hints: Vec<String>,
}

/// One partner of the file, with all its rows in order of day, time and line.
pub(super) struct OfPartner<'i> {
    pub in_force: &'i InForce,
    pub subject: &'i NamedPartner,
    /// A partner that is there, or one that is new.
    pub resolved: &'i Resolved,
    pub rows: Vec<Incoming<'i>>,
}

/// What a row comes to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Taken {
    Row,
    /// The row says nothing that is wanted.
    PassedOver,
}

impl Runner {
    pub fn new(source: &ImportSource) -> Runner {
        Runner {
            outcome: Imported::default(),
            rejects: Rejects::default(),
            subjects: NamedPartners::default(),
            name: source.name.clone(),
            skip_errors: source.skip_errors,
            hints: Vec::new(),
        }
    }

    /// Takes over what the words of the file gave cause to say.
    pub fn heed(&mut self, words: &StageNames) {
        self.hints = words.hints();
        self.outcome.notes.extend(words.unmet());
    }

    /// Reads all rows: `read` takes what a row comes to, or says why it can't be used.
    pub fn take<R: Read>(
        &mut self,
        table: SourceTable<R>,
        mut read: impl FnMut(&SourceRow, &mut NamedPartners) -> Result<Taken, String>,
    ) -> anyhow::Result<()> {
        self.outcome.note_unused(&table.columns.unused());
        table.each(|row| {
            self.outcome.counts.rows += 1;
            match row.check_length().and_then(|()| read(&row, &mut self.subjects)) {
                Ok(Taken::Row) => {}
                Ok(Taken::PassedOver) => self.outcome.counts.passed_over += 1,
                Err(why) => self.rejects.add(row.line, row.partner(), why)?,
            }
            Ok(())
        })
    }

    /// Imports the rows that were gathered, partner by partner, as one action.
    pub fn import_each(
        mut self,
        mut gathered: RowsByPartner,
        store: &mut Store,
        stamp: &Stamp,
        keep: Keep,
        mut import: impl FnMut(OfPartner, &mut Importer, &mut Counts, &mut Rejects) -> anyhow::Result<()>,
        said: impl FnOnce(&Imported, &str) -> String,
    ) -> anyhow::Result<Imported> {
        store.write(keep, |writer| {
            let in_force = writer.program_now()?;
            let all = self.subjects.resolve(writer)?;
            let mut importer = Importer::new(writer, stamp, &in_force.aliases)?;
            for rows in gathered.by_subject() {
                let number = rows[0].subject;
                let Some((subject, resolved)) = self.subjects.get(number).zip(all.get(number as usize))
                else {
                    continue;
                };
                let (counts, rejects) = (&mut self.outcome.counts, &mut self.rejects);
                match resolved {
                    Resolved::Known(_) | Resolved::New { .. } => {
                        let of_partner = OfPartner { in_force: &in_force, subject, resolved, rows };
                        import(of_partner, &mut importer, counts, rejects)?;
                    }
                    Resolved::Removed => counts.passed_over += rows.len() as u64,
                    Resolved::Repeated { why } => {
                        rejects.add_all(rows.iter().map(|row| row.line), &subject.name, why)?;
                    }
                }
            }
            self.conclude(importer, said)
        })
    }

    /// Completes the import as one action, which says `said` of what was imported.
    pub fn conclude(
        mut self,
        importer: Importer,
        said: impl FnOnce(&Imported, &str) -> String,
    ) -> anyhow::Result<Imported> {
        if !self.rejects.is_empty() && !self.skip_errors {
            let (rejects, mut hints) = (self.rejects.sorted(), self.hints);
            hints.extend(self.outcome.notes);
            return Err(Error::input(RejectedRows { source: self.name, rejects, hints }).into());
        }
        self.outcome.notes.append(&mut self.hints);
        let said = said(&self.outcome, &self.name);
        self.outcome.counts.action = importer.finish(&said)?;
        self.outcome.rejects = self.rejects.sorted();
        Ok(self.outcome)
    }
}
