//! Reports that estimate, through the binary, on histories made for the purpose: when they warn, and what may not
//! change their figures.

use serde_json::Value;

use crate::support::Desk;

const STAGES: [&str; 5] = ["recruitment", "terms", "readiness", "launch", "growth"];

/// A little generator of numbers, the same for every run.
struct Draw(u64);

impl Draw {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// One row: partner, stage and day, in days since 2023-01-01.
type Row = (String, &'static str, u64);

/// The histories of partners that begin one a day and stay `days` in each stage; none to stay there for ever.
fn histories(partners: u64, mut days: impl FnMut(&mut Draw, u64, usize) -> Option<u64>) -> Vec<Row> {
    let mut draw = Draw(7);
    let mut rows = Vec::new();
    for partner in 0..partners {
        let mut day = partner;
        for (at, stage) in STAGES.iter().enumerate() {
            rows.push((format!("P-{partner:04}"), *stage, day));
            match days(&mut draw, partner, at) {
                Some(_) if draw.below(100) < 8 && at < 4 => {
                    rows.push((format!("P-{partner:04}"), "declined", day + 1 + draw.below(40)));
                    break;
                }
                Some(days) => day += days,
                None => break,
            }
        }
    }
    rows
}

/// Stays of 5 to 44 days.
#[expect(clippy::unnecessary_wraps, reason = "others of its kind have stays without end")]
fn usual(draw: &mut Draw, _partner: u64, _stage: usize) -> Option<u64> {
    Some(5 + draw.below(40))
}

fn day(number: u64) -> String {
    let first = chanlife::face::lifecycle::base::day::Day::parse_iso("2023-01-01").expect("a day");
    first.plus(number as i64).to_string()
}

const LAST: &str = "2025-03-01";
const LAST_NUMBER: u64 = 790;

fn csv(rows: &[Row]) -> String {
    let seen = rows.iter().filter(|(.., day)| *day <= LAST_NUMBER);
    let lines = seen.map(|(partner, stage, on)| format!("{partner},{stage},{}\n", day(*on)));
    format!("partner,stage,entered_on\n{}", lines.collect::<String>())
}

fn imported(rows: &[Row], options: &[&str]) -> Desk {
    let desk = Desk::new();
    let file = desk.file("history.csv", csv(rows));
    desk.ok(&[&["import", "stages", &file][..], options].concat());
    desk
}

fn report(desk: &Desk, words: &[&str]) -> String {
    desk.ok(&[&["report"][..], words, &["--as-of", LAST]].concat())
}

fn figures(desk: &Desk, words: &[&str]) -> Value {
    desk.json(&[&["report"][..], words, &["--as-of", LAST]].concat())
}

/// The first has what warns, the second is like it but for that.
fn warns(words: &[&str], warning: &str, with: &[Row], without: &[Row]) {
    let complete = ["--complete-history"];
    let said = report(&imported(with, &complete), words);
    assert!(said.contains(warning), "not said: {warning}\n{said}");
    let said = report(&imported(without, &complete), words);
    assert!(!said.contains(warning), "said: {warning}\n{said}");
}

#[test]
fn a_horizon_longer_than_two_thirds_of_the_history_is_warned_of() {
    let desk = imported(&histories(500, usual), &["--complete-history"]);
    let warning = "longer than two thirds";
    assert!(report(&desk, &["intervene", "--horizon", "700"]).contains(warning));
    assert!(!report(&desk, &["intervene", "--horizon", "365"]).contains(warning));
    assert!(!report(&desk, &["intervene"]).contains(warning));
}

#[test]
fn exits_in_batches_of_the_calendar_are_warned_of() {
    // Terms are decided on the first day of each block of 120 days.
    let mut batched = histories(500, usual);
    for at in 1..batched.len() {
        let same = batched[at].0 == batched[at - 1].0;
        if same && batched[at - 1].1 == "terms" {
            let moved = batched[at].2.div_ceil(120) * 120 - batched[at].2;
            let partner = batched[at].0.clone();
            batched[at..].iter_mut().take_while(|row| row.0 == partner).for_each(|row| row.2 += moved);
        }
    }
    warns(&["velocity"], "visits end in batches in Terms", &batched, &histories(500, usual));
}

#[test]
fn stages_that_depend_on_each_other_are_warned_of() {
    // One half is quick everywhere, the other slow everywhere; a chain of stages would mix them.
    let of_two_kinds = histories(600, |draw, partner, _| match partner % 2 {
        0 => Some(2 + draw.below(4)),
        _ => Some(60 + draw.below(40)),
    });
    let mixed = histories(600, |draw, _, _| match draw.below(2) {
        0 => Some(2 + draw.below(4)),
        _ => Some(60 + draw.below(40)),
    });
    warns(&["intervene", "--horizon", "30"], "stages are not independent", &of_two_kinds, &mixed);
}

#[test]
fn stays_that_are_over_without_anybody_having_said_so_are_warned_of() {
    // A quarter of all partners is never heard of again in readiness.
    let dead = histories(500, |draw, partner, stage| match (stage, partner % 4) {
        (2, 0) => None,
        _ => usual(draw, partner, stage),
    });
    let warning = "in progress for far longer than completed ones lasted: Readiness";
    warns(&["velocity"], warning, &dead, &histories(500, usual));
    let said = report(&imported(&dead, &["--complete-history"]), &["intervene"]);
    assert!(said.contains("If all visits that seem to be over were recorded as left"), "{said}");
}

#[test]
fn too_few_exits_are_said_and_block_what_needs_them() {
    let few = imported(&histories(6, usual), &["--complete-history"]);
    let said = report(&few, &["intervene"]);
    assert!(said.contains("not enough data: "), "{said}");
    assert_eq!(figures(&few, &["intervene"])["verdict"], "too few to tell");
    let many = imported(&histories(300, usual), &["--complete-history"]);
    assert!(!report(&many, &["intervene"]).contains("not enough data"));
    assert_ne!(figures(&many, &["intervene"])["verdict"], "too few to tell");
}

#[test]
fn partners_that_are_known_only_since_later_begin_the_curve_where_enough_were_seen() {
    // Watched since day 318: of the stays before, only what lasts beyond it is seen, and the two that begin after
    // end at once.
    let late: Vec<Row> =
        histories(320, |draw, partner, _| Some(if partner < 318 { 20 + draw.below(100) } else { 1 }))
            .into_iter()
            .filter(|(_, stage, _)| *stage == "recruitment" || *stage == "terms")
            .collect();
    let since = day(318);
    let truncated = imported(&late, &["--observed-from", &since]);
    let figures = figures(&truncated, &["velocity"]);
    let late = figures["rows"][0]["late_entries"].as_u64().expect("a count");
    assert!(late > 20, "{late} late entries");
    assert!(
        report(&truncated, &["velocity"]).contains("too few partners were observed from their first day")
    );
    let complete = imported(&histories(320, usual), &["--complete-history"]);
    assert!(
        !report(&complete, &["velocity"]).contains("too few partners were observed from their first day")
    );
}

#[test]
fn names_of_partners_and_the_order_of_rows_change_no_estimate() {
    let rows = histories(200, usual);
    let renamed: Vec<Row> =
        rows.iter().map(|(name, stage, day)| (format!("Z{name}"), *stage, *day)).collect();
    let mut shuffled = rows.clone();
    // The order within a partner's day stays.
    shuffled.sort_by_key(|(partner, ..)| std::cmp::Reverse(partner.clone()));
    let [plain, renamed, shuffled] =
        [&rows, &renamed, &shuffled].map(|rows| imported(rows, &["--complete-history"]));
    for words in [&["velocity"][..], &["flow"], &["cohorts"], &["forecast"]] {
        assert_eq!(figures(&plain, words), figures(&renamed, words), "{words:?}");
        if words != ["forecast"] {
            assert_eq!(figures(&plain, words), figures(&shuffled, words), "{words:?}");
        }
    }
    let effects = |desk: &Desk| -> Vec<f64> {
        let report = figures(desk, &["intervene"]);
        report["rows"].as_array().expect("levers").iter().filter_map(|row| row["effect"].as_f64()).collect()
    };
    assert_eq!(effects(&plain), effects(&shuffled), "resampling may differ, estimates may not");
}

#[test]
fn looking_from_an_earlier_day_is_the_same_as_importing_what_was_there_then() {
    let rows = histories(300, usual);
    let cut: Vec<Row> = rows.iter().filter(|(.., day)| *day <= 400).cloned().collect();
    let (whole, cut) = (imported(&rows, &["--complete-history"]), imported(&cut, &["--complete-history"]));
    let then = day(400);
    for name in ["velocity", "intervene", "forecast", "cohorts", "flow", "stuck"] {
        let words = ["report", name, "--as-of", &then];
        assert_eq!(whole.json(&words), cut.json(&words), "{name}");
    }
}

#[test]
fn a_segment_has_the_estimates_of_its_partners_alone() {
    let rows = histories(300, usual);
    let own: Vec<Row> = rows.iter().filter(|(name, ..)| name.as_str() < "P-0150").cloned().collect();
    let whole = imported(&rows, &["--complete-history"]);
    let list: String = (0..150).map(|number| format!("P-{number:04},ana\n")).collect();
    let file = whole.file("owners.csv", format!("name,owner\n{list}"));
    whole.ok(&["import", "partners", &file]);
    let alone = imported(&own, &["--complete-history"]);
    let (part, alone) =
        (whole.json(&["report", "velocity", "--where", "owner=ana"]), alone.json(&["report", "velocity"]));
    for table in ["rows", "exits_by_day", "first_success", "curves", "exits", "occupation"] {
        assert_eq!(part[table], alone[table], "{table}");
    }
}

#[test]
fn what_comes_after_leaving_is_counted_and_named_and_never_used() {
    let desk = Desk::new();
    let text =
        "partner,stage,entered_on\nA,recruitment,2026-01-05\nA,declined,2026-02-01\nA,terms,2026-03-01\n";
    let file = desk.file("h.csv", text);
    let refused = desk.run(&["import", "stages", &file, "--complete-history"]);
    assert_eq!(refused.code, 6);
    assert!(
        refused.err.contains("line 4, partner `A`: comes after the partner left (declined)"),
        "{}",
        refused.err
    );
    let kept = desk.run(&["import", "stages", &file, "--complete-history", "--skip-errors"]);
    assert!(kept.err.contains("1 row skipped") || kept.err.contains("1 skipped"), "{}", kept.err);
    let velocity = desk.json(&["report", "velocity"]);
    assert_eq!(velocity["rows"][0]["stays"], 1);
    assert_eq!(velocity["rows"][1]["stays"], 0);
}
