//! The command that lists due dates.

use clap::Args;

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::reading::{ViewOptions, WhereOption, segment, with_owner};
use crate::export::{CalendarEdition, CalendarEntry, write_calendar};
use crate::lifecycle::agenda::{AgendaItem, Due, DueKind};
use crate::lifecycle::base::day::Towards;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::Step;
use crate::report::due;
use crate::report::due::{Owed, WorkOf};
use crate::report::options::Limit;
use crate::report::reading::{Channel, Needs};
use crate::text::steps::command_line;

/// List due dates: milestones, follow-ups, reviews, reports, renewals, expiries, claims, launches
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chanlife calendar --owner ana   # due dates of ana's partners
  chanlife calendar --until 4w
  chanlife calendar --ics -o channel.ics   # import it again to update
  chanlife calendar --where region=EMEA --ics > emea.ics")]
pub struct CalendarArgs {
    /// Write iCalendar; implied if the file of --output ends in .ics
    #[arg(long)]
    ics: bool,
    /// Only due dates up to this day
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// Only partners of this owner, and what this person is to do for others
    #[arg(long, value_name = "NAME")]
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
        let named =
            context.output().and_then(std::path::Path::extension).is_some_and(|ending| ending == "ics");
        let ics = self.ics || (named && context.global.format.is_none());
        if self.ics && context.global.format.is_some() {
            return Err(Error::usage("--ics cannot be used with --format").hint("leave out --format").into());
        }
        let others = self.filter.conditions;
        let conditions = with_owner(&others, self.owner.as_deref());
        let limit = if ics { None } else { self.limit.rows(context.on_screen(), 50) };
        let (report, name, all, edition) = self.view.read(context, &conditions, |view, frame| {
            let among = segment(view, &others)?;
            let work = self.owner.as_deref().map(|name| WorkOf { name, among: &among });
            let needs = work.map_or(Needs::NONE, |_| WorkOf::NEEDS).and(frame.segment.needs());
            Channel::read(view, needs, |channel| {
                let wanted = |due: &Due| until.is_none_or(|until| due.day <= until);
                let all = due::owed(view, channel, (&frame.segment, work), limit, wanted)?;
                let report = due::report(channel, frame, &all);
                Ok((report, channel.program.name.clone(), all, view.edition()?))
            })
        })?;
        if ics {
            let (instant, number) = edition;
            let entries: Vec<CalendarEntry> =
                all.each().into_iter().filter(|one| one.due.kind != DueKind::Waiting).map(entry).collect();
            let edition = CalendarEdition { instant: &instant, number };
            context.print(|out| write_calendar(&name, edition, &entries, out))?;
        } else {
            context.show(&report)?;
        }
        Ok(Exit::Done)
    }
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
    let whose = owed.partner.as_deref().unwrap_or("channel");
    let named =
        |noun: &str, name: Option<&str>| name.map_or_else(String::new, |name| format!("\n{noun}: {name}"));
    let assignee = named("Assignee", due.what.assignee());
    let owner = named("Owner", owed.owner.as_deref());
    CalendarEntry {
        uid: format!("{whose}.{}@chanlife", due.id),
        day: due.day,
        title: format!("{}: {}", owed.name, due.what.sentence()),
        description: format!("{}{assignee}{owner}", command_line(&step)),
        category: due.kind.word(),
    }
}
