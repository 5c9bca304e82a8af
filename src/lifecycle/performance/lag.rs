//! How a partner in growth may sell too little.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::Period;

/// How a partner in growth sells too little, by what is known of it alone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SellingLag {
    /// It sold nothing since it came to growth, or since it is watched there.
    NothingSold { since: Day },
    /// Its last sale was more than a year ago.
    LastSale { on: Day },
    /// It sold less than its plan asks for up to the last day of which sales are known.
    /// `year` has the days of the plan.
    BehindPlan { year: Period, until: Day },
}
