//! What a program has no more: a reason, a field or an option that partners have is still found, by key and name.

use crate::partner_operations::desk;
use crate::support::Desk;

/// A desk whose program had the reason `price`, a field with several values and an option, all of which were dropped.
fn after_dropping() -> Desk {
    let desk = desk();
    let text = desk.ok(&["program", "show"]);
    let own = "\n[[field]]\nkey = \"brands\"\ntype = \"text\"\nseveral = true\n\n[[field]]\nkey = \"sector\"\n\
               type = \"choice\"\noptions = [\n  \"health\",\n  \"retail\",\n]\n";
    desk.ok(&["program", "apply", &desk.file("wide.toml", format!("{text}{own}"))]);
    desk.ok(&["edit", "acme", "--set", "brands=Roth;Blau", "--set", "sector=health"]);
    desk.ok(&["leave", "gamma", "--as", "withdrew", "--why", "price", "--on", "2026-11-20"]);
    let (before, rest) = text.split_once("[[reason]]\nkey = \"price\"").expect("the reason");
    let (_, behind) = rest.split_once("[[").expect("another table");
    let less = "\n[[field]]\nkey = \"sector\"\ntype = \"choice\"\noptions = [\"retail\"]\n";
    let less = desk.file("less.toml", format!("{before}[[{behind}{less}"));
    desk.ok(&["program", "apply", &less, "--drop", "price", "--drop", "brands", "--drop", "sector=health"]);
    desk
}

#[test]
fn what_is_recorded_of_a_dropped_reason_field_or_option_can_be_found() {
    let desk = after_dropping();
    let keys = |condition: &str, more: &[&str]| {
        let list = desk.json(&[&["list", "--where", condition], more].concat());
        let rows = list["rows"].as_array().expect("rows").iter();
        rows.map(|row| row["key"].as_str().unwrap_or_default().to_owned()).collect::<Vec<String>>()
    };
    for condition in ["why=price", "why=Margin or price", "why=PRICE"] {
        assert_eq!(keys(condition, &[]), ["gamma"], "{condition}");
    }
    assert_eq!(keys("why=price", &["--as-of", "2026-11-21"]), ["gamma"]);
    assert_eq!(keys("why=price", &["--as-of", "2026-11-19"]), [""; 0]);
    for condition in ["brands=Roth", "brands=blau", "brands has Roth,Blau", "sector=health", "sector=Health"]
    {
        assert_eq!(keys(condition, &[]), ["acme"], "{condition}");
    }
    assert_eq!(desk.json(&["list", "--columns", "key,brands"])["rows"][0]["brands"], "Roth");
    let said = desk.fails(2, &["list", "--where", "sector=wealth"]);
    assert!(said.contains("unknown sector `wealth`"), "{said}");
    let said = desk.fails(2, &["edit", "beta", "--set", "sector=health"]);
    assert!(said.contains("health"), "nobody gets it any more: {said}");
    assert!(desk.ok(&["show", "gamma"]).contains("Margin or price"));
    assert!(desk.ok(&["report", "flow"]).contains("Margin or price"));
    desk.check();
}

#[test]
fn the_reasons_why_partners_left_come_as_csv_on_request() {
    let desk = after_dropping();
    let reasons = desk.ok(&["report", "flow", "--reasons", "--format", "csv"]);
    assert!(
        reasons.starts_with("reason,name,left,") && reasons.contains("price,Margin or price,1,"),
        "{reasons}"
    );
    let none = desk.ok(&["report", "flow", "--window", "30", "--as-of", "2026-08-01"]);
    assert!(
        none.contains("Nobody left or was parked in the last 30 days, nor in the 30 days before."),
        "{none}"
    );
}

#[test]
fn an_activity_that_is_asked_for_in_a_month_takes_its_days() {
    let desk = desk();
    let ask = ["fund", "request", "beta", "webinar", "--cost", "400", "--ask", "100", "--fund", "mdf"];
    let days = |more: &[&str]| {
        let said = desk.run(&[&ask[..], more, &["-n", "--format", "json"]].concat());
        assert_eq!(said.code, 0, "{}", said.err);
        said.out
    };
    let month = days(&["--starts", "2026-12"]);
    assert!(month.contains("2026-12-01") && month.contains("2026-12-31"), "{month}");
    let day = days(&["--starts", "2026-12-03"]);
    assert!(day.contains("2026-12-03") && !day.contains("2026-12-31"), "{day}");
}
