//! `report intervene`: the stage where an improvement pays most, and its impact.

use clap::Args;

use crate::analysis::Limits;
use crate::analysis::levers::{Kind, Lever, effects};
use crate::analysis::occupation::Occupation;
use crate::analysis::state_histories::SUCCEEDED;
use crate::lifecycle::agenda::next_step;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::text::capital;
use crate::lifecycle::facts::PartnerFacts;
use crate::lifecycle::partner::Partner;
use crate::report::basis::Basis;
use crate::report::estimate::curves;
use crate::report::estimate::curves::DAYS;
use crate::report::estimate::diagnostics;
use crate::report::estimate::model::{Model, OpenVisit};
use crate::report::estimate::ranking::{
    Further, Ranked, Ranking, effect_in_words, further, success_name, what, word,
};
use crate::report::estimate::significance::chance;
use crate::report::intervene_toward;
use crate::report::named::{NamedReport, ReportRequest};
use crate::report::options::{CurveDays, HorizonOption, TowardEnd};
use crate::report::page::without_verdict;
use crate::report::reading::{Channel, Needs};
use crate::report::slippage;
use crate::report::stuck::{at_stake, by_stake};
use crate::report::todo;
use crate::report::value::{Cell, Figure, Report, Table};
use crate::report::value::{percent, signed};
use crate::store::View;
use crate::text::steps::command_line;

/// How many partners affected by the first lever are named.
const FIRST: usize = 5;
/// Fewer effective partners with revenue than this say little of money.
const EFFECTIVE: f64 = 30.0;

#[derive(Debug, Args)]
pub(crate) struct InterveneReport {
    #[command(flatten)]
    horizon: HorizonOption,
    /// Size of each improvement: so many percent faster, or so many percent less drop-off
    #[arg(long, value_name = "PERCENT", default_value = "25", value_parser = clap::value_parser!(u8).range(1..=100), allow_negative_numbers = true)]
    change: u8,
    /// What the improvements are to bring partners to
    #[arg(long, value_enum, value_name = "END", default_value_t)]
    toward: TowardEnd,
    #[command(flatten)]
    at: CurveDays,
}

impl NamedReport for InterveneReport {
    fn explanation(&self) -> &'static str {
        match self.toward {
            TowardEnd::Growth => include_str!("../text/explain/intervene.txt"),
            _ => include_str!("../text/explain/intervene_toward.txt"),
        }
    }

    fn needs(&self, _: &View) -> anyhow::Result<Needs> {
        // Whom to touch first, and where without a verdict, goes by all that `next` looks at.
        Ok(Needs::ALL_SALES.and(todo::NEEDS).and(slippage::NEEDS))
    }

    fn report(&self, asked: &ReportRequest) -> anyhow::Result<Report> {
        let x = f64::from(self.change) / 100.0;
        if let Some(end) = self.toward.of_sales() {
            if !self.at.days().is_empty() {
                return Err(Error::usage(
                    "--at gives curves toward growth; leave it out with another --toward",
                )
                .into());
            }
            let frame = asked.basis.report("chanlife.intervene/1", asked.channel);
            return intervene_toward::report(asked.view, asked.channel, frame, (end, self.horizon.days(), x));
        }
        let options = InterveneOptions { horizon: self.horizon.days(), x, at: self.at.days() };
        report(asked.view, asked.channel, asked.basis, &options)
    }
}

/// What is asked of `report intervene`.
#[derive(Clone, Debug)]
struct InterveneOptions {
    pub horizon: Option<usize>,
    /// By which share a stage is made faster, or drop-outs fewer.
    pub x: f64,
    /// Days for which curves are wanted.
    pub at: Vec<usize>,
}

/// Returns the whole report.
///
/// # Errors
/// If the file can't be read.
fn report(
    view: &View,
    channel: &Channel,
    frame: &Basis,
    options: &InterveneOptions,
) -> anyhow::Result<Report> {
    let model = Model::of(channel, options.horizon);
    let mut report = frame.report("chanlife.intervene/1", channel).with_figures([
        Figure::for_machines("toward", "growth"),
        Figure::for_machines("horizon_days", Cell::age(model.horizon.days)),
        Figure::for_machines("history_days", model.horizon.history),
        Figure::for_machines("change", Cell::decimal(options.x)),
        Figure::for_machines("lives", model.past.histories.len()),
    ]);
    let ranking = match model.blocked(channel) {
        Some(blocked) => Err(blocked),
        None => Ranking::of(&model, options.x).ok_or_else(|| "not enough data".to_owned()),
    };
    report = match ranking {
        Err(blocked) => {
            let (small, headline) = without_verdict(view, channel, frame, &model)?;
            let headline =
                if channel.lines.is_empty() { format!("Where to intervene: {blocked}") } else { headline };
            report
                .with_figures([Figure::for_machines("verdict", "too few to tell")])
                .with_headline(headline)
                .with_tables([levers(channel, &model, None).empty("No improvement can be ranked yet.")])
                .with_tables(small.tables())
                .with_notes([format!("Chance of success: {blocked}.")])
        }
        Ok(ranking) => ranked(view, channel, report, &model, &ranking)?,
    };
    let at: &[usize] = if options.at.is_empty() { &DAYS } else { &options.at };
    Ok(report
        .with_tables(curves::chances(channel, &model, options.x, at).into_iter().flatten())
        .with_notes(diagnostics::of_stays(channel, &model.past))
        .with_tables([slippage::table(channel)])
        .with_notes([model.horizon.sentence()])
        .with_notes(slippage::sentence(channel)))
}

/// Adds what the ranking says.
fn ranked(
    view: &View,
    channel: &Channel,
    report: Report,
    model: &Model,
    ranking: &Ranking,
) -> anyhow::Result<Report> {
    let days = model.horizon.days;
    let table = levers(channel, model, Some(ranking)).with_notes(ranking.ahead(channel));
    let bound = diagnostics::bound(&model.past, days);
    Ok(report
        .with_figures(verdict_figures(channel, model, ranking))
        .with_headline(ranking.headline(channel, days))
        .with_tables([table, touched(view, channel, model, ranking)?])
        .with_notes(success(channel, model, ranking))
        .with_notes(rivals(channel, model))
        .with_notes(money(model))
        .with_notes(diagnostics::dependence(&model.past, ranking.chance, days))
        .with_notes(bound.map(|bound| {
            format!(
                "If all visits that seem to be over were recorded as left, {} % would reach it.",
                percent(bound)
            )
        })))
}

fn verdict_figures(channel: &Channel, model: &Model, ranking: &Ranking) -> Vec<Figure> {
    let whole = whole_lives(model);
    let mut figures = ranking.figures(channel);
    figures.extend([
        Figure::for_machines("p_success_observed", Cell::decimal(whole.map(|(p, _, _)| p))),
        Figure::for_machines("p_success_observed_se", Cell::decimal(whole.map(|(_, se, _)| se))),
        Figure::for_machines(
            "p_success_observed_low",
            Cell::decimal(whole.and_then(|(_, _, limits)| Some(limits?.low))),
        ),
        Figure::for_machines(
            "p_success_observed_high",
            Cell::decimal(whole.and_then(|(_, _, limits)| Some(limits?.high))),
        ),
        Figure::for_machines(
            "effective_partners_with_revenue",
            Cell::decimal(model.revenue.as_ref().map(|one| one.effective)),
        ),
    ]);
    figures
}

/// First success in whole histories by the horizon, with its standard error and limits.
fn whole_lives(model: &Model) -> Option<(f64, f64, Option<Limits>)> {
    let counts = model.past.histories.first_success();
    let seen = counts.at_risk().get(model.horizon.days).is_some_and(|at_risk| *at_risk >= 5);
    let incidence = crate::analysis::incidence::incidence(&counts, SUCCEEDED);
    let days = model.horizon.days;
    seen.then(|| (incidence.at(days), incidence.se(days), incidence.limits(days)))
}

/// A lever, with what it changes beside the chance of success.
struct Weighed<'r> {
    ranked: &'r Ranked,
    further: Option<Further>,
    /// The change if nobody left from that stage any more.
    without_drops: Option<f64>,
}

fn levers<'r>(channel: &Channel, model: &Model, ranking: Option<&'r Ranking>) -> Table {
    let success = success_name(channel);
    let days = model.horizon.days;
    let x = ranking.map_or(0.0, |ranking| ranking.x);
    let weighed = |ranked: &'r Ranked| {
        let Ranked { lever, .. } = *ranked;
        let none_left = Lever { kind: Kind::FewerDrops, state: lever.state };
        let without = effects(&model.kernel, &[none_left], 1.0, days).and_then(|all| all.first().copied());
        Weighed { ranked, further: further(model, lever, x), without_drops: without }
    };
    let rows: Vec<Weighed> = ranking.into_iter().flat_map(|ranking| &ranking.levers).map(weighed).collect();
    Table::of("rows", "Impact of each improvement, per new partner", &rows)
        .machines("stage", |row| &channel.stages[row.ranked.lever.state])
        .machines("lever", |row| word(row.ranked.lever.kind))
        .people("Improvement", |row| capital(&what(channel, row.ranked.lever, x)))
        .machines("exits", |row| row.ranked.exits)
        .people("Based on", |row| based_on(row.ranked))
        .detail()
        .people(format!("{success} within {days} d"), |row| {
            effect_in_words(row.ranked.effect, row.ranked.limits)
        })
        .headline()
        .machines("effect", |row| Cell::decimal(row.ranked.effect))
        .machines("effect_low", |row| Cell::decimal(row.ranked.limits.map(|one| one.low)))
        .machines("effect_high", |row| Cell::decimal(row.ranked.limits.map(|one| one.high)))
        .machines("first_share", |row| Cell::share(row.ranked.first))
        .people("Ranked first in", |row| match row.ranked.first {
            None => Cell::text(format!("too few {}", events(row.ranked))),
            share => Cell::share(share),
        })
        .people("Time saved", |row| row.further.map(|one| saved(one.days)))
        .machines("effect_days", |row| Cell::decimal(row.further.map(|one| one.days)))
        .column(
            "effect_revenue",
            format!("Revenue within {days} d ({})", channel.program.currency.code()),
            |row| {
                let minor = row.further.and_then(|one| one.revenue_minor);
                minor.map(|minor| channel.money(minor.round() as i128))
            },
        )
        .optional()
        .people("Extra partners from today's pipeline", |row| row.further.map(|one| signed(one.present, 1)))
        .detail()
        .machines("effect_present", |row| Cell::decimal(row.further.map(|one| one.present)))
        .machines("effect_without_drops", |row| Cell::decimal(row.without_drops))
        .done()
}

/// Returns what the figures on an improvement rest on: visits, or partners that dropped off.
fn based_on(ranked: &Ranked) -> String {
    let one = if ranked.exits == 1 { events(ranked).trim_end_matches('s') } else { events(ranked) };
    format!("{} {one}", ranked.exits)
}

fn events(ranked: &Ranked) -> &'static str {
    match ranked.lever.kind {
        Kind::Faster => "visits",
        Kind::FewerDrops => "drop-offs",
    }
}

/// Returns the days that an improvement saves, from the change that it brings.
fn saved(change: f64) -> String {
    format!("{} d", signed(-change, 1).trim_start_matches('+'))
}

/// The partners whom the first lever touches.
fn touched(view: &View, channel: &Channel, model: &Model, ranking: &Ranking) -> anyhow::Result<Table> {
    let mut there: Vec<OpenVisit> = Vec::new();
    let mut title = String::new();
    if let Some(first) = ranking.first() {
        there.extend(model.standings().into_iter().filter(|one| one.stay.state == first.lever.state));
        let stage = &channel.program.stages()[first.lever.state].name;
        title = format!("Partners affected in {stage}, most at stake first");
    }
    by_stake(&mut there);
    let mut rows: Vec<(OpenVisit, Partner)> = Vec::new();
    for standing in there.into_iter().take(FIRST) {
        rows.extend(view.partner(standing.partner)?.map(|partner| (standing, partner)));
    }
    let stake = format!("At stake ({} a year)", channel.program.currency.code());
    let table = Table::of("touched", title, &rows)
        .column("partner", "Partner", |(_, partner)| &partner.key)
        .later_partner_name(|(_, partner)| partner.name())
        .column("days_in_stage", "Days in stage", |(standing, _)| Cell::Days(standing.stay.spell.days))
        .column("p_success", "Current chance", |(standing, _)| {
            Cell::share(standing.outlook.map(|one| one.reached))
        })
        .headline()
        .column("p_success_fresh", "New partner's chance", |(standing, _)| {
            Cell::share(standing.fresh.map(|one| one.reached))
        })
        .column("at_stake", stake, |(standing, _)| at_stake(model, channel, standing.loss()))
        .optional()
        .column("owner", "Owner", |(_, partner)| partner.attribute("owner"))
        .optional()
        .detail()
        .column("command", "Next step", |(_, partner)| {
            let facts = PartnerFacts { program: channel.program, partner, day: channel.as_of };
            // It is not in growth, where revenue counts.
            next_step(facts, None).map(|next| command_line(&next.step))
        })
        .done()
        .empty("No partner is in this stage now.");
    Ok(if ranking.first().is_some() { table } else { table.for_machines() })
}

fn success(channel: &Channel, model: &Model, ranking: &Ranking) -> Vec<String> {
    let success = success_name(channel);
    let days = model.horizon.days;
    let text = |cell: Cell| if let Cell::Text(text) = cell { text } else { String::new() };
    let through = text(chance(ranking.chance, ranking.chance_limits));
    let mut sentences =
        vec![format!("Success: {through} of new partners reach {success} within {days} days.")];
    if let Some((p, _, limits)) = whole_lives(model) {
        sentences.push(format!(
            "Observed in whole histories, without a model of stages: {}.",
            text(chance(p, limits))
        ));
    }
    sentences
}

/// The usual measures of a bottleneck, beside ours, because they disagree.
fn rivals(channel: &Channel, model: &Model) -> Option<String> {
    let name = |stage: usize| &channel.program.stages()[stage].name;
    let before = || model.past.before_success();
    // A stage of which less than half was ever left is slower than any with a median.
    let median = |stage: &usize| {
        let median = model.stages[*stage].curve.survival.quantile(0.5);
        (median.is_none(), median)
    };
    let slowest = before().max_by_key(median)?;
    let days = model.horizon.days;
    let occupation = Occupation::of(&model.past.histories, days);
    let spent = |stage: usize| occupation.days(days, stage).unwrap_or(0.0);
    let longest = before().max_by(|a, b| spent(*a).total_cmp(&spent(*b)))?;
    let left = model.past.histories.states.left;
    let lost = |stage: usize| model.counts[stage].exits_in_all(left);
    let leak = before().max_by_key(|stage| lost(*stage))?;
    let half = match model.stages[slowest].curve.survival.quantile(0.5) {
        Some(days) => format!("median {days} d"),
        None => "fewer than half of its visits are completed".to_owned(),
    };
    let parts = [
        format!("slowest stage: {} ({half})", name(slowest)),
        format!("most time spent: {} ({:.0} of the first {days} days)", name(longest), spent(longest)),
        format!("most drop-offs: {} ({})", name(leak), lost(leak)),
    ];
    Some(format!("Other bottleneck measures (may differ): {}.", parts.join("; ")))
}

fn money(model: &Model) -> Option<String> {
    let revenue = model.revenue.as_ref()?;
    let few = if revenue.effective < EFFECTIVE {
        "; revenue figures are unreliable, go by the chance of success"
    } else {
        ""
    };
    Some(format!(
        "Revenue figures rest on the equivalent of {:.0} equal partners; the top 20 % of partners bring {} % of revenue{few}.",
        revenue.effective,
        percent(revenue.top_share)
    ))
}
