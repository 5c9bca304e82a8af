//! What requests come to for all partners that are meant: decided one after the other, recorded as one action, told.

use crate::lifecycle::base::error::{Error, ErrorKind};
use std::collections::{BTreeMap, BTreeSet};

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::receipts::tell;
use crate::commands::record::{Bulk, Request, Subject, Whom, in_force_on, resolve};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::text::counted;
use crate::lifecycle::event::{PartnerId, Recorded};
use crate::lifecycle::facts::Scene;
use crate::lifecycle::partner::Joined;
use crate::lifecycle::rule::{Decision, History, NUMBER};
use crate::report::receipt::Receipt;
use crate::store::{InForce, Keep, NewEvent, Reader, Writer};

/// What was decided for all partners.
pub struct Plan {
    /// The program of the day.
    pub in_force: InForce,
    pub receipt: Receipt,
    /// Partners with something to record.
    pub changed: Vec<PartnerId>,
    /// What changes for them, a sentence each.
    changes: Vec<String>,
    already: usize,
    refused: Vec<(String, Error)>,
}

impl Plan {
    pub fn of(
        context: &Context,
        reader: &Reader,
        whom: &Whom,
        day: Day,
        requests: &[Request],
        first: Option<&NewEvent>,
    ) -> anyhow::Result<Plan> {
        let mut plan = Plan {
            in_force: in_force_on(reader, day)?,
            receipt: Receipt::default(),
            changed: Vec::new(),
            changes: Vec::new(),
            already: 0,
            refused: Vec::new(),
        };
        // What comes first in the action has a number of its own.
        let mut number = reader.next_number()? + i64::from(first.is_some());
        plan.receipt.first_event = Some(number);
        let partners = resolve(context, reader, whom)?;
        if partners.is_empty() {
            check_options(&plan.in_force, day, requests)?;
        }
        for id in partners {
            plan.decide(reader, id, day, requests, &mut number)?;
        }
        Ok(plan)
    }

    fn decide(
        &mut self,
        reader: &Reader,
        id: PartnerId,
        day: Day,
        requests: &[Request],
        number: &mut i64,
    ) -> anyhow::Result<()> {
        let in_force = &self.in_force;
        let mut next = *number;
        let mut history = reader.history(id)?;
        let lookup = reader.lookup(id)?;
        let mut events: Vec<NewEvent> = Vec::new();
        let mut said: Vec<String> = Vec::new();
        let mut changes: Vec<String> = Vec::new();
        for request in requests {
            let decided = decide_one(&history, in_force, day, &lookup.name, request).and_then(|decision| {
                let Decision::Record { events, said } = decision else {
                    return Ok((decision, None));
                };
                let first = next;
                let said = said.replace(NUMBER, &first.to_string());
                let recorded: Vec<Recorded> = events
                    .iter()
                    .zip(first..)
                    .map(|(event, number)| Recorded { number, partner: id, day, event: event.clone() })
                    .collect();
                let extended = history.extended(&recorded, &in_force.aliases)?;
                Ok((Decision::Record { events, said }, Some(extended)))
            });
            match decided {
                Ok((Decision::AlreadySo(sentence), _)) => said.push(sentence),
                Ok((Decision::Record { events: new, said: sentence }, extended)) => {
                    next += new.len() as i64;
                    said.push(sentence.clone());
                    changes.push(sentence);
                    events.extend(new.into_iter().map(|event| NewEvent { partner: Some(id), day, event }));
                    history = extended.unwrap_or(history);
                }
                Err(error) => {
                    if !is_refusal(&error) {
                        return Err(error);
                    }
                    self.refused.push((lookup.key, error.downcast()?));
                    return Ok(());
                }
            }
        }
        *number = next;
        self.receipt.said.extend(said);
        self.changes.extend(changes);
        if events.is_empty() {
            self.already += 1;
        } else {
            self.changed.push(id);
        }
        self.receipt.events.extend(events.into_iter().map(|event| (lookup.key.clone(), event)));
        Ok(())
    }

    /// Refuses everything where one is refused, unless the refused ones are to be left out.
    pub fn check(&self, bulk: &Bulk) -> anyhow::Result<()> {
        let Some((_, first)) = self.refused.first() else {
            return Ok(());
        };
        if bulk.skip_refused {
            return Ok(());
        }
        if bulk.conditions.is_empty() {
            return Err(first.clone().into());
        }
        let mut why = format!("{} refused, so nothing was recorded", counted(self.refused.len(), "partner"));
        for (_, refusal) in self.refused.iter().take(10) {
            why.push_str(&format!("\n  {}", refusal));
        }
        if self.refused.len() > 10 {
            why.push_str(&format!("\n  and {} more", self.refused.len() - 10));
        }
        Err(Error::refused(why).hint("--skip-refused records for the others").into())
    }

    pub fn record(
        &mut self,
        context: &Context,
        writer: &Writer,
        first: Option<&NewEvent>,
    ) -> anyhow::Result<()> {
        if self.receipt.events.is_empty() {
            return Ok(());
        }
        let said = match &self.changes[..] {
            [one] => one.clone(),
            [first, others @ ..] if self.changed.len() == 1 => format!("{first}, and {} more", others.len()),
            [first, ..] => format!("{first}, and so for {} in all", counted(self.changed.len(), "partner")),
            [] => String::new(),
        };
        let own = self.receipt.events.iter().map(|(_, event)| event);
        let events: Vec<NewEvent> = first.into_iter().chain(own).cloned().collect();
        self.receipt.action = Some(writer.append(&context.stamp(), &said, &events)?);
        let touched: BTreeSet<PartnerId> = self.changed.iter().copied().collect();
        writer.project(&touched, &self.in_force.aliases)
    }

    pub fn tell(
        mut self,
        context: &Context,
        keep: Keep,
        many: bool,
        next: Option<String>,
    ) -> anyhow::Result<Exit> {
        let mut sentences = self.receipt.said.clone();
        if many {
            sentences.truncate(20);
            let left_out = self.receipt.said.len() - sentences.len();
            sentences.extend((left_out > 0).then(|| format!("and {left_out} more")));
            let already =
                if self.already > 0 { format!(", {} so already", self.already) } else { String::new() };
            let refused = match self.refused.len() {
                0 => String::new(),
                count => format!(", {count} refused and left out"),
            };
            let verb = if keep == Keep::DryRun { "would be changed" } else { "changed" };
            sentences.push(format!("{} {verb}{already}{refused}", counted(self.changed.len(), "partner")));
        }
        sentences.extend(next);
        tell(context, &mut self.receipt, &self.in_force.program, keep, &sentences)
    }
}

/// Finds options that can't be understood also where no partner is meant, by trying them on an imaginary one.
fn check_options(in_force: &InForce, day: Day, requests: &[Request]) -> anyhow::Result<()> {
    let joined = Joined {
        key: "nobody".to_owned(),
        attributes: BTreeMap::new(),
        references: Vec::new(),
        contacts: Vec::new(),
        observed_from: day,
    };
    let nobody = Recorded { number: 0, partner: 0, day, event: joined.into() };
    let history = History { subject: 0, events: vec![nobody] };
    for request in requests {
        match decide_one(&history, in_force, day, "nobody", request) {
            Err(error) if !is_refusal(&error) => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// What a request comes to for a partner as it stood on the day.
fn decide_one(
    history: &History,
    in_force: &InForce,
    day: Day,
    name: &str,
    request: &Request,
) -> anyhow::Result<Decision> {
    let folded = history.fold(&in_force.aliases, Some(day));
    let Some(partner) = folded.partner() else {
        return Err(not_there_yet(history, in_force, day, name).into());
    };
    let scene = Scene { program: &in_force.program, partner, day };
    request(&Subject { scene, history, in_force })
}

/// A partner that comes into the file only after the day.
fn not_there_yet(history: &History, in_force: &InForce, day: Day, name: &str) -> Error {
    match history.fold(&in_force.aliases, None).partner() {
        None => Error::refused(format!("{name} is not there any more")),
        Some(partner) => {
            Error::refused(format!("{name} is in chanlife only since {}, after {day}", partner.since)).hint(
                format!(
                    "`chanlife log {}` lists its events, `chanlife correct` mends their days",
                    partner.key
                ),
            )
        }
    }
}

/// Whether a rule forbids it; any other error ends the command.
fn is_refusal(error: &anyhow::Error) -> bool {
    error.downcast_ref::<Error>().is_some_and(|error| error.kind == ErrorKind::Refused)
}
