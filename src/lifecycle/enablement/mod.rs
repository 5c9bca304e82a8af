//! Enablement: courses, certificates of people, and materials that partners have.
//!
//! Data below, behavior above: `events.rs` is what is recorded and known, `section.rs` is what the program says of
//! it, `rules.rs` is how events are taken in and what may be recorded. A chapter must not know files, reports or
//! words for people; its words are in `text/enablement.rs`. To add an event, see `happening.rs`.

pub(crate) mod events;
pub(crate) mod rules;
pub(crate) mod section;

pub(crate) use events::covered_since;
pub(crate) use events::{Certificate, Delivery};
pub use events::{Certified, Delivered};
pub(crate) use rules::{
    CertifyRequest, CourseShort, EnabledAlready, EnablementRefusal, certify, check_course, check_expiry,
    deliver, dues, newly_short,
};
pub(crate) use section::{Course, Material};
