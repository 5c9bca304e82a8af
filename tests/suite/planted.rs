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
/// A smaller change of a chance is printed as none.
const LEAST_POINTS: f64 = 0.0005;
/// Partners of a channel.
const PARTNERS: f64 = 220.0;

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

/// A lever that is pulled from a day of a life on.
#[derive(Clone, Copy, Debug)]
struct Pull {
    lever: SalesLever,
    from: i64,
}

/// How many days a time takes that would take so many: a lever changes what is left of it when it is pulled.
fn pulled(pull: Option<Pull>, lever: SalesLever, begun: i64, days: f64) -> f64 {
    let Some(pull) = pull.filter(|pull| pull.lever == lever) else { return days };
    let before = ((pull.from - begun) as f64).clamp(0.0, days);
    let factor = if matches!(lever, SalesLever::FewerDrops(_)) { 1.0 / (1.0 - X) } else { 1.0 - X };
    before + (days - before) * factor
}

impl Law {
    fn life(&self, draw: &mut Draw, pull: Option<Pull>, until: i64) -> LifeLine {
        let mut life = LifeLine { visits: Vec::new(), sales: Vec::new() };
        let mut day = 0;
        let mut sold_early = false;
        for (stage, (median, leave)) in self.stages.iter().enumerate() {
            life.visits.push((stage, day));
            let time = draw.log_normal(*median, 0.7);
            let leave = pulled(pull, SalesLever::FewerDrops(stage), day, draw.exponential(*leave));
            let (early, part) = (draw.uniform(), draw.uniform());
            let [takes, leaves] =
                [time, leave].map(|days| pulled(pull, SalesLever::Faster(stage), day, days));
            if leave < time {
                life.visits.push((STATES.left, day + leaves.round() as i64));
                return life;
            }
            if stage == 3 && early < self.early {
                sold_early = true;
                life.sales.push((day + (takes * part) as i64, 0.0));
            }
            day += takes.round() as i64;
        }
        life.visits.push((GROWTH, day));
        let first = draw.log_normal(self.first.0, self.first.1);
        let leave = pulled(pull, SalesLever::FewerDrops(GROWTH), day, draw.exponential(self.leave));
        if !sold_early {
            let sooner = |days| pulled(pull, SalesLever::FirstSaleSooner, day, days);
            if leave < first {
                life.visits.push((STATES.left, day + sooner(leave).round() as i64));
                return life;
            }
            life.sales.push((day + sooner(first).round() as i64, 0.0));
        }
        let first = life.sales[0].0;
        self.sell(draw, &mut life, pull, first, until);
        life
    }

    /// Adds the sales after the first one.
    fn sell(&self, draw: &mut Draw, life: &mut LifeLine, pull: Option<Pull>, first: i64, until: i64) {
        let mut day = first;
        let scale = draw.log_normal(1.0, self.amounts.0);
        let mut count = 0;
        life.sales.clear();
        while day <= until {
            life.sales.push((day, scale * draw.log_normal(1.0, self.amounts.1)));
            count += 1;
            let (median, sigma) = if count == 1 { self.second } else { self.later };
            let pull_here = pull.filter(|pull| count == 1 || pull.lever != SalesLever::SecondSaleSooner);
            let gap = draw.log_normal(median, sigma);
            let gap = pulled(pull_here, SalesLever::SecondSaleSooner, day, gap).round().max(1.0) as i64;
            let stop = if count == 1 { self.stop_first } else { self.stop };
            let fewer = pull.is_some_and(|pull| pull.lever == SalesLever::FewerQuiet && day >= pull.from);
            let stops = draw.uniform() < stop * if fewer { 1.0 - X } else { 1.0 };
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
            let pull = lever.map(|lever| Pull { lever, from: 0 });
            let life = self.life(&mut draw, pull, HORIZON as i64);
            let sales = self.reported(&life, began, began + HORIZON as i64);
            all[0] += f64::from(u8::from(!sales.days.is_empty()));
            all[1] += f64::from(u8::from(sales.productive.is_some()));
            all[2] += sales.days.iter().map(|sale| sale.amount).sum::<f64>();
        }
        all.map(|sum| sum / lives as f64)
    }

    /// The true revenue that the partners of today bring within the horizon, per partner of a channel, if a lever is pulled
    /// today.
    fn truth_of_present(&self, lever: Option<SalesLever>, lives: u64) -> f64 {
        let until = YEARS + HORIZON as i64;
        let mut sum = 0.0;
        for number in 0..lives {
            let mut draw = Draw(number.wrapping_mul(0x9e37_79b9_7f4a_7c15) + 5);
            let began = (draw.uniform() * YEARS as f64) as i64;
            let pull = lever.map(|lever| Pull { lever, from: YEARS - began });
            let sales = self.reported(&self.life(&mut draw, pull, until), began, until);
            sum += sales.days.iter().filter(|sale| sale.day > YEARS).map(|sale| sale.amount).sum::<f64>();
        }
        sum / lives as f64
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
        let least = if end == End::Revenue { 0.0 } else { LEAST_POINTS };
        let order = LeverOrder::of(&draws, &candidates, sales.len(), least);
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
            let levers = SalesLever::toward(end, GROWTH);
            let gain = |lever: &SalesLever| law.truth(Some(*lever), 100_000)[at] - base[at];
            let each: Vec<f64> = levers.iter().map(gain).collect();
            let in_all = (end == End::Revenue).then(|| {
                let today = law.truth_of_present(None, 50_000);
                let gain = |lever: &SalesLever| law.truth_of_present(Some(*lever), 50_000) - today;
                let all = |(lever, each): (&SalesLever, &f64)| PARTNERS * gain(lever) + PARTNERS / 3.0 * each;
                levers.iter().zip(&each).map(all).collect()
            });
            // Revenue takes long.
            let seeds = if end == End::Revenue { seeds.div_ceil(4) } else { seeds };
            tally(&law, planted, end, seeds, &Truth { base: base[at], each, in_all });
        }
    }
}

/// The true figures of a law.
struct Truth {
    base: f64,
    /// By lever, what it adds for a new partner.
    each: Vec<f64>,
    /// Toward revenue, what it adds in all, of those that join in a year and of those of today.
    in_all: Option<Vec<f64>>,
}

/// How many intervals hold the truth.
#[derive(Clone, Copy, Default)]
struct Coverage {
    held: usize,
    of: usize,
    sum: f64,
}

/// Prints how often the first lever is the true one, and how often the intervals hold the truth.
#[expect(clippy::print_stdout, reason = "a table for people")]
fn tally(law: &Law, planted: Option<SalesLever>, end: End, seeds: u64, truth: &Truth) {
    let levers = SalesLever::toward(end, GROWTH);
    // Levers are ranked by the last of these.
    let blocks: Vec<&[f64]> =
        [Some(&truth.each), truth.in_all.as_ref()].into_iter().flatten().map(Vec::as_slice).collect();
    let ranked = blocks[blocks.len() - 1];
    let best = (0..ranked.len()).max_by(|a, b| ranked[*a].total_cmp(&ranked[*b])).expect("levers");
    let second = (0..ranked.len()).filter(|at| *at != best).map(|at| ranked[at]).fold(0.0, f64::max);
    let (mut named, mut right, mut clear, mut clear_right, mut clear_wrong) = (0, 0, 0, 0, 0);
    let mut tallies = vec![vec![Coverage::default(); levers.len()]; blocks.len()];
    let mut base_held = 0;
    // Of a chance, no more digits are printed.
    let slack = if end == End::Revenue { 0.0 } else { LEAST_POINTS };
    for seed in 1..=seeds {
        let answer = Answer::of(law, end, PARTNERS as i64, seed);
        if let Some((lever, is_clear)) = answer.first() {
            let is_right = usize::from(lever == levers[best]);
            let value =
                levers.iter().zip(ranked).find(|(one, _)| **one == lever).map_or(0.0, |(_, value)| *value);
            named += 1;
            right += is_right;
            clear += usize::from(is_clear);
            clear_right += usize::from(is_clear) * is_right;
            clear_wrong += usize::from(is_clear && value < 0.9 * ranked[best]);
        }
        let holds = |at: usize, value: f64| {
            let limits = answer.draws.limits(at);
            limits.is_some_and(|one| one.low - slack <= value && value <= one.high + slack)
        };
        base_held += usize::from(holds(0, truth.base));
        // Levers with 10 exits, as they are ranked.
        for one in answer.order.ranked.iter().filter(|one| one.first.is_some()) {
            for (block, (values, tally)) in blocks.iter().zip(&mut tallies).enumerate() {
                let at = 1 + block * levers.len() + one.candidate;
                let tally = &mut tally[one.candidate];
                tally.held += usize::from(holds(at, values[one.candidate]));
                tally.of += 1;
                tally.sum += answer.draws.estimates[at];
            }
        }
    }
    let share = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
    println!(
        "{}, {end:?}: planted {planted:?}, best {:?} {:.4} ({:.1} times the next); {seeds} seeds: named {named}, right \
         {right} ({:.1} %), clear {clear}, right {clear_right}, worse by a tenth {clear_wrong}; base covered {:.1} %",
        law.name,
        levers[best],
        ranked[best],
        ranked[best] / second,
        share(right, named),
        share(base_held, seeds as usize),
    );
    for (block, (values, tally)) in blocks.iter().zip(&tallies).enumerate() {
        let (held, of) = tally.iter().fold((0, 0), |(held, of), one| (held + one.held, of + one.of));
        let what = if block == 0 { "for a new partner" } else { "in all" };
        println!("  {what}: covered {:.1} % of {of}", share(held, of));
        for ((lever, truth), one) in levers.iter().zip(*values).zip(tally) {
            let mean = one.sum / one.of.max(1) as f64;
            println!(
                "    {lever:?}: true {truth:.4}, mean {mean:.4}, covered {:.1} % of {}",
                share(one.held, one.of),
                one.of
            );
        }
    }
    let is_planted = ranked[best] >= 2.5 * second && planted == Some(levers[best]);
    if is_planted && end != End::Revenue {
        assert!(is_rare(named - right, named), "{}, {end:?}: another lever is named", law.name);
    }
    assert!(is_rare(clear_wrong, clear), "{}, {end:?}: clear and wrong", law.name);
    if planted.is_none() && end != End::Revenue {
        let seeds = usize::try_from(seeds).expect("few");
        assert!(is_rare(clear, seeds), "{}, {end:?}: clear without a planted lever", law.name);
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
