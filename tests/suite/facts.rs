//! The two implementors of the facts of a partner: the folded partner, and the line of a report read from projected
//! rows. Whatever happened, they know the same on every day, so that reports and commands judge alike.

use std::time::Duration;

use chanlife::face::lifecycle::base::day::Day;
use chanlife::face::lifecycle::criteria::{Assessed, AssessmentOutcome, Overridden, Verdict};
use chanlife::face::lifecycle::enablement::{Certified, Delivered};
use chanlife::face::lifecycle::event::{Event, Recorded};
use chanlife::face::lifecycle::facts::{Facts, PartnerFacts};
use chanlife::face::lifecycle::fold::fold;
use chanlife::face::lifecycle::milestone::MilestoneFacts;
use chanlife::face::lifecycle::partner::{Contact, ContactChange, Edited, Joined};
use chanlife::face::lifecycle::program::Aliases;
use chanlife::face::lifecycle::revenue::Sold;
use chanlife::face::lifecycle::terms::TermsAgreed;
use chanlife::face::report::reading::{Channel, Needs};
use chanlife::face::store::{Keep, NewEvent, Stamp, Store};
use proptest::prelude::*;

use crate::fold;

/// A program with a rule of each kind.
const PROGRAM: &str = r#"
[program]
name = "Facts"
currency = "EUR"
[verdict]
fail_below = 60
pass_above = 75
[productive]
revenue_12m = 3
types = ["a"]
[non_performing]
below_percent_of_plan = 50
below_percent_of_last_year = 70
quarters = 2
grace_days = 30
improvement_days = 90
types = ["a"]
[reporting]
every = "quarter"
due_days = 15
term = "cadence"
types = ["A", "b"]
[launches]
notice_days = 30
term = "t"
[[term]]
key = "cadence"
type = "choice"
options = ["month", "quarter", "year", "none"]
[[term]]
key = "t"
type = "number"
[[course]]
key = "c"
types = ["a"]
[[material]]
key = "m"
version = "1"
[[stage]]
key = "recruitment"
target_days = 60
[[stage.milestone]]
key = "a"
gate = true
[[stage.milestone]]
key = "asked"
gate = true
needs = "questionnaire:q"
[[stage]]
key = "terms"
target_days = 30
types = ["b"]
[[stage.milestone]]
key = "b"
gate = true
[[stage.milestone]]
key = "settled"
gate = true
needs = "agreed:t"
[[stage]]
key = "readiness"
target_days = 90
[[stage.milestone]]
key = "trained"
gate = true
needs = "certified:c:1"
[[stage.milestone]]
key = "supplied"
gate = true
types = ["a", "c"]
needs = "delivered:m"
[[stage.milestone]]
key = "repeat"
needs = "sold:2"
[[stage.milestone]]
key = "reached"
needs = "revenue:5"
[[stage.milestone]]
key = "funded"
needs = { all = ["granted:co-op", "claimed:co-op"] }
[[stage.milestone]]
key = "told"
gate = true
needs = { any = ["announced:b", { all = ["announced", "reported"] }] }
[[stage.milestone]]
key = "worked-with"
needs = { any = ["planned", "reviewed", "tier-reviewed"] }
[[stage.milestone]]
key = "renewed"
needs = "renewed:t"
[[stage]]
key = "growth"
success = true
[[tier]]
key = "gold"
[[fund]]
key = "co-op"
percent_of_revenue = 2
max_percent = 50
[[questionnaire]]
key = "q"
stage = "recruitment"
side = "vendor"
types = ["b", "c"]
title = "Q"
[[questionnaire.question]]
key = "yes"
text = "Yes?"
type = "yes-no"
weight = 1
"#;

/// The days of the fold's histories lie close together; these are as far apart as quarters need.
fn apart(day: Day) -> Day {
    Day::from_number(20_000 + (day.number() - 20_000) * 25).expect("in range")
}

fn far() -> impl Strategy<Value = Day> {
    (20_000_i64..21_100).prop_map(|number| Day::from_number(number).expect("in range"))
}

/// What the fold's histories leave out: answers, agreements that last, reports of periods.
fn event() -> impl Strategy<Value = Event> {
    let verdict = || prop::sample::select(&[Verdict::Fail, Verdict::Review, Verdict::Pass][..]);
    let text = |of: &'static [&'static str]| prop::sample::select(of).prop_map(str::to_owned);
    let assessed = |(one, other, answer): (Verdict, Verdict, bool)| -> Event {
        let [worst, best] = if one <= other { [one, other] } else { [other, one] };
        let outcome = AssessmentOutcome { score: None, failed: vec![], worst, best };
        let answers = [("yes".to_owned(), if answer { "yes" } else { "no" }.to_owned())].into();
        Assessed { questionnaire: "q".to_owned(), version: 1, answers, evidence: [].into(), outcome }.into()
    };
    let agreed = |((term, value), from, until): ((&str, Option<&str>), Option<Day>, Option<Day>)| -> Event {
        TermsAgreed { values: [(term.to_owned(), value.map(str::to_owned))].into(), from, until, by: None }
            .into()
    };
    let terms = &[("cadence", Some("month")), ("cadence", Some("none")), ("t", Some("12")), ("t", None)][..];
    prop_oneof![
        3 => (verdict(), verdict(), any::<bool>()).prop_map(assessed),
        1 => Just(Overridden { questionnaires: vec!["q".to_owned()], reason: "x".to_owned() }.into()),
        3 => (prop::sample::select(terms), prop::option::of(far()), prop::option::of(far())).prop_map(agreed),
        2 => (prop::option::of(far())).prop_map(|until| {
            Certified { person: "p".to_owned(), course: "c".to_owned(), until, evidence: None, earned: None }.into()
        }),
        2 => prop::option::of(text(&["a", "b", "c"])).prop_map(|kind| {
            Edited { attributes: [("type".to_owned(), kind)].into(), ..Edited::default() }.into()
        }),
        1 => (text(&["p", "r"]), text(&["p", "r"])).prop_map(|(from, name)| {
            let to = Contact { name, email: None, role: None, phone: None };
            Edited { contacts_changed: vec![ContactChange { from, to }], ..Edited::default() }.into()
        }),
        1 => text(&["p", "r"]).prop_map(|person| {
            Edited { contacts_gone: vec![person], ..Edited::default() }.into()
        }),
        2 => text(&["0", "1"]).prop_map(|version| Delivered { material: "m".to_owned(), version }.into()),
        4 => (-200_i64..900, prop::option::of(text(&["2025-Q1", "2025-04", "2026"])), reference()).prop_map(
            |(amount_minor, period, reference)| Sold { amount_minor, period, days: None, reference, detail: None, ties: None }.into()
        ),
    ]
}

fn reference() -> impl Strategy<Value = Option<String>> {
    prop::option::of(prop::sample::select(&["1", "2", "3"][..]).prop_map(str::to_owned))
}

/// Events in any order, of which those that contradict others are left out before they are numbered.
fn happened() -> impl Strategy<Value = Vec<(Day, Event)>> {
    let close = (fold::day(), fold::event()).prop_map(|(day, event)| (apart(day), event));
    prop::collection::vec(prop_oneof![close, (far(), event())], 0..40)
}

/// A history without conflicts, numbered from `first`.
pub(crate) fn sound(
    joined: Day,
    imported: Option<Day>,
    mut events: Vec<(Day, Event)>,
    first: i64,
) -> Vec<Recorded> {
    let start = Joined {
        key: "acme".to_owned(),
        attributes: [("name".to_owned(), "Acme".to_owned())].into(),
        references: vec![],
        contacts: vec![],
        observed_from: joined,
        imported,
    };
    loop {
        let all = [(joined, start.clone().into())].into_iter().chain(events.iter().cloned()).zip(first..);
        let recorded: Vec<Recorded> =
            all.map(|((day, event), number)| Recorded { number, partner: 1, day, event }).collect();
        let bad: Vec<i64> =
            fold(1, &recorded, &Aliases::default(), None).conflicts.iter().map(|one| one.event).collect();
        if bad.is_empty() {
            return recorded;
        }
        let mut number = first;
        events.retain(|_| {
            number += 1;
            !bad.contains(&number)
        });
    }
}

/// Everything that the trait says of a partner, in words that can be compared.
fn told<'f>(facts: impl Facts<'f>) -> Vec<String> {
    let (program, day) = (facts.program(), facts.day());
    let milestones =
        || program.milestones().map(|(_, milestone)| milestone).filter(|one| one.every.is_none());
    let data = [
        format!(
            "observed from {}, asked from {}, of type {:?}",
            facts.observed_from(),
            facts.asked_from(),
            facts.attribute("type")
        ),
        format!("stays {:?}", facts.stays().collect::<Vec<_>>()),
        format!("milestones {:?}", milestones().map(|one| facts.milestone(&one.key)).collect::<Vec<_>>()),
        format!("assessment {:?}", facts.assessment("q")),
        format!("agreements {:?}", facts.agreements().collect::<Vec<_>>()),
        format!("certificates {:?}", facts.certificates().collect::<Vec<_>>()),
        format!("deliveries {:?}", facts.deliveries().collect::<Vec<_>>()),
        format!("reviews {:?}", facts.reviews().collect::<Vec<_>>()),
        format!("tier reviews {:?}", facts.tier_reviews().collect::<Vec<_>>()),
        format!("notified {:?}", facts.notifications().collect::<Vec<_>>()),
        format!("sales kept {:?}", facts.kept_sales()),
        format!("watched {:?}", facts.watch_status()),
    ];
    let rules = [
        format!("stage {:?}, overdue {:?}", facts.stage(), facts.overdue_days()),
        format!("in growth since {:?}, launched {:?}", facts.in_growth_since(), facts.launched()),
        format!("held {:?}", milestones().map(|one| facts.held_once(one)).collect::<Vec<_>>()),
        format!("missing {:?}", facts.missing_gates()),
        format!("asked {:?}", milestones().map(|one| facts.is_asked(one)).collect::<Vec<_>>()),
        format!("begins in {}", facts.first_stage().key),
        format!("goes on to {:?}", facts.next_stage("recruitment").map(|stage| &stage.key)),
        format!(
            "verdict {:?}, on the day before {:?}",
            facts.verdict("recruitment"),
            facts.verdict_on("recruitment", day.plus(-1))
        ),
        format!("agreed {:?}, notice {:?}", facts.agreed("t", day), facts.notice_days()),
        format!("delivered {:?}", facts.delivered("m")),
        format!("12 months {}, productive {:?}", facts.revenue_12m(), facts.productive()),
        format!("planned {:?}", facts.planned(day)),
        format!("cadence {:?}, performance {:?}", facts.cadence(), facts.performance()),
        format!("owes {:?}, to come {:?}", facts.reports_owed(), facts.report_to_come()),
    ];
    data.into_iter().chain(rules).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn the_folded_partner_and_the_line_of_a_report_know_the_same_on_every_day(
        joined in fold::day(), imported in prop::option::of(far()), events in happened(),
        days in prop::collection::vec(far(), 3)
    ) {
        let folder = tempfile::tempdir().expect("a folder");
        let (today, now) = (Day::from_number(21_100).expect("in range"), "2027-10-09T00:00:00Z".to_owned());
        let stamp = Stamp { today, now, actor: "ana".to_owned(), words: "test".to_owned() };
        let path = folder.path().join("c.db");
        let (mut store, _) = Store::open_or_make(&path, Duration::from_secs(30), &stamp, PROGRAM).expect("a file");
        store.write(Keep::DryRun, |writer| {
            let recorded = sound(joined, imported, events.clone(), writer.reader().next_number()?);
            let of = |one: &Recorded| NewEvent { partner: Some(1), day: one.day, event: one.event.clone() };
            let mut pending = writer.begin(&stamp)?;
            for event in recorded.iter().map(of) {
                pending.append(&event)?;
            }
            pending.finish()?;
            writer.project(&[1].into(), &Aliases::default())?;
            for day in days.iter().copied().chain([today]) {
                let view = writer.reader().view(day, None)?;
                let folded = fold(1, &recorded, &Aliases::default(), Some(day));
                let partner = folded.partner();
                Channel::read(&view, Needs::MILESTONES.and(Needs::PERFORMANCE), |channel| {
                    assert_eq!(channel.lines.len(), usize::from(partner.is_some()));
                    if let (Some(line), Some(partner)) = (channel.lines.first(), partner) {
                        let folded = PartnerFacts { program: channel.program, partner, day };
                        assert_eq!(told(channel.facts(line)), told(folded), "on {day}, after {recorded:#?}");
                    }
                    Ok(())
                })?;
            }
            Ok(())
        }).expect("it is recorded and read");
    }
}
