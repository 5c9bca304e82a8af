//! What milestones need, and which record of a period settles them.

use crate::lifecycle::base::located::{Located, TomlReader};
use crate::lifecycle::base::text::listed;
use crate::lifecycle::enablement::{Course, Material};
use crate::lifecycle::program::{Need, SettledBy};
use crate::lifecycle::terms::Term;

/// What `needs` names: `questionnaire:KEY`, `certified:COURSE:PEOPLE`, `agreed:TERM` or `delivered:MATERIAL`.
pub(crate) fn read_need(written: &Located<String>, reader: &mut TomlReader) -> Option<Located<Need>> {
    let (kind, rest) = written.value.split_once(':').unwrap_or((&written.value, ""));
    let key = rest.trim().to_owned();
    let need = match (kind.trim(), key.is_empty()) {
        ("questionnaire", false) => Some(Need::Questionnaire(key)),
        ("agreed", false) => Some(Need::Agreed(key)),
        ("delivered", false) => Some(Need::Delivered(key)),
        ("certified", false) => read_certified(&key),
        _ => None,
    };
    if need.is_none() {
        let what = format!("needs is `{}`", written.value);
        let remedy =
            "write \"questionnaire:KEY\", \"certified:COURSE:2\", \"agreed:TERM\" or \"delivered:MATERIAL\"";
        reader.report(&written.span, what, remedy);
    }
    Some(Located { value: need?, span: written.span.clone() })
}

/// `COURSE:PEOPLE`, or `COURSE` for one.
pub(crate) fn read_certified(text: &str) -> Option<Need> {
    let (course, people) = text.split_once(':').unwrap_or((text, "1"));
    let people = people.trim().parse().ok().filter(|people| (1..=1000).contains(people))?;
    Some(Need::Certified { course: course.trim().to_owned(), people })
}

/// What milestones can need.
#[derive(Clone, Copy)]
pub(crate) struct Known<'k> {
    pub questionnaires: &'k [&'k str],
    pub courses: &'k [Course],
    pub terms: &'k [Term],
    pub materials: &'k [Material],
}

pub(crate) fn check_needs(needs: &[Located<Need>], known: Known, reader: &mut TomlReader) {
    for need in needs {
        let (noun, key, keys): (&str, &str, Vec<&str>) = match &need.value {
            Need::Questionnaire(key) => ("questionnaire", key, known.questionnaires.to_vec()),
            Need::Certified { course, .. } => {
                ("course", course, known.courses.iter().map(|one| one.key.as_str()).collect())
            }
            Need::Agreed(key) => {
                ("term", key, known.terms.iter().map(|one| one.field.key.as_str()).collect())
            }
            Need::Delivered(key) => {
                ("material", key, known.materials.iter().map(|one| one.key.as_str()).collect())
            }
        };
        if keys.contains(&key) {
            continue;
        }
        let remedy = match keys.is_empty() {
            true => format!("add a [[{noun}]] with this key, or remove needs"),
            false => format!("write one of {}", listed(&keys)),
        };
        reader.report(&need.span, format!("there is no {noun} `{key}`"), remedy);
    }
}

pub(crate) fn read_settled_by(word: &Located<String>, reader: &mut TomlReader) -> Option<SettledBy> {
    let found = SettledBy::ALL.into_iter().find(|one| one.word() == word.value);
    if found.is_none() {
        let what = format!("settled_by is `{}`", word.value);
        reader.report(&word.span, what, "write \"plan\", \"review\" or \"report\"");
    }
    found
}
