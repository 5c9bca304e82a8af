//! `report terms`: what is agreed with whom, until when, and what is to be agreed anew.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::text::counted;
use crate::lifecycle::terms::{Agreement, Term, held_until};
use crate::report::channel::{Channel, Line};
use crate::report::frame::Frame;
use crate::report::sheet::{Cell, Column, Figure, Report, Sheet};

/// The whole report; the channel needs attributes and terms. `all` shows all that is agreed, not only what ends.
pub fn report(channel: &Channel, frame: &Frame, all: bool) -> Report {
    let there: Vec<&Line> = channel.lines.iter().filter(|line| line.left_as().is_none()).collect();
    let mut rows: Vec<(Option<Day>, Vec<Cell>)> = Vec::new();
    let mut summary = summary_sheet();
    let mut to_renew = 0;
    for term in &channel.program.terms {
        let mut counts = Counts::default();
        for line in &there {
            let standing = Standing::of(channel, line, term);
            counts.add(&standing);
            let Some(agreement) = standing.agreement() else { continue };
            if all || standing.is_due() {
                rows.push((standing.renew_by(), row(line, term, agreement, &standing)));
            }
        }
        to_renew += counts.to_renew + counts.ended;
        summary.rows.push(vec![
            term.field.key.as_str().into(),
            term.name.as_str().into(),
            Cell::count(counts.agreed),
            Cell::count(counts.to_renew),
            Cell::count(counts.ended),
            Cell::count(counts.open),
        ]);
    }
    rows.sort_by_key(|(day, _)| (day.is_none(), *day));
    let title = if all { "What is agreed" } else { "What is to be agreed anew" };
    let mut sheet = Sheet::new("rows", title, columns()).empty(if all {
        "Nothing is agreed yet: `chanlife agree PARTNER TERM=VALUE`."
    } else {
        "Nothing is to be agreed anew."
    });
    sheet.rows = rows.into_iter().map(|(_, row)| row).collect();
    let mut figures = frame.figures(channel);
    figures.push(Figure::for_machines("partners", Cell::count(there.len())));
    figures.push(Figure::for_machines("to_renew", Cell::count(to_renew)));
    let notes = match all {
        true => Vec::new(),
        false => vec![format!("{}; --all shows all that is agreed.", counted(there.len(), "partner"))],
    };
    Report {
        schema: "chanlife.terms/1",
        title: frame.title(&channel.program.name),
        figures,
        tables: vec![sheet, summary].into_iter().map(Into::into).collect(),
        notes,
    }
}

/// How one term stands with one partner.
enum Standing<'l> {
    Open,
    Agreed(&'l Agreement, Option<Day>),
    /// To be agreed anew since the second day; it ends on the first.
    Renew(&'l Agreement, Day, Day),
    Ended(&'l Agreement, Day),
}

impl<'l> Standing<'l> {
    fn of(channel: &Channel, line: &'l Line, term: &Term) -> Standing<'l> {
        let day = channel.as_of;
        let Some((agreement, end)) = held_until(&line.agreements.iter(), term, day) else {
            return Standing::Open;
        };
        let Some(end) = end else { return Standing::Agreed(agreement, None) };
        let renew_by = end.plus(-term.renewal_days.unwrap_or(0));
        match (end < day, renew_by <= day) {
            (true, _) => Standing::Ended(agreement, end),
            (false, true) => Standing::Renew(agreement, end, renew_by),
            (false, false) => Standing::Agreed(agreement, Some(end)),
        }
    }

    fn agreement(&self) -> Option<&'l Agreement> {
        match self {
            Standing::Open => None,
            Standing::Agreed(one, _) | Standing::Renew(one, ..) | Standing::Ended(one, _) => Some(one),
        }
    }

    fn is_due(&self) -> bool {
        matches!(self, Standing::Renew(..) | Standing::Ended(..))
    }

    fn end(&self) -> Option<Day> {
        match self {
            Standing::Open => None,
            Standing::Agreed(_, end) => *end,
            Standing::Renew(_, end, _) | Standing::Ended(_, end) => Some(*end),
        }
    }

    fn renew_by(&self) -> Option<Day> {
        match self {
            Standing::Renew(_, _, day) | Standing::Ended(_, day) => Some(*day),
            _ => None,
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Standing::Open => "open",
            Standing::Agreed(..) => "agreed",
            Standing::Renew(..) => "to be agreed anew",
            Standing::Ended(..) => "ended",
        }
    }
}

#[derive(Default)]
struct Counts {
    agreed: usize,
    to_renew: usize,
    ended: usize,
    open: usize,
}

impl Counts {
    fn add(&mut self, standing: &Standing) {
        match standing {
            Standing::Open => self.open += 1,
            Standing::Agreed(..) => self.agreed += 1,
            Standing::Renew(..) => self.to_renew += 1,
            Standing::Ended(..) => self.ended += 1,
        }
    }
}

fn columns() -> Vec<Column> {
    vec![
        Column::new("partner", "Partner"),
        Column::for_machines("name"),
        Column::new("term", "Term"),
        Column::new("value", "Agreed"),
        Column::new("since", "Since"),
        Column::new("ends", "Ends").optional(),
        Column::new("state", "State"),
        Column::new("by", "By").optional(),
        Column::new("owner", "Owner").optional(),
        Column::new("command", "Next").optional(),
    ]
}

fn row(line: &Line, term: &Term, agreement: &Agreement, standing: &Standing) -> Vec<Cell> {
    let key = term.field.key.as_str();
    let command = standing.is_due().then(|| format!("chanlife agree {} {key}=VALUE", line.key()));
    vec![
        line.key().into(),
        line.attribute("name").into(),
        key.into(),
        agreement.value.clone().into(),
        agreement.from.into(),
        standing.end().into(),
        standing.word().into(),
        agreement.by.clone().into(),
        line.attribute("owner").into(),
        command.into(),
    ]
}

fn summary_sheet() -> Sheet {
    let columns = vec![
        Column::new("term", "Term"),
        Column::new("name", "What"),
        Column::new("agreed", "Agreed"),
        Column::new("to_renew", "To be agreed anew"),
        Column::new("ended", "Ended"),
        Column::new("open", "Not agreed"),
    ];
    Sheet::new("terms", "Terms", columns).empty("The program has no terms; add [[term]] to it.")
}
