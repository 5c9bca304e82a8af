//! The command that corrects the day or the amount of an event, what else is wrong of a sale, or how and why a partner left.

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::completers::reason_keys;
use crate::commands::named::find_reason;
use crate::commands::options::{DryRun, OnDay, name, optional_amount, prose};
use crate::commands::order::{Order, Whom};
use crate::commands::record::record;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::corrections;
use crate::lifecycle::corrections::Corrected;
use crate::lifecycle::revenue::SaleCorrection;
use crate::lifecycle::stage::{ExitCorrection, LeftAs};

/// Correct the day or the amount of an event, by its number in `log PARTNER`
#[derive(Debug, Args)]
#[command(
    override_usage = "chanlife correct EVENT --on DATE\n       chanlife correct EVENT --amount AMOUNT",
    after_help = "Examples:
  chanlife correct 17 --on 2026-09-01
  chanlife correct 42 --amount 1234.56 --reason \"credit note\"
  chanlife correct 42 --list-amount 1500 --ship-to IT
  chanlife correct 58 --as withdrew --why price",
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
    /// Correct price by the list of a sale, in the currency of the sale
    #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true)]
    list_amount: Option<String>,
    /// Correct ship-to place of a sale: a country, or a place with one behind a comma
    #[arg(long, value_name = "PLACE", value_parser = name)]
    ship_to: Option<String>,
    /// Of a return: the reference of the sale that is returned
    #[arg(long, value_name = "REFERENCE", value_parser = name)]
    returns: Option<String>,
    /// Of a leaving: how the partner left
    #[arg(long = "as", value_name = "LABEL", value_parser = ["declined", "withdrew", "terminated"])]
    label: Option<String>,
    /// Of a leaving or parking: the reason, by its key or name
    #[arg(long, value_name = "KEY", add = ArgValueCompleter::new(reason_keys))]
    why: Option<String>,
    /// Reason for the correction
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
        let [list_amount, ship_to, returns] =
            [&self.list_amount, &self.ship_to, &self.returns].map(Option::clone);
        let sale = SaleCorrection { list_amount, ship_to, returns };
        let label = self.label.as_deref().and_then(LeftAs::from_word);
        let is_exit = label.is_some() || self.why.is_some();
        if day.is_none() && self.amount.is_none() && sale.is_nothing() && !is_exit {
            return Err(Error::usage("the correct day or amount is missing")
                .hint("give --on DATE, --amount AMOUNT or both; of a sale also --list-amount, --ship-to or --returns")
                .hint("of a leaving or parking: --as LABEL or --why KEY")
                .into());
        }
        let whom = Whom::Events { numbers: &[event], unknown: no_event };
        let order = Order { whom, day: context.today, keep: self.dry_run.keep(), skip_refused: false };
        record(context, &order, |in_force, proposals| {
            let currency = in_force.program.currency;
            let amount_minor = optional_amount(currency, "--amount", self.amount.as_ref())?;
            let why =
                self.why.as_deref().map(|word| find_reason(&in_force.program, "--why", word)).transpose()?;
            let exit = ExitCorrection { label, why: why.map(|one| one.key.clone()) };
            let reason = self.reason.clone();
            let corrected = Corrected { event, day, amount_minor, sale: sale.clone(), exit, reason };
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
