//! Opens the file to import, and writes the file of rejected rows.

use std::fs::File;
use std::io::{IsTerminal, Read, Seek};
use std::path::Path;

use crate::app::context::Context;
use crate::import::{RejectedRow, write_rejects};
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::text::counted;

/// Opens the file, with a progress bar if standard error is a terminal.
pub(crate) fn open(context: &Context, file: &Path) -> anyhow::Result<(Box<dyn Read>, String)> {
    if file == Path::new("-") {
        if std::io::stdin().is_terminal() {
            return Err(Error::usage("standard input is a terminal, not a file")
                .hint("name a CSV file, or redirect one: `chanlife import stages - < history.csv`")
                .into());
        }
        return Ok((Box::new(std::io::stdin()), "standard input".to_owned()));
    }
    let name = file.display().to_string();
    let cannot = |error: std::io::Error| Error::input(format!("`{name}` cannot be read: {error}"));
    let open = File::open(file).map_err(cannot)?;
    let about = open.metadata().map_err(cannot)?;
    if about.is_dir() {
        return Err(Error::input(format!("`{name}` is a folder, not a file")).into());
    }
    let short = file.file_name().map_or_else(|| name.clone(), |name| name.to_string_lossy().into_owned());
    if context.global.quiet || !std::io::stderr().is_terminal() {
        return Ok((Box::new(open), short));
    }
    let bar = indicatif::ProgressBar::new(about.len());
    if let Ok(style) = indicatif::ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes} {eta}") {
        bar.set_style(style);
    }
    Ok((Box::new(WatchedFile { inner: open, bar }), short))
}

/// A file whose reading moves a progress bar.
struct WatchedFile {
    inner: File,
    bar: indicatif::ProgressBar,
}

impl Read for WatchedFile {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.bar.inc(count as u64);
        Ok(count)
    }
}

impl Drop for WatchedFile {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// Copies what is imported to a temporary file, which is deleted when it is closed.
pub(super) fn kept(mut input: impl Read) -> std::io::Result<File> {
    let mut file = tempfile::tempfile()?;
    std::io::copy(&mut input, &mut file)?;
    file.rewind()?;
    Ok(file)
}

/// The file for rejected rows, and the original that they are copied from.
pub(super) struct WantedRejects<'w> {
    pub file: &'w Path,
    pub original: File,
    pub delimiter: u8,
}

impl WantedRejects<'_> {
    /// Writes the rejected rows with their reasons.
    ///
    /// # Errors
    /// If the original cannot be read again, or the file cannot be written.
    pub(super) fn write(mut self, context: &Context, rejects: &[RejectedRow]) -> anyhow::Result<()> {
        self.original.rewind()?;
        let original = std::io::BufReader::new(self.original);
        context.print_to(self.file, |out| write_rejects(original, self.delimiter, rejects, out))?;
        let rows = counted(rejects.len(), "row");
        context.say(&format!("Wrote {rows} with errors to {}", self.file.display()));
        Ok(())
    }
}
