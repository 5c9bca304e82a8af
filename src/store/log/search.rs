//! Looking through what is recorded of all partners for texts.

use std::collections::HashMap;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::event::{Event, PartnerId, Recorded};
use crate::store::as_of::View;
use crate::store::error::Result;
use crate::store::log::read::logged_event;

impl View<'_> {
    /// Hands over the events that count, happened by the view's day and may hold what is looked for, with the partner that has
    /// them now: itself, or the one that it was merged into. `may_hold` sees the text of an event as it is stored, and keeps
    /// most of them from being read. Sales are left out: they hold no texts of people.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub(crate) fn each_event_that(
        &self,
        mut may_hold: impl FnMut(&str) -> bool,
        mut take: impl FnMut(PartnerId, Recorded),
    ) -> Result<()> {
        let sql = "select number, action, partner, day, kind, body from event
                   where partner is not null and kind not in ('sales', 'sold', 'fund-accrued') order by number";
        let mut statement = self.reader().connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let (mut found, mut corrected): (Vec<Recorded>, HashMap<i64, Day>) = (Vec::new(), HashMap::new());
        while let Some(row) = rows.next()? {
            let body = row.get_ref(5)?.as_str().map_err(rusqlite::Error::from)?;
            let is_correction = row.get_ref(4)?.as_str().map_err(rusqlite::Error::from)? == "corrected";
            let is_wanted = may_hold(body);
            if !is_wanted && !is_correction || !self.known_actions().counts(row.get(1)?) {
                continue;
            }
            let logged = logged_event(row)?;
            let Some(partner) = logged.partner else { continue };
            logged.each_recorded(partner, |one| {
                if let Event::Corrected(parts) = &one.event {
                    corrected.extend(parts.day.map(|day| (parts.event, day)));
                }
                if is_wanted {
                    found.push(one);
                }
            })?;
        }
        let mut survivors: HashMap<PartnerId, PartnerId> = HashMap::new();
        for mut one in found {
            one.day = corrected.get(&one.number).copied().unwrap_or(one.day);
            if one.day > self.as_of {
                continue;
            }
            let survivor = match survivors.get(&one.partner) {
                Some(survivor) => *survivor,
                None => {
                    let survivor = self.reader().survivor(one.partner)?;
                    survivors.insert(one.partner, survivor);
                    survivor
                }
            };
            take(survivor, one);
        }
        Ok(())
    }
}
