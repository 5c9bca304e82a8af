//! What is right of a sale: its parts with those that are corrected, and the amount that they come to.

use std::collections::BTreeSet;

use crate::lifecycle::base::money::Currency;
use crate::lifecycle::revenue::events::{Sale, SaleCorrection, SaleDetail, SalePart};
use crate::lifecycle::revenue::typed::{SaleFault, TypedSale};

/// What is typed as right of a sale.
#[derive(Clone, Default, Debug)]
pub(crate) struct TypedCorrection<'t> {
    pub sale: TypedSale<'t>,
    /// What was recorded and is not so.
    pub without: BTreeSet<SalePart>,
}

/// The parts of a sale by which its amount is found.
struct Figures {
    amount: Option<String>,
    quantity: Option<String>,
    unit_price: Option<String>,
    /// If it is not the program's.
    currency: Option<String>,
    rate: Option<String>,
}

impl Figures {
    /// Returns the figures of a sale as it is known: the amount in its own currency.
    fn of(sale: &Sale, currency: Currency) -> Figures {
        let said = sale.said();
        let own = || currency.money(sale.reported_minor().into()).to_string();
        let is_own = said.currency.is_none();
        Figures {
            amount: if is_own { Some(own()) } else { said.amount.clone() },
            quantity: said.quantity.clone(),
            unit_price: said.unit_price.clone(),
            currency: said.currency.clone(),
            rate: said.rate.clone(),
        }
    }

    /// Returns whether no amount follows from them.
    fn has_no_amount(&self) -> bool {
        self.amount.is_none() && (self.quantity.is_none() || self.unit_price.is_none())
    }

    fn typed<'f>(&'f self, said: &'f SaleDetail) -> TypedSale<'f> {
        TypedSale {
            amount: self.amount.as_deref(),
            quantity: self.quantity.as_deref(),
            unit_price: self.unit_price.as_deref(),
            currency: self.currency.as_deref(),
            rate: self.rate.as_deref(),
            list_amount: said.list_amount.as_deref(),
            ..TypedSale::default()
        }
    }
}

/// Checks that the parts of a sale come to its amount.
///
/// # Errors
/// Says which contradict each other.
pub(crate) fn check_parts(sale: &Sale, currency: Currency) -> Result<(), SaleFault> {
    let SaleDetail { quantity, unit_price, currency: foreign, rate, .. } = sale.said();
    if [quantity, unit_price, foreign, rate].into_iter().all(Option::is_none) {
        return Ok(());
    }
    let figures = Figures::of(sale, currency);
    let counted = figures.typed(&SaleDetail::NONE).amount_minor(currency)?;
    check_amount(&figures, counted, sale.reported_minor(), currency)
}

/// Checks that the amount in the program's currency is what the other figures come to; both are in its minor units.
fn check_amount(figures: &Figures, counted: i64, stated: i64, currency: Currency) -> Result<(), SaleFault> {
    let money = |minor: i64| currency.money(minor.into());
    match &figures.currency {
        _ if counted == stated => Ok(()),
        None => Err(SaleFault::Contradiction { stated: money(stated), counted: money(counted) }),
        Some(code) => Err(SaleFault::RateContradicts {
            code: code.clone(),
            rate: figures.rate.clone().unwrap_or_default(),
            stated: money(stated),
            counted: money(counted),
        }),
    }
}

impl TypedCorrection<'_> {
    /// Returns whether nothing of a sale is typed.
    pub(crate) fn is_nothing(&self) -> bool {
        self.without.is_empty() && SalePart::ALL.iter().all(|part| self.part(*part).is_none())
    }

    /// Returns a part that is typed and is not to be, if there is one.
    pub(crate) fn contradicted(&self) -> Option<SalePart> {
        self.without.iter().copied().find(|part| self.part(*part).is_some())
    }

    /// Returns what is typed beside the amount, for an event that is no sale.
    pub(crate) fn unlooked(&self) -> SaleCorrection {
        let mut right = SaleCorrection { without: self.without.clone(), ..SaleCorrection::default() };
        for part in SalePart::ALL.into_iter().filter(|part| *part != SalePart::Amount) {
            *right.part_mut(part) = self.part(part).map(str::to_owned);
        }
        right
    }

    fn part(&self, part: SalePart) -> Option<&str> {
        let sale = &self.sale;
        match part {
            SalePart::Quantity => sale.quantity,
            SalePart::UnitPrice => sale.unit_price,
            SalePart::Currency => sale.currency,
            SalePart::Amount => sale.amount,
            SalePart::Rate => sale.rate,
            SalePart::Product => sale.product,
            SalePart::Customer => sale.customer,
            SalePart::ShipTo => sale.ship_to,
            SalePart::Deal => sale.deal,
            SalePart::Ref => sale.reference,
            SalePart::ListAmount => sale.list_amount,
            SalePart::Returns => sale.returns,
        }
    }

    /// Returns the right amount in minor units of `currency`, that of the program, and the other parts; none of what was so
    /// already. An amount counts in the currency that is typed with it, else in that of the program.
    ///
    /// # Errors
    /// Says which parts contradict each other, or cannot be read.
    pub(crate) fn of(
        &self,
        sale: &Sale,
        currency: Currency,
    ) -> Result<(Option<i64>, SaleCorrection), SaleFault> {
        const MONEY: [SalePart; 5] =
            [SalePart::Quantity, SalePart::UnitPrice, SalePart::Currency, SalePart::Amount, SalePart::Rate];
        self.sale.check_texts()?;
        let mut right = self.plain(sale);
        if MONEY.iter().all(|part| self.part(*part).is_none() && !self.without.contains(part)) {
            return Ok((None, right));
        }
        let before = Figures::of(sale, currency);
        let after = self.figures(&before, currency);
        let detail = right.applied_to(sale.detail.as_ref());
        let said = detail.as_deref().unwrap_or(&SaleDetail::NONE);
        if after.currency.is_none() && self.sale.rate.is_some() {
            return Err(SaleFault::NeedlessRate { currency: currency.code() });
        }
        if let (Some(typed), None, Some(code)) = (self.sale.amount, self.sale.currency, &after.currency)
            && after.has_no_amount()
        {
            let (amount, code, own) = (typed.to_owned(), code.clone(), currency.code());
            return Err(SaleFault::WhichCurrency { amount, code, own });
        }
        let minor = after.typed(said).amount_minor(currency)?;
        self.check_list_money(sale, (&before, &after), currency)?;
        // An amount without a currency is in that of the program, whatever the currency of the sale.
        if let (Some(text), None) = (self.sale.amount, self.sale.currency) {
            let stated = currency.parse(text).map_err(SaleFault::Amount)?;
            check_amount(&after, minor, stated, currency)?;
        }
        let own = after.currency.is_some();
        let parts = [
            (SalePart::Quantity, &after.quantity, sale.said().quantity.as_ref()),
            (SalePart::UnitPrice, &after.unit_price, sale.said().unit_price.as_ref()),
            (SalePart::Currency, &after.currency, sale.said().currency.as_ref()),
            (SalePart::Rate, &after.rate, sale.said().rate.as_ref()),
            (SalePart::Amount, &after.amount.filter(|_| own), sale.said().amount.as_ref()),
        ];
        for (part, now, known) in parts {
            match now {
                _ if now.as_ref() == known => {}
                Some(now) => *right.part_mut(part) = Some(now.clone()),
                None => {
                    right.without.insert(part);
                }
            }
        }
        Ok((Some(minor).filter(|minor| *minor != sale.reported_minor()), right))
    }

    /// Refuses another currency that would make another price of the one by the list.
    fn check_list_money(
        &self,
        sale: &Sale,
        (before, after): (&Figures, &Figures),
        currency: Currency,
    ) -> Result<(), SaleFault> {
        let list = sale.said().list_amount.as_ref().filter(|_| before.currency != after.currency);
        let is_said = self.sale.list_amount.is_some() || self.without.contains(&SalePart::ListAmount);
        let Some(list) = list.filter(|_| !is_said) else { return Ok(()) };
        let code = |of: &Figures| of.currency.clone().unwrap_or_else(|| currency.code().to_owned());
        Err(SaleFault::ListInOtherMoney { list: list.clone(), was: code(before), now: code(after) })
    }

    /// Returns the right parts that no amount follows from.
    fn plain(&self, sale: &Sale) -> SaleCorrection {
        let said = sale.said();
        let known = [
            (SalePart::Product, said.product.as_ref()),
            (SalePart::Customer, said.customer.as_ref()),
            (SalePart::ShipTo, said.ship_to.as_ref()),
            (SalePart::Deal, said.deal.as_ref()),
            (SalePart::Ref, sale.reference.as_ref()),
            (SalePart::ListAmount, said.list_amount.as_ref()),
            (SalePart::Returns, said.returns.as_ref()),
        ];
        let mut right = SaleCorrection::default();
        for (part, known) in known {
            match (self.part(part), known) {
                (Some(typed), _) if known.is_none_or(|known| known != typed) => {
                    *right.part_mut(part) = Some(typed.to_owned());
                }
                (None, Some(_)) if self.without.contains(&part) => {
                    right.without.insert(part);
                }
                _ => {}
            }
        }
        right
    }

    /// Returns the figures as they are right.
    fn figures(&self, before: &Figures, currency: Currency) -> Figures {
        let kept = |part: SalePart, known: &Option<String>| {
            let typed = self.part(part).map(str::to_owned);
            typed.or_else(|| known.clone().filter(|_| !self.without.contains(&part)))
        };
        let foreign = kept(SalePart::Currency, &before.currency).filter(|code| code != currency.code());
        let is_same_currency = foreign == before.currency;
        let (quantity, unit_price) =
            (kept(SalePart::Quantity, &before.quantity), kept(SalePart::UnitPrice, &before.unit_price));
        let rate = match &foreign {
            Some(_) if is_same_currency => kept(SalePart::Rate, &before.rate),
            _ => self.sale.rate.map(str::to_owned).filter(|_| foreign.is_some()),
        };
        let is_counted = quantity.is_some() && unit_price.is_some();
        let is_priced_anew = self.sale.quantity.is_some() || self.sale.unit_price.is_some();
        // What is typed without a currency is compared with what the figures come to.
        let typed = self.sale.amount.filter(|_| foreign.is_none() || self.sale.currency.is_some());
        let amount = match typed {
            Some(typed) => Some(typed.to_owned()),
            None if is_counted && is_priced_anew => None,
            None => before.amount.clone(),
        };
        Figures { amount, quantity, unit_price, currency: foreign, rate }
    }
}
