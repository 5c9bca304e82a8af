//! What the verbs that record say afterwards, and what they read from what was typed.

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::lifecycle::agenda::next_step;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::event::PartnerId;
use crate::lifecycle::program::Program;
use crate::render::Format;
use crate::report::receipt;
use crate::report::receipt::Receipt;
use crate::store::{InForce, Keep, Reader};

/// What stands before sentences on what is not recorded yet, or will not be.
pub const WOULD: &str = "This would be recorded:";

/// Tells what was recorded: sentences for people, a receipt for machines and for a dry run.
///
/// # Errors
/// Where the receipt can't be written; it says that the action was recorded all the same.
pub fn tell(
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
    if keep == Keep::DryRun {
        context.say("Dry run: nothing was recorded.");
        receipt.action = None;
        receipt.first_event = None;
    }
    if keep == Keep::DryRun || context.format() != Format::Table || context.global.output.is_some() {
        let shown = context.show(&receipt::report(receipt, program));
        shown.map_err(|error| match receipt.action {
            None => error,
            Some(action) => {
                error.context(format!("action {action} was recorded, but the answer could not be written"))
            }
        })?;
    }
    Ok(Exit::Done)
}

/// A sentence on what to do next for a partner.
pub fn next_of(
    reader: &Reader,
    id: PartnerId,
    in_force: &InForce,
    today: Day,
) -> anyhow::Result<Option<String>> {
    let history = reader.history(id)?;
    let folded = history.fold(&in_force.aliases, Some(today));
    let step = folded.partner().and_then(|partner| next_step(&in_force.program, partner, today));
    Ok(step.map(|step| format!("next: {}: `{}`", step.what, step.command)))
}

/// A text that was typed, as it is stored.
///
/// # Errors
/// [`Error`] that names the option.
pub fn prose(option: &str, text: &str) -> anyhow::Result<String> {
    crate::lifecycle::base::text::prose(text)
        .map_err(|fault| Error::usage(format!("{option}: the text {fault}")).into())
}
