//! The command that merges a duplicate partner into another.

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::completers::partner_keys;
use crate::commands::options::DryRun;
use crate::commands::record::record;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::text::{counted, phrase};
use crate::lifecycle::corrections::Merged;
use crate::lifecycle::partner;
use crate::lifecycle::revenue::reported_by_both;

/// Merge a duplicate into another partner; the key of the duplicate keeps working
#[derive(Debug, Args)]
#[command(after_help = "Example:
  chanlife merge acme-2 --into acme")]
pub struct MergeArgs {
    /// The duplicate
    #[arg(add = ArgValueCompleter::new(partner_keys))]
    partner: String,
    /// The partner to keep
    #[arg(long, value_name = "PARTNER", add = ArgValueCompleter::new(partner_keys))]
    into: String,
    /// Leave out the stage history of the duplicate, if it contradicts the other
    #[arg(long)]
    without_stages: bool,
    #[command(flatten)]
    dry_run: DryRun,
}

impl MergeArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let order = self.dry_run.order(&self.partner, context.today);
        record(context, &order, |in_force, proposals| {
            let target = proposals.reader().find(&self.into)?.id;
            let history = proposals.reader().history(target)?;
            let folded = history.fold(&in_force.aliases, None);
            let other = folded.partner();
            let other = other.ok_or_else(|| Error::refused("the partner to keep was removed"))?;
            let merged = Merged { into: target, without_stages: self.without_stages };
            let reader = proposals.reader();
            let target_parent = reader.parent_of(target)?;
            proposals.each(|loaded| {
                let parent = reader.parent_of(loaded.latest().id)?;
                let lost = parent.filter(|one| *one != target && Some(*one) != target_parent);
                let lost = lost.map(|one| reader.lookup(one)).transpose()?;
                loaded.set_other(other.name());
                let (facts, own) = (loaded.facts(), loaded.history());
                let (aliases, merged) = (&in_force.aliases, merged.clone());
                let key = loaded.latest().key.clone();
                let both: Vec<String> = reported_by_both(&loaded.latest().sales, &other.sales)
                    .into_iter()
                    .filter_map(|sale| sale.reference.clone())
                    .collect();
                loaded.take(partner::merge(facts, own, (other, &history), aliases, merged)?)?;
                loaded.add_note(format!("`{key}` now means {}, `{}`", other.name(), other.key));
                if !both.is_empty() {
                    let (sales, named) = (counted(both.len(), "sale"), phrase(&both));
                    loaded.add_note(format!("reported by both, and counted once: {sales} ({named})"));
                }
                if let Some(above) = lost {
                    let (above, into) = (above.key, &other.key);
                    loaded.add_note(format!(
                        "`{key}` stood under `{above}`, `{into}` does not: up to today what `{above}` reports too counts once, from \
                         now on twice; `chanlife edit {into} --parent {above}` puts it there"
                    ));
                }
                Ok(())
            })
        })
    }
}
