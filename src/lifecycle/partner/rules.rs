//! Changing who a partner is: how its events are taken in, and the rules.

use crate::lifecycle::base::conflict::Misfit;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::text::folded;
use crate::lifecycle::corrections::conflicts::{plans_of_both, records_of_same_days};
use crate::lifecycle::corrections::events::{Merged, Removed};
use crate::lifecycle::corrections::merged::{MergeChoice, MergePart};
use crate::lifecycle::event::{Event, Recorded};
use crate::lifecycle::facts::PartnerFacts;
use crate::lifecycle::forget::{FORGOTTEN, Forgetting, forgotten_key, forgotten_name};
use crate::lifecycle::happening::{Happening, Moment};
use crate::lifecycle::history::History;
use crate::lifecycle::partner::contacts::{follow_new_address, keep_opted_out, refuse_one_for_two};
use crate::lifecycle::partner::events::{
    Contact, ContactChange, Edited, Joined, Noted, identity, is_same_person,
};
use crate::lifecycle::partner::refusal::{PartnerRefusal, SaleSaid};
use crate::lifecycle::partner::state::{Note, Partner};
use crate::lifecycle::program::aliases::Aliases;
use crate::lifecycle::program::definition::Program;
use crate::lifecycle::revenue::copies::differing;
use crate::lifecycle::revenue::events::Sale;
use crate::lifecycle::revenue::rules::check_merged_sales;
use crate::lifecycle::rule::{Decision, Ruling};
use crate::lifecycle::stage::events::Standing;

/// Why an event about who the partner is does not fit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum PartnerMisfit {
    /// The partner joins a second time, with another key.
    JoinsAgain { key: String },
}

/// An edit changes nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct PartnerUnchanged {
    pub partner: String,
}

impl Happening for Joined {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        if at.own && self.key != partner.key {
            return Err(PartnerMisfit::JoinsAgain { key: self.key.clone() }.into());
        }
        if !at.own {
            partner.refer(&self.key);
            self.references.iter().for_each(|reference| partner.refer(reference));
            self.contacts.iter().for_each(|contact| meet(partner, contact, at));
            let counting = self.attributes.iter().filter(|(key, _)| at.takes_attribute(key));
            let counting = counting.map(|(key, value)| (key.clone(), Some(value.clone()))).collect();
            partner.change(at.day, &counting);
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
        self.contacts_changed.iter().for_each(|change| partner.change_contact(at.day, change));
        self.contacts.iter().for_each(|contact| meet(partner, contact, at));
        partner.opted_out.extend(self.opted_out.iter().cloned());
        for person in self.opted_in.iter().filter(|person| !at.stays_opted_out(person)) {
            partner.opted_out.retain(|known| folded(known) != folded(person));
        }
        let gone =
            |person: &str| self.contacts_gone.iter().any(|name| name == person) && !at.knows_better(person);
        partner.contacts.retain(|contact| !gone(identity(contact)));
        let left = self.contacts_gone.iter().filter(|person| gone(person));
        partner.former_contacts.extend(left.map(|person| (person.clone(), None)));
        for one in partner.certificates.iter_mut().filter(|one| gone(&one.person)) {
            one.gone.get_or_insert(at.day);
        }
        let counting = self.attributes.iter().filter(|(key, _)| at.takes_attribute(key));
        partner.change(at.day, &counting.map(|(key, value)| (key.clone(), value.clone())).collect());
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
        for people in [&mut self.contacts_gone, &mut self.opted_out, &mut self.opted_in] {
            *people = people.iter().map(|person| forgetting.person(person)).collect();
        }
        for ContactChange { from, to } in &mut self.contacts_changed {
            let known = forgetting.person(identity(to));
            *from = forgetting.person(from);
            let to = std::mem::replace(to, Contact { name: known, email: None, role: None, phone: None });
            forgetting.forget_contacts(&mut vec![to]);
        }
    }
}

/// Takes in a person; what the partner that stays after a merge knows of the same one is only completed.
fn meet(partner: &mut Partner, contact: &Contact, at: &Moment) {
    if at.knows_better(identity(contact)) {
        partner.complete(contact);
    } else {
        partner.meet(contact);
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

/// Checks that a partner is the one that is to be added with its key: all that is given of it is so already.
///
/// # Errors
/// Refused if it has other details, or is not in the stage that is given.
pub(crate) fn refuse_other_details(
    program: &Program,
    partner: &Partner,
    joined: &Joined,
    stage: Option<&str>,
) -> Result<(), Error> {
    let is_same = joined.attributes.iter().all(|(key, value)| partner.attribute(key) == Some(value))
        && stage.is_none_or(|stage| partner.stage() == Some(stage))
        && joined.references.iter().all(|one| partner.references.contains(one))
        && joined.contacts.iter().all(|one| partner.contacts.contains(one));
    if is_same {
        return Ok(());
    }
    let standing = partner.standing().map(|standing| match standing {
        Standing::In { stage } => Standing::In { stage: program.stage_name(stage).to_owned() },
        other => other.clone(),
    });
    let (key, partner) = (partner.key.clone(), partner.name().to_owned());
    Err(Error::refused(PartnerRefusal::OtherDetails { key, partner, standing }))
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
/// Refused if a contact to be taken away is not there, and if a person would get the address of another.
pub(crate) fn edit(facts: PartnerFacts, mut request: Edited) -> Ruling {
    let partner = facts.partner;
    request.attributes.retain(|key, value| partner.attribute(key) != value.as_deref());
    request.references.retain(|one| !partner.references.contains(one));
    let goes =
        |known: &Contact| request.contacts_gone.iter().any(|gone| folded(gone) == folded(identity(known)));
    // Who is removed and recorded by name alone has no address any more.
    for one in &mut request.contacts {
        if partner.contact_of(one).is_none_or(|known| is_same_person(known, one) || !goes(known)) {
            *one = partner.as_known(one);
        }
    }
    request.contacts.retain(|one| !partner.contacts.contains(one));
    request.contacts_changed.retain(|one| !partner.contacts.contains(&one.to));
    request.opted_out.retain(|one| !partner.is_out(one));
    request.opted_in.retain(|one| partner.is_out(one));
    keep_opted_out(partner, &mut request);
    let is_watched_so = |day: Day| {
        day == partner.observed_from && request.asked_from.is_none_or(|asked| asked == partner.asked_from)
    };
    if request.observed_from.is_some_and(is_watched_so) {
        (request.observed_from, request.asked_from) = (None, None);
    }
    for gone in &mut request.contacts_gone {
        if let Some(known) = partner.contacts.iter().find(|one| folded(identity(one)) == folded(gone)) {
            identity(known).clone_into(gone);
        } else {
            return Err(Error::refused(PartnerRefusal::NoContact {
                partner: partner.name().to_owned(),
                contact: gone.clone(),
                known: partner.contacts.iter().map(|one| identity(one).to_owned()).collect(),
            }));
        }
    }
    follow_new_address(partner, &mut request);
    refuse_one_for_two(partner, &request)?;
    if request == Edited::default() {
        return Ok(Decision::already(PartnerUnchanged { partner: partner.name().to_owned() }));
    }
    Decision::record(request)
}

/// Values of one attribute that are to be added, and those to be taken away.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(crate) struct ValueChange {
    pub added: Vec<String>,
    pub removed: Vec<String>,
}

/// Returns the values of an attribute after a change, its own first; if that is taken away, the next one is its own.
///
/// # Errors
/// [`PartnerRefusal::NoValue`].
pub(crate) fn changed_values(
    partner: &Partner,
    field: &str,
    change: &ValueChange,
) -> Result<Vec<String>, Error> {
    let same = |one: &str, other: &str| one.to_lowercase() == other.to_lowercase();
    let mut values: Vec<String> = partner.values(field).into_iter().map(str::to_owned).collect();
    for value in &change.removed {
        let Some(at) = values.iter().position(|known| same(known, value)) else {
            let (partner, field, value) = (partner.name().to_owned(), field.to_owned(), value.clone());
            return Err(Error::refused(PartnerRefusal::NoValue { partner, field, value, known: values }));
        };
        values.remove(at);
    }
    for value in &change.added {
        if !values.iter().any(|known| same(known, value)) {
            values.push(value.clone());
        }
    }
    Ok(values)
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
/// Refused if both are one, or if what was recorded of them contradicts each other.
pub(crate) fn merge(
    facts: PartnerFacts,
    history: &History,
    into: (&Partner, &History),
    aliases: &Aliases,
    merged: Merged,
) -> Ruling {
    let (target, target_history) = into;
    let name = facts.partner.name();
    if target.id == facts.partner.id {
        return Err(Error::refused(PartnerRefusal::MergedIntoItself { partner: name.to_owned() }));
    }
    refuse_contradicting_sales(facts, target, &merged)?;
    refuse_added_draft(facts, target, &merged)?;
    let joint = |merged: &Merged| joined(history, target_history, merged, facts.day);
    let conflict = |merged: &Merged| joint(merged).conflict(aliases);
    let Some(found) = conflict(&merged) else {
        if let Some(after) = joint(&merged).fold(aliases, None).partner() {
            check_merged_sales(facts.program, (facts.partner, target), after)?;
        }
        return Decision::record(merged);
    };
    let (key, into) = (facts.partner.key.clone(), target.key.clone());
    let rest = if merged.without_stages {
        Some(found.clone())
    } else {
        conflict(&Merged { without_stages: true, ..merged })
    };
    let Some(conflict) = rest else {
        return Err(Error::refused(PartnerRefusal::StagesContradict { key, into, conflict: found }));
    };
    let own = history.events.iter().any(|one| one.number == conflict.event);
    let owner = if own { key.clone() } else { into.clone() };
    Err(Error::refused(PartnerRefusal::HistoriesContradict { key, into, owner, conflict }))
}

/// Returns the history of the partner that stays with that of the other one, which is merged into it on a day. The merge would
/// be recorded behind everything that is known of both.
pub(crate) fn joined(history: &History, into: &History, merged: &Merged, day: Day) -> History {
    let known = history.events.iter().chain(&into.events);
    let number = known.map(|one| one.number).max().map_or(1, |last| last + 1);
    let mut joint = into.clone();
    joint.events.extend(history.events.iter().cloned());
    joint.events.push(Recorded { number, partner: history.subject, day, event: Event::from(merged.clone()) });
    joint
}

/// What nobody agreed to is not added to what was agreed.
fn refuse_added_draft(facts: PartnerFacts, target: &Partner, merged: &Merged) -> Result<(), Error> {
    let plans = merged.choices.as_ref().and_then(|choices| choices.get(&MergePart::Plans));
    if plans != Some(&MergeChoice::Add) {
        return Ok(());
    }
    for (year, [own, other]) in plans_of_both(facts.program, target, facts.partner) {
        let (own, other) = (own.agreed.is_some(), other.agreed.is_some());
        if own != other {
            let (into, key) = (target.key.clone(), facts.partner.key.clone());
            let (draft, agreed) = if own { (key, into) } else { (into, key) };
            return Err(Error::refused(PartnerRefusal::DraftAdded { draft, agreed, year }));
        }
    }
    Ok(())
}

/// Sales with one reference are one sale, and a total holds what is of its days: which of two amounts is right has to be said.
fn refuse_contradicting_sales(facts: PartnerFacts, target: &Partner, merged: &Merged) -> Result<(), Error> {
    if merged.choices.iter().any(|choices| choices.contains_key(&MergePart::Sales)) {
        return Ok(());
    }
    let pairs = differing(&target.sales, &facts.partner.sales);
    let sales: Vec<(String, [SaleSaid; 2])> = pairs
        .into_iter()
        .map(|(own, other)| {
            let part = |sale: &Sale| {
                let said = sale.said();
                let paid = said.amount.clone().zip(said.currency.clone()).zip(said.rate.clone());
                let paid = paid.map(|((amount, currency), rate)| [amount, currency, rate]);
                SaleSaid { amount: facts.amount(sale.amount_minor), day: sale.day, paid }
            };
            (own.reference.clone().unwrap_or_default(), [part(own), part(other)])
        })
        .collect();
    let (key, into) = (facts.partner.key.clone(), target.key.clone());
    if !sales.is_empty() {
        return Err(Error::refused(PartnerRefusal::SalesContradict { key, into, sales }));
    }
    let records = records_of_same_days(target, facts.partner, MergeChoice::Keep);
    if records.is_empty() {
        return Ok(());
    }
    let (currency, calendar) = (facts.program.currency, facts.program.calendar);
    Err(Error::refused(PartnerRefusal::RecordsContradict { key, into, records, currency, calendar }))
}
