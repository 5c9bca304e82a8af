//! The house is in order: floors, circles, names, lengths and comments, read from the parsed sources.
//!
//! `cargo test --test suite tidy -- --nocapture` prints a count for each rule; with `TIDY=all`, each finding too.

mod arrows;
pub(crate) mod sources;

use std::collections::BTreeMap;

use self::arrows::{Map, circles};
use self::sources::{Source, files, parse, shown, sources};

/// Folders and files of `src` by floor, from the ground up. What stands on one floor stands side by side: none
/// imports from its neighbours, nor from above.
const FLOORS: [&[&str]; 10] = [
    &["lifecycle/base", "analysis"],
    &["lifecycle"],
    &["store"],
    &["text"],
    &["report"],
    &["render", "import", "export"],
    &["app"],
    &["commands"],
    &["cli"],
    &["lib", "main", "face"],
];

/// Names that say nothing to somebody who has never seen the program, for files, modules and types.
const BANNED_NAMES: [&str; 27] = [
    "backing", "voice", "tell", "telling", "dues", "say", "worth", "care", "letter", "letters", "gathered",
    "intake", "lives", "passage", "waits", "desk", "act", "deciding", "reply", "ready", "scene", "mends",
    "words", "whole", "subjects", "guard", "place",
];

/// Longest file and longest function, in lines.
const FILE_LINES: usize = 600;
const FUNCTION_LINES: usize = 60;

/// Files and functions whose topic needs more, each with its reason.
const LONG_FILES: [(&str, &str); 0] = [];
const LONG_FUNCTIONS: [(&str, &str); 1] =
    [("src/text/steps.rs words", "one row for each command that can be a next step")];

/// Type names that may stand twice, each with its reason.
const SHARED_TYPES: [(&str, &str); 0] = [];

/// Texts of the core that read like sentences and are none, each with its reason.
const NO_SENTENCES: [(&str, &str); 6] = [
    ("none of these", "an option that people choose, and that is stored as they chose it"),
    ("waiting for the partner", "the word of a plan's state for machines, which stays"),
    (r#"type = "choice" and options"#, "how a program is written"),
    ("in 12 months", "evidence for a tier, which its event keeps"),
    ("no quarter with a plan is over", "evidence for a tier, which its event keeps"),
    ("% of plan", "evidence for a tier, which its event keeps"),
];

/// Prints how many findings a rule has, and fails if there are any.
#[expect(clippy::print_stdout, reason = "the counts are what `--nocapture` is asked for")]
fn hold(rule: &str, findings: &[String]) {
    let count = findings.len();
    println!("tidy: {count:5}  {rule}");
    if std::env::var_os("TIDY").is_some() {
        println!("  {}", findings.join("\n  "));
    }
    assert!(
        count == 0,
        "{rule}: {count} findings:
  {}",
        findings.join(
            "
  "
        )
    );
}

/// The name of a source within `src`, such as `lifecycle/base/day`; a folder has that of the folder.
fn name(source: &Source) -> String {
    let inside = source.path.trim_start_matches("src/").trim_end_matches(".rs");
    inside.trim_end_matches("/mod").to_owned()
}

fn is_in(name: &str, folder: &str) -> bool {
    name == folder || name.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// The floor of a source, and where on it.
fn floor(name: &str) -> Option<(usize, &'static str)> {
    let mut found = None;
    for (level, places) in FLOORS.iter().enumerate() {
        for place in *places {
            if is_in(name, place) && found.is_none_or(|(_, known): (usize, &str)| place.len() > known.len()) {
                found = Some((level, *place));
            }
        }
    }
    found
}

fn core(name: &str) -> bool {
    is_in(name, "lifecycle") || is_in(name, "analysis")
}

#[test]
fn no_circles_between_files() {
    let sources = sources();
    let arrows = Map::new(sources).arrows();
    let mut findings = Vec::new();
    for group in circles(sources.len(), &arrows) {
        for file in &group {
            let inside = arrows.iter().filter(|arrow| !arrow.passed_on && arrow.from == *file);
            let mut to: Vec<String> = inside
                .filter(|arrow| group.contains(&arrow.to))
                .map(|arrow| format!("{}:{} {}", sources[arrow.to].path, arrow.line, arrow.path))
                .collect();
            to.sort();
            to.dedup_by_key(|text| text.split(':').next().unwrap_or_default().to_owned());
            findings.push(format!(
                "{} (circle of {}) -> {}",
                sources[*file].path,
                group.len(),
                to.join(", ")
            ));
        }
    }
    hold("files that stand in a circle of imports", &findings);
}

#[test]
fn imports_run_downwards_only() {
    let sources = sources();
    let mut findings = Vec::new();
    for source in sources {
        if floor(&name(source)).is_none() {
            findings.push(format!("{} has no floor", source.path));
        }
    }
    let mut arrows = 0;
    for arrow in Map::new(sources).arrows() {
        arrows += 1;
        let (from, to) = (&sources[arrow.from], &sources[arrow.to]);
        let (Some((own, place)), Some((other, target))) = (floor(&name(from)), floor(&name(to))) else {
            continue;
        };
        let beside_analysis = place == "lifecycle" && target == "analysis";
        if other > own || (other == own && place != target) || beside_analysis {
            findings.push(format!("{}:{} imports {} of {}", from.path, arrow.line, arrow.path, to.path));
        }
    }
    assert!(arrows > 2000, "only {arrows} imports were understood");
    hold("imports that run upwards or sideways", &findings);
}

/// Findings of paths that begin with these words, in sources for which the condition holds.
fn paths_with(words: &[&str], applies: impl Fn(&str) -> bool) -> Vec<String> {
    let mut findings = Vec::new();
    for source in sources().iter().filter(|source| applies(&name(source))) {
        let imported = source.imports.iter().map(|import| (&import.path, import.line));
        let named = source.paths.iter().map(|named| (&named.path, named.line));
        for (path, line) in imported.chain(named) {
            let path = path.join("::");
            let found = |word: &str| path == word || path.starts_with(&format!("{word}::"));
            if words.iter().any(|word| found(word)) {
                findings.push(format!("{}:{line} has {path}", source.path));
            }
        }
    }
    findings
}

#[test]
fn only_the_store_speaks_sql() {
    hold("`rusqlite` outside the store", &paths_with(&["rusqlite"], |name| !is_in(name, "store")));
}

#[test]
fn only_render_draws_tables() {
    let tables = paths_with(&["comfy_table"], |name| !is_in(name, "render") && !is_in(name, "app"));
    hold("`comfy_table` outside render/ (app/ asks it for the width of the terminal)", &tables);
}

#[test]
fn only_the_prompt_asks() {
    let outside = |name: &str| !is_in(name, "app/prompt") && !is_in(name, "app/terminal");
    hold(
        "`dialoguer` outside app/prompt (app/terminal asks it for the width)",
        &paths_with(&["dialoguer"], outside),
    );
}

#[test]
fn the_core_touches_nothing_of_the_world() {
    let world = ["std::fs", "std::io", "std::env", "std::process", "std::time", "std::net"];
    let mut findings = paths_with(&world, core);
    findings.extend(paths_with(&["clap", "anstream", "etcetera", "tempfile", "indicatif"], core));
    for source in sources().iter().filter(|source| core(&name(source))) {
        let prints = ["print", "println", "eprint", "eprintln", "dbg"];
        let printed = source.macros.iter().filter(|(name, _)| prints.contains(&name.as_str()));
        findings.extend(printed.map(|(name, line)| format!("{}:{line} has {name}!", source.path)));
        let clock = source.paths.iter().filter(|named| {
            ["Local::now", "Utc::now", "SystemTime::now", "Instant::now"]
                .contains(&named.path.join("::").as_str())
        });
        findings.extend(clock.map(|named| format!("{}:{} reads the clock", source.path, named.line)));
    }
    hold("the core reads or writes the world", &findings);
}

#[test]
fn commands_of_a_shell_are_written_above_the_core_only() {
    let mut findings = Vec::new();
    for source in sources() {
        let name = name(source);
        // app/ is the shell's own edge: it says which option of a command line answers a question.
        if ["text", "commands", "cli", "app"].iter().any(|folder| is_in(&name, folder)) {
            continue;
        }
        let written = source.literals.iter().filter(|(text, _)| text.contains("chanlife "));
        findings.extend(written.map(|(text, line)| format!("{}:{line} {}", source.path, text.trim())));
    }
    hold("texts with a command line outside text/, commands/, cli and app/", &findings);
}

/// Three or more words in a row that are no SQL.
fn is_sentence(text: &str) -> bool {
    let sql = [
        "select",
        "insert",
        "update",
        "delete",
        "create",
        "drop",
        "alter",
        "pragma",
        "begin",
        "commit",
        "rollback",
        "savepoint",
        "release",
        "with",
        "attach",
        "detach",
        "vacuum",
        "from",
        "where",
        "order",
        "group",
        "and",
        "or",
        "join",
        "left",
        "values",
        "on",
        "limit",
        "union",
        "replace",
        "having",
        "case",
        "references",
    ];
    let is_word = |word: &&str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        word.len() > 1 && word.chars().all(|c| c.is_alphabetic() || c == '\'' || c == '-')
    };
    let words: Vec<&str> = text.split_whitespace().filter(is_word).collect();
    let first = text.trim_start_matches(|c: char| !c.is_alphabetic()).split_whitespace().next();
    let first = first.unwrap_or_default().to_lowercase();
    words.len() >= 3 && !sql.contains(&first.as_str())
}

#[test]
fn no_sentences_in_the_lifecycle_and_in_the_store() {
    let mut findings = Vec::new();
    for source in sources() {
        let name = name(source);
        if !is_in(&name, "lifecycle") && !is_in(&name, "store") {
            continue;
        }
        for (text, line) in &source.literals {
            let allowed = NO_SENTENCES.iter().any(|(known, _)| text.contains(known));
            if is_sentence(text) && !allowed {
                let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
                findings.push(format!("{}:{line} {text}", source.path));
            }
        }
    }
    hold("sentences for people in lifecycle/ and store/", &findings);
}

#[test]
fn no_file_is_too_long() {
    let mut findings = Vec::new();
    for path in files("src").into_iter().chain(files("tests")) {
        let lines = std::fs::read_to_string(&path).expect("readable").lines().count();
        let path = shown(&path);
        if lines > FILE_LINES && !LONG_FILES.iter().any(|(known, _)| *known == path) {
            findings.push(format!("{path} has {lines} lines"));
        }
    }
    hold("files beyond 600 lines", &findings);
}

#[test]
fn no_function_is_too_long() {
    let mut findings = Vec::new();
    for source in sources() {
        for function in &source.functions {
            let full = format!("{} {}", source.path, function.name);
            if function.lines > FUNCTION_LINES && !LONG_FUNCTIONS.iter().any(|(known, _)| *known == full) {
                findings.push(format!(
                    "{}:{} {} has {} lines",
                    source.path, function.line, function.name, function.lines
                ));
            }
        }
    }
    hold("functions beyond 60 lines", &findings);
}

#[test]
fn a_type_name_belongs_to_one_type() {
    let sources = sources();
    let mut types: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for source in sources {
        for (name, line) in &source.types {
            types.entry(name).or_default().push(format!("{}:{line}", source.path));
        }
    }
    types.retain(|name, places| places.len() > 1 && !SHARED_TYPES.iter().any(|(known, _)| known == name));
    let findings: Vec<String> =
        types.iter().map(|(name, places)| format!("{name}: {}", places.join(", "))).collect();
    hold("type names that several types bear", &findings);
}

#[test]
fn a_type_keeps_its_name() {
    let sources = sources();
    let map = Map::new(sources);
    let mut findings = Vec::new();
    for source in sources {
        for import in source.imports.iter().filter(|import| import.renamed && map.is_own(import)) {
            let name = import.name.as_deref().unwrap_or_default();
            if name != "_" {
                findings.push(format!(
                    "{}:{} {} as {name}",
                    source.path,
                    import.line,
                    import.path.join("::")
                ));
            }
        }
    }
    hold("names of our own that an import changes", &findings);
}

#[test]
fn every_file_says_what_it_is_for() {
    let silent = sources().iter().filter(|source| !source.text.starts_with("//! "));
    let findings: Vec<String> = silent.map(|source| source.path.clone()).collect();
    hold("files that do not begin with what they are for", &findings);
}

#[test]
fn every_folder_says_what_it_must_not_know_and_how_it_grows() {
    let mut findings = Vec::new();
    for source in sources().iter().filter(|source| source.path.ends_with("/mod.rs")) {
        let lines = source.text.lines().take_while(|line| line.starts_with("//!"));
        let text = lines.map(|line| line.trim_start_matches("//!").trim()).collect::<Vec<_>>().join(" ");
        for (what, signs) in [
            ("what it must not know", ["must not know", "knows nothing", "know nothing"]),
            ("how to add one more", ["To add", "to add", "Adding"]),
        ] {
            if !signs.iter().any(|sign| text.contains(sign)) {
                findings.push(format!("{} does not say {what} ({})", source.path, signs.join(", or ")));
            }
        }
    }
    let rule = "folders that do not say what they must not know, or how to add one more";
    hold(rule, &findings);
}

#[test]
fn every_public_function_says_what_it_does() {
    // They end like verbs, and are none.
    let no_verbs =
        ["This", "Days", "As", "Always", "Its", "Names", "Words", "Others", "Means", "Events", "Partners"];
    let mut findings = Vec::new();
    for source in sources() {
        for function in source.functions.iter().filter(|function| function.public) {
            let doc = function.doc.as_deref().unwrap_or_default();
            let first = doc.split_whitespace().next().unwrap_or_default().trim_end_matches([',', ':', '.']);
            let verb = first.ends_with('s')
                && first.starts_with(|c: char| c.is_ascii_uppercase())
                && first.chars().all(|c| c.is_ascii_alphabetic())
                && !no_verbs.contains(&first);
            if !verb {
                let doc = doc.lines().next().unwrap_or_default();
                findings.push(format!("{}:{} {}: {doc}", source.path, function.line, function.name));
            }
        }
    }
    hold("public functions whose comment does not begin with a verb (Returns, Reads, ...)", &findings);
}

#[test]
fn names_are_those_of_the_trade() {
    let mut findings = Vec::new();
    for source in sources() {
        for part in name(source).split(['/', '_']).filter(|part| BANNED_NAMES.contains(part)) {
            findings.push(format!("{} bears the name {part}", source.path));
        }
        let words = |name: &str| {
            let spaced: String = name
                .chars()
                .flat_map(|c| if c.is_uppercase() { vec![' ', c.to_ascii_lowercase()] } else { vec![c] })
                .collect();
            spaced.split_whitespace().map(ToOwned::to_owned).collect::<Vec<String>>()
        };
        for (name, line) in &source.types {
            if words(name).iter().any(|word| BANNED_NAMES.contains(&word.as_str())) {
                findings.push(format!("{}:{line} type {name}", source.path));
            }
        }
        for (module, _) in source.modules.iter().skip(1) {
            let own = module.last().expect("a name");
            if own.split('_').any(|part| BANNED_NAMES.contains(&part)) {
                findings.push(format!("{} has a module {own}", source.path));
            }
        }
    }
    hold("names of files, modules and types that say nothing to a newcomer", &findings);
}

#[test]
fn the_rules_see_what_is_planted() {
    let planted = [
        parse("src/lib.rs", "mod low;"),
        parse("src/low/mod.rs", "pub mod real; pub mod face; pub use self::real::Thing;"),
        parse("src/low/face.rs", "pub use super::real::{Thing, made as built};"),
        parse("src/low/real.rs", "pub struct Thing; pub fn made() {} fn f() { crate::high::inner::g(); }"),
        parse(
            "src/high.rs",
            "use crate::low::face; use crate::low::Thing as Other;
             pub mod inner { pub fn g() { let _ = format!(\"{}\", super::super::low::face::built()); } }
             #[cfg(test)] mod tests { use crate::nowhere::X as Y; }",
        ),
    ];
    let map = Map::new(&planted);
    let arrows = map.arrows();
    let shown: Vec<String> = arrows
        .iter()
        .filter(|arrow| !arrow.passed_on)
        .map(|arrow| format!("{} {}", planted[arrow.from].path, planted[arrow.to].path))
        .collect();
    // What a face passes on leads to where it is made, and the face stands in no circle.
    assert_eq!(
        shown,
        ["src/low/real.rs src/high.rs", "src/high.rs src/low/real.rs", "src/high.rs src/low/real.rs"],
        "{:?}",
        arrows.iter().map(|arrow| &arrow.path).collect::<Vec<_>>()
    );
    assert_eq!(circles(planted.len(), &arrows), [[3, 4]]);
    let renamed = planted[4].imports.iter().filter(|import| import.renamed && map.is_own(import));
    assert_eq!(renamed.count(), 1);
    assert_eq!(planted[4].literals, [("{}".to_owned(), 2)]);
    assert_eq!(planted[3].functions.len(), 2);
    assert!(
        is_sentence("`{key}` is no stage of the program") && !is_sentence("select key from partner where id")
    );
}
