//! The two sides of a merge. Both were placed in a stage once: which of the two placings moves nobody.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::event::{Event, Recorded};
use crate::lifecycle::stage::events::Why;

/// On which side of a merge a partner is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum MergeSide {
    Staying,
    Going,
}

/// Returns the event that places one of two partners and moves nobody: that of the one that goes, if the one that stays had
/// moved before; and the later of two that follow each other and place both in one stage. `events` are those that count of
/// both sides, in order.
pub(super) fn idle_placing<'e>(events: impl Iterator<Item = (Day, &'e Recorded, MergeSide)>) -> Option<i64> {
    let is_move = |one: &Recorded| matches!(one.event, Event::Entered(_) | Event::Parked(_) | Event::Left(_));
    let mut moves = events.filter(|(_, one, _)| is_move(one)).peekable();
    let mut has_moved = false;
    while let Some((day, one, side)) = moves.next() {
        if side == MergeSide::Staying {
            has_moved = true;
            continue;
        }
        let stage = placed_in(one)?;
        if has_moved {
            return Some(one.number);
        }
        let (next_day, next, side) = moves.peek()?;
        let is_again = *side == MergeSide::Staying && placed_in(next) == Some(stage);
        return is_again.then_some(if *next_day == day { one.number } else { next.number });
    }
    None
}

/// Returns the stage in which an event places a partner, if it does.
fn placed_in(one: &Recorded) -> Option<&str> {
    match &one.event {
        Event::Entered(how) if how.why == Why::Placed => Some(&how.stage),
        _ => None,
    }
}
