//! One spelling for each type, tier and region of a file, if no list of the program checks them: the one in use, else the
//! first in the file.

use std::collections::HashMap;

use crate::lifecycle::base::text::counted;
use crate::lifecycle::program::{Program, SHARED, spelling_in_use};
use crate::store::Reader;
use crate::text::partner::new_words;

/// The spellings that are known, and which values of the file take them.
#[derive(Default)]
pub(super) struct Spellings {
    /// By attribute; those that the program checks are left out.
    known: HashMap<&'static str, Vec<String>>,
    /// The values of each attribute that took another spelling.
    taken: Vec<(&'static str, TakenSpelling)>,
    /// How many words of each attribute were in use before the file, and how many were known; the others are new.
    before: HashMap<&'static str, (usize, usize)>,
}

/// How many spellings of an attribute are named.
const NAMED: usize = 3;

/// The values of an attribute that took another spelling.
#[derive(Default)]
struct TakenSpelling {
    rows: usize,
    /// Each value of the file with the spelling in use, once.
    spellings: Vec<(String, String)>,
}

impl Spellings {
    /// Reads the spellings in use.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub(super) fn in_use(reader: &Reader, program: &Program) -> anyhow::Result<Spellings> {
        let (mut known, mut before) = (HashMap::new(), HashMap::new());
        for attribute in SHARED.into_iter().filter(|attribute| program.is_unlisted_word(attribute)) {
            let used = reader.values_in_use(attribute, &[])?;
            let (words, in_use) = program.words_known(attribute, &used);
            before.insert(attribute, (in_use, words.len()));
            known.insert(attribute, words.into_iter().map(str::to_owned).collect());
        }
        Ok(Spellings { known, taken: Vec::new(), before })
    }

    /// Returns a value of a line in the spelling that is in use.
    pub(super) fn of(&mut self, attribute: &str, value: String) -> String {
        let Some((attribute, known)) = self.known.iter_mut().find(|(key, _)| **key == attribute) else {
            return value;
        };
        let Some(spelling) = spelling_in_use(&value, known.iter().map(String::as_str)).map(str::to_owned)
        else {
            if !known.contains(&value) {
                known.push(value.clone());
            }
            return value;
        };
        let at = self.taken.iter().position(|(key, _)| key == attribute).unwrap_or_else(|| {
            self.taken.push((attribute, TakenSpelling::default()));
            self.taken.len() - 1
        });
        let taken = &mut self.taken[at].1;
        taken.rows += 1;
        if !taken.spellings.iter().any(|(typed, _)| *typed == value) {
            taken.spellings.push((value, spelling.clone()));
        }
        spelling
    }

    /// Says which values took another spelling, and which are new beside others: a sentence for each attribute.
    pub(super) fn notes(&self) -> impl Iterator<Item = String> {
        let new = SHARED.into_iter().filter_map(|attribute| {
            let words: Vec<&str> = self.known.get(attribute)?.iter().map(String::as_str).collect();
            let (in_use, before) = *self.before.get(attribute)?;
            let (used, new) = (words.get(..in_use)?, words.get(before..)?);
            (!used.is_empty() && !new.is_empty()).then(|| new_words(attribute, new, used))
        });
        let taken = self.taken.iter().map(|(attribute, taken)| {
            let named = taken.spellings.iter().take(NAMED);
            let mut named: Vec<String> =
                named.map(|(typed, spelling)| format!("`{typed}` as `{spelling}`")).collect();
            let more = taken.spellings.len() - named.len();
            named.extend((more > 0).then(|| format!("{more} more")));
            let rows = counted(taken.rows, "row");
            format!("{attribute}: recorded in the spelling in use, {} ({rows})", named.join(", "))
        });
        taken.chain(new)
    }
}
