//! Questions that partners ask.

use shell_words::quote;

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::{Hint, Step};
use crate::lifecycle::base::text::counted;
use crate::lifecycle::program::Program;
use crate::lifecycle::questions::{
    Asked, PartnerQuestion, QuestionAlready, QuestionMisfit, QuestionRefusal, Replied,
};
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

/// How many open questions are named.
const QUESTIONS_NAMED: usize = 3;

/// Says which open questions stay with somebody who was the owner of the partner; nothing if there are none.
pub(crate) fn questions_stay_with(who: &str, open: &[&PartnerQuestion]) -> Option<String> {
    let named =
        open.iter().take(QUESTIONS_NAMED).map(|one| format!("{} `{}`", one.event, first_words(&one.text)));
    let mut named: Vec<String> = named.collect();
    if open.len() > QUESTIONS_NAMED {
        named.push(format!("{} more", open.len() - QUESTIONS_NAMED));
    }
    let stay = if open.len() == 1 { "stays" } else { "stay" };
    (!open.is_empty()).then(|| {
        format!(
            "{} {stay} with {who}: {}; `chanlife questions --owner {}` lists all that {who} is to answer",
            counted(open.len(), "open question"),
            named.join(", "),
            quote(who)
        )
    })
}

/// Returns the beginning of a text, up to a word.
fn first_words(text: &str) -> String {
    const MOST: usize = 60;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    let begin: String = text.chars().take(MOST).collect();
    let whole = begin.rsplit_once(' ').map_or(begin.as_str(), |(whole, _)| whole);
    format!("{whole} ...")
}
