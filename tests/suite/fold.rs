//! The fold of random events: total, whatever comes; the same in any order; and a prefix for every day.

use chanlife::face::lifecycle::announcements::{Answered, Told};
use chanlife::face::lifecycle::base::day::Day;
use chanlife::face::lifecycle::corrections::Corrected;
use chanlife::face::lifecycle::enablement::{Certified, Delivered};
use chanlife::face::lifecycle::event::{Event, Recorded};
use chanlife::face::lifecycle::fold::{Fate, fold};
use chanlife::face::lifecycle::funds::{
    Accrued, Approved, Claimed, Closed, Expired, Granted, Paid, Refused, Requested, TakenBack,
};
use chanlife::face::lifecycle::milestone::{Done, DueMoved, Reopened, Skipped};
use chanlife::face::lifecycle::partner::{Edited, Joined, Noted};
use chanlife::face::lifecycle::performance::{Decided, DecidedAs, Improving, Watched};
use chanlife::face::lifecycle::plans::{
    Agreed, Finished, Planned, Reviewed, Sent, TaskDropped, TaskGiven, TaskMoved, Tasked,
};
use chanlife::face::lifecycle::program::Aliases;
use chanlife::face::lifecycle::questions::{Asked, Replied};
use chanlife::face::lifecycle::revenue::{Rated, Sold};
use chanlife::face::lifecycle::stage::{Entered, Left, LeftAs, Parked, Why};
use chanlife::face::lifecycle::terms::TermsAgreed;
use chanlife::face::lifecycle::tiers::Tiered;
use proptest::prelude::*;

const STAGES: [&str; 4] = ["recruitment", "terms", "readiness", "growth"];

pub(crate) fn day() -> impl Strategy<Value = Day> {
    (20_000_i64..20_040).prop_map(|number| Day::from_number(number).expect("in range"))
}

pub(crate) fn event() -> impl Strategy<Value = Event> {
    let stage = || prop::sample::select(&STAGES[..]).prop_map(str::to_owned);
    let why = prop::sample::select(&[Why::Placed, Why::Advanced, Why::Back, Why::Resumed, Why::Returned][..]);
    let milestone = || prop::sample::select(&["a", "b"][..]).prop_map(str::to_owned);
    let period = || prop::option::of(Just("2026-Q3".to_owned()));
    prop_oneof![
        6 => (stage(), why, any::<bool>()).prop_map(|(stage, why, unknown_day)| {
            Entered { stage, why, unknown_day, overridden: vec![], reason: None }.into()
        }),
        2 => Just(Parked { until: None, why: None, reason: None }.into()),
        1 => prop::sample::select(&LeftAs::ALL[..]).prop_map(|label| Left { label, why: None, reason: None }.into()),
        2 => (milestone(), period())
            .prop_map(|(milestone, period)| Done { milestone, period, days: None, evidence: None, by: None, leaving: false }.into()),
        1 => (milestone(), period())
            .prop_map(|(milestone, period)| Skipped { milestone, period, days: None, reason: "x".to_owned(), leaving: true }.into()),
        1 => (milestone(), period())
            .prop_map(|(milestone, period)| Reopened { milestone, period, days: None, reason: None, leaving: false }.into()),
        1 => (stage(), milestone(), day()).prop_map(|(stage, milestone, to)| {
            let (stage, period, days, from) = (Some(stage), None, None, None);
            DueMoved { milestone, stage, period, days, from, planned: from, to, reason: "x".to_owned() }.into()
        }),
        4 => growth(),
        6 => behind(),
        1 => Just(Noted { text: "x".to_owned() }.into()),
        1 => Just(Rated { currency: "USD".to_owned(), rate: "0.9".to_owned() }.into()),
        1 => (-500_i64..500)
            .prop_map(|amount_minor| Sold { amount_minor, period: None, days: None, reference: None, detail: None, ties: None }.into()),
        1 => (1_i64..20, prop::option::of(day()), prop::option::of(0_i64..9)).prop_map(
            |(event, day, amount_minor)| Corrected { event, day, amount_minor, ..Corrected::default() }.into()
        ),
        1 => prop::sample::select(&["ana", "ben"][..]).prop_map(|owner| {
            let attributes = [("owner".to_owned(), Some(owner.to_owned()))].into();
            Edited { attributes, ..Edited::default() }.into()
        }),
    ]
}

/// Plans, tasks and care, in any order.
fn growth() -> impl Strategy<Value = Event> {
    let period = || "2026".to_owned();
    prop_oneof![
        2 => (0_i64..99).prop_map(move |target| {
            let starts = Day::from_number(20_454).expect("in range");
            Planned { period: period(), starts, targets_minor: [target; 4], from: None, goals: vec![] }.into()
        }),
        2 => Just(Sent { period: period(), days: None }.into()),
        2 => Just(Agreed { period: period(), days: None, by: None }.into()),
        1 => Just(Reviewed { period: "2026-Q1".to_owned(), days: None, text: None }.into()),
        1 => day().prop_map(|due| {
            Tasked { what: "x".to_owned(), owner: None, due, plan: None, plan_days: None, follow_up: false }.into()
        }),
        1 => day().prop_map(|due| {
            Tasked { what: "y".to_owned(), owner: None, due, plan: None, plan_days: None, follow_up: true }.into()
        }),
        1 => (1_i64..20, day()).prop_map(|(task, to)| TaskMoved { task, from: None, to, reason: "x".to_owned(), follow_up: false }.into()),
        1 => (1_i64..20).prop_map(|task| TaskGiven { task, from: None, to: "ben".to_owned(), reason: None, follow_up: false }.into()),
        1 => (1_i64..20).prop_map(|task| TaskDropped { task, reason: None, follow_up: false }.into()),
        1 => (1_i64..20).prop_map(|task| Finished { task, outcome: None, follow_up: false }.into()),
        2 => Just(Watched { reason: "x".to_owned() }.into()),
        1 => day().prop_map(|until| Improving { until, reason: None }.into()),
        1 => prop::sample::select(&DecidedAs::ALL[..])
            .prop_map(|outcome| Decided { outcome, reason: "x".to_owned() }.into()),
        1 => Just(Tiered { tier: "gold".to_owned(), evidence: vec![], found: vec![], stays: false }.into()),
    ]
}

/// Terms, certificates, materials, funds, announcements and questions, in any order.
fn behind() -> impl Strategy<Value = Event> {
    let number = || 1_i64..20;
    let amount = || -5_i64..40;
    let fund = || "co-op".to_owned();
    let until = || prop::option::of(day());
    prop_oneof![
        2 => (prop::option::of(Just("1".to_owned())), until(), until()).prop_map(|(value, from, until)| {
            TermsAgreed { values: [("t".to_owned(), value)].into(), from, until, by: None }.into()
        }),
        1 => until().prop_map(|until| {
            Certified { person: "p".to_owned(), course: "c".to_owned(), until, evidence: None, earned: None }.into()
        }),
        1 => Just(Delivered { material: "m".to_owned(), version: "1".to_owned() }.into()),
        3 => (amount(), until()).prop_map(move |(amount_minor, until)| {
            let (percent, tier) = (None, None);
            Accrued { fund: fund(), period: "2024-Q3".to_owned(), days: None, amount_minor, until, percent, tier }.into()
        }),
        2 => (amount(), until()).prop_map(move |(amount_minor, until)| {
            Granted { fund: fund(), period: "2024".to_owned(), days: None, amount_minor, until }.into()
        }),
        4 => (1_i64..20, day()).prop_map(move |(asked_minor, starts)| {
            Requested {
                fund: fund(), activity: "a".to_owned(), what: None, starts, ends: starts, cost_minor: 50, asked_minor,
                expected_minor: None, reference: None,
            }.into()
        }),
        4 => (number(), amount(), day()).prop_map(|(request, amount_minor, claim_by)| {
            Approved { request, amount_minor, claim_by }.into()
        }),
        3 => (number(), amount()).prop_map(|(request, amount_minor)| {
            Claimed { request, amount_minor, proof: "p".to_owned(), leads: None, pipeline_minor: None }.into()
        }),
        1 => number().prop_map(|what| Refused { what, reason: "x".to_owned() }.into()),
        2 => (number(), prop::option::of(amount())).prop_map(|(claim, amount_minor)| {
            Paid { claim, amount_minor, reference: None }.into()
        }),
        1 => (number(), amount()).prop_map(|(grant, amount_minor)| {
            TakenBack { grant, amount_minor, reason: None }.into()
        }),
        1 => number().prop_map(|request| Closed { request, reason: None }.into()),
        1 => amount().prop_map(move |amount_minor| {
            Expired { fund: fund(), amount_minor, reason: None }.into()
        }),
        1 => (until(), any::<bool>()).prop_map(|(launch, unsent)| {
            let (announcement, subject) = ("a".to_owned(), "s".to_owned());
            Told { announcement, subject, to: vec![], launch, notice_days: Some(9), told_by: None, unsent }.into()
        }),
        1 => Just(Answered { announcement: "a".to_owned(), by: None, text: None }.into()),
        1 => Just(Asked { text: "q".to_owned(), by: None, owner: None }.into()),
        1 => number().prop_map(|question| Replied { question, text: "r".to_owned() }.into()),
    ]
}

/// A partner that joined, and what happened to it, numbered in the order of recording.
fn history() -> impl Strategy<Value = Vec<Recorded>> {
    (day(), prop::collection::vec((day(), event()), 0..18)).prop_map(|(joined, events)| {
        let first = Joined {
            key: "acme".to_owned(),
            attributes: [("name".to_owned(), "Acme".to_owned())].into(),
            references: vec![],
            contacts: vec![],
            observed_from: joined,
            imported: None,
        };
        let all = [(joined, first.into())].into_iter().chain(events);
        all.zip(1..).map(|((day, event), number)| Recorded { number, partner: 1, day, event }).collect()
    })
}

proptest! {
    #[test]
    fn any_events_give_a_state_whose_stays_follow_each_other(events in history()) {
        let folded = fold(1, &events, &Aliases::default(), None);
        prop_assert_eq!(folded.fate, Fate::Live);
        let partner = folded.partner().expect("it joined");
        prop_assert!(partner.stays.windows(2).all(|pair| pair[0].entered <= pair[1].entered));
        prop_assert!(partner.stays.windows(2).all(|pair| pair[0].standing != pair[1].standing));
        prop_assert!(partner.versions.windows(2).all(|pair| pair[0].since <= pair[1].since));
        prop_assert!(partner.versions.first().is_some_and(|first| first.since == partner.since));
        let books = [partner.books.clone(), partner.books.on(Day::LAST)];
        prop_assert!(books.iter().all(|books| books.ledgers().all(|(_, ledger)| ledger.balance().holds())));
    }

    #[test]
    fn the_order_in_which_events_are_handed_over_does_not_matter(
        (events, shuffled) in history().prop_flat_map(|events| (Just(events.clone()), Just(events).prop_shuffle()))
    ) {
        let straight = fold(1, &events, &Aliases::default(), None);
        let mixed = fold(1, &shuffled, &Aliases::default(), None);
        prop_assert_eq!(straight.state, mixed.state);
        prop_assert_eq!(straight.conflicts, mixed.conflicts);
    }

    #[test]
    fn a_day_in_the_past_sees_what_there_would_be_without_later_events(events in history(), until in day()) {
        let whole = fold(1, &events, &Aliases::default(), None);
        let corrections = events.iter().filter(|one| matches!(one.event, Event::Corrected(_)));
        let kept: Vec<i64> =
            whole.order.iter().filter(|(day, _)| *day <= until).map(|(_, one)| one.number).collect();
        let earlier: Vec<Recorded> = events
            .iter()
            .filter(|one| kept.contains(&one.number))
            .chain(corrections.filter(|one| !kept.contains(&one.number)))
            .cloned()
            .collect();
        let seen = fold(1, &events, &Aliases::default(), Some(until));
        let alone = fold(1, &earlier, &Aliases::default(), Some(until));
        // A partner that joined later but has earlier events is known by them.
        let joined = kept.contains(&1);
        if joined {
            prop_assert_eq!(&seen.state, &alone.state);
        }
        prop_assert_eq!(seen.state.is_some(), !kept.is_empty());
    }

    #[test]
    fn leaving_conflicts_out_leaves_no_conflict_and_the_same_state(events in history()) {
        let whole = fold(1, &events, &Aliases::default(), None);
        let bad: Vec<i64> = whole.conflicts.iter().map(|conflict| conflict.event).collect();
        let sound: Vec<Recorded> = events.iter().filter(|one| !bad.contains(&one.number)).cloned().collect();
        let again = fold(1, &sound, &Aliases::default(), None);
        // Leaving out a correction of a missing event changes nothing else; leaving out its target would.
        let corrected = |one: &Recorded| matches!(&one.event, Event::Corrected(parts) if bad.contains(&parts.event));
        if !sound.iter().any(corrected) {
            prop_assert!(again.conflicts.is_empty(), "{:?}", again.conflicts);
            let (whole, again) = (whole.state.expect("it joined"), again.state.expect("it joined"));
            prop_assert_eq!(whole.stays, again.stays);
            prop_assert_eq!(whole.milestones, again.milestones);
            prop_assert_eq!(whole.moved_dues, again.moved_dues);
            prop_assert_eq!(whole.sales, again.sales);
            prop_assert_eq!(whole.plans, again.plans);
            prop_assert_eq!(whole.tasks, again.tasks);
            prop_assert_eq!(whole.watch_records, again.watch_records);
            prop_assert_eq!(whole.notifications, again.notifications);
            prop_assert_eq!(whole.questions, again.questions);
            prop_assert_eq!(whole.books.on(Day::LAST), again.books.on(Day::LAST));
        }
    }
}

#[test]
fn taking_back_the_largest_amount_there_is_leaves_nothing() {
    let accrued = |amount_minor| -> Event {
        Accrued {
            fund: "co-op".to_owned(),
            period: "2025-Q4".to_owned(),
            days: None,
            amount_minor,
            until: None,
            percent: None,
            tier: None,
        }
        .into()
    };
    let joined = Joined {
        key: "acme".to_owned(),
        attributes: [].into(),
        references: vec![],
        contacts: vec![],
        observed_from: Day::FIRST,
        imported: None,
    };
    let events: Vec<Recorded> = [joined.into(), accrued(i64::MAX), accrued(i64::MIN)]
        .into_iter()
        .zip(1..)
        .map(|(event, number)| Recorded { number, partner: 1, day: Day::FIRST, event })
        .collect();
    let folded = fold(1, &events, &Aliases::default(), None);
    assert_eq!(folded.conflicts, []);
    let partner = folded.state.expect("it joined");
    let balance = partner.books.ledger("co-op").expect("a ledger").balance();
    assert_eq!((balance.posted, balance.available), (0, 0));
}
