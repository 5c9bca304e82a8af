//! Announcements to partners: who was notified of what and when, how long before the launch, and who answered.
//!
//! Data below, behavior above: `events.rs` is what is recorded and known, `section.rs` is what the program says of
//! it, `rules.rs` is how events are taken in and what may be recorded. A chapter must not know files, reports or
//! words for people; its words are in `text/announcements.rs`. To add an event, see `happening.rs`.

pub(crate) mod events;
pub(crate) mod rules;
pub(crate) mod section;

pub(crate) use events::{Announced, MESSAGE, Notification, is_by_mail, late_by};
pub use events::{Answered, Told};
pub(crate) use rules::{
    AnnouncedAlready, AnnouncementMisfit, AnnouncementRefusal, NotifyRequest, announce, answered, notify,
    refuse_other_launch,
};
pub(crate) use section::{NoNoticeDays, NotASender};
