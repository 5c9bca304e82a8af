//! Revenue concentration: how few partners bring how much of the revenue, and who entered or left the top-80 % group.

use std::collections::{HashMap, HashSet};

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::text::counted;
use crate::lifecycle::event::PartnerId;
use crate::report::reading::{Channel, Line};
use crate::report::value::percent;
use crate::report::value::ratio;
use crate::report::value::{Cell, Figure, Table};

/// Partners with revenue above zero in twelve months, the largest first.
pub(super) struct Shares {
    sorted: Vec<(PartnerId, i128)>,
    pub total_minor: i128,
}

impl Shares {
    /// Sorts revenue by partner, the largest first; partners without revenue are left out.
    pub(super) fn of(revenue: impl Iterator<Item = (PartnerId, i128)>) -> Shares {
        let mut sorted: Vec<(PartnerId, i128)> = revenue.filter(|(_, minor)| *minor > 0).collect();
        sorted.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        let total_minor = sorted.iter().map(|(_, minor)| minor).sum();
        Shares { sorted, total_minor }
    }

    /// Returns the share of revenue of the top 20 % of partners, rounded up to whole partners.
    pub(super) fn top_fifth(&self) -> Option<f64> {
        let count = self.sorted.len().div_ceil(5);
        ratio(self.sorted[..count].iter().map(|(_, minor)| minor).sum(), self.total_minor)
    }

    /// Returns the top-80 % group: the fewest partners that bring 80 % of revenue together.
    pub(super) fn makers(&self) -> &[(PartnerId, i128)] {
        let mut so_far = 0;
        let enough = self.sorted.iter().position(|(_, minor)| {
            so_far += minor;
            so_far * 5 >= self.total_minor * 4
        });
        &self.sorted[..enough.map_or(0, |at| at + 1)]
    }

    /// Returns the concentration for machines.
    pub(super) fn figures(&self) -> [Figure; 3] {
        [
            Figure::for_machines("partners_with_revenue", Cell::count(self.sorted.len())),
            Figure::for_machines("share_of_top_fifth", Cell::share(self.top_fifth())),
            Figure::for_machines("partners_that_make_80_percent", Cell::count(self.makers().len())),
        ]
    }

    /// Returns the concentration in a sentence; nothing without revenue.
    pub(super) fn sentence(&self) -> Option<String> {
        let (top, makers) = (self.top_fifth()?, self.makers().len());
        if makers == 1 {
            let share = ratio(self.sorted[0].1, self.total_minor)?;
            return Some(format!("The top partner alone brings {} % of the revenue.", percent(share)));
        }
        Some(format!(
            "Top 20 % of {} with revenue bring {} % of it; {makers} bring 80 %.",
            counted(self.sorted.len(), "partner"),
            percent(top)
        ))
    }
}

/// A partner that entered or left the top-80 % group.
struct Mover<'c> {
    line: &'c Line,
    moved: &'static str,
    then_minor: i128,
    now_minor: i128,
}

/// Returns the partners that entered or left the top-80 % group since a day; none if the twelve months before it are not
/// recorded whole: `began` is the day since when revenue is.
pub(super) fn movers(
    channel: &Channel,
    (then, now): (&Shares, &Shares),
    since: Day,
    began: Option<Day>,
) -> Table {
    let of = |shares: &Shares| shares.makers().iter().map(|(id, _)| *id).collect::<HashSet<PartnerId>>();
    let revenue = |shares: &Shares| shares.sorted.iter().copied().collect::<HashMap<PartnerId, i128>>();
    let (before, after) = (of(then), of(now));
    let (revenue_then, revenue_now) = (revenue(then), revenue(now));
    let moved = |line: &Line| match (before.contains(&line.id), after.contains(&line.id)) {
        (false, true) => Some("new in the group"),
        (true, false) if line.left_as().is_some() => Some("left the channel"),
        (true, false) => Some("no longer in the group"),
        _ => None,
    };
    let minor = |all: &HashMap<PartnerId, i128>, line: &Line| all.get(&line.id).copied().unwrap_or(0);
    let movers = channel.lines.iter().filter_map(|line| {
        let (then_minor, now_minor) = (minor(&revenue_then, line), minor(&revenue_now, line));
        Some(Mover { line, moved: moved(line)?, then_minor, now_minor })
    });
    let movers: Vec<Mover> = movers.filter(|_| began.is_none()).collect();
    let code = channel.program.currency.code();
    let table =
        Table::of("movers", format!("Partners that make up 80 % of revenue: changes since {since}"), &movers)
            .column("partner", "Partner", |one| one.line.key())
            .partner_name(|one| one.line.attribute("name"))
            .machines("moved", |one| if one.moved == "new in the group" { "in" } else { "out" })
            .people("Change", |one| one.moved)
            .column("revenue_then", format!("12-month revenue then ({code})"), |one| {
                channel.money(one.then_minor)
            })
            .column("revenue_now", "12-month revenue now", |one| channel.money(one.now_minor))
            .done()
            .empty(match began {
                Some(began) => format!(
                    "Who made up 80 % of revenue on {since} is not known: revenue is recorded since {began}."
                ),
                None => format!("The partners that make up 80 % of revenue are the same as on {since}."),
            });
    if table.len() > 40 { table.for_machines() } else { table }
}
