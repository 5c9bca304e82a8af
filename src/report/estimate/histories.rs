//! What happened to the partners of a channel, as the statistics see it: histories of visits to states.
//!
//! States are the stages, then `parked` once for every stage (where a parked partner returns to depends on
//! where it was), then left, then parked from nobody knows where.

use crate::analysis::counts::Counts;
use crate::analysis::state_histories::{StateHistories, States, Visit};
use crate::report::reading::{Channel, LEFT, PARKED};
use crate::store::StandingRow;

/// The horizon unless another is asked for, in days.
const HORIZON: i64 = 365;

/// The histories of a channel's partners, and what their states mean.
#[derive(Clone, Debug)]
pub(crate) struct Past {
    pub histories: StateHistories,
    /// How many of the stages are the program's; those after are known from the history alone.
    pub stages: usize,
    all_stages: usize,
}

/// How a stay in a stage ends, whatever stage comes next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Outcome {
    /// To a later stage.
    Advanced,
    /// To an earlier stage.
    Back,
    Parked,
    Left,
}

impl Outcome {
    pub(crate) const ALL: [Outcome; 4] = [Outcome::Advanced, Outcome::Back, Outcome::Parked, Outcome::Left];

    /// Returns what machines call it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Outcome::Advanced => "advanced",
            Outcome::Back => "back",
            Outcome::Parked => "parked",
            Outcome::Left => "left",
        }
    }
}

/// How far ahead a report looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Horizon {
    pub days: usize,
    /// Days of history behind it.
    pub history: i64,
    /// It is two thirds of the history, which is less than a year.
    capped: bool,
    /// It was asked for, and is longer than two thirds of the history.
    pub beyond: bool,
}

impl Past {
    /// Returns the past of the channel's partners.
    pub(crate) fn of(channel: &Channel) -> Past {
        let all_stages = channel.stages.len();
        let stages = channel.program.stages();
        let success = channel.program.success_position();
        let states = States {
            count: 2 * all_stages + 2,
            start: 0,
            success,
            left: 2 * all_stages,
            unknown: 2 * all_stages + 1,
        };
        let mut past = Past {
            histories: StateHistories::new(states, channel.as_of.number()),
            stages: stages.len(),
            all_stages,
        };
        for line in &channel.lines {
            past.histories.begin(line.id, line.observed_from.number());
            for stay in channel.stays_of(line) {
                let state = past.state(stay.place);
                let (entered, entry_known) = (stay.entered.number(), stay.entry_known);
                past.histories.visit(Visit { state, entered, entry_known });
            }
        }
        past
    }

    /// Returns the number of the state for a place.
    pub(crate) fn state(&self, place: StandingRow) -> usize {
        match place {
            StandingRow::In(stage) => stage,
            StandingRow::Parked(Some(from)) => self.all_stages + from,
            StandingRow::Left(..) => self.histories.states.left,
            StandingRow::Parked(None) => self.histories.states.unknown,
        }
    }

    /// Returns the stage that parked partners were in before, for a state of parking.
    pub(crate) fn parked_from(&self, state: usize) -> Option<usize> {
        state.checked_sub(self.all_stages).filter(|from| *from < self.all_stages)
    }

    /// Returns what machines call a state: a stage, `parked@STAGE`, `left`, or `parked`.
    pub(crate) fn state_name(&self, channel: &Channel, state: usize) -> String {
        match (channel.stages.get(state), self.parked_from(state)) {
            (Some(stage), _) => stage.clone(),
            (None, Some(from)) => format!("{PARKED}@{}", channel.stages[from]),
            (None, None) if state == self.histories.states.left => LEFT.to_owned(),
            (None, None) => PARKED.to_owned(),
        }
    }

    /// Returns the stages before success, where levers are.
    pub(crate) fn before_success(&self) -> std::ops::Range<usize> {
        0..self.histories.states.success
    }

    /// Returns how a stay in `from` ended that was followed by `to`. Being taken up again after parking is to advance.
    pub(crate) fn exit(&self, from: usize, to: usize) -> Outcome {
        match to {
            _ if to == self.histories.states.left => Outcome::Left,
            _ if to >= self.all_stages => Outcome::Parked,
            // Whoever was parked and is taken up again has advanced.
            _ if to < from && from < self.all_stages => Outcome::Back,
            _ => Outcome::Advanced,
        }
    }

    /// Returns counts of one state with the four exits as causes, in the order of [`Outcome::ALL`].
    pub(crate) fn by_exit(&self, state: usize, counts: &Counts) -> Counts {
        counts.grouped(Outcome::ALL.len(), |to| self.exit(state, to) as usize)
    }

    /// Returns the states of parking, by the stage before, and the one where that is not known.
    pub(crate) fn parked_states(&self) -> impl Iterator<Item = usize> + use<> {
        (self.all_stages..2 * self.all_stages).chain([self.histories.states.unknown])
    }

    /// Returns counts of all parked stays together, by exit.
    pub(crate) fn parked(&self, counts: &[Counts]) -> Counts {
        let mut pooled = Counts::new(Outcome::ALL.len());
        for state in self.parked_states() {
            pooled.merge(&self.by_exit(state, &counts[state]));
        }
        pooled
    }

    /// Returns the horizon that was asked for, or a year; never more than two thirds of the history unless asked for.
    pub(crate) fn horizon(&self, asked: Option<usize>) -> Horizon {
        let history = self.histories.history_days();
        let most = history * 2 / 3;
        let days = asked.unwrap_or_else(|| usize::try_from(HORIZON.min(most)).unwrap_or(0));
        let capped = asked.is_none() && most < HORIZON;
        Horizon { days, history, capped, beyond: i64::try_from(days).unwrap_or(i64::MAX) > most }
    }
}

impl Horizon {
    /// Says what the horizon is, in a sentence.
    pub(crate) fn sentence(&self) -> String {
        let Horizon { days, history, .. } = *self;
        if self.beyond {
            format!(
                "Warning: the horizon of {days} days is longer than two thirds of the history ({history} days); few \
                 partners were observed that long, so figures at the horizon are less certain than their intervals say."
            )
        } else if self.capped {
            format!("Horizon: {days} days (two thirds of the history of {history} days).")
        } else {
            format!("Horizon: {days} days. History: {history} days.")
        }
    }
}
