//! One sale as it was typed or stands in a file, from that to minor units of the program's currency.

use std::sync::Arc;

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

use crate::lifecycle::base::countries::Country;
use crate::lifecycle::base::money::{Currency, Money, MoneyFault};
use crate::lifecycle::base::period::Calendar;
use crate::lifecycle::base::text;
use crate::lifecycle::base::text::TextFault;
use crate::lifecycle::revenue::events::{SaleDetail, Sold};
use crate::lifecycle::revenue::overlaps::Counting;

/// Digits behind the point that a quantity, a price or a rate may have.
const DIGITS: u32 = 8;

/// A sale as it stands in a file or on the command line; what is not said is nothing.
#[derive(Clone, Copy, Default, Debug)]
pub struct TypedSale<'t> {
    pub amount: Option<&'t str>,
    pub quantity: Option<&'t str>,
    pub unit_price: Option<&'t str>,
    /// The currency of the amount or the price, if it is not the program's.
    pub currency: Option<&'t str>,
    /// What one unit of that currency is worth in the program's.
    pub rate: Option<&'t str>,
    pub period: Option<&'t str>,
    pub reference: Option<&'t str>,
    pub product: Option<&'t str>,
    pub customer: Option<&'t str>,
    pub ship_to: Option<&'t str>,
    /// The price by the list, in the currency of the sale.
    pub list_amount: Option<&'t str>,
    /// The reference of the sale that is returned.
    pub returns: Option<&'t str>,
    pub deal: Option<&'t str>,
    /// In a file: the events that it replaces, or `within`.
    pub replaces: Option<&'t str>,
    /// In a file: whether it is a part of a total.
    pub detail: Option<&'t str>,
    /// In a file: whether it counts beside what is recorded of its days.
    pub beside: Option<&'t str>,
}

/// What is wrong with a sale as it was typed; the words go on behind "the sale".
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SaleFault {
    /// It has a rate and is in the program's currency.
    NeedlessRate {
        currency: &'static str,
    },
    NoCurrency {
        code: String,
    },
    NoRate {
        code: String,
        to: &'static str,
    },
    Rate {
        rate: String,
    },
    /// What cannot be read as an amount, in words of its own.
    Amount(MoneyFault),
    /// The amount is not what quantity times unit price comes to.
    Contradiction {
        stated: Money,
        counted: Money,
    },
    /// The amount is not what the amount in another currency comes to by its rate.
    RateContradicts {
        code: String,
        rate: String,
        stated: Money,
        counted: Money,
    },
    /// An amount is all that is left of a sale in another currency, and it is not said in which of the two it is.
    WhichCurrency {
        amount: String,
        code: String,
        own: &'static str,
    },
    /// The price by the list would be in another currency than before.
    ListInOtherMoney {
        list: String,
        was: String,
        now: String,
    },
    /// The price by the list cannot be read as an amount.
    ListAmount(MoneyFault),
    /// The price by the list has not the sign of the amount, or is nothing.
    ListSign {
        text: String,
    },
    /// The place shipped to names no country.
    ShipTo {
        text: String,
    },
    /// What it replaces is neither numbers of events nor `within`.
    Replaces {
        text: String,
    },
    /// It says `detail` or `beside` with another word than yes or no.
    YesOrNo {
        what: &'static str,
        text: String,
    },
    /// It is to be a part of a total and to count beside it.
    DetailBeside,
    /// It names a sale that it returns, and is no return.
    NotAReturn {
        returns: String,
    },
    NothingToCount,
    NegativePrice,
    QuantityAlone,
    PriceAlone,
    TooLarge,
    Number {
        what: &'static str,
        text: String,
    },
    Text {
        what: &'static str,
        fault: TextFault,
    },
}

impl TypedSale<'_> {
    /// Returns the amount in minor units of `currency`: the amount, or quantity times unit price, times the rate; rounded
    /// once, half away from zero.
    ///
    /// # Errors
    /// Says which part can't be understood, is missing, or contradicts another one.
    pub fn amount_minor(&self, currency: Currency) -> Result<i64, SaleFault> {
        self.check_texts()?;
        let foreign = self.currency.filter(|code| *code != currency.code());
        if foreign.is_none() && self.rate.is_some() {
            return Err(SaleFault::NeedlessRate { currency: currency.code() });
        }
        let own = match foreign {
            None => currency,
            Some(code) => {
                Currency::from_code(code).ok_or_else(|| SaleFault::NoCurrency { code: code.to_owned() })?
            }
        };
        let product = self.quantity_times_price()?;
        let stated = self.amount.map(|text| own.parse(text).map_err(SaleFault::Amount)).transpose()?;
        if let (Some(stated), Some(product)) = (stated, product) {
            let rounded = rounded(product, own)?;
            if rounded != stated {
                let money = |minor: i64| own.money(i128::from(minor));
                return Err(SaleFault::Contradiction { stated: money(stated), counted: money(rounded) });
            }
        }
        let rate = match (foreign, self.rate) {
            (None, _) => None,
            (Some(code), None) => {
                return Err(SaleFault::NoRate { code: code.to_owned(), to: currency.code() });
            }
            (Some(_), Some(rate)) => Some(
                number("rate", rate)
                    .ok()
                    .filter(|rate| *rate > Decimal::ZERO)
                    .ok_or_else(|| SaleFault::Rate { rate: rate.to_owned() })?,
            ),
        };
        let amount = match (product, stated, rate) {
            (None, None, _) => Err(SaleFault::NothingToCount),
            (_, Some(stated), None) => Ok(stated),
            (Some(product), None, None) => rounded(product, currency),
            (Some(product), _, Some(rate)) => {
                rounded(product.checked_mul(rate).ok_or(SaleFault::TooLarge)?, currency)
            }
            (None, Some(stated), Some(rate)) => {
                let amount = own.money(i128::from(stated)).to_string();
                let amount = number("amount", &amount)?.checked_mul(rate).ok_or(SaleFault::TooLarge)?;
                rounded(amount, currency)
            }
        }?;
        self.check_price_and_return(amount, own)?;
        Ok(amount)
    }

    /// Checks the price by the list, which has the sign of the amount, and that only returns name what they return.
    fn check_price_and_return(&self, amount: i64, own: Currency) -> Result<(), SaleFault> {
        if let Some(text) = self.list_amount {
            check_list(text, amount, own)?;
        }
        match self.returns.filter(|_| amount >= 0) {
            Some(returns) => Err(SaleFault::NotAReturn { returns: returns.to_owned() }),
            None => Ok(()),
        }
    }

    /// Returns the sale, with the amount that [`TypedSale::amount_minor`] gave; the calendar says the days of its period.
    pub fn sold(&self, amount_minor: i64, currency: Currency, calendar: Calendar) -> Sold {
        // What could not be a name was found by `amount_minor`.
        let named = |text: Option<&str>| text.and_then(|text| text::name(text).ok());
        let kept = |text: Option<&str>| text.map(str::to_owned);
        let foreign = self.currency.filter(|code| *code != currency.code());
        let detail = SaleDetail {
            product: named(self.product),
            quantity: kept(self.quantity),
            unit_price: kept(self.unit_price),
            customer: named(self.customer),
            ship_to: named(self.ship_to),
            list_amount: kept(self.list_amount),
            returns: named(self.returns),
            deal: named(self.deal),
            currency: kept(foreign),
            amount: kept(self.amount.filter(|_| foreign.is_some())),
            rate: kept(self.rate),
        };
        Sold {
            amount_minor,
            days: self.period.and_then(|period| Some(calendar.parse(period).ok()?.days())),
            period: kept(self.period),
            reference: named(self.reference),
            detail: Some(detail).filter(|detail| *detail != SaleDetail::NONE).map(Arc::new),
            ties: None,
        }
    }

    /// Returns how a row of a file counts beside others of its days; what it does not say is as in `usual`.
    ///
    /// # Errors
    /// Says which column cannot be read, or that two contradict each other.
    pub(crate) fn counting(&self, usual: &Counting) -> Result<Counting, SaleFault> {
        let flag = |what: &'static str, text: Option<&str>, usual: bool| match text {
            None => Ok(usual),
            Some(text) => {
                text::yes_or_no(text).ok_or_else(|| SaleFault::YesOrNo { what, text: text.to_owned() })
            }
        };
        let replaces = match self.replaces {
            None => usual.clone(),
            Some(text) => Counting::replacing(text.split([',', ' ']).filter(|word| !word.is_empty()))
                .map_err(|_| SaleFault::Replaces { text: text.to_owned() })?,
        };
        let (detail, beside) =
            (flag("detail", self.detail, usual.detail)?, flag("beside", self.beside, usual.beside)?);
        if detail && beside {
            return Err(SaleFault::DetailBeside);
        }
        Ok(Counting { detail, beside, ..replaces })
    }

    fn quantity_times_price(&self) -> Result<Option<Decimal>, SaleFault> {
        match (self.quantity, self.unit_price) {
            (Some(quantity), Some(price)) => {
                let (quantity, price) = (number("quantity", quantity)?, number("unit price", price)?);
                if price.is_sign_negative() {
                    return Err(SaleFault::NegativePrice);
                }
                quantity.checked_mul(price).map(Some).ok_or(SaleFault::TooLarge)
            }
            (Some(quantity), None) if self.amount.is_some() => number("quantity", quantity).map(|_| None),
            (None, Some(price)) if self.amount.is_some() => number("unit price", price).map(|_| None),
            (Some(_), None) => Err(SaleFault::QuantityAlone),
            (None, Some(_)) => Err(SaleFault::PriceAlone),
            (None, None) => Ok(None),
        }
    }

    /// Checks the names, and that the place shipped to is in a country.
    ///
    /// # Errors
    /// Says which cannot be taken.
    pub(crate) fn check_texts(&self) -> Result<(), SaleFault> {
        let texts = [
            ("ref", self.reference),
            ("product", self.product),
            ("customer", self.customer),
            ("ship-to", self.ship_to),
            ("returns", self.returns),
            ("deal", self.deal),
        ];
        for (what, text) in texts {
            if let Some(text) = text {
                text::check_name(text).map_err(|fault| SaleFault::Text { what, fault })?;
            }
        }
        check_place(self.ship_to)
    }
}

impl SaleDetail {
    /// Returns the price by the list in minor units of `currency`, that of the program: times the rate, rounded half
    /// away from zero; none if it is not known.
    pub fn list_minor(&self, currency: Currency) -> Option<i64> {
        let text = self.list_amount.as_deref()?;
        let Some(code) = self.currency.as_deref() else { return currency.parse(text).ok() };
        let own = Currency::from_code(code)?;
        let list = number("amount", &own.money(own.parse(text).ok()?.into()).to_string()).ok()?;
        let rate = number("rate", self.rate.as_deref()?).ok()?;
        rounded(list.checked_mul(rate)?, currency).ok()
    }
}

/// Checks that the price by the list has the sign of an amount, which is in minor units; `own` is the currency of the sale.
fn check_list(text: &str, amount: i64, own: Currency) -> Result<(), SaleFault> {
    let list = own.parse(text).map_err(SaleFault::ListAmount)?;
    if list == 0 || list.signum() != amount.signum() {
        return Err(SaleFault::ListSign { text: text.to_owned() });
    }
    Ok(())
}

/// Checks that the price by the list of a sale, if it has one, has the sign of its amount, which is in minor units;
/// `currency` is that of the program.
///
/// # Errors
/// Says what does not fit.
pub(crate) fn check_list_amount(
    detail: &SaleDetail,
    amount: i64,
    currency: Currency,
) -> Result<(), SaleFault> {
    let own = detail.currency.as_deref().map_or(Some(currency), Currency::from_code);
    match (detail.list_amount.as_deref(), own) {
        (Some(text), Some(own)) => check_list(text, amount, own),
        _ => Ok(()),
    }
}

/// Checks that a place, if there is one, names a country.
///
/// # Errors
/// Says that it does not.
pub(crate) fn check_place(place: Option<&str>) -> Result<(), SaleFault> {
    match place.filter(|place| Country::of_place(place).is_none()) {
        Some(place) => Err(SaleFault::ShipTo { text: place.to_owned() }),
        None => Ok(()),
    }
}

/// Rounded to the minor unit, half away from zero.
fn rounded(amount: Decimal, currency: Currency) -> Result<i64, SaleFault> {
    let minor = amount
        .checked_mul(Decimal::from(10_i64.pow(currency.digits())))
        .ok_or(SaleFault::TooLarge)?
        .round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
    minor.to_i64().ok_or(SaleFault::TooLarge)
}

/// Returns the amount of a sale in minor units of its own currency, if that is not the program's.
pub(crate) fn foreign_minor(said: &SaleDetail) -> Option<i64> {
    let own = Currency::from_code(said.currency.as_deref()?)?;
    match (&said.amount, &said.quantity, &said.unit_price) {
        (Some(amount), ..) => own.parse(amount).ok(),
        (None, Some(quantity), Some(price)) => {
            let (quantity, price) = (number("quantity", quantity).ok()?, number("unit price", price).ok()?);
            rounded(quantity.checked_mul(price)?, own).ok()
        }
        _ => None,
    }
}

/// Returns whether a text can be an exchange rate.
pub(crate) fn is_rate(text: &str) -> bool {
    number("rate", text).is_ok_and(|rate| rate > Decimal::ZERO)
}

/// Reads `12`, `-3` or `0.925`.
fn number(what: &'static str, text: &str) -> Result<Decimal, SaleFault> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b'-');
    let number = Some(text).filter(|_| plain).and_then(|text| Decimal::from_str_exact(text).ok());
    number
        .filter(|number| number.scale() <= DIGITS)
        .ok_or_else(|| SaleFault::Number { what, text: text.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn euro() -> Currency {
        Currency::from_code("EUR").expect("euro")
    }

    #[test]
    fn quantity_times_price_is_rounded_once_half_away_from_zero() {
        for (quantity, price, minor) in [
            ("3", "19.99", 5997),
            ("-3", "19.99", -5997),
            ("0.5", "0.01", 1),
            ("-0.5", "0.01", -1),
            ("1", "0.004", 0),
            ("7", "0.12345", 86),
        ] {
            let typed =
                TypedSale { quantity: Some(quantity), unit_price: Some(price), ..TypedSale::default() };
            assert_eq!(typed.amount_minor(euro()), Ok(minor), "{quantity} x {price}");
        }
    }

    #[test]
    fn another_currency_counts_by_the_rate_that_is_given_and_kept() {
        let typed = TypedSale {
            quantity: Some("3"),
            unit_price: Some("10.10"),
            currency: Some("USD"),
            rate: Some("0.925"),
            ..TypedSale::default()
        };
        let amount = typed.amount_minor(euro()).expect("an amount");
        assert_eq!(amount, 2803); // 30.30 x 0.925 = 28.0275
        let detail = typed.sold(amount, euro(), Calendar::CIVIL).detail.expect("detail");
        assert_eq!((detail.currency.as_deref(), detail.rate.as_deref()), (Some("USD"), Some("0.925")));
        let without = TypedSale { rate: None, ..typed };
        assert!(
            without.amount_minor(euro()).expect_err("no rate")
                == SaleFault::NoRate { code: "USD".to_owned(), to: "EUR" }
        );
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        let typed = TypedSale {
            amount: Some("10"),
            quantity: Some("2"),
            unit_price: Some("6"),
            ..TypedSale::default()
        };
        assert!(typed.amount_minor(euro()).is_err());
        for typed in [
            TypedSale::default(),
            TypedSale { quantity: Some("2"), ..TypedSale::default() },
            TypedSale { unit_price: Some("2"), ..TypedSale::default() },
            TypedSale { quantity: Some("2"), unit_price: Some("-6"), ..TypedSale::default() },
            TypedSale { amount: Some("2"), rate: Some("1.1"), ..TypedSale::default() },
            TypedSale { amount: Some("2"), currency: Some("XYZ"), rate: Some("1"), ..TypedSale::default() },
            TypedSale {
                quantity: Some("99999999999999999999"),
                unit_price: Some("99999999999"),
                ..TypedSale::default()
            },
        ] {
            assert!(typed.amount_minor(euro()).is_err(), "{typed:?}");
        }
    }

    #[test]
    fn the_price_by_the_list_has_the_sign_of_the_amount_and_only_returns_name_a_sale() {
        let sale = TypedSale { amount: Some("80"), list_amount: Some("100"), ..TypedSale::default() };
        assert_eq!(sale.amount_minor(euro()), Ok(8000));
        let returned = TypedSale { amount: Some("-80"), returns: Some("R-1"), ..TypedSale::default() };
        assert_eq!(returned.amount_minor(euro()), Ok(-8000));
        for wrong in [
            TypedSale { list_amount: Some("-100"), ..sale },
            TypedSale { list_amount: Some("0"), ..sale },
            TypedSale { amount: Some("0"), ..sale },
            TypedSale { ship_to: Some("Atlantis"), ..sale },
            TypedSale { list_amount: Some("1,000"), ..sale },
            TypedSale { returns: Some("R-1"), ..sale },
            TypedSale { list_amount: Some("100"), ..returned },
        ] {
            assert!(wrong.amount_minor(euro()).is_err(), "{wrong:?}");
        }
        let dollars = TypedSale { currency: Some("USD"), rate: Some("0.925"), ..sale };
        let amount = dollars.amount_minor(euro()).expect("an amount");
        let detail = dollars.sold(amount, euro(), Calendar::CIVIL).detail.expect("detail");
        assert_eq!((amount, detail.list_minor(euro())), (7400, Some(9250)));
    }
}
