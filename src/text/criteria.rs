//! The words of questionnaires and verdicts.

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::text::listed;
use crate::lifecycle::criteria::{Assessed, CriteriaMisfit, Overridden, score_in_words};
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
