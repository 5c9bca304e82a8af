//! The ledgers of a partner, a fund each, and the movements that they follow from.

use std::collections::BTreeMap;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::event::Event;
use crate::lifecycle::funds::ledger::{FundLedger, Lot};
use crate::lifecycle::funds::misfit::FundMisfit;
use crate::lifecycle::funds::request::{FundClaim, FundRequest};

/// A movement of money, or a request for it, with the amount that holds after corrections.
#[derive(Clone, PartialEq, Debug)]
pub struct Movement {
    pub event: i64,
    pub day: Day,
    /// Nothing for movements that have no amount of their own.
    pub amount_minor: Option<i64>,
    pub what: Event,
}

/// By fund.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Books {
    ledgers: BTreeMap<String, FundLedger>,
}

impl Movement {
    /// Returns the movement that an event is, if it is one.
    pub fn of(event: i64, day: Day, what: &Event, corrected: Option<i64>) -> Option<Movement> {
        let amount_minor = match what {
            Event::Accrued(parts) => Some(parts.amount_minor),
            Event::Granted(parts) => Some(parts.amount_minor),
            Event::Requested(parts) => Some(parts.asked_minor),
            Event::Approved(parts) => Some(parts.amount_minor),
            Event::Claimed(parts) => Some(parts.amount_minor),
            Event::Paid(parts) => parts.amount_minor,
            Event::TakenBack(parts) => Some(parts.amount_minor),
            Event::Expired(parts) => Some(parts.amount_minor),
            Event::Refused(_) | Event::Closed(_) => None,
            _ => return None,
        };
        let amount_minor = amount_minor.map(|amount| corrected.unwrap_or(amount));
        Some(Movement { event, day, amount_minor, what: what.clone() })
    }
}

impl Books {
    /// Takes movements in order of day.
    ///
    /// # Errors
    /// Fails if one asks for money that is not there; then nothing of it is taken.
    pub fn take(&mut self, movement: &Movement) -> Result<(), FundMisfit> {
        let Movement { event, day, amount_minor, what } = movement;
        let (event, day, amount) = (*event, *day, amount_minor.unwrap_or_default());
        self.ledgers.values_mut().for_each(|ledger| ledger.settle(day));
        let taken = match what {
            Event::Accrued(parts) => {
                self.of(&parts.fund).accrue(event, day, parts, amount);
                Ok(())
            }
            Event::Granted(parts) => self.of(&parts.fund).grant(event, day, parts, amount),
            Event::Requested(parts) => {
                self.of(&parts.fund).ask(event, day, parts, amount);
                Ok(())
            }
            Event::Approved(parts) => self.with(parts.request)?.approve(day, parts, amount),
            Event::Refused(parts) => self.with(parts.what)?.refuse(day, parts.what, &parts.reason),
            Event::Claimed(parts) => self.with(parts.request)?.take(event, day, parts, amount),
            Event::Paid(parts) => self.with(parts.claim)?.pay(day, parts, *amount_minor),
            Event::TakenBack(parts) => self.with_grant(parts.grant)?.take_back(parts, amount),
            Event::Expired(parts) => self.of(&parts.fund).expire(parts, amount),
            Event::Closed(parts) => self.with(parts.request)?.close(day, parts),
            _ => Ok(()),
        };
        // What could not come in begins no ledger.
        self.ledgers.retain(|_, ledger| *ledger != FundLedger::default());
        taken
    }

    /// Returns the books at the end of a day.
    pub fn on(&self, day: Day) -> Books {
        let ledgers = self.ledgers.iter().map(|(fund, ledger)| (fund.clone(), ledger.on(day)));
        Books { ledgers: ledgers.collect() }
    }

    /// Returns the ledgers by fund.
    pub fn ledgers(&self) -> impl Iterator<Item = (&str, &FundLedger)> {
        self.ledgers.iter().map(|(fund, ledger)| (fund.as_str(), ledger))
    }

    /// Finds the ledger of a fund.
    pub fn ledger(&self, fund: &str) -> Option<&FundLedger> {
        self.ledgers.get(fund)
    }

    /// Finds the request with this number, and its fund.
    pub fn request(&self, number: i64) -> Option<(&str, &FundRequest)> {
        self.ledgers().find_map(|(fund, ledger)| Some((fund, ledger.request(number)?)))
    }

    /// Finds the claim with this number, its request, and their fund.
    pub fn claim(&self, number: i64) -> Option<(&str, &FundRequest, &FundClaim)> {
        self.ledgers()
            .find_map(|(fund, ledger)| ledger.claim(number).map(|(request, claim)| (fund, request, claim)))
    }

    /// Returns all requests, each with its fund.
    pub fn requests(&self) -> impl Iterator<Item = (&str, &FundRequest)> {
        self.ledgers().flat_map(|(fund, ledger)| ledger.requests.iter().map(move |one| (fund, one)))
    }

    /// Finds the money that a grant with this number brought, and its fund.
    pub(crate) fn grant(&self, number: i64) -> Option<(&str, &Lot)> {
        let of = |ledger: &FundLedger| ledger.lots.iter().position(|lot| lot.granted && lot.event == number);
        self.ledgers().find_map(|(fund, ledger)| Some((fund, &ledger.lots[of(ledger)?])))
    }

    /// Returns what funds have no money for of claims and of what is committed to requests, in minor units by number.
    pub(crate) fn not_covered(&self) -> BTreeMap<i64, i64> {
        self.ledgers.values().flat_map(FundLedger::not_covered).collect()
    }

    fn of(&mut self, fund: &str) -> &mut FundLedger {
        self.ledgers.entry(fund.to_owned()).or_default()
    }

    /// The ledger with the request or claim of this number.
    fn with(&mut self, number: i64) -> Result<&mut FundLedger, FundMisfit> {
        let holds =
            |ledger: &&mut FundLedger| ledger.request(number).is_some() || ledger.claim(number).is_some();
        let found = self.ledgers.values_mut().find(holds);
        found.ok_or(FundMisfit::Unknown { number })
    }

    /// The ledger with the grant of this number.
    fn with_grant(&mut self, grant: i64) -> Result<&mut FundLedger, FundMisfit> {
        let holds =
            |ledger: &&mut FundLedger| ledger.lots.iter().any(|lot| lot.granted && lot.event == grant);
        self.ledgers.values_mut().find(holds).ok_or(FundMisfit::NoGrant { grant })
    }
}
