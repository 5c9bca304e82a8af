//! What differs between two programs, in words.

use crate::lifecycle::base::text::counted;
use crate::lifecycle::criteria::condition::AnswerCondition;
use crate::lifecycle::criteria::verdict::CutOffs;
use crate::lifecycle::criteria::{Question, Questionnaire};
use crate::lifecycle::program::{Aliases, Applies, Milestone, Program, Stage, options_of};
use crate::text::applies::applies_in_words;
use crate::text::criteria::answer_settings;
use crate::text::program_sections::{self, field_type};

/// One difference, as a sentence for people and as parts for machines.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProgramChange {
    /// `program`, `stage`, `milestone`, `field`, `reason`, `term`, `course`, `material`, `fund`, `questionnaire` or `question`.
    pub part: &'static str,
    pub key: String,
    /// What changes: `added`, `removed`, `renamed`, `moved`, or the name of the setting.
    pub what: String,
    pub before: String,
    pub after: String,
}

/// Returns everything that differs from `old` to `new`, in the order of the new program.
///
/// `aliases` are those in force with `new`: a renamed stage is one change, not two.
pub fn changes(old: &Program, new: &Program, aliases: &Aliases) -> Vec<ProgramChange> {
    let mut list = ChangeList::default();
    list.renames(old, new, aliases);
    // What has another key or option now is compared under it.
    let old = &old.clone().with_parts_of(aliases);
    list.settings(old, new);
    list.stages(old, new, aliases);
    list.fields(old, new);
    list.supporting_sections(old, new);
    list.questionnaires(old, new, aliases);
    list.changes
}

#[derive(Default)]
struct ChangeList {
    changes: Vec<ProgramChange>,
}

impl ChangeList {
    fn add(&mut self, part: &'static str, key: &str, what: &str, before: String, after: String) {
        if before != after {
            let (key, what) = (key.to_owned(), what.to_owned());
            self.changes.push(ProgramChange { part, key, what, before, after });
        }
    }

    fn renames(&mut self, old: &Program, new: &Program, aliases: &Aliases) {
        for (part, was) in old.parts() {
            let now = aliases.part(part, was);
            if new.parts().any(|(known, key)| known == part && key == now) {
                self.add(part.noun(), now, "renamed", was.to_owned(), now.to_owned());
            }
        }
        for (part, field) in old.choices() {
            let key = aliases.part(part, &field.key);
            for option in options_of(Some(&field.kind)).unwrap_or_default() {
                let now = aliases.option(part, key, option);
                self.add(part.noun(), key, "option renamed", option.clone(), now.to_owned());
            }
        }
    }

    fn settings(&mut self, old: &Program, new: &Program) {
        let (before, after) = (old.name.clone(), new.name.clone());
        self.add("program", "program", "name", before, after);
        let code = |program: &Program| program.currency.code().to_owned();
        self.add("program", "program", "currency", code(old), code(new));
        let month = |program: &Program| program.calendar.first_month().to_string();
        self.add("program", "program", "fiscal_year_start", month(old), month(new));
        let zone = |program: &Program| program.time_zone.clone().unwrap_or_default();
        self.add("program", "program", "time_zone", zone(old), zone(new));
        let named = |program: &Program| program.calendar.years_named().word().to_owned();
        self.add("program", "program", "fiscal_year_named", named(old), named(new));
        self.add(
            "program",
            "productive",
            "revenue_12m",
            program_sections::productive_rule(old),
            program_sections::productive_rule(new),
        );
        let rule = program_sections::non_performing_rule;
        self.add("program", "non_performing", "rule", rule(old), rule(new));
        self.add(
            "program",
            "reporting",
            "rule",
            program_sections::reporting_rule(old),
            program_sections::reporting_rule(new),
        );
        let review = |program: &Program| program.review.clone().unwrap_or_default();
        self.add("program", "planning", "review", review(old), review(new));
        self.add(
            "program",
            "tier",
            "tiers",
            program_sections::tier_rules(old),
            program_sections::tier_rules(new),
        );
        let leaving = |program: &Program| {
            let items = program.leaving.iter().map(|one| one.key.clone());
            items.collect::<Vec<String>>().join(", ")
        };
        self.add("program", "leaving", "checklist", leaving(old), leaving(new));
    }

    fn stages(&mut self, old: &Program, new: &Program, aliases: &Aliases) {
        for (position, stage) in new.stages().iter().enumerate() {
            let before = old.stages().iter().position(|one| aliases.stage(&one.key) == stage.key);
            let Some(at) = before else {
                self.add("stage", &stage.key, "added", String::new(), stage.name.clone());
                self.milestones(None, stage, old, new, aliases);
                continue;
            };
            let was = &old.stages()[at];
            self.add("stage", &stage.key, "renamed", was.key.clone(), stage.key.clone());
            self.add("stage", &stage.key, "position", place(at), place(position));
            self.add("stage", &stage.key, "name", was.name.clone(), stage.name.clone());
            self.add("stage", &stage.key, "target_days", days(was.target_days), days(stage.target_days));
            self.add("stage", &stage.key, "success", was.success.to_string(), stage.success.to_string());
            self.applies("stage", &stage.key, &was.applies, &stage.applies);
            self.milestones(Some(was), stage, old, new, aliases);
        }
        for stage in old.stages().iter().filter(|one| new.stage(aliases.stage(&one.key)).is_none()) {
            self.add("stage", &stage.key, "removed", stage.name.clone(), String::new());
        }
    }

    fn milestones(
        &mut self,
        was: Option<&Stage>,
        stage: &Stage,
        old: &Program,
        new: &Program,
        aliases: &Aliases,
    ) {
        for one in &stage.milestones {
            let before = old.milestones().find(|(_, before)| aliases.milestone(&before.key) == one.key);
            let Some((old_stage, before)) = before else {
                let gate = if one.gate { ", gate" } else { "" };
                let after = format!("{}, in {}{gate}", one.name, stage.key);
                self.add("milestone", &one.key, "added", String::new(), after);
                continue;
            };
            self.add("milestone", &one.key, "renamed", before.key.clone(), one.key.clone());
            let old_stage = aliases.stage(&old_stage.key).to_owned();
            self.add("milestone", &one.key, "stage", old_stage, stage.key.clone());
            self.milestone(before, one);
        }
        let gone = was.into_iter().flat_map(|stage| &stage.milestones);
        for one in gone.filter(|one| new.milestone(aliases.milestone(&one.key)).is_none()) {
            self.add("milestone", &one.key, "removed", one.name.clone(), String::new());
        }
    }

    fn milestone(&mut self, before: &Milestone, after: &Milestone) {
        let key = &after.key;
        self.add("milestone", key, "name", before.name.clone(), after.name.clone());
        self.add("milestone", key, "gate", before.gate.to_string(), after.gate.to_string());
        self.add("milestone", key, "due_days", days(before.due_days), days(after.due_days));
        let every = |one: &Milestone| one.every.map_or_else(String::new, |every| every.word().to_owned());
        self.add("milestone", key, "every", every(before), every(after));
        self.add("milestone", key, "lead_days", days(before.lead_days), days(after.lead_days));
        let needs = |one: &Milestone| {
            one.needs.as_ref().filter(|_| !one.by_hand).map_or_else(String::new, ToString::to_string)
        };
        self.add("milestone", key, "needs", needs(before), needs(after));
        let settled_by = |one: &Milestone| {
            one.needs.as_ref().filter(|_| one.by_hand).map_or_else(String::new, ToString::to_string)
        };
        self.add("milestone", key, "settled_by", settled_by(before), settled_by(after));
        let by = |one: &Milestone| one.by.map_or_else(String::new, |by| by.word().to_owned());
        self.add("milestone", key, "by", by(before), by(after));
        self.applies("milestone", key, &before.applies, &after.applies);
    }

    fn applies(&mut self, part: &'static str, key: &str, before: &Applies, after: &Applies) {
        let words = applies_in_words;
        self.add(part, key, "for", words(before), words(after));
    }

    fn questionnaires(&mut self, old: &Program, new: &Program, aliases: &Aliases) {
        for one in new.questionnaires() {
            let Some(before) = old.questionnaire(&one.key) else {
                let after = format!("{}, {}", one.title, counted(one.questions.len(), "question"));
                self.add("questionnaire", &one.key, "added", String::new(), after);
                continue;
            };
            let key = &one.key;
            self.add("questionnaire", key, "title", before.title.clone(), one.title.clone());
            let stage = aliases.stage(&before.stage).to_owned();
            self.add("questionnaire", key, "stage", stage, one.stage.clone());
            self.add("questionnaire", key, "side", before.side.word().to_owned(), one.side.word().to_owned());
            let cut_offs = |one: &Questionnaire| match one.cut_offs {
                None => String::new(),
                Some(CutOffs { fail_below, pass_above }) => {
                    format!("fail below {fail_below}, pass above {pass_above}")
                }
            };
            self.add("questionnaire", key, "cut-offs", cut_offs(before), cut_offs(one));
            self.applies("questionnaire", key, &before.applies, &one.applies);
            self.questions(before, one);
        }
        for one in old.questionnaires().iter().filter(|one| new.questionnaire(&one.key).is_none()) {
            self.add("questionnaire", &one.key, "removed", one.title.clone(), String::new());
        }
    }

    fn questions(&mut self, old: &Questionnaire, new: &Questionnaire) {
        for (at, one) in new.questions.iter().enumerate() {
            let key = &one.key;
            let Some(was_at) = old.questions.iter().position(|before| before.key == *key) else {
                self.add("question", key, "added", String::new(), format!("{}, in {}", one.text, new.key));
                continue;
            };
            let before = &old.questions[was_at];
            self.add("question", key, "position", place(was_at), place(at));
            self.add("question", key, "text", before.text.clone(), one.text.clone());
            let optional = |text: &Option<String>| text.clone().unwrap_or_default();
            self.add("question", key, "help", optional(&before.help), optional(&one.help));
            self.add("question", key, "evidence", optional(&before.evidence), optional(&one.evidence));
            self.add("question", key, "type", before.kind.word().to_owned(), one.kind.word().to_owned());
            self.add("question", key, "weight", before.weight.to_string(), one.weight.to_string());
            self.add("question", key, "answers", answer_settings(&before.kind), answer_settings(&one.kind));
            let actual = |one: &Question| one.actual.map_or_else(String::new, |_| "revenue-12m".to_owned());
            self.add("question", key, "actual", actual(before), actual(one));
            let conditions = |all: &[AnswerCondition]| {
                let texts: Vec<String> = all.iter().map(ToString::to_string).collect();
                texts.join(", ")
            };
            self.add("question", key, "must", conditions(&before.musts), conditions(&one.musts));
            self.add("question", key, "ask_if", conditions(&before.ask_if), conditions(&one.ask_if));
        }
        for one in old.questions.iter().filter(|one| new.question(&one.key).is_none()) {
            self.add("question", &one.key, "removed", one.text.clone(), String::new());
        }
    }

    /// Compares sections with a key each, by their settings in words.
    fn sections(&mut self, part: &'static str, old: &[(String, String)], new: &[(String, String)]) {
        let of = |all: &[(String, String)], key: &str| {
            all.iter().find(|(known, _)| known == key).map_or_else(String::new, |(_, text)| text.clone())
        };
        for (key, after) in new {
            let before = of(old, key);
            let what = if before.is_empty() { "added" } else { "settings" };
            self.add(part, key, what, before, after.clone());
        }
        for (key, before) in old.iter().filter(|(key, _)| of(new, key).is_empty()) {
            self.add(part, key, "removed", before.clone(), String::new());
        }
    }

    fn supporting_sections(&mut self, old: &Program, new: &Program) {
        self.sections("score", &program_sections::score_parts(old), &program_sections::score_parts(new));
        self.sections("reason", &program_sections::reasons(old), &program_sections::reasons(new));
        self.sections("term", &program_sections::terms(old), &program_sections::terms(new));
        self.sections("region", &program_sections::regions(old), &program_sections::regions(new));
        self.add(
            "program",
            "sales",
            "terms",
            program_sections::sale_terms(old),
            program_sections::sale_terms(new),
        );
        self.sections("course", &program_sections::courses(old), &program_sections::courses(new));
        self.sections("material", &program_sections::materials(old), &program_sections::materials(new));
        self.sections("fund", &program_sections::funds(old), &program_sections::funds(new));
        self.add(
            "program",
            "launches",
            "rule",
            program_sections::launch_notice(old),
            program_sections::launch_notice(new),
        );
    }

    fn fields(&mut self, old: &Program, new: &Program) {
        for field in new.fields() {
            let before = old.field(&field.key).map_or_else(String::new, field_type);
            let what = if before.is_empty() { "added" } else { "type" };
            self.add("field", &field.key, what, before, field_type(field));
        }
        for field in old.fields().iter().filter(|field| new.field(&field.key).is_none()) {
            self.add("field", &field.key, "removed", field_type(field), String::new());
        }
    }
}

fn days(days: Option<i64>) -> String {
    days.map_or_else(String::new, |days| days.to_string())
}

fn place(position: usize) -> String {
    (position + 1).to_string()
}
