//! The command that exports the database, or one partner, as text; and the import of such a text.

use std::io::BufReader;
use std::path::Path;

use clap::Args;

use crate::app::context::{Context, shown_path};
use crate::app::exit::Exit;
use crate::app::exit::missing;
use crate::commands::import::files::open;
use crate::export::{read_all, write_all, write_partner};
use crate::lifecycle::base::error::Error;
use crate::report::check::contents;
use crate::store::Store;

/// Export the whole database, or one partner, as text with one line per event
#[derive(Debug, Args)]
#[command(
    after_help = "Each line is a JSON object: a header, then each action (who, when, which command) followed by its \
        events, in the order of recording. Later entries only add lines, so the text can be kept in git. `import --all` \
        builds the same database from it.

Examples:
  chanlife export --all -o channel.jsonl
  chanlife export acme -o acme.jsonl   # everything stored about one partner
  chanlife list --format csv           # a table for a spreadsheet"
)]
pub struct ExportArgs {
    /// The partner: key, reference or part of the name
    partner: Option<String>,
    /// The whole database
    #[arg(long, conflicts_with = "partner")]
    all: bool,
}

impl ExportArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        if context.global.format.is_some() || context.global.excel {
            return Err(Error::usage("--format cannot be used with export, which writes JSON lines")
                .hint("use --format with `chanlife list` or a report")
                .into());
        }
        if self.partner.is_none() && !self.all {
            return Err(missing("what to export", "--all or PARTNER").into());
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

/// Creates a database from an exported text.
pub(crate) fn import_all(context: &Context, file: &Path) -> anyhow::Result<Exit> {
    let (input, name) = open(context, file)?;
    let path = context.path_to_make()?;
    let input = BufReader::new(input);
    let checked = Store::make_with(&path, context.wait(), |writer| read_all(writer, &name, input))?;
    context.say(&format!("Created {}: {}", shown_path(&path), contents(&checked)));
    Ok(Exit::Done)
}
