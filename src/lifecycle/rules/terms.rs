//! Terms: what is agreed with a partner, since when and until when.

use crate::lifecycle::base::error::Error;
use std::collections::BTreeMap;

use crate::lifecycle::backing::event::TermsAgreed;
use crate::lifecycle::backing::terms::{Term, held_until};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::rules::{Decision, Ruling, refuse_left};
use crate::lifecycle::scene::Scene;

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
        return Err(Error::refused(format!("it would end on {until}, before it begins on {from}")));
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
    let from = request.from.filter(|from| *from != day);
    let by = request.by.map(str::to_owned);
    let agreed = TermsAgreed { values: request.values, from, until: request.until, by };
    let said = format!("{name}: agreed, {}", agreed.in_words());
    Decision::record(agreed, said)
}

/// What is agreed and ends, term by term: its last day, and the day since when it is to be agreed anew. What is agreed
/// beyond its end already is left out.
pub fn renewals(scene: Scene<'_>) -> Vec<(&Term, Day, Day)> {
    let Scene { program, partner, day } = scene;
    let own = partner.terms.iter().filter(|one| one.life == partner.returns);
    let ending = |term: &'_ Term| held_until(&own, term, day).and_then(|(_, end)| end);
    let found = program.terms.iter().filter_map(|term| Some((term, ending(term)?)));
    found.map(|(term, end)| (term, end, end.plus(-term.renewal_days.unwrap_or(0)))).collect()
}
