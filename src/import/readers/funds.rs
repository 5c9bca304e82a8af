//! `import funds`: movements of funds. Requests are found by their reference, claims by their proof.

use crate::import::records::{NumberedEvents, RecordRow, RowContext};
use crate::import::sources::csv::SourceRow;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::{Every, Period};
use crate::lifecycle::base::text::listed;
use crate::lifecycle::event::Event;
use crate::lifecycle::funds::{
    Accrued, Approved, Claimed, Closed, Expired, Granted, Paid, Refused, Requested, TakenBack,
};
use crate::lifecycle::funds::{Fund, Funding, budget_on, last_claim_day};
use crate::text::periods::of_period;

/// A movement: one of its own, or a step of the request with a reference.
pub(super) enum FundMovementRow {
    Accrual(Accrued),
    Grant(Granted),
    /// Of the period of the row's day, which the row does not name.
    OfItsDay(Event),
    TakeBack {
        fund: String,
        period: Period,
        amount_minor: i64,
        reason: Option<String>,
    },
    Expiry(Expired),
    Request(Requested),
    Step {
        reference: String,
        step: RequestStep,
    },
}

/// What happens to a request or one of its claims.
pub(super) enum RequestStep {
    Approve {
        amount_minor: i64,
        /// Without one, as the fund says.
        claim_by: Option<Day>,
    },
    Reject {
        reason: String,
    },
    RejectClaim {
        proof: String,
        reason: String,
    },
    Claim {
        amount_minor: i64,
        proof: String,
        leads: Option<i64>,
        pipeline_minor: Option<i64>,
    },
    /// Without a proof it pays the oldest claim that is not settled; without an amount, all that is unpaid of it.
    Pay {
        proof: Option<String>,
        amount_minor: Option<i64>,
    },
    Close {
        reason: Option<String>,
    },
}

/// A row with what its cells are read with.
struct FundCells<'c> {
    row: &'c SourceRow<'c>,
    context: RowContext<'c>,
}

/// Reads a movement.
///
/// # Errors
/// Why the row is invalid.
pub(super) fn read(row: &SourceRow, context: RowContext) -> Result<FundMovementRow, String> {
    let cells = FundCells { row, context };
    let word = row.get("step").unwrap_or_default();
    let reference = row.name("ref")?;
    let step = match word {
        "accrue" | "grant" if row.get("period").is_none() => {
            let credit = if word == "grant" { cells.grant()?.into() } else { cells.accrual()?.into() };
            return Ok(FundMovementRow::OfItsDay(credit));
        }
        "accrue" => return Ok(FundMovementRow::Accrual(cells.accrual()?)),
        "grant" => return Ok(FundMovementRow::Grant(cells.grant()?)),
        "request" => return Ok(FundMovementRow::Request(cells.request(reference)?)),
        "approve" => cells.approval()?,
        "reject" => cells.rejection()?,
        "claim" => cells.claim()?,
        "take-back" => return cells.taking_back(),
        "expire" => return Ok(FundMovementRow::Expiry(cells.expiry()?)),
        "pay" => RequestStep::Pay { proof: row.name("proof")?, amount_minor: cells.amount("amount")? },
        "close" => RequestStep::Close { reason: row.prose("reason")? },
        other => {
            return Err(format!(
                "has the unknown step `{other}`, expected accrue, grant, take-back, expire, request, approve, reject, claim, pay or close"
            ));
        }
    };
    let reference = reference.ok_or_else(|| format!("has no ref of the request for `{word}`"))?;
    Ok(FundMovementRow::Step { reference, step })
}

impl FundCells<'_> {
    fn accrual(&self) -> Result<Accrued, String> {
        let (fund, period) = (self.fund()?, self.period(Every::Quarter)?);
        let until = self.row.day("until")?.or_else(|| fund.valid_days.map(|days| period.last.plus(days)));
        let amount_minor = self.amount("amount")?.ok_or("has no amount")?;
        let (fund, days, period) = (fund.key.clone(), Some(period.days()), period.to_string());
        Ok(Accrued { fund, period, days, amount_minor, until, percent: None, tier: None })
    }

    fn grant(&self) -> Result<Granted, String> {
        let fund = self.fund()?;
        let period = self.budget_year(fund)?;
        let until = self.row.day("until")?.or_else(|| fund.valid_days.map(|days| self.context.on.plus(days)));
        let (fund, days, period) = (fund.key.clone(), Some(period.days()), period.to_string());
        Ok(Granted { fund, period, days, amount_minor: self.wanted("amount")?, until })
    }

    fn taking_back(&self) -> Result<FundMovementRow, String> {
        let (period, fund) = (self.budget_year(self.fund()?)?, self.fund()?.key.clone());
        let (amount_minor, reason) = (self.wanted("amount")?, self.row.prose("reason")?);
        Ok(FundMovementRow::TakeBack { fund, period, amount_minor, reason })
    }

    fn expiry(&self) -> Result<Expired, String> {
        let (amount_minor, reason) = (self.wanted("amount")?, self.row.prose("reason")?);
        Ok(Expired { fund: self.fund()?.key.clone(), amount_minor, reason })
    }

    fn request(&self, reference: Option<String>) -> Result<Requested, String> {
        let reference = reference.ok_or("has no ref, which later rows need to refer to the request")?;
        let activity = self.row.name("activity")?.ok_or("has no activity")?.to_lowercase();
        let starts = self.row.day("starts")?.ok_or("has no start day")?;
        let ends = self.row.day("ends")?.unwrap_or(starts);
        if ends < starts {
            return Err(format!("ends on {ends}, before it starts on {starts}"));
        }
        Ok(Requested {
            fund: self.fund()?.key.clone(),
            activity,
            what: None,
            starts,
            ends,
            cost_minor: self.wanted("cost")?,
            asked_minor: self.wanted("amount")?,
            expected_minor: self.amount("expected")?,
            reference: Some(reference),
        })
    }

    fn approval(&self) -> Result<RequestStep, String> {
        let claim_by = self.row.day("until")?;
        Ok(RequestStep::Approve { amount_minor: self.wanted("amount")?, claim_by })
    }

    fn rejection(&self) -> Result<RequestStep, String> {
        let reason = self.row.prose("reason")?.ok_or("has no reason")?;
        Ok(match self.row.name("proof")? {
            None => RequestStep::Reject { reason },
            Some(proof) => RequestStep::RejectClaim { proof, reason },
        })
    }

    fn claim(&self) -> Result<RequestStep, String> {
        let proof = self.row.name("proof")?.ok_or("has no proof")?;
        let leads = self.row.get("leads").map(str::parse).transpose().ok();
        let leads = leads.filter(|leads| leads.is_none_or(|leads| (0..=1_000_000_000).contains(&leads)));
        let leads = leads.ok_or("has leads that are not a whole number from 0 to 1000000000")?;
        let (amount_minor, pipeline_minor) = (self.wanted("amount")?, self.amount("pipeline")?);
        Ok(RequestStep::Claim { amount_minor, proof, leads, pipeline_minor })
    }

    /// Reads an amount in minor units.
    fn amount(&self, field: &str) -> Result<Option<i64>, String> {
        Ok(self.row.get(field).map(|text| self.context.program.currency.parse(text)).transpose()?)
    }

    /// Reads a positive amount in minor units.
    fn wanted(&self, field: &str) -> Result<i64, String> {
        match self.amount(field)? {
            Some(minor) if minor > 0 => Ok(minor),
            Some(_) => Err(format!("{field} must be positive")),
            None => Err(format!("has no {field}")),
        }
    }

    fn fund(&self) -> Result<&Fund, String> {
        let program = self.context.program;
        let key = self.row.get("fund").ok_or("has no fund")?;
        program.fund(key).ok_or_else(|| {
            let keys: Vec<&str> = program.funds.iter().map(|one| one.key.as_str()).collect();
            format!("has the unknown fund `{key}`; the funds are {}", listed(&keys))
        })
    }

    /// Returns the period of the row, or else the one of its day.
    fn period(&self, every: Every) -> Result<Period, String> {
        let calendar = &self.context.program.calendar;
        let typed = self.row.get("period").map(|label| calendar.parse(label)).transpose()?;
        let period = typed.or_else(|| calendar.containing(self.context.on, every));
        let whole = period.as_ref().and_then(|period| calendar.containing(period.first, every));
        match period {
            Some(period) if Some(&period) == whole.as_ref() => Ok(period),
            Some(period) => {
                Err(format!("has the period {}, which is not a {}", period.with_days(), every.word()))
            }
            None => Err("has a day outside any period".to_owned()),
        }
    }

    /// Returns the year of a budget: the days of one that names them, or else a fiscal year; of a row without a period the one
    /// that money is granted from on its day.
    fn budget_year(&self, fund: &Fund) -> Result<Period, String> {
        let (calendar, on) = (self.context.program.calendar, self.context.on);
        let Funding::Budget(budget) = &fund.funding else { return self.period(Every::Year) };
        let named = match self.row.get("period") {
            None => budget_on(budget, calendar, on).map(|(_, days)| days),
            Some(typed) => {
                let days = calendar.parse(typed)?.days();
                budget.values().any(|one| one.days == Some(days)).then_some(days)
            }
        };
        named.map_or_else(|| self.period(Every::Year), |days| Ok(calendar.named(days)))
    }
}

impl RecordRow for FundMovementRow {
    fn add_to(self, day: Day, events: &mut NumberedEvents) -> Result<(), String> {
        let event = match self {
            FundMovementRow::Accrual(accrued) => accrued.into(),
            FundMovementRow::Grant(granted) => granted.into(),
            FundMovementRow::OfItsDay(credit) => known_of_day(events, day, &credit).unwrap_or(credit),
            FundMovementRow::Expiry(expired) => expired.into(),
            FundMovementRow::Request(requested) => requested.into(),
            FundMovementRow::TakeBack { fund, period, amount_minor, reason } => {
                let grant = grant_with(events, day, (&fund, &period), amount_minor);
                let grant = grant.ok_or_else(|| {
                    let budget = of_period(&period, "budget");
                    format!("no grant of {fund} from the {budget} with so much left to take back")
                })?;
                TakenBack { grant, amount_minor, reason }.into()
            }
            FundMovementRow::Step { reference, step } => step.event(day, &reference, events)?,
        };
        events.add(day, event);
        Ok(())
    }
}

impl RequestStep {
    /// Returns the event of the step, with the number of its request or claim.
    fn event(&self, day: Day, reference: &str, events: &NumberedEvents) -> Result<Event, String> {
        let request = request_with(events, reference)?;
        Ok(match self {
            RequestStep::Approve { amount_minor, claim_by } => {
                let claim_by =
                    claim_by.unwrap_or_else(|| default_claim_by(events, request, *amount_minor, day));
                Approved { request, amount_minor: *amount_minor, claim_by }.into()
            }
            RequestStep::Reject { reason } => Refused { what: request, reason: reason.clone() }.into(),
            RequestStep::RejectClaim { proof, reason } => {
                let what = claim_with(events, request, proof)
                    .ok_or_else(|| format!("claim not found: proof `{proof}`"))?;
                Refused { what, reason: reason.clone() }.into()
            }
            RequestStep::Claim { amount_minor, proof, leads, pipeline_minor } => Claimed {
                request,
                amount_minor: *amount_minor,
                proof: proof.clone(),
                leads: *leads,
                pipeline_minor: *pipeline_minor,
            }
            .into(),
            RequestStep::Pay { proof, amount_minor } => {
                let proof = proof.as_deref();
                if let Some(known) = paid_on(events, day, request, (proof, *amount_minor)) {
                    return Ok(known);
                }
                let claim = match proof {
                    Some(proof) => claim_with(events, request, proof),
                    None => oldest_unsettled(events, request),
                };
                let claim = claim.ok_or_else(|| format!("no unpaid claim found: ref `{reference}`"))?;
                let unpaid = unpaid_minor(events, claim);
                let amount_minor = amount_minor.filter(|amount| Some(*amount) != unpaid);
                Paid { claim, amount_minor, reference: None }.into()
            }
            RequestStep::Close { reason } => Closed { request, reason: reason.clone() }.into(),
        })
    }
}

/// Returns the last day for claims of a request that is approved on `day`: as it is recorded, or else as its fund says.
fn default_claim_by(events: &NumberedEvents, request: i64, amount_minor: i64, day: Day) -> Day {
    let recorded = events.unsaid_on(day).find_map(|one| match &one.event {
        Event::Approved(known) if (known.request, known.amount_minor) == (request, amount_minor) => {
            Some(known.claim_by)
        }
        _ => None,
    });
    if let Some(day) = recorded {
        return day;
    }
    let requested = events.all().find_map(|(number, event)| match event {
        Event::Requested(one) if number == request => Some(one),
        _ => None,
    });
    requested.map_or(day, |one| last_claim_day(&events.in_force.program, &one.fund, one.ends, day))
}

/// Finds the newest request with this reference.
fn request_with(events: &NumberedEvents, reference: &str) -> Result<i64, String> {
    let is_it =
        |event: &Event| matches!(event, Event::Requested(one) if one.reference.as_deref() == Some(reference));
    let found = events.all().rev().find(|(_, event)| is_it(event));
    found.map(|(number, _)| number).ok_or_else(|| format!("request not found: ref `{reference}`"))
}

fn claims<'e>(
    events: &'e NumberedEvents,
    request: i64,
) -> impl DoubleEndedIterator<Item = (i64, &'e Claimed)> {
    events.all().filter_map(move |(number, event)| match event {
        Event::Claimed(one) if one.request == request => Some((number, one)),
        _ => None,
    })
}

/// Finds the newest claim of a request with this proof.
fn claim_with(events: &NumberedEvents, request: i64, proof: &str) -> Option<i64> {
    claims(events, request).rev().find(|(_, one)| one.proof == proof).map(|(number, _)| number)
}

/// Returns what is unpaid of a claim, in minor units, if there is one; amounts count as they were recorded.
fn unpaid_minor(events: &NumberedEvents, claim: i64) -> Option<i64> {
    let claimed = events.all().find_map(|(number, event)| match event {
        Event::Claimed(one) if number == claim => Some(one.amount_minor),
        _ => None,
    })?;
    Some(claimed - parts_paid(events, claim))
}

/// Adds up the parts of a claim that were paid, without what settled it.
fn parts_paid(events: &NumberedEvents, claim: i64) -> i64 {
    let part = |event: &Event| match event {
        Event::Paid(one) if one.claim == claim => one.amount_minor,
        _ => None,
    };
    events.all().filter_map(|(_, event)| part(event)).sum()
}

/// Returns what is known of a day and says the same as a credit but for its period, which went by the fiscal year of then.
fn known_of_day(events: &NumberedEvents, day: Day, credit: &Event) -> Option<Event> {
    let is_same = |one: &Event| match (one, credit) {
        (Event::Granted(one), Event::Granted(credit)) => {
            *one == Granted { period: one.period.clone(), days: one.days, ..credit.clone() }
        }
        (Event::Accrued(one), Event::Accrued(credit)) => {
            let (period, days, until) = (one.period.clone(), one.days, one.until);
            *one == Accrued { period, days, until, ..credit.clone() }
        }
        _ => false,
    };
    events.unsaid_on(day).map(|one| &one.event).find(|one| is_same(one)).cloned()
}

/// Finds the newest grant of a fund for a fiscal year of which so much was not taken back; one whose taking back is known
/// already, if no row said it so far.
fn grant_with(
    events: &NumberedEvents,
    day: Day,
    (fund, year): (&str, &Period),
    amount_minor: i64,
) -> Option<i64> {
    // What was recorded before days were kept has its name only.
    let is_of = |one: &Granted| match one.days {
        Some(days) => days == year.days(),
        None => one.period == year.to_string(),
    };
    let grants: Vec<(i64, i64)> = events
        .all()
        .filter_map(|(number, event)| match event {
            Event::Granted(one) if one.fund == fund && is_of(one) => Some((number, one.amount_minor)),
            _ => None,
        })
        .collect();
    let is_one = |grant: i64| grants.iter().any(|(number, _)| *number == grant);
    let known = events.unsaid_on(day).find_map(|one| match &one.event {
        Event::TakenBack(taken) if taken.amount_minor == amount_minor && is_one(taken.grant) => {
            Some(taken.grant)
        }
        _ => None,
    });
    let left = |(number, granted): (i64, i64)| {
        let taken = events.all().filter_map(|(_, event)| match event {
            Event::TakenBack(one) if one.grant == number => Some(one.amount_minor),
            _ => None,
        });
        granted - taken.sum::<i64>()
    };
    known.or_else(|| {
        grants.iter().rev().find(|grant| left(**grant) >= amount_minor).map(|(number, _)| *number)
    })
}

fn oldest_unsettled(events: &NumberedEvents, request: i64) -> Option<i64> {
    let settled = |number: i64| {
        let refused = events.all().any(|(_, event)| match event {
            Event::Paid(one) => one.claim == number && one.amount_minor.is_none(),
            Event::Refused(one) => one.what == number,
            _ => false,
        });
        refused || unpaid_minor(events, number) == Some(0)
    };
    claims(events, request).map(|(number, _)| number).find(|number| !settled(*number))
}

/// Finds the payment of a claim of a request that is recorded for a day, of the amount if one is given, if no row said it yet.
fn paid_on(
    events: &NumberedEvents,
    day: Day,
    request: i64,
    (proof, amount_minor): (Option<&str>, Option<i64>),
) -> Option<Event> {
    let fits = |paid: &Paid| {
        let number = paid.claim;
        let claim = claims(events, request).find(|(one, _)| *one == number).map(|(_, claim)| claim);
        let proved = claim.is_some_and(|claim| proof.is_none_or(|proof| claim.proof == proof));
        let amount = paid.amount_minor.or_else(|| unpaid_minor(events, number));
        let is_same = amount_minor.is_none_or(|wanted| Some(wanted) == amount);
        events.is_known(number)
            && proved
            && is_same
            && (amount_minor.is_some() || paid.amount_minor.is_none())
    };
    events.unsaid_on(day).find_map(|one| match &one.event {
        Event::Paid(paid) if fits(paid) => Some(one.event.clone()),
        _ => None,
    })
}
