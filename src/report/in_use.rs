//! Who has parts of the program that a new version lacks.

use crate::lifecycle::base::hint::Step;
use crate::lifecycle::enablement::{Certificate, Delivery};
use crate::lifecycle::facts::Facts;
use crate::lifecycle::funds::{Books, RequestState};
use crate::lifecycle::program::{Aliases, GonePart, MoneyHeld, Part, PartInUse, Program, gone_parts};
use crate::lifecycle::terms::Agreement;
use crate::report::reading::{Channel, Line, Needs};
use crate::store::{AttributesRow, View};

/// Returns the parts that go with a new program, and those of them that partners have; `aliases` are those in force with it.
///
/// # Errors
/// Fails if the file cannot be read.
pub(crate) fn gone_and_in_use(
    view: &View,
    old: &Program,
    new: &Program,
    aliases: &Aliases,
) -> anyhow::Result<(Vec<GonePart>, Vec<PartInUse>)> {
    let gone = gone_parts(old, new, aliases);
    if gone.is_empty() {
        return Ok((gone, Vec::new()));
    }
    let needs = Needs::of::<AttributesRow>()
        .and(Needs::of::<Agreement>())
        .and(Needs::of::<Certificate>())
        .and(Needs::of::<Delivery>())
        .and(Needs::of::<Books>());
    let in_use = Channel::read(view, needs, |channel| {
        let in_use = gone.iter().map(|gone| {
            let lines = channel.lines.iter().filter(|line| has(channel, line, gone));
            let mut partners: Vec<String> = lines.map(|line| line.key().to_owned()).collect();
            partners.sort();
            let mut with_money: Vec<MoneyHeld> =
                channel.lines.iter().filter_map(|line| money_held(channel, line, gone)).collect();
            with_money.sort_by(|one, other| one.partner.cmp(&other.partner));
            PartInUse { gone: gone.clone(), partners, with_money }
        });
        Ok(in_use.filter(|one| !one.partners.is_empty()).collect())
    })?;
    Ok((gone, in_use))
}

/// Returns whether a partner has a part: a tier, a value or an option now, a term as it was last agreed, a certificate that
/// counts, a material or money of a fund at any time, or if it ever left for a reason.
fn has(channel: &Channel, line: &Line, gone: &GonePart) -> bool {
    let GonePart { part, key, option } = gone;
    match part {
        Part::Tier => line.attribute("tier") == Some(key),
        Part::Field => match option {
            Some(option) => line.values(key).contains(&option.as_str()),
            None => line.attribute(key).is_some(),
        },
        Part::Term => {
            let newest = channel.facts(line).agreements().rev().find(|one| one.term == *key);
            let value = newest.and_then(|one| one.value.as_ref());
            option.as_ref().map_or(value.is_some(), |option| value == Some(option))
        }
        Part::Course => {
            channel.facts(line).certificates().any(|one| one.course == *key && one.counts_on(channel.as_of))
        }
        Part::Material => channel.facts(line).deliveries().any(|one| one.material == *key),
        Part::Fund => channel.facts(line).ledger(key).is_some(),
        Part::Reason => channel.stays_with_causes(line).any(|(_, why)| why == Some(key.as_str())),
    }
}

/// Returns what a partner holds of a fund that goes, if it is something. What was overpaid is nothing that it holds.
fn money_held(channel: &Channel, line: &Line, gone: &GonePart) -> Option<MoneyHeld> {
    let ledger = channel.facts(line).ledger(&gone.key).filter(|_| gone.part == Part::Fund)?;
    let ledger = ledger.on(channel.as_of);
    let balance = ledger.balance();
    let mut steps = Vec::new();
    let mut waiting = 0;
    for request in &ledger.requests {
        if request.state == RequestState::Waiting {
            waiting += 1;
            steps.push(Step::RejectRequest { request: request.event });
        }
        let unpaid = request.claims.iter().filter(|claim| claim.unpaid_minor() > 0);
        steps.extend(unpaid.map(|claim| Step::PayClaim { claim: claim.event }));
        if request.open_minor() > 0 {
            steps.push(Step::CloseRequest { request: request.event });
        }
    }
    let amount = |minor: i128| channel.program.currency.amount(minor);
    (balance.available > 0 || !steps.is_empty()).then(|| MoneyHeld {
        partner: line.key().to_owned(),
        available: amount(balance.available),
        committed: amount(balance.committed),
        claimed: amount(balance.claimed),
        waiting,
        steps,
    })
}
