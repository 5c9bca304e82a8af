//! The ledger of funds under random commands, some of them backdated, corrected or taken back: it balances on every day,
//! and agrees with a model that moves every cent by itself, day after day.

use chanlife::face::lifecycle::corrections::Corrected;
use chanlife::face::lifecycle::event::{Event, Recorded};
use chanlife::face::lifecycle::facts::PartnerFacts;
use chanlife::face::lifecycle::funds::Fund;
use chanlife::face::lifecycle::funds::{ClaimRequest, NewFundRequest};
use chanlife::face::lifecycle::partner::Joined;
use chanlife::face::lifecycle::program::{Aliases, BUILT_IN, Program};
use chanlife::face::lifecycle::revenue::Sold;
use chanlife::face::lifecycle::rule::{Decision, History, Ruling};
use chanlife::face::lifecycle::stage::{Entered, Why};
use proptest::prelude::*;

use crate::cents::{FIRST, Model, day};

const DAYS: i64 = 160;

/// A command: which, on which day of the calendar, an amount, and which of the newest that are there it is about.
type Step = (Command, i64, i64, usize);

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Command {
    Sell,
    Accrue,
    Grant,
    Request,
    Approve,
    Reject,
    Claim,
    Pay,
    PayPart,
    TakeBack,
    Expire,
    Close,
    Correct,
    Undo,
}

fn step() -> impl Strategy<Value = Step> {
    use Command::*;
    let weighted = [
        (3, Sell),
        (2, Accrue),
        (3, Grant),
        (6, Request),
        (8, Approve),
        (1, Reject),
        (14, Claim),
        (6, Pay),
        (3, PayPart),
        (1, TakeBack),
        (1, Expire),
        (1, Close),
        (2, Correct),
        (2, Undo),
    ];
    let command = prop::strategy::Union::new_weighted(
        weighted.map(|(weight, one)| (weight, Just(one).boxed())).to_vec(),
    );
    (command, 0..DAYS, 1_i64..60, 0_usize..3)
}

/// What is recorded, action by action.
struct Desk {
    program: Program,
    history: History,
    /// The numbers of the events of each action.
    actions: Vec<Vec<i64>>,
    next: i64,
}

impl Desk {
    fn new() -> Desk {
        let text = BUILT_IN
            .replace("valid_days = 365\nclaim_days = 60", "valid_days = 200\nclaim_days = 20")
            .replace("budget = { 2026 = 50000, 2027 = 50000 }", "budget = { 2026 = 9, 2027 = 9 }")
            .replace("valid_days = 180\nclaim_days = 60", "valid_days = 60\nclaim_days = 10")
            .replace("max_percent = 75", "max_percent = 100");
        let program = Program::parse(&text).expect("a program");
        assert_eq!(program.fund("mdf").expect("there").valid_days, Some(60));
        let joined = Joined {
            key: "acme".to_owned(),
            attributes: [("name".to_owned(), "Acme".to_owned())].into(),
            references: vec![],
            contacts: vec![],
            observed_from: day(FIRST),
            imported: None,
        };
        let entered = Entered {
            stage: "growth".to_owned(),
            why: Why::Placed,
            unknown_day: false,
            overridden: vec![],
            reason: None,
        };
        let events = [Event::from(joined), entered.into()];
        let recorded =
            |(event, number): (Event, i64)| Recorded { number, partner: 1, day: day(FIRST), event };
        let events = events.into_iter().zip(1..).map(recorded).collect();
        Desk { program, history: History { subject: 1, events }, actions: vec![], next: 3 }
    }

    fn funds(&self) -> [&Fund; 2] {
        ["co-op", "mdf"].map(|key| self.program.fund(key).expect("there"))
    }

    /// Records what a command comes to, unless it is refused.
    fn step(&mut self, (which, on, amount, pick): Step) {
        let on = day(FIRST + on);
        if which == Command::Undo {
            return self.undo(pick);
        }
        let Some(partner) = self.history.fold(&Aliases::default(), Some(on)).partner().cloned() else {
            return;
        };
        let facts = PartnerFacts { program: &self.program, partner: &partner, day: on };
        let Some(ruling) = self.rule(facts, which, amount, pick) else { return };
        let Ok(Decision::Record(events)) = ruling else { return };
        let numbers: Vec<i64> = (self.next..).take(events.len()).collect();
        let added: Vec<Recorded> = events
            .into_iter()
            .zip(&numbers)
            .map(|(event, number)| Recorded { number: *number, partner: 1, day: on, event })
            .collect();
        if let Ok(extended) = self.history.extended(&added, &Aliases::default()) {
            self.history = extended;
            self.next += numbers.len() as i64;
            self.actions.push(numbers);
        }
    }

    fn rule(&self, facts: PartnerFacts, which: Command, amount: i64, pick: usize) -> Option<Ruling> {
        let [co_op, mdf] = self.funds();
        let requests: Vec<i64> = facts.partner.books.requests().map(|(_, one)| one.event).collect();
        let claims: Vec<i64> = facts
            .partner
            .books
            .requests()
            .flat_map(|(_, one)| one.claims.iter().map(|claim| claim.event))
            .collect();
        let one = |all: &[i64]| all.iter().rev().nth(pick).or(all.last()).copied();
        Some(match which {
            Command::Sell => {
                let amount_minor = if amount % 4 == 0 { -amount * 40 } else { amount * 100 };
                let sold = Sold {
                    amount_minor,
                    period: None,
                    days: None,
                    reference: None,
                    detail: None,
                    ties: None,
                };
                chanlife::face::lifecycle::revenue::sold(facts, &sold)
            }
            Command::Accrue => chanlife::face::lifecycle::funds::accrue(facts, &[co_op], None),
            Command::Grant => chanlife::face::lifecycle::funds::grant(facts, mdf, amount * 3, None),
            Command::Request => {
                let fund = if amount % 2 == 0 { co_op } else { mdf };
                let ends = facts.day.plus(amount % 9);
                let request = NewFundRequest {
                    fund,
                    activity: "webinar",
                    what: None,
                    starts: facts.day,
                    ends,
                    cost_minor: amount * 3,
                    asked_minor: Some(amount),
                    expected_minor: None,
                    reference: None,
                };
                chanlife::face::lifecycle::funds::request_funds(facts, &request)
            }
            Command::Approve => chanlife::face::lifecycle::funds::approve(
                facts,
                one(&requests)?,
                Some(amount).filter(|amount| amount % 3 == 0),
                None,
            ),
            Command::Reject => {
                chanlife::face::lifecycle::funds::reject(facts, one(&[requests, claims].concat())?, "x")
            }
            Command::Claim => {
                let proof = format!("p{}", amount % 5);
                let amount_minor = Some(amount).filter(|amount| amount % 2 == 0);
                let request = one(&requests)?;
                chanlife::face::lifecycle::funds::claim(
                    facts,
                    ClaimRequest { request, amount_minor, proof: &proof, leads: None, pipeline_minor: None },
                )
            }
            Command::Pay => chanlife::face::lifecycle::funds::pay(facts, one(&claims)?, None, None),
            Command::PayPart => {
                chanlife::face::lifecycle::funds::pay(facts, one(&claims)?, Some(amount % 7 + 1), None)
            }
            Command::TakeBack => {
                let grants = facts.partner.movements.iter();
                let grants: Vec<i64> =
                    grants.filter(|one| matches!(one.what, Event::Granted(_))).map(|one| one.event).collect();
                let amount = Some(amount).filter(|amount| amount % 3 > 0);
                chanlife::face::lifecycle::funds::take_back(facts, one(&grants)?, amount, None)
            }
            Command::Expire => {
                let fund = if amount % 2 == 0 { co_op } else { mdf };
                let amount = Some(amount / 8).filter(|amount| *amount > 0);
                chanlife::face::lifecycle::funds::expire(facts, fund, amount, None)
            }
            Command::Close => chanlife::face::lifecycle::funds::close(facts, one(&requests)?, None),
            Command::Correct | Command::Undo => {
                let movements: Vec<i64> = facts.partner.movements.iter().map(|one| one.event).collect();
                let event = one(&movements)?;
                let amount_minor = Some(amount).filter(|amount| amount % 2 == 0);
                let on = Some(facts.day).filter(|_| amount_minor.is_none());
                let corrected = Corrected { event, day: on, amount_minor, ..Corrected::default() };
                chanlife::face::lifecycle::corrections::correct(
                    facts,
                    &self.history,
                    &Aliases::default(),
                    corrected,
                )
            }
        })
    }

    /// Takes an action back, if what is left does not contradict itself.
    fn undo(&mut self, pick: usize) {
        if self.actions.is_empty() {
            return;
        }
        let at = self.actions.len() - 1 - pick.min(self.actions.len() - 1);
        let mut history = self.history.clone();
        history.events.retain(|one| !self.actions[at].contains(&one.number));
        if history.conflict(&Aliases::default()).is_none() {
            self.history = history;
            self.actions.remove(at);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn the_ledger_balances_and_agrees_with_a_model_of_every_cent(
        steps in prop::collection::vec(step(), 1..90),
        in_order in any::<bool>(),
    ) {
        let mut desk = Desk::new();
        let mut steps = steps;
        if in_order {
            steps.sort_by_key(|(_, on, ..)| *on);
        }
        for step in steps {
            desk.step(step);
        }
        prop_assert_eq!(desk.history.conflict(&Aliases::default()), None);
        for on in [0, 20, 45, 70, 90, 115, 140, 158, 200, 300, 500].map(|on| day(FIRST + on)) {
            let folded = desk.history.fold(&Aliases::default(), Some(on));
            let books = folded.partner().expect("there").books.on(on);
            let model = Model::of(&desk.history, on);
            for fund in ["co-op", "mdf"] {
                let balance = books.ledger(fund).map(chanlife::face::lifecycle::funds::FundLedger::balance).unwrap_or_default();
                prop_assert!(balance.holds(), "{fund} on {on}: {balance:?}");
                prop_assert_eq!(balance, model.balance(fund), "{} on {}", fund, on);
            }
        }
    }
}

#[test]
fn random_commands_come_to_every_kind_of_movement() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let steps = prop::collection::vec(step(), 60..90);
    let mut kinds: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    for _ in 0..120 {
        let mut steps = steps.new_tree(&mut runner).expect("steps").current();
        steps.sort_by_key(|(_, on, ..)| *on);
        let mut desk = Desk::new();
        for step in steps {
            desk.step(step);
        }
        for one in &desk.history.events {
            *kinds.entry(one.event.kind()).or_default() += 1;
        }
    }
    for kind in [
        "fund-accrued",
        "fund-granted",
        "fund-requested",
        "fund-approved",
        "fund-rejected",
        "fund-claimed",
        "fund-paid",
        "fund-closed",
        "fund-taken-back",
        "fund-expired",
        "corrected",
    ] {
        assert!(kinds.get(kind).is_some_and(|count| *count >= 10), "{kind}: {kinds:?}");
    }
}
