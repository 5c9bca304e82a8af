//! Commands for the shell: what makes it complete words, and the manual pages.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum, ValueHint};
use clap_complete::env::{CompleteEnv, EnvCompleter};

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::lifecycle::base::error::Error;

/// Print what makes your shell complete verbs, options, partners and stages
#[derive(Debug, Args)]
#[command(after_help = "bash:        source <(chanlife completions bash)      in ~/.bashrc
zsh:         source <(chanlife completions zsh)       in ~/.zshrc
fish:        chanlife completions fish | source       in ~/.config/fish/config.fish
powershell:  chanlife completions powershell | Out-String | Invoke-Expression")]
pub struct Completions {
    #[arg(value_enum)]
    shell: Shell,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
    Powershell,
}

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

impl Completions {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let completer: &dyn EnvCompleter = match self.shell {
            Shell::Bash => &clap_complete::env::Bash,
            Shell::Zsh => &clap_complete::env::Zsh,
            Shell::Fish => &clap_complete::env::Fish,
            Shell::Powershell => &clap_complete::env::Powershell,
        };
        let binary =
            std::env::current_exe().map_or_else(|_| "chanlife".to_owned(), |path| path.display().to_string());
        context
            .print(|out| completer.write_registration("COMPLETE", "chanlife", "chanlife", &binary, out))?;
        Ok(Exit::Done)
    }
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

/// Answers a shell that asks for completions, and ends the process; otherwise does nothing.
#[expect(
    clippy::disallowed_methods,
    reason = "a shell asks through the environment, before there are options"
)]
pub fn complete(grammar: fn() -> clap::Command) {
    if std::env::var_os("COMPLETE").is_some() {
        CompleteEnv::with_factory(grammar).complete();
    }
}
