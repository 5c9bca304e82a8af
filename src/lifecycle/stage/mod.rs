//! Stages: where a partner stands, and how it moves.
//!
//! The room knows partners and programs, and no words for people. One file for moves by hand, one for histories from
//! elsewhere.

pub(crate) mod imported;
pub(crate) mod moves;

use serde::{Deserialize, Serialize};

use crate::lifecycle::base::conflict::Misfit;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::due::{AgendaItem, Due, DueKind, Lacking, NextStep};
use crate::lifecycle::event::is_false;
use crate::lifecycle::facts::Scene;
use crate::lifecycle::forget::{Forgetting, erase};
use crate::lifecycle::happening::{Happening, Moment};
use crate::lifecycle::partner::Partner;
use crate::lifecycle::program::Stage;

pub(crate) use imported::{Move, Target, imported};
pub(crate) use moves::{advance, back, days, earlier_stages, leave, park, resume, return_to};

/// A stay in a stage began.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Entered {
    pub stage: String,
    pub why: Why,
    /// The partner was found in this stage on the day; when it entered is not known.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unknown_day: bool,
    /// Gates that were not done, passed by override.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overridden: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Why {
    /// The first stage that we know of.
    Placed,
    Advanced,
    Back,
    Resumed,
    Returned,
}

/// The stay ended for the time being.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Parked {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The partner left the channel.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Left {
    pub label: LeftAs,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LeftAs {
    /// We said no, or they did, before working together.
    Declined,
    /// The partner ended it.
    Withdrew,
    /// We ended it.
    Terminated,
}

impl LeftAs {
    pub const ALL: [LeftAs; 3] = [LeftAs::Declined, LeftAs::Withdrew, LeftAs::Terminated];

    pub fn word(self) -> &'static str {
        match self {
            LeftAs::Declined => "declined",
            LeftAs::Withdrew => "withdrew",
            LeftAs::Terminated => "terminated",
        }
    }

    pub fn from_word(word: &str) -> Option<LeftAs> {
        LeftAs::ALL.into_iter().find(|label| label.word() == word)
    }
}

/// Where a partner stands.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Standing {
    In {
        stage: String,
    },
    /// `from` is the stage it was parked from, where that is known.
    Parked {
        from: Option<String>,
    },
    /// `from` is the stage it was in last, where there was one.
    Left {
        label: LeftAs,
        from: Option<String>,
    },
}

/// One visit to a stage, one parking, or the time after leaving.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stay {
    /// The number of the event that began it.
    pub event: i64,
    pub standing: Standing,
    pub entered: Day,
    /// False where the partner was found here on `entered`, and entered on some earlier day.
    pub entry_known: bool,
    pub why: Option<Why>,
    /// Until when it is parked, where that was said.
    pub until: Option<Day>,
    pub reason: Option<String>,
}

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

/// Why a move is refused. `partner` is the name, `key` the key of the partner; stages go by their names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum StageRefusal {
    LastStage {
        partner: String,
        key: String,
        stage: String,
    },
    FirstStage {
        partner: String,
        stage: String,
    },
    /// The stage to advance to lies before the present one.
    LiesBefore {
        key: String,
        to: StageNamed,
        now: String,
    },
    /// The stage to go back to comes after the present one.
    ComesAfter {
        key: String,
        to: StageNamed,
        now: String,
    },
    WouldSkip {
        key: String,
        stages: Vec<String>,
    },
    /// Gates of the stage are missing on a day.
    GatesMissing {
        partner: String,
        stage: String,
        on: Day,
        gates: Vec<MissingGate>,
    },
    /// The partner is to be parked until a day that is not to come.
    EndsBeforeItBegins {
        until: Day,
        from: Day,
    },
    /// The partner is parked until another day, or without one.
    ParkedAlready {
        partner: String,
        key: String,
        known: Option<Day>,
        until: Day,
    },
    /// Nothing says from which of these stages the partner was parked.
    ParkedFromUnknown {
        partner: String,
        stages: Vec<String>,
    },
    /// The stage to resume in comes after the one from which the partner was parked.
    ComesAfterParked {
        partner: String,
        key: String,
        from: String,
        to: StageNamed,
    },
    Parked {
        partner: String,
        key: String,
        since: Day,
    },
    Left {
        partner: String,
        key: String,
        since: Day,
        label: LeftAs,
    },
    InStage {
        partner: String,
        stage: String,
    },
    /// The partner stands in no stage yet; `first` is the key of the first one.
    NowhereYet {
        partner: String,
        key: String,
        first: String,
    },
}

/// A stage by its key and its name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct StageNamed {
    pub key: String,
    pub name: String,
}

impl StageNamed {
    fn of(stage: &Stage) -> StageNamed {
        StageNamed { key: stage.key.clone(), name: stage.name.clone() }
    }
}

/// A gate that keeps a partner in its stage.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct MissingGate {
    pub gate: String,
    pub state: GateState,
}

/// What is known of a missing gate.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum GateState {
    /// It is open; the step settles it.
    Open { lacking: Option<Lacking>, step: Step },
    /// What it needs is there since a later day.
    Settled { since: Day },
    /// It is recorded, by this event, on a later day.
    Recorded { on: Day, event: i64 },
}

impl Happening for Entered {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        let stage = at.aliases.stage(&self.stage);
        if self.unknown_day && partner.stage() == Some(stage) {
            // Found where the history says that it is.
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

impl Happening for Parked {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        let from = match partner.standing() {
            None => None,
            Some(Standing::In { stage }) => Some(stage.clone()),
            Some(Standing::Parked { .. }) => return Err(StageMisfit::ParkedTwice.into()),
            Some(Standing::Left { .. }) => return Err(StageMisfit::ParkedAfterLeaving.into()),
        };
        let stay = Stay::begun(at, Standing::Parked { from });
        partner.stays.push(Stay { until: self.until, reason: self.reason.clone(), ..stay });
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
        let stay = Stay::begun(at, Standing::Left { label: self.label, from });
        partner.stays.push(Stay { reason: self.reason.clone(), ..stay });
        Ok(())
    }

    fn forget(&mut self, _: &mut Forgetting) {
        erase(&mut self.reason);
    }
}

impl Stay {
    fn begun(at: &Moment, standing: Standing) -> Stay {
        let (event, entered) = (at.event, at.day);
        Stay { event, standing, entered, entry_known: true, why: None, until: None, reason: None }
    }
}

impl Standing {
    pub fn in_stage(&self) -> Option<&str> {
        match self {
            Standing::In { stage } => Some(stage),
            _ => None,
        }
    }

    /// The stage that this standing is in or came from.
    pub fn last_stage(&self) -> Option<&str> {
        match self {
            Standing::In { stage } => Some(stage),
            Standing::Parked { from } | Standing::Left { from, .. } => from.as_deref(),
        }
    }
}

/// Returns the day on which a parked partner is to be taken up again.
pub(crate) fn due(scene: Scene) -> Option<Due> {
    let stay = scene.partner.current()?;
    Some(Due {
        day: stay.until?,
        kind: DueKind::Resume,
        what: AgendaItem::TakeUpNow,
        step: Step::Resume { partner: scene.partner.key.clone() },
        id: format!("resume.{}", stay.event),
    })
}

/// Returns the step for a partner that stands in no stage yet.
pub(crate) fn placing_step(scene: Scene) -> NextStep {
    let first = scene.program.first_stage();
    NextStep {
        what: AgendaItem::Place { stage: first.name.clone() },
        step: Step::Advance { partner: scene.partner.key.clone(), to: Some(first.key.clone()) },
    }
}

/// Returns the step for a parked partner.
pub(crate) fn parked_step(scene: Scene) -> NextStep {
    let what = match scene.partner.current().and_then(|stay| stay.until) {
        Some(until) if until > scene.day => AgendaItem::Wait { until },
        parked_until => AgendaItem::TakeUp { parked_until },
    };
    NextStep { what, step: Step::Resume { partner: scene.partner.key.clone() } }
}

/// Returns the step for a partner whose gates are all done; none in the last stage.
pub(crate) fn moving_step(scene: Scene, stage: &str) -> Option<NextStep> {
    let next = scene.program.next_stage(stage)?;
    let step = Step::Advance { partner: scene.partner.key.clone(), to: None };
    Some(NextStep { what: AgendaItem::MoveOn { stage: next.name.clone() }, step })
}
