//! What a command runs with: the options of all commands, the clock, the database, and the place for output.
//!
//! This is the one place that reads the clock and the environment; what the file says of today is weighed in `clock.rs`.

use std::ffi::OsStr;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::builder::{BoolishValueParser, Resettable};
use clap::{Args, ValueEnum, ValueHint};
use etcetera::{AppStrategy, AppStrategyArgs, choose_app_strategy};

use crate::app::clock::{Today, refuse_far_ahead};
use crate::app::console::print_message;
use crate::app::prompt::Prompt;
use crate::app::terminal::terminal_width;
use crate::lifecycle::base::day::{Day, Towards};
use crate::lifecycle::base::error::{Error, Sentence};
use crate::lifecycle::base::period::{Calendar, DayRange, PeriodEdge, asks_for_calendar};
use crate::lifecycle::base::text;
use crate::lifecycle::program::BUILT_IN;
use crate::render;
use crate::render::{Format, Look};
use crate::report::options::{read_day, read_edge};
use crate::report::value::Report;
use crate::store::{Begun, RecordedClock, Stamp, Store, make_private_folder};

pub(crate) use super::files::{read_text, same_file};
pub(crate) use super::outbox::{Outbox, check_folder};

/// A day; SQLite counts milliseconds in 32 bits, which are 24 days.
const LONGEST_WAIT_SECONDS: u64 = 86_400;

#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Options of all commands")]
pub struct Global {
    /// Database file [default: chanlife.db in your data folder]
    #[arg(long, global = true, value_name = "FILE", env = "CHANLIFE_DB", value_hint = ValueHint::FilePath, hide_env_values = true)]
    pub db: Option<PathBuf>,

    /// Output format [default: by the ending of --output, or table]
    #[arg(long, global = true, value_enum, env = "CHANLIFE_FORMAT", hide_env_values = true)]
    pub format: Option<Format>,

    /// Write the output to this file, completely or not at all
    #[arg(short, long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,

    /// Overwrite an existing file (--output, --rejects, `backup`)
    #[arg(short, long, global = true)]
    pub force: bool,

    /// CSV for Excel, with text protected against formulas
    #[arg(long, global = true)]
    pub excel: bool,

    /// When to use colours
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value = "auto")]
    pub color: ColorWhen,

    /// Name of the person recording [default: your user name]
    #[arg(long, global = true, value_name = "NAME", env = "CHANLIFE_ACTOR", hide_env_values = true)]
    pub actor: Option<String>,

    /// Override today's date
    #[arg(long, global = true, value_name = "DATE", env = "CHANLIFE_TODAY", hide_env_values = true)]
    pub today: Option<String>,

    /// Seconds to wait while another process uses the database
    #[arg(
        long,
        global = true,
        value_name = "SECONDS",
        env = "CHANLIFE_WAIT",
        default_value_t = 5,
        value_parser = clap::value_parser!(u64).range(..=LONGEST_WAIT_SECONDS),
        hide_env_values = true
    )]
    pub wait: u64,

    /// Never prompt; name the missing option instead
    #[arg(long, global = true, env = "CHANLIFE_NO_INPUT", value_parser = BoolishValueParser::new(), hide_env_values = true)]
    pub no_input: bool,

    /// Print no messages about what was done
    #[arg(short, long, global = true)]
    pub quiet: bool,

    /// Answer yes to confirmation prompts
    #[arg(short, long, global = true)]
    pub yes: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum ColorWhen {
    Auto,
    Always,
    Never,
}

pub struct Context {
    pub global: Global,
    pub today: Day,
    /// The day by the variable for it, or else by this machine: what --today overrides.
    clock: Day,
    now: String,
    words: String,
    /// The database that the command line names; its messages name it too.
    named_db: Option<String>,
}

impl Context {
    /// Reads the clock, and what the options of all commands say.
    ///
    /// # Errors
    /// [`Error`] if --today is not a date, --actor is not a name, or the file of --output cannot be made.
    #[expect(clippy::disallowed_methods, reason = "this is where the clock is read")]
    pub fn new(global: Global, words: String, named_db: Option<String>) -> anyhow::Result<Context> {
        let now = chrono::Local::now();
        let local = Day::from_date(now.date_naive())
            .ok_or_else(|| Error::usage("the clock of this machine is outside 1900 to 2199"))?;
        let named_today = global.today.as_deref().map(|text| {
            Day::parse(text, local, Towards::Past).map_err(|why| Error::usage(format!("--today: {why}")))
        });
        let named_today = named_today.transpose()?;
        let by_variable = std::env::var("CHANLIFE_TODAY").ok();
        let by_variable = by_variable.and_then(|text| Day::parse(&text, local, Towards::Past).ok());
        let ending = || global.output.as_deref()?.extension()?.to_str();
        let named = || Format::from_str(ending()?, true).ok();
        if global.excel && global.format.or_else(named).is_some_and(|format| !format.is_for_excel()) {
            return Err(Error::usage("--excel needs CSV")
                .hint("use --format csv, or a file that ends in .csv")
                .into());
        }
        if let Some(actor) = &global.actor {
            text::name(actor).map_err(|fault| Error::usage(format!("--actor: the name {fault}")))?;
        }
        let instant = now.to_utc();
        let now = instant.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        let today = named_today.unwrap_or(local);
        let clock = by_variable.unwrap_or(local);
        let mut context = Context { global, today, clock, now, words, named_db };
        if named_today.is_none()
            && let Ok(path) = context.path()
        {
            let today = Today::of(&RecordedClock::read(&path, context.wait()), instant, local);
            context.today = today.day;
            today.note.iter().for_each(|note| context.say(&format!("note: {note}")));
        }
        if let Some(output) = context.output() {
            refuse_other_format(output, context.global.format.is_some())?;
            context.check_writable(output)?;
        }
        Ok(context)
    }

    /// Reads a day for what has happened; today, if none is given.
    ///
    /// # Errors
    /// Those of [`Context::day`].
    pub fn past_day(&self, option: &str, typed: Option<&str>) -> anyhow::Result<Day> {
        typed.map_or(Ok(self.today), |typed| self.day(option, typed, Towards::Past))
    }

    /// Reads a day. What has happened cannot be on a day to come.
    ///
    /// # Errors
    /// [`Error`] that names the option.
    pub fn day(&self, option: &str, text: &str, towards: Towards) -> anyhow::Result<Day> {
        let calendar = if asks_for_calendar(text) { self.calendar() } else { Calendar::CIVIL };
        Ok(read_day(option, text, (calendar, self.today), towards)?)
    }

    /// Reads the day since when or until when something is asked for; see [`read_edge`].
    ///
    /// # Errors
    /// [`Error`] that names the option.
    pub fn edge(&self, option: &str, text: &str, edge: PeriodEdge) -> anyhow::Result<Day> {
        let calendar = if asks_for_calendar(text) { self.calendar() } else { Calendar::CIVIL };
        Ok(read_edge(option, text, (calendar, self.today), edge)?)
    }

    /// Reads a day on which something begins, or a period of which it takes all days.
    ///
    /// # Errors
    /// [`Error`] that names the option.
    pub fn days_to_come(&self, option: &str, text: &str) -> anyhow::Result<DayRange> {
        match self.calendar().parse(text.trim()) {
            Ok(period) => Ok(DayRange { first: period.first, last: period.last }),
            Err(_) => self.day(option, text, Towards::Future).map(|day| DayRange { first: day, last: day }),
        }
    }

    /// Returns the fiscal calendar of the program in the database; that of the calendar year if there is none to read.
    fn calendar(&self) -> Calendar {
        let program =
            || self.store().and_then(|mut store| store.read(|reader| Ok(reader.program_now()?.program)));
        let is_there = self.path().is_ok_and(|path| path.exists());
        let program = is_there.then(program).and_then(anyhow::Result::ok);
        program.map_or(Calendar::CIVIL, |program| program.calendar)
    }

    /// Returns who records, when, and with which command.
    ///
    /// # Errors
    /// Refused if --today is far ahead of the clock: days of recording never go back, so all that is recorded later would
    /// have that day.
    pub fn stamp(&self) -> anyhow::Result<Stamp> {
        refuse_far_ahead(self.today, self.clock)?;
        let (now, words) = (self.now.clone(), self.words.clone());
        Ok(Stamp { today: self.today, now, actor: self.actor(), words })
    }

    /// Returns the instant of this run, UTC, as a part of a file name; names sort by it.
    pub fn instant_in_names(&self) -> String {
        self.now.replace(':', "")
    }

    /// Returns the name of the person who records.
    #[expect(clippy::disallowed_methods, reason = "this is where the environment is read")]
    pub fn actor(&self) -> String {
        let user = || ["USER", "LOGNAME", "USERNAME"].into_iter().find_map(|name| std::env::var(name).ok());
        let name = self.global.actor.clone().or_else(user).unwrap_or_default();
        text::name(&name).unwrap_or_else(|_| "unknown".to_owned())
    }

    /// Opens the database for reading.
    ///
    /// # Errors
    /// [`Error`] if there is none, or it cannot be used.
    pub fn store(&self) -> anyhow::Result<Store> {
        Ok(self.announcing(Store::open(&self.path()?, self.wait())?))
    }

    /// Opens the database for a command that can record the first thing in it. The default one is begun if it is
    /// missing; a named one must exist.
    ///
    /// # Errors
    /// [`Error`] if it cannot be used.
    pub(crate) fn begin(&self) -> anyhow::Result<Begun> {
        if self.global.db.is_some() || self.path()?.exists() {
            return self.store().map(Into::into);
        }
        Store::begin(&self.path_to_make()?, self.wait(), &self.stamp()?, BUILT_IN)
    }

    /// Keeps a database that was just begun if something was recorded in it, and says that it was created.
    ///
    /// # Errors
    /// [`Error`] if it cannot be put in its place.
    pub(crate) fn settle(&self, begun: Begun, recorded: bool) -> anyhow::Result<()> {
        if begun.settle(recorded)? {
            self.say(&format!("Created {} with the built-in program", shown_path(&self.path()?)));
        }
        Ok(())
    }

    /// Opens the database, and creates it with this program if it is missing; returns whether it was created.
    ///
    /// # Errors
    /// [`Error`] if it cannot be made or used.
    pub fn store_or_new(&self, toml: &str) -> anyhow::Result<(Store, bool)> {
        let (store, made) = Store::open_or_make(&self.path_to_make()?, self.wait(), &self.stamp()?, toml)?;
        Ok((self.announcing(store), made))
    }

    /// Returns the path of the database; creates the folder of the default one if it is missing.
    ///
    /// # Errors
    /// [`Error`] if that cannot be made.
    pub fn path_to_make(&self) -> anyhow::Result<PathBuf> {
        let path = self.path()?;
        if let (None, Some(folder)) = (&self.global.db, path.parent()) {
            make_private_folder(folder)?;
        }
        Ok(path)
    }

    /// Returns the path of the database, whether or not it exists.
    ///
    /// # Errors
    /// [`Error`] if there is no home folder.
    pub fn path(&self) -> anyhow::Result<PathBuf> {
        if let Some(path) = &self.global.db {
            return Ok(path.clone());
        }
        default_path().ok_or_else(|| {
            Error::usage("no home folder found for the database")
                .hint("name a database file with --db or CHANLIFE_DB")
                .into()
        })
    }

    /// Returns how long to wait while another process uses the database.
    pub fn wait(&self) -> Duration {
        Duration::from_secs(self.global.wait)
    }

    /// Returns a prompt if there is a terminal and prompts are allowed.
    ///
    /// # Errors
    /// If signals cannot be watched.
    pub fn prompt(&self) -> anyhow::Result<Option<Prompt>> {
        if self.global.no_input || !Prompt::possible() { Ok(None) } else { Prompt::new().map(Some) }
    }

    /// Prints a message about what was done, on standard error.
    pub fn say(&self, sentence: &str) {
        if !self.global.quiet {
            print_message(sentence, self.named_db.as_deref());
        }
    }

    /// Lets the store announce, before its first write, that it updates a file to a newer format; --quiet does not
    /// silence that.
    fn announcing(&self, store: Store) -> Store {
        let db = self.named_db.clone();
        store.announcing(Box::new(move |step| print_message(&step.sentence(), db.as_deref())))
    }

    /// Returns the format asked for; without one, that of the file's ending.
    pub fn format(&self) -> Format {
        let of_file = || self.global.output.as_deref().and_then(Format::of_file).unwrap_or(Format::Table);
        let unsaid = || if self.global.excel { Format::Csv } else { of_file() };
        self.global.format.unwrap_or_else(unsaid)
    }

    /// Returns whether people read the output as tables; of long ones they see a screenful.
    pub fn on_screen(&self) -> bool {
        self.format().is_on_screen()
    }

    /// Returns the file for the output; none if it goes to standard output.
    pub fn output(&self) -> Option<&Path> {
        self.global.output.as_deref().filter(|path| *path != Path::new("-"))
    }

    /// Writes a report in the format asked for, to the file asked for or to standard output.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn show(&self, report: &Report) -> anyhow::Result<()> {
        if self.format().has_first_table_only() && report.tables.iter().skip(1).any(|table| !table.is_empty())
        {
            let name = self.format().word().to_uppercase();
            self.say(&format!("note: {name} has only the first table; --format json has all of them"));
        }
        if self.format().has_first_table_only() {
            for caveat in &report.caveats {
                self.say(&format!("note: {caveat}"));
            }
        }
        let look = self.look();
        self.print(|out| render::write(report, self.format(), look, out))
    }

    /// Writes a table to a file as CSV, all of it or nothing.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write_csv(&self, path: &Path, report: &Report) -> anyhow::Result<()> {
        let look = Look { width: None, color: false, unicode: true, excel: self.global.excel };
        self.print_to(path, |out| render::write(report, Format::Csv, look, out))
    }

    /// Writes an answer to the file asked for or to standard output.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn print(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> anyhow::Result<()> {
        match self.output() {
            Some(path) => {
                self.print_to(path, write)?;
                self.say(&format!("Wrote {}", shown_path(path)));
                Ok(())
            }
            None => {
                let mut out = io::BufWriter::new(io::stdout().lock());
                let written = write(&mut out).and_then(|()| out.flush());
                written.map_err(|error| anyhow::Error::new(error).context("the output cannot be written"))
            }
        }
    }

    #[expect(clippy::disallowed_methods, reason = "this is where the environment is read")]
    fn look(&self) -> Look {
        let to_terminal = self.global.output.is_none() && io::stdout().is_terminal();
        let size = || comfy_table::Table::new().width();
        let columns = || std::env::var("COLUMNS").ok()?.parse().ok();
        let width = if to_terminal { columns().or_else(size) } else { None };
        Look {
            width,
            color: self.global.output.is_none() && colors(self.global.color),
            unicode: !to_terminal || locale_is_unicode(),
            excel: self.global.excel,
        }
    }
}

/// Shows a table to the person who answers prompts, on standard error.
///
/// # Errors
/// If it cannot be written.
pub(crate) fn show_aside(report: &Report) -> anyhow::Result<()> {
    let look = Look { width: terminal_width(), color: false, unicode: locale_is_unicode(), excel: false };
    Ok(render::write(report, Format::Table, look, &mut io::stderr())?)
}

/// Returns the grammar without the variables that are set to nothing, which count as not set.
#[expect(clippy::disallowed_methods, reason = "this is where the environment is read")]
pub(crate) fn without_empty_variables(command: clap::Command) -> clap::Command {
    let empty = |name: &OsStr| std::env::var_os(name).is_some_and(|value| value.is_empty());
    command.mut_args(|arg| if arg.get_env().is_some_and(empty) { arg.env(Resettable::Reset) } else { arg })
}

/// Returns a path as people write it, with `~` for their home folder.
pub(crate) fn shown_path(path: &Path) -> String {
    let inside = etcetera::home_dir().ok().and_then(|home| path.strip_prefix(home).ok().map(Path::to_owned));
    inside.map_or_else(|| path.display().to_string(), |inside| format!("~/{}", inside.display()))
}

/// Returns the database that is used if none is named.
pub(crate) fn default_path() -> Option<PathBuf> {
    let strategy = choose_app_strategy(AppStrategyArgs {
        top_level_domain: "org".to_owned(),
        author: "chanlife".to_owned(),
        app_name: "chanlife".to_owned(),
    });
    Some(strategy.ok()?.in_data_dir("chanlife.db"))
}

/// Returns whether standard output is to be coloured.
pub(crate) fn colors(when: ColorWhen) -> bool {
    match when {
        ColorWhen::Always => true,
        ColorWhen::Never => false,
        ColorWhen::Auto => anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never,
    }
}

#[expect(clippy::disallowed_methods, reason = "this is where the environment is read")]
fn locale_is_unicode() -> bool {
    let named = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    named.is_none_or(|locale| locale.to_uppercase().replace('-', "").contains("UTF8"))
}

/// Endings of files of formats that nothing is written in.
const NOT_WRITTEN: [&str; 14] = [
    "xlsx", "xls", "xlsm", "ods", "numbers", "pdf", "doc", "docx", "html", "htm", "xml", "yaml", "yml", "tsv",
];

/// Refuses a file whose ending promises a format that is not written, unless a format is named.
fn refuse_other_format(output: &Path, is_named: bool) -> Result<(), Error> {
    let ending = output.extension().and_then(|ending| ending.to_str()).map(str::to_lowercase);
    match ending.filter(|ending| !is_named && NOT_WRITTEN.contains(&ending.as_str())) {
        Some(ending) => {
            let why = format!("--output: no `{ending}` file can be written");
            Err(Error::usage(why)
                .hint("name a file that ends in .csv (add --excel for spreadsheets), .json, .md or .txt"))
        }
        None => Ok(()),
    }
}
