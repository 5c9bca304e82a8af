//! `import deliveries`: which materials were delivered to partners.

use crate::import::records::RowContext;
use crate::import::sources::csv::SourceRow;
use crate::lifecycle::base::text::listed;
use crate::lifecycle::enablement::Delivered;

/// Reads a delivery.
///
/// # Errors
/// Why the row is invalid.
pub(super) fn read(row: &SourceRow, context: RowContext) -> Result<Delivered, String> {
    let program = context.program;
    let key = row.get("material").ok_or("has no material")?;
    program.material(key).ok_or_else(|| {
        let keys: Vec<&str> = program.materials.iter().map(|one| one.key.as_str()).collect();
        format!("has the unknown material `{key}`; the materials are {}", listed(&keys))
    })?;
    let version = row.name("version")?.ok_or("has no version")?;
    Ok(Delivered { material: key.to_owned(), version })
}
