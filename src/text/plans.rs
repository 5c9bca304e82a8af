//! Joint business plans, reviews and actions.

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::{Hint, Step};
use crate::lifecycle::plans::{Agreed, Finished, PlanMisfit, PlanRefusal, Planned, Reviewed, Sent, Tasked};
use crate::lifecycle::program::Program;
use crate::text::events::{Described, ReceiptContext, with};

impl Sentence for PlanRefusal {
    fn sentence(&self) -> String {
        match self {
            PlanRefusal::NegativeTarget { target } => format!("a target of {target} is below nothing"),
            PlanRefusal::NotSent { partner, year, .. } => {
                format!("{partner}: the plan of {year} is still being edited")
            }
            PlanRefusal::NoPlan { partner, year, .. } => format!("{partner} has no plan of {year}"),
            PlanRefusal::NoImprovementPlan { partner, .. } => {
                format!("{partner} is not on the watch list, so it has no improvement plan")
            }
            PlanRefusal::NoAction { partner, action, .. } => format!("{partner} has no action {action}"),
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            PlanRefusal::NegativeTarget { .. } => {
                vec!["targets are what is wanted; leave a quarter without one at 0".into()]
            }
            PlanRefusal::NotSent { key, year, .. } => {
                let send = Step::SendPlan { partner: key.clone(), year: year.clone() };
                vec![Hint::step(send, "says that we agree to it")]
            }
            PlanRefusal::NoPlan { key, year, .. } => {
                let set = Step::SetPlan { partner: key.clone(), year: year.clone() };
                vec![Hint::step(set, "draws one up")]
            }
            PlanRefusal::NoImprovementPlan { key, .. } => vec![
                Hint::step(Step::Watch { partner: key.clone() }, "puts it there"),
                "--period YEAR names the business plan that the action belongs to".into(),
            ],
            PlanRefusal::NoAction { open, .. } if open.is_empty() => {
                vec!["nothing is to be done by a day".into()]
            }
            PlanRefusal::NoAction { open, .. } => {
                let open: Vec<String> =
                    open.iter().map(|(number, what)| format!("{number} ({what})")).collect();
                vec![format!("open are {}", open.join(", ")).into()]
            }
        }
    }
}

impl Sentence for PlanMisfit {
    fn sentence(&self) -> String {
        match self {
            PlanMisfit::NoPlan { year } => format!("is of a plan of {year}, which is not there"),
            PlanMisfit::NotEdited { year } => format!("sends the plan of {year}, which is not being edited"),
            PlanMisfit::NotWaiting { year } => {
                format!("agrees to the plan of {year}, which does not wait for it")
            }
            PlanMisfit::NoAction { action } => format!("finishes task {action}, which is not there"),
            PlanMisfit::DoneTwice { action } => format!("finishes task {action} a second time"),
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
        format!("Sent the {} plan to {} for approval", self.period, about.partner)
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
