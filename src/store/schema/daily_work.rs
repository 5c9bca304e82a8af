//! The records of what is to be done by a day: actions of plans and follow-ups, and due days that were moved.

use std::borrow::Cow;

use rusqlite::Row;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::moved::DueMove;
use crate::lifecycle::milestone::MovedDue;
use crate::lifecycle::partner::Partner;
use crate::lifecycle::plans::{Task, TaskHand};
use crate::store::error::{Content, Result, unreadable};
use crate::store::schema::table::{ReadBack, Record, RecordColumn, StageNumbers, days, past};

impl Record for MovedDue {
    const TABLE: &'static str = "due_move";
    const COLUMNS: &'static [RecordColumn<Self>] = &[
        ("milestone", |one| one.milestone.clone().into()),
        ("stage", |one| one.stage.clone().into()),
        ("period_first", |one| one.days.map(|days| days.first).into()),
        ("period_last", |one| one.days.map(|days| days.last).into()),
        ("life", |one| one.life.into()),
        ("entered", |one| one.entered.into()),
        ("day", |one| one.moved.day.into()),
        ("due_from", |one| one.moved.from.into()),
        ("due_to", |one| one.moved.to.into()),
        ("reason", |one| one.moved.reason.clone().into()),
    ];

    fn of<'p>(partner: &'p Partner, _: &StageNumbers) -> Cow<'p, [Self]> {
        Cow::Borrowed(&partner.moved_dues)
    }
}

impl ReadBack for MovedDue {
    fn read(row: &Row, _: Day) -> Result<MovedDue> {
        Ok(MovedDue {
            milestone: row.get("milestone")?,
            stage: row.get("stage")?,
            days: days(row, "period_first", "period_last")?,
            life: row.get("life")?,
            entered: row.get("entered")?,
            moved: DueMove {
                day: row.get("day")?,
                from: row.get("due_from")?,
                to: row.get("due_to")?,
                reason: row.get("reason")?,
            },
        })
    }
}

impl Record for Task {
    const TABLE: &'static str = "task";
    const COLUMNS: &'static [RecordColumn<Self>] = &[
        ("event", |one| one.event.into()),
        ("life", |one| one.life.into()),
        ("day", |one| one.day.into()),
        ("what", |one| one.what.clone().into()),
        ("owner", |one| one.owner.clone().into()),
        ("due", |one| one.due.into()),
        ("plan_first", |one| one.plan.map(|year| year.first).into()),
        ("plan_last", |one| one.plan.map(|year| year.last).into()),
        ("done", |one| one.done.into()),
        ("outcome", |one| one.outcome.clone().into()),
        ("follow_up", |one| one.follow_up.into()),
        ("moves", |one| serde_json::to_string(&one.moves).unwrap_or_default().into()),
        ("dropped", |one| one.dropped.into()),
        ("hands", |one| serde_json::to_string(&one.hands).unwrap_or_default().into()),
    ];

    fn of<'p>(partner: &'p Partner, _: &StageNumbers) -> Cow<'p, [Self]> {
        Cow::Borrowed(&partner.tasks)
    }
}

impl ReadBack for Task {
    fn read(row: &Row, as_of: Day) -> Result<Task> {
        let moves: String = row.get("moves")?;
        let mut moves: Vec<DueMove> =
            serde_json::from_str(&moves).map_err(|error| unreadable(Content::DueMoves, &error))?;
        let later = moves.iter().find(|one| one.day > as_of).and_then(|one| one.from);
        moves.retain(|one| one.day <= as_of);
        let hands: String = row.get("hands")?;
        let mut hands: Vec<TaskHand> =
            serde_json::from_str(&hands).map_err(|error| unreadable(Content::TaskHands, &error))?;
        let given = hands.iter().find(|one| one.day > as_of).map(|one| one.from.clone());
        hands.retain(|one| one.day <= as_of);
        Ok(Task {
            event: row.get("event")?,
            day: row.get("day")?,
            what: row.get("what")?,
            owner: given.map_or_else(|| row.get("owner"), Ok)?,
            due: later.map_or_else(|| row.get("due"), Ok)?,
            plan: days(row, "plan_first", "plan_last")?,
            done: past(row, "done", as_of)?,
            outcome: row.get("outcome")?,
            life: row.get("life")?,
            follow_up: row.get("follow_up")?,
            moves,
            dropped: past(row, "dropped", as_of)?,
            hands,
        })
    }
}
