//! The texts of rows while the rows are put in order, packed, since there may be millions with few texts each.

/// The texts of all rows, one after the other.
#[derive(Default)]
pub(super) struct PackedTexts {
    texts: String,
    /// The length of each text, as [`push_length`] writes it.
    lengths: Vec<u8>,
}

/// The texts of one row among those that are packed.
#[derive(Clone, Copy)]
pub(super) struct PackedRow {
    first_text: usize,
    first_length: u32,
    count: u8,
}

impl PackedTexts {
    /// Packs the texts of a row, of which there are few.
    ///
    /// # Errors
    /// More rows than can be.
    pub(super) fn push<'t>(&mut self, texts: impl Iterator<Item = &'t str>) -> Result<PackedRow, String> {
        let too_many = "exceeds the maximum number of rows";
        let first_length = u32::try_from(self.lengths.len()).map_err(|_| too_many)?;
        let mut row = PackedRow { first_text: self.texts.len(), first_length, count: 0 };
        for text in texts {
            push_length(&mut self.lengths, text.len());
            self.texts.push_str(text);
            row.count = row.count.checked_add(1).ok_or(too_many)?;
        }
        Ok(row)
    }

    /// Returns the texts of a row.
    pub(super) fn texts(&self, row: PackedRow) -> impl Iterator<Item = &str> {
        let mut lengths = self.lengths[row.first_length as usize..].iter();
        let mut rest = &self.texts[row.first_text..];
        (0..row.count).map(move |_| {
            let (own, others) = rest.split_at(next_length(&mut lengths));
            rest = others;
            own
        })
    }
}

/// Writes a length seven bits at a time, the lowest first; all bytes but the last have the highest bit set (LEB128).
/// Nearly all texts are short, and have one byte.
fn push_length(lengths: &mut Vec<u8>, mut length: usize) {
    while length > 0x7f {
        let [lowest, ..] = length.to_le_bytes();
        lengths.push(lowest | 0x80);
        length >>= 7;
    }
    let [last, ..] = length.to_le_bytes();
    lengths.push(last);
}

/// Reads a length that [`push_length`] wrote.
fn next_length<'l>(lengths: &mut impl Iterator<Item = &'l u8>) -> usize {
    let mut length = 0;
    for (byte, shift) in lengths.zip((0..).step_by(7)) {
        length |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            break;
        }
    }
    length
}
