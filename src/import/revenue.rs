//! `import revenue`: one row per sale or report, partner, day or period, and amount.

use crate::lifecycle::base::error::Error;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use crate::import::named_partners::{NamedPartners, Resolved};
use crate::import::rejects::{Rejects, contradiction};
use crate::import::rows_by_partner::{Incoming, RowsByPartner};
use crate::import::runner::{NO_PARTNER, OfPartner, Runner, Taken};
use crate::import::sources::csv::{Columns, Fields, SourceRow, SourceTable};
use crate::import::{ImportSource, Imported};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::text::counted;
use crate::lifecycle::event::{Event, Recorded};
use crate::lifecycle::program::Program;
use crate::lifecycle::revenue::Sale;
use crate::lifecycle::revenue::TypedSale;
use crate::lifecycle::revenue::{SaleDetail, Sold};
use crate::report::import::Counts;
use crate::store::{Importer, Keep, Stamp, Store};

const REQUIRED: [&str; 1] = ["partner"];
const OPTIONAL: [&str; 12] = [
    "on",
    "amount",
    "quantity",
    "unit-price",
    "currency",
    "rate",
    "period",
    "ref",
    "product",
    "customer",
    "ship-to",
    "deal",
];

/// Headers of sell-through reports, as many vendors ask for them, and the fields that they stand for.
const SYNONYMS: [(&str, &str); 6] = [
    ("productIdentifier", "product"),
    ("quantitySold", "quantity"),
    ("salesDate", "on"),
    ("customerIdentifier", "customer"),
    ("shipToLocation", "ship-to"),
    ("unitPrice", "unit-price"),
];

/// Imports reported revenue as one action.
///
/// # Errors
/// [`Error`] and `RejectedRows` for what the file has wrong; then nothing is imported.
pub fn import(
    store: &mut Store,
    stamp: &Stamp,
    source: ImportSource,
    keep: Keep,
) -> anyhow::Result<Imported> {
    let mut intake = Runner::new(&source);
    let ImportSource { input, delimiter, mapping, rates, today, .. } = source;
    let program = store.read(|reader| Ok(reader.program_now()?.program))?;
    let fields = Fields { required: &REQUIRED, optional: &OPTIONAL, headers: &[], synonyms: &SYNONYMS };
    let table = SourceTable::open(input, delimiter, &mapping, &fields)?;
    check_columns(&table.columns)?;
    let reading = Reading { program: &program, places: Places::of(&table.columns), rates: &rates, today };
    let mut gathered = RowsByPartner::default();
    intake.take(table, |row, subjects| reading.read(row, subjects, &mut gathered))?;
    intake.import_each(gathered, store, stamp, keep, import_partner, |outcome, name| {
        format!("Imported {} from {name}", counted(outcome.counts.events, "revenue record"))
    })
}

fn check_columns(columns: &Columns) -> Result<(), Error> {
    if !columns.has("on") && !columns.has("period") {
        return Err(Error::input("line 1: there is no column for the day of a sale")
            .hint("say which it is with --map \"Their header=on\", or =period"));
    }
    let priced = columns.has("quantity") && columns.has("unit-price");
    if !columns.has("amount") && !priced {
        return Err(Error::input("line 1: there is no column for amount, nor for quantity and unit-price")
            .hint("say which it is with --map \"Their header=amount\""));
    }
    Ok(())
}

fn import_partner(
    of_partner: OfPartner,
    importer: &mut Importer,
    counts: &mut Counts,
    rejects: &mut Rejects,
) -> anyhow::Result<()> {
    let OfPartner { in_force, subject, resolved, rows } = of_partner;
    let name = &subject.name;
    let Resolved::Known(id) = *resolved else {
        return Ok(rejects.add_all(rows.iter().map(|row| row.line), name, NO_PARTNER)?);
    };
    let history = importer.history(id)?;
    let sold: Vec<Sold> = rows.iter().map(|row| sold(row, &in_force.program)).collect();
    let mut lines = Vec::with_capacity(rows.len());
    {
        let folded = history.fold(&in_force.aliases, None);
        let sales = folded.partner().map_or(&[][..], |partner| &partner.sales);
        let mut known = Known::new(&history.events, sales);
        for (row, sold) in rows.iter().zip(&sold) {
            match known.compare(row.day, sold, &in_force.program) {
                Ok(true) => counts.known += 1,
                Ok(false) => lines.push(row.line),
                Err(why) => rejects.add(row.line, name, why)?,
            }
        }
    }
    let mut wanted = lines.iter().peekable();
    let mut is_new = |row: &Incoming| wanted.next_if(|line| **line == row.line).is_some();
    let new: Vec<(Day, Sold)> =
        rows.iter().zip(sold).filter_map(|(row, sold)| is_new(row).then_some((row.day, sold))).collect();
    if new.is_empty() {
        return Ok(());
    }
    match importer.sell(history, new)? {
        Ok(()) => counts.events += lines.len() as u64,
        Err(conflict) => rejects.add_all(lines, name, &contradiction(&conflict))?,
    }
    Ok(())
}

/// How rows are understood.
struct Reading<'r> {
    program: &'r Program,
    places: Places,
    rates: &'r BTreeMap<String, String>,
    today: Day,
}

/// The place of the column of each field, found once.
struct Places {
    partner: Option<usize>,
    on: Option<usize>,
    /// In the order of [`TEXTS`].
    texts: [Option<usize>; 11],
}

impl Places {
    fn of(columns: &Columns) -> Places {
        Places {
            partner: columns.place("partner"),
            on: columns.place("on"),
            texts: TEXTS.map(|field| columns.place(field)),
        }
    }
}

/// The fields that are kept as texts, those that are said most often first.
const TEXTS: [&str; 11] = [
    "ref",
    "product",
    "quantity",
    "unit-price",
    "customer",
    "ship-to",
    "deal",
    "period",
    "currency",
    "rate",
    "amount",
];

/// The parts of a sale from its texts in the order of [`TEXTS`]; empty ones are not said.
fn typed<'t>(texts: [&'t str; 11]) -> TypedSale<'t> {
    let said = |text: &'t str| Some(text).filter(|text| !text.is_empty());
    let [reference, product, quantity, unit_price, customer, ship_to, deal, period, currency, rate, amount] =
        texts.map(said);
    TypedSale {
        amount,
        quantity,
        unit_price,
        currency,
        rate,
        period,
        reference,
        product,
        customer,
        ship_to,
        deal,
    }
}

/// The texts of a sale in the order of [`TEXTS`].
fn kept<'t>(sale: &TypedSale<'t>) -> [&'t str; 11] {
    [
        sale.reference,
        sale.product,
        sale.quantity,
        sale.unit_price,
        sale.customer,
        sale.ship_to,
        sale.deal,
        sale.period,
        sale.currency,
        sale.rate,
        sale.amount,
    ]
    .map(Option::unwrap_or_default)
}

impl Reading<'_> {
    fn read(
        &self,
        row: &SourceRow,
        subjects: &mut NamedPartners,
        gathered: &mut RowsByPartner,
    ) -> Result<Taken, String> {
        let subject = subjects.number(row.at(self.places.partner), row.line)?;
        let [.., amount_at] = self.places.texts;
        let texts = self.places.texts.map(|place| row.at(place).unwrap_or_default());
        let currency = self.program.currency;
        let mut sale = typed(texts);
        // An amount is read as it stands, so that blanks within it are not passed over.
        sale.amount = sale.amount.and(row.exact_at(amount_at));
        sale.currency = sale.currency.filter(|code| *code != currency.code());
        if let (Some(code), None) = (sale.currency, sale.rate) {
            sale.rate = self.rates.get(code).map(String::as_str);
        }
        let amount_minor = sale.amount_minor(currency).map_err(|why| match (sale.currency, sale.rate) {
            (Some(code), None) => format!("{why}; give --rate {code}=RATE, or a column rate"),
            _ => why,
        })?;
        let (when, period) = self.when(row, sale.period)?;
        sale.period = period.as_deref();
        sale.amount = sale.amount.filter(|_| sale.currency.is_some());
        gathered.take(subject, when, row.line, amount_minor, &kept(&sale));
        Ok(Taken::Row)
    }

    /// The day of a sale, its moment within the day, and its period where it is for one.
    fn when(&self, row: &SourceRow, period: Option<&str>) -> Result<((Day, i64), Option<String>), String> {
        if row.at(self.places.on).is_some() {
            let stamp = row.exact_at(self.places.on).unwrap_or_default();
            return Ok((SourceRow::past_stamp("on", stamp, self.today)?, None));
        }
        let period = self.program.calendar.parse(period.ok_or("has neither a day nor a period")?)?;
        if period.last > self.today {
            return Err(format!("{period} ends on {}, which has not come yet", period.last));
        }
        Ok(((period.last, 0), Some(period.to_string())))
    }
}

fn sold(row: &Incoming, program: &Program) -> Sold {
    typed(row.texts()).sold(row.amount_minor, program.currency)
}

/// What tells sales without a reference apart: day, amount, period, and all that was said of them.
type Plain<'k> = (Day, i64, Option<&'k str>, Option<&'k SaleDetail>);

/// What is recorded of a partner's revenue, and what the file said of it so far.
struct Known<'k> {
    /// By reference and product, since an invoice may have several lines: day, amount and event, 0 where it is new.
    by_reference: HashMap<(&'k str, Option<&'k str>), (Day, i64, i64)>,
    /// Sales without a reference, as they were recorded, and how many of each.
    plain: HashMap<Plain<'k>, usize>,
}

impl<'k> Known<'k> {
    fn new(events: &'k [Recorded], sales: &'k [Sale]) -> Known<'k> {
        let mut known = Known { by_reference: HashMap::new(), plain: HashMap::new() };
        for one in events {
            if let Event::Sold(sold @ Sold { reference: None, .. }) = &one.event {
                *known.plain.entry(plain(one.day, sold)).or_default() += 1;
            }
        }
        for sale in sales {
            if let Some(reference) = &sale.reference {
                let key = (reference.as_str(), sale.product());
                known.by_reference.insert(key, (sale.day, sale.amount_minor, sale.event));
            }
        }
        known
    }

    /// Whether the sale is recorded already.
    fn compare(&mut self, day: Day, sold: &'k Sold, program: &Program) -> Result<bool, String> {
        let Some(reference) = &sold.reference else {
            if self.plain.is_empty() {
                return Ok(false);
            }
            let count = self.plain.get_mut(&plain(day, sold)).filter(|count| **count > 0);
            return Ok(count.map(|count| *count -= 1).is_some());
        };
        let (known_day, amount_minor, event) = match self.by_reference.entry((reference, sold.product())) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(place) => {
                place.insert((day, sold.amount_minor, 0));
                return Ok(false);
            }
        };
        if (known_day, amount_minor) == (day, sold.amount_minor) {
            return Ok(true);
        }
        let money = program.currency.money(i128::from(amount_minor));
        Err(match event {
            0 => format!("ref `{reference}` stands twice in the file, with {money} on {known_day} too"),
            event => format!(
                "ref `{reference}` is recorded with {money} on {known_day}; `chanlife correct {event}` mends it"
            ),
        })
    }
}

fn plain(day: Day, sold: &Sold) -> Plain<'_> {
    (day, sold.amount_minor, sold.period.as_deref(), sold.detail.as_deref())
}
