//! The words of a file for why partners leave, and the reasons of the program that they mean.

use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::text::{counted, listed, nearest};
use crate::lifecycle::program::Program;

/// The target of a `--reason-map` whose words are not taken over.
const IGNORE: &str = "ignore";
/// How many unknown words are listed.
const SHOWN: usize = 3;

/// The meaning of the words of a file: keys and names of reasons, and what `--reason-map` maps.
pub(super) struct ExitReasonNames {
    mapped: Vec<MappedReason>,
    /// Keys and names in lower case, each with the key.
    own: Vec<(String, String)>,
    /// Words of the file that mean nothing here, in the order of the file.
    unknown: Vec<String>,
    /// How many rows enter a stage and have a reason, which is left out.
    pub unneeded: usize,
}

/// What `--reason-map` says of a word.
struct MappedReason {
    theirs: String,
    lower: String,
    /// Nothing if the word is not taken over.
    ours: Option<String>,
    /// Whether the file has the word.
    met: bool,
}

impl ExitReasonNames {
    /// Takes the reasons of the program, and those that `--reason-map` gives.
    ///
    /// # Errors
    /// A mapping that leads to no reason, or two that say different things of one word.
    pub(super) fn new(program: &Program, mapping: &[(String, String)]) -> Result<ExitReasonNames, Error> {
        let keys = program.reasons.iter().map(|one| (one.key.clone(), one.key.clone()));
        let names = program.reasons.iter().map(|one| (one.name.to_lowercase(), one.key.clone()));
        let mut reasons = ExitReasonNames {
            mapped: Vec::new(),
            own: keys.chain(names).collect(),
            unknown: Vec::new(),
            unneeded: 0,
        };
        for (theirs, word) in mapping {
            reasons.map(theirs, word)?;
        }
        Ok(reasons)
    }

    fn map(&mut self, theirs: &str, word: &str) -> Result<(), Error> {
        let ours = if word == IGNORE { None } else { self.own(word).map(str::to_owned) };
        if ours.is_none() && word != IGNORE {
            let why = format!("--reason-map {theirs}={word}: {}", self.no_reason(word));
            return Err(Error::usage(why).hint(self.all()));
        }
        let lower = theirs.to_lowercase();
        if let Some(other) = self.mapped.iter().find(|one| one.lower == lower && one.ours != ours) {
            let [ours, other] = [&ours, &other.ours].map(|one| one.as_deref().unwrap_or(IGNORE));
            let why = format!("--reason-map maps `{theirs}` to both `{ours}` and `{other}`");
            return Err(Error::usage(why).hint("map each word once; upper and lower case are the same"));
        }
        self.mapped.push(MappedReason { theirs: theirs.to_owned(), lower, ours, met: false });
        Ok(())
    }

    /// Returns the key of the reason that a word of the file means; nothing if it is not to be taken over.
    ///
    /// # Errors
    /// Says that there is no such reason, and which one is near.
    pub(super) fn find(&mut self, word: &str) -> Result<Option<String>, String> {
        let lower = word.to_lowercase();
        if let Some(mapped) = self.mapped.iter_mut().find(|one| one.lower == lower) {
            mapped.met = true;
            return Ok(mapped.ours.clone());
        }
        if let Some(ours) = self.own(word) {
            return Ok(Some(ours.to_owned()));
        }
        if self.unknown.len() < SHOWN && !self.unknown.iter().any(|known| known == word) {
            self.unknown.push(word.to_owned());
        }
        Err(self.no_reason(word))
    }

    /// Returns what would make the words of the file understood; nothing if they were.
    pub(super) fn hints(&self) -> Vec<String> {
        if self.unknown.is_empty() {
            return Vec::new();
        }
        let option =
            |word: &String| format!("--reason-map {}", shell_words::quote(&format!("{word}=REASON")));
        let options = self.unknown.iter().map(option).collect::<Vec<String>>().join(" ");
        vec![format!("map these reasons: {options}"), self.all()]
    }

    /// Returns a sentence on reasons of rows that enter a stage.
    pub(super) fn left_out(&self) -> Option<String> {
        let rows = counted(self.unneeded, "row");
        let have = if self.unneeded == 1 { "enters a stage and has" } else { "enter a stage and have" };
        (self.unneeded > 0).then(|| {
            format!(
                "{rows} {have} a reason, which is left out: reasons are of partners that left or are parked"
            )
        })
    }

    /// Returns a sentence on mappings of words that the file does not have.
    pub(super) fn unmet(&self) -> Option<String> {
        let unmet: Vec<&str> =
            self.mapped.iter().filter(|one| !one.met).map(|one| one.theirs.as_str()).collect();
        (!unmet.is_empty()).then(|| format!("--reason-map: unused: {}", listed(&unmet)))
    }

    fn own(&self, word: &str) -> Option<&str> {
        let lower = word.to_lowercase();
        self.own.iter().find(|(known, _)| *known == lower).map(|(_, key)| key.as_str())
    }

    fn no_reason(&self, word: &str) -> String {
        let shown: String = word.chars().take(80).collect();
        match nearest(word, self.own.iter().map(|(_, key)| key.as_str())).first() {
            Some(near) => format!("unknown reason `{shown}`; did you mean `{near}`?"),
            None => format!("unknown reason `{shown}`"),
        }
    }

    /// Returns the sentence on the reasons that exist.
    fn all(&self) -> String {
        let mut all: Vec<&str> = self.own.iter().map(|(_, key)| key.as_str()).collect();
        all.sort_unstable();
        all.dedup();
        if all.is_empty() {
            return format!(
                "the program has no [[reason]]; map the column to reason, for own words, or words to `{IGNORE}`"
            );
        }
        format!("REASON is one of {}, or `{IGNORE}`", listed(&all))
    }
}
