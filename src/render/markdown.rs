//! Markdown, with nothing in a cell that Markdown could take for its own.

use std::io::{self, Write};

use crate::lifecycle::base::text::visible;
use crate::render::format::{Look, ReportFormat};
use crate::render::people;
use crate::report::value::{Report, Table};

/// Writes the whole report.
pub(super) struct Markdown;

impl ReportFormat for Markdown {
    fn write(report: &Report, _look: Look, out: &mut dyn Write) -> io::Result<()> {
        let mut blocks = Vec::new();
        if !report.title.is_empty() {
            blocks.push(format!("# {}\n", escaped(&report.title)));
        }
        if !report.headline.is_empty() {
            blocks.push(format!("**{}**\n", escaped(&report.headline)));
        }
        let figures: Vec<String> = report
            .figures
            .iter()
            .filter(|figure| figure.is_shown())
            .map(|figure| (figure.heading, people::text(&figure.cell)))
            .filter(|(_, text)| !text.is_empty())
            .map(|(heading, text)| match heading {
                "" => format!("- {}\n", escaped(&text)),
                heading => format!("- **{heading}:** {}\n", escaped(&text)),
            })
            .collect();
        if !figures.is_empty() {
            blocks.push(figures.concat());
        }
        for table in report.tables.iter().filter(|table| table.is_shown()) {
            if !table.title.is_empty() {
                blocks.push(format!("## {}\n", escaped(&table.title)));
            }
            blocks.push(lines(table));
            blocks.extend(table.notes.iter().map(|note| format!("{}\n", visible(note))));
        }
        // Notes are sentences of ours, with commands in backticks as Markdown has them.
        let sentences = report.notes.iter().chain(&report.caveats).chain(&report.explanation);
        blocks.extend(sentences.map(|sentence| format!("{}\n", visible(sentence))));
        out.write_all(blocks.join("\n").as_bytes())
    }
}

fn lines(table: &Table) -> String {
    if table.is_empty() {
        return format!("{}\n", escaped(&table.empty));
    }
    let columns = table.columns_for_people();
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut text = line(columns.iter().map(|column| escaped(&column.heading)).collect());
    let ruler = |numeric: bool| if numeric { "---:" } else { "---" }.to_owned();
    text.push_str(&line(columns.iter().map(|column| ruler(people::is_numeric(column))).collect()));
    for row in table.rows_and_total(&columns) {
        text.push_str(&line(row.into_iter().map(|cell| escaped(&people::text(cell))).collect()));
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
