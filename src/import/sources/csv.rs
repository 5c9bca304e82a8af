//! Reading a CSV file by the names of its columns, whatever the source calls them.

use std::io::Read;

use csv::{ReaderBuilder, StringRecord};

use crate::import::sources::strict::{Malformed, Strict};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::period::Calendar;
use crate::lifecycle::base::text::{self, counted, listed};

/// The columns of a file, each under the field that it is mapped to.
#[derive(Clone, Debug)]
pub(crate) struct Columns {
    headers: Vec<String>,
    /// Field names with the place of their column.
    places: Vec<(String, usize)>,
}

/// A row: its line, and its cells.
pub struct SourceRow<'r> {
    pub line: u64,
    columns: &'r Columns,
    record: &'r StringRecord,
}

/// Which fields an import knows.
#[derive(Clone, Default, Debug)]
pub(crate) struct Fields<'f> {
    pub required: Vec<&'f str>,
    pub optional: Vec<&'f str>,
    /// Columns that are used under their own header, such as the one `--observed-from` names.
    pub headers: Vec<&'f str>,
    /// Headers that are mapped to a field by default.
    pub synonyms: Vec<(&'f str, &'f str)>,
}

/// A CSV file whose header was understood.
pub(crate) struct SourceTable<R> {
    reader: csv::Reader<Strict<R>>,
    pub columns: Columns,
}

impl<R: Read> SourceTable<R> {
    /// Reads the header of `input`.
    ///
    /// # Errors
    /// [`Error`] for a file that cannot be read as CSV, or lacks a required column.
    pub(crate) fn open(
        input: R,
        delimiter: u8,
        mapping: &[(String, String)],
        fields: &Fields,
    ) -> anyhow::Result<SourceTable<R>> {
        let mut reader = reader(input, delimiter);
        let headers = reader.headers().map_err(fault)?.clone();
        check_delimiter(&headers)?;
        let columns = Columns::find(&headers, mapping, fields)?;
        Ok(SourceTable { reader, columns })
    }

    /// Hands over each row.
    ///
    /// # Errors
    /// [`Error`] if the file is malformed further down, and those of `take`.
    pub(crate) fn each(
        mut self,
        mut take: impl FnMut(SourceRow) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let mut record = StringRecord::new();
        loop {
            let before = self.reader.position().line();
            if !self.reader.read_record(&mut record).map_err(fault)? {
                return Ok(());
            }
            let one_line = self.reader.position().line() == before + 1;
            let line = if one_line { before } else { line_of(&self.reader, &record) };
            take(SourceRow { line, columns: &self.columns, record: &record })?;
        }
    }
}

/// Refuses a header that seems to have another delimiter, or that a spreadsheet put a line with its delimiter before.
fn check_delimiter(headers: &StringRecord) -> Result<(), Error> {
    let first = headers.get(0).unwrap_or_default();
    let add = |delimiter: &str| format!("add --delimiter '{delimiter}'");
    if let Some(delimiter) = first.strip_prefix("sep=") {
        let why = "line 1: `sep=` stands where the header is expected";
        let delimiter = if delimiter.is_empty() { ";" } else { delimiter };
        return Err(Error::input(why).hint(format!("delete this line, and {}", add(delimiter))));
    }
    let others = [(';', ";", "semicolons"), ('\t', "\\t", "tabs"), ('|', "|", "bars")];
    match others.iter().find(|(character, ..)| headers.len() == 1 && first.contains(*character)) {
        Some((_, delimiter, noun)) => {
            let why = format!("line 1: the header has one column; the file seems to be separated by {noun}");
            Err(Error::input(why).hint(add(delimiter)))
        }
        None => Ok(()),
    }
}

/// Makes a reader of CSV as imports understand it.
pub(crate) fn reader<R: Read>(input: R, delimiter: u8) -> csv::Reader<Strict<R>> {
    ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(Strict::new(input, delimiter))
}

/// Returns the line in which the row begins that was read last.
pub(crate) fn line_of<R: Read>(reader: &csv::Reader<Strict<R>>, record: &StringRecord) -> u64 {
    // The reader is after the row, which has as many lines as its cells, and one.
    let within = record.iter().map(|cell| cell.matches('\n').count() as u64).sum::<u64>();
    reader.position().line().saturating_sub(1 + within)
}

/// A fault of the file as a whole.
fn fault(error: csv::Error) -> anyhow::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => match error.downcast::<Malformed>() {
            Ok(malformed) => Error::input(malformed.to_string()).hint(malformed.remedy).into(),
            Err(error) => Error::input(format!("the file cannot be read: {error}")).into(),
        },
        csv::ErrorKind::Utf8 { pos, .. } => {
            let line = pos.map_or(1, |pos| pos.line());
            Error::input(format!("line {line}: the text is not UTF-8")).hint("save the file as UTF-8").into()
        }
        other => Error::input(format!("the file cannot be read as CSV: {other:?}")).into(),
    }
}

impl Columns {
    fn find(headers: &StringRecord, mapping: &[(String, String)], fields: &Fields) -> Result<Columns, Error> {
        let headers: Vec<String> = headers.iter().map(|header| header.trim().to_owned()).collect();
        if headers.iter().all(String::is_empty) {
            return Err(Error::input("line 1: the header is missing")
                .hint("write the column names in the first line"));
        }
        let known: Vec<&str> = fields.required.iter().chain(&fields.optional).copied().collect();
        let mut places: Vec<(String, usize)> = Vec::new();
        for (header, field) in mapping {
            if !known.contains(&field.as_str()) {
                let why = format!("--map {header}={field}: unknown field `{field}`");
                return Err(Error::usage(why).hint(format!("the fields are {}", listed(&known))));
            }
            let Some(at) = headers.iter().position(|one| one == header) else {
                let why = format!("--map {header}={field}: unknown column `{header}`");
                return Err(Error::input(why).hint(format!("the columns are {}", listed(&headers))));
            };
            places.push((field.clone(), at));
        }
        for (at, header) in headers.iter().enumerate() {
            let name = header.to_lowercase().replace([' ', '_'], "-");
            let mapped = places.iter().any(|(_, place)| *place == at);
            let synonym = fields.synonyms.iter().find(|(theirs, _)| theirs.to_lowercase() == name);
            let name = synonym.map_or(name.as_str(), |(_, field)| field);
            let field = known.iter().find(|field| field.replace('_', "-") == name);
            if let Some(field) = field.filter(|_| !mapped)
                && !mapping.iter().any(|(_, target)| target == field)
            {
                places.push(((*field).to_owned(), at));
            }
        }
        for header in &fields.headers {
            places.push((format!("={header}"), only_place(&headers, header)?));
        }
        let columns = Columns { headers, places };
        columns.check(&fields.required)?;
        Ok(columns)
    }

    fn check(&self, required: &[&str]) -> Result<(), Error> {
        for (field, _) in &self.places {
            let count = self.places.iter().filter(|(other, _)| other == field).count();
            if count > 1 {
                let why = format!("line 1: {count} columns are mapped to {field}");
                return Err(Error::input(why).hint(format!("choose one with --map \"HEADER={field}\"")));
            }
        }
        for field in required {
            if !self.has(field) {
                let why = format!("line 1: no column for {field}");
                return Err(Error::input(why)
                    .hint(self.listed())
                    .hint(format!("map one with --map \"HEADER={field}\"")));
            }
        }
        Ok(())
    }

    /// Returns which columns the file has, in a sentence.
    pub(crate) fn listed(&self) -> String {
        format!("the columns are {}", listed(&self.headers))
    }

    /// Returns whether the file has a column for a field.
    pub(crate) fn has(&self, field: &str) -> bool {
        self.place(field).is_some()
    }

    /// Returns the place of a field's column.
    pub(crate) fn place(&self, field: &str) -> Option<usize> {
        self.places.iter().find(|(known, _)| known == field).map(|(_, at)| *at)
    }

    /// Returns the columns of rows that have the cells of [`SourceRow::used_cells`] alone.
    pub(crate) fn used(&self) -> Columns {
        let fields = self.places.iter().map(|(field, _)| field.clone());
        Columns {
            headers: fields.clone().collect(),
            places: fields.enumerate().map(|(at, field)| (field, at)).collect(),
        }
    }

    /// Returns the headers of columns that are not used.
    pub(crate) fn unused(&self) -> Vec<&str> {
        let used = |at: usize| self.places.iter().any(|(_, place)| *place == at);
        let unused = self.headers.iter().enumerate().filter(|(at, _)| !used(*at));
        unused.map(|(_, header)| header.as_str()).collect()
    }
}

/// The place of the one column with this header.
fn only_place(headers: &[String], header: &str) -> Result<usize, Error> {
    let found: Vec<usize> = (0..headers.len()).filter(|at| headers[*at] == *header).collect();
    match found[..] {
        [at] => Ok(at),
        [] => Err(Error::input(format!("--observed-from: `{header}` is neither a date nor a column"))
            .hint("write a date as 2026-11-23")
            .hint(format!("the columns are {}", listed(headers)))),
        _ => {
            let why = format!("line 1: {} columns are called `{header}`", found.len());
            Err(Error::input(why).hint("rename one of them"))
        }
    }
}

impl<'r> SourceRow<'r> {
    /// Returns the row with these cells.
    pub(crate) fn new(line: u64, columns: &'r Columns, record: &'r StringRecord) -> SourceRow<'r> {
        SourceRow { line, columns, record }
    }

    /// Returns the cells that stand for a field, unchanged.
    pub(crate) fn used_cells(&self) -> impl Iterator<Item = &str> {
        self.columns.places.iter().map(|(_, at)| self.record.get(*at).unwrap_or_default())
    }

    /// Returns the cell of a field, unchanged; nothing if there is no such column.
    pub fn exact(&self, field: &str) -> Option<&str> {
        self.exact_at(self.columns.place(field))
    }

    /// Returns the cell at a place, unchanged.
    pub fn exact_at(&self, place: Option<usize>) -> Option<&str> {
        self.record.get(place?)
    }

    /// Returns the cell at a place without blanks around it; nothing if it is empty.
    pub fn at(&self, place: Option<usize>) -> Option<&str> {
        self.exact_at(place).map(str::trim).filter(|text| !text.is_empty())
    }

    /// Returns the cell of a field without blanks around it; nothing if it is empty.
    pub fn get(&self, field: &str) -> Option<&str> {
        self.at(self.columns.place(field))
    }

    /// Returns the partner that the row names, unchanged; empty if it names none.
    pub fn partner(&self) -> &str {
        ["partner", "key", "name"].iter().find_map(|field| self.get(field)).unwrap_or_default()
    }

    /// Returns the day in the cell of a field, which must not be in the future, and its order within the day.
    ///
    /// # Errors
    /// Says that the cell is not a date, or that it is in the future.
    pub fn past_day(&self, field: &str, today: Day) -> Result<(Day, i64), String> {
        SourceRow::past_stamp(field, self.exact(field).unwrap_or_default(), today)
    }

    /// Returns the day of a time stamp, which must not be in the future, and its order within the day.
    ///
    /// # Errors
    /// Those of [`SourceRow::past_day`].
    pub fn past_stamp(field: &str, text: &str, today: Day) -> Result<(Day, i64), String> {
        let shown: String = text.chars().take(40).collect();
        let (day, moment) = Day::parse_stamp(text)
            .ok_or_else(|| format!("{field} is `{shown}`, expected a date such as 2026-11-23"))?;
        if day > today {
            return Err(format!("{field} is {day}, which is in the future"));
        }
        Ok((day, moment))
    }

    /// Returns the text of one line in the cell of a field.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn name(&self, field: &str) -> Result<Option<String>, String> {
        self.get(field).map(text::name).transpose().map_err(|fault| format!("{field} {fault}"))
    }

    /// Returns the text in the cell of a field, which may have several lines.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn prose(&self, field: &str) -> Result<Option<String>, String> {
        self.get(field).map(text::prose).transpose().map_err(|fault| format!("{field} {fault}"))
    }

    /// Returns the day in the cell of a field.
    ///
    /// # Errors
    /// Says that the cell is not a date.
    pub fn day(&self, field: &str) -> Result<Option<Day>, String> {
        let read = |text: &str| {
            let stamp = Day::parse_stamp(text).map(|(day, _)| day);
            stamp.ok_or_else(|| format!("{field} is `{text}`, expected a date such as 2026-11-23"))
        };
        self.get(field).map(read).transpose()
    }

    /// Returns the day in the cell of a field by which something is to be done; a period names its last day.
    ///
    /// # Errors
    /// Says that the cell is neither a date nor a period.
    pub fn deadline(&self, field: &str, calendar: Calendar) -> Result<Option<Day>, String> {
        let read = |text: &str| {
            calendar.parse_deadline(text).ok_or_else(|| {
                format!(
                    "{field} is `{text}`, expected a date such as 2026-11-23, or a period such as 2026-W48"
                )
            })
        };
        self.get(field).map(read).transpose()
    }

    /// Returns the day in the cell of a field, which must not be in the future.
    ///
    /// # Errors
    /// Says that the cell is not a date, or that it is in the future.
    pub fn day_so_far(&self, field: &str, today: Day) -> Result<Option<Day>, String> {
        match self.day(field)? {
            Some(day) if day > today => Err(format!("{field} is {day}, which is in the future")),
            other => Ok(other),
        }
    }

    /// Checks that the row has as many cells as there are headers.
    ///
    /// # Errors
    /// Says how many it has.
    pub fn check_length(&self) -> Result<(), String> {
        match (self.record.len(), self.columns.headers.len()) {
            (found, expected) if found == expected => Ok(()),
            (found, expected) => {
                Err(format!("has {}, but the header has {expected}", counted(found, "field")))
            }
        }
    }
}
