//! What an open milestone needs and does not have yet, and the step that brings it.

use crate::lifecycle::base::hint::Step;
use crate::lifecycle::base::period::{Every, Period};
use crate::lifecycle::criteria;
use crate::lifecycle::due::Lacking;
use crate::lifecycle::enablement::rules::next_person;
use crate::lifecycle::facts::{Facts, PartnerFacts};
use crate::lifecycle::funds::budget_years::budget_on;
use crate::lifecycle::funds::credits::accruals;
use crate::lifecycle::funds::fund::Funding;
use crate::lifecycle::funds::request::RequestState;
use crate::lifecycle::milestone::held::MilestoneFacts;
use crate::lifecycle::milestone::needs::Need;
use crate::lifecycle::milestone::section::Milestone;
use crate::lifecycle::plans::rules::{plan_step, review_step};
use crate::lifecycle::revenue::rules::report_step;

/// Returns what a milestone needs and does not have yet, for a recurring one in `period`, and the step that brings it.
pub(crate) fn lacking(facts: PartnerFacts, need: &Need, period: Option<&Period>) -> (Lacking, Step) {
    let partner = facts.partner.key.clone();
    match need {
        Need::Questionnaire(questionnaire) => {
            let (so_far, step) = criteria::rules::lacking(facts, questionnaire);
            (Lacking::Answers { questionnaire: questionnaire.clone(), so_far }, step)
        }
        Need::Certified { course, people } => {
            let certified = facts.certified(course).len();
            let (course, people) = (course.clone(), *people);
            let person = next_person(facts, &course);
            let step = Step::Certify { partner, course: course.clone(), person };
            (Lacking::Certificates { course, certified, people }, step)
        }
        Need::Agreed(term) | Need::Renewed(term) => {
            let kind = facts.program.term(term).map_or("text", |term| term.field.kind.word());
            let step = Step::Agree { partner, term: term.clone(), kind };
            (Lacking::Fact(need.clone()), step)
        }
        Need::Delivered(material) => {
            let version = facts.delivered(material).map(|one| one.version.clone());
            let material = material.clone();
            (Lacking::Delivery { material: material.clone(), version }, Step::Deliver { partner, material })
        }
        Need::Sold(wanted) => {
            let made = facts.kept_sales().into_iter().filter(|sale| facts.counts(sale.day, period)).count();
            (Lacking::Sales { made, wanted: *wanted }, Step::AddRevenue { partner })
        }
        Need::Revenue(wanted) => {
            let sales = facts.partner.sales.iter().filter(|sale| facts.counts(sale.day, period));
            let sold = sales.map(|sale| i128::from(sale.amount_minor)).sum();
            let amount = |minor: i128| facts.program.currency.amount(minor);
            (
                Lacking::Revenue { sold: amount(sold), wanted: amount(wanted.minor) },
                Step::AddRevenue { partner },
            )
        }
        Need::Any(several) => {
            let asked: Vec<&Need> = several.iter().filter(|one| facts.can_need(one)).collect();
            let all: Vec<(Lacking, Step)> = asked.iter().map(|one| lacking(facts, one, period)).collect();
            let best = asked.iter().position(|one| !is_out_of_reach(facts, one)).unwrap_or(0);
            let step = all.get(best).map_or(Step::Show { partner }, |(_, step)| step.clone());
            (Lacking::Any(all.into_iter().map(|(lacking, _)| lacking).collect()), step)
        }
        Need::All(several) => {
            let asked = several.iter().filter(|one| facts.can_need(one));
            let open = asked.filter(|one| facts.met(one, period).is_none());
            let all: Vec<(Lacking, Step)> = open.map(|one| lacking(facts, one, period)).collect();
            let step = all.first().map_or(Step::Show { partner }, |(_, step)| step.clone());
            (Lacking::All(all.into_iter().map(|(lacking, _)| lacking).collect()), step)
        }
        fact => (Lacking::Fact(fact.clone()), recording_step(facts, fact, period)),
    }
}

/// Returns whether nothing can be recorded now that meets a need: there is no money that could be credited or claimed.
fn is_out_of_reach(facts: PartnerFacts, need: &Need) -> bool {
    match need {
        Need::Granted(fund) => match facts.program.fund(fund) {
            Some(fund) => match &fund.funding {
                Funding::Accrues(_) => accruals(facts, &[fund], None)
                    .map_or(true, |all| all.posted.iter().all(|one| one.amount_minor <= 0)),
                Funding::Budget(budget) => budget_on(budget, facts.program.calendar, facts.day).is_none(),
            },
            None => true,
        },
        Need::Claimed(fund) => facts
            .ledger(fund)
            .is_none_or(|ledger| ledger.balance().available <= 0 && ledger.requests.is_empty()),
        _ => false,
    }
}

/// Returns the step that records a fact.
fn recording_step(facts: PartnerFacts, fact: &Need, period: Option<&Period>) -> Step {
    let partner = facts.partner.key.clone();
    let current = |every: Every| {
        let of_period = period.map_or(facts.day, |period| period.last.min(facts.day).max(period.first));
        facts.program.report_calendars().period_of(of_period, every)
    };
    let show = || Step::Show { partner: facts.partner.key.clone() };
    match fact {
        Need::Granted(fund) => match facts.program.fund(fund).map(|fund| &fund.funding) {
            Some(Funding::Budget(_)) => Step::GrantFund { partner, fund: fund.clone(), amount: None },
            _ => Step::AccrueFund { partner },
        },
        Need::Claimed(fund) => claiming_step(facts, fund),
        Need::Announced(start) => Step::Notify { partner, announcement: start.clone() },
        Need::Planned => current(Every::Year).map_or_else(show, |year| plan_step(facts, &year)),
        Need::Reviewed => current(Every::Quarter).map_or_else(show, |quarter| review_step(facts, &quarter)),
        Need::TierReviewed => Step::ReviewTier { partner },
        Need::Reported => match period {
            Some(period) => report_step(facts, period),
            None => Step::AddRevenue { partner },
        },
        _ => Step::Show { partner },
    }
}

/// Returns the step that brings a claim on a fund: the claim, the approval of what is asked for, or the request.
fn claiming_step(facts: PartnerFacts, fund: &str) -> Step {
    let requests = || facts.ledger(fund).into_iter().flat_map(|ledger| &ledger.requests);
    let approved = requests().find(|one| {
        matches!(one.state, RequestState::Approved { claim_by, .. } if claim_by >= facts.day)
            && one.open_minor() > 0
    });
    let waiting = requests().find(|one| one.state == RequestState::Waiting);
    match (approved, waiting) {
        (Some(request), _) => Step::ClaimFunds { request: request.event },
        (None, Some(request)) => Step::ApproveRequest { request: request.event, amount: None },
        (None, None) => {
            Step::RequestFunds { partner: facts.partner.key.clone(), fund: Some(fund.to_owned()) }
        }
    }
}

/// Returns what an open milestone lacks, for a recurring one in `period`, and the step that settles it.
pub(crate) fn settling(
    facts: PartnerFacts,
    milestone: &Milestone,
    period: Option<&Period>,
) -> (Option<Lacking>, Step) {
    let Some(need) = &milestone.needs else { return (None, done_step(facts, milestone, period)) };
    let (lacking, step) = lacking(facts, need, period);
    let of_now = period.is_none_or(|period| period.last >= facts.day);
    match (milestone.by_hand, need) {
        // What we record ourselves says more than that it is done.
        (_, Need::Planned | Need::Reviewed) => (None, step),
        (true, Need::TierReviewed) if of_now => (None, step),
        (true, _) => (None, done_step(facts, milestone, period)),
        (false, Need::Reported) => (None, step),
        // What did not happen in the period can't happen in it any more.
        (false, _) if !of_now => (None, skip_step(facts, milestone, period)),
        (false, _) => (Some(lacking), step),
    }
}

/// Returns the step that says that a milestone is done; the current period need not be named.
pub(crate) fn done_step(facts: PartnerFacts, milestone: &Milestone, period: Option<&Period>) -> Step {
    let (partner, milestone) = (facts.partner.key.clone(), milestone.key.clone());
    Step::Done { partner, milestone, period: named(facts, period) }
}

fn skip_step(facts: PartnerFacts, milestone: &Milestone, period: Option<&Period>) -> Step {
    let (partner, milestone) = (facts.partner.key.clone(), milestone.key.clone());
    Step::Skip { partner, milestone, period: named(facts, period) }
}

/// Returns the label of a period if it is not the current one.
fn named(facts: PartnerFacts, period: Option<&Period>) -> Option<String> {
    let other = |period: &&Period| !(period.first..=period.last).contains(&facts.day);
    period.filter(other).map(ToString::to_string)
}
