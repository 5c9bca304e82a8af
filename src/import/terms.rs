//! `import terms`: what was agreed with partners, one term a row.

use crate::import::records::RowContext;
use crate::import::sources::csv::SourceRow;
use crate::lifecycle::base::text::listed;
use crate::lifecycle::terms::TermsAgreed;

/// Reads an agreement; an empty value says that the term was given up.
///
/// # Errors
/// The reason why the row can't be used.
pub(super) fn read(row: &SourceRow, context: RowContext) -> Result<TermsAgreed, String> {
    let program = context.program;
    let key = row.get("term").ok_or("names no term")?;
    let term = program.term(key).ok_or_else(|| {
        let keys: Vec<&str> = program.terms.iter().map(|one| one.field.key.as_str()).collect();
        format!("names the term `{key}`; there are {}", listed(&keys))
    })?;
    let value = row.get("value").map(|value| term.field.read(value, program.currency)).transpose()?;
    let by = row.name("by")?;
    let values = [(key.to_owned(), value)].into();
    Ok(TermsAgreed { values, from: row.day("from")?, until: row.day("until")?, by })
}
