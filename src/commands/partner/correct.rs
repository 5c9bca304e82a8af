//! The command that corrects the day or the amount of an event.

use clap::Args;

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::options::{DryRun, OnDay, optional_amount, prose};
use crate::commands::order::{Order, Whom};
use crate::commands::record::record;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::corrections;
use crate::lifecycle::corrections::Corrected;

/// Correct the day or the amount of an event, by its number in `log PARTNER`
#[derive(Debug, Args)]
#[command(
    override_usage = "chanlife correct EVENT --on DATE\n       chanlife correct EVENT --amount AMOUNT",
    after_help = "Examples:
  chanlife correct 17 --on 2026-09-01
  chanlife correct 42 --amount 1234.56 --reason \"credit note\"",
    mut_arg("on", |on| on.help("Correct day"))
)]
pub struct CorrectArgs {
    /// Event number
    #[arg(value_parser = event_number)]
    event: Option<i64>,
    #[command(flatten)]
    on: OnDay,
    /// Correct amount
    #[arg(long, allow_negative_numbers = true)]
    amount: Option<String>,
    /// Reason
    #[arg(long, value_parser = prose)]
    reason: Option<String>,
    #[command(flatten)]
    dry_run: DryRun,
}

const LISTED: &str = "`chanlife log PARTNER` lists events with their numbers";

fn event_number(typed: &str) -> Result<i64, String> {
    typed.parse().map_err(|_| format!("expected an event number; {LISTED}"))
}

impl CorrectArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let Some(event) = self.event else {
            return Err(Error::usage("the event number is missing").hint(LISTED).into());
        };
        let day = self.on.given(context)?;
        if day.is_none() && self.amount.is_none() {
            return Err(Error::usage("the correct day or amount is missing")
                .hint("give --on DATE, --amount AMOUNT or both")
                .into());
        }
        let whom = Whom::Events { numbers: &[event], unknown: no_event };
        let order = Order { whom, day: context.today, keep: self.dry_run.keep(), skip_refused: false };
        record(context, &order, |in_force, proposals| {
            let currency = in_force.program.currency;
            let amount_minor = optional_amount(currency, "--amount", self.amount.as_ref())?;
            let corrected = Corrected { event, day, amount_minor, reason: self.reason.clone() };
            proposals.each(|loaded| {
                let (facts, history) = (loaded.facts(), loaded.history());
                let decided = corrections::correct(facts, history, &in_force.aliases, corrected.clone())?;
                loaded.take(decided)
            })
        })
    }
}

fn no_event(number: i64) -> Error {
    Error::refused(format!("event not found: {number}")).hint(LISTED)
}
