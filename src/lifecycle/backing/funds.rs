//! The funds of a program: where their money comes from, and what it is given for.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// A fund that supports what partners do to market our products.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fund {
    pub key: String,
    pub name: String,
    pub funding: Funding,
    /// Which part of an activity's cost we bear at most, in percent.
    pub max_percent: i64,
    /// For how many days after it came in money can be approved; without it, for ever.
    pub valid_days: Option<i64>,
    /// For how many days after its end an activity can be claimed.
    pub claim_days: i64,
    /// The kinds of activity that it is for; none means any.
    pub activities: Vec<String>,
}

/// Where the money of a fund comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Funding {
    /// A percentage of each partner's revenue (co-op).
    Accrues { percent: Decimal },
    /// A budget for each fiscal year, in minor units (MDF).
    Budget(BTreeMap<String, i64>),
}

/// What a percentage of revenue comes to, in whole minor units, never more than the share; nothing for revenue
/// below zero.
pub fn accrual(percent: Decimal, revenue_minor: i128) -> Option<i64> {
    let revenue = Decimal::try_from_i128_with_scale(revenue_minor.max(0), 0).ok()?;
    let share = revenue.checked_mul(percent)?.checked_div(Decimal::ONE_HUNDRED)?;
    share.floor().to_i64()
}
