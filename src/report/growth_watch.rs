//! What holds revenue back in growth: how many partners need attention for which reason, and the money that they lack.

use crate::lifecycle::base::text::counted;
use crate::lifecycle::facts::Facts;
use crate::report::priorities::{Attention, PartnerPriority};
use crate::report::reading::Channel;
use crate::report::reason::{GrowthWatch, ReasonNames};
use crate::report::value::{Table, rounded};

/// The partners in growth that need attention, by their most pressing reason.
pub(crate) struct GrowthSummary {
    rows: Vec<ReasonRow>,
    /// Partners in growth in all.
    in_growth: usize,
    name: String,
    currency: &'static str,
    gap: String,
}

/// Partners with the same most pressing reason.
struct ReasonRow {
    names: ReasonNames,
    partners: usize,
    /// Those of them about whom only a decision is left.
    to_decide: usize,
    gap_minor: i128,
    /// What touching the others can still bring.
    reachable_minor: i128,
}

impl GrowthSummary {
    /// Sums up what was found of each partner.
    pub(crate) fn of(channel: &Channel, watch: &GrowthWatch, todos: &[PartnerPriority]) -> GrowthSummary {
        let mut rows: Vec<ReasonRow> = Vec::new();
        for (todo, found) in todos.iter().filter_map(|todo| Some((todo, todo.growth.as_ref()?))) {
            let Some(first) = found.reasons.first() else { continue };
            let to_decide = todo.attention == Attention::Decide;
            let names = first.names();
            let at = rows.iter().position(|row| row.names == names).unwrap_or_else(|| {
                rows.push(ReasonRow { names, partners: 0, to_decide: 0, gap_minor: 0, reachable_minor: 0 });
                rows.len() - 1
            });
            let row = &mut rows[at];
            row.partners += 1;
            row.to_decide += usize::from(to_decide);
            row.gap_minor += found.gap.map_or(0, |gap| gap.gap_minor);
            row.reachable_minor += found.gap.filter(|_| !to_decide).map_or(0, |gap| gap.reachable_minor);
        }
        rows.sort_by(|a, b| b.reachable_minor.cmp(&a.reachable_minor).then(b.partners.cmp(&a.partners)));
        let in_growth = channel.lines.iter().filter(|line| channel.facts(line).in_growth_since().is_some());
        let until = watch.until().map_or_else(String::new, |day| format!(" by {day}"));
        let gap = rows.first().filter(|row| row.gap_minor > 0).map_or_else(String::new, |row| {
            let code = channel.program.currency.code();
            format!(", {} {code} short{until}", rounded(channel.money(row.gap_minor)))
        });
        GrowthSummary {
            rows,
            in_growth: in_growth.count(),
            name: channel.program.success_stage().name.clone(),
            currency: channel.program.currency.code(),
            gap,
        }
    }

    /// Returns how many partners in growth need attention.
    pub(crate) fn partners(&self) -> usize {
        self.rows.iter().map(|row| row.partners).sum()
    }

    /// Returns the same as a sentence of its own, if money is at stake.
    pub(crate) fn sentence(&self) -> Option<String> {
        self.rows.first().filter(|row| row.gap_minor > 0)?;
        Some(format!("In {}.", self.answer()?))
    }

    /// Returns what holds most of the revenue back; none if no partner in growth needs attention.
    pub(crate) fn answer(&self) -> Option<String> {
        let first = self.rows.first()?;
        let all = counted(self.in_growth, "partner");
        let in_common = first.names.in_common_of(first.partners);
        Some(format!("{}, {} of {all} {in_common}{}", self.name, first.partners, self.gap))
    }

    /// Returns the reasons as a table; none if no partner in growth needs attention.
    pub(crate) fn table(&self, channel: &Channel) -> Option<Table> {
        let money = |minor: i128| (minor != 0).then(|| channel.money(minor));
        let title = format!("{}: {} of {} need attention", self.name, self.partners(), self.in_growth);
        let table = Table::of("growth", title, &self.rows)
            .machines("reason", |row| row.names.word)
            .column("heading", "Reason", |row| row.names.heading)
            .column("partners", "Partners", |row| row.partners)
            .headline()
            .column("to_decide", "To decide", |row| (row.to_decide > 0).then_some(row.to_decide))
            .optional()
            .column("gap", format!("Gap at year end ({})", self.currency), move |row| money(row.gap_minor))
            .optional()
            .column("at_stake", format!("Still possible this year ({})", self.currency), move |row| {
                money(row.reachable_minor)
            })
            .optional()
            .done();
        (!self.rows.is_empty()).then_some(table)
    }
}
