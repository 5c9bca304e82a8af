//! A reader that refuses what a CSV parser would guess at: quotes in the wrong place or never closed,
//! bytes that are not UTF-8 text, fields and rows beyond any reasonable size. Whatever ends the lines of
//! the file, a line feed ends those that are passed on, so that lines can be counted.

use std::fmt;
use std::io::{self, Read};

/// The longest field, in bytes.
const FIELD_LIMIT: usize = 1 << 20;
/// The most fields in a row.
const COLUMN_LIMIT: usize = 1_000;

/// What is wrong with the text of a file, with the line where it begins.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Malformed {
    pub line: u64,
    pub what: String,
    pub remedy: &'static str,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

impl std::error::Error for Malformed {}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    FieldStart,
    Plain,
    Quoted,
    /// After a quote within quotes: the end of the field, or half of a doubled quote.
    QuoteInQuotes,
}

/// Passes on the bytes of `inner` as long as they are well-formed, without a byte order mark and with a
/// line feed at the end of each line, the last too.
pub(crate) struct Strict<R> {
    inner: R,
    delimiter: u8,
    state: State,
    line: u64,
    quote_line: u64,
    field_bytes: usize,
    fields: usize,
    /// The byte that was read last; before the first, as if a line had ended.
    last: u8,
    begun: bool,
    ended: bool,
    /// The first bytes of a character that the last chunk cut in two.
    cut: Vec<u8>,
}

impl<R: Read> Strict<R> {
    /// Wraps a reader of CSV with this delimiter.
    pub(crate) fn new(inner: R, delimiter: u8) -> Strict<R> {
        Strict {
            inner,
            delimiter,
            state: State::FieldStart,
            line: 1,
            quote_line: 1,
            field_bytes: 0,
            fields: 1,
            last: b'\n',
            begun: false,
            ended: false,
            cut: Vec::new(),
        }
    }

    /// Takes the byte order mark off the first chunk.
    fn begin(&mut self, chunk: &mut Vec<u8>) -> Result<(), Malformed> {
        self.begun = true;
        if chunk.starts_with(&[0xff, 0xfe]) || chunk.starts_with(&[0xfe, 0xff]) {
            return Err(self.fault("the file is UTF-16", "save it as UTF-8"));
        }
        if chunk.starts_with(b"PK\x03\x04") || chunk.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
            return Err(self.fault("the file is an Excel workbook, not CSV", "save it as CSV"));
        }
        if chunk.starts_with(&[0xef, 0xbb, 0xbf]) {
            chunk.drain(..3);
        }
        Ok(())
    }

    fn fault(&self, what: impl Into<String>, remedy: &'static str) -> Malformed {
        Malformed { line: self.line, what: what.into(), remedy }
    }

    /// Checks a chunk and makes its line ends line feeds; returns its length then.
    fn check(&mut self, chunk: &mut [u8]) -> Result<usize, Malformed> {
        let length = self.end_lines(chunk);
        let chunk = &chunk[..length];
        self.check_text(chunk)?;
        for byte in chunk {
            self.step(*byte)?;
        }
        Ok(length)
    }

    fn end_lines(&mut self, chunk: &mut [u8]) -> usize {
        let mut length = 0;
        for at in 0..chunk.len() {
            let byte = chunk[at];
            let half = byte == b'\n' && self.last == b'\r';
            self.last = byte;
            if !half {
                chunk[length] = if byte == b'\r' { b'\n' } else { byte };
                length += 1;
            }
        }
        length
    }

    fn check_text(&mut self, chunk: &[u8]) -> Result<(), Malformed> {
        let mut bytes = std::mem::take(&mut self.cut);
        bytes.extend_from_slice(chunk);
        if let Err(error) = std::str::from_utf8(&bytes) {
            let whole = error.valid_up_to();
            if error.error_len().is_some() {
                let line = self.line + newlines(&bytes[..whole]);
                let what = "the text is not UTF-8".to_owned();
                return Err(Malformed { line, what, remedy: "save the file as UTF-8" });
            }
            self.cut = bytes[whole..].to_vec();
        }
        Ok(())
    }

    fn step(&mut self, byte: u8) -> Result<(), Malformed> {
        let ends_line = byte == b'\n';
        self.field_bytes += 1;
        if self.field_bytes > FIELD_LIMIT {
            let what = format!("a field has more than {FIELD_LIMIT} bytes");
            return Err(self.fault(what, "check for a missing closing quote"));
        }
        self.state = match (self.state, byte) {
            (State::Quoted, b'"') => State::QuoteInQuotes,
            (State::Quoted, _) => State::Quoted,
            (State::FieldStart, b'"') => {
                self.quote_line = self.line;
                State::Quoted
            }
            (State::QuoteInQuotes, b'"') => State::Quoted,
            (State::Plain, b'"') => {
                return Err(self.fault(
                    "a quote inside an unquoted field",
                    "put the field in quotes, and double the quotes in it",
                ));
            }
            (_, byte) if byte == self.delimiter => {
                self.fields += 1;
                self.field_bytes = 0;
                State::FieldStart
            }
            (_, _) if ends_line => {
                self.fields = 1;
                self.field_bytes = 0;
                State::FieldStart
            }
            (State::QuoteInQuotes, _) => {
                return Err(self.fault("text follows a closing quote", "double the quotes inside a field"));
            }
            (State::FieldStart | State::Plain, _) => State::Plain,
        };
        if self.fields > COLUMN_LIMIT {
            let what = format!("a row has more than {COLUMN_LIMIT} fields");
            return Err(self.fault(what, "remove columns that are not needed"));
        }
        self.line += u64::from(ends_line);
        Ok(())
    }

    fn end(&mut self) -> Result<(), Malformed> {
        self.ended = true;
        if !self.cut.is_empty() {
            return Err(self.fault("the text is not UTF-8", "save the file as UTF-8"));
        }
        if self.state == State::Quoted {
            let what = "a quote is never closed".to_owned();
            return Err(Malformed { line: self.quote_line, what, remedy: "close it, or remove it" });
        }
        Ok(())
    }
}

impl<R: Read> Read for Strict<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.ended || buffer.is_empty() {
            return Ok(0);
        }
        loop {
            let mut length = read_some(&mut self.inner, buffer)?;
            if length == 0 {
                self.end().map_err(io::Error::other)?;
                buffer[0] = b'\n';
                return Ok(usize::from(!b"\r\n".contains(&self.last)));
            }
            if !self.begun {
                let mut chunk = buffer[..length].to_vec();
                self.begin(&mut chunk).map_err(io::Error::other)?;
                buffer[..chunk.len()].copy_from_slice(&chunk);
                length = chunk.len();
            }
            length = self.check(&mut buffer[..length]).map_err(io::Error::other)?;
            if length > 0 {
                return Ok(length);
            }
        }
    }
}

/// Reads at least four bytes if there are as many, so that a byte order mark comes whole.
fn read_some(inner: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let wanted = buffer.len().min(4);
    let mut length = 0;
    while length < wanted {
        match inner.read(&mut buffer[length..]) {
            Ok(0) => break,
            Ok(count) => length += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}

fn newlines(bytes: &[u8]) -> u64 {
    bytes.split(|byte| *byte == b'\n').skip(1).count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passed(bytes: &[u8]) -> Result<String, Malformed> {
        let mut text = String::new();
        match Strict::new(bytes, b',').read_to_string(&mut text) {
            Ok(_) => Ok(text),
            Err(error) => Err(error.downcast::<Malformed>().expect("a fault of ours")),
        }
    }

    #[test]
    fn well_formed_text_passes_unchanged_but_for_the_mark_and_line_ends() {
        for (text, expected) in [
            ("", ""),
            ("a,b\n1,2\n", "a,b\n1,2\n"),
            ("a\r\nb\r\r\nc", "a\nb\n\nc\n"),
            ("\"x,\"\"y\"\"\r\nz\",2\n", "\"x,\"\"y\"\"\nz\",2\n"),
            ("é,北京\n", "é,北京\n"),
        ] {
            assert_eq!(passed(text.as_bytes()).as_deref(), Ok(expected));
            let marked = [&[0xef, 0xbb, 0xbf], text.as_bytes()].concat();
            assert_eq!(passed(&marked).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn what_a_parser_would_guess_at_is_refused_with_its_line() {
        for (bytes, line) in [
            (&b"a,b\n\"x,1\ny,2\n"[..], 2),
            (b"a\nx\"y\n", 2),
            (b"a\n\"x\"y\n", 2),
            (b"a\n\nP\xe9\n", 3),
            (b"a\nP\xed\xa0\x80\n", 2),
            (b"\xff\xfea\0", 1),
            (b"a\nb\xc3", 2),
            (b"a\r\n\r\nb\xe9\r\n", 3),
            (b"a\r\rb\xe9\r", 3),
            (b"a\r\n\"x\r\ny\"\r\nx\"y\r\n", 4),
        ] {
            assert_eq!(passed(bytes).expect_err("refused").line, line, "{bytes:?}");
        }
    }

    #[test]
    fn size_has_a_limit() {
        assert!(passed(&vec![b'x'; FIELD_LIMIT + 1]).is_err());
        assert!(passed(&vec![b','; COLUMN_LIMIT + 1]).is_err());
        assert!(passed(&vec![b','; COLUMN_LIMIT - 1]).is_ok());
    }

    #[test]
    fn a_character_cut_in_two_by_a_chunk_passes() {
        struct Bytes<'b>(&'b [u8]);
        impl Read for Bytes<'_> {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                let count = self.0.len().min(5).min(buffer.len());
                buffer[..count].copy_from_slice(&self.0[..count]);
                self.0 = &self.0[count..];
                Ok(count)
            }
        }
        let text = "ééééééé,北京北京\n";
        let mut passed = String::new();
        Strict::new(Bytes(text.as_bytes()), b',').read_to_string(&mut passed).expect("well-formed");
        assert_eq!(passed, text);
    }
}
