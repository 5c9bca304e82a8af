//! `revenue list`: reported revenue, sale by sale.

use crate::lifecycle::base::money::{Currency, Money};
use crate::lifecycle::base::period::Calendar;
use crate::lifecycle::program::Program;
use crate::lifecycle::revenue::Sale;
use crate::lifecycle::revenue::{SaleDetail, SaleTies};
use crate::report::basis::Basis;
use crate::report::value::{Cell, Figure, Report, Table};

/// A sale of the list, with the key of its partner.
pub(crate) struct ListedSale {
    pub partner: String,
    pub sale: Sale,
    /// The key of a partner below that reports it too and for which sums count it, if there is one.
    pub counted_for: Option<String>,
    /// The product and the customer for which it counts: of a return those of its sale, if it names none.
    pub product: Option<String>,
    pub customer: Option<String>,
    /// Of a report that nothing was sold: the event that says otherwise of its days.
    pub gave_way_to: Option<i64>,
}

/// A row of the list: a sale, or the total.
struct SaleLine<'s> {
    partner: &'s str,
    sale: Option<&'s Sale>,
    amount: Money,
    currency: &'s str,
    listed: Option<&'s ListedSale>,
}

impl SaleLine<'_> {
    fn ties(&self) -> Option<&SaleTies> {
        self.sale?.ties.as_deref()
    }

    fn detail(&self) -> &SaleDetail {
        self.sale.and_then(|sale| sale.detail.as_deref()).unwrap_or(&SaleDetail::NONE)
    }
}

/// Returns the sales given, in order; people see the newest `limit`. `total` is their sum over partners, in minor units.
pub(crate) fn report(
    program: &Program,
    frame: &Basis,
    (sales, total): (&[ListedSale], i128),
    limit: Option<usize>,
) -> Report {
    let currency = program.currency;
    let hidden = sales.len() - limit.unwrap_or(sales.len()).min(sales.len());
    let lines = sales[hidden..].iter().map(|one| SaleLine {
        partner: &one.partner,
        sale: Some(&one.sale),
        amount: currency.money(i128::from(one.sale.amount_minor)),
        currency: currency.code(),
        listed: Some(one),
    });
    let lines: Vec<SaleLine> = lines.collect();
    let all =
        SaleLine { partner: "Total", sale: None, amount: currency.money(total), currency: "", listed: None };
    let earlier = (hidden > 0).then(|| format!("{hidden} earlier sales hidden; --limit 0 shows all"));
    Report::new("chanlife.revenue/1", frame.title(&program.name))
        .with_figures([
            Figure::for_machines("as_of", frame.as_of),
            Figure::for_machines("known_on", frame.known_on),
            Figure::for_machines("where", Cell::List(frame.segment.typed.clone())),
            Figure::for_machines("total", currency.money(total)),
            Figure::for_machines("currency", currency.code()),
        ])
        .with_tables([table(program.calendar, currency, &lines, &all)])
        .with_notes(earlier)
}

fn table(calendar: Calendar, currency: Currency, lines: &[SaleLine], all: &SaleLine) -> Table {
    Table::summed("rows", "", lines, Some(all))
        .column("event", "No.", |one| one.sale.map(|sale| sale.event))
        .column("partner", "Partner", |one| one.partner)
        .column("day", "Day", |one| one.sale.map(|sale| sale.day))
        .column("period", "Period", |one| {
            one.sale.and_then(|sale| sale.period).map(|days| calendar.named(days).to_string())
        })
        .optional()
        .period_days("period", |one| one.sale.and_then(|sale| sale.period).map(|days| calendar.named(days)))
        .column("amount", format!("Amount ({})", currency.code()), |one| Cell::ExactMoney(one.amount))
        .machines("currency", |one| one.currency)
        .column("reference", "Reference", |one| one.sale.and_then(|sale| sale.reference.as_deref()))
        .optional()
        .column("product", "Product", |one| one.listed?.product.as_deref())
        .optional()
        .column("quantity", "Quantity", |one| one.detail().quantity.as_deref())
        .optional()
        .column("unit_price", "Unit price", |one| one.detail().unit_price.as_deref())
        .optional()
        .column("customer", "Customer", |one| one.listed?.customer.as_deref())
        .optional()
        .machines("ship_to", |one| one.detail().ship_to.as_deref())
        .machines("list_amount", |one| one.detail().list_amount.as_deref())
        .column("returns", "Returns", |one| one.detail().returns.as_deref())
        .optional()
        .column("deal", "Deal", |one| one.detail().deal.as_deref())
        .optional()
        .column("sold_in", "Sale currency", |one| one.detail().currency.as_deref())
        .optional()
        .machines("sold_amount", |one| one.detail().amount.as_deref())
        .column("rate", "Exchange rate", |one| one.detail().rate.as_deref())
        .optional()
        .column("reported", format!("Reported ({})", currency.code()), |one| {
            let sale = one.sale.filter(|sale| sale.parts_minor != 0)?;
            Some(Cell::ExactMoney(currency.money(i128::from(sale.reported_minor()))))
        })
        .optional()
        .column("part_of", "Part of", |one| one.ties()?.part_of)
        .optional()
        .column("replaces", "Replaces", |one| {
            let replaces = &one.ties()?.replaces;
            (!replaces.is_empty()).then(|| Cell::List(replaces.iter().map(ToString::to_string).collect()))
        })
        .optional()
        .machines("beside", |one| one.ties().map(|ties| ties.beside))
        .machines("counted", |one| match one.listed {
            Some(ListedSale { counted_for: Some(_), .. }) => Cell::ExactMoney(currency.money(0)),
            _ => Cell::ExactMoney(one.amount),
        })
        .column("also_reported_by", "Also reported by", |one| one.listed?.counted_for.as_deref())
        .optional()
        .column("gave_way_to", "Gave way to", |one| one.listed?.gave_way_to)
        .optional()
        .behind()
        .done()
        .empty("No revenue recorded.")
}
