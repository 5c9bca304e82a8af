//! Why something about the money of funds is refused.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::money::Amount;
use crate::lifecycle::base::period::{DayRange, Period};
use crate::lifecycle::funds::ledger::Balance;

/// Why nothing is recorded about the money of funds: it is so already.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum FundSettled {
    /// No quarter brings more; what is not posted although it could be thought to be.
    NothingAccrues {
        partner: String,
        /// The quarter that was asked for, if one was.
        quarter: Option<Period>,
        not_posted: Vec<NotPosted>,
    },
    /// The same is requested already.
    Requested {
        partner: String,
        request: i64,
    },
    Approved {
        request: i64,
        amount: Amount,
        since: Day,
    },
    RequestRejected {
        request: i64,
        since: Day,
    },
    ClaimRejected {
        claim: i64,
        since: Day,
    },
    Claimed {
        partner: String,
        claim: i64,
        on: Day,
    },
    /// The time to claim is over; none is unclaimed if all was claimed.
    Lapsed {
        request: i64,
        since: Day,
        unclaimed: Option<Amount>,
    },
    Paid {
        claim: i64,
        amount: Amount,
        on: Day,
    },
    Closed {
        request: i64,
        since: Day,
    },
    /// Nothing of the fund can expire; where the money is instead.
    NothingAvailable {
        partner: String,
        fund: String,
        held: Vec<(Amount, &'static str)>,
    },
    /// All of the grant is taken back.
    TakenBack {
        grant: i64,
    },
    /// The same part of the claim was paid on the day, with the same reference or none.
    PartPaid {
        claim: i64,
        amount: Amount,
        on: Day,
        unpaid: Amount,
    },
}

/// Why money of a quarter is not posted, or not taken back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum NotPosted {
    /// Nothing accrues to the tier that the partner had on the last day of the quarter, or to partners without one.
    NoPercent { period: Period, tier: Option<String> },
    /// It would have expired before the day.
    Expired { period: Period, until: Day },
    /// Nobody has asked for it yet: so much is due for what was sold on some of these days. `begin` is the first of their
    /// quarters if nothing had accrued before, so that only asking for it makes it begin there.
    LeftOut { days: DayRange, amount: Amount, begin: Option<Period> },
}

/// Why something about the money of funds is refused.
///
/// `partner` is the name of the partner if `key` stands beside it, and its key if not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum FundRefusal {
    /// No request and no claim has this number.
    NoRequestOrClaim {
        number: i64,
    },
    /// No claim has this number.
    NoClaim {
        number: i64,
    },
    /// The quarter whose revenue is to bring money is not over.
    QuarterNotOver {
        quarter: Period,
        day: Day,
    },
    /// The fund accrues from revenue and has no budget to grant from.
    NotGranted {
        fund: String,
        partner: String,
    },
    /// The fund has no budget of the fiscal year; `free` is the name that one of it can have in the program.
    NoBudget {
        fund: String,
        year: Period,
        free: String,
    },
    /// An amount is to be above zero.
    NoAmount {
        amount: Amount,
    },
    /// The money would be gone on the day on which it comes in.
    GoneBefore {
        until: Day,
        day: Day,
    },
    /// The fund is for other activities.
    OtherActivities {
        fund: String,
        activity: String,
        activities: Vec<String>,
    },
    /// The activity would end before it starts.
    EndsBeforeItStarts {
        starts: Day,
        ends: Day,
    },
    /// The fund bears a smaller part of the cost.
    AboveShare {
        fund: String,
        max_percent: i64,
        asked: Amount,
        cost: Amount,
        most: Amount,
    },
    /// The reference is that of another request, which says otherwise.
    ReferenceTaken {
        reference: String,
        request: i64,
    },
    /// More would be approved than is asked for.
    AboveAsked {
        request: i64,
        wanted: Amount,
        asked: Amount,
    },
    /// More would be approved than the fund has; `accrues` if its money comes from revenue.
    NotAvailable {
        request: i64,
        fund: String,
        partner: String,
        accrues: bool,
        amount: Amount,
        balance: Balance,
    },
    /// The last day to claim would be over on the day of the approval.
    ClaimTimeOver {
        claim_by: Day,
        day: Day,
    },
    /// The activity did not start yet.
    NotStarted {
        request: i64,
        activity: String,
        starts: Day,
    },
    /// More would be claimed than is left of what was approved.
    AboveApproved {
        request: i64,
        amount: Amount,
        approved: Amount,
        claimed: Amount,
        left: Amount,
    },
    /// The number is that of no grant of the partner.
    NotAGrant {
        partner: String,
        key: String,
        number: i64,
    },
    /// More of a grant would be taken back than nobody requested; `key` is that of the partner.
    AboveLeft {
        grant: i64,
        fund: String,
        key: String,
        amount: Amount,
        granted: Amount,
        expired: Amount,
        left: Amount,
    },
    /// More would expire than is available.
    ExpiresAbove {
        fund: String,
        amount: Amount,
        available: Amount,
    },
    /// More of a claim would be paid than is unpaid.
    AboveUnpaid {
        claim: i64,
        amount: Amount,
        claimed: Amount,
        paid: Amount,
        unpaid: Amount,
    },
    /// A part of several claims is wanted.
    PartOfSeveral,
    /// No grant has this number.
    NoGrant {
        number: i64,
    },
    /// The partner has no request of this number.
    NotARequest {
        partner: String,
        key: String,
        number: i64,
    },
    /// The partner has no claim of this number.
    NotAClaim {
        partner: String,
        key: String,
        number: i64,
    },
    /// A claim is wanted, and the number is that of a request; its claims that wait and those that are paid stand beside
    /// it, and whether more can be claimed now.
    ARequest {
        key: String,
        request: i64,
        open_claims: Vec<i64>,
        paid_claims: Vec<i64>,
        claimable: bool,
    },
    ClaimPaid {
        claim: i64,
        on: Day,
    },
    ClaimRejected {
        claim: i64,
        on: Day,
    },
    /// The request is not approved yet.
    NotApproved {
        request: i64,
    },
    /// The request was approved already.
    Approved {
        request: i64,
        on: Day,
        amount: Amount,
    },
    Rejected {
        request: i64,
        partner: String,
        on: Day,
        reason: String,
    },
    /// The time to claim is over; none is unclaimed if all was claimed.
    Lapsed {
        request: i64,
        partner: String,
        on: Day,
        unclaimed: Option<Amount>,
    },
    Closed {
        request: i64,
        on: Day,
    },
}
