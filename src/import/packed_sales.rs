//! The sales of a file while they are put in order.

use crate::import::packed_texts::{PackedRow, PackedTexts};
use crate::lifecycle::revenue::TypedSale;

/// The fields that are kept as texts, those that are said most often first.
pub(super) const TEXTS: [&str; 16] = [
    "ref",
    "product",
    "quantity",
    "unit-price",
    "customer",
    "ship-to",
    "deal",
    "list-amount",
    "period",
    "returns",
    "currency",
    "rate",
    "amount",
    "replaces",
    "detail",
    "beside",
];

/// The texts of all sales; of each up to the last that is said.
#[derive(Default)]
pub(super) struct PackedSales {
    texts: PackedTexts,
}

/// A sale whose texts are packed.
#[derive(Clone, Copy)]
pub(super) struct PackedSale {
    pub amount_minor: i64,
    texts: PackedRow,
}

impl PackedSales {
    /// Packs a sale with its texts in the order of [`TEXTS`].
    ///
    /// # Errors
    /// More sales than can be.
    pub(super) fn push(
        &mut self,
        amount_minor: i64,
        texts: [Option<&str>; 16],
    ) -> Result<PackedSale, String> {
        let said = texts.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
        let texts = self.texts.push(texts[..said].iter().map(|text| text.unwrap_or_default()))?;
        Ok(PackedSale { amount_minor, texts })
    }

    /// Returns the parts of a sale.
    pub(super) fn typed(&self, sale: PackedSale) -> TypedSale<'_> {
        let mut texts = [None; 16];
        for (text, own) in texts.iter_mut().zip(self.texts.texts(sale.texts)) {
            *text = Some(own).filter(|own| !own.is_empty());
        }
        typed_sale(texts)
    }
}

/// Returns the parts of a sale from its texts in the order of [`TEXTS`].
pub(super) fn typed_sale(texts: [Option<&str>; 16]) -> TypedSale<'_> {
    let [
        reference,
        product,
        quantity,
        unit_price,
        customer,
        ship_to,
        deal,
        list_amount,
        period,
        returns,
        currency,
        rate,
        amount,
        replaces,
        detail,
        beside,
    ] = texts;
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
        list_amount,
        returns,
        deal,
        replaces,
        detail,
        beside,
    }
}

/// Returns the texts of a sale in the order of [`TEXTS`].
pub(super) fn sale_texts<'t>(sale: &TypedSale<'t>) -> [Option<&'t str>; 16] {
    [
        sale.reference,
        sale.product,
        sale.quantity,
        sale.unit_price,
        sale.customer,
        sale.ship_to,
        sale.deal,
        sale.list_amount,
        sale.period,
        sale.returns,
        sale.currency,
        sale.rate,
        sale.amount,
        sale.replaces,
        sale.detail,
        sale.beside,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packed_sale_says_the_same() {
        let mut packed = PackedSales::default();
        let all: Vec<(PackedSale, [Option<&str>; 16])> = (0..=16)
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
            let mut texts = [None; 16];
            (texts[1], texts[3]) = (Some(long.as_str()).filter(|long| !long.is_empty()), Some("7"));
            let sale = packed.push(1, texts).expect("packed");
            assert_eq!(sale_texts(&packed.typed(sale)), texts, "{length}");
        }
    }
}
