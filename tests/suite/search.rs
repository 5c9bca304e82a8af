//! Finding partners by words, and hints: none of them names what does not do it.

use chanlife::face::cli::grammar;
use clap::error::{ContextKind, ErrorKind};

use crate::partner_operations::rows;
use crate::support::Desk;
use crate::tidy::sources::sources;

fn desk() -> Desk {
    let desk = Desk::new();
    let rosa = "Rosa Neri <rosa@acme.example>, sales";
    desk.ok(&["add-partner", "Acme GmbH", "--on", "2026-09-01", "--contact", rosa, "--ref", "SF-0017"]);
    desk.ok(&["add-partner", "B\u{e9}ta S\u{fc}d", "--on", "2026-09-01"]);
    let note = "Met her at the fair in Milan;\nwants exclusivity in Lombardy, \"by contract\"";
    desk.ok(&["note", "acme", note, "--on", "2026-10-03"]);
    desk.ok(&["note", "beta", "Asked for a price list", "--on", "2026-10-04"]);
    desk.ok(&["edit", "acme", "--name", "Nordwind SpA"]);
    desk
}

/// The keys of the partners that have these words.
fn found(desk: &Desk, words: &[&str]) -> Vec<String> {
    let listed = desk.json(&[&["list"], words].concat());
    rows(&listed).iter().map(|row| row["key"].as_str().expect("a key").to_owned()).collect()
}

#[test]
fn words_are_found_in_whatever_is_recorded_in_any_case_and_without_accents_if_all_are_there() {
    let desk = desk();
    desk.ok(&[
        "done",
        "acme",
        "value-proposition-presented",
        "--evidence",
        "slides of Q3",
        "--on",
        "2026-10-05",
    ]);
    desk.ok(&["ask", "beta", "Is there a discount for schools?", "--on", "2026-10-06"]);
    desk.ok(&["leave", "beta", "--as", "declined", "--reason", "too dear", "--on", "2026-11-01"]);
    for (words, keys) in [
        (&["LOMBARDY"][..], &["acme-gmbh"][..]),
        (&["rosa", "milan"], &["acme-gmbh"]),
        (&["rosa", "piedmont"], &[]),
        (&["gmbh"], &["acme-gmbh"]),
        (&["nordwind"], &["acme-gmbh"]),
        (&["sf-0017"], &["acme-gmbh"]),
        (&["rosa@acme"], &["acme-gmbh"]),
        (&["sud"], &["beta-sud"]),
        (&["B\u{c9}TA"], &["beta-sud"]),
        (&["price list"], &["beta-sud"]),
        (&["list price"], &[]),
        (&["list", "price"], &["beta-sud"]),
        (&["dear"], &["beta-sud"]),
        (&["slides"], &["acme-gmbh"]),
        (&["schools"], &["beta-sud"]),
        (&["\"by contract\""], &["acme-gmbh"]),
        (&["in Milan"], &["acme-gmbh"]),
        (&["attributes"], &[]),
    ] {
        assert_eq!(found(&desk, words), keys, "{words:?}");
    }
    let shown = desk.ok(&["list", "lombardy", "--format", "table"]);
    assert!(shown.contains("note") && shown.contains("2026-10-03"), "{shown}");
    let listed = desk.json(&["list", "gmbh"]);
    assert_eq!(listed["found"][0]["kind"], "former_name", "{listed}");
    assert_eq!(found(&desk, &["lombardy", "--as-of", "2026-10-02"]), [""; 0]);
    assert_eq!(found(&desk, &["list", "--where", "stage=recruitment"]), [""; 0]);
    let none = desk.ok(&["list", "piedmont"]);
    assert!(none.contains("No partner has `piedmont`"), "{none}");
    for empty in ["", "!"] {
        assert!(desk.fails(2, &["list", empty]).contains("is not a word"));
    }
}

#[test]
fn invoices_deals_and_customers_of_sales_are_found_one_by_one_and_from_a_file_and_corrected() {
    let desk = desk();
    let file = desk.file(
        "s.csv",
        "partner,on,amount,ref,customer,ship-to,deal\nacme-gmbh,2026-09-03,10,RE-17,\"Sch\u{f6}n \"\"AG\"\"\",IT,\n\
         acme-gmbh,2026-09-04,11,RE-18,Roth,,Harbour\nbeta-sud,2026-09-04,12,RE-19,Roth,,\n",
    );
    desk.ok(&["import", "revenue", &file]);
    desk.ok(&["revenue", "add", "beta", "5", "--on", "2026-09-05", "--ref", "RE-20", "--deal", "Canal 4"]);
    for (words, keys) in [
        (&["re-17"][..], &["acme-gmbh"][..]),
        (&["RE-19"], &["beta-sud"]),
        (&["roth"], &["acme-gmbh", "beta-sud"]),
        (&["roth", "harbour"], &["acme-gmbh"]),
        (&["schon"], &["acme-gmbh"]),
        (&["schon \"ag\""], &["acme-gmbh"]),
        (&["canal"], &["beta-sud"]),
        (&["customer"], &[]),
        (&["roth", "lombardy"], &["acme-gmbh"]),
    ] {
        assert_eq!(found(&desk, words), keys, "{words:?}");
    }
    let listed = desk.json(&["list", "re-20"]);
    assert_eq!(listed["found"][0]["kind"], "invoice", "{listed}");
    let event = listed["found"][0]["event"].to_string();
    desk.ok(&["correct", &event, "--customer", "Grun"]);
    assert_eq!(found(&desk, &["grun"]), ["beta-sud"]);
    assert_eq!(desk.json(&["list", "grun"])["found"][0]["kind"], "customer");
    desk.ok(&["undo"]);
    assert_eq!(found(&desk, &["grun"]), [""; 0]);
}

#[test]
fn words_that_stand_far_apart_in_one_text_are_both_shown() {
    let desk = desk();
    let filler = "and so on and on, with many words between that nobody looks for, ".repeat(3);
    desk.ok(&["note", "beta", &format!("Zebra first, {filler}then the okapi at the end of it all")]);
    let shown = desk.ok(&["list", "okapi", "zebra", "--format", "table"]);
    assert!(shown.contains("Zebra") && shown.contains("okapi") && shown.contains(" ... "), "{shown}");
    let near = desk.ok(&["list", "milan", "exclusivity", "--format", "table"]);
    assert!(near.contains("Milan; wants exclusivity"), "{near}");
}

#[test]
fn what_was_undone_or_forgotten_is_not_found_and_what_was_merged_is_found_with_the_partner_that_stays() {
    let desk = desk();
    desk.ok(&["merge", "beta", "--into", "acme", "--yes", "--without-stages"]);
    assert_eq!(found(&desk, &["price list"]), ["acme-gmbh"]);
    desk.ok(&["undo"]);
    assert_eq!(found(&desk, &["price list"]), ["beta-sud"]);
    desk.ok(&["note", "beta", "Zanzibar"]);
    desk.ok(&["undo"]);
    assert_eq!(found(&desk, &["zanzibar"]), [""; 0]);
    desk.ok(&["forget", "beta-sud", "--yes"]);
    assert_eq!(found(&desk, &["price list"]), [""; 0]);
}

/// The commands in backticks of a text, with what stands in place of values replaced by a word.
fn named_in(text: &str) -> Vec<String> {
    let quoted = text.split('`').skip(1).step_by(2).filter(|part| part.starts_with("chanlife "));
    let plain = quoted.map(|part| {
        let mut line = String::new();
        let mut depth = 0;
        for letter in part.replace("\\\"", "\"").chars() {
            match letter {
                '{' => depth += 1,
                '}' => {
                    depth -= 1;
                    line.push('x');
                }
                _ if depth == 0 => line.push(letter),
                _ => {}
            }
        }
        line
    });
    plain.filter(|line| !line.contains("...") && !line.contains(['\n', '\\'])).collect()
}

/// Says if a command line has a verb or an option that does not exist; a value need not fit.
fn unknown(grammar: &clap::Command, line: &str) -> Option<String> {
    let line = line.split(['<', '>', '|']).next().unwrap_or_default();
    let words = shell_words::split(line).ok()?;
    // A word that a message puts in place of the command itself says nothing.
    if words.get(1).is_none_or(|verb| verb.contains('x') && verb.len() < 3 || verb.to_uppercase() == *verb) {
        return None;
    }
    let error = grammar.clone().try_get_matches_from(&words).err()?;
    let argument = error.get(ContextKind::InvalidArg).map(ToString::to_string).unwrap_or_default();
    let is_unknown = match error.kind() {
        ErrorKind::InvalidSubcommand => words[1] != "help",
        ErrorKind::UnknownArgument => argument.starts_with('-'),
        _ => false,
    };
    is_unknown.then(|| format!("{line}: {error}"))
}

#[test]
fn no_message_names_a_command_or_an_option_that_does_not_exist() {
    let grammar = grammar();
    let (mut wrong, mut count) = (Vec::new(), 0);
    for source in sources() {
        let path = &source.path;
        // A text that goes on in the next line is one.
        let code = source.text.split("#[cfg(test)]").next().unwrap_or_default();
        let code = code.split("\\\n").map(str::trim_start).collect::<String>();
        for line in code.lines().filter(|line| !line.trim_start().starts_with("//")).flat_map(named_in) {
            count += 1;
            wrong.extend(unknown(&grammar, &line).map(|why| format!("{path}: {why}")));
        }
    }
    assert!(count > 100, "few commands: {count}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_word_that_is_guessed_for_a_command_leads_to_one_that_takes_it() {
    let desk = desk();
    let grammar = grammar();
    for (typed, next) in [
        (&["search", "lombardy"][..], &["list", "lombardy"][..]),
        (&["find", "lombardy"], &["list", "lombardy"]),
        (&["history", "acme"], &["log", "acme"]),
        (&["partners"], &["list"]),
        (&["terms"], &["report", "terms"]),
        (&["funds"], &["fund", "list"]),
    ] {
        let err = desk.fails(2, typed);
        let hint = named_in(&err).into_iter().next().expect("a command");
        assert_eq!(unknown(&grammar, &hint), None);
        assert!(hint.split(' ').nth(1) == Some(next[0]), "{err}");
        desk.ok(next);
    }
}
