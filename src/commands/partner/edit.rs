//! The command that changes details of partners.

use std::collections::BTreeMap;

use clap::Args;

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::options::{OnDay, TargetArgs};
use crate::commands::partner::attributes::{AttributeArgs, check, find_parent, refuse_parent_below};
use crate::commands::partner::spelling::take_spellings;
use crate::commands::proposals::LoadedPartner;
use crate::commands::record::record;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::period::PeriodEdge;
use crate::lifecycle::base::text::{folded, listed};
use crate::lifecycle::partner;
use crate::lifecycle::partner::{
    Contact, ContactRequest, Edited, Partner, ValueChange, contact_change, contact_named, identity,
    parent_stored, refuse_certified_later,
};
use crate::lifecycle::plans::work_left_with;
use crate::lifecycle::program::{PARENT, Program, attributes_of, further_key, stored};
use crate::lifecycle::questions::PartnerQuestion;
use crate::store::Reader;
use crate::text::follow_ups::stays_with;
use crate::text::partner::{opted_out_at, two_addresses};
use crate::text::questions::questions_stay_with;

/// Change the details of a partner
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chanlife edit acme --owner ben --tier gold
  chanlife edit acme --region EMEA,APAC   # its own region is EMEA
  chanlife edit acme --add region=LATAM --remove region=APAC
  chanlife edit acme --contact \"Ana Ruiz <ana@acme.example>, sales\"
  chanlife edit acme --contact ana@acme.example=ana@new.example
  chanlife edit acme --contact-opt-out ana@acme.example   # no more mail
  chanlife edit --where owner=ana --owner ben",
    mut_arg("on", |on| on.help("First day of the change [default: today]")))]
pub struct EditArgs {
    #[command(flatten)]
    target: TargetArgs,
    /// New name
    #[arg(long)]
    name: Option<String>,
    #[command(flatten)]
    attributes: AttributeArgs,
    /// Clear a field; repeat it for more
    #[arg(long, value_name = "FIELD")]
    unset: Vec<String>,
    /// Add a value to a field with several, or a region; repeat it for more
    #[arg(long, value_name = "FIELD=VALUE")]
    add: Vec<String>,
    /// Remove one value of a field with several, or a region; repeat it for more
    #[arg(long, value_name = "FIELD=VALUE")]
    remove: Vec<String>,
    /// Contact who must not be mailed, by e-mail address or name: announcements leave it out
    #[arg(long, value_name = "CONTACT")]
    contact_opt_out: Vec<String>,
    /// Contact who may be mailed again
    #[arg(long, value_name = "CONTACT")]
    contact_opt_in: Vec<String>,
    /// Remove a contact, by e-mail address, or by name if it has none; the answer says what goes with it
    #[arg(long, value_name = "CONTACT")]
    remove_contact: Vec<String>,
    /// Day from which its history is complete, and from when it owes milestones and reports
    #[arg(long, value_name = "DATE")]
    observed_from: Option<String>,
    #[command(flatten)]
    on: OnDay,
    #[command(flatten)]
    elsewhere: ForeignOptions,
}

/// Options of other verbs; accepted here only to name those verbs.
#[derive(Debug, Args)]
struct ForeignOptions {
    #[arg(long, hide = true)]
    stage: Option<String>,
    #[arg(long, hide = true)]
    since: Option<String>,
    #[arg(long, hide = true)]
    until: Option<String>,
    #[arg(long, hide = true)]
    key: Option<String>,
}

impl ForeignOptions {
    fn refuse(&self) -> Result<(), Error> {
        let verbs = [
            ("--stage", &self.stage, "use `chanlife advance` or `chanlife back`"),
            (
                "--since",
                &self.since,
                "use `chanlife correct EVENT --on DATE`; `chanlife log PARTNER` lists event numbers",
            ),
            ("--until", &self.until, "use `chanlife resume`, then `chanlife park --until DATE`"),
            (
                "--key",
                &self.key,
                "a key never changes; change the name with `chanlife edit PARTNER --name NAME`",
            ),
        ];
        match verbs.into_iter().find(|(_, value, _)| value.is_some()) {
            Some((option, _, hint)) => {
                Err(Error::usage(format!("{option} cannot be changed with edit")).hint(hint))
            }
            None => Ok(()),
        }
    }
}

impl EditArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        self.elsewhere.refuse()?;
        let order = self.target.order(self.on.day(context)?);
        let observed_from = self.observed_from.as_deref();
        let observed_from =
            observed_from.map(|text| context.edge("--observed-from", text, PeriodEdge::First)).transpose()?;
        record(context, &order, |in_force, proposals| {
            let program = &in_force.program;
            let mut changes = self.value_changes(program)?;
            let (contacts, people) = self.attributes.contacts_and_changes()?;
            let has_changes =
                !changes.is_empty() || !people.is_empty() || self.opts() || !self.unset.is_empty();
            let mut edited = self.edited(program, observed_from, (contacts, has_changes))?;
            let reader = proposals.reader();
            let parent = edited.attributes.get(PARENT).and_then(Option::as_deref);
            let parent = find_parent(reader, &in_force.program, parent)?;
            let number = parent.as_ref().map(|parent| (PARENT.to_owned(), Some(parent_stored(parent.id))));
            edited.attributes.extend(number);
            let values = edited.attributes.iter_mut();
            let values = values.filter_map(|(key, value)| Some((key.as_str(), value.as_mut()?)));
            let mut notes =
                take_spellings(reader, &in_force.program, values, &proposals.subjects())?.into_iter();
            for (field, change) in &mut changes {
                let added = change.added.iter_mut().map(|value| (field.as_str(), value));
                take_spellings(reader, program, added, &[])?;
            }
            proposals.each(|loaded| {
                notes.by_ref().for_each(|note| loaded.add_note(note));
                if let Some(parent) = &parent {
                    let partner = loaded.latest();
                    refuse_parent_below(reader, (partner.id, &partner.key), parent)?;
                    loaded.set_other(&parent.name);
                }
                let mut own = self.of_people(loaded, edited.clone(), &people)?;
                for gone in &own.contacts_gone {
                    refuse_certified_later(loaded.latest(), gone, order.day)?;
                }
                for note in opted_out_elsewhere(reader, &own.opted_in, loaded.latest())? {
                    loaded.add_note(note);
                }
                for field in self.unset.iter().filter(|field| !is_field(program, field)) {
                    own.attributes.extend(cleared(loaded.latest(), field, program)?);
                }
                for (field, change) in &changes {
                    let values = partner::changed_values(loaded.facts().partner, field, change)?;
                    own.attributes.extend(stored(field, &values));
                }
                note_two_addresses(loaded, &own);
                let before = loaded.latest().attribute("owner").map(str::to_owned);
                loaded.take(partner::edit(loaded.facts(), own)?)?;
                note_work_left(loaded, before.as_deref());
                Ok(())
            })
        })
    }

    /// Returns what is to change.
    fn edited(
        &self,
        program: &Program,
        observed_from: Option<Day>,
        (contacts, has_changes): (Vec<Contact>, bool),
    ) -> anyhow::Result<Edited> {
        let edited = Edited {
            attributes: self.read_attributes(program)?,
            references: self.attributes.references()?,
            contacts,
            contacts_gone: self.remove_contact.clone(),
            observed_from,
            asked_from: observed_from,
            ..Edited::default()
        };
        if edited == Edited::default() && !has_changes {
            return Err(Error::usage("the change is missing")
                .hint("for example --owner ben or --set FIELD=VALUE")
                .into());
        }
        Ok(edited)
    }

    /// Returns whether somebody is to be mailed no more, or again.
    fn opts(&self) -> bool {
        !self.contact_opt_out.is_empty() || !self.contact_opt_in.is_empty()
    }

    /// Adds what changes of people of the partner, whom the words name.
    ///
    /// # Errors
    /// Refused if it has no such contact, or several could be meant.
    fn of_people(
        &self,
        loaded: &LoadedPartner,
        mut edited: Edited,
        changes: &[ContactRequest],
    ) -> Result<Edited, Error> {
        let (facts, latest) = (loaded.facts(), loaded.latest());
        for change in changes {
            edited.contacts_changed.push(contact_change(facts, latest, change)?);
        }
        let known = edited.contacts.iter().chain(edited.contacts_changed.iter().map(|change| &change.to));
        let known: Vec<Contact> = known.cloned().collect();
        let named = |typed: &String| contact_named(facts.partner, latest, &known, typed);
        edited.opted_out = self.contact_opt_out.iter().map(named).collect::<Result<_, Error>>()?;
        edited.opted_in = self.contact_opt_in.iter().map(named).collect::<Result<_, Error>>()?;
        if let Some(both) = edited.opted_in.iter().find(|one| edited.opted_out.contains(one)) {
            let why = format!("`{both}` is given both with --contact-opt-out and with --contact-opt-in");
            return Err(Error::usage(why).hint("give one of the two"));
        }
        if edited.contacts_gone.is_empty() {
            return Ok(edited);
        }
        let named = |typed: &String| contact_named(facts.partner, facts.partner, &[], typed);
        edited.contacts_gone =
            edited.contacts_gone.iter().map(|typed| named(typed).unwrap_or_else(|_| typed.clone())).collect();
        Ok(edited)
    }

    /// Returns the single values that are to be added and removed, by field.
    fn value_changes(&self, program: &Program) -> anyhow::Result<BTreeMap<String, ValueChange>> {
        let mut changes: BTreeMap<String, ValueChange> = BTreeMap::new();
        let typed = self.add.iter().map(|pair| ("--add", pair));
        for (option, pair) in typed.chain(self.remove.iter().map(|pair| ("--remove", pair))) {
            let Some((field, value)) = pair.split_once('=') else {
                return Err(Error::usage(format!("{option} {pair}: write it as FIELD=VALUE")).into());
            };
            let field = field.trim();
            let known = attributes_of(program);
            if known.contains(&field) && !program.is_several(field) {
                let several = known.into_iter().filter(|key| program.is_several(key));
                let why = format!("{option} {pair}: a partner has one {field}");
                return Err(Error::usage(why)
                    .hint(format!("give it with --set {pair}"))
                    .hint(format!("fields with several values: {}", listed(&several.collect::<Vec<&str>>())))
                    .into());
            }
            let set = self.attributes.set.iter().any(|pair| pair.starts_with(&format!("{field}=")));
            if set || field == "region" && self.attributes.region.is_some() {
                return Err(Error::usage(format!("{option} {pair}: {field} is given as a whole, too")).into());
            }
            // What is to be removed may be a value that the program no longer takes.
            let values = match check(program, field, value) {
                Err(_) if option == "--remove" && program.is_several(field) => vec![value.trim().to_owned()],
                read => read.map_err(Error::usage)?,
            };
            let change = changes.entry(field.to_owned()).or_default();
            let list = if option == "--add" { &mut change.added } else { &mut change.removed };
            list.extend(values);
        }
        Ok(changes)
    }

    fn read_attributes(&self, program: &Program) -> anyhow::Result<BTreeMap<String, Option<String>>> {
        let set = self.attributes.read(program)?;
        let mut attributes: BTreeMap<String, Option<String>> = set;
        if let Some(name) = &self.name {
            let name = check(program, "name", name).map_err(Error::usage)?;
            attributes.extend(name.into_iter().map(|name| ("name".to_owned(), Some(name))));
        }
        for field in &self.unset {
            if !is_field(program, field) {
                continue;
            }
            if attributes.contains_key(field) {
                return Err(Error::usage(format!("--unset: `{field}` is given a value, too")).into());
            }
            attributes.insert(field.clone(), None);
            attributes.insert(further_key(field), None);
        }
        Ok(attributes)
    }
}

/// Returns whether partners can have a field under the program and lose it again.
fn is_field(program: &Program, field: &str) -> bool {
    field != "name" && attributes_of(program).contains(&field)
}

/// Returns what clears a field that the program has no more of a partner that still has it.
///
/// # Errors
/// The partner does not have it.
fn cleared(
    partner: &Partner,
    field: &str,
    program: &Program,
) -> Result<[(String, Option<String>); 2], Error> {
    if field == "name" || partner.attribute(field).is_none() {
        let why = format!("--unset: `{field}` cannot be cleared");
        let known = listed(&attributes_of(program)[1..]);
        return Err(Error::usage(why).hint(format!("fields that can be cleared: {known}")));
    }
    Ok(stored(field, &[]))
}

/// Says which work stays with the owner before, if a partner was handed over.
fn note_work_left(loaded: &mut LoadedPartner, before: Option<&str>) {
    let latest = loaded.latest();
    let handed = before.zip(latest.attribute("owner")).filter(|(before, owner)| before != owner);
    let note = handed.and_then(|(before, owner)| {
        stays_with(&latest.key, (before, owner), &work_left_with(latest, before))
    });
    let questions = handed.and_then(|(before, _)| {
        let is_theirs = |one: &&PartnerQuestion| {
            one.reply.is_none() && one.owner.as_deref().map(folded) == Some(folded(before))
        };
        questions_stay_with(before, &latest.questions.iter().filter(is_theirs).collect::<Vec<_>>())
    });
    for note in note.into_iter().chain(questions) {
        loaded.add_note(note);
    }
}

/// Says that a new contact is called as one who is known by another address.
fn note_two_addresses(loaded: &mut LoadedPartner, edited: &Edited) {
    let partner = loaded.latest();
    let is_gone = |known: &Contact| {
        edited.contacts_gone.iter().any(|gone| folded(gone) == folded(identity(known)))
            || edited.contacts_changed.iter().any(|change| folded(&change.from) == folded(identity(known)))
    };
    let doubled = edited.contacts.iter().filter(|new| new.email.is_some()).filter_map(|new| {
        let is_new = partner.contacts.iter().all(|known| folded(identity(known)) != folded(identity(new)));
        let called = partner.contacts.iter().find(|known| {
            known.email.is_some() && folded(&known.name) == folded(&new.name) && !is_gone(known)
        });
        Some(two_addresses(partner, called.filter(|_| is_new)?, new))
    });
    for note in doubled.collect::<Vec<String>>() {
        loaded.add_note(note);
    }
}

/// Says at which other partners people opted out who may be mailed again by this one.
fn opted_out_elsewhere(reader: &Reader, people: &[String], partner: &Partner) -> anyhow::Result<Vec<String>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let elsewhere = reader.opted_out()?;
    let others = people.iter().flat_map(|person| {
        let keys = elsewhere.get(&person.to_lowercase()).into_iter().flatten();
        keys.filter(|key| **key != partner.key).map(move |key| opted_out_at(person, key))
    });
    Ok(others.collect())
}
