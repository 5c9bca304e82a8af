//! Milestones in the program: `[[stage.milestone]]` and `[[leaving]]`.

use crate::lifecycle::base::located::{Located, Section, TomlReader};
use crate::lifecycle::base::period::Every;
use crate::lifecycle::milestone::needs::{Need, NeedKey, NeededFacts};
use crate::lifecycle::program::applies::Applies;
use crate::lifecycle::program::fault::{ProgramFault, VainFault};
use crate::lifecycle::program::sections::{KeysInUse, MOST_DAYS, check_key, read_every};

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
    /// Days before its period begins by which one that recurs should be done; none if it is due on the last day of it.
    pub lead_days: Option<i64>,
    /// What settles it by itself.
    pub needs: Option<Need>,
    /// Whether it can be done by saying so: it needs nothing, or the program says `settled_by` instead of `needs`.
    pub by_hand: bool,
    /// Whose work it is; none if the program does not say.
    pub by: Option<Doer>,
    /// The partners of which it is asked.
    pub applies: Applies,
    /// The key that it had before, if it was renamed.
    pub(crate) was: Option<String>,
}

/// The most days before its period begins by which a milestone can be due.
const MOST_LEAD: i64 = 365;

/// Returns the days of the shortest period of this length: a milestone is prepared in the period before its own.
fn shortest_days(every: Every) -> i64 {
    match every {
        Every::Year => 365,
        Every::Half => 181,
        Every::Quarter => 90,
        Every::Month => 28,
        Every::Week => 7,
    }
}

/// Reports days before a period that there is not, or that are longer than the period before it.
fn check_lead(every: Option<Every>, lead_days: &Located<i64>, reader: &mut TomlReader) {
    match every {
        None => reader.fault(&lead_days.span, ProgramFault::LeadOnce),
        Some(every) if lead_days.value > shortest_days(every) => {
            let most = shortest_days(every);
            reader.fault(&lead_days.span, ProgramFault::LeadTooLong { every, most });
        }
        Some(_) => {}
    }
}

/// Who does what a milestone asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Doer {
    Us,
    Partner,
}

impl Doer {
    pub const ALL: [Doer; 2] = [Doer::Us, Doer::Partner];

    /// Returns the word that programs use.
    pub fn word(self) -> &'static str {
        match self {
            Doer::Us => "us",
            Doer::Partner => "partner",
        }
    }
}

/// Reads a milestone of a stage; `needed` collects what milestones depend on.
pub(crate) fn read_milestone(
    mut section: Section,
    reader: &mut TomlReader,
    keys: &mut KeysInUse,
    needed: &mut NeededFacts,
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
    let lead_days = section.whole(reader, "lead_days", 1..=MOST_LEAD);
    let needs = needed.read(&mut section, reader, NeedKey::Needs);
    let settled_by = needed.read(&mut section, reader, NeedKey::SettledBy);
    if let (Some(_), Some(settled_by)) = (&needs, &settled_by) {
        reader.vain(&settled_by.span, VainFault::NeedsTwice);
    }
    let by = section.text(reader, "by").and_then(|word| read_doer(&word, reader));
    let applies = Applies::read(&mut section, reader);
    let was = section.text(reader, "was");
    keys.add(key.as_ref(), was.as_ref(), "milestone", reader);
    if let (true, Some(every)) = (gate, &every) {
        reader.fault(&every.span, ProgramFault::RecurringGate);
    }
    if let (Some(_), Some(due_days)) = (&every, &due_days) {
        reader.vain(&due_days.span, VainFault::DueOfRecurring);
    }
    let every = match every {
        None => None,
        Some(word) => Some(read_every(&word, reader)?),
    };
    if let Some(lead_days) = &lead_days {
        check_lead(every, lead_days, reader);
    }
    section.finish(reader);
    let key = key?.value;
    Some(Milestone {
        name: name.map_or_else(|| key.clone(), |name| name.value),
        key,
        gate,
        due_days: due_days.map(|days| days.value),
        every,
        lead_days: lead_days.map(|days| days.value),
        by_hand: needs.is_none(),
        // With both, what it needs counts.
        needs: needs.or(settled_by).map(|need| need.value),
        by,
        applies,
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
    let applies = Applies::read(&mut section, reader);
    keys.add(key.as_ref(), None, "milestone", reader);
    section.finish(reader);
    let key = key?.value;
    Some(Milestone {
        name: name.map_or_else(|| key.clone(), |name| name.value),
        key,
        gate: false,
        due_days: due_days.map(|days| days.value),
        every: None,
        lead_days: None,
        needs: None,
        by_hand: true,
        by: None,
        applies,
        was: None,
    })
}

/// Reads whose work a milestone is.
fn read_doer(word: &Located<String>, reader: &mut TomlReader) -> Option<Doer> {
    let found = Doer::ALL.into_iter().find(|one| one.word() == word.value);
    if found.is_none() {
        reader.fault(&word.span, ProgramFault::Doer { word: word.value.clone() });
    }
    found
}
