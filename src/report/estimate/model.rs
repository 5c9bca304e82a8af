//! The chain of stages that a channel's past gives, and what it says of the partners that are there.

use std::collections::HashMap;

use crate::analysis::counts::Counts;
use crate::analysis::incidence::{Incidence, incidences};
use crate::analysis::kernel::Kernel;
use crate::analysis::revenue::{Income, Revenue};
use crate::analysis::state_histories::ObservedStay;
use crate::analysis::time_to_target::{Outlook, TimeToTarget};
use crate::lifecycle::base::text::{counted, phrase};
use crate::report::estimate::histories::{Horizon, Past};
use crate::report::estimate::significance::{Curve, Evidence};
use crate::report::reading::Channel;

/// Revenue is expected for the year after success.
const TENURE: usize = 365;

/// Everything that reports on the future share.
pub(crate) struct Model {
    pub past: Past,
    pub counts: Vec<Counts>,
    pub kernel: Kernel,
    pub horizon: Horizon,
    /// The time to success; none if partners circle for ever within a day.
    pub to_success: Option<TimeToTarget>,
    /// What a partner brings after success; none without any revenue, or if it was not asked for.
    pub revenue: Option<Revenue>,
    /// By stage of the program.
    pub stages: Vec<OfStage>,
}

/// What is known of the stays in one stage.
pub(crate) struct OfStage {
    pub curve: Curve,
    pub incidences: Vec<Incidence>,
}

/// An open stay, against the others in its stage.
#[derive(Clone, Debug)]
pub(crate) struct OpenVisit {
    pub partner: i64,
    pub stay: ObservedStay,
    /// The share of stays that end sooner than this one has lasted.
    pub rank: f64,
    /// The upper 95 % limit of the share of stays that last longer.
    pub longer_at_most: Option<f64>,
    pub outlook: Option<Outlook>,
    /// The outlook of a partner that enters the stage now.
    pub fresh: Option<Outlook>,
}

impl Model {
    /// Returns the model of a channel; the horizon is in days.
    pub(crate) fn of(channel: &Channel, horizon: Option<usize>) -> Model {
        let past = Past::of(channel);
        let horizon = past.horizon(horizon);
        let counts = past.histories.counts();
        let states = past.histories.states;
        let kernel = Kernel::of(states, &counts);
        let to_success = TimeToTarget::to(states.success, &kernel, horizon.days);
        let stages = (0..past.stages)
            .map(|stage| {
                let counts = past.by_exit(stage, &counts[stage]);
                OfStage { incidences: incidences(&counts), curve: Curve::of(counts) }
            })
            .collect();
        let sales = channel.lines.iter().flat_map(|line| channel.sales_once(line));
        let incomes: Vec<Income> = sales
            .map(|sale| Income {
                history: sale.partner,
                day: sale.day.number(),
                amount: sale.amount_minor as f64,
            })
            .collect();
        let revenue = Some(Revenue::of(&past.histories, &incomes)).filter(|revenue| revenue.effective > 0.0);
        Model { past, counts, kernel, horizon, to_success, revenue, stages }
    }

    /// Returns why nothing can be said of the way to success: a stage before it with too few exits.
    pub(crate) fn blocked(&self, channel: &Channel) -> Option<String> {
        // A stage that nobody ever was in is on nobody's way.
        let on_the_way = |stage: &usize| self.stages[*stage].curve.stays() > 0;
        let few: Vec<String> = self
            .past
            .before_success()
            .filter(on_the_way)
            .filter(|stage| self.stages[*stage].curve.evidence < Evidence::Full)
            .map(|stage| {
                let ended = self.stages[stage].curve.counts.ended();
                format!("{} has {}", channel.program.stages()[stage].name, counted(ended, "completed visit"))
            })
            .collect();
        if !few.is_empty() {
            return Some(format!("not enough data: {}; 10 are needed in each stage", phrase(&few)));
        }
        let success = self.past.histories.states.success;
        if self.past.before_success().is_empty() {
            let first = &channel.program.stages()[success].name;
            return Some(format!("no stage before {first} to improve"));
        }
        let came: u64 =
            self.past.before_success().map(|stage| self.counts[stage].exits_in_all(success)).sum();
        if came == 0 {
            return Some(format!(
                "not enough data: no partner was followed from an earlier stage to {} yet",
                channel.program.stages()[success].name
            ));
        }
        let round = "not enough data: partners move between stages in a circle within one day";
        self.to_success.is_none().then(|| round.to_owned())
    }

    /// Returns what a partner brings within a year of success, in minor units.
    pub(crate) fn yearly_minor(&self) -> Option<f64> {
        self.revenue.as_ref().map(|revenue| revenue.at(TENURE))
    }

    /// Returns the open stays in the stages before success, in order of partner.
    pub(crate) fn open(&self) -> Vec<(i64, ObservedStay)> {
        let before = self.past.before_success();
        let open = self.past.histories.iter().filter_map(|history| Some((history.id, history.open()?)));
        open.filter(|(_, stay)| before.contains(&stay.state)).collect()
    }

    /// Returns the open stays in the stages before success, against the others of their stage.
    pub(crate) fn standings(&self) -> Vec<OpenVisit> {
        let mut outlooks: HashMap<(usize, usize), Option<Outlook>> = HashMap::new();
        let days = self.horizon.days;
        let standing = |(partner, stay): (i64, ObservedStay)| {
            let age = usize::try_from(stay.spell.days).ok()?;
            let survival = &self.stages[stay.state].curve.survival;
            let outlook = *outlooks.entry((stay.state, age)).or_insert_with(|| {
                let rest = self.kernel.row(stay.state).given_age(age)?;
                Some(self.to_success.as_ref()?.of_rest(&rest, days))
            });
            Some(OpenVisit {
                partner,
                stay,
                rank: 1.0 - survival.at(age),
                longer_at_most: survival.limits(age).map(|limits| limits.high),
                outlook,
                fresh: self.to_success.as_ref().map(|to_success| to_success.from(stay.state, days)),
            })
        };
        self.open().into_iter().filter_map(standing).collect()
    }
}

impl OpenVisit {
    /// Returns how much less likely success is than for a partner that enters the stage now.
    pub(crate) fn loss(&self) -> Option<f64> {
        Some((self.fresh?.reached - self.outlook?.reached).max(0.0))
    }
}
