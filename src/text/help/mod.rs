//! The help topics: what many verbs share, for `chanlife help TOPIC` and for the manual pages.
//!
//! This room holds plain text and must not know any other. A topic is a file: a title, a blank line, then headings
//! and paragraphs from the first column and examples two columns in, at most 78 columns wide. To add one: write
//! `TOPIC.txt` and add a line to [`TOPICS`]; no topic has the name of a verb, which has its own help. Examples of
//! a verb are with its options, or in `examples.txt`.

use textwrap::WordSplitter;

/// One topic.
#[derive(Clone, Copy, Debug)]
pub struct Topic {
    /// The word that asks for it.
    pub name: &'static str,
    /// What it is about, in a few words.
    pub about: &'static str,
    /// The whole text.
    pub text: &'static str,
}

/// All topics, by name.
pub const TOPICS: [Topic; 8] = [
    Topic {
        name: "conditions",
        about: "choosing partners with --where",
        text: include_str!("conditions.txt"),
    },
    Topic { name: "dates", about: "how to write days and periods", text: include_str!("dates.txt") },
    Topic {
        name: "environment",
        about: "variables that set defaults",
        text: include_str!("environment.txt"),
    },
    Topic {
        name: "exit-codes",
        about: "how a command ends, for scripts",
        text: include_str!("exit-codes.txt"),
    },
    Topic {
        name: "files",
        about: "the database, copies, everything as text",
        text: include_str!("files.txt"),
    },
    Topic { name: "formats", about: "table, JSON, CSV and Markdown", text: include_str!("formats.txt") },
    Topic {
        name: "program-file",
        about: "every setting of stages, criteria and rules",
        text: include_str!("program-file.txt"),
    },
    Topic { name: "statistics", about: "how the figures are computed", text: include_str!("statistics.txt") },
];

/// Finds the topic of this name.
pub fn topic(name: &str) -> Option<Topic> {
    TOPICS.into_iter().find(|topic| topic.name == name)
}

/// Lists the topics, as the overview of `chanlife help` shows them.
pub(crate) fn overview() -> String {
    let names = TOPICS.map(|topic| topic.name).join(", ");
    let wrap = textwrap::Options::new(78).subsequent_indent("  ").word_splitter(WordSplitter::NoHyphenation);
    textwrap::fill(&format!("Topics, shown by `chanlife help TOPIC`: {names}"), wrap)
}

/// Returns the examples of a verb, such as `plan set`, that are not with its options.
pub(crate) fn examples(verb: &str) -> Option<String> {
    let mut lines = include_str!("examples.txt").lines().skip_while(|line| *line != verb);
    lines.next()?;
    let examples: Vec<&str> = lines.take_while(|line| line.starts_with(' ')).collect();
    Some(examples.join("\n"))
}
