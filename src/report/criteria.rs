//! What the questionnaires of each stage say of the partners that stand there, and of those that left from there.

use crate::lifecycle::criteria::{Side, Verdict, Verdicts};
use crate::lifecycle::facts::Facts;
use crate::lifecycle::program::Stage;
use crate::lifecycle::stage::LeftAs;
use crate::report::channel::{Channel, Line};
use crate::report::sheet::{Cell, Column, Sheet};
use crate::store::Place;

/// Partners of one stage by what its questionnaires say.
#[derive(Default)]
struct Row {
    recruit: usize,
    review: usize,
    decline: usize,
    undecided: usize,
    not_assessed: usize,
    overridden: usize,
    vendor: Vec<f64>,
    partner: Vec<f64>,
}

impl Row {
    fn of<'l>(channel: &Channel, stage: &Stage, lines: impl Iterator<Item = &'l Line>) -> Row {
        let mut row = Row::default();
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
            let of_stage = channel.program.questionnaires_of(&stage.key);
            let overridden = |key: &str| line.assessments.get(key).is_some_and(|row| row.overridden);
            row.overridden += usize::from(of_stage.into_iter().any(|one| overridden(&one.key)));
            row.vendor.extend(line.score(channel.program, &stage.key, Side::Vendor));
            row.partner.extend(line.score(channel.program, &stage.key, Side::Partner));
        }
        row
    }

    fn is_blank(&self) -> bool {
        self.recruit + self.review + self.decline + self.undecided == 0
    }

    fn cells(self, key: &str, name: String) -> Vec<Cell> {
        vec![
            key.into(),
            name.into(),
            Cell::count(self.recruit),
            Cell::count(self.review),
            Cell::count(self.decline),
            Cell::count(self.undecided),
            Cell::count(self.not_assessed),
            Cell::count(self.overridden),
            Cell::score(middle(self.vendor)),
            Cell::score(middle(self.partner)),
        ]
    }
}

/// The table; nothing where no partner was assessed.
pub fn sheet(channel: &Channel) -> Option<Sheet> {
    let columns = vec![
        Column::for_machines("stage"),
        Column::new("name", "Stage"),
        Column::new("recruit", "Recruit"),
        Column::new("review", "Review"),
        Column::new("decline", "Decline").alert(),
        Column::new("undecided", "Undecided"),
        Column::new("not_assessed", "Not assessed"),
        Column::new("overridden", "Overridden"),
        Column::new("vendor_score_median", "Our score (median)").optional(),
        Column::new("partner_score_median", "Their score (median)").optional(),
    ];
    let mut sheet = Sheet::new("verdicts", "What the criteria say", columns);
    let mut any = false;
    for (at, stage) in channel.program.stages().iter().enumerate() {
        if channel.program.questionnaires_of(&stage.key).next().is_none() {
            continue;
        }
        let there = channel.lines.iter().filter(|line| line.place == Some(Place::In(at)));
        let declined = |line: &&Line| line.place == Some(Place::Left(LeftAs::Declined, Some(at)));
        let declined = channel.lines.iter().filter(declined);
        let (there, declined) = (Row::of(channel, stage, there), Row::of(channel, stage, declined));
        any |= !there.is_blank() || !declined.is_blank();
        sheet.rows.push(there.cells(&stage.key, stage.name.clone()));
        sheet.rows.push(declined.cells("declined", format!("Declined from {}", stage.name)));
    }
    Some(sheet).filter(|_| any)
}

/// The middle of some scores; of an even number, halfway between the two.
fn middle(mut scores: Vec<f64>) -> Option<f64> {
    scores.sort_by(f64::total_cmp);
    let (low, high) = (scores.get(scores.len().checked_sub(1)? / 2)?, scores.get(scores.len() / 2)?);
    Some((low + high) / 2.0)
}
