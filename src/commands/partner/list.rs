//! The command that lists partners, and finds them by words.

use clap::Args;

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::reading::{ViewOptions, WhereOption};
use crate::lifecycle::base::error::Error;
use crate::lifecycle::program::Program;
use crate::report::list;
use crate::report::list::Layout;
use crate::report::options::Limit;
use crate::report::reading::Quality;
use crate::report::search::{FoundTexts, WordSearch};
use crate::store::View;

/// The columns of a list whose columns nobody named.
const COLUMNS: [&str; 8] = ["key", "name", "type", "stage", "since", "days", "overdue", "owner"];

/// The columns of a list of partners that have certain words.
const FOUND_COLUMNS: [&str; 3] = ["key", "name", "stage"];

/// List partners, or find those whose notes, names, contacts or answers have certain words
#[derive(Debug, Args)]
#[command(
    after_help = "Columns and conditions: key, name, type, tier, region, owner, fields of the program, ref, stage, \
        since, days, overdue, missing (gates), done (milestones), parked-from, left-as, why, joined, revenue-12m, \
        productive, verdict, vendor-score, partner-score, performance, care, certified, told, questions and terms of the \
        program. Put conditions with < or > in quotes. More: `chanlife help conditions`.

Examples:
  chanlife list --where stage=terms --where missing=agreement-signed
  chanlife list --where overdue=yes --sort -days --columns key,owner,days
  chanlife list --where 'days>30' --where owner=ana,ben
  chanlife list --where stage=left --columns key,name,left-as,why
  chanlife list rosa lombardy   # both words in a note, a name, an answer
  chanlife list \"price list\" --where stage=terms"
)]
pub struct ListArgs {
    /// Words to look for in names, contacts, references, notes, reasons, evidence, answers, invoices, deals and customers; all
    /// must be there
    #[arg(value_name = "WORD")]
    words: Vec<String>,
    #[command(flatten)]
    filter: WhereOption,
    /// Columns to show, separated by commas [default: key,name,type,stage,since,days,overdue,owner]
    #[arg(long, value_delimiter = ',', value_name = "COLUMN,...")]
    columns: Vec<String>,
    /// Column to sort by; a - before it sorts in descending order
    #[arg(long, value_name = "COLUMN", default_value = "key", allow_hyphen_values = true)]
    sort: String,
    #[command(flatten)]
    limit: Limit,
    #[command(flatten)]
    view: ViewOptions,
}

impl ListArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let report = self.view.read(context, &self.filter.conditions, |view, frame| {
            let search = self.search(view)?;
            let layout = self.layout(context, &view.in_force.program, search)?;
            let qualities = layout.columns.iter().chain(layout.sort.as_ref().map(|(quality, _)| quality));
            let needs = qualities.fold(list::needs(), |needs, one| needs.and(one.needs()));
            frame.segment.read(view, needs, |channel| Ok(list::report(channel, frame, &layout)))
        })?;
        context.show(&report)?;
        Ok(Exit::Done)
    }

    /// Looks for the words, if some are given.
    fn search(&self, view: &View) -> anyhow::Result<Option<(WordSearch, FoundTexts)>> {
        if self.words.is_empty() {
            return Ok(None);
        }
        let words = WordSearch::parse(&self.words).map_err(Error::usage)?;
        let found = words.find(view)?;
        Ok(Some((words, found)))
    }

    fn layout(
        &self,
        context: &Context,
        program: &Program,
        search: Option<(WordSearch, FoundTexts)>,
    ) -> anyhow::Result<Layout> {
        let parse = |option: &str, word: &str| {
            Quality::parse(word, program).map_err(|why| Error::usage(format!("{option}: {why}")))
        };
        let named = !self.columns.is_empty();
        let words = self.columns.iter().map(String::as_str);
        let words: Vec<&str> = match (named, &search) {
            (true, _) => words.collect(),
            (false, Some(_)) => FOUND_COLUMNS.to_vec(),
            (false, None) => COLUMNS.to_vec(),
        };
        let columns = words.into_iter().map(|word| parse("--columns", word)).collect::<Result<_, _>>()?;
        let (word, descending) = match self.sort.strip_prefix('-') {
            Some(word) => (word, true),
            None => (self.sort.as_str(), false),
        };
        Ok(Layout {
            columns,
            named,
            sort: Some((parse("--sort", word)?, descending)),
            search,
            limit: self.limit.rows(context.on_screen(), 100),
        })
    }
}
