//! Why a move is refused.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::due::Lacking;
use crate::lifecycle::program::applies::Applies;
use crate::lifecycle::stage::events::LeftAs;
use crate::lifecycle::stage::reason::ExitKind;
use crate::lifecycle::stage::section::Stage;

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
    /// The stage is for other partners; `next` is the next one for this partner.
    DoesNotApply {
        key: String,
        stage: StageNamed,
        scope: Applies,
        next: Option<StageNamed>,
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
    /// The partner left or was parked already, in another way or for another reason; `right` is what was typed.
    OtherExit {
        partner: String,
        since: Day,
        known: (ExitKind, Option<String>),
        event: i64,
        right: (Option<LeftAs>, Option<String>),
    },
    /// The reason is one for these exits, and not for this one; `fitting` are those for it.
    ReasonForOthers {
        key: String,
        exits: Vec<ExitKind>,
        exit: ExitKind,
        fitting: Vec<String>,
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
    /// Returns a stage of the program by its key and its name.
    pub(super) fn of(stage: &Stage) -> StageNamed {
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

/// Where a partner is already, so that nothing is recorded; `stage` is the name of the current one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum StageAlready {
    In { partner: String, stage: String },
    Parked { partner: String, until: Option<Day> },
    NotParked { partner: String, stage: String },
    Left { partner: String },
    NotLeft { partner: String, stage: String },
}
