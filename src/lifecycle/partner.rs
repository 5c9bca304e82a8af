//! What is known of one partner: the state that the fold of its events arrives at.

use std::collections::BTreeMap;

use crate::lifecycle::announcements::Notification;
use serde::{Deserialize, Serialize};

use crate::lifecycle::base::conflict::{Conflict, Misfit};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::corrections::{Merged, Removed};
use crate::lifecycle::criteria::Assessment;
use crate::lifecycle::enablement::{Certificate, Delivery};
use crate::lifecycle::event::{Event, PartnerId, Recorded};
use crate::lifecycle::facts::Scene;
use crate::lifecycle::forget::{FORGOTTEN, Forgetting, forgotten_key, forgotten_name};
use crate::lifecycle::funds::{Books, Movement};
use crate::lifecycle::happening::{Happening, Moment};
use crate::lifecycle::milestone::{MilestoneRecord, Status};
use crate::lifecycle::performance::{WatchRecord, WatchStatus};
use crate::lifecycle::plans::{BusinessPlan, BusinessReview, Task};
use crate::lifecycle::program::Aliases;
use crate::lifecycle::questions::PartnerQuestion;
use crate::lifecycle::revenue::Sale;
use crate::lifecycle::rule::{Decision, History, Ruling};
use crate::lifecycle::stage::{Standing, Stay};
use crate::lifecycle::terms::Agreement;

/// The partner came into the file.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Joined {
    pub key: String,
    /// `name` always; `type`, `tier`, `region`, `owner` and the program's fields where known.
    pub attributes: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<Contact>,
    /// The day since when we watch this partner; what happened before is known only in part.
    pub observed_from: Day,
}

/// A person at a partner. The e-mail address, or the name where there is none, tells them apart.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Contact {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
}

/// Attributes changed. `None` takes an attribute away.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
pub struct Edited {
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, Option<String>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<Contact>,
    /// The e-mail addresses or names of contacts who are no longer there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts_gone: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_from: Option<Day>,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Noted {
    pub text: String,
}

/// A partner on some day.
#[derive(Clone, PartialEq, Debug)]
pub struct Partner {
    pub id: PartnerId,
    pub key: String,
    /// The day of the first event.
    pub since: Day,
    /// The day since when we watch this partner.
    pub observed_from: Day,
    /// Attributes over time, oldest first; at least one.
    pub versions: Vec<Version>,
    /// Names of this partner in other systems, and keys of partners merged into it.
    pub references: Vec<String>,
    pub contacts: Vec<Contact>,
    /// Visits to stages, parkings and leavings in order; each lasts until the next begins.
    pub stays: Vec<Stay>,
    /// What was recorded of milestones, in order.
    pub milestones: Vec<MilestoneRecord>,
    /// Questionnaires as they were answered, in order.
    pub assessments: Vec<Assessment>,
    pub sales: Vec<Sale>,
    pub plans: Vec<BusinessPlan>,
    pub reviews: Vec<BusinessReview>,
    pub tasks: Vec<Task>,
    /// What was done about it where it did not perform, in order.
    pub watch_records: Vec<WatchRecord>,
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

/// Why an event about who the partner is does not fit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum PartnerMisfit {
    /// The partner joins a second time, with another key.
    JoinsAgain { key: String },
}

/// Why a change of who the partner is is refused.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum PartnerRefusal {
    NoContact {
        partner: String,
        contact: String,
        known: Vec<String>,
    },
    MergedIntoItself {
        partner: String,
    },
    /// The stages of the partner with one key and of that with another do not fit together.
    StagesContradict {
        key: String,
        into: String,
        conflict: Conflict,
    },
}

impl Happening for Joined {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        if at.own && self.key != partner.key {
            return Err(PartnerMisfit::JoinsAgain { key: self.key.clone() }.into());
        }
        if !at.own {
            partner.refer(&self.key);
            self.references.iter().for_each(|reference| partner.refer(reference));
            self.contacts.iter().for_each(|contact| partner.meet(contact));
        }
        Ok(())
    }

    fn forget(&mut self, forgetting: &mut Forgetting) {
        forgetting.names.insert(std::mem::replace(&mut self.key, forgotten_key(forgetting.partner)));
        let name = forgotten_name(forgetting.partner);
        forgetting.names.extend(self.attributes.insert("name".to_owned(), name));
        self.attributes.retain(|key, _| key == "name" || forgetting.stays(key));
        forgetting.names.extend(self.references.drain(..));
        forgetting.forget_contacts(&mut self.contacts);
    }
}

impl Happening for Edited {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        self.references.iter().for_each(|reference| partner.refer(reference));
        self.contacts.iter().for_each(|contact| partner.meet(contact));
        let gone = |person: &str| self.contacts_gone.iter().any(|name| name == person);
        partner.contacts.retain(|contact| !gone(identity(contact)));
        for one in partner.certificates.iter_mut().filter(|one| gone(&one.person)) {
            one.gone.get_or_insert(at.day);
        }
        if at.own {
            partner.change(at.day, &self.attributes);
        }
        Ok(())
    }

    fn forget(&mut self, forgetting: &mut Forgetting) {
        if let Some(Some(name)) = self.attributes.get_mut("name") {
            forgetting.names.insert(std::mem::replace(name, forgotten_name(forgetting.partner)));
        }
        self.attributes.retain(|key, _| key == "name" || forgetting.stays(key));
        forgetting.names.extend(self.references.drain(..));
        forgetting.forget_contacts(&mut self.contacts);
        // Who is gone is certified no longer.
        self.contacts_gone = self.contacts_gone.iter().map(|person| forgetting.person(person)).collect();
    }
}

impl Happening for Noted {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        partner.notes.push(Note { event: at.event, day: at.day, text: self.text.clone() });
        Ok(())
    }

    fn forget(&mut self, _: &mut Forgetting) {
        FORGOTTEN.clone_into(&mut self.text);
    }
}

/// Returns what tells contacts apart: the e-mail address, or the name if there is none.
pub(crate) fn identity(contact: &Contact) -> &str {
    contact.email.as_deref().unwrap_or(&contact.name)
}

impl Partner {
    /// Makes the partner that an event brings into the file; `observed_from` is the last word on that day.
    pub(crate) fn new(id: PartnerId, since: Day, observed_from: Day, joined: &Joined) -> Partner {
        Partner {
            id,
            key: joined.key.clone(),
            since,
            observed_from,
            versions: vec![Version { since, attributes: joined.attributes.clone() }],
            references: joined.references.clone(),
            contacts: joined.contacts.clone(),
            stays: Vec::new(),
            milestones: Vec::new(),
            assessments: Vec::new(),
            sales: Vec::new(),
            plans: Vec::new(),
            reviews: Vec::new(),
            tasks: Vec::new(),
            watch_records: Vec::new(),
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
        match self.versions.last_mut().filter(|version| version.since == day) {
            Some(version) => version.attributes = attributes,
            None => self.versions.push(Version { since: day, attributes }),
        }
    }

    fn refer(&mut self, reference: &str) {
        if !self.references.iter().any(|known| known == reference) {
            self.references.push(reference.to_owned());
        }
    }

    fn meet(&mut self, contact: &Contact) {
        match self.contacts.iter_mut().find(|known| identity(known) == identity(contact)) {
            Some(known) => known.clone_from(contact),
            None => self.contacts.push(contact.clone()),
        }
    }

    /// The attributes in force at the end of the day that the fold went up to.
    pub fn attributes(&self) -> &BTreeMap<String, String> {
        static NONE: BTreeMap<String, String> = BTreeMap::new();
        self.versions.last().map_or(&NONE, |version| &version.attributes)
    }

    pub fn attribute(&self, key: &str) -> Option<&str> {
        self.attributes().get(key).map(String::as_str)
    }

    pub fn name(&self) -> &str {
        self.attribute("name").unwrap_or(&self.key)
    }

    /// The stay that is not over, where the partner has stood anywhere yet.
    pub fn current(&self) -> Option<&Stay> {
        self.stays.last()
    }

    pub fn standing(&self) -> Option<&Standing> {
        self.current().map(|stay| &stay.standing)
    }

    /// The stage in which the partner stands now.
    pub fn stage(&self) -> Option<&str> {
        match self.standing() {
            Some(Standing::In { stage }) => Some(stage),
            _ => None,
        }
    }

    /// Stays with the day on which each ended, where it has.
    pub fn visits(&self) -> impl Iterator<Item = (&Stay, Option<Day>)> {
        let ends = self.stays.iter().skip(1).map(|next| Some(next.entered));
        self.stays.iter().zip(ends.chain([None]))
    }

    /// Days in a stage over all visits, up to `today`.
    pub fn days_in(&self, stage: &str, today: Day) -> i64 {
        self.visits()
            .filter(|(stay, _)| stay.standing.in_stage() == Some(stage))
            .map(|(stay, end)| end.unwrap_or(today).since(stay.entered))
            .sum()
    }

    /// What holds of a milestone since the partner last came back: the newest record, unless reopened.
    pub fn milestone(&self, key: &str, period: Option<&str>) -> Option<&MilestoneRecord> {
        let newest = self.milestones.iter().rev().find(|record| {
            record.life == self.returns && record.milestone == key && record.period.as_deref() == period
        });
        newest.filter(|record| !matches!(record.status, Status::Reopened { .. }))
    }

    /// The plan of a fiscal year since the partner last came back.
    pub fn plan(&self, period: &str) -> Option<&BusinessPlan> {
        self.plans.iter().rev().find(|plan| plan.life == self.returns && plan.period == period)
    }

    /// Tasks that are open since the partner last came back, by the day on which they are due.
    pub fn open_tasks(&self) -> Vec<&Task> {
        let open = |task: &&Task| task.done.is_none() && task.life == self.returns;
        let mut tasks: Vec<&Task> = self.tasks.iter().filter(open).collect();
        tasks.sort_by_key(|task| (task.due, task.event));
        tasks
    }

    /// What is done about it if it does not perform.
    pub fn watch_status(&self) -> WatchStatus {
        let newest = self.watch_records.iter().rev().find(|step| step.life == self.returns);
        WatchStatus::after(newest.map(|one| (one.day, one.step)))
    }

    /// The newest assessment by a questionnaire since the partner last came back.
    pub fn assessment(&self, questionnaire: &str) -> Option<&Assessment> {
        let newest = self.assessments.iter().rev();
        newest.into_iter().find(|one| one.life == self.returns && one.assessed.questionnaire == questionnaire)
    }

    /// Whether it was granted money from a budget.
    pub fn is_granted(&self) -> bool {
        self.movements.iter().any(|movement| matches!(movement.what, Event::Granted(_)))
    }
}

/// Keeps a text.
///
/// # Errors
/// None; the type is that of all rules.
pub(crate) fn note(text: &str) -> Ruling {
    Decision::record(Noted { text: text.to_owned() })
}

/// Changes attributes, references and contacts; what is so already is left out.
///
/// # Errors
/// Refused where a contact to be taken away is not there.
pub(crate) fn edit(scene: Scene, mut request: Edited) -> Ruling {
    let partner = scene.partner;
    request.attributes.retain(|key, value| partner.attribute(key) != value.as_deref());
    request.references.retain(|one| !partner.references.contains(one));
    request.contacts.retain(|one| !partner.contacts.contains(one));
    request.observed_from = request.observed_from.filter(|day| *day != partner.observed_from);
    for gone in &request.contacts_gone {
        if !partner.contacts.iter().any(|one| identity(one) == gone) {
            return Err(Error::refused(PartnerRefusal::NoContact {
                partner: partner.name().to_owned(),
                contact: gone.clone(),
                known: partner.contacts.iter().map(|one| identity(one).to_owned()).collect(),
            }));
        }
    }
    if request == Edited::default() {
        return Ok(Decision::already(format!("Nothing changes for {}", partner.name())));
    }
    Decision::record(request)
}

/// Takes a partner that was recorded by mistake out of all figures.
///
/// # Errors
/// None; the type is that of all rules.
pub(crate) fn remove(reason: &str) -> Ruling {
    Decision::record(Removed { reason: reason.to_owned() })
}

/// Joins a partner into another one, the same under a second name.
///
/// # Errors
/// Refused where both are one, or where their stages contradict each other.
pub(crate) fn merge(
    scene: Scene,
    history: &History,
    into: (&Partner, &History),
    aliases: &Aliases,
    merged: Merged,
) -> Ruling {
    let (target, target_history) = into;
    let name = scene.partner.name();
    if target.id == scene.partner.id {
        return Err(Error::refused(PartnerRefusal::MergedIntoItself { partner: name.to_owned() }));
    }
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
        return Err(Error::refused(PartnerRefusal::StagesContradict {
            key: scene.partner.key.clone(),
            into: target.key.clone(),
            conflict: conflict.clone(),
        }));
    }
    Decision::record(event)
}
