//! The words of actions: what each changed, in one sentence.

use crate::lifecycle::base::text::counted;
use crate::lifecycle::event::Event;
use crate::lifecycle::program::Program;
use crate::store::{ActionKind, ActionSummary, LoggedEvent};
use crate::text::events::{ReceiptContext, receipt_of};
use crate::text::imports::import_in_words;
use crate::text::program_diff::changes;

/// Says in one sentence what an action changed: as an older version stored it, or from its events.
pub(crate) fn action_in_words(summary: &ActionSummary, program: &Program) -> String {
    let ActionSummary { action, target, of_program, of_partner, partners, .. } = summary;
    if !action.said.is_empty() {
        return action.said.clone();
    }
    let target = target.as_ref().map_or_else(String::new, |target| action_in_words(target, program));
    match action.kind {
        ActionKind::Undo(id) => return format!("Undid action {id}: {target}"),
        ActionKind::Redo(id) => return format!("Redid action {id}: {target}"),
        ActionKind::Record => {}
    }
    let is_program = of_program.first().is_some_and(|event| event.kind == "program");
    if action.id == 1 && is_program {
        return "Created the file".to_owned();
    }
    if let Some(programs) = &summary.programs {
        let (before, after) = &**programs;
        return match changes(&before.program, &after.program, &after.aliases).len() {
            0 => "Applied a program: only comments or layout changed".to_owned(),
            count => format!("Applied a program: {}", counted(count, "change")),
        };
    }
    if let Some(said) = import_in_words(summary) {
        return said;
    }
    if let (Some((person, to)), Some((from, _))) = (&summary.moved, of_partner) {
        return format!("Moved {person} from {from} to {to}");
    }
    let said = |name: &str, logged: &[LoggedEvent]| {
        let first = logged.first()?;
        let events: Result<Vec<Event>, _> = logged.iter().map(LoggedEvent::decode).collect();
        let about = ReceiptContext {
            program,
            partner: name,
            number: first.number,
            day: first.day,
            other: summary.other.as_deref().filter(|_| program.has_parents() || first.kind == "merged"),
            before: None,
            latest: None,
        };
        Some(events.map_or_else(|error| error.to_string(), |events| receipt_of(&events, &about)))
    };
    let mut parts: Vec<String> = said("a partner", of_program).into_iter().collect();
    parts.extend(of_partner.as_ref().and_then(|(name, events)| said(name, events)));
    let others = match partners.saturating_sub(1) {
        0 => String::new(),
        more => format!(", and {more} more {}", if more == 1 { "partner" } else { "partners" }),
    };
    format!("{}{others}", parts.join("; "))
}
