//! What is known of one partner: the state that the fold of its events arrives at.

use std::collections::{BTreeMap, BTreeSet};

use crate::lifecycle::announcements::events::Notification;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::DayRange;
use crate::lifecycle::base::stored::PartnerId;
use crate::lifecycle::base::text::folded;
use crate::lifecycle::criteria::assessment::Assessment;
use crate::lifecycle::enablement::events::{Certificate, Delivery};
use crate::lifecycle::event::Event;
use crate::lifecycle::funds::books::{Books, Movement};
use crate::lifecycle::milestone::events::{MilestoneRecord, MovedDue, Status};
use crate::lifecycle::partner::events::{Contact, ContactChange, Edited, Joined, identity, is_same_person};
use crate::lifecycle::performance::events::DecidedAs;
use crate::lifecycle::performance::events::{WatchRecord, WatchStatus};
use crate::lifecycle::plans::events::{BusinessPlan, BusinessReview, Task};
use crate::lifecycle::program::several::{further, further_key, further_of, together};
use crate::lifecycle::questions::events::PartnerQuestion;
use crate::lifecycle::revenue::events::Sale;
use crate::lifecycle::stage::events::{Standing, Stay};
use crate::lifecycle::terms::events::Agreement;
use crate::lifecycle::tiers::events::TierReviewed;

/// A partner on some day.
#[derive(Clone, PartialEq, Debug)]
pub struct Partner {
    pub id: PartnerId,
    pub key: String,
    /// The day of the first event.
    pub since: Day,
    /// The day since when we watch this partner.
    pub observed_from: Day,
    /// Since when milestones and reports are asked of it: what is missing from before is unknown, not late.
    pub asked_from: Day,
    /// Attributes over time, oldest first; at least one.
    pub versions: Vec<Version>,
    /// Names of this partner in other systems, and keys of partners merged into it.
    pub references: Vec<String>,
    pub contacts: Vec<Contact>,
    /// The e-mail addresses or names of those who must not be mailed, also if they are no contacts any more.
    pub opted_out: BTreeSet<String>,
    /// Those who were contacts: by the e-mail address or name, the one by which they are known now, or none if they are gone.
    pub former_contacts: BTreeMap<String, Option<String>>,
    /// Visits to stages, parkings and leavings in order; each lasts until the next begins.
    pub stays: Vec<Stay>,
    /// What was recorded of milestones, in order.
    pub milestones: Vec<MilestoneRecord>,
    /// How due days of milestones were moved, in order.
    pub moved_dues: Vec<MovedDue>,
    /// Questionnaires as they were answered, in order.
    pub assessments: Vec<Assessment>,
    pub sales: Vec<Sale>,
    pub plans: Vec<BusinessPlan>,
    pub reviews: Vec<BusinessReview>,
    pub tasks: Vec<Task>,
    /// What was done about it because it did not perform, in order.
    pub watch_records: Vec<WatchRecord>,
    /// Reviews of its tier, in order.
    pub tier_reviews: Vec<TierReviewed>,
    /// What was agreed, term by term, in order of the day on which it was.
    pub terms: Vec<Agreement>,
    pub certificates: Vec<Certificate>,
    pub deliveries: Vec<Delivery>,
    /// The money of funds after the last movement; [`Books::on`] lets time pass.
    pub books: Books,
    pub movements: Vec<Movement>,
    pub notifications: Vec<Notification>,
    pub questions: Vec<PartnerQuestion>,
    pub notes: Vec<Note>,
    /// How often the partner came back after leaving.
    pub returns: u32,
}

/// Attributes in force since a day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Version {
    pub since: Day,
    pub attributes: BTreeMap<String, String>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note {
    pub event: i64,
    pub day: Day,
    pub text: String,
}

/// Keeps one of further values that are the same, or the same as the first: two options may go on as one.
fn drop_twice(attributes: &mut BTreeMap<String, String>) {
    let keys: Vec<String> = attributes.keys().filter(|key| further_of(key).is_some()).cloned().collect();
    for key in keys {
        let own = further_of(&key).and_then(|of| attributes.get(of)).cloned();
        let mut kept: Vec<String> = Vec::new();
        for value in further(attributes.get(&key).map(String::as_str)) {
            if own.as_deref() != Some(value) && !kept.iter().any(|one| one == value) {
                kept.push(value.to_owned());
            }
        }
        if kept.is_empty() {
            attributes.remove(&key);
        } else {
            attributes.insert(key, together(&kept));
        }
    }
}

impl Partner {
    /// Makes the partner that an event brings into the file; `watched` is the last word after it on since when it is
    /// watched.
    pub(crate) fn new(id: PartnerId, since: Day, watched: Option<&Edited>, joined: &Joined) -> Partner {
        let observed_from = watched.and_then(|edited| edited.observed_from).unwrap_or(joined.observed_from);
        let recorded = joined.imported.unwrap_or(joined.observed_from);
        let asked_from = watched.and_then(|edited| edited.asked_from);
        let mut attributes = joined.attributes.clone();
        drop_twice(&mut attributes);
        Partner {
            id,
            key: joined.key.clone(),
            since,
            observed_from,
            asked_from: asked_from.unwrap_or(observed_from.max(recorded)),
            versions: vec![Version { since, attributes }],
            references: joined.references.clone(),
            contacts: joined.contacts.clone(),
            opted_out: BTreeSet::new(),
            former_contacts: BTreeMap::new(),
            stays: Vec::new(),
            milestones: Vec::new(),
            moved_dues: Vec::new(),
            assessments: Vec::new(),
            sales: Vec::new(),
            plans: Vec::new(),
            reviews: Vec::new(),
            tasks: Vec::new(),
            watch_records: Vec::new(),
            tier_reviews: Vec::new(),
            terms: Vec::new(),
            certificates: Vec::new(),
            deliveries: Vec::new(),
            books: Books::default(),
            movements: Vec::new(),
            notifications: Vec::new(),
            questions: Vec::new(),
            notes: Vec::new(),
            returns: 0,
        }
    }

    /// Gives attributes other values from a day on; `None` takes one away.
    pub(crate) fn change(&mut self, day: Day, changed: &BTreeMap<String, Option<String>>) {
        if changed.is_empty() {
            return;
        }
        let mut attributes = self.attributes().clone();
        for (key, value) in changed {
            match value {
                Some(value) => attributes.insert(key.clone(), value.clone()),
                None => attributes.remove(key),
            };
        }
        drop_twice(&mut attributes);
        match self.versions.last_mut().filter(|version| version.since == day) {
            Some(version) => version.attributes = attributes,
            None => self.versions.push(Version { since: day, attributes }),
        }
    }

    /// Keeps another name of the partner.
    pub(super) fn refer(&mut self, reference: &str) {
        if !self.references.iter().any(|known| known == reference) {
            self.references.push(reference.to_owned());
        }
    }

    /// Keeps a person, or what is new of one that is known.
    pub(super) fn meet(&mut self, contact: &Contact) {
        self.former_contacts.remove(identity(contact));
        match self.contacts.iter_mut().find(|known| identity(known) == identity(contact)) {
            // Who is recorded without a number keeps the one that is known.
            Some(known) => {
                let phone = contact.phone.clone().or(known.phone.take());
                *known = Contact { phone, ..contact.clone() };
            }
            None => self.contacts.push(contact.clone()),
        }
    }

    /// Keeps a person, or what is missing of one that is known.
    pub(super) fn complete(&mut self, contact: &Contact) {
        match self.contacts.iter_mut().find(|known| identity(known) == identity(contact)) {
            Some(known) => {
                known.role = known.role.take().or_else(|| contact.role.clone());
                known.phone = known.phone.take().or_else(|| contact.phone.clone());
            }
            None => self.contacts.push(contact.clone()),
        }
    }

    /// Takes that a person is known otherwise from a day on: its certificates go on under its new address.
    pub(super) fn change_contact(&mut self, day: Day, change: &ContactChange) {
        let (from, to) = (change.from.as_str(), identity(&change.to));
        self.contacts.retain(|one| identity(one) == from || identity(one) != to);
        match self.contacts.iter_mut().find(|one| identity(one) == from) {
            Some(known) => known.clone_from(&change.to),
            None => self.contacts.push(change.to.clone()),
        }
        if from == to {
            return;
        }
        self.former_contacts.remove(to);
        self.former_contacts.insert(from.to_owned(), Some(to.to_owned()));
        if self.opted_out.contains(from) {
            self.opted_out.insert(to.to_owned());
        }
        let mut followed = Vec::new();
        for one in self.certificates.iter_mut().filter(|one| one.person == from && one.gone.is_none()) {
            one.gone = Some(day);
            followed.push(Certificate { day, person: to.to_owned(), gone: None, ..one.clone() });
        }
        self.certificates.extend(followed);
    }

    /// Returns the contact that a person is: the one with the address or name; for a name alone the only one who is called so.
    pub(crate) fn contact_of(&self, typed: &Contact) -> Option<&Contact> {
        let same = self.contacts.iter().find(|known| is_same_person(known, typed));
        let mut called = self
            .contacts
            .iter()
            .filter(|known| typed.email.is_none() && folded(&known.name) == folded(&typed.name));
        same.or_else(|| called.next().filter(|_| called.next().is_none()))
    }

    /// Returns by which address or name somebody is known who was a contact under another one; none if that person is gone.
    pub(crate) fn known_now(&self, person: &str) -> Option<&Contact> {
        let mut now = person;
        // A person that went back to a former address would be followed for ever.
        for _ in 0..=self.former_contacts.len() {
            if let Some(contact) = self.contacts.iter().find(|one| folded(identity(one)) == folded(now)) {
                return Some(contact);
            }
            let next = self.former_contacts.iter().find(|(former, _)| folded(former) == folded(now));
            now = next?.1.as_deref()?;
        }
        None
    }

    /// Returns a contact as the person that is known: with the address as it is spelled here, and with what is known and
    /// left out now.
    pub(crate) fn as_known(&self, typed: &Contact) -> Contact {
        self.contact_of(typed).map_or_else(|| typed.clone(), |known| Partner::told_of(known, typed))
    }

    /// Returns a known contact with what else was typed of the person.
    pub(crate) fn told_of(known: &Contact, typed: &Contact) -> Contact {
        let is_bare = typed.email.as_ref() == Some(&typed.name);
        let name = if is_bare || typed.email.is_none() { &known.name } else { &typed.name };
        Contact {
            name: name.clone(),
            email: known.email.clone(),
            role: typed.role.clone().or_else(|| known.role.clone()),
            phone: typed.phone.clone().or_else(|| known.phone.clone()),
        }
    }

    /// Returns whether a person must not be mailed.
    pub fn is_opted_out(&self, contact: &Contact) -> bool {
        self.is_out(identity(contact))
    }

    /// Returns whether whoever has this e-mail address or name, in any case, must not be mailed.
    pub(crate) fn is_out(&self, person: &str) -> bool {
        self.opted_out.contains(person) || self.opted_out.iter().any(|one| folded(one) == folded(person))
    }

    /// Returns the attributes at the end of the day that the fold went up to.
    pub fn attributes(&self) -> &BTreeMap<String, String> {
        static NONE: BTreeMap<String, String> = BTreeMap::new();
        self.versions.last().map_or(&NONE, |version| &version.attributes)
    }

    /// Returns the value of an attribute.
    pub fn attribute(&self, key: &str) -> Option<&str> {
        self.attributes().get(key).map(String::as_str)
    }

    /// Returns the value that an attribute had at the end of a day.
    pub(crate) fn attribute_on(&self, key: &str, day: Day) -> Option<&str> {
        let version = self.versions.iter().rev().find(|version| version.since <= day)?;
        version.attributes.get(key).map(String::as_str)
    }

    /// Returns all values of an attribute, its own first.
    pub(crate) fn values(&self, key: &str) -> Vec<&str> {
        let further = further(self.attribute(&further_key(key)));
        self.attribute(key).into_iter().chain(further).collect()
    }

    /// Returns the name, or the key if there is none.
    pub fn name(&self) -> &str {
        self.attribute("name").unwrap_or(&self.key)
    }

    /// Returns the stay that is not over; none before the partner was placed.
    pub fn current(&self) -> Option<&Stay> {
        self.stays.last()
    }

    /// Returns where the partner is now.
    pub fn standing(&self) -> Option<&Standing> {
        self.current().map(|stay| &stay.standing)
    }

    /// Returns whether the partner has left the channel.
    pub fn has_left(&self) -> bool {
        matches!(self.standing(), Some(Standing::Left { .. }))
    }

    /// Returns the key of the stage in which the partner is now.
    pub fn stage(&self) -> Option<&str> {
        match self.standing() {
            Some(Standing::In { stage }) => Some(stage),
            _ => None,
        }
    }

    /// Stays with the day on which each ended, if it has.
    pub fn visits(&self) -> impl Iterator<Item = (&Stay, Option<Day>)> {
        let ends = self.stays.iter().skip(1).map(|next| Some(next.entered));
        self.stays.iter().zip(ends.chain([None]))
    }

    /// Returns the days in a stage over all visits, up to `today`.
    pub fn days_in(&self, stage: &str, today: Day) -> i64 {
        self.visits()
            .filter(|(stay, _)| stay.standing.in_stage() == Some(stage))
            .map(|(stay, end)| end.unwrap_or(today).since(stay.entered))
            .sum()
    }

    /// Returns the last visit to a stage, with the day on which it ended if it did.
    pub(crate) fn last_visit(&self, stage: &str) -> Option<(&Stay, Option<Day>)> {
        self.visits().filter(|(stay, _)| stay.standing.in_stage() == Some(stage)).last()
    }

    /// Returns the newest record of a milestone since the partner last came back, unless it was reopened.
    pub fn milestone(&self, key: &str, period: Option<DayRange>) -> Option<&MilestoneRecord> {
        let newest = self.milestones.iter().rev().find(|record| {
            record.life == self.returns
                && record.milestone == key
                && record.period.as_ref().map(|one| one.days) == period
        });
        newest.filter(|record| !matches!(record.status, Status::Reopened { .. }))
    }

    /// Returns the plan of a fiscal year.
    pub fn plan(&self, year: DayRange) -> Option<&BusinessPlan> {
        self.plans.iter().find(|plan| plan.days == year)
    }

    /// Returns the newest business review of a quarter since the partner last came back.
    pub fn review(&self, quarter: DayRange) -> Option<&BusinessReview> {
        self.reviews.iter().rev().find(|one| one.life == self.returns && one.days == quarter)
    }

    /// Returns the actions of plans that are open, by the day on which they are due.
    pub fn open_tasks(&self) -> Vec<&Task> {
        self.open_of(|task| !task.follow_up)
    }

    /// Returns the follow-ups that are open, by the day on which they are due.
    pub fn open_follow_ups(&self) -> Vec<&Task> {
        self.open_of(|task| task.follow_up)
    }

    /// Returns the actions and follow-ups that are open, by the day on which they are due.
    pub fn open_work(&self) -> Vec<&Task> {
        self.open_of(|_| true)
    }

    fn open_of(&self, wanted: fn(&Task) -> bool) -> Vec<&Task> {
        let open = |task: &&Task| task.is_open() && wanted(task);
        let mut tasks: Vec<&Task> = self.tasks.iter().filter(open).collect();
        tasks.sort_by_key(|task| (task.due, task.event));
        tasks
    }

    /// Returns what is done about the partner because it does not perform.
    pub fn watch_status(&self) -> WatchStatus {
        let newest = self.watch_records.iter().rev().find(|step| step.life == self.returns);
        WatchStatus::after(newest.map(|one| (one.day, one.step)))
    }

    /// Returns whether it was decided that the partner goes on without a channel manager's time.
    pub fn is_self_service(&self) -> bool {
        matches!(self.watch_status(), WatchStatus::Settled { outcome: DecidedAs::SelfService, .. })
    }

    /// Returns the newest assessment by a questionnaire since the partner last came back.
    pub fn assessment(&self, questionnaire: &str) -> Option<&Assessment> {
        let newest = self.assessments.iter().rev();
        newest.into_iter().find(|one| one.life == self.returns && one.assessed.questionnaire == questionnaire)
    }

    /// Returns whether it was granted money from a budget.
    pub fn is_granted(&self) -> bool {
        self.movements.iter().any(|movement| matches!(movement.what, Event::Granted(_)))
    }
}
