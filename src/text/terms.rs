//! Agreed terms.

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::Hint;
use crate::lifecycle::base::text::listed;
use crate::lifecycle::program::Program;
use crate::lifecycle::terms::{AgreedAlready, TermFault, TermRefusal, TermsAgreed};
use crate::text::events::{Described, ReceiptContext};

impl Sentence for TermRefusal {
    fn sentence(&self) -> String {
        let TermRefusal::EndsBeforeItBegins { from, until } = self;
        format!("the term would end on {until}, before it starts on {from}")
    }
}

impl Sentence for AgreedAlready {
    fn sentence(&self) -> String {
        format!("{} is already agreed with {}", self.terms.join(", "), self.partner)
    }
}

impl Sentence for TermFault {
    fn sentence(&self) -> String {
        match self {
            TermFault::OtherType { term, kind, .. } => format!("term `{term}` is a {kind}"),
            TermFault::Unknown { term, .. } => format!("unknown term `{term}`"),
        }
    }

    fn hints(&self) -> Vec<Hint> {
        let remedy = match self {
            TermFault::OtherType { settings, .. } => format!("give it {settings}, or name another term"),
            TermFault::Unknown { terms, settings, .. } if terms.is_empty() => {
                format!("add a [[term]] with this key, {settings}")
            }
            TermFault::Unknown { terms, .. } => format!("use one of {}", listed(terms)),
        };
        vec![remedy.into()]
    }
}

impl Described for TermsAgreed {
    fn described(&self, _: &Program) -> String {
        let by = self.by.as_ref().map_or_else(String::new, |by| format!(", by {by}"));
        format!("agreed: {}{by}", terms_in_words(self))
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        format!("Agreed with {}: {}", about.partner, terms_in_words(self))
    }
}

/// Says what is agreed, term by term, and for how long.
fn terms_in_words(agreed: &TermsAgreed) -> String {
    let in_words = |(term, value): (&String, &Option<String>)| match value {
        Some(value) => format!("{term} {value}"),
        None => format!("{term} withdrawn"),
    };
    let mut parts: Vec<String> = agreed.values.iter().map(in_words).collect();
    parts.extend(agreed.from.map(|from| format!("from {from}")));
    parts.extend(agreed.until.map(|until| format!("until {until}")));
    parts.join(", ")
}
