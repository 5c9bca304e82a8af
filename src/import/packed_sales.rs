//! The sales of a file while they are put in order, packed, since there may be millions with few texts each.

use crate::lifecycle::revenue::TypedSale;

/// The fields that are kept as texts, those that are said most often first.
pub(super) const TEXTS: [&str; 11] = [
    "ref",
    "product",
    "quantity",
    "unit-price",
    "customer",
    "ship-to",
    "deal",
    "period",
    "currency",
    "rate",
    "amount",
];

/// The texts of all sales, one after the other.
#[derive(Default)]
pub(super) struct PackedSales {
    texts: String,
    /// The length of each text, as [`push_length`] writes it; those of one sale up to the last that is said.
    lengths: Vec<u8>,
}

/// A sale whose texts are packed.
#[derive(Clone, Copy)]
pub(super) struct PackedSale {
    pub amount_minor: i64,
    first_text: usize,
    first_length: u32,
    count: u8,
}

impl PackedSales {
    /// Packs a sale with its texts in the order of [`TEXTS`].
    ///
    /// # Errors
    /// More sales than can be.
    pub(super) fn push(
        &mut self,
        amount_minor: i64,
        texts: [Option<&str>; 11],
    ) -> Result<PackedSale, String> {
        let first_length =
            u32::try_from(self.lengths.len()).map_err(|_| "exceeds the maximum number of rows")?;
        let first_text = self.texts.len();
        let said = texts.iter().zip(1_u8..).filter(|(text, _)| text.is_some()).last().map_or(0, |(_, at)| at);
        for text in &texts[..usize::from(said)] {
            push_length(&mut self.lengths, text.map_or(0, str::len));
            self.texts.push_str(text.unwrap_or_default());
        }
        Ok(PackedSale { amount_minor, first_text, first_length, count: said })
    }

    /// Returns the parts of a sale.
    pub(super) fn typed(&self, sale: PackedSale) -> TypedSale<'_> {
        let mut lengths = self.lengths[sale.first_length as usize..].iter();
        let mut rest = &self.texts[sale.first_text..];
        let mut texts = [None; 11];
        for text in texts.iter_mut().take(usize::from(sale.count)) {
            let (own, others) = rest.split_at(next_length(&mut lengths));
            *text = Some(own).filter(|own| !own.is_empty());
            rest = others;
        }
        typed_sale(texts)
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

/// Returns the parts of a sale from its texts in the order of [`TEXTS`].
pub(super) fn typed_sale(texts: [Option<&str>; 11]) -> TypedSale<'_> {
    let [reference, product, quantity, unit_price, customer, ship_to, deal, period, currency, rate, amount] =
        texts;
    TypedSale {
        amount,
        quantity,
        unit_price,
        currency,
        rate,
        period,
        reference,
        product,
        customer,
        ship_to,
        deal,
    }
}

/// Returns the texts of a sale in the order of [`TEXTS`].
pub(super) fn sale_texts<'t>(sale: &TypedSale<'t>) -> [Option<&'t str>; 11] {
    [
        sale.reference,
        sale.product,
        sale.quantity,
        sale.unit_price,
        sale.customer,
        sale.ship_to,
        sale.deal,
        sale.period,
        sale.currency,
        sale.rate,
        sale.amount,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packed_sale_says_the_same() {
        let mut packed = PackedSales::default();
        let all: Vec<(PackedSale, [Option<&str>; 11])> = (0..=11)
            .map(|said| {
                let texts = std::array::from_fn(|at| (at < said && at % 3 != 1).then_some(TEXTS[at]));
                (packed.push(said as i64, texts).expect("packed"), texts)
            })
            .collect();
        for (at, (sale, texts)) in all.into_iter().enumerate() {
            assert_eq!((sale.amount_minor, sale_texts(&packed.typed(sale))), (at as i64, texts));
        }
        for length in [0, 127, 128, 16_383, 16_384, 70_000] {
            let long = "x".repeat(length);
            let mut texts = [None; 11];
            (texts[1], texts[3]) = (Some(long.as_str()).filter(|long| !long.is_empty()), Some("7"));
            let sale = packed.push(1, texts).expect("packed");
            assert_eq!(sale_texts(&packed.typed(sale)), texts, "{length}");
        }
    }
}
