//! Answers that were saved when an interview was stopped.

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::order::Whom;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::text::phrase;
use crate::lifecycle::criteria::Questionnaire;
use crate::lifecycle::event::PartnerId;
use crate::store::{Keep, Writer};

/// Prints a note on saved answers that are not recorded yet.
pub(crate) fn note_drafts(context: &Context, partner: &str, questionnaires: &[String]) {
    if !questionnaires.is_empty() {
        let partner = shell_words::quote(partner);
        context.say(&format!(
            "note: you have saved answers to {} that are not recorded; `chanlife assess {partner}` resumes, --discard \
             deletes them",
            phrase(questionnaires)
        ));
    }
}

/// Deletes the saved answers of interviews with a partner.
///
/// # Errors
/// An unknown partner, or a file that cannot be written.
pub(crate) fn discard(context: &Context, whom: &Whom, named: Option<&str>) -> anyhow::Result<Exit> {
    let Whom::One(word) = whom else {
        return Err(Error::usage("--discard needs one partner").into());
    };
    let dropped = context.store()?.write(Keep::Commit, |writer| {
        let partner = writer.reader().find(word)?.id;
        let mut drafts = writer.reader().drafts(&context.actor(), partner)?;
        drafts.retain(|key| named.is_none_or(|named| named == key));
        for key in &drafts {
            writer.drop_draft(&context.actor(), partner, key)?;
        }
        Ok(drafts)
    })?;
    if dropped.is_empty() {
        context.say("No saved answers");
    } else {
        context.say(&format!("Discarded saved answers for {}", phrase(&dropped)));
    }
    Ok(Exit::Done)
}

/// Deletes saved answers once they are recorded.
///
/// # Errors
/// If the file cannot be written.
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
