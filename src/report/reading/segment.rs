//! `--where`: the segment of the channel that a command or report is about.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use crate::lifecycle::base::comparison::{Comparison, SIGNS};
use crate::lifecycle::base::day::{Day, Towards};
use crate::lifecycle::base::period::PeriodEdge;
use crate::lifecycle::base::text::{listed, nearest};
use crate::lifecycle::partner::Partner;
use crate::lifecycle::program::{Aliases, Field, FieldKind, Program, WHY};
use crate::report::reading::attribute::{Quality, answer_cell};
use crate::report::reading::channel::{Channel, LEFT, NO_STAGE, PARKED};
use crate::report::reading::known::{KnownField, TypedValues};
use crate::report::reading::line::Line;
use crate::report::reading::needs::Needs;
use crate::report::value::Cell;
use crate::store::View;

/// The partners for which all conditions are true.
#[derive(Clone, Default, Debug)]
pub(crate) struct Segment {
    conditions: Vec<SegmentCondition>,
    /// The conditions as typed.
    pub typed: Vec<String>,
}

#[derive(Clone, Debug)]
struct SegmentCondition {
    quality: Quality,
    relation: Comparison,
    /// One of these, or all of them.
    values: Vec<Cell>,
    wanted: HowMany,
    /// The values as typed.
    typed: String,
}

/// How many of the values of a condition are wanted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum HowMany {
    Any,
    All,
}

/// The words between a field and its values, beside the signs, in any case, and how many of the values are wanted.
const HAS_WORDS: [(&str, HowMany); 4] = [
    (" has-any ", HowMany::Any),
    (" has_any ", HowMany::Any),
    (" hasany ", HowMany::Any),
    (" has ", HowMany::All),
];

impl Segment {
    /// Reads conditions such as `region=EMEA`, `stage=terms,launch`, `owner!=ana` and `days>30`.
    ///
    /// # Errors
    /// Fails with the first condition that cannot be understood, and what is expected.
    pub(crate) fn parse(
        typed: &[String],
        program: &Program,
        aliases: &Aliases,
        today: Day,
    ) -> Result<Segment, String> {
        let read = |text: &String| SegmentCondition::parse(text, program, aliases, today);
        let conditions = typed.iter().map(read).collect::<Result<Vec<SegmentCondition>, String>>()?;
        Ok(Segment { conditions, typed: typed.to_vec() })
    }

    /// Returns whether it has no conditions.
    pub(crate) fn is_everyone(&self) -> bool {
        self.conditions.is_empty()
    }

    /// Returns what must be read of the channel to know who is in it.
    pub(crate) fn needs(&self) -> Needs {
        self.conditions.iter().fold(Needs::default(), |needs, one| needs.and(one.quality.needs()))
    }

    /// Returns whether a partner is in it.
    pub(crate) fn contains(&self, channel: &Channel, line: &Line) -> bool {
        self.conditions.iter().all(|condition| condition.holds(channel, line))
    }

    /// Returns whether a partner was in it as it stood before: by its attributes and its stage of then, and by all else as its
    /// line says now; `now` is missing if the partner is not in the channel any more.
    pub(crate) fn contained(&self, channel: &Channel, former: &Partner, now: Option<&Line>) -> bool {
        self.conditions.iter().all(|condition| match condition.quality.former_cell(channel, former) {
            Some(found) => condition.is_true(channel, &found),
            None => now.is_some_and(|line| condition.holds(channel, line)),
        })
    }

    /// Says which values of its conditions neither the program nor a partner of the channel has.
    pub(crate) fn unheld(&self, channel: &Channel) -> Vec<String> {
        self.conditions.iter().flat_map(|one| one.unheld(channel)).collect()
    }

    /// Returns the names of the owners whose partners it has, if it asks for nothing else.
    pub(crate) fn owners(&self) -> Vec<&str> {
        let [
            SegmentCondition {
                quality: Quality::Attribute(key), relation: Comparison::Equal, values, ..
            },
        ] = &self.conditions[..]
        else {
            return Vec::new();
        };
        let names = values.iter().filter_map(|value| match value {
            Cell::Text(name) if key == "owner" => Some(name.as_str()),
            _ => None,
        });
        names.collect()
    }

    /// Returns the fields of its conditions that are known of a partner only once its visits are under way.
    pub(crate) fn future_fields(&self) -> Vec<&str> {
        let future = self.conditions.iter().filter(|one| one.quality.refuse_future().is_err());
        future.map(|one| one.quality.word()).collect()
    }

    /// Reads its partners, and returns what `work` makes of them.
    ///
    /// # Errors
    /// Those of [`Channel::read`].
    pub(crate) fn read<T>(
        &self,
        view: &View,
        needs: Needs,
        work: impl FnOnce(&Channel) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        Channel::read(view, needs.and(self.needs()), |channel| {
            if !self.conditions.is_empty() {
                channel.unheld = self.unheld(channel);
                let lines = std::mem::take(&mut channel.lines);
                channel.lines = lines.into_iter().filter(|line| self.contains(channel, line)).collect();
            }
            work(channel)
        })
    }
}

impl SegmentCondition {
    fn parse(
        text: &str,
        program: &Program,
        aliases: &Aliases,
        today: Day,
    ) -> Result<SegmentCondition, String> {
        if let Some((field, values, wanted)) = has_words(text) {
            let quality = Quality::parse(field, program)?;
            let context = ValueContext { edge: None, program, aliases, today };
            return SegmentCondition::of_values(quality, Comparison::Equal, values, (wanted, context));
        }
        let split = SIGNS
            .iter()
            .filter_map(|(sign, relation)| text.find(sign).map(|at| (at, *sign, *relation)))
            .min_by_key(|(at, sign, _)| (*at, std::cmp::Reverse(sign.len())));
        let Some((at, sign, relation)) = split.filter(|(at, ..)| *at > 0) else {
            if let Some((field, values)) = text.split_once(" in ") {
                let (field, values) = (field.trim(), values.trim());
                return Err(format!(
                    "`{text}` is not a condition; use {field}={values}, or '{field} has-any {values}' for any of several values"
                ));
            }
            let example = example_of(text, program);
            return Err(format!("`{text}` is not a condition; use key=value, for example {example}"));
        };
        let quality = Quality::parse(&text[..at], program)?;
        let ordered = !matches!(relation, Comparison::Equal | Comparison::NotEqual);
        let typed = &text[at + sign.len()..];
        if typed.starts_with(['=', '<', '>']) {
            let rest = typed.trim_start_matches(['=', '<', '>']);
            let operator = &text[at..text.len() - rest.len()];
            return Err(format!("invalid operator `{operator}` in `{text}`; use =, !=, <, <=, > or >="));
        }
        let values = split_values(typed)?;
        let empty = values.iter().any(String::is_empty);
        if empty && (ordered || values.len() > 1) {
            return Err(format!(
                "`{text}` has an empty value; `{}=` finds partners without a value",
                &text[..at]
            ));
        }
        if ordered && values.len() > 1 {
            return Err(format!("`{text}` has several values; `{sign}` takes only one"));
        }
        if ordered && !quality.has_order() {
            return Err(format!("`{}` has no order; use = or !=", quality.word()));
        }
        let context = ValueContext { edge: edge_of(relation), program, aliases, today };
        let condition = SegmentCondition::of_values(quality, relation, typed, (HowMany::Any, context))?;
        let has_no_place = |value| condition.quality.in_order(program, value) == Cell::Missing;
        if ordered && condition.values.iter().any(has_no_place) {
            let word = condition.quality.word();
            return Err(format!("{word}: `{typed}` has no place in the order of the program; use = or !="));
        }
        Ok(condition)
    }

    fn of_values(
        quality: Quality,
        relation: Comparison,
        typed: &str,
        (wanted, context): (HowMany, ValueContext),
    ) -> Result<SegmentCondition, String> {
        let values = split_values(typed)?;
        let value = |value: &String| read_value(&quality, value, context);
        let values = values.iter().map(value).collect::<Result<Vec<Cell>, String>>()?;
        Ok(SegmentCondition { quality, relation, values, wanted, typed: typed.trim().to_owned() })
    }

    /// Returns a sentence for each value of an attribute that neither the program nor a partner has: a word that was
    /// typed wrongly.
    fn unheld(&self, channel: &Channel) -> Vec<String> {
        let Quality::Attribute(key) = &self.quality else { return Vec::new() };
        let options = channel.program.options(key).unwrap_or_default();
        let mut known: BTreeSet<&str> = options.into_iter().map(|(option, _)| option).collect();
        known.extend(channel.lines.iter().flat_map(|line| line.values(key)));
        let texts = self.values.iter().filter_map(|value| match value {
            Cell::Text(text) => Some(text),
            _ => None,
        });
        let is_known = |text: &str| known.iter().any(|one| one.to_lowercase() == text.to_lowercase());
        if self.values.len() > 1
            && is_known(&self.typed)
            && self.values.iter().all(|one| !is_held(one, is_known))
        {
            let (field, value) = (self.quality.word(), self.typed.replace('"', "\"\""));
            return vec![format!(
                "A comma separates values; for one value that holds a comma put it in double quotes: --where '{field}=\"{value}\"'"
            )];
        }
        let unheld = texts.filter(|text| !is_known(text)).map(|text| {
            match nearest(text, known.iter().copied()).first() {
                Some(near) => format!("No partner has {key} `{text}`; did you mean `{near}`?"),
                None => format!("No partner has {key} `{text}`."),
            }
        });
        unheld.collect()
    }

    fn holds(&self, channel: &Channel, line: &Line) -> bool {
        let is_equality = matches!(self.relation, Comparison::Equal | Comparison::NotEqual);
        let found = if is_equality {
            self.quality.all_values(channel, line)
        } else {
            self.quality.cell(channel, line)
        };
        self.is_true(channel, &found)
    }

    /// Returns whether it is true of what was found of a partner.
    fn is_true(&self, channel: &Channel, found: &Cell) -> bool {
        match self.relation {
            Comparison::Equal if self.wanted == HowMany::All => {
                self.values.iter().all(|value| same(found, value))
            }
            Comparison::Equal => self.values.iter().any(|value| same(found, value)),
            Comparison::NotEqual => !self.values.iter().any(|value| same(found, value)),
            Comparison::Less => self.compared(channel, found).is_some_and(Ordering::is_lt),
            Comparison::LessOrEqual => self.compared(channel, found).is_some_and(Ordering::is_le),
            Comparison::Greater => self.compared(channel, found).is_some_and(Ordering::is_gt),
            Comparison::GreaterOrEqual => self.compared(channel, found).is_some_and(Ordering::is_ge),
        }
    }

    /// How what is found compares with the value; nothing if one of them is missing.
    fn compared(&self, channel: &Channel, found: &Cell) -> Option<Ordering> {
        let in_order = |cell: &Cell| self.quality.in_order(channel.program, cell);
        match (in_order(found), in_order(self.values.first()?)) {
            (Cell::Days(a) | Cell::Number(a), Cell::Days(b) | Cell::Number(b)) => Some(a.cmp(&b)),
            (Cell::Decimal(a), Cell::Decimal(b)) | (Cell::Score(a), Cell::Score(b)) => a.partial_cmp(&b),
            (Cell::Money(a), Cell::Money(b)) => Some(a.cmp(&b)),
            (Cell::Day(a), Cell::Day(b)) => Some(a.cmp(&b)),
            (Cell::Text(a), Cell::Text(b)) => Some(a.to_lowercase().cmp(&b.to_lowercase())),
            _ => None,
        }
    }
}

/// Returns a condition of the field that stands first in a text without a sign.
fn example_of(text: &str, program: &Program) -> String {
    if Quality::parse(text, program).is_ok_and(|quality| quality.is_yes_or_no()) {
        return format!("{text}=yes");
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    match &words[..] {
        [field, _, values @ ..] if !values.is_empty() && Quality::parse(field, program).is_ok() => {
            format!("'{field}={}'", values.join(" "))
        }
        _ => "region=EMEA".to_owned(),
    }
}

/// Returns whether a value of a condition is a text that is known.
fn is_held(value: &Cell, is_known: impl Fn(&str) -> bool) -> bool {
    matches!(value, Cell::Text(text) if is_known(text))
}

/// Splits `region has EMEA,APAC` into the field, its values and how many of them are wanted; none if it has another sign.
fn has_words(text: &str) -> Option<(&str, &str, HowMany)> {
    let lower = text.to_ascii_lowercase();
    HAS_WORDS.iter().find_map(|(word, wanted)| {
        let at = lower.find(word)?;
        let (field, values) = (&text[..at], &text[at + word.len()..]);
        let is_field = !field.contains(['=', '<', '>', '"']) && !values.trim().is_empty();
        is_field.then_some((field, values, *wanted))
    })
}

/// Splits values at commas; one in double quotes is one value, and `""` within it is a quote.
fn split_values(typed: &str) -> Result<Vec<String>, String> {
    let mut values = Vec::new();
    let mut rest = typed;
    loop {
        let Some(quoted) = rest.trim_start().strip_prefix('"') else {
            let (value, more) =
                rest.split_once(',').map_or((rest, None), |(value, more)| (value, Some(more)));
            values.push(value.trim().to_owned());
            match more {
                Some(more) => rest = more,
                None => return Ok(values),
            }
            continue;
        };
        let (value, behind) =
            closed(quoted).ok_or_else(|| format!("the quotation mark before `{quoted}` is not closed"))?;
        values.push(value);
        match behind.trim_start().strip_prefix(',') {
            Some(more) => rest = more,
            None if behind.trim().is_empty() => return Ok(values),
            None => {
                return Err(format!(
                    "`{}` follows a quoted value; put a comma between values",
                    behind.trim()
                ));
            }
        }
    }
}

/// Returns a quoted text up to its end, and what follows it.
fn closed(quoted: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut rest = quoted;
    loop {
        let (part, behind) = rest.split_once('"')?;
        value.push_str(part);
        match behind.strip_prefix('"') {
            Some(more) => {
                value.push('"');
                rest = more;
            }
            None => return Some((value.trim().to_owned(), behind)),
        }
    }
}

/// Equality without regard to case; an empty value means missing.
fn same(found: &Cell, value: &Cell) -> bool {
    match (found, value) {
        (Cell::Text(a), Cell::Text(b)) => a.to_lowercase() == b.to_lowercase(),
        (Cell::List(all), Cell::Text(one)) => all.iter().any(|a| a.to_lowercase() == one.to_lowercase()),
        (Cell::List(all), Cell::Missing) => all.is_empty(),
        (Cell::List(all), Cell::Flag(any)) => all.is_empty() != *any,
        (Cell::Missing, Cell::Flag(any)) => !any,
        (Cell::Days(_), Cell::Flag(any)) => *any,
        (Cell::Days(a) | Cell::Number(a), Cell::Days(b) | Cell::Number(b)) => a == b,
        (a, b) => a == b,
    }
}

/// By what a typed value is understood.
#[derive(Clone, Copy)]
struct ValueContext<'p> {
    /// Which day of a period is meant if it is compared by order; none if it is not.
    edge: Option<PeriodEdge>,
    program: &'p Program,
    aliases: &'p Aliases,
    today: Day,
}

fn read_value(quality: &Quality, value: &str, context: ValueContext) -> Result<Cell, String> {
    if value.is_empty() {
        return Ok(Cell::Missing);
    }
    let program = context.program;
    let word = quality.word();
    match quality {
        Quality::Known(field) => known_value(field, value, context),
        Quality::Answer(key) => answer_value(key, value, program),
        // Partners may have a tier from before the program had it.
        Quality::Attribute(key) if key == "tier" => {
            Ok(Cell::Text(program.read_attribute(key, value).unwrap_or_else(|_| value.to_owned())))
        }
        Quality::Attribute(key) => field_value(word, value, program.field(key), context),
        Quality::Term(key) => field_value(word, value, program.term(key).map(|term| &term.field), context),
    }
}

/// Returns which day of a period is compared: since it is since its first day, after it is after its last one.
fn edge_of(relation: Comparison) -> Option<PeriodEdge> {
    match relation {
        Comparison::Equal | Comparison::NotEqual => None,
        Comparison::GreaterOrEqual | Comparison::Less => Some(PeriodEdge::First),
        Comparison::LessOrEqual | Comparison::Greater => Some(PeriodEdge::Last),
    }
}

fn day_value(value: &str, context: ValueContext) -> Result<Cell, String> {
    let ValueContext { edge, program, today, .. } = context;
    let day = match edge {
        Some(edge) => program.calendar.parse_edge(value, today, edge),
        None => program.calendar.parse_day(value, today, Towards::Past),
    };
    day.map(Cell::Day).map_err(String::from)
}

fn known_value(field: &KnownField, value: &str, context: ValueContext) -> Result<Cell, String> {
    let ValueContext { edge, program, aliases, .. } = context;
    let word = field.word;
    match &field.values {
        TypedValues::Text => Ok(Cell::text(value)),
        TypedValues::Stage => stage_value(value, program, aliases),
        TypedValues::Day => day_value(value, context),
        TypedValues::Number => number(word, value),
        TypedValues::DaysOrFlag if edge.is_some() => number(word, value),
        TypedValues::DaysOrFlag | TypedValues::Flag => match value.to_lowercase().as_str() {
            "yes" | "true" => Ok(Cell::Flag(true)),
            "no" | "false" => Ok(Cell::Flag(false)),
            _ => Err(format!("{word}: `{value}` is not yes or no")),
        },
        TypedValues::Milestones => match value.to_lowercase().as_str() {
            "yes" => Ok(Cell::Flag(true)),
            "no" => Ok(Cell::Flag(false)),
            _ => milestone_value(value, program, aliases),
        },
        TypedValues::Reason => reason_value(value, program),
        TypedValues::Money => money(program, value),
        TypedValues::Score => match decimal(word, value)? {
            Cell::Decimal(score) => Ok(Cell::Score(score)),
            other => Ok(other),
        },
        TypedValues::Words(what, words) => one_of(what, value, &words(program)),
    }
}

fn number(word: &str, value: &str) -> Result<Cell, String> {
    value.parse().map(Cell::Number).map_err(|_| format!("{word}: `{value}` is not a number"))
}

/// A value as the type of a field or term says.
fn field_value(
    word: &str,
    value: &str,
    field: Option<&Field>,
    context: ValueContext,
) -> Result<Cell, String> {
    let program = context.program;
    match field.map(|field| &field.kind) {
        Some(FieldKind::Choice(options)) => {
            let options: Vec<&str> = options.iter().map(String::as_str).collect();
            let now = field.map_or_else(|| value.to_owned(), |field| field.option_now(value.to_owned()));
            match one_of(word, &now, &options) {
                // Partners can have an option that was dropped.
                Err(why) => program.earlier.option(word, &now).map(Cell::text).ok_or(why),
                known => known,
            }
        }
        Some(FieldKind::Date) => day_value(value, context),
        Some(FieldKind::Money) => money(program, value),
        Some(FieldKind::Number) => decimal(word, value),
        Some(FieldKind::Text) | None => Ok(Cell::text(value)),
    }
}

fn decimal(word: &str, value: &str) -> Result<Cell, String> {
    let number = value.parse().ok().filter(|number: &f64| number.is_finite());
    number.map(Cell::Decimal).ok_or_else(|| format!("{word}: `{value}` is not a number, such as 12 or 0.5"))
}

fn money(program: &Program, value: &str) -> Result<Cell, String> {
    let minor = program.currency.parse(value)?;
    Ok(Cell::Money(program.currency.money(i128::from(minor))))
}

fn answer_value(key: &str, value: &str, program: &Program) -> Result<Cell, String> {
    let Some((questionnaire, question)) = program.question(key) else {
        return Err(format!("unknown question `{key}`"));
    };
    match question.read(value, questionnaire.currency).map(answer_cell) {
        // Of several options, one is looked for.
        Ok(Cell::List(options)) => Ok(options.into_iter().next().map_or(Cell::Missing, Cell::Text)),
        Ok(cell) => Ok(cell),
        // A limit need not be an answer that is allowed.
        Err(_) if question.kind.measure().is_some() => decimal(key, value),
        Err(why) => Err(format!("{key}: {why}")),
    }
}

fn stage_value(value: &str, program: &Program, aliases: &Aliases) -> Result<Cell, String> {
    let wanted = value.to_lowercase();
    let now = aliases.stage(&wanted);
    let by_name = program.stages().iter().find(|stage| stage.name.to_lowercase() == wanted);
    if let Some(stage) = program.stage(now).or(by_name) {
        return Ok(Cell::text(&*stage.key));
    }
    let former = aliases.former_stages().any(|(_, known)| known == now);
    if former || [PARKED, LEFT, NO_STAGE].contains(&now) {
        return Ok(Cell::text(now));
    }
    let stages = program.stages().iter().map(|stage| stage.key.as_str());
    let words: Vec<&str> = stages.chain([PARKED, LEFT, NO_STAGE]).collect();
    one_of("stage", value, &words)
}

/// A reason of the program, or of an earlier one, by its key or its name.
fn reason_value(value: &str, program: &Program) -> Result<Cell, String> {
    if value.eq_ignore_ascii_case("none") && program.reason_named(value).is_none() {
        return Err(format!("no reason is called `{value}`; `{WHY}=` finds those without a listed reason"));
    }
    match program.reason_named(value) {
        Some(reason) => Ok(Cell::text(&*reason.key)),
        None => match program.earlier.reason_named(value) {
            Some(key) => Ok(Cell::text(key)),
            None if program.reasons.is_empty() => Ok(Cell::text(value)),
            None => one_of(
                "reason",
                value,
                &program.reasons.iter().map(|one| one.key.as_str()).collect::<Vec<&str>>(),
            ),
        },
    }
}

fn milestone_value(value: &str, program: &Program, aliases: &Aliases) -> Result<Cell, String> {
    let now = aliases.milestone(value);
    if program.milestone(now).is_some() {
        return Ok(Cell::text(now));
    }
    let words: Vec<&str> = program.milestones().map(|(_, one)| one.key.as_str()).collect();
    one_of("milestone", value, &words)
}

fn one_of(word: &str, value: &str, words: &[&str]) -> Result<Cell, String> {
    if let Some(known) = words.iter().find(|known| known.eq_ignore_ascii_case(value)) {
        return Ok(Cell::text(*known));
    }
    Err(match nearest(value, words.iter().copied()).first() {
        Some(near) => format!("unknown {word} `{value}`; did you mean `{near}`?"),
        None => format!("unknown {word} `{value}`; expected {}", listed(words)),
    })
}
