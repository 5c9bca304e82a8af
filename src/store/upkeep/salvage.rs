//! What the pages of a damaged file still say, whether SQLite can open it or not.
//!
//! Every page that looks like a leaf of a table is read (<https://www.sqlite.org/fileformat2.html>), and every record
//! in it that looks like an action or an event. What is true of that, checksums decide.

use std::collections::BTreeMap;

use crate::lifecycle::base::day::Day;
use crate::store::error::Result;
use crate::store::log::logged::{ActionId, ActionKind, LoggedEvent, RecordedAction};

/// Actions and rows of events by their numbers; several if old pages have others under the same number.
#[derive(Default, Debug)]
pub(in crate::store) struct Salvaged {
    pub actions: BTreeMap<ActionId, Vec<RecordedAction>>,
    pub events: BTreeMap<i64, Vec<LoggedEvent>>,
}

/// A value of a record.
#[derive(Clone, PartialEq, Debug)]
enum RecordValue {
    Null,
    Integer(i64),
    Real,
    Text(String),
    Blob(Vec<u8>),
    /// A text that is no UTF-8.
    Broken,
}

/// The pages of a file.
struct Pages<'b> {
    bytes: &'b [u8],
    size: usize,
    /// Without the bytes at the end that are reserved.
    usable: usize,
}

/// The type of a page that is a leaf of a table.
const TABLE_LEAF: u8 = 0x0d;

/// The size of pages unless the file says otherwise, in bytes.
const PAGE: usize = 4096;

/// Reads all that can be read.
pub(in crate::store) fn salvage(bytes: &[u8]) -> Salvaged {
    let pages = Pages::of(bytes);
    let mut salvaged = Salvaged::default();
    for page in 0..bytes.len().div_ceil(pages.size) {
        for (id, record) in pages.records(page) {
            salvaged.take(id, &record);
        }
    }
    salvaged
}

impl Salvaged {
    fn take(&mut self, id: i64, record: &[RecordValue]) {
        if id < 1 {
            return;
        }
        if let Some(event) = event(id, record) {
            keep(self.events.entry(id).or_default(), event, |one, other| {
                (&one.body, &one.kind, one.action, one.partner)
                    == (&other.body, &other.kind, other.action, other.partner)
            });
        } else if let Some(action) = action(id, record) {
            keep(self.actions.entry(id).or_default(), action, |one, other| one.checksum == other.checksum);
        }
    }
}

fn keep<T>(all: &mut Vec<T>, new: T, same: impl Fn(&T, &T) -> bool) {
    if !all.iter().any(|one| same(one, &new)) {
        all.push(new);
    }
}

/// Returns the row of the table of events, if the record can be one.
fn event(number: i64, record: &[RecordValue]) -> Option<LoggedEvent> {
    let [
        RecordValue::Null,
        RecordValue::Integer(action),
        partner,
        RecordValue::Integer(day),
        RecordValue::Text(kind),
        RecordValue::Text(body),
    ] = record
    else {
        return None;
    };
    let partner = optional(partner).ok()?;
    let (day, kind, body) = (Day::from_number(*day)?, kind.clone(), body.clone());
    Some(LoggedEvent { number, action: *action, partner, day, kind, body })
}

/// Returns the row of the table of actions, if the record can be one.
fn action(id: i64, record: &[RecordValue]) -> Option<RecordedAction> {
    let [
        RecordValue::Null,
        RecordValue::Integer(recorded_on),
        RecordValue::Text(recorded_at),
        RecordValue::Text(actor),
        RecordValue::Text(words),
        rest @ ..,
    ] = record
    else {
        return None;
    };
    let [RecordValue::Text(said), RecordValue::Text(kind), target, first, last, RecordValue::Blob(checksum)] =
        rest
    else {
        return None;
    };
    let kind = ActionKind::of_action(id, kind, optional(target).ok()?)?;
    Some(RecordedAction {
        id,
        recorded_on: Day::from_number(*recorded_on)?,
        recorded_at: recorded_at.clone(),
        actor: actor.clone(),
        words: words.clone(),
        said: said.clone(),
        kind,
        events: optional(first).ok()?.zip(optional(last).ok()?),
        checksum: checksum.clone(),
    })
}

/// Returns a number or nothing; nothing else can stand here.
fn optional(value: &RecordValue) -> Result<Option<i64>, ()> {
    match value {
        RecordValue::Null => Ok(None),
        RecordValue::Integer(number) => Ok(Some(*number)),
        _ => Err(()),
    }
}

impl<'b> Pages<'b> {
    fn of(bytes: &'b [u8]) -> Pages<'b> {
        let said = match bytes.get(16..18) {
            Some(&[0, 1]) => 1 << 16,
            Some(&[high, low]) => usize::from(high) << 8 | usize::from(low),
            _ => 0,
        };
        let size = if (512..=1 << 16).contains(&said) && said.is_power_of_two() { said } else { PAGE };
        let reserved = bytes.get(20).map_or(0, |one| usize::from(*one));
        let usable = if reserved <= size - 480 { size - reserved } else { size };
        Pages { bytes, size, usable }
    }

    /// Returns the records of a page with their numbers, as far as it is a leaf of a table.
    fn records(&self, page: usize) -> Vec<(i64, Vec<RecordValue>)> {
        let begin = page * self.size;
        let head = if page == 0 { begin + 100 } else { begin };
        let Some(&[TABLE_LEAF, _, _, high, low]) = self.bytes.get(head..head + 5) else {
            return Vec::new();
        };
        let count = usize::from(high) << 8 | usize::from(low);
        let pointer = |at: usize| match self.bytes.get(head + 8 + 2 * at..head + 10 + 2 * at) {
            Some(&[high, low]) => Some(begin + (usize::from(high) << 8 | usize::from(low))),
            _ => None,
        };
        (0..count.min(self.size / 2)).filter_map(|at| self.cell(begin, pointer(at)?)).collect()
    }

    /// Returns the record of a cell; none if it or its overflow pages are broken.
    fn cell(&self, begin: usize, at: usize) -> Option<(i64, Vec<RecordValue>)> {
        let page = self.bytes.get(..(begin + self.usable).min(self.bytes.len()))?;
        let (length, at) = varint(page, at)?;
        let (id, at) = varint(page, at)?;
        let length = usize::try_from(length).ok().filter(|length| *length <= self.bytes.len())?;
        let (most, least) = (self.usable - 35, (self.usable - 12) * 32 / 255 - 23);
        if length <= most {
            return Some((id, record(page.get(at..at + length)?)?));
        }
        let fitting = least + (length - least) % (self.usable - 4);
        let local = if fitting <= most { fitting } else { least };
        let mut payload = page.get(at..at + local)?.to_vec();
        let mut next = number(page.get(at + local..at + local + 4)?);
        while payload.len() < length {
            let begin = usize::try_from(next).ok()?.checked_sub(1)? * self.size;
            let overflow = self.bytes.get(begin..begin + self.usable)?;
            let (link, content) = overflow.split_at(4);
            payload.extend(&content[..content.len().min(length - payload.len())]);
            next = number(link);
        }
        Some((id, record(&payload)?))
    }
}

/// Returns a number of up to eight bytes, the highest first and signed.
fn number(bytes: &[u8]) -> i64 {
    let negative = bytes.first().is_some_and(|byte| byte & 0x80 != 0);
    bytes.iter().fold(if negative { -1 } else { 0 }, |sum, byte| sum << 8 | i64::from(*byte))
}

/// Returns the number at a place, in one to nine bytes, and where it ends.
fn varint(bytes: &[u8], at: usize) -> Option<(i64, usize)> {
    let mut value: i64 = 0;
    for length in 0..8 {
        let byte = *bytes.get(at + length)?;
        value = value << 7 | i64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((value, at + length + 1));
        }
    }
    Some((value << 8 | i64::from(*bytes.get(at + 8)?), at + 9))
}

/// Returns the values of a record.
fn record(payload: &[u8]) -> Option<Vec<RecordValue>> {
    let (head, mut at) = varint(payload, 0)?;
    let head = usize::try_from(head).ok().filter(|head| *head <= payload.len())?;
    let mut body = head;
    let mut values = Vec::new();
    while at < head {
        let (kind, next) = varint(payload, at)?;
        at = next;
        let length = match kind {
            0 | 8 | 9 => 0,
            1..=4 => usize::try_from(kind).ok()?,
            5 => 6,
            6 | 7 => 8,
            _ => usize::try_from(kind.checked_sub(12)? / 2).ok()?,
        };
        let content = payload.get(body..body.checked_add(length)?)?;
        body += length;
        values.push(match kind {
            0 => RecordValue::Null,
            8 => RecordValue::Integer(0),
            9 => RecordValue::Integer(1),
            7 => RecordValue::Real,
            1..=6 => RecordValue::Integer(number(content)),
            _ if kind % 2 == 0 => RecordValue::Blob(content.to_vec()),
            _ => String::from_utf8(content.to_vec()).map_or(RecordValue::Broken, RecordValue::Text),
        });
    }
    Some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_every_length() {
        assert_eq!(varint(&[0x81, 0x00], 0), Some((128, 2)));
        assert_eq!(varint(&[0xff; 9], 0), Some((-1, 9)));
        assert_eq!(varint(&[0xff; 8], 0), None);
        assert_eq!((number(&[0xff]), number(&[0x01, 0x00]), number(&[])), (-1, 256, 0));
    }

    #[test]
    fn bytes_that_are_no_file_say_nothing_and_break_nothing() {
        let noise = |seed: u32| {
            let mut state = seed;
            move || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                state.to_le_bytes()[2]
            }
        };
        for seed in 0..200 {
            let mut bytes: Vec<u8> = std::iter::repeat_with(noise(seed)).take(20_000).collect();
            for page in 0..4 {
                bytes[page * PAGE] = TABLE_LEAF;
            }
            let salvaged = salvage(&bytes);
            assert!(salvaged.actions.is_empty() && salvaged.events.is_empty());
        }
        assert!(salvage(&[]).actions.is_empty());
    }
}
