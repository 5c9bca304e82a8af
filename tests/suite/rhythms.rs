//! Who has gone quiet: how often it is said of subjects that go on, and of those that stopped, on rhythms of many kinds.

use chanlife::face::analysis::rhythm::{FALSE_ALARMS, Rhythms, Silence};

use crate::draw::Draw;

/// Days that are observed, and days of which subjects that go on have events.
const WATCHED: i64 = 1_095;
const UNTIL: i64 = 3_000;

#[derive(Clone, Copy, PartialEq, Debug)]
enum Kind {
    Monthly,
    Poisson,
    /// Poisson, each subject at a pace of its own.
    Paces,
    /// Gamma gaps with shape one half: bursts and long pauses.
    Bursts,
    /// Log-normal gaps.
    Heavy,
    /// Poisson, ten times as fast at the height of the season as in the low.
    Season,
    /// Monthly, but for two months of summer.
    Summer,
    /// Poisson with so long gaps that most have two or three events.
    Few,
    /// Reported by month, in three of twenty months nothing.
    Reported,
}

const KINDS: [Kind; 9] = [
    Kind::Monthly,
    Kind::Poisson,
    Kind::Paces,
    Kind::Bursts,
    Kind::Heavy,
    Kind::Season,
    Kind::Summer,
    Kind::Few,
    Kind::Reported,
];

/// The days of the events of one subject.
fn events(kind: Kind, draw: &mut Draw) -> Vec<i64> {
    let mut at = draw.uniform() * 700.0;
    let own = 45.0 * (0.8 * draw.normal()).exp();
    let mut days = Vec::new();
    while at < UNTIL as f64 {
        let season = |at: f64| 0.55 + 0.45 * (2.0 * std::f64::consts::PI * at / 365.0).sin();
        let happens = match kind {
            Kind::Season => draw.uniform() < season(at),
            Kind::Summer => !(180.0..240.0).contains(&(at % 365.0)),
            Kind::Reported => draw.uniform() < 0.85,
            _ => true,
        };
        if happens {
            days.push(at as i64);
        }
        at += match kind {
            Kind::Monthly | Kind::Summer => 30.0 + 3.0 * draw.normal(),
            Kind::Poisson => draw.exponential(30.0),
            Kind::Paces => draw.exponential(own),
            Kind::Bursts => 40.0 * draw.normal().powi(2),
            Kind::Heavy => 30.0 * draw.normal().exp(),
            Kind::Season => draw.exponential(15.0),
            Kind::Few => draw.exponential(250.0),
            Kind::Reported => 30.4,
        };
    }
    days.dedup();
    days
}

/// What was seen of each subject by the end of a day.
fn seen_by(subjects: &[Vec<i64>], day: i64) -> Vec<&[i64]> {
    subjects.iter().map(|days| &days[..days.partition_point(|on| *on <= day)]).collect()
}

/// The silences of all subjects on a day.
fn look(subjects: &[Vec<i64>], day: i64) -> Vec<Silence> {
    let seen = seen_by(subjects, day);
    let rhythms = Rhythms::of(&seen, day);
    seen.iter().filter_map(|days| rhythms.silence(days, day)).collect()
}

/// The share called quiet among the looks at subjects that go on, from the end of the first year on.
fn false_alarms(subjects: usize, seeds: u64, kind: impl Fn(usize) -> Kind) -> (f64, u32) {
    let (mut quiet, mut looks) = (0_u32, 0_u32);
    for seed in 0..seeds {
        let mut draw = Draw(seed * 7_919 + 1);
        let subjects: Vec<Vec<i64>> = (0..subjects).map(|at| events(kind(at), &mut draw)).collect();
        for day in (400..WATCHED).step_by(41) {
            let silences = look(&subjects, day);
            looks += silences.len() as u32;
            quiet += silences.iter().filter(|one| one.is_quiet()).count() as u32;
        }
    }
    (f64::from(quiet) / f64::from(looks), looks)
}

/// The share of those that stopped on day 800 that are called quiet so many days later: every fifth subject stops.
fn caught(subjects: usize, seeds: u64, after: i64, kind: Kind) -> f64 {
    let (mut quiet, mut looks) = (0_u32, 0_u32);
    for seed in 0..seeds {
        let mut draw = Draw(seed * 7_919 + 1);
        let mut all: Vec<Vec<i64>> = (0..subjects).map(|_| events(kind, &mut draw)).collect();
        all.iter_mut().step_by(5).for_each(|days| days.retain(|day| *day <= 800));
        let seen = seen_by(&all, 800 + after);
        let rhythms = Rhythms::of(&seen, 800 + after);
        for silence in seen.iter().step_by(5).filter_map(|days| rhythms.silence(days, 800 + after)) {
            looks += 1;
            quiet += u32::from(silence.is_quiet());
        }
    }
    f64::from(quiet) / f64::from(looks)
}

/// The rates are 0.1 to 4.6 % of 10,000 looks in channels of 60 subjects, 0.0 to 4.3 % in channels of 6.
#[test]
fn of_those_that_go_on_at_most_one_look_in_twenty_says_quiet() {
    for kind in KINDS {
        for (subjects, seeds) in [(60, 12), (6, 60)] {
            let (rate, looks) = false_alarms(subjects, seeds, |_| kind);
            assert!(looks > 3_000, "{kind:?}: {looks} looks");
            assert!(rate <= FALSE_ALARMS, "{kind:?}, {subjects} subjects: {:.2} % of {looks}", rate * 100.0);
        }
    }
    let (rate, looks) = false_alarms(63, 12, |at| KINDS[at % KINDS.len()]);
    assert!(rate <= FALSE_ALARMS, "all kinds in one channel: {:.2} % of {looks}", rate * 100.0);
}

#[test]
fn those_that_stopped_are_found_after_a_few_of_their_own_gaps() {
    for (kind, subjects, months, least) in [
        (Kind::Monthly, 60, 3, 0.95),
        (Kind::Monthly, 12, 3, 0.95),
        (Kind::Reported, 60, 3, 0.85),
        (Kind::Reported, 12, 6, 0.95),
        (Kind::Summer, 60, 6, 0.95),
        (Kind::Poisson, 60, 6, 0.9),
        (Kind::Poisson, 12, 6, 0.85),
        (Kind::Paces, 60, 9, 0.8),
        (Kind::Season, 60, 9, 0.85),
        (Kind::Heavy, 60, 12, 0.8),
    ] {
        let share = caught(subjects, 10, months * 30, kind);
        assert!(share >= least, "{kind:?}, {subjects} subjects, {months} months: {share:.2}");
    }
}

#[test]
fn those_that_come_back_after_a_long_pause_do_not_hide_those_that_stopped() {
    let (mut quiet, mut stopped) = (0, 0);
    for seed in 0..8 {
        let mut draw = Draw(seed * 7_919 + 1);
        // A sale every 20 days or so; one in five is the last, or the last for half a year or longer.
        let subject = |draw: &mut Draw| {
            let (mut at, mut days) = (draw.uniform() * 700.0, Vec::new());
            while at < 1_000.0 {
                days.push(at as i64);
                let (stops, back) = (draw.uniform() < 0.2, draw.uniform() < 0.2);
                let pause = 220.0 + draw.exponential(200.0);
                let gap = draw.log_normal(20.0, 0.6);
                at += if !stops {
                    gap
                } else if back {
                    pause
                } else {
                    5_000.0
                };
            }
            days.dedup();
            days
        };
        let subjects: Vec<Vec<i64>> = (0..170).map(|_| subject(&mut draw)).collect();
        let silences = look(&subjects, 1_000);
        stopped += silences.iter().filter(|one| one.days > 120).count();
        quiet += silences.iter().filter(|one| one.days > 120 && one.is_quiet()).count();
        assert!(!silences.iter().any(|one| one.days < 60 && one.is_quiet()), "seed {seed}");
    }
    assert!(quiet * 10 > stopped * 6, "{quiet} of {stopped}");
}

#[test]
fn a_partner_alone_in_its_channel_is_held_against_its_own_rhythm() {
    for (sales, every, silent, quiet) in
        [(12, 20, 101, true), (8, 20, 181, true), (12, 20, 40, false), (3, 50, 100, false)]
    {
        let days: Vec<i64> = (0..sales).map(|at| at * every).collect();
        let until = (sales - 1) * every + silent;
        let silence = Rhythms::of(&[&days], until).silence(&days, until).expect("a rhythm");
        assert_eq!(
            silence.is_quiet(),
            quiet,
            "{sales} sales every {every} d, silent {silent} d: {silence:?}"
        );
    }
}

#[test]
fn a_silence_is_held_against_the_gaps_of_the_subject() {
    let monthly: Vec<i64> = (0..24).map(|at| at * 30).collect();
    let yearly: Vec<i64> = (0..4).map(|at| at * 200).collect();
    let all = [monthly.clone(), yearly.clone(), monthly.clone(), yearly.clone(), monthly.clone()];
    let rhythms = Rhythms::of(&all, 850);
    let of = |days: &[i64], until| rhythms.silence(days, until).expect("a rhythm");
    assert!((of(&monthly, 700).expected_days - 30.0).abs() < 6.0, "{:?}", of(&monthly, 700));
    assert_eq!(of(&monthly, 850).days, 160);
    assert!(of(&monthly, 850).is_quiet(), "{:?}", of(&monthly, 850));
    assert!(!of(&yearly, 760).is_quiet(), "{:?}", of(&yearly, 760));
    // The longer the silence, the less likely.
    let p: Vec<f64> = (690..1_000).map(|until| of(&monthly, until).p).collect();
    assert!(p.windows(2).all(|pair| pair[1] <= pair[0]), "{p:?}");
    // One sale, or several on one day, make no rhythm.
    assert_eq!(rhythms.silence(&[5], 800), None);
    assert_eq!(rhythms.silence(&[], 800), None);
    assert_eq!(rhythms.silence(&[5, 5], 800), None);
    // A future look at a past day is no silence.
    assert_eq!(of(&monthly, 0).days, 0);
}
