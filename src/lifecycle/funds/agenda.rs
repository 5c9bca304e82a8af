//! What is due of the money of funds, and what waits for us.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::due::{AgendaItem, Due, DueKind};
use crate::lifecycle::facts::PartnerFacts;
use crate::lifecycle::funds::books::Books;
use crate::lifecycle::funds::budget_years::budget_on;
use crate::lifecycle::funds::fund::Funding;
use crate::lifecycle::funds::ledger::FundLedger;
use crate::lifecycle::funds::request::{FundRequest, RequestState};
use crate::lifecycle::program::definition::Program;

/// Returns the requests and claims that wait for a decision or a payment.
pub(crate) fn waiting(facts: PartnerFacts) -> Vec<Due> {
    let money = |minor: i64| facts.program.currency.money(i128::from(minor));
    let mut all = Vec::new();
    let books = facts.partner.books.on(facts.day);
    let partner = (facts.partner.key.as_str(), facts.partner.has_left());
    let short = books.not_covered();
    for (fund, request) in books.requests() {
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
                step: decision_step(
                    facts.program,
                    facts.day,
                    InBooks { partner, books: &books, fund, request },
                ),
                id: format!("request.{}", request.event),
            });
        }
        for claim in request.claims.iter().filter(|claim| claim.outcome.is_none()) {
            all.push(Due {
                day: claim.day,
                kind: DueKind::Waiting,
                what: AgendaItem::Payment {
                    claim: claim.event,
                    amount: money(claim.unpaid_minor()),
                    fund: fund.to_owned(),
                    not_covered: short.get(&claim.event).map(|minor| money(*minor)),
                },
                step: Step::PayClaim { claim: claim.event },
                id: format!("payment.{}", claim.event),
            });
        }
    }
    all
}

/// A request in the books of its partner, which has a key and has left or not.
#[derive(Clone, Copy)]
pub(crate) struct InBooks<'a> {
    pub partner: (&'a str, bool),
    pub books: &'a Books,
    pub fund: &'a str,
    pub request: &'a FundRequest,
}

/// Returns the step that decides on a request that waits: as much of it as can be approved now, or what brings the money.
pub(crate) fn decision_step(program: &Program, day: Day, at: InBooks) -> Step {
    let InBooks { partner: (key, has_left), books, fund, request } = at;
    let number = request.event;
    if has_left {
        return Step::RejectRequest { request: number };
    }
    let available = books.ledger(fund).map_or(0, |ledger| ledger.balance().available);
    if available >= i128::from(request.asked_minor) {
        return Step::ApproveRequest { request: number, amount: None };
    }
    if available > 0 {
        let amount = Some(program.currency.money(available));
        return Step::ApproveRequest { request: number, amount };
    }
    let (partner, fund_key) = (key.to_owned(), fund.to_owned());
    match program.fund(fund).map(|fund| &fund.funding) {
        Some(Funding::Accrues(_)) => Step::AccrueFund { partner },
        Some(Funding::Budget(budget)) if budget_on(budget, program.calendar, day).is_some() => {
            let amount = Some(program.currency.money(i128::from(request.asked_minor)));
            Step::GrantFund { partner, fund: fund_key, amount }
        }
        _ => Step::RejectRequest { request: number },
    }
}

/// Returns the step that records a claim of an approved request, once its activity has started.
pub(crate) fn claiming_step(partner: &str, request: &FundRequest, day: Day) -> Step {
    if request.starts > day {
        return Step::ShowFunds { partner: partner.to_owned() };
    }
    Step::ClaimFunds { request: request.event }
}

/// Returns the money that ends, the activities that start, and the requests that are to be claimed.
pub(crate) fn dues(facts: PartnerFacts) -> Vec<Due> {
    let mut all = Vec::new();
    for (fund, ledger) in facts.partner.books.on(facts.day).ledgers() {
        all.extend(ending(facts, fund, ledger));
        let short = ledger.not_covered();
        for request in &ledger.requests {
            of_request(facts, request, short.get(&request.event).copied(), &mut all);
        }
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
            step: Step::RequestFunds { partner: facts.partner.key.clone(), fund: Some(fund.to_owned()) },
            id: format!("fund.{}", lot.event),
        })
    });
    due.collect()
}

/// Adds what is due of a request; the fund has no money for `short_minor` of what is not claimed of it.
fn of_request(facts: PartnerFacts, request: &FundRequest, short_minor: Option<i64>, all: &mut Vec<Due>) {
    let RequestState::Approved { claim_by, .. } = request.state else { return };
    let number = request.event;
    let is_paid = request.claims.iter().any(|one| one.paid_minor() > 0);
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
            what: AgendaItem::ClaimDue {
                amount,
                request: number,
                not_covered: short_minor.map(|minor| facts.amount(minor)),
            },
            step: claiming_step(&facts.partner.key, request, facts.day),
            id: format!("claim.{number}"),
        });
    }
}
