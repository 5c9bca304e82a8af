//! `report stuck`: partners that are significantly slower than others in their stage, most at stake first.

use std::collections::HashMap;

use clap::Args;

use crate::lifecycle::agenda::next_step;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::base::money::Money;
use crate::lifecycle::event::PartnerId;
use crate::lifecycle::facts::PartnerFacts;
use crate::lifecycle::milestone::MilestoneFacts;
use crate::lifecycle::partner::Partner;
use crate::report::basis::Basis;
use crate::report::estimate::diagnostics;
use crate::report::estimate::histories::Outcome;
use crate::report::estimate::model::{Model, OfStage, OpenVisit};
use crate::report::estimate::significance::Evidence;
use crate::report::given_up::{GivenUp, all_given_up, deciding_step, is_followed};
use crate::report::named::{NamedReport, ReportRequest};
use crate::report::options::{FailOn, FailOption, HorizonOption, Limit};
use crate::report::reading::{Channel, Needs};
use crate::report::value::percent;
use crate::report::value::{Cell, Figure, Report, Table};
use crate::store::{AttributesRow, View};
use crate::text::reports::to_decide;
use crate::text::steps::command_line;

/// A stay is stuck if the upper limit of the share of stays that last longer lies below this.
const STUCK: f64 = 0.15;
/// How many partners about whom only a decision is left are named.
const NAMED: usize = 3;

#[derive(Debug, Args)]
#[command(mut_arg("limit", |limit| limit.help("How many rows to show of each table; 0 for all, as in JSON and CSV")))]
pub(crate) struct StuckReport {
    #[command(flatten)]
    horizon: HorizonOption,
    #[command(flatten)]
    limit: Limit,
    #[command(flatten)]
    fail: FailOption,
}

impl NamedReport for StuckReport {
    fn explanation(&self) -> &'static str {
        include_str!("../text/explain/stuck.txt")
    }

    fn needs(&self, _: &View) -> anyhow::Result<Needs> {
        // Whom others report to, an attribute, is not given up.
        Ok(Needs::ALL_SALES.and(Needs::of::<AttributesRow>()))
    }

    fn report(&self, asked: &ReportRequest) -> anyhow::Result<Report> {
        let limit = asked.rows(self.limit, 20);
        report(asked.view, asked.channel, asked.basis, StuckOptions { horizon: self.horizon.days(), limit })
    }

    fn fail_on(&self) -> Option<FailOn> {
        self.fail.fail_on
    }
}

/// What is asked of `report stuck`.
#[derive(Clone, Copy, Default, Debug)]
struct StuckOptions {
    pub horizon: Option<usize>,
    /// How many rows people see of each table.
    pub limit: Option<usize>,
}

/// How a stay stands against the others of its stage.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Pace {
    /// Significantly slower than 85 % of visits.
    Stuck,
    /// Slower than most, and too few to tell how sure that is.
    Slow,
    Usual,
}

impl Pace {
    /// Returns what machines call it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Pace::Stuck => "stuck",
            Pace::Slow => "slow",
            Pace::Usual => "usual",
        }
    }
}

/// Returns the pace of an open stay.
pub(crate) fn pace(model: &Model, standing: &OpenVisit) -> Pace {
    let evidence = model.stages[standing.stay.state].curve.evidence;
    // If all stays that were seen ended sooner, no limit can be given.
    let surely = standing.longer_at_most.is_some_and(|longer| longer < STUCK);
    if standing.rank <= 1.0 - STUCK {
        Pace::Usual
    } else if surely && evidence == Evidence::Full {
        Pace::Stuck
    } else {
        Pace::Slow
    }
}

/// Returns the stuck partners, those with most at stake first.
pub(crate) fn stuck(model: &Model) -> Vec<OpenVisit> {
    let mut stuck: Vec<OpenVisit> =
        model.standings().into_iter().filter(|standing| pace(model, standing) == Pace::Stuck).collect();
    by_stake(&mut stuck);
    stuck
}

/// Sorts those with most at stake first; then the oldest.
pub(crate) fn by_stake(standings: &mut [OpenVisit]) {
    let stake = |one: &OpenVisit| one.loss().unwrap_or(0.0);
    standings.sort_by(|a, b| {
        stake(b)
            .total_cmp(&stake(a))
            .then(b.stay.spell.days.cmp(&a.stay.spell.days))
            .then(a.partner.cmp(&b.partner))
    });
}

/// Returns the revenue at stake in a year for a loss of the chance of success.
pub(crate) fn at_stake(model: &Model, channel: &Channel, loss: Option<f64>) -> Option<Money> {
    let minor = (model.yearly_minor()? * loss?).round();
    Some(channel.program.currency.money(minor as i128))
}

/// Returns the whole report.
///
/// # Errors
/// If the file can't be read.
fn report(view: &View, channel: &Channel, frame: &Basis, options: StuckOptions) -> anyhow::Result<Report> {
    let model = Model::of(channel, options.horizon);
    let (mut stuck, mut slow) = (Vec::new(), Vec::new());
    for standing in model.standings() {
        match pace(&model, &standing) {
            Pace::Stuck => stuck.push(standing),
            Pace::Slow => slow.push(standing),
            Pace::Usual => {}
        }
    }
    by_stake(&mut stuck);
    by_stake(&mut slow);
    let both: Vec<OpenVisit> = stuck.iter().chain(&slow).cloned().collect();
    let given_up = PartnersToDecide::of(channel, &model, &both);
    let title = "Stuck: significantly slower than 85 % of visits";
    let first = table(view, channel, (&model, &given_up), "rows", title, (&stuck, options.limit))?
        .empty("No partner is significantly slower than 85 % of visits.");
    let second = table(
        view,
        channel,
        (&model, &given_up),
        "slow",
        "Slow, not enough data to be sure",
        (&slow, options.limit),
    )?
    .empty("No other partner is slow.");
    Ok(frame
        .report("chanlife.stuck/1", channel)
        .with_figures([
            Figure::for_machines("horizon_days", Cell::age(model.horizon.days)),
            Figure::for_machines("history_days", model.horizon.history),
            Figure::for_machines("stuck", stuck.len()),
        ])
        .with_tables([first, second, by_stage(channel, &model)])
        .with_notes(given_up.sentence(channel))
        .with_notes(model.blocked(channel).map(|why| format!("Chances are not shown: {why}.")))
        .with_notes(diagnostics::of_stays(channel, &model.past))
        .with_notes([model.horizon.sentence()]))
}

/// A slow partner with its open stay.
struct SlowPartner<'m> {
    standing: &'m OpenVisit,
    partner: Partner,
    stage: &'m OfStage,
    age: usize,
}

impl SlowPartner<'_> {
    /// The chance that the stay ends in this way within so many days from now.
    fn within(&self, exit: Outcome, days: usize) -> Option<f64> {
        let incidence = &self.stage.incidences[exit as usize];
        let there = self.stage.curve.survival.at(self.age);
        (there > 0.0).then(|| (incidence.at(self.age + days) - incidence.at(self.age)) / there)
    }

    fn remaining(&self, p: f64) -> Option<usize> {
        self.stage.curve.survival.remaining_quantile(self.age, p)
    }
}

fn slow_partners<'m>(
    view: &View,
    model: &'m Model,
    standings: &'m [OpenVisit],
) -> anyhow::Result<Vec<SlowPartner<'m>>> {
    let mut rows = Vec::new();
    for standing in standings {
        let Some(partner) = view.partner(standing.partner)? else { continue };
        let age = usize::try_from(standing.stay.spell.days).unwrap_or(0);
        rows.push(SlowPartner { standing, partner, stage: &model.stages[standing.stay.state], age });
    }
    Ok(rows)
}

fn table(
    view: &View,
    channel: &Channel,
    (model, given_up): (&Model, &PartnersToDecide),
    key: &'static str,
    title: &str,
    (standings, limit): (&[OpenVisit], Option<usize>),
) -> anyhow::Result<Table> {
    let success = &channel.program.success_stage().name;
    let shown = limit.unwrap_or(usize::MAX).min(standings.len());
    let title = title_of(title, shown, standings.len());
    let rows = slow_partners(view, model, &standings[..shown])?;
    let missing = |row: &SlowPartner| {
        let facts = PartnerFacts { program: channel.program, partner: &row.partner, day: channel.as_of };
        facts.missing_gates().first().copied().unwrap_or_default().to_owned()
    };
    let table = Table::of(key, title, &rows)
        .column("partner", "Partner", |row| &row.partner.key)
        .later_partner_name(|row| row.partner.name())
        .column("stage", "Stage", |row| &channel.stages[row.standing.stay.state])
        .column("days_in_stage", "Days in stage", |row| Cell::age(row.age))
        .headline()
        .column("rank", "Longer than", |row| Cell::share(row.standing.rank))
        .machines("survival_upper_limit", |row| Cell::decimal(row.standing.longer_at_most))
        .column("remaining_median_days", "Median remaining time", |row| Cell::age(row.remaining(0.5)))
        .optional()
        .machines("remaining_q75_days", |row| Cell::age(row.remaining(0.75)))
        .column("p_advance_30d", "Advances within 30 d", |row| Cell::share(row.within(Outcome::Advanced, 30)))
        .detail()
        .column("p_advance_90d", "Advances within 90 d", |row| Cell::share(row.within(Outcome::Advanced, 90)))
        .machines("p_left_90d", |row| Cell::share(row.within(Outcome::Left, 90)))
        .machines("p_success", |row| Cell::share(row.standing.outlook.map(|outlook| outlook.reached)))
        .people(format!("{success} within {} d", model.horizon.days), |row| known_chance(model, row.standing))
        .column("p_success_fresh", "New partner's chance", |row| {
            Cell::share(row.standing.fresh.map(|outlook| outlook.reached))
        })
        .detail()
        .machines("p_unknown", |row| Cell::decimal(row.standing.outlook.map(|outlook| outlook.unknown)))
        .column("at_stake", format!("At stake ({} a year)", channel.program.currency.code()), |row| {
            at_stake(model, channel, row.standing.loss())
        })
        .optional()
        .machines("at_stake_probability", |row| Cell::decimal(row.standing.loss()))
        .column("owner", "Owner", |row| row.partner.attribute("owner"))
        .optional()
        .detail()
        .column("missing", "Unmet gate", missing)
        .optional()
        .machines("command", |row| {
            let facts = PartnerFacts { program: channel.program, partner: &row.partner, day: channel.as_of };
            let decide = given_up.of_partner(row.standing.partner).map(|one| command_line(&one.step));
            // It is not in growth, where revenue counts.
            decide.or_else(|| next_step(facts, None).map(|next| command_line(&next.step)))
        })
        .machines("decide", |row| {
            given_up.of_partner(row.standing.partner).map(|one| one.why.sentence(channel))
        });
    Ok(table.done())
}

/// Returns the chance of success; none of a visit longer than any that was followed, of which nobody knows it.
fn known_chance(model: &Model, standing: &OpenVisit) -> Cell {
    Cell::share(standing.outlook.filter(|_| is_followed(model, standing)).map(|outlook| outlook.reached))
}

/// The slow partners about whom only a decision is left, as `next` has them.
struct PartnersToDecide(HashMap<PartnerId, ToDecide>);

/// Why nothing more is expected of a partner, and the step that decides.
struct ToDecide {
    key: String,
    why: GivenUp,
    step: Step,
}

impl PartnersToDecide {
    fn of(channel: &Channel, model: &Model, slow: &[OpenVisit]) -> PartnersToDecide {
        let found = all_given_up(channel, model, slow);
        let lines = channel.lines.iter().filter_map(|line| {
            let why = *found.get(&line.id)?;
            let step = deciding_step(line, Some(why));
            Some((line.id, ToDecide { key: line.key().to_owned(), why, step }))
        });
        PartnersToDecide(lines.collect())
    }

    fn of_partner(&self, partner: PartnerId) -> Option<&ToDecide> {
        self.0.get(&partner)
    }

    /// Names the first of them, and where they are listed; nothing without any.
    fn sentence(&self, channel: &Channel) -> Option<String> {
        let mut all: Vec<&ToDecide> = self.0.values().collect();
        all.sort_by(|a, b| a.key.cmp(&b.key));
        let more = all.len().saturating_sub(NAMED);
        let mut named: Vec<String> = all
            .iter()
            .take(NAMED)
            .map(|one| format!("{} ({})", one.key, one.why.sentence(channel)))
            .collect();
        named.extend((more > 0).then(|| format!("{more} more")));
        (!all.is_empty()).then(|| to_decide(&named))
    }
}

/// Returns the title of a table with its first rows, or with all.
fn title_of(title: &str, shown: usize, all: usize) -> String {
    if shown < all { format!("{title} (first {shown} of {all})") } else { title.to_owned() }
}

/// How old the open stays of a stage are.
struct OldStays {
    stage: usize,
    open: usize,
    q90: usize,
    older: usize,
    /// As many as are older if nothing is wrong.
    expected: Option<f64>,
    /// The chance to advance within 30 days at half, three quarters and nine tenths of stays.
    advance: [Option<String>; 3],
}

impl OldStays {
    fn of(model: &Model, stage: usize) -> Option<OldStays> {
        let curve = &model.stages[stage].curve;
        let q90 = curve.survival.quantile(0.9).filter(|_| curve.evidence == Evidence::Full)?;
        let here = model.open().into_iter().filter(|(_, stay)| stay.state == stage);
        let ages: Vec<i64> = here.map(|(_, stay)| stay.spell.days).collect();
        let advance = &model.stages[stage].incidences[Outcome::Advanced as usize];
        let chances = [0.5, 0.75, 0.9].map(|p| {
            let age = curve.survival.quantile(p)?;
            let there = curve.survival.at(age);
            let chance = (advance.at(age + 30) - advance.at(age)) / there;
            (there > 0.0).then(|| format!("{} %", percent(chance)))
        });
        Some(OldStays {
            stage,
            open: ages.len(),
            q90,
            older: ages.iter().filter(|days| **days >= q90 as i64).count(),
            expected: curve.survival.share_of_open_older(q90).map(|share| share * ages.len() as f64),
            advance: chances,
        })
    }
}

/// How many of those who are there are old, beside how many would be in a steady state; and how moving on
/// depends on age.
fn by_stage(channel: &Channel, model: &Model) -> Table {
    let before = model.past.before_success();
    let rows: Vec<OldStays> = before.filter_map(|stage| OldStays::of(model, stage)).collect();
    Table::of("stages", "Aging by stage", &rows)
        .machines("stage", |row| &channel.stages[row.stage])
        .column("name", "Stage", |row| &channel.program.stages()[row.stage].name)
        .column("open", "In stage now", |row| row.open)
        .column("q90_days", "90th percentile", |row| Cell::age(row.q90))
        .column("older", "Longer than 90 % of visits", |row| row.older)
        .headline()
        .column("older_expected", "Expected in a healthy channel", |row| {
            row.expected.map(|expected| format!("{expected:.0}"))
        })
        .people("Advance in 30 d: median age", |row| row.advance[0].clone())
        .detail()
        .people("Advance in 30 d: slow", |row| row.advance[1].clone())
        .detail()
        .people("Advance in 30 d: slowest 10 %", |row| row.advance[2].clone())
        .detail()
        .done()
        .empty("Not enough data: 10 completed visits are needed in a stage.")
}
