//! The command that makes a file.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use crate::app::context::{Context, shown_path};
use crate::app::exit::Exit;
use crate::commands::program::read_program;
use crate::lifecycle::program::BUILT_IN;

/// Make a file, with the built-in program or your own
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chanlife init
  chanlife init --db emea.db --program emea.toml")]
pub struct Init {
    /// The program to begin with
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    program: Option<PathBuf>,
}

impl Init {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let toml = match &self.program {
            Some(file) => read_program(file)?.toml,
            None => BUILT_IN.to_owned(),
        };
        let path = context.path()?;
        let (_, made) = context.store_or_new(&toml)?;
        if made {
            context.say(&format!("Made {}", shown_path(&path)));
            context.say("next: add a partner: `chanlife add-partner NAME`");
        } else {
            context.say(&format!("{} is there already; nothing was changed", shown_path(&path)));
        }
        Ok(Exit::Done)
    }
}
