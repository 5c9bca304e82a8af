//! The part of `show` on enablement: terms, certificates, materials, funds, announcements, questions. To show records of
//! another kind, add one line to [`SHOWN_RECORDS`].

use crate::lifecycle::facts::{Facts, PartnerFacts};
use crate::lifecycle::terms::{renewals, to_come};
use crate::report::value::{Cell, Figure};
use crate::text::terms::agreed_for_later;

/// Records of a partner in words.
type ShownRecords = fn(PartnerFacts) -> Vec<String>;

/// The records that are shown: their name for machines, their heading for people, and the records in words.
const SHOWN_RECORDS: &[(&str, &str, ShownRecords)] = &[
    ("terms", "Terms", terms),
    ("terms_to_come", "Agreed for later", terms_to_come),
    ("to_renew", "Up for renewal", to_renew),
    ("certified", "Certified", certified),
    ("materials", "Materials", materials),
    ("funds", "Funds", funds),
    ("told", "Announcements", announcements),
];

/// Returns terms, renewals, certificates, materials, funds, announcements and open questions.
pub(super) fn enablement_figures(facts: PartnerFacts) -> Vec<Figure> {
    let open = facts.partner.questions.iter().filter(|one| one.reply.is_none()).count();
    let records =
        SHOWN_RECORDS.iter().map(|(key, heading, of)| Figure::new(key, heading, Cell::List(of(facts))));
    let questions = [
        Figure::for_machines("open_questions", Cell::count(open)),
        Figure::for_people("Open questions", (open > 0).then(|| Cell::count(open))),
    ];
    records.chain(questions).collect()
}

fn terms(facts: PartnerFacts) -> Vec<String> {
    let agreed = facts.program.terms.iter().filter_map(|term| {
        let key = term.field.key.as_str();
        let agreement = facts.agreed(key, facts.day)?;
        let until = agreement.until.map_or_else(String::new, |until| format!(" until {until}"));
        Some(format!("{key} {}{until}", agreement.value.as_deref()?))
    });
    agreed.collect()
}

fn terms_to_come(facts: PartnerFacts) -> Vec<String> {
    let own = facts.partner.terms.iter().filter(|one| one.life == facts.partner.returns);
    to_come(&own, facts.day).into_iter().map(agreed_for_later).collect()
}

fn to_renew(facts: PartnerFacts) -> Vec<String> {
    let renewals = renewals(facts).into_iter().filter(|(.., renewed_by)| *renewed_by <= facts.day);
    let expires = |end| if end < facts.day { "expired on" } else { "expires" };
    renewals.map(|(term, end, _)| format!("{} ({} {end})", term.field.key, expires(end))).collect()
}

fn certified(facts: PartnerFacts) -> Vec<String> {
    let needed = facts.program.courses.iter().filter(|course| facts.applies(&course.applies));
    let certified = needed.filter_map(|course| {
        let people: Vec<&str> = facts.certified(&course.key).into_iter().collect();
        (!people.is_empty())
            .then(|| format!("{} {} of {} ({})", course.key, people.len(), course.people, people.join(", ")))
    });
    certified.collect()
}

fn materials(facts: PartnerFacts) -> Vec<String> {
    let wanted = facts.program.materials.iter().filter(|material| facts.applies(&material.applies));
    let got = wanted.filter_map(|material| {
        let got = facts.delivered(&material.key)?;
        let outdated = if material.is_newest(got) { "" } else { ", outdated" };
        Some(format!("{} {}{outdated}", material.key, got.version))
    });
    got.collect()
}

fn funds(facts: PartnerFacts) -> Vec<String> {
    let currency = facts.program.currency;
    let money = |minor: i128| format!("{} {}", currency.money(minor), currency.code());
    let books = facts.partner.books.on(facts.day);
    let funds = books.ledgers().map(|(fund, ledger)| {
        let balance = ledger.balance();
        let mut parts = vec![format!("{fund} {} available", money(balance.available))];
        for (minor, word) in [
            (balance.committed, "committed"),
            (balance.claimed, "awaiting payment"),
            (balance.paid, "paid"),
            (balance.overpaid, "overpaid"),
            (balance.not_covered, "not covered"),
        ] {
            if minor > 0 {
                parts.push(format!("{} {word}", money(minor)));
            }
        }
        parts.join(", ")
    });
    funds.collect()
}

fn announcements(facts: PartnerFacts) -> Vec<String> {
    facts.notifications().map(|one| format!("{} on {}", one.announcement, one.day)).collect()
}
