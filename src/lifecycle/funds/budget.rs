//! Budgets of funds are those of all partners together: no grant, and no change of the program, may overdraw one.

use std::collections::BTreeMap;

use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::funds::fund::{Fund, Funding};
use crate::lifecycle::program::definition::Program;

/// More of a budget would be granted than it has, in minor units.
#[derive(Clone, Debug)]
pub(crate) struct Overdrawn {
    pub fund: String,
    pub period: String,
    pub granted: i128,
    pub budget: i128,
    pub currency: Currency,
}

/// Refuses more grants than a budget has; `granted` has all grants together, in minor units, by fund and period.
///
/// # Errors
/// [`Overdrawn`].
pub(crate) fn refuse_overdrawn(
    program: &Program,
    granted: BTreeMap<(String, String), i128>,
) -> Result<(), Error> {
    for ((key, period), granted) in granted {
        // A fund that the program no longer has grants nothing more.
        let Some(Fund { funding: Funding::Budget(budget), .. }) = program.fund(&key) else { continue };
        let budget = i128::from(budget.get(&period).copied().unwrap_or_default());
        if granted > budget {
            let currency = program.currency;
            return Err(Error::refused(Overdrawn { fund: key, period, granted, budget, currency }));
        }
    }
    Ok(())
}
