//! The estimators on cases with known answers, and what must hold of them whatever the data.

use chanlife::face::analysis::counts::{Counts, LONGEST, Spell};
use chanlife::face::analysis::flow::flows;
use chanlife::face::analysis::incidence::{incidence, incidences};
use chanlife::face::analysis::kernel::Kernel;
use chanlife::face::analysis::levers::{Kind, Lever, effects};
use chanlife::face::analysis::resample::Draws;
use chanlife::face::analysis::revenue::{Income, Revenue};
use chanlife::face::analysis::state_histories::{StateHistories, States, Visit};
use chanlife::face::analysis::survival::Survival;
use chanlife::face::analysis::time_to_target::TimeToTarget;
use proptest::prelude::*;
use serde_json::Value;

/// Small cases with the answers of the R package survival 3.5-3, made for this project.
const EDGE_CASES: &str = include_str!("../references/edge_cases.json");

#[test]
fn a_history_that_ends_early_is_open_at_its_last_day() {
    let mut histories = StateHistories::new(STATES, 100);
    histories.begin(1, 0);
    histories.visit(Visit { state: 0, entered: 10, entry_known: true });
    histories.observed_until(40);
    let counts = histories.counts();
    assert_eq!((counts[0].open(), counts[0].oldest_open()), (1, Some(30)));
    assert_eq!(histories.seen_on(20).counts()[0].oldest_open(), Some(10));
}

/// A chain of three stages, then left and parked from nobody knows where.
const STATES: States = States { count: 5, start: 0, success: 2, left: 3, unknown: 4 };

fn counted(days: &[i64], exits: &[bool]) -> Counts {
    let spell = |(days, exit): (&i64, &bool)| Spell { since: 0, days: *days, exit: exit.then_some(0) };
    Counts::of(1, days.iter().zip(exits).map(spell))
}

/// The numbers of a value that is one number, none or a list of them.
fn numbers(value: &Value) -> Vec<Option<f64>> {
    match value {
        Value::Array(values) => values.iter().map(Value::as_f64).collect(),
        value => vec![value.as_f64()],
    }
}

fn near(ours: Option<f64>, theirs: Option<f64>, what: &str) {
    match (ours, theirs) {
        (Some(ours), Some(theirs)) => {
            assert!((ours - theirs).abs() < 1e-8, "{what}: {ours}, expected {theirs}");
        }
        (ours, theirs) => assert_eq!(ours, theirs, "{what}"),
    }
}

#[test]
fn edge_cases_of_survival_agree_with_r() {
    let cases: Vec<Value> = serde_json::from_str(EDGE_CASES).expect("cases");
    for case in &cases {
        let name = case["name"].as_str().expect("a name");
        let (days, events) = (numbers(&case["dur"]), numbers(&case["event"]));
        let entries = case["entry"].as_array().map(|_| numbers(&case["entry"]));
        let spells = days.iter().zip(&events).enumerate().map(|(at, (days, event))| Spell {
            since: entries.as_ref().map_or(0, |entries| entries[at].expect("a day") as i64 + 1),
            days: days.expect("a day") as i64,
            exit: (*event == Some(1.0)).then_some(0),
        });
        let counts = Counts::of(1, spells);
        let survival = Survival::of(&counts);
        let column = |key: &str| numbers(&case[key]);
        for (at, day) in column("days").into_iter().enumerate() {
            let (day, what) = (day.expect("a day") as usize, format!("{name}, day {day:?}"));
            assert_eq!(Some(survival.at_risk(day) as f64), column("at_risk")[at], "{what}: at risk");
            assert_eq!(Some(f64::from(counts.exits(0, day))), column("events")[at], "{what}: exits");
            near(Some(survival.at(day)), column("S")[at], &what);
            if let Some(se) = column("se_greenwood")[at] {
                near(Some(survival.se(day)), Some(se), &format!("{what}: standard error"));
            }
            near(survival.limits(day).map(|one| one.low), column("lower_loglog")[at], &what);
            near(survival.limits(day).map(|one| one.high), column("upper_loglog")[at], &what);
        }
        for (at, p) in [0.25, 0.5, 0.75].into_iter().enumerate() {
            let days = |days: Option<usize>| days.map(|days| days as f64);
            let (low, high) = survival.quantile_limits(p);
            let what = format!("{name}, quantile {p}");
            assert_eq!(days(survival.quantile(p)), column("quantile_first_t")[at], "{what}");
            assert_eq!(days(low), column("quantile_lower")[at], "{what}: lower limit");
            assert_eq!(days(high), column("quantile_upper")[at], "{what}: upper limit");
        }
        let mean = survival.restricted_mean(30);
        near(mean.map(|(mean, _)| mean), case["rmst_30"].as_f64(), name);
        near(mean.map(|(_, se)| se), case["rmst_30_se"].as_f64(), name);
    }
    assert_eq!(cases.len(), 11);
}

/// Miller, Survival Analysis (1981), page 49: weeks of remission in acute myelogenous leukaemia, maintained.
#[test]
fn remissions_of_maintained_patients_have_the_published_survival() {
    let weeks = [9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161];
    let ended = [true, true, false, true, true, false, true, true, false, true, false];
    let survival = Survival::of(&counted(&weeks, &ended));
    for (week, expected) in
        [(9, 0.91), (13, 0.82), (18, 0.72), (23, 0.61), (31, 0.49), (34, 0.37), (48, 0.18)]
    {
        assert!((survival.at(week) - expected).abs() < 0.005, "week {week}: {}", survival.at(week));
    }
    assert_eq!(survival.quantile(0.5), Some(31));
}

/// Worked by hand: of 5, one advances on day 1, one leaves on day 2, one is open at day 2, two advance on day 4.
#[test]
fn competing_exits_share_what_is_left_on_their_day() {
    let of = |days, exit| Spell { since: 0, days, exit };
    let counts = Counts::of(2, [of(1, Some(0)), of(2, Some(1)), of(2, None), of(4, Some(0)), of(4, Some(0))]);
    let advance = incidence(&counts, 0);
    near(Some(advance.at(1)), Some(0.2), "day 1");
    near(Some(advance.at(3)), Some(0.2), "day 3");
    near(Some(advance.at(4)), Some(0.8), "day 4: what survived day 2, 0.6, advances");
    near(Some(incidence(&counts, 1).at(4)), Some(0.2), "left");
    let one_minus_km = 1.0 - Survival::of(&counts.grouped(2, |cause| cause)).at(4);
    near(Some(one_minus_km), Some(1.0), "all ended");
}

#[test]
fn a_stay_longer_than_the_longest_is_open_at_the_longest() {
    let counts = counted(&[LONGEST as i64 + 500], &[true]);
    assert_eq!((counts.ended(), counts.open(), counts.oldest_open()), (0, 1, Some(LONGEST)));
}

/// Moves within a day: from the start, half go to the second stage at once, and half of those back at once.
#[test]
fn moves_within_a_day_are_solved_for_exactly() {
    let mut counts = vec![Counts::new(5); 5];
    for (state, days, exit) in [(0, 0, 1), (0, 3, 3), (1, 0, 0), (1, 2, 2)] {
        counts[state].add(Spell { since: 0, days, exit: Some(exit) }, 1);
    }
    let to_target = TimeToTarget::to(2, &Kernel::of(STATES, &counts), 10).expect("a chain");
    // From the start: x = y/2, from the second stage: y = x/2 + 1/2 two days later.
    near(Some(to_target.from(0, 1).reached), Some(0.0), "before");
    near(Some(to_target.from(0, 2).reached), Some(1.0 / 3.0), "x = (x/2 + 1/2) / 2");
    near(Some(to_target.from(1, 10).reached), Some(2.0 / 3.0), "y");
}

#[test]
fn histories_that_go_round_within_a_day_for_ever_are_refused() {
    let mut counts = vec![Counts::new(5); 5];
    counts[0].add(Spell { since: 0, days: 0, exit: Some(1) }, 1);
    counts[1].add(Spell { since: 0, days: 0, exit: Some(0) }, 1);
    assert_eq!(TimeToTarget::to(2, &Kernel::of(STATES, &counts), 10), None);
}

type Story = Vec<(usize, i64)>;

/// Histories as days between visits to other states; a visit to left ends a history.
fn stories() -> impl Strategy<Value = Vec<Story>> {
    let story = prop::collection::vec((0..4_usize, 0..25_i64), 0..8);
    prop::collection::vec(story, 1..60)
}

fn histories(stories: &[Story], as_of: i64) -> StateHistories {
    let mut histories = StateHistories::new(STATES, as_of);
    for (id, story) in (1..).zip(stories) {
        histories.begin(id, 0);
        let (mut day, mut state) = (id % 10, 0);
        if day <= as_of {
            histories.visit(Visit { state, entered: day, entry_known: true });
        }
        for (next, days) in story {
            day += days;
            if day > as_of || state == STATES.left {
                break;
            }
            if *next != state {
                state = *next;
                histories.visit(Visit { state, entered: day, entry_known: true });
            }
        }
    }
    histories
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn survival_and_incidences_add_up_to_one_and_only_move_one_way(stories in stories()) {
        for counts in histories(&stories, 80).counts() {
            let (survival, all) = (Survival::of(&counts), incidences(&counts));
            for day in 0..counts.ages() {
                let sum = survival.at(day) + all.iter().map(|one| one.at(day)).sum::<f64>();
                prop_assert!((sum - 1.0).abs() < 1e-12);
                if day > 0 {
                    prop_assert!(survival.at(day) <= survival.at(day - 1));
                    prop_assert!(all.iter().all(|one| one.at(day) >= one.at(day - 1)));
                }
            }
        }
    }

    #[test]
    fn groups_add_up_to_all_and_the_rest_of_one_is_the_others(stories in stories(), groups in 1_usize..4) {
        let histories = histories(&stories, 80);
        let all = histories.counts();
        let parts = histories.counts_by(|at, _| at % groups);
        for (state, all) in all.iter().enumerate() {
            let mut sum = Counts::new(STATES.count);
            for part in &parts {
                sum.merge(&part[state]);
            }
            prop_assert_eq!(&sum, all);
            for (at, part) in parts.iter().enumerate() {
                let mut others = Counts::new(STATES.count);
                let rest = parts.iter().enumerate().filter(|(other, _)| *other != at);
                rest.for_each(|(_, other)| others.merge(&other[state]));
                prop_assert_eq!(all.without(&part[state]), others);
            }
        }
        let first = histories.first_to_by(groups, |state| state == STATES.success, |at| at % groups);
        let mut sum = Counts::new(2);
        for part in &first {
            sum.merge(part);
        }
        prop_assert_eq!(sum, histories.first_success());
    }

    #[test]
    fn every_life_twice_keeps_estimates_and_divides_errors_by_the_root_of_two(stories in stories()) {
        let once = histories(&stories, 80).counts();
        for one in once {
            let mut twice = one.clone();
            twice.merge(&one);
            let (a, b) = (Survival::of(&one), Survival::of(&twice));
            let (f, g) = (incidences(&one), incidences(&twice));
            for day in 0..one.ages() {
                prop_assert!((a.at(day) - b.at(day)).abs() < 1e-12);
                // Greenwood's terms D / (Y (Y - D)) halve exactly; so does each part of the other variance but
                // the one that holds N (Y - N) / Y^3, which halves too.
                prop_assert!((a.se(day) / 2_f64.sqrt() - b.se(day)).abs() < 1e-12);
                for (f, g) in f.iter().zip(&g) {
                    prop_assert!((f.at(day) - g.at(day)).abs() < 1e-12);
                    prop_assert!((f.se(day) / 2_f64.sqrt() - g.se(day)).abs() < 1e-7);
                }
            }
        }
    }

    #[test]
    fn looking_from_an_earlier_day_is_the_same_as_later_rows_not_being_there(stories in stories(), day in 0..80_i64) {
        let late = histories(&stories, 80);
        let mut cut = StateHistories::new(STATES, day);
        for history in late.iter() {
            cut.begin(history.id, history.observed_from);
            for visit in history.visits.iter().filter(|visit| visit.entered <= day) {
                cut.visit(*visit);
            }
        }
        prop_assert_eq!(cut.counts(), histories(&stories, day).counts());
    }

    #[test]
    fn an_open_stay_changes_only_who_is_at_risk_up_to_its_age(stories in stories(), age in 0..40_i64) {
        let before = histories(&stories, 80).counts()[0].clone();
        let mut after = before.clone();
        after.add(Spell { since: 0, days: age, exit: None }, 1);
        prop_assert_eq!(before.ended(), after.ended());
        for day in 0..before.ages() {
            let there = u64::from(day as i64 <= age);
            prop_assert_eq!(Survival::of(&before).at_risk(day) + there, Survival::of(&after).at_risk(day));
        }
    }

    #[test]
    fn chances_to_come_to_a_target_are_probabilities_that_only_grow(stories in stories()) {
        let kernel = Kernel::of(STATES, &histories(&stories, 80).counts());
        if let Some(to_target) = TimeToTarget::to(STATES.success, &kernel, 120) {
            for state in [0, 1] {
                for t in 0..=120 {
                    let here = to_target.from(state, t);
                    prop_assert!(here.reached >= -1e-12 && here.reached + here.unknown <= 1.0 + 1e-9);
                    prop_assert!(t == 0 || here.reached >= to_target.from(state, t - 1).reached - 1e-12);
                }
            }
        }
    }

    #[test]
    fn a_stay_given_age_zero_and_no_exit_that_day_has_the_outlook_of_a_fresh_one(stories in stories()) {
        let mut counts = histories(&stories, 80).counts();
        // Without exits on the day of entry, what remains after age 0 is the whole stay.
        counts[0] = Counts::of(5, [(1, 1), (4, 3), (9, 1)].map(|(days, exit)| Spell { since: 0, days, exit: Some(exit) }));
        let kernel = Kernel::of(STATES, &counts);
        if let Some(to_target) = TimeToTarget::to(STATES.success, &kernel, 60) {
            let rest = kernel.row(0).given_age(0).expect("seen");
            let (fresh, same) = (to_target.from(0, 60), to_target.of_rest(&rest, 60));
            prop_assert!((fresh.reached - same.reached).abs() < 1e-12);
            prop_assert!((fresh.unknown - same.unknown).abs() < 1e-12);
        }
    }

    #[test]
    fn a_lever_pulled_by_nothing_changes_nothing(stories in stories(), faster in any::<bool>(), state in 0..2_usize) {
        let kernel = Kernel::of(STATES, &histories(&stories, 80).counts());
        let kind = if faster { Kind::Faster } else { Kind::FewerDrops };
        if let Some(none) = effects(&kernel, &[Lever { kind, state }], 0.0, 60) {
            prop_assert!(none[0].abs() < 1e-12);
        }
    }

    #[test]
    fn days_of_open_stays_add_up_over_a_window(stories in stories(), first in 0..60_i64, days in 0..40_i64) {
        let histories = histories(&stories, 80);
        let window = first..=(first + days).min(80);
        for (state, flow) in flows(&histories, &window).into_iter().enumerate() {
            let open_on = |day: i64| {
                let at_end = |history: chanlife::face::analysis::state_histories::StateHistory| {
                    history.visits.iter().rfind(|visit| visit.entered <= day).map(|visit| visit.state)
                };
                histories.iter().filter(|history| at_end(*history) == Some(state)).count() as u64
            };
            prop_assert_eq!(flow.stay_days, window.clone().map(open_on).sum::<u64>());
            prop_assert_eq!(flow.open_before, open_on(first - 1));
            prop_assert_eq!(flow.open_after, open_on(*window.end()));
            prop_assert_eq!(flow.open_before + flow.arrivals - flow.departures, flow.open_after);
        }
    }
}

#[test]
fn resampling_gives_the_standard_error_of_a_share() {
    // 400 histories, of which a third succeed on day 5 and the others leave.
    let mut histories = StateHistories::new(STATES, 10);
    for id in 0..400 {
        histories.begin(id, 0);
        histories.visit(Visit { state: 0, entered: 0, entry_known: true });
        let state = if id % 3 == 0 { STATES.success } else { STATES.left };
        histories.visit(Visit { state, entered: 5, entry_known: true });
    }
    let share = |counts: &[Counts]| Some(vec![incidence(&counts[0], STATES.success).at(5)]);
    let p: f64 = 134.0 / 400.0;
    let binomial = (p * (1.0 - p) / 400.0).sqrt();
    for draws in [Draws::bootstrap(&histories, share), Draws::jackknife(&histories, share)] {
        let draws = draws.expect("draws");
        near(Some(draws.estimates[0]), Some(p), "the share");
        let ratio = draws.se(0) / binomial;
        assert!((0.75..1.25).contains(&ratio), "{} for {binomial}", draws.se(0));
        let limits = draws.limits(0).expect("limits");
        assert!(limits.low < p && p < limits.high);
    }
    assert_eq!(
        Draws::bootstrap(&histories, share),
        Draws::bootstrap(&histories, share),
        "the same answer again"
    );
}

/// Two histories succeed on day 10. One brings 100 on its day 30 there and leaves on day 60; the other brings 300 on day 90.
#[test]
fn revenue_after_success_counts_those_that_are_still_there() {
    let mut histories = StateHistories::new(STATES, 200);
    for id in [1, 2] {
        histories.begin(id, 0);
        for (state, entered) in [(0, 0), (STATES.success, 10)] {
            histories.visit(Visit { state, entered, entry_known: true });
        }
        if id == 1 {
            histories.visit(Visit { state: STATES.left, entered: 70, entry_known: true });
        }
    }
    let income = |history, day, amount| Income { history, day, amount };
    let revenue =
        Revenue::of(&histories, &[income(1, 40, 100.0), income(1, 90, 999.0), income(2, 100, 300.0)]);
    near(Some(revenue.at(29)), Some(0.0), "before");
    near(Some(revenue.at(30)), Some(50.0), "100 among two; what came after leaving does not count");
    near(Some(revenue.at(90)), Some(200.0), "half are still there, and the one that is brings 300");
    near(
        Some(revenue.effective),
        Some(400.0 * 400.0 / (100.0 * 100.0 + 300.0 * 300.0)),
        "effective histories",
    );
    near(Some(revenue.top_share), Some(0.75), "the first of two");
    // Succeeding on day 0 or 1 with a chance of a half each, by day 91.
    let reached: Vec<f64> = (0..=91).map(|day| if day == 0 { 0.5 } else { 1.0 }).collect();
    near(Some(revenue.expected(&reached)), Some(200.0), "both have 90 days");
    near(Some(revenue.expected(&reached[..=90])), Some(125.0), "one has 89 days only");
}
