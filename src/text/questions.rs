//! Questions that partners ask.

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::{Hint, Step};
use crate::lifecycle::questions::{QuestionMisfit, QuestionRefusal};
use crate::text::steps::command_line;

impl Sentence for QuestionRefusal {
    fn sentence(&self) -> String {
        match self {
            QuestionRefusal::Unknown { partner, question } => format!("{partner} has no question {question}"),
            QuestionRefusal::Answered { partner, question, on, .. } => {
                format!("{partner}: question {question} was answered on {on}")
            }
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            QuestionRefusal::Unknown { .. } => vec![Hint::step(Step::Questions, "lists those that are open")],
            QuestionRefusal::Answered { key, .. } => {
                let (undo, ask) = (Step::Undo, Step::Ask { partner: key.clone() });
                let (undo, ask) = (command_line(&undo), command_line(&ask));
                vec![format!("if that is wrong: `{undo}`, or ask anew: `{ask}`").into()]
            }
        }
    }
}

impl Sentence for QuestionMisfit {
    fn sentence(&self) -> String {
        match self {
            QuestionMisfit::Unknown { question } => {
                format!("answers question {question}, which is not there")
            }
            QuestionMisfit::AnsweredTwice { question } => {
                format!("answers question {question} a second time")
            }
        }
    }
}
