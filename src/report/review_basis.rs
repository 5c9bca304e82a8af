//! What `report review` looks at: the quarter, who reads it, plan and revenue of a quarter.

use crate::lifecycle::base::percent::Ratio;
use crate::lifecycle::base::period::{Every, Period};
use crate::lifecycle::facts::{Facts, PartnerFacts};
use crate::lifecycle::performance::to_date;
use crate::lifecycle::plans::BusinessReview;

/// Who reads the review.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum ReviewReader {
    Us,
    /// Nobody of the partner is to read our verdicts, scores, notes and steps.
    Partner,
}

/// What a review is of, and for whom.
pub(super) struct ReviewBasis<'a> {
    pub facts: PartnerFacts<'a>,
    pub quarter: Period,
    /// The quarter after it, for which proposals are made.
    pub next: Period,
    pub reader: ReviewReader,
    /// The newest review of an earlier quarter.
    pub last: Option<&'a BusinessReview>,
}

impl<'a> ReviewBasis<'a> {
    /// Looks back from a quarter.
    pub(super) fn new(facts: PartnerFacts<'a>, quarter: Period, reader: ReviewReader) -> ReviewBasis<'a> {
        let calendar = facts.program.calendar;
        let own = facts.partner.reviews.iter().filter(|one| one.life == facts.partner.returns);
        let mut earlier = own.filter(|one| {
            let of = calendar.parse(&one.period);
            of.is_ok_and(|of| of.first < quarter.first)
        });
        let next = calendar.containing(quarter.last.plus(1), Every::Quarter);
        let next = next.unwrap_or_else(|| quarter.clone());
        ReviewBasis { facts, next, reader, last: earlier.next_back(), quarter }
    }

    /// Returns whether the partner reads it.
    pub(super) fn is_for_partner(&self) -> bool {
        self.reader == ReviewReader::Partner
    }
}

/// A quarter with its plan, and the same quarter of last year. Amounts in minor units.
pub(super) struct ReviewedQuarter {
    pub quarter: Period,
    pub target_minor: Option<i128>,
    /// The part of the target for the days that have passed, of a quarter that is not over.
    pub to_date_minor: Option<i128>,
    pub actual_minor: i128,
    pub last_year_minor: i128,
    /// What was sold in the same days of last year, of a quarter that is not over.
    pub last_year_to_date_minor: i128,
    /// Whether the partner was watched all of that quarter.
    pub last_year_known: bool,
}

impl ReviewedQuarter {
    /// Returns what is known of a quarter.
    pub(super) fn of(facts: PartnerFacts, quarter: Period) -> ReviewedQuarter {
        let targets = facts.targets(facts.day);
        let target =
            targets.iter().rev().find(|(first, last, _)| (*first, *last) == (quarter.first, quarter.last));
        let before = facts.program.calendar.containing(quarter.first.months_before(12), Every::Quarter);
        let sold = |period: &Period| facts.sold(period.first, period.last.min(facts.day));
        let is_running = (quarter.first..quarter.last).contains(&facts.day);
        ReviewedQuarter {
            to_date_minor: target
                .filter(|_| is_running)
                .map(|(first, last, target)| to_date(*target, *first, *last, facts.day)),
            last_year_to_date_minor: before
                .as_ref()
                .map_or(0, |before| facts.sold(before.first, before.last.min(facts.day.months_before(12)))),
            target_minor: target.map(|(.., target)| i128::from(*target)),
            actual_minor: sold(&quarter),
            last_year_minor: before.as_ref().map_or(0, sold),
            last_year_known: before.is_some_and(|before| facts.observed_from() <= before.first),
            quarter,
        }
    }

    /// Returns what was sold against plan; of a quarter that is not over, against plan to date.
    pub(super) fn attained(&self) -> Option<Ratio> {
        Ratio::of(self.actual_minor, self.to_date_minor.or(self.target_minor)?)
    }
}

/// Returns what is missing to the plan of a quarter, of one that is not over to plan to date, in minor units; none without a plan or if it is reached.
pub(super) fn gap_minor(facts: PartnerFacts, quarter: &Period) -> Option<i128> {
    let row = ReviewedQuarter::of(facts, quarter.clone());
    Some(row.to_date_minor.or(row.target_minor)? - row.actual_minor).filter(|gap| *gap > 0)
}
