//! Forgetting who a partner is: its events without names, people, free texts and numbers of its papers.
//!
//! Days, stages, milestones, amounts and all that segments are made of stay, so that every figure stays what it was.
//! If figures ask whether two texts are the same, each text gets a name of its own in place of it, such as `customer 2`.

use std::collections::{BTreeMap, BTreeSet};

use crate::lifecycle::base::stored::PartnerId;
use crate::lifecycle::base::text::folded;
use crate::lifecycle::criteria::answer::AnswerKind;
use crate::lifecycle::event::Event;
use crate::lifecycle::partner::events::Contact;
use crate::lifecycle::program::definition::Program;
use crate::lifecycle::program::fields::{BUILT_IN_ATTRIBUTES, FieldKind, PARENT};
use crate::lifecycle::program::several::further_of;

/// Stands for a text that was erased and cannot be missing.
pub(crate) const FORGOTTEN: &str = "(forgotten)";

/// Rewrites the events of one partner.
pub struct Forgetting<'p> {
    pub(crate) partner: PartnerId,
    program: &'p Program,
    /// The versions of the program whose questionnaires were answered, by the number of their event.
    versions: &'p BTreeMap<i64, Program>,
    /// What stands in place of a text, by what kind of thing it names and the text.
    pseudonyms: BTreeMap<(&'static str, String), String>,
    /// The names that were met.
    pub(crate) names: BTreeSet<String>,
}

impl<'p> Forgetting<'p> {
    /// Begins to forget a partner; `versions` has the programs whose questionnaires were answered, by event.
    pub fn new(id: PartnerId, program: &'p Program, versions: &'p BTreeMap<i64, Program>) -> Forgetting<'p> {
        Forgetting { partner: id, program, versions, pseudonyms: BTreeMap::new(), names: BTreeSet::new() }
    }

    /// Returns the names that were met, of the partner and of its people, but none that forgetting gave.
    ///
    /// Its customers are not among them: others may sell to them too.
    pub fn into_names(self) -> BTreeSet<String> {
        let (key, name) = (forgotten_key(self.partner), forgotten_name(self.partner));
        let given: BTreeSet<&String> = self.pseudonyms.values().chain([&key, &name]).collect();
        self.names.iter().filter(|name| !given.contains(name)).cloned().collect()
    }

    /// Returns the event as it may be kept.
    pub fn forget(&mut self, event: &Event) -> Event {
        event.forgotten(self)
    }

    /// Takes contacts out, and keeps in mind who they were.
    pub(crate) fn forget_contacts(&mut self, contacts: &mut Vec<Contact>) {
        for contact in contacts.drain(..) {
            self.names.extend([Some(contact.name), contact.email, contact.phone].into_iter().flatten());
        }
    }

    /// Returns whether an answer is or may be a text, by the program whose questionnaire was answered.
    pub(crate) fn is_free_text(&self, version: i64, questionnaire: &str, question: &str) -> bool {
        let asked = self.versions.get(&version).and_then(|version| version.questionnaire(questionnaire));
        let question = asked.and_then(|one| one.question(question));
        question.is_none_or(|question| matches!(question.kind, AnswerKind::Text))
    }

    /// Returns whether the value of a term is or may be a text.
    pub(crate) fn is_free_term(&self, term: &str) -> bool {
        let kind = self.program.term(term).map(|term| &term.field.kind);
        matches!(kind, None | Some(FieldKind::Text))
    }

    /// Returns whether an attribute is one that segments are made of, rather than a text about the partner.
    pub(crate) fn stays(&self, key: &str) -> bool {
        let key = further_of(key).unwrap_or(key);
        let kind = self.program.field(key).map(|field| &field.kind);
        // Of a parent only the number is kept, which tells nothing.
        if key == PARENT && kind.is_none() {
            return true;
        }
        BUILT_IN_ATTRIBUTES.contains(&key) && key != "name" || !matches!(kind, None | Some(FieldKind::Text))
    }

    /// Returns the pseudonym of a person, and keeps the name in mind.
    pub(crate) fn person(&mut self, person: &str) -> String {
        self.names.insert(person.to_owned());
        self.instead("person", person)
    }

    /// Leaves the name of one of ours, who is to do something, unless it is that of somebody of the partner.
    pub(crate) fn colleague(&self, name: &mut Option<String>) {
        if let Some(own) = name.as_deref().map(folded)
            && self.names.iter().any(|known| folded(known) == own)
        {
            erase(name);
        }
    }

    /// Returns the same pseudonym for the same text; one that was given before stays.
    pub(crate) fn instead(&mut self, what: &'static str, text: &str) -> String {
        let next = 1 + self.pseudonyms.keys().filter(|(of, _)| *of == what).count();
        let place = self.pseudonyms.entry((what, text.to_owned()));
        place.or_insert_with(|| format!("{what} {next}")).clone()
    }
}

/// Leaves of a text only that it was there, which may count.
pub(crate) fn erase(text: &mut Option<String>) {
    if let Some(text) = text {
        FORGOTTEN.clone_into(text);
    }
}

/// Returns the key of a partner that was forgotten.
pub(crate) fn forgotten_key(id: PartnerId) -> String {
    format!("forgotten-{id}")
}

/// Returns the name of a partner that was forgotten.
pub(crate) fn forgotten_name(id: PartnerId) -> String {
    format!("Forgotten {id}")
}

/// Names to look for in texts, whatever their case, where no letter or digit is before or behind them.
pub(crate) struct Names {
    /// In lower case, the longest first.
    wanted: Vec<Vec<char>>,
}

impl Names {
    /// Collects names, whatever their case.
    pub(crate) fn new<'n>(names: impl IntoIterator<Item = &'n String>) -> Names {
        let mut wanted: Vec<Vec<char>> = names
            .into_iter()
            .filter(|name| !name.is_empty())
            .map(|name| name.chars().map(lower).collect())
            .collect();
        wanted.sort_by_key(|name| std::cmp::Reverse(name.len()));
        Names { wanted }
    }

    /// Returns the text with every one of the names replaced; none if it holds none of them.
    pub(crate) fn replaced_in(&self, text: &str, instead: &str) -> Option<String> {
        let chars: Vec<char> = text.chars().collect();
        let (mut found, mut at, mut kept) = (false, 0, String::new());
        while let Some(c) = chars.get(at) {
            match self.length_at(&chars, at) {
                Some(length) => {
                    kept.push_str(instead);
                    (found, at) = (true, at + length);
                }
                None => {
                    kept.push(*c);
                    at += 1;
                }
            }
        }
        found.then_some(kept)
    }

    /// How long the name is that stands at this place.
    fn length_at(&self, chars: &[char], at: usize) -> Option<usize> {
        let is_word =
            |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(|c| c.is_alphanumeric());
        let here = |name: &&Vec<char>| {
            let end = at + name.len();
            chars.get(at..end).is_some_and(|part| part.iter().copied().map(lower).eq(name.iter().copied()))
                && !is_word(at.checked_sub(1))
                && !is_word(Some(end))
        };
        self.wanted.iter().find(here).map(Vec::len)
    }
}

fn lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_as_words_whatever_their_case_and_the_longest_first() {
        let names = Names::new(&["Acme".to_owned(), "Acme GmbH".to_owned(), "Zoë".to_owned(), String::new()]);
        let without = |text: &str| names.replaced_in(text, "X");
        assert_eq!(without("Advanced ACME gmbh, and acme."), Some("Advanced X, and X.".to_owned()));
        assert_eq!(without("zoË's call"), Some("X's call".to_owned()));
        assert_eq!(without("Acmes of Pharmacme"), None);
        assert_eq!(without(""), None);
    }
}
