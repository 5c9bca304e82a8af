//! Who owes a report of what was sold: by the cadence that was agreed, from the first whole period in growth.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::located::{Section, TomlReader};
use crate::lifecycle::base::period::{Calendar, DayRange, Every, Period};
use crate::lifecycle::program::applies::Applies;
use crate::lifecycle::program::fields::{Field, FieldKind};
use crate::lifecycle::program::sections::read_every;
use crate::lifecycle::terms::section::{Term, check_term};

/// How often partners report what they sold, and how many days after a period.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReportingRule {
    pub every: Every,
    pub due_days: i64,
    /// The field of partners that holds what was agreed with one: month, quarter, year or none.
    pub field: Option<String>,
    /// The term by which it is agreed, in place of a field.
    pub term: Option<String>,
}

impl ReportingRule {
    /// Returns how often a partner reports, if `agreed` is what its term or field says; none if it need not.
    pub fn cadence(&self, agreed: Option<&str>) -> Option<Every> {
        match agreed {
            None => Some(self.every),
            Some(word) => Every::RECURRING.into_iter().find(|every| every.word() == word),
        }
    }

    /// Returns the periods that were due by `day` and hold no report, oldest first.
    ///
    /// A partner reports every whole period since `since`, the day on which it entered growth. `reported_days` are
    /// the days of each record, also of one of nothing; see [`is_reported_by`]. Once the fiscal year moved, a period of
    /// another calendar reports its own days and no more: what is left of those that it reaches into is owed by itself.
    pub(crate) fn owed(
        &self,
        calendars: ReportCalendars,
        every: Every,
        since: Day,
        reported_days: impl Iterator<Item = (Day, Day)>,
        day: Day,
    ) -> Vec<Period> {
        let mut periods = calendars.over(every, since, day.plus(-self.due_days));
        let mut reported = vec![false; periods.len()];
        let mut across: Vec<DayRange> = Vec::new();
        for (first, last) in reported_days {
            let from = periods.partition_point(|period| period.last < first);
            let to = periods.partition_point(|period| period.first <= last);
            let days = DayRange { first, last };
            let is_across = !calendars.earlier.is_empty()
                && first < last
                && periods[from..to].iter().any(|period| period.is_partly_in(days))
                && calendars.has_period(days, every);
            across.extend(is_across.then_some(days));
            for at in from..to {
                let is_part = is_across && periods[at].is_partly_in(days);
                reported[at] |= !is_part && is_reported_by(&periods[at], first, last);
            }
        }
        let mut reported = reported.into_iter();
        periods.retain(|_| !reported.next().unwrap_or(false));
        if across.is_empty() {
            return periods;
        }
        let left = periods.iter().flat_map(|period| days_left(period.days(), &across));
        left.map(|days| calendars.now.named(days)).collect()
    }
}

/// Returns the days of a period that none of the reports has, in order.
fn days_left(period: DayRange, reports: &[DayRange]) -> Vec<DayRange> {
    reports
        .iter()
        .fold(vec![period], |left, report| left.into_iter().flat_map(|days| days.without(*report)).collect())
}

/// Returns whether a record of these days reports a period: one of a longer period reports all that lie wholly within it,
/// any other one, such as a sale or a week, the period in which it counts, which is that of its last day.
pub(crate) fn is_reported_by(period: &Period, first: Day, last: Day) -> bool {
    let is_within = first <= period.first && period.last <= last;
    let counts_in = (period.first..=period.last).contains(&last);
    is_within || counts_in && first > first_of_previous(period)
}

/// Returns the first day of the period before one of whole months, or of a week.
fn first_of_previous(period: &Period) -> Day {
    let days = period.last.since(period.first) + 1;
    match u32::try_from((days + 15) / 30) {
        Ok(months @ 1..) => period.first.months_before(months),
        _ => period.first.plus(-days),
    }
}

/// The fiscal calendars by which periods are asked for. A period that was over under an earlier calendar keeps its days; the
/// days from there to the next period of the calendar in force are asked for as one of their own, so that each day is in one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReportCalendars<'p> {
    pub now: Calendar,
    /// Each with the day from which on the next one was in force, in order.
    pub earlier: &'p [(Day, Calendar)],
}

impl From<Calendar> for ReportCalendars<'_> {
    fn from(now: Calendar) -> Self {
        ReportCalendars { now, earlier: &[] }
    }
}

impl ReportCalendars<'_> {
    /// Returns the whole periods from `since` to `until`, in order.
    pub(crate) fn over(self, every: Every, since: Day, until: Day) -> Vec<Period> {
        let over = self.days(every, since).take_while(|days| days.last <= until);
        over.map(|days| self.named(every, days)).collect()
    }

    /// Returns the days of the whole periods from `since` on, in order.
    pub(crate) fn days(self, every: Every, since: Day) -> impl Iterator<Item = DayRange> {
        let then = self.earlier.iter().find(|(until, _)| since < *until).map_or(self.now, |(_, then)| *then);
        let mut first = then.days_containing(since, every).map(|days| days.first);
        let days = std::iter::from_fn(move || {
            let days = DayRange { first: first?, last: self.last_day(every, first?)? };
            first = Some(days.last.plus(1)).filter(|next| *next > days.last);
            Some(days)
        });
        days.filter(move |days| days.first >= since)
    }

    /// Returns days with what the calendar in force calls them, most often a period of this length.
    pub(crate) fn named(self, every: Every, days: DayRange) -> Period {
        let period = self.now.containing(days.first, every).filter(|period| period.days() == days);
        period.unwrap_or_else(|| self.now.named(days))
    }

    /// Returns the period of a day: by the first calendar by which it was over before the next one came, else by the one in
    /// force.
    pub(crate) fn period_of(self, day: Day, every: Every) -> Option<Period> {
        let kept = self
            .earlier
            .iter()
            .find_map(|(until, then)| then.days_containing(day, every).filter(|days| days.last < *until));
        kept.map(|days| self.now.named(days)).or_else(|| self.now.containing(day, every))
    }

    /// Returns the period for which a record of these days counts: that of its own days if it was over before the next calendar
    /// came, else that of the calendar in force with most of them.
    pub(crate) fn home(self, days: DayRange, every: Every) -> Option<Period> {
        let own = self.period_of(days.first, every).filter(|period| period.days() == days);
        own.or_else(|| self.now.home(days, every))
    }

    /// Returns whether most days of a period are of others that were over before its calendar came.
    pub(crate) fn is_mostly_before(self, period: &Period, every: Every) -> bool {
        let over = |(until, then): &(Day, Calendar)| {
            let days = then.days_containing(until.plus(-1), every)?;
            Some(if days.last < *until { days.last } else { days.first.plus(-1) })
        };
        let Some(last) = self.earlier.iter().filter_map(over).max() else { return false };
        let days = period.days();
        let before = DayRange { first: days.first.min(last), last };
        let most = |shared: DayRange| 2 * shared.count() > days.count();
        days.shared(before).is_some_and(most)
            && self.period_of(period.first, every).is_none_or(|kept| kept.days() != days)
    }

    /// Returns whether days are a period of any of the calendars that is at least as long as `every`.
    fn has_period(self, days: DayRange, every: Every) -> bool {
        let is_one = |calendar: Calendar| {
            let mut lengths = Every::ALL.into_iter().filter(|length| *length <= every);
            lengths.any(|length| calendar.days_containing(days.first, length) == Some(days))
        };
        is_one(self.now) || self.earlier.iter().any(|(_, calendar)| is_one(*calendar))
    }

    /// Returns the last day of the period that begins on a day.
    fn last_day(self, every: Every, first: Day) -> Option<Day> {
        let last = |calendar: Calendar| calendar.days_containing(first, every).map(|days| days.last);
        let kept = self.earlier.iter().find_map(|(until, then)| last(*then).filter(|last| last < until));
        kept.or_else(|| last(self.now))
    }
}

/// What can be agreed of how often a partner reports.
const CADENCES: [&str; 4] = ["month", "quarter", "year", "none"];

/// What is wrong with `[reporting]`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum ReportingFault {
    NoField {
        field: String,
    },
    /// The field can hold something else than how often partners report.
    FieldOfOthers {
        field: String,
    },
    FieldAndTerm,
}

/// Reads `[reporting]`: how often partners report what they sold; `fields` are the program's fields, `terms`
/// its terms, `scope` becomes to whom it applies.
pub(crate) fn read_reporting(
    mut section: Section,
    reader: &mut TomlReader,
    (fields, terms): (&[Field], &[Term]),
    scope: &mut Applies,
) -> Option<ReportingRule> {
    *scope = Applies::read(&mut section, reader);
    let every = section.required_text(reader, "every").and_then(|word| read_every(&word, reader));
    let due = section.whole(reader, "due_days", 0..=366).map_or(15, |days| days.value);
    let field = section.text(reader, "field");
    let says_how_often = |kind: &FieldKind| match kind {
        FieldKind::Choice(options) => options.iter().all(|option| CADENCES.contains(&option.as_str())),
        _ => false,
    };
    if let Some(named) = &field {
        let field = named.value.clone();
        match fields.iter().find(|known| known.key == field) {
            None => reader.fault(&named.span, ReportingFault::NoField { field }),
            Some(known) if !says_how_often(&known.kind) => {
                reader.vain(&named.span, ReportingFault::FieldOfOthers { field });
            }
            Some(_) => {}
        }
    }
    let term = section.text(reader, "term");
    if let Some(term) = &term {
        let words = "type = \"choice\" and options = [\"month\", \"quarter\", \"year\", \"none\"]";
        check_term(term, terms, reader, words, says_how_often);
        if field.is_some() {
            reader.fault(&term.span, ReportingFault::FieldAndTerm);
        }
    }
    section.finish(reader);
    let [field, term] = [field, term].map(|one| one.map(|one| one.value));
    Some(ReportingRule { every: every?, due_days: due, field, term })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> Day {
        Day::parse_iso(text).expect("a day")
    }

    #[test]
    fn a_partner_owes_whole_periods_that_are_due_and_not_reported() {
        let calendar = Calendar::new(1).expect("a calendar");
        let rule = ReportingRule { every: Every::Month, due_days: 15, field: None, term: None };
        let owed = |since: &str, sales: &[&str], today: &str| -> Vec<String> {
            let sales = sales.iter().map(|sale| match sale.split_once("..") {
                None => (day(sale), day(sale)),
                Some((first, last)) => (day(first), day(last)),
            });
            let owed = rule.owed(calendar.into(), Every::Month, day(since), sales, day(today));
            owed.iter().map(ToString::to_string).collect()
        };
        assert_eq!(owed("2026-07-10", &[], "2026-11-14"), ["2026-08", "2026-09"]);
        assert_eq!(owed("2026-07-10", &[], "2026-11-15"), ["2026-08", "2026-09", "2026-10"]);
        assert_eq!(owed("2026-07-10", &["2026-07-31", "2026-09-05"], "2026-11-15"), ["2026-08", "2026-10"]);
        assert_eq!(owed("2026-06-10", &["2026-07-01..2026-09-30"], "2026-11-15"), ["2026-10"]);
        assert_eq!(owed("2026-07-10", &["2026-08-31..2026-09-06"], "2026-11-15"), ["2026-08", "2026-10"]);
        assert_eq!(owed("2026-07-10", &["2026-09-30..2026-10-01"], "2026-11-15"), ["2026-08", "2026-09"]);
        assert_eq!(owed("2026-07-10", &["2026-08-15..2026-10-14"], "2026-11-15"), ["2026-08", "2026-10"]);
        assert_eq!(owed("2026-07-10", &["2026-08-16..2026-09-15"], "2026-11-15"), ["2026-08", "2026-10"]);
        assert_eq!(owed("2026-11-01", &[], "2026-11-15"), Vec::<String>::new());
    }

    #[test]
    fn a_period_that_was_over_when_the_fiscal_year_moved_keeps_its_days_and_those_up_to_the_next_are_asked_for()
     {
        let [january, february] = [1, 2].map(|month| Calendar::new(month).expect("a calendar"));
        let earlier = [(day("2026-11-23"), january)];
        let calendars = ReportCalendars { now: february, earlier: &earlier };
        let over = |since: &str| -> Vec<String> {
            let over = calendars.over(Every::Quarter, day(since), day("2027-05-01"));
            over.iter().map(ToString::to_string).collect()
        };
        let kept = "2026-07-01..2026-09-30";
        assert_eq!(over("2026-06-02"), [kept, "2026-10", "2027-Q4", "2028-Q1"]);
        assert_eq!(over("2026-07-01"), [kept, "2026-10", "2027-Q4", "2028-Q1"]);
        assert_eq!(over("2026-10-02"), ["2027-Q4", "2028-Q1"]);
        assert_eq!(over("2027-01-31"), ["2028-Q1"]);
    }

    /// Returns fiscal calendars that were in force from `start` on, for so many days each.
    fn moved(start: Day, moves: &[(i64, u32)]) -> Vec<(Day, Calendar)> {
        let mut until = start;
        let earlier = moves.iter().map(|(days, month)| {
            until = until.plus(*days);
            (until, Calendar::new(*month).expect("a calendar"))
        });
        earlier.collect()
    }

    proptest! {
        #[test]
        fn whatever_the_fiscal_years_were_each_day_is_reported_or_asked_for_once(
            moves in prop::collection::vec((1_i64..500, 1_u32..=12), 1..4),
            now in 1_u32..=12,
            every in prop::sample::select(Every::RECURRING.to_vec()),
            since in 0_i64..400,
            chosen in prop::collection::vec((0_i64..900, 0_usize..4), 0..8),
        ) {
            let (start, today) = (day("2024-06-01"), day("2028-01-01"));
            let since = start.plus(since);
            let earlier = moved(start, &moves);
            let calendars = ReportCalendars { now: Calendar::new(now).expect("a calendar"), earlier: &earlier };
            let mut reports: Vec<DayRange> = Vec::new();
            for (after, by) in chosen {
                let by = earlier.get(by).map_or(calendars.now, |(_, calendar)| *calendar);
                let days = by.days_containing(since.plus(after), every).expect("in range");
                if reports.iter().all(|one| one.shared(days).is_none()) {
                    reports.push(days);
                }
            }
            let rule = ReportingRule { every, due_days: 0, field: None, term: None };
            let asked = calendars.over(every, since, today);
            let reported = reports.iter().map(|one| (one.first, one.last));
            let owed = rule.owed(calendars, every, since, reported, today);
            let (first, last) = (asked[0].first, asked[asked.len() - 1].last);
            for number in 0..=last.since(first) {
                let day = first.plus(number);
                let asked = owed.iter().filter(|period| period.days().contains(day)).count();
                let reported = reports.iter().filter(|report| report.contains(day)).count();
                prop_assert_eq!(asked + reported, 1, "{}", day);
            }
        }

        #[test]
        fn each_day_from_the_first_period_on_is_asked_for_once_however_the_fiscal_year_moves(
            moves in prop::collection::vec((1_i64..500, 1_u32..=12), 0..4),
            now in 1_u32..=12,
            every in prop::sample::select(Every::RECURRING.to_vec()),
            since in 0_i64..1500,
        ) {
            let start = day("2024-01-01");
            let earlier = moved(start, &moves);
            let now = Calendar::new(now).expect("a calendar");
            let calendars = ReportCalendars { now, earlier: &earlier };
            let since = start.plus(since);
            let last = start.plus(4000);
            let asked = calendars.over(every, since, last);
            for pair in asked.windows(2) {
                prop_assert_eq!(pair[0].last.plus(1), pair[1].first);
            }
            // Nothing waits longer than a period of either calendar, at the begin and at the end.
            let most = if every == Every::Year { 366 } else { 92 };
            prop_assert!(asked.first().is_some_and(|first| since <= first.first && first.first < since.plus(most)));
            prop_assert!(asked.last().is_some_and(|period| last < period.last.plus(most + 1)));
            for period in &asked {
                prop_assert!(period.days().count() <= most);
                // It ends with a period of the calendar of its last day, or of one that came while that period lasted.
                let mut then = earlier.iter().filter(|(until, _)| period.last < *until).map(|(_, then)| *then);
                let ends = |calendar: Calendar| {
                    calendar.days_containing(period.last, every).is_some_and(|days| days.last == period.last)
                };
                prop_assert!(then.any(ends) || ends(now));
            }
        }
    }
}
