//! Reports that nothing was sold in a period, although something is recorded of its days: they add nothing and count as no
//! record.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::DayRange;
use crate::lifecycle::revenue::events::Sale;

/// The days on which a partner sold something, by the first event that says so.
#[derive(Default)]
pub(crate) struct SoldDays {
    /// Days with records of single days, in order.
    days: Vec<(Day, i64)>,
    /// Records of periods.
    periods: Vec<(DayRange, i64)>,
}

impl SoldDays {
    /// Makes it of the sales of a partner, which are in order of day.
    pub(crate) fn of(sales: &[Sale]) -> SoldDays {
        let mut sold = SoldDays::default();
        if sales.iter().any(says_nothing) {
            for sale in sales {
                sold.add(sale);
            }
        }
        sold
    }

    /// Adds a sale; those before it are of no later day.
    pub(crate) fn add(&mut self, sale: &Sale) {
        if sale.reported_minor() == 0 {
            return;
        }
        match sale.period {
            Some(days) => self.periods.push((days, sale.event)),
            None if self.days.last().is_none_or(|(day, _)| *day != sale.day) => {
                self.days.push((sale.day, sale.event));
            }
            None => {}
        }
    }

    /// Returns the event to which a report of nothing gives way: the first one that says that something was sold on its days.
    pub(crate) fn instead_of(&self, sale: &Sale) -> Option<i64> {
        let days = sale.period.filter(|_| says_nothing(sale))?;
        let at = self.days.partition_point(|(day, _)| *day < days.first);
        let of_day = self.days.get(at).filter(|(day, _)| *day <= days.last).map(|(_, event)| *event);
        let of_period = self.periods.iter().filter(|(period, _)| period.shared(days).is_some());
        of_period.map(|(_, event)| *event).chain(of_day).min()
    }
}

/// Returns whether a record says of a period that nothing at all was sold in it.
pub(crate) fn says_nothing(sale: &Sale) -> bool {
    sale.period.is_some() && sale.reported_minor() == 0 && sale.product().is_none()
}
