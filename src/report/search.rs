//! Looking for words in what is recorded of partners: who has them all, and where they stand.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::text::folded;
use crate::lifecycle::event::{Event, PartnerId, Recorded};
use crate::lifecycle::program::Part;
use crate::lifecycle::texts::{TextKind, texts};
use crate::report::reading::{Channel, Line};
use crate::report::value::{Cell, Table};
use crate::store::View;

/// How many places are named in a line of the list.
const NAMED: usize = 3;
/// How many letters before a word are shown of a long text, and twice as many from its beginning on; of several words that
/// stand far apart, each has its share of them, but not fewer than the second.
const AROUND: usize = 21;
const LEAST_AROUND: usize = 8;

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

/// Where the words stand, the best places of each listed partner first: names, then the newest texts that hold most of the
/// words.
pub(crate) struct FoundPlaces<'f> {
    search: &'f WordSearch,
    of_partner: HashMap<PartnerId, Vec<ShownText<'f>>>,
}

/// A text that is found, and what it is by now.
#[derive(Clone, Copy)]
struct ShownText<'f> {
    kind: TextKind,
    found: &'f FoundText,
}

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
        // What is stored has quotes and the like in another form, so the longest part between them is looked for.
        let is_changed = |letter: char| letter == '"' || letter == '\\' || letter.is_control();
        let parts = self.words.iter().filter_map(|word| word.split(is_changed).max_by_key(|part| part.len()));
        let parts: Vec<&str> = parts.collect();
        let mut may_hold = |body: &str| {
            if has_reason(body) {
                return true;
            }
            plain.clear();
            if body.is_ascii() {
                plain.push_str(body);
                plain.make_ascii_lowercase();
            } else {
                plain.push_str(&folded(body));
            }
            parts.iter().any(|part| plain.contains(part))
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
        let holding = |one: &Recorded| {
            let name = named(&one.event).map(|name| (TextKind::Reason, Cow::Owned(name)));
            let texts = texts(&one.event).into_iter().chain(name);
            let holding = texts.filter_map(|(kind, text)| match self.held_in(&text) {
                0 => None,
                holds => Some((kind, text.into_owned(), holds)),
            });
            Some(holding.collect::<Vec<_>>()).filter(|holding| !holding.is_empty())
        };
        let mut found = FoundTexts::new();
        view.each_wanted(&mut may_hold, holding, |one| {
            let (day, event) = (one.day, one.number);
            let texts = one.what.into_iter();
            let texts = texts.map(|(kind, text, holds)| FoundText { kind, day, event, text, holds });
            found.entry(one.partner).or_default().extend(texts);
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

    /// Returns where the words stand of these partners.
    pub(crate) fn places<'f>(&'f self, found: &'f FoundTexts, lines: &[&Line]) -> FoundPlaces<'f> {
        let of_partner =
            lines.iter().filter_map(|line| Some((line.id, places_of(line, found.get(&line.id)?))));
        FoundPlaces { search: self, of_partner: of_partner.collect() }
    }

    /// Returns the parts of a text around the words, with dots for what is left out.
    fn part_of(&self, text: &str) -> String {
        let text = text.split_whitespace().collect::<Vec<&str>>().join(" ");
        let letters: Vec<char> = text.chars().collect();
        if letters.len() <= 2 * AROUND {
            return text;
        }
        // A letter can become several, so the places are looked for letter by letter.
        let mut plain = String::new();
        let mut starts = Vec::with_capacity(letters.len());
        for letter in &letters {
            starts.push(plain.len());
            plain.push_str(&folded(letter.encode_utf8(&mut [0; 4])));
        }
        let mut words: Vec<Range<usize>> = self
            .words
            .iter()
            .filter_map(|word| plain.find(word.as_str()).map(|at| at..at + word.len()))
            .map(|place| {
                let first = starts.partition_point(|start| *start <= place.start).saturating_sub(1);
                first..starts.partition_point(|start| *start < place.end)
            })
            .collect();
        words.sort_by_key(|word| word.start);
        let around = (AROUND / words.len().max(1)).max(LEAST_AROUND);
        let mut parts: Vec<Range<usize>> = Vec::new();
        for word in words {
            let from = word.start.saturating_sub(around);
            let until = (word.start + 2 * around).max(word.end).min(letters.len());
            match parts.last_mut() {
                Some(part) if from <= part.end => part.end = part.end.max(until),
                _ => parts.push(from..until),
            }
        }
        let before = if parts.first().is_some_and(|part| part.start > 0) { "..." } else { "" };
        let behind = if parts.last().is_some_and(|part| part.end < letters.len()) { "..." } else { "" };
        let parts: Vec<String> = parts.into_iter().map(|part| letters[part].iter().collect()).collect();
        let parts: Vec<&str> = parts.iter().map(|part| part.trim()).collect();
        format!("{before}{}{behind}", parts.join(" ... "))
    }
}

/// Returns the texts that were found of a partner, each once, the best first.
fn places_of<'f>(line: &Line, found: &'f [FoundText]) -> Vec<ShownText<'f>> {
    let name = line.attribute("name");
    let mut known: HashSet<(TextKind, &str)> = HashSet::new();
    let mut places: Vec<ShownText> = Vec::new();
    for one in found {
        let kind = match one.kind {
            TextKind::Name if name != Some(one.text.as_str()) => TextKind::FormerName,
            kind => kind,
        };
        if known.insert((kind, one.text.as_str())) {
            places.push(ShownText { kind, found: one });
        }
    }
    let has_name = places.iter().any(|place| place.kind == TextKind::Name);
    places.retain(|place| !(has_name && place.kind == TextKind::Key));
    places.sort_by_key(|ShownText { kind, found }| {
        let is_of_name = *kind <= TextKind::FormerName;
        (Reverse(found.holds.count_ones()), !is_of_name, Reverse((found.day, found.event)))
    });
    places
}

impl FoundPlaces<'_> {
    fn of(&self, line: &Line) -> &[ShownText<'_>] {
        self.of_partner.get(&line.id).map_or(&[], Vec::as_slice)
    }

    /// Says where the words stand, for machines: `note of 2026-10-03: "Met Rosa ..."`.
    pub(crate) fn in_words(&self, line: &Line) -> Cell {
        let places = self.of(line);
        let more = places.len().saturating_sub(NAMED);
        let shown = places.iter().take(NAMED).map(|place| {
            let part = self.search.part_of(&place.found.text);
            match place.kind {
                TextKind::Name | TextKind::Key => format!("{} \"{part}\"", kind_in_words(place.kind)),
                kind => format!("{} of {}: \"{part}\"", kind_in_words(kind), place.found.day),
            }
        });
        let more = (more > 0).then(|| format!("{more} more"));
        Cell::list(shown.chain(more))
    }

    /// Returns the best places of each partner, for people.
    pub(crate) fn table_for_people(&self, channel: &Channel, lines: &[&Line]) -> Table {
        let mut rows: Vec<(&Line, &'static str, Option<Day>, String)> = Vec::new();
        for line in lines {
            let places = self.of(line);
            let more = places.len().saturating_sub(NAMED);
            for ShownText { kind, found } in places.iter().take(NAMED) {
                let day = (!matches!(kind, TextKind::Name | TextKind::Key)).then_some(found.day);
                rows.push((line, kind_in_words(*kind), day, self.search.part_of(&found.text)));
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
    pub(crate) fn table(&self, lines: &[&Line]) -> Table {
        let rows: Vec<(&Line, &ShownText)> =
            lines.iter().flat_map(|line| self.of(line).iter().map(|place| (*line, place))).collect();
        Table::of("found", "", &rows)
            .machines("partner", |(line, _)| line.key())
            .machines("kind", |(_, place)| kind_word(place.kind))
            .machines("on", |(_, place)| place.found.day)
            .machines("event", |(_, place)| place.found.event)
            .machines("text", |(_, place)| place.found.text.as_str())
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
        TextKind::FollowUp | TextKind::FollowUpOutcome => "follow_up",
        TextKind::Activity => "activity",
        TextKind::Invoice => "invoice",
        TextKind::Deal => "deal",
        TextKind::Customer => "customer",
        TextKind::ShipTo => "ship_to",
    }
}

fn kind_in_words(kind: TextKind) -> &'static str {
    match kind {
        TextKind::FormerName => "former name",
        TextKind::Review => "business review",
        TextKind::Action => "action item",
        TextKind::FollowUp => "follow-up",
        TextKind::Outcome | TextKind::FollowUpOutcome => "outcome",
        TextKind::Activity => "fund request",
        TextKind::ShipTo => "ship-to",
        kind => kind_word(kind),
    }
}
