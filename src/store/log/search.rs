//! Looking through what is recorded of all partners for texts.

use std::collections::HashMap;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::event::{Event, PartnerId, Recorded};
use crate::store::as_of::View;
use crate::store::error::Result;
use crate::store::log::read::logged_event;

/// What is wanted of an event.
pub(crate) struct WantedEvent<T> {
    pub partner: PartnerId,
    pub number: i64,
    pub day: Day,
    pub what: T,
}

impl View<'_> {
    /// Hands over what is wanted of the events that count and happened by the view's day, with the day that holds after
    /// corrections and the partner that has them now: itself, or the one that it was merged into. `may_hold` sees the text of an
    /// event as it is stored, or of many sales at once, and keeps most of them from being read; `wanted` sees the event.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub(crate) fn each_wanted<T>(
        &self,
        mut may_hold: impl FnMut(&str) -> bool,
        mut wanted: impl FnMut(&Recorded) -> Option<T>,
        mut take: impl FnMut(WantedEvent<T>),
    ) -> Result<()> {
        let sql = "select number, action, partner, day, kind, body from event
                   where partner is not null and kind <> 'fund-accrued' order by number";
        let mut statement = self.reader().connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let (mut found, mut corrected): (Vec<WantedEvent<T>>, HashMap<i64, Day>) =
            (Vec::new(), HashMap::new());
        while let Some(row) = rows.next()? {
            let body = row.get_ref(5)?.as_str().map_err(rusqlite::Error::from)?;
            let is_correction = row.get_ref(4)?.as_str().map_err(rusqlite::Error::from)? == "corrected";
            if !may_hold(body) && !is_correction || !self.known_actions().counts(row.get(1)?) {
                continue;
            }
            let logged = logged_event(row)?;
            let Some(partner) = logged.partner else { continue };
            logged.each_recorded(partner, |one| {
                if let Event::Corrected(parts) = &one.event {
                    corrected.extend(parts.day.map(|day| (parts.event, day)));
                }
                let (number, day) = (one.number, one.day);
                found.extend(wanted(&one).map(|what| WantedEvent { partner, number, day, what }));
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
            take(WantedEvent { partner: survivor, ..one });
        }
        Ok(())
    }
}
