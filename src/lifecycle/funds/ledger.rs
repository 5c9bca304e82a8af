//! The ledger of one fund of one partner.
//!
//! Money comes in lots, which can be approved until their last day. An approval draws on lots, those that end first
//! before the others; a claim takes from its approval; a payment settles a claim. What is not claimed in time goes
//! back to the lots it came from, and what is left of a lot after its last day is gone. At any time
//! *posted = available + committed + claimed + paid + expired*; no movement is taken that breaks that.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::funds::events::{Accrued, Approved, Claimed, Closed, Granted, Requested};
use crate::lifecycle::funds::misfit::FundMisfit;
use crate::lifecycle::funds::request::{ClaimOutcome, FundClaim, FundRequest, RequestState};

#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct FundLedger {
    pub lots: Vec<Lot>,
    pub requests: Vec<FundRequest>,
}

/// Money that came in at one time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lot {
    pub event: i64,
    pub day: Day,
    /// The quarter of the revenue, or the fiscal year of the budget.
    pub period: String,
    /// From a budget, not from revenue.
    pub granted: bool,
    /// What came in, less what was taken back.
    pub posted_minor: i64,
    /// What nobody drew and is not gone.
    pub left_minor: i64,
    pub expired_minor: i64,
    pub until: Option<Day>,
}

/// Where the money of a ledger is, in minor units.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Balance {
    pub posted: i128,
    pub available: i128,
    /// Approved and not claimed.
    pub committed: i128,
    /// Claimed and not paid.
    pub claimed: i128,
    pub paid: i128,
    pub expired: i128,
}

impl Balance {
    /// Tells whether all that came in is somewhere, and nothing is anywhere that never came in.
    pub fn holds(self) -> bool {
        let parts = [self.available, self.committed, self.claimed, self.paid, self.expired];
        self.posted == parts.iter().sum() && parts.iter().all(|part| *part >= 0)
    }

    /// Adds two balances, part by part.
    pub fn and(self, other: Balance) -> Balance {
        Balance {
            posted: self.posted + other.posted,
            available: self.available + other.available,
            committed: self.committed + other.committed,
            claimed: self.claimed + other.claimed,
            paid: self.paid + other.paid,
            expired: self.expired + other.expired,
        }
    }
}

impl FundLedger {
    /// Returns the ledger at the end of a day: what was not claimed or approved in time by then went back or is gone.
    pub fn on(&self, day: Day) -> FundLedger {
        let mut then = self.clone();
        then.settle(day);
        then
    }

    /// Adds up where the money is, in minor units.
    pub fn balance(&self) -> Balance {
        let mut balance = Balance::default();
        for lot in &self.lots {
            balance.posted += i128::from(lot.posted_minor);
            balance.available += i128::from(lot.left_minor);
            balance.expired += i128::from(lot.expired_minor);
        }
        for request in &self.requests {
            balance.committed += i128::from(request.open_minor());
            for claim in &request.claims {
                match claim.outcome {
                    None => balance.claimed += i128::from(claim.amount_minor),
                    Some(ClaimOutcome::Paid { .. }) => balance.paid += i128::from(claim.amount_minor),
                    Some(ClaimOutcome::Refused { .. }) => {}
                }
            }
        }
        balance
    }

    /// Adds up what of it ends within the days from `day` to `until`, in minor units.
    pub fn expiring(&self, day: Day, until: Day) -> i128 {
        let ends = |lot: &&Lot| lot.until.is_some_and(|last| last >= day && last <= until);
        self.lots.iter().filter(ends).map(|lot| i128::from(lot.left_minor)).sum()
    }

    /// Finds the request of this number.
    pub fn request(&self, number: i64) -> Option<&FundRequest> {
        self.requests.iter().find(|one| one.event == number)
    }

    /// Finds the request with the claim of this number, and the claim.
    pub fn claim(&self, number: i64) -> Option<(&FundRequest, &FundClaim)> {
        let with = |request| Some((request, FundRequest::claim(request, number)?));
        self.requests.iter().find_map(with)
    }

    /// Returns what came in for a quarter from its revenue.
    pub fn own_lots<'l>(&'l self, period: &'l str) -> impl Iterator<Item = &'l Lot> {
        self.lots.iter().filter(move |lot| !lot.granted && lot.period == period)
    }

    /// Adds up what came in for a quarter, less what was taken back.
    pub fn accrued_for(&self, period: &str) -> i128 {
        self.own_lots(period).map(|lot| i128::from(lot.posted_minor)).sum()
    }

    /// Lets the time pass up to the end of the day before `day`.
    pub(crate) fn settle(&mut self, day: Day) {
        for at in 0..self.requests.len() {
            let request = &mut self.requests[at];
            let RequestState::Approved { on, amount_minor, claim_by } = request.state else { continue };
            if claim_by < day {
                request.state = RequestState::Closed {
                    on: claim_by.plus(1),
                    approved: Some((on, amount_minor)),
                    lapsed: true,
                };
                let drawn = std::mem::take(&mut request.drawn);
                self.give_back(drawn, claim_by.plus(1));
            }
        }
        for lot in self.lots.iter_mut().filter(|lot| lot.until.is_some_and(|until| until < day)) {
            lot.expired_minor += std::mem::take(&mut lot.left_minor);
        }
    }

    /// Adds what a quarter brings, or takes back what nobody requested.
    pub(crate) fn accrue(
        &mut self,
        event: i64,
        day: Day,
        accrued: &Accrued,
        amount: i64,
    ) -> Result<(), FundMisfit> {
        if amount >= 0 {
            self.lots.push(lot(event, day, &accrued.period, amount, accrued.until, false));
            return Ok(());
        }
        // Revenue was less after all: its own quarter's lots give back first.
        let own =
            self.lots.iter().enumerate().filter(|(_, lot)| !lot.granted && lot.period == accrued.period);
        let mut rest = amount.unsigned_abs();
        let mut taken = Vec::new();
        for (at, lot) in own {
            let part = i64::try_from(rest).map_or(lot.left_minor, |rest| lot.left_minor.min(rest));
            rest -= part.unsigned_abs();
            taken.push((at, part));
        }
        if rest > 0 {
            return Err(FundMisfit::TakesBackTooMuch { fund: accrued.fund.clone() });
        }
        for (at, part) in taken {
            self.lots[at].left_minor -= part;
            self.lots[at].posted_minor -= part;
        }
        Ok(())
    }

    /// Adds money from a budget.
    pub(crate) fn grant(
        &mut self,
        event: i64,
        day: Day,
        granted: &Granted,
        amount: i64,
    ) -> Result<(), FundMisfit> {
        if amount <= 0 {
            return Err(FundMisfit::GrantsNothing { fund: granted.fund.clone() });
        }
        if let Some(until) = granted.until.filter(|until| *until < day) {
            return Err(FundMisfit::GrantsTooLate { fund: granted.fund.clone(), until });
        }
        self.lots.push(lot(event, day, &granted.period, amount, granted.until, true));
        Ok(())
    }

    /// Adds a request.
    pub(crate) fn ask(&mut self, event: i64, day: Day, asked: &Requested, amount: i64) {
        self.requests.push(FundRequest {
            event,
            day,
            activity: asked.activity.clone(),
            what: asked.what.clone(),
            starts: asked.starts,
            ends: asked.ends,
            cost_minor: asked.cost_minor,
            asked_minor: amount,
            expected_minor: asked.expected_minor,
            reference: asked.reference.clone(),
            state: RequestState::Waiting,
            claims: Vec::new(),
            drawn: Vec::new(),
        });
    }

    /// Commits money for a request.
    pub(crate) fn approve(&mut self, day: Day, approved: &Approved, amount: i64) -> Result<(), FundMisfit> {
        let number = approved.request;
        let at = self.place(number)?;
        if self.requests[at].state != RequestState::Waiting {
            return Err(FundMisfit::ApprovesDecided { request: number });
        }
        if approved.claim_by < day {
            return Err(FundMisfit::ApprovesTooLate { request: number, claim_by: approved.claim_by });
        }
        if amount > self.requests[at].asked_minor {
            return Err(FundMisfit::ApprovesAboveAsked { request: number });
        }
        if i128::from(amount) > self.balance().available || amount <= 0 {
            return Err(FundMisfit::ApprovesAboveAvailable { request: number });
        }
        let mut order: Vec<usize> = (0..self.lots.len()).collect();
        order.sort_by_key(|at| (self.lots[*at].until.is_none(), self.lots[*at].until, *at));
        let mut rest = amount;
        for lot in order {
            let part = self.lots[lot].left_minor.min(rest);
            if part > 0 {
                self.lots[lot].left_minor -= part;
                self.requests[at].drawn.push((lot, part));
                rest -= part;
            }
        }
        let claim_by = approved.claim_by;
        self.requests[at].state = RequestState::Approved { on: day, amount_minor: amount, claim_by };
        Ok(())
    }

    /// Refuses a request that waits, or a claim that is not paid.
    pub(crate) fn refuse(&mut self, day: Day, what: i64, reason: &str) -> Result<(), FundMisfit> {
        if let Some(request) = self.requests.iter_mut().find(|one| one.event == what) {
            if request.state != RequestState::Waiting {
                return Err(FundMisfit::RejectsDecided { request: what });
            }
            request.state = RequestState::Rejected { on: day, reason: reason.to_owned() };
            return Ok(());
        }
        let (at, claim) = self.place_of_claim(what)?;
        let open = matches!(self.requests[at].state, RequestState::Approved { .. });
        let found = &mut self.requests[at].claims[claim];
        if found.outcome.is_some() {
            return Err(FundMisfit::RejectsSettled { claim: what });
        }
        found.outcome = Some(ClaimOutcome::Refused { on: day, reason: reason.to_owned() });
        let drawn = std::mem::take(&mut found.drawn);
        if open {
            // It can be claimed again, with a better proof.
            self.requests[at].drawn.splice(0..0, drawn);
        } else {
            self.give_back(drawn, day);
        }
        Ok(())
    }

    /// Adds a claim of what was approved.
    pub(crate) fn take(
        &mut self,
        event: i64,
        day: Day,
        claimed: &Claimed,
        amount: i64,
    ) -> Result<(), FundMisfit> {
        let number = claimed.request;
        let at = self.place(number)?;
        let request = &mut self.requests[at];
        if !matches!(request.state, RequestState::Approved { .. }) {
            return Err(FundMisfit::ClaimsOfClosed { request: number });
        }
        if amount > request.open_minor() || amount <= 0 {
            return Err(FundMisfit::ClaimsTooMuch { request: number });
        }
        let mut rest = amount;
        let mut drawn = Vec::new();
        for (lot, part) in &mut request.drawn {
            let taken = (*part).min(rest);
            if taken > 0 {
                *part -= taken;
                rest -= taken;
                drawn.push((*lot, taken));
            }
        }
        request.drawn.retain(|(_, part)| *part > 0);
        request.claims.push(FundClaim {
            event,
            day,
            amount_minor: amount,
            proof: claimed.proof.clone(),
            leads: claimed.leads,
            pipeline_minor: claimed.pipeline_minor,
            outcome: None,
            drawn,
        });
        Ok(())
    }

    /// Settles a claim.
    pub(crate) fn pay(&mut self, day: Day, number: i64) -> Result<(), FundMisfit> {
        let (at, claim) = self.place_of_claim(number)?;
        let found = &mut self.requests[at].claims[claim];
        if found.outcome.is_some() {
            return Err(FundMisfit::PaysSettled { claim: number });
        }
        found.outcome = Some(ClaimOutcome::Paid { on: day });
        Ok(())
    }

    /// Ends a request and releases what is left of it.
    pub(crate) fn close(&mut self, day: Day, closed: &Closed) -> Result<(), FundMisfit> {
        let number = closed.request;
        let at = self.place(number)?;
        let request = &mut self.requests[at];
        let approved = match request.state {
            RequestState::Waiting => None,
            RequestState::Approved { on, amount_minor, .. } => Some((on, amount_minor)),
            _ => return Err(FundMisfit::ClosesClosed { request: number }),
        };
        request.state = RequestState::Closed { on: day, approved, lapsed: false };
        let drawn = std::mem::take(&mut request.drawn);
        self.give_back(drawn, day);
        Ok(())
    }

    fn give_back(&mut self, drawn: Vec<(usize, i64)>, day: Day) {
        for (at, part) in drawn {
            let lot = &mut self.lots[at];
            if lot.until.is_some_and(|until| until < day) {
                lot.expired_minor += part;
            } else {
                lot.left_minor += part;
            }
        }
    }

    fn place(&self, number: i64) -> Result<usize, FundMisfit> {
        let at = self.requests.iter().position(|one| one.event == number);
        at.ok_or(FundMisfit::NoRequest { request: number })
    }

    fn place_of_claim(&self, number: i64) -> Result<(usize, usize), FundMisfit> {
        let of = |request: &FundRequest| request.claims.iter().position(|one| one.event == number);
        let found = self.requests.iter().enumerate().find_map(|(at, request)| Some((at, of(request)?)));
        found.ok_or(FundMisfit::NoClaim { claim: number })
    }
}

fn lot(event: i64, day: Day, period: &str, amount: i64, until: Option<Day>, granted: bool) -> Lot {
    Lot {
        event,
        day,
        period: period.to_owned(),
        granted,
        posted_minor: amount,
        left_minor: amount,
        expired_minor: 0,
        until,
    }
}
