//! Criteria: questionnaires, what an answer is worth, what all of them come to, and what partners were judged by.
//!
//! A questionnaire is valid by construction, as the program is that it stands in. How a value becomes a score is
//! declared in it, never guessed. The room knows partners and programs, and must not know words for people. To add a
//! type of question: an `AnswerKind` in `answer.rs`, read in `parse_kind.rs`, with what its answers are worth in
//! `scoring.rs`.

pub(crate) mod answer;
pub(crate) mod assessment;
pub(crate) mod condition;
pub(crate) mod fault;
pub(crate) mod judge;
pub(crate) mod parse;
pub(crate) mod parse_kind;
pub(crate) mod questionnaire;
pub(crate) mod rules;
pub(crate) mod scoring;
pub(crate) mod sheet;
pub(crate) mod verdict;

pub(crate) use answer::NONE_OF_THEM;
pub(crate) use answer::{AnswerFault, AnswerKind, Measure};
pub use answer::{AnswerValue, Answers};
pub(crate) use assessment::Assessment;
pub use assessment::{Assessed, Changes, Overridden};
pub(crate) use condition::AnswerCondition;
pub use condition::Holds;
pub(crate) use fault::{AgainstFault, ConditionFault, CriteriaFault, OptionFault};
pub(crate) use judge::{Criterion, Judgement};
pub use judge::{DecisiveQuestions, Must};
pub use questionnaire::Questionnaire;
pub(crate) use questionnaire::{Question, Side};
pub(crate) use rules::{
    AnsweredAlready, AssessRequest, CriteriaAlready, CriteriaMisfit, CriteriaRefusal, assess, overrule,
};
pub use sheet::AnswerSheet;
pub use verdict::{AssessmentOutcome, Verdict};
pub(crate) use verdict::{UNDECIDED, Verdicts};
