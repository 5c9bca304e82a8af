//! The records that follow from the events of a partner: a table for each, with what its columns hold, and how a row
//! is read back.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rusqlite::Row;
use rusqlite::types::Value;

use crate::lifecycle::announcements::Notification;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::DayRange;
use crate::lifecycle::criteria::Assessment;
use crate::lifecycle::enablement::{Certificate, Delivery};
use crate::lifecycle::event::Event;
use crate::lifecycle::funds::Movement;
use crate::lifecycle::milestone::{MilestoneRecord, MovedDue, Status};
use crate::lifecycle::partner::{Partner, Version};
use crate::lifecycle::performance::{WatchRecord, WatchStep};
use crate::lifecycle::plans::{BusinessReview, PlanVersion, Task};
use crate::lifecycle::program::BUILT_IN_ATTRIBUTES;
use crate::lifecycle::questions::{PartnerQuestion, QuestionAnswer};
use crate::lifecycle::revenue::Sale;
use crate::lifecycle::stage::{LeftAs, Standing};
use crate::lifecycle::terms::Agreement;
use crate::lifecycle::tiers::TierReviewed;
use crate::store::error::{Coded, Content, Damage, Result, damaged, unreadable};
use crate::store::log::packed::pack_projected;
use crate::store::schema::table::{ProjectedTable, ReadBack, Record, RecordColumn, StageNumbers, past};

/// The tables of records, in the order in which they are written.
pub(in crate::store) const RECORDS: &[ProjectedTable] = &[
    REFERENCES,
    ProjectedTable::of::<OptedOut>(),
    ProjectedTable::of::<Version>(),
    ProjectedTable::of::<StoredStay>(),
    ProjectedTable::of::<MilestoneRecord>(),
    ProjectedTable::of::<MovedDue>(),
    ProjectedTable::of::<Assessment>(),
    SALES,
    ProjectedTable::of::<PlannedYear>(),
    ProjectedTable::of::<BusinessReview>(),
    ProjectedTable::of::<Task>(),
    ProjectedTable::of::<WatchRecord>(),
    ProjectedTable::of::<TierReviewed>(),
    ProjectedTable::of::<Agreement>(),
    ProjectedTable::of::<Certificate>(),
    ProjectedTable::of::<Delivery>(),
    ProjectedTable::of::<Movement>(),
    ProjectedTable::of::<Notification>(),
    ProjectedTable::of::<PartnerQuestion>(),
];

/// Names of partners in other systems; no two partners have the same.
pub(in crate::store) const REFERENCES: ProjectedTable = ProjectedTable::of::<PartnerReference>();

/// Sales, many in a row.
pub(in crate::store) const SALES: ProjectedTable = ProjectedTable::of::<SalesRow>();

/// Returns all projected tables, children before the tables that they refer to.
pub(in crate::store) fn projected_tables() -> impl DoubleEndedIterator<Item = &'static str> {
    let others = ["merged", "removed", "partner", "stage"];
    RECORDS.iter().map(|table| table.name).chain(others)
}

/// A name in another system.
#[derive(Clone)]
pub(in crate::store) struct PartnerReference(String);

impl Record for PartnerReference {
    const TABLE: &'static str = "reference";
    const COLUMNS: &'static [RecordColumn<Self>] = &[("name", |one| one.0.clone().into())];

    fn of<'p>(partner: &'p Partner, _: &StageNumbers) -> Cow<'p, [Self]> {
        partner.references.iter().cloned().map(PartnerReference).collect()
    }
}

/// Somebody who must not be mailed.
#[derive(Clone)]
struct OptedOut(String);

impl Record for OptedOut {
    const TABLE: &'static str = "opt_out";
    const COLUMNS: &'static [RecordColumn<Self>] = &[("person", |one| one.0.clone().into())];

    fn of<'p>(partner: &'p Partner, _: &StageNumbers) -> Cow<'p, [Self]> {
        partner.opted_out.iter().cloned().map(OptedOut).collect()
    }
}

impl Record for Version {
    const TABLE: &'static str = "profile";
    const COLUMNS: &'static [RecordColumn<Self>] = &[
        ("since", |one| one.since.into()),
        ("name", |one| one.attributes.get("name").cloned().into()),
        ("type", |one| one.attributes.get("type").cloned().into()),
        ("tier", |one| one.attributes.get("tier").cloned().into()),
        ("region", |one| one.attributes.get("region").cloned().into()),
        ("owner", |one| one.attributes.get("owner").cloned().into()),
        ("fields", |one| {
            let own = |key: &str| !BUILT_IN_ATTRIBUTES.contains(&key);
            let own: BTreeMap<_, _> = one.attributes.iter().filter(|(key, _)| own(key)).collect();
            serde_json::to_string(&own).unwrap_or_default().into()
        }),
    ];

    fn of<'p>(partner: &'p Partner, _: &StageNumbers) -> Cow<'p, [Self]> {
        Cow::Borrowed(&partner.versions)
    }
}

/// A stay as the file holds it, with the number of its stage.
#[derive(Clone)]
struct StoredStay {
    standing: i64,
    stage: Option<i64>,
    entered: Day,
    entry_known: bool,
    why: Option<String>,
}

impl Record for StoredStay {
    const TABLE: &'static str = "stay";
    const COLUMNS: &'static [RecordColumn<Self>] = &[
        ("standing", |one| one.standing.into()),
        ("stage", |one| one.stage.into()),
        ("entered", |one| one.entered.into()),
        ("entry_known", |one| one.entry_known.into()),
        ("why", |one| one.why.clone().into()),
    ];

    fn of<'p>(partner: &'p Partner, stages: &StageNumbers) -> Cow<'p, [Self]> {
        let stays = partner.stays.iter().map(|stay| StoredStay {
            standing: standing_code(&stay.standing),
            stage: stay.standing.last_stage().and_then(|key| stages.get(key).copied()),
            entered: stay.entered,
            entry_known: stay.entry_known,
            why: stay.cause.clone(),
        });
        stays.collect()
    }
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

impl Record for MilestoneRecord {
    const TABLE: &'static str = "milestone";
    const COLUMNS: &'static [RecordColumn<Self>] = &[
        ("key", |one| one.milestone.clone().into()),
        ("first_day", |one| one.period.as_ref().map(|period| period.days.first).into()),
        ("last_day", |one| one.period.as_ref().map(|period| period.days.last).into()),
        ("life", |one| one.life.into()),
        ("status", |one| {
            let status = match one.status {
                Status::Done { .. } => "done",
                Status::Skipped { .. } => "skipped",
                Status::Reopened { .. } => "reopened",
            };
            status.to_owned().into()
        }),
        ("day", |one| one.day.into()),
    ];

    fn of<'p>(partner: &'p Partner, _: &StageNumbers) -> Cow<'p, [Self]> {
        Cow::Borrowed(&partner.milestones)
    }
}

impl Record for Assessment {
    const TABLE: &'static str = "assessment";
    const COLUMNS: &'static [RecordColumn<Self>] = &[
        ("questionnaire", |one| one.assessed.questionnaire.clone().into()),
        ("life", |one| one.life.into()),
        ("day", |one| one.day.into()),
        ("low", |one| one.assessed.outcome.score.map(|[low, _]| low).into()),
        ("high", |one| one.assessed.outcome.score.map(|[_, high]| high).into()),
        ("worst", |one| one.assessed.outcome.worst.word().to_owned().into()),
        ("best", |one| one.assessed.outcome.best.word().to_owned().into()),
        ("overridden", |one| one.overridden.as_ref().map(|overridden| overridden.day).into()),
        ("answers", |one| serde_json::to_string(&one.assessed.answers).unwrap_or_default().into()),
    ];

    fn of<'p>(partner: &'p Partner, _: &StageNumbers) -> Cow<'p, [Self]> {
        Cow::Borrowed(&partner.assessments)
    }
}

/// How many sales a row holds at most: few enough that it stays within a page of the file.
const SALES_IN_ROW: usize = 16;

/// Some sales that follow each other, as the file holds them.
#[derive(Clone)]
struct SalesRow {
    first: Option<Day>,
    last: Option<Day>,
    lines: String,
}

impl Record for SalesRow {
    const TABLE: &'static str = "sales";
    const COLUMNS: &'static [RecordColumn<Self>] = &[
        ("first_day", |one| one.first.into()),
        ("last_day", |one| one.last.into()),
        ("lines", |one| one.lines.clone().into()),
    ];

    fn of<'p>(partner: &'p Partner, _: &StageNumbers) -> Cow<'p, [Self]> {
        let day = |sale: Option<&Sale>| sale.map(|sale| sale.day);
        let row = |sales: &[Sale]| SalesRow {
            first: day(sales.first()),
            last: day(sales.last()),
            lines: pack_projected(sales),
        };
        partner.sales.chunks(SALES_IN_ROW).map(row).collect()
    }
}

/// A version of the plan of a fiscal year.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct PlannedYear {
    pub year: DayRange,
    pub version: PlanVersion,
}

impl Record for PlannedYear {
    const TABLE: &'static str = "plan";
    const COLUMNS: &'static [RecordColumn<Self>] = &[
        ("first_day", |one| one.year.first.into()),
        ("last_day", |one| one.year.last.into()),
        ("day", |one| one.version.day.into()),
        ("from_day", |one| one.version.from.into()),
        ("until_day", |one| one.version.until.into()),
        ("goals", |one| {
            let goals = &one.version.goals;
            (!goals.is_empty()).then(|| serde_json::to_string(goals).unwrap_or_default()).into()
        }),
        ("q1_minor", |one| one.version.targets_minor[0].into()),
        ("q2_minor", |one| one.version.targets_minor[1].into()),
        ("q3_minor", |one| one.version.targets_minor[2].into()),
        ("q4_minor", |one| one.version.targets_minor[3].into()),
        ("sent", |one| one.version.sent.into()),
        ("agreed", |one| one.version.agreed.into()),
        ("agreed_by", |one| one.version.agreed_by.clone().into()),
    ];

    fn of<'p>(partner: &'p Partner, _: &StageNumbers) -> Cow<'p, [Self]> {
        let mut all = Vec::new();
        for plan in &partner.plans {
            all.extend(
                plan.versions.iter().map(|version| PlannedYear { year: plan.days, version: version.clone() }),
            );
        }
        Cow::Owned(all)
    }
}

impl ReadBack for PlannedYear {
    fn read(row: &Row, as_of: Day) -> Result<PlannedYear> {
        let agreed = past(row, "agreed", as_of)?;
        Ok(PlannedYear {
            year: DayRange { first: row.get("first_day")?, last: row.get("last_day")? },
            version: PlanVersion {
                event: None,
                day: row.get("day")?,
                from: row.get("from_day")?,
                until: row.get("until_day")?,
                goals: match row.get::<_, Option<String>>("goals")? {
                    Some(goals) => serde_json::from_str(&goals)
                        .map_err(|error| unreadable(Content::PlanGoals, &error))?,
                    None => Vec::new(),
                },
                targets_minor: [
                    row.get("q1_minor")?,
                    row.get("q2_minor")?,
                    row.get("q3_minor")?,
                    row.get("q4_minor")?,
                ],
                sent: past(row, "sent", as_of)?,
                agreed,
                agreed_by: row.get::<_, Option<String>>("agreed_by")?.filter(|_| agreed.is_some()),
            },
        })
    }
}

impl Record for BusinessReview {
    const TABLE: &'static str = "review";
    const COLUMNS: &'static [RecordColumn<Self>] = &[
        ("first_day", |one| one.days.first.into()),
        ("last_day", |one| one.days.last.into()),
        ("life", |one| one.life.into()),
        ("day", |one| one.day.into()),
        ("text", |one| one.text.clone().into()),
    ];

    fn of<'p>(partner: &'p Partner, _: &StageNumbers) -> Cow<'p, [Self]> {
        Cow::Borrowed(&partner.reviews)
    }
}

impl Record for WatchRecord {
    const TABLE: &'static str = "care";
    const COLUMNS: &'static [RecordColumn<Self>] = &[
        ("life", |one| one.life.into()),
        ("day", |one| one.day.into()),
        ("step", |one| one.step.word().to_owned().into()),
        ("until", |one| match one.step {
            WatchStep::Improving { until } => until.into(),
            _ => Value::Null,
        }),
        ("reason", |one| one.reason.clone().into()),
    ];

    fn of<'p>(partner: &'p Partner, _: &StageNumbers) -> Cow<'p, [Self]> {
        Cow::Borrowed(&partner.watch_records)
    }
}

impl ReadBack for WatchRecord {
    fn read(row: &Row, _: Day) -> Result<WatchRecord> {
        let word: String = row.get("step")?;
        let step = WatchStep::from_word(&word, row.get("until")?);
        let damaged = || damaged(Damage::UnknownCode { of: Coded::WatchStep, code: word.clone() });
        Ok(WatchRecord {
            day: row.get("day")?,
            step: step.ok_or_else(damaged)?,
            reason: row.get("reason")?,
            life: row.get("life")?,
        })
    }
}

impl Record for TierReviewed {
    const TABLE: &'static str = "tier_review";
    const COLUMNS: &'static [RecordColumn<Self>] = &[
        ("event", |one| one.event.into()),
        ("day", |one| one.day.into()),
        ("tier", |one| one.tier.clone().into()),
    ];

    fn of<'p>(partner: &'p Partner, _: &StageNumbers) -> Cow<'p, [Self]> {
        Cow::Borrowed(&partner.tier_reviews)
    }
}

impl ReadBack for TierReviewed {
    fn read(row: &Row, _: Day) -> Result<TierReviewed> {
        Ok(TierReviewed { event: row.get("event")?, day: row.get("day")?, tier: row.get("tier")? })
    }
}

impl Record for Agreement {
    const TABLE: &'static str = "term";
    const COLUMNS: &'static [RecordColumn<Self>] = &[
        ("event", |one| one.event.into()),
        ("day", |one| one.day.into()),
        ("term", |one| one.term.clone().into()),
        ("value", |one| one.value.clone().into()),
        ("since", |one| one.from.into()),
        ("until", |one| one.until.into()),
        ("agreed_by", |one| one.by.clone().into()),
        ("life", |one| one.life.into()),
    ];

    fn of<'p>(partner: &'p Partner, _: &StageNumbers) -> Cow<'p, [Self]> {
        Cow::Borrowed(&partner.terms)
    }
}

impl ReadBack for Agreement {
    fn read(row: &Row, _: Day) -> Result<Agreement> {
        Ok(Agreement {
            event: row.get("event")?,
            day: row.get("day")?,
            term: row.get("term")?,
            value: row.get("value")?,
            from: row.get("since")?,
            until: row.get("until")?,
            by: row.get("agreed_by")?,
            life: row.get("life")?,
        })
    }
}

impl Record for Certificate {
    const TABLE: &'static str = "certificate";
    const COLUMNS: &'static [RecordColumn<Self>] = &[
        ("event", |one| one.event.into()),
        ("day", |one| one.day.into()),
        ("person", |one| one.person.clone().into()),
        ("course", |one| one.course.clone().into()),
        ("until", |one| one.until.into()),
        ("gone", |one| one.gone.into()),
        ("since", |one| one.since.into()),
        ("earned", |one| one.earned.into()),
        ("evidence", |one| one.evidence.clone().into()),
    ];

    fn of<'p>(partner: &'p Partner, _: &StageNumbers) -> Cow<'p, [Self]> {
        Cow::Borrowed(&partner.certificates)
    }
}

impl ReadBack for Certificate {
    fn read(row: &Row, as_of: Day) -> Result<Certificate> {
        Ok(Certificate {
            event: row.get("event")?,
            day: row.get("day")?,
            person: row.get("person")?,
            course: row.get("course")?,
            until: row.get("until")?,
            gone: past(row, "gone", as_of)?,
            since: row.get("since")?,
            earned: row.get("earned")?,
            evidence: row.get("evidence")?,
        })
    }
}

impl Record for Delivery {
    const TABLE: &'static str = "delivery";
    const COLUMNS: &'static [RecordColumn<Self>] = &[
        ("event", |one| one.event.into()),
        ("day", |one| one.day.into()),
        ("material", |one| one.material.clone().into()),
        ("version", |one| one.version.clone().into()),
    ];

    fn of<'p>(partner: &'p Partner, _: &StageNumbers) -> Cow<'p, [Self]> {
        Cow::Borrowed(&partner.deliveries)
    }
}

impl ReadBack for Delivery {
    fn read(row: &Row, _: Day) -> Result<Delivery> {
        Ok(Delivery {
            event: row.get("event")?,
            day: row.get("day")?,
            material: row.get("material")?,
            version: row.get("version")?,
        })
    }
}

impl Record for Movement {
    const TABLE: &'static str = "movement";
    const COLUMNS: &'static [RecordColumn<Self>] = &[
        ("event", |one| one.event.into()),
        ("day", |one| one.day.into()),
        ("kind", |one| one.what.kind().to_owned().into()),
        ("amount_minor", |one| one.amount_minor.into()),
        ("body", |one| one.what.body().into()),
    ];

    fn of<'p>(partner: &'p Partner, _: &StageNumbers) -> Cow<'p, [Self]> {
        Cow::Borrowed(&partner.movements)
    }
}

impl ReadBack for Movement {
    fn read(row: &Row, _: Day) -> Result<Movement> {
        let (kind, body): (String, String) = (row.get("kind")?, row.get("body")?);
        let what = Event::decode(&kind, &body)?;
        Ok(Movement {
            event: row.get("event")?,
            day: row.get("day")?,
            amount_minor: row.get("amount_minor")?,
            what,
        })
    }
}

impl Record for Notification {
    const TABLE: &'static str = "telling";
    const COLUMNS: &'static [RecordColumn<Self>] = &[
        ("event", |one| one.event.into()),
        ("day", |one| one.day.into()),
        ("announcement", |one| one.announcement.clone().into()),
        ("subject", |one| one.subject.clone().into()),
        ("contacts", |one| serde_json::to_string(&one.to).unwrap_or_default().into()),
        ("launch", |one| one.launch.into()),
        ("notice_days", |one| one.notice_days.into()),
        ("told_by", |one| one.told_by.clone().into()),
        ("unsent", |one| one.unsent.into()),
        ("answered", |one| one.answered.into()),
    ];

    fn of<'p>(partner: &'p Partner, _: &StageNumbers) -> Cow<'p, [Self]> {
        Cow::Borrowed(&partner.notifications)
    }
}

impl ReadBack for Notification {
    fn read(row: &Row, as_of: Day) -> Result<Notification> {
        let contacts: String = row.get("contacts")?;
        let to = serde_json::from_str(&contacts).map_err(|error| unreadable(Content::Contacts, &error))?;
        Ok(Notification {
            event: row.get("event")?,
            day: row.get("day")?,
            announcement: row.get("announcement")?,
            subject: row.get("subject")?,
            to,
            launch: row.get("launch")?,
            notice_days: row.get("notice_days")?,
            told_by: row.get("told_by")?,
            unsent: row.get("unsent")?,
            answered: past(row, "answered", as_of)?,
        })
    }
}

impl Record for PartnerQuestion {
    const TABLE: &'static str = "question";
    const COLUMNS: &'static [RecordColumn<Self>] = &[
        ("event", |one| one.event.into()),
        ("day", |one| one.day.into()),
        ("text", |one| one.text.clone().into()),
        ("asked_by", |one| one.by.clone().into()),
        ("owner", |one| one.owner.clone().into()),
        ("reply", |one| one.reply.as_ref().map(|reply| reply.text.clone()).into()),
        ("reply_event", |one| one.reply.as_ref().map(|reply| reply.event).into()),
        ("replied", |one| one.reply.as_ref().map(|reply| reply.day).into()),
    ];

    fn of<'p>(partner: &'p Partner, _: &StageNumbers) -> Cow<'p, [Self]> {
        Cow::Borrowed(&partner.questions)
    }
}

impl ReadBack for PartnerQuestion {
    fn read(row: &Row, as_of: Day) -> Result<PartnerQuestion> {
        let reply = match past(row, "replied", as_of)? {
            None => None,
            Some(day) => {
                Some(QuestionAnswer { event: row.get("reply_event")?, day, text: row.get("reply")? })
            }
        };
        Ok(PartnerQuestion {
            event: row.get("event")?,
            day: row.get("day")?,
            text: row.get("text")?,
            by: row.get("asked_by")?,
            owner: row.get("owner")?,
            reply,
        })
    }
}
