//! The stage names of a file, and the stages and exits that they mean here.

use std::rc::Rc;

use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::text::{listed, nearest};
use crate::lifecycle::program::{Aliases, Program};
use crate::lifecycle::stage::{LeftAs, PARKED, Target};

/// The target of a `--stage-map` whose rows are passed over.
const IGNORE: &str = "ignore";
/// How many unknown names are listed.
const SHOWN: usize = 3;

/// The meaning of the names of a file: our own names, and those that `--stage-map` maps.
pub(super) struct StageNames {
    mapped: Vec<MappedName>,
    /// Our own words in lower case.
    own: Vec<(String, Rc<Target>)>,
    /// Words of the file that mean nothing here, in the order of the file.
    unknown: Vec<String>,
}

/// What `--stage-map` says of a word.
struct MappedName {
    theirs: String,
    lower: String,
    /// Nothing if its rows are passed over.
    ours: Option<Rc<Target>>,
    /// Whether the file has the word.
    met: bool,
}

impl StageNames {
    /// Takes our own words, and those that `--stage-map` gives.
    ///
    /// # Errors
    /// A mapping that leads to no word of ours, or two that say different things of one word.
    pub(super) fn new(
        program: &Program,
        aliases: &Aliases,
        mapping: &[(String, String)],
    ) -> Result<StageNames, Error> {
        let mut names =
            StageNames { mapped: Vec::new(), own: own_words(program, aliases), unknown: Vec::new() };
        for (theirs, word) in mapping {
            names.map(theirs, word)?;
        }
        Ok(names)
    }

    fn map(&mut self, theirs: &str, word: &str) -> Result<(), Error> {
        let ours = if word == IGNORE { None } else { self.own(word).cloned() };
        if ours.is_none() && word != IGNORE {
            let why = format!("--stage-map {theirs}={word}: {}", self.no_stage(word));
            return Err(Error::usage(why).hint(self.all()));
        }
        let lower = theirs.to_lowercase();
        let mut others = self.mapped.iter().filter(|one| one.lower == lower);
        if let Some(other) = others.find(|one| one.ours != ours) {
            let [ours, other] = [&ours, &other.ours].map(|one| one.as_deref().map_or(IGNORE, Target::word));
            let why = format!("--stage-map maps `{theirs}` to both `{ours}` and `{other}`");
            return Err(Error::usage(why).hint("map each name once; upper and lower case are the same"));
        }
        self.mapped.push(MappedName { theirs: theirs.to_owned(), lower, ours, met: false });
        Ok(())
    }

    /// Returns what a name of the file means; nothing if its rows are to be passed over.
    ///
    /// # Errors
    /// Says that there is no such stage, and which one is near.
    pub(super) fn find(&mut self, word: &str) -> Result<Option<Rc<Target>>, String> {
        let lower = word.to_lowercase();
        if let Some(mapped) = self.mapped.iter_mut().find(|one| one.lower == lower) {
            mapped.met = true;
            return Ok(mapped.ours.clone());
        }
        if let Some(ours) = self.own(word) {
            return Ok(Some(Rc::clone(ours)));
        }
        if self.unknown.len() < SHOWN && !self.unknown.iter().any(|known| known == word) {
            self.unknown.push(word.to_owned());
        }
        Err(self.no_stage(word))
    }

    /// Returns what would make the words of the file understood; nothing if they were.
    pub(super) fn hints(&self) -> Vec<String> {
        if self.unknown.is_empty() {
            return Vec::new();
        }
        let option = |word: &String| format!("--stage-map {}", shell_words::quote(&format!("{word}=STAGE")));
        let options = self.unknown.iter().map(option).collect::<Vec<String>>().join(" ");
        vec![format!("map these stages: {options}"), self.all()]
    }

    /// Returns a sentence on mappings of words that the file does not have.
    pub(super) fn unmet(&self) -> Option<String> {
        let unmet: Vec<&str> =
            self.mapped.iter().filter(|one| !one.met).map(|one| one.theirs.as_str()).collect();
        (!unmet.is_empty()).then(|| format!("--stage-map: unused: {}", listed(&unmet)))
    }

    fn own(&self, word: &str) -> Option<&Rc<Target>> {
        let lower = word.to_lowercase();
        self.own.iter().find(|(known, _)| *known == lower).map(|(_, ours)| ours)
    }

    fn no_stage(&self, word: &str) -> String {
        let shown: String = word.chars().take(80).collect();
        match nearest(word, self.own.iter().map(|(_, ours)| ours.word())).first() {
            Some(near) => format!("unknown stage `{shown}`; did you mean `{near}`?"),
            None => format!("unknown stage `{shown}`"),
        }
    }

    /// Returns the sentence on the names that exist.
    fn all(&self) -> String {
        let mut all: Vec<&str> = Vec::new();
        for (_, ours) in &self.own {
            if !all.contains(&ours.word()) {
                all.push(ours.word());
            }
        }
        format!("STAGE is one of {}, or `{IGNORE}` to skip the rows", listed(&all))
    }
}

/// Keys and names of stages, keys that they had before, and the words for leaving and being parked.
fn own_words(program: &Program, aliases: &Aliases) -> Vec<(String, Rc<Target>)> {
    let stage = |key: &str| Rc::new(Target::Stage(key.to_owned()));
    let stages = program.stages();
    let keys = stages.iter().map(|one| (one.key.clone(), stage(&one.key)));
    let names = stages.iter().map(|one| (one.name.to_lowercase(), stage(&one.key)));
    let former = aliases.former_stages().map(|(was, now)| (was.to_owned(), stage(now)));
    let exits = LeftAs::ALL.map(|label| (label.word().to_owned(), Rc::new(Target::Left(label))));
    let parked = (PARKED.to_owned(), Rc::new(Target::Parked));
    keys.chain(names).chain(former).chain(exits).chain([parked]).collect()
}
