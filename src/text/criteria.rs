//! The words of questionnaires and verdicts.

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::{Hint, Step};
use crate::lifecycle::base::text::listed;
use crate::lifecycle::criteria::{Assessed, CriteriaMisfit, CriteriaRefusal, Overridden, score_in_words};
use crate::lifecycle::program::Program;
use crate::text::events::{Described, with};

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
}

impl Described for Overridden {
    fn described(&self, _: &Program) -> String {
        let what = format!("verdict of {} overridden", listed(&self.questionnaires));
        with(what, Some(&self.reason))
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
