//! `import stages`: one row per change, partner, stage and day.

use std::rc::Rc;

use crate::import::named_partners::{NamedPartners, Resolved};
use crate::import::reason_names::ExitReasonNames;
use crate::import::rows_by_partner::PartnerRow;
use crate::import::runner::{OfPartner, Recording, Runner};
use crate::import::sources::csv::{SourceRow, SourceTable};
use crate::import::stage_names::StageNames;
use crate::import::{ImportSource, Imported, ObservedFrom};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::event::Event;
use crate::lifecycle::facts::{Facts, PartnerFacts};
use crate::lifecycle::partner::{Edited, Joined};
use crate::lifecycle::program::{Aliases, Program};
use crate::lifecycle::rule::History;
use crate::lifecycle::stage::{
    ExitKind, ImportedReason, Move, Target, imported, refuse_foreign, refuse_unfit_reason,
};
use crate::store::InForce;
use crate::text::imports::KeptText;

/// Imports a stage history as one action.
///
/// # Errors
/// Those of the file, and rows that cannot be used; then nothing is imported.
pub(super) fn import(mut runner: Runner, source: ImportSource) -> anyhow::Result<Imported> {
    let ImportSource { input, delimiter, mapping, stages, reasons, observed_from, today, .. } = source;
    let unsaid = || Error::input("the period that the file covers is missing");
    let observed = observed_from.ok_or_else(unsaid)?;
    let (mut names, mut reasons) = runner.store.read(|reader| {
        let in_force = reader.program_now()?;
        let names = StageNames::new(&in_force.program, &in_force.aliases, &stages)?;
        Ok((names, ExitReasonNames::new(&in_force.program, &reasons)?))
    })?;
    let mut fields = runner.fields();
    fields.headers.extend(observed.header());
    let table = SourceTable::open(input, delimiter, &mapping, &fields)?;
    let rows = runner
        .gather(table, |row, partners| read(row, (&mut names, &mut reasons), &observed, today, partners))?;
    runner.tally.heed(&names, &reasons);
    runner.import_each(rows, |of, recording| import_partner(&of, &observed, today, recording))
}

fn read(
    row: &SourceRow,
    (names, reasons): (&mut StageNames, &mut ExitReasonNames),
    observed: &ObservedFrom,
    today: Day,
    partners: &mut NamedPartners,
) -> Result<Option<PartnerRow<StageRow>>, String> {
    let partner = partners.number(row.get("partner"), row.line)?;
    let target = names.find(row.get("stage").ok_or("has no stage")?)?;
    let (day, moment) = row.past_day("entered_on", today)?;
    let observed_from = observed.in_row(row)?;
    if let (Some(said), Some(named)) = (observed_from, partners.numbered_mut(partner)) {
        match named.observed_from {
            Some(other) if other != said => {
                return Err(format!(
                    "is observed from {said}, but an earlier row of the partner from {other}"
                ));
            }
            _ => named.observed_from = Some(said),
        }
    }
    let Some(target) = target else { return Ok(None) };
    let because = because(row, Some(&target), reasons, |_| true)?;
    let says = StageRow { target, because };
    Ok(Some(PartnerRow { partner, day, moment, line: row.line, says }))
}

/// What a row says: where the partner went, and perhaps why.
#[derive(Clone)]
struct StageRow {
    target: Rc<Target>,
    because: Option<Rc<ImportedReason>>,
}

/// Reads why a partner left or was parked; a row that enters a stage has no reason. A column can mean something else.
///
/// # Errors
/// A reason that the program does not have.
pub(super) fn because(
    row: &SourceRow,
    target: Option<&Target>,
    reasons: &mut ExitReasonNames,
    is_meant: impl Fn(&str) -> bool,
) -> Result<Option<Rc<ImportedReason>>, String> {
    let has = |column: &str| is_meant(column) && row.get(column).is_some();
    if let Some(Target::Stage(_)) = target {
        reasons.unneeded += usize::from(has("why") || has("reason"));
        return Ok(None);
    }
    if target.is_none() {
        return Ok(None);
    }
    let why = row.get("why").filter(|_| is_meant("why"));
    let why = why.map(|word| reasons.find(word)).transpose()?.flatten();
    let reason = row.prose("reason")?.filter(|_| is_meant("reason"));
    let given = ImportedReason { why, reason };
    Ok(Some(given).filter(|given| *given != ImportedReason::default()).map(Rc::new))
}

fn import_partner(
    of: &OfPartner<StageRow>,
    observed: &ObservedFrom,
    today: Day,
    recording: &mut Recording,
) -> anyhow::Result<()> {
    let OfPartner { in_force: InForce { program, aliases, .. }, named, resolved, rows } = of;
    let history = match resolved {
        Resolved::Known(id) => recording.importer.history(*id)?,
        _ => History { subject: recording.importer.next_partner(), events: Vec::new() },
    };
    let as_move = |row: &PartnerRow<StageRow>| {
        let StageRow { target, because } = &row.says;
        let because = because.as_deref().cloned().unwrap_or_default();
        Move { line: row.line, day: row.day, to: (**target).clone(), because }
    };
    let mut moves = Vec::new();
    for row in *rows {
        match refuse_other_stage(of.in_force, &history, row.day, &row.says) {
            Ok(()) => moves.push(as_move(row)),
            Err(why) => recording.reject(row.line, named, why.to_string())?,
        }
    }
    let reading = imported(program, aliases, &history, &moves);
    recording.counts().known += reading.known as u64;
    recording.counts().passed_over += reading.repeated as u64;
    for (line, kept) in reading.kept {
        recording.keep_text(line, named, KeptText::Exit(kept));
    }
    for (line, why) in reading.rejected {
        recording.reject(line, named, why.sentence())?;
    }
    let Some((first, _)) = reading.events.first() else {
        return Ok(());
    };
    let Some(watched) = observed.resolve(*first, named.observed_from) else {
        return Ok(recording.reject(named.line, named, "has no date in the column of --observed-from")?);
    };
    let begins = match resolved {
        Resolved::New { key } => {
            Some(joined(key, &named.name, watched, Some(today).filter(|today| *today > watched)))
        }
        _ => watched_earlier(&history, aliases, watched),
    };
    let begins = begins.map(|event| (*first, event));
    let events: Vec<(Day, Event)> = begins.into_iter().chain(reading.events).collect();
    let is_new = history.events.is_empty();
    if recording.record_lines(history, events, &reading.lines, named)? {
        recording.counts().events += reading.lines.len() as u64;
        recording.counts().new_partners += u64::from(is_new);
    }
    Ok(())
}

/// Refuses a reason that is not one for this exit.
///
/// # Errors
/// Those of [`refuse_unfit_reason`].
pub(super) fn refuse_other_reason(
    program: &Program,
    target: &Target,
    because: Option<&ImportedReason>,
) -> Result<(), Error> {
    let exit = match target {
        Target::Stage(_) => return Ok(()),
        Target::Parked => ExitKind::Parked,
        Target::Left(label) => ExitKind::Left(*label),
    };
    let why = because.and_then(|because| because.why.as_deref());
    why.map_or(Ok(()), |why| refuse_unfit_reason(program, why, exit))
}

/// Refuses a stage that does not apply to a known partner as it is on the day, unless it is in it.
fn refuse_other_stage(in_force: &InForce, history: &History, day: Day, says: &StageRow) -> Result<(), Error> {
    let InForce { program, aliases, .. } = in_force;
    refuse_other_reason(program, &says.target, says.because.as_deref())?;
    let Target::Stage(key) = &*says.target else { return Ok(()) };
    let Some(stage) = program.stage(key).filter(|stage| !stage.applies.is_everyone()) else { return Ok(()) };
    let folded = history.fold(aliases, Some(day));
    let Some(partner) = folded.partner() else { return Ok(()) };
    let facts = PartnerFacts { program, partner, day };
    if facts.stage() == Some(key.as_str()) { Ok(()) } else { refuse_foreign(facts, stage) }
}

/// Returns the event that a known partner is observed from an earlier day, if it is.
fn watched_earlier(history: &History, aliases: &Aliases, watched: Day) -> Option<Event> {
    let before = history.fold(aliases, None).partner()?.observed_from;
    let edited = Edited { observed_from: Some(watched), ..Edited::default() };
    (watched < before).then(|| edited.into())
}

fn joined(key: &str, name: &str, observed_from: Day, imported: Option<Day>) -> Event {
    let references = if name == key { Vec::new() } else { vec![name.to_owned()] };
    let attributes = [("name".to_owned(), name.to_owned())].into();
    let (key, contacts) = (key.to_owned(), Vec::new());
    Joined { key, attributes, references, contacts, observed_from, imported }.into()
}
