//! Verdicts by stage, of the partners in it and of those declined from it.

use crate::lifecycle::criteria::{Side, Verdict, Verdicts};
use crate::lifecycle::facts::Facts;
use crate::lifecycle::program::Stage;
use crate::lifecycle::stage::LeftAs;
use crate::report::reading::{Channel, Line};
use crate::report::value::{Cell, Table};
use crate::store::StandingRow;

/// Partners of one stage by verdict.
#[derive(Default)]
struct OfCriteria {
    key: String,
    name: String,
    recruit: usize,
    review: usize,
    decline: usize,
    undecided: usize,
    not_assessed: usize,
    overridden: usize,
    vendor: Vec<f64>,
    partner: Vec<f64>,
}

impl OfCriteria {
    fn of<'l>(channel: &Channel, stage: &Stage, lines: impl Iterator<Item = &'l Line>) -> OfCriteria {
        let mut row = OfCriteria::default();
        for line in lines {
            let verdicts = channel.facts(line).verdict(&stage.key);
            let count = match verdicts.map(Verdicts::decided) {
                None => &mut row.not_assessed,
                Some(None) => &mut row.undecided,
                Some(Some(Verdict::Fail)) => &mut row.decline,
                Some(Some(Verdict::Review)) => &mut row.review,
                Some(Some(Verdict::Pass)) => &mut row.recruit,
            };
            *count += 1;
            let of_stage = channel.facts(line).questionnaires_of(&stage.key);
            let overridden = |key: &str| line.assessment(key).is_some_and(|row| row.overridden_on.is_some());
            row.overridden += usize::from(of_stage.into_iter().any(|one| overridden(&one.key)));
            row.vendor.extend(line.score(channel.program, &stage.key, Side::Vendor));
            row.partner.extend(line.score(channel.program, &stage.key, Side::Partner));
        }
        row
    }

    fn named(mut self, key: &str, name: String) -> OfCriteria {
        key.clone_into(&mut self.key);
        self.name = name;
        self
    }

    fn is_blank(&self) -> bool {
        self.recruit + self.review + self.decline + self.undecided == 0
    }
}

/// Returns the table; nothing if no partner was assessed.
pub(super) fn table(channel: &Channel) -> Option<Table> {
    let mut rows = Vec::new();
    for (at, stage) in channel.program.stages().iter().enumerate() {
        if channel.program.questionnaires_of(&stage.key).next().is_none() {
            continue;
        }
        let there = channel.lines.iter().filter(|line| line.place == Some(StandingRow::In(at)));
        let declined = |line: &&Line| line.place == Some(StandingRow::Left(LeftAs::Declined, Some(at)));
        let declined = channel.lines.iter().filter(declined);
        rows.push(OfCriteria::of(channel, stage, there).named(&stage.key, stage.name.clone()));
        rows.push(
            OfCriteria::of(channel, stage, declined)
                .named("declined", format!("Declined from {}", stage.name)),
        );
    }
    if rows.iter().all(OfCriteria::is_blank) {
        return None;
    }
    let table = Table::of("verdicts", "Criteria verdicts by stage", &rows)
        .machines("stage", |row| &row.key)
        .column("name", "Stage", |row| &row.name)
        .column("recruit", "Recruit", |row| row.recruit)
        .headline()
        .column("review", "Review", |row| row.review)
        .column("decline", "Decline", |row| row.decline)
        .alert()
        .column("undecided", "Undecided", |row| row.undecided)
        .column("not_assessed", "Not assessed", |row| row.not_assessed)
        .column("overridden", "Overridden", |row| row.overridden)
        .detail()
        .column("vendor_score_median", "Our score (median)", |row| Cell::score(middle(&row.vendor)))
        .optional()
        .detail()
        .column("partner_score_median", "Their score (median)", |row| Cell::score(middle(&row.partner)))
        .optional()
        .detail();
    Some(table.done())
}

/// Returns the median of some scores; of an even number, the mean of the middle two.
fn middle(scores: &[f64]) -> Option<f64> {
    let mut scores = scores.to_vec();
    scores.sort_by(f64::total_cmp);
    let (low, high) = (scores.get(scores.len().checked_sub(1)? / 2)?, scores.get(scores.len() / 2)?);
    Some((low + high) / 2.0)
}
