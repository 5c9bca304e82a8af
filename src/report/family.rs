//! The part of `show` on the parent of a partner and on the partners below it, such as the resellers of a distributor.
//!
//! A sale that a partner and one below it both report counts once, for the one below. The table has those directly below; the
//! sums are of all below, at any distance.

use std::collections::BTreeSet;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::money::Money;
use crate::lifecycle::base::text::counted;
use crate::lifecycle::event::PartnerId;
use crate::lifecycle::partner::{Partner, parent_number};
use crate::lifecycle::program::{PARENT, Program};
use crate::report::reading::FamilySales;
use crate::report::value::{Cell, Figure, Table, rounded};
use crate::store::{ChildRow, ChildStanding, Lookup, ParentHistory, View};
use crate::text::reports::more_below;

/// The most partners below that people see.
const MOST_SHOWN: usize = 50;

/// The partners above and below a partner.
pub(super) struct Family {
    key: String,
    parent: Option<Lookup>,
    children: Vec<Child>,
    /// What of the partner's own sales in the last twelve months counts for itself, in minor units.
    own_minor: i128,
    /// Names the sales that count once although two partners report them.
    once: Option<String>,
}

/// A partner below another.
struct Child {
    key: String,
    name: String,
    stage: String,
    /// Revenue of the last twelve months, in minor units.
    minor: i128,
    /// That of the partners below it.
    below_minor: i128,
}

impl Family {
    /// Reads the parent of a partner and those below it, as of the view's day.
    ///
    /// # Errors
    /// Fails if the file cannot be read.
    pub(super) fn read(view: &View, partner: &Partner) -> anyhow::Result<Family> {
        let program = &view.in_force.program;
        let key = partner.key.clone();
        let nobody = Family { key, parent: None, children: Vec::new(), own_minor: 0, once: None };
        if !program.has_parents() {
            return Ok(nobody);
        }
        let reader = view.reader();
        let parent = partner.attribute(PARENT).and_then(parent_number);
        let parent = parent.map(|parent| reader.living(parent)).transpose()?.flatten();
        let parent = parent.filter(|parent| *parent != partner.id).map(|parent| reader.lookup(parent));
        let parent = parent.transpose()?;
        let parents = view.parent_history()?;
        let below = below(view, &parents, partner.id)?;
        if !parents.knows(partner.id) {
            return Ok(Family { parent, ..nobody });
        }
        let sales = FamilySales::read(view, partner.id)?;
        let after = view.as_of.months_before(12);
        let mut seen: BTreeSet<PartnerId> = below.iter().map(|child| child.id).chain([partner.id]).collect();
        let mut children = Vec::new();
        for child in below {
            let minor = sales.sold_once(child.id, after);
            let below_minor = sold_below(view, (&parents, child.id), (&sales, after), &mut seen)?;
            children.push(Child::of(program, child, minor, below_minor));
        }
        let sum = |one: &Child| one.minor + one.below_minor;
        children.sort_by(|a, b| sum(b).cmp(&sum(a)).then_with(|| a.key.cmp(&b.key)));
        let own_minor = sales.sold_once(partner.id, after);
        Ok(Family { parent, children, own_minor, once: sales.sentence(after), ..nobody })
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

    /// Returns the sentence that names the sales that count once, if there is no table that does.
    pub(super) fn note(&self) -> Option<String> {
        self.once.clone().filter(|_| self.children.is_empty())
    }

    /// Returns the table of those below, the largest revenue first; none without any. People on a screen see the first.
    pub(super) fn table(&self, program: &Program, on_screen: bool) -> Option<Table> {
        let code = program.currency.code();
        let money = |minor: i128| -> Money { program.currency.money(minor) };
        let sum = |part: fn(&Child) -> i128| self.children.iter().map(part).sum::<i128>();
        let (minor, below_minor) = (sum(|one| one.minor), sum(|one| one.below_minor));
        let below = minor + below_minor;
        let key = "Total".to_owned();
        let total = Child { key, name: String::new(), stage: String::new(), minor, below_minor };
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
            .column("below", "Partners below", |one| {
                (one.below_minor != 0).then(|| Cell::Money(money(one.below_minor)))
            })
            .optional()
            .done()
            .with_notes([sum])
            .with_notes(self.once.clone())
            .with_notes(more);
        (!self.children.is_empty()).then_some(table)
    }
}

impl Child {
    fn of(program: &Program, row: ChildRow, minor: i128, below_minor: i128) -> Child {
        let stage = match &row.place {
            ChildStanding::Nowhere => "none",
            ChildStanding::In(stage) => program.stage_name(stage),
            ChildStanding::Parked => "parked",
            ChildStanding::Left => "left",
        };
        let stage = stage.to_owned();
        Child { key: row.key, name: row.name, stage, minor, below_minor }
    }
}

/// Returns the partners directly below one on the view's day.
fn below(view: &View, parents: &ParentHistory, above: PartnerId) -> anyhow::Result<Vec<ChildRow>> {
    let found =
        parents.children(above).map(|child| view.child_of(child, above)).filter_map(Result::transpose);
    Ok(found.collect::<Result<_, _>>()?)
}

/// Returns what all below a partner sold after a day, at any distance, in minor units; `seen` are those that are counted
/// already, so that a circle ends.
fn sold_below(
    view: &View,
    (parents, above): (&ParentHistory, PartnerId),
    (sales, after): (&FamilySales, Day),
    seen: &mut BTreeSet<PartnerId>,
) -> anyhow::Result<i128> {
    let mut minor = 0;
    let mut open = vec![above];
    while let Some(now) = open.pop() {
        for child in below(view, parents, now)? {
            if seen.insert(child.id) {
                minor += sales.sold_once(child.id, after);
                open.push(child.id);
            }
        }
    }
    Ok(minor)
}
