//! Commands on enablement: people who passed a course, and materials that were delivered.

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use crate::app::context::Context;
use crate::app::exit::{Exit, missing};
use crate::commands::completers::partner_keys;
use crate::commands::named::{find_course, find_material};
use crate::commands::options::{Bulk, DryRun, OnDay, OnePartner, day_to_come, name, prose};
use crate::commands::order::Whom;
use crate::commands::partner::attributes::{CONTACT_FORM, read_contact};
use crate::commands::proposals::Proposals;
use crate::commands::record::{record, record_and};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::enablement;
use crate::lifecycle::enablement::CertifyRequest;
use crate::lifecycle::partner::Contact;
use crate::store::{InForce, Reader};

/// Record that people at a partner passed a course
#[derive(Debug, Args)]
#[command(
    override_usage = "chanlife certify PARTNER COURSE PERSON...",
    after_help = "Examples:
  chanlife certify acme sales \"Jane Doe\" --evidence \"exam 4711\"
  chanlife certify acme sales jane@acme.example \"Tom Lee, presales\"
  chanlife certify acme technical tom --on 2026-10-01 --until 2027-09-30
A certificate may be older than the partnership: it counts from the day on which
the partner joined, and ends by its own day.
A person is a contact of the partner. A new person with an e-mail address is added as a contact."
)]
pub struct CertifyArgs {
    #[command(flatten)]
    partner: OnePartner,
    /// The course: its key in the program
    course: String,
    /// The person: an e-mail address, a name or part of it, or a new contact
    #[arg(required = true)]
    people: Vec<String>,
    /// Last valid day [default: as the course says]
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// Evidence, such as an exam number
    #[arg(long, value_parser = prose)]
    evidence: Option<String>,
    #[command(flatten)]
    on: OnDay,
    #[command(flatten)]
    dry_run: DryRun,
}

/// Record that materials were delivered, such as the documentation kit
#[derive(Debug, Args)]
#[command(
    override_usage = "chanlife deliver PARTNER MATERIAL...\n       chanlife deliver --where CONDITION MATERIAL...",
    after_help = "Examples:
  chanlife deliver acme documentation-kit
  chanlife deliver --where stage=readiness,launch documentation-kit --version 2"
)]
pub struct DeliverArgs {
    /// The partner, then one or more materials; with --where, only materials
    #[arg(value_name = "PARTNER MATERIAL", required = true, num_args = 1..,
          add = ArgValueCompleter::new(partner_keys))]
    words: Vec<String>,
    /// Version delivered [default: the newest]
    #[arg(long, value_parser = name)]
    version: Option<String>,
    #[command(flatten)]
    on: OnDay,
    #[command(flatten)]
    bulk: Bulk,
}

impl CertifyArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let passed = self.on.day(context)?;
        let mut store = context.store()?;
        // What was passed before the partner joined counts from the day on which it did.
        let joined = match self.on.given(context)? {
            Some(_) => store.read(|reader| joined_on(reader, &self.partner.partner))?,
            None => None,
        };
        let order = self.dry_run.order(&self.partner.partner, joined.map_or(passed, |day| day.max(passed)));
        let until = day_to_come(context, "--until", self.until.as_deref())?;
        let contacts =
            self.people.iter().map(|typed| new_contact(typed)).collect::<Result<Vec<_>, Error>>()?;
        let propose = |in_force: &InForce, proposals: &mut Proposals| {
            let course = find_course(&in_force.program, &self.course)?;
            proposals.each(|loaded| {
                for (person, contact) in self.people.iter().zip(contacts.clone()) {
                    let evidence = self.evidence.as_deref();
                    let latest = loaded.latest();
                    let request = CertifyRequest { course, passed, person, latest, contact, until, evidence };
                    let decision = enablement::certify(loaded.facts(), &request)?;
                    loaded.take(decision)?;
                }
                Ok(())
            })
        };
        match record_and(context, &mut store, &order, propose, |_, _, ()| Ok(()))? {
            Some((proposed, ())) => proposed.print(context),
            None => Ok(Exit::Done),
        }
    }
}

/// Returns the day on which a partner joined, if it is in the channel.
fn joined_on(reader: &Reader, partner: &str) -> anyhow::Result<Option<Day>> {
    let aliases = reader.program_now()?.aliases;
    let history = reader.folded_history(reader.find(partner)?.id, &aliases)?;
    Ok(history.partner().map(|partner| partner.since))
}

/// Reads a new contact; a person without an address is looked up among the contacts.
fn new_contact(typed: &str) -> Result<Option<Contact>, Error> {
    if !typed.contains('<') {
        return Ok(None);
    }
    read_contact(typed).map(Some).map_err(|why| Error::usage(format!("`{typed}`: {why}")).hint(CONTACT_FORM))
}

impl DeliverArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let day = self.on.day(context)?;
        let (whom, words) = self.bulk.whom(&self.words);
        if matches!(whom, Whom::One(_)) && words.is_empty() {
            return Err(missing("the material", "").into());
        }
        record(context, &self.bulk.order(whom, day), |in_force, proposals| {
            let find = |word: &String| find_material(&in_force.program, word);
            let materials = words.iter().map(find).collect::<Result<Vec<_>, Error>>()?;
            proposals.each(|loaded| {
                for material in &materials {
                    let version = self.version.as_deref();
                    loaded.take(enablement::deliver(loaded.facts(), material, version)?)?;
                    if version.is_some_and(|version| version != material.version) {
                        let (key, newest) = (&material.key, &material.version);
                        loaded.add_note(format!("note: the program's version of {key} is {newest}"));
                    }
                }
                Ok(())
            })
        })
    }
}
