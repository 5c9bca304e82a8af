//! Criteria: questionnaires, what an answer is worth, what all of them come to, and what partners were judged by.
//!
//! A questionnaire is valid by construction, as the program is that it stands in. How a value becomes a
//! score is declared in it, never guessed. The room knows partners and programs, and no words for people. To add a type
//! of question: a `Kind` in `questionnaire.rs`, read in `parse_kind.rs`, with what its answers are worth in `worth.rs`.

pub mod answer;
pub mod assessment;
pub mod condition;
pub mod judge;
pub mod parse;
pub mod parse_kind;
pub mod questionnaire;
pub mod verdict;
pub mod worth;

pub use answer::{Answers, NONE_OF_THEM, Value};
pub use assessment::{
    AssessRequest, Assessed, Assessment, Changes, CriteriaMisfit, Overridden, Override, Sheet, assess,
    overrule, score_in_words,
};
pub use condition::{Condition, Holds};
pub use judge::{Criterion, Deciding, Judgement, Must};
pub use parse::{Scope, read_cut_offs, read_questionnaires};
pub use questionnaire::*;
pub use verdict::{CutOffs, Outcome, UNDECIDED, Verdict, Verdicts};
pub use worth::{Band, Worth};
