//! `import rates`: exchange rates, one currency and day per row.

use crate::import::runner::Runner;
use crate::import::sources::csv::SourceTable;
use crate::import::{ImportSource, Imported};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::revenue::check_rate;

/// A rate of the file.
struct RateRow {
    day: Day,
    line: u64,
    code: String,
    rate: String,
}

/// Imports exchange rates as one action.
///
/// # Errors
/// Those of the file, and rows that cannot be used; then nothing is imported.
pub(super) fn import(mut runner: Runner, source: ImportSource) -> anyhow::Result<Imported> {
    let ImportSource { input, delimiter, mapping, today, yes, .. } = source;
    let own = runner.program()?.currency;
    let table = SourceTable::open(input, delimiter, &mapping, &runner.fields())?;
    let mut rows: Vec<RateRow> = Vec::new();
    runner.read(
        table,
        |row, _| {
            let (day, _) = row.past_day("on", today)?;
            let code = row.get("currency").ok_or("has no currency")?.to_owned();
            let rate = row.get("rate").ok_or("has no rate")?.to_owned();
            check_rate(&code, &rate, own).map_err(|why| why.sentence())?;
            Ok(Some(RateRow { day, line: row.line, code, rate }))
        },
        |row| rows.push(row),
    )?;
    // A rate is compared with the one before it, whatever the order of the file.
    rows.sort_by(|a, b| (&a.code, a.day, a.line).cmp(&(&b.code, b.day, b.line)));
    runner.import_of_nobody(|reader, recording| {
        let (mut rates, mut seen) = (reader.rates()?, reader.rates_with_sales()?);
        for row in rows {
            let Some(rated) = rates.rate(row.day, &row.code, &row.rate, own)? else {
                recording.counts().known += 1;
                continue;
            };
            let near = if yes { Ok(()) } else { seen.check_near(&row.code, row.day, &row.rate) };
            if let Err(far) = near {
                recording.reject_line(row.line, format!("{}; --yes takes it", far.sentence()))?;
                continue;
            }
            for known in [&mut rates, &mut seen] {
                known.set(row.day, &row.code, &row.rate);
            }
            recording.record_of_nobody(row.day, rated.into())?;
        }
        Ok(())
    })
}
