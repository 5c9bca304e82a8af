//! Markdown, with nothing in a cell that Markdown could take for its own.

use std::io::{self, Write};

use crate::lifecycle::base::text::visible;
use crate::render::people;
use crate::report::sheet::{Audience, Report, Sheet};

pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut blocks = Vec::new();
    if !report.title.is_empty() {
        blocks.push(format!("# {}\n", escaped(&report.title)));
    }
    let facts: Vec<String> = report
        .facts
        .iter()
        .filter(|fact| !fact.heading.is_empty())
        .map(|fact| (fact.heading, people::text(&fact.cell)))
        .filter(|(_, text)| !text.is_empty())
        .map(|(heading, text)| format!("- **{heading}:** {}\n", escaped(&text)))
        .collect();
    if !facts.is_empty() {
        blocks.push(facts.concat());
    }
    for sheet in report.sheets.iter().filter(|sheet| sheet.is_shown()) {
        if !sheet.title.is_empty() {
            blocks.push(format!("## {}\n", escaped(&sheet.title)));
        }
        blocks.push(table(sheet));
        blocks.extend(sheet.notes.iter().map(|note| format!("{}\n", visible(note))));
    }
    // Notes are sentences of ours, with commands in backticks as Markdown has them.
    blocks.extend(report.notes.iter().map(|note| format!("{}\n", visible(note))));
    out.write_all(blocks.join("\n").as_bytes())
}

fn table(sheet: &Sheet) -> String {
    if sheet.rows.is_empty() {
        return format!("{}\n", escaped(&sheet.empty));
    }
    let shown = sheet.columns_for(Audience::People);
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut text = line(shown.iter().map(|at| escaped(&sheet.columns[*at].heading)).collect());
    let ruler = shown.iter().map(|at| {
        let numeric = sheet.rows.iter().any(|row| people::is_number(&row[*at]));
        if numeric { "---:".to_owned() } else { "---".to_owned() }
    });
    text.push_str(&line(ruler.collect()));
    for row in sheet.rows.iter().chain(&sheet.total) {
        text.push_str(&line(shown.iter().map(|at| escaped(&people::text(&row[*at]))).collect()));
    }
    text
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in visible(text).chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '&' | '!' | '~') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}
