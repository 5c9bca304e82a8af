//! Questions that partners ask.

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::{Hint, Step};
use crate::lifecycle::base::text::counted;
use crate::lifecycle::program::Program;
use crate::lifecycle::questions::{Asked, QuestionAlready, QuestionMisfit, QuestionRefusal, Replied};
use crate::text::events::{Described, ReceiptContext, with};

impl Sentence for QuestionRefusal {
    fn sentence(&self) -> String {
        match self {
            QuestionRefusal::Unknown { question } => format!("question not found: {question}"),
            QuestionRefusal::NotAnswered { question } => format!("question {question} has no answer yet"),
            QuestionRefusal::Answered { partner, question, on, .. } => {
                format!("{partner}: question {question} was answered on {on}")
            }
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            QuestionRefusal::Unknown { .. } => vec![Hint::step(Step::Questions, "lists them")],
            QuestionRefusal::NotAnswered { .. } => Vec::new(),
            QuestionRefusal::Answered { key, .. } => {
                let (log, ask) = (Step::Log { partner: key.clone() }, Step::Ask { partner: key.clone() });
                vec![
                    Hint::step(
                        log,
                        "shows the action that recorded the answer; `chanlife undo ACTION` takes it back",
                    ),
                    Hint::step(ask, "records a new question"),
                ]
            }
        }
    }
}

impl Sentence for QuestionAlready {
    fn sentence(&self) -> String {
        match self {
            QuestionAlready::Asked { partner, question, on } => {
                format!("{partner} already asked this on {on}, see question {question}")
            }
            QuestionAlready::Answered { question } => format!("Question {question} already has this answer"),
        }
    }
}

impl Sentence for QuestionMisfit {
    fn sentence(&self) -> String {
        match self {
            QuestionMisfit::Unknown { question } => {
                format!("answers question {question}, which does not exist")
            }
            QuestionMisfit::AnsweredTwice { question } => {
                format!("answers question {question} a second time")
            }
        }
    }
}

impl Described for Asked {
    fn described(&self, _: &Program) -> String {
        let by = self.by.as_ref().map_or_else(String::new, |by| format!(" by {by}"));
        with(format!("asked{by}"), Some(&self.text))
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        format!("{} asked question {}", about.partner, about.number)
    }
}

impl Described for Replied {
    fn described(&self, _: &Program) -> String {
        with(format!("question {} answered", self.question), Some(&self.text))
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        let questions = about.before.map(|partner| &partner.questions);
        let question = questions.and_then(|all| all.iter().find(|one| one.event == self.question));
        let after = question.map(|one| format!(" after {}", counted(about.day.since(one.day), "day")));
        format!("Answered question {} of {}{}", self.question, about.partner, after.unwrap_or_default())
    }
}
