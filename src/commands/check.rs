use clap::Args;

use crate::context::Context;
use crate::domain::text::counted;
use crate::exit::Exit;
use crate::report;
use crate::report::channel::{Channel, Needs};
use crate::report::reporting;

/// Check that the file is sound and that everything follows from what happened
#[derive(Debug, Args)]
pub struct Check {}

impl Check {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let mut store = context.store()?;
        let checked = store.check()?;
        context.show(&report::check::report(&checked))?;
        if checked.findings.is_empty() {
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
        }
        Ok(if checked.findings.is_empty() { Exit::Done } else { Exit::Found })
    }
}
