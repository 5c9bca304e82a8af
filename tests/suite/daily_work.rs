//! Daily work: follow-ups, due dates that were moved, and whose work is what.

use chanlife::face::lifecycle::base::day::Day;
use serde_json::Value;

use crate::support::Desk;

fn rows<'v>(report: &'v Value, table: &str) -> Vec<&'v Value> {
    report[table].as_array().map_or_else(Vec::new, |rows| rows.iter().collect())
}

/// Whether a table of a report has a row that says so.
fn says(report: &Value, table: &str, what: &str) -> bool {
    rows(report, table).iter().any(|row| row["what"] == what)
}

fn whose(desk: &Desk, verb: &str, owner: &str, table: &str, what: &str) -> bool {
    says(&desk.json(&[verb, "--owner", owner]), table, what)
}

#[test]
fn a_follow_up_is_listed_whatever_the_stage_until_it_is_done_by_the_command_of_its_row() {
    let mut desk = Desk::new();
    for (name, words) in [
        ("Acme", &["advance", "acme", "--override", "key account", "--on", "2026-10-02"][..]),
        ("Beta", &["park", "beta", "--until", "2027-03-01", "--reason", "no budget", "--on", "2026-10-02"]),
        ("Gamma", &["leave", "gamma", "--as", "withdrew", "--reason", "sold", "--on", "2026-10-02"]),
    ] {
        desk.ok(&["add-partner", name, "--owner", "ben", "--on", "2026-10-01"]);
        desk.ok(words);
    }
    for partner in ["acme", "beta", "gamma"] {
        desk.ok(&["follow", partner, "friday", "ring them", "--owner", "ana"]);
    }
    for (verb, table) in [("next", "promised"), ("calendar", "rows"), ("report", "promised")] {
        let found = desk.json(&[verb]);
        let found = rows(&found, table);
        let found: Vec<_> = found.iter().filter(|row| row["what"] == "ring them").collect();
        assert_eq!(found.len(), 3, "{verb}: {found:?}");
        assert!(found.iter().all(|row| row["due"] == "2026-11-27" && row["assignee"] == "ana"), "{found:?}");
    }
    assert!(desk.ok(&["calendar", "--ics"]).contains("UID:gamma.follow-up."));
    desk.set_today("2026-12-01");
    let late = desk.json(&["next"]);
    assert!(rows(&late, "promised").iter().all(|row| row["days_left"] == -4), "{late}");
    let next = desk.json(&["show", "beta"]);
    assert_eq!(next["follow_ups"][0]["status"], "overdue");
    assert_eq!(next["command"], rows(&late, "promised")[1]["command"]);
    for row in rows(&late, "promised") {
        let command = row["command"].as_str().expect("a command").to_owned();
        let words: Vec<&str> = command.split(' ').skip(1).collect();
        desk.ok(&words);
        assert!(desk.ok(&words).is_empty(), "twice is once");
    }
    assert!(!says(&desk.json(&["calendar"]), "rows", "ring them"));
    let unknown = desk.fails(4, &["follow", "acme", "--done", "99"]);
    assert!(unknown.contains("Acme has nothing open with the number 99"), "{unknown}");
    desk.check();
}

#[test]
fn a_follow_up_is_moved_dropped_undone_and_goes_with_a_merge() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--on", "2026-10-01"]);
    desk.ok(&["add-partner", "Acme 2", "--key", "twin", "--on", "2026-10-01"]);
    desk.ok(&["follow", "twin", "2026-12-01", "send the list"]);
    desk.ok(&["follow", "twin", "2026-12-02", "send the logo"]);
    let shown = desk.json(&["show", "twin"]);
    let number = |at: usize| shown["follow_ups"][at]["follow_up"].to_string();
    desk.ok(&["follow", "twin", "--move", &number(0), "2026-12-08", "--reason", "she is ill"]);
    desk.ok(&["due", "twin", &number(0), "2026-12-10", "--reason", "still ill"]);
    let before = desk.fails(4, &["due", "twin", &number(0), "2026-11-01", "--reason", "x"]);
    assert!(before.contains("2026-11-01 is before 2026-11-23"), "{before}");
    desk.ok(&["follow", "twin", "--drop", &number(1), "--reason", "no logo"]);
    desk.ok(&["undo"]);
    desk.ok(&["merge", "twin", "--into", "acme", "--without-stages", "--yes"]);
    let acme = desk.json(&["show", "acme"]);
    let [second, first] = &rows(&acme, "follow_ups")[..] else { panic!("{acme}") };
    assert_eq!((&first["due"], &first["original_due"]), (&"2026-12-10".into(), &"2026-12-01".into()));
    assert_eq!((&first["moves"], &second["moves"]), (&2.into(), &0.into()));
    assert_eq!(first["moved"][1], "2026-12-10: still ill");
    let velocity = desk.json(&["report", "velocity"]);
    let slipped = &velocity["slippage"][0];
    let figures = ["actions", "milestones", "moves", "median_days"].map(|key| slipped[key].as_i64());
    assert_eq!(figures, [Some(1), Some(0), Some(2), Some(9)]);
    desk.check();
    let copy = Desk::empty();
    let text = copy.file("all.jsonl", desk.ok(&["export", "--all"]));
    copy.ok(&["import", "--all", &text]);
    assert_eq!(copy.json(&["show", "acme"])["follow_ups"], acme["follow_ups"]);
}

#[test]
fn follow_ups_come_from_a_file_and_for_many_partners_at_once() {
    let desk = Desk::new();
    for name in ["Acme", "Beta"] {
        desk.ok(&["add-partner", name, "--region", "EMEA", "--on", "2026-10-01"]);
    }
    let file = "partner,what,due,on,owner,done,outcome\n\
                acme,call,2026-12-01,2026-11-01,ana,,\nbeta,call,2026-11-10,2026-11-01,,2026-11-11,a demo\n";
    let file = desk.file("follow.csv", file);
    desk.ok(&["import", "follow-ups", &file]);
    desk.ok(&["import", "follow-ups", &file]);
    desk.ok(&["follow", "--where", "region=EMEA", "2026-12-24", "send a card", "--dry-run"]);
    desk.ok(&["follow", "--where", "region=EMEA", "2026-12-24", "send a card", "--yes"]);
    let open = |partner: &str| {
        let shown = desk.json(&["show", partner]);
        rows(&shown, "follow_ups").iter().map(|row| row["what"].to_string()).collect::<Vec<_>>()
    };
    assert_eq!(open("acme"), ["\"call\"", "\"send a card\""]);
    assert_eq!(open("beta"), ["\"send a card\""]);
}

#[test]
fn what_one_person_is_to_do_is_hers_whoever_looks_after_the_partner() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--stage", "growth", "--owner", "Ben", "--on", "2026-01-10"]);
    desk.ok(&["add-partner", "Beta", "--owner", "Dora", "--region", "APAC", "--on", "2026-11-10"]);
    desk.ok(&["plan", "set", "acme", "--period", "2026", "--target", "1000", "--agreed-by", "J"]);
    desk.ok(&["plan", "action", "acme", "a webinar", "--due", "2026-11-20", "--owner", "Ana"]);
    desk.ok(&["ask", "acme", "When?", "--owner", "Ana"]);
    for owner in ["ana", "Ben"] {
        assert!(whose(&desk, "next", owner, "promised", "a webinar"), "{owner}");
        assert!(whose(&desk, "calendar", owner, "rows", "a webinar"), "{owner}");
    }
    for owner in ["Carl", "Dora"] {
        assert!(!whose(&desk, "next", owner, "promised", "a webinar"), "{owner}");
        assert!(!whose(&desk, "calendar", owner, "rows", "a webinar"), "{owner}");
    }
    let hers = desk.json(&["calendar", "--owner", "Ana"]);
    let kinds: Vec<&str> = rows(&hers, "rows").iter().filter_map(|row| row["kind"].as_str()).collect();
    assert_eq!(kinds, ["action", "waiting"], "nothing else of Acme is hers");
    assert!(!says(
        &desk.json(&["calendar", "--owner", "Ana", "--where", "region=APAC"]),
        "rows",
        "a webinar"
    ));
    assert!(says(&desk.json(&["report", "--where", "owner=Ana"]), "promised", "a webinar"));
    let ics = desk.ok(&["calendar", "--owner", "Ana", "--ics"]);
    assert!(ics.contains("Acme: a webinar") && ics.contains("Assignee: Ana"), "{ics}");
    assert_eq!(ics.matches("BEGIN:VEVENT").count(), 1, "{ics}");
}

/// The row of a milestone in `show`.
fn milestone(desk: &Desk, key: &str) -> Value {
    let shown = desk.json(&["show", "acme"]);
    let found = rows(&shown, "milestones").into_iter().find(|row| row["milestone"] == key);
    found.cloned().unwrap_or(Value::Null)
}

#[test]
fn a_moved_due_date_holds_for_the_visit_keeps_the_first_and_is_counted_by_stage() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--on", "2026-11-01"]);
    let first = milestone(&desk, "profile-match")["due"].clone();
    desk.ok(&["due", "acme", "profile-match", "2026-12-01", "--reason", "ill"]);
    desk.ok(&["due", "acme", "profile-match", "2026-12-20", "--reason", "budget in January"]);
    let moved = milestone(&desk, "profile-match");
    assert_eq!((&moved["due"], &moved["original_due"]), (&"2026-12-20".into(), &first));
    assert_eq!((&moved["moves"], &moved["status"]), (&2.into(), &"open".into()));
    assert_eq!(moved["moved"].as_array().expect("a list").len(), 2);
    assert_eq!(desk.json(&["show", "acme", "--as-of", "2026-11-22"])["milestones"][0]["moves"], 0);
    let ics = desk.ok(&["calendar", "--ics"]);
    let entry = ics.split("BEGIN:VEVENT").find(|one| one.contains("UID:acme.milestone.profile-match@"));
    assert!(entry.is_some_and(|one| one.contains("DTSTART;VALUE=DATE:20261220")), "{ics}");
    let slipped = desk.json(&["report", "velocity"])["slippage"][0].clone();
    assert_eq!((&slipped["stage"], &slipped["moves"]), (&"recruitment".into(), &2.into()));
    assert_eq!((&slipped["milestones"], &slipped["partners"]), (&1.into(), &1.into()));
    let days = |text: &str| Day::parse_iso(text).expect("a day");
    let later = days("2026-12-20").since(days(first.as_str().expect("a day")));
    assert_eq!(slipped["median_days"].as_i64(), Some(later));
    desk.ok(&["done", "acme", "profile-match"]);
    let done = desk.fails(4, &["due", "acme", "profile-match", "2027-01-20", "--reason", "x"]);
    assert!(done.contains("has been done since") && done.contains("chanlife reopen"), "{done}");
    desk.ok(&["reopen", "acme", "profile-match"]);
    assert_eq!(milestone(&desk, "profile-match")["due"], "2026-12-20");
    // Another visit begins anew.
    desk.ok(&["advance", "acme", "--override", "x"]);
    desk.ok(&["back", "acme", "--to", "recruitment", "--reason", "too early"]);
    let anew = milestone(&desk, "profile-match");
    assert_eq!(anew["moves"], 0);
    assert_eq!(anew["due"], "2026-12-03", "ten days after the new entry");
    desk.check();
}

#[test]
fn a_recurring_milestone_is_moved_for_its_period_and_what_cannot_be_moved_says_why() {
    let mut desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--stage", "growth", "--on", "2026-01-10"]);
    desk.ok(&["due", "acme", "business-review", "2027-01-20", "--reason", "CEO travels"]);
    assert_eq!(milestone(&desk, "business-review")["due"], "2027-01-20");
    desk.set_today("2027-01-05");
    let shown = desk.json(&["show", "acme"]);
    let of_last_year = rows(&shown, "milestones").into_iter().find(|row| row["period"] == "2026-Q4");
    assert_eq!(of_last_year.expect("a row")["status"], "open", "{shown}");
    let due = desk.json(&["calendar"]);
    let review = rows(&due, "rows").into_iter().find(|row| row["due"] == "2027-01-20");
    assert!(review.is_some_and(|row| row["kind"] == "review"), "{due}");
    desk.set_today("2027-01-25");
    let shown = desk.json(&["show", "acme"]);
    let of_last_year = rows(&shown, "milestones").into_iter().find(|row| row["period"] == "2026-Q4");
    assert_eq!(of_last_year.expect("a row")["status"], "missed");
    let report = desk.fails(4, &["due", "acme", "sell-through-received", "2027-02-20", "--reason", "x"]);
    assert!(report.contains("is due as the program says"), "{report}");
    let later = desk.fails(2, &["due", "acme", "nonsense", "2027-02-20", "--reason", "x"]);
    assert!(later.contains("nonsense"), "{later}");
    desk.ok(&[
        "due",
        "--where",
        "stage=growth",
        "tier-review",
        "2027-06-01",
        "--reason",
        "new rules",
        "--yes",
    ]);
    assert_eq!(milestone(&desk, "tier-review")["due"], "2027-06-01");
    let bulk = desk.fails(2, &["due", "--where", "stage=growth", "41", "2027-06-01", "--reason", "x"]);
    assert!(bulk.contains("name the partner instead of --where"), "{bulk}");
}

/// The entries of a calendar by UID: whether each is cancelled, and its text on one line each.
fn entries(desk: &Desk, words: &[&str]) -> std::collections::BTreeMap<String, (bool, String)> {
    let words: Vec<&str> = ["calendar", "--ics"].into_iter().chain(words.iter().copied()).collect();
    let text = desk.ok(&words).replace("\r\n ", "");
    let entries = text.split("BEGIN:VEVENT").skip(1).map(|entry| {
        let uid = entry.lines().find_map(|line| line.strip_prefix("UID:")).expect("a UID");
        (uid.to_owned(), (entry.contains("STATUS:CANCELLED"), entry.to_owned()))
    });
    entries.collect()
}

fn sequence(entry: &str) -> i64 {
    let number = entry.lines().find_map(|line| line.strip_prefix("SEQUENCE:"));
    number.expect("a number").trim().parse().expect("a number")
}

#[test]
fn what_is_over_stays_in_the_calendar_under_its_uid_and_is_cancelled() {
    let mut desk = Desk::new();
    for (name, owner) in
        [("Acme", "ana"), ("Beta", "ben"), ("Gamma", "ana"), ("Delta", "ana"), ("Twin", "ana")]
    {
        desk.ok(&["add-partner", name, "--stage", "readiness", "--owner", owner, "--on", "2026-11-10"]);
    }
    desk.ok(&["follow", "acme", "2026-12-01", "call"]);
    desk.ok(&["follow", "acme", "2026-12-02", "write"]);
    desk.ok(&["follow", "acme", "2026-12-03", "taken back"]);
    let before = entries(&desk, &[]);
    assert!(before.values().all(|(cancelled, _)| !cancelled));
    let numbers: Vec<String> = rows(&desk.json(&["show", "acme"]), "follow_ups")
        .iter()
        .map(|row| row["follow_up"].to_string())
        .collect();
    desk.ok(&["undo"]);
    for words in [
        &["done", "acme", "kickoff"][..],
        &["skip", "acme", "portal-access", "--reason", "has one"],
        &["follow", "acme", "--done", &numbers[0]],
        &["follow", "acme", "--drop", &numbers[1]],
        &["due", "acme", "demo-environment", "2027-01-15", "--reason", "no machine"],
        &["leave", "beta", "--as", "withdrew", "--reason", "sold"],
        &["remove", "gamma", "--reason", "entered twice", "--yes"],
        &["merge", "twin", "--into", "delta", "--without-stages", "--yes"],
    ] {
        desk.ok(words);
    }
    let after = entries(&desk, &[]);
    assert_eq!(before.keys().find(|uid| !after.contains_key(*uid)), None, "none is left behind");
    let title = |uid: &str| {
        let (cancelled, entry) = &after[uid];
        let title = entry.lines().find_map(|line| line.strip_prefix("SUMMARY:")).expect("a title");
        (*cancelled, title.replace('\\', "").trim().to_owned())
    };
    let (cancelled, kickoff) = title("acme.milestone.kickoff@chanlife");
    assert!(cancelled && kickoff.ends_with(", done on 2026-11-23"), "{kickoff}");
    assert!(title("acme.milestone.portal-access@chanlife").1.ends_with(", skipped on 2026-11-23"));
    let follow_up = |at: usize| title(&format!("acme.follow-up.{}@chanlife", numbers[at]));
    assert_eq!(follow_up(0), (true, "Acme: call, done on 2026-11-23".to_owned()));
    assert_eq!(follow_up(1), (true, "Acme: write, dropped on 2026-11-23".to_owned()));
    assert_eq!(follow_up(2), (true, "Acme: taken back, withdrawn".to_owned()));
    let (is_over, moved) = &after["acme.milestone.demo-environment@chanlife"];
    assert!(!is_over && moved.contains("DTSTART;VALUE=DATE:20270115"), "{moved}");
    for gone in ["beta", "gamma", "twin"] {
        let own = |uid: &&String| uid.starts_with(&format!("{gone}.milestone."));
        assert!(before.keys().any(|uid| own(&uid)), "{gone}");
        assert!(after.iter().filter(|(uid, _)| own(uid)).all(|(_, (cancelled, _))| *cancelled), "{gone}");
    }
    assert!(!after["delta.milestone.kickoff@chanlife"].0);
    for (uid, (_, entry)) in &before {
        assert!(sequence(&after[uid].1) > sequence(entry), "{uid}");
    }
    assert_eq!(desk.ok(&["calendar", "--ics"]), desk.ok(&["calendar", "--ics"]));
    // What one person had and another has now leaves the calendar of the first.
    desk.ok(&["edit", "delta", "--owner", "ben"]);
    let hers = entries(&desk, &["--owner", "ana"]);
    assert!(hers["delta.milestone.kickoff@chanlife"].0);
    assert!(!entries(&desk, &["--owner", "ben"])["delta.milestone.kickoff@chanlife"].0);
    // What is moved behind the last day that is asked for comes again with its new day.
    let soon = entries(&desk, &["--until", "2026-12-31"]);
    assert!(!soon["acme.milestone.demo-environment@chanlife"].0);
    // Reopened, it is due again.
    desk.ok(&["reopen", "acme", "kickoff"]);
    assert!(!entries(&desk, &[])["acme.milestone.kickoff@chanlife"].0);
    desk.set_today("2027-03-01");
    assert!(entries(&desk, &[]).values().all(|(cancelled, _)| !cancelled), "after 90 days they are left out");
}

#[test]
fn milestones_that_a_new_program_no_longer_has_are_cancelled_in_calendars() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--stage", "readiness", "--on", "2026-11-10"]);
    assert!(entries(&desk, &[]).contains_key("acme.milestone.kickoff@chanlife"));
    let program =
        desk.ok(&["program", "show"]).replace("key = \"kickoff\"", "key = \"start\"\nwas = \"kickoff\"");
    let program = desk.file("program.toml", program);
    desk.ok(&["program", "apply", &program, "--yes"]);
    let after = entries(&desk, &[]);
    assert!(after["acme.milestone.kickoff@chanlife"].0 && !after["acme.milestone.start@chanlife"].0);
}

/// The courses for which somebody of a partner is certified today.
fn certified(desk: &Desk, partner: &str) -> String {
    let listed = desk.json(&["list", "--columns", "key,certified"]);
    let row = rows(&listed, "rows").into_iter().find(|row| row["key"] == partner).expect("a row");
    row["certified"].to_string()
}

fn person(desk: &Desk, partner: &str, email: &str) -> Value {
    let shown = desk.json(&["show", partner]);
    rows(&shown, "people").into_iter().find(|one| one["email"] == email).cloned().unwrap_or(Value::Null)
}

#[test]
fn a_person_with_a_new_address_keeps_certificates_and_one_who_is_removed_says_what_goes() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--stage", "readiness", "--on", "2025-01-10"]);
    desk.ok(&[
        "certify",
        "acme",
        "sales",
        "Jane Doe <jane@acme.example>, owner, +49 30 1234567",
        "--on",
        "2026-10-01",
    ]);
    desk.ok(&["certify", "acme", "sales", "Tom Lee <tom@acme.example>", "--on", "2026-10-02"]);
    let before = desk.json(&["show", "acme"]);
    let trained = |shown: &Value| {
        let row = rows(shown, "milestones").into_iter().find(|row| row["milestone"] == "sales-trained");
        row.expect("a row")["on"].clone()
    };
    assert_eq!(trained(&before), "2026-10-02");
    let said = desk.run(&["edit", "acme", "--contact", "jane@acme.example=jane@new.example"]);
    assert!(said.err.contains("keeps the certificate for sales"), "{}", said.err);
    let jane = person(&desk, "acme", "jane@new.example");
    assert_eq!((&jane["roles"][0], &jane["phone"]), (&"owner".into(), &"+49 30 1234567".into()));
    assert_eq!(jane["certified"][0], "sales");
    assert_eq!(trained(&desk.json(&["show", "acme"])), "2026-10-02", "nothing is trained later for that");
    assert_eq!(
        desk.json(&["show", "acme", "--as-of", "2026-11-01"])["people"][0]["email"],
        "jane@acme.example"
    );
    // Removed and recorded again under the same name is a new address, too.
    let both =
        ["edit", "acme", "--contact", "Tom Lee <tom@new.example>", "--remove-contact", "tom@acme.example"];
    let said = desk.run(&both);
    assert!(said.err.contains("is now Tom Lee <tom@new.example>"), "{}", said.err);
    assert_eq!(person(&desk, "acme", "tom@new.example")["certified"][0], "sales");
    desk.ok(&["ask", "acme", "When?", "--by", "Tom Lee"]);
    let gone = desk.run(&["edit", "acme", "--remove-contact", "tom@new.example"]);
    assert!(gone.err.contains("with the certificate for sales and 1 open question"), "{}", gone.err);
    let unknown = desk.fails(4, &["edit", "acme", "--contact", "nobody@x.example=a@b.example"]);
    assert!(unknown.contains("`nobody@x.example` is not a contact of Acme"), "{unknown}");
    desk.check();
}

#[test]
fn a_person_who_goes_to_another_partner_takes_certificates_along() {
    let desk = Desk::new();
    for name in ["Acme", "Beta"] {
        desk.ok(&["add-partner", name, "--stage", "readiness", "--on", "2026-01-10"]);
    }
    desk.ok(&["certify", "acme", "sales", "Jane Doe <jane@acme.example>, owner", "--on", "2026-02-01"]);
    desk.ok(&["edit", "acme", "--contact-opt-out", "jane"]);
    desk.ok(&[
        "move-contact",
        "acme",
        "jane",
        "--to",
        "beta",
        "--as",
        "jane@beta.example",
        "--on",
        "2026-11-20",
    ]);
    assert_eq!((certified(&desk, "acme").as_str(), certified(&desk, "beta").as_str()), ("[]", "[\"sales\"]"));
    let before = desk.json(&["list", "--columns", "key,certified", "--as-of", "2026-11-19"]);
    assert_eq!(before["rows"][0]["certified"][0], "sales");
    let jane = person(&desk, "beta", "jane@beta.example");
    assert_eq!(
        (&jane["opted_out"], &jane["name"], &jane["roles"][0]),
        (&true.into(), &"Jane Doe".into(), &"owner".into())
    );
    let due = desk.json(&["calendar", "--where", "key=beta"]);
    let ends = rows(&due, "rows").into_iter().find(|row| row["kind"] == "certificate").expect("it ends");
    assert_eq!(ends["due"], "2028-01-31", "by its own day");
    desk.ok(&["undo"]);
    assert_eq!((certified(&desk, "acme").as_str(), certified(&desk, "beta").as_str()), ("[\"sales\"]", "[]"));
    desk.fails(4, &["move-contact", "acme", "jane", "--to", "acme"]);
    desk.check();
}

#[test]
fn a_certificate_may_be_older_than_the_partnership() {
    let mut desk = Desk::new();
    desk.ok(&["add-partner", "Beta", "--stage", "growth", "--on", "2026-10-10"]);
    let said = desk.run(&["certify", "beta", "sales", "Jane Doe <jane@beta.example>", "--on", "2024-12-20"]);
    assert!(said.err.contains("until 2026-12-19, passed on 2024-12-20"), "{}", said.err);
    desk.ok(&["certify", "beta", "sales", "jane", "--on", "2024-12-20"]);
    let file = "partner,course,person,on,email\nbeta,technical,Tom,2025-12-20,tom@beta.example\n";
    desk.ok(&["import", "certifications", &desk.file("c.csv", file)]);
    assert_eq!(certified(&desk, "beta"), "[\"sales\",\"technical\"]");
    let over = desk.fails(4, &["certify", "beta", "technical", "jane", "--on", "2020-01-01"]);
    assert!(over.contains("before 2026-10-10, the first day on which it could count"), "{over}");
    desk.set_today("2027-01-10");
    assert_eq!(certified(&desk, "beta"), "[\"technical\"]");
    desk.check();
}

#[test]
fn who_opted_out_gets_no_mail_from_any_partner_until_opted_in_again() {
    let desk = Desk::new();
    let jane = "Jane Doe <jane@shared.example>, buyer, marketing";
    desk.ok(&[
        "add-partner",
        "Acme",
        "--contact",
        jane,
        "--contact",
        "Rosa <rosa@acme.example>, sales",
        "--on",
        "2026-09-01",
    ]);
    desk.ok(&["add-partner", "Beta", "--contact", "J. Doe <Jane@shared.example>", "--on", "2026-09-01"]);
    desk.ok(&["edit", "acme", "--contact-opt-out", "jane@shared.example"]);
    desk.ok(&["edit", "acme", "--remove-contact", "jane@shared.example"]);
    desk.ok(&["edit", "acme", "--contact", jane]);
    desk.file("body.txt", "Hello");
    let mailed = |key: &str, more: &[&str]| {
        let merge = format!("{key}.csv");
        let words =
            ["announce", key, "--where", "stage=recruitment", "--subject", "News", "--body", "body.txt"];
        let words: Vec<&str> = words
            .iter()
            .copied()
            .chain(["--merge", merge.as_str(), "--yes"])
            .chain(more.iter().copied())
            .collect();
        let said = desk.run(&words);
        assert_eq!(said.code, 0, "{}", said.err);
        let rows = std::fs::read_to_string(desk.folder().join(&merge)).expect("a file");
        (rows.matches('@').count(), said.err)
    };
    let (count, said) = mailed("news", &[]);
    assert_eq!(count, 1, "only Rosa");
    assert!(
        said.contains("left out, opted out of mail: Jane Doe <jane@shared.example> of Acme, J. Doe"),
        "{said}"
    );
    assert!(said.contains("Beta is not notified: all its contacts opted out of mail"), "{said}");
    let shown = desk.json(&["show", "acme"]);
    assert_eq!(shown["opted_out"][0], "jane@shared.example");
    desk.ok(&["edit", "acme", "--contact-opt-in", "jane@shared.example"]);
    assert_eq!(
        mailed("more", &["--role", "marketing", "--skip-refused"]).0,
        1,
        "one of several roles is enough"
    );
    assert_eq!(mailed("most", &[]).0, 3);
    desk.check();
}

#[test]
fn partners_come_from_a_file_with_phones_and_wishes_about_mail() {
    let desk = Desk::new();
    let file = |cells: &str| {
        let head = "name,contact_name,contact_email,contact_role,contact_phone,contact_opt_out\n";
        desk.file("p.csv", format!("{head}{cells}\n"))
    };
    desk.ok(&[
        "import",
        "partners",
        &file("Acme,Jane,jane@acme.example,\"sales, support\",+49 30 12345,yes"),
    ]);
    let jane = || person(&desk, "acme", "jane@acme.example");
    assert_eq!((&jane()["phone"], &jane()["opted_out"]), (&"+49 30 12345".into(), &true.into()));
    assert_eq!(jane()["roles"].as_array().expect("a list").len(), 2);
    // An empty cell changes nothing.
    desk.ok(&["import", "partners", &file("Acme,Jane,jane@acme.example,,,")]);
    assert_eq!((&jane()["phone"], &jane()["opted_out"]), (&"+49 30 12345".into(), &true.into()));
    assert_eq!(jane()["roles"].as_array().expect("a list").len(), 2);
    desk.ok(&["import", "partners", &file("Acme,Jane,jane@acme.example,,,no")]);
    assert_eq!(jane()["opted_out"], false);
    let wrong = desk.fails(6, &["import", "partners", &file("Acme,Jane,jane@acme.example,,,maybe")]);
    assert!(wrong.contains("`maybe` in contact_opt_out is not yes or no"), "{wrong}");
}

#[test]
fn the_plan_of_the_year_that_is_to_be_prepared_is_the_one_whose_date_is_moved() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--stage", "growth", "--on", "2026-03-01"]);
    let plan = || {
        let due = desk.json(&["calendar"]);
        let id = "milestone.joint-business-plan.2027";
        let row = rows(&due, "rows").into_iter().find(|row| row["id"] == id).cloned();
        row.map_or(Value::Null, |row| row["due"].clone())
    };
    assert_eq!(plan(), "2026-12-02");
    desk.ok(&["due", "acme", "joint-business-plan", "2026-12-20", "--reason", "budget comes late"]);
    assert_eq!(plan(), "2026-12-20");
}

#[test]
fn a_follow_up_is_called_one_and_what_belongs_to_a_plan_an_action_item() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--stage", "growth", "--on", "2026-03-01"]);
    desk.ok(&["follow", "acme", "2026-12-01", "call back"]);
    let list = desk.json(&["log", "acme"]);
    let number = rows(&list, "rows").last().expect("an event")["event"].to_string();
    desk.ok(&["follow", "acme", "--done", &number, "--outcome", "wants an offer"]);
    let log = desk.ok(&["log", "acme", "--format", "table"]);
    assert!(log.contains(&format!("follow-up {number} done: wants an offer")), "{log}");
    let promise = desk.json(&["log", "--kind", "tasked"])["rows"][0]["action"].to_string();
    let err = desk.fails(4, &["undo", &promise]).replace("\n  ", " ");
    assert!(err.contains(&format!("changes follow-up {number}, which does not exist on that day")), "{err}");
    assert_eq!(desk.json(&["list", "offer"])["found"][0]["kind"], "follow_up");
    let file = desk.file(
        "f.csv",
        "partner,what,due,on,done,outcome\nacme,call back,2026-12-01,2026-11-23,2026-11-23,another\n",
    );
    let err = desk.fails(6, &["import", "follow-ups", &file]).replace("\n  ", " ");
    assert!(err.contains(&format!("follow-up {number} is already done, on 2026-11-23")), "{err}");
    desk.ok(&["plan", "set", "acme", "--period", "2026", "--target", "1000"]);
    let added = desk.run(&["plan", "action", "acme", "Webinar", "--due", "2026-12-01"]).err;
    assert!(added.contains("Added action item "), "{added}");
}

#[test]
fn show_says_of_a_partner_that_has_gone_quiet_what_the_front_page_says() {
    let desk = Desk::new();
    for partner in ["acme", "beta"] {
        desk.ok(&["add-partner", partner, "--stage", "growth", "--on", "2025-01-05"]);
    }
    let file = (0..47).map(|week| {
        let day = Day::parse_iso("2025-02-03").expect("a day").plus(week * 14);
        let acme = if week < 30 { format!("acme,{day},100,A{week}\n") } else { String::new() };
        format!("{acme}beta,{day},100,B{week}\n")
    });
    let file = desk.file("s.csv", format!("partner,on,amount,ref\n{}", file.collect::<String>()));
    desk.ok(&["import", "revenue", &file]);
    let shown = desk.json(&["show", "acme"]);
    assert_eq!((&shown["gone_quiet"], &shown["usual_days"]), (&true.into(), &14.into()), "{shown}");
    let said = desk.ok(&["show", "acme", "--format", "table"]);
    assert!(said.contains("gone quiet: no sale for") && said.contains("usually every 14 d"), "{said}");
    let next = desk.ok(&["next", "--format", "json"]);
    assert!(next.contains("usually every 14 d"), "{next}");
    assert_eq!(desk.json(&["show", "beta"])["gone_quiet"], false);
    desk.ok(&["park", "acme", "--reason", "waits"]);
    assert_eq!(desk.json(&["show", "acme"])["gone_quiet"], false, "only in growth");
}
