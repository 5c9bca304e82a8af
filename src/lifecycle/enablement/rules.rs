//! Enabling partners: how its events are taken in, the rules, and what expires.

use crate::lifecycle::base::conflict::Misfit;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::base::text::folded;
use crate::lifecycle::due::{AgendaItem, Due, DueKind};
use crate::lifecycle::enablement::events::{Certificate, Certified, Delivered, Delivery};
use crate::lifecycle::enablement::section::{Course, Material};
use crate::lifecycle::event::Event;
use crate::lifecycle::facts::{Facts, PartnerFacts};
use crate::lifecycle::forget::{Forgetting, erase};
use crate::lifecycle::happening::{Happening, Moment};
use crate::lifecycle::partner::events::{Contact, Edited, identity};
use crate::lifecycle::partner::state::Partner;
use crate::lifecycle::program::applies::Applies;
use crate::lifecycle::rule::{Decision, Ruling, refuse_left};

impl Happening for Certified {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        at.refuse_left(partner)?;
        let former = partner.former_contacts.get(&self.person);
        let now = former.and_then(|_| partner.known_now(&self.person)).map(|one| identity(one).to_owned());
        let is_gone = former.is_some() && now.is_none();
        partner.certificates.push(Certificate {
            event: at.event,
            day: at.day,
            since: at.day,
            earned: self.earned,
            person: now.unwrap_or_else(|| self.person.clone()),
            course: self.course.clone(),
            until: self.until,
            gone: is_gone.then_some(at.day),
            evidence: self.evidence.clone(),
        });
        Ok(())
    }

    fn forget(&mut self, forgetting: &mut Forgetting) {
        self.person = forgetting.person(&self.person);
        erase(&mut self.evidence);
    }
}

impl Happening for Delivered {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        at.refuse_left(partner)?;
        let (material, version) = (self.material.clone(), self.version.clone());
        partner.deliveries.push(Delivery { event: at.event, day: at.day, material, version });
        Ok(())
    }

    fn forget(&mut self, _: &mut Forgetting) {}
}

/// A person who passed a course.
#[derive(Clone, Debug)]
pub(crate) struct CertifyRequest<'a> {
    pub course: &'a Course,
    /// The day on which it was passed, perhaps before the partner joined.
    pub passed: Day,
    /// As typed: an e-mail address, a name or a part of it.
    pub person: &'a str,
    /// The partner by the latest that is known: a person may have been typed in after passing.
    pub latest: &'a Partner,
    /// The same as a new contact, if it was typed with an e-mail address.
    pub contact: Option<Contact>,
    /// The last day on which it counts; as the course says if nothing is said.
    pub until: Option<Day>,
    pub evidence: Option<&'a str>,
}

/// Why a certificate is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum EnablementRefusal {
    /// The course is for other partners than this one.
    NotForPartner { partner: String, course: String, applies: Applies },
    /// The certificate would be over on the day on which it is recorded.
    CertificateOver { until: Day, day: Day },
    /// The partner has no such contact; `contacts` are the names of those that it has.
    UnknownContact { typed: String, partner: String, contacts: Vec<String> },
    /// The person is a contact since a later day.
    NotYetContact { person: String, partner: String, day: Day },
    /// Several contacts could be meant; `contacts` are the e-mail addresses or names that tell them apart.
    SeveralContacts { typed: String, partner: String, contacts: Vec<String> },
}

/// Why nothing is recorded about courses and materials: it is so already.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum EnabledAlready {
    Certified { person: String, course: String, since: Day, until: Option<Day> },
    Delivered { partner: String, material: String, version: String, since: Day },
}

/// Records that a person of the partner passed a course.
///
/// # Errors
/// Refused for a partner that has left or that the course is not for, and for somebody who is no contact of the partner or
/// could be several.
pub(crate) fn certify(facts: PartnerFacts, request: &CertifyRequest) -> Ruling {
    refuse_left(facts)?;
    let PartnerFacts { partner, day, .. } = facts;
    check_course(facts, request.course)?;
    let mut events = Vec::new();
    let known = find_contact(partner, request.person)
        .or_else(|refusal| find_contact(request.latest, request.person).map_err(|_| refusal));
    let person = match (known, &request.contact) {
        (Ok(known), _) => identity(known).to_owned(),
        (Err(_), Some(new)) => {
            let new = partner.as_known(new);
            let person = identity(&new).to_owned();
            if !partner.contacts.iter().any(|known| identity(known) == person) {
                events.push(Event::from(Edited { contacts: vec![new], ..Edited::default() }));
            }
            person
        }
        (Err(refusal), None) => return Err(refusal),
    };
    let course = &request.course.key;
    let until = request.until.or_else(|| request.course.valid_days.map(|days| request.passed.plus(days - 1)));
    check_expiry(day, until)?;
    let same = |one: &&Certificate| one.person == person && one.course == *course && one.until == until;
    if let Some(known) = partner.certificates.iter().filter(same).find(|one| one.counts_on(day)) {
        let since = known.passed();
        let course = course.clone();
        return Ok(Decision::already(EnabledAlready::Certified { person, course, since, until }));
    }
    events.push(
        Certified {
            person: person.clone(),
            course: course.clone(),
            until,
            evidence: request.evidence.map(str::to_owned),
            earned: Some(request.passed).filter(|passed| *passed < day),
        }
        .into(),
    );
    Ok(Decision::Record(events))
}

/// Checks that a course is for the partner.
///
/// # Errors
/// Refused if the course is for others.
pub(crate) fn check_course(facts: PartnerFacts, course: &Course) -> Result<(), Error> {
    if facts.applies(&course.applies) {
        return Ok(());
    }
    let (partner, applies) = (facts.partner.name().to_owned(), course.applies.clone());
    let course = course.key.clone();
    Err(Error::refused(EnablementRefusal::NotForPartner { partner, course, applies }))
}

/// Checks the last day of a certificate.
///
/// # Errors
/// Refused if it would be over on the day on which it is earned.
pub(crate) fn check_expiry(day: Day, until: Option<Day>) -> Result<(), Error> {
    match until.filter(|until| *until < day) {
        Some(until) => Err(Error::refused(EnablementRefusal::CertificateOver { until, day })),
        None => Ok(()),
    }
}

/// Finds the contact that is meant: by e-mail address, by name, or by a part of the name that no other has.
///
/// # Errors
/// Refused if there is none, or if it could be several.
pub(crate) fn find_contact<'p>(partner: &'p Partner, text: &str) -> Result<&'p Contact, Error> {
    let wanted = folded(text.trim());
    let whole = |one: &&Contact| folded(identity(one)) == wanted || folded(&one.name) == wanted;
    let part = |one: &&Contact| !wanted.is_empty() && folded(&one.name).contains(&wanted);
    let exact: Vec<&Contact> = partner.contacts.iter().filter(whole).collect();
    let found = if exact.is_empty() { partner.contacts.iter().filter(part).collect() } else { exact };
    let (typed, name) = (text.to_owned(), partner.name().to_owned());
    match found[..] {
        [one] => Ok(one),
        [] => {
            let contacts = partner.contacts.iter().map(|one| one.name.clone()).collect();
            Err(Error::refused(EnablementRefusal::UnknownContact { typed, partner: name, contacts }))
        }
        _ => {
            let contacts = found.iter().map(|one| identity(one).to_owned()).collect();
            Err(Error::refused(EnablementRefusal::SeveralContacts { typed, partner: name, contacts }))
        }
    }
}

/// Finds the contact that is meant of those of a day, on which the person must be one.
///
/// # Errors
/// Those of [`find_contact`], and one of its own if the person is a contact since a later day.
pub(crate) fn find_contact_on<'p>(
    partner: &'p Partner,
    latest: &Partner,
    text: &str,
    day: Day,
) -> Result<&'p Contact, Error> {
    find_contact(partner, text).map_err(|refusal| match find_contact(latest, text) {
        Ok(later) => {
            let (person, partner) = (later.name.clone(), partner.name().to_owned());
            Error::refused(EnablementRefusal::NotYetContact { person, partner, day })
        }
        Err(_) => refusal,
    })
}

/// Records that the partner got a material, in a version or in the newest one.
///
/// # Errors
/// Refused for a partner that has left.
pub(crate) fn deliver(facts: PartnerFacts, material: &Material, version: Option<&str>) -> Ruling {
    refuse_left(facts)?;
    let key = &material.key;
    let version = version.unwrap_or(&material.version).to_owned();
    if let Some(known) = facts.delivered(key).filter(|one| one.version == version) {
        let (partner, material, since) = (facts.partner.name().to_owned(), key.clone(), known.day);
        return Ok(Decision::already(EnabledAlready::Delivered { partner, material, version, since }));
    }
    Decision::record(Delivered { material: key.clone(), version })
}

/// A course for which a partner has fewer certified people than the program asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct CourseShort {
    pub course: String,
    pub certified: usize,
    pub people: i64,
}

/// Returns the courses for which there were enough certified people before and are not after; of a partner that is free of a
/// course, none.
pub(crate) fn newly_short(before: PartnerFacts, after: PartnerFacts) -> Vec<CourseShort> {
    let short = |course: &Course| {
        let wanted = usize::try_from(course.people).unwrap_or(0);
        let certified = after.certified(&course.key).len();
        let was_enough = before.certified(&course.key).len() >= wanted;
        let is_short = after.applies(&course.applies) && was_enough && certified < wanted;
        is_short.then(|| CourseShort { course: course.key.clone(), certified, people: course.people })
    };
    after.program.courses.iter().filter_map(short).collect()
}

/// Returns the certificates that end.
pub(crate) fn dues(facts: PartnerFacts) -> Vec<Due> {
    let due = |(person, course, until): (&str, &str, Day)| Due {
        day: until,
        kind: DueKind::Certificate,
        what: AgendaItem::CertificateEnds {
            person: person.to_owned(),
            course: facts.program.course(course).map_or(course, |course| &course.name).to_owned(),
        },
        step: Step::Certify {
            partner: facts.partner.key.clone(),
            course: course.to_owned(),
            person: Some(person.to_owned()),
        },
        id: format!("certificate.{course}.{person}.{until}"),
    };
    facts.expiries().into_iter().map(due).collect()
}

/// Returns the first contact without a certificate for a course.
pub(crate) fn next_person(facts: PartnerFacts, course: &str) -> Option<String> {
    let certified = facts.certified(course);
    let next = facts.partner.contacts.iter().find(|contact| !certified.contains(identity(contact)));
    next.map(|contact| identity(contact).to_owned())
}
