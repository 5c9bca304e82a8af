//! `report intervene --toward first-revenue`, `productive` or `revenue`: the improvement that pays most toward sales.

use std::collections::HashSet;

use crate::analysis::Limits;
use crate::analysis::lead::{EXITS, HeldBack, LeverVerdict, PARTNERS};
use crate::analysis::sales_chain::End;
use crate::analysis::sales_levers::SalesLever;
use crate::lifecycle::agenda::dues;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::base::period::Every;
use crate::lifecycle::base::text::{capital, counted, phrase};
use crate::lifecycle::event::PartnerId;
use crate::lifecycle::facts::{Facts, PartnerFacts};
use crate::lifecycle::partner::Partner;
use crate::lifecycle::performance::selling_step;
use crate::report::estimate::diagnostics;
use crate::report::estimate::model::Model;
use crate::report::estimate::ranking::{effect_in_words, success_name};
use crate::report::estimate::sale_chances::sale_days;
use crate::report::estimate::significance::chance;
use crate::report::estimate::toward::{Improvement, Toward, TowardRanking, WeighedImprovement};
use crate::report::estimate::waiting::Waiting;
use crate::report::growth::behind_plan;
use crate::report::priorities::{Attention, all_late_days, priorities};
use crate::report::reading::{Channel, Line};
use crate::report::reason::GrowthWatch;
use crate::report::todo;
use crate::report::value::{Cell, Figure, Report, Table, TypedTable};
use crate::report::value::{percent, points, rounded, signed};
use crate::store::View;
use crate::text::reports::{MEANWHILE, counted_directly, given_up_in_words};
use crate::text::steps::command_line;

/// How many partners affected by the first improvement are named.
const FIRST: usize = 5;

/// Adds to the frame what improvements of size `x` bring toward an end of sales within the horizon in days.
///
/// # Errors
/// Fails if the file cannot be read.
pub(super) fn report(
    view: &View,
    channel: &Channel,
    frame: Report,
    (end, horizon, x): (End, Option<usize>, f64),
) -> anyhow::Result<Report> {
    let year = channel.program.calendar.containing(channel.as_of, Every::Year);
    let behind: Vec<f64> = match (&year, end) {
        (Some(year), End::Revenue) => behind_plan(channel, year),
        _ => vec![0.0; channel.lines.len()],
    };
    let toward = Toward::of(channel, end, horizon, x, &behind);
    let mut report = frame.with_figures([
        Figure::for_machines("toward", end_word(end)),
        Figure::for_machines("horizon_days", Cell::age(toward.horizon.days)),
        Figure::for_machines("history_days", toward.horizon.history),
        Figure::for_machines("change", Cell::decimal(x)),
        Figure::for_machines("lives", toward.past.histories.len()),
        Figure::for_machines("left_out", toward.chain.left_out),
        Figure::for_machines("partners_joining_per_year", Cell::decimal(toward.joining)),
        Figure::for_machines(
            "quiet_after_days_once",
            toward.chain.quiet_after.map_or(Cell::Missing, Cell::Days),
        ),
        Figure::for_machines("reached", toward.direct.as_ref().map(Waiting::came)),
        Figure::for_machines("p_success_direct", Cell::decimal(toward.direct_chance().map(|(p, _)| p))),
        Figure::for_machines("effective_partners_with_revenue", Cell::decimal(toward.effective)),
    ]);
    let ranking = match toward.blocked(channel) {
        Some(blocked) => Err(blocked),
        None => toward.ranking(&behind).ok_or_else(|| "not enough data".to_owned()),
    };
    report = match &ranking {
        Err(why) => report
            .with_figures([Figure::for_machines("verdict", "too few to tell")])
            .with_headline(format!("Where to intervene toward {}: {why}.", end_in_words(end)))
            .with_tables([rows(channel, &toward, end, &[]).empty("No improvement can be ranked yet.")])
            .with_notes(so_far(&toward)),
        Ok(ranking) => {
            let said = Said { channel, toward: &toward, end, ranking };
            report
                .with_figures(said.figures())
                .with_headline(said.headline())
                .with_tables([
                    rows(channel, &toward, end, &ranking.rows).with_notes(said.ahead()),
                    said.affected(view)?,
                ])
                .with_notes(said.success())
                .with_notes([said.money()])
        }
    };
    Ok(report
        .with_notes(left_out(&toward))
        .with_notes(channel.counted_once(Day::FIRST))
        .with_notes(diagnostics::of_stays(channel, &toward.past))
        .with_notes([toward.horizon.sentence()]))
}

/// Says how many partners are left out, since they may have sold before they were recorded.
fn left_out(toward: &Toward) -> Option<String> {
    let count = toward.chain.left_out;
    (count > 0)
        .then(|| format!("Excludes {} that may have sold before being recorded.", counted(count, "partner")))
}

/// Says what was observed so far, and where to look until improvements can be ranked.
fn so_far(toward: &Toward) -> Vec<String> {
    let observed = toward.observed_sales();
    let observed: Vec<String> = observed.map(|(improvement, count)| based_on(improvement, count)).collect();
    let observed = (!observed.is_empty()).then(|| format!("Observed so far: {}.", phrase(&observed)));
    observed.into_iter().chain([MEANWHILE.to_owned()]).collect()
}

/// Returns what machines call an end.
fn end_word(end: End) -> &'static str {
    match end {
        End::FirstRevenue => "first-revenue",
        End::Productive => "productive",
        End::Revenue => "revenue",
    }
}

/// Returns what an end is, in words.
fn end_in_words(end: End) -> &'static str {
    match end {
        End::FirstRevenue => "first revenue",
        End::Productive => "productive partners",
        End::Revenue => "revenue",
    }
}

/// Returns what partners do that reach an end.
fn reach(end: End) -> &'static str {
    match end {
        End::FirstRevenue | End::Revenue => "make a first sale",
        End::Productive => "become productive",
    }
}

/// What is said of a ranking.
struct Said<'s> {
    channel: &'s Channel<'s>,
    toward: &'s Toward,
    end: End,
    ranking: &'s TowardRanking,
}

impl Said<'_> {
    /// Returns the verdict for machines.
    fn figures(&self) -> Vec<Figure> {
        let verdict = match &self.ranking.order.verdict {
            LeverVerdict::Clear(_) => "clear",
            LeverVerdict::Likely(_) => "likely",
            LeverVerdict::TooClose(_) => "too close to call",
            LeverVerdict::None => "none",
        };
        let (first, lead) = (self.ranking.first(), self.ranking.order.lead);
        let of_money = self.end == End::Revenue;
        let (base, limits) = self.ranking.base;
        let chance = |value: Option<f64>| Cell::decimal(value.filter(|_| !of_money));
        let unit = self.unit();
        let revenue = self.ranking.revenue;
        let money = |value: Option<f64>| Cell::decimal(value.map(|minor| minor / unit));
        let lead_of = |value: Option<f64>| if of_money { money(value) } else { Cell::decimal(value) };
        vec![
            Figure::for_machines("verdict", verdict),
            Figure::for_machines("first_stage", first.map(|one| stage_key(self.channel, self.toward, one))),
            Figure::for_machines("first_lever", first.map(|one| word(one.improvement))),
            Figure::for_machines("lead", lead_of(lead.map(|lead| lead.estimate))),
            Figure::for_machines("lead_at_least", lead_of(lead.map(|lead| lead.at_least))),
            Figure::for_machines("p_success", chance(Some(base))),
            Figure::for_machines("p_success_low", chance(limits.map(|one| one.low))),
            Figure::for_machines("p_success_high", chance(limits.map(|one| one.high))),
            Figure::for_machines("revenue_per_partner", money(revenue.map(|(value, _)| value))),
            Figure::for_machines("revenue_per_partner_low", money(low(revenue))),
            Figure::for_machines("revenue_per_partner_high", money(high(revenue))),
        ]
    }

    /// Minor units of one unit of money.
    fn unit(&self) -> f64 {
        unit(self.channel)
    }

    fn what(&self, one: &WeighedImprovement) -> String {
        what(self.channel, self.toward, one.improvement)
    }

    /// Returns an effect as people read it: points of a chance, or money.
    fn effect(&self, value: f64) -> String {
        match self.end {
            End::Revenue => {
                let money = rounded(self.channel.money(value.round() as i128));
                let plus = if value > 0.0 { "+" } else { "" };
                format!("{plus}{money}")
            }
            _ => points(value),
        }
    }

    fn headline(&self) -> String {
        let days = self.toward.horizon.days;
        let Some(first) = self.ranking.first() else { return self.unclear() };
        let mut impact = self.effect(first.effect);
        let of = match self.end {
            End::Revenue => format!(" {}", self.channel.program.currency.code()),
            _ => " points".to_owned(),
        };
        impact.push_str(&of);
        if let Some(Limits { low, high }) = first.limits {
            impact.push_str(&format!(" (95 % CI {} to {})", self.effect(low), self.effect(high)));
        }
        match self.end {
            End::Revenue => {
                impact.push_str(&format!(" within {days} days from new partners and those of today"));
            }
            _ => {
                let more = signed(first.effect * self.toward.joining, 1);
                let reach = reach(self.end);
                impact.push_str(&format!(
                    " in new partners that {reach} within {days} days; {more} partners a year"
                ));
            }
        }
        let share = |one: &WeighedImprovement| {
            format!("first in {} % of random samples", percent(one.first.unwrap_or(0.0)))
        };
        let subject = format!("Where to intervene toward {}", end_in_words(self.end));
        match &self.ranking.order.verdict {
            LeverVerdict::TooClose(named) => {
                let named = named.iter().filter_map(|at| self.ranking.rows.get(*at));
                let all: Vec<String> =
                    named.map(|one| format!("{} ({})", self.what(one), share(one))).collect();
                format!(
                    "{subject}: too close to call between {}. Impact of the first: {impact}.",
                    phrase(&all)
                )
            }
            sure => {
                let sure = if matches!(sure, LeverVerdict::Clear(_)) { "clear" } else { "likely" };
                format!("{subject}: {} ({sure}, {}). Impact: {impact}.", self.what(first), share(first))
            }
        }
    }

    /// Says why no improvement can be recommended.
    fn unclear(&self) -> String {
        let best = self.ranking.rows.iter().max_by(|a, b| a.effect.total_cmp(&b.effect));
        let why = match best.filter(|one| one.first.is_none()) {
            Some(one) => format!(
                "to {} may matter most, but it rests on {}; {EXITS} are needed",
                self.what(one),
                based_on(one.improvement, one.exits)
            ),
            None => {
                "no improvement has a significant impact; the history is too short or has too few partners"
                    .to_owned()
            }
        };
        format!("Where to intervene toward {}: no clear answer yet; {why}.", end_in_words(self.end))
    }

    /// Says how far the first improvement is ahead, and what it lacks to be clear.
    fn ahead(&self) -> Vec<String> {
        let unit = match self.end {
            End::Revenue => self.channel.program.currency.code().to_owned(),
            _ => "points".to_owned(),
        };
        let lead = self.ranking.order.lead.map(|lead| {
            format!(
                "Lead over the second ({}): {} {unit}; over the best of the others at least {} {unit} (one-sided 95 % limit).",
                self.what(&self.ranking.rows[lead.over]),
                self.effect(lead.estimate),
                self.effect(lead.at_least)
            )
        });
        let lacks = self.ranking.order.held_back.map(|why| match why {
            HeldBack::FewPartners => {
                format!(
                    "Likely, not certain: with fewer than {PARTNERS} partners the order may still change."
                )
            }
            HeldBack::Warned => "Not clear: a warning below concerns this stage.".to_owned(),
            HeldBack::Unranked(place) => {
                let other = &self.ranking.rows[place];
                format!(
                    "Not clear: to {} may bring more, but it rests on {}; {EXITS} are needed.",
                    self.what(other),
                    based_on(other.improvement, other.exits)
                )
            }
        });
        lead.into_iter().chain(lacks).collect()
    }

    fn success(&self) -> Option<String> {
        let (base, limits) = self.ranking.base;
        let days = self.toward.horizon.days;
        let Cell::Text(share) = chance(base, limits) else { return None };
        let reach = reach(self.end);
        let direct = self.toward.direct_chance().map(|(direct, limits)| chance(direct, limits));
        let direct = match direct {
            Some(Cell::Text(direct)) if direct != share => {
                format!(" {}", counted_directly(&direct))
            }
            _ => String::new(),
        };
        (self.end != End::Revenue).then(|| {
            format!("Success: {share} of new partners {reach} within {days} days, by stage and sale.{direct}")
        })
    }

    fn money(&self) -> String {
        let Some((brings, limits)) = self.ranking.revenue else {
            return format!("{}.", capital(&self.toward.few_effective()));
        };
        let money = |minor: f64| rounded(self.channel.money(minor.round() as i128));
        let limits = limits
            .map_or_else(String::new, |one| format!(" (95 % CI {} to {})", money(one.low), money(one.high)));
        format!(
            "Revenue: a new partner brings {} {}{limits} within {} days. Revenue figures rest on the equivalent of {:.0} \
             equal partners.",
            money(brings),
            self.channel.program.currency.code(),
            self.toward.horizon.days,
            self.toward.effective
        )
    }

    /// The partners whom the first improvement concerns and whom a touch can still change, the first to touch first.
    fn affected(&self, view: &View) -> anyhow::Result<Table> {
        let first = self.ranking.first().map(|one| one.improvement);
        let there = first.map_or_else(Vec::new, |one| self.toward.affected(one));
        let concerned: HashSet<PartnerId> = there.iter().map(|one| one.partner).collect();
        let since_sale =
            matches!(first, Some(Improvement::Lever(SalesLever::SecondSaleSooner | SalesLever::FewerQuiet)));
        let days = |line: &Line| {
            let last = || sale_days(self.channel.facts(line)).last().copied();
            let sold = || Some(self.channel.as_of.number() - last()?);
            if since_sale { sold() } else { self.channel.days_here(line) }
        };
        let (model, watch) = (Model::of(self.channel, None), GrowthWatch::of(self.channel));
        let wanted = |line: &Line| concerned.contains(&line.id);
        let late_days = all_late_days(
            view,
            self.channel,
            self.channel.lines.iter().filter(|line| wanted(line)),
            |_, _| (),
        )?;
        let todos = priorities(self.channel, &model, &watch, &late_days, wanted);
        let given_up = todos.iter().filter(|todo| todo.attention == Attention::Decide).count();
        let sold_since = view.reader().sold_since()?;
        let mut rows: Vec<AffectedPartner> = Vec::new();
        for todo in todos.iter().filter(|todo| todo.attention != Attention::Decide).take(FIRST) {
            let Some(partner) = view.partner(todo.line.id)? else { continue };
            let facts =
                PartnerFacts { program: self.channel.program, partner: &partner, day: self.channel.as_of };
            let step = todo::step(self.channel, facts, todo, (&dues(facts), sold_since));
            let selling = || facts.in_growth_since().map(|_| selling_step(facts));
            let step = step.map(|next| next.step).or_else(selling);
            rows.push(AffectedPartner { days: days(todo.line), partner, step });
        }
        let (title, days) = match first {
            Some(Improvement::Lever(SalesLever::SecondSaleSooner)) => {
                ("Partners that sold once, first to touch first", "Days since the sale")
            }
            Some(Improvement::Lever(SalesLever::FewerQuiet)) => {
                ("Partners that sell, first to touch first", "Days since the sale")
            }
            Some(Improvement::Lever(SalesLever::FirstSaleSooner)) => {
                ("Partners without a sale, first to touch first", "Days in stage")
            }
            _ => ("Partners affected, first to touch first", "Days in stage"),
        };
        let table = Table::of("touched", title, &rows)
            .column("partner", "Partner", |one| &one.partner.key)
            .later_partner_name(|one| one.partner.name())
            .column("days", days, |one| Cell::days(one.days))
            .headline()
            .column("owner", "Owner", |one| one.partner.attribute("owner"))
            .optional()
            .detail()
            .column("command", "Next step", |one| one.step.as_ref().map(command_line))
            .done()
            .empty("No partner is affected now.")
            .with_notes((given_up > 0).then(|| given_up_in_words(given_up)));
        let named = first.is_some_and(|one| one != Improvement::PlanReached);
        Ok(if named { table } else { table.for_machines() })
    }
}

/// A partner whom the first improvement concerns, in its state for so many days, with what helps it on.
struct AffectedPartner {
    partner: Partner,
    days: Option<i64>,
    step: Option<Step>,
}

/// Returns the improvements with what each would bring.
fn rows(channel: &Channel, toward: &Toward, end: End, rows: &[WeighedImprovement]) -> Table {
    let days = toward.horizon.days;
    let code = channel.program.currency.code();
    let unit = unit(channel);
    let of_money = end == End::Revenue;
    let yearly = toward.joining;
    let per_partner = |one: &WeighedImprovement, value: fn(&WeighedImprovement) -> Option<f64>| {
        Cell::decimal(value(one).filter(|_| !of_money))
    };
    let in_all = |one: &WeighedImprovement, value: fn(&WeighedImprovement) -> Option<f64>| {
        Cell::decimal(value(one).filter(|_| of_money).map(|minor| minor / unit))
    };
    let money = |minor: f64| rounded(channel.money(minor.round() as i128));
    let heading = match end {
        End::Revenue => format!("Revenue within {days} d ({code})"),
        _ => format!("{} within {days} d", capital(end_in_words(end))),
    };
    let title =
        if of_money { "Impact of each improvement" } else { "Impact of each improvement, per new partner" };
    let table = Table::of("rows", title, rows)
        .machines("stage", |one| stage_key(channel, toward, one))
        .machines("lever", |one| word(one.improvement))
        .people("Improvement", |one| capital(&what(channel, toward, one.improvement)))
        .machines("exits", |one| one.exits)
        .people("Based on", |one| based_on(one.improvement, one.exits))
        .detail()
        .people(heading, |one| {
            let limits = |one: Limits| format!(" ({} to {})", money(one.low), money(one.high));
            if of_money {
                format!("{}{}", money(one.effect), one.limits.map_or_else(String::new, limits))
            } else {
                effect_in_words(one.effect, one.limits)
            }
        })
        .headline()
        .machines("effect", |one| per_partner(one, |one| Some(one.effect)))
        .machines("effect_low", |one| per_partner(one, |one| one.limits.map(|one| one.low)))
        .machines("effect_high", |one| per_partner(one, |one| one.limits.map(|one| one.high)))
        .machines("effect_total", |one| in_all(one, |one| Some(one.effect)))
        .machines("effect_total_low", |one| in_all(one, |one| one.limits.map(|one| one.low)))
        .machines("effect_total_high", |one| in_all(one, |one| one.limits.map(|one| one.high)))
        .machines("first_share", |one| Cell::share(one.first))
        .people("Ranked first in", |one| match one.first {
            None => Cell::text(format!("too few ({})", one.exits)),
            share => Cell::share(share),
        })
        .machines("effect_per_year", |one| Cell::decimal(Some(one.effect * yearly).filter(|_| !of_money)))
        .people("More partners a year", |one| {
            if of_money { Cell::Missing } else { signed(one.effect * yearly, 1).into() }
        })
        .optional();
    revenue_columns(table, channel, toward, end).done()
}

/// Adds what each improvement brings in revenue, and for the partners of today.
fn revenue_columns<'r>(
    table: TypedTable<'r, WeighedImprovement>,
    channel: &Channel,
    toward: &Toward,
    end: End,
) -> TypedTable<'r, WeighedImprovement> {
    let (unit, yearly, of_money) = (unit(channel), toward.joining, end == End::Revenue);
    let revenue = |value: Option<f64>| Cell::decimal(value.map(|minor| minor / unit));
    let money = |minor: f64| rounded(channel.money(minor.round() as i128));
    table
        .machines("effect_revenue", |one| revenue(one.revenue.map(|(value, _)| value)))
        .machines("effect_revenue_low", |one| revenue(low(one.revenue)))
        .machines("effect_revenue_high", |one| revenue(high(one.revenue)))
        .machines("revenue_per_year", |one| revenue(one.revenue.map(|(value, _)| value * yearly)))
        .machines("revenue_per_year_low", |one| revenue(low(one.revenue).map(|value| value * yearly)))
        .machines("revenue_per_year_high", |one| revenue(high(one.revenue).map(|value| value * yearly)))
        .people(format!("Revenue a year ({})", channel.program.currency.code()), |one| {
            let Some((value, limits)) = one.revenue.filter(|_| !of_money) else { return Cell::Missing };
            let limits = limits.map_or_else(String::new, |one| {
                format!(" ({} to {})", money(one.low * yearly), money(one.high * yearly))
            });
            format!("{}{limits}", money(value * yearly)).into()
        })
        .optional()
        .machines("effect_present", |one| match one.present {
            Some(minor) if of_money => Cell::decimal(minor / unit),
            present => Cell::decimal(present),
        })
        .people("Extra partners from today's", |one| {
            one.present.filter(|_| !of_money).map_or(Cell::Missing, |present| signed(present, 1).into())
        })
        .optional()
        .detail()
}

fn low(figure: Option<(f64, Option<Limits>)>) -> Option<f64> {
    Some(figure?.1?.low)
}

fn high(figure: Option<(f64, Option<Limits>)>) -> Option<f64> {
    Some(figure?.1?.high)
}

/// Minor units of one unit of money.
fn unit(channel: &Channel) -> f64 {
    10_f64.powi(i32::try_from(channel.money(0).digits).unwrap_or(0))
}

/// Returns the key of the stage in which an improvement is.
fn stage_key<'c>(channel: &'c Channel, toward: &Toward, one: &WeighedImprovement) -> &'c str {
    let success = toward.past.histories.states.success;
    let stage = match one.improvement {
        Improvement::Lever(lever) => lever.stage(success),
        Improvement::PlanReached => success,
    };
    channel.stages[stage].as_str()
}

/// Returns what machines call an improvement.
fn word(improvement: Improvement) -> &'static str {
    match improvement {
        Improvement::Lever(SalesLever::Faster(_)) => "faster",
        Improvement::Lever(SalesLever::FewerDrops(_)) => "fewer_drops",
        Improvement::Lever(SalesLever::FirstSaleSooner) => "first_sale_sooner",
        Improvement::Lever(SalesLever::SecondSaleSooner) => "second_sale_sooner",
        Improvement::Lever(SalesLever::FewerQuiet) => "fewer_quiet",
        Improvement::PlanReached => "plan_reached",
    }
}

/// Returns what an improvement does, in words.
fn what(channel: &Channel, toward: &Toward, improvement: Improvement) -> String {
    let x = toward.x * 100.0;
    let name = |stage: usize| &channel.program.stages()[stage].name;
    match improvement {
        Improvement::Lever(SalesLever::Faster(stage)) => format!("make {} {x:.0} % faster", name(stage)),
        Improvement::Lever(SalesLever::FewerDrops(stage)) => {
            format!("reduce drop-off in {} by {x:.0} %", name(stage))
        }
        Improvement::Lever(SalesLever::FirstSaleSooner) => {
            format!("bring the first sale in {} {x:.0} % sooner", success_name(channel))
        }
        Improvement::Lever(SalesLever::SecondSaleSooner) => {
            format!("bring the second sale {x:.0} % sooner")
        }
        Improvement::Lever(SalesLever::FewerQuiet) => format!("let {x:.0} % fewer partners go quiet"),
        Improvement::PlanReached => format!("close {x:.0} % of the gap to plan"),
    }
}

/// Returns what the figures on an improvement rest on.
fn based_on(improvement: Improvement, exits: u64) -> String {
    let noun = match improvement {
        Improvement::Lever(SalesLever::Faster(_)) => "visit",
        Improvement::Lever(SalesLever::FewerDrops(_)) => "drop-off",
        Improvement::Lever(SalesLever::FirstSaleSooner) => "first sale",
        Improvement::Lever(SalesLever::SecondSaleSooner) => "second sale",
        Improvement::Lever(SalesLever::FewerQuiet) => "quiet partner",
        Improvement::PlanReached => "partner below plan",
    };
    match improvement {
        Improvement::PlanReached if exits != 1 => format!("{exits} partners below plan"),
        _ => counted(exits, noun),
    }
}
