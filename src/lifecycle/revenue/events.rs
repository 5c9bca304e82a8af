//! What is recorded of sales, and what is known of them after that.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::DayRange;
use crate::lifecycle::base::stored::is_false;

/// Sell-through that the partner reported, in minor units of the program's currency.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Sold {
    pub amount_minor: i64,
    /// The period that the amount is for, if it is not for one day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// The days of the period; missing in what was recorded before they were kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<DayRange>,
    /// The invoice or report number, which makes recording it twice harmless.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<Arc<SaleDetail>>,
    /// How it counts beside other records of its days, if anything was said of that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ties: Option<Arc<SaleTies>>,
}

/// What was sold to whom, as reported. Numbers are kept as they were typed.
#[derive(Clone, Default, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct SaleDetail {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ship_to: Option<String>,
    /// The price by the list, in the currency of the sale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list_amount: Option<String>,
    /// The reference of the sale that is returned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub returns: Option<String>,
    /// The deal that the sale belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deal: Option<String>,
    /// The currency of the price, if it is not the program's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// The amount in that currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
    /// What one unit of that currency is worth in the program's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<String>,
}

/// A sale that was corrected, as it was first reported.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FirstReport {
    pub day: Day,
    pub sold: Sold,
    /// The last event that corrected it.
    pub corrected_by: i64,
}

/// How a sale counts beside other records of the same days.
#[derive(Clone, Default, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct SaleTies {
    /// The events that it replaces, which count no more.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub replaces: Vec<i64>,
    /// The total that it is a part of; the total counts for the rest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part_of: Option<i64>,
    /// The records that are parts of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<i64>,
    /// It counts beside what was recorded of its days.
    #[serde(skip_serializing_if = "is_false")]
    pub beside: bool,
}

/// A part of a sale that can be corrected.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SalePart {
    Quantity,
    UnitPrice,
    Currency,
    Amount,
    Rate,
    Product,
    Customer,
    ShipTo,
    Deal,
    Ref,
    ListAmount,
    Returns,
}

impl SalePart {
    pub const ALL: [SalePart; 12] = [
        SalePart::Quantity,
        SalePart::UnitPrice,
        SalePart::Currency,
        SalePart::Amount,
        SalePart::Rate,
        SalePart::Product,
        SalePart::Customer,
        SalePart::ShipTo,
        SalePart::Deal,
        SalePart::Ref,
        SalePart::ListAmount,
        SalePart::Returns,
    ];

    /// Returns the word by which users and machines know it.
    pub fn word(self) -> &'static str {
        match self {
            SalePart::Quantity => "quantity",
            SalePart::UnitPrice => "unit-price",
            SalePart::Currency => "currency",
            SalePart::Amount => "amount",
            SalePart::Rate => "rate",
            SalePart::Product => "product",
            SalePart::Customer => "customer",
            SalePart::ShipTo => "ship-to",
            SalePart::Deal => "deal",
            SalePart::Ref => "ref",
            SalePart::ListAmount => "list-amount",
            SalePart::Returns => "returns",
        }
    }
}

/// What is right of a sale that was recorded wrongly; what is not said stays.
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct SaleCorrection {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<String>,
    /// The currency of the sale, if it is not the program's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// The amount in that currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ship_to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deal: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The price by the list, in the currency of the sale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list_amount: Option<String>,
    /// The reference of the sale that is returned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub returns: Option<String>,
    /// What was recorded and is not so.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub without: BTreeSet<SalePart>,
}

impl SaleCorrection {
    /// Returns whether it says nothing.
    pub fn is_nothing(&self) -> bool {
        *self == SaleCorrection::default()
    }

    /// Returns the right part, if it is said.
    pub fn part(&self, part: SalePart) -> Option<&String> {
        match part {
            SalePart::Quantity => self.quantity.as_ref(),
            SalePart::UnitPrice => self.unit_price.as_ref(),
            SalePart::Currency => self.currency.as_ref(),
            SalePart::Amount => self.amount.as_ref(),
            SalePart::Rate => self.rate.as_ref(),
            SalePart::Product => self.product.as_ref(),
            SalePart::Customer => self.customer.as_ref(),
            SalePart::ShipTo => self.ship_to.as_ref(),
            SalePart::Deal => self.deal.as_ref(),
            SalePart::Ref => self.reference.as_ref(),
            SalePart::ListAmount => self.list_amount.as_ref(),
            SalePart::Returns => self.returns.as_ref(),
        }
    }

    /// Returns the place of a part.
    pub fn part_mut(&mut self, part: SalePart) -> &mut Option<String> {
        match part {
            SalePart::Quantity => &mut self.quantity,
            SalePart::UnitPrice => &mut self.unit_price,
            SalePart::Currency => &mut self.currency,
            SalePart::Amount => &mut self.amount,
            SalePart::Rate => &mut self.rate,
            SalePart::Product => &mut self.product,
            SalePart::Customer => &mut self.customer,
            SalePart::ShipTo => &mut self.ship_to,
            SalePart::Deal => &mut self.deal,
            SalePart::Ref => &mut self.reference,
            SalePart::ListAmount => &mut self.list_amount,
            SalePart::Returns => &mut self.returns,
        }
    }

    /// Takes over what a later correction says.
    pub(crate) fn replace_by(&mut self, later: &SaleCorrection) {
        for part in SalePart::ALL {
            if later.part(part).is_some() {
                self.part_mut(part).clone_from(&later.part(part).cloned());
                self.without.remove(&part);
            } else if later.without.contains(&part) {
                *self.part_mut(part) = None;
                self.without.insert(part);
            }
        }
    }

    /// Returns the part of a sale as it is right.
    pub(crate) fn right(&self, part: SalePart, recorded: Option<&String>) -> Option<String> {
        match self.part(part) {
            Some(right) => Some(right.clone()),
            None if self.without.contains(&part) => None,
            None => recorded.cloned(),
        }
    }

    /// Returns the detail of a sale as it is right.
    pub(crate) fn applied_to(&self, recorded: Option<&Arc<SaleDetail>>) -> Option<Arc<SaleDetail>> {
        if self.is_nothing() {
            return recorded.cloned();
        }
        let known = recorded.map_or(&SaleDetail::NONE, |detail| &**detail);
        let detail = SaleDetail {
            product: self.right(SalePart::Product, known.product.as_ref()),
            quantity: self.right(SalePart::Quantity, known.quantity.as_ref()),
            unit_price: self.right(SalePart::UnitPrice, known.unit_price.as_ref()),
            customer: self.right(SalePart::Customer, known.customer.as_ref()),
            ship_to: self.right(SalePart::ShipTo, known.ship_to.as_ref()),
            list_amount: self.right(SalePart::ListAmount, known.list_amount.as_ref()),
            returns: self.right(SalePart::Returns, known.returns.as_ref()),
            deal: self.right(SalePart::Deal, known.deal.as_ref()),
            currency: self.right(SalePart::Currency, known.currency.as_ref()),
            amount: self.right(SalePart::Amount, known.amount.as_ref()),
            rate: self.right(SalePart::Rate, known.rate.as_ref()),
        };
        Some(detail).filter(|detail| *detail != SaleDetail::NONE).map(Arc::new)
    }
}

impl Sold {
    /// Returns all that was said of it beside amount, period and reference.
    pub(crate) fn says(&self) -> &SaleDetail {
        self.detail.as_deref().unwrap_or(&SaleDetail::NONE)
    }

    /// Returns the product, if it was reported.
    pub fn product(&self) -> Option<&str> {
        self.detail.as_ref().and_then(|detail| detail.product.as_deref())
    }
}

impl SaleDetail {
    /// Returns a part of it, if it is said; the reference is none of its parts.
    pub(crate) fn part(&self, part: SalePart) -> Option<&str> {
        let part = match part {
            SalePart::Quantity => &self.quantity,
            SalePart::UnitPrice => &self.unit_price,
            SalePart::Currency => &self.currency,
            SalePart::Amount => &self.amount,
            SalePart::Rate => &self.rate,
            SalePart::Product => &self.product,
            SalePart::Customer => &self.customer,
            SalePart::ShipTo => &self.ship_to,
            SalePart::Deal => &self.deal,
            SalePart::ListAmount => &self.list_amount,
            SalePart::Returns => &self.returns,
            SalePart::Ref => return None,
        };
        part.as_deref()
    }

    /// Nothing is known but the amount.
    pub const NONE: SaleDetail = SaleDetail {
        product: None,
        quantity: None,
        unit_price: None,
        customer: None,
        ship_to: None,
        list_amount: None,
        returns: None,
        deal: None,
        currency: None,
        amount: None,
        rate: None,
    };
}

/// Reported revenue. For a period, `day` is its last day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sale {
    pub event: i64,
    pub day: Day,
    /// What counts: of a total, what its parts do not count for.
    pub amount_minor: i64,
    /// What the parts of a total count for, in minor units.
    pub parts_minor: i64,
    /// The days of the period that it is for, if it is not for one day.
    pub period: Option<DayRange>,
    pub reference: Option<String>,
    pub detail: Option<Arc<SaleDetail>>,
    /// How it counts beside other records of its days, if anything was said of that.
    pub ties: Option<Arc<SaleTies>>,
    /// What was first reported, if a correction says otherwise.
    pub first: Option<Arc<FirstReport>>,
}

impl Sale {
    /// Makes a sale of what is reported on a day, as if `event` recorded it.
    pub(crate) fn reported(event: i64, day: Day, sold: &Sold) -> Sale {
        Sale {
            event,
            day,
            amount_minor: sold.amount_minor,
            parts_minor: 0,
            period: sold.days,
            reference: sold.reference.clone(),
            detail: sold.detail.clone(),
            ties: None,
            first: None,
        }
    }

    /// Returns the amount as it was reported, of a total with its parts, in minor units.
    pub fn reported_minor(&self) -> i64 {
        self.amount_minor.saturating_add(self.parts_minor)
    }

    /// Returns the days that it is for: of a period all of them, else one.
    pub(crate) fn days(&self) -> DayRange {
        self.period.unwrap_or(DayRange { first: self.day, last: self.day })
    }

    /// Returns all that was said of it beside amount, period and reference.
    pub(crate) fn said(&self) -> &SaleDetail {
        self.detail.as_deref().unwrap_or(&SaleDetail::NONE)
    }

    /// Returns the product, if it was reported.
    pub fn product(&self) -> Option<&str> {
        self.detail.as_ref().and_then(|detail| detail.product.as_deref())
    }
}

/// A sale, as far as rules look at it.
pub trait SaleFact {
    /// Returns the day on which it counts; for a period the last one.
    fn day(&self) -> Day;

    /// Returns the amount in minor units; returns count below zero.
    fn amount_minor(&self) -> i64;

    /// Returns the first day that it is for: of a period, if it is for one.
    fn first_day(&self) -> Day;

    /// Returns what tells its papers from others.
    fn papers(&self) -> SalePapers;

    /// Returns whether it is a total of which other sales are parts, and counts for the rest.
    fn has_parts(&self) -> bool;

    /// Returns the first and the last day of which it reports what was sold; none for a return or a credit note: less than
    /// nothing on a single day says nothing of the rest of the period.
    fn days_reported(&self) -> Option<(Day, Day)> {
        let (first, last) = (self.first_day(), self.day());
        let only_gives_back = first == last && self.amount_minor() < 0 && !self.has_parts();
        (!only_gives_back).then_some((first, last))
    }
}

/// Numbers that tell the deal of a sale, and its invoice or report, from others; 0 for what is not named.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct SalePapers {
    deal: u64,
    /// Of a return that says which sale it takes back, that of the sale.
    reference: u64,
}

impl SalePapers {
    /// Returns the numbers of papers with these names.
    pub(crate) fn of(deal: Option<&str>, reference: Option<&str>, returns: Option<&str>) -> SalePapers {
        let number = |name: Option<&str>, kind: u8| {
            name.map_or(0, |name| {
                let mut hasher = DefaultHasher::new();
                (kind, name).hash(&mut hasher);
                hasher.finish()
            })
        };
        SalePapers { deal: number(deal, 0), reference: number(returns.or(reference), 1) }
    }

    /// Returns the number of the invoice or report; of a return that names its sale, that of the sale; 0 without any.
    pub(crate) fn reference(self) -> u64 {
        self.reference
    }

    /// Returns the numbers of those that are named, the deal first.
    pub(crate) fn named(self) -> impl Iterator<Item = u64> {
        [self.deal, self.reference].into_iter().filter(|number| *number != 0)
    }
}

/// Returns what was sold from `first` to `last`, in minor units. `sales` are in order of day.
pub(crate) fn sold_between<S: SaleFact>(sales: &[S], first: Day, last: Day) -> i128 {
    let from = sales.partition_point(|sale| sale.day() < first);
    let within = sales[from..].iter().take_while(|sale| sale.day() <= last);
    within.map(|sale| i128::from(sale.amount_minor())).sum()
}

impl SaleFact for Sale {
    fn day(&self) -> Day {
        self.day
    }

    fn amount_minor(&self) -> i64 {
        self.amount_minor
    }

    fn first_day(&self) -> Day {
        self.period.map_or(self.day, |period| period.first)
    }

    fn papers(&self) -> SalePapers {
        let detail = self.said();
        SalePapers::of(detail.deal.as_deref(), self.reference.as_deref(), detail.returns.as_deref())
    }

    fn has_parts(&self) -> bool {
        self.parts_minor > 0
    }
}
