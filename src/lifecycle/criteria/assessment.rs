//! Answered questionnaires: what was recorded of them, and the rules for answering and for overriding a verdict.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::lifecycle::base::conflict::Misfit;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::base::text::phrase;
use crate::lifecycle::criteria::answer::Answers;
use crate::lifecycle::criteria::condition::Holds;
use crate::lifecycle::criteria::judge::Judgement;
use crate::lifecycle::criteria::questionnaire::Questionnaire;
use crate::lifecycle::criteria::verdict::{AssessmentOutcome, Verdict, Verdicts};
use crate::lifecycle::due::{AgendaItem, AnswersSoFar, NextStep};
use crate::lifecycle::event::Event;
use crate::lifecycle::facts::{Facts, Scene};
use crate::lifecycle::forget::{FORGOTTEN, Forgetting};
use crate::lifecycle::happening::{Happening, Moment};
use crate::lifecycle::partner::Partner;
use crate::lifecycle::program::{Milestone, Need};
use crate::lifecycle::rule::{Decision, Ruling, refuse_left};
use crate::lifecycle::stage::{LeftAs, Standing};

/// A questionnaire was answered, as far as answers are known.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Assessed {
    pub questionnaire: String,
    /// The number of the event that brought the program whose questionnaire was answered.
    pub version: i64,
    /// By question, in the form in which its type is written.
    pub answers: BTreeMap<String, String>,
    /// What proves an answer, by question.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub evidence: BTreeMap<String, String>,
    pub outcome: AssessmentOutcome,
}

/// Questionnaires count as passed, whatever the answers that they have now came to; other answers are judged anew.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Overridden {
    pub questionnaires: Vec<String>,
    pub reason: String,
}

/// One answered questionnaire.
#[derive(Clone, PartialEq, Debug)]
pub struct Assessment {
    pub event: i64,
    pub day: Day,
    pub assessed: Assessed,
    /// Since when it counts as passed whatever it came to, and why.
    pub overridden: Option<VerdictOverride>,
    /// How often the partner had come back after leaving by then; criteria start again each time.
    pub life: u32,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VerdictOverride {
    pub event: i64,
    pub day: Day,
    pub reason: String,
}

/// Why an assessment does not fit what came before it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum CriteriaMisfit {
    /// The partner has left.
    AssessedAfterLeaving { questionnaire: String },
    /// The partner has left.
    OverriddenAfterLeaving,
    /// The verdict of a questionnaire is overridden that was not answered.
    NotAnswered { questionnaire: String },
}

/// Why answers or an override are refused. `partner` is the name, `key` the key of the partner.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum CriteriaRefusal {
    /// There is no answer to record.
    NoAnswer { partner: String },
    /// The question is asked only under these conditions.
    NotAsked { question: String, conditions: Vec<String> },
    /// One of the `meant` questionnaires was not answered.
    NotAssessed { partner: String, key: String, questionnaire: String, meant: usize },
}

impl Happening for Assessed {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        if let Some(Standing::Left { .. }) = partner.standing() {
            let questionnaire = self.questionnaire.clone();
            return Err(CriteriaMisfit::AssessedAfterLeaving { questionnaire }.into());
        }
        // An override is of answers: other evidence for them leaves it as it is.
        let earlier = partner.assessment(&self.questionnaire);
        let earlier = earlier.filter(|earlier| earlier.assessed.answers == self.answers);
        partner.assessments.push(Assessment {
            event: at.event,
            day: at.day,
            assessed: self.clone(),
            overridden: earlier.and_then(|earlier| earlier.overridden.clone()),
            life: partner.returns,
        });
        Ok(())
    }

    fn forget(&mut self, forgetting: &mut Forgetting) {
        self.evidence.clear();
        for (question, answer) in &mut self.answers {
            if forgetting.is_free_text(self.version, &self.questionnaire, question) {
                *answer = forgetting.instead("answer", answer);
            }
        }
    }
}

impl Happening for Overridden {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        if let Some(Standing::Left { .. }) = partner.standing() {
            return Err(CriteriaMisfit::OverriddenAfterLeaving.into());
        }
        let life = partner.returns;
        let mut meant = Vec::new();
        for key in &self.questionnaires {
            let newest = |one: &Assessment| one.life == life && one.assessed.questionnaire == *key;
            match partner.assessments.iter().rposition(newest) {
                Some(at) => meant.push(at),
                None => return Err(CriteriaMisfit::NotAnswered { questionnaire: key.clone() }.into()),
            }
        }
        for place in meant {
            // One that was overridden before stays so since then.
            let reason = self.reason.clone();
            let this = VerdictOverride { event: at.event, day: at.day, reason };
            partner.assessments[place].overridden.get_or_insert(this);
        }
        Ok(())
    }

    fn forget(&mut self, _: &mut Forgetting) {
        FORGOTTEN.clone_into(&mut self.reason);
    }
}

impl Assessment {
    /// What it says of the partner, an override included.
    pub fn verdicts(&self) -> Verdicts {
        match self.overridden {
            Some(_) => Verdicts { worst: Verdict::Pass, best: Verdict::Pass },
            None => self.assessed.outcome.verdicts(),
        }
    }

    pub fn passed(&self) -> bool {
        self.verdicts().decided() == Some(Verdict::Pass)
    }
}

/// Answers by question, in the form in which they are kept; nothing for one that is not known any more.
pub type Changes = BTreeMap<String, Option<String>>;

/// What is answered of one questionnaire, and the number of the program event that it is of.
#[derive(Clone, Copy)]
pub(crate) struct AssessRequest<'a> {
    pub questionnaire: &'a Questionnaire,
    pub version: i64,
    pub answers: &'a Changes,
    pub evidence: &'a Changes,
}

/// Answers as they would be kept, with what proves them.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct AnswerSheet {
    pub answers: Answers,
    pub evidence: BTreeMap<String, String>,
}

impl AnswerSheet {
    /// The newest answers of a partner, as far as they still fit the questionnaire.
    pub fn of(partner: &Partner, questionnaire: &Questionnaire) -> AnswerSheet {
        let Some(earlier) = partner.assessment(&questionnaire.key) else {
            return AnswerSheet::default();
        };
        let answers = questionnaire.read_kept(&earlier.assessed.answers);
        AnswerSheet { answers, evidence: earlier.assessed.evidence.clone() }
    }

    /// These answers with changes; those that do not fit the questionnaire are left out.
    #[must_use]
    pub fn with(
        mut self,
        questionnaire: &Questionnaire,
        answers: &Changes,
        evidence: &Changes,
    ) -> AnswerSheet {
        for (key, change) in answers {
            let value = change.as_ref().zip(questionnaire.question(key));
            match value.and_then(|(text, question)| question.read(text, questionnaire.currency).ok()) {
                Some(value) => self.answers.insert(key.clone(), value),
                None => self.answers.remove(key),
            };
        }
        for (key, change) in evidence {
            match change {
                Some(text) => self.evidence.insert(key.clone(), text.clone()),
                None => self.evidence.remove(key),
            };
        }
        self
    }
}

/// Records answers to questionnaires, on top of those that are known.
///
/// # Errors
/// Refused for a partner that has left, and where there is no answer at all.
pub(crate) fn assess(scene: Scene, requests: &[AssessRequest]) -> Ruling {
    refuse_left(scene)?;
    let (mut events, mut already) = (Vec::new(), Vec::new());
    for request in requests {
        let AssessRequest { questionnaire, version, answers, evidence } = *request;
        let key = &questionnaire.key;
        let sheet = AnswerSheet::of(scene.partner, questionnaire).with(questionnaire, answers, evidence);
        let judgement = questionnaire.judge(&sheet.answers);
        let heard: Answers = judgement
            .criteria
            .iter()
            .filter_map(|one| Some((one.question.key.clone(), one.answer.clone()?)))
            .collect();
        let earlier = scene.partner.assessment(key);
        refuse_unheard(&judgement, request, earlier)?;
        if heard.is_empty() && earlier.is_none() {
            continue;
        }
        let is_asked = |key: &String| {
            judgement.criteria.iter().any(|one| one.question.key == *key && one.asked != Holds::No)
        };
        let assessed = Assessed {
            questionnaire: key.clone(),
            version,
            answers: questionnaire.written(&heard),
            evidence: sheet.evidence.into_iter().filter(|(key, _)| is_asked(key)).collect(),
            outcome: judgement.outcome(),
        };
        let same = |known: &Assessed| {
            (&known.answers, &known.evidence, &known.outcome)
                == (&assessed.answers, &assessed.evidence, &assessed.outcome)
        };
        let answered_already =
            earlier.filter(|earlier| same(&earlier.assessed) && !is_due_again(scene, key, earlier.day));
        if answered_already.is_some() {
            already.push(format!("`{key}` {}", in_words(&assessed.outcome, &judgement)));
            continue;
        }
        events.push(Event::from(assessed));
    }
    let name = scene.partner.name();
    if events.is_empty() && already.is_empty() {
        return Err(Error::refused(CriteriaRefusal::NoAnswer { partner: name.to_owned() }));
    }
    if events.is_empty() {
        return Ok(Decision::already(format!("{name}: {}, as answered already", already.join("; "))));
    }
    Ok(Decision::Record(events))
}

/// Refuses answers to questions that are not asked, and evidence for them, which would not be kept.
fn refuse_unheard(
    judgement: &Judgement,
    request: &AssessRequest,
    earlier: Option<&Assessment>,
) -> Result<(), Error> {
    for criterion in &judgement.criteria {
        let key = criterion.question.key.as_str();
        // What was answered before, and is given again, goes with the answer that makes it fall away.
        let known = earlier.is_some_and(|one| one.assessed.answers.get(key) == given_answer(request, key));
        let given = |changes: &Changes| changes.get(key).is_some_and(Option::is_some) && !known;
        if criterion.asked == Holds::No && (given(request.answers) || given(request.evidence)) {
            let conditions: Vec<String> = criterion.question.ask_if.iter().map(ToString::to_string).collect();
            let question = key.to_owned();
            return Err(Error::refused(CriteriaRefusal::NotAsked { question, conditions }));
        }
    }
    Ok(())
}

fn given_answer<'a>(request: &'a AssessRequest, key: &str) -> Option<&'a String> {
    request.answers.get(key).and_then(Option::as_ref)
}

/// Whether a milestone that recurs waits for this questionnaire in a later period than that of `earlier`.
fn is_due_again(scene: Scene, questionnaire: &str, earlier: Day) -> bool {
    let calendar = scene.program.calendar;
    let waits = |milestone: &Milestone| {
        let needed = milestone.needs == Some(Need::Questionnaire(questionnaire.to_owned()));
        milestone.every.is_some_and(|every| {
            needed && calendar.containing(earlier, every) != calendar.containing(scene.day, every)
        })
    };
    scene.program.milestones().any(|(_, milestone)| waits(milestone))
}

/// Lets questionnaires count as passed, whatever they came to.
///
/// # Errors
/// Refused where one was not answered yet, and for a partner that has left.
pub(crate) fn overrule(scene: Scene, questionnaires: &[&Questionnaire], reason: &str) -> Ruling {
    refuse_left(scene)?;
    let Scene { partner, .. } = scene;
    let name = partner.name();
    let open: Vec<String> = questionnaires
        .iter()
        .filter(|one| partner.assessment(&one.key).is_none_or(|assessment| !assessment.passed()))
        .map(|one| one.key.clone())
        .collect();
    if let Some(missing) = open.iter().find(|key| partner.assessment(key).is_none()) {
        return Err(Error::refused(CriteriaRefusal::NotAssessed {
            partner: name.to_owned(),
            key: partner.key.clone(),
            questionnaire: missing.clone(),
            meant: questionnaires.len(),
        }));
    }
    if open.is_empty() {
        return Ok(Decision::already(format!("{name} passes already; there is nothing to override")));
    }
    Decision::record(Overridden { questionnaires: open, reason: reason.to_owned() })
}

/// A score from 0 to 100, or the band that it lies in: `82.5`, `40 to 71.25`.
pub(crate) fn score_in_words(score: [f64; 2]) -> String {
    let number = |score: f64, places: usize| {
        let text = format!("{score:.places$}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    // Two places, and all where they would say a whole number that it is not, or hide a difference.
    let same = |places: usize| number(score[0], places) == number(score[1], places);
    let misleading = |score: f64| !number(score, 2).contains('.') && number(score, 4).contains('.');
    let places = if score.into_iter().any(misleading) || (same(2) && !same(4)) { 4 } else { 2 };
    let [low, high] = score.map(|score| number(score, places));
    if low == high { low } else { format!("{low} to {high}") }
}

/// What answers came to, with what decides it: `58 of 100: fail`.
fn in_words(outcome: &AssessmentOutcome, judgement: &Judgement) -> String {
    let score = outcome.score.map_or_else(String::new, |score| format!("{} of 100, ", score_in_words(score)));
    let verdicts = outcome.verdicts();
    let verdict = verdicts.word();
    let why = match verdicts.decided() {
        Some(Verdict::Fail) if !outcome.failed.is_empty() => {
            format!(" (must-have not met: {})", phrase(&outcome.failed))
        }
        None => judgement.deciding().map_or_else(String::new, |deciding| deciding.to_string()),
        _ => String::new(),
    };
    format!("{score}{verdict}{why}")
}

/// Returns the step for a partner that the criteria say not to take in, while it stands where they are asked.
pub(crate) fn declining_step(scene: Scene, stage: &str) -> Option<NextStep> {
    let asked_here = scene.program.criteria_stage().is_some_and(|criteria| criteria.key == stage);
    let declined = asked_here && scene.verdict(stage).and_then(Verdicts::decided) == Some(Verdict::Fail);
    let step = Step::Leave { partner: scene.partner.key.clone(), label: LeftAs::Declined.word() };
    declined.then_some(NextStep { what: AgendaItem::Decline, step })
}

/// Returns how far the answers to a questionnaire are that is not passed, and the step that brings it on.
pub(crate) fn lacking(scene: Scene, questionnaire: &str) -> (Option<AnswersSoFar>, Step) {
    let (partner, key) = (scene.partner.key.clone(), questionnaire.to_owned());
    let assess = Step::Assess { partner: partner.clone(), questionnaire: key.clone() };
    match scene.partner.assessment(questionnaire).map(|one| one.verdicts().decided()) {
        None => (None, assess),
        Some(None) => (Some(AnswersSoFar::Missing), assess),
        Some(Some(verdict)) => {
            let so_far = AnswersSoFar::Decided { verdict: verdict.word() };
            (Some(so_far), Step::Overrule { partner, questionnaire: key })
        }
    }
}
