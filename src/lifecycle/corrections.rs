//! Corrections, removals and merges: events that mend what was recorded, or say what became of it; and the order in
//! which events count after corrections.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::lifecycle::base::conflict::{Conflict, Misfit};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::event::{Edited, Event, PartnerId, Recorded, Why, is_false};
use crate::lifecycle::facts::Scene;
use crate::lifecycle::forget::{FORGOTTEN, Forgetting, erase};
use crate::lifecycle::happening::{EventMisfit, Happening, Moment};
use crate::lifecycle::partner::Partner;
use crate::lifecycle::program::Aliases;
use crate::lifecycle::rule::{Decision, History, Ruling};

/// Another event's day or amount was recorded wrongly; these are the right ones.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Corrected {
    /// The number of the event that was wrong.
    pub event: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_minor: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The partner was recorded by mistake and counts in no figure.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Removed {
    pub reason: String,
}

/// The partner is the same as another, which takes over its history.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Merged {
    pub into: PartnerId,
    /// The stages that this partner passed are not taken over.
    #[serde(default, skip_serializing_if = "is_false")]
    pub without_stages: bool,
}

/// Who the partner is was erased from all that is recorded; what remains counts as before.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Forgotten {}

/// Stands for events that could not be read when the file was rescued; none of a partner.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Lost {
    /// How many numbers of events it stands for, its own with those behind it.
    pub events: i64,
}

/// Why a correction does not fit what was recorded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum CorrectionMisfit {
    /// There is no event with this number.
    NoSuchEvent { event: i64 },
}

/// Why a correction is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum CorrectionRefusal {
    /// The partner with this name and key has no such event.
    NoSuchEvent {
        partner: String,
        key: String,
        event: i64,
    },
    /// The event is a correction, a removal or a merge itself.
    IsCorrection {
        event: i64,
    },
    NoAmount {
        event: i64,
        kind: &'static str,
    },
    /// Money of a fund cannot be nothing or less.
    NoMoney {
        event: i64,
    },
    /// The event brought the partner into the file; `first_move` is the one that placed it.
    NoMove {
        partner: String,
        event: i64,
        first_move: Option<i64>,
    },
    /// The day is before the partner came into the file.
    BeforeJoining {
        partner: String,
        since: Day,
        day: Day,
    },
}

// What these change is settled before the fold begins: they hold whatever their day.
impl Happening for Corrected {
    fn apply(&self, _: &mut Partner, _: &Moment) -> Result<(), Misfit> {
        Ok(())
    }

    fn forget(&mut self, _: &mut Forgetting) {
        erase(&mut self.reason);
    }
}

impl Happening for Removed {
    fn apply(&self, _: &mut Partner, _: &Moment) -> Result<(), Misfit> {
        Ok(())
    }

    fn forget(&mut self, _: &mut Forgetting) {
        FORGOTTEN.clone_into(&mut self.reason);
    }
}

impl Happening for Merged {
    fn apply(&self, _: &mut Partner, _: &Moment) -> Result<(), Misfit> {
        Ok(())
    }
}

impl Happening for Forgotten {
    fn apply(&self, _: &mut Partner, _: &Moment) -> Result<(), Misfit> {
        Ok(())
    }
}

impl Happening for Lost {
    fn apply(&self, _: &mut Partner, _: &Moment) -> Result<(), Misfit> {
        Err(EventMisfit::OfNoPartner.into())
    }
}

/// Mends the day or the amount of an event.
///
/// # Errors
/// Refused for events that have no amount, for corrections themselves, and for days on which the event
/// can't have happened.
pub fn correct(scene: Scene, history: &History, aliases: &Aliases, request: Corrected) -> Ruling {
    let partner = scene.partner;
    let number = request.event;
    let Some(wrong) = history.events.iter().find(|one| one.number == number) else {
        let (partner, key) = (partner.name().to_owned(), partner.key.clone());
        return Err(Error::refused(CorrectionRefusal::NoSuchEvent { partner, key, event: number }));
    };
    if let Event::Corrected(_) | Event::Removed(_) | Event::Merged(_) = wrong.event {
        return Err(Error::refused(CorrectionRefusal::IsCorrection { event: number }));
    }
    let held = history.fold(aliases, None);
    let day = held.order.iter().find(|(_, one)| one.number == number).map_or(wrong.day, |(day, _)| *day);
    let sale = partner.sales.iter().find(|sale| sale.event == number).map(|sale| sale.amount_minor);
    let movement = partner.movements.iter().find(|movement| movement.event == number);
    let amount_now = sale.or(movement.and_then(|movement| movement.amount_minor));
    if request.amount_minor.is_some() && amount_now.is_none() {
        let kind = wrong.event.kind();
        return Err(Error::refused(CorrectionRefusal::NoAmount { event: number, kind }));
    }
    if let (Some(amount), Some(_)) = (request.amount_minor, movement)
        && amount <= 0
    {
        return Err(Error::refused(CorrectionRefusal::NoMoney { event: number }));
    }
    if let Some(new) = request.day {
        refuse_before_it_joined(partner, wrong, new)?;
    }
    let same_day = request.day.is_none_or(|new| new == day);
    let same_amount = request.amount_minor.is_none() || request.amount_minor == amount_now;
    if same_day && same_amount {
        return Ok(Decision::already(format!("Event {number} says so already")));
    }
    let mut events = vec![];
    events.extend(watched_from(partner, wrong, day, request.day));
    events.insert(0, Event::from(request));
    Ok(Decision::Record(events))
}

/// Since when a partner is known follows from its moves and its revenue; nothing else happens before.
fn refuse_before_it_joined(partner: &Partner, wrong: &Recorded, new: Day) -> Result<(), Error> {
    let name = || partner.name().to_owned();
    match &wrong.event {
        Event::Joined(_) => Err(Error::refused(CorrectionRefusal::NoMove {
            partner: name(),
            event: wrong.number,
            first_move: partner.stays.first().map(|stay| stay.event),
        })),
        Event::Entered(_) | Event::Parked(_) | Event::Left(_) | Event::Sold(_) => Ok(()),
        _ if new < partner.since => {
            let (partner, since) = (name(), partner.since);
            Err(Error::refused(CorrectionRefusal::BeforeJoining { partner, since, day: new }))
        }
        _ => Ok(()),
    }
}

/// A partner watched since the very day it was placed was watched since the day that is right.
fn watched_from(partner: &Partner, wrong: &Recorded, day: Day, right: Option<Day>) -> Option<Event> {
    let placed = matches!(&wrong.event, Event::Entered(entered) if entered.why == Why::Placed);
    if !placed || partner.observed_from != day {
        return None;
    }
    right.map(|right| Event::from(Edited { observed_from: Some(right), ..Edited::default() }))
}

/// Orders events by the day that holds after corrections, then by number.
pub(crate) fn arrange<'e>(
    subject: PartnerId,
    events: &'e [Recorded],
    conflicts: &mut Vec<Conflict>,
) -> Vec<(Day, &'e Recorded)> {
    let mut days: HashMap<i64, Option<Day>> = HashMap::new();
    let mut corrections: Vec<(&Recorded, &Corrected)> =
        events.iter().filter_map(|one| as_correction(one).map(|parts| (one, parts))).collect();
    corrections.sort_by_key(|(one, _)| one.number);
    if !corrections.is_empty() {
        days = events.iter().map(|one| (one.number, None)).collect();
    }
    for (one, correction) in corrections {
        match days.get_mut(&correction.event) {
            Some(day) => *day = correction.day.or(*day),
            None => conflicts.push(Conflict {
                event: one.number,
                day: one.day,
                what: CorrectionMisfit::NoSuchEvent { event: correction.event }.into(),
            }),
        }
    }
    let without_stages = merged_without_stages(events);
    let mut order: Vec<(Day, &Recorded)> = events
        .iter()
        .filter(|one| one.partner == subject || taken_over(one, &without_stages))
        .map(|one| (days.get(&one.number).copied().flatten().unwrap_or(one.day), one))
        .collect();
    order.sort_by_key(|(day, one)| (*day, one.number));
    order
}

/// Returns the amounts that corrections give, in minor units, by the number of the event that was wrong.
pub(crate) fn amounts(order: &[(Day, &Recorded)]) -> HashMap<i64, i64> {
    let mut corrections: Vec<(i64, &Corrected)> =
        order.iter().filter_map(|(_, one)| as_correction(one).map(|parts| (one.number, parts))).collect();
    corrections.sort_by_key(|(number, _)| *number);
    let amount = |(_, parts): (i64, &Corrected)| parts.amount_minor.map(|amount| (parts.event, amount));
    corrections.into_iter().filter_map(amount).collect()
}

fn as_correction(one: &Recorded) -> Option<&Corrected> {
    match &one.event {
        Event::Corrected(parts) => Some(parts),
        _ => None,
    }
}

/// The merged partners whose stages are not taken over, by their own merge or by a later one on the way.
fn merged_without_stages(events: &[Recorded]) -> Vec<PartnerId> {
    let merges: Vec<(PartnerId, PartnerId, bool)> = events
        .iter()
        .filter_map(|one| match &one.event {
            Event::Merged(parts) => Some((one.partner, parts.into, parts.without_stages)),
            _ => None,
        })
        .collect();
    let mut without: Vec<PartnerId> =
        merges.iter().filter(|(.., without)| *without).map(|(from, ..)| *from).collect();
    let mut reached = 0;
    while let Some(into) = without.get(reached).copied() {
        let through = merges.iter().filter(|(_, target, _)| *target == into).map(|(from, ..)| *from);
        let new: Vec<PartnerId> = through.filter(|from| !without.contains(from)).collect();
        without.extend(new);
        reached += 1;
    }
    without
}

/// Whether an event of a merged partner counts for the one that it was merged into.
fn taken_over(one: &Recorded, without_stages: &[PartnerId]) -> bool {
    match &one.event {
        Event::Entered(_) | Event::Parked(_) | Event::Left(_) => !without_stages.contains(&one.partner),
        _ => true,
    }
}
