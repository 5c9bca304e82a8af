use crate::lifecycle::base::error::Error;
use std::collections::BTreeMap;

use clap::Args;

use crate::app::context::Context;
use crate::commands::partner::attributes::{Attributes, check, known_fields};
use crate::commands::record::{Request, Target, act};
use crate::lifecycle::base::day::Towards;
use crate::lifecycle::partner::Edited;
use crate::lifecycle::program::Program;

use crate::app::exit::Exit;
use crate::lifecycle::base::text::listed;

/// Change what is known of a partner
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chanlife edit acme --owner ben --tier gold
  chanlife edit acme --contact \"Ana Ruiz <ana@acme.example>, sales\"
  chanlife edit --where owner=ana --owner ben")]
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
    /// The day since when it is so
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
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
        let day = context.past_day("--on", self.on.as_deref())?;
        let observed_from = self.observed_from.as_deref();
        let observed_from =
            observed_from.map(|text| context.day("--observed-from", text, Towards::Past)).transpose()?;
        let request: Request = Box::new(|subject| {
            let attributes = self.read_attributes(subject.scene.program)?;
            let edited = Edited {
                attributes,
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
            Ok(crate::lifecycle::partner::edit(subject.scene, edited)?)
        });
        act(context, &self.target.whom(), &self.target.bulk, day, &[request])
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
