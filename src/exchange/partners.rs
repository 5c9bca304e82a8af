//! `import partners`: one row per partner, with its attributes and perhaps where it stands.

use std::collections::BTreeMap;

use super::rejects::Rejects;
use super::rows::{Columns, Fields, Row, Table};
use super::subjects::{Resolved, Subjects};
use super::{BadInput, ObservedFrom, Outcome, Rejected, Source};
use crate::domain::day::Day;
use crate::domain::event::{Contact, Edited, Entered, Event, Joined, Why};
use crate::domain::partner::Partner;
use crate::domain::program::{BUILT_IN_ATTRIBUTES, Field, Program};
use crate::domain::rules::History;
use crate::domain::text;
use crate::store::{Importer, Keep, NewEvent, Stamp, Store};

const OWN: [&str; 8] =
    ["partner", "key", "ref", "stage", "since", "contact_name", "contact_email", "contact_role"];

/// What one row says.
struct Entry {
    line: u64,
    subject: u32,
    key: Option<String>,
    attributes: BTreeMap<String, String>,
    references: Vec<String>,
    contact: Option<Contact>,
    stage: Option<String>,
    since: Option<Day>,
    observed_from: Option<Day>,
}

/// Imports partners as one action: new ones are added, known ones brought up to date.
///
/// # Errors
/// `BadInput` and [`Rejected`] for what the file has wrong; then nothing is imported.
pub fn import(store: &mut Store, stamp: &Stamp, mut source: Source, keep: Keep) -> anyhow::Result<Outcome> {
    let mut outcome = Outcome::default();
    let mut rejects = Rejects::default();
    let mut subjects = Subjects::default();
    let mut entries: Vec<Entry> = Vec::new();
    let program = store.read(|reader| Ok(reader.program_now()?.program))?;
    let input = std::mem::replace(&mut source.input, Box::new(std::io::empty()));
    let names: Vec<&str> = OWN
        .into_iter()
        .chain(BUILT_IN_ATTRIBUTES)
        .chain(program.fields().iter().map(|field| field.key.as_str()))
        .collect();
    let observed = source.observed_from.clone();
    let headers: Vec<&str> = observed.iter().filter_map(ObservedFrom::header).collect();
    let fields = Fields { required: &[], optional: &names, headers: &headers };
    let table = Table::open(input, source.delimiter, &source.mapping, &fields)?;
    check_columns(&table.columns, observed.as_ref())?;
    outcome.note_unused(&table.columns.unused());
    table.each(|row| {
        outcome.counts.rows += 1;
        match read_row(&row, &program, &source, &mut subjects) {
            Ok(entry) => entries.push(entry),
            Err(why) => rejects.add(row.line, identity(&row).unwrap_or_default(), why)?,
        }
        Ok(())
    })?;
    reject_repeated(&mut entries, &subjects, &mut rejects)?;
    store.write(keep, |writer| {
        let in_force = writer.program_now()?;
        let resolved = subjects.resolve(writer, &mut rejects)?;
        let mut importer = Importer::new(writer, stamp, &in_force.aliases)?;
        let mut placed_already = 0;
        for entry in entries {
            let Some(Some(resolved)) = resolved.get(entry.subject as usize) else { continue };
            let (line, name) = (entry.line, entry.attributes.get("name").cloned().unwrap_or_default());
            let (history, events) = match resolved {
                Resolved::New { key } => {
                    if let Some(taken) =
                        entry.key.as_ref().filter(|key| matches!(writer.partner_named(key), Ok(Some(_))))
                    {
                        rejects.add(line, &name, format!("the key `{taken}` belongs to another partner"))?;
                        continue;
                    }
                    let id = importer.next_partner();
                    outcome.counts.new_partners += 1;
                    let history = History { subject: id, events: Vec::new() };
                    let key = entry.key.clone().unwrap_or_else(|| key.clone());
                    (history, new_partner(entry, key, observed.as_ref(), source.today))
                }
                Resolved::Known(id) => {
                    let history = importer.history(*id)?;
                    let Some(partner) = history.fold(&in_force.aliases, None).partner else { continue };
                    placed_already += u64::from(entry.stage.is_some() && !partner.stays.is_empty());
                    let events = known_partner(&partner, entry, observed.as_ref(), source.today);
                    if events.is_empty() {
                        outcome.counts.known += 1;
                        continue;
                    }
                    (history, events)
                }
            };
            let subject = history.subject;
            let new = |(day, event)| NewEvent { partner: Some(subject), day, event };
            let events: Vec<NewEvent> = events.into_iter().map(new).collect();
            let count = events.len() as u64;
            match importer.record(history, events)? {
                Ok(()) => outcome.counts.events += count,
                Err(conflict) => {
                    rejects.add(line, &name, format!("contradicts what is recorded: {conflict}"))?
                }
            }
        }
        if !rejects.is_empty() && !source.skip_errors {
            return Err(Rejected { source: source.name.clone(), rejects: rejects.sorted() }.into());
        }
        if placed_already > 0 {
            outcome.notes.push(format!(
                "the stage of {placed_already} partners was left alone, since they stand somewhere already; \
                 `chanlife import stages` records moves"
            ));
        }
        let changed =
            outcome.counts.rows - outcome.counts.known - rejects.len() as u64 - outcome.counts.new_partners;
        let said = format!(
            "Imported {} new partners and changes of {changed} from {}",
            outcome.counts.new_partners, source.name
        );
        outcome.counts.action = importer.finish(&said)?;
        outcome.rejects = rejects.sorted();
        Ok(outcome)
    })
}

fn check_columns(columns: &Columns, observed: Option<&ObservedFrom>) -> anyhow::Result<()> {
    if !["partner", "key", "name"].iter().any(|field| columns.has(field)) {
        return Err(BadInput::new("line 1: there is no column that names the partner")
            .hint("say which it is with --map \"Their header=name\"")
            .into());
    }
    if columns.has("stage") && observed.is_none() {
        return Err(BadInput::new("the file says where partners stand, but not since when they are watched")
            .hint("add --observed-from DATE, the day since when you know of everyone who left")
            .hint("or --complete-history, where the file has all partners from their first day on, with those that left")
            .into());
    }
    Ok(())
}

fn identity<'r>(row: &'r Row) -> Option<&'r str> {
    row.get("partner").or_else(|| row.get("key")).or_else(|| row.get("name"))
}

fn read_row(row: &Row, program: &Program, source: &Source, subjects: &mut Subjects) -> Result<Entry, String> {
    row.check_length()?;
    let name = identity(row);
    let subject = subjects.number(name, row.line)?;
    let mut attributes = BTreeMap::new();
    for key in BUILT_IN_ATTRIBUTES.into_iter().chain(program.fields().iter().map(|field| field.key.as_str()))
    {
        let Some(text) = row.get(key) else { continue };
        attributes.insert(key.to_owned(), read_attribute(program, key, text)?);
    }
    let key = row.get("key").map(str::to_owned);
    if let Some(key) = key.as_ref().filter(|key| !text::is_key(key)) {
        return Err(format!("`{key}` can't be a key; use lower-case letters, digits and dashes"));
    }
    let clean = |text: &str, what: &str| text::name(text).map_err(|fault| format!("{what} {fault}"));
    let mut references = Vec::new();
    for field in ["ref", "partner"] {
        if let Some(reference) = row.get(field) {
            references.push(clean(reference, field)?);
        }
    }
    references.dedup();
    let stage = row.get("stage").map(|word| find_stage(word, program, &source.stages)).transpose()?;
    let since = row.get("since").map(|text| read_day(text, "since", source.today)).transpose()?;
    let observed = source.observed_from.as_ref();
    let observed_from = observed.map(|one| one.in_row(row)).transpose()?.flatten();
    if stage.is_some() && matches!(observed, Some(ObservedFrom::Column(_))) && observed_from.is_none() {
        return Err("has no day in the column of --observed-from".to_owned());
    }
    let contact = read_contact(row)?;
    Ok(Entry { line: row.line, subject, key, attributes, references, contact, stage, since, observed_from })
}

/// An attribute as it is stored, checked against the program's field where there is one.
///
/// # Errors
/// Why it can't be.
fn read_attribute(program: &Program, key: &str, text: &str) -> Result<String, String> {
    match program.field(key) {
        Some(field) => Field::read(field, text, program.currency),
        None => text::name(text).map_err(|fault| format!("{key} {fault}")),
    }
}

fn read_day(text: &str, field: &str, today: Day) -> Result<Day, String> {
    match Day::parse_stamp(text) {
        Some((day, _)) if day <= today => Ok(day),
        Some((day, _)) => Err(format!("{field} is {day}, which has not come yet")),
        None => Err(format!("{field} is `{text}`, expected a day such as 2026-11-23")),
    }
}

fn read_contact(row: &Row) -> Result<Option<Contact>, String> {
    let clean =
        |field: &str| row.get(field).map(text::name).transpose().map_err(|fault| format!("{field} {fault}"));
    let (name, email, role) = (clean("contact_name")?, clean("contact_email")?, clean("contact_role")?);
    match (name, email) {
        (None, None) => Ok(None),
        (Some(name), email) => Ok(Some(Contact { name, email, role })),
        (None, Some(email)) => Ok(Some(Contact { name: email.clone(), email: Some(email), role })),
    }
}

fn find_stage(word: &str, program: &Program, mapping: &[(String, String)]) -> Result<String, String> {
    let mapped = mapping.iter().find(|(theirs, _)| theirs == word).map(|(_, ours)| ours.as_str());
    let wanted = mapped.unwrap_or(word).to_lowercase();
    let stage =
        program.stages().iter().find(|stage| stage.key == wanted || stage.name.to_lowercase() == wanted);
    stage.map(|stage| stage.key.clone()).ok_or_else(|| {
        let keys: Vec<&str> = program.stages().iter().map(|stage| stage.key.as_str()).collect();
        format!("there is no stage `{word}`, only {}", text::listed(&keys))
    })
}

/// Leaves the first row of each partner.
fn reject_repeated(
    entries: &mut Vec<Entry>,
    subjects: &Subjects,
    rejects: &mut Rejects,
) -> anyhow::Result<()> {
    let mut first: BTreeMap<u32, u64> = BTreeMap::new();
    let mut kept = Vec::with_capacity(entries.len());
    for entry in std::mem::take(entries) {
        match first.get(&entry.subject) {
            Some(line) => {
                let name = subjects.get(entry.subject).map_or("", |subject| &subject.name);
                rejects.add(entry.line, name, format!("names the same partner as line {line}"))?;
            }
            None => {
                first.insert(entry.subject, entry.line);
                kept.push(entry);
            }
        }
    }
    *entries = kept;
    Ok(())
}

fn new_partner(
    mut entry: Entry,
    key: String,
    observed: Option<&ObservedFrom>,
    today: Day,
) -> Vec<(Day, Event)> {
    let first = entry.since.unwrap_or(today);
    let watched = observed.and_then(|one| one.resolve(first, entry.observed_from)).unwrap_or(today);
    let name = entry.references.first().cloned().unwrap_or_else(|| key.clone());
    entry.attributes.entry("name".to_owned()).or_insert(name);
    entry.references.retain(|reference| *reference != key && *reference != entry.attributes["name"]);
    let placed = placed(&entry, today);
    let joined = Joined {
        key,
        attributes: entry.attributes,
        references: entry.references,
        contacts: entry.contact.into_iter().collect(),
        observed_from: watched,
    };
    let mut events = vec![(first, joined.into())];
    events.extend(placed);
    events
}

fn placed(entry: &Entry, today: Day) -> Option<(Day, Event)> {
    let stage = entry.stage.clone()?;
    let entered = Entered {
        stage,
        why: Why::Placed,
        unknown_day: entry.since.is_none(),
        overridden: Vec::new(),
        reason: None,
    };
    Some((entry.since.unwrap_or(today), entered.into()))
}

/// What the row adds to or changes of a partner that is there; an empty cell changes nothing.
fn known_partner(
    partner: &Partner,
    entry: Entry,
    observed: Option<&ObservedFrom>,
    today: Day,
) -> Vec<(Day, Event)> {
    let unplaced = partner.stays.is_empty();
    let mut events = Vec::new();
    let changed = entry.attributes.iter().filter(|(key, value)| partner.attribute(key) != Some(value));
    let new_reference =
        |one: &&String| !partner.references.contains(one) && **one != partner.key && **one != partner.name();
    let edited = Edited {
        attributes: changed.map(|(key, value)| (key.clone(), Some(value.clone()))).collect(),
        references: entry.references.iter().filter(new_reference).cloned().collect(),
        contacts: entry.contact.iter().filter(|one| !partner.contacts.contains(one)).cloned().collect(),
        contacts_gone: Vec::new(),
        observed_from: observed
            .filter(|_| unplaced && entry.stage.is_some())
            .and_then(|one| one.resolve(entry.since.unwrap_or(today), entry.observed_from))
            .filter(|day| *day < partner.observed_from),
    };
    if edited != Edited::default() {
        events.push((today, edited.into()));
    }
    if unplaced {
        events.extend(placed(&entry, today));
    }
    events
}
