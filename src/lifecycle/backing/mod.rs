//! What stands behind the stages: agreed terms, certified people, materials, funds, announcements and questions.

pub mod books;
pub mod event;
pub mod funds;
pub mod ledger;
pub mod readiness;
pub mod request;
pub mod terms;
pub mod voice;

pub use books::{Books, Movement};
pub use event::{
    Accrued, Announced, Answered, Approved, Asked, Certified, Claimed, Closed, Delivered, Granted, Paid,
    Refused, Replied, Requested, TermsAgreed, Told,
};
pub use funds::{Fund, Funding, accrual};
pub use ledger::{Balance, Ledger, Lot};
pub use readiness::{Certificate, Course, Delivery, Material, covered_since, last_days};
pub use request::{Claim, FundRequest, Outcome, RequestState};
pub use terms::{Agreement, Notice, Term, held_until, in_force};
pub use voice::{Question, Reply, Telling};
