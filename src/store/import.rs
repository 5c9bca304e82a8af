//! Recording many partners within one action.

use crate::lifecycle::base::conflict::Conflict;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::event::{Event, PartnerId, Recorded};
use crate::lifecycle::program::Aliases;
use crate::lifecycle::revenue::Sold;
use crate::lifecycle::rule::History;
use crate::store::engine::file::Writer;
use crate::store::error::Result;
use crate::store::log::append::{NewEvent, Pending};
use crate::store::log::logged::ActionId;
use crate::store::log::logged::Stamp;
use crate::store::log::packed::Packing;
use crate::store::projection::project::{Projector, Schema};

/// Records partner after partner, projecting each at once.
pub(crate) struct Importer<'w> {
    writer: &'w Writer<'w>,
    aliases: &'w Aliases,
    pending: Pending<'w>,
    projector: Projector<'w>,
    next_partner: PartnerId,
    /// Money was granted from a budget, which may not be overdrawn.
    granted: bool,
}

impl<'w> Importer<'w> {
    /// Begins an action.
    ///
    /// # Errors
    /// Those of writing.
    pub(crate) fn new(writer: &'w Writer<'w>, stamp: &Stamp, aliases: &'w Aliases) -> Result<Importer<'w>> {
        Ok(Importer {
            writer,
            aliases,
            pending: writer.begin(stamp)?,
            projector: Projector::new(writer.reader.connection, Schema::Main)?,
            next_partner: writer.reader.next_partner()?,
            granted: false,
        })
    }

    /// Returns a number for a partner that is not in the file yet.
    pub(crate) fn next_partner(&mut self) -> PartnerId {
        self.next_partner += 1;
        self.next_partner - 1
    }

    /// Returns the number that the next event gets.
    pub(crate) fn next_number(&self) -> i64 {
        self.pending.next_number()
    }

    /// Returns the events that count for a partner of the file.
    ///
    /// # Errors
    /// Those of reading.
    pub(crate) fn history(&self, partner: PartnerId) -> Result<History> {
        self.writer.reader.history(partner)
    }

    /// Records events of one partner, in order.
    ///
    /// If one of them contradicts another, nothing is recorded and the contradiction is returned.
    ///
    /// # Errors
    /// Those of writing.
    pub(crate) fn record(
        &mut self,
        mut history: History,
        events: &[NewEvent],
    ) -> anyhow::Result<Option<Conflict>> {
        let is_new = history.events.is_empty();
        for (new, number) in events.iter().zip(self.pending.next_number()..) {
            let partner = new.partner.unwrap_or(history.subject);
            history.events.push(Recorded { number, partner, day: new.day, event: new.event.clone() });
        }
        let folded = history.fold(self.aliases, None);
        if let Some(conflict) = folded.conflicts.first() {
            return Ok(Some(conflict.clone()));
        }
        for new in events {
            self.pending.append(new)?;
        }
        self.granted = self.granted || events.iter().any(|new| matches!(new.event, Event::Granted(_)));
        match folded.partner() {
            Some(partner) if is_new => self.projector.insert(partner)?,
            Some(partner) => self.projector.update(partner)?,
            None => {}
        }
        Ok(None)
    }

    /// Records sales of one partner.
    ///
    /// If they contradict what is known, nothing is recorded and the contradiction is returned.
    ///
    /// # Errors
    /// Those of writing.
    pub(crate) fn sell(
        &mut self,
        mut history: History,
        sales: Vec<(Day, Sold)>,
    ) -> anyhow::Result<Option<Conflict>> {
        let partner = history.subject;
        // What replaces others or is a part of them changes what was projected of these.
        let added = if sales.iter().any(|(_, sold)| sold.ties.is_some()) { 0 } else { sales.len() };
        let packed = Packing::of(&sales);
        let recorded = sales
            .into_iter()
            .zip(self.pending.next_number()..)
            .map(|((day, sold), number)| Recorded { number, partner, day, event: sold.into() });
        history.events.extend(recorded);
        let folded = history.fold(self.aliases, None);
        if let Some(conflict) = folded.conflicts.first() {
            return Ok(Some(conflict.clone()));
        }
        self.pending.append_sales(partner, packed)?;
        if let Some(partner) = folded.partner() {
            self.projector.update_sales(partner, added)?;
        }
        Ok(None)
    }

    /// Records an event of no partner.
    ///
    /// # Errors
    /// Those of writing.
    pub(crate) fn record_of_nobody(&mut self, day: Day, event: Event) -> Result<()> {
        self.pending.append(&NewEvent { partner: None, day, event })?;
        Ok(())
    }

    /// Completes the action; nothing if no event was recorded.
    ///
    /// # Errors
    /// A refusal if more is granted than a budget has.
    pub(crate) fn finish(self) -> anyhow::Result<Option<ActionId>> {
        if self.granted {
            self.writer.refuse_overdrawn()?;
        }
        Ok(self.pending.finish()?)
    }
}
