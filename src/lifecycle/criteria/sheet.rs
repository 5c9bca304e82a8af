//! The answers that a questionnaire has from a partner, as far as they still fit it, with changes to them.

use std::collections::BTreeMap;

use crate::lifecycle::criteria::answer::Answers;
use crate::lifecycle::criteria::assessment::Changes;
use crate::lifecycle::criteria::questionnaire::Questionnaire;
use crate::lifecycle::partner::state::Partner;

/// Answers as they would be kept, with what proves them.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct AnswerSheet {
    pub answers: Answers,
    pub evidence: BTreeMap<String, String>,
}

impl AnswerSheet {
    /// Returns the newest answers of a partner, as far as they still fit the questionnaire.
    pub fn of(partner: &Partner, questionnaire: &Questionnaire) -> AnswerSheet {
        let Some(earlier) = partner.assessment(&questionnaire.key) else {
            return AnswerSheet::default();
        };
        let answers = questionnaire.read_kept(&earlier.assessed.answers);
        AnswerSheet { answers, evidence: earlier.assessed.evidence.clone() }
    }

    /// Returns these answers with changes; those that do not fit the questionnaire are left out.
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
