//! `check` and `rescue`: what is wrong with the file, and what is left of it.

use crate::lifecycle::base::text::counted;
use crate::report::sheet::{Column, Figure, Report, Sheet};
use crate::store::{Checked, Rescued};

/// How much is in the file.
pub fn contents(checked: &Checked) -> String {
    let some = |count: i64, noun: &str| counted(usize::try_from(count).unwrap_or(0), noun);
    [some(checked.actions, "action"), some(checked.events, "event"), some(checked.partners, "partner")]
        .join(", ")
}

pub fn report(checked: &Checked) -> Report {
    let columns = vec![Column::new("part", "Part"), Column::new("what", "What")];
    let empty = format!("Sound: {}.", contents(checked));
    let mut sheet = Sheet::new("rows", "", columns).empty(empty);
    for finding in &checked.findings {
        sheet.rows.push(vec![finding.part.into(), finding.what.as_str().into()]);
    }
    Report {
        schema: "chanlife.check/1",
        title: String::new(),
        figures: vec![
            Figure::for_machines("sound", checked.findings.is_empty()),
            Figure::for_machines("actions", checked.actions),
            Figure::for_machines("events", checked.events),
            Figure::for_machines("partners", checked.partners),
        ],
        tables: vec![sheet].into_iter().map(Into::into).collect(),
        notes: Vec::new(),
    }
}

/// What was rescued from a damaged file, and what was not.
pub fn rescued(rescued: &Rescued) -> Report {
    let columns = vec![Column::new("action", "Action"), Column::new("what", "What is missing")];
    let mut sheet = Sheet::new("rows", "", columns).empty("Nothing is missing.");
    for missing in &rescued.missing {
        sheet.rows.push(vec![missing.action.into(), missing.what.as_str().into()]);
    }
    Report {
        schema: "chanlife.rescue/1",
        title: String::new(),
        figures: vec![
            Figure::for_machines("actions", rescued.checked.actions),
            Figure::for_machines("events", rescued.checked.events),
            Figure::for_machines("partners", rescued.checked.partners),
        ],
        tables: vec![sheet].into_iter().map(Into::into).collect(),
        notes: Vec::new(),
    }
}
