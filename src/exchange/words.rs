//! The words of a file for stages and exits, each with ours.

use super::BadInput;
use crate::domain::event::LeftAs;
use crate::domain::program::{Aliases, Program};
use crate::domain::text::{listed, nearest};

pub(super) const PARKED: &str = "parked";
/// The target of a `--stage-map` whose rows are passed over.
pub(super) const IGNORE: &str = "ignore";

pub(super) struct Words {
    mapped: Vec<(String, String)>,
    own: Vec<(String, String)>,
}

impl Words {
    /// Our own words, and those that `--stage-map` gives.
    ///
    /// # Errors
    /// Where a mapping leads to no word of ours.
    pub fn new(
        program: &Program,
        aliases: &Aliases,
        mapping: &[(String, String)],
    ) -> Result<Words, BadInput> {
        let stages = program.stages();
        let keys = stages.iter().map(|stage| (stage.key.clone(), stage.key.clone()));
        let names = stages.iter().map(|stage| (stage.name.to_lowercase(), stage.key.clone()));
        let former = aliases.former_stages().map(|(was, now)| (was.to_owned(), now.to_owned()));
        let exits = LeftAs::ALL.map(LeftAs::word).into_iter().chain([PARKED]);
        let exits = exits.map(|word| (word.to_owned(), word.to_owned()));
        let mut words =
            Words { mapped: Vec::new(), own: keys.chain(names).chain(former).chain(exits).collect() };
        for (theirs, ours) in mapping {
            let target = match ours.as_str() {
                IGNORE => IGNORE,
                ours => words
                    .find(ours)
                    .map_err(|why| BadInput::new(format!("--stage-map {theirs}={ours}: {why}")))?,
            };
            let target = target.to_owned();
            words.mapped.push((theirs.trim().to_owned(), target));
        }
        Ok(words)
    }

    /// Our word for a word of the file.
    ///
    /// # Errors
    /// The words that there are, nearest first.
    pub fn find(&self, word: &str) -> Result<&str, String> {
        if let Some((_, ours)) = self.mapped.iter().find(|(theirs, _)| theirs == word) {
            return Ok(ours);
        }
        let lower = word.to_lowercase();
        if let Some((_, ours)) = self.own.iter().find(|(known, _)| *known == lower) {
            return Ok(ours);
        }
        let mut known: Vec<&str> = self.own.iter().map(|(_, ours)| ours.as_str()).collect();
        known.sort_unstable();
        known.dedup();
        let shown: String = word.chars().take(80).collect();
        Err(match nearest(word, known.iter().copied()).first() {
            Some(near) => format!("there is no stage `{shown}`; did you mean `{near}`?"),
            None => format!("there is no stage `{shown}`, only {}", listed(&known)),
        })
    }
}
