//! Returns that name the sale that they return: it must be recorded, not later, and not be returned beyond what was sold.

use std::collections::HashMap;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::DayRange;
use crate::lifecycle::revenue::events::{Sale, SaleDetail};
use crate::lifecycle::revenue::rates::is_same;

/// Why a return does not fit the sale that it names. Amounts are in minor units.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum ReturnFault {
    /// No sale has this reference, or none of this product.
    NoSale { reference: String, product: Option<String> },
    /// It was sold later.
    SoldLater { reference: String, sold_on: Day },
    /// More than was sold and not returned yet.
    TooMuch { reference: String, sold_minor: i128, returned_minor: i128 },
    /// The sale is in another currency, or was turned into the program's at another rate; none if in the program's.
    OtherMoney { reference: String, sold_in: Option<(String, String)> },
    /// Its amount is not below zero, so it returns nothing.
    NotBelowZero { reference: String },
}

/// A return that does not fit the sale that it names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct UnfitReturn {
    pub event: i64,
    pub day: Day,
    pub fault: ReturnFault,
}

/// Finds the returns of a partner that do not fit the sales that they name, in the order in which they were recorded.
pub(crate) fn unfit_returns(sales: &[Sale]) -> Vec<UnfitReturn> {
    let mut returnable = ReturnableSales::default();
    let mut returns: Vec<(&Sale, &str)> = Vec::new();
    for sale in sales {
        match sale.detail.as_ref().and_then(|detail| detail.returns.as_deref()) {
            Some(returned) => returns.push((sale, returned)),
            None => {
                returnable.add(
                    sale.days(),
                    sale.reported_minor(),
                    sale.reference.as_deref(),
                    sale.detail.as_deref(),
                );
            }
        }
    }
    returns.sort_by_key(|(one, _)| one.event);
    let mut unfit = Vec::new();
    for (one, returned) in returns {
        let fits = match one.amount_minor {
            0.. => Err(ReturnFault::NotBelowZero { reference: returned.to_owned() }),
            minor => {
                let fits = returnable.check(one.day, minor, returned, one.product());
                let fits = fits.and_then(|()| returnable.check_money(one.said()));
                returnable.add(one.days(), minor, None, one.detail.as_deref());
                fits
            }
        };
        unfit.extend(fits.err().map(|fault| UnfitReturn { event: one.event, day: one.day, fault }));
    }
    unfit
}

/// Finds the first return that fitted before what is changed, and does not fit after it. What did not fit before, as files
/// of older versions may hold it, stands in the way of nothing.
pub(crate) fn broken_return(before: &[Sale], after: &[Sale]) -> Option<UnfitReturn> {
    let unfit = unfit_returns(after);
    if unfit.is_empty() {
        return None;
    }
    let before = unfit_returns(before);
    unfit.into_iter().find(|one| before.iter().all(|known| known.event != one.event))
}

/// The sales of a partner that have a reference, and what was returned of them.
#[derive(Default)]
pub(crate) struct ReturnableSales<'s> {
    by_reference: HashMap<&'s str, Vec<SoldLine<'s>>>,
}

/// A line of an invoice, or a return of it, which counts below zero.
struct SoldLine<'s> {
    product: Option<&'s str>,
    /// Of a period its days; what it sold may come back within it.
    days: DayRange,
    amount_minor: i64,
    /// The currency, if it is not the program's, and its rate.
    money: Option<(&'s str, &'s str)>,
}

impl<'s> ReturnableSales<'s> {
    /// Makes it of the sales of a partner.
    pub(crate) fn of(sales: &'s [Sale]) -> ReturnableSales<'s> {
        let mut returnable = ReturnableSales::default();
        for sale in sales {
            returnable.add(
                sale.days(),
                sale.reported_minor(),
                sale.reference.as_deref(),
                sale.detail.as_deref(),
            );
        }
        returnable
    }

    /// Adds a sale, or a return of one.
    pub(crate) fn add(
        &mut self,
        days: DayRange,
        amount_minor: i64,
        reference: Option<&'s str>,
        detail: Option<&'s SaleDetail>,
    ) {
        let returns = detail.and_then(|detail| detail.returns.as_deref());
        let Some(reference) = returns.or(reference.filter(|_| amount_minor > 0)) else { return };
        let product = detail.and_then(|detail| detail.product.as_deref());
        let line = SoldLine { product, days, amount_minor, money: detail.and_then(money) };
        self.by_reference.entry(reference).or_default().push(line);
    }

    /// Returns the days of the sale that a return names: of several lines the first, of a period all its days.
    ///
    /// # Errors
    /// Says so if there is none.
    pub(crate) fn sold_on(&self, reference: &str, product: Option<&str>) -> Result<DayRange, ReturnFault> {
        let days = self.lines(reference, product).filter(|line| line.amount_minor > 0).map(|line| line.days);
        days.min_by_key(|days| (days.first, days.last)).ok_or_else(|| ReturnFault::NoSale {
            reference: reference.to_owned(),
            product: product.map(str::to_owned),
        })
    }

    /// Checks a return that is not added yet.
    ///
    /// # Errors
    /// Says why it does not fit the sale that it names.
    pub(crate) fn check(
        &self,
        day: Day,
        amount_minor: i64,
        reference: &str,
        product: Option<&str>,
    ) -> Result<(), ReturnFault> {
        let sold_on = self.sold_on(reference, product)?.first;
        if day < sold_on {
            return Err(ReturnFault::SoldLater { reference: reference.to_owned(), sold_on });
        }
        // What was returned without a product may be of any; then the whole invoice is looked at.
        for product in [product, None] {
            let (sold_minor, returned_minor) = self.totals(reference, product);
            if -i128::from(amount_minor) > sold_minor - returned_minor {
                return Err(ReturnFault::TooMuch {
                    reference: reference.to_owned(),
                    sold_minor,
                    returned_minor,
                });
            }
        }
        Ok(())
    }

    /// Checks that a return is in the currency of the sale that it names, at its rate.
    ///
    /// # Errors
    /// Says in which currency and at which rate it was sold.
    pub(crate) fn check_money(&self, returned: &SaleDetail) -> Result<(), ReturnFault> {
        let Some(reference) = returned.returns.as_deref() else { return Ok(()) };
        let sold = self.lines(reference, returned.product.as_deref()).filter(|line| line.amount_minor > 0);
        let sold: Vec<Option<(&str, &str)>> = sold.map(|line| line.money).collect();
        let own = money(returned);
        let fits = |sold: &Option<(&str, &str)>| match (sold, own) {
            (Some((code, rate)), Some((own_code, own_rate))) => *code == own_code && is_same(rate, own_rate),
            (sold, own) => sold.is_none() && own.is_none(),
        };
        match sold.first() {
            Some(first) if !sold.iter().any(fits) => {
                let sold_in = first.map(|(code, rate)| (code.to_owned(), rate.to_owned()));
                Err(ReturnFault::OtherMoney { reference: reference.to_owned(), sold_in })
            }
            _ => Ok(()),
        }
    }

    /// Returns what was sold and what was returned of it, both above zero.
    pub(crate) fn totals(&self, reference: &str, product: Option<&str>) -> (i128, i128) {
        self.lines(reference, product).fold((0, 0), |(sold, returned), line| match line.amount_minor {
            minor @ 1.. => (sold + i128::from(minor), returned),
            minor => (sold, returned - i128::from(minor)),
        })
    }

    fn lines(&self, reference: &str, product: Option<&str>) -> impl Iterator<Item = &SoldLine<'s>> {
        let lines = self.by_reference.get(reference).into_iter().flatten();
        let product = product.map(str::to_owned);
        lines.filter(move |line| product.is_none() || line.product == product.as_deref())
    }
}

/// The product, the customer and the deal of sales by their reference, for returns that name a sale and not these.
#[derive(Default)]
pub(crate) struct NamedSales {
    /// Product, customer and deal of each line.
    by_reference: HashMap<String, Vec<[Option<String>; 3]>>,
}

impl NamedSales {
    /// Makes it of the sales of a partner; of nothing if no return needs it.
    pub(crate) fn of(sales: &[Sale]) -> NamedSales {
        let mut named = NamedSales::default();
        if sales.iter().any(NamedSales::is_for) {
            for sale in sales {
                named.add(sale);
            }
        }
        named
    }

    /// Returns whether a record is a return that names its sale and lacks product, customer or deal.
    fn is_for(sale: &Sale) -> bool {
        let said = sale.said();
        said.returns.is_some() && (said.product.is_none() || said.customer.is_none() || said.deal.is_none())
    }

    /// Adds a sale, if a return can name it.
    pub(crate) fn add(&mut self, sale: &Sale) {
        let said = sale.said();
        let Some(reference) = sale.reference.as_ref().filter(|_| sale.reported_minor() > 0) else { return };
        let line = [said.product.clone(), said.customer.clone(), said.deal.clone()];
        self.by_reference.entry(reference.clone()).or_default().push(line);
    }

    /// Returns the product of a record: of a return without one, that of all lines of its sale, if it is the same.
    pub(crate) fn product_of<'s>(&'s self, sale: &'s Sale) -> Option<&'s str> {
        sale.product().or_else(|| only(self.lines(sale).map(|[product, ..]| product.as_deref())))
    }

    /// Returns the customer of a record: of a return without one, that of all lines of its sale, if it is the same.
    pub(crate) fn customer_of<'s>(&'s self, sale: &'s Sale) -> Option<&'s str> {
        let own = sale.said().customer.as_deref();
        own.or_else(|| only(self.lines(sale).map(|[_, customer, _]| customer.as_deref())))
    }

    /// Returns the deal of a record: of a return without one, that of all lines of its sale, if it is the same.
    pub(crate) fn deal_of<'s>(&'s self, sale: &'s Sale) -> Option<&'s str> {
        let own = sale.said().deal.as_deref();
        own.or_else(|| only(self.lines(sale).map(|[.., deal]| deal.as_deref())))
    }

    /// Returns the lines of the sale that a return names, of its product if it has one.
    fn lines<'s>(&'s self, sale: &'s Sale) -> impl Iterator<Item = &'s [Option<String>; 3]> {
        let returned = sale.said().returns.as_deref().and_then(|reference| self.by_reference.get(reference));
        let is_of = |[product, ..]: &&[Option<String>; 3]| {
            sale.product().is_none() || product.as_deref() == sale.product()
        };
        returned.into_iter().flatten().filter(is_of)
    }
}

/// Returns what all are, if they are the same.
fn only<'s>(mut all: impl Iterator<Item = Option<&'s str>>) -> Option<&'s str> {
    let first = all.next()??;
    all.all(|one| one == Some(first)).then_some(first)
}

/// Returns the currency of a sale that is not in the program's, and its rate.
fn money(detail: &SaleDetail) -> Option<(&str, &str)> {
    detail.currency.as_deref().zip(detail.rate.as_deref())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse_iso(text).expect("a day")
    }

    #[test]
    fn a_return_fits_a_sale_that_is_not_later_and_not_returned_already() {
        let of = |product: &str| SaleDetail { product: Some(product.to_owned()), ..SaleDetail::NONE };
        let (a, b) = (of("A"), of("B"));
        let returned = SaleDetail { returns: Some("R-1".to_owned()), ..of("A") };
        let mut sales = ReturnableSales::default();
        let on = |text: &str| DayRange { first: day(text), last: day(text) };
        sales.add(on("2026-05-01"), 100, Some("R-1"), Some(&a));
        sales.add(on("2026-05-02"), 50, Some("R-1"), Some(&b));
        sales.add(on("2026-05-09"), -30, Some("C-1"), Some(&returned));
        sales.add(DayRange { first: day("2026-04-01"), last: day("2026-06-30") }, 90, Some("Q-2"), None);
        let check = |on: &str, minor: i64, reference: &str, product: Option<&str>| {
            sales.check(day(on), minor, reference, product)
        };
        assert_eq!(check("2026-04-01", -90, "Q-2", None), Ok(()));
        assert!(matches!(check("2026-03-31", -90, "Q-2", None), Err(ReturnFault::SoldLater { .. })));
        assert_eq!(check("2026-05-09", -70, "R-1", Some("A")), Ok(()));
        assert_eq!(check("2026-05-09", -120, "R-1", None), Ok(()));
        assert!(matches!(
            check("2026-05-09", -71, "R-1", Some("A")),
            Err(ReturnFault::TooMuch { sold_minor: 100, returned_minor: 30, .. })
        ));
        assert!(matches!(check("2026-05-09", -121, "R-1", None), Err(ReturnFault::TooMuch { .. })));
        assert!(matches!(check("2026-05-01", -1, "R-1", Some("B")), Err(ReturnFault::SoldLater { .. })));
        assert!(matches!(check("2026-05-09", -1, "R-2", None), Err(ReturnFault::NoSale { .. })));
        assert!(matches!(check("2026-05-09", -1, "C-1", None), Err(ReturnFault::NoSale { .. })));
        assert!(matches!(check("2026-05-09", -1, "R-1", Some("C")), Err(ReturnFault::NoSale { .. })));
    }
}
