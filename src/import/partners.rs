//! `import partners`: one row per partner, with its attributes and perhaps where it stands.

use crate::lifecycle::base::error::Error;
use std::collections::BTreeMap;

use crate::import::named_partners::{NamedPartners, Resolved};
use crate::import::rejects::contradiction;
use crate::import::runner::{Runner, Taken};
use crate::import::sources::csv::{Columns, Fields, SourceRow, SourceTable};
use crate::import::stage_names::StageNames;
use crate::import::{ImportSource, Imported, ObservedFrom};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::text;
use crate::lifecycle::base::text::counted;
use crate::lifecycle::event::Event;
use crate::lifecycle::partner::Partner;
use crate::lifecycle::partner::{Contact, Edited, Joined};
use crate::lifecycle::program::{BUILT_IN_ATTRIBUTES, Program};
use crate::lifecycle::rule::History;
use crate::lifecycle::stage::{Entered, Why};
use crate::report::import::Counts;
use crate::store::{Importer, InForce, Keep, NewEvent, Stamp, Store, Writer};

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

/// How rows are understood.
struct Reading<'r> {
    program: &'r Program,
    words: &'r mut StageNames,
    observed: Option<&'r ObservedFrom>,
    today: Day,
}

/// Imports partners as one action: new ones are added, known ones brought up to date.
///
/// # Errors
/// [`Error`] and `RejectedRows` for what the file has wrong; then nothing is imported.
pub fn import(
    store: &mut Store,
    stamp: &Stamp,
    source: ImportSource,
    keep: Keep,
) -> anyhow::Result<Imported> {
    let mut intake = Runner::new(&source);
    let ImportSource { input, delimiter, mapping, stages, observed_from, today, .. } = source;
    let (program, mut words) = store.read(|reader| {
        let in_force = reader.program_now()?;
        let words = StageNames::new(&in_force.program, &in_force.aliases, &stages)?;
        Ok((in_force.program, words))
    })?;
    let own_fields = program.fields().iter().map(|field| field.key.as_str());
    let mut names: Vec<&str> = OWN.into_iter().chain(BUILT_IN_ATTRIBUTES).chain(own_fields).collect();
    names.dedup();
    let headers: Vec<&str> = observed_from.iter().filter_map(ObservedFrom::header).collect();
    let table = SourceTable::open(
        input,
        delimiter,
        &mapping,
        &Fields { required: &[], optional: &names, headers: &headers, synonyms: &[] },
    )?;
    check_columns(&table.columns, observed_from.as_ref())?;
    let mut reading =
        Reading { program: &program, words: &mut words, observed: observed_from.as_ref(), today };
    let mut entries: Vec<Entry> = Vec::new();
    intake.take(table, |row, subjects| {
        entries.push(reading.read(row, subjects)?);
        Ok(Taken::Row)
    })?;
    intake.heed(reading.words);
    store.write(keep, |writer| {
        let in_force = writer.program_now()?;
        let resolved = intake.subjects.resolve(writer)?;
        let importer = Importer::new(writer, stamp, &in_force.aliases)?;
        let mut importing =
            Importing { writer, importer, in_force: &in_force, reading: &reading, stages_left_alone: 0 };
        for entry in entries {
            let (line, subject) = (entry.line, entry.subject);
            let name = intake.subjects.get(subject).map_or_else(String::new, |one| one.name.clone());
            let Some(resolved) = resolved.get(subject as usize) else { continue };
            if let Err(why) = importing.import(entry, resolved, &mut intake.outcome.counts)? {
                intake.rejects.add(line, &name, why)?;
            }
        }
        if importing.stages_left_alone > 0 {
            intake.outcome.notes.push(format!(
                "{} kept the stage recorded already; `chanlife import stages` records moves",
                counted(importing.stages_left_alone, "partner")
            ));
        }
        intake.conclude(importing.importer, |outcome, name| {
            let Counts { new_partners, events, .. } = outcome.counts;
            let (partners, events) = (counted(new_partners, "new partner"), counted(events, "event"));
            format!("Imported {partners} from {name}, {events} in all")
        })
    })
}

fn check_columns(columns: &Columns, observed: Option<&ObservedFrom>) -> Result<(), Error> {
    if !["partner", "key", "name"].iter().any(|field| columns.has(field)) {
        return Err(Error::input("line 1: there is no column that names the partner")
            .hint("say which it is with --map \"Their header=name\""));
    }
    if columns.has("stage") && observed.is_none() {
        let why = "the file says where partners stand; from which day on it has all of them is missing";
        return Err(Error::input(why)
            .hint("--complete-history, where the file has all partners from their first day on, with those that left")
            .hint("--observed-from DATE, where it has only those that were still there on that day"));
    }
    Ok(())
}

impl Reading<'_> {
    fn read(&mut self, row: &SourceRow, subjects: &mut NamedPartners) -> Result<Entry, String> {
        let known = subjects.count();
        let subject = subjects.number(Some(row.partner()).filter(|name| !name.is_empty()), row.line)?;
        if let Some(first) = subjects.get(subject).filter(|_| subjects.count() == known) {
            return Err(format!("names the same partner as line {}", first.line));
        }
        let key = row.get("key").map(str::to_owned);
        if let Some(key) = key.as_ref().filter(|key| !text::is_key(key)) {
            return Err(format!("`{key}` can't be a key; use lower-case letters, digits and dashes"));
        }
        let mut references = Vec::new();
        for field in ["partner", "ref"] {
            references.extend(cleaned(row, field)?);
        }
        references.dedup();
        let stage = row.get("stage").map(|word| self.stage(word)).transpose()?;
        let since = row.get("since").map(|_| row.past_day("since", self.today)).transpose()?;
        let observed_from = self.observed.map(|one| one.in_row(row)).transpose()?.flatten();
        let by_column = matches!(self.observed, Some(ObservedFrom::Column(_)));
        if stage.is_some() && by_column && observed_from.is_none() {
            return Err("has no day in the column of --observed-from".to_owned());
        }
        Ok(Entry {
            line: row.line,
            subject,
            key,
            attributes: self.attributes(row)?,
            references,
            contact: contact(row)?,
            stage,
            since: since.map(|(day, _)| day),
            observed_from,
        })
    }

    fn stage(&mut self, word: &str) -> Result<String, String> {
        let ours = self.words.find(word)?;
        match self.program.stage(&ours) {
            Some(stage) => Ok(stage.key.clone()),
            None => Err(format!("stands in `{word}`, which is no stage; `import stages` takes exits")),
        }
    }

    fn attributes(&self, row: &SourceRow) -> Result<BTreeMap<String, String>, String> {
        let own = self.program.fields().iter().map(|field| field.key.as_str());
        let mut attributes = BTreeMap::new();
        for key in BUILT_IN_ATTRIBUTES.into_iter().chain(own) {
            let Some(text) = row.get(key) else { continue };
            let value = match self.program.field(key) {
                Some(field) => field.read(text, self.program.currency)?,
                None => text::name(text).map_err(|fault| format!("{key} {fault}"))?,
            };
            attributes.insert(key.to_owned(), value);
        }
        Ok(attributes)
    }
}

fn cleaned(row: &SourceRow, field: &str) -> Result<Option<String>, String> {
    row.get(field).map(text::name).transpose().map_err(|fault| format!("{field} {fault}"))
}

fn contact(row: &SourceRow) -> Result<Option<Contact>, String> {
    let role = cleaned(row, "contact_role")?;
    match (cleaned(row, "contact_name")?, cleaned(row, "contact_email")?) {
        (None, None) => Ok(None),
        (Some(name), email) => Ok(Some(Contact { name, email, role })),
        (None, Some(email)) => Ok(Some(Contact { name: email.clone(), email: Some(email), role })),
    }
}

/// The rows on their way into the file.
struct Importing<'i> {
    writer: &'i Writer<'i>,
    importer: Importer<'i>,
    in_force: &'i InForce,
    reading: &'i Reading<'i>,
    stages_left_alone: u64,
}

impl Importing<'_> {
    /// Records what a row says; where it can't be, the reason.
    fn import(
        &mut self,
        entry: Entry,
        resolved: &Resolved,
        counts: &mut Counts,
    ) -> anyhow::Result<Result<(), String>> {
        let (history, events) = match resolved {
            Resolved::Repeated { why } => return Ok(Err(why.clone())),
            Resolved::Removed => {
                counts.passed_over += 1;
                return Ok(Ok(()));
            }
            Resolved::New { key } => {
                if let Some(taken) = self.taken(&entry)? {
                    return Ok(Err(taken));
                }
                let history = History { subject: self.importer.next_partner(), events: Vec::new() };
                let key = entry.key.clone().unwrap_or_else(|| key.clone());
                (history, self.new_partner(entry, key))
            }
            Resolved::Known(id) => {
                let history = self.importer.history(*id)?;
                let folded = history.fold(&self.in_force.aliases, None);
                let Some(partner) = folded.partner() else { return Ok(Ok(())) };
                self.stages_left_alone += u64::from(entry.stage.is_some() && !partner.stays.is_empty());
                let events = self.known_partner(partner, &entry);
                (history, events)
            }
        };
        if events.is_empty() {
            counts.known += 1;
            return Ok(Ok(()));
        }
        let is_new = history.events.is_empty();
        let new = |(day, event)| NewEvent { partner: Some(history.subject), day, event };
        let events: Vec<NewEvent> = events.into_iter().map(new).collect();
        let count = events.len() as u64;
        if let Err(conflict) = self.importer.record(history, &events)? {
            return Ok(Err(contradiction(&conflict)));
        }
        counts.events += count;
        counts.new_partners += u64::from(is_new);
        Ok(Ok(()))
    }

    /// Why a new partner can't have the key or a reference that its row gives.
    fn taken(&self, entry: &Entry) -> anyhow::Result<Option<String>> {
        for name in entry.key.iter().chain(&entry.references) {
            if let Some(id) = self.writer.partner_named(name)? {
                let other = self.writer.lookup(id)?;
                return Ok(Some(format!("`{name}` belongs to {} already", other.name)));
            }
        }
        Ok(None)
    }

    fn new_partner(&self, mut entry: Entry, key: String) -> Vec<(Day, Event)> {
        let Reading { observed, today, .. } = *self.reading;
        let first = entry.since.unwrap_or(today);
        let watched = observed.and_then(|one| one.resolve(first, entry.observed_from)).unwrap_or(today);
        let name = entry.references.first().cloned().unwrap_or_else(|| key.clone());
        entry.attributes.entry("name".to_owned()).or_insert(name);
        entry.references.retain(|reference| *reference != key);
        let placed = placed(&entry, today);
        let joined = Joined {
            key,
            attributes: entry.attributes,
            references: entry.references,
            contacts: entry.contact.into_iter().collect(),
            observed_from: watched,
        };
        [(first, joined.into())].into_iter().chain(placed).collect()
    }

    /// What the row adds to or changes of a partner that is there; an empty cell changes nothing.
    fn known_partner(&self, partner: &Partner, entry: &Entry) -> Vec<(Day, Event)> {
        let Reading { observed, today, .. } = *self.reading;
        let unplaced = partner.stays.is_empty();
        let changed = entry.attributes.iter().filter(|(key, value)| partner.attribute(key) != Some(value));
        let new_reference = |one: &&String| !partner.references.contains(one) && **one != partner.key;
        let watched = observed
            .filter(|_| unplaced && entry.stage.is_some())
            .and_then(|one| one.resolve(entry.since.unwrap_or(today), entry.observed_from));
        let edited = Edited {
            attributes: changed.map(|(key, value)| (key.clone(), Some(value.clone()))).collect(),
            references: entry.references.iter().filter(new_reference).cloned().collect(),
            contacts: entry.contact.iter().filter(|one| !partner.contacts.contains(one)).cloned().collect(),
            contacts_gone: Vec::new(),
            observed_from: watched.filter(|day| *day < partner.observed_from),
        };
        let edited = Some(edited).filter(|edited| *edited != Edited::default());
        let placed = placed(entry, today).filter(|_| unplaced);
        edited.map(|edited| (today, edited.into())).into_iter().chain(placed).collect()
    }
}

fn placed(entry: &Entry, today: Day) -> Option<(Day, Event)> {
    let stage = entry.stage.clone()?;
    let unknown_day = entry.since.is_none();
    let entered = Entered { stage, why: Why::Placed, unknown_day, overridden: Vec::new(), reason: None };
    Some((entry.since.unwrap_or(today), entered.into()))
}
