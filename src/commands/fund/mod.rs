//! Commands on money for the marketing of partners.

mod decisions;

use crate::app::exit::missing;
use crate::lifecycle::base::error::Error;
use clap::{Args, Subcommand};
use clap_complete::engine::ArgValueCompleter;

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::enablement::unknown;
use crate::commands::fund::decisions::{Approve, Claim, Close, Pay, Reject};
use crate::commands::reading::{ViewOptions, WhereOption, partner_of};
use crate::commands::receipts::prose;
use crate::commands::record::{Bulk, Request, Target, Whom, act};
use crate::commands::shell::partner_keys;
use crate::lifecycle::base::day::Towards;
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::base::period::Every;
use crate::lifecycle::base::text;
use crate::lifecycle::base::text::listed;
use crate::lifecycle::funds::FundsRequest;
use crate::lifecycle::funds::{Fund as Pot, Funding};
use crate::lifecycle::program::Program;
use crate::report::backing::fund_list;
use crate::report::channel::{Channel, Needs};

/// Money for partners' marketing: co-op that accrues from revenue, and grants from a budget
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chanlife fund accrue --where stage=growth                 what the last quarter's revenue brings
  chanlife fund grant acme 5000 --fund mdf                  from the budget of the year
  chanlife fund request acme webinar --cost 4000 --starts 2026-12-03 --expect 60000
  chanlife fund approve 41                                  41 is the number of the request
  chanlife fund claim 41 1800 --proof \"invoice 4711\" --leads 23
  chanlife fund pay 57                                      57 is the number of the claim
  chanlife fund show acme
  chanlife report funds")]
pub struct Fund {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Accrue(Accrue),
    Grant(Grant),
    Request(Box<Ask>),
    Approve(Approve),
    Reject(Reject),
    Claim(Claim),
    Pay(Pay),
    Close(Close),
    Show(Show),
    List(List),
}

/// Post what a quarter's revenue brings to funds that accrue; again after revenue changed, the difference
#[derive(Debug, Args)]
struct Accrue {
    #[command(flatten)]
    target: Target,
    /// The quarter, such as 2026-Q3; without it, the last one that is over, and earlier ones that changed
    #[arg(long, value_name = "QUARTER")]
    period: Option<String>,
    /// One fund; without it, all that accrue
    #[arg(long, value_name = "FUND")]
    fund: Option<String>,
    /// The day it happened
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
}

/// Give partners money from the budget of the fiscal year
#[derive(Debug, Args)]
#[command(
    override_usage = "chanlife fund grant PARTNER AMOUNT\n       chanlife fund grant --where CONDITION AMOUNT"
)]
struct Grant {
    /// The partner and the amount; with --where, the amount that each gets
    #[arg(value_name = "PARTNER AMOUNT", num_args = 1..=2, required = true, allow_negative_numbers = true, add = ArgValueCompleter::new(partner_keys))]
    words: Vec<String>,
    /// The fund; without it, the only one with a budget
    #[arg(long, value_name = "FUND")]
    fund: Option<String>,
    /// The last day on which it can be approved; without it, as the fund says
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// The day it happened
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    #[command(flatten)]
    bulk: Bulk,
}

/// Record that a partner asks for money for an activity
#[derive(Debug, Args)]
struct Ask {
    /// The partner
    #[arg(add = ArgValueCompleter::new(partner_keys))]
    partner: String,
    /// What kind of activity, such as webinar, fair or mailing
    activity: String,
    /// What it costs in all
    #[arg(long, value_name = "AMOUNT")]
    cost: String,
    /// What we are asked for, the rest being the partner's share; without it, as much as the fund bears
    #[arg(long = "ask", value_name = "AMOUNT")]
    asked: Option<String>,
    /// The day on which it starts
    #[arg(long, value_name = "DATE")]
    starts: String,
    /// The day on which it ends; without it, the same day
    #[arg(long, value_name = "DATE")]
    ends: Option<String>,
    /// The pipeline that is expected of it
    #[arg(long, value_name = "AMOUNT")]
    expect: Option<String>,
    /// More about it
    #[arg(long, value_name = "TEXT")]
    what: Option<String>,
    /// The fund; without it, the only one that is for such an activity
    #[arg(long, value_name = "FUND")]
    fund: Option<String>,
    /// The partner's number for it, which makes recording it twice harmless
    #[arg(long = "ref", value_name = "REFERENCE")]
    reference: Option<String>,
    /// The day it happened
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    /// Say what would be recorded, and record nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
}

/// Show the money of one partner: what came in, what is left until when, requests and claims
#[derive(Debug, Args)]
struct Show {
    /// The partner
    #[arg(add = ArgValueCompleter::new(partner_keys))]
    partner: String,
    #[command(flatten)]
    view: ViewOptions,
}

/// List requests and claims that wait for somebody
#[derive(Debug, Args)]
struct List {
    #[command(flatten)]
    filter: WhereOption,
    /// All of them, also those that are over
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    view: ViewOptions,
}

impl Fund {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        match self.verb {
            Verb::Accrue(verb) => verb.run(context),
            Verb::Grant(verb) => verb.run(context),
            Verb::Request(verb) => verb.run(context),
            Verb::Approve(verb) => verb.run(context),
            Verb::Reject(verb) => verb.run(context),
            Verb::Claim(verb) => verb.run(context),
            Verb::Pay(verb) => verb.run(context),
            Verb::Close(verb) => verb.run(context),
            Verb::Show(verb) => verb.run(context),
            Verb::List(verb) => verb.run(context),
        }
    }
}

impl Accrue {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let day = context.past_day("--on", self.on.as_deref())?;
        let request: Request = Box::new(|subject| {
            let program = subject.scene.program;
            let accrues = |fund: &&Pot| matches!(fund.funding, Funding::Accrues { .. });
            let funds = match self.fund.as_deref() {
                Some(key) => vec![find(program, key)?],
                None => program.funds.iter().filter(accrues).collect(),
            };
            if !funds.iter().any(accrues) {
                let failure = match self.fund.as_deref() {
                    Some(key) => Error::usage(format!(
                        "`{key}` is granted from a budget and does not accrue"
                    ))
                    .hint(format!("`chanlife fund grant PARTNER AMOUNT --fund {key}` gives a partner some")),
                    None => Error::usage("no fund accrues from revenue")
                        .hint("add percent_of_revenue = 2 to a [[fund]] of the program"),
                };
                return Err(failure.into());
            }
            let quarter = match self.period.as_deref() {
                None => None,
                Some(typed) => Some(quarter(program, typed)?),
            };
            Ok(crate::lifecycle::funds::accrue(subject.scene, &funds, quarter.as_ref())?)
        });
        act(context, &self.target.whom(), &self.target.bulk, day, &[request])
    }
}

fn quarter(program: &Program, typed: &str) -> Result<crate::lifecycle::base::period::Period, Error> {
    let calendar = program.calendar;
    let period = calendar.parse(typed).map_err(|why| Error::usage(format!("--period: {why}")))?;
    match calendar.containing(period.first, Every::Quarter) {
        Some(whole) if whole == period => Ok(period),
        _ => Err(Error::usage(format!("--period: `{typed}` is not a quarter such as 2026-Q3"))),
    }
}

impl Grant {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let day = context.past_day("--on", self.on.as_deref())?;
        let until = self.until.as_deref();
        let until = until.map(|text| context.day("--until", text, Towards::Future)).transpose()?;
        let (whom, typed) = match (&self.words[..], self.bulk.conditions.is_empty()) {
            ([partner, amount], true) => (Whom::One(partner), amount),
            ([amount], false) => (Whom::Where(&self.bulk.conditions), amount),
            ([_], true) => return Err(missing("the amount", "PARTNER AMOUNT").into()),
            _ => return Err(Error::usage("give a partner or --where, not both").into()),
        };
        let request: Request = Box::new(|subject| {
            let program = subject.scene.program;
            let budgeted = |fund: &&Pot| matches!(fund.funding, Funding::Budget(_));
            let fund = one_fund(program, self.fund.as_deref(), "has a budget", budgeted)?;
            let amount = amount(program.currency, "AMOUNT", typed)?;
            Ok(crate::lifecycle::funds::grant(subject.scene, fund, amount, until)?)
        });
        act(context, &whom, &self.bulk, day, &[request])
    }
}

impl Ask {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let day = context.past_day("--on", self.on.as_deref())?;
        let starts = context.day("--starts", &self.starts, Towards::Future)?;
        let ends = self.ends.as_deref().map(|text| context.day("--ends", text, Towards::Future));
        let ends = ends.transpose()?.unwrap_or(starts);
        let activity = text::name(&self.activity)
            .map_err(|fault| Error::usage(format!("the activity {fault}")))?
            .to_lowercase();
        let what = self.what.as_deref().map(|text| prose("--what", text)).transpose()?;
        let reference = self.reference.as_deref().map(text::name).transpose();
        let reference = reference.map_err(|fault| Error::usage(format!("--ref {fault}")))?;
        let request: Request = Box::new(|subject| {
            let program = subject.scene.program;
            let read = |option, text: Option<&String>| {
                text.map(|text| amount(program.currency, option, text)).transpose()
            };
            let is_for = |fund: &&Pot| fund.activities.is_empty() || fund.activities.contains(&activity);
            let fund = one_fund(program, self.fund.as_deref(), "is for it", is_for)?;
            let request = FundsRequest {
                fund,
                activity: &activity,
                what: what.as_deref(),
                starts,
                ends,
                cost_minor: amount(program.currency, "--cost", &self.cost)?,
                asked_minor: read("--ask", self.asked.as_ref())?,
                expected_minor: read("--expect", self.expect.as_ref())?,
                reference: reference.as_deref(),
            };
            Ok(crate::lifecycle::funds::request_funds(subject.scene, &request)?)
        });
        let bulk = Bulk { dry_run: self.dry_run, ..Bulk::default() };
        act(context, &Whom::One(&self.partner), &bulk, day, &[request])
    }
}

impl Show {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let report = self.view.read(context, &[], |view, frame| {
            let partner = partner_of(view, &self.partner)?;
            Ok(fund_list::of_partner(&view.in_force.program, &partner, frame))
        })?;
        context.show(&report)?;
        Ok(Exit::Done)
    }
}

impl List {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let report = self.view.read(context, &self.filter.conditions, |view, frame| {
            let needs = Needs { attributes: true, ..frame.segment.needs() };
            let mut channel = Channel::load(view, needs)?;
            frame.segment.narrow(&mut channel);
            fund_list::list(view, &channel, frame, self.all)
        })?;
        context.show(&report)?;
        Ok(Exit::Done)
    }
}

/// An amount as it was typed, in minor units.
pub(super) fn amount(currency: Currency, option: &str, typed: &str) -> Result<i64, Error> {
    currency.parse(typed).map_err(|why| Error::usage(format!("{option}: {why}")))
}

fn find<'p>(program: &'p Program, key: &str) -> Result<&'p Pot, Error> {
    let keys = program.funds.iter().map(|fund| fund.key.as_str());
    program.fund(key).ok_or_else(|| unknown("fund", key, keys, "[[fund]]"))
}

/// The fund that is named, or the only one that fits.
fn one_fund<'p>(
    program: &'p Program,
    key: Option<&str>,
    fits_so: &str,
    fits: impl Fn(&&Pot) -> bool,
) -> Result<&'p Pot, Error> {
    if let Some(key) = key {
        return find(program, key);
    }
    let fitting: Vec<&Pot> = program.funds.iter().filter(|fund| fits(fund)).collect();
    let keys: Vec<&str> = fitting.iter().map(|fund| fund.key.as_str()).collect();
    match fitting[..] {
        [one] => Ok(one),
        [] => Err(Error::usage(format!("no fund of the program {fits_so}"))
            .hint("add [[fund]] to it, or name another with --fund")),
        _ => Err(missing("the fund", "--fund").hint(format!("there are {}", listed(&keys)))),
    }
}
