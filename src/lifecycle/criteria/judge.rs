//! What answers come to: a score, or a band while answers are unknown, must-haves, and a verdict.
//!
//! The score is the mean of what the answers are worth, weighted over the questions that are asked, in decimals and
//! rounded once, to the digits that are kept. The verdict is that of the score as it is kept, so that a score on a
//! cut-off is on it.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::lifecycle::criteria::answer::{AnswerKind, AnswerValue, Answers};
use crate::lifecycle::criteria::condition::Holds;
use crate::lifecycle::criteria::questionnaire::{Question, Questionnaire};
use crate::lifecycle::criteria::verdict::{AssessmentOutcome, CutOffs, Verdict};

/// Digits behind the point of a score.
const SCORE_PLACES: u32 = 4;

/// One question in the light of the answers.
#[derive(Clone, PartialEq, Debug)]
pub struct Criterion<'q> {
    pub question: &'q Question,
    pub answer: Option<AnswerValue>,
    pub asked: Holds,
    /// The least and the most that it can be worth.
    pub worth: (Decimal, Decimal),
    pub must: Must,
}

/// Whether the must-have of a question is met.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Must {
    /// It asks for nothing, or is not asked.
    None,
    Met,
    Failed,
    Unknown,
}

/// All questions of a questionnaire in the light of the answers.
#[derive(Clone, PartialEq, Debug)]
pub struct Judgement<'q> {
    questionnaire: &'q Questionnaire,
    pub criteria: Vec<Criterion<'q>>,
}

/// The keys of the questions whose answers would decide an open verdict, most weight first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DecisiveQuestions {
    /// Each of them could, with a suitable answer, whatever the others are.
    Any(Vec<String>),
    /// None could alone.
    All(Vec<String>),
}

/// A weighted sum and its weight; the mean is one over the other.
#[derive(Clone, Copy, Debug)]
struct Mean {
    sum: Decimal,
    weight: Decimal,
}

impl Questionnaire {
    /// Holds the answers against the questions.
    pub fn judge(&self, answers: &Answers) -> Judgement<'_> {
        let mut heard = Answers::new();
        let mut asked: Vec<Holds> = Vec::new();
        for question in &self.questions {
            // Conditions look at earlier questions only; what is not asked has no answer.
            let holds = all(question.ask_if.iter().map(|condition| {
                let of = self.position(&condition.question).map_or(Holds::No, |at| asked[at]);
                match (of, condition.holds(&heard)) {
                    (Holds::No, _) | (_, Holds::No) => Holds::No,
                    (Holds::Yes, holds) => holds,
                    (Holds::Unknown, _) => Holds::Unknown,
                }
            }));
            if holds != Holds::No {
                heard.extend(answers.get(&question.key).map(|value| (question.key.clone(), value.clone())));
            }
            asked.push(holds);
        }
        let criteria = self.questions.iter().zip(&asked).map(|(question, holds)| Criterion {
            question,
            answer: heard.get(&question.key).cloned(),
            asked: *holds,
            worth: question.worth(&heard),
            must: self.must(question, &asked, &heard),
        });
        Judgement { questionnaire: self, criteria: criteria.collect() }
    }

    fn position(&self, key: &str) -> Option<usize> {
        self.questions.iter().position(|question| question.key == key)
    }

    /// Whether what the question asks for is met. A condition on a question that is not asked asks for nothing.
    fn must(&self, question: &Question, asked: &[Holds], heard: &Answers) -> Must {
        let is_asked = |key: &str| self.position(key).map_or(Holds::No, |at| asked[at]);
        let own = is_asked(&question.key);
        let mut wanted: Vec<Holds> = Vec::new();
        for must in &question.musts {
            let of = [Some(must.question.as_str()), must.other()].into_iter().flatten().map(is_asked);
            match (all(of), must.holds(heard)) {
                (Holds::No, _) => {}
                // It may turn out that it asks for nothing.
                (Holds::Unknown, Holds::No) => wanted.push(Holds::Unknown),
                (_, holds) => wanted.push(holds),
            }
        }
        match all(wanted.iter().copied()) {
            _ if own == Holds::No || wanted.is_empty() => Must::None,
            Holds::Yes => Must::Met,
            Holds::No => Must::Failed,
            Holds::Unknown => Must::Unknown,
        }
    }
}

impl Question {
    /// The least and the most that the answer is worth; both are the same if it is known.
    fn worth(&self, answers: &Answers) -> (Decimal, Decimal) {
        let answer = answers.get(&self.key);
        let exactly = |worth: Decimal| (worth, worth);
        let (zero, hundred) = (Decimal::ZERO, Decimal::ONE_HUNDRED);
        match (&self.kind, answer) {
            (AnswerKind::YesNo { good }, Some(AnswerValue::Flag(flag))) => {
                exactly(if flag == good { hundred } else { zero })
            }
            (AnswerKind::Choice(options), Some(AnswerValue::Choice(chosen))) => {
                let found = options.iter().find(|(option, _)| option == chosen);
                exactly(found.map_or(zero, |(_, worth)| *worth))
            }
            (AnswerKind::Choice(options), _) => {
                let worths = || options.iter().map(|(_, worth)| *worth);
                (worths().min().unwrap_or(zero), worths().max().unwrap_or(hundred))
            }
            (AnswerKind::MultiChoice(options), Some(AnswerValue::Choices(chosen))) => {
                let worths =
                    options.iter().filter(|(option, _)| chosen.contains(option)).map(|(_, worth)| *worth);
                exactly(worths.sum::<Decimal>().min(hundred))
            }
            (AnswerKind::MultiChoice(options), _) => {
                (zero, options.iter().map(|(_, worth)| *worth).sum::<Decimal>().min(hundred))
            }
            (AnswerKind::Scale { least, most }, Some(AnswerValue::Number(number))) => {
                let (least, most) = (Decimal::from(*least), Decimal::from(*most));
                exactly((number - least) / (most - least) * hundred)
            }
            (
                AnswerKind::Number(measure) | AnswerKind::Percent(measure) | AnswerKind::Money(measure),
                answer,
            ) => {
                let Some(worth) = &measure.worth else { return exactly(zero) };
                let number = match answer {
                    Some(AnswerValue::Number(number)) => Some(*number),
                    _ => None,
                };
                match (&measure.against, number) {
                    (None, Some(number)) => exactly(worth.of(number)),
                    (None, None) => worth.range(measure.least, measure.most),
                    (Some(other), Some(number)) => match answers.get(other) {
                        Some(AnswerValue::Number(other)) => exactly(worth.of(number - other)),
                        _ => worth.range(None, None),
                    },
                    (Some(_), None) => worth.range(None, None),
                }
            }
            _ => (zero, hundred),
        }
    }
}

impl<'q> Judgement<'q> {
    /// Returns the least and the most that the score can be, from 0 to 100; none if no question counts.
    pub fn score(&self) -> Option<(Decimal, Decimal)> {
        let (low, high) = means(&self.criteria)?;
        Some((low.value(), high.value()))
    }

    /// Returns what is kept of it with an assessment.
    pub fn outcome(&self) -> AssessmentOutcome {
        let (worst, best) = self.verdicts(&self.criteria);
        let failed = self.criteria.iter().filter(|one| one.must == Must::Failed);
        let number = |score: Decimal| score.to_f64().unwrap_or(0.0);
        AssessmentOutcome {
            score: self.score().map(|(low, high)| [number(low), number(high)]),
            failed: failed.map(|one| one.question.key.clone()).collect(),
            worst,
            best,
        }
    }

    /// Returns the questions whose answers would decide an open verdict: those of which one alone could do it, or all that
    /// are open if none could. Most weight first; none if it is decided.
    pub fn deciding(&self) -> Option<DecisiveQuestions> {
        let (worst, best) = self.verdicts(&self.criteria);
        if worst == best {
            return None;
        }
        let open = |at: &usize| self.criteria[*at].is_open();
        let mut open: Vec<usize> = (0..self.criteria.len()).filter(open).collect();
        open.sort_by_key(|at| std::cmp::Reverse(self.criteria[*at].question.weight));
        let alone: Vec<usize> = open.iter().copied().filter(|at| self.decides(*at)).collect();
        let mut questions: Vec<String> = Vec::new();
        let any = !alone.is_empty();
        for at in if any { alone } else { open } {
            for question in self.missing(self.criteria[at].question) {
                if !questions.contains(&question.key) {
                    questions.push(question.key.clone());
                }
            }
        }
        Some(if any { DecisiveQuestions::Any(questions) } else { DecisiveQuestions::All(questions) })
    }

    /// The questions without an answer on which this one depends: itself, those that its answer is compared with,
    /// and those that say whether it is asked.
    fn missing(&self, question: &'q Question) -> Vec<&'q Question> {
        let mut involved: Vec<&str> = vec![&question.key];
        let mut reached = 0;
        while let Some(one) = involved.get(reached).and_then(|key| self.questionnaire.question(key)) {
            let against = one.kind.measure().and_then(|measure| measure.against.as_deref());
            let conditions = one.musts.iter().filter(|_| reached == 0).chain(&one.ask_if);
            let named = conditions.flat_map(|one| [Some(one.question.as_str()), one.other()]);
            for key in named.chain([against]).flatten() {
                if !involved.contains(&key) {
                    involved.push(key);
                }
            }
            reached += 1;
        }
        let unanswered = self.criteria.iter().filter(|one| one.asked != Holds::No && one.answer.is_none());
        unanswered.map(|one| one.question).filter(|one| involved.contains(&one.key.as_str())).collect()
    }

    /// Whether the verdict is settled if this question alone turns out in some way.
    fn decides(&self, at: usize) -> bool {
        let Criterion { worth: (low, high), must, asked, .. } = self.criteria[at];
        let open = |then: Must| if must == Must::Unknown { then } else { must };
        let ends = [
            (Holds::Yes, low, open(Must::Failed)),
            (Holds::Yes, high, open(Must::Met)),
            (Holds::No, low, Must::None),
        ];
        let possible = ends.into_iter().filter(|(end, ..)| asked == Holds::Unknown || *end == asked);
        possible.into_iter().any(|(asked, worth, must)| {
            let mut criteria = self.criteria.clone();
            criteria[at] = Criterion { asked, worth: (worth, worth), must, ..criteria[at].clone() };
            let (worst, best) = self.verdicts(&criteria);
            worst == best
        })
    }

    fn verdicts(&self, criteria: &[Criterion]) -> (Verdict, Verdict) {
        let must = |wanted: Must| criteria.iter().any(|one| one.must == wanted);
        let of =
            |mean: Mean| self.questionnaire.cut_offs.map_or(Verdict::Pass, |cut_offs| mean.verdict(cut_offs));
        let (low, high) =
            means(criteria).map_or((Verdict::Pass, Verdict::Pass), |(low, high)| (of(low), of(high)));
        let worst = if must(Must::Failed) || must(Must::Unknown) { Verdict::Fail } else { low };
        let best = if must(Must::Failed) { Verdict::Fail } else { high };
        (worst, best)
    }
}

impl DecisiveQuestions {
    /// Returns the keys of the questions, most weight first.
    pub fn questions(&self) -> &[String] {
        match self {
            DecisiveQuestions::Any(questions) | DecisiveQuestions::All(questions) => questions,
        }
    }
}

impl Criterion<'_> {
    /// Returns whether it is part of the score.
    pub fn counts(&self) -> bool {
        !self.question.weight.is_zero()
    }

    /// Whether answers could still change what it adds to the score, or its must-have.
    fn is_open(&self) -> bool {
        let unknown_worth = self.worth.0 != self.worth.1 || self.asked == Holds::Unknown;
        self.asked != Holds::No && (self.counts() && unknown_worth || self.must == Must::Unknown)
    }
}

impl Mean {
    fn plus(self, weight: Decimal, worth: Decimal) -> Mean {
        Mean { sum: self.sum + weight * worth, weight: self.weight + weight }
    }

    fn value(self) -> Decimal {
        (self.sum / self.weight).round_dp(SCORE_PLACES)
    }

    fn verdict(self, cut_offs: CutOffs) -> Verdict {
        match self.value() {
            score if score < cut_offs.fail_below => Verdict::Fail,
            score if score > cut_offs.pass_above => Verdict::Pass,
            _ => Verdict::Review,
        }
    }
}

/// The least and the greatest mean. Questions of which it is not known whether they are asked count where they
/// make the mean smaller, or greater.
fn means(criteria: &[Criterion]) -> Option<(Mean, Mean)> {
    let counting = || criteria.iter().filter(|one| one.counts());
    let nothing = Mean { sum: Decimal::ZERO, weight: Decimal::ZERO };
    let sum = |worth: fn(&Criterion) -> Decimal| {
        let certain = counting().filter(|one| one.asked == Holds::Yes);
        certain.fold(nothing, |mean, one| mean.plus(one.question.weight, worth(one)))
    };
    let (mut low, mut high) = (sum(|one| one.worth.0), sum(|one| one.worth.1));
    if low.weight.is_zero() {
        return None;
    }
    let mut perhaps: Vec<&Criterion> = counting().filter(|one| one.asked == Holds::Unknown).collect();
    perhaps.sort_by_key(|one| one.worth.0);
    for one in &perhaps {
        if one.worth.0 * low.weight < low.sum {
            low = low.plus(one.question.weight, one.worth.0);
        }
    }
    perhaps.sort_by_key(|one| std::cmp::Reverse(one.worth.1));
    for one in &perhaps {
        if one.worth.1 * high.weight > high.sum {
            high = high.plus(one.question.weight, one.worth.1);
        }
    }
    Some((low, high))
}

/// Whether all hold: no if one does not, unknown if one is unknown.
fn all(conditions: impl Iterator<Item = Holds>) -> Holds {
    let mut all = Holds::Yes;
    for holds in conditions {
        match holds {
            Holds::No => return Holds::No,
            Holds::Unknown => all = Holds::Unknown,
            Holds::Yes => {}
        }
    }
    all
}
