//! Reads answers to questionnaires from files, in TOML or JSON, and from options; reports all errors at once.

use std::ops::Range;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::lifecycle::base::located;
use crate::lifecycle::base::percent::tenths;
use crate::lifecycle::base::problem::{PlainFault, Problem};
use crate::lifecycle::base::text;
use crate::lifecycle::base::text::nearest;
use crate::lifecycle::criteria::Changes;
use crate::lifecycle::criteria::{AnswerKind, NONE_OF_THEM, Question, Questionnaire, Side};
use crate::lifecycle::program::Program;
use crate::text::criteria::{expected_answer, score_rule, side_view};
use crate::text::imports::RECORD_ANSWERS;

/// The table of an answers file with the evidence.
const EVIDENCE: &str = "evidence";

/// Answers and evidence by question, as they are stored; nothing for unknown ones.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct TypedAnswers {
    pub answers: Changes,
    pub evidence: Changes,
}

/// The questions that may be answered: those of one questionnaire, or all of the program.
#[derive(Clone, Copy)]
pub struct AnswerScope<'p> {
    pub program: &'p Program,
    pub only: Option<&'p Questionnaire>,
}

/// A name and a value as they are written in a file, with the bytes of the value.
struct WrittenAnswer {
    key: String,
    span: Range<usize>,
    written: Written,
}

/// How deep an entry is: at the top of the file, or within one of its tables.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    Top,
    Within,
}

enum Written {
    Text(String),
    Unknown,
    /// A list of texts, for choices of several.
    List(Vec<String>),
    Table(Vec<WrittenAnswer>),
    /// Something that no answer can be.
    Wrong(&'static str),
}

impl TypedAnswers {
    /// Reads an answers file; one that begins with a brace is JSON, any other TOML.
    ///
    /// # Errors
    /// All problems, in the order of the file.
    pub fn read(source: &str, asked: AnswerScope) -> Result<TypedAnswers, Vec<Problem>> {
        let json = source.trim_start().starts_with(['{', '[']);
        let entries =
            if json { json_entries(source, 0..source.len(), Depth::Top) } else { toml_entries(source) }?;
        let mut answered = TypedAnswers::default();
        let mut problems = Vec::new();
        for entry in entries {
            let fault = match entry.written {
                Written::Table(evidence) if entry.key == EVIDENCE => {
                    for one in evidence {
                        let done = match one.written {
                            Written::Text(text) => answered.prove(asked, &one.key, &text),
                            Written::Unknown => answered.prove(asked, &one.key, ""),
                            _ => Err("evidence must be a text".to_owned()),
                        };
                        problems.extend(done.err().map(|why| problem(source, &one.span, &why)));
                    }
                    continue;
                }
                _ if entry.key == EVIDENCE => {
                    Err("evidence must be a table with a text for each question; write [evidence] above them"
                        .to_owned())
                }
                Written::Text(text) => answered.answer(asked, &entry.key, &text),
                Written::Unknown => answered.answer(asked, &entry.key, ""),
                Written::List(options) if options.is_empty() => {
                    answered.answer(asked, &entry.key, NONE_OF_THEM)
                }
                Written::List(_) if !asked.takes_several(&entry.key) => asked
                    .question(&entry.key)
                    .and_then(|_| Err(format!("`{}` takes one answer, not a list", entry.key))),
                Written::List(options) => answered.answer(asked, &entry.key, &options.join(", ")),
                Written::Table(_) | Written::Wrong(_) if asked.question(&entry.key).is_err() => {
                    asked.question(&entry.key).map(|_| ())
                }
                Written::Table(_) => Err(format!("`{}` is a table; expected an answer", entry.key)),
                Written::Wrong(what) => Err(format!("`{}` is {what}; expected an answer", entry.key)),
            };
            problems.extend(fault.err().map(|why| problem(source, &entry.span, &why)));
        }
        problems.sort_by_key(|one| (one.line, one.column, one.what()));
        if problems.is_empty() { Ok(answered) } else { Err(problems) }
    }

    /// Takes an answer as it was typed; an empty one means unknown.
    ///
    /// # Errors
    /// Why it is invalid, and what is expected.
    pub fn answer(&mut self, asked: AnswerScope, key: &str, typed: &str) -> Result<(), String> {
        let (questionnaire, question) = asked.question(key)?;
        let kept = match typed.trim() {
            "" => None,
            typed => {
                let value = question.read(typed, questionnaire.currency);
                let value = value.map_err(|why| format!("{key}: {why}"))?;
                let answers = [(key.to_owned(), value)].into();
                questionnaire.written(&answers).remove(key)
            }
        };
        match self.answers.insert(key.to_owned(), kept) {
            None => Ok(()),
            Some(_) => Err(format!("{key} has two answers")),
        }
    }

    /// Takes evidence for an answer; an empty text removes it.
    ///
    /// # Errors
    /// Why it is invalid.
    pub fn prove(&mut self, asked: AnswerScope, key: &str, typed: &str) -> Result<(), String> {
        asked.question(key)?;
        let kept = match typed.trim() {
            "" => None,
            typed => Some(text::prose(typed).map_err(|fault| format!("the evidence of {key} {fault}"))?),
        };
        match self.evidence.insert(key.to_owned(), kept) {
            None => Ok(()),
            Some(_) => Err(format!("{key} has evidence twice")),
        }
    }

    /// Returns the questionnaires that these answers are of, in the order of the program.
    pub fn questionnaires<'p>(&self, program: &'p Program) -> Vec<&'p Questionnaire> {
        let touched = |one: &&Questionnaire| {
            let mut keys = self.answers.keys().chain(self.evidence.keys());
            keys.any(|key| one.question(key).is_some())
        };
        program.questionnaires().iter().filter(touched).collect()
    }
}

impl<'p> AnswerScope<'p> {
    fn takes_several(self, key: &str) -> bool {
        self.question(key).is_ok_and(|(_, question)| matches!(question.kind, AnswerKind::MultiChoice(_)))
    }

    fn question(self, key: &str) -> Result<(&'p Questionnaire, &'p Question), String> {
        let found = match self.only {
            Some(only) => only.question(key).map(|question| (only, question)),
            None => self.program.question(key),
        };
        found.ok_or_else(|| {
            let shown: String = key.chars().take(text::NAME_LIMIT).collect();
            let all = match self.only {
                Some(only) => std::slice::from_ref(only),
                None => self.program.questionnaires(),
            };
            let keys = all.iter().flat_map(|one| &one.questions).map(|question| question.key.as_str());
            let of = self.only.map_or_else(String::new, |only| format!(" in `{}`", only.key));
            match (nearest(key, keys).first(), self.program.question(key)) {
                (_, Some((other, _))) => {
                    let why =
                        format!("`{shown}` belongs to questionnaire `{}`, which was not named", other.key);
                    format!("{why}; leave out the questionnaire to record both sides")
                }
                (Some(near), None) => format!("unknown question `{shown}`{of}; did you mean `{near}`?"),
                (None, None) => format!("unknown question `{shown}`{of}; --template lists them"),
            }
        })
    }
}

fn problem(source: &str, span: &Range<usize>, why: &str) -> Problem {
    // The text in backticks is the user's, and may have a semicolon of its own.
    let parts = why.match_indices("; ").find(|(at, _)| why[..*at].matches('`').count().is_multiple_of(2));
    let (what, remedy) = match parts {
        Some((at, sign)) => (&why[..at], &why[at + sign.len()..]),
        None => (why, "correct or remove it; leave out unknown answers"),
    };
    Problem::at(source, span, PlainFault { what: what.to_owned(), remedy: remedy.to_owned() })
}

fn toml_entries(source: &str) -> Result<Vec<WrittenAnswer>, Vec<Problem>> {
    let (document, reader) = located::parse(source);
    if reader.clean() {
        Ok(table_entries(document.get_ref(), Depth::Top))
    } else {
        Err(reader.into_problems())
    }
}

fn table_entries(table: &DeTable, depth: Depth) -> Vec<WrittenAnswer> {
    let entry = |(key, value): (&Spanned<std::borrow::Cow<str>>, &Spanned<DeValue>)| WrittenAnswer {
        key: key.get_ref().to_string(),
        span: value.span(),
        written: match value.get_ref() {
            DeValue::String(text) => Written::Text(text.to_string()),
            DeValue::Integer(number) if number.radix() == 10 => Written::Text(number.as_str().to_owned()),
            DeValue::Integer(_) => Written::Wrong("a number that is not decimal"),
            DeValue::Float(number) => Written::Text(number.as_str().to_owned()),
            DeValue::Boolean(flag) => Written::Text(flag.to_string()),
            DeValue::Datetime(day) => Written::Text(day.to_string()),
            DeValue::Array(items) => {
                let texts = items.iter().map(|item| item.get_ref().as_str().map(str::to_owned));
                texts
                    .collect::<Option<Vec<String>>>()
                    .map_or(Written::Wrong("a list with other values than texts"), Written::List)
            }
            DeValue::Table(table) if depth == Depth::Top => {
                Written::Table(table_entries(table, Depth::Within))
            }
            DeValue::Table(_) => Written::Wrong("a table"),
        },
    };
    table.iter().map(entry).collect()
}

/// The members of a JSON object, in order, including repeated ones.
struct Members<'j>(Vec<(String, &'j RawValue)>);

impl<'j> Deserialize<'j> for Members<'j> {
    fn deserialize<D: Deserializer<'j>>(deserializer: D) -> Result<Self, D::Error> {
        struct All;
        impl<'j> Visitor<'j> for All {
            type Value = Members<'j>;

            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("an object with an answer for each question")
            }

            fn visit_map<A: MapAccess<'j>>(self, mut map: A) -> Result<Members<'j>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(All)
    }
}

fn json_entries(source: &str, span: Range<usize>, depth: Depth) -> Result<Vec<WrittenAnswer>, Vec<Problem>> {
    let within = &source[span.clone()];
    let Members(members) = serde_json::from_str(within).map_err(|error| {
        let (line, column) = (error.line(), error.column().max(1));
        let what = format!("not valid JSON: {error}");
        vec![Problem::on(line, column, PlainFault { what, remedy: "correct the syntax here".to_owned() })]
    })?;
    let mut entries = Vec::new();
    for (key, raw) in members {
        let text = raw.get();
        // The text lies within the source.
        let start = text.as_ptr() as usize - source.as_ptr() as usize;
        let span = start..start + text.len();
        let written = match text.as_bytes().first() {
            Some(b'"') => serde_json::from_str(text).map_or(Written::Wrong("not a text"), Written::Text),
            Some(b'[') => serde_json::from_str(text)
                .map_or(Written::Wrong("a list with other values than texts"), Written::List),
            Some(b'{') if depth == Depth::Top => {
                Written::Table(json_entries(source, span.clone(), Depth::Within)?)
            }
            Some(b'{') => Written::Wrong("a table"),
            Some(b'n') => Written::Unknown,
            _ => Written::Text(text.to_owned()),
        };
        entries.push(WrittenAnswer { key, span, written });
    }
    Ok(entries)
}

/// Returns a commented answers file for these questionnaires, with what is known filled in.
pub fn template(
    heading: &str,
    sheets: &[(&Questionnaire, &crate::lifecycle::criteria::AnswerSheet)],
) -> String {
    let mut text = comment(heading, "# ");
    text.push_str("# Remove the # before each answer you know, and write the answer between the quotes.\n");
    text.push_str(RECORD_ANSWERS);
    let mut evidence = String::new();
    for (questionnaire, sheet) in sheets {
        let written = questionnaire.written(&sheet.answers);
        text.push_str(&format!(
            "\n# {} ({})\n",
            text::visible(&questionnaire.title),
            side_view(questionnaire.side)
        ));
        for question in &questionnaire.questions {
            text.push('\n');
            text.push_str(&asking(questionnaire, question));
            let known = written.get(&question.key).map(String::as_str);
            text.push_str(&line(question, known));
            if let Some(wanted) = &question.evidence {
                let known = sheet.evidence.get(&question.key).map(String::as_str);
                evidence.push_str(&comment(&format!("{}: {wanted}", question.key), "# "));
                evidence.push_str(&assignment(
                    &question.key,
                    &quoted(known.unwrap_or_default()),
                    known.is_some(),
                ));
            }
        }
    }
    if !evidence.is_empty() {
        text.push_str(&format!("\n# Evidence\n[{EVIDENCE}]\n{evidence}"));
    }
    text
}

fn asking(questionnaire: &Questionnaire, question: &Question) -> String {
    let mut text = comment(&question.text, "# ");
    text.push_str(&question.help.as_ref().map_or_else(String::new, |help| comment(help, "#   ")));
    // What the partner is to answer does not say what its answers are worth to us.
    let ours = questionnaire.side == Side::Vendor;
    let share = questionnaire.share(question).filter(|_| ours);
    let share = share.map(|share| format!("weight {} %", tenths(share)));
    let worth = Some(score_rule(&question.kind)).filter(|worth| share.is_some() && !worth.is_empty());
    let worth = worth.map(|worth| format!("score {worth}"));
    let musts = question.musts.iter().filter(|_| ours).map(|must| format!("required: {must}"));
    let musts: Vec<String> = musts.collect();
    let conditions: Vec<String> = question.ask_if.iter().map(|one| format!("asked if {one}")).collect();
    let parts: Vec<String> = [Some(expected_answer(&question.kind, questionnaire.currency)), share, worth]
        .into_iter()
        .flatten()
        .chain(musts)
        .chain(conditions)
        .collect();
    text.push_str(&comment(&parts.join("; "), "#   "));
    text
}

/// Returns the line with the answer, or an empty one after a `#`.
fn line(question: &Question, known: Option<&str>) -> String {
    let bare = matches!(
        question.kind,
        AnswerKind::Scale { .. } | AnswerKind::Number(_) | AnswerKind::Percent(_) | AnswerKind::Money(_)
    );
    let value = match known {
        Some(known) if bare => known.to_owned(),
        known => quoted(known.unwrap_or_default()),
    };
    assignment(&question.key, &value, known.is_some())
}

fn assignment(key: &str, value: &str, known: bool) -> String {
    let mark = if known { "" } else { "#" };
    format!("{mark}{key} = {value}\n")
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// Returns a text as comment lines of a readable width.
fn comment(text: &str, mark: &str) -> String {
    let options = textwrap::Options::new(100).initial_indent(mark).subsequent_indent(mark);
    let lines: Vec<String> = text.lines().map(text::visible).collect();
    lines.iter().map(|line| textwrap::fill(line, &options) + "\n").collect()
}
