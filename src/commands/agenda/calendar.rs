//! The command that lists everything that is due.

use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::error::Sentence;
use crate::text::steps::command_line;
use clap::Args;

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::options::Limit;
use crate::commands::reading::{ViewOptions, WhereOption};
use crate::export::{CalendarEdition, CalendarEntry, write_calendar};
use crate::lifecycle::agenda::DueKind;
use crate::lifecycle::base::day::Towards;
use crate::report::channel::{Channel, Needs};
use crate::report::due;
use crate::report::due::Owed;

/// Everything that is due by a day: milestones, reviews, reports, renewals, expiries, claims, launches
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chanlife calendar --owner ana                      what is due, the first first
  chanlife calendar --until 4w
  chanlife calendar --ics -o channel.ics             for a calendar program; importing it again updates
  chanlife calendar --where region=EMEA --ics > emea.ics")]
pub struct Calendar {
    /// As iCalendar, for calendar programs; also where the file of --output ends in .ics
    #[arg(long)]
    ics: bool,
    /// Only what is due by this day
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// Only partners of this owner
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
    #[command(flatten)]
    filter: WhereOption,
    #[command(flatten)]
    limit: Limit,
    #[command(flatten)]
    view: ViewOptions,
}

impl Calendar {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let until = self.until.as_deref();
        let until = until.map(|text| context.day("--until", text, Towards::Future)).transpose()?;
        let named =
            context.output().and_then(std::path::Path::extension).is_some_and(|ending| ending == "ics");
        let ics = self.ics || (named && context.global.format.is_none());
        if self.ics && context.global.format.is_some() {
            return Err(Error::usage("--ics is a format of its own").hint("leave --format out").into());
        }
        let mut conditions = self.filter.conditions;
        conditions.extend(self.owner.map(|owner| format!("owner={owner}")));
        let limit = self.limit.rows(context, 50);
        let (report, name, all, edition) = self.view.read(context, &conditions, |view, frame| {
            let needs = Needs { attributes: true, ..frame.segment.needs() };
            let mut channel = Channel::load(view, needs)?;
            frame.segment.narrow(&mut channel);
            let all = due::owed(view, &channel, channel.lines.iter(), until)?;
            let report = due::report(&channel, frame, &all, limit);
            Ok((report, channel.program.name.clone(), all, view.edition()?))
        })?;
        match ics {
            false => context.show(&report)?,
            true => {
                let (instant, number) = edition;
                let entries: Vec<CalendarEntry> =
                    all.iter().filter(|one| one.due.kind != DueKind::Waiting).map(entry).collect();
                let edition = CalendarEdition { instant: &instant, number };
                context.print(|out| write_calendar(&name, edition, &entries, out))?;
            }
        }
        Ok(Exit::Done)
    }
}

fn entry(owed: &Owed) -> CalendarEntry {
    let due = &owed.due;
    let whose = owed.partner.as_deref().unwrap_or("channel");
    let owner = owed.owner.as_ref().map_or_else(String::new, |owner| format!("\nOwner: {owner}"));
    CalendarEntry {
        uid: format!("{whose}.{}@chanlife", due.id),
        day: due.day,
        title: format!("{}: {}", owed.name, due.what.sentence()),
        description: format!("{}{owner}", command_line(&due.step)),
        category: due.kind.word(),
    }
}
