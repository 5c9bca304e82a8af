use crate::app::exit::missing;
use crate::lifecycle::base::error::Error;
use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::numbered::{Numbers, act_on, by_partner, numbers};
use crate::commands::partner::list::limit;
use crate::commands::reading::{ViewOptions, WhereOption};
use crate::commands::receipts::prose;
use crate::commands::record::{Bulk, Request, Whom, act};
use crate::commands::shell::partner_keys;
use crate::lifecycle::base::text;
use crate::lifecycle::questions::Asked;
use crate::report::backing::questions;
use crate::report::channel::{Channel, Needs};

const LISTED: &str = "chanlife questions";

/// Record a question of a partner; what was answered before to a like question is shown
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chanlife ask acme \"How are defective units sent back?\" --by \"Jane Doe\" --owner ben
  chanlife answer 41 \"With the label from the portal, within 30 days\"
  chanlife answer 43,44 --as 41                 one answer serves many
  chanlife questions                            which are open, and since when
  chanlife questions label                      search questions and answers")]
pub struct Ask {
    /// The partner
    #[arg(add = ArgValueCompleter::new(partner_keys))]
    partner: String,
    /// The question, in quotes
    text: String,
    /// Who at the partner asks
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// Who of us is to answer; without it, the owner of the partner
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
    /// The day it happened
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    /// Say what would be recorded, and record nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
}

/// Answer questions of partners
#[derive(Debug, Args)]
#[command(
    override_usage = "chanlife answer NUMBER,... TEXT\n       chanlife answer NUMBER,... --as NUMBER",
    after_help = "Several numbers are written with commas: chanlife answer 41,43 \"By post\"."
)]
pub struct Answer {
    /// The numbers of the questions, with commas; `chanlife questions` lists them
    #[arg(value_name = "NUMBER,...", value_parser = numbers)]
    numbers: Numbers,
    /// The answer, in quotes
    #[arg(required_unless_present = "like", conflicts_with = "like")]
    text: Option<String>,
    /// Give the same answer as to this question
    #[arg(long = "as", id = "like", value_name = "NUMBER")]
    like: Option<i64>,
    /// The day it happened
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    /// Say what would be recorded, and record nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
}

/// List questions that are open, oldest first; or search all questions and their answers
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chanlife questions --owner ben
  chanlife questions return label              all words, in questions or answers, whether open or not
  chanlife questions --all --where region=EMEA")]
pub struct Questions {
    /// Words that a question or its answer has
    words: Vec<String>,
    /// Those too that are answered
    #[arg(long)]
    all: bool,
    /// Only those that this one of us is to answer
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
    #[command(flatten)]
    filter: WhereOption,
    /// How many to show; 0 for all, as in formats for machines
    #[arg(long, value_name = "COUNT")]
    limit: Option<usize>,
    #[command(flatten)]
    view: ViewOptions,
}

impl Ask {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let day = context.past_day("--on", self.on.as_deref())?;
        let text = prose("the question", &self.text)?;
        let named = |option: &str, name: Option<&str>| {
            let name = name.map(text::name).transpose();
            name.map_err(|fault| Error::usage(format!("{option} {fault}")))
        };
        let (by, owner) = (named("--by", self.by.as_deref())?, named("--owner", self.owner.as_deref())?);
        let request: Request = Box::new(|subject| {
            let owner = owner.clone().or_else(|| subject.scene.partner.attribute("owner").map(str::to_owned));
            Ok(crate::lifecycle::questions::ask(
                subject.scene,
                Asked { text: text.clone(), by: by.clone(), owner },
            )?)
        });
        let bulk = Bulk { dry_run: self.dry_run, ..Bulk::default() };
        let exit = act(context, &Whom::One(&self.partner), &bulk, day, &[request])?;
        let like = context.store()?.read(|reader| {
            let view = reader.view(context.today, None)?;
            questions::answered_like(&view, &text)
        })?;
        for (number, question, answer) in like {
            context.say(&format!("answered before, {number}: {question}\n  {answer}"));
        }
        Ok(exit)
    }
}

impl Answer {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let day = context.past_day("--on", self.on.as_deref())?;
        let text = match (self.text.as_deref(), self.like) {
            (Some(text), _) => prose("the answer", text)?,
            (None, Some(number)) => answer_of(context, number)?,
            (None, None) => return Err(missing("the answer", "TEXT or --as NUMBER").into()),
        };
        act_on(context, &self.numbers.0, ("question", LISTED), day, self.dry_run, |subject, number| {
            Ok(crate::lifecycle::questions::reply(subject.scene, number, &text)?)
        })
    }
}

/// The answer to a question.
fn answer_of(context: &Context, number: i64) -> anyhow::Result<String> {
    let found = by_partner(context, &[number], ("question", LISTED))?;
    let none = || Error::refused(format!("question {number} has no answer yet"));
    context.store_to_write()?.read(|reader| {
        let view = reader.view(context.today, None)?;
        for id in found.keys() {
            let partner = view.partner(*id)?;
            let question = partner.iter().flat_map(|one| &one.questions).find(|one| one.event == number);
            if let Some(reply) = question.and_then(|question| question.reply.as_ref()) {
                return Ok(reply.text.clone());
            }
        }
        Err(none().into())
    })
}

impl Questions {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let shown = questions::Wanted {
            words: self.words.iter().map(|word| text::folded(word)).collect(),
            all: self.all,
            owner: self.owner,
            limit: limit(context, self.limit, 50),
        };
        let report = self.view.read(context, &self.filter.conditions, |view, frame| {
            let needs = Needs { attributes: true, ..frame.segment.needs() };
            let mut channel = Channel::load(view, needs)?;
            frame.segment.narrow(&mut channel);
            questions::report(view, &channel, frame, &shown)
        })?;
        context.show(&report)?;
        Ok(Exit::Done)
    }
}
