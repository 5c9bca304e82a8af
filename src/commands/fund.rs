//! Commands on co-op funds and MDF: accruals, grants, requests, approvals, claims and payments.

use clap::{Args, Subcommand};
use clap_complete::engine::ArgValueCompleter;

use crate::app::context::Context;
use crate::app::exit::{Exit, missing};
use crate::commands::completers::partner_keys;
use crate::commands::named::{find_fund, find_period, one_fund};
use crate::commands::options::{
    Bulk, DryRun, Numbers, OnDay, OnePartner, TargetArgs, amount, day_to_come, name, number, numbers,
    one_word, optional_amount, prose,
};
use crate::commands::order::{Order, Whom};
use crate::commands::reading::{ViewOptions, WhereOption, partner_of};
use crate::commands::record::{Reason, record, record_for_reason};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::period::{DayRange, Every, Period};
use crate::lifecycle::facts::PartnerFacts;
use crate::lifecycle::funds;
use crate::lifecycle::funds::{ClaimRequest, FundRefusal, Funding, NewFundRequest, NotPosted};
use crate::lifecycle::partner::Partner;
use crate::lifecycle::program::Program;
use crate::report::fund_list;
use crate::text::fund_accruals::{AccruedSum, accrued_in_all, not_accrued_in_all};
use crate::text::funds::{left_out_in_words, overpaid_in_words};

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
    Show(FundShowArgs),
    List(FundListArgs),
}

/// Credit a quarter's accrual to co-op funds; run it again after revenue changed to credit the difference
#[derive(Debug, Args)]
struct FundAccrueArgs {
    #[command(flatten)]
    target: TargetArgs,
    /// Quarter, such as 2026-Q3 [default: the last completed one, and all since the first that was accrued]
    #[arg(long, value_name = "QUARTER")]
    period: Option<String>,
    /// Fund [default: all that accrue]
    #[arg(long, value_name = "FUND")]
    fund: Option<String>,
    #[command(flatten)]
    on: OnDay,
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
            FundVerb::Show(verb) => verb.run(context),
            FundVerb::List(verb) => verb.run(context),
        }
    }
}

impl FundAccrueArgs {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let order = self.target.order(self.on.day(context)?);
        record(context, &order, |in_force, proposals| {
            let program = &in_force.program;
            let funds = self.accruing(program)?;
            let quarter = self.quarter(program, order.day)?;
            let is_bulk = self.target.partner.is_none();
            let (mut accrued, mut open) = (AccruedSum::default(), AccruedSum::default());
            proposals.each(|loaded| {
                let before = loaded.facts().partner.clone();
                let accruals = funds::accruals(loaded.facts(), &funds, quarter.as_ref())?;
                accrued.add(accruals.posted.iter().map(|one| i128::from(one.amount_minor)));
                let nothing = accruals.posted.is_empty();
                if is_bulk && accruals.is_nothing() {
                    open.add_unasked(&before, loaded.facts(), &funds);
                    return Ok(());
                }
                let decision = accruals.decision(loaded.facts());
                loaded.take(decision)?;
                if is_bulk && nothing {
                    open.add_unasked(&before, loaded.facts(), &funds);
                    return Ok(());
                }
                let sentences: Vec<String> = {
                    let after = loaded.facts();
                    let before = PartnerFacts { partner: &before, ..after };
                    let overpaid =
                        funds.iter().filter_map(|fund| overpaid_in_words(&fund.key, before, after));
                    let left_out = funds.iter().flat_map(|fund| {
                        let all = funds::left_out(before, after, fund).into_iter();
                        all.map(|one| left_out_in_words(&fund.key, after, &one))
                    });
                    overpaid.chain(left_out).collect()
                };
                for sentence in sentences {
                    loaded.add_note(sentence);
                }
                Ok(())
            })?;
            let amount = |sum: &AccruedSum| program.currency.amount(sum.minor);
            if is_bulk && accrued.partners > 1 {
                proposals.add_total(accrued_in_all(&accrued, amount(&accrued)));
            }
            let conditions = &self.target.bulk.conditions;
            if let Some(sentence) = not_accrued_in_all(&open, amount(&open), conditions) {
                proposals.add_total(sentence);
            }
            Ok(())
        })
    }

    /// Returns the fund that is named, or all that accrue.
    fn accruing<'p>(&self, program: &'p Program) -> Result<Vec<&'p funds::Fund>, Error> {
        let accrues = |fund: &&funds::Fund| matches!(fund.funding, Funding::Accrues(_));
        let named = self.fund.as_deref().map(|word| find_fund(program, word)).transpose()?;
        match (named, program.funds.iter().filter(accrues).collect::<Vec<_>>()) {
            (Some(fund), _) if accrues(&fund) => Ok(vec![fund]),
            (Some(fund), _) => {
                let key = &fund.key;
                Err(Error::usage(format!("`{key}` does not accrue: its money is granted from a budget"))
                    .hint(format!("grant money with `chanlife fund grant PARTNER AMOUNT --fund {key}`")))
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

impl AccruedSum {
    /// Adds what is posted to a partner.
    fn add(&mut self, posted: impl Iterator<Item = i128>) {
        let posted: Vec<i128> = posted.collect();
        self.partners += usize::from(!posted.is_empty());
        self.minor += posted.iter().sum::<i128>();
    }

    /// Adds what has never accrued to a partner.
    fn add_unasked(&mut self, before: &Partner, after: PartnerFacts, funds: &[&funds::Fund]) {
        let before = PartnerFacts { partner: before, ..after };
        let left_out: Vec<NotPosted> =
            funds.iter().flat_map(|fund| funds::left_out(before, after, fund)).collect();
        self.add(left_out.iter().filter_map(|one| match one {
            NotPosted::LeftOut { amount, .. } => Some(amount.money.minor),
            NotPosted::NoPercent { .. } | NotPosted::Expired { .. } => None,
        }));
        let begins = left_out.into_iter().filter_map(|one| match one {
            NotPosted::LeftOut { begin, .. } => begin,
            NotPosted::NoPercent { .. } | NotPosted::Expired { .. } => None,
        });
        self.begin = self.begin.take().into_iter().chain(begins).min_by_key(|period| period.first);
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
