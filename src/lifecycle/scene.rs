//! The scene that rules judge: a program, a partner and a day, and which milestones are settled there.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::Period;
use crate::lifecycle::enablement::covered_since;
use crate::lifecycle::partner::{Assessment, Held, Partner};
use crate::lifecycle::program::{Milestone, Need, Program};

/// What a rule judges by: the program in force, and the partner as it stood at the end of `day`.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    pub program: &'a Program,
    pub partner: &'a Partner,
    pub day: Day,
}

impl<'a> Scene<'a> {
    /// What settles a milestone, for a recurring one in `period`: what was recorded of it, or what it needs.
    pub fn held(self, milestone: &Milestone, period: Option<&Period>) -> Option<Held<'a>> {
        let partner = self.partner;
        let label = period.map(ToString::to_string);
        if let Some(record) = partner.milestone(&milestone.key, label.as_deref()) {
            return Some(Held::Recorded(record));
        }
        match &milestone.needs {
            Some(need) => self.met(need, period),
            None => partner.settled(milestone.settled_by?, period?).map(Held::Settled),
        }
    }

    /// What a milestone needs, where it is there; for a recurring one by the end of `period`.
    fn met(self, need: &Need, period: Option<&Period>) -> Option<Held<'a>> {
        let partner = self.partner;
        let day = period.map_or(self.day, |period| period.last.min(self.day));
        match need {
            Need::Questionnaire(key) => {
                let within = |one: &&Assessment| {
                    one.life == partner.returns
                        && period.is_none_or(|period| (period.first..=period.last).contains(&one.day))
                };
                let mut newest = partner.assessments.iter().rev().filter(within);
                let found = newest.find(|one| one.assessed.questionnaire == *key);
                found.filter(|one| one.passed()).map(Held::Passed)
            }
            Need::Certified { course, people } => {
                covered_since(partner.certificates.iter(), course, *people, day).1.map(Held::Settled)
            }
            Need::Agreed(term) => partner.agreed(term, day).map(|one| Held::Settled(one.day)),
            Need::Delivered(key) => {
                let newest = self.program.material(key).map(|material| material.version.as_str());
                let delivery = partner.delivered(key).filter(|one| Some(one.version.as_str()) == newest);
                delivery.filter(|one| one.day <= day).map(|one| Held::Settled(one.day))
            }
        }
    }

    /// Gates of the current stage that are neither done nor skipped, in the program's order.
    pub fn missing_gates(self) -> Vec<&'a str> {
        let stage = self.partner.stage().and_then(|key| self.program.stage(key));
        let milestones = stage.into_iter().flat_map(|stage| &stage.milestones);
        let missing = milestones.filter(|one| one.gate && self.held(one, None).is_none());
        missing.map(|one| one.key.as_str()).collect()
    }

    /// Whether a milestone is open, for a recurring one in the period that contains the day.
    pub fn is_open(self, milestone: &Milestone) -> bool {
        let calendar = self.program.calendar;
        let period = milestone.every.and_then(|every| calendar.containing(self.day, every));
        self.held(milestone, period.as_ref()).is_none()
    }
}
