//! The command that imports CSV files, and a database exported as text.
//!
//! The kinds of import are a table in `import::readers`; this room builds a verb with its help from each row of it, and
//! must not know single kinds. To add a kind, add a reader and a row there; to add an option, add it to `CsvOptions`.

pub(super) mod files;
mod typed;

use crate::app::exit::missing;
use crate::lifecycle::base::error::Error;
use clap::error::ErrorKind;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::{ArgMatches, Args, Command, FromArgMatches, Subcommand, ValueHint};

use crate::app::context::{Context, same_file};
use crate::app::exit::Exit;
use crate::commands::file::export::import_all;
use crate::commands::import::files::{WantedRejects, kept, open};
use crate::commands::import::typed::{delimiter, mapped, pair, rate, rates};
use crate::commands::options::replacing;
use crate::import::{ColumnNeed, IMPORTS, ImportKind, ImportSource, Imported, ObservedFrom, RejectedRows};
use crate::lifecycle::base::period::{Calendar, PeriodEdge};
use crate::lifecycle::base::text::{counted, visible};
use crate::lifecycle::revenue::Counting;
use crate::report;
use crate::report::import::{ChangedDetail, ImportedRows, SkippedRow};
use crate::store::Keep;

/// Import partners, stage histories, revenue, plans and more from CSV files; what is recorded already is not recorded again
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, arg_required_else_help = true)]
pub struct ImportArgs {
    /// Create a database from a text written by `export --all`; - reads standard input
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    all: Option<PathBuf>,
    #[command(subcommand)]
    what: Option<ImportChoice>,
}

/// What to import: a row of the table of imports, with its options.
#[derive(Debug)]
enum ImportChoice {
    Kind(&'static ImportKind, ImportOptions),
    /// Anything else, such as a file whose kind was not said.
    Other(OsString),
}

#[derive(Debug)]
struct ImportOptions {
    file: CsvOptions,
    stages: StageOptions,
    sales: SaleOptions,
}

#[derive(Debug, Args)]
struct CsvOptions {
    /// CSV file; - reads standard input
    #[arg(value_hint = ValueHint::FilePath)]
    file: PathBuf,
    /// Map a column of the file to a field; repeat it for more
    #[arg(long, value_name = "HEADER=FIELD", value_parser = mapped)]
    map: Vec<(String, String)>,
    /// Field separator
    #[arg(long, value_name = "CHARACTER", default_value = ",", value_parser = delimiter)]
    delimiter: u8,
    /// Show what would be imported, without importing it
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// Write rows with errors and their reasons to this file; not in a dry run
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    rejects: Option<PathBuf>,
    /// Import the valid rows even if others have errors; without it, one error stops the import
    #[arg(long)]
    skip_errors: bool,
}

#[derive(Debug, Default, Args)]
struct SaleOptions {
    /// Exchange rate to the program's currency for rows without one, stored with each row
    #[arg(long, value_name = "CODE=RATE", value_parser = rate)]
    rate: Vec<(String, String)>,
    /// What each row replaces: numbers of events, or within for all that lies within its days
    #[arg(long, value_name = "EVENT,...|within", value_delimiter = ',')]
    replaces: Vec<String>,
    /// Rows are parts of a total that is recorded, which then counts for the rest
    #[arg(long, conflicts_with = "beside")]
    detail: bool,
    /// Rows count beside what is recorded of their days
    #[arg(long)]
    beside: bool,
}

#[derive(Debug, Default, Args)]
struct StageOptions {
    /// Map a stage of the file to a stage of the program, or to parked, declined, withdrew, terminated or ignore
    #[arg(long, value_name = "THEIRS=OURS", value_parser = pair)]
    stage_map: Vec<(String, String)>,
    /// Map a reason for leaving in the file to a reason of the program, or to ignore
    #[arg(long, value_name = "THEIRS=OURS", value_parser = pair)]
    reason_map: Vec<(String, String)>,
    /// First day for which the file is complete, or the column with that day; partners that left earlier are missing
    #[arg(long, value_name = "DATE|COLUMN")]
    observed_from: Option<String>,
    /// The file has the complete history of all partners, including those that left
    #[arg(long, conflicts_with = "observed_from")]
    complete_history: bool,
}

impl Subcommand for ImportChoice {
    fn augment_subcommands(command: Command) -> Command {
        IMPORTS
            .iter()
            .fold(command, |command, kind| command.subcommand(command_of(kind)))
            .allow_external_subcommands(true)
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        ImportChoice::augment_subcommands(command)
    }

    /// Accepts any word, so that a file without its kind gets a useful error.
    fn has_subcommand(_: &str) -> bool {
        true
    }
}

impl FromArgMatches for ImportChoice {
    fn from_arg_matches(matches: &ArgMatches) -> Result<ImportChoice, clap::Error> {
        let (word, matches) =
            matches.subcommand().ok_or_else(|| clap::Error::new(ErrorKind::MissingSubcommand))?;
        let Some(kind) = ImportKind::named(word) else { return Ok(ImportChoice::Other(word.into())) };
        let file = CsvOptions::from_arg_matches(matches)?;
        let stages = if kind.stages.is_some() {
            StageOptions::from_arg_matches(matches)?
        } else {
            StageOptions::default()
        };
        let sales = if kind.sales { SaleOptions::from_arg_matches(matches)? } else { SaleOptions::default() };
        Ok(ImportChoice::Kind(kind, ImportOptions { file, stages, sales }))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = ImportChoice::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Builds the verb of one kind of import; its help lists its columns.
fn command_of(kind: &ImportKind) -> Command {
    let mut command = CsvOptions::augment_args(Command::new(kind.word).about(about(kind)));
    if kind.stages.is_some() {
        command = StageOptions::augment_args(command);
    }
    if kind.sales {
        command = SaleOptions::augment_args(command);
    }
    let parts = [columns(kind), kind.more.to_owned()];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    command.after_help(format!("{}\n\nExamples:\n{}", parts.join("\n"), examples(kind)))
}

/// Returns the description of an import with its columns.
fn about(kind: &ImportKind) -> String {
    let named = |need: ColumnNeed| {
        let columns = kind.columns.iter().filter(|column| column.need == need);
        columns.map(|column| column.name).collect::<Vec<&str>>().join(", ")
    };
    let (required, optional) = (named(ColumnNeed::Required), named(ColumnNeed::Optional));
    let parts: Vec<String> = [required, optional].into_iter().filter(|part| !part.is_empty()).collect();
    format!("{}: {}", kind.about, parts.join("; optional "))
}

/// Returns the columns with their meaning; optional ones in brackets.
fn columns(kind: &ImportKind) -> String {
    let shown = |need: ColumnNeed, name: &str| match need {
        ColumnNeed::Required => name.to_owned(),
        ColumnNeed::Optional => format!("[{name}]"),
    };
    let width = kind.columns.iter().map(|column| column.name.len() + 2).max().unwrap_or(0);
    let mut text = "Columns ([optional]):\n".to_owned();
    for column in kind.columns {
        text.push_str(&format!("  {:width$}  {}\n", shown(column.need, column.name), column.meaning));
    }
    text
}

/// Returns what to type, a line or more for each example.
fn examples(kind: &ImportKind) -> String {
    let file = format!("{}.csv", kind.word);
    let all = if kind.examples.is_empty() { &[file.as_str()][..] } else { kind.examples };
    let lines = all.iter().map(|example| format!("  chanlife import {} {example}", kind.word));
    lines.collect::<Vec<String>>().join("\n")
}

/// Returns the words of all imports, separated.
fn words(separator: &str) -> String {
    IMPORTS.iter().map(|kind| kind.word).collect::<Vec<&str>>().join(separator)
}

impl ImportArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        match (self.all, self.what) {
            (Some(file), _) => import_all(context, &file),
            (None, Some(ImportChoice::Kind(kind, options))) => options.import(context, kind),
            (None, Some(ImportChoice::Other(word))) => Err(unknown_kind(&word.to_string_lossy()).into()),
            (None, None) => {
                Err(missing("the kind of import", "").hint(format!("the kinds are {}", words(", "))).into())
            }
        }
    }
}

fn unknown_kind(word: &str) -> Error {
    let file = if Path::new(word).exists() { shell_words::quote(word) } else { "FILE".into() };
    let why = format!("unknown kind of import `{word}`, expected one of {}", words(", "));
    Error::usage(why).hint(format!("`chanlife import KIND {file}`"))
}

impl StageOptions {
    fn observed(&self, context: &Context) -> anyhow::Result<Option<ObservedFrom>> {
        if self.complete_history {
            return Ok(Some(ObservedFrom::Complete));
        }
        let Some(text) = self.observed_from.as_deref() else {
            return Ok(None);
        };
        if Calendar::CIVIL.parse_edge(text, context.today, PeriodEdge::First).is_err() {
            return Ok(Some(ObservedFrom::Column(text.to_owned())));
        }
        Ok(Some(ObservedFrom::Day(context.edge("--observed-from", text, PeriodEdge::First)?)))
    }
}

impl ImportOptions {
    fn import(self, context: &Context, kind: &'static ImportKind) -> anyhow::Result<Exit> {
        let observed_from = self.stages.observed(context)?;
        if kind.stages == Some(ColumnNeed::Required) && observed_from.is_none() {
            let error = Error::usage("the period that the file covers is missing");
            return Err(ObservedFrom::hint_options(error).into());
        }
        let SaleOptions { rate, replaces, detail, beside } = self.sales;
        let rates = rates(rate)?;
        let counting = Counting { detail, beside, ..replacing(&replaces)? };
        self.file.import(context, kind, |source| ImportSource {
            stages: self.stages.stage_map,
            reasons: self.stages.reason_map,
            observed_from,
            rates,
            counting,
            ..source
        })
    }
}

impl CsvOptions {
    /// Imports the file; `with` adds the options that only some imports have.
    fn import<'s>(
        self,
        context: &Context,
        kind: &'static ImportKind,
        with: impl FnOnce(ImportSource<'s>) -> ImportSource<'s>,
    ) -> anyhow::Result<Exit> {
        self.check_files(context)?;
        let keep = if self.dry_run { Keep::DryRun } else { Keep::Commit };
        let (mut input, name) = open(context, &self.file)?;
        let mut wanted = None;
        if let Some(file) = self.rejects.as_deref().filter(|_| keep == Keep::Commit) {
            // A pipe cannot be read again to copy the rejected rows.
            let original =
                kept(input).map_err(|error| Error::input(format!("{name} cannot be read: {error}")))?;
            input = Box::new(original.try_clone()?);
            wanted = Some(WantedRejects { file, original, delimiter: self.delimiter });
        }
        let source = with(ImportSource {
            input,
            name,
            delimiter: self.delimiter,
            mapping: self.map,
            stages: Vec::new(),
            reasons: Vec::new(),
            observed_from: None,
            rates: BTreeMap::new(),
            counting: Counting::default(),
            today: context.today,
            yes: context.global.yes,
            skip_errors: self.skip_errors,
        });
        let mut begun = context.begin()?;
        let imported = kind.import(&mut begun.store, &context.stamp()?, source, keep);
        let recorded = imported.as_ref().is_ok_and(|outcome| outcome.counts.action.is_some());
        context.settle(begun, recorded && keep == Keep::Commit)?;
        if let Some(wanted) = wanted {
            match &imported {
                Ok(outcome) => wanted.write(context, &outcome.rejects)?,
                Err(error) => {
                    if let Some(rejected) =
                        error.downcast_ref::<Error>().and_then(Error::facts::<RejectedRows>)
                    {
                        wanted.write(context, &rejected.rejects)?;
                    }
                }
            }
        }
        print_imported(context, kind, &imported?, keep)
    }

    /// Refuses, before any work, files that cannot be written or that are the file to import.
    fn check_files(&self, context: &Context) -> anyhow::Result<()> {
        let written = [self.rejects.as_deref(), context.output()];
        for file in written.into_iter().flatten() {
            if same_file(file, &self.file) {
                let why = format!("`{}` is the file to import", file.display());
                return Err(Error::usage(why).hint("name another file").into());
            }
        }
        let Some(rejects) = &self.rejects else {
            return Ok(());
        };
        if context.output().is_some_and(|output| same_file(output, rejects)) {
            let why = format!("--output and --rejects name the same file `{}`", rejects.display());
            return Err(Error::usage(why).hint("name a different file for each").into());
        }
        context.check_writable(rejects)
    }
}

/// How many changed details are named, and how many of those that were missing before.
const CHANGES_SHOWN: usize = 20;
const ADDED_SHOWN: usize = 5;

/// Names the details of known partners that change, one by one; many that were missing before by field only.
fn print_changes(context: &Context, changes: &[ChangedDetail], keep: Keep) {
    let (changed, added) = match keep {
        Keep::Commit => ("changed", "added"),
        Keep::DryRun => ("would change", "would add"),
    };
    let (mut named, mut filled): (Vec<_>, Vec<_>) =
        changes.iter().partition(|one| one.from.is_some() || one.person.is_some());
    if filled.len() <= ADDED_SHOWN {
        named.append(&mut filled);
    }
    for one in named.iter().take(CHANGES_SHOWN) {
        context.say(&format!("{changed}: {}", visible(&one.in_words())));
    }
    if named.len() > CHANGES_SHOWN {
        let more = counted(named.len() - CHANGES_SHOWN, "more detail");
        context.say(&format!("{changed}: {more}; --format json lists all of them"));
    }
    let mut fields: BTreeMap<&str, usize> = BTreeMap::new();
    for one in filled {
        *fields.entry(&one.field).or_default() += 1;
    }
    let fields: Vec<String> = fields.iter().map(|(field, count)| format!("{field} ({count})")).collect();
    if !fields.is_empty() {
        context.say(&format!("{added} where it was missing: {}", fields.join(", ")));
    }
}

fn print_imported(
    context: &Context,
    kind: &ImportKind,
    outcome: &Imported,
    keep: Keep,
) -> anyhow::Result<Exit> {
    for reject in outcome.rejects.iter().take(20) {
        context.say(&format!("skipped: {}", reject.sentence()));
    }
    if outcome.rejects.len() > 20 {
        context.say(&format!("skipped: {}", counted(outcome.rejects.len() - 20, "more row")));
    }
    print_changes(context, &outcome.changes, keep);
    outcome.notes.iter().for_each(|note| context.say(&format!("note: {note}")));
    let recorded = keep == Keep::Commit && outcome.counts.action.is_some();
    let imported = if recorded { "Imported " } else { "" };
    context.say(&format!("{imported}{}", report::import::sentence(outcome.counts, outcome.rejects.len())));
    match (keep, outcome.counts.action) {
        (Keep::DryRun, _) => context.say("Dry run: nothing was imported"),
        (Keep::Commit, None) => context.say("Nothing new: no action was recorded"),
        (Keep::Commit, Some(_)) => {
            let shown = kind.shown_by;
            context
                .say(&format!("next: view the result: `chanlife {shown}`; undo the import: `chanlife undo`"));
        }
    }
    if !context.on_screen() || context.global.output.is_some() {
        let rejects = outcome.rejects.iter();
        let skipped: Vec<SkippedRow> = rejects
            .map(|one| SkippedRow { line: one.line, partner: &one.partner, reason: &one.reason })
            .collect();
        let (changes, standing) = (&outcome.changes[..], &outcome.standing[..]);
        let rows = ImportedRows { skipped: &skipped, changes, standing };
        context.show(&report::import::report(outcome.counts, rows))?;
    }
    Ok(Exit::Done)
}
