//! Commands on co-op funds and MDF: accruals, grants, requests, approvals, claims and payments.

use clap::{Args, Subcommand};
use clap_complete::engine::ArgValueCompleter;

use crate::app::context::Context;
use crate::app::exit::{Exit, missing};
use crate::commands::completers::partner_keys;
use crate::commands::fund_accruals::FundAccrueArgs;
use crate::commands::named::one_fund;
use crate::commands::options::{
    Bulk, DryRun, Numbers, OnDay, OnePartner, TargetArgs, amount, day_to_come, name, number, numbers,
    one_word, optional_amount, prose,
};
use crate::commands::order::{Order, Whom};
use crate::commands::reading::{ViewOptions, WhereOption, partner_of};
use crate::commands::record::{Reason, record, record_for_reason};
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::period::DayRange;
use crate::lifecycle::funds;
use crate::lifecycle::funds::{ClaimRequest, FundRefusal, Funding, NewFundRequest};
use crate::report::fund_list;

/// Joint marketing money: co-op funds that accrue from revenue, and MDF granted from a budget
#[derive(Debug, Args)]
#[command(after_help = "Numbers of requests and claims are shared with all other entries, so they have gaps.

Examples:
  chanlife fund accrue --where stage=growth   # from last quarter's revenue
  chanlife fund grant acme 5000 --fund mdf   # MDF from this year's budget
  chanlife fund request acme webinar --cost 4000 --starts 2026-12-03
  chanlife fund approve 41                   # 41 is the request number
  chanlife fund claim 41 1800 --proof \"invoice 4711\" --leads 23
  chanlife fund pay 57                       # 57 is the claim number
  chanlife fund pay 57 --amount 900          # a part of it
  chanlife fund take-back 31                 # 31 is the number of the grant
  chanlife fund expire acme --fund co-op     # what nobody requested
  chanlife fund show acme
  chanlife report funds")]
pub struct FundArgs {
    #[command(subcommand)]
    verb: FundVerb,
}

#[derive(Debug, Subcommand)]
enum FundVerb {
    Accrue(FundAccrueArgs),
    Grant(FundGrantArgs),
    Request(Box<FundRequestArgs>),
    Approve(FundApproveArgs),
    Reject(FundRejectArgs),
    Claim(FundClaimArgs),
    Pay(FundPayArgs),
    Close(FundCloseArgs),
    TakeBack(FundTakeBackArgs),
    Expire(FundExpireArgs),
    Show(FundShowArgs),
    List(FundListArgs),
}

/// Grant money from the budget of the fiscal year
#[derive(Debug, Args)]
#[command(
    override_usage = "chanlife fund grant PARTNER AMOUNT\n       chanlife fund grant --where CONDITION AMOUNT"
)]
struct FundGrantArgs {
    /// The partner and the amount; with --where, the amount for each partner
    #[arg(value_name = "PARTNER AMOUNT", num_args = 1..=2, required = true, allow_negative_numbers = true, add = ArgValueCompleter::new(partner_keys))]
    words: Vec<String>,
    /// Fund [default: the only one with a budget]
    #[arg(long, value_name = "FUND")]
    fund: Option<String>,
    /// Last day for approving it for an activity [default: as the fund says]
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    #[command(flatten)]
    on: OnDay,
    #[command(flatten)]
    bulk: Bulk,
}

/// Record a partner's request for money for an activity
#[derive(Debug, Args)]
struct FundRequestArgs {
    #[command(flatten)]
    partner: OnePartner,
    /// Type of activity, such as webinar, fair or mailing
    #[arg(value_parser = name)]
    activity: String,
    /// Total cost of the activity
    #[arg(long, value_name = "AMOUNT")]
    cost: String,
    /// Amount requested from us; the partner pays the rest [default: the most the fund pays]
    #[arg(long = "ask", value_name = "AMOUNT")]
    asked: Option<String>,
    /// First day of the activity, or the period in which it is, such as 2026-12
    #[arg(long, value_name = "DATE|PERIOD")]
    starts: String,
    /// Last day of the activity [default: the first day, or the last one of the period]
    #[arg(long, value_name = "DATE")]
    ends: Option<String>,
    /// Expected pipeline
    #[arg(long, value_name = "AMOUNT")]
    expect: Option<String>,
    /// Description
    #[arg(long, value_name = "TEXT", value_parser = prose)]
    what: Option<String>,
    /// Fund [default: the only one that pays for this activity]
    #[arg(long, value_name = "FUND")]
    fund: Option<String>,
    /// The partner's reference; the same reference is never recorded twice
    #[arg(long = "ref", value_name = "REFERENCE", value_parser = name)]
    reference: Option<String>,
    #[command(flatten)]
    on: OnDay,
    #[command(flatten)]
    dry_run: DryRun,
}

/// Show the funds of one partner: credits, balances with expiry, requests and claims
#[derive(Debug, Args)]
struct FundShowArgs {
    #[command(flatten)]
    partner: OnePartner,
    #[command(flatten)]
    view: ViewOptions,
}

/// List open requests and claims
#[derive(Debug, Args)]
struct FundListArgs {
    #[command(flatten)]
    filter: WhereOption,
    /// Include settled and closed ones
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    view: ViewOptions,
}

/// A request or claim by its number, and the day.
#[derive(Debug, Args)]
struct NumberedArgs {
    /// Number of the request or claim; `chanlife fund list` lists them
    #[arg(value_name = "NUMBER", value_parser = number)]
    number: i64,
    #[command(flatten)]
    when: DatedArgs,
}

/// The day, and whether to record nothing.
#[derive(Debug, Args)]
struct DatedArgs {
    #[command(flatten)]
    on: OnDay,
    #[command(flatten)]
    dry_run: DryRun,
}

/// Approve a request: commit money to it
#[derive(Debug, Args)]
struct FundApproveArgs {
    #[command(flatten)]
    which: NumberedArgs,
    /// Amount [default: the amount requested]
    #[arg(long)]
    amount: Option<String>,
    /// Last day for claims [default: as the fund says]
    #[arg(long, value_name = "DATE")]
    claim_by: Option<String>,
}

/// Reject an open request or an unpaid claim
#[derive(Debug, Args)]
struct FundRejectArgs {
    #[command(flatten)]
    which: NumberedArgs,
    /// Reason
    #[arg(long, value_parser = prose)]
    reason: Option<String>,
}

/// Record a partner's claim on an approved request, with proof
#[derive(Debug, Args)]
struct FundClaimArgs {
    #[command(flatten)]
    which: NumberedArgs,
    /// Amount [default: the rest of the approved amount]
    amount: Option<String>,
    /// Proof, such as an invoice number
    #[arg(long, value_parser = prose)]
    proof: String,
    /// Number of leads generated
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(i64).range(0..=1_000_000_000), allow_negative_numbers = true)]
    leads: Option<i64>,
    /// Pipeline generated
    #[arg(long, value_name = "AMOUNT")]
    pipeline: Option<String>,
}

/// Record that claims were paid, in full or one of them in part
#[derive(Debug, Args)]
struct FundPayArgs {
    /// Claim numbers, separated by commas; `chanlife fund list` lists them
    #[arg(value_name = "NUMBER,...", value_parser = numbers)]
    numbers: Numbers,
    /// Part of one claim; the rest stays unpaid [default: all that is unpaid]
    #[arg(long)]
    amount: Option<String>,
    /// Payment reference
    #[arg(long = "ref", value_name = "REFERENCE", value_parser = name)]
    reference: Option<String>,
    #[command(flatten)]
    when: DatedArgs,
}

/// Close a request; the amount not claimed returns to the fund
#[derive(Debug, Args)]
struct FundCloseArgs {
    #[command(flatten)]
    which: NumberedArgs,
    /// Reason
    #[arg(long, value_parser = prose)]
    reason: Option<String>,
}

/// Take back a grant, as far as it is not committed to a request; it returns to the budget
#[derive(Debug, Args)]
struct FundTakeBackArgs {
    /// Number of the grant; `chanlife fund show PARTNER` lists them
    #[arg(value_name = "NUMBER", value_parser = number)]
    number: i64,
    /// Amount [default: all that is not committed]
    #[arg(long)]
    amount: Option<String>,
    /// Reason
    #[arg(long, value_parser = prose)]
    reason: Option<String>,
    #[command(flatten)]
    when: DatedArgs,
}

/// Let money expire before its last day that is available and not committed to a request
#[derive(Debug, Args)]
struct FundExpireArgs {
    #[command(flatten)]
    target: TargetArgs,
    /// Fund [default: the only one]
    #[arg(long, value_name = "FUND")]
    fund: Option<String>,
    /// Amount for each partner [default: all that is available]
    #[arg(long)]
    amount: Option<String>,
    /// Reason
    #[arg(long, value_parser = prose)]
    reason: Option<String>,
    #[command(flatten)]
    on: OnDay,
}

impl FundArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        match self.verb {
            FundVerb::Accrue(verb) => verb.run(context),
            FundVerb::Grant(verb) => verb.run(context),
            FundVerb::Request(verb) => verb.run(context),
            FundVerb::Approve(verb) => verb.run(context),
            FundVerb::Reject(verb) => verb.run(context),
            FundVerb::Claim(verb) => verb.run(context),
            FundVerb::Pay(verb) => verb.run(context),
            FundVerb::Close(verb) => verb.run(context),
            FundVerb::TakeBack(verb) => verb.run(context),
            FundVerb::Expire(verb) => verb.run(context),
            FundVerb::Show(verb) => verb.run(context),
            FundVerb::List(verb) => verb.run(context),
        }
    }
}

impl FundGrantArgs {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let day = self.on.day(context)?;
        let until = day_to_come(context, "--until", self.until.as_deref())?;
        let (whom, words) = self.bulk.whom(&self.words);
        let typed = one_word(words, || missing("the amount", ""))?;
        record(context, &self.bulk.order(whom, day), |in_force, proposals| {
            let program = &in_force.program;
            let has_budget = |fund: &&funds::Fund| matches!(fund.funding, Funding::Budget(_));
            let fund = one_fund(program, self.fund.as_deref(), "has a budget", has_budget)?;
            let amount = amount(program.currency, "AMOUNT", typed)?;
            proposals.each(|loaded| loaded.take(funds::grant(loaded.facts(), fund, amount, until)?))
        })
    }
}

impl FundRequestArgs {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let order = self.dry_run.order(&self.partner.partner, self.on.day(context)?);
        let DayRange { first: starts, last } = context.days_to_come("--starts", &self.starts)?;
        let ends = day_to_come(context, "--ends", self.ends.as_deref())?.unwrap_or(last);
        let activity = self.activity.to_lowercase();
        record(context, &order, |in_force, proposals| {
            let program = &in_force.program;
            let is_for =
                |fund: &&funds::Fund| fund.activities.is_empty() || fund.activities.contains(&activity);
            let request = NewFundRequest {
                fund: one_fund(program, self.fund.as_deref(), "pays for this activity", is_for)?,
                activity: &activity,
                what: self.what.as_deref(),
                starts,
                ends,
                cost_minor: amount(program.currency, "--cost", &self.cost)?,
                asked_minor: optional_amount(program.currency, "--ask", self.asked.as_ref())?,
                expected_minor: optional_amount(program.currency, "--expect", self.expect.as_ref())?,
                reference: self.reference.as_deref(),
            };
            proposals.each(|loaded| loaded.take(funds::request_funds(loaded.facts(), &request)?))
        })
    }
}

impl FundApproveArgs {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let order = self.which.order(context)?;
        let by = day_to_come(context, "--claim-by", self.claim_by.as_deref())?;
        record(context, &order, |in_force, proposals| {
            let wanted = optional_amount(in_force.program.currency, "--amount", self.amount.as_ref())?;
            let number = self.which.number;
            proposals.each(|loaded| loaded.take(funds::approve(loaded.facts(), number, wanted, by)?))
        })
    }
}

impl FundRejectArgs {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let reason = Reason { given: self.reason.as_deref(), question: "Reason for the rejection" };
        record_for_reason(context, &self.which.order(context)?, reason, |_, proposals, reason| {
            proposals.each(|loaded| loaded.take(funds::reject(loaded.facts(), self.which.number, reason)?))
        })
    }
}

impl FundClaimArgs {
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
                loaded.take(funds::claim(loaded.facts(), claimed)?)
            })
        })
    }
}

impl FundPayArgs {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let order = self.when.order(context, &self.numbers.0, no_claim)?;
        record(context, &order, |in_force, proposals| {
            let part = optional_amount(in_force.program.currency, "--amount", self.amount.as_ref())?;
            if part.is_some() && self.numbers.0.len() > 1 {
                return Err(Error::refused(FundRefusal::PartOfSeveral).into());
            }
            proposals.each(|loaded| {
                let pay = |number| funds::pay(loaded.facts(), number, part, self.reference.as_deref());
                let paid = loaded.numbers().into_iter().map(pay).collect::<Result<Vec<_>, Error>>()?;
                loaded.take_all(paid)
            })
        })
    }
}

impl FundCloseArgs {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        record(context, &self.which.order(context)?, |_, proposals| {
            let reason = self.reason.as_deref();
            proposals.each(|loaded| loaded.take(funds::close(loaded.facts(), self.which.number, reason)?))
        })
    }
}

impl FundTakeBackArgs {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let order = self.when.order(context, std::slice::from_ref(&self.number), no_grant)?;
        record(context, &order, |in_force, proposals| {
            let wanted = optional_amount(in_force.program.currency, "--amount", self.amount.as_ref())?;
            let (number, reason) = (self.number, self.reason.as_deref());
            proposals.each(|loaded| loaded.take(funds::take_back(loaded.facts(), number, wanted, reason)?))
        })
    }
}

impl FundExpireArgs {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let order = self.target.order(self.on.day(context)?);
        record(context, &order, |in_force, proposals| {
            let fund = one_fund(&in_force.program, self.fund.as_deref(), "is in the program", |_| true)?;
            let wanted = optional_amount(in_force.program.currency, "--amount", self.amount.as_ref())?;
            let reason = self.reason.as_deref();
            proposals.each(|loaded| loaded.take(funds::expire(loaded.facts(), fund, wanted, reason)?))
        })
    }
}

impl NumberedArgs {
    fn order(&self, context: &Context) -> anyhow::Result<Order<'_>> {
        self.when.order(context, std::slice::from_ref(&self.number), no_request_or_claim)
    }
}

impl DatedArgs {
    /// Returns the order for the partners that these events belong to.
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
    Error::refused(FundRefusal::NoRequestOrClaim { number })
}

fn no_grant(number: i64) -> Error {
    Error::refused(FundRefusal::NoGrant { number })
}

fn no_claim(number: i64) -> Error {
    Error::refused(FundRefusal::NoClaim { number })
}

impl FundShowArgs {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let report = self.view.read(context, &[], |view, frame| {
            let partner = partner_of(view, &self.partner.partner)?;
            Ok(fund_list::of_partner(&view.in_force.program, &partner, frame))
        })?;
        context.show(&report)?;
        Ok(Exit::Done)
    }
}

impl FundListArgs {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let report = self.view.read(context, &self.filter.conditions, |view, frame| {
            let needs = fund_list::needs();
            frame.segment.read(view, needs, |channel| Ok(fund_list::list(channel, frame, self.all)))
        })?;
        context.show(&report)?;
        Ok(Exit::Done)
    }
}
