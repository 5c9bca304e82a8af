//! Commands on joint business plans: targets, both sides' agreement, actions and reviews.

use std::collections::BTreeMap;

use clap::{Args, Subcommand};
use clap_complete::engine::ArgValueCompleter;

use crate::app::context::Context;
use crate::app::exit::{Exit, missing};
use crate::commands::assess::answers::{record_answers, review_answers};
use crate::commands::completers::partner_keys;
use crate::commands::due::{move_of_task, take_of_task};
use crate::commands::named::{find_asked_period, find_period};
use crate::commands::options::{
    Bulk, DryRun, OnDay, OnePartner, TargetArgs, amount, name, number, one_line, one_word, prose,
};
use crate::commands::proposals::LoadedPartner;
use crate::commands::reading::{ViewOptions, WhereOption, partner_of};
use crate::commands::record::{Reason, record, record_for_reason};
use crate::lifecycle::base::day::Towards;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::base::period::{DayRange, Every, Period};
use crate::lifecycle::facts::{Facts, PartnerFacts};
use crate::lifecycle::partner::Partner;
use crate::lifecycle::plans;
use crate::lifecycle::plans::{BusinessPlan, GoalMeasure, PlanGoal, PlanTargets, Tasked};
use crate::lifecycle::rule::Decision;
use crate::report::plans::{list, needs, of_partner};
use crate::text::plans::{applies_until_agreed, gives_days, later_version_applies};

/// Joint business plans: targets by quarter, agreed by both sides, with actions and reviews
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chanlife plan set acme --period 2026 --target 400000
  chanlife plan set acme --period 2026 --quarters 80000,90000,110000,120000
  chanlife plan set acme --product \"Atlas Pro=50000\" --customers 12 --deals 20
  chanlife plan action acme \"Webinar\" --due 2026-05-01 --owner ana
  chanlife plan move acme 41 2026-06-01 --reason \"Holidays\"
  chanlife plan move acme 41 --owner ben   # now ben is to do it
  chanlife plan drop acme 41
  chanlife plan send acme --period 2026   # our side agrees; now theirs
  chanlife plan agree acme --period 2026 --by \"Jane Doe\"
  chanlife plan review acme --period 2026-Q1 --text \"behind, two deals slipped\"
  chanlife plan show acme
  chanlife plan list --where tier=gold")]
pub struct PlanArgs {
    #[command(subcommand)]
    verb: PlanVerb,
}

#[derive(Debug, Subcommand)]
enum PlanVerb {
    Set(Box<PlanSetArgs>),
    Send(PlanSendArgs),
    Agree(PlanAgreeArgs),
    Action(Box<PlanActionArgs>),
    Done(PlanDoneArgs),
    Move(PlanMoveArgs),
    Drop(PlanDropArgs),
    Review(PlanReviewArgs),
    Show(PlanShowArgs),
    List(PlanListArgs),
}

/// Draft the plan of a fiscal year, or change it
#[derive(Debug, Args)]
struct PlanSetArgs {
    #[command(flatten)]
    target: TargetArgs,
    /// Fiscal year, such as 2026, or the days of a plan [default: the current one]
    #[arg(long, value_name = "YEAR")]
    period: Option<String>,
    /// Revenue target of the year: of a first plan split evenly over the quarters that are left, of a later one over those
    /// left less what the others keep
    #[arg(
        long = "target",
        value_name = "AMOUNT",
        required_unless_present_any = ["quarters", "product", "customers", "deals"],
        conflicts_with = "quarters",
        allow_negative_numbers = true
    )]
    year_target: Option<String>,
    /// Revenue targets of the four quarters, whether they are over or not
    #[arg(long, value_name = "Q1,Q2,Q3,Q4", value_delimiter = ',')]
    quarters: Vec<String>,
    /// Revenue target of one product for the year, 0 for none; repeat it for more
    #[arg(long, value_name = "PRODUCT=AMOUNT")]
    product: Vec<String>,
    /// How many new customers the partner is to sell to in the year, 0 for no target
    #[arg(long, value_name = "NUMBER", value_parser = number)]
    customers: Option<i64>,
    /// How many new deals the partner is to sell for in the year, 0 for no target
    #[arg(long, value_name = "NUMBER", value_parser = number)]
    deals: Option<i64>,
    /// Record that both sides agreed; NAME signed for the partner
    #[arg(long, value_name = "NAME", value_parser = name)]
    agreed_by: Option<String>,
    #[command(flatten)]
    on: OnDay,
}

/// Record that a plan was sent to the partner for approval
#[derive(Debug, Args)]
struct PlanSendArgs {
    #[command(flatten)]
    target: TargetArgs,
    /// Fiscal year [default: the current one]
    #[arg(long, value_name = "YEAR")]
    period: Option<String>,
    #[command(flatten)]
    on: OnDay,
}

/// Record the partner's approval; the plan is then active
#[derive(Debug, Args)]
struct PlanAgreeArgs {
    #[command(flatten)]
    target: TargetArgs,
    /// Fiscal year [default: the current one]
    #[arg(long, value_name = "YEAR")]
    period: Option<String>,
    /// Who agreed on the partner's side
    #[arg(long, value_name = "NAME", value_parser = name)]
    by: Option<String>,
    #[command(flatten)]
    on: OnDay,
}

/// Add an action with a due date to a plan, or with --improve to an improvement plan
#[derive(Debug, Args)]
#[command(
    override_usage = "chanlife plan action PARTNER WHAT --due DATE\n       chanlife plan action --where CONDITION WHAT --due DATE",
    mut_arg("on", |on| on.help("The day it was agreed [default: today]"))
)]
struct PlanActionArgs {
    /// The partner and the action; with --where, only the action
    #[arg(value_name = "PARTNER WHAT", num_args = 1..=2, required = true, add = ArgValueCompleter::new(partner_keys))]
    words: Vec<String>,
    /// Due date; 3d and 2w count from today
    #[arg(long, value_name = "DATE")]
    due: String,
    /// Person responsible
    #[arg(long, value_name = "NAME", value_parser = name)]
    owner: Option<String>,
    /// Fiscal year of the plan [default: the current one]
    #[arg(long, value_name = "YEAR", conflicts_with = "improve")]
    period: Option<String>,
    /// Add it to the partner's improvement plan
    #[arg(long)]
    improve: bool,
    #[command(flatten)]
    on: OnDay,
    #[command(flatten)]
    bulk: Bulk,
}

/// An action of a plan of one partner
#[derive(Debug, Args)]
struct OneAction {
    #[command(flatten)]
    partner: OnePartner,
    /// Action number; `chanlife plan show PARTNER` lists them
    #[arg(allow_negative_numbers = true)]
    action: i64,
}

/// Mark an action as done
#[derive(Debug, Args)]
struct PlanDoneArgs {
    #[command(flatten)]
    of: OneAction,
    /// Outcome
    #[arg(long, value_parser = prose)]
    outcome: Option<String>,
    #[command(flatten)]
    on: OnDay,
    #[command(flatten)]
    dry_run: DryRun,
}

/// Move an action to another day, the first one is kept; or give it to somebody else
#[derive(Debug, Args)]
#[command(
    override_usage = "chanlife plan move PARTNER ACTION DATE --reason REASON\n       chanlife plan move PARTNER ACTION --owner NAME",
    mut_arg("on", |on| on.help("The day on which it was agreed [default: today]"))
)]
struct PlanMoveArgs {
    #[command(flatten)]
    of: OneAction,
    /// The new day; 3d and 2w count from today
    #[arg(value_name = "DATE", required_unless_present = "owner")]
    to: Option<String>,
    /// Who is to do it from now on
    #[arg(long, value_name = "NAME", value_parser = name)]
    owner: Option<String>,
    /// Why it is moved
    #[arg(long, value_parser = prose)]
    reason: Option<String>,
    #[command(flatten)]
    on: OnDay,
    #[command(flatten)]
    dry_run: DryRun,
}

/// Drop an action: it is not to be done any more
#[derive(Debug, Args)]
struct PlanDropArgs {
    #[command(flatten)]
    of: OneAction,
    /// Why it is dropped
    #[arg(long, value_parser = prose)]
    reason: Option<String>,
    #[command(flatten)]
    on: OnDay,
    #[command(flatten)]
    dry_run: DryRun,
}

/// Record a quarterly business review, with answers if the program has a review questionnaire
#[derive(Debug, Args)]
struct PlanReviewArgs {
    #[command(flatten)]
    target: TargetArgs,
    /// Quarter, such as 2026-Q3 [default: the last completed one]
    #[arg(long, value_name = "QUARTER")]
    period: Option<String>,
    /// Summary
    #[arg(long, value_parser = prose)]
    text: Option<String>,
    /// Answer to the review questionnaire; repeat it for more
    #[arg(long = "answer", value_name = "QUESTION=ANSWER")]
    answer: Vec<String>,
    #[command(flatten)]
    on: OnDay,
}

/// Show the plans of one partner: targets, revenue, actions and reviews
#[derive(Debug, Args)]
struct PlanShowArgs {
    #[command(flatten)]
    partner: OnePartner,
    #[command(flatten)]
    view: ViewOptions,
}

/// List the plans of a fiscal year
#[derive(Debug, Args)]
struct PlanListArgs {
    #[command(flatten)]
    filter: WhereOption,
    /// Fiscal year [default: the one of the --as-of date]
    #[arg(long, value_name = "YEAR")]
    period: Option<String>,
    #[command(flatten)]
    view: ViewOptions,
}

impl PlanArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        match self.verb {
            PlanVerb::Set(verb) => verb.run(context),
            PlanVerb::Send(verb) => verb.run(context),
            PlanVerb::Agree(verb) => verb.run(context),
            PlanVerb::Action(verb) => verb.run(context),
            PlanVerb::Done(verb) => verb.run(context),
            PlanVerb::Move(verb) => verb.run(context),
            PlanVerb::Drop(verb) => verb.run(context),
            PlanVerb::Review(verb) => verb.run(context),
            PlanVerb::Show(verb) => verb.run(context),
            PlanVerb::List(verb) => verb.run(context),
        }
    }
}

impl PlanSetArgs {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let order = self.target.order(self.on.day(context)?);
        record(context, &order, |in_force, proposals| {
            let program = &in_force.program;
            let (targets, goals) = (self.targets(program.currency)?, self.goals(program.currency)?);
            proposals.each(|loaded| {
                let year = named_year(loaded.facts(), self.period.as_deref())?;
                let decision = plans::plan(loaded.facts(), &year, targets, &goals)?;
                let is_new = matches!(decision, Decision::Record(_));
                let before = counting(loaded);
                loaded.take(decision)?;
                self.agree(loaded, &year, is_new)?;
                note_what_counts(loaded, &before, &year);
                Ok(())
            })
        })
    }

    /// Agrees to the plan if that is wanted, and says which version counts if it is not this one.
    fn agree(&self, loaded: &mut LoadedPartner, year: &Period, is_new: bool) -> anyhow::Result<()> {
        let plan = |partner: &Partner| partner.plan(year.days()).and_then(BusinessPlan::active).cloned();
        if let Some(by) = self.agreed_by.as_deref() {
            let newest = loaded.facts().partner.plan(year.days()).and_then(BusinessPlan::newest);
            if is_new || newest.is_some_and(|newest| newest.agreed.is_none()) {
                loaded.take(plans::send_plan(loaded.facts(), year)?)?;
                loaded.take(plans::agree_plan(loaded.facts(), year, Some(by))?)?;
            }
        } else if let Some(active) = plan(loaded.facts().partner).filter(|_| is_new) {
            loaded.add_note(applies_until_agreed(loaded.facts().partner.name(), &active));
        }
        let (day, program) = (loaded.facts().day, loaded.facts().program);
        if let Some(later) = plan(loaded.latest()).filter(|later| later.day > day) {
            loaded.add_note(later_version_applies(program, year, &later));
        }
        Ok(())
    }

    /// Returns the target of the year or of its four quarters.
    fn targets(&self, currency: Currency) -> Result<PlanTargets, Error> {
        if let Some(target) = &self.year_target {
            return Ok(PlanTargets::Year(amount(currency, "--target", target)?));
        }
        if self.quarters.is_empty() {
            return Ok(PlanTargets::Kept);
        }
        let [q1, q2, q3, q4] = &self.quarters[..] else {
            let why = format!("--quarters: {} amounts given, expected 4", self.quarters.len());
            return Err(Error::usage(why).hint("write --quarters 80000,90000,110000,120000"));
        };
        let quarter = |typed: &str| amount(currency, "--quarters", typed.trim());
        Ok(PlanTargets::Quarters([quarter(q1)?, quarter(q2)?, quarter(q3)?, quarter(q4)?]))
    }
}

impl PlanSetArgs {
    /// Returns the targets beside revenue.
    fn goals(&self, currency: Currency) -> Result<Vec<PlanGoal>, Error> {
        let of = |of: GoalMeasure, target: Option<i64>| target.map(|target| PlanGoal { of, target });
        let mut goals: Vec<PlanGoal> = of(GoalMeasure::Customers, self.customers)
            .into_iter()
            .chain(of(GoalMeasure::Deals, self.deals))
            .collect();
        for typed in &self.product {
            let named = typed.rsplit_once('=').map(|(product, target)| (product.trim(), target.trim()));
            let Some((product, target)) = named.filter(|(product, _)| !product.is_empty()) else {
                return Err(Error::usage(format!("--product: `{typed}` is not PRODUCT=AMOUNT"))
                    .hint("write --product \"Atlas Pro=50000\""));
            };
            let of = GoalMeasure::Product(product.to_owned());
            if goals.iter().any(|goal| goal.of == of) {
                return Err(Error::usage(format!("--product: `{product}` has two targets")));
            }
            goals.push(PlanGoal { of, target: amount(currency, "--product", target)? });
        }
        Ok(goals)
    }
}

impl PlanSendArgs {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let order = self.target.order(self.on.day(context)?);
        record(context, &order, |_, proposals| {
            proposals.each(|loaded| {
                let year = year_of_plan(loaded.facts(), self.period.as_deref())?;
                loaded.take(plans::send_plan(loaded.facts(), &year)?)
            })
        })
    }
}

impl PlanAgreeArgs {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let order = self.target.order(self.on.day(context)?);
        record(context, &order, |_, proposals| {
            proposals.each(|loaded| {
                let year = year_of_plan(loaded.facts(), self.period.as_deref())?;
                let before = counting(loaded);
                loaded.take(plans::agree_plan(loaded.facts(), &year, self.by.as_deref())?)?;
                note_what_counts(loaded, &before, &year);
                Ok(())
            })
        })
    }
}

/// Returns what of each agreed plan counts, in minor units, by the days of its year.
fn counting(loaded: &LoadedPartner) -> BTreeMap<DayRange, i128> {
    let facts = PartnerFacts { partner: loaded.latest(), ..loaded.facts() };
    let planned = facts.planned(facts.day);
    let agreed = facts.partner.plans.iter().filter(|plan| plan.active().is_some());
    agreed.map(|plan| (plan.days, planned.of_plan(plan.days, plan.days))).collect()
}

/// Says what a plan that was agreed takes from others, whose days it has; `before` is what counted.
fn note_what_counts(loaded: &mut LoadedPartner, before: &BTreeMap<DayRange, i128>, year: &Period) {
    let (after, currency) = (counting(loaded), loaded.facts().program.currency);
    for (days, minor) in before.iter().filter(|(days, _)| **days != year.days()) {
        let now = after.get(days).copied().unwrap_or(0);
        if now < *minor {
            let [before, now] = [*minor, now].map(|minor| currency.amount(minor));
            loaded.add_note(gives_days(*days, &before, &now));
        }
    }
}

impl PlanActionArgs {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let day = self.on.day(context)?;
        let due = context.day("--due", &self.due, Towards::Future)?;
        let (whom, words) = self.bulk.whom(&self.words);
        let what = one_word(words, || missing("the action item", ""))?;
        let what = one_line(what).map_err(|why| Error::usage(format!("WHAT: {why}")))?;
        record(context, &self.bulk.order(whom, day), |_, proposals| {
            proposals.each(|loaded| {
                let year = (!self.improve).then(|| year_of_plan(loaded.facts(), self.period.as_deref()));
                let plan = year.transpose()?;
                let plan_days = plan.as_ref().map(Period::days);
                let (what, owner) = (what.clone(), self.owner.clone());
                let plan = plan.map(|year| year.to_string());
                let action = Tasked { what, owner, due, plan, plan_days, follow_up: false };
                loaded.take(plans::task(loaded.facts(), loaded.latest(), action)?)
            })
        })
    }
}

impl PlanDoneArgs {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let OneAction { partner, action } = self.of;
        let order = self.dry_run.order(&partner.partner, self.on.day(context)?);
        record(context, &order, |_, proposals| {
            let outcome = self.outcome.as_deref();
            proposals
                .each(|loaded| take_of_task(loaded, action, |facts| plans::finish(facts, action, outcome)))
        })
    }
}

impl PlanMoveArgs {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let OneAction { partner, action } = self.of;
        let day = self.on.day(context)?;
        let to = self.to.as_deref().map(|to| context.day("the day", to, Towards::Future)).transpose()?;
        let order = self.dry_run.order(&partner.partner, day);
        let number = action;
        let give = |loaded: &mut LoadedPartner| match self.owner.as_deref() {
            None => Ok(()),
            Some(owner) => {
                let reason = self.reason.as_deref().filter(|_| to.is_none());
                take_of_task(loaded, number, |facts| plans::give_action(facts, number, owner, reason))
            }
        };
        let Some(to) = to else {
            return record(context, &order, |_, proposals| proposals.each(give));
        };
        let reason = Reason { given: self.reason.as_deref(), question: "Reason why it is moved" };
        record_for_reason(context, &order, reason, |_, proposals, reason| {
            proposals.each(|loaded| {
                move_of_task(loaded, (number, to), |facts| plans::move_action(facts, number, to, reason))?;
                give(loaded)
            })
        })
    }
}

impl PlanDropArgs {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let OneAction { partner, action } = self.of;
        let order = self.dry_run.order(&partner.partner, self.on.day(context)?);
        record(context, &order, |_, proposals| {
            let reason = self.reason.as_deref();
            proposals.each(|loaded| {
                take_of_task(loaded, action, |facts| plans::drop_action(facts, action, reason))
            })
        })
    }
}

impl PlanReviewArgs {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let order = self.target.order(self.on.day(context)?);
        record(context, &order, |in_force, proposals| {
            let calendar = in_force.program.calendar;
            // A review looks back: on the quarter that is over.
            let this = calendar.containing(order.day, Every::Quarter);
            let before = this.map_or(order.day, |this| this.first.plus(-1));
            let quarter =
                find_asked_period(&in_force.program, self.period.as_deref(), Every::Quarter, before)?;
            let answers = review_answers(&in_force.program, &self.answer)?;
            proposals.each(|loaded| {
                loaded.take(plans::review(loaded.facts(), &quarter, self.text.as_deref())?)?;
                if !self.answer.is_empty() {
                    record_answers(loaded, in_force, &answers)?;
                }
                Ok(())
            })
        })
    }
}

/// Returns the fiscal year that --period names, the current one if it is not given, or the days of a plan of the partner:
/// a plan keeps its days if fiscal years get others.
///
/// # Errors
/// It is neither.
fn named_year(facts: PartnerFacts, typed: Option<&str>) -> Result<Period, Error> {
    let calendar = facts.program.calendar;
    let days = typed.and_then(|typed| calendar.parse(typed).ok());
    match days.filter(|days| facts.partner.plan(days.days()).is_some()) {
        Some(days) => Ok(days),
        None => find_asked_period(facts.program, typed, Every::Year, facts.day),
    }
}

/// Returns the year of the plan that is meant: that of [`named_year`], or if none is named and the partner has no plan for the
/// fiscal year, that of its only plan for the day.
///
/// # Errors
/// Those of [`named_year`].
fn year_of_plan(facts: PartnerFacts, typed: Option<&str>) -> Result<Period, Error> {
    let year = named_year(facts, typed)?;
    Ok(if typed.is_some() { year } else { plans::year_meant(facts, year) })
}

impl PlanShowArgs {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let report = self.view.read(context, &[], |view, frame| {
            let partner = partner_of(view, &self.partner.partner)?;
            Ok(of_partner(&view.in_force.program, &partner, frame))
        })?;
        context.show(&report)?;
        Ok(Exit::Done)
    }
}

impl PlanListArgs {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let report = self.view.read(context, &self.filter.conditions, |view, frame| {
            let calendar = view.in_force.program.calendar;
            let year = find_period(calendar, self.period.as_deref(), Every::Year, view.as_of)?;
            frame.segment.read(view, needs(), |channel| Ok(list(channel, frame, &year)))
        })?;
        context.show(&report)?;
        Ok(Exit::Done)
    }
}
