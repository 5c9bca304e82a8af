//! Import: from files of other systems to events.
//!
//! A source ([`sources`]) gives rows of cells; a reader, one for each kind of import, turns each row into a value;
//! the runner records that as one action. This room knows nothing of the command line beyond the options that its
//! messages name. To add an import, add a file and a row to [`readers`].

mod answers;
mod kept_rows;
mod named_partners;
mod observed_from;
mod packed_sales;
mod packed_texts;
mod readers;
mod reason_names;
mod records;
mod rejects;
mod rows_by_partner;
mod runner;
mod sources;
mod spellings;
mod stage_names;

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::Hint;
use std::collections::BTreeMap;
use std::io::Read;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::text::{counted, listed};
use crate::lifecycle::revenue::Counting;
use crate::report::import::{ChangedDetail, ImportCounts, StandingDetail};

pub use answers::{AnswerScope, TypedAnswers, template};
pub use observed_from::ObservedFrom;
pub use readers::IMPORTS;
pub(crate) use readers::{ColumnNeed, ImportKind};
pub(crate) use rejects::{RejectedRow, write_rejects};

/// What to import, and how to understand it.
pub struct ImportSource<'s> {
    pub input: Box<dyn Read + 's>,
    /// What messages call it: the file's name, or `standard input`.
    pub name: String,
    pub delimiter: u8,
    /// Headers of the file, each with the field that it is mapped to.
    pub mapping: Vec<(String, String)>,
    /// Stages of the file, each with the stage that it is mapped to.
    pub stages: Vec<(String, String)>,
    /// Words of the file for why partners leave, each with the reason that it is mapped to.
    pub reasons: Vec<(String, String)>,
    pub observed_from: Option<ObservedFrom>,
    /// Exchange rates to the program's currency, by currency code.
    pub rates: BTreeMap<String, String>,
    /// How sales count beside others of their days that do not say it themselves.
    pub counting: Counting,
    pub today: Day,
    /// What is asked about is taken: rates that are far from the last ones.
    pub yes: bool,
    /// Rejected rows are skipped; otherwise one of them stops the import.
    pub skip_errors: bool,
}

/// The result of an import.
#[derive(Clone, Default, Debug)]
pub struct Imported {
    pub counts: ImportCounts,
    pub rejects: Vec<RejectedRow>,
    /// Sentences on what was ignored.
    pub notes: Vec<String>,
    /// Details of known partners that changed, in order of the file.
    pub changes: Vec<ChangedDetail>,
    /// Details that stay as a person recorded them.
    pub standing: Vec<StandingDetail>,
}

impl Imported {
    fn note_unused(&mut self, unused: &[&str]) {
        if !unused.is_empty() {
            let columns = if unused.len() == 1 { "column" } else { "columns" };
            self.notes.push(format!("unused {columns}: {}", listed(unused)));
        }
    }
}

/// Rejected rows, if they were not to be skipped: nothing is imported.
#[derive(Clone, Debug)]
pub struct RejectedRows {
    pub source: String,
    pub rejects: Vec<RejectedRow>,
    /// How to correct them.
    pub hints: Vec<String>,
}

/// How many rejected rows are listed.
const SHOWN_REJECTS: usize = 20;

impl Sentence for RejectedRows {
    fn sentence(&self) -> String {
        let rows = counted(self.rejects.len(), "row");
        let mut all = format!("{rows} of {} cannot be imported; nothing was imported", self.source);
        for reject in self.rejects.iter().take(SHOWN_REJECTS) {
            all.push_str(&format!("\n  {}", reject.sentence()));
        }
        if self.rejects.len() > SHOWN_REJECTS {
            all.push_str(&format!("\n  and {} more", self.rejects.len() - SHOWN_REJECTS));
        }
        all
    }

    fn hints(&self) -> Vec<Hint> {
        let all = "write these rows to a file with --rejects FILE; import the others with --skip-errors";
        self.hints.iter().map(String::as_str).chain([all]).map(Hint::from).collect()
    }
}
