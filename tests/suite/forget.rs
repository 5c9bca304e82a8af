//! A partner that is forgotten: nothing in the file says who it was, and every figure is what it was.

use crate::support::Desk;

/// In every text that says something of the partner; nothing of the program or of other partners has it.
const SECRET: &str = "zebrafink";

/// A desk with two partners, one of which has the secret wherever a text of it can stand.
fn desk_with_secrets() -> Desk {
    let desk = Desk::empty();
    desk.ok(&["init"]);
    let shown = desk.ok(&["program", "show"]);
    let program = format!(
        "{shown}\n[[field]]\nkey = \"account\"\ntype = \"text\"\n\n\
         [[field]]\nkey = \"size\"\ntype = \"choice\"\noptions = [\"small\", \"large\"]\n"
    );
    let program = desk.file("program.toml", program);
    let applied = desk.run(&["program", "apply", &program]);
    assert_eq!(applied.code, 0, "{}", applied.err);
    for words in STORY {
        let words: Vec<String> = words.iter().map(|word| word.replace("SECRET", SECRET)).collect();
        desk.ok(&words.iter().map(String::as_str).collect::<Vec<_>>());
    }
    let sales = format!(
        "partner,amount,on,ref,customer,deal,ship-to\n{SECRET}-a,10,2026-05-02,{SECRET}-1,{SECRET} Ltd,{SECRET} deal,\"{SECRET}, Italy\"\n\
         {SECRET}-a,20,2026-05-03,{SECRET}-2,{SECRET} Ltd,{SECRET} deal,\"{SECRET}, IT\"\n\
         {SECRET}-a,30,2026-05-04,{SECRET}-3,Other {SECRET},,\nbeta,5,2026-05-02,b-1,Somebody,,\n"
    );
    let sales = desk.file("sales.csv", sales);
    desk.ok(&["import", "revenue", &sales]);
    let connection = rusqlite::Connection::open(desk.db()).expect("open");
    let draft = format!("insert into draft values ('ben', 1, 'match', '{{\"segment\":\"{SECRET}\"}}')");
    connection.execute_batch(&draft).expect("a draft");
    desk
}

const STORY: &[&[&str]] = &[
    &[
        "add-partner",
        "SECRET A",
        "--key",
        "SECRET-a",
        "--type",
        "reseller",
        "--owner",
        "ana",
        "--on",
        "2026-01-05",
        "--ref",
        "SECRET-crm",
        "--contact",
        "SECRET <SECRET@a.example>, sales",
        "--set",
        "account=SECRET",
        "--set",
        "size=large",
    ],
    &["add-partner", "Beta", "--type", "msp", "--on", "2026-01-05"],
    &["note", "SECRET-a", "a note on SECRET"],
    &["rate", "set", "USD", "0.9", "--on", "2026-05-01"],
    &[
        "edit",
        "SECRET-a",
        "--name",
        "SECRET B",
        "--contact",
        "Other SECRET",
        "--remove-contact",
        "SECRET@a.example",
    ],
    &["done", "SECRET-a", "profile-match", "--evidence", "SECRET", "--by", "SECRET", "--on", "2026-01-20"],
    &["reopen", "SECRET-a", "profile-match", "--reason", "SECRET", "--on", "2026-01-21"],
    &["skip", "SECRET-a", "profile-match", "--reason", "SECRET", "--on", "2026-01-22"],
    &["advance", "SECRET-a", "--override", "SECRET", "--on", "2026-02-01"],
    &["park", "SECRET-a", "--reason", "SECRET", "--on", "2026-02-05"],
    &["resume", "SECRET-a", "--on", "2026-02-15"],
    &["agree", "SECRET-a", "margin=12", "--by", "SECRET", "--on", "2026-02-16"],
    &[
        "certify",
        "SECRET-a",
        "sales",
        "SECRET <SECRET@b.example>",
        "--evidence",
        "SECRET",
        "--on",
        "2026-02-20",
    ],
    &["deliver", "SECRET-a", "documentation-kit", "--on", "2026-02-21"],
    &["ask", "SECRET-a", "Does SECRET pay?", "--by", "SECRET", "--on", "2026-03-01"],
    &["advance", "SECRET-a", "--override", "SECRET", "--on", "2026-03-02"],
    &["advance", "SECRET-a", "--override", "SECRET", "--on", "2026-03-03"],
    &["advance", "SECRET-a", "--override", "SECRET", "--on", "2026-03-04"],
    &["revenue", "add", "SECRET-a", "100", "--ref", "SECRET-9", "--on", "2026-04-05"],
    &["watch", "SECRET-a", "--reason", "SECRET", "--on", "2026-04-06"],
    &["note", "SECRET-a", "a second SECRET"],
    &["undo"],
    &["add-partner", "SECRET twin", "--key", "SECRET-twin", "--on", "2026-01-05"],
    &["merge", "SECRET-twin", "--into", "SECRET-a", "--without-stages", "--yes"],
    &["note", "beta", "nothing of it"],
    &[
        "edit",
        "SECRET-a",
        "--contact",
        "SECRET@b.example=SECRET@c.example, SECRET, +49 30 1234567",
        "--on",
        "2026-04-06",
    ],
    &["edit", "SECRET-a", "--contact-opt-out", "SECRET@c.example", "--on", "2026-04-06"],
    &["follow", "SECRET-a", "2026-12-01", "call SECRET", "--owner", "SECRET", "--on", "2026-04-07"],
    &["follow", "SECRET-a", "2026-12-02", "write SECRET", "--owner", "zoe", "--on", "2026-04-07"],
    &["due", "SECRET-a", "business-review", "2026-08-01", "--reason", "SECRET", "--on", "2026-04-08"],
    &["leave", "SECRET-a", "--as", "withdrew", "--reason", "SECRET", "--on", "2026-10-01"],
];

/// All numbers of the reports, sorted, whatever the order of rows by name.
fn figures(desk: &Desk) -> Vec<String> {
    let mut all = Vec::new();
    for words in [
        &["report"][..],
        &["report", "pipeline"],
        &["report", "velocity"],
        &["report", "intervene"],
        &["report", "cohorts"],
        &["report", "flow"],
        &["report", "compare", "--by", "size"],
        &["report", "overrides"],
        &["report", "terms"],
        &["report", "readiness"],
        &["report", "funds"],
        &["report", "growth"],
        &["report", "revenue", "--by", "customer"],
        &["report", "pipeline", "--as-of", "2026-02-10"],
    ] {
        let report = desk.json(words);
        let mut waiting = vec![&report];
        let mut numbers = Vec::new();
        while let Some(value) = waiting.pop() {
            match value {
                serde_json::Value::Array(items) => waiting.extend(items),
                serde_json::Value::Object(parts) => waiting.extend(parts.values()),
                serde_json::Value::Number(number) => numbers.push(format!("{words:?} {number}")),
                _ => {}
            }
        }
        numbers.sort();
        all.extend(numbers);
    }
    all
}

fn assert_same(after: &[String], before: &[String]) {
    let differing: Vec<_> = before.iter().zip(after).filter(|(before, after)| before != after).collect();
    assert!(differing.is_empty() && before.len() == after.len(), "{differing:?}");
}

fn holds_secret(desk: &Desk) -> Vec<String> {
    let entries =
        std::fs::read_dir(desk.folder()).expect("a folder").map(|entry| entry.expect("an entry").path());
    let has = |path: &std::path::PathBuf| {
        let bytes = std::fs::read(path).unwrap_or_default().to_ascii_lowercase();
        bytes.windows(SECRET.len()).any(|part| part == SECRET.as_bytes())
    };
    let files = entries
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("channel.db")));
    files.filter(has).map(|path| path.display().to_string()).collect()
}

#[test]
fn no_byte_of_the_file_says_who_it_was_and_every_figure_stays() {
    let desk = desk_with_secrets();
    assert!(!holds_secret(&desk).is_empty());
    let before = figures(&desk);
    assert!(before.len() > 100, "{} figures", before.len());
    let said = desk.run(&["forget", &format!("{SECRET}-a"), "--yes"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.err.contains("now `forgotten-1`"), "{}", said.err);
    assert!(!said.err.contains("Not erased"), "{}", said.err);
    assert_eq!(holds_secret(&desk), Vec::<String>::new());
    assert_same(&figures(&desk), &before);
    desk.check();
    let text = desk.ok(&["export", "--all"]).to_lowercase();
    assert!(!text.contains(SECRET) && text.contains("\"kind\":\"forgotten\""), "{text}");
    assert!(text.contains("nothing of it"), "another partner's note is gone");
    assert!(desk.ok(&["list", "--columns", "key,size", "--format", "csv"]).contains("forgotten-1,large"));
    let work = desk.json(&["calendar", "--owner", "zoe"]);
    assert_eq!(work["rows"][0]["due"], "2026-12-02", "our own people keep their work: {work}");
    let assignees = desk.json(&["show", "forgotten-1"])["follow_ups"].clone();
    assert_eq!(assignees[0]["owner"], "(forgotten)", "its own people are forgotten as assignees, too");
}

#[test]
fn nothing_brings_it_back_and_forgetting_again_changes_no_figure() {
    let desk = desk_with_secrets();
    desk.ok(&["forget", &format!("{SECRET}-a"), "--yes"]);
    let before = figures(&desk);
    let err = desk.fails(4, &["undo"]);
    assert!(err.contains("cannot be undone"), "{err}");
    desk.ok(&["note", "forgotten-1", &format!("a new note on {SECRET}")]);
    assert!(!holds_secret(&desk).is_empty());
    desk.ok(&["forget", "forgotten-1", "--yes"]);
    assert_eq!(holds_secret(&desk), Vec::<String>::new());
    assert_same(&figures(&desk), &before);
    desk.check();
}

#[test]
fn what_is_not_erased_is_said() {
    let desk = desk_with_secrets();
    desk.ok(&["note", "beta", &format!("works with {SECRET} A")]);
    desk.ok(&["backup", "channel-before.db"]);
    let said = desk.run(&["forget", &format!("{SECRET}-a"), "--yes"]);
    assert!(said.err.contains("Not erased: 1 event of other partners that mention it"), "{}", said.err);
    assert!(
        said.err.contains("still contain it, such as") && said.err.contains("channel-before.db"),
        "{}",
        said.err
    );
}

#[test]
fn partners_that_were_removed_or_taken_back_are_forgotten_too() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Zebrafink One"]);
    desk.ok(&["remove", "zebrafink-one", "--reason", "a test"]);
    desk.ok(&["add-partner", "Zebrafink Two"]);
    desk.ok(&["undo"]);
    desk.ok(&["forget", "zebrafink-one", "--yes"]);
    desk.ok(&["forget", "Zebrafink Two", "--yes"]);
    assert_eq!(holds_secret(&desk), Vec::<String>::new());
    desk.check();
    desk.fails(3, &["forget", "zebrafink", "--yes"]);
}

#[test]
fn nothing_is_erased_without_a_yes_or_in_a_dry_run_or_from_a_file_that_is_not_sound() {
    let desk = desk_with_secrets();
    let partner = format!("{SECRET}-a");
    let before = desk.ok(&["export", "--all"]);
    let err = desk.fails(2, &["forget", &partner]);
    assert!(err.contains("--yes"), "{err}");
    let dry = desk.run(&["forget", &partner, "--dry-run"]);
    assert!(dry.code == 0 && dry.err.contains("Dry run: nothing was recorded"), "{}", dry.err);
    assert_eq!(desk.ok(&["export", "--all"]), before);
    let connection = rusqlite::Connection::open(desk.db()).expect("open");
    connection.execute_batch("update action set actor = 'eve' where id = 3").expect("changed");
    let err = desk.fails(5, &["forget", &partner, "--yes"]);
    assert!(err.contains("action 3 or its events were changed"), "{err}");
}

#[test]
fn a_part_of_a_name_is_not_enough_to_erase_somebody() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Globex", "--key", "globex"]);
    desk.ok(&["add-partner", "Globex Austria", "--key", "gat"]);
    desk.ok(&["remove", "globex", "--reason", "twice"]);
    desk.ok(&["forget", "globex", "--yes"]);
    assert_eq!(desk.ok(&["list", "--columns", "name", "--format", "csv"]), "name\nGlobex Austria\n");
    let err = desk.fails(3, &["forget", "globe", "--yes"]);
    assert!(err.contains("did you mean `gat`"), "{err}");
    desk.ok(&["forget", "globex austria", "--yes"]);
    desk.fails(3, &["forget", "globex austria", "--yes"]);
    desk.check();
}

#[test]
fn names_with_quotes_are_erased_from_words_and_found_in_what_others_say_but_words_of_others_stay() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "O'Brien \"Quote\" Co", "--key", "obq", "--contact", "Pat O'Hara"]);
    desk.ok(&["add-partner", "Growth", "--key", "p12"]);
    desk.ok(&["add-partner", "Other"]);
    desk.ok(&["note", "other", "met O'Brien \"Quote\" Co and Pat O'Hara in growth"]);
    desk.ok(&["done", "--where", "stage=recruitment", "profile-match", "--by", "Fay Byname", "--yes"]);
    let said = desk.run(&["forget", "obq", "--yes"]);
    assert!(said.err.contains("Not erased: 1 event of other partners that mention it"), "{}", said.err);
    desk.ok(&["forget", "p12", "--yes"]);
    // That two partners sell to one customer names neither of them.
    desk.ok(&["add-partner", "Seller"]);
    for partner in ["seller", "other"] {
        desk.ok(&["revenue", "add", partner, "5", "--customer", "Shared Ltd"]);
    }
    let said = desk.run(&["forget", "seller", "--yes"]);
    assert!(!said.err.contains("Not erased"), "{}", said.err);
    assert!(desk.ok(&["revenue", "list", "--format", "csv"]).contains("Shared Ltd"));
    let actions: String =
        desk.ok(&["export", "--all"]).lines().filter(|line| line.starts_with("{\"action\"")).collect();
    for gone in ["Brien", "Hara", "Fay"] {
        assert!(!actions.contains(gone), "{gone}: {actions}");
    }
    assert!(actions.contains("in growth"), "{actions}");
    desk.check();
}
