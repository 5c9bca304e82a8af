//! Courses, certificates and materials.

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::Hint;
use crate::lifecycle::base::text::listed;
use crate::lifecycle::enablement::{Certified, Delivered, EnablementRefusal};
use crate::lifecycle::program::Program;
use crate::text::events::{Described, ReceiptContext, with};

impl Sentence for EnablementRefusal {
    fn sentence(&self) -> String {
        match self {
            EnablementRefusal::CertificateOver { until, day } => {
                format!("a certificate until {until} would be over on {day}")
            }
            EnablementRefusal::UnknownContact { typed, partner, .. } => {
                format!("`{typed}` is no contact of {partner}")
            }
            EnablementRefusal::SeveralContacts { typed, partner, .. } => {
                format!("`{typed}` could be several contacts of {partner}")
            }
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            EnablementRefusal::CertificateOver { .. } => Vec::new(),
            EnablementRefusal::UnknownContact { contacts, .. } => {
                let known = format!("its contacts are {}", listed(contacts));
                let new =
                    "a new one is written with an e-mail address: \"Jane Doe <jane@acme.example>, sales\"";
                let known = Some(Hint::from(known)).filter(|_| !contacts.is_empty());
                known.into_iter().chain([new.into()]).collect()
            }
            EnablementRefusal::SeveralContacts { contacts, .. } => {
                vec![format!("write one of {}", listed(contacts)).into()]
            }
        }
    }
}

impl Described for Certified {
    fn described(&self, _: &Program) -> String {
        let until = self.until.map_or_else(String::new, |until| format!(" until {until}"));
        with(format!("{} certified for {}{until}", self.person, self.course), self.evidence.as_deref())
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        let until = self.until.map_or_else(String::new, |until| format!(" until {until}"));
        format!("Certified {} of {} for {}{until}", self.person, about.partner, self.course)
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
