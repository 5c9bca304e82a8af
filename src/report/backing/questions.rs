//! `questions`: what partners asked, since when it waits, and what was answered before.

use crate::lifecycle::base::text::{counted, folded};
use crate::lifecycle::questions::PartnerQuestion;
use crate::report::channel::Channel;
use crate::report::frame::Frame;
use crate::report::sheet::{Cell, Column, Figure, Report, Sheet};
use crate::store::View;

/// How many answers to like questions are shown.
const ALIKE: usize = 3;

/// What is asked.
#[derive(Clone, Debug)]
pub struct Wanted {
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
pub fn report(view: &View, channel: &Channel, frame: &Frame, wanted: &Wanted) -> anyhow::Result<Report> {
    let columns = vec![
        Column::new("question", "Question"),
        Column::new("partner", "Partner"),
        Column::new("asked_on", "Asked"),
        Column::new("waits_days", "Waits").optional(),
        Column::new("text", "What"),
        Column::new("by", "By").optional(),
        Column::new("owner", "Owner").optional(),
        Column::new("answered_on", "Answered").optional(),
        Column::new("answer", "Answer").optional(),
    ];
    let everything = wanted.all || !wanted.words.is_empty();
    let title = if everything { "Questions" } else { "Open questions, oldest first" };
    let mut sheet = Sheet::new("rows", title, columns).empty(match wanted.words.is_empty() {
        true => "No question is open.",
        false => "No question has these words.",
    });
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
    let hidden = found.len() - wanted.limit.unwrap_or(found.len()).min(found.len());
    for (partner, one) in found.iter().take(found.len() - hidden) {
        let waits = one.reply.is_none().then(|| channel.as_of.since(one.day));
        sheet.rows.push(vec![
            one.event.into(),
            partner.as_str().into(),
            one.day.into(),
            Cell::days(waits),
            one.text.as_str().into(),
            one.by.clone().into(),
            one.owner.clone().into(),
            one.reply.as_ref().map(|reply| reply.day).into(),
            one.reply.as_ref().map(|reply| reply.text.clone()).into(),
        ]);
    }
    let mut figures = frame.figures(channel);
    figures.push(Figure::for_machines("open", Cell::count(open)));
    let mut notes = Vec::new();
    if hidden > 0 {
        notes.push(format!("{}; --limit 0 shows all.", counted(hidden, "more question")));
    }
    if open > 0 {
        notes.push(
            "`chanlife answer NUMBER TEXT` answers one; `--as NUMBER` gives the answer to another question."
                .to_owned(),
        );
    }
    Ok(Report {
        schema: "chanlife.questions/1",
        title: frame.title(&channel.program.name),
        figures,
        tables: vec![sheet].into_iter().map(Into::into).collect(),
        notes,
    })
}

fn is_wanted(question: &PartnerQuestion, wanted: &Wanted, everything: bool) -> bool {
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
pub fn answered_like(view: &View, text: &str) -> anyhow::Result<Vec<(i64, String, String)>> {
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
