//! People at partners: which one is meant, what changes of one, and one who goes to another partner.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::text::folded;
use crate::lifecycle::enablement::events::{Certificate, Certified};
use crate::lifecycle::enablement::rules::{find_contact, find_contact_on};
use crate::lifecycle::event::Event;
use crate::lifecycle::facts::PartnerFacts;
use crate::lifecycle::partner::events::{Contact, ContactChange, Edited, identity, is_same_person};
use crate::lifecycle::partner::refusal::PartnerRefusal;
use crate::lifecycle::partner::state::Partner;
use crate::lifecycle::rule::{Decision, Ruling, refuse_left};

/// What is new of a person, as typed: what is missing stays as it is.
#[derive(Clone, Debug)]
pub(crate) struct ContactRequest {
    /// An e-mail address, a name or a part of it.
    pub who: String,
    pub name: Option<String>,
    pub email: Option<String>,
    pub role: Option<String>,
    pub phone: Option<String>,
}

/// A person on the way to another partner, with the certificates that count.
#[derive(Clone, Debug)]
pub(crate) struct MovedPerson {
    pub contact: Contact,
    pub opted_out: bool,
    certificates: Vec<Certificate>,
}

/// Returns what changes of a person of the partner.
///
/// # Errors
/// Refused if the partner has no such contact, if several could be meant, or if another has the new address.
pub(crate) fn contact_change(
    PartnerFacts { partner, day, .. }: PartnerFacts,
    latest: &Partner,
    request: &ContactRequest,
) -> Result<ContactChange, Error> {
    let known = find_contact_on(partner, latest, &request.who, day)?;
    refuse_gone_later(partner, latest, known)?;
    let (from, to) = (identity(known).to_owned(), changed(known, request));
    let others = partner.contacts.iter().filter(|one| identity(one) != from);
    refuse_in_the_way(partner, &to, others)?;
    Ok(ContactChange { from, to })
}

/// Refuses a change of a person, on an earlier day, who is gone or known otherwise since a later one: what is recorded of that
/// day names the person as before.
fn refuse_gone_later(partner: &Partner, latest: &Partner, person: &Contact) -> Result<(), Error> {
    if latest.contacts.iter().any(|one| is_same_person(one, person)) {
        return Ok(());
    }
    let now = latest.known_now(identity(person)).map(|one| identity(one).to_owned());
    Err(Error::refused(PartnerRefusal::ContactGoneLater {
        key: partner.key.clone(),
        partner: partner.name().to_owned(),
        person: person.name.clone(),
        now,
    }))
}

/// Refuses to take away a person, from a day on, who passed a course on a later one.
///
/// # Errors
/// [`PartnerRefusal::CertifiedLater`].
pub(crate) fn refuse_certified_later(latest: &Partner, person: &str, day: Day) -> Result<(), Error> {
    let later = latest
        .certificates
        .iter()
        .filter(|one| folded(&one.person) == folded(person) && one.gone.is_none() && one.since > day);
    match later.max_by_key(|one| one.since) {
        None => Ok(()),
        Some(certificate) => Err(Error::refused(PartnerRefusal::CertifiedLater {
            key: latest.key.clone(),
            person: person.to_owned(),
            course: certificate.course.clone(),
            day: certificate.since,
            event: certificate.event,
        })),
    }
}

/// Two people have two addresses: that of another contact is not taken over.
fn refuse_in_the_way<'c>(
    partner: &Partner,
    person: &Contact,
    mut others: impl Iterator<Item = &'c Contact>,
) -> Result<(), Error> {
    let Some(other) = others.find(|other| is_same_person(other, person)) else { return Ok(()) };
    Err(Error::refused(PartnerRefusal::ContactInTheWay {
        key: partner.key.clone(),
        partner: partner.name().to_owned(),
        other: other.clone(),
    }))
}

/// Refuses that two people who are changed at once get one address.
///
/// # Errors
/// The refusal, with the other contact.
pub(super) fn refuse_one_for_two(partner: &Partner, request: &Edited) -> Result<(), Error> {
    for (at, change) in request.contacts_changed.iter().enumerate() {
        let before = request.contacts_changed[..at].iter().map(|other| &other.to);
        refuse_in_the_way(partner, &change.to, before.chain(&request.contacts))?;
    }
    Ok(())
}

fn changed(known: &Contact, request: &ContactRequest) -> Contact {
    let ContactRequest { name, email, role, phone, .. } = request.clone();
    Contact {
        name: name.unwrap_or_else(|| known.name.clone()),
        email: email.or_else(|| known.email.clone()),
        role: role.or_else(|| known.role.clone()),
        phone: phone.or_else(|| known.phone.clone()),
    }
}

/// Returns by what a person of the partner, or one of those that are added, is known; by the latest that is known of it if the
/// person is a contact since a later day.
///
/// # Errors
/// Refused if the partner has no such contact, or several could be meant.
pub(crate) fn contact_named(
    partner: &Partner,
    latest: &Partner,
    added: &[Contact],
    typed: &str,
) -> Result<String, Error> {
    let is_added = |one: &&Contact| folded(identity(one)) == folded(typed.trim());
    match added.iter().find(is_added) {
        Some(new) => Ok(identity(new).to_owned()),
        None => {
            let known = find_contact(partner, typed)
                .or_else(|refusal| find_contact(latest, typed).map_err(|_| refusal));
            known.map(|known| identity(known).to_owned())
        }
    }
}

/// Takes a person who is removed and recorded under the same name with another address as one who has a new address.
pub(super) fn follow_new_address(partner: &Partner, request: &mut Edited) {
    let gone = std::mem::take(&mut request.contacts_gone);
    for person in gone {
        let known = partner.contacts.iter().find(|one| identity(one) == person);
        let same = |one: &Contact| {
            let is_new = partner.contacts.iter().all(|other| !is_same_person(other, one));
            is_new && known.is_some_and(|known| folded(&known.name) == folded(&one.name))
        };
        match request.contacts.iter().position(same) {
            Some(at) => {
                let mut to = request.contacts.remove(at);
                to.phone = to.phone.or_else(|| known?.phone.clone());
                request.contacts_changed.push(ContactChange { from: person, to });
            }
            None => request.contacts_gone.push(person),
        }
    }
}

/// Opts a person out of mail who is recorded anew under the name of one who opted out: another address is no other person.
pub(crate) fn keep_opted_out(partner: &Partner, request: &mut Edited) {
    let Edited { contacts, opted_out, opted_in, .. } = request;
    for new in contacts.iter().filter(|new| !partner.is_opted_out(new)) {
        let is_new = partner.contacts.iter().all(|known| !is_same_person(known, new));
        let same_name = |known: &&Contact| folded(&known.name) == folded(&new.name);
        let was_out = partner.contacts.iter().filter(same_name).any(|known| partner.is_opted_out(known));
        let person = identity(new).to_owned();
        if is_new && was_out && !opted_in.contains(&person) && !opted_out.contains(&person) {
            opted_out.push(person);
        }
    }
}

/// Takes a person out of a partner, to be recorded at another one; whoever opted out by the latest that is known of the
/// partner stays so, whatever the day.
///
/// # Errors
/// Refused if the partner has no such contact, or several could be meant.
pub(crate) fn send_contact(
    facts: PartnerFacts,
    latest: &Partner,
    typed: &str,
) -> Result<(MovedPerson, Decision), Error> {
    let PartnerFacts { partner, day, .. } = facts;
    let contact = find_contact_on(partner, latest, typed, day)?.clone();
    let person = identity(&contact).to_owned();
    refuse_gone_later(partner, latest, &contact)?;
    refuse_certified_later(latest, &person, day)?;
    let own = partner.certificates.iter().filter(|one| one.person == person && one.counts_on(day));
    let moved = MovedPerson {
        opted_out: latest.is_opted_out(&contact),
        certificates: own.cloned().collect(),
        contact,
    };
    let edited = Edited { contacts_gone: vec![person], ..Edited::default() };
    Ok((moved, Decision::Record(vec![edited.into()])))
}

/// Records a person who comes from another partner; what was passed there counts here from the day on.
///
/// # Errors
/// Refused for a partner that has left, and for one with another contact who has the address.
pub(crate) fn receive_contact(facts: PartnerFacts, moved: &MovedPerson, new: &ContactRequest) -> Ruling {
    refuse_left(facts)?;
    let contact = changed(&moved.contact, new);
    let others = facts.partner.contacts.iter().filter(|one| folded(&one.name) != folded(&contact.name));
    refuse_in_the_way(facts.partner, &contact, others)?;
    let contact = facts.partner.as_known(&contact);
    let person = identity(&contact).to_owned();
    let opted_out = if moved.opted_out { vec![person.clone()] } else { Vec::new() };
    let mut edited = Edited { contacts: vec![contact], opted_out, ..Edited::default() };
    keep_opted_out(facts.partner, &mut edited);
    let mut events: Vec<Event> = vec![edited.into()];
    let certified = |one: &Certificate| Certified {
        person: person.clone(),
        course: one.course.clone(),
        until: one.until,
        evidence: one.evidence.clone(),
        earned: Some(one.passed()).filter(|passed| *passed < facts.day),
    };
    events.extend(moved.certificates.iter().map(|one| Event::from(certified(one))));
    Ok(Decision::Record(events))
}
