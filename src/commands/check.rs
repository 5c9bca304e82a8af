use clap::Args;

use super::backup::kept_name;
use crate::context::{Context, shown_path};
use crate::domain::text::counted;
use crate::exit::Exit;
use crate::render::Format;
use crate::report;
use crate::report::channel::{Channel, Needs};
use crate::report::reporting;
use crate::store::left_behind;

/// Check that the file is sound and that everything follows from what happened; with --quiet, only findings
#[derive(Debug, Args)]
pub struct Check {
    /// Write anew what follows from the events, never an event; the file as it was is kept beside it
    #[arg(long)]
    repair: bool,
}

impl Check {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        if let Some(note) = left_behind(&context.path()?) {
            context.say(&note);
        }
        let mut store = context.store()?;
        let mut checked = store.check()?;
        if self.repair && !checked.findings.is_empty() && checked.is_repairable() {
            let kept = kept_name(context, store.path(), "unrepaired");
            store.repair(&kept)?;
            context.say(&format!(
                "Wrote anew what follows from the events; the file as it was is {}",
                shown_path(&kept)
            ));
            checked = store.check()?;
        }
        let sound = checked.findings.is_empty();
        checked.findings.extend(store.check_place()?);
        if context.global.quiet && checked.findings.is_empty() && context.format() == Format::Table {
            return Ok(Exit::Done);
        }
        context.show(&report::check::report(&checked))?;
        if !sound {
            context.say(match checked.is_repairable() {
                true => "`chanlife check --repair` writes anew what follows from the events",
                false => {
                    "no repair from the events: `chanlife restore FILE` puts a good copy in its place; without one, \
                     `chanlife rescue FILE --to NEW` saves what is sound"
                }
            });
            return Ok(Exit::Found);
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
