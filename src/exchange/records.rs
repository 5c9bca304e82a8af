//! `import actions`, `reviews` and `care`: rows that are each one event of a partner that is there.

use super::backing_rows::{day, prose};
use super::gathered::Gathered;
use super::intake::{Intake, NO_PARTNER, OfPartner, Taken};
use super::rejects::{Rejects, contradiction};
use super::rows::{Fields, Row, Table};
use super::subjects::Resolved;
use super::{Outcome, Source};
use crate::domain::day::Day;
use crate::domain::event::{Decided, DecidedAs, Event, Improving, Recorded, Reviewed, Tasked, Watched};
use crate::domain::period::{Every, Period};
use crate::domain::program::Program;
use crate::domain::text::{self, counted};
use crate::report::import::Counts;
use crate::store::{Importer, Keep, NewEvent, Stamp, Store};

type Read = fn(&Row, &Program, Day) -> Result<Event, String>;

/// Imports actions of plans, and of improvement plans where a row names no period.
///
/// # Errors
/// [`super::BadInput`] and [`super::Rejected`] for what the file has wrong; then nothing is imported.
pub fn import_actions(
    store: &mut Store,
    stamp: &Stamp,
    source: Source,
    keep: Keep,
) -> anyhow::Result<Outcome> {
    let fields = Fields {
        required: &["partner", "what", "due", "on"],
        optional: &["owner", "period"],
        headers: &[],
        synonyms: &[],
    };
    import(store, stamp, source, keep, (&fields, action, "action"))
}

/// Imports business reviews.
///
/// # Errors
/// Those of [`import_actions`].
pub fn import_reviews(
    store: &mut Store,
    stamp: &Stamp,
    source: Source,
    keep: Keep,
) -> anyhow::Result<Outcome> {
    let fields =
        Fields { required: &["partner", "period", "on"], optional: &["text"], headers: &[], synonyms: &[] };
    import(store, stamp, source, keep, (&fields, review, "review"))
}

/// Imports what was done about partners that did not perform.
///
/// # Errors
/// Those of [`import_actions`].
pub fn import_care(store: &mut Store, stamp: &Stamp, source: Source, keep: Keep) -> anyhow::Result<Outcome> {
    let fields = Fields {
        required: &["partner", "step", "on"],
        optional: &["until", "reason"],
        headers: &[],
        synonyms: &[],
    };
    import(store, stamp, source, keep, (&fields, care, "step"))
}

fn import(
    store: &mut Store,
    stamp: &Stamp,
    source: Source,
    keep: Keep,
    (fields, read, noun): (&Fields, Read, &str),
) -> anyhow::Result<Outcome> {
    let mut intake = Intake::new(&source);
    let Source { input, delimiter, mapping, today, .. } = source;
    let program = store.read(|reader| Ok(reader.program_now()?.program))?;
    let table = Table::open(input, delimiter, &mapping, fields)?;
    let mut gathered = Gathered::default();
    intake.take(table, |row, subjects| {
        let subject = subjects.number(row.get("partner"), row.line)?;
        let when = row.past_day("on", today)?;
        let event = read(row, &program, today)?;
        gathered.take(subject, when, row.line, 0, &[event.kind(), &event.body()]);
        Ok(Taken::Row)
    })?;
    intake.import_each(gathered, store, stamp, keep, import_partner, |outcome, name| {
        format!("Imported {} from {name}", counted(outcome.counts.events, noun))
    })
}

fn import_partner(
    of_partner: OfPartner,
    importer: &mut Importer,
    counts: &mut Counts,
    rejects: &mut Rejects,
) -> anyhow::Result<()> {
    let OfPartner { subject, resolved, rows, .. } = of_partner;
    let name = &subject.name;
    let Resolved::Known(id) = *resolved else {
        return Ok(rejects.add_all(rows.iter().map(|row| row.line), name, NO_PARTNER)?);
    };
    let history = importer.history(id)?;
    let (mut events, mut lines) = (Vec::new(), Vec::new());
    // As often as a record is known, as often a row that says the same is no news.
    let mut known: Vec<&Recorded> = history.events.iter().collect();
    for row in rows {
        let [kind, body] = row.texts();
        let event = Event::decode(kind, body)?;
        match known.iter().position(|one| one.day == row.day && one.event == event) {
            Some(at) => {
                known.swap_remove(at);
                counts.known += 1;
            }
            None => {
                events.push(NewEvent { partner: Some(id), day: row.day, event });
                lines.push(row.line);
            }
        }
    }
    if events.is_empty() {
        return Ok(());
    }
    match importer.record(history, &events)? {
        Ok(()) => counts.events += lines.len() as u64,
        Err(conflict) => rejects.add_all(lines, name, &contradiction(&conflict))?,
    }
    Ok(())
}

fn action(row: &Row, program: &Program, _today: Day) -> Result<Event, String> {
    let what = prose(row, "what")?.ok_or("says not what is to be done")?;
    let due = day(row, "due")?.ok_or("has no day by which it is due")?;
    let owner = row.get("owner").map(text::name).transpose().map_err(|fault| format!("owner {fault}"))?;
    let plan = row.get("period").map(|label| period(program, label, Every::Year)).transpose()?;
    Ok(Tasked { what, owner, due, plan: plan.map(|year| year.to_string()) }.into())
}

fn review(row: &Row, program: &Program, today: Day) -> Result<Event, String> {
    let quarter = period(program, row.get("period").ok_or("has no period")?, Every::Quarter)?;
    if quarter.first > today {
        return Err(format!("{quarter} has not begun yet"));
    }
    Ok(Reviewed { period: quarter.to_string(), text: prose(row, "text")? }.into())
}

fn care(row: &Row, _program: &Program, _today: Day) -> Result<Event, String> {
    let reason = prose(row, "reason")?;
    let wanted = || reason.clone().ok_or_else(|| "has no reason".to_owned());
    match row.get("step").unwrap_or_default() {
        "watch" => Ok(Watched { reason: wanted()? }.into()),
        "improvement" => {
            let until = day(row, "until")?.ok_or("has no day until which it runs")?;
            Ok(Improving { until, reason }.into())
        }
        "recover" => Ok(Decided { outcome: DecidedAs::Recover, reason: wanted()? }.into()),
        "self-service" => Ok(Decided { outcome: DecidedAs::SelfService, reason: wanted()? }.into()),
        "lower-tier" | "leave" => {
            Err("is a decision that changes more; `chanlife decide` records it".to_owned())
        }
        other => Err(format!("has the step `{other}`, expected watch, improvement, recover or self-service")),
    }
}

fn period(program: &Program, label: &str, every: Every) -> Result<Period, String> {
    let period = program.calendar.parse(label)?;
    let whole = program.calendar.containing(period.first, every);
    let noun = if every == Every::Year { "fiscal year such as 2026" } else { "quarter such as 2026-Q3" };
    whole.filter(|whole| *whole == period).ok_or_else(|| format!("{label} is not a {noun}"))
}
