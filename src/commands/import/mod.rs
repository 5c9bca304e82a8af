//! Bringing in CSV files, and the text form of a whole file.

pub(super) mod files;
mod typed;

use crate::app::exit::missing;
use crate::lifecycle::base::error::Error;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueHint};

use crate::app::context::{Context, same_file};
use crate::app::exit::Exit;
use crate::commands::file::export::import_all;
use crate::commands::import::files::{WantedRejects, kept, open};
use crate::commands::import::typed::{delimiter, pair, rate, rates};
use crate::import::{
    ImportSource, Imported, ObservedFrom, RejectedRows, import_actions, import_announcements, import_care,
    import_certifications, import_deliveries, import_funds, import_partners, import_plans, import_questions,
    import_revenue, import_reviews, import_stages, import_terms,
};
use crate::lifecycle::base::day::{Day, Towards};
use crate::lifecycle::base::text::counted;
use crate::render::Format;
use crate::report::import as import_report;
use crate::store::{Keep, Stamp, Store};

/// Bring in partners, stage histories, revenue or plans from CSV files; running it again changes nothing
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, arg_required_else_help = true)]
pub struct Import {
    /// Make a new file from a text that `export --all` wrote; - for standard input
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    all: Option<PathBuf>,
    #[command(subcommand)]
    what: Option<What>,
}

/// What can be imported.
const KINDS: &str = "partners|stages|revenue|plans|actions|reviews|care|terms|certifications|deliveries|announcements|questions|funds";

#[derive(Debug, Subcommand)]
enum What {
    Partners(Partners),
    Stages(Stages),
    Revenue(Revenue),
    Plans(Plans),
    /// Actions of plans: partner, what, due, on, and perhaps owner and period; without a period, of improvement plans
    Actions(Plain),
    /// Business reviews: partner, period, on, and perhaps text
    Reviews(Plain),
    /// What was done about partners that do not perform: partner, step (watch, improvement, recover, self-service), on, and perhaps until and reason
    Care(Plain),
    /// What was agreed: partner, term, value (empty: given up), on, and perhaps from, until, by
    Terms(Plain),
    /// Who passed which course: partner, course, person, on, and perhaps email, role, until, evidence
    Certifications(Plain),
    /// Which materials were delivered: partner, material, version, on
    Deliveries(Plain),
    /// Who was told of what: partner, announcement, on, and perhaps subject, launch-day, and answered, a day
    Announcements(Plain),
    /// Questions: partner, question, on, and perhaps by, owner, answer, answered
    Questions(Plain),
    /// Movements of funds: partner, step (accrue, grant, request, approve, reject, claim, pay, close), on, and what the step needs of fund, amount, ref, period, activity, starts, ends, cost, expected, until, proof, leads, pipeline, reason
    Funds(Plain),
    /// Anything else, such as a file whose kind was not said.
    #[command(external_subcommand)]
    Other(Vec<OsString>),
}

/// Partners, one a row: name or partner, and any of key, type, tier, region, owner, ref, fields of the
/// program, contact_name, contact_email, contact_role, stage, since
#[expect(clippy::doc_markdown, reason = "the comment is the help")]
#[derive(Debug, Args)]
#[command(after_help = "A partner that is there is brought up to date; an empty cell changes nothing.

Example:
  chanlife import partners partners.csv --map \"Account Name=name\" --map Id=partner \\
      --observed-from 2026-01-01")]
struct Partners {
    #[command(flatten)]
    options: Options,
    #[command(flatten)]
    stages: StageOptions,
}

/// Stage histories, one change a row: partner, stage, entered_on
#[expect(clippy::doc_markdown, reason = "the comment is the help")]
#[derive(Debug, Args)]
#[command(
    after_help = "The words parked, declined, withdrew and terminated mean that it was parked or left. Rows
may come in any order; those of one day count in the order of their time, where they have one, and
then of the file. A partner that is not there yet is added under the name in the file.

Examples:
  chanlife import stages history.csv --complete-history
  chanlife import stages crm.csv --observed-from 2025-01-01 --delimiter ';' \\
      --map OpportunityId=partner --map StageName=stage --map CreatedDate=entered_on \\
      --stage-map \"Closed Won=growth\" --stage-map \"Closed Lost=declined\" --stage-map \"Draft=ignore\""
)]
struct Stages {
    #[command(flatten)]
    options: Options,
    #[command(flatten)]
    stages: StageOptions,
}

/// Revenue, one sale or report a row: partner; amount, or quantity and unit-price; on or period; and perhaps ref,
/// product, customer, deal, ship-to, currency, rate
#[derive(Debug, Args)]
#[command(
    after_help = "A row with a ref is known by it and by its product; one without, by its partner, day, amount
and all else that it says. Returns are rows below zero. The headers of sell-through reports (productIdentifier,
quantitySold, salesDate, customerIdentifier, shipToLocation, unitPrice) are understood as they are.

Examples:
  chanlife import revenue q3.csv --map Reseller=partner --map Net=amount \\
      --map Date=on --map Invoice=ref
  chanlife import revenue sell-through.csv --rate USD=0.92 --rate GBP=1.17"
)]
struct Revenue {
    #[command(flatten)]
    options: Options,
    /// What one unit of another currency is worth in the program's, for rows without a rate; it is kept with each row
    #[arg(long, value_name = "CODE=RATE", value_parser = rate)]
    rate: Vec<(String, String)>,
}

/// Business plans, one year or quarter a row: partner, period, target, and perhaps agreed-by and on
#[derive(Debug, Args)]
#[command(
    after_help = "A row with agreed-by is a plan that both sides agreed to; one without is being edited.

Example:
  chanlife import plans plans.csv --map Goal=target"
)]
struct Plans {
    #[command(flatten)]
    options: Options,
}

#[derive(Debug, Args)]
struct Plain {
    #[command(flatten)]
    options: Options,
}

#[derive(Debug, Args)]
struct Options {
    /// The CSV file; - for standard input
    #[arg(value_hint = ValueHint::FilePath)]
    file: PathBuf,
    /// A header of the file and the field that it stands for; repeat it for more
    #[arg(long, value_name = "HEADER=FIELD", value_parser = pair)]
    map: Vec<(String, String)>,
    /// What separates the fields
    #[arg(long, value_name = "CHARACTER", default_value = ",", value_parser = delimiter)]
    delimiter: u8,
    /// Say what would be imported, and import nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// Write the rows that can't be used to this file, with the reasons; a dry run writes none
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    rejects: Option<PathBuf>,
    /// Import the good rows where others can't be used; otherwise it is all or nothing
    #[arg(long)]
    skip_errors: bool,
}

#[derive(Debug, Args)]
struct StageOptions {
    /// A stage of the file and what it stands for: a stage of the program, parked, declined, withdrew, terminated or ignore
    #[arg(long, value_name = "THEIRS=OURS", value_parser = pair)]
    stage_map: Vec<(String, String)>,
    /// The day since when the file has all partners, or the column that has it: whoever left before is missing
    #[arg(long, value_name = "DATE|COLUMN")]
    observed_from: Option<String>,
    /// The file has all partners from their first day on, with those that left
    #[arg(long, conflicts_with = "observed_from")]
    complete_history: bool,
}

impl Import {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let what = match (self.all, self.what) {
            (Some(file), _) => return import_all(context, &file),
            (None, Some(what)) => what,
            (None, None) => return Err(missing("what to import", KINDS).into()),
        };
        match what {
            What::Partners(Partners { options, stages }) => {
                let observed = stages.observed(context)?;
                let given = Given { observed, stages: stages.stage_map, ..Given::default() };
                options.import(context, given, import_partners)
            }
            What::Stages(Stages { options, stages }) => {
                let observed = stages.observed(context)?;
                if observed.is_none() {
                    return Err(Error::usage("from which day on the file has all partners is missing")
                        .hint("--complete-history, where the file has all partners from their first day on, with those that left")
                        .hint("--observed-from DATE, where it has only those that were still there on that day")
                        .into());
                }
                let given = Given { observed, stages: stages.stage_map, ..Given::default() };
                options.import(context, given, import_stages)
            }
            What::Revenue(Revenue { options, rate }) => {
                let given = Given { rates: rates(rate)?, ..Given::default() };
                options.import(context, given, import_revenue)
            }
            What::Plans(Plans { options }) => options.import(context, Given::default(), import_plans),
            What::Actions(plain) => plain.import(context, import_actions),
            What::Reviews(plain) => plain.import(context, import_reviews),
            What::Care(plain) => plain.import(context, import_care),
            What::Terms(plain) => plain.import(context, import_terms),
            What::Certifications(plain) => plain.import(context, import_certifications),
            What::Deliveries(plain) => plain.import(context, import_deliveries),
            What::Announcements(plain) => plain.import(context, import_announcements),
            What::Questions(plain) => plain.import(context, import_questions),
            What::Funds(plain) => plain.import(context, import_funds),
            What::Other(words) => {
                let word = words.first().map(|word| word.to_string_lossy()).unwrap_or_default();
                let file =
                    if Path::new(word.as_ref()).exists() { shell_words::quote(&word) } else { "FILE".into() };
                Err(Error::usage(format!(
                    "what to import is missing: `{word}` is not one of {}",
                    KINDS.replace('|', ", ")
                ))
                .hint(format!("`chanlife import {KINDS} {file}`"))
                .into())
            }
        }
    }
}

impl Plain {
    fn import(self, context: &Context, import: Importing) -> anyhow::Result<Exit> {
        self.options.import(context, Given::default(), import)
    }
}

impl StageOptions {
    fn observed(&self, context: &Context) -> anyhow::Result<Option<ObservedFrom>> {
        if self.complete_history {
            return Ok(Some(ObservedFrom::Complete));
        }
        let Some(text) = self.observed_from.as_deref() else {
            return Ok(None);
        };
        if Day::parse(text, context.today, Towards::Past).is_err() {
            return Ok(Some(ObservedFrom::Column(text.to_owned())));
        }
        Ok(Some(ObservedFrom::Day(context.day("--observed-from", text, Towards::Past)?)))
    }
}

/// What only some imports are given.
#[derive(Default)]
struct Given {
    stages: Vec<(String, String)>,
    observed: Option<ObservedFrom>,
    rates: BTreeMap<String, String>,
}

type Importing = fn(&mut Store, &Stamp, ImportSource, Keep) -> anyhow::Result<Imported>;

impl Options {
    fn import(self, context: &Context, given: Given, import: Importing) -> anyhow::Result<Exit> {
        self.check_files(context)?;
        let keep = if self.dry_run { Keep::DryRun } else { Keep::Commit };
        let (mut input, name) = open(context, &self.file)?;
        let mut wanted = None;
        if let Some(file) = self.rejects.as_deref().filter(|_| keep == Keep::Commit) {
            // What comes through a pipe can't be read again, for the rows as they stand in it.
            let original =
                kept(input).map_err(|error| Error::input(format!("{name} can't be read: {error}")))?;
            input = Box::new(original.try_clone()?);
            wanted = Some(WantedRejects { file, original, delimiter: self.delimiter });
        }
        let source = ImportSource {
            input,
            name,
            delimiter: self.delimiter,
            mapping: self.map,
            stages: given.stages,
            observed_from: given.observed,
            rates: given.rates,
            today: context.today,
            skip_errors: self.skip_errors,
        };
        let mut store = context.store_to_write()?;
        let imported = import(&mut store, &context.stamp(), source, keep);
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
        tell(context, &imported?, keep)
    }

    /// Refuses files that can't be written, before any work, and to write over what is read.
    fn check_files(&self, context: &Context) -> anyhow::Result<()> {
        let written = [self.rejects.as_deref(), context.output()];
        for file in written.into_iter().flatten() {
            if same_file(file, &self.file) {
                let why = format!("`{}` is the file that is imported", file.display());
                return Err(Error::usage(why).hint("name another file to write").into());
            }
        }
        let Some(rejects) = &self.rejects else {
            return Ok(());
        };
        if context.output().is_some_and(|output| same_file(output, rejects)) {
            let why = format!("`{}` can't hold both the answer and the rejects", rejects.display());
            return Err(Error::usage(why).hint("give --output and --rejects a file each").into());
        }
        context.check_writable(rejects)
    }
}

fn tell(context: &Context, outcome: &Imported, keep: Keep) -> anyhow::Result<Exit> {
    for reject in outcome.rejects.iter().take(20) {
        context.say(&format!("left out: {}", reject.sentence()));
    }
    if outcome.rejects.len() > 20 {
        context.say(&format!("left out: {}", counted(outcome.rejects.len() - 20, "more row")));
    }
    outcome.notes.iter().for_each(|note| context.say(&format!("note: {note}")));
    context.say(&import_report::sentence(outcome.counts, outcome.rejects.len()));
    match (keep, outcome.counts.action) {
        (Keep::DryRun, _) => context.say("Dry run: nothing was imported."),
        (Keep::Commit, None) => context.say("Nothing new: no action was recorded."),
        (Keep::Commit, Some(_)) => {
            context.say("next: see where they stand: `chanlife report`; or take it back: `chanlife undo`");
        }
    }
    if context.format() != Format::Table || context.global.output.is_some() {
        let rejects: Vec<(u64, &str, &str)> =
            outcome.rejects.iter().map(|one| (one.line, one.partner.as_str(), one.reason.as_str())).collect();
        context.show(&import_report::report(outcome.counts, &rejects))?;
    }
    Ok(Exit::Done)
}
