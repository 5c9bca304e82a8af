//! Co-op and marketing development funds.

pub use crate::lifecycle::backing::books::{Books, Movement};
pub use crate::lifecycle::backing::event::{
    Accrued, Approved, Claimed, Closed, Granted, Paid, Refused, Requested,
};
pub use crate::lifecycle::backing::funds::{Fund, Funding, accrual};
pub use crate::lifecycle::backing::ledger::{Balance, Ledger, Lot};
pub use crate::lifecycle::backing::request::{Claim, FundRequest, Outcome, RequestState};
pub use crate::lifecycle::rules::fund_requests::{
    ClaimRequest, FundsRequest, approve, claim, close, pay, reject, request_funds,
};
pub use crate::lifecycle::rules::funds::{accrue, grant};
