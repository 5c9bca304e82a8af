//! The very same record again: known by what was first reported of it and by what is right of it, whatever the rate, and
//! whichever way it comes: by hand, in a file, by a merge, an undo or a redo.

use crate::support::Desk;
use crate::typed::{event, ok, one_line, run, total};

fn desk() -> Desk {
    let desk = Desk::new();
    for partner in ["Acme", "Acme Two"] {
        desk.ok(&["add-partner", partner, "--on", "2024-01-10", "--stage", "growth"]);
    }
    desk
}

fn import(desk: &Desk, rows: &str, more: &[&str]) -> (i32, String) {
    let file = desk.file("s.csv", rows);
    one_line(desk.run(&[&["import", "revenue", &file], more].concat()))
}

fn newest_action(desk: &Desk) -> i64 {
    let log = desk.json(&["log"]);
    let actions = log["rows"].as_array().expect("rows").iter().filter_map(|row| row["action"].as_i64());
    actions.max().expect("an action")
}

const HEADER: &str = "partner,amount,on,ref,product,currency,period\n";

#[test]
fn a_file_again_brings_nothing_whatever_was_corrected_of_its_rows() {
    let corrections = [
        "--product SKU-7",
        "--ref S",
        "--amount 130",
        "--on 2026-07-09",
        "--customer Kunde",
        "--quantity 10 --unit-price 9",
        "--currency USD --rate 0.9 --amount 100",
    ];
    for (number, right) in corrections.into_iter().enumerate() {
        for reference in ["R", ""] {
            let desk = desk();
            let rows = format!("{HEADER}acme,100,2026-07-05,{reference},SKU7,,\n");
            assert_eq!(import(&desk, &rows, &[]).0, 0);
            ok(&desk, &format!("correct {} {right} --reason typo", event(&desk, 100.0)));
            let before = total(&desk);
            let (code, said) = import(&desk, &rows, &[]);
            assert!(code == 0 && said.contains("already"), "{number} {reference}: {said}");
            assert_eq!(total(&desk), before, "{right} {reference}");
            if !reference.is_empty() {
                let said = ok(&desk, "revenue add acme 100 --on 2026-07-05 --ref R --product SKU7");
                assert!(said.contains("is already recorded"), "{right}: {said}");
                assert_eq!(total(&desk), before, "{right}");
            }
            desk.check();
        }
    }
}

#[test]
fn a_corrected_file_brings_nothing_either_and_another_amount_is_refused_with_a_command_that_works() {
    let desk = desk();
    for reference in ["", "R"] {
        let row = |amount: &str| format!("{HEADER}acme,{amount},2026-07-05,{reference},,USD,\n");
        assert_eq!(import(&desk, &row("100"), &["--rate", "USD=1"]).0, 0);
        ok(&desk, &format!("correct {} --amount 130 --currency USD", event(&desk, 100.0)));
        assert_eq!(import(&desk, &row("130"), &["--rate", "USD=1"]).0, 0);
    }
    assert_eq!(total(&desk), 260.0);
    let (code, said) = import(&desk, &format!("{HEADER}acme,150,2026-07-05,R,,USD,\n"), &["--rate", "USD=1"]);
    assert_ne!(code, 0);
    let command = said.split("chanlife correct ").nth(1).and_then(|rest| rest.split('`').next()).expect("it");
    assert!(command.contains("--amount 150.00 --currency USD"), "{said}");
    ok(&desk, &format!("correct {command}"));
    assert_eq!(total(&desk), 280.0);
}

#[test]
fn a_rate_tells_no_two_records_apart() {
    let desk = desk();
    let rows = format!(
        "{HEADER}acme,100,2026-07-05,,,USD,\nacme,200,2026-07-06,,,USD,\nacme,50,2026-07-07,R,,USD,\n"
    );
    ok(&desk, "rate set USD 0.9 --on 2026-01-01");
    assert_eq!(import(&desk, &rows, &[]).0, 0);
    ok(&desk, "rate set USD 0.8 --on 2026-06-01");
    for more in [&[][..], &["--rate", "USD=0.95"], &["--rate", "USD=0.99"]] {
        let (code, said) = import(&desk, &rows, more);
        assert_eq!((code, total(&desk)), (0, 315.0.into()), "{more:?}: {said}");
    }
    let said = ok(&desk, "revenue add acme 50 --on 2026-07-07 --ref R --currency USD --rate 0.85");
    assert!(said.contains("already recorded"), "{said}");
}

#[test]
fn a_reference_comes_back_only_once_by_undo_and_redo() {
    let desk = desk();
    ok(&desk, "revenue add acme 100 --on 2026-07-05 --ref R");
    let first = newest_action(&desk);
    ok(&desk, "undo");
    ok(&desk, "revenue add acme 100 --on 2026-07-05 --ref R");
    let (code, said) = run(&desk, &format!("redo {first}"));
    assert!(code != 0 && said.contains("`R` of Acme would count twice"), "{said}");
    ok(&desk, &format!("correct {} --ref S", event(&desk, 100.0)));
    let correction = newest_action(&desk);
    ok(&desk, "revenue add acme 250 --on 2026-07-05 --ref R");
    let (code, said) = run(&desk, &format!("undo {correction}"));
    assert!(code != 0 && said.contains("would count twice"), "{said}");
    assert_eq!(total(&desk), 350.0);
}

#[test]
fn a_file_that_was_undone_and_imported_again_does_not_come_back_beside_itself() {
    let desk = desk();
    let rows = format!("{HEADER}acme,100,2026-07-05,,,,\nacme,200,2026-07-06,,,,\n");
    assert_eq!(import(&desk, &rows, &[]).0, 0);
    let first = newest_action(&desk);
    ok(&desk, "undo");
    assert_eq!(import(&desk, &rows, &[]).0, 0);
    let (code, said) = run(&desk, &format!("redo {first}"));
    assert!(code != 0 && said.contains("was recorded again since"), "{said}");
    assert_eq!(total(&desk), 300.0);
}

#[test]
fn what_a_merge_counts_once_stays_one_sale_when_it_is_corrected() {
    for right in
        ["--amount 90", "--ref B --amount 90", "--on 2026-07-09 --amount 90", "--product X --amount 90"]
    {
        let desk = desk();
        ok(&desk, "revenue add acme-two 100 --on 2026-07-05 --ref A");
        let other = event(&desk, 100.0);
        ok(&desk, "revenue add acme 100 --on 2026-07-05 --ref A");
        let own = event(&desk, 100.0).max(other + 1);
        ok(&desk, "merge acme-two --into acme --without-stages");
        assert_eq!(total(&desk), 100.0);
        let (code, said) = run(&desk, &format!("correct {other} --amount 80"));
        assert!(code != 0 && said.contains(&format!("event {own}")), "{said}");
        ok(&desk, &format!("correct {own} {right}"));
        assert_eq!(total(&desk), 90.0, "{right}");
        desk.check();
    }
}

#[test]
fn a_sale_that_two_partners_of_a_family_report_stays_one_when_the_lower_one_corrects_it() {
    let desk = desk();
    ok(&desk, "edit acme-two --parent acme --on 2024-02-01");
    ok(&desk, "revenue add acme 100 --on 2026-07-04 --ref INV8");
    for partner in ["acme", "acme-two"] {
        ok(&desk, &format!("revenue add {partner} 30 --on 2026-07-05 --ref INV9"));
    }
    assert_eq!(total(&desk), 130.0);
    let list = desk.json(&["revenue", "list", "acme-two"]);
    ok(&desk, &format!("correct {} --amount 120", list["rows"][0]["event"]));
    assert_eq!(total(&desk), 220.0);
}

#[test]
fn a_merge_is_not_undone_under_a_figure_that_restates_one_of_the_other_partner() {
    let desk = desk();
    ok(&desk, "revenue add acme-two 100 --period 2026-Q3");
    let old = event(&desk, 100.0);
    ok(&desk, "merge acme-two --into acme --without-stages");
    let merge = newest_action(&desk);
    ok(&desk, &format!("revenue add acme 120 --period 2026-Q3 --replaces {old}"));
    let (code, said) = run(&desk, &format!("undo {merge}"));
    assert!(code != 0 && said.contains(&format!("event {old}")), "{said}");
    assert_eq!(total(&desk), 120.0);
}

#[test]
fn two_returns_of_one_sale_are_not_more_than_it_after_a_merge() {
    let desk = desk();
    for (partner, back) in [("acme", "50"), ("acme-two", "60")] {
        ok(&desk, &format!("revenue add {partner} 100 --on 2026-07-05 --ref A"));
        ok(&desk, &format!("revenue add {partner} -{back} --on 2026-07-09 --returns A"));
    }
    let (code, said) = run(&desk, "merge acme-two --into acme --without-stages");
    assert!(code != 0 && said.contains("can be returned"), "{said}");
}

#[test]
fn a_figure_is_restated_also_by_an_amount_that_is_known() {
    let desk = desk();
    ok(&desk, "revenue add acme 100 --period 2026-Q3");
    ok(&desk, "revenue add acme 20 --on 2026-08-05 --beside");
    ok(&desk, "revenue add acme 100 --period 2026-Q3 --replaces within");
    assert_eq!(total(&desk), 100.0);
    assert!(
        ok(&desk, "revenue add acme 100 --period 2026-Q3 --replaces within").contains("already recorded")
    );
    for row in ["acme,55,,,,,2026-Q3", "acme,100,,,,,2026-Q3"] {
        assert_eq!(import(&desk, &format!("{HEADER}{row}\n"), &["--replaces", "within"]).0, 0);
    }
    assert_eq!(total(&desk), 100.0);
    ok(&desk, &format!("correct {} --amount 120", event(&desk, 100.0)));
    let (_, said) = import(&desk, &format!("{HEADER}acme,100,,,,,2026-Q3\n"), &["--replaces", "within"]);
    assert_eq!(total(&desk), 100.0, "{said}");
    let (_, said) = import(&desk, &format!("{HEADER}acme,100,,,,,2026-Q3\n"), &["--replaces", "within"]);
    assert!(said.contains("already"), "{said}");
    // A record with a reference stands in place of what it is told to, its like included if that is named.
    ok(&desk, "revenue add acme 30 --on 2026-05-05 --ref N");
    ok(&desk, "revenue add acme 31 --on 2026-05-05 --ref M");
    let (like, other) = (event(&desk, 30.0), event(&desk, 31.0));
    let again = format!("revenue add acme 30 --on 2026-05-05 --ref N --replaces {other}");
    let (code, said) = run(&desk, &again);
    assert!(code != 0 && said.contains(&format!("--replaces {like},{other}:")), "{said}");
    ok(&desk, &format!("{again},{like}"));
    assert_eq!(total(&desk), 130.0);
    desk.check();
}

#[test]
fn a_file_restates_a_figure_with_a_reference_and_says_what_counts_no_more() {
    let desk = desk();
    let header = "partner,amount,period,ref,replaces\n";
    let known = format!("{header}acme,30,2026-Q3,V,\n");
    assert_eq!(import(&desk, &known, &[]).0, 0);
    let old = event(&desk, 30.0);
    let row = format!("{header}acme,25,2026-Q3,V,{old}\n");
    for more in [&["--dry-run"][..], &[]] {
        let (code, said) = import(&desk, &row, more);
        assert_eq!(code, 0, "{said}");
        assert!(said.contains(&format!("event {old}")) && said.contains("30.00 EUR"), "{said}");
    }
    assert_eq!(total(&desk), 25.0);
    assert_eq!(import(&desk, &format!("{header}acme,26,2026-Q3,V,within\n"), &[]).0, 0);
    assert_eq!(total(&desk), 26.0);
}

#[test]
fn a_total_and_its_details_come_in_one_file_in_any_order() {
    let header = "partner,amount,period,on,detail\n";
    let (total_row, lines) = ("acme,100,2026-Q3,,", "acme,40,,2026-07-04,yes\nacme,20,,2026-08-04,yes");
    for rows in [format!("{header}{total_row}\n{lines}\n"), format!("{header}{lines}\n{total_row}\n")] {
        let desk = desk();
        let (code, said) = import(&desk, &rows, &[]);
        assert_eq!((code, total(&desk)), (0, 100.0.into()), "{said}");
        assert_eq!(import(&desk, &rows, &[]).0, 0);
        assert_eq!(total(&desk), 100.0);
        desk.check();
    }
    let desk = desk();
    let rows = "partner,amount,period,on\nacme,40,,2026-07-04\nacme,100,2026-Q3,\n";
    let (code, said) = import(&desk, rows, &["--detail"]);
    assert_eq!((code, total(&desk)), (0, 100.0.into()), "{said}");
}

#[test]
fn a_row_that_counts_twice_says_which_it_is_and_what_can_be_done() {
    let desk = desk();
    ok(&desk, "revenue add acme 100 --period 2026-Q3");
    let (code, said) = import(&desk, &format!("{HEADER}acme,40,,,,,2026-08\n"), &[]);
    assert_ne!(code, 0);
    for part in ["40.00 EUR for 2026-08", "100.00 EUR for 2026-Q3", "replaces, detail or beside"] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[test]
fn a_file_with_a_total_that_restates_and_its_parts_brings_nothing_the_second_time() {
    let desk = desk();
    let header = "partner,amount,period,on,detail,customer,replaces\n";
    let rows = format!(
        "{header}acme,130,2026-Q3,,,,within\nacme,41,,2026-07-04,yes,K,\nacme,10,,2026-08-04,yes,K,\n"
    );
    let by_customer = || desk.json(&["report", "revenue", "--by", "customer"])["rows"].to_string();
    assert_eq!(import(&desk, &rows, &[]).0, 0);
    let before = by_customer();
    let (code, said) = import(&desk, &rows, &[]);
    assert!(code == 0 && said.contains("3 already recorded"), "{said}");
    assert_eq!(by_customer(), before);
    // A part that the total of the same file puts aside is a part of that total.
    let two = format!("{header}acme,140,2026-Q3,,,,within\nacme,41,,2026-07-04,yes,K,\n");
    for rows in [&two, &rows, &rows] {
        let (code, said) = import(&desk, rows, &[]);
        assert!(code == 0 && !said.contains("counts no more"), "{said}");
    }
    assert_eq!(by_customer(), before);
    desk.check();
}

#[test]
fn what_is_recorded_and_counts_no_more_is_said_of_the_row_that_reports_it() {
    let desk = desk();
    let rows = format!("{HEADER}acme,40,2026-07-04,V,,,\nacme,60,2026-08-04,,,,\n");
    assert_eq!(import(&desk, &rows, &[]).0, 0);
    ok(&desk, "revenue add acme 0 --period 2026-Q3 --replaces within");
    let (code, said) = import(&desk, &rows, &[]);
    assert!(code == 0 && said.contains("2 already recorded"), "{said}");
    assert_eq!(said.matches("counts no more").count(), 2, "{said}");
    assert_eq!(total(&desk), 0.0);
}

#[test]
fn a_figure_in_the_middle_of_a_chain_is_not_undone_and_the_one_that_stands_on_it_is_named() {
    let desk = desk();
    ok(&desk, "revenue add acme 300 --period 2026-Q3");
    let first = event(&desk, 300.0);
    ok(&desk, &format!("revenue add acme 350 --period 2026-Q3 --replaces {first}"));
    let (second, middle) = (event(&desk, 350.0), newest_action(&desk));
    ok(&desk, &format!("revenue add acme 360 --period 2026-Q3 --replaces {second}"));
    let third = event(&desk, 360.0);
    let (code, said) = run(&desk, &format!("undo {middle}"));
    assert_eq!(code, 4, "{said}");
    let named =
        format!("action with event {third}, which counts in place of event {second}; undo that action first");
    assert!(said.contains(&named), "{said}");
    ok(&desk, "undo");
    ok(&desk, &format!("undo {middle}"));
    assert_eq!(total(&desk), 300.0);
    desk.check();
}
