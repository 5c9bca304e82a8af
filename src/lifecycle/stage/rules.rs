//! How moves are taken in, and what is next for a partner by where it stands.

use crate::lifecycle::base::conflict::Misfit;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::due::{AgendaItem, Due, DueKind, NextStep};
use crate::lifecycle::facts::{Facts, PartnerFacts};
use crate::lifecycle::forget::{Forgetting, erase};
use crate::lifecycle::happening::{Happening, Moment};
use crate::lifecycle::milestone::events::Status;
use crate::lifecycle::partner::state::Partner;
use crate::lifecycle::program::definition::Program;
use crate::lifecycle::stage::events::{Entered, Left, LeftAs, Parked, Standing, Stay, Why};

/// Why a move does not fit what came before it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum StageMisfit {
    /// The partner stands in no stage yet.
    InNoStage,
    /// The partner stands in this stage already.
    StandsThere { stage: String },
    /// The partner is resumed, but was not parked.
    NotParked,
    /// The partner is brought back, but has not left.
    NotLeft,
    /// The partner enters a stage while it is parked.
    EntersParked { stage: String },
    /// The partner enters a stage after it left.
    EntersAfterLeaving { stage: String },
    /// The partner is parked a second time.
    ParkedTwice,
    /// The partner is parked after it left.
    ParkedAfterLeaving,
    /// The partner leaves a second time.
    LeftTwice { label: LeftAs },
    /// The partner moves after it left.
    AfterLeaving { label: LeftAs },
}

impl Entered {
    fn fits(&self, standing: Option<&Standing>, stage: &str) -> Result<(), StageMisfit> {
        let stage = || stage.to_owned();
        match (standing, self.why) {
            (None, Why::Placed) => Ok(()),
            (None, _) => Err(StageMisfit::InNoStage),
            (Some(Standing::In { stage: now }), _) if *now == stage() => {
                Err(StageMisfit::StandsThere { stage: stage() })
            }
            // An older history that came later may stand before the first known stage.
            (Some(Standing::In { .. }), Why::Placed | Why::Advanced | Why::Back) => Ok(()),
            (Some(Standing::In { .. }), Why::Resumed) => Err(StageMisfit::NotParked),
            (Some(Standing::In { .. }), Why::Returned) => Err(StageMisfit::NotLeft),
            (Some(Standing::Parked { .. }), Why::Placed | Why::Resumed) => Ok(()),
            (Some(Standing::Parked { .. }), _) => Err(StageMisfit::EntersParked { stage: stage() }),
            (Some(Standing::Left { .. }), Why::Returned) => Ok(()),
            (Some(Standing::Left { .. }), _) => Err(StageMisfit::EntersAfterLeaving { stage: stage() }),
        }
    }
}

impl Stay {
    fn begun(at: &Moment, standing: Standing) -> Stay {
        let (event, entered) = (at.event, at.day);
        Stay {
            event,
            standing,
            entered,
            entry_known: true,
            why: None,
            until: None,
            cause: None,
            reason: None,
        }
    }
}

impl Happening for Entered {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        let stage = at.aliases.stage(&self.stage);
        if self.unknown_day && partner.stage() == Some(stage) {
            // Found in the stage that the history says that it is.
            return Ok(());
        }
        self.fits(partner.standing(), stage)?;
        if self.why == Why::Returned {
            partner.returns += 1;
        }
        partner.stays.push(Stay {
            entry_known: !self.unknown_day,
            why: Some(self.why),
            reason: self.reason.clone(),
            ..Stay::begun(at, Standing::In { stage: stage.to_owned() })
        });
        Ok(())
    }

    fn forget(&mut self, _: &mut Forgetting) {
        erase(&mut self.reason);
    }
}

impl Happening for Parked {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        let from = match partner.standing() {
            None => None,
            Some(Standing::In { stage }) => Some(stage.clone()),
            Some(Standing::Parked { .. }) => return Err(StageMisfit::ParkedTwice.into()),
            Some(Standing::Left { .. }) => return Err(StageMisfit::ParkedAfterLeaving.into()),
        };
        let stay = Stay::begun(at, Standing::Parked { from });
        let cause = at.exit_reason(self.why.as_deref());
        let reason = at.exit_text(self.reason.as_deref());
        partner.stays.push(Stay { until: self.until, cause, reason, ..stay });
        Ok(())
    }

    fn forget(&mut self, _: &mut Forgetting) {
        erase(&mut self.reason);
    }
}

impl Happening for Left {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        let standing = partner.standing();
        if let Some(Standing::Left { .. }) = standing {
            return Err(StageMisfit::LeftTwice { label: self.label }.into());
        }
        let from = standing.and_then(Standing::last_stage).map(str::to_owned);
        let label = at.corrected_exit.and_then(|right| right.label).unwrap_or(self.label);
        let stay = Stay::begun(at, Standing::Left { label, from });
        let cause = at.exit_reason(self.why.as_deref());
        partner.stays.push(Stay { cause, reason: at.exit_text(self.reason.as_deref()), ..stay });
        Ok(())
    }

    fn forget(&mut self, _: &mut Forgetting) {
        erase(&mut self.reason);
    }
}

/// Returns the milestone whose key says that an agreement is signed, if the partner came beyond its stage: it has one, though
/// nobody recorded that it was signed.
pub(crate) fn past_agreement<'p>(program: &'p Program, partner: &Partner) -> Option<&'p str> {
    let last = program.position(partner.standing()?.last_stage()?)?;
    let (stage, found) = program.milestones().find(|(_, one)| says_signed(&one.key))?;
    (program.position(&stage.key)? < last).then_some(found.key.as_str())
}

fn says_signed(milestone: &str) -> bool {
    let says_so = milestone.contains("agreement") || milestone.contains("contract");
    says_so && milestone.contains("signed")
}

/// Returns the milestone, done, that says that an agreement with the partner was signed: one whose key says so.
pub(crate) fn agreement_signed(partner: &Partner) -> Option<&str> {
    let signed = partner.milestones.iter().rev().find(|one| says_signed(&one.milestone))?;
    let newest = partner.milestone(&signed.milestone, None)?;
    matches!(newest.status, Status::Done { .. }).then_some(signed.milestone.as_str())
}

/// Returns the day on which a parked partner is to be taken up again.
pub(crate) fn due(facts: PartnerFacts) -> Option<Due> {
    let stay = facts.partner.current()?;
    Some(Due {
        day: stay.until?,
        kind: DueKind::Resume,
        what: AgendaItem::TakeUpNow,
        step: Step::Resume { partner: facts.partner.key.clone() },
        id: format!("resume.{}", stay.event),
    })
}

/// Returns the step for a partner that stands in no stage yet.
pub(crate) fn placing_step(facts: PartnerFacts) -> NextStep {
    let first = facts.first_stage();
    NextStep {
        what: AgendaItem::Place { stage: first.name.clone() },
        step: Step::Advance { partner: facts.partner.key.clone(), to: Some(first.key.clone()) },
    }
}

/// Returns the step for a parked partner.
pub(crate) fn parked_step(facts: PartnerFacts) -> NextStep {
    let stay = facts.partner.current();
    let what = match stay.and_then(|stay| stay.until) {
        Some(until) if until > facts.day => AgendaItem::Wait { until },
        Some(parked_until) => AgendaItem::TakeUp { parked_until },
        None => AgendaItem::ParkedOpenEnd { days: stay.map_or(0, |stay| facts.day.since(stay.entered)) },
    };
    NextStep { what, step: Step::Resume { partner: facts.partner.key.clone() } }
}

/// Returns the step for a partner whose gates are all done; none in the last stage.
pub(crate) fn moving_step(facts: PartnerFacts, stage: &str) -> Option<NextStep> {
    let next = facts.next_stage(stage)?;
    let step = Step::Advance { partner: facts.partner.key.clone(), to: None };
    Some(NextStep { what: AgendaItem::MoveOn { stage: next.name.clone() }, step })
}
