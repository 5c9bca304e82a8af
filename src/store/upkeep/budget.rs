//! Reads what was granted of each budget, for the rule that none may be overdrawn.

use std::collections::{BTreeMap, HashMap};

use crate::lifecycle::funds::refuse_overdrawn;
use crate::store::engine::file::Writer;

impl Writer<'_> {
    /// Refuses what is written if more of a budget is granted than it has.
    pub(in crate::store) fn refuse_overdrawn(&self) -> anyhow::Result<()> {
        let program = self.reader.program_now()?.program;
        let mut granted: BTreeMap<(String, String), i128> = BTreeMap::new();
        let mut statement = self.reader.connection.prepare_cached(
            "select event, body ->> '$.fund', body ->> '$.period', amount_minor from movement
             where kind = 'fund-granted'",
        )?;
        let mut budgets: HashMap<i64, (String, String)> = HashMap::new();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let budget = (row.get(1)?, row.get(2)?);
            budgets.insert(row.get(0)?, budget.clone());
            *granted.entry(budget).or_default() += i128::from(row.get::<_, i64>(3)?);
        }
        let mut statement = self.reader.connection.prepare_cached(
            "select body ->> '$.grant', amount_minor from movement where kind = 'fund-taken-back'",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let budget = budgets.get(&row.get(0)?).and_then(|budget| granted.get_mut(budget));
            if let Some(sum) = budget {
                *sum -= i128::from(row.get::<_, i64>(1)?);
            }
        }
        Ok(refuse_overdrawn(&program, granted)?)
    }
}
