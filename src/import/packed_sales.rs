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

/// The texts of all sales, one behind the other.
#[derive(Default)]
pub(super) struct PackedSales {
    texts: String,
    /// The length of each text in bytes; those of one sale up to the last that is said.
    lengths: Vec<u16>,
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
    /// A text that is too long, and more sales than can be.
    pub fn push(&mut self, amount_minor: i64, texts: [Option<&str>; 11]) -> Result<PackedSale, String> {
        let first_length = u32::try_from(self.lengths.len()).map_err(|_| "is one row too many")?;
        let first_text = self.texts.len();
        let said = texts.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
        let mut lengths = [0; 11];
        for ((text, field), length) in texts.iter().zip(TEXTS).zip(&mut lengths).take(said) {
            *length =
                u16::try_from(text.unwrap_or_default().len()).map_err(|_| format!("{field} is too long"))?;
        }
        texts.iter().flatten().for_each(|text| self.texts.push_str(text));
        self.lengths.extend(&lengths[..said]);
        Ok(PackedSale { amount_minor, first_text, first_length, count: said as u8 })
    }

    /// Returns the parts of a sale.
    pub fn typed(&self, sale: PackedSale) -> TypedSale<'_> {
        let first = sale.first_length as usize;
        let mut rest = &self.texts[sale.first_text..];
        let mut texts = [None; 11];
        for (text, length) in texts.iter_mut().zip(&self.lengths[first..first + usize::from(sale.count)]) {
            let (own, others) = rest.split_at(usize::from(*length));
            *text = Some(own).filter(|own| !own.is_empty());
            rest = others;
        }
        typed_sale(texts)
    }
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
        let long = "x".repeat(70_000);
        let mut texts = [None; 11];
        texts[0] = Some(long.as_str());
        assert!(packed.push(1, texts).is_err());
    }
}
