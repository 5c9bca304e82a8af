//! The words of what is right of a sale: its parts, those that do not fit together, and what stays.

use crate::lifecycle::base::hint::Hint;
use crate::lifecycle::revenue::{SaleCorrection, SaleFault, SalePart};

/// Says what is right of a sale, part by part.
pub(super) fn sale_parts(right: &SaleCorrection) -> impl Iterator<Item = String> {
    let in_its_money = match (&right.amount, &right.currency) {
        (Some(amount), Some(code)) => Some(format!("{amount} {code} sold")),
        (Some(amount), None) => Some(format!("{amount} in the currency of the sale")),
        (None, Some(code)) => Some(format!("currency {code}")),
        (None, None) => None,
    };
    let is_other = |part: &SalePart| !matches!(part, SalePart::Amount | SalePart::Currency);
    let said = SalePart::ALL.into_iter().filter(is_other).filter_map(|part| {
        let value = right.part(part)?;
        Some(match part {
            SalePart::Returns => format!("returned sale {value}"),
            _ => format!("{} {value}", part_in_words(part)),
        })
    });
    // Without another currency there is neither an amount in it nor a rate.
    let is_own = right.without.contains(&SalePart::Currency);
    let goes_with_it = |part: &SalePart| is_own && matches!(part, SalePart::Amount | SalePart::Rate);
    let without = right.without.iter().filter(|part| !goes_with_it(part));
    let without: Vec<String> = without.map(|part| part_in_words(*part).to_owned()).collect();
    let without = (!without.is_empty()).then(|| format!("no {}", without.join(", no ")));
    in_its_money.into_iter().chain(said).chain(without)
}

/// Returns what a part of a sale is called.
fn part_in_words(part: SalePart) -> &'static str {
    match part {
        SalePart::UnitPrice => "unit price",
        SalePart::ListAmount => "list amount",
        SalePart::Rate => "exchange rate",
        SalePart::Amount => "amount in another currency",
        SalePart::Currency => "other currency",
        SalePart::Returns => "returned sale",
        SalePart::Ref => "reference",
        _ => part.word(),
    }
}

/// Returns how parts of a sale that do not fit can be corrected.
pub(super) fn sale_hints(fault: &SaleFault) -> Vec<Hint> {
    match fault {
        SaleFault::ListSign { text } => {
            let turned = text.strip_prefix('-').map_or_else(|| format!("-{text}"), str::to_owned);
            vec![format!("correct both: add --list-amount {turned}").into()]
        }
        SaleFault::WhichCurrency { amount, code, own } => vec![
            format!("if it is {amount} {code}: add --currency {code}").into(),
            format!("if it is {amount} {own}: add --currency {own}").into(),
        ],
        SaleFault::ListInOtherMoney { now, .. } => vec![
            format!("correct both: add --list-amount AMOUNT, in {now}").into(),
            "if it has none: add --without list-amount".into(),
        ],
        SaleFault::Contradiction { .. } => vec![
            "correct --quantity or --unit-price: the amount follows; --without quantity,unit-price leaves them out"
                .into(),
        ],
        SaleFault::RateContradicts { code, .. } => vec![
            format!(
                "correct --rate: the amount follows; an amount in {code} is --amount AMOUNT --currency {code}; \
                 --without currency if it was sold in the program's"
            )
            .into(),
        ],
        _ => Vec::new(),
    }
}

/// Says that the price by the list of a sale stays although its amount is another one, and what that makes of the margin, in
/// percent before and after.
pub(crate) fn list_amount_stays(event: i64, list: &str, margins: Option<[String; 2]>) -> String {
    let margin =
        margins.map(|[was, is]| format!(", so the margin is {is} % instead of {was} %")).unwrap_or_default();
    let right = format!("`chanlife correct {event} --list-amount AMOUNT`");
    format!("the list amount stays {list}{margin}; if it is another one: {right}")
}

/// Says what mends the parts of a recorded sale that contradict each other.
pub(crate) fn mending_parts(event: i64, fault: &SaleFault) -> String {
    match fault {
        SaleFault::Contradiction { counted, .. } => format!(
            "`chanlife correct {event} --amount {counted}` takes what they come to, `chanlife correct {event} --without \
             quantity,unit-price` keeps the amount"
        ),
        SaleFault::RateContradicts { stated, counted, .. } => format!(
            "`chanlife correct {event} --amount {counted}` takes what it comes to, `chanlife correct {event} --amount \
             {stated} --without currency` keeps the amount"
        ),
        _ => format!(
            "`chanlife correct {event} --without PART` leaves a part out, `chanlife help correct` names them"
        ),
    }
}
