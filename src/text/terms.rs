//! Agreed terms.

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::program::Program;
use crate::lifecycle::terms::{TermRefusal, TermsAgreed};
use crate::text::events::{Described, ReceiptContext};

impl Sentence for TermRefusal {
    fn sentence(&self) -> String {
        let TermRefusal::EndsBeforeItBegins { from, until } = self;
        format!("it would end on {until}, before it begins on {from}")
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
