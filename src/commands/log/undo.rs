use clap::Args;

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::receipts::tell;
use crate::report::receipt::Receipt;
use crate::store::{Keep, Reversal, Writer};

/// Take back your last action, or the one with this number in `log`
#[derive(Debug, Args)]
pub struct Undo {
    /// The number of the action
    #[arg(value_parser = action_number)]
    action: Option<i64>,
    /// Say what would be taken back, and record nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
}

/// Bring back what you undid last, or the action with this number in `log`
#[derive(Debug, Args)]
pub struct Redo {
    /// The number of the action
    #[arg(value_parser = action_number)]
    action: Option<i64>,
    /// Say what would be brought back, and record nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
}

/// Reads the number of an action.
pub fn action_number(typed: &str) -> Result<i64, &'static str> {
    typed.parse().map_err(|_| "expected the number of an action; `chanlife log` lists them")
}

impl Undo {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let stamp = context.stamp();
        reverse(context, self.dry_run, "Undid", "`chanlife redo` brings it back", |writer| {
            writer.undo(&stamp, self.action)
        })
    }
}

impl Redo {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let stamp = context.stamp();
        reverse(context, self.dry_run, "Redid", "`chanlife undo` takes it back again", |writer| {
            writer.redo(&stamp, self.action)
        })
    }
}

fn reverse(
    context: &Context,
    dry_run: bool,
    verb: &str,
    hint: &str,
    work: impl FnOnce(&Writer) -> anyhow::Result<Reversal>,
) -> anyhow::Result<Exit> {
    let keep = if dry_run { Keep::DryRun } else { Keep::Commit };
    let mut store = context.store_to_write()?;
    let (reversal, program) =
        store.write(keep, |writer| Ok((work(writer)?, writer.program_now()?.program)))?;
    let target = &reversal.target;
    let said = format!("{verb} action {} of {}: {}", target.id, target.recorded_on, target.said);
    let mut receipt =
        Receipt { action: Some(reversal.action), said: vec![said.clone()], ..Receipt::default() };
    tell(context, &mut receipt, &program, keep, &[said, hint.to_owned()])
}
