//! Channels with a lever planted in growth: whether the levers toward revenue find it. Lives are simulated one by one,
//! and so is the truth: the same lives with the lever pulled.

use chanlife::face::analysis::lead::{Candidate, LeverOrder, LeverVerdict};
use chanlife::face::analysis::resample::Draws;
use chanlife::face::analysis::sales_chain::{End, PartnerSales, SaleDay, SalesChain};
use chanlife::face::analysis::sales_estimates::{Book, Levers, chances, revenues};
use chanlife::face::analysis::sales_levers::SalesLever;
use chanlife::face::analysis::state_histories::{StateHistories, States, Visit};

use crate::draw::Draw;

/// Four stages and growth, parked from each, left, parked from nobody knows where.
const STATES: States = States { count: 12, start: 0, success: 4, left: 10, unknown: 11 };
const GROWTH: usize = 4;
const HORIZON: usize = 365;
pub(crate) const YEARS: i64 = 3 * 365;
const X: f64 = 0.25;

/// The law of a channel.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Law {
    name: &'static str,
    /// Median days, and mean days to leaving, of the four stages before growth.
    stages: [(f64, f64); 4],
    /// Median days and sigma of the first sale after coming to growth.
    first: (f64, f64),
    /// Mean days to leaving without a sale.
    leave: f64,
    /// Median days and sigma between the first sale and the second.
    second: (f64, f64),
    /// The same between later ones.
    later: (f64, f64),
    /// The share that stops after the first sale, and after any later one.
    stop_first: f64,
    stop: f64,
    /// Of those that stopped, the share that sells again, and mean days until then.
    back: (f64, f64),
    /// Sigma of the scale of partners and of the amounts of one; their median is 1.
    amounts: (f64, f64),
    pub threshold: f64,
    /// The share of partners that sell first while in the stage before growth.
    early: f64,
    /// Sales are reported by month, on its last day.
    by_month: bool,
}

/// The visits and the sales of one life, day 0 its first.
struct LifeLine {
    visits: Vec<(usize, i64)>,
    sales: Vec<(i64, f64)>,
}

impl Law {
    fn life(&self, draw: &mut Draw, lever: Option<SalesLever>, until: i64) -> LifeLine {
        let mut life = LifeLine { visits: Vec::new(), sales: Vec::new() };
        let factor = |which: SalesLever| if lever == Some(which) { 1.0 - X } else { 1.0 };
        let mut day = 0;
        let mut sold_early = false;
        for (stage, (median, leave)) in self.stages.iter().enumerate() {
            life.visits.push((stage, day));
            let time = draw.log_normal(*median, 0.7);
            let leave = draw.exponential(*leave) / factor(SalesLever::FewerDrops(stage));
            let (early, part) = (draw.uniform(), draw.uniform());
            let shorter = factor(SalesLever::Faster(stage));
            if leave < time {
                life.visits.push((STATES.left, day + (leave * shorter).round() as i64));
                return life;
            }
            if stage == 3 && early < self.early {
                sold_early = true;
                life.sales.push((day + (time * shorter * part) as i64, 0.0));
            }
            day += (time * shorter).round() as i64;
        }
        life.visits.push((GROWTH, day));
        let first = draw.log_normal(self.first.0, self.first.1);
        let drops = factor(SalesLever::FewerDrops(GROWTH));
        let leave = draw.exponential(self.leave) / drops;
        if !sold_early {
            let shorter = factor(SalesLever::FirstSaleSooner);
            if leave < first {
                life.visits.push((STATES.left, day + (leave * shorter).round() as i64));
                return life;
            }
            day += (first * shorter).round() as i64;
            life.sales.push((day, 0.0));
        }
        day = life.sales[0].0;
        self.sell(draw, &mut life, lever, day, until);
        life
    }

    /// Adds the sales after the first one.
    fn sell(&self, draw: &mut Draw, life: &mut LifeLine, lever: Option<SalesLever>, first: i64, until: i64) {
        let factor = |which: SalesLever| if lever == Some(which) { 1.0 - X } else { 1.0 };
        let mut day = first;
        let scale = draw.log_normal(1.0, self.amounts.0);
        let mut count = 0;
        life.sales.clear();
        while day <= until {
            life.sales.push((day, scale * draw.log_normal(1.0, self.amounts.1)));
            count += 1;
            let (median, sigma) = if count == 1 { self.second } else { self.later };
            let shorter = if count == 1 { factor(SalesLever::SecondSaleSooner) } else { 1.0 };
            let gap = (draw.log_normal(median, sigma) * shorter).round().max(1.0) as i64;
            let stop = if count == 1 { self.stop_first } else { self.stop };
            let stops = draw.uniform() < stop * factor(SalesLever::FewerQuiet);
            let (back, later) = (draw.uniform(), draw.exponential(self.back.1));
            if !stops {
                day += gap;
            } else if back < self.back.0 {
                day += gap + 200 + later as i64;
            } else {
                return;
            }
        }
    }

    /// Returns the sales as they are reported, if the life began on this day.
    fn reported(&self, life: &LifeLine, began: i64, until: i64) -> PartnerSales {
        let mut days: Vec<SaleDay> = Vec::new();
        for (day, amount) in &life.sales {
            let on = began + day;
            let on = if self.by_month { (on / 30 + 1) * 30 - 1 } else { on };
            match days.last_mut().filter(|last| last.day == on) {
                Some(last) => last.amount += amount,
                None if on <= until => days.push(SaleDay { day: on, amount: *amount }),
                None => {}
            }
        }
        let productive = productive_on(&days, self.threshold);
        PartnerSales { days, productive }
    }

    /// Returns the histories of the stages and the sales of partners that begin over three years.
    pub(crate) fn channel(&self, partners: i64, seed: u64) -> (StateHistories, Vec<PartnerSales>) {
        let mut draw = Draw(seed.wrapping_mul(0x2545_f491_4f6c_dd1d) + 7);
        let mut stages = StateHistories::new(STATES, YEARS);
        let mut sales = Vec::new();
        for id in 0..partners {
            let began = (draw.uniform() * YEARS as f64) as i64;
            let life = self.life(&mut draw, None, 4_000);
            stages.begin(id, began);
            for (state, day) in life.visits.iter().filter(|(_, day)| began + day <= YEARS) {
                stages.visit(Visit { state: *state, entered: began + day, entry_known: true });
            }
            sales.push(self.reported(&life, began, YEARS));
        }
        (stages, sales)
    }

    /// The true chances of first revenue and of being productive, and revenue, within the horizon, of a new partner.
    fn truth(&self, lever: Option<SalesLever>, lives: u64) -> [f64; 3] {
        let mut all = [0.0; 3];
        for number in 0..lives {
            let mut draw = Draw(number.wrapping_mul(0x9e37_79b9_7f4a_7c15) + 3);
            let began = if self.by_month { (draw.uniform() * 30.0) as i64 } else { 0 };
            let life = self.life(&mut draw, lever, HORIZON as i64);
            let sales = self.reported(&life, began, began + HORIZON as i64);
            all[0] += f64::from(u8::from(!sales.days.is_empty()));
            all[1] += f64::from(u8::from(sales.productive.is_some()));
            all[2] += sales.days.iter().map(|sale| sale.amount).sum::<f64>();
        }
        all.map(|sum| sum / lives as f64)
    }
}

/// The first day on which twelve months bring the threshold.
fn productive_on(days: &[SaleDay], threshold: f64) -> Option<i64> {
    let year = |day: i64| {
        let within = days.iter().filter(move |sale| sale.day > day - 365 && sale.day <= day);
        within.map(|sale| sale.amount).sum::<f64>()
    };
    days.iter().map(|sale| sale.day).find(|day| year(*day) >= threshold)
}

/// All stages are quick and lose few; sales come quickly.
const QUICK: Law = Law {
    name: "",
    stages: [(20.0, 600.0), (15.0, 600.0), (20.0, 600.0), (15.0, 600.0)],
    first: (15.0, 0.7),
    leave: 2000.0,
    second: (20.0, 0.7),
    later: (20.0, 0.6),
    stop_first: 0.05,
    stop: 0.02,
    back: (0.2, 200.0),
    amounts: (0.4, 0.4),
    threshold: 4.0,
    early: 0.0,
    by_month: false,
};

/// Four equal stages, of which none is better to improve than another.
const EVEN: Law = Law {
    name: "none planted",
    stages: [(20.0, 200.0); 4],
    leave: 900.0,
    stop_first: 0.01,
    stop: 0.01,
    ..QUICK
};

pub(crate) const SLOW_FIRST: Law =
    Law { name: "slow first sale", first: (200.0, 0.6), threshold: 2.0, ..QUICK };
pub(crate) const GONE_QUIET: Law =
    Law { name: "gone quiet", stop_first: 0.2, stop: 0.2, threshold: 6.0, ..QUICK };
pub(crate) const FEW_REPEAT: Law = Law { name: "few repeat", second: (150.0, 0.6), threshold: 3.0, ..QUICK };

/// The laws with what is planted toward productive partners.
const PLANTED: [(Law, SalesLever); 10] = [
    (SLOW_FIRST, SalesLever::FirstSaleSooner),
    (GONE_QUIET, SalesLever::FewerQuiet),
    (FEW_REPEAT, SalesLever::SecondSaleSooner),
    (
        Law {
            name: "slow first sale, reported by month, heavy-tailed",
            by_month: true,
            second: (35.0, 0.5),
            later: (35.0, 0.5),
            amounts: (1.0, 0.8),
            ..SLOW_FIRST
        },
        SalesLever::FirstSaleSooner,
    ),
    (
        Law { name: "slow first sale, some sell in launch", early: 0.15, ..SLOW_FIRST },
        SalesLever::FirstSaleSooner,
    ),
    (
        Law {
            name: "slow first sale, one large sale is enough",
            threshold: 1.0,
            amounts: (0.8, 0.5),
            ..SLOW_FIRST
        },
        SalesLever::FirstSaleSooner,
    ),
    (
        Law {
            name: "gone quiet, reported by month",
            by_month: true,
            second: (35.0, 0.4),
            later: (35.0, 0.4),
            threshold: 4.0,
            ..GONE_QUIET
        },
        SalesLever::FewerQuiet,
    ),
    (
        Law {
            name: "gone quiet, heavy-tailed, many small sales",
            stop_first: 0.15,
            stop: 0.15,
            threshold: 10.0,
            amounts: (1.0, 0.5),
            later: (15.0, 0.6),
            ..GONE_QUIET
        },
        SalesLever::FewerQuiet,
    ),
    (
        Law {
            name: "few repeat, heavy-tailed",
            second: (180.0, 0.6),
            threshold: 5.0,
            amounts: (0.8, 0.5),
            ..FEW_REPEAT
        },
        SalesLever::SecondSaleSooner,
    ),
    (
        Law {
            name: "few repeat, because most stop after one sale",
            second: (30.0, 0.6),
            stop_first: 0.7,
            back: (0.02, 200.0),
            ..FEW_REPEAT
        },
        SalesLever::FewerQuiet,
    ),
];

/// What is said of one channel.
struct Answer {
    draws: Draws,
    order: LeverOrder,
    levers: Vec<SalesLever>,
}

impl Answer {
    fn of(law: &Law, end: End, partners: i64, seed: u64) -> Answer {
        let (stages, sales) = law.channel(partners, seed);
        let chain = SalesChain::of(end, &stages, &sales);
        let counts = chain.histories.counts();
        let levers = SalesLever::toward(end, GROWTH);
        let asked = Levers { levers: &levers, x: X, horizon: HORIZON, success: GROWTH };
        let behind = vec![0.0; sales.len()];
        let joining = partners as f64 / 3.0;
        let draws = match end {
            End::Revenue => revenues(&chain, asked, Book { joining, behind: &behind }),
            _ => chances(&chain, asked),
        };
        let draws = draws.expect("a chain");
        // Toward revenue the estimates in all follow those for a new partner.
        let first = if end == End::Revenue { 1 + levers.len() } else { 1 };
        let candidates: Vec<Candidate> = levers
            .iter()
            .enumerate()
            .map(|(at, lever)| Candidate {
                at: first + at,
                exits: lever.exits(&chain, &counts, GROWTH),
                warned: false,
            })
            .collect();
        let order = LeverOrder::of(&draws, &candidates, sales.len());
        Answer { draws, order, levers }
    }

    /// The lever that is named first, if one is, and whether that is clear.
    fn first(&self) -> Option<(SalesLever, bool)> {
        let (at, clear) = match &self.order.verdict {
            LeverVerdict::Clear(at) => (*at, true),
            LeverVerdict::Likely(at) => (*at, false),
            LeverVerdict::TooClose(named) => (*named.first()?, false),
            LeverVerdict::None => return None,
        };
        Some((self.levers[self.order.ranked[at].candidate], clear))
    }
}

#[test]
fn a_lever_that_is_planted_in_growth_is_named_first() {
    for (law, planted) in &PLANTED[..3] {
        for seed in 1..=2 {
            let first = Answer::of(law, End::Productive, 220, seed).first();
            assert_eq!(first, Some((*planted, true)), "{}, seed {seed}", law.name);
        }
    }
    let first = Answer::of(&SLOW_FIRST, End::FirstRevenue, 220, 1).first();
    assert_eq!(first, Some((SalesLever::FirstSaleSooner, true)), "toward first revenue");
}

#[test]
fn with_fewer_than_30_partners_nothing_is_clear() {
    for (law, _) in &PLANTED[..3] {
        for (end, seed) in [(End::FirstRevenue, 1), (End::Productive, 2), (End::Revenue, 3)] {
            let clear = Answer::of(law, end, 29, seed).first().is_some_and(|(_, clear)| clear);
            assert!(!clear, "{}, {end:?}", law.name);
        }
    }
}

/// Two tables over many seeds, with the truth from simulated lives, and how often a lever may be named wrongly:
/// `SEEDS=200 cargo test --release --test suite planted -- --ignored --nocapture`.
#[test]
#[ignore = "takes an hour at 200 seeds"]
fn planted_levers_over_many_seeds() {
    let seeds: u64 = std::env::var("SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(20);
    let only = std::env::var("LAW").unwrap_or_default();
    let mut laws: Vec<(Law, Option<SalesLever>)> = vec![(EVEN, None)];
    laws.extend(PLANTED.map(|(law, planted)| (law, Some(planted))));
    for (law, planted) in laws.into_iter().filter(|(law, _)| law.name.contains(&only)) {
        let base = law.truth(None, 100_000);
        for (at, end) in [End::FirstRevenue, End::Productive, End::Revenue].into_iter().enumerate() {
            let truth: Vec<f64> = SalesLever::toward(end, GROWTH)
                .into_iter()
                .map(|lever| law.truth(Some(lever), 100_000)[at] - base[at])
                .collect();
            // Revenue takes long.
            let seeds = if end == End::Revenue { seeds.div_ceil(4) } else { seeds };
            tally(&law, planted, end, seeds, base[at], &truth);
        }
    }
}

/// Prints how often the first lever is the true one, and how often the intervals hold the truth.
#[expect(clippy::print_stdout, reason = "a table for people")]
fn tally(law: &Law, planted: Option<SalesLever>, end: End, seeds: u64, base: f64, truth: &[f64]) {
    let levers = SalesLever::toward(end, GROWTH);
    let best = (0..truth.len()).max_by(|a, b| truth[*a].total_cmp(&truth[*b])).expect("levers");
    let second = (0..truth.len()).filter(|at| *at != best).map(|at| truth[at]).fold(0.0, f64::max);
    let (mut named, mut right, mut clear, mut clear_right) = (0, 0, 0, 0);
    let (mut held, mut base_held) = (vec![(0, 0, 0.0); levers.len()], 0);
    for seed in 1..=seeds {
        let answer = Answer::of(law, end, 220, seed);
        if let Some((lever, is_clear)) = answer.first() {
            let is_right = usize::from(lever == levers[best]);
            named += 1;
            right += is_right;
            clear += usize::from(is_clear);
            clear_right += usize::from(is_clear) * is_right;
        }
        let holds = |at: usize, value: f64| {
            answer.draws.limits(at).is_some_and(|one| one.low <= value && value <= one.high)
        };
        base_held += usize::from(holds(0, base));
        // Levers with 10 exits, as they are ranked.
        for one in answer.order.ranked.iter().filter(|one| one.first.is_some()) {
            let effect = answer.draws.estimates[one.candidate + 1];
            let (held, of, sum) = &mut held[one.candidate];
            *held += usize::from(holds(one.candidate + 1, truth[one.candidate]));
            *of += 1;
            *sum += effect;
        }
    }
    let share = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
    println!(
        "{}, {end:?}: planted {planted:?}, best {:?} {:.4} ({:.1} times the next); {seeds} seeds: named {named}, right \
         {right} ({:.1} %), clear {clear}, right {clear_right}; covered {:.1} % of {}, base {:.1} %",
        law.name,
        levers[best],
        truth[best],
        truth[best] / second,
        share(right, named),
        share(held.iter().map(|one| one.0).sum(), held.iter().map(|one| one.1).sum()),
        held.iter().map(|one| one.1).sum::<usize>(),
        share(base_held, seeds as usize),
    );
    let is_planted = truth[best] >= 2.5 * second && planted == Some(levers[best]);
    match end {
        // Toward revenue, only that intervals are true is asked for.
        End::Revenue => {}
        _ if is_planted => {
            assert!(is_rare(named - right, named), "{}, {end:?}: another lever is named", law.name);
            assert!(is_rare(clear - clear_right, clear), "{}, {end:?}: clear and wrong", law.name);
        }
        _ if planted.is_none() => {
            let seeds = usize::try_from(seeds).expect("few");
            assert!(is_rare(clear, seeds), "{}, {end:?}: clear without a planted lever", law.name);
        }
        _ => {}
    }
    for ((lever, truth), (held, of, sum)) in levers.iter().zip(truth).zip(held) {
        let mean = sum / f64::from(u32::try_from(of.max(1)).expect("few"));
        println!("    {lever:?}: true {truth:.4}, mean {mean:.4}, covered {:.1} % of {of}", share(held, of));
    }
}

/// Whether a count is not significantly beyond 5 % of all: exact binomial test, one-sided at 1 %.
fn is_rare(count: usize, all: usize) -> bool {
    let mut chance = 0.95_f64.powi(i32::try_from(all).expect("few"));
    let mut below = 0.0;
    for one in 0..count {
        below += chance;
        chance *= (all - one) as f64 / (one + 1) as f64 * 0.05 / 0.95;
    }
    1.0 - below >= 0.01
}

#[test]
fn eighteen_of_two_hundred_are_not_significantly_beyond_five_in_a_hundred_and_nineteen_are() {
    assert!(is_rare(18, 200) && !is_rare(19, 200) && is_rare(0, 0));
}
