//! Enablement: courses, certificates of people, and materials that partners have.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::lifecycle::base::conflict::Misfit;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::base::located::{Section, TomlReader};
use crate::lifecycle::base::text::folded;
use crate::lifecycle::due::{AgendaItem, Due, DueKind};
use crate::lifecycle::event::{Contact, Edited, Event};
use crate::lifecycle::facts::{Facts, Scene};
use crate::lifecycle::forget::{Forgetting, erase};
use crate::lifecycle::happening::{Happening, Moment};
use crate::lifecycle::partner::Partner;
use crate::lifecycle::partner::identity;
use crate::lifecycle::program::parse::MOST_DAYS;
use crate::lifecycle::program::sections::{keyed, name_of, values};
use crate::lifecycle::rule::{Decision, Ruling, refuse_left};

/// A person of the partner passed a course.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Certified {
    /// The e-mail address or the name by which the contact is known.
    pub person: String,
    pub course: String,
    /// The last day on which it counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
}

impl Happening for Certified {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        at.refuse_left(partner)?;
        partner.certificates.push(Certificate {
            event: at.event,
            day: at.day,
            person: self.person.clone(),
            course: self.course.clone(),
            until: self.until,
            gone: None,
            evidence: self.evidence.clone(),
        });
        Ok(())
    }

    fn forget(&mut self, forgetting: &mut Forgetting) {
        self.person = forgetting.person(&self.person);
        erase(&mut self.evidence);
    }
}

/// The partner got a version of a material.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Delivered {
    pub material: String,
    pub version: String,
}

impl Happening for Delivered {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        at.refuse_left(partner)?;
        let (material, version) = (self.material.clone(), self.version.clone());
        partner.deliveries.push(Delivery { event: at.event, day: at.day, material, version });
        Ok(())
    }
}

/// A course of the program.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Course {
    pub key: String,
    pub name: String,
    /// How many people of a partner are to be certified.
    pub people: i64,
    /// The types of partner that need it; none means all.
    pub types: Vec<String>,
    /// How long a certificate counts; without it, for ever.
    pub valid_days: Option<i64>,
}

/// Something that partners are given, such as a sales kit, in its newest version.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Material {
    pub key: String,
    pub name: String,
    pub version: String,
    /// The types of partner that need it; none means all.
    pub types: Vec<String>,
}

/// A certificate of one person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Certificate {
    pub event: i64,
    pub day: Day,
    /// The e-mail address or the name by which the contact is known.
    pub person: String,
    pub course: String,
    /// The last day on which it counts.
    pub until: Option<Day>,
    /// Since when the person is no longer at the partner.
    pub gone: Option<Day>,
    pub evidence: Option<String>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Delivery {
    pub event: i64,
    pub day: Day,
    pub material: String,
    pub version: String,
}

impl Course {
    /// Tells whether partners of this type need it.
    pub fn is_for(&self, kind: Option<&str>) -> bool {
        is_for(&self.types, kind)
    }
}

impl Material {
    /// Tells whether partners of this type need it.
    pub fn is_for(&self, kind: Option<&str>) -> bool {
        is_for(&self.types, kind)
    }
}

fn is_for(types: &[String], kind: Option<&str>) -> bool {
    types.is_empty() || kind.is_some_and(|kind| types.iter().any(|one| one.eq_ignore_ascii_case(kind)))
}

impl Certificate {
    /// Tells whether the certificate counts on a day: it is there, not over, and the person is still at the partner.
    pub fn counts_on(&self, day: Day) -> bool {
        self.day <= day
            && self.until.is_none_or(|until| day <= until)
            && self.gone.is_none_or(|gone| day < gone)
    }
}

/// Counts the people certified for a course on `day`, and returns the day since when they are so many people are certified for a course on `day`, and the newest certificate of each of
/// them; none while there are fewer.
pub(crate) fn covered_since<'c>(
    certificates: impl Iterator<Item = &'c Certificate>,
    course: &str,
    people: i64,
    day: Day,
) -> (usize, Option<Day>) {
    let mut since: BTreeMap<&str, Day> = BTreeMap::new();
    for one in certificates.filter(|one| one.course == course && one.counts_on(day)) {
        let first = since.entry(&one.person).or_insert(one.day);
        *first = one.day.min(*first);
    }
    let mut days: Vec<Day> = since.into_values().collect();
    days.sort_unstable();
    let wanted = usize::try_from(people.max(1)).unwrap_or(usize::MAX);
    (days.len(), days.get(wanted - 1).copied())
}

/// Returns until when each person is certified for each course, by the last of its certificates; none if one counts for
/// ever. Who is no longer there on `day` is left out.
pub(crate) fn last_days<'c>(
    certificates: impl Iterator<Item = &'c Certificate>,
    day: Day,
) -> Vec<(&'c str, &'c str, Option<Day>)> {
    let mut last: BTreeMap<(&str, &str), Option<Day>> = BTreeMap::new();
    for one in certificates.filter(|one| one.gone.is_none_or(|gone| day < gone)) {
        let known = last.entry((&one.person, &one.course)).or_insert(one.until);
        *known = known.zip(one.until).map(|(known, until)| known.max(until));
    }
    last.into_iter().map(|((person, course), until)| (person, course, until)).collect()
}

/// A person who passed a course.
#[derive(Clone, Debug)]
pub(crate) struct CertifyRequest<'a> {
    pub course: &'a Course,
    /// As typed: an e-mail address, a name or a part of it.
    pub person: &'a str,
    /// The same as a new contact, if it was typed with an e-mail address.
    pub contact: Option<Contact>,
    /// The last day on which it counts; as the course says if nothing is said.
    pub until: Option<Day>,
    pub evidence: Option<&'a str>,
}

/// Why a certificate is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum EnablementRefusal {
    /// The certificate would be over on the day on which it is recorded.
    CertificateOver { until: Day, day: Day },
    /// The partner has no such contact; `contacts` are the names of those that it has.
    UnknownContact { typed: String, partner: String, contacts: Vec<String> },
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
/// Refused for a partner that has left, and for somebody who is no contact of the partner or could be several.
pub(crate) fn certify(scene: Scene, request: &CertifyRequest) -> Ruling {
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
        return Err(Error::refused(EnablementRefusal::CertificateOver { until, day }));
    }
    let same = |one: &&Certificate| one.person == person && one.course == *course && one.until == until;
    if let Some(known) = partner.certificates.iter().filter(same).find(|one| one.counts_on(day)) {
        let since = known.day;
        let course = course.clone();
        return Ok(Decision::already(EnabledAlready::Certified { person, course, since, until }));
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
    Ok(Decision::Record(events))
}

/// Finds the contact that is meant: by e-mail address, by name, or by a part of the name that no other has.
///
/// # Errors
/// Refused if there is none, or where it could be several.
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

/// Records that the partner got a material, in a version or in the newest one.
///
/// # Errors
/// Refused for a partner that has left.
pub(crate) fn deliver(scene: Scene, material: &Material, version: Option<&str>) -> Ruling {
    refuse_left(scene)?;
    let key = &material.key;
    let version = version.unwrap_or(&material.version).to_owned();
    if let Some(known) = scene.delivered(key).filter(|one| one.version == version) {
        let (partner, material, since) = (scene.partner.name().to_owned(), key.clone(), known.day);
        return Ok(Decision::already(EnabledAlready::Delivered { partner, material, version, since }));
    }
    Decision::record(Delivered { material: key.clone(), version })
}

/// Certificates that end: who is certified for which course of the program until when.
pub fn expiries(scene: Scene<'_>) -> Vec<(&str, &str, Day)> {
    let own = scene.partner.certificates.iter().filter(|one| one.day <= scene.day);
    let ending = last_days(own, scene.day).into_iter();
    let ending = ending.filter(|(_, course, _)| scene.program.course(course).is_some());
    ending.filter_map(|(person, course, until)| Some((person, course, until?))).collect()
}

/// Reads the `[[course]]` sections.
pub(crate) fn read_courses(root: &mut Section, reader: &mut TomlReader) -> Vec<Course> {
    keyed(root, reader, "course", |section, reader, key| {
        let name = name_of(section, reader, key);
        let people = section.whole(reader, "people", 1..=1000).map_or(1, |people| people.value);
        let valid_days = section.whole(reader, "valid_days", 1..=MOST_DAYS).map(|days| days.value);
        let types = values(section.texts_or_text(reader, "types"));
        Some(Course { key: key?.value.clone(), name: name?, people, types, valid_days })
    })
}

/// Reads the `[[material]]` sections.
pub(crate) fn read_materials(root: &mut Section, reader: &mut TomlReader) -> Vec<Material> {
    keyed(root, reader, "material", |section, reader, key| {
        let name = name_of(section, reader, key);
        let version = section.required_text(reader, "version");
        let types = values(section.texts_or_text(reader, "types"));
        Some(Material { key: key?.value.clone(), name: name?, version: version?.value, types })
    })
}

/// Returns the certificates that end.
pub(crate) fn dues(scene: Scene) -> Vec<Due> {
    let due = |(person, course, until): (&str, &str, Day)| Due {
        day: until,
        kind: DueKind::Certificate,
        what: AgendaItem::CertificateEnds {
            person: person.to_owned(),
            course: scene.program.course(course).map_or(course, |course| &course.name).to_owned(),
        },
        step: Step::Certify {
            partner: scene.partner.key.clone(),
            course: course.to_owned(),
            person: Some(person.to_owned()),
        },
        id: format!("certificate.{course}.{person}.{until}"),
    };
    expiries(scene).into_iter().map(due).collect()
}

/// Returns the first contact without a certificate for a course.
pub(crate) fn next_person(scene: Scene, course: &str) -> Option<String> {
    let holds = |person: &str| {
        let mut own = scene.partner.certificates.iter();
        own.any(|one| one.course == course && one.person == person && one.counts_on(scene.day))
    };
    let next = scene.partner.contacts.iter().find(|contact| !holds(identity(contact)));
    next.map(|contact| identity(contact).to_owned())
}
