//! The commands on the program: the stages, milestones and rules in force.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use clap_complete::engine::ArgValueCompleter;
use shell_words::quote;

use crate::app::clock;
use crate::app::context::{Context, read_text};
use crate::app::exit::{BadFile, Exit};
use crate::commands::completers::ready_programs_and_files;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::base::period::PeriodEdge;
use crate::lifecycle::base::problem::Problem;
use crate::lifecycle::base::text::{counted, listed};
use crate::lifecycle::funds::shared_budget_days;
use crate::lifecycle::program;
use crate::lifecycle::program::{Program, ProgramFault, SHARED, refuse_parts_in_use};
use crate::report;
use crate::report::in_use::gone_and_in_use;
use crate::report::renamed_periods::renamed_periods;
use crate::report::unknown_values::UnknownValues;
use crate::store::{Keep, Reader, View};
use crate::text::program::unlisted_values;
use crate::text::program_diff::changes;
use crate::text::program_templates::{UnknownTemplate, program_template};
use crate::text::steps::{command_line, hint_line};
use crate::text::store::content::{budgets_share, part_in_use};

/// The stages, milestones and rules in force
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chanlife program list
  chanlife program show > mine.toml
  chanlife program show msp > mine.toml
  chanlife program check mine.toml
  chanlife program diff mine.toml
  chanlife program apply mine.toml")]
pub struct ProgramArgs {
    #[command(subcommand)]
    verb: ProgramVerb,
}

#[derive(Debug, Subcommand)]
enum ProgramVerb {
    /// List the ready programs, which other commands take by name
    List,
    /// Print the program in force, as TOML; with --format, as a table
    Show {
        /// Ready program, or a file, to print instead
        #[arg(add = ArgValueCompleter::new(ready_programs_and_files), conflicts_with = "as_of")]
        program: Option<PathBuf>,
        /// The program in force on this day
        #[arg(long, value_name = "DATE")]
        as_of: Option<String>,
    },
    /// List every error in a program file
    Check {
        /// Program file in TOML, or a ready program; - reads standard input
        #[arg(add = ArgValueCompleter::new(ready_programs_and_files))]
        file: PathBuf,
    },
    /// Show what would change
    Diff {
        /// Program file in TOML, or a ready program; - reads standard input
        #[arg(add = ArgValueCompleter::new(ready_programs_and_files))]
        file: PathBuf,
    },
    /// Put a program into force
    Apply {
        /// Program file in TOML, or a ready program; - reads standard input
        #[arg(add = ArgValueCompleter::new(ready_programs_and_files))]
        file: PathBuf,
        /// First day in force [default: today]
        #[arg(long, value_name = "DATE")]
        on: Option<String>,
        /// Remove what partners have: the key of a tier, term, fund, course, material, reason or field, or FIELD=OPTION; repeat it for more
        #[arg(long, value_name = "KEY")]
        drop: Vec<String>,
        /// Show what would change, without changing it
        #[arg(short = 'n', long)]
        dry_run: bool,
    },
}

/// A program and the text that it was read from.
pub(crate) struct ReadProgram {
    pub toml: String,
    pub program: Program,
}

impl ProgramArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        match self.verb {
            ProgramVerb::List => {
                context.show(&report::program::ready_programs())?;
                Ok(Exit::Done)
            }
            ProgramVerb::Show { program: Some(file), .. } => show_file(context, &file),
            ProgramVerb::Show { program: None, as_of } => show(context, as_of.as_deref()),
            ProgramVerb::Check { file } => check(context, &file),
            ProgramVerb::Diff { file } => diff(context, &file),
            ProgramVerb::Apply { file, on, drop, dry_run } => {
                apply(context, &file, on.as_deref(), &drop, dry_run)
            }
        }
    }
}

fn show(context: &Context, as_of: Option<&str>) -> anyhow::Result<Exit> {
    let day = as_of.map(|text| context.edge("--as-of", text, PeriodEdge::Last)).transpose()?;
    let in_force = match context.store() {
        Ok(mut store) => store.read(|reader| Ok(reader.program(day, None)?))?,
        // Before the database exists, the built-in program is the one that would be in force.
        Err(_) if context.global.db.is_none() && !context.path()?.exists() => None,
        Err(error) => return Err(error),
    };
    let shown = match in_force {
        Some(in_force) => ReadProgram { toml: in_force.toml, program: in_force.program },
        None => ReadProgram {
            toml: program::BUILT_IN.to_owned(),
            program: parse(program::BUILT_IN, "the built-in program")?,
        },
    };
    print_program(context, &shown)
}

/// Prints a ready program or a file.
fn show_file(context: &Context, file: &Path) -> anyhow::Result<Exit> {
    print_program(context, &read_program(file)?)
}

fn print_program(context: &Context, shown: &ReadProgram) -> anyhow::Result<Exit> {
    if context.global.format.is_none() {
        context.print(|out| out.write_all(shown.toml.as_bytes()))?;
    } else {
        context.show(&report::program::show(&shown.program))?;
    }
    Ok(Exit::Done)
}

fn check(context: &Context, file: &Path) -> anyhow::Result<Exit> {
    let program = match read_program(file) {
        Ok(read) => read.program,
        Err(error) => match error.downcast_ref::<Error>().and_then(Error::facts::<BadFile>) {
            Some(bad) if !context.on_screen() => {
                context.show(&report::program::problems(&bad.problems))?;
                return Ok(Exit::Input);
            }
            _ => return Err(error),
        },
    };
    if !context.on_screen() {
        context.show(&report::program::problems(&[]))?;
    }
    let stages = counted(program.stages().len(), "stage");
    let milestones = counted(program.milestones().count(), "milestone");
    let questionnaires = counted(program.questionnaires().len(), "questionnaire");
    let parts = format!("{stages}, {milestones}, {questionnaires}");
    context.say(&format!("{} is valid: {parts}", file.display()));
    say_unlisted(context, &program);
    say_shared_budgets(context, &program);
    Ok(Exit::Done)
}

fn diff(context: &Context, file: &Path) -> anyhow::Result<Exit> {
    let new = read_program(file)?.program;
    let (in_force, lost, unknown, in_use, unfit) = context.store()?.read(|reader| {
        let in_force = reader.program_now()?;
        let view = reader.view(context.today, None)?;
        let mut lost = lost(reader, &in_force.program, &new)?;
        lost.extend(renamed(&view, &in_force.program, &new)?);
        let unfit = reader.unfit_budgets(&in_force.program, &new)?;
        let aliases = in_force.aliases.with(&new);
        let unknown = UnknownValues::read(&view, &new, &aliases)?;
        let (_, in_use) = gone_and_in_use(&view, &in_force.program, &new, &aliases)?;
        Ok((in_force, lost, unknown, in_use, unfit))
    })?;
    let aliases = in_force.aliases.with(&new);
    context.show(&report::program::diff(&changes(&in_force.program, &new, &aliases)))?;
    if let Some(why) = &unfit {
        context.say(&format!("warning: `{}` is refused: {why}", command_line(&Step::ApplyProgram)));
        why.hints().iter().for_each(|hint| context.say(&format!("hint: {}", hint_line(hint))));
    }
    for sentence in &lost {
        context.say(sentence);
    }
    for one in &in_use {
        context.say(&format!("warning: {}", part_in_use(one)));
    }
    say_shared_budgets(context, &new);
    say_unknown(context, &unknown);
    Ok(Exit::Done)
}

fn apply(
    context: &Context,
    file: &Path,
    on: Option<&str>,
    drop: &[String],
    dry_run: bool,
) -> anyhow::Result<Exit> {
    let new = read_program(file)?;
    let given = on.map(|text| context.past_day("--on", Some(text))).transpose()?;
    let keep = if dry_run { Keep::DryRun } else { Keep::Commit };
    let mut begun = context.begin()?;
    let (changed, differs, day, lost, unknown, dropped) = begun.store.write(keep, |writer| {
        let in_force = writer.reader().program_now()?;
        // Without partners, a new program replaces the first one from its first day.
        let first = Some(in_force.since)
            .filter(|_| given.is_none() && !writer.reader().has_partners().unwrap_or(true));
        let day = given.or(first).unwrap_or(context.today);
        if day < in_force.since {
            let why = format!("{day} is before {}, the first day of the program in force", in_force.since);
            return Err(before_in_force(&why, given, in_force.since).into());
        }
        let aliases = in_force.aliases.with(&new.program);
        let view = writer.reader().view(context.today, None)?;
        let (gone, in_use) = gone_and_in_use(&view, &in_force.program, &new.program, &aliases)?;
        let dropped = refuse_parts_in_use(&gone, in_use, drop)?;
        let changed = changes(&in_force.program, &new.program, &aliases);
        let differs = in_force.toml != new.toml;
        let mut lost = lost(writer.reader(), &in_force.program, &new.program)?;
        lost.extend(renamed(&view, &in_force.program, &new.program)?);
        let unknown = UnknownValues::read(&view, &new.program, &aliases)?;
        if differs {
            writer.apply_program_without(&context.stamp()?, &new.toml, day, &gone)?;
        }
        Ok((changed, differs, day, lost, unknown, dropped))
    })?;
    context.settle(begun, differs && !dry_run)?;
    for sentence in &lost {
        context.say(sentence);
    }
    for one in &dropped {
        context.say(&format!("note: {}", part_in_use(one)));
    }
    say_shared_budgets(context, &new.program);
    say_unknown(context, &unknown);
    if dry_run || !context.on_screen() {
        context.show(&report::program::diff(&changed))?;
    }
    match (dry_run, changed.len()) {
        (true, _) => context.say("Dry run: nothing was changed"),
        (false, 0) if differs => context.say("Applied: only comments or layout changed"),
        (false, 0) => context.say("No changes: this program is already in force"),
        (false, count) => {
            context.say(&format!("Applied: {}, in force since {day}", counted(count, "change")));
        }
    }
    Ok(Exit::Done)
}

/// Refuses a program from a day before that in force: a day that was typed, or today, if the time zone makes it earlier.
fn before_in_force(why: &str, typed: Option<Day>, since: Day) -> Error {
    if typed.is_some() {
        return Error::usage(format!("--on: {why}"));
    }
    Error::usage(format!("today, {why}")).hint(format!("repeat the command with --today {since}"))
}

/// Returns a sentence for each questionnaire with answers that a new program drops.
fn lost(reader: &Reader, old: &Program, new: &Program) -> anyhow::Result<Vec<String>> {
    let mut sentences = Vec::new();
    for gone in old.questionnaires().iter().filter(|one| new.questionnaire(&one.key).is_none()) {
        let partners = reader.assessed_by(&gone.key)?;
        if partners > 0 {
            sentences.push(format!(
                "warning: questionnaire `{}` is not in the new program; {} with answers to it keep their answers, which no longer \
                 count",
                gone.key,
                counted(partners, "partner")
            ));
        }
    }
    Ok(sentences)
}

/// Returns a sentence for each kind of record whose periods a new program calls otherwise.
fn renamed(view: &View, old: &Program, new: &Program) -> anyhow::Result<Vec<String>> {
    let sentences = renamed_periods(view, old, new)?;
    Ok(sentences.into_iter().map(|sentence| format!("note: {sentence}")).collect())
}

/// Says which types and regions parts of the program name that no list of it checks.
fn say_unlisted(context: &Context, program: &Program) {
    for attribute in SHARED.into_iter().filter(|attribute| program.is_unlisted_word(attribute)) {
        let named = program.named_values(attribute);
        if !named.is_empty() {
            context.say(&format!("note: {}", unlisted_values(attribute, &named)));
        }
    }
}

/// Says which budgets of a program have days in common.
fn say_shared_budgets(context: &Context, program: &Program) {
    for shared in shared_budget_days(program) {
        context.say(&format!("note: {}", budgets_share(&shared)));
    }
}

/// Prints which values of partners the program does not know.
pub(crate) fn say_unknown(context: &Context, unknown: &[UnknownValues]) {
    for one in unknown {
        let key = &one.attribute;
        context.say(&format!("note: {}", one.sentence()));
        let values = if one.known.is_empty() {
            "or add the value to the program".to_owned()
        } else {
            format!("VALUE is one of {}; or add the value to the program", listed(&one.known))
        };
        for (value, partners) in one.by_value() {
            let whom = match partners[..] {
                [partner] => partner.to_owned(),
                // A value with a comma is one in quotes.
                _ if value.contains(',') => format!("--where {}", quote(&format!("{key}=\"{value}\""))),
                _ => format!("--where {}", quote(&format!("{key}={value}"))),
            };
            context.say(&format!("next: `chanlife edit {whom} --set {key}=VALUE`; {values}"));
        }
    }
}

/// Reads a ready program by its name, or a program file; `-` is standard input. A word with `/` or `.toml` is a file.
///
/// # Errors
/// [`BadFile`] with everything that is wrong, [`Error`] for an unknown name and for a file that cannot be read.
pub(crate) fn read_program(file: &Path) -> anyhow::Result<ReadProgram> {
    let name = file.display().to_string();
    let is_toml = file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml"));
    let is_file = name == "-" || name.contains(['/', '\\']) || is_toml;
    let toml = match program_template(&name) {
        Some(ready) => ready.toml.to_owned(),
        None if is_file => read_text(file)?,
        None => return Err(Error::usage(UnknownTemplate { word: name }).into()),
    };
    let program = parse(&toml, &name)?;
    Ok(ReadProgram { toml, program })
}

fn parse(toml: &str, name: &str) -> Result<Program, Error> {
    let bad = |problems| Error::input(BadFile { file: name.to_owned(), problems });
    let program = Program::check(toml).map_err(bad)?;
    match unknown_zone(toml, &program) {
        Some(problem) => Err(bad(vec![problem])),
        None => Ok(program),
    }
}

/// Returns the problem that this machine does not know the time zone of a program, if it does not.
fn unknown_zone(toml: &str, program: &Program) -> Option<Problem> {
    let zone =
        program.time_zone.as_deref().filter(|zone| clock::is_known("UTC") && !clock::is_known(zone))?;
    let at = toml.find("time_zone").and_then(|key| Some(key + toml[key..].find(zone)?)).unwrap_or_default();
    Some(Problem::at(toml, &(at..at + zone.len()), ProgramFault::TimeZone { word: zone.to_owned() }))
}
