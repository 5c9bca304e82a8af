//! Announcements to partners.

use crate::lifecycle::announcements::{Announced, AnnouncementMisfit, AnnouncementRefusal, Answered, Told};
use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::Hint;
use crate::lifecycle::base::text::listed;
use crate::lifecycle::program::Program;
use crate::text::events::{Described, with};

impl Sentence for AnnouncementRefusal {
    fn sentence(&self) -> String {
        let AnnouncementRefusal::NotNotified { partner, announcement, .. } = self;
        format!("{partner} was not told of `{announcement}`")
    }

    fn hints(&self) -> Vec<Hint> {
        let AnnouncementRefusal::NotNotified { notified_of, .. } = self;
        if notified_of.is_empty() {
            return Vec::new();
        }
        vec![format!("it was told of {}", listed(notified_of)).into()]
    }
}

impl Sentence for AnnouncementMisfit {
    fn sentence(&self) -> String {
        match self {
            AnnouncementMisfit::NotNotified { announcement } => {
                format!("answers `{announcement}`, of which it was not told")
            }
            AnnouncementMisfit::AnsweredTwice { announcement } => {
                format!("answers `{announcement}` a second time")
            }
        }
    }
}

impl Described for Announced {
    fn described(&self, _: &Program) -> String {
        format!("{} announced: {}", self.announcement, self.subject)
    }
}

impl Described for Told {
    fn described(&self, _: &Program) -> String {
        let launch = self.launch.map_or_else(String::new, |launch| format!(", launch on {launch}"));
        format!("told of {}: {}{launch}", self.announcement, self.subject)
    }
}

impl Described for Answered {
    fn described(&self, _: &Program) -> String {
        let by = self.by.as_ref().map_or_else(String::new, |by| format!(" by {by}"));
        with(format!("{} answered{by}", self.announcement), self.text.as_deref())
    }
}
