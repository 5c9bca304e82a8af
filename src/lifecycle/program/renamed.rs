//! An earlier program under the keys and options that its parts have now, so that it fits what partners are known by.

use crate::lifecycle::milestone::needs::Need;
use crate::lifecycle::program::aliases::{Aliases, Part};
use crate::lifecycle::program::applies::Applies;
use crate::lifecycle::program::definition::Program;
use crate::lifecycle::program::fields::{Field, FieldKind};
use crate::lifecycle::tiers::score::ScoreMeasure;
use crate::lifecycle::tiers::section::TierCondition;

impl Program {
    /// Returns the same program with the keys and options that its parts beside stages and milestones have now.
    #[must_use]
    pub(crate) fn with_parts_of(mut self, aliases: &Aliases) -> Program {
        self.rename_parts(aliases);
        self
    }

    /// Gives parts beside stages and milestones the keys and options that they have now, wherever the program names them.
    pub(super) fn rename_parts(&mut self, aliases: &Aliases) {
        let rename = |part: Part, key: &mut String| {
            let now = aliases.part(part, key);
            if now != key.as_str() {
                *key = now.to_owned();
            }
        };
        self.tiers.iter_mut().for_each(|one| rename(Part::Tier, &mut one.key));
        self.funds.iter_mut().for_each(|one| rename(Part::Fund, &mut one.key));
        self.courses.iter_mut().for_each(|one| rename(Part::Course, &mut one.key));
        self.materials.iter_mut().for_each(|one| rename(Part::Material, &mut one.key));
        self.reasons.iter_mut().for_each(|one| rename(Part::Reason, &mut one.key));
        self.terms.iter_mut().for_each(|one| rename_field(&mut one.field, Part::Term, aliases));
        self.fields.iter_mut().for_each(|one| rename_field(one, Part::Field, aliases));
        let sales = self.sales.iter_mut().flat_map(|one| {
            [&mut one.margin, &mut one.return_window, &mut one.territory].into_iter().flatten()
        });
        sales.for_each(|key| rename(Part::Term, key));
        if let Some(rule) = &mut self.reporting {
            rule.term.iter_mut().for_each(|key| rename(Part::Term, key));
            rule.field.iter_mut().for_each(|key| rename(Part::Field, key));
        }
        let notice = self.launches.iter_mut().flat_map(|one| &mut one.term);
        notice.for_each(|key| rename(Part::Term, key));
        for part in &mut self.score {
            if let ScoreMeasure::Certified(course) = &mut part.measure {
                rename(Part::Course, course);
            }
        }
        for tier in &mut self.tiers {
            tier.conditions.iter_mut().for_each(|one| rename_condition(one, aliases));
        }
        let milestones = self.stages.iter_mut().flat_map(|stage| &mut stage.milestones);
        for need in milestones.flat_map(|milestone| &mut milestone.needs) {
            rename_need(need, aliases);
        }
        self.each_scope_mut(|scope| {
            scope.rename(|attribute, value| match attribute {
                "tier" => aliases.part(Part::Tier, value).to_owned(),
                _ => aliases.option(Part::Field, attribute, value).to_owned(),
            });
        });
        self.former = aliases.clone();
    }

    fn each_scope_mut(&mut self, mut see: impl FnMut(&mut Applies)) {
        see(&mut self.scopes.productive);
        see(&mut self.scopes.non_performing);
        see(&mut self.scopes.reporting);
        for stage in &mut self.stages {
            see(&mut stage.applies);
            stage.milestones.iter_mut().for_each(|one| see(&mut one.applies));
        }
        self.questionnaires.iter_mut().for_each(|one| see(&mut one.applies));
        self.courses.iter_mut().for_each(|one| see(&mut one.applies));
        self.materials.iter_mut().for_each(|one| see(&mut one.applies));
        self.leaving.iter_mut().for_each(|one| see(&mut one.applies));
    }
}

fn rename_field(field: &mut Field, part: Part, aliases: &Aliases) {
    field.key = aliases.part(part, &field.key).to_owned();
    if let FieldKind::Choice(options) = &mut field.kind {
        for option in options {
            *option = aliases.option(part, &field.key, option).to_owned();
        }
    }
    let options = if part == Part::Term { &aliases.term_options } else { &aliases.field_options };
    field.former = options.get(&field.key).cloned().unwrap_or_default();
}

fn rename_condition(condition: &mut TierCondition, aliases: &Aliases) {
    match condition {
        TierCondition::Certified { course, .. } => {
            *course = aliases.part(Part::Course, course).to_owned();
        }
        TierCondition::Any(several) => {
            several.iter_mut().flatten().for_each(|one| rename_condition(one, aliases));
        }
        _ => {}
    }
}

fn rename_need(need: &mut Need, aliases: &Aliases) {
    let (part, key) = match need {
        Need::Certified { course, .. } => (Part::Course, course),
        Need::Agreed(term) | Need::Renewed(term) => (Part::Term, term),
        Need::Delivered(material) => (Part::Material, material),
        Need::Granted(fund) | Need::Claimed(fund) => (Part::Fund, fund),
        Need::Any(several) | Need::All(several) => {
            return several.iter_mut().for_each(|one| rename_need(one, aliases));
        }
        _ => return,
    };
    *key = aliases.part(part, key).to_owned();
}
