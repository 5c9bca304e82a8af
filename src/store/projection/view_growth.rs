//! What reports on growth read: plans, tasks, and what is done about partners that do not perform.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::event::PartnerId;
use crate::lifecycle::performance::WatchStep;
use crate::lifecycle::plans::PlanVersion;
use crate::store::as_of::View;
use crate::store::error::{Result, StoreError};
use crate::store::log::read::day_of;

/// A version of a plan, as far as it had come by the view's day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlanRow {
    pub partner: PartnerId,
    pub period: String,
    pub starts: Day,
    /// How often the partner had come back after leaving by then.
    pub life: u32,
    pub version: PlanVersion,
}

/// Something to be done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TaskRow {
    pub partner: PartnerId,
    pub event: i64,
    /// How often the partner had come back after leaving by then.
    pub life: u32,
    pub what: String,
    pub owner: Option<String>,
    pub due: Day,
    pub plan: Option<String>,
    pub done: Option<Day>,
}

/// A step of what is done about a partner that does not perform.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CareRow {
    pub partner: PartnerId,
    /// How often the partner had come back after leaving by then.
    pub life: u32,
    pub day: Day,
    pub step: WatchStep,
    pub reason: Option<String>,
}

impl View<'_> {
    /// Plans drawn up by the view's day, partner by partner, each partner's versions in order.
    pub fn each_plan(&self, mut take: impl FnMut(PlanRow)) -> Result<()> {
        let sql = "select * from plan where day <= ?1 order by partner, seq";
        let mut statement = self.connection().prepare_cached(sql)?;
        let mut rows = statement.query([self.as_of.number()])?;
        let past =
            |day: Option<i64>| day.map(day_of).transpose().map(|day| day.filter(|day| *day <= self.as_of));
        while let Some(row) = rows.next()? {
            let agreed = past(row.get("agreed")?)?;
            take(PlanRow {
                partner: row.get("partner")?,
                period: row.get("period")?,
                starts: day_of(row.get("starts")?)?,
                life: row.get("life")?,
                version: PlanVersion {
                    event: 0,
                    day: day_of(row.get("day")?)?,
                    targets_minor: [
                        row.get("q1_minor")?,
                        row.get("q2_minor")?,
                        row.get("q3_minor")?,
                        row.get("q4_minor")?,
                    ],
                    sent: past(row.get("sent")?)?,
                    agreed,
                    agreed_by: row.get::<_, Option<String>>("agreed_by")?.filter(|_| agreed.is_some()),
                },
            });
        }
        Ok(())
    }

    /// Tasks known by the view's day, partner by partner in order.
    pub fn each_task(&self, mut take: impl FnMut(TaskRow)) -> Result<()> {
        let sql = "select * from task where day <= ?1 order by partner, seq";
        let mut statement = self.connection().prepare_cached(sql)?;
        let mut rows = statement.query([self.as_of.number()])?;
        while let Some(row) = rows.next()? {
            let done: Option<i64> = row.get("done")?;
            take(TaskRow {
                partner: row.get("partner")?,
                event: row.get("event")?,
                life: row.get("life")?,
                what: row.get("what")?,
                owner: row.get("owner")?,
                due: day_of(row.get("due")?)?,
                plan: row.get("plan")?,
                done: done.map(day_of).transpose()?.filter(|day| *day <= self.as_of),
            });
        }
        Ok(())
    }

    /// What was done about partners by the view's day, partner by partner in order.
    pub fn each_care(&self, mut take: impl FnMut(CareRow)) -> Result<()> {
        let sql = "select * from care where day <= ?1 order by partner, seq";
        let mut statement = self.connection().prepare_cached(sql)?;
        let mut rows = statement.query([self.as_of.number()])?;
        while let Some(row) = rows.next()? {
            let until: Option<i64> = row.get("until")?;
            let word: String = row.get("step")?;
            let step = WatchStep::from_word(&word, until.map(day_of).transpose()?);
            let damaged = || StoreError::Damaged { why: format!("a step `{word}`") };
            take(CareRow {
                partner: row.get("partner")?,
                life: row.get("life")?,
                day: day_of(row.get("day")?)?,
                step: step.ok_or_else(damaged)?,
                reason: row.get("reason")?,
            });
        }
        Ok(())
    }
}
