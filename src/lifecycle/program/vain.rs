//! What a program says in vain: parts that no partner can ever meet, or that mean nothing.
//!
//! Here is what can be seen only of a whole program; the rest is reported where its section is read. A program that is in
//! force keeps what it says, only a new one is refused.

use crate::lifecycle::base::located::TomlReader;
use crate::lifecycle::criteria::answer::Answers;
use crate::lifecycle::milestone::needs::Need;
use crate::lifecycle::milestone::section::Milestone;
use crate::lifecycle::program::applies::Applies;
use crate::lifecycle::program::definition::Program;
use crate::lifecycle::program::fault::VainFault;
use crate::lifecycle::program::fields::FieldKind;
use crate::lifecycle::stage::section::Stage;
use crate::lifecycle::terms::territory::Territory;

/// Reports what no partner can ever meet, each at the key of its section.
pub(crate) fn report_vain(program: &Program, reader: &mut TomlReader) {
    for (stage, milestone) in program.milestones() {
        let place = reader.place("milestone", &milestone.key);
        for fault in milestone_faults(program, stage, milestone) {
            reader.vain(&place, fault);
        }
    }
    let territory = program.sales.as_ref().and_then(|sales| program.term(sales.territory.as_deref()?));
    if let Some(term) = territory
        && let FieldKind::Choice(options) = &term.field.kind
    {
        let place = reader.place("term", &term.field.key);
        for option in options.iter().filter(|one| Territory::parse(one, &program.regions).is_none()) {
            let (term, option) = (term.field.key.clone(), option.clone());
            reader.vain(&place, VainFault::NoTerritory { term, option });
        }
    }
    for one in program.questionnaires() {
        let place = reader.place("questionnaire", &one.key);
        let stage = program.stage(&one.stage).filter(|stage| stage.applies.excludes(&one.applies));
        if let Some(stage) = stage {
            reader.vain(&place, for_nobody("questionnaire", &one.key, stage));
        }
        // Without an answer, the most that the score can be is the most that answers can come to.
        let best = one.judge(&Answers::new()).score().map(|(_, best)| best);
        if let (Some(best), Some(cut_offs)) = (best, one.cut_offs)
            && best <= cut_offs.pass_above
        {
            let (questionnaire, pass_above) = (one.key.clone(), cut_offs.pass_above);
            reader.vain(&place, VainFault::NeverPassed { questionnaire, best, pass_above });
        }
    }
}

fn milestone_faults(program: &Program, stage: &Stage, milestone: &Milestone) -> Vec<VainFault> {
    let mut faults = Vec::new();
    if stage.applies.excludes(&milestone.applies) {
        faults.push(for_nobody("milestone", &milestone.key, stage));
        return faults;
    }
    let Some(needs) = &milestone.needs else { return faults };
    if is_of_others(program, needs, [&stage.applies, &milestone.applies]) {
        let (milestone, needs) = (milestone.key.clone(), needs.to_string());
        faults.push(VainFault::NeedsOfOthers { milestone, needs });
    }
    let success = program.success_stage();
    let is_early = program.position(&stage.key) < program.position(&success.key);
    if is_early && takes(needs, &Need::TierReviewed) {
        let (stage, success) = (stage.key.clone(), success.key.clone());
        faults.push(VainFault::NeedsTierEarly { stage, success });
    }
    if milestone.every.is_some() && *needs == Need::Reported && program.reporting.is_none() {
        faults.push(VainFault::NeedsReporting { milestone: milestone.key.clone() });
    }
    faults
}

/// Returns whether a need cannot be met without this fact.
fn takes(need: &Need, fact: &Need) -> bool {
    match need {
        Need::Any(several) => !several.is_empty() && several.iter().all(|one| takes(one, fact)),
        Need::All(several) => several.iter().any(|one| takes(one, fact)),
        one => one == fact,
    }
}

/// Returns whether all that is needed is asked only of partners that are not in all of these scopes.
fn is_of_others(program: &Program, need: &Need, scopes: [&Applies; 2]) -> bool {
    let own = match need {
        Need::Any(several) | Need::All(several) => {
            return !several.is_empty() && several.iter().all(|one| is_of_others(program, one, scopes));
        }
        Need::Questionnaire(key) => program.questionnaire(key).map(|one| &one.applies),
        Need::Certified { course, .. } => program.course(course).map(|one| &one.applies),
        Need::Delivered(material) => program.material(material).map(|one| &one.applies),
        Need::Reported => Some(&program.scopes.reporting),
        _ => None,
    };
    own.is_some_and(|own| scopes.into_iter().any(|scope| own.excludes(scope)))
}

fn for_nobody(noun: &'static str, key: &str, stage: &Stage) -> VainFault {
    let named = stage.applies.named().map(|(_, values)| values.join(", "));
    let (part, partners) = (format!("{noun} `{key}`"), named.collect::<Vec<String>>().join("; "));
    VainFault::ForNobody { part, stage: stage.key.clone(), partners }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifecycle::program::definition::BUILT_IN;

    #[test]
    fn a_program_in_force_keeps_what_it_says_in_vain_and_a_new_one_is_refused() {
        for (from, to) in [
            ("name = \"Kick-off held\"", "name = \"Kick-off held\"\ntypes = []"),
            ("name = \"Kick-off held\"", "name = \"Kick-off held\"\nneeds = \"tier-reviewed\""),
            ("name = \"Kick-off held\"", "name = \"Kick-off held\"\nneeds = \"announced:A\""),
            ("success = true", "success = true\ntypes = [\"msp\"]"),
        ] {
            let vain = BUILT_IN.replacen(from, to, 1);
            assert_ne!(vain, BUILT_IN, "{from}");
            assert!(Program::parse(&vain).is_ok(), "{to}");
            assert_eq!(Program::check(&vain).map_err(|problems| problems.len()).err(), Some(1), "{to}");
        }
    }
}
