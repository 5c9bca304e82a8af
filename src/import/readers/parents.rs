//! Parents in `import partners`: which partner is meant, and an order in which it comes first.

use std::collections::HashMap;

use crate::lifecycle::base::error::{Error, ErrorKind};
use crate::lifecycle::event::PartnerId;
use crate::lifecycle::partner::refuse_circle;
use crate::store::Reader;

/// The parents that were found so far, by what rows have for them.
#[derive(Default)]
pub(super) struct ImportedParents {
    found: HashMap<String, PartnerId>,
}

impl ImportedParents {
    /// Returns the partner that a row means by its parent, or why there is none.
    ///
    /// # Errors
    /// Those of reading the database.
    pub(super) fn find(&mut self, reader: &Reader, typed: &str) -> anyhow::Result<Result<PartnerId, String>> {
        if let Some(known) = self.found.get(typed) {
            return Ok(Ok(*known));
        }
        match reader.find(typed) {
            Ok(lookup) => {
                self.found.insert(typed.to_owned(), lookup.id);
                Ok(Ok(lookup.id))
            }
            Err(error) => match error.downcast_ref::<Error>() {
                Some(why) if why.kind == ErrorKind::Partner => Ok(Err(format!("parent: {why}"))),
                _ => Err(error),
            },
        }
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
    let mut chain = vec![(parent, reader.lookup(parent)?.key)];
    for above in reader.ancestors(parent)? {
        chain.push((above, reader.lookup(above)?.key));
    }
    let key = reader.lookup(partner)?.key;
    Ok(refuse_circle((partner, &key), &chain).map_err(|why| why.to_string()))
}

/// How many rows of the file stand above each row.
#[derive(Default)]
pub(super) struct ParentLevels {
    /// The row that has a name.
    rows: HashMap<String, usize>,
    /// What each row has for its parent.
    parents: Vec<Option<String>>,
}

impl ParentLevels {
    /// Adds the next row with the names that it goes by.
    pub(super) fn add<'n>(&mut self, names: impl Iterator<Item = &'n str>, parent: Option<&str>) {
        let row = self.parents.len();
        for name in names {
            self.rows.entry(name.to_lowercase()).or_insert(row);
        }
        self.parents.push(parent.map(str::to_lowercase));
    }

    /// Returns the number of rows above each row; rows in a circle come in the order of the file, where the first of
    /// them is refused.
    pub(super) fn levels(&self) -> Vec<usize> {
        let above = |row: usize| self.rows.get(self.parents[row].as_ref()?).copied();
        let mut levels: Vec<Option<usize>> = vec![None; self.parents.len()];
        for row in 0..levels.len() {
            let mut way = Vec::new();
            let mut now = row;
            let mut base = 0;
            loop {
                if let Some(level) = levels[now] {
                    base = level + 1;
                    break;
                }
                if way.contains(&now) {
                    break;
                }
                way.push(now);
                match above(now).filter(|above| *above != now) {
                    Some(next) => now = next,
                    None => break,
                }
            }
            for (level, one) in (base..).zip(way.into_iter().rev()) {
                levels[one] = Some(level);
            }
        }
        levels.into_iter().map(Option::unwrap_or_default).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parents_come_before_those_below_them_and_a_circle_ends() {
        let mut levels = ParentLevels::default();
        for (name, parent) in [
            ("a", Some("B")),
            ("b", Some("c")),
            ("c", None),
            ("d", Some("elsewhere")),
            ("x", Some("y")),
            ("y", Some("x")),
            ("z", Some("z")),
        ] {
            levels.add([name].into_iter(), parent);
        }
        let levels = levels.levels();
        assert_eq!(levels[..4], [2, 1, 0, 0]);
        assert_eq!(levels.len(), 7);
    }
}
