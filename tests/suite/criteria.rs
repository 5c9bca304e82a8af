//! Questionnaires: what answers are worth, bands while answers are unknown, must-haves, versions.

use std::collections::BTreeMap;

use chanlife::face::lifecycle::criteria::{
    AnswerValue, Answers, DecisiveQuestions, Holds, Must, Questionnaire, Verdict,
};
use chanlife::face::lifecycle::program::Program;
use proptest::prelude::*;
use proptest::sample::Index;
use rust_decimal::Decimal;

use crate::support::Desk;

pub(crate) const HEAD: &str = "[program]\nname = \"Test\"\ncurrency = \"EUR\"\n\n[verdict]\nfail_below = 60\npass_above = 75\n\n\
                    [[stage]]\nkey = \"talks\"\nsuccess = true\n\n";

fn questionnaire(questions: &str) -> Questionnaire {
    let toml = format!(
        "{HEAD}[[questionnaire]]\nkey = \"fit\"\nstage = \"talks\"\nside = \"vendor\"\ntitle = \"Fit\"\n\n{questions}"
    );
    let program = Program::parse(&toml).unwrap_or_else(|problems| panic!("{problems:?}\n{toml}"));
    program.questionnaire("fit").expect("there").clone()
}

pub(crate) fn question(key: &str, lines: &str) -> String {
    format!("[[questionnaire.question]]\nkey = \"{key}\"\ntext = \"?\"\n{lines}\n\n")
}

fn answers(questionnaire: &Questionnaire, typed: &[(&str, &str)]) -> Answers {
    let read = |(key, text): &(&str, &str)| {
        let question = questionnaire.question(key).expect("a question");
        ((*key).to_owned(), question.read(text, questionnaire.currency).expect("an answer"))
    };
    typed.iter().map(read).collect()
}

/// Every answer that is tried for a question of this type in enumerations.
const CHOICES: [&str; 3] = ["a", "b", "c"];

/// A question: its lines, and its possible answers.
#[derive(Clone, Debug)]
struct Drawn {
    lines: String,
    values: Vec<String>,
}

fn drawn(at: usize) -> impl Strategy<Value = Drawn> {
    let score = || 1_u32..=100;
    let kind = prop_oneof![
        prop::sample::select(&["yes", "no"][..]).prop_map(|good| Drawn {
            lines: format!("type = \"yes-no\"\ngood = \"{good}\""),
            values: vec!["yes".to_owned(), "no".to_owned()],
        }),
        (score(), score(), score()).prop_map(|(a, b, c)| Drawn {
            lines: format!("type = \"choice\"\noptions = {{ a = {a}, b = {b}, c = {c} }}"),
            values: CHOICES.map(str::to_owned).to_vec(),
        }),
        (score(), score()).prop_map(|(a, b)| Drawn {
            lines: format!("type = \"multi-choice\"\noptions = {{ a = {a}, b = {b} }}"),
            values: ["a", "b", "a, b", "none of these"].map(str::to_owned).to_vec(),
        }),
        Just(Drawn {
            lines: "type = \"scale\"\nmin = 0\nmax = 3".to_owned(),
            values: ["0", "1", "2", "3"].map(str::to_owned).to_vec(),
        }),
        (-3_i64..6, 1_i64..5, any::<bool>()).prop_map(|(worst, step, rises)| {
            let best = if rises { worst + step } else { worst - step };
            Drawn {
                lines: format!(
                    "type = \"number\"\nmin = 0\nmax = 4\nlinear = {{ worst = {worst}, best = {best} }}"
                ),
                values: ["0", "1", "2.5", "4"].map(str::to_owned).to_vec(),
            }
        }),
        (score(), score(), score()).prop_map(|(a, b, c)| Drawn {
            lines: format!(
                "type = \"percent\"\nmin = 0\nmax = 4\nbands = [{{ score = {a} }}, {{ from = 1, score = {b} }}, \
                 {{ from = 3, score = {c} }}]"
            ),
            values: ["0", "1", "2.99", "3", "4"].map(str::to_owned).to_vec(),
        }),
    ];
    // The first question always counts and is always asked.
    let weight = if at == 0 { 1_u32..9 } else { 0..9 };
    let asked = prop::option::weighted(0.4, (0..at.max(1), any::<bool>()));
    let must = prop::option::weighted(0.3, any::<bool>());
    (kind, weight, asked, must).prop_map(move |(mut drawn, weight, asked, must)| {
        drawn.lines.push_str(&format!("\nweight = {weight}"));
        let first = &drawn.values[0].clone();
        if let Some(same) = must {
            let sign = if same { "=" } else { "!=" };
            drawn.lines.push_str(&format!("\nmust = \"{sign} {first}\""));
        }
        if let Some((of, same)) = asked.filter(|_| at > 0) {
            drawn.lines.push_str(&format!("\n#ask {of} {same}"));
        }
        drawn
    })
}

/// Three or four questions, some of which are asked only after certain answers to earlier ones.
fn drawn_questionnaire() -> impl Strategy<Value = (Questionnaire, Vec<Vec<String>>)> {
    (drawn(0), drawn(1), drawn(2), prop::option::of(drawn(3))).prop_map(|(a, b, c, d)| {
        let all: Vec<Drawn> = [Some(a), Some(b), Some(c), d].into_iter().flatten().collect();
        let mut questions = String::new();
        for (at, one) in all.iter().enumerate() {
            let mut lines = one.lines.clone();
            if let Some((before, rest)) = one.lines.split_once("\n#ask ") {
                let (of, same) = rest.split_once(' ').expect("two parts");
                let of: usize = of.parse().expect("a number");
                let sign = if same == "true" { "=" } else { "!=" };
                // Several options can't be compared with none of them.
                let value = &all[of].values[0];
                lines = format!("{before}\nask_if = \"q{of} {sign} {value}\"");
            }
            questions.push_str(&question(&format!("q{at}"), &lines));
        }
        (questionnaire(&questions), all.into_iter().map(|one| one.values).collect())
    })
}

/// All ways to answer the questions that `known` leaves open.
fn completions(questionnaire: &Questionnaire, values: &[Vec<String>], known: &Answers) -> Vec<Answers> {
    let mut all = vec![known.clone()];
    for (question, values) in questionnaire.questions.iter().zip(values) {
        if known.contains_key(&question.key) {
            continue;
        }
        let with = |before: &Answers, value: &String| {
            let value = question.read(value, questionnaire.currency).expect("an answer");
            let mut answers = before.clone();
            answers.insert(question.key.clone(), value);
            answers
        };
        all = all.iter().flat_map(|before| values.iter().map(move |value| with(before, value))).collect();
    }
    all
}

/// Answers to some of the questions.
fn pick(questionnaire: &Questionnaire, values: &[Vec<String>], picks: &[Option<Index>]) -> Answers {
    let mut answers = Answers::new();
    for ((question, values), pick) in questionnaire.questions.iter().zip(values).zip(picks) {
        if let Some(pick) = pick {
            let text: &String = pick.get(values);
            let value = question.read(text, questionnaire.currency).expect("an answer");
            answers.insert(question.key.clone(), value);
        }
    }
    answers
}

fn picks() -> impl Strategy<Value = Vec<Option<Index>>> {
    prop::collection::vec(prop::option::of(any::<Index>()), 4)
}

proptest! {
    #[test]
    fn the_band_holds_the_score_and_the_verdict_of_every_completion(
        (questionnaire, values) in drawn_questionnaire(), picks in picks()
    ) {
        let known = pick(&questionnaire, &values, &picks);
        let judgement = questionnaire.judge(&known);
        let (low, high) = judgement.score().expect("the first question counts");
        let open = judgement.outcome();
        prop_assert!(low <= high);
        for complete in completions(&questionnaire, &values, &known) {
            let judged = questionnaire.judge(&complete);
            let (score, same) = judged.score().expect("the first question counts");
            prop_assert_eq!(score, same, "nothing is open");
            prop_assert!((low..=high).contains(&score), "{} not in {} to {}", score, low, high);
            let verdict = judged.outcome().verdicts().decided().expect("decided");
            prop_assert!((open.worst..=open.best).contains(&verdict));
        }
    }

    #[test]
    fn a_must_have_never_passes_on_unknown(
        (questionnaire, values) in drawn_questionnaire(), picks in picks()
    ) {
        let judgement = questionnaire.judge(&pick(&questionnaire, &values, &picks));
        let open = judgement.criteria.iter().any(|one| {
            one.asked == Holds::Yes && one.answer.is_none() && !one.question.musts.is_empty()
        });
        let outcome = judgement.outcome();
        prop_assert!(!open || outcome.worst == Verdict::Fail);
        for one in &judgement.criteria {
            let met_unanswered = one.must == Must::Met && one.answer.is_none();
            prop_assert!(!met_unanswered, "met without an answer");
        }
    }

    #[test]
    fn a_better_answer_never_lowers_the_score(
        (questionnaire, values) in drawn_questionnaire(), picks in picks(), at in 0_usize..4
    ) {
        // A question on which others depend may bring in questions that are answered badly.
        let mut plain = questionnaire.clone();
        plain.questions.iter_mut().for_each(|question| question.ask_if.clear());
        let known = pick(&plain, &values, &picks);
        let Some(question) = plain.questions.get(at) else { return Ok(()) };
        let mut scored: Vec<(Decimal, (Decimal, Decimal))> = Vec::new();
        for value in &values[at] {
            let mut answers = known.clone();
            answers.insert(question.key.clone(), question.read(value, plain.currency).expect("an answer"));
            let judgement = plain.judge(&answers);
            scored.push((judgement.criteria[at].worth.0, judgement.score().expect("a score")));
        }
        scored.sort();
        for pair in scored.windows(2) {
            prop_assert!(pair[0].1.0 <= pair[1].1.0 && pair[0].1.1 <= pair[1].1.1);
        }
    }

    #[test]
    fn answers_that_would_decide_are_open_and_named_only_where_undecided(
        (questionnaire, values) in drawn_questionnaire(), picks in picks()
    ) {
        let known = pick(&questionnaire, &values, &picks);
        let judgement = questionnaire.judge(&known);
        let deciding = judgement.deciding();
        prop_assert_eq!(deciding.is_none(), judgement.outcome().verdicts().decided().is_some());
        for question in deciding.iter().flat_map(DecisiveQuestions::questions) {
            prop_assert!(!known.contains_key(question));
        }
    }

    #[test]
    fn what_is_kept_is_read_back_as_it_was(
        (questionnaire, values) in drawn_questionnaire(), picks in picks()
    ) {
        let known = pick(&questionnaire, &values, &picks);
        let written = questionnaire.written(&known);
        prop_assert_eq!(&questionnaire.read_kept(&written), &known);
        prop_assert_eq!(questionnaire.written(&questionnaire.read_kept(&written)), written);
    }
}

#[test]
fn a_score_on_a_cut_off_belongs_to_review() {
    let thirds = questionnaire(
        &[
            question("a", "type = \"scale\"\nmin = 0\nmax = 3\nweight = 0.1"),
            question("b", "type = \"number\"\nlinear = { worst = 0, best = 100 }\nweight = 0.2"),
        ]
        .concat(),
    );
    // Weights of one and two thirds; a third of a score has no end in decimals.
    for (a, b, verdict) in [
        ("0", "90", Verdict::Review),
        ("0", "89.9997", Verdict::Fail),
        ("1", "73.333333", Verdict::Review),
        ("2", "79.166667", Verdict::Review),
        ("2", "79.167", Verdict::Pass),
        ("3", "62.5", Verdict::Review),
        ("3", "62.5002", Verdict::Pass),
    ] {
        let outcome = thirds.judge(&answers(&thirds, &[("a", a), ("b", b)])).outcome();
        assert_eq!(outcome.verdicts().decided(), Some(verdict), "{a} {b}: {:?}", outcome.score);
    }
    // (3 x 66.67 + 1 x 100) / 4 is 75, and (3 x 33.33 + 2 x 100) / 5 is 60.
    for (scale, weights, score) in [("2", (3, 1), 75.0), ("1", (3, 2), 60.0)] {
        let (first, second) = weights;
        let mixed = questionnaire(
            &[
                question("a", &format!("type = \"scale\"\nmin = 0\nmax = 3\nweight = {first}")),
                question("b", &format!("type = \"yes-no\"\nweight = {second}")),
            ]
            .concat(),
        );
        let outcome = mixed.judge(&answers(&mixed, &[("a", scale), ("b", "yes")])).outcome();
        assert_eq!(outcome.score, Some([score; 2]));
        assert_eq!(outcome.verdicts().decided(), Some(Verdict::Review), "{score}");
    }
}

#[test]
fn a_must_have_may_compare_two_answers_and_a_difference_may_be_scored() {
    let margins = questionnaire(
        &[
            question("needed", "type = \"percent\""),
            question(
                "offered",
                "type = \"percent\"\nagainst = \"needed\"\nlinear = { worst = -10, best = 10 }\n\
                 must = \"offered >= needed\"\nweight = 1",
            ),
        ]
        .concat(),
    );
    let judged = |typed: &[(&str, &str)]| {
        let judgement = margins.judge(&answers(&margins, typed));
        let deciding = judgement.deciding();
        let deciding: Vec<&str> =
            deciding.iter().flat_map(DecisiveQuestions::questions).map(String::as_str).collect();
        let outcome = judgement.outcome();
        (outcome.score.expect("a score"), outcome.verdicts().decided(), deciding.join(" "))
    };
    assert_eq!(
        judged(&[("needed", "20"), ("offered", "27.5")]),
        ([87.5; 2], Some(Verdict::Pass), String::new())
    );
    assert_eq!(judged(&[("needed", "20"), ("offered", "19.9")]).1, Some(Verdict::Fail));
    assert_eq!(judged(&[("offered", "19.9")]), ([0.0, 100.0], None, "needed".to_owned()));
    assert_eq!(judged(&[]).2, "needed offered");
}

#[test]
fn an_answer_to_a_question_that_is_not_asked_does_not_count() {
    let asked = questionnaire(
        &[
            question("competes", "type = \"yes-no\"\ngood = \"no\"\nweight = 1"),
            question(
                "share",
                "type = \"number\"\nlinear = { worst = 9, best = 0 }\nmust = \"< 5\"\n\
                               ask_if = \"competes = yes\"\nweight = 1",
            ),
        ]
        .concat(),
    );
    let judged = asked.judge(&answers(&asked, &[("competes", "no"), ("share", "9")])).outcome();
    assert_eq!((judged.score, judged.failed.len()), (Some([100.0; 2]), 0));
    let judged = asked.judge(&answers(&asked, &[("competes", "yes"), ("share", "9")])).outcome();
    assert_eq!((judged.score, judged.failed), (Some([0.0; 2]), vec!["share".to_owned()]));
}

#[test]
fn a_new_version_changes_nothing_of_an_old_assessment() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme", "--on", "2026-10-01"]);
    let words = ["--answer", "segment-fit=adjacent", "--answer", "credit=pass", "--on", "2026-10-02"];
    desk.ok(&[&["assess", "acme"], &words[..]].concat());
    let before = desk.ok(&["show", "acme", "--assessments", "--format", "json"]);
    let pipeline = desk.ok(&["report", "pipeline", "--format", "json"]);
    let program = desk.ok(&["program", "show"]);
    let heavier =
        program.replacen("weight = 12", "weight = 50", 1).replacen("adjacent = 50", "adjacent = 99", 1);
    desk.ok(&["program", "apply", &desk.file("heavier.toml", heavier)]);
    assert_eq!(desk.ok(&["show", "acme", "--assessments", "--format", "json"]), before);
    assert_eq!(desk.ok(&["report", "pipeline", "--format", "json"]), pipeline);
    desk.ok(&["assess", "acme", "--answer", "credit=conditional"]);
    let rows = desk.json(&["show", "acme", "--assessments"])["rows"].clone();
    assert_ne!(rows[0]["version"], rows[1]["version"]);
    assert_ne!(rows[0]["score_low"], rows[1]["score_low"]);
    let without: String = program.split("[[questionnaire]]").next().expect("a part").to_owned();
    let without = without
        .replace("needs = \"questionnaire:vendor-criteria\"", "")
        .replace("needs = \"questionnaire:partner-criteria\"", "")
        .replace("needs = \"questionnaire:satisfaction-partner\"", "")
        .replace("needs = \"questionnaire:satisfaction-vendor\"", "");
    desk.ok(&["program", "apply", &desk.file("without.toml", without)]);
    assert_eq!(desk.json(&["show", "acme", "--assessments"])["rows"], rows, "also without the questionnaire");
    desk.check();
}

#[test]
fn the_numbers_of_the_built_in_questionnaires_are_those_of_the_model() {
    let program = Program::parse(chanlife::face::lifecycle::program::BUILT_IN).expect("valid");
    let weights: BTreeMap<&str, Decimal> =
        program.questionnaires().iter().map(|one| (one.key.as_str(), one.total_weight())).collect();
    let hundred = Decimal::ONE_HUNDRED;
    let all = ["vendor-criteria", "partner-criteria", "satisfaction-partner", "satisfaction-vendor"];
    assert_eq!(weights, all.map(|key| (key, hundred)).into());
    let vendor = program.questionnaire("vendor-criteria").expect("there");
    let value = |text: &str| AnswerValue::Choice(text.to_owned());
    let answers: Answers = [("credit".to_owned(), value("fail"))].into();
    assert_eq!(vendor.judge(&answers).outcome().failed, ["credit"]);
}
