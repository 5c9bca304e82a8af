//! Money that is wanted for an activity, what is claimed of it, and how that ended.

use crate::lifecycle::base::day::Day;

/// Money that is wanted for an activity.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FundRequest {
    pub event: i64,
    pub day: Day,
    pub activity: String,
    pub what: Option<String>,
    pub starts: Day,
    pub ends: Day,
    pub cost_minor: i64,
    pub asked_minor: i64,
    pub expected_minor: Option<i64>,
    pub reference: Option<String>,
    pub state: RequestState,
    pub claims: Vec<FundClaim>,
    /// What is set aside and not claimed, by place of the lot it came from.
    pub(crate) drawn: Vec<(usize, i64)>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RequestState {
    Waiting,
    Approved {
        on: Day,
        amount_minor: i64,
        claim_by: Day,
    },
    Rejected {
        on: Day,
        reason: String,
    },
    /// Nothing more comes of it; what was claimed stays claimed.
    Closed {
        on: Day,
        /// What was approved before, and when.
        approved: Option<(Day, i64)>,
        /// Its time to claim was over; nobody closed it.
        lapsed: bool,
    },
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FundClaim {
    pub event: i64,
    pub day: Day,
    pub amount_minor: i64,
    pub proof: String,
    pub leads: Option<i64>,
    pub pipeline_minor: Option<i64>,
    /// What was paid of it so far, in order.
    pub payments: Vec<FundPayment>,
    pub outcome: Option<ClaimOutcome>,
    /// What is not paid of it, by place of the lot it came from.
    pub(crate) drawn: Vec<(usize, i64)>,
}

/// A claim, or a part of it, was paid.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FundPayment {
    pub day: Day,
    pub amount_minor: i64,
    pub reference: Option<String>,
}

impl FundClaim {
    /// Adds up what was paid of it.
    pub fn paid_minor(&self) -> i64 {
        self.payments.iter().map(|one| one.amount_minor).sum()
    }

    /// Returns what is still to be paid of it; nothing once it is settled.
    pub fn unpaid_minor(&self) -> i64 {
        if self.outcome.is_some() { 0 } else { self.amount_minor - self.paid_minor() }
    }

    /// Returns what counts of it: all of it, unless the part that is not paid was rejected.
    pub(crate) fn valid_minor(&self) -> i64 {
        match self.outcome {
            Some(ClaimOutcome::Refused { .. }) => self.paid_minor(),
            None | Some(ClaimOutcome::Paid { .. }) => self.amount_minor,
        }
    }
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ClaimOutcome {
    Paid { on: Day },
    Refused { on: Day, reason: String },
}

impl FundRequest {
    /// Adds up what is set aside for it and not claimed.
    pub fn open_minor(&self) -> i64 {
        self.drawn.iter().map(|(_, part)| part).sum()
    }

    /// Adds up its claims that are not rejected, and the part of them that is paid.
    pub(crate) fn claimed_and_paid(&self) -> (i64, i64) {
        let sum = |part: fn(&FundClaim) -> i64| self.claims.iter().map(part).sum();
        (sum(FundClaim::valid_minor), sum(FundClaim::paid_minor))
    }

    /// Returns the part of what was approved that nobody claimed.
    pub(crate) fn unclaimed_minor(&self) -> i64 {
        self.approved().map_or(0, |(_, approved)| approved - self.claimed_and_paid().0)
    }

    /// Finds the claim of this number.
    pub fn claim(&self, number: i64) -> Option<&FundClaim> {
        self.claims.iter().find(|one| one.event == number)
    }

    /// Returns what was approved, and when.
    pub fn approved(&self) -> Option<(Day, i64)> {
        match self.state {
            RequestState::Approved { on, amount_minor, .. } => Some((on, amount_minor)),
            RequestState::Closed { approved, .. } => approved,
            _ => None,
        }
    }
}

impl RequestState {
    /// Returns the word for the state, as reports and JSON have it.
    pub fn word(&self) -> &'static str {
        match self {
            RequestState::Waiting => "waiting",
            RequestState::Approved { .. } => "approved",
            RequestState::Rejected { .. } => "rejected",
            RequestState::Closed { lapsed: true, .. } => "lapsed",
            RequestState::Closed { .. } => "closed",
        }
    }
}
