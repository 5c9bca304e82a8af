//! The table of a mail merge: a message a row, with all fields filled in.

use crate::report::sheet::{Column, Report, Sheet};

/// `messages` are each partner, name, e-mail address, subject and text.
pub fn merge<'m>(messages: impl Iterator<Item = [&'m str; 5]>) -> Report {
    let columns = ["partner", "name", "email", "subject", "body"];
    let mut sheet = Sheet::new("rows", "", columns.map(|key| Column::new(key, key)).to_vec());
    sheet.rows = messages.map(|message| message.map(Into::into).to_vec()).collect();
    Report {
        schema: "chanlife.messages/1",
        title: String::new(),
        figures: Vec::new(),
        tables: vec![sheet].into_iter().map(Into::into).collect(),
        notes: Vec::new(),
    }
}
