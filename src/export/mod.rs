//! Export: the database as text, what is due as a calendar, and messages as mail.
//!
//! An export writes what others gathered; it knows nothing of clocks, files and the command line. Only `jsonl` also
//! reads its own form back, since both ends of one format stand in one place. To add a format, write one file with
//! one function that takes plain values and writes bytes.

mod ics;
mod jsonl;
mod mail;

pub(crate) use ics::{CalendarEdition, CalendarEntry, uids, write_calendar};
pub use jsonl::read_all;
pub(crate) use jsonl::{write_all, write_partner};
pub use mail::MessageTemplate;
pub(crate) use mail::{MailMessage, eml};
