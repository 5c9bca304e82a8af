//! `[productive]` of the program: from which revenue on a partner is productive.

use crate::lifecycle::base::located::{Section, TomlReader};
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::program::applies::Applies;
use crate::lifecycle::program::sections::read_amount;

/// A partner is productive when its revenue of the last twelve months reaches this.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Productive {
    pub revenue_12m_minor: i64,
}

/// `[productive]` does not give the revenue.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct NoProductiveRevenue;

/// Reads `[productive]`: from which revenue on a partner counts as productive.
pub(crate) fn read_productive(
    mut section: Section,
    reader: &mut TomlReader,
    currency: Option<Currency>,
    scope: &mut Applies,
) -> Option<Productive> {
    *scope = Applies::read(&mut section, reader);
    let amount = read_amount(&mut section, reader, "revenue_12m", currency);
    if amount.is_none() && reader.clean() {
        reader.fault(section.span(), NoProductiveRevenue);
    }
    section.finish(reader);
    amount.map(|revenue_12m_minor| Productive { revenue_12m_minor })
}
