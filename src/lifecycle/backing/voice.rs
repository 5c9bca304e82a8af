//! What a partner was told, and what it asked.

use crate::lifecycle::backing::event::Told;
use crate::lifecycle::base::day::Day;

/// The partner was told of something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Telling {
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

impl Telling {
    /// As recorded on a day by the event with this number.
    pub fn new(event: i64, day: Day, told: &Told) -> Telling {
        Telling {
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

    /// By how many days it was told too late for its launch; below 1 it was told in time.
    pub fn late_days(&self) -> Option<i64> {
        Some(self.notice_days? - self.launch?.since(self.day))
    }
}

/// A question of a partner.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Question {
    pub event: i64,
    pub day: Day,
    pub text: String,
    pub by: Option<String>,
    pub owner: Option<String>,
    pub reply: Option<Reply>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reply {
    pub event: i64,
    pub day: Day,
    pub text: String,
}
