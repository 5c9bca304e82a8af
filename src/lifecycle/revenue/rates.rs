//! Exchange rates by date: what sales in another currency take if no rate is typed, and which rate seems mistyped.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::lifecycle::base::conflict::Misfit;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::forget::Forgetting;
use crate::lifecycle::happening::{EventMisfit, Happening, Moment};
use crate::lifecycle::partner::state::Partner;
use crate::lifecycle::revenue::typed::is_rate;

/// From its day on one unit of a currency is worth so much in the program's; it is of no partner.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Rated {
    pub currency: String,
    /// As it was typed.
    pub rate: String,
}

/// By which factor a rate differs from the last one if it is asked about.
const FAR: i64 = 2;

/// Why a rate is not taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum RateFault {
    NoCurrency {
        code: String,
    },
    OwnCurrency {
        code: String,
    },
    Rate {
        rate: String,
    },
    /// It is far from the last one, of a day.
    Far {
        code: String,
        rate: String,
        last: String,
        of: Day,
    },
}

/// The currency has this rate from the day on already.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct RateKnown {
    pub code: String,
    pub rate: String,
    pub on: Day,
}

impl Happening for Rated {
    fn apply(&self, _: &mut Partner, _: &Moment) -> Result<(), Misfit> {
        Err(EventMisfit::OfNoPartner.into())
    }

    fn forget(&mut self, _: &mut Forgetting) {}
}

/// Rates by currency, each with the day from which it holds.
#[derive(Clone, Default, Debug)]
pub(crate) struct Rates {
    by_code: BTreeMap<String, BTreeMap<Day, String>>,
}

impl Rates {
    /// Takes a rate; of two of one day the later one holds.
    pub(crate) fn set(&mut self, day: Day, code: &str, rate: &str) {
        let of_code = match self.by_code.get_mut(code) {
            Some(of_code) => of_code,
            None => self.by_code.entry(code.to_owned()).or_default(),
        };
        of_code.insert(day, rate.to_owned());
    }

    /// Takes a rate unless one of the day is known.
    pub(crate) fn learn(&mut self, day: Day, code: &str, rate: &str) {
        if self.by_code.get(code).is_none_or(|of_code| !of_code.contains_key(&day)) {
            self.set(day, code, rate);
        }
    }

    /// Returns the rate that a currency has on a day, with the day from which it holds.
    pub(crate) fn on(&self, code: &str, day: Day) -> Option<(Day, &str)> {
        let (since, rate) = self.by_code.get(code)?.range(..=day).next_back()?;
        Some((*since, rate))
    }

    /// Returns all, currency by currency, oldest first.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, Day, &str)> {
        self.by_code
            .iter()
            .flat_map(|(code, days)| days.iter().map(move |(day, rate)| (code.as_str(), *day, rate.as_str())))
    }

    /// Checks a rate of a day: it is no more than a factor from the last one before it, or else the first one after it.
    ///
    /// # Errors
    /// Says from which it is far.
    pub(crate) fn check_near(&self, code: &str, day: Day, rate: &str) -> Result<(), RateFault> {
        let first = || self.by_code.get(code)?.iter().next().map(|(day, rate)| (*day, rate.as_str()));
        let Some((of, last)) = self.on(code, day).or_else(first) else { return Ok(()) };
        if !is_far(rate, last) {
            return Ok(());
        }
        let [code, rate, last] = [code, rate, last].map(str::to_owned);
        Err(RateFault::Far { code, rate, last, of })
    }

    /// Decides on a rate from a day on; returns nothing if it holds already.
    ///
    /// # Errors
    /// Refused for an unknown currency, that of the program, and what is no rate.
    pub(crate) fn rate(
        &self,
        day: Day,
        code: &str,
        rate: &str,
        own: Currency,
    ) -> Result<Option<Rated>, Error> {
        check_rate(code, rate, own).map_err(Error::usage)?;
        let known = self.by_code.get(code).and_then(|days| days.get(&day));
        let is_same = known.is_some_and(|known| is_same(known, rate));
        Ok((!is_same).then(|| Rated { currency: code.to_owned(), rate: rate.to_owned() }))
    }
}

/// Checks that a rate can be one, of a currency that is not the program's.
///
/// # Errors
/// Says what is wrong.
pub(crate) fn check_rate(code: &str, rate: &str, own: Currency) -> Result<(), RateFault> {
    if Currency::from_code(code).is_none() {
        return Err(RateFault::NoCurrency { code: code.to_owned() });
    }
    if code == own.code() {
        return Err(RateFault::OwnCurrency { code: code.to_owned() });
    }
    if is_rate(rate) { Ok(()) } else { Err(RateFault::Rate { rate: rate.to_owned() }) }
}

/// Returns whether two rates are the same number, however they are written.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    decimal(one).is_some() && decimal(one) == decimal(other)
}

/// Returns whether two rates are a factor apart.
fn is_far(one: &str, other: &str) -> bool {
    let (Some(one), Some(other)) = (decimal(one), decimal(other)) else { return false };
    let twice = |rate: Decimal| rate.checked_mul(Decimal::from(FAR)).unwrap_or(Decimal::MAX);
    one >= twice(other) || other >= twice(one)
}

fn decimal(rate: &str) -> Option<Decimal> {
    rate.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse_iso(text).expect("a day")
    }

    #[test]
    fn a_rate_holds_from_its_day_on_and_one_a_factor_of_two_away_is_far() {
        let mut rates = Rates::default();
        rates.set(day("2026-03-01"), "USD", "0.92");
        rates.set(day("2026-06-01"), "USD", "0.95");
        let on = |text: &str| rates.on("USD", day(text)).map(|(_, rate)| rate);
        assert_eq!(
            [on("2026-02-28"), on("2026-05-31"), on("2026-06-01")],
            [None, Some("0.92"), Some("0.95")]
        );
        let near = |text: &str, rate: &str| rates.check_near("USD", day(text), rate).is_ok();
        assert!(near("2026-07-01", "1.89") && near("2026-02-01", "0.461") && near("2026-07-01", "0.4751"));
        assert!(!near("2026-07-01", "1.9") && !near("2026-02-01", "92") && !near("2026-07-01", "0.475"));
        assert!(rates.check_near("GBP", day("2026-07-01"), "117").is_ok());
    }

    #[test]
    fn the_same_rate_of_a_day_is_known_and_the_programs_currency_has_none() {
        let euro = Currency::from_code("EUR").expect("euro");
        let mut rates = Rates::default();
        rates.set(day("2026-03-01"), "USD", "0.920");
        let rate = |code: &str, rate: &str| rates.rate(day("2026-03-01"), code, rate, euro);
        assert!(matches!(rate("USD", "0.92"), Ok(None)));
        assert!(matches!(rate("USD", "0.93"), Ok(Some(_))));
        for (code, wrong) in [("EUR", "1"), ("XYZ", "1"), ("USD", "0"), ("USD", "-1"), ("USD", "1,1")] {
            assert!(rate(code, wrong).is_err(), "{code} {wrong}");
        }
    }
}
