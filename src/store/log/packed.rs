//! Sales in bulk, many of one partner in one row: in the log those that one import brings, in the projections all.
//!
//! A packed row of the log stands for as many events as it has sales, numbered on from its own number. Reports can
//! bring millions of sales; a row for each would make the file several times larger and slower.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::period::DayRange;
use crate::lifecycle::event::{Event, PartnerId, Recorded, Undecodable};
use crate::lifecycle::revenue::{FirstReport, Sale, SaleDetail, SaleTies, Sold};
use crate::store::error::{BadSales, Content, Damage, Result, damaged, unreadable};
use crate::store::log::logged::LoggedEvent;

/// The kind of a row that holds several sales.
pub(in crate::store) const KIND: &str = "sales";

/// The kind of a row that stands for events that are lost.
const LOST: &str = "lost";

/// The kind of the events that such a row stands for.
pub(in crate::store) const PACKS: &str = "sold";

type TextColumn<'c> = Vec<Option<Cow<'c, str>>>;

type DayColumn = Vec<Option<Day>>;

/// Sales as they are written: a list for each part, left out if no sale has the part.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::store) struct Packed<'c> {
    /// The numbers to correct them by; in the log they follow from the number of the row.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    event: Vec<i64>,
    day: Vec<Day>,
    amount_minor: Vec<i64>,
    #[serde(borrow, skip_serializing_if = "Vec::is_empty")]
    period: TextColumn<'c>,
    /// The days of the period.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    first_day: DayColumn,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    last_day: DayColumn,
    #[serde(borrow, skip_serializing_if = "Vec::is_empty")]
    reference: TextColumn<'c>,
    #[serde(borrow, skip_serializing_if = "Vec::is_empty")]
    product: TextColumn<'c>,
    #[serde(borrow, skip_serializing_if = "Vec::is_empty")]
    quantity: TextColumn<'c>,
    #[serde(borrow, skip_serializing_if = "Vec::is_empty")]
    unit_price: TextColumn<'c>,
    #[serde(borrow, skip_serializing_if = "Vec::is_empty")]
    customer: TextColumn<'c>,
    #[serde(borrow, skip_serializing_if = "Vec::is_empty")]
    ship_to: TextColumn<'c>,
    #[serde(borrow, skip_serializing_if = "Vec::is_empty")]
    list_amount: TextColumn<'c>,
    #[serde(borrow, skip_serializing_if = "Vec::is_empty")]
    returns: TextColumn<'c>,
    #[serde(borrow, skip_serializing_if = "Vec::is_empty")]
    deal: TextColumn<'c>,
    #[serde(borrow, skip_serializing_if = "Vec::is_empty")]
    currency: TextColumn<'c>,
    #[serde(borrow, skip_serializing_if = "Vec::is_empty")]
    amount: TextColumn<'c>,
    #[serde(borrow, skip_serializing_if = "Vec::is_empty")]
    rate: TextColumn<'c>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ties: Vec<Option<Arc<SaleTies>>>,
    /// What the parts of a total count for; of projected rows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts_minor: Vec<i64>,
    /// What was first reported of sales that were corrected, by their place; of projected rows.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    first: BTreeMap<usize, Arc<FirstReport>>,
}

/// One sale on its way into a packed row.
struct PackedPart<'s> {
    event: Option<i64>,
    day: Day,
    amount_minor: i64,
    period: Option<&'s str>,
    days: Option<DayRange>,
    reference: Option<&'s str>,
    detail: &'s SaleDetail,
    ties: Option<&'s Arc<SaleTies>>,
    parts_minor: i64,
    first: Option<&'s Arc<FirstReport>>,
}

/// A row of the log with some sales of a partner.
pub struct Packing {
    pub(in crate::store) day: Day,
    pub(in crate::store) kind: &'static str,
    pub(in crate::store) body: String,
    /// How many events it stands for.
    pub(in crate::store) count: i64,
}

impl Packing {
    /// Returns the row of these sales; a single one is an event like any other.
    pub(in crate::store) fn of(sales: &[(Day, Sold)]) -> Packing {
        if let [(day, sold)] = sales {
            let event = Event::from(sold.clone());
            return Packing { day: *day, kind: event.kind(), body: event.body(), count: 1 };
        }
        let body = Packed::of(sales, |(day, sold)| PackedPart {
            event: None,
            day: *day,
            amount_minor: sold.amount_minor,
            period: sold.period.as_deref(),
            days: sold.days,
            reference: sold.reference.as_deref(),
            detail: sold.detail.as_deref().unwrap_or(&SaleDetail::NONE),
            ties: sold.ties.as_ref(),
            parts_minor: 0,
            first: None,
        });
        let day = sales.first().map_or(Day::FIRST, |(day, _)| *day);
        Packing { day, kind: KIND, body, count: sales.len() as i64 }
    }
}

/// Returns these sales as a projected row holds them.
pub(in crate::store) fn pack_projected(sales: &[Sale]) -> String {
    Packed::of(sales, |sale| PackedPart {
        event: Some(sale.event),
        day: sale.day,
        amount_minor: sale.amount_minor,
        period: None,
        days: sale.period,
        reference: sale.reference.as_deref(),
        detail: sale.detail.as_deref().unwrap_or(&SaleDetail::NONE),
        ties: sale.ties.as_ref(),
        parts_minor: sale.parts_minor,
        first: sale.first.as_ref(),
    })
}

impl<'c> Packed<'c> {
    fn of<'s, T>(sales: &'s [T], part: impl Fn(&'s T) -> PackedPart<'s>) -> String {
        let parts: Vec<PackedPart> = sales.iter().map(part).collect();
        let column = |text: for<'p> fn(&'p PackedPart<'s>) -> Option<&'p str>| -> TextColumn {
            if parts.iter().all(|part| text(part).is_none()) {
                return Vec::new();
            }
            parts.iter().map(|part| text(part).map(Cow::from)).collect()
        };
        let days = |day: fn(DayRange) -> Day| -> DayColumn {
            if parts.iter().all(|part| part.days.is_none()) {
                return Vec::new();
            }
            parts.iter().map(|part| part.days.map(day)).collect()
        };
        let packed = Packed {
            event: parts.iter().filter_map(|part| part.event).collect(),
            day: parts.iter().map(|part| part.day).collect(),
            amount_minor: parts.iter().map(|part| part.amount_minor).collect(),
            period: column(|part| part.period),
            first_day: days(|days| days.first),
            last_day: days(|days| days.last),
            reference: column(|part| part.reference),
            product: column(|part| part.detail.product.as_deref()),
            quantity: column(|part| part.detail.quantity.as_deref()),
            unit_price: column(|part| part.detail.unit_price.as_deref()),
            customer: column(|part| part.detail.customer.as_deref()),
            ship_to: column(|part| part.detail.ship_to.as_deref()),
            list_amount: column(|part| part.detail.list_amount.as_deref()),
            returns: column(|part| part.detail.returns.as_deref()),
            deal: column(|part| part.detail.deal.as_deref()),
            currency: column(|part| part.detail.currency.as_deref()),
            amount: column(|part| part.detail.amount.as_deref()),
            rate: column(|part| part.detail.rate.as_deref()),
            ties: if parts.iter().any(|part| part.ties.is_some()) {
                parts.iter().map(|part| part.ties.cloned()).collect()
            } else {
                Vec::new()
            },
            parts_minor: if parts.iter().any(|part| part.parts_minor != 0) {
                parts.iter().map(|part| part.parts_minor).collect()
            } else {
                Vec::new()
            },
            first: parts
                .iter()
                .enumerate()
                .filter_map(|(at, part)| Some((at, Arc::clone(part.first?))))
                .collect(),
        };
        serde_json::to_string(&packed).unwrap_or_default()
    }

    /// Reads what [`Packing::of`] or [`pack_projected`] wrote.
    fn read(text: &'c str) -> serde_json::Result<Packed<'c>> {
        use serde::de::Error as _;
        let packed: Packed = serde_json::from_str(text)?;
        if packed.day.len() == packed.amount_minor.len() {
            Ok(packed)
        } else {
            Err(serde_json::Error::invalid_length(
                packed.amount_minor.len(),
                &packed.day.len().to_string().as_str(),
            ))
        }
    }

    fn sales(&self) -> impl Iterator<Item = (Day, Sold)> {
        let text = |column: &TextColumn, at: usize| column.get(at)?.as_deref().map(str::to_owned);
        let sold = move |(at, (day, amount_minor)): (usize, (&Day, &i64))| {
            let detail = SaleDetail {
                product: text(&self.product, at),
                quantity: text(&self.quantity, at),
                unit_price: text(&self.unit_price, at),
                customer: text(&self.customer, at),
                ship_to: text(&self.ship_to, at),
                list_amount: text(&self.list_amount, at),
                returns: text(&self.returns, at),
                deal: text(&self.deal, at),
                currency: text(&self.currency, at),
                amount: text(&self.amount, at),
                rate: text(&self.rate, at),
            };
            let sold = Sold {
                amount_minor: *amount_minor,
                period: text(&self.period, at),
                days: days_at(&self.first_day, &self.last_day, at),
                reference: text(&self.reference, at),
                detail: Some(detail).filter(|detail| *detail != SaleDetail::NONE).map(Arc::new),
                ties: self.ties.get(at).cloned().flatten(),
            };
            (*day, sold)
        };
        self.day.iter().zip(&self.amount_minor).enumerate().map(sold)
    }
}

/// Returns the days of the period of the sale at a place, if it is for one.
fn days_at(first: &DayColumn, last: &DayColumn, at: usize) -> Option<DayRange> {
    let day = |column: &DayColumn| column.get(at).copied().flatten();
    Some(DayRange { first: day(first)?, last: day(last)? })
}

/// Returns the sales of a projected row.
pub(in crate::store) fn projected(text: &str) -> Result<Vec<Sale>> {
    let packed = Packed::read(text).map_err(|error| unreadable(Content::Sales, &error))?;
    let sale = |(at, (event, (day, sold))): (usize, (&i64, (Day, Sold)))| {
        let parts_minor = packed.parts_minor.get(at).copied().unwrap_or(0);
        let Sold { amount_minor, period: _, days: period, reference, detail, ties } = sold;
        let first = packed.first.get(&at).cloned();
        Sale { event: *event, day, amount_minor, parts_minor, period, reference, detail, ties, first }
    };
    Ok(packed.event.iter().zip(packed.sales()).enumerate().map(sale).collect())
}

/// Days, amounts, periods and papers of a projected row alone, which most reports are content with.
#[derive(Deserialize)]
pub(in crate::store) struct Amounts<'c> {
    pub day: Vec<Day>,
    pub amount_minor: Vec<i64>,
    #[serde(default)]
    pub parts_minor: Vec<i64>,
    #[serde(default)]
    pub first_day: DayColumn,
    #[serde(default, borrow)]
    pub reference: TextColumn<'c>,
    #[serde(default, borrow)]
    pub returns: TextColumn<'c>,
    #[serde(default, borrow)]
    pub deal: TextColumn<'c>,
}

impl<'c> Amounts<'c> {
    /// Reads the lists, and nothing else of the row.
    pub(in crate::store) fn read(text: &'c str) -> Result<Amounts<'c>> {
        serde_json::from_str(text).map_err(|error| unreadable(Content::Sales, &error))
    }
}

fn bad_sales(why: BadSales) -> Error {
    damaged(Damage::Sales(why))
}

impl LoggedEvent {
    /// Returns how many events the row stands for.
    ///
    /// # Errors
    /// [`FileFault`] if that cannot be decoded.
    pub fn count(&self) -> Result<i64> {
        match self.kind.as_str() {
            KIND => Ok(self.unpacked()?.day.len() as i64),
            LOST => match self.decode()? {
                Event::Lost(lost) if lost.events > 0 => Ok(lost.events),
                _ => Err(bad_sales(BadSales::NoEvent)),
            },
            _ => Ok(1),
        }
    }

    /// Returns the events that the row stands for, each with its own number.
    ///
    /// # Errors
    /// [`FileFault`] if it cannot be decoded.
    pub fn each(self) -> Result<Vec<LoggedEvent>> {
        if self.kind != KIND {
            return Ok(vec![self]);
        }
        let packed = self.unpacked()?;
        let (action, partner) = (self.action, self.partner);
        let one = |(number, (day, sold))| {
            let event = Event::from(sold);
            LoggedEvent { number, action, partner, day, kind: event.kind().to_owned(), body: event.body() }
        };
        Ok((self.number..).zip(packed.sales()).map(one).collect())
    }

    /// Returns the row that stands for these events, which [`LoggedEvent::each`] gave.
    ///
    /// # Errors
    /// [`FileFault`] if there is none, or if several are not sales.
    pub fn joined(mut events: Vec<LoggedEvent>) -> Result<LoggedEvent> {
        let mut sales = Vec::with_capacity(events.len());
        if let [_, _, ..] = events[..] {
            for event in &events {
                match event.decode()? {
                    Event::Sold(sold) => sales.push((event.day, sold)),
                    _ => return Err(bad_sales(BadSales::NotASale)),
                }
            }
        }
        let first =
            if events.is_empty() { return Err(bad_sales(BadSales::Empty)) } else { events.swap_remove(0) };
        if sales.is_empty() {
            return Ok(first);
        }
        let Packing { day, kind, body, .. } = Packing::of(&sales);
        Ok(LoggedEvent { day, kind: kind.to_owned(), body, ..first })
    }

    /// Decodes the events that the row stands for and hands them over.
    pub(in crate::store) fn each_recorded(
        &self,
        partner: PartnerId,
        mut take: impl FnMut(Recorded),
    ) -> Result<()> {
        if self.kind != KIND {
            take(Recorded { number: self.number, partner, day: self.day, event: self.decode()? });
            return Ok(());
        }
        for (number, (day, sold)) in (self.number..).zip(self.unpacked()?.sales()) {
            take(Recorded { number, partner, day, event: sold.into() });
        }
        Ok(())
    }

    fn unpacked(&self) -> Result<Packed<'_>> {
        let undecodable = |error: serde_json::Error| {
            Error::from(Undecodable { kind: KIND.to_owned(), why: Some(error.to_string()) })
        };
        Packed::read(&self.body).map_err(undecodable)
    }
}
