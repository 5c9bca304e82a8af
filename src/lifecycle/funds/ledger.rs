//! The ledger of one fund of one partner.
//!
//! Money comes in lots, which can be approved until their last day. An approval draws on lots, those that end first
//! before the others; a claim takes from its approval; a payment settles a claim. What is not claimed in time goes
//! back to the lots it came from, and what is left of a lot after its last day is gone. Less accrued after all, and nobody
//! holds enough of it back: what was paid of the rest is overpaid, what is only committed or claimed of it is not covered,
//! and what accrues or comes back next is set against both. At any time *posted + overpaid + not covered = available +
//! committed + claimed + paid + expired*; no movement is taken that breaks that.

use std::collections::BTreeMap;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::DayRange;
use crate::lifecycle::funds::events::{
    Accrued, Approved, Claimed, Closed, Expired, Granted, Paid, Requested, TakenBack,
};
use crate::lifecycle::funds::misfit::FundMisfit;
use crate::lifecycle::funds::request::{ClaimOutcome, FundClaim, FundPayment, FundRequest, RequestState};

#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct FundLedger {
    pub lots: Vec<Lot>,
    pub requests: Vec<FundRequest>,
    pub overpayments: Vec<Overpayment>,
}

/// Less accrued for a quarter after all, by so much more than was left of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Overpayment {
    pub event: i64,
    pub day: Day,
    /// The quarter of the revenue.
    pub days: DayRange,
    pub overpaid_minor: i64,
    /// What nothing was set against so far.
    pub open_minor: i64,
}

/// Money that came in at one time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lot {
    pub event: i64,
    pub day: Day,
    /// The quarter of the revenue, or the fiscal year of the budget.
    pub days: DayRange,
    /// What that was called when it came in.
    pub called: String,
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
    /// Paid beyond what came in, because less accrued after all: what accrues next is set against it.
    pub overpaid: i128,
    /// Committed or claimed beyond what came in, for the same reason; nobody has been paid it.
    pub not_covered: i128,
}

impl Balance {
    /// Tells whether all that came in is somewhere, and nothing is anywhere that never came in, unless it is overpaid.
    pub fn holds(self) -> bool {
        let parts = [self.available, self.committed, self.claimed, self.paid, self.expired];
        let all = parts.iter().chain([&self.overpaid, &self.not_covered]).all(|part| *part >= 0);
        all && self.posted + self.overpaid + self.not_covered == parts.iter().sum()
    }

    /// Returns whether something is not settled: available, committed, claimed or overpaid.
    pub fn in_hand(self) -> bool {
        [self.available, self.committed, self.claimed, self.overpaid].iter().any(|part| *part != 0)
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
            overpaid: self.overpaid + other.overpaid,
            not_covered: self.not_covered + other.not_covered,
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
                balance.claimed += i128::from(claim.unpaid_minor());
                balance.paid += i128::from(claim.paid_minor());
            }
        }
        let mut open = 0;
        for one in &self.overpayments {
            balance.posted -= i128::from(one.overpaid_minor);
            open += i128::from(one.open_minor);
        }
        balance.not_covered = open.min(balance.committed + balance.claimed);
        balance.overpaid = open - balance.not_covered;
        balance
    }

    /// Returns what the fund has no money for of each claim that is to be paid and of what is committed to each request, in
    /// minor units by number: what came first has the money first, and claims have it before what is only committed.
    pub fn not_covered(&self) -> BTreeMap<i64, i64> {
        let balance = self.balance();
        if balance.not_covered == 0 {
            return BTreeMap::new();
        }
        let mut claims: Vec<&FundClaim> = self.requests.iter().flat_map(|one| &one.claims).collect();
        claims.sort_by_key(|claim| claim.event);
        let unpaid = claims.into_iter().map(|claim| (claim.event, claim.unpaid_minor()));
        let open = self.requests.iter().map(|request| (request.event, request.open_minor()));
        let mut covered = balance.committed + balance.claimed - balance.not_covered;
        let short = unpaid.chain(open).map(|(number, minor)| {
            let has = covered.clamp(0, i128::from(minor));
            covered -= has;
            (number, minor - i64::try_from(has).unwrap_or(minor))
        });
        short.filter(|(_, minor)| *minor > 0).collect()
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
    pub fn own_lots(&self, quarter: DayRange) -> impl Iterator<Item = &Lot> {
        self.lots.iter().filter(move |lot| !lot.granted && lot.days == quarter)
    }

    /// Adds up what came in for a quarter, less what was taken back, be it that more is taken back than was left.
    pub fn accrued_for(&self, quarter: DayRange) -> i128 {
        let overpaid = self.overpayments.iter().filter(|one| one.days == quarter);
        self.own_lots(quarter).map(|lot| i128::from(lot.posted_minor)).sum::<i128>()
            - overpaid.map(|one| i128::from(one.overpaid_minor)).sum::<i128>()
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

    /// Adds what a quarter brings, or takes back what revenue did not bring after all: what nobody requested, then what
    /// expired. The rest is overpaid.
    pub(crate) fn accrue(&mut self, event: i64, day: Day, accrued: &Accrued, amount: i64) {
        let days = accrued.days.unwrap_or(DayRange { first: day, last: day });
        if amount >= 0 {
            self.lots.push(Lot::new((event, day), (days, &accrued.period), amount, accrued.until));
            return self.recover();
        }
        // A number without its sign may be one greater than the greatest.
        let mut rest = amount.checked_neg().unwrap_or(i64::MAX);
        let own = |lot: &&mut Lot| !lot.granted && lot.days == days;
        for lot in self.lots.iter_mut().filter(own) {
            rest -= take_from(&mut lot.left_minor, &mut lot.posted_minor, rest);
        }
        for lot in self.lots.iter_mut().filter(own) {
            rest -= take_from(&mut lot.expired_minor, &mut lot.posted_minor, rest);
        }
        if rest > 0 {
            self.overpayments.push(Overpayment { event, day, days, overpaid_minor: rest, open_minor: rest });
            self.recover();
        }
    }

    /// Sets what is left of accrued money against what was overpaid, the money that ends first before the other.
    fn recover(&mut self) {
        for lot in self.in_order_of_end() {
            if !self.lots[lot].granted {
                let left = self.lots[lot].left_minor;
                self.lots[lot].left_minor -= self.recovered(left);
            }
        }
    }

    /// Sets so much money against what was overpaid, and returns how much of it that took.
    fn recovered(&mut self, amount: i64) -> i64 {
        let mut rest = amount;
        for one in &mut self.overpayments {
            let part = one.open_minor.min(rest);
            one.open_minor -= part;
            rest -= part;
        }
        amount - rest
    }

    /// The places of the lots, those that end first before the others.
    fn in_order_of_end(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.lots.len()).collect();
        order.sort_by_key(|at| (self.lots[*at].until.is_none(), self.lots[*at].until, *at));
        order
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
        let lot = Lot::new(
            (event, day),
            (granted.days.unwrap_or(DayRange { first: day, last: day }), &granted.period),
            amount,
            granted.until,
        );
        self.lots.push(Lot { granted: true, ..lot });
        Ok(())
    }

    /// Takes back what is left of a grant.
    pub(crate) fn take_back(&mut self, taken: &TakenBack, amount: i64) -> Result<(), FundMisfit> {
        let grant = taken.grant;
        let lot = self.lots.iter_mut().find(|lot| lot.granted && lot.event == grant);
        let lot = lot.ok_or(FundMisfit::NoGrant { grant })?;
        if amount > lot.left_minor || amount <= 0 {
            return Err(FundMisfit::TakesBackTooMuch { grant });
        }
        lot.left_minor -= amount;
        lot.posted_minor -= amount;
        Ok(())
    }

    /// Lets money expire that is available, what ends first before the other.
    pub(crate) fn expire(&mut self, expired: &Expired, amount: i64) -> Result<(), FundMisfit> {
        if i128::from(amount) > self.balance().available || amount <= 0 {
            return Err(FundMisfit::ExpiresTooMuch { fund: expired.fund.clone() });
        }
        let mut rest = amount;
        for at in self.in_order_of_end() {
            let lot = &mut self.lots[at];
            let part = lot.left_minor.min(rest);
            lot.left_minor -= part;
            lot.expired_minor += part;
            rest -= part;
        }
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
        let mut rest = amount;
        for lot in self.in_order_of_end() {
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
            payments: Vec::new(),
            outcome: None,
            drawn,
        });
        Ok(())
    }

    /// Pays a claim, or a part of it; with the last part it is settled.
    pub(crate) fn pay(&mut self, day: Day, paid: &Paid, amount: Option<i64>) -> Result<(), FundMisfit> {
        let number = paid.claim;
        let (at, claim) = self.place_of_claim(number)?;
        let found = &mut self.requests[at].claims[claim];
        if found.outcome.is_some() {
            return Err(FundMisfit::PaysSettled { claim: number });
        }
        let unpaid = found.unpaid_minor();
        let amount_minor = amount.unwrap_or(unpaid);
        if amount_minor > unpaid || amount_minor <= 0 {
            return Err(FundMisfit::PaysTooMuch { claim: number });
        }
        let mut rest = amount_minor;
        for (_, part) in &mut found.drawn {
            let taken = (*part).min(rest);
            *part -= taken;
            rest -= taken;
        }
        found.drawn.retain(|(_, part)| *part > 0);
        found.payments.push(FundPayment { day, amount_minor, reference: paid.reference.clone() });
        if amount_minor == unpaid {
            found.outcome = Some(ClaimOutcome::Paid { on: day });
        }
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

    /// Gives money back to the lots it came from; of accrued money, what was overpaid is settled first.
    fn give_back(&mut self, mut drawn: Vec<(usize, i64)>, day: Day) {
        drawn.sort_by_key(|(at, _)| (self.lots[*at].until.is_none(), self.lots[*at].until, *at));
        for (at, part) in drawn {
            let recovered = if self.lots[at].granted { 0 } else { self.recovered(part) };
            let (lot, part) = (&mut self.lots[at], part - recovered);
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

/// Takes as much as there is of a part of a lot, up to `most`, and returns it.
fn take_from(part: &mut i64, posted: &mut i64, most: i64) -> i64 {
    let taken = (*part).min(most);
    *part -= taken;
    *posted -= taken;
    taken
}

impl Lot {
    /// Makes a lot of what came in from revenue by an event on a day, for a period with its name then.
    fn new(
        (event, day): (i64, Day),
        (days, called): (DayRange, &str),
        amount: i64,
        until: Option<Day>,
    ) -> Lot {
        Lot {
            event,
            day,
            days,
            called: called.to_owned(),
            granted: false,
            posted_minor: amount,
            left_minor: amount,
            expired_minor: 0,
            until,
        }
    }
}
