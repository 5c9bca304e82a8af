//! Money of funds that is overpaid, paid in parts, taken back, or accrues by tier.

use serde_json::Value;

use crate::partner_operations::{desk, rows};
use crate::support::Desk;

fn balance(desk: &Desk, fund: &str, parts: &[&str]) -> Vec<f64> {
    let shown = desk.json(&["fund", "show", "beta"]);
    let row = rows(&shown).into_iter().find(|row| row["fund"] == fund).expect("a balance");
    parts.iter().map(|part| row[*part].as_f64().expect("money")).collect()
}

/// Requests money, has it approved and claimed, and returns the numbers of request and claim.
fn claimed(desk: &Desk, fund: &str, amount: &str) -> [String; 2] {
    let asked = desk.json(&[
        "fund",
        "request",
        "beta",
        "webinar",
        "--cost",
        "9000",
        "--ask",
        amount,
        "--starts",
        "2026-10-20",
        "--fund",
        fund,
        "--on",
        "2026-10-06",
    ]);
    let request = rows(&asked)[0]["event"].to_string();
    desk.ok(&["fund", "approve", &request, "--on", "2026-10-07"]);
    let claimed = desk.json(&["fund", "claim", &request, "--proof", "invoice 1", "--on", "2026-10-25"]);
    [request, rows(&claimed)[0]["event"].to_string()]
}

#[test]
fn what_was_overpaid_after_a_return_is_set_against_what_accrues_next_and_never_paid_twice() {
    let mut desk = desk();
    desk.ok(&["revenue", "add", "beta", "50000", "--on", "2026-08-14"]);
    desk.ok(&["fund", "accrue", "beta", "--on", "2026-10-05"]);
    let [_, claim] = claimed(&desk, "co-op", "1000");
    desk.ok(&["fund", "pay", &claim, "--on", "2026-10-30"]);
    desk.ok(&["revenue", "add", "beta", "-30000", "--on", "2026-09-20"]);
    let said = desk.run(&["fund", "accrue", "beta"]);
    assert!(said.err.contains("overpaid by 600.00 EUR"), "{}", said.err);
    let parts = ["came_in", "available", "paid", "overpaid"];
    assert_eq!(balance(&desk, "co-op", &parts), [400.0, 0.0, 1000.0, 600.0]);
    let rows_of_fund = rows(&desk.json(&["report", "funds"]));
    assert_eq!(rows_of_fund[0]["overpaid"].as_f64(), Some(600.0));
    desk.ok(&["undo"]);
    assert_eq!(balance(&desk, "co-op", &parts), [1000.0, 0.0, 1000.0, 0.0]);
    desk.ok(&["redo"]);
    // More came back than was sold in a quarter: that is taken back, too.
    desk.ok(&["revenue", "add", "beta", "-5000", "--on", "2026-10-03"]);
    desk.set_today("2027-01-20");
    desk.ok(&["fund", "accrue", "beta"]);
    assert_eq!(balance(&desk, "co-op", &parts), [300.0, 0.0, 1000.0, 700.0]);
    desk.ok(&["revenue", "add", "beta", "55000", "--on", "2026-12-10"]);
    let said = desk.run(&["fund", "accrue", "beta"]);
    assert!(
        said.err.contains("700.00 EUR settles what was overpaid, 400.00 EUR is available"),
        "{}",
        said.err
    );
    assert_eq!(balance(&desk, "co-op", &parts), [1400.0, 400.0, 1000.0, 0.0]);
    desk.ok(&["fund", "accrue", "beta"]);
    assert_eq!(balance(&desk, "co-op", &parts), [1400.0, 400.0, 1000.0, 0.0]);
    desk.check();
}

#[test]
fn what_is_only_committed_or_claimed_is_not_overpaid_and_is_never_proposed_without_a_word() {
    let desk = desk();
    desk.ok(&["revenue", "add", "beta", "100000", "--on", "2026-08-14", "--ref", "A"]);
    desk.ok(&["fund", "accrue", "beta", "--on", "2026-10-05"]);
    let words = ["fund", "request", "beta", "webinar", "--cost", "4000", "--starts", "2026-10-20", "--fund"];
    let asked = desk.json(&[&words[..], &["co-op", "--on", "2026-10-06"]].concat());
    let request = rows(&asked)[0]["event"].to_string();
    desk.ok(&["fund", "approve", &request, "--on", "2026-10-07"]);
    let claim = |amount: &str| {
        let claimed = desk.json(&["fund", "claim", &request, amount, "--proof", amount]);
        rows(&claimed)[0]["event"].to_string()
    };
    let paid = claim("500");
    desk.ok(&["fund", "pay", &paid]);
    desk.ok(&["revenue", "add", "beta", "-90000", "--returns", "A", "--on", "2026-09-29"]);
    let said = desk.run(&["fund", "accrue", "beta", "--period", "2026-Q3"]).err;
    assert!(said.contains("overpaid by 300.00 EUR, to be settled"), "{said}");
    assert!(said.contains("; 1500.00 EUR committed is not covered"), "{said}");
    assert!(said.contains("1500.00 EUR not covered: `chanlife fund claim"), "{said}");
    let parts = ["came_in", "available", "committed", "claimed", "paid", "overpaid", "not_covered"];
    assert_eq!(balance(&desk, "co-op", &parts), [200.0, 0.0, 1500.0, 0.0, 500.0, 300.0, 1500.0]);
    let of_fund = rows(&desk.json(&["report", "funds"]))[0].clone();
    assert_eq!(
        [&of_fund["overpaid"], &of_fund["not_covered"]].map(Value::as_f64),
        [Some(300.0), Some(1500.0)]
    );
    // Claims have the money before what is only committed, and a payment without money overpays the fund.
    let open = claim("1000");
    let shown = desk.json(&["fund", "list"]);
    assert_eq!(shown["requests"][0]["not_covered"].as_f64(), Some(500.0));
    assert_eq!(shown["claims"][0]["not_covered"].as_f64(), Some(1000.0));
    let shown = desk.ok(&["show", "beta"]);
    assert!(shown.contains("300.00 EUR overpaid, 1500.00 EUR not covered"), "{shown}");
    // Nobody paid anything back when what is left of the request is given up.
    let said = desk.run(&["fund", "close", &request]).err;
    assert!(said.contains("500.00 EUR no longer committed; 1000.00 EUR claimed is not covered"), "{said}");
    assert_eq!(balance(&desk, "co-op", &parts), [200.0, 0.0, 0.0, 1000.0, 500.0, 300.0, 1000.0]);
    let said = desk.run(&["fund", "pay", &open]).err;
    assert!(said.contains("co-op is overpaid by 1300.00 EUR"), "{said}");
    assert_eq!(balance(&desk, "co-op", &parts), [200.0, 0.0, 0.0, 0.0, 1500.0, 1300.0, 0.0]);
    desk.check();
}

#[test]
fn a_claim_is_paid_in_parts_and_never_beyond_its_amount() {
    let desk = desk();
    desk.ok(&["fund", "grant", "beta", "3000", "--on", "2026-10-01"]);
    let [_, claim] = claimed(&desk, "mdf", "1000");
    desk.ok(&["fund", "pay", &claim, "--amount", "300", "--ref", "TR-1"]);
    let again = desk.run(&["fund", "pay", &claim, "--amount", "300", "--ref", "TR-1"]);
    assert!(again.code == 0 && again.err.contains("already paid"), "{}", again.err);
    let parts = ["available", "claimed", "paid"];
    assert_eq!(balance(&desk, "mdf", &parts), [2000.0, 700.0, 300.0]);
    let err = desk.fails(4, &["fund", "pay", &claim, "--amount", "700.01"]);
    assert!(err.contains("1000.00 EUR claimed, 300.00 EUR paid, 700.00 EUR unpaid"), "{err}");
    desk.fails(4, &["fund", "pay", &format!("{claim},{claim}9"), "--amount", "1"]);
    let due = desk.json(&["next"])["due"].as_array().expect("due").clone();
    assert!(
        due.iter().any(|one| one["what"].as_str().is_some_and(|what| what.contains("pay 700.00"))),
        "{due:?}"
    );
    // What was paid of it cannot be more than what is claimed.
    desk.fails(4, &["correct", &claim, "--amount", "299"]);
    desk.ok(&["fund", "reject", &claim, "--reason", "no proof of the rest"]);
    assert_eq!(balance(&desk, "mdf", &parts), [2000.0, 0.0, 300.0]);
    desk.ok(&["undo"]);
    desk.ok(&["fund", "pay", &claim]);
    assert_eq!(balance(&desk, "mdf", &parts), [2000.0, 0.0, 1000.0]);
    desk.fails(4, &["fund", "reject", &claim, "--reason", "x"]);
    desk.check();
}

#[test]
fn a_grant_is_taken_back_as_far_as_nothing_is_committed_and_returns_to_the_budget() {
    let desk = desk();
    let granted = desk.json(&["fund", "grant", "beta", "50000", "--on", "2026-10-01"]);
    let grant = rows(&granted)[0]["event"].to_string();
    claimed(&desk, "mdf", "1000");
    desk.fails(4, &["fund", "grant", "acme", "0.01"]);
    let err = desk.fails(4, &["fund", "take-back", &grant, "--amount", "49000.01"]);
    assert!(err.contains("49000.00 EUR not committed"), "{err}");
    desk.ok(&["fund", "take-back", &grant, "--amount", "4000", "--reason", "budget cut"]);
    assert_eq!(balance(&desk, "mdf", &["came_in", "available"]), [46000.0, 45000.0]);
    desk.ok(&["fund", "grant", "acme", "4000"]);
    let err = desk.fails(4, &["fund", "grant", "acme", "0.01"]);
    assert!(err.contains("the 2026 budget of `mdf`"), "{err}");
    let first = desk.json(&["log", "--kind", "fund-taken-back"])["rows"][0]["action"].to_string();
    let err = desk.fails(4, &["undo", &first]);
    assert!(err.contains("54000.00 EUR"), "{err}");
    desk.ok(&["fund", "take-back", &grant]);
    let again = desk.run(&["fund", "take-back", &grant]);
    assert_eq!(again.code, 4, "1000.00 are claimed: {}", again.err);
    assert_eq!(balance(&desk, "mdf", &["came_in", "available", "claimed"]), [1000.0, 0.0, 1000.0]);
    let before = desk.json(&["fund", "show", "beta", "--as-of", "2026-10-02"]);
    assert_eq!(rows(&before)[0]["came_in"].as_f64(), Some(50000.0), "the past stays");
    desk.check();
}

#[test]
fn the_tier_on_the_last_day_of_the_quarter_decides_how_much_accrues() {
    let desk = desk();
    let program = desk.ok(&["program", "show"]);
    let by_tier =
        program.replace("percent_of_revenue = 2", "percent_of_revenue = { silver = 1.5, gold = 3 }");
    desk.ok(&["program", "apply", &desk.file("tiers.toml", &by_tier)]);
    desk.fails(
        6,
        &["program", "check", &desk.file("bad.toml", by_tier.replace("gold = 3 }", "golden = 3 }"))],
    );
    desk.ok(&["revenue", "add", "beta", "10000", "--on", "2026-08-14"]);
    let none = desk.run(&["fund", "accrue", "beta", "--on", "2026-10-05"]);
    assert!(none.err.contains("it had no tier at the end of 2026-Q3"), "{}", none.err);
    desk.ok(&["edit", "beta", "--tier", "silver", "--on", "2026-09-30"]);
    desk.ok(&["edit", "beta", "--tier", "gold", "--on", "2026-10-01"]);
    desk.ok(&["fund", "accrue", "beta", "--on", "2026-10-05"]);
    assert_eq!(balance(&desk, "co-op", &["came_in"]), [150.0]);
    // A new percentage changes no quarter that was accrued by another.
    let more = by_tier.replace("silver = 1.5", "silver = 2");
    desk.ok(&["program", "apply", &desk.file("more.toml", &more)]);
    desk.ok(&["fund", "accrue", "beta"]);
    assert_eq!(balance(&desk, "co-op", &["came_in"]), [150.0]);
    desk.ok(&["revenue", "add", "beta", "10000", "--on", "2026-09-14"]);
    desk.ok(&["fund", "accrue", "beta"]);
    assert_eq!(balance(&desk, "co-op", &["came_in"]), [300.0]);
    let shown = desk.ok(&["program", "show", "--format", "md"]);
    assert!(shown.contains("of revenue 2 % for silver, 3 % for gold"), "{shown}");
    desk.check();
}

#[test]
fn parts_of_claims_and_grants_taken_back_are_imported_once() {
    let desk = desk();
    let rows_of = "partner,step,on,fund,amount,ref,activity,starts,cost,proof\n\
        beta,grant,2026-10-01,mdf,3000,,,,,\n\
        beta,take-back,2026-10-02,mdf,500,,,,,\n\
        beta,take-back,2026-10-02,mdf,500,,,,,\n\
        beta,request,2026-10-03,mdf,1000,R-1,fair,2026-10-10,2000,\n\
        beta,approve,2026-10-04,,1000,R-1,,,,\n\
        beta,claim,2026-10-20,,1000,R-1,,,,INV-1\n\
        beta,pay,2026-10-25,,400,R-1,,,,INV-1\n\
        beta,pay,2026-10-25,,400,R-1,,,,INV-1\n\
        beta,pay,2026-10-26,,200,R-1,,,,INV-1\n";
    let file = desk.file("funds.csv", rows_of);
    desk.ok(&["import", "funds", &file]);
    let all = ["came_in", "available", "claimed", "paid"];
    assert_eq!(balance(&desk, "mdf", &all), [2000.0, 1000.0, 0.0, 1000.0]);
    let again: Value = desk.json(&["import", "funds", &file]);
    assert_eq!(balance(&desk, "mdf", &all), [2000.0, 1000.0, 0.0, 1000.0], "{again}");
    let too_much = "partner,step,on,ref,amount,proof\nbeta,pay,2026-10-27,R-1,1,INV-1\n";
    desk.fails(6, &["import", "funds", &desk.file("more.csv", too_much)]);
    desk.check();
}

#[test]
fn another_first_month_of_the_fiscal_year_moves_no_money_that_has_accrued() {
    for first_month in [2, 4] {
        let mut desk = desk();
        desk.ok(&["revenue", "add", "beta", "50000", "--on", "2026-08-14"]);
        desk.ok(&["fund", "accrue", "beta", "--on", "2026-10-05"]);
        assert_eq!(balance(&desk, "co-op", &["came_in"]), [1000.0]);
        let program = desk.ok(&["program", "show"]);
        let moved = format!("fiscal_year_start = {first_month}");
        let moved = if program.contains("fiscal_year_start = 1") {
            program.replace("fiscal_year_start = 1", &moved)
        } else {
            program.replacen("[program]\n", &format!("[program]\n{moved}\n"), 1)
        };
        desk.ok(&["program", "apply", &desk.file("moved.toml", &moved)]);
        for _ in 0..2 {
            desk.ok(&["fund", "accrue", "beta"]);
            assert_eq!(balance(&desk, "co-op", &["came_in"]), [1000.0], "from month {first_month}");
        }
        // What is sold later accrues once, whichever quarters it lies in.
        desk.ok(&["revenue", "add", "beta", "10000", "--on", "2026-10-15"]);
        for (today, sold_on, came_in) in
            [("2027-02-05", "2026-12-10", 1400.0), ("2027-05-20", "2027-02-10", 1600.0)]
        {
            desk.set_today(today);
            desk.ok(&["revenue", "add", "beta", "10000", "--on", sold_on]);
            for _ in 0..2 {
                desk.ok(&["fund", "accrue", "beta"]);
                assert_eq!(balance(&desk, "co-op", &["came_in"]), [came_in], "from month {first_month}");
            }
        }
        desk.check();
    }
}

#[test]
fn a_budget_of_which_money_was_granted_keeps_its_days_once_it_names_them() {
    let desk = desk();
    desk.ok(&["fund", "grant", "beta", "40000", "--on", "2026-10-01"]);
    let program = desk.ok(&["program", "show"]);
    let moved = if program.contains("fiscal_year_start = 1") {
        program.replace("fiscal_year_start = 1", "fiscal_year_start = 4")
    } else {
        program.replacen("[program]\n", "[program]\nfiscal_year_start = 4\n", 1)
    };
    let err = desk.fails(4, &["program", "apply", &desk.file("moved.toml", &moved)]);
    assert!(err.contains("mdf") && err.contains("2026"), "{err}");
    let days = "2026 = { amount = 50000, from = \"2026-01-01\", to = \"2026-12-31\" }";
    let named = moved.replace("2026 = 50000", days);
    assert_ne!(named, moved, "{moved}");
    desk.ok(&["program", "apply", &desk.file("named.toml", &named)]);
    // The year named for its end goes on behind the days that the budget of 2026 keeps.
    let granted = desk.run(&["fund", "grant", "beta", "10000.01", "--on", "2026-11-01"]);
    assert!(granted.err.contains("from the 2027 budget (1 Apr 2026 to 31 Mar 2027)"), "{}", granted.err);
    desk.check();
}

#[test]
fn what_accrued_to_a_partner_that_left_is_put_right_after_a_return_and_later_quarters_are_refused() {
    let mut desk = desk();
    desk.ok(&["revenue", "add", "beta", "100000", "--on", "2026-08-14", "--ref", "A"]);
    desk.ok(&["fund", "accrue", "beta", "--on", "2026-10-05"]);
    desk.ok(&["leave", "beta", "--as", "withdrew", "--reason", "sold", "--on", "2026-11-01"]);
    desk.ok(&["revenue", "add", "beta", "-100000", "--returns", "A", "--on", "2026-10-20"]);
    desk.set_today("2027-04-20");
    desk.fails(4, &["fund", "accrue", "beta", "--period", "2027-Q1"]);
    let parts = ["came_in", "available", "overpaid"];
    assert_eq!(balance(&desk, "co-op", &parts), [2000.0, 2000.0, 0.0]);
    desk.ok(&["fund", "accrue", "beta", "--period", "2026-Q4"]);
    assert_eq!(balance(&desk, "co-op", &parts), [0.0, 0.0, 0.0]);
    desk.check();
    desk.ok(&["undo"]);
    desk.ok(&["fund", "accrue", "beta"]);
    assert_eq!(balance(&desk, "co-op", &parts), [0.0, 0.0, 0.0]);
    desk.check();
}

#[test]
fn a_fund_that_ends_names_what_each_partner_holds_and_the_commands_that_settle_it_work_as_typed() {
    let desk = desk();
    desk.ok(&["add-partner", "Cora", "--stage", "growth", "--on", "2026-01-10"]);
    for partner in ["beta", "cora"] {
        desk.ok(&["revenue", "add", partner, "100000", "--on", "2026-08-14", "--ref", partner]);
        desk.ok(&["fund", "accrue", partner, "--on", "2026-10-05"]);
    }
    let [_, claim] = claimed(&desk, "co-op", "1000");
    let without = desk.ok(&["program", "show"]);
    let without = without
        .split_once("[[fund]]\nkey = \"co-op\"")
        .and_then(|(before, rest)| Some(format!("{before}[[fund]]{}", rest.split_once("[[fund]]")?.1)));
    let without =
        without.expect("two funds").replace("\"granted:co-op\", ", "").replace("\"claimed:co-op\", ", "");
    let file = desk.file("without.toml", without);
    let apply = ["program", "apply", &file, "--drop", "co-op"];
    let said = desk.fails(4, &apply);
    assert!(
        said.contains(
            "; beta has 1000.00 EUR available, 1000.00 EUR awaiting payment; cora has 2000.00 EUR available"
        ),
        "{said}"
    );
    let typed = |said: &str| -> Vec<String> {
        let hints = said.lines().filter_map(|line| line.strip_prefix("hint: `chanlife "));
        hints.filter_map(|hint| Some(hint.split_once('`')?.0.replace("REASON", "ends"))).collect()
    };
    let hints = typed(&said);
    assert_eq!(
        hints,
        [
            format!("fund pay {claim}"),
            "fund expire --where key=beta,cora --fund co-op --reason ends".to_owned(),
        ]
    );
    for hint in &hints {
        desk.ok(&hint.split(' ').collect::<Vec<&str>>());
    }
    let parts = ["came_in", "available", "paid", "expired"];
    assert_eq!(balance(&desk, "co-op", &parts), [2000.0, 0.0, 1000.0, 1000.0]);
    // What expired does not accrue again, and comes back with an undo only.
    desk.ok(&["fund", "accrue", "beta"]);
    let said = desk.run(&["fund", "accrue", "beta", "--period", "2026-Q3"]).err;
    assert!(said.contains("nothing to accrue for 2026-Q3"), "{said}");
    assert_eq!(balance(&desk, "co-op", &parts), [2000.0, 0.0, 1000.0, 1000.0]);
    let before = desk.json(&["fund", "show", "cora", "--as-of", "2026-11-22"]);
    assert_eq!(before["rows"][0]["available"].as_f64(), Some(2000.0));
    desk.ok(&["undo"]);
    assert_eq!(balance(&desk, "co-op", &parts), [2000.0, 1000.0, 1000.0, 0.0]);
    desk.fails(4, &apply);
    desk.fails(4, &["fund", "expire", "beta", "--fund", "co-op", "--amount", "1000.01"]);
    desk.ok(&["redo"]);
    let said = desk.run(&["fund", "expire", "beta", "--fund", "co-op"]);
    assert!(said.code == 0 && said.err.contains("Beta: no co-op money available"), "{}", said.err);
    desk.ok(&["import", "funds", &desk.file("f.csv", "partner,step,on,fund,amount,reason\nbeta,grant,2026-11-20,mdf,50,\nbeta,expire,2026-11-21,mdf,20,ends\n")]);
    assert_eq!(balance(&desk, "mdf", &["available", "expired"]), [30.0, 20.0]);
    desk.ok(&apply);
    desk.check();
}

#[test]
fn a_merge_names_the_balances_that_it_joins_and_what_has_accrued_too_much() {
    let desk = desk();
    desk.ok(&["add-partner", "Cora", "--stage", "growth", "--on", "2026-01-10"]);
    for (partner, amount, reference) in
        [("beta", "1000", "R1"), ("cora", "1000", "R1"), ("cora", "500", "R2"), ("cora", "700", "R3")]
    {
        desk.ok(&["revenue", "add", partner, amount, "--ref", reference, "--on", "2026-08-01"]);
    }
    for partner in ["beta", "cora"] {
        desk.ok(&["fund", "accrue", partner]);
    }
    desk.ok(&["fund", "grant", "cora", "90", "--fund", "mdf"]);
    for dry in [&["--dry-run"][..], &[]] {
        let said = desk.run(&[&["merge", "cora", "--into", "beta"][..], dry].concat()).err;
        let joined =
            "co-op: 20.00 EUR available of `beta` and 44.00 EUR available of `cora` make 64.00 EUR available";
        assert!(said.contains(joined), "{said}");
        assert!(said.contains("mdf: 90.00 EUR available of `cora` is taken over"), "{said}");
        let too_much = "20.00 EUR too much has accrued to co-op for 2026-Q3: \
                        `chanlife fund accrue beta --period 2026-Q3` takes it back";
        assert!(said.contains(too_much), "{said}");
    }
    desk.ok(&["fund", "accrue", "beta", "--period", "2026-Q3"]);
    assert_eq!(balance(&desk, "co-op", &["came_in", "available"]), [44.0, 44.0]);
    desk.check();
}
