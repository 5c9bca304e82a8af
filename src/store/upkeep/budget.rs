//! Reads what was granted of each budget, for the rule that none may be overdrawn.

use std::collections::BTreeMap;

use crate::lifecycle::funds::refuse_overdrawn;
use crate::store::engine::file::Writer;

impl Writer<'_> {
    /// Refuses what is written if more of a budget is granted than it has.
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
        Ok(refuse_overdrawn(&program, granted)?)
    }
}
