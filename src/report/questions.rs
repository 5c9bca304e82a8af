//! `questions`: questions of partners, how long they wait, and earlier answers.

use crate::lifecycle::base::text::{counted, folded};
use crate::lifecycle::questions::PartnerQuestion;
use crate::report::basis::Basis;
use crate::report::reading::{Channel, Line, Needs};
use crate::report::value::{Cell, Figure, Report, Table};
use crate::store::{AttributesRow, View};
use crate::text::reports::ANSWER_A_QUESTION;

/// How many answers to similar questions are shown.
const ALIKE: usize = 3;

/// The options of the list.
#[derive(Clone, Debug)]
pub(crate) struct QuestionSearch {
    /// Words that the question or its answer must contain, in lower case and without accents.
    pub words: Vec<String>,
    /// Whether answered ones are listed too; a search for words always includes them.
    pub all: bool,
    pub owner: Option<String>,
    /// How many rows; none for all.
    pub limit: Option<usize>,
}

/// Returns what the list reads.
pub(crate) fn needs() -> Needs {
    Needs::of::<AttributesRow>().and(Needs::of::<PartnerQuestion>())
}

/// Returns the questions of a segment.
pub(crate) fn report(channel: &Channel, frame: &Basis, wanted: &QuestionSearch) -> Report {
    let everything = wanted.all || !wanted.words.is_empty();
    let of = |line| questions_of(line, wanted, everything);
    let mut found: Vec<(&Line, &PartnerQuestion)> = channel.lines.iter().flat_map(of).collect();
    found.sort_by_key(|(_, one)| (one.reply.is_some(), one.day, one.event));
    let open = found.iter().filter(|(_, one)| one.reply.is_none()).count();
    let shown = wanted.limit.unwrap_or(found.len()).min(found.len());
    let title = if everything { "Questions" } else { "Open questions, oldest first" };
    let none =
        if wanted.words.is_empty() { "No open questions." } else { "No questions contain these words." };
    let table = table(channel, title, &found[..shown]).empty(none);
    let more = (shown < found.len())
        .then(|| format!("{}; --limit 0 shows all", counted(found.len() - shown, "more question")));
    let answer = (open > 0).then(|| ANSWER_A_QUESTION.to_owned());
    frame
        .report("chanlife.questions/1", channel)
        .with_figures([Figure::for_machines("open", open)])
        .with_tables([table])
        .with_notes(more.into_iter().chain(answer))
}

fn table(channel: &Channel, title: &str, rows: &[(&Line, &PartnerQuestion)]) -> Table {
    Table::of("rows", title, rows)
        .column("question", "No.", |(_, one)| one.event)
        .column("partner", "Partner", |(line, _)| line.key())
        .later_partner_name(|(line, _)| line.attribute("name"))
        .column("asked_on", "Asked", |(_, one)| one.day)
        .column("waits_days", "Waiting", |(_, one)| {
            Cell::days(one.reply.is_none().then(|| channel.as_of.since(one.day)))
        })
        .optional()
        .headline()
        .column("text", "Question", |(_, one)| &one.text)
        .headline()
        .column("by", "Asked by", |(_, one)| one.by.as_deref())
        .optional()
        .detail()
        .column("owner", "Owner", |(_, one)| one.owner.as_deref())
        .optional()
        .detail()
        .column("answered_on", "Answered", |(_, one)| one.reply.as_ref().map(|reply| reply.day))
        .optional()
        .column("answer", "Answer", |(_, one)| one.reply.as_ref().map(|reply| reply.text.as_str()))
        .optional()
        .done()
}

fn questions_of<'c>(
    line: &'c Line,
    wanted: &QuestionSearch,
    everything: bool,
) -> impl Iterator<Item = (&'c Line, &'c PartnerQuestion)> {
    let found = line.records().iter().filter(move |one| is_wanted(one, wanted, everything));
    found.map(move |one| (line, one))
}

fn is_wanted(question: &PartnerQuestion, wanted: &QuestionSearch, everything: bool) -> bool {
    let owner = wanted.owner.as_deref().map(folded);
    if owner.is_some() && question.owner.as_deref().map(folded) != owner {
        return false;
    }
    let reply = question.reply.as_ref().map_or("", |reply| &reply.text);
    let text = folded(&format!("{} {reply}", question.text));
    (everything || question.reply.is_none()) && wanted.words.iter().all(|word| text.contains(word.as_str()))
}

/// Returns answered questions that share most words with a text: number, question and answer, most similar first.
///
/// # Errors
/// Fails if the file cannot be read.
pub(crate) fn answered_like(view: &View, text: &str) -> anyhow::Result<Vec<(i64, String, String)>> {
    let words = telling_words(text);
    let mut found: Vec<(usize, i64, String, String)> = Vec::new();
    view.each(|_, question: PartnerQuestion| {
        let Some(reply) = &question.reply else { return };
        let shared = telling_words(&question.text).iter().filter(|word| words.contains(word)).count();
        if shared > 0 && 2 * shared >= words.len() {
            found.push((shared, question.event, question.text.clone(), reply.text.clone()));
        }
    })?;
    found.sort_by_key(|(shared, number, ..)| (std::cmp::Reverse(*shared), std::cmp::Reverse(*number)));
    found.dedup_by(|a, b| a.3 == b.3);
    Ok(found
        .into_iter()
        .take(ALIKE)
        .map(|(_, number, question, answer)| (number, question, answer))
        .collect())
}

/// Returns the words of a text that have more than three letters, once each.
fn telling_words(text: &str) -> Vec<String> {
    let folded = folded(text);
    let mut words: Vec<String> = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().count() > 3)
        .map(str::to_owned)
        .collect();
    words.sort();
    words.dedup();
    words
}
