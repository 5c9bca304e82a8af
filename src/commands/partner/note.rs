//! The command that adds notes to partners.

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::completers::partner_keys;
use crate::commands::options::{Bulk, OnDay, partner_and_where, prose, text_or_input};
use crate::commands::order::Whom;
use crate::commands::record::record;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::partner;

/// Add a note to a partner
#[derive(Debug, Args)]
#[command(
    override_usage = "chanlife note PARTNER TEXT\n       chanlife note --where CONDITION TEXT",
    after_help = "If TEXT is -, the note is read from standard input.",
    mut_arg("on", |on| on.help("The day of the note [default: today]"))
)]
pub struct NoteArgs {
    /// The partner, then the text; with --where, only the text
    #[arg(value_name = "PARTNER TEXT", required = true, num_args = 1.., add = ArgValueCompleter::new(partner_keys))]
    words: Vec<String>,
    #[command(flatten)]
    on: OnDay,
    #[command(flatten)]
    bulk: Bulk,
}

impl NoteArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let day = self.on.day(context)?;
        let (whom, words) = self.bulk.whom(&self.words);
        let typed = match (whom, words) {
            (_, [text]) => text,
            (_, []) => {
                return Err(Error::usage("the text is missing")
                    .hint("give the partner, then the text in quotes")
                    .into());
            }
            (Whom::Where(_), [_, _]) => return Err(partner_and_where().into()),
            _ => {
                let typed = [self.words[0].clone(), self.words[1..].join(" ")];
                return Err(Error::usage("the text is not in quotes")
                    .hint(format!("use `chanlife note {}`", shell_words::join(typed)))
                    .into());
            }
        };
        let text = text_or_input(typed)?;
        let text = prose(&text).map_err(|why| Error::usage(format!("the note: {why}")))?;
        record(context, &self.bulk.order(whom, day), |_, proposals| {
            proposals.each(|loaded| loaded.take(partner::note(&text)?))
        })
    }
}
