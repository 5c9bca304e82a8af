//! The fields of a partner, as columns of a list and in `--where`.

use rust_decimal::prelude::ToPrimitive;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::base::text::{capital, nearest};
use crate::lifecycle::criteria::{AnswerValue, Question, Questionnaire};
use crate::lifecycle::facts::Facts;
use crate::lifecycle::partner::Partner;
use crate::lifecycle::program::{FieldKind, Program, WHY, attributes_of};
use crate::lifecycle::stage::Standing;
use crate::lifecycle::terms::Agreement;
use crate::report::reading::channel::{Channel, LEFT, NO_STAGE, PARKED};
use crate::report::reading::known::{KNOWN, KnownField, TypedValues, known_on};
use crate::report::reading::line::Line;
use crate::report::reading::needs::Needs;
use crate::report::value::Cell;
use crate::store::{AnswersRow, AttributesRow, ProfileRow};

/// Something that is known of each partner.
#[derive(Clone, Debug)]
pub(crate) enum Quality {
    Known(&'static KnownField),
    /// A field of the program.
    Attribute(String),
    /// The newest answer to a question.
    Answer(String),
    /// What is agreed of a term.
    Term(String),
}

impl Quality {
    /// Finds the field with this name.
    ///
    /// # Errors
    /// Fails with the nearest known name, or all of them.
    pub(crate) fn parse(word: &str, program: &Program) -> Result<Quality, String> {
        let wanted = word.trim().to_lowercase().replace('_', "-");
        let is_own = wanted == WHY && program.field(WHY).is_some();
        if let Some(known) = KNOWN.iter().find(|known| known.word == wanted && !is_own) {
            return Ok(Quality::Known(known));
        }
        let attributes = attributes_of(program);
        if let Some(attribute) = attributes.iter().find(|one| **one == wanted) {
            return Ok(Quality::Attribute((*attribute).to_owned()));
        }
        // What is recorded of a field that was dropped can still be found.
        if program.earlier.has_field(&wanted) {
            return Ok(Quality::Attribute(wanted));
        }
        // A question may have a name that stands for something else too.
        if let Some((_, question)) = program.question(wanted.strip_prefix("answer:").unwrap_or(&wanted)) {
            return Ok(Quality::Answer(question.key.clone()));
        }
        if let Some(term) = program.term(wanted.strip_prefix("term:").unwrap_or(&wanted)) {
            return Ok(Quality::Term(term.field.key.clone()));
        }
        let mut all: Vec<&str> = KNOWN.iter().map(|known| known.word).collect();
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
            Quality::Known(field) => field.word,
            Quality::Attribute(key) | Quality::Answer(key) | Quality::Term(key) => key,
        }
    }

    /// Returns its name as a column for machines, with the unit at its end.
    pub(crate) fn key(&self) -> String {
        match self {
            Quality::Known(field) => field.key.to_owned(),
            Quality::Attribute(key) | Quality::Answer(key) | Quality::Term(key) => key.replace('-', "_"),
        }
    }

    /// Returns its heading as a column for people.
    pub(crate) fn heading(&self, program: &Program) -> String {
        match self {
            Quality::Known(field) if self.is_amount() => {
                format!("{} ({})", field.heading, program.currency.code())
            }
            Quality::Known(field) => field.heading.to_owned(),
            Quality::Attribute(key) | Quality::Answer(key) | Quality::Term(key) => {
                capital(&key.replace('-', " "))
            }
        }
    }

    /// Returns whether it is an amount in the currency of the program, whatever the program is.
    pub(crate) fn is_amount(&self) -> bool {
        matches!(self, Quality::Known(KnownField { values: TypedValues::Money, .. }))
    }

    /// Returns whether one value can be more than another.
    pub(crate) fn has_order(&self) -> bool {
        let Quality::Known(field) = self else { return true };
        match field.values {
            TypedValues::Text => field.word == "key",
            TypedValues::Flag | TypedValues::Milestones | TypedValues::Reason | TypedValues::Words(..) => {
                false
            }
            _ => true,
        }
    }

    /// Returns what its values are ordered by: of stages and tiers, the place in the program; missing for a value that
    /// has none there.
    pub(crate) fn in_order(&self, program: &Program, value: &Cell) -> Cell {
        let Cell::Text(text) = value else { return value.clone() };
        let place = match self {
            Quality::Known(KnownField { values: TypedValues::Stage, .. }) => {
                program.stages().iter().position(|stage| stage.key == *text)
            }
            Quality::Attribute(key) if key == "tier" && !program.tiers.is_empty() => {
                program.tiers.iter().position(|tier| tier.key == text.to_lowercase())
            }
            _ => return value.clone(),
        };
        place.map_or(Cell::Missing, Cell::count)
    }

    /// Returns whether it is compared with yes and no.
    pub(crate) fn is_yes_or_no(&self) -> bool {
        let Quality::Known(field) = self else { return false };
        matches!(field.values, TypedValues::Flag | TypedValues::DaysOrFlag | TypedValues::Milestones)
    }

    /// Returns what must be read of the channel to know it.
    pub(crate) fn needs(&self) -> Needs {
        let own = match self {
            Quality::Known(field) => field.needs,
            Quality::Attribute(_) => Needs::NONE,
            Quality::Answer(_) => Needs::of::<AnswersRow>(),
            Quality::Term(_) => Needs::of::<Agreement>(),
        };
        own.and(Needs::of::<AttributesRow>())
    }

    /// Returns why visits cannot be grouped by it: it is known only once a visit is under way.
    ///
    /// # Errors
    /// What to use in its place.
    pub(crate) fn refuse_future(&self) -> Result<(), &'static str> {
        let Quality::Known(field) = self else { return Ok(()) };
        match field.word {
            "key" | "verdict" | "vendor-score" | "partner-score" => Ok(()),
            "stage" => Err("each stage has rows of its own"),
            "joined" | "since" => Err("--by year, quarter or month groups by time"),
            "revenue-12m" | "productive" | "performance" | "care" => {
                Err("first revenue and revenue per partner are shown for each segment")
            }
            _ => Err(
                "group by what is known when a visit begins: type, tier, region, owner, verdict or a field",
            ),
        }
    }

    /// Returns what must be read of the channel to know it as of past days.
    pub(crate) fn needs_of_past(&self) -> Needs {
        match self {
            Quality::Attribute(_) => self.needs().and(Needs::of::<ProfileRow>()),
            _ => self.needs(),
        }
    }

    /// Returns whether it is an attribute, known of partners from their first day on.
    pub(crate) fn is_attribute(&self) -> bool {
        matches!(self, Quality::Attribute(_))
    }

    /// Returns the value of one partner at the end of `day`; missing for what is only known of today.
    pub(crate) fn cell_on(&self, channel: &Channel, line: &Line, day: Day) -> Cell {
        let program = channel.program;
        match self {
            Quality::Known(field) => known_on(field, channel, line, day),
            Quality::Answer(key) => {
                let found = program.question(key);
                let answer = found.and_then(|(from, question)| answered_on(line, from, question, day));
                answer.map_or(Cell::Missing, answer_cell)
            }
            Quality::Term(key) => {
                let value = channel.facts(line).agreed(key, day).and_then(|one| one.value.as_ref());
                let kind = program.term(key).map(|term| &term.field.kind);
                value.map_or(Cell::Missing, |value| typed(value, kind, program.currency))
            }
            Quality::Attribute(key) => self.attribute_cell(channel, line.attribute_on(key, day)),
        }
    }

    /// Returns the value of one partner.
    pub(crate) fn cell(&self, channel: &Channel, line: &Line) -> Cell {
        match self {
            Quality::Known(field) => (field.cell)(channel, line),
            Quality::Attribute(key) => self.attribute_cell(channel, line.attribute(key)),
            Quality::Answer(_) | Quality::Term(_) => self.cell_on(channel, line, channel.as_of),
        }
    }

    /// Returns whether a partner can have several values of it, of which [`Quality::cell`] is the first.
    pub(crate) fn is_several(&self, program: &Program) -> bool {
        let is_dropped = |key: &str| program.earlier.has_field(key) && !attributes_of(program).contains(&key);
        matches!(self, Quality::Attribute(key) if program.is_several(key) || is_dropped(key))
    }

    /// Returns all values of one partner, the first one first.
    pub(crate) fn all_values(&self, channel: &Channel, line: &Line) -> Cell {
        match self {
            Quality::Attribute(key) if self.is_several(channel.program) => Cell::list(line.values(key)),
            _ => self.cell(channel, line),
        }
    }

    /// Returns what a partner had of it as it stood before; none if that is not known of a partner alone.
    pub(super) fn former_cell(&self, channel: &Channel, former: &Partner) -> Option<Cell> {
        match self {
            Quality::Attribute(key) if self.is_several(channel.program) => {
                Some(Cell::list(former.values(key)))
            }
            Quality::Attribute(key) => Some(self.attribute_cell(channel, former.attribute(key))),
            Quality::Known(field) if field.word == "key" => Some(Cell::text(&*former.key)),
            Quality::Known(field) if field.word == "stage" => {
                let place = match former.standing() {
                    None => NO_STAGE,
                    Some(Standing::In { stage }) => stage,
                    Some(Standing::Parked { .. }) => PARKED,
                    Some(Standing::Left { .. }) => LEFT,
                };
                Some(Cell::text(place))
            }
            _ => None,
        }
    }

    /// A stored value of an attribute as the type of its field says.
    fn attribute_cell(&self, channel: &Channel, value: Option<&str>) -> Cell {
        let kind = channel.program.field(self.word()).map(|field| &field.kind);
        value.map_or(Cell::Missing, |value| typed(value, kind, channel.program.currency))
    }
}

/// The newest answer of a partner to a question by `day`, if it fits the question as it is now.
fn answered_on(
    line: &Line,
    questionnaire: &Questionnaire,
    question: &Question,
    day: Day,
) -> Option<AnswerValue> {
    let answers = line.answers_on(&questionnaire.key, day)?;
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
        Some(FieldKind::Date) => Day::parse_iso(value).map(Cell::Day),
        Some(FieldKind::Money) => {
            currency.parse(value).ok().map(|minor| Cell::Money(currency.money(i128::from(minor))))
        }
        Some(FieldKind::Number) => value.parse().ok().map(Cell::Decimal),
        _ => None,
    };
    typed.unwrap_or_else(|| Cell::text(value))
}
