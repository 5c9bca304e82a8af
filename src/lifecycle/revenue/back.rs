//! What an undo, a redo or a merge that is undone must not bring back: records that would count twice, or apart from those that they
//! count with.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use crate::lifecycle::base::error::Error;
use crate::lifecycle::partner::state::Partner;
use crate::lifecycle::program::definition::Program;
use crate::lifecycle::revenue::events::Sale;
use crate::lifecycle::revenue::reported::sale_keys;
use crate::lifecycle::revenue::rules::RevenueRefusal;

/// Checks that nothing comes back that was recorded again since: `back` are the numbers of the events that come back.
///
/// # Errors
/// Refused if a sale without a reference is the very same as one that was recorded after it.
pub(crate) fn check_not_twice(
    program: &Program,
    after: &Partner,
    back: &RangeInclusive<i64>,
) -> Result<(), Error> {
    let is_bare = |sale: &&Sale| sale.reference.is_none() && sale.said().returns.is_none();
    let later: HashMap<_, i64> = after
        .sales
        .iter()
        .filter(is_bare)
        .filter(|sale| sale.event > *back.end())
        .flat_map(|sale| sale_keys(sale).into_iter().map(|key| (key, sale.event)))
        .collect();
    if later.is_empty() {
        return Ok(());
    }
    let mut back = after.sales.iter().filter(is_bare).filter(|sale| back.contains(&sale.event));
    let twice =
        back.find_map(|sale| Some((sale, sale_keys(sale).iter().find_map(|key| later.get(key)).copied()?)));
    twice.map_or(Ok(()), |(sale, again)| {
        Err(Error::refused(RevenueRefusal::BackTwice {
            event: sale.event,
            again,
            amount: program.currency.amount(sale.reported_minor().into()),
            on: sale.day,
            partner: after.name().to_owned(),
        }))
    })
}

/// Checks that records which count in place of each other, or as parts of each other, stay with one partner, where a merge is
/// undone; `after` are the partners as they are then.
///
/// # Errors
/// Refused if a record would count beside one that it replaced.
pub(crate) fn check_together(after: &[Partner]) -> Result<(), Error> {
    let owners: HashMap<i64, &Partner> =
        after.iter().flat_map(|one| one.sales.iter().map(move |sale| (sale.event, one))).collect();
    for partner in after {
        for sale in &partner.sales {
            let Some(ties) = &sale.ties else { continue };
            let mut tied = ties.replaces.iter().chain(&ties.parts).chain(&ties.part_of);
            let apart = tied.find_map(|event| {
                Some((*event, *owners.get(event)?)).filter(|(_, one)| one.id != partner.id)
            });
            if let Some((other, whose)) = apart {
                return Err(Error::refused(RevenueRefusal::TornApart {
                    event: sale.event,
                    other,
                    partner: partner.name().to_owned(),
                    whose: whose.name().to_owned(),
                }));
            }
        }
    }
    Ok(())
}
