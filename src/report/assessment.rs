//! Assessments: one to confirm, those of a partner side by side, those of several partners side by side.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::lifecycle::base::text::phrase;
use crate::lifecycle::criteria::{AnswerSheet, Criterion, Holds, Questionnaire};
use crate::lifecycle::partner::Partner;
use crate::report::basis::Basis;
use crate::report::past_assessment::{
    PastAnswer, PastAssessment, must_in_words, open_in_words, share_in_words, worth_in_words,
};
use crate::report::value::{Cell, Figure, Report, Table};
use crate::store::View;
use crate::text::criteria::score_in_words;
use crate::text::criteria::side_view;
use crate::text::reports::not_assessed;

/// How many assessments people see side by side.
const SIDE_BY_SIDE: usize = 4;

/// Returns answers before they are recorded.
pub(crate) fn summary(questionnaire: &Questionnaire, sheet: &AnswerSheet) -> Report {
    let judgement = questionnaire.judge(&sheet.answers);
    let written = questionnaire.written(&sheet.answers);
    let asked: Vec<&Criterion> = judgement.criteria.iter().filter(|one| one.asked != Holds::No).collect();
    let outcome = judgement.outcome();
    let score =
        outcome.score.map_or_else(String::new, |score| format!("Score {} of 100: ", score_in_words(score)));
    let table = Table::of("rows", questionnaire.title.clone(), &asked)
        .column("question", "Question", |one| &one.question.key)
        .column("answer", "Answer", |one| {
            let answer = one.answer.as_ref().and_then(|_| written.get(&one.question.key));
            answer.map_or("?", String::as_str)
        })
        .headline()
        .column("worth", "Score", |one| worth_in_words(one))
        .column("weight", "Weight", |one| share_in_words(questionnaire, one))
        .detail()
        .column("must", "Required", |one| must_in_words(one))
        .optional()
        .column("evidence", "Evidence", |one| sheet.evidence.get(&one.question.key))
        .optional()
        .detail()
        .done()
        .with_notes([format!("{score}{}{}", outcome.verdicts().word(), open_in_words(&judgement))]);
    Report::new("chanlife.answers/1", "").with_tables([table])
}

/// Returns all assessments of a partner, each questionnaire's side by side.
///
/// # Errors
/// If the file can't be read.
pub(crate) fn history(view: &View, partner: &Partner) -> anyhow::Result<Vec<Table>> {
    let mut keys: Vec<&str> = Vec::new();
    for one in &partner.assessments {
        let key = one.assessed.questionnaire.as_str();
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    if keys.is_empty() {
        return Ok(vec![verdict_table(&[]).empty(not_assessed(&partner.key))]);
    }
    let (mut all, mut answers, mut wide) = (Vec::new(), Vec::new(), Vec::new());
    for key in keys {
        let of_key = partner.assessments.iter().filter(|one| one.assessed.questionnaire == key);
        let dated = of_key
            .map(|one| PastAssessment::of(view, partner, one))
            .collect::<anyhow::Result<Vec<PastAssessment>>>()?;
        for (at, one) in dated.iter().enumerate() {
            answers.extend(one.past_answers(at.checked_sub(1).map(|before| &dated[before])));
        }
        wide.push(history_of(view, &dated));
        all.extend(dated);
    }
    let exact = [verdict_table(&all).for_machines(), answer_table(&answers).for_machines()];
    Ok(exact.into_iter().chain(wide).collect())
}

/// The last assessments with one questionnaire, side by side.
fn history_of(view: &View, dated: &[PastAssessment]) -> Table {
    let shown = &dated[dated.len().saturating_sub(SIDE_BY_SIDE)..];
    let heading = |one: &PastAssessment| {
        let (day, event) = (one.assessment.day, one.assessment.event);
        let days = shown.iter().filter(|other| other.assessment.day == day).count();
        if days > 1 { format!("{day} (event {event})") } else { day.to_string() }
    };
    let title = dated.last().map_or_else(String::new, PastAssessment::title);
    let more = (dated.len() > shown.len())
        .then(|| format!("Showing the last {} of {} assessments.", shown.len(), dated.len()));
    side_by_side(shown, title, heading, ComparedWith::Days)
        .with_notes(more)
        .with_notes(decisions(shown))
        .with_notes(dated.last().and_then(|newest| newest.expectation(view)))
}

/// Returns several partners side by side, criterion by criterion, by the newest assessment of each.
///
/// # Errors
/// If the file can't be read.
pub(crate) fn compare(
    view: &View,
    partners: &[Partner],
    only: Option<&Questionnaire>,
    frame: &Basis,
) -> anyhow::Result<Report> {
    let wanted = |one: &&Questionnaire| only.is_none_or(|only| only.key == one.key);
    let (mut all, mut answers, mut wide) = (Vec::new(), Vec::new(), Vec::new());
    for questionnaire in view.in_force.program.questionnaires().iter().filter(wanted) {
        let newest =
            partners.iter().filter_map(|partner| Some((partner, partner.assessment(&questionnaire.key)?)));
        let dated = newest
            .map(|(partner, one)| PastAssessment::of(view, partner, one))
            .collect::<anyhow::Result<Vec<PastAssessment>>>()?;
        if dated.is_empty() {
            continue;
        }
        answers.extend(dated.iter().flat_map(|one| one.past_answers(None)));
        wide.push(comparison_of(questionnaire, partners, &dated));
        all.extend(dated);
    }
    let none = wide.is_empty().then(|| "None of these partners has been assessed yet.".to_owned());
    // Criterion by criterion comes first, because some formats hold only one table.
    let mut answers = answer_table(&answers).for_machines();
    answers.key = "criteria";
    Ok(Report::new("chanlife.comparison/1", frame.title("Partner comparison"))
        .with_figures([
            Figure::for_machines("as_of", frame.as_of),
            Figure::for_machines("known_on", frame.known_on),
        ])
        .with_tables([answers, verdict_table(&all).for_machines()])
        .with_tables(wide)
        .with_notes(none))
}

/// Partners side by side by one questionnaire.
fn comparison_of(questionnaire: &Questionnaire, partners: &[Partner], dated: &[PastAssessment]) -> Table {
    let title = format!("{} ({})", questionnaire.title, side_view(questionnaire.side));
    let version = |one: &PastAssessment| one.assessment.assessed.version;
    let versions = dated.windows(2).any(|two| version(&two[0]) != version(&two[1]));
    let missing: Vec<String> = partners
        .iter()
        .filter(|partner| partner.assessment(&questionnaire.key).is_none())
        .map(|partner| partner.name().to_owned())
        .collect();
    side_by_side(dated, title, |one| one.partner.name().to_owned(), ComparedWith::Partners)
        .with_notes(decisions(dated))
        .with_notes(
            versions.then(|| "These assessments used different versions of the questionnaire.".to_owned()),
        )
        .with_notes((!missing.is_empty()).then(|| format!("Not assessed yet: {}.", phrase(&missing))))
}

fn verdict_table(dated: &[PastAssessment]) -> Table {
    Table::of("rows", "Assessments", dated)
        .column("partner", "Partner", |one| &one.partner.key)
        .column("questionnaire", "Questionnaire", |one| &one.assessment.assessed.questionnaire)
        .column("side", "Side", |one| one.questionnaire.as_ref().map(|one| one.side.word()))
        .column("event", "Event", |one| one.assessment.event)
        .column("day", "Day", |one| one.assessment.day)
        .column("score_low", "Lowest score", |one| Cell::score(one.score()[0]))
        .column("score_high", "Highest score", |one| Cell::score(one.score()[1]))
        .column("verdict", "Verdict", |one| one.assessment.assessed.outcome.verdicts().word())
        .headline()
        .column("musts_failed", "Requirements not met", |one| one.assessment.assessed.outcome.failed.clone())
        .column("overridden_on", "Overridden", |one| one.assessment.overridden.as_ref().map(|by| by.day))
        .column("reason", "Reason", |one| one.assessment.overridden.as_ref().map(|by| &by.reason))
        .column("version", "Version", |one| one.assessment.assessed.version)
        .done()
}

fn answer_table(answers: &[PastAnswer]) -> Table {
    let number = |number: Option<Decimal>| Cell::decimal(number.and_then(|number| number.to_f64()));
    Table::of("answers", "Answers", answers)
        .column("partner", "Partner", |one| one.partner)
        .column("questionnaire", "Questionnaire", |one| &one.questionnaire)
        .column("event", "Event", |one| one.event)
        .column("question", "Question", |one| &one.question)
        .column("answer", "Answer", |one| one.answer)
        .headline()
        .column("changed", "Changed", |one| one.changed)
        .column("worth_low", "Lowest value", |one| number(one.worth.map(|[low, _]| low)))
        .column("worth_high", "Highest value", |one| number(one.worth.map(|[_, high]| high)))
        .column("weight_percent", "Weight", |one| number(one.weight_percent))
        .column("must", "Required", |one| one.must)
        .column("evidence", "Evidence", |one| one.evidence)
        .done()
}

/// What is compared.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ComparedWith {
    /// One partner on several days: what changed is marked.
    Days,
    Partners,
}

/// One line of assessments side by side.
enum SideBySide<'a> {
    Question(&'a str),
    Score,
    Verdict,
}

impl SideBySide<'_> {
    fn name(&self) -> &str {
        match self {
            SideBySide::Question(key) => key,
            SideBySide::Score => "Score",
            SideBySide::Verdict => "Verdict",
        }
    }

    fn weight(&self, dated: &[PastAssessment]) -> Option<String> {
        match self {
            SideBySide::Question(key) => dated.iter().rev().find_map(|one| one.weight(key)),
            SideBySide::Score | SideBySide::Verdict => None,
        }
    }

    /// Returns the text of one assessment; a difference from the one `before` is marked.
    fn said(&self, one: &PastAssessment, before: Option<&PastAssessment>) -> String {
        let outcome = &one.assessment.assessed.outcome;
        match self {
            SideBySide::Question(key) => {
                let mark = if self.is_changed(one, before) { " *" } else { "" };
                let proof = one.evidence(key).map_or_else(String::new, |proof| format!("\nproof: {proof}"));
                format!("{}{mark}{proof}", one.answer_in_words(key))
            }
            SideBySide::Score => outcome.score.map_or_else(String::new, score_in_words),
            SideBySide::Verdict => {
                let overridden = if one.assessment.overridden.is_some() { ", overridden" } else { "" };
                format!("{}{overridden}", outcome.verdicts().word())
            }
        }
    }

    fn is_changed(&self, one: &PastAssessment, before: Option<&PastAssessment>) -> bool {
        let SideBySide::Question(key) = self else { return false };
        before.is_some_and(|before| {
            before.answer(key) != one.answer(key) || before.evidence(key) != one.evidence(key)
        })
    }
}

/// One question a line, one assessment a column.
fn side_by_side(
    dated: &[PastAssessment],
    title: String,
    heading: impl Fn(&PastAssessment) -> String,
    compared: ComparedWith,
) -> Table {
    let mut questions: Vec<&str> = Vec::new();
    // The newest version says the order.
    for key in dated.iter().rev().flat_map(PastAssessment::question_keys) {
        if !questions.contains(&key) {
            questions.push(key);
        }
    }
    let rows: Vec<SideBySide> = questions
        .into_iter()
        .map(SideBySide::Question)
        .chain([SideBySide::Score, SideBySide::Verdict])
        .collect();
    let before = |at: usize| {
        let before = at.checked_sub(1).filter(|_| compared == ComparedWith::Days);
        before.and_then(|before| dated.get(before))
    };
    let mut table = Table::of("side_by_side", title, &rows)
        .column("question", "Question", SideBySide::name)
        .column("weight", "Weight", |row| row.weight(dated))
        .optional()
        .detail();
    for (at, one) in dated.iter().enumerate() {
        table = table.people(heading(one), |row| row.said(one, before(at)));
    }
    let any_changed =
        rows.iter().any(|row| dated.iter().enumerate().any(|(at, one)| row.is_changed(one, before(at))));
    table
        .done()
        .for_people()
        .with_notes(any_changed.then(|| "* changed since the previous assessment".to_owned()))
}

/// Returns the open answers of undecided assessments, failed requirements, and reasons of overrides.
fn decisions(dated: &[PastAssessment]) -> Vec<String> {
    let mut notes = Vec::new();
    for one in dated {
        let (name, day) = (one.partner.name(), one.assessment.day);
        if let Some(overridden) = &one.assessment.overridden {
            notes.push(format!("{name}, {}: overridden: {}", overridden.day, overridden.reason));
            continue;
        }
        let failed = &one.assessment.assessed.outcome.failed;
        if !failed.is_empty() {
            notes.push(format!("{name}, {day}: requirement not met: {}", phrase(failed)));
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
