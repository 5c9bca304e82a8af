//! Money of funds that is asked for, approved, claimed and paid. Refusals name the figures.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::text::{counted, listed};
use crate::lifecycle::facts::Scene;
use crate::lifecycle::funds::credits::refuse_nothing;
use crate::lifecycle::funds::events::{Approved, Claimed, Closed, Paid, Refused, Requested};
use crate::lifecycle::funds::fund::{Fund, Funding};
use crate::lifecycle::funds::request::{ClaimOutcome, FundClaim, FundRequest, RequestState};
use crate::lifecycle::rules::{Decision, NUMBER, Ruling, refuse_left};

/// What a partner asks for.
#[derive(Clone, Debug)]
pub struct FundsRequest<'a> {
    pub fund: &'a Fund,
    pub activity: &'a str,
    pub what: Option<&'a str>,
    pub starts: Day,
    pub ends: Day,
    pub cost_minor: i64,
    /// What we are asked for; as much as the fund bears where nothing is said.
    pub asked_minor: Option<i64>,
    pub expected_minor: Option<i64>,
    pub reference: Option<&'a str>,
}

/// Records that a partner asks for money.
///
/// # Errors
/// Refused for a partner that has left, an activity that the fund is not for, and a share beyond what it bears.
pub fn request_funds(scene: Scene, request: &FundsRequest) -> Ruling {
    refuse_left(scene)?;
    let (partner, fund) = (scene.partner, request.fund);
    if !fund.activities.is_empty() && !fund.activities.iter().any(|one| one == request.activity) {
        return Err(Error::refused(format!("`{}` is not for `{}`", fund.key, request.activity))
            .hint(format!("it is for {}", listed(&fund.activities))));
    }
    if request.ends < request.starts {
        return Err(Error::refused(format!(
            "it would end on {}, before it starts on {}",
            request.ends, request.starts
        )));
    }
    refuse_nothing(scene, request.cost_minor)?;
    let most = i128::from(request.cost_minor) * i128::from(fund.max_percent) / 100;
    let asked_minor = request.asked_minor.unwrap_or_else(|| i64::try_from(most).unwrap_or(i64::MAX));
    refuse_nothing(scene, asked_minor)?;
    if i128::from(asked_minor) > most {
        let (asked, cost) = (scene.money(asked_minor), scene.money(request.cost_minor));
        return Err(Error::refused(format!(
            "asks for {asked} of {cost}; `{}` bears at most {} %, which is {}",
            fund.key,
            fund.max_percent,
            scene.money(most)
        )));
    }
    if let Some(decision) = known_request(scene, request, asked_minor)? {
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
    let share = request.cost_minor - asked_minor;
    let available = scene.balance(&fund.key).available;
    let short = match available < i128::from(asked_minor) {
        true => format!("; {} is available", scene.money(available)),
        false => String::new(),
    };
    let said = format!(
        "{} asks for {} of {} for a {} of {} (request {NUMBER}); its own share is {}{short}",
        partner.name(),
        scene.money(asked_minor),
        fund.key,
        request.activity,
        scene.money(request.cost_minor),
        scene.money(share)
    );
    Decision::record(requested, said)
}

/// Whether the same was asked for before.
fn known_request(scene: Scene, request: &FundsRequest, asked: i64) -> Result<Option<Decision>, Error> {
    let (partner, name) = (scene.partner, scene.partner.name());
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
            return Ok(Some(Decision::AlreadySo(format!(
                "{name} asks for that already, as request {number}"
            ))));
        }
        if referred {
            let reference = request.reference.unwrap_or_default();
            return Err(Error::refused(format!(
                "`{reference}` is request {number} already, and says otherwise"
            ))
            .hint("give the new one another --ref"));
        }
    }
    Ok(None)
}

/// Sets money aside for a request.
///
/// # Errors
/// Refused beyond what is asked for or available.
pub fn approve(scene: Scene, number: i64, amount_minor: Option<i64>, claim_by: Option<Day>) -> Ruling {
    refuse_left(scene)?;
    let (partner, day) = (scene.partner, scene.day);
    let books = partner.books.on(day);
    let (fund, request) = books.request(number).ok_or_else(|| no_request(scene, number))?;
    let name = partner.name();
    let amount = amount_minor.unwrap_or(request.asked_minor);
    match &request.state {
        RequestState::Waiting => {}
        RequestState::Approved { on, amount_minor: known, .. }
            if amount_minor.is_none_or(|wanted| wanted == *known) =>
        {
            return Ok(Decision::AlreadySo(format!(
                "{name}: {} of request {number} is approved since {on} already",
                scene.money(*known)
            )));
        }
        other => return Err(decided(scene, number, other)),
    }
    refuse_nothing(scene, amount)?;
    if amount > request.asked_minor {
        let (wanted, asked) = (scene.money(amount), scene.money(request.asked_minor));
        return Err(Error::refused(format!(
            "{wanted} is more than the {asked} that request {number} asks for"
        )));
    }
    let balance = scene.balance(fund);
    if i128::from(amount) > balance.available {
        let why = format!(
            "{} is more than is available of `{fund}`: {} came in, {} is set aside, {} claimed, {} paid, {} expired, {} is left",
            scene.money(amount),
            scene.money(balance.posted),
            scene.money(balance.committed),
            scene.money(balance.claimed),
            scene.money(balance.paid),
            scene.money(balance.expired),
            scene.money(balance.available)
        );
        let refusal = Error::refused(why);
        let refusal = match scene.program.fund(fund).map(|fund| &fund.funding) {
            Some(Funding::Accrues { .. }) => {
                refusal.hint(format!("`chanlife fund accrue {}` posts what revenue brings", partner.key))
            }
            _ => refusal
                .hint(format!("`chanlife fund grant {} AMOUNT --fund {fund}` gives it more", partner.key)),
        };
        return Err(match balance.available > 0 {
            true => refusal.hint(format!(
                "`chanlife fund approve {number} --amount {}` approves what is left",
                scene.program.currency.money(balance.available)
            )),
            false => refusal,
        });
    }
    let days = scene.program.fund(fund).map_or(60, |fund| fund.claim_days);
    let claim_by = claim_by.unwrap_or_else(|| request.ends.plus(days).max(day));
    if claim_by < day {
        return Err(Error::refused(format!(
            "what can be claimed until {claim_by} can't be claimed any more on {day}"
        )));
    }
    let said = format!(
        "{name}: {} of {fund} approved for request {number}, to be claimed by {claim_by}; {} is left",
        scene.money(amount),
        scene.money(balance.available - i128::from(amount))
    );
    Decision::record(Approved { request: number, amount_minor: amount, claim_by }, said)
}

/// Refuses a request that waits, or a claim that is not paid.
///
/// # Errors
/// Refused where it is decided or paid already.
pub fn reject(scene: Scene, number: i64, reason: &str) -> Ruling {
    let books = scene.partner.books.on(scene.day);
    let name = scene.partner.name();
    let what = match (books.request(number), books.claim(number)) {
        (Some((_, request)), _) => match &request.state {
            RequestState::Waiting => "request",
            RequestState::Rejected { on, .. } => {
                return Ok(Decision::AlreadySo(format!(
                    "{name}: request {number} is rejected since {on} already"
                )));
            }
            other => return Err(decided(scene, number, other)),
        },
        (None, Some((_, _, claim))) => match &claim.outcome {
            None => "claim",
            Some(ClaimOutcome::Refused { on, .. }) => {
                return Ok(Decision::AlreadySo(format!(
                    "{name}: claim {number} is rejected since {on} already"
                )));
            }
            Some(ClaimOutcome::Paid { on }) => {
                return Err(Error::refused(format!("claim {number} was paid on {on}")));
            }
        },
        (None, None) => return Err(no_request(scene, number)),
    };
    let said = format!("{name}: {what} {number} is rejected");
    Decision::record(Refused { what: number, reason: reason.to_owned() }, said)
}

/// What a partner claims for what was approved.
#[derive(Clone, Copy, Debug)]
pub struct ClaimRequest<'a> {
    pub request: i64,
    /// All that is left of the approval where nothing is said.
    pub amount_minor: Option<i64>,
    pub proof: &'a str,
    pub leads: Option<i64>,
    pub pipeline_minor: Option<i64>,
}

/// Records that a partner claims what was approved.
///
/// # Errors
/// Refused beyond what was approved, before the activity, and after the last day to claim.
pub fn claim(scene: Scene, claimed: ClaimRequest) -> Ruling {
    let (partner, day, number) = (scene.partner, scene.day, claimed.request);
    let books = partner.books.on(day);
    let (_, request) = books.request(number).ok_or_else(|| no_request(scene, number))?;
    let same = |one: &&FundClaim| {
        one.proof == claimed.proof && claimed.amount_minor.is_none_or(|amount| amount == one.amount_minor)
    };
    if let Some(known) = request
        .claims
        .iter()
        .find(same)
        .filter(|one| !matches!(one.outcome, Some(ClaimOutcome::Refused { .. })))
    {
        return Ok(Decision::AlreadySo(format!(
            "{} claimed that on {} already, as claim {}",
            partner.name(),
            known.day,
            known.event
        )));
    }
    let RequestState::Approved { amount_minor: approved, .. } = request.state else {
        return Err(decided(scene, number, &request.state));
    };
    if day < request.starts {
        return Err(Error::refused(format!(
            "the {} of request {number} starts on {}, after {day}",
            request.activity, request.starts
        )));
    }
    let open = request.open_minor();
    let amount = claimed.amount_minor.unwrap_or(open);
    if open > 0 {
        refuse_nothing(scene, amount)?;
    }
    if amount > open || open == 0 {
        let taken: i128 = i128::from(approved) - i128::from(open);
        return Err(Error::refused(format!(
            "{} is more than is left of request {number}: {} was approved, {} is claimed, {} is left",
            scene.money(amount),
            scene.money(approved),
            scene.money(taken),
            scene.money(open)
        )));
    }
    let leads = claimed.leads.map_or_else(String::new, |leads| format!(", {}", counted(leads, "lead")));
    let said = format!(
        "{} claims {} of request {number} (claim {NUMBER}){leads}",
        partner.name(),
        scene.money(amount)
    );
    let proof = claimed.proof.to_owned();
    let (leads, pipeline_minor) = (claimed.leads, claimed.pipeline_minor);
    Decision::record(Claimed { request: number, amount_minor: amount, proof, leads, pipeline_minor }, said)
}

/// Records that a claim is paid.
///
/// # Errors
/// Refused for what was rejected, or is no claim.
pub fn pay(scene: Scene, number: i64, reference: Option<&str>) -> Ruling {
    let name = scene.partner.name();
    let books = scene.partner.books.on(scene.day);
    let Some((_, _, claim)) = books.claim(number) else {
        let refusal = match books.request(number) {
            Some((_, request)) => {
                let claims: Vec<i64> =
                    request.claims.iter().filter(|one| one.outcome.is_none()).map(|one| one.event).collect();
                let refusal = Error::refused(format!("{number} is a request, and claims are paid"));
                match claims.is_empty() {
                    true => refusal
                        .hint(format!("`chanlife fund claim {number} AMOUNT --proof PROOF` records one")),
                    false => refusal.hint(format!("its claims are {}", listed(&claims))),
                }
            }
            None => Error::refused(format!("{name} has no claim {number}")),
        };
        return Err(refusal.hint(format!("`chanlife fund show {}` lists them", scene.partner.key)));
    };
    match &claim.outcome {
        None => {}
        Some(ClaimOutcome::Paid { on }) => {
            return Ok(Decision::AlreadySo(format!(
                "{name}: claim {number}, {}, was paid on {on} already",
                scene.money(claim.amount_minor)
            )));
        }
        Some(ClaimOutcome::Refused { on, .. }) => {
            return Err(Error::refused(format!("claim {number} was rejected on {on}"))
                .hint("a rejected claim is claimed anew, with a better proof"));
        }
    }
    let said = format!("{name}: {} of claim {number} paid", scene.money(claim.amount_minor));
    Decision::record(Paid { claim: number, reference: reference.map(str::to_owned) }, said)
}

/// Ends a request of which nothing more comes; what is left of it goes back.
///
/// # Errors
/// Refused where it is over.
pub fn close(scene: Scene, number: i64, reason: Option<&str>) -> Ruling {
    let books = scene.partner.books.on(scene.day);
    let name = scene.partner.name();
    let (_, request) = books.request(number).ok_or_else(|| no_request(scene, number))?;
    match &request.state {
        RequestState::Waiting | RequestState::Approved { .. } => {}
        RequestState::Closed { on, .. } => {
            return Ok(Decision::AlreadySo(format!("{name}: request {number} is closed since {on} already")));
        }
        other @ RequestState::Rejected { .. } => return Err(decided(scene, number, other)),
    }
    let back = request.open_minor();
    let back = if back > 0 { format!(", {} goes back", scene.money(back)) } else { String::new() };
    let said = format!("{name}: request {number} is closed{back}");
    Decision::record(Closed { request: number, reason: reason.map(str::to_owned) }, said)
}

fn no_request(scene: Scene, number: i64) -> Error {
    let (name, key) = (scene.partner.name(), &scene.partner.key);
    Error::refused(format!("{number} is no request of {name}"))
        .hint(format!("`chanlife fund show {key}` lists them"))
}

fn decided(scene: Scene, number: i64, state: &RequestState) -> Error {
    let key = &scene.partner.key;
    match state {
        RequestState::Waiting => Error::refused(format!("request {number} is not approved yet"))
            .hint(format!("`chanlife fund approve {number}` sets the money aside")),
        RequestState::Approved { on, amount_minor, .. } => Error::refused(format!(
            "request {number} was approved on {on}, with {}",
            scene.money(*amount_minor)
        ))
        .hint(format!("`chanlife fund close {number}` ends it; what is left goes back")),
        RequestState::Rejected { on, reason } => {
            Error::refused(format!("request {number} was rejected on {on}: {reason}"))
                .hint(format!("`chanlife fund request {key} ...` asks anew"))
        }
        RequestState::Closed { on, lapsed: true, .. } => {
            Error::refused(format!("request {number} lapsed on {on}: it was not claimed in time"))
                .hint(format!("`chanlife fund request {key} ...` asks anew"))
        }
        RequestState::Closed { on, .. } => Error::refused(format!("request {number} was closed on {on}")),
    }
}
