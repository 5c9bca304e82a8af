//! `import deliveries`: which materials were delivered to partners.

use crate::import::records::RowContext;
use crate::import::sources::csv::SourceRow;
use crate::lifecycle::base::text::listed;
use crate::lifecycle::enablement::Delivered;

/// Reads a delivery.
///
/// # Errors
/// The reason why the row can't be used.
pub(super) fn read(row: &SourceRow, context: RowContext) -> Result<Delivered, String> {
    let program = context.program;
    let key = row.get("material").ok_or("names no material")?;
    program.material(key).ok_or_else(|| {
        let keys: Vec<&str> = program.materials.iter().map(|one| one.key.as_str()).collect();
        format!("names the material `{key}`; there are {}", listed(&keys))
    })?;
    let version = row.name("version")?.ok_or("has no version")?;
    Ok(Delivered { material: key.to_owned(), version })
}
