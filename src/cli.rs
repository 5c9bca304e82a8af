//! The command line: its grammar, and one run from words to exit code.

use std::ffi::OsString;
use std::io::{self, Write};

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::app::context::{Context, Global, visible_lines, without_empty_variables};
use crate::app::exit::{Exit, Explained, explain};
use crate::app::usage::usage_error;
use crate::commands;
use crate::lifecycle::base::text::{shortened, visible};
use crate::text::help;

/// Follow each channel partner from recruitment to growth, and see where to intervene
#[derive(Debug, Parser)]
#[command(name = "chanlife", version, disable_help_subcommand = true, help_template = HELP, after_help = help::overview())]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

const HELP: &str = "\
{about}

Usage: chanlife VERB ...        chanlife VERB --help says more about each

Partners
  add-partner, edit, remove     add one, change what is known, take out a mistake
  show, list, merge A --into B  one with its history, many in a table; join two
  note, log, forget             keep a text; what was recorded; erase who a partner is
  assess                        answer the questionnaires of both sides

Lifecycle
  done, skip, reopen            milestones of a stage
  advance, back, correct        on to the next stage, back; mend a day or an amount
  park, resume, leave, return   put aside and take up again; leave and come back

Behind the stages
  agree                         terms: margin, reporting, notice, end of contract
  certify, deliver              people who passed a course; materials
  fund request, approve, claim, money for marketing: co-op and grants
    pay, close, accrue, grant ...
  announce, announce answered   tell many at once, as messages ready to send
  ask, answer, questions        what partners ask; one answer serves many

Growth
  revenue add, revenue list     what a partner sold on
  plan set, send, agree ...     joint business plans, with what is to be done
  watch, improve, decide        partners that do not perform
  tier review [--apply]         who should move up or down

The channel
  report                        the channel on one page: where to intervene
  report NAME                   pipeline, velocity, stuck, intervene, forecast, cohorts, flow,
    compare, overrides, terms, readiness, funds, communication, growth, nonperforming,
    reporting, revenue
  next, calendar                what to do next and for whom; all that is due, as .ics too
  import WHAT FILE.csv          partners, stages, revenue and more: `import --help`
  program show|check|diff|apply the stages, milestones and rules in force

The file
  init, undo, redo, check       make one; take back an action; is all sound
  backup, restore, rescue       a checked copy; put it back; save what a damaged file has
  export --all, import --all    everything as text, or what is kept of one partner; and back
  completions, man              for your shell, for man(1)

Most verbs take --on DATE, --where key=value for many partners, and --dry-run.
All verbs take --db FILE, --format table|json|csv|md, -o FILE, --quiet, --no-input.{after-help}";

#[derive(Debug, Subcommand)]
pub enum Command {
    Init(commands::file::init::Init),
    AddPartner(commands::partner::add::AddPartner),
    Edit(commands::partner::edit::Edit),
    Show(commands::partner::show::Show),
    #[command(visible_alias = "ls")]
    List(commands::partner::list::List),
    Next(commands::agenda::next::Next),
    Assess(commands::assess::Assess),
    Note(commands::partner::note::Note),
    Log(commands::log::Log),
    Remove(commands::partner::remove::Remove),
    Forget(commands::partner::forget::Forget),
    Merge(commands::partner::merge::Merge),
    Done(commands::milestone::Done),
    Skip(commands::milestone::Skip),
    Reopen(commands::milestone::Reopen),
    Advance(commands::stage::Advance),
    Back(commands::stage::Back),
    Park(commands::stage::Park),
    Resume(commands::stage::Resume),
    Leave(commands::stage::Leave),
    Return(commands::stage::Return),
    Correct(commands::partner::correct::Correct),
    Undo(commands::log::undo::Undo),
    Redo(commands::log::undo::Redo),
    Revenue(commands::revenue::Revenue),
    Plan(commands::plan::Plan),
    Agree(commands::terms::Agree),
    Certify(commands::enablement::Certify),
    Deliver(commands::enablement::Deliver),
    Fund(commands::fund::Fund),
    Announce(Box<commands::announce::Announce>),
    Ask(commands::questions::Ask),
    Answer(commands::questions::Answer),
    Questions(commands::questions::Questions),
    Calendar(commands::agenda::calendar::Calendar),
    Watch(commands::watch::Watch),
    Improve(commands::watch::Improve),
    Decide(commands::watch::Decide),
    Tier(commands::tier::Tier),
    Report(commands::report::Report),
    Import(commands::import::Import),
    Program(commands::program::Program),
    Check(commands::file::check::Check),
    Backup(commands::file::backup::Backup),
    Rescue(commands::file::rescue::Rescue),
    Export(commands::file::export::Export),
    Restore(commands::file::backup::Restore),
    Completions(commands::shell::Completions),
    Man(commands::man::Man),
}

/// Answers a shell that asks for completions, and ends the process; otherwise does nothing.
pub fn complete() {
    commands::shell::complete(Cli::command);
}

/// Runs one command line and says how it ends.
pub fn run(words: impl IntoIterator<Item = OsString>) -> Exit {
    let mut words: Vec<OsString> = words.into_iter().collect();
    if words.get(1).is_some_and(|word| word == "help") {
        if let Some(topic) = words.get(2).and_then(|word| help::topic(word.to_str()?)) {
            let written = io::stdout().write_all(topic.text.as_bytes());
            return written.map_or_else(|error| failed(&error.into()), |()| Exit::Done);
        }
        words.remove(1);
        words.push("--help".into());
    }
    let cli = match parse(&words) {
        Ok(cli) => cli,
        Err(error) => return misunderstood(&error, &words),
    };
    let spoken: Vec<String> = words.iter().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    let words = visible(&format!("chanlife {}", shell_words::join(&spoken)));
    match Context::new(cli.global, words).and_then(|context| dispatch(&context, cli.command)) {
        Ok(exit) => exit,
        Err(error) => failed(&error),
    }
}

/// Returns the grammar of the command line, with examples for each verb.
pub fn grammar() -> clap::Command {
    with_examples(Cli::command(), "")
}

fn with_examples(command: clap::Command, path: &str) -> clap::Command {
    let verbs: Vec<String> = command.get_subcommands().map(|verb| verb.get_name().to_owned()).collect();
    let command = verbs.into_iter().fold(command, |command, verb| {
        let path = format!("{path} {verb}").trim_start().to_owned();
        command.mut_subcommand(verb, |verb| with_examples(verb, &path))
    });
    let Some(examples) = help::examples(path) else { return command };
    let before = command.get_after_help().map(|text| format!("{text}\n\n")).unwrap_or_default();
    command.after_help(format!("{before}Examples:\n{examples}"))
}

fn parse(words: &[OsString]) -> Result<Cli, clap::Error> {
    let matches = without_empty_variables(grammar()).try_get_matches_from(words)?;
    Cli::from_arg_matches(&matches)
}

/// Answers a request for help or for the version, and words that are no command line.
fn misunderstood(error: &clap::Error, words: &[OsString]) -> Exit {
    if error.kind() == ErrorKind::MissingSubcommand {
        // Of a verb that has verbs of its own, its own help says more.
        let mut cli = grammar();
        let named = words.get(1).and_then(|word| word.to_str()).unwrap_or_default();
        let help = match cli.find_subcommand_mut(named).filter(|verb| verb.has_subcommands()) {
            Some(verb) => verb.clone().bin_name(format!("chanlife {named}")).render_help(),
            None => cli.render_help(),
        };
        let _ = write!(io::stderr(), "{help}");
        return Exit::Usage;
    }
    if error.use_stderr() {
        let words: Vec<String> = words.iter().map(|word| word.to_string_lossy().into_owned()).collect();
        return failed(&usage_error(error, &words, &GUESSES).into());
    }
    match error.print() {
        Ok(()) => Exit::Done,
        Err(error) => failed(&error.into()),
    }
}

/// Verbs that users guess, and what does it here; the nearest by spelling would mislead.
const GUESSES: [(&str, &str); 26] = [
    ("create", "add-partner"),
    ("new", "add-partner"),
    ("partner", "add-partner"),
    ("move", "advance"),
    ("promote", "advance"),
    ("complete", "done"),
    ("rename", "edit"),
    ("update", "edit"),
    ("delete", "remove"),
    ("drop", "leave"),
    ("erase", "forget"),
    ("anonymize", "forget"),
    ("history", "log"),
    ("search", "list"),
    ("find", "list"),
    ("dump", "export --all"),
    ("term", "agree"),
    ("terms", "report terms"),
    ("contract", "agree"),
    ("train", "certify"),
    ("certificate", "certify"),
    ("tell", "announce"),
    ("send", "announce"),
    ("mdf", "fund"),
    ("funds", "fund"),
    ("due", "calendar"),
];

fn dispatch(context: &Context, command: Command) -> anyhow::Result<Exit> {
    match command {
        Command::Init(command) => command.run(context),
        Command::AddPartner(command) => command.run(context),
        Command::Edit(command) => command.run(context),
        Command::Show(command) => command.run(context),
        Command::List(command) => command.run(context),
        Command::Next(command) => command.run(context),
        Command::Assess(command) => command.run(context),
        Command::Note(command) => command.run(context),
        Command::Log(command) => command.run(context),
        Command::Remove(command) => command.run(context),
        Command::Forget(command) => command.run(context),
        Command::Merge(command) => command.run(context),
        Command::Done(command) => command.run(context),
        Command::Skip(command) => command.run(context),
        Command::Reopen(command) => command.run(context),
        Command::Advance(command) => command.run(context),
        Command::Back(command) => command.run(context),
        Command::Park(command) => command.run(context),
        Command::Resume(command) => command.run(context),
        Command::Leave(command) => command.run(context),
        Command::Return(command) => command.run(context),
        Command::Correct(command) => command.run(context),
        Command::Undo(command) => command.run(context),
        Command::Redo(command) => command.run(context),
        Command::Revenue(command) => command.run(context),
        Command::Plan(command) => command.run(context),
        Command::Agree(command) => command.run(context),
        Command::Certify(command) => command.run(context),
        Command::Deliver(command) => command.run(context),
        Command::Fund(command) => command.run(context),
        Command::Announce(command) => command.run(context),
        Command::Ask(command) => command.run(context),
        Command::Answer(command) => command.run(context),
        Command::Questions(command) => command.run(context),
        Command::Calendar(command) => command.run(context),
        Command::Watch(command) => command.run(context),
        Command::Improve(command) => command.run(context),
        Command::Decide(command) => command.run(context),
        Command::Tier(command) => command.run(context),
        Command::Report(command) => command.run(context),
        Command::Import(command) => command.run(context),
        Command::Program(command) => command.run(context),
        Command::Check(command) => command.run(context),
        Command::Backup(command) => command.run(context),
        Command::Rescue(command) => command.run(context),
        Command::Export(command) => command.run(context),
        Command::Restore(command) => command.run(context),
        Command::Completions(command) => command.run(context),
        Command::Man(command) => command.run(context, grammar()),
    }
}

/// Tells what went wrong, on standard error. A reader that went away is no failure.
fn failed(error: &anyhow::Error) -> Exit {
    let broken_pipe = error.chain().any(|cause| {
        cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    });
    if broken_pipe {
        return Exit::Done;
    }
    let Explained { exit, why, causes, hints } = explain(error);
    let mut text = format!("error: {why}\n");
    for cause in causes {
        text.push_str(&format!("  {cause}\n"));
    }
    for hint in hints {
        text.push_str(&format!("hint: {hint}\n"));
    }
    let lines: Vec<String> = visible_lines(&text).split('\n').map(shortened).collect();
    let _ = io::stderr().write_all(lines.join("\n").as_bytes());
    exit
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifecycle::base::tally::{Tally, tallied};

    /// Runs one command on a file, and counts what it does there.
    fn counted(file: &str, words: &[&str]) -> Tally {
        let fixed = ["chanlife", "--db", file, "--today", "2026-11-23", "--no-input", "--quiet"];
        let words = fixed.into_iter().chain(words.iter().copied()).map(OsString::from);
        let (exit, tally) = tallied(|| run(words));
        assert_eq!(exit, Exit::Done, "{tally:?}");
        tally
    }

    /// A transaction for each time that the file is read or written.
    fn transactions(tally: &Tally) -> usize {
        tally.statements.iter().filter(|sql| sql.to_lowercase().starts_with("begin")).count()
    }

    #[test]
    fn a_command_that_records_reads_and_writes_in_one_transaction_and_folds_once_before_and_once_after() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("channel.db").display().to_string();
        counted(&file, &["init"]);
        counted(&file, &["add-partner", "Acme"]);
        let contact = ["edit", "acme", "--contact", "Ana Ruiz <ana@acme.example>"];
        let body = folder.path().join("atlas.txt").display().to_string();
        std::fs::write(&body, "Dear {{contact}}").expect("written");
        let announce = ["announce", "atlas-3", "acme", "--subject", "Atlas 3", "--body", &body];
        let commands: [&[&str]; 8] = [
            &contact,
            &["advance", "acme", "--override", "key account"],
            &["ask", "acme", "How are defective units sent back?"],
            &["answer", "6", "By post"],
            &["ask", "acme", "How are they sent back?"],
            &announce,
            &["done", "acme", "agreement-signed"],
            &["assess", "acme", "vendor-criteria", "--answer", "credit=pass"],
        ];
        for words in commands {
            let tally = counted(&file, words);
            assert_eq!((tally.histories_read(), tally.folds, transactions(&tally)), (1, 2, 1), "{words:?}");
        }
        let tally = counted(&file, &["answer", "8", "--as", "6"]);
        assert_eq!((tally.histories_read(), tally.folds, transactions(&tally)), (2, 3, 1), "with the answer");
    }
}
