//! The partners below another as they stood on a day, read from the rows of each and without its history.

use rusqlite::OptionalExtension;

use crate::lifecycle::event::PartnerId;
use crate::lifecycle::partner::parent_number;
use crate::store::as_of::View;
use crate::store::error::Result;

/// A partner that has another as its parent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChildRow {
    pub id: PartnerId,
    pub key: String,
    pub name: String,
    pub place: ChildStanding,
}

/// Where it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ChildStanding {
    Nowhere,
    /// In the stage with this key.
    In(String),
    Parked,
    Left,
}

impl View<'_> {
    /// Returns a partner as it stood at the end of the view's day, if `parent` was its parent then.
    pub fn child_of(&self, child: PartnerId, parent: PartnerId) -> Result<Option<ChildRow>> {
        let (reader, day) = (self.reader(), self.as_of);
        let sql = "select partner.key, profile.name, json_extract(profile.fields, '$.parent')
                   from partner join profile on profile.partner = partner.id
                   where partner.id = ?1 and partner.since <= ?2 and profile.since <= ?2
                   order by profile.seq desc limit 1";
        let found: Option<(String, String, Option<String>)> = reader
            .connection
            .prepare_cached(sql)?
            .query_row([child, day.number()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        let Some((key, name, above)) = found else { return Ok(None) };
        let above = above.as_deref().and_then(parent_number);
        if above.map(|above| reader.living(above)).transpose()?.flatten() != Some(parent) {
            return Ok(None);
        }
        let sql = "select stay.standing, stage.key from stay left join stage on stage.id = stay.stage
                   where stay.partner = ?1 and stay.entered <= ?2 order by stay.seq desc limit 1";
        let place: Option<(i64, Option<String>)> = reader
            .connection
            .prepare_cached(sql)?
            .query_row([child, day.number()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let place = match place {
            None => ChildStanding::Nowhere,
            Some((0, Some(stage))) => ChildStanding::In(stage),
            Some((1, _)) => ChildStanding::Parked,
            Some(_) => ChildStanding::Left,
        };
        Ok(Some(ChildRow { id: child, key, name, place }))
    }
}
