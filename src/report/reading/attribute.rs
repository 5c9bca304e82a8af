//! The fields of a partner, as columns of a list and in `--where`.

use std::collections::BTreeSet;

use rust_decimal::prelude::ToPrimitive;

use crate::lifecycle::announcements::Notification;
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::base::text::nearest;
use crate::lifecycle::criteria::{AnswerValue, Question, Questionnaire, Side, Verdicts};
use crate::lifecycle::enablement::Certificate;
use crate::lifecycle::facts::Facts;
use crate::lifecycle::performance::{WatchRecord, WatchStatus};
use crate::lifecycle::program::{BUILT_IN_ATTRIBUTES, FieldKind, Program};
use crate::lifecycle::stage::LeftAs;
use crate::lifecycle::terms::Agreement;
use crate::report::reading::channel::Channel;
use crate::report::reading::line::Line;
use crate::report::reading::needs::Needs;
use crate::report::value::Cell;
use crate::store::{AnswersRow, AssessmentRow, AttributesRow, StandingRow};

/// Something that is known of each partner.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Quality {
    Key,
    Reference,
    Stage,
    Since,
    Days,
    Overdue,
    ParkedFrom,
    LeftAs,
    Joined,
    Missing,
    Done,
    Revenue,
    Productive,
    /// What the criteria of both sides say.
    Verdict,
    /// The score by the criteria of one side, if it is certain.
    Score(Side),
    /// How it performs by the program's rule.
    Performance,
    /// What is done about it if it does not perform.
    Care,
    /// The courses for which people are certified.
    Certified,
    /// The announcements of which it was told.
    Told,
    Attribute(String),
    /// The newest answer to a question.
    Answer(String),
    /// What is agreed of a term.
    Term(String),
}

const KNOWN: &[(&str, &str, Quality)] = &[
    ("key", "Key", Quality::Key),
    ("ref", "References", Quality::Reference),
    ("stage", "Stage", Quality::Stage),
    ("since", "Since", Quality::Since),
    ("days", "Days", Quality::Days),
    ("overdue", "Overdue", Quality::Overdue),
    ("parked-from", "Parked from", Quality::ParkedFrom),
    ("left-as", "Left as", Quality::LeftAs),
    ("joined", "Joined", Quality::Joined),
    ("missing", "Missing gates", Quality::Missing),
    ("done", "Milestones done", Quality::Done),
    ("revenue-12m", "Revenue 12 months", Quality::Revenue),
    ("productive", "Productive", Quality::Productive),
    ("verdict", "Verdict", Quality::Verdict),
    ("vendor-score", "Our score", Quality::Score(Side::Vendor)),
    ("partner-score", "Their score", Quality::Score(Side::Partner)),
    ("performance", "Status", Quality::Performance),
    ("care", "Action taken", Quality::Care),
    ("certified", "Certified", Quality::Certified),
    ("told", "Notified about", Quality::Told),
];

impl Quality {
    /// Finds the field with this name.
    ///
    /// # Errors
    /// Fails with the nearest known name, or all of them.
    pub(crate) fn parse(word: &str, program: &Program) -> Result<Quality, String> {
        let wanted = word.trim().to_lowercase().replace('_', "-");
        if let Some((.., quality)) = KNOWN.iter().find(|(known, ..)| *known == wanted) {
            return Ok(quality.clone());
        }
        let own = program.fields().iter().map(|field| field.key.as_str());
        let attributes: Vec<&str> = BUILT_IN_ATTRIBUTES.into_iter().chain(own).collect();
        if let Some(attribute) = attributes.iter().find(|one| **one == wanted) {
            return Ok(Quality::Attribute((*attribute).to_owned()));
        }
        // A question may have a name that stands for something else too.
        if let Some((_, question)) = program.question(wanted.strip_prefix("answer:").unwrap_or(&wanted)) {
            return Ok(Quality::Answer(question.key.clone()));
        }
        if let Some(term) = program.term(wanted.strip_prefix("term:").unwrap_or(&wanted)) {
            return Ok(Quality::Term(term.field.key.clone()));
        }
        let mut all: Vec<&str> = KNOWN.iter().map(|(known, ..)| *known).collect();
        all.extend(attributes);
        all.dedup();
        let near = nearest(&wanted, all.iter().copied());
        Err(match near.first() {
            Some(near) => format!("unknown field `{word}`; did you mean `{near}`?"),
            None => format!("unknown field `{word}`; expected one of {}", all.join(", ")),
        })
    }

    /// Returns the name that users type.
    pub(crate) fn word(&self) -> &str {
        match self {
            Quality::Attribute(key) | Quality::Answer(key) | Quality::Term(key) => key,
            other => KNOWN.iter().find(|(.., known)| known == other).map_or("", |(word, ..)| word),
        }
    }

    /// Returns its name as a column for machines, with the unit at its end.
    pub(crate) fn key(&self) -> String {
        let unit = match self {
            Quality::Days => "days_in_stage",
            Quality::Overdue => "overdue_days",
            Quality::Missing => "missing_gates",
            other => other.word(),
        };
        unit.replace('-', "_")
    }

    /// Returns its heading as a column for people.
    pub(crate) fn heading(&self, program: &Program) -> String {
        let known = KNOWN.iter().find(|(.., known)| known == self).map(|(_, heading, _)| *heading);
        match (self, known) {
            (Quality::Revenue, _) => format!("Revenue 12 months ({})", program.currency.code()),
            (_, Some(heading)) => heading.to_owned(),
            (other, None) => capitalised(other.word()),
        }
    }

    /// Returns whether it is compared with yes and no.
    pub(crate) fn is_yes_or_no(&self) -> bool {
        matches!(self, Quality::Overdue | Quality::Productive | Quality::Missing | Quality::Done)
    }

    /// Returns what must be read of the channel to know it.
    pub(crate) fn needs(&self) -> Needs {
        let own = match self {
            Quality::Missing | Quality::Done => Needs::MILESTONES,
            Quality::Verdict | Quality::Score(_) => Needs::of::<AssessmentRow>(),
            Quality::Answer(_) => Needs::of::<AnswersRow>(),
            Quality::Performance => Needs::PERFORMANCE,
            Quality::Care => Needs::of::<WatchRecord>(),
            Quality::Certified => Needs::of::<Certificate>(),
            Quality::Told => Needs::of::<Notification>(),
            Quality::Term(_) => Needs::of::<Agreement>(),
            _ => Needs::NONE,
        };
        own.and(Needs::of::<AttributesRow>())
    }

    /// Returns the value of one partner.
    pub(crate) fn cell(&self, channel: &Channel, line: &Line) -> Cell {
        let stage_name = |at: usize| channel.stages[at].clone();
        let attributes = line.attributes();
        match self {
            Quality::Key => Cell::text(line.key()),
            Quality::Reference => Cell::List(attributes.map_or_else(Vec::new, |one| one.references.clone())),
            Quality::Stage => Cell::text(channel.row_of(line)),
            Quality::Since => line.entered.filter(|_| line.entry_known).into(),
            Quality::Days => Cell::days(channel.days_here(line)),
            Quality::Overdue => Cell::days(channel.facts(line).overdue_days()),
            Quality::ParkedFrom => match line.place {
                Some(StandingRow::Parked(from)) => from.map(stage_name).into(),
                _ => Cell::Missing,
            },
            Quality::LeftAs => line.left_as().map(LeftAs::word).into(),
            Quality::Joined => attributes.map(|one| one.since).into(),
            Quality::Missing => {
                Cell::List(channel.facts(line).missing_gates().into_iter().map(str::to_owned).collect())
            }
            Quality::Done => Cell::List(channel.facts(line).milestones_held().into_iter().collect()),
            Quality::Revenue => channel.program.currency.money(channel.facts(line).revenue_12m()).into(),
            Quality::Productive => channel.facts(line).productive().into(),
            Quality::Verdict => {
                let stage = channel.program.criteria_stage();
                let verdicts = stage.and_then(|stage| channel.facts(line).verdict(&stage.key));
                verdicts.map(Verdicts::decision).into()
            }
            Quality::Score(side) => {
                let stage = channel.program.criteria_stage();
                Cell::score(stage.and_then(|stage| line.score(channel.program, &stage.key, *side)))
            }
            Quality::Performance => {
                channel.facts(line).performance().map(|judged| judged.performance.word()).into()
            }
            Quality::Care => match line.watch_status() {
                WatchStatus::None => Cell::Missing,
                WatchStatus::Watched { .. } => "watched".into(),
                WatchStatus::Improving { .. } => "improving".into(),
                WatchStatus::Settled { outcome, .. } => outcome.word().into(),
            },
            Quality::Answer(key) => {
                let found = channel.program.question(key);
                found.map_or(Cell::Missing, |(questionnaire, question)| {
                    answered(line, questionnaire, question).map_or(Cell::Missing, answer_cell)
                })
            }
            Quality::Certified => {
                let counts = line.records().iter().filter(|one: &&Certificate| one.counts_on(channel.as_of));
                let courses: BTreeSet<&String> = counts.map(|one| &one.course).collect();
                Cell::List(courses.into_iter().cloned().collect())
            }
            Quality::Told => {
                let told: BTreeSet<&String> =
                    line.records().iter().map(|one: &Notification| &one.announcement).collect();
                Cell::List(told.into_iter().cloned().collect())
            }
            Quality::Term(key) => {
                let value = channel.facts(line).agreed(key, channel.as_of).and_then(|one| one.value.as_ref());
                let kind = channel.program.term(key).map(|term| &term.field.kind);
                value.map_or(Cell::Missing, |value| typed(value, kind, channel.program.currency))
            }
            Quality::Attribute(key) => {
                let value = attributes.and_then(|one| one.value(key));
                let kind = channel.program.field(key).map(|field| &field.kind);
                value.map_or(Cell::Missing, |value| typed(value, kind, channel.program.currency))
            }
        }
    }
}

/// The newest answer of a partner to a question, if it fits the question as it is now.
fn answered(line: &Line, questionnaire: &Questionnaire, question: &Question) -> Option<AnswerValue> {
    let answers = line.answers(&questionnaire.key)?;
    question.read(answers.get(&question.key)?, questionnaire.currency).ok()
}

/// Returns an answer as a cell that can be shown and compared.
pub(crate) fn answer_cell(value: AnswerValue) -> Cell {
    match value {
        AnswerValue::Flag(true) => Cell::text("yes"),
        AnswerValue::Flag(false) => Cell::text("no"),
        AnswerValue::Choice(option) => Cell::Text(option),
        AnswerValue::Choices(options) => Cell::List(options),
        AnswerValue::Number(number) => Cell::decimal(number.to_f64()),
        AnswerValue::Day(day) => Cell::Day(day),
        AnswerValue::Text(text) => Cell::Text(text),
    }
}

/// A stored value as its field's type says; as text if it does not fit.
fn typed(value: &str, kind: Option<&FieldKind>, currency: Currency) -> Cell {
    let typed = match kind {
        Some(FieldKind::Date) => crate::lifecycle::base::day::Day::parse_iso(value).map(Cell::Day),
        Some(FieldKind::Money) => {
            currency.parse(value).ok().map(|minor| Cell::Money(currency.money(i128::from(minor))))
        }
        Some(FieldKind::Number) => value.parse().ok().map(Cell::Decimal),
        _ => None,
    };
    typed.unwrap_or_else(|| Cell::text(value))
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    match letters.next() {
        None => String::new(),
        Some(first) => first.to_uppercase().collect::<String>() + &letters.as_str().replace('-', " "),
    }
}
