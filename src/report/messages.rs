//! The table of a mail merge: a message a row, with all fields filled in.

use crate::report::value::{Report, Table};

/// Returns the table of messages: each is the partner, the name, the e-mail address, the subject and the text.
pub(crate) fn merge<'m>(messages: impl Iterator<Item = [&'m str; 5]>) -> Report {
    let rows: Vec<[&str; 5]> = messages.collect();
    let mut table = Table::of("rows", "", &rows);
    for (at, key) in ["partner", "name", "email", "subject", "body"].into_iter().enumerate() {
        table = table.column(key, key, move |message| message[at]);
    }
    Report::new("chanlife.messages/1", "").with_tables([table.done()])
}
