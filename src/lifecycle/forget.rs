//! Forgetting who a partner is: its events without names, people, free texts and numbers of its papers.
//!
//! Days, stages, milestones, amounts and all that segments are made of stay, so that every figure stays what it was.
//! Where figures ask whether two texts are the same, each gets a name of its own in place of it, such as `customer 2`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::lifecycle::event::{Edited, Event, Joined, PartnerId};
use crate::lifecycle::program::{BUILT_IN_ATTRIBUTES, FieldKind, Program};
use crate::lifecycle::questionnaire::Kind;
use crate::lifecycle::revenue::Sold;

/// Stands where a text has to be.
pub const FORGOTTEN: &str = "(forgotten)";

/// Rewrites the events of one partner.
pub struct Forgetting<'p> {
    key: String,
    name: String,
    program: &'p Program,
    /// The versions of the program whose questionnaires were answered, by the number of their event.
    versions: &'p BTreeMap<i64, Program>,
    /// What stands in place of a text, by what kind of thing it names and the text.
    pseudonyms: BTreeMap<(&'static str, String), String>,
    names: BTreeSet<String>,
}

impl<'p> Forgetting<'p> {
    pub fn new(id: PartnerId, program: &'p Program, versions: &'p BTreeMap<i64, Program>) -> Forgetting<'p> {
        Forgetting {
            key: forgotten_key(id),
            name: forgotten_name(id),
            program,
            versions,
            pseudonyms: BTreeMap::new(),
            names: BTreeSet::new(),
        }
    }

    /// The names that were met, of the partner and of its people, but none that forgetting gave.
    ///
    /// Its customers are not among them: others may sell to them too.
    pub fn into_names(self) -> BTreeSet<String> {
        let given: BTreeSet<&String> = self.pseudonyms.values().chain([&self.key, &self.name]).collect();
        self.names.iter().filter(|name| !given.contains(name)).cloned().collect()
    }

    /// The event as it may be kept.
    pub fn forget(&mut self, event: &Event) -> Event {
        let mut event = event.clone();
        let told = || FORGOTTEN.to_owned();
        match &mut event {
            Event::Joined(joined) => self.forget_joined(joined),
            Event::Edited(edited) => self.forget_edited(edited),
            Event::Entered(entered) => erase(&mut entered.reason),
            Event::Parked(parked) => erase(&mut parked.reason),
            Event::Left(left) => erase(&mut left.reason),
            Event::Done(done) => {
                erase(&mut done.evidence);
                erase(&mut done.by);
            }
            Event::Skipped(skipped) => skipped.reason = told(),
            Event::Reopened(reopened) => erase(&mut reopened.reason),
            Event::Noted(noted) => noted.text = told(),
            Event::Assessed(assessed) => {
                assessed.evidence.clear();
                let version = self.versions.get(&assessed.version);
                let asked = version.and_then(|version| version.questionnaire(&assessed.questionnaire));
                for (key, answer) in &mut assessed.answers {
                    let question = asked.and_then(|one| one.question(key));
                    if question.is_none_or(|question| matches!(question.kind, Kind::Text)) {
                        *answer = self.instead("answer", answer);
                    }
                }
            }
            Event::Overridden(overridden) => overridden.reason = told(),
            Event::Sold(sold) => self.forget_sold(sold),
            Event::Agreed(agreed) => erase(&mut agreed.by),
            Event::Reviewed(reviewed) => erase(&mut reviewed.text),
            Event::Tasked(tasked) => {
                tasked.what = told();
                erase(&mut tasked.owner);
            }
            Event::Finished(finished) => erase(&mut finished.outcome),
            Event::Watched(watched) => watched.reason = told(),
            Event::Improving(improving) => erase(&mut improving.reason),
            Event::Decided(decided) => decided.reason = told(),
            Event::TermsAgreed(terms) => {
                erase(&mut terms.by);
                for (key, value) in &mut terms.values {
                    let kind = self.program.term(key).map(|term| &term.field.kind);
                    if let (Some(text), None | Some(FieldKind::Text)) = (value, kind) {
                        *text = told();
                    }
                }
            }
            Event::Certified(certified) => {
                certified.person = self.person(&certified.person);
                erase(&mut certified.evidence);
            }
            Event::Requested(requested) => {
                erase(&mut requested.what);
                let reference = requested.reference.take();
                requested.reference = reference.map(|text| self.instead("request", &text));
            }
            Event::Refused(refused) => refused.reason = told(),
            Event::Claimed(claimed) => claimed.proof = self.instead("proof", &claimed.proof),
            Event::Paid(paid) => erase(&mut paid.reference),
            Event::Closed(closed) => erase(&mut closed.reason),
            Event::Told(one) => one.to = one.to.iter().map(|person| self.person(person)).collect(),
            Event::Answered(answered) => {
                erase(&mut answered.by);
                erase(&mut answered.text);
            }
            Event::Asked(asked) => {
                self.names.extend(asked.by.clone());
                erase(&mut asked.by);
                asked.text = told();
            }
            Event::Replied(replied) => replied.text = told(),
            Event::Corrected(corrected) => erase(&mut corrected.reason),
            Event::Removed(removed) => removed.reason = told(),
            // Nothing of these names anybody.
            Event::Planned(_)
            | Event::Sent(_)
            | Event::Tiered(_)
            | Event::Delivered(_)
            | Event::Accrued(_)
            | Event::Granted(_)
            | Event::Approved(_)
            | Event::Announced(_)
            | Event::Merged(_)
            | Event::Forgotten(_)
            | Event::Lost(_)
            | Event::Applied(_) => {}
        }
        event
    }

    fn forget_joined(&mut self, joined: &mut Joined) {
        self.names.insert(std::mem::replace(&mut joined.key, self.key.clone()));
        self.names.extend(joined.attributes.insert("name".to_owned(), self.name.clone()));
        joined.attributes.retain(|key, _| key == "name" || self.stays(key));
        self.names.append(&mut joined.references.drain(..).collect());
        for contact in joined.contacts.drain(..) {
            self.names.extend([Some(contact.name), contact.email].into_iter().flatten());
        }
    }

    fn forget_edited(&mut self, edited: &mut Edited) {
        if let Some(Some(name)) = edited.attributes.get_mut("name") {
            self.names.insert(std::mem::replace(name, self.name.clone()));
        }
        edited.attributes.retain(|key, _| key == "name" || self.stays(key));
        self.names.append(&mut edited.references.drain(..).collect());
        for contact in edited.contacts.drain(..) {
            self.names.extend([Some(contact.name), contact.email].into_iter().flatten());
        }
        // Who is gone is certified no longer.
        let gone = std::mem::take(&mut edited.contacts_gone);
        edited.contacts_gone = gone.iter().map(|person| self.person(person)).collect();
    }

    fn forget_sold(&mut self, sold: &mut Sold) {
        sold.reference = sold.reference.take().map(|text| self.instead("sale", &text));
        if let Some(detail) = sold.detail.take() {
            let mut detail = (*detail).clone();
            erase(&mut detail.ship_to);
            detail.customer = detail.customer.map(|text| self.instead("customer", &text));
            detail.deal = detail.deal.map(|text| self.instead("deal", &text));
            sold.detail = Some(Arc::new(detail));
        }
    }

    /// Whether an attribute is one that segments are made of, rather than a text about the partner.
    fn stays(&self, key: &str) -> bool {
        let kind = self.program.field(key).map(|field| &field.kind);
        BUILT_IN_ATTRIBUTES.contains(&key) && key != "name" || !matches!(kind, None | Some(FieldKind::Text))
    }

    fn person(&mut self, person: &str) -> String {
        self.names.insert(person.to_owned());
        self.instead("person", person)
    }

    /// The same pseudonym for the same text; one that was given before stays.
    fn instead(&mut self, what: &'static str, text: &str) -> String {
        let next = 1 + self.pseudonyms.keys().filter(|(of, _)| *of == what).count();
        let place = self.pseudonyms.entry((what, text.to_owned()));
        place.or_insert_with(|| format!("{what} {next}")).clone()
    }
}

/// Leaves of a text that it was there, which may count.
fn erase(text: &mut Option<String>) {
    if let Some(text) = text {
        FORGOTTEN.clone_into(text);
    }
}

/// The key of a partner that was forgotten.
pub fn forgotten_key(id: PartnerId) -> String {
    format!("forgotten-{id}")
}

/// The name of a partner that was forgotten.
pub fn forgotten_name(id: PartnerId) -> String {
    format!("Forgotten {id}")
}

/// Names to look for in texts, whatever their case, where no letter or digit is before or behind them.
pub struct Names {
    /// In lower case, the longest first.
    wanted: Vec<Vec<char>>,
}

impl Names {
    pub fn new<'n>(names: impl IntoIterator<Item = &'n String>) -> Names {
        let mut wanted: Vec<Vec<char>> = names
            .into_iter()
            .filter(|name| !name.is_empty())
            .map(|name| name.chars().map(lower).collect())
            .collect();
        wanted.sort_by_key(|name| std::cmp::Reverse(name.len()));
        Names { wanted }
    }

    /// The text with every one of the names replaced; nothing where none is in it.
    pub fn replaced_in(&self, text: &str, instead: &str) -> Option<String> {
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
