//! The non-performing rule and what is done about it.

pub use crate::lifecycle::growth::care::{Care, CareStep, Step};
pub use crate::lifecycle::growth::event::{Decided, DecidedAs, Improving, Watched};
pub use crate::lifecycle::growth::performance::{
    Actuals, Judged, Measure, Performance, Quarter, RuleOf, judge,
};
pub use crate::lifecycle::rules::growth::{
    DecideRequest, decide, improve, launched, performance, targets_of, watch,
};
