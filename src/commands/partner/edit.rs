//! The command that changes what is known of partners.

use std::collections::BTreeMap;

use clap::Args;

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::options::{OnDay, Target};
use crate::commands::partner::attributes::{Attributes, check, known_fields};
use crate::commands::record::record;
use crate::lifecycle::base::day::{Day, Towards};
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::text::listed;
use crate::lifecycle::partner;
use crate::lifecycle::partner::Edited;
use crate::lifecycle::program::Program;

/// Change what is known of a partner
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chanlife edit acme --owner ben --tier gold
  chanlife edit acme --contact \"Ana Ruiz <ana@acme.example>, sales\"
  chanlife edit --where owner=ana --owner ben",
    mut_arg("on", |on| on.help("The day since when it is so")))]
pub struct Edit {
    #[command(flatten)]
    target: Target,
    /// Its name
    #[arg(long)]
    name: Option<String>,
    #[command(flatten)]
    attributes: Attributes,
    /// Take an attribute away; repeat it for more
    #[arg(long, value_name = "FIELD")]
    unset: Vec<String>,
    /// Take a contact away, by e-mail address, or by name where it has none
    #[arg(long, value_name = "CONTACT")]
    remove_contact: Vec<String>,
    /// The day since when you know all that happened to it
    #[arg(long, value_name = "DATE")]
    observed_from: Option<String>,
    #[command(flatten)]
    on: OnDay,
    #[command(flatten)]
    elsewhere: Elsewhere,
}

/// What other verbs change; known here only to name them.
#[derive(Debug, Args)]
struct Elsewhere {
    #[arg(long, hide = true)]
    stage: Option<String>,
    #[arg(long, hide = true)]
    since: Option<String>,
    #[arg(long, hide = true)]
    until: Option<String>,
    #[arg(long, hide = true)]
    key: Option<String>,
}

impl Elsewhere {
    fn refuse(&self) -> Result<(), Error> {
        let verbs = [
            ("--stage", &self.stage, "`chanlife advance` moves a partner on, `chanlife back` moves it back"),
            (
                "--since",
                &self.since,
                "`chanlife correct EVENT --on DATE` mends a day, `chanlife log PARTNER` shows the EVENT",
            ),
            ("--until", &self.until, "`chanlife resume` and `chanlife park --until DATE` set another day"),
            (
                "--key",
                &self.key,
                "a key stays for ever; `chanlife edit PARTNER --name NAME` changes the name",
            ),
        ];
        match verbs.into_iter().find(|(_, value, _)| value.is_some()) {
            Some((option, _, hint)) => {
                Err(Error::usage(format!("{option} is nothing that edit changes")).hint(hint))
            }
            None => Ok(()),
        }
    }
}

impl Edit {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        self.elsewhere.refuse()?;
        let order = self.target.order(self.on.day(context)?);
        let observed_from = self.observed_from.as_deref();
        let observed_from =
            observed_from.map(|text| context.day("--observed-from", text, Towards::Past)).transpose()?;
        record(context, &order, |in_force, proposals| {
            let edited = self.edited(&in_force.program, observed_from)?;
            proposals.each(|loaded| loaded.take(partner::edit(loaded.scene(), edited.clone())?))
        })
    }

    /// Returns what is to change.
    fn edited(&self, program: &Program, observed_from: Option<Day>) -> anyhow::Result<Edited> {
        let edited = Edited {
            attributes: self.read_attributes(program)?,
            references: self.attributes.references()?,
            contacts: self.attributes.contacts()?,
            contacts_gone: self.remove_contact.clone(),
            observed_from,
        };
        if edited == Edited::default() {
            return Err(Error::usage("what to change is missing")
                .hint("for instance --owner ben, or --set field=value")
                .into());
        }
        Ok(edited)
    }

    fn read_attributes(&self, program: &Program) -> anyhow::Result<BTreeMap<String, Option<String>>> {
        let set = self.attributes.read(program)?;
        let mut attributes: BTreeMap<String, Option<String>> =
            set.into_iter().map(|(key, value)| (key, Some(value))).collect();
        if let Some(name) = &self.name {
            let name = check(program, "name", name).map_err(Error::usage)?;
            attributes.insert("name".to_owned(), Some(name));
        }
        for field in &self.unset {
            if field == "name" || !known_fields(program).contains(&field.as_str()) {
                let why = format!("--unset: `{field}` can't be taken away");
                let known = listed(&known_fields(program)[1..]);
                return Err(Error::usage(why).hint(format!("there are {known}")).into());
            }
            attributes.insert(field.clone(), None);
        }
        Ok(attributes)
    }
}
