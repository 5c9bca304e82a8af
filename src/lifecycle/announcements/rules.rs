//! Announcing: how its events are taken in, and the rules for telling partners and for their answers.

use crate::lifecycle::announcements::events::{Announced, Answered, Notification, Told};
use crate::lifecycle::base::conflict::Misfit;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::facts::{Facts, PartnerFacts};
use crate::lifecycle::forget::{Forgetting, erase};
use crate::lifecycle::happening::{EventMisfit, Happening, Moment};
use crate::lifecycle::partner::state::Partner;
use crate::lifecycle::rule::{Decision, Ruling, refuse_left};

impl Happening for Announced {
    fn apply(&self, _: &mut Partner, _: &Moment) -> Result<(), Misfit> {
        Err(EventMisfit::OfNoPartner.into())
    }

    fn forget(&mut self, _: &mut Forgetting) {}
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

/// An announcement to one partner.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NotifyRequest<'a> {
    pub announcement: &'a str,
    pub subject: &'a str,
    /// The contacts who are told, by e-mail address or name.
    pub to: &'a [String],
    /// The day on which the public is told.
    pub launch: Option<Day>,
    /// How it is told; if nobody says how, and no message is written, it is still to be told.
    pub told_by: Option<&'a str>,
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
    Notified {
        partner: String,
        announcement: String,
        on: Day,
    },
    /// It is to be told, and nothing is said of how.
    Addressed {
        partner: String,
        announcement: String,
        since: Day,
    },
    Answered {
        partner: String,
        announcement: String,
        on: Day,
    },
}

/// Why an announcement, or an answer to one, is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum AnnouncementRefusal {
    /// It was announced on a day with another subject or body.
    OtherText { announcement: String, since: Day },
    /// It was announced with another launch day, or with none, and nobody is notified of the new one.
    OtherLaunch { announcement: String, known: Option<Day> },
    /// The partner, by name, was notified of other announcements only.
    NotNotified { partner: String, announcement: String, notified_of: Vec<String> },
}

/// Returns whether an announcement is to be recorded; `known` is what was announced under its key, oldest first.
///
/// # Errors
/// Refused if it was announced with another text. What was told elsewhere so far may get its text.
pub(crate) fn announce(known: &[(Day, Announced)], wanted: &Announced) -> Result<bool, Error> {
    let (Some((since, _)), Some((_, newest))) = (known.first(), known.last()) else {
        return Ok(true);
    };
    if !newest.body.is_empty() && (wanted.subject != newest.subject || wanted.body != newest.body) {
        let announcement = wanted.announcement.clone();
        return Err(Error::refused(AnnouncementRefusal::OtherText { announcement, since: *since }));
    }
    let is_other_text = wanted.subject != newest.subject || wanted.body != newest.body;
    let differs = is_other_text || newest.launch != wanted.launch || !wanted.conditions.is_empty();
    Ok(differs && known.iter().all(|(_, one)| one != wanted))
}

/// Checks the launch day of an announcement of which nobody else is notified.
///
/// # Errors
/// Refused if all were notified with another launch day.
pub(crate) fn refuse_other_launch(known: &[(Day, Announced)], wanted: &Announced) -> Result<(), Error> {
    match known.last() {
        Some((_, newest)) if newest.launch != wanted.launch => {
            let announcement = wanted.announcement.clone();
            Err(Error::refused(AnnouncementRefusal::OtherLaunch { announcement, known: newest.launch }))
        }
        _ => Ok(()),
    }
}

/// Records that a partner is told.
///
/// # Errors
/// Refused for a partner that has left.
pub(crate) fn notify(facts: PartnerFacts, request: NotifyRequest) -> Ruling {
    refuse_left(facts)?;
    let (partner, key) = (facts.partner, request.announcement);
    let mut known = partner.notifications.iter().filter(|one| one.announcement == key);
    let unsent = known.clone().next();
    let (name, announcement) = (partner.name().to_owned(), key.to_owned());
    if let Some(known) = known.find(|one| one.is_told()) {
        let (partner, on) = (name, known.day);
        return Ok(Decision::already(AnnouncedAlready::Notified { partner, announcement, on }));
    }
    if let Some(known) = unsent.filter(|_| request.told_by.is_none()) {
        let (partner, since) = (name, known.day);
        return Ok(Decision::already(AnnouncedAlready::Addressed { partner, announcement, since }));
    }
    let notice_days = request.launch.and_then(|_| facts.notice_days());
    let told = Told {
        announcement: key.to_owned(),
        subject: request.subject.to_owned(),
        to: request.to.to_vec(),
        launch: request.launch,
        notice_days,
        told_by: request.told_by.map(str::to_owned),
        unsent: request.told_by.is_none(),
    };
    Decision::record(told)
}

/// Records that a partner answered an announcement.
///
/// # Errors
/// Refused if it was not told of it.
pub(crate) fn answered(facts: PartnerFacts, key: &str, by: Option<&str>, text: Option<&str>) -> Ruling {
    let partner = facts.partner;
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
