//! Who a partner is: how it came into the file, its attributes, people and references; and all that is known of it.
//!
//! Data below, behavior above: `events.rs` is what is recorded, `state.rs` what is then known, `rules.rs` is how
//! events are taken in and what may be recorded, `contacts.rs` the same of its people, `by_hand.rs` what an
//! import does not take back. A chapter must not know files, reports or words for people; its
//! words are in `text/partner.rs`. To add an event, see `happening.rs`.

pub(crate) mod by_hand;
pub(crate) mod contacts;
pub(crate) mod events;
pub(crate) mod parent;
pub(crate) mod refusal;
pub(crate) mod rules;
pub(crate) mod state;

pub(crate) use by_hand::{ContactPart, DetailHistory, KeptDetail, is_of_details};
pub(crate) use contacts::{
    ContactRequest, MovedPerson, contact_change, contact_named, keep_opted_out, receive_contact,
    refuse_certified_later, send_contact,
};
pub(crate) use events::identity;
pub use events::{Contact, ContactChange, Edited, Joined, Noted};
pub(crate) use parent::{ParentRefusal, parent_number, parent_stored, refuse_circle};
pub(crate) use refusal::{PartnerRefusal, SaleSaid};
pub(crate) use rules::{
    PartnerMisfit, PartnerUnchanged, ValueChange, changed_values, edit, joined, merge, note,
    refuse_other_details, remove,
};
pub use state::Partner;
pub(crate) use state::Version;
