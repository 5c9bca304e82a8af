//! Announcements to partners.

use crate::lifecycle::announcements::{AnnouncementMisfit, AnnouncementRefusal};
use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::Hint;
use crate::lifecycle::base::text::listed;

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
