//! The fields that every partner has, whatever its program: one row each in [`KNOWN`].

use std::collections::BTreeSet;

use crate::lifecycle::announcements::Notification;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::criteria::{Side, UNDECIDED, Verdicts};
use crate::lifecycle::enablement::Certificate;
use crate::lifecycle::facts::Facts;
use crate::lifecycle::milestone::MilestoneFacts;
use crate::lifecycle::performance::{DecidedAs, Performance, WatchRecord};
use crate::lifecycle::program::{Program, WHY};
use crate::lifecycle::stage::LeftAs;
use crate::report::reading::channel::Channel;
use crate::report::reading::line::Line;
use crate::report::reading::needs::Needs;
use crate::report::value::Cell;
use crate::store::{AssessmentRow, StandingRow};

/// A field that every partner has.
#[derive(Debug)]
pub(crate) struct KnownField {
    /// The name that users type.
    pub word: &'static str,
    /// Its name as a column for machines, with the unit at its end.
    pub key: &'static str,
    /// Its heading for people.
    pub heading: &'static str,
    /// What must be read of the channel beside keys and attributes.
    pub needs: Needs,
    pub cell: fn(&Channel, &Line) -> Cell,
    pub values: TypedValues,
}

/// What a value of a condition is read as.
#[derive(Debug)]
pub(crate) enum TypedValues {
    Text,
    Stage,
    Day,
    Number,
    Score,
    Money,
    Flag,
    /// A number of days if it is compared, else yes or no.
    DaysOrFlag,
    /// A reason of the program.
    Reason,
    /// A milestone, or yes or no for any.
    Milestones,
    /// One of these words, which are called so in an error.
    Words(&'static str, fn(&Program) -> Vec<&str>),
}

/// The fields, in the order in which they are listed.
pub(super) static KNOWN: &[KnownField] = &[
    KnownField {
        word: "key",
        key: "key",
        heading: "Key",
        needs: Needs::NONE,
        values: TypedValues::Text,
        cell: |_, line| Cell::text(line.key()),
    },
    KnownField {
        word: "ref",
        key: "ref",
        heading: "References",
        needs: Needs::NONE,
        values: TypedValues::Text,
        cell: |_, line| line.attributes().map_or_else(Vec::new, |one| one.references.clone()).into(),
    },
    KnownField {
        word: "stage",
        key: "stage",
        heading: "Stage",
        needs: Needs::NONE,
        values: TypedValues::Stage,
        cell: |channel, line| Cell::text(channel.row_of(line)),
    },
    KnownField {
        word: "since",
        key: "since",
        heading: "Since",
        needs: Needs::NONE,
        values: TypedValues::Day,
        cell: |_, line| line.entered.filter(|_| line.entry_known).into(),
    },
    KnownField {
        word: "days",
        key: "days_in_stage",
        heading: "Days",
        needs: Needs::NONE,
        values: TypedValues::Number,
        cell: |channel, line| Cell::days(channel.days_here(line)),
    },
    KnownField {
        word: "overdue",
        key: "overdue_days",
        heading: "Overdue",
        needs: Needs::NONE,
        values: TypedValues::DaysOrFlag,
        cell: |channel, line| Cell::days(channel.facts(line).overdue_days()),
    },
    KnownField {
        word: "parked-from",
        key: "parked_from",
        heading: "Parked from",
        needs: Needs::NONE,
        values: TypedValues::Stage,
        cell: parked_from,
    },
    KnownField {
        word: "left-as",
        key: "left_as",
        heading: "Left as",
        needs: Needs::NONE,
        values: TypedValues::Words("left-as", |_| LeftAs::ALL.map(LeftAs::word).into()),
        cell: |_, line| line.left_as().map(LeftAs::word).into(),
    },
    KnownField {
        word: WHY,
        key: "why",
        heading: "Reason",
        needs: Needs::NONE,
        values: TypedValues::Reason,
        cell: |channel, line| channel.cause(line).into(),
    },
    KnownField {
        word: "joined",
        key: "joined",
        heading: "Joined",
        needs: Needs::NONE,
        values: TypedValues::Day,
        cell: |_, line| line.attributes().map(|one| one.since).into(),
    },
    KnownField {
        word: "missing",
        key: "missing_gates",
        heading: "Unmet gates",
        needs: Needs::MILESTONES,
        values: TypedValues::Milestones,
        cell: |channel, line| Cell::list(channel.facts(line).missing_gates()),
    },
    KnownField {
        word: "done",
        key: "done",
        heading: "Milestones done",
        needs: Needs::MILESTONES,
        values: TypedValues::Milestones,
        cell: |channel, line| Cell::list(channel.facts(line).milestones_held()),
    },
    KnownField {
        word: "revenue-12m",
        key: "revenue_12m",
        heading: "12-month revenue",
        needs: Needs::NONE,
        values: TypedValues::Money,
        cell: |channel, line| channel.money(channel.facts(line).revenue_12m()).into(),
    },
    KnownField {
        word: "productive",
        key: "productive",
        heading: "Productive",
        needs: Needs::NONE,
        values: TypedValues::Flag,
        cell: |channel, line| channel.facts(line).productive().into(),
    },
    KnownField {
        word: "verdict",
        key: "verdict",
        heading: "Verdict",
        needs: Needs::of::<AssessmentRow>(),
        values: TypedValues::Words("verdict", |_| vec!["recruit", "review", "decline", UNDECIDED]),
        cell: verdict,
    },
    KnownField {
        word: "vendor-score",
        key: "vendor_score",
        heading: "Our score",
        needs: Needs::of::<AssessmentRow>(),
        values: TypedValues::Score,
        cell: |channel, line| score(channel, line, Side::Vendor),
    },
    KnownField {
        word: "partner-score",
        key: "partner_score",
        heading: "Their score",
        needs: Needs::of::<AssessmentRow>(),
        values: TypedValues::Score,
        cell: |channel, line| score(channel, line, Side::Partner),
    },
    KnownField {
        word: "performance",
        key: "performance",
        heading: "Performance",
        needs: Needs::PERFORMANCE,
        values: TypedValues::Words("performance", |_| Performance::ALL.map(Performance::word).into()),
        cell: |channel, line| {
            channel.facts(line).performance().map(|judged| judged.performance.word()).into()
        },
    },
    KnownField {
        word: "care",
        key: "care",
        heading: "Follow-up",
        needs: Needs::of::<WatchRecord>(),
        values: TypedValues::Words("care", |_| {
            [&["watched", "improving"][..], &DecidedAs::ALL.map(DecidedAs::word)].concat()
        }),
        cell: |_, line| line.watch_status().word().into(),
    },
    KnownField {
        word: "certified",
        key: "certified",
        heading: "Certified",
        needs: Needs::of::<Certificate>(),
        values: TypedValues::Words("course", |program| {
            program.courses.iter().map(|one| one.key.as_str()).collect()
        }),
        cell: certified,
    },
    KnownField {
        word: "told",
        key: "told",
        heading: "Notified about",
        needs: Needs::of::<Notification>(),
        values: TypedValues::Text,
        cell: |_, line| told(line),
    },
];

fn parked_from(channel: &Channel, line: &Line) -> Cell {
    match line.place {
        Some(StandingRow::Parked(from)) => from.map(|at| channel.stages[at].clone()).into(),
        _ => Cell::Missing,
    }
}

/// Returns what the criteria of both sides say.
fn verdict(channel: &Channel, line: &Line) -> Cell {
    let stage = channel.program.criteria_stage();
    let verdicts = stage.and_then(|stage| channel.facts(line).verdict(&stage.key));
    verdicts.map(Verdicts::decision).into()
}

/// Returns what was known of a partner at the end of `day`; missing for what is only known of today.
pub(super) fn known_on(field: &KnownField, channel: &Channel, line: &Line, day: Day) -> Cell {
    let stage = channel.program.criteria_stage().map(|stage| stage.key.as_str());
    let score = |side| Cell::score(stage.and_then(|stage| line.score_on(channel.program, stage, side, day)));
    match field.word {
        "key" => Cell::text(line.key()),
        "verdict" => {
            let verdicts = stage.and_then(|stage| channel.facts(line).verdict_on(stage, day));
            verdicts.map(Verdicts::decision).into()
        }
        "vendor-score" => score(Side::Vendor),
        "partner-score" => score(Side::Partner),
        _ => Cell::Missing,
    }
}

/// Returns the score by the criteria of one side, if it is certain.
fn score(channel: &Channel, line: &Line, side: Side) -> Cell {
    let stage = channel.program.criteria_stage();
    Cell::score(stage.and_then(|stage| line.score(channel.program, &stage.key, side)))
}

/// Returns the courses for which people are certified.
fn certified(channel: &Channel, line: &Line) -> Cell {
    let counts = line.records().iter().filter(|one: &&Certificate| one.counts_on(channel.as_of));
    let courses: BTreeSet<&String> = counts.map(|one| &one.course).collect();
    Cell::list(courses)
}

/// Returns the announcements of which a partner was notified.
fn told(line: &Line) -> Cell {
    let told: BTreeSet<&String> = line.records().iter().map(|one: &Notification| &one.announcement).collect();
    Cell::list(told)
}
