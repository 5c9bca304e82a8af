//! Rows of an import on their way in: kept in memory until all are read, so that they can be put in order, and so
//! that reading a slow source holds no lock on the file.

use crate::lifecycle::base::day::Day;

/// Separates the texts of a row; no text has one, since it can't be seen.
const SEPARATOR: char = '\u{1f}';

/// All rows that were understood. The texts of all are one string, since there may be millions.
#[derive(Default, Debug)]
pub(super) struct RowsByPartner {
    rows: Vec<StoredRow>,
    texts: String,
}

/// What orders rows, and where the texts of one begin and end.
#[derive(Clone, Copy, Debug)]
struct StoredRow {
    subject: u32,
    day: Day,
    /// Orders rows within a day, where the source knows the time.
    moment: i64,
    line: u64,
    amount_minor: i64,
    texts: (usize, usize),
}

/// A row of an import that was understood.
#[derive(Clone, Copy, Debug)]
pub(super) struct Incoming<'g> {
    /// The partner, as a number given by the import.
    pub subject: u32,
    pub day: Day,
    pub line: u64,
    pub amount_minor: i64,
    /// All its texts; [`Incoming::texts`] tells them apart.
    joined: &'g str,
}

impl RowsByPartner {
    /// Takes a row; texts that are not there are empty, best those at the end.
    pub fn take(
        &mut self,
        subject: u32,
        (day, moment): (Day, i64),
        line: u64,
        amount_minor: i64,
        texts: &[&str],
    ) {
        let begin = self.texts.len();
        let said = texts.iter().rposition(|text| !text.is_empty()).map_or(0, |last| last + 1);
        for (at, text) in texts[..said].iter().enumerate() {
            if at > 0 {
                self.texts.push(SEPARATOR);
            }
            self.texts.push_str(text);
        }
        let texts = (begin, self.texts.len());
        self.rows.push(StoredRow { subject, day, moment, line, amount_minor, texts });
    }

    /// The rows, subject by subject, each subject's in order of day, moment and line.
    pub fn by_subject(&mut self) -> impl Iterator<Item = Vec<Incoming<'_>>> {
        self.rows.sort_unstable_by_key(|row| (row.subject, row.day, row.moment, row.line));
        let texts = self.texts.as_str();
        let incoming = |row: &StoredRow| Incoming {
            subject: row.subject,
            day: row.day,
            line: row.line,
            amount_minor: row.amount_minor,
            joined: &texts[row.texts.0..row.texts.1],
        };
        let groups = self.rows.chunk_by(|a, b| a.subject == b.subject);
        groups.map(move |group| group.iter().map(incoming).collect())
    }
}

impl<'g> Incoming<'g> {
    /// The texts of the row, in the order in which they were taken.
    pub fn texts<const N: usize>(&self) -> [&'g str; N] {
        let mut texts = [""; N];
        texts.iter_mut().zip(self.joined.split(SEPARATOR)).for_each(|(text, part)| *text = part);
        texts
    }
}
