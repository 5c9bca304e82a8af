use crate::lifecycle::base::error::Error;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};

use crate::app::context::Context;
use crate::app::exit::Exit;

/// Print the manual page, or write the pages of all verbs into a folder
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chanlife man | man -l -
  chanlife man --dir ~/.local/share/man/man1")]
pub struct Man {
    /// Write a page for each verb into this folder, which is made where it is missing
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    dir: Option<PathBuf>,
}

impl Man {
    pub fn run(self, context: &Context, grammar: clap::Command) -> anyhow::Result<Exit> {
        // A manual has a synopsis of its own; the short help would stand in it twice.
        let command = grammar.disable_help_flag(true);
        match self.dir {
            None => context.print(|out| clap_mangen::Man::new(command).render(out))?,
            Some(dir) => {
                let cannot =
                    |error| Error::usage(format!("--dir: `{}` can't be written: {error}", dir.display()));
                std::fs::create_dir_all(&dir).map_err(cannot)?;
                clap_mangen::generate_to(command, &dir).map_err(cannot)?;
                context.say(&format!("Wrote the manual pages to {}", dir.display()));
                if let (Some("man1"), Some(above)) = (dir.file_name().and_then(OsStr::to_str), dir.parent()) {
                    let above = if above.as_os_str().is_empty() { Path::new(".") } else { above };
                    context.say(&format!("`man -M {} chanlife` shows the first", above.display()));
                }
            }
        }
        Ok(Exit::Done)
    }
}
