//! What `report review` looks at: the quarter, who reads it, plan and revenue of a quarter.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::percent::Ratio;
use crate::lifecycle::base::period::{DayRange, Every, Period};
use crate::lifecycle::facts::{Facts, PartnerFacts};
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
    /// The first day of which revenue is recorded, of any partner.
    pub sold_since: Option<Day>,
    /// The newest review of an earlier quarter.
    pub last: Option<&'a BusinessReview>,
}

impl<'a> ReviewBasis<'a> {
    /// Looks back from a quarter.
    pub(super) fn new(
        facts: PartnerFacts<'a>,
        quarter: Period,
        (reader, sold_since): (ReviewReader, Option<Day>),
    ) -> ReviewBasis<'a> {
        let calendar = facts.program.calendar;
        let own = facts.partner.reviews.iter().filter(|one| one.life == facts.partner.returns);
        let mut earlier = own.filter(|one| one.days.first < quarter.first);
        let next = calendar.containing(quarter.last.plus(1), Every::Quarter);
        let next = next.unwrap_or_else(|| quarter.clone());
        ReviewBasis { facts, next, reader, sold_since, last: earlier.next_back(), quarter }
    }

    /// Returns what is known of a quarter.
    pub(super) fn reviewed(&self, quarter: Period) -> ReviewedQuarter {
        ReviewedQuarter::of(self.facts, quarter, self.sold_since)
    }

    /// Returns whether the partner reads it.
    pub(super) fn is_for_partner(&self) -> bool {
        self.reader == ReviewReader::Partner
    }
}

/// How much is known of a quarter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum QuarterKnown {
    ToCome,
    Running,
    /// It was over before the partner came into the file.
    BeforeJoining,
    /// It was over before the partner was watched, and no sale of it was recorded later.
    NotWatched,
    /// The partner was watched for a part of it only.
    WatchedInPart,
    NotReported,
    ReportedInPart,
    Complete,
}

/// A quarter with its plan, and the same quarter of last year. Amounts in minor units.
pub(super) struct ReviewedQuarter {
    pub quarter: Period,
    pub known: QuarterKnown,
    pub target_minor: Option<i128>,
    /// The part of the target for the days that have passed, of a quarter that is not over.
    pub to_date_minor: Option<i128>,
    /// What of that the partner can be behind: nothing for the days before the plan was agreed.
    owed_minor: Option<i128>,
    /// What was sold on the days that the plan is for, if it has begun.
    of_plan_minor: Option<i128>,
    /// None if nothing is known: it is not 0.
    pub actual_minor: Option<i128>,
    /// What was sold in the same quarter of last year; none if not all of it is known.
    pub last_year_minor: Option<i128>,
    /// What was sold in the same days of last year, of a quarter that is not over.
    pub last_year_to_date_minor: Option<i128>,
}

impl QuarterKnown {
    fn of(facts: PartnerFacts, quarter: &Period) -> QuarterKnown {
        let (since, watched) = (facts.partner.since, facts.observed_from());
        let within = |day: Day| (quarter.first..=quarter.last).contains(&day) && day <= facts.day;
        let is_sold = facts.sales().iter().any(|sale| within(sale.day));
        match facts.unreported_in(quarter).len() {
            _ if quarter.first > facts.day => QuarterKnown::ToCome,
            _ if quarter.last < since => QuarterKnown::BeforeJoining,
            _ if quarter.last < watched && !is_sold => QuarterKnown::NotWatched,
            _ if quarter.last > facts.day => QuarterKnown::Running,
            1.. if !is_sold => QuarterKnown::NotReported,
            1.. => QuarterKnown::ReportedInPart,
            // Before it joined there was nothing to watch.
            0 if watched > quarter.first.max(since) => QuarterKnown::WatchedInPart,
            0 => QuarterKnown::Complete,
        }
    }

    /// Returns it as people read it.
    pub(super) fn in_words(self) -> &'static str {
        match self {
            QuarterKnown::ToCome => "upcoming",
            QuarterKnown::NotWatched => "not tracked",
            QuarterKnown::WatchedInPart => "tracked in part",
            other => other.word(),
        }
    }

    /// Returns it as machines read it.
    pub(super) fn word(self) -> &'static str {
        match self {
            QuarterKnown::ToCome => "to come",
            QuarterKnown::Running => "running",
            QuarterKnown::BeforeJoining => "before joining",
            QuarterKnown::NotWatched => "not watched",
            QuarterKnown::WatchedInPart => "watched in part",
            QuarterKnown::NotReported => "not reported",
            QuarterKnown::ReportedInPart => "reported in part",
            QuarterKnown::Complete => "complete",
        }
    }

    /// Returns whether what was sold in it is known, as far as it is.
    fn is_any(self) -> bool {
        !matches!(
            self,
            QuarterKnown::ToCome
                | QuarterKnown::BeforeJoining
                | QuarterKnown::NotWatched
                | QuarterKnown::NotReported
        )
    }
}

impl ReviewedQuarter {
    /// Returns what is known of a quarter; `sold_since` is the first day of which revenue is recorded, of any partner.
    fn of(facts: PartnerFacts, quarter: Period, sold_since: Option<Day>) -> ReviewedQuarter {
        let planned = facts.planned(facts.day);
        let plan = planned.within(quarter.days());
        let target_minor = plan.map(|plan| plan.minor);
        let passed = DayRange { first: quarter.first, last: facts.day };
        let sold = |period: &Period, until: Day| facts.sold(period.first, period.last.min(until));
        let known = QuarterKnown::of(facts, &quarter);
        let before = facts.program.calendar.containing(quarter.first.months_before(12), Every::Quarter);
        let before = before.filter(|before| {
            matches!(QuarterKnown::of(facts, before), QuarterKnown::Complete | QuarterKnown::ReportedInPart)
                && facts.observed_from() <= before.first
                && sold_since.is_some_and(|began| began <= before.first)
        });
        let same_day = facts.day.months_before(12);
        ReviewedQuarter {
            to_date_minor: target_minor
                .filter(|_| known == QuarterKnown::Running)
                .map(|_| planned.within(passed).map_or(0, |to_date| to_date.minor)),
            owed_minor: (known == QuarterKnown::Running).then(|| planned.owed(passed)),
            last_year_to_date_minor: before.as_ref().map(|before| sold(before, same_day)),
            target_minor,
            of_plan_minor: plan
                .filter(|plan| plan.days.first <= facts.day)
                .map(|plan| facts.sold(plan.days.first, plan.days.last.min(facts.day))),
            actual_minor: known.is_any().then(|| sold(&quarter, facts.day)),
            last_year_minor: before.as_ref().map(|before| sold(before, facts.day)),
            known,
            quarter,
        }
    }

    /// Returns what is held against the plan, in minor units: of a plan for a part of the quarter, what was sold in it.
    pub(super) fn held_against_plan(&self) -> Option<i128> {
        self.of_plan_minor.filter(|_| self.actual_minor.is_some())
    }

    /// Returns what was sold against plan; of a quarter that is not over, against plan to date.
    pub(super) fn attained(&self) -> Option<Ratio> {
        Ratio::of(self.held_against_plan()?, self.to_date_minor.or(self.target_minor)?)
    }

    /// Returns what is missing to the plan, of a quarter that is not over to plan to date, in minor units; none without a
    /// plan, if it is reached, and if it is not known what was sold.
    pub(super) fn gap_minor(&self) -> Option<i128> {
        let owed = self.owed_minor.filter(|_| self.to_date_minor.is_some());
        Some(owed.or(self.target_minor)? - self.held_against_plan()?).filter(|gap| *gap > 0)
    }
}
