//! Sell-through revenue that partners report, and the reports that they owe.
//!
//! The room knows partners, the program and agreed terms; it must not know other chapters, nor words for people. One
//! file for what was typed, one for the reports that are owed. To add a detail of a sale: a field of `SaleDetail`, and
//! how it is typed in `typed.rs`.

pub(crate) mod reporting;
pub(crate) mod typed;

pub(crate) use reporting::read_reporting;
pub(crate) use reporting::{ReportingFault, ReportingRule, owed};
pub(crate) use typed::SaleFault;
pub use typed::TypedSale;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::lifecycle::base::conflict::Misfit;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::located::{Section, TomlReader};
use crate::lifecycle::base::money::{Amount, Currency, Money};
use crate::lifecycle::facts::Scene;
use crate::lifecycle::forget::{Forgetting, erase};
use crate::lifecycle::happening::{Happening, Moment};
use crate::lifecycle::partner::Partner;
use crate::lifecycle::program::sections::read_amount;
use crate::lifecycle::rule::{Decision, Ruling};

/// Sell-through that the partner reported, in minor units of the program's currency.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Sold {
    pub amount_minor: i64,
    /// The period that the amount is for, if it is not for one day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// The invoice or report number, which makes recording it twice harmless.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<Arc<SaleDetail>>,
}

impl Happening for Sold {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        partner.sales.push(Sale {
            event: at.event,
            day: at.day,
            amount_minor: at.amount_minor(self.amount_minor),
            period: self.period.clone(),
            reference: self.reference.clone(),
            detail: self.detail.clone(),
        });
        Ok(())
    }

    fn forget(&mut self, forgetting: &mut Forgetting) {
        self.reference = self.reference.take().map(|text| forgetting.instead("sale", &text));
        if let Some(detail) = self.detail.take() {
            let mut detail = (*detail).clone();
            erase(&mut detail.ship_to);
            detail.customer = detail.customer.map(|text| forgetting.instead("customer", &text));
            detail.deal = detail.deal.map(|text| forgetting.instead("deal", &text));
            self.detail = Some(Arc::new(detail));
        }
    }
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
    pub period: Option<String>,
    pub reference: Option<String>,
    pub detail: Option<Arc<SaleDetail>>,
}

impl Sale {
    /// Returns the product, if it was reported.
    pub fn product(&self) -> Option<&str> {
        self.detail.as_ref().and_then(|detail| detail.product.as_deref())
    }
}

/// A partner is productive when its revenue of the last twelve months reaches this.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Productive {
    pub revenue_12m_minor: i64,
}

/// Why reported revenue is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum RevenueRefusal {
    /// The reference is known with another amount or day; `sale` is the number of the event that recorded it.
    ReferenceTaken { reference: String, sale: i64, recorded: (Money, Day), reported: (Money, Day) },
}

/// Nothing is recorded: a sale of this reference, with the same amount and day, is known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct SaleKnown {
    pub reference: String,
    pub amount: Amount,
    pub on: Day,
}

/// `[productive]` does not give the revenue.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct NoProductiveRevenue;

/// Records reported revenue; a reference makes recording it twice harmless, for each product of an invoice.
///
/// # Errors
/// Refused if the reference is known with another amount or day.
pub fn sold(scene: Scene, request: Sold) -> Ruling {
    let Scene { program, partner, day } = scene;
    let amount = |minor: i64| program.currency.money(i128::from(minor));
    let known = partner
        .sales
        .iter()
        .filter(|sale| request.reference.is_some() && sale.reference == request.reference)
        .find(|sale| sale.product() == request.product());
    if let Some(sale) = known {
        let reference = request.reference.as_deref().unwrap_or_default();
        if sale.amount_minor == request.amount_minor && sale.day == day {
            let (reference, on) = (reference.to_owned(), sale.day);
            let amount = program.currency.amount(sale.amount_minor.into());
            return Ok(Decision::already(SaleKnown { reference, amount, on }));
        }
        return Err(Error::refused(RevenueRefusal::ReferenceTaken {
            reference: reference.to_owned(),
            sale: sale.event,
            recorded: (amount(sale.amount_minor), sale.day),
            reported: (amount(request.amount_minor), day),
        }));
    }
    Decision::record(request)
}

/// Reads `[productive]`: from which revenue on a partner counts as productive.
pub(crate) fn read_productive(
    mut section: Section,
    reader: &mut TomlReader,
    currency: Option<Currency>,
) -> Option<Productive> {
    let amount = read_amount(&mut section, reader, "revenue_12m", currency);
    if amount.is_none() && reader.clean() {
        reader.fault(section.span(), NoProductiveRevenue);
    }
    section.finish(reader);
    amount.map(|revenue_12m_minor| Productive { revenue_12m_minor })
}
