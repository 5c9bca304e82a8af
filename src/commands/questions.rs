//! Commands on partner questions: recording, answering and searching them.

use clap::Args;

use crate::app::context::Context;
use crate::app::exit::{Exit, missing};
use crate::commands::options::{DryRun, Numbers, OnDay, OnePartner, name, numbers, prose, text_or_input};
use crate::commands::order::{Order, Whom};
use crate::commands::reading::{ViewOptions, WhereOption};
use crate::commands::record::{record, record_and};
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::text;
use crate::lifecycle::questions;
use crate::lifecycle::questions::{Asked, QuestionRefusal};
use crate::report::options::Limit;
use crate::report::questions::{QuestionSearch, answered_like, needs, report};
use crate::store::{InForce, Reader};

/// Record a partner's question; earlier answers to similar questions are shown
#[derive(Debug, Args)]
#[command(after_help = "Numbers of questions are shared with all other entries, so they have gaps.

Examples:
  chanlife ask acme \"How are defective units sent back?\" --by \"Jane Doe\"
  chanlife answer 41 \"With the label from the portal, within 30 days\"
  chanlife answer 43,44 --as 41   # the same answer for several
  chanlife questions              # open questions, oldest first
  chanlife questions label        # search questions and answers")]
pub struct AskArgs {
    #[command(flatten)]
    partner: OnePartner,
    /// The question, in quotes; - reads standard input
    text: String,
    /// Who asks at the partner
    #[arg(long, value_name = "NAME", value_parser = name)]
    by: Option<String>,
    /// Who is to answer [default: the partner's owner]
    #[arg(long, value_name = "NAME", value_parser = name)]
    owner: Option<String>,
    #[command(flatten)]
    on: OnDay,
    #[command(flatten)]
    dry_run: DryRun,
}

/// Answer questions of partners
#[derive(Debug, Args)]
#[command(
    override_usage = "chanlife answer NUMBER,... TEXT\n       chanlife answer NUMBER,... --as NUMBER",
    after_help = "Separate several numbers with commas: chanlife answer 41,43 \"By post\""
)]
pub struct AnswerArgs {
    /// Question numbers, separated by commas; `chanlife questions` lists them
    #[arg(value_name = "NUMBER,...", value_parser = numbers)]
    numbers: Numbers,
    /// The answer, in quotes; - reads standard input
    #[arg(required_unless_present = "like", conflicts_with = "like")]
    text: Option<String>,
    /// Use the answer of this question
    #[arg(long = "as", id = "like", value_name = "NUMBER")]
    like: Option<i64>,
    #[command(flatten)]
    on: OnDay,
    #[command(flatten)]
    dry_run: DryRun,
}

/// List open questions, oldest first; or search all questions and answers
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chanlife questions --owner ben
  chanlife questions return label   # questions with both words
  chanlife questions --all --where region=EMEA")]
pub struct QuestionsArgs {
    /// Words in the question or its answer
    words: Vec<String>,
    /// Include answered questions
    #[arg(long)]
    all: bool,
    /// Only questions that this person is to answer
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
    #[command(flatten)]
    filter: WhereOption,
    #[command(flatten)]
    limit: Limit,
    #[command(flatten)]
    view: ViewOptions,
}

impl AskArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let text = typed_prose(&self.text)?;
        let order = self.dry_run.order(&self.partner.partner, self.on.day(context)?);
        let mut store = context.store()?;
        let recorded = record_and(
            context,
            &mut store,
            &order,
            |_, proposals| {
                proposals.each(|loaded| {
                    let theirs = || loaded.facts().partner.attribute("owner").map(str::to_owned);
                    let owner = self.owner.clone().or_else(theirs);
                    let asked = Asked { text: text.clone(), by: self.by.clone(), owner };
                    loaded.take(questions::ask(loaded.facts(), asked)?)
                })
            },
            |writer, _, ()| answered_like(&writer.reader().view(context.today, None)?, &text),
        )?;
        let Some((proposed, like)) = recorded else { return Ok(Exit::Done) };
        let exit = proposed.print(context)?;
        for (number, question, answer) in like {
            context.say(&format!("similar question {number}: {question}\n  answer: {answer}"));
        }
        Ok(exit)
    }
}

impl AnswerArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let whom = Whom::Events { numbers: &self.numbers.0, unknown: no_question };
        let (day, keep) = (self.on.day(context)?, self.dry_run.keep());
        let typed = self.text.as_deref().map(typed_prose).transpose()?;
        record(context, &Order { whom, day, keep, skip_refused: false }, |in_force, proposals| {
            let text = match (&typed, self.like) {
                (Some(text), _) => text.clone(),
                (None, Some(number)) => answer_to(proposals.reader(), in_force, number)?,
                (None, None) => return Err(missing("the answer", "--as NUMBER, or as text in quotes").into()),
            };
            proposals.each(|loaded| {
                let reply = |number| questions::reply(loaded.facts(), number, &text);
                let replies = loaded.numbers().into_iter().map(reply).collect::<Result<Vec<_>, Error>>()?;
                loaded.take_all(replies)
            })
        })
    }
}

/// Reads a question or an answer, as it is stored.
fn typed_prose(typed: &str) -> Result<String, Error> {
    prose(&text_or_input(typed)?).map_err(Error::usage)
}

/// Returns the answer to a question.
fn answer_to(reader: &Reader, in_force: &InForce, number: i64) -> anyhow::Result<String> {
    let owner = reader.event(number)?.and_then(|event| event.partner).ok_or_else(|| no_question(number))?;
    let history = reader.history(reader.survivor(owner)?)?;
    let folded = history.fold(&in_force.aliases, None);
    let asked = folded.partner().into_iter().flat_map(|partner| &partner.questions);
    let question = asked.into_iter().find(|question| question.event == number);
    let reply = question.and_then(|question| question.reply.as_ref());
    let none = || Error::refused(QuestionRefusal::NotAnswered { question: number });
    Ok(reply.ok_or_else(none)?.text.clone())
}

fn no_question(number: i64) -> Error {
    Error::refused(QuestionRefusal::Unknown { question: number })
}

impl QuestionsArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let shown = QuestionSearch {
            words: self.words.iter().map(|word| text::folded(word)).collect(),
            all: self.all,
            owner: self.owner,
            limit: self.limit.rows(context.on_screen(), 50),
        };
        let report = self.view.read(context, &self.filter.conditions, |view, frame| {
            frame.segment.read(view, needs(), |channel| Ok(report(channel, frame, &shown)))
        })?;
        context.show(&report)?;
        Ok(Exit::Done)
    }
}
