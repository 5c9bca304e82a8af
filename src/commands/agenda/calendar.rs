//! The command that lists due dates.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use clap::Args;

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::reading::{ViewOptions, WhereOption, owner_name, segment, with_owner};
use crate::export::{CalendarEdition, CalendarEntry, uids, write_calendar};
use crate::lifecycle::agenda::{AgendaItem, Due, DueKind};
use crate::lifecycle::base::day::Towards;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::Step;
use crate::report::due;
use crate::report::due::{Owed, OwedList, WorkOf};
use crate::report::ended::{ENDED_NEEDS, Ended, ended, uid};
use crate::report::options::Limit;
use crate::report::reading::{Channel, Needs, Segment};
use crate::store::View;
use crate::text::agenda::over_in_words;
use crate::text::steps::command_line;

/// List due dates: milestones, follow-ups, reviews, reports, renewals, expiries, claims, launches
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chanlife calendar --owner ana   # due dates of ana's partners
  chanlife calendar --until 4w
  chanlife calendar --ics -o channel.ics
  chanlife calendar --ics -o channel.ics --force   # to import again
  chanlife calendar --where region=EMEA --ics > emea.ics

What is done, skipped, dropped or not due any more stays in the iCalendar file for 90 days, and what was \
        promised or moved until its day, cancelled, so that importing again takes it out of your calendar; what is done says so in its title. \
        A new file of --output has none of that, as no calendar has it yet: write the same file again with --force, and \
        it has what is over of the entries that it had.")]
pub struct CalendarArgs {
    /// Write iCalendar; implied if the file of --output ends in .ics
    #[arg(long)]
    ics: bool,
    /// Only due dates up to this day
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// Only partners of this owner, and what this person is to do for others
    #[arg(long, value_name = "NAME", value_parser = owner_name)]
    owner: Option<String>,
    #[command(flatten)]
    filter: WhereOption,
    #[command(flatten)]
    limit: Limit,
    #[command(flatten)]
    view: ViewOptions,
}

impl CalendarArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let until = self.until.as_deref();
        let until = until.map(|text| context.day("--until", text, Towards::Future)).transpose()?;
        let named = context.output().and_then(Path::extension).is_some_and(|ending| ending == "ics");
        let ics = self.ics || (named && context.global.format.is_none());
        if self.ics && context.global.format.is_some() {
            return Err(Error::usage("--ics cannot be used with --format").hint("leave out --format").into());
        }
        let others = self.filter.conditions;
        let conditions = with_owner(&others, self.owner.as_deref());
        let before = EarlierEdition::read(context.output().filter(|_| ics));
        let limit = if ics { None } else { self.limit.rows(context.on_screen(), 50) };
        let (report, name, entries, edition) = self.view.read(context, &conditions, |view, frame| {
            let among = segment(view, &others)?;
            let work = self.owner.as_deref().map(|name| WorkOf { name, among: &among });
            let needs = work.map_or(Needs::NONE, |_| WorkOf::NEEDS).and(frame.segment.needs());
            let needs = if ics { needs.and(ENDED_NEEDS) } else { needs };
            Channel::read(view, needs, |channel| {
                // A calendar of the past has what was due then.
                let is_now = ics && frame.known_on.is_none() && frame.as_of == context.today;
                let within = |due: &Due| until.is_none_or(|until| due.day <= until);
                let scope = (&frame.segment, work);
                // What is due later says of what was due sooner that it was moved.
                let all = due::owed(view, channel, scope, limit, |due| is_now || within(due))?;
                let report = due::report(channel, frame, &all);
                let mut entries = open_entries(&all, within);
                if is_now {
                    let over = over_entries(view, channel, scope, &all, within)?;
                    entries.extend(over.into_iter().filter(|one| before.has(&one.uid)));
                }
                Ok((report, channel.program.name.clone(), entries, view.edition()?))
            })
        })?;
        if ics {
            let (instant, number) = edition;
            let edition = CalendarEdition { instant: &instant, number };
            context.print(|out| write_calendar(&name, edition, &entries, out))?;
        } else {
            context.show(&report)?;
        }
        Ok(Exit::Done)
    }
}

/// What a calendar may have of an earlier file.
enum EarlierEdition {
    /// Anything: where the file goes is not known.
    Unknown,
    /// The entries with these identifiers, of the file that is written again; none of a new file.
    Known(HashSet<String>),
}

impl EarlierEdition {
    /// Reads what a file has that is to be written again.
    fn read(output: Option<&Path>) -> EarlierEdition {
        let Some(path) = output else { return EarlierEdition::Unknown };
        match fs::read(path) {
            Ok(bytes) => EarlierEdition::Known(uids(&String::from_utf8_lossy(&bytes))),
            Err(error) if error.kind() == ErrorKind::NotFound => EarlierEdition::Known(HashSet::new()),
            // What cannot be read again may have been imported all the same.
            Err(_) => EarlierEdition::Unknown,
        }
    }

    /// Returns whether a calendar may have an entry.
    fn has(&self, uid: &str) -> bool {
        match self {
            EarlierEdition::Unknown => true,
            EarlierEdition::Known(uids) => uids.contains(uid),
        }
    }
}

/// Returns what is due within the days that are wanted as entries; what waits for us has no day.
fn open_entries(all: &OwedList, within: impl Fn(&Due) -> bool) -> Vec<CalendarEntry> {
    let dated = all.each().into_iter().filter(|one| one.due.kind != DueKind::Waiting);
    dated.filter(|one| within(&one.due)).map(entry).collect()
}

/// Returns what was due and is over as cancelled entries; what is due after the last day that is wanted, and was sooner, with
/// its new day. `all` is due within the days that are wanted and later.
fn over_entries(
    view: &View,
    channel: &Channel,
    scope: (&Segment, Option<WorkOf>),
    all: &OwedList,
    within: impl Fn(&Due) -> bool,
) -> anyhow::Result<Vec<CalendarEntry>> {
    let (now, later): (Vec<&Owed>, Vec<&Owed>) = all.each().into_iter().partition(|one| within(&one.due));
    let now: HashSet<String> = now.into_iter().map(uid).collect();
    let ended = ended(view, channel, scope, &now, within)?;
    let later: HashMap<String, &Owed> = later.into_iter().map(|owed| (uid(owed), owed)).collect();
    let moved = |one: &Ended| later.get(&uid(&one.owed)).map(|owed| entry(owed));
    Ok(ended.iter().map(|one| moved(one).unwrap_or_else(|| over_entry(one))).collect())
}

/// Returns the entry of what is over: cancelled, with how it came to be over in its title.
fn over_entry(ended: &Ended) -> CalendarEntry {
    let over = over_in_words(&ended.over);
    let open = entry(&ended.owed);
    let description =
        format!("{over}; `chanlife show {}`", ended.owed.partner.as_deref().unwrap_or_default());
    CalendarEntry { title: format!("{}, {over}", open.title), description, cancelled: true, ..open }
}

fn entry(owed: &Owed) -> CalendarEntry {
    let due = &owed.due;
    // Who reads it on the day reports the whole period.
    let step = match (&due.what, &owed.partner) {
        (AgendaItem::Report { period }, Some(partner)) => {
            Step::ReportRevenue { partner: partner.clone(), period: period.to_string() }
        }
        _ => due.step.clone(),
    };
    let named =
        |noun: &str, name: Option<&str>| name.map_or_else(String::new, |name| format!("\n{noun}: {name}"));
    let assignee = named("Assignee", due.what.assignee());
    let owner = named("Owner", owed.owner.as_deref());
    CalendarEntry {
        uid: uid(owed),
        day: due.day,
        title: format!("{}: {}", owed.name, due.what.sentence()),
        description: format!("{}{assignee}{owner}", command_line(&step)),
        category: due.kind.word(),
        cancelled: false,
    }
}
