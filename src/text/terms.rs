//! Agreed terms.

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::program::Program;
use crate::lifecycle::terms::{TermRefusal, TermsAgreed};
use crate::text::events::Described;

impl Sentence for TermRefusal {
    fn sentence(&self) -> String {
        let TermRefusal::EndsBeforeItBegins { from, until } = self;
        format!("it would end on {until}, before it begins on {from}")
    }
}

impl Described for TermsAgreed {
    fn described(&self, _: &Program) -> String {
        let by = self.by.as_ref().map_or_else(String::new, |by| format!(", by {by}"));
        format!("agreed: {}{by}", self.in_words())
    }
}
