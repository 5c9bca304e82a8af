//! How long before a launch partners are told: `[launches]` of the program.

use crate::lifecycle::base::located::{Section, TomlReader};
use crate::lifecycle::base::text::mailbox;
use crate::lifecycle::program::fields::FieldKind;
use crate::lifecycle::program::sections::MOST_DAYS;
use crate::lifecycle::terms::section::{Term, check_term};

/// More days than anybody is told ahead.
const LONGEST_NOTICE: f64 = 3650.0;

/// How long before a launch partners are told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LaunchNotice {
    pub days: i64,
    /// The term that says otherwise for one partner.
    pub term: Option<String>,
    /// Who sends messages, such as `Ana <ana@example.com>`.
    pub sender: Option<String>,
}

impl LaunchNotice {
    /// Returns the days before a launch, if `value` is what is agreed with one partner.
    pub fn agreed(&self, value: Option<&str>) -> i64 {
        let days = value.and_then(|value| value.parse::<f64>().ok()).filter(|days| *days >= 0.0);
        #[expect(clippy::cast_possible_truncation, reason = "a number of days")]
        days.map_or(self.days, |days| days.ceil().min(LONGEST_NOTICE) as i64)
    }
}

/// `[launches]` does not give the days of notice.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct NoNoticeDays;

/// The sender of messages is not written as a name with an address.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct NotASender {
    pub sender: String,
}

/// Reads `[launches]`: how long before a launch partners are notified; `terms` are the keys of the program's terms.
pub(crate) fn read_launches(
    mut section: Section,
    reader: &mut TomlReader,
    terms: &[Term],
) -> Option<LaunchNotice> {
    let days = section.whole(reader, "notice_days", 0..=MOST_DAYS);
    if days.is_none() && reader.clean() {
        reader.fault(section.span(), NoNoticeDays);
    }
    let term = section.text(reader, "term");
    if let Some(term) = &term {
        check_term(term, terms, reader, "type = \"number\"", |kind| *kind == FieldKind::Number);
    }
    let sender = section.text(reader, "sender");
    if let Some(sender) = sender.as_ref().filter(|sender| mailbox(&sender.value).is_none()) {
        reader.fault(&sender.span, NotASender { sender: sender.value.clone() });
    }
    let sender = sender.map(|sender| sender.value);
    section.finish(reader);
    Some(LaunchNotice { days: days?.value, term: term.map(|term| term.value), sender })
}
