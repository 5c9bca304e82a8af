//! What a merge makes of the money of two partners.

use std::collections::BTreeMap;

use crate::lifecycle::base::period::DayRange;
use crate::lifecycle::facts::PartnerFacts;
use crate::lifecycle::funds::credits::accruals;
use crate::lifecycle::funds::fund::{Fund, Funding};
use crate::lifecycle::funds::ledger::Balance;

/// The balances of a fund that a merge joins.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct JoinedBalance {
    pub fund: String,
    pub staying: Balance,
    pub going: Balance,
    pub together: Balance,
}

/// What is to accrue to a fund for some days because two partners are one, in minor units; below zero what has accrued too
/// much.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct AccruesAnew {
    pub fund: String,
    pub days: DayRange,
    pub minor: i128,
}

/// Returns the balances that a merge joins, of the partner that stays, the one that goes and both as one.
pub(crate) fn joined_balances([staying, going, together]: [PartnerFacts; 3]) -> Vec<JoinedBalance> {
    let books = going.partner.books.on(going.day);
    let joined = books.ledgers().map(|(fund, ledger)| JoinedBalance {
        fund: fund.to_owned(),
        staying: staying.balance(fund),
        going: ledger.balance(),
        together: together.balance(fund),
    });
    joined.filter(|one| one.going.in_hand()).collect()
}

/// Returns what is to accrue or to be taken back because the two are one, beside what was open before, by fund and days.
pub(crate) fn accrues_anew([staying, going, together]: [PartnerFacts; 3]) -> Vec<AccruesAnew> {
    let mut open: BTreeMap<(String, DayRange), i128> = BTreeMap::new();
    for (facts, sign) in [(staying, -1), (going, -1), (together, 1)] {
        let accrues = |fund: &&Fund| matches!(fund.funding, Funding::Accrues(_));
        let funds: Vec<&Fund> = facts.program.funds.iter().filter(accrues).collect();
        let posted = accruals(facts, &funds, None).map(|all| all.posted).unwrap_or_default();
        for one in posted {
            let days = one.days.unwrap_or(DayRange { first: facts.day, last: facts.day });
            *open.entry((one.fund, days)).or_default() += sign * i128::from(one.amount_minor);
        }
    }
    let changed = open.into_iter().filter(|(_, minor)| *minor != 0);
    changed.map(|((fund, days), minor)| AccruesAnew { fund, days, minor }).collect()
}
