//! Asks a questionnaire on a terminal, question by question. Every answer is saved at once, so that an interview can
//! resume wherever it stopped.

use serde::{Deserialize, Serialize};

use crate::app::context::{Context, show_aside};
use crate::app::prompt::Prompt;
use crate::commands::assess::prompted;
use crate::commands::assess::prompted::PromptedAnswer;
use crate::import::TypedAnswers;
use crate::lifecycle::base::error::{Error, ErrorKind};
use crate::lifecycle::base::percent::tenths;
use crate::lifecycle::base::text::{counted, phrase, prose};
use crate::lifecycle::criteria::{AnswerKind, Holds, Question, Questionnaire, Verdict, Verdicts};
use crate::lifecycle::criteria::{AnswerSheet, Changes};
use crate::lifecycle::partner::Partner;
use crate::report::assessment;
use crate::store::{Content, Keep, Store, unreadable};
use crate::text::criteria::score_in_words;
use crate::text::criteria::{required_in_words, side_view};

const RECORD: &str = "Record these answers";
const CHANGE: &str = "Change an answer";
const STOP: &str = "Save the answers and stop";

/// How an interview ended.
pub(super) enum InterviewEnd {
    /// All answers are confirmed and to be recorded.
    Confirmed(TypedAnswers),
    /// The answers are kept for later.
    Stopped,
}

/// The answers so far, not recorded yet; nothing for a question skipped as unknown.
#[derive(Clone, Default, Debug, Serialize, Deserialize)]
struct InterviewDraft {
    answers: Changes,
    evidence: Changes,
    /// The event of the assessment that was the newest when it was begun.
    #[serde(default)]
    after: Option<i64>,
}

/// A questionnaire that is being asked.
struct Asking<'q> {
    questionnaire: &'q Questionnaire,
    /// What was known before.
    earlier: AnswerSheet,
    draft: InterviewDraft,
}

pub(super) struct Interview<'i> {
    context: &'i Context,
    prompt: &'i Prompt,
    store: &'i mut Store,
    partner: &'i Partner,
    askings: Vec<Asking<'i>>,
}

/// The place of a question: which questionnaire, which question of it.
type QuestionPosition = (usize, usize);

impl Asking<'_> {
    fn sheet(&self) -> AnswerSheet {
        self.earlier.clone().with(self.questionnaire, &self.draft.answers, &self.draft.evidence)
    }

    /// Returns how many of the first questions are asked, or may still be.
    fn asked(&self, first: usize) -> usize {
        let sheet = self.sheet();
        let criteria = self.questionnaire.judge(&sheet.answers).criteria;
        criteria.iter().take(first).filter(|one| one.asked != Holds::No).count()
    }
}

impl<'i> Interview<'i> {
    /// Prepares to ask, with the answers that were kept before of each questionnaire.
    ///
    /// # Errors
    /// If what was kept is damaged.
    pub(super) fn begin(
        context: &'i Context,
        prompt: &'i Prompt,
        store: &'i mut Store,
        partner: &'i Partner,
        questionnaires: &[&'i Questionnaire],
        kept: Vec<Option<String>>,
    ) -> anyhow::Result<Interview<'i>> {
        let mut askings = Vec::new();
        for (questionnaire, kept) in questionnaires.iter().zip(kept) {
            let mut draft = kept.map(|kept| read_draft(&kept)).transpose()?.unwrap_or_default();
            // A question may have changed since.
            let fits = |key: &String, answer: &Option<String>| match (questionnaire.question(key), answer) {
                (None, _) => false,
                (Some(question), Some(answer)) => question.read(answer, questionnaire.currency).is_ok(),
                (Some(_), None) => true,
            };
            draft.answers.retain(|key, answer| fits(key, answer));
            let earlier = AnswerSheet::of(partner, questionnaire);
            let newest = partner.assessment(&questionnaire.key);
            let after = newest.map(|one| one.event);
            let any = !draft.answers.is_empty();
            if let Some(newest) = newest.filter(|_| any && draft.after != after) {
                // Answers recorded since then win.
                draft.answers.retain(|key, answer| answer.is_some() && !earlier.answers.contains_key(key));
                draft.evidence.retain(|key, _| draft.answers.contains_key(key));
                context.say(&format!(
                    "Answers to {} were recorded on {}, after you stopped; they replace your saved ones",
                    questionnaire.key, newest.day
                ));
            }
            draft.after = after;
            askings.push(Asking { questionnaire, earlier, draft });
        }
        Ok(Interview { context, prompt, store, partner, askings })
    }

    /// Asks until all is answered and confirmed, or the user stops.
    ///
    /// # Errors
    /// If it is interrupted, which loses no confirmed answer, or the file cannot be written.
    pub(super) fn run(&mut self) -> anyhow::Result<InterviewEnd> {
        self.greet()?;
        let ended = self.go_on();
        if ended.as_ref().is_err_and(was_interrupted) {
            let why = format!("interrupted; {}", self.kept_in_words());
            return Err(Error::new(ErrorKind::Interrupted, why).into());
        }
        if let Ok(InterviewEnd::Stopped) = ended {
            self.context.say(&format!("Stopped; {}", self.kept_in_words()));
        }
        ended
    }

    fn go_on(&mut self) -> anyhow::Result<InterviewEnd> {
        let mut place = self.places().into_iter().find(|place| !self.is_settled(*place));
        loop {
            while let Some(at) = place {
                let reply = self.ask(at)?;
                place = match reply {
                    PromptedAnswer::Stop => return Ok(InterviewEnd::Stopped),
                    PromptedAnswer::Back => match self.places().into_iter().rfind(|one| *one < at) {
                        Some(before) => Some(before),
                        None => {
                            Prompt::tell("This is the first question.")?;
                            Some(at)
                        }
                    },
                    PromptedAnswer::Answer(_) | PromptedAnswer::Unknown => {
                        self.places().into_iter().find(|one| *one > at)
                    }
                };
            }
            match self.confirm()? {
                Some(outcome) => return Ok(outcome),
                None => {
                    if let Some(PromptedAnswer::Stop) = self.change_one()? {
                        return Ok(InterviewEnd::Stopped);
                    }
                }
            }
            // What was changed may bring in questions that were not asked before.
            place = self.places().into_iter().find(|place| !self.is_settled(*place));
        }
    }

    /// Returns the questions to ask, given the answers so far, in order.
    fn places(&self) -> Vec<QuestionPosition> {
        let mut places = Vec::new();
        for (which, asking) in self.askings.iter().enumerate() {
            let sheet = asking.sheet();
            let judgement = asking.questionnaire.judge(&sheet.answers);
            let asked = judgement.criteria.iter().enumerate().filter(|(_, one)| one.asked == Holds::Yes);
            places.extend(asked.map(|(at, _)| (which, at)));
        }
        places
    }

    fn question(&self, (which, at): QuestionPosition) -> &'i Question {
        &self.askings[which].questionnaire.questions[at]
    }

    fn is_settled(&self, place: QuestionPosition) -> bool {
        self.askings[place.0].draft.answers.contains_key(&self.question(place).key)
    }

    fn greet(&self) -> anyhow::Result<()> {
        let kept = self.kept();
        let all: usize = self.askings.iter().map(|asking| asking.asked(usize::MAX)).sum();
        let mut text = format!("{}: {}.", self.partner.name(), counted(all, "question"));
        if kept > 0 {
            text.push_str(&format!(" Resuming after {}.", counted(kept, "saved answer")));
        }
        text.push_str(
            "\nNothing is recorded until you choose to. Esc at a list, :stop or Ctrl-C stops; your answers are saved, \
             and you can resume later.",
        );
        Ok(Prompt::tell(&text)?)
    }

    /// Returns how many answers are saved and not recorded.
    fn kept(&self) -> usize {
        let answers = self.askings.iter().flat_map(|asking| asking.draft.answers.values());
        answers.filter(|answer| answer.is_some()).count()
    }

    /// Asks one question, and saves the answer.
    fn ask(&mut self, place: QuestionPosition) -> anyhow::Result<PromptedAnswer> {
        let question = self.question(place);
        let asking = &self.askings[place.0];
        let written = asking.questionnaire.written(&asking.sheet().answers);
        let default = written.get(&question.key).cloned().unwrap_or_default();
        Prompt::tell(&self.heading(place))?;
        let reply = match &question.kind {
            AnswerKind::YesNo { .. } => prompted::one_of(self.prompt, &["yes", "no"], &default)?,
            AnswerKind::Choice(options) => {
                let options: Vec<&str> = options.iter().map(|(option, _)| option.as_str()).collect();
                prompted::one_of(self.prompt, &options, &default)?
            }
            AnswerKind::MultiChoice(options) => {
                options.iter().try_for_each(|(option, _)| Prompt::tell(&format!("  - {option}")))?;
                prompted::line(self.prompt, asking.questionnaire, question, &default)?
            }
            _ => prompted::line(self.prompt, asking.questionnaire, question, &default)?,
        };
        match &reply {
            PromptedAnswer::Answer(answer) => self.take(place, Some(answer))?,
            PromptedAnswer::Unknown => self.take(place, None)?,
            PromptedAnswer::Back | PromptedAnswer::Stop => {}
        }
        if let (PromptedAnswer::Answer(_), Some(wanted)) = (&reply, &question.evidence) {
            self.ask_evidence(place, wanted)?;
        }
        Ok(reply)
    }

    fn heading(&self, (which, at): QuestionPosition) -> String {
        let asking = &self.askings[which];
        let (questionnaire, sheet) = (asking.questionnaire, asking.sheet());
        let question = &questionnaire.questions[at];
        let judgement = questionnaire.judge(&sheet.answers);
        let (number, all) = (asking.asked(at + 1), asking.asked(usize::MAX));
        let weight = questionnaire
            .share(question)
            .map_or_else(|| "not scored".to_owned(), |share| format!("weight {} %", tenths(share)));
        let mut text = format!(
            "\n{} · {} · question {number} of {all} · {weight}\n",
            self.partner.name(),
            side_view(questionnaire.side)
        );
        let outcome = judgement.outcome();
        if let Some(score) = outcome.score.filter(|_| !sheet.answers.is_empty()) {
            let score = score_in_words(score);
            let result = match outcome.verdicts().decided() {
                Some(Verdict::Fail) if !outcome.failed.is_empty() => {
                    format!("fail, required answer not met ({}); score {score}", phrase(&outcome.failed))
                }
                _ => format!("{}, score {score} of 100", outcome.verdicts().word()),
            };
            text.push_str(&format!("Result so far: {result}\n"));
        }
        text.push_str(&format!("\n{}\n", question.text));
        text.push_str(&question.help.as_ref().map_or_else(String::new, |help| format!("  {help}\n")));
        for must in &question.musts {
            text.push_str(&format!("  Required: {}\n", required_in_words(must)));
        }
        text
    }

    fn ask_evidence(&mut self, place: QuestionPosition, wanted: &str) -> anyhow::Result<()> {
        let key = self.question(place).key.clone();
        let known = self.askings[place.0].sheet().evidence.remove(&key).unwrap_or_default();
        let none = if known.is_empty() { "Enter" } else { "-" };
        Prompt::tell(&format!("  Evidence: {wanted}. {none} for none."))?;
        let said = |typed: &str| Some(typed.trim().to_owned()).filter(|text| !text.is_empty() && text != "-");
        let typed = self.prompt.line("Evidence", &known, |typed| match said(typed) {
            Some(text) => prose(&text).map(|_| ()).map_err(|fault| format!("the text {fault}")),
            None => Ok(()),
        })?;
        let evidence = said(&typed).and_then(|text| prose(&text).ok());
        self.askings[place.0].draft.evidence.insert(key, evidence);
        self.keep(place.0)
    }

    /// Keeps an answer at once, in the form in which it will be recorded.
    fn take(&mut self, (which, at): QuestionPosition, answer: Option<&str>) -> anyhow::Result<()> {
        let asking = &mut self.askings[which];
        let (questionnaire, question) = (asking.questionnaire, &asking.questionnaire.questions[at]);
        let value = answer.and_then(|answer| question.read(answer, questionnaire.currency).ok());
        let written = value.and_then(|value| {
            questionnaire.written(&[(question.key.clone(), value)].into()).remove(&question.key)
        });
        asking.draft.answers.insert(question.key.clone(), written);
        self.keep(which)
    }

    /// Keeps what was answered to a questionnaire so far.
    fn keep(&mut self, which: usize) -> anyhow::Result<()> {
        let Asking { questionnaire, draft, .. } = &self.askings[which];
        let draft = serde_json::to_string(draft)?;
        let (actor, partner) = (self.context.actor(), self.partner.id);
        self.store.write(Keep::Commit, |writer| {
            Ok(writer.keep_draft(&actor, partner, &questionnaire.key, &draft)?)
        })
    }

    /// Shows all answers and asks for the next step; returns nothing if an answer is to be changed.
    fn confirm(&mut self) -> anyhow::Result<Option<InterviewEnd>> {
        let mut verdicts = Vec::new();
        for asking in &self.askings {
            let sheet = asking.sheet();
            Prompt::tell("")?;
            show_aside(&assessment::summary(asking.questionnaire, &sheet))?;
            verdicts.push(Some(asking.questionnaire.judge(&sheet.answers).outcome().verdicts()));
        }
        if let Some(joint) = Verdicts::joint(verdicts.iter().copied()).filter(|_| verdicts.len() > 1) {
            Prompt::tell(&format!("{}, both sides: {}", self.partner.name(), joint.decision()))?;
        }
        let recordable = self.askings.iter().any(|asking| !asking.sheet().answers.is_empty());
        if !recordable {
            Prompt::tell("No answers yet, nothing to record.")?;
        }
        let record = recordable.then_some(RECORD);
        let choices: Vec<&str> = record.into_iter().chain([CHANGE, STOP]).collect();
        let chosen = self.prompt.pick("Next step", &choices, 0)?.map(|at| choices[at]);
        if chosen == Some(CHANGE) {
            return Ok(None);
        }
        if chosen != Some(RECORD) {
            return Ok(Some(InterviewEnd::Stopped));
        }
        let mut answered = TypedAnswers::default();
        for asking in &self.askings {
            let sheet = asking.sheet();
            let judgement = asking.questionnaire.judge(&sheet.answers);
            // What turned out not to be asked is not answered.
            let asked = |key: &String| {
                judgement.criteria.iter().any(|one| one.question.key == *key && one.asked != Holds::No)
            };
            let InterviewDraft { answers, evidence, .. } = asking.draft.clone();
            answered.answers.extend(answers.into_iter().filter(|(key, _)| asked(key)));
            answered.evidence.extend(evidence.into_iter().filter(|(key, _)| asked(key)));
        }
        Ok(Some(InterviewEnd::Confirmed(answered)))
    }

    /// Asks one question again; returns nothing if none was chosen.
    fn change_one(&mut self) -> anyhow::Result<Option<PromptedAnswer>> {
        let places = self.places();
        let label = |place: &QuestionPosition| {
            let asking = &self.askings[place.0];
            let key = &self.question(*place).key;
            let written = asking.questionnaire.written(&asking.sheet().answers);
            format!("{key}: {}", written.get(key).map_or("?", String::as_str))
        };
        let labels: Vec<String> = places.iter().map(label).collect();
        let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
        match self.prompt.pick("Answer to change (Esc to cancel)", &labels, 0)?.map(|at| places[at]) {
            Some(place) => self.ask(place).map(Some),
            None => Ok(None),
        }
    }

    fn kept_in_words(&self) -> String {
        let count = self.kept();
        let named = match &self.askings[..] {
            [one] => format!(" {}", one.questionnaire.key),
            _ => String::new(),
        };
        match count {
            0 => "no answers, nothing was recorded".to_owned(),
            _ => format!(
                "{} saved, nothing was recorded; resume with `chanlife assess {}{named}`",
                counted(count, "answer"),
                self.partner.key
            ),
        }
    }
}

fn read_draft(kept: &str) -> anyhow::Result<InterviewDraft> {
    Ok(serde_json::from_str(kept).map_err(|error| unreadable(Content::Draft, &error))?)
}

fn was_interrupted(error: &anyhow::Error) -> bool {
    error.downcast_ref::<Error>().is_some_and(|failure| failure.kind == ErrorKind::Interrupted)
}
