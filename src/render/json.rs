//! JSON: one object, `{"schema": ..., figures, "rows": [...]}`, with exact values.

use std::io::{self, Write};

use serde::ser::{Error, SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::lifecycle::base::text::is_hidden;
use crate::render::format::{Look, ReportFormat};
use crate::report::value::{Cell, Column, Report, Table};
use crate::text::steps::command_line;

/// Writes the whole report.
pub(super) struct Json;

impl ReportFormat for Json {
    fn write(report: &Report, _look: Look, out: &mut dyn Write) -> io::Result<()> {
        let text = serde_json::to_string_pretty(&Object(report)).map_err(io::Error::other)?;
        out.write_all(escaped(text).as_bytes())?;
        out.write_all(b"\n")
    }
}

/// Hidden characters can stand in strings only, where `\uXXXX` means the same.
fn escaped(text: String) -> String {
    let hidden = |c: char| c != '\n' && is_hidden(c);
    if !text.chars().any(hidden) {
        return text;
    }
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if hidden(c) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                escaped.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            escaped.push(c);
        }
    }
    escaped
}

struct Object<'r>(&'r Report);

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let report = self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("schema", report.schema)?;
        for figure in report.figures.iter().filter(|figure| figure.is_exported()) {
            map.serialize_entry(figure.key, &Value(&figure.cell))?;
        }
        for table in report.tables.iter().filter(|table| table.is_exported()) {
            map.serialize_entry(table.key, &Rows(table))?;
        }
        if !report.caveats.is_empty() {
            map.serialize_entry("caveats", &report.caveats)?;
        }
        map.end()
    }
}

struct Rows<'r>(&'r Table);

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let table = self.0;
        let columns = table.columns_for_machines();
        let mut rows = serializer.serialize_seq(Some(table.len()))?;
        for cells in table.rows(&columns) {
            rows.serialize_element(&Entry { columns: &columns, cells })?;
        }
        rows.end()
    }
}

struct Entry<'r> {
    columns: &'r [&'r Column],
    cells: Vec<&'r Cell>,
}

impl Serialize for Entry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.columns.len()))?;
        for (column, cell) in self.columns.iter().zip(&self.cells) {
            map.serialize_entry(&column.key, &Value(cell))?;
        }
        map.end()
    }
}

struct Value<'r>(&'r Cell);

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Cell::Missing => serializer.serialize_none(),
            Cell::Text(text) => serializer.serialize_str(text),
            Cell::Number(number) | Cell::Days(number) => serializer.serialize_i64(*number),
            Cell::Decimal(number) | Cell::Score(number) | Cell::Share(number) => {
                serializer.serialize_f64(*number)
            }
            // The exact decimal digits, which a binary fraction could not hold.
            Cell::Money(money) | Cell::ExactMoney(money) => {
                RawValue::from_string(money.to_string()).map_err(S::Error::custom)?.serialize(serializer)
            }
            Cell::Change(change) => Value(change).serialize(serializer),
            Cell::Day(day) => day.serialize(serializer),
            Cell::Flag(flag) => serializer.serialize_bool(*flag),
            Cell::List(items) => items.serialize(serializer),
            Cell::Step(step) => serializer.serialize_str(&command_line(step)),
        }
    }
}
