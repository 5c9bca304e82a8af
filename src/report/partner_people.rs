//! The part of `show` on the people of a partner, for machines: people read them in one line each.

use std::collections::BTreeSet;

use crate::lifecycle::facts::PartnerFacts;
use crate::lifecycle::partner::{Contact, identity};
use crate::report::value::{Cell, Table};

/// Returns the contacts of a partner as a table, each with its roles and the courses for which it is certified.
pub(super) fn people(facts: PartnerFacts) -> Table {
    let partner = facts.partner;
    let roles = |contact: &Contact| {
        let roles = contact.role.as_deref().unwrap_or_default().split(',').map(|role| role.trim().to_owned());
        Cell::List(roles.filter(|role| !role.is_empty()).collect())
    };
    let courses = |contact: &Contact| {
        let own = partner.certificates.iter().filter(|one| one.person == identity(contact));
        let courses: BTreeSet<&str> =
            own.filter(|one| one.counts_on(facts.day)).map(|one| one.course.as_str()).collect();
        Cell::list(courses)
    };
    let table = Table::of("people", "Contacts", &partner.contacts)
        .machines("name", |one| &one.name)
        .machines("email", |one| one.email.as_deref())
        .machines("roles", roles)
        .machines("phone", |one| one.phone.as_deref())
        .machines("opted_out", |one| partner.is_opted_out(one))
        .machines("certified", courses);
    table.done().for_machines()
}
