//! The terminal that standard error is.

/// Returns the columns of the terminal that standard error is.
pub(crate) fn terminal_width() -> Option<u16> {
    let (_, columns) = dialoguer::console::Term::stderr().size_checked()?;
    Some(columns)
}
