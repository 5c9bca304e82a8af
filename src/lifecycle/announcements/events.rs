//! What is recorded of announcements, and what is known of them after that.

use serde::{Deserialize, Serialize};

use crate::lifecycle::base::day::Day;

/// What was written to many; it is of no partner, and comes before those who were told.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Announced {
    pub announcement: String,
    pub subject: String,
    pub body: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub launch: Option<Day>,
    /// To whom it is addressed: partners of which all of this holds. None if single partners were told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<String>,
}

/// The partner was told.
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
}

impl Told {
    /// Returns by how many days the partner is notified later than agreed, if this is its day; nothing if it is in time.
    pub(crate) fn late_days(&self, day: Day) -> Option<i64> {
        late_by(self.notice_days, self.launch, day)
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

/// The partner was told of something.
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
            answered: None,
        }
    }
}
