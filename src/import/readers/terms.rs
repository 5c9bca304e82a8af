//! `import terms`: agreed terms, one per row.

use crate::import::records::RowContext;
use crate::import::sources::csv::SourceRow;
use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::text::listed;
use crate::lifecycle::terms::{TermsAgreed, check_span};

/// Reads an agreement; an empty value withdraws the term.
///
/// # Errors
/// Why the row is invalid.
pub(super) fn read(row: &SourceRow, context: RowContext) -> Result<TermsAgreed, String> {
    let program = context.program;
    let key = row.get("term").ok_or("has no term")?;
    let term = program.term(key).ok_or_else(|| {
        let keys: Vec<&str> = program.terms.iter().map(|one| one.field.key.as_str()).collect();
        format!("has the unknown term `{key}`; the terms are {}", listed(&keys))
    })?;
    let value = row.get("value").map(|value| program.read_term(term, value)).transpose();
    let value = value.map_err(|fault| fault.sentence())?;
    let (from, until) = (row.day("from")?, row.day("until")?);
    check_span(from.unwrap_or(context.on), until).map_err(|why| why.to_string())?;
    let by = row.name("by")?;
    let values = [(key.to_owned(), value)].into();
    Ok(TermsAgreed { values, from, until, by })
}
