//! Messages of an announcement: one for each contact, with fields filled in, as files ready to send.

use std::collections::BTreeMap;
use std::path::Path;

use crate::app::context::{Context, Outbox, shown_path};
use crate::export::{MailMessage, MessageTemplate, eml};
use crate::lifecycle::announcements::Announced;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::hint::{Hint, Step};
use crate::lifecycle::base::text::{counted, is_email_address, phrase, slug};
use crate::lifecycle::facts::{Facts, PartnerFacts};
use crate::lifecycle::partner::Contact;
use crate::lifecycle::partner::Partner;
use crate::lifecycle::partner::identity;
use crate::lifecycle::program::{BUILT_IN_ATTRIBUTES, Program};
use crate::report::messages;

/// Fields that every message can have, in addition to attributes and terms.
const FIELDS: [&str; 7] = ["partner", "key", "contact", "email", "role", "launch_day", "days_to_launch"];

/// Those that need a launch day.
const LAUNCH_FIELDS: [&str; 2] = ["launch_day", "days_to_launch"];

/// Subject, body and recipients of an announcement, before the fields are filled in.
pub(super) struct Messages {
    subject: MessageTemplate,
    body: MessageTemplate,
    role: Option<String>,
    pub sender: String,
    /// Whether messages are written at all, be it as files or for a mail merge.
    are_wanted: bool,
    /// The addresses, in lower case, of all in the channel who must not be mailed, each with the keys of the partners of which
    /// that is recorded; none if partners are told otherwise than
    /// by mail.
    opted_out: Option<BTreeMap<String, Vec<String>>>,
}

/// Who gets no message, each by name.
#[derive(Default)]
pub(super) struct LeftOut {
    pub opted_out: Vec<String>,
    pub without_address: Vec<String>,
}

impl Messages {
    /// Reads the fields in the subject and in the body.
    ///
    /// # Errors
    /// [`Error`] for an unknown field.
    pub(super) fn new(
        program: &Program,
        announced: &Announced,
        role: Option<String>,
        sender: Option<String>,
        (are_wanted, opted_out): (bool, Option<BTreeMap<String, Vec<String>>>),
    ) -> Result<Messages, Error> {
        let mut known: Vec<&str> = FIELDS.to_vec();
        known.extend(BUILT_IN_ATTRIBUTES.iter().filter(|key| **key != "name"));
        let own = program.fields().iter().map(|field| field.key.as_str());
        known.extend(own.filter(|key| !BUILT_IN_ATTRIBUTES.contains(key)));
        known.extend(program.terms.iter().map(|term| term.field.key.as_str()));
        let parse = |option: &str, text: &str| {
            MessageTemplate::parse(text, &known).map_err(|why| Error::usage(format!("{option}: {why}")))
        };
        let subject = parse("--subject", &announced.subject)?;
        let body = parse("--body", &announced.body)?;
        let used = [&subject, &body].map(|one| one.without_value(&BTreeMap::new())).concat();
        if announced.launch.is_none()
            && let Some(field) = used.iter().find(|field| LAUNCH_FIELDS.contains(field))
        {
            let why = format!("{} has no value: {} has no launch day", braced(field), announced.announcement);
            return Err(Error::usage(why).hint("give the launch day with --launch-day DATE"));
        }
        Ok(Messages { subject, body, role, sender: sender.unwrap_or_default(), are_wanted, opted_out })
    }

    /// Returns the recipients at a partner.
    ///
    /// # Errors
    /// Refused if messages are wanted and no contact has an e-mail address.
    pub(super) fn recipients(&self, partner: &Partner) -> Result<Vec<String>, Error> {
        let meant: Vec<String> = self.meant(partner).map(|contact| identity(contact).to_owned()).collect();
        if self.are_wanted && meant.is_empty() && self.left_out(partner).opted_out.is_empty() {
            let role = self.role.as_ref().map_or_else(String::new, |role| format!(" with the role `{role}`"));
            return Err(Error::refused(format!(
                "{} has no contact{role} with an e-mail address",
                partner.name()
            ))
            .hint(format!(
                "add one: `chanlife edit {} --contact \"Jane Doe <jane@acme.example>, sales\"`",
                partner.key
            )));
        }
        Ok(meant)
    }

    /// Returns the contacts to whom messages would go if they had not opted out of mail, or had an address.
    pub(super) fn left_out(&self, partner: &Partner) -> LeftOut {
        let named = |contact: &Contact| match &contact.email {
            Some(email) if *email != contact.name => format!("{} <{email}>", contact.name),
            _ => contact.name.clone(),
        };
        let mut left_out = LeftOut::default();
        for one in self.fitting(partner) {
            if self.is_opted_out(partner, one) {
                left_out.opted_out.push(format!("{}{}", named(one), self.elsewhere(partner, one)));
            } else if !self.is_reached(one) {
                left_out.without_address.push(named(one));
            }
        }
        left_out
    }

    fn meant<'p>(&self, partner: &'p Partner) -> impl Iterator<Item = &'p Contact> {
        self.fitting(partner).filter(|one| self.is_reached(one) && !self.is_opted_out(partner, one))
    }

    /// Returns whether a contact must not be mailed: it opted out with this partner, or its address did with any other.
    fn is_opted_out(&self, partner: &Partner, contact: &Contact) -> bool {
        let Some(opted_out) = &self.opted_out else { return false };
        let everywhere =
            contact.email.as_ref().is_some_and(|one| opted_out.contains_key(&one.to_lowercase()));
        everywhere || partner.is_opted_out(contact)
    }

    /// Says at which other partner a contact opted out, if that is not recorded of this one.
    fn elsewhere(&self, partner: &Partner, contact: &Contact) -> String {
        let email = contact.email.as_ref().filter(|_| !partner.is_opted_out(contact));
        let keys = self.opted_out.as_ref().zip(email).and_then(|(all, email)| all.get(&email.to_lowercase()));
        let keys = keys.map_or_else(Vec::new, |keys| keys.iter().map(|key| format!("`{key}`")).collect());
        if keys.is_empty() { String::new() } else { format!(" (opted out at {})", phrase(&keys)) }
    }

    /// Returns whether a message can go to a contact, if messages are written.
    fn is_reached(&self, contact: &Contact) -> bool {
        !self.are_wanted || address(contact).is_some()
    }

    fn fitting<'p>(&self, partner: &'p Partner) -> impl Iterator<Item = &'p Contact> {
        let fits = |one: &&Contact| self.role.as_ref().is_none_or(|role| one.has_role(role));
        partner.contacts.iter().filter(fits)
    }

    /// Returns the messages to one partner, filled in.
    ///
    /// # Errors
    /// Refused if a field has no value for the partner or one of its contacts.
    pub(super) fn write(
        &self,
        facts: PartnerFacts,
        announced: &Announced,
    ) -> Result<Vec<MailMessage>, Error> {
        if !self.are_wanted {
            return Ok(Vec::new());
        }
        let PartnerFacts { program, partner, day } = facts;
        let mut values: BTreeMap<&str, String> = BTreeMap::new();
        for (key, value) in partner.attributes() {
            values.insert(key, value.clone());
        }
        for term in &program.terms {
            let agreed = facts.agreed(&term.field.key, day).and_then(|one| one.value.clone());
            values.extend(agreed.map(|value| (term.field.key.as_str(), value)));
        }
        values.insert("partner", partner.name().to_owned());
        values.insert("key", partner.key.clone());
        if let Some(launch) = announced.launch {
            values.insert("launch_day", launch.to_string());
            values.insert("days_to_launch", launch.since(day).to_string());
        }
        let host =
            self.sender.rsplit_once('@').map_or("chanlife", |(_, host)| host.trim_end_matches('>').trim());
        let mut written: Vec<MailMessage> = Vec::new();
        for contact in self.meant(partner) {
            let email = address(contact).unwrap_or_default().to_owned();
            values.insert("contact", contact.name.clone());
            values.insert("email", email.clone());
            values.insert("role", contact.role.clone().unwrap_or_default());
            self.refuse_holes(facts, contact, &values)?;
            let stem = format!("{}--{}", partner.key, slug(&contact.name));
            let again = written.iter().filter(|known| known.file_stem.starts_with(&stem)).count();
            let stem = if again == 0 { stem } else { format!("{stem}-{}", again + 1) };
            written.push(MailMessage {
                message_id: format!("{}.{stem}@{host}", announced.announcement),
                file_stem: stem,
                to_name: contact.name.clone(),
                to_email: email,
                subject: self.subject.fill(&values),
                body: self.body.fill(&values),
                partner: partner.key.clone(),
            });
        }
        Ok(written)
    }

    /// Refuses a message with a field that has no value.
    fn refuse_holes(
        &self,
        facts: PartnerFacts,
        contact: &Contact,
        values: &BTreeMap<&str, String>,
    ) -> Result<(), Error> {
        let mut missing = self.subject.without_value(values);
        for field in self.body.without_value(values) {
            if !missing.contains(&field) {
                missing.push(field);
            }
        }
        if missing.is_empty() {
            return Ok(());
        }
        let PartnerFacts { program, partner, .. } = facts;
        let fields = missing.iter().map(|field| braced(field)).collect::<Vec<String>>().join(" and ");
        let verb = if missing.len() == 1 { "has" } else { "have" };
        let of = if missing.contains(&"role") { format!(" ({})", contact.name) } else { String::new() };
        let refusal = Error::refused(format!("{fields} {verb} no value for {}{of}", partner.name()));
        Err(missing.iter().fold(refusal, |refusal, field| refusal.hint(remedy(program, partner, field))))
    }
}

/// Returns the address to which a contact is mailed; that of one recorded by its address alone is its name.
fn address(contact: &Contact) -> Option<&str> {
    let written = [contact.email.as_deref(), Some(contact.name.as_str())];
    written.into_iter().flatten().find(|one| is_email_address(one))
}

/// Returns a field as it stands in a text.
fn braced(field: &str) -> String {
    format!("{{{{{field}}}}}")
}

/// Says what gives a field its value.
fn remedy(program: &Program, partner: &Partner, field: &str) -> Hint {
    if let Some(term) = program.term(field) {
        return Hint::if_so("agree it:", Step::agree(&partner.key, term));
    }
    let change = match field {
        "role" => "--contact \"NAME <ADDRESS>, ROLE\"".to_owned(),
        "type" | "tier" | "region" | "owner" => format!("--{field} {}", field.to_uppercase()),
        _ => format!("--set {field}=VALUE"),
    };
    format!("record it: `chanlife edit {} {change}`", partner.key).into()
}

/// Writes messages to a temporary place, to be moved into a folder later.
///
/// # Errors
/// If a file cannot be written, or already exists.
pub(super) fn outbox<'m>(
    context: &Context,
    folder: &Path,
    sender: &str,
    messages: impl Iterator<Item = &'m MailMessage>,
) -> anyhow::Result<Outbox> {
    let instant = context.stamp()?.now;
    let mut files = Vec::new();
    for message in messages {
        let bytes = eml(message, sender, &instant).map_err(Error::usage)?;
        files.push((format!("{}.eml", message.file_stem), bytes));
    }
    context.outbox(folder, &files)
}

/// Puts the files in place, after the announcement was recorded.
///
/// # Errors
/// If a file cannot be written; the error says that the announcement is recorded nevertheless.
pub(super) fn deliver(
    context: &Context,
    key: &str,
    messages: &[MailMessage],
    folder: Option<(Outbox, &Path)>,
    merge: Option<&Path>,
) -> anyhow::Result<()> {
    let count = counted(messages.len(), "message");
    let recorded = || {
        format!(
            "announcement {key} was recorded, but its messages were not written; repeat the command to write them"
        )
    };
    let (outbox, folder) = folder.unzip();
    if let Some(outbox) = outbox {
        outbox.place().map_err(|error| error.context(recorded()))?;
    }
    if let Some(folder) = folder.filter(|_| !messages.is_empty()) {
        let them =
            if messages.len() == 1 { "it is not sent: open it" } else { "they are not sent: open them" };
        context.say(&format!(
            "Wrote {count} to {}; {them} in your mail program and send {}",
            shown_path(folder),
            if messages.len() == 1 { "it" } else { "them" }
        ));
    }
    if let Some(file) = merge {
        let rows = messages.iter().map(|one| {
            [&one.partner, &one.to_name, &one.to_email, &one.subject, &one.body].map(String::as_str)
        });
        let merge = messages::merge(rows);
        context.write_csv(file, &merge).map_err(|error| error.context(recorded()))?;
        context.say(&format!("Wrote {} to {}", counted(messages.len(), "row"), shown_path(file)));
    }
    Ok(())
}
