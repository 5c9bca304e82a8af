//! The words of milestones.

use crate::lifecycle::agenda::Lacking;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::{Hint, Step};
use crate::lifecycle::base::moved::DueMove;
use crate::lifecycle::base::period::{DayRange, Period};
use crate::lifecycle::base::text::phrase;
use crate::lifecycle::milestone::{
    Done, DueMoved, LapsedMove, MilestoneAlready, MilestoneMisfit, MilestoneNamed, MilestoneRefusal,
    MovedDue, OffStage, Reopened, Settlement, Skipped,
};
use crate::lifecycle::program::{Milestone, Need, Program};
use crate::lifecycle::stage::LeftAs;
use crate::text::agenda::NOTHING_IS_ZERO;
use crate::text::applies::applies_in_words;
use crate::text::events::{Described, ReceiptContext, with};
use crate::text::needs::{all_proofs, settled_by, so_far};
use crate::text::periods::called;
use crate::text::plans::counted_times;
use crate::text::steps::command_line;

impl Sentence for MilestoneAlready {
    fn sentence(&self) -> String {
        match self {
            MilestoneAlready::Open { partner, what } => format!("{partner}: {} is already open", words(what)),
            MilestoneAlready::DueThen { partner, what, due } => {
                format!("{partner}: {} is already due on {due}", words(what))
            }
            MilestoneAlready::Settled { partner, what, by, .. } if !by.is_empty() => {
                format!("{partner}: {} is already settled by {}", words(what), all_proofs(by))
            }
            MilestoneAlready::Settled { partner, what, status, since, .. } => {
                let status = match status {
                    Settlement::Done => "done",
                    Settlement::Passed => "passed",
                    Settlement::Skipped => "skipped",
                };
                format!("{partner}: {} was already {status} on {since}", words(what))
            }
        }
    }
}

/// Returns the command that completes a milestone, for any partner.
pub(crate) fn completed_by(milestone: &Milestone) -> String {
    match milestone.needs.as_ref().filter(|_| !milestone.by_hand) {
        None => {
            let (partner, milestone) = ("PARTNER".to_owned(), milestone.key.clone());
            command_line(&Step::Done { partner, milestone, period: None })
        }
        Some(need) => command_for(need),
    }
}

/// Returns the command that records a fact, for any partner; of several, those of each.
fn command_for(need: &Need) -> String {
    let partner = "PARTNER".to_owned();
    let several = |all: &[Need], between: &str| {
        let mut commands: Vec<String> = Vec::new();
        for command in all.iter().map(command_for) {
            if !commands.contains(&command) {
                commands.push(command);
            }
        }
        commands.join(between)
    };
    let step = match need {
        Need::Any(all) => return several(all, " or "),
        Need::All(all) => return several(all, " and "),
        Need::Certified { course, people } => {
            let certify = command_line(&Step::Certify { partner, course: course.clone(), person: None });
            return if *people == 1 { certify } else { format!("{certify} ({people} people)") };
        }
        Need::Questionnaire(key) => Step::Assess { partner, questionnaire: key.clone() },
        Need::Agreed(key) | Need::Renewed(key) => Step::Agree { partner, term: key.clone(), kind: "text" },
        Need::Delivered(key) => Step::Deliver { partner, material: key.clone() },
        Need::Sold(_) | Need::Revenue(_) | Need::Reported => Step::AddRevenue { partner },
        Need::Granted(fund) => Step::GrantFund { partner, fund: fund.clone(), amount: None },
        Need::Claimed(fund) => Step::RequestFunds { partner, fund: Some(fund.clone()) },
        Need::Announced(start) => Step::Notify { partner, announcement: start.clone() },
        Need::Planned => Step::SetPlan { partner, year: "YEAR".to_owned() },
        Need::Reviewed => Step::ReviewPlan { partner, quarter: "QUARTER".to_owned() },
        Need::TierReviewed => Step::ReviewTier { partner },
    };
    command_line(&step)
}

impl Sentence for MilestoneMisfit {
    fn sentence(&self) -> String {
        match self {
            MilestoneMisfit::AfterLeaving { milestone } => {
                format!("records `{milestone}`, a milestone of a stage, after the partner left")
            }
            MilestoneMisfit::BeforeLeaving { milestone } => {
                format!("changes `{milestone}`, which is on the off-boarding list")
            }
            MilestoneMisfit::Open { milestone } => format!("reopens `{milestone}`, which is open"),
            MilestoneMisfit::Twice { milestone } => format!("records `{milestone}` a second time"),
        }
    }
}

impl Described for Done {
    fn described(&self, program: &Program) -> String {
        let by = self.by.as_ref().map_or_else(String::new, |who| format!(" by {who}"));
        with(
            format!(
                "{} done{by}",
                of_period(&self.milestone, named(program, self.period.as_deref(), self.days))
            ),
            self.evidence.as_deref(),
        )
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        format!(
            "Completed {1} for {0}",
            about.partner,
            quoted(&self.milestone, named(about.program, self.period.as_deref(), self.days))
        )
    }
}

impl Described for Skipped {
    fn described(&self, program: &Program) -> String {
        with(
            format!(
                "{} skipped",
                of_period(&self.milestone, named(program, self.period.as_deref(), self.days))
            ),
            Some(&self.reason),
        )
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        format!(
            "Skipped {1} for {0}",
            about.partner,
            quoted(&self.milestone, named(about.program, self.period.as_deref(), self.days))
        )
    }
}

impl Described for Reopened {
    fn described(&self, program: &Program) -> String {
        with(
            format!(
                "{} reopened",
                of_period(&self.milestone, named(program, self.period.as_deref(), self.days))
            ),
            self.reason.as_deref(),
        )
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        format!(
            "Reopened {1} for {0}",
            about.partner,
            quoted(&self.milestone, named(about.program, self.period.as_deref(), self.days))
        )
    }
}

impl Described for DueMoved {
    fn described(&self, program: &Program) -> String {
        let what = of_period(&self.milestone, named(program, self.period.as_deref(), self.days));
        let before = self.from.map_or_else(String::new, |from| format!(" instead of {from}"));
        with(format!("{what} due {}{before}", self.to), Some(&self.reason))
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        let what = quoted(&self.milestone, named(about.program, self.period.as_deref(), self.days));
        let same = |one: &&MovedDue| one.milestone == self.milestone && one.days == self.days;
        let known = about.before.map_or(&[][..], |partner| &partner.moved_dues);
        // Those of an earlier visit ended with another day.
        let before = known.iter().filter(same).rev().scan(self.from, |due, one| {
            let is_chain = *due == Some(one.moved.to);
            *due = one.moved.from;
            is_chain.then_some(())
        });
        let times = 1 + before.count();
        let again =
            if times > 1 { format!("; moved {} so far", counted_times(times)) } else { String::new() };
        match self.from {
            Some(from) => format!("Moved {what} of {} from {from} to {}{again}", about.partner, self.to),
            None => format!("Set the due date of {what} of {} to {}{again}", about.partner, self.to),
        }
    }
}

/// Says which agreed day does not hold any more, since the partner came back after it.
pub(crate) fn lapsed_in_words(lapsed: &LapsedMove) -> String {
    let LapsedMove { milestone, agreed } = lapsed;
    format!("the agreed day of `{milestone}`, {agreed}, holds no more: its days begin anew")
}

/// Says that something is due on another day than before.
pub(crate) fn due_instead(what: &str, was: Day, now: Day) -> String {
    format!("{what} is due on {now} now, not on {was}")
}

/// Says that something was due on a day already, by what was agreed until `on`; it is due otherwise by a later move.
pub(crate) fn due_already_then(what: &str, due: Day, on: Day, later: &DueMove) -> String {
    format!(
        "{what}: on {on} it was due on {due} already; it is due on {} now, as agreed on {}",
        later.to, later.day
    )
}

/// Says that what was recorded of a due day does not change it, for a later day was agreed after that.
pub(crate) fn later_move_stands(later: &DueMove) -> String {
    format!("It stays due on {}: that was agreed later, on {}", later.to, later.day)
}

/// Returns what the calendar calls the period that an event names.
fn named(program: &Program, period: Option<&str>, days: Option<DayRange>) -> Option<String> {
    period.map(|name| called(program.calendar, name, days))
}

/// Says which milestones are settled by what was just recorded: "; settles `funds-claimed`"; nothing if none is.
pub(crate) fn settled_in_words(settled: &[(&Milestone, Option<Period>)]) -> String {
    let all = all_quoted(settled);
    if all.is_empty() { String::new() } else { format!("; settles {}", phrase(&all)) }
}

/// Says which milestones are open again after what was just recorded: "; `sales-trained` is open again"; nothing if none is.
pub(crate) fn reopened_in_words(open: &[(&Milestone, Option<Period>)]) -> String {
    let all = all_quoted(open);
    let are = if all.len() == 1 { "is" } else { "are" };
    if all.is_empty() { String::new() } else { format!("; {} {are} open again", phrase(&all)) }
}

fn all_quoted(milestones: &[(&Milestone, Option<Period>)]) -> Vec<String> {
    let named = |(milestone, period): &(&Milestone, Option<Period>)| {
        quoted(&milestone.key, period.as_ref().map(Period::in_full))
    };
    milestones.iter().map(named).collect()
}

fn quoted(milestone: &str, period: Option<String>) -> String {
    of_period(&format!("`{milestone}`"), period)
}

fn of_period(milestone: &str, period: Option<String>) -> String {
    period.map_or_else(|| milestone.to_owned(), |period| format!("{milestone} of {period}"))
}

impl Sentence for MilestoneRefusal {
    fn sentence(&self) -> String {
        match self {
            MilestoneRefusal::Skipped { named, on } => format!("{} was skipped on {on}", words(named)),
            MilestoneRefusal::Done { named, since } => {
                format!("{} has been done since {since}", words(named))
            }
            MilestoneRefusal::SettledByFacts { named, by } => {
                format!("{} is settled by {}", words(named), all_proofs(by))
            }
            MilestoneRefusal::NotByHand { milestone, lacking, .. } => {
                let so_far = so_far(lacking).map_or_else(String::new, |so_far| format!(": {so_far}"));
                format!("`{milestone}` is completed by {}, not by hand{so_far}", settled_by(lacking))
            }
            MilestoneRefusal::NotForPartner { partner, milestone, applies } => {
                format!("`{milestone}` is not for {partner}: it is for {}", applies_in_words(applies))
            }
            MilestoneRefusal::ReportDue { milestone } => {
                format!("`{milestone}` is a report: it is due as the program says")
            }
            MilestoneRefusal::NotInStage { partner, milestone, stage, off } => {
                let milestone = format!("`{milestone}` is a milestone of {stage}");
                match off {
                    OffStage::NotYet => format!("{milestone}, which {partner} has not entered"),
                    OffStage::Skipped => format!("{milestone}, which {partner} skipped"),
                    OffStage::BackIn(now) => format!("{milestone}, and {partner} is back in {now}"),
                }
            }
            MilestoneRefusal::NotDueAnyMore { named, partner, stage, on } => {
                let what = words(named);
                format!("{what} was due in {stage}, which {partner} left on {on}: it is not due any more")
            }
            MilestoneRefusal::SelfService { partner, milestone } => {
                format!("{partner} serves itself: `{milestone}` is not due")
            }
            MilestoneRefusal::WasDeclined { partner, milestone } => {
                format!("{partner} was declined: `{milestone}` is not due")
            }
            MilestoneRefusal::OfLeaving { milestone, .. } => {
                format!("`{milestone}` is on the off-boarding list, and the partner has not left")
            }
            MilestoneRefusal::NoPeriod { milestone } => {
                format!("`{milestone}` does not recur and has no period")
            }
            MilestoneRefusal::OtherPeriod { milestone, every, period, .. } => {
                let every = every.word();
                format!("`{milestone}` recurs every {every}, and {} is not a {every}", period.in_full())
            }
            MilestoneRefusal::PeriodToCome { period, on, .. } => {
                format!("{} begins on {}, after {on}", period.in_full(), period.first)
            }
            MilestoneRefusal::PeriodBefore { partner, period, since, .. } => {
                format!("{} was over before {partner} joined, on {since}", period.in_full())
            }
        }
    }

    fn hints(&self) -> Vec<Hint> {
        let label = |period: &Option<Period>| period.as_ref().map(Period::with_days).unwrap_or_default();
        match self {
            MilestoneRefusal::Skipped { named, .. } | MilestoneRefusal::Done { named, .. } => {
                let (partner, milestone) = (named.partner.clone(), named.milestone.clone());
                let period = named.period.as_ref().map(Period::to_string);
                vec![Hint::step(Step::Reopen { partner, milestone, period }, "first")]
            }
            MilestoneRefusal::SettledByFacts { .. } => {
                vec![Hint::step(
                    Step::LogAll,
                    "lists the action that recorded it; `chanlife undo ACTION` takes it back",
                )]
            }
            MilestoneRefusal::NotByHand { lacking: Lacking::Fact(Need::Reported), step, .. } => {
                vec![Hint::step(step.clone(), format!("records it, {NOTHING_IS_ZERO}"))]
            }
            MilestoneRefusal::NotForPartner { .. } => Vec::new(),
            MilestoneRefusal::ReportDue { .. } => {
                vec!["due_days of [reporting] in the program says when reports are due".into()]
            }
            MilestoneRefusal::NotInStage { milestone, off, .. } => vec![not_in_stage(milestone, off)],
            MilestoneRefusal::NotDueAnyMore { named, .. } => {
                let (partner, milestone) = (named.partner.clone(), named.milestone.clone());
                let period = named.period.as_ref().map(Period::to_string);
                vec![Hint::step(
                    Step::Done { partner, milestone, period },
                    "records it if it is done all the same",
                )]
            }
            MilestoneRefusal::SelfService { .. } | MilestoneRefusal::WasDeclined { .. } => Vec::new(),
            MilestoneRefusal::NotByHand { key, milestone, period, step, .. } => {
                let (partner, milestone) = (key.clone(), milestone.clone());
                let named = period.as_ref().map(Period::to_string);
                let skip = Step::Skip { partner, milestone, period: named };
                if let (Step::Skip { .. }, Some(period)) = (step, period) {
                    let days = period.with_days();
                    let why = format!("skips it: {days} is over; the reason is recorded");
                    let late = format!("if it was done in {days}, record that with --on and its day");
                    return vec![Hint::step(skip, why), late.into()];
                }
                let skipping = Hint::step(skip, "skips it; the reason is recorded");
                vec![Hint::step(step.clone(), "records it"), skipping]
            }
            MilestoneRefusal::OfLeaving { key, .. } => {
                let leave = Step::Leave { partner: key.clone(), label: LeftAs::Terminated.word() };
                vec![Hint::step(leave, "first")]
            }
            MilestoneRefusal::NoPeriod { .. } => vec!["omit --period".into()],
            MilestoneRefusal::OtherPeriod { on, current, .. } => {
                vec![format!("for {on} use --period {}", label(current)).into()]
            }
            MilestoneRefusal::PeriodToCome { current, .. }
            | MilestoneRefusal::PeriodBefore { current, .. } => {
                vec![format!("the current period is {}", label(current)).into()]
            }
        }
    }
}

/// Returns the hint for a partner that is not in the stage of a milestone.
fn not_in_stage(milestone: &str, off: &OffStage) -> Hint {
    match off {
        OffStage::NotYet | OffStage::BackIn(_) => {
            "its days begin to count once the partner enters the stage".into()
        }
        OffStage::Skipped => {
            format!("`chanlife done PARTNER {milestone}` records it if it is done all the same").into()
        }
    }
}

fn words(named: &MilestoneNamed) -> String {
    let period =
        named.period.as_ref().map_or_else(String::new, |period| format!(" of {}", period.with_days()));
    format!("`{}`{period}", named.milestone)
}
