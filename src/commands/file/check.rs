//! The command that checks the file, and repairs what follows from the events.

use std::path::Path;

use clap::Args;

use crate::app::context::{Context, shown_path};
use crate::app::exit::Exit;
use crate::commands::file::backup::kept_name;
use crate::lifecycle::base::error::{Error, Sentence};
use crate::lifecycle::base::text::counted;
use crate::render::Format;
use crate::report;
use crate::report::channel::{Channel, Needs};
use crate::report::reporting;
use crate::store::{FileFault, Readable, left_behind, readable};

/// Check that the file is sound and that everything follows from what happened; with --quiet, only findings
#[derive(Debug, Args)]
pub struct Check {
    /// Write anew what follows from the events, never an event; the file as it was is kept beside it
    #[arg(long)]
    repair: bool,
}

impl Check {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let path = context.path()?;
        if let Some(note) = left_behind(&path) {
            context.say(&note);
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
                "Wrote anew what follows from the events; the file as it was is {}",
                shown_path(&kept)
            ));
            checked = store.check()?;
        }
        let (sound, repairable) = (checked.findings.is_empty(), checked.is_repairable());
        checked.findings.extend(store.check_place()?);
        if context.global.quiet && checked.findings.is_empty() && context.format() == Format::Table {
            return Ok(Exit::Done);
        }
        context.show(&report::check::report(&checked))?;
        match (sound, repairable) {
            (true, _) => {}
            (false, true) => {
                context.say("`chanlife check --repair` writes anew what follows from the events");
            }
            (false, false) => {
                say_readable(context, &path);
                context.say(
                    "no repair from the events: `chanlife restore FILE` puts a good copy in its place; without one, \
                     `chanlife rescue FILE --to NEW` saves what is sound",
                );
            }
        }
        if !checked.findings.is_empty() {
            return Ok(Exit::Found);
        }
        let owing = store.read(|reader| {
            let view = reader.view(context.today, None)?;
            let needs = Needs { attributes: true, sales: true, ..Needs::default() };
            let channel = Channel::load(&view, needs)?;
            Ok(reporting::owing(&channel).len())
        })?;
        if owing > 0 {
            let partners = counted(owing, "partner");
            let verb = if owing == 1 { "owes" } else { "owe" };
            context.say(&format!(
                "note: {partners} {verb} reports of what was sold; `chanlife report reporting` lists them"
            ));
        }
        Ok(Exit::Done)
    }
}

/// Of a file that can't even be checked because it is damaged.
fn say_what_is_left(context: &Context, error: &anyhow::Error, path: &Path) {
    if let Some(FileFault::Damaged { .. } | FileFault::Foreign { .. } | FileFault::Failed { .. }) =
        error.downcast_ref::<Error>().and_then(Error::facts)
    {
        say_readable(context, path);
    }
}

/// Says how much of a damaged file can still be read; nothing where that is nothing.
fn say_readable(context: &Context, path: &Path) {
    if let Ok(Readable { actions, proven }) = readable(path)
        && actions > 0
    {
        context.say(&format!(
            "What can still be read: {}, {proven} of them with a checksum that fits all their events",
            counted(actions, "action")
        ));
    }
}
