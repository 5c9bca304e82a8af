//! `report communication` as a command.

use clap::Args;

use crate::app::exit::Exit;
use crate::commands::report::question::{Asked, FailOption, PartnerQuestion};
use crate::lifecycle::base::error::Error;
use crate::report::communication::{self, Announcement};
use crate::report::reading::Quality;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  chanlife report communication
  chanlife report communication atlas-3           partner by partner
  chanlife report communication --by region")]
pub(super) struct CommunicationReport {
    /// One announcement, partner by partner
    key: Option<String>,
    #[command(flatten)]
    question: PartnerQuestion,
    /// Field to group by: type, region, tier, owner, stage or a field of the program
    #[arg(long, value_name = "FIELD", conflicts_with = "key")]
    by: Option<String>,
}

impl CommunicationReport {
    /// Shows the report.
    pub(super) fn run(self, asked: Asked) -> anyhow::Result<Exit> {
        let by = |program: &_| {
            let quality = self.by.as_deref().map(|word| Quality::parse(word, program)).transpose();
            quality.map_err(|why| Error::usage(format!("--by: {why}")))
        };
        self.question.show(
            asked,
            |view| {
                let by = by(&view.in_force.program)?;
                Ok(communication::needs(&Announcement::all(view)?, by.as_ref()))
            },
            &FailOption::default(),
            |view, channel, frame| {
                let options =
                    communication::CommunicationQuestion { key: self.key.clone(), by: by(channel.program)? };
                Ok(communication::report(&Announcement::all(view)?, channel, frame, &options)?)
            },
        )
    }
}
