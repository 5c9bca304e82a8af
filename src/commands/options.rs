//! The options that commands share, each with its help in one place, and what their values are read as.
//!
//! What the option parser can judge alone (texts, names, numbers) is judged while it parses; what depends on the
//! day or on the program (days, amounts) is read by the command, through the methods here.

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use crate::app::context::Context;
use crate::commands::completers::partner_keys;
use crate::commands::order::{Order, Whom};
use crate::lifecycle::base::day::{Day, Towards};
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::base::text;
use crate::render::Format;
use crate::store::Keep;

/// The day on which something happened.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct OnDay {
    /// The day it happened
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
}

/// Whether to try only.
#[derive(Clone, Copy, Debug, Default, Args)]
pub(super) struct DryRun {
    /// Say what would be recorded, and record nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
}

/// The one partner that a command is about.
#[derive(Clone, Debug, Args)]
pub(super) struct OnePartner {
    /// The partner
    #[arg(add = ArgValueCompleter::new(partner_keys))]
    pub partner: String,
}

/// Whom a command is about, in commands that take the partner first.
#[derive(Clone, Debug, Args)]
pub(super) struct Target {
    /// The partner: its key, a reference, or any part of its name that no other has
    #[arg(value_name = "PARTNER", required_unless_present = "conditions", conflicts_with = "conditions",
          add = ArgValueCompleter::new(partner_keys))]
    pub partner: Option<String>,
    #[command(flatten)]
    pub bulk: Bulk,
}

/// Many partners instead of one.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct Bulk {
    /// All partners of which this holds, such as region=EMEA, stage=terms,launch or 'days>30' (quote < and >, or the shell takes them); given several times, all must hold
    #[arg(long = "where", id = "conditions", value_name = "CONDITION")]
    pub conditions: Vec<String>,
    /// With --where, record for those who can and leave out those who are refused
    #[arg(long, requires = "conditions")]
    pub skip_refused: bool,
    #[command(flatten)]
    pub dry_run: DryRun,
}

/// How many rows to show.
#[derive(Clone, Copy, Debug, Default, Args)]
pub(super) struct Limit {
    /// How many to show; 0 for all, as in formats for machines
    #[arg(long, value_name = "COUNT")]
    limit: Option<usize>,
}

impl OnDay {
    /// Returns the day; today, if none was given.
    ///
    /// # Errors
    /// [`Error`] for what is no day, or one that has not come yet.
    pub(super) fn day(&self, context: &Context) -> anyhow::Result<Day> {
        context.past_day("--on", self.on.as_deref())
    }

    /// Returns the day that was given, if one was.
    ///
    /// # Errors
    /// Those of [`OnDay::day`].
    pub(super) fn given(&self, context: &Context) -> anyhow::Result<Option<Day>> {
        if self.on.is_some() { self.day(context).map(Some) } else { Ok(None) }
    }
}

impl DryRun {
    /// Returns whether what is written is kept.
    pub(super) fn keep(self) -> Keep {
        if self.dry_run { Keep::DryRun } else { Keep::Commit }
    }

    /// Orders something for one partner.
    pub(super) fn order(self, partner: &str, day: Day) -> Order<'_> {
        Order { whom: Whom::One(partner), day, keep: self.keep(), skip_refused: false }
    }
}

impl Target {
    /// Orders something for the partners that are meant.
    pub(super) fn order(&self, day: Day) -> Order<'_> {
        let whom = self.partner.as_deref().map_or(Whom::Where(&self.bulk.conditions), Whom::One);
        self.bulk.order(whom, day)
    }
}

impl Bulk {
    /// Orders something for these partners.
    pub(super) fn order<'o>(&self, whom: Whom<'o>, day: Day) -> Order<'o> {
        Order { whom, day, keep: self.dry_run.keep(), skip_refused: self.skip_refused }
    }

    /// Takes the partner from the words, if there is no --where; the other words stay.
    pub(super) fn whom<'w>(&'w self, words: &'w [String]) -> (Whom<'w>, &'w [String]) {
        match words {
            [partner, rest @ ..] if self.conditions.is_empty() => (Whom::One(partner), rest),
            _ => (Whom::Where(&self.conditions), words),
        }
    }
}

impl Limit {
    /// Returns how many rows people see: what was asked for, or a screenful; machines get all unless asked otherwise.
    pub(super) fn rows(self, context: &Context, screenful: usize) -> Option<usize> {
        match self.limit {
            Some(0) => None,
            Some(count) => Some(count),
            None if context.format() == Format::Table => Some(screenful),
            None => None,
        }
    }

    /// Returns how many rows were asked for; all, if nothing was said.
    pub(super) fn asked(self) -> Option<usize> {
        self.limit.filter(|count| *count > 0)
    }
}

/// Returns the one word behind the partner.
///
/// # Errors
/// `missing` if there is none, and an error of usage if a partner stands beside --where.
pub(super) fn one_word(words: &[String], missing: impl FnOnce() -> Error) -> Result<&String, Error> {
    match words {
        [word] => Ok(word),
        [] => Err(missing()),
        _ => Err(partner_and_where()),
    }
}

/// Says that a partner was named beside --where.
pub(super) fn partner_and_where() -> Error {
    Error::usage("give a partner or --where, not both")
}

/// Reads a free text, as it is stored.
///
/// # Errors
/// What is wrong with it.
pub(super) fn prose(typed: &str) -> Result<String, String> {
    text::prose(typed).map_err(|fault| format!("the text {fault}"))
}

/// Reads a name, as it is stored.
///
/// # Errors
/// What is wrong with it.
pub(super) fn name(typed: &str) -> Result<String, String> {
    text::name(typed).map_err(|fault| format!("the name {fault}"))
}

/// Several numbers, typed with commas.
#[derive(Clone, Debug)]
pub(super) struct Numbers(pub Vec<i64>);

/// Reads one number.
///
/// # Errors
/// What is no number.
pub(super) fn number(typed: &str) -> Result<i64, String> {
    typed.parse().map_err(|_| format!("`{typed}` is no number; write it as it is listed, such as 41"))
}

/// Reads `41` or `41,43`.
///
/// # Errors
/// What is no number.
pub(super) fn numbers(typed: &str) -> Result<Numbers, String> {
    let read =
        |part: &str| part.trim().parse().map_err(|_| format!("`{part}` is no number; write 41 or 41,43"));
    typed.split(',').map(read).collect::<Result<_, String>>().map(Numbers)
}

/// Reads the number of an action.
///
/// # Errors
/// What is no number.
pub(super) fn action_number(typed: &str) -> Result<i64, &'static str> {
    typed.parse().map_err(|_| "expected the number of an action; `chanlife log` lists them")
}

/// Reads a day that may be to come, if one was given.
///
/// # Errors
/// [`Error`] that names the option.
pub(super) fn day_to_come(
    context: &Context,
    option: &str,
    typed: Option<&str>,
) -> anyhow::Result<Option<Day>> {
    typed.map(|typed| context.day(option, typed, Towards::Future)).transpose()
}

/// Reads an amount, in minor units of the currency.
///
/// # Errors
/// [`Error`] that names the option.
pub(super) fn amount(currency: Currency, option: &str, typed: &str) -> Result<i64, Error> {
    currency.parse(typed).map_err(|why| Error::usage(format!("{option}: {why}")))
}

/// Reads an amount in minor units, if one was given.
///
/// # Errors
/// Those of [`amount`].
pub(super) fn optional_amount(
    currency: Currency,
    option: &str,
    typed: Option<&String>,
) -> Result<Option<i64>, Error> {
    typed.map(|typed| amount(currency, option, typed)).transpose()
}
