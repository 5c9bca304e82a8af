//! Reading a TOML document piece by piece, so that all problems are found at once, each with its place.

use std::collections::{BTreeSet, HashMap};
use std::ops::{Range, RangeInclusive};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::lifecycle::base::error::Sentence;
pub(crate) use crate::lifecycle::base::noted::{FormerKey, Located, NotedValue};
use crate::lifecycle::base::problem::Problem;
use crate::lifecycle::base::text;
use crate::lifecycle::base::text::TextFault;

/// A name, and the number that it has, if it has one.
pub(crate) struct Numbered {
    pub name: Located<String>,
    pub number: Option<Located<String>>,
}

/// What is wrong with a table or a value of a document; `section` is what messages call the table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum TomlFault {
    /// The syntax is wrong; `flag` if true or false was to be written.
    Syntax { why: String, flag: bool },
    /// A key is missing.
    Missing { section: String, key: &'static str },
    /// The text of a key is refused.
    Text { section: String, key: &'static str, fault: TextFault },
    /// A text in the list of a key is refused.
    Item { section: String, key: &'static str, fault: TextFault },
    /// A list or a table that has nothing in it.
    Empty { section: String, key: &'static str },
    /// A name in the table of a key is refused.
    Name { section: String, key: &'static str, fault: TextFault },
    /// A value is not of the type that its key takes. A number is quoted; of others, the type is named.
    Type { section: String, key: String, found: FoundType, expected: ExpectedType },
    /// A key that the section cannot have.
    Unknown { section: String, key: String, near: Option<String>, known: Vec<&'static str> },
}

/// What was found in a document.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum FoundType {
    Number(String),
    Other(&'static str),
}

/// What a key takes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum ExpectedType {
    Text,
    Texts,
    TextOrTable,
    TextsAndTables,
    WholeNumber {
        least: i64,
        most: i64,
    },
    Number,
    Amount,
    Flag,
    /// `[key]`.
    Table(&'static str),
    /// `[[key]]`.
    TableOfMany(&'static str),
    /// Several of `[[key]]`, but one of `[key]` was found.
    Tables(&'static str),
}

/// Collects the problems of one document.
pub(crate) struct TomlReader<'s> {
    source: &'s str,
    problems: Vec<Problem>,
    noted: Vec<NotedValue>,
    /// What is said in vain: a problem only of a document that is not in force yet.
    vain: Vec<Problem>,
    /// Where the sections of a noun have their keys.
    places: HashMap<(&'static str, String), Range<usize>>,
    /// The keys that sections had before.
    former: Vec<FormerKey>,
}

/// A text of one line, or a table in its place.
pub(crate) enum TextOrTable<'t> {
    Text(Located<String>),
    Table(Section<'t>),
}

/// One table of the document: its values are taken by name, and what nobody took is a problem.
pub(crate) struct Section<'t> {
    pub(super) table: &'t DeTable<'t>,
    span: Range<usize>,
    title: String,
    known: BTreeSet<&'static str>,
}

type TomlValue<'t> = &'t Spanned<DeValue<'t>>;

/// Reads the syntax of a document: its own tables, and what is wrong.
pub(crate) fn parse(source: &str) -> (Spanned<DeTable<'_>>, TomlReader<'_>) {
    let (document, errors) = DeTable::parse_recoverable(source);
    let mut reader = TomlReader {
        source,
        problems: Vec::new(),
        noted: Vec::new(),
        vain: Vec::new(),
        places: HashMap::new(),
        former: Vec::new(),
    };
    for error in errors {
        let span = error.span().unwrap_or(0..0);
        let word = source.get(span.clone()).unwrap_or_default().trim().to_lowercase();
        let flag = matches!(word.as_str(), "yes" | "no" | "on" | "off" | "true" | "false");
        reader.fault(&span, TomlFault::Syntax { why: error.message().to_owned(), flag });
    }
    (document, reader)
}

impl TomlReader<'_> {
    /// Records what is wrong at a place.
    pub(crate) fn fault(&mut self, span: &Range<usize>, fault: impl Sentence) {
        self.problems.push(Problem::at(self.source, span, fault));
    }

    /// Records what can never be met or means nothing at a place. Documents in force, which earlier versions let pass, keep
    /// it.
    pub(crate) fn vain(&mut self, span: &Range<usize>, fault: impl Sentence) {
        self.vain.push(Problem::at(self.source, span, fault));
    }

    /// Makes a problem of all that is said in vain.
    pub(crate) fn refuse_vain(&mut self) {
        self.problems.append(&mut self.vain);
    }

    /// Keeps in mind where a section has its key.
    pub(crate) fn keep_place(&mut self, noun: &'static str, key: &Located<String>) {
        self.places.insert((noun, key.value.clone()), key.span.clone());
    }

    /// Returns where the section with this key has it; the beginning of the document if that is not known.
    pub(crate) fn place(&self, noun: &'static str, key: &str) -> Range<usize> {
        self.places.get(&(noun, key.to_owned())).cloned().unwrap_or(0..0)
    }

    /// Keeps the key in mind that a section had before.
    pub(crate) fn note_former(&mut self, former: FormerKey) {
        self.former.push(former);
    }

    /// Returns the keys that sections had before.
    pub(crate) fn former(&self) -> &[FormerKey] {
        &self.former
    }

    /// Keeps a value of an attribute in mind, to be checked once the whole document is read.
    pub(crate) fn note(&mut self, value: NotedValue) {
        self.noted.push(value);
    }

    /// Returns the values that are to be checked.
    pub(crate) fn take_noted(&mut self) -> Vec<NotedValue> {
        std::mem::take(&mut self.noted)
    }

    /// Returns whether nothing is wrong so far.
    pub(crate) fn clean(&self) -> bool {
        self.problems.is_empty()
    }

    /// Returns how many problems there are so far.
    pub(crate) fn found(&self) -> usize {
        self.problems.len()
    }

    /// Returns all problems, in the order of the file.
    pub(crate) fn into_problems(mut self) -> Vec<Problem> {
        self.problems.sort_by_key(|one| (one.line, one.column, one.what()));
        self.problems.dedup();
        self.problems
    }
}

impl<'t> Section<'t> {
    /// Makes the section of a table; `title` is what messages call it.
    pub(crate) fn new(table: &'t DeTable<'t>, span: Range<usize>, title: impl Into<String>) -> Section<'t> {
        Section { table, span, title: title.into(), known: BTreeSet::new() }
    }

    /// Changes what messages call this section.
    pub(crate) fn rename(&mut self, title: String) {
        self.title = title;
    }

    /// Returns what messages call this section.
    pub(crate) fn title(&self) -> &str {
        &self.title
    }

    /// Returns whether the section has no key at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// Returns where the section stands.
    pub(crate) fn span(&self) -> &Range<usize> {
        &self.span
    }

    /// Returns whether the section has a key, whatever its value.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.table.iter().any(|(name, _)| name.get_ref() == key)
    }

    fn take(&mut self, key: &'static str) -> Option<TomlValue<'t>> {
        self.known.insert(key);
        let (_, value) = self.table.iter().find(|(name, _)| name.get_ref() == key)?;
        Some(value)
    }

    /// Reads a text of one line.
    pub(crate) fn text(&mut self, reader: &mut TomlReader, key: &'static str) -> Option<Located<String>> {
        self.read_text(reader, key, text::name)
    }

    /// Reads a text of any length, which may have several lines.
    pub(crate) fn prose(&mut self, reader: &mut TomlReader, key: &'static str) -> Option<String> {
        self.read_text(reader, key, text::prose).map(|text| text.value)
    }

    fn read_text(
        &mut self,
        reader: &mut TomlReader,
        key: &'static str,
        read: fn(&str) -> Result<String, TextFault>,
    ) -> Option<Located<String>> {
        let value = self.take(key)?;
        let span = value.span();
        let Some(found) = value.get_ref().as_str() else {
            self.wrong_type(reader, key, value, ExpectedType::Text);
            return None;
        };
        match read(found) {
            Ok(clean) => Some(Located { value: clean, span }),
            Err(fault) => {
                reader.fault(&span, TomlFault::Text { section: self.title.clone(), key, fault });
                None
            }
        }
    }

    /// Reads a text of one line that must be given.
    pub(crate) fn required_text(
        &mut self,
        reader: &mut TomlReader,
        key: &'static str,
    ) -> Option<Located<String>> {
        let present = self.has(key);
        let found = self.text(reader, key);
        if !present {
            reader.fault(&self.span, TomlFault::Missing { section: self.title.clone(), key });
        }
        found
    }

    /// Reads a whole number within a range.
    pub(crate) fn whole(
        &mut self,
        reader: &mut TomlReader,
        key: &'static str,
        range: RangeInclusive<i64>,
    ) -> Option<Located<i64>> {
        let value = self.take(key)?;
        let number = value.get_ref().as_integer();
        let number = number.and_then(|n| i64::from_str_radix(n.as_str(), n.radix()).ok());
        match number.filter(|n| range.contains(n)) {
            Some(number) => Some(Located { value: number, span: value.span() }),
            None => {
                let (least, most) = range.into_inner();
                self.wrong_type(reader, key, value, ExpectedType::WholeNumber { least, most });
                None
            }
        }
    }

    /// Reads a decimal number exactly as it was written: `50000`, `1234.56` or `"1234.56"`.
    pub(crate) fn decimal(&mut self, reader: &mut TomlReader, key: &'static str) -> Option<Located<String>> {
        let value = self.take(key)?;
        let written = written_number(value);
        if written.is_none() {
            self.wrong_type(reader, key, value, ExpectedType::Amount);
        }
        written.map(|number| Located { value: number, span: value.span() })
    }

    /// Reads true or false.
    pub(crate) fn flag(&mut self, reader: &mut TomlReader, key: &'static str) -> Option<bool> {
        let value = self.take(key)?;
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.wrong_type(reader, key, value, ExpectedType::Flag);
        }
        flag
    }

    /// Reads a list of texts.
    pub(crate) fn texts(
        &mut self,
        reader: &mut TomlReader,
        key: &'static str,
    ) -> Option<Located<Vec<Located<String>>>> {
        let value = self.take(key)?;
        let Some(array) = value.get_ref().as_array() else {
            self.wrong_type(reader, key, value, ExpectedType::Texts);
            return None;
        };
        let mut texts = Vec::new();
        for item in array {
            match item.get_ref().as_str().map(text::name) {
                Some(Ok(clean)) => texts.push(Located { value: clean, span: item.span() }),
                Some(Err(fault)) => {
                    let section = self.title.clone();
                    reader.fault(&item.span(), TomlFault::Item { section, key, fault });
                }
                None => self.wrong_type(reader, key, item, ExpectedType::Text),
            }
        }
        Some(Located { value: texts, span: value.span() })
    }

    /// Reads several texts, or one alone; an empty list is said in vain.
    pub(crate) fn texts_or_text(
        &mut self,
        reader: &mut TomlReader,
        key: &'static str,
    ) -> Vec<Located<String>> {
        match self.take(key).map(|value| value.get_ref().as_array().map(|array| array.len())) {
            Some(Some(items)) => {
                if items == 0 {
                    self.refuse_empty(reader, key);
                }
                self.texts(reader, key).map(|texts| texts.value).unwrap_or_default()
            }
            _ => self.text(reader, key).into_iter().collect(),
        }
    }

    /// Reports a list or a table of a key that has nothing in it.
    fn refuse_empty(&self, reader: &mut TomlReader, key: &'static str) {
        let found = self.table.iter().find(|(name, _)| name.get_ref() == key);
        if let Some((_, value)) = found {
            reader.vain(&value.span(), TomlFault::Empty { section: self.title.clone(), key });
        }
    }

    /// Reads a text of one line, or a table in its place.
    pub(crate) fn text_or_table(
        &mut self,
        reader: &mut TomlReader,
        key: &'static str,
    ) -> Option<TextOrTable<'t>> {
        let value = self.take(key)?;
        self.read_text_or_table(reader, key, value)
    }

    /// Reads a list of texts of one line and of tables; none if one of them is neither, which is reported.
    pub(crate) fn texts_and_tables(
        &mut self,
        reader: &mut TomlReader,
        key: &'static str,
    ) -> Option<Located<Vec<TextOrTable<'t>>>> {
        let value = self.take(key)?;
        let Some(array) = value.get_ref().as_array() else {
            self.wrong_type(reader, key, value, ExpectedType::TextsAndTables);
            return None;
        };
        let read: Vec<Option<TextOrTable>> =
            array.iter().map(|item| self.read_text_or_table(reader, key, item)).collect();
        Some(Located { value: read.into_iter().collect::<Option<Vec<TextOrTable>>>()?, span: value.span() })
    }

    fn read_text_or_table(
        &self,
        reader: &mut TomlReader,
        key: &'static str,
        value: TomlValue<'t>,
    ) -> Option<TextOrTable<'t>> {
        let span = value.span();
        match value.get_ref() {
            DeValue::Table(table) => Some(TextOrTable::Table(Section::new(table, span, self.title.clone()))),
            DeValue::String(found) => match text::name(found) {
                Ok(clean) => Some(TextOrTable::Text(Located { value: clean, span })),
                Err(fault) => {
                    reader.fault(&span, TomlFault::Text { section: self.title.clone(), key, fault });
                    None
                }
            },
            _ => {
                self.wrong_type(reader, key, value, ExpectedType::TextOrTable);
                None
            }
        }
    }

    /// Reads names, each with a number as it was written, in the order of the file; or names alone, in a list.
    pub(crate) fn numbered(&mut self, reader: &mut TomlReader, key: &'static str) -> Option<Vec<Numbered>> {
        let value = self.take(key)?;
        let Some(table) = value.get_ref().as_table() else {
            let texts = self.texts(reader, key)?;
            if texts.value.is_empty() && value.get_ref().as_array().is_some_and(|array| array.is_empty()) {
                self.refuse_empty(reader, key);
            }
            return Some(texts.value.into_iter().map(|name| Numbered { name, number: None }).collect());
        };
        if table.is_empty() {
            self.refuse_empty(reader, key);
        }
        let mut all = Vec::new();
        for (name, value) in table {
            let number = written_number(value).map(|number| Located { value: number, span: value.span() });
            match (text::name(name.get_ref()), number) {
                (Ok(clean), Some(number)) => {
                    let name = Located { value: clean, span: name.span() };
                    all.push(Numbered { name, number: Some(number) });
                }
                (Err(fault), _) => {
                    let section = self.title.clone();
                    reader.fault(&name.span(), TomlFault::Name { section, key, fault });
                }
                (Ok(_), None) => self.wrong_type(reader, key, value, ExpectedType::Number),
            }
        }
        all.sort_by_key(|one| one.name.span.start);
        Some(all)
    }

    /// Reads all names of the section, each with a decimal number as it was written, in the order of the file.
    pub(crate) fn decimals(self, reader: &mut TomlReader) -> Vec<(Located<String>, Located<String>)> {
        let mut all = Vec::new();
        for (name, value) in self.table {
            let name = Located { value: name.get_ref().to_string(), span: name.span() };
            match written_number(value) {
                Some(number) => all.push((name, Located { value: number, span: value.span() })),
                None => self.wrong_type(reader, &name.value, value, ExpectedType::Amount),
            }
        }
        all.sort_by_key(|(name, _)| name.span.start);
        all
    }

    /// Reads the one table `[key]`.
    pub(crate) fn table(&mut self, reader: &mut TomlReader, key: &'static str) -> Option<Section<'t>> {
        let value = self.take(key)?;
        match value.get_ref().as_table() {
            Some(table) => {
                if table.is_empty() {
                    self.refuse_empty(reader, key);
                }
                Some(Section::new(table, value.span(), format!("[{key}]")))
            }
            None => {
                self.wrong_type(reader, key, value, ExpectedType::Table(key));
                None
            }
        }
    }

    /// Reads the tables `[[key]]`, in the order of the file.
    pub(crate) fn tables(&mut self, reader: &mut TomlReader, key: &'static str) -> Vec<Section<'t>> {
        let Some(value) = self.take(key) else {
            return Vec::new();
        };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong_type(reader, key, value, ExpectedType::Tables(key));
            return Vec::new();
        };
        let mut sections = Vec::new();
        for (at, item) in array.iter().enumerate() {
            match item.get_ref().as_table() {
                Some(table) => {
                    sections.push(Section::new(table, item.span(), format!("{key} {}", at + 1)));
                }
                None => self.wrong_type(reader, key, item, ExpectedType::TableOfMany(key)),
            }
        }
        sections
    }

    /// Reports the keys that were not read.
    pub(crate) fn finish(self, reader: &mut TomlReader) {
        for (name, _) in self.table {
            let found = name.get_ref().as_ref();
            if self.known.contains(found) {
                continue;
            }
            let near =
                text::nearest(found, self.known.iter().copied()).first().map(|near| (*near).to_owned());
            let fault = TomlFault::Unknown {
                section: self.title.clone(),
                key: found.chars().take(text::NAME_LIMIT).collect(),
                near,
                known: self.known.iter().copied().collect(),
            };
            reader.fault(&name.span(), fault);
        }
    }

    /// Reports a value of another type than is expected.
    pub(super) fn wrong_type(
        &self,
        reader: &mut TomlReader,
        key: &str,
        value: TomlValue,
        expected: ExpectedType,
    ) {
        let found = match value.get_ref() {
            DeValue::Integer(number) => FoundType::Number(number.to_string()),
            other => FoundType::Other(other.type_str()),
        };
        let (section, key) = (self.title.clone(), key.to_owned());
        reader.fault(&value.span(), TomlFault::Type { section, key, found, expected });
    }
}

impl TextOrTable<'_> {
    /// Returns where it stands.
    pub(crate) fn span(&self) -> Range<usize> {
        match self {
            TextOrTable::Text(text) => text.span.clone(),
            TextOrTable::Table(section) => section.span().clone(),
        }
    }
}

/// Returns a decimal number exactly as it was written, in quotes or not.
pub(super) fn written_number(value: TomlValue) -> Option<String> {
    match value.get_ref() {
        DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str().to_owned()),
        DeValue::Float(number) => Some(number.as_str().to_owned()),
        DeValue::String(number) => Some(number.to_string()),
        _ => None,
    }
}
