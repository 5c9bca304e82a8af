//! Calendars and messages, read back by another language.

use std::process::Command;

use serde_json::Value;

use crate::support::Desk;

/// What an independent reader says of files; none if there is no Python to ask.
#[expect(clippy::print_stderr, reason = "what is skipped is said loudly")]
fn read_back(desk: &Desk, files: &[&str]) -> Option<Value> {
    let python = std::env::var("CHANLIFE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bench/read_back.py");
    let output = Command::new(&python).arg(script).args(files).current_dir(desk.folder()).output();
    let Ok(output) = output else {
        eprintln!(
            "SKIPPED: `{python}` can't be started, so that nothing is read back by an independent reader"
        );
        return None;
    };
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaint}");
    eprint!("{complaint}");
    Some(serde_json::from_slice(&output.stdout).expect("JSON"))
}

const NASTY: [&str; 6] = [
    "Müller, Söhne & Co; \"Vertrieb\" \\ Nord",
    "株式会社 東京パートナー 👩‍🔬",
    "=?utf-8?q?plain?= <x> (y) @z",
    "O'Neil \\n BEGIN:VEVENT",
    "Łódź: \"a\" <b>",
    "Really Long Name Of A Partner That Goes On And On And On And On And On And On And On, Limited Company",
];

#[test]
fn messages_are_read_back_without_a_complaint_whatever_names_and_texts_hold() {
    let desk = Desk::new();
    for (at, name) in NASTY.iter().enumerate() {
        let contact = format!("{} <c{at}@acme-{at}.example>, sales", name.replace(['<', '>', ','], " "));
        desk.ok(&[
            "add-partner",
            name,
            "--key",
            &format!("p{at}"),
            "--contact",
            &contact,
            "--on",
            "2026-10-01",
        ]);
    }
    let body = "Dear {{contact}} at {{partner}},\n\n.\nFrom here on: {{launch_day}}\n\ttab = 100 %\n"
        .to_owned()
        + &"long ".repeat(400)
        + "\nGrüße 你好 😀";
    desk.file("body.txt", &body);
    let subject = "Neu: {{partner}} – ".to_owned() + &"ü".repeat(60) + " " + &"x".repeat(90);
    let tell =
        ["announce", "atlas", "--where", "stage=recruitment", "--subject", &subject, "--body", "body.txt"];
    let more = [
        "--launch-day",
        "2027-03-01",
        "--messages",
        "out",
        "--sender",
        "Ana \"Q\" Ruiz, Vendor <ana@vendor.example>",
    ];
    desk.ok(&[&tell[..], &more, &["--yes"]].concat());
    let mut files: Vec<String> = std::fs::read_dir(desk.folder().join("out"))
        .expect("a folder")
        .map(|entry| format!("out/{}", entry.expect("an entry").file_name().to_string_lossy()))
        .collect();
    files.sort();
    assert_eq!(files.len(), NASTY.len());
    let Some(read) = read_back(&desk, &files.iter().map(String::as_str).collect::<Vec<&str>>()) else {
        return;
    };
    for (at, file) in files.iter().enumerate() {
        let mail = &read[file];
        assert_eq!(mail["from"], serde_json::json!([["Ana \"Q\" Ruiz, Vendor", "ana@vendor.example"]]));
        // If a name takes several encoded words, that reader leaves blanks between them.
        let plain = |name: &str| name.split_whitespace().collect::<String>();
        let shown = mail["to"][0][0].as_str().expect("a name");
        assert_eq!(plain(shown), plain(&NASTY[at].replace(['<', '>', ','], " ")));
        assert_eq!(mail["to"][0][1], format!("c{at}@acme-{at}.example"));
        assert_eq!(mail["subject"], subject.replace("{{partner}}", NASTY[at]));
        let text = mail["body"].as_str().expect("a body");
        assert!(
            text.contains(&format!(
                "at {},\n\n.\nFrom here on: 2027-03-01\n\ttab = 100 %\nlong long",
                NASTY[at]
            )),
            "{text}"
        );
        assert!(text.trim_end().ends_with("Grüße 你好 😀"), "{text}");
        assert_eq!(mail["unsent"], "1");
    }
}

#[test]
fn the_calendar_is_read_back_and_importing_it_again_updates() {
    let mut desk = Desk::new();
    for (at, name) in NASTY.iter().enumerate() {
        let key = format!("p{at}");
        desk.ok(&[
            "add-partner",
            name,
            "--key",
            &key,
            "--stage",
            "terms",
            "--owner",
            "Ana; Ruiz, \\",
            "--on",
            "2026-11-01",
            "--observed-from",
            "2026-11-01",
        ]);
    }
    desk.ok(&["agree", "p0", "contract-end=2027-02-28", "--on", "2026-11-02"]);
    let entries = |desk: &Desk, name: &str| {
        desk.ok(&["calendar", "--output", name]);
        read_back(desk, &[name]).map(|read| read[name].as_array().expect("entries").clone())
    };
    let Some(first) = entries(&desk, "first.ics") else { return };
    let listed = desk.json(&["calendar"]);
    let listed = listed["rows"].as_array().expect("rows");
    assert_eq!(first.len(), listed.len());
    for (entry, row) in first.iter().zip(listed) {
        let name = row["name"].as_str().expect("a name");
        assert_eq!(entry["summary"], format!("{name}: {}", row["what"].as_str().expect("what")));
        assert_eq!(entry["day"], row["due"], "in the same order");
        assert!(entry["description"].as_str().expect("text").ends_with("\nOwner: Ana; Ruiz, \\"), "{entry}");
    }
    let renewal =
        |all: &[Value]| all.iter().find(|one| one["category"] == "renewal").cloned().expect("a renewal");
    assert_eq!(renewal(&first)["day"], "2026-11-30", "90 days before the contract ends");
    // The same file says the same again, also tomorrow; what changed has the same identifier and a later number.
    desk.set_today("2026-11-24");
    desk.ok(&["calendar", "--ics", "--output", "again.ics"]);
    let bytes = |name: &str| std::fs::read(desk.folder().join(name)).expect("a file");
    assert_eq!(bytes("first.ics"), bytes("again.ics"));
    let kickoff = |all: &[Value]| {
        all.iter().find(|one| one["uid"] == "p1.milestone.agreement-signed@chanlife").cloned().expect("there")
    };
    let stay = desk.json(&["show", "p1"])["timeline"][1]["event"].to_string();
    desk.ok(&["correct", &stay, "--on", "2026-11-05"]);
    let second = entries(&desk, "second.ics").expect("read");
    assert_eq!(kickoff(&first)["day"], "2026-11-21");
    assert_eq!(kickoff(&second)["day"], "2026-11-25");
    assert!(kickoff(&second)["sequence"].as_i64() > kickoff(&first)["sequence"].as_i64());
    desk.ok(&["calendar", "--where", "stage=launch", "--output", "empty.ics"]);
    assert_eq!(read_back(&desk, &["empty.ics"]).expect("read")["empty.ics"], serde_json::json!([]));
}

#[test]
fn a_first_calendar_file_has_nothing_cancelled_and_the_same_file_written_again_cancels_what_it_had() {
    let desk = Desk::new();
    desk.ok(&[
        "add-partner",
        "Acme",
        "--stage",
        "terms",
        "--on",
        "2026-11-01",
        "--observed-from",
        "2026-11-01",
    ]);
    desk.ok(&["follow", "acme", "2026-12-01", "call"]);
    desk.ok(&["done", "acme", "conflict-rules", "--on", "2026-11-20"]);
    let written = |words: &[&str]| {
        desk.ok(&[&["calendar", "--output", "channel.ics"], words].concat());
        std::fs::read_to_string(desk.folder().join("channel.ics")).expect("a file").replace("\r\n ", "")
    };
    assert!(!written(&[]).contains("CANCELLED"));
    let piped = desk.ok(&["calendar", "--ics"]);
    assert!(piped.contains("CANCELLED"), "where a pipe ends is not known: {piped}");
    let follow_up = desk.json(&["show", "acme"])["follow_ups"][0]["follow_up"].to_string();
    desk.ok(&["follow", "acme", "--done", &follow_up]);
    for _ in 0..2 {
        let again = written(&["--force"]);
        let cancelled: Vec<&str> =
            again.split("BEGIN:VEVENT").filter(|one| one.contains("CANCELLED")).collect();
        assert!(matches!(cancelled[..], [one] if one.contains("call") && one.contains("done on")), "{again}");
    }
}
