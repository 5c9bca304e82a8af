//! `program show` and `program diff` as tables.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::lifecycle::base::percent::tenths;
use crate::lifecycle::base::period::Every;
use crate::lifecycle::base::problem::Problem;
use crate::lifecycle::criteria::{Question, Questionnaire};
use crate::lifecycle::milestone::Doer;
use crate::lifecycle::program::{Applies, Milestone, Program, RuleScopes, Stage};
use crate::report::value::{Cell, Figure, Report, Table};
use crate::text::applies::applies_in_words;
use crate::text::criteria::{required_in_words, score_rule};
use crate::text::performance::measured;
use crate::text::program_diff::ProgramChange;
use crate::text::program_sections;
use crate::text::program_templates::PROGRAM_TEMPLATES;
use crate::text::tiers::condition_in_words;

/// Returns the programs that come with chanlife.
pub(crate) fn ready_programs() -> Report {
    let table = Table::of("programs", "Ready programs", &PROGRAM_TEMPLATES)
        .column("program", "Program", |one| one.name)
        .identity()
        .column("purpose", "For", |one| one.purpose)
        .headline()
        .done();
    Report::new("chanlife.programs/1", "Programs that come with chanlife").with_tables([table])
}

/// Returns all settings of a program.
pub fn show(program: &Program) -> Report {
    Report::new("chanlife.program/1", program.name.clone())
        .with_figures(settings(program))
        .with_figures(rule_scopes(program))
        .with_tables([
            stages(program),
            milestones(program),
            questionnaires(program),
            questions(program),
            tiers(program),
            in_words("score", "Partner score", ("part", "Part"), &program_sections::score_parts(program)),
            leaving(program),
            in_words(
                "reasons",
                "Reasons for leaving",
                ("reason", "Reason"),
                &program_sections::reasons(program),
            ),
            in_words("terms", "Terms", ("term", "Term"), &program_sections::terms(program)),
            in_words("regions", "Regions", ("region", "Region"), &program_sections::regions(program)),
            in_words("courses", "Courses", ("course", "Course"), &program_sections::courses(program)),
            in_words(
                "materials",
                "Materials",
                ("material", "Material"),
                &program_sections::materials(program),
            ),
            in_words("funds", "Funds", ("fund", "Fund"), &program_sections::funds(program)),
        ])
}

fn settings(program: &Program) -> Vec<Figure> {
    let money = |minor: i64| program.currency.money(i128::from(minor));
    let rule = program.non_performing;
    vec![
        Figure::for_machines("name", program.name.as_str()),
        Figure::new("currency", "Currency", program.currency.code()),
        Figure::new(
            "fiscal_year_start",
            "Fiscal year starts in month",
            i64::from(program.calendar.first_month()),
        ),
        Figure::new("time_zone", "Time zone", program.time_zone.as_deref()),
        Figure::for_machines("fiscal_year_named", program.calendar.years_named().word()),
        Figure::new(
            "productive_revenue_12m",
            "Productive from 12-month revenue of",
            program.productive.map(|rule| money(rule.revenue_12m_minor)),
        ),
        Figure::for_people("Underperforming", rule.map(|found| measured(program, found.rule.measures))),
        Figure::for_machines(
            "non_performing_below_percent_of_plan",
            rule.and_then(|found| found.rule.measures.percent_of_plan),
        ),
        Figure::for_machines(
            "non_performing_below_percent_of_last_year",
            rule.and_then(|found| found.rule.measures.percent_of_last_year),
        ),
        Figure::for_machines(
            "non_performing_below_revenue_in_quarter",
            rule.and_then(|found| found.rule.measures.revenue_minor.map(money)),
        ),
        Figure::new(
            "non_performing_quarters",
            "Quarters below threshold",
            rule.map(|found| found.rule.quarters),
        ),
        Figure::new(
            "grace_days",
            "Grace period after launch (days)",
            rule.map(|found| found.rule.grace_days),
        ),
        Figure::new(
            "sales_terms",
            "Sales are checked against",
            Some(program_sections::sale_terms(program)).filter(|text| !text.is_empty()),
        ),
        Figure::new("launches", "Launch notice", program_sections::launch_notice(program)),
        Figure::new("improvement_days", "Improvement plan (days)", rule.map(|found| found.improvement_days)),
    ]
}

/// Returns for whom the rules are, where they are not for all.
fn rule_scopes(program: &Program) -> [Figure; 3] {
    let RuleScopes { productive, non_performing, reporting } = &program.scopes;
    let words = |scope: &Applies| Some(applies_in_words(scope)).filter(|words| !words.is_empty());
    [
        Figure::new("productive_for", "Productive: only for", words(productive)),
        Figure::new("non_performing_for", "Underperforming: only for", words(non_performing)),
        Figure::new("reporting_for", "Sell-through reports: only from", words(reporting)),
    ]
}

fn stages(program: &Program) -> Table {
    Table::of("stages", "Stages", program.stages())
        .column("stage", "Stage", |stage| &stage.key)
        .column("name", "Name", |stage| &stage.name)
        .headline()
        .column("target_days", "Target", |stage| Cell::days(stage.target_days))
        .column("success", "Success", |stage| stage.success)
        .column("applies_to", "For", |stage| applies_in_words(&stage.applies))
        .optional()
        .done()
}

fn milestones(program: &Program) -> Table {
    let milestones: Vec<(&Stage, &Milestone)> = program.milestones().collect();
    Table::of("milestones", "Milestones", &milestones)
        .column("stage", "Stage", |(stage, _)| &stage.key)
        .column("milestone", "Milestone", |(_, milestone)| &milestone.key)
        .identity()
        .column("name", "Name", |(_, milestone)| &milestone.name)
        .detail()
        .people("Due", |(_, milestone)| due_in_words(milestone))
        .headline()
        .column("gate", "Gate", |(_, milestone)| milestone.gate)
        .machines("due_days", |(_, milestone)| Cell::days(milestone.due_days))
        .machines("every", |(_, milestone)| milestone.every.map(Every::word))
        .machines("lead_days", |(_, milestone)| Cell::days(milestone.lead_days))
        .column("needs", "Needs", |(_, milestone)| {
            milestone.needs.as_ref().filter(|_| !milestone.by_hand).map(ToString::to_string)
        })
        .optional()
        .column("settled_by", "Settled by", |(_, milestone)| {
            milestone.needs.as_ref().filter(|_| milestone.by_hand).map(ToString::to_string)
        })
        .optional()
        .column("by", "Responsible", |(_, milestone)| milestone.by.map(Doer::word))
        .optional()
        .detail()
        .column("applies_to", "For", |(_, milestone)| applies_in_words(&milestone.applies))
        .optional()
        .done()
        .empty("No milestones.")
}

/// Says when a milestone is due: `after 30 d`, `every quarter`, `every year, 30 d before it`.
fn due_in_words(milestone: &Milestone) -> Option<String> {
    let Some(every) = milestone.every.map(Every::word) else {
        return milestone.due_days.map(|days| format!("after {days} d"));
    };
    let lead = milestone.lead_days.map_or_else(String::new, |days| format!(", {days} d before it"));
    Some(format!("every {every}{lead}"))
}

/// Returns terms, courses, materials or funds, each with its settings.
fn in_words(
    key: &'static str,
    title: &str,
    (column, heading): (&str, &str),
    rows: &[(String, String)],
) -> Table {
    Table::of(key, title, rows)
        .column(column, heading, |(key, _)| key)
        .column("settings", "Settings", |(_, words)| words)
        .headline()
        .done()
        .empty("None.")
}

fn tiers(program: &Program) -> Table {
    Table::of("tiers", "Tiers", &program.tiers)
        .column("tier", "Tier", |tier| &tier.key)
        .column("name", "Name", |tier| &tier.name)
        .column("asks_for", "Criteria", |tier| {
            Cell::list(tier.conditions.iter().map(|one| condition_in_words(program, one)))
        })
        .headline()
        .done()
        .empty("No tiers.")
}

/// Returns the off-boarding checklist.
fn leaving(program: &Program) -> Table {
    Table::of("leaving", "Off-boarding checklist", &program.leaving)
        .column("item", "Item", |item| &item.key)
        .column("name", "Name", |item| &item.name)
        .headline()
        .column("due_days", "Due after", |item| Cell::days(item.due_days))
        .column("applies_to", "For", |item| applies_in_words(&item.applies))
        .optional()
        .done()
        .empty("No items.")
}

fn questionnaires(program: &Program) -> Table {
    let number = |number: Option<Decimal>| Cell::decimal(number.and_then(|number| number.to_f64()));
    Table::of("questionnaires", "Questionnaires", program.questionnaires())
        .column("questionnaire", "Questionnaire", |one| &one.key)
        .column("title", "Title", |one| &one.title)
        .headline()
        .column("stage", "Stage", |one| &one.stage)
        .column("side", "Assessed by", |one| one.side.word())
        .column("fail_below", "Fails below", |one| number(one.cut_offs.map(|cut_offs| cut_offs.fail_below)))
        .column("pass_above", "Passes above", |one| number(one.cut_offs.map(|cut_offs| cut_offs.pass_above)))
        .column("applies_to", "For", |one| applies_in_words(&one.applies))
        .optional()
        .done()
        .empty("No questionnaires.")
}

/// Returns the questions with the weight of each.
fn questions(program: &Program) -> Table {
    let all = program.questionnaires().iter();
    let rows: Vec<(&Questionnaire, &Question)> =
        all.flat_map(|one| one.questions.iter().map(move |question| (one, question))).collect();
    let share = |one: &Questionnaire, question: &Question| one.share(question);
    Table::of("questions", "Questions", &rows)
        .machines("questionnaire", |(one, _)| &one.key)
        .column("question", "Question", |(_, question)| &question.key)
        .machines("text", |(_, question)| &question.text)
        .column("type", "Type", |(_, question)| question.kind.word())
        .people("Weight", |(one, question)| share(one, question).map(|share| format!("{} %", tenths(share))))
        .headline()
        .machines("weight_percent", |(one, question)| {
            Cell::decimal(share(one, question).and_then(|share| share.round_dp(6).to_f64()))
        })
        .column("score", "Score", |(one, question)| share(one, question).map(|_| score_rule(&question.kind)))
        .machines("must", |(_, question)| Cell::list(question.musts.iter().map(ToString::to_string)))
        .people("Required", |(_, question)| Cell::list(question.musts.iter().map(required_in_words)))
        .optional()
        .column("ask_if", "Asked if", |(_, question)| {
            Cell::list(question.ask_if.iter().map(ToString::to_string))
        })
        .optional()
        .detail()
        .done()
        .empty("No questions.")
}

/// Returns the problems of a program file.
pub fn problems(problems: &[Problem]) -> Report {
    let table = Table::of("rows", "", problems)
        .column("line", "Line", |one| one.line)
        .column("column", "Column", |one| one.column)
        .detail()
        .column("what", "Problem", Problem::what)
        .headline()
        .column("remedy", "Fix", Problem::remedy)
        .done()
        .empty("Valid.");
    Report::new("chanlife.program-check/1", "")
        .with_figures([Figure::for_machines("valid", problems.is_empty())])
        .with_tables([table])
}

/// Returns the differences between the current program and another.
pub fn diff(changes: &[ProgramChange]) -> Report {
    let side = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    let table = Table::of("rows", "", changes)
        .column("part", "Part", |change| change.part)
        .column("key", "Key", |change| &change.key)
        .identity()
        .column("what", "What", |change| &change.what)
        .column("before", "Before", |change| side(&change.before))
        .headline()
        .column("after", "After", |change| side(&change.after))
        .headline()
        .done()
        .empty("No differences.");
    Report::new("chanlife.program-diff/1", "").with_tables([table])
}
