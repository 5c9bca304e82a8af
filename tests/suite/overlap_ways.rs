//! Each way out of an overlap leads out, whatever the order of records and rows, and what a change does beside is said.

use crate::partner_operations::rows;
use crate::support::Desk;
use crate::typed::{event, run, total};

fn desk() -> Desk {
    let desk = Desk::new();
    for partner in ["acme", "bolt"] {
        desk.ok(&["add-partner", partner, "--on", "2025-01-05", "--stage", "growth"]);
    }
    desk
}

fn add(desk: &Desk, words: &str) -> (i32, String) {
    run(desk, &format!("revenue add acme {words}"))
}

fn took(desk: &Desk, words: &str) -> String {
    let (code, said) = add(desk, words);
    assert_eq!(code, 0, "{words}: {said}");
    said
}

#[test]
fn a_total_that_is_replaced_takes_its_parts_along_or_names_them() {
    let desk = desk();
    took(&desk, "100 --period 2026-Q3");
    let whole = event(&desk, 100.0);
    took(&desk, "40 --on 2026-07-04 --detail");
    let part = event(&desk, 40.0);
    let (code, said) = add(&desk, &format!("90 --period 2026-Q2 --replaces {whole}"));
    assert!(code != 0 && said.contains(&format!("event {part}, 40.00 EUR on 2026-07-04")), "{said}");
    assert!(said.contains(&format!("--replaces {whole},{part}")), "{said}");
    assert_eq!(total(&desk), 100.0);
    took(&desk, &format!("90 --period 2026-Q2 --replaces {whole} --beside"));
    assert_eq!(total(&desk), 130.0);
    let said = run(&desk, "undo").1;
    assert!(
        said.contains(&format!("event {part}")) && said.contains(&format!("as a part of event {whole}")),
        "{said}"
    );
    took(&desk, &format!("90 --period 2026-Q2 --replaces {whole},{part}"));
    assert_eq!(total(&desk), 90.0);
    let said = run(&desk, "undo").1;
    assert!(said.contains("counts again"), "{said}");
    assert_eq!(total(&desk), 100.0);
    // Without its total a part counts by itself, and that is said.
    let action = desk.json(&["log", "acme"]);
    let of = |amount: &str| {
        let found = rows(&action)
            .into_iter()
            .find(|row| row["what"].as_str().is_some_and(|what| what.contains(amount)));
        found.expect("an action")["action"].to_string()
    };
    let said = run(&desk, &format!("undo {}", of("100.00 EUR"))).1;
    assert!(said.contains("counts by itself now"), "{said}");
    assert_eq!(total(&desk), 40.0);
    desk.check();
}

#[test]
fn all_records_in_the_way_are_named_with_one_option_that_restates_them() {
    let desk = desk();
    for (amount, day) in [("10", "2026-07-04"), ("20", "2026-08-04"), ("30", "2026-09-04")] {
        took(&desk, &format!("{amount} --on {day}"));
    }
    let [a, b, c] = [10.0, 20.0, 30.0].map(|amount| event(&desk, amount));
    let (_, said) = add(&desk, "100 --period 2026-Q3");
    assert!(said.contains(&format!("--replaces {a},{b},{c}")), "{said}");
    for one in ["10.00 EUR on 2026-07-04", "20.00 EUR on 2026-08-04", "30.00 EUR on 2026-09-04"] {
        assert!(said.contains(one), "{said}");
    }
    took(&desk, &format!("100 --period 2026-Q3 --replaces {a},{b},{c}"));
    assert_eq!(total(&desk), 100.0);
    // The chain of what was replaced leads to what counts.
    took(&desk, "110 --period 2026-Q3 --replaces within");
    let newest = event(&desk, 110.0);
    let (code, said) = run(&desk, &format!("correct {a} --amount 11"));
    assert!(code != 0 && said.contains(&format!("event {newest}")), "{said}");
}

#[test]
fn a_line_that_counts_beside_does_so_whether_it_or_the_total_comes_first() {
    for first in ["20 --on 2026-07-04 --beside", "100 --period 2026-Q3"] {
        let desk = desk();
        let second =
            if first.starts_with("20") { "100 --period 2026-Q3" } else { "20 --on 2026-07-04 --beside" };
        took(&desk, first);
        took(&desk, second);
        assert_eq!(total(&desk), 120.0);
        desk.check();
        assert_ne!(add(&desk, "5 --on 2026-07-05").0, 0);
    }
}

#[test]
fn a_file_of_totals_and_their_lines_is_taken_in_any_order_and_however_they_say_it() {
    let files = [
        "acme,,2026-Q3,100,\nacme,2026-07-04,,40,yes\nacme,2026-08-04,,30,yes\n",
        "acme,2026-08-04,,30,yes\nacme,2026-07-04,,40,yes\nacme,,2026-Q3,100,\n",
        "acme,,2026-Q3,100,yes\nacme,2026-07-04,,40,yes\nacme,2026-08-04,,30,yes\n",
        "acme,2026-07-04,,40,\nacme,,2026-Q3,100,yes\nacme,2026-08-04,,30,\n",
    ];
    for rows in files {
        let desk = desk();
        let file = desk.file("s.csv", format!("partner,on,period,amount,detail\n{rows}"));
        for _ in 0..2 {
            let said = desk.run(&["import", "revenue", &file]);
            assert_eq!((said.code, total(&desk)), (0, 100.0.into()), "{rows}{}", said.err);
        }
        desk.check();
    }
    let desk = desk();
    let plain = "partner,on,period,amount\nacme,2026-07-04,,40\nacme,,2026-Q3,100\nacme,,2026-07,60\n";
    let file = desk.file("s.csv", plain);
    assert_eq!(desk.run(&["import", "revenue", &file]).code, 6);
    let said = desk.run(&["import", "revenue", &file, "--detail"]);
    assert_eq!((said.code, total(&desk)), (0, 100.0.into()), "{}", said.err);
    let file =
        desk.file("b.csv", "partner,on,period,amount,beside\nbolt,,2026-Q3,100,\nbolt,2026-07-04,,20,yes\n");
    let said = desk.run(&["import", "revenue", &file]);
    assert_eq!((said.code, total(&desk)), (0, 220.0.into()), "{}", said.err);
    desk.check();
}

#[test]
fn of_totals_beside_each_other_one_has_room_for_a_part() {
    let desk = desk();
    took(&desk, "100 --period 2026-Q3");
    took(&desk, "50 --period 2026-Q3 --beside");
    for words in ["80 --on 2026-07-04 --detail", "45 --on 2026-07-05 --detail"] {
        took(&desk, words);
    }
    assert_eq!(total(&desk), 150.0);
    let (code, said) = add(&desk, "40 --on 2026-07-06 --detail");
    assert!(code != 0 && said.contains("add up to"), "{said}");
    desk.check();
}

#[test]
fn a_part_never_has_the_other_sign_of_a_total_of_returns() {
    let desk = desk();
    took(&desk, "300 --period 2026-Q3");
    let whole = event(&desk, 300.0);
    took(&desk, "40 --on 2026-07-04 --detail");
    for amount in ["-30", "39.99", "0"] {
        let (code, said) = run(&desk, &format!("correct {whole} --amount {amount}"));
        assert!(
            code != 0 && said.contains("add up to 40.00 EUR, which does not fit the new total of"),
            "{amount}: {said}"
        );
    }
    assert_eq!(run(&desk, &format!("correct {whole} --amount 40")).0, 0);
    took(&desk, "-50 --period 2026-Q2");
    took(&desk, "-20 --on 2026-05-04 --detail");
    assert_eq!(total(&desk), -10.0);
    desk.check();
}

#[test]
fn a_part_that_leaves_its_total_and_a_week_in_two_totals_are_told_what_to_do() {
    let desk = desk();
    took(&desk, "100 --period 2026-Q3");
    took(&desk, "40 --on 2026-09-30 --detail");
    let part = event(&desk, 40.0);
    let (code, said) = run(&desk, &format!("correct {part} --on 2026-10-04"));
    assert!(code != 0 && said.contains("is a part of") && said.contains("outside its days"), "{said}");
    let command = format!("revenue add acme 40.00 --on 2026-10-04 --replaces {part}");
    assert!(said.contains(&command), "{said}");
    assert_eq!(run(&desk, &command).0, 0);
    assert_eq!(total(&desk), 140.0);
    took(&desk, "200 --period 2026-Q2");
    let [q2, q3] = [200.0, 100.0].map(|amount| event(&desk, amount));
    let (_, said) = add(&desk, "7 --period 2026-W27 --detail");
    assert!(said.contains("only some of its days") && !said.contains("leave --detail out"), "{said}");
    assert!(
        said.contains(&format!("--replaces {q3},{q2}")) || said.contains(&format!("--replaces {q2},{q3}")),
        "{said}"
    );
    took(&desk, "7 --period 2026-W27 --beside");
    desk.check();
}

#[test]
fn a_total_takes_returns_from_its_first_day_on_and_its_parts_are_the_deals() {
    let desk = desk();
    took(&desk, "100 --period 2026-Q3 --ref T");
    took(&desk, "-20 --returns T --on 2026-08-15");
    let (code, said) = add(&desk, "-20 --returns T --on 2026-06-30");
    assert!(code != 0 && said.contains("after the return"), "{said}");
    let file = desk.file("r.csv", "partner,on,amount,returns\nacme,2026-07-01,-5,T\n");
    desk.ok(&["import", "revenue", &file]);
    assert_eq!(total(&desk), 75.0);
    took(&desk, "40 --on 2026-07-04 --detail");
    let second_deal = || {
        let shown = desk.ok(&["show", "acme"]);
        shown.lines().find(|line| line.contains("Second deal won")).expect("a milestone").to_owned()
    };
    assert!(second_deal().contains("open"), "{}", second_deal());
    took(&desk, "7 --on 2026-10-10");
    assert!(second_deal().contains("done"), "{}", second_deal());
    desk.check();
}

#[test]
fn an_undo_that_leaves_parts_which_contradict_each_other_is_refused() {
    let desk = desk();
    took(&desk, "100 --on 2026-07-04");
    let sale = event(&desk, 100.0);
    run(&desk, &format!("correct {sale} --amount 130"));
    let first = desk.json(&["log", "--kind", "corrected"])["rows"][0]["action"].to_string();
    run(&desk, &format!("correct {sale} --quantity 13 --unit-price 10"));
    let (code, said) = run(&desk, &format!("undo {first}"));
    assert!(code != 0 && said.contains("would contradict itself"), "{said}");
    assert_eq!(total(&desk), 130.0);
    assert_eq!(run(&desk, "undo").0, 0);
    assert_eq!(run(&desk, &format!("undo {first}")).0, 0);
    assert_eq!(total(&desk), 100.0);
}

#[test]
fn a_corrected_rate_is_asked_about_and_a_corrected_currency_takes_the_rate_that_is_set() {
    let desk = desk();
    desk.ok(&["rate", "set", "USD", "0.9", "--on", "2026-01-01"]);
    took(&desk, "100 --currency USD --on 2026-07-04");
    let sale = event(&desk, 90.0);
    let (code, said) = run(&desk, &format!("correct {sale} --rate 92"));
    assert!(code != 0 && said.contains("far from the last one"), "{said}");
    assert_eq!(run(&desk, &format!("correct {sale} --rate 0.92")).0, 0);
    assert_eq!(run(&desk, &format!("correct {sale} --rate 92 --yes")).0, 0);
    // The rate that is wrong is no measure of the one that is right.
    assert_eq!(run(&desk, &format!("correct {sale} --rate 0.91")).0, 0);
    took(&desk, "500 --on 2026-07-05");
    let other = event(&desk, 500.0);
    let (code, said) = run(&desk, &format!("correct {other} --currency JPY --amount 1000"));
    assert!(code != 0 && said.contains("rate set JPY"), "{said}");
    desk.ok(&["rate", "set", "JPY", "0.006", "--on", "2026-01-01"]);
    let (code, said) = run(&desk, &format!("correct {other} --currency JPY --amount 1000"));
    assert_eq!((code, total(&desk)), (0, 97.0.into()), "{said}");
}

#[test]
fn a_product_or_reference_in_other_letters_is_another_one_and_that_is_said() {
    let desk = desk();
    took(&desk, "100 --period 2026-Q3 --product SKU-7 --ref INV-1");
    let said = took(&desk, "10 --on 2026-08-01 --product sku-7 --ref inv-1");
    assert!(said.contains("product `sku-7` is written `SKU-7` in event"), "{said}");
    assert!(said.contains("reference `inv-1` is written `INV-1` in event"), "{said}");
    let said = took(&desk, "10 --on 2026-08-02 --product SKU-8 --ref INV-2");
    assert!(!said.contains("is written"), "{said}");
    let file =
        desk.file("s.csv", "partner,on,amount,product\nacme,2026-08-03,5,Sku-8\nbolt,2026-08-03,5,sku-8\n");
    let said = desk.run(&["import", "revenue", &file]).err.replace("\n  ", " ");
    assert!(said.contains("product `Sku-8` is written `SKU-8` in event"), "{said}");
}

#[test]
fn machines_read_which_periods_a_window_cuts() {
    let desk = desk();
    took(&desk, "400 --period 2026-Q3");
    took(&desk, "50 --period 2026-07 --detail");
    let report = desk.json(&["report", "revenue", "--period", "2026-07"]);
    assert!(report["caveats"][0].as_str().is_some_and(|one| one.contains("2026-Q3")), "{report}");
    let report = desk.json(&["report", "revenue", "--period", "2026-09"]);
    assert!(report["caveats"][0].as_str().is_some_and(|one| one.contains("2026-Q3")), "{report}");
    let csv = desk.run(&["report", "revenue", "--period", "2026-07", "--format", "csv"]);
    assert!(csv.err.contains("does not count here"), "{}{}", csv.out, csv.err);
}

#[test]
fn a_record_takes_no_other_in_its_place_than_those_that_are_named() {
    let desk = desk();
    took(&desk, "100 --period 2026-06");
    took(&desk, "10 --on 2026-06-02 --beside");
    let (whole, line) = (event(&desk, 100.0), event(&desk, 10.0));
    let (code, said) = add(&desk, &format!("100 --period 2026-06 --replaces {line}"));
    assert!(code != 0 && said.contains(&format!("event {whole}, 100.00 EUR for 2026-06")), "{said}");
    assert!(said.contains(&format!("--replaces {whole},{line}:")), "{said}");
    assert_eq!(total(&desk), 110.0);
    // Whatever is in the way besides is named with what was typed.
    let (_, said) = add(&desk, &format!("90 --period 2026-06 --replaces {line}"));
    assert!(said.contains(&format!("--replaces {whole},{line}:")), "{said}");
    took(&desk, &format!("100 --period 2026-06 --replaces {whole},{line}"));
    assert_eq!(total(&desk), 100.0);
    let said = took(&desk, &format!("100 --period 2026-06 --replaces {whole},{line}"));
    assert!(said.contains("already recorded"), "{said}");
    desk.check();
}

#[test]
fn a_figure_of_nothing_says_what_it_takes_away() {
    let desk = desk();
    took(&desk, "40 --on 2026-07-04");
    took(&desk, "60 --on 2026-08-04");
    let said = took(&desk, "0 --period 2026-Q3 --replaces within");
    assert!(said.contains("Recorded no sales") && said.contains(", in place of events "), "{said}");
    assert_eq!(total(&desk), 0.0);
}

#[test]
fn the_reference_of_a_period_is_restated_for_another_by_the_option_that_is_named() {
    let desk = desk();
    took(&desk, "100 --period 2026-Q3 --ref R");
    let known = event(&desk, 100.0);
    let (code, said) = add(&desk, "100 --period 2026-Q2 --ref R");
    assert!(code != 0 && said.contains("2026-Q2") && said.contains("2026-Q3"), "{said}");
    assert!(said.contains(&format!("--replaces {known}:")) && !said.contains("correct"), "{said}");
    took(&desk, &format!("100 --period 2026-Q2 --ref R --replaces {known}"));
    assert_eq!(total(&desk), 100.0);
}

#[test]
fn a_return_and_its_sale_keep_one_currency_and_one_rate() {
    let desk = desk();
    took(&desk, "120 --currency USD --rate 0.9 --ref R --on 2026-07-01");
    took(&desk, "-120 --currency USD --returns R --on 2026-07-06");
    let (sale, back) = (event(&desk, 108.0), event(&desk, -108.0));
    for right in ["--rate 0.95", "--currency EUR"] {
        let (code, said) = run(&desk, &format!("correct {sale} {right}"));
        assert!(code != 0 && said.contains(&format!("event {back}")), "{right}: {said}");
        assert!(said.contains(&format!("chanlife correct {back} --without returns")), "{said}");
    }
    assert_ne!(run(&desk, &format!("correct {back} --rate 0.5")).0, 0);
    let steps = [
        format!("{back} --without returns"),
        format!("{sale} --rate 0.95"),
        format!("{back} --rate 0.95"),
        format!("{back} --returns R"),
    ];
    for step in steps {
        let (code, said) = run(&desk, &format!("correct {step}"));
        assert_eq!(code, 0, "{step}: {said}");
    }
    assert_eq!(total(&desk), 0.0);
    desk.check();
}

#[test]
fn a_return_counts_for_the_product_and_the_customer_of_the_sale_that_it_names() {
    let desk = desk();
    took(&desk, "100 --on 2026-07-04 --ref I --customer K --product X");
    took(&desk, "-30 --returns I --on 2026-07-09");
    for (by, of) in [("product", "X"), ("customer", "K")] {
        let report = desk.json(&["report", "revenue", "--by", by]);
        let rows = rows(&report);
        assert!(rows.len() == 1 && rows[0][by] == of && rows[0]["amount"].as_f64() == Some(70.0), "{report}");
    }
    // Two products leave open which one came back.
    took(&desk, "50 --on 2026-07-04 --ref I --customer K --product Y");
    took(&desk, "-10 --returns I --on 2026-07-10");
    let report = desk.json(&["report", "revenue", "--by", "product"]);
    assert_eq!(rows(&report).len(), 3, "{report}");
    assert_eq!(rows(&desk.json(&["report", "revenue", "--by", "customer"])).len(), 1);
}
