//! What a report with a name of its own is, and what it is asked.

use clap::error::Error as BadOptions;
use clap::{ArgMatches, Args, Command};

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::period::PeriodEdge;
use crate::lifecycle::program::Program;
use crate::report::basis::Basis;
use crate::report::options::{FailOn, Limit, read_edge};
use crate::report::reading::{Channel, Needs, Quality};
use crate::report::value::Report;
use crate::store::View;

/// A report, made of its own options.
pub(crate) trait NamedReport: std::fmt::Debug {
    /// Returns what --explain says of every column and figure: paragraphs with blank lines between them.
    fn explanation(&self) -> &'static str;

    /// Returns what the report reads of the channel beside where partners stand.
    fn needs(&self, view: &View) -> anyhow::Result<Needs>;

    /// Returns the whole report.
    fn report(&self, asked: &ReportRequest) -> anyhow::Result<Report>;

    /// Returns whether it is about the one partner that it names, so that a segment says nothing.
    fn is_of_one_partner(&self) -> bool {
        false
    }

    /// Returns what the run is to fail on, if the report has an option for it.
    fn fail_on(&self) -> Option<FailOn> {
        None
    }

    /// Returns examples for the help, as they are typed behind the name of the program.
    fn examples() -> &'static [&'static str]
    where
        Self: Sized,
    {
        &[]
    }
}

/// What a report is asked, and what it reads.
pub(crate) struct ReportRequest<'r> {
    pub view: &'r View<'r>,
    pub channel: &'r Channel<'r>,
    pub basis: &'r Basis,
    pub today: Day,
    /// Whether people read it on a screen, who want a screenful.
    pub on_screen: bool,
    /// Whether it is to be explained.
    pub explain: bool,
}

impl ReportRequest<'_> {
    /// Returns how many rows people see.
    pub(crate) fn rows(&self, limit: Limit, screenful: usize) -> Option<usize> {
        limit.rows(self.on_screen, screenful)
    }

    /// Reads the day of --since, if it is given.
    ///
    /// # Errors
    /// [`Error`] for a day that is invalid or in the future.
    pub(crate) fn since(&self, typed: Option<&String>) -> Result<Option<Day>, Error> {
        typed
            .map(|text| {
                let calendar = self.channel.program.calendar;
                read_edge("--since", text, (calendar, self.today), PeriodEdge::First)
            })
            .transpose()
    }
}

/// Reads the field of --by.
///
/// # Errors
/// [`Error`] with the nearest known name.
pub(crate) fn field_of_by(word: &str, program: &Program) -> Result<Quality, Error> {
    Quality::parse(word, program).map_err(|why| Error::usage(format!("--by: {why}")))
}

/// One line of the table of reports.
pub(crate) struct ReportEntry {
    /// The name that users type.
    pub word: &'static str,
    /// What it answers, in the list of reports.
    pub answers: &'static str,
    pub examples: fn() -> &'static [&'static str],
    /// Adds its options to a command.
    pub with_options: fn(Command) -> Command,
    /// Reads its options.
    pub read: fn(&ArgMatches) -> Result<Box<dyn NamedReport>, BadOptions>,
}

impl ReportEntry {
    /// Returns the line of this report.
    pub(super) const fn of<R: NamedReport + Args + 'static>(
        word: &'static str,
        answers: &'static str,
    ) -> ReportEntry {
        let read = |matches: &ArgMatches| -> Result<Box<dyn NamedReport>, BadOptions> {
            Ok(Box::new(R::from_arg_matches(matches)?))
        };
        ReportEntry { word, answers, examples: R::examples, with_options: R::augment_args, read }
    }
}
