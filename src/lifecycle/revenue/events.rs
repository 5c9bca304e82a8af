//! What is recorded of sales, and what is known of them after that.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::DayRange;

/// Sell-through that the partner reported, in minor units of the program's currency.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
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

/// What is right of a sale that was recorded wrongly; what is not said stays.
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct SaleCorrection {
    /// The price by the list, in the currency of the sale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list_amount: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ship_to: Option<String>,
    /// The reference of the sale that is returned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub returns: Option<String>,
}

impl SaleCorrection {
    /// Returns whether it says nothing.
    pub fn is_nothing(&self) -> bool {
        *self == SaleCorrection::default()
    }

    /// Takes over what a later correction says.
    pub(crate) fn replace_by(&mut self, later: &SaleCorrection) {
        let SaleCorrection { list_amount, ship_to, returns } = later;
        let own = [&mut self.list_amount, &mut self.ship_to, &mut self.returns];
        for (own, later) in own.into_iter().zip([list_amount, ship_to, returns]) {
            if later.is_some() {
                own.clone_from(later);
            }
        }
    }

    /// Returns the detail of a sale as it is right.
    pub(crate) fn applied_to(&self, recorded: Option<&Arc<SaleDetail>>) -> Option<Arc<SaleDetail>> {
        if self.is_nothing() {
            return recorded.cloned();
        }
        let mut detail = recorded.map_or(SaleDetail::NONE, |detail| (**detail).clone());
        let own = [&mut detail.list_amount, &mut detail.ship_to, &mut detail.returns];
        for (own, right) in own.into_iter().zip([&self.list_amount, &self.ship_to, &self.returns]) {
            if right.is_some() {
                own.clone_from(right);
            }
        }
        Some(Arc::new(detail))
    }
}

impl Sold {
    /// Returns the product, if it was reported.
    pub fn product(&self) -> Option<&str> {
        self.detail.as_ref().and_then(|detail| detail.product.as_deref())
    }
}

impl SaleDetail {
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
    pub amount_minor: i64,
    /// The days of the period that it is for, if it is not for one day.
    pub period: Option<DayRange>,
    pub reference: Option<String>,
    pub detail: Option<Arc<SaleDetail>>,
}

impl Sale {
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
}
