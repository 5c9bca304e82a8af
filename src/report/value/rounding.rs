//! Numbers as people read them in sentences and cells: rounded, grouped, with their sign.

use crate::lifecycle::base::money::Money;

/// Returns a share in percent as people read it, rounded as `lifecycle::base::percent` rounds the ratio that it is.
pub(crate) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    let tenths = half_away(percent * 10.0);
    match tenths as i64 {
        1..=9 | 991..=999 => format!("{:.1}", tenths / 10.0),
        0 if percent > 0.0 => "< 0.1".to_owned(),
        _ => format!("{:.0}", half_away(percent) + 0.0),
    }
}

/// Returns a share in percent beside the thresholds in percent that decide on it: with as many digits, up to six, as it
/// takes to lie on its side of each.
pub(crate) fn percent_beside(share: f64, thresholds: &[u8]) -> String {
    let exact = share * 100.0;
    let keeps = |rounded: f64| {
        thresholds.iter().all(|limit| (rounded >= f64::from(*limit)) == (exact >= f64::from(*limit)))
    };
    let at = |digits: u8| half_away(exact * 10_f64.powi(digits.into())) / 10_f64.powi(digits.into());
    if keeps(at(0)) {
        return percent(share);
    }
    let digits = (1..6).find(|digits| keeps(at(*digits))).unwrap_or(6);
    format!("{:.*}", usize::from(digits), at(digits))
}

/// Returns a change as a share in percent, with its sign; none for no change.
pub(crate) fn changed(share: f64) -> String {
    let text = percent(share);
    let rises = share > 0.0 && text.bytes().any(|byte| (b'1'..=b'9').contains(&byte));
    if rises { format!("+{text}") } else { text }
}

/// Rounds half away from zero. What is half in decimals may lie a hair below it in binary; it is taken for half.
fn half_away(number: f64) -> f64 {
    (number * (1.0 + 4.0 * f64::EPSILON)).round()
}

/// Returns an amount in whole units, in groups of three: `1 234 568`.
pub(crate) fn rounded(money: Money) -> String {
    money.rounded()
}

/// Returns a change of a probability in percentage points, with its sign.
pub(crate) fn points(change: f64) -> String {
    signed(change * 100.0, 1)
}

/// Returns a number with its sign, and none for zero; half is rounded away from zero.
pub(crate) fn signed(number: f64, digits: u8) -> String {
    let unit = 10_f64.powi(digits.into());
    let (rounded, digits) = (half_away(number * unit) / unit, usize::from(digits));
    let text = format!("{rounded:+.digits$}");
    if text.bytes().any(|byte| (b'1'..=b'9').contains(&byte)) { text } else { text[1..].to_owned() }
}

/// Returns one amount as a share of another; nothing if that is not above zero.
pub(crate) fn ratio(part: i128, whole: i128) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::lifecycle::base::percent::Ratio;

    #[test]
    fn half_in_decimals_is_half_also_if_binary_lies_below_it() {
        assert_eq!([percent(0.285), percent(0.505), percent(0.504)], ["29", "51", "50"]);
        assert_eq!([signed(0.5, 0), signed(-12.25, 1), signed(0.04, 1)], ["+1", "-12.3", "0.0"]);
    }

    #[test]
    fn a_share_beside_its_thresholds_lies_on_its_side_of_them() {
        let shown = [0.7, 0.796, 0.8, 0.9496, 0.94996, 0.95].map(|share| percent_beside(share, &[80, 95]));
        assert_eq!(shown, ["70", "79.6", "80", "94.96", "94.996", "95"]);
    }

    proptest! {
        #[test]
        fn a_share_reads_the_same_whether_it_is_kept_as_a_ratio_or_as_a_number(
            part in prop_oneof![-1_000_i128..3_000, 0_i128..20_000_000_000],
            whole in prop_oneof![Just(200), Just(1_000), 1_i128..1_000, 1_i128..10_000_000_000],
        ) {
            let exact = Ratio::of(part, whole).map(Ratio::percent);
            prop_assert_eq!(ratio(part, whole).map(percent), exact);
        }
    }
}
