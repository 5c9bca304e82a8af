//! What is recorded twice, merged, or corrected against what else is known; and steps that are never refused.

use crate::partner_operations::desk;

#[test]
fn a_message_with_a_field_without_a_value_is_refused_and_nothing_is_written() {
    let desk = desk();
    desk.file("body.txt", "Dear {{contact}}, your margin is {{margin}} %, the launch is on {{launch_day}}.");
    let tell = ["announce", "atlas", "acme", "--subject", "Atlas", "--body", "body.txt", "--merge", "m.csv"];
    let err = desk.fails(2, &tell);
    assert!(err.contains("{{launch_day}} has no value") && err.contains("--launch-day DATE"), "{err}");
    let dated = [&tell[..], &["--launch-day", "2027-03-01"]].concat();
    for more in [&[][..], &["-n"]] {
        let err = desk.fails(4, &[&dated[..], more].concat());
        assert!(err.contains("{{margin}} has no value for Acme"), "{err}");
        assert!(err.contains("chanlife agree acme margin=NUMBER"), "{err}");
    }
    assert!(!desk.folder().join("m.csv").exists());
    desk.ok(&["agree", "acme", "margin=12"]);
    desk.ok(&dated);
    let merged = std::fs::read_to_string(desk.folder().join("m.csv")).expect("a file");
    assert!(merged.contains("your margin is 12 %, the launch is on 2027-03-01."), "{merged}");
}

#[test]
fn another_launch_day_is_not_passed_over_in_silence() {
    let desk = desk();
    desk.file("body.txt", "Dear {{contact}}");
    desk.ok(&["announce", "atlas", "acme", "--subject", "Atlas", "--body", "body.txt"]);
    let err = desk.fails(4, &["announce", "atlas", "acme", "--launch-day", "2027-03-01"]);
    assert!(err.contains("without a launch day") && err.contains("undo the action"), "{err}");
    desk.ok(&["announce", "atlas", "beta", "--launch-day", "2027-03-01"]);
    desk.ok(&["announce", "atlas", "beta", "--launch-day", "2027-03-01"]);
}

#[test]
fn a_merge_of_two_on_the_watch_list_keeps_the_watch_of_the_one_that_stays() {
    let desk = desk();
    desk.ok(&["watch", "acme", "--reason", "below plan"]);
    desk.ok(&["add-partner", "Twin", "--stage", "growth", "--on", "2026-06-02"]);
    desk.ok(&["watch", "twin", "--reason", "below plan"]);
    let said = desk.run(&["merge", "twin", "--into", "acme", "--without-stages"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.err.contains("Merged Twin into Acme") && said.err.contains("--take watch"), "{}", said.err);
}

#[test]
fn revenue_of_a_period_keeps_its_day_and_is_not_typed_twice_in_silence() {
    let desk = desk();
    let add = ["revenue", "add", "acme", "120", "--period", "2026-10"];
    desk.ok(&add);
    let again = desk.run(&add).err;
    assert!(again.contains("is already recorded, by event"), "{again}");
    let log = desk.json(&["log", "acme"]);
    let sale = log["rows"].as_array().expect("rows").iter().find(|row| row["kind"] == "sold");
    let number = sale.expect("a sale")["event"].to_string();
    let err = desk.fails(4, &["correct", &number, "--on", "2026-09-30"]);
    assert!(err.contains("is the revenue of 2026-10, so its day cannot change"), "{err}");
    desk.ok(&["correct", &number, "--amount", "130"]);
}

#[test]
fn a_review_without_a_new_summary_is_recorded_once() {
    let desk = desk();
    desk.ok(&["plan", "review", "acme", "--period", "2026-Q3", "--text", "on plan", "--on", "2026-10-12"]);
    let before = desk.picture();
    let said = desk.run(&["plan", "review", "acme", "--period", "2026-Q3"]).err;
    assert!(said.contains("is already recorded, on 2026-10-12"), "{said}");
    assert_eq!(desk.picture(), before);
}

#[test]
fn a_review_from_before_the_partner_left_does_not_count_once_it_is_back() {
    let desk = desk();
    let review = ["plan", "review", "acme", "--period", "2026-Q4"];
    let reviews = || desk.json(&["plan", "show", "acme"])["reviews"].as_array().expect("reviews").len();
    desk.ok(&review);
    assert_eq!(reviews(), 1);
    desk.ok(&["leave", "acme", "--as", "withdrew", "--reason", "merger"]);
    desk.ok(&["return", "acme"]);
    assert_eq!(reviews(), 0);
    desk.ok(&review);
    assert_eq!(reviews(), 1);
    let again = desk.run(&review).err;
    assert!(again.contains("is already recorded"), "{again}");
}

#[test]
fn a_known_row_with_another_reason_or_another_customer_says_that_the_recorded_one_stays() {
    let desk = desk();
    let stages = |reason: &str, why: &str| {
        let head = "partner,stage,entered_on,reason,why\n";
        let file = desk.file("h.csv", format!("{head}acme,terminated,2026-11-02,{reason},{why}\n"));
        let said = desk.run(&["import", "stages", &file, "--observed-from", "2026-01-01"]);
        assert_eq!(said.code, 0, "{}", said.err);
        said.err.replace("\n  ", " ")
    };
    assert!(!stages("too dear", "").contains("stays"));
    assert!(!stages("too dear", "").contains("stays"), "the same again");
    assert!(!stages("", "").contains("stays"), "nothing is said");
    let said = stages("sold to a rival", "conflict");
    assert!(said.contains("line 2: acme is recorded with the reason \"too dear\", which stays"), "{said}");
    let command = said.split('`').find(|part| part.starts_with("chanlife correct")).expect("a command");
    let words = shell_words::split(command).expect("words");
    desk.ok(&words.iter().skip(1).map(String::as_str).collect::<Vec<&str>>());
    assert!(!stages("sold to a rival", "conflict").contains("stays"), "it is corrected");
    assert_eq!(desk.json(&["show", "acme"])["reason"], "sold to a rival");

    let sales = |rows: &str| {
        let file = desk.file("s.csv", format!("partner,on,amount,ref,customer,deal\n{rows}"));
        let said = desk.run(&["import", "revenue", &file]);
        assert_eq!(said.code, 0, "{}", said.err);
        said.err.replace("\n  ", " ")
    };
    assert!(!sales("beta,2026-10-05,10,R1,Roth,\n").contains("stays"));
    assert!(!sales("beta,2026-10-05,10,R1,Roth,\nbeta,2026-10-05,10,R1,,\n").contains("stays"));
    let said = sales("beta,2026-10-05,10,R1,Blau,D1\n");
    assert!(
        said.contains("`R1` of beta is recorded with customer `Roth` and without deal, which stays"),
        "{said}"
    );
    let command = said.split('`').find(|part| part.starts_with("chanlife correct")).expect("a command");
    desk.ok(&command.split(' ').skip(1).collect::<Vec<&str>>());
    assert!(!sales("beta,2026-10-05,10,R1,Blau,D1\n").contains("stays"));
    assert!(!sales("beta,2026-10-05,10,R1,Roth,\n").contains("stays"), "that was first reported");
    let said = sales("beta,2026-10-06,10,R2,Roth,\nbeta,2026-10-06,10,R2,Grun,\n");
    assert!(
        said.contains("line 3: `R2` of beta is in the file before") && said.contains("counts once"),
        "{said}"
    );
}

#[test]
fn a_total_that_restates_itself_and_others_is_not_said_to_be_recorded_twice() {
    let desk = desk();
    desk.ok(&["revenue", "add", "acme", "900", "--period", "2026-Q3"]);
    desk.ok(&["revenue", "add", "acme", "100", "--on", "2026-08-05", "--beside"]);
    let said = desk.run(&["revenue", "add", "acme", "900", "--period", "2026-Q3", "--replaces", "within"]);
    assert!(said.code == 0 && !said.err.contains("recorded twice"), "{}", said.err);
}
