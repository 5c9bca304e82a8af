//! Imports of histories as systems export them, against a count of the rows that knows nothing of chanlife.

use std::collections::{BTreeMap, HashMap};

use proptest::prelude::*;
use proptest::test_runner::Config;

use crate::support::Desk;

const PLACES: [&str; 9] =
    ["recruitment", "terms", "readiness", "launch", "growth", "parked", "declined", "withdrew", "terminated"];

fn is_exit(place: &str) -> bool {
    ["declined", "withdrew", "terminated"].contains(&place)
}

#[derive(Clone, Debug)]
struct Row {
    partner: String,
    place: &'static str,
    day: u32,
}

/// The history of one partner: the same place twice in a row at times, nothing after leaving, many moves on
/// one day.
fn partner() -> impl Strategy<Value = Vec<(&'static str, u32)>> {
    prop::collection::vec((prop::sample::select(&PLACES[..]), 0_u32..3), 1..12).prop_map(|steps| {
        let mut rows: Vec<(&'static str, u32)> = Vec::new();
        let mut day = 0;
        for (place, later) in steps {
            day += later;
            rows.push((place, day));
            if is_exit(place) {
                break;
            }
        }
        rows
    })
}

/// A log in which the rows of partners are mixed, but those of one partner and day keep their order.
fn log() -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec((partner(), 0_u32..40), 1..12).prop_flat_map(|partners| {
        let rows: Vec<Row> = partners
            .iter()
            .enumerate()
            .flat_map(|(number, (rows, start))| {
                let row = move |(place, day): &(&'static str, u32)| Row {
                    partner: format!("P-{number}"),
                    place,
                    day: start + day,
                };
                rows.iter().map(row).collect::<Vec<Row>>()
            })
            .collect();
        let order: Vec<u32> = (0..rows.len() as u32).collect();
        (Just(rows), Just(order).prop_shuffle()).prop_map(|(rows, order)| {
            let mut keyed: Vec<(u32, Row)> = order.into_iter().zip(rows).collect();
            // Shuffled, then each partner's rows put back in order at the places that they got.
            let mut places: HashMap<String, Vec<u32>> = HashMap::new();
            for (at, row) in &keyed {
                places.entry(row.partner.clone()).or_default().push(*at);
            }
            for places in places.values_mut() {
                places.sort_unstable_by(|a, b| b.cmp(a));
            }
            for (at, row) in &mut keyed {
                *at = places.get_mut(&row.partner).and_then(Vec::pop).expect("a place");
            }
            keyed.sort_by_key(|(at, _)| *at);
            keyed.into_iter().map(|(_, row)| row).collect()
        })
    })
}

fn day(number: u32) -> String {
    format!("2026-{:02}-{:02}", 1 + number / 28, 1 + number % 28)
}

fn csv(rows: &[Row]) -> String {
    let lines = rows.iter().map(|row| format!("{},{},{}\n", row.partner, row.place, day(row.day)));
    format!("partner,stage,entered_on\n{}", lines.collect::<String>())
}

/// Partners and stays per place, as a plain count of the rows up to a day gives them.
fn counted(rows: &[Row], until: u32) -> (BTreeMap<String, u64>, BTreeMap<String, u64>) {
    let mut by_partner: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.day <= until) {
        by_partner.entry(&row.partner).or_default().push(row);
    }
    let (mut partners, mut stays) = (BTreeMap::new(), BTreeMap::new());
    for rows in by_partner.values_mut() {
        rows.sort_by_key(|row| row.day);
        rows.dedup_by_key(|row| row.place);
        let last = rows.last().expect("a row").place;
        *partners.entry(if is_exit(last) { "left" } else { last }.to_owned()).or_insert(0) += 1;
        for row in rows.iter().filter(|row| !is_exit(row.place)) {
            *stays.entry(row.place.to_owned()).or_insert(0) += 1;
        }
    }
    (partners, stays)
}

fn reported(desk: &Desk, as_of: &str) -> (BTreeMap<String, u64>, BTreeMap<String, u64>, u64) {
    let report = desk.json(&["report", "pipeline", "--as-of", as_of]);
    let column = |name: &str| {
        let rows = report["rows"].as_array().expect("rows").iter();
        rows.filter_map(|row| {
            Some((row["stage"].as_str()?.to_owned(), row[name].as_u64().filter(|n| *n > 0)?))
        })
        .collect()
    };
    (column("partners"), column("stays"), report["stays"].as_u64().expect("stays"))
}

proptest! {
    #![proptest_config(Config { cases: 24, ..Config::default() })]

    #[test]
    fn what_an_export_writes_goes_in_again_and_is_known_then(rows in log(), amounts in prop::collection::vec(1_u32..9_000_000, 0..9)) {
        let desk = Desk::new();
        let moves = desk.file("moves.csv", csv(&rows));
        let mut sales = "partner,on,amount,ref,product\n".to_owned();
        for (amount, at) in amounts.iter().zip(0..) {
            let reference = if at % 3 == 0 { String::new() } else { format!("INV-{at}") };
            let (whole, cents) = (amount / 100, amount % 100);
            sales.push_str(&format!("{},{},{whole}.{cents:02},{reference},\n", rows[0].partner, day(at)));
        }
        let sales = desk.file("sales.csv", sales);
        desk.ok(&["import", "stages", &moves, "--complete-history"]);
        desk.ok(&["import", "revenue", &sales]);
        let text = desk.ok(&["export", "--all"]);
        let copy = Desk::empty();
        let file = copy.file("whole.jsonl", &text);
        copy.ok(&["import", "--all", &file]);
        prop_assert_eq!(copy.ok(&["export", "--all"]), text);
        for words in [vec!["import", "stages", &moves, "--complete-history"], vec!["import", "revenue", &sales]] {
            let said = copy.run(&words);
            prop_assert!(said.err.contains("Nothing new"), "{}", said.err);
        }
    }

    #[test]
    fn the_pipeline_after_an_import_is_what_a_count_of_the_rows_gives(
        rows in log(), until in 0_u32..60, split in 0_usize..100
    ) {
        let desk = Desk::new();
        // The first part alone, then the whole: rows that are known already are not counted twice.
        let part: Vec<Row> = rows.iter().take(rows.len() * split / 100).cloned().collect();
        let whole = desk.file("whole.csv", csv(&rows));
        let nothing = desk.picture();
        desk.ok(&["import", "stages", &whole, "--complete-history"]);
        let (partners, stays) = counted(&rows, until);
        let total: u64 = stays.values().sum();
        prop_assert_eq!(reported(&desk, &day(until)), (partners, stays, total));
        let picture = desk.picture();
        desk.ok(&["import", "stages", &whole, "--complete-history"]);
        prop_assert_eq!(&desk.picture(), &picture, "a second run changes nothing");
        prop_assert_eq!(desk.json(&["log"])["rows"].as_array().map(Vec::len), Some(2));
        desk.check();
        desk.ok(&["undo"]);
        prop_assert_eq!(&desk.picture(), &nothing);
        let total = |rows: &[Row]| counted(rows, 999).1.values().sum::<u64>() as usize;
        let moves = rows.iter().filter(|row| !is_exit(row.place)).count();
        let part = desk.file("part.csv", csv(&part));
        // A row that says nothing new in the whole may have been the first word on a place in the part.
        if total(&rows) == moves && desk.run(&["import", "stages", &part, "--complete-history"]).code == 0 {
            desk.ok(&["import", "stages", &whole, "--complete-history"]);
            prop_assert_eq!(reported(&desk, "2026-11-23"), {
                let (partners, stays) = counted(&rows, 999);
                let total: u64 = stays.values().sum();
                (partners, stays, total)
            });
        }
        desk.check();
    }
}

#[test]
fn rows_of_one_day_count_in_the_order_of_their_time() {
    let desk = Desk::new();
    let newest_first = "partner,stage,entered_on\n\
        A,declined,2026-03-01T17:00:00Z\n\
        A,terms,2026-03-01T09:30:00+01:00\n\
        A,recruitment,2026-03-01T08:00:00Z\n";
    let file = desk.file("crm.csv", newest_first);
    desk.ok(&["import", "stages", &file, "--complete-history"]);
    let shown = desk.json(&["show", "a"]);
    let whats: Vec<&str> = shown["timeline"]
        .as_array()
        .expect("events")
        .iter()
        .filter_map(|event| event["what"].as_str())
        .collect();
    assert_eq!(whats, ["joined as A", "placed in Recruitment", "advanced to Terms", "left, declined"]);
}

#[test]
fn a_partner_that_was_removed_does_not_come_back_with_the_next_import() {
    let desk = Desk::new();
    let file = desk.file(
        "h.csv",
        "partner,stage,entered_on\nTest Account,recruitment,2026-03-01\nReal,terms,2026-03-02\n",
    );
    desk.ok(&["import", "stages", &file, "--complete-history"]);
    desk.ok(&["remove", "test-account", "--reason", "a test"]);
    desk.ok(&["import", "stages", &file, "--complete-history"]);
    assert_eq!(desk.ok(&["list", "--columns", "key", "--format", "csv"]), "key\nreal\n");
}

#[test]
fn a_history_that_comes_after_the_list_of_partners_joins_it() {
    let desk = Desk::new();
    let list = desk.file("list.csv", "name,ref,stage\nAcme GmbH,SF-1,readiness\n");
    desk.ok(&["import", "partners", &list, "--observed-from", "2026-11-01"]);
    let history = desk.file("h.csv", "partner,stage,entered_on\nSF-1,recruitment,2026-03-01\nSF-1,terms,2026-04-01\nSF-1,readiness,2026-06-01\n");
    desk.ok(&["import", "stages", &history, "--complete-history"]);
    let shown = desk.json(&["show", "acme"]);
    assert_eq!(shown["stage"], "readiness");
    assert_eq!(shown["since"], "2026-06-01");
    assert_eq!(shown["observed_from"], "2026-03-01");
    desk.check();
}

#[test]
fn an_import_of_a_day_that_was_corrected_since_adds_nothing() {
    let desk = Desk::new();
    let file = desk.file("h.csv", "partner,stage,entered_on\nA,recruitment,2026-03-01\nA,terms,2026-03-20\n");
    desk.ok(&["import", "stages", &file, "--complete-history"]);
    desk.ok(&["correct", "4", "--on", "2026-04-20"]);
    let picture = desk.picture();
    desk.ok(&["import", "stages", &file, "--complete-history"]);
    assert_eq!(desk.picture(), picture);
}

#[test]
fn an_import_from_standard_input_is_like_one_from_a_file() {
    use std::io::Write;
    let desk = Desk::new();
    let mut child = desk
        .command()
        .args(["import", "stages", "-", "--complete-history"])
        .stdin(std::process::Stdio::piped())
        .spawn()
        .expect("it starts");
    child
        .stdin
        .take()
        .expect("a pipe")
        .write_all(b"partner,stage,entered_on\nA,terms,2026-03-01\n")
        .expect("written");
    assert!(child.wait().expect("it ends").success());
    assert_eq!(desk.json(&["show", "a"])["stage"], "terms");
}

#[test]
fn a_bad_row_is_told_by_its_line_whatever_ends_the_lines() {
    let rows = "partner,stage,entered_on\n\nA,terms,2026-03-01\n\n\n\"B\nb\",terms,2026-03-01\nC,Termz,2026-03-01\nD,x,2026-03-01";
    for end in ["\n", "\r\n", "\r"] {
        let desk = Desk::new();
        let file = desk.file("h.csv", rows.replace('\n', end));
        let err = desk.fails(6, &["import", "stages", &file, "--complete-history"]);
        for line in ["line 6, partner `B b`: ", "line 8, partner `C`: ", "line 9, partner `D`: "] {
            assert!(err.contains(line), "{end:?}: {line} is missing in {err}");
        }
    }
}

#[test]
fn unknown_stages_are_told_once_with_the_options_that_would_map_them() {
    let desk = Desk::new();
    let file = desk.file(
        "h.csv",
        "partner,stage,entered_on\nA,Closed Won,2026-03-01\nB,Closed Won,2026-03-01\nC,x,2026-03-01\n",
    );
    let err = desk.fails(6, &["import", "stages", &file, "--complete-history"]);
    assert!(err.contains("--stage-map 'Closed Won=STAGE' --stage-map 'x=STAGE'"), "{err}");
    assert_eq!(err.matches("`withdrew`").count(), 1, "{err}");
    let mapped = ["--stage-map", "closed won=growth", "--stage-map", "X=terms", "--stage-map", "Won=launch"];
    let said = desk.run(&[&["import", "stages", &file, "--complete-history"], &mapped[..]].concat());
    assert!(said.err.contains("note: --stage-map: unused: `Won`"), "{}", said.err);
    assert_eq!(desk.json(&["show", "a"])["stage"], "growth");
    let twice = ["--stage-map", "x=terms", "--stage-map", "X=launch"];
    let err = desk.fails(2, &[&["import", "stages", &file, "--complete-history"], &twice[..]].concat());
    assert!(err.contains("maps `X` to both `launch` and `terms`"), "{err}");
}

#[test]
fn no_column_is_proposed_that_may_be_another() {
    let desk = Desk::new();
    let file = desk.file("crm.csv", "Account ID,Account Name,Partner Type,Region\n1,Acme,reseller,EMEA\n");
    let err = desk.fails(6, &["import", "stages", &file, "--complete-history"]);
    assert!(err.contains("--map \"HEADER=partner\""), "{err}");
    assert!(err.contains("`Account ID`, `Account Name`, `Partner Type` and `Region`"), "{err}");
}

#[test]
fn what_is_not_said_of_an_import_is_asked_for() {
    let desk = Desk::new();
    let file = desk.file("contacts.csv", "partner,stage,entered_on\nA,terms,2026-03-01\n");
    let err = desk.fails(2, &["import", &file]);
    assert!(err.contains("one of partners, stages, ") && err.contains("deliveries, "), "{err}");
    assert!(err.contains(&format!("`chanlife import KIND {file}`")) && !err.contains('|'), "{err}");
    let err = desk.fails(2, &["import", "stagse", &file]);
    assert!(
        err.contains(
            "unknown kind of import `stagse`, expected one of partners, stages, revenue, rates, plans"
        ) && err.contains("import KIND "),
        "{err}"
    );
    let err = desk.fails(6, &["import", "stages", &file, "--observed-from", "2026-13-45"]);
    assert!(err.contains("--observed-from: `2026-13-45` is neither a date nor a column"), "{err}");
}

#[test]
fn one_of_a_kind_is_said_in_the_singular() {
    let desk = Desk::new();
    let file = desk.file("h.csv", "partner,stage,entered_on\nA,terms,2026-03-01\n");
    desk.ok(&["import", "stages", &file, "--complete-history"]);
    let list = desk.file("p.csv", "name,stage\nA,terms\n");
    let said = desk.run(&["import", "partners", &list, "--complete-history"]);
    assert!(said.err.contains("note: 1 partner kept the recorded stage"), "{}", said.err);
    let sales = desk.file("r.csv", "partner,amount,on\nA,5,2026-03-02\n");
    desk.ok(&["import", "revenue", &sales]);
    let log = desk.ok(&["log"]);
    assert!(log.contains("Imported 2 events with 1 new partner from h.csv\n"), "{log}");
    assert!(log.contains("Imported 1 event from r.csv\n"), "{log}");
}

#[test]
fn the_file_of_bad_rows_can_be_mended_and_imported_as_the_first_one_was() {
    let desk = Desk::new();
    let file = desk.file(
        "crm.csv",
        "Account;Note;Phase;Day\r\nA;\"x\r\ny\";terms;2026-03-01\r\nB;;Termz;2026-03-02\r\nC;\"a;b\";terms\r\n",
    );
    let options =
        ["--delimiter", ";", "--map", "Account=partner", "--map", "Phase=stage", "--map", "Day=entered_on"];
    let import = |file: &str, rejects: &str| {
        let words = ["import", "stages", file, "--complete-history", "--skip-errors", "--rejects", rejects];
        desk.ok(&[&words[..], &options].concat());
        std::fs::read_to_string(desk.folder().join(rejects)).expect("the rejects")
    };
    let rejects = import(&file, "r.csv");
    assert_eq!(
        rejects,
        "Account;Note;Phase;Day;line;error\n\
         B;;Termz;2026-03-02;4;\"unknown stage `Termz`; did you mean `terms`?\"\n\
         C;\"a;b\";terms;;5;has 3 fields, but the header has 4\n"
    );
    let mended = desk.file("mended.csv", rejects.replace("B;;Termz", "B;;terms"));
    let rejects = import(&mended, "r2.csv");
    assert!(rejects.starts_with("Account;Note;Phase;Day;line;error\nC;\"a;b\";terms;;3;"), "{rejects}");
    assert_eq!(desk.ok(&["list", "--columns", "key", "--format", "csv"]), "key\na\nb\n");
}

/// A desk with the partner Acme, which joined on 2026-01-01.
fn with_acme() -> Desk {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--on", "2026-01-01"]);
    desk
}

/// Imports a file that is refused as a whole, and returns what is said of it.
fn refused(desk: &Desk, kind: &str, text: &str) -> String {
    let file = desk.file("bad.csv", text);
    desk.fails(6, &["import", kind, &file])
}

#[test]
fn an_import_refuses_what_the_command_refuses() {
    let desk = with_acme();
    let terms = "partner,term,value,on,from,until\nAcme,margin,15,2026-02-01,2026-03-01,2026-02-01\n";
    let why = refused(&desk, "terms", terms);
    assert!(
        why.contains(
            "line 2, partner `Acme`: the term would end on 2026-02-01, before it starts on 2026-03-01"
        ),
        "{why}"
    );
    let course = "partner,course,person,on,email,until\nAcme,sales,Al,2026-02-01,a@b.example,2025-01-01\n";
    let why = refused(&desk, "certifications", course);
    assert!(
        why.contains("line 2, partner `Acme`: the certificate ended on 2025-01-01, before 2026-02-01, the first day on which it could count"),
        "{why}"
    );
    let why = refused(&desk, "revenue", "partner,amount,period,on\nAcme,99,2025-Q1,2026-02-01\n");
    assert!(why.contains("line 2, partner `Acme`: on is 2026-02-01, which is not in 2025-Q1"), "{why}");
    let care = "partner,step,on,until,reason\nAcme,watch,2026-02-01,,slow\nAcme,improvement,2026-02-02,2026-02-01,\n";
    let why = refused(&desk, "care", care);
    assert!(why.contains("line 3, partner `Acme`: ") && !why.contains("line 2"), "{why}");
    let actions = "partner,what,due,on,period\nAcme,call,2026-03-05,2026-03-02,\nAcme,call,2026-03-05,2026-03-02,2030\n";
    let why = refused(&desk, "actions", actions);
    assert!(why.contains("line 2, partner `Acme`: Acme is not on the watch list"), "{why}");
    assert!(why.contains("line 3, partner `Acme`: Acme has no 2030 plan"), "{why}");
}

#[test]
fn a_contact_is_imported_with_a_valid_address_or_not_at_all() {
    let desk = Desk::new();
    let rows = "name,contact_name,contact_email,contact_role\nI1,Joe,\"a@b.example, v@evil.example\",r\n\
                I2,Joe,not-mail,r\nI3,,,boss\nI4,Joe,a@b.example,r\n";
    let why = refused(&desk, "partners", rows);
    assert!(
        why.contains("line 2, partner `I1`: `a@b.example, v@evil.example` is not an e-mail address"),
        "{why}"
    );
    assert!(why.contains("line 3, partner `I2`: `not-mail` is not an e-mail address"), "{why}");
    assert!(
        why.contains("line 4, partner `I3`: has a contact_role without a name or an e-mail address"),
        "{why}"
    );
    assert!(!why.contains("line 5"), "{why}");
}

#[test]
fn an_import_says_whose_joining_day_it_moves_and_refuses_another_century() {
    let desk = with_acme();
    for kind in ["revenue", "deliveries"] {
        let (columns, row) = match kind {
            "revenue" => ("partner,amount,on", "Acme,10"),
            _ => ("partner,material,version,on", "Acme,documentation-kit,1"),
        };
        let why = refused(&desk, kind, &format!("{columns}\n{row},1926-02-01\n"));
        let early = "line 2, partner `Acme`: is of 1926-02-01, before 1990 and before the partner joined on 2026-01-01";
        assert!(why.contains(early), "{why}");
        let file = desk.file("early.csv", format!("{columns}\n{row},2025-12-31\n"));
        let said = desk.run(&["import", kind, &file]);
        let note =
            "note: joining day moved back to the first row of 1 partner: Acme from 2026-01-01 to 2025-12-31";
        assert!(said.code == 0 && said.err.contains(note), "{}", said.err);
        desk.ok(&["undo"]);
    }
}

#[test]
fn partners_that_left_or_were_parked_are_imported_so_and_ignored_ones_are_counted() {
    let desk = Desk::new();
    let file = desk.file(
        "crm.csv",
        "name,stage,since\nAa,recruitment,2026-02-01\nBb,Inactive,2026-03-01\nCc,Sleeping,2026-04-01\nDd,Draft,\n",
    );
    let options =
        ["--complete-history", "--stage-map", "Inactive=withdrew", "--stage-map", "Sleeping=parked"];
    let words = [&["import", "partners", &file][..], &options, &["--stage-map", "Draft=ignore"]].concat();
    let said = desk.run(&words);
    assert!(
        said.code == 0 && said.err.contains("4 rows: 6 events, 3 new partners, 1 ignored"),
        "{}",
        said.err
    );
    let listed = desk.ok(&["list", "--columns", "key,stage,since,left-as", "--format", "csv"]);
    assert!(
        listed.contains("bb,left,2026-03-01,withdrew") && listed.contains("cc,parked,2026-04-01,"),
        "{listed}"
    );
    assert!(!listed.contains("dd"), "{listed}");
    let again = desk.run(&words);
    assert!(again.err.contains("Nothing new"), "{}", again.err);
    let undated = desk.file("undated.csv", "name,stage\nEe,Inactive\n");
    let why = desk.fails(6, &[&["import", "partners", &undated][..], &options].concat());
    assert!(why.contains("line 2, partner `Ee`: is Inactive (withdrew) without a day in since"), "{why}");
    desk.check();
}

#[test]
fn imported_announcements_are_in_the_report() {
    let desk = with_acme();
    let rows = "partner,announcement,on,subject,launch-day\nAcme,atlas-9,2026-11-01,Atlas 9,2026-12-01\n";
    let file = desk.file("told.csv", rows);
    desk.ok(&["import", "announcements", &file]);
    let report = desk.json(&["report", "communication"]);
    let row = &report["rows"][0];
    assert_eq!(
        (row["announcement"].as_str(), row["first_told"].as_str()),
        (Some("atlas-9"), Some("2026-11-01"))
    );
    assert_eq!((row["subject"].as_str(), row["launch"].as_str()), (Some("Atlas 9"), Some("2026-12-01")));
    assert_eq!(row["told"].as_u64(), Some(1));
    desk.ok(&["report", "communication", "atlas-9"]);
}

#[test]
fn a_bad_row_of_funds_takes_only_those_with_it_that_follow_from_it() {
    let desk = with_acme();
    let rows = |approved: &str| {
        format!(
            "partner,step,on,fund,amount,ref,period,activity,starts,ends,cost,until,proof\n\
             Acme,grant,2026-01-05,mdf,2000,,2026,,,,,,\n\
             Acme,request,2026-02-02,mdf,1500,REQ-1,,fair,2026-04-20,2026-04-23,2000,,\n\
             Acme,approve,2026-02-06,,{approved},REQ-1,,,,,,,\n\
             Acme,claim,2026-05-04,,1400,REQ-1,,,,,,,invoice 88\n\
             Acme,pay,2026-05-18,,,REQ-1,,,,,,,invoice 88\n\
             Acme,request,2026-03-02,mdf,100,REQ-2,,fair,2026-06-20,2026-06-23,200,,\n"
        )
    };
    for (bad, why) in [("", "has no amount"), ("9999", "approves more than the request of line 3 asks")] {
        let said = refused(&desk, "funds", &rows(bad));
        assert!(said.contains("3 rows of bad.csv cannot be imported"), "{said}");
        assert!(
            said.lines().any(|line| line.starts_with("  line 4, partner `Acme`: ") && line.ends_with(why)),
            "{said}"
        );
        assert!(
            said.contains(
                "line 5, partner `Acme`: follows from line 4\n  line 6, partner `Acme`: follows from line 4"
            ),
            "{said}"
        );
        let file = desk.file("bad.csv", rows(bad));
        let said = desk.run(&["import", "funds", &file, "--skip-errors"]);
        assert!(said.code == 0 && said.err.contains("6 rows: 3 events, 3 skipped"), "{}", said.err);
        desk.ok(&["undo"]);
    }
    let file = desk.file("good.csv", rows("1500"));
    let said = desk.run(&["import", "funds", &file]);
    assert!(said.code == 0 && said.err.contains("6 rows: 6 events"), "{}", said.err);
    let said = desk.run(&["import", "funds", &file]);
    assert!(said.err.contains("6 rows: 0 events, 6 already recorded"), "{}", said.err);
    desk.check();
}

#[test]
fn a_file_as_a_spreadsheet_saves_it_gets_the_hint_that_helps() {
    let desk = with_acme();
    let files: [(&[u8], &str, &str); 6] = [
        (b"partner;amount;on\nAcme;1;2026-02-01\n", "bad.csv, line 1: ", "hint: add --delimiter ';'"),
        (b"partner\tamount\ton\nAcme\t1\t2026-02-01\n", "separated by tabs", "hint: add --delimiter '\\t'"),
        (b"sep=;\npartner;amount;on\n", "`sep=`", "hint: delete this line, and add --delimiter ';'"),
        (b"PK\x03\x04\x14\x00", "bad.csv, line 1: the file is an Excel workbook", "hint: save it as CSV"),
        (
            b"partner,amount,on\nAc\"me,1,2026-02-01\n",
            "bad.csv, line 2: a quote",
            "hint: put the field in quotes",
        ),
        (
            b"partner,amount,on\nAcme,\"12,50\",2026-02-01\n",
            "line 2, partner `Acme`: ",
            "hint: replace decimal commas by points",
        ),
    ];
    for (content, why, hint) in files {
        let file = desk.file("bad.csv", content);
        let said = desk.fails(6, &["import", "revenue", &file]);
        assert!(said.contains(why) && said.contains(hint), "{said}");
    }
    let file = desk.file("bad.csv", "partner;amount;on\nAcme;1;2026-02-01\n");
    desk.ok(&["import", "revenue", &file, "--delimiter", ";"]);
}

#[test]
fn options_of_an_import_that_mean_nothing_are_wrong_usage() {
    let desk = with_acme();
    let file = desk.file("x.csv", "partner,amount,on\nAcme,1,2026-02-01\n");
    for option in [
        ["--map", "partner=foo"],
        ["--map", "partner"],
        ["--rate", "USD=0"],
        ["--rate", "USD=nan"],
        ["--rate", "EUR=2"],
        ["--rate", "USD=0.006123456789123456789"],
    ] {
        let why = desk.fails(2, &[&["import", "revenue", &file][..], &option].concat());
        assert!(why.contains(option[0]), "{why}");
    }
    let file = desk.file("h.csv", "partner,stage,entered_on\nAcme,terms,2026-02-01\n");
    desk.fails(2, &["import", "stages", &file, "--complete-history", "--stage-map", "a=nostage"]);
}
