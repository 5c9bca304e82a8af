//! What is planned of a partner for days: the one place that says which target counts when, and for how much.
//!
//! A target of a quarter is spread evenly over its days. The newest version that both sides agreed to counts for the days
//! from which it was made for; those before it keep what an earlier version says. Days on which the partner is not in the
//! channel have no plan.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::DayRange;
use crate::lifecycle::plans::events::{PlanFact, quarters_of};

/// What is planned of a partner, day by day, by the plans that both sides had agreed to by a day.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct PlannedDays {
    /// In order of day.
    targets: Vec<PlannedTarget>,
}

/// The target of a quarter, or of the rest of one for which a plan was made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct PlannedTarget {
    /// The days of the plan that it is of.
    year: DayRange,
    /// The days over which it is spread.
    pub days: DayRange,
    pub target_minor: i64,
    /// Those of its days on which it counts, in order.
    counts: Vec<DayRange>,
    /// Whether days of the quarter before it have no target, since the partner had not come by then.
    is_cut: bool,
    /// The day on which both sides agreed to it.
    agreed: Day,
}

/// What is planned for some days.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct PlannedAmount {
    pub minor: i128,
    /// The first and the last of the days over which its targets are spread.
    pub days: DayRange,
}

impl PlannedTarget {
    /// Adds up what of it counts within some days, in minor units: target x days / days of the quarter. Parts of a split
    /// add up to the whole.
    fn within(&self, days: DayRange) -> i128 {
        let all = i128::from(self.days.count());
        // To the nearest minor unit, half of one up.
        let until = |day: Day| {
            let of_days = i128::from(self.target_minor) * i128::from(day.since(self.days.first) + 1);
            (2 * of_days + all).div_euclid(2 * all)
        };
        let counted = self.counts.iter().filter_map(|one| one.shared(days));
        counted.map(|one| until(one.last) - until(one.first.plus(-1))).sum()
    }

    /// Adds up what of it a partner can be behind on some days, in minor units: not before both sides had agreed to it. Of a
    /// quarter that was over by then all of it: whoever agrees to that means what was sold.
    fn owed_within(&self, days: DayRange) -> i128 {
        if self.agreed > self.days.last {
            return self.within(days);
        }
        let first = days.first.max(self.agreed.plus(1));
        if first > days.last { 0 } else { self.within(DayRange { first, ..days }) }
    }

    /// Returns what of it counts in all, in minor units.
    pub(crate) fn counted_minor(&self) -> i128 {
        self.within(self.days)
    }
}

impl PlannedDays {
    /// Returns what is planned by the versions of plans that were agreed by `day`; `away` are the days on which the partner is
    /// not in the channel.
    pub(crate) fn of<'f>(
        plans: impl Iterator<Item = PlanFact<'f>>,
        away: &[DayRange],
        day: Day,
    ) -> PlannedDays {
        let mut agreed: Vec<PlanFact> = plans.filter(|plan| plan.agreed_by(day)).collect();
        agreed.sort_by_key(|plan| plan.version.agreed);
        let mut targets: Vec<PlannedTarget> = Vec::new();
        for plan in agreed {
            let agreed = plan.version.agreed.unwrap_or(plan.version.day);
            let taken = plan.version.counted_days(plan.year);
            let planned = DayRange { last: plan.year.last, ..taken };
            for target in &mut targets {
                target.counts = without(&target.counts, taken);
            }
            targets.retain(|target| !target.counts.is_empty());
            let quarters = quarters_of(plan.year.first).into_iter().zip(plan.version.targets_minor);
            for (quarter, target_minor) in quarters {
                let Some(days) = planned.shared(quarter) else { continue };
                let Some(counted) = taken.shared(days) else { continue };
                targets.push(PlannedTarget {
                    year: plan.year,
                    days,
                    target_minor,
                    counts: vec![counted],
                    is_cut: days.first > quarter.first,
                    agreed,
                });
            }
        }
        for one in away {
            for target in &mut targets {
                target.counts = without(&target.counts, *one);
            }
        }
        targets.sort_by_key(|target| target.days);
        PlannedDays { targets }
    }

    /// Returns whether the same counts on the same days as by other plans, whenever they were agreed.
    pub(crate) fn counts_as(&self, other: &PlannedDays) -> bool {
        let agreed_then = |(own, other): (&PlannedTarget, &PlannedTarget)| {
            *own == PlannedTarget { agreed: own.agreed, ..other.clone() }
        };
        self.targets.len() == other.targets.len() && self.targets.iter().zip(&other.targets).all(agreed_then)
    }

    /// Returns what is planned for some days; none if nothing is planned for any of them.
    pub(crate) fn within(&self, days: DayRange) -> Option<PlannedAmount> {
        let counts = |target: &&PlannedTarget| target.counts.iter().any(|one| one.shared(days).is_some());
        let mut counted: Option<PlannedAmount> = None;
        for target in self.targets.iter().filter(counts) {
            let spread = target.days.shared(days).unwrap_or(days);
            let minor = target.within(days);
            counted = Some(match counted {
                None => PlannedAmount { minor, days: spread },
                Some(PlannedAmount { minor: before, days: DayRange { first, last } }) => PlannedAmount {
                    minor: before + minor,
                    days: DayRange { first: first.min(spread.first), last: last.max(spread.last) },
                },
            });
        }
        counted
    }

    /// Returns what of the plans for some days a partner can be behind, in minor units: a plan that is agreed today leaves
    /// nobody behind today.
    pub(crate) fn owed(&self, days: DayRange) -> i128 {
        self.targets.iter().map(|target| target.owed_within(days)).sum()
    }

    /// Returns what is planned for some days, if they have a plan from the first to the last; before the partner came they
    /// need none.
    pub(crate) fn whole(&self, days: DayRange) -> Option<i128> {
        let mut next = days.first;
        for target in self.targets.iter().filter(|target| target.days.shared(days).is_some()) {
            let is_first = next == days.first;
            if target.days.first > next && !(is_first && target.is_cut) {
                return None;
            }
            next = next.max(target.days.last.plus(1));
        }
        self.within(days).filter(|_| next > days.last).map(|planned| planned.minor)
    }

    /// Returns what of the plan of `year` counts within some days, in minor units: a day counts in one plan only.
    pub(crate) fn of_plan(&self, year: DayRange, days: DayRange) -> i128 {
        self.targets.iter().filter(|target| target.year == year).map(|target| target.within(days)).sum()
    }

    /// Returns those of some days on which no other plan than that of `year` counts, in order.
    pub(crate) fn left_to(&self, year: DayRange, days: DayRange) -> Vec<DayRange> {
        let others = self.targets.iter().filter(|target| target.year != year);
        others.flat_map(|target| &target.counts).fold(vec![days], |left, taken| without(&left, *taken))
    }

    /// Returns whether a plan counts on a day.
    pub(crate) fn covers(&self, day: Day) -> bool {
        self.targets.iter().any(|target| target.counts.iter().any(|one| one.contains(day)))
    }

    /// Returns since when a plan has counted without a break up to a day; if none counts on it, from which later day on one
    /// does.
    pub(crate) fn counts_since(&self, day: Day) -> Option<Day> {
        let mut counted: Vec<DayRange> =
            self.targets.iter().flat_map(|target| &target.counts).copied().collect();
        counted.sort();
        let mut run: Option<DayRange> = None;
        for one in counted {
            run = match run {
                Some(run) if one.first <= run.last.plus(1) => {
                    Some(DayRange { last: run.last.max(one.last), ..run })
                }
                Some(run) if run.last >= day => return Some(run.first),
                _ => Some(one),
            };
        }
        run.filter(|run| run.last >= day).map(|run| run.first)
    }

    /// Returns whether any day from `from` on counts of the version of the plan of `year` that was agreed on a day.
    pub(crate) fn has_days_of(&self, year: DayRange, from: Day, agreed: Day) -> bool {
        let is_of = |target: &&PlannedTarget| {
            target.year == year && target.agreed == agreed && target.days.first >= from.max(year.first)
        };
        self.targets.iter().filter(is_of).any(|target| !target.counts.is_empty())
    }

    /// Returns the targets that count on any day, in order of day.
    pub(crate) fn targets(&self) -> impl DoubleEndedIterator<Item = &PlannedTarget> {
        self.targets.iter().filter(|target| !target.counts.is_empty())
    }
}

/// Returns the days of `all` that are not among those that are `taken`.
pub(super) fn without(all: &[DayRange], taken: DayRange) -> Vec<DayRange> {
    let mut left = Vec::with_capacity(all.len());
    for one in all {
        if one.shared(taken).is_none() {
            left.push(*one);
            continue;
        }
        if one.first < taken.first {
            left.push(DayRange { first: one.first, last: taken.first.plus(-1) });
        }
        if one.last > taken.last {
            left.push(DayRange { first: taken.last.plus(1), last: one.last });
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::lifecycle::plans::events::{PlanVersion, year_of};

    fn day(text: &str) -> Day {
        Day::parse_iso(text).expect("a day")
    }

    fn days(first: &str, last: &str) -> DayRange {
        DayRange { first: day(first), last: day(last) }
    }

    fn version(drawn_up: &str, from: Option<&str>, targets_minor: [i64; 4]) -> PlanVersion {
        let on = day(drawn_up);
        PlanVersion {
            event: None,
            day: on,
            from: from.map(day),
            until: None,
            targets_minor,
            goals: Vec::new(),
            sent: Some(on),
            agreed: Some(on),
            agreed_by: None,
        }
    }

    fn planned(versions: &[PlanVersion], away: &[DayRange]) -> PlannedDays {
        let year = year_of(day("2026-01-01"));
        PlannedDays::of(versions.iter().map(|version| PlanFact { year, version }), away, Day::LAST)
    }

    const QUARTERS: [(&str, &str); 4] = [
        ("2026-01-01", "2026-03-31"),
        ("2026-04-01", "2026-06-30"),
        ("2026-07-01", "2026-09-30"),
        ("2026-10-01", "2026-12-31"),
    ];

    fn by_quarter(planned: &PlannedDays) -> [Option<i128>; 4] {
        QUARTERS.map(|(first, last)| planned.within(days(first, last)).map(|one| one.minor))
    }

    #[test]
    fn who_leaves_has_no_plan_for_later_quarters_and_gets_its_own_back_by_days() {
        let plan = [version("2026-01-10", None, [9000, 9100, 9200, 9200])];
        assert_eq!(by_quarter(&planned(&plan, &[])), [Some(9000), Some(9100), Some(9200), Some(9200)]);
        let gone = [days("2026-04-01", "2199-12-31")];
        assert_eq!(by_quarter(&planned(&plan, &gone)), [Some(9000), None, None, None]);
        let back = [days("2026-02-10", "2026-10-31")];
        assert_eq!(by_quarter(&planned(&plan, &back)), [Some(4000), None, None, Some(6100)]);
    }

    #[test]
    fn nobody_is_behind_a_plan_on_days_before_it_was_agreed() {
        let agreed = planned(&[version("2026-08-10", Some("2026-07-01"), [0, 0, 9200, 9200])], &[]);
        let owed = |last: &str| agreed.owed(days("2026-01-01", last));
        assert_eq!((owed("2026-08-10"), owed("2026-08-11"), owed("2026-09-30")), (0, 100, 5100));
        assert_eq!(owed("2026-12-31"), 5100 + 9200);
        // Quarters that were over are agreed to as they are.
        let whole = planned(&[version("2026-08-10", None, [9000, 9100, 9200, 9200])], &[]);
        assert_eq!(whole.owed(days("2026-01-01", "2026-08-10")), 18100);
        assert_eq!(whole.owed(days("2026-01-01", "2026-08-12")), 18300);
    }

    #[test]
    fn a_later_version_leaves_the_quarters_before_it() {
        let plan = [
            version("2026-01-10", None, [100, 100, 100, 100]),
            version("2026-08-10", Some("2026-07-01"), [100, 100, 300, 500]),
        ];
        assert_eq!(by_quarter(&planned(&plan, &[])), [Some(100), Some(100), Some(300), Some(500)]);
        let from_july = [version("2026-07-20", Some("2026-07-15"), [0, 0, 7800, 9200])];
        let planned = planned(&from_july, &[]);
        assert_eq!(by_quarter(&planned), [None, None, Some(7800), Some(9200)]);
        assert_eq!(planned.within(days("2026-07-01", "2026-07-31")).map(|one| one.minor), Some(1700));
        assert_eq!(planned.whole(days("2026-07-01", "2026-09-30")), Some(7800));
        assert!(!planned.covers(day("2026-07-14")) && planned.covers(day("2026-07-15")));
    }

    #[test]
    fn a_quarter_of_another_calendar_has_a_plan_if_all_its_days_have() {
        let planned = planned(&[version("2026-01-10", None, [9000, 9100, 9200, 9200])], &[]);
        assert_eq!(planned.whole(days("2026-02-01", "2026-04-30")), Some(5900 + 3000));
        assert_eq!(planned.whole(days("2026-11-01", "2027-01-31")), None);
        assert_eq!(planned.within(days("2026-11-01", "2027-01-31")).map(|one| one.minor), Some(6100));
        assert_eq!(planned.whole(days("2025-11-01", "2026-01-31")), None);
    }

    #[test]
    fn a_day_counts_in_one_plan_only() {
        let (old, new) = (version("2026-01-10", None, [900; 4]), version("2026-06-10", None, [1, 2, 3, 4]));
        let (january, april) = (year_of(day("2026-01-01")), year_of(day("2026-04-01")));
        let facts = [PlanFact { year: january, version: &old }, PlanFact { year: april, version: &new }];
        let planned = PlannedDays::of(facts.into_iter(), &[], Day::LAST);
        assert_eq!((planned.of_plan(january, january), planned.of_plan(april, april)), (900, 10));
        assert_eq!(planned.of_plan(january, days("2026-07-01", "2026-09-30")), 0);
        assert_eq!(planned.left_to(january, january), [days("2026-01-01", "2026-03-31")]);
        assert_eq!(planned.left_to(april, april), [april]);
    }

    proptest! {
        #[test]
        fn the_parts_of_any_split_of_the_year_add_up_to_the_plan(
            targets in prop::array::uniform4(0i64..1_000_000),
            cuts in prop::collection::btree_set(1i64..365, 0..20),
        ) {
            let planned = planned(&[version("2026-01-10", None, targets)], &[]);
            let first = day("2026-01-01");
            let starts: Vec<i64> = std::iter::once(0).chain(cuts.iter().copied()).collect();
            let ends = cuts.iter().map(|cut| cut - 1).chain([364]);
            let parts = starts.iter().zip(ends).map(|(from, to)| {
                let part = DayRange { first: first.plus(*from), last: first.plus(to) };
                planned.within(part).map_or(0, |one| one.minor)
            });
            prop_assert_eq!(parts.sum::<i128>(), targets.iter().map(|one| i128::from(*one)).sum::<i128>());
        }

        #[test]
        fn going_and_coming_back_leaves_every_day_on_which_the_partner_was_there(
            targets in prop::array::uniform4(0i64..1_000_000),
            left in 1i64..300,
            away in 1i64..60,
        ) {
            let plan = [version("2026-01-10", None, targets)];
            let first = day("2026-01-01");
            let (gone, back) = (first.plus(left), first.plus(left + away));
            let before = planned(&plan, &[DayRange { first: gone, last: Day::LAST }]);
            let after = planned(&plan, &[DayRange { first: gone, last: back.plus(-1) }]);
            let stayed = planned(&plan, &[]);
            let until = DayRange { first, last: gone.plus(-1) };
            prop_assert_eq!(before.within(until), after.within(until));
            prop_assert_eq!(stayed.within(until), after.within(until));
            let later = DayRange { first: back, last: day("2026-12-31") };
            prop_assert_eq!(after.within(later).map(|one| one.minor), stayed.within(later).map(|one| one.minor));
        }
    }
}
