//! What milestones need, and which record of a period settles them.

use crate::lifecycle::base::located::{Located, TomlReader};
use crate::lifecycle::enablement::{Course, Material};
use crate::lifecycle::program::fault::ProgramFault;
use crate::lifecycle::program::{Need, SettledBy};
use crate::lifecycle::terms::Term;

/// Reads what `needs` names: `questionnaire:KEY`, `certified:COURSE:PEOPLE`, `agreed:TERM` or `delivered:MATERIAL`.
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
        reader.fault(&written.span, ProgramFault::Needs { word: written.value.clone() });
    }
    Some(Located { value: need?, span: written.span.clone() })
}

/// Reads `COURSE:PEOPLE`, or `COURSE` for one person.
pub(crate) fn read_certified(text: &str) -> Option<Need> {
    let (course, people) = text.split_once(':').unwrap_or((text, "1"));
    let people = people.trim().parse().ok().filter(|people| (1..=1000).contains(people))?;
    Some(Need::Certified { course: course.trim().to_owned(), people })
}

/// What milestones can need.
#[derive(Clone, Copy)]
pub(crate) struct NeededKeys<'k> {
    pub questionnaires: &'k [&'k str],
    pub courses: &'k [Course],
    pub terms: &'k [Term],
    pub materials: &'k [Material],
}

/// Reports what milestones need and the program does not have.
pub(crate) fn check_needs(needs: &[Located<Need>], known: NeededKeys, reader: &mut TomlReader) {
    for need in needs {
        let (noun, key, keys): (&'static str, &str, Vec<&str>) = match &need.value {
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
        let (key, known) = (key.to_owned(), keys.into_iter().map(str::to_owned).collect());
        reader.fault(&need.span, ProgramFault::NeedsUnknown { noun, key, known });
    }
}

/// Reads which record settles a recurring milestone.
pub(crate) fn read_settled_by(word: &Located<String>, reader: &mut TomlReader) -> Option<SettledBy> {
    let found = SettledBy::ALL.into_iter().find(|one| one.word() == word.value);
    if found.is_none() {
        reader.fault(&word.span, ProgramFault::SettledBy { word: word.value.clone() });
    }
    found
}
