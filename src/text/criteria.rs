//! The words of questionnaires and verdicts.

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::{Hint, Step};
use crate::lifecycle::base::text::{listed, phrase};
use crate::lifecycle::criteria::{
    Assessed, CriteriaMisfit, CriteriaRefusal, Overridden, Verdict, score_in_words,
};
use crate::lifecycle::program::Program;
use crate::text::events::{Described, ReceiptContext, with};

impl Sentence for CriteriaMisfit {
    fn sentence(&self) -> String {
        match self {
            CriteriaMisfit::AssessedAfterLeaving { questionnaire } => {
                format!("is an assessment by `{questionnaire}` after the partner left")
            }
            CriteriaMisfit::OverriddenAfterLeaving => "overrides a verdict after the partner left".to_owned(),
            CriteriaMisfit::NotAnswered { questionnaire } => {
                format!("overrides the verdict of `{questionnaire}`, which was not answered")
            }
        }
    }
}

impl Described for Assessed {
    fn described(&self, _: &Program) -> String {
        let score = self.outcome.score;
        let score = score.map_or_else(String::new, |score| format!(" {},", score_in_words(score)));
        format!("{}{score} {}", self.questionnaire, self.outcome.verdicts().word())
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        let key = &self.questionnaire;
        let score = self.outcome.score;
        let score = score.map_or_else(String::new, |score| format!("{} of 100, ", score_in_words(score)));
        let verdicts = self.outcome.verdicts();
        let why = match verdicts.decided() {
            Some(Verdict::Fail) if !self.outcome.failed.is_empty() => {
                format!(" (must-have not met: {})", phrase(&self.outcome.failed))
            }
            None => self.deciding(about.program).unwrap_or_default(),
            _ => String::new(),
        };
        let mut said = format!("{}: `{key}` {score}{}{why}", about.partner, verdicts.word());
        let earlier = about.before.and_then(|partner| partner.assessment(key));
        let lost = earlier.and_then(|earlier| {
            earlier.overridden.as_ref().filter(|_| earlier.assessed.answers != self.answers)
        });
        if let Some(overridden) = lost {
            said.push_str(&format!("; the override of {} was of other answers and ends", overridden.day));
        }
        said
    }
}

impl Assessed {
    /// Says which answers would decide an open verdict, by the questionnaire as it is now.
    fn deciding(&self, program: &Program) -> Option<String> {
        let questionnaire = program.questionnaire(&self.questionnaire)?;
        let judgement = questionnaire.judge(&questionnaire.read_kept(&self.answers));
        judgement.deciding().map(|deciding| deciding.to_string())
    }
}

impl Described for Overridden {
    fn described(&self, _: &Program) -> String {
        let what = format!("verdict of {} overridden", listed(&self.questionnaires));
        with(what, Some(&self.reason))
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        format!("{} passes {} by override", about.partner, listed(&self.questionnaires))
    }
}

impl Sentence for CriteriaRefusal {
    fn sentence(&self) -> String {
        match self {
            CriteriaRefusal::NoAnswer { partner } => {
                format!("no answer is known for {partner}, so there is nothing to record")
            }
            CriteriaRefusal::NotAsked { question, conditions } => {
                format!("`{question}` is not asked, since it is not so that {}", conditions.join(" and "))
            }
            CriteriaRefusal::NotAssessed { partner, questionnaire, .. } => {
                format!("{partner} was not assessed by `{questionnaire}`, so there is no verdict to override")
            }
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            CriteriaRefusal::NoAnswer { .. } => vec!["give one with --answer QUESTION=ANSWER".into()],
            CriteriaRefusal::NotAsked { .. } => {
                vec!["leave it out, or answer the questions before it otherwise".into()]
            }
            CriteriaRefusal::NotAssessed { key, questionnaire, meant, .. } => {
                let assess = Step::Assess { partner: key.clone(), questionnaire: questionnaire.clone() };
                let mut hints = vec![Hint::step(assess, "first")];
                if *meant != 1 {
                    hints.push("or name the questionnaire whose verdict is meant".into());
                }
                hints
            }
        }
    }
}
