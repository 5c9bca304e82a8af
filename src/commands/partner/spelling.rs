//! One spelling for each type, tier and region that partners share, if no list of the program checks them.

use crate::lifecycle::event::PartnerId;
use crate::lifecycle::program::{Program, further, further_of, spelling_in_use, together};
use crate::store::Reader;
use crate::text::partner::{new_words, spelling_taken};

/// Puts the spelling in use in the place of values that differ from it only by case or blanks; the values of the partners
/// `except` are not in use, since they change. Returns a sentence for each that was changed, and for each that is new beside
/// others.
///
/// # Errors
/// A file that cannot be read.
pub(crate) fn take_spellings<'a>(
    reader: &Reader,
    program: &Program,
    values: impl Iterator<Item = (&'a str, &'a mut String)>,
    except: &[PartnerId],
) -> anyhow::Result<Vec<String>> {
    let mut notes = Vec::new();
    let values = values.map(|(key, value)| (further_of(key).unwrap_or(key), value));
    for (attribute, stored) in values.filter(|(attribute, _)| program.is_unlisted_word(attribute)) {
        let used = reader.values_in_use(attribute, except)?;
        let (known, in_use) = program.words_known(attribute, &used);
        let mut spelled = Vec::new();
        for value in further(Some(stored)) {
            if let Some(spelling) = spelling_in_use(value, known.iter().copied()) {
                notes.push(spelling_taken(attribute, value, spelling));
                spelled.push(spelling.to_owned());
                continue;
            }
            if in_use > 0 && !known.contains(&value) {
                notes.push(format!("note: {}", new_words(attribute, &[value], &known[..in_use])));
            }
            spelled.push(value.to_owned());
        }
        *stored = together(&spelled);
    }
    Ok(notes)
}
