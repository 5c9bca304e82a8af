//! What is known of a partner on a day, and the rules that follow from it, each written once.
//!
//! [`Facts`] has two implementors: [`PartnerFacts`], the folded partner, from which commands decide, and the line of a
//! report, read from projected rows. An implementor gives data; every rule is a provided method. To add a rule, write
//! it as a provided method; to add data, give both implementors a method. `tests/suite/facts.rs` holds the two against
//! each other. Nothing here knows of files, reports or words for people.

use std::collections::BTreeSet;

use crate::lifecycle::announcements::events::Notification;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::base::period::{DayRange, Every, Period};
use crate::lifecycle::criteria::assessment::Assessment;
use crate::lifecycle::criteria::questionnaire::Questionnaire;
use crate::lifecycle::criteria::verdict::Verdicts;
use crate::lifecycle::enablement::events::{Certificate, Delivery, last_days};
use crate::lifecycle::funds::ledger::FundLedger;
use crate::lifecycle::milestone::events::{MilestoneRecord, Status};
use crate::lifecycle::partner::state::Partner;
use crate::lifecycle::performance::events::{DecidedAs, WatchStatus};
use crate::lifecycle::performance::judge::{Actuals, Judged, Performance, judge};
use crate::lifecycle::performance::plan_lack::PlanLack;
use crate::lifecycle::performance::section::PerformanceRule;
use crate::lifecycle::plans::events::{BusinessPlan, PlanFact};
use crate::lifecycle::plans::planned::PlannedDays;
use crate::lifecycle::program::applies::Applies;
use crate::lifecycle::program::definition::Program;
use crate::lifecycle::revenue::events::{Sale, SaleFact, sold_between};
use crate::lifecycle::revenue::reporting::ReportingRule;
use crate::lifecycle::stage::events::Standing;
use crate::lifecycle::stage::section::Stage;
use crate::lifecycle::terms::events::{Agreement, in_force};

/// The folded partner as it stood at the end of `day`, and the program by which it is judged.
#[derive(Clone, Copy)]
pub struct PartnerFacts<'a> {
    pub program: &'a Program,
    pub partner: &'a Partner,
    pub day: Day,
}

/// A stay in a stage, parked, or out of the channel; it lasts until the next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StayFact<'f> {
    pub place: StandingFact<'f>,
    pub entered: Day,
    /// False if the partner was found here on `entered`, and came some day before.
    pub entry_known: bool,
}

/// Where a stay is spent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StandingFact<'f> {
    In(&'f str),
    Parked,
    Left,
}

/// A record by which a milestone is done or skipped.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MilestoneFact {
    pub day: Day,
    pub skipped: bool,
}

/// What the newest answers to a questionnaire come to, an override included.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AssessmentFact {
    pub day: Day,
    pub verdicts: Verdicts,
}

/// Which visits to a stage are meant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WhichVisits {
    All,
    /// Those since the partner last came back after leaving.
    Last,
}

/// Returns whether any day of a period lies within visits, each with its first day and the day on which it ended.
fn is_within(visits: &[(Day, Option<Day>)], period: &Period) -> bool {
    visits.iter().any(|(from, end)| {
        let first = period.first.max(*from);
        first <= period.last && end.is_none_or(|end| first < end)
    })
}

/// What is known of a partner at the end of a day. What is asked of milestones, terms, plans and the like is since the
/// partner last came back after leaving.
pub trait Facts<'f>: Copy {
    type Sale: SaleFact + 'f;

    /// Returns the program by which the partner is judged.
    fn program(self) -> &'f Program;

    /// Returns the day at the end of which all this is known.
    fn day(self) -> Day;

    /// Returns the day since when the partner is watched.
    fn observed_from(self) -> Day;

    /// Returns the day since when milestones and reports are asked of the partner: it is watched, and if it was imported with
    /// its history, that is over. What is missing from before is unknown, not late.
    fn asked_from(self) -> Day;

    /// Returns an attribute that the partner has.
    fn attribute(self, key: &str) -> Option<&'f str>;

    /// Returns all stays in order, those before it last came back included.
    fn stays(self) -> impl DoubleEndedIterator<Item = StayFact<'f>>;

    /// Returns all sales in order of day.
    fn sales(self) -> &'f [Self::Sale];

    /// Returns the record by which a milestone that does not recur is done or skipped, unless it was opened again.
    fn milestone(self, key: &str) -> Option<MilestoneFact>;

    /// Returns the newest answers to a questionnaire of those given by `day`, and what was overridden by then.
    fn assessment_on(self, questionnaire: &str, day: Day) -> Option<AssessmentFact>;

    /// Returns all answers to questionnaires in order, each with the key of the questionnaire.
    fn assessments(self) -> impl DoubleEndedIterator<Item = (&'f str, AssessmentFact)>;

    /// Returns what was agreed, in order of the day on which it was.
    fn agreements(self) -> impl DoubleEndedIterator<Item = &'f Agreement>;

    /// Returns all certificates in order, also those from before the partner last came back.
    fn certificates(self) -> impl Iterator<Item = &'f Certificate>;

    /// Returns all deliveries in order, also those from before the partner last came back.
    fn deliveries(self) -> impl DoubleEndedIterator<Item = &'f Delivery>;

    /// Returns all versions of the plans, plan by plan, each plan's in order, also of those from before the partner last came
    /// back.
    fn plans(self) -> impl DoubleEndedIterator<Item = PlanFact<'f>>;

    /// Returns all business reviews in order, each with the quarter.
    fn reviews(self) -> impl DoubleEndedIterator<Item = (DayRange, Day)>;

    /// Returns the days on which the tier was reviewed in order, also those from before the partner last came back.
    fn tier_reviews(self) -> impl DoubleEndedIterator<Item = Day>;

    /// Returns of what the partner was notified in order, also from before it last came back.
    fn notifications(self) -> impl DoubleEndedIterator<Item = &'f Notification>;

    /// Returns the ledger of a fund, also with what is from before the partner last came back.
    fn ledger(self, fund: &str) -> Option<&'f FundLedger>;

    /// Returns what is done about the partner because it does not perform.
    fn watch_status(self) -> WatchStatus;

    /// Returns the newest answers to a questionnaire.
    fn assessment(self, questionnaire: &str) -> Option<AssessmentFact> {
        self.assessment_on(questionnaire, self.day())
    }

    /// Returns whether a part of the program applies to the partner as it is on the day.
    fn applies(self, scope: &Applies) -> bool {
        scope.admits(|key| self.attribute(key))
    }

    /// Returns the next stage after the one with this key that applies to the partner.
    fn next_stage(self, key: &str) -> Option<&'f Stage> {
        let program = self.program();
        let later = program.stages().get(program.position(key)? + 1..)?;
        later.iter().find(|stage| self.applies(&stage.applies))
    }

    /// Returns the first stage that applies to the partner.
    fn first_stage(self) -> &'f Stage {
        let stages = self.program().stages();
        stages.iter().find(|stage| self.applies(&stage.applies)).unwrap_or(self.program().first_stage())
    }

    /// Returns the questionnaires of a stage that are put to the partner.
    fn questionnaires_of(self, stage: &str) -> Vec<&'f Questionnaire> {
        let all = self.program().questionnaires().iter();
        all.filter(|one| one.stage == stage && self.applies(&one.applies)).collect()
    }

    /// Returns the stay that is not over; none before the partner stood anywhere.
    fn current(self) -> Option<StayFact<'f>> {
        self.stays().next_back()
    }

    /// Returns the key of the stage in which the partner stands.
    fn stage(self) -> Option<&'f str> {
        self.current()?.stage()
    }

    /// Returns the days of the current stay beyond the target of its stage; at least so many if the day of entry is not
    /// known. None within the target, and outside stages.
    fn overdue_days(self) -> Option<i64> {
        let stay = self.current()?;
        let stage = self.program().stage(stay.stage()?)?;
        let target = stage.target_days.filter(|_| self.applies(&stage.applies))?;
        Some(self.day().since(stay.entered) - target).filter(|days| *days > 0)
    }

    /// Returns since when the partner stands in the stage of success, if it does.
    fn in_growth_since(self) -> Option<Day> {
        let stay = self.current()?;
        (stay.stage()? == self.program().success_stage().key).then_some(stay.entered)
    }

    /// Returns the day on which the partner first entered the stage of success since it last came back.
    fn launched(self) -> Option<Day> {
        let success = self.program().success_stage().key.as_str();
        let since_back = self.stays().rev().skip_while(|stay| stay.place == StandingFact::Left);
        let first = since_back
            .take_while(|stay| stay.place != StandingFact::Left)
            .filter(|stay| stay.stage() == Some(success))
            .last();
        first.map(|stay| stay.entered)
    }

    /// Returns what the questionnaires of a stage come to; none if none of them was answered.
    fn verdict(self, stage: &str) -> Option<Verdicts> {
        self.verdict_on(stage, self.day())
    }

    /// Returns what the questionnaires of a stage had come to by `day`; none if none of them was answered by then.
    fn verdict_on(self, stage: &str, day: Day) -> Option<Verdicts> {
        let of_stage = self.questionnaires_of(stage);
        Verdicts::joint(
            of_stage.iter().map(|one| self.assessment_on(&one.key, day).map(|found| found.verdicts)),
        )
    }

    /// Returns what is agreed of a term on a day.
    fn agreed(self, term: &str, day: Day) -> Option<&'f Agreement> {
        in_force(self.agreements(), term, day)
    }

    /// Returns the newest delivery of a material.
    fn delivered(self, material: &str) -> Option<&'f Delivery> {
        self.deliveries().rev().find(|one| one.material == material)
    }

    /// Returns who is certified for a course on the day.
    fn certified(self, course: &str) -> BTreeSet<&'f str> {
        let counts = self.certificates().filter(|one| one.course == course && one.counts_on(self.day()));
        counts.map(|one| one.person.as_str()).collect()
    }

    /// Returns the certificates that end: person, course of the program, last day.
    fn expiries(self) -> Vec<(&'f str, &'f str, Day)> {
        let own = self.certificates().filter(|one| one.day <= self.day());
        let ending = last_days(own, self.day()).into_iter();
        let ending = ending.filter(|(_, course, _)| self.program().course(course).is_some());
        ending.filter_map(|(person, course, until)| Some((person, course, until?))).collect()
    }

    /// Returns how many days before a launch the partner is to be told: as agreed with it, or as the program says.
    fn notice_days(self) -> Option<i64> {
        let notice = self.program().launches.as_ref()?;
        let agreed = notice.term.as_ref().and_then(|term| self.agreed(term, self.day()));
        Some(notice.agreed(agreed.and_then(|one| one.value.as_deref())))
    }

    /// Returns what was sold from `first` to `last`, in minor units.
    fn sold(self, first: Day, last: Day) -> i128 {
        sold_between(self.sales(), first, last)
    }

    /// Returns what was sold in the twelve months that end with the day, in minor units.
    fn revenue_12m(self) -> i128 {
        self.sold(self.day().months_before(12).plus(1), self.day())
    }

    /// Returns whether the revenue of twelve months reaches the threshold of the program, if it has one.
    fn productive(self) -> Option<bool> {
        let rule = self.program().productive.filter(|_| self.applies(&self.program().scopes.productive))?;
        Some(self.revenue_12m() >= i128::from(rule.revenue_12m_minor))
    }

    /// Returns the days on which the partner was not in the channel: it had left, and had not come back.
    fn away(self) -> Vec<DayRange> {
        let mut left = None;
        let mut away = Vec::new();
        for stay in self.stays() {
            if stay.place == StandingFact::Left {
                left = left.or(Some(stay.entered.plus(1)));
            } else if let Some(first) = left.take().filter(|first| *first < stay.entered) {
                away.push(DayRange { first, last: stay.entered.plus(-1) });
            }
        }
        away.extend(left.map(|first| DayRange { first, last: Day::LAST }));
        away
    }

    /// Returns the day on which the partner came, if it is known; sales of before show that it was there.
    fn came(self) -> Option<Day> {
        let came = self.stays().next().filter(|stay| stay.entry_known)?.entered;
        Some(self.sales().iter().map(SaleFact::first_day).min().map_or(came, |sold| sold.min(came)))
    }

    /// Returns all versions of the plans whose year was not over when the partner came: the others count for nothing.
    fn plans_since_it_came(self) -> impl DoubleEndedIterator<Item = PlanFact<'f>> {
        let came = self.came();
        self.plans().filter(move |plan| came.is_none_or(|came| plan.year.last >= came))
    }

    /// Returns what is planned, day by day, by the plans that both sides had agreed to by `day`.
    fn planned(self, day: Day) -> PlannedDays {
        if !self.plans().any(|plan| plan.agreed_by(day)) {
            return PlannedDays::default();
        }
        PlannedDays::of(self.plans_since_it_came(), &self.away(), day)
    }

    /// Returns how often the partner reports what it sold; none if it need not.
    fn cadence(self) -> Option<Every> {
        let applies = self.applies(&self.program().scopes.reporting);
        let rule = self.program().reporting.as_ref().filter(|_| applies)?;
        let agreed = rule.term.as_ref().and_then(|term| self.agreed(term, self.day()));
        let agreed = agreed.and_then(|one| one.value.as_deref());
        rule.cadence(agreed.or_else(|| self.attribute(rule.field.as_deref()?)))
    }

    /// Returns how a partner in growth performs by the rule of the program; none outside growth and without a rule.
    fn performance(self) -> Option<Judged> {
        let applies = self.applies(&self.program().scopes.non_performing);
        let rule = self.program().non_performing.filter(|_| applies)?;
        let settled = match self.watch_status() {
            WatchStatus::Settled { on, .. } => Some(on),
            _ => None,
        };
        self.performance_on(&rule.rule, self.in_growth_since()?, settled, self.day())
    }

    /// Returns what to do next about a partner that does not perform, if anything: put it on the watch list, agree how it
    /// improves, or decide. `performance` is by the rule, if that is known; `partner` is the key.
    fn watch_step(self, partner: &str, performance: Option<Performance>) -> Option<Step> {
        let partner = partner.to_owned();
        match self.watch_status() {
            WatchStatus::Improving { until, .. } if until <= self.day() => Some(Step::Decide { partner }),
            WatchStatus::Improving { .. } | WatchStatus::Settled { outcome: DecidedAs::SelfService, .. } => {
                None
            }
            WatchStatus::Watched { .. } => Some(Step::Improve { partner }),
            WatchStatus::None | WatchStatus::Settled { .. } => {
                (performance == Some(Performance::Under)).then_some(Step::Watch { partner })
            }
        }
    }

    /// Returns how a partner that stands in growth since `since` performed by a rule on a day up to today. What came up
    /// to `settled` is not judged.
    fn performance_on(
        self,
        rule: &PerformanceRule,
        since: Day,
        settled: Option<Day>,
        day: Day,
    ) -> Option<Judged> {
        let planned = self.planned(day);
        let sales = self.sales();
        let actuals = Actuals {
            launched: self.launched()?,
            since,
            observed_from: self.observed_from(),
            sales: &sales[..sales.partition_point(|sale| sale.day() <= day)],
            planned: &planned,
            settled,
            cadence: self.cadence(),
        };
        let program = self.program();
        let mut judged = judge(rule, program.report_calendars(), program.reporting.as_ref(), &actuals, day);
        let without = judged.quarters.iter().find(|one| one.yardstick.is_none());
        judged.plan_lack = without
            .filter(|_| judged.performance == Performance::NoPlan)
            .and_then(|one| PlanLack::of(program.calendar, self.plans(), &planned, &one.period, day));
        Some(judged)
    }

    /// Returns the visits to the stage of success in order, each with its first day and the day on which it ended, if it
    /// did; `which` says whether those from before the partner last came back are among them.
    fn in_success(self, which: WhichVisits) -> Vec<(Day, Option<Day>)> {
        let success = self.program().success_stage().key.as_str();
        let stays: Vec<StayFact> = self.stays().collect();
        let back = stays.iter().rposition(|stay| stay.place == StandingFact::Left).map_or(0, |left| left + 1);
        let from = if which == WhichVisits::Last { back } else { 0 };
        let visits = stays.iter().enumerate().skip(from).filter(|(_, stay)| stay.stage() == Some(success));
        visits.map(|(at, stay)| (stay.entered, stays.get(at + 1).map(|next| next.entered))).collect()
    }

    /// Returns how many days of a period the partner is in a stage from `asked` on, since it last came back; the stay that
    /// is not over lasts.
    fn days_in(self, stage: &str, period: &Period, asked: Day) -> i64 {
        let mut days = 0;
        let mut open: Option<Day> = None;
        let (first, end) = (period.first.max(asked), period.last.plus(1));
        let mut close = |from: Day, until: Day| days += until.min(end).since(from.max(first)).max(0);
        for stay in self.stays() {
            if let Some(from) = open.take() {
                close(from, stay.entered);
            }
            open = (stay.stage() == Some(stage)).then_some(stay.entered);
        }
        if let Some(from) = open {
            close(from, end);
        }
        days
    }

    /// Returns whether what recurs is asked of the partner for a period: with its last day it is in the stage, and asked
    /// since `asked`, for more than 31 days of the period or for at least half of it. What is asked stays missed until it
    /// is settled; what is not asked is never due.
    fn is_asked_for(self, stage: &str, period: &Period, asked: Day) -> bool {
        let days = self.days_in(stage, period, asked);
        days > 31 || 2 * days > period.last.since(period.first)
    }

    /// Returns the periods of which a partner in growth owes the report, oldest first. A pause makes no report of before
    /// or after it less owed; only a period in which it was not in growth at all asks for none.
    fn reports_owed(self) -> Vec<Period> {
        let program = self.program();
        let (Some(rule), Some(_)) = (&program.reporting, self.in_growth_since()) else {
            return Vec::new();
        };
        let Some(every) = self.cadence() else { return Vec::new() };
        let visits = self.in_success(WhichVisits::Last);
        let Some((since, _)) = visits.first() else { return Vec::new() };
        let reports = self.sales().iter().filter_map(SaleFact::days_reported);
        let calendars = program.report_calendars();
        let mut owed = rule.owed(calendars, every, self.asked_from().max(*since), reports, self.day());
        owed.retain(|period| is_within(&visits, period));
        owed
    }

    /// Returns the periods within another of which a partner that was in growth has not reported, whether that is due or
    /// not, also from before reports were asked of it and from before it left or was parked.
    fn unreported_in(self, whole: &Period) -> Vec<Period> {
        let program = self.program();
        let visits = self.in_success(WhichVisits::All);
        let asked = program.reporting.as_ref().zip(self.cadence()).zip(visits.first());
        let Some(((rule, every), (since, _))) = asked else { return Vec::new() };
        let reports = self.sales().iter().filter_map(SaleFact::days_reported);
        let rule = ReportingRule { due_days: 0, ..rule.clone() };
        let mut periods =
            rule.owed(program.report_calendars(), every, *since, reports, self.day().min(whole.last));
        periods.retain(|period| (whole.first..=whole.last).contains(&period.last));
        periods.retain(|period| is_within(&visits, period));
        periods
    }

    /// Returns the first period that began and is neither reported nor due yet.
    fn report_to_come(self) -> Option<Period> {
        let (program, day) = (self.program(), self.day());
        let (rule, _) = (program.reporting.as_ref()?, self.in_growth_since()?);
        let (since, _) = *self.in_success(WhichVisits::Last).first()?;
        let every = self.cadence()?;
        let made = |days: &DayRange| {
            let mut reports = self.sales().iter().filter_map(SaleFact::days_reported);
            reports.any(|(_, last)| days.contains(last))
        };
        let calendars = program.report_calendars();
        let mut began =
            calendars.days(every, since.max(self.asked_from())).take_while(|days| days.first <= day);
        let to_come = began.find(|days| days.last.plus(rule.due_days) > day && !made(days))?;
        Some(calendars.named(every, to_come))
    }
}

impl<'a> Facts<'a> for PartnerFacts<'a> {
    type Sale = Sale;

    fn program(self) -> &'a Program {
        self.program
    }

    fn day(self) -> Day {
        self.day
    }

    fn observed_from(self) -> Day {
        self.partner.observed_from
    }

    fn asked_from(self) -> Day {
        self.partner.asked_from
    }

    fn attribute(self, key: &str) -> Option<&'a str> {
        self.partner.attribute(key)
    }

    fn stays(self) -> impl DoubleEndedIterator<Item = StayFact<'a>> {
        self.partner.stays.iter().map(|stay| StayFact {
            place: match &stay.standing {
                Standing::In { stage } => StandingFact::In(stage),
                Standing::Parked { .. } => StandingFact::Parked,
                Standing::Left { .. } => StandingFact::Left,
            },
            entered: stay.entered,
            entry_known: stay.entry_known,
        })
    }

    fn sales(self) -> &'a [Sale] {
        &self.partner.sales
    }

    fn milestone(self, key: &str) -> Option<MilestoneFact> {
        self.partner.milestone(key, None).map(MilestoneFact::of)
    }

    fn assessment_on(self, questionnaire: &str, day: Day) -> Option<AssessmentFact> {
        let given = |one: &&Assessment| {
            one.life == self.partner.returns && one.assessed.questionnaire == questionnaire && one.day <= day
        };
        self.partner.assessments.iter().rev().find(given).map(|one| AssessmentFact::on(one, day))
    }

    fn assessments(self) -> impl DoubleEndedIterator<Item = (&'a str, AssessmentFact)> {
        let own = self.partner.assessments.iter().filter(move |one| one.life == self.partner.returns);
        own.map(|one| (one.assessed.questionnaire.as_str(), AssessmentFact::of(one)))
    }

    fn agreements(self) -> impl DoubleEndedIterator<Item = &'a Agreement> {
        self.partner.terms.iter().filter(move |one| one.life == self.partner.returns)
    }

    fn certificates(self) -> impl Iterator<Item = &'a Certificate> {
        self.partner.certificates.iter()
    }

    fn deliveries(self) -> impl DoubleEndedIterator<Item = &'a Delivery> {
        self.partner.deliveries.iter()
    }

    fn plans(self) -> impl DoubleEndedIterator<Item = PlanFact<'a>> {
        let of = |plan: &'a BusinessPlan| {
            plan.versions.iter().map(|version| PlanFact { year: plan.days, version })
        };
        self.partner.plans.iter().flat_map(of)
    }

    fn reviews(self) -> impl DoubleEndedIterator<Item = (DayRange, Day)> {
        let own = self.partner.reviews.iter().filter(move |one| one.life == self.partner.returns);
        own.map(|one| (one.days, one.day))
    }

    fn tier_reviews(self) -> impl DoubleEndedIterator<Item = Day> {
        self.partner.tier_reviews.iter().map(|one| one.day)
    }

    fn notifications(self) -> impl DoubleEndedIterator<Item = &'a Notification> {
        self.partner.notifications.iter().filter(|one| one.is_told())
    }

    fn ledger(self, fund: &str) -> Option<&'a FundLedger> {
        self.partner.books.ledger(fund)
    }

    fn watch_status(self) -> WatchStatus {
        self.partner.watch_status()
    }
}

impl<'f> StayFact<'f> {
    /// Returns the key of the stage, if it is spent in one.
    pub fn stage(self) -> Option<&'f str> {
        match self.place {
            StandingFact::In(stage) => Some(stage),
            StandingFact::Parked | StandingFact::Left => None,
        }
    }
}

impl MilestoneFact {
    /// Makes the fact of a record that settles a milestone.
    pub(crate) fn of(record: &MilestoneRecord) -> MilestoneFact {
        MilestoneFact { day: record.day, skipped: matches!(record.status, Status::Skipped { .. }) }
    }
}

impl AssessmentFact {
    fn of(assessment: &Assessment) -> AssessmentFact {
        AssessmentFact { day: assessment.day, verdicts: assessment.verdicts() }
    }

    /// What answers came to at the end of `day`.
    fn on(assessment: &Assessment, day: Day) -> AssessmentFact {
        let is_overridden = assessment.overridden.as_ref().is_some_and(|one| one.day <= day);
        let judged = assessment.assessed.outcome.verdicts();
        let verdicts = if is_overridden { assessment.verdicts() } else { judged };
        AssessmentFact { day: assessment.day, verdicts }
    }
}
