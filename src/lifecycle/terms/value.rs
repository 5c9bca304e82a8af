//! What can be agreed of a term: a value of its type, and of a term that something is held against one that can be.
//!
//! Files of older versions may hold others; those count as unknown.

use rust_decimal::Decimal;

use crate::lifecycle::program::definition::Program;
use crate::lifecycle::program::fault::FieldFault;
use crate::lifecycle::program::sections::MOST_DAYS;
use crate::lifecycle::terms::kept::HeldTerm;
use crate::lifecycle::terms::section::Term;
use crate::lifecycle::terms::territory::Territory;

/// Why a value cannot be agreed; `term` is the key of the term.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum TermValueFault {
    /// It is not of the type of the term.
    Field(FieldFault),
    /// Launch notice and return window are whole days from 0 to `most`.
    Days { term: String, typed: String, most: i64 },
    /// A margin is a percentage from 0 to 100.
    Margin { term: String, typed: String },
    /// A part of a territory is neither a country nor one of the `regions` of the program.
    Territory { term: String, typed: String, regions: Vec<String> },
}

impl Program {
    /// Reads a value of a term into the form in which it is kept.
    ///
    /// # Errors
    /// The value is not of the type of the term, or what the term is held against could not be known by it.
    pub(crate) fn read_term(&self, term: &Term, typed: &str) -> Result<String, TermValueFault> {
        let read = term.field.read(typed, self.currency).map_err(TermValueFault::Field)?;
        let key = &term.field.key;
        let is_notice = self.launches.as_ref().is_some_and(|one| one.term.as_ref() == Some(key));
        let is_held = |held: HeldTerm| {
            self.sales.as_ref().and_then(|sales| held.term(sales)).is_some_and(|term| term == key)
        };
        let (term, typed) = (key.clone(), typed.trim().to_owned());
        if is_notice || is_held(HeldTerm::ReturnWindow) {
            let days = number(&read).filter(|days| days.is_integer() && in_range(*days, MOST_DAYS));
            let fault = TermValueFault::Days { term, typed, most: MOST_DAYS };
            return days.map(|days| days.to_string()).ok_or(fault);
        }
        if is_held(HeldTerm::Margin) {
            let percent = number(&read).filter(|percent| in_range(*percent, 100));
            return percent.map(|percent| percent.to_string()).ok_or(TermValueFault::Margin { term, typed });
        }
        if is_held(HeldTerm::Territory) && Territory::parse(&read, &self.regions).is_none() {
            let regions = self.regions.iter().map(|region| region.name.clone()).collect();
            return Err(TermValueFault::Territory { term, typed, regions });
        }
        Ok(read)
    }
}

/// Reads a number, `1e3` too, without needless digits.
fn number(text: &str) -> Option<Decimal> {
    let read = text.parse().ok().or_else(|| Decimal::from_scientific(text).ok())?;
    Some(Decimal::normalize(&read))
}

fn in_range(number: Decimal, most: i64) -> bool {
    number >= Decimal::ZERO && number <= Decimal::from(most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifecycle::program::definition::BUILT_IN;

    #[test]
    fn what_sales_are_held_against_can_be_read_and_has_one_spelling() {
        let program = Program::parse(BUILT_IN).expect("valid");
        let read = |term: &str, typed: &str| {
            program.read_term(program.term(term).expect("a term"), typed).map_err(|_| ())
        };
        for (term, typed, kept) in [
            ("margin", "22.50", "22.5"),
            ("margin", "0", "0"),
            ("return-window", "1e3", "1000"),
            ("return-window", "030", "30"),
            ("launch-notice", "60.0", "60"),
            ("territory", "DE, Italy and dach", "DE, Italy and dach"),
            ("territory", "worldwide", "worldwide"),
        ] {
            assert_eq!(read(term, typed), Ok(kept.to_owned()), "{term}={typed}");
        }
        for (term, typed) in [
            ("margin", "-5"),
            ("margin", "200"),
            ("return-window", "-3"),
            ("return-window", "2.5"),
            ("return-window", "99999"),
            ("launch-notice", "-1"),
            ("territory", "XX"),
            ("territory", "everything but DE"),
            ("territory", "-"),
            ("territory", "DE, the north"),
        ] {
            assert_eq!(read(term, typed), Err(()), "{term}={typed}");
        }
    }
}
