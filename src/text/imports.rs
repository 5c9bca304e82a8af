//! The words of imports: what one recorded, and those that name a command.

use std::collections::BTreeMap;
use std::path::Path;

use shell_words::quote;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::base::text::{counted, phrase, slug};
use crate::lifecycle::partner::{KeptDetail, Partner};
use crate::lifecycle::program::Program;
use crate::lifecycle::revenue::{ReportedMoney, SalePart};
use crate::lifecycle::stage::KeptReason;
use crate::store::ActionSummary;
use crate::text::partner::contact;
use crate::text::revenue::money_in_words;
use crate::text::steps::command_line;

/// Why rows of an unknown partner are rejected, if an import adds no partners.
pub(crate) const PARTNER_NOT_FOUND: &str =
    "partner not found; add it with `chanlife add-partner` or `import partners`";

/// How a row can count that would count twice.
pub(crate) const HOW_IT_COUNTS: &str =
    "replaces, detail or beside, as a column or an option, says how such a row counts beside the other";

/// A known partner that joined earlier by what an import says.
pub(crate) struct MovedJoining {
    pub partner: String,
    pub from: Day,
    pub to: Day,
}

/// How many rows are named of which one thing is said.
const ROWS_SHOWN: usize = 10;

/// Returns the first of what is said of rows, and how many more there are; `what` is what they do.
pub(crate) fn first_rows(mut all: Vec<String>, what: &str) -> Vec<String> {
    let more = all.len().saturating_sub(ROWS_SHOWN);
    all.truncate(ROWS_SHOWN);
    if more > 0 {
        all.push(format!("{} {what}", counted(more, "more row")));
    }
    all
}

/// What a row says otherwise than the event that it is known by, which stays as it is.
pub(crate) enum KeptText {
    /// Why a partner left or was parked.
    Exit(KeptReason),
    Sale(OtherParts),
}

/// The parts that a row gives to an invoice which is known without them or with others; without an event it is known from
/// another row of the file.
pub(crate) struct OtherParts {
    pub reference: String,
    pub event: Option<i64>,
    /// Each with what is known of it, and with what the row says.
    pub parts: Vec<(SalePart, Option<String>, String)>,
}

/// How many rows are named whose text was not taken.
const KEPT_SHOWN: usize = 5;

/// The rows whose text was not taken: the first of them in words, and how many there are.
#[derive(Default)]
pub(crate) struct KeptTexts {
    named: Vec<String>,
    count: usize,
}

impl KeptTexts {
    /// Takes a row of a partner.
    pub(crate) fn add(&mut self, line: u64, partner: &str, text: KeptText) {
        self.count += 1;
        if self.named.len() < KEPT_SHOWN {
            self.named.push(kept_in_words(line, partner, text));
        }
    }

    /// Returns a sentence on each of the first rows, and one on the others.
    pub(crate) fn in_words(self) -> Vec<String> {
        let more = self.count - self.named.len();
        let more =
            (more > 0).then(|| format!("{} with other texts than recorded", counted(more, "more row")));
        self.named.into_iter().chain(more).collect()
    }
}

fn kept_in_words(line: u64, partner: &str, text: KeptText) -> String {
    match text {
        KeptText::Exit(KeptReason { event, recorded, given }) => {
            let recorded = match (recorded.why, recorded.reason) {
                (None, None) => "without a reason".to_owned(),
                (why, reason) => {
                    let words: Vec<String> =
                        why.into_iter().chain(reason.map(|reason| format!("\"{reason}\""))).collect();
                    format!("with the reason {}", words.join(", "))
                }
            };
            let why = given.why.map(|why| ("why", why));
            let parts = why.into_iter().chain(given.reason.map(|reason| ("text", reason))).collect();
            let correct = command_line(&Step::CorrectParts { event, parts });
            format!("line {line}: {partner} is recorded {recorded}, which stays; to correct it: `{correct}`")
        }
        KeptText::Sale(OtherParts { reference, event, parts }) => {
            let recorded = parts.iter().map(|(part, recorded, _)| match recorded {
                Some(recorded) => format!("with {} `{recorded}`", part.word()),
                None => format!("without {}", part.word()),
            });
            let recorded = phrase(&recorded.collect::<Vec<String>>());
            let Some(event) = event else {
                return format!(
                    "line {line}: `{reference}` of {partner} is in the file before with the same amount, {recorded}; it \
                     counts once; give each sale a ref of its own"
                );
            };
            let parts = parts.into_iter().map(|(part, _, given)| (part.word(), given)).collect();
            let correct = command_line(&Step::CorrectParts { event, parts });
            format!(
                "line {line}: `{reference}` of {partner} is recorded {recorded}, which stays; to correct it: `{correct}`"
            )
        }
    }
}

/// How many partners are named that joined earlier.
const MOVED_SHOWN: usize = 3;

/// Returns the note on partners that joined earlier by what an import says; nothing if there are none.
pub(crate) fn joined_earlier(all: &[MovedJoining]) -> Option<String> {
    if all.is_empty() {
        return None;
    }
    let named = all.iter().take(MOVED_SHOWN);
    let mut named: Vec<String> =
        named.map(|one| format!("{} from {} to {}", one.partner, one.from, one.to)).collect();
    if all.len() > MOVED_SHOWN {
        named.push(format!("{} more", all.len() - MOVED_SHOWN));
    }
    let partners = counted(all.len(), "partner");
    Some(format!("joining day moved back to the first row of {partners}: {}", named.join(", ")))
}

/// Why a row with a decision is rejected that changes more than the watch list.
pub(crate) const DECISION_WITH_CHANGES: &str =
    "is a decision with further changes; record it with `chanlife decide`";

/// The second comment line of an answers file.
pub(crate) const RECORD_ANSWERS: &str = "# Then record them: `chanlife assess PARTNER --answers FILE`\n";

/// Returns the note on partners whose stage in the file was not imported.
pub(crate) fn stages_kept(partners: u64) -> String {
    format!(
        "{} kept the recorded stage; use `chanlife import stages` for stage changes",
        counted(partners, "partner")
    )
}

/// Returns why a row with an exit or with `parked` needs a day; `theirs` is the word of the file, `ours` its meaning.
pub(crate) fn without_day(theirs: &str, ours: &str) -> String {
    let theirs: String = theirs.chars().take(80).collect();
    let means = if theirs == ours { String::new() } else { format!(" ({ours})") };
    format!("is {theirs}{means} without a day in since; add the day, or map the stage to `ignore`")
}

/// Returns a sentence that names each value that a list of the program does not have, with the number of its rows, and what to
/// write into the program to have them.
pub(crate) fn values_to_add(program: &Program, attribute: &str, values: &BTreeMap<String, usize>) -> String {
    let named: Vec<String> =
        values.iter().map(|(value, rows)| format!("`{value}` ({})", counted(*rows, "row"))).collect();
    let lines = if attribute == "tier" {
        let tiers: Vec<String> =
            values.keys().map(|value| format!("[[tier]] key = \"{}\"", slug(value))).collect();
        format!("{}, each in its place, the lowest first", tiers.join(" and "))
    } else {
        let known = program.options(attribute).unwrap_or_default();
        let all = known.iter().map(|(key, _)| *key).chain(values.keys().map(String::as_str));
        let all: Vec<String> = all.map(|value| format!("\"{}\"", value.replace('"', "\\\""))).collect();
        format!("options = [{}] in the [[field]] with key = \"{attribute}\"", all.join(", "))
    };
    format!(
        "{attribute}: the program does not list {}; change them in the file, or list them: \
         `chanlife program show > mine.toml`, write {lines}, `chanlife program apply mine.toml`",
        phrase(&named)
    )
}

/// Returns why a sale is rejected whose reference is recorded with `money` on `day`: the row has another amount or day, which
/// `step` would record.
pub(crate) fn sale_differs(reference: &str, money: &ReportedMoney, day: Day, step: &Step) -> String {
    let money = money_in_words(money);
    let step = command_line(step);
    format!("ref `{reference}` is recorded with {money} on {day}; to correct it: `{step}`")
}

/// Returns the words behind those of an import, its kind first; none if the words of a command are of another verb.
fn behind_import(words: &str) -> Option<Vec<String>> {
    let words = shell_words::split(words).ok()?;
    // The verb is the first word that is neither an option nor, perhaps, the value of one.
    let verb = words.windows(2).position(|pair| pair.iter().all(|word| !is_option(word)))? + 1;
    words.get(verb + 1).filter(|kind| words[verb] == "import" && !is_option(kind))?;
    Some(words.into_iter().skip(verb + 1).collect())
}

fn is_option(word: &str) -> bool {
    word.len() > 1 && word.starts_with('-')
}

/// Returns whether the words of a command are those of an import.
pub(crate) fn is_import(words: &str) -> bool {
    behind_import(words).is_some()
}

/// Says that a row gives a detail of a partner as it was before a person changed it, and how to take it from the row.
pub(crate) fn kept_detail(line: u64, partner: &Partner, kept: &KeptDetail) -> String {
    let (key, name) = (&partner.key, partner.name());
    let (what, edit) = match kept {
        KeptDetail::Values { field, recorded, given, since } => {
            let all =
                |values: &[String]| phrase(&values.iter().map(|one| format!("`{one}`")).collect::<Vec<_>>());
            let stays = match recorded.as_slice() {
                [] => format!("{name} keeps no {field}, as changed by hand on {since}"),
                values => format!("{name} keeps {field} {}, changed by hand on {since}", all(values)),
            };
            let typed = quote(&given.join(if field == "region" { "," } else { ";" })).into_owned();
            let option = match field.as_str() {
                "name" | "type" | "tier" | "region" | "owner" | "parent" => format!("--{field} {typed}"),
                _ => format!("--set {field}={typed}"),
            };
            (format!("{stays}; the file still has {}", all(given)), option)
        }
        KeptDetail::Person { recorded, given, since } => {
            let typed = contact(given);
            let what = format!(
                "{name} keeps contact {}, changed by hand on {since}; the file still has {typed}",
                contact(recorded)
            );
            (what, format!("--contact {}", quote(&typed)))
        }
        KeptDetail::Removed { given, since } => {
            let typed = contact(given);
            let what = format!("contact {typed} was removed from {name} on {since} and is not added again");
            (what, format!("--contact {}", quote(&typed)))
        }
        KeptDetail::Mail { person, is_out, since } => {
            let (stays, option) = if *is_out {
                ("stays opted out of mail", "--contact-opt-in")
            } else {
                ("may still be mailed", "--contact-opt-out")
            };
            let what = format!("{person} of {name} {stays}, as recorded by hand on {since}");
            (what, format!("{option} {}", quote(person)))
        }
    };
    format!("line {line}: {what}; to take it from the file: `chanlife edit {key} {edit}`")
}

/// Says what an import recorded, with the name of its file if the command line has it behind the kind of import;
/// nothing if the action is no import.
pub(crate) fn import_in_words(summary: &ActionSummary) -> Option<String> {
    let words = behind_import(&summary.action.words)?;
    let file = words.get(1).filter(|word| !is_option(word)).map(String::as_str);
    let (first, last) = summary.action.events?;
    let events = counted(usize::try_from(last - first + 1).ok()?, "event");
    let new = match summary.new_partners {
        0 => String::new(),
        count => format!(" with {}", counted(count, "new partner")),
    };
    let source = match file {
        None => String::new(),
        Some("-") => " from standard input".to_owned(),
        Some(file) => format!(" from {}", Path::new(file).file_name()?.to_string_lossy()),
    };
    Some(format!("Imported {events}{new}{source}"))
}
