//! The options with the attributes, references and contacts of a partner.

use std::collections::{BTreeMap, BTreeSet};

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use crate::commands::completers::partner_keys;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::text;
use crate::lifecycle::base::text::nearest;
use crate::lifecycle::event::PartnerId;
use crate::lifecycle::partner::{Contact, ParentRefusal, refuse_circle};
use crate::lifecycle::program::{PARENT, Program, attributes_of, stored};
use crate::store::{Lookup, Reader};

#[derive(Clone, Debug, Default, Args)]
pub(crate) struct AttributeArgs {
    /// Partner type, such as reseller, distributor, integrator, msp or isv
    #[arg(long = "type", value_name = "TYPE")]
    pub kind: Option<String>,
    #[arg(long, help = "Tier in your program")]
    pub tier: Option<String>,
    /// Sales region; of several, separated by commas, the first is its own, by which reports count it
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
    /// Contact: "Ana Ruiz <ana@acme.example>, sales"; repeat it for more
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
                Ok(values) if program.is_several(&key) => attributes.extend(stored(&key, &values)),
                Ok(values) => attributes.extend(values.into_iter().map(|value| (key.clone(), Some(value)))),
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
            read_contact(typed).map_err(|why| {
                Error::usage(format!("--contact `{typed}`: {why}"))
                    .hint("write it as \"Ana Ruiz <ana@acme.example>, sales\"")
                    .into()
            })
        };
        self.contacts.iter().map(read).collect()
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

/// Reads `Ana Ruiz <ana@acme.example>, sales`; the address and the role may be missing.
///
/// # Errors
/// Why it cannot be read.
pub(crate) fn read_contact(typed: &str) -> Result<Contact, String> {
    let clean = |part: &str| text::name(part).map_err(|why| format!("a part {why}"));
    let (person, role) = match typed.rsplit_once(',') {
        Some((person, role)) => (person, Some(clean(role)?)),
        None => (typed, None),
    };
    let (name, email) = match person.split_once('<') {
        None => (person, None),
        Some((name, rest)) => {
            let address = clean(rest.trim().strip_suffix('>').ok_or("`<` is not closed")?)?;
            let parts: Vec<&str> = address.split('@').collect();
            if parts.len() != 2 || parts.iter().any(|part| part.is_empty()) || address.contains(' ') {
                return Err(format!("`{address}` is not an e-mail address"));
            }
            (name, Some(address))
        }
    };
    Ok(Contact { name: clean(name)?, email, role })
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
        for bad in ["", "<a@b>", "Ana <a@b", "Ana <ab>", "Ana <a@b@c>", "Ana <@b>, x", "Ana, "] {
            assert_eq!(contact(bad), None, "{bad}");
        }
    }
}
