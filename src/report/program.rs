//! `program show` and `program diff` as tables.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::lifecycle::announcements::launches_in_words;
use crate::lifecycle::base::period::Every;
use crate::lifecycle::base::problem::Problem;
use crate::lifecycle::criteria::Condition;
use crate::lifecycle::enablement::{courses_in_words, materials_in_words};
use crate::lifecycle::funds::funds_in_words;
use crate::lifecycle::performance::{PerformanceMeasure, measured};
use crate::lifecycle::program::{Change, Program};
use crate::lifecycle::terms::terms_in_words;
use crate::lifecycle::tiers::asked;
use crate::report::sheet::{Cell, Column, Figure, Report, Sheet};

/// Stages and milestones of a program.
pub fn show(program: &Program) -> Report {
    let stage_columns = vec![
        Column::new("stage", "Stage"),
        Column::new("name", "Name"),
        Column::new("target_days", "Target"),
        Column::new("success", "Success"),
    ];
    let mut stages = Sheet::new("stages", "Stages", stage_columns);
    for stage in program.stages() {
        stages.rows.push(vec![
            stage.key.as_str().into(),
            stage.name.as_str().into(),
            Cell::days(stage.target_days),
            stage.success.into(),
        ]);
    }
    let milestone_columns = vec![
        Column::new("stage", "Stage"),
        Column::new("milestone", "Milestone"),
        Column::new("name", "Name"),
        Column::new("gate", "Gate"),
        Column::new("due_days", "Due after"),
        Column::new("every", "Every"),
        Column::new("needs", "Needs").optional(),
    ];
    let mut milestones = Sheet::new("milestones", "Milestones", milestone_columns).empty("No milestone.");
    for (stage, milestone) in program.milestones() {
        milestones.rows.push(vec![
            stage.key.as_str().into(),
            milestone.key.as_str().into(),
            milestone.name.as_str().into(),
            milestone.gate.into(),
            Cell::days(milestone.due_days),
            milestone.every.map(Every::word).into(),
            milestone.needs.as_ref().map(ToString::to_string).into(),
        ]);
    }
    let (questionnaires, questions) = questions(program);
    let [tiers, leaving] = tiers_and_leaving(program);
    let money = |minor: i64| program.currency.money(i128::from(minor));
    let rule = program.non_performing;
    Report {
        schema: "chanlife.program/1",
        title: program.name.clone(),
        figures: vec![
            Figure::for_machines("name", program.name.as_str()),
            Figure::new("currency", "Currency", program.currency.code()),
            Figure::new(
                "fiscal_year_start",
                "Fiscal year begins in month",
                i64::from(program.calendar.first_month()),
            ),
            Figure::new(
                "productive_revenue_12m",
                "Productive from revenue of 12 months",
                program.productive.map(|rule| money(rule.revenue_12m_minor)),
            ),
            Figure::for_people("Underperforming", rule.map(|found| measured(program, found.rule.measure))),
            Figure::for_machines(
                "non_performing_below_percent_of_plan",
                rule.and_then(|found| match found.rule.measure {
                    PerformanceMeasure::PercentOfPlan(percent) => Some(percent),
                    PerformanceMeasure::Revenue(_) => None,
                }),
            ),
            Figure::for_machines(
                "non_performing_below_revenue_in_quarter",
                rule.and_then(|found| match found.rule.measure {
                    PerformanceMeasure::PercentOfPlan(_) => None,
                    PerformanceMeasure::Revenue(minor) => Some(money(minor)),
                }),
            ),
            Figure::new(
                "non_performing_quarters",
                "Underperforming after quarters",
                rule.map(|found| found.rule.quarters),
            ),
            Figure::new(
                "grace_days",
                "Days after launch that are not judged",
                rule.map(|found| found.rule.grace_days),
            ),
            Figure::new("launches", "Partners are told of a launch", launches_in_words(program)),
            Figure::new(
                "improvement_days",
                "Days that an improvement plan lasts",
                rule.map(|found| found.improvement_days),
            ),
        ],
        tables: [vec![stages, milestones, questionnaires, questions, tiers, leaving], backing(program)]
            .concat()
            .into_iter()
            .map(Into::into)
            .collect(),
        notes: Vec::new(),
    }
}

/// Terms, courses, materials and funds.
fn backing(program: &Program) -> Vec<Sheet> {
    let sheet = |key, title, column: &str, heading: &str, rows: Vec<(String, String)>| {
        let columns = vec![Column::new(column, heading), Column::new("settings", "What it says")];
        let mut sheet = Sheet::new(key, title, columns).empty("None.");
        sheet.rows = rows.into_iter().map(|(key, words)| vec![key.into(), words.into()]).collect();
        sheet
    };
    vec![
        sheet("terms", "Terms", "term", "Term", terms_in_words(program)),
        sheet("courses", "Courses", "course", "Course", courses_in_words(program)),
        sheet("materials", "Materials", "material", "Material", materials_in_words(program)),
        sheet("funds", "Funds", "fund", "Fund", funds_in_words(program)),
    ]
}

/// The tiers with what they ask for, and the list for partners that leave.
fn tiers_and_leaving(program: &Program) -> [Sheet; 2] {
    let tier_columns =
        vec![Column::new("tier", "Tier"), Column::new("name", "Name"), Column::new("asks_for", "Asks for")];
    let mut tiers = Sheet::new("tiers", "Tiers", tier_columns).empty("No tier.");
    for tier in &program.tiers {
        let conditions = tier.conditions.iter().map(|one| asked(program, one)).collect();
        tiers.rows.push(vec![tier.key.as_str().into(), tier.name.as_str().into(), Cell::List(conditions)]);
    }
    let leaving_columns =
        vec![Column::new("item", "Item"), Column::new("name", "Name"), Column::new("due_days", "Due after")];
    let mut leaving = Sheet::new("leaving", "When a partner leaves", leaving_columns).empty("No item.");
    for item in &program.leaving {
        leaving.rows.push(vec![
            item.key.as_str().into(),
            item.name.as_str().into(),
            Cell::days(item.due_days),
        ]);
    }
    [tiers, leaving]
}

/// Questionnaires, and their questions with the share of the whole that each counts.
fn questions(program: &Program) -> (Sheet, Sheet) {
    let columns = vec![
        Column::new("questionnaire", "Questionnaire"),
        Column::new("title", "Title"),
        Column::new("stage", "Stage"),
        Column::new("side", "Who judges"),
        Column::new("fail_below", "Fails below"),
        Column::new("pass_above", "Passes above"),
    ];
    let mut questionnaires =
        Sheet::new("questionnaires", "Questionnaires", columns).empty("No questionnaire.");
    let columns = vec![
        Column::for_machines("questionnaire"),
        Column::new("question", "Question"),
        Column::for_machines("text"),
        Column::new("type", "Type"),
        Column::for_people("Weight"),
        Column::for_machines("weight_percent"),
        Column::new("score", "Score"),
        Column::new("must", "Must").optional(),
        Column::new("ask_if", "Asked if").optional(),
    ];
    let mut questions = Sheet::new("questions", "Questions", columns).empty("No question.");
    let number = |number: Decimal| number.to_f64();
    for one in program.questionnaires() {
        questionnaires.rows.push(vec![
            one.key.as_str().into(),
            one.title.as_str().into(),
            one.stage.as_str().into(),
            one.side.word().into(),
            Cell::decimal(one.cut_offs.and_then(|cut_offs| number(cut_offs.fail_below))),
            Cell::decimal(one.cut_offs.and_then(|cut_offs| number(cut_offs.pass_above))),
        ]);
        for question in &one.questions {
            let share = one.share(question);
            let listed =
                |conditions: &[Condition]| Cell::List(conditions.iter().map(ToString::to_string).collect());
            questions.rows.push(vec![
                one.key.as_str().into(),
                question.key.as_str().into(),
                question.text.as_str().into(),
                question.kind.word().into(),
                share.map(|share| format!("{} %", share.round_dp(1).normalize())).into(),
                Cell::decimal(share.and_then(|share| number(share.round_dp(6)))),
                share.map(|_| question.kind.worth_in_words()).into(),
                listed(&question.musts),
                listed(&question.ask_if),
            ]);
        }
    }
    (questionnaires, questions)
}

/// What is wrong with a program file.
pub fn problems(problems: &[Problem]) -> Report {
    let columns = vec![
        Column::new("line", "Line"),
        Column::new("column", "Column"),
        Column::new("what", "What"),
        Column::new("remedy", "Remedy"),
    ];
    let mut sheet = Sheet::new("rows", "", columns).empty("Valid.");
    for problem in problems {
        sheet.rows.push(vec![
            Cell::count(problem.line),
            Cell::count(problem.column),
            problem.what.as_str().into(),
            problem.remedy.as_str().into(),
        ]);
    }
    Report {
        schema: "chanlife.program-check/1",
        title: String::new(),
        figures: vec![Figure::for_machines("valid", problems.is_empty())],
        tables: vec![sheet].into_iter().map(Into::into).collect(),
        notes: Vec::new(),
    }
}

/// What differs between the program in force and another.
pub fn diff(changes: &[Change]) -> Report {
    let columns = vec![
        Column::new("part", "Part"),
        Column::new("key", "Key"),
        Column::new("what", "What"),
        Column::new("before", "Before"),
        Column::new("after", "After"),
    ];
    let mut sheet = Sheet::new("rows", "", columns).empty("Nothing differs.");
    for change in changes {
        let side = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        sheet.rows.push(vec![
            change.part.into(),
            change.key.as_str().into(),
            change.what.as_str().into(),
            side(&change.before).into(),
            side(&change.after).into(),
        ]);
    }
    Report {
        schema: "chanlife.program-diff/1",
        title: String::new(),
        figures: Vec::new(),
        tables: vec![sheet].into_iter().map(Into::into).collect(),
        notes: Vec::new(),
    }
}
