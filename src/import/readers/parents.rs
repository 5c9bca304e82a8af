//! Parents in `import partners`: which partner is meant, and an order in which it comes first.
//!
//! A file means a parent by its key, by a reference or by its whole name, never by a part of them: a row that is not
//! imported must not give its children to another partner whose name is near.

use std::collections::{HashMap, HashSet};

use crate::import::named_partners::Resolved;
use crate::import::sources::csv::SourceRow;
use crate::lifecycle::base::text::folded;
use crate::lifecycle::event::PartnerId;
use crate::lifecycle::partner::refuse_circle;
use crate::lifecycle::program::PARENT;
use crate::store::Reader;

/// How many partners of one name are listed.
const NAMED: usize = 5;

/// A row of the file by what others can call its partner, also if the row itself cannot be imported.
pub(super) struct FamilyRow {
    line: u64,
    partner: u32,
    /// Its keys and references.
    words: Vec<String>,
    name: Option<String>,
    parent: Option<String>,
    fate: RowFate,
}

/// What became of the partner of a row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum RowFate {
    /// Not imported, or not yet.
    Out,
    In(PartnerId),
}

/// Why a row cannot have its parent.
pub(super) enum ParentFault {
    /// For what it says itself.
    Own(String),
    /// Because the row of its parent is not imported.
    Above(String),
}

/// The partners that rows can mean by their parent.
#[derive(Default)]
pub(super) struct Families {
    rows: Vec<FamilyRow>,
    by_line: HashMap<u64, usize>,
    /// The rows of partners that are in the database already.
    by_partner: HashMap<PartnerId, usize>,
    by_word: HashMap<String, usize>,
    by_name: HashMap<String, Vec<Named>>,
    /// The rows that stand above themselves.
    in_circles: HashSet<usize>,
}

/// A partner that has a name.
struct Named {
    name: String,
    is: MeantParent,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum MeantParent {
    Stored(PartnerId),
    Row(usize),
}

impl FamilyRow {
    /// Returns the row of a partner, by its number in the file.
    pub(super) fn of(row: &SourceRow, partner: u32) -> FamilyRow {
        let read = |field: &str| row.name(field).ok().flatten();
        let words: Vec<String> = ["partner", "ref", "key"].into_iter().filter_map(read).collect();
        let (name, parent) = (read("name"), read(PARENT));
        FamilyRow { line: row.line, partner, words, name, parent, fate: RowFate::Out }
    }
}

impl Families {
    /// Returns the partners of the file, which are what `resolved` says, and those of the database.
    ///
    /// # Errors
    /// Those of reading the database.
    pub(super) fn new(
        rows: Vec<FamilyRow>,
        resolved: &[Resolved],
        reader: &Reader,
    ) -> anyhow::Result<Families> {
        let mut all = Families::default();
        if rows.iter().all(|row| row.parent.is_none()) {
            return Ok(all);
        }
        let mut renamed: HashSet<PartnerId> = HashSet::new();
        for mut row in rows {
            let at = all.rows.len();
            let is = match resolved.get(row.partner as usize) {
                Some(Resolved::Known(id)) => {
                    renamed.extend(row.name.as_ref().map(|_| *id));
                    row.fate = RowFate::In(*id);
                    all.by_partner.insert(*id, at);
                    MeantParent::Stored(*id)
                }
                Some(Resolved::New { key }) => {
                    // Without a name it is called by the first word.
                    row.name = row.name.or_else(|| row.words.first().cloned());
                    row.words.push(key.clone());
                    MeantParent::Row(at)
                }
                Some(Resolved::Removed | Resolved::Repeated { .. }) | None => continue,
            };
            for word in &row.words {
                all.by_word.entry(word.clone()).or_insert(at);
            }
            if let Some(name) = row.name.clone() {
                all.by_name.entry(folded(&name)).or_default().push(Named { name, is });
            }
            all.by_line.insert(row.line, at);
            all.rows.push(row);
        }
        for stored in reader.names()?.into_iter().filter(|one| !renamed.contains(&one.id)) {
            let named = Named { name: stored.name, is: MeantParent::Stored(stored.id) };
            all.by_name.entry(folded(&named.name)).or_default().push(named);
        }
        Ok(all)
    }

    /// Keeps that the partner of the row in this line is imported.
    pub(super) fn keep(&mut self, line: u64, partner: PartnerId) {
        if let Some(at) = self.by_line.get(&line) {
            self.rows[*at].fate = RowFate::In(partner);
        }
    }

    /// Returns the partner that the row in this line means by its parent, or why there is none.
    ///
    /// # Errors
    /// Those of reading the database.
    pub(super) fn find(
        &self,
        reader: &Reader,
        line: u64,
        typed: &str,
    ) -> anyhow::Result<Result<PartnerId, ParentFault>> {
        if let Some(id) = reader.partner_named(typed)? {
            return Ok(Ok(id));
        }
        let at = match self.meant(typed)[..] {
            [MeantParent::Stored(id)] => return Ok(Ok(id)),
            [MeantParent::Row(at)] => at,
            [] => {
                let why = format!(
                    "parent: partner not found: `{typed}`; a file names it by its key, a reference or its whole name"
                );
                return Ok(Err(ParentFault::Own(why)));
            }
            ref several => {
                let keys = several.iter().take(NAMED).map(|one| self.key(reader, *one));
                let keys = keys.collect::<anyhow::Result<Vec<String>>>()?.join(", ");
                let why =
                    format!("parent: several partners are called `{typed}`; use the key of one of {keys}");
                return Ok(Err(ParentFault::Own(why)));
            }
        };
        let row = &self.rows[at];
        Ok(match row.fate {
            RowFate::In(id) => Ok(id),
            RowFate::Out => Err(self.circle(line).map_or_else(
                || ParentFault::Above(format!("its parent `{typed}` (line {}) is not imported", row.line)),
                ParentFault::Own,
            )),
        })
    }

    /// Returns the partners that a word means: one by its key or reference, else all of that name, or the only one that is
    /// spelled so.
    fn meant(&self, typed: &str) -> Vec<MeantParent> {
        if let Some(at) = self.by_word.get(typed) {
            return vec![self.candidate(*at)];
        }
        let mut named: Vec<&Named> = self.by_name.get(&folded(typed.trim())).into_iter().flatten().collect();
        if named.iter().filter(|one| one.name == typed.trim()).count() == 1 {
            named.retain(|one| one.name == typed.trim());
        }
        named.into_iter().map(|one| one.is).collect()
    }

    fn candidate(&self, at: usize) -> MeantParent {
        match self.rows[at].fate {
            RowFate::In(id) => MeantParent::Stored(id),
            RowFate::Out => MeantParent::Row(at),
        }
    }

    fn key(&self, reader: &Reader, one: MeantParent) -> anyhow::Result<String> {
        Ok(match one {
            MeantParent::Stored(id) => format!("`{}`", reader.lookup(id)?.key),
            MeantParent::Row(at) => {
                let row = &self.rows[at];
                format!("`{}` (line {})", row.words.first().map_or("", String::as_str), row.line)
            }
        })
    }

    /// Returns the row above a row in the file.
    fn above(&self, at: usize) -> Option<usize> {
        let typed = self.rows[at].parent.as_deref()?;
        if let Some(row) = self.by_word.get(typed) {
            return Some(*row);
        }
        match self.meant(typed)[..] {
            [MeantParent::Row(row)] => Some(row),
            [MeantParent::Stored(id)] => self.by_partner.get(&id).copied(),
            _ => None,
        }
    }

    /// Returns why the row in this line stands in a circle, if it does.
    fn circle(&self, line: u64) -> Option<String> {
        let first = *self.by_line.get(&line).filter(|at| self.in_circles.contains(at))?;
        let word = |at: usize| format!("`{}`", self.rows[at].words.first().map_or("", String::as_str));
        let mut way = vec![word(first)];
        let mut now = self.above(first)?;
        while now != first && way.len() < NAMED {
            way.push(word(now));
            now = self.above(now)?;
        }
        if way.len() == 1 {
            return Some(format!("{} cannot be its own parent", way[0]));
        }
        way.extend((now != first).then(|| "others".to_owned()));
        way.push(word(first));
        Some(format!("the parents in the file go in a circle: {}", way.join(" under ")))
    }

    /// Returns the number of rows above the row in each line, and keeps which rows stand in a circle.
    pub(super) fn levels(&mut self) -> HashMap<u64, usize> {
        let mut levels: Vec<Option<usize>> = vec![None; self.rows.len()];
        for row in 0..levels.len() {
            let (mut way, mut places) = (Vec::new(), HashMap::new());
            let mut now = Some(row);
            let mut base = 0;
            while let Some(at) = now {
                if let Some(level) = levels[at] {
                    base = level + 1;
                    break;
                }
                if let Some(place) = places.insert(at, way.len()) {
                    self.in_circles.extend(&way[place..]);
                    break;
                }
                way.push(at);
                now = self.above(at);
            }
            for (level, one) in (base..).zip(way.into_iter().rev()) {
                levels[one] = Some(level);
            }
        }
        let levels = levels.into_iter().map(Option::unwrap_or_default);
        self.rows.iter().map(|row| row.line).zip(levels).collect()
    }
}

/// Returns why a partner cannot have this parent, if it stands above it.
///
/// # Errors
/// Those of reading the database.
pub(super) fn refuse_below(
    reader: &Reader,
    partner: PartnerId,
    parent: PartnerId,
) -> anyhow::Result<Result<(), String>> {
    if reader.parent_of(partner)? == Some(parent) {
        return Ok(Ok(()));
    }
    let above = reader.ancestors(parent)?;
    if parent != partner && !above.contains(&partner) {
        return Ok(Ok(()));
    }
    let mut chain = vec![(parent, reader.lookup(parent)?.key)];
    for one in above {
        chain.push((one, reader.lookup(one)?.key));
    }
    let key = reader.lookup(partner)?.key;
    Ok(refuse_circle((partner, &key), &chain).map_err(|why| why.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(line: u64, word: &str, parent: Option<&str>) -> FamilyRow {
        let (words, name) = (vec![word.to_owned()], Some(word.to_uppercase()));
        FamilyRow { line, partner: 0, words, name, parent: parent.map(str::to_owned), fate: RowFate::Out }
    }

    fn families(rows: &[(&str, Option<&str>)]) -> Families {
        let mut all = Families::default();
        for (at, (word, parent)) in rows.iter().enumerate() {
            let row = row(at as u64, word, *parent);
            all.by_word.insert((*word).to_owned(), at);
            let named = Named { name: word.to_uppercase(), is: MeantParent::Row(at) };
            all.by_name.entry(folded(word)).or_default().push(named);
            all.by_line.insert(row.line, at);
            all.rows.push(row);
        }
        all
    }

    #[test]
    fn parents_come_before_those_below_them_and_a_circle_ends() {
        let mut all = families(&[
            ("a", Some("B")),
            ("b", Some("c")),
            ("c", None),
            ("d", Some("elsewhere")),
            ("x", Some("y")),
            ("y", Some("x")),
            ("z", Some("z")),
            ("v", Some("x")),
        ]);
        let levels = all.levels();
        let of = |line: u64| levels.get(&line).copied();
        assert_eq!([of(0), of(1), of(2), of(3)], [Some(2), Some(1), Some(0), Some(0)]);
        assert_eq!(levels.len(), 8);
        assert_eq!(
            all.circle(4).as_deref(),
            Some("the parents in the file go in a circle: `x` under `y` under `x`")
        );
        assert_eq!(all.circle(6).as_deref(), Some("`z` cannot be its own parent"));
        assert_eq!((all.circle(0), all.circle(7)), (None, None));
    }
}
