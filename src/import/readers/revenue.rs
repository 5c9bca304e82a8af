//! `import revenue`: one row per sale or report, partner, day or period, and amount.

use std::cell::RefCell;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use crate::import::named_partners::NamedPartners;
use crate::import::packed_sales::{PackedSale, PackedSales, TEXTS, sale_texts, typed_sale};
use crate::import::readers::known_sales::{KnownSales, RowNews, returned};
use crate::import::rejects::{contradiction, too_early};
use crate::import::rows_by_partner::PartnerRow;
use crate::import::runner::{OfPartner, Recording, Runner};
use crate::import::sources::csv::{Columns, SourceRow, SourceTable};
use crate::import::{ImportSource, Imported};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::{Error, Sentence};
use crate::lifecycle::base::period::DayRange;
use crate::lifecycle::event::{Event, Recorded};
use crate::lifecycle::history::History;
use crate::lifecycle::program::{Program, plain_spelling};
use crate::lifecycle::revenue::{
    Counting, InTheWay, OverlapFault, Overlaps, RateFault, Rates, ReportKey, ReturnableSales, Sale,
    SaleFault, SaleSpan, SaleTies, Sold, TypedSale, is_rate, is_total, report_keys, sale_keys,
};
use crate::text::imports::{HOW_IT_COUNTS, KeptText};
use crate::text::overlaps::{
    RestatedFigure, counts_no_more, known_of_other_days, refused_row, restated_in_words, written_otherwise,
};
use crate::text::revenue::return_fault_in_words;

/// Imports reported revenue as one action.
///
/// # Errors
/// Those of the file, and rows that cannot be used; then nothing is imported.
pub(super) fn import(mut runner: Runner, source: ImportSource) -> anyhow::Result<Imported> {
    let ImportSource { input, delimiter, mapping, rates, counting, today, yes, .. } = source;
    let program = runner.program()?;
    let own = program.currency.code();
    if let Some(rate) = rates.get(own) {
        let why = format!("--rate {own}={rate}: {own} is the currency of the program");
        return Err(Error::usage(why).hint("leave this rate out").into());
    }
    let table = SourceTable::open(input, delimiter, &mapping, &runner.fields())?;
    check_columns(&table.columns)?;
    let (places, usual) = (Places::of(&table.columns), &counting);
    let is_foreign = table.columns.has("currency");
    let set = if is_foreign { runner.read_file(|reader| Ok(reader.rates()?))? } else { Rates::default() };
    let seen = if is_foreign && !yes {
        Some(RefCell::new(runner.read_file(|reader| Ok(reader.rates_with_sales()?))?))
    } else {
        None
    };
    let reader = SaleReader { program: &program, places, rates: &rates, set, seen, usual, today };
    let mut packed = PackedSales::default();
    let rows = runner.gather(table, |row, partners| reader.read(row, partners, &mut packed).map(Some))?;
    runner.import_each(rows, |of, recording| import_partner(&of, &packed, &counting, recording))
}

fn check_columns(columns: &Columns) -> Result<(), Error> {
    if !columns.has("on") && !columns.has("period") {
        return Err(Error::input("line 1: no column with the day of the sale")
            .hint("map one with --map \"HEADER=on\" or --map \"HEADER=period\""));
    }
    let priced = columns.has("quantity") && columns.has("unit-price");
    if !columns.has("amount") && !priced {
        return Err(Error::input("line 1: no column with the amount, or with quantity and unit-price")
            .hint("map one with --map \"HEADER=amount\""));
    }
    Ok(())
}

fn import_partner(
    of: &OfPartner<PackedSale>,
    packed: &PackedSales,
    usual: &Counting,
    recording: &mut Recording,
) -> anyhow::Result<()> {
    let Some(id) = recording.known_partner(of)? else { return Ok(()) };
    let OfPartner { in_force, named, rows, .. } = of;
    let program = &in_force.program;
    let history = recording.importer.history(id)?;
    let (sold, said) = sales_of(rows, packed, program, usual);
    let mut lines = Vec::with_capacity(rows.len());
    let tied;
    let mut restated: Vec<RestatedFigure> = Vec::new();
    {
        let folded = history.fold(&in_force.aliases, None);
        let sales = folded.partner().map_or(&[][..], |partner| &partner.sales);
        let mut known = KnownSales::new(&history.events, sales);
        let mut beside = BesideOthers::new(sales, &sold, rows, &said);
        let (plain, returns) = returns_last(rows, &sold, &mut beside);
        let mut returnable = (!returns.is_empty()).then(|| ReturnableSales::of(sales));
        for (row, sold) in plain.into_iter().chain(returns) {
            let mut counting = said.of(row).clone();
            let early = too_early(&history, row.day).map_or(Ok(()), Err);
            let alone = |event| beside.restates_nothing_but(row.day, sold, event);
            let news = early.and_then(|()| known.compare((row.day, sold), &mut counting, alone, program));
            let compared = news.and_then(|news| {
                if !matches!(news, RowNews::New) {
                    return Ok(news);
                }
                beside.take(row, sold, &counting).map_err(|fault| {
                    recording.hint_once(HOW_IT_COUNTS);
                    let place = SaleSpan::new(0, row.day, sold).in_the_way();
                    refused_row(&place, &fault, (program.currency, program.calendar))
                })?;
                let taken =
                    returnable.as_mut().map(|all| take_return(all, row.day, sold, &named.name, program));
                taken.unwrap_or(Ok(())).map(|()| news)
            });
            match compared {
                Ok(RowNews::New) => {
                    restated.extend(restates(row, sold, &known, beside.replaced_by(row.line)));
                    known.take(row.day, sold, beside.replaced_by(row.line));
                    lines.push(row.line);
                }
                Ok(known) => know(known, (row.line, sold), of, recording),
                Err(why) => recording.reject(row.line, named, why)?,
            }
        }
        tied = beside.tied;
    }
    if let Some(note) = other_spelling(rows, &sold, &history.events) {
        recording.note_once(&note);
    }
    record_new(of, (history, sold), (&lines, tied), &restated, recording)
}

/// Notes a row that is known, and what is to be said of it.
fn know(news: RowNews, (line, sold): (u64, &Sold), of: &OfPartner<PackedSale>, recording: &mut Recording) {
    let OfPartner { in_force, named, .. } = of;
    let kept = match news {
        RowNews::New => return,
        RowNews::Known(other) => other.map(KeptText::Sale),
        RowNews::Restated { event, by } => {
            recording.tally.counts_no_more.push(counts_no_more(line, event, by, &named.name));
            None
        }
        RowNews::OfOtherDays { event, days } => {
            let now = in_force.program.calendar.named(sold.days.unwrap_or(days));
            let amount = in_force.program.currency.money(sold.amount_minor.into());
            let said = known_of_other_days(line, event, &named.name, (days, &now), amount);
            recording.tally.other_days.push(said);
            None
        }
    };
    recording.know(line, named, kept);
}

/// A row with what it says.
type SoldRow<'s> = (&'s PartnerRow<PackedSale>, &'s Sold);

/// Returns the sales, the totals of which come as they count, and the returns: one may stand anywhere in the file, also before
/// the sale that it names.
fn returns_last<'s>(
    rows: &'s [PartnerRow<PackedSale>],
    sold: &'s [Sold],
    beside: &mut BesideOthers<'s>,
) -> (Vec<SoldRow<'s>>, Vec<SoldRow<'s>>) {
    let (returns, mut plain): (Vec<_>, Vec<_>) =
        rows.iter().zip(sold).partition(|(_, sold)| returned(sold).is_some());
    beside.put_in_order(&mut plain);
    (plain, returns)
}

/// Records the sales of the lines that are new, in the order of the rows, with how they count beside others; none of them if
/// they contradict what is known.
fn record_new(
    of: &OfPartner<PackedSale>,
    (history, sold): (History, Vec<Sold>),
    (lines, tied): (&[u64], HashMap<u64, SaleTies>),
    restated: &[RestatedFigure],
    recording: &mut Recording,
) -> anyhow::Result<()> {
    let OfPartner { in_force, named, rows, .. } = of;
    let is_new: HashSet<u64> = lines.iter().copied().collect();
    let lines: Vec<u64> = rows.iter().map(|row| row.line).filter(|line| is_new.contains(line)).collect();
    let first = recording.importer.next_number();
    let new = new_sales(rows.iter().zip(sold), &lines, tied, first);
    if new.is_empty() {
        return Ok(());
    }
    if let Some(conflict) = recording.sell(history, new, named)? {
        let why = contradiction(&conflict, first);
        return Ok(lines.iter().try_for_each(|line| recording.reject(*line, named, why.as_str()))?);
    }
    recording.counts().events += lines.len() as u64;
    let names = (in_force.program.currency, in_force.program.calendar);
    let restated = restated.iter().map(|one| restated_in_words(one, &named.name, names));
    recording.tally.restated.extend(restated);
    Ok(())
}

/// Says of the first product or reference that rows and records of a partner write in two ways how it is written.
fn other_spelling(rows: &[PartnerRow<PackedSale>], sold: &[Sold], events: &[Recorded]) -> Option<String> {
    let recorded = events.iter().filter_map(|one| match &one.event {
        Event::Sold(sold) => Some((one.number, sold)),
        _ => None,
    });
    let rows = rows.iter().zip(sold).map(|(row, sold)| (-(row.line as i64), sold));
    let all: Vec<(i64, &Sold)> = recorded.chain(rows).collect();
    let product: fn(&Sold) -> Option<&str> = Sold::product;
    let reference: fn(&Sold) -> Option<&str> = |sold| sold.reference.as_deref();
    [("product", product), ("reference", reference)].into_iter().find_map(|(what, text)| {
        let mut exact: HashSet<&str> = HashSet::new();
        let mut plain: HashMap<String, (i64, &str)> = HashMap::new();
        all.iter().find_map(|(event, sold)| {
            let typed = text(sold).filter(|typed| exact.insert(typed))?;
            match plain.entry(plain_spelling(typed)) {
                Entry::Occupied(known) => {
                    let (first, spelling) = *known.get();
                    (*event < 0).then(|| written_otherwise(what, typed, spelling, first))
                }
                Entry::Vacant(place) => {
                    place.insert((*event, typed));
                    None
                }
            }
        })
    })
}

/// Returns what a row stands in place of, if it does.
fn restates(
    row: &PartnerRow<PackedSale>,
    sold: &Sold,
    known: &KnownSales,
    replaced: &[i64],
) -> Option<RestatedFigure> {
    let sales = replaced.iter().filter_map(|event| known.counting.get(event));
    let replaced: Vec<InTheWay> = sales.map(|sale| SaleSpan::of(sale).in_the_way()).collect();
    let now = SaleSpan::new(-(row.line as i64), row.day, sold).in_the_way();
    (!replaced.is_empty()).then_some(RestatedFigure { now, replaced })
}

/// How rows count beside others.
struct SaidCounting<'u> {
    /// How those count that say nothing of it.
    usual: &'u Counting,
    /// By line, of the rows that say it.
    own: HashMap<u64, Counting>,
}

impl SaidCounting<'_> {
    fn of(&self, row: &PartnerRow<PackedSale>) -> &Counting {
        self.own.get(&row.line).unwrap_or(self.usual)
    }

    /// Returns whether something is said of any row.
    fn is_said(&self) -> bool {
        *self.usual != Counting::default() || !self.own.is_empty()
    }
}

/// Returns what the rows say, and how they count; each is unpacked once.
fn sales_of<'u>(
    rows: &[PartnerRow<PackedSale>],
    packed: &PackedSales,
    program: &Program,
    usual: &'u Counting,
) -> (Vec<Sold>, SaidCounting<'u>) {
    let mut said = SaidCounting { usual, own: HashMap::new() };
    let sold = rows.iter().map(|row| {
        let typed = packed.typed(row.says);
        if says_counting(&typed) {
            // It could be read when the row came.
            said.own.insert(row.line, typed.counting(usual).unwrap_or_default());
        }
        typed.sold(row.says.amount_minor, program.currency, program.calendar)
    });
    let sold = sold.collect();
    (sold, said)
}

/// Returns the sales of these lines, which are in the order of the rows; their events are numbered from `first` on.
fn new_sales<'p>(
    pairs: impl Iterator<Item = (&'p PartnerRow<PackedSale>, Sold)>,
    lines: &[u64],
    mut tied: HashMap<u64, SaleTies>,
    first: i64,
) -> Vec<(Day, Sold)> {
    let mut wanted = lines.iter().peekable();
    let mut is_new = |line: u64| wanted.next_if(|wanted| **wanted == line).is_some();
    let numbers: HashMap<u64, i64> =
        if tied.is_empty() { HashMap::new() } else { lines.iter().copied().zip(first..).collect() };
    let new = |(row, sold): (&PartnerRow<PackedSale>, Sold)| {
        let ties = tied.remove(&row.line).map(|ties| Arc::new(numbered(ties, &numbers)));
        is_new(row.line).then_some((row.day, Sold { ties, ..sold }))
    };
    pairs.filter_map(new).collect()
}

/// How the rows of a partner count beside its records, and beside each other.
struct BesideOthers<'k> {
    /// None if no total is known and nothing is said, so that no row can count twice.
    overlaps: Option<Overlaps<'k>>,
    said: &'k SaidCounting<'k>,
    /// The rows that are parts of totals, or totals of parts.
    details: Vec<SaleSpan<'k>>,
    /// The events that rows say again.
    said_again: HashSet<i64>,
    /// What is to be recorded of that, by line; other lines of the file have negative numbers.
    tied: HashMap<u64, SaleTies>,
}

impl<'k> BesideOthers<'k> {
    fn new(
        sales: &'k [Sale],
        sold: &[Sold],
        rows: &[PartnerRow<PackedSale>],
        said: &'k SaidCounting<'k>,
    ) -> BesideOthers<'k> {
        let mut new = rows.iter().zip(sold).map(|(row, sold)| SaleSpan::new(0, row.day, sold));
        let needed = said.is_said() || sales.iter().any(is_total) || new.any(|place| place.is_total());
        let overlaps = needed.then(|| Overlaps::of(sales));
        let said_again = if overlaps.is_some() && said.is_said() {
            let keys = rows.iter().zip(sold).flat_map(|(row, sold)| report_keys(row.day, sold));
            let keys: HashSet<ReportKey> = keys.collect();
            let again = sales.iter().filter(|sale| sale_keys(sale).iter().any(|key| keys.contains(key)));
            again.map(|sale| sale.event).collect()
        } else {
            HashSet::new()
        };
        BesideOthers { overlaps, said, details: Vec::new(), said_again, tied: HashMap::new() }
    }

    /// Puts rows in an order in which each finds what it is a part of, whatever their order in the file: first those that
    /// say nothing, then totals of what is recorded and shorter totals within them, then the lines of totals, then what
    /// counts beside others.
    fn put_in_order(&mut self, rows: &mut [(&PartnerRow<PackedSale>, &'k Sold)]) {
        if self.overlaps.is_none() {
            return;
        }
        let said = self.said;
        let place = |(row, sold): &(&PartnerRow<PackedSale>, &'k Sold)| {
            (SaleSpan::new(-(row.line as i64), row.day, sold), said.of(row))
        };
        if said.is_said() {
            rows.sort_by_cached_key(|row| match place(row) {
                (_, Counting { beside: true, .. }) => (3, 0),
                (place, Counting { detail: true, .. }) if place.is_total() => (1, -place.days.count()),
                (_, Counting { detail: true, .. }) => (2, 0),
                _ => (0, 0),
            });
            let details = rows.iter().map(place).filter(|(_, counting)| counting.detail);
            self.details = details.map(|(place, _)| place).collect();
        }
    }

    /// Takes a row that is new.
    fn take(
        &mut self,
        row: &PartnerRow<PackedSale>,
        sold: &'k Sold,
        counting: &Counting,
    ) -> Result<(), OverlapFault> {
        let Some(overlaps) = &mut self.overlaps else { return Ok(()) };
        let place = SaleSpan::new(-(row.line as i64), row.day, sold);
        let taken = match overlaps.take(place, counting) {
            // Its parts come after it.
            Err(OverlapFault::NothingToExplain { straddled })
                if straddled.is_empty()
                    && self.details.iter().any(|one| one.event != place.event && one.is_part_for(&place)) =>
            {
                overlaps.take(place, &Counting { detail: false, ..counting.clone() })
            }
            taken => taken,
        };
        if let Some(ties) = taken? {
            self.tied.insert(row.line, ties);
        }
        Ok(())
    }

    /// Returns the events in whose place a row stands.
    fn replaced_by(&self, line: u64) -> &[i64] {
        self.tied.get(&line).map_or(&[], |ties| &ties.replaces)
    }

    /// Returns whether a row that restates all within its days would stand in place of one event at most.
    fn restates_nothing_but(&self, day: Day, sold: &'k Sold, event: i64) -> bool {
        let place = SaleSpan::new(0, day, sold);
        let overlaps = self.overlaps.as_ref();
        overlaps.is_none_or(|overlaps| overlaps.restates_nothing_but(&place, event, &self.said_again))
    }
}

/// Returns whether a row says how it counts beside others.
fn says_counting(typed: &TypedSale) -> bool {
    typed.replaces.is_some() || typed.detail.is_some() || typed.beside.is_some()
}

/// Returns what is recorded of how a row counts: lines of the file by the numbers that their events get.
fn numbered(ties: SaleTies, numbers: &HashMap<u64, i64>) -> SaleTies {
    let number = |event: i64| {
        let line = u64::try_from(-event).ok();
        line.and_then(|line| numbers.get(&line)).copied().unwrap_or(event)
    };
    let all = |events: Vec<i64>| events.into_iter().map(number).collect();
    SaleTies {
        replaces: all(ties.replaces),
        part_of: ties.part_of.map(number),
        parts: all(ties.parts),
        beside: ties.beside,
    }
}

/// Adds a sale to those that can be returned, or a return, once it fits the sale that it names.
fn take_return<'s>(
    sales: &mut ReturnableSales<'s>,
    day: Day,
    sold: &'s Sold,
    partner: &str,
    program: &Program,
) -> Result<(), String> {
    if let Some(reference) = returned(sold) {
        let fits = sales.check(day, sold.amount_minor, reference, sold.product());
        let fits =
            fits.and_then(|()| sold.detail.as_ref().map_or(Ok(()), |detail| sales.check_money(detail)));
        fits.map_err(|fault| return_fault_in_words(&fault, partner, program.currency))?;
    }
    let days = sold.days.unwrap_or(DayRange { first: day, last: day });
    sales.add(days, sold.amount_minor, sold.reference.as_deref(), sold.detail.as_deref());
    Ok(())
}

/// How rows are understood.
struct SaleReader<'r> {
    program: &'r Program,
    places: Places,
    rates: &'r BTreeMap<String, String>,
    /// The rates that are set by date.
    set: Rates,
    /// The rates of sales and those that are set, with which rates of rows are compared; none if any rate is taken.
    seen: Option<RefCell<Rates>>,
    usual: &'r Counting,
    today: Day,
}

/// The place of the column of each field, found once.
struct Places {
    partner: Option<usize>,
    on: Option<usize>,
    /// In the order of [`TEXTS`].
    texts: [Option<usize>; 16],
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

impl SaleReader<'_> {
    fn read(
        &self,
        row: &SourceRow,
        partners: &mut NamedPartners,
        packed: &mut PackedSales,
    ) -> Result<PartnerRow<PackedSale>, String> {
        let partner = partners.number(row.at(self.places.partner), row.line)?;
        let [.., amount_at, _, _, _] = self.places.texts;
        let currency = self.program.currency;
        let mut sale = typed_sale(self.places.texts.map(|place| row.at(place)));
        // An amount is read unchanged, so that blanks within it are not passed over.
        sale.amount = sale.amount.and(row.exact_at(amount_at));
        sale.currency = sale.currency.filter(|code| *code != currency.code());
        let (day, moment, period) = self.when(row, sale.period)?;
        if let Some(code) = sale.currency {
            let typed = sale.rate.or(self.rates.get(code).map(String::as_str));
            sale.rate = typed.or_else(|| Some(self.set.on(code, day)?.1));
            if let (Some(rate), None) = (typed.filter(|rate| is_rate(rate)), sale.returns) {
                self.check_near(code, day, rate)?;
            }
        }
        let amount_minor = sale.amount_minor(currency).map_err(|why| match (sale.currency, sale.rate) {
            (Some(code), None) if matches!(why, SaleFault::NoRate { .. }) => {
                format!("{}; add --rate {code}=RATE or a rate column", why.sentence())
            }
            _ => why.sentence(),
        })?;
        sale.counting(self.usual).map_err(|why| why.sentence())?;
        sale.period = period.as_deref();
        sale.amount = sale.amount.filter(|_| sale.currency.is_some());
        let says = packed.push(amount_minor, sale_texts(&sale))?;
        Ok(PartnerRow { partner, day, moment, line: row.line, says })
    }

    /// Checks that a rate is not far from the last one of its currency, be it of another row.
    fn check_near(&self, code: &str, day: Day, rate: &str) -> Result<(), String> {
        let Some(seen) = &self.seen else { return Ok(()) };
        let far = |why: RateFault| format!("{}; --yes takes it", why.sentence());
        seen.borrow().check_near(code, day, rate).map_err(far)?;
        seen.borrow_mut().learn(day, code, rate);
        Ok(())
    }

    /// Returns the day of a sale, its time within the day, and its period if it is for one.
    fn when(&self, row: &SourceRow, period: Option<&str>) -> Result<(Day, i64, Option<String>), String> {
        if row.at(self.places.on).is_some() {
            let stamp = row.exact_at(self.places.on).unwrap_or_default();
            let (day, moment) = SourceRow::past_stamp("on", stamp, self.today)?;
            let period = period.map(|label| self.program.calendar.parse(label)).transpose()?;
            if let Some(period) = period.filter(|one| day < one.first || day > one.last) {
                return Err(format!("on is {day}, which is not in {}", period.with_days()));
            }
            return Ok((day, moment, None));
        }
        let period = self.program.calendar.parse(period.ok_or("has neither a day nor a period")?)?;
        if period.last > self.today {
            return Err(format!("{} is not over until {}", period.with_days(), period.last));
        }
        Ok((period.last, 0, Some(period.to_string())))
    }
}
