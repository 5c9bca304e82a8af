//! The commands that list what was recorded, and undo and redo it.
//!
//! This room reads the log through `store` and must not know how actions are stored. To add a filter, add it to
//! `LogArgs` and to `Wanted::covers`.

pub(crate) mod undo;

use crate::lifecycle::base::error::Error;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use clap::Args;
use clap::builder::PossibleValuesParser;
use clap_complete::engine::ArgValueCompleter;

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::completers::partner_keys;
use crate::commands::options::action_number;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::PeriodEdge;
use crate::lifecycle::event::Event;
use crate::lifecycle::program::Program;
use crate::report::log;
use crate::report::log::{LoggedAction, PartnerEvent};
use crate::report::options::Limit;
use crate::report::value::Report;
use crate::store::{ActionId, ActionKind, Reader, RecordedAction};
use crate::text::actions::action_in_words;

/// Show what was recorded, by whom and when; for a partner, its events with their numbers
#[derive(Debug, Args)]
#[command(after_help = "Kinds: joined, edited, entered (a stage), parked, left, done, skipped, reopened, due-moved, noted, assessed, \
        overridden (criteria), sold, planned, plan-sent, plan-agreed, reviewed, tasked, task-done, task-moved and \
        task-dropped (action items and follow-ups), \
        watched, improving, decided, tiered, terms, certified, delivered, fund-accrued, fund-granted, fund-requested, \
        fund-approved, fund-rejected, fund-claimed, fund-paid, fund-closed, fund-taken-back, fund-expired, announced, told (notified of an \
        announcement), answered (responded to an announcement), asked (a question), replied (answered a question), \
        corrected, removed, merged, forgotten, lost (events that a rescued file could not read), program, undo and redo.

Examples:
  chanlife log --by ben --since 2026-10-01   # recorded by ben since that day
  chanlife log --kind undo          # actions that were undone
  chanlife log acme --kind entered   # every stage change of one partner
  chanlife log --action 17          # one action: its command, events and undo",
    mut_arg("limit", |limit| limit.help("Number of newest rows to show; 0 shows all (the default for JSON, CSV and Markdown, and for one partner or action)")))]
pub struct LogArgs {
    /// Partner whose events to list
    #[arg(add = ArgValueCompleter::new(partner_keys))]
    partner: Option<String>,
    /// One action, with all its events
    #[arg(
        long,
        value_name = "NUMBER",
        value_parser = action_number,
        conflicts_with_all = ["partner", "by", "since", "until", "kind"]
    )]
    action: Option<i64>,
    /// Only entries recorded by this person
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// Only entries recorded on this day or later
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// Only entries recorded on this day or earlier
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// Only events of this kind, or actions with one; or undo, or redo
    #[arg(long, value_parser = kinds(), hide_possible_values = true)]
    kind: Option<String>,
    #[command(flatten)]
    limit: Limit,
}

/// Which entries of the log are wanted; nothing if all are.
struct Wanted {
    by: Option<String>,
    since: Option<Day>,
    until: Option<Day>,
    kind: Option<String>,
}

fn kinds() -> PossibleValuesParser {
    let reversals = [ActionKind::Undo(0), ActionKind::Redo(0)].map(ActionKind::word);
    PossibleValuesParser::new(Event::KINDS.iter().copied().chain(reversals))
}

impl LogArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let day = |option: &str, text: &Option<String>, edge: PeriodEdge| {
            text.as_deref().map(|text| context.edge(option, text, edge)).transpose()
        };
        let since = day("--since", &self.since, PeriodEdge::First)?;
        let until = day("--until", &self.until, PeriodEdge::Last)?;
        let wanted = Wanted { by: self.by, since, until, kind: self.kind };
        if let (Some(_), Some(kind)) = (&self.partner, &wanted.kind)
            && !Event::KINDS.contains(&kind.as_str())
        {
            let why = format!("--kind: `{kind}` is an action, not an event of a partner");
            return Err(Error::usage(why).hint(format!("`chanlife log --kind {kind}` lists them")).into());
        }
        // One partner or action is shown in full.
        let is_one = self.partner.is_some() || self.action.is_some();
        let limit = if is_one { self.limit.asked() } else { self.limit.rows(context.on_screen(), 20) };
        let report = context.store()?.read(|reader| match (&self.partner, self.action) {
            (Some(partner), _) => events_of_partner(reader, partner, &wanted, limit),
            (None, Some(action)) => events_of_action(reader, action, limit),
            (None, None) => actions(reader, &wanted, limit),
        })?;
        context.show(&report)?;
        Ok(Exit::Done)
    }
}

impl Wanted {
    fn is_all(&self) -> bool {
        self.by.is_none() && self.since.is_none() && self.until.is_none() && self.kind.is_none()
    }

    /// Returns whether the action was recorded by the person and in the period wanted.
    fn covers(&self, action: &RecordedAction) -> bool {
        self.by.as_ref().is_none_or(|by| *by == action.actor)
            && self.since.is_none_or(|since| since <= action.recorded_on)
            && self.until.is_none_or(|until| action.recorded_on <= until)
    }
}

fn actions(reader: &Reader, wanted: &Wanted, limit: Option<usize>) -> anyhow::Result<Report> {
    let with_kind = wanted.kind.as_deref().map(|kind| reader.actions_with(kind)).transpose()?;
    let is_wanted = |action: &RecordedAction| {
        let fits = |kind: &String| {
            *kind == action.kind.word() || with_kind.as_ref().is_some_and(|with| with.contains(&action.id))
        };
        wanted.covers(action) && wanted.kind.as_ref().is_none_or(fits)
    };
    let mut newest = Vec::new();
    let mut more = 0;
    reader.actions_before(None, |action| {
        if !is_wanted(&action) {
            return true;
        }
        if limit.is_none_or(|limit| newest.len() < limit) {
            newest.push(action);
            return true;
        }
        // Actions are numbered without gaps.
        more = if wanted.is_all() { usize::try_from(action.id).unwrap_or(0) } else { more + 1 };
        !wanted.is_all()
    })?;
    let program = reader.program_now()?.program;
    let newest = newest.into_iter().rev().map(|action| logged(reader, action, &program));
    Ok(log::actions(&newest.collect::<anyhow::Result<Vec<_>>>()?, more))
}

/// Reads what an action changed, and who undid it.
fn logged(reader: &Reader, action: RecordedAction, program: &Program) -> anyhow::Result<LoggedAction> {
    let undo = reader.undone_by(action.id)?.map(|undo| reader.existing(undo)).transpose()?;
    let summary = reader.summarize(action)?;
    let said = action_in_words(&summary, program);
    Ok(LoggedAction { action: summary.action, said, undo })
}

fn events_of_action(reader: &Reader, id: ActionId, limit: Option<usize>) -> anyhow::Result<Report> {
    let program = reader.program_now()?.program;
    let logged_action = logged(reader, reader.existing(id)?, &program)?;
    let action = &logged_action.action;
    let mut keys = HashMap::new();
    let mut events = Vec::new();
    for logged in reader.events_of_action(action)? {
        let key = match logged.partner {
            None => None,
            Some(partner) => Some(match keys.entry(partner) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(unknown) => unknown.insert(reader.lookup(partner)?.key),
            }),
        };
        let key = key.cloned();
        let (day, actor) = (logged.day, action.actor.clone());
        let undone = logged_action.undo.is_some();
        events.push(PartnerEvent { logged, key, day, recorded_on: action.recorded_on, actor, undone });
    }
    let more = leave_newest(&mut events, limit);
    Ok(log::of_action(&logged_action, &events, more, &program))
}

fn events_of_partner(
    reader: &Reader,
    partner: &str,
    wanted: &Wanted,
    limit: Option<usize>,
) -> anyhow::Result<Report> {
    let in_force = reader.program_now()?;
    let lookup = reader.find(partner)?;
    let history = reader.history(lookup.id)?;
    let folded = history.fold(&in_force.aliases, None);
    let mut events = Vec::new();
    for logged in reader.events_of_partner(lookup.id)? {
        let Some(action) = reader.action(logged.action)? else { continue };
        if !wanted.covers(&action) || wanted.kind.as_ref().is_some_and(|kind| *kind != logged.kind) {
            continue;
        }
        let held = folded.order.iter().find(|(_, one)| one.number == logged.number).map(|(day, _)| *day);
        let day = held.unwrap_or(logged.day);
        let undone = reader.undone_by(logged.action)?.is_some();
        let key = Some(lookup.key.clone());
        events.push(PartnerEvent {
            logged,
            key,
            day,
            recorded_on: action.recorded_on,
            actor: action.actor,
            undone,
        });
    }
    let more = leave_newest(&mut events, limit);
    Ok(log::of_partner(&lookup, &events, more, &in_force.program))
}

/// Keeps the newest events up to the limit, and returns how many were dropped.
fn leave_newest(events: &mut Vec<PartnerEvent>, limit: Option<usize>) -> usize {
    let more = limit.map_or(0, |limit| events.len().saturating_sub(limit));
    events.drain(..more);
    more
}
