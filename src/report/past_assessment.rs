//! An assessment with the version of the questionnaire that was answered, and its parts in words.

use rust_decimal::Decimal;

use crate::lifecycle::base::percent::tenths;
use crate::lifecycle::criteria::Assessment;
use crate::lifecycle::criteria::{AnswerValue, Answers, Criterion, Holds, Judgement, Must, Questionnaire};
use crate::lifecycle::facts::{Facts, PartnerFacts};
use crate::lifecycle::partner::Partner;
use crate::store::View;
use crate::text::criteria::{deciding_in_words, side_view};

/// An assessment with the questionnaire that was answered then.
pub(super) struct PastAssessment<'a> {
    pub partner: &'a Partner,
    pub assessment: &'a Assessment,
    /// Nothing if its version of the program is lost.
    pub questionnaire: Option<Questionnaire>,
}

impl<'a> PastAssessment<'a> {
    /// Finds the version of the questionnaire that an assessment answered.
    pub(super) fn of(
        view: &View,
        partner: &'a Partner,
        assessment: &'a Assessment,
    ) -> anyhow::Result<PastAssessment<'a>> {
        let assessed = &assessment.assessed;
        let version = view.reader().program_version(assessed.version)?;
        let questionnaire =
            version.and_then(|one| one.program.questionnaire(&assessed.questionnaire).cloned());
        Ok(PastAssessment { partner, assessment, questionnaire })
    }

    /// Returns the title of the questionnaire and its side.
    pub(super) fn title(&self) -> String {
        match &self.questionnaire {
            Some(questionnaire) => format!("{} ({})", questionnaire.title, side_view(questionnaire.side)),
            None => self.assessment.assessed.questionnaire.clone(),
        }
    }

    /// Returns the keys of its questions, in order.
    pub(super) fn question_keys(&self) -> Vec<&str> {
        match &self.questionnaire {
            Some(questionnaire) => questionnaire.questions.iter().map(|one| one.key.as_str()).collect(),
            None => self.assessment.assessed.answers.keys().map(String::as_str).collect(),
        }
    }

    /// Returns an answer as it was stored.
    pub(super) fn answer(&self, key: &str) -> Option<&str> {
        self.assessment.assessed.answers.get(key).map(String::as_str)
    }

    /// Returns the evidence of an answer.
    pub(super) fn evidence(&self, key: &str) -> Option<&str> {
        self.assessment.assessed.evidence.get(key).map(String::as_str)
    }

    /// Returns the weight of a question: `12.5 %`.
    pub(super) fn weight(&self, key: &str) -> Option<String> {
        let questionnaire = self.questionnaire.as_ref()?;
        let share = questionnaire.share(questionnaire.question(key)?)?;
        Some(format!("{} %", tenths(share)))
    }

    /// Returns the answers as the questionnaire reads them.
    pub(super) fn answers(&self) -> Answers {
        let kept = &self.assessment.assessed.answers;
        self.questionnaire.as_ref().map_or_else(Answers::new, |one| one.read_kept(kept))
    }

    /// Returns the answer with its value: `adjacent (50)`.
    pub(super) fn answer_in_words(&self, key: &str) -> String {
        let answers = self.answers();
        let judgement = self.questionnaire.as_ref().map(|one| one.judge(&answers));
        let criterion =
            judgement.as_ref().and_then(|one| one.criteria.iter().find(|one| one.question.key == key));
        match (self.answer(key), criterion) {
            (None, None) => String::new(),
            (None, Some(one)) if one.asked == Holds::No => "not asked".to_owned(),
            (None, Some(_)) => "?".to_owned(),
            (Some(answer), Some(one)) if one.counts() => {
                format!("{answer} ({})", worth_in_words(one).unwrap_or_default())
            }
            (Some(answer), _) => answer.to_owned(),
        }
    }

    /// Returns the expected revenue next to the actual revenue.
    pub(super) fn expectation(&self, view: &View) -> Option<String> {
        let questionnaire = self.questionnaire.as_ref()?;
        let question = questionnaire.questions.iter().find(|one| one.actual.is_some())?;
        let answers = self.answers();
        let Some(AnswerValue::Number(expected)) = answers.get(&question.key) else { return None };
        let (asked, program) = (questionnaire.currency, &view.in_force.program);
        let currency = program.currency;
        let facts = PartnerFacts { program, partner: self.partner, day: view.as_of };
        let got = currency.money(facts.revenue_12m());
        let expected = expected.round_dp(2).normalize();
        Some(format!(
            "Expected {expected} {} a year; actual in the last 12 months: {got} {}.",
            asked.code(),
            currency.code()
        ))
    }

    /// Returns the scores that the answers allow: the lowest and the highest.
    pub(super) fn score(&self) -> [Option<f64>; 2] {
        self.assessment.assessed.outcome.score.map_or([None, None], |score| score.map(Some))
    }
}

/// One answer of an assessment, with what it counts.
pub(super) struct PastAnswer<'a> {
    pub partner: &'a str,
    pub questionnaire: String,
    pub event: i64,
    pub question: String,
    pub answer: Option<&'a str>,
    /// Whether it differs from the assessment before, if there is one.
    pub changed: Option<bool>,
    /// The lowest and the highest worth, if it counts.
    pub worth: Option<[Decimal; 2]>,
    pub weight_percent: Option<Decimal>,
    pub must: Option<&'static str>,
    pub evidence: Option<&'a str>,
}

impl<'a> PastAssessment<'a> {
    /// Returns the answers to all that was asked.
    pub(super) fn past_answers(&self, before: Option<&PastAssessment>) -> Vec<PastAnswer<'a>> {
        let Some(questionnaire) = &self.questionnaire else { return Vec::new() };
        let (answers, assessed) = (self.answers(), &self.assessment.assessed);
        let judgement = questionnaire.judge(&answers);
        let answer = |one: &Criterion| {
            let key = one.question.key.as_str();
            let given = assessed.answers.get(key).map(String::as_str);
            PastAnswer {
                partner: &self.partner.key,
                questionnaire: questionnaire.key.clone(),
                event: self.assessment.event,
                question: key.to_owned(),
                answer: given,
                changed: before.map(|before| before.answer(key) != given),
                worth: one.counts().then_some([one.worth.0, one.worth.1]),
                weight_percent: questionnaire.share(one.question).map(|share| share.round_dp(6)),
                must: must_in_words(one),
                evidence: assessed.evidence.get(key).map(String::as_str),
            }
        };
        judgement.criteria.iter().filter(|one| one.asked != Holds::No).map(answer).collect()
    }
}

/// Returns the value of an answer, or its range while answers are open; nothing if it does not count.
pub(super) fn worth_in_words(criterion: &Criterion) -> Option<String> {
    let (low, high) = criterion.worth;
    let number = tenths;
    let words = if low == high { number(low) } else { format!("{} to {}", number(low), number(high)) };
    Some(words).filter(|_| criterion.counts())
}

/// Returns the weight of a criterion: `12.5 %`.
pub(super) fn share_in_words(questionnaire: &Questionnaire, criterion: &Criterion) -> Option<String> {
    questionnaire.share(criterion.question).map(|share| format!("{} %", tenths(share)))
}

/// Says whether a requirement is met, if there is one.
pub(super) fn must_in_words(criterion: &Criterion) -> Option<&'static str> {
    match criterion.must {
        Must::None => None,
        Must::Met => Some("met"),
        Must::Failed => Some("not met"),
        Must::Unknown => Some("open"),
    }
}

/// Returns the answers that would decide; empty if it is decided.
pub(super) fn open_in_words(judgement: &Judgement) -> String {
    judgement.deciding().as_ref().map_or_else(String::new, deciding_in_words)
}
