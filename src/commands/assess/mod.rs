//! Answering the questionnaires of both sides: by options, by a file, or asked on a terminal.

pub(super) mod drafts;
mod interview;
mod prompted;

use crate::app::exit::missing;
use crate::lifecycle::base::error::Error;
use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};
use clap_complete::engine::ArgValueCompleter;

use crate::app::context::{Context, read_text};
use crate::app::exit::{BadFile, Exit};
use crate::app::prompt::Prompt;
use crate::commands::assess::drafts::{discard, drop_drafts, tell_drafts};
use crate::commands::assess::interview::{Interview, Outcome};
use crate::commands::reading::ViewOptions;
use crate::commands::receipts::prose;
use crate::commands::record::{Bulk, Request, Whom, act, in_force_on};
use crate::commands::shell::partner_keys_and_questionnaires;
use crate::import::{AnswerScope, TypedAnswers, template};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::text::{listed, nearest};
use crate::lifecycle::criteria::Questionnaire;
use crate::lifecycle::criteria::{AssessRequest, Sheet};
use crate::lifecycle::facts::Scene;
use crate::lifecycle::partner::Partner;
use crate::lifecycle::program::Program;
use crate::lifecycle::rule::Decision;
use crate::report::assessment;
use crate::store::{InForce, Store};

/// Answer what is asked of a partner and by it: scores, must-haves and a verdict
#[derive(Debug, Args)]
#[command(
    override_usage = "chanlife assess PARTNER [QUESTIONNAIRE]\n       chanlife assess PARTNER --answers FILE\n       chanlife assess PARTNER --answer QUESTION=ANSWER...\n       chanlife assess --where CONDITION --answer QUESTION=ANSWER...\n       chanlife assess --compare PARTNER PARTNER...",
    after_help = "Examples:
  chanlife assess acme                                on a terminal: asks, question by question
  chanlife assess acme --template > acme.toml         a file to fill in
  chanlife assess acme --answers acme.toml
  chanlife assess acme --answer credit=pass --answer dedicated-sellers=1.5
  chanlife assess acme vendor-criteria --override \"first integrator in the region\"
  chanlife assess --compare acme beta"
)]
pub struct Assess {
    /// The partner, then a questionnaire; without one, those of the stage it stands in
    #[arg(value_name = "PARTNER QUESTIONNAIRE", num_args = 0..=2,
          add = ArgValueCompleter::new(partner_keys_and_questionnaires))]
    words: Vec<String>,
    /// A file with answers, in TOML or JSON; - reads standard input
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with_all = ["template", "compare"])]
    answers: Option<PathBuf>,
    /// One answer; an empty one says that it is not known. Repeat it for more
    #[arg(long = "answer", value_name = "QUESTION=ANSWER", conflicts_with_all = ["template", "compare"])]
    answer: Vec<String>,
    /// What proves an answer; repeat it for more
    #[arg(long, value_name = "QUESTION=TEXT", conflicts_with_all = ["template", "compare"])]
    evidence: Vec<String>,
    /// Let the questionnaires count as passed whatever they came to, and say why; the reason is kept
    #[arg(long = "override", value_name = "REASON", conflicts_with_all = ["template", "compare"])]
    override_reason: Option<String>,
    /// Print an answers file to fill in, with what is known
    #[arg(long)]
    template: bool,
    /// Throw away the answers that were kept when an interview was stopped
    #[arg(long, conflicts_with_all = ["template", "compare", "answers", "answer", "evidence", "override_reason"])]
    discard: bool,
    /// Put partners side by side, criterion by criterion
    #[arg(long, value_name = "PARTNER", num_args = 2.., conflicts_with_all = ["template", "conditions"],
          add = ArgValueCompleter::new(crate::commands::shell::partner_keys))]
    compare: Vec<String>,
    /// The day it happened
    #[arg(long, value_name = "DATE", conflicts_with_all = ["template", "compare"])]
    on: Option<String>,
    /// With --compare: look from the end of this day
    #[arg(long, value_name = "DATE", requires = "compare")]
    as_of: Option<String>,
    /// With --compare: only what had been recorded by the end of this day
    #[arg(long, value_name = "DATE", requires = "compare")]
    known_on: Option<String>,
    #[command(flatten)]
    bulk: Bulk,
}

impl Assess {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        if !self.compare.is_empty() {
            return self.compared(context);
        }
        if self.as_of.is_some() || self.known_on.is_some() {
            return Err(Error::usage("--as-of and --known-on look back, and need --compare")
                .hint("--on DATE says when an assessment was made")
                .into());
        }
        let (whom, questionnaire) = match (&self.words[..], self.bulk.conditions.is_empty()) {
            ([partner], true) => (Whom::One(partner), None),
            ([partner, questionnaire], true) => (Whom::One(partner), Some(questionnaire.as_str())),
            ([], false) => (Whom::Where(&self.bulk.conditions), None),
            ([questionnaire], false) => (Whom::Where(&self.bulk.conditions), Some(questionnaire.as_str())),
            ([], true) => return Err(missing("the partner", "a PARTNER behind assess").into()),
            _ => return Err(Error::usage("give a partner or --where, not both").into()),
        };
        let day = context.past_day("--on", self.on.as_deref())?;
        if self.template {
            return print_template(context, &whom, questionnaire, day);
        }
        if self.discard {
            return discard(context, &whom, questionnaire);
        }
        let given = self.answers.is_some() || !self.answer.is_empty() || !self.evidence.is_empty();
        if given || self.override_reason.is_some() {
            return self.record(context, &whom, questionnaire, day);
        }
        match (whom, context.prompt()?) {
            (Whom::One(partner), Some(prompt)) => {
                ask(context, &prompt, partner, questionnaire, day, &self.bulk)
            }
            _ => Err(missing("what was answered", "--answers FILE or --answer QUESTION=ANSWER")
                .hint("`chanlife assess PARTNER --template` prints a file to fill in")
                .into()),
        }
    }

    /// Records what was given by options and files.
    fn record(
        &self,
        context: &Context,
        whom: &Whom,
        questionnaire: Option<&str>,
        day: Day,
    ) -> anyhow::Result<Exit> {
        let reason = self.override_reason.as_deref().map(|text| prose("--override", text)).transpose()?;
        let in_force = context.store_to_write()?.read(|reader| in_force_on(reader, day))?;
        let only = questionnaire.map(|word| find_questionnaire(&in_force.program, word)).transpose()?;
        let answered = self.read(AnswerScope { program: &in_force.program, only })?;
        let named = only.map(|only| only.key.as_str());
        let mut requests: Vec<Request> = Vec::new();
        if answered != TypedAnswers::default() {
            requests.push(answering(&answered));
        } else if let Some(file) = &self.answers {
            let why = format!("`{}` holds no answer", file.display());
            return Err(Error::input(why)
                .hint("write QUESTION = ANSWER for each; in a template, take the # away before them")
                .into());
        }
        if let Some(reason) = &reason {
            requests.push(Box::new(move |subject| {
                let Scene { program, partner, .. } = subject.scene;
                Ok(crate::lifecycle::criteria::overrule(
                    subject.scene,
                    &of_partner(program, partner, named)?,
                    reason,
                )?)
            }));
        }
        let exit = act(context, whom, &self.bulk, day, &requests)?;
        if let Whom::One(word) = whom {
            let drafts = context
                .store()?
                .read(|reader| Ok(reader.drafts(&context.actor(), reader.find(word)?.id)?))?;
            tell_drafts(context, word, &drafts);
        }
        Ok(exit)
    }

    /// Everything that was answered, by file and by options; an option holds where both answer.
    fn read(&self, asked: AnswerScope) -> anyhow::Result<TypedAnswers> {
        let mut answered = match &self.answers {
            None => TypedAnswers::default(),
            Some(file) => read_answers(file, asked)?,
        };
        let by_option = answers_by_option(asked, &self.answer, &self.evidence)?;
        answered.answers.extend(by_option.answers);
        answered.evidence.extend(by_option.evidence);
        Ok(answered)
    }

    fn compared(&self, context: &Context) -> anyhow::Result<Exit> {
        let view = ViewOptions { as_of: self.as_of.clone(), known_on: self.known_on.clone() };
        let report = view.read(context, &[], |view, frame| {
            let program = &view.in_force.program;
            let only = match &self.words[..] {
                [] => None,
                [word] => Some(find_questionnaire(program, word)?),
                _ => return Err(Error::usage("name one questionnaire, or none").into()),
            };
            let mut partners: Vec<Partner> = Vec::new();
            for word in &self.compare {
                let lookup = view.reader().find(word)?;
                let partner = view.partner(lookup.id)?.ok_or_else(|| {
                    Error::refused(format!("{} was not in chanlife yet on {}", lookup.name, view.as_of))
                })?;
                if !partners.iter().any(|known| known.id == partner.id) {
                    partners.push(partner);
                }
            }
            assessment::compare(view, &partners, only, frame)
        })?;
        context.show(&report)?;
        Ok(Exit::Done)
    }
}

/// A request that records answers, each with its questionnaire.
pub(super) fn answering(answered: &TypedAnswers) -> Request<'_> {
    Box::new(move |subject| {
        let requests: Vec<AssessRequest> = answered
            .questionnaires(subject.scene.program)
            .into_iter()
            .map(|questionnaire| AssessRequest {
                questionnaire,
                version: subject.in_force.number,
                answers: &answered.answers,
                evidence: &answered.evidence,
            })
            .collect();
        let decision = crate::lifecycle::criteria::assess(subject.scene, &requests)?;
        let folded = subject.history.fold(&subject.in_force.aliases, None);
        let later = folded.partner().and_then(|latest| {
            let newest = requests.iter().filter_map(|one| latest.assessment(&one.questionnaire.key));
            newest.map(|one| one.day).filter(|day| *day > subject.scene.day).max()
        });
        Ok(match (decision, later) {
            (Decision::Record { events, said }, Some(day)) => {
                Decision::Record { events, said: format!("{said}; what was answered on {day} still holds") }
            }
            (decision, _) => decision,
        })
    })
}

fn read_answers(file: &Path, asked: AnswerScope) -> anyhow::Result<TypedAnswers> {
    let text = read_text(file)?;
    let problems = match TypedAnswers::read(&text, asked) {
        Ok(answered) => return Ok(answered),
        Err(problems) => problems,
    };
    Err(Error::input(BadFile { file: file.display().to_string(), problems }).into())
}

/// Answers to the questionnaire of business reviews.
///
/// # Errors
/// [`Error`] for answers that can't be understood, and where the program has no such questionnaire.
pub fn review_answers(context: &Context, typed: &[String], day: Day) -> anyhow::Result<TypedAnswers> {
    if typed.is_empty() {
        return Ok(TypedAnswers::default());
    }
    let in_force = context.store_to_write()?.read(|reader| in_force_on(reader, day))?;
    let program = &in_force.program;
    let only = program.review.as_deref().and_then(|key| program.questionnaire(key)).ok_or_else(|| {
        Error::usage("the program has no questionnaire for reviews")
            .hint("add [planning] with review = \"KEY\" and a [[questionnaire]] of this key")
    })?;
    answers_by_option(AnswerScope { program, only: Some(only) }, typed, &[])
}

/// Answers and evidence that options give.
fn answers_by_option(
    asked: AnswerScope,
    answers: &[String],
    evidence: &[String],
) -> anyhow::Result<TypedAnswers> {
    let mut answered = TypedAnswers::default();
    let mut faults = Vec::new();
    for (option, pairs) in [("--answer", answers), ("--evidence", evidence)] {
        for pair in pairs {
            let done = match pair.split_once('=') {
                None => Err(format!("write it as {option} QUESTION=VALUE")),
                Some((key, value)) if option == "--answer" => answered.answer(asked, key.trim(), value),
                Some((key, value)) => answered.prove(asked, key.trim(), value),
            };
            faults.extend(done.err().map(|why| format!("{option} {pair}: {why}")));
        }
    }
    match faults.is_empty() {
        true => Ok(answered),
        false => Err(Error::usage(faults.join("\n  ")).into()),
    }
}

/// The questionnaire that `word` names.
fn find_questionnaire<'p>(program: &'p Program, word: &str) -> anyhow::Result<&'p Questionnaire> {
    if let Some(questionnaire) = program.questionnaire(word) {
        return Ok(questionnaire);
    }
    let keys: Vec<&str> = program.questionnaires().iter().map(|one| one.key.as_str()).collect();
    let failure = Error::usage(format!("there is no questionnaire `{word}`"));
    Err(match (nearest(word, keys.iter().copied()).first(), keys.is_empty()) {
        (Some(near), _) => failure.hint(format!("did you mean `{near}`?")),
        (None, true) => failure.hint("the program has none; add [[questionnaire]] to it"),
        (None, false) => failure.hint(format!("the questionnaires are {}", listed(&keys))),
    }
    .into())
}

/// The questionnaire that was named, or those of the stage in which a partner stands.
fn of_partner<'p>(
    program: &'p Program,
    partner: &Partner,
    named: Option<&str>,
) -> anyhow::Result<Vec<&'p Questionnaire>> {
    if let Some(word) = named {
        return Ok(vec![find_questionnaire(program, word)?]);
    }
    let stage = partner.stage().unwrap_or(&program.first_stage().key);
    let found: Vec<&Questionnaire> =
        program.questionnaires().iter().filter(|one| one.stage == stage).collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let keys: Vec<&str> = program.questionnaires().iter().map(|one| one.key.as_str()).collect();
    let why = format!("{} has no questionnaire", program.stage_name(stage));
    Err(match keys.is_empty() {
        true => Error::usage(why).hint("add [[questionnaire]] to the program"),
        false => Error::usage(why).hint(format!("name one behind the partner: {}", listed(&keys))),
    }
    .into())
}

fn print_template(context: &Context, whom: &Whom, named: Option<&str>, day: Day) -> anyhow::Result<Exit> {
    let Whom::One(word) = whom else {
        return Err(Error::usage("--template is for one partner").into());
    };
    let (partner, in_force) = one_partner(&mut context.store()?, word, day)?;
    let questionnaires = of_partner(&in_force.program, &partner, named)?;
    let sheets: Vec<(&Questionnaire, Sheet)> =
        questionnaires.into_iter().map(|one| (one, Sheet::of(&partner, one))).collect();
    let sheets: Vec<(&Questionnaire, &Sheet)> = sheets.iter().map(|(one, sheet)| (*one, sheet)).collect();
    let text = template(&format!("{}, as of {day}", partner.name()), &sheets);
    context.print(|out| out.write_all(text.as_bytes()))?;
    Ok(Exit::Done)
}

/// A partner as it stood on a day, and the program of that day.
fn one_partner(store: &mut Store, word: &str, day: Day) -> anyhow::Result<(Partner, InForce)> {
    store.read(|reader| {
        let in_force = in_force_on(reader, day)?;
        let lookup = reader.find(word)?;
        let history = reader.history(lookup.id)?;
        let folded = history.fold(&in_force.aliases, Some(day));
        let not_yet = || Error::refused(format!("{} was not in chanlife yet on {day}", lookup.name));
        let partner = folded.partner().cloned().ok_or_else(not_yet)?;
        Ok((partner, in_force))
    })
}

/// Asks question by question, and records the answers when all are confirmed.
fn ask(
    context: &Context,
    prompt: &Prompt,
    word: &str,
    named: Option<&str>,
    day: Day,
    bulk: &Bulk,
) -> anyhow::Result<Exit> {
    let mut store = context.store_to_write()?;
    let (partner, in_force) = one_partner(&mut store, word, day)?;
    let program = &in_force.program;
    let questionnaires = of_partner(program, &partner, named)?;
    crate::lifecycle::rule::refuse_left(Scene { program, partner: &partner, day })?;
    let mut interview = Interview::begin(context, prompt, &mut store, &partner, &questionnaires)?;
    match interview.hold()? {
        Outcome::Stopped => Ok(Exit::Done),
        Outcome::Confirmed(answered) => {
            let exit = act(context, &Whom::Id(partner.id), bulk, day, &[answering(&answered)])?;
            if !bulk.dry_run {
                drop_drafts(context, &mut store, partner.id, &questionnaires)?;
            }
            Ok(exit)
        }
    }
}
