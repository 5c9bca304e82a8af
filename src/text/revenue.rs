//! Sell-through revenue.

use shell_words::quote;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::{Hint, Step};
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::base::text::{counted, phrase};
use crate::lifecycle::program::Program;
use crate::lifecycle::revenue::{
    GivesWay, NoProductiveRevenue, Overlap, OverlapFault, ReportedMoney, ReportingFault, ReturnFault,
    RevenueRefusal, SaleDetail, SaleFault, SaleKnown, SaleRepeated, SaleRestated, SaleTies, Sold,
    UnfitReturn,
};
use crate::text::events::{Described, ReceiptContext};
use crate::text::overlaps;
use crate::text::periods::called;
use crate::text::steps::command_line;

/// How many events are named.
const NAMED: usize = 5;

/// Which reference a return has.
pub(crate) const OWN_REFERENCE: &str = "a return has its own: give the number of the credit note";

impl Sentence for RevenueRefusal {
    fn sentence(&self) -> String {
        match self {
            RevenueRefusal::ReferenceTaken { reference, recorded: (money, day), .. } => {
                format!("`{reference}` is already recorded, {} on {day}", money_in_words(money))
            }
            RevenueRefusal::ReferenceOfSale { reference } => {
                format!("`{reference}` is the reference of a sale that is recorded")
            }
            RevenueRefusal::Return { fault, partner, currency, .. } => {
                return_fault_in_words(fault, partner, *currency)
            }
            RevenueRefusal::ReturnOfRestated { reference, event, by } => {
                format!("`{reference}` (event {event}) counts no more: event {by} stands in its place")
            }
            RevenueRefusal::ReturnBroken { unfit, partner, currency, .. } => {
                return_broken_in_words(unfit, partner, *currency)
            }
            RevenueRefusal::Overlap { place, fault, partner, currency, calendar, .. } => {
                let names = (*currency, *calendar);
                let record = format!("revenue of {partner} {}", overlaps::days(place, *calendar));
                format!("{record} {}", overlaps::fault_in_words(fault, names))
            }
            RevenueRefusal::NamedTwice { reference, events: [one, other], partner, .. } => {
                format!("`{reference}` of {partner} would count twice, as event {one} and as event {other}")
            }
            RevenueRefusal::BackTwice { event, again, amount, on, partner } => format!(
                "{amount} of {partner} on {on} (event {event}) was recorded again since, as event {again}, and would count \
                 twice"
            ),
            RevenueRefusal::TornApart { event, other, partner, whose } => format!(
                "event {event} of {partner} counts in place of event {other} or with it, and event {other} would be \
                 {whose}'s again"
            ),
            RevenueRefusal::OverlapMade {
                overlap: Overlap { record, fault: OverlapFault::PartsExceed { total, parts_minor, .. } },
                partner,
                currency,
                ..
            } if total.event == record.event => format!(
                "the parts of event {} of {partner} add up to {}, which does not fit the new total of {}",
                total.event,
                currency.amount(*parts_minor),
                currency.amount(total.amount_minor.into())
            ),
            RevenueRefusal::OverlapMade { overlap, partner, currency, calendar, .. } => {
                let names = (*currency, *calendar);
                let record = overlaps::amount_of_days(&overlap.record, names);
                let why = overlaps::fault_in_words(&overlap.fault, names);
                format!("event {} of {partner}, {record}, {why}", overlap.record.event)
            }
            RevenueRefusal::PartsContradict { event, partner, fault, .. } => {
                format!("event {event} of {partner} would contradict itself: it {}", fault.sentence())
            }
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            RevenueRefusal::ReferenceOfSale { .. } => {
                vec![format!("{OWN_REFERENCE}, with --ref").into()]
            }
            RevenueRefusal::ReferenceTaken { sale, recorded, reported, own, .. } => {
                let step = step_to_correct(*sale, recorded, reported, own);
                vec![Hint::if_so("to correct it:", step)]
            }
            RevenueRefusal::Return { key, .. } => {
                vec![Hint::step(
                    Step::ListRevenue { partner: key.clone() },
                    "lists the sales with their references",
                )]
            }
            RevenueRefusal::ReturnOfRestated { by, .. } => vec![
                format!(
                    "if event {by} is too high by what came back: `chanlife correct {by} --amount AMOUNT`"
                )
                .into(),
                "else leave --returns out: the return then counts by itself".into(),
            ],
            RevenueRefusal::ReturnBroken { unfit, key, .. } => mend_return(unfit, key),
            RevenueRefusal::Overlap { fault, ways, .. } => overlaps::remedies(fault, ways),
            RevenueRefusal::NamedTwice { events: [_, other], key, .. } => vec![
                Hint::step(
                    Step::Log { partner: key.clone() },
                    format!("lists the action with event {other}; undo that first"),
                ),
                format!("if they are two sales: `chanlife correct {other} --ref REFERENCE`").into(),
            ],
            RevenueRefusal::BackTwice { .. } => {
                vec!["if it was sold twice, record it once more with `chanlife revenue add`".into()]
            }
            RevenueRefusal::TornApart { event, .. } => {
                vec![format!("undo the action with event {event} first").into()]
            }
            RevenueRefusal::OverlapMade { overlap, replaces, key, .. } if !replaces.is_empty() => {
                vec![undo_later(overlap.record.event, replaces, key)]
            }
            RevenueRefusal::OverlapMade { overlap, key, currency, calendar, .. } => {
                overlaps::remedies_of_change(overlap, key, (*currency, *calendar))
            }
            RevenueRefusal::PartsContradict { key, .. } => {
                vec![Hint::step(
                    Step::Log { partner: key.clone() },
                    "lists its corrections; undo the newest first, or correct all parts at once",
                )]
            }
        }
    }
}

/// Says why a return would not fit its sale after a change of what is recorded.
fn return_broken_in_words(unfit: &UnfitReturn, partner: &str, currency: Currency) -> String {
    let UnfitReturn { event, day, fault } = unfit;
    if let ReturnFault::OtherMoney { reference, .. } = fault {
        return format!(
            "the return of {day} (event {event}) names `{reference}` and would be in another currency or at another rate \
             than it"
        );
    }
    let why = return_fault_in_words(fault, partner, currency);
    format!("the return of {day} (event {event}) would not fit its sale: {why}")
}

/// Says how a return lets its sale be changed; `key` is that of its partner.
fn mend_return(UnfitReturn { event, fault, .. }: &UnfitReturn, key: &str) -> Vec<Hint> {
    if let ReturnFault::OtherMoney { reference, .. } = fault {
        let returns = quote(reference);
        let steps = format!(
            "first `chanlife correct {event} --without returns`, then correct the sale and event {event}, then \
             `chanlife correct {event} --returns {returns}`"
        );
        return vec![steps.into()];
    }
    let behind = format!("lists the action with event {event}; undo it or correct it first");
    let log = Hint::step(Step::Log { partner: key.to_owned() }, behind);
    let renamed = matches!(fault, ReturnFault::NoSale { .. }).then(|| {
        format!(
            "to change what the sale is called: first `chanlife correct {event} --without returns`, then correct the \
             sale, then `chanlife correct {event} --returns REFERENCE`"
        )
    });
    renamed.map(Hint::from).into_iter().chain([log]).collect()
}

/// Says that an event which counts in place of others has to be undone before those; `key` is that of its partner.
fn undo_later(event: i64, replaces: &[i64], key: &str) -> Hint {
    let replaced: Vec<String> = replaces.iter().map(i64::to_string).collect();
    let behind = format!(
        "lists the action with event {event}, which counts in place of event {}; undo that action first",
        phrase(&replaced)
    );
    Hint::step(Step::Log { partner: key.to_owned() }, behind)
}

/// Says why a return does not fit the sale that it names.
pub(crate) fn return_fault_in_words(fault: &ReturnFault, partner: &str, currency: Currency) -> String {
    let money = |minor: i128| currency.amount(minor);
    match fault {
        ReturnFault::NoSale { reference, product: None } => {
            format!("{partner} has no sale with the reference `{reference}`")
        }
        ReturnFault::NoSale { reference, product: Some(product) } => {
            format!("{partner} has no sale of `{product}` with the reference `{reference}`")
        }
        ReturnFault::SoldLater { reference, sold_on } => {
            format!("`{reference}` was sold on {sold_on}, which is after the return")
        }
        ReturnFault::TooMuch { reference, sold_minor, returned_minor } => {
            let left = money(sold_minor - returned_minor);
            format!("at most {left} of `{reference}` can be returned: {} were sold", money(*sold_minor))
        }
        ReturnFault::OtherMoney { reference, sold_in: Some((code, rate)) } => format!(
            "`{reference}` was sold in {code} at the rate {rate}, so its return has this currency and this rate; record \
             one at another rate without naming the sale"
        ),
        ReturnFault::OtherMoney { reference, sold_in: None } => {
            format!("`{reference}` was sold in {}, so its return is in {}", currency.code(), currency.code())
        }
        ReturnFault::NotBelowZero { reference } => {
            format!("it returns `{reference}`, so its amount must be negative")
        }
    }
}

/// Says an amount, with its currency if that is not the program's.
pub(crate) fn money_in_words(money: &ReportedMoney) -> String {
    let code = money.code.as_ref().map_or_else(String::new, |code| format!(" {code}"));
    format!("{}{code}", money.amount)
}

/// Returns the step that corrects a recorded amount or day to those that were reported; `own` is the code of the program's
/// currency, which has to be named where the recorded amount is in another.
pub(crate) fn step_to_correct(
    event: i64,
    recorded: &(ReportedMoney, Day),
    reported: &(ReportedMoney, Day),
    own: &str,
) -> Step {
    let is_new = reported.0 != recorded.0;
    let code = reported.0.code.clone().or_else(|| recorded.0.code.as_ref().map(|_| own.to_owned()));
    Step::Correct {
        event,
        amount: is_new.then_some(reported.0.amount),
        currency: code.filter(|_| is_new),
        on: Some(reported.1).filter(|day| *day != recorded.1),
    }
}

impl Sentence for SaleKnown {
    fn sentence(&self) -> String {
        let SaleKnown { event, reference, amount, period, on, corrected } = self;
        let known = match (reference, period) {
            (Some(reference), _) => format!("`{reference}` is already recorded, {amount} on {on}"),
            (None, Some(period)) => {
                format!("{amount} for {} is already recorded, by event {event}", period.with_days())
            }
            (None, None) => format!("{amount} on {on} is already recorded, by event {event}"),
        };
        match corrected {
            None => known,
            Some((right, day)) if day == on => format!("{known}; event {event} was corrected to {right}"),
            Some((right, day)) => format!("{known}; event {event} was corrected to {right} on {day}"),
        }
    }
}

impl Sentence for SaleRestated {
    fn sentence(&self) -> String {
        let SaleRestated { event, by, reference, amount, on, is_recorded_again } = self;
        let what = match reference {
            Some(reference) => format!("`{reference}`, {amount} on {on},"),
            None => format!("{amount} on {on}"),
        };
        let stands = format!("counts no more: event {by} stands in its place");
        if *is_recorded_again {
            return format!("note: {what} was recorded before by event {event}, which {stands}");
        }
        format!("{what} is already recorded by event {event} and {stands}; --beside records it again, on top")
    }
}

impl Sentence for GivesWay {
    fn sentence(&self) -> String {
        let GivesWay { count, event, amount } = self;
        let records = counted(*count, "record");
        let (counts, first) = if *count == 1 { ("counts", "") } else { ("count", "the first ") };
        format!(
            "note: {records} of these days, {first}event {event}, {counts} on: {amount}; --replaces within restates them"
        )
    }
}

impl Sentence for SaleRepeated {
    fn sentence(&self) -> String {
        let SaleRepeated { amount, period, event } = self;
        format!(
            "note: {amount} for {} is now recorded twice, first by event {event}; if it is the same: `{}`",
            period.with_days(),
            command_line(&Step::Undo)
        )
    }
}

impl Sentence for NoProductiveRevenue {
    fn sentence(&self) -> String {
        "[productive] has no valid revenue_12m".to_owned()
    }

    fn hints(&self) -> Vec<Hint> {
        vec!["add revenue_12m = 100000".into()]
    }
}

impl Sentence for ReportingFault {
    fn sentence(&self) -> String {
        match self {
            ReportingFault::NoField { field } => format!("unknown field `{field}`"),
            ReportingFault::FieldOfOthers { field } => {
                format!("field `{field}` can hold other words than month, quarter, year and none")
            }
            ReportingFault::FieldAndTerm => "[reporting] names a field and a term".to_owned(),
        }
    }

    fn hints(&self) -> Vec<Hint> {
        let remedy = match self {
            ReportingFault::NoField { .. } => {
                "add a [[field]] with this key, type = \"choice\" and options = [\"month\", \"quarter\", \"year\", \"none\"]"
            }
            ReportingFault::FieldOfOthers { .. } => {
                "give the field type = \"choice\" and options = [\"month\", \"quarter\", \"year\", \"none\"]"
            }
            ReportingFault::FieldAndTerm => "keep one of them",
        };
        vec![remedy.into()]
    }
}

impl Described for Sold {
    fn described(&self, program: &Program) -> String {
        let period = self.period.as_ref().map(|name| called(program.calendar, name, self.days));
        let period = period.map_or_else(String::new, |period| format!(" for {period}"));
        let reference = self.reference.as_ref().map_or_else(String::new, |one| format!(" ({one})"));
        let detail = self.detail.as_deref().map_or_else(String::new, sale_detail);
        let amount = program.currency.amount(self.amount_minor.into());
        let ties = self.ties.as_deref().map_or_else(String::new, sale_ties);
        if self.amount_minor == 0 && detail.is_empty() {
            return format!("reported no sales{period}{reference}{ties}");
        }
        format!("sold {amount}{detail}{period}{reference}{ties}")
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        let amount = about.program.currency.amount(self.amount_minor.into());
        let period = self.period.as_ref().map(|name| called(about.program.calendar, name, self.days));
        let when = period.unwrap_or_else(|| about.day.to_string());
        let ties = self.ties.as_deref().map_or_else(String::new, sale_ties);
        if self.amount_minor == 0 && self.detail.is_none() {
            return format!("Recorded no sales for {}, {when}{ties}", about.partner);
        }
        let returned = self.detail.as_deref().and_then(|detail| detail.returns.as_ref());
        if let Some(sale) = returned.filter(|_| self.amount_minor < 0) {
            let back = about.program.currency.amount(i128::from(self.amount_minor).abs());
            return format!("Recorded a return of {back} on {sale} for {}, {when}{ties}", about.partner);
        }
        format!("Recorded {amount} revenue for {}, {when}{ties}", about.partner)
    }
}

/// How a sale counts beside others, behind what it is.
fn sale_ties(ties: &SaleTies) -> String {
    let named = |events: &[i64]| {
        let first: Vec<String> = events.iter().take(NAMED).map(ToString::to_string).collect();
        let more = events.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("{} {}{more}", if events.len() == 1 { "event" } else { "events" }, first.join(", "))
    };
    let some =
        |events: &[i64], verb: &str| (!events.is_empty()).then(|| format!(", {verb} {}", named(events)));
    let parts = [
        some(&ties.replaces, "in place of"),
        ties.part_of.map(|total| format!(", as a part of event {total}")),
        some(&ties.parts, "as the total of"),
        ties.beside.then(|| ", beside other records of its days".to_owned()),
    ];
    parts.into_iter().flatten().collect()
}

/// What was sold and to whom, behind the amount.
fn sale_detail(detail: &SaleDetail) -> String {
    let quantity = detail.quantity.as_ref().map(|quantity| format!("{quantity} x"));
    let product = quantity.into_iter().chain(detail.product.clone()).collect::<Vec<String>>().join(" ");
    let product = Some(product).filter(|text| !text.is_empty()).map(|text| format!(": {text}"));
    let customer = detail.customer.as_ref().map(|customer| format!(" to {customer}"));
    let deal = detail.deal.as_ref().map(|deal| format!(", deal {deal}"));
    let rate = detail.currency.as_ref().zip(detail.rate.as_ref());
    let rate = rate.map(|(currency, rate)| format!(", in {currency} at {rate}"));
    let returns = detail.returns.as_ref().map(|returns| format!(", returns {returns}"));
    let list = detail.list_amount.as_ref().map(|list| format!(", list {list}"));
    [product, customer, deal, returns, list, rate].into_iter().flatten().collect()
}

/// Says which figures of a sale do not fit together.
fn figures_do_not_fit(fault: &SaleFault) -> String {
    match fault {
        SaleFault::Contradiction { stated, counted } => {
            format!("has amount {stated}, but quantity times unit price is {counted}")
        }
        SaleFault::RateContradicts { code, rate, stated, counted } => {
            format!("has amount {stated}, but in {code} at the rate {rate} it is {counted}")
        }
        SaleFault::WhichCurrency { amount, code, .. } => {
            format!("is in {code}, and {amount} has no currency")
        }
        SaleFault::ListInOtherMoney { list, was, now } => {
            format!("has the list amount {list} {was}, which would become {list} {now}")
        }
        _ => String::new(),
    }
}

impl Sentence for SaleFault {
    fn sentence(&self) -> String {
        match self {
            SaleFault::NeedlessRate { currency } => format!("has a rate although it is in {currency}"),
            SaleFault::NoCurrency { code } => {
                let upper = code.to_uppercase();
                let known = Currency::from_code(&upper).filter(|_| upper != *code);
                let right = known.map_or_else(
                    || "the code of ISO 4217, such as USD".to_owned(),
                    |known| known.code().to_owned(),
                );
                format!("has unknown currency `{code}`; write {right}")
            }
            SaleFault::NoRate { code, to } => format!("is in {code}, and no rate to {to} is given"),
            SaleFault::Rate { rate } => {
                format!(
                    "has the rate `{rate}`, expected a number above 0 with at most 8 decimals, such as 0.92"
                )
            }
            SaleFault::Amount(why) => why.sentence(),
            SaleFault::Contradiction { .. }
            | SaleFault::RateContradicts { .. }
            | SaleFault::WhichCurrency { .. }
            | SaleFault::ListInOtherMoney { .. } => figures_do_not_fit(self),
            SaleFault::ListAmount(why) => {
                format!("has a list amount that cannot be read: {}", why.sentence())
            }
            SaleFault::ListSign { text } => {
                format!("has the list amount {text}, expected one with the sign of the amount")
            }
            SaleFault::ShipTo { text } => format!(
                "has the ship-to `{text}`, which names no country; write a code or a name of ISO 3166, such as IT or Italy, \
                 or a place with one behind the last comma"
            ),
            SaleFault::Replaces { text } => {
                format!("replaces `{text}`, expected numbers of events or the word within")
            }
            SaleFault::YesOrNo { what, text } => format!("{what} is `{text}`, expected yes or no"),
            SaleFault::DetailBeside => {
                "is to be a part of a total and to count beside it; keep one".to_owned()
            }
            SaleFault::NotAReturn { returns } => {
                format!("returns `{returns}`, but its amount is not negative")
            }
            SaleFault::NothingToCount => "has neither an amount nor quantity and unit price".to_owned(),
            SaleFault::NegativePrice => {
                "has a negative unit price; enter returns with a negative quantity".to_owned()
            }
            SaleFault::QuantityAlone => "has a quantity but no unit price or amount".to_owned(),
            SaleFault::PriceAlone => "has a unit price but no quantity or amount".to_owned(),
            SaleFault::TooLarge => "has too large an amount".to_owned(),
            SaleFault::Number { what, text } => {
                format!("{what} is `{text}`, expected a number such as 12 or 0.5")
            }
            SaleFault::Text { what, fault } => format!("{what} {fault}"),
        }
    }
}
