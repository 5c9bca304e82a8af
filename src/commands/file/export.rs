//! The command that writes the file, or one partner, as text; and making a file of such a text.

use crate::app::exit::missing;
use crate::lifecycle::base::error::Error;
use std::io::BufReader;
use std::path::Path;

use clap::Args;

use crate::app::context::{Context, shown_path};
use crate::app::exit::Exit;
use crate::commands::import::files::open;
use crate::export::{read_all, write_all, write_partner};
use crate::report::check::contents;
use crate::store::Store;

/// Write everything that the file holds as text, a line for each event; or everything about one partner
#[derive(Debug, Args)]
#[command(
    after_help = "Each line is a JSON object: first what the text is, then each action (who, when, which words)
before its events, in the order in which they were recorded. What is recorded later only adds lines, so the
text of a file can be kept in git. `import --all` makes the same file of it again.

Examples:
  chanlife export --all -o channel.jsonl
  chanlife export acme -o acme.jsonl         all that is kept about one partner, to hand over
  chanlife list --format csv                 a table for a spreadsheet"
)]
pub struct Export {
    /// The partner: key, reference or part of the name
    partner: Option<String>,
    /// Everything that the file holds
    #[arg(long, conflicts_with = "partner")]
    all: bool,
}

impl Export {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        if context.global.format.is_some() || context.global.excel {
            return Err(Error::usage("`export` writes JSON lines and no other format")
                .hint("`chanlife list` and the reports know --format")
                .into());
        }
        if self.partner.is_none() && !self.all {
            return Err(missing("what to export", "--all, or name a partner").into());
        }
        let mut store = context.store()?;
        let text = store.read(|reader| {
            let mut text = Vec::new();
            match self.partner.as_deref() {
                None => write_all(reader, &mut text)?,
                Some(partner) => write_partner(reader, reader.find(partner)?.id, &mut text)?,
            }
            Ok(text)
        })?;
        context.print(|out| out.write_all(&text))?;
        Ok(Exit::Done)
    }
}

/// Makes a file of a text with everything.
pub(crate) fn import_all(context: &Context, file: &Path) -> anyhow::Result<Exit> {
    let (input, name) = open(context, file)?;
    let path = context.path_to_make()?;
    let input = BufReader::new(input);
    let checked = Store::make_with(&path, context.wait(), |writer| read_all(writer, &name, input))?;
    context.say(&format!("Made {}: {}", shown_path(&path), contents(&checked)));
    Ok(Exit::Done)
}
