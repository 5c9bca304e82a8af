//! The commands that undo actions and redo them.

use clap::Args;

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::options::{DryRun, action_number};
use crate::commands::receipts::print_receipt;
use crate::report::receipt::Receipt;
use crate::store::{Reversal, Writer};
use crate::text::actions::action_in_words;
use crate::text::overlaps::effects_in_words;

/// Undo your last action, or the one with this number in `log`
#[derive(Debug, Args)]
#[command(mut_arg("dry_run", |arg| arg.help("Show what would be undone, without recording it")))]
pub struct UndoArgs {
    /// Action number
    #[arg(value_parser = action_number)]
    action: Option<i64>,
    #[command(flatten)]
    dry_run: DryRun,
}

/// Redo what you undid last, or the action with this number in `log`
#[derive(Debug, Args)]
#[command(mut_arg("dry_run", |arg| arg.help("Show what would be redone, without recording it")))]
pub struct RedoArgs {
    /// Action number
    #[arg(value_parser = action_number)]
    action: Option<i64>,
    #[command(flatten)]
    dry_run: DryRun,
}

impl UndoArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let stamp = context.stamp()?;
        reverse(context, self.dry_run, "Undid", "next: `chanlife redo` restores it", |writer| {
            writer.undo(&stamp, self.action)
        })
    }
}

impl RedoArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let stamp = context.stamp()?;
        reverse(context, self.dry_run, "Redid", "next: `chanlife undo` takes it back", |writer| {
            writer.redo(&stamp, self.action)
        })
    }
}

fn reverse(
    context: &Context,
    dry_run: DryRun,
    verb: &str,
    hint: &str,
    work: impl FnOnce(&Writer) -> anyhow::Result<Reversal>,
) -> anyhow::Result<Exit> {
    let keep = dry_run.keep();
    let mut store = context.store()?;
    let (reversal, program, summary) = store.write(keep, |writer| {
        let reversal = work(writer)?;
        let (reader, target) = (writer.reader(), reversal.target.clone());
        Ok((reversal, reader.program_now()?.program, reader.summarize(target)?))
    })?;
    let target = &summary.action;
    let what = action_in_words(&summary, &program);
    let mut said = vec![format!("{verb} action {} of {}: {what}", target.id, target.recorded_on)];
    said.extend(effects_in_words(&reversal.effects, &program));
    let mut receipt = Receipt { action: Some(reversal.action), said: said.clone(), ..Receipt::default() };
    said.push(hint.to_owned());
    print_receipt(context, &mut receipt, &program, keep, &said)
}
