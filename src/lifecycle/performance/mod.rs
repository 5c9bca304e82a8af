//! Whether a partner performs by the program's rule, and what is done if not: watch list, improvement plan, decision.
//!
//! Data below, behavior above: `events.rs` is what is recorded and known, `section.rs` is what the program says of
//! it, `judge.rs` judges a partner, `plan_lack.rs` says why one
//! has no plan to be judged by, `selling.rs` says what helps one that sells too little, `rules.rs` is how events are
//! taken in and what may be recorded. A chapter must not know files, reports or words for people; its words are in `text/performance.rs`. To add an event, see
//! `happening.rs`.

pub(crate) mod events;
pub(crate) mod judge;
pub(crate) mod lag;
pub(crate) mod plan_lack;
pub(crate) mod rules;
pub(crate) mod section;
pub(crate) mod selling;

pub use events::{Decided, DecidedAs, Improving, Watched};
pub(crate) use events::{WatchRecord, WatchStatus, WatchStep};
pub(crate) use judge::{Judged, JudgedQuarter, Performance, QuarterYardstick};
pub(crate) use lag::SellingLag;
pub(crate) use plan_lack::PlanLack;
pub(crate) use plan_lack::drawn_up;
pub(crate) use rules::{
    DecideRequest, PerformanceRefusal, WatchMisfit, WatchedAlready, check_end, decide, due, improve, watch,
};
pub(crate) use section::NonPerformingFault;
pub(crate) use section::{PerformanceMeasures, PerformanceRule};
pub(crate) use selling::{
    SILENT_DAYS, grace_days, known_since, reported_until, selling_step, share_of_days, year_without_plan,
    year_worth_planning,
};
