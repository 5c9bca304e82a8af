//! The funds of a program: where their money comes from, and what it is given for.

use std::str::FromStr;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::located::{Located, NotedValue, Section, TomlReader};
use crate::lifecycle::base::located_amounts::DecimalOrTable;
use crate::lifecycle::base::money::{Currency, MoneyFault};
use crate::lifecycle::base::period::DayRange;
use crate::lifecycle::funds::budget_years::{Budget, BudgetYear};
use crate::lifecycle::program::sections::{MOST_DAYS, keyed, name_of, values};

/// The days for claims of a fund that says nothing of them.
pub(crate) const CLAIM_DAYS: i64 = 60;

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
    Accrues(AccrualRate),
    /// A budget for each year (MDF).
    Budget(Budget),
}

/// Which percentage of its revenue accrues to a partner.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum AccrualRate {
    /// The same for all partners.
    Same(Decimal),
    /// That of its tier; nothing accrues to partners of tiers that are not named, and of none.
    ByTier(Vec<(String, Decimal)>),
}

impl AccrualRate {
    /// Returns the percentage for partners of a tier.
    pub(crate) fn of_tier(&self, tier: Option<&str>) -> Option<Decimal> {
        match self {
            AccrualRate::Same(percent) => Some(*percent),
            AccrualRate::ByTier(percents) => {
                let own =
                    percents.iter().find(|(key, _)| tier.is_some_and(|tier| tier.eq_ignore_ascii_case(key)));
                own.map(|(_, percent)| *percent)
            }
        }
    }
}

/// What is wrong with a `[[fund]]` section; `fund` is what messages call it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum FundFault {
    TwoSources {
        fund: String,
    },
    NoSource {
        fund: String,
    },
    Percent {
        typed: String,
    },
    NoYear {
        typed: String,
    },
    NegativeBudget {
        year: String,
    },
    NoBudgetAmount {
        year: String,
    },
    /// `from` or `to` of a budget is no day, or it would end before it begins.
    BudgetDays {
        year: String,
    },
    Amount(MoneyFault),
}

/// Returns what a percentage of revenue comes to, in whole minor units, never more than the share; below zero if more came
/// back than was sold.
pub(crate) fn accrual(percent: Decimal, revenue_minor: i128) -> Option<i64> {
    let revenue = Decimal::try_from_i128_with_scale(revenue_minor, 0).ok()?;
    let share = revenue.checked_mul(percent)?.checked_div(Decimal::ONE_HUNDRED)?;
    share.trunc().to_i64()
}

/// Reads the `[[fund]]` sections.
pub(crate) fn read_funds(
    root: &mut Section,
    reader: &mut TomlReader,
    currency: Option<Currency>,
) -> Vec<Fund> {
    keyed(root, reader, "fund", |section, reader, key| {
        let name = name_of(section, reader, key);
        let percent = section
            .decimal_or_table(reader, "percent_of_revenue")
            .and_then(|percent| read_rate(percent, reader));
        let budget = section.table(reader, "budget").map(|section| read_budget(section, reader, currency));
        let funding = match (percent, budget) {
            (Some(percent), None) => Some(Funding::Accrues(percent)),
            (None, Some(budget)) => Some(Funding::Budget(budget)),
            (Some(_), Some(_)) => {
                let fund = section.title().to_owned();
                reader.fault(section.span(), FundFault::TwoSources { fund });
                None
            }
            (None, None) => {
                if reader.clean() {
                    let fund = section.title().to_owned();
                    reader.fault(section.span(), FundFault::NoSource { fund });
                }
                None
            }
        };
        let max_percent = section.whole(reader, "max_percent", 1..=100).map_or(100, |percent| percent.value);
        let valid_days = section.whole(reader, "valid_days", 1..=MOST_DAYS).map(|days| days.value);
        let claim_days =
            section.whole(reader, "claim_days", 0..=MOST_DAYS).map_or(CLAIM_DAYS, |days| days.value);
        let activities = values(section.texts_or_text(reader, "activities"));
        let (key, name, funding) = (key?.value.clone(), name?, funding?);
        Some(Fund { key, name, funding, max_percent, valid_days, claim_days, activities })
    })
}

/// Reads a percentage, or a table with one for each tier.
fn read_rate(percent: DecimalOrTable, reader: &mut TomlReader) -> Option<AccrualRate> {
    let table = match percent {
        DecimalOrTable::Decimal(text) => return read_percent(&text, reader).map(AccrualRate::Same),
        DecimalOrTable::Table(table) => table,
    };
    let percents = table.decimals(reader).into_iter().map(|(tier, text)| {
        let key = tier.value.clone();
        reader.note(NotedValue { key: "percent_of_revenue", attribute: "tier", word: tier });
        Some((key, read_percent(&text, reader)?))
    });
    percents.collect::<Option<Vec<_>>>().map(AccrualRate::ByTier)
}

fn read_percent(text: &Located<String>, reader: &mut TomlReader) -> Option<Decimal> {
    let percent = Decimal::from_str(&text.value).ok();
    let percent = percent.filter(|percent| *percent > Decimal::ZERO && *percent <= Decimal::ONE_HUNDRED);
    if percent.is_none() {
        reader.fault(&text.span, FundFault::Percent { typed: text.value.clone() });
    }
    percent
}

/// Reads budgets by year: an amount, or a table with the amount and the days of the year.
fn read_budget(section: Section, reader: &mut TomlReader, currency: Option<Currency>) -> Budget {
    let mut budget = Budget::new();
    for (year, value) in section.decimals_or_tables(reader) {
        let is_year = year.value.len() == 4 && year.value.bytes().all(|byte| byte.is_ascii_digit());
        if !is_year {
            reader.fault(&year.span, FundFault::NoYear { typed: year.value.clone() });
        }
        let (amount, days) = match value {
            DecimalOrTable::Decimal(amount) => (Some(amount), None),
            DecimalOrTable::Table(mut table) => {
                let amount = table.decimal(reader, "amount");
                if amount.is_none() {
                    reader.fault(table.span(), FundFault::NoBudgetAmount { year: year.value.clone() });
                }
                let days = read_budget_days(&mut table, reader, &year.value);
                table.finish(reader);
                (amount, days)
            }
        };
        let Some(amount) = amount else { continue };
        match currency.map(|currency| currency.parse(&amount.value)) {
            Some(Ok(amount_minor)) if amount_minor >= 0 => {
                budget.insert(year.value, BudgetYear { amount_minor, days });
            }
            Some(Ok(_)) => {
                reader.fault(&amount.span, FundFault::NegativeBudget { year: year.value });
            }
            Some(Err(why)) => reader.fault(&amount.span, FundFault::Amount(why)),
            None => {}
        }
    }
    budget
}

/// Reads the days of a budget, `from` and `to`; none if they are wrong.
fn read_budget_days(table: &mut Section, reader: &mut TomlReader, year: &str) -> Option<DayRange> {
    let [first, last] = ["from", "to"].map(|key| table.text(reader, key));
    let day = |text: Option<Located<String>>| Day::parse_iso(&text?.value);
    match (day(first), day(last)) {
        (Some(first), Some(last)) if first <= last => Some(DayRange { first, last }),
        _ => {
            reader.fault(table.span(), FundFault::BudgetDays { year: year.to_owned() });
            None
        }
    }
}
