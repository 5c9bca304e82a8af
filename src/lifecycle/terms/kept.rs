//! Sales held against the terms in force on their day: the margin given, the day of a return, the country shipped to.
//!
//! What is not known is unknown, never kept. A margin is compared with the agreed one as both are shown, with one digit
//! behind the point, or as many as the agreed one has.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::lifecycle::base::countries::Country;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::facts::Facts;
use crate::lifecycle::revenue::events::Sale;
use crate::lifecycle::revenue::returns::ReturnableSales;
use crate::lifecycle::terms::section::SaleTerms;
use crate::lifecycle::terms::territory::Territory;

/// What a sale is held against.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum HeldTerm {
    Margin,
    ReturnWindow,
    Territory,
}

impl HeldTerm {
    /// All of them, in the order in which they are shown.
    pub(crate) const ALL: [HeldTerm; 3] = [HeldTerm::Margin, HeldTerm::ReturnWindow, HeldTerm::Territory];

    /// Returns the term of the program, if it names one.
    pub(crate) fn term(self, of: &SaleTerms) -> Option<&str> {
        match self {
            HeldTerm::Margin => of.margin.as_deref(),
            HeldTerm::ReturnWindow => of.return_window.as_deref(),
            HeldTerm::Territory => of.territory.as_deref(),
        }
    }
}

/// Whether a sale keeps a term.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum TermKept {
    Kept,
    Broken(TermBreach),
    Unknown(TermUnknown),
}

/// How a sale breaks a term: what was agreed, and what is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum TermBreach {
    /// In percent of the price by the list, rounded as they are compared.
    Margin {
        agreed: Decimal,
        given: Decimal,
    },
    /// Days after the sale.
    ReturnWindow {
        agreed: Decimal,
        days: i64,
        reference: String,
    },
    Territory {
        agreed: String,
        country: Country,
    },
    /// More was returned of a sale than was sold, in minor units.
    ReturnedTooMuch {
        reference: String,
        sold_minor: i128,
        returned_minor: i128,
    },
}

/// Why it is not known whether a sale keeps a term.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum TermUnknown {
    /// Nothing is agreed on the day of the sale.
    NotAgreed,
    NoListAmount,
    /// A return that does not say what it returns.
    NoReturnedSale,
    /// A return of a sale that is not recorded.
    SaleNotRecorded,
    NoShipTo,
    /// The place shipped to names no country.
    NoCountry,
    /// The agreed territory is not made of countries and regions.
    TerritoryUnread,
}

/// Returns the margin that a sale gives, as part and whole of the price by the list, in minor units; none without one, and
/// for returns.
pub(crate) fn margin_given(sale: &Sale, currency: Currency) -> Option<(i128, i128)> {
    let list = i128::from(sale.detail.as_ref()?.list_minor(currency)?);
    (list > 0).then(|| (list - i128::from(sale.amount_minor), list))
}

/// Returns whether a sale keeps a term; none if it is not of its kind: a return, or no return.
pub(crate) fn held<'f>(
    facts: impl Facts<'f>,
    term: HeldTerm,
    sale: &Sale,
    sales: &ReturnableSales,
) -> Option<TermKept> {
    let named = term.term(facts.program().sales.as_ref()?)?;
    let is_return = sale.amount_minor < 0;
    let nothing =
        sale.amount_minor == 0 && sale.detail.as_ref().is_none_or(|detail| detail.list_amount.is_none());
    if nothing || is_return != (term == HeldTerm::ReturnWindow) {
        return None;
    }
    let agreed = |day: Day| facts.agreed(named, day).and_then(|agreement| agreement.value.as_deref());
    let kept = match term {
        HeldTerm::Margin => margin(agreed(sale.day), margin_given(sale, facts.program().currency)),
        HeldTerm::ReturnWindow => return_window(agreed, sale, sales),
        HeldTerm::Territory => {
            territory(agreed(sale.day), sale, |text| Territory::parse(text, &facts.program().regions))
        }
    };
    Some(kept.unwrap_or_else(TermKept::Unknown))
}

fn margin(agreed: Option<&str>, given: Option<(i128, i128)>) -> Result<TermKept, TermUnknown> {
    let (part, whole) = given.ok_or(TermUnknown::NoListAmount)?;
    let agreed: Decimal = agreed.and_then(|text| text.parse().ok()).ok_or(TermUnknown::NotAgreed)?;
    let (given, agreed) = compared(part, whole, agreed).ok_or(TermUnknown::NoListAmount)?;
    Ok(if given == agreed { TermKept::Kept } else { TermKept::Broken(TermBreach::Margin { agreed, given }) })
}

/// Returns a margin and the agreed one as they are shown and compared, in percent.
pub(crate) fn compared(part: i128, whole: i128, agreed: Decimal) -> Option<(Decimal, Decimal)> {
    let digits = agreed.normalize().scale().max(1);
    let round =
        |percent: Decimal| percent.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero);
    let [part, whole] = [part, whole].map(|minor| Decimal::try_from_i128_with_scale(minor, 0));
    let given = part.ok()?.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(whole.ok()?)?;
    Some((round(given).normalize(), agreed.normalize()))
}

/// Holds a return against the window in force on the day of the sale.
fn return_window<'a>(
    agreed: impl Fn(Day) -> Option<&'a str>,
    sale: &Sale,
    sales: &ReturnableSales,
) -> Result<TermKept, TermUnknown> {
    let detail = sale.detail.as_ref();
    let returns = detail.and_then(|detail| detail.returns.as_deref()).ok_or(TermUnknown::NoReturnedSale)?;
    let product = sale.product();
    let sold_on = sales.sold_on(returns, product).map_err(|_| TermUnknown::SaleNotRecorded)?;
    let (sold_minor, returned_minor) = sales.totals(returns, None);
    let reference = returns.to_owned();
    if returned_minor > sold_minor {
        return Ok(TermKept::Broken(TermBreach::ReturnedTooMuch { reference, sold_minor, returned_minor }));
    }
    let window: Decimal =
        agreed(sold_on.last).and_then(|text| text.parse().ok()).ok_or(TermUnknown::NotAgreed)?;
    // What came back within the period that was sold is in time whatever the window.
    let days = sale.day.since(sold_on.last);
    let in_time = sale.day >= sold_on.first && Decimal::from(days) <= window;
    let late = || TermBreach::ReturnWindow { agreed: window.normalize(), days, reference };
    Ok(if in_time { TermKept::Kept } else { TermKept::Broken(late()) })
}

fn territory(
    agreed: Option<&str>,
    sale: &Sale,
    read: impl Fn(&str) -> Option<Territory>,
) -> Result<TermKept, TermUnknown> {
    let place =
        sale.detail.as_ref().and_then(|detail| detail.ship_to.as_deref()).ok_or(TermUnknown::NoShipTo)?;
    let country = Country::of_place(place).ok_or(TermUnknown::NoCountry)?;
    let agreed = agreed.ok_or(TermUnknown::NotAgreed)?;
    let territory = read(agreed).ok_or(TermUnknown::TerritoryUnread)?;
    let outside = || TermBreach::Territory { agreed: agreed.to_owned(), country };
    Ok(if territory.covers(country) { TermKept::Kept } else { TermKept::Broken(outside()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_margin_is_compared_as_it_is_shown() {
        let found = |part: i128, whole: i128, agreed: &str| margin(Some(agreed), Some((part, whole)));
        assert_eq!(found(2_500, 10_000, "25"), Ok(TermKept::Kept));
        assert_eq!(found(2_504, 10_000, "25"), Ok(TermKept::Kept));
        let broken = |agreed: &str, given: &str| {
            let [agreed, given] = [agreed, given].map(|text| text.parse().expect("a number"));
            Ok(TermKept::Broken(TermBreach::Margin { agreed, given }))
        };
        assert_eq!(found(2_506, 10_000, "25"), broken("25", "25.1"));
        assert_eq!(found(2_226, 10_000, "22.25"), broken("22.25", "22.26"));
        assert_eq!(found(-100, 10_000, "25"), broken("25", "-1"));
        assert_eq!(margin(None, Some((1, 2))), Err(TermUnknown::NotAgreed));
        assert_eq!(margin(Some("25"), None), Err(TermUnknown::NoListAmount));
    }
}
