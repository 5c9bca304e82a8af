//! The words of questionnaires and verdicts.

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::criteria::CriteriaMisfit;

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
