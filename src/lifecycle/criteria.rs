//! Questionnaires, their judgement, and verdicts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::lifecycle::base::conflict::Misfit;
use crate::lifecycle::forget::{FORGOTTEN, Forgetting};
use crate::lifecycle::happening::{Happening, Moment};
use crate::lifecycle::partner::Partner;
use crate::lifecycle::stage::Standing;

pub use crate::lifecycle::partner::{Assessment, Override};
pub use crate::lifecycle::questionnaire::*;
pub use crate::lifecycle::rules::criteria::{
    AssessRequest, Changes, Sheet, assess, overrule, score_in_words,
};

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
    pub outcome: Outcome,
}

/// Questionnaires count as passed, whatever the answers that they have now came to; other answers are judged anew.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Overridden {
    pub questionnaires: Vec<String>,
    pub reason: String,
}

/// Why an assessment does not fit what came before it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CriteriaMisfit {
    /// The partner has left.
    AssessedAfterLeaving { questionnaire: String },
    /// The partner has left.
    OverriddenAfterLeaving,
    /// The verdict of a questionnaire is overridden that was not answered.
    NotAnswered { questionnaire: String },
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
            let this = Override { event: at.event, day: at.day, reason };
            partner.assessments[place].overridden.get_or_insert(this);
        }
        Ok(())
    }

    fn forget(&mut self, _: &mut Forgetting) {
        FORGOTTEN.clone_into(&mut self.reason);
    }
}
