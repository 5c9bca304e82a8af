//! What is due by a day, for all partners of a segment in order of day: `calendar`, and the second table of `next`.

use crate::lifecycle::agenda::{Due, DueKind, dues};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::facts::Scene;
use crate::report::channel::{Channel, Line};
use crate::report::frame::Frame;
use crate::report::sheet::{Cell, Column, Figure, Report, Sheet};
use crate::store::View;

/// Something that is due, with whose it is.
pub struct Owed {
    /// Nothing for what is of no single partner.
    pub partner: Option<String>,
    pub name: String,
    pub owner: Option<String>,
    pub due: Due,
}

/// Everything that is due up to the end of `until`, or all of it; the first first, also what should be done by now.
///
/// # Errors
/// Where the file can't be read.
pub fn owed<'c>(
    view: &View,
    channel: &Channel,
    lines: impl Iterator<Item = &'c Line>,
    until: Option<Day>,
) -> anyhow::Result<Vec<Owed>> {
    let mut all = Vec::new();
    let soon = |due: &Due| until.is_none_or(|until| due.day <= until);
    for line in lines {
        let Some(partner) = view.partner(line.id)? else { continue };
        let scene = Scene { program: channel.program, partner: &partner, day: channel.as_of };
        for due in dues(scene).into_iter().filter(soon) {
            all.push(Owed {
                partner: Some(partner.key.clone()),
                name: partner.name().to_owned(),
                owner: partner.attribute("owner").map(str::to_owned),
                due,
            });
        }
    }
    for launch in launches(view)?.into_iter().filter(soon) {
        all.push(Owed { partner: None, name: view.in_force.program.name.clone(), owner: None, due: launch });
    }
    all.sort_by(|a, b| (a.due.day, &a.partner, &a.due.id).cmp(&(b.due.day, &b.partner, &b.due.id)));
    Ok(all)
}

/// The days of launches that are to come, as announced last.
fn launches(view: &View) -> anyhow::Result<Vec<Due>> {
    let announced = view.announced()?.into_iter();
    let newest = announced.filter_map(|(key, said)| {
        let (_, announced) = said.into_iter().next_back()?;
        let day = announced.launch.filter(|day| *day >= view.as_of)?;
        Some(Due {
            day,
            kind: DueKind::Launch,
            what: format!("launch of {key}"),
            command: format!("chanlife report communication {key}"),
            id: format!("launch.{key}"),
        })
    });
    Ok(newest.collect())
}

/// A table of what is due.
pub fn sheet(all: &[Owed], today: Day, limit: Option<usize>) -> Sheet {
    let columns = vec![
        Column::new("due", "Due"),
        Column::new("days_left", "In"),
        Column::new("kind", "What kind"),
        Column::new("partner", "Partner"),
        Column::for_machines("name"),
        Column::new("what", "What"),
        Column::new("owner", "Owner").optional(),
        Column::new("command", "Next"),
        Column::for_machines("id"),
    ];
    let mut sheet = Sheet::new("due", "Due by a day", columns).empty("Nothing is due.");
    let shown = limit.unwrap_or(all.len()).min(all.len());
    for one in &all[..shown] {
        let Due { day, kind, what, command, id } = &one.due;
        sheet.rows.push(vec![
            (*day).into(),
            Cell::Days(day.since(today)),
            kind.word().into(),
            one.partner.clone().into(),
            one.name.as_str().into(),
            what.as_str().into(),
            one.owner.clone().into(),
            command.as_str().into(),
            id.as_str().into(),
        ]);
    }
    if shown < all.len() {
        sheet.title = format!("Due by a day (first {shown} of {})", all.len());
    }
    sheet
}

/// `calendar` as a table.
pub fn report(channel: &Channel, frame: &Frame, all: &[Owed], limit: Option<usize>) -> Report {
    let mut sheet = sheet(all, channel.as_of, limit);
    sheet.key = "rows";
    Report {
        schema: "chanlife.calendar/1",
        title: frame.title(&channel.program.name),
        figures: {
            let mut figures = frame.figures(channel);
            figures.push(Figure::for_machines("due", Cell::count(all.len())));
            figures
        },
        tables: vec![sheet].into_iter().map(Into::into).collect(),
        notes: Vec::new(),
    }
}
