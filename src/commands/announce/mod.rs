//! Announcements: telling many partners at once, and who answered.
//!
//! The rules stand in `lifecycle::announcements`; here is what was typed, and `messages` fills in what is sent.

mod messages;

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

use crate::app::context::{Context, Outbox, check_folder, read_text};
use crate::app::exit::{Exit, missing};
use crate::commands::announce::messages::{Messages, deliver};
use crate::commands::options::{OnDay, Target, day_to_come, name, prose};
use crate::commands::order::Order;
use crate::commands::proposals::{Proposals, Proposed};
use crate::commands::record::{record, record_and};
use crate::export::MailMessage;
use crate::lifecycle::announcements;
use crate::lifecycle::announcements::{Announced, Notification, NotifyRequest};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::text;
use crate::lifecycle::base::text::counted;
use crate::lifecycle::event::{Event, PartnerId};
use crate::lifecycle::program::Program;
use crate::lifecycle::rule::Decision;
use crate::store::Keep;

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
    announcement: NewAnnouncement,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Answered(Answered),
}

#[derive(Debug, Args)]
struct NewAnnouncement {
    /// A key for what is told, such as atlas-3; the same again tells more partners
    key: Option<String>,
    #[command(flatten)]
    target: Target,
    /// The subject, with fields; needed the first time
    #[arg(long, value_name = "TEXT", value_parser = name)]
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
    #[command(flatten)]
    on: OnDay,
}

/// Record that partners answered an announcement
#[derive(Debug, Args)]
struct Answered {
    /// The key of the announcement
    key: String,
    #[command(flatten)]
    target: Target,
    /// Who answered
    #[arg(long, value_name = "NAME", value_parser = name)]
    by: Option<String>,
    /// What they said
    #[arg(long, value_parser = prose)]
    text: Option<String>,
    #[command(flatten)]
    on: OnDay,
}

/// An announcement as it was typed.
struct TypedAnnouncement<'t> {
    key: &'t str,
    body: Option<String>,
    launch: Option<Day>,
}

/// What is written to partners, and how many of them are told later than agreed.
struct DraftedMessages {
    letters: BTreeMap<PartnerId, Vec<MailMessage>>,
    sender: String,
    late: usize,
}

impl Announce {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        match self.verb {
            Some(Verb::Answered(answered)) => answered.run(context),
            None => self.announcement.run(context),
        }
    }
}

impl Answered {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let order = self.target.order(self.on.day(context)?);
        record(context, &order, |_, proposals| {
            let (by, said) = (self.by.as_deref(), self.text.as_deref());
            proposals
                .each(|loaded| loaded.take(announcements::answered(loaded.scene(), &self.key, by, said)?))
        })
    }
}

impl NewAnnouncement {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let order = self.target.order(self.on.day(context)?);
        let typed = self.typed(context)?;
        self.check_files(context)?;
        let mut store = context.store_to_write()?;
        let recorded = record_and(
            context,
            &mut store,
            &order,
            |_, proposals| self.propose(&typed, &order, proposals),
            |_, proposed, drafted| self.write_aside(context, proposed, drafted),
        )?;
        let Some((proposed, (drafted, outbox))) = recorded else { return Ok(Exit::Done) };
        let keep = proposed.keep;
        let exit = proposed.print(context)?;
        if keep == Keep::DryRun {
            return Ok(exit);
        }
        if drafted.late > 0 {
            let are = if drafted.late == 1 { "is" } else { "are" };
            context.say(&format!(
                "{} {are} told later than agreed: `chanlife report communication {}`",
                counted(drafted.late, "partner"),
                typed.key
            ));
        }
        let letters: Vec<MailMessage> = drafted.letters.into_values().flatten().collect();
        let folder = outbox.zip(self.messages.as_deref());
        deliver(context, typed.key, &letters, folder, self.merge.as_deref())?;
        Ok(exit)
    }

    /// Reads what needs no file of the channel.
    fn typed(&self, context: &Context) -> anyhow::Result<TypedAnnouncement<'_>> {
        let Some(key) = &self.key else {
            return Err(missing("a key for what is told", "KEY, such as atlas-3").into());
        };
        if !text::is_key(key) {
            return Err(Error::usage(format!("`{key}` can't be a key"))
                .hint(format!("use lower-case letters, digits and dashes: `{}`", text::slug(key)))
                .into());
        }
        let launch = day_to_come(context, "--launch-day", self.launch_day.as_deref())?;
        let body = self.body.as_deref().map(read_text).transpose()?;
        let body = body.map(|body| prose(&body.replace("\r\n", "\n"))).transpose();
        let body = body.map_err(|why| Error::usage(format!("--body: {why}")))?;
        Ok(TypedAnnouncement { key, body, launch })
    }

    /// Finds out before any work whether the files can be written.
    fn check_files(&self, context: &Context) -> anyhow::Result<()> {
        if let Some(folder) = &self.messages {
            check_folder(folder)?;
        }
        self.merge.as_deref().map_or(Ok(()), |file| context.check_writable(file))
    }

    /// Proposes to tell each partner, and fills in the messages.
    fn propose(
        &self,
        typed: &TypedAnnouncement,
        order: &Order,
        proposals: &mut Proposals,
    ) -> anyhow::Result<DraftedMessages> {
        let program = proposals.reader().program_now()?.program;
        let known = proposals.reader().view(order.day, None)?.announced()?.remove(typed.key);
        let (announced, is_new) = self.announced(typed, order.day, &known.unwrap_or_default())?;
        let messages = self.messages(&program, &announced)?;
        if is_new {
            proposals.begin_with(announced.clone());
        }
        let mut letters = BTreeMap::new();
        let mut late = 0;
        proposals.each(|loaded| {
            let scene = loaded.scene();
            let to = messages.recipients(scene.partner)?;
            let (announcement, subject, launch) = (typed.key, announced.subject.as_str(), announced.launch);
            let request = NotifyRequest { announcement, subject, to: &to, launch };
            let decision = announcements::notify(scene, request)?;
            let is_late = is_told_late(&decision, order.day);
            let written = messages.write(scene, &announced);
            let partner = scene.partner.id;
            loaded.take(decision)?;
            letters.insert(partner, written);
            late += usize::from(is_late);
            Ok(())
        })?;
        Ok(DraftedMessages { letters, sender: messages.sender, late })
    }

    /// Writes the messages aside, to be put in place once all is recorded. If nobody is told for the first time, all
    /// messages are written again.
    fn write_aside(
        &self,
        context: &Context,
        proposed: &Proposed,
        mut drafted: DraftedMessages,
    ) -> anyhow::Result<(DraftedMessages, Option<Outbox>)> {
        if proposed.changed() > 0 {
            drafted.letters.retain(|partner, _| proposed.changes(*partner));
        }
        let outbox = match &self.messages {
            Some(folder) if proposed.keep == Keep::Commit => {
                let letters = drafted.letters.values().flatten();
                Some(messages::outbox(context, folder, &drafted.sender, letters)?)
            }
            _ => None,
        };
        Ok((drafted, outbox))
    }

    /// Returns what is announced, and whether it is not recorded yet.
    fn announced(
        &self,
        typed: &TypedAnnouncement,
        day: Day,
        known: &[(Day, Announced)],
    ) -> Result<(Announced, bool), Error> {
        let key = typed.key;
        let newest = known.last().map(|(_, announced)| announced);
        let differs = |given: Option<&String>, before: &String| given.is_some_and(|given| given != before);
        if let Some(newest) = newest
            && (differs(self.subject.as_ref(), &newest.subject) || differs(typed.body.as_ref(), &newest.body))
        {
            let since = known.first().map_or(day, |(day, _)| *day);
            return Err(Error::refused(format!("`{key}` is announced since {since} with another text"))
                .hint("leave --subject and --body out to tell more partners of it, or choose another key"));
        }
        let subject = self.subject.clone().or_else(|| newest.map(|one| one.subject.clone()));
        let body = typed.body.clone().or_else(|| newest.map(|one| one.body.clone()));
        let subject = subject.ok_or_else(|| missing("the subject", "--subject TEXT"))?;
        let body = body.ok_or_else(|| missing("the text", "--body FILE, or - for standard input"))?;
        let launch = typed.launch.or_else(|| newest.and_then(|one| one.launch));
        let conditions = self.target.bulk.conditions.clone();
        let announced = Announced { announcement: key.to_owned(), subject, body, launch, conditions };
        let is_new = !known.iter().any(|(_, one)| *one == announced)
            && (newest.is_none_or(|newest| newest.launch != launch) || !announced.conditions.is_empty());
        Ok((announced, is_new))
    }

    fn messages(&self, program: &Program, announced: &Announced) -> Result<Messages, Error> {
        let sender = self.sender.clone().or_else(|| program.launches.as_ref()?.sender.clone());
        if self.messages.is_some() && sender.is_none() {
            return Err(missing("who sends", "--sender \"Ana Ruiz <ana@vendor.example>\"")
                .hint("or for good in the program: [launches] sender = \"...\""));
        }
        let are_wanted = self.messages.is_some() || self.merge.is_some();
        Messages::new(program, announced, self.role.clone(), sender, are_wanted)
    }
}

/// Whether a partner is told later than agreed.
fn is_told_late(decision: &Decision, day: Day) -> bool {
    let Decision::Record(events) = decision else {
        return false;
    };
    matches!(&events[..], [Event::Told(told)] if Notification::new(0, day, told).late_days() > Some(0))
}
