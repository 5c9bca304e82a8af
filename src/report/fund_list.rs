//! `fund show` and `fund list`: the money of one partner, and requests and claims that wait for somebody.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::funds::{Books, ClaimOutcome, FundClaim, FundRequest, RequestState};
use crate::lifecycle::partner::Partner;
use crate::lifecycle::program::Program;
use crate::report::channel::Channel;
use crate::report::frame::Frame;
use crate::report::funds::{SOON_DAYS, balance_cells, balance_columns, books_by_line};
use crate::report::sheet::{Cell, Column, Figure, Report, Sheet};
use crate::store::View;

/// The money of one partner as of the frame's day.
pub(crate) fn of_partner(program: &Program, partner: &Partner, frame: &Frame) -> Report {
    let books = partner.books.on(frame.as_of);
    let currency = program.currency;
    let mut requests = request_sheet(currency).empty(format!(
        "Nothing was asked for: `chanlife fund request {} ACTIVITY --cost AMOUNT --starts DATE`",
        partner.key
    ));
    let mut claims = claim_sheet(currency).empty("Nothing was claimed.");
    for (fund, request) in books.requests() {
        requests.rows.push(request_row(currency, &partner.key, fund, request));
        claims.rows.extend(
            request.claims.iter().map(|one| claim_row(currency, &partner.key, request, one, frame.as_of)),
        );
    }
    Report {
        schema: "chanlife.fund/1",
        title: frame.title(partner.name()),
        figures: vec![
            Figure::for_machines("as_of", frame.as_of),
            Figure::for_machines("known_on", frame.known_on),
            Figure::for_machines("partner", partner.key.as_str()),
            Figure::for_machines("currency", currency.code()),
        ],
        tables: vec![
            balance_sheet(currency, &books, frame.as_of),
            lot_sheet(currency, &books),
            requests,
            claims,
        ]
        .into_iter()
        .map(Into::into)
        .collect(),
        notes: Vec::new(),
    }
}

fn balance_sheet(currency: Currency, books: &Books, day: Day) -> Sheet {
    let mut columns = vec![Column::new("fund", "Fund")];
    columns.extend(balance_columns(currency));
    let mut sheet = Sheet::new("rows", "Funds", columns).empty("No money came in yet.");
    for (fund, ledger) in books.ledgers() {
        let mut row = vec![Cell::text(fund)];
        row.extend(balance_cells(currency, ledger.balance(), ledger.expiring(day, day.plus(SOON_DAYS))));
        sheet.rows.push(row);
    }
    sheet
}

fn lot_sheet(currency: Currency, books: &Books) -> Sheet {
    let columns = vec![
        Column::new("event", "Event"),
        Column::new("fund", "Fund"),
        Column::new("day", "Day"),
        Column::new("of", "Of"),
        Column::new("amount", format!("Came in ({})", currency.code())),
        Column::new("left", "Left"),
        Column::new("until", "Until").optional(),
    ];
    let mut sheet = Sheet::new("money_in", "What came in", columns).empty("No money came in yet.");
    for (fund, ledger) in books.ledgers() {
        for lot in &ledger.lots {
            let of = if lot.granted {
                format!("budget of {}", lot.period)
            } else {
                format!("revenue of {}", lot.period)
            };
            sheet.rows.push(vec![
                lot.event.into(),
                fund.into(),
                lot.day.into(),
                of.into(),
                Cell::ExactMoney(currency.money(lot.posted_minor.into())),
                Cell::ExactMoney(currency.money(lot.left_minor.into())),
                lot.until.into(),
            ]);
        }
    }
    sheet
}

fn request_sheet(currency: Currency) -> Sheet {
    let columns = vec![
        Column::new("request", "Request"),
        Column::new("partner", "Partner"),
        Column::new("fund", "Fund"),
        Column::new("activity", "Activity"),
        Column::new("starts", "Starts"),
        Column::new("ends", "Ends"),
        Column::new("cost", format!("Cost ({})", currency.code())),
        Column::new("asked", "Asked"),
        Column::new("state", "State"),
        Column::new("approved", "Approved").optional(),
        Column::new("claim_by", "Claim by").optional(),
        Column::new("open", "Left").optional(),
        Column::new("expected_pipeline", "Expected pipeline").optional(),
        Column::new("reference", "Reference").optional(),
        Column::new("command", "Next").optional(),
    ];
    Sheet::new("requests", "Requests", columns)
}

fn request_row(currency: Currency, key: &str, fund: &str, request: &FundRequest) -> Vec<Cell> {
    let money = |minor: i64| Cell::ExactMoney(currency.money(minor.into()));
    let number = request.event;
    let (claim_by, command) = match &request.state {
        RequestState::Waiting => (None, Some(format!("chanlife fund approve {number}"))),
        RequestState::Approved { claim_by, .. } if request.open_minor() > 0 => {
            (Some(*claim_by), Some(format!("chanlife fund claim {number} AMOUNT --proof PROOF")))
        }
        RequestState::Approved { claim_by, .. } => (Some(*claim_by), None),
        RequestState::Rejected { .. } | RequestState::Closed { .. } => (None, None),
    };
    vec![
        number.into(),
        key.into(),
        fund.into(),
        request.activity.as_str().into(),
        request.starts.into(),
        request.ends.into(),
        money(request.cost_minor),
        money(request.asked_minor),
        request.state.word().into(),
        request.approved().map_or(Cell::Missing, |(_, minor)| money(minor)),
        claim_by.into(),
        match claim_by {
            Some(_) => money(request.open_minor()),
            None => Cell::Missing,
        },
        request.expected_minor.map_or(Cell::Missing, money),
        request.reference.clone().into(),
        command.into(),
    ]
}

fn claim_sheet(currency: Currency) -> Sheet {
    let columns = vec![
        Column::new("claim", "Claim"),
        Column::new("partner", "Partner"),
        Column::new("request", "Request"),
        Column::new("day", "Claimed on"),
        Column::new("amount", format!("Amount ({})", currency.code())),
        Column::new("proof", "Proof"),
        Column::new("leads", "Leads").optional(),
        Column::new("pipeline", "Pipeline").optional(),
        Column::new("state", "State"),
        Column::new("settled_on", "On").optional(),
        Column::new("days", "Days"),
        Column::new("command", "Next").optional(),
    ];
    Sheet::new("claims", "Claims", columns)
}

fn claim_row(currency: Currency, key: &str, request: &FundRequest, claim: &FundClaim, day: Day) -> Vec<Cell> {
    let (state, settled, command) = match &claim.outcome {
        None => ("to be paid", None, Some(format!("chanlife fund pay {}", claim.event))),
        Some(ClaimOutcome::Paid { on }) => ("paid", Some(*on), None),
        Some(ClaimOutcome::Refused { on, .. }) => ("rejected", Some(*on), None),
    };
    vec![
        claim.event.into(),
        key.into(),
        request.event.into(),
        claim.day.into(),
        Cell::ExactMoney(currency.money(claim.amount_minor.into())),
        claim.proof.as_str().into(),
        claim.leads.into(),
        claim.pipeline_minor.map_or(Cell::Missing, |minor| Cell::ExactMoney(currency.money(minor.into()))),
        state.into(),
        settled.into(),
        Cell::Days(settled.unwrap_or(day).since(claim.day)),
        command.into(),
    ]
}

/// Requests and claims of a segment that wait for somebody, or all of them; the channel needs attributes.
///
/// # Errors
/// Where the file can't be read.
pub(crate) fn list(view: &View, channel: &Channel, frame: &Frame, all: bool) -> anyhow::Result<Report> {
    let currency = channel.program.currency;
    let (mut requests, mut claims) = (request_sheet(currency), claim_sheet(currency));
    for (line, books) in books_by_line(view, channel)? {
        for (fund, request) in books.requests() {
            let waits = match request.state {
                RequestState::Waiting => true,
                RequestState::Approved { .. } => request.open_minor() > 0,
                RequestState::Rejected { .. } | RequestState::Closed { .. } => false,
            };
            if all || waits {
                requests.rows.push(request_row(currency, line.key(), fund, request));
            }
            let open = request.claims.iter().filter(|claim| all || claim.outcome.is_none());
            claims
                .rows
                .extend(open.map(|claim| claim_row(currency, line.key(), request, claim, frame.as_of)));
        }
    }
    let mut figures = frame.figures(channel);
    figures.push(Figure::for_machines("currency", currency.code()));
    Ok(Report {
        schema: "chanlife.fund-list/1",
        title: frame.title(&channel.program.name),
        figures,
        tables: vec![requests.empty("No request waits."), claims.empty("No claim waits.")]
            .into_iter()
            .map(Into::into)
            .collect(),
        notes: Vec::new(),
    })
}
