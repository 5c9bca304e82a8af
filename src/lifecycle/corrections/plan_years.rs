//! Of which year each event of a plan is.

use std::collections::HashMap;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::stored::PartnerId;
use crate::lifecycle::event::{Event, Recorded};
use crate::lifecycle::plans::events::{Agreed, Sent};

/// Returns the first day of the year that each event of a plan is about, by its number.
pub(crate) fn plan_years(order: &[(Day, &Recorded)]) -> HashMap<i64, Day> {
    let mut named: HashMap<(PartnerId, &str), Day> = HashMap::new();
    let mut years = HashMap::new();
    for (_, one) in order {
        let year = match &one.event {
            Event::Planned(planned) => {
                named.insert((one.partner, &planned.period), planned.starts);
                Some(planned.starts)
            }
            Event::Sent(Sent { period, days }) | Event::Agreed(Agreed { period, days, .. }) => {
                days.map(|days| days.first).or_else(|| named.get(&(one.partner, period.as_str())).copied())
            }
            _ => None,
        };
        years.extend(year.map(|year| (one.number, year)));
    }
    years
}
