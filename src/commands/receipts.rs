//! Printing what was recorded: sentences for people, a receipt for machines and for a dry run.

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::lifecycle::program::Program;
use crate::report::receipt;
use crate::report::receipt::Receipt;
use crate::store::Keep;

/// The heading above changes that are not recorded yet, or will not be.
pub(super) const WOULD: &str = "Would be recorded:";

/// Prints what was recorded.
///
/// # Errors
/// If the receipt cannot be written; the error says that the action was recorded nevertheless.
pub(super) fn print_receipt(
    context: &Context,
    receipt: &mut Receipt,
    program: &Program,
    keep: Keep,
    sentences: &[String],
) -> anyhow::Result<Exit> {
    if keep == Keep::DryRun && receipt.action.is_some() {
        context.say(WOULD);
    }
    for sentence in sentences {
        context.say(sentence);
    }
    let is_dry_run = keep == Keep::DryRun;
    if is_dry_run {
        receipt.action = None;
        receipt.first_event = None;
    }
    let is_asked = !context.on_screen() || context.global.output.is_some();
    if is_asked || is_dry_run && !receipt.events.is_empty() {
        let shown = context.show(&receipt::report(receipt, program));
        shown.map_err(|error| match receipt.action {
            None => error,
            Some(action) => {
                error.context(format!("action {action} was recorded, but the output could not be written"))
            }
        })?;
    }
    if is_dry_run {
        context.say("Dry run: nothing was recorded");
    }
    Ok(Exit::Done)
}
