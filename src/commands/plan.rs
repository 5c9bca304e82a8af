//! Commands on joint business plans: targets, both sides' agreement, actions and reviews.

use clap::{Args, Subcommand};
use clap_complete::engine::ArgValueCompleter;

use crate::app::context::Context;
use crate::app::exit::{Exit, missing};
use crate::commands::assess::answers::{record_answers, review_answers};
use crate::commands::completers::partner_keys;
use crate::commands::named::find_period;
use crate::commands::options::{Bulk, DryRun, OnDay, OnePartner, Target, amount, name, one_word, prose};
use crate::commands::reading::{ViewOptions, WhereOption, partner_of};
use crate::commands::record::record;
use crate::lifecycle::base::day::Towards;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::base::period::Every;
use crate::lifecycle::plans;
use crate::lifecycle::plans::{Tasked, split};
use crate::report::channel::{Channel, Needs};
use crate::report::plans as plan_list;

/// Joint business plans: targets by quarter, agreed by both sides, with actions and reviews
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chanlife plan set acme --period 2026 --target 400000
  chanlife plan set acme --period 2026 --quarters 80000,90000,110000,120000
  chanlife plan action acme \"Webinar for manufacturers\" --due 2026-05-01 --owner ana
  chanlife plan send acme --period 2026        we agree, the partner has it
  chanlife plan agree acme --period 2026 --by \"Jane Doe\"
  chanlife plan review acme --period 2026-Q1 --text \"behind, two deals slipped\"
  chanlife plan show acme
  chanlife plan list --where tier=gold")]
pub struct Plan {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Set(Box<Set>),
    Send(Send),
    Agree(Agree),
    Action(Box<Action>),
    Done(Done),
    Review(Review),
    Show(Show),
    List(List),
}

/// Draw up the plan of a fiscal year, or change it
#[derive(Debug, Args)]
struct Set {
    #[command(flatten)]
    target: Target,
    /// The fiscal year, such as 2026; without it, the current one
    #[arg(long, value_name = "YEAR")]
    period: Option<String>,
    /// The revenue wanted in the year; a quarter of it in each quarter
    #[arg(
        long = "target",
        value_name = "AMOUNT",
        required_unless_present = "quarters",
        conflicts_with = "quarters",
        allow_negative_numbers = true
    )]
    year_target: Option<String>,
    /// The revenue wanted in each of the four quarters
    #[arg(long, value_name = "Q1,Q2,Q3,Q4", value_delimiter = ',')]
    quarters: Vec<String>,
    /// Record too that both sides agreed, and who agreed for the partner
    #[arg(long, value_name = "NAME", value_parser = name)]
    agreed_by: Option<String>,
    #[command(flatten)]
    on: OnDay,
}

/// Record that we agree to a plan and the partner has it
#[derive(Debug, Args)]
struct Send {
    #[command(flatten)]
    target: Target,
    /// The fiscal year; without it, the current one
    #[arg(long, value_name = "YEAR")]
    period: Option<String>,
    #[command(flatten)]
    on: OnDay,
}

/// Record that the partner agreed to a plan, which then counts
#[derive(Debug, Args)]
struct Agree {
    #[command(flatten)]
    target: Target,
    /// The fiscal year; without it, the current one
    #[arg(long, value_name = "YEAR")]
    period: Option<String>,
    /// Who agreed for the partner
    #[arg(long, value_name = "NAME", value_parser = name)]
    by: Option<String>,
    #[command(flatten)]
    on: OnDay,
}

/// Add something to be done by a day, for a plan, or with --improve for an improvement plan
#[derive(Debug, Args)]
#[command(
    override_usage = "chanlife plan action PARTNER WHAT --due DATE\n       chanlife plan action --where CONDITION WHAT --due DATE",
    mut_arg("on", |on| on.help("The day it was agreed"))
)]
struct Action {
    /// The partner and what is to be done; with --where, only what is to be done
    #[arg(value_name = "PARTNER WHAT", num_args = 1..=2, required = true, add = ArgValueCompleter::new(partner_keys))]
    words: Vec<String>,
    /// By when; 3d and 2w count from today on
    #[arg(long, value_name = "DATE")]
    due: String,
    /// Who does it
    #[arg(long, value_name = "NAME", value_parser = name)]
    owner: Option<String>,
    /// The fiscal year of the plan; without it, the current one
    #[arg(long, value_name = "YEAR", conflicts_with = "improve")]
    period: Option<String>,
    /// It belongs to the improvement plan of a partner that does not perform
    #[arg(long)]
    improve: bool,
    #[command(flatten)]
    on: OnDay,
    #[command(flatten)]
    bulk: Bulk,
}

/// Record that an action is done
#[derive(Debug, Args)]
struct Done {
    #[command(flatten)]
    partner: OnePartner,
    /// The number of the action; `chanlife plan show PARTNER` lists them
    #[arg(allow_negative_numbers = true)]
    action: i64,
    /// What came of it
    #[arg(long, value_parser = prose)]
    outcome: Option<String>,
    #[command(flatten)]
    on: OnDay,
    #[command(flatten)]
    dry_run: DryRun,
}

/// Record a business review of a quarter; with a questionnaire, where the program has one for it
#[derive(Debug, Args)]
struct Review {
    #[command(flatten)]
    target: Target,
    /// The quarter, such as 2026-Q3; without it, the one before the current one
    #[arg(long, value_name = "QUARTER")]
    period: Option<String>,
    /// What was found
    #[arg(long, value_parser = prose)]
    text: Option<String>,
    /// An answer to the questionnaire of reviews; repeat it for more
    #[arg(long = "answer", value_name = "QUESTION=ANSWER")]
    answer: Vec<String>,
    #[command(flatten)]
    on: OnDay,
}

/// Show the plans of one partner: targets, what came of them, actions, reviews
#[derive(Debug, Args)]
struct Show {
    #[command(flatten)]
    partner: OnePartner,
    #[command(flatten)]
    view: ViewOptions,
}

/// List the plans of a fiscal year
#[derive(Debug, Args)]
struct List {
    #[command(flatten)]
    filter: WhereOption,
    /// The fiscal year; without it, the one of the day looked from
    #[arg(long, value_name = "YEAR")]
    period: Option<String>,
    #[command(flatten)]
    view: ViewOptions,
}

impl Plan {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        match self.verb {
            Verb::Set(verb) => verb.run(context),
            Verb::Send(verb) => verb.run(context),
            Verb::Agree(verb) => verb.run(context),
            Verb::Action(verb) => verb.run(context),
            Verb::Done(verb) => verb.run(context),
            Verb::Review(verb) => verb.run(context),
            Verb::Show(verb) => verb.run(context),
            Verb::List(verb) => verb.run(context),
        }
    }
}

impl Set {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let order = self.target.order(self.on.day(context)?);
        record(context, &order, |in_force, proposals| {
            let program = &in_force.program;
            let year = find_period(program.calendar, self.period.as_deref(), Every::Year, order.day)?;
            let targets = self.targets(program.currency)?;
            let key = year.to_string();
            proposals.each(|loaded| {
                loaded.take(plans::plan(loaded.scene(), &year, targets)?)?;
                if let Some(by) = self.agreed_by.as_deref() {
                    loaded.take(plans::send_plan(loaded.scene(), &key)?)?;
                    loaded.take(plans::agree_plan(loaded.scene(), &key, Some(by))?)?;
                }
                Ok(())
            })
        })
    }

    /// Returns the targets of the four quarters, in minor units.
    fn targets(&self, currency: Currency) -> Result<[i64; 4], Error> {
        if let Some(target) = &self.year_target {
            return Ok(split(amount(currency, "--target", target)?));
        }
        let [q1, q2, q3, q4] = &self.quarters[..] else {
            let why = format!("--quarters: there are {}, expected 4", self.quarters.len());
            return Err(Error::usage(why).hint("write --quarters 80000,90000,110000,120000"));
        };
        let quarter = |typed: &str| amount(currency, "--quarters", typed.trim());
        Ok([quarter(q1)?, quarter(q2)?, quarter(q3)?, quarter(q4)?])
    }
}

impl Send {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let order = self.target.order(self.on.day(context)?);
        record(context, &order, |in_force, proposals| {
            let calendar = in_force.program.calendar;
            let year = find_period(calendar, self.period.as_deref(), Every::Year, order.day)?.to_string();
            proposals.each(|loaded| loaded.take(plans::send_plan(loaded.scene(), &year)?))
        })
    }
}

impl Agree {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let order = self.target.order(self.on.day(context)?);
        record(context, &order, |in_force, proposals| {
            let calendar = in_force.program.calendar;
            let year = find_period(calendar, self.period.as_deref(), Every::Year, order.day)?.to_string();
            let by = self.by.as_deref();
            proposals.each(|loaded| loaded.take(plans::agree_plan(loaded.scene(), &year, by)?))
        })
    }
}

impl Action {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let day = self.on.day(context)?;
        let due = context.day("--due", &self.due, Towards::Future)?;
        let (whom, words) = self.bulk.whom(&self.words);
        let what = one_word(words, || missing("what is to be done", "PARTNER WHAT"))?;
        let what = prose(what).map_err(|why| Error::usage(format!("WHAT: {why}")))?;
        record(context, &self.bulk.order(whom, day), |in_force, proposals| {
            let calendar = in_force.program.calendar;
            let plan = if self.improve {
                None
            } else {
                Some(find_period(calendar, self.period.as_deref(), Every::Year, day)?.to_string())
            };
            let action = Tasked { what: what.clone(), owner: self.owner.clone(), due, plan };
            proposals.each(|loaded| loaded.take(plans::task(loaded.scene(), action.clone())?))
        })
    }
}

impl Done {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let order = self.dry_run.order(&self.partner.partner, self.on.day(context)?);
        record(context, &order, |_, proposals| {
            let outcome = self.outcome.as_deref();
            proposals.each(|loaded| loaded.take(plans::finish(loaded.scene(), self.action, outcome)?))
        })
    }
}

impl Review {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let order = self.target.order(self.on.day(context)?);
        record(context, &order, |in_force, proposals| {
            let calendar = in_force.program.calendar;
            // A review looks back: on the quarter that is over.
            let this = calendar.containing(order.day, Every::Quarter);
            let before = this.map_or(order.day, |this| this.first.plus(-1));
            let quarter = find_period(calendar, self.period.as_deref(), Every::Quarter, before)?;
            let answers = review_answers(&in_force.program, &self.answer)?;
            proposals.each(|loaded| {
                loaded.take(plans::review(loaded.scene(), &quarter, self.text.as_deref())?)?;
                if !self.answer.is_empty() {
                    record_answers(loaded, in_force, &answers)?;
                }
                Ok(())
            })
        })
    }
}

impl Show {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let report = self.view.read(context, &[], |view, frame| {
            let partner = partner_of(view, &self.partner.partner)?;
            Ok(plan_list::of_partner(&view.in_force.program, &partner, frame))
        })?;
        context.show(&report)?;
        Ok(Exit::Done)
    }
}

impl List {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let report = self.view.read(context, &self.filter.conditions, |view, frame| {
            let calendar = view.in_force.program.calendar;
            let year = find_period(calendar, self.period.as_deref(), Every::Year, view.as_of)?;
            let needs = Needs { attributes: true, sales: true, growth: true, ..frame.segment.needs() };
            let mut channel = Channel::load(view, needs)?;
            frame.segment.narrow(&mut channel);
            Ok(plan_list::list(&channel, frame, &year))
        })?;
        context.show(&report)?;
        Ok(Exit::Done)
    }
}
