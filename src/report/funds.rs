//! `report funds`: where the money of each fund is, what each kind of activity brought, and how long claims wait.

use std::collections::BTreeMap;

use crate::analysis::counts::{Counts, Spell};
use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::base::period::Every;
use crate::lifecycle::base::text::counted;
use crate::lifecycle::facts::Facts;
use crate::lifecycle::funds::{
    Balance, Books, ClaimOutcome, FundLedger, FundRequest, Funding, Movement, RequestState,
};
use crate::report::basis::Basis;
use crate::report::estimate::waiting::{Headings, Waiting, waiting_columns};
use crate::report::growth::ratio;
use crate::report::reading::{Channel, Line};
use crate::report::sheet::{Cell, Column, Figure, Report, Sheet, Table};
use crate::report::value::TypedTable;
use crate::store::{Damage, View, damaged};

/// So many days ahead it is said what ends.
pub(super) const SOON_DAYS: i64 = 90;
/// Revenue of so many days before and after an activity is set side by side.
const WINDOW_DAYS: i64 = 90;
const BY: [usize; 3] = [14, 30, 60];
const PAID: usize = 0;
const REJECTED: usize = 1;

/// The books of each line at the end of the view's day, where it has any.
///
/// # Errors
/// Where the file can't be read, or movements contradict each other.
pub(super) fn books_by_line<'c>(view: &View, channel: &'c Channel) -> anyhow::Result<Vec<(&'c Line, Books)>> {
    let mut found: Vec<(&Line, Books)> = Vec::new();
    let mut at = 0;
    let mut failed = None;
    view.each(|partner, movement: Movement| {
        while channel.lines.get(at).is_some_and(|line| line.id < partner) {
            at += 1;
        }
        let Some(line) = channel.lines.get(at).filter(|line| line.id == partner) else { return };
        if found.last().is_none_or(|(last, _)| last.id != line.id) {
            found.push((line, Books::default()));
        }
        let taken = found.last_mut().map(|(_, books)| books.take(&movement));
        if let Some(Err(why)) = taken {
            failed.get_or_insert(Damage::Books { event: movement.event, why: why.sentence() });
        }
    })?;
    if let Some(why) = failed {
        return Err(damaged(why).into());
    }
    Ok(found.into_iter().map(|(line, books)| (line, books.on(view.as_of))).collect())
}

/// Returns the whole report; the channel needs attributes and sales.
///
/// # Errors
/// Fails if the file can't be read.
pub(crate) fn report(view: &View, channel: &Channel, frame: &Basis, explain: bool) -> anyhow::Result<Report> {
    let books = books_by_line(view, channel)?;
    let explained = |text: &str| explain.then(|| text.to_owned());
    let requests = books.iter().flat_map(|(_, books)| books.requests());
    let waiting = requests.filter(|(_, request)| request.state == RequestState::Waiting).count();
    let note = format!("{} to be decided: `chanlife fund list`.", counted(waiting, "request"));
    Ok(frame
        .report("chanlife.funds/1", channel)
        .with_figures([
            Figure::for_machines("currency", channel.program.currency.code()),
            Figure::for_machines("requests_waiting", waiting),
        ])
        .with_tables([
            money_table(channel, &books).with_notes(explained(MONEY)),
            budget_sheet(channel, &books).into(),
            Table::from(activity_sheet(channel, &books)).with_notes(explained(ACTIVITIES)),
            payment_table(channel, &books).with_notes(explained(CLAIMS)),
        ])
        .with_notes((waiting > 0).then_some(note)))
}

const MONEY: &str = "Came in = available + set aside + claimed + paid + expired, always. Set aside: approved and not \
    claimed. Claimed: waits to be paid. Unused: the part of what came in that is available or expired.";
const ACTIVITIES: &str = "Pipeline is what partners reported with their claims, beside what they expected. Revenue is \
    that of the partner in the 90 days before an activity and in the 90 days after its end, only of activities of which \
    both are over; what came after need not have come of it.";
const CLAIMS: &str =
    "Days from claim to payment, open claims included (Aalen-Johansen, rejection as another end).";

/// The balance of a fund, and what of it ends soon.
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
        .column("came_in", format!("Came in ({})", currency.code()), move |row| money(of(row).balance.posted))
        .column("available", "Available", move |row| money(of(row).balance.available))
        .column("committed", "Set aside", move |row| money(of(row).balance.committed))
        .column("claimed", "Claimed", move |row| money(of(row).balance.claimed))
        .column("paid", "Paid", move |row| money(of(row).balance.paid))
        .column("expired", "Expired", move |row| money(of(row).balance.expired))
        .column("expiring_90d", "Ends in 90 d", move |row| money(of(row).expiring_minor))
}

/// A fund, how many partners have money of it, and where that is.
struct FundRow<'c> {
    fund: &'c str,
    partners: usize,
    all: FundBalance,
}

/// Where the money of each fund is.
fn money_table(channel: &Channel, books: &[(&Line, Books)]) -> Table {
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
    let rows: Vec<FundRow> =
        sums.into_iter().map(|(fund, (partners, all))| FundRow { fund, partners, all }).collect();
    let table = Table::of("rows", "Where the money is", &rows).column("fund", "Fund", |row| row.fund).column(
        "partners",
        "Partners",
        |row| row.partners,
    );
    balance_columns(table, channel.program.currency, |row| &row.all)
        .column("unused_share", "Unused", |row| {
            let Balance { available, expired, posted, .. } = row.all.balance;
            Cell::share(ratio(available + expired, posted))
        })
        .done()
        .empty("No money came in: `chanlife fund accrue` and `chanlife fund grant` bring it.")
}

/// What is granted of each budget, by fiscal year.
fn budget_sheet(channel: &Channel, books: &[(&Line, Books)]) -> Sheet {
    let currency = channel.program.currency;
    let columns = vec![
        Column::new("fund", "Fund"),
        Column::new("period", "Year"),
        Column::new("budget", format!("Budget ({})", currency.code())),
        Column::new("granted", "Granted"),
        Column::new("left", "Left"),
        Column::new("granted_share", "Granted of it"),
    ];
    let mut sheet = Sheet::new("budgets", "Budgets", columns).empty("No fund has a budget.");
    let year = channel.program.calendar.containing(channel.as_of, Every::Year).map(|year| year.to_string());
    for fund in &channel.program.funds {
        let Funding::Budget(budget) = &fund.funding else { continue };
        for (period, amount) in budget {
            let lots = books
                .iter()
                .filter_map(|(_, books)| books.ledger(&fund.key))
                .flat_map(|one: &FundLedger| &one.lots);
            let granted: i128 = lots
                .filter(|lot| lot.granted && lot.period == *period)
                .map(|lot| i128::from(lot.posted_minor))
                .sum();
            if granted == 0 && Some(period) != year.as_ref() {
                continue;
            }
            let amount = i128::from(*amount);
            let money = |minor: i128| Cell::ExactMoney(currency.money(minor));
            sheet.rows.push(vec![
                fund.key.as_str().into(),
                period.as_str().into(),
                money(amount),
                money(granted),
                money(amount - granted),
                Cell::share(ratio(granted, amount)),
            ]);
        }
    }
    if !channel.lines.is_empty() && !sheet.rows.is_empty() {
        sheet.notes.push("Granted is what the partners of this report have.".to_owned());
    }
    sheet
}

#[derive(Default)]
struct Brought {
    requests: usize,
    asked: i128,
    approved: i128,
    paid: i128,
    leads: i64,
    expected: i128,
    pipeline: i128,
    /// Activities whose days before and after are over.
    over: usize,
    before: i128,
    after: i128,
}

impl Brought {
    fn add(&mut self, channel: &Channel, line: &Line, request: &FundRequest) {
        self.requests += 1;
        self.asked += i128::from(request.asked_minor);
        let Some((_, approved)) = request.approved() else { return };
        self.approved += i128::from(approved);
        self.expected += i128::from(request.expected_minor.unwrap_or_default());
        let held =
            request.claims.iter().filter(|one| !matches!(one.outcome, Some(ClaimOutcome::Refused { .. })));
        for claim in held {
            if let Some(ClaimOutcome::Paid { .. }) = claim.outcome {
                self.paid += i128::from(claim.amount_minor);
            }
            self.leads += claim.leads.unwrap_or_default();
            self.pipeline += i128::from(claim.pipeline_minor.unwrap_or_default());
        }
        let (first, last) = (request.starts.plus(-WINDOW_DAYS), request.ends.plus(WINDOW_DAYS));
        if last <= channel.as_of {
            self.over += 1;
            let facts = channel.facts(line);
            self.before += facts.sold(first, request.starts.plus(-1));
            self.after += facts.sold(request.ends.plus(1), last);
        }
    }
}

/// What each kind of activity cost and brought.
fn activity_sheet(channel: &Channel, books: &[(&Line, Books)]) -> Sheet {
    let currency = channel.program.currency;
    let columns = vec![
        Column::new("activity", "Activity"),
        Column::new("requests", "Requests"),
        Column::new("asked", format!("Asked ({})", currency.code())),
        Column::new("approved", "Approved"),
        Column::new("paid", "Paid"),
        Column::new("leads", "Leads"),
        Column::new("expected_pipeline", "Expected pipeline"),
        Column::new("pipeline", "Pipeline"),
        Column::new("activities_over", "Over"),
        Column::new("revenue_90d_before", "Revenue 90 d before"),
        Column::new("revenue_90d_after", "90 d after"),
    ];
    let mut sheet =
        Sheet::new("activities", "What activities brought", columns).empty("Nothing was asked for.");
    let mut all: BTreeMap<&str, Brought> = BTreeMap::new();
    for (line, books) in books {
        for (_, request) in books.requests() {
            all.entry(&request.activity).or_default().add(channel, line, request);
        }
    }
    for (activity, brought) in all {
        let money = |minor: i128| Cell::Money(currency.money(minor));
        let over = |minor: i128| if brought.over > 0 { money(minor) } else { Cell::Missing };
        sheet.rows.push(vec![
            activity.into(),
            Cell::count(brought.requests),
            money(brought.asked),
            money(brought.approved),
            money(brought.paid),
            brought.leads.into(),
            money(brought.expected),
            money(brought.pipeline),
            Cell::count(brought.over),
            over(brought.before),
            over(brought.after),
        ]);
    }
    sheet
}

/// How long claims wait to be paid.
fn payment_table(channel: &Channel, books: &[(&Line, Books)]) -> Table {
    let headings =
        Headings { all: ("claims", "Claims"), came: ("paid", "Paid"), left: "Rejected", open: "To be paid" };
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
    let waits = all.iter().map(|(fund, counts)| (*fund, Waiting::of(counts, PAID, REJECTED, &BY)));
    let rows: Vec<(&str, Waiting)> = waits.collect();
    let table =
        Table::of("payment", "Days from claim to payment", &rows).column("fund", "Fund", |(fund, _)| *fund);
    waiting_columns(table, &headings, &BY, |(_, waiting)| waiting).done().empty("Nothing was claimed.")
}
