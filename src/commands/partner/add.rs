//! The command that adds a partner; on a terminal it asks for missing details.

use std::collections::BTreeMap;

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::app::exit::missing;
use crate::app::prompt::Prompt;
use crate::commands::completers::stage_keys;
use crate::commands::named::find_stage;
use crate::commands::options::{DryRun, OnDay};
use crate::commands::partner::attributes::{AttributeArgs, check, find_parent, read_contact};
use crate::commands::partner::spelling::take_spellings;
use crate::commands::proposals::next_hint;
use crate::commands::receipts::print_receipt;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::period::PeriodEdge;
use crate::lifecycle::base::text;
use crate::lifecycle::event::{Event, Recorded};
use crate::lifecycle::facts::PartnerFacts;
use crate::lifecycle::history::FoldedHistory;
use crate::lifecycle::partner::{Joined, Partner, parent_stored, refuse_other_details};
use crate::lifecycle::program::{PARENT, Program, Stage};
use crate::lifecycle::rule::History;
use crate::lifecycle::stage::{Entered, Why, beginning};
use crate::report::receipt::Receipt;
use crate::store::{Begun, InForce, Keep, NewEvent, Writer};
use crate::text::events::{ReceiptContext, receipt_of};

/// Add a partner; without a name, it asks for the details on a terminal
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chanlife add-partner \"Acme GmbH\" --type reseller --region EMEA --owner ana
  chanlife add-partner \"Beta Ltd\" --stage readiness --since 2026-09-01
  chanlife add-partner \"Gamma\" --stage growth --since unknown
  chanlife add-partner \"Delta\" --type reseller --parent acme",
    mut_arg("on", |on| on.help("The day it joined the channel [default: today]")))]
pub struct AddPartnerArgs {
    /// Name of the partner
    name: Option<String>,
    /// Short key for commands [default: derived from the name]
    #[arg(long)]
    key: Option<String>,
    #[command(flatten)]
    attributes: AttributeArgs,
    /// Current stage [default: the first]
    #[arg(long, add = ArgValueCompleter::new(stage_keys))]
    stage: Option<String>,
    /// Day it entered that stage, or `unknown`
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// Day from which its history is complete [default: today, or the day it entered the first stage]
    #[arg(long, value_name = "DATE")]
    observed_from: Option<String>,
    #[command(flatten)]
    on: OnDay,
    #[command(flatten)]
    dry_run: DryRun,
}

impl AddPartnerArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(mut self, context: &Context) -> anyhow::Result<Exit> {
        let prompt = context.prompt()?;
        if self.name.is_none() && prompt.is_none() {
            return Err(missing("the name of the partner", "").into());
        }
        let on = self.on.day(context)?;
        let mut begun = context.begin()?;
        let program = begun.store.read(|reader| Ok(reader.program_now()?.program))?;
        if let (None, Some(prompt)) = (&self.name, &prompt) {
            // Nobody is asked for more if what was given will not do.
            self.attributes.read(&program)?;
            self.ask(context, prompt, &program)?;
        }
        self.record(context, begun, on)
    }

    /// Asks for what was not given.
    fn ask(&mut self, context: &Context, prompt: &Prompt, program: &Program) -> anyhow::Result<()> {
        let valid = |text: &str| text::name(text).map(|_| ()).map_err(|fault| format!("the name {fault}"));
        self.name = Some(prompt.text("Name of the partner", "", valid)?);
        for (key, question) in [("type", "Type"), ("tier", "Tier"), ("region", "Region"), ("owner", "Owner")]
        {
            let given = match key {
                "type" => self.attributes.kind.is_some(),
                "tier" => self.attributes.tier.is_some(),
                "region" => self.attributes.region.is_some(),
                _ => self.attributes.owner.is_some(),
            };
            let set = self.attributes.set.iter().any(|pair| pair.starts_with(&format!("{key}=")));
            if !given && !set {
                // Without a user name, nobody in particular is at the keyboard.
                let actor = Some(context.actor()).filter(|actor| key == "owner" && actor != "unknown");
                self.ask_attribute(prompt, program, key, question, &actor.unwrap_or_default())?;
            }
        }
        let own: Vec<String> = program.fields().iter().map(|field| field.key.clone()).collect();
        for key in own.iter().filter(|key| !["type", "tier", "region", "owner"].contains(&key.as_str())) {
            if !self.attributes.set.iter().any(|pair| pair.starts_with(&format!("{key}="))) {
                self.ask_attribute(prompt, program, key, key, "")?;
            }
        }
        if self.attributes.contacts.is_empty() {
            let question = "Contact, such as Ana Ruiz <ana@acme.example>, sales (empty for none)";
            let valid =
                |text: &str| if text.trim().is_empty() { Ok(()) } else { read_contact(text).map(|_| ()) };
            let contact = prompt.text(question, "", valid)?;
            self.attributes.contacts.extend(Some(contact).filter(|text| !text.trim().is_empty()));
        }
        if self.stage.is_none() {
            let names: Vec<&str> = program.stages().iter().map(|stage| stage.name.as_str()).collect();
            let chosen = prompt.choice("Current stage", &names)?;
            self.stage = program.stages().get(chosen).map(|stage| stage.key.clone());
        }
        if self.since.is_none() {
            let valid = |text: &str| {
                self.since_day(context, "this", Some(text)).map(|_| ()).map_err(|e| e.to_string())
            };
            let since = prompt.text("In this stage since (a date or unknown)", "today", valid)?;
            self.since = Some(since);
        }
        Ok(())
    }

    fn ask_attribute(
        &mut self,
        prompt: &Prompt,
        program: &Program,
        key: &str,
        question: &str,
        default: &str,
    ) -> anyhow::Result<()> {
        let options = program.options(key);
        let answer = match options {
            Some(options) => {
                let none = "(none)";
                let choices: Vec<&str> =
                    [none].into_iter().chain(options.iter().map(|(_, name)| *name)).collect();
                match prompt.choice(question, &choices)?.checked_sub(1) {
                    None => String::new(),
                    Some(at) => options[at].0.to_owned(),
                }
            }
            None => {
                // If Enter takes the default, another word says none.
                let (none, label) = if default.is_empty() { ("", "empty") } else { ("-", "-") };
                let valid = |text: &str| {
                    if text.trim() == none { Ok(()) } else { check(program, key, text).map(|_| ()) }
                };
                let answer = prompt.text(&format!("{question} ({label} for none)"), default, valid)?;
                if answer.trim() == none { String::new() } else { answer }
            }
        };
        if !answer.is_empty() {
            self.attributes.set.push(format!("{key}={answer}"));
        }
        Ok(())
    }

    /// Returns the day of entry; nothing if it is unknown.
    fn since_day(&self, context: &Context, option: &str, text: Option<&str>) -> anyhow::Result<Option<Day>> {
        match text {
            None => Ok(Some(self.on.day(context)?)),
            Some("unknown") => Ok(None),
            Some(text) => Ok(Some(context.past_day(option, Some(text))?)),
        }
    }

    fn record(self, context: &Context, mut begun: Begun, on: Day) -> anyhow::Result<Exit> {
        let keep = self.dry_run.keep();
        let (mut receipt, program, sentences) = begun.store.write(keep, |writer| {
            let in_force = writer.reader().program_now()?;
            let (mut joined, entered, since) = self.events(context, &in_force.program, on)?;
            let parent = joined.attributes.get(PARENT).map(String::as_str);
            let parent = find_parent(writer.reader(), &in_force.program, parent)?;
            let number = parent.as_ref().map(|parent| (PARENT.to_owned(), parent_stored(parent.id)));
            joined.attributes.extend(number);
            let values = joined.attributes.iter_mut().map(|(key, value)| (key.as_str(), value));
            let notes = take_spellings(writer.reader(), &in_force.program, values, &[])?;
            let name = joined.attributes.get("name").cloned().unwrap_or_default();
            if let Some(known) = self.known(writer, &in_force, &joined, &entered)? {
                let said = format!("{name} already exists as `{}`; nothing was changed", known.key);
                let receipt = Receipt { said: vec![said.clone()], ..Receipt::default() };
                return Ok((receipt, in_force.program, vec![said]));
            }
            let id = writer.reader().next_partner()?;
            let key = joined.key.clone();
            let number = writer.reader().next_number()?;
            let (program, first) = (&in_force.program, since.min(on));
            let other = parent.as_ref().map(|parent| parent.name.as_str());
            let about = ReceiptContext {
                program,
                partner: &name,
                number,
                day: first,
                other,
                before: None,
                latest: None,
            };
            let said = receipt_of(&[joined.clone().into(), entered.clone().into()], &about);
            let new = |number, day, event| Recorded { number, partner: id, day, event };
            let added =
                [new(number, first, Event::from(joined)), new(number + 1, since, Event::from(entered))];
            let history = History { subject: id, events: Vec::new() };
            let history =
                FoldedHistory::of(history, &in_force.aliases).extended(&added, &in_force.aliases)?;
            let partner = history.partner_on(context.today, &in_force.aliases);
            let next = partner.map(|partner| {
                let facts =
                    PartnerFacts { program: &in_force.program, partner: &partner, day: context.today };
                next_hint(writer.reader(), facts)
            });
            let next = next.transpose()?.flatten();
            let action = writer.record(&context.stamp()?, &[], &[history], &in_force.aliases)?;
            let next = next.filter(|_| keep == Keep::Commit);
            let sentences = [said.clone()].into_iter().chain(notes).chain(next).collect();
            let receipted = |one: Recorded| NewEvent { partner: Some(id), day: one.day, event: one.event };
            let events = added.into_iter().map(|one| (key.clone(), receipted(one))).collect();
            let receipt = Receipt { action, said: vec![said], events, ..Receipt::default() };
            Ok((receipt, in_force.program, sentences))
        })?;
        context.settle(begun, keep == Keep::Commit && receipt.action.is_some())?;
        print_receipt(context, &mut receipt, &program, keep, &sentences)
    }

    fn events(
        &self,
        context: &Context,
        program: &Program,
        on: Day,
    ) -> anyhow::Result<(Joined, Entered, Day)> {
        let typed = self.name.as_deref().unwrap_or_default();
        let name = text::name(typed).map_err(|fault| Error::usage(format!("the name {fault}")))?;
        let given = self.attributes.read(program)?.into_iter();
        let mut attributes: BTreeMap<String, String> =
            given.filter_map(|(key, value)| Some((key, value?))).collect();
        attributes.insert("name".to_owned(), name.clone());
        let key = match &self.key {
            Some(key) if !text::is_key(key) => {
                let why =
                    format!("--key: `{key}` is not a valid key; use lower-case letters, digits and dashes");
                return Err(Error::usage(why).hint(format!("for example `{}`", text::slug(key))).into());
            }
            Some(key) => key.clone(),
            None => text::slug(&name),
        };
        let first: &Stage = beginning(program, &key, &attributes, None)?;
        let named = self.stage.as_deref().map(|word| find_stage(program, "--stage", word)).transpose()?;
        let stage = beginning(program, &key, &attributes, named)?;
        let since = self.since_day(context, "--since", self.since.as_deref())?;
        let observed_from = match self.observed_from.as_deref() {
            Some(text) => context.edge("--observed-from", text, PeriodEdge::First)?,
            None if stage.key == first.key => since.unwrap_or(context.today),
            None => context.today,
        };
        let references = self.attributes.references()?;
        let contacts = self.attributes.contacts()?;
        let joined = Joined { key, attributes, references, contacts, observed_from, imported: None };
        let entered = Entered {
            stage: stage.key.clone(),
            why: Why::Placed,
            unknown_day: since.is_none(),
            overridden: Vec::new(),
            reason: None,
        };
        Ok((joined, entered, since.unwrap_or(on)))
    }

    /// Returns the partner with this key if it has the same details, so that repeating is harmless.
    fn known(
        &self,
        writer: &Writer,
        in_force: &InForce,
        joined: &Joined,
        entered: &Entered,
    ) -> anyhow::Result<Option<Partner>> {
        let Some(id) = writer.reader().partner_named(&joined.key)? else {
            return Ok(None);
        };
        let history = writer.reader().history(id)?;
        let Some(partner) = history.fold(&in_force.aliases, None).partner().cloned() else {
            return Ok(None);
        };
        let stage = self.stage.as_ref().map(|_| entered.stage.as_str());
        if let Err(refusal) = refuse_other_details(&in_force.program, &partner, joined, stage) {
            let key = writer.reader().free_key(&joined.key)?;
            return Err(refusal
                .hint(format!("for another partner: add --key, such as `--key {key}`"))
                .into());
        }
        Ok(Some(partner))
    }
}
