//! What a row of `import partners` changes of a partner that is known, and what stays as a person recorded it since.

use std::collections::{BTreeMap, BTreeSet};

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::text::folded;
use crate::lifecycle::partner::{
    Contact, ContactPart, DetailHistory, Edited, KeptDetail, Partner, identity, keep_opted_out,
};
use crate::lifecycle::program::{further, further_key, further_of};
use crate::report::import::ChangedDetail;
use crate::text::partner::contact;

/// What a row says of who a partner is; an empty cell says nothing.
#[derive(Clone, Debug)]
pub(super) struct RowDetails {
    pub attributes: BTreeMap<String, String>,
    /// Attributes with several values of which the row has one.
    pub single: Vec<String>,
    pub references: Vec<String>,
    pub contact: Option<Contact>,
    /// Whether the contact must not be mailed, if the row says so.
    pub opted_out: Option<bool>,
}

/// What a row changes of a known partner.
#[derive(Default, Debug)]
pub(super) struct RowChanges {
    /// Values that were missing, which hold since the partner's first day.
    pub completed: Edited,
    /// What holds from now on.
    pub edited: Edited,
}

impl RowChanges {
    /// Returns whether nothing changes.
    pub(super) fn is_empty(&self) -> bool {
        [&self.completed, &self.edited].into_iter().all(|one| *one == Edited::default())
    }

    /// Returns the days with what changes on them.
    pub(super) fn by_day(self, partner: &Partner, today: Day) -> impl Iterator<Item = (Day, Edited)> {
        let edits = [(partner.since, self.completed), (today, self.edited)].into_iter();
        edits.filter(|(_, edited)| *edited != Edited::default())
    }

    /// Returns all that changes in one.
    pub(super) fn together(&self) -> Edited {
        let mut all = self.edited.clone();
        all.attributes.extend(self.completed.attributes.clone());
        all
    }
}

/// Returns what the row changes of an existing partner.
pub(super) fn changes(partner: &Partner, details: &RowDetails) -> RowChanges {
    let changed = details.attributes.iter().filter(|(key, value)| partner.attribute(key) != Some(value));
    let (first_known, changed): (Vec<_>, Vec<_>) = changed.partition(|(key, _)| is_first(partner, key));
    let values = |all: Vec<(&String, &String)>| -> BTreeMap<String, Option<String>> {
        all.into_iter().map(|(key, value)| (key.clone(), Some(value.clone()))).collect()
    };
    let new_reference = |one: &&String| !partner.references.contains(one) && **one != partner.key;
    // One value that the partner has first says nothing of its further ones; any other is all that it has.
    let replaced = details.single.iter().filter(|key| {
        let own = partner.attribute(key);
        own.is_some() && own != details.attributes.get(*key).map(String::as_str)
    });
    let replaced = replaced.map(|key| further_key(key));
    let none = replaced.filter(|key| partner.attribute(key).is_some()).map(|key| (key, None));
    let person = details.contact.as_ref();
    let mut edited = Edited {
        attributes: values(changed).into_iter().chain(none).collect(),
        references: details.references.iter().filter(new_reference).cloned().collect(),
        contacts: person.into_iter().filter(|one| !partner.contacts.contains(one)).cloned().collect(),
        ..mail_wish(person, details.opted_out, |one| partner.is_opted_out(one)).unwrap_or_default()
    };
    if details.opted_out.is_none() {
        keep_opted_out(partner, &mut edited);
    }
    let completed = Edited { attributes: values(first_known), ..Edited::default() };
    RowChanges { completed, edited }
}

/// Returns whether an attribute never had a value, so that one given now holds since the partner's first day. A tier is
/// earned, and holds from today.
fn is_first(partner: &Partner, key: &str) -> bool {
    let key = further_of(key).unwrap_or(key);
    key != "tier" && partner.versions.iter().all(|version| !version.attributes.contains_key(key))
}

/// Returns what a row says of whether its contact may be mailed, if that is new.
pub(super) fn mail_wish(
    contact: Option<&Contact>,
    opted_out: Option<bool>,
    is_out: impl Fn(&Contact) -> bool,
) -> Option<Edited> {
    let contact = contact?;
    let person = vec![identity(contact).to_owned()];
    match (opted_out?, is_out(contact)) {
        (true, false) => Some(Edited { opted_out: person, ..Edited::default() }),
        (false, true) => Some(Edited { opted_in: person, ..Edited::default() }),
        _ => None,
    }
}

impl RowDetails {
    /// Takes the contact of the row as the person that is known: one who has another address by now keeps it, as the file may
    /// be older.
    pub(super) fn meet(&mut self, partner: &Partner) {
        let Some(typed) = self.contact.as_ref() else { return };
        let known = known_person(partner, typed);
        self.contact = Some(known.map_or_else(|| typed.clone(), |known| Partner::told_of(known, typed)));
    }

    /// Takes out of the row what says again what a person has changed since, and returns it.
    pub(super) fn leave_standing(&mut self, partner: &Partner, history: &DetailHistory) -> Vec<KeptDetail> {
        let mut kept = self.leave_values(partner, history);
        kept.extend(self.leave_contact(partner, history));
        kept
    }

    fn leave_values(&mut self, partner: &Partner, history: &DetailHistory) -> Vec<KeptDetail> {
        let fields: BTreeSet<String> =
            self.attributes.keys().map(|key| further_of(key).unwrap_or(key).to_owned()).collect();
        let mut kept = Vec::new();
        for field in fields {
            let recorded: Vec<String> = partner.values(&field).into_iter().map(str::to_owned).collect();
            let rest = further_key(&field);
            let own = self.attributes.get(&field).into_iter().map(String::as_str);
            let given = own.chain(further(self.attributes.get(&rest).map(String::as_str)));
            let given: Vec<String> = given.map(str::to_owned).collect();
            let is_single = self.single.contains(&field);
            let says = |held: &[String]| {
                if is_single { held.first() == given.first() } else { held == given }
            };
            if says(&recorded) {
                continue;
            }
            if let Some(since) = history.values_stand(&field, says) {
                self.attributes.remove(&field);
                self.attributes.remove(&rest);
                self.single.retain(|one| *one != field);
                kept.push(KeptDetail::Values { field, recorded, given, since });
            }
        }
        kept
    }

    fn leave_contact(&mut self, partner: &Partner, history: &DetailHistory) -> Vec<KeptDetail> {
        let Some(mut typed) = self.contact.take() else { return Vec::new() };
        if let Some(since) = history.gone_since(&typed) {
            self.opted_out = None;
            return vec![KeptDetail::Removed { given: typed, since }];
        }
        let known = known_person(partner, &typed);
        let is_bare = typed.email.as_ref() == Some(&typed.name);
        // Somebody else may have an address that another person had before.
        let is_other = |known: &&Contact| {
            partner.contact_of(&typed).is_none() && !is_bare && !history.was_called(known, &typed.name)
        };
        let Some(known) = known.filter(|known| !is_other(known)) else {
            self.contact = Some(typed);
            return Vec::new();
        };
        let (given, mut since) = (Partner::told_of(known, &typed), None);
        for part in [ContactPart::Name, ContactPart::Role, ContactPart::Phone] {
            let says = part.of(&given).filter(|said| part.of(known) != Some(*said));
            let stands = says.and_then(|said| history.contact_stands(known, part, said));
            if stands.is_some() {
                since = since.max(stands);
                match part {
                    ContactPart::Name => typed.name.clone_from(&known.name),
                    ContactPart::Role => typed.role = None,
                    ContactPart::Phone => typed.phone = None,
                }
            }
        }
        let mut kept = Vec::new();
        if let Some(since) = since {
            kept.push(KeptDetail::Person { recorded: known.clone(), given, since });
        }
        let is_out = partner.is_opted_out(known);
        if self.opted_out.is_some_and(|wish| wish != is_out)
            && let Some(since) = history.mail_stands(known)
        {
            self.opted_out = None;
            kept.push(KeptDetail::Mail { person: identity(known).to_owned(), is_out, since });
        }
        self.contact = Some(Partner::told_of(known, &typed));
        kept
    }
}

/// Returns the contact that a person is, also one who has another address by now.
fn known_person<'p>(partner: &'p Partner, typed: &Contact) -> Option<&'p Contact> {
    partner.contact_of(typed).or_else(|| partner.known_now(identity(typed)))
}

/// Says that the name of a row is that of several contacts, if the row says whether one of them may be mailed.
pub(super) fn contacts_in_doubt(partner: &Partner, details: &RowDetails) -> Option<Vec<String>> {
    let contact =
        details.contact.as_ref().filter(|one| details.opted_out.is_some() && one.email.is_none())?;
    let called = partner.contacts.iter().filter(|one| folded(&one.name) == folded(&contact.name));
    let called: Vec<String> = called.map(|one| format!("`{}`", identity(one))).collect();
    (called.len() > 1 && partner.contact_of(contact).is_none()).then_some(called)
}

/// Returns each detail that changes, with what it was and what it becomes; `line` is that of the row.
pub(super) fn changed_details(partner: &Partner, edited: &Edited, line: u64) -> Vec<ChangedDetail> {
    let row = |field: &str, from: Option<String>, to: Option<String>| {
        let (partner, name, field) = (partner.key.clone(), partner.name().to_owned(), field.to_owned());
        ChangedDetail { line, partner, name, field, person: None, from, to }
    };
    let fields: BTreeSet<&str> = edited.attributes.keys().map(|key| further_of(key).unwrap_or(key)).collect();
    let mut all = Vec::new();
    for field in fields {
        let of = |key: &str| match edited.attributes.get(key) {
            Some(value) => value.as_deref(),
            None => partner.attribute(key),
        };
        let now: Vec<&str> = of(field).into_iter().chain(further(of(&further_key(field)))).collect();
        let joined = |values: Vec<&str>| Some(values.join("; ")).filter(|text| !text.is_empty());
        all.push(row(field, joined(partner.values(field)), joined(now)));
    }
    all.extend(edited.references.iter().map(|one| row("reference", None, Some(one.clone()))));
    for new in &edited.contacts {
        let known = partner.contacts.iter().find(|one| identity(one) == identity(new));
        all.push(row("contact", known.map(contact), Some(contact(new))));
    }
    let mail = [(&edited.opted_out, "yes"), (&edited.opted_in, "no")];
    for (people, wish) in mail {
        let change = || row("contact_opt_out", None, Some(wish.to_owned()));
        all.extend(people.iter().map(|one| ChangedDetail { person: Some(one.clone()), ..change() }));
    }
    all
}
