//! Commands on exchange rates: setting and listing them.

use clap::{Args, Subcommand};

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::options::{DryRun, OnDay};
use crate::commands::receipts::WOULD;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::{Error, Sentence};
use crate::lifecycle::base::text::capital;
use crate::lifecycle::revenue::{RateKnown, Rates};
use crate::report::rates;
use crate::store::{Keep, NewEvent};
use crate::text::events::{ReceiptContext, receipt_of};

/// Exchange rates by date, for sales in other currencies
#[derive(Debug, Args)]
pub struct RateArgs {
    #[command(subcommand)]
    verb: RateVerb,
}

#[derive(Debug, Subcommand)]
enum RateVerb {
    Set(RateSetArgs),
    List(RateListArgs),
}

/// Set what one unit of a currency is worth in the program's, from a day on
#[derive(Debug, Args)]
#[command(
    after_help = "Sales in this currency from that day on take this rate if none is typed; what was recorded stays. A rate twice the last one or more, or half of it or less, is asked about; --yes takes it.

Examples:
  chanlife rate set USD 0.92
  chanlife rate set USD 0.95 --on 2026-10-01
  chanlife import rates rates.csv",
    mut_arg("on", |on| on.help("First day of the rate [default: today]"))
)]
struct RateSetArgs {
    /// Currency
    #[arg(value_name = "CODE")]
    currency: String,
    /// Value of one unit in the program's currency
    #[arg(allow_negative_numbers = true)]
    rate: String,
    #[command(flatten)]
    on: OnDay,
    #[command(flatten)]
    dry_run: DryRun,
}

/// List the exchange rates that were set
#[derive(Debug, Args)]
struct RateListArgs {
    /// Currency [default: all]
    #[arg(value_name = "CODE")]
    currency: Option<String>,
}

impl RateArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        match self.verb {
            RateVerb::Set(set) => set.run(context),
            RateVerb::List(list) => list.run(context),
        }
    }
}

impl RateSetArgs {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let day = self.on.day(context)?;
        let (code, rate) = (self.currency.as_str(), self.rate.as_str());
        let mut store = context.store()?;
        let (known, program) = store.read(|reader| Ok((reader.rates()?, reader.program_now()?.program)))?;
        let Some(rated) = known.rate(day, code, rate, program.currency)? else {
            let known = RateKnown { code: code.to_owned(), rate: rate.to_owned(), on: day };
            context.say(&known.sentence());
            return Ok(Exit::Done);
        };
        let seen = || store.read(|reader| Ok(reader.rates_with_sales()?));
        if !take_far(context, seen, code, day, rate)? {
            return Ok(Exit::Done);
        }
        let keep = self.dry_run.keep();
        let event = NewEvent { partner: None, day, event: rated.into() };
        let number = store.write(keep, |writer| {
            let number = writer.reader().next_number()?;
            writer.append(&context.stamp()?, &event)?;
            Ok(number)
        })?;
        if keep == Keep::DryRun {
            context.say(WOULD);
        }
        let about = ReceiptContext {
            program: &program,
            partner: "",
            number,
            day,
            other: None,
            before: None,
            latest: None,
        };
        context.say(&receipt_of(&[event.event], &about));
        Ok(Exit::Done)
    }
}

/// Asks about a rate that is far from the last `known` one; returns whether it is taken. With --yes nothing is looked up.
///
/// # Errors
/// Refused if it is far and nobody can be asked.
pub(super) fn take_far(
    context: &Context,
    known: impl FnOnce() -> anyhow::Result<Rates>,
    code: &str,
    day: Day,
    rate: &str,
) -> anyhow::Result<bool> {
    if context.global.yes {
        return Ok(true);
    }
    let Err(far) = known()?.check_near(code, day, rate) else { return Ok(true) };
    let Some(prompt) = context.prompt()? else { return Err(Error::refused(far).into()) };
    let taken = prompt.confirm(&format!("{}. Take it?", capital(&far.sentence())))?;
    if !taken {
        context.say("Nothing was recorded");
    }
    Ok(taken)
}

/// Returns the error of a sale in a currency of which no rate is known.
pub(super) fn no_rate(code: &str, day: Day) -> Error {
    Error::usage("`--rate RATE` is missing")
        .hint("--rate 0.92 means that 1 in the currency of the sale is 0.92 in that of the program")
        .hint(format!("`chanlife rate set {code} RATE --on {day}` sets one from that day on"))
}

impl RateListArgs {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let mut store = context.store()?;
        let (known, program) = store.read(|reader| Ok((reader.rates()?, reader.program_now()?.program)))?;
        context.show(&rates::report(&program, &known, self.currency.as_deref()))?;
        Ok(Exit::Done)
    }
}
