//! Numbers as people read them in sentences and cells: rounded, grouped, with their sign.

use crate::lifecycle::base::money::Money;
use crate::lifecycle::base::text;

/// Returns percent in whole numbers, with one digit more if it would be 0 or 100 and is not.
pub(crate) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    match percent {
        _ if (0.05..0.95).contains(&percent) || (99.05..99.95).contains(&percent) => format!("{percent:.1}"),
        _ if percent > 0.0 && percent < 0.05 => "< 0.1".to_owned(),
        _ => format!("{percent:.0}"),
    }
}

/// Returns an amount in whole units, in groups of three: `1 234 568`.
pub(crate) fn rounded(money: Money) -> String {
    let unit = 10_i128.pow(money.digits);
    let whole = (money.minor.abs() + unit / 2) / unit;
    let text = text::grouped(&whole.to_string());
    if money.minor < 0 && whole > 0 { format!("-{text}") } else { text }
}

/// Returns a change of a probability in percentage points, with its sign.
pub(crate) fn points(change: f64) -> String {
    signed(change * 100.0, 1)
}

/// Returns a number with its sign, and none for zero.
pub(crate) fn signed(number: f64, digits: usize) -> String {
    let text = format!("{number:+.digits$}");
    if text.bytes().any(|byte| (b'1'..=b'9').contains(&byte)) { text } else { text[1..].to_owned() }
}

/// Returns one amount as a share of another; nothing if that is not above zero.
pub(crate) fn ratio(part: i128, whole: i128) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}
