//! `tier review`: who should move up or down, and why.

use crate::lifecycle::facts::Scene;
use crate::lifecycle::program::Program;
use crate::lifecycle::tiers::tier_review;
use crate::report::frame::Frame;
use crate::report::sheet::{Cell, Column, Figure, Report, Sheet};

/// The whole report. `all` shows those too that stay where they are.
pub fn report(program: &Program, scenes: &[Scene], frame: &Frame, all: bool) -> Report {
    let columns = vec![
        Column::new("partner", "Partner"),
        Column::for_machines("name"),
        Column::new("tier", "Tier now"),
        Column::new("proposed", "Proposed"),
        Column::new("move", "Move"),
        Column::new("evidence", "What was found"),
    ];
    let mut sheet = Sheet::new("rows", "Tier review", columns).empty("Nobody should move.");
    let (mut up, mut down) = (0, 0);
    for scene in scenes {
        let review = tier_review(*scene);
        let place = |key: &str| program.tiers.iter().position(|tier| tier.key == key);
        let held = scene.partner.attribute("tier");
        let moved = match (review.now, review.proposed) {
            (_, None) => "not reviewed",
            (None, Some(_)) => "first tier",
            (Some(now), Some(then)) if now == then => "stays",
            (Some(now), Some(then)) if place(now) < place(then) => "promotion",
            (Some(_), Some(_)) => "demotion",
        };
        up += usize::from(moved == "promotion");
        down += usize::from(moved == "demotion");
        if !all && matches!(moved, "stays" | "not reviewed") {
            continue;
        }
        let why = match review.proposed {
            Some(_) => review.evidence.iter().map(|one| one.sentence.clone()).collect(),
            None if held.is_some() && review.now.is_none() => {
                vec!["the program does not have its tier".to_owned()]
            }
            None => vec!["it is not in growth, or meets no tier".to_owned()],
        };
        sheet.rows.push(vec![
            scene.partner.key.as_str().into(),
            scene.partner.name().into(),
            held.into(),
            review.proposed.into(),
            moved.into(),
            Cell::List(why),
        ]);
    }
    let mut notes = Vec::new();
    if program.tiers.is_empty() {
        notes.push("The program has no tiers; add [[tier]] sections, the lowest first.".to_owned());
    } else if !sheet.rows.is_empty() {
        notes.push("`chanlife tier review --apply` records the moves as one action.".to_owned());
    }
    Report {
        schema: "chanlife.tier-review/1",
        title: frame.title(&program.name),
        figures: vec![
            Figure::for_machines("as_of", frame.as_of),
            Figure::for_machines("known_on", frame.known_on),
            Figure::for_machines("promotions", Cell::count(up)),
            Figure::for_machines("demotions", Cell::count(down)),
        ],
        tables: vec![sheet].into_iter().map(Into::into).collect(),
        notes,
    }
}
