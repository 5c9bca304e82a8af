//! Steps and hints as people type and read them in a shell.

use crate::lifecycle::base::hint::{Hint, Step};

/// Writes a step as the command line that takes it.
pub fn command_line(step: &Step) -> String {
    match step {
        Step::Return { partner } => format!("chanlife return {partner}"),
        Step::Log { partner } => format!("chanlife log {partner}"),
    }
}

/// Writes a hint as one line, with its command in backticks.
pub fn hint_line(hint: &Hint) -> String {
    let command = hint.step.as_ref().map(|step| format!("`{}`", command_line(step)));
    let parts = [Some(hint.before.clone()), command, Some(hint.behind.clone())];
    parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<String>>().join(" ")
}
