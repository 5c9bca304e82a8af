//! `fund accrue`: what the revenue of quarters brings to co-op funds.

use clap::Args;

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::named::{find_fund, find_period};
use crate::commands::options::{OnDay, TargetArgs};
use crate::commands::proposals::LoadedPartner;
use crate::commands::record::record;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::period::{Every, Period};
use crate::lifecycle::event::Event;
use crate::lifecycle::facts::PartnerFacts;
use crate::lifecycle::funds;
use crate::lifecycle::funds::{Fund, Funding, NotPosted};
use crate::lifecycle::partner::Partner;
use crate::lifecycle::program::Program;
use crate::text::fund_accruals::{
    AccruedSum, accrued_in_all, accrues_otherwise, left_out_in_words, not_accrued_in_all, overpaid_in_words,
};

/// Credit a quarter's accrual to co-op funds; run it again after revenue changed to credit the difference
#[derive(Debug, Args)]
pub(super) struct FundAccrueArgs {
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

impl FundAccrueArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub(super) fn run(self, context: &Context) -> anyhow::Result<Exit> {
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
                let decision = accruals.decision(loaded.facts(), quarter.as_ref());
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
    fn accruing<'p>(&self, program: &'p Program) -> Result<Vec<&'p Fund>, Error> {
        let accrues = |fund: &&Fund| matches!(fund.funding, Funding::Accrues(_));
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
    fn add_unasked(&mut self, before: &Partner, after: PartnerFacts, funds: &[&Fund]) {
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

/// Returns what is to be posted on a day to funds that accrue, in minor units; nothing while none has accrued.
pub(super) fn to_accrue(loaded: &LoadedPartner, today: Day) -> i128 {
    let facts = PartnerFacts { partner: loaded.latest(), day: today, ..loaded.facts() };
    if !facts.partner.movements.iter().any(|one| matches!(one.what, Event::Accrued(_))) {
        return 0;
    }
    let accrues = |fund: &&Fund| matches!(fund.funding, Funding::Accrues(_));
    let funds: Vec<&Fund> = facts.program.funds.iter().filter(accrues).collect();
    let posted = funds::accruals(facts, &funds, None).map(|all| all.posted).unwrap_or_default();
    posted.iter().map(|one| i128::from(one.amount_minor)).sum()
}

/// Says what a change of what was sold changes of what is to be posted to funds; nothing if it changes nothing.
pub(super) fn note_accruals(loaded: &LoadedPartner, today: Day, before: i128) -> Option<String> {
    let (facts, now) = (loaded.facts(), to_accrue(loaded, today));
    (now != before).then(|| accrues_otherwise(facts.amount(now), &facts.partner.key))
}
