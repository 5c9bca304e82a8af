//! Hints and next steps as values: only the outermost floor knows that there is a shell.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::money::Money;

/// Something the user can do next. `text/steps.rs` writes it as a command line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    /// Takes a partner that left back into the channel.
    Return { partner: String },
    /// Lists what was recorded about a partner.
    Log { partner: String },
    /// Lists what was recorded.
    LogAll,
    /// Adds a partner.
    AddPartner,
    /// Lists all due dates.
    Calendar,
    /// Shows a partner.
    Show { partner: String },
    /// Places a partner, or moves it on.
    Advance { partner: String, to: Option<String> },
    /// Moves a partner back.
    Back { partner: String, to: String },
    /// Parks a partner until a day.
    Park { partner: String, until: Day },
    /// Takes a parked partner up again.
    Resume { partner: String },
    /// Records that a partner leaves, with the word for how.
    Leave { partner: String, label: &'static str },
    /// Records that a milestone is done.
    Done { partner: String, milestone: String, period: Option<String> },
    /// Records that a milestone does not apply.
    Skip { partner: String, milestone: String, period: Option<String> },
    /// Opens a milestone again.
    Reopen { partner: String, milestone: String, period: Option<String> },
    /// Answers a questionnaire about a partner.
    Assess { partner: String, questionnaire: String },
    /// Lets a questionnaire count as passed.
    Overrule { partner: String, questionnaire: String },
    /// Reports who was told of an announcement.
    ReportCommunication { announcement: String },
    /// Takes the last action back.
    Undo,
    /// Lists the sales of a partner.
    ListRevenue { partner: String },
    /// Corrects the amount or the day of an event; the currency is said if one is not the program's.
    Correct { event: i64, amount: Option<Money>, currency: Option<String>, on: Option<Day> },
    /// Corrects the day of an event, which is to be given.
    CorrectDay { event: i64 },
    /// Corrects how and why a partner left, by the words and keys for them.
    CorrectExit { event: i64, label: Option<&'static str>, why: Option<String> },
    /// Corrects parts of an event, each by its word.
    CorrectParts { event: i64, parts: Vec<(&'static str, String)> },
    /// Applies another program.
    ApplyProgram,
    /// Records what is agreed of a term, with the word for the type of its value.
    Agree { partner: String, term: String, kind: &'static str },
    /// Records that a person passed a course.
    Certify { partner: String, course: String, person: Option<String> },
    /// Records that a partner got a material.
    Deliver { partner: String, material: String },
    /// Records a question of a partner.
    Ask { partner: String },
    /// Answers a question.
    AnswerQuestion { question: i64 },
    /// Lists open questions.
    Questions,
    /// Credits a fund with what revenue brings.
    AccrueFund { partner: String },
    /// Credits a fund from its budget.
    GrantFund { partner: String, fund: String, amount: Option<Money> },
    /// Records revenue.
    AddRevenue { partner: String },
    /// Records how a partner was told of an announcement whose key begins so.
    Notify { partner: String, announcement: Option<String> },
    /// Reviews the tier of a partner.
    ReviewTier { partner: String },
    /// Asks for money of a fund, of one that is to be named if none is given.
    RequestFunds { partner: String, fund: Option<String> },
    /// Commits money to a request, all that it asks for or less.
    ApproveRequest { request: i64, amount: Option<Money> },
    /// Refuses a request.
    RejectRequest { request: i64 },
    /// Lets money of a fund expire that is available to partners; all of them if none is named.
    ExpireFunds { partners: Vec<String>, fund: String },
    /// Ends a request.
    CloseRequest { request: i64 },
    /// Records a claim of a request.
    ClaimFunds { request: i64 },
    /// Records that a claim is paid.
    PayClaim { claim: i64 },
    /// Lists a partner's balances, requests and claims.
    ShowFunds { partner: String },
    /// Drafts the business plan of a fiscal year.
    SetPlan { partner: String, year: String },
    /// Records that we agree to a plan and the partner has it.
    SendPlan { partner: String, year: String },
    /// Records that the partner agrees to a plan.
    AgreePlan { partner: String, year: String },
    /// Records a business review of a quarter.
    ReviewPlan { partner: String, quarter: String },
    /// Adds an action to the plan of the running fiscal year.
    PlanAction { partner: String },
    /// Keeps a note on a partner.
    Note { partner: String },
    /// Records that an action is done.
    FinishAction { partner: String, action: i64 },
    /// Records that a follow-up is done.
    FinishFollowUp { partner: String, follow_up: i64 },
    /// Adds a follow-up.
    Follow { partner: String },
    /// Moves the due day of a milestone, or of an action by its number.
    MoveDue { partner: String, what: String },
    /// Puts a partner on the watch list.
    Watch { partner: String },
    /// Begins an improvement plan.
    Improve { partner: String },
    /// Decides on a partner that does not perform.
    Decide { partner: String },
    /// Records reported revenue of a period.
    ReportRevenue { partner: String, period: String },
    /// Records revenue of a period in the place of an event.
    RestateRevenue { partner: String, event: i64 },
}

/// A suggestion: words, a step, or a step with words before and behind it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hint {
    pub before: String,
    pub step: Option<Step>,
    pub behind: String,
}

impl Hint {
    /// Suggests a step, and says behind it what it does: "`chanlife return acme` brings it back".
    pub fn step(step: Step, behind: impl Into<String>) -> Hint {
        Hint { before: String::new(), step: Some(step), behind: behind.into() }
    }

    /// Suggests a step for a case: "if the day is wrong: `chanlife correct 7 --on DATE`".
    pub fn if_so(before: impl Into<String>, step: Step) -> Hint {
        Hint { before: before.into(), step: Some(step), behind: String::new() }
    }
}

impl From<String> for Hint {
    fn from(words: String) -> Hint {
        Hint { before: words, step: None, behind: String::new() }
    }
}

impl From<&str> for Hint {
    fn from(words: &str) -> Hint {
        Hint::from(words.to_owned())
    }
}
