//! The whole file as text: a line for each action and for each of its events, in the order of recording.
//!
//! Every line is a JSON object. The first one says what the text is and which version of this form; an action comes
//! before its events, and answers that nobody has recorded yet come last. What happens later only adds lines (before
//! those answers), so that two versions of the text differ by what was recorded between them.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::{BufRead, Write};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::text::is_hidden;
use crate::lifecycle::event::PartnerId;
use crate::store::{
    ActionKind, Checked, Damage, HIGHEST_NUMBER, LoggedEvent, Reader, RecordedAction, SavedDraft, Writer,
    damaged,
};
use crate::text::exported::{ExportedFault, ExportedMisfit, LineMisfit};

/// The version of the form that is written, and the newest that is read.
const VERSION: i64 = 1;

/// What the first line says of a text with everything, and of one with a single partner.
const FILE: &str = "file";
const PARTNER: &str = "partner";

/// What stands for the words of an action about several partners, if one of them is handed over.
const SEVERAL: &str = "(about several partners)";

/// The longest line, in bytes: far more than any event has.
const LONGEST_LINE: u64 = 1 << 24;

/// One line: what the text is, an action, an event, or a draft; the parts of the others are left out.
#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct TextLine<'l> {
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    chanlife: Option<Cow<'l, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<i64>,
    /// Of a sale that is kept in one row with others: the number of the first of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<i64>,
    /// Who answered a questionnaire without recording it.
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    draft: Option<Cow<'l, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    partner: Option<PartnerId>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    questionnaire: Option<Cow<'l, str>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    key: Option<Cow<'l, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recorded_on: Option<Day>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    recorded_at: Option<Cow<'l, str>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    actor: Option<Cow<'l, str>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    words: Option<Cow<'l, str>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    said: Option<Cow<'l, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    day: Option<Day>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    kind: Option<Cow<'l, str>>,
    /// Of an undo or a redo: of which action.
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<i64>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    body: Option<&'l RawValue>,
    /// SHA-256 over the action and its events, hexadecimal.
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    checksum: Option<Cow<'l, str>>,
}

/// Writes everything that the file holds.
///
/// # Errors
/// Fails if the file can't be read or holds an event that is no JSON.
pub(crate) fn write_all(reader: &Reader, out: &mut Vec<u8>) -> anyhow::Result<()> {
    let head = TextLine { chanlife: Some(FILE.into()), version: Some(VERSION), ..TextLine::default() };
    write_line(&head, out)?;
    reader.each_action(|action, rows| write_action(&action, rows, out))?;
    for draft in reader.all_drafts()? {
        write_draft(&draft, out)?;
    }
    Ok(())
}

/// Writes everything that the file holds of one partner, and of those merged into it: its own events with the actions
/// that they belong to, what undid them, and drafts.
///
/// # Errors
/// Those of [`write_all`].
pub(crate) fn write_partner(reader: &Reader, partner: PartnerId, out: &mut Vec<u8>) -> anyhow::Result<()> {
    let members = reader.members(partner)?;
    let key = reader.lookup(partner)?.key;
    let head = TextLine {
        chanlife: Some(PARTNER.into()),
        version: Some(VERSION),
        partner: Some(partner),
        key: Some(key.into()),
        ..TextLine::default()
    };
    write_line(&head, out)?;
    let mut touched = BTreeSet::new();
    reader.each_action(|mut action, mut rows| {
        let all = rows.len();
        rows.retain(|row| row.partner.is_some_and(|one| members.contains(&one)));
        let reverses = action.kind.target().is_some_and(|target| touched.contains(&target));
        if rows.is_empty() && !reverses {
            return Ok(());
        }
        touched.insert(action.id);
        if rows.len() < all {
            // Its words name others too.
            SEVERAL.clone_into(&mut action.words);
            if !action.said.is_empty() {
                SEVERAL.clone_into(&mut action.said);
            }
        }
        write_action(&action, rows, out)
    })?;
    for draft in reader.all_drafts()?.iter().filter(|draft| members.contains(&draft.partner)) {
        write_draft(draft, out)?;
    }
    Ok(())
}

fn write_action(action: &RecordedAction, rows: Vec<LoggedEvent>, out: &mut Vec<u8>) -> anyhow::Result<()> {
    let mut checksum = String::new();
    action.checksum.iter().for_each(|byte| checksum.push_str(&format!("{byte:02x}")));
    let line = TextLine {
        action: Some(action.id),
        recorded_on: Some(action.recorded_on),
        recorded_at: Some(Cow::from(&action.recorded_at)),
        actor: Some(Cow::from(&action.actor)),
        words: Some(Cow::from(&action.words)),
        said: Some(Cow::from(&action.said)),
        kind: Some(action.kind.word().into()),
        target: action.kind.target(),
        checksum: Some(checksum.into()),
        ..TextLine::default()
    };
    write_line(&line, out)?;
    for row in rows {
        let first = row.number;
        for event in row.each()? {
            let body: &RawValue = serde_json::from_str(&event.body)
                .map_err(|error| damaged(Damage::NotJson { event: event.number, why: error.to_string() }))?;
            let line = TextLine {
                event: Some(event.number),
                row: Some(first).filter(|first| *first != event.number),
                partner: event.partner,
                day: Some(event.day),
                kind: Some(Cow::from(&event.kind)),
                body: Some(body),
                ..TextLine::default()
            };
            write_line(&line, out)?;
        }
    }
    Ok(())
}

fn write_draft(draft: &SavedDraft, out: &mut Vec<u8>) -> anyhow::Result<()> {
    let line = TextLine {
        draft: Some(Cow::from(&draft.actor)),
        partner: Some(draft.partner),
        questionnaire: Some(Cow::from(&draft.questionnaire)),
        body: Some(serde_json::from_str(&draft.answers)?),
        ..TextLine::default()
    };
    write_line(&line, out)
}

fn write_line(line: &TextLine, out: &mut Vec<u8>) -> anyhow::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")?;
    Ok(())
}

/// Reads a text that [`write_all`] wrote into a file without a history, and checks all that it brings.
///
/// # Errors
/// [`Error`] that names the line, or the action whose checksum does not fit its events.
pub fn read_all(writer: &Writer, name: &str, mut input: impl BufRead) -> anyhow::Result<Checked> {
    let mut reader =
        TextReader { writer, name, action: None, rows: Vec::new(), next_action: 1, next_event: 1 };
    let mut bytes = Vec::new();
    for number in 1.. {
        bytes.clear();
        let length = std::io::Read::take(&mut input, LONGEST_LINE)
            .read_until(b'\n', &mut bytes)
            .map_err(|error| reader.bad_line(number, LineMisfit::Unreadable { why: error.to_string() }))?;
        if length == 0 {
            break;
        }
        if length as u64 == LONGEST_LINE {
            return Err(reader.bad_line(number, LineMisfit::TooLong { bytes: LONGEST_LINE }).into());
        }
        let line: TextLine = serde_json::from_slice(&bytes)
            .map_err(|error| reader.bad_line(number, LineMisfit::NotALine { why: error.to_string() }))?;
        if let Some(character) = hidden(&line) {
            return Err(reader.bad_line(number, LineMisfit::Hidden { character }).into());
        }
        let fault = if number == 1 { fault_of_head(&line) } else { reader.take(&line)? };
        if let Some(why) = fault {
            return Err(reader.bad_line(number, why).into());
        }
    }
    reader.finish_action()?;
    if reader.next_action == 1 {
        return Err(reader.fault(ExportedMisfit::NoAction).into());
    }
    let checked = writer.complete()?;
    match checked.findings.first() {
        None => Ok(checked),
        Some(finding) => Err(reader.fault(ExportedMisfit::DoesNotAddUp(finding.clone())).into()),
    }
}

/// Finds a character that can't be seen, in a text that reports may show. Programs are text files, and can have any.
fn hidden(line: &TextLine) -> Option<char> {
    let texts = [&line.actor, &line.words, &line.said].into_iter().flatten().map(Cow::as_ref);
    let is_hidden = |c: &char| is_hidden(*c) && !['\n', '\t', '\r'].contains(c);
    let found = texts.flat_map(str::chars).find(is_hidden);
    if found.is_some() || line.kind.as_deref() == Some("program") {
        return found;
    }
    let mut waiting: Vec<serde_json::Value> =
        line.body.and_then(|body| serde_json::from_str(body.get()).ok()).into_iter().collect();
    while let Some(value) = waiting.pop() {
        match value {
            serde_json::Value::String(text) => {
                if let Some(found) = text.chars().find(is_hidden) {
                    return Some(found);
                }
            }
            serde_json::Value::Array(items) => waiting.extend(items),
            serde_json::Value::Object(parts) => {
                for (key, value) in parts {
                    waiting.extend([serde_json::Value::String(key), value]);
                }
            }
            _ => {}
        }
    }
    None
}

/// Why the first line is not that of a whole file; nothing if it is.
fn fault_of_head(line: &TextLine) -> Option<LineMisfit> {
    match (line.chanlife.as_deref(), line.version) {
        (Some(FILE), Some(version)) if version <= VERSION => None,
        (Some(FILE), Some(version)) => Some(LineMisfit::NewerVersion { version, known: VERSION }),
        (Some(PARTNER), _) => Some(LineMisfit::OnePartner),
        _ => Some(LineMisfit::NotAFile),
    }
}

/// A text on its way in, with the action whose events are still coming.
struct TextReader<'w> {
    writer: &'w Writer<'w>,
    name: &'w str,
    action: Option<RecordedAction>,
    rows: Vec<Vec<LoggedEvent>>,
    next_action: i64,
    next_event: i64,
}

impl TextReader<'_> {
    fn fault(&self, why: ExportedMisfit) -> Error {
        Error::input(ExportedFault { name: self.name.to_owned(), why })
    }

    fn bad_line(&self, line: u64, why: LineMisfit) -> Error {
        self.fault(ExportedMisfit::Line { line, why })
    }

    /// Takes a line behind the first; returns why it can't be taken, if it can't.
    fn take(&mut self, line: &TextLine) -> anyhow::Result<Option<LineMisfit>> {
        if line.action.is_some() {
            self.finish_action()?;
            let Some(action) = action(line) else { return Ok(Some(LineMisfit::Incomplete)) };
            if action.id != self.next_action {
                let (action, next) = (action.id, self.next_action);
                return Ok(Some(LineMisfit::WrongAction { action, next }));
            }
            self.next_action += 1;
            self.action = Some(action);
        } else if let Some(number) = line.event {
            let Some(action) = self.action.as_ref().map(|action| action.id) else {
                return Ok(Some(LineMisfit::EventWithoutAction));
            };
            let Some(event) = event(line, number, action) else { return Ok(Some(LineMisfit::Incomplete)) };
            return Ok(self.take_event(event, line.row).err());
        } else if let (Some(actor), Some(partner), Some(questionnaire), Some(answers)) =
            (&line.draft, line.partner, &line.questionnaire, line.body)
        {
            self.finish_action()?;
            self.writer.keep_draft(actor, partner, questionnaire, answers.get())?;
        } else {
            return Ok(Some(LineMisfit::Incomplete));
        }
        Ok(None)
    }

    /// Puts an event to its action; `row` is the first of those that are kept in one row with it.
    fn take_event(&mut self, event: LoggedEvent, row: Option<i64>) -> Result<(), LineMisfit> {
        let number = event.number;
        if number != self.next_event {
            return Err(LineMisfit::WrongEvent { event: number, next: self.next_event });
        }
        let count = event.count().ok().filter(|count| number.saturating_add(*count) <= HIGHEST_NUMBER);
        let count = count.ok_or(LineMisfit::Undecodable)?;
        self.next_event += count;
        match (row, self.rows.last_mut()) {
            (None, _) => self.rows.push(vec![event]),
            (Some(row), Some(rows)) if rows.first().is_some_and(|first| first.number == row) => {
                rows.push(event);
            }
            _ => return Err(LineMisfit::WrongRow),
        }
        Ok(())
    }

    /// Writes the action that is complete by now, if there is one.
    fn finish_action(&mut self) -> anyhow::Result<()> {
        let Some(mut action) = self.action.take() else { return Ok(()) };
        let rows = std::mem::take(&mut self.rows);
        let first = rows.first().and_then(|row| Some(row.first()?.number));
        action.events = first.map(|first| (first, self.next_event - 1));
        let rows: Vec<LoggedEvent> = rows.into_iter().map(LoggedEvent::joined).collect::<Result<_, _>>()?;
        Ok(self.writer.adopt(&action, &rows)?)
    }
}

/// The action of a line; nothing if a part is missing or no such action can be.
fn action(line: &TextLine) -> Option<RecordedAction> {
    let text = |part: &Option<Cow<str>>| Some(part.as_ref()?.clone().into_owned());
    let id = line.action?;
    let hex = line.checksum.as_deref()?;
    let byte = |at: usize| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok();
    Some(RecordedAction {
        id,
        recorded_on: line.recorded_on?,
        recorded_at: text(&line.recorded_at)?,
        actor: text(&line.actor)?,
        words: text(&line.words)?,
        said: text(&line.said)?,
        kind: ActionKind::of_action(id, line.kind.as_deref()?, line.target)?,
        events: None,
        checksum: (0..hex.len()).step_by(2).map(byte).collect::<Option<_>>()?,
    })
}

fn event(line: &TextLine, number: i64, action: i64) -> Option<LoggedEvent> {
    Some(LoggedEvent {
        number,
        action,
        partner: Some(line.partner)
            .filter(|partner| partner.is_none_or(|one| (1..HIGHEST_NUMBER).contains(&one)))?,
        day: line.day?,
        kind: line.kind.clone()?.into_owned(),
        body: line.body?.get().to_owned(),
    })
}
