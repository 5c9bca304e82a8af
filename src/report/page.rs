//! `report`: one page on the whole channel: the pipeline, where to intervene, the top priorities.

use std::collections::{HashMap, HashSet};

use clap::Args;

use crate::lifecycle::base::hint::Step;
use crate::lifecycle::event::PartnerId;
use crate::lifecycle::plans::Task;
use crate::report::basis::Basis;
use crate::report::estimate::model::Model;
use crate::report::estimate::ranking::Ranking;
use crate::report::growth_watch::GrowthSummary;
use crate::report::named::{NamedReport, ReportRequest};
use crate::report::options::{FailOn, FailOption};
use crate::report::pipeline::Pipeline;
use crate::report::priorities::{Attention, PartnerPriority, all_late_days, priorities};
use crate::report::promises;
use crate::report::reading::{Channel, Needs, Segment};
use crate::report::reason::GrowthWatch;
use crate::report::slippage;
use crate::report::small_channel::SmallChannel;
use crate::report::todo;
use crate::report::value::{Cell, Figure, Report, Table};
use crate::store::View;
use crate::text::reports::{NOBODY, NOBODY_LATE};
use crate::text::steps::command_line;

/// How many partners the page names in each list.
const FIRST: usize = 5;
/// By which share stages are improved on the page.
const CHANGE: f64 = 0.25;
#[derive(Debug, Args)]
pub(crate) struct PageReport {
    #[command(flatten)]
    fail: FailOption,
}

impl NamedReport for PageReport {
    fn explanation(&self) -> &'static str {
        include_str!("../text/explain/page.txt")
    }

    fn needs(&self, _: &View) -> anyhow::Result<Needs> {
        Ok(todo::NEEDS.and(slippage::NEEDS))
    }

    fn report(&self, asked: &ReportRequest) -> anyhow::Result<Report> {
        with_whole(asked.view, asked.channel, asked.basis, |whole| {
            report(asked.view, asked.channel, whole, asked.basis)
        })
    }

    fn fail_on(&self) -> Option<FailOn> {
        self.fail.fail_on
    }
}

/// Returns what `work` makes of the whole channel, by which partners are judged; `channel` is its part that the report is on.
fn with_whole<T>(
    view: &View,
    channel: &Channel,
    frame: &Basis,
    work: impl FnOnce(&Channel) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    if frame.segment.is_everyone() {
        return work(channel);
    }
    let needs = todo::NEEDS.and(Needs::of::<Task>()).and(frame.segment.needs());
    Channel::read(view, needs, |whole| work(whole))
}

/// Returns the page on a part of the whole channel.
///
/// # Errors
/// Fails if the file cannot be read.
fn report(view: &View, channel: &Channel, whole: &Channel, frame: &Basis) -> anyhow::Result<Report> {
    let pipeline = Pipeline::of(channel);
    let model = Model::of(channel, None);
    let watch = GrowthWatch::of(whole);
    let todos = if frame.segment.is_everyone() {
        first_priorities(view, channel, (whole, &model), &watch)?
    } else {
        first_priorities(view, channel, (whole, &Model::of(whole, None)), &watch)?
    };
    let growth = GrowthSummary::of(channel, &watch, &todos);
    let mut report = frame
        .report("chanlife.report/1", channel)
        .with_figures(pipeline.figures(channel))
        .with_figures([Figure::for_machines("horizon_days", Cell::age(model.horizon.days))]);
    let mut table = pipeline.table(channel, Some(&model));
    let mut small = None;
    match model.blocked(channel) {
        None => {
            let ranking = Ranking::of(&model, CHANGE);
            if let Some(ranking) = &ranking {
                report = report.with_figures(ranking.figures(channel));
            }
            let headline = match ranking.filter(|ranking| ranking.first().is_some()) {
                Some(ranking) => {
                    let stages = ranking.headline(channel, model.horizon.days);
                    growth.sentence().map_or_else(|| stages.clone(), |growth| format!("{stages} {growth}"))
                }
                None => headline(&SmallChannel::of(view, channel, &model, &todos)?, &growth),
            };
            report = report.with_headline(headline);
            table.notes.push(model.horizon.sentence());
        }
        Some(why) if pipeline.partners() > 0 => {
            let found = SmallChannel::of(view, channel, &model, &todos)?;
            report = report
                .with_figures([Figure::for_machines("verdict", "too few to tell")])
                .with_headline(headline(&found, &growth));
            table.notes.push(format!("Chance of success: {why}."));
            small = Some(found);
        }
        Some(_) => {}
    }
    let nobody = channel.lines.is_empty() && frame.segment.is_everyone();
    let note = if nobody {
        format!("No partners as of {}; add one: `{}`", frame.as_of, command_line(&Step::AddPartner))
    } else {
        pipeline.sentence(channel)
    };
    Ok(report
        .with_tables([table])
        .with_tables(small.iter().flat_map(SmallChannel::tables))
        .with_tables(growth.table(channel))
        .with_tables(lists(view, channel, (whole, &frame.segment), &todos)?)
        .with_notes([note])
        .with_notes(slippage::sentence(channel))
        .with_notes(channel.counted_once(channel.as_of.months_before(12).plus(1))))
}

/// Returns a part of the channel in which no chance of success can be told, and where to intervene in it, as the page says it.
///
/// # Errors
/// Fails if the file cannot be read.
pub(crate) fn without_verdict<'p>(
    view: &View,
    channel: &Channel<'p>,
    frame: &Basis,
    model: &Model,
) -> anyhow::Result<(SmallChannel<'p>, String)> {
    with_whole(view, channel, frame, |whole| {
        let watch = GrowthWatch::of(whole);
        let todos = first_priorities(view, channel, (whole, &Model::of(whole, None)), &watch)?;
        let small = SmallChannel::of(view, channel, model, &todos)?;
        let said = headline(&small, &GrowthSummary::of(channel, &watch, &todos));
        Ok((small, said))
    })
}

/// Returns where to intervene if no chance of success can be told: where most partners need attention.
fn headline(small: &SmallChannel, growth: &GrowthSummary) -> String {
    let stage = small.answer().filter(|_| small.movable() >= growth.partners());
    let answer = stage.or_else(|| growth.answer()).or_else(|| small.answer());
    let nothing = || "no partner is beyond a target, and none in growth is behind".to_owned();
    format!("Where to intervene: {}.", answer.unwrap_or_else(nothing))
}

/// Returns the partners of `channel`, the first to touch first, by what is usual in the whole channel. What is due for them
/// is looked up only if too few have money at stake to fill the list.
fn first_priorities<'c>(
    view: &View,
    channel: &Channel,
    (whole, model): (&'c Channel, &Model),
    watch: &GrowthWatch,
) -> anyhow::Result<Vec<PartnerPriority<'c>>> {
    let own: HashSet<PartnerId> = channel.lines.iter().map(|line| line.id).collect();
    let of = |late_days: &HashMap<PartnerId, i64>| {
        priorities(whole, model, watch, late_days, |line| own.contains(&line.id))
    };
    let todos = of(&HashMap::new());
    let has_money = |todo: &&PartnerPriority| todo.attention == Attention::Act && todo.stake.is_some();
    if todos.iter().filter(has_money).count() >= FIRST {
        return Ok(todos);
    }
    Ok(of(&all_late_days(view, channel, channel.lines.iter(), |_, _| ())?))
}

/// Returns what was promised, whom to touch first, and about whom to decide.
fn lists(
    view: &View,
    channel: &Channel,
    (whole, segment): (&Channel, &Segment),
    todos: &[PartnerPriority],
) -> anyhow::Result<Vec<Table>> {
    let with = |attention| todos.iter().filter(move |todo| todo.attention == attention);
    let mut first = todo::table(view, whole, "touch_first", with(Attention::Act), Some(FIRST))?
        .empty(if todos.is_empty() { NOBODY } else { NOBODY_LATE });
    if !channel.lines.is_empty() {
        // If enough have money at stake, nobody else was looked for.
        let with_money = with(Attention::Act).filter(|todo| todo.stake.is_some()).count();
        first.title = match (with_money, with(Attention::Act).count()) {
            (FIRST, all) if all > FIRST => format!("Top priorities (first {FIRST})"),
            (money, _) if money > FIRST => {
                format!("Top priorities (first {FIRST} of {money} with money at stake)")
            }
            (_, all) if all > FIRST => format!("Top priorities (first {FIRST} of {all})"),
            _ => "Top priorities".to_owned(),
        };
    }
    let promised = promises::table(promises::promised(whole, segment), channel.as_of, Some(FIRST));
    let decide = todo::decide_table(view, whole, with(Attention::Decide), Some(FIRST))?;
    Ok(promised.into_iter().chain([first]).chain(decide).collect())
}
