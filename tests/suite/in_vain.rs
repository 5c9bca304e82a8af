//! What a program says in vain: a new one is refused with the thing, its place and the remedy, one in force goes on.

use crate::support::Desk;

const PROGRAM: &str = r#"
[program]
name = "P"
currency = "EUR"
[reporting]
every = "month"
types = ["msp"]
[[field]]
key = "type"
type = "choice"
options = ["reseller", "msp"]
[[tier]]
key = "basic"
[[tier]]
key = "gold"
name = "Gold"
revenue_12m = 100
[[course]]
key = "sales"
types = ["msp"]
[[course]]
key = "top"
tiers = ["gold"]
[[term]]
key = "margin"
type = "number"
[[term]]
key = "territory"
type = "text"
[[fund]]
key = "co-op"
percent_of_revenue = 2
[[score]]
key = "size"
measure = "revenue_12m"
weight = 100
bands = [{ score = 0 }, { from = 10, score = 80 }]
[[stage]]
key = "start"
[[stage.milestone]]
key = "m1"
[[stage]]
key = "ready"
types = ["msp"]
[[stage.milestone]]
key = "m2"
[[stage]]
key = "growth"
success = true
[[stage.milestone]]
key = "m3"
every = "quarter"
[[stage.milestone]]
key = "m4"
tiers = ["gold"]
[[leaving]]
key = "keys-back"
[verdict]
fail_below = 60
pass_above = 75
[[questionnaire]]
key = "fit"
stage = "start"
side = "vendor"
[[questionnaire.question]]
key = "segment"
text = "Segment?"
weight = 10
type = "choice"
options = { core = 100, other = 50 }
"#;

/// Each change with what is said of it and how it is mended: behind `at`, a line is added, or a text is put in its place.
const VAIN: &[(&str, &str, &str, &str)] = &[
    ("m1", "needs = \"announced:LAUNCH\"", "begins with `LAUNCH`", "\"announced:launch\""),
    ("m1", "needs = \"announced:é\"", "begins with `é`", "\"announced:e\""),
    ("m1", "needs = \"announced:a:b\"", "begins with `a:b`", "lower-case letters"),
    ("m1", "needs = \"announced:-\"", "begins with `-`", "lower-case letters"),
    ("m1", "needs = \"sold:1\"\nsettled_by = \"sold:2\"", "needs or settled_by, not both", "any = ["),
    ("m1", "needs = \"tier-reviewed\"", "can never be met in `start`", "move the milestone to `growth`"),
    ("m1", "types = []", "milestone `m1`: types is empty", "fill it, or remove types"),
    ("m1", "regions = []", "milestone `m1`: regions is empty", "remove regions"),
    ("m2", "types = [\"reseller\"]", "milestone `m2` is for nobody", "is for msp"),
    (
        "m1",
        "types = [\"reseller\"]\nneeds = \"certified:sales\"",
        "`certified:sales:1` is for other partners",
        "in both",
    ),
    ("m1", "types = [\"reseller\"]\nneeds = \"reported\"", "`reported` is for other partners", "in both"),
    ("m3", "due_days = 5", "due_days means nothing", "lead_days"),
    ("growth", "types = [\"msp\"]", "the others can never succeed", "on its milestones"),
    ("growth", "tiers = [\"gold\"]", "the others can never succeed", "on its milestones"),
    ("gold", "milestones = []", "tier `gold`: milestones is empty", "remove milestones"),
    ("gold", "score_parts = {}", "tier `gold`: score_parts is empty", "remove score_parts"),
    ("gold", "certified = {}", "tier `gold`: certified is empty", "remove certified"),
    ("gold", "milestones = [\"keys-back\"]", "`keys-back` is a step of leaving", "of a stage"),
    ("gold", "milestones = [\"m3\"]", "`m3` recurs", "does not recur"),
    (
        "gold",
        "milestones = [\"m4\"]",
        "milestone `m4`, which it asks for, is for no lower tier",
        "add a lower tier",
    ),
    (
        "gold",
        "certified = { top = 1 }",
        "course `top`, which it asks for, is for no lower tier",
        "lower tier",
    ),
    ("gold", "score = 81", "81 points can never be reached: the score has 80 at most", "fewer points"),
    ("gold", "score_parts = { size = 81 }", "81 points in `size` can never be reached", "fewer points"),
    (
        "gold",
        "[[tier]]\nkey = \"best\"\nname = \"gold\"",
        "`gold` is the key or the name of tier `gold`",
        "own",
    ),
    ("co-op", "activities = []", "fund `co-op`: activities is empty", "remove activities"),
    ("fit", "pass_above = 100\nfail_below = 10", "can never pass: its best score is 100", "pass_above"),
    (
        "segment",
        "[[questionnaire.question]]\nkey = \"n\"\ntext = \"How many?\"\ntype = \"number\"\nmax = 10\n\
         [[questionnaire.question]]\nkey = \"o\"\ntext = \"Who?\"\ntype = \"text\"\nask_if = \"n > 10\"",
        "no allowed answer meets `n > 10`",
        "allow more answers",
    ),
    ("segment", "must = []", "question `segment`: must is empty", "remove must"),
    ("territory", "[[region]]\nkey = \"de\"\ncountries = [\"FR\"]", "`de` cannot be a region", "dach"),
    ("territory", "[[region]]\nkey = \"france\"\ncountries = [\"IT\"]", "it means France", "dach"),
    (
        "territory",
        "[[region]]\nkey = \"r\"\nname = \"Italy\"\ncountries = [\"IT\", \"MT\"]",
        "means Italy",
        "dach",
    ),
    ("territory", "[[region]]\nkey = \"world\"\ncountries = [\"IT\"]", "means all countries", "another key"),
    ("territory", "[[region]]\nkey = \"a\"\ncountries = []", "region `a`: countries is empty", "fill it"),
    (
        "territory",
        "[[region]]\nkey = \"a\"\ncountries = [\"IT\"]\n[[region]]\nkey = \"b\"\nname = \"A\"\ncountries = [\"FR\"]",
        "two regions have the key or the name `A`",
        "another key or name",
    ),
    (
        "territory",
        "[sales]\nmargin = \"margin\"\nreturn_window = \"margin\"",
        "`margin` twice",
        "another term",
    ),
    (
        "territory",
        "[[term]]\nkey = \"where\"\ntype = \"choice\"\noptions = [\"DE\", \"north\"]\n[sales]\nterritory = \"where\"",
        "option `north` is neither a country nor a region",
        "[[region]]",
    ),
    ("territory", "[sales]", "[sales] names no term", "remove [sales]"),
    (
        "territory",
        "[[field]]\nkey = \"tier\"\ntype = \"choice\"\noptions = [\"gold\"]",
        "mean nothing beside the [[tier]]",
        "remove the field",
    ),
    ("territory", "[[fund]]\nkey = \"mdf\"\nbudget = {}", "budget is empty", "remove budget"),
];

/// Puts lines behind the line with a key, within its section if it is one.
fn behind(key: &str, lines: &str) -> String {
    let line = format!("key = \"{key}\"\n");
    assert!(PROGRAM.contains(&line), "{key}");
    let at = PROGRAM.find(&line).expect("there") + line.len();
    let (before, after) = PROGRAM.split_at(at);
    // A section of its own stands behind the one with the key.
    let end = if lines.starts_with('[') { after.find("\n[").map_or(after.len(), |end| end + 1) } else { 0 };
    format!("{before}{}{lines}\n{}", &after[..end], &after[end..])
}

#[test]
fn what_can_never_be_met_or_means_nothing_is_refused_with_its_place_and_the_remedy() {
    let desk = Desk::new();
    desk.ok(&["program", "check", &desk.file("sound.toml", PROGRAM)]);
    for (at, lines, what, remedy) in VAIN {
        let program = behind(at, lines);
        let file = desk.file("vain.toml", &program);
        let err = desk.fails(6, &["program", "check", &file]);
        assert!(err.contains(what) && err.contains(remedy), "{lines}: {err}");
        assert!(err.contains("vain.toml:") && !err.contains("vain.toml:1:1"), "{lines}: {err}");
        desk.fails(6, &["program", "apply", &file]);
        let other = "other.db";
        desk.fails(6, &["init", "--db", other, "--program", &file]);
    }
}

#[test]
fn a_field_of_other_words_does_not_say_how_often_partners_report() {
    let desk = Desk::new();
    let with = |kind: &str| {
        let program = PROGRAM.replace("every = \"month\"\n", "every = \"month\"\nfield = \"cadence\"\n");
        format!("{program}\n[[field]]\nkey = \"cadence\"\n{kind}\n")
    };
    let err = desk.fails(6, &["program", "check", &desk.file("p.toml", with("type = \"text\""))]);
    assert!(err.contains("field `cadence` can hold other words") && err.contains("\"quarter\""), "{err}");
    let choice = "type = \"choice\"\noptions = [\"month\", \"none\"]";
    desk.ok(&["program", "check", &desk.file("p.toml", with(choice))]);
    let none = PROGRAM.replace("[reporting]\nevery = \"month\"\ntypes = [\"msp\"]\n", "");
    let none = none.replace("every = \"quarter\"", "every = \"quarter\"\nneeds = \"reported\"");
    let err = desk.fails(6, &["program", "check", &desk.file("p.toml", none)]);
    assert!(err.contains("`m3` is never due: the program asks for no reports"), "{err}");
}

#[test]
fn one_mistake_is_told_once() {
    let desk = Desk::new();
    let told = |program: String| {
        let err = desk.fails(6, &["program", "check", &desk.file("p.toml", program)]);
        let problems = err.lines().filter(|line| line.contains("p.toml:")).count();
        (problems, err)
    };
    let score = |from: &str, to: &str| {
        let scored = behind("gold", "score = 50\nscore_parts = { size = 10 }");
        assert!(scored.contains(from), "{from}");
        scored.replace(from, to)
    };
    for (program, what) in [
        (score("weight = 100", "weight = 0"), "weight is `0`"),
        (score("weight = 100\n", ""), "has no valid weight"),
        (
            score("bands = [{ score = 0 }, { from = 10, score = 80 }]", "bands = []"),
            "does not say what is worth",
        ),
        (score("from = 10, score = 80", "from = 10, score = 180"), "180"),
        (
            score("bands = [{ score = 0 }, { from = 10, score = 80 }]", "linear = { worst = 1, best = 1 }"),
            "linear",
        ),
        (behind("m1", "needs = { any = [1] }"), "any is `1`"),
        (behind("m1", "types = [\"\"]"), "a text in types is empty"),
        (behind("m1", "name = [\"a\"]"), "name is an array"),
        (behind("gold", "anny = []"), "did you mean `any`?"),
        (behind("m1", "needs = \"sold:4294967296\""), "expected a whole number from 1 to 1000"),
        (behind("m1", "needs = \"certified:top:0\""), "expected a whole number from 1 to 1000"),
        (
            behind("m1", "needs = \"revenue:5.5\"").replace("\"EUR\"", "\"JPY\""),
            "`5.5` is not an amount in JPY",
        ),
    ] {
        let (problems, err) = told(program);
        assert!(problems == 1 && err.contains(what), "{what}: {err}");
    }
    let (_, err) = told(behind("gold", "zzz = 1"));
    assert!(err.contains("`any`"), "{err}");
}
