//! `import partners`: one row per partner, with its attributes and perhaps its stage.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::import::named_partners::{NamedPartner, NamedPartners, Resolved};
use crate::import::readers::known_partner::{
    RowChanges, RowDetails, changed_details, changes, contacts_in_doubt, mail_wish,
};
use crate::import::readers::parents::{Families, FamilyRow, ParentFault, refuse_below};
use crate::import::readers::stages::{because, refuse_other_reason};
use crate::import::reason_names::ExitReasonNames;
use crate::import::runner::{Recording, Runner};
use crate::import::sources::csv::{Columns, SourceRow, SourceTable};
use crate::import::spellings::Spellings;
use crate::import::stage_names::StageNames;
use crate::import::{ImportSource, Imported, ObservedFrom};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::text;
use crate::lifecycle::event::{Event, PartnerId};
use crate::lifecycle::partner::{
    Contact, DetailHistory, Edited, Joined, KeptDetail, Partner, is_of_details, parent_number, parent_stored,
};
use crate::lifecycle::program::{BUILT_IN_ATTRIBUTES, FieldFault, PARENT, Program, attributes_of, stored};
use crate::lifecycle::rule::History;
use crate::lifecycle::stage::{
    ImportedReason, KeptReason, Standing, Target, beginning, other_reason, placed,
};
use crate::report::import::ChangedDetail;
use crate::store::{Importer, InForce, Reader, Writer};
use crate::text::imports::{KeptText, is_import, stages_kept, values_to_add, without_day};

/// What one row says.
struct PartnerEntry {
    line: u64,
    partner: u32,
    key: Option<String>,
    details: RowDetails,
    /// The stage that it is in, or how it left or was parked.
    stage: Option<Rc<Target>>,
    /// Why it left or was parked.
    because: Option<Rc<ImportedReason>>,
    since: Option<Day>,
    observed_from: Option<Day>,
}

/// How rows are understood.
struct PartnerReader<'r> {
    program: &'r Program,
    names: &'r mut StageNames,
    reasons: &'r mut ExitReasonNames,
    observed: Option<&'r ObservedFrom>,
    today: Day,
    /// The rows by what others can call them, if the file has parents.
    families: Option<Vec<FamilyRow>>,
    spellings: Spellings,
    unlisted: UnlistedValues,
}

/// The values of attributes that the lists of the program do not have: how many rows have each.
type UnlistedValues = BTreeMap<String, BTreeMap<String, usize>>;

/// Imports partners as one action: new ones are added, known ones brought up to date.
///
/// # Errors
/// Those of the file, and rows that cannot be used; then nothing is imported.
pub(super) fn import(mut runner: Runner, source: ImportSource) -> anyhow::Result<Imported> {
    let ImportSource { input, delimiter, mapping, stages, reasons, observed_from, today, .. } = source;
    let (program, mut names, mut reasons, spellings) = runner.store.read(|reader| {
        let in_force = reader.program_now()?;
        let names = StageNames::new(&in_force.program, &in_force.aliases, &stages)?;
        let reasons = ExitReasonNames::new(&in_force.program, &reasons)?;
        let spellings = Spellings::in_use(reader, &in_force.program)?;
        Ok((in_force.program, names, reasons, spellings))
    })?;
    let mut fields = runner.fields();
    let own = program.fields().iter().map(|field| field.key.as_str());
    fields.optional.extend(own.filter(|key| !BUILT_IN_ATTRIBUTES.contains(key)));
    let listed: Vec<String> =
        attributes_of(&program).into_iter().filter(|key| program.is_several(key)).map(all_column).collect();
    fields.optional.extend(listed.iter().map(String::as_str));
    fields.headers.extend(observed_from.iter().filter_map(ObservedFrom::header));
    let table = SourceTable::open(input, delimiter, &mapping, &fields)?;
    check_columns(&table.columns, observed_from.as_ref())?;
    let families = (program.has_parents() && table.columns.has(PARENT)).then(Vec::new);
    let observed = observed_from.as_ref();
    let unlisted = UnlistedValues::new();
    let mut reader = PartnerReader {
        program: &program,
        names: &mut names,
        reasons: &mut reasons,
        observed,
        today,
        families,
        spellings,
        unlisted,
    };
    let mut entries: Vec<PartnerEntry> = Vec::new();
    runner.read(table, |row, partners| reader.read(row, partners), |entry| entries.push(entry))?;
    runner.tally.heed(reader.names, reader.reasons);
    runner.tally.imported.notes.extend(reader.spellings.notes());
    for (attribute, values) in &reader.unlisted {
        runner.tally.hint(values_to_add(&program, attribute, values));
    }
    let families = reader.families.take().unwrap_or_default();
    record(runner, &reader, entries, families)
}

fn record(
    runner: Runner,
    reader: &PartnerReader,
    entries: Vec<PartnerEntry>,
    families: Vec<FamilyRow>,
) -> anyhow::Result<Imported> {
    let Runner { store, stamp, keep, partners, mut tally, .. } = runner;
    store.write(keep, |writer| {
        let in_force = writer.reader().program_now()?;
        let resolved = partners.resolve(writer.reader())?;
        let importer = Importer::new(writer, stamp, &in_force.aliases)?;
        let recording = Recording { importer, tally: &mut tally };
        let mut families = Families::new(families, &resolved, writer.reader())?;
        let entries = parents_first(entries, &mut families);
        let mut recorder = PartnerRecorder {
            writer,
            recording,
            in_force: &in_force,
            reader,
            families,
            stages_left_alone: 0,
        };
        for mut entry in entries {
            let number = entry.partner;
            let Some((named, resolved)) = partners.numbered(number).zip(resolved.get(number as usize)) else {
                continue;
            };
            match recorder.resolve_parent(&mut entry, resolved)? {
                Ok(()) => recorder.record(entry, named, resolved)?,
                Err(ParentFault::Own(why)) => recorder.recording.reject(entry.line, named, why)?,
                Err(ParentFault::Above(why)) => recorder.recording.reject_below(entry.line, named, why)?,
            }
        }
        let PartnerRecorder { recording: Recording { importer, .. }, stages_left_alone, .. } = recorder;
        if stages_left_alone > 0 {
            tally.imported.notes.push(stages_kept(stages_left_alone));
        }
        tally.conclude(importer)
    })
}

fn check_columns(columns: &Columns, observed: Option<&ObservedFrom>) -> Result<(), Error> {
    if !["partner", "key", "name"].iter().any(|field| columns.has(field)) {
        return Err(Error::input("line 1: no column with the partner")
            .hint(columns.listed())
            .hint("map one with --map \"HEADER=name\""));
    }
    if columns.has("stage") && observed.is_none() {
        let why = "the file has a stage column, but the period that it covers is missing";
        return Err(ObservedFrom::hint_options(Error::input(why)));
    }
    Ok(())
}

impl PartnerReader<'_> {
    fn read(
        &mut self,
        row: &SourceRow,
        partners: &mut NamedPartners,
    ) -> Result<Option<PartnerEntry>, String> {
        let stage = row.get("stage").map(|word| self.names.find(word)).transpose();
        if let Ok(Some(None)) = stage {
            return Ok(None);
        }
        let known = partners.count();
        let partner = partners.number(Some(row.partner()).filter(|name| !name.is_empty()), row.line)?;
        if let Some(first) = partners.numbered(partner).filter(|_| partners.count() == known) {
            return Err(format!("has the same partner as line {}", first.line));
        }
        if let Some(families) = &mut self.families {
            families.push(FamilyRow::of(row, partner));
        }
        let key = row.get("key").map(str::to_owned);
        if let Some(key) = key.as_ref().filter(|key| !text::is_key(key)) {
            return Err(format!("`{key}` is not a valid key; use lower-case letters, digits and dashes"));
        }
        let mut references = Vec::new();
        for field in ["partner", "ref"] {
            references.extend(row.name(field)?);
        }
        references.dedup();
        let stage = stage?.flatten();
        let because =
            because(row, stage.as_deref(), self.reasons, |column| self.program.field(column).is_none())?;
        if let Some(target) = stage.as_deref() {
            refuse_other_reason(self.program, target, because.as_deref()).map_err(|why| why.to_string())?;
        }
        let since = row.get("since").map(|_| row.past_day("since", self.today)).transpose()?;
        if let Some(target) = stage.as_deref().filter(|_| since.is_none())
            && !matches!(target, Target::Stage(_))
        {
            return Err(without_day(row.get("stage").unwrap_or_default(), target.word()));
        }
        let observed_from = self.observed.map(|one| one.in_row(row)).transpose()?.flatten();
        let by_column = matches!(self.observed, Some(ObservedFrom::Column(_)));
        if stage.is_some() && by_column && observed_from.is_none() {
            return Err("has no date in the column of --observed-from".to_owned());
        }
        let (attributes, single) = self.attributes(row)?;
        let (contact, opted_out) = (contact(row)?, opted_out(row)?);
        Ok(Some(PartnerEntry {
            line: row.line,
            partner,
            key,
            details: RowDetails { attributes, single, references, contact, opted_out },
            stage,
            because,
            since: since.map(|(day, _)| day),
            observed_from,
        }))
    }

    /// Returns the attributes of a row, and those with several values of which it has one.
    fn attributes(&mut self, row: &SourceRow) -> Result<(BTreeMap<String, String>, Vec<String>), String> {
        let (mut attributes, mut single) = (BTreeMap::new(), Vec::new());
        for key in attributes_of(self.program) {
            let is_several = self.program.is_several(key);
            let all = if is_several { row.get(&all_column(key)) } else { None };
            let Some(text) = all.or_else(|| row.get(key)) else { continue };
            let values = self.program.read_values(key, text);
            if let Err(Some(FieldFault::Choice { value, .. })) = &values {
                let values = self.unlisted.entry(key.to_owned()).or_default();
                let known = values.keys().find(|known| known.to_lowercase() == value.to_lowercase()).cloned();
                *values.entry(known.unwrap_or_else(|| value.clone())).or_default() += 1;
            }
            let values = values.map_err(|fault| fault.as_ref().map(refused_value).unwrap_or_default())?;
            let spelled = values.into_iter().map(|value| self.spellings.of(key, value));
            let spelled: Vec<String> = spelled.collect();
            if is_several && spelled.len() == 1 {
                single.push(key.to_owned());
            }
            let stored = stored(key, &spelled).into_iter();
            attributes.extend(stored.filter_map(|(key, value)| Some((key, value?))));
        }
        Ok((attributes, single))
    }
}

/// Returns the column of a list in which all values of an attribute with several stand; the list is what `list` writes.
fn all_column(key: &str) -> String {
    format!("{}_all", key.replace('-', "_"))
}

/// Says why a value is not taken; a choice can be given one more in the program.
fn refused_value(fault: &FieldFault) -> String {
    let is_choice = matches!(fault, FieldFault::Choice { .. });
    let remedy = if is_choice { "; or add it to the program first" } else { "" };
    format!("{fault}{remedy}")
}

fn contact(row: &SourceRow) -> Result<Option<Contact>, String> {
    let (role, phone) = (row.name("contact_role")?, row.name("contact_phone")?);
    let email = row.name("contact_email")?;
    if let Some(email) = email.as_ref().filter(|email| !text::is_email_address(email)) {
        return Err(format!("`{email}` is not an e-mail address"));
    }
    if let Some(phone) = phone.as_ref().filter(|phone| !text::is_phone(phone)) {
        return Err(format!("`{phone}` in contact_phone is not a phone number"));
    }
    match (row.name("contact_name")?, email) {
        (None, None) if role.is_some() => {
            Err("has a contact_role without a name or an e-mail address".to_owned())
        }
        (None, None) if phone.is_some() => {
            Err("has a contact_phone without a name or an e-mail address".to_owned())
        }
        (None, None) if row.get("contact_opt_out").is_some() => {
            Err("has a contact_opt_out without a name or an e-mail address".to_owned())
        }
        (None, None) => Ok(None),
        (Some(name), email) => Ok(Some(Contact { name, email, role, phone })),
        (None, Some(email)) => Ok(Some(Contact { name: email.clone(), email: Some(email), role, phone })),
    }
}

/// Reads whether the contact of a row must not be mailed; an empty cell says nothing.
fn opted_out(row: &SourceRow) -> Result<Option<bool>, String> {
    let Some(cell) = row.get("contact_opt_out") else { return Ok(None) };
    let wish =
        text::yes_or_no(cell).ok_or_else(|| format!("`{cell}` in contact_opt_out is not yes or no"))?;
    Ok(Some(wish))
}

/// Says that the name of a row is that of several contacts, if the row says whether one of them may be mailed.
fn ambiguous_wish(partner: &Partner, details: &RowDetails) -> Option<String> {
    let called = contacts_in_doubt(partner, details)?;
    let name = details.contact.as_ref().map_or("", |one| one.name.as_str());
    Some(format!("`{name}` in contact_name is {}; give contact_email", text::phrase(&called)))
}

/// The rows on their way into the database.
struct PartnerRecorder<'t, 'w, 'r> {
    writer: &'w Writer<'w>,
    recording: Recording<'t, 'w>,
    in_force: &'w InForce,
    reader: &'r PartnerReader<'r>,
    families: Families,
    stages_left_alone: u64,
}

/// Returns the rows in an order in which parents come before those below them.
fn parents_first(mut entries: Vec<PartnerEntry>, families: &mut Families) -> Vec<PartnerEntry> {
    let levels = families.levels();
    if !levels.is_empty() {
        entries.sort_by_key(|entry| levels.get(&entry.line).copied().unwrap_or_default());
    }
    entries
}

impl PartnerRecorder<'_, '_, '_> {
    /// Puts the number of the parent in place of what the row has for it, or returns why it cannot be the parent.
    fn resolve_parent(
        &mut self,
        entry: &mut PartnerEntry,
        resolved: &Resolved,
    ) -> anyhow::Result<Result<(), ParentFault>> {
        let line = entry.line;
        let Some(typed) = entry.details.attributes.get_mut(PARENT) else { return Ok(Ok(())) };
        if !self.in_force.program.has_parents() {
            return Ok(Ok(()));
        }
        let reader = self.writer.reader();
        let parent = match self.families.find(reader, line, typed)? {
            Ok(parent) => parent,
            Err(why) => return Ok(Err(why)),
        };
        if let Resolved::Known(id) = resolved
            && let Err(why) = refuse_below(reader, *id, parent)?
        {
            return Ok(Err(ParentFault::Own(why)));
        }
        *typed = parent_stored(parent);
        Ok(Ok(()))
    }

    /// Records what a row says.
    fn record(
        &mut self,
        entry: PartnerEntry,
        named: &NamedPartner,
        resolved: &Resolved,
    ) -> anyhow::Result<()> {
        let line = entry.line;
        match resolved {
            Resolved::Repeated { why, .. } => Ok(self.recording.reject(line, named, why.as_str())?),
            Resolved::Removed => {
                self.recording.counts().passed_over += 1;
                Ok(())
            }
            Resolved::New { key } => {
                if let Some(taken) = self.taken(&entry)? {
                    return Ok(self.recording.reject(line, named, taken)?);
                }
                if let Some(Target::Stage(stage)) = entry.stage.as_deref() {
                    let program = &self.in_force.program;
                    let stage = program.stage(stage);
                    if let Err(why) = beginning(program, &named.name, &entry.details.attributes, stage) {
                        return Ok(self.recording.reject(line, named, why.to_string())?);
                    }
                }
                let subject = self.recording.importer.next_partner();
                let key = entry.key.clone().unwrap_or_else(|| key.clone());
                let events = self.new_partner(entry, key);
                let history = History { subject, events: Vec::new() };
                if self.record_events(history, events, (line, named))? {
                    self.recording.counts().new_partners += 1;
                }
                Ok(())
            }
            Resolved::Known(id) => self.bring_up_to_date(*id, entry, named),
        }
    }

    /// Records what a row changes of a known partner, and keeps what it says otherwise that stays.
    fn bring_up_to_date(
        &mut self,
        id: PartnerId,
        mut entry: PartnerEntry,
        named: &NamedPartner,
    ) -> anyhow::Result<()> {
        let (line, today) = (entry.line, self.reader.today);
        let history = self.recording.importer.history(id)?;
        let folded = history.fold(&self.in_force.aliases, None);
        let Some(partner) = folded.partner() else { return Ok(()) };
        if let Some(why) = ambiguous_wish(partner, &entry.details) {
            return Ok(self.recording.reject(line, named, why)?);
        }
        let is_placed = !partner.stays.is_empty();
        self.stages_left_alone += u64::from(entry.stage.is_some() && is_placed);
        if let Some(kept) = other_exit(partner, &entry) {
            self.recording.keep_text(line, named, KeptText::Exit(kept));
        }
        let changed = self.known_partner(partner, &history, &mut entry)?;
        let details = self.changed_details(partner, &changed.together(), line)?;
        let placed = first_move(&entry, today).filter(|_| !is_placed);
        let edits = changed.by_day(partner, today).map(|(day, edited)| (day, edited.into()));
        let events: Vec<(Day, Event)> = edits.chain(placed).collect();
        if events.is_empty() {
            self.recording.counts().known += 1;
        } else if self.record_events(history.clone(), events, (line, named))? {
            self.recording.tally.imported.changes.extend(details);
        }
        Ok(())
    }

    /// Records the events of a row, if they contradict nothing, and returns whether they were.
    fn record_events(
        &mut self,
        history: History,
        events: Vec<(Day, Event)>,
        (line, named): (u64, &NamedPartner),
    ) -> anyhow::Result<bool> {
        let (count, subject) = (events.len() as u64, history.subject);
        let is_recorded = self.recording.record_lines(history, events, &[line], named)?;
        if is_recorded {
            self.recording.counts().events += count;
            self.families.keep(line, subject);
        }
        Ok(is_recorded)
    }

    /// Returns why a new partner cannot have the key or a reference of its row.
    fn taken(&self, entry: &PartnerEntry) -> anyhow::Result<Option<String>> {
        for name in entry.key.iter().chain(&entry.details.references) {
            if let Some(id) = self.writer.reader().partner_named(name)? {
                let other = self.writer.reader().lookup(id)?;
                return Ok(Some(format!("`{name}` already belongs to {}", other.name)));
            }
        }
        Ok(None)
    }

    fn new_partner(&self, mut entry: PartnerEntry, key: String) -> Vec<(Day, Event)> {
        let PartnerReader { observed, today, .. } = *self.reader;
        let first = entry.since.unwrap_or(today);
        let watched = observed.and_then(|one| one.resolve(first, entry.observed_from)).unwrap_or(today);
        let name = entry.details.references.first().cloned().unwrap_or_else(|| key.clone());
        entry.details.attributes.entry("name".to_owned()).or_insert(name);
        entry.details.references.retain(|reference| *reference != key);
        let placed = first_move(&entry, today);
        let wish = mail_wish(entry.details.contact.as_ref(), entry.details.opted_out, |_| false);
        let wish = wish.map(|wish| (first, wish.into()));
        let joined = Joined {
            key,
            attributes: entry.details.attributes,
            references: entry.details.references,
            contacts: entry.details.contact.into_iter().collect(),
            observed_from: watched,
            // The file says where partners stood, not what of milestones and reports was done before.
            imported: observed.is_some().then_some(today).filter(|today| *today > watched),
        };
        [(first, joined.into())].into_iter().chain(wish).chain(placed).collect()
    }

    /// Returns what the row changes of an existing partner, and keeps what it says otherwise that stays.
    fn known_partner(
        &mut self,
        partner: &Partner,
        history: &History,
        entry: &mut PartnerEntry,
    ) -> anyhow::Result<RowChanges> {
        let PartnerReader { observed, today, .. } = *self.reader;
        let unplaced = partner.stays.is_empty();
        let details = &mut entry.details;
        let typed = details.clone();
        details.meet(partner);
        let mut changed = changes(partner, details);
        if !changed.is_empty() {
            *details = typed;
            let imported = imported_events(self.writer.reader(), history)?;
            let recorded = DetailHistory::of(history, partner, &self.in_force.aliases, &imported);
            let kept = details.leave_standing(partner, &recorded);
            self.keep(partner, entry.line, kept)?;
            changed = changes(partner, &entry.details);
        }
        let watched = observed
            .filter(|_| unplaced && entry.stage.is_some())
            .and_then(|one| one.resolve(entry.since.unwrap_or(today), entry.observed_from));
        changed.edited.observed_from = watched.filter(|day| *day < partner.observed_from);
        Ok(changed)
    }

    /// Keeps details that a row gives otherwise and that stay.
    fn keep(&mut self, partner: &Partner, line: u64, kept: Vec<KeptDetail>) -> anyhow::Result<()> {
        for mut one in kept {
            if let KeptDetail::Values { field, recorded, given, .. } = &mut one
                && field == PARENT
                && self.in_force.program.has_parents()
            {
                for value in recorded.iter_mut().chain(given) {
                    *value = self.named_parent(value)?;
                }
            }
            self.recording.keep_detail(line, partner, &one);
        }
        Ok(())
    }

    /// Returns the key of a parent from how it is stored.
    fn named_parent(&self, stored: &str) -> anyhow::Result<String> {
        match parent_number(stored) {
            Some(id) => Ok(self.writer.reader().lookup(id)?.key),
            None => Ok(stored.to_owned()),
        }
    }

    /// Returns each detail that changes, parents by their keys.
    fn changed_details(
        &self,
        partner: &Partner,
        edited: &Edited,
        line: u64,
    ) -> anyhow::Result<Vec<ChangedDetail>> {
        let mut all = changed_details(partner, edited, line);
        if self.in_force.program.has_parents() {
            for one in all.iter_mut().filter(|one| one.field == PARENT) {
                for value in one.from.iter_mut().chain(&mut one.to) {
                    *value = self.named_parent(value)?;
                }
            }
        }
        Ok(all)
    }
}

/// Returns that a partner left or was parked, on the day of the row, for another reason than the row gives.
fn other_exit(partner: &Partner, entry: &PartnerEntry) -> Option<KeptReason> {
    let stay = partner.current().filter(|stay| Some(stay.entered) == entry.since)?;
    let is_same = match (entry.stage.as_deref()?, &stay.standing) {
        (Target::Parked, Standing::Parked { .. }) => true,
        (Target::Left(given), Standing::Left { label, .. }) => given == label,
        _ => false,
    };
    other_reason(partner, stay.event, entry.because.as_deref().filter(|_| is_same)?)
}

/// Returns the events of a history that say who the partner is and that files brought.
fn imported_events(reader: &Reader, history: &History) -> anyhow::Result<BTreeSet<i64>> {
    let mut imported = BTreeSet::new();
    for one in history.events.iter().filter(|one| is_of_details(&one.event)) {
        if reader.words_of(one.number)?.is_some_and(|words| is_import(&words)) {
            imported.insert(one.number);
        }
    }
    Ok(imported)
}

/// Returns that a partner is first known in its stage, or as parked or left.
fn first_move(entry: &PartnerEntry, today: Day) -> Option<(Day, Event)> {
    let target = entry.stage.as_deref()?;
    let because = entry.because.as_deref().cloned().unwrap_or_default();
    Some((entry.since.unwrap_or(today), placed(target, &because, entry.since.is_none())))
}
