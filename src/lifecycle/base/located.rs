//! Reading a TOML document piece by piece, so that all problems are found at once, each with its place.

use std::collections::BTreeSet;
use std::ops::{Range, RangeInclusive};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::lifecycle::base::problem::Problem;
use crate::lifecycle::base::text;
use crate::lifecycle::base::text::TextFault;

/// A value and the bytes of the source that it was read from.
#[derive(Clone, Debug)]
pub(crate) struct Located<T> {
    pub value: T,
    pub span: Range<usize>,
}

/// A name, and the number that it has, where it has one.
pub(crate) struct Numbered {
    pub name: Located<String>,
    pub number: Option<Located<String>>,
}

/// Collects the problems of one document.
pub(crate) struct Reader<'s> {
    source: &'s str,
    problems: Vec<Problem>,
}

/// One table of the document: its values are taken by name, and what nobody took is a problem.
pub(crate) struct Section<'t> {
    table: &'t DeTable<'t>,
    span: Range<usize>,
    title: String,
    known: BTreeSet<&'static str>,
}

type Value<'t> = &'t Spanned<DeValue<'t>>;

/// The document's own tables, and what its syntax has wrong.
pub(crate) fn parse(source: &str) -> (Spanned<DeTable<'_>>, Reader<'_>) {
    let (document, errors) = DeTable::parse_recoverable(source);
    let mut reader = Reader { source, problems: Vec::new() };
    for error in errors {
        let span = error.span().unwrap_or(0..0);
        let word = source.get(span.clone()).unwrap_or_default().trim().to_lowercase();
        let remedy = match word.as_str() {
            "yes" | "no" | "on" | "off" | "true" | "false" => "write true or false",
            _ => "mend the syntax here",
        };
        reader.report(&span, format!("not valid TOML: {}", error.message()), remedy);
    }
    (document, reader)
}

impl Reader<'_> {
    pub(crate) fn report(&mut self, span: &Range<usize>, what: String, remedy: impl Into<String>) {
        self.problems.push(Problem::at(self.source, span, what, remedy.into()));
    }

    pub(crate) fn clean(&self) -> bool {
        self.problems.is_empty()
    }

    /// All problems, in the order of the file.
    pub(crate) fn into_problems(mut self) -> Vec<Problem> {
        self.problems.sort();
        self.problems.dedup();
        self.problems
    }
}

impl<'t> Section<'t> {
    pub(crate) fn new(table: &'t DeTable<'t>, span: Range<usize>, title: impl Into<String>) -> Section<'t> {
        Section { table, span, title: title.into(), known: BTreeSet::new() }
    }

    /// What messages call this section from now on.
    pub(crate) fn rename(&mut self, title: String) {
        self.title = title;
    }

    /// What messages call this section.
    pub(crate) fn title(&self) -> &str {
        &self.title
    }

    pub(crate) fn span(&self) -> &Range<usize> {
        &self.span
    }

    fn take(&mut self, key: &'static str) -> Option<Value<'t>> {
        self.known.insert(key);
        let (_, value) = self.table.iter().find(|(name, _)| name.get_ref() == key)?;
        Some(value)
    }

    /// A text of one line.
    pub(crate) fn text(&mut self, reader: &mut Reader, key: &'static str) -> Option<Located<String>> {
        self.read_text(reader, key, text::name)
    }

    /// A text of any length, which may have several lines.
    pub(crate) fn prose(&mut self, reader: &mut Reader, key: &'static str) -> Option<String> {
        self.read_text(reader, key, text::prose).map(|text| text.value)
    }

    fn read_text(
        &mut self,
        reader: &mut Reader,
        key: &'static str,
        read: fn(&str) -> Result<String, TextFault>,
    ) -> Option<Located<String>> {
        let value = self.take(key)?;
        let span = value.span();
        let Some(found) = value.get_ref().as_str() else {
            self.wrong_type(reader, key, value, "a text in quotes");
            return None;
        };
        match read(found) {
            Ok(clean) => Some(Located { value: clean, span }),
            Err(fault) => {
                let what = format!("{}: {key} {fault}", self.title);
                reader.report(&span, what, format!("write {key} = \"...\""));
                None
            }
        }
    }

    pub(crate) fn required_text(
        &mut self,
        reader: &mut Reader,
        key: &'static str,
    ) -> Option<Located<String>> {
        let present = self.table.iter().any(|(name, _)| name.get_ref() == key);
        let found = self.text(reader, key);
        if !present {
            let what = format!("{} has no {key}", self.title);
            reader.report(&self.span, what, format!("add {key} = \"...\""));
        }
        found
    }

    pub(crate) fn whole(
        &mut self,
        reader: &mut Reader,
        key: &'static str,
        range: RangeInclusive<i64>,
    ) -> Option<Located<i64>> {
        let value = self.take(key)?;
        let expected = format!("a whole number from {} to {}", range.start(), range.end());
        let number = value.get_ref().as_integer();
        let number = number.and_then(|n| i64::from_str_radix(n.as_str(), n.radix()).ok());
        match number.filter(|n| range.contains(n)) {
            Some(number) => Some(Located { value: number, span: value.span() }),
            None => {
                self.wrong_type(reader, key, value, &expected);
                None
            }
        }
    }

    /// A decimal number exactly as it was written: `50000`, `1234.56` or `"1234.56"`.
    pub(crate) fn decimal(&mut self, reader: &mut Reader, key: &'static str) -> Option<Located<String>> {
        let value = self.take(key)?;
        let written = written_number(value);
        if written.is_none() {
            self.wrong_type(reader, key, value, "an amount such as 1234.56");
        }
        written.map(|number| Located { value: number, span: value.span() })
    }

    pub(crate) fn flag(&mut self, reader: &mut Reader, key: &'static str) -> Option<bool> {
        let value = self.take(key)?;
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.wrong_type(reader, key, value, "true or false");
        }
        flag
    }

    pub(crate) fn texts(
        &mut self,
        reader: &mut Reader,
        key: &'static str,
    ) -> Option<Located<Vec<Located<String>>>> {
        let value = self.take(key)?;
        let Some(array) = value.get_ref().as_array() else {
            self.wrong_type(reader, key, value, "a list of texts, [\"...\", \"...\"]");
            return None;
        };
        let mut texts = Vec::new();
        for item in array {
            match item.get_ref().as_str().map(text::name) {
                Some(Ok(clean)) => texts.push(Located { value: clean, span: item.span() }),
                _ => self.wrong_type(reader, key, item, "a text in quotes"),
            }
        }
        Some(Located { value: texts, span: value.span() })
    }

    /// Several texts, or one alone.
    pub(crate) fn texts_or_text(&mut self, reader: &mut Reader, key: &'static str) -> Vec<Located<String>> {
        match self.take(key).is_some_and(|value| value.get_ref().is_array()) {
            true => self.texts(reader, key).map(|texts| texts.value).unwrap_or_default(),
            false => self.text(reader, key).into_iter().collect(),
        }
    }

    /// Names, each with a number as it was written, in the order of the file; or names alone, in a list.
    pub(crate) fn numbered(&mut self, reader: &mut Reader, key: &'static str) -> Option<Vec<Numbered>> {
        let value = self.take(key)?;
        let Some(table) = value.get_ref().as_table() else {
            let texts = self.texts(reader, key)?;
            return Some(texts.value.into_iter().map(|name| Numbered { name, number: None }).collect());
        };
        let mut all = Vec::new();
        for (name, value) in table {
            let number = written_number(value).map(|number| Located { value: number, span: value.span() });
            match (text::name(name.get_ref()), number) {
                (Ok(clean), Some(number)) => {
                    let name = Located { value: clean, span: name.span() };
                    all.push(Numbered { name, number: Some(number) });
                }
                (Err(fault), _) => {
                    let what = format!("{}: a name in {key} {fault}", self.title);
                    reader.report(&name.span(), what, format!("write {key} = {{ good = 100, poor = 0 }}"));
                }
                (Ok(_), None) => self.wrong_type(reader, key, value, "a number"),
            }
        }
        all.sort_by_key(|one| one.name.span.start);
        Some(all)
    }

    /// All names of the section, each with a decimal number as it was written, in the order of the file.
    pub(crate) fn decimals(self, reader: &mut Reader) -> Vec<(Located<String>, Located<String>)> {
        let mut all = Vec::new();
        for (name, value) in self.table {
            let name = Located { value: name.get_ref().to_string(), span: name.span() };
            match written_number(value) {
                Some(number) => all.push((name, Located { value: number, span: value.span() })),
                None => self.wrong_type(reader, &name.value, value, "an amount such as 1234.56"),
            }
        }
        all.sort_by_key(|(name, _)| name.span.start);
        all
    }

    /// The one table `[key]`.
    pub(crate) fn table(&mut self, reader: &mut Reader, key: &'static str) -> Option<Section<'t>> {
        let value = self.take(key)?;
        match value.get_ref().as_table() {
            Some(table) => Some(Section::new(table, value.span(), format!("[{key}]"))),
            None => {
                self.wrong_type(reader, key, value, &format!("a table [{key}]"));
                None
            }
        }
    }

    /// The tables `[[key]]`, in the order of the file.
    pub(crate) fn tables(&mut self, reader: &mut Reader, key: &'static str) -> Vec<Section<'t>> {
        let Some(value) = self.take(key) else {
            return Vec::new();
        };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong_type(reader, key, value, &format!("tables with double brackets, [[{key}]]"));
            return Vec::new();
        };
        let mut sections = Vec::new();
        for (at, item) in array.iter().enumerate() {
            match item.get_ref().as_table() {
                Some(table) => {
                    sections.push(Section::new(table, item.span(), format!("{key} {}", at + 1)));
                }
                None => self.wrong_type(reader, key, item, &format!("a table [[{key}]]")),
            }
        }
        sections
    }

    /// Reports the keys that nobody asked for.
    pub(crate) fn finish(self, reader: &mut Reader) {
        for (name, _) in self.table {
            let found = name.get_ref().as_ref();
            if self.known.contains(found) {
                continue;
            }
            let remedy = match text::nearest(found, self.known.iter().copied()).first() {
                Some(near) => format!("did you mean `{near}`?"),
                None => {
                    let known: Vec<&str> = self.known.iter().copied().collect();
                    format!("remove it; {} may have {}", self.title, text::listed(&known))
                }
            };
            let shown: String = found.chars().take(text::NAME_LIMIT).collect();
            reader.report(&name.span(), format!("{}: unknown key `{shown}`", self.title), remedy);
        }
    }

    fn wrong_type(&self, reader: &mut Reader, key: &str, value: Value, expected: &str) {
        let got = match value.get_ref() {
            DeValue::Integer(number) => format!("`{number}`"),
            other => format!("a {}", other.type_str()),
        };
        let what = format!("{}: {key} is {got}, expected {expected}", self.title);
        reader.report(&value.span(), what, format!("write {expected}"));
    }
}

/// A decimal number exactly as it was written, in quotes or not.
fn written_number(value: Value) -> Option<String> {
    match value.get_ref() {
        DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str().to_owned()),
        DeValue::Float(number) => Some(number.as_str().to_owned()),
        DeValue::String(number) => Some(number.to_string()),
        _ => None,
    }
}
