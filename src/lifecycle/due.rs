//! What is due and what to do next, as values: chapters make them, `agenda.rs` puts them in order, and
//! `text/agenda.rs` has their words.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::base::money::{Amount, Money};
use crate::lifecycle::base::period::Period;
use crate::lifecycle::milestone::needs::Need;
use crate::lifecycle::milestone::section::Doer;
use crate::lifecycle::performance::lag::SellingLag;

/// Something that is due, or waits since a day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Due {
    /// The day by which it is due; if it waits for us, the day since when.
    pub day: Day,
    pub kind: DueKind,
    pub what: AgendaItem,
    pub step: Step,
    /// Tells it apart from all others of the partner, and stays the same whatever the day.
    pub id: String,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum DueKind {
    Milestone,
    Review,
    Report,
    Action,
    /// A follow-up, which belongs to no plan.
    FollowUp,
    Decision,
    Resume,
    Renewal,
    Certificate,
    /// Money of a fund that is gone after the day.
    Fund,
    /// What was approved and is to be claimed.
    Claim,
    Activity,
    /// The public is told.
    Launch,
    Leaving,
    /// A question, a request or a claim that waits for us.
    Waiting,
}

/// How something that was due came to be over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ClosedAs {
    Done { on: Day },
    Skipped { on: Day },
    Dropped { on: Day },
}

/// Why something that was due is not any more.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Over {
    Closed(ClosedAs),
    /// The partner is parked.
    OnHold,
    /// What brought it was taken back, or the partner was removed or merged.
    Withdrawn,
    /// It is open, but not among what is chosen any more; `with` is who is to do it, if that is somebody else than before.
    Elsewhere {
        with: Option<String>,
    },
    /// Nobody waits for it any more: the partner left or moved on.
    NotDueAnyMore,
}

impl Due {
    /// Returns whether it ends something: a contract, a certificate, money.
    pub(crate) fn ends(&self) -> bool {
        matches!(self.kind, DueKind::Renewal | DueKind::Certificate | DueKind::Fund | DueKind::Claim)
    }
}

impl DueKind {
    /// Returns the word by which machines know the kind.
    pub fn word(self) -> &'static str {
        match self {
            DueKind::Milestone => "milestone",
            DueKind::Review => "review",
            DueKind::Report => "report",
            DueKind::Action => "action",
            DueKind::FollowUp => "follow-up",
            DueKind::Decision => "decision",
            DueKind::Resume => "resume",
            DueKind::Renewal => "renewal",
            DueKind::Certificate => "certificate",
            DueKind::Fund => "fund",
            DueKind::Claim => "claim",
            DueKind::Activity => "activity",
            DueKind::Launch => "launch",
            DueKind::Leaving => "leaving",
            DueKind::Waiting => "waiting",
        }
    }
}

/// The next step: what is next or why, and the step that records it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NextStep {
    pub what: AgendaItem,
    pub step: Step,
}

/// What is to be done, or why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum AgendaItem {
    /// The partner stands in no stage yet.
    Place {
        stage: String,
    },
    /// The partner is parked until a day that is to come.
    Wait {
        until: Day,
    },
    /// The partner has been parked for so many days, without a day on which it is taken up again.
    ParkedOpenEnd {
        days: i64,
    },
    /// The partner is parked, and its time has come.
    TakeUp {
        parked_until: Day,
    },
    /// The day has come on which a parked partner is taken up again.
    TakeUpNow,
    /// All gates are done.
    MoveOn {
        stage: String,
    },
    /// A milestone, or an item of the list for partners that leave, with what it still needs.
    Milestone {
        name: String,
        period: Option<Period>,
        lacking: Option<Lacking>,
        by: Option<Doer>,
    },
    /// A milestone that recurs was not settled in a period that is over. `count` periods of it were missed; `first` is the
    /// first of them.
    Missed {
        name: String,
        period: Period,
        first: Period,
        count: usize,
        by: Option<Doer>,
    },
    /// A milestone of a stage that the partner has passed is open.
    Passed {
        name: String,
        stage: String,
        by: Option<Doer>,
    },
    /// The criteria say not to take the partner of this key in; `failed` is the questionnaire that it failed.
    Decline {
        partner: String,
        failed: Option<String>,
    },
    Action {
        what: String,
        owner: Option<String>,
    },
    /// An action, or a follow-up, is due by a day that has come `late_days` ago.
    ActionDue {
        what: String,
        due: Day,
        late_days: i64,
        follow_up: bool,
    },
    /// A business plan is drafted, and the partner does not have it yet.
    SendPlan {
        year: Period,
    },
    /// A business plan waits for the partner.
    AwaitPlan {
        year: Period,
    },
    /// An improvement plan ends.
    PlanEnds,
    /// An improvement plan ended.
    PlanEnded {
        on: Day,
    },
    /// The partner is on the watch list.
    Watched {
        since: Day,
    },
    /// The partner is below what the rule of the program asks for.
    BelowRule,
    /// A partner in growth sells too little.
    Selling {
        lag: SellingLag,
    },
    /// Revenue of a partner in growth is at stake, for this reason.
    Growth {
        reason: String,
    },
    /// No plan of the year is agreed with a partner in growth.
    NoPlan,
    /// Hardly a chance is left: the partner is parked, or leaves.
    ParkOrLeave,
    Report {
        period: Period,
    },
    /// A report that was due. `count` reports are missing; `first` is the period of the first of them.
    ReportMissing {
        period: Period,
        first: Period,
        count: usize,
    },
    /// The partner owes so many reports.
    ReportsOwed {
        first: Period,
        count: usize,
    },
    /// A term ends and is to be agreed anew.
    Renewal {
        term: String,
        ends: Day,
    },
    CertificateEnds {
        person: String,
        course: String,
    },
    /// Money of a fund is gone after the day.
    MoneyEnds {
        amount: Amount,
        fund: String,
    },
    ActivityStarts {
        activity: String,
        request: i64,
    },
    ClaimDue {
        amount: Amount,
        request: i64,
        /// What the fund has no money for of it.
        not_covered: Option<Amount>,
    },
    /// A question waits for an answer; `text` is its first line.
    Question {
        question: i64,
        text: String,
        /// Who is to answer, if that was said.
        owner: Option<String>,
    },
    /// A request waits for a decision.
    Request {
        request: i64,
        amount: Money,
        fund: String,
        activity: String,
    },
    /// A claim waits for payment.
    Payment {
        claim: i64,
        amount: Money,
        fund: String,
        /// What the fund has no money for of it.
        not_covered: Option<Money>,
    },
    Launch {
        announcement: String,
    },
}

impl AgendaItem {
    /// Returns whose work it is, if it is a milestone of which the program says so.
    pub fn doer(&self) -> Option<Doer> {
        match self {
            AgendaItem::Milestone { by, .. }
            | AgendaItem::Missed { by, .. }
            | AgendaItem::Passed { by, .. } => *by,
            _ => None,
        }
    }

    /// Returns who is to do it, if that was said of this piece of work: of an action, a follow-up or a question. Any other is
    /// the work of whoever looks after the partner.
    pub fn assignee(&self) -> Option<&str> {
        match self {
            AgendaItem::Action { owner, .. } | AgendaItem::Question { owner, .. } => owner.as_deref(),
            _ => None,
        }
    }

    /// Returns whether another item says it, too: that of the first period of all that were missed.
    pub fn is_again(&self) -> bool {
        match self {
            AgendaItem::Missed { period, first, .. } | AgendaItem::ReportMissing { period, first, .. } => {
                period != first
            }
            _ => false,
        }
    }

    /// Returns the number of the question, request or claim that waits for us.
    pub(super) fn event(&self) -> Option<i64> {
        match self {
            AgendaItem::Question { question: event, .. }
            | AgendaItem::Request { request: event, .. }
            | AgendaItem::Payment { claim: event, .. } => Some(*event),
            _ => None,
        }
    }
}

/// What a milestone needs and does not have yet; it is settled by that, not by hand.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Lacking {
    /// Answers to a questionnaire; `so_far` is nothing if there are none yet.
    Answers {
        questionnaire: String,
        so_far: Option<AnswersSoFar>,
    },
    Certificates {
        course: String,
        certified: usize,
        people: i64,
    },
    Sales {
        made: usize,
        wanted: i64,
    },
    Revenue {
        sold: Amount,
        wanted: Amount,
    },
    /// The newest version of a material; `version` is the one that the partner has.
    Delivery {
        material: String,
        version: Option<String>,
    },
    /// Another fact, of which nothing is there.
    Fact(Need),
    /// Any of these would do.
    Any(Vec<Lacking>),
    /// All of these are missing.
    All(Vec<Lacking>),
}

/// How far the answers to a questionnaire are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AnswersSoFar {
    Missing,
    /// They come to this verdict, and somebody may overrule it.
    Decided {
        verdict: &'static str,
    },
}
