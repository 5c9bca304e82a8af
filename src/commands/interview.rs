//! Asking a questionnaire on a terminal, question by question. Every confirmed answer is kept at once, so that
//! whatever ends the asking, it goes on where it stopped.

use serde::{Deserialize, Serialize};

use super::reply::{self, Reply, STOP, UNKNOWN};
use crate::context::{Context, show_aside};
use crate::domain::partner::Partner;
use crate::domain::questionnaire::{Criterion, Holds, Kind, Question, Questionnaire};
use crate::domain::rules::{Changes, Sheet, score_in_words};
use crate::domain::text::{counted, prose};
use crate::exchange::Answered;
use crate::exit::{Exit, Failure};
use crate::prompt::Prompt;
use crate::report::assessment;
use crate::store::{Keep, Store};

/// How the asking ended.
pub enum Outcome {
    /// All answers are confirmed and to be recorded.
    Confirmed(Answered),
    /// The answers are kept for later.
    Stopped,
}

/// What somebody answered so far without recording it; nothing for a question passed over as not known.
#[derive(Clone, Default, Debug, Serialize, Deserialize)]
struct Draft {
    answers: Changes,
    evidence: Changes,
}

/// A questionnaire that is being asked.
struct Asking<'q> {
    questionnaire: &'q Questionnaire,
    /// What was known before.
    earlier: Sheet,
    draft: Draft,
}

pub struct Interview<'i> {
    context: &'i Context,
    prompt: &'i Prompt,
    store: &'i mut Store,
    partner: &'i Partner,
    askings: Vec<Asking<'i>>,
}

/// The place of a question: which questionnaire, which question of it.
type Place = (usize, usize);

impl Asking<'_> {
    fn sheet(&self) -> Sheet {
        self.earlier.clone().with(self.questionnaire, &self.draft.answers, &self.draft.evidence)
    }
}

impl<'i> Interview<'i> {
    /// Prepares to ask, with the answers that were kept before.
    ///
    /// # Errors
    /// Where the file can't be read.
    pub fn begin(
        context: &'i Context,
        prompt: &'i Prompt,
        store: &'i mut Store,
        partner: &'i Partner,
        questionnaires: &[&'i Questionnaire],
    ) -> anyhow::Result<Interview<'i>> {
        let mut askings = Vec::new();
        for questionnaire in questionnaires {
            let kept =
                store.read(|reader| Ok(reader.draft(&context.actor(), partner.id, &questionnaire.key)?))?;
            let mut draft: Draft = kept.and_then(|kept| serde_json::from_str(&kept).ok()).unwrap_or_default();
            // A question may have changed since.
            let fits = |key: &String, answer: &Option<String>| match (questionnaire.question(key), answer) {
                (None, _) => false,
                (Some(question), Some(answer)) => question.read(answer, questionnaire.currency).is_ok(),
                (Some(_), None) => true,
            };
            draft.answers.retain(|key, answer| fits(key, answer));
            askings.push(Asking { questionnaire, earlier: Sheet::of(partner, questionnaire), draft });
        }
        Ok(Interview { context, prompt, store, partner, askings })
    }

    /// Asks until all is answered and confirmed, or somebody stops.
    ///
    /// # Errors
    /// Where it is interrupted, which loses no confirmed answer, or the file can't be written.
    pub fn hold(&mut self) -> anyhow::Result<Outcome> {
        self.greet()?;
        let ended = self.go_on();
        if ended.as_ref().is_err_and(was_interrupted) {
            let why = format!("interrupted; {}", self.kept_in_words());
            return Err(Failure { exit: Exit::Interrupted, why, hints: Vec::new() }.into());
        }
        if let Ok(Outcome::Stopped) = ended {
            self.context.say(&format!("Stopped; {}", self.kept_in_words()));
        }
        ended
    }

    fn go_on(&mut self) -> anyhow::Result<Outcome> {
        let mut place = self.places().into_iter().find(|place| !self.is_settled(*place));
        loop {
            while let Some(at) = place {
                let reply = self.ask(at)?;
                place = match reply {
                    Reply::Stop => return Ok(Outcome::Stopped),
                    Reply::Back => match self.places().into_iter().rfind(|one| *one < at) {
                        Some(before) => Some(before),
                        None => {
                            self.prompt.tell("This is the first question.")?;
                            Some(at)
                        }
                    },
                    Reply::Answer(answer) => {
                        self.take(at, Some(answer))?;
                        self.places().into_iter().find(|one| *one > at)
                    }
                    Reply::Unknown => {
                        self.take(at, None)?;
                        self.places().into_iter().find(|one| *one > at)
                    }
                };
            }
            match self.confirm()? {
                Some(outcome) => return Ok(outcome),
                None => self.change_one()?,
            }
        }
    }

    /// The questions that are asked as things stand, in order.
    fn places(&self) -> Vec<Place> {
        let mut places = Vec::new();
        for (which, asking) in self.askings.iter().enumerate() {
            let sheet = asking.sheet();
            let judgement = asking.questionnaire.judge(&sheet.answers);
            let asked = judgement.criteria.iter().enumerate().filter(|(_, one)| one.asked == Holds::Yes);
            places.extend(asked.map(|(at, _)| (which, at)));
        }
        places
    }

    fn question(&self, (which, at): Place) -> &'i Question {
        &self.askings[which].questionnaire.questions[at]
    }

    fn is_settled(&self, place: Place) -> bool {
        self.askings[place.0].draft.answers.contains_key(&self.question(place).key)
    }

    fn greet(&self) -> anyhow::Result<()> {
        let settled: usize = self.askings.iter().map(|asking| asking.draft.answers.len()).sum();
        let mut text = format!("{}: {}.", self.partner.name(), counted(self.places().len(), "question"));
        if settled > 0 {
            text.push_str(&format!(" Going on behind the {} kept from before.", counted(settled, "answer")));
        }
        text.push_str("\nEvery answer is kept as you give it; Ctrl-C stops, and nothing is recorded before you confirm.");
        Ok(self.prompt.tell(&text)?)
    }

    /// Puts one question.
    fn ask(&mut self, place: Place) -> anyhow::Result<Reply> {
        let question = self.question(place);
        let asking = &self.askings[place.0];
        let written = asking.questionnaire.written(&asking.sheet().answers);
        let default = written.get(&question.key).cloned().unwrap_or_default();
        self.prompt.tell(&self.heading(place))?;
        let reply = match &question.kind {
            Kind::YesNo { .. } => reply::one_of(self.prompt, &["yes", "no"], &default)?,
            Kind::Choice(options) => {
                let options: Vec<&str> = options.iter().map(|(option, _)| option.as_str()).collect();
                reply::one_of(self.prompt, &options, &default)?
            }
            Kind::MultiChoice(options) => {
                let options: Vec<&str> = options.iter().map(|(option, _)| option.as_str()).collect();
                let known = asking.sheet().answers.get(&question.key).cloned();
                reply::any_of(self.prompt, &options, known.as_ref())?
            }
            _ => reply::line(self.prompt, asking.questionnaire, question, &default)?,
        };
        if let (Reply::Answer(_), Some(wanted)) = (&reply, &question.evidence) {
            self.ask_evidence(place, wanted)?;
        }
        Ok(reply)
    }

    fn heading(&self, (which, at): Place) -> String {
        let asking = &self.askings[which];
        let (questionnaire, sheet) = (asking.questionnaire, asking.sheet());
        let question = &questionnaire.questions[at];
        let judgement = questionnaire.judge(&sheet.answers);
        let asked = |criteria: &[Criterion]| criteria.iter().filter(|one| one.asked != Holds::No).count();
        let (number, all) = (asked(&judgement.criteria[..=at]), asked(&judgement.criteria));
        let weight = questionnaire.share(question).map_or_else(
            || "does not count".to_owned(),
            |share| format!("weight {} %", share.round_dp(1).normalize()),
        );
        let mut text = format!(
            "\n{} · {} · question {number} of {all} · {weight}\n",
            self.partner.name(),
            questionnaire.side.view()
        );
        let outcome = judgement.outcome();
        if let Some(score) = outcome.score {
            let verdict = outcome.verdicts().word();
            text.push_str(&format!("So far {} of 100: {verdict}\n", score_in_words(score)));
        }
        text.push_str(&format!("\n{}\n", question.text));
        text.push_str(&question.help.as_ref().map_or_else(String::new, |help| format!("  {help}\n")));
        for must in &question.musts {
            text.push_str(&format!("  must: {must}\n"));
        }
        text
    }

    fn ask_evidence(&mut self, place: Place, wanted: &str) -> anyhow::Result<()> {
        let key = self.question(place).key.clone();
        let known = self.askings[place.0].sheet().evidence.remove(&key).unwrap_or_default();
        let none = if known.is_empty() { "Enter alone" } else { "-" };
        self.prompt.tell(&format!("  What proves it: {wanted}? {none} for none."))?;
        loop {
            let typed = self.prompt.line("Evidence", &known)?;
            let text = typed.trim();
            let evidence = if text.is_empty() || text == "-" { Ok(None) } else { prose(text).map(Some) };
            match evidence {
                Ok(evidence) => {
                    self.askings[place.0].draft.evidence.insert(key, evidence);
                    return Ok(());
                }
                Err(fault) => self.prompt.tell(&format!("  the text {fault}"))?,
            }
        }
    }

    /// Keeps an answer at once.
    fn take(&mut self, (which, at): Place, answer: Option<String>) -> anyhow::Result<()> {
        let asking = &mut self.askings[which];
        let (questionnaire, question) = (asking.questionnaire, &asking.questionnaire.questions[at]);
        // In the form in which it will be kept.
        let mut one = Answered::default();
        let value = answer.and_then(|answer| question.read(&answer, questionnaire.currency).ok());
        one.answers.insert(
            question.key.clone(),
            value.map(|value| {
                questionnaire
                    .written(&[(question.key.clone(), value)].into())
                    .remove(&question.key)
                    .unwrap_or_default()
            }),
        );
        asking.draft.answers.extend(one.answers);
        let draft = serde_json::to_string(&asking.draft)?;
        let actor = self.context.actor();
        let partner = self.partner.id;
        self.store.write(Keep::Commit, |writer| {
            Ok(writer.keep_draft(&actor, partner, &questionnaire.key, &draft)?)
        })
    }

    /// Shows all answers; nothing where one is to be changed.
    fn confirm(&mut self) -> anyhow::Result<Option<Outcome>> {
        for asking in &self.askings {
            self.prompt.tell("")?;
            show_aside(&assessment::summary(asking.questionnaire, &asking.sheet()))?;
        }
        let choices = ["Record these answers", "Change an answer", STOP];
        Ok(match self.prompt.pick("What now", &choices, 0)? {
            Some(0) => {
                let mut answered = Answered::default();
                for asking in &self.askings {
                    answered.answers.extend(asking.draft.answers.clone());
                    answered.evidence.extend(asking.draft.evidence.clone());
                }
                Some(Outcome::Confirmed(answered))
            }
            Some(1) => None,
            _ => Some(Outcome::Stopped),
        })
    }

    fn change_one(&mut self) -> anyhow::Result<()> {
        let places = self.places();
        let label = |place: &Place| {
            let asking = &self.askings[place.0];
            let key = &self.question(*place).key;
            let written = asking.questionnaire.written(&asking.sheet().answers);
            format!("{key}: {}", written.get(key).map_or(UNKNOWN, String::as_str))
        };
        let labels: Vec<String> = places.iter().map(label).collect();
        let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
        let Some(place) = self.prompt.pick("Which answer", &labels, 0)?.map(|at| places[at]) else {
            return Ok(());
        };
        match self.ask(place)? {
            Reply::Answer(answer) => self.take(place, Some(answer)),
            Reply::Unknown => self.take(place, None),
            Reply::Back | Reply::Stop => Ok(()),
        }
    }

    fn kept_in_words(&self) -> String {
        let count: usize = self.askings.iter().map(|asking| asking.draft.answers.len()).sum();
        let named = match &self.askings[..] {
            [one] => format!(" {}", one.questionnaire.key),
            _ => String::new(),
        };
        match count {
            0 => "nothing was answered, nothing is recorded".to_owned(),
            _ => format!(
                "{} kept, nothing is recorded yet; `chanlife assess {}{named}` goes on",
                match count {
                    1 => "1 answer is".to_owned(),
                    _ => format!("{count} answers are"),
                },
                self.partner.key
            ),
        }
    }
}

fn was_interrupted(error: &anyhow::Error) -> bool {
    error.downcast_ref::<Failure>().is_some_and(|failure| failure.exit == Exit::Interrupted)
}
