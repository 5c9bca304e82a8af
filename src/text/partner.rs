//! The words of partners: which one is meant, and who it is.

use std::collections::BTreeSet;

use shell_words::quote;

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::{Hint, Step};
use crate::lifecycle::base::text::{counted, listed, phrase};
use crate::lifecycle::partner::{
    Contact, ContactChange, Edited, Joined, Noted, ParentRefusal, Partner, PartnerMisfit, PartnerRefusal,
    PartnerUnchanged, SaleSaid, identity,
};
use crate::lifecycle::program::{PARENT, Program, further, further_key, further_of};
use crate::lifecycle::revenue::InTheWay;
use crate::lifecycle::stage::Standing;
use crate::store::{Lookup, NotFound};
use crate::text::events::{Described, ReceiptContext};
use crate::text::overlaps::records_in_words;

impl Sentence for NotFound {
    fn sentence(&self) -> String {
        if self.ambiguous {
            format!("`{}` matches several partners", self.text)
        } else {
            format!("partner not found: `{}`", self.text)
        }
    }

    fn hints(&self) -> Vec<Hint> {
        let named = |one: &Lookup| {
            if one.key == one.name {
                format!("`{}`", one.key)
            } else {
                format!("`{}` ({})", one.key, one.name)
            }
        };
        let names = self.candidates.iter().map(named).collect::<Vec<String>>().join(", ");
        if names.is_empty() {
            return vec!["`chanlife list` lists all partners; `chanlife add-partner` adds one".into()];
        }
        if self.ambiguous {
            vec![format!("use the key of one of {names}").into()]
        } else {
            vec![format!("did you mean {names}?").into()]
        }
    }
}

impl Sentence for PartnerUnchanged {
    fn sentence(&self) -> String {
        format!("Nothing changes for {}", self.partner)
    }
}

impl Sentence for PartnerMisfit {
    fn sentence(&self) -> String {
        match self {
            PartnerMisfit::JoinsAgain { key } => format!("joins again as `{key}`"),
        }
    }
}

impl Described for Joined {
    fn described(&self, _: &Program) -> String {
        format!("joined as {}", self.attributes.get("name").unwrap_or(&self.key))
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        let name = self.attributes.get("name").unwrap_or(&self.key);
        let parent = about.other.map_or_else(String::new, |parent| format!(", under {parent},"));
        format!("Added {name} as `{}`{parent}", self.key)
    }
}

impl Described for Edited {
    fn described(&self, program: &Program) -> String {
        let further_with = |key: &str| self.attributes.get(&further_key(key)).and_then(Option::as_deref);
        let is_said =
            |key: &str| further_of(key).is_some_and(|of| matches!(self.attributes.get(of), Some(Some(_))));
        let mut parts: Vec<String> = self
            .attributes
            .iter()
            .filter(|(key, value)| value.is_none() || !is_said(key))
            .map(|(key, value)| match value {
                Some(value) if let Some(rest) = further_with(key) => {
                    let is_comma = program.separators(key).contains(&',');
                    let values: Vec<&str> =
                        std::iter::once(value.as_str()).chain(further(Some(rest))).collect();
                    format!("{key} is {}", values.join(if is_comma { ", " } else { "; " }))
                }
                Some(_) if key == PARENT && program.has_parents() => "parent set".to_owned(),
                Some(value) => match further_of(key) {
                    Some(field) => format!("further {field} {}", several_in_words(value)),
                    None => format!("{key} is {value}"),
                },
                None => match further_of(key) {
                    Some(field) => format!("no further {field}"),
                    None => format!("{key} removed"),
                },
            })
            .collect();
        parts.extend(self.references.iter().map(|one| format!("reference {one}")));
        parts.extend(self.contacts.iter().map(|one| format!("contact {}", one.name)));
        parts.extend(self.people_in_words());
        parts.extend(self.contacts_gone.iter().map(|one| format!("contact {one} removed")));
        parts.extend(self.observed_from.map(|day| format!("tracked since {day}")));
        if parts.is_empty() { "forgotten details".to_owned() } else { parts.join(", ") }
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        if let Some(said) = self.moved_in_words(about) {
            return said;
        }
        let known = |key: &str| about.before.and_then(|partner| partner.attribute(key));
        let has_parents = about.program.has_parents();
        let changed = |(key, value): (&String, &Option<String>)| match (value, known(key)) {
            (Some(_), _) if key == PARENT && has_parents => {
                format!("parent to {}", about.other.unwrap_or("another partner"))
            }
            (None, _) if key == PARENT && has_parents => "parent removed".to_owned(),
            (Some(value), _) if let Some(field) = further_of(key) => {
                format!("further {field} {}", several_in_words(value))
            }
            (None, before) if let Some(field) = further_of(key) => {
                format!("{field} {} removed", several_in_words(before.unwrap_or_default()))
            }
            (Some(value), Some(before)) => format!("{key} from `{before}` to `{value}`"),
            (Some(value), None) => format!("{key} to `{value}`"),
            (None, Some(before)) => format!("{key} `{before}` removed"),
            (None, None) => format!("{key} removed"),
        };
        let is_several = |key: &str| self.values_in_words(about, further_of(key).unwrap_or(key)).is_some();
        let single = self.attributes.iter().filter(|(key, _)| !is_several(key));
        let mut parts: Vec<String> = single.map(changed).collect();
        let fields: BTreeSet<&str> =
            self.attributes.keys().map(|key| further_of(key).unwrap_or(key)).collect();
        parts.extend(fields.into_iter().filter_map(|field| self.values_in_words(about, field)));
        parts.extend(self.references.iter().map(|one| format!("reference `{one}` added")));
        parts.extend(self.contacts.iter().map(|one| contact_recorded(about.before, one)));
        parts.extend(self.people_in_words());
        let stays = |change: &ContactChange| {
            Some(goes_with(about.before?, &change.from)).filter(|one| !one.is_empty())
        };
        parts.extend(
            self.contacts_changed.iter().filter_map(stays).map(|what| format!("keeps {}", phrase(&what))),
        );
        parts.extend(self.contacts_gone.iter().map(|one| {
            let what = about.before.map_or_else(Vec::new, |partner| goes_with(partner, one));
            let with = if what.is_empty() { String::new() } else { format!(", with {}", phrase(&what)) };
            format!("contact {one} removed{with}")
        }));
        parts.extend(self.observed_from.map(|day| format!("tracked since {day}")));
        if parts.is_empty() {
            return format!("Changed {}", about.partner);
        }
        format!("Changed {}: {}", about.partner, parts.join(", "))
    }
}

/// Says that a person is a contact now: a new one, one who is called otherwise, or one who must still not be mailed.
fn contact_recorded(before: Option<&Partner>, now: &Contact) -> String {
    let known = before.and_then(|partner| {
        let mut contacts = partner.contacts.iter();
        contacts.find(|one| identity(one) == identity(now))
    });
    let still = before.is_some_and(|partner| partner.is_opted_out(now));
    let still = if still { ", still opted out of mail" } else { "" };
    match known {
        Some(known) if known.name != now.name => {
            format!("contact {} is now {}{still}", known.name, contact(now))
        }
        _ => format!("contact {} recorded{still}", now.name),
    }
}

/// Names the further values of an attribute: "`APAC` and `LATAM`".
fn several_in_words(stored: &str) -> String {
    listed(&further(Some(stored)).collect::<Vec<&str>>())
}

impl Edited {
    /// Says which values of a field with several came and went, and which it has now: "region APAC added; now EMEA, APAC".
    fn values_in_words(&self, about: &ReceiptContext, field: &str) -> Option<String> {
        let partner = about.before?;
        let before = partner.values(field);
        let of = |key: &str| match self.attributes.get(key) {
            Some(value) => value.as_deref(),
            None => partner.attribute(key),
        };
        let further_key = further_key(field);
        let now: Vec<&str> = of(field).into_iter().chain(further(of(&further_key))).collect();
        if before.len() <= 1 && now.len() <= 1 {
            return None;
        }
        let without = |all: &[&str], others: &[&str]| -> Vec<String> {
            all.iter().filter(|one| !others.contains(one)).map(|one| (*one).to_owned()).collect()
        };
        let (added, removed) = (without(&now, &before), without(&before, &now));
        let came = (!added.is_empty()).then(|| format!("{field} {} added", phrase(&added)));
        let went = (!removed.is_empty()).then(|| format!("{field} {} removed", phrase(&removed)));
        let mut said: Vec<String> = came.into_iter().chain(went).collect();
        if said.is_empty() {
            said.push(format!("{field} in another order"));
        }
        let is_text = about.program.is_several(field) && !about.program.separators(field).contains(&',');
        let separator = if is_text { "; " } else { ", " };
        let now = if now.is_empty() { "none".to_owned() } else { now.join(separator) };
        Some(format!("{}; now {now}", said.join(", ")))
    }

    /// Says who went to another partner, and who came from one; nothing of any other change.
    fn moved_in_words(&self, about: &ReceiptContext) -> Option<String> {
        let other = about.other.filter(|_| !self.attributes.contains_key(PARENT))?;
        match (&self.contacts_gone[..], &self.contacts[..]) {
            ([gone], []) => {
                let partner = about.before?;
                let person = partner.contacts.iter().find(|one| identity(one) == gone)?;
                let with = certificates_of(partner, gone);
                let with = with.map_or_else(String::new, |what| format!(", with {what}"));
                Some(format!("Moved {} from {} to {other}{with}", person.name, about.partner))
            }
            ([], [new]) => {
                let still = if self.opted_out.is_empty() { "" } else { ", still opted out of mail" };
                Some(format!("{} is a contact of {} now{still}", contact(new), about.partner))
            }
            _ => None,
        }
    }

    /// Says what changed of people who stay: who is known otherwise, and who may be mailed.
    fn people_in_words(&self) -> Vec<String> {
        let changed = self
            .contacts_changed
            .iter()
            .map(|ContactChange { from, to }| format!("contact {from} is now {}", contact(to)));
        let out = self.opted_out.iter().map(|one| format!("{one} opted out of mail"));
        let back = self.opted_in.iter().map(|one| format!("{one} may be mailed again"));
        changed.chain(out).chain(back).collect()
    }
}

/// Says whom a partner has as contacts.
pub(crate) fn its_contacts(known: &[String]) -> String {
    match known {
        [] => "it has no contacts".to_owned(),
        [only] => format!("its contact is `{only}`"),
        many => format!("its contacts are {}", listed(many)),
    }
}

/// Returns a contact as it can be typed: `Ana Ruiz <ana@acme.example>, sales, +34 91 1234567`.
pub(crate) fn contact(contact: &Contact) -> String {
    let email = contact.email.as_ref().filter(|email| **email != contact.name);
    let email = email.map_or_else(String::new, |email| format!(" <{email}>"));
    let details = contact.role.iter().chain(&contact.phone).map(|one| format!(", {one}"));
    format!("{}{email}{}", contact.name, details.collect::<String>())
}

/// Says for which courses a person is certified: "the certificate for sales"; nothing for none.
fn certificates_of(partner: &Partner, person: &str) -> Option<String> {
    let own = partner.certificates.iter().filter(|one| one.person == person && one.gone.is_none());
    let courses: BTreeSet<&str> = own.map(|one| one.course.as_str()).collect();
    let certificates = if courses.len() == 1 { "the certificate" } else { "the certificates" };
    let courses: Vec<String> = courses.into_iter().map(str::to_owned).collect();
    (!courses.is_empty()).then(|| format!("{certificates} for {}", phrase(&courses)))
}

/// Says what a person has: certificates by course, what was announced to it, open questions.
fn goes_with(partner: &Partner, person: &str) -> Vec<String> {
    let told = partner.notifications.iter().filter(|one| one.to.iter().any(|to| to == person)).count();
    let name = partner.contacts.iter().find(|one| identity(one) == person).map(|one| one.name.as_str());
    let asks = |by: &str| by == person || Some(by) == name;
    let questions =
        partner.questions.iter().filter(|one| one.reply.is_none() && one.by.as_deref().is_some_and(asks));
    let questions = questions.count();
    [
        certificates_of(partner, person),
        (told > 0).then(|| counted(told, "announcement")),
        (questions > 0).then(|| counted(questions, "open question")),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The most parents that are named of a circle.
const MOST_NAMED: usize = 8;

/// Names parents, each under the next one; of many the first and the last ones.
fn way_in_words(chain: &[String]) -> String {
    let named: Vec<String> = chain.iter().map(|key| format!("`{key}`")).collect();
    if named.len() <= MOST_NAMED {
        return named.join(", under ");
    }
    let (first, last) = (&named[..MOST_NAMED / 2], &named[named.len() - MOST_NAMED / 2..]);
    let between = format!("{} more", named.len() - MOST_NAMED);
    [&first.join(", under "), &between, &last.join(", under ")].map(String::as_str).join(", under ")
}

/// How many of the words in use are named.
const NAMED_WORDS: usize = 8;

/// Says that words for an attribute are new beside those that are known: "a new region: Atlantis; in use: APAC, EMEA".
pub(crate) fn new_words(attribute: &str, new: &[&str], known: &[&str]) -> String {
    let list = |words: &[&str]| {
        let first = &words[..words.len().min(NAMED_WORDS)];
        let more = words.len() - first.len();
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        format!("{}{more}", first.join(", "))
    };
    let subject = match new {
        [_] => format!("a new {attribute}"),
        many => format!("{} new values of {attribute}", many.len()),
    };
    format!("{subject}: {}; in use: {}", list(new), list(known))
}

/// Says that a person is not mailed because of what another partner says of the address.
pub(crate) fn opted_out_at(person: &str, key: &str) -> String {
    format!(
        "note: {person} opted out of mail as a contact of `{key}`, too, and is not mailed until \
         `chanlife edit {key} --contact-opt-in {}`",
        quote(person)
    )
}

/// Says that a partner has two contacts of one name, and what to do if that is one person.
pub(crate) fn two_addresses(partner: &Partner, known: &Contact, new: &Contact) -> String {
    let (from, to) = (identity(known), identity(new));
    format!(
        "note: {} has another contact called {}, {from}; for a new address of the same person: `chanlife undo`, then \
         `chanlife edit {} --contact {}`",
        partner.name(),
        known.name,
        partner.key,
        quote(&format!("{from}={to}"))
    )
}

/// Says that a value was recorded in the spelling in use.
pub(crate) fn spelling_taken(attribute: &str, typed: &str, spelling: &str) -> String {
    format!("note: {attribute} `{typed}` is recorded as `{spelling}`, the spelling in use")
}

impl Described for Noted {
    fn described(&self, _: &Program) -> String {
        self.text.clone()
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        format!("Added a note to {}", about.partner)
    }
}

impl Sentence for ParentRefusal {
    fn sentence(&self) -> String {
        match self {
            ParentRefusal::Itself { partner } => format!("`{partner}` cannot be its own parent"),
            ParentRefusal::Circle { partner, chain } => {
                format!("the parents of `{partner}` would go in a circle: {}", way_in_words(chain))
            }
            ParentRefusal::OwnField => {
                "the program has a field `parent` of its own, so partners have no parents".to_owned()
            }
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            ParentRefusal::Itself { .. } => Vec::new(),
            ParentRefusal::Circle { chain, .. } => {
                let first = chain.iter().rev().nth(1).map_or("PARTNER", String::as_str);
                vec![
                    format!(
                        "first take the parent of the other away: `chanlife edit {first} --unset parent`"
                    )
                    .into(),
                ]
            }
            ParentRefusal::OwnField => vec!["rename the field in the program".into()],
        }
    }
}

/// How many partners below one that left are named.
const NAMED_BELOW: usize = 5;

/// Returns what is to be done about the partners below one that left, by their keys.
pub(crate) fn left_with_others_below(key: &str, below: &[String]) -> String {
    let mut named: Vec<String> = below.iter().take(NAMED_BELOW).map(|one| format!("`{one}`")).collect();
    if below.len() > NAMED_BELOW {
        named.push(format!("{} more", below.len() - NAMED_BELOW));
    }
    let (verb, them) = if below.len() == 1 { ("is", "it") } else { ("are", "them") };
    format!(
        "{} {verb} still below it: {}; give {them} another parent with `chanlife edit --where parent={key} --parent OTHER`, \
         or none with `--unset parent`",
        counted(below.len(), "partner"),
        named.join(", ")
    )
}

/// Says the first three of what is in the way, and how many more there are.
fn first_three<T>(all: &[T], said: impl Fn(&T) -> String) -> String {
    let first: Vec<String> = all.iter().take(3).map(said).collect();
    let more = all.len() - first.len();
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    format!("{}{more}", first.join("; "))
}

impl Sentence for PartnerRefusal {
    fn sentence(&self) -> String {
        match self {
            PartnerRefusal::OtherDetails { key, partner, standing } => {
                let standing = match standing {
                    Some(Standing::In { stage }) => format!("in {stage}"),
                    Some(Standing::Parked { .. }) => "parked".to_owned(),
                    Some(Standing::Left { label, .. }) => format!("left ({})", label.word()),
                    None => "in no stage".to_owned(),
                };
                format!("`{key}` already exists with other details: {partner}, {standing}")
            }
            PartnerRefusal::NoContact { partner, contact, .. } => {
                format!("{partner} has no contact `{contact}`")
            }
            PartnerRefusal::ContactInTheWay { partner, other, .. } => {
                format!("{partner} has another contact with that address: {}", contact(other))
            }
            PartnerRefusal::ContactGoneLater { partner, person, now: None, .. } => {
                format!("{person} is no contact of {partner} since a later day")
            }
            PartnerRefusal::ContactGoneLater { partner, person, now: Some(now), .. } => {
                format!("{person} is known at {partner} as {now} since a later day")
            }
            PartnerRefusal::CertifiedLater { person, course, day, .. } => {
                format!("{person} is certified for `{course}` on {day}, which is later")
            }
            PartnerRefusal::NoValue { partner, field, value, .. } => {
                format!("{partner} does not have {field} `{value}`")
            }
            PartnerRefusal::MergedIntoItself { partner } => format!("{partner} cannot be merged into itself"),
            PartnerRefusal::StagesContradict { key, into, conflict } => {
                format!("the stage histories of `{key}` and `{into}` conflict: {conflict}")
            }
            PartnerRefusal::DraftAdded { draft, agreed, year } => format!(
                "the {year} plan of `{draft}` is not agreed and cannot be added to that of `{agreed}`, which is"
            ),
            PartnerRefusal::SalesContradict { key, into, sales } => {
                let said = |one: &SaleSaid| match &one.paid {
                    Some([amount, currency, rate]) => format!("{amount} {currency} at {rate} on {}", one.day),
                    None => format!("{} on {}", one.amount, one.day),
                };
                let pair = |(reference, both): &(String, [SaleSaid; 2])| {
                    let [own, other] = [&both[0], &both[1]].map(said);
                    format!("`{reference}` is {own} for `{into}`, {other} for `{key}`")
                };
                format!("sales with the same reference differ: {}", first_three(sales, pair))
            }
            PartnerRefusal::RecordsContradict { key, into, records, currency, calendar } => {
                let names = (*currency, *calendar);
                let pair = |[own, other]: &[Vec<InTheWay>; 2]| {
                    let [own, other] = [own, other].map(|all| records_in_words(all, names));
                    format!("{own} of `{into}` and {other} of `{key}`")
                };
                format!("revenue of the same days would count twice: {}", first_three(records, pair))
            }
            PartnerRefusal::HistoriesContradict { key, into, conflict, .. } => {
                format!("what is recorded of `{key}` and `{into}` conflicts: {conflict}")
            }
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            PartnerRefusal::OtherDetails { key, .. } => {
                vec![format!("for the same partner: `chanlife edit {key}`").into()]
            }
            PartnerRefusal::NoContact { known, .. } => vec![its_contacts(known).into()],
            PartnerRefusal::ContactInTheWay { key, other, .. } => {
                let person = identity(other);
                vec![
                    format!(
                        "if {} is no longer there, first `chanlife edit {key} --remove-contact {}`",
                        other.name,
                        quote(person)
                    )
                    .into(),
                ]
            }
            PartnerRefusal::ContactGoneLater { key, .. } => vec![Hint::step(
                Step::Log { partner: key.clone() },
                "lists the action that did it; `chanlife undo ACTION`, then change the contact",
            )],
            PartnerRefusal::CertifiedLater { day, event, .. } => vec![
                format!("give --on {day} or a later day; or if the certificate is wrong, `chanlife correct {event} --on DATE`")
                    .into(),
            ],
            PartnerRefusal::NoValue { field, known, .. } if known.is_empty() => {
                vec![format!("it has no {field}").into()]
            }
            PartnerRefusal::NoValue { field, known, .. } => {
                vec![format!("its {field}: {}", listed(known)).into()]
            }
            PartnerRefusal::MergedIntoItself { .. } => Vec::new(),
            PartnerRefusal::StagesContradict { key, .. } => {
                vec![
                    format!("add --without-stages to merge everything except the stage history of {key}")
                        .into(),
                ]
            }
            PartnerRefusal::DraftAdded { .. } => vec![
                "have it agreed first; with --plans keep or take the agreed plan counts until the draft is agreed, or without it"
                    .into(),
            ],
            PartnerRefusal::SalesContradict { key, into, .. }
            | PartnerRefusal::RecordsContradict { key, into, .. } => vec![
                format!("add --keep sales if those of {into} are right, --take sales if those of {key} are")
                    .into(),
            ],
            PartnerRefusal::HistoriesContradict { owner, conflict, .. } => {
                let log = Step::Log { partner: owner.clone() };
                let behind =
                    format!("lists the action with event {}; undo it, then merge again", conflict.event);
                vec![Hint::step(log, behind)]
            }
        }
    }
}
