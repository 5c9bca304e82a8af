//! Reasons why partners leave or are parked: `[[reason]]` of the program.

use crate::lifecycle::base::located::{Section, TomlReader};
use crate::lifecycle::program::fault::PartFault;
use crate::lifecycle::program::sections::{keyed, name_of};
use crate::lifecycle::stage::events::{LeftAs, PARKED};

/// A reason of the program, so that partners that leave for it can be counted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExitReason {
    pub key: String,
    pub name: String,
    /// The exits that it can be a reason for; all of them if it names none.
    pub exits: Vec<ExitKind>,
}

/// How a partner goes out of the way: for the time being, or for good.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum ExitKind {
    Parked,
    Left(LeftAs),
}

impl ExitKind {
    pub const ALL: [ExitKind; 4] = [
        ExitKind::Left(LeftAs::Declined),
        ExitKind::Left(LeftAs::Withdrew),
        ExitKind::Left(LeftAs::Terminated),
        ExitKind::Parked,
    ];

    /// Returns the word that programs and files use for it.
    pub fn word(self) -> &'static str {
        match self {
            ExitKind::Parked => PARKED,
            ExitKind::Left(label) => label.word(),
        }
    }
}

impl ExitReason {
    /// Returns whether it can be the reason for such an exit.
    pub fn is_for(&self, exit: ExitKind) -> bool {
        self.exits.is_empty() || self.exits.contains(&exit)
    }
}

/// Reads the `[[reason]]` sections.
pub(crate) fn read_reasons(root: &mut Section, reader: &mut TomlReader) -> Vec<ExitReason> {
    keyed(root, reader, "reason", |section, reader, key| {
        let name = name_of(section, reader, key);
        let mut exits = Vec::new();
        for word in section.texts_or_text(reader, "for") {
            match ExitKind::ALL.into_iter().find(|exit| exit.word() == word.value) {
                Some(exit) if exits.contains(&exit) => {}
                Some(exit) => exits.push(exit),
                None => reader.fault(&word.span, PartFault::ExitKind { word: word.value.clone() }),
            }
        }
        Some(ExitReason { key: key?.value.clone(), name: name?, exits })
    })
}
