//! Sell-through revenue.

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::{Hint, Step};
use crate::lifecycle::revenue::RevenueRefusal;

impl Sentence for RevenueRefusal {
    fn sentence(&self) -> String {
        let RevenueRefusal::ReferenceTaken { reference, recorded: (amount, day), .. } = self;
        format!("`{reference}` is recorded already, with {amount} on {day}")
    }

    fn hints(&self) -> Vec<Hint> {
        let RevenueRefusal::ReferenceTaken { sale, recorded, reported, .. } = self;
        let correct = Step::Correct {
            event: *sale,
            amount: Some(reported.0).filter(|amount| *amount != recorded.0),
            on: Some(reported.1).filter(|day| *day != recorded.1),
        };
        vec![Hint::if_so("if that is wrong:", correct)]
    }
}
