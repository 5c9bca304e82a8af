//! `import stages`: one row per change, partner, stage and day.

use crate::import::named_partners::{NamedPartners, Resolved};
use crate::import::rejects::{Rejects, contradiction};
use crate::import::rows_by_partner::{Incoming, RowsByPartner};
use crate::import::runner::{OfPartner, Runner, Taken};
use crate::import::sources::csv::{Fields, SourceRow, SourceTable};
use crate::import::stage_names::{IGNORE, PARKED, StageNames};
use crate::import::{ImportSource, Imported, ObservedFrom};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::text::counted;
use crate::lifecycle::event::Event;
use crate::lifecycle::partner::{Edited, Joined};
use crate::lifecycle::program::Aliases;
use crate::lifecycle::rule::History;
use crate::lifecycle::stage::LeftAs;
use crate::lifecycle::stage::imported;
use crate::lifecycle::stage::{Move, Target};
use crate::report::import::Counts;
use crate::store::{Importer, InForce, Keep, NewEvent, Stamp, Store};

const FIELDS: [&str; 3] = ["partner", "stage", "entered_on"];

/// Imports a stage history as one action.
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
    let unsaid = || Error::input("from which day on the file has all partners was not said");
    let observed = observed_from.ok_or_else(unsaid)?;
    let mut words = store.read(|reader| {
        let in_force = reader.program_now()?;
        Ok(StageNames::new(&in_force.program, &in_force.aliases, &stages)?)
    })?;
    let headers: Vec<&str> = observed.header().into_iter().collect();
    let fields = Fields { required: &FIELDS, optional: &[], headers: &headers, synonyms: &[] };
    let table = SourceTable::open(input, delimiter, &mapping, &fields)?;
    let mut gathered = RowsByPartner::default();
    intake
        .take(table, |row, subjects| read_row(row, &mut words, &observed, today, subjects, &mut gathered))?;
    intake.heed(&words);
    let import =
        |of_partner: OfPartner, importer: &mut Importer, counts: &mut Counts, rejects: &mut Rejects| {
            import_partner(of_partner, &observed, importer, counts, rejects)
        };
    intake.import_each(gathered, store, stamp, keep, import, |outcome, name| {
        let Counts { events, new_partners, .. } = outcome.counts;
        let (moves, partners) = (counted(events, "move"), counted(new_partners, "new partner"));
        format!("Imported {moves} from {name}, {partners}")
    })
}

fn read_row(
    row: &SourceRow,
    words: &mut StageNames,
    observed: &ObservedFrom,
    today: Day,
    subjects: &mut NamedPartners,
    gathered: &mut RowsByPartner,
) -> Result<Taken, String> {
    let subject = subjects.number(row.get("partner"), row.line)?;
    let what = words.find(row.get("stage").ok_or("names no stage")?)?;
    let (day, moment) = row.past_day("entered_on", today)?;
    let observed_from = observed.in_row(row)?;
    if let (Some(said), Some(subject)) = (observed_from, subjects.get_mut(subject)) {
        match subject.observed_from {
            Some(other) if other != said => {
                return Err(format!("says observed from {said}, and an earlier row of the partner {other}"));
            }
            _ => subject.observed_from = Some(said),
        }
    }
    if what == IGNORE {
        return Ok(Taken::PassedOver);
    }
    gathered.take(subject, (day, moment), row.line, 0, &[&what]);
    Ok(Taken::Row)
}

fn import_partner(
    of_partner: OfPartner,
    observed: &ObservedFrom,
    importer: &mut Importer,
    counts: &mut Counts,
    rejects: &mut Rejects,
) -> anyhow::Result<()> {
    let OfPartner { in_force: InForce { program, aliases, .. }, subject, resolved, rows } = of_partner;
    let name = &subject.name;
    let history = match resolved {
        Resolved::Known(id) => importer.history(*id)?,
        _ => History { subject: importer.next_partner(), events: Vec::new() },
    };
    let moves: Vec<Move> = rows.iter().map(as_move).collect();
    let reading = imported(program, aliases, &history, &moves);
    counts.known += reading.known as u64;
    counts.passed_over += reading.repeated as u64;
    for (line, why) in &reading.rejected {
        rejects.add(*line, name, why)?;
    }
    let Some((first, _)) = reading.events.first() else {
        return Ok(());
    };
    let Some(watched) = observed.resolve(*first, subject.observed_from) else {
        return Ok(rejects.add(subject.line, name, "has no day in the column of --observed-from")?);
    };
    let begins = match resolved {
        Resolved::New { key } => Some(joined(key, name, watched)),
        _ => watched_earlier(&history, aliases, watched),
    };
    let new = |(day, event)| NewEvent { partner: Some(history.subject), day, event };
    let begins = begins.map(|event| (*first, event));
    let events: Vec<NewEvent> = begins.into_iter().chain(reading.events).map(new).collect();
    let is_new = history.events.is_empty();
    match importer.record(history, &events)? {
        Ok(()) => {
            counts.events += reading.lines.len() as u64;
            counts.new_partners += u64::from(is_new);
        }
        Err(conflict) => rejects.add_all(reading.lines, name, &contradiction(&conflict))?,
    }
    Ok(())
}

/// Says so where a known partner turns out to be watched since an earlier day.
fn watched_earlier(history: &History, aliases: &Aliases, watched: Day) -> Option<Event> {
    let before = history.fold(aliases, None).partner()?.observed_from;
    let edited = Edited { observed_from: Some(watched), ..Edited::default() };
    (watched < before).then(|| edited.into())
}

fn joined(key: &str, name: &str, observed_from: Day) -> Event {
    let references = if name == key { Vec::new() } else { vec![name.to_owned()] };
    let attributes = [("name".to_owned(), name.to_owned())].into();
    Joined { key: key.to_owned(), attributes, references, contacts: Vec::new(), observed_from }.into()
}

fn as_move(row: &Incoming) -> Move {
    let [what] = row.texts();
    let to = match what {
        PARKED => Target::Parked,
        word => match LeftAs::from_word(word) {
            Some(label) => Target::Left(label),
            None => Target::Stage(word.to_owned()),
        },
    };
    Move { line: row.line, day: row.day, to }
}
