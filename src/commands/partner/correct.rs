//! The command that corrects the day or the amount of an event, any part of a sale, or how and why a partner left.

use std::collections::{BTreeMap, BTreeSet};

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::completers::reason_keys;
use crate::commands::fund_accruals::{note_accruals, to_accrue};
use crate::commands::named::find_reason;
use crate::commands::options::{DryRun, OnDay, name, optional_amount, prose};
use crate::commands::order::{Order, Whom};
use crate::commands::proposals::LoadedPartner;
use crate::commands::rate::{no_rate, take_far};
use crate::commands::record::record;
use crate::commands::stage::note_signed;
use crate::lifecycle::agenda::dues;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::{Error, Sentence};
use crate::lifecycle::base::percent::Ratio;
use crate::lifecycle::base::text::listed;
use crate::lifecycle::corrections;
use crate::lifecycle::corrections::Corrected;
use crate::lifecycle::event::{Event, PartnerId, Recorded};
use crate::lifecycle::facts::PartnerFacts;
use crate::lifecycle::plans;
use crate::lifecycle::program::Program;
use crate::lifecycle::revenue::{Rates, Sale, SaleCorrection, SalePart, TypedCorrection, TypedSale, is_rate};
use crate::lifecycle::rule::History;
use crate::lifecycle::stage::{ExitCorrection, LeftAs};
use crate::lifecycle::terms::margin_given;
use crate::report::reading::SameSale;
use crate::store::Reader;
use crate::text::milestone::due_instead;
use crate::text::plans::targets_stay;
use crate::text::rates::rate_of_day_before;
use crate::text::sale_corrections::list_amount_stays;

/// Correct the day or the amount of an event, or any part of a sale, by its number in `log PARTNER`
#[derive(Debug, Args)]
#[command(
    override_usage = "chanlife correct EVENT --on DATE\n       chanlife correct EVENT --amount AMOUNT\n       chanlife correct EVENT --quantity NUMBER --unit-price AMOUNT ...",
    after_help = "Examples:
  chanlife correct 17 --on 2026-09-01
  chanlife correct 42 --amount 1234.56 --reason \"credit note\"
  chanlife correct 42 --quantity 12   # the amount follows from the price
  chanlife correct 42 --rate 0.92   # the amount follows from the rate
  chanlife correct 42 --amount 1000 --currency USD --rate 0.92
  chanlife correct 42 --amount 500 --without quantity,unit-price
  chanlife correct 58 --as withdrew --why price   # of a leaving
  chanlife correct 58 --without why --text \"sold to a rival\"
  chanlife correct 42 --product SKU-7 --customer \"Bolt Ltd\"
Parts that contradict each other are refused. An amount is in the currency that is typed with it,
else in that of the program. A total of a period is restated with `revenue add ... --replaces EVENT`.",
    mut_arg("on", |on| on.help("Correct day"))
)]
pub struct CorrectArgs {
    /// Event number
    #[arg(value_parser = event_number)]
    event: Option<i64>,
    #[command(flatten)]
    on: OnDay,
    /// Correct amount
    #[arg(long, allow_negative_numbers = true)]
    amount: Option<String>,
    /// Correct number of units of a sale
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    quantity: Option<String>,
    /// Correct price per unit of a sale
    #[arg(long, value_name = "AMOUNT")]
    unit_price: Option<String>,
    /// Correct currency of a sale
    #[arg(long, value_name = "CODE")]
    currency: Option<String>,
    /// Correct exchange rate of a sale
    #[arg(long, allow_negative_numbers = true)]
    rate: Option<String>,
    /// Correct product of a sale
    #[arg(long, value_parser = name)]
    product: Option<String>,
    /// Correct end customer of a sale
    #[arg(long, value_parser = name)]
    customer: Option<String>,
    /// Correct deal of a sale
    #[arg(long, value_parser = name)]
    deal: Option<String>,
    /// Correct invoice or report number of a sale
    #[arg(long = "ref", value_name = "REFERENCE", value_parser = name)]
    reference: Option<String>,
    /// Correct price by the list of a sale, in the currency of the sale
    #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true)]
    list_amount: Option<String>,
    /// Correct ship-to place of a sale: a country, or a place with one behind a comma
    #[arg(long, value_name = "PLACE", value_parser = name)]
    ship_to: Option<String>,
    /// Of a return: the reference of the sale that is returned
    #[arg(long, value_name = "REFERENCE", value_parser = name)]
    returns: Option<String>,
    /// What a sale does not have, such as customer or quantity,unit-price; of a leaving or parking: why
    #[arg(long, value_name = "PART,...", value_delimiter = ',', value_parser = part)]
    without: Vec<WithoutPart>,
    /// Of a leaving: how the partner left
    #[arg(long = "as", value_name = "LABEL", value_parser = ["declined", "withdrew", "terminated"])]
    label: Option<String>,
    /// Of a leaving or parking: the reason, by its key or name
    #[arg(long, value_name = "KEY", add = ArgValueCompleter::new(reason_keys))]
    why: Option<String>,
    /// Of a leaving or parking: the reason in own words
    #[arg(long, value_parser = prose)]
    text: Option<String>,
    /// Reason for the correction
    #[arg(long, value_parser = prose)]
    reason: Option<String>,
    #[command(flatten)]
    dry_run: DryRun,
}

const LISTED: &str = "`chanlife log PARTNER` lists events with their numbers";

fn event_number(typed: &str) -> Result<i64, String> {
    typed.parse().map_err(|_| format!("`{typed}` is not an event number; {LISTED}"))
}

/// What is not so of an event: a part of a sale, or the program's reason of a leaving or parking.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum WithoutPart {
    OfSale(SalePart),
    Why,
}

/// Reads a part that a sale, a leaving or a parking may have or not.
fn part(typed: &str) -> Result<WithoutPart, String> {
    if typed == "why" {
        return Ok(WithoutPart::Why);
    }
    let parts = SalePart::ALL.into_iter().filter(|part| !matches!(part, SalePart::Amount | SalePart::Rate));
    let words: Vec<&str> = parts.clone().map(SalePart::word).collect();
    let found = parts.clone().find(|part| part.word() == typed.replace('_', "-"));
    let found = found.map(WithoutPart::OfSale);
    found.ok_or_else(|| {
        format!("unknown part `{typed}`; expected parts of a sale: {}, or `why` of a leaving", listed(&words))
    })
}

impl CorrectArgs {
    fn typed(&self) -> TypedCorrection<'_> {
        let sale = TypedSale {
            amount: self.amount.as_deref(),
            quantity: self.quantity.as_deref(),
            unit_price: self.unit_price.as_deref(),
            currency: self.currency.as_deref(),
            rate: self.rate.as_deref(),
            reference: self.reference.as_deref(),
            product: self.product.as_deref(),
            customer: self.customer.as_deref(),
            ship_to: self.ship_to.as_deref(),
            list_amount: self.list_amount.as_deref(),
            returns: self.returns.as_deref(),
            deal: self.deal.as_deref(),
            ..TypedSale::default()
        };
        let without = self.without.iter().filter_map(|part| match part {
            WithoutPart::OfSale(part) => Some(*part),
            WithoutPart::Why => None,
        });
        TypedCorrection { sale, without: without.collect::<BTreeSet<SalePart>>() }
    }

    /// Returns whether a rate that is typed is taken: one that is far from the last of its currency is asked about.
    fn takes_rate(&self, context: &Context, event: i64, day: Option<Day>) -> anyhow::Result<bool> {
        let asked = self.rate.as_deref().filter(|rate| is_rate(rate) && !context.global.yes);
        let Some(rate) = asked else { return Ok(true) };
        let mut store = context.store()?;
        let found = store.read(|reader| {
            let Some(partner) = reader.event(event)?.and_then(|recorded| recorded.partner) else {
                return Ok(None);
            };
            let aliases = reader.program_now()?.aliases;
            let held = reader.folded_history(reader.survivor(partner)?, &aliases)?;
            let sales = held.partner().map_or(&[][..], |held| &held.sales);
            let sale = sales.iter().find(|sale| sale.event == event);
            let of_sale = sale.map(|sale| (sale.day, sale.said().currency.clone()));
            Ok(Some((reader.rates_without(event)?, of_sale)))
        })?;
        let Some((known, Some((sold_on, of_sale)))) = found else { return Ok(true) };
        let Some(code) = self.currency.as_deref().or(of_sale.as_deref()) else { return Ok(true) };
        take_far(context, || Ok(known), code, day.unwrap_or(sold_on), rate)
    }

    /// Refuses a correction that says nothing, and options that contradict each other.
    fn refuse_unclear(&self, day: Option<Day>, typed: &TypedCorrection) -> Result<(), Error> {
        let without_why = self.without.contains(&WithoutPart::Why);
        if without_why && self.why.is_some() {
            return Err(Error::usage("--without why and --why contradict each other"));
        }
        let is_exit = self.label.is_some() || self.why.is_some() || without_why || self.text.is_some();
        if day.is_none() && typed.is_nothing() && !is_exit {
            return Err(Error::usage("what is right is missing; --reason only says why it is corrected")
                .hint("give --on DATE, --amount AMOUNT or both; of a sale any part, such as --quantity, --rate or --product")
                .hint("of a leaving or parking: --as LABEL, --why KEY, --without why, or --text TEXT for own words"));
        }
        if let Some(part) = typed.contradicted() {
            let why = format!("--without {} and --{} contradict each other", part.word(), part.word());
            return Err(Error::usage(why));
        }
        Ok(())
    }

    /// Returns the right amount in minor units and the other right parts; `typed` is what is typed of the sale, if it is one.
    fn right(
        &self,
        program: &Program,
        typed: Option<(&Sale, TypedCorrection)>,
    ) -> Result<(Option<i64>, SaleCorrection), Error> {
        match typed {
            Some((sale, typed)) => corrections::correct_sale(program, sale, &typed),
            None => {
                let amount = optional_amount(program.currency, "--amount", self.amount.as_ref())?;
                Ok((amount, self.typed().unlooked()))
            }
        }
    }

    /// Says what stays of a sale although its day or its amount is another one: its rate, if it took that of its day from
    /// `rates`, and its price by the list.
    fn what_stays(
        &self,
        program: &Program,
        (before, after): (&Sale, &Sale),
        rates: Option<&Rates>,
    ) -> Vec<String> {
        let rate = rates.and_then(|rates| rate_stays(rates, before, after));
        let list = list_stays(program, before, after).filter(|_| self.list_amount.is_none());
        rate.into_iter().chain(list).collect()
    }

    /// Returns what is corrected of how a partner left.
    fn exit(&self, program: &Program) -> Result<ExitCorrection, Error> {
        let label = self.label.as_deref().and_then(LeftAs::from_word);
        let why = self.why.as_deref().map(|word| find_reason(program, "--why", word)).transpose()?;
        let without_why = self.without.contains(&WithoutPart::Why);
        Ok(ExitCorrection {
            label,
            why: why.map(|one| one.key.clone()),
            without_why,
            text: self.text.clone(),
        })
    }

    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let Some(event) = self.event else {
            return Err(Error::usage("the event number is missing").hint(LISTED).into());
        };
        let day = self.on.given(context)?;
        let typed = self.typed();
        self.refuse_unclear(day, &typed)?;
        if !self.takes_rate(context, event, day)? {
            return Ok(Exit::Done);
        }
        let whom = Whom::Events { numbers: &[event], unknown: no_event };
        let order = Order { whom, day: context.today, keep: self.dry_run.keep(), skip_refused: false };
        record(context, &order, |in_force, proposals| {
            let currency = in_force.program.currency;
            let exit = self.exit(&in_force.program)?;
            let foreign = self.currency.as_deref().filter(|code| *code != currency.code());
            let needed = (foreign.is_some() || day.is_some()) && self.rate.is_none();
            let rates = if needed { proposals.reader().rates()? } else { Rates::default() };
            let reader = proposals.reader();
            proposals.each(|loaded| {
                let (facts, history) = (loaded.facts(), loaded.history());
                let sale = facts.partner.sales.iter().find(|sale| sale.event == event);
                let typed = sale.map(|sale| with_rate(&typed, sale, foreign, &rates, day)).transpose()?;
                let (amount_minor, sale) = self.right(&in_force.program, sale.zip(typed))?;
                let (label, exit, reason) = (exit.label, exit.clone(), self.reason.clone());
                let corrected = Corrected { event, day, amount_minor, sale: Box::new(sale), exit, reason };
                let decided = corrections::correct(facts, history, &in_force.aliases, corrected)?;
                let plan_starts = plan_starts(history, event);
                let due_before = is_move(history, event).then(|| due_days(loaded));
                let before = sale_of(loaded, event);
                let accrued_before = to_accrue(loaded, context.today);
                loaded.take(decided)?;
                let sales = before.zip(sale_of(loaded, event));
                let of_sale = sales.iter().flat_map(|((_, before), (_, after))| {
                    let moved = day.is_some() && self.rate.is_none();
                    self.what_stays(&in_force.program, (before, after), moved.then_some(&rates))
                });
                let of_sale: Vec<String> = of_sale.collect();
                let family = sales.map(|(before, after)| change_in_family(context, reader, before, after));
                let notes = note_accruals(loaded, context.today, accrued_before).into_iter().chain(of_sale);
                for note in notes.chain(family.transpose()?.flatten()) {
                    loaded.add_note(note);
                }
                if let Some(label) = label {
                    note_signed(loaded, label);
                }
                if let Some(due_before) = due_before {
                    note_due_days(loaded, &due_before);
                }
                if let (Some(starts), Some(on)) = (plan_starts, day) {
                    note_targets(loaded, starts, on);
                }
                Ok(())
            })
        })
    }
}

/// Says that the targets of a plan stay, although its day is another now.
fn note_targets(loaded: &mut LoadedPartner, starts: Day, on: Day) {
    let facts = loaded.facts();
    let plan = facts.program.calendar.named(plans::year_of(starts));
    let note = targets_stay(&facts.partner.key, &plan, on);
    loaded.add_note(note);
}

/// Returns the first day of the year of a plan's version; nothing if another event has this number.
fn plan_starts(history: &History, event: i64) -> Option<Day> {
    history.events.iter().find_map(|one| match &one.event {
        Event::Planned(planned) if one.number == event => Some(planned.starts),
        _ => None,
    })
}

/// Returns whether the event with this number moved what is due to another day.
fn is_move(history: &History, event: i64) -> bool {
    let moves = |one: &Recorded| matches!(one.event, Event::DueMoved(_) | Event::TaskMoved(_));
    history.events.iter().any(|one| one.number == event && moves(one))
}

/// Returns the sale of an event as it is known now, with its partner; nothing if the event is none or counts no more.
fn sale_of(loaded: &LoadedPartner, event: i64) -> Option<(PartnerId, Sale)> {
    let found = loaded.latest().sales.iter().find(|sale| sale.event == event);
    found.map(|sale| (loaded.latest().id, sale.clone()))
}

/// Returns what is due of a partner and when, by what tells it apart.
fn due_days(loaded: &LoadedPartner) -> BTreeMap<String, (Day, String)> {
    let facts = PartnerFacts { partner: loaded.latest(), ..loaded.facts() };
    dues(facts).into_iter().map(|due| (due.id.clone(), (due.day, due.what.sentence()))).collect()
}

/// Says what is due on another day than before.
fn note_due_days(loaded: &mut LoadedPartner, before: &BTreeMap<String, (Day, String)>) {
    let after = due_days(loaded);
    let changed = after.iter().filter_map(|(id, (day, what))| {
        let was = before.get(id).map(|(was, _)| *was).filter(|was| was != day)?;
        Some(due_instead(what, was, *day))
    });
    let notes: Vec<String> = changed.collect();
    for note in notes {
        loaded.add_note(note);
    }
}

/// Says what a correction changes of sums over partners, if one above or below reports the same sale.
fn change_in_family(
    context: &Context,
    reader: &Reader,
    (partner, before): (PartnerId, Sale),
    (_, after): (PartnerId, Sale),
) -> anyhow::Result<Option<String>> {
    if before == after || before.reference.is_none() && after.reference.is_none() {
        return Ok(None);
    }
    let view = reader.view(context.today.max(after.day), None)?;
    if !view.in_force.program.has_parents() {
        return Ok(None);
    }
    let [before, after] = [&before, &after].map(|sale| SameSale::of(&view, partner, sale));
    Ok(before?.corrected(&after?, view.in_force.program.currency))
}

/// Says that a sale that took the rate of its day keeps it on another day with another rate.
fn rate_stays(rates: &Rates, before: &Sale, after: &Sale) -> Option<String> {
    let (code, rate) = after.said().currency.as_deref().zip(after.said().rate.as_deref())?;
    let (_, was) = rates.on(code, before.day)?;
    let (since, now) = rates.on(code, after.day)?;
    (before.day != after.day && was == rate && now != rate)
        .then(|| rate_of_day_before(after.event, (code, rate), (since, now)))
}

/// Says that the price by the list of a sale stays although its amount is another one.
fn list_stays(program: &Program, before: &Sale, after: &Sale) -> Option<String> {
    let list = after.said().list_amount.as_ref()?;
    let figures =
        |sale: &Sale| (sale.reported_minor(), sale.said().quantity.clone(), sale.said().unit_price.clone());
    if before.said().list_amount.as_ref() != Some(list) || figures(before) == figures(after) {
        return None;
    }
    let code = after.said().currency.as_deref().unwrap_or(program.currency.code());
    let margin = |sale: &Sale| {
        let (given, list) = margin_given(sale, program.currency)?;
        Some(Ratio::of(given, list)?.percent())
    };
    let margins = margin(before).zip(margin(after)).map(|(was, is)| [was, is]);
    Some(list_amount_stays(after.event, &format!("{list} {code}"), margins.filter(|[was, is]| was != is)))
}

/// Returns what is typed of a sale with the rate that is set, if its currency is another one and no rate is typed.
fn with_rate<'t>(
    typed: &TypedCorrection<'t>,
    sale: &Sale,
    foreign: Option<&str>,
    rates: &'t Rates,
    day: Option<Day>,
) -> Result<TypedCorrection<'t>, Error> {
    let Some(code) = foreign.filter(|code| sale.said().currency.as_deref() != Some(code)) else {
        return Ok(typed.clone());
    };
    let set = || rates.on(code, day.unwrap_or(sale.day)).map(|(_, rate)| rate);
    let on = day.unwrap_or(sale.day);
    let rate = Some(typed.sale.rate.or_else(set).ok_or_else(|| no_rate(code, on))?);
    Ok(TypedCorrection { sale: TypedSale { rate, ..typed.sale }, ..typed.clone() })
}

fn no_event(number: i64) -> Error {
    Error::refused(format!("event not found: {number}")).hint(LISTED)
}
