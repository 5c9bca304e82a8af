//! Co-op and marketing development funds: what comes in, what is asked for, approved, claimed and paid.
//!
//! Data below, behavior above: `fund.rs` is the program's section, `events.rs` what is recorded, `ledger.rs` and
//! `books.rs` what is then known; `rules.rs` is how events are taken in, and each group of rules has a file. Beside
//! the partner and the program the room knows what was sold; it must not know words for people. To add a movement of
//! money: its event in `events.rs`, what it does to a ledger in `ledger.rs`, and its rule beside the others.

pub(crate) mod agenda;
pub(crate) mod books;
pub(crate) mod budget;
pub(crate) mod budget_years;
pub(crate) mod credits;
pub(crate) mod events;
pub(crate) mod fund;
pub(crate) mod joined;
pub(crate) mod ledger;
pub(crate) mod misfit;
pub(crate) mod refusal;
pub(crate) mod request;
pub(crate) mod requests;
pub(crate) mod rules;

pub(crate) use agenda::{InBooks, claiming_step, decision_step};
pub(crate) use books::{Books, Movement};
pub(crate) use budget::{
    BudgetMoved, GrantedSum, Overdrawn, SharedBudgetDays, refuse_moved_budgets, refuse_overdrawn,
    shared_budget_days, take_budgets,
};
pub(crate) use budget_years::{budget_of, budget_on};
pub(crate) use credits::{accruals, left_out, settled_minor};
pub use credits::{accrue, expire, grant, take_back};
pub use events::{Accrued, Approved, Claimed, Closed, Expired, Granted, Paid, Refused, Requested, TakenBack};
pub use fund::Fund;
pub(crate) use fund::{AccrualRate, FundFault, Funding};
pub(crate) use joined::{AccruesAnew, JoinedBalance, accrues_anew, joined_balances};
pub use ledger::{Balance, FundLedger};
pub(crate) use misfit::FundMisfit;
pub(crate) use refusal::{FundRefusal, FundSettled, NotPosted};
pub(crate) use request::{ClaimOutcome, FundClaim, FundRequest, RequestState};
pub(crate) use requests::last_claim_day;
pub use requests::{ClaimRequest, NewFundRequest, approve, claim, close, pay, reject, request_funds};
