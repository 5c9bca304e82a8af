//! A correction of a sale takes along what belongs to it, or says what stays; and reports of nothing that gave way.

use crate::partner_operations::rows;
use crate::support::Desk;
use crate::typed::{event, ok, refused, total};

fn desk() -> Desk {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--on", "2025-01-02", "--stage", "growth"]);
    desk
}

#[test]
fn returns_go_along_with_the_reference_and_the_product_of_their_sale() {
    let desk = desk();
    ok(&desk, "revenue add acme 100 --ref I1 --on 2026-07-05 --product X --deal D");
    ok(&desk, "revenue add acme -10 --returns I1 --on 2026-07-10 --product X");
    ok(&desk, "revenue add acme -20 --returns I1 --on 2026-07-11");
    let sale = event(&desk, 100.0);
    let said = ok(&desk, &format!("correct {sale} --ref I9 --product Y"));
    assert!(said.contains(&format!("event {} has product Y and has returned sale I9", sale + 1)), "{said}");
    assert!(said.contains(&format!("event {} has returned sale I9", sale + 2)), "{said}");
    let list = desk.json(&["revenue", "list"]);
    let parts = |part: &str| rows(&list).iter().map(|row| row[part].to_string()).collect::<Vec<String>>();
    assert_eq!(parts("product"), ["\"Y\"", "\"Y\"", "\"Y\""]);
    assert_eq!(parts("returns"), ["null", "\"I9\"", "\"I9\""]);
    // What returns take back of a deal counts for it, though they do not name it.
    let by_deal = rows(&desk.json(&["report", "revenue", "--by", "deal"]));
    assert_eq!((by_deal.len(), by_deal[0]["amount"].as_f64()), (1, Some(70.0)));
    ok(&desk, "undo");
    let list = desk.json(&["revenue", "list"]);
    assert_eq!(rows(&list)[1]["returns"], "I1");
    // A return of a whole invoice stays with the lines that keep its number.
    ok(&desk, "revenue add acme 50 --ref I1 --on 2026-07-05 --product Z");
    let said = ok(&desk, &format!("correct {} --ref I2", event(&desk, 50.0)));
    assert!(!said.contains("returned sale"), "{said}");
    desk.check();
}

#[test]
fn an_amount_alone_of_a_sale_in_another_currency_is_asked_for_its_currency() {
    let desk = desk();
    ok(&desk, "rate set USD 0.95 --on 2026-01-01");
    ok(&desk, "revenue add acme --quantity 5 --unit-price 20 --currency USD --on 2026-07-05");
    let correct = format!("correct {} --amount 50 --without quantity,unit-price", event(&desk, 95.0));
    let said = refused(&desk, &correct);
    assert!(said.contains("if it is 50 USD: add --currency USD"), "{said}");
    assert!(said.contains("if it is 50 EUR: add --currency EUR"), "{said}");
    ok(&desk, &format!("{correct} --currency USD"));
    assert_eq!(total(&desk), 47.5);
    ok(&desk, "undo");
    ok(&desk, &format!("{correct} --currency EUR"));
    assert_eq!(total(&desk), 50.0);
}

#[test]
fn the_list_amount_stays_with_a_word_and_never_in_another_currency() {
    let desk = desk();
    let sold =
        "revenue add acme --quantity 10 --unit-price 12.50 --currency USD --rate 0.9 --list-amount 150";
    ok(&desk, sold);
    let sale = event(&desk, 112.5);
    let said = refused(&desk, &format!("correct {sale} --currency EUR"));
    assert!(said.contains("has the list amount 150 USD, which would become 150 EUR"), "{said}");
    let said = ok(&desk, &format!("correct {sale} --quantity 12"));
    assert!(said.contains("the list amount stays 150 USD, so the margin is 0 % instead of 17 %"), "{said}");
    let said = ok(&desk, &format!("correct {sale} --quantity 14 --list-amount 210"));
    assert!(!said.contains("stays"), "{said}");
    ok(&desk, &format!("correct {sale} --currency EUR --without list-amount"));
    let said = ok(&desk, &format!("correct {sale} --quantity 10"));
    assert!(!said.contains("list amount"), "{said}");
}

#[test]
fn a_report_of_nothing_that_gave_way_is_no_record_and_says_to_what() {
    let desk = desk();
    ok(&desk, "revenue add acme 0 --period 2026-Q3");
    ok(&desk, "revenue add acme 0 --period 2026-Q2");
    let records = |desk: &Desk| desk.json(&["report", "revenue"])["rows"][0]["records"].as_i64();
    assert_eq!(records(&desk), Some(2));
    for line in ["500 --period 2026-Q3", "20 --on 2026-08-03"] {
        ok(&desk, &format!("revenue add acme {line}"));
        let gave_way = rows(&desk.json(&["revenue", "list"]));
        let gave_way: Vec<i64> = gave_way.iter().filter_map(|row| row["gave_way_to"].as_i64()).collect();
        let amount = desk.json(&["report", "revenue"])["total"].as_f64().expect("a total");
        assert_eq!(gave_way, [event(&desk, amount)]);
        assert_eq!(records(&desk), Some(2), "{line}");
        ok(&desk, "undo");
    }
    ok(&desk, "revenue add acme 500 --period 2026-Q3");
    let said = ok(&desk, "report revenue --by month");
    assert!(said.contains("1 report of a period spans more than one month"), "{said}");
}
