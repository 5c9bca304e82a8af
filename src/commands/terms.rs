//! The command on terms agreed with partners.

use std::collections::BTreeMap;

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use crate::app::context::Context;
use crate::app::exit::{Exit, missing};
use crate::commands::completers::partner_keys;
use crate::commands::named::unknown;
use crate::commands::options::{Bulk, OnDay, day_to_come, name};
use crate::commands::order::Whom;
use crate::commands::record::record;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::program::Program;
use crate::lifecycle::terms;
use crate::lifecycle::terms::AgreeRequest;

/// Record agreed terms: margin, reporting cadence, launch notice, end of contract
#[derive(Debug, Args)]
#[command(
    override_usage = "chanlife agree PARTNER TERM=VALUE...\n       chanlife agree --where CONDITION TERM=VALUE...",
    after_help = "Examples:
  chanlife agree acme margin=15 launch-notice=60 contract-end=2027-12-31
  chanlife agree acme reporting-cadence=quarter --from 2027-01-01
  chanlife agree acme territory=   # withdraws the term
  chanlife agree --where tier=gold margin=20 --until 2027-12-31
`chanlife report terms` shows agreed terms and renewals; `chanlife program show --format table` lists the terms of
your program."
)]
pub struct AgreeArgs {
    /// The partner, then one or more terms with values; with --where, only terms
    #[arg(value_name = "PARTNER TERM=VALUE", required = true, num_args = 1..,
          add = ArgValueCompleter::new(partner_keys))]
    words: Vec<String>,
    /// First day [default: the day of the agreement]
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// Last day [default: open-ended]
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// Who agreed on the partner's side
    #[arg(long, value_name = "NAME", value_parser = name)]
    by: Option<String>,
    #[command(flatten)]
    on: OnDay,
    #[command(flatten)]
    bulk: Bulk,
}

impl AgreeArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let day = self.on.day(context)?;
        let from = day_to_come(context, "--from", self.from.as_deref())?;
        let until = day_to_come(context, "--until", self.until.as_deref())?;
        let (whom, typed) = self.bulk.whom(&self.words);
        if let Whom::One(partner) = whom
            && partner.contains('=')
        {
            return Err(missing("the partner", "").into());
        }
        if typed.is_empty() {
            return Err(missing("the term", "").into());
        }
        record(context, &self.bulk.order(whom, day), |in_force, proposals| {
            let values = read_terms(&in_force.program, typed)?;
            proposals.each(|loaded| {
                let request = AgreeRequest { values: values.clone(), from, until, by: self.by.as_deref() };
                loaded.take(terms::agree(loaded.facts(), request)?)
            })
        })
    }
}

/// Reads the values of terms, as they are stored.
fn read_terms(program: &Program, typed: &[String]) -> Result<BTreeMap<String, Option<String>>, Error> {
    let mut values = BTreeMap::new();
    for pair in typed {
        let Some((key, value)) = pair.split_once('=') else {
            return Err(Error::usage(format!("`{pair}` is not TERM=VALUE"))
                .hint("write it as margin=15; put a partner name with spaces in quotes"));
        };
        let key = key.trim();
        let Some(term) = program.term(key) else {
            let keys = program.terms.iter().map(|term| term.field.key.as_str());
            return Err(unknown("term", key, keys, "[[term]]"));
        };
        let value = match value.trim() {
            "" => None,
            value => Some(program.read_term(term, value).map_err(Error::usage)?),
        };
        if values.insert(key.to_owned(), value).is_some() {
            return Err(Error::usage(format!("`{key}` is given twice")));
        }
    }
    Ok(values)
}
