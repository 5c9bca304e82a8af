//! Each hint about money does what it says once it is typed, and what a command says of money is so.

use crate::partner_operations::rows;
use crate::support::{Desk, Said};
use crate::typed::{event, ok, refused, run, total};

fn desk() -> Desk {
    let desk = Desk::new();
    for partner in ["acme", "bolt"] {
        let watched = ["--observed-from", "2024-01-10"];
        desk.ok(
            &[&["add-partner", partner, "--on", "2024-01-10", "--stage", "growth"][..], &watched].concat()
        );
    }
    desk
}

/// Returns the first command that a message names in backticks and that begins so, as it is typed behind `chanlife`.
fn hint(said: &str, begins: &str) -> String {
    let commands = said.split('`').filter_map(|part| part.strip_prefix("chanlife "));
    let mut commands = commands.filter(|command| command.starts_with(begins));
    commands.next().unwrap_or_else(|| panic!("no `{begins}` in {said}")).to_owned()
}

/// Returns what is said behind `--replaces`.
fn replaced(said: &str) -> String {
    let behind = said.split("--replaces ").nth(1).unwrap_or_else(|| panic!("{said}"));
    behind.split([' ', ':', '`']).next().expect("a word").to_owned()
}

fn file(desk: &Desk, rows: &str) -> String {
    desk.file("sales.csv", rows)
}

#[test]
fn a_total_below_its_parts_is_restated_with_them_by_the_command_that_is_named() {
    let desk = desk();
    ok(&desk, "revenue add acme 400 --period 2026-Q3");
    let whole = event(&desk, 400.0);
    ok(&desk, "revenue add acme 50 --on 2026-07-10 --detail");
    let said = refused(&desk, &format!("correct {whole} --amount 39"));
    assert!(said.contains(&format!("the parts of event {whole} of acme add up to 50.00 EUR")), "{said}");
    assert!(said.contains("new total of 39.00 EUR"), "{said}");
    let anew = hint(&said, "revenue add");
    // By the total alone it is refused too, and the option that is named works as well.
    let said = refused(&desk, &format!("revenue add acme 39 --period 2026-Q3 --replaces {whole}"));
    ok(&desk, &format!("revenue add acme 39 --period 2026-Q3 -n --replaces {}", replaced(&said)));
    ok(&desk, &anew);
    assert_eq!(total(&desk), 39.0);
    let said = refused(&desk, "revenue add acme 40 --on 2026-07-11 --detail");
    ok(&desk, &hint(&said, "correct").replace("AMOUNT", "90"));
    ok(&desk, "revenue add acme 40 --on 2026-07-11 --detail");
    assert_eq!(total(&desk), 90.0);
    desk.check();
}

#[test]
fn a_total_of_all_products_is_the_total_of_those_of_each_in_any_order() {
    let totals = ["100 --period 2026-Q2 --product X", "80 --period 2026-Q2 --product Y"];
    for order in [[0, 1, 2], [2, 0, 1], [0, 2, 1]] {
        let desk = desk();
        for at in order {
            let detail = if at == order[0] || at == 1 && order[1] == 1 { "" } else { " --detail" };
            let what = totals.get(at).copied().unwrap_or("500 --period 2026-Q2");
            ok(&desk, &format!("revenue add acme {what}{detail}"));
        }
        assert_eq!(total(&desk), 500.0, "{order:?}");
        desk.check();
    }
    let desk = desk();
    let rows = "partner,amount,period,product,detail\nacme,500,2026-Q2,,yes\nacme,100,2026-Q2,X,\nacme,80,2026-Q2,Y,\n";
    ok(&desk, &format!("import revenue {}", file(&desk, rows)));
    assert_eq!(total(&desk), 500.0);
}

#[test]
fn a_rate_that_is_missing_is_set_from_the_day_that_is_named_and_a_moved_sale_says_which_rate_it_keeps() {
    let desk = desk();
    let said = refused(&desk, "revenue add acme 100 --currency USD --on 2026-02-01");
    ok(&desk, &hint(&said, "rate set").replace("RATE", "0.9"));
    ok(&desk, "revenue add acme 100 --currency USD --on 2026-02-01");
    ok(&desk, "rate set USD 0.95 --on 2026-10-01");
    let said = ok(&desk, &format!("correct {} --on 2026-10-05", event(&desk, 90.0)));
    assert!(said.contains("its rate stays 0.9; 1 USD is 0.95 from 2026-10-01 on"), "{said}");
    ok(&desk, &hint(&said, "correct"));
    assert_eq!(total(&desk), 95.0);
    let (code, said) = run(
        &desk,
        &format!("import revenue {}", file(&desk, "partner,amount,currency,on\nacme,1,usd,2026-07-01\n")),
    );
    assert!(
        code != 0 && said.contains("unknown currency `usd`; write USD") && !said.contains("RATE"),
        "{said}"
    );
}

#[test]
fn a_file_that_names_both_keys_of_a_merged_partner_goes_in_again() {
    let desk = desk();
    let rows = "partner,amount,on,ref\nacme,10,2026-07-01,A\nbolt,20,2026-07-02,B\nbolt,30,2026-07-03,\n";
    let sales = file(&desk, rows);
    ok(&desk, &format!("import revenue {sales}"));
    ok(&desk, "merge bolt --into acme -y --without-stages");
    let said = ok(&desk, &format!("import revenue {sales}"));
    assert!(said.contains("0 events, 3 already recorded"), "{said}");
    assert_eq!(total(&desk), 60.0);
    desk.check();
}

#[test]
fn several_rows_of_a_file_stand_in_place_of_one_figure_and_go_in_again() {
    let desk = desk();
    ok(&desk, "revenue add acme 300 --period 2026-Q3");
    let quarter = event(&desk, 300.0);
    let rows = ["100,2026-07", "90,2026-08", "80,2026-09"];
    let rows: Vec<String> = rows.iter().map(|row| format!("acme,{row},{quarter}")).collect();
    let sales = file(&desk, &format!("partner,amount,period,replaces\n{}\n", rows.join("\n")));
    ok(&desk, &format!("import revenue {sales}"));
    assert_eq!(total(&desk), 270.0);
    let said = ok(&desk, &format!("import revenue {sales}"));
    assert!(said.contains("0 events, 3 already recorded"), "{said}");
    ok(&desk, "undo");
    assert_eq!(total(&desk), 300.0);
    desk.check();
}

#[test]
fn what_was_restated_is_not_recorded_again_by_hand_in_silence() {
    let desk = desk();
    ok(&desk, "revenue add acme 40 --on 2026-07-04 --ref V");
    ok(&desk, "revenue add acme 60 --on 2026-08-04");
    ok(&desk, "revenue add acme 0 --period 2026-Q3 --replaces within");
    let said = ok(&desk, "revenue add acme 40 --on 2026-07-04 --ref V");
    assert!(said.contains("is already recorded by event") && said.contains("counts no more"), "{said}");
    assert_eq!(total(&desk), 0.0);
    // Without a reference it may be another sale, so it is recorded, and the doubt is said.
    let said = ok(&desk, "revenue add acme 60 --on 2026-08-04");
    assert!(said.contains("was recorded before by event"), "{said}");
    let said = ok(&desk, "revenue add acme 60 --on 2026-08-04");
    assert!(!said.contains("was recorded before by event"), "the same counts now: {said}");
    ok(&desk, "revenue add acme 40 --on 2026-07-04 --ref V --beside");
    assert_eq!(total(&desk), 160.0);
    desk.check();
}

#[test]
fn a_return_of_a_sale_that_was_restated_says_what_stands_in_its_place() {
    let desk = desk();
    ok(&desk, "revenue add acme 400 --ref INV-910 --on 2026-07-03");
    ok(&desk, "revenue add acme 900 --period 2026-Q3 --replaces within");
    let quarter = event(&desk, 900.0);
    let said = refused(&desk, "revenue add acme -300 --returns INV-910 --on 2026-10-02");
    assert!(said.contains(&format!("counts no more: event {quarter} stands in its place")), "{said}");
    ok(&desk, &hint(&said, "correct").replace("AMOUNT", "600"));
    assert_eq!(total(&desk), 600.0);
    ok(&desk, "revenue add acme -300 --on 2026-10-02");
    assert_eq!(total(&desk), 300.0);
}

#[test]
fn a_sale_before_the_joining_day_names_the_event_that_moves_it() {
    let desk = desk();
    let said = refused(&desk, "revenue add acme 4200 --on 2023-07-03");
    ok(&desk, &hint(&said, "correct"));
    ok(&desk, "revenue add acme 4200 --on 2023-07-03");
}

#[test]
fn a_list_price_of_the_other_sign_is_corrected_by_the_option_that_is_named() {
    let desk = desk();
    ok(&desk, "revenue add acme --quantity 12 --unit-price 9 --list-amount 110 --on 2026-07-01");
    let sale = event(&desk, 108.0);
    let said = refused(&desk, &format!("correct {sale} --quantity -12"));
    assert!(said.contains("add --list-amount -110"), "{said}");
    ok(&desk, &format!("correct {sale} --quantity -12 --list-amount -110"));
}

#[test]
fn a_sale_that_parent_and_child_report_counts_once_in_every_format_and_after_each_correction() {
    let desk = desk();
    ok(&desk, "edit bolt --parent acme --on 2024-01-10");
    ok(&desk, "revenue add acme 100 --ref A --on 2026-07-01 --product X");
    ok(&desk, "revenue add bolt 100 --ref A --on 2026-07-01");
    let list = desk.json(&["revenue", "list"]);
    assert!(list["caveats"][0].as_str().is_some_and(|one| one.contains("counted once")), "{list}");
    let counted: f64 = rows(&list).iter().filter_map(|row| row["counted"].as_f64()).sum();
    assert_eq!(Some(counted), list["total"].as_f64(), "{list}");
    let sales = rows(&list);
    let also: Vec<&str> = sales.iter().filter_map(|row| row["also_reported_by"].as_str()).collect();
    assert_eq!(also, ["bolt"], "{list}");
    let Said { out, err, .. } = desk.run(&["revenue", "list", "--format", "csv"]);
    assert!(out.contains("counted,also_reported_by") && err.contains("counted once"), "{out}{err}");
    let said = ok(&desk, "report revenue --where key=acme");
    assert!(said.contains("All revenue counts for partners below."), "{said}");
    // Alone, a partner shows what it reported.
    assert_eq!(desk.json(&["revenue", "list", "acme"])["total"].as_f64(), Some(100.0));
    let number = |of: &str| {
        let list = desk.json(&["revenue", "list", of]);
        rows(&list)[0]["event"].as_i64().expect("a number")
    };
    let (above, below) = (number("acme"), number("bolt"));
    let said = ok(&desk, &format!("correct {above} --amount 90"));
    let other = format!("`bolt` (event {below}) reports the same sale");
    assert!(said.contains(&other) && said.contains("100.00 EUR, as before"), "{said}");
    let said = ok(&desk, &format!("correct {below} --amount 80"));
    assert!(said.contains("80.00 EUR, not 100.00 EUR"), "{said}");
    let said = ok(&desk, &format!("correct {below} --ref B --on 2026-07-02"));
    assert!(said.contains("`acme` (event"), "{said}");
    let all = total(&desk).as_f64().expect("a total");
    assert!(said.contains(&format!("{all:.2} EUR")), "{said} and {all}");
}

#[test]
fn a_return_is_listed_with_the_product_and_the_customer_for_which_it_counts() {
    let desk = desk();
    ok(&desk, "revenue add acme 100 --on 2026-07-04 --ref I --customer K --product X");
    ok(&desk, "revenue add acme -30 --returns I --on 2026-07-09");
    let list = desk.json(&["revenue", "list"]);
    let of = |part: &str| rows(&list).iter().map(|row| row[part].clone()).collect::<Vec<_>>();
    assert_eq!(of("product"), ["X", "X"]);
    assert_eq!(of("customer"), ["K", "K"]);
}

#[test]
fn a_part_whose_total_was_undone_is_shown_as_it_counts() {
    let desk = desk();
    ok(&desk, "revenue add acme 100 --period 2026-Q3");
    ok(&desk, "revenue add acme 40 --on 2026-07-01 --detail");
    assert!(ok(&desk, "show acme").contains("sold 40.00 EUR, as a part of event"));
    let log = desk.json(&["log", "acme"]);
    let action = rows(&log).into_iter().find(|row| row["what"].to_string().contains("100.00 EUR"));
    ok(&desk, &format!("undo {}", action.expect("an action")["action"]));
    let said = ok(&desk, "show acme");
    assert!(said.contains("sold 40.00 EUR") && !said.contains("as a part of"), "{said}");
}

#[test]
fn what_has_never_accrued_is_said_with_the_command_that_posts_it() {
    let desk = desk();
    ok(&desk, "revenue add acme 10000 --on 2026-05-01");
    ok(&desk, "revenue add bolt 20000 --on 2026-04-01");
    let said = ok(&desk, "fund accrue acme");
    assert!(said.contains("200.00 EUR for 1 Apr to 30 Jun 2026 has not accrued yet"), "{said}");
    let one = hint(&said, "fund accrue");
    let said = ok(&desk, "fund accrue --where stage=growth");
    assert!(said.contains("600.00 EUR of earlier quarters has not accrued to 2 partners yet"), "{said}");
    assert!(!said.contains("nothing to accrue"), "{said}");
    let all = hint(&said, "fund accrue");
    assert!(ok(&desk, &one).contains("accrued 200.00 EUR"));
    let said = ok(&desk, &all);
    assert!(said.contains("accrued 400.00 EUR") && said.contains("1 partner updated, 1 unchanged"), "{said}");
    ok(&desk, "undo");
    ok(&desk, "undo");
    let said = ok(&desk, &all);
    assert!(said.contains("600.00 EUR in all, for 2 partners"), "{said}");
    // Revenue that moves to a quarter before the first that accrued is not lost in silence.
    ok(&desk, "revenue add acme -4000 --on 2026-06-30");
    ok(&desk, "revenue add acme 4000 --on 2026-03-31");
    let said = ok(&desk, "fund accrue acme");
    assert!(said.contains("by 80.00 EUR") && said.contains("80.00 EUR for 1 Jan to 31 Mar 2026"), "{said}");
    assert!(ok(&desk, &hint(&said, "fund accrue")).contains("accrued 80.00 EUR"));
    desk.check();
}

#[test]
fn a_correction_says_the_amount_before_and_what_it_changes_of_accruals() {
    let desk = desk();
    ok(&desk, "revenue add acme 7000 --on 2026-05-01");
    let sale = event(&desk, 7000.0);
    ok(&desk, "fund accrue acme --period 2026-Q2");
    let said = ok(&desk, &format!("correct {sale} --amount 700"));
    assert!(said.contains("amount from 7000.00 to 700.00 EUR"), "{said}");
    assert!(said.contains("co-op accruals change by -126.00 EUR"), "{said}");
    assert!(ok(&desk, &hint(&said, "fund accrue")).contains("by 126.00 EUR"));
    let said = ok(&desk, &format!("correct {sale} --product X"));
    assert!(!said.contains("accruals"), "{said}");
}

#[test]
fn a_year_whose_name_a_budget_of_other_days_has_gets_another_name() {
    let desk = desk();
    let program = desk.ok(&["program", "show"]);
    let moved = program.replace("fiscal_year_start = 1", "fiscal_year_start = 4");
    assert_ne!(moved, program);
    ok(&desk, "fund grant acme 1000 --on 2026-02-01");
    let moved_file = desk.file("moved.toml", &moved);
    let said = ok(&desk, &format!("program diff {moved_file}"));
    assert!(said.contains("is refused: 1000.00 EUR was granted from the budget of `mdf`"), "{said}");
    let days = said.split('`').find(|part| part.starts_with("2026 = {")).expect("days").to_owned();
    assert!(refused(&desk, &format!("program apply {moved_file}")).contains(&days));
    let named = moved.replace("2026 = 50000", &days);
    assert_ne!(named, moved);
    let named_file = desk.file("named.toml", &named);
    assert!(!ok(&desk, &format!("program diff {named_file}")).contains("is refused"));
    ok(&desk, &format!("program apply {named_file}"));
    let report = ok(&desk, "report funds");
    assert!(report.contains("mdf 1 Jan to 31 Dec 2026"), "{report}");
    let said = refused(&desk, "fund grant acme 500 --on 2025-11-02");
    let year = said.split('`').find(|part| part.starts_with("2025 = {")).expect("a year");
    let year = year.replace("AMOUNT", "900");
    let more = named.replace("2027 = 50000", &format!("2027 = 50000, {year}"));
    assert_ne!(more, named);
    ok(&desk, &format!("program apply {}", desk.file("more.toml", &more)));
    ok(&desk, "fund grant acme 500 --on 2025-11-02");
    desk.check();
}

#[test]
fn an_amount_that_later_money_rests_on_says_which_to_correct_first_and_expired_money_stays() {
    let desk = desk();
    ok(&desk, "fund grant acme 1000 --on 2026-10-01");
    let asked = desk.json(&[
        "fund",
        "request",
        "acme",
        "fair",
        "--fund",
        "mdf",
        "--cost",
        "800",
        "--starts",
        "2026-10-10",
        "--on",
        "2026-10-02",
    ]);
    let request = rows(&asked)[0]["event"].to_string();
    ok(&desk, &format!("fund approve {request} --on 2026-10-03"));
    let claimed = desk.json(&["fund", "claim", &request, "350", "--proof", "P", "--on", "2026-10-15"]);
    let claim = rows(&claimed)[0]["event"].to_string();
    assert!(ok(&desk, "fund list").contains("partly claimed"));
    ok(&desk, &format!("fund pay {claim} --amount 200 --on 2026-10-20"));
    let said = refused(&desk, &format!("correct {claim} --amount 100"));
    ok(&desk, &hint(&said, "correct").replace("AMOUNT", "60"));
    ok(&desk, &format!("correct {claim} --amount 100"));
    ok(&desk, "fund grant bolt 1000 --on 2026-02-01");
    let grant = desk.json(&["fund", "show", "bolt"])["money_in"][0]["event"].to_string();
    let said = refused(&desk, &format!("fund take-back {grant}"));
    assert!(said.contains("money that has expired cannot be taken back"), "{said}");
    assert!(!said.contains("fund show"), "{said}");
    desk.check();
}

#[test]
fn a_step_to_money_is_one_that_brings_some() {
    let desk = desk();
    ok(&desk, "add-partner cole --stage launch");
    let step = || {
        let dues = desk.json(&["calendar"]).to_string();
        let found =
            dues.split('"').find(|part| part.contains("fund") && part.contains("cole")).map(str::to_owned);
        found.unwrap_or_default()
    };
    assert!(step().contains("fund grant cole AMOUNT --fund mdf"), "{}", step());
    ok(&desk, &step().trim_start_matches("chanlife ").replace("AMOUNT", "100"));
    assert!(!step().contains("fund accrue") && !step().contains("fund grant"), "{}", step());
}

#[test]
fn each_way_out_of_an_overlap_was_tried_before_it_is_named() {
    let desk = desk();
    ok(&desk, "revenue add acme 100 --period 2026-Q3");
    let quarter = event(&desk, 100.0);
    ok(&desk, "revenue add acme 40 --on 2026-07-04 --detail");
    // More than the total has room for is no part of it, and a total that goes alone would leave its part.
    let said = refused(&desk, "revenue add acme 90 --on 2026-08-04");
    assert!(!said.contains("--detail"), "{said}");
    let named = replaced(&said);
    assert_eq!(named.split(',').count(), 2, "{said}");
    ok(&desk, &format!("revenue add acme 90 --on 2026-08-04 -n --replaces {named}"));
    let said = refused(&desk, "revenue add acme 30 --on 2026-08-04");
    assert!(said.contains("--detail:") && said.contains("--beside:"), "{said}");
    for option in ["--detail".to_owned(), "--beside".to_owned(), format!("--replaces {}", replaced(&said))] {
        ok(&desk, &format!("revenue add acme 30 --on 2026-08-04 -n {option}"));
    }
    // A return that fits no sale says so first, whatever it would count beside.
    let said = refused(&desk, "revenue add acme -30 --on 2026-08-04 --returns NONE");
    assert!(said.contains("has no sale with the reference `NONE`") && !said.contains("--replaces"), "{said}");
    let said = refused(&desk, &format!("revenue add acme 90 --period 2026-Q2 --replaces {quarter}"));
    ok(&desk, &format!("revenue add acme 90 --period 2026-Q2 -n --replaces {}", replaced(&said)));
}

#[test]
fn revenue_that_changes_what_accrued_says_so_with_the_command() {
    let desk = desk();
    ok(&desk, "revenue add acme 7000 --on 2026-05-01 --ref I1");
    assert!(!ok(&desk, "revenue add bolt 7000 --on 2026-05-01 --ref I2").contains("accruals"));
    ok(&desk, "fund accrue acme --period 2026-Q2");
    let said = ok(&desk, "revenue add acme -2000 --on 2026-05-03 --returns I1");
    assert!(said.contains("co-op accruals change by -40.00 EUR; post them"), "{said}");
    assert!(ok(&desk, &hint(&said, "fund accrue")).contains("by 40.00 EUR"));
    let said = ok(&desk, "revenue add acme 9000 --period 2026-Q2 --replaces within");
    assert!(said.contains("co-op accruals change by 80.00 EUR"), "{said}");
    assert!(ok(&desk, &hint(&said, "fund accrue")).contains("80.00 EUR"));
    // A sale of a quarter that has not accrued changes nothing.
    assert!(!ok(&desk, "revenue add acme 100").contains("accruals change"));
}

#[test]
fn a_credit_note_is_no_report_of_its_month() {
    let desk = desk();
    let owed = |desk: &Desk| ok(desk, "report reporting");
    ok(&desk, "edit acme --observed-from 2026-01-01");
    let before = owed(&desk);
    ok(&desk, "revenue add acme -50 --on 2026-03-09");
    assert_eq!(owed(&desk), before);
    ok(&desk, "revenue add acme -50 --period 2026-03 --replaces within");
    assert_ne!(owed(&desk), before);
}
