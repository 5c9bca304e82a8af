//! Budgets of funds are those of all partners together: no grant, and no change of the program, may overdraw one.

use crate::lifecycle::base::error::Error;
use std::collections::BTreeMap;

use crate::lifecycle::funds::{Fund, Funding};
use crate::store::engine::file::Writer;

impl Writer<'_> {
    /// Refuses what is written where more of a budget is granted than it has.
    pub(in crate::store) fn refuse_overdrawn(&self) -> anyhow::Result<()> {
        let program = self.program_now()?.program;
        let mut granted: BTreeMap<(String, String), i128> = BTreeMap::new();
        let mut statement = self.connection.prepare_cached(
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
                let money =
                    |minor: i128| format!("{} {}", program.currency.money(minor), program.currency.code());
                let why = format!(
                    "of `{key}` {} would be granted for {period}, {} more than its budget of {}",
                    money(granted),
                    money(granted - budget),
                    money(budget)
                );
                return Err(Error::refused(why)
                    .hint("`chanlife report funds` says who has how much")
                    .hint("a larger budget is set in the program: `chanlife program apply FILE`")
                    .into());
            }
        }
        Ok(())
    }
}
