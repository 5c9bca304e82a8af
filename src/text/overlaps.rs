//! Records of the same days that would count twice.

use crate::lifecycle::base::hint::Hint;
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::base::period::Calendar;
use crate::lifecycle::revenue::{InTheWay, OverlapFault};
use crate::text::periods::days_in_words;

/// Says what a record in the way is: "event 3, 30000.00 EUR for 2026-Q3 (1 Jul to 30 Sep 2026)".
fn in_the_way(one: &InTheWay, (currency, calendar): (Currency, Calendar)) -> String {
    let which = match one.event {
        event @ 0.. => format!("event {event}"),
        line => format!("line {} of the file", -line),
    };
    format!("{which}, {}", amount_of_days(one, (currency, calendar)))
}

/// Says the amount of a record and the days that it is for.
fn amount_of_days(one: &InTheWay, (currency, calendar): (Currency, Calendar)) -> String {
    let amount = currency.amount(one.amount_minor.into());
    let product = one.product.as_ref().map_or_else(String::new, |product| format!(" of {product}"));
    format!("{amount}{product} {}", days(one, calendar))
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

/// Says why a record cannot count; the words go on behind what the record is.
pub(crate) fn fault_in_words(fault: &OverlapFault, (currency, calendar): (Currency, Calendar)) -> String {
    match fault {
        OverlapFault::CountedTwice { other, .. } => {
            format!("would count twice: some of its days are in {}", in_the_way(other, (currency, calendar)))
        }
        OverlapFault::NothingToReplace { event } => {
            format!("cannot replace event {event}, which is no sale of this partner that counts")
        }
        OverlapFault::LeavesReturn { event, reference } => {
            format!("cannot replace `{reference}`, which event {event} returns")
        }
        OverlapFault::NothingToExplain => {
            "is no part of a total: none around its days is recorded, and nothing within them".to_owned()
        }
        OverlapFault::ManyTotals { totals } => {
            let events: Vec<String> = totals.iter().map(|event| format!("event {event}")).collect();
            format!("can be a part of several totals: {}", events.join(", "))
        }
        OverlapFault::PartsExceed { total, parts_minor } => format!(
            "makes the parts of a total more than the total: {} of {}",
            currency.amount(*parts_minor),
            if total.event == i64::MAX {
                amount_of_days(total, (currency, calendar))
            } else {
                in_the_way(total, (currency, calendar))
            }
        ),
    }
}

/// Says how such a record can count.
pub(crate) fn remedies(fault: &OverlapFault) -> Vec<Hint> {
    match fault {
        OverlapFault::CountedTwice { other, can_be_part } => {
            let replaces = match other.event {
                event @ 0.. => format!("--replaces {event} restates it: event {event} then counts no more"),
                _ => "replaces EVENT or within restates what is recorded".to_owned(),
            };
            let detail = "--detail keeps both, the one as a part of the other: the total counts for the rest"
                .to_owned();
            let beside = "--beside counts both in full".to_owned();
            let all = [Some(replaces), Some(detail).filter(|_| *can_be_part), Some(beside)];
            all.into_iter().flatten().map(Hint::from).collect()
        }
        OverlapFault::ManyTotals { .. } => vec!["give it the product of one of them".into()],
        OverlapFault::PartsExceed { .. } => {
            vec!["correct the total first, or restate it with --replaces".into()]
        }
        OverlapFault::NothingToExplain => vec!["leave --detail out, or record the total first".into()],
        OverlapFault::LeavesReturn { event, reference } => {
            vec![format!("replace event {event} too, or record it with --ref {reference}").into()]
        }
        OverlapFault::NothingToReplace { .. } => {
            vec!["`chanlife revenue list` has the numbers of events".into()]
        }
    }
}
