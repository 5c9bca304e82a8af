//! The commands of reports that have a name, made from the table of reports.

use clap::error::{Error as BadOptions, ErrorKind};
use clap::{ArgMatches, Args, Command, FromArgMatches, Subcommand};

use crate::commands::report::selection::ReportSelection;
use crate::report::REPORTS;
use crate::report::named::{NamedReport, ReportEntry};

/// A report with a name, and on which partners.
#[derive(Debug)]
pub(super) struct NamedCommand {
    pub selection: ReportSelection,
    pub report: Box<dyn NamedReport>,
}

impl Subcommand for NamedCommand {
    fn augment_subcommands(command: Command) -> Command {
        command.subcommands(REPORTS.iter().map(command_of))
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        NamedCommand::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        REPORTS.iter().any(|entry| entry.word == name)
    }
}

impl FromArgMatches for NamedCommand {
    fn from_arg_matches(matches: &ArgMatches) -> Result<NamedCommand, BadOptions> {
        let named = matches.subcommand().and_then(|(word, options)| {
            REPORTS.iter().find(|entry| entry.word == word).map(|entry| (entry, options))
        });
        let (entry, options) = named.ok_or_else(|| BadOptions::new(ErrorKind::MissingSubcommand))?;
        let selection = ReportSelection::from_arg_matches(options)?;
        Ok(NamedCommand { selection, report: (entry.read)(options)? })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), BadOptions> {
        *self = NamedCommand::from_arg_matches(matches)?;
        Ok(())
    }
}

fn command_of(entry: &ReportEntry) -> Command {
    let command = (entry.with_options)(ReportSelection::augment_args(Command::new(entry.word)));
    let command = command.about(entry.answers);
    match (entry.examples)() {
        [] => command,
        examples => command.after_help(format!("Examples:\n  chanlife {}", examples.join("\n  chanlife "))),
    }
}
