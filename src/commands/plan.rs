use crate::app::exit::missing;
use crate::lifecycle::base::error::Error;
use clap::{Args, Subcommand};
use clap_complete::engine::ArgValueCompleter;

use crate::app::context::Context;
use crate::commands::reading::{ViewOptions, WhereOption, partner_of};
use crate::commands::receipts::prose;
use crate::commands::record::{Bulk, Request, Target, Whom, act};
use crate::commands::shell::partner_keys;
use crate::lifecycle::base::day::Towards;
use crate::lifecycle::base::period::{Every, Period};
use crate::lifecycle::plans::Tasked;
use crate::lifecycle::plans::split;

use crate::app::exit::Exit;
use crate::lifecycle::base::text;
use crate::report::channel::{Channel, Needs};
use crate::report::plans;

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
    #[arg(long, value_name = "NAME")]
    agreed_by: Option<String>,
    /// The day it happened
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
}

/// Record that we agree to a plan and the partner has it
#[derive(Debug, Args)]
struct Send {
    #[command(flatten)]
    target: Target,
    /// The fiscal year; without it, the current one
    #[arg(long, value_name = "YEAR")]
    period: Option<String>,
    /// The day it happened
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
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
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// The day it happened
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
}

/// Add something to be done by a day, for a plan, or with --improve for an improvement plan
#[derive(Debug, Args)]
#[command(
    override_usage = "chanlife plan action PARTNER WHAT --due DATE\n       chanlife plan action --where CONDITION WHAT --due DATE"
)]
struct Action {
    /// The partner and what is to be done; with --where, only what is to be done
    #[arg(value_name = "PARTNER WHAT", num_args = 1..=2, required = true, add = ArgValueCompleter::new(partner_keys))]
    words: Vec<String>,
    /// By when; 3d and 2w count from today on
    #[arg(long, value_name = "DATE")]
    due: String,
    /// Who does it
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
    /// The fiscal year of the plan; without it, the current one
    #[arg(long, value_name = "YEAR", conflicts_with = "improve")]
    period: Option<String>,
    /// It belongs to the improvement plan of a partner that does not perform
    #[arg(long)]
    improve: bool,
    /// The day it was agreed
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    #[command(flatten)]
    bulk: Bulk,
}

/// Record that an action is done
#[derive(Debug, Args)]
struct Done {
    /// The partner
    #[arg(add = ArgValueCompleter::new(partner_keys))]
    partner: String,
    /// The number of the action; `chanlife plan show PARTNER` lists them
    #[arg(allow_negative_numbers = true)]
    action: i64,
    /// What came of it
    #[arg(long)]
    outcome: Option<String>,
    /// The day it happened
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    /// Say what would be recorded, and record nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
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
    #[arg(long)]
    text: Option<String>,
    /// An answer to the questionnaire of reviews; repeat it for more
    #[arg(long = "answer", value_name = "QUESTION=ANSWER")]
    answer: Vec<String>,
    /// The day it happened
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
}

/// Show the plans of one partner: targets, what came of them, actions, reviews
#[derive(Debug, Args)]
struct Show {
    /// The partner
    #[arg(add = ArgValueCompleter::new(partner_keys))]
    partner: String,
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

/// The period of a length that was typed, or the one around a day.
fn period(
    calendar: crate::lifecycle::base::period::Calendar,
    typed: Option<&str>,
    every: Every,
    day: crate::lifecycle::base::day::Day,
) -> anyhow::Result<Period> {
    let noun = match every {
        Every::Year => "a fiscal year such as 2026",
        _ => "a quarter such as 2026-Q3",
    };
    let Some(typed) = typed else {
        return calendar.containing(day, every).ok_or_else(|| Error::usage("--period is missing").into());
    };
    let period = calendar.parse(typed).map_err(|why| Error::usage(format!("--period: {why}")))?;
    match calendar.containing(period.first, every) {
        Some(whole) if whole == period => Ok(period),
        _ => Err(Error::usage(format!("--period: `{typed}` is not {noun}")).into()),
    }
}

impl Set {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let day = context.past_day("--on", self.on.as_deref())?;
        let by = self.agreed_by.as_deref().map(text::name).transpose();
        let by = by.map_err(|fault| Error::usage(format!("--agreed-by {fault}")))?;
        let typed = self.period.as_deref();
        let mut requests: Vec<Request> = vec![Box::new(|subject| {
            let program = subject.scene.program;
            let year = period(program.calendar, typed, Every::Year, day)?;
            let read = |option: &str, text: &str| {
                let amount = program.currency.parse(text);
                amount.map_err(|why| Error::usage(format!("{option}: {why}")))
            };
            let targets = match (&self.year_target, &self.quarters[..]) {
                (Some(target), _) => split(read("--target", target)?),
                (None, [q1, q2, q3, q4]) => {
                    let quarter = |text: &str| read("--quarters", text.trim());
                    [quarter(q1)?, quarter(q2)?, quarter(q3)?, quarter(q4)?]
                }
                (None, quarters) => {
                    let why = format!("--quarters: there are {}, expected 4", quarters.len());
                    return Err(Error::usage(why).hint("write --quarters 80000,90000,110000,120000").into());
                }
            };
            Ok(crate::lifecycle::plans::plan(subject.scene, &year, targets)?)
        })];
        if by.is_some() {
            let year = |subject: &crate::commands::record::Subject| {
                let calendar = subject.scene.program.calendar;
                period(calendar, typed, Every::Year, day).map(|year| year.to_string())
            };
            requests.push(Box::new(move |subject| {
                Ok(crate::lifecycle::plans::send_plan(subject.scene, &year(subject)?)?)
            }));
            let by = by.as_deref();
            requests.push(Box::new(move |subject| {
                Ok(crate::lifecycle::plans::agree_plan(subject.scene, &year(subject)?, by)?)
            }));
        }
        act(context, &self.target.whom(), &self.target.bulk, day, &requests)
    }
}

impl Send {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let day = context.past_day("--on", self.on.as_deref())?;
        let request: Request = Box::new(|subject| {
            let calendar = subject.scene.program.calendar;
            let year = period(calendar, self.period.as_deref(), Every::Year, day)?;
            Ok(crate::lifecycle::plans::send_plan(subject.scene, &year.to_string())?)
        });
        act(context, &self.target.whom(), &self.target.bulk, day, &[request])
    }
}

impl Agree {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let day = context.past_day("--on", self.on.as_deref())?;
        let by = self.by.as_deref().map(text::name).transpose();
        let by = by.map_err(|fault| Error::usage(format!("--by {fault}")))?;
        let request: Request = Box::new(|subject| {
            let calendar = subject.scene.program.calendar;
            let year = period(calendar, self.period.as_deref(), Every::Year, day)?;
            Ok(crate::lifecycle::plans::agree_plan(subject.scene, &year.to_string(), by.as_deref())?)
        });
        act(context, &self.target.whom(), &self.target.bulk, day, &[request])
    }
}

impl Action {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let day = context.past_day("--on", self.on.as_deref())?;
        let due = context.day("--due", &self.due, Towards::Future)?;
        let (whom, what) = match (&self.words[..], self.bulk.conditions.is_empty()) {
            ([partner, what], true) => (Whom::One(partner), what),
            ([what], false) => (Whom::Where(&self.bulk.conditions), what),
            ([_], true) => return Err(missing("what is to be done", "PARTNER WHAT").into()),
            _ => return Err(Error::usage("give a partner or --where, not both").into()),
        };
        let what = prose("WHAT", what)?;
        let owner = self.owner.as_deref().map(text::name).transpose();
        let owner = owner.map_err(|fault| Error::usage(format!("--owner {fault}")))?;
        let request: Request = Box::new(|subject| {
            let calendar = subject.scene.program.calendar;
            let plan = match self.improve {
                true => None,
                false => Some(period(calendar, self.period.as_deref(), Every::Year, day)?.to_string()),
            };
            let request = Tasked { what: what.clone(), owner: owner.clone(), due, plan };
            Ok(crate::lifecycle::plans::task(subject.scene, request)?)
        });
        act(context, &whom, &self.bulk, day, &[request])
    }
}

impl Done {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let day = context.past_day("--on", self.on.as_deref())?;
        let outcome = self.outcome.as_deref().map(|text| prose("--outcome", text)).transpose()?;
        let request: Request = Box::new(|subject| {
            Ok(crate::lifecycle::plans::finish(subject.scene, self.action, outcome.as_deref())?)
        });
        let bulk = Bulk { dry_run: self.dry_run, ..Bulk::default() };
        act(context, &Whom::One(&self.partner), &bulk, day, &[request])
    }
}

impl Review {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let day = context.past_day("--on", self.on.as_deref())?;
        let text = self.text.as_deref().map(|text| prose("--text", text)).transpose()?;
        let answered = crate::commands::assess::review_answers(context, &self.answer, day)?;
        let mut requests: Vec<Request> = vec![Box::new(|subject| {
            let calendar = subject.scene.program.calendar;
            // A review looks back: on the quarter that is over.
            let before = calendar.containing(day, Every::Quarter).map_or(day, |now| now.first.plus(-1));
            let quarter = period(calendar, self.period.as_deref(), Every::Quarter, before)?;
            Ok(crate::lifecycle::plans::review(subject.scene, &quarter, text.as_deref())?)
        })];
        if !self.answer.is_empty() {
            requests.push(crate::commands::assess::answering(&answered));
        }
        act(context, &self.target.whom(), &self.target.bulk, day, &requests)
    }
}

impl Show {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let report = self.view.read(context, &[], |view, frame| {
            let partner = partner_of(view, &self.partner)?;
            Ok(plans::of_partner(&view.in_force.program, &partner, frame))
        })?;
        context.show(&report)?;
        Ok(Exit::Done)
    }
}

impl List {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let report = self.view.read(context, &self.filter.conditions, |view, frame| {
            let calendar = view.in_force.program.calendar;
            let year = period(calendar, self.period.as_deref(), Every::Year, view.as_of)?;
            let needs = Needs { attributes: true, sales: true, growth: true, ..frame.segment.needs() };
            let mut channel = Channel::load(view, needs)?;
            frame.segment.narrow(&mut channel);
            Ok(plans::list(&channel, frame, &year))
        })?;
        context.show(&report)?;
        Ok(Exit::Done)
    }
}
