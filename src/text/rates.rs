//! Exchange rates.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::Hint;
use crate::lifecycle::program::Program;
use crate::lifecycle::revenue::{RateFault, RateKnown, Rated};
use crate::text::events::{Described, ReceiptContext};

impl Sentence for RateFault {
    fn sentence(&self) -> String {
        match self {
            RateFault::NoCurrency { code } => format!("unknown currency `{code}`"),
            RateFault::OwnCurrency { code } => format!("{code} is the currency of the program"),
            RateFault::Rate { rate } => {
                format!(
                    "the rate is `{rate}`, expected a number above 0 with at most 8 decimals, such as 0.92"
                )
            }
            RateFault::Far { code, rate, last, of } => {
                format!("the rate of {code} is {rate}, far from the last one: {last} of {of}")
            }
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            RateFault::Far { .. } => vec!["--yes takes it as it is".into()],
            RateFault::NoCurrency { .. } => vec!["write its code of ISO 4217, such as USD".into()],
            RateFault::OwnCurrency { .. } | RateFault::Rate { .. } => Vec::new(),
        }
    }
}

impl Sentence for RateKnown {
    fn sentence(&self) -> String {
        format!("1 {} is {} from {} on already", self.code, self.rate, self.on)
    }
}

/// Says that a sale keeps the rate of the day that it had, although another one is set for its new day.
pub(crate) fn rate_of_day_before(
    event: i64,
    (code, rate): (&str, &str),
    (since, now): (Day, &str),
) -> String {
    format!(
        "its rate stays {rate}; 1 {code} is {now} from {since} on: `chanlife correct {event} --rate {now}` takes that"
    )
}

impl Described for Rated {
    fn described(&self, program: &Program) -> String {
        format!("1 {} is {} {}", self.currency, self.rate, program.currency.code())
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        let own = about.program.currency.code();
        format!("1 {} is {} {own} from {} on", self.currency, self.rate, about.day)
    }
}
