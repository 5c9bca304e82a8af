//! What the tests use, and nothing else: the rest of the program is private, so that the compiler finds what nobody
//! uses any more. To test one more thing from outside, name it here.

pub mod analysis {
    pub mod counts {
        pub use crate::analysis::counts::{Counts, LONGEST, Spell};
    }
    pub mod flow {
        pub use crate::analysis::flow::flows;
    }
    pub mod incidence {
        pub use crate::analysis::incidence::{Incidence, incidence, incidences};
    }
    pub mod kernel {
        pub use crate::analysis::kernel::Kernel;
    }
    pub mod lead {
        pub use crate::analysis::lead::{Candidate, LeverOrder, LeverVerdict};
    }
    pub mod levers {
        pub use crate::analysis::levers::{Kind, Lever, effects};
    }
    pub mod occupation {
        pub use crate::analysis::occupation::Occupation;
    }
    pub mod resample {
        pub use crate::analysis::resample::Draws;
    }
    pub mod revenue {
        pub use crate::analysis::revenue::{Income, Revenue};
    }
    pub mod rhythm {
        pub use crate::analysis::rhythm::{FALSE_ALARMS, Rhythms, Silence};
    }
    pub mod sales_chain {
        pub use crate::analysis::sales_chain::{End, PartnerSales, SaleDay, SalesChain};
    }
    pub mod sales_estimates {
        pub use crate::analysis::sales_estimates::{Book, Levers, chances, effective, revenues};
    }
    pub mod sales_levers {
        pub use crate::analysis::sales_levers::SalesLever;
    }
    pub mod state_histories {
        pub use crate::analysis::state_histories::{
            LEFT_BEFORE, SUCCEEDED, StateHistories, StateHistory, States, Visit,
        };
    }
    pub mod survival {
        pub use crate::analysis::survival::Survival;
    }
    pub mod time_to_target {
        pub use crate::analysis::time_to_target::TimeToTarget;
    }
}
pub mod app {
    pub mod exit {
        pub use crate::app::exit::Exit;
    }
}
pub mod cli {
    pub use crate::cli::{Cli, grammar};
}
pub mod export {
    pub use crate::export::{MessageTemplate, read_all};
}
pub mod import {
    pub use crate::import::{
        AnswerScope, IMPORTS, ImportSource, ObservedFrom, RejectedRows, TypedAnswers, template,
    };
}
pub mod lifecycle {
    pub mod agenda {
        pub use crate::lifecycle::agenda::{dues, next_step};
    }
    pub mod announcements {
        pub use crate::lifecycle::announcements::{Answered, Told};
    }
    pub mod base {
        pub mod day {
            pub use crate::lifecycle::base::day::{Day, Towards};
        }
        pub mod error {
            pub use crate::lifecycle::base::error::Error;
        }
        pub mod money {
            pub use crate::lifecycle::base::money::Currency;
        }
        pub mod period {
            pub use crate::lifecycle::base::period::{Calendar, Every};
        }
    }
    pub mod corrections {
        pub use crate::lifecycle::corrections::{Corrected, correct};
    }
    pub mod criteria {
        pub use crate::lifecycle::criteria::{
            AnswerSheet, AnswerValue, Answers, Assessed, AssessmentOutcome, Changes, DecisiveQuestions,
            Holds, Must, Overridden, Questionnaire, Verdict,
        };
    }
    pub mod enablement {
        pub use crate::lifecycle::enablement::{Certified, Delivered};
    }
    pub mod event {
        pub use crate::lifecycle::event::{Event, Recorded};
    }
    pub mod facts {
        pub use crate::lifecycle::facts::{Facts, PartnerFacts};
    }
    pub mod fold {
        pub use crate::lifecycle::fold::{Fate, fold};
    }
    pub mod forget {
        pub use crate::lifecycle::forget::Forgetting;
    }
    pub mod funds {
        pub use crate::lifecycle::funds::{
            Accrued, Approved, Balance, ClaimRequest, Claimed, Closed, Expired, Fund, FundLedger, Granted,
            NewFundRequest, Paid, Refused, Requested, TakenBack, accrue, approve, claim, close, expire,
            grant, pay, reject, request_funds, take_back,
        };
    }
    pub mod milestone {
        pub use crate::lifecycle::milestone::{Done, DueMoved, MilestoneFacts, Reopened, Skipped};
    }
    pub mod partner {
        pub use crate::lifecycle::partner::{Contact, ContactChange, Edited, Joined, Noted, Partner};
    }
    pub mod performance {
        pub use crate::lifecycle::performance::{Decided, DecidedAs, Improving, Watched};
    }
    pub mod plans {
        pub use crate::lifecycle::plans::{
            Agreed, Finished, Planned, Reviewed, Sent, TaskDropped, TaskGiven, TaskMoved, Tasked,
        };
    }
    pub mod program {
        pub use crate::lifecycle::program::{Aliases, BUILT_IN, Program};
        pub use crate::text::program_diff::changes;
    }
    pub mod questions {
        pub use crate::lifecycle::questions::{Asked, Replied};
    }
    pub mod revenue {
        pub use crate::lifecycle::revenue::{Counting, Rated, SaleDetail, Sold, TypedSale, sold};
    }
    pub mod rule {
        pub use crate::lifecycle::rule::{Decision, History, Ruling};
    }
    pub mod stage {
        pub use crate::lifecycle::stage::{Entered, Left, LeftAs, Parked, Why};
    }
    pub mod terms {
        pub use crate::lifecycle::terms::{TermsAgreed, renewals};
    }
    pub mod tiers {
        pub use crate::lifecycle::tiers::{Tiered, tier_review};
    }
}
pub mod report {
    pub mod reading {
        pub use crate::report::reading::{Channel, Needs};
    }
    pub mod program {
        pub use crate::report::program::{diff, problems, show};
    }
}
pub mod store {
    pub use crate::store::{Keep, NewEvent, Reader, Stamp, Store};
}
pub mod text {
    pub mod events {
        pub use crate::text::events::describe;
    }
    pub mod help {
        pub use crate::text::help::{TOPICS, topic};
    }
}
