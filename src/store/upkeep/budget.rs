//! Reads what was granted of each budget, for the rule that none may be overdrawn.

use std::collections::{BTreeMap, HashMap};

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::period::DayRange;
use crate::lifecycle::funds::{GrantedSum, refuse_moved_budgets, refuse_overdrawn};
use crate::lifecycle::program::Program;
use crate::store::engine::file::{Reader, Writer};
use crate::store::error::Result;

/// A fund, and the year of its budget with its days.
type GrantedFrom = (String, String, Option<DayRange>);

impl Reader<'_> {
    /// Returns what was granted from each budget, less what was taken back.
    fn granted(&self) -> Result<Vec<GrantedSum>> {
        let mut granted: BTreeMap<GrantedFrom, i128> = BTreeMap::new();
        let mut statement = self.connection.prepare_cached(
            "select event, body ->> '$.fund', body ->> '$.period', amount_minor,
                    body ->> '$.days.first', body ->> '$.days.last'
             from movement where kind = 'fund-granted'",
        )?;
        let mut budgets: HashMap<i64, GrantedFrom> = HashMap::new();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let day = |at: usize| -> rusqlite::Result<Option<Day>> {
                Ok(row.get::<_, Option<String>>(at)?.and_then(|text| Day::parse_iso(&text)))
            };
            let days = day(4)?.zip(day(5)?).map(|(first, last)| DayRange { first, last });
            let from: GrantedFrom = (row.get(1)?, row.get(2)?, days);
            budgets.insert(row.get(0)?, from.clone());
            *granted.entry(from).or_default() += i128::from(row.get::<_, i64>(3)?);
        }
        let mut statement = self.connection.prepare_cached(
            "select body ->> '$.grant', amount_minor from movement where kind = 'fund-taken-back'",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            if let Some(sum) = budgets.get(&row.get(0)?).and_then(|from| granted.get_mut(from)) {
                *sum -= i128::from(row.get::<_, i64>(1)?);
            }
        }
        let sums = granted.into_iter();
        Ok(sums.map(|((fund, period, days), granted)| GrantedSum { fund, period, days, granted }).collect())
    }
}

impl Reader<'_> {
    /// Returns why the grants so far do not fit the budgets of a new program, if they do not.
    ///
    /// # Errors
    /// Fails if the file cannot be read.
    pub(crate) fn unfit_budgets(&self, old: &Program, new: &Program) -> Result<Option<Error>> {
        let granted = self.granted()?;
        let fits = refuse_moved_budgets((old, new), &granted).and_then(|()| refuse_overdrawn(new, &granted));
        Ok(fits.err())
    }
}

impl Writer<'_> {
    /// Refuses what is written if more of a budget is granted than it has.
    pub(in crate::store) fn refuse_overdrawn(&self) -> anyhow::Result<()> {
        let program = self.reader.program_now()?.program;
        Ok(refuse_overdrawn(&program, &self.reader.granted()?)?)
    }

    /// Refuses a new program in which a budget from which grants were made would have other days.
    pub(in crate::store) fn refuse_moved_budgets(&self, old: &Program, new: &Program) -> anyhow::Result<()> {
        Ok(refuse_moved_budgets((old, new), &self.reader.granted()?)?)
    }
}
