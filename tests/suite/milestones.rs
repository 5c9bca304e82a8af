//! Milestones that recur and are missed, those left open in earlier stages, those that facts settle, and who does them.

use serde_json::Value;

use crate::support::Desk;

fn rows(report: &Value) -> &Vec<Value> {
    report["rows"].as_array().expect("rows")
}

/// Runs and expects success; returns what was said beside the output.
fn said(desk: &Desk, words: &[&str]) -> String {
    let said = desk.run(words);
    assert_eq!(said.code, 0, "chanlife {words:?}: {}", said.err);
    said.err
}

fn in_july() -> Desk {
    let mut desk = Desk::empty();
    desk.set_today("2026-07-15");
    desk.ok(&["init"]);
    desk
}

/// A desk with one partner in growth since the tenth of February, as of the middle of July 2026.
fn desk() -> Desk {
    let desk = in_july();
    desk.ok(&[
        "add-partner",
        "Acme",
        "--stage",
        "growth",
        "--on",
        "2026-02-10",
        "--observed-from",
        "2026-02-10",
    ]);
    desk
}

fn missed(desk: &Desk) -> Vec<String> {
    let report = desk.json(&["calendar"]);
    let all =
        rows(&report).iter().filter(|row| row["what"].as_str().is_some_and(|what| what.ends_with("missed")));
    all.map(|row| row["id"].as_str().expect("an id").to_owned()).collect()
}

#[test]
fn a_missed_review_stays_until_it_is_done_or_skipped_and_the_next_period_is_a_new_one() {
    let desk = desk();
    assert_eq!(missed(&desk), ["milestone.business-review.2026-Q1", "milestone.business-review.2026-Q2"]);
    let people = desk.ok(&["calendar"]);
    assert!(people.contains("2 business reviews missed, the first for 2026-Q1"), "{people}");
    assert!(people.contains("chanlife plan review acme --period 2026-Q1"), "{people}");
    assert!(people.contains("Business review held (2026-Q3)"), "{people}");
    assert_eq!(people.matches("missed").count(), 1, "one line for both: {people}");
    for listed in [desk.ok(&["next"]), desk.ok(&["show", "acme"])] {
        assert!(listed.contains("2026-Q1"), "{listed}");
    }
    let shown = desk.json(&["show", "acme"]);
    let all = shown["milestones"].as_array().expect("milestones").iter();
    let periods = all.filter(|row| row["status"] == "missed").map(|row| row["period"].clone());
    assert_eq!(periods.collect::<Vec<Value>>(), ["2026-Q1", "2026-Q2"]);
    let calendar = desk.ok(&["calendar", "--ics"]);
    assert!(calendar.contains("UID:acme.milestone.business-review.2026-Q1@chanlife"), "{calendar}");
    assert!(calendar.contains("UID:acme.milestone.business-review.2026-Q2@chanlife"), "{calendar}");

    desk.ok(&["done", "acme", "business-review", "--period", "2026-Q1"]);
    assert_eq!(missed(&desk), ["milestone.business-review.2026-Q2"]);
    desk.ok(&["skip", "acme", "business-review", "--period", "2026-Q2", "--reason", "no time"]);
    assert_eq!(missed(&desk), Vec::<String>::new());
    desk.ok(&["undo"]);
    let settled = said(&desk, &["plan", "review", "acme", "--period", "2026-Q2"]);
    assert!(settled.contains("settles `business-review` of 2026-Q2"), "{settled}");
    assert_eq!(missed(&desk), Vec::<String>::new());
    assert_eq!(
        desk.json(&["show", "acme", "--as-of", "2026-07-01"])["milestones"]
            .to_string()
            .matches("missed")
            .count(),
        2
    );
    desk.check();
}

#[test]
fn what_lies_before_the_day_since_when_a_partner_is_watched_is_unknown_and_not_late() {
    let mut desk = in_july();
    let mut history = String::from("partner,stage,entered_on\n");
    for number in 0..12 {
        history.push_str(&format!("Partner {number},recruitment,2024-07-{:02}\n", number + 1));
        history.push_str(&format!("Partner {number},terms,2024-08-{:02}\n", number + 1));
        history.push_str(&format!("Partner {number},readiness,2024-09-{:02}\n", number + 1));
        history.push_str(&format!("Partner {number},launch,2024-10-{:02}\n", number + 1));
        history.push_str(&format!("Partner {number},growth,2024-11-{:02}\n", number + 1));
    }
    let file = desk.file("history.csv", history);
    for since in [&["--complete-history"][..], &["--observed-from", "2026-07-01"]] {
        desk.ok(&[&["import", "stages", &file][..], since].concat());
        let report = desk.json(&["calendar"]);
        let late = |row: &&Value| row["days_left"].as_i64() < Some(0) && row["kind"] != "report";
        let late: Vec<&Value> = rows(&report).iter().filter(late).collect();
        // Whether a second deal was won is asked of a partner in growth, whenever it came; that is due once.
        assert!(late.iter().all(|row| row["id"] == "milestone.repeat-deal"), "{since:?}: {late:#?}");
        desk.ok(&["undo", "--yes"]);
    }
    // What was due in the periods of the import stays missed, as that of the next one does.
    desk.ok(&["import", "stages", &file, "--complete-history"]);
    desk.set_today("2027-01-10");
    let report = desk.json(&["calendar"]);
    let missed =
        rows(&report).iter().filter(|row| row["what"].as_str().is_some_and(|what| what.ends_with("missed")));
    assert_eq!(missed.count(), 12 * 7, "of each two reviews, the plan and four reviews of the year");
    desk.check();
}

#[test]
fn a_milestone_that_the_program_gets_later_is_not_missed_before_that() {
    let mut desk = Desk::empty();
    desk.set_today("2026-03-01");
    desk.ok(&["init"]);
    desk.ok(&["add-partner", "Acme", "--stage", "growth"]);
    desk.set_today("2026-05-10");
    let program = desk.ok(&["program", "show"]);
    let added = program.replace(
        "[[stage.milestone]]\nkey = \"tier-review\"",
        "[[stage.milestone]]\nkey = \"joint-demo\"\nevery = \"month\"\n\n[[stage.milestone]]\nkey = \"tier-review\"",
    );
    assert_ne!(program, added);
    desk.ok(&["program", "apply", &desk.file("p.toml", added)]);
    desk.set_today("2026-07-15");
    let of_new: Vec<String> = missed(&desk).into_iter().filter(|id| id.contains("joint-demo")).collect();
    assert_eq!(of_new, ["milestone.joint-demo.2026-05", "milestone.joint-demo.2026-06"]);
}

#[test]
fn milestones_left_open_in_an_earlier_stage_stay_and_hold_nobody_up() {
    let desk = in_july();
    desk.ok(&["add-partner", "Acme", "--on", "2026-02-01"]);
    desk.ok(&["advance", "acme", "--to", "terms", "--override", "known well", "--on", "2026-06-20"]);
    let report = desk.json(&["calendar"]);
    let passed: Vec<&str> = rows(&report)
        .iter()
        .filter(|row| row["what"].as_str().is_some_and(|what| what.ends_with("open since Recruitment")))
        .map(|row| row["id"].as_str().expect("an id"))
        .collect();
    for left in ["value-proposition-presented", "upside-case", "executive-sponsor"] {
        assert!(passed.contains(&&*format!("milestone.{left}")), "{passed:?}");
    }
    assert!(
        passed.iter().all(|id| !id.contains("profile-match")),
        "a gate is overridden, not left open: {passed:?}"
    );
    let shown = desk.json(&["show", "acme"]);
    assert!(shown["command"].as_str().is_some_and(|command| command.contains("agreement-signed")), "{shown}");
    let next = desk.json(&["next"]);
    assert!(rows(&next)[0]["command"].as_str().is_some_and(|one| one.contains("agreement-signed")), "{next}");
    desk.ok(&["done", "acme", "upside-case"]);
    assert!(!desk.ok(&["calendar"]).contains("upside-case"));
    for gate in ["agreement-signed", "success-measures"] {
        desk.ok(&["done", "acme", gate]);
    }
    desk.ok(&["agree", "acme", "reporting-cadence=month"]);
    desk.ok(&["advance", "acme"]);
}

#[test]
fn a_fact_settles_its_milestone_the_answer_says_so_and_show_says_by_what() {
    let desk = in_july();
    let watched = ["--on", "2026-01-05", "--observed-from", "2026-01-05"];
    desk.ok(&[&["add-partner", "Acme", "--stage", "launch"][..], &watched].concat());
    let status = |milestone: &str| {
        let shown = desk.json(&["show", "acme"]);
        let all = shown["milestones"].as_array().expect("milestones").clone();
        let found = all.into_iter().find(|row| row["milestone"] == milestone).expect("it is there");
        (
            found["status"].as_str().unwrap_or_default().to_owned(),
            found["evidence"].as_str().unwrap_or_default().to_owned(),
        )
    };
    let by_hand = desk.fails(4, &["done", "acme", "funds-claimed"]);
    assert!(
        by_hand.contains("a claim on the fund `co-op` or a claim on the fund `mdf`, not by hand"),
        "{by_hand}"
    );
    assert!(by_hand.contains("chanlife skip acme funds-claimed --reason REASON"), "{by_hand}");
    assert!(
        said(&desk, &["fund", "grant", "acme", "1000", "--fund", "mdf"]).contains("settles `co-op-funds`")
    );
    desk.ok(&[
        "fund",
        "request",
        "acme",
        "webinar",
        "--cost",
        "800",
        "--fund",
        "mdf",
        "--starts",
        "2026-07-15",
    ]);
    let request = desk.json(&["fund", "list"])["requests"][0]["request"].to_string();
    desk.ok(&["fund", "approve", &request]);
    let claimed = said(&desk, &["fund", "claim", &request, "600", "--proof", "invoice 4"]);
    assert!(claimed.contains("settles `funds-claimed`"), "{claimed}");
    assert_eq!(status("funds-claimed"), ("done".to_owned(), "mdf claimed on 2026-07-15".to_owned()));
    let again = said(&desk, &["done", "acme", "funds-claimed"]);
    assert!(again.contains("`funds-claimed` is already settled by mdf claimed on 2026-07-15"), "{again}");
    desk.ok(&["undo"]);
    assert_eq!(status("funds-claimed").0, "overdue");

    // Two lines of one invoice are one sale, a return takes it back, and the next one is the second.
    for product in ["Atlas", "Beam"] {
        desk.ok(&[
            "revenue",
            "add",
            "acme",
            "500",
            "--on",
            "2026-06-01",
            "--ref",
            "INV-6",
            "--product",
            product,
        ]);
    }
    let first = ("done".to_owned(), "first sale on 2026-06-01 (INV-6)".to_owned());
    assert_eq!(status("first-deal"), first);
    desk.ok(&["revenue", "add", "acme", "-1000", "--on", "2026-06-05", "--ref", "RET-1"]);
    assert_eq!(status("first-deal").0, "overdue", "it was wholly returned");
    desk.ok(&["revenue", "add", "acme", "300", "--on", "2026-06-09", "--ref", "INV-7"]);
    assert_eq!(status("first-deal").1, "first sale on 2026-06-09 (INV-7)");
    let list = desk.json(&["list", "--where", "done=first-deal", "--columns", "key"]);
    assert_eq!(rows(&list).len(), 1, "reports know it too");
    desk.check();
}

#[test]
fn a_partner_is_told_only_if_a_message_was_written_or_the_record_says_how() {
    let desk = in_july();
    for name in ["Acme", "Beta", "Gamma"] {
        desk.ok(&["add-partner", name, "--stage", "readiness", "--on", "2026-05-01"]);
    }
    desk.file("body.txt", "Dear {{contact}}");
    let announce = ["announce", "atlas", "acme", "--subject", "Atlas", "--body", "body.txt"];
    let added = said(&desk, &announce);
    assert!(added.contains("Added Acme to the list for atlas, not notified yet"), "{added}");
    let state = |partner: &str| {
        let report = desk.json(&["report", "communication", "atlas"]);
        let row = rows(&report).iter().find(|row| row["partner"] == partner).cloned();
        row.map(|row| (row["state"].clone(), row["told_by"].clone()))
    };
    assert_eq!(state("acme"), Some(("not told".into(), Value::Null)));
    let is_held = |partner: &str| {
        let list = desk.json(&["list", "--where", "done=one-to-many-channel", "--columns", "key"]);
        rows(&list).iter().any(|row| row["key"] == partner)
    };
    let open = desk.json(&["show", "acme"])["milestones"].to_string();
    assert!(open.contains("one-to-many-channel") && !is_held("acme"), "{open}");
    assert!(said(&desk, &announce).contains("not notified yet"), "a second time changes nothing");
    let told = said(&desk, &["announce", "atlas", "acme", "--told-by", "newsletter"]);
    assert!(told.contains("as notified about atlas by newsletter; settles `one-to-many-channel`"), "{told}");
    assert_eq!(state("acme"), Some(("told".into(), "newsletter".into())));
    assert!(is_held("acme"));
    let file = desk.file(
        "told.csv",
        "partner,announcement,on,told-by\nbeta,atlas,2026-06-01,call\ngamma,atlas,2026-06-02,\n",
    );
    desk.ok(&["import", "announcements", &file]);
    assert_eq!(state("beta"), Some(("told".into(), "call".into())));
    assert_eq!(
        state("gamma"),
        Some(("told".into(), Value::Null)),
        "a row of an import says that it was told"
    );
    desk.check();
}

#[test]
fn a_program_says_whose_work_a_milestone_is_and_every_fault_in_its_needs_is_named() {
    let desk = desk();
    let program = desk.ok(&["program", "show"]);
    let with = |from: &str, to: &str| {
        let changed = program.replace(from, to);
        assert_ne!(program, changed, "{from}");
        desk.file("p.toml", changed)
    };
    let file = with("name = \"Business review held\"\n", "name = \"Business review held\"\nby = \"us\"\n");
    let diff = desk.ok(&["program", "diff", &file]);
    assert!(diff.contains("business-review") && diff.contains("by") && diff.contains("us"), "{diff}");
    desk.ok(&["program", "apply", &file]);
    let shown = desk.json(&["show", "acme"]);
    let row = shown["milestones"]
        .as_array()
        .expect("milestones")
        .iter()
        .find(|row| row["milestone"] == "business-review");
    assert_eq!(row.expect("there")["by"], "us");
    let calendar = desk.json(&["calendar"]);
    assert!(rows(&calendar).iter().any(|row| row["kind"] == "review" && row["by"] == "us"), "{calendar}");
    desk.ok(&["undo"]);
    for (needs, what, remedy) in [
        ("needs = \"solt:2\"", "needs is `solt:2`", "\"sold:2\""),
        ("needs = \"sold:0\"", "needs is `sold:0`", "write it as \"sold:2\""),
        ("needs = \"revenue:much\"", "needs is `revenue:much`", "write it as \"revenue:50000\""),
        ("needs = \"granted:coop\"", "the program has no fund `coop`", "co-op"),
        ("needs = \"renewed:contract\"", "the program has no term `contract`", "contract-end"),
        ("needs = { any = [] }", "needs has an empty list", "\"sold:2\""),
        ("needs = { }", "needs has neither any nor all", "any = ["),
        ("needs = { any = [\"sold:1\"], all = [\"sold:2\"] }", "needs has both any and all", "nest them"),
        ("needs = { some = [\"sold:1\"] }", "unknown key `some`", "any"),
        ("needs = [\"sold:1\"]", "needs", "{ any = [...] }"),
        ("needs = { any = [2] }", "any", "text in quotes"),
        ("by = \"them\"", "by is `them`", "\"us\" or \"partner\""),
        ("settled_by = \"lunch\"", "settled_by is `lunch`", "\"planned\""),
    ] {
        let file = with("name = \"Kick-off held\"\n", &format!("name = \"Kick-off held\"\n{needs}\n"));
        let out = desk.fails(6, &["program", "check", &file]);
        assert!(out.contains(what) && out.contains(remedy), "{needs}: {out}");
    }
}

#[test]
fn the_hint_to_reopen_names_the_period_that_was_settled() {
    let desk = Desk::new();
    desk.ok(&[
        "add-partner",
        "Gil",
        "--stage",
        "growth",
        "--on",
        "2025-01-10",
        "--observed-from",
        "2025-01-10",
    ]);
    let period = ["business-review", "--period", "2026-Q3"];
    desk.ok(&[&["skip", "gil"][..], &period, &["--reason", "no time"]].concat());
    let refused = desk.fails(4, &[&["done", "gil"][..], &period].concat());
    assert!(refused.contains("`chanlife reopen gil business-review --period 2026-Q3`"), "{refused}");
}

#[test]
fn what_is_recorded_elsewhere_is_not_said_by_hand_in_the_built_in_program() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Lau", "--stage", "launch"]);
    desk.ok(&["add-partner", "Gro", "--stage", "growth"]);
    for (partner, milestone, step) in [
        ("lau", "first-deal", "chanlife revenue add lau AMOUNT"),
        ("lau", "co-op-funds", "chanlife fund"),
        ("gro", "joint-business-plan", "chanlife plan set gro"),
        ("gro", "sell-through-received", "chanlife revenue add gro AMOUNT"),
        ("gro", "repeat-deal", "chanlife revenue add gro AMOUNT"),
        ("gro", "tier-review", "chanlife tier review gro"),
    ] {
        let err = desk.fails(4, &["done", partner, milestone]);
        assert!(err.contains(step), "{milestone}: {err}");
    }
    // A report of the running month is no next step, since it cannot be recorded yet.
    for words in [&["show", "gro"][..], &["next"], &["note", "gro", "hello"]] {
        let said = desk.run(words);
        assert!(!format!("{}{}", said.out, said.err).contains("--period 2026-11"), "{words:?}: {}", said.out);
    }
    desk.ok(&["revenue", "add", "lau", "500"]);
    let held = desk.json(&["list", "--where", "done=first-deal", "--columns", "key"]);
    assert_eq!(rows(&held).len(), 1, "{held}");
}

#[test]
fn what_is_shown_as_due_is_missed_when_its_day_is_over_and_what_is_not_asked_is_never_due() {
    for (joined, is_asked) in [("2026-11-23", true), ("2026-12-01", false)] {
        let mut desk = Desk::empty();
        desk.set_today(joined);
        desk.ok(&["init"]);
        let list = desk.file("p.csv", "name,stage,since\nEnza,growth,2025-03-01\n");
        desk.ok(&["import", "partners", &list, "--complete-history"]);
        let of = |desk: &Desk, label: &str| -> Vec<String> {
            let all = rows(&desk.json(&["calendar", "--limit", "0"])).clone();
            let ids = all.into_iter().filter_map(|row| Some(row["id"].as_str()?.to_owned()));
            let mut ids: Vec<String> = ids.filter(|id| id.ends_with(label)).collect();
            ids.sort();
            ids
        };
        let due = [of(&desk, ".2026-Q4"), of(&desk, ".2026")];
        desk.set_today("2027-01-02");
        assert_eq!([of(&desk, ".2026-Q4"), of(&desk, ".2026")], due, "{joined}");
        assert_eq!(!due[0].is_empty(), is_asked, "{joined}: {due:?}");
        desk.check();
    }
}

#[test]
fn what_cannot_be_made_up_for_a_period_that_is_over_is_skipped() {
    let mut desk = Desk::empty();
    desk.set_today("2026-03-01");
    desk.ok(&["init"]);
    desk.ok(&["add-partner", "Acme", "--stage", "growth"]);
    desk.set_today("2027-02-01");
    let refused = desk.fails(4, &["done", "acme", "tier-review", "--period", "2026"]);
    assert!(refused.contains("chanlife skip acme tier-review --period 2026 --reason REASON"), "{refused}");
    assert!(!refused.contains("chanlife tier review"), "{refused}");
}

#[test]
fn a_review_proposes_the_plan_once_and_says_plainly_who_sold_nothing_and_what_was_missed() {
    let desk = Desk::new();
    let since = ["--on", "2026-01-05", "--observed-from", "2026-01-05"];
    desk.ok(&[&["add-partner", "Beta", "--stage", "growth"][..], &since].concat());
    desk.ok(&["announce", "summer", "beta", "--told-by", "newsletter"]);
    let rows = |report: &Value, table: &str| report[table].as_array().expect("rows").clone();
    for quarter in ["2026-Q3", "2026-Q4"] {
        let review = desk.json(&["report", "review", "beta", "--period", quarter]);
        let said: Vec<String> =
            rows(&review, "proposals").iter().map(|row| row["what"].to_string()).collect();
        let plans: Vec<&String> = said.iter().filter(|what| what.contains("plan")).collect();
        assert_eq!(plans, ["\"agree on a plan for 2027\""], "{review}");
        assert!(said.contains(&"\"make a first sale\"".to_owned()), "{said:?}");
        assert!(
            !said.iter().any(|what| what.contains("more revenue") || what.contains("missed")),
            "{said:?}"
        );
        let open: Vec<String> = rows(&review, "open").iter().map(|row| row["what"].to_string()).collect();
        assert!(
            open.contains(&"\"Business review held (2026-Q1 and 2 more), missed\"".to_owned()),
            "{open:?}"
        );
        assert!(
            !open.iter().any(|what| what.contains("summer")),
            "a newsletter waits for no answer: {open:?}"
        );
        assert_eq!(review["last_sale"], "none recorded yet");
    }
    for (action, year) in [("set", "50000"), ("send", ""), ("agree", "")] {
        let words = ["plan", action, "beta", "--period", "2026", "--on", "2026-01-06"];
        let target = if year.is_empty() { vec![] } else { vec!["--target", year] };
        desk.ok(&[&words[..], &target].concat());
    }
    desk.ok(&["revenue", "add", "beta", "10000", "--on", "2026-05-05"]);
    let year = desk.json(&["report", "review", "beta"])["year"].to_string();
    assert!(year.contains("2026: sold") && year.contains("known up to 2026-10-31"), "{year}");
    assert!(year.contains("short at the end of the year at the rate of the last 12 months"), "{year}");
    // Of a partner before growth, the open gates and the decision are what is left.
    desk.ok(&[
        "add-partner",
        "Lau",
        "--stage",
        "launch",
        "--on",
        "2026-01-05",
        "--observed-from",
        "2026-01-05",
    ]);
    let review = desk.json(&["report", "review", "lau"]);
    let said: Vec<String> = rows(&review, "proposals").iter().map(|row| row["what"].to_string()).collect();
    assert!(
        said.contains(&"\"decide: continue, park or terminate\"".to_owned()) && said.len() > 1,
        "{said:?}"
    );
}

#[test]
fn what_is_done_shows_by_when_it_was_due_in_its_stage_whether_the_partner_is_there_or_has_left() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--stage", "growth", "--on", "2025-09-01"]);
    for day in ["2026-05-05", "2026-06-30"] {
        desk.ok(&["revenue", "add", "acme", "10", "--on", day]);
    }
    let repeat_deal = || {
        let shown = desk.json(&["show", "acme"]);
        let row = shown["milestones"]
            .as_array()
            .into_iter()
            .flatten()
            .find(|row| row["milestone"] == "repeat-deal");
        row.map(|row| (row["on"].clone(), row["due"].clone())).expect("the second deal")
    };
    // 180 days after it came to growth, not after it left.
    let due = (Value::from("2026-06-30"), Value::from("2026-02-28"));
    assert_eq!(repeat_deal(), due);
    desk.ok(&["leave", "acme", "--as", "terminated", "--reason", "sold", "--on", "2026-11-20"]);
    assert_eq!(repeat_deal(), due);
}
