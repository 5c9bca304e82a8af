//! `report stuck`: open stays that are surely slower than others in their stage, by what they put at stake.

use crate::lifecycle::agenda::next_step;
use crate::lifecycle::base::money::Money;
use crate::lifecycle::facts::{Facts, Scene};
use crate::report::channel::Channel;
use crate::report::diagnostics;
use crate::report::frame::Frame;
use crate::report::model::{Model, Standing};
use crate::report::past::Exit;
use crate::report::say::{Evidence, percent};
use crate::report::sheet::{Cell, Column, Figure, Report, Sheet};
use crate::store::View;

/// A stay is stuck where the upper limit of the share of stays that last longer lies below this.
const STUCK: f64 = 0.15;

/// What is asked.
#[derive(Clone, Copy, Default, Debug)]
pub struct Options {
    pub horizon: Option<usize>,
    pub explain: bool,
    /// How many rows people see of each table.
    pub limit: Option<usize>,
}

/// How a stay stands against the others of its stage.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pace {
    /// Surely slower than 85 of 100.
    Stuck,
    /// Slower than most, and too few to tell how sure that is.
    Slow,
    Usual,
}

impl Pace {
    pub fn word(self) -> &'static str {
        match self {
            Pace::Stuck => "stuck",
            Pace::Slow => "slow",
            Pace::Usual => "usual",
        }
    }
}

/// The pace of an open stay.
pub fn pace(model: &Model, standing: &Standing) -> Pace {
    let evidence = model.stages[standing.stay.state].curve.evidence;
    // Where all stays that were seen ended sooner, no limit can be given.
    let surely = standing.longer_at_most.is_some_and(|longer| longer < STUCK);
    match standing.rank > 1.0 - STUCK {
        true if surely && evidence == Evidence::Full => Pace::Stuck,
        true => Pace::Slow,
        false => Pace::Usual,
    }
}

/// The stuck partners, those with most at stake first.
pub fn stuck(model: &Model) -> Vec<Standing> {
    let mut stuck: Vec<Standing> =
        model.standings().into_iter().filter(|standing| pace(model, standing) == Pace::Stuck).collect();
    by_stake(&mut stuck);
    stuck
}

/// Those with most at stake first; then the oldest.
pub fn by_stake(standings: &mut [Standing]) {
    let stake = |one: &Standing| one.loss().unwrap_or(0.0);
    standings.sort_by(|a, b| {
        stake(b)
            .total_cmp(&stake(a))
            .then(b.stay.spell.days.cmp(&a.stay.spell.days))
            .then(a.partner.cmp(&b.partner))
    });
}

/// What a loss of the chance of success is worth, in the revenue of a year.
pub fn worth(model: &Model, channel: &Channel, loss: Option<f64>) -> Option<Money> {
    let minor = (model.yearly_minor()? * loss?).round();
    Some(channel.program.currency.money(minor as i128))
}

/// The whole report.
///
/// # Errors
/// Where the file can't be read.
pub fn report(view: &View, channel: &Channel, frame: &Frame, options: Options) -> anyhow::Result<Report> {
    let model = Model::of(channel, options.horizon);
    let blocked = model.blocked(channel);
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
    let success = &channel.program.success_stage().name;
    let title = "Stuck: surely slower than 85 of 100 stays";
    let mut first = table(view, channel, &model, "rows", title, &stuck, options)?
        .empty("Nobody is stuck: no open stay is surely slower than 85 of 100.");
    let second = table(view, channel, &model, "slow", "Slow, too few to tell", &slow, options)?
        .empty("Nobody else is slow.");
    let mut stages = by_stage(channel, &model);
    if options.explain {
        first.notes.extend(explained(success, model.horizon.days));
        stages.notes.push(EXPLAINED_STAGES.to_owned());
    }
    let mut figures = frame.figures(channel);
    figures.extend([
        Figure::for_machines("horizon_days", Cell::age(Some(model.horizon.days))),
        Figure::for_machines("history_days", model.horizon.history),
        Figure::for_machines("stuck", Cell::count(stuck.len())),
    ]);
    let mut notes: Vec<String> = blocked.into_iter().collect();
    notes.extend(diagnostics::of_stays(channel, &model.past));
    notes.push(model.horizon.sentence());
    Ok(Report {
        schema: "chanlife.stuck/1",
        title: frame.title(&channel.program.name),
        figures,
        tables: vec![first, second, stages].into_iter().map(Into::into).collect(),
        notes,
    })
}

fn table(
    view: &View,
    channel: &Channel,
    model: &Model,
    key: &'static str,
    title: &str,
    standings: &[Standing],
    options: Options,
) -> anyhow::Result<Sheet> {
    let currency = channel.program.currency;
    let success = &channel.program.success_stage().name;
    let columns = vec![
        Column::new("partner", "Partner"),
        Column::new("stage", "Stage"),
        Column::new("days_in_stage", "Days there"),
        Column::new("rank", "Longer than"),
        Column::for_machines("survival_upper_limit"),
        Column::new("remaining_median_days", "Half of such go within").optional(),
        Column::for_machines("remaining_q75_days"),
        Column::new("p_advance_30d", "Advances in 30 d"),
        Column::new("p_advance_90d", "In 90 d"),
        Column::for_machines("p_left_90d"),
        Column::new("p_success", format!("{success} in {} d", model.horizon.days)),
        Column::new("p_success_fresh", "A new one"),
        Column::for_machines("p_unknown"),
        Column::new("at_stake", format!("At stake ({} a year)", currency.code())).optional(),
        Column::for_machines("at_stake_probability"),
        Column::new("owner", "Owner").optional(),
        Column::new("missing", "Missing").optional(),
        Column::for_machines("command"),
    ];
    let shown = options.limit.unwrap_or(usize::MAX);
    let title = match standings.len() > shown {
        true => format!("{title} (first {shown} of {})", standings.len()),
        false => title.to_owned(),
    };
    let mut sheet = Sheet::new(key, title, columns);
    for standing in standings.iter().take(shown) {
        let Some(partner) = view.partner(standing.partner)? else { continue };
        let step = next_step(channel.program, &partner, channel.as_of);
        let stage = standing.stay.state;
        let age = usize::try_from(standing.stay.spell.days).unwrap_or(0);
        let survival = &model.stages[stage].curve.survival;
        let within = |exit: Exit, days: usize| {
            let incidence = &model.stages[stage].incidences[exit as usize];
            let there = survival.at(age);
            (there > 0.0).then(|| (incidence.at(age + days) - incidence.at(age)) / there)
        };
        let known = |outlook: Option<f64>| Cell::share(outlook);
        sheet.rows.push(vec![
            partner.key.as_str().into(),
            channel.stages[stage].as_str().into(),
            Cell::age(Some(age)),
            Cell::share(Some(standing.rank)),
            Cell::decimal(standing.longer_at_most),
            Cell::age(survival.remaining_quantile(age, 0.5)),
            Cell::age(survival.remaining_quantile(age, 0.75)),
            Cell::share(within(Exit::Advanced, 30)),
            Cell::share(within(Exit::Advanced, 90)),
            Cell::share(within(Exit::Left, 90)),
            known(standing.outlook.map(|outlook| outlook.reached)),
            known(standing.fresh.map(|outlook| outlook.reached)),
            Cell::decimal(standing.outlook.map(|outlook| outlook.unknown)),
            worth(model, channel, standing.loss()).into(),
            Cell::decimal(standing.loss()),
            partner.attribute("owner").into(),
            Cell::Text(
                Scene { program: channel.program, partner: &partner, day: channel.as_of }
                    .missing_gates()
                    .first()
                    .copied()
                    .unwrap_or_default()
                    .to_owned(),
            ),
            step.map(|step| step.command).into(),
        ]);
    }
    Ok(sheet)
}

/// How many of those who are there are old, beside how many would be in a steady state; and how moving on
/// depends on age.
fn by_stage(channel: &Channel, model: &Model) -> Sheet {
    let columns = vec![
        Column::for_machines("stage"),
        Column::new("name", "Stage"),
        Column::new("open", "There now"),
        Column::new("q90_days", "Nine of ten gone by"),
        Column::new("older", "There longer"),
        Column::new("older_expected", "Usual in a steady flow"),
        Column::for_people("Advance in 30 d when a half, 3/4, 9/10 are gone"),
    ];
    let mut sheet =
        Sheet::new("stages", "Old stays by stage", columns).empty("Too few exits in every stage.");
    let open = model.open();
    for stage in model.past.before_success() {
        let curve = &model.stages[stage].curve;
        let Some(q90) = curve.survival.quantile(0.9).filter(|_| curve.evidence == Evidence::Full) else {
            continue;
        };
        let here: Vec<i64> =
            open.iter().filter(|(_, stay)| stay.state == stage).map(|(_, stay)| stay.spell.days).collect();
        let older = here.iter().filter(|days| **days >= q90 as i64).count();
        let expected = curve.survival.share_of_open_older(q90).map(|share| share * here.len() as f64);
        let advance = &model.stages[stage].incidences[Exit::Advanced as usize];
        let chances: Vec<String> = [0.5, 0.75, 0.9]
            .into_iter()
            .filter_map(|p| {
                let age = curve.survival.quantile(p)?;
                let there = curve.survival.at(age);
                let chance = (advance.at(age + 30) - advance.at(age)) / there;
                (there > 0.0).then(|| format!("{} %", percent(chance)))
            })
            .collect();
        sheet.rows.push(vec![
            channel.stages[stage].as_str().into(),
            channel.program.stages()[stage].name.as_str().into(),
            Cell::count(here.len()),
            Cell::age(Some(q90)),
            Cell::count(older),
            expected.map_or(Cell::Missing, |expected| Cell::Text(format!("{expected:.0}"))),
            Cell::Text(chances.join(", ")),
        ]);
    }
    sheet
}

fn explained(success: &str, horizon: usize) -> Vec<String> {
    vec![
        "Longer than: the share of stays in this stage that end sooner than this one has lasted (Kaplan-Meier, open stays \
         included). Stuck is said only where the upper 95 % limit of the share that last longer is below 15 %, and 10 \
         stays have ended there; the others are in the second table."
            .to_owned(),
        "Half of such go within: of stays that lasted as long as this one, half ended within so many more days. Advances \
         in 30 and 90 d: of those, the share that went on to a later stage."
            .to_owned(),
        format!(
            "{success} in {horizon} d: the chance to come there within {horizon} days from now, through all stages; A new \
             one: the same for a partner that enters the stage today. At stake: the difference, times what a partner \
             brings in its first year in {success} on average. The list is sorted by it."
        ),
    ]
}

const EXPLAINED_STAGES: &str = "Long stays are over-represented among those that are there at any moment, so more than one of \
    ten is older than nine of ten stays last, even where nothing is wrong: beside the number there stands the usual one. \
    That the chance to advance falls with age is normal: the quick ones have gone.";
