//! What settles milestones: a record, or the facts that one needs. Written once, over [`Facts`].
//!
//! A fact counts since the partner last came back. For a milestone that recurs, what happened must fall within the
//! period, and a plan, a review or a report must be of it; what is agreed, certified or delivered must hold at its end.
//! People are to be certified as long as the partner is in the stage of the milestone; behind it, what was done stays done.

use std::collections::HashMap;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::{DayRange, Every, Period};
use crate::lifecycle::criteria::verdict::Verdict;
use crate::lifecycle::enablement::events::covered_since;
use crate::lifecycle::facts::{AssessmentFact, Facts, MilestoneFact, PartnerFacts, StandingFact};
use crate::lifecycle::funds::request::ClaimOutcome;
use crate::lifecycle::milestone::events::{MilestoneRecord, Status};
use crate::lifecycle::milestone::needs::Need;
use crate::lifecycle::milestone::section::Milestone;
use crate::lifecycle::plans::events::PlanFact;
use crate::lifecycle::program::applies::Applies;
use crate::lifecycle::program::definition::Program;
use crate::lifecycle::revenue::events::SaleFact;
use crate::lifecycle::revenue::reporting::is_reported_by;
use crate::lifecycle::stage::section::Stage;
use crate::lifecycle::terms::events::renewed_on;

/// What settles a milestone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Held<'f> {
    /// It was recorded as done or skipped.
    Recorded(MilestoneFact),
    /// What it needs is there.
    Met(MetNeed<'f>),
}

/// Returns to whom a fact that a milestone needs applies, if the program says so.
fn scope_of<'f>(program: &'f Program, fact: &Need) -> Option<&'f Applies> {
    match fact {
        Need::Questionnaire(key) => program.questionnaire(key).map(|one| &one.applies),
        Need::Certified { course, .. } => program.course(course).map(|one| &one.applies),
        Need::Delivered(material) => program.material(material).map(|one| &one.applies),
        Need::Reported => Some(&program.scopes.reporting),
        _ => None,
    }
}

/// A need that is met.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MetNeed<'f> {
    /// Since when all that it takes is there.
    pub day: Day,
    /// The fact that is there; of alternatives, the one that was there first.
    pub need: &'f Need,
}

/// A sale that is not wholly returned: all lines of one invoice, and all invoices of one deal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct KeptSale {
    /// The day of its first line.
    pub day: Day,
    /// The place of its first line among the sales of the partner.
    pub at: usize,
    left_minor: i128,
}

/// When certified people count for a milestone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PeopleCount {
    /// There must be enough of them now.
    Now,
    /// There were enough of them once.
    Once,
}

/// The rules of milestones.
pub trait MilestoneFacts<'f>: Facts<'f> {
    /// Returns what settles a milestone that does not recur; none while it is open.
    fn held_once(self, milestone: &'f Milestone) -> Option<Held<'f>> {
        let recorded = self.milestone(&milestone.key).map(Held::Recorded);
        recorded.or_else(|| {
            let need = milestone.needs.as_ref()?;
            let people = if self.is_behind(milestone, need) { PeopleCount::Once } else { PeopleCount::Now };
            self.met_by(need, None, people).map(Held::Met)
        })
    }

    /// Returns whether a milestone needs certified people and is of a stage that the partner was in and is no more.
    fn is_behind(self, milestone: &Milestone, need: &Need) -> bool {
        let stage = || Some(self.program().milestone(&milestone.key)?.0.key.as_str());
        let is_past =
            |stage: &str| self.stage() != Some(stage) && self.stays().any(|stay| stay.stage() == Some(stage));
        need.is_of_people() && stage().is_some_and(is_past)
    }

    /// Returns the milestones of a stage that are asked of the partner: none in a stage that does not apply to it.
    fn asked_in(self, stage: &'f Stage) -> impl Iterator<Item = &'f Milestone> {
        let applies = self.applies(&stage.applies);
        stage.milestones.iter().filter(move |one| applies && self.is_asked(one))
    }

    /// Returns whether a milestone is asked of the partner: it applies, and so does what it needs.
    fn is_asked(self, milestone: &Milestone) -> bool {
        self.applies(&milestone.applies) && milestone.needs.as_ref().is_none_or(|need| self.can_need(need))
    }

    /// Returns whether what a milestone needs is asked of the partner: a course, a questionnaire or a report that it is
    /// free of blocks nothing.
    fn can_need(self, need: &Need) -> bool {
        match need {
            Need::Any(several) | Need::All(several) => several.iter().any(|one| self.can_need(one)),
            fact => scope_of(self.program(), fact).is_none_or(|scope| self.applies(scope)),
        }
    }

    /// Returns for whom a milestone is, if that leaves the partner out: by itself, by its stage, or by what it needs.
    fn left_out_by(self, stage: Option<&'f Stage>, milestone: &'f Milestone) -> Option<&'f Applies> {
        let own = stage.map(|stage| &stage.applies).into_iter().chain([&milestone.applies]);
        let needs = milestone.needs.iter().filter(|need| !self.can_need(need));
        let needed = needs.flat_map(Need::facts).filter_map(|fact| scope_of(self.program(), fact));
        own.chain(needed).find(|scope| !self.applies(scope))
    }

    /// Returns the gates of the current stage that are neither done nor skipped, in the order of the program.
    fn missing_gates(self) -> Vec<&'f str> {
        let stage = self.stage().and_then(|key| self.program().stage(key));
        let gates = stage.into_iter().flat_map(|stage| self.asked_in(stage)).filter(|one| one.gate);
        gates.filter(|one| self.held_once(one).is_none()).map(|one| one.key.as_str()).collect()
    }

    /// Returns whether the partner is to have a plan of the fiscal year: a milestone of its stage needs one, or the rule
    /// that applies to it measures by plan and no milestone says of whom plans are asked. A rule that has another measure for
    /// those without a plan asks for none of those whom the milestone leaves out.
    fn asks_for_plan(self) -> bool {
        let program = self.program();
        let planned =
            |one: &Milestone| one.needs.as_ref().is_some_and(|need| need.facts().contains(&&Need::Planned));
        let stage = self.stage().and_then(|key| program.stage(key));
        let rule = program.non_performing.filter(|_| self.applies(&program.scopes.non_performing));
        let is_said = program.milestones().any(|(_, one)| planned(one));
        stage.is_some_and(|stage| self.asked_in(stage).any(planned))
            || rule.map(|found| found.rule.measures).is_some_and(|measures| {
                measures.percent_of_plan.is_some() && (measures.plan_only() || !is_said)
            })
    }

    /// Returns how a need is met, for a milestone that recurs within a period.
    fn met(self, need: &'f Need, period: Option<&Period>) -> Option<MetNeed<'f>> {
        self.met_by(need, period, PeopleCount::Now)
    }

    /// Returns how a need is met; `people` says when certified people count.
    fn met_by(self, need: &'f Need, period: Option<&Period>, people: PeopleCount) -> Option<MetNeed<'f>> {
        match need {
            Need::Any(several) => {
                several.iter().filter_map(|one| self.met_by(one, period, people)).min_by_key(|met| met.day)
            }
            Need::All(several) => {
                let asked = several.iter().filter(|one| self.can_need(one));
                let days = asked.map(|one| Some(self.met_by(one, period, people)?.day));
                let day = days.collect::<Option<Vec<Day>>>()?.into_iter().max()?;
                Some(MetNeed { day, need })
            }
            Need::Certified { course, people: wanted } if people == PeopleCount::Once => {
                Some(MetNeed { day: self.first_covered(course, *wanted)?, need })
            }
            fact => Some(MetNeed { day: self.there_since(fact, period)?, need: fact }),
        }
    }

    /// Returns since when so many people were certified for a course when there were enough of them for the first time since
    /// the partner last came back.
    fn first_covered(self, course: &str, people: i64) -> Option<Day> {
        let back = self.back_since();
        let own = self.certificates().filter(|one| one.course == course);
        let mut days: Vec<Day> = own.map(|one| one.day.max(back)).filter(|day| *day <= self.day()).collect();
        days.sort_unstable();
        days.dedup();
        days.into_iter().find_map(|day| covered_since(self.certificates(), course, people, day).1)
    }

    /// Returns since when a fact is there, for a milestone that recurs within a period.
    fn there_since(self, fact: &Need, period: Option<&Period>) -> Option<Day> {
        let at = period.map_or(self.day(), |period| period.last.min(self.day()));
        let counts = |day: &Day| self.counts(*day, period);
        match fact {
            Need::Questionnaire(key) => self.assessment_within(key, period)?.passed(),
            Need::Certified { course, people } => covered_since(self.certificates(), course, *people, at).1,
            Need::Agreed(term) => Some(self.agreed(term, at)?.day),
            Need::Renewed(term) => {
                let term = self.program().term(term)?;
                renewed_on(self.agreements(), term).into_iter().find(counts)
            }
            Need::Delivered(key) => {
                let material = self.program().material(key)?;
                let newest = self.deliveries().rev().find(|one| one.material == *key && one.day <= at);
                newest.filter(|one| material.is_newest(one)).map(|one| one.day)
            }
            Need::Sold(sales) => Some(self.nth_sale(*sales, period)?.day),
            Need::Revenue(amount) => self.revenue_reached(amount.minor, period),
            Need::Granted(fund) => {
                let lots = self.ledger(fund)?.lots.iter().filter(|lot| lot.posted_minor > 0);
                lots.map(|lot| lot.day).find(counts)
            }
            Need::Claimed(fund) => {
                let claims = self.ledger(fund)?.requests.iter().flat_map(|request| &request.claims);
                let kept = claims.filter(|one| !matches!(one.outcome, Some(ClaimOutcome::Refused { .. })));
                kept.map(|claim| claim.day).filter(counts).min()
            }
            Need::Announced(start) => {
                let start = start.as_deref().unwrap_or_default();
                let told = self.notifications().filter(|one| one.announcement.starts_with(start));
                told.map(|one| one.day).find(counts)
            }
            Need::Planned => self.planned_on(period),
            Need::Reviewed => {
                let reviews = self.reviews().filter(|(days, _)| self.is_of(*days, period));
                reviews.map(|(_, day)| day).min()
            }
            Need::Reported => self.reported_on(period),
            Need::TierReviewed => self.tier_reviews().find(counts),
            Need::Any(_) | Need::All(_) => None,
        }
    }

    /// Returns the day on which the partner last came back after leaving; the first of all days if it never left.
    fn back_since(self) -> Day {
        let mut left = false;
        let back = self.stays().filter(|stay| {
            let is_back = left && stay.place != StandingFact::Left;
            left = stay.place == StandingFact::Left;
            is_back
        });
        back.last().map_or(Day::FIRST, |stay| stay.entered)
    }

    /// Returns the sales since the partner last came back that are not wholly returned, the first one first.
    ///
    /// Lines of one invoice, and invoices of one deal, are one sale, and a total is as many as its parts. A return is taken off the sale that it names, or that
    /// has its deal or number; any other one off the newest sales before it.
    fn kept_sales(self) -> Vec<KeptSale> {
        let since = self.back_since();
        let mut kept: Vec<KeptSale> = Vec::new();
        let mut by_paper: HashMap<u64, usize> = HashMap::new();
        // What a total counts for beside its parts is no sale of its own: it goes with the newest of them.
        let mut rest_of_totals = 0;
        for (at, sale) in self.sales().iter().enumerate().filter(|(_, sale)| sale.day() >= since) {
            let mut amount = i128::from(sale.amount_minor());
            if sale.has_parts() {
                match kept.last_mut() {
                    Some(newest) => newest.left_minor += amount,
                    None => rest_of_totals += amount,
                }
                continue;
            }
            if amount > 0 {
                amount += std::mem::take(&mut rest_of_totals);
            }
            let place = match sale.papers().named().find_map(|paper| by_paper.get(&paper).copied()) {
                Some(place) => place,
                None if amount > 0 => {
                    kept.push(KeptSale { day: sale.day(), at, left_minor: 0 });
                    kept.len() - 1
                }
                None => {
                    take_off(&mut kept, -amount);
                    continue;
                }
            };
            kept[place].left_minor += amount;
            for paper in sale.papers().named() {
                by_paper.entry(paper).or_insert(place);
            }
        }
        kept.retain(|sale| sale.left_minor > 0);
        kept
    }

    /// Returns the sale of this number, counted from 1 since the partner last came back, or within a period.
    fn nth_sale(self, number: i64, period: Option<&Period>) -> Option<KeptSale> {
        let before = usize::try_from(number).ok()?.checked_sub(1)?;
        self.kept_sales().into_iter().filter(|sale| self.counts(sale.day, period)).nth(before)
    }

    /// Returns since when revenue, added up since the partner last came back or within a period, is at least so much,
    /// in minor units.
    fn revenue_reached(self, least: i128, period: Option<&Period>) -> Option<Day> {
        let mut sum = 0;
        let mut since = None;
        for sale in self.sales().iter().filter(|sale| self.counts(sale.day(), period)) {
            sum += i128::from(sale.amount_minor());
            since = if sum < least { None } else { since.or(Some(sale.day())) };
        }
        since
    }

    /// Returns whether what happened on a day counts: the partner had come back by then, and it is in the period.
    fn counts(self, day: Day, period: Option<&Period>) -> bool {
        day >= self.back_since() && period.is_none_or(|period| (period.first..=period.last).contains(&day))
    }

    /// Returns whether a record of this period is one of `period`: either lies within the other.
    fn is_of(self, days: DayRange, period: Option<&Period>) -> bool {
        let calendar = self.program().calendar;
        period.is_none_or(|period| {
            let (shares, is_quarter) =
                (period.days().shared(days).is_some(), days.is_as_long_as(period.days()));
            shares
                && (!is_quarter
                    || calendar.is_of(days, period, Every::Quarter)
                    || self.has_asked_days(days, period))
        })
    }

    /// Returns whether a record of these days has all days of a period for which the partner is asked, if that is only a part of
    /// it: the plan of a calendar year is enough for a fiscal year that ended soon after the partner came.
    fn has_asked_days(self, days: DayRange, period: &Period) -> bool {
        let Some(stay) = self.stays().next_back() else { return false };
        let asked = self.asked_from().max(stay.entered);
        let is_part = asked > period.first && asked <= period.last;
        is_part && days.is_as_long_as(period.days()) && days.contains(asked) && days.contains(period.last)
    }

    /// Returns the newest answers to a questionnaire, those within a period if there is one.
    fn assessment_within(self, questionnaire: &str, period: Option<&Period>) -> Option<AssessmentFact> {
        let within = |day: Day| period.is_none_or(|period| (period.first..=period.last).contains(&day));
        let mut newest = self.assessments().rev();
        let found = newest.find(|(key, one)| *key == questionnaire && within(one.day));
        found.map(|(_, one)| one)
    }

    /// Returns the day on which both sides first agreed to the plan of the fiscal year that contains the period, or to
    /// any plan. One with the very days of that year goes before one of another fiscal calendar.
    fn planned_on(self, period: Option<&Period>) -> Option<Day> {
        let calendar = self.program().calendar;
        let year = match period {
            Some(period) => Some(self.program().report_calendars().period_of(period.first, Every::Year)?),
            None => None,
        };
        let of_year = |of: DayRange| {
            year.as_ref().is_none_or(|year| {
                of == year.days()
                    || calendar.home(of, Every::Year).as_ref() == Some(year)
                    || self.has_asked_days(of, year)
            })
        };
        let back = self.back_since();
        let plans = self.plans().filter(|one| one.year.last >= back && of_year(one.year));
        // A plan that ended with a partner that left is none any more.
        let goes_on = |one: &PlanFact| one.version.until.is_none_or(|until| until >= self.day());
        let agreed = plans.filter(goes_on).filter_map(|one| Some((one.year, one.version.agreed?)));
        let known = agreed.filter(|(_, on)| *on <= self.day());
        let is_other = |of: DayRange| year.as_ref().is_some_and(|year| of != year.days());
        known.min_by_key(|(of, on)| (is_other(*of), *on)).map(|(_, on)| on)
    }

    /// Returns the day of the first sale that reports the period, or of any; one of nothing reports too.
    fn reported_on(self, period: Option<&Period>) -> Option<Day> {
        let since = self.back_since();
        let reports = |sale: &&Self::Sale| {
            sale.day() >= since
                && period.is_none_or(|period| is_reported_by(period, sale.first_day(), sale.day()))
        };
        self.sales().iter().find(reports).map(SaleFact::day)
    }
}

impl<'f, F: Facts<'f>> MilestoneFacts<'f> for F {}

/// Takes an amount off the newest sales, in minor units.
fn take_off(kept: &mut [KeptSale], amount_minor: i128) {
    let mut rest = amount_minor;
    for sale in kept.iter_mut().rev().filter(|sale| sale.left_minor > 0) {
        let part = sale.left_minor.min(rest);
        sale.left_minor -= part;
        rest -= part;
        if rest == 0 {
            break;
        }
    }
}

/// What only the folded partner knows: records of milestones that recur.
impl<'a> PartnerFacts<'a> {
    /// Returns what settles a milestone, for a recurring one in `period`: what was recorded of it, or what it needs; none
    /// while it is open.
    pub fn held(self, milestone: &'a Milestone, period: Option<&Period>) -> Option<Held<'a>> {
        let Some(period) = period else { return self.held_once(milestone) };
        if let Some(recorded) = self.recorded_of(milestone, period) {
            return Some(Held::Recorded(MilestoneFact::of(recorded)));
        }
        self.met(milestone.needs.as_ref()?, Some(period)).map(Held::Met)
    }

    /// Returns the record that settles a recurring milestone in a period, unless it was opened again: also one that was made
    /// for a period of another fiscal calendar which has most of its days in this one.
    pub(crate) fn recorded_of(self, milestone: &Milestone, period: &Period) -> Option<&'a MilestoneRecord> {
        let calendar = self.program.calendar;
        let is_of = |days: DayRange| {
            let same = milestone.every.is_some_and(|every| calendar.is_of(days, period, every));
            same || self.has_asked_days(days, period)
        };
        let newest = self.partner.milestones.iter().rev().find(|one| {
            one.life == self.partner.returns
                && one.milestone == milestone.key
                && one.period.as_ref().is_some_and(|period| is_of(period.days))
        });
        newest.filter(|one| !matches!(one.status, Status::Reopened { .. }))
    }

    /// Returns whether a milestone is open, for a recurring one in the period that contains the day.
    pub fn is_open(self, milestone: &'a Milestone) -> bool {
        let calendar = self.program.calendar;
        let period = milestone.every.and_then(|every| calendar.containing(self.day, every));
        self.held(milestone, period.as_ref()).is_none()
    }

    /// Returns the number of the event by which a milestone that does not recur is settled: its record, or the answers to
    /// the questionnaire that it needs; none while it is open, and if something else settles it.
    pub fn settling_event(self, milestone: &str) -> Option<i64> {
        if let Some(record) = self.partner.milestone(milestone, None) {
            return Some(record.event);
        }
        match self.program.milestone(milestone)?.1.needs.as_ref()? {
            Need::Questionnaire(key) => self.partner.assessment(key).map(|one| one.event),
            _ => None,
        }
    }
}

impl AssessmentFact {
    /// Returns since when it is passed, if it is.
    fn passed(self) -> Option<Day> {
        (self.verdicts.decided() == Some(Verdict::Pass)).then_some(self.day)
    }
}

impl Held<'_> {
    /// Returns the day since when it is settled.
    pub fn day(self) -> Day {
        match self {
            Held::Recorded(MilestoneFact { day, .. }) | Held::Met(MetNeed { day, .. }) => day,
        }
    }
}
