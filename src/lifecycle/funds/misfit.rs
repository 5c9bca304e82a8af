//! Why a movement of money does not fit those before it.

use crate::lifecycle::base::day::Day;

/// Why a movement of money does not fit what came before it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FundMisfit {
    /// The number is that of no request and no claim.
    Unknown {
        number: i64,
    },
    NoRequest {
        request: i64,
    },
    NoClaim {
        claim: i64,
    },
    /// The number is that of no grant.
    NoGrant {
        grant: i64,
    },
    /// More of a grant is taken back than is left of it.
    TakesBackTooMuch {
        grant: i64,
    },
    /// More of a fund expires than is available.
    ExpiresTooMuch {
        fund: String,
    },
    GrantsNothing {
        fund: String,
    },
    GrantsTooLate {
        fund: String,
        until: Day,
    },
    ApprovesDecided {
        request: i64,
    },
    ApprovesTooLate {
        request: i64,
        claim_by: Day,
    },
    ApprovesAboveAsked {
        request: i64,
    },
    ApprovesAboveAvailable {
        request: i64,
    },
    RejectsDecided {
        request: i64,
    },
    RejectsSettled {
        claim: i64,
    },
    ClaimsOfClosed {
        request: i64,
    },
    ClaimsTooMuch {
        request: i64,
    },
    PaysSettled {
        claim: i64,
    },
    PaysTooMuch {
        claim: i64,
    },
    ClosesClosed {
        request: i64,
    },
}
