//! The part of `show` on enablement: terms, certificates, materials, funds, announcements, questions.

use crate::lifecycle::facts::{Facts, PartnerFacts};
use crate::report::value::{Cell, Figure};

/// Returns terms, renewals, certificates, materials, funds, announcements and open questions.
pub(super) fn enablement_figures(facts: PartnerFacts) -> Vec<Figure> {
    let PartnerFacts { program, partner, day } = facts;
    let agreed = program.terms.iter().filter_map(|term| {
        let key = term.field.key.as_str();
        let agreement = facts.agreed(key, day)?;
        let until = agreement.until.map_or_else(String::new, |until| format!(" until {until}"));
        Some(format!("{key} {}{until}", agreement.value.as_deref()?))
    });
    let renewals =
        crate::lifecycle::terms::renewals(facts).into_iter().filter(|(.., renewed_by)| *renewed_by <= day);
    let renewals = renewals.map(|(term, end, _)| format!("{} (expires {end})", term.field.key));
    let kind = partner.attribute("type");
    let certified = program.courses.iter().filter(|course| course.is_for(kind)).filter_map(|course| {
        let counts = partner.certificates.iter().filter(|one| one.course == course.key && one.counts_on(day));
        let mut people: Vec<&str> = counts.map(|one| one.person.as_str()).collect();
        people.sort_unstable();
        people.dedup();
        (!people.is_empty())
            .then(|| format!("{} {} of {} ({})", course.key, people.len(), course.people, people.join(", ")))
    });
    let materials =
        program.materials.iter().filter(|material| material.is_for(kind)).filter_map(|material| {
            let got = facts.delivered(&material.key)?;
            let outdated = if got.version == material.version { "" } else { ", outdated" };
            Some(format!("{} {}{outdated}", material.key, got.version))
        });
    let books = partner.books.on(day);
    let money = |minor: i128| format!("{} {}", program.currency.money(minor), program.currency.code());
    let funds = books.ledgers().map(|(fund, ledger)| {
        let balance = ledger.balance();
        let mut parts = vec![format!("{fund} {} available", money(balance.available))];
        for (minor, word) in
            [(balance.committed, "committed"), (balance.claimed, "awaiting payment"), (balance.paid, "paid")]
        {
            if minor > 0 {
                parts.push(format!("{} {word}", money(minor)));
            }
        }
        parts.join(", ")
    });
    let told: Vec<String> =
        partner.notifications.iter().map(|one| format!("{} on {}", one.announcement, one.day)).collect();
    let open = partner.questions.iter().filter(|one| one.reply.is_none()).count();
    vec![
        Figure::new("terms", "Terms", Cell::list(agreed)),
        Figure::new("to_renew", "Up for renewal", Cell::list(renewals)),
        Figure::new("certified", "Certified", Cell::list(certified)),
        Figure::new("materials", "Materials", Cell::list(materials)),
        Figure::new("funds", "Funds", Cell::list(funds)),
        Figure::new("told", "Announcements", Cell::List(told)),
        Figure::for_machines("open_questions", Cell::count(open)),
        Figure::for_people("Open questions", (open > 0).then(|| Cell::count(open))),
    ]
}
