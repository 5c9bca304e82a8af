//! The words of what is wrong with days, periods, amounts, texts and files that a user wrote.

use std::fmt;

use crate::lifecycle::base::day::{Day, DayFault};
use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::Hint;
use crate::lifecycle::base::located::{ExpectedType, FoundType, TomlFault};
use crate::lifecycle::base::money::MoneyFault;
use crate::lifecycle::base::period::PeriodFault;
use crate::lifecycle::base::problem::PlainFault;
use crate::lifecycle::base::text::{TextFault, listed};

const DAY_EXAMPLES: &str = "type it as 2026-11-23, today, yesterday, 3d, 2w, 3m, a weekday such as monday, or the end of a month, quarter, \
     half-year or year: eom, eoq, eoh, eoy";

impl Sentence for DayFault {
    fn sentence(&self) -> String {
        match self {
            DayFault::NotADay { text } => format!("`{text}` is not a date; {DAY_EXAMPLES}"),
            DayFault::NotInCalendar { text } => {
                format!("`{text}` is not a day of the calendar; {DAY_EXAMPLES}")
            }
            DayFault::OutOfRange { text } => {
                format!("`{text}` is not between {} and {}", Day::FIRST, Day::LAST)
            }
        }
    }
}

impl Sentence for PeriodFault {
    fn sentence(&self) -> String {
        let text = &self.text;
        format!(
            "`{text}` is not a period; type a year (2026), half-year (2026-H1), quarter (2026-Q3), month (2026-10), week \
             (2026-W48) or days (2026-10-01..2026-10-15)"
        )
    }
}

impl Sentence for MoneyFault {
    fn sentence(&self) -> String {
        match self {
            MoneyFault::NotAnAmount { text, currency } => {
                let example = currency.money(123_456);
                format!("`{text}` is not an amount in {}; type it as {example}", currency.code())
            }
            MoneyFault::TooLarge { text, currency } => {
                let largest = currency.money(i128::from(i64::MAX));
                format!("`{text}` is too large; the largest amount is {largest}")
            }
        }
    }
}

/// Says what is wrong with a text, behind what it is the text of: "the note is empty".
impl Sentence for TextFault {
    fn sentence(&self) -> String {
        match self {
            TextFault::Empty => "is empty".to_owned(),
            TextFault::TooLong { limit, length } => {
                format!("has {length} characters; the limit is {limit}")
            }
            TextFault::Hidden { character, position } => format!(
                "has the invisible or control character U+{:04X} at position {position}; remove it",
                u32::from(*character)
            ),
        }
    }
}

macro_rules! shown_as_sentence {
    ($($fault:ty),*) => {
        $(impl fmt::Display for $fault {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.sentence())
            }
        }

        impl From<$fault> for String {
            fn from(fault: $fault) -> String {
                fault.sentence()
            }
        })*
    };
}

shown_as_sentence!(DayFault, PeriodFault, MoneyFault, TextFault);

impl Sentence for PlainFault {
    fn sentence(&self) -> String {
        self.what.clone()
    }

    fn hints(&self) -> Vec<Hint> {
        vec![self.remedy.clone().into()]
    }
}

impl Sentence for TomlFault {
    fn sentence(&self) -> String {
        match self {
            TomlFault::Syntax { why, .. } => format!("not valid TOML: {why}"),
            TomlFault::Missing { section, key } => format!("{section} has no {key}"),
            TomlFault::Text { section, key, fault } => format!("{section}: {key} {fault}"),
            TomlFault::Item { section, key, fault } => format!("{section}: a text in {key} {fault}"),
            TomlFault::Empty { section, key } => format!("{section}: {key} is empty"),
            TomlFault::Name { section, key, fault } => format!("{section}: a name in {key} {fault}"),
            TomlFault::Type { section, key, found, expected } => {
                let found = match found {
                    FoundType::Number(number) => format!("`{number}`"),
                    FoundType::Other(kind) if kind.starts_with(['a', 'i']) => format!("an {kind}"),
                    FoundType::Other(kind) => format!("a {kind}"),
                };
                format!("{section}: {key} is {found}, expected {}", expected_words(expected))
            }
            TomlFault::Unknown { section, key, .. } => format!("{section}: unknown key `{key}`"),
        }
    }

    fn hints(&self) -> Vec<Hint> {
        let remedy = match self {
            TomlFault::Syntax { flag: true, .. } => "write true or false".to_owned(),
            TomlFault::Syntax { flag: false, .. } => "correct the syntax here".to_owned(),
            TomlFault::Missing { key, .. } => format!("add {key} = \"...\""),
            TomlFault::Text { key, .. } => format!("write {key} = \"...\""),
            TomlFault::Item { key, .. } => format!("write {key} = [\"...\", \"...\"]"),
            TomlFault::Empty { key, .. } => format!("fill it, or remove {key}"),
            TomlFault::Name { key, .. } => format!("write {key} = {{ good = 100, poor = 0 }}"),
            TomlFault::Type { expected, .. } => format!("write {}", expected_words(expected)),
            TomlFault::Unknown { near: Some(near), .. } => format!("did you mean `{near}`?"),
            TomlFault::Unknown { section, known, .. } => {
                format!("remove it; {section} can have {}", listed(known))
            }
        };
        vec![remedy.into()]
    }
}

fn expected_words(expected: &ExpectedType) -> String {
    match expected {
        ExpectedType::Text => "text in quotes".to_owned(),
        ExpectedType::Texts => "a list of texts, [\"...\", \"...\"]".to_owned(),
        ExpectedType::TextOrTable => "text in quotes, or { any = [...] } or { all = [...] }".to_owned(),
        ExpectedType::TextsAndTables => "a list, [\"...\", \"...\"]".to_owned(),
        ExpectedType::WholeNumber { least, most } => format!("a whole number from {least} to {most}"),
        ExpectedType::Number => "a number".to_owned(),
        ExpectedType::Amount => "an amount such as 1234.56".to_owned(),
        ExpectedType::Flag => "true or false".to_owned(),
        ExpectedType::Table(key) => format!("a table [{key}]"),
        ExpectedType::TableOfMany(key) => format!("a table [[{key}]]"),
        ExpectedType::Tables(key) => format!("tables with double brackets, [[{key}]]"),
    }
}
