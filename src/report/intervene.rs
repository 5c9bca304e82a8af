//! `report intervene`: which stage to make faster, or to lose fewer in, and what that would bring.

use crate::analysis::Limits;
use crate::analysis::levers::{Kind, Lever, effects};
use crate::analysis::lives::SUCCEEDED;
use crate::analysis::occupation::Occupation;
use crate::analysis::resample::Draws;
use crate::lifecycle::agenda::next_step;
use crate::lifecycle::base::text::phrase;
use crate::report::channel::Channel;
use crate::report::curves;
use crate::report::curves::DAYS;
use crate::report::diagnostics;
use crate::report::frame::Frame;
use crate::report::model::{Model, Standing};
use crate::report::ranking::{Effort, Ranked, Ranking, further, success_name, what, word};
use crate::report::say::{chance, percent, points, signed};
use crate::report::sheet::{Cell, Column, Figure, Report, Sheet};
use crate::report::stuck::{by_stake, worth};
use crate::store::View;

/// How many partners are named whom the first lever touches.
const FIRST: usize = 5;
/// Fewer effective partners with revenue than this say little of money.
const EFFECTIVE: f64 = 30.0;

/// What is asked.
#[derive(Clone, Debug)]
pub struct Options {
    pub horizon: Option<usize>,
    /// By which share a stage is made faster, or drop-outs fewer.
    pub x: f64,
    /// Days for which curves are wanted.
    pub at: Vec<usize>,
    pub explain: bool,
}

/// The whole report.
///
/// # Errors
/// Where the file can't be read.
pub fn report(view: &View, channel: &Channel, frame: &Frame, options: &Options) -> anyhow::Result<Report> {
    let model = Model::of(channel, options.horizon);
    let days = model.horizon.days;
    let mut figures = frame.figures(channel);
    figures.extend([
        Figure::for_machines("horizon_days", Cell::age(Some(days))),
        Figure::for_machines("history_days", model.horizon.history),
        Figure::for_machines("change", Cell::decimal(Some(options.x))),
        Figure::for_machines("lives", Cell::count(model.past.lives.len())),
    ]);
    let ranking = match model.blocked(channel) {
        Some(blocked) => Err(blocked),
        None => Ranking::of(&model, options.x, Effort::Full).ok_or_else(|| "Too few to tell.".to_owned()),
    };
    let mut notes = Vec::new();
    let mut sheets = Vec::new();
    match ranking {
        Err(blocked) => {
            figures.push(Figure::for_machines("verdict", "too few to tell"));
            sheets.push(levers(channel, &model, None).empty(blocked));
        }
        Ok(ranking) => {
            figures.extend(verdict_figures(channel, &model, &ranking));
            let mut table = levers(channel, &model, Some(&ranking));
            table.notes.extend(ranking.sentences(channel, days));
            table.notes.extend(ahead(channel, &ranking, &model));
            if options.explain {
                table.notes.extend(explained(channel, days, options.x));
            }
            sheets.push(table);
            sheets.push(touched(view, channel, &model, &ranking)?);
            notes.extend(success(channel, &model, &ranking));
            notes.extend(rivals(channel, &model));
            notes.extend(money(&model));
            notes.extend(diagnostics::dependence(&model.past, ranking.chance, days));
            notes.extend(diagnostics::bound(&model.past, days).map(|bound| {
                format!("If all of the long open stays were over, it would be {} %.", percent(bound))
            }));
        }
    }
    let at: &[usize] = if options.at.is_empty() { &DAYS } else { &options.at };
    sheets.extend(curves::chances(channel, &model, options.x, at).into_iter().flatten());
    notes.extend(diagnostics::of_stays(channel, &model.past));
    notes.push(model.horizon.sentence());
    Ok(Report {
        schema: "chanlife.intervene/1",
        title: frame.title(&channel.program.name),
        figures,
        tables: sheets.into_iter().map(Into::into).collect(),
        notes,
    })
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

/// First success in whole lives by the horizon, with its standard error and limits.
fn whole_lives(model: &Model) -> Option<(f64, f64, Option<Limits>)> {
    let counts = model.past.lives.first_success();
    let seen = counts.at_risk().get(model.horizon.days).is_some_and(|at_risk| *at_risk >= 5);
    let incidence = crate::analysis::incidence::incidence(&counts, SUCCEEDED);
    let days = model.horizon.days;
    seen.then(|| (incidence.at(days), incidence.se(days), incidence.limits(days)))
}

fn levers(channel: &Channel, model: &Model, ranking: Option<&Ranking>) -> Sheet {
    let success = success_name(channel);
    let currency = channel.program.currency;
    let days = model.horizon.days;
    let columns = vec![
        Column::for_machines("stage"),
        Column::for_machines("lever"),
        Column::for_people("Lever"),
        Column::new("exits", "Ended so"),
        Column::for_people(format!("{success} in {days} d")),
        Column::for_machines("effect"),
        Column::for_machines("effect_low"),
        Column::for_machines("effect_high"),
        Column::new("first_share", "First in"),
        Column::for_people("Days to it"),
        Column::for_machines("effect_days"),
        Column::new("effect_revenue", format!("Revenue in {days} d ({})", currency.code())).optional(),
        Column::for_people("Of those there now"),
        Column::for_machines("effect_present"),
        Column::for_machines("effect_without_drops"),
    ];
    let mut sheet = Sheet::new("rows", "What each lever would bring, for each partner that begins", columns);
    let Some(ranking) = ranking else { return sheet };
    for Ranked { lever, exits, effect, limits, first } in &ranking.levers {
        let further = further(model, *lever, ranking.x);
        let said = match limits {
            Some(Limits { low, high }) => {
                format!("{} points ({} to {})", points(*effect), points(*low), points(*high))
            }
            None => format!("{} points", points(*effect)),
        };
        let money =
            further.and_then(|one| one.revenue_minor).map(|minor| currency.money(minor.round() as i128));
        let without = Lever { kind: Kind::FewerDrops, state: lever.state };
        let without = effects(&model.kernel, &[without], 1.0, days).and_then(|all| all.first().copied());
        sheet.rows.push(vec![
            channel.stages[lever.state].as_str().into(),
            word(lever.kind).into(),
            capital(&what(channel, *lever, ranking.x)).into(),
            Cell::count(*exits),
            said.into(),
            Cell::decimal(Some(*effect)),
            Cell::decimal(limits.map(|one| one.low)),
            Cell::decimal(limits.map(|one| one.high)),
            Cell::share(*first),
            further.map(|one| format!("{} d", signed(one.days, 1))).into(),
            Cell::decimal(further.map(|one| one.days)),
            money.into(),
            further.map(|one| signed(one.present, 1)).into(),
            Cell::decimal(further.map(|one| one.present)),
            Cell::decimal(without),
        ]);
    }
    sheet
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The partners whom the first lever touches.
fn touched(view: &View, channel: &Channel, model: &Model, ranking: &Ranking) -> anyhow::Result<Sheet> {
    let currency = channel.program.currency;
    let columns = vec![
        Column::new("partner", "Partner"),
        Column::new("days_in_stage", "Days there"),
        Column::new("p_success", "Chance now"),
        Column::new("p_success_fresh", "A new one"),
        Column::new("at_stake", format!("At stake ({} a year)", currency.code())).optional(),
        Column::new("owner", "Owner").optional(),
        Column::new("command", "Next"),
    ];
    let mut sheet = Sheet::new("touched", "", columns).empty("No partner stands there now.");
    let Some(first) = ranking.first() else { return Ok(sheet.for_machines()) };
    sheet.title = format!(
        "Whom it touches: in {}, most at stake first",
        channel.program.stages()[first.lever.state].name
    );
    let mut there: Vec<Standing> =
        model.standings().into_iter().filter(|one| one.stay.state == first.lever.state).collect();
    by_stake(&mut there);
    for standing in there.into_iter().take(FIRST) {
        let Some(partner) = view.partner(standing.partner)? else { continue };
        sheet.rows.push(vec![
            partner.key.as_str().into(),
            Cell::Days(standing.stay.spell.days),
            Cell::share(standing.outlook.map(|one| one.reached)),
            Cell::share(standing.fresh.map(|one| one.reached)),
            worth(model, channel, standing.loss()).into(),
            partner.attribute("owner").into(),
            next_step(channel.program, &partner, channel.as_of).map(|step| step.command).into(),
        ]);
    }
    Ok(sheet)
}

/// How far the first lever is ahead of the second.
fn ahead(channel: &Channel, ranking: &Ranking, model: &Model) -> Option<String> {
    let first = ranking.first()?;
    let second = ranking.levers.iter().find(|one| one.lever != first.lever && one.first.is_some())?;
    let levers = [first.lever, second.lever];
    let days = model.horizon.days;
    let states = model.past.lives.states;
    let estimate = |counts: &[crate::analysis::counts::Counts]| {
        effects(&crate::analysis::kernel::Kernel::of(states, counts), &levers, ranking.x, days)
    };
    let draws = Draws::jackknife(&model.past.lives, estimate)?;
    let Limits { low, high } = draws.limits_of_difference(0, 1)?;
    Some(format!(
        "That is {} points ({} to {}) more than the next, {}.",
        points(first.effect - second.effect),
        points(low),
        points(high),
        what(channel, second.lever, ranking.x)
    ))
}

fn success(channel: &Channel, model: &Model, ranking: &Ranking) -> Vec<String> {
    let success = success_name(channel);
    let days = model.horizon.days;
    let text = |cell: Cell| if let Cell::Text(text) = cell { text } else { String::new() };
    let through = text(chance(ranking.chance, ranking.chance_limits));
    let mut sentences =
        vec![format!("Of partners that begin, {through} reach {success} within {days} days.")];
    if let Some((p, _, limits)) = whole_lives(model) {
        sentences
            .push(format!("Counted over whole histories, whatever the stages: {}.", text(chance(p, limits))));
    }
    sentences
}

/// The notions of a bottleneck that go about, beside ours, since they disagree.
fn rivals(channel: &Channel, model: &Model) -> Option<String> {
    let name = |stage: usize| &channel.program.stages()[stage].name;
    let before = || model.past.before_success();
    let median = |stage: &usize| model.stages[*stage].curve.survival.quantile(0.5).unwrap_or(usize::MAX);
    let slowest = before().max_by_key(median)?;
    let days = model.horizon.days;
    let occupation = Occupation::of(&model.past.lives, days);
    let spent = |stage: usize| occupation.days(days, stage).unwrap_or(0.0);
    let longest = before().max_by(|a, b| spent(*a).total_cmp(&spent(*b)))?;
    let left = model.past.lives.states.left;
    let lost = |stage: usize| model.counts[stage].exits_in_all(left);
    let leak = before().max_by_key(|stage| lost(*stage))?;
    let half = match model.stages[slowest].curve.survival.quantile(0.5) {
        Some(days) => format!("half gone by {days} d"),
        None => "half are still there".to_owned(),
    };
    let parts = vec![
        format!("the slowest stage is {} ({half})", name(slowest)),
        format!("most days are spent in {} ({:.0} of the first {days})", name(longest), spent(longest)),
        format!("most partners are lost in {} ({})", name(leak), lost(leak)),
    ];
    Some(format!("Other notions of a bottleneck, which need not agree: {}.", phrase(&parts)))
}

fn money(model: &Model) -> Option<String> {
    let revenue = model.revenue.as_ref()?;
    let few = if revenue.effective < EFFECTIVE { ": money says little here, go by the chance" } else { "" };
    Some(format!(
        "Revenue rests on {:.0} effective partners; the top fifth of those with revenue bring {} %{few}.",
        revenue.effective,
        percent(revenue.top_share)
    ))
}

fn explained(channel: &Channel, days: usize, x: f64) -> Vec<String> {
    let success = success_name(channel);
    vec![
        format!(
            "A lever is pulled in one stage at a time. Faster: every stay there ends {:.0} % sooner, in the same way. Lose \
             fewer: on each day {:.0} % fewer of those there leave; those kept are taken to be like the others.",
            x * 100.0,
            x * 100.0
        ),
        format!(
            "{success} in {days} d: by how many points of a hundred the share of new partners rises that come there within \
             {days} days (semi-Markov chain of all stages, open stays included), with a 95 % interval. Faster never changes \
             who comes there in the end, only by when; so the horizon matters."
        ),
        "First in: in which share of resamples of the partners the lever is the first; 95 % is clear, 80 % likely, less \
         too close to call. Levers with fewer than 10 ended stays of that kind are not ranked."
            .to_owned(),
        format!(
            "Days to it: days without {success} within the horizon, on average. Of those there now: how many more of today's \
             partners come to {success} within the horizon, what remains of their stay included."
        ),
    ]
}
