use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use super::completions::partner_keys;
use super::list::limit;
use crate::context::Context;
use crate::exit::Exit;
use crate::report::log::{self, LoggedAction, PartnerEvent};
use crate::report::sheet::Report;
use crate::store::{ActionId, Reader};

/// What was recorded, by whom and when; with a partner, its events with their numbers
#[derive(Debug, Args)]
pub struct Log {
    /// The partner whose events to list
    #[arg(add = ArgValueCompleter::new(partner_keys))]
    partner: Option<String>,
    /// How many actions to show, the newest; 0 for all, as in formats for machines
    #[arg(long, value_name = "COUNT")]
    limit: Option<usize>,
}

impl Log {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let limit = limit(context, self.limit, 20);
        let report = context.store()?.read(|reader| match &self.partner {
            Some(partner) => events(reader, partner),
            None => actions(reader, limit),
        })?;
        context.show(&report)?;
        Ok(Exit::Done)
    }
}

fn actions(reader: &Reader, limit: Option<usize>) -> anyhow::Result<Report> {
    let mut newest = Vec::new();
    let mut more = 0;
    reader.actions_before(ActionId::MAX, |action| {
        if limit.is_none_or(|limit| newest.len() < limit) {
            newest.push(action);
            return true;
        }
        more = usize::try_from(action.id).unwrap_or(0);
        false
    })?;
    let mut logged = Vec::with_capacity(newest.len());
    for action in newest.into_iter().rev() {
        let undone_by = reader.undone_by(action.id)?;
        logged.push(LoggedAction { action, undone_by });
    }
    Ok(log::actions(&logged, more))
}

fn events(reader: &Reader, partner: &str) -> anyhow::Result<Report> {
    let in_force = reader.program_now()?;
    let lookup = reader.find(partner)?;
    let history = reader.history(lookup.id)?;
    let folded = history.fold(&in_force.aliases, None);
    let mut events = Vec::new();
    for logged in reader.events_of_partner(lookup.id)? {
        let held = folded.order.iter().find(|(_, one)| one.number == logged.number).map(|(day, _)| *day);
        let day = held.unwrap_or(logged.day);
        let undone = reader.undone_by(logged.action)?.is_some();
        let Some(action) = reader.action(logged.action)? else { continue };
        events.push(PartnerEvent {
            logged,
            day,
            recorded_on: action.recorded_on,
            actor: action.actor,
            undone,
        });
    }
    Ok(log::events(&lookup, &events, &in_force.program))
}
