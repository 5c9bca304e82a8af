//! Joint business plans, reviews and actions.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::{Hint, Step};
use crate::lifecycle::base::money::Amount;
use crate::lifecycle::base::moved::DueMove;
use crate::lifecycle::base::period::{DayRange, Period};
use crate::lifecycle::base::text::listed;
use crate::lifecycle::facts::PartnerFacts;
use crate::lifecycle::plans::{
    Agreed, Finished, GoalMeasure, NoReviewQuestionnaire, PlanAlready, PlanGoal, PlanMisfit, PlanRefusal,
    PlanState, PlanVersion, Planned, Reviewed, Sent, Task, TaskDropped, TaskGiven, TaskMoved, TaskNumber,
    Tasked, counts_once_agreed, quarters_of, year_of,
};
use crate::lifecycle::program::Program;
use crate::text::events::{Described, ReceiptContext, with};
use crate::text::periods::{days_in_words, of_period};

impl Sentence for PlanRefusal {
    fn sentence(&self) -> String {
        match self {
            PlanRefusal::NegativeTarget { .. } => "a target cannot be negative".to_owned(),
            PlanRefusal::BelowKept { target, kept, until } => {
                format!(
                    "the target of the year is {target}, and its quarters up to {} keep {kept}",
                    until.in_full()
                )
            }
            PlanRefusal::NotSent { partner, year, .. } => {
                format!("the {} of {partner} is still a draft", of_period(year, "plan"))
            }
            PlanRefusal::NoPlan { partner, year, .. } => {
                format!("{partner} has no {}", of_period(year, "plan"))
            }
            PlanRefusal::NoImprovementPlan { partner, .. } => {
                format!("{partner} is not on the watch list, so it has no improvement plan")
            }
            PlanRefusal::QuarterToCome { quarter, on } => {
                format!("{} begins on {}, after {on}", quarter.in_full(), quarter.first)
            }
            PlanRefusal::QuarterBefore { partner, quarter, since, .. } => {
                format!("{} was over before {partner} joined, on {since}", quarter.in_full())
            }
            PlanRefusal::NoAction { partner, action, .. } => format!("{partner} has no action item {action}"),
            PlanRefusal::Dropped { what, on, .. } => format!("`{what}` was dropped on {on}"),
            PlanRefusal::OtherOutcome { what, on, outcome: None } => {
                format!("`{what}` was completed on {on} without an outcome")
            }
            PlanRefusal::OtherOutcome { what, on, outcome: Some(outcome) } => {
                format!("`{what}` was completed on {on} with another outcome: {outcome}")
            }
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            PlanRefusal::NegativeTarget { .. } => {
                vec!["use 0 for a quarter without a target".into()]
            }
            PlanRefusal::BelowKept { kept, .. } => vec![
                format!("quarters that are over keep what was agreed; type a target of the whole year, {kept} or more").into(),
                "--quarters Q1,Q2,Q3,Q4 sets all quarters, those that are over too".into(),
            ],
            PlanRefusal::NotSent { key, year, .. } => {
                let send = Step::SendPlan { partner: key.clone(), year: year.to_string() };
                vec![Hint::step(send, "records that you sent it to the partner")]
            }
            PlanRefusal::NoPlan { key, year, others, .. } => {
                let set = Step::SetPlan { partner: key.clone(), year: year.to_string() };
                let named =
                    |other: &Period| format!("--period {other} names the {}", of_period(other, "plan")).into();
                others.iter().map(named).chain([Hint::step(set, "drafts one")]).collect()
            }
            PlanRefusal::NoImprovementPlan { key, .. } => vec![
                Hint::step(Step::Watch { partner: key.clone() }, "puts it on the watch list"),
                "--period YEAR names the business plan that the action item belongs to".into(),
            ],
            PlanRefusal::QuarterToCome { .. } => {
                vec!["review a quarter that has begun; --on DATE is the day of the review".into()]
            }
            PlanRefusal::QuarterBefore { key, first, .. } => {
                let review =
                    |first: &Period| Step::ReviewPlan { partner: key.clone(), quarter: first.to_string() };
                let hint = |first: &Period| Hint::step(review(first), "reviews its first quarter");
                first.iter().map(hint).collect()
            }
            PlanRefusal::Dropped { .. } => vec![undoing("dropped it")],
            PlanRefusal::OtherOutcome { .. } => vec![undoing("completed it")],
            PlanRefusal::NoAction { open, .. } if open.is_empty() => {
                vec!["it has no open action items".into()]
            }
            PlanRefusal::NoAction { open, .. } => {
                let open: Vec<String> =
                    open.iter().map(|(number, what)| format!("{number} ({what})")).collect();
                vec![format!("open action items: {}", open.join(", ")).into()]
            }
        }
    }
}

impl Sentence for PlanAlready {
    fn sentence(&self) -> String {
        match self {
            PlanAlready::Drafted { partner, year, sum } => {
                format!("The {} of {partner} already has targets of {sum}", of_period(year, "plan"))
            }
            PlanAlready::InState { partner, year, state } => {
                format!("The {} of {partner} is already {}", of_period(year, "plan"), state.words())
            }
            PlanAlready::Reviewed { partner, quarter, on } => {
                let review = of_period(quarter, "business review");
                format!("The {review} of {partner} is already recorded, on {on}")
            }
            PlanAlready::Planned { what, due } => {
                format!("`{what}` due {due} is already an open action item")
            }
            PlanAlready::Completed { what, since } => format!("`{what}` was already completed on {since}"),
        }
    }
}

impl PlanState {
    /// Returns the state in words for people.
    pub(crate) fn words(self) -> &'static str {
        match self {
            PlanState::Editing => "draft",
            PlanState::Waiting => "awaiting partner approval",
            PlanState::Active => "active",
        }
    }
}

impl Sentence for NoReviewQuestionnaire {
    fn sentence(&self) -> String {
        format!("unknown questionnaire `{}`", self.key)
    }

    fn hints(&self) -> Vec<Hint> {
        let remedy = match &self.questionnaires[..] {
            [] => "add a [[questionnaire]] with this key".to_owned(),
            known => format!("use one of {}", listed(known)),
        };
        vec![remedy.into()]
    }
}

impl Sentence for PlanMisfit {
    fn sentence(&self) -> String {
        match self {
            PlanMisfit::NoPlan { year } => {
                format!("belongs to a {} that does not exist", of_period(year, "plan"))
            }
            PlanMisfit::NotEdited { year } => {
                format!("sends the {}, which is not a draft", of_period(year, "plan"))
            }
            PlanMisfit::NotWaiting { year } => {
                format!("approves the {}, which does not await approval", of_period(year, "plan"))
            }
            PlanMisfit::NoTask(task) => {
                format!("changes {}, which does not exist on that day", numbered(*task))
            }
            PlanMisfit::DoneTwice(task) => format!("changes {}, which is done", numbered(*task)),
            PlanMisfit::Dropped(task) => format!("changes {}, which was dropped", numbered(*task)),
        }
    }
}

/// Names an action item or a follow-up by its number: "follow-up 7".
fn numbered(task: TaskNumber) -> String {
    format!("{} {}", noun(task.follow_up), task.number)
}

/// Returns the hint at how something is taken back; `what` is what the action did.
pub(super) fn undoing(what: &str) -> Hint {
    Hint::step(Step::LogAll, format!("lists the action that {what}; `chanlife undo ACTION` takes it back"))
}

/// Returns the plan that an event names, with its days if it keeps them and the name alone does not say them.
fn plan_of(program: &Program, name: &str, days: Option<DayRange>) -> String {
    let plan = days.map(|days| of_period(&program.calendar.named(days), "plan"));
    plan.unwrap_or_else(|| format!("{name} plan"))
}

impl Described for Planned {
    fn described(&self, program: &Program) -> String {
        let sum: i128 = self.targets_minor.iter().map(|target| i128::from(*target)).sum();
        let plan = of_period(&program.calendar.named(year_of(self.starts)), "plan");
        format!("{plan} drafted: {}{}", program.currency.amount(sum), goals_in_words(program, &self.goals))
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        let sum: i128 = self.targets_minor.iter().map(|target| i128::from(*target)).sum();
        let sum = about.program.currency.amount(sum);
        let year = about.program.calendar.named(year_of(self.starts));
        let plan = of_period(&year, "plan");
        let (reach, goals) = (self.reach_in_words(about, &year), goals_in_words(about.program, &self.goals));
        format!("Drafted the {plan} of {}: {sum}{goals}{reach}", about.partner)
    }
}

/// Says which targets a plan has beside revenue, each after a comma: ", Atlas Pro 50000.00 EUR, 12 new customers".
fn goals_in_words(program: &Program, goals: &[PlanGoal]) -> String {
    let said = goals.iter().map(|goal| match &goal.of {
        GoalMeasure::Product(product) => {
            format!(", {product} {}", program.currency.amount(i128::from(goal.target)))
        }
        GoalMeasure::Customers => format!(", {} new customers", goal.target),
        GoalMeasure::Deals => format!(", {} new deals", goal.target),
    });
    said.collect()
}

/// Says what a target of a plan beside revenue is of.
pub(crate) fn measure_in_words(of: &GoalMeasure) -> String {
    match of {
        GoalMeasure::Product(product) => format!("revenue of {product}"),
        GoalMeasure::Customers => "new customers".to_owned(),
        GoalMeasure::Deals => "new deals".to_owned(),
    }
}

impl Planned {
    /// Says from when it counts if the year has begun, what earlier quarters keep, and whether the year is over.
    fn reach_in_words(&self, about: &ReceiptContext, year: &Period) -> String {
        let since = about.before.map(|partner| partner.since);
        if let Some(since) = since.filter(|since| *since > year.last) {
            let (partner, last) = (about.partner, year.last);
            return format!(
                "; {partner} joined on {since}, after its end on {last}, so nothing of it counts"
            );
        }
        if about.day > year.last {
            return format!("; the year was over on {}", year.last);
        }
        if about.day <= year.first {
            return String::new();
        }
        let Some(from) = self.from else {
            return format!("; all four quarters count, though the year began on {}", year.first);
        };
        let quarters = quarters_of(self.starts);
        let current = quarters.iter().rposition(|quarter| quarter.first <= from).unwrap_or(0);
        let named = |at: usize| about.program.calendar.named(quarters[at]).in_full();
        let kept: i128 = self.targets_minor[..current].iter().map(|one| i128::from(*one)).sum();
        let since = if from > quarters[current].first {
            format!("{from}, in {}", named(current))
        } else {
            named(current)
        };
        let earlier = match current {
            0 => return format!("; it counts from {since}"),
            1 => named(0),
            _ if year.is_fiscal() => {
                days_in_words(DayRange { first: year.first, last: quarters[current - 1].last })
            }
            _ => format!("{} to {}", named(0), named(current - 1)),
        };
        let keep = match (current, kept) {
            (1, 0) => "has no target".to_owned(),
            (_, 0) if year.is_fiscal() => "has no target".to_owned(),
            (_, 0) => "have no target".to_owned(),
            (1, kept) => format!("keeps {}", about.program.currency.amount(kept)),
            (_, kept) if year.is_fiscal() => format!("keeps {}", about.program.currency.amount(kept)),
            (_, kept) => format!("keep {}", about.program.currency.amount(kept)),
        };
        format!("; it counts from {since}: {earlier} {keep} (--quarters sets all four)")
    }
}

/// Says which version of a plan counts until the partner agrees to a new one.
pub(crate) fn applies_until_agreed(partner: &str, active: &PlanVersion) -> String {
    let agreed = active.agreed.unwrap_or(active.day);
    format!("The plan agreed on {agreed} applies until {partner} approves this one")
}

/// Says that a plan for other days counts less, since a plan that was agreed later has some of them.
pub(crate) fn gives_days(days: DayRange, before: &Amount, now: &Amount) -> String {
    let days = days_in_words(days);
    format!("Of the plan for {days} {now} counts now, not {before}: a day counts in the plan agreed last")
}

/// Says that nothing counts of a version of a plan that was agreed.
fn no_day_counts(key: &str) -> String {
    format!(
        "no day of it counts: the days are in other plans or versions, or the partner was not there; `chanlife plan show {key}` lists what counts"
    )
}

/// Says that another day of a plan leaves its targets by quarter, and how they follow it.
pub(crate) fn targets_stay(key: &str, year: &Period, on: Day) -> String {
    format!(
        "Its targets by quarter stay as drafted; `chanlife plan set {key} --period {year} --target AMOUNT --on {on}` \
         spreads a target over the quarters left on that day"
    )
}

/// Says that a version that was drafted later counts all the same.
pub(crate) fn later_version_applies(program: &Program, year: &Period, later: &PlanVersion) -> String {
    let (from, sum) = (later.from.unwrap_or(year.first), program.currency.amount(later.year_minor()));
    format!("From {from} the version drafted on {} counts: {sum}", later.day)
}

impl Described for Sent {
    fn described(&self, program: &Program) -> String {
        format!("{} sent to the partner", plan_of(program, &self.period, self.days))
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        let plan = plan_of(about.program, &self.period, self.days);
        format!("Recorded the {plan} as sent to {} for approval", about.partner)
    }
}

impl Described for Agreed {
    fn described(&self, program: &Program) -> String {
        let by = self.by.as_ref().map_or_else(String::new, |by| format!(" by {by}"));
        format!("{} approved{by}", plan_of(program, &self.period, self.days))
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        let plan = plan_of(about.program, &self.period, self.days);
        if let (Some(then), Some(partner), Some(days)) = (about.before, about.latest, self.days) {
            let latest = PartnerFacts { program: about.program, partner, day: about.day };
            if !counts_once_agreed(latest, then, days, about.day) {
                return format!("{} approved the {plan}; {}", about.partner, no_day_counts(&then.key));
            }
        }
        format!("{} approved the {plan}, which is now active", about.partner)
    }
}

impl Described for Reviewed {
    fn described(&self, program: &Program) -> String {
        let days = self.days.map(|days| of_period(&program.calendar.named(days), "business review"));
        let review = days.unwrap_or_else(|| format!("{} business review", self.period));
        with(format!("{review} held"), self.text.as_deref())
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        let days = self.days.map(|days| of_period(&about.program.calendar.named(days), "business review"));
        let review = days.unwrap_or_else(|| format!("{} business review", self.period));
        format!("Recorded the {review} of {}", about.partner)
    }
}

impl Described for Tasked {
    fn described(&self, _: &Program) -> String {
        let owner = self.owner.as_ref().map_or_else(String::new, |owner| format!(", owner {owner}"));
        format!("{} due {}: {}{owner}", noun(self.follow_up), self.due, self.what)
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        let plan = self.plan.as_ref().map(|year| plan_of(about.program, year, self.plan_days));
        let plan = plan.unwrap_or_else(|| "improvement plan".to_owned());
        let owner = self.owner.as_ref().map_or_else(String::new, |owner| format!(", owner {owner}"));
        // For how long is said of today, by the next step.
        let late = if self.due < about.day { ", overdue" } else { "" };
        let (partner, number) = (about.partner, about.number);
        let added = if self.follow_up {
            format!("Added follow-up {number} for {partner}")
        } else {
            format!("Added action item {number} to the {plan} of {partner}")
        };
        format!("{added}: `{}` due {}{late}{owner}", self.what, self.due)
    }
}

impl Described for Finished {
    fn described(&self, _: &Program) -> String {
        with(format!("{} {} done", noun(self.follow_up), self.task), self.outcome.as_deref())
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        format!("Completed {}", named(self.task, self.follow_up, about))
    }
}

impl Described for TaskMoved {
    fn described(&self, _: &Program) -> String {
        let from = self.from.map_or_else(String::new, |from| format!(" from {from}"));
        let what = noun(self.follow_up);
        with(format!("{what} {} moved{from} to {}", self.task, self.to), Some(&self.reason))
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        let task = task_before(self.task, about);
        let from = self.from.or(task.map(|task| task.due));
        let from = from.map_or_else(String::new, |from| format!(" from {from}"));
        let times = task.map_or(1, |task| task.moves.len() + 1);
        let again =
            if times > 1 { format!("; moved {} so far", counted_times(times)) } else { String::new() };
        format!("Moved {}{from} to {}{again}", named(self.task, self.follow_up, about), self.to)
    }
}

impl Described for TaskGiven {
    fn described(&self, _: &Program) -> String {
        let before = self.from.as_ref().map_or_else(String::new, |from| format!(", before {from}"));
        let given = format!("{} {} assigned to {}{before}", noun(self.follow_up), self.task, self.to);
        with(given, self.reason.as_deref())
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        let before = self.from.as_ref().map_or_else(String::new, |from| format!(", before {from}"));
        format!("Assigned {} to {}{before}", named(self.task, self.follow_up, about), self.to)
    }
}

impl Described for TaskDropped {
    fn described(&self, _: &Program) -> String {
        with(format!("{} {} dropped", noun(self.follow_up), self.task), self.reason.as_deref())
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        format!("Dropped {}", named(self.task, self.follow_up, about))
    }
}

fn task_before<'a>(number: i64, about: &ReceiptContext<'a>) -> Option<&'a Task> {
    about.before?.tasks.iter().find(|one| one.event == number)
}

/// Names an action item or a follow-up: "action item 7 of Acme: `call`".
fn named(number: i64, is_follow_up: bool, about: &ReceiptContext) -> String {
    let task = task_before(number, about);
    let noun = noun(is_follow_up);
    let what = task.map_or_else(String::new, |task| format!(": `{}`", task.what));
    format!("{noun} {number} of {}{what}", about.partner)
}

/// Returns what it is called; an action of a plan is an item, since the log has actions too.
pub(super) fn noun(is_follow_up: bool) -> &'static str {
    if is_follow_up { "follow-up" } else { "action item" }
}

/// Says how often something happened: "once", "twice", "3 times".
pub(crate) fn counted_times(count: usize) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        _ => format!("{count} times"),
    }
}

/// Says how a due day was moved: "twice, from 2026-11-11"; nothing if it was not.
pub(crate) fn moved_in_words(moves: &[DueMove]) -> Option<String> {
    let first = moves.first()?;
    let from = first.from.map_or_else(String::new, |from| format!(", from {from}"));
    Some(format!("{}{from}", counted_times(moves.len())))
}

/// Says when it was moved to which day, and why: "2026-12-20: budget only in January".
pub(crate) fn moves_in_words(moves: &[DueMove]) -> Vec<String> {
    moves.iter().map(|one| with(one.to.to_string(), one.reason.as_deref())).collect()
}
