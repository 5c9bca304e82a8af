//! The words for what is wrong with a database that was exported as text.

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::Hint;
use crate::store::{Damage, Finding};

/// Why a text cannot be read back.
#[derive(Clone, Debug)]
pub(crate) struct ExportedFault {
    /// What the user calls the text.
    pub name: String,
    pub why: ExportedMisfit,
}

/// What is wrong with the text as a whole, or with a line of it.
#[derive(Clone, Debug)]
pub(crate) enum ExportedMisfit {
    Line { line: u64, why: LineMisfit },
    NoAction,
    DoesNotAddUp(Finding),
}

/// What is wrong with a line.
#[derive(Clone, Debug)]
pub(crate) enum LineMisfit {
    Unreadable { why: String },
    TooLong { bytes: u64 },
    NotALine { why: String },
    Hidden { character: char },
    NewerVersion { version: i64, known: i64 },
    OnePartner,
    NotAFile,
    Incomplete,
    WrongAction { action: i64, next: i64 },
    EventWithoutAction,
    WrongEvent { event: i64, next: i64 },
    Undecodable,
    WrongRow,
}

impl Sentence for ExportedFault {
    fn sentence(&self) -> String {
        let name = &self.name;
        match &self.why {
            ExportedMisfit::Line { line, why } => format!("`{name}` line {line}: {}", what_is_wrong(why)),
            ExportedMisfit::NoAction => format!("`{name}` has no action"),
            ExportedMisfit::DoesNotAddUp(finding) => {
                format!("`{name}` does not add up: {}", Damage::Found(finding.clone()).sentence())
            }
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match &self.why {
            ExportedMisfit::Line { why: LineMisfit::NotALine { .. }, .. } => {
                vec![
                    "`chanlife export --all` writes such a text; `import partners` and others read CSV"
                        .into(),
                ]
            }
            ExportedMisfit::DoesNotAddUp(_) => {
                vec!["it was changed after it was written; nothing was imported".into()]
            }
            ExportedMisfit::Line { .. } | ExportedMisfit::NoAction => Vec::new(),
        }
    }
}

/// Says what is wrong with a line, to follow its number.
fn what_is_wrong(why: &LineMisfit) -> String {
    match why {
        LineMisfit::Unreadable { why } => format!("can't be read: {why}"),
        LineMisfit::TooLong { bytes } => format!("is longer than {bytes} bytes"),
        LineMisfit::NotALine { why } => format!("is no line of a chanlife text: {why}"),
        LineMisfit::Hidden { character } => {
            format!("hides a character, U+{:04X}, which chanlife never records", u32::from(*character))
        }
        LineMisfit::NewerVersion { version, known } => {
            format!("is version {version} of this form, and this version of chanlife knows up to {known}")
        }
        LineMisfit::OnePartner => "has one partner only, which is no whole file".to_owned(),
        LineMisfit::NotAFile => "does not say that this is a chanlife file as text".to_owned(),
        LineMisfit::Incomplete => "is no whole action, event or draft: a part of it is missing".to_owned(),
        LineMisfit::WrongAction { action, next } => format!("is action {action}, where {next} is next"),
        LineMisfit::EventWithoutAction => "is an event before any action".to_owned(),
        LineMisfit::WrongEvent { event, next } => format!("is event {event}, where {next} is next"),
        LineMisfit::Undecodable => "can't be decoded".to_owned(),
        LineMisfit::WrongRow => "belongs to a row that it does not follow".to_owned(),
    }
}
