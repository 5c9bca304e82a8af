//! The score of a number: by bands, or by a straight line between two values.

use std::fmt;

use rust_decimal::Decimal;

/// From a number to its score, from 0 to 100.
#[derive(Clone, PartialEq, Debug)]
pub enum Scoring {
    /// Bands in order; the first begins below all others.
    Bands(Vec<Band>),
    /// 0 at `worst` and beyond, 100 at `best` and beyond, in proportion between them.
    Linear { worst: Decimal, best: Decimal },
}

/// What numbers from `from` up to the next band are worth.
#[derive(Clone, PartialEq, Debug)]
pub struct Band {
    /// Nothing for the first band, which has no lower end.
    pub from: Option<Decimal>,
    pub score: Decimal,
}

impl Scoring {
    /// Returns the score of a number, from 0 to 100.
    pub fn of(&self, number: Decimal) -> Decimal {
        match self {
            Scoring::Bands(bands) => {
                let reached = bands.iter().rev().find(|band| band.from.is_none_or(|from| number >= from));
                reached.map_or(Decimal::ZERO, |band| band.score)
            }
            Scoring::Linear { worst, best } => {
                let score = (number - worst) / (best - worst) * Decimal::ONE_HUNDRED;
                score.clamp(Decimal::ZERO, Decimal::ONE_HUNDRED)
            }
        }
    }

    /// Returns the lowest and the highest score of a number from `least` to `most`.
    pub fn range(&self, least: Option<Decimal>, most: Option<Decimal>) -> (Decimal, Decimal) {
        match self {
            Scoring::Bands(bands) => {
                let reachable = bands.iter().enumerate().filter(|(at, band)| {
                    let begins = band.from.is_none_or(|from| most.is_none_or(|most| from <= most));
                    let next = bands.get(at + 1).and_then(|next| next.from);
                    let ends = next.is_none_or(|next| least.is_none_or(|least| least < next));
                    begins && ends
                });
                let scores: Vec<Decimal> = reachable.map(|(_, band)| band.score).collect();
                let least = scores.iter().min().copied().unwrap_or(Decimal::ZERO);
                (least, scores.iter().max().copied().unwrap_or(Decimal::ONE_HUNDRED))
            }
            Scoring::Linear { worst, best } => {
                let (zero, hundred) = (Decimal::ZERO, Decimal::ONE_HUNDRED);
                let (below, above) = if worst < best { (zero, hundred) } else { (hundred, zero) };
                let first = least.map_or(below, |number| self.of(number));
                let last = most.map_or(above, |number| self.of(number));
                (first.min(last), first.max(last))
            }
        }
    }
}

impl fmt::Display for Scoring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scoring::Bands(bands) => {
                for (at, Band { from, score }) in bands.iter().enumerate() {
                    let comma = if at == 0 { "" } else { ", " };
                    match (from, bands.get(at + 1).and_then(|next| next.from)) {
                        (Some(from), _) => {
                            write!(f, "{comma}from {}: {}", from.normalize(), score.normalize())?;
                        }
                        (None, Some(next)) => {
                            write!(f, "{comma}below {}: {}", next.normalize(), score.normalize())?;
                        }
                        (None, None) => write!(f, "{comma}always: {}", score.normalize())?,
                    }
                }
                Ok(())
            }
            Scoring::Linear { worst, best } => {
                write!(f, "0 at {}, 100 at {}", worst.normalize(), best.normalize())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bands() -> Scoring {
        let band =
            |from: Option<i64>, score: i64| Band { from: from.map(Decimal::from), score: score.into() };
        Scoring::Bands(vec![band(None, 0), band(Some(1), 40), band(Some(5), 70), band(Some(10), 100)])
    }

    #[test]
    fn a_number_on_the_edge_belongs_to_the_band_that_begins_there() {
        for (number, score) in [("-3", 0), ("0.999999", 0), ("1", 40), ("4.99", 40), ("5", 70), ("10", 100)] {
            assert_eq!(bands().of(number.parse().expect("a number")), Decimal::from(score), "{number}");
        }
    }

    #[test]
    fn a_line_is_clamped_at_both_ends_and_may_fall() {
        let line = |worst: i64, best: i64| Scoring::Linear { worst: worst.into(), best: best.into() };
        let of = |line: &Scoring, number: &str| {
            line.of(number.parse().expect("a number")).round_dp(6).normalize().to_string()
        };
        let rising = line(0, 3);
        assert_eq!(
            ["-1", "0", "1", "1.5", "3", "99"].map(|number| of(&rising, number)),
            ["0", "0", "33.333333", "50", "100", "100"]
        );
        let falling = line(24, 6);
        assert_eq!(
            ["30", "24", "15", "6", "0"].map(|number| of(&falling, number)),
            ["0", "0", "50", "100", "100"]
        );
    }

    #[test]
    fn the_range_is_that_of_the_numbers_that_may_be_answered() {
        let (some, number) = (|n: i64| Some(Decimal::from(n)), |n: i64| Decimal::from(n));
        assert_eq!(bands().range(None, None), (number(0), number(100)));
        assert_eq!(bands().range(some(1), some(9)), (number(40), number(70)));
        let falling = Scoring::Linear { worst: number(24), best: number(6) };
        assert_eq!(falling.range(some(0), some(15)), (number(50), number(100)));
        assert_eq!(falling.range(None, None), (number(0), number(100)));
    }
}
