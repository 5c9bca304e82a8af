//! Real event logs, if there are any: `CHANLIFE_LOGS` names a folder with one folder per log, which has
//! `events.csv` (`partner`, `stage`, `entered_on`) and `meta.json` (`as_of`).

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{Desk, logs};

/// Partners and stays per place as of a day, counted from the rows alone.
fn counted(csv: &str, as_of: &str) -> (BTreeMap<String, u64>, BTreeMap<String, u64>) {
    let mut by_partner: HashMap<&str, Vec<(&str, &str)>> = HashMap::new();
    for line in csv.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        if cells[2] <= as_of {
            by_partner.entry(cells[0]).or_default().push((cells[2], cells[1]));
        }
    }
    let (mut partners, mut stays) = (BTreeMap::new(), BTreeMap::new());
    for rows in by_partner.values_mut() {
        rows.sort_by_key(|(day, _)| *day);
        for (at, (_, place)) in rows.iter().enumerate() {
            let left = ["declined", "withdrew", "terminated"].contains(place);
            if !left {
                *stays.entry((*place).to_owned()).or_insert(0) += 1;
            }
            if at + 1 == rows.len() {
                *partners.entry(if left { "left" } else { place }.to_owned()).or_insert(0) += 1;
            }
        }
    }
    (partners, stays)
}

fn compare(folder: &Path) -> String {
    let meta: Value =
        serde_json::from_str(&fs::read_to_string(folder.join("meta.json")).expect("meta")).expect("JSON");
    let as_of = meta["as_of"].as_str().expect("as_of");
    let csv = fs::read_to_string(folder.join("events.csv")).expect("events");
    let desk = Desk::new();
    let file = folder.join("events.csv").display().to_string();
    let import = ["import", "stages", &file, "--complete-history"];
    desk.ok(&import);
    let report = desk.json(&["report", "pipeline", "--as-of", as_of]);
    let column = |name: &str| -> BTreeMap<String, u64> {
        let rows = report["rows"].as_array().expect("rows").iter();
        let cells = rows.filter_map(|row| Some((row["stage"].as_str()?.to_owned(), row[name].as_u64()?)));
        cells.filter(|(_, count)| *count > 0).collect()
    };
    let (partners, stays) = counted(&csv, as_of);
    assert_eq!(column("partners"), partners, "{file}");
    assert_eq!(column("stays"), stays, "{file}");
    let total: u64 = stays.values().sum();
    assert_eq!(report["stays"], total, "{file}");
    let picture = desk.picture();
    desk.ok(&import);
    assert_eq!(desk.picture(), picture, "{file}: a second import changes nothing");
    desk.check();
    desk.ok(&["undo"]);
    assert_eq!(desk.json(&["report"])["partners"], 0, "{file}: undo leaves nobody");
    format!("{}: {} partners, {total} stays as of {as_of}", folder.display(), partners.values().sum::<u64>())
}

#[test]
#[expect(clippy::print_stdout, reason = "a run with --nocapture shows what was compared")]
fn real_logs_give_the_pipeline_that_a_count_of_their_rows_gives() {
    for log in logs() {
        println!("{}", compare(&log));
    }
}
