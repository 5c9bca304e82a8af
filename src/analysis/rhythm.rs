//! Rhythms: whether a subject with events now and then has been silent for longer than its own rhythm makes likely.
//!
//! Gaps between events are looked at on the scale of their cube root, on which gamma distributions of every shape,
//! Poisson processes among them, are nearly normal (Wilson and Hilferty, 1931). The next gap of a subject has the
//! predictive distribution of a normal sample with unknown mean and variance, Student's t, after a conjugate prior from
//! the gaps of all subjects (Gelman and others, Bayesian Data Analysis, section 3.3): whoever has few gaps is held
//! against the others, whoever has many against itself. What that gives is then calibrated by what it would have said
//! of every gap that has ended, each from the gaps before it (conformal prediction; Vovk, Gammerman and Shafer, 2005),
//! so that the stated rate holds for rhythms that no formula has foreseen. Gaps far beyond any rhythm are left out of that:
//! whoever came back after one had gone quiet.

/// A subject that goes on is taken to be quiet in at most this share of the looks at it, and of its gaps. At a fifth of it
/// half of those that stop would stay unseen for half a year.
pub const FALSE_ALARMS: f64 = 0.05;

/// The squared coefficient of variation of the cube root of exponential gaps: `G(5/3) / G(4/3)^2 - 1`.
const EXPONENTIAL: f64 = 0.132;
/// The prior on the variation of a subject is worth so many gaps; that on the variation of all, as if they were
/// exponential, so many; the formula, beside the gaps that have ended, so many.
const PRIOR_OF_ONE: f64 = 6.0;
const PRIOR_OF_ALL: f64 = 10.0;
const PRIOR_OF_RATES: f64 = 200.0;
/// The formula is taken to have so much longer a tail, since gaps may be burstier than any gamma distribution.
const HEAVIER: f64 = 1.5;
/// A gap beyond this score is none of the rhythm, which makes one in 30,000 so long: the subject had gone quiet, and came back.
const INTERRUPTED: f64 = 4.0;
/// No gap counts for more than so many.
const HEAVIEST: f64 = 10.0;
/// The prior on the mean of a subject is worth between so many gaps.
const PRIOR_OF_MEAN: [f64; 2] = [0.05, 4.0];
/// A pause of the last so many days is no news if it comes again: it may be the season.
const SEASONS: i64 = 400;
/// So many gaps at most are looked at to calibrate the rates.
const GAPS: usize = 5_000;
/// Scores for which rates are kept: multiples of `STEP`, from 0.
const SCORES: usize = 120;
const STEP: f64 = 0.05;

/// The rhythms of all subjects, against which each is held.
#[derive(Clone, PartialEq, Debug)]
pub struct Rhythms {
    prior: Prior,
    /// By score, in steps: the share of looks or of gaps, whichever is larger, beyond it although there was a next event.
    rates: Vec<f64>,
}

/// What is expected of a subject before anything is known of it, on the scale of cube roots.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Prior {
    /// The mean; none without any gap.
    mean: Option<f64>,
    /// So many gaps the prior mean is worth: variance within subjects over variance between them.
    weight: f64,
    /// The squared coefficient of variation.
    variation: f64,
}

/// The predictive distribution of the next gap, on the scale of cube roots: Student's t.
#[derive(Clone, Copy, PartialEq, Debug)]
struct NextGap {
    mean: f64,
    deviation: f64,
    freedom: f64,
}

/// The time since the last event of a subject, against its rhythm.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Silence {
    /// Days since the last event.
    pub days: i64,
    /// Expected days between two events.
    pub expected_days: f64,
    /// The probability of so long a silence of a subject that goes on.
    pub p: f64,
    /// Whether it is longer than every pause of the last 400 days.
    longest: bool,
}

impl Silence {
    /// Tells whether so long a silence is unlikely, at a rate of false alarms of at most [`FALSE_ALARMS`], and longer than
    /// every pause of the last 400 days, so that no season that comes again is taken for the end.
    pub fn is_quiet(&self) -> bool {
        self.longest && self.p < FALSE_ALARMS
    }
}

/// A gap that has ended, with what was expected of it from those before.
///
/// A long gap is seen to end only if it began early. Its weight makes up for that: how many gaps began, over how many
/// began so early that this one would have been seen (inverse probability; Horvitz and Thompson, 1952).
#[derive(Clone, Copy, Debug)]
struct EndedGap {
    expected: NextGap,
    days: f64,
    weight: f64,
}

/// The sums over the gaps of one subject so far.
#[derive(Clone, Copy, Default, Debug)]
struct Gaps {
    count: f64,
    sum: f64,
    squares: f64,
}

impl Gaps {
    fn of(days: &[i64]) -> Gaps {
        let mut gaps = Gaps::default();
        gaps_of(days).for_each(|gap| gaps.add(gap));
        gaps
    }

    fn add(&mut self, gap: i64) {
        let root = (gap as f64).cbrt();
        self.count += 1.0;
        self.sum += root;
        self.squares += root * root;
    }

    fn mean(&self) -> f64 {
        self.sum / self.count
    }

    /// The sum of squared deviations from the mean.
    fn deviations(&self) -> f64 {
        (self.squares - self.sum * self.sum / self.count).max(0.0)
    }
}

fn gaps_of(days: &[i64]) -> impl Iterator<Item = i64> {
    days.windows(2).map(|pair| pair[1] - pair[0]).filter(|gap| *gap > 0)
}

impl Rhythms {
    /// Learns the rhythms from the days of the events of each subject, in order, up to the end of day `known_until`; only
    /// gaps that have ended count.
    pub fn of<D: AsRef<[i64]>>(subjects: &[D], known_until: i64) -> Rhythms {
        let prior = Prior::of(subjects.iter().map(|days| Gaps::of(days.as_ref())));
        let mut begun: Vec<i64> = subjects.iter().flat_map(AsRef::as_ref).copied().collect();
        begun.sort_unstable();
        let mut ended: Vec<EndedGap> = Vec::new();
        for days in subjects {
            let mut before = Gaps::default();
            for gap in gaps_of(days.as_ref()) {
                let expected = (before.count > 0.0).then(|| prior.next_gap(&before));
                let in_rhythm = expected.filter(|expected| expected.score(gap as f64) < INTERRUPTED);
                if let Some(expected) = in_rhythm {
                    let seen = begun.partition_point(|day| *day <= known_until - gap) as f64;
                    let weight = (begun.len() as f64 / seen.max(1.0)).min(HEAVIEST);
                    ended.push(EndedGap { expected, days: gap as f64, weight });
                }
                before.add(gap);
            }
        }
        let each = ended.len().div_ceil(GAPS).max(1);
        let ended: Vec<EndedGap> = ended.into_iter().step_by(each).collect();
        let rates = (0..SCORES).map(|at| rate(&ended, at as f64 * STEP)).collect();
        Rhythms { prior, rates }
    }

    /// Returns the silence of a subject that had events on `days`, in order, by the end of day `known_until`: the last
    /// day of which an event would be known, such as that of the last period that had to be reported. None with events
    /// on fewer than two days, which make no rhythm.
    pub fn silence(&self, days: &[i64], known_until: i64) -> Option<Silence> {
        let gaps = Gaps::of(days);
        let last = *days.last().filter(|_| gaps.count > 0.0)?;
        let next = self.prior.next_gap(&gaps);
        let silent = (known_until - last).max(0);
        let recent = |pair: &[i64]| if pair[1] >= known_until - SEASONS { pair[1] - pair[0] } else { 0 };
        let longest = days.windows(2).map(recent).max().unwrap_or(0);
        Some(Silence {
            days: silent,
            expected_days: next.mean.powi(3) + 3.0 * next.mean * next.deviation * next.deviation,
            p: self.rate(next.score(silent as f64)),
            longest: silent > longest,
        })
    }

    /// The rate of false alarms at a score, between those that are kept.
    fn rate(&self, score: f64) -> f64 {
        let at = (score / STEP).max(0.0);
        let kept = |at: usize| self.rates.get(at).or(self.rates.last()).copied().unwrap_or(1.0);
        let (low, high) = (kept(at as usize), kept(at as usize + 1));
        low + (high - low) * at.fract()
    }
}

/// The share of gaps that were longer than the limit at a score, or of the time in them that was beyond it, whichever is
/// larger; the formula counts as `PRIOR_OF_RATES` more gaps.
fn rate(ended: &[EndedGap], score: f64) -> f64 {
    let (mut count, mut time, mut longer, mut beyond) = (0.0, 0.0, 0.0, 0.0);
    for gap in ended {
        count += gap.weight;
        time += gap.weight * gap.days;
        let over = gap.days - gap.expected.limit(score);
        if over > 0.0 {
            longer += gap.weight;
            beyond += gap.weight * over;
        }
    }
    let formula = 1.0 + PRIOR_OF_RATES * upper_tail(score / HEAVIER);
    let share = |part: f64| (part + formula) / (count + PRIOR_OF_RATES);
    // The time beyond the limit, in gaps of mean length.
    share(longer).max(share(if time > 0.0 { beyond * count / time } else { 0.0 }))
}

impl Prior {
    fn of(subjects: impl Iterator<Item = Gaps>) -> Prior {
        let (mut count, mut means, mut squared_means, mut deviations) = (0.0, 0.0, 0.0, 0.0);
        let (mut variation, mut freedom, mut inverse) = (0.0, 0.0, 0.0);
        for gaps in subjects.filter(|gaps| gaps.count > 0.0) {
            let mean = gaps.mean();
            count += 1.0;
            means += mean;
            squared_means += mean * mean;
            inverse += 1.0 / gaps.count;
            deviations += gaps.deviations();
            variation += gaps.deviations() / (mean * mean);
            freedom += gaps.count - 1.0;
        }
        let variation = (variation + PRIOR_OF_ALL * EXPONENTIAL) / (freedom + PRIOR_OF_ALL);
        if count == 0.0 {
            return Prior { mean: None, weight: 0.0, variation };
        }
        let mean = means / count;
        let within = if freedom > 0.0 { deviations / freedom } else { variation * mean * mean };
        // The variance of the means of subjects, less what their own gaps make of it.
        let between = if count > 1.0 {
            (squared_means - count * mean * mean) / (count - 1.0) - within * inverse / count
        } else {
            f64::INFINITY
        };
        let [least, most] = PRIOR_OF_MEAN;
        let weight = if between > 0.0 { (within / between).clamp(least, most) } else { most };
        Prior { mean: Some(mean), weight, variation }
    }

    /// The distribution of the gap after these; there is at least one.
    fn next_gap(&self, gaps: &Gaps) -> NextGap {
        let own = gaps.mean();
        let weight = if self.mean.is_some() { self.weight } else { 0.0 };
        let worth = weight + gaps.count;
        let mean = (weight * self.mean.unwrap_or(own) + gaps.sum) / worth;
        let freedom = PRIOR_OF_ONE + gaps.count - 1.0;
        let variance = (PRIOR_OF_ONE * self.variation * mean * mean + gaps.deviations()) / freedom;
        NextGap { mean, deviation: (variance * (1.0 + 1.0 / worth)).sqrt(), freedom }
    }
}

/// Student's t on the normal scale: `z = (8n + 1) / (8n + 3) sqrt(n ln(1 + t^2 / n))` (Wallace, 1959), which can be
/// inverted.
impl NextGap {
    fn factor(&self) -> f64 {
        (8.0 * self.freedom + 1.0) / (8.0 * self.freedom + 3.0)
    }

    /// How unlikely it is that the gap is longer than `days`, as a score on the normal scale; 0 up to the mean.
    fn score(&self, days: f64) -> f64 {
        let t = ((days.cbrt() - self.mean) / self.deviation.max(1e-9)).max(0.0);
        self.factor() * (self.freedom * (1.0 + t * t / self.freedom).ln()).sqrt()
    }

    /// The days at which a score is reached: the inverse of [`NextGap::score`].
    fn limit(&self, score: f64) -> f64 {
        let scaled = score / self.factor();
        let t = (self.freedom * ((scaled * scaled / self.freedom).exp() - 1.0)).sqrt();
        (self.mean + t * self.deviation).powi(3)
    }
}

/// The upper tail of the standard normal distribution for `z >= 0` (Abramowitz and Stegun, 1964, 26.2.17; error below
/// 1e-7).
fn upper_tail(z: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * z);
    let density = (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let series = [1.330_274_429, -1.821_255_978, 1.781_477_937, -0.356_563_782, 0.319_381_530];
    density * series.iter().fold(0.0, |sum, factor| (sum + factor) * t)
}
