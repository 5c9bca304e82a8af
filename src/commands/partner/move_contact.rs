//! The command that takes a person from one partner to another.

use std::cell::RefCell;

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::completers::partner_keys;
use crate::commands::options::{DryRun, OnDay, OnePartner};
use crate::commands::order::{Order, Whom};
use crate::commands::partner::attributes::{CONTACT_FORM, new_contact};
use crate::commands::record::record;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::partner::{ContactRequest, MovedPerson, receive_contact, send_contact};

/// Move a contact who now works for another partner; certificates go along
#[derive(Debug, Args)]
#[command(
    mut_arg("on", |on| on.help("First day at the other partner [default: today]")),
    after_help = "Certificates that count go along: from that day on they count for the other \
        partner, and no longer for the first. Whoever opted out of mail stays so. Announcements \
        and questions stay with the first partner.

Examples:
  chanlife move-contact acme jane@acme.example --to beta
  chanlife move-contact acme \"Jane Doe\" --to beta --as jane@beta.example
  chanlife move-contact acme jane --to beta --as \"Jane <jane@beta.example>, CTO\""
)]
pub struct MoveContactArgs {
    #[command(flatten)]
    partner: OnePartner,
    /// The contact: an e-mail address, a name or a part of it
    contact: String,
    /// The partner that the person works for now
    #[arg(long, value_name = "PARTNER", add = ArgValueCompleter::new(partner_keys))]
    to: String,
    /// The new e-mail address, or the whole contact as it is now [default: as before]
    #[arg(long = "as", value_name = "CONTACT")]
    new: Option<String>,
    #[command(flatten)]
    on: OnDay,
    #[command(flatten)]
    dry_run: DryRun,
}

impl MoveContactArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let now = self.person_now()?;
        let whom = Whom::Both(&self.partner.partner, &self.to);
        let (day, keep) = (self.on.day(context)?, self.dry_run.keep());
        record(context, &Order { whom, day, keep, skip_refused: false }, |_, proposals| {
            if let [from, to] = proposals.subjects()[..]
                && from == to
            {
                return Err(Error::refused("both are the same partner").into());
            }
            let reader = proposals.reader();
            let names = proposals.subjects().into_iter().map(|id| Ok(reader.lookup(id)?.name));
            let names: Vec<String> = names.collect::<anyhow::Result<_>>()?;
            let moved: RefCell<Option<MovedPerson>> = RefCell::new(None);
            proposals.each(|loaded| {
                let arrived = moved.borrow_mut().take();
                let other = if arrived.is_some() { names.first() } else { names.last() };
                if let Some(name) = other {
                    loaded.set_other(name);
                }
                if let Some(person) = arrived {
                    return loaded.take(receive_contact(loaded.facts(), &person, &now)?);
                }
                let (person, decision) = send_contact(loaded.facts(), loaded.latest(), &self.contact)?;
                *moved.borrow_mut() = Some(person);
                loaded.take(decision)
            })
        })
    }

    /// Reads who the person is now.
    fn person_now(&self) -> Result<ContactRequest, Error> {
        let same = ContactRequest { who: String::new(), name: None, email: None, role: None, phone: None };
        let read = self.new.as_deref().map(|typed| {
            new_contact(typed)
                .map_err(|why| Error::usage(format!("--as `{typed}`: {why}")).hint(CONTACT_FORM))
        });
        read.unwrap_or(Ok(same))
    }
}
