//! The part of `show` on the parent of a partner and on the partners below it, such as the resellers of a distributor.
//!
//! Revenue is what was recorded for each: that of those below is theirs, and not part of the partner's own.

use crate::lifecycle::base::money::Money;
use crate::lifecycle::base::text::counted;
use crate::lifecycle::event::PartnerId;
use crate::lifecycle::facts::{Facts, PartnerFacts};
use crate::lifecycle::partner::{Partner, parent_number};
use crate::lifecycle::program::{PARENT, Program};
use crate::report::value::{Cell, Figure, Table, rounded};
use crate::store::{Lookup, View};
use crate::text::reports::more_below;

/// The most partners below that people see.
const MOST_SHOWN: usize = 50;

/// The partners above and below a partner.
pub(super) struct Family {
    key: String,
    parent: Option<Lookup>,
    children: Vec<Child>,
    /// Revenue of the partner itself in the last twelve months, in minor units.
    own_minor: i128,
}

/// A partner below another.
struct Child {
    key: String,
    name: String,
    stage: String,
    /// Revenue of the last twelve months, in minor units.
    minor: i128,
}

impl Family {
    /// Reads the parent of a partner and those below it, as of the view's day.
    ///
    /// # Errors
    /// Fails if the file cannot be read.
    pub(super) fn read(view: &View, partner: &Partner) -> anyhow::Result<Family> {
        let program = &view.in_force.program;
        let facts = PartnerFacts { program, partner, day: view.as_of };
        let (key, own_minor) = (partner.key.clone(), facts.revenue_12m());
        if !program.has_parents() {
            return Ok(Family { key, parent: None, children: Vec::new(), own_minor });
        }
        let reader = view.reader();
        let parent = partner.attribute(PARENT).and_then(parent_number);
        let parent = parent.map(|parent| reader.living(parent)).transpose()?.flatten();
        let parent = parent.filter(|parent| *parent != partner.id).map(|parent| reader.lookup(parent));
        let mut children = Vec::new();
        for id in reader.ever_below(partner.id)? {
            let Some(child) = view.partner(id)? else { continue };
            let above = child.attribute(PARENT).and_then(parent_number);
            if above.map(|above| reader.living(above)).transpose()?.flatten() == Some(partner.id) {
                children.push(Child::of(view, id, &child)?);
            }
        }
        children.sort_by(|a, b| b.minor.cmp(&a.minor).then_with(|| a.key.cmp(&b.key)));
        Ok(Family { key, parent: parent.transpose()?, children, own_minor })
    }

    /// Returns the parent and how many partners are below.
    pub(super) fn figures(&self) -> Vec<Figure> {
        let parent = self.parent.as_ref();
        let shown = parent.map(|parent| format!("{} (`{}`)", parent.name, parent.key).replace('`', ""));
        vec![
            Figure::for_people("Parent", shown),
            Figure::for_machines("parent", parent.map(|parent| parent.key.as_str())),
        ]
    }

    /// Returns the table of those below, the largest revenue first; none without any. People on a screen see the first.
    pub(super) fn table(&self, program: &Program, on_screen: bool) -> Option<Table> {
        let code = program.currency.code();
        let money = |minor: i128| -> Money { program.currency.money(minor) };
        let below: i128 = self.children.iter().map(|one| one.minor).sum();
        let total =
            Child { key: "Total".to_owned(), name: String::new(), stage: String::new(), minor: below };
        let shown = if on_screen { MOST_SHOWN.min(self.children.len()) } else { self.children.len() };
        let title = format!("{} below", counted(self.children.len(), "partner"));
        let sum = format!(
            "12-month revenue: own {}, partners below {}, together {} {code}.",
            rounded(money(self.own_minor)),
            rounded(money(below)),
            rounded(money(self.own_minor + below))
        );
        let hidden = self.children.len() - shown;
        let more = (hidden > 0).then(|| more_below(hidden, &self.key));
        let table = Table::summed("children", title, &self.children[..shown], Some(&total))
            .column("partner", "Partner", |one| &one.key)
            .identity()
            .column("name", "Name", |one| &one.name)
            .column("stage", "Stage", |one| &one.stage)
            .column("revenue_12m", format!("12-month revenue ({code})"), |one| Cell::Money(money(one.minor)))
            .headline()
            .done()
            .with_notes([sum])
            .with_notes(more);
        (!self.children.is_empty()).then_some(table)
    }
}

impl Child {
    fn of(view: &View, id: PartnerId, partner: &Partner) -> anyhow::Result<Child> {
        let after = view.as_of.months_before(12);
        let sales = view.sales_of(id)?;
        let recent = sales.iter().filter(|sale| sale.day > after);
        let program = &view.in_force.program;
        let stage = match partner.standing() {
            None => "none".to_owned(),
            Some(standing) => match standing.in_stage() {
                Some(stage) => program.stage_name(stage).to_owned(),
                None if partner.has_left() => "left".to_owned(),
                None => "parked".to_owned(),
            },
        };
        Ok(Child {
            key: partner.key.clone(),
            name: partner.name().to_owned(),
            stage,
            minor: recent.map(|sale| i128::from(sale.amount_minor)).sum(),
        })
    }
}
