//! How much chanlife costs beyond what must be: ratios against bare programs that do the same to SQLite and
//! nothing else, with the same settings, measured in turn in one run.
//!
//!     cargo bench
//!     cargo bench -- announce        only what stands behind the stages
//!
//! Single times depend on the machine and the hour; the ratios of medians are what counts.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark measures time and talks"
)]

mod floor;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use rusqlite::Connection;

const CHANLIFE: &str = env!("CARGO_BIN_EXE_chanlife");

fn main() {
    let words: Vec<String> = env::args().collect();
    match words.get(1).map(String::as_str) {
        Some("bare-read") => floor::read(Path::new(&words[2])),
        Some("bare-write") => floor::write(Path::new(&words[2])),
        Some("bare-import") => floor::import(Path::new(&words[2]), Path::new(&words[3])),
        Some("bare-count") => floor::count(Path::new(&words[2])),
        Some("bare-tell") => floor::tell(Path::new(&words[2])),
        _ => measure(),
    }
}

/// One command to time, and what to do before each run of it.
struct Case {
    command: Box<dyn Fn() -> Command>,
    before: Box<dyn Fn()>,
}

fn seconds(case: &Case) -> f64 {
    (case.before)();
    let mut command = (case.command)();
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let begun = Instant::now();
    let status = command.status().expect("it starts");
    let took = begun.elapsed().as_secs_f64();
    assert!(status.success(), "{command:?}");
    took
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// Times two cases in turn and prints their medians and the ratio.
fn compare(what: &str, runs: usize, ours: &Case, bare: &Case) {
    let (mut our_times, mut bare_times) = (Vec::new(), Vec::new());
    for run in 0..=runs {
        let (ours, bare) = (seconds(ours), seconds(bare));
        // The first run of each warms up.
        if run > 0 {
            our_times.push(ours);
            bare_times.push(bare);
        }
    }
    let (ours, bare) = (median(our_times) * 1e3, median(bare_times) * 1e3);
    println!("{what:76} {ours:9.2} ms  bare {bare:9.2} ms  ratio {:5.2}", ours / bare);
}

fn chanlife(db: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(CHANLIFE);
    command
        .args(words)
        .env("CHANLIFE_DB", db)
        .env("CHANLIFE_ACTOR", "bench")
        .env("CHANLIFE_TODAY", "2026-11-23");
    command
}

fn done(db: &Path, words: &[&str]) {
    let status = chanlife(db, words).stdout(Stdio::null()).stderr(Stdio::null()).status().expect("it starts");
    assert!(status.success(), "chanlife {words:?}");
}

fn bare(words: Vec<String>) -> Case {
    let command = move || {
        let mut command = Command::new(env::current_exe().expect("myself"));
        command.args(&words);
        command
    };
    Case { command: Box::new(command), before: Box::new(|| {}) }
}

fn ours(db: &Path, words: &'static [&'static str], before: &'static [&'static str]) -> Case {
    let (file, again) = (db.to_owned(), db.to_owned());
    Case {
        command: Box::new(move || chanlife(&file, words)),
        before: Box::new(move || {
            if !before.is_empty() {
                done(&again, before);
            }
        }),
    }
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

/// One announcement to 5,000 partners, and what reports say of them then.
fn announce(folder: &Path) {
    let (db, body) = (folder.join("told.db"), folder.join("body.txt"));
    let mut csv = "name,key,stage,since,contact_name,contact_email\n".to_owned();
    for at in 0..floor::TOLD {
        csv.push_str(&format!("P{at},p{at},growth,2026-02-01,Jane {at},jane@p{at}.example\n"));
    }
    fs::write(folder.join("partners.csv"), csv).expect("written");
    fs::write(&body, "Dear {{contact}}").expect("written");
    done(&db, &["init"]);
    done(&db, &["import", "partners", &text(&folder.join("partners.csv")), "--observed-from", "2026-01-01"]);
    let file = text(&body);
    let words =
        ["announce", "atlas-3", "--where", "stage=growth", "--subject", "Atlas", "--body", &file, "--yes"];
    done(&db, &words);
    let (again, told) = (db.clone(), words.map(str::to_owned));
    let ours_told = Case {
        command: Box::new(move || chanlife(&again, &told.each_ref().map(String::as_str))),
        before: Box::new({
            let db = db.clone();
            move || done(&db, &["undo"])
        }),
    };
    let bare_told = bare(vec!["bare-tell".to_owned(), text(&folder.join("bare-told.db"))]);
    compare("announce to 5,000 partners / a durable row for each", 5, &ours_told, &bare_told);
    let read = bare(vec!["bare-count".to_owned(), text(&db)]);
    let on = |what: &str| format!("{what} on 5,000 partners / read and count their stays");
    for words in [&["report", "readiness"][..], &["report", "communication"], &["report", "funds"], &["next"]]
    {
        let (file, asked) = (db.clone(), words.join(" "));
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let command = move || chanlife(&file, &words.iter().map(String::as_str).collect::<Vec<&str>>());
        let ours = Case { command: Box::new(command), before: Box::new(|| {}) };
        compare(&on(&asked), 5, &ours, &read);
    }
}

fn measure() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    announce(folder.path());
    if env::args().any(|word| word == "announce") {
        return;
    }
    small(&at("ten.db"), &at("log.db"));
    revenue(&at("sell-through.csv"), &at("revenue.db"), &at("shell.db"));
    for partners in [1_000, 10_000, 100_000, 1_000_000] {
        large(partners, &at("h.csv"), &at(&format!("{partners}.db")), &at("bare.db"));
    }
}

/// One call at a time, as scripts make them, on ten partners.
fn small(db: &Path, log: &Path) {
    done(db, &["init"]);
    for number in 0..10 {
        done(db, &["add-partner", &format!("Partner {number}"), "--on", "2026-08-01"]);
    }
    let connection = Connection::open(log).expect("open");
    connection
        .execute_batch("create table log (id integer primary key, what text not null) strict")
        .expect("made");
    drop(connection);
    let read = bare(vec!["bare-read".to_owned(), text(db)]);
    compare("report on ten partners / open and read one row", 101, &ours(db, &["report"], &[]), &read);
    let write = bare(vec!["bare-write".to_owned(), text(log)]);
    let advance = ours(
        db,
        &["advance", "partner-1", "--override", "x"],
        &["back", "partner-1", "--to", "recruitment", "--reason", "x"],
    );
    compare("one advance / one durable insert", 101, &advance, &write);
}

/// A million lines of sell-through of 20,000 partners, as the `sqlite3` shell takes them into one table; and what they
/// come to, as plain SQL adds them up.
fn revenue(csv: &Path, db: &Path, shell_db: &Path) {
    if Command::new("sqlite3").arg("-version").stdout(Stdio::null()).status().is_err() {
        println!("the sqlite3 shell is not there: revenue is not compared");
        return;
    }
    let partners = csv.with_file_name("partners.csv");
    sell_through(20_000, 1_000_000, &partners, csv);
    let (file, own) = (csv.to_owned(), db.to_owned());
    let import = Case {
        command: Box::new({
            let (csv, db) = (file.clone(), own.clone());
            move || chanlife(&db, &["import", "revenue", &text(&csv)])
        }),
        before: Box::new({
            let db = own.clone();
            move || {
                let _ = fs::remove_file(&db);
                done(&db, &["init"]);
                done(&db, &["import", "partners", &text(&partners), "--observed-from", "2023-01-01"]);
            }
        }),
    };
    let header = "partner,productIdentifier,quantitySold,salesDate,customerIdentifier,shipToLocation,currency,\
                  unitPrice,ref";
    let columns: Vec<String> = header.split(',').map(|name| format!("{name} text")).collect();
    let made = format!("create table row ({})", columns.join(", "));
    let shell_import = Case {
        command: Box::new({
            let (csv, db) = (file.clone(), shell_db.to_owned());
            move || {
                let mut command = Command::new("sqlite3");
                let import = format!(".import --skip 1 {} row", text(&csv));
                command.arg(&db).args(["-cmd", &made, "-cmd", ".mode csv", &import]);
                command
            }
        }),
        before: Box::new({
            let db = shell_db.to_owned();
            move || {
                let _ = fs::remove_file(&db);
            }
        }),
    };
    compare("import of 1,000,000 sales / the sqlite3 shell into one table", 5, &import, &shell_import);
    let sums = "select partner, sum(quantitySold * unitPrice),
                       sum(case when salesDate > '2025-11-23' then quantitySold * unitPrice end)
                from row group by partner";
    let shell_sums = Case {
        command: Box::new({
            let db = shell_db.to_owned();
            move || {
                let mut command = Command::new("sqlite3");
                command.arg(&db).arg(sums);
                command
            }
        }),
        before: Box::new(|| {}),
    };
    let growth = ours(db, &["report", "growth"], &[]);
    compare("report growth on 1,000,000 sales / bare SQL sums by partner", 5, &growth, &shell_sums);
}

/// Heavy-tailed sales on days that an own little generator draws.
fn sell_through(partners: u64, sales: u64, partners_csv: &Path, csv: &Path) {
    let mut seed = 7_u64;
    let mut draw = move |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let mut text = String::from("partner,name,stage,since\n");
    for partner in 0..partners {
        text.push_str(&format!("p{partner:05},Partner {partner:05},growth,2023-01-01\n"));
    }
    fs::write(partners_csv, text).expect("written");
    let mut text = String::from(
        "partner,productIdentifier,quantitySold,salesDate,customerIdentifier,shipToLocation,currency,unitPrice,ref\n",
    );
    for sale in 0..sales {
        // Squared, so that few partners have most of the sales.
        let partner = draw(partners) * draw(partners) / partners;
        let (year, month, day) = (2023 + sale * 4 / sales.max(1), 1 + draw(10), 1 + draw(28));
        text.push_str(&format!(
            "p{partner:05},SKU-{:04},{},{year}-{month:02}-{day:02},C{},Berlin DE,EUR,{}.{:02},INV-{sale}\n",
            draw(200),
            1 + draw(40),
            draw(50_000),
            1 + draw(900),
            draw(100),
        ));
    }
    fs::write(csv, text).expect("written");
}

/// About six moves for each partner, on days that an own little generator draws, until they leave or 2026-11 comes.
/// Returns how many moves there are.
fn history(partners: u32, csv: &Path) -> u32 {
    let mut seed = 1_u64;
    let mut draw = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let first = chrono::NaiveDate::from_ymd_opt(2022, 1, 1).expect("a day");
    let mut moves = 0;
    let mut text = String::from("partner,stage,entered_on\n");
    for partner in 0..partners {
        let mut day = draw(1_000);
        for stage in ["recruitment", "terms", "readiness", "parked", "readiness", "launch", "growth"] {
            let stage = if draw(100) < 5 && moves > 0 { "declined" } else { stage };
            let on = first + chrono::Days::new(day);
            text.push_str(&format!("P{partner:07},{stage},{on}\n"));
            moves += 1;
            day += 1 + draw(60) + draw(60) * u64::from(draw(10) == 0) * 5;
            if stage == "declined" || day > 1_750 {
                break;
            }
        }
    }
    fs::write(csv, text).expect("written");
    moves
}

fn large(partners: u32, csv: &Path, db: &Path, bare_db: &Path) {
    let rows = history(partners, csv);
    let (csv_name, db_name): (PathBuf, PathBuf) = (csv.to_owned(), db.to_owned());
    let import = Case {
        command: Box::new({
            let (csv, db) = (csv_name.clone(), db_name.clone());
            move || chanlife(&db, &["import", "stages", &text(&csv), "--complete-history"])
        }),
        before: Box::new({
            let db = db_name.clone();
            move || {
                let _ = fs::remove_file(&db);
                done(&db, &["init"]);
            }
        }),
    };
    let bare_import = bare(vec!["bare-import".to_owned(), text(bare_db), text(csv)]);
    // A million partners take minutes: once is enough to see how cost grows.
    let runs = if partners > 100_000 { 1 } else { 3 };
    compare(&format!("import of {rows} moves / the CSV into one table"), runs, &import, &bare_import);
    let count = bare(vec!["bare-count".to_owned(), text(db)]);
    let on = |what: &str| format!("{what} on {partners} partners / read and count {rows} stays");
    compare(&on("report pipeline"), 3 * runs, &ours(db, &["report", "pipeline"], &[]), &count);
    compare(&on("report"), 3 * runs, &ours(db, &["report"], &[]), &count);
    compare(&on("report intervene"), runs, &ours(db, &["report", "intervene"], &[]), &count);
    compare(&on("report velocity"), runs, &ours(db, &["report", "velocity"], &[]), &count);
}
