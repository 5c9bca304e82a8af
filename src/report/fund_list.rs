//! `fund show` and `fund list`: fund balances of one partner, and requests and claims awaiting action.

use std::collections::BTreeMap;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::base::period::DayRange;
use crate::lifecycle::funds::ledger::{Lot, Overpayment};
use crate::lifecycle::funds::{
    Books, ClaimOutcome, FundClaim, FundRequest, InBooks, RequestState, claiming_step, decision_step,
};
use crate::lifecycle::partner::Partner;
use crate::lifecycle::program::Program;
use crate::report::basis::Basis;
use crate::report::funds::{FundBalance, SOON_DAYS, balance_columns, books_by_line};
use crate::report::reading::{Channel, Needs};
use crate::report::value::{Cell, Figure, Report, Table};
use crate::store::AttributesRow;
use crate::text::funds::status_in_words;
use crate::text::periods::of_period;
use crate::text::steps::command_line;

/// A request with its partner and fund.
struct RequestLine<'b> {
    partner: &'b str,
    name: Option<&'b str>,
    fund: &'b str,
    request: &'b FundRequest,
    next: Option<Step>,
    /// What the fund has no money for of what is not claimed.
    short_minor: Option<i64>,
}

impl<'b> RequestLine<'b> {
    /// Returns the line of a request; `short` is what funds have no money for, by number.
    fn of(
        (program, day): (&Program, Day),
        (name, at): (Option<&'b str>, InBooks<'b>),
        short: &BTreeMap<i64, i64>,
    ) -> RequestLine<'b> {
        let next = match at.request.state {
            RequestState::Waiting => Some(decision_step(program, day, at)),
            RequestState::Approved { .. } if at.request.open_minor() > 0 => {
                Some(claiming_step(at.partner.0, at.request, day))
            }
            RequestState::Approved { .. } | RequestState::Rejected { .. } | RequestState::Closed { .. } => {
                None
            }
        };
        let short_minor = short.get(&at.request.event).copied();
        RequestLine { partner: at.partner.0, name, fund: at.fund, request: at.request, next, short_minor }
    }
}

/// A claim with its partner and request.
struct ClaimLine<'b> {
    partner: &'b str,
    name: Option<&'b str>,
    request: &'b FundRequest,
    claim: &'b FundClaim,
    /// What the fund has no money for of what is to be paid.
    short_minor: Option<i64>,
}

/// Returns the funds of one partner as of the frame's day.
pub(crate) fn of_partner(program: &Program, partner: &Partner, frame: &Basis) -> Report {
    let books = partner.books.on(frame.as_of);
    let (currency, key, name) = (program.currency, partner.key.as_str(), Some(partner.name()));
    let at = |(fund, request)| InBooks { partner: (key, partner.has_left()), books: &books, fund, request };
    let short = books.not_covered();
    let requests: Vec<RequestLine> = books
        .requests()
        .map(|one| RequestLine::of((program, frame.as_of), (name, at(one)), &short))
        .collect();
    let claims: Vec<ClaimLine> = requests
        .iter()
        .flat_map(|one| one.request.claims.iter().map(|claim| (one.request, claim)))
        .map(|(request, claim)| {
            let short_minor = short.get(&claim.event).copied();
            ClaimLine { partner: key, name, request, claim, short_minor }
        })
        .collect();
    let request = Step::RequestFunds { partner: key.to_owned(), fund: None };
    let none = if partner.has_left() {
        "No requests.".to_owned()
    } else {
        format!("No requests yet: `{}`", command_line(&request))
    };
    Report::new("chanlife.fund/1", frame.title(partner.name()))
        .with_figures([
            Figure::for_machines("as_of", frame.as_of),
            Figure::for_machines("known_on", frame.known_on),
            Figure::for_machines("partner", key),
            Figure::for_machines("currency", currency.code()),
        ])
        .with_tables([
            balance_table(currency, &books, frame.as_of),
            credit_table(program, &books),
            request_table(currency, &requests).empty(none),
            claim_table(currency, &claims, frame.as_of).empty("No claims."),
        ])
}

fn balance_table(currency: Currency, books: &Books, day: Day) -> Table {
    let mut rows: Vec<(&str, FundBalance)> = Vec::new();
    for (fund, ledger) in books.ledgers() {
        let expiring_minor = ledger.expiring(day, day.plus(SOON_DAYS));
        rows.push((fund, FundBalance { balance: ledger.balance(), expiring_minor }));
    }
    let table = Table::of("rows", "Fund balances", &rows).column("fund", "Fund", |(fund, _)| *fund);
    balance_columns(table, currency, |(_, balance)| balance).done().empty("No credits yet.")
}

/// Money that came into a fund, or, below zero, what was taken back of it beyond what was left.
struct CreditLine<'b> {
    fund: &'b str,
    event: i64,
    day: Day,
    days: DayRange,
    is_granted: bool,
    posted_minor: i64,
    left_minor: i64,
    until: Option<Day>,
}

impl<'b> CreditLine<'b> {
    fn of_lot(fund: &'b str, lot: &'b Lot) -> CreditLine<'b> {
        CreditLine {
            fund,
            event: lot.event,
            day: lot.day,
            days: lot.days,
            is_granted: lot.granted,
            posted_minor: lot.posted_minor,
            left_minor: lot.left_minor,
            until: lot.until,
        }
    }

    fn of_overpayment(fund: &'b str, one: &'b Overpayment) -> CreditLine<'b> {
        CreditLine {
            fund,
            event: one.event,
            day: one.day,
            days: one.days,
            is_granted: false,
            posted_minor: -one.overpaid_minor,
            left_minor: -one.open_minor,
            until: None,
        }
    }
}

fn credit_table(program: &Program, books: &Books) -> Table {
    let currency = program.currency;
    let mut lines: Vec<CreditLine> = Vec::new();
    for (fund, ledger) in books.ledgers() {
        lines.extend(ledger.lots.iter().map(|lot| CreditLine::of_lot(fund, lot)));
        lines.extend(ledger.overpayments.iter().map(|one| CreditLine::of_overpayment(fund, one)));
    }
    lines.sort_by_key(|line| (line.fund, line.day, line.event));
    let money = |minor: i64| Cell::ExactMoney(currency.money(minor.into()));
    let of = |line: &CreditLine| program.calendar.named(line.days);
    let source = |line: &CreditLine| if line.is_granted { "budget" } else { "revenue" };
    Table::of("money_in", "Credits", &lines)
        .column("event", "No.", |line| line.event)
        .column("fund", "Fund", |line| line.fund)
        .column("day", "Day", |line| line.day)
        .machines("of", |line| format!("{} of {}", source(line), of(line)))
        .machines("of_first_day", |line| line.days.first)
        .machines("of_last_day", |line| line.days.last)
        .people("Source", |line| of_period(&of(line), source(line)))
        .column("amount", format!("Credited ({})", currency.code()), |line| money(line.posted_minor))
        .column("left", "Remaining", |line| money(line.left_minor))
        .column("until", "Expires", |line| line.until)
        .optional()
        .done()
        .empty("No credits yet.")
}

fn request_table(currency: Currency, rows: &[RequestLine]) -> Table {
    let money = |minor: i64| Cell::ExactMoney(currency.money(minor.into()));
    Table::of("requests", "Requests", rows)
        .column("request", "Request", |one| one.request.event)
        .column("partner", "Partner", |one| one.partner)
        .later_partner_name(|one| one.name)
        .column("fund", "Fund", |one| one.fund)
        .detail()
        .column("activity", "Activity", |one| &one.request.activity)
        .column("starts", "Starts", |one| one.request.starts)
        .column("ends", "Ends", |one| one.request.ends)
        .detail()
        .column("cost", format!("Cost ({})", currency.code()), |one| money(one.request.cost_minor))
        .detail()
        .column("asked", "Requested", |one| money(one.request.asked_minor))
        .headline()
        .machines("state", |one| one.request.state.word())
        .people("Status", |one| match &one.next {
            Some(Step::GrantFund { .. } | Step::AccrueFund { .. }) => "to approve, fund is empty",
            _ => status_in_words(one.request),
        })
        .column("approved", "Approved", |one| one.request.approved().map(|(_, minor)| money(minor)))
        .optional()
        .column("claim_by", "Claim by", |one| claim_by(one.request))
        .optional()
        .column("open", "Unclaimed", |one| claim_by(one.request).map(|_| money(one.request.open_minor())))
        .optional()
        .column("not_covered", "Not covered", |one| one.short_minor.map(money))
        .optional()
        .behind()
        .column("expected_pipeline", "Expected pipeline", |one| one.request.expected_minor.map(money))
        .optional()
        .detail()
        .column("reference", "Reference", |one| one.request.reference.as_deref())
        .optional()
        .detail()
        .column("command", "Next step", |one| one.next.clone())
        .optional()
        .done()
}

fn claim_by(request: &FundRequest) -> Option<Day> {
    match request.state {
        RequestState::Approved { claim_by, .. } => Some(claim_by),
        RequestState::Waiting | RequestState::Rejected { .. } | RequestState::Closed { .. } => None,
    }
}

fn claim_table(currency: Currency, rows: &[ClaimLine], day: Day) -> Table {
    let money = |minor: i64| Cell::ExactMoney(currency.money(minor.into()));
    let state = |claim: &FundClaim, open: &'static str| match claim.outcome {
        None => open,
        Some(ClaimOutcome::Paid { .. }) => "paid",
        Some(ClaimOutcome::Refused { .. }) => "rejected",
    };
    Table::of("claims", "Claims", rows)
        .column("claim", "Claim", |one| one.claim.event)
        .column("partner", "Partner", |one| one.partner)
        .later_partner_name(|one| one.name)
        .column("request", "Request", |one| one.request.event)
        .column("day", "Claimed", |one| one.claim.day)
        .column("amount", format!("Amount ({})", currency.code()), |one| money(one.claim.amount_minor))
        .headline()
        .column("proof", "Proof", |one| &one.claim.proof)
        .detail()
        .column("leads", "Leads", |one| one.claim.leads)
        .optional()
        .detail()
        .column("pipeline", "Pipeline", |one| one.claim.pipeline_minor.map(money))
        .optional()
        .detail()
        .column("paid", "Paid", |one| Some(one.claim.paid_minor()).filter(|minor| *minor > 0).map(money))
        .optional()
        .column("not_covered", "Not covered", |one| one.short_minor.map(money))
        .optional()
        .behind()
        .machines("state", |one| state(one.claim, "to be paid"))
        .people("Status", |one| {
            let open = if one.claim.paid_minor() > 0 { "rest awaiting payment" } else { "awaiting payment" };
            state(one.claim, open)
        })
        .column("settled_on", "Settled", |one| settled_on(one.claim))
        .optional()
        .column("days", "Days open", |one| {
            Cell::Days(settled_on(one.claim).unwrap_or(day).since(one.claim.day))
        })
        .column("command", "Next step", |one| {
            one.claim.outcome.is_none().then_some(Step::PayClaim { claim: one.claim.event })
        })
        .optional()
        .done()
}

fn settled_on(claim: &FundClaim) -> Option<Day> {
    match claim.outcome {
        None => None,
        Some(ClaimOutcome::Paid { on } | ClaimOutcome::Refused { on, .. }) => Some(on),
    }
}

/// Returns what the list reads.
pub(crate) fn needs() -> Needs {
    Needs::of::<AttributesRow>().and(Needs::of::<Books>())
}

/// Returns the requests and claims of a segment that await action, or all of them.
pub(crate) fn list(channel: &Channel, frame: &Basis, all: bool) -> Report {
    let currency = channel.program.currency;
    let (mut requests, mut claims) = (Vec::new(), Vec::new());
    for (line, books) in books_by_line(channel) {
        let (partner, name, short) = (line.key(), line.attribute("name"), books.not_covered());
        for (fund, request) in books.requests() {
            let at = InBooks { partner: (partner, line.left_as().is_some()), books, fund, request };
            let row = RequestLine::of((channel.program, frame.as_of), (name, at), &short);
            let open = request.claims.iter().filter(|claim| all || claim.outcome.is_none());
            claims.extend(open.map(|claim| {
                let short_minor = short.get(&claim.event).copied();
                ClaimLine { partner, name, request, claim, short_minor }
            }));
            if all || row.next.is_some() {
                requests.push(row);
            }
        }
    }
    frame
        .report("chanlife.fund-list/1", channel)
        .with_figures([Figure::for_machines("currency", currency.code())])
        .with_tables([
            request_table(currency, &requests).empty("No requests awaiting action."),
            claim_table(currency, &claims, frame.as_of).empty("No claims awaiting payment."),
        ])
}
