//! The rows that follow from what is known of a partner, table by table.

use std::collections::BTreeMap;

use rusqlite::types::Value;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::criteria::Assessment;
use crate::lifecycle::milestone::{MilestoneRecord, Status};
use crate::lifecycle::partner::Partner;
use crate::lifecycle::program::BUILT_IN_ATTRIBUTES;
use crate::lifecycle::revenue::Sale;
use crate::lifecycle::stage::LeftAs;
use crate::lifecycle::stage::Standing;
use crate::store::error::Result;
use crate::store::log::packed::pack_projected;
use crate::store::projection::rows_backing::backing_rows;
use crate::store::projection::rows_growth::growth_rows;

pub(in crate::store) type Rows = Vec<Vec<Value>>;

/// A table with numbered rows for each partner: its name and its columns behind `partner` and `seq`.
pub(in crate::store) struct Table {
    pub name: &'static str,
    pub columns: &'static [&'static str],
}

/// The projected tables, children before the tables that they refer to.
pub(in crate::store) const PROJECTED: [&str; 20] = [
    "profile",
    "stay",
    "milestone",
    "assessment",
    "sales",
    "plan",
    "review",
    "task",
    "care",
    "term",
    "certificate",
    "delivery",
    "movement",
    "telling",
    "question",
    "reference",
    "merged",
    "removed",
    "partner",
    "stage",
];

const PROFILE: Table =
    Table { name: "profile", columns: &["since", "name", "type", "tier", "region", "owner", "fields"] };
const STAY: Table = Table { name: "stay", columns: &["standing", "stage", "entered", "entry_known"] };
const MILESTONE: Table = Table { name: "milestone", columns: &["key", "period", "life", "status", "day"] };
pub(in crate::store) const REFERENCE: Table = Table { name: "reference", columns: &["name"] };
const ASSESSMENT: Table = Table {
    name: "assessment",
    columns: &["questionnaire", "life", "day", "low", "high", "worst", "best", "overridden", "answers"],
};

pub(in crate::store) const SALES: Table =
    Table { name: "sales", columns: &["first_day", "last_day", "lines"] };

/// How many sales a row holds at most: few enough that it stays within a page of the file.
const SALES_IN_ROW: usize = 16;

/// The rows of a partner in each table; `stage` gives the number of a stage.
pub(in crate::store) fn rows_of(
    partner: &Partner,
    stage: &mut dyn FnMut(&str) -> Result<i64>,
) -> Result<Vec<(&'static Table, Rows)>> {
    let mut stays = Vec::with_capacity(partner.stays.len());
    for stay in &partner.stays {
        let stage = stay.standing.last_stage().map(&mut *stage).transpose()?;
        stays.push(vec![
            Value::Integer(standing_code(&stay.standing)),
            stage.map_or(Value::Null, Value::Integer),
            Value::Integer(stay.entered.number()),
            Value::Integer(i64::from(stay.entry_known)),
        ]);
    }
    let mut rows = vec![
        (&REFERENCE, reference_rows(partner)),
        (&PROFILE, profile_rows(partner)),
        (&STAY, stays),
        (&MILESTONE, milestone_rows(partner)),
        (&ASSESSMENT, assessment_rows(partner)),
        (&SALES, sale_rows(partner)),
    ];
    rows.extend(growth_rows(partner));
    rows.extend(backing_rows(partner));
    Ok(rows)
}

fn profile_rows(partner: &Partner) -> Rows {
    let row = |since: Day, attributes: &BTreeMap<String, String>| {
        let mut row = vec![Value::Integer(since.number())];
        row.extend(BUILT_IN_ATTRIBUTES.iter().map(|key| optional(attributes.get(*key))));
        let own: BTreeMap<&String, &String> =
            attributes.iter().filter(|(key, _)| !BUILT_IN_ATTRIBUTES.contains(&key.as_str())).collect();
        row.push(Value::Text(serde_json::to_string(&own).unwrap_or_default()));
        row
    };
    partner.versions.iter().map(|version| row(version.since, &version.attributes)).collect()
}

pub(in crate::store) fn reference_rows(partner: &Partner) -> Rows {
    partner.references.iter().map(|name| vec![Value::Text(name.clone())]).collect()
}

fn milestone_rows(partner: &Partner) -> Rows {
    let row = |record: &MilestoneRecord| {
        let status = match record.status {
            Status::Done { .. } => "done",
            Status::Skipped { .. } => "skipped",
            Status::Reopened { .. } => "reopened",
        };
        vec![
            Value::Text(record.milestone.clone()),
            optional(record.period.as_ref()),
            Value::Integer(i64::from(record.life)),
            Value::Text(status.to_owned()),
            Value::Integer(record.day.number()),
        ]
    };
    partner.milestones.iter().map(row).collect()
}

fn assessment_rows(partner: &Partner) -> Rows {
    let row = |one: &Assessment| {
        let outcome = &one.assessed.outcome;
        let score = |at: usize| outcome.score.map_or(Value::Null, |score| Value::Real(score[at]));
        let overridden = one.overridden.as_ref();
        vec![
            Value::Text(one.assessed.questionnaire.clone()),
            Value::Integer(i64::from(one.life)),
            Value::Integer(one.day.number()),
            score(0),
            score(1),
            Value::Text(outcome.worst.word().to_owned()),
            Value::Text(outcome.best.word().to_owned()),
            overridden.map_or(Value::Null, |overridden| Value::Integer(overridden.day.number())),
            Value::Text(serde_json::to_string(&one.assessed.answers).unwrap_or_default()),
        ]
    };
    partner.assessments.iter().map(row).collect()
}

pub(in crate::store) fn sale_rows(partner: &Partner) -> Rows {
    let row = |sales: &[Sale]| {
        let day = |sale: Option<&Sale>| sale.map_or(Value::Null, |sale| Value::Integer(sale.day.number()));
        vec![day(sales.first()), day(sales.last()), Value::Text(pack_projected(sales))]
    };
    partner.sales.chunks(SALES_IN_ROW).map(row).collect()
}

pub(in crate::store) fn optional(text: Option<&String>) -> Value {
    text.map_or(Value::Null, |text| Value::Text(text.clone()))
}

pub(in crate::store) fn number(day: Day) -> Value {
    Value::Integer(day.number())
}

pub(in crate::store) fn perhaps(day: Option<Day>) -> Value {
    day.map_or(Value::Null, number)
}

fn standing_code(standing: &Standing) -> i64 {
    match standing {
        Standing::In { .. } => 0,
        Standing::Parked { .. } => 1,
        Standing::Left { label: LeftAs::Declined, .. } => 2,
        Standing::Left { label: LeftAs::Withdrew, .. } => 3,
        Standing::Left { label: LeftAs::Terminated, .. } => 4,
    }
}
