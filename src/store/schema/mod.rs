//! What is in the file: the SQL of each format, and the table of records that follow from events.
//!
//! The SQL never changes once a version with it is out; those up to 0006 are, and `tests/formats` keeps a file of
//! each. This room must not know connections or transactions. To add a projected table, create it in a new file of
//! SQL, add that file to [`MIGRATIONS`], and add its record and its line of `RECORDS` in [`records`]. Projecting,
//! reading back as of a day (if the record is `ReadBack`), `check`, hiding and forgetting follow from these; files of
//! older formats get the table, filled, with their next change.

mod daily_work;
pub(in crate::store) mod records;
pub(in crate::store) mod table;

/// One file of SQL for each format, in order; the format is `user_version`.
pub(in crate::store) const MIGRATIONS: &[&str] = &[
    include_str!("0001.sql"),
    include_str!("0002.sql"),
    include_str!("0003.sql"),
    include_str!("0004.sql"),
    include_str!("0005.sql"),
    include_str!("0006.sql"),
    include_str!("0007.sql"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::MIGRATIONS;
    use super::records::projected_tables;

    /// Tables that are recorded, and do not follow from events.
    const RECORDED: [&str; 4] = ["action", "event", "undone", "draft"];

    #[test]
    fn every_table_that_follows_from_events_has_a_line_of_records() {
        let mut created = BTreeSet::new();
        for line in MIGRATIONS.iter().flat_map(|sql| sql.lines()) {
            if let Some(name) = line.strip_prefix("create table ") {
                created.insert(name.trim_end_matches(" ("));
            } else if let Some(name) = line.strip_prefix("drop table ") {
                created.remove(name.trim_end_matches(';'));
            }
        }
        for table in RECORDED {
            assert!(created.remove(table), "{table} is not created");
        }
        assert_eq!(created, projected_tables().collect::<BTreeSet<&str>>());
    }
}
