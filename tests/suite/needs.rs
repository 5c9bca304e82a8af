//! What milestones need, held against an evaluation of its own: random histories of all facts, with corrections and with
//! actions taken back, on every day, and needs nested at random.

use std::collections::BTreeSet;

use chanlife::face::lifecycle::announcements::{Answered, Told};
use chanlife::face::lifecycle::base::day::Day;
use chanlife::face::lifecycle::corrections::Corrected;
use chanlife::face::lifecycle::criteria::{Assessed, AssessmentOutcome, Overridden, Verdict};
use chanlife::face::lifecycle::enablement::{Certified, Delivered};
use chanlife::face::lifecycle::event::{Event, Recorded};
use chanlife::face::lifecycle::facts::PartnerFacts;
use chanlife::face::lifecycle::fold::fold;
use chanlife::face::lifecycle::funds::{Accrued, Approved, Claimed, Granted, Paid, Refused, Requested};
use chanlife::face::lifecycle::milestone::MilestoneFacts;
use chanlife::face::lifecycle::plans::{Agreed, Planned, Reviewed, Sent};
use chanlife::face::lifecycle::program::{Aliases, Program};
use chanlife::face::lifecycle::revenue::{SaleDetail, Sold};
use chanlife::face::lifecycle::stage::{Entered, Left, LeftAs, Why};
use chanlife::face::lifecycle::terms::TermsAgreed;
use chanlife::face::lifecycle::tiers::Tiered;
use proptest::prelude::*;

use crate::facts::sound;

const FACTS: [&str; 20] = [
    "questionnaire:q",
    "certified:c:1",
    "certified:c:2",
    "agreed:t",
    "renewed:t",
    "delivered:m",
    "sold:1",
    "sold:2",
    "sold:3",
    "revenue:0.05",
    "revenue:0.20",
    "granted:co-op",
    "claimed:co-op",
    "announced",
    "announced:ab",
    "planned",
    "reviewed",
    "reported",
    "tier-reviewed",
    "certified:c:3",
];

/// Needs as a program has them.
#[derive(Clone, Debug)]
enum Tree {
    Fact(&'static str),
    Any(Vec<Tree>),
    All(Vec<Tree>),
}

impl Tree {
    fn toml(&self) -> String {
        let several = |word: &str, all: &[Tree]| {
            format!("{{ {word} = [{}] }}", all.iter().map(Tree::toml).collect::<Vec<_>>().join(", "))
        };
        match self {
            Tree::Fact(word) => format!("\"{word}\""),
            Tree::Any(all) => several("any", all),
            Tree::All(all) => several("all", all),
        }
    }

    fn holds(&self, known: &Known, within: Option<(Day, Day)>) -> bool {
        match self {
            Tree::Fact(word) => known.holds(word, within),
            Tree::Any(all) => all.iter().any(|one| one.holds(known, within)),
            Tree::All(all) => all.iter().all(|one| one.holds(known, within)),
        }
    }
}

fn tree() -> impl Strategy<Value = Tree> {
    let fact = prop::sample::select(&FACTS[..]).prop_map(Tree::Fact);
    fact.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(Tree::Any),
            prop::collection::vec(inner, 1..4).prop_map(Tree::All),
        ]
    })
}

fn program(trees: &[Tree]) -> String {
    let mut text = String::from(
        r#"
[program]
name = "Needs"
currency = "EUR"
[verdict]
fail_below = 60
pass_above = 75
[[term]]
key = "t"
type = "number"
[[course]]
key = "c"
[[material]]
key = "m"
version = "1"
[[fund]]
key = "co-op"
percent_of_revenue = 2
max_percent = 50
[[tier]]
key = "gold"
[[stage]]
key = "recruitment"
[[stage]]
key = "growth"
success = true
"#,
    );
    for (at, tree) in trees.iter().enumerate() {
        let needs = tree.toml();
        text.push_str(&format!("[[stage.milestone]]\nkey = \"once-{at}\"\nneeds = {needs}\n"));
        text.push_str(&format!(
            "[[stage.milestone]]\nkey = \"again-{at}\"\nevery = \"quarter\"\nneeds = {needs}\n"
        ));
    }
    text.push_str(
        "[[questionnaire]]\nkey = \"q\"\nstage = \"recruitment\"\nside = \"vendor\"\ntitle = \"Q\"\n\
         [[questionnaire.question]]\nkey = \"yes\"\ntext = \"Yes?\"\ntype = \"yes-no\"\nweight = 1\n",
    );
    text
}

const FIRST: i64 = 20_090; // 2025-01-02
const LAST: i64 = 20_600;

fn day() -> impl Strategy<Value = Day> {
    (FIRST..LAST).prop_map(|number| Day::from_number(number).expect("in range"))
}

fn iso(text: &str) -> Day {
    Day::parse_iso(text).expect("a day")
}

fn one_of(words: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::sample::select(words).prop_map(str::to_owned)
}

fn paper(words: &'static [&'static str]) -> impl Strategy<Value = Option<String>> {
    prop::option::weighted(0.4, one_of(words))
}

fn event() -> impl Strategy<Value = Event> {
    let number = || 2_i64..30;
    let until = || prop::option::of(day());
    let enter = |why| Entered {
        stage: "growth".to_owned(),
        why,
        unknown_day: false,
        overridden: vec![],
        reason: None,
    };
    let label = || prop::option::of(one_of(&["2025-Q1", "2025-04", "2025"]));
    let quarters = &["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1"];
    prop_oneof![
        2 => Just(enter(Why::Placed).into()),
        2 => Just(Left { label: LeftAs::Withdrew, why: None, reason: None }.into()),
        2 => Just(enter(Why::Returned).into()),
        7 => (-9_i64..16, label(), paper(&["1", "2", "3"]), paper(&["1", "2"]), paper(&["x", "y"])).prop_map(
            |(amount_minor, period, reference, returns, deal)| {
                let returns = returns.filter(|_| amount_minor < 0);
                let detail = Some(SaleDetail { returns, deal, ..SaleDetail::default() }.into());
                Sold { amount_minor, period, days: None, reference, detail, ties: None }.into()
            }
        ),
        3 => (one_of(&["a", "ab", "abc", "b"]), any::<bool>()).prop_map(|(announcement, unsent)| {
            let subject = "s".to_owned();
            Told { announcement, subject, to: vec![], launch: None, notice_days: None, told_by: None, unsent }.into()
        }),
        1 => one_of(&["a", "ab"])
            .prop_map(|announcement| Answered { announcement, by: None, text: None }.into()),
        3 => one_of(&["2025", "2026"]).prop_map(|period| {
            Planned { starts: iso(&format!("{period}-01-01")), period, targets_minor: [1; 4], from: None, goals: vec![] }.into()
        }),
        3 => one_of(&["2025", "2026"]).prop_map(|period| Sent { period, days: None }.into()),
        3 => one_of(&["2025", "2026"]).prop_map(|period| Agreed { period, days: None, by: None }.into()),
        2 => one_of(quarters).prop_map(|period| Reviewed { period, days: None, text: None }.into()),
        1 => any::<bool>().prop_map(|stays| {
            Tiered { tier: "gold".to_owned(), evidence: vec![], found: vec![], stays }.into()
        }),
        3 => (prop::option::of(Just("1".to_owned())), until(), until()).prop_map(|(value, from, until)| {
            TermsAgreed { values: [("t".to_owned(), value)].into(), from, until, by: None }.into()
        }),
        3 => (one_of(&["p", "q", "r"]), until()).prop_map(|(person, until)| {
            Certified { person, course: "c".to_owned(), until, evidence: None, earned: None }.into()
        }),
        2 => one_of(&["0", "1"]).prop_map(|version| Delivered { material: "m".to_owned(), version }.into()),
        2 => (1_i64..40).prop_map(|amount_minor| {
            Granted { fund: "co-op".to_owned(), period: "2025".to_owned(), days: None, amount_minor, until: None }.into()
        }),
        2 => (-20_i64..40).prop_map(|amount_minor| {
            Accrued { fund: "co-op".to_owned(), period: "2025-Q1".to_owned(), days: None, amount_minor, until: None, percent: None, tier: None }.into()
        }),
        3 => day().prop_map(|starts| Requested {
            fund: "co-op".to_owned(), activity: "a".to_owned(), what: None, starts, ends: starts, cost_minor: 50,
            asked_minor: 5, expected_minor: None, reference: None,
        }.into()),
        4 => (number(), 1_i64..5)
            .prop_map(|(request, amount_minor)| Approved { request, amount_minor, claim_by: iso("2027-01-01") }.into()),
        4 => (number(), 1_i64..3).prop_map(|(request, amount_minor)| {
            Claimed { request, amount_minor, proof: "p".to_owned(), leads: None, pipeline_minor: None }.into()
        }),
        2 => number().prop_map(|what| Refused { what, reason: "x".to_owned() }.into()),
        1 => number().prop_map(|claim| Paid { claim, amount_minor: None, reference: None }.into()),
        2 => any::<bool>().prop_map(|passed| {
            let verdict = if passed { Verdict::Pass } else { Verdict::Fail };
            let outcome = AssessmentOutcome { score: None, failed: vec![], worst: verdict, best: verdict };
            let answers = [("yes".to_owned(), if passed { "yes" } else { "no" }.to_owned())].into();
            Assessed { questionnaire: "q".to_owned(), version: 1, answers, evidence: [].into(), outcome }.into()
        }),
        1 => Just(Overridden { questionnaires: vec!["q".to_owned()], reason: "x".to_owned() }.into()),
        3 => (number(), until(), prop::option::of(1_i64..9)).prop_map(|(event, day, amount_minor)| {
            Corrected { event, day, amount_minor, ..Corrected::default() }.into()
        }),
    ]
}

/// What had happened by the end of a day, as a plain list: the day and the amount that hold, the number, the event.
struct Known<'e> {
    events: Vec<(Day, i64, Option<i64>, &'e Event)>,
    today: Day,
    /// The day on which the partner last came back, and the place of that event in the list.
    back: (Day, usize),
}

impl<'e> Known<'e> {
    fn on(today: Day, history: &'e [Recorded]) -> Known<'e> {
        let mut events: Vec<(Day, i64, Option<i64>, &Event)> = Vec::new();
        for one in history {
            let (mut day, mut amount) = (one.day, None);
            for other in history {
                if let Event::Corrected(parts) = &other.event
                    && parts.event == one.number
                {
                    day = parts.day.unwrap_or(day);
                    amount = parts.amount_minor.or(amount);
                }
            }
            if day <= today {
                events.push((day, one.number, amount, &one.event));
            }
        }
        events.sort_by_key(|(day, number, ..)| (*day, *number));
        let (mut back, mut away) = ((Day::FIRST, 0), false);
        for (at, (day, .., event)) in events.iter().enumerate() {
            match event {
                Event::Left(_) => away = true,
                Event::Entered(_) if away => {
                    away = false;
                    back = (*day, at);
                }
                _ => {}
            }
        }
        Known { events, today, back }
    }

    /// Whether what happened on this day counts.
    fn counts(&self, day: Day, within: Option<(Day, Day)>) -> bool {
        day >= self.back.0 && within.is_none_or(|(first, last)| first <= day && day <= last)
    }

    /// What was recorded since the partner last came back.
    fn own(&self) -> impl Iterator<Item = &(Day, i64, Option<i64>, &'e Event)> {
        self.events[self.back.1..].iter()
    }

    fn holds(&self, word: &str, within: Option<(Day, Day)>) -> bool {
        let at = within.map_or(self.today, |(_, last)| last.min(self.today));
        let (kind, rest) = word.split_once(':').unwrap_or((word, ""));
        match kind {
            "questionnaire" => self.passed(within),
            "certified" => {
                let wanted = rest[2..].parse::<usize>().expect("a number");
                let enough = |at: Day| self.certified(at).len() >= wanted;
                // What was done in a stage stays done once the partner is there no more.
                match within {
                    None if self.has_left() => self.certifying().any(enough),
                    _ => enough(at),
                }
            }
            "agreed" => self.agreed(at),
            "renewed" => self.renewed().iter().any(|day| self.counts(*day, within)),
            "delivered" => {
                let mut got = self.events.iter().filter_map(|(day, .., event)| match event {
                    Event::Delivered(one) if *day <= at => Some(one.version.as_str()),
                    _ => None,
                });
                got.next_back() == Some("1")
            }
            "sold" => self.kept(within) >= rest.parse::<usize>().expect("a number"),
            "revenue" => {
                let least: f64 = rest.parse().expect("an amount");
                self.sales(within).iter().map(|(_, amount, _)| *amount).sum::<i64>() as f64 >= least * 100.0
            }
            "granted" => self.credited().iter().any(|day| self.counts(*day, within)),
            "claimed" => self.claimed().iter().any(|day| self.counts(*day, within)),
            "announced" => self.told(rest).iter().any(|day| self.counts(*day, within)),
            "planned" => self.planned(within),
            "reviewed" => self.own().any(|(.., event)| match event {
                Event::Reviewed(one) => within.is_none_or(|within| within == quarter(&one.period)),
                _ => false,
            }),
            "reported" => self.reported(within),
            "tier-reviewed" => self
                .events
                .iter()
                .any(|(day, .., event)| matches!(event, Event::Tiered(_)) && self.counts(*day, within)),
            _ => panic!("{word}"),
        }
    }

    fn passed(&self, within: Option<(Day, Day)>) -> bool {
        // The day, whether the answers pass, whether they are overridden; the same answers again stay overridden.
        let mut all: Vec<(Day, bool, bool)> = Vec::new();
        for (day, .., event) in self.own() {
            match event {
                Event::Assessed(one) => {
                    let passes = one.outcome.worst == Verdict::Pass;
                    let stays =
                        all.last().is_some_and(|(_, before, overridden)| *before == passes && *overridden);
                    all.push((*day, passes, stays));
                }
                Event::Overridden(_) => all.last_mut().expect("answered").2 = true,
                _ => {}
            }
        }
        let of_period = |day: Day| within.is_none_or(|(first, last)| first <= day && day <= last);
        let newest = all.into_iter().rfind(|(day, ..)| of_period(*day));
        newest.is_some_and(|(_, passes, overridden)| passes || overridden)
    }

    fn has_left(&self) -> bool {
        let mut moves = self.events.iter().rev().filter_map(|(.., event)| match event {
            Event::Left(_) => Some(true),
            Event::Entered(_) => Some(false),
            _ => None,
        });
        // Whoever left before it was in the stage passed nothing.
        let last = moves.next().unwrap_or(false);
        last && moves.any(|left| !left)
    }

    /// The days since the partner last came back on which more people can be certified than before.
    fn certifying(&self) -> impl Iterator<Item = Day> {
        let back = self.back.0;
        let certified = self.events.iter().filter(|(.., event)| matches!(event, Event::Certified(_)));
        certified.map(move |(day, ..)| (*day).max(back))
    }

    fn certified(&self, at: Day) -> BTreeSet<&str> {
        let all = self.events.iter().filter_map(|(day, .., event)| match event {
            Event::Certified(one) if *day <= at && one.until.is_none_or(|until| until >= at) => {
                Some(one.person.as_str())
            }
            _ => None,
        });
        all.collect()
    }

    fn agreed(&self, at: Day) -> bool {
        let mut newest = None;
        for (day, .., event) in self.own() {
            if let Event::TermsAgreed(one) = event
                && one.from.unwrap_or(*day) <= at
                && one.until.is_none_or(|until| until >= at)
            {
                newest = Some(one.values["t"].is_some());
            }
        }
        newest == Some(true)
    }

    fn renewed(&self) -> Vec<Day> {
        let terms: Vec<(Day, bool, Option<Day>)> = self
            .own()
            .filter_map(|(day, .., event)| match event {
                Event::TermsAgreed(one) => Some((*day, one.values["t"].is_some(), one.until)),
                _ => None,
            })
            .collect();
        let pairs = terms.windows(2).filter(|pair| match (pair[0], pair[1]) {
            ((_, true, Some(before)), (_, true, end)) => end.is_none_or(|end| end > before),
            _ => false,
        });
        pairs.map(|pair| pair[1].0).collect()
    }

    /// Sales that count: day, amount, papers.
    fn sales(&self, within: Option<(Day, Day)>) -> Vec<(Day, i64, Vec<String>)> {
        let all = self.events.iter().filter_map(|(day, _, amount, event)| match event {
            Event::Sold(sold) => {
                let detail = sold.detail.as_ref().expect("said");
                let deal = detail.deal.as_ref().map(|deal| format!("deal {deal}"));
                let paper = detail.returns.as_ref().or(sold.reference.as_ref());
                let papers = [deal, paper.map(|paper| format!("invoice {paper}"))];
                Some((*day, amount.unwrap_or(sold.amount_minor), papers.into_iter().flatten().collect()))
            }
            _ => None,
        });
        all.filter(|(day, ..)| self.counts(*day, within)).collect()
    }

    /// How many sales are left after returns, cent by cent: each sale is a heap of cents with all papers of its lines, and
    /// a return takes from the heap of its papers, which may then owe some, or else from the newest ones.
    fn kept(&self, within: Option<(Day, Day)>) -> usize {
        let mut heaps: Vec<(Day, Vec<String>, i64)> = Vec::new();
        for (day, amount, papers) in self.sales(None) {
            let mut own =
                papers.iter().filter_map(|paper| heaps.iter().position(|(_, all, _)| all.contains(paper)));
            let own = own.next();
            if own.is_none() && amount <= 0 {
                for _ in 0..-amount {
                    if let Some(newest) = heaps.iter_mut().rfind(|(.., left)| *left > 0) {
                        newest.2 -= 1;
                    }
                }
                continue;
            }
            let own = own.unwrap_or(heaps.len());
            if own == heaps.len() {
                heaps.push((day, Vec::new(), 0));
            }
            heaps[own].2 += amount;
            let new = papers.into_iter().filter(|paper| !heaps.iter().any(|(_, all, _)| all.contains(paper)));
            let new: Vec<String> = new.collect();
            heaps[own].1.extend(new);
        }
        heaps.iter().filter(|(day, _, left)| *left > 0 && self.counts(*day, within)).count()
    }

    /// Days on which money came in that was not taken back: what is taken back is taken from the oldest lots of revenue.
    fn credited(&self) -> Vec<Day> {
        let partner = fold(1, &self.as_history(), &Aliases::default(), None).state.expect("it joined");
        // How much of a lot is left depends on what was approved; the ledger has tests of its own.
        let lots = partner.books.ledger("co-op").map(|ledger| ledger.lots.clone()).unwrap_or_default();
        lots.iter().filter(|lot| lot.posted_minor > 0).map(|lot| lot.day).collect()
    }

    fn as_history(&self) -> Vec<Recorded> {
        let all = self.events.iter().filter(|(.., event)| !matches!(event, Event::Corrected(_)));
        let all = all.map(|(day, number, amount, event)| {
            let mut event = (*event).clone();
            match (&mut event, amount) {
                (Event::Granted(one), Some(amount)) => one.amount_minor = *amount,
                (Event::Accrued(one), Some(amount)) => one.amount_minor = *amount,
                (Event::Approved(one), Some(amount)) => one.amount_minor = *amount,
                (Event::Claimed(one), Some(amount)) => one.amount_minor = *amount,
                (Event::Requested(one), Some(amount)) => one.asked_minor = *amount,
                _ => {}
            }
            Recorded { number: *number, partner: 1, day: *day, event }
        });
        all.collect()
    }

    fn claimed(&self) -> Vec<Day> {
        let refused: BTreeSet<i64> = self
            .events
            .iter()
            .filter_map(|(.., event)| if let Event::Refused(one) = event { Some(one.what) } else { None })
            .collect();
        let claims = self.events.iter().filter(|(.., event)| matches!(event, Event::Claimed(_)));
        claims.filter(|(_, number, ..)| !refused.contains(number)).map(|(day, ..)| *day).collect()
    }

    fn told(&self, start: &str) -> Vec<Day> {
        let mut told: Vec<(Day, &str, bool)> = Vec::new();
        for (day, .., event) in &self.events {
            match event {
                Event::Told(one) => told.push((*day, &one.announcement, !one.unsent)),
                Event::Answered(answer) => {
                    let newest = told.iter_mut().rfind(|(_, key, _)| *key == answer.announcement);
                    newest.expect("it was told").2 = true;
                }
                _ => {}
            }
        }
        told.into_iter()
            .filter(|(_, key, told)| *told && key.starts_with(start))
            .map(|(day, ..)| day)
            .collect()
    }

    fn planned(&self, within: Option<(Day, Day)>) -> bool {
        // A plan counts for its year, also if it was agreed before the partner left and came back.
        self.events.iter().any(|(.., event)| match event {
            Event::Agreed(one) => {
                iso(&format!("{}-12-31", one.period)) >= self.back.0
                    && within.is_none_or(|(first, _)| first.to_string().starts_with(&one.period))
            }
            _ => false,
        })
    }

    fn reported(&self, within: Option<(Day, Day)>) -> bool {
        self.events.iter().any(|(day, .., event)| match event {
            Event::Sold(sold) => {
                let first = sold.period.as_deref().map_or(*day, first_day);
                // Days of labels begin with a month: more than most of a period before it is all of the one before.
                let reports = |(from, until): (Day, Day)| {
                    let is_of_it = (from..=until).contains(day);
                    let begins_in_time = from.since(first) < (until.since(from) + 1) * 8 / 10;
                    first <= from && *day >= until || is_of_it && begins_in_time
                };
                *day >= self.back.0 && within.is_none_or(reports)
            }
            _ => false,
        })
    }
}

fn first_day(label: &str) -> Day {
    match label.len() {
        4 => iso(&format!("{label}-01-01")),
        _ if label.contains('Q') => quarter(label).0,
        _ => iso(&format!("{label}-01")),
    }
}

/// The first and the last day of a quarter.
fn quarter(label: &str) -> (Day, Day) {
    let (year, number) = label.split_once("-Q").expect("a quarter");
    let (first, last) = [("01-01", "03-31"), ("04-01", "06-30"), ("07-01", "09-30"), ("10-01", "12-31")]
        [number.parse::<usize>().expect("a number") - 1];
    (iso(&format!("{year}-{first}")), iso(&format!("{year}-{last}")))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn every_milestone_is_settled_exactly_when_its_facts_hold(
        events in prop::collection::vec((day(), event()), 0..60),
        undone in prop::collection::vec(0_usize..60, 0..4),
        trees in prop::collection::vec(tree(), 1..6),
        days in prop::collection::vec(day(), 4),
    ) {
        let program = Program::parse(&program(&trees)).expect("a program");
        let joined = Day::from_number(FIRST).expect("in range");
        let recorded = sound(joined, None, events, 1);
        // Taking an action back leaves a history without it; what then contradicts goes too, as `undo` refuses it.
        let kept = recorded.iter().skip(1).enumerate().filter(|(at, _)| !undone.contains(at));
        let kept: Vec<(Day, Event)> = kept.map(|(_, one)| (one.day, one.event.clone())).collect();
        for history in [recorded, sound(joined, None, kept, 1)] {
            for today in days.iter().copied().chain([Day::from_number(LAST).expect("in range")]) {
                let folded = fold(1, &history, &Aliases::default(), Some(today));
                let partner = folded.partner().expect("it joined");
                let facts = PartnerFacts { program: &program, partner, day: today };
                let known = Known::on(today, &history);
                for (at, tree) in trees.iter().enumerate() {
                    let (_, once) = program.milestone(&format!("once-{at}")).expect("there");
                    let held = facts.held_once(once);
                    prop_assert_eq!(held.is_some(), tree.holds(&known, None), "{:?} on {}: {:#?}", tree, today, history);
                    prop_assert!(held.is_none_or(|held| held.day() <= today));
                    let (_, again) = program.milestone(&format!("again-{at}")).expect("there");
                    for label in ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1"] {
                        let period = program.calendar.parse(label).expect("a quarter");
                        if period.first > today {
                            continue;
                        }
                        let held = facts.held(again, Some(&period));
                        let expected = tree.holds(&known, Some(quarter(label)));
                        prop_assert_eq!(held.is_some(), expected, "{:?} in {} on {}: {:#?}", tree, label, today, history);
                    }
                }
            }
        }
    }
}
