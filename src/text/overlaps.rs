//! Records of the same days that would count twice.

use std::collections::BTreeSet;

use shell_words::quote;

use crate::lifecycle::base::hint::{Hint, Step};
use crate::lifecycle::base::money::{Currency, Money};
use crate::lifecycle::base::period::{Calendar, DayRange, Period};
use crate::lifecycle::base::text::counted;
use crate::lifecycle::program::Program;
use crate::lifecycle::revenue::{CountsNow, InTheWay, Overlap, OverlapFault, SaleEffect, WayOut};
use crate::text::periods::days_in_words;

/// How many records in the way are named.
const NAMED: usize = 3;

/// How many events are named in an option, if a word says the same.
const TYPED: usize = 8;

/// Says what a record in the way is: "event 3, 30000.00 EUR for 2026-Q3 (1 Jul to 30 Sep 2026)".
fn in_the_way(one: &InTheWay, (currency, calendar): (Currency, Calendar)) -> String {
    format!("{}, {}", which(one.event), amount_of_days(one, (currency, calendar)))
}

/// Says which record it is: an event, or a line of the file.
fn which(event: i64) -> String {
    match event {
        event @ 0.. => format!("event {event}"),
        line => format!("line {} of the file", -line),
    }
}

/// Says the amount of a record and the days that it is for.
pub(crate) fn amount_of_days(one: &InTheWay, (currency, calendar): (Currency, Calendar)) -> String {
    let amount = currency.amount(one.amount_minor.into());
    let product = one.product.as_ref().map_or_else(String::new, |product| format!(" of {product}"));
    format!("{amount}{product} {}", days(one, calendar))
}

/// Says amounts and days of records, the first of them by name.
pub(crate) fn records_in_words(all: &[InTheWay], names: (Currency, Calendar)) -> String {
    let named: Vec<String> = all.iter().take(NAMED).map(|one| amount_of_days(one, names)).collect();
    let more = all.len().saturating_sub(NAMED);
    if more == 0 {
        return named.join(", ");
    }
    let sum = names.0.amount(all.iter().map(|one| i128::from(one.amount_minor)).sum());
    format!("{} and {more} more, {sum} in all,", named.join(", "))
}

/// Says for which days a record is.
pub(crate) fn days(one: &InTheWay, calendar: Calendar) -> String {
    if !one.is_period {
        return format!("on {}", one.days.first);
    }
    let period = calendar.named(one.days);
    let days = days_in_words(one.days);
    if period.is_unnamed() { format!("for {days}") } else { format!("for {period} ({days})") }
}

/// Says what records in the way are, the first of them by name.
fn all_in_the_way(others: &[InTheWay], names: (Currency, Calendar)) -> String {
    let named: Vec<String> = others.iter().take(NAMED).map(|one| in_the_way(one, names)).collect();
    let more = others.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(", and in {}", counted(more, "other record")) } else { String::new() };
    format!("{}{more}", named.join(", and in "))
}

/// A row of a file and what it stands in place of.
pub(crate) struct RestatedFigure {
    pub now: InTheWay,
    pub replaced: Vec<InTheWay>,
}

/// Says in place of what a row of a file counts.
pub(crate) fn restated_in_words(one: &RestatedFigure, partner: &str, names: (Currency, Calendar)) -> String {
    let RestatedFigure { now, replaced } = one;
    let mut before: Vec<String> = replaced.iter().take(NAMED).map(|known| in_the_way(known, names)).collect();
    if replaced.len() > NAMED {
        before.push(format!("{} more", replaced.len() - NAMED));
    }
    let (line, amount) = (-now.event, amount_of_days(now, names));
    format!("line {line}: {amount} of {partner} counts in place of {}", before.join("; "))
}

/// Says that what a row of a file reports was restated, so that it counts no more although it is recorded.
pub(crate) fn counts_no_more(line: u64, event: i64, by: i64, partner: &str) -> String {
    format!(
        "line {line}: already recorded for {partner} by event {event}, and counts no more: event {by} stands in its place"
    )
}

/// Says that a row is known by an event of other days, since the fiscal year moved: `then` are those of the event, `now` is what the
/// period of the row means.
pub(crate) fn known_of_other_days(
    line: u64,
    event: i64,
    partner: &str,
    (then, now): (DayRange, &Period),
    amount: Money,
) -> String {
    let (then, days, typed) = (days_in_words(then), now.with_days(), quote(partner));
    format!(
        "line {line}: already recorded for {partner} by event {event}, of {then}; since the fiscal year moved, its period is \
         {days}: if it is a report of these days, `chanlife revenue add {typed} {amount} --period {now}` records it"
    )
}

/// Says that a row of a file sets a plan that shares days with another plan, which was set under another fiscal year.
pub(crate) fn plan_of_other_days(line: u64, partner: &str, period: &Period, other: DayRange) -> String {
    let (days, other) = (period.with_days(), days_in_words(other));
    format!(
        "line {line}: the plan of {partner} for {days} shares days with its plan for {other}, and takes them from it"
    )
}

/// Says why a row of a file cannot count that is known by its reference or by all that it says.
pub(crate) fn refused_as_known(
    place: &InTheWay,
    fault: &OverlapFault,
    names: (Currency, Calendar),
) -> String {
    let replaces = match fault {
        OverlapFault::Repeats { known, replaces } => typed(all_named(replaces, known)),
        OverlapFault::OtherDays { known, .. } => typed([known.event]),
        _ => return refused_row(place, fault, names),
    };
    format!("{}; replaces {replaces} restates it", refused_row(place, fault, names))
}

/// Says why a row of a file cannot count, and which one it is.
pub(crate) fn refused_row(place: &InTheWay, fault: &OverlapFault, names: (Currency, Calendar)) -> String {
    format!("{} {}", amount_of_days(place, names), fault_in_words(fault, names))
}

/// Says why a record cannot count; the words go on behind what the record is.
pub(crate) fn fault_in_words(fault: &OverlapFault, names: (Currency, Calendar)) -> String {
    let amount = |minor: i128| names.0.amount(minor);
    match fault {
        OverlapFault::CountedTwice { others, .. } => {
            format!("would count twice: some of its days are in {}", all_in_the_way(others, names))
        }
        OverlapFault::Repeats { known, .. } => {
            format!("would count twice: the same is recorded, {}", in_the_way(known, names))
        }
        OverlapFault::OtherDays { reference, known } => {
            format!("has the reference `{reference}` of other days: {}", in_the_way(known, names))
        }
        OverlapFault::NotItsPart { total, other_days: true } => {
            format!("is a part of {}, and would lie outside its days", in_the_way(total, names))
        }
        OverlapFault::NotItsPart { total, other_days: false } => {
            format!("is a part of {}, and would be of another product", in_the_way(total, names))
        }
        OverlapFault::LeavesParts { total, parts, .. } => format!(
            "cannot replace {} alone: {} of it would count by {}: {}",
            which(*total),
            if parts.len() == 1 { "a part" } else { "parts" },
            if parts.len() == 1 { "itself" } else { "themselves" },
            all_in_the_way(parts, names).replace(", and in ", ", ")
        ),
        OverlapFault::NothingToReplace { event } => {
            format!("cannot replace event {event}, which is no sale of this partner that counts")
        }
        OverlapFault::LeavesReturn { event, reference } => {
            format!("cannot replace `{reference}`, which event {event} returns")
        }
        OverlapFault::NothingToExplain { straddled } if straddled.is_empty() => {
            "is no part of a total: none around its days is recorded, and nothing within them".to_owned()
        }
        OverlapFault::NothingToExplain { straddled } => {
            format!(
                "is no part of a total: only some of its days are in {}",
                all_in_the_way(straddled, names)
            )
        }
        OverlapFault::ManyTotals { totals } => {
            let events: Vec<String> = totals.iter().map(|event| which(*event)).collect();
            format!("can be a part of several totals: {}", events.join(", "))
        }
        OverlapFault::PartsExceed { total, parts_minor, .. } => {
            let sum = amount(*parts_minor);
            match total.event {
                i64::MAX => format!("does not fit: its parts add up to {sum}"),
                _ => format!("does not fit: the parts of {} would add up to {sum}", in_the_way(total, names)),
            }
        }
    }
}

/// Returns what is typed behind `--replaces`: the events, or `within` if they are many.
fn replacing(events: &[i64]) -> String {
    if events.len() > TYPED { "within".to_owned() } else { typed(events.iter().copied()) }
}

/// Returns events as they are typed behind `--replaces`.
fn typed(events: impl IntoIterator<Item = i64>) -> String {
    events.into_iter().map(|event| event.to_string()).collect::<Vec<String>>().join(",")
}

/// Says how a record that is refused can be recorded all the same: the ways that were found, and what else would help.
pub(crate) fn remedies(fault: &OverlapFault, ways: &[WayOut]) -> Vec<Hint> {
    let other = match fault {
        OverlapFault::ManyTotals { .. } => Some("give it the product of one of them".to_owned()),
        OverlapFault::PartsExceed { total, .. } if total.event == i64::MAX => {
            Some("record what the whole total is".to_owned())
        }
        OverlapFault::PartsExceed { total, .. } => {
            Some(format!("`chanlife correct {} --amount AMOUNT` corrects the total", total.event))
        }
        OverlapFault::NothingToExplain { straddled } if straddled.is_empty() => {
            Some("record the total first".to_owned())
        }
        OverlapFault::LeavesReturn { reference, .. } => {
            Some(format!("record it with --ref {}", quote(reference)))
        }
        _ if ways.is_empty() => Some("`chanlife revenue list` has the numbers of events".to_owned()),
        _ => None,
    };
    ways.iter().map(|way| way_out(fault, way)).chain(other).map(Hint::from).collect()
}

/// Says with which option a record is taken, and what that does.
fn way_out(fault: &OverlapFault, way: &WayOut) -> String {
    match way {
        WayOut::Replacing { within, events, drops_detail } => {
            let words =
                within.then(|| "within".to_owned()).into_iter().chain(events.iter().map(i64::to_string));
            let words: Vec<String> = words.collect();
            let without = if *drops_detail { " without --detail" } else { "" };
            let what = match &words[..] {
                [one] if !within => format!("event {one}"),
                _ => "all of them".to_owned(),
            };
            format!("--replaces {}{without}: it counts in place of {what}", words.join(","))
        }
        WayOut::Detail => {
            "--detail: the one is a part of the other; the total counts for the rest".to_owned()
        }
        WayOut::WithoutDetail => "leave --detail out: it counts by itself".to_owned(),
        WayOut::Beside { drops_detail } => {
            let instead = if *drops_detail { " instead of --detail" } else { "" };
            match fault {
                OverlapFault::LeavesParts { .. } => {
                    format!("--beside{instead}: the parts count by themselves")
                }
                _ => format!("--beside{instead}: it comes on top, and both count in full"),
            }
        }
    }
}

/// Returns events that are named with one more, in order.
fn all_named(events: &[i64], more: &InTheWay) -> BTreeSet<i64> {
    events.iter().copied().chain([more.event]).collect()
}

/// Says how a change that makes a record count twice, or not count, can be made; `key` is that of its partner.
pub(crate) fn remedies_of_change(
    overlap: &Overlap,
    key: &str,
    (currency, calendar): (Currency, Calendar),
) -> Vec<Hint> {
    let Overlap { record, fault } = overlap;
    match fault {
        OverlapFault::NotItsPart { .. } => {
            let amount = currency.money(record.amount_minor.into());
            let days = if record.is_period {
                "--period PERIOD".to_owned()
            } else {
                format!("--on {}", record.days.first)
            };
            let product =
                record.product.as_ref().map_or_else(String::new, |one| format!(" --product {}", quote(one)));
            let command =
                format!("chanlife revenue add {key} {amount} {days}{product} --replaces {}", record.event);
            vec![format!("`{command}` records it anew by itself; repeat what else was said of it").into()]
        }
        OverlapFault::PartsExceed { total, with_parts, .. } => {
            let anew = recorded_anew(total, (key, None), &replacing(with_parts), (currency, calendar));
            vec![
                "correct the parts first".into(),
                format!("`{anew}` records it in place of its parts, too; repeat what else was said of it")
                    .into(),
            ]
        }
        _ => vec![
            Hint::step(Step::ListRevenue { partner: key.to_owned() }, "lists what counts, with its events"),
            "if the one is in the other: `chanlife correct EVENT --amount 0` lets one of them count no more"
                .into(),
        ],
    }
}

/// Says what mends records of a partner that count twice; `reference` returns that of an event.
pub(crate) fn mending<'s>(
    overlap: &Overlap,
    key: &str,
    reference: impl Fn(i64) -> Option<&'s str>,
    names: (Currency, Calendar),
) -> String {
    let Overlap { record, fault } = overlap;
    match fault {
        OverlapFault::CountedTwice { others, .. } => {
            let Some(other) = others.first() else { return String::new() };
            let is_within = |inner: &InTheWay, outer: &InTheWay| {
                outer.days.first <= inner.days.first && inner.days.last <= outer.days.last
            };
            let is_inner = is_within(record, other) && !is_within(other, record);
            let (alone, given_up) = if is_inner { (other, record) } else { (record, other) };
            let replaced = if is_within(given_up, alone) {
                "within".to_owned()
            } else {
                typed([alone.event, given_up.event])
            };
            let anew = recorded_anew(alone, (key, reference(alone.event)), &replaced, names);
            format!("`{anew}` lets event {} count alone", alone.event)
        }
        OverlapFault::PartsExceed { total, parts_minor, .. } => {
            let amount = names.0.money(*parts_minor);
            format!("`chanlife correct {} --amount {amount}` makes the total what they come to", total.event)
        }
        _ => {
            let event = record.event;
            let anew = recorded_anew(record, (key, reference(event)), &event.to_string(), names);
            format!("`{anew}` lets it count by itself")
        }
    }
}

/// Returns the command that records the amount and the days of a record again in place of others.
fn recorded_anew(
    one: &InTheWay,
    (key, reference): (&str, Option<&str>),
    replaced: &str,
    (currency, calendar): (Currency, Calendar),
) -> String {
    let option = |name: &str, text: Option<&str>| {
        text.map_or_else(String::new, |text| format!(" --{name} {}", quote(text)))
    };
    let days = if one.is_period {
        format!("--period {}", calendar.named(one.days))
    } else {
        format!("--on {}", one.days.first)
    };
    let (product, reference) = (option("product", one.product.as_deref()), option("ref", reference));
    let amount = currency.money(one.amount_minor.into());
    format!("chanlife revenue add {key} {amount} {days}{product}{reference} --replaces {replaced}")
}

/// Says which records of other actions count otherwise by an undo or redo, the first of them by name.
pub(crate) fn effects_in_words(effects: &[SaleEffect], program: &Program) -> Vec<String> {
    let said = effects.iter().take(NAMED).map(|SaleEffect { record, now }| {
        let record = in_the_way(record, (program.currency, program.calendar));
        match now {
            CountsNow::Again => format!("note: {record}, counts again"),
            CountsNow::NoMore => format!("note: {record}, counts no more"),
            CountsNow::ByItself { total } => {
                format!("note: {record}, counts by itself now, no longer as a part of event {total}")
            }
            CountsNow::AsPart { total } => format!("note: {record}, counts as a part of event {total} now"),
        }
    });
    let more = effects.len().saturating_sub(NAMED);
    let more = (more > 0).then(|| format!("note: {} count otherwise, too", counted(more, "other record")));
    said.chain(more).collect()
}

/// Says that words for one thing are written otherwise than in a record of the partner; they count as two.
pub(crate) fn written_otherwise(what: &str, typed: &str, known: &str, event: i64) -> String {
    let which = if event < 0 { format!("line {}", -event) } else { format!("event {event}") };
    format!("{what} `{typed}` is written `{known}` in {which}; the two count as different ones")
}
