//! The command that records answers to the questionnaires of both sides: by options, from a file, or on a terminal.
//!
//! The rules are in `lifecycle::criteria`; this room must not know them. `answers` reads options and files,
//! `interview` and `prompted` ask on a terminal, `drafts` keeps answers for later. To add a way to answer, give it a
//! file here that returns `TypedAnswers`.

pub(super) mod answers;
pub(super) mod drafts;
mod interview;
mod prompted;

use std::path::PathBuf;

use clap::{Args, ValueHint};
use clap_complete::engine::ArgValueCompleter;

use crate::app::context::{Context, read_text};
use crate::app::exit::{Exit, missing};
use crate::app::prompt::Prompt;
use crate::commands::assess::answers::{read_answers, record_answers};
use crate::commands::assess::drafts::{discard, drop_drafts, note_drafts};
use crate::commands::assess::interview::{Interview, InterviewEnd};
use crate::commands::completers::{partner_keys, partner_keys_and_questionnaires};
use crate::commands::named::find_questionnaire;
use crate::commands::options::{Bulk, OnDay, partner_and_where, prose};
use crate::commands::order::{Order, Whom};
use crate::commands::proposals::program_on;
use crate::commands::reading::{ViewOptions, not_yet, partner_of};
use crate::commands::record::record_and;
use crate::import::{AnswerScope, TypedAnswers, template};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::text::listed;
use crate::lifecycle::criteria::{AnswerSheet, Questionnaire, overrule};
use crate::lifecycle::facts::PartnerFacts;
use crate::lifecycle::partner::Partner;
use crate::lifecycle::program::Program;
use crate::lifecycle::rule::refuse_left;
use crate::report::assessment;
use crate::store::{InForce, Keep, Reader};

/// Answer the questionnaires of both sides: scores, required answers and a verdict
#[derive(Debug, Args)]
#[command(
    override_usage = "chanlife assess PARTNER [QUESTIONNAIRE]\n       chanlife assess PARTNER --answers FILE\n       chanlife assess PARTNER --answer QUESTION=ANSWER...\n       chanlife assess --where CONDITION --answer QUESTION=ANSWER...\n       chanlife assess --compare PARTNER PARTNER...",
    after_help = "Examples:
  chanlife assess acme               # asks question by question on a terminal
  chanlife assess acme --template > acme.toml   # a file to fill in
  chanlife assess acme --answers acme.toml
  chanlife assess acme --answer credit=pass --answer dedicated-sellers=1.5
  chanlife assess acme vendor-criteria --override \"first one in the region\"
  chanlife assess --compare acme beta",
    mut_arg("on", |on| on.conflicts_with_all(["template", "compare"]))
)]
pub struct AssessArgs {
    /// The partner, then a questionnaire [default: those of its stage]
    #[arg(value_name = "PARTNER QUESTIONNAIRE", num_args = 0..=2,
          add = ArgValueCompleter::new(partner_keys_and_questionnaires))]
    words: Vec<String>,
    /// File with answers, in TOML or JSON; - reads standard input
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with_all = ["template", "compare"])]
    answers: Option<PathBuf>,
    /// One answer; an empty answer means unknown; repeat it for more
    #[arg(long = "answer", value_name = "QUESTION=ANSWER", conflicts_with_all = ["template", "compare"])]
    answer: Vec<String>,
    /// Evidence for an answer; repeat it for more
    #[arg(long, value_name = "QUESTION=TEXT", conflicts_with_all = ["template", "compare"])]
    evidence: Vec<String>,
    /// Let the questionnaires pass regardless of their result, for this reason
    #[arg(long = "override", value_name = "REASON", value_parser = prose, conflicts_with_all = ["template", "compare"])]
    override_reason: Option<String>,
    /// Print an answers file to fill in, with the known answers
    #[arg(long)]
    template: bool,
    /// Delete the answers saved when an interview was stopped
    #[arg(long, conflicts_with_all = ["template", "compare", "answers", "answer", "evidence", "override_reason"])]
    discard: bool,
    /// Compare partners criterion by criterion
    #[arg(long, value_name = "PARTNER", num_args = 2.., conflicts_with_all = ["template", "conditions"],
          add = ArgValueCompleter::new(partner_keys))]
    compare: Vec<String>,
    #[command(flatten)]
    on: OnDay,
    /// With --compare: answers as of the end of this day
    #[arg(long, value_name = "DATE", requires = "compare")]
    as_of: Option<String>,
    /// With --compare: use only what had been recorded by the end of this day
    #[arg(long, value_name = "DATE", requires = "compare")]
    known_on: Option<String>,
    #[command(flatten)]
    bulk: Bulk,
}

impl AssessArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        if !self.compare.is_empty() {
            return self.compared(context);
        }
        if self.as_of.is_some() || self.known_on.is_some() {
            return Err(Error::usage("--as-of and --known-on need --compare")
                .hint("use --on DATE for the day of an assessment")
                .into());
        }
        let (whom, words) = self.bulk.whom(&self.words);
        let questionnaire = match (whom, words) {
            (Whom::Where([]), _) => return Err(missing("the partner", "").into()),
            (_, []) => None,
            (_, [questionnaire]) => Some(questionnaire.as_str()),
            _ => return Err(partner_and_where().into()),
        };
        let day = self.on.day(context)?;
        if self.template {
            return print_template(context, &whom, questionnaire, day);
        }
        if self.discard {
            return discard(context, &whom, questionnaire);
        }
        let order = self.bulk.order(whom, day);
        let given = self.answers.is_some() || !self.answer.is_empty() || !self.evidence.is_empty();
        if given || self.override_reason.is_some() {
            return self.record(context, &order, questionnaire);
        }
        match (whom, context.prompt()?) {
            (Whom::One(partner), Some(prompt)) => ask(context, &prompt, partner, questionnaire, &order),
            _ => Err(unanswered(context, &whom, questionnaire, day)),
        }
    }

    /// Records what was given by options and files.
    fn record(&self, context: &Context, order: &Order, questionnaire: Option<&str>) -> anyhow::Result<Exit> {
        let text = self.answers.as_deref().map(read_text).transpose()?;
        let file = self.answers.as_deref().zip(text.as_deref());
        let mut store = context.store()?;
        let recorded = record_and(
            context,
            &mut store,
            order,
            |in_force, proposals| {
                let program = &in_force.program;
                let only = questionnaire.map(|word| find_questionnaire(program, word)).transpose()?;
                let scope = AnswerScope { program, only };
                let answers = read_answers(scope, file, &self.answer, &self.evidence)?;
                proposals.each(|loaded| {
                    if answers != TypedAnswers::default() {
                        record_answers(loaded, in_force, &answers)?;
                    }
                    if let Some(reason) = self.override_reason.as_deref() {
                        let questionnaires = of_partner(program, loaded.facts().partner, questionnaire)?;
                        loaded.take(overrule(loaded.facts(), &questionnaires, reason)?)?;
                    }
                    Ok(())
                })
            },
            |writer, _, ()| match order.whom {
                Whom::One(word) => {
                    Ok(writer.reader().drafts(&context.actor(), writer.reader().find(word)?.id)?)
                }
                _ => Ok(Vec::new()),
            },
        )?;
        let Some((proposed, drafts)) = recorded else { return Ok(Exit::Done) };
        let exit = proposed.print(context)?;
        if let Whom::One(word) = order.whom {
            note_drafts(context, word, &drafts);
        }
        Ok(exit)
    }

    fn compared(&self, context: &Context) -> anyhow::Result<Exit> {
        let view = ViewOptions { as_of: self.as_of.clone(), known_on: self.known_on.clone() };
        let report = view.read(context, &[], |view, frame| {
            let program = &view.in_force.program;
            let only = match &self.words[..] {
                [] => None,
                [word] => Some(find_questionnaire(program, word)?),
                _ => return Err(Error::usage("--compare takes at most one questionnaire").into()),
            };
            let mut partners: Vec<Partner> = Vec::new();
            for word in &self.compare {
                let partner = partner_of(view, word)?;
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

/// Returns the questionnaire that was named, or those of the partner's stage.
fn of_partner<'p>(
    program: &'p Program,
    partner: &Partner,
    named: Option<&str>,
) -> anyhow::Result<Vec<&'p Questionnaire>> {
    if let Some(word) = named {
        return Ok(vec![find_questionnaire(program, word)?]);
    }
    let stage = partner.stage().unwrap_or(&program.first_stage().key);
    let of_stage = program.questionnaires().iter().filter(|one| one.stage == stage);
    let found: Vec<&Questionnaire> =
        of_stage.filter(|one| one.applies.admits(|key| partner.attribute(key))).collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let keys: Vec<&str> = program.questionnaires().iter().map(|one| one.key.as_str()).collect();
    let why = format!("{} has no questionnaire", program.stage_name(stage));
    let hint = if keys.is_empty() {
        "add a [[questionnaire]] to the program".to_owned()
    } else {
        format!(
            "name one: `chanlife assess {} {}`; the questionnaires are {}",
            partner.key,
            keys[0],
            listed(&keys)
        )
    };
    Err(Error::usage(why).hint(hint).into())
}

/// Returns the error that no answer is given: who is asked, and about what, is checked first.
fn unanswered(context: &Context, whom: &Whom, named: Option<&str>, day: Day) -> anyhow::Error {
    let failure = missing("the answer", "--answers FILE or --answer QUESTION=ANSWER");
    let Whom::One(word) = whom else { return failure.into() };
    let checked = context.store().and_then(|mut store| {
        store.read(|reader| {
            let (partner, in_force) = one_partner(reader, word, day)?;
            of_partner(&in_force.program, &partner, named)?;
            Ok(partner.key)
        })
    });
    match checked {
        Ok(key) => {
            let named = named.map_or_else(String::new, |named| format!(" {named}"));
            failure.hint(format!("print a file to fill in: `chanlife assess {key}{named} --template`")).into()
        }
        Err(error) => error,
    }
}

fn print_template(context: &Context, whom: &Whom, named: Option<&str>, day: Day) -> anyhow::Result<Exit> {
    let Whom::One(word) = whom else {
        return Err(Error::usage("--template needs one partner").into());
    };
    let (partner, in_force) = context.store()?.read(|reader| one_partner(reader, word, day))?;
    let questionnaires = of_partner(&in_force.program, &partner, named)?;
    let sheets: Vec<(&Questionnaire, AnswerSheet)> =
        questionnaires.into_iter().map(|one| (one, AnswerSheet::of(&partner, one))).collect();
    let sheets: Vec<(&Questionnaire, &AnswerSheet)> =
        sheets.iter().map(|(one, sheet)| (*one, sheet)).collect();
    let text = template(&format!("{}, as of {day}", partner.name()), &sheets);
    context.print(|out| out.write_all(text.as_bytes()))?;
    Ok(Exit::Done)
}

/// Returns a partner as of a day, and the program of that day.
fn one_partner(reader: &Reader, word: &str, day: Day) -> anyhow::Result<(Partner, InForce)> {
    let in_force = program_on(reader, day)?;
    let lookup = reader.find(word)?;
    let history = reader.history(lookup.id)?;
    let folded = history.fold(&in_force.aliases, Some(day));
    let partner = folded.partner().cloned().ok_or_else(|| not_yet(&lookup, day))?;
    Ok((partner, in_force))
}

/// Asks question by question, and records the answers when all are confirmed.
fn ask(
    context: &Context,
    prompt: &Prompt,
    word: &str,
    named: Option<&str>,
    order: &Order,
) -> anyhow::Result<Exit> {
    let day = order.day;
    let mut store = context.store()?;
    let (partner, in_force, kept) = store.read(|reader| {
        let (partner, in_force) = one_partner(reader, word, day)?;
        let mut kept = Vec::new();
        for questionnaire in of_partner(&in_force.program, &partner, named)? {
            kept.push(reader.draft(&context.actor(), partner.id, &questionnaire.key)?);
        }
        Ok((partner, in_force, kept))
    })?;
    let program = &in_force.program;
    let questionnaires = of_partner(program, &partner, named)?;
    refuse_left(PartnerFacts { program, partner: &partner, day })?;
    let mut interview = Interview::begin(context, prompt, &mut store, &partner, &questionnaires, kept)?;
    let answers = match interview.run()? {
        InterviewEnd::Stopped => return Ok(Exit::Done),
        InterviewEnd::Confirmed(answers) => answers,
    };
    let order = Order { whom: Whom::One(&partner.key), ..*order };
    let recorded = record_and(
        context,
        &mut store,
        &order,
        |in_force, proposals| proposals.each(|loaded| record_answers(loaded, in_force, &answers)),
        |writer, _, ()| {
            if order.keep == Keep::Commit {
                drop_drafts(context, writer, partner.id, &questionnaires)?;
            }
            Ok(())
        },
    )?;
    recorded.map_or(Ok(Exit::Done), |(proposed, ())| proposed.print(context))
}
