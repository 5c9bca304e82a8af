//! `[[term]]` of the program.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::base::located::{Located, Section, TomlReader};
use crate::lifecycle::program::fields::{Field, FieldKind, options_of, read_field_kind};
use crate::lifecycle::program::sections::{MOST_DAYS, keyed, name_of, read_former};

/// A term of the program: something that is agreed with each partner.
#[derive(Clone, Debug)]
pub struct Term {
    /// Its key, and what values it takes.
    pub field: Field,
    pub name: String,
    /// So many days before it ends it is to be agreed anew. For a date, its value is the end.
    pub renewal_days: Option<i64>,
}

impl Term {
    /// Returns the day since when it is to be agreed anew, if it ends on `end`.
    pub fn renew_by(&self, end: Day) -> Day {
        end.plus(-self.renewal_days.unwrap_or(0))
    }
}

/// Why a section of the program names a term that it cannot use; `settings` are those of one that it can.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum TermFault {
    /// Sales are held against one term in two ways.
    Twice {
        term: String,
    },
    /// Sales are held against no term.
    NoSaleTerm,
    OtherType {
        term: String,
        kind: String,
        settings: String,
    },
    Unknown {
        term: String,
        terms: Vec<String>,
        settings: String,
    },
}

impl Step {
    /// Makes the step that records what is agreed of a term with the partner of this key.
    pub(crate) fn agree(partner: &str, term: &Term) -> Step {
        let (partner, kind) = (partner.to_owned(), term.field.kind.word());
        Step::Agree { partner, term: term.field.key.clone(), kind }
    }
}

/// Reads the `[[term]]` sections.
pub(crate) fn read_terms(root: &mut Section, reader: &mut TomlReader) -> Vec<Term> {
    keyed(root, reader, "term", |section, reader, key| {
        let name = name_of(section, reader, key);
        let renewal = section.whole(reader, "renewal_days", 0..=MOST_DAYS);
        let kind = read_field_kind(section, reader, None);
        let former = read_former(section, reader, "term", (key, options_of(kind.as_ref())));
        let field = Field { key: key?.value.clone(), kind: kind?, several: false, former };
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

/// `[sales]` of the program: the terms that sales are held against.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct SaleTerms {
    /// The margin in percent of the price by the list.
    pub margin: Option<String>,
    /// Within how many days after the sale a return is taken.
    pub return_window: Option<String>,
    /// The countries in which the partner may sell.
    pub territory: Option<String>,
}

/// Reads `[sales]`; `terms` are those of the program.
pub(crate) fn read_sale_terms(mut section: Section, reader: &mut TomlReader, terms: &[Term]) -> SaleTerms {
    let mut named: Vec<String> = Vec::new();
    let span = section.span().clone();
    let mut term = |reader: &mut TomlReader, key, settings, fits: fn(&FieldKind) -> bool| {
        let term = section.text(reader, key)?;
        check_term(&term, terms, reader, settings, fits);
        if named.contains(&term.value) {
            reader.vain(&term.span, TermFault::Twice { term: term.value.clone() });
        }
        named.push(term.value.clone());
        Some(term.value)
    };
    let number: fn(&FieldKind) -> bool = |kind| *kind == FieldKind::Number;
    let text: fn(&FieldKind) -> bool = |kind| matches!(kind, FieldKind::Text | FieldKind::Choice(_));
    let found = SaleTerms {
        margin: term(reader, "margin", "type = \"number\"", number),
        return_window: term(reader, "return_window", "type = \"number\"", number),
        territory: term(reader, "territory", "type = \"text\"", text),
    };
    section.finish(reader);
    if found == SaleTerms::default() {
        reader.vain(&span, TermFault::NoSaleTerm);
    }
    found
}
