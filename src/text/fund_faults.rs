//! What is wrong with a fund of a program, and with a movement of money that does not fit those before it.

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::Hint;
use crate::lifecycle::funds::{FundFault, FundMisfit};

impl Sentence for FundFault {
    fn sentence(&self) -> String {
        match self {
            FundFault::TwoSources { fund } => format!("{fund} accrues from revenue and has a budget"),
            FundFault::NoSource { fund } => format!("{fund} does not name its source of money"),
            FundFault::Percent { typed } => {
                format!("percent_of_revenue is {typed}, expected more than 0 and at most 100")
            }
            FundFault::NoYear { typed } => format!("`{typed}` is not a fiscal year"),
            FundFault::NoBudgetAmount { year } => format!("the budget for {year} has no amount"),
            FundFault::BudgetDays { year } => {
                format!("the budget for {year} needs from and to, its first and its last day")
            }
            FundFault::NegativeBudget { year } => format!("the budget for {year} is negative"),
            FundFault::Amount(why) => why.to_string(),
        }
    }

    fn hints(&self) -> Vec<Hint> {
        let remedy = match self {
            FundFault::TwoSources { .. } => "keep percent_of_revenue or budget; use two funds to have both",
            FundFault::NoSource { .. } => "add percent_of_revenue = 2, or budget = { 2026 = 50000 }",
            FundFault::Percent { .. } => "use percent_of_revenue = 2",
            FundFault::NoYear { .. } => "use a year such as 2026 = 50000",
            FundFault::NoBudgetAmount { .. } | FundFault::BudgetDays { .. } => {
                "use 2026 = { amount = 50000, from = \"2026-01-01\", to = \"2026-12-31\" }"
            }
            FundFault::NegativeBudget { .. } | FundFault::Amount(_) => "use an amount such as 50000",
        };
        vec![remedy.into()]
    }
}

impl Sentence for FundMisfit {
    fn sentence(&self) -> String {
        match self {
            FundMisfit::Unknown { number } => {
                format!("refers to {number}, which is neither a request nor a claim of it")
            }
            FundMisfit::NoRequest { request } => {
                format!("belongs to request {request}, which does not exist")
            }
            FundMisfit::NoClaim { claim } => format!("belongs to claim {claim}, which does not exist"),
            FundMisfit::NoGrant { grant } => format!("takes back grant {grant}, which does not exist"),
            FundMisfit::TakesBackTooMuch { grant } => {
                format!("takes back more of grant {grant} than is left of it")
            }
            FundMisfit::ExpiresTooMuch { fund } => format!("expires more of `{fund}` than is available"),
            FundMisfit::GrantsNothing { fund } => format!("grants nothing of `{fund}`"),
            FundMisfit::GrantsTooLate { fund, until } => {
                format!("grants money of `{fund}` that expired on {until}")
            }
            FundMisfit::ApprovesDecided { request } => {
                format!("approves request {request}, which is decided")
            }
            FundMisfit::ApprovesTooLate { request, claim_by } => {
                format!("approves request {request}, whose claim deadline was {claim_by}")
            }
            FundMisfit::ApprovesAboveAsked { request } => {
                format!("approves more than request {request} asks")
            }
            FundMisfit::ApprovesAboveAvailable { request } => {
                format!("approves more for request {request} than is available")
            }
            FundMisfit::RejectsDecided { request } => {
                format!("rejects request {request}, which is decided")
            }
            FundMisfit::RejectsSettled { claim } => format!("rejects claim {claim}, which is settled"),
            FundMisfit::ClaimsOfClosed { request } => {
                format!("claims of request {request}, which is not open to claims")
            }
            FundMisfit::ClaimsTooMuch { request } => {
                format!("claims more of request {request} than is left of it")
            }
            FundMisfit::PaysSettled { claim } => format!("pays claim {claim}, which is settled"),
            FundMisfit::PaysTooMuch { claim } => format!("pays more of claim {claim} than is unpaid"),
            FundMisfit::ClosesClosed { request } => format!("closes request {request}, which is over"),
        }
    }
}
