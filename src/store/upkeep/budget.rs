//! Budgets of funds are those of all partners together: no grant, and no change of the program, may overdraw one.

use std::collections::BTreeMap;

use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::funds::{Fund, Funding};
use crate::store::engine::file::Writer;

/// More of a budget would be granted than it has, in minor units.
#[derive(Clone, Debug)]
pub(crate) struct Overdrawn {
    pub fund: String,
    pub period: String,
    pub granted: i128,
    pub budget: i128,
    pub currency: Currency,
}

impl Writer<'_> {
    /// Refuses what is written where more of a budget is granted than it has.
    pub(in crate::store) fn refuse_overdrawn(&self) -> anyhow::Result<()> {
        let program = self.reader.program_now()?.program;
        let mut granted: BTreeMap<(String, String), i128> = BTreeMap::new();
        let mut statement = self.reader.connection.prepare_cached(
            "select body ->> '$.fund', body ->> '$.period', amount_minor from movement
             where kind = 'fund-granted'",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            *granted.entry((row.get(0)?, row.get(1)?)).or_default() += i128::from(row.get::<_, i64>(2)?);
        }
        for ((key, period), granted) in granted {
            // A fund that the program no longer has grants nothing more.
            let Some(Fund { funding: Funding::Budget(budget), .. }) = program.fund(&key) else { continue };
            let budget = i128::from(budget.get(&period).copied().unwrap_or_default());
            if granted > budget {
                let currency = program.currency;
                return Err(Error::refused(Overdrawn { fund: key, period, granted, budget, currency }).into());
            }
        }
        Ok(())
    }
}
