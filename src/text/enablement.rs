//! Courses, certificates and materials.

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::Hint;
use crate::lifecycle::base::text::listed;
use crate::lifecycle::enablement::{Certified, CourseShort, Delivered, EnabledAlready, EnablementRefusal};
use crate::lifecycle::program::Program;
use crate::text::applies::applies_in_words;
use crate::text::events::{Described, ReceiptContext, with};
use crate::text::partner::its_contacts;

impl Sentence for EnablementRefusal {
    fn sentence(&self) -> String {
        match self {
            EnablementRefusal::NotForPartner { partner, course, applies } => {
                format!("course `{course}` is not for {partner}: it is for {}", applies_in_words(applies))
            }
            EnablementRefusal::CertificateOver { until, day } => {
                format!(
                    "the certificate ended on {until}, before {day}, the first day on which it could count"
                )
            }
            EnablementRefusal::UnknownContact { typed, partner, .. } => {
                format!("`{typed}` is not a contact of {partner}")
            }
            EnablementRefusal::NotYetContact { person, partner, day } => {
                format!("{person} was no contact of {partner} yet on {day}")
            }
            EnablementRefusal::SeveralContacts { typed, partner, .. } => {
                format!("`{typed}` matches several contacts of {partner}")
            }
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            EnablementRefusal::CertificateOver { .. } | EnablementRefusal::NotForPartner { .. } => Vec::new(),
            EnablementRefusal::NotYetContact { .. } => vec!["name a later day with --on".into()],
            EnablementRefusal::UnknownContact { contacts, .. } => {
                let known = its_contacts(contacts);
                let new =
                    "to add a contact, include the e-mail address: \"Jane Doe <jane@acme.example>, sales\"";
                vec![known.into(), new.into()]
            }
            EnablementRefusal::SeveralContacts { contacts, .. } => {
                vec![format!("use one of {}", listed(contacts)).into()]
            }
        }
    }
}

/// Says for which courses too few people are certified now: "; certified for sales now: 1 of 2 people"; nothing if for none.
pub(crate) fn short_in_words(short: &[CourseShort]) -> String {
    let said = short.iter().map(|CourseShort { course, certified, people }| {
        let noun = if *people == 1 { "person" } else { "people" };
        format!("; certified for {course} now: {certified} of {people} {noun}")
    });
    said.collect()
}

impl Sentence for EnabledAlready {
    fn sentence(&self) -> String {
        match self {
            EnabledAlready::Certified { person, course, since, until } => {
                let until = until.map_or_else(String::new, |until| format!(", until {until}"));
                format!("{person} was already certified for {course} on {since}{until}")
            }
            EnabledAlready::Delivered { partner, material, version, since } => {
                format!("{partner} already received {material}, version {version}, on {since}")
            }
        }
    }
}

impl Described for Certified {
    fn described(&self, _: &Program) -> String {
        let until = self.until.map_or_else(String::new, |until| format!(" until {until}"));
        let earned = self.earned.map_or_else(String::new, |day| format!(", passed on {day}"));
        let what = format!("{} certified for {}{until}{earned}", self.person, self.course);
        with(what, self.evidence.as_deref())
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        let until = self.until.map_or_else(String::new, |until| format!(" until {until}"));
        let earned = self.earned.map_or_else(String::new, |day| format!(", passed on {day}"));
        format!("Certified {} of {} for {}{until}{earned}", self.person, about.partner, self.course)
    }
}

impl Described for Delivered {
    fn described(&self, _: &Program) -> String {
        format!("received {}, version {}", self.material, self.version)
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        format!("Delivered {}, version {}, to {}", self.material, self.version, about.partner)
    }
}
