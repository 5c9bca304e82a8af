//! The commands that back up the database and restore a copy.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};

use crate::app::console::typed_path;
use crate::app::context::{Context, check_folder, same_file, shown_path};
use crate::app::exit::{Exit, unwritable};
use crate::commands::file::hint_of_file;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::text::phrase;
use crate::report::check::contents;
use crate::report::restored::{CalendarLine, calendar_lines};
use crate::store::{Checked, Store, folder_of};

/// What to do about a file that is no copy.
const COPY: &str = "name a copy created by `chanlife backup`";

/// So many entries of calendars are named.
const SHOWN: usize = 10;

/// Copy the database, also while it is in use, and verify the copy
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chanlife backup /media/usb/channel.db
  chanlife backup --keep 30 backups   # a dated copy; the newest 30 stay")]
pub struct BackupArgs {
    /// Copy to create; with --keep, the folder for dated copies
    #[arg(value_name = "FILE|FOLDER", value_hint = ValueHint::AnyPath)]
    target: PathBuf,
    /// Name the copy by date and time, and keep only this many of the newest in the folder
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u16).range(1..), allow_negative_numbers = true)]
    keep: Option<u16>,
}

/// Restore the database from a copy; the replaced database is kept next to it
#[derive(Debug, Args)]
#[command(after_help = "Example:
  chanlife restore /media/usb/channel.db")]
pub struct RestoreArgs {
    /// Copy created by `backup`
    #[arg(value_hint = ValueHint::FilePath)]
    file: PathBuf,
}

impl BackupArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let store = context.store()?;
        let Some(keep) = self.keep else {
            context.check_writable(&self.target)?;
            let checked = store.back_up(&self.target, context.global.force)?;
            return Ok(done(context, &self.target, &checked));
        };
        check_folder(&self.target)?;
        let cannot = |error: io::Error| unwritable(&self.target, &error);
        fs::create_dir_all(&self.target).map_err(cannot)?;
        let stem = store.path().file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let name = format!("{stem}-{}.db", context.instant_in_names());
        let copy = self.target.join(&name);
        context.check_writable(&copy)?;
        let checked = store.back_up(&copy, context.global.force)?;
        done(context, &copy, &checked);
        let mut older = copies(&self.target, &stem).map_err(cannot)?;
        older.retain(|one| *one != name);
        older.sort();
        let surplus = (older.len() + 1).saturating_sub(usize::from(keep));
        for name in older.iter().take(surplus) {
            fs::remove_file(self.target.join(name)).map_err(cannot)?;
            context.say(&format!(
                "Deleted {}: only the newest {keep} are kept",
                shown_path(&self.target.join(name))
            ));
        }
        Ok(Exit::Done)
    }
}

fn done(context: &Context, copy: &Path, checked: &Checked) -> Exit {
    context.say(&format!("Copied to {} and verified: {}", shown_path(copy), contents(checked)));
    Exit::Done
}

/// Lists the files in a folder that are named like dated copies of this database.
fn copies(folder: &Path, stem: &str) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let instant = name.strip_prefix(stem).and_then(|rest| rest.strip_prefix('-')?.strip_suffix(".db"));
        let is_copy =
            instant.is_some_and(|one| chrono::NaiveDateTime::parse_from_str(one, "%FT%H%M%SZ").is_ok());
        if is_copy && entry.file_type()?.is_file() {
            names.push(name);
        }
    }
    Ok(names)
}

impl RestoreArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let path = context.path()?;
        if same_file(&self.file, &path) {
            let why = format!("`{}` is the database itself", self.file.display());
            return Err(Error::usage(why).hint("name a copy created by `chanlife backup`").into());
        }
        Store::open(&self.file, context.wait()).map_err(|error| hint_of_file(error, &self.file, COPY))?;
        if path.exists() && !confirmed(context, &path)? {
            context.say("Nothing was replaced");
            return Ok(Exit::Done);
        }
        let kept = kept_name(context, &path, "replaced");
        let before = in_calendars(context, &path);
        let restored = Store::restore(&path, &self.file, &kept, context.wait())
            .map_err(|error| hint_of_file(error, &self.file, COPY))?;
        let (copy, file) = (shown_path(&self.file), shown_path(&path));
        context.say(&format!("Restored {file} from {copy}: {}", contents(&restored.checked)));
        if let Some(kept) = &restored.kept {
            context.say(&format!(
                "The replaced database is kept as {}; to go back: `chanlife restore {}`",
                shown_path(kept),
                typed_path(kept)
            ));
        }
        let after = in_calendars(context, &path);
        for sentence in restored_calendar(&before, &after) {
            context.say(&sentence);
        }
        Ok(Exit::Done)
    }
}

/// Returns what calendars show of a database, by what tells it apart; nothing of one that cannot be read.
fn in_calendars(context: &Context, path: &Path) -> BTreeMap<String, CalendarLine> {
    let read = || -> anyhow::Result<BTreeMap<String, CalendarLine>> {
        Store::open(path, context.wait())?.read(|reader| calendar_lines(&reader.view(context.today, None)?))
    };
    if path.exists() { read().unwrap_or_default() } else { BTreeMap::new() }
}

/// Says that calendars have what the restored database does not know, or knows of another day.
fn restored_calendar(
    before: &BTreeMap<String, CalendarLine>,
    after: &BTreeMap<String, CalendarLine>,
) -> Vec<String> {
    let gone: Vec<&CalendarLine> =
        before.iter().filter(|(uid, _)| !after.contains_key(*uid)).map(|(_, line)| line).collect();
    let mut said = Vec::new();
    if before != after {
        said.push("Calendars that imported due dates: import `chanlife calendar --ics` again once something is recorded".to_owned());
    }
    if !gone.is_empty() {
        let named = gone.iter().take(SHOWN).map(|line| format!("`{}` on {}", line.title, line.day));
        let mut named: Vec<String> = named.collect();
        if gone.len() > SHOWN {
            named.push(format!("{} more", gone.len() - SHOWN));
        }
        said.push(format!("Remove there what the restored database does not know: {}", phrase(&named)));
    }
    said
}

/// Returns a free name next to the database, for a copy from before it was replaced or repaired.
pub(crate) fn kept_name(context: &Context, path: &Path, word: &str) -> PathBuf {
    let instant = context.instant_in_names();
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let named = |more: String| folder_of(path).join(format!("{stem}-{word}-{instant}{more}.db"));
    let mut kept = named(String::new());
    let mut number = 1;
    while kept.exists() {
        number += 1;
        kept = named(format!("-{number}"));
    }
    kept
}

/// Asks whether to replace an existing database; without a terminal, --yes must say it.
fn confirmed(context: &Context, path: &Path) -> anyhow::Result<bool> {
    if context.global.yes {
        return Ok(true);
    }
    let file = shown_path(path);
    match context.prompt()? {
        Some(prompt) => prompt.confirm(&format!("Replace {file}? The current database is kept next to it.")),
        None => Err(Error::usage(format!("this would replace `{file}`"))
            .hint("add --yes; the current database is kept next to it")
            .into()),
    }
}
