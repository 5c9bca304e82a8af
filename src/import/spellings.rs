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
    /// The first value of each attribute that took another spelling: its line, the value and the spelling.
    taken: Vec<(&'static str, TakenSpelling)>,
    /// How many words of each attribute were in use before the file, and how many were known; the others are new.
    before: HashMap<&'static str, (usize, usize)>,
}

struct TakenSpelling {
    line: u64,
    typed: String,
    spelling: String,
    count: usize,
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
    pub(super) fn of(&mut self, attribute: &str, value: String, line: u64) -> String {
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
        match self.taken.iter_mut().find(|(key, _)| key == attribute) {
            Some((_, taken)) => taken.count += 1,
            None => {
                let (typed, spelling) = (value, spelling.clone());
                self.taken.push((attribute, TakenSpelling { line, typed, spelling, count: 1 }));
            }
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
            let TakenSpelling { line, typed, spelling, count } = taken;
            let values = counted(*count, "value");
            format!("{attribute}: {values} in the spelling in use, the first in line {line}: `{spelling}` for `{typed}`")
        });
        taken.chain(new)
    }
}
