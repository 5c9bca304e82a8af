//! How the events of funds are taken into the books.

use crate::lifecycle::base::conflict::Misfit;
use crate::lifecycle::event::Event;
use crate::lifecycle::forget::{FORGOTTEN, Forgetting, erase};
use crate::lifecycle::funds::books::Movement;
use crate::lifecycle::funds::events::{
    Accrued, Approved, Claimed, Closed, Expired, Granted, Paid, Refused, Requested, TakenBack,
};
use crate::lifecycle::funds::ledger::Lot;
use crate::lifecycle::happening::{Happening, Moment};
use crate::lifecycle::partner::state::Partner;

impl Happening for Accrued {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        let lots = partner.books.ledger(&self.fund).into_iter().flat_map(|ledger| &ledger.lots);
        let lots: Vec<&Lot> = lots.filter(|lot| !lot.granted).collect();
        let known = lots.iter().map(|lot| (lot.called.as_str(), lot.days));
        let days = at.days(&self.period, self.days, known);
        if partner.current().is_some_and(|stay| stay.entered < days.first) {
            at.refuse_left(partner)?;
        }
        book(Accrued { days: Some(days), ..self.clone() }, partner, at)
    }

    fn forget(&mut self, _: &mut Forgetting) {}
}

impl Happening for Granted {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        at.refuse_left(partner)?;
        let days = Some(at.days(&self.period, self.days, std::iter::empty()));
        book(Granted { days, ..self.clone() }, partner, at)
    }

    fn forget(&mut self, _: &mut Forgetting) {}
}

impl Happening for Requested {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        at.refuse_left(partner)?;
        book(self.clone(), partner, at)
    }

    fn forget(&mut self, forgetting: &mut Forgetting) {
        erase(&mut self.what);
        self.reference = self.reference.take().map(|text| forgetting.instead("request", &text));
    }
}

impl Happening for Approved {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        at.refuse_left(partner)?;
        book(self.clone(), partner, at)
    }

    fn forget(&mut self, _: &mut Forgetting) {}
}

// What was begun is brought to its end also after the partner left.
impl Happening for Refused {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        book(self.clone(), partner, at)
    }

    fn forget(&mut self, _: &mut Forgetting) {
        FORGOTTEN.clone_into(&mut self.reason);
    }
}

impl Happening for Claimed {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        book(self.clone(), partner, at)
    }

    fn forget(&mut self, forgetting: &mut Forgetting) {
        self.proof = forgetting.instead("proof", &self.proof);
    }
}

impl Happening for Paid {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        book(self.clone(), partner, at)
    }

    fn forget(&mut self, _: &mut Forgetting) {
        erase(&mut self.reference);
    }
}

impl Happening for Closed {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        book(self.clone(), partner, at)
    }

    fn forget(&mut self, _: &mut Forgetting) {
        erase(&mut self.reason);
    }
}

impl Happening for TakenBack {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        book(self.clone(), partner, at)
    }

    fn forget(&mut self, _: &mut Forgetting) {
        erase(&mut self.reason);
    }
}

impl Happening for Expired {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        book(self.clone(), partner, at)
    }

    fn forget(&mut self, _: &mut Forgetting) {
        erase(&mut self.reason);
    }
}

/// Takes a movement into the books of the partner.
fn book(event: impl Into<Event>, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
    let Some(movement) = Movement::of(at.event, at.day, &event.into(), at.corrected_minor) else {
        return Ok(());
    };
    partner.books.take(&movement)?;
    partner.movements.push(movement);
    Ok(())
}
