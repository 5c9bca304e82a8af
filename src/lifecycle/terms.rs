//! Terms: what is agreed with a partner, since when and until when it holds, and when it is to be renewed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::lifecycle::base::conflict::Misfit;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::base::located::{Located, Section, TomlReader};
use crate::lifecycle::due::{AgendaItem, Due, DueKind};
use crate::lifecycle::facts::{Facts, Scene};
use crate::lifecycle::forget::{FORGOTTEN, Forgetting, erase};
use crate::lifecycle::happening::{Happening, Moment};
use crate::lifecycle::partner::Partner;
use crate::lifecycle::program::fields::read_field_kind;
use crate::lifecycle::program::parse::MOST_DAYS;
use crate::lifecycle::program::sections::{keyed, name_of};
use crate::lifecycle::program::{Field, FieldKind};
use crate::lifecycle::rule::{Decision, Ruling, refuse_left};

/// Values were agreed with the partner. `None` gives a term up.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TermsAgreed {
    pub values: BTreeMap<String, Option<String>>,
    /// The first day on which they hold; without it, the day of the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Day>,
    /// The last day on which they hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    /// Who agreed for the partner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

impl Happening for TermsAgreed {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        at.refuse_left(partner)?;
        for (term, value) in &self.values {
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

/// A term of the program: something that is agreed with each partner.
#[derive(Clone, Debug)]
pub struct Term {
    /// Its key, and what values it takes.
    pub field: Field,
    pub name: String,
    /// So many days before it ends it is to be agreed anew. For a date, its value is the end.
    pub renewal_days: Option<i64>,
}

/// One term as it was agreed at one time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Agreement {
    pub event: i64,
    /// The day on which it was agreed.
    pub day: Day,
    pub term: String,
    /// None if the term was given up.
    pub value: Option<String>,
    pub from: Day,
    pub until: Option<Day>,
    pub by: Option<String>,
    /// How often the partner had come back after leaving by then; terms start again each time.
    pub life: u32,
}

impl Agreement {
    /// Tells whether the agreement holds on a day.
    pub fn covers(&self, day: Day) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

/// Returns what is agreed of a term on a day: of several agreements that cover it, the one made last.
///
/// `agreements` are in order of the day on which they were made.
pub(crate) fn in_force<'a>(
    agreements: impl DoubleEndedIterator<Item = &'a Agreement>,
    term: &str,
    day: Day,
) -> Option<&'a Agreement> {
    let newest = agreements.rev().find(|one| one.term == term && one.covers(day));
    newest.filter(|one| one.value.is_some())
}

/// The last day of what is agreed of a term; a date is its own end.
fn end_of(term: &Term, agreement: &Agreement) -> Option<Day> {
    let dated = agreement.value.as_deref().filter(|_| term.field.kind == FieldKind::Date);
    dated.and_then(Day::parse_iso).or(agreement.until)
}

/// Returns what is agreed of a term on a day, or was last, and the last day of it; none if it has no end, or something
/// is agreed beyond it already.
///
/// `agreements` are in order of the day on which they were made.
pub(crate) fn held_until<'a>(
    agreements: &(impl DoubleEndedIterator<Item = &'a Agreement> + Clone),
    term: &Term,
    day: Day,
) -> Option<(&'a Agreement, Option<Day>)> {
    let key = term.field.key.as_str();
    let last = || agreements.clone().rev().find(|one| one.term == key && one.from <= day);
    let agreement = in_force(agreements.clone(), key, day).or_else(last).filter(|one| one.value.is_some())?;
    let goes_on = |end: Day| {
        let next = in_force(agreements.clone(), key, end.plus(1));
        next.is_some_and(|next| end_of(term, next).is_none_or(|last| last > end))
    };
    Some((agreement, end_of(term, agreement).filter(|end| !goes_on(*end))))
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
}

/// Why a section of the program names a term that it cannot use; `settings` are those of one that it can.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum TermFault {
    OtherType { term: String, kind: String, settings: String },
    Unknown { term: String, terms: Vec<String>, settings: String },
}

/// Records what was agreed; what is agreed so already is left out.
///
/// # Errors
/// Refused for a partner that has left, and if the time would end before it begins.
pub(crate) fn agree(scene: Scene, mut request: AgreeRequest) -> Ruling {
    refuse_left(scene)?;
    let Scene { partner, day, .. } = scene;
    let from = request.from.unwrap_or(day);
    if let Some(until) = request.until.filter(|until| *until < from) {
        return Err(Error::refused(TermRefusal::EndsBeforeItBegins { from, until }));
    }
    let is_so = |term: &str, value: &Option<String>| match (scene.agreed(term, from), value) {
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
    if request.values.is_empty() {
        return Ok(Decision::already(AgreedAlready { partner: partner.name().to_owned() }));
    }
    let from = request.from.filter(|from| *from != day);
    let by = request.by.map(str::to_owned);
    let agreed = TermsAgreed { values: request.values, from, until: request.until, by };
    Decision::record(agreed)
}

/// Returns what is agreed and ends, term by term: its last day, and the day since when it is to be agreed anew. What is agreed
/// beyond its end already is left out.
pub fn renewals(scene: Scene<'_>) -> Vec<(&Term, Day, Day)> {
    let Scene { program, partner, day } = scene;
    let own = partner.terms.iter().filter(|one| one.life == partner.returns);
    let ending = |term: &'_ Term| held_until(&own, term, day).and_then(|(_, end)| end);
    let found = program.terms.iter().filter_map(|term| Some((term, ending(term)?)));
    found.map(|(term, end)| (term, end, end.plus(-term.renewal_days.unwrap_or(0)))).collect()
}

/// Reads the `[[term]]` sections.
pub(crate) fn read_terms(root: &mut Section, reader: &mut TomlReader) -> Vec<Term> {
    keyed(root, reader, "term", |section, reader, key| {
        let name = name_of(section, reader, key);
        let renewal = section.whole(reader, "renewal_days", 0..=MOST_DAYS);
        let kind = read_field_kind(section, reader, None);
        let field = Field { key: key?.value.clone(), kind: kind? };
        Some(Term { field, name: name?, renewal_days: renewal.map(|days| days.value) })
    })
}

/// Reports a term that there is not, or whose type does not fit; `settings` are those of one that does.
pub(crate) fn check_term(
    key: &Located<String>,
    terms: &[Term],
    reader: &mut TomlReader,
    settings: &str,
    fits: impl Fn(&FieldKind) -> bool,
) {
    if let Some(term) = terms.iter().find(|term| term.field.key == key.value) {
        if !fits(&term.field.kind) {
            let (term, kind) = (key.value.clone(), term.field.kind.word().to_owned());
            reader.fault(&key.span, TermFault::OtherType { term, kind, settings: settings.to_owned() });
        }
        return;
    }
    let terms = terms.iter().map(|term| term.field.key.clone()).collect();
    let fault = TermFault::Unknown { term: key.value.clone(), terms, settings: settings.to_owned() };
    reader.fault(&key.span, fault);
}

/// Returns the terms that are to be agreed anew.
pub(crate) fn dues(scene: Scene) -> Vec<Due> {
    let due = |(term, ends, renewed_by): (&Term, Day, Day)| Due {
        day: renewed_by,
        kind: DueKind::Renewal,
        what: AgendaItem::Renewal { term: term.name.clone(), ends },
        step: Step::Agree { partner: scene.partner.key.clone(), term: term.field.key.clone() },
        id: format!("renewal.{}.{ends}", term.field.key),
    };
    renewals(scene).into_iter().map(due).collect()
}
