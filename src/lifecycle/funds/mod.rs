//! Co-op and marketing development funds: what comes in, what is asked for, approved, claimed and paid.
//!
//! The room knows partners and the program; it must not know other chapters, nor words for people. One file for the program's section, one for events,
//! the ledger with its requests from the ground up, and one file for each group of rules. To add a movement of money:
//! its event in `events.rs`, what it does to a ledger in `ledger.rs`, and its rule beside the others.

pub(crate) mod agenda;
pub(crate) mod books;
pub(crate) mod budget;
pub(crate) mod credits;
pub(crate) mod events;
pub(crate) mod fund;
pub(crate) mod ledger;
pub(crate) mod misfit;
pub(crate) mod refusal;
pub(crate) mod request;

pub(crate) mod requests;
pub(crate) mod rules;

pub(crate) use agenda::{InBooks, claiming_step, decision_step};
pub(crate) use books::{Books, Movement};
pub(crate) use budget::{Overdrawn, refuse_overdrawn};
pub(crate) use credits::kept_minor;
pub use credits::{accrue, grant};
pub use events::{Accrued, Approved, Claimed, Closed, Granted, Paid, Refused, Requested};
pub use fund::Fund;
pub(crate) use fund::{FundFault, Funding};
pub use ledger::{Balance, FundLedger};
pub(crate) use misfit::FundMisfit;
pub(crate) use refusal::{FundRefusal, FundSettled, NotPosted};
pub(crate) use request::{ClaimOutcome, FundClaim, FundRequest, RequestState};
pub(crate) use requests::last_claim_day;
pub use requests::{ClaimRequest, FundsRequest, approve, claim, close, pay, reject, request_funds};
