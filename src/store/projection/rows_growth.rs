//! The rows that follow from plans, reviews, tasks and care.

use rusqlite::types::Value;

use crate::lifecycle::partner::Partner;
use crate::lifecycle::performance::WatchStep;
use crate::lifecycle::plans::{BusinessPlan, PlanVersion};
use crate::store::projection::rows::{Rows, Table, number, optional, perhaps};

const PLAN: Table = Table {
    name: "plan",
    columns: &[
        "period",
        "starts",
        "life",
        "day",
        "q1_minor",
        "q2_minor",
        "q3_minor",
        "q4_minor",
        "sent",
        "agreed",
        "agreed_by",
    ],
};
const REVIEW: Table = Table { name: "review", columns: &["period", "life", "day", "text"] };
const TASK: Table =
    Table { name: "task", columns: &["event", "life", "day", "what", "owner", "due", "plan", "done"] };
const CARE: Table = Table { name: "care", columns: &["life", "day", "step", "until", "reason"] };

pub(in crate::store) fn growth_rows(partner: &Partner) -> [(&'static Table, Rows); 4] {
    [
        (&PLAN, plan_rows(partner)),
        (&REVIEW, review_rows(partner)),
        (&TASK, task_rows(partner)),
        (&CARE, care_rows(partner)),
    ]
}

fn plan_rows(partner: &Partner) -> Rows {
    let versions = partner.plans.iter().flat_map(|plan| plan.versions.iter().map(move |one| (plan, one)));
    let row = |(plan, version): (&BusinessPlan, &PlanVersion)| {
        let [q1, q2, q3, q4] = version.targets_minor.map(Value::Integer);
        vec![
            Value::Text(plan.period.clone()),
            number(plan.starts),
            Value::Integer(i64::from(plan.life)),
            number(version.day),
            q1,
            q2,
            q3,
            q4,
            perhaps(version.sent),
            perhaps(version.agreed),
            optional(version.agreed_by.as_ref()),
        ]
    };
    versions.map(row).collect()
}

fn review_rows(partner: &Partner) -> Rows {
    let reviews = partner.reviews.iter().map(|review| {
        vec![
            Value::Text(review.period.clone()),
            Value::Integer(i64::from(review.life)),
            number(review.day),
            optional(review.text.as_ref()),
        ]
    });
    reviews.collect()
}

fn task_rows(partner: &Partner) -> Rows {
    let tasks = partner.tasks.iter().map(|task| {
        vec![
            Value::Integer(task.event),
            Value::Integer(i64::from(task.life)),
            number(task.day),
            Value::Text(task.what.clone()),
            optional(task.owner.as_ref()),
            number(task.due),
            optional(task.plan.as_ref()),
            perhaps(task.done),
        ]
    });
    tasks.collect()
}

fn care_rows(partner: &Partner) -> Rows {
    let steps = partner.watch_records.iter().map(|one| {
        let until = match one.step {
            WatchStep::Improving { until } => Some(until),
            _ => None,
        };
        vec![
            Value::Integer(i64::from(one.life)),
            number(one.day),
            Value::Text(one.step.word().to_owned()),
            perhaps(until),
            optional(one.reason.as_ref()),
        ]
    });
    steps.collect()
}
