//! What reports read that stands behind the stages: terms, certificates, deliveries, funds, announcements, questions.
//!
//! Rows come partner by partner in order, as they were at the end of the view's day.

use std::collections::BTreeMap;

use rusqlite::Row;

use crate::lifecycle::announcements::Announced;
use crate::lifecycle::announcements::Notification;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::enablement::{Certificate, Delivery};
use crate::lifecycle::event::{Event, PartnerId};
use crate::lifecycle::funds::Movement;
use crate::lifecycle::questions::{PartnerQuestion, QuestionReply};
use crate::lifecycle::terms::Agreement;
use crate::store::as_of::View;
use crate::store::error::{Result, StoreError};
use crate::store::log::read::{ActionId, day_of, logged_event};

impl View<'_> {
    /// What was agreed by the view's day.
    pub fn each_agreement(&self, mut take: impl FnMut(PartnerId, Agreement)) -> Result<()> {
        self.each_row("term", |partner, row| {
            take(
                partner,
                Agreement {
                    event: row.get("event")?,
                    day: day_of(row.get("day")?)?,
                    term: row.get("term")?,
                    value: row.get("value")?,
                    from: day_of(row.get("since")?)?,
                    until: perhaps(row, "until")?,
                    by: row.get("agreed_by")?,
                    life: row.get("life")?,
                },
            );
            Ok(())
        })
    }

    /// Who was certified by the view's day; who went later is still there.
    pub fn each_certificate(&self, mut take: impl FnMut(PartnerId, Certificate)) -> Result<()> {
        self.each_row("certificate", |partner, row| {
            take(
                partner,
                Certificate {
                    event: row.get("event")?,
                    day: day_of(row.get("day")?)?,
                    person: row.get("person")?,
                    course: row.get("course")?,
                    until: perhaps(row, "until")?,
                    gone: self.past(row, "gone")?,
                    evidence: row.get("evidence")?,
                },
            );
            Ok(())
        })
    }

    /// What was delivered by the view's day.
    pub fn each_delivery(&self, mut take: impl FnMut(PartnerId, Delivery)) -> Result<()> {
        self.each_row("delivery", |partner, row| {
            take(
                partner,
                Delivery {
                    event: row.get("event")?,
                    day: day_of(row.get("day")?)?,
                    material: row.get("material")?,
                    version: row.get("version")?,
                },
            );
            Ok(())
        })
    }

    /// Movements of money of funds by the view's day.
    pub fn each_movement(&self, mut take: impl FnMut(PartnerId, Movement)) -> Result<()> {
        self.each_row("movement", |partner, row| {
            let (kind, body): (String, String) = (row.get("kind")?, row.get("body")?);
            let damaged = |why: String| StoreError::Damaged { why };
            let what = Event::decode(&kind, &body).map_err(|error| damaged(error.to_string()))?;
            let (event, day) = (row.get("event")?, day_of(row.get("day")?)?);
            take(partner, Movement { event, day, amount_minor: row.get("amount_minor")?, what });
            Ok(())
        })
    }

    /// Who was told of what by the view's day; what was answered later is not answered.
    pub fn each_telling(&self, mut take: impl FnMut(PartnerId, Notification)) -> Result<()> {
        self.each_row("telling", |partner, row| {
            let contacts: String = row.get("contacts")?;
            let to = serde_json::from_str(&contacts)
                .map_err(|error| StoreError::Damaged { why: format!("contacts who were told: {error}") })?;
            take(
                partner,
                Notification {
                    event: row.get("event")?,
                    day: day_of(row.get("day")?)?,
                    announcement: row.get("announcement")?,
                    subject: row.get("subject")?,
                    to,
                    launch: perhaps(row, "launch")?,
                    notice_days: row.get("notice_days")?,
                    answered: self.past(row, "answered")?,
                },
            );
            Ok(())
        })
    }

    /// What partners asked by the view's day; what was answered later is open.
    pub fn each_question(&self, mut take: impl FnMut(PartnerId, PartnerQuestion)) -> Result<()> {
        self.each_row("question", |partner, row| {
            let reply = match self.past(row, "replied")? {
                None => None,
                Some(day) => {
                    Some(QuestionReply { event: row.get("reply_event")?, day, text: row.get("reply")? })
                }
            };
            take(
                partner,
                PartnerQuestion {
                    event: row.get("event")?,
                    day: day_of(row.get("day")?)?,
                    text: row.get("text")?,
                    by: row.get("asked_by")?,
                    owner: row.get("owner")?,
                    reply,
                },
            );
            Ok(())
        })
    }

    /// What was announced by the view's day, by key: each time with its day, oldest first.
    pub fn announced(&self) -> Result<BTreeMap<String, Vec<(Day, Announced)>>> {
        let mut all: BTreeMap<String, Vec<(Day, Announced)>> = BTreeMap::new();
        let mut statement = self.connection().prepare_cached(
            "select number, action, partner, day, kind, body from event
             where partner is null and kind = 'announced' and day <= ?1 order by day, number",
        )?;
        let mut rows = statement.query([self.as_of.number()])?;
        while let Some(row) = rows.next()? {
            let logged = logged_event(row)?;
            if self.counts(logged.action)
                && let Event::Announced(announced) = logged.decode()?
            {
                all.entry(announced.announcement.clone()).or_default().push((logged.day, announced));
            }
        }
        Ok(all)
    }

    /// When the newest action was recorded, as far as was known, and its number.
    pub fn edition(&self) -> Result<(String, i64)> {
        let mut newest = None;
        self.reader().actions_before(ActionId::MAX, |action| {
            let known = self.known_on.is_none_or(|known_on| action.recorded_on <= known_on);
            newest = known.then(|| (action.recorded_at.clone(), action.id));
            !known
        })?;
        Ok(newest.unwrap_or_else(|| ("1970-01-01T00:00:00Z".to_owned(), 0)))
    }

    fn each_row(&self, table: &str, mut read: impl FnMut(PartnerId, &Row) -> Result<()>) -> Result<()> {
        let sql = format!("select * from {table} where day <= ?1 order by partner, seq");
        let mut statement = self.connection().prepare_cached(&sql)?;
        let mut rows = statement.query([self.as_of.number()])?;
        while let Some(row) = rows.next()? {
            read(row.get("partner")?, row)?;
        }
        Ok(())
    }

    /// A day that had come by the view's.
    fn past(&self, row: &Row, column: &str) -> Result<Option<Day>> {
        Ok(perhaps(row, column)?.filter(|day| *day <= self.as_of))
    }
}

fn perhaps(row: &Row, column: &str) -> Result<Option<Day>> {
    row.get::<_, Option<i64>>(column)?.map(day_of).transpose()
}
