//! One spelling for each type, tier and region that partners share, if no list of the program checks them.

use crate::lifecycle::event::PartnerId;
use crate::lifecycle::program::{Program, spelling_in_use};
use crate::store::Reader;
use crate::text::partner::spelling_taken;

/// Puts the spelling in use in the place of values that differ from it only by case or blanks; the values of the partners
/// `except` are not in use, since they change. Returns a sentence for each that was changed.
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
    for (attribute, value) in values.filter(|(attribute, _)| program.is_unlisted_word(attribute)) {
        let used = reader.values_in_use(attribute, except)?;
        let named = program.named_values(attribute).into_iter();
        if let Some(spelling) = spelling_in_use(value, named.chain(used.iter().map(String::as_str))) {
            notes.push(spelling_taken(attribute, value, spelling));
            spelling.clone_into(value);
        }
    }
    Ok(notes)
}
