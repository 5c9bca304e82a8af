//! Shell completions.

use clap::{Args, ValueEnum};
use clap_complete::env::{CompleteEnv, EnvCompleter};

use crate::app::context::Context;
use crate::app::exit::Exit;

/// Print shell completions for verbs, options, partners and stages
#[derive(Debug, Args)]
#[command(after_help = "bash:        source <(chanlife completions bash)      # in ~/.bashrc
zsh:         source <(chanlife completions zsh)       # in ~/.zshrc
fish:        chanlife completions fish | source       # in ~/.config/fish/config.fish
powershell:  chanlife completions powershell | Out-String | Invoke-Expression")]
pub struct CompletionsArgs {
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

impl CompletionsArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
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

/// Answers a shell that asks for completions, and ends the process; otherwise does nothing.
#[expect(
    clippy::disallowed_methods,
    reason = "a shell asks through the environment, before there are options"
)]
pub(crate) fn complete(grammar: fn() -> clap::Command) {
    if std::env::var_os("COMPLETE").is_some() {
        CompleteEnv::with_factory(grammar).complete();
    }
}
