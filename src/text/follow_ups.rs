//! The words of follow-ups, and of actions and follow-ups that are moved, dropped, given to somebody else or stay open.

use shell_words::quote;

use crate::lifecycle::agenda::ClosedAs;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::{Hint, Step};
use crate::lifecycle::base::text::counted;
use crate::lifecycle::plans::{FollowUpAlready, FollowUpRefusal, Task, WithAnother};
use crate::text::plans::{noun, undoing};

impl Sentence for FollowUpRefusal {
    fn sentence(&self) -> String {
        match self {
            FollowUpRefusal::Unknown { partner, number, .. } => {
                format!("{partner} has nothing open with the number {number}")
            }
            FollowUpRefusal::IsAction { action, what, .. } => {
                format!("{action} is an action item of a plan, not a follow-up: `{what}`")
            }
            FollowUpRefusal::IsFollowUp { follow_up, what, .. } => {
                format!("{follow_up} is a follow-up, not an action item of a plan: `{what}`")
            }
            FollowUpRefusal::Over { what, closed } => match closed {
                ClosedAs::Done { on } => format!("`{what}` was completed on {on}"),
                ClosedAs::Skipped { on } => format!("`{what}` was skipped on {on}"),
                ClosedAs::Dropped { on } => format!("`{what}` was dropped on {on}"),
            },
            FollowUpRefusal::PromisedLater { number, what, promised, on } => {
                format!("{number} was promised on {promised}, after {on}: `{what}`")
            }
            FollowUpRefusal::DueBefore { due, on } => {
                format!("{due} is before {on}, the day on which it is agreed")
            }
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            FollowUpRefusal::Unknown { key, open, .. } if open.is_empty() => {
                vec![Hint::step(Step::Follow { partner: key.clone() }, "adds a follow-up")]
            }
            FollowUpRefusal::Unknown { open, .. } => {
                let open: Vec<String> =
                    open.iter().map(|(number, what)| format!("{number} ({what})")).collect();
                vec![format!("open: {}", open.join(", ")).into()]
            }
            FollowUpRefusal::IsAction { key, action, .. } => {
                let done = Step::FinishAction { partner: key.clone(), action: *action };
                let moved = Step::MoveDue { partner: key.clone(), what: action.to_string() };
                let dropped = format!("`chanlife plan drop {key} {action}` drops it");
                vec![Hint::step(done, "completes it"), Hint::step(moved, "moves it"), dropped.into()]
            }
            FollowUpRefusal::IsFollowUp { key, follow_up, .. } => {
                let done = Step::FinishFollowUp { partner: key.clone(), follow_up: *follow_up };
                let moved = Step::MoveDue { partner: key.clone(), what: follow_up.to_string() };
                let dropped = format!("`chanlife follow {key} --drop {follow_up}` drops it");
                vec![Hint::step(done, "completes it"), Hint::step(moved, "moves it"), dropped.into()]
            }
            FollowUpRefusal::PromisedLater { number, promised, .. } => vec![
                format!("use --on with {promised} or a later day").into(),
                format!("`chanlife correct {number} --on DATE` corrects the day of the promise").into(),
            ],
            FollowUpRefusal::Over { .. } => vec![undoing("closed it")],
            FollowUpRefusal::DueBefore { .. } => {
                vec!["name a later day; --on DATE is the day on which it was agreed".into()]
            }
        }
    }
}

impl Sentence for WithAnother {
    fn sentence(&self) -> String {
        let WithAnother { number, what, follow_up, has, .. } = self;
        let has = has.as_ref().map_or_else(|| "nobody".to_owned(), Clone::clone);
        format!("`{what}` is already {} {number}, assigned to {has}", noun(*follow_up))
    }

    fn hints(&self) -> Vec<Hint> {
        let WithAnother { key, number, follow_up, wanted, .. } = self;
        vec![
            format!("`{}` assigns it to {wanted}", giving(key, *follow_up, &number.to_string(), wanted))
                .into(),
            "if it is something else, say so in its text".into(),
        ]
    }
}

impl Sentence for FollowUpAlready {
    fn sentence(&self) -> String {
        match self {
            FollowUpAlready::Open { partner, number, what, due } => {
                format!("`{what}` due {due} is already follow-up {number} of {partner}")
            }
            FollowUpAlready::Dropped { what, since } => format!("`{what}` was already dropped on {since}"),
            FollowUpAlready::With { what, who } => format!("`{what}` is already assigned to {who}"),
            FollowUpAlready::DueThen { what, due } => format!("`{what}` is already due on {due}"),
        }
    }
}

/// So many promises are named in one sentence.
const NAMED: usize = 5;

/// Says which actions and follow-ups of a partner stay open, and how one is dropped; nothing if there are none.
pub(crate) fn stays_open(key: &str, open: &[&Task]) -> Option<String> {
    let first = open.first()?;
    let drops = |follow_up: bool, number: &str| {
        if follow_up {
            format!("`chanlife follow {key} --drop {number}`")
        } else {
            format!("`chanlife plan drop {key} {number}`")
        }
    };
    let (counted, named) = (promises(open), promises_named(open));
    if open.len() == 1 {
        let drop = drops(first.follow_up, &first.event.to_string());
        return Some(format!("{counted} stays open: {named}; {drop} drops it"));
    }
    let drop = match (open.iter().any(|one| one.follow_up), open.iter().any(|one| !one.follow_up)) {
        (true, true) => {
            format!("{} drops an action item, {} a follow-up", drops(false, "NUMBER"), drops(true, "NUMBER"))
        }
        (is_follow_up, _) => format!("{} drops one", drops(is_follow_up, "NUMBER")),
    };
    Some(format!("{counted} stay open: {named}; {drop}"))
}

/// Says which actions and follow-ups end with a partner that is deleted; nothing if there are none.
pub(crate) fn ends_with_partner(open: &[&Task]) -> Option<String> {
    let goes = if open.len() == 1 { "goes" } else { "go" };
    (!open.is_empty()).then(|| format!("{} {goes} with it: {}", promises(open), promises_named(open)))
}

/// Counts actions and follow-ups: "1 action item and 2 follow-ups".
fn promises(open: &[&Task]) -> String {
    let follow_ups = open.iter().filter(|one| one.follow_up).count();
    match (open.len() - follow_ups, follow_ups) {
        (0, follow_ups) => counted(follow_ups, "follow-up"),
        (actions, 0) => counted(actions, "action item"),
        (actions, follow_ups) => {
            format!("{} and {}", counted(actions, "action item"), counted(follow_ups, "follow-up"))
        }
    }
}

/// Names what was promised with its number and day: "5 `Webinar` due 2026-11-30".
fn promises_named(open: &[&Task]) -> String {
    let first = open.iter().take(NAMED);
    let mut named: Vec<String> =
        first.map(|one| format!("{} `{}` due {}", one.event, one.what, one.due)).collect();
    if open.len() > NAMED {
        named.push(format!("{} more", open.len() - NAMED));
    }
    named.join(", ")
}

/// Returns the command that gives an action or a follow-up to somebody else.
fn giving(key: &str, is_follow_up: bool, number: &str, to: &str) -> String {
    let to = quote(to);
    if is_follow_up {
        format!("chanlife follow {key} --move {number} --owner {to}")
    } else {
        format!("chanlife plan move {key} {number} --owner {to}")
    }
}

/// Says which work stays with somebody although the partner has another owner now; nothing if there is none.
pub(crate) fn stays_with(key: &str, (who, owner): (&str, &str), open: &[&Task]) -> Option<String> {
    let first = open.first()?;
    let (counted, named) = (promises(open), promises_named(open));
    let gives = |is_follow_up: bool, number: &str| format!("`{}`", giving(key, is_follow_up, number, owner));
    if open.len() == 1 {
        let give = gives(first.follow_up, &first.event.to_string());
        return Some(format!("{counted} stays with {who}: {named}; {give} assigns it to {owner}"));
    }
    let give = match (open.iter().any(|one| one.follow_up), open.iter().any(|one| !one.follow_up)) {
        (true, true) => {
            format!("{} assigns an action, {} a follow-up", gives(false, "NUMBER"), gives(true, "NUMBER"))
        }
        (is_follow_up, _) => format!("{} assigns one to {owner}", gives(is_follow_up, "NUMBER")),
    };
    Some(format!("{counted} stay with {who}: {named}; {give}"))
}

/// Says that a follow-up of a file is done already with another outcome.
pub(crate) fn other_outcome(number: i64, done: Day, known: Option<&str>) -> String {
    let known = known.map_or_else(|| "without an outcome".to_owned(), |known| format!("with `{known}`"));
    format!("follow-up {number} is already done, on {done} {known}; leave `outcome` empty to keep that")
}

/// Says that a follow-up of a file is done already, on another day.
pub(crate) fn done_on_another_day(number: i64, done: Day, closing: i64) -> String {
    format!(
        "follow-up {number} is already done, on {done}; `chanlife correct {closing} --on DATE` changes the day"
    )
}

/// Says that a follow-up of a file was dropped.
pub(crate) fn dropped_before(number: i64, on: Day) -> String {
    format!(
        "follow-up {number} was dropped on {on}; `chanlife log` lists the action, `chanlife undo ACTION` takes it back"
    )
}
