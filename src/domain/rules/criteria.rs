//! Criteria: questionnaires answered, and verdicts overridden with a reason.

use std::collections::BTreeMap;

use super::{Decision, Refusal, Ruling, Scene};
use crate::domain::event::{Assessed, Event, Overridden};
use crate::domain::partner::{Partner, Standing};
use crate::domain::questionnaire::{Answers, Judgement, Outcome, Questionnaire, Verdict};
use crate::domain::text::{listed, phrase};

/// Answers by question, in the form in which they are kept; nothing for one that is not known any more.
pub type Changes = BTreeMap<String, Option<String>>;

/// What is answered of one questionnaire, and the number of the program event that it is of.
#[derive(Clone, Copy)]
pub struct AssessRequest<'a> {
    pub questionnaire: &'a Questionnaire,
    pub version: i64,
    pub answers: &'a Changes,
    pub evidence: &'a Changes,
}

/// Answers as they would be kept, with what proves them.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Sheet {
    pub answers: Answers,
    pub evidence: BTreeMap<String, String>,
}

impl Sheet {
    /// The newest answers of a partner, as far as they still fit the questionnaire.
    pub fn of(partner: &Partner, questionnaire: &Questionnaire) -> Sheet {
        let Some(earlier) = partner.assessment(&questionnaire.key) else {
            return Sheet::default();
        };
        let answers = questionnaire.read_kept(&earlier.assessed.answers);
        Sheet { answers, evidence: earlier.assessed.evidence.clone() }
    }

    /// These answers with changes; those that do not fit the questionnaire are left out.
    #[must_use]
    pub fn with(mut self, questionnaire: &Questionnaire, answers: &Changes, evidence: &Changes) -> Sheet {
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
pub fn assess(scene: Scene, requests: &[AssessRequest]) -> Ruling {
    refuse_left(scene)?;
    let (mut events, mut said, mut already) = (Vec::new(), Vec::new(), Vec::new());
    for request in requests {
        let AssessRequest { questionnaire, version, answers, evidence } = *request;
        let key = &questionnaire.key;
        let sheet = Sheet::of(scene.partner, questionnaire).with(questionnaire, answers, evidence);
        let judgement = questionnaire.judge(&sheet.answers);
        let heard: Answers = judgement
            .criteria
            .iter()
            .filter_map(|one| Some((one.question.key.clone(), one.answer.clone()?)))
            .collect();
        let earlier = scene.partner.assessment(key);
        if heard.is_empty() && earlier.is_none() {
            continue;
        }
        let assessed = Assessed {
            questionnaire: key.clone(),
            version,
            answers: questionnaire.written(&heard),
            evidence: sheet.evidence.into_iter().filter(|(key, _)| heard.contains_key(key)).collect(),
            outcome: judgement.outcome(),
        };
        let same = |known: &Assessed| {
            (&known.answers, &known.evidence, &known.outcome)
                == (&assessed.answers, &assessed.evidence, &assessed.outcome)
        };
        let result = format!("`{key}` {}", in_words(&assessed.outcome, &judgement));
        match earlier.is_some_and(|earlier| same(&earlier.assessed)) {
            true => already.push(result),
            false => {
                said.push(result);
                events.push(Event::from(assessed));
            }
        }
    }
    let name = scene.partner.name();
    if events.is_empty() && already.is_empty() {
        return Err(Refusal::new(format!("no answer is known for {name}, so there is nothing to record"))
            .hint("give one with --answer QUESTION=ANSWER"));
    }
    if events.is_empty() {
        return Ok(Decision::AlreadySo(format!("{name}: {}, as answered already", already.join("; "))));
    }
    Ok(Decision::Record { events, said: format!("{name}: {}", said.join("; ")) })
}

/// Lets questionnaires count as passed, whatever they came to.
///
/// # Errors
/// Refused where one was not answered yet, and for a partner that has left.
pub fn overrule(scene: Scene, questionnaires: &[&Questionnaire], reason: &str) -> Ruling {
    refuse_left(scene)?;
    let Scene { partner, .. } = scene;
    let name = partner.name();
    let answered = questionnaires.iter().filter(|one| partner.assessment(&one.key).is_some());
    if let (0, Some(first)) = (answered.count(), questionnaires.first()) {
        let why = format!("{name} was not assessed by `{}`, so there is no verdict to override", first.key);
        return Err(Refusal::new(why).hint(format!("`chanlife assess {} {}` first", partner.key, first.key)));
    }
    let open: Vec<String> = questionnaires
        .iter()
        .filter(|one| partner.assessment(&one.key).is_none_or(|assessment| !assessment.passed()))
        .map(|one| one.key.clone())
        .collect();
    if let Some(missing) = open.iter().find(|key| partner.assessment(key).is_none()) {
        let why = format!("{name} was not assessed by `{missing}`, so there is no verdict to override");
        return Err(Refusal::new(why)
            .hint(format!("`chanlife assess {} {missing}` first", partner.key))
            .hint("or name the questionnaire whose verdict is meant"));
    }
    if open.is_empty() {
        return Ok(Decision::AlreadySo(format!("{name} passes already; there is nothing to override")));
    }
    let said = format!("{name} passes {} by override", listed(&open));
    Decision::record(Overridden { questionnaires: open, reason: reason.to_owned() }, said)
}

/// Whether a partner can be assessed.
///
/// # Errors
/// Refused for one that has left.
pub fn refuse_left(scene: Scene) -> Result<(), Refusal> {
    let partner = scene.partner;
    match partner.standing() {
        Some(Standing::Left { label, .. }) => {
            let since = partner.current().map_or(scene.day, |stay| stay.entered);
            Err(Refusal::new(format!("{} left on {since} ({})", partner.name(), label.word()))
                .hint(format!("`chanlife return {}` brings it back", partner.key)))
        }
        _ => Ok(()),
    }
}

/// A score from 0 to 100, or the band that it lies in: `82.5`, `40 to 71.25`.
pub fn score_in_words(score: [f64; 2]) -> String {
    let number = |score: f64| {
        let text = format!("{score:.2}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    let [low, high] = score.map(number);
    if low == high { low } else { format!("{low} to {high}") }
}

/// What answers came to, with what decides it: `58 of 100: fail`.
fn in_words(outcome: &Outcome, judgement: &Judgement) -> String {
    let score = outcome.score.map_or_else(String::new, |score| format!("{} of 100, ", score_in_words(score)));
    let verdicts = outcome.verdicts();
    let verdict = verdicts.word();
    let why = match verdicts.decided() {
        Some(Verdict::Fail) if !outcome.failed.is_empty() => {
            format!(" (must-have not met: {})", phrase(&outcome.failed))
        }
        None => {
            let keys: Vec<String> = judgement.deciding().iter().map(|one| one.key.clone()).collect();
            format!(" until answered: {}", phrase(&keys))
        }
        _ => String::new(),
    };
    format!("{score}{verdict}{why}")
}
