//! Agreeing on terms: how an agreement is taken in, the rules, and what is to be renewed.

use std::collections::BTreeMap;

use crate::lifecycle::base::conflict::Misfit;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::due::{AgendaItem, Due, DueKind};
use crate::lifecycle::facts::{Facts, PartnerFacts};
use crate::lifecycle::forget::{FORGOTTEN, Forgetting, erase};
use crate::lifecycle::happening::{Happening, Moment};
use crate::lifecycle::partner::state::Partner;
use crate::lifecycle::rule::{Decision, Ruling, refuse_left};
use crate::lifecycle::terms::events::{Agreement, TermsAgreed, held_until};
use crate::lifecycle::terms::section::Term;

impl Happening for TermsAgreed {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        at.refuse_left(partner)?;
        for (term, value) in self.values.iter().filter(|(term, _)| at.takes_term(term)) {
            partner.terms.push(Agreement {
                event: at.event,
                day: at.day,
                term: term.clone(),
                value: value.clone(),
                from: self.from.unwrap_or(at.day),
                until: self.until,
                by: self.by.clone(),
                life: partner.returns,
            });
        }
        Ok(())
    }

    fn forget(&mut self, forgetting: &mut Forgetting) {
        erase(&mut self.by);
        for (term, value) in &mut self.values {
            if let Some(text) = value.as_mut().filter(|_| forgetting.is_free_term(term)) {
                FORGOTTEN.clone_into(text);
            }
        }
    }
}

/// What is agreed: values in the form in which they are kept, nothing for a term that is given up.
#[derive(Clone, Debug)]
pub(crate) struct AgreeRequest<'a> {
    pub values: BTreeMap<String, Option<String>>,
    /// The first day on which it holds; that of the agreement if nothing is said.
    pub from: Option<Day>,
    /// The last day on which it holds.
    pub until: Option<Day>,
    pub by: Option<&'a str>,
}

/// Why an agreement is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum TermRefusal {
    EndsBeforeItBegins { from: Day, until: Day },
}

/// Nothing is recorded: all of it is agreed already.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct AgreedAlready {
    pub partner: String,
    /// Each with its value, or its key alone if it is withdrawn.
    pub terms: Vec<String>,
}

/// Records what was agreed; what is agreed so already is left out.
///
/// # Errors
/// Refused for a partner that has left, and if the time would end before it begins.
pub(crate) fn agree(facts: PartnerFacts, mut request: AgreeRequest) -> Ruling {
    refuse_left(facts)?;
    let PartnerFacts { partner, day, .. } = facts;
    let from = request.from.unwrap_or(day);
    check_span(from, request.until)?;
    let is_so = |term: &str, value: &Option<String>| match (facts.agreed(term, from), value) {
        (Some(known), Some(value)) => {
            let unsaid = request.from.is_none() && request.until.is_none();
            known.value.as_ref() == Some(value)
                && (unsaid || (known.from == from && known.until == request.until))
        }
        (None, None) => true,
        _ => false,
    };
    let known: Vec<String> = request
        .values
        .iter()
        .filter(|(term, value)| is_so(term, value))
        .map(|(term, _)| term.clone())
        .collect();
    let asked = std::mem::take(&mut request.values);
    let terms = asked.iter().map(|(term, value)| format!("{term} {}", value.as_deref().unwrap_or_default()));
    let terms: Vec<String> = terms.map(|term| term.trim_end().to_owned()).collect();
    request.values = asked.into_iter().filter(|(term, _)| !known.contains(term)).collect();
    if request.values.is_empty() {
        return Ok(Decision::already(AgreedAlready { partner: partner.name().to_owned(), terms }));
    }
    let from = request.from.filter(|from| *from != day);
    let by = request.by.map(str::to_owned);
    let agreed = TermsAgreed { values: request.values, from, until: request.until, by };
    Decision::record(agreed)
}

/// Checks the days of an agreement.
///
/// # Errors
/// Refused if it would end before it begins.
pub(crate) fn check_span(from: Day, until: Option<Day>) -> Result<(), Error> {
    match until.filter(|until| *until < from) {
        Some(until) => Err(Error::refused(TermRefusal::EndsBeforeItBegins { from, until })),
        None => Ok(()),
    }
}

/// Returns what is agreed and ends, term by term: its last day, and the day since when it is to be agreed anew. What is agreed
/// beyond its end already is left out.
pub fn renewals(facts: PartnerFacts<'_>) -> Vec<(&Term, Day, Day)> {
    let PartnerFacts { program, partner, day } = facts;
    let own = partner.terms.iter().filter(|one| one.life == partner.returns);
    let ending = |term: &'_ Term| held_until(&own, term, day).and_then(|(_, end)| end);
    let found = program.terms.iter().filter_map(|term| Some((term, ending(term)?)));
    found.map(|(term, end)| (term, end, term.renew_by(end))).collect()
}

/// Returns the terms that are to be agreed anew.
pub(crate) fn dues(facts: PartnerFacts) -> Vec<Due> {
    let due = |(term, ends, renewed_by): (&Term, Day, Day)| Due {
        day: renewed_by,
        kind: DueKind::Renewal,
        what: AgendaItem::Renewal { term: term.name.clone(), ends },
        step: Step::agree(&facts.partner.key, term),
        id: format!("renewal.{}.{ends}", term.field.key),
    };
    renewals(facts).into_iter().map(due).collect()
}
