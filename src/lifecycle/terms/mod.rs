//! Terms: what is agreed with a partner, from when until when, and when it is up for renewal.
//!
//! Data below, behavior above: `events.rs` is what is recorded and known, `section.rs` is what the program says of
//! it (`territory.rs` of regions), `kept.rs` holds sales against it, `value.rs` is what can be agreed, `rules.rs` is how
//! events are taken in and what may be recorded. A chapter must not know files, reports or words for people; its words are in `text/terms.rs`. To add an event, see `happening.rs`.

pub(crate) mod events;
pub(crate) mod kept;
pub(crate) mod rules;
pub(crate) mod section;
pub(crate) mod territory;
pub(crate) mod value;

pub(crate) use events::Agreement;
pub use events::TermsAgreed;
pub(crate) use events::{dated_end, held_until, to_come};
pub(crate) use kept::{HeldTerm, TermBreach, TermKept, TermUnknown, compared, held, margin_given};
pub use rules::renewals;
pub(crate) use rules::{AgreeRequest, AgreedAlready, TermRefusal, agree, check_span, dues};
pub(crate) use section::Term;
pub(crate) use section::TermFault;
pub(crate) use territory::{Region, RegionFault};
pub(crate) use value::TermValueFault;
