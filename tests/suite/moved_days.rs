//! Days that were agreed: they hold through parking, and what cannot hold says so.

use serde_json::Value;

use crate::support::Desk;

fn rows<'v>(report: &'v Value, table: &str) -> Vec<&'v Value> {
    report[table].as_array().map_or_else(Vec::new, |rows| rows.iter().collect())
}

/// The row of a milestone in `show`.
fn milestone(desk: &Desk, partner: &str, key: &str) -> Value {
    let shown = desk.json(&["show", partner]);
    let found = rows(&shown, "milestones").into_iter().find(|row| row["milestone"] == key);
    found.cloned().unwrap_or(Value::Null)
}

#[test]
fn what_was_agreed_stays_through_park_and_resume_and_what_is_over_by_then_lapses_with_a_word() {
    let mut desk = Desk::new();
    desk.ok(&["add-partner", "Beta", "--stage", "recruitment", "--on", "2026-09-01"]);
    desk.ok(&["due", "beta", "decision", "2026-12-10", "--reason", "ill"]);
    desk.ok(&["due", "beta", "executive-sponsor", "2026-12-05", "--reason", "ill"]);
    let late = milestone(&desk, "beta", "profile-match");
    desk.ok(&["park", "beta", "--until", "2027-01-10", "--reason", "budget"]);
    assert_eq!(milestone(&desk, "beta", "profile-match")["due"], late["due"], "it counts from its visit");
    assert_eq!(milestone(&desk, "beta", "profile-match")["status"], "overdue");
    desk.ok(&["due", "beta", "decision", "2027-03-01", "--reason", "parked"]);
    let moved = milestone(&desk, "beta", "decision");
    assert_eq!((&moved["due"], &moved["moves"]), (&"2027-03-01".into(), &2.into()));
    desk.set_today("2027-01-10");
    let said = desk.run(&["resume", "beta"]).err;
    assert!(said.contains("the agreed day of `executive-sponsor`, 2026-12-05, holds no more"), "{said}");
    assert!(!said.contains("`decision`, 2027"), "{said}");
    let kept = milestone(&desk, "beta", "decision");
    assert_eq!(
        (&kept["due"], &kept["moves"], &kept["original_due"]),
        (&"2027-03-01".into(), &2.into(), &moved["original_due"])
    );
    let due = desk.json(&["calendar"]);
    assert!(
        rows(&due, "rows").iter().any(|row| row["due"] == "2027-03-01" && row["kind"] == "milestone"),
        "{due}"
    );
    assert_eq!(milestone(&desk, "beta", "executive-sponsor")["moves"], 0);
    desk.check();
}

#[test]
fn a_moved_day_is_listed_or_the_move_is_refused_with_its_reason() {
    let desk = Desk::new();
    // Nobody watched the quarter, and a day was agreed for its review all the same.
    desk.ok(&[
        "add-partner",
        "Grow",
        "--stage",
        "growth",
        "--on",
        "2026-01-10",
        "--observed-from",
        "2026-11-23",
    ]);
    let said = desk
        .run(&["due", "grow", "business-review", "2026-12-07", "--period", "2026-Q3", "--reason", "x"])
        .err;
    assert!(said.contains("Set the due date of `business-review`"), "{said}");
    let listed = desk.json(&["calendar"]);
    assert!(rows(&listed, "rows").iter().any(|row| row["due"] == "2026-12-07"), "{listed}");
    let shown = desk.json(&["show", "grow"]);
    assert!(rows(&shown, "milestones").iter().any(|row| row["period"] == "2026-Q3"), "{shown}");
    // A gate that was overridden, and a milestone of a stage that was never entered.
    desk.ok(&["add-partner", "Ready", "--stage", "readiness", "--on", "2026-10-01"]);
    desk.ok(&["advance", "ready", "--override", "key account"]);
    let gate = desk.fails(4, &["due", "ready", "sales-trained", "2026-12-12", "--reason", "x"]);
    assert!(gate.contains("was due in Readiness, which Ready left on 2026-11-23"), "{gate}");
    let skipped = desk.fails(4, &["due", "ready", "profile-match", "2026-12-12", "--reason", "x"]);
    assert!(skipped.contains("which Ready skipped"), "{skipped}");
    desk.ok(&["back", "ready", "--to", "readiness", "--reason", "x"]);
    let back = desk.fails(4, &["due", "ready", "joint-marketing-plan", "2026-12-12", "--reason", "x"]);
    assert!(back.contains("and Ready is back in Readiness"), "{back}");
    // An item for partners that leave, of one that left before it was watched.
    desk.ok(&[
        "add-partner",
        "Pax",
        "--stage",
        "readiness",
        "--on",
        "2026-01-10",
        "--observed-from",
        "2026-11-23",
    ]);
    desk.ok(&["leave", "pax", "--as", "withdrew", "--reason", "sold", "--on", "2026-11-20"]);
    desk.ok(&["due", "pax", "notice-given", "2026-12-12", "--reason", "x"]);
    let listed = desk.json(&["calendar", "--where", "key=pax"]);
    assert!(rows(&listed, "rows").iter().any(|row| row["due"] == "2026-12-12"), "{listed}");
    desk.ok(&["add-partner", "No", "--stage", "recruitment", "--on", "2026-10-01"]);
    desk.ok(&["leave", "no", "--as", "declined", "--reason", "x"]);
    let declined = desk.fails(4, &["due", "no", "notice-given", "2026-12-12", "--reason", "x"]);
    assert!(declined.contains("No was declined"), "{declined}");
}

#[test]
fn a_move_of_a_day_that_is_over_says_that_the_later_one_stands() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Late", "--stage", "readiness", "--on", "2026-11-10"]);
    desk.ok(&["due", "late", "kickoff", "2026-12-15", "--reason", "a", "--on", "2026-11-20"]);
    let said = desk.run(&["due", "late", "kickoff", "2026-11-20", "--reason", "a", "--on", "2026-11-15"]).err;
    assert!(said.contains("It stays due on 2026-12-15: that was agreed later, on 2026-11-20"), "{said}");
    desk.ok(&["follow", "late", "2026-12-01", "call", "--on", "2026-11-12"]);
    let number = desk.json(&["show", "late"])["follow_ups"][0]["follow_up"].to_string();
    desk.ok(&["follow", "late", "--move", &number, "2026-12-20", "--reason", "a", "--on", "2026-11-20"]);
    let words = ["follow", "late", "--move", &number, "2026-12-05", "--reason", "a", "--on", "2026-11-15"];
    assert!(desk.run(&words).err.contains("It stays due on 2026-12-20"));
    assert_eq!(desk.json(&["show", "late"])["follow_ups"][0]["due"], "2026-12-20");
    let early = desk.fails(4, &["follow", "late", "--done", &number, "--on", "2026-11-10"]);
    assert!(early.contains(&format!("{number} was promised on 2026-11-12, after 2026-11-10")), "{early}");
}

#[test]
fn actions_of_plans_are_moved_and_dropped_and_an_outcome_is_never_lost() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--stage", "growth", "--on", "2026-01-10"]);
    desk.ok(&["plan", "set", "acme", "--period", "2026", "--target", "1000", "--agreed-by", "J"]);
    desk.ok(&["plan", "action", "acme", "a webinar", "--due", "2026-12-01"]);
    desk.ok(&["plan", "action", "acme", "a fair", "--due", "2026-12-02"]);
    let shown = desk.json(&["plan", "show", "acme"]);
    let number = |at: usize| shown["actions"][at]["action"].to_string();
    desk.ok(&["plan", "move", "acme", &number(0), "2026-12-10", "--reason", "no room"]);
    desk.ok(&["plan", "drop", "acme", &number(1), "--reason", "no money"]);
    let listed = desk.json(&["show", "acme"]);
    let [left] = &rows(&listed, "action_items")[..] else { panic!("{listed}") };
    assert_eq!(
        (&left["original_due"], &left["moves"], &left["due"]),
        (&"2026-12-01".into(), &1.into(), &"2026-12-10".into())
    );
    let closed = desk.fails(4, &["plan", "move", "acme", &number(1), "2026-12-20", "--reason", "x"]);
    assert!(closed.contains("was dropped on 2026-11-23"), "{closed}");
    desk.ok(&["plan", "done", "acme", &number(0), "--outcome", "30 guests"]);
    assert!(
        desk.run(&["plan", "done", "acme", &number(0), "--outcome", "30 guests"])
            .err
            .contains("already completed")
    );
    let other = desk.fails(4, &["plan", "done", "acme", &number(0), "--outcome", "40 guests"]);
    assert!(other.contains("with another outcome: 30 guests") && other.contains("chanlife undo"), "{other}");
    desk.ok(&["follow", "acme", "2026-12-03", "call"]);
    let again = desk.run(&["follow", "acme", "2026-12-03", "call", "--on", "2026-11-20"]);
    assert!(again.err.contains("is already follow-up"), "{}", again.err);
    let follow_up = desk.json(&["show", "acme"])["follow_ups"][0]["follow_up"].to_string();
    let wrong = desk.fails(4, &["plan", "drop", "acme", &follow_up]);
    assert!(wrong.contains(&format!("chanlife follow acme --drop {follow_up}")), "{wrong}");
    desk.ok(&["follow", "acme", "--done", &follow_up]);
    assert!(desk.ok(&["log", "acme"]).contains(&format!("follow-up {follow_up} done")));
    assert!(desk.run(&["undo"]).err.contains(&format!("follow-up {follow_up} of Acme")));
    desk.check();
}

/// The entries of a calendar by UID: whether each is cancelled, and its title.
fn entries(desk: &Desk, words: &[&str]) -> std::collections::BTreeMap<String, (bool, String)> {
    let words: Vec<&str> = ["calendar", "--ics"].into_iter().chain(words.iter().copied()).collect();
    let text = desk.ok(&words).replace("\r\n ", "");
    let entries = text.split("BEGIN:VEVENT").skip(1).map(|entry| {
        let of = |name: &str| entry.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        (of("UID:").to_owned(), (entry.contains("STATUS:CANCELLED"), of("SUMMARY:").trim().to_owned()))
    });
    entries.collect()
}

#[test]
fn an_entry_leaves_every_calendar_that_had_it() {
    let mut desk = Desk::new();
    for (name, region) in [("Acme", "EMEA"), ("Twin", "EMEA"), ("Parked", "EMEA")] {
        desk.ok(&["add-partner", name, "--stage", "readiness", "--region", region, "--on", "2026-11-10"]);
    }
    desk.ok(&["follow", "twin", "2027-06-01", "call"]);
    desk.ok(&["merge", "twin", "--into", "acme", "--without-stages", "--yes"]);
    let merged = entries(&desk, &["--where", "region=EMEA"]);
    let uid = merged.keys().find(|uid| uid.starts_with("acme.follow-up.")).expect("it went along").clone();
    desk.ok(&["undo"]);
    assert!(entries(&desk, &[])[&uid].0, "the merge was undone");
    assert!(!entries(&desk, &[])[&uid.replace("acme", "twin")].0);
    desk.ok(&["edit", "acme", "--region", "APAC"]);
    desk.ok(&["park", "parked", "--reason", "budget"]);
    let emea = entries(&desk, &["--where", "region=EMEA"]);
    let (cancelled, title) = &emea["acme.milestone.kickoff@chanlife"];
    assert!(*cancelled && title.ends_with("not in this calendar any more"), "{title}");
    assert!(emea["parked.milestone.kickoff@chanlife"].1.ends_with("on hold"), "{emea:?}");
    assert!(!emea.keys().any(|uid| uid.starts_with("acme.") && !emea[uid].0), "{emea:?}");
    assert!(!entries(&desk, &["--where", "region=APAC"])["acme.milestone.kickoff@chanlife"].0);
    // What was promised for a day to come stays cancelled until that day.
    let number = uid.trim_end_matches("@chanlife").rsplit('.').next().expect("a number").to_owned();
    desk.ok(&["follow", "twin", "--done", &number]);
    desk.ok(&["due", "twin", "kickoff", "2027-05-20", "--reason", "x"]);
    desk.ok(&["done", "twin", "kickoff"]);
    desk.set_today("2027-05-01");
    let later = entries(&desk, &[]);
    assert!(later[&uid.replace("acme", "twin")].0, "{later:?}");
    assert!(later["twin.milestone.kickoff@chanlife"].0, "{later:?}");
    desk.set_today("2027-07-01");
    assert!(!entries(&desk, &[]).contains_key(&uid.replace("acme", "twin")));
}

#[test]
fn the_owner_is_one_whole_name_with_or_without_quotes() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "A", "--stage", "readiness", "--owner", "Ruiz, Ana", "--on", "2026-11-10"]);
    desk.ok(&["add-partner", "B", "--stage", "readiness", "--owner", "ana", "--on", "2026-11-10"]);
    desk.ok(&["add-partner", "C", "--stage", "readiness", "--owner", "Jo \"JJ\" Lee", "--on", "2026-11-10"]);
    desk.ok(&["follow", "b", "2026-11-25", "hers", "--owner", "Ruiz, Ana"]);
    for name in ["Ruiz, Ana", "\"Ruiz, Ana\"", "ruiz, ana"] {
        for verb in ["next", "calendar"] {
            let found = desk.json(&[verb, "--owner", name]);
            let partners: std::collections::BTreeSet<&str> = ["rows", "promised", "due"]
                .iter()
                .flat_map(|table| rows(&found, table))
                .filter_map(|row| row["partner"].as_str())
                .collect();
            assert_eq!(partners.into_iter().collect::<Vec<_>>(), ["a", "b"], "{verb} {name}");
        }
        let ics = entries(&desk, &["--owner", name]);
        assert!(ics.keys().all(|uid| uid.starts_with("a.") || uid.starts_with("b.follow-up.")), "{ics:?}");
        assert!(ics.keys().any(|uid| uid.starts_with("b.follow-up.")), "{ics:?}");
    }
    let quoted = desk.json(&["calendar", "--owner", "Jo \"JJ\" Lee"]);
    assert!(!rows(&quoted, "rows").is_empty(), "{quoted}");
}

#[test]
fn slippage_names_the_stage_that_stands_out_and_an_earlier_day_is_none() {
    let desk = Desk::new();
    for name in ["A", "B", "C"] {
        desk.ok(&["add-partner", name, "--stage", "readiness", "--on", "2026-11-10"]);
        desk.ok(&["due", name, "kickoff", "2026-12-20", "--reason", "x"]);
        desk.ok(&["due", name, "kickoff", "2027-01-20", "--reason", "x"]);
        desk.ok(&["due", name, "portal-access", "2026-11-24", "--reason", "sooner"]);
    }
    desk.ok(&["add-partner", "D", "--stage", "recruitment", "--on", "2026-11-10"]);
    desk.ok(&["follow", "d", "2026-12-01", "call"]);
    let number = desk.json(&["show", "d"])["follow_ups"][0]["follow_up"].to_string();
    desk.ok(&["due", "d", &number, "2026-11-25", "--reason", "sooner"]);
    let velocity = desk.json(&["report", "velocity"]);
    let row = |at: usize| {
        ["moves", "moved_later", "moved_earlier"].map(|key| velocity["slippage"][at][key].as_i64())
    };
    assert_eq!(row(0), [Some(1), Some(0), Some(1)]);
    assert_eq!(row(1), [Some(9), Some(6), Some(3)]);
    assert_eq!(velocity["slippage"][0]["median_days"], Value::Null, "nothing is later");
    for report in [&["report"][..], &["report", "intervene"]] {
        let said = desk.ok(report);
        assert!(said.contains("were in Readiness: all of them, for 3 partners"), "{said}");
    }
    assert_eq!(desk.json(&["report", "intervene"])["slippage"], velocity["slippage"]);
    let early = desk.ok(&["report", "--where", "stage=recruitment"]);
    assert!(!early.contains("Slippage"), "{early}");
}

#[test]
fn a_merge_says_whose_work_becomes_that_of_another() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--owner", "Ben", "--on", "2026-11-10"]);
    desk.ok(&["add-partner", "Twin", "--owner", "Ana", "--on", "2026-11-10"]);
    desk.ok(&["follow", "twin", "2026-12-01", "call"]);
    desk.ok(&["follow", "twin", "2026-12-01", "write", "--owner", "Ana"]);
    let said = desk.run(&["merge", "twin", "--into", "acme", "--without-stages", "--dry-run"]).err;
    assert!(said.contains("work of Ana is now that of Ben: `call`"), "{said}");
    assert!(!said.contains("`write`"), "{said}");
}

#[test]
fn one_table_has_the_work_of_whoever_has_no_partners() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--owner", "Ben", "--on", "2026-11-10"]);
    desk.ok(&["follow", "acme", "2026-11-20", "call", "--owner", "Dora"]);
    let csv = desk.ok(&["next", "--owner", "dora", "--format", "csv"]);
    assert!(csv.lines().count() == 2 && csv.contains("call"), "{csv}");
    let next = desk.run(&["show", "acme"]).out;
    assert!(
        next.contains("follow-up call, overdue 3 d; once it is done: chanlife follow acme --done"),
        "{next}"
    );
}

/// The event number of the newest action.
fn newest_event(desk: &Desk, partner: &str) -> String {
    let log = desk.json(&["log", partner]);
    let numbers = rows(&log, "rows").into_iter().filter_map(|row| row["event"].as_i64());
    numbers.max().expect("an event").to_string()
}

#[test]
fn the_first_day_is_that_of_the_plan_whichever_move_is_undone_and_a_correction_says_what_is_due_now() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--stage", "recruitment", "--on", "2026-10-01"]);
    let planned = milestone(&desk, "acme", "decision")["due"].clone();
    desk.ok(&["due", "acme", "decision", "2026-12-01", "--reason", "x", "--on", "2026-11-01"]);
    let first_move = newest_event(&desk, "acme");
    desk.ok(&["due", "acme", "decision", "2027-01-15", "--reason", "y", "--on", "2026-11-10"]);
    let moved = milestone(&desk, "acme", "decision");
    assert_eq!((&moved["original_due"], &moved["moves"]), (&planned, &2.into()));
    desk.ok(&["undo", "3"]);
    let left = milestone(&desk, "acme", "decision");
    assert_eq!(
        (&left["original_due"], &left["moves"], &left["due"]),
        (&planned, &1.into(), &"2027-01-15".into())
    );
    desk.ok(&["redo", "3"]);
    let said = desk.run(&["correct", &first_move, "--on", "2026-11-20"]).err;
    assert!(said.contains("is due on 2026-12-01 now, not on 2027-01-15"), "{said}");
    let swapped = milestone(&desk, "acme", "decision");
    assert_eq!((&swapped["original_due"], &swapped["due"]), (&planned, &"2026-12-01".into()));
    desk.check();
}

#[test]
fn a_correction_of_a_moved_follow_up_says_what_is_due_now() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--on", "2026-09-01"]);
    desk.ok(&["follow", "acme", "2026-10-10", "call", "--on", "2026-09-10"]);
    let number = newest_event(&desk, "acme");
    let to = |day: &str, on: &str| {
        desk.ok(&["follow", "acme", "--move", &number, day, "--reason", "x", "--on", on]);
        newest_event(&desk, "acme")
    };
    to("2026-10-20", "2026-10-01");
    let second = to("2026-11-10", "2026-10-05");
    let said = desk.run(&["correct", &second, "--on", "2026-09-20"]).err;
    assert!(said.contains("call is due on 2026-10-20 now, not on 2026-11-10"), "{said}");
    let early = desk.fails(4, &["correct", &second, "--on", "2026-09-05"]);
    assert!(early.contains(&format!("follow-up {number}, which does not exist on that day")), "{early}");
}

#[test]
fn a_day_that_was_so_then_and_is_another_one_now_says_both() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--stage", "readiness", "--on", "2026-11-10"]);
    let planned = milestone(&desk, "acme", "kickoff")["due"].as_str().map(str::to_owned).expect("a day");
    desk.ok(&["due", "acme", "kickoff", "2026-12-15", "--reason", "x", "--on", "2026-11-20"]);
    let said = desk.run(&["due", "acme", "kickoff", &planned, "--reason", "y", "--on", "2026-11-15"]).err;
    assert!(said.contains(&format!("on 2026-11-15 it was due on {planned} already")), "{said}");
    assert!(said.contains("it is due on 2026-12-15 now, as agreed on 2026-11-20"), "{said}");
}

#[test]
fn a_period_names_its_last_day_wherever_something_is_to_be_done_by_a_day() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--stage", "growth", "--on", "2026-09-01"]);
    desk.ok(&["plan", "set", "acme", "--target", "1000"]);
    desk.ok(&["follow", "acme", "2026-W50", "call"]);
    desk.ok(&["plan", "action", "acme", "Webinar", "--due", "2026-H2"]);
    desk.ok(&["due", "acme", "business-review", "2027-01", "--reason", "x"]);
    let csv =
        "partner,on,what,due\nacme,2026-11-20,mail,2026-W49\nacme,2026-11-20,visit,2026-12-05T10:00:00Z\n";
    desk.ok(&["import", "follow-ups", &desk.file("due.csv", csv)]);
    let calendar = desk.json(&["calendar"]);
    let day = |what: &str| {
        let row = rows(&calendar, "rows").into_iter().find(|row| row["what"] == what);
        row.unwrap_or_else(|| panic!("{what} in {calendar}"))["due"].clone()
    };
    assert_eq!(
        [day("call"), day("Webinar"), day("mail"), day("visit")],
        ["2026-12-13", "2026-12-31", "2026-12-06", "2026-12-05"]
    );
    assert_eq!(milestone(&desk, "acme", "business-review")["due"], "2027-01-31");
    let long = "x".repeat(201);
    for what in ["two\nlines", long.as_str()] {
        desk.fails(2, &["follow", "acme", "friday", what]);
        desk.fails(2, &["plan", "action", "acme", what, "--due", "friday"]);
        let csv = format!("partner,on,what,due\nacme,2026-11-20,\"{what}\",2026-12-01\n");
        desk.fails(6, &["import", "follow-ups", &desk.file("text.csv", csv)]);
    }
}

#[test]
fn off_boarding_shows_days_and_moves_and_counts_as_slippage_of_its_own() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--stage", "growth", "--on", "2026-01-10"]);
    desk.ok(&["leave", "acme", "--as", "terminated", "--why", "underperforming", "--on", "2026-11-20"]);
    desk.ok(&["due", "acme", "notice-given", "2026-12-24", "--reason", "x"]);
    let shown = desk.json(&["show", "acme"]);
    let item = rows(&shown, "off_boarding").into_iter().find(|row| row["item"] == "notice-given").cloned();
    let item = item.unwrap_or_else(|| panic!("{shown}"));
    assert_eq!(
        (&item["due"], &item["moves"], &item["status"]),
        (&"2026-12-24".into(), &1.into(), &"open".into())
    );
    assert!(item["original_due"].is_string() && item["original_due"] != item["due"], "{item}");
    assert!(desk.ok(&["show", "acme"]).contains("once, from"));
    let slipped = desk.json(&["report", "velocity"]);
    assert!(rows(&slipped, "slippage").iter().any(|row| row["stage"] == "off-boarding"), "{slipped}");
    let open = |row: &&Value| row["status"] == "open" || row["status"] == "overdue";
    assert!(!rows(&shown, "milestones").iter().any(open), "who left owes no milestone: {shown}");
    let pages = desk.ok(&["show", "acme"]);
    assert!(!pages.contains("business-review"), "{pages}");
    desk.check();
}
