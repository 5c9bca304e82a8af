//! The words of a file for stages and exits, each with ours.

use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::text::{listed, nearest};
use crate::lifecycle::program::{Aliases, Program};
use crate::lifecycle::stage::LeftAs;

pub(super) const PARKED: &str = "parked";
/// The target of a `--stage-map` whose rows are passed over.
pub(super) const IGNORE: &str = "ignore";
/// How many unknown words are told.
const SHOWN: usize = 3;

pub(super) struct StageNames {
    mapped: Vec<Mapped>,
    own: Vec<(String, String)>,
    /// StageNames of the file that mean nothing here, in the order of the file.
    unknown: Vec<String>,
}

/// What `--stage-map` says of a word.
struct Mapped {
    theirs: String,
    lower: String,
    ours: String,
    /// Whether the file has the word.
    met: bool,
}

impl StageNames {
    /// Our own words, and those that `--stage-map` gives.
    ///
    /// # Errors
    /// Where a mapping leads to no word of ours, or two say different things of one word.
    pub fn new(
        program: &Program,
        aliases: &Aliases,
        mapping: &[(String, String)],
    ) -> Result<StageNames, Error> {
        let stages = program.stages();
        let keys = stages.iter().map(|stage| (stage.key.clone(), stage.key.clone()));
        let names = stages.iter().map(|stage| (stage.name.to_lowercase(), stage.key.clone()));
        let former = aliases.former_stages().map(|(was, now)| (was.to_owned(), now.to_owned()));
        let exits = LeftAs::ALL.map(LeftAs::word).into_iter().chain([PARKED]);
        let exits = exits.map(|word| (word.to_owned(), word.to_owned()));
        let own = keys.chain(names).chain(former).chain(exits).collect();
        let mut words = StageNames { mapped: Vec::new(), own, unknown: Vec::new() };
        for (theirs, word) in mapping {
            let target = if word == IGNORE { Some(IGNORE) } else { words.own(word) };
            let Some(ours) = target.map(str::to_owned) else {
                let why = format!("--stage-map {theirs}={word}: {}", words.no_stage(word));
                return Err(Error::input(why).hint(words.all()));
            };
            let lower = theirs.to_lowercase();
            let mut others = words.mapped.iter().filter(|one| one.lower == lower);
            if let Some(other) = others.find(|one| one.ours != ours) {
                let why = format!("--stage-map says that `{theirs}` is `{ours}` and `{}`", other.ours);
                return Err(Error::input(why).hint("map each word once; upper and lower case count as one"));
            }
            words.mapped.push(Mapped { theirs: theirs.clone(), lower, ours, met: false });
        }
        Ok(words)
    }

    /// Our word for a word of the file.
    ///
    /// # Errors
    /// Says that there is none, and which one is near.
    pub fn find(&mut self, word: &str) -> Result<String, String> {
        let lower = word.to_lowercase();
        if let Some(mapped) = self.mapped.iter_mut().find(|one| one.lower == lower) {
            mapped.met = true;
            return Ok(mapped.ours.clone());
        }
        if let Some(ours) = self.own(word) {
            return Ok(ours.to_owned());
        }
        if self.unknown.len() < SHOWN && !self.unknown.iter().any(|known| known == word) {
            self.unknown.push(word.to_owned());
        }
        Err(self.no_stage(word))
    }

    /// What would make the words of the file understood; nothing where they were.
    pub fn hints(&self) -> Vec<String> {
        if self.unknown.is_empty() {
            return Vec::new();
        }
        let option = |word: &String| format!("--stage-map {}", shell_words::quote(&format!("{word}=STAGE")));
        let options = self.unknown.iter().map(option).collect::<Vec<String>>().join(" ");
        vec![format!("say which stages these are: {options}"), self.all()]
    }

    /// A sentence on mappings of words that the file does not have.
    pub fn unmet(&self) -> Option<String> {
        let unmet: Vec<&str> =
            self.mapped.iter().filter(|one| !one.met).map(|one| one.theirs.as_str()).collect();
        (!unmet.is_empty()).then(|| format!("--stage-map: no row has the stage {}", listed(&unmet)))
    }

    fn own(&self, word: &str) -> Option<&str> {
        let lower = word.to_lowercase();
        self.own.iter().find(|(known, _)| *known == lower).map(|(_, ours)| ours.as_str())
    }

    fn no_stage(&self, word: &str) -> String {
        let shown: String = word.chars().take(80).collect();
        match nearest(word, self.own.iter().map(|(_, ours)| ours.as_str())).first() {
            Some(near) => format!("there is no stage `{shown}`; did you mean `{near}`?"),
            None => format!("there is no stage `{shown}`"),
        }
    }

    /// A sentence on the words that there are.
    fn all(&self) -> String {
        let mut all: Vec<&str> = Vec::new();
        for (_, ours) in &self.own {
            if !all.contains(&ours.as_str()) {
                all.push(ours);
            }
        }
        format!("STAGE is one of {}, or `{IGNORE}` to pass rows over", listed(&all))
    }
}
