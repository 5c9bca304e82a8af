//! Milestones in the program: `[[stage.milestone]]` and `[[leaving]]`, what they need, and what settles them.

use std::fmt;

use crate::lifecycle::base::located::{Located, Section, TomlReader};
use crate::lifecycle::base::period::Every;
use crate::lifecycle::enablement::section::{Course, Material};
use crate::lifecycle::program::fault::ProgramFault;
use crate::lifecycle::program::sections::{KeysInUse, MOST_DAYS, check_key, read_every};
use crate::lifecycle::terms::section::Term;

#[derive(Clone, Debug)]
pub struct Milestone {
    pub key: String,
    pub name: String,
    /// Needed to advance out of the stage.
    pub gate: bool,
    /// Days after entering the stage by which it should be done.
    pub due_days: Option<i64>,
    /// Done once per period if set, otherwise once per relationship.
    pub every: Option<Every>,
    /// What settles it by itself; then it can't be done by hand.
    pub needs: Option<Need>,
    /// What settles a recurring one too, beside saying so by hand.
    pub settled_by: Option<SettledBy>,
    /// The key that it had before, if it was renamed.
    pub(crate) was: Option<String>,
}

/// A record of a period that settles a milestone of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SettledBy {
    /// A plan of the year that both sides agreed to.
    Plan,
    /// A business review of the quarter.
    Review,
    /// Revenue of the period that was reported.
    Report,
}

impl SettledBy {
    pub const ALL: [SettledBy; 3] = [SettledBy::Plan, SettledBy::Review, SettledBy::Report];

    /// Returns the word that programs use for it.
    pub fn word(self) -> &'static str {
        match self {
            SettledBy::Plan => "plan",
            SettledBy::Review => "review",
            SettledBy::Report => "report",
        }
    }
}

/// Something recorded elsewhere on which a milestone depends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Need {
    /// The questionnaire with this key is passed.
    Questionnaire(String),
    /// So many people are certified for a course.
    Certified { course: String, people: i64 },
    /// A term is agreed.
    Agreed(String),
    /// The newest version of a material is delivered.
    Delivered(String),
}

impl fmt::Display for Need {
    /// As it is written in the program.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Need::Questionnaire(key) => write!(f, "questionnaire:{key}"),
            Need::Certified { course, people } => write!(f, "certified:{course}:{people}"),
            Need::Agreed(key) => write!(f, "agreed:{key}"),
            Need::Delivered(key) => write!(f, "delivered:{key}"),
        }
    }
}

/// Reads a milestone of a stage; `needs` collects what milestones depend on.
pub(crate) fn read_milestone(
    mut section: Section,
    reader: &mut TomlReader,
    keys: &mut KeysInUse,
    needed: &mut Vec<Located<Need>>,
) -> Option<Milestone> {
    let key = section.required_text(reader, "key");
    if let Some(key) = &key {
        section.rename(format!("milestone `{}`", key.value));
        check_key(key, reader);
    }
    let name = section.text(reader, "name");
    let gate = section.flag(reader, "gate").unwrap_or(false);
    let due_days = section.whole(reader, "due_days", 0..=MOST_DAYS);
    let every = section.text(reader, "every");
    let needs = section.text(reader, "needs").and_then(|needs| read_need(&needs, reader));
    let settled_by =
        section.text(reader, "settled_by").and_then(|word| Some((read_settled_by(&word, reader)?, word)));
    let was = section.text(reader, "was");
    keys.add(key.as_ref(), was.as_ref(), "milestone", reader);
    if let (Some((_, word)), None) = (&settled_by, &every) {
        reader.fault(&word.span, ProgramFault::SettledWithoutPeriod { by: word.value.clone() });
    }
    if let (true, Some(every)) = (gate, &every) {
        reader.fault(&every.span, ProgramFault::RecurringGate);
    }
    let every = match every {
        None => None,
        Some(word) => Some(read_every(&word, reader)?),
    };
    section.finish(reader);
    let key = key?.value;
    Some(Milestone {
        name: name.map_or_else(|| key.clone(), |name| name.value),
        key,
        gate,
        due_days: due_days.map(|days| days.value),
        every,
        needs: needs.map(|needs| {
            needed.push(needs.clone());
            needs.value
        }),
        settled_by: settled_by.map(|(by, _)| by),
        was: was.map(|was| was.value),
    })
}

/// Reads all that is to be done when a partner leaves; none for an item that is not understood.
pub(crate) fn read_leaving(
    root: &mut Section,
    reader: &mut TomlReader,
    keys: &mut KeysInUse,
) -> Vec<Option<Milestone>> {
    let items = root.tables(reader, "leaving");
    items.into_iter().map(|section| read_leaving_item(section, reader, keys)).collect()
}

fn read_leaving_item(
    mut section: Section,
    reader: &mut TomlReader,
    keys: &mut KeysInUse,
) -> Option<Milestone> {
    let key = section.required_text(reader, "key");
    if let Some(key) = &key {
        section.rename(format!("leaving `{}`", key.value));
        check_key(key, reader);
    }
    let name = section.text(reader, "name");
    let due_days = section.whole(reader, "due_days", 0..=MOST_DAYS);
    keys.add(key.as_ref(), None, "milestone", reader);
    section.finish(reader);
    let key = key?.value;
    Some(Milestone {
        name: name.map_or_else(|| key.clone(), |name| name.value),
        key,
        gate: false,
        due_days: due_days.map(|days| days.value),
        every: None,
        needs: None,
        settled_by: None,
        was: None,
    })
}

/// Reads what `needs` names: `questionnaire:KEY`, `certified:COURSE:PEOPLE`, `agreed:TERM` or `delivered:MATERIAL`.
fn read_need(written: &Located<String>, reader: &mut TomlReader) -> Option<Located<Need>> {
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
fn read_certified(text: &str) -> Option<Need> {
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
fn read_settled_by(word: &Located<String>, reader: &mut TomlReader) -> Option<SettledBy> {
    let found = SettledBy::ALL.into_iter().find(|one| one.word() == word.value);
    if found.is_none() {
        reader.fault(&word.span, ProgramFault::SettledBy { word: word.value.clone() });
    }
    found
}
