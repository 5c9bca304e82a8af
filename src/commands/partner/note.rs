use crate::lifecycle::base::error::Error;
use std::io::Read;

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use crate::app::context::Context;
use crate::commands::receipts::prose;
use crate::commands::record::{Bulk, Request, Whom, act};
use crate::commands::shell::partner_keys;

use crate::app::exit::Exit;

/// Keep a text with a partner
#[derive(Debug, Args)]
#[command(
    override_usage = "chanlife note PARTNER TEXT\n       chanlife note --where CONDITION TEXT",
    after_help = "A TEXT of - reads standard input."
)]
pub struct Note {
    /// The partner, then the text; with --where, the text only
    #[arg(value_name = "PARTNER TEXT", required = true, num_args = 1.., add = ArgValueCompleter::new(partner_keys))]
    words: Vec<String>,
    /// The day it is about
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    #[command(flatten)]
    bulk: Bulk,
}

impl Note {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let day = context.past_day("--on", self.on.as_deref())?;
        let (whom, text) = match (&self.words[..], self.bulk.conditions.is_empty()) {
            ([partner, text], true) => (Whom::One(partner), text),
            ([text], false) => (Whom::Where(&self.bulk.conditions), text),
            ([_], true) => {
                return Err(Error::usage("the text is missing")
                    .hint("write the partner, then the text in quotes")
                    .into());
            }
            ([_, _], false) => return Err(Error::usage("give a partner or --where, not both").into()),
            (words, _) => {
                let typed = [words[0].clone(), words[1..].join(" ")];
                return Err(Error::usage("the text is in several words")
                    .hint(format!("put it in quotes: `chanlife note {}`", shell_words::join(typed)))
                    .into());
            }
        };
        let text = if text == "-" { from_standard_input()? } else { text.clone() };
        let text = prose("the note", &text)?;
        let request: Request = Box::new(|subject| Ok(crate::lifecycle::partner::note(subject.scene, &text)?));
        act(context, &whom, &self.bulk, day, &[request])
    }
}

fn from_standard_input() -> anyhow::Result<String> {
    let limit = crate::lifecycle::base::text::TEXT_LIMIT as u64 * 4 + 1;
    let mut text = String::new();
    std::io::stdin()
        .take(limit)
        .read_to_string(&mut text)
        .map_err(|error| Error::usage(format!("the note can't be read from standard input: {error}")))?;
    Ok(text)
}
