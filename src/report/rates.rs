//! `rate list`: exchange rates by date.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::program::Program;
use crate::lifecycle::revenue::Rates;
use crate::report::value::{Figure, Report, Table};

/// Returns the rates that were set, of one currency or of all.
pub(crate) fn report(program: &Program, rates: &Rates, code: Option<&str>) -> Report {
    let rows: Vec<(&str, Day, &str)> =
        rates.all().filter(|(of, ..)| code.is_none_or(|code| code == *of)).collect();
    let own = program.currency.code();
    let table = Table::of("rows", "", &rows)
        .column("currency", "Currency", |(code, ..)| *code)
        .column("from", "From", |(_, day, _)| *day)
        .column("rate", format!("In {own}"), |(.., rate)| *rate)
        .done()
        .empty("No exchange rates are set.");
    Report::new("chanlife.rates/1", format!("{}, exchange rates", program.name))
        .with_figures([Figure::for_machines("program_currency", own)])
        .with_tables([table])
}
