//! Damaged files: what can still be read is saved, what is missing is listed, and nothing breaks.

use rand_pcg::Pcg32;
use rand_pcg::rand_core::{Rng, SeedableRng};

use crate::export_and_import_all::desk_with_a_story;
use crate::support::Desk;

/// The size of a page of the files.
const PAGE: usize = 4096;

fn bytes_of(desk: &Desk) -> Vec<u8> {
    std::fs::read(desk.db()).expect("bytes")
}

/// Rescues these bytes: the exit code, the answer, and whether a file was made.
fn rescue(desk: &Desk, bytes: &[u8]) -> (i32, serde_json::Value, bool) {
    let broken = desk.file("broken.db", bytes);
    let _ = std::fs::remove_file(desk.folder().join("rescued.db"));
    let said = desk.run(&["rescue", &broken, "--to", "rescued.db", "--format", "json"]);
    assert!([0, 1, 5].contains(&said.code), "{}{}", said.out, said.err);
    assert!(std::fs::read(broken).expect("bytes") == bytes, "the damaged file was changed");
    let made = desk.folder().join("rescued.db").exists();
    assert_eq!(made, said.code < 2, "{}", said.err);
    let answer = if made { serde_json::from_str(&said.out).expect("JSON") } else { said.err.into() };
    (said.code, answer, made)
}

#[test]
fn of_a_file_that_is_whole_everything_is_rescued() {
    let desk = desk_with_a_story();
    let (code, answer, _) = rescue(&desk, &bytes_of(&desk));
    assert_eq!((code, &answer["rows"]), (0, &serde_json::json!([])), "{answer}");
    let draft = |line: &&str| !line.starts_with("{\"draft\"");
    let text = desk.ok(&["export", "--all"]);
    let rescued = desk.ok(&["export", "--all", "--db", "rescued.db"]);
    assert_eq!(rescued.lines().collect::<Vec<_>>(), text.lines().filter(draft).collect::<Vec<_>>());
}

#[test]
fn a_file_without_its_first_page_which_nothing_else_opens_is_rescued_whole() {
    let desk = desk_with_a_story();
    let mut bytes = bytes_of(&desk);
    bytes[..PAGE].fill(0);
    let broken = desk.file("first.db", &bytes);
    let err = desk.fails(5, &["list", "--db", &broken]);
    assert!(err.contains("chanlife rescue"), "{err}");
    let err = desk.fails(5, &["check", "--db", &broken]);
    assert!(err.contains("Still readable: 59 actions, 59 of them"), "{err}");
    let (code, answer, _) = rescue(&desk, &bytes);
    assert_eq!(code, 0, "{answer}");
    assert_eq!(desk.ok(&["list", "--db", "rescued.db"]), desk.ok(&["list"]));
}

#[test]
fn what_a_lost_page_held_is_listed_and_the_rest_is_kept() {
    let desk = desk_with_a_story();
    let whole = bytes_of(&desk);
    let text = desk.ok(&["export", "--all"]);
    let (mut with_loss, mut left_out) = (0, 0);
    for page in 1..whole.len() / PAGE {
        let mut bytes = whole.clone();
        bytes[page * PAGE..(page + 1) * PAGE].fill(0);
        let (code, answer, made) = rescue(&desk, &bytes);
        assert!(made, "page {page}: {answer}");
        desk.ok(&["check", "--db", "rescued.db"]);
        desk.ok(&["report", "--db", "rescued.db"]);
        let rows = answer["rows"].as_array().expect("rows");
        assert_eq!(code == 1, !rows.is_empty());
        with_loss += usize::from(code == 1);
        left_out += rows.iter().filter(|row| row["what"].to_string().contains("left out, because")).count();
        // Whatever is not listed is there to the byte.
        let listed: Vec<i64> = rows.iter().filter_map(|row| row["action"].as_i64()).collect();
        let rescued = desk.ok(&["export", "--all", "--db", "rescued.db"]);
        let last = answer["actions"].as_i64().expect("a number");
        assert!(last >= 50, "page {page}: {answer}");
        let actions = |line: &&str| {
            let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
            line["action"].as_i64().is_some_and(|action| action <= last && !listed.contains(&action))
        };
        for line in text.lines().filter(actions) {
            assert!(rescued.contains(line), "page {page}: not listed and not there: {line}");
        }
    }
    assert!(with_loss >= 3 && left_out > 0, "{with_loss} pages with a loss, {left_out} left out");
}

#[test]
fn a_file_damaged_at_random_is_rescued_or_refused_and_never_breaks() {
    let desk = desk_with_a_story();
    let whole = bytes_of(&desk);
    let mut chance = Pcg32::seed_from_u64(6);
    let mut below = |end: usize| chance.next_u32() as usize % end;
    for round in 0..60 {
        let mut bytes = whole.clone();
        for _ in 0..[1, 8, 64, 512][round % 4] {
            let at = below(bytes.len());
            bytes[at] = below(256) as u8;
        }
        if round % 5 == 0 {
            bytes.truncate(1 + below(whole.len()));
        }
        let (_, answer, made) = rescue(&desk, &bytes);
        assert!(made || round % 5 == 0, "round {round}: {answer}");
        if made {
            let checked = desk.run(&["check", "--db", "rescued.db"]);
            assert_eq!(checked.code, 0, "round {round}: {}", checked.out);
        }
    }
}

#[test]
fn what_is_no_file_of_ours_is_said_to_hold_nothing() {
    let desk = Desk::new();
    for (name, bytes) in
        [("empty", Vec::new()), ("text", b"hello".repeat(5_000)), ("zeros", vec![0; 100_000])]
    {
        let file = desk.file(name, bytes);
        let err = desk.fails(5, &["rescue", &file, "--to", "new.db"]);
        assert!(err.contains("contains nothing that chanlife recorded"), "{name}: {err}");
    }
    for none in ["nowhere.db", "/dev/zero", "."] {
        desk.fails(5, &["rescue", none, "--to", "new.db"]);
    }
    let db = desk.db().display().to_string();
    desk.fails(2, &["rescue", &db, "--to", &db]);
    desk.ok(&["backup", "copy.db"]);
    desk.fails(2, &["rescue", &db, "--to", "copy.db"]);
    let left =
        std::fs::read_dir(desk.folder()).expect("a folder").map(|entry| entry.expect("one").file_name());
    let left: Vec<_> = left.filter(|name| name.to_string_lossy().starts_with(['.', 'n'])).collect();
    assert!(left.is_empty(), "{left:?} is left");
}

#[test]
fn an_undo_of_nothing_is_listed_and_all_else_is_rescued() {
    let desk = desk_with_a_story();
    let connection = rusqlite::Connection::open(desk.db()).expect("open");
    connection
        .execute_batch("pragma foreign_keys = off; update action set target = 9999 where kind = 'undo'")
        .expect("damaged");
    drop(connection);
    let (code, answer, _) = rescue(&desk, &bytes_of(&desk));
    assert_eq!(code, 1, "{answer}");
    desk.ok(&["check", "--db", "rescued.db"]);
}

#[test]
fn a_rescued_file_goes_through_text_and_back() {
    let desk = desk_with_a_story();
    let connection = rusqlite::Connection::open(desk.db()).expect("open");
    connection.execute_batch("delete from event where number between 40 and 45").expect("damaged");
    drop(connection);
    let (code, answer, _) = rescue(&desk, &bytes_of(&desk));
    assert_eq!(code, 1, "{answer}");
    desk.ok(&["export", "--all", "--db", "rescued.db", "-o", "all.jsonl"]);
    desk.ok(&["import", "--all", "all.jsonl", "--db", "again.db"]);
    assert_eq!(desk.ok(&["list", "--db", "again.db"]), desk.ok(&["list", "--db", "rescued.db"]));
}

#[test]
fn a_loss_that_claims_to_be_larger_than_any_file_is_found_and_rescued() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme"]);
    desk.ok(&["note", "acme", "gone"]);
    let connection = rusqlite::Connection::open(desk.db()).expect("open");
    let events = i64::MAX;
    let damage = format!(
        "update event set kind = 'lost', partner = null, body = '{{\"events\":{events}}}' where kind = 'noted';
         update action set last_event = {events} where id = 3"
    );
    connection.execute_batch(&damage).expect("damaged");
    drop(connection);
    desk.fails(1, &["check"]);
    let (code, answer, _) = rescue(&desk, &bytes_of(&desk));
    assert_eq!(code, 1, "{answer}");
    desk.ok(&["check", "--db", "rescued.db"]);
    // A number that a file could have is looked at without counting up to it.
    let text = desk.ok(&["export", "--all"]).replace(&events.to_string(), &(1_i64 << 52).to_string());
    let file = desk.file("lost.jsonl", text);
    let err = desk.fails(6, &["import", "--all", &file, "--db", "again.db"]);
    assert!(err.contains("does not add up"), "{err}");
}
