//! Options that several reports take.

use clap::{Args, ValueEnum};

use crate::analysis::sales_chain::End;
use crate::lifecycle::base::day::{Day, Towards};
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::period::{Calendar, PeriodEdge};

/// What a run is to fail on.
#[derive(Debug, Default, Args)]
pub(crate) struct FailOption {
    /// End with exit code 1 if partners are overdue, stuck, underperforming, or owe reports
    #[arg(long, value_enum, value_name = "WHAT")]
    pub fail_on: Option<FailOn>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum FailOn {
    Overdue,
    Stuck,
    /// Below the performance threshold of the program.
    Underperforming,
    /// Owing sell-through reports.
    ReportsOwed,
}

/// Days for which curves are wanted.
#[derive(Debug, Args)]
pub(crate) struct CurveDays {
    /// Days to show in the outcome table; JSON and CSV have the curves in full
    #[arg(long, value_name = "DAYS,...", value_delimiter = ',', value_parser = clap::value_parser!(u16).range(0..=4000), allow_negative_numbers = true)]
    at: Vec<u16>,
}

/// How far to look ahead.
#[derive(Debug, Args)]
pub(crate) struct HorizonOption {
    /// How many days to look ahead; default: 365, or two thirds of a shorter history
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u16).range(1..=4000), allow_negative_numbers = true)]
    horizon: Option<u16>,
}

/// What improvements are to bring partners to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
pub(crate) enum TowardEnd {
    /// The stage of success.
    #[default]
    Growth,
    /// The first sale.
    FirstRevenue,
    /// The revenue of twelve months from which on a partner is productive.
    Productive,
    /// Revenue within the horizon.
    Revenue,
}

/// How many rows to show.
#[derive(Clone, Copy, Debug, Default, Args)]
pub(crate) struct Limit {
    /// Number of rows to show; 0 shows all (the default for JSON, CSV and Markdown)
    #[arg(long, value_name = "COUNT", allow_negative_numbers = true)]
    limit: Option<usize>,
}

impl TowardEnd {
    /// Returns the end of the chain of sales; none for the stage of success, to which stages lead.
    pub(crate) fn of_sales(self) -> Option<End> {
        match self {
            TowardEnd::Growth => None,
            TowardEnd::FirstRevenue => Some(End::FirstRevenue),
            TowardEnd::Productive => Some(End::Productive),
            TowardEnd::Revenue => Some(End::Revenue),
        }
    }
}

impl CurveDays {
    /// Returns the days.
    pub(crate) fn days(&self) -> Vec<usize> {
        self.at.iter().copied().map(usize::from).collect()
    }
}

impl HorizonOption {
    /// Returns the days, if they are given.
    pub(crate) fn days(&self) -> Option<usize> {
        self.horizon.map(usize::from)
    }
}

impl Limit {
    /// Returns how many rows are shown: what was asked for, or a screenful `on_screen`; elsewhere all unless asked
    /// otherwise.
    pub(crate) fn rows(self, on_screen: bool, screenful: usize) -> Option<usize> {
        match self.limit {
            Some(0) => None,
            None if on_screen => Some(screenful),
            asked => asked,
        }
    }

    /// Returns how many rows were asked for; all, if nothing was said.
    pub(crate) fn asked(self) -> Option<usize> {
        self.limit.filter(|count| *count > 0)
    }
}

/// Reads the day since when or until when something is asked for: of a period such as 2026-Q3 its first or its last day, and
/// of one that is not over yet `today`.
///
/// # Errors
/// [`Error`] that names the option.
pub(crate) fn read_edge(
    option: &str,
    text: &str,
    (calendar, today): (Calendar, Day),
    edge: PeriodEdge,
) -> Result<Day, Error> {
    let Ok(period) = calendar.parse(text.trim()) else {
        return read_day(option, text, (calendar, today), Towards::Past);
    };
    let day = match edge {
        PeriodEdge::First => period.first,
        PeriodEdge::Last if period.first <= today => period.last.min(today),
        PeriodEdge::Last => period.last,
    };
    not_to_come(option, day, today)
}

/// Reads a day. What has happened cannot be on a day to come.
///
/// # Errors
/// [`Error`] that names the option.
pub(crate) fn read_day(
    option: &str,
    text: &str,
    (calendar, today): (Calendar, Day),
    towards: Towards,
) -> Result<Day, Error> {
    let day =
        calendar.parse_day(text, today, towards).map_err(|why| Error::usage(format!("{option}: {why}")))?;
    if towards == Towards::Past { not_to_come(option, day, today) } else { Ok(day) }
}

fn not_to_come(option: &str, day: Day, today: Day) -> Result<Day, Error> {
    if day > today {
        return Err(Error::usage(format!("{option}: {day} is in the future; today is {today}")));
    }
    Ok(day)
}
