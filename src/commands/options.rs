//! The options that commands share, each with its help in one place, and what their values are read as.
//!
//! What the option parser can judge alone (texts, names, numbers) is judged while it parses; what depends on the
//! day or on the program (days, amounts) is read by the command, through the methods here.

use std::io::Read;

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use crate::app::context::Context;
use crate::commands::completers::partner_keys;
use crate::commands::order::{Order, Whom};
use crate::lifecycle::base::day::{Day, Towards};
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::base::text;
use crate::lifecycle::revenue::Counting;
use crate::store::Keep;

/// The day on which something happened.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct OnDay {
    /// The day it happened [default: today]
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
}

/// Whether to record nothing.
#[derive(Clone, Copy, Debug, Default, Args)]
pub(super) struct DryRun {
    /// Show what would be recorded, without recording it
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
pub(super) struct TargetArgs {
    /// The partner: its key, a reference, or any unambiguous part of its name
    #[arg(value_name = "PARTNER", required_unless_present = "conditions", conflicts_with = "conditions",
          add = ArgValueCompleter::new(partner_keys))]
    pub partner: Option<String>,
    #[command(flatten)]
    pub bulk: Bulk,
}

/// Many partners instead of one.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct Bulk {
    /// All partners that meet this condition, such as region=EMEA, stage=terms,launch or 'days>30' (put < and > in quotes); repeat it to combine conditions
    #[arg(long = "where", id = "conditions", value_name = "CONDITION")]
    pub conditions: Vec<String>,
    /// With --where, skip partners that are refused and record for the others
    #[arg(long, requires = "conditions")]
    pub skip_refused: bool,
    #[command(flatten)]
    pub dry_run: DryRun,
}

impl OnDay {
    /// Returns the day; today, if none was given.
    ///
    /// # Errors
    /// [`Error`] for a date that is invalid or in the future.
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

    /// Returns the order for one partner.
    pub(super) fn order(self, partner: &str, day: Day) -> Order<'_> {
        Order { whom: Whom::One(partner), day, keep: self.keep(), skip_refused: false }
    }
}

impl TargetArgs {
    /// Returns the order for the partner or the partners that were named.
    pub(super) fn order(&self, day: Day) -> Order<'_> {
        let whom = self.partner.as_deref().map_or(Whom::Where(&self.bulk.conditions), Whom::One);
        self.bulk.order(whom, day)
    }
}

impl Bulk {
    /// Returns the order for these partners.
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

/// Returns the one word after the partner.
///
/// # Errors
/// `missing` if there is none, and an error of usage if a partner was named with --where.
pub(super) fn one_word(words: &[String], missing: impl FnOnce() -> Error) -> Result<&String, Error> {
    match words {
        [word] => Ok(word),
        [] => Err(missing()),
        _ => Err(partner_and_where()),
    }
}

/// Returns the error that both a partner and --where were given.
pub(super) fn partner_and_where() -> Error {
    Error::usage("give either a partner or --where, not both")
}

/// Reads a free text, as it is stored.
///
/// # Errors
/// What is wrong with it.
pub(super) fn prose(typed: &str) -> Result<String, String> {
    text::prose(typed).map_err(|fault| format!("the text {fault}"))
}

/// Returns a text as it was typed; `-` is what standard input has, without the marks of files from Windows.
///
/// # Errors
/// [`Error`] if standard input cannot be read, or is too long.
pub(super) fn text_or_input(typed: &str) -> Result<String, Error> {
    if typed != "-" {
        return Ok(typed.to_owned());
    }
    let longest = text::TEXT_LIMIT * 4;
    let mut read = String::new();
    std::io::stdin()
        .take(longest as u64 + 1)
        .read_to_string(&mut read)
        .map_err(|error| Error::usage(format!("standard input cannot be read: {error}")))?;
    if read.len() > longest {
        let why = format!("standard input is too long; the limit is {} characters", text::TEXT_LIMIT);
        return Err(Error::usage(why));
    }
    Ok(read.strip_prefix('\u{feff}').unwrap_or(&read).replace("\r\n", "\n"))
}

/// Reads a name, as it is stored.
///
/// # Errors
/// What is wrong with it.
pub(super) fn name(typed: &str) -> Result<String, String> {
    text::name(typed).map_err(|fault| format!("the name {fault}"))
}

/// Reads what is to be done, a text of one line, as it is stored.
///
/// # Errors
/// What is wrong with it.
pub(super) fn one_line(typed: &str) -> Result<String, String> {
    if typed.trim().contains('\n') {
        return Err(
            "it has several lines, and one is expected; `chanlife note` takes longer texts".to_owned()
        );
    }
    text::name(typed).map_err(|fault| format!("it {fault}"))
}

/// Reads a subject, as it is stored.
///
/// # Errors
/// What is wrong with it.
pub(super) fn subject(typed: &str) -> Result<String, String> {
    text::name(typed).map_err(|fault| format!("the subject {fault}"))
}

/// Several numbers, typed with commas.
#[derive(Clone, Debug)]
pub(super) struct Numbers(pub Vec<i64>);

/// Reads one number.
///
/// # Errors
/// What is not a number.
pub(super) fn number(typed: &str) -> Result<i64, String> {
    typed.parse().map_err(|_| format!("`{typed}` is not a number; expected one such as 41"))
}

/// Reads `41` or `41,43`.
///
/// # Errors
/// What is not a number.
pub(super) fn numbers(typed: &str) -> Result<Numbers, String> {
    let read = |part: &str| {
        part.trim().parse().map_err(|_| format!("`{part}` is not a number; expected 41 or 41,43"))
    };
    typed.split(',').map(read).collect::<Result<_, String>>().map(Numbers)
}

/// Reads the number of an action.
///
/// # Errors
/// What is not a number.
pub(super) fn action_number(typed: &str) -> Result<i64, String> {
    typed.parse().map_err(|_| format!("`{typed}` is not an action number; `chanlife log` lists them"))
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

/// Reads what a sale replaces.
///
/// # Errors
/// Returns an error of usage for a word that is neither a number of an event nor `within`.
pub(super) fn replacing(typed: &[String]) -> Result<Counting, Error> {
    Counting::replacing(typed.iter().map(|word| word.trim())).map_err(|word| {
        Error::usage(format!("--replaces: `{word}` is no number of an event")).hint(
            "`chanlife revenue list` has the numbers; --replaces within means all that lies within its days",
        )
    })
}
