//! What tests count: folds of histories and statements sent to SQLite, each in its own thread. No part of the program.

use std::cell::{Cell, RefCell};

thread_local! {
    static FOLDS: Cell<usize> = const { Cell::new(0) };
    static STATEMENTS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// What was counted while some work ran.
#[derive(Debug)]
pub(crate) struct Tally {
    /// How many histories were folded.
    pub(crate) folds: usize,
    /// The statements that were sent, in order.
    pub(crate) statements: Vec<String>,
}

impl Tally {
    /// Counts how often the events of one partner were read.
    pub(crate) fn histories_read(&self) -> usize {
        self.statements.iter().filter(|sql| sql.contains("from event where partner = ?1 order by")).count()
    }
}

/// Runs `work` and counts what it does.
pub(crate) fn tallied<T>(work: impl FnOnce() -> T) -> (T, Tally) {
    FOLDS.set(0);
    STATEMENTS.take();
    let done = work();
    (done, Tally { folds: FOLDS.get(), statements: STATEMENTS.take() })
}

/// Counts one fold.
pub(crate) fn count_fold() {
    FOLDS.set(FOLDS.get() + 1);
}

/// Keeps one statement.
pub(crate) fn count_statement(sql: &str) {
    STATEMENTS.with_borrow_mut(|all| all.push(sql.to_owned()));
}
