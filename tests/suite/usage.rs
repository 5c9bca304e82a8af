//! Wrong usage, and messages that can be pasted: what is said, and that nothing is recorded.

use crate::support::{Desk, said};

/// Runs on the default file of the desk's home folder.
fn on_default(desk: &Desk, words: &[&str]) -> crate::support::Said {
    said(desk.command().env_remove("CHANLIFE_DB").args(words).output().expect("it starts"))
}

#[test]
fn only_a_command_that_records_something_creates_the_default_file() {
    let desk = Desk::empty();
    let default = desk.folder().join(".local/share/chanlife/chanlife.db");
    let bad = desk.file("bad.csv", "nonsense\n1\n");
    for (code, words) in [
        (5, &["done", "x", "y"][..]),
        (5, &["undo"]),
        (5, &["note", "acme", "x"]),
        (5, &["revenue", "add", "acme", "5"]),
        (6, &["import", "partners", &bad]),
        (2, &["add-partner", "X", "--stage", "nope"]),
        (0, &["add-partner", "X", "-n"]),
    ] {
        let said = on_default(&desk, words);
        assert_eq!(said.code, code, "{words:?}: {}", said.err);
        assert!(!default.exists() && !said.err.contains("Created"), "{words:?}: {}", said.err);
    }
    let said = on_default(&desk, &["add-partner", "X"]);
    assert!(said.code == 0 && default.exists(), "{}", said.err);
    assert!(said.err.starts_with("Created ~/.local/share/chanlife/chanlife.db"), "{}", said.err);
}

#[test]
fn a_word_in_capitals_that_stands_for_something_is_not_recorded() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme"]);
    let before = desk.picture();
    for words in [
        &["watch", "acme", "--reason", "REASON"][..],
        &["leave", "acme", "--as", "declined", "--reason=REASON"],
        &["ask", "acme", "TEXT"],
        &["agree", "acme", "territory=VALUE"],
        &["add-partner", "NAME"],
        &["decide", "acme", "OUTCOME", "--reason", "x"],
    ] {
        assert!(desk.fails(2, words).starts_with("error: replace "), "{words:?}");
    }
    assert_eq!(desk.picture(), before);
}

#[test]
fn a_hint_names_the_database_that_the_command_line_named() {
    let desk = Desk::empty();
    let err = desk.fails(5, &["list", "--db", "it's new.db"]);
    assert!(err.contains(r"`chanlife init --db 'it'\''s new.db'`"), "{err}");
    let said = desk.run(&["init", "--db", "other.db"]);
    assert!(said.err.contains("`chanlife add-partner NAME --db other.db`"), "{}", said.err);
    let said = desk.run(&["add-partner", "Acme", "--db", "other.db"]);
    assert!(said.err.contains("`chanlife done acme profile-match --db other.db`"), "{}", said.err);
}

#[test]
fn what_is_missing_is_named_with_an_example() {
    let desk = Desk::new();
    for (words, why, example) in [
        (&["advance"][..], "the partner is missing", "chanlife advance acme"),
        (
            &["certify", "alpine"],
            "the course and the person are missing",
            "chanlife certify alpine sales \"Jane Doe\"",
        ),
        (
            &["report", "compare"],
            "`--by FIELD` or `--since DATE` is missing",
            "chanlife report compare --by region",
        ),
        (&["decide", "beta"], "the outcome is missing", "chanlife decide beta recover"),
    ] {
        let err = desk.fails(2, words);
        assert!(err.contains(why) && err.contains(example), "{words:?}: {err}");
    }
}

#[test]
fn an_unknown_command_behind_options_names_the_list_of_its_own_group() {
    let desk = Desk::new();
    for (words, hint) in [
        (&["--db", "a.db", "foo"][..], "`chanlife --help` lists the commands"),
        (&["--quiet", "foo"], "`chanlife --help` lists the commands"),
        (&["--db", "a.db", "report", "foo"], "`chanlife report --help` lists the reports"),
        (&["fund", "foo"], "`chanlife fund --help` lists the commands"),
    ] {
        let err = desk.fails(2, words);
        assert!(err.contains(hint), "{words:?}: {err}");
    }
}

#[test]
fn wrong_usage_is_said_in_plain_words() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme"]);
    for (words, why) in [
        (&["list", "--sort", "key", "--sort", "name"][..], "--sort is given twice"),
        (&["list", "--limit", "-1"], "--limit: `-1` is not a whole number, 0 or more"),
        (&["list", "--limit=-1"], "is not a whole number, 0 or more"),
        (&["list", "--no-input=false"], "--no-input takes no value"),
        (&["fund", "grant", "acme", "mdf", "5"], "unexpected word `5`"),
        (&["report", "forecast", "--horizon=-1"], "is not a whole number from 1 to 4000"),
        (&["announce", "atlas-4", "acme", "beta"], "one partner at a time"),
        (&["add-partner", "G", "--on", "99999999d"], "`99999999d` is not between 1900-01-01 and 2199-12-31"),
        (&["park", "acme", "--until", "9999999w"], "`9999999w` is not between 1900-01-01 and 2199-12-31"),
        (&["note", "acme", "x", "--actor", ""], "--actor: the name is empty"),
        (&["edit", "acme", "--set", "region=a", "--set", "region=b"], "region is given twice"),
        (&["edit", "acme", "--owner", "x", "--unset", "owner"], "`owner` is given a value, too"),
        (&["list", "-o", "x.json", "--excel"], "--excel needs CSV"),
        (&["reprot"], "did you mean `report`?"),
        (&["agree", "acme", "launch-notice=-4"], "from 0 to 3650"),
    ] {
        let err = desk.fails(2, words);
        assert!(err.contains(why), "{words:?}: {err}");
    }
    let bad = said(desk.command().env("CHANLIFE_TODAY", "garbage").arg("list").output().expect("it starts"));
    assert!(bad.code == 2 && bad.err.contains("the value is from CHANLIFE_TODAY"), "{}", bad.err);
}

#[test]
fn a_command_that_is_missing_gets_the_help() {
    let desk = Desk::new();
    let alone = desk.fails(2, &[]);
    assert!(alone.contains("Partner operations") && !alone.contains("error:"), "{alone}");
    let group = desk.fails(2, &["fund"]);
    assert!(group.contains("Usage: chanlife fund") && !group.contains("error:"), "{group}");
}

#[test]
fn a_sender_that_announce_would_refuse_is_refused_in_the_program() {
    let desk = Desk::new();
    let program = desk.ok(&["program", "show"]).replace("[launches]", "[launches]\nsender = \"nope\"");
    let file = desk.file("bad.toml", program);
    let err = desk.fails(6, &["program", "check", &file]);
    assert!(err.contains("sender is `nope`"), "{err}");
}

#[test]
fn a_period_or_a_tier_that_is_none_is_a_wrong_command_line_everywhere() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--stage", "growth", "--tier", "silver"]);
    desk.ok(&["watch", "acme", "--reason", "x"]);
    for words in [
        &["done", "acme", "business-review", "--period", "2026-Q5"][..],
        &["skip", "acme", "business-review", "--period", "foo", "--reason", "x"],
        &["reopen", "acme", "business-review", "--period", "foo"],
        &["report", "review", "acme", "--period", "foo"],
        &["plan", "review", "acme", "--period", "foo"],
    ] {
        assert!(desk.fails(2, words).contains("is not a period; type"), "{words:?}");
    }
    for words in [
        &["edit", "acme", "--tier", "Glod"][..],
        &["add-partner", "Beta", "--tier", "Glod"],
        &["decide", "acme", "lower-tier", "--tier", "Glod", "--reason", "x"],
    ] {
        assert!(desk.fails(2, words).contains("did you mean `gold`?"), "{words:?}");
    }
    let err = desk.fails(4, &["decide", "acme", "lower-tier", "--tier", "Gold", "--reason", "x"]);
    assert!(err.contains("`gold` is not below `silver`"), "{err}");
    desk.ok(&["edit", "acme", "--unset", "tier"]);
    let err = desk.fails(4, &["decide", "acme", "lower-tier", "--tier", "gold", "--reason", "x"]);
    assert!(err.contains("Acme has no tier to be lowered"), "{err}");
}

#[test]
fn a_file_of_a_format_that_is_not_written_is_refused_before_any_work() {
    let desk = Desk::new();
    for file in ["out.xlsx", "out.PDF", "out.html"] {
        let err = desk.fails(2, &["report", "-o", file]);
        assert!(err.contains("file can be written") && err.contains(".csv"), "{err}");
        assert!(!desk.folder().join(file).exists());
    }
    for file in ["out.txt", "out.csv", "out"] {
        desk.ok(&["report", "-o", file]);
    }
    desk.ok(&["report", "--format", "csv", "-o", "out.xls"]);
}

#[test]
fn the_log_names_the_parent_that_an_action_gave() {
    let desk = Desk::new();
    for name in ["Dist", "Res"] {
        desk.ok(&["add-partner", name]);
    }
    desk.ok(&["edit", "res", "--parent", "dist"]);
    desk.ok(&["add-partner", "Kid", "--parent", "dist"]);
    let log = desk.ok(&["log"]);
    assert!(
        log.contains("Changed Res: parent to Dist") && log.contains("Added Kid as `kid`, under Dist,"),
        "{log}"
    );
    assert!(!log.contains("another partner"), "{log}");
}

#[test]
fn a_remedy_that_is_named_can_be_typed() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--on", "2026-01-05"]);
    // Below zero is no value of these options in any spelling.
    for words in [
        &["report", "intervene", "--horizon", "-1"][..],
        &["report", "intervene", "--change", "-5"],
        &["next", "--limit", "-1"],
    ] {
        let err = desk.fails(2, words);
        assert!(err.contains("is not a whole number") && !err.contains("if it is"), "{words:?}: {err}");
    }
    // The row has another amount: what is printed corrects it.
    desk.ok(&["revenue", "add", "acme", "100", "--ref", "A-1", "--on", "2026-03-01"]);
    let file = desk.file("r.csv", "partner,amount,on,ref\nacme,120,2026-03-01,A-1\n");
    let err = desk.fails(6, &["import", "revenue", &file]);
    let step = err.split("`chanlife ").nth(1).and_then(|rest| rest.split('`').next()).expect("a step");
    desk.ok(&step.split(' ').collect::<Vec<&str>>());
    assert!(desk.run(&["import", "revenue", &file]).err.contains("1 already recorded"));
    // It says what is missing for messages, and not what was given.
    let words = ["announce", "beta", "acme", "--told-by", "newsletter", "--messages", "fold"];
    let err = desk.fails(2, &words);
    assert!(err.contains("messages need a subject and a text"), "{err}");
    let err = desk.fails(4, &["undo", "1"]);
    assert!(err.contains("action 1 cannot be undone") && err.contains("first program"), "{err}");
}
