//! Agreed terms.

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::terms::TermRefusal;

impl Sentence for TermRefusal {
    fn sentence(&self) -> String {
        let TermRefusal::EndsBeforeItBegins { from, until } = self;
        format!("it would end on {until}, before it begins on {from}")
    }
}
