//! The options with the attributes, references and contacts of a partner.

use std::collections::{BTreeMap, BTreeSet};

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use crate::commands::completers::partner_keys;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::text;
use crate::lifecycle::base::text::nearest;
use crate::lifecycle::event::PartnerId;
use crate::lifecycle::partner::{Contact, ContactRequest, ParentRefusal, identity, refuse_circle};
use crate::lifecycle::program::{PARENT, Program, attributes_of, stored};
use crate::store::{Lookup, Reader};

/// How a contact is written.
pub(crate) const CONTACT_FORM: &str = "write it as \"Ana Ruiz <ana@acme.example>, sales, +34 91 1234567\"; a role and a phone number may be missing";

#[derive(Clone, Debug, Default, Args)]
pub(crate) struct AttributeArgs {
    /// Partner type, such as reseller, distributor, integrator, msp or isv
    #[arg(long = "type", value_name = "TYPE")]
    pub kind: Option<String>,
    #[arg(long, help = "Tier in your program")]
    pub tier: Option<String>,
    /// Sales region; several with commas: the first is its own, and counts in reports
    #[arg(long)]
    pub region: Option<String>,
    /// Partner manager on your side
    #[arg(long, value_name = "NAME")]
    pub owner: Option<String>,
    /// Partner that it belongs to, such as the distributor of a reseller
    #[arg(long, value_name = "PARTNER", add = ArgValueCompleter::new(partner_keys))]
    pub parent: Option<String>,
    /// Set a field of your program, or one of the above; repeat it for more
    #[arg(long, value_name = "FIELD=VALUE")]
    pub set: Vec<String>,
    /// Name or number in another system; repeat it for more
    #[arg(long = "ref", value_name = "REFERENCE")]
    pub references: Vec<String>,
    /// Contact: "Ana Ruiz <ana@acme.example>, sales, +34 91 1234567"; repeat it for more
    #[arg(long = "contact", value_name = "CONTACT")]
    pub contacts: Vec<String>,
}

impl AttributeArgs {
    /// Reads attributes, as they are stored, and checks them against the program's fields; nothing for further values that an
    /// attribute then has no more.
    ///
    /// # Errors
    /// [`Error`] with everything that is invalid.
    pub(crate) fn read(&self, program: &Program) -> anyhow::Result<BTreeMap<String, Option<String>>> {
        let named = [
            ("type", &self.kind),
            ("tier", &self.tier),
            ("region", &self.region),
            ("owner", &self.owner),
            (PARENT, &self.parent),
        ];
        if self.parent.is_some() && !program.has_parents() {
            return Err(Error::refused(ParentRefusal::OwnField).into());
        }
        let mut typed: Vec<(String, String)> =
            named.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value.clone()?))).collect();
        let mut faults: Vec<String> = Vec::new();
        for pair in &self.set {
            match pair.split_once('=') {
                Some((key, value)) => typed.push((key.trim().to_owned(), value.to_owned())),
                None => faults.push(format!("--set {pair}: write it as FIELD=VALUE")),
            }
        }
        let mut attributes = BTreeMap::new();
        for (key, value) in typed {
            match check(program, &key, &value) {
                Ok(_) if attributes.contains_key(&key) => faults.push(format!("{key} is given twice")),
                // A field that had several values may still hold further ones.
                Ok(values) => attributes.extend(stored(&key, &values)),
                Err(why) => faults.push(why),
            }
        }
        if faults.is_empty() {
            return Ok(attributes);
        }
        let failure = Error::usage(faults.join("\n  "));
        if faults.iter().any(|fault| fault.starts_with("unknown field")) {
            let how = "to add a field: `chanlife program show > mine.toml`, add a [[field]], \
                       `chanlife program apply mine.toml`; see `chanlife help program-file`";
            return Err(failure.hint(how).into());
        }
        if faults.iter().any(|fault| fault.contains(", expected one of ")) {
            let how = "to add a value: `chanlife program show > mine.toml`, add it to the program, \
                       `chanlife program apply mine.toml`";
            return Err(failure.hint(how).into());
        }
        Err(failure.into())
    }

    /// Reads references, as they are stored.
    ///
    /// # Errors
    /// [`Error`] for an invalid one.
    pub(crate) fn references(&self) -> anyhow::Result<Vec<String>> {
        let read =
            |one: &String| text::name(one).map_err(|fault| Error::usage(format!("--ref {fault}")).into());
        let mut references: Vec<String> = self.references.iter().map(read).collect::<anyhow::Result<_>>()?;
        let mut seen = BTreeSet::new();
        references.retain(|one| seen.insert(one.clone()));
        Ok(references)
    }

    /// Reads contacts, as they are stored.
    ///
    /// # Errors
    /// [`Error`] for an invalid one.
    pub(crate) fn contacts(&self) -> anyhow::Result<Vec<Contact>> {
        let read = |typed: &String| {
            read_contact(typed)
                .map_err(|why| Error::usage(format!("--contact `{typed}`: {why}")).hint(CONTACT_FORM).into())
        };
        let contacts: Vec<Contact> = self.contacts.iter().map(read).collect::<anyhow::Result<_>>()?;
        let mut seen = BTreeSet::new();
        match contacts.iter().find(|one| !seen.insert(text::folded(identity(one)))) {
            Some(twice) => {
                let why = format!("--contact: `{}` is given twice", identity(twice));
                Err(Error::usage(why).hint("one --contact holds all that is known of a person").into())
            }
            None => Ok(contacts),
        }
    }

    /// Reads contacts, as they are stored, and apart from them what changes of known ones: `OLD=NEW`.
    ///
    /// # Errors
    /// [`Error`] for an invalid one.
    pub(crate) fn contacts_and_changes(&self) -> anyhow::Result<(Vec<Contact>, Vec<ContactRequest>)> {
        let (mut new, mut changes) = (AttributeArgs::default(), Vec::new());
        for typed in &self.contacts {
            let change = read_contact_change(typed)
                .map_err(|why| Error::usage(format!("--contact `{typed}`: {why}")).hint(CONTACT_FORM))?;
            match change {
                Some(change) => changes.push(change),
                None => new.contacts.push(typed.clone()),
            }
        }
        Ok((new.contacts()?, changes))
    }
}

/// Finds the parent that was typed, if one was.
///
/// # Errors
/// An unknown partner.
pub(crate) fn find_parent(
    reader: &Reader,
    program: &Program,
    typed: Option<&str>,
) -> anyhow::Result<Option<Lookup>> {
    let found = typed.filter(|_| program.has_parents()).map(|typed| reader.find(typed)).transpose();
    found.map_err(|error| match error.downcast_ref::<Error>() {
        Some(why) => why.about(format!("--parent: {why}")).into(),
        None => error,
    })
}

/// Refuses a parent that stands below the partner itself.
///
/// # Errors
/// The refusal, and a file that cannot be read.
pub(crate) fn refuse_parent_below(
    reader: &Reader,
    (partner, key): (PartnerId, &str),
    parent: &Lookup,
) -> anyhow::Result<()> {
    let mut chain = vec![(parent.id, parent.key.clone())];
    for above in reader.ancestors(parent.id)? {
        chain.push((above, reader.lookup(above)?.key));
    }
    Ok(refuse_circle((partner, key), &chain)?)
}

/// Reads the values of one attribute, as they are stored; several only if it can have several.
///
/// # Errors
/// Why it cannot be.
pub(crate) fn check(program: &Program, key: &str, value: &str) -> Result<Vec<String>, String> {
    let fault = match program.read_values(key, value) {
        Ok(values) => return Ok(values),
        Err(fault) => fault,
    };
    if let Some(fault) = fault {
        return Err(fault.into());
    }
    let known = attributes_of(program);
    Err(match nearest(key, known.iter().copied()).first() {
        Some(near) => format!("unknown field `{key}`; did you mean `{near}`?"),
        None => format!("unknown field `{key}`"),
    })
}

/// Reads `Ana Ruiz <ana@acme.example>, sales, +49 30 1234567`: a name, and an address, roles and a phone number as far as
/// they are given. The name may hold commas if an address follows it.
///
/// # Errors
/// Why it cannot be read.
pub(crate) fn read_contact(typed: &str) -> Result<Contact, String> {
    let (name, email, rest) = match typed.split_once('<') {
        None => {
            let (name, rest) = typed.split_once(',').unwrap_or((typed, ""));
            // Who is given by address only is called by it until there is a name.
            let email = if name.contains('@') { Some(read_address(name)?) } else { None };
            if let Some(address) = rest.split(',').map(str::trim).find(|part| part.contains('@')) {
                let name = name.trim();
                return Err(format!("the address stands in angle brackets: `{name} <{address}>`"));
            }
            (name, email, Some(rest).filter(|_| typed.contains(',')))
        }
        Some((name, behind)) => {
            let (address, rest) = behind.split_once('>').ok_or("`<` is not closed")?;
            let rest = rest.trim();
            let details = rest.strip_prefix(',').map(Some);
            let none = || if rest.is_empty() { Ok(None) } else { Err(()) };
            let details = details.map_or_else(none, Ok).map_err(|()| {
                format!("`{rest}` stands behind the address; put a comma before a role or a phone number")
            })?;
            (name, Some(read_address(address)?), details)
        }
    };
    let (role, phone) = rest.map_or(Ok((None, None)), read_details)?;
    // Mail programs write a name with a comma in quotation marks.
    let quoted = name.trim().strip_prefix('"').and_then(|name| name.strip_suffix('"'));
    let name = quoted.filter(|name| !name.contains('"')).unwrap_or(name);
    Ok(Contact { name: clean(name)?, email, role, phone })
}

/// Reads what changes of a contact: `jane@acme.example=jane@new.example`, or a whole contact behind the sign. None if there is
/// no sign outside an address.
///
/// # Errors
/// Why it cannot be read.
pub(crate) fn read_contact_change(typed: &str) -> Result<Option<ContactRequest>, String> {
    let mut is_address = false;
    let at = typed.char_indices().find(|(_, sign)| {
        is_address = (is_address || *sign == '<') && *sign != '>';
        *sign == '=' && !is_address
    });
    let Some((at, _)) = at else { return Ok(None) };
    let (who, new) = (typed[..at].trim(), typed[at + 1..].trim());
    let who = who.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or(who, |(one, _)| one);
    let mut request = new_contact(new)?;
    if who.contains('@') && request.email.is_none() {
        return Err(format!("`{new}` is no e-mail address; a new name stands with one: `{new} <{who}>`"));
    }
    who.trim().clone_into(&mut request.who);
    Ok(Some(request))
}

/// Reads who somebody is now: a contact, or only the new address.
///
/// # Errors
/// Why it cannot be read.
pub(crate) fn new_contact(typed: &str) -> Result<ContactRequest, String> {
    let request = |name, email, role, phone| ContactRequest { who: String::new(), name, email, role, phone };
    let bare = typed.split(',').next().unwrap_or_default();
    if bare.contains('@') && !bare.contains('<') {
        let (role, phone) = typed.split_once(',').map_or(Ok((None, None)), |(_, rest)| read_details(rest))?;
        return Ok(request(None, Some(read_address(bare)?), role, phone));
    }
    let Contact { name, email, role, phone } = read_contact(typed)?;
    Ok(request(Some(name), email, role, phone))
}

fn clean(part: &str) -> Result<String, String> {
    text::name(part).map_err(|why| format!("a part {why}"))
}

fn read_address(typed: &str) -> Result<String, String> {
    let address = clean(typed)?;
    let parts: Vec<&str> = address.split('@').collect();
    if parts.len() != 2 || parts.iter().any(|part| part.is_empty()) || address.contains(' ') {
        return Err(format!("`{address}` is not an e-mail address"));
    }
    Ok(address)
}

/// Reads roles and phone numbers, in any order, with commas between them.
fn read_details(typed: &str) -> Result<(Option<String>, Option<String>), String> {
    let parts = typed.split(',').map(clean).collect::<Result<Vec<String>, String>>()?;
    let (phones, mut roles): (Vec<String>, Vec<String>) =
        parts.into_iter().partition(|part| text::is_phone(part));
    let mut seen = BTreeSet::new();
    roles.retain(|role| seen.insert(text::folded(role)));
    let joined = |parts: Vec<String>| Some(parts.join(", ")).filter(|text| !text.is_empty());
    Ok((joined(roles), joined(phones)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_is_read_with_or_without_address_and_role() {
        let contact = |text| read_contact(text).map(|one| (one.name, one.email, one.role)).ok();
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            contact("Ana Ruiz <ana@acme.example>, sales"),
            Some(("Ana Ruiz".to_owned(), some("ana@acme.example"), some("sales")))
        );
        assert_eq!(contact("Ana Ruiz"), Some(("Ana Ruiz".to_owned(), None, None)));
        let whole =
            read_contact("Ruiz, Ana <ana@acme.example>, sales, support, +34 91 1234567").expect("a contact");
        assert_eq!((whole.name.as_str(), whole.role.as_deref()), ("Ruiz, Ana", Some("sales, support")));
        assert_eq!(whole.phone.as_deref(), Some("+34 91 1234567"));
        let phoned = read_contact("Tom, 030/1234567, buyer").expect("a contact");
        assert_eq!((phoned.phone.as_deref(), phoned.role.as_deref()), (Some("030/1234567"), Some("buyer")));
        for bad in ["", "<a@b>", "Ana <a@b", "Ana <ab>", "Ana <a@b@c>", "Ana <@b>, x", "Ana, ", "Ana <a@b> x"]
        {
            assert_eq!(contact(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_change_of_a_contact_names_who_it_was_and_what_is_new() {
        let change = |text| read_contact_change(text).expect("understood");
        assert!(change("Ana Ruiz <a=b@acme.example>, sales").is_none());
        let address = change("ana@acme.example=ana@new.example").expect("a change");
        assert_eq!(
            (address.who.as_str(), address.email.as_deref()),
            ("ana@acme.example", Some("ana@new.example"))
        );
        assert_eq!((address.name, address.role), (None, None));
        let whole = change("Ana <ana@acme.example>=Ana Lee <lee@new.example>, buyer").expect("a change");
        assert_eq!((whole.who.as_str(), whole.name.as_deref()), ("ana@acme.example", Some("Ana Lee")));
        assert!(read_contact_change("ana=").is_err() && read_contact_change("ana=<x").is_err());
    }
}
