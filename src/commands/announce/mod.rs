//! Announcements: telling many partners at once, and who answered.

mod messages;

use crate::app::exit::missing;
use crate::lifecycle::base::error::Error;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

use crate::app::context::{Context, check_folder, read_text};
use crate::app::exit::Exit;
use crate::commands::announce::messages::Messages;
use crate::commands::receipts::prose;
use crate::commands::record::{Along, Request, Target, act, act_along};
use crate::lifecycle::announcements::Announced;
use crate::lifecycle::announcements::Notification;
use crate::lifecycle::announcements::NotifyRequest;
use crate::lifecycle::base::day::{Day, Towards};
use crate::lifecycle::base::text;
use crate::lifecycle::base::text::counted;
use crate::lifecycle::event::{Event, PartnerId};
use crate::lifecycle::rule::Decision;
use crate::store::NewEvent;

/// Tell many partners of something, once; who was told and when is kept, and messages are written ready to send
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    override_usage = "chanlife announce KEY --where CONDITION --subject SUBJECT --body FILE\n       chanlife announce KEY PARTNER\n       chanlife announce answered KEY PARTNER",
    after_help = "Fields in the subject and in the body are filled in for each contact, such as {{contact}}, {{partner}}, {{owner}},
{{launch_day}} and {{days_to_launch}}; the program's fields and terms too. An unknown one is refused with all there are.

Examples:
  chanlife announce atlas-3 --where stage=launch,growth --subject \"Atlas 3 for {{partner}}\" --body atlas.txt \\
      --launch-day 2027-03-01 --messages outbox
  chanlife announce atlas-3 --where region=APAC --merge apac.csv        more partners, the same text
  chanlife announce answered atlas-3 acme --by \"Jane Doe\"
  chanlife report communication atlas-3                                 who was told when, late or not at all"
)]
pub struct Announce {
    #[command(subcommand)]
    verb: Option<Verb>,
    #[command(flatten)]
    telling: Tell,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Answered(Answered),
}

#[derive(Debug, Args)]
struct Tell {
    /// A key for what is told, such as atlas-3; the same again tells more partners
    key: Option<String>,
    #[command(flatten)]
    target: Target,
    /// The subject, with fields; needed the first time
    #[arg(long, value_name = "TEXT")]
    subject: Option<String>,
    /// A file with the text, with fields; - reads standard input; needed the first time
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    body: Option<PathBuf>,
    /// The day on which the public is told; partners are to be told as long before as is agreed
    #[arg(long, value_name = "DATE")]
    launch_day: Option<String>,
    /// Only contacts with this role
    #[arg(long)]
    role: Option<String>,
    /// Write a message for each contact into this folder, as .eml files
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    messages: Option<PathBuf>,
    /// Write a CSV for a mail merge: partner, name, email, subject, body
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    merge: Option<PathBuf>,
    /// Who sends, such as "Ana Ruiz <ana@vendor.example>"; without it, as the program says
    #[arg(long, value_name = "SENDER")]
    sender: Option<String>,
    /// The day it happened
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
}

/// Record that partners answered an announcement
#[derive(Debug, Args)]
struct Answered {
    /// The key of the announcement
    key: String,
    #[command(flatten)]
    target: Target,
    /// Who answered
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// What they said
    #[arg(long)]
    text: Option<String>,
    /// The day it happened
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
}

impl Announce {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        match self.verb {
            Some(Verb::Answered(answered)) => answered.run(context),
            None => self.telling.run(context),
        }
    }
}

impl Answered {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let day = context.past_day("--on", self.on.as_deref())?;
        let by = self.by.as_deref().map(text::name).transpose();
        let by = by.map_err(|fault| Error::usage(format!("--by {fault}")))?;
        let said = self.text.as_deref().map(|text| prose("--text", text)).transpose()?;
        let request: Request = Box::new(|subject| {
            Ok(crate::lifecycle::announcements::answered(
                subject.scene,
                &self.key,
                by.as_deref(),
                said.as_deref(),
            )?)
        });
        act(context, &self.target.whom(), &self.target.bulk, day, &[request])
    }
}

impl Tell {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let day = context.past_day("--on", self.on.as_deref())?;
        let Some(key) = &self.key else {
            return Err(missing("a key for what is told", "KEY, such as atlas-3").into());
        };
        if !text::is_key(key) {
            return Err(Error::usage(format!("`{key}` can't be a key"))
                .hint(format!("use lower-case letters, digits and dashes: `{}`", text::slug(key)))
                .into());
        }
        let (announced, is_new) = self.announced(context, key, day)?;
        let messages = self.messages(context, &announced)?;
        let first = is_new.then(|| NewEvent { partner: None, day, event: Event::from(announced.clone()) });
        let late = RefCell::new(BTreeSet::new());
        let request: Request = Box::new(|subject| {
            let to = messages.recipients(subject.scene.partner)?;
            let (announcement, subject_line, launch) = (key, announced.subject.as_str(), announced.launch);
            let request = NotifyRequest { announcement, subject: subject_line, to: &to, launch };
            let decision = crate::lifecycle::announcements::notify(subject.scene, request)?;
            messages.write(subject.scene, &announced);
            if let Decision::Record { events, .. } = &decision
                && let [Event::Told(told)] = &events[..]
                && Notification::new(0, day, told).late_days() > Some(0)
            {
                late.borrow_mut().insert(subject.scene.partner.id);
            }
            Ok(decision)
        });
        let prepare = |changed: &[PartnerId]| messages.prepare(context, changed);
        let along = Along { first: first.as_ref(), prepare: Some(&prepare) };
        let exit = act_along(context, &self.target.whom(), &self.target.bulk, day, &[request], along)?;
        let count = late.borrow().len();
        if count > 0 && messages.is_prepared() {
            let are = if count == 1 { "is" } else { "are" };
            context.say(&format!(
                "{} {are} told later than agreed: `chanlife report communication {key}`",
                counted(count, "partner")
            ));
        }
        messages.deliver(context, key)?;
        Ok(exit)
    }

    /// What is announced, and whether it is not recorded yet.
    fn announced(&self, context: &Context, key: &str, day: Day) -> anyhow::Result<(Announced, bool)> {
        let launch = self.launch_day.as_deref();
        let launch = launch.map(|text| context.day("--launch-day", text, Towards::Future)).transpose()?;
        let subject = self.subject.as_deref().map(text::name).transpose();
        let subject = subject.map_err(|fault| Error::usage(format!("--subject {fault}")))?;
        let body = self.body.as_deref().map(read_text).transpose()?;
        let body = body.map(|body| prose("--body", &body.replace("\r\n", "\n"))).transpose()?;
        let mut store = context.store_to_write()?;
        let known = store.read(|reader| Ok(reader.view(day, None)?.announced()?.remove(key)))?;
        let known = known.unwrap_or_default();
        let newest = known.last().map(|(_, announced)| announced);
        if let (Some(newest), true) = (newest, subject.is_some() || body.is_some()) {
            let same = |given: Option<&String>, before: &String| given.is_none_or(|given| given == before);
            if !same(subject.as_ref(), &newest.subject) || !same(body.as_ref(), &newest.body) {
                let since = known.first().map_or(day, |(day, _)| *day);
                return Err(Error::refused(format!("`{key}` is announced since {since} with another text"))
                    .hint("leave --subject and --body out to tell more partners of it, or choose another key")
                    .into());
            }
        }
        let subject = subject.or_else(|| newest.map(|one| one.subject.clone()));
        let body = body.or_else(|| newest.map(|one| one.body.clone()));
        let subject = subject.ok_or_else(|| missing("the subject", "--subject TEXT"))?;
        let body = body.ok_or_else(|| missing("the text", "--body FILE, or - for standard input"))?;
        let launch = launch.or_else(|| newest.and_then(|one| one.launch));
        let conditions = self.target.bulk.conditions.clone();
        let announced = Announced { announcement: key.to_owned(), subject, body, launch, conditions };
        let is_new = !known.iter().any(|(_, one)| *one == announced)
            && (newest.is_none_or(|newest| newest.launch != launch) || !announced.conditions.is_empty());
        Ok((announced, is_new))
    }

    fn messages(&self, context: &Context, announced: &Announced) -> anyhow::Result<Messages> {
        if let Some(folder) = &self.messages {
            check_folder(folder)?;
        }
        if let Some(file) = &self.merge {
            context.check_writable(file)?;
        }
        let program = context.store_to_write()?.read(|reader| Ok(reader.program_now()?.program))?;
        let sender = self.sender.clone().or_else(|| program.launches.as_ref()?.sender.clone());
        if self.messages.is_some() && sender.is_none() {
            return Err(missing("who sends", "--sender \"Ana Ruiz <ana@vendor.example>\"")
                .hint("or for good in the program: [launches] sender = \"...\"")
                .into());
        }
        Messages::new(
            &program,
            announced,
            self.role.clone(),
            self.messages.clone(),
            self.merge.clone(),
            sender,
        )
    }
}
