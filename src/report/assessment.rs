//! Assessments: one to confirm, those of a partner side by side, those of several partners side by side.

use crate::lifecycle::base::text::phrase;
use crate::lifecycle::criteria::score_in_words;
use crate::lifecycle::criteria::{Holds, Questionnaire};
use crate::lifecycle::partner::Partner;
use crate::report::dated::{Dated, must_in_words, open_in_words, share_in_words, worth_in_words};
use crate::report::frame::Frame;
use crate::report::sheet::{Cell, Column, Figure, Report, Sheet};
use crate::store::View;

/// How many assessments stand side by side for people.
const SIDE_BY_SIDE: usize = 4;

/// Answers before they are recorded.
pub fn summary(questionnaire: &Questionnaire, sheet: &crate::lifecycle::criteria::Sheet) -> Report {
    let judgement = questionnaire.judge(&sheet.answers);
    let written = questionnaire.written(&sheet.answers);
    let columns = vec![
        Column::new("question", "Question"),
        Column::new("answer", "Answer"),
        Column::new("worth", "Score"),
        Column::new("weight", "Weight"),
        Column::new("must", "Must").optional(),
        Column::new("evidence", "Evidence").optional(),
    ];
    let mut table = Sheet::new("rows", questionnaire.title.clone(), columns);
    for criterion in judgement.criteria.iter().filter(|one| one.asked != Holds::No) {
        let key = &criterion.question.key;
        let answer = criterion.answer.as_ref().and_then(|_| written.get(key)).cloned();
        table.rows.push(vec![
            key.as_str().into(),
            answer.unwrap_or_else(|| "?".to_owned()).into(),
            worth_in_words(criterion).into(),
            share_in_words(questionnaire, criterion).into(),
            must_in_words(criterion).into(),
            sheet.evidence.get(key).cloned().into(),
        ]);
    }
    let outcome = judgement.outcome();
    let score = outcome.score.map_or_else(String::new, |score| format!("{} of 100: ", score_in_words(score)));
    table.notes.push(format!("{score}{}{}", outcome.verdicts().word(), open_in_words(&judgement)));
    Report {
        schema: "chanlife.answers/1",
        title: String::new(),
        figures: Vec::new(),
        tables: vec![table].into_iter().map(Into::into).collect(),
        notes: Vec::new(),
    }
}

/// All assessments of a partner, each questionnaire's side by side.
///
/// # Errors
/// Where the file can't be read.
pub fn history(view: &View, partner: &Partner) -> anyhow::Result<Vec<Sheet>> {
    let mut keys: Vec<&str> = Vec::new();
    for one in &partner.assessments {
        let key = one.assessed.questionnaire.as_str();
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    let (mut verdicts, mut answers) = (verdict_sheet(), answer_sheet());
    let mut wide: Vec<Sheet> = Vec::new();
    for key in keys {
        let of_key = partner.assessments.iter().filter(|one| one.assessed.questionnaire == key);
        let dated =
            of_key.map(|one| Dated::of(view, partner, one)).collect::<anyhow::Result<Vec<Dated>>>()?;
        for (at, one) in dated.iter().enumerate() {
            verdicts.rows.push(one.verdict_row());
            let before = at.checked_sub(1).map(|before| &dated[before]);
            answers.rows.extend(one.answer_rows(before));
        }
        let shown = &dated[dated.len().saturating_sub(SIDE_BY_SIDE)..];
        let heading = |one: &Dated| {
            let (day, event) = (one.assessment.day, one.assessment.event);
            let days = shown.iter().filter(|other| other.assessment.day == day).count();
            if days > 1 { format!("{day} (event {event})") } else { day.to_string() }
        };
        let mut sheet = side_by_side(shown, heading, Compared::Days);
        sheet.title = dated.last().map_or_else(String::new, Dated::title);
        if dated.len() > shown.len() {
            sheet.notes.push(format!("The last {} of {} assessments.", shown.len(), dated.len()));
        }
        sheet.notes.extend(decisions(shown));
        sheet.notes.extend(dated.last().and_then(|newest| newest.expectation(view)));
        wide.push(sheet);
    }
    if wide.is_empty() {
        verdicts = verdicts.empty(format!("Not assessed yet: `chanlife assess {}`", partner.key));
        return Ok(vec![verdicts]);
    }
    let mut sheets = vec![verdicts.for_machines(), answers.for_machines()];
    sheets.extend(wide);
    Ok(sheets)
}

/// Several partners side by side, criterion by criterion, by the newest assessment of each.
///
/// # Errors
/// Where the file can't be read.
pub fn compare(
    view: &View,
    partners: &[Partner],
    only: Option<&Questionnaire>,
    frame: &Frame,
) -> anyhow::Result<Report> {
    let program = &view.in_force.program;
    let (mut verdicts, mut answers) = (verdict_sheet(), answer_sheet());
    let mut wide = Vec::new();
    let mut notes = Vec::new();
    for questionnaire in
        program.questionnaires().iter().filter(|one| only.is_none_or(|only| only.key == one.key))
    {
        let newest =
            partners.iter().filter_map(|partner| Some((partner, partner.assessment(&questionnaire.key)?)));
        let dated = newest
            .map(|(partner, one)| Dated::of(view, partner, one))
            .collect::<anyhow::Result<Vec<Dated>>>()?;
        if dated.is_empty() {
            continue;
        }
        for one in &dated {
            verdicts.rows.push(one.verdict_row());
            answers.rows.extend(one.answer_rows(None));
        }
        let mut sheet = side_by_side(&dated, |one| one.partner.name().to_owned(), Compared::Partners);
        sheet.title = format!("{} ({})", questionnaire.title, questionnaire.side.view());
        sheet.notes.extend(decisions(&dated));
        let versions =
            dated.iter().any(|one| one.assessment.assessed.version != dated[0].assessment.assessed.version);
        if versions {
            sheet.notes.push("They answered different versions of the questionnaire.".to_owned());
        }
        let missing: Vec<String> = partners
            .iter()
            .filter(|partner| partner.assessment(&questionnaire.key).is_none())
            .map(|partner| partner.name().to_owned())
            .collect();
        if !missing.is_empty() {
            sheet.notes.push(format!("Not assessed yet: {}.", phrase(&missing)));
        }
        wide.push(sheet);
    }
    if wide.is_empty() {
        notes.push("None of them was assessed yet.".to_owned());
    }
    // Criterion by criterion comes first, where a format holds one table.
    answers.key = "criteria";
    let mut sheets = vec![answers.for_machines(), verdicts.for_machines()];
    sheets.extend(wide);
    let figures =
        vec![Figure::for_machines("as_of", frame.as_of), Figure::for_machines("known_on", frame.known_on)];
    Ok(Report {
        schema: "chanlife.comparison/1",
        title: frame.title("Side by side"),
        figures,
        tables: sheets.into_iter().map(Into::into).collect(),
        notes,
    })
}

fn verdict_sheet() -> Sheet {
    let columns = vec![
        Column::new("partner", "Partner"),
        Column::new("questionnaire", "Questionnaire"),
        Column::new("side", "Side"),
        Column::new("event", "Event"),
        Column::new("day", "Day"),
        Column::new("score_low", "Score at least"),
        Column::new("score_high", "Score at most"),
        Column::new("verdict", "Verdict"),
        Column::new("musts_failed", "Must-haves not met"),
        Column::new("overridden_on", "Overridden"),
        Column::new("reason", "Reason"),
        Column::new("version", "Version"),
    ];
    Sheet::new("rows", "Assessments", columns)
}

fn answer_sheet() -> Sheet {
    let columns = vec![
        Column::new("partner", "Partner"),
        Column::new("questionnaire", "Questionnaire"),
        Column::new("event", "Event"),
        Column::new("question", "Question"),
        Column::new("answer", "Answer"),
        Column::new("changed", "Changed"),
        Column::new("worth_low", "Worth at least"),
        Column::new("worth_high", "Worth at most"),
        Column::new("weight_percent", "Weight"),
        Column::new("must", "Must"),
        Column::new("evidence", "Evidence"),
    ];
    Sheet::new("answers", "Answers", columns)
}

/// What stands beside each other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Compared {
    /// One partner on several days: what changed is marked.
    Days,
    Partners,
}

/// One question a line, one assessment a column.
fn side_by_side(dated: &[Dated], heading: impl Fn(&Dated) -> String, compared: Compared) -> Sheet {
    let mut columns = vec![Column::new("question", "Question"), Column::new("weight", "Weight").optional()];
    columns.extend(dated.iter().map(|one| Column::new("", heading(one))));
    let mut sheet = Sheet::new("side_by_side", "", columns).for_people();
    let mut questions: Vec<&str> = Vec::new();
    // The newest version says the order.
    for one in dated.iter().rev() {
        for key in one.question_keys() {
            if !questions.contains(&key) {
                questions.push(key);
            }
        }
    }
    let mut any_changed = false;
    for key in questions {
        let weight = dated.iter().rev().find_map(|one| one.weight(key));
        let mut row = vec![Cell::text(key), weight.into()];
        for (at, one) in dated.iter().enumerate() {
            let before =
                at.checked_sub(1).filter(|_| compared == Compared::Days).map(|before| &dated[before]);
            let same = |before: &Dated| {
                before.answer(key) == one.answer(key) && before.evidence(key) == one.evidence(key)
            };
            let changed = before.is_some_and(|before| !same(before));
            any_changed |= changed;
            let mark = if changed { " *" } else { "" };
            let proof = one.evidence(key).map_or_else(String::new, |proof| format!("\nproof: {proof}"));
            row.push(format!("{}{mark}{proof}", one.answer_in_words(key)).into());
        }
        sheet.rows.push(row);
    }
    let mut total = |name: &str, cell: &dyn Fn(&Dated) -> String| {
        let mut row = vec![Cell::text(name), Cell::Missing];
        row.extend(dated.iter().map(|one| Cell::Text(cell(one))));
        sheet.rows.push(row);
    };
    total("Score", &|one| one.assessment.assessed.outcome.score.map_or_else(String::new, score_in_words));
    total("Verdict", &|one| {
        let said = one.assessment.assessed.outcome.verdicts().word();
        match one.assessment.overridden {
            Some(_) => format!("{said}, overridden"),
            None => said.to_owned(),
        }
    });
    if any_changed {
        sheet.notes.push("* changed since the assessment before.".to_owned());
    }
    sheet
}

/// What would decide an undecided one, and why a verdict was overridden.
fn decisions(dated: &[Dated]) -> Vec<String> {
    let mut notes = Vec::new();
    for one in dated {
        let (name, day) = (one.partner.name(), one.assessment.day);
        if let Some(overridden) = &one.assessment.overridden {
            notes.push(format!("{name}, {}: overridden: {}", overridden.day, overridden.reason));
            continue;
        }
        let failed = &one.assessment.assessed.outcome.failed;
        if !failed.is_empty() {
            notes.push(format!("{name}, {day}: must-have not met: {}", phrase(failed)));
        }
        let Some(questionnaire) = &one.questionnaire else { continue };
        let answers = questionnaire.read_kept(&one.assessment.assessed.answers);
        let open = open_in_words(&questionnaire.judge(&answers));
        if !open.is_empty() {
            notes.push(format!("{name}, {day}: undecided{open}"));
        }
    }
    notes
}
