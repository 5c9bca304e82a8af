//! A due day that was moved: from when to when, and why. The day that was meant first is that of the first move.

use serde::{Deserialize, Serialize};

use crate::lifecycle::base::day::Day;

/// A due day was moved by agreement.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DueMove {
    /// The day on which that was agreed.
    pub day: Day,
    /// The day by which it had been due; none if it had no due day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Day>,
    pub to: Day,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Returns by how many days something is due later than first agreed, by its moves in order; below zero if sooner. None
/// without moves, and if it had no due day at first.
pub(crate) fn days_moved(moves: &[DueMove]) -> Option<i64> {
    Some(moves.last()?.to.since(moves.first()?.from?))
}

/// Returns the day by which something was due at first, by its moves in order; none if it was not moved, or had no due day.
pub(crate) fn first_due(moves: &[DueMove]) -> Option<Day> {
    moves.first()?.from
}
