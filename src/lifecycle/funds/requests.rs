//! Money of funds that is asked for, approved, claimed and paid. Refusals name the figures.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::money::Amount;
use crate::lifecycle::facts::PartnerFacts;
use crate::lifecycle::funds::credits::refuse_nothing;
use crate::lifecycle::funds::events::{Approved, Claimed, Closed, Paid, Refused, Requested};
use crate::lifecycle::funds::fund::{CLAIM_DAYS, Fund, Funding};
use crate::lifecycle::funds::refusal::{FundRefusal, FundSettled};
use crate::lifecycle::funds::request::{ClaimOutcome, FundClaim, FundPayment, FundRequest, RequestState};
use crate::lifecycle::program::Program;
use crate::lifecycle::rule::{Decision, Ruling, refuse_left};

/// What a partner asks for.
#[derive(Clone, Debug)]
pub struct NewFundRequest<'a> {
    pub fund: &'a Fund,
    pub activity: &'a str,
    pub what: Option<&'a str>,
    pub starts: Day,
    pub ends: Day,
    pub cost_minor: i64,
    /// What we are asked for; as much as the fund bears if nothing is said.
    pub asked_minor: Option<i64>,
    pub expected_minor: Option<i64>,
    pub reference: Option<&'a str>,
}

/// Records that a partner asks for money.
///
/// # Errors
/// Refused for a partner that has left, an activity that the fund is not for, and a share beyond what it bears.
pub fn request_funds(facts: PartnerFacts, request: &NewFundRequest) -> Ruling {
    refuse_left(facts)?;
    let fund = request.fund;
    if !fund.activities.is_empty() && !fund.activities.iter().any(|one| one == request.activity) {
        return Err(Error::refused(FundRefusal::OtherActivities {
            fund: fund.key.clone(),
            activity: request.activity.to_owned(),
            activities: fund.activities.clone(),
        }));
    }
    if request.ends < request.starts {
        return Err(Error::refused(FundRefusal::EndsBeforeItStarts {
            starts: request.starts,
            ends: request.ends,
        }));
    }
    refuse_nothing(facts, request.cost_minor)?;
    let most = i128::from(request.cost_minor) * i128::from(fund.max_percent) / 100;
    let asked_minor = request.asked_minor.unwrap_or_else(|| i64::try_from(most).unwrap_or(i64::MAX));
    refuse_nothing(facts, asked_minor)?;
    if i128::from(asked_minor) > most {
        return Err(Error::refused(FundRefusal::AboveShare {
            fund: fund.key.clone(),
            max_percent: fund.max_percent,
            asked: facts.amount(asked_minor),
            cost: facts.amount(request.cost_minor),
            most: facts.amount(most),
        }));
    }
    if let Some(decision) = known_request(facts, request, asked_minor)? {
        return Ok(decision);
    }
    let requested = Requested {
        fund: fund.key.clone(),
        activity: request.activity.to_owned(),
        what: request.what.map(str::to_owned),
        starts: request.starts,
        ends: request.ends,
        cost_minor: request.cost_minor,
        asked_minor,
        expected_minor: request.expected_minor,
        reference: request.reference.map(str::to_owned),
    };
    Decision::record(requested)
}

/// Whether the same was asked for before.
fn known_request(
    facts: PartnerFacts,
    request: &NewFundRequest,
    asked: i64,
) -> Result<Option<Decision>, Error> {
    let partner = facts.partner;
    let same = |one: &FundRequest| {
        (one.activity.as_str(), one.starts, one.ends, one.cost_minor, one.asked_minor)
            == (request.activity, request.starts, request.ends, request.cost_minor, asked)
    };
    for (fund, known) in partner.books.requests() {
        let number = known.event;
        let referred = request.reference.is_some() && known.reference.as_deref() == request.reference;
        if fund == request.fund.key
            && same(known)
            && (referred || request.reference.is_none() && known.state == RequestState::Waiting)
        {
            let partner = partner.name().to_owned();
            return Ok(Some(Decision::already(FundSettled::Requested { partner, request: number })));
        }
        if referred {
            let reference = request.reference.unwrap_or_default().to_owned();
            return Err(Error::refused(FundRefusal::ReferenceTaken { reference, request: number }));
        }
    }
    Ok(None)
}

/// Returns the last day for claims of a request that is approved on `day`, as the fund says; its activity `ends`.
pub(crate) fn last_claim_day(program: &Program, fund: &str, ends: Day, day: Day) -> Day {
    let days = program.fund(fund).map_or(CLAIM_DAYS, |fund| fund.claim_days);
    ends.plus(days).max(day)
}

/// Sets money aside for a request.
///
/// # Errors
/// Refused beyond what is asked for or available.
pub fn approve(facts: PartnerFacts, number: i64, amount_minor: Option<i64>, claim_by: Option<Day>) -> Ruling {
    refuse_left(facts)?;
    let (partner, day) = (facts.partner, facts.day);
    let books = partner.books.on(day);
    let (fund, request) = books.request(number).ok_or_else(|| no_request(facts, number))?;
    let amount = amount_minor.unwrap_or(request.asked_minor);
    match &request.state {
        RequestState::Waiting => {}
        RequestState::Approved { on, amount_minor: known, .. }
            if amount_minor.is_none_or(|wanted| wanted == *known) =>
        {
            let amount = facts.amount(*known);
            return Ok(Decision::already(FundSettled::Approved { request: number, amount, since: *on }));
        }
        _ => return Err(decided(facts, request)),
    }
    refuse_nothing(facts, amount)?;
    if amount > request.asked_minor {
        return Err(Error::refused(FundRefusal::AboveAsked {
            request: number,
            wanted: facts.amount(amount),
            asked: facts.amount(request.asked_minor),
        }));
    }
    let balance = facts.balance(fund);
    if i128::from(amount) > balance.available {
        let funding = facts.program.fund(fund).map(|fund| &fund.funding);
        return Err(Error::refused(FundRefusal::NotAvailable {
            request: number,
            fund: fund.to_owned(),
            partner: partner.key.clone(),
            accrues: matches!(funding, Some(Funding::Accrues(_))),
            amount: facts.amount(amount),
            balance,
        }));
    }
    let claim_by = claim_by.unwrap_or_else(|| last_claim_day(facts.program, fund, request.ends, day));
    if claim_by < day {
        return Err(Error::refused(FundRefusal::ClaimTimeOver { claim_by, day }));
    }
    Decision::record(Approved { request: number, amount_minor: amount, claim_by })
}

/// Refuses a request that waits, or a claim that is not paid.
///
/// # Errors
/// Refused if it is decided or paid already.
pub fn reject(facts: PartnerFacts, number: i64, reason: &str) -> Ruling {
    let books = facts.partner.books.on(facts.day);
    match (books.request(number), books.claim(number)) {
        (Some((_, request)), _) => match &request.state {
            RequestState::Waiting => {}
            RequestState::Rejected { on, .. } => {
                return Ok(Decision::already(FundSettled::RequestRejected { request: number, since: *on }));
            }
            _ => return Err(decided(facts, request)),
        },
        (None, Some((_, _, claim))) => match &claim.outcome {
            None => {}
            Some(ClaimOutcome::Refused { on, .. }) => {
                return Ok(Decision::already(FundSettled::ClaimRejected { claim: number, since: *on }));
            }
            Some(ClaimOutcome::Paid { on }) => {
                return Err(Error::refused(FundRefusal::ClaimPaid { claim: number, on: *on }));
            }
        },
        (None, None) => return Err(no_request(facts, number)),
    }
    Decision::record(Refused { what: number, reason: reason.to_owned() })
}

/// What a partner claims for what was approved.
#[derive(Clone, Copy, Debug)]
pub struct ClaimRequest<'a> {
    pub request: i64,
    /// All that is left of the approval if nothing is said.
    pub amount_minor: Option<i64>,
    pub proof: &'a str,
    pub leads: Option<i64>,
    pub pipeline_minor: Option<i64>,
}

/// Records that a partner claims what was approved.
///
/// # Errors
/// Refused beyond what was approved, before the activity, and after the last day to claim.
pub fn claim(facts: PartnerFacts, claimed: ClaimRequest) -> Ruling {
    let (partner, day, number) = (facts.partner, facts.day, claimed.request);
    let books = partner.books.on(day);
    let (_, request) = books.request(number).ok_or_else(|| no_request(facts, number))?;
    let same = |one: &&FundClaim| {
        one.proof == claimed.proof && claimed.amount_minor.is_none_or(|amount| amount == one.amount_minor)
    };
    if let Some(known) = request
        .claims
        .iter()
        .find(same)
        .filter(|one| !matches!(one.outcome, Some(ClaimOutcome::Refused { .. })))
    {
        let (partner, claim, on) = (partner.name().to_owned(), known.event, known.day);
        return Ok(Decision::already(FundSettled::Claimed { partner, claim, on }));
    }
    let RequestState::Approved { amount_minor: approved, .. } = request.state else {
        return Err(decided(facts, request));
    };
    if day < request.starts {
        return Err(Error::refused(FundRefusal::NotStarted {
            request: number,
            activity: request.activity.clone(),
            starts: request.starts,
        }));
    }
    let open = request.open_minor();
    let amount = claimed.amount_minor.unwrap_or(open);
    if open > 0 {
        refuse_nothing(facts, amount)?;
    }
    if amount > open || open == 0 {
        return Err(Error::refused(FundRefusal::AboveApproved {
            request: number,
            amount: facts.amount(amount),
            approved: facts.amount(approved),
            claimed: facts.amount(i128::from(approved) - i128::from(open)),
            left: facts.amount(open),
        }));
    }
    let proof = claimed.proof.to_owned();
    let (leads, pipeline_minor) = (claimed.leads, claimed.pipeline_minor);
    Decision::record(Claimed { request: number, amount_minor: amount, proof, leads, pipeline_minor })
}

/// Records that a claim is paid: all that is unpaid of it, or a part.
///
/// # Errors
/// Refused for what was rejected, or is no claim, and for more than is unpaid.
pub fn pay(facts: PartnerFacts, number: i64, amount_minor: Option<i64>, reference: Option<&str>) -> Ruling {
    let name = facts.partner.name();
    let books = facts.partner.books.on(facts.day);
    let Some((_, _, claim)) = books.claim(number) else {
        let key = facts.partner.key.clone();
        let Some((_, request)) = books.request(number) else {
            let partner = name.to_owned();
            return Err(Error::refused(FundRefusal::NotAClaim { partner, key, number }));
        };
        let claims = |wanted: fn(&FundClaim) -> bool| {
            request.claims.iter().filter(|one| wanted(one)).map(|one| one.event).collect()
        };
        return Err(Error::refused(FundRefusal::ARequest {
            key,
            request: number,
            open_claims: claims(|one| one.outcome.is_none()),
            paid_claims: claims(|one| matches!(one.outcome, Some(ClaimOutcome::Paid { .. }))),
            claimable: request.open_minor() > 0 && request.starts <= facts.day,
        }));
    };
    match &claim.outcome {
        None => {}
        Some(ClaimOutcome::Paid { on }) => {
            let amount = facts.amount(claim.amount_minor);
            return Ok(Decision::already(FundSettled::Paid { claim: number, amount, on: *on }));
        }
        Some(ClaimOutcome::Refused { on, .. }) => {
            return Err(Error::refused(FundRefusal::ClaimRejected { claim: number, on: *on }));
        }
    }
    let reference = reference.map(str::to_owned);
    let unpaid = claim.unpaid_minor();
    let Some(amount) = amount_minor else {
        return Decision::record(Paid { claim: number, amount_minor: None, reference });
    };
    refuse_nothing(facts, amount)?;
    let same =
        |one: &&FundPayment| (one.day, one.amount_minor, &one.reference) == (facts.day, amount, &reference);
    if claim.payments.iter().any(|one| same(&one)) {
        return Ok(Decision::already(FundSettled::PartPaid {
            claim: number,
            amount: facts.amount(amount),
            on: facts.day,
            unpaid: facts.amount(unpaid),
        }));
    }
    if amount > unpaid {
        return Err(Error::refused(FundRefusal::AboveUnpaid {
            claim: number,
            amount: facts.amount(amount),
            claimed: facts.amount(claim.amount_minor),
            paid: facts.amount(claim.paid_minor()),
            unpaid: facts.amount(unpaid),
        }));
    }
    // What settles the claim says so without an amount, so that it holds whatever is corrected of the claim.
    let amount_minor = Some(amount).filter(|amount| *amount < unpaid);
    Decision::record(Paid { claim: number, amount_minor, reference })
}

/// Ends a request of which nothing more comes; what is left of it goes back.
///
/// # Errors
/// Refused if it is over.
pub fn close(facts: PartnerFacts, number: i64, reason: Option<&str>) -> Ruling {
    let books = facts.partner.books.on(facts.day);
    let (_, request) = books.request(number).ok_or_else(|| no_request(facts, number))?;
    match &request.state {
        RequestState::Waiting | RequestState::Approved { .. } => {}
        RequestState::Closed { on, lapsed: true, .. } => {
            let unclaimed = unclaimed(facts, request);
            return Ok(Decision::already(FundSettled::Lapsed { request: number, since: *on, unclaimed }));
        }
        RequestState::Closed { on, .. } => {
            return Ok(Decision::already(FundSettled::Closed { request: number, since: *on }));
        }
        RequestState::Rejected { .. } => return Err(decided(facts, request)),
    }
    Decision::record(Closed { request: number, reason: reason.map(str::to_owned) })
}

fn no_request(facts: PartnerFacts, number: i64) -> Error {
    let (partner, key) = (facts.partner.name().to_owned(), facts.partner.key.clone());
    Error::refused(FundRefusal::NotARequest { partner, key, number })
}

/// Returns what lapsed of a request; none if all of it was claimed.
fn unclaimed(facts: PartnerFacts, request: &FundRequest) -> Option<Amount> {
    let minor = request.unclaimed_minor();
    (minor > 0).then(|| facts.amount(minor))
}

fn decided(facts: PartnerFacts, of: &FundRequest) -> Error {
    let (request, partner) = (of.event, facts.partner.key.clone());
    Error::refused(match &of.state {
        RequestState::Waiting => FundRefusal::NotApproved { request },
        RequestState::Approved { on, amount_minor, .. } => {
            FundRefusal::Approved { request, on: *on, amount: facts.amount(*amount_minor) }
        }
        RequestState::Rejected { on, reason } => {
            FundRefusal::Rejected { request, partner, on: *on, reason: reason.clone() }
        }
        RequestState::Closed { on, lapsed: true, .. } => {
            FundRefusal::Lapsed { request, partner, on: *on, unclaimed: unclaimed(facts, of) }
        }
        RequestState::Closed { on, .. } => FundRefusal::Closed { request, on: *on },
    })
}
