//! Who has parts of the program that a new version lacks.

use crate::lifecycle::enablement::{Certificate, Delivery};
use crate::lifecycle::facts::Facts;
use crate::lifecycle::funds::{Books, RequestState};
use crate::lifecycle::program::{Aliases, GonePart, Part, PartInUse, Program, gone_parts};
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
            let who = |has: fn(&Channel, &Line, &GonePart) -> bool| {
                let lines = channel.lines.iter().filter(|line| has(channel, line, gone));
                let mut keys: Vec<String> = lines.map(|line| line.key().to_owned()).collect();
                keys.sort();
                keys
            };
            PartInUse { gone: gone.clone(), partners: who(has), with_money: who(has_money) }
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

/// Returns whether a partner has a balance in a fund or an open request.
fn has_money(channel: &Channel, line: &Line, gone: &GonePart) -> bool {
    let ledger = channel.facts(line).ledger(&gone.key).filter(|_| gone.part == Part::Fund);
    ledger.map(|ledger| ledger.on(channel.as_of)).is_some_and(|ledger| {
        let balance = ledger.balance();
        let is_open = balance.available != 0 || balance.committed != 0 || balance.claimed != 0;
        is_open
            || balance.overpaid != 0
            || ledger.requests.iter().any(|one| one.state == RequestState::Waiting)
    })
}
