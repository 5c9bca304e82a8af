//! The command that recovers a damaged database.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use crate::app::console::typed_path;
use crate::app::context::{Context, same_file, shown_path};
use crate::app::exit::Exit;
use crate::commands::file::hint_of_file;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::program::BUILT_IN;
use crate::report;
use crate::store::Store;

/// Recover a damaged database into a new one, and list what is missing; the damaged one is not changed
#[derive(Debug, Args)]
#[command(
    after_help = "Actions and events keep their numbers. The list names actions with missing events or an invalid \
        checksum, and events that contradict the rest. If you have a backup, use `chanlife restore` instead.

Example:
  chanlife rescue channel.db --to rescued.db"
)]
pub struct RescueArgs {
    /// Damaged database
    #[arg(value_hint = ValueHint::FilePath)]
    broken: PathBuf,
    /// Database to create
    #[arg(long, value_name = "NEW", value_hint = ValueHint::FilePath)]
    to: PathBuf,
}

impl RescueArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        if same_file(&self.broken, &self.to) {
            return Err(Error::usage("--to names the damaged database itself")
                .hint("name a new file with --to")
                .into());
        }
        if self.to.exists() {
            let why = format!("`{}` already exists", self.to.display());
            return Err(Error::usage(why).hint("name a new file with --to").into());
        }
        context.check_writable(&self.to)?;
        let rescued = Store::rescue(&self.broken, &self.to, context.wait(), &context.stamp()?, BUILT_IN);
        let rescued =
            rescued.map_err(|error| hint_of_file(error, &self.broken, "name the damaged database"))?;
        context.show(&report::check::rescued(&rescued))?;
        let (made, contents) = (shown_path(&self.to), report::check::contents(&rescued.checked));
        context.say(&format!("Created {made}: {contents}"));
        if rescued.missing.is_empty() {
            return Ok(Exit::Done);
        }
        context.say("Later actions, if any, cannot be detected");
        context.say(&format!(
            "next: `chanlife log --action NUMBER --db {}` shows what was recovered of an action",
            typed_path(&self.to)
        ));
        Ok(Exit::Found)
    }
}
