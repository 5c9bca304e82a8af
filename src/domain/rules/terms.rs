//! Terms: what is agreed with a partner, since when and until when.

use std::collections::BTreeMap;

use super::{Decision, Refusal, Ruling, Scene, refuse_left};
use crate::domain::backing::{Agreement, Term};
use crate::domain::day::Day;
use crate::domain::event::TermsAgreed;
use crate::domain::program::FieldKind;

/// What is agreed: values in the form in which they are kept, nothing for a term that is given up.
#[derive(Clone, Debug)]
pub struct AgreeRequest<'a> {
    pub values: BTreeMap<String, Option<String>>,
    /// The first day on which it holds; that of the agreement where nothing is said.
    pub from: Option<Day>,
    /// The last day on which it holds.
    pub until: Option<Day>,
    pub by: Option<&'a str>,
}

/// Records what was agreed; what is agreed so already is left out.
///
/// # Errors
/// Refused for a partner that has left, and where the time would end before it begins.
pub fn agree(scene: Scene, mut request: AgreeRequest) -> Ruling {
    refuse_left(scene)?;
    let Scene { partner, day, .. } = scene;
    let from = request.from.unwrap_or(day);
    if let Some(until) = request.until.filter(|until| *until < from) {
        return Err(Refusal::new(format!("it would end on {until}, before it begins on {from}")));
    }
    let is_so = |term: &str, value: &Option<String>| match (partner.agreed(term, from), value) {
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
    request.values.retain(|term, _| !known.contains(term));
    let name = partner.name();
    if request.values.is_empty() {
        return Ok(Decision::AlreadySo(format!("{name}: that is agreed already")));
    }
    let said: Vec<String> = request
        .values
        .iter()
        .map(|(term, value)| match value {
            Some(value) => format!("{term} is {value}"),
            None => format!("{term} is given up"),
        })
        .collect();
    let from = request.from.filter(|from| *from != day);
    let begins = from.map_or_else(String::new, |from| format!(", from {from}"));
    let ends = request.until.map_or_else(String::new, |until| format!(", until {until}"));
    let said = format!("{name}: agreed, {}{begins}{ends}", said.join(", "));
    let by = request.by.map(str::to_owned);
    Decision::record(TermsAgreed { values: request.values, from, until: request.until, by }, said)
}

/// The last day of what is agreed of a term; a date is its own end.
pub fn ends(term: &Term, agreement: &Agreement) -> Option<Day> {
    let dated = agreement.value.as_deref().filter(|_| term.field.kind == FieldKind::Date);
    dated.and_then(Day::parse_iso).or(agreement.until)
}

/// What is agreed and ends, term by term: the agreement that holds or held last, its last day, and the day since
/// when it is to be agreed anew. What is agreed beyond its end already is left out.
pub fn renewals<'s>(scene: Scene<'s>) -> Vec<(&'s Term, &'s Agreement, Day, Day)> {
    let Scene { program, partner, day } = scene;
    let mut found = Vec::new();
    for term in &program.terms {
        let key = term.field.key.as_str();
        let mut made =
            partner.terms.iter().rev().filter(|one| one.life == partner.returns && one.term == key);
        let held = partner.agreed(key, day).or_else(|| made.find(|one| one.from <= day));
        let Some(agreement) = held.filter(|one| one.value.is_some()) else { continue };
        let Some(end) = ends(term, agreement) else { continue };
        let goes_on = partner
            .agreed(key, end.plus(1))
            .is_some_and(|next| ends(term, next).is_none_or(|last| last > end));
        if !goes_on {
            found.push((term, agreement, end, end.plus(-term.renewal_days.unwrap_or(0))));
        }
    }
    found
}
