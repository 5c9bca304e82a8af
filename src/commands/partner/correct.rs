use crate::lifecycle::base::error::Error;
use clap::Args;

use crate::app::context::Context;
use crate::commands::receipts::prose;
use crate::commands::record::{Bulk, Request, Whom, act};
use crate::lifecycle::corrections::Corrected;

use crate::app::exit::Exit;

/// Mend the day or the amount of an event, by its number in `log PARTNER`
#[derive(Debug, Args)]
#[command(
    override_usage = "chanlife correct EVENT --on DATE\n       chanlife correct EVENT --amount AMOUNT",
    after_help = "Examples:
  chanlife correct 17 --on 2026-09-01
  chanlife correct 42 --amount 1234.56 --reason \"credit note\""
)]
pub struct Correct {
    /// The number of the event
    #[arg(value_parser = event_number)]
    event: Option<i64>,
    /// The day on which it really happened
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    /// The right amount
    #[arg(long, allow_negative_numbers = true)]
    amount: Option<String>,
    /// Why
    #[arg(long)]
    reason: Option<String>,
    /// Say what would be recorded, and record nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
}

const LISTED: &str = "`chanlife log PARTNER` lists the events of a partner with their numbers";

fn event_number(typed: &str) -> Result<i64, String> {
    typed.parse().map_err(|_| format!("expected the number of an event; {LISTED}"))
}

impl Correct {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let Some(event) = self.event else {
            return Err(Error::usage("the number of the event is missing").hint(LISTED).into());
        };
        if self.on.is_none() && self.amount.is_none() {
            return Err(Error::usage("what is right is missing")
                .hint("give --on DATE, --amount AMOUNT or both")
                .into());
        }
        let day = self.on.as_deref().map(|text| context.past_day("--on", Some(text))).transpose()?;
        let reason = self.reason.as_deref().map(|text| prose("--reason", text)).transpose()?;
        let mut store = context.store_to_write()?;
        let (program, partner) = store.read(|reader| {
            let program = reader.program_now()?.program;
            let found = reader.event(event)?;
            let owner = found.and_then(|event| event.partner);
            Ok((program, owner.map(|id| reader.survivor(id)).transpose()?))
        })?;
        drop(store);
        let amount = self.amount.as_deref().map(|text| program.currency.parse(text)).transpose();
        let amount_minor = amount.map_err(|why| Error::usage(format!("--amount: {why}")))?;
        let Some(partner) = partner else {
            return Err(Error::refused(format!("there is no event {event} of a partner"))
                .hint(LISTED)
                .into());
        };
        let corrected = Corrected { event, day, amount_minor, reason };
        let request: Request = Box::new(|subject| {
            Ok(crate::lifecycle::corrections::correct(
                subject.scene,
                subject.history,
                &subject.in_force.aliases,
                corrected.clone(),
            )?)
        });
        let bulk = Bulk { dry_run: self.dry_run, ..Bulk::default() };
        act(context, &Whom::Id(partner), &bulk, context.today, &[request])
    }
}
