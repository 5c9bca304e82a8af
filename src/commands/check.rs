use clap::Args;

use crate::context::Context;
use crate::exit::Exit;
use crate::report;

/// Check that the file is sound and that everything follows from what happened
#[derive(Debug, Args)]
pub struct Check {}

impl Check {
    #[expect(
        clippy::redundant_closure_for_method_calls,
        reason = "the reader's lifetime is the transaction's"
    )]
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let checked = context.store()?.read(|reader| reader.check())?;
        context.show(&report::check::report(&checked))?;
        Ok(if checked.findings.is_empty() { Exit::Done } else { Exit::Found })
    }
}
