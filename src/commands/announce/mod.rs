//! Commands on announcements: notifying many partners at once, and recording their responses.
//!
//! The rules are in `lifecycle::announcements`; this room reads the options, `messages` fills in the fields. It must
//! not know how messages are written, which `export` does. To add a verb, add it to `AnnounceVerb`.

mod messages;

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

use crate::app::context::{Context, Outbox, check_folder, read_text};
use crate::app::exit::{Exit, missing};
use crate::commands::announce::messages::{LeftOut, Messages, deliver};
use crate::commands::options::{OnDay, TargetArgs, day_to_come, name, prose, subject};
use crate::commands::order::Order;
use crate::commands::proposals::{Proposals, Proposed};
use crate::commands::record::{record, record_and};
use crate::export::MailMessage;
use crate::lifecycle::announcements;
use crate::lifecycle::announcements::{Announced, MESSAGE, NotifyRequest};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::text;
use crate::lifecycle::base::text::counted;
use crate::lifecycle::event::{Event, PartnerId};
use crate::lifecycle::program::Program;
use crate::lifecycle::rule::Decision;
use crate::store::Keep;

/// Record which partners are notified of something, and write the messages for you to send
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    override_usage = "chanlife announce KEY --where CONDITION --subject SUBJECT --body FILE\n       chanlife announce KEY PARTNER\n       chanlife announce KEY PARTNER --told-by HOW\n       chanlife announce answered KEY PARTNER",
    after_help = "Fields in the subject and the body are filled in for each contact: {{contact}}, {{partner}}, {{owner}}, {{launch_day}}, \
        {{days_to_launch}}, and the fields and terms of your program. An unknown field is refused with a list of all fields.

Examples:
  chanlife announce atlas-3 --where stage=launch,growth --body atlas.txt \\
      --subject \"Atlas 3 for {{partner}}\" \\
      --launch-day 2027-03-01 --messages outbox
  chanlife announce atlas-3 --where region=APAC --merge apac.csv   # to more
  chanlife announce atlas-3 --where region=EMEA --told-by newsletter
  chanlife announce answered atlas-3 acme --by \"Jane Doe\"
  chanlife report communication atlas-3     # coverage, lateness and responses"
)]
pub struct AnnounceArgs {
    #[command(subcommand)]
    verb: Option<AnnounceVerb>,
    #[command(flatten)]
    announcement: AnnouncementArgs,
}

#[derive(Debug, Subcommand)]
enum AnnounceVerb {
    Answered(AnnounceAnsweredArgs),
}

#[derive(Debug, Args)]
struct AnnouncementArgs {
    /// Key of the announcement, such as atlas-3; use it again to notify more partners
    key: Option<String>,
    #[command(flatten)]
    target: TargetArgs,
    /// Subject, may contain fields; required the first time, unless --told-by says how partners were told
    #[arg(long, value_name = "TEXT", value_parser = subject)]
    subject: Option<String>,
    /// File with the text, may contain fields; - reads standard input; required the first time, unless --told-by says how partners were told
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    body: Option<PathBuf>,
    /// Public launch day; partners are to be notified ahead of it, as agreed
    #[arg(long, value_name = "DATE")]
    launch_day: Option<String>,
    /// Only contacts with this role
    #[arg(long)]
    role: Option<String>,
    /// Write a message for each contact into this folder, as .eml files
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    messages: Option<PathBuf>,
    /// Write a CSV for a mail merge, with partner, name, email, subject and body
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    merge: Option<PathBuf>,
    /// How partners are notified if not by these messages, such as newsletter or call
    #[arg(long, value_name = "HOW", value_parser = name)]
    told_by: Option<String>,
    /// Sender, such as "Ana Ruiz <ana@vendor.example>" [default: as the program says]
    #[arg(long, value_name = "SENDER")]
    sender: Option<String>,
    #[command(flatten)]
    on: OnDay,
}

/// Record that partners responded to an announcement
#[derive(Debug, Args)]
struct AnnounceAnsweredArgs {
    /// Key of the announcement
    key: String,
    #[command(flatten)]
    target: TargetArgs,
    /// Who responded
    #[arg(long, value_name = "NAME", value_parser = name)]
    by: Option<String>,
    /// Response
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

/// The messages to partners, and how many partners are notified later than agreed.
struct DraftedMessages {
    by_partner: BTreeMap<PartnerId, Vec<MailMessage>>,
    sender: String,
    late: usize,
    /// Who gets none, each with the partner.
    left_out: LeftOut,
}

impl AnnounceArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        match self.verb {
            Some(AnnounceVerb::Answered(answered)) => answered.run(context),
            None => self.announcement.run(context),
        }
    }
}

impl AnnounceAnsweredArgs {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let order = self.target.order(self.on.day(context)?);
        record(context, &order, |_, proposals| {
            let (by, said) = (self.by.as_deref(), self.text.as_deref());
            proposals
                .each(|loaded| loaded.take(announcements::answered(loaded.facts(), &self.key, by, said)?))
        })
    }
}

impl AnnouncementArgs {
    fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let order = self.target.order(self.on.day(context)?);
        let typed = self.typed(context)?;
        self.check_files(context)?;
        let mut store = context.store()?;
        let recorded = record_and(
            context,
            &mut store,
            &order,
            |_, proposals| self.propose(&typed, &order, proposals),
            |_, proposed, drafted| self.write_aside(context, proposed, drafted),
        )?;
        let Some((proposed, (drafted, outbox))) = recorded else { return Ok(Exit::Done) };
        let (keep, recorded) = (proposed.keep, proposed.changed());
        let exit = proposed.print(context)?;
        let LeftOut { opted_out, without_address } = &drafted.left_out;
        for (why, people) in [("opted out of mail", opted_out), ("no e-mail address", without_address)] {
            if !people.is_empty() {
                context.say(&left_out_in_words(why, people));
            }
        }
        if keep == Keep::DryRun {
            return Ok(exit);
        }
        if drafted.late > 0 {
            let are = if drafted.late == 1 { "was" } else { "were" };
            context.say(&format!(
                "{} {are} notified later than agreed: `chanlife report communication {}`",
                counted(drafted.late, "partner"),
                typed.key
            ));
        }
        if self.told_by().is_none() && recorded > 0 {
            context.say(
                "note: no messages were written; --messages FOLDER or --merge FILE writes them, --told-by \
                 newsletter records that partners were notified otherwise",
            );
        }
        let all: Vec<MailMessage> = drafted.by_partner.into_values().flatten().collect();
        let folder = outbox.zip(self.messages.as_deref());
        deliver(context, typed.key, &all, folder, self.merge.as_deref())?;
        Ok(exit)
    }

    /// Returns how partners are told; nothing if no message is written and nothing was said.
    fn told_by(&self) -> Option<&str> {
        let written = self.messages.is_some() || self.merge.is_some();
        self.told_by.as_deref().or(written.then_some(MESSAGE))
    }

    /// Returns whether partners are told otherwise than by messages of ours, whose text is then elsewhere.
    fn is_told_elsewhere(&self) -> bool {
        self.told_by.is_some() && self.messages.is_none() && self.merge.is_none()
    }

    /// Reads what needs no file of the channel.
    fn typed(&self, context: &Context) -> anyhow::Result<TypedAnnouncement<'_>> {
        let Some(key) = &self.key else {
            return Err(missing("the key of the announcement", "").into());
        };
        if !text::is_key(key) {
            return Err(Error::usage(format!("`{key}` is not a valid key"))
                .hint(format!("use lower-case letters, digits and dashes: `{}`", text::slug(key)))
                .into());
        }
        let launch = day_to_come(context, "--launch-day", self.launch_day.as_deref())?;
        let body = self.body.as_deref().map(read_text).transpose()?;
        let body = body.map(|body| prose(&body.replace("\r\n", "\n"))).transpose();
        let body = body.map_err(|why| Error::usage(format!("--body: {why}")))?;
        Ok(TypedAnnouncement { key, body, launch })
    }

    /// Checks before any work that the files can be written.
    fn check_files(&self, context: &Context) -> anyhow::Result<()> {
        if let Some(folder) = &self.messages {
            check_folder(folder)?;
        }
        self.merge.as_deref().map_or(Ok(()), |file| context.check_writable(file))
    }

    /// Proposes to notify each partner, and fills in the messages.
    fn propose(
        &self,
        typed: &TypedAnnouncement,
        order: &Order,
        proposals: &mut Proposals,
    ) -> anyhow::Result<DraftedMessages> {
        let program = proposals.reader().program_now()?.program;
        let known = proposals.reader().view(order.day, None)?.announced()?.remove(typed.key);
        let known = known.unwrap_or_default();
        let announced = self.announced(typed, known.last().map(|(_, newest)| newest))?;
        let is_new = announcements::announce(&known, &announced)?;
        let is_written = self.messages.is_some() || self.merge.is_some();
        let is_by_mail = is_written || announcements::is_by_mail(self.told_by());
        let opted_out = if is_by_mail { Some(proposals.reader().opted_out()?) } else { None };
        let messages = self.messages(&program, &announced, opted_out)?;
        if is_new {
            proposals.begin_with(announced.clone());
        }
        let mut by_partner = BTreeMap::new();
        let (mut late, mut left_out) = (0, LeftOut::default());
        proposals.each(|loaded| {
            let facts = loaded.facts();
            let to = messages.recipients(facts.partner)?;
            let without = messages.left_out(facts.partner);
            let name = facts.partner.name();
            let of_partner = |contact: &String| format!("{contact} of {name}");
            left_out.opted_out.extend(without.opted_out.iter().map(of_partner));
            left_out.without_address.extend(without.without_address.iter().map(of_partner));
            if to.is_empty() && !without.opted_out.is_empty() && self.told_by.is_none() {
                loaded.add_note(format!("{name} is not notified: all its contacts opted out of mail"));
                return Ok(());
            }
            let (announcement, subject, launch) = (typed.key, announced.subject.as_str(), announced.launch);
            let told_by = self.told_by();
            let request = NotifyRequest { announcement, subject, to: &to, launch, told_by };
            let decision = announcements::notify(facts, request)?;
            let is_late = is_notified_late(&decision, order.day);
            let written = messages.write(facts, &announced)?;
            let partner = facts.partner.id;
            loaded.take(decision)?;
            by_partner.insert(partner, written);
            late += usize::from(is_late);
            Ok(())
        })?;
        if proposals.is_unchanged() {
            announcements::refuse_other_launch(&known, &announced)?;
        }
        Ok(DraftedMessages { by_partner, sender: messages.sender, late, left_out })
    }

    /// Writes the messages to a temporary place, until all is recorded. If no partner is notified for the first time, all
    /// messages are written again.
    fn write_aside(
        &self,
        context: &Context,
        proposed: &Proposed,
        mut drafted: DraftedMessages,
    ) -> anyhow::Result<(DraftedMessages, Option<Outbox>)> {
        if proposed.changed() > 0 {
            drafted.by_partner.retain(|partner, _| proposed.changes(*partner));
        }
        let outbox = match &self.messages {
            Some(folder) if proposed.keep == Keep::Commit => {
                let all = drafted.by_partner.values().flatten();
                Some(messages::outbox(context, folder, &drafted.sender, all)?)
            }
            _ => None,
        };
        Ok((drafted, outbox))
    }

    /// Returns what is announced: what was not typed is as in the newest announcement of this key.
    fn announced(&self, typed: &TypedAnnouncement, newest: Option<&Announced>) -> Result<Announced, Error> {
        let known = newest.filter(|one| !one.body.is_empty() || self.is_told_elsewhere());
        let mut subject = self.subject.clone().or_else(|| known.map(|one| one.subject.clone()));
        let mut body = typed.body.clone().or_else(|| known.map(|one| one.body.clone()));
        if self.is_told_elsewhere() {
            subject = subject.or_else(|| Some(typed.key.to_owned()));
            body = body.or_else(|| Some(String::new()));
        }
        Ok(Announced {
            announcement: typed.key.to_owned(),
            subject: subject.ok_or_else(|| {
                let failure = missing("the subject", "--subject TEXT");
                match self.told_by {
                    Some(_) => failure.hint(
                        "messages need a subject and a text; without messages, --told-by HOW is enough",
                    ),
                    None => failure.hint("if partners were told elsewhere, --told-by HOW is enough"),
                }
            })?,
            body: body.ok_or_else(|| missing("the text", "--body FILE, or - for standard input"))?,
            launch: typed.launch.or_else(|| newest.and_then(|one| one.launch)),
            conditions: self.target.bulk.conditions.clone(),
        })
    }

    fn messages(
        &self,
        program: &Program,
        announced: &Announced,
        opted_out: Option<BTreeMap<String, Vec<String>>>,
    ) -> Result<Messages, Error> {
        let sender = self.sender.clone().or_else(|| program.launches.as_ref()?.sender.clone());
        if self.messages.is_some() && sender.is_none() {
            return Err(missing("the sender", "--sender \"Ana Ruiz <ana@vendor.example>\"")
                .hint("or set it in the program: [launches] sender = \"...\""));
        }
        let are_wanted = self.messages.is_some() || self.merge.is_some();
        Messages::new(program, announced, self.role.clone(), sender, (are_wanted, opted_out))
    }
}

/// Returns whether a partner is notified later than agreed.
fn is_notified_late(decision: &Decision, day: Day) -> bool {
    let Decision::Record(events) = decision else {
        return false;
    };
    matches!(&events[..], [Event::Told(told)] if told.late_days(day).is_some())
}

/// How many of those who are left out are named.
const NAMED: usize = 10;

/// Says who gets no message: "left out, opted out of mail: Jane Doe <jane@acme.example> of Acme".
fn left_out_in_words(why: &str, people: &[String]) -> String {
    let more = people.len().saturating_sub(NAMED);
    let named = people[..people.len() - more].join(", ");
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    format!("left out, {why}: {named}{more}")
}
