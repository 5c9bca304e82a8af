//! The options of every command that only reads: which partners, as of which day, as known on which day.

use clap::Args;

use crate::app::context::Context;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::period::PeriodEdge;
use crate::lifecycle::partner::Partner;
use crate::report::basis::Basis;
use crate::report::reading::Segment;
use crate::store::{Lookup, View};

#[derive(Clone, Debug, Default, Args)]
pub(super) struct ViewOptions {
    /// The channel as it stood at the end of this day
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
    /// Use only what had been recorded by the end of this day
    #[arg(long, value_name = "DATE")]
    pub known_on: Option<String>,
}

#[derive(Clone, Debug, Default, Args)]
pub(super) struct WhereOption {
    /// Only partners that meet this condition, such as region=EMEA, stage=terms,launch or 'days>30' (put < and > in quotes); repeat it to combine conditions
    #[arg(long = "where", value_name = "CONDITION")]
    pub conditions: Vec<String>,
}

impl ViewOptions {
    /// Opens the file and hands over the view that was asked for.
    ///
    /// # Errors
    /// Days and conditions that cannot be understood, and a file that cannot be read.
    pub(super) fn read<T>(
        &self,
        context: &Context,
        conditions: &[String],
        work: impl Fn(&View, &Basis) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let (as_of, known_on) = self.days(context)?;
        let mut store = context.store()?;
        store.read_briefly(|reader| {
            let view = reader.view(as_of, known_on)?;
            let frame = Basis { as_of, known_on, segment: segment(&view, conditions)? };
            work(&view, &frame)
        })
    }

    fn days(&self, context: &Context) -> anyhow::Result<(Day, Option<Day>)> {
        let last = |option: &str, typed: Option<&str>| {
            typed.map(|text| context.edge(option, text, PeriodEdge::Last)).transpose()
        };
        let as_of = last("--as-of", self.as_of.as_deref())?.unwrap_or(context.today);
        let known_on = last("--known-on", self.known_on.as_deref())?;
        if known_on == Some(context.today) {
            context.say("note: today is not over; entries recorded later today will be included");
        }
        Ok((as_of, known_on))
    }
}

/// Returns the partner that `text` names, as of the day of the view.
///
/// # Errors
/// An unknown partner, and a refusal if it was not in the channel yet.
pub(super) fn partner_of(view: &View, text: &str) -> anyhow::Result<Partner> {
    let lookup = view.reader().find(text)?;
    let absent = || {
        not_yet(&lookup, view.as_of)
            .hint("choose a later --as-of date; if its first day is after today, name that day with --today")
    };
    Ok(view.partner(lookup.id)?.ok_or_else(absent)?)
}

/// Returns the refusal of a partner that was not in the channel yet on a day.
pub(super) fn not_yet(partner: &Lookup, day: Day) -> Error {
    Error::refused(format!("{} was not in the channel yet on {day}", partner.name))
}

/// Reads conditions against the program of the view.
///
/// # Errors
/// [`Error`] for a condition that cannot be understood.
pub(super) fn segment(view: &View, conditions: &[String]) -> anyhow::Result<Segment> {
    let in_force = &view.in_force;
    Segment::parse(conditions, &in_force.program, &in_force.aliases, view.as_of).map_err(|why| {
        let failure = Error::usage(format!("--where: {why}"));
        // The shell takes a sign and what follows it for a file; a word of a field is left.
        let cut = conditions.iter().any(|condition| !condition.contains(['=', '<', '>', ' ']));
        let hint = "put a condition with < or > in quotes: --where 'days>30'";
        if cut { failure.hint(hint).into() } else { failure.into() }
    })
}

/// Returns conditions with that of the owner, if one is named; a comma is a part of the name.
pub(super) fn with_owner(conditions: &[String], owner: Option<&str>) -> Vec<String> {
    let owner = owner.map(|owner| {
        if owner.contains([',', '"']) {
            format!("owner=\"{}\"", owner.replace('"', "\"\""))
        } else {
            format!("owner={owner}")
        }
    });
    conditions.iter().cloned().chain(owner).collect()
}

/// Reads the name of --owner, which is one whole name; quotes around it are left out.
///
/// # Errors
/// Says that it is empty.
pub(super) fn owner_name(typed: &str) -> Result<String, String> {
    let name = typed.trim();
    let name = name.strip_prefix('"').and_then(|name| name.strip_suffix('"')).unwrap_or(name).trim();
    if name.is_empty() { Err("the name is empty".to_owned()) } else { Ok(name.to_owned()) }
}
