//! `questions`: what partners asked, since when it waits, and what was answered before.

use crate::lifecycle::base::text::{counted, folded};
use crate::lifecycle::questions::PartnerQuestion;
use crate::report::basis::Basis;
use crate::report::reading::Channel;
use crate::report::value::{Cell, Figure, Report, Table};
use crate::store::View;

/// How many answers to like questions are shown.
const ALIKE: usize = 3;

/// What is asked.
#[derive(Clone, Debug)]
pub(crate) struct QuestionSearch {
    /// Words that all stand in the question or its answer, in lower case and without accents.
    pub words: Vec<String>,
    /// Those too that are answered; words find them in any case.
    pub all: bool,
    pub owner: Option<String>,
    /// How many rows; none for all.
    pub limit: Option<usize>,
}

/// Questions of a segment; the channel needs attributes.
///
/// # Errors
/// Where the file can't be read.
pub(crate) fn report(
    view: &View,
    channel: &Channel,
    frame: &Basis,
    wanted: &QuestionSearch,
) -> anyhow::Result<Report> {
    let everything = wanted.all || !wanted.words.is_empty();
    let mut found: Vec<(String, PartnerQuestion)> = Vec::new();
    let mut at = 0;
    view.each(|partner, question: PartnerQuestion| {
        while channel.lines.get(at).is_some_and(|line| line.id < partner) {
            at += 1;
        }
        let line = channel.lines.get(at).filter(|line| line.id == partner);
        if let Some(line) = line.filter(|_| is_wanted(&question, wanted, everything)) {
            found.push((line.key().to_owned(), question));
        }
    })?;
    found.sort_by_key(|(_, one)| (one.reply.is_some(), one.day, one.event));
    let open = found.iter().filter(|(_, one)| one.reply.is_none()).count();
    let shown = wanted.limit.unwrap_or(found.len()).min(found.len());
    let title = if everything { "Questions" } else { "Open questions, oldest first" };
    let none = if wanted.words.is_empty() { "No question is open." } else { "No question has these words." };
    let table = table(channel, title, &found[..shown]).empty(none);
    let more = (shown < found.len())
        .then(|| format!("{}; --limit 0 shows all.", counted(found.len() - shown, "more question")));
    let answer = (open > 0).then(|| {
        "`chanlife answer NUMBER TEXT` answers one; `--as NUMBER` gives the answer to another question."
            .to_owned()
    });
    Ok(frame
        .report("chanlife.questions/1", channel)
        .with_figures([Figure::for_machines("open", open)])
        .with_tables([table])
        .with_notes(more.into_iter().chain(answer)))
}

fn table(channel: &Channel, title: &str, rows: &[(String, PartnerQuestion)]) -> Table {
    Table::of("rows", title, rows)
        .column("question", "Question", |(_, one)| one.event)
        .column("partner", "Partner", |(partner, _)| partner)
        .column("asked_on", "Asked", |(_, one)| one.day)
        .column("waits_days", "Waits", |(_, one)| {
            Cell::days(one.reply.is_none().then(|| channel.as_of.since(one.day)))
        })
        .optional()
        .column("text", "What", |(_, one)| &one.text)
        .column("by", "By", |(_, one)| one.by.as_deref())
        .optional()
        .column("owner", "Owner", |(_, one)| one.owner.as_deref())
        .optional()
        .column("answered_on", "Answered", |(_, one)| one.reply.as_ref().map(|reply| reply.day))
        .optional()
        .column("answer", "Answer", |(_, one)| one.reply.as_ref().map(|reply| reply.text.as_str()))
        .optional()
        .done()
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

/// Questions with an answer that share most words with a text: number, question and answer, the most alike first.
///
/// # Errors
/// Where the file can't be read.
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

/// The words of a text that say what it is about: those of more than three letters, once each.
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
