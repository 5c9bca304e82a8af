//! Asking and answering: how its events are taken in, the rules, and what waits for us.

use crate::lifecycle::base::conflict::Misfit;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::due::{AgendaItem, Due, DueKind};
use crate::lifecycle::facts::PartnerFacts;
use crate::lifecycle::forget::{FORGOTTEN, Forgetting, erase};
use crate::lifecycle::happening::{Happening, Moment};
use crate::lifecycle::partner::state::Partner;
use crate::lifecycle::questions::events::{Asked, PartnerQuestion, QuestionAnswer, Replied};
use crate::lifecycle::rule::{Decision, Ruling, refuse_left};

impl Happening for Asked {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        at.refuse_left(partner)?;
        partner.questions.push(PartnerQuestion {
            event: at.event,
            day: at.day,
            text: self.text.clone(),
            by: self.by.clone(),
            owner: self.owner.clone(),
            reply: None,
        });
        Ok(())
    }

    fn forget(&mut self, forgetting: &mut Forgetting) {
        forgetting.names.extend(self.by.clone());
        erase(&mut self.by);
        FORGOTTEN.clone_into(&mut self.text);
    }
}

impl Happening for Replied {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        let number = self.question;
        let question = partner.questions.iter_mut().find(|one| one.event == number);
        let question = question.ok_or(QuestionMisfit::Unknown { question: number })?;
        if question.reply.is_some() {
            return Err(QuestionMisfit::AnsweredTwice { question: number }.into());
        }
        let (event, day, text) = (at.event, at.day, self.text.clone());
        question.reply = Some(QuestionAnswer { event, day, text });
        Ok(())
    }

    fn forget(&mut self, _: &mut Forgetting) {
        FORGOTTEN.clone_into(&mut self.text);
    }
}

/// Why an answer to a question does not fit what came before it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum QuestionMisfit {
    Unknown { question: i64 },
    AnsweredTwice { question: i64 },
}

/// Why nothing is recorded about a question: it is so already.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum QuestionAlready {
    Asked { partner: String, question: i64, on: Day },
    Answered { question: i64 },
}

/// Why an answer to a question is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum QuestionRefusal {
    /// No question has this number, or another partner asked it.
    Unknown { question: i64 },
    /// The question, whose answer is wanted, has none.
    NotAnswered { question: i64 },
    /// The question has another answer already.
    Answered { partner: String, key: String, question: i64, on: Day },
}

/// Records a question of a partner.
///
/// # Errors
/// Refused for a partner that has left.
pub(crate) fn ask(facts: PartnerFacts, request: Asked) -> Ruling {
    refuse_left(facts)?;
    let open = |one: &&PartnerQuestion| one.reply.is_none() && one.text == request.text;
    if let Some(known) = facts.partner.questions.iter().find(open) {
        let (partner, question, on) = (facts.partner.name().to_owned(), known.event, known.day);
        return Ok(Decision::already(QuestionAlready::Asked { partner, question, on }));
    }
    Decision::record(request)
}

/// Answers a question of a partner.
///
/// # Errors
/// Refused if there is no such question, or it has another answer.
pub(crate) fn reply(facts: PartnerFacts, number: i64, text: &str) -> Ruling {
    let name = facts.partner.name();
    let Some(question) = facts.partner.questions.iter().find(|one| one.event == number) else {
        return Err(Error::refused(QuestionRefusal::Unknown { question: number }));
    };
    if let Some(known) = &question.reply {
        if known.text == text {
            return Ok(Decision::already(QuestionAlready::Answered { question: number }));
        }
        return Err(Error::refused(QuestionRefusal::Answered {
            partner: name.to_owned(),
            key: facts.partner.key.clone(),
            question: number,
            on: known.day,
        }));
    }
    Decision::record(Replied { question: number, text: text.to_owned() })
}

/// Returns the questions that wait for an answer.
pub(crate) fn waiting(facts: PartnerFacts) -> Vec<Due> {
    let open = facts.partner.questions.iter().filter(|one| one.reply.is_none());
    let due = |one: &PartnerQuestion| Due {
        day: one.day,
        kind: DueKind::Waiting,
        what: AgendaItem::Question {
            question: one.event,
            text: one.text.lines().next().unwrap_or_default().to_owned(),
            owner: one.owner.clone(),
        },
        step: Step::AnswerQuestion { question: one.event },
        id: format!("question.{}", one.event),
    };
    open.map(due).collect()
}
