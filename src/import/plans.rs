//! `import plans`: one row per partner and fiscal year, or quarter, with the revenue wanted.

use std::collections::BTreeMap;

use crate::import::named_partners::{NamedPartners, Resolved};
use crate::import::rejects::{Rejects, contradiction};
use crate::import::rows_by_partner::{Incoming, RowsByPartner};
use crate::import::runner::{NO_PARTNER, OfPartner, Runner, Taken};
use crate::import::sources::csv::{Fields, SourceRow, SourceTable};
use crate::import::{ImportSource, Imported};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::Every;
use crate::lifecycle::base::text;
use crate::lifecycle::base::text::counted;
use crate::lifecycle::event::Event;
use crate::lifecycle::plans::{Agreed, Planned, Sent};
use crate::lifecycle::plans::{BusinessPlan, PlanState, quarters_of, split};
use crate::lifecycle::program::Program;
use crate::report::import::Counts;
use crate::store::{Importer, Keep, NewEvent, Stamp, Store};

const REQUIRED: [&str; 3] = ["partner", "period", "target"];
const OPTIONAL: [&str; 2] = ["agreed-by", "on"];

/// Imports plans as one action.
///
/// # Errors
/// [`Error`] and [`crate::import::RejectedRows`] for what the file has wrong; then nothing is imported.
pub fn import(
    store: &mut Store,
    stamp: &Stamp,
    source: ImportSource,
    keep: Keep,
) -> anyhow::Result<Imported> {
    let mut intake = Runner::new(&source);
    let ImportSource { input, delimiter, mapping, today, .. } = source;
    let program = store.read(|reader| Ok(reader.program_now()?.program))?;
    let fields = Fields { required: &REQUIRED, optional: &OPTIONAL, headers: &[], synonyms: &[] };
    let table = SourceTable::open(input, delimiter, &mapping, &fields)?;
    let mut gathered = RowsByPartner::default();
    intake.take(table, |row, subjects| read(row, &program, today, subjects, &mut gathered))?;
    intake.import_each(gathered, store, stamp, keep, import_partner, |outcome, name| {
        format!("Imported {} of plans from {name}", counted(outcome.counts.events, "row"))
    })
}

fn read(
    row: &SourceRow,
    program: &Program,
    today: Day,
    subjects: &mut NamedPartners,
    gathered: &mut RowsByPartner,
) -> Result<Taken, String> {
    let subject = subjects.number(row.get("partner"), row.line)?;
    let period = program.calendar.parse(row.get("period").ok_or("has no period")?)?;
    let whole = |every| program.calendar.containing(period.first, every).is_some_and(|one| one == period);
    if !whole(Every::Year) && !whole(Every::Quarter) {
        return Err(format!("{period} is neither a fiscal year such as 2026 nor a quarter such as 2026-Q3"));
    }
    let target = program.currency.parse(row.exact("target").unwrap_or_default())?;
    if target < 0 {
        return Err("has a target below nothing".to_owned());
    }
    let by =
        row.get("agreed-by").map(text::name).transpose().map_err(|fault| format!("agreed-by {fault}"))?;
    let when = match row.get("on") {
        Some(_) => row.past_day("on", today)?,
        None => (today, 0),
    };
    gathered.take(subject, when, row.line, target, &[&period.to_string(), &by.unwrap_or_default()]);
    Ok(Taken::Row)
}

/// What the rows of one partner say of one year.
#[derive(Default)]
struct Year {
    whole: Option<i64>,
    quarters: [Option<i64>; 4],
    agreed_by: Option<String>,
    day: Option<Day>,
    lines: Vec<u64>,
}

fn import_partner(
    of_partner: OfPartner,
    importer: &mut Importer,
    counts: &mut Counts,
    rejects: &mut Rejects,
) -> anyhow::Result<()> {
    let OfPartner { in_force, subject, resolved, rows } = of_partner;
    let name = &subject.name;
    let Resolved::Known(id) = *resolved else {
        return Ok(rejects.add_all(rows.iter().map(|row| row.line), name, NO_PARTNER)?);
    };
    let program = &in_force.program;
    let mut years: BTreeMap<Day, Year> = BTreeMap::new();
    for row in &rows {
        if let Err(why) = sort_in(row, program, &mut years) {
            rejects.add(row.line, name, why)?;
        }
    }
    let history = importer.history(id)?;
    let folded = history.fold(&in_force.aliases, None);
    let mut events = Vec::new();
    let mut lines = Vec::new();
    for (starts, year) in years {
        let Some(period) = program.calendar.containing(starts, Every::Year).map(|one| one.to_string()) else {
            continue;
        };
        let known = folded.partner().and_then(|partner| partner.plan(&period)).and_then(BusinessPlan::newest);
        let targets_minor = match year.whole {
            Some(whole) => split(whole),
            None => {
                let before = known.map_or([0; 4], |known| known.targets_minor);
                std::array::from_fn(|at| year.quarters[at].unwrap_or(before[at]))
            }
        };
        let same = known.is_some_and(|known| known.targets_minor == targets_minor);
        let agreed = known.is_some_and(|known| known.state() == PlanState::Active) && same;
        if same && (agreed || year.agreed_by.is_none()) {
            counts.known += year.lines.len() as u64;
            continue;
        }
        let day = year.day.unwrap_or(starts);
        let mut add = |event: Event| events.push(NewEvent { partner: Some(id), day, event });
        if !same {
            add(Planned { period: period.clone(), starts, targets_minor }.into());
        }
        if let Some(by) = year.agreed_by {
            let waits = same && known.is_some_and(|known| known.state() == PlanState::Waiting);
            if !waits {
                add(Sent { period: period.clone() }.into());
            }
            add(Agreed { period, by: Some(by) }.into());
        }
        lines.extend(year.lines);
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

/// Puts a row to the others of its year.
fn sort_in(row: &Incoming, program: &Program, years: &mut BTreeMap<Day, Year>) -> Result<(), String> {
    let [label, by] = row.texts();
    let period = program.calendar.parse(label)?;
    let whole = program.calendar.containing(period.first, Every::Year).ok_or("is of no fiscal year")?;
    let year = years.entry(whole.first).or_default();
    let taken = || format!("says something of {period} that another row says too");
    if period == whole {
        if year.whole.is_some() || year.quarters.iter().any(Option::is_some) {
            return Err(taken());
        }
        year.whole = Some(row.amount_minor);
    } else {
        let at = quarters_of(whole.first).iter().position(|(first, _)| *first == period.first);
        let quarter = at.and_then(|at| year.quarters.get_mut(at)).ok_or("is of no quarter")?;
        if year.whole.is_some() || quarter.is_some() {
            return Err(taken());
        }
        *quarter = Some(row.amount_minor);
    }
    year.lines.push(row.line);
    year.day = year.day.max(Some(row.day));
    if !by.is_empty() {
        year.agreed_by = Some(by.to_owned());
    }
    Ok(())
}
