//! `import revenue`: one row per sale or report, partner, day or period, and amount.

use std::collections::HashMap;

use super::intake::{Intake, OfPartner, Taken};
use super::rejects::{Rejects, contradiction};
use super::rows::{Fields, Row, Table};
use super::subjects::{Resolved, Subjects};
use super::{BadInput, Outcome, Source};
use crate::domain::day::Day;
use crate::domain::event::{Event, Recorded, Sold};
use crate::domain::partner::Sale;
use crate::domain::program::Program;
use crate::domain::text::{self, counted};
use crate::report::import::Counts;
use crate::store::{Importer, Incoming, Keep, NewEvent, Stamp, Store};

const REQUIRED: [&str; 2] = ["partner", "amount"];
const OPTIONAL: [&str; 4] = ["on", "period", "ref", "currency"];

/// Imports reported revenue as one action.
///
/// # Errors
/// [`BadInput`] and `Rejected` for what the file has wrong; then nothing is imported.
pub fn import(store: &mut Store, stamp: &Stamp, source: Source, keep: Keep) -> anyhow::Result<Outcome> {
    let mut intake = Intake::new(&source);
    let Source { input, delimiter, mapping, today, .. } = source;
    let program = store.read(|reader| Ok(reader.program_now()?.program))?;
    let fields = Fields { required: &REQUIRED, optional: &OPTIONAL, headers: &[] };
    let table = Table::open(input, delimiter, &mapping, &fields)?;
    if !table.columns.has("on") && !table.columns.has("period") {
        return Err(BadInput::new("line 1: there is no column for the day of a sale")
            .hint("say which it is with --map \"Their header=on\", or =period")
            .into());
    }
    store.take_in(|put| {
        let read = |row: &Row, subjects: &mut Subjects| read_row(row, &program, today, subjects);
        intake.take(table, read, |incoming| Ok(put(&incoming)?))
    })?;
    intake.import_each(store, stamp, keep, import_partner, |outcome, name| {
        format!("Imported {} from {name}", counted(outcome.counts.events, "revenue record"))
    })
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
        let why = "is not a partner yet; `chanlife add-partner` or `import partners` first";
        return Ok(rejects.add_all(rows.iter().map(|row| row.line), name, why)?);
    };
    let history = importer.history(id)?;
    let sales = history.fold(&in_force.aliases, None).partner().map(|partner| partner.sales.clone());
    let mut known = Known::new(&history.events, sales.unwrap_or_default());
    let mut events = Vec::new();
    let mut lines = Vec::new();
    for row in rows {
        match known.compare(&row, &in_force.program) {
            Ok(true) => counts.known += 1,
            Ok(false) => {
                lines.push(row.line);
                events.push(NewEvent { partner: Some(id), day: row.day, event: sold(&row).into() });
            }
            Err(why) => rejects.add(row.line, name, why)?,
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

fn read_row(
    row: &Row,
    program: &Program,
    today: Day,
    subjects: &mut Subjects,
) -> Result<Taken<Incoming>, String> {
    let subject = subjects.number(row.get("partner"), row.line)?;
    let amount_minor = program.currency.parse(row.exact("amount").unwrap_or_default())?;
    if let Some(code) = row.get("currency").filter(|code| *code != program.currency.code()) {
        return Err(format!("is in {code}; this file keeps amounts in {}", program.currency.code()));
    }
    let reference = row.get("ref").map(text::name).transpose().map_err(|fault| format!("ref {fault}"))?;
    let (day, moment, period) = when(row, program, today)?;
    let what = period.unwrap_or_default();
    Ok(Taken::Row(Incoming { subject, day, moment, line: row.line, what, amount_minor, reference }))
}

/// The day of a sale, its moment within the day, and its period where it is for one.
fn when(row: &Row, program: &Program, today: Day) -> Result<(Day, i64, Option<String>), String> {
    if row.get("on").is_some() {
        let (day, moment) = row.past_day("on", today)?;
        return Ok((day, moment, None));
    }
    let period = program.calendar.parse(row.get("period").ok_or("has neither a day nor a period")?)?;
    if period.last > today {
        return Err(format!("{period} ends on {}, which has not come yet", period.last));
    }
    Ok((period.last, 0, Some(period.to_string())))
}

fn sold(row: &Incoming) -> Sold {
    Sold {
        amount_minor: row.amount_minor,
        period: Some(row.what.clone()).filter(|period| !period.is_empty()),
        reference: row.reference.clone(),
    }
}

/// What is recorded of a partner's revenue.
struct Known {
    by_reference: HashMap<String, Sale>,
    /// Sales without a reference, as they were recorded, and how many of each.
    plain: HashMap<(Day, i64, String), usize>,
}

impl Known {
    fn new(events: &[Recorded], sales: Vec<Sale>) -> Known {
        let mut plain: HashMap<(Day, i64, String), usize> = HashMap::new();
        for one in events {
            if let Event::Sold(Sold { amount_minor, period, reference: None }) = &one.event {
                let key = (one.day, *amount_minor, period.clone().unwrap_or_default());
                *plain.entry(key).or_default() += 1;
            }
        }
        let by_reference = sales.into_iter().filter_map(|sale| Some((sale.reference.clone()?, sale)));
        Known { by_reference: by_reference.collect(), plain }
    }

    /// Whether the row is recorded already.
    fn compare(&mut self, row: &Incoming, program: &Program) -> Result<bool, String> {
        let Some(reference) = &row.reference else {
            let key = (row.day, row.amount_minor, row.what.clone());
            let count = self.plain.get_mut(&key).filter(|count| **count > 0);
            return Ok(count.map(|count| *count -= 1).is_some());
        };
        let Some(known) = self.by_reference.get(reference) else {
            let Sold { amount_minor, period, .. } = sold(row);
            let sale =
                Sale { event: 0, day: row.day, amount_minor, period, reference: Some(reference.clone()) };
            self.by_reference.insert(reference.clone(), sale);
            return Ok(false);
        };
        if (known.day, known.amount_minor) == (row.day, row.amount_minor) {
            return Ok(true);
        }
        let money = program.currency.money(i128::from(known.amount_minor));
        Err(match known.event {
            0 => format!("ref `{reference}` stands twice in the file, with {money} on {} too", known.day),
            event => format!(
                "ref `{reference}` is recorded with {money} on {}; `chanlife correct {event}` mends it",
                known.day
            ),
        })
    }
}
