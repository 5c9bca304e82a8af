//! Events under the keys and options that parts of the program have now.
//!
//! What is recorded names a part by the key that it had then. The fold takes each event as it would be recorded today, so
//! that everything that follows from it has one key for one part.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::lifecycle::event::Event;
use crate::lifecycle::program::aliases::{Aliases, Part};
use crate::lifecycle::program::several::{further, further_key, further_of, together};

/// Returns the event under the keys and options of now.
pub(crate) fn renamed<'e>(event: &'e Event, aliases: &Aliases) -> Cow<'e, Event> {
    if !aliases.is_of_parts() || !names_parts(event) {
        return Cow::Borrowed(event);
    }
    let now = |part: Part, key: &String| aliases.part(part, key).to_owned();
    let mut event = event.clone();
    match &mut event {
        Event::Joined(one) => {
            let values = std::mem::take(&mut one.attributes).into_iter();
            one.attributes = values.map(|(key, value)| attribute(&key, &value, aliases)).collect();
        }
        Event::Edited(one) => {
            let values = std::mem::take(&mut one.attributes).into_iter();
            let values = values.map(|(key, value)| match value {
                Some(value) => {
                    let (key, value) = attribute(&key, &value, aliases);
                    (key, Some(value))
                }
                None => (attribute_key(&key, aliases), None),
            });
            one.attributes = values.collect();
        }
        Event::Tiered(one) => one.tier = now(Part::Tier, &one.tier),
        Event::TermsAgreed(one) => {
            let values: BTreeMap<String, Option<String>> = std::mem::take(&mut one.values)
                .into_iter()
                .map(|(key, value)| {
                    let key = now(Part::Term, &key);
                    let value = value.map(|value| aliases.option(Part::Term, &key, &value).to_owned());
                    (key, value)
                })
                .collect();
            one.values = values;
        }
        Event::Certified(one) => one.course = now(Part::Course, &one.course),
        Event::Delivered(one) => one.material = now(Part::Material, &one.material),
        Event::Accrued(one) => one.fund = now(Part::Fund, &one.fund),
        Event::Granted(one) => one.fund = now(Part::Fund, &one.fund),
        Event::Requested(one) => one.fund = now(Part::Fund, &one.fund),
        Event::Left(one) => one.why.iter_mut().for_each(|key| *key = now(Part::Reason, key)),
        Event::Parked(one) => one.why.iter_mut().for_each(|key| *key = now(Part::Reason, key)),
        Event::Corrected(one) => one.exit.why.iter_mut().for_each(|key| *key = now(Part::Reason, key)),
        _ => {}
    }
    Cow::Owned(event)
}

/// Returns whether an event names parts of the program that can have other keys by now; sales, of which most are, do not.
fn names_parts(event: &Event) -> bool {
    matches!(
        event,
        Event::Joined(_)
            | Event::Edited(_)
            | Event::Tiered(_)
            | Event::TermsAgreed(_)
            | Event::Certified(_)
            | Event::Delivered(_)
            | Event::Accrued(_)
            | Event::Granted(_)
            | Event::Requested(_)
            | Event::Left(_)
            | Event::Parked(_)
            | Event::Corrected(_)
    )
}

fn attribute_key(key: &str, aliases: &Aliases) -> String {
    match further_of(key) {
        Some(of) => further_key(aliases.part(Part::Field, of)),
        None => aliases.part(Part::Field, key).to_owned(),
    }
}

/// Returns an attribute with its value, or its further values.
fn attribute(key: &str, stored: &str, aliases: &Aliases) -> (String, String) {
    let key = attribute_key(key, aliases);
    if key == "tier" {
        return (key, aliases.part(Part::Tier, stored).to_owned());
    }
    let of = further_of(&key).unwrap_or(&key);
    let values: Vec<String> =
        further(Some(stored)).map(|value| aliases.option(Part::Field, of, value).to_owned()).collect();
    let values = together(&values);
    (key, values)
}
