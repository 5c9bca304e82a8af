//! What can be said of a channel in which too few visits are completed for a chance of success: each stage against its
//! target, and the gates that hold partners up.

use std::collections::HashSet;

use crate::lifecycle::base::text::counted;
use crate::lifecycle::event::PartnerId;
use crate::report::estimate::model::Model;
use crate::report::estimate::targets::{HoldUp, StageTarget, against_targets, hold_ups, worst};
use crate::report::priorities::{Attention, PartnerPriority};
use crate::report::reading::Channel;
use crate::report::value::{Cell, Table};
use crate::store::View;

/// So many gates are named.
const NAMED: usize = 5;

/// The stages of a small channel, and what holds its partners up.
pub(crate) struct SmallChannel<'p> {
    targets: Vec<StageTarget<'p>>,
    hold_ups: Vec<HoldUp<'p>>,
}

impl<'p> SmallChannel<'p> {
    /// Measures the channel; `priorities` say about whom only a decision is left.
    ///
    /// # Errors
    /// Fails if the file can't be read.
    pub(crate) fn of(
        view: &View,
        channel: &Channel<'p>,
        model: &Model,
        priorities: &[PartnerPriority],
    ) -> anyhow::Result<SmallChannel<'p>> {
        let given_up = priorities.iter().filter(|one| one.attention == Attention::Decide);
        let given_up: HashSet<PartnerId> = given_up.map(|one| one.line.id).collect();
        let targets = against_targets(channel, model, &given_up);
        Ok(SmallChannel { targets, hold_ups: hold_ups(view, channel, &given_up)? })
    }

    /// Returns the stage to look at first, with what makes it so; none if no partner is beyond a target.
    pub(crate) fn answer(&self) -> Option<String> {
        let stage = worst(&self.targets)?;
        let holds_up = self.hold_ups.iter().find(|one| one.stage.key == stage.stage.key);
        let holds_up = holds_up.map_or_else(String::new, |one| {
            format!("; \"{}\" is open for {}", one.name, counted(one.partners, "partner"))
        });
        Some(format!("{}, {}{holds_up}", stage.stage.name, in_words(stage)))
    }

    /// Returns how many partners beyond the target of their stage a touch can still move on.
    pub(crate) fn movable(&self) -> usize {
        self.targets.iter().map(StageTarget::movable).sum()
    }

    /// Returns the stages against their targets, and the gates that hold partners up, as far as there are any.
    pub(crate) fn tables(&self) -> Vec<Table> {
        let mut tables = vec![self.target_table(), self.hold_up_table()];
        tables.retain(|table| !table.is_empty());
        tables
    }

    fn target_table(&self) -> Table {
        let limit = |one: &StageTarget, part: fn(&StageTarget) -> Option<usize>| Cell::age(part(one));
        let family = self.targets.iter().filter(|one| one.median.is_some()).count();
        let note = (family > 1).then(|| {
            format!("The intervals of all {family} medians hold together with 95 % confidence (Bonferroni).")
        });
        Table::of("targets", "Stages against their targets", &self.targets)
            .machines("stage", |one| &one.stage.key)
            .column("name", "Stage", |one| &one.stage.name)
            .column("target_days", "Target", |one| Cell::Days(one.target_days))
            .column("in_progress", "In progress", |one| one.in_progress)
            .column("beyond_target", "Beyond target", |one| one.beyond)
            .headline()
            .alert()
            .machines("for_decision", |one| one.for_decision)
            .column("completed", "Completed", |one| one.completed)
            .people("Median (95 % CI)", median_in_words)
            .optional()
            .machines("median_days", move |one| limit(one, |one| one.median.and_then(|median| median.days)))
            .machines("median_days_low", move |one| {
                limit(one, |one| one.median.and_then(|median| median.low))
            })
            .machines("median_days_high", move |one| {
                limit(one, |one| one.median.and_then(|median| median.high))
            })
            .machines("slower_than_target", |one| one.median.map(|_| one.is_slower()))
            .done()
            .with_notes(note)
    }

    fn hold_up_table(&self) -> Table {
        let shown = &self.hold_ups[..self.hold_ups.len().min(NAMED)];
        let title = match self.hold_ups.len() {
            all if all > NAMED => {
                format!("Open gates of partners beyond their target (first {NAMED} of {all})")
            }
            _ => "Open gates of partners beyond their target".to_owned(),
        };
        Table::of("hold_ups", title, shown)
            .machines("milestone", |one| one.milestone)
            .column("name", "Gate", |one| one.name)
            .machines("stage", |one| &one.stage.key)
            .column("stage_name", "Stage", |one| &one.stage.name)
            .column("partners", "Partners", |one| one.partners)
            .headline()
            .column("longest_days", "Longest beyond target", |one| Cell::Days(one.longest_days))
            .done()
    }
}

/// Returns how a stage stands against its target: significantly slower, or how many in progress are beyond it.
fn in_words(one: &StageTarget) -> String {
    match one.median.filter(|_| one.is_slower()) {
        Some(_) => {
            let target = one.target_days;
            format!("significantly slower than its target: median {} against {target}", days_in_words(one))
        }
        None => {
            let are = if one.beyond == 1 { "is" } else { "are" };
            let left = match one.for_decision {
                0 => String::new(),
                some if some < one.beyond => format!(", {some} of them left for a decision"),
                1 => ", left for a decision".to_owned(),
                _ => ", all left for a decision".to_owned(),
            };
            format!(
                "{} of {} in progress {are} beyond the target of {} days{left}",
                one.beyond, one.in_progress, one.target_days
            )
        }
    }
}

fn days_in_words(one: &StageTarget) -> String {
    let Some(median) = one.median else { return String::new() };
    let days = median.days.map_or_else(|| "not reached".to_owned(), |days| counted(days, "day"));
    match (median.low, median.high) {
        (Some(low), Some(high)) => format!("{days} (95 % CI {low} to {high})"),
        (Some(low), None) => format!("{days} (95 % CI from {low})"),
        (None, _) => days,
    }
}

fn median_in_words(one: &StageTarget) -> Cell {
    let Some(median) = one.median else { return Cell::Missing };
    let days = median.days.map_or_else(|| "not reached".to_owned(), |days| format!("{days} d"));
    Cell::Text(match (median.low, median.high) {
        (Some(low), Some(high)) => format!("{days} ({low} to {high})"),
        (Some(low), None) => format!("{days} (≥ {low})"),
        (None, _) => days,
    })
}
