//! Joint business plans, reviews and actions.

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::{Hint, Step};
use crate::lifecycle::base::period::Period;
use crate::lifecycle::base::text::listed;
use crate::lifecycle::plans::{
    Agreed, Finished, NoReviewQuestionnaire, PlanAlready, PlanMisfit, PlanRefusal, PlanState, Planned,
    Reviewed, Sent, Tasked,
};
use crate::lifecycle::program::Program;
use crate::text::events::{Described, ReceiptContext, with};

impl Sentence for PlanRefusal {
    fn sentence(&self) -> String {
        match self {
            PlanRefusal::NegativeTarget { .. } => "a target cannot be negative".to_owned(),
            PlanRefusal::NotSent { partner, year, .. } => {
                format!("the {year} plan of {partner} is still a draft")
            }
            PlanRefusal::NoPlan { partner, year, .. } => format!("{partner} has no {year} plan"),
            PlanRefusal::NoImprovementPlan { partner, .. } => {
                format!("{partner} is not on the watch list, so it has no improvement plan")
            }
            PlanRefusal::QuarterToCome { quarter, on } => {
                format!("{quarter} begins on {}, after {on}", quarter.first)
            }
            PlanRefusal::QuarterBefore { partner, quarter, since, .. } => {
                format!("{quarter} was over before {partner} joined, on {since}")
            }
            PlanRefusal::NoAction { partner, action, .. } => format!("{partner} has no action {action}"),
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            PlanRefusal::NegativeTarget { .. } => {
                vec!["use 0 for a quarter without a target".into()]
            }
            PlanRefusal::NotSent { key, year, .. } => {
                let send = Step::SendPlan { partner: key.clone(), year: year.clone() };
                vec![Hint::step(send, "records that you sent it to the partner")]
            }
            PlanRefusal::NoPlan { key, year, .. } => {
                let set = Step::SetPlan { partner: key.clone(), year: year.clone() };
                vec![Hint::step(set, "drafts one")]
            }
            PlanRefusal::NoImprovementPlan { key, .. } => vec![
                Hint::step(Step::Watch { partner: key.clone() }, "puts it on the watch list"),
                "--period YEAR names the business plan that the action belongs to".into(),
            ],
            PlanRefusal::QuarterToCome { .. } => {
                vec!["review a quarter that has begun; --on DATE is the day of the review".into()]
            }
            PlanRefusal::QuarterBefore { key, first, .. } => {
                let review =
                    |first: &Period| Step::ReviewPlan { partner: key.clone(), quarter: first.to_string() };
                let hint = |first: &Period| Hint::step(review(first), "reviews its first quarter");
                first.iter().map(hint).collect()
            }
            PlanRefusal::NoAction { open, .. } if open.is_empty() => {
                vec!["it has no open actions".into()]
            }
            PlanRefusal::NoAction { open, .. } => {
                let open: Vec<String> =
                    open.iter().map(|(number, what)| format!("{number} ({what})")).collect();
                vec![format!("open actions: {}", open.join(", ")).into()]
            }
        }
    }
}

impl Sentence for PlanAlready {
    fn sentence(&self) -> String {
        match self {
            PlanAlready::Drafted { partner, year, sum } => {
                format!("The {year} plan of {partner} already has targets of {sum}")
            }
            PlanAlready::InState { partner, year, state } => {
                format!("The {year} plan of {partner} is already {}", state.words())
            }
            PlanAlready::Reviewed { partner, quarter, on } => {
                format!("The {quarter} business review of {partner} is already recorded, on {on}")
            }
            PlanAlready::Planned { what, due } => format!("`{what}` due {due} is already an open action"),
            PlanAlready::Completed { what, since } => format!("`{what}` was already completed on {since}"),
        }
    }
}

impl PlanState {
    /// Returns the state in words for people.
    pub(crate) fn words(self) -> &'static str {
        match self {
            PlanState::Editing => "draft",
            PlanState::Waiting => "awaiting partner approval",
            PlanState::Active => "active",
        }
    }
}

impl Sentence for NoReviewQuestionnaire {
    fn sentence(&self) -> String {
        format!("unknown questionnaire `{}`", self.key)
    }

    fn hints(&self) -> Vec<Hint> {
        let remedy = match &self.questionnaires[..] {
            [] => "add a [[questionnaire]] with this key".to_owned(),
            known => format!("use one of {}", listed(known)),
        };
        vec![remedy.into()]
    }
}

impl Sentence for PlanMisfit {
    fn sentence(&self) -> String {
        match self {
            PlanMisfit::NoPlan { year } => format!("belongs to a {year} plan that does not exist"),
            PlanMisfit::NotEdited { year } => format!("sends the {year} plan, which is not a draft"),
            PlanMisfit::NotWaiting { year } => {
                format!("approves the {year} plan, which does not await approval")
            }
            PlanMisfit::NoAction { action } => format!("completes action {action}, which does not exist"),
            PlanMisfit::DoneTwice { action } => format!("completes action {action} a second time"),
        }
    }
}

impl Described for Planned {
    fn described(&self, program: &Program) -> String {
        let sum: i128 = self.targets_minor.iter().map(|target| i128::from(*target)).sum();
        format!("{} plan drafted: {}", self.period, program.currency.amount(sum))
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        let sum: i128 = self.targets_minor.iter().map(|target| i128::from(*target)).sum();
        let active = about.before.and_then(|partner| partner.plan(&self.period)?.active());
        let until = active.map_or_else(String::new, |active| {
            let agreed = active.agreed.unwrap_or(active.day);
            format!("; the plan agreed on {agreed} applies until {} approves this one", about.partner)
        });
        let sum = about.program.currency.amount(sum);
        format!("Drafted the {} plan of {}: {sum}{until}", self.period, about.partner)
    }
}

impl Described for Sent {
    fn described(&self, _: &Program) -> String {
        format!("{} plan sent to the partner", self.period)
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        format!("Recorded the {} plan as sent to {} for approval", self.period, about.partner)
    }
}

impl Described for Agreed {
    fn described(&self, _: &Program) -> String {
        let by = self.by.as_ref().map_or_else(String::new, |by| format!(" by {by}"));
        format!("{} plan approved{by}", self.period)
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        format!("{} approved the {} plan, which is now active", about.partner, self.period)
    }
}

impl Described for Reviewed {
    fn described(&self, _: &Program) -> String {
        with(format!("{} business reviewed", self.period), self.text.as_deref())
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        format!("Recorded the {} business review of {}", self.period, about.partner)
    }
}

impl Described for Tasked {
    fn described(&self, _: &Program) -> String {
        let owner = self.owner.as_ref().map_or_else(String::new, |owner| format!(", owner {owner}"));
        format!("action due {}: {}{owner}", self.due, self.what)
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        let plan =
            self.plan.as_ref().map_or_else(|| "improvement plan".to_owned(), |year| format!("{year} plan"));
        let owner = self.owner.as_ref().map_or_else(String::new, |owner| format!(", owner {owner}"));
        let (partner, number) = (about.partner, about.number);
        format!("Added action {number} to the {plan} of {partner}: `{}` due {}{owner}", self.what, self.due)
    }
}

impl Described for Finished {
    fn described(&self, _: &Program) -> String {
        with(format!("action {} done", self.task), self.outcome.as_deref())
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        let tasks = about.before.map(|partner| &partner.tasks);
        let task = tasks.and_then(|all| all.iter().find(|one| one.event == self.task));
        let what = task.map_or_else(String::new, |task| format!(": `{}`", task.what));
        format!("Completed action {} of {}{what}", self.task, about.partner)
    }
}
