//! What is due of the money of funds, and what waits for us.

use crate::lifecycle::base::hint::Step;
use crate::lifecycle::due::{AgendaItem, Due, DueKind};
use crate::lifecycle::facts::PartnerFacts;
use crate::lifecycle::funds::ledger::FundLedger;
use crate::lifecycle::funds::request::{ClaimOutcome, FundRequest, RequestState};

/// Returns the requests and claims that wait for a decision or a payment.
pub(crate) fn waiting(facts: PartnerFacts) -> Vec<Due> {
    let money = |minor: i64| facts.program.currency.money(i128::from(minor));
    let mut all = Vec::new();
    for (fund, request) in facts.partner.books.on(facts.day).requests() {
        if request.state == RequestState::Waiting {
            all.push(Due {
                day: request.day,
                kind: DueKind::Waiting,
                what: AgendaItem::Request {
                    request: request.event,
                    amount: money(request.asked_minor),
                    fund: fund.to_owned(),
                    activity: request.activity.clone(),
                },
                step: Step::ApproveRequest { request: request.event, amount: None },
                id: format!("request.{}", request.event),
            });
        }
        for claim in request.claims.iter().filter(|claim| claim.outcome.is_none()) {
            all.push(Due {
                day: claim.day,
                kind: DueKind::Waiting,
                what: AgendaItem::Payment {
                    claim: claim.event,
                    amount: money(claim.amount_minor),
                    fund: fund.to_owned(),
                },
                step: Step::PayClaim { claim: claim.event },
                id: format!("payment.{}", claim.event),
            });
        }
    }
    all
}

/// Returns the money that ends, the activities that start, and the requests that are to be claimed.
pub(crate) fn dues(facts: PartnerFacts) -> Vec<Due> {
    let mut all = Vec::new();
    for (fund, ledger) in facts.partner.books.on(facts.day).ledgers() {
        all.extend(ending(facts, fund, ledger));
        ledger.requests.iter().for_each(|request| of_request(facts, request, &mut all));
    }
    all
}

fn ending(facts: PartnerFacts, fund: &str, ledger: &FundLedger) -> Vec<Due> {
    let left = ledger.lots.iter().filter(|lot| lot.left_minor > 0);
    let due = left.filter_map(|lot| {
        let amount = facts.program.currency.amount(i128::from(lot.left_minor));
        Some(Due {
            day: lot.until?,
            kind: DueKind::Fund,
            what: AgendaItem::MoneyEnds { amount, fund: fund.to_owned() },
            step: Step::RequestFunds { partner: facts.partner.key.clone() },
            id: format!("fund.{}", lot.event),
        })
    });
    due.collect()
}

fn of_request(facts: PartnerFacts, request: &FundRequest, all: &mut Vec<Due>) {
    let RequestState::Approved { claim_by, .. } = request.state else { return };
    let number = request.event;
    let is_paid = request.claims.iter().any(|one| matches!(one.outcome, Some(ClaimOutcome::Paid { .. })));
    if request.starts >= facts.day && !is_paid {
        all.push(Due {
            day: request.starts,
            kind: DueKind::Activity,
            what: AgendaItem::ActivityStarts { activity: request.activity.clone(), request: number },
            step: Step::ShowFunds { partner: facts.partner.key.clone() },
            id: format!("activity.{number}"),
        });
    }
    if request.open_minor() > 0 {
        let amount = facts.program.currency.amount(i128::from(request.open_minor()));
        all.push(Due {
            day: claim_by,
            kind: DueKind::Claim,
            what: AgendaItem::ClaimDue { amount, request: number },
            step: Step::ClaimFunds { request: number },
            id: format!("claim.{number}"),
        });
    }
}
