//! The command that checks the database, and rebuilds the tables that follow from the events.

use std::path::Path;

use clap::Args;

use crate::app::context::{Context, shown_path};
use crate::app::exit::Exit;
use crate::commands::file::backup::kept_name;
use crate::commands::program::say_unknown;
use crate::lifecycle::base::error::{Error, Sentence};
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::base::text::counted;
use crate::report;
use crate::report::reading::Channel;
use crate::report::reporting;
use crate::report::revenue_doubts::{Doubts, RevenueDoubts};
use crate::report::unknown_values::UnknownValues;
use crate::store::{FileFault, Finding, Readable, left_behind, readable};
use crate::text::steps::command_line;

/// Check the integrity of the database; with --quiet, print only findings
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Rebuild the tables from the events, without changing any event; the old database is kept next to it
    #[arg(long)]
    repair: bool,
}

impl CheckArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let path = context.path()?;
        if let Some(note) = left_behind(&path) {
            context.say(&note.sentence());
        }
        let opened = context.store().and_then(|mut store| Ok((store.check()?, store)));
        let (mut checked, mut store) = opened.inspect_err(|error| say_what_is_left(context, error, &path))?;
        if let Some(older) = store.older_format()? {
            context.say(&older.sentence());
        }
        if self.repair && !checked.findings.is_empty() && checked.is_repairable() {
            let kept = kept_name(context, store.path(), "unrepaired");
            store.repair(&kept)?;
            context.say(&format!(
                "Rebuilt the tables from the events; the old database is kept as {}",
                shown_path(&kept)
            ));
            checked = store.check()?;
        }
        let (sound, repairable) = (checked.findings.is_empty(), checked.is_repairable());
        if sound {
            let circles = store.read(|reader| Ok(reader.parent_circles()?))?;
            checked.findings.extend(circles.into_iter().map(|keys| Finding::ParentCircle { keys }));
        }
        checked.findings.extend(store.check_place()?);
        if context.global.quiet && checked.findings.is_empty() && context.on_screen() {
            return Ok(Exit::Done);
        }
        context.show(&report::check::report(&checked))?;
        if !sound {
            say_remedy(context, &path, repairable);
        }
        if !checked.findings.is_empty() {
            return Ok(Exit::Found);
        }
        let (owing, unknown, doubts) = store.read(|reader| {
            let view = reader.view(context.today, None)?;
            let unknown = UnknownValues::read(&view, &view.in_force.program, &view.in_force.aliases)?;
            let owing = Channel::read(&view, reporting::needs(), |channel| {
                let owing = reporting::owing(channel);
                let oldest = reporting::oldest_owed(&owing);
                Ok((owing.len(), oldest))
            })?;
            Ok((owing, unknown, RevenueDoubts::read(&view)?))
        })?;
        say_unknown(context, &unknown);
        say_doubts(context, &doubts);
        let (owing, oldest) = owing;
        if owing > 0 {
            say_owing(context, owing, oldest);
        }
        Ok(Exit::Done)
    }
}

/// Prints which sales count twice or contradict themselves, as older versions took them.
fn say_doubts(context: &Context, doubts: &RevenueDoubts) {
    let say = |doubts: &Doubts, what: &str| {
        for one in &doubts.named {
            context.say(&format!("note: {what}: {}", one.what.join("; ")));
            context.say(&format!("next: {}", one.remedy));
        }
        let more = doubts.count - doubts.named_count();
        if more > 0 {
            let records = counted(more, "more sale");
            context
                .say(&format!("note: {what}: {records}; once these are mended, `chanlife check` names them"));
        }
    };
    say(&doubts.twice, "revenue that may be counted twice");
    say(&doubts.contradicted, "parts of a sale that contradict each other");
}

/// Prints how many partners owe reports, and how the one that is due longest is recorded.
fn say_owing(context: &Context, owing: usize, oldest: Option<(String, String)>) {
    let (partners, verb) = (counted(owing, "partner"), if owing == 1 { "owes" } else { "owe" });
    let recorded = oldest.map_or_else(String::new, |(partner, period)| {
        let step = command_line(&Step::ReportRevenue { partner, period });
        format!("; `{step}` records the oldest")
    });
    context.say(&format!(
        "note: {partners} {verb} overdue sell-through reports; `chanlife report reporting` lists them{recorded}"
    ));
}

/// Prints what to do about a file that is not sound.
fn say_remedy(context: &Context, path: &Path, repairable: bool) {
    if repairable {
        context.say("next: `chanlife check --repair` rebuilds the tables from the events");
        return;
    }
    say_readable(context, path);
    context.say(
        "next: the events are damaged: restore a copy with `chanlife restore FILE`, or recover what is readable with \
         `chanlife rescue FILE --to NEW`",
    );
}

/// Prints how much is readable of a database too damaged to check.
fn say_what_is_left(context: &Context, error: &anyhow::Error, path: &Path) {
    if let Some(FileFault::Damaged { .. } | FileFault::Foreign { .. } | FileFault::Failed { .. }) =
        error.downcast_ref::<Error>().and_then(Error::facts)
    {
        say_readable(context, path);
    }
}

/// Prints how much of a damaged database is readable, if anything is.
fn say_readable(context: &Context, path: &Path) {
    if let Ok(Readable { actions, proven }) = readable(path)
        && actions > 0
    {
        context.say(&format!(
            "Still readable: {}, {proven} of them with a valid checksum",
            counted(actions, "action")
        ));
    }
}
