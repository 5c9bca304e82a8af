//! The first few of many, by name, and how many there are.

/// How many are named.
const NAMED: usize = 3;

/// What is said of many: the first of them in words, and how many there are.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(crate) struct FirstFew {
    pub count: usize,
    /// In words, no more than are named.
    pub named: Vec<String>,
}

impl FirstFew {
    /// Takes one more; it is put into words only if it is one of the first.
    ///
    /// # Errors
    /// That of the words.
    pub(crate) fn add<E>(&mut self, words: impl FnOnce() -> Result<String, E>) -> Result<(), E> {
        self.count += 1;
        if self.named.len() < NAMED {
            self.named.push(words()?);
        }
        Ok(())
    }

    /// Returns how many are not named.
    pub(crate) fn more(&self) -> usize {
        self.count - self.named.len()
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    #[test]
    fn the_first_are_named_and_all_are_counted() {
        let (mut few, mut put) = (FirstFew::default(), 0);
        for one in 0..5 {
            let Ok(()) = few.add(|| {
                put += 1;
                Ok::<_, Infallible>(one.to_string())
            });
        }
        assert_eq!((few.count, few.more(), put), (5, 2, 3));
        assert_eq!(few.named, ["0", "1", "2"]);
        assert_eq!(few.add(|| Err("not asked")), Ok(()));
    }
}
