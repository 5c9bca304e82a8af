//! The command that makes a new file of what a damaged one still says.

use crate::lifecycle::base::error::Error;
use std::path::PathBuf;

use clap::{Args, ValueHint};

use crate::app::context::{Context, same_file, shown_path};
use crate::app::exit::Exit;
use crate::lifecycle::program::BUILT_IN;
use crate::report;
use crate::store::Store;

/// Make a new file of all that a damaged one still says, and list what is missing; the damaged one stays as it is
#[derive(Debug, Args)]
#[command(
    after_help = "Actions and events keep their numbers. An action whose checksum does not fit, or of which events are
gone, is listed; so are events that contradict what is left. A good backup is better: `chanlife restore`.

Example:
  chanlife rescue channel.db --to rescued.db"
)]
pub struct Rescue {
    /// The damaged file
    #[arg(value_hint = ValueHint::FilePath)]
    broken: PathBuf,
    /// The file to make
    #[arg(long, value_name = "NEW", value_hint = ValueHint::FilePath)]
    to: PathBuf,
}

impl Rescue {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        if same_file(&self.broken, &self.to) {
            return Err(Error::usage("the damaged file is not to be written over")
                .hint("name a new file with --to")
                .into());
        }
        context.check_writable(&self.to)?;
        let rescued = Store::rescue(&self.broken, &self.to, context.wait(), &context.stamp(), BUILT_IN)?;
        context.show(&report::check::rescued(&rescued))?;
        let to = shown_path(&self.to);
        context.say(&format!("Made {to}: {}", report::check::contents(&rescued.checked)));
        if rescued.missing.is_empty() {
            return Ok(Exit::Done);
        }
        context.say("Actions recorded after the last one of them, if there were any, left no trace");
        context.say(&format!("`chanlife log --action NUMBER --db {to}` shows what is left of an action"));
        Ok(Exit::Found)
    }
}
