//! One amount as a percentage of another: the only rounding of percentages, exact in whole numbers.
//!
//! Half a percent is rounded away from zero, and a figure beside its threshold never contradicts what was decided: a
//! share of 79.6 % that misses 80 % is written 79.6, not 80.

use std::cmp::Ordering;

use rust_decimal::{Decimal, RoundingStrategy};

/// The digits behind the point after which a figure beside a threshold is cut off instead of rounded.
const MOST_DIGITS: u32 = 6;

/// One amount as a share of another, kept as both.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ratio {
    part: i128,
    whole: i128,
}

impl Ratio {
    /// Returns the ratio of `part` to `whole`; none if there is nothing to compare with.
    pub fn of(part: i128, whole: i128) -> Option<Ratio> {
        (whole > 0).then_some(Ratio { part, whole })
    }

    /// Compares it with a number of percent, exactly.
    pub fn against(self, percent: i64) -> Ordering {
        let [part, limit] = [self.part.saturating_mul(100), self.whole.saturating_mul(i128::from(percent))];
        part.cmp(&limit)
    }

    /// Returns whether it is below so many percent.
    pub fn is_below(self, percent: i64) -> bool {
        self.against(percent) == Ordering::Less
    }

    /// Returns it in percent as people read it: in whole numbers, with one digit more between 0 and 1 and between 99
    /// and 100.
    pub fn percent(self) -> String {
        let tenths = self.scaled(1);
        match tenths {
            1..=9 | 991..=999 => decimal(tenths, 1),
            0 if self.part > 0 => "< 0.1".to_owned(),
            _ => self.scaled(0).to_string(),
        }
    }

    /// Returns it in percent beside a threshold in percent: with as many digits as it takes to lie on its side of it.
    pub fn percent_beside(self, threshold: i64) -> String {
        let side = self.against(threshold);
        let fits = |digits: &u32| {
            let limit = i128::from(threshold) * 10_i128.pow(*digits);
            self.scaled(*digits).cmp(&limit) == side
        };
        if fits(&0) {
            return self.percent();
        }
        match (1..=MOST_DIGITS).find(fits) {
            Some(digits) => decimal(self.scaled(digits), digits),
            None => decimal(self.cut(MOST_DIGITS, side), MOST_DIGITS),
        }
    }

    /// Returns it in percent with all digits that a decimal number holds; none beyond its range.
    pub fn decimal(self) -> Option<Decimal> {
        let [part, whole] =
            [self.part.checked_mul(100)?, self.whole].map(|one| Decimal::try_from_i128_with_scale(one, 0));
        part.ok()?.checked_div(whole.ok()?)
    }

    /// Returns percent times ten to the number of digits, half away from zero.
    fn scaled(self, digits: u32) -> i128 {
        let unit = 100 * 10_i128.pow(digits);
        let Some(scaled) = self.part.checked_mul(unit) else {
            // Beyond all amounts of money: the whole is divided instead.
            return self.part / (self.whole / unit).max(1);
        };
        let (count, rest) = (scaled / self.whole, (scaled % self.whole).abs());
        let away = if rest >= self.whole - rest { scaled.signum() } else { 0 };
        count + away
    }

    /// Returns percent times ten to the number of digits, on its side of a threshold to which it is rounded.
    fn cut(self, digits: u32, side: Ordering) -> i128 {
        match side {
            Ordering::Less => self.scaled(digits) - 1,
            Ordering::Equal => self.scaled(digits),
            Ordering::Greater => self.scaled(digits) + 1,
        }
    }
}

/// Writes percent with at most one digit behind the point: `12.5`.
pub(crate) fn tenths(percent: Decimal) -> String {
    percent.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero).normalize().to_string()
}

/// Writes a number of the last of so many digits behind the point.
fn decimal(number: i128, digits: u32) -> String {
    let unit = 10_u128.pow(digits);
    let sign = if number < 0 { "-" } else { "" };
    let (whole, fraction) = (number.unsigned_abs() / unit, number.unsigned_abs() % unit);
    let width = digits as usize;
    format!("{sign}{whole}.{fraction:0>width$}")
}

#[cfg(test)]
#[expect(clippy::cast_precision_loss, reason = "what is tested is far below 2^52")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn percent(part: i128, whole: i128) -> String {
        Ratio::of(part, whole).map_or_else(String::new, Ratio::percent)
    }

    fn beside(part: i128, whole: i128, threshold: i64) -> String {
        Ratio::of(part, whole).map_or_else(String::new, |ratio| ratio.percent_beside(threshold))
    }

    #[test]
    fn half_a_percent_is_rounded_away_from_zero() {
        for (part, whole, shown) in [
            (504, 1000, "50"),
            (505, 1000, "51"),
            (57, 200, "29"),
            (-505, 1000, "-51"),
            (0, 7, "0"),
            (1, 100_000, "< 0.1"),
            (4, 1000, "0.4"),
            (996, 1000, "99.6"),
            (9_999_999, 10_000_000, "100"),
            (1, 1, "100"),
            (1_500, 100, "1500"),
            (5, 0, ""),
            (5, -3, ""),
        ] {
            assert_eq!(percent(part, whole), shown, "{part} of {whole}");
        }
    }

    #[test]
    fn a_figure_beside_its_threshold_lies_on_its_side() {
        for (part, whole, threshold, shown) in [
            (796, 1000, 80, "79.6"),
            (7996, 10_000, 80, "79.96"),
            (80, 100, 80, "80"),
            (804, 1000, 80, "80.4"),
            (63, 100, 80, "63"),
            (4_999_999_999, 10_000_000_000, 50, "49.999999"),
            (5_000_000_001, 10_000_000_000, 50, "50.000001"),
            (-1, 100_000, 50, "0"),
        ] {
            assert_eq!(beside(part, whole, threshold), shown, "{part} of {whole} beside {threshold}");
        }
    }

    proptest! {
        #[test]
        fn what_is_printed_never_contradicts_what_was_decided(
            part in -1_000_000_i128..2_000_000_000, whole in 1_i128..1_000_000_000, threshold in 1_i64..200
        ) {
            let ratio = Ratio::of(part, whole).expect("above zero");
            let shown: f64 = match ratio.percent_beside(threshold).as_str() {
                "< 0.1" => 0.05,
                text => text.parse().expect("a number"),
            };
            let side = shown.partial_cmp(&(threshold as f64)).expect("a number");
            prop_assert_eq!(side, ratio.against(threshold));
        }

        #[test]
        fn a_share_is_never_further_than_half_a_percent_from_what_is_printed(
            part in 0_i128..2_000_000_000_000, whole in 1_i128..1_000_000_000
        ) {
            let shown = percent(part, whole);
            let exact = part as f64 * 100.0 / whole as f64;
            let printed: f64 = if shown == "< 0.1" { 0.05 } else { shown.parse().expect("a number") };
            prop_assert!((printed - exact).abs() <= 0.5 + exact.abs() * 1e-12, "{} for {}", shown, exact);
        }
    }
}
