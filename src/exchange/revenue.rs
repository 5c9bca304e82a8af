//! `import revenue`: one row per sale or report, partner, day or period, and amount.

use std::collections::HashMap;

use super::rejects::Rejects;
use super::rows::{Fields, Row, Table};
use super::subjects::{Resolved, Subjects};
use super::{BadInput, Outcome, Rejected, Source};
use crate::domain::day::Day;
use crate::domain::event::{Event, Sold};
use crate::domain::partner::Sale;
use crate::domain::program::Program;
use crate::domain::text;
use crate::store::{Importer, Incoming, Keep, NewEvent, Stamp, Store};

const REQUIRED: [&str; 2] = ["partner", "amount"];
const OPTIONAL: [&str; 4] = ["on", "period", "ref", "currency"];

/// Imports reported revenue as one action.
///
/// # Errors
/// `BadInput` and [`Rejected`] for what the file has wrong; then nothing is imported.
pub fn import(store: &mut Store, stamp: &Stamp, mut source: Source, keep: Keep) -> anyhow::Result<Outcome> {
    let mut outcome = Outcome::default();
    let mut rejects = Rejects::default();
    let mut subjects = Subjects::default();
    let program = store.read(|reader| Ok(reader.program_now()?.program))?;
    let input = std::mem::replace(&mut source.input, Box::new(std::io::empty()));
    let fields = Fields { required: &REQUIRED, optional: &OPTIONAL, headers: &[] };
    let table = Table::open(input, source.delimiter, &source.mapping, &fields)?;
    if !table.columns.has("on") && !table.columns.has("period") {
        return Err(BadInput::new("line 1: there is no column for the day of a sale")
            .hint("say which it is with --map \"Their header=on\", or =period")
            .into());
    }
    outcome.note_unused(&table.columns.unused());
    store.take_in(|put| {
        table.each(|row| {
            outcome.counts.rows += 1;
            match read_row(&row, &program, source.today, &mut subjects) {
                Ok(incoming) => put(&incoming)?,
                Err(why) => rejects.add(row.line, row.get("partner").unwrap_or_default(), why)?,
            }
            Ok(())
        })
    })?;
    store.write(keep, |writer| {
        let in_force = writer.program_now()?;
        let resolved = subjects.resolve(writer, &mut rejects)?;
        let mut importer = Importer::new(writer, stamp, &in_force.aliases)?;
        writer.each_subject(|number, rows| {
            let Some(subject) = subjects.get(number) else { return Ok(()) };
            let id = match resolved.get(number as usize) {
                Some(Some(Resolved::Known(id))) => *id,
                Some(Some(Resolved::New { .. })) => {
                    for row in &rows {
                        let why = "is not a partner yet; `chanlife add-partner` or `import partners` first";
                        rejects.add(row.line, &subject.name, why)?;
                    }
                    return Ok(());
                }
                _ => return Ok(()),
            };
            let history = importer.history(id)?;
            let sales = history.fold(&in_force.aliases, None).partner.map(|partner| partner.sales);
            let mut known = Known::new(&history.events, sales.unwrap_or_default());
            let mut events = Vec::new();
            let mut lines = Vec::new();
            for row in rows {
                match known.compare(&row, &in_force.program) {
                    Ok(true) => outcome.counts.known += 1,
                    Ok(false) => {
                        lines.push(row.line);
                        let event = sold(&row).into();
                        events.push(NewEvent { partner: Some(id), day: row.day, event });
                    }
                    Err(why) => rejects.add(row.line, &subject.name, why)?,
                }
            }
            if events.is_empty() {
                return Ok(());
            }
            outcome.counts.events += events.len() as u64;
            if let Err(conflict) = importer.record(history, events)? {
                for line in lines {
                    rejects.add(line, &subject.name, format!("contradicts what is recorded: {conflict}"))?;
                }
            }
            Ok(())
        })?;
        if !rejects.is_empty() && !source.skip_errors {
            return Err(Rejected { source: source.name.clone(), rejects: rejects.sorted() }.into());
        }
        let said = format!("Imported {} revenue records from {}", outcome.counts.events, source.name);
        outcome.counts.action = importer.finish(&said)?;
        outcome.rejects = rejects.sorted();
        Ok(outcome)
    })
}

fn read_row(row: &Row, program: &Program, today: Day, subjects: &mut Subjects) -> Result<Incoming, String> {
    row.check_length()?;
    let subject = subjects.number(row.get("partner"), row.line)?;
    let amount_minor = program.currency.parse(row.exact("amount").unwrap_or_default())?;
    if let Some(code) = row.get("currency").filter(|code| *code != program.currency.code()) {
        return Err(format!("is in {code}; this file keeps amounts in {}", program.currency.code()));
    }
    let reference = row.get("ref").map(text::name).transpose().map_err(|fault| format!("ref {fault}"))?;
    let (day, moment, period) = when(row, program, today)?;
    let what = period.unwrap_or_default();
    Ok(Incoming { subject, day, moment, line: row.line, what, amount_minor, reference })
}

/// The day of a sale, its moment within the day, and its period where it is for one.
fn when(row: &Row, program: &Program, today: Day) -> Result<(Day, i64, Option<String>), String> {
    match (row.get("on"), row.get("period")) {
        (Some(text), _) => {
            let (day, moment) = Day::parse_stamp(text)
                .ok_or_else(|| format!("on is `{text}`, expected a day such as 2026-11-23"))?;
            if day > today {
                return Err(format!("on is {day}, which has not come yet"));
            }
            Ok((day, moment, None))
        }
        (None, Some(text)) => {
            let period = program.calendar.parse(text)?;
            if period.last > today {
                return Err(format!("{period} ends on {}, which has not come yet", period.last));
            }
            Ok((period.last, 0, Some(period.to_string())))
        }
        (None, None) => Err("has neither a day nor a period".to_owned()),
    }
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
    fn new(events: &[crate::domain::event::Recorded], sales: Vec<Sale>) -> Known {
        let mut plain: HashMap<(Day, i64, String), usize> = HashMap::new();
        for one in events {
            if let Event::Sold(Sold { amount_minor, period, reference: None }) = &one.event {
                let key = (one.day, *amount_minor, period.clone().unwrap_or_default());
                *plain.entry(key).or_default() += 1;
            }
        }
        let by_reference =
            sales.into_iter().filter_map(|sale| Some((sale.reference.clone()?, sale))).collect();
        Known { by_reference, plain }
    }

    /// Whether the row is recorded already.
    fn compare(&mut self, row: &Incoming, program: &Program) -> Result<bool, String> {
        let Some(reference) = &row.reference else {
            let key = (row.day, row.amount_minor, row.what.clone());
            let count = self.plain.get_mut(&key).filter(|count| **count > 0);
            return Ok(count.map(|count| *count -= 1).is_some());
        };
        let sale = Sale {
            event: 0,
            day: row.day,
            amount_minor: row.amount_minor,
            period: Some(row.what.clone()).filter(|period| !period.is_empty()),
            reference: Some(reference.clone()),
        };
        let Some(known) = self.by_reference.get(reference) else {
            self.by_reference.insert(reference.clone(), sale);
            return Ok(false);
        };
        if (known.day, known.amount_minor) == (sale.day, sale.amount_minor) {
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
