//! Questionnaires, their judgement, and verdicts.

pub use crate::lifecycle::event::{Assessed, Overridden};
pub use crate::lifecycle::partner::{Assessment, Override};
pub use crate::lifecycle::questionnaire::*;
pub use crate::lifecycle::rules::criteria::{
    AssessRequest, Changes, Sheet, assess, overrule, score_in_words,
};
