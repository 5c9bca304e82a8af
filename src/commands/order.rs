//! The order of a command: whom to record something about, on which day, and whether to keep it.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::store::Keep;

/// Whom to record something about, on which day, and whether to keep it.
#[derive(Clone, Copy)]
pub(super) struct Order<'o> {
    pub whom: Whom<'o>,
    pub day: Day,
    pub keep: Keep,
    /// Whether partners that are refused are left out; otherwise one refusal refuses all.
    pub skip_refused: bool,
}

/// Which partners, as asked.
#[derive(Clone, Copy)]
pub(super) enum Whom<'w> {
    One(&'w str),
    /// The first, then the second.
    Both(&'w str, &'w str),
    /// All partners that meet all these conditions.
    Where(&'w [String]),
    /// All partners in the stage that the program is to bring partners to.
    InSuccess,
    /// Those that these events belong to; `unknown` refuses a number that is of no event of a partner.
    Events {
        numbers: &'w [i64],
        unknown: fn(i64) -> Error,
    },
}
