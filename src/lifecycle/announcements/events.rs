//! What is recorded of announcements, and what is known of them after that.

use serde::{Deserialize, Serialize};

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::stored::is_false;

/// What was written to many; it is of no partner, and comes before those who were told.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Announced {
    pub announcement: String,
    pub subject: String,
    /// Empty if partners were told elsewhere: the text is not here, and the subject is the key unless one was given.
    pub body: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub launch: Option<Day>,
    /// To whom it is addressed: partners of which all of this holds. None if single partners were told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<String>,
}

/// The partner was told, or is still to be told.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Told {
    pub announcement: String,
    pub subject: String,
    /// The e-mail addresses or names of the contacts who were told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<String>,
    /// The day on which the public is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub launch: Option<Day>,
    /// How many days before it the partner was to be told, as agreed then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice_days: Option<i64>,
    /// How the partner was told, such as by a newsletter; a message that was written is a [`MESSAGE`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_by: Option<String>,
    /// No message was written, and nobody said how the partner was told: it is still to be told.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unsent: bool,
}

/// How a partner is told by a message of the announcement.
pub(crate) const MESSAGE: &str = "message";

impl Told {
    /// Returns by how many days the partner is notified later than agreed, if this is its day; nothing if it is in time.
    pub(crate) fn late_days(&self, day: Day) -> Option<i64> {
        late_by(self.notice_days, self.launch, day).filter(|_| !self.unsent)
    }
}

/// Returns by how many days a partner that is notified on a day is notified later than agreed; nothing if it is in time.
pub(crate) fn late_by(notice_days: Option<i64>, launch: Option<Day>, day: Day) -> Option<i64> {
    Some(notice_days? - launch?.since(day)).filter(|late| *late > 0)
}

/// The partner answered an announcement.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Answered {
    pub announcement: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// The partner was told of something, or is still to be told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Notification {
    pub event: i64,
    pub day: Day,
    pub announcement: String,
    pub subject: String,
    pub to: Vec<String>,
    pub launch: Option<Day>,
    /// How many days before the launch it was to be told.
    pub notice_days: Option<i64>,
    /// How it was told, if that was said.
    pub told_by: Option<String>,
    /// Nobody told it yet, as far as is recorded.
    pub unsent: bool,
    pub answered: Option<Day>,
}

impl Notification {
    /// Makes the notification that the event with this number recorded on a day.
    pub fn new(event: i64, day: Day, told: &Told) -> Notification {
        Notification {
            event,
            day,
            announcement: told.announcement.clone(),
            subject: told.subject.clone(),
            to: told.to.clone(),
            launch: told.launch,
            notice_days: told.notice_days,
            told_by: told.told_by.clone(),
            unsent: told.unsent,
            answered: None,
        }
    }

    /// Returns whether an answer is waited for: a message was written, and nobody answered it. What the partner was told
    /// elsewhere, such as by a newsletter, waits for none.
    pub(crate) fn awaits_answer(&self) -> bool {
        let by_message = self.told_by.as_deref().is_none_or(|how| how == MESSAGE);
        by_message && self.is_told() && self.answered.is_none()
    }

    /// Returns whether the partner was told: a message was written, or it was said how. Who answered was told too.
    pub fn is_told(&self) -> bool {
        !self.unsent || self.answered.is_some()
    }
}

/// Returns whether partners are told by mail: by a message, a newsletter or anything with mail in its name, and if nothing is
/// said. A call or a portal is none.
pub(crate) fn is_by_mail(told_by: Option<&str>) -> bool {
    let how = told_by.unwrap_or(MESSAGE).to_lowercase();
    [MESSAGE, "mail", "newsletter"].iter().any(|word| how.contains(word))
}
