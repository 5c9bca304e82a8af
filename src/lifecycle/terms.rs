//! Business terms.

pub use crate::lifecycle::backing::event::TermsAgreed;
pub use crate::lifecycle::backing::terms::{Agreement, Notice, Term, held_until, in_force};
pub use crate::lifecycle::rules::terms::{AgreeRequest, agree, renewals};
