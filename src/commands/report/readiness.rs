//! `report readiness` as a command.

use clap::Args;

use crate::app::exit::Exit;
use crate::commands::options::Limit;
use crate::commands::report::question::{Asked, FailOption, PartnerQuestion};
use crate::lifecycle::base::error::Error;
use crate::report::enablement;
use crate::report::reading::Quality;

#[derive(Debug, Args)]
#[command(mut_arg("limit", |limit| limit.help("How many partners to show; 0 for all, as in JSON and CSV")))]
#[command(after_help = "Examples:
  chanlife report readiness
  chanlife report readiness --by region --where stage=readiness,launch
  chanlife report readiness --all --format csv")]
pub(super) struct ReadinessReport {
    #[command(flatten)]
    question: PartnerQuestion,
    /// Field to group by: stage, type, region, tier, owner or a field of the program
    #[arg(long, value_name = "FIELD", default_value = "stage")]
    by: String,
    /// Also show partners that lack nothing
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    limit: Limit,
}

impl ReadinessReport {
    /// Shows the report.
    pub(super) fn run(self, asked: Asked) -> anyhow::Result<Exit> {
        let limit = self.limit.rows(asked.context, 20);
        let by = |program: &_| {
            let quality = Quality::parse(&self.by, program);
            quality.map_err(|why| Error::usage(format!("--by: {why}")))
        };
        self.question.show(
            asked,
            |view| Ok(enablement::needs(&by(&view.in_force.program)?)),
            &FailOption::default(),
            |_, channel, frame| {
                let options =
                    enablement::EnablementQuestion { by: by(channel.program)?, limit, all: self.all };
                Ok(enablement::report(channel, frame, &options))
            },
        )
    }
}
