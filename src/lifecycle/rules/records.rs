//! Records that move nothing: notes, attributes, revenue, corrections, removal, merging.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::corrections::{Corrected, Merged, Removed};
use crate::lifecycle::event::{Edited, Event, Noted, Recorded, Why};
use crate::lifecycle::facts::Scene;
use crate::lifecycle::fold::identity;
use crate::lifecycle::partner::Partner;
use crate::lifecycle::program::Aliases;
use crate::lifecycle::rules::{Decision, History, Ruling};

/// Keeps a text.
///
/// # Errors
/// None; the type is that of all rules.
pub fn note(scene: Scene, text: &str) -> Ruling {
    let said = format!("Noted for {}", scene.partner.name());
    Decision::record(Noted { text: text.to_owned() }, said)
}

/// Changes attributes, references and contacts; what is so already is left out.
///
/// # Errors
/// Refused where a contact to be taken away is not there.
pub fn edit(scene: Scene, mut request: Edited) -> Ruling {
    let partner = scene.partner;
    request.attributes.retain(|key, value| partner.attribute(key) != value.as_deref());
    request.references.retain(|one| !partner.references.contains(one));
    request.contacts.retain(|one| !partner.contacts.contains(one));
    request.observed_from = request.observed_from.filter(|day| *day != partner.observed_from);
    for gone in &request.contacts_gone {
        if !partner.contacts.iter().any(|one| identity(one) == gone) {
            let known: Vec<&str> = partner.contacts.iter().map(identity).collect();
            return Err(Error::refused(format!("{} has no contact `{gone}`", partner.name()))
                .hint(format!("its contacts are {}", crate::lifecycle::base::text::listed(&known))));
        }
    }
    if request == Edited::default() {
        return Ok(Decision::AlreadySo(format!("Nothing changes for {}", partner.name())));
    }
    let mut parts: Vec<String> = request
        .attributes
        .iter()
        .map(|(key, value)| match (value, partner.attribute(key)) {
            (Some(value), Some(before)) => format!("{key} from `{before}` to `{value}`"),
            (Some(value), None) => format!("{key} to `{value}`"),
            (None, before) => format!("{key} `{}` taken away", before.unwrap_or_default()),
        })
        .collect();
    parts.extend(request.references.iter().map(|one| format!("reference `{one}` added")));
    parts.extend(request.contacts.iter().map(|one| format!("contact {} recorded", one.name)));
    parts.extend(request.contacts_gone.iter().map(|one| format!("contact {one} taken away")));
    parts.extend(request.observed_from.map(|day| format!("observed from {day}")));
    let said = format!("Changed {}: {}", partner.name(), parts.join(", "));
    Decision::record(request, said)
}

/// Mends the day or the amount of an event.
///
/// # Errors
/// Refused for events that have no amount, for corrections themselves, and for days on which the event
/// can't have happened.
pub fn correct(scene: Scene, history: &History, aliases: &Aliases, request: Corrected) -> Ruling {
    let Scene { program, partner, .. } = scene;
    let number = request.event;
    let Some(wrong) = history.events.iter().find(|one| one.number == number) else {
        return Err(Error::refused(format!("{} has no event {number}", partner.name()))
            .hint(format!("`chanlife log {}` lists its events", partner.key)));
    };
    if let Event::Corrected(_) | Event::Removed(_) | Event::Merged(_) = wrong.event {
        return Err(Error::refused(format!("event {number} mends others and can't be mended itself"))
            .hint("`chanlife undo` takes an action back"));
    }
    let held = history.fold(aliases, None);
    let day = held.order.iter().find(|(_, one)| one.number == number).map_or(wrong.day, |(day, _)| *day);
    let sale = partner.sales.iter().find(|sale| sale.event == number).map(|sale| sale.amount_minor);
    let movement = partner.movements.iter().find(|movement| movement.event == number);
    let amount_now = sale.or(movement.and_then(|movement| movement.amount_minor));
    if request.amount_minor.is_some() && amount_now.is_none() {
        return Err(Error::refused(format!("event {number} is `{}` and has no amount", wrong.event.kind()))
            .hint("only revenue and money of funds have an amount"));
    }
    if let (Some(amount), Some(_)) = (request.amount_minor, movement)
        && amount <= 0
    {
        return Err(Error::refused(format!("event {number} is money of a fund, which is more than nothing"))
            .hint("`chanlife undo` takes back what was not to be"));
    }
    if let Some(new) = request.day {
        refuse_before_it_joined(partner, wrong, new)?;
    }
    let same_day = request.day.is_none_or(|new| new == day);
    let same_amount = request.amount_minor.is_none() || request.amount_minor == amount_now;
    if same_day && same_amount {
        return Ok(Decision::AlreadySo(format!("Event {number} says so already")));
    }
    let mut parts = Vec::new();
    if let Some(new) = request.day.filter(|_| !same_day) {
        parts.push(format!("from {day} to {new}"));
    }
    if let Some(new) = request.amount_minor.filter(|_| !same_amount) {
        let money = |minor: i64| program.currency.money(i128::from(minor));
        let before = amount_now.map_or_else(String::new, |minor| money(minor).to_string());
        parts.push(format!("from {before} to {}", money(new)));
    }
    let kind = wrong.event.kind();
    let said = format!("Corrected event {number} of {} ({kind}) {}", partner.name(), parts.join(", "));
    let mut events = vec![];
    events.extend(watched_from(partner, wrong, day, request.day));
    events.insert(0, Event::from(request));
    Ok(Decision::Record { events, said })
}

/// Since when a partner is known follows from its moves and its revenue; nothing else happens before.
fn refuse_before_it_joined(partner: &Partner, wrong: &Recorded, new: Day) -> Result<(), Error> {
    let (name, number) = (partner.name(), wrong.number);
    match &wrong.event {
        Event::Joined(_) => {
            let refusal =
                Error::refused(format!("event {number} brought {name} into chanlife and is no move"));
            Err(match partner.stays.first() {
                None => refusal,
                Some(first) => refusal.hint(format!(
                    "`chanlife correct {} --on DATE` mends the day of its first stage",
                    first.event
                )),
            })
        }
        Event::Entered(_) | Event::Parked(_) | Event::Left(_) | Event::Sold(_) => Ok(()),
        _ if new < partner.since => {
            Err(Error::refused(format!("{name} is in chanlife only since {}, after {new}", partner.since)))
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

/// Takes a partner that was recorded by mistake out of all figures.
///
/// # Errors
/// None; the type is that of all rules.
pub fn remove(scene: Scene, reason: &str) -> Ruling {
    let said = format!("Removed {}: it counts in no figure any more", scene.partner.name());
    Decision::record(Removed { reason: reason.to_owned() }, said)
}

/// Joins a partner into another one, the same under a second name.
///
/// # Errors
/// Refused where both are one, or where their stages contradict each other.
pub fn merge(
    scene: Scene,
    history: &History,
    into: (&Partner, &History),
    aliases: &Aliases,
    merged: Merged,
) -> Ruling {
    let (target, target_history) = into;
    let name = scene.partner.name();
    if target.id == scene.partner.id {
        return Err(Error::refused(format!("{name} can't be merged into itself")));
    }
    let said = format!("Merged `{}` into `{}`", scene.partner.key, target.key);
    let event = Event::from(merged);
    let mut joint = target_history.clone();
    joint.events.extend(history.events.iter().cloned());
    joint.events.push(Recorded {
        number: i64::MAX,
        partner: scene.partner.id,
        day: scene.day,
        event: event.clone(),
    });
    if let Some(conflict) = joint.fold(aliases, None).conflicts.first() {
        let (key, other) = (&scene.partner.key, &target.key);
        let why = format!("the stages of `{key}` and `{other}` contradict each other: {conflict}");
        return Err(Error::refused(why)
            .hint(format!("add --without-stages to take over all but the stages of {}", scene.partner.key)));
    }
    Ok(Decision::Record { events: vec![event], said })
}
