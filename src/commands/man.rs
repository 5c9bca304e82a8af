//! `man`: the manual pages, written from the grammar of the command line and from the help topics.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};
use clap_mangen::roff::{Roff, bold, roman};

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::lifecycle::base::error::Error;
use crate::text::help::{TOPICS, Topic};

/// Print the manual page, or write the pages of all verbs and topics to a folder
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chanlife man | man -l -
  chanlife man --dir ~/.local/share/man/man1")]
pub struct ManArgs {
    /// Folder to write all pages into, created if missing; next to a folder man1, topics go into man7
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    dir: Option<PathBuf>,
}

/// Topics that every page ends with, and the headings that manual pages have for them.
const ON_EVERY_PAGE: [(&str, &str); 3] =
    [("ENVIRONMENT", "environment"), ("EXIT STATUS", "exit-codes"), ("FILES", "files")];

impl ManArgs {
    /// Writes the pages.
    pub fn run(self, context: &Context, grammar: clap::Command) -> anyhow::Result<Exit> {
        // A manual has a synopsis of its own; the short help would appear twice.
        let mut grammar = grammar.disable_help_flag(true);
        grammar.build();
        let Some(dir) = self.dir else {
            context.print(|out| verb_page(&grammar, out))?;
            return Ok(Exit::Done);
        };
        let cannot = |error| Error::usage(format!("--dir: `{}` cannot be written: {error}", dir.display()));
        write_pages(&grammar, &dir).map_err(cannot)?;
        context.say(&format!("Wrote the manual pages to {}", dir.display()));
        if let Some(above) = folder_of_man1(&dir) {
            context.say(&format!("next: `man -M {} chanlife`", above.display()));
        }
        Ok(Exit::Done)
    }
}

/// Returns the folder above, if this one is `man1`.
fn folder_of_man1(dir: &Path) -> Option<&Path> {
    let above = dir.parent().filter(|_| dir.file_name() == Some(OsStr::new("man1")))?;
    Some(if above.as_os_str().is_empty() { Path::new(".") } else { above })
}

fn write_pages(grammar: &clap::Command, dir: &Path) -> io::Result<()> {
    fs::create_dir_all(dir)?;
    write_verb_pages(grammar, dir)?;
    let topics = folder_of_man1(dir).map_or_else(|| dir.to_owned(), |above| above.join("man7"));
    fs::create_dir_all(&topics)?;
    for topic in TOPICS {
        let mut page = Vec::new();
        topic_page(topic, &mut page)?;
        fs::write(topics.join(format!("chanlife-{}.7", topic.name)), page)?;
    }
    Ok(())
}

fn write_verb_pages(command: &clap::Command, dir: &Path) -> io::Result<()> {
    for verb in command.get_subcommands() {
        write_verb_pages(verb, dir)?;
    }
    let mut page = Vec::new();
    verb_page(command, &mut page)?;
    let name = command.get_display_name().unwrap_or_else(|| command.get_name());
    fs::write(dir.join(format!("{name}.1")), page)
}

fn verb_page(command: &clap::Command, out: &mut dyn io::Write) -> io::Result<()> {
    let man = clap_mangen::Man::new(command.clone());
    man.render_title(out)?;
    man.render_name_section(out)?;
    man.render_synopsis_section(out)?;
    man.render_description_section(out)?;
    man.render_options_section(out)?;
    if command.has_subcommands() {
        man.render_subcommands_section(out)?;
    }
    let mut roff = Roff::new();
    let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let at = help.find("Example").unwrap_or(help.len());
    let (notes, examples) = help.split_at(at);
    if !notes.is_empty() {
        section(&mut roff, "NOTES", notes);
    }
    if let Some((_, examples)) = examples.split_once(":\n") {
        section(&mut roff, "EXAMPLES", examples);
    }
    for (heading, name) in ON_EVERY_PAGE {
        for topic in TOPICS.iter().filter(|topic| topic.name == name) {
            section(&mut roff, heading, &beginning(body(topic.text)));
        }
    }
    roff.control("SH", ["SEE ALSO"]);
    let pages = TOPICS.map(|topic| format!("chanlife-{}(7)", topic.name)).join(", ");
    roff.text([roman(format!("chanlife(1), {pages}"))]);
    roff.to_writer(out)
}

fn topic_page(topic: Topic, out: &mut dyn io::Write) -> io::Result<()> {
    let mut roff = Roff::new();
    let name = format!("chanlife-{}", topic.name);
    roff.control("TH", [name.as_str(), "7", "", concat!("chanlife ", env!("CARGO_PKG_VERSION"))]);
    roff.control("SH", ["NAME"]);
    roff.text([roman(format!("{name} - {}", topic.about))]);
    section(&mut roff, "DESCRIPTION", body(topic.text));
    roff.control("SH", ["SEE ALSO"]);
    roff.text([roman("chanlife(1)")]);
    roff.to_writer(out)
}

/// Returns a topic without its title.
fn body(text: &str) -> &str {
    text.split_once("\n\n").map_or(text, |(_, body)| body)
}

/// Returns a text up to its second heading; the page of the topic has the rest.
fn beginning(text: &str) -> String {
    let mut headings = 0;
    let blocks = text.split("\n\n").take_while(|block| {
        headings += usize::from(is_heading(block));
        headings < 2
    });
    blocks.collect::<Vec<&str>>().join("\n\n")
}

fn is_heading(block: &str) -> bool {
    !block.starts_with([' ', '-']) && !block.trim_end().ends_with(['.', ':'])
}

/// Writes a text as a section: headings, paragraphs, and indented text unchanged.
fn section(roff: &mut Roff, heading: &str, text: &str) {
    roff.control("SH", [heading]);
    for block in text.split("\n\n").map(|block| block.trim_matches('\n')).filter(|block| !block.is_empty()) {
        if block.starts_with([' ', '-']) {
            roff.control("PP", []);
            roff.control("nf", []);
            for line in block.lines() {
                roff.text([roman(line)]);
            }
            roff.control("fi", []);
        } else {
            roff.control("PP", []);
            let line = block.replace('\n', " ");
            roff.text([if is_heading(block) { bold(line) } else { roman(line) }]);
        }
    }
}
