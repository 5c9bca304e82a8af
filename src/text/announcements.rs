//! Announcements to partners.

use crate::lifecycle::announcements::{
    Announced, AnnouncedAlready, AnnouncementMisfit, AnnouncementRefusal, Answered, MESSAGE, NoNoticeDays,
    NotASender, Told,
};
use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::Hint;
use crate::lifecycle::base::text::{counted, is_email_address, listed};
use crate::lifecycle::program::Program;
use crate::text::events::{Described, ReceiptContext, with};

impl Sentence for AnnouncementRefusal {
    fn sentence(&self) -> String {
        match self {
            AnnouncementRefusal::OtherText { announcement, since } => {
                format!("`{announcement}` was announced on {since} with another text")
            }
            AnnouncementRefusal::OtherLaunch { announcement, known } => {
                let with = known.map_or_else(
                    || "without a launch day".to_owned(),
                    |day| format!("with launch day {day}"),
                );
                format!("`{announcement}` was announced {with}, and nobody else is to be notified")
            }
            AnnouncementRefusal::NotNotified { partner, announcement, .. } => {
                format!("{partner} was not notified about `{announcement}`")
            }
        }
    }

    fn hints(&self) -> Vec<Hint> {
        let hint = match self {
            AnnouncementRefusal::OtherText { .. } => {
                "leave out --subject and --body to notify more partners, or choose another key".to_owned()
            }
            AnnouncementRefusal::OtherLaunch { known: None, .. } => {
                "undo the action that announced it (`chanlife log --kind announced` shows its number), then \
                 announce it again with --launch-day"
                    .to_owned()
            }
            AnnouncementRefusal::OtherLaunch { .. } => {
                "announce the new launch day under another key, or leave out --launch-day".to_owned()
            }
            AnnouncementRefusal::NotNotified { notified_of, .. } if notified_of.is_empty() => {
                return Vec::new();
            }
            AnnouncementRefusal::NotNotified { notified_of, .. } => {
                format!("it was notified about {}", listed(notified_of))
            }
        };
        vec![hint.into()]
    }
}

impl Sentence for AnnouncedAlready {
    fn sentence(&self) -> String {
        match self {
            AnnouncedAlready::Notified { partner, announcement, on } => {
                format!("{partner} was already notified about {announcement} on {on}")
            }
            AnnouncedAlready::Addressed { partner, announcement, since } => {
                format!("{partner} has been on the list for {announcement} since {since}, not notified yet")
            }
            AnnouncedAlready::Answered { partner, announcement, on } => {
                format!("{partner} already responded to {announcement} on {on}")
            }
        }
    }
}

impl Sentence for NoNoticeDays {
    fn sentence(&self) -> String {
        "[launches] has no valid notice_days".to_owned()
    }

    fn hints(&self) -> Vec<Hint> {
        vec!["add notice_days = 90".into()]
    }
}

impl Sentence for NotASender {
    fn sentence(&self) -> String {
        format!("[launches]: sender is `{}`, expected a name with an e-mail address", self.sender)
    }

    fn hints(&self) -> Vec<Hint> {
        vec!["write sender = \"Ana Ruiz <ana@vendor.example>\"".into()]
    }
}

impl Sentence for AnnouncementMisfit {
    fn sentence(&self) -> String {
        match self {
            AnnouncementMisfit::NotNotified { announcement } => {
                format!("responds to `{announcement}`, about which it was not notified")
            }
            AnnouncementMisfit::AnsweredTwice { announcement } => {
                format!("responds to `{announcement}` a second time")
            }
        }
    }
}

impl Described for Announced {
    fn described(&self, _: &Program) -> String {
        format!("{} announced: {}", self.announcement, self.subject)
    }

    fn receipt(&self, _: &ReceiptContext) -> String {
        format!("Announced {}: {}", self.announcement, self.subject)
    }
}

impl Described for Told {
    fn described(&self, _: &Program) -> String {
        let launch = self.launch.map_or_else(String::new, |launch| format!(", launch on {launch}"));
        let (about, subject) = (&self.announcement, &self.subject);
        if self.unsent {
            return format!("on the list for {about}, not notified yet: {subject}{launch}");
        }
        format!("notified about {about}{}: {subject}{launch}", by(self.told_by.as_deref()))
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        let people = match self.to.len() {
            0 => String::new(),
            count => match self.to.iter().filter(|one| !is_email_address(one)).count() {
                0 => format!(" ({})", counted(count, "contact")),
                without => format!(" ({}, {without} without e-mail)", counted(count, "contact")),
            },
        };
        if self.unsent {
            return format!(
                "Added {}{people} to the list for {}, not notified yet",
                about.partner, self.announcement
            );
        }
        let before = self.launch.map(|launch| match launch.since(about.day) {
            ahead @ 0.. => format!(", {} before its launch", counted(ahead, "day")),
            behind => format!(", {} after its launch", counted(-behind, "day")),
        });
        let late =
            self.late_days(about.day).map(|late| format!(", {} later than agreed", counted(late, "day")));
        let when: String = before.into_iter().chain(late).collect();
        let by = by(self.told_by.as_deref());
        format!("Recorded {}{people} as notified about {}{by}{when}", about.partner, self.announcement)
    }
}

/// Says how a partner was told, unless by the messages of the announcement, which goes without saying.
fn by(told_by: Option<&str>) -> String {
    told_by.filter(|by| *by != MESSAGE).map_or_else(String::new, |by| format!(" by {by}"))
}

impl Described for Answered {
    fn described(&self, _: &Program) -> String {
        let by = self.by.as_ref().map_or_else(String::new, |by| format!(" by {by}"));
        with(format!("responded to {}{by}", self.announcement), self.text.as_deref())
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        let notified = about.before.and_then(|partner| {
            partner.notifications.iter().rev().find(|one| one.announcement == self.announcement)
        });
        let after = notified.map(|one| format!(" after {}", counted(about.day.since(one.day), "day")));
        format!("{} responded to {}{}", about.partner, self.announcement, after.unwrap_or_default())
    }
}
