//! `report funds`: fund balances, budgets, results by activity, and time from claim to payment.

use std::collections::BTreeMap;

use clap::Args;

use crate::analysis::counts::{Counts, Spell};
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::base::period::DayRange;
use crate::lifecycle::base::text::counted;
use crate::lifecycle::funds::{Balance, Books, ClaimOutcome, FundRequest, Funding, RequestState, budget_of};
use crate::report::basis::Basis;
use crate::report::estimate::waiting::{Headings, Waiting, waiting_columns};
use crate::report::named::{NamedReport, ReportRequest};
use crate::report::reading::{Channel, Line, Needs};
use crate::report::value::ratio;
use crate::report::value::{Cell, Figure, Report, Table, TypedTable};
use crate::store::{AttributesRow, View};
use crate::text::periods::days_in_words;
use crate::text::reports::{NO_CREDITS, requests_awaiting_approval};

/// Credits that expire within this many days are listed.
pub(super) const SOON_DAYS: i64 = 90;
/// Revenue is compared over this many days before and after an activity.
const WINDOW_DAYS: i64 = 90;

#[derive(Debug, Args)]
pub(crate) struct FundsReport {}

impl NamedReport for FundsReport {
    fn explanation(&self) -> &'static str {
        include_str!("../text/explain/funds.txt")
    }

    fn needs(&self, _: &View) -> anyhow::Result<Needs> {
        Ok(Needs::ALL_SALES.and(Needs::of::<AttributesRow>()).and(Needs::of::<Books>()))
    }

    fn report(&self, asked: &ReportRequest) -> anyhow::Result<Report> {
        Ok(report(asked.channel, asked.basis))
    }
}

const BY: [usize; 3] = [14, 30, 60];
const PAID: usize = 0;
const REJECTED: usize = 1;

/// Returns the fund ledgers of each partner that has any.
pub(super) fn books_by_line<'c>(channel: &'c Channel) -> Vec<(&'c Line, &'c Books)> {
    channel.lines.iter().filter_map(|line| Some((line, line.records().first()?))).collect()
}

/// Returns the whole report.
fn report(channel: &Channel, frame: &Basis) -> Report {
    let books = books_by_line(channel);
    let requests = books.iter().flat_map(|(_, books)| books.requests());
    let waiting = requests.filter(|(_, request)| request.state == RequestState::Waiting).count();
    let note = requests_awaiting_approval(&counted(waiting, "request"));
    frame
        .report("chanlife.funds/1", channel)
        .with_figures([
            Figure::for_machines("currency", channel.program.currency.code()),
            Figure::for_machines("requests_waiting", waiting),
        ])
        .with_tables([
            balance_table(channel, &books),
            budget_table(channel, &books),
            activity_table(channel, &books),
            payment_table(channel, &books),
        ])
        .with_notes((waiting > 0).then_some(note))
}

/// The balance of a fund, and what of it expires soon.
#[derive(Clone, Copy, Default)]
pub(super) struct FundBalance {
    pub balance: Balance,
    pub expiring_minor: i128,
}

/// Adds the columns on a balance, which `of` finds in a row.
pub(super) fn balance_columns<'r, R>(
    table: TypedTable<'r, R>,
    currency: Currency,
    of: impl Fn(&'r R) -> &'r FundBalance + Copy,
) -> TypedTable<'r, R> {
    let money = move |minor: i128| Cell::ExactMoney(currency.money(minor));
    table
        .column("came_in", format!("Credited ({})", currency.code()), move |row| {
            money(of(row).balance.posted)
        })
        .column("available", "Available", move |row| money(of(row).balance.available))
        .column("committed", "Committed", move |row| money(of(row).balance.committed))
        .column("claimed", "Claimed, unpaid", move |row| money(of(row).balance.claimed))
        .column("paid", "Paid", move |row| money(of(row).balance.paid))
        .column("expired", "Expired", move |row| money(of(row).balance.expired))
        .machines("overpaid", move |row| money(of(row).balance.overpaid))
        .people("Overpaid", move |row| Some(of(row).balance.overpaid).filter(|minor| *minor > 0).map(money))
        .optional()
        .people("Not covered", move |row| {
            Some(of(row).balance.not_covered).filter(|minor| *minor > 0).map(money)
        })
        .optional()
        .column("expiring_90d", "Expiring in 90 d", move |row| money(of(row).expiring_minor))
        .machines("not_covered", move |row| money(of(row).balance.not_covered))
        .behind()
}

/// A fund, the number of partners with credits, and their balance.
struct FundSummary<'c> {
    fund: &'c str,
    partners: usize,
    all: FundBalance,
}

/// Returns the balance of each fund.
fn balance_table(channel: &Channel, books: &[(&Line, &Books)]) -> Table {
    let mut sums: BTreeMap<&str, (usize, FundBalance)> = BTreeMap::new();
    for fund in &channel.program.funds {
        sums.entry(&fund.key).or_default();
    }
    for (fund, ledger) in books.iter().flat_map(|(_, books)| books.ledgers()) {
        let (partners, all) = sums.entry(fund).or_default();
        *partners += 1;
        all.balance = all.balance.and(ledger.balance());
        all.expiring_minor += ledger.expiring(channel.as_of, channel.as_of.plus(SOON_DAYS));
    }
    let rows: Vec<FundSummary> =
        sums.into_iter().map(|(fund, (partners, all))| FundSummary { fund, partners, all }).collect();
    let table = Table::of("rows", "Fund balances", &rows).column("fund", "Fund", |row| row.fund).column(
        "partners",
        "Partners",
        |row| row.partners,
    );
    balance_columns(table, channel.program.currency, |row| &row.all)
        .column("unused_share", "Unspent", |row| {
            let Balance { available, expired, posted, .. } = row.all.balance;
            Cell::share(ratio(available + expired, posted))
        })
        .done()
        .empty(NO_CREDITS)
}

/// The budget of a fund for a fiscal year, and what was granted from it.
struct BudgetRow<'c> {
    fund: &'c str,
    year: &'c str,
    days: Option<DayRange>,
    budget_minor: i128,
    granted_minor: i128,
}

/// Returns the budgets of the current fiscal year, and earlier ones with grants.
fn budget_table(channel: &Channel, books: &[(&Line, &Books)]) -> Table {
    let currency = channel.program.currency;
    let calendar = channel.program.calendar;
    let mut rows: Vec<BudgetRow> = Vec::new();
    for fund in &channel.program.funds {
        let Funding::Budget(budget) = &fund.funding else { continue };
        let ledgers = books.iter().filter_map(|(_, books)| books.ledger(&fund.key));
        let mut granted: BTreeMap<&str, i128> = BTreeMap::new();
        for lot in ledgers.flat_map(|ledger| &ledger.lots).filter(|lot| lot.granted) {
            if let Some((year, _)) = budget_of(budget, calendar, (&lot.called, Some(lot.days))) {
                *granted.entry(year).or_default() += i128::from(lot.posted_minor);
            }
        }
        for (year, one) in budget {
            let granted_minor = granted.get(year.as_str()).copied().unwrap_or(0);
            let days = one.days(calendar, year);
            let is_current = days.is_some_and(|days| days.contains(channel.as_of));
            if granted_minor != 0 || is_current {
                let budget_minor = i128::from(one.amount_minor);
                rows.push(BudgetRow { fund: &fund.key, year, days, budget_minor, granted_minor });
            }
        }
    }
    let money = |minor: i128| Cell::ExactMoney(currency.money(minor));
    let note = (!channel.lines.is_empty() && !rows.is_empty())
        .then(|| "Granted counts only the partners of this report.".to_owned());
    Table::of("budgets", "Budgets", &rows)
        .column("fund", "Fund", |row| row.fund)
        .machines("period", |row| {
            row.days.map_or_else(|| row.year.to_owned(), |days| calendar.named(days).to_string())
        })
        .people("Fiscal year", |row| match row.days.map(|days| calendar.named(days)) {
            Some(other) if other.is_unnamed() => days_in_words(other.days()),
            Some(year) => year.to_string(),
            None => row.year.to_owned(),
        })
        .period_days("period", |row| row.days.map(|days| calendar.named(days)))
        .column("budget", format!("Budget ({})", currency.code()), |row| money(row.budget_minor))
        .column("granted", "Granted", |row| money(row.granted_minor))
        .column("left", "Remaining", |row| money(row.budget_minor - row.granted_minor))
        .column("granted_share", "Share granted", |row| {
            Cell::share(ratio(row.granted_minor, row.budget_minor))
        })
        .done()
        .empty("No fund has a budget.")
        .with_notes(note)
}

/// The costs and results of one kind of activity.
#[derive(Default)]
struct ActivityResults {
    requests: usize,
    requested: i128,
    approved: i128,
    paid: i128,
    leads: Option<i64>,
    expected: Option<i128>,
    pipeline: Option<i128>,
    /// Activities whose 90 days before and after are over.
    completed: usize,
    before: i128,
    after: i128,
}

impl ActivityResults {
    fn add(&mut self, channel: &Channel, line: &Line, request: &FundRequest) {
        self.requests += 1;
        self.requested += i128::from(request.asked_minor);
        let Some((_, approved)) = request.approved() else { return };
        self.approved += i128::from(approved);
        self.expected = sum(self.expected, request.expected_minor.map(i128::from));
        for claim in request.claims.iter().filter(|one| one.valid_minor() > 0) {
            self.paid += i128::from(claim.paid_minor());
            self.leads = sum(self.leads, claim.leads);
            self.pipeline = sum(self.pipeline, claim.pipeline_minor.map(i128::from));
        }
        let (first, last) = (request.starts.plus(-WINDOW_DAYS), request.ends.plus(WINDOW_DAYS));
        if last <= channel.as_of {
            self.completed += 1;
            self.before += channel.sold_once(line, first, request.starts.plus(-1));
            self.after += channel.sold_once(line, request.ends.plus(1), last);
        }
    }
}

/// Adds a figure that may not be given; nothing if none is.
fn sum<N: std::ops::Add<Output = N>>(so_far: Option<N>, given: Option<N>) -> Option<N> {
    match (so_far, given) {
        (Some(so_far), Some(given)) => Some(so_far + given),
        (so_far, given) => so_far.or(given),
    }
}

/// Returns the costs and results of each kind of activity.
fn activity_table(channel: &Channel, books: &[(&Line, &Books)]) -> Table {
    let currency = channel.program.currency;
    let mut all: BTreeMap<&str, ActivityResults> = BTreeMap::new();
    for (line, books) in books {
        for (_, request) in books.requests() {
            all.entry(&request.activity).or_default().add(channel, line, request);
        }
    }
    let rows: Vec<(&str, ActivityResults)> = all.into_iter().collect();
    let money = |minor: i128| Cell::Money(currency.money(minor));
    let once_completed =
        |of: &ActivityResults, minor: i128| (of.completed > 0).then(|| currency.money(minor));
    Table::of("activities", "Results by activity", &rows)
        .column("activity", "Activity", |(activity, _)| *activity)
        .column("requests", "Requests", |(_, of)| of.requests)
        .column("asked", format!("Requested ({})", currency.code()), |(_, of)| money(of.requested))
        .column("approved", "Approved", |(_, of)| money(of.approved))
        .column("paid", "Paid", |(_, of)| money(of.paid))
        .machines("leads", |(_, of)| of.leads.unwrap_or_default())
        .people("Leads", |(_, of)| of.leads)
        .machines("expected_pipeline", |(_, of)| money(of.expected.unwrap_or_default()))
        .people("Expected pipeline", |(_, of)| of.expected.map(money))
        .machines("pipeline", |(_, of)| money(of.pipeline.unwrap_or_default()))
        .people("Reported pipeline", |(_, of)| of.pipeline.map(money))
        .column("activities_over", "Completed", |(_, of)| of.completed)
        .column("revenue_90d_before", "Revenue 90 d before", |(_, of)| once_completed(of, of.before))
        .column("revenue_90d_after", "Revenue 90 d after", |(_, of)| once_completed(of, of.after))
        .done()
        .empty("No requests.")
}

/// Returns the time from claim to payment.
fn payment_table(channel: &Channel, books: &[(&Line, &Books)]) -> Table {
    let headings = Headings {
        all: ("claims", "Claims"),
        came: ("paid", "Paid"),
        left: "Rejected",
        open: "Awaiting payment",
    };
    let mut all: BTreeMap<&str, Counts> = BTreeMap::new();
    for (fund, request) in books.iter().flat_map(|(_, books)| books.requests()) {
        for claim in &request.claims {
            let (day, exit) = match &claim.outcome {
                None => (channel.as_of, None),
                Some(ClaimOutcome::Paid { on }) => (*on, Some(PAID)),
                Some(ClaimOutcome::Refused { on, .. }) => (*on, Some(REJECTED)),
            };
            let spell = Spell { since: 0, days: day.since(claim.day), exit };
            all.entry(fund).or_insert_with(|| Counts::new(2)).add(spell, 1);
        }
    }
    let waiting = all.iter().map(|(fund, counts)| (*fund, Waiting::of(counts, PAID, REJECTED, &BY)));
    let rows: Vec<(&str, Waiting)> = waiting.collect();
    let table =
        Table::of("payment", "Time from claim to payment", &rows).column("fund", "Fund", |(fund, _)| *fund);
    waiting_columns(table, &headings, &BY, |(_, waiting)| waiting).done().empty("No claims.")
}
