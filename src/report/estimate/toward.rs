//! The improvements of a channel by what they bring toward first revenue, productive partners, or revenue.

use crate::analysis::Limits;
use crate::analysis::lead::{Candidate, EXITS, LEAST_POINTS, LeverOrder, LeverVerdict};
use crate::analysis::resample::Draws;
use crate::analysis::sales_chain::{End, PartnerSales, Present, SaleDay, SalesChain};
use crate::analysis::sales_estimates::{Book, Levers, chances, effective, revenues};
use crate::analysis::sales_levers::{SalesLever, SalesModel, SalesQuestion};
use crate::analysis::state_histories::{LEFT_BEFORE, SUCCEEDED, StateHistory};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::text::{counted, phrase};
use crate::report::estimate::diagnostics;
use crate::report::estimate::histories::{Horizon, Past};
use crate::report::estimate::waiting::Waiting;
use crate::report::reading::Channel;
use crate::store::SaleRow;

/// Fewer effective partners with revenue than this say nothing of money.
pub(crate) const EFFECTIVE: f64 = 30.0;
/// Days of a year.
const YEAR: f64 = 365.0;

/// What is improved: a lever of the chain, or the plans of partners.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Improvement {
    Lever(SalesLever),
    /// Every partner below its plan closes a share of the gap.
    PlanReached,
}

/// An improvement with what it would bring.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WeighedImprovement {
    pub improvement: Improvement,
    /// Exits that it changes, or partners below their plan.
    pub exits: u64,
    /// What it is ranked by: the change of the chance to reach the end within the horizon, for a new partner; toward
    /// revenue, what it adds within the horizon in all, in minor units.
    pub effect: f64,
    pub limits: Option<Limits>,
    /// The share of resamples in which it is the first; none if it has too few exits to be ranked.
    pub first: Option<f64>,
    /// What it adds to the revenue of a new partner within the horizon, in minor units; none if too few carry it.
    pub revenue: Option<(f64, Option<Limits>)>,
    /// How many more of today's partners reach the end within the horizon; toward revenue, what they bring more, in minor
    /// units.
    pub present: Option<f64>,
}

/// The improvements toward an end, ranked, and what they rest on.
pub(crate) struct Toward {
    pub end: End,
    pub x: f64,
    pub horizon: Horizon,
    pub chain: SalesChain,
    pub past: Past,
    /// The chain of all sales.
    money: SalesChain,
    /// The effective number of partners that the revenue rests on.
    pub effective: f64,
    /// Days from joining to the end, counted directly as `report growth` does; none toward revenue.
    pub direct: Option<Waiting>,
    /// Partners that join in a year: those of the last 365 days, or of a shorter history, in proportion.
    pub joining: f64,
    /// How many of each improvement's kind were observed.
    improvements: Vec<(Improvement, u64)>,
}

/// The answer: improvements in order, and for whom.
pub(crate) struct TowardRanking {
    /// The chance of a new partner to reach the end within the horizon; toward revenue, what it brings, in minor units.
    pub base: (f64, Option<Limits>),
    /// The same figure in revenue; none if too few partners carry it.
    pub revenue: Option<(f64, Option<Limits>)>,
    pub rows: Vec<WeighedImprovement>,
    /// The places in it are those of `rows`.
    pub order: LeverOrder,
}

impl Toward {
    /// Prepares the chain toward an end from the channel, which needs all sales; `behind` says by partner, in order of
    /// the lines, how far it will fall short of its plan in a year, in minor units.
    pub(crate) fn of(channel: &Channel, end: End, horizon: Option<usize>, x: f64, behind: &[f64]) -> Toward {
        let past = Past::of(channel);
        let horizon = past.horizon(horizon);
        let threshold = channel.program.productive.map(|rule| rule.revenue_12m_minor);
        // When a partner sells and becomes productive is its own matter; the money of all counts once.
        let own = channel.lines.iter().map(|line| partner_sales(channel.sales_of(line), threshold));
        let own: Vec<PartnerSales> = own.collect();
        let once = channel.lines.iter().map(|line| partner_sales(channel.sales_once(line), threshold));
        let once: Vec<PartnerSales> = once.collect();
        let chain = SalesChain::of(end, &past.histories, if end == End::Revenue { &once } else { &own });
        let money = SalesChain::of(End::Revenue, &past.histories, &once);
        let success = past.histories.states.success;
        let counts = chain.histories.counts();
        let mut improvements: Vec<(Improvement, u64)> = SalesLever::toward(end, success)
            .into_iter()
            .map(|lever| (Improvement::Lever(lever), lever.exits(&chain, &counts, success)))
            .collect();
        let below = behind.iter().filter(|behind| **behind > 0.0).count() as u64;
        if end == End::Revenue && below > 0 {
            improvements.push((Improvement::PlanReached, below));
        }
        let effective = effective(&money);
        let event = |at: usize| match end {
            End::Productive => own[at].productive,
            End::FirstRevenue | End::Revenue => {
                first_sale(channel.sales_of(&channel.lines[at])).map(Day::number)
            }
        };
        let direct = (end != End::Revenue).then(|| {
            Waiting::of(&past.histories.first_event(event), SUCCEEDED, LEFT_BEFORE, &[horizon.days])
        });
        Toward {
            end,
            x,
            horizon,
            joining: joining(&past),
            direct,
            chain,
            past,
            money,
            effective,
            improvements,
        }
    }

    /// Returns why nothing can be said: the threshold of productive partners is missing, or a state on the way was left too
    /// rarely.
    pub(crate) fn blocked(&self, channel: &Channel) -> Option<String> {
        if self.end == End::Productive && channel.program.productive.is_none() {
            return Some(
                "the program does not say from which revenue on a partner is productive; add [productive] with revenue_12m"
                    .to_owned(),
            );
        }
        let counts = self.chain.histories.counts();
        let states = self.chain.states;
        let before = self.past.before_success();
        let on_the_way = before.filter(|stage| counts[*stage].ended() + counts[*stage].open() > 0);
        let mut few: Vec<String> = on_the_way
            .filter(|stage| counts[*stage].ended() < EXITS)
            .map(|stage| {
                let name = &channel.program.stages()[stage].name;
                format!("{name} has {}", counted(counts[stage].ended(), "completed visit"))
            })
            .collect();
        let reached = |target: usize| counts.iter().map(|counts| counts.exits_in_all(target)).sum::<u64>();
        let (came, what) = match self.end {
            End::FirstRevenue => (reached(states.target), "made a first sale"),
            End::Productive => (reached(states.target), "became productive"),
            End::Revenue => (reached(states.once), "made a first sale"),
        };
        if came < EXITS {
            let all = self.direct.as_ref().map_or(came, Waiting::came);
            few.push(if all > came {
                format!("{came} of {} that {what} can be followed from sale to sale", counted(all, "partner"))
            } else {
                format!("{} {what} while observed", counted(came, "partner"))
            });
        }
        if !few.is_empty() {
            let needed = if few.len() > 1 {
                format!("{EXITS} of each are needed")
            } else {
                format!("{EXITS} are needed")
            };
            return Some(format!("not enough data: {}; {needed}", phrase(&few)));
        }
        (self.end == End::Revenue && self.effective < EFFECTIVE).then(|| self.few_effective())
    }

    /// Returns the chance to reach the end within the horizon as `report growth` has it, counted directly from joining, with
    /// its limits; none toward revenue, and if too few were followed so long.
    pub(crate) fn direct_chance(&self) -> Option<(f64, Option<Limits>)> {
        self.direct.as_ref().and_then(Waiting::first_share)
    }

    /// Returns how many were observed of what the levers in growth change.
    pub(crate) fn observed_sales(&self) -> impl Iterator<Item = (Improvement, u64)> {
        self.improvements.iter().copied().filter(|(improvement, _)| {
            use SalesLever::{FewerQuiet, FirstSaleSooner, SecondSaleSooner};
            matches!(improvement, Improvement::Lever(FirstSaleSooner | SecondSaleSooner | FewerQuiet))
        })
    }

    /// Says that too few partners carry the revenue.
    pub(crate) fn few_effective(&self) -> String {
        format!(
            "not enough data on revenue: it rests on the equivalent of {:.0} equal partners; {EFFECTIVE:.0} are needed",
            self.effective
        )
    }

    /// Ranks the improvements. None if the chain cannot be solved.
    pub(crate) fn ranking(&self, behind: &[f64]) -> Option<TowardRanking> {
        let levers: Vec<SalesLever> = self
            .improvements
            .iter()
            .filter_map(|(improvement, _)| match improvement {
                Improvement::Lever(lever) => Some(*lever),
                Improvement::PlanReached => None,
            })
            .collect();
        let count = levers.len();
        let asked = Levers {
            levers: &levers,
            x: self.x,
            horizon: self.horizon.days,
            success: self.past.histories.states.success,
        };
        let years = self.horizon.days as f64 / YEAR;
        let behind: Vec<f64> = behind.iter().map(|behind| behind * years).collect();
        let book = Book { joining: self.joining * years, behind: &behind };
        let money = self.effective >= EFFECTIVE;
        // Of revenue alone, the estimates in all follow those for a new partner.
        let (draws, at, revenue_at) = if self.end == End::Revenue {
            (revenues(&self.chain, asked, book)?, 1 + count, Some(0))
        } else {
            let draws = chances(&self.chain, asked)?;
            let revenue = money.then(|| self.revenue_of_new(asked, book)).flatten();
            match revenue.and_then(|revenue| draws.clone().joined(revenue)) {
                Some(joined) => (joined, 1, Some(1 + count)),
                None => (draws, 1, None),
            }
        };
        let candidates = self.candidates(at);
        let least = if self.end == End::Revenue { 0.0 } else { LEAST_POINTS };
        let order = LeverOrder::of(&draws, &candidates, self.chain.histories.len(), least);
        let weights = vec![1; self.chain.histories.len()];
        let model = SalesModel::of(&self.chain, &self.chain.histories.counts(), &weights, asked.success);
        let model = model.with_present(&self.chain.present);
        let figure = |at: usize| (draws.estimates[at], draws.limits(at));
        let rows = order.ranked.iter().map(|one| {
            let (improvement, exits) = self.improvements[one.candidate];
            let revenue = revenue_at.filter(|_| improvement != Improvement::PlanReached);
            WeighedImprovement {
                improvement,
                exits,
                effect: one.effect,
                limits: one.limits,
                first: one.first,
                revenue: revenue.map(|at| figure(at + 1 + one.candidate)),
                present: self.present(&model, improvement),
            }
        });
        let rows = rows.collect();
        Some(TowardRanking { base: figure(0), revenue: revenue_at.map(figure), rows, order })
    }

    /// The improvements as candidates, whose estimates begin at an index.
    fn candidates(&self, at: usize) -> Vec<Candidate> {
        let warned = diagnostics::warned(&self.past);
        let candidate = |(number, (improvement, exits)): (usize, &(Improvement, u64))| Candidate {
            at: at + number,
            exits: *exits,
            warned: self.is_warned(*improvement, &warned),
        };
        self.improvements.iter().enumerate().map(candidate).collect()
    }

    /// Revenue of new partners alone, with the levers toward another end; the same partners are drawn.
    fn revenue_of_new(&self, asked: Levers, book: Book) -> Option<Draws> {
        let money = SalesChain { present: Vec::new(), ..self.money.clone() };
        revenues(&money, asked, book)
    }

    fn is_warned(&self, improvement: Improvement, warned: &[usize]) -> bool {
        match improvement {
            Improvement::Lever(lever) => warned.contains(&lever.stage(self.past.histories.states.success)),
            Improvement::PlanReached => false,
        }
    }

    /// What an improvement adds for the partners of today.
    fn present(&self, model: &SalesModel, improvement: Improvement) -> Option<f64> {
        let Improvement::Lever(lever) = improvement else { return None };
        let horizon = self.horizon.days;
        let gain = |lever: Option<(SalesLever, f64)>| match self.end {
            End::Revenue => Some(model.gain(lever, SalesQuestion::Revenue { horizon })?.present_revenue),
            _ => Some(model.gain(lever, SalesQuestion::Chance { horizon })?.present),
        };
        Some(gain(Some((lever, self.x)))? - gain(None)?)
    }

    /// Returns the partners of today in the states that an improvement changes, those there longest first.
    pub(crate) fn affected(&self, improvement: Improvement) -> Vec<Present> {
        let Improvement::Lever(lever) = improvement else { return Vec::new() };
        let states = lever.states(&self.chain, self.past.histories.states.success);
        let mut there: Vec<Present> =
            self.chain.present.iter().filter(|one| states.contains(&one.state)).copied().collect();
        there.sort_by(|a, b| b.age.cmp(&a.age).then(a.partner.cmp(&b.partner)));
        there
    }
}

impl TowardRanking {
    /// Returns the improvement that is the first, also if that is not sure.
    pub(crate) fn first(&self) -> Option<&WeighedImprovement> {
        match &self.order.verdict {
            LeverVerdict::Clear(at) | LeverVerdict::Likely(at) => self.rows.get(*at),
            LeverVerdict::TooClose(named) => self.rows.get(*named.first()?),
            LeverVerdict::None => None,
        }
    }
}

/// The partners that join in a year.
fn joining(past: &Past) -> f64 {
    let (as_of, days) = (past.histories.as_of, past.histories.history_days());
    let window = days.clamp(1, 365);
    let joined = past.histories.iter().filter_map(StateHistory::began).filter(|day| *day > as_of - window);
    joined.count() as f64 * YEAR / window as f64
}

/// The sales of a partner by day, net of returns.
fn partner_sales(sales: &[SaleRow], threshold: Option<i64>) -> PartnerSales {
    let by_day = sales.chunk_by(|a, b| a.day == b.day);
    let days = by_day.map(|day| SaleDay {
        day: day[0].day.number(),
        amount: day.iter().map(|sale| sale.amount_minor as f64).sum(),
    });
    let productive = threshold.and_then(|least| productive_on(sales, least));
    PartnerSales { days: days.collect(), productive: productive.map(Day::number) }
}

/// Returns the day of the first sale.
pub(crate) fn first_sale(sales: &[SaleRow]) -> Option<Day> {
    sales.iter().find(|sale| sale.amount_minor > 0).map(|sale| sale.day)
}

/// Returns the first day on which 12-month revenue reaches `least`.
pub(crate) fn productive_on(sales: &[SaleRow], least: i64) -> Option<Day> {
    let (mut sum, mut from) = (0_i128, 0);
    for (at, sale) in sales.iter().enumerate() {
        sum += i128::from(sale.amount_minor);
        let year = sale.day.months_before(12);
        while sales[from].day <= year {
            sum -= i128::from(sales[from].amount_minor);
            from += 1;
        }
        let day_is_over = sales.get(at + 1).is_none_or(|next| next.day != sale.day);
        if day_is_over && sum >= i128::from(least) {
            return Some(sale.day);
        }
    }
    None
}
