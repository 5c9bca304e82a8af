//! The command that creates a database.

use std::path::PathBuf;

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use crate::app::context::{Context, shown_path};
use crate::app::exit::Exit;
use crate::commands::completers::ready_programs_and_files;
use crate::commands::program::read_program;
use crate::commands::receipts::print_receipt;
use crate::lifecycle::program::BUILT_IN;
use crate::report::receipt::Receipt;
use crate::store::Keep;

/// Create a database, with the built-in program, another ready one or your own
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chanlife init
  chanlife init --program msp        # a ready program: `chanlife program list`
  chanlife init --db emea.db --program emea.toml")]
pub struct InitArgs {
    /// Ready program, or a program file: a word with `/` or `.toml` [default: the built-in program]
    #[arg(long, value_name = "PROGRAM", add = ArgValueCompleter::new(ready_programs_and_files))]
    program: Option<PathBuf>,
}

impl InitArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let toml = match &self.program {
            Some(file) => read_program(file)?.toml,
            None => BUILT_IN.to_owned(),
        };
        let path = context.path()?;
        let (mut store, made) = context.store_or_new(&toml)?;
        if made {
            let said = format!("Created {}", shown_path(&path));
            let program = store.read(|reader| Ok(reader.program_now()?.program))?;
            let mut receipt = Receipt { action: Some(1), said: vec![said.clone()], ..Receipt::default() };
            let next = "next: add a partner: `chanlife add-partner NAME`; a list of them: `chanlife import partners \
                        FILE.csv`; your own stages and rules: `chanlife help program-file`"
                .to_owned();
            return print_receipt(context, &mut receipt, &program, Keep::Commit, &[said, next]);
        }
        context.say(&format!("{} already exists; nothing was changed", shown_path(&path)));
        Ok(Exit::Done)
    }
}
