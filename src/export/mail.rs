//! Messages to many: a text whose fields are filled in for each reader, as mail that is ready to send.

use std::collections::BTreeMap;

use chrono::DateTime;
use mail_builder::MessageBuilder;
use mail_builder::headers::address::Address;
use mail_builder::headers::raw::Raw;

use crate::lifecycle::base::text::{listed, mailbox, nearest};

/// A text with fields in double braces, such as `Dear {{contact}}`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MessageTemplate {
    parts: Vec<TemplatePart>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum TemplatePart {
    Text(String),
    Field(String),
}

/// One message to one person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct MailMessage {
    /// The name of its file, without the ending.
    pub file_stem: String,
    pub to_name: String,
    pub to_email: String,
    pub subject: String,
    pub body: String,
    /// The key of the partner.
    pub partner: String,
    /// Without angle brackets; the same for the same message.
    pub message_id: String,
}

impl MessageTemplate {
    /// Reads a text; `known` are the fields that there are.
    ///
    /// # Errors
    /// A field that is not known, or braces that are not closed, with the line.
    pub fn parse(text: &str, known: &[&str]) -> Result<MessageTemplate, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find("{{") {
            let line = text[..text.len() - rest.len() + at].matches('\n').count() + 1;
            let (before, inside) = (&rest[..at], &rest[at + 2..]);
            let end =
                inside.find("}}").ok_or_else(|| format!("line {line}: `{{{{` is not closed by `}}}}`"))?;
            let field = inside[..end].trim().replace('-', "_").to_lowercase();
            let Some(field) = known.iter().find(|one| one.replace('-', "_") == field) else {
                let shown: String = inside[..end].chars().take(40).collect();
                let near = nearest(&field, known.iter().copied());
                let hint = match near.first() {
                    Some(near) => format!("did you mean `{{{{{near}}}}}`?"),
                    None => format!("there are {}", listed(known)),
                };
                return Err(format!("line {line}: there is no field `{{{{{shown}}}}}`; {hint}"));
            };
            parts.push(TemplatePart::Text(before.to_owned()));
            parts.push(TemplatePart::Field((*field).to_owned()));
            rest = &inside[end + 2..];
        }
        parts.push(TemplatePart::Text(rest.to_owned()));
        Ok(MessageTemplate { parts })
    }

    /// Returns the fields that have no value among these, in the order of the text.
    pub(crate) fn without_value(&self, values: &BTreeMap<&str, String>) -> Vec<&str> {
        let is_empty = |field: &str| values.get(field).is_none_or(|value| value.trim().is_empty());
        let mut found: Vec<&str> = Vec::new();
        for part in &self.parts {
            if let TemplatePart::Field(field) = part
                && is_empty(field)
                && !found.contains(&field.as_str())
            {
                found.push(field);
            }
        }
        found
    }

    /// Returns the text with these values; what has none is blank.
    pub fn fill(&self, values: &BTreeMap<&str, String>) -> String {
        let part = |part: &TemplatePart| match part {
            TemplatePart::Text(text) => text.clone(),
            TemplatePart::Field(field) => values.get(field.as_str()).cloned().unwrap_or_default(),
        };
        self.parts.iter().map(part).collect()
    }
}

/// Writes the message as mail (RFC 5322), as a draft that mail programs open ready to send. `sender` is written as
/// `Ana Ruiz <ana@vendor.example>` or as an address alone; `instant` is in RFC 3339.
///
/// # Errors
/// A sender without an address.
pub(crate) fn eml(message: &MailMessage, sender: &str, instant: &str) -> Result<Vec<u8>, String> {
    let date = DateTime::parse_from_rfc3339(instant)
        .map_err(|error| format!("`{instant}` is no instant: {error}"))?;
    // Within quotes some readers would take it for an encoded word.
    let to_name = message.to_name.replace("=?", "= ?");
    let mut mail = Vec::new();
    MessageBuilder::new()
        .from(sender_address(sender)?)
        .to(Address::new_address(Some(to_name.as_str()), message.to_email.as_str()))
        .subject(message.subject.as_str())
        .date(date.timestamp())
        .message_id(message.message_id.as_str())
        .header("X-Unsent", Raw::new("1"))
        .text_body(message.body.as_str())
        .serialize(&mut mail);
    Ok(mail)
}

fn sender_address(sender: &str) -> Result<Address<'_>, String> {
    let (name, address) = mailbox(sender)
        .ok_or_else(|| format!("the sender is `{sender}`, expected \"Ana Ruiz <ana@vendor.example>\""))?;
    Ok(Address::new_address(name, address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_filled_in_and_unknown_ones_are_refused() {
        let known = ["contact", "launch_day", "return-window"];
        let template =
            MessageTemplate::parse("Dear {{contact}},\n{{ return-window }} d {a}{{launch_day}}", &known);
        let values = [("contact", "Ana".to_owned()), ("return-window", "30".to_owned())].into();
        let template = template.expect("a template");
        assert_eq!(template.fill(&values), "Dear Ana,\n30 d {a}");
        assert_eq!(template.without_value(&values), ["launch_day"]);
        let unknown = MessageTemplate::parse("a\nb {{contcat}}", &known).expect_err("unknown");
        assert!(unknown.contains("line 2") && unknown.contains("{{contact}}"), "{unknown}");
        let open = MessageTemplate::parse("{{contact", &known).expect_err("open");
        assert!(open.contains("not closed"), "{open}");
        assert_eq!(MessageTemplate::parse("", &known).expect("empty").fill(&BTreeMap::new()), "");
    }
}
