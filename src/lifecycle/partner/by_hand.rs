//! What people recorded of a partner after a file said otherwise: a file that says the same again does not take it back.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::text::folded;
use crate::lifecycle::event::Event;
use crate::lifecycle::history::History;
use crate::lifecycle::partner::events::{Contact, Edited, Joined, identity};
use crate::lifecycle::partner::state::Partner;
use crate::lifecycle::program::aliases::Aliases;
use crate::lifecycle::program::several::{further, further_key};
use crate::lifecycle::renamed::renamed;

/// A detail that a row gives as it was before a person changed it; it stays as it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum KeptDetail {
    /// The values of an attribute.
    Values { field: String, recorded: Vec<String>, given: Vec<String>, since: Day },
    /// The name, the roles or the phone number of a contact.
    Person { recorded: Contact, given: Contact, since: Day },
    /// A contact who was removed.
    Removed { given: Contact, since: Day },
    /// Whether a contact must not be mailed.
    Mail { person: String, is_out: bool, since: Day },
}

/// A part of what is known of a contact.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ContactPart {
    Name,
    Role,
    Phone,
}

impl ContactPart {
    /// Returns this part of a contact.
    pub(crate) fn of(self, contact: &Contact) -> Option<&str> {
        match self {
            ContactPart::Name => Some(&contact.name),
            ContactPart::Role => contact.role.as_deref(),
            ContactPart::Phone => contact.phone.as_deref(),
        }
    }
}

/// What was recorded of the details of a partner, in order of recording.
pub(crate) struct DetailHistory<'h> {
    partner: &'h Partner,
    records: Vec<DetailRecord<'h>>,
}

/// One event that says something of details.
struct DetailRecord<'h> {
    day: Day,
    /// It is of the partner itself, not of one that was merged into it.
    own: bool,
    by_hand: bool,
    event: Cow<'h, Event>,
}

/// A detail as it was from an event on.
struct HeldDetail<T> {
    day: Day,
    by_hand: bool,
    value: T,
}

impl<'h> DetailHistory<'h> {
    /// Puts what was recorded in order; `imported` has the numbers of the events that files brought.
    pub(crate) fn of(
        history: &'h History,
        partner: &'h Partner,
        aliases: &Aliases,
        imported: &BTreeSet<i64>,
    ) -> DetailHistory<'h> {
        let mut events: Vec<_> = history.events.iter().filter(|one| is_of_details(&one.event)).collect();
        events.sort_by_key(|one| one.number);
        let records = events.into_iter().map(|one| DetailRecord {
            day: one.day,
            own: one.partner == history.subject,
            by_hand: !imported.contains(&one.number),
            event: renamed(&one.event, aliases),
        });
        DetailHistory { partner, records: records.collect() }
    }

    /// Returns since when an attribute has the values that a person gave it, if it had others before for which `is_given` holds.
    pub(crate) fn values_stand(&self, field: &str, is_given: impl Fn(&[String]) -> bool) -> Option<Day> {
        let rest = further_key(field);
        let (mut own, mut more): (Option<String>, Option<String>) = (None, None);
        let mut held = Vec::new();
        for record in self.records.iter().filter(|record| record.own) {
            let (first, others) = match &*record.event {
                Event::Joined(joined) => {
                    (Some(joined.attributes.get(field).cloned()), Some(joined.attributes.get(&rest).cloned()))
                }
                Event::Edited(edited) => {
                    (edited.attributes.get(field).cloned(), edited.attributes.get(&rest).cloned())
                }
                _ => continue,
            };
            if first.is_none() && others.is_none() {
                continue;
            }
            own = first.unwrap_or(own);
            more = others.unwrap_or(more);
            let value = own.iter().map(String::as_str).chain(further(more.as_deref()));
            let value: Vec<String> = value.map(str::to_owned).collect();
            held.push(HeldDetail { day: record.day, by_hand: record.by_hand, value });
        }
        let now = self.partner.values(field).into_iter().map(str::to_owned).collect();
        self.stands(held, now, |one| is_given(&one.value))
    }

    /// Returns since when a contact has the name, roles or number that a person gave it, if it had `given` before.
    pub(crate) fn contact_stands(&self, known: &Contact, part: ContactPart, given: &str) -> Option<Day> {
        let mut held: Vec<HeldDetail<Option<String>>> = Vec::new();
        for record in &self.records {
            for contact in contacts_of(&record.event).filter(|one| self.is_now(identity(one), known)) {
                let before = held.last().and_then(|one| one.value.clone());
                let value = part.of(contact).map(str::to_owned);
                // Who is recorded without a number keeps the one that is known.
                let value = if part == ContactPart::Phone { value.or(before) } else { value };
                held.push(HeldDetail { day: record.day, by_hand: record.by_hand, value });
            }
        }
        let now = part.of(known).map(str::to_owned);
        self.stands(held, now, |one| one.value.as_deref().is_some_and(|one| folded(one) == folded(given)))
    }

    /// Returns since when a person recorded that a contact must not be mailed, or may be, if it was otherwise before.
    pub(crate) fn mail_stands(&self, known: &Contact) -> Option<Day> {
        let is_out = self.partner.is_opted_out(known);
        let mut held = vec![HeldDetail { day: self.partner.since, by_hand: false, value: false }];
        for record in &self.records {
            let Event::Edited(Edited { opted_out, opted_in, .. }) = &*record.event else { continue };
            for (people, value) in [(opted_out, true), (opted_in, false)] {
                if people.iter().any(|person| self.is_now(person, known)) {
                    held.push(HeldDetail { day: record.day, by_hand: record.by_hand, value });
                }
            }
        }
        // Who may be mailed again by hand is not mailed any more if a file says so for the first time.
        self.stands(held, is_out, |one| one.value != is_out && (is_out || !one.by_hand))
    }

    /// Returns since when a person is gone who was a contact with this address or, without one, with this name.
    pub(crate) fn gone_since(&self, typed: &Contact) -> Option<Day> {
        let partner = self.partner;
        if partner.contact_of(typed).is_some() || partner.known_now(identity(typed)).is_some() {
            return None;
        }
        let is_former = |person: &str| {
            partner.former_contacts.keys().any(|former| folded(former) == folded(person))
                && partner.known_now(person).is_none()
        };
        let same_name = |one: &&Contact| typed.email.is_none() && folded(&one.name) == folded(&typed.name);
        let called = self.records.iter().flat_map(|record| contacts_of(&record.event)).filter(same_name);
        let was = is_former(identity(typed)) || called.into_iter().any(|one| is_former(identity(one)));
        let goes = |record: &&DetailRecord| matches!(&*record.event, Event::Edited(one) if !one.contacts_gone.is_empty());
        self.records.iter().rev().find(goes).filter(|_| was).map(|record| record.day)
    }

    /// Returns whether a contact is, or was, called so.
    pub(crate) fn was_called(&self, known: &Contact, name: &str) -> bool {
        let all = self.records.iter().flat_map(|record| contacts_of(&record.event));
        let mut own = all.filter(|one| self.is_now(identity(one), known)).chain([known]);
        own.any(|one| folded(&one.name) == folded(name))
    }

    /// Returns whether whoever was known by this address or name is this contact now.
    fn is_now(&self, person: &str, known: &Contact) -> bool {
        self.partner.known_now(person).is_some_and(|now| identity(now) == identity(known))
    }

    /// Returns since when what holds now was recorded by a person, if what is given held before.
    fn stands<T: PartialEq>(
        &self,
        mut held: Vec<HeldDetail<T>>,
        now: T,
        is_given: impl Fn(&HeldDetail<T>) -> bool,
    ) -> Option<Day> {
        // A merge or an earlier day gave it another value than the last event says.
        if held.last().is_some_and(|last| last.value != now) {
            let day = self.partner.versions.last().map_or(self.partner.since, |version| version.since);
            held.push(HeldDetail { day, by_hand: true, value: now });
        }
        held.dedup_by(|next, before| next.value == before.value);
        let (last, earlier) = held.split_last()?;
        (last.by_hand && earlier.iter().any(is_given)).then_some(last.day)
    }
}

/// Returns whether an event says something of the details of a partner, so that it is in a [`DetailHistory`].
pub(crate) fn is_of_details(event: &Event) -> bool {
    matches!(event, Event::Joined(_) | Event::Edited(_))
}

/// Returns the people of whom an event says something.
fn contacts_of(event: &Event) -> impl Iterator<Item = &Contact> {
    let (contacts, changed) = match event {
        Event::Joined(Joined { contacts, .. }) => (contacts.as_slice(), &[][..]),
        Event::Edited(Edited { contacts, contacts_changed, .. }) => {
            (contacts.as_slice(), contacts_changed.as_slice())
        }
        _ => (&[][..], &[][..]),
    };
    contacts.iter().chain(changed.iter().map(|change| &change.to))
}
