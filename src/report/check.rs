//! `check` and `rescue`: problems of the file, and what was rescued.

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::text::counted;
use crate::report::value::{Figure, Report, Table};
use crate::store::{Checked, Finding, Rescued};

/// Returns the contents of the file as counts.
pub(crate) fn contents(checked: &Checked) -> String {
    let some = |count: i64, noun: &str| counted(usize::try_from(count).unwrap_or(0), noun);
    [some(checked.actions, "action"), some(checked.events, "event"), some(checked.partners, "partner")]
        .join(", ")
}

/// Returns the problems of the file.
pub(crate) fn report(checked: &Checked) -> Report {
    let table = Table::of("rows", "", &checked.findings)
        .column("part", "Part", Finding::part)
        .column("what", "Finding", Sentence::sentence)
        .headline()
        .done()
        .empty(format!("OK: {}.", contents(checked)));
    Report::new("chanlife.check/1", "")
        .with_figures([Figure::for_machines("sound", checked.findings.is_empty())])
        .with_figures(numbers(checked))
        .with_tables([table])
}

/// Returns what was rescued from a damaged file, and what was not.
pub(crate) fn rescued(rescued: &Rescued) -> Report {
    let table = Table::of("rows", "", &rescued.missing)
        .column("action", "Action", |one| one.action)
        .column("what", "Missing", |one| one.what.sentence())
        .headline()
        .done()
        .empty("Nothing is missing.");
    Report::new("chanlife.rescue/1", "").with_figures(numbers(&rescued.checked)).with_tables([table])
}

fn numbers(checked: &Checked) -> [Figure; 3] {
    [
        Figure::for_machines("actions", checked.actions),
        Figure::for_machines("events", checked.events),
        Figure::for_machines("partners", checked.partners),
    ]
}
