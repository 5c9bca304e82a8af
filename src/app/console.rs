//! Messages on standard error: nothing hidden, lines that break between words, and commands that act on the database
//! that the user named.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;

use textwrap::WordSeparator;
use textwrap::core::Word;

use crate::app::terminal::terminal_width;
use crate::lifecycle::base::text::visible;

/// Prints a message for a person. `db` is the database that the command line names, if it names one.
pub(crate) fn print_message(message: &str, db: Option<&str>) {
    let lines = message.split('\n').map(|line| {
        let line = naming_database(&visible(line), db);
        terminal_width().map_or_else(|| line.clone(), |width| wrapped(&line, usize::from(width)))
    });
    // Nothing can be done if standard error is closed or full.
    let _ = writeln!(io::stderr(), "{}", lines.collect::<Vec<String>>().join("\n"));
}

/// Returns the database that a command line names with --db.
pub(crate) fn named_database(words: &[OsString]) -> Option<String> {
    let mut words = words.iter().map(|word| word.to_string_lossy()).take_while(|word| word != "--");
    while let Some(word) = words.next() {
        if word == "--db" {
            return words.next().map(Into::into);
        }
        if let Some(file) = word.strip_prefix("--db=") {
            return Some(file.to_owned());
        }
    }
    None
}

/// Returns a path as it can be pasted into a shell.
pub(crate) fn typed_path(path: &Path) -> String {
    shell_words::quote(&path.to_string_lossy()).into_owned()
}

/// Adds the database to each command in backticks that would otherwise act on another one.
fn naming_database(line: &str, db: Option<&str>) -> String {
    let Some(db) = db else { return line.to_owned() };
    let parts = line.split('`').map(|part| {
        let acts = part.starts_with("chanlife ")
            && !part.starts_with("chanlife help")
            && !part.starts_with("chanlife rescue")
            && !part.contains(" --help")
            && !part.contains(" --db");
        if acts { format!("{part} --db {}", shell_words::quote(db)) } else { part.to_owned() }
    });
    parts.collect::<Vec<String>>().join("`")
}

/// Breaks a line between words; a command in backticks stays whole, so that it can be copied.
pub(crate) fn wrapped(line: &str, width: usize) -> String {
    let indent: String = line.chars().take_while(|c| *c == ' ').collect();
    let options = textwrap::Options::new(width)
        .subsequent_indent(&indent)
        .break_words(false)
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
        .word_separator(WordSeparator::Custom(words));
    textwrap::fill(line, options)
}

/// Finds the words of a line: what blanks outside of backticks separate.
fn words(line: &str) -> Box<dyn Iterator<Item = Word<'_>> + '_> {
    let (mut found, mut start, mut quoted, mut after_blank) = (Vec::new(), 0, false, false);
    for (at, c) in line.char_indices() {
        if after_blank && c != ' ' {
            found.push(Word::from(&line[start..at]));
            start = at;
        }
        quoted ^= c == '`';
        after_blank = c == ' ' && !quoted;
    }
    found.push(Word::from(&line[start..]));
    Box::new(found.into_iter())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_in_a_message_names_the_database_that_the_user_named() {
        let hint = "`chanlife init` creates it; see `chanlife help files` and `other`";
        assert_eq!(
            naming_database(hint, Some("my file.db")),
            "`chanlife init --db 'my file.db'` creates it; see `chanlife help files` and `other`"
        );
        assert_eq!(naming_database(hint, None), hint);
        let words = |line: &str| line.split(' ').map(OsString::from).collect::<Vec<_>>();
        assert_eq!(named_database(&words("chanlife list --db a.db")).as_deref(), Some("a.db"));
        assert_eq!(named_database(&words("chanlife --db=a.db list")).as_deref(), Some("a.db"));
        assert_eq!(named_database(&words("chanlife note acme -- --db")), None);
    }

    #[test]
    fn a_line_breaks_between_words_and_never_within_a_command() {
        let line = "next: the partner is certified: `chanlife certify acme sales PERSON`";
        assert_eq!(
            wrapped(line, 40),
            "next: the partner is certified:\n`chanlife certify acme sales PERSON`"
        );
        assert_eq!(wrapped("  a cause of it", 10), "  a cause\n  of it");
        assert_eq!(wrapped("`chanlife certify acme`", 10), "`chanlife certify acme`");
    }
}
