//! Looking for words in what is recorded of partners: who has them all, and where they stand.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::text::folded;
use crate::lifecycle::event::{Event, PartnerId};
use crate::lifecycle::program::Part;
use crate::lifecycle::texts::{TextKind, texts};
use crate::report::reading::{Channel, Line};
use crate::report::value::{Cell, Table};
use crate::store::View;

/// How many places are named in a line of the list.
const NAMED: usize = 3;
/// How many letters around a word are shown of a long text.
const AROUND: usize = 21;

/// The words that are looked for, whatever their case and accents.
#[derive(Clone, Debug)]
pub(crate) struct WordSearch {
    /// As typed.
    pub typed: Vec<String>,
    /// Transliterated and in lower case.
    words: Vec<String>,
}

/// A text that holds some of the words.
#[derive(Clone, Debug)]
pub(crate) struct FoundText {
    kind: TextKind,
    day: Day,
    event: i64,
    text: String,
    /// One bit for each of the words that it holds.
    holds: u64,
}

/// What was found, by partner.
pub(crate) type FoundTexts = HashMap<PartnerId, Vec<FoundText>>;

impl WordSearch {
    /// Reads the words; a phrase in quotes is one of them.
    ///
    /// # Errors
    /// A word without a letter or digit, and more of them than 64.
    pub(crate) fn parse(typed: &[String]) -> Result<WordSearch, String> {
        let words: Vec<String> = typed.iter().map(|word| folded(word).trim().to_owned()).collect();
        if let Some(at) = words.iter().position(|word| !word.contains(char::is_alphanumeric)) {
            return Err(format!("`{}` is not a word to look for", typed[at]));
        }
        if words.len() > 64 {
            return Err("these are more than 64 words".to_owned());
        }
        Ok(WordSearch { typed: typed.to_vec(), words })
    }

    /// Looks through all that was recorded by the day of the view.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub(crate) fn find(&self, view: &View) -> anyhow::Result<FoundTexts> {
        let reasons = &view.in_force.program.reasons;
        // Of a reason the key is stored, perhaps a former one, and its name is looked for.
        let is_reason = reasons.iter().any(|one| self.held_in(&one.name) != 0);
        let has_reason = |body: &str| is_reason && body.contains("\"why\":\"");
        let mut plain = String::new();
        // What is stored has quotes and the like in another form.
        let is_plain = self.words.iter().all(|word| !word.contains(['"', '\\']));
        let mut may_hold = |body: &str| {
            if !is_plain || has_reason(body) {
                return true;
            }
            plain.clear();
            if body.is_ascii() {
                plain.push_str(body);
                plain.make_ascii_lowercase();
            } else {
                plain.push_str(&folded(body));
            }
            self.words.iter().any(|word| plain.contains(word.as_str()))
        };
        let named = |event: &Event| {
            let why = match event {
                Event::Parked(one) => one.why.as_ref(),
                Event::Left(one) => one.why.as_ref(),
                Event::Corrected(one) => one.exit.why.as_ref(),
                _ => None,
            };
            let key = view.in_force.aliases.part(Part::Reason, why?);
            reasons.iter().find(|one| one.key == key).map(|one| one.name.clone())
        };
        let mut found = FoundTexts::new();
        view.each_event_that(&mut may_hold, |partner, one| {
            let name = named(&one.event).map(|name| (TextKind::Reason, Cow::Owned(name)));
            for (kind, text) in texts(&one.event).into_iter().chain(name) {
                let holds = self.held_in(&text);
                if holds != 0 {
                    let (day, event, text) = (one.day, one.number, text.into_owned());
                    found.entry(partner).or_default().push(FoundText { kind, day, event, text, holds });
                }
            }
        })?;
        found.retain(|_, texts| texts.iter().fold(0, |all, one| all | one.holds) == self.all());
        Ok(found)
    }

    fn held_in(&self, text: &str) -> u64 {
        let text = folded(text);
        let held = self.words.iter().enumerate().filter(|(_, word)| text.contains(word.as_str()));
        held.fold(0, |all, (at, _)| all | 1 << at)
    }

    /// One bit for each word.
    fn all(&self) -> u64 {
        u64::MAX >> (64 - self.words.len())
    }

    /// Returns where the words stand of one partner, the best places first: names, then the newest texts that hold most of the
    /// words.
    fn places<'f>(found: &'f FoundTexts, line: &Line) -> Vec<(TextKind, &'f FoundText)> {
        let name = line.attribute("name");
        let mut places: Vec<(TextKind, &FoundText)> = Vec::new();
        for one in found.get(&line.id).into_iter().flatten() {
            let kind = match one.kind {
                TextKind::Name if name != Some(one.text.as_str()) => TextKind::FormerName,
                kind => kind,
            };
            if places.iter().any(|(known, other)| *known == kind && other.text == one.text) {
                continue;
            }
            places.push((kind, one));
        }
        let has_name = places.iter().any(|(kind, _)| *kind == TextKind::Name);
        places.retain(|(kind, _)| !(has_name && *kind == TextKind::Key));
        let of_name = |kind: TextKind| kind > TextKind::FormerName;
        places.sort_by_key(|(kind, one)| {
            (
                std::cmp::Reverse(one.holds.count_ones()),
                of_name(*kind),
                std::cmp::Reverse((one.day, one.event)),
            )
        });
        places
    }

    /// Says where the words stand, for machines: `note of 2026-10-03: "Met Rosa ..."`.
    pub(crate) fn in_words(&self, found: &FoundTexts, line: &Line) -> Cell {
        let places = WordSearch::places(found, line);
        let more = places.len().saturating_sub(NAMED);
        let shown = places.iter().take(NAMED).map(|(kind, one)| {
            let part = self.part_of(&one.text);
            match kind {
                TextKind::Name | TextKind::Key => format!("{} \"{part}\"", kind_in_words(*kind)),
                _ => format!("{} of {}: \"{part}\"", kind_in_words(*kind), one.day),
            }
        });
        let more = (more > 0).then(|| format!("{more} more"));
        Cell::list(shown.chain(more))
    }

    /// Returns the part of a text around the first of the words, with dots for what is left out.
    fn part_of(&self, text: &str) -> String {
        let text = text.split_whitespace().collect::<Vec<&str>>().join(" ");
        let letters: Vec<char> = text.chars().collect();
        if letters.len() <= 2 * AROUND {
            return text;
        }
        // A letter can become several, so the place is looked for letter by letter.
        let mut plain = String::new();
        let mut starts = Vec::with_capacity(letters.len());
        for letter in &letters {
            starts.push(plain.len());
            plain.push_str(&folded(letter.encode_utf8(&mut [0; 4])));
        }
        let first = self.words.iter().filter_map(|word| plain.find(word.as_str())).min().unwrap_or(0);
        let at = starts.partition_point(|start| *start <= first).saturating_sub(1);
        let from = at.saturating_sub(AROUND);
        let until = (at + 2 * AROUND).min(letters.len());
        let part: String = letters[from..until].iter().collect();
        let (before, behind) =
            (if from > 0 { "..." } else { "" }, if until < letters.len() { "..." } else { "" });
        format!("{before}{}{behind}", part.trim())
    }

    /// Returns the best places of each partner, for people.
    pub(crate) fn table_for_people(&self, channel: &Channel, found: &FoundTexts, lines: &[&Line]) -> Table {
        let mut rows: Vec<(&Line, &'static str, Option<Day>, String)> = Vec::new();
        for line in lines {
            let places = WordSearch::places(found, line);
            let more = places.len().saturating_sub(NAMED);
            for (kind, one) in places.into_iter().take(NAMED) {
                let day = (!matches!(kind, TextKind::Name | TextKind::Key)).then_some(one.day);
                rows.push((line, kind_in_words(kind), day, self.part_of(&one.text)));
            }
            if more > 0 {
                rows.push((line, "", None, format!("and {more} more")));
            }
        }
        let table = Table::of("found_in", "", &rows)
            .people("Key", |(line, ..)| line.key())
            .identity()
            .people("Name", |(line, ..)| line.attribute("name"))
            .detail()
            .people("Stage", |(line, ..)| channel.row_of(line))
            .people("Found in", |(_, kind, ..)| *kind)
            .headline()
            .people("On", |(_, _, day, _)| *day)
            .people("Text", |(.., text)| text.as_str())
            .headline()
            .done();
        table.for_people()
    }

    /// Returns each text that was found, for machines.
    pub(crate) fn table(found: &FoundTexts, lines: &[&Line]) -> Table {
        let rows: Vec<(&Line, TextKind, &FoundText)> = lines
            .iter()
            .flat_map(|line| {
                WordSearch::places(found, line).into_iter().map(|(kind, one)| (*line, kind, one))
            })
            .collect();
        Table::of("found", "", &rows)
            .machines("partner", |(line, ..)| line.key())
            .machines("kind", |(_, kind, _)| kind_word(*kind))
            .machines("on", |(.., one)| one.day)
            .machines("event", |(.., one)| one.event)
            .machines("text", |(.., one)| one.text.as_str())
            .done()
            .for_machines()
    }
}

/// Returns the word for machines.
fn kind_word(kind: TextKind) -> &'static str {
    match kind {
        TextKind::Name => "name",
        TextKind::FormerName => "former_name",
        TextKind::Key => "key",
        TextKind::Reference => "reference",
        TextKind::Contact => "contact",
        TextKind::Note => "note",
        TextKind::Reason => "reason",
        TextKind::Evidence => "evidence",
        TextKind::Question => "question",
        TextKind::Answer => "answer",
        TextKind::Review => "review",
        TextKind::Action | TextKind::Outcome => "action",
        TextKind::FollowUp => "follow_up",
        TextKind::Activity => "activity",
    }
}

fn kind_in_words(kind: TextKind) -> &'static str {
    match kind {
        TextKind::FormerName => "former name",
        TextKind::Review => "business review",
        TextKind::Action => "plan action",
        TextKind::FollowUp => "follow-up",
        TextKind::Outcome => "outcome",
        TextKind::Activity => "fund request",
        kind => kind_word(kind),
    }
}
