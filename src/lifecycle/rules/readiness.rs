//! Readiness: who is certified for what, and which materials a partner has.

use crate::lifecycle::backing::event::{Certified, Delivered};
use crate::lifecycle::backing::readiness::{Certificate, Course, Material, last_days};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::text::{folded, listed};
use crate::lifecycle::event::{Contact, Edited, Event};
use crate::lifecycle::fold::identity;
use crate::lifecycle::partner::Partner;
use crate::lifecycle::rules::{Decision, Ruling, refuse_left};
use crate::lifecycle::scene::Scene;

/// A person who passed a course.
#[derive(Clone, Debug)]
pub struct CertifyRequest<'a> {
    pub course: &'a Course,
    /// As typed: an e-mail address, a name or a part of it.
    pub person: &'a str,
    /// The same as a new contact, where it was typed with an e-mail address.
    pub contact: Option<Contact>,
    /// The last day on which it counts; as the course says where nothing is said.
    pub until: Option<Day>,
    pub evidence: Option<&'a str>,
}

/// Records that a person of the partner passed a course.
///
/// # Errors
/// Refused for a partner that has left, and for somebody who is no contact of the partner or could be several.
pub fn certify(scene: Scene, request: &CertifyRequest) -> Ruling {
    refuse_left(scene)?;
    let Scene { partner, day, .. } = scene;
    let mut events = Vec::new();
    let person = match (find_contact(partner, request.person), &request.contact) {
        (Ok(known), _) => identity(known).to_owned(),
        (Err(_), Some(new)) => {
            let person = identity(new).to_owned();
            if !partner.contacts.iter().any(|known| identity(known) == person) {
                events.push(Event::from(Edited { contacts: vec![new.clone()], ..Edited::default() }));
            }
            person
        }
        (Err(refusal), None) => return Err(refusal),
    };
    let course = &request.course.key;
    let until = request.until.or_else(|| request.course.valid_days.map(|days| day.plus(days - 1)));
    if let Some(until) = until.filter(|until| *until < day) {
        return Err(Error::refused(format!("a certificate until {until} would be over on {day}")));
    }
    let (name, ends) = (partner.name(), until.map_or_else(String::new, |until| format!(", until {until}")));
    let same = |one: &&Certificate| one.person == person && one.course == *course && one.until == until;
    if let Some(known) = partner.certificates.iter().filter(same).find(|one| one.counts_on(day)) {
        let since = known.day;
        return Ok(Decision::AlreadySo(format!(
            "{name}: {person} is certified for {course} since {since} already{ends}"
        )));
    }
    events.push(
        Certified {
            person: person.clone(),
            course: course.clone(),
            until,
            evidence: request.evidence.map(str::to_owned),
        }
        .into(),
    );
    Ok(Decision::Record { events, said: format!("{name}: {person} is certified for {course}{ends}") })
}

/// The contact that is meant: by e-mail address, by name, or by a part of the name that no other has.
///
/// # Errors
/// Refused where there is none, or where it could be several.
pub fn find_contact<'p>(partner: &'p Partner, text: &str) -> Result<&'p Contact, Error> {
    let wanted = folded(text.trim());
    let whole = |one: &&Contact| folded(identity(one)) == wanted || folded(&one.name) == wanted;
    let part = |one: &&Contact| !wanted.is_empty() && folded(&one.name).contains(&wanted);
    let exact: Vec<&Contact> = partner.contacts.iter().filter(whole).collect();
    let found = if exact.is_empty() { partner.contacts.iter().filter(part).collect() } else { exact };
    let name = partner.name();
    match found[..] {
        [one] => Ok(one),
        [] => {
            let known: Vec<&str> = partner.contacts.iter().map(|one| one.name.as_str()).collect();
            let refusal = Error::refused(format!("`{text}` is no contact of {name}"));
            let refusal = match known.is_empty() {
                true => refusal,
                false => refusal.hint(format!("its contacts are {}", listed(&known))),
            };
            Err(refusal
                .hint("a new one is written with an e-mail address: \"Jane Doe <jane@acme.example>, sales\""))
        }
        _ => {
            let known: Vec<&str> = found.iter().map(|one| identity(one)).collect();
            Err(Error::refused(format!("`{text}` could be several contacts of {name}"))
                .hint(format!("write one of {}", listed(&known))))
        }
    }
}

/// Records that the partner got a material, in a version or in the newest one.
///
/// # Errors
/// Refused for a partner that has left.
pub fn deliver(scene: Scene, material: &Material, version: Option<&str>) -> Ruling {
    refuse_left(scene)?;
    let (name, key) = (scene.partner.name(), &material.key);
    let version = version.unwrap_or(&material.version).to_owned();
    if let Some(known) = scene.partner.delivered(key).filter(|one| one.version == version) {
        let said = format!("{name} has version {version} of {key} since {} already", known.day);
        return Ok(Decision::AlreadySo(said));
    }
    let said = format!("{name} has version {version} of {key}");
    Decision::record(Delivered { material: key.clone(), version }, said)
}

/// Certificates that end: who is certified for which course of the program until when.
pub fn expiries(scene: Scene<'_>) -> Vec<(&str, &str, Day)> {
    let own = scene.partner.certificates.iter().filter(|one| one.day <= scene.day);
    let ending = last_days(own, scene.day).into_iter();
    let ending = ending.filter(|(_, course, _)| scene.program.course(course).is_some());
    ending.filter_map(|(person, course, until)| Some((person, course, until?))).collect()
}
