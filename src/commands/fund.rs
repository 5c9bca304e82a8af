//! Commands on money for the marketing of partners: what accrues and is granted, requests, approvals and claims.

use clap::{Args, Subcommand};
use clap_complete::engine::ArgValueCompleter;

use crate::app::context::Context;
use crate::app::exit::{Exit, missing};
use crate::commands::completers::partner_keys;
use crate::commands::named::{find_fund, find_period, one_fund};
use crate::commands::options::{
    Bulk, DryRun, Numbers, OnDay, OnePartner, Target, amount, day_to_come, name, number, numbers, one_word,
    optional_amount, prose,
};
use crate::commands::order::{Order, Whom};
use crate::commands::reading::{ViewOptions, WhereOption, partner_of};
use crate::commands::record::{Reason, record, record_for_reason};
use crate::lifecycle::base::day::{Day, Towards};
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::period::{Every, Period};
use crate::lifecycle::funds;
use crate::lifecycle::funds::{ClaimRequest, Funding, FundsRequest};
use crate::lifecycle::program::Program;
use crate::report::channel::{Channel, Needs};
use crate::report::fund_list;

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
    #[command(flatten)]
    on: OnDay,
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
    #[command(flatten)]
    on: OnDay,
    #[command(flatten)]
    bulk: Bulk,
}

/// Record that a partner asks for money for an activity
#[derive(Debug, Args)]
struct Ask {
    #[command(flatten)]
    partner: OnePartner,
    /// What kind of activity, such as webinar, fair or mailing
    #[arg(value_parser = name)]
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
    #[arg(long, value_name = "TEXT", value_parser = prose)]
    what: Option<String>,
    /// The fund; without it, the only one that is for such an activity
    #[arg(long, value_name = "FUND")]
    fund: Option<String>,
    /// The partner's number for it, which makes recording it twice harmless
    #[arg(long = "ref", value_name = "REFERENCE", value_parser = name)]
    reference: Option<String>,
    #[command(flatten)]
    on: OnDay,
    #[command(flatten)]
    dry_run: DryRun,
}

/// Show the money of one partner: what came in, what is left until when, requests and claims
#[derive(Debug, Args)]
struct Show {
    #[command(flatten)]
    partner: OnePartner,
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

/// Which request or claim, and when.
#[derive(Debug, Args)]
struct Which {
    /// Its number; `chanlife fund list` lists them
    #[arg(value_name = "NUMBER", value_parser = number)]
    number: i64,
    #[command(flatten)]
    when: When,
}

/// When it happened, and whether to try only.
#[derive(Debug, Args)]
struct When {
    #[command(flatten)]
    on: OnDay,
    #[command(flatten)]
    dry_run: DryRun,
}

/// Set money aside for a request
#[derive(Debug, Args)]
struct Approve {
    #[command(flatten)]
    which: Which,
    /// How much; without it, what is asked for
    #[arg(long)]
    amount: Option<String>,
    /// The last day on which it can be claimed; without it, as the fund says
    #[arg(long, value_name = "DATE")]
    claim_by: Option<String>,
}

/// Refuse a request that waits, or a claim that is not paid
#[derive(Debug, Args)]
struct Reject {
    #[command(flatten)]
    which: Which,
    /// Why
    #[arg(long, value_parser = prose)]
    reason: Option<String>,
}

/// Record that a partner claims what was approved, with what proves that it was spent
#[derive(Debug, Args)]
struct Claim {
    #[command(flatten)]
    which: Which,
    /// How much; without it, all that is left of the approval
    amount: Option<String>,
    /// What proves it, such as the number of an invoice
    #[arg(long, value_parser = prose)]
    proof: String,
    /// How many leads came of it
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(i64).range(0..=1_000_000_000))]
    leads: Option<i64>,
    /// The pipeline that came of it
    #[arg(long, value_name = "AMOUNT")]
    pipeline: Option<String>,
}

/// Record that claims are paid
#[derive(Debug, Args)]
struct Pay {
    /// The numbers of the claims, with commas; `chanlife fund list` lists them
    #[arg(value_name = "NUMBER,...", value_parser = numbers)]
    numbers: Numbers,
    /// The number of the payment
    #[arg(long = "ref", value_name = "REFERENCE", value_parser = name)]
    reference: Option<String>,
    #[command(flatten)]
    when: When,
}

/// End a request of which nothing more comes; what is left of it goes back
#[derive(Debug, Args)]
struct Close {
    #[command(flatten)]
    which: Which,
    /// Why
    #[arg(long, value_parser = prose)]
    reason: Option<String>,
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
        let order = self.target.order(self.on.day(context)?);
        record(context, &order, |in_force, proposals| {
            let program = &in_force.program;
            let funds = self.accruing(program)?;
            let quarter = self.quarter(program, order.day)?;
            proposals.each(|loaded| loaded.take(funds::accrue(loaded.scene(), &funds, quarter.as_ref())?))
        })
    }

    /// Returns the fund that is named, or all that accrue.
    fn accruing<'p>(&self, program: &'p Program) -> Result<Vec<&'p funds::Fund>, Error> {
        let accrues = |fund: &&funds::Fund| matches!(fund.funding, Funding::Accrues { .. });
        let named = self.fund.as_deref().map(|word| find_fund(program, word)).transpose()?;
        match (named, program.funds.iter().filter(accrues).collect::<Vec<_>>()) {
            (Some(fund), _) if accrues(&fund) => Ok(vec![fund]),
            (Some(fund), _) => {
                let key = &fund.key;
                Err(Error::usage(format!("`{key}` is granted from a budget and does not accrue"))
                    .hint(format!("`chanlife fund grant PARTNER AMOUNT --fund {key}` gives a partner some")))
            }
            (None, accruing) if accruing.is_empty() => Err(Error::usage("no fund accrues from revenue")
                .hint("add percent_of_revenue = 2 to a [[fund]] of the program")),
            (None, accruing) => Ok(accruing),
        }
    }

    fn quarter(&self, program: &Program, day: Day) -> Result<Option<Period>, Error> {
        let typed = self.period.as_deref();
        typed.map(|typed| find_period(program.calendar, Some(typed), Every::Quarter, day)).transpose()
    }
}

impl Grant {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let day = self.on.day(context)?;
        let until = day_to_come(context, "--until", self.until.as_deref())?;
        let (whom, words) = self.bulk.whom(&self.words);
        let typed = one_word(words, || missing("the amount", "PARTNER AMOUNT"))?;
        record(context, &self.bulk.order(whom, day), |in_force, proposals| {
            let program = &in_force.program;
            let has_budget = |fund: &&funds::Fund| matches!(fund.funding, Funding::Budget(_));
            let fund = one_fund(program, self.fund.as_deref(), "has a budget", has_budget)?;
            let amount = amount(program.currency, "AMOUNT", typed)?;
            proposals.each(|loaded| loaded.take(funds::grant(loaded.scene(), fund, amount, until)?))
        })
    }
}

impl Ask {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let order = self.dry_run.order(&self.partner.partner, self.on.day(context)?);
        let starts = context.day("--starts", &self.starts, Towards::Future)?;
        let ends = day_to_come(context, "--ends", self.ends.as_deref())?.unwrap_or(starts);
        let activity = self.activity.to_lowercase();
        record(context, &order, |in_force, proposals| {
            let program = &in_force.program;
            let is_for =
                |fund: &&funds::Fund| fund.activities.is_empty() || fund.activities.contains(&activity);
            let request = FundsRequest {
                fund: one_fund(program, self.fund.as_deref(), "is for it", is_for)?,
                activity: &activity,
                what: self.what.as_deref(),
                starts,
                ends,
                cost_minor: amount(program.currency, "--cost", &self.cost)?,
                asked_minor: optional_amount(program.currency, "--ask", self.asked.as_ref())?,
                expected_minor: optional_amount(program.currency, "--expect", self.expect.as_ref())?,
                reference: self.reference.as_deref(),
            };
            proposals.each(|loaded| loaded.take(funds::request_funds(loaded.scene(), &request)?))
        })
    }
}

impl Approve {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let order = self.which.order(context)?;
        let by = day_to_come(context, "--claim-by", self.claim_by.as_deref())?;
        record(context, &order, |in_force, proposals| {
            let wanted = optional_amount(in_force.program.currency, "--amount", self.amount.as_ref())?;
            let number = self.which.number;
            proposals.each(|loaded| loaded.take(funds::approve(loaded.scene(), number, wanted, by)?))
        })
    }
}

impl Reject {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let reason = Reason { given: self.reason.as_deref(), question: "Why is it rejected?" };
        record_for_reason(context, &self.which.order(context)?, reason, |_, proposals, reason| {
            proposals.each(|loaded| loaded.take(funds::reject(loaded.scene(), self.which.number, reason)?))
        })
    }
}

impl Claim {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        record(context, &self.which.order(context)?, |in_force, proposals| {
            let currency = in_force.program.currency;
            let amount_minor = optional_amount(currency, "AMOUNT", self.amount.as_ref())?;
            let pipeline_minor = optional_amount(currency, "--pipeline", self.pipeline.as_ref())?;
            proposals.each(|loaded| {
                let claimed = ClaimRequest {
                    request: self.which.number,
                    amount_minor,
                    proof: &self.proof,
                    leads: self.leads,
                    pipeline_minor,
                };
                loaded.take(funds::claim(loaded.scene(), claimed)?)
            })
        })
    }
}

impl Pay {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let order = self.when.order(context, &self.numbers.0, no_claim)?;
        record(context, &order, |_, proposals| {
            proposals.each(|loaded| {
                let pay = |number| funds::pay(loaded.scene(), number, self.reference.as_deref());
                let paid = loaded.numbers().into_iter().map(pay).collect::<Result<Vec<_>, Error>>()?;
                loaded.take_all(paid)
            })
        })
    }
}

impl Close {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        record(context, &self.which.order(context)?, |_, proposals| {
            let reason = self.reason.as_deref();
            proposals.each(|loaded| loaded.take(funds::close(loaded.scene(), self.which.number, reason)?))
        })
    }
}

impl Which {
    fn order(&self, context: &Context) -> anyhow::Result<Order<'_>> {
        self.when.order(context, std::slice::from_ref(&self.number), no_request_or_claim)
    }
}

impl When {
    /// Orders something for the partners that these events belong to.
    fn order<'o>(
        &self,
        context: &Context,
        numbers: &'o [i64],
        unknown: fn(i64) -> Error,
    ) -> anyhow::Result<Order<'o>> {
        let (day, keep) = (self.on.day(context)?, self.dry_run.keep());
        Ok(Order { whom: Whom::Events { numbers, unknown }, day, keep, skip_refused: false })
    }
}

fn no_request_or_claim(number: i64) -> Error {
    Error::refused(format!("there is no request or claim {number}")).hint("`chanlife fund list` lists them")
}

fn no_claim(number: i64) -> Error {
    Error::refused(format!("there is no claim {number}")).hint("`chanlife fund list` lists them")
}

impl Show {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let report = self.view.read(context, &[], |view, frame| {
            let partner = partner_of(view, &self.partner.partner)?;
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
