//! `revenue list`: what was reported, sale by sale.

use crate::lifecycle::program::Program;
use crate::lifecycle::revenue::Sale;
use crate::lifecycle::revenue::SaleDetail;
use crate::report::frame::Frame;
use crate::report::sheet::{Cell, Column, Figure, Report, Sheet};

/// A sale with the key of its partner.
pub type PartnerSale = (String, Sale);

/// The sales given, in order; people see the newest `limit`.
pub fn report(program: &Program, frame: &Frame, sales: &[PartnerSale], limit: Option<usize>) -> Report {
    let currency = program.currency;
    let columns = vec![
        Column::new("event", "Event"),
        Column::new("partner", "Partner"),
        Column::new("day", "Day"),
        Column::new("period", "Period").optional(),
        Column::new("amount", format!("Amount ({})", currency.code())),
        Column::for_machines("currency"),
        Column::new("reference", "Reference").optional(),
        Column::new("product", "Product").optional(),
        Column::new("quantity", "Quantity").optional(),
        Column::new("unit_price", "Unit price").optional(),
        Column::new("customer", "Customer").optional(),
        Column::for_machines("ship_to"),
        Column::new("deal", "Deal").optional(),
        Column::new("sold_in", "Sold in").optional(),
        Column::for_machines("sold_amount"),
        Column::new("rate", "Rate").optional(),
    ];
    let mut sheet = Sheet::new("rows", "", columns).empty("No revenue.");
    let hidden = sales.len() - limit.unwrap_or(sales.len()).min(sales.len());
    for (partner, sale) in &sales[hidden..] {
        let detail = sale.detail.as_deref().unwrap_or(&SaleDetail::NONE);
        sheet.rows.push(vec![
            sale.event.into(),
            partner.as_str().into(),
            sale.day.into(),
            sale.period.clone().into(),
            Cell::ExactMoney(currency.money(i128::from(sale.amount_minor))),
            currency.code().into(),
            sale.reference.clone().into(),
            detail.product.clone().into(),
            detail.quantity.clone().into(),
            detail.unit_price.clone().into(),
            detail.customer.clone().into(),
            detail.ship_to.clone().into(),
            detail.deal.clone().into(),
            detail.currency.clone().into(),
            detail.amount.clone().into(),
            detail.rate.clone().into(),
        ]);
    }
    let total: i128 = sales.iter().map(|(_, sale)| i128::from(sale.amount_minor)).sum();
    let mut all = vec![Cell::Missing; sheet.columns.len()];
    all[1] = "All".into();
    all[4] = Cell::ExactMoney(currency.money(total));
    sheet.total = Some(all);
    let notes = match hidden {
        0 => Vec::new(),
        count => vec![format!("{count} earlier; --limit 0 shows all")],
    };
    Report {
        schema: "chanlife.revenue/1",
        title: frame.title(&program.name),
        figures: vec![
            Figure::for_machines("as_of", frame.as_of),
            Figure::for_machines("known_on", frame.known_on),
            Figure::for_machines("where", Cell::List(frame.segment.typed.clone())),
            Figure::for_machines("total", currency.money(total)),
            Figure::for_machines("currency", currency.code()),
        ],
        tables: vec![sheet].into_iter().map(Into::into).collect(),
        notes,
    }
}
