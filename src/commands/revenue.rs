//! Commands on partner revenue (sell-through): recording and listing it.

use clap::{Args, Subcommand};
use clap_complete::engine::ArgValueCompleter;

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::completers::partner_keys;
use crate::commands::fund_accruals::{note_accruals, to_accrue};
use crate::commands::options::{DryRun, OnDay, OnePartner, name, replacing};
use crate::commands::proposals::LoadedPartner;
use crate::commands::rate::{no_rate, take_far};
use crate::commands::reading::{ViewOptions, WhereOption};
use crate::commands::record::record_and;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::{Error, Sentence};
use crate::lifecycle::base::period::Period;
use crate::lifecycle::event::{Event, PartnerId};
use crate::lifecycle::facts::PartnerFacts;
use crate::lifecycle::program::{Program, spelling_in_use};
use crate::lifecycle::revenue::{
    Counting, NamedSales, Rates, RevenueRefusal, Sale, SaleFault, SaleRestated, Sold, SoldDays, TypedSale,
    check_return, gives_way, is_known_again, is_rate, repeated, restated, returned_of_restated, sold_as,
};
use crate::lifecycle::rule::Decision;
use crate::report::options::Limit;
use crate::report::reading::{Line, Needs, SameSale};
use crate::report::revenue;
use crate::report::revenue::ListedSale;
use crate::store::{AttributesRow, Reader, Store};
use crate::text::overlaps::written_otherwise;

/// Partner revenue (sell-through)
#[derive(Debug, Args)]
pub struct RevenueArgs {
    #[command(subcommand)]
    verb: RevenueVerb,
}

#[derive(Debug, Subcommand)]
enum RevenueVerb {
    Add(Box<RevenueAddArgs>),
    List(RevenueListArgs),
}

/// Record revenue that a partner reported
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chanlife revenue add acme 1234.56 --on 2026-11-03 --ref INV-4711
  chanlife revenue add acme 25000 --period 2026-10
  chanlife revenue add acme --quantity 12 --unit-price 99.90 --product SKU-7
  chanlife revenue add acme 1200 --currency USD --rate 0.92
  chanlife revenue add acme 0 --period 2026-10   # a report without sales
  chanlife revenue add acme 800 --list-amount 1000 --ship-to IT --ref INV-5
  chanlife revenue add acme -800 --returns INV-5 --on 2026-11-20
  chanlife revenue add acme 26000 --period 2026-10 --replaces within
  chanlife revenue add acme 4000 --on 2026-10-09 --product SKU-7 --detail
Without --ref, a sale that is recorded twice counts twice.
A total is revenue of a period without --customer, --deal and --ship-to. Where a total shares
a day with other revenue of the partner, and the product is the same or missing in one, the two
would count twice, also if the one does not lie within the other, such as a week in two months:
say --replaces, --detail or --beside. A sale replaces a reported 0 of its days.
To correct an amount, a day or another part: chanlife correct EVENT --amount 1250",
    mut_arg("on", |on| on.help("The day of the sale [default: today]").conflicts_with("period")))]
struct RevenueAddArgs {
    #[command(flatten)]
    partner: OnePartner,
    /// Amount; negative for returns
    #[arg(allow_negative_numbers = true, required_unless_present = "quantity")]
    amount: Option<String>,
    /// Number of units, with --unit-price instead of an amount; negative for returns
    #[arg(long, allow_negative_numbers = true)]
    quantity: Option<String>,
    /// Price per unit
    #[arg(long)]
    unit_price: Option<String>,
    /// Currency, if it is not the program's; with --rate, unless it is a return or a rate is set
    #[arg(long, value_name = "CODE")]
    currency: Option<String>,
    /// Exchange rate: value of one unit in the program's currency [default: that of the sale for a return, else the one set]
    #[arg(long, requires = "currency", allow_negative_numbers = true)]
    rate: Option<String>,
    /// Product sold
    #[arg(long)]
    product: Option<String>,
    /// End customer
    #[arg(long)]
    customer: Option<String>,
    /// Ship-to place: a country such as IT or Italy, or a place with one behind a comma
    #[arg(long, value_name = "PLACE")]
    ship_to: Option<String>,
    /// Price by the list, to check the margin given
    #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true)]
    list_amount: Option<String>,
    /// For a return: the reference of the sale that is returned
    #[arg(long, value_name = "REFERENCE", value_parser = name)]
    returns: Option<String>,
    /// Deal registration or opportunity
    #[arg(long)]
    deal: Option<String>,
    #[command(flatten)]
    on: OnDay,
    /// Period reported, such as 2026-10 or 2026-Q3
    #[arg(long)]
    period: Option<String>,
    /// Invoice or report number; the same reference is never recorded twice
    #[arg(long = "ref", value_name = "REFERENCE", value_parser = name)]
    reference: Option<String>,
    /// Restate a figure: the events that count no more, or within for all that lies within its days
    #[arg(long, value_name = "EVENT,...|within", value_delimiter = ',')]
    replaces: Vec<String>,
    /// It is a part of a total, or a total of what is recorded within: the total counts for the rest
    #[arg(long, conflicts_with = "beside")]
    detail: bool,
    /// It counts beside what is recorded of its days
    #[arg(long)]
    beside: bool,
    #[command(flatten)]
    dry_run: DryRun,
}

/// List reported revenue
#[derive(Debug, Args)]
#[command(mut_arg("limit", |limit| limit.help("Number of newest rows to show; 0 shows all (the default for JSON, CSV and Markdown)")))]
struct RevenueListArgs {
    /// Partner [default: all]
    #[arg(add = ArgValueCompleter::new(partner_keys))]
    partner: Option<String>,
    #[command(flatten)]
    filter: WhereOption,
    #[command(flatten)]
    limit: Limit,
    #[command(flatten)]
    view: ViewOptions,
}

impl RevenueArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        match self.verb {
            RevenueVerb::Add(add) => add.run(context),
            RevenueVerb::List(list) => list.run(context),
        }
    }
}

/// Returns what is sold at a price; `foreign` is its currency, if it is not the program's.
fn priced(typed: TypedSale, (foreign, day): (Option<&str>, Day), program: &Program) -> anyhow::Result<Sold> {
    if let (Some(code), None) = (foreign, typed.rate) {
        return Err(no_rate(code, day).into());
    }
    let amount_minor = typed.amount_minor(program.currency).map_err(|why| unread_amount(&why))?;
    Ok(typed.sold(amount_minor, program.currency, program.calendar))
}

impl RevenueAddArgs {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let counting = Counting { detail: self.detail, beside: self.beside, ..replacing(&self.replaces)? };
        let mut store = context.store()?;
        let (day, period) = self.day(context, &mut store)?;
        let typed = self.typed(period.as_deref());
        if !self.takes_rate(context, &mut store, day)? {
            return Ok(Exit::Done);
        }
        let order = self.dry_run.order(&self.partner.partner, day);
        let recorded = record_and(
            context,
            &mut store,
            &order,
            |in_force, proposals| {
                self.refuse_moved_period(context, proposals.reader(), day)?;
                let currency = in_force.program.currency;
                let reader = proposals.reader();
                let foreign = self.currency.as_deref().filter(|code| *code != currency.code());
                let rates = if foreign.is_some() { reader.rates()? } else { Rates::default() };
                proposals.each(|loaded| {
                    let rate = rate_of_sale(&loaded.latest().sales, &typed);
                    let set = || foreign.and_then(|code| Some(rates.on(code, day)?.1));
                    let typed = TypedSale { rate: typed.rate.or(rate.as_deref()).or_else(set), ..typed };
                    let sale = priced(typed, (foreign, day), &in_force.program)?;
                    let again = repeated(loaded.facts(), &sale);
                    let twice = sold_in_family(context, reader, loaded.latest().id, &sale, day)?;
                    let latest = PartnerFacts { partner: loaded.latest(), ..loaded.facts() };
                    let beside = gives_way(latest, &sale);
                    let gone = gone(loaded, day, &sale, &counting);
                    let decision = match &gone {
                        Some(gone) if !gone.is_recorded_again => Ok(Decision::already(gone.clone())),
                        _ => sold_as(loaded.facts(), loaded.latest(), &sale, &counting),
                    };
                    let is_new = !matches!(decision, Ok(Decision::AlreadySo(_)));
                    // A return that fits no sale fits none however it counts.
                    if is_new {
                        refuse_return_of_restated(loaded, &sale)?;
                        check_return(latest, &sale)?;
                    }
                    let decision = decision?;
                    let replaced = replaced_by(&decision);
                    let spellings = other_spellings(&loaded.latest().sales, &sale);
                    let accrued_before = to_accrue(loaded, context.today);
                    loaded.take(decision)?;
                    let accruals = note_accruals(loaded, context.today, accrued_before);
                    let gone = gone.map(|gone| (gone.by, gone.sentence()));
                    let again = again.map(|again| (again.event, again.sentence()));
                    let others = gone.into_iter().chain(again).filter(|(event, _)| !replaced.contains(event));
                    others.filter(|_| is_new).for_each(|(_, note)| loaded.add_note(note));
                    let beside =
                        beside.filter(|_| counting == Counting::default()).map(|note| note.sentence());
                    let of_new = beside.into_iter().chain(spellings).filter(|_| is_new);
                    of_new.chain(accruals).chain(twice).for_each(|note| loaded.add_note(note));
                    Ok(())
                })
            },
            |_, _, ()| Ok(()),
        )?;
        recorded.map_or(Ok(Exit::Done), |(proposed, ())| proposed.print(context))
    }

    /// Refuses a period that does not end on the day any more, since the fiscal year moved while it was asked.
    fn refuse_moved_period(&self, context: &Context, reader: &Reader, day: Day) -> anyhow::Result<()> {
        let Some(typed) = self.period.as_deref() else { return Ok(()) };
        let program = reader.program_now()?.program;
        refuse_moved(&past_period(context, &program, typed)?, day)?;
        Ok(())
    }

    /// Returns the day on which the sale counts, and its period if it is for one.
    fn day(&self, context: &Context, store: &mut Store) -> anyhow::Result<(Day, Option<String>)> {
        let Some(typed) = self.period.as_deref() else { return Ok((self.on.day(context)?, None)) };
        let program = store.read(|reader| Ok(reader.program_now()?.program))?;
        let period = past_period(context, &program, typed)?;
        Ok((period.last, Some(period.to_string())))
    }

    /// Returns whether a rate that is typed is taken: one that is far from the last of its currency is asked about.
    fn takes_rate(&self, context: &Context, store: &mut Store, day: Day) -> anyhow::Result<bool> {
        let (Some(code), Some(rate), None) = (&self.currency, &self.rate, &self.returns) else {
            return Ok(true);
        };
        if !is_rate(rate) {
            // It is refused with what else is wrong.
            return Ok(true);
        }
        take_far(context, || store.read(|reader| Ok(reader.rates_with_sales()?)), code, day, rate)
    }

    fn typed<'a>(&'a self, period: Option<&'a str>) -> TypedSale<'a> {
        TypedSale {
            amount: self.amount.as_deref(),
            quantity: self.quantity.as_deref(),
            unit_price: self.unit_price.as_deref(),
            currency: self.currency.as_deref(),
            rate: self.rate.as_deref(),
            period,
            reference: self.reference.as_deref(),
            product: self.product.as_deref(),
            customer: self.customer.as_deref(),
            ship_to: self.ship_to.as_deref(),
            list_amount: self.list_amount.as_deref(),
            returns: self.returns.as_deref(),
            deal: self.deal.as_deref(),
            ..TypedSale::default()
        }
    }
}

/// Returns what is recorded of the very same report and counts no more, if the same does not count.
fn gone(loaded: &LoadedPartner, day: Day, sale: &Sold, counting: &Counting) -> Option<SaleRestated> {
    let (event, by) = restated(&loaded.history().events, &loaded.latest().sales, day, sale)?;
    Some(SaleRestated {
        event,
        by,
        reference: sale.reference.clone(),
        amount: loaded.facts().amount(sale.amount_minor),
        on: day,
        is_recorded_again: !is_known_again(day, sale, counting),
    })
}

/// Refuses a return of a sale that counts no more.
fn refuse_return_of_restated(loaded: &LoadedPartner, sale: &Sold) -> Result<(), Error> {
    let found = returned_of_restated(&loaded.history().events, &loaded.latest().sales, sale);
    found.map_or(Ok(()), |(event, by)| {
        let reference = sale.says().returns.clone().unwrap_or_default();
        Err(Error::refused(RevenueRefusal::ReturnOfRestated { reference, event, by }))
    })
}

/// Returns the events that count no more by what is recorded.
fn replaced_by(decision: &Decision) -> Vec<i64> {
    let Decision::Record(events) = decision else { return Vec::new() };
    let ties = events.iter().filter_map(|event| match event {
        Event::Sold(sold) => sold.ties.as_deref(),
        _ => None,
    });
    ties.flat_map(|ties| ties.replaces.iter().copied()).collect()
}

/// Returns the rate of the sale that a return names, if it is in the same currency.
fn rate_of_sale(sales: &[Sale], typed: &TypedSale) -> Option<String> {
    let (reference, code) = (typed.returns?, typed.currency?);
    let of_sale = sales.iter().filter(|sale| sale.reference.as_deref() == Some(reference));
    let details = of_sale.filter_map(|sale| sale.detail.as_ref());
    details.filter(|detail| detail.currency.as_deref() == Some(code)).find_map(|detail| detail.rate.clone())
}

/// Says which product and reference of a sale others of the partner have in other letters or with other blanks.
fn other_spellings(sales: &[Sale], sale: &Sold) -> Vec<String> {
    let product: fn(&Sale) -> Option<&str> = |one| one.product();
    let reference: fn(&Sale) -> Option<&str> = |one| one.reference.as_deref();
    let texts = [("product", sale.product(), product), ("reference", sale.reference.as_deref(), reference)];
    let notes = texts.into_iter().filter_map(|(what, typed, of)| {
        let typed = typed?;
        let known = spelling_in_use(typed, sales.iter().filter_map(of))?;
        let event = sales.iter().find(|one| of(one) == Some(known))?.event;
        Some(format!("note: {}", written_otherwise(what, typed, known, event)))
    });
    notes.collect()
}

/// Returns why the amount of a sale cannot be read.
fn unread_amount(why: &SaleFault) -> Error {
    let sentence = why.sentence();
    if let SaleFault::Amount(_) = why {
        Error::usage(sentence)
    } else {
        Error::usage(format!("the sale {sentence}"))
    }
}

/// Returns what partners above and below report of the same sale, in a sentence each.
fn sold_in_family(
    context: &Context,
    reader: &Reader,
    partner: PartnerId,
    sale: &Sold,
    day: Day,
) -> anyhow::Result<Vec<String>> {
    if sale.reference.is_none() {
        return Ok(Vec::new());
    }
    let view = reader.view(context.today.max(day), None)?;
    if !view.in_force.program.has_parents() {
        return Ok(Vec::new());
    }
    let own = Sale::reported(i64::MAX, day, sale);
    Ok(SameSale::of(&view, partner, &own)?.sentences(view.in_force.program.currency))
}

/// Reads a period that is over.
fn past_period(context: &Context, program: &Program, typed: &str) -> Result<Period, Error> {
    let period = program.calendar.parse(typed).map_err(|why| Error::usage(format!("--period: {why}")))?;
    if period.last > context.today {
        let why = format!("--period: {} is not over until {}", period.with_days(), period.last);
        return Err(Error::usage(why).hint("record revenue to date with --on DATE"));
    }
    Ok(period)
}

/// Refuses a period that ends on another day than it did when the command began.
fn refuse_moved(period: &Period, day: Day) -> Result<(), Error> {
    if period.last == day {
        return Ok(());
    }
    let why = format!("--period: another program came into force meanwhile; now it is {}", period.in_full());
    Err(Error::refused(why).hint("run the command again"))
}

impl RevenueListArgs {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let limit = self.limit.rows(context.on_screen(), 50);
        let report = self.view.read(context, &self.filter.conditions, |view, frame| {
            let only = self.partner.as_deref().map(|text| view.reader().find(text)).transpose()?;
            frame.segment.read(view, Needs::of::<AttributesRow>(), |channel| {
                let wanted = |line: &&Line| only.as_ref().is_none_or(|one| one.id == line.id);
                let is_of_all = only.is_none();
                let mut sales = Vec::new();
                for line in channel.lines.iter().filter(wanted) {
                    let partner = view.sales_of(line.id)?;
                    let (named, sold) = (NamedSales::of(&partner), SoldDays::of(&partner));
                    sales.extend(partner.into_iter().map(|sale| ListedSale {
                        partner: line.key().to_owned(),
                        counted_for: channel.counted_below(&sale).filter(|_| is_of_all).map(str::to_owned),
                        product: named.product_of(&sale).map(str::to_owned),
                        customer: named.customer_of(&sale).map(str::to_owned),
                        gave_way_to: sold.instead_of(&sale),
                        sale,
                    }));
                }
                sales.sort_by_key(|one| (one.sale.day, one.sale.event));
                let first = sales.first().map_or(channel.as_of, |one| one.sale.day);
                let counted = sales.iter().filter(|one| one.counted_for.is_none());
                let total = counted.map(|one| i128::from(one.sale.amount_minor)).sum();
                let once = is_of_all.then(|| channel.counted_once(first)).flatten();
                Ok(revenue::report(channel.program, frame, (&sales, total), limit).with_caveats(once))
            })
        })?;
        context.show(&report)?;
        Ok(Exit::Done)
    }
}
