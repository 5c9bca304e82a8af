//! The command line: its grammar, and one run from its words to an exit code.

use std::ffi::OsString;
use std::io::{self, Write};

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::app::console::{named_database, print_message};
use crate::app::context::{Context, Global, without_empty_variables};
use crate::app::exit::{Exit, Explained, explain};
use crate::app::usage::{placeholder, usage_error, variable_of};
use crate::commands;
use crate::lifecycle::base::text::{shortened, visible};
use crate::text::help;

/// Follow channel partners from recruitment to growth, and see where to intervene
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

Usage: chanlife COMMAND ...    More about one: chanlife COMMAND --help

Partners
  add-partner, assess          add one; answer the questionnaires of both sides
  edit, move-contact, remove   change; new employer; delete what was a mistake
  show, list, merge            one partner; a table of many; merge duplicates
  note, follow, log, forget    a note; a promise for a day; log; erase a name

Lifecycle
  done, skip, reopen, due      complete, skip, reopen milestones; due dates
  advance, back, correct       next stage; earlier stage; fix a day or an amount
  park, resume, leave, return  put on hold; leave the channel, come back

Partner operations
  agree                        terms: margin, reporting, notice, contract end
  certify, deliver             certified people; materials delivered
  fund request, approve ...    co-op funds and MDF, from request to payment
  announce                     announcements as messages to send; responses
  ask, answer, questions       partner questions; one answer for many

Growth
  revenue add, revenue list    partner sell-through
  rate set, rate list          exchange rates by date, for sales abroad
  plan set, send, agree ...    joint business plans, action items and reviews
  watch, improve, decide       watch list, improvement plans, decisions
  tier review [--apply]        tier changes that the program's rules call for

The channel
  report                       the channel on one page: where to intervene
  report NAME                  NAME: pipeline, velocity, stuck, intervene,
                               forecast, cohorts, flow, compare, overrides,
                               terms, readiness, funds, communication, growth,
                               nonperforming, review, tiers, reporting, revenue
  next, calendar               next steps; due dates, also as .ics
  import KIND FILE.csv         partners, stages, revenue and more
  program show, diff, apply    stages, milestones and rules

The database
  init, undo, redo, check      create, undo, redo, check integrity
  backup, restore, rescue      copy and verify; restore; recover what is damaged
  export --all, import --all   the whole database as text, and back
  completions, man             shell completions, manual pages

Most commands take --on DATE, --where key=value for many partners, --dry-run.
All take --db FILE, --format table|json|csv|md, -o FILE, --quiet, --no-input.{after-help}";

#[derive(Debug, Subcommand)]
pub enum Command {
    Init(commands::file::init::InitArgs),
    AddPartner(commands::partner::add::AddPartnerArgs),
    Edit(Box<commands::partner::edit::EditArgs>),
    Show(commands::partner::show::ShowArgs),
    #[command(visible_alias = "ls")]
    List(commands::partner::list::ListArgs),
    Next(commands::agenda::next::NextArgs),
    Assess(commands::assess::AssessArgs),
    MoveContact(commands::partner::move_contact::MoveContactArgs),
    Note(commands::partner::note::NoteArgs),
    Log(commands::log::LogArgs),
    Remove(commands::partner::remove::RemoveArgs),
    Forget(commands::partner::forget::ForgetArgs),
    Merge(commands::partner::merge::MergeArgs),
    Follow(Box<commands::follow::FollowArgs>),
    Done(commands::milestone::DoneArgs),
    Skip(commands::milestone::SkipArgs),
    Reopen(commands::milestone::ReopenArgs),
    Due(commands::due::DueArgs),
    Advance(commands::stage::AdvanceArgs),
    Back(commands::stage::BackArgs),
    Park(commands::stage::ParkArgs),
    Resume(commands::stage::ResumeArgs),
    Leave(commands::stage::LeaveArgs),
    Return(commands::stage::ReturnArgs),
    Correct(commands::partner::correct::CorrectArgs),
    Undo(commands::log::undo::UndoArgs),
    Redo(commands::log::undo::RedoArgs),
    Revenue(commands::revenue::RevenueArgs),
    Rate(commands::rate::RateArgs),
    Plan(commands::plan::PlanArgs),
    Agree(commands::terms::AgreeArgs),
    Certify(commands::enablement::CertifyArgs),
    Deliver(commands::enablement::DeliverArgs),
    Fund(commands::fund::FundArgs),
    Announce(Box<commands::announce::AnnounceArgs>),
    Ask(commands::questions::AskArgs),
    Answer(commands::questions::AnswerArgs),
    Questions(commands::questions::QuestionsArgs),
    Calendar(commands::agenda::calendar::CalendarArgs),
    Watch(commands::watch::WatchArgs),
    Improve(commands::watch::ImproveArgs),
    Decide(commands::watch::DecideArgs),
    Tier(commands::tier::TierArgs),
    Report(commands::report::ReportCommand),
    Import(commands::import::ImportArgs),
    Program(commands::program::ProgramArgs),
    Check(commands::file::check::CheckArgs),
    Backup(commands::file::backup::BackupArgs),
    Rescue(commands::file::rescue::RescueArgs),
    Export(commands::file::export::ExportArgs),
    Restore(commands::file::backup::RestoreArgs),
    Completions(commands::shell::CompletionsArgs),
    Man(commands::man::ManArgs),
}

/// Answers a shell that asks for completions, and ends the process; otherwise does nothing.
pub fn complete() {
    commands::shell::complete(Cli::command);
}

/// Runs one command line and returns how it ends.
pub fn run(words: impl IntoIterator<Item = OsString>) -> Exit {
    let mut words: Vec<OsString> = words.into_iter().collect();
    if words.get(1).is_some_and(|word| word == "help") {
        if let Some(topic) = words.get(2).and_then(|word| help::topic(word.to_str()?)) {
            let written = io::stdout().write_all(topic.text.as_bytes());
            return written.map_or_else(|error| failed(&error.into(), &words), |()| Exit::Done);
        }
        words.remove(1);
        words.push("--help".into());
    }
    let cli = match parse(&words) {
        Ok(cli) => cli,
        Err(error) => return misunderstood(&error, &words),
    };
    let spoken: Vec<String> = words.iter().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    if let Some(unreplaced) = placeholder(&spoken) {
        return failed(&unreplaced.into(), &words);
    }
    let typed = visible(&format!("chanlife {}", shell_words::join(&spoken)));
    let context = Context::new(cli.global, typed, named_database(&words));
    match context.and_then(|context| dispatch(&context, cli.command)) {
        Ok(exit) => exit,
        Err(error) => failed(&error, &words),
    }
}

/// Returns the grammar of the command line, with examples for each command.
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

/// Answers a request for help or for the version, and explains a command line that cannot be parsed.
fn misunderstood(error: &clap::Error, words: &[OsString]) -> Exit {
    if matches!(
        error.kind(),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    ) {
        // The help of a command with commands of its own says more than the overview.
        let mut cli = grammar();
        let mut named = words.iter().skip(1).filter_map(|word| word.to_str());
        let group = named.find_map(|word| cli.find_subcommand(word).filter(|verb| verb.has_subcommands()));
        let help = match group.cloned() {
            Some(verb) => {
                let name = format!("chanlife {}", verb.get_name());
                verb.bin_name(name).render_help()
            }
            None => cli.render_help(),
        };
        let _ = write!(io::stderr(), "{help}");
        return Exit::Usage;
    }
    if error.use_stderr() {
        let spoken: Vec<String> = words.iter().map(|word| word.to_string_lossy().into_owned()).collect();
        return failed(&usage_error(error, &spoken, &GUESSES).into(), words);
    }
    match error.print() {
        Ok(()) => Exit::Done,
        Err(error) => failed(&error.into(), words),
    }
}

/// Words that users guess, behind the group in which they do, each with a command to use, some with several; the nearest by
/// spelling would mislead.
const GUESSES: [(&str, &str); 52] = [
    ("create", "add-partner"),
    ("new", "add-partner"),
    ("partner", "add-partner"),
    ("partners", "list"),
    ("move", "advance"),
    ("move", "due"),
    ("move", "move-contact"),
    ("promote", "advance"),
    ("complete", "done"),
    ("rename", "edit"),
    ("update", "edit"),
    ("delete", "remove"),
    ("drop", "leave"),
    ("drop", "remove"),
    ("drop", "follow PARTNER --drop NUMBER"),
    ("task", "follow PARTNER DATE TEXT"),
    ("task", "plan action PARTNER WHAT --due DATE"),
    ("tasks", "next"),
    ("action", "plan action PARTNER WHAT --due DATE"),
    ("contact", "edit PARTNER --contact CONTACT"),
    ("contacts", "list WORD"),
    ("opt-out", "edit PARTNER --contact-opt-out CONTACT"),
    ("plan postpone", "due PARTNER NUMBER DATE --reason REASON"),
    ("plan due", "due PARTNER NUMBER DATE --reason REASON"),
    ("plan task", "plan action PARTNER WHAT --due DATE"),
    ("plan add", "plan set"),
    ("plan add", "plan action PARTNER WHAT --due DATE"),
    ("plan edit", "plan set"),
    ("plan complete", "plan done"),
    ("plan remove", "plan drop"),
    ("plan delete", "plan drop"),
    ("fund refuse", "fund reject"),
    ("erase", "forget"),
    ("anonymize", "forget"),
    ("history", "log"),
    ("search", "list WORD"),
    ("find", "list WORD"),
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
    ("remind", "follow"),
    ("todo", "follow"),
    ("follow-up", "follow"),
    ("postpone", "due"),
    ("dues", "calendar"),
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
        Command::MoveContact(command) => command.run(context),
        Command::Note(command) => command.run(context),
        Command::Log(command) => command.run(context),
        Command::Remove(command) => command.run(context),
        Command::Forget(command) => command.run(context),
        Command::Merge(command) => command.run(context),
        Command::Follow(command) => command.run(context),
        Command::Done(command) => command.run(context),
        Command::Skip(command) => command.run(context),
        Command::Reopen(command) => command.run(context),
        Command::Due(command) => command.run(context),
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
        Command::Rate(command) => command.run(context),
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

/// Returns an example of the command that was typed, about the partner that was typed: the first with one of its options, or
/// else the first.
fn example_for(words: &[OsString]) -> Option<String> {
    let grammar = grammar();
    let mut verb = &grammar;
    let mut path = "chanlife".to_owned();
    let mut subject = None;
    for word in words.iter().skip(1).filter_map(|word| word.to_str()) {
        match verb.find_subcommand(word) {
            Some(found) => {
                verb = found;
                path = format!("{path} {word}");
            }
            None if word.starts_with('-') => break,
            None => {
                subject = Some(shell_words::quote(word));
                break;
            }
        }
    }
    let help = verb.get_after_help()?.to_string();
    let examples = help.lines().skip_while(|line| !line.starts_with("Example")).skip(1).map(str::trim);
    let examples: Vec<&str> =
        examples.filter(|line| line.starts_with(&path) && !line.ends_with('\\')).collect();
    let options = words.iter().filter_map(|word| word.to_str()).filter(|word| word.starts_with("--"));
    let options: Vec<&str> = options.map(|word| word.split('=').next().unwrap_or(word)).collect();
    let has_one = |line: &&&str| line.split(' ').any(|word| options.contains(&word));
    let example = examples.iter().find(has_one).or(examples.first())?;
    let example = example.split("  ").next().unwrap_or(example);
    Some(match subject {
        Some(subject) => example.replace(" acme ", &format!(" {subject} ")),
        None => example.to_owned(),
    })
}

/// Prints an error on standard error. A reader that went away is not a failure.
fn failed(error: &anyhow::Error, words: &[OsString]) -> Exit {
    let broken_pipe = error.chain().any(|cause| {
        cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    });
    if broken_pipe {
        return Exit::Done;
    }
    let Explained { exit, why, causes, hints } = explain(error);
    let variable = variable_of(&why, words).map(|variable| format!("the value is from {variable}"));
    let is_shown_how = hints.iter().any(|hint| hint.contains("`chanlife "));
    let lacks = exit == Exit::Usage && why.ends_with(" missing") && !is_shown_how;
    let example = if lacks { example_for(words) } else { None };
    let example = example.map(|example| format!("for example: `{example}`"));
    let mut text = format!("error: {why}");
    for cause in causes {
        text.push_str(&format!("\n  {cause}"));
    }
    for hint in hints.into_iter().chain(variable).chain(example) {
        text.push_str(&format!("\nhint: {hint}"));
    }
    let lines: Vec<String> = text.split('\n').map(shortened).collect();
    print_message(&lines.join("\n"), named_database(words).as_deref());
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
        // What an action changed is said from its events alone.
        let tally = counted(&file, &["log"]);
        assert_eq!((tally.histories_read(), tally.folds, transactions(&tally)), (0, 0, 1), "the log");
    }
}
