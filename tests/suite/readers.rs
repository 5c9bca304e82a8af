//! Readers keep writers waiting only while rows go into memory, and what they say is of one state all the same.

use std::cell::Cell;
use std::time::Duration;

use chanlife::face::store::Store;

use crate::support::Desk;

fn actions(reader: &chanlife::face::store::Reader) -> anyhow::Result<usize> {
    let mut count = 0;
    reader.actions_before(None, |_| {
        count += 1;
        true
    })?;
    Ok(count)
}

#[test]
fn a_writer_goes_on_while_a_reader_computes_and_the_reader_begins_anew_where_it_reads_once_more() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme"]);
    let mut store = Store::open(&desk.db(), Duration::ZERO).expect("the file");
    let runs = Cell::new(0);
    let counts = store.read_briefly(|reader| {
        runs.set(runs.get() + 1);
        let before = actions(reader)?;
        reader.let_go()?;
        if runs.get() == 1 {
            // This would be refused at once if the reader held the file.
            desk.ok(&["note", "acme", "meanwhile", "--wait", "0"]);
        } else {
            // The second time it holds it to the end, so that it comes to one.
            desk.fails(7, &["note", "acme", "too early", "--wait", "0"]);
        }
        Ok((before, actions(reader)?))
    });
    assert_eq!((counts.expect("read"), runs.get()), ((3, 3), 2));
    desk.ok(&["note", "acme", "after", "--wait", "0"]);
}

#[test]
fn a_reader_that_nobody_disturbs_runs_once() {
    let desk = Desk::new();
    let mut store = Store::open(&desk.db(), Duration::ZERO).expect("the file");
    let runs = Cell::new(0);
    let done = store.read_briefly(|reader| {
        runs.set(runs.get() + 1);
        reader.let_go()?;
        reader.let_go()?;
        actions(reader)
    });
    assert_eq!((done.expect("read"), runs.get()), (1, 1));
}

#[test]
fn a_reader_that_does_not_let_go_keeps_one_state_and_writers_waiting() {
    let desk = Desk::new();
    desk.ok(&["add-partner", "Acme"]);
    let mut store = Store::open(&desk.db(), Duration::ZERO).expect("the file");
    let read = store.read(|reader| {
        let before = actions(reader)?;
        reader.let_go()?;
        desk.fails(7, &["note", "acme", "too early", "--wait", "0"]);
        Ok((before, actions(reader)?))
    });
    assert_eq!(read.expect("read"), (2, 2));
}
