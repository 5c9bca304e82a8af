//! Announcements to partners: who was told of what and when, how long before the launch, and who answered.

use serde::{Deserialize, Serialize};

use crate::lifecycle::base::conflict::Misfit;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::located::{Section, TomlReader};
use crate::lifecycle::facts::{Facts, Scene};
use crate::lifecycle::forget::{Forgetting, erase};
use crate::lifecycle::happening::{EventMisfit, Happening, Moment};
use crate::lifecycle::partner::Partner;
use crate::lifecycle::program::FieldKind;
use crate::lifecycle::program::parse::MOST_DAYS;
use crate::lifecycle::rule::{Decision, Ruling, refuse_left};
use crate::lifecycle::terms::{Term, check_term};

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

impl Happening for Announced {
    fn apply(&self, _: &mut Partner, _: &Moment) -> Result<(), Misfit> {
        Err(EventMisfit::OfNoPartner.into())
    }
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

impl Happening for Told {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        at.refuse_left(partner)?;
        partner.notifications.push(Notification::new(at.event, at.day, self));
        Ok(())
    }

    fn forget(&mut self, forgetting: &mut Forgetting) {
        self.to = self.to.iter().map(|person| forgetting.person(person)).collect();
    }
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

impl Happening for Answered {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        let key = &self.announcement;
        let told = partner.notifications.iter_mut().rev().find(|one| one.announcement == *key);
        let told = told.ok_or_else(|| AnnouncementMisfit::NotNotified { announcement: key.clone() })?;
        if told.answered.is_some() {
            return Err(AnnouncementMisfit::AnsweredTwice { announcement: key.clone() }.into());
        }
        told.answered = Some(at.day);
        Ok(())
    }

    fn forget(&mut self, _: &mut Forgetting) {
        erase(&mut self.by);
        erase(&mut self.text);
    }
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

    /// Returns by how many days it was told too late for its launch; below 1 it was told in time.
    pub fn late_days(&self) -> Option<i64> {
        Some(self.notice_days? - self.launch?.since(self.day))
    }
}

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

/// An announcement to one partner.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NotifyRequest<'a> {
    pub announcement: &'a str,
    pub subject: &'a str,
    /// The contacts who are told, by e-mail address or name.
    pub to: &'a [String],
    /// The day on which the public is told.
    pub launch: Option<Day>,
}

/// Why an answer to an announcement does not fit what came before it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum AnnouncementMisfit {
    NotNotified { announcement: String },
    AnsweredTwice { announcement: String },
}

/// Why nothing is recorded about an announcement: it is so already.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum AnnouncedAlready {
    Notified { partner: String, announcement: String, on: Day },
    Answered { partner: String, announcement: String, on: Day },
}

/// `[launches]` does not give the days of notice.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct NoNoticeDays;

/// Why an answer to an announcement is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum AnnouncementRefusal {
    /// The partner, by name, was notified of other announcements only.
    NotNotified { partner: String, announcement: String, notified_of: Vec<String> },
}

/// Records that a partner is told.
///
/// # Errors
/// Refused for a partner that has left.
pub(crate) fn notify(scene: Scene, request: NotifyRequest) -> Ruling {
    refuse_left(scene)?;
    let (partner, key) = (scene.partner, request.announcement);
    if let Some(known) = partner.notifications.iter().find(|one| one.announcement == key) {
        let (partner, announcement, on) = (partner.name().to_owned(), key.to_owned(), known.day);
        return Ok(Decision::already(AnnouncedAlready::Notified { partner, announcement, on }));
    }
    let notice_days = request.launch.and_then(|_| scene.notice_days());
    let told = Told {
        announcement: key.to_owned(),
        subject: request.subject.to_owned(),
        to: request.to.to_vec(),
        launch: request.launch,
        notice_days,
    };
    Decision::record(told)
}

/// Records that a partner answered an announcement.
///
/// # Errors
/// Refused if it was not told of it.
pub(crate) fn answered(scene: Scene, key: &str, by: Option<&str>, text: Option<&str>) -> Ruling {
    let partner = scene.partner;
    let name = partner.name();
    let Some(notification) = partner.notifications.iter().rev().find(|one| one.announcement == key) else {
        let told = partner.notifications.iter().map(|one| one.announcement.clone()).collect();
        return Err(Error::refused(AnnouncementRefusal::NotNotified {
            partner: name.to_owned(),
            announcement: key.to_owned(),
            notified_of: told,
        }));
    };
    if let Some(day) = notification.answered {
        let (partner, announcement) = (name.to_owned(), key.to_owned());
        return Ok(Decision::already(AnnouncedAlready::Answered { partner, announcement, on: day }));
    }
    let (by, text) = (by.map(str::to_owned), text.map(str::to_owned));
    Decision::record(Answered { announcement: key.to_owned(), by, text })
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
    let sender = section.text(reader, "sender").map(|sender| sender.value);
    section.finish(reader);
    Some(LaunchNotice { days: days?.value, term: term.map(|term| term.value), sender })
}
