//! Answers that were kept when an interview was stopped.

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::order::Whom;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::text::phrase;
use crate::lifecycle::criteria::Questionnaire;
use crate::lifecycle::event::PartnerId;
use crate::store::{Keep, Writer};

/// Says that answers wait to be recorded.
pub(crate) fn tell_drafts(context: &Context, partner: &str, questionnaires: &[String]) {
    if !questionnaires.is_empty() {
        let partner = shell_words::quote(partner);
        context.say(&format!(
            "note: answers of yours to {} are kept and not recorded; `chanlife assess {partner}` goes on, with --discard \
             it throws them away",
            phrase(questionnaires)
        ));
    }
}

/// Throws away what was kept of interviews with a partner.
///
/// # Errors
/// An unknown partner, or a file that can't be written.
pub(crate) fn discard(context: &Context, whom: &Whom, named: Option<&str>) -> anyhow::Result<Exit> {
    let Whom::One(word) = whom else {
        return Err(Error::usage("--discard is for one partner").into());
    };
    let dropped = context.store_to_write()?.write(Keep::Commit, |writer| {
        let partner = writer.reader().find(word)?.id;
        let mut drafts = writer.reader().drafts(&context.actor(), partner)?;
        drafts.retain(|key| named.is_none_or(|named| named == key));
        for key in &drafts {
            writer.drop_draft(&context.actor(), partner, key)?;
        }
        Ok(drafts)
    })?;
    match dropped.is_empty() {
        true => context.say("Nothing was kept."),
        false => context.say(&format!("Threw away the answers kept to {}.", phrase(&dropped))),
    }
    Ok(Exit::Done)
}

/// Drops what was kept, once it is recorded.
///
/// # Errors
/// Where the file can't be written.
pub(crate) fn drop_drafts(
    context: &Context,
    writer: &Writer,
    partner: PartnerId,
    questionnaires: &[&Questionnaire],
) -> anyhow::Result<()> {
    for one in questionnaires {
        writer.drop_draft(&context.actor(), partner, &one.key)?;
    }
    Ok(())
}
