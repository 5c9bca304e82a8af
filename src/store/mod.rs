//! The file: one SQLite database that holds what happened and what follows from it.
//!
//! Writes go through [`Store::write`], one durable transaction per action; reads through
//! [`Store::read`], one consistent view that is closed before anything is computed or printed.
//!
//! This is the only floor that knows SQLite. It knows no rule of the lifecycle, and it says nothing to people: why
//! something cannot be done is a value whose words stand in `text/`.
//!
//! - `engine/`: opening, formats and their migrations, copies of pages, transactions;
//! - `schema/`: the SQL of each format, and the table of records;
//! - `log/`: actions and events, appended and read, and taking them back;
//! - `projection/`: what follows from the events, table by table;
//! - `as_of`: what reports read; `names`: which partner is meant; `programs`, `drafts`;
//! - `upkeep/`: checking, copies, rescue, forgetting.

mod as_of;
mod drafts;
mod engine;
mod error;
mod import;
mod log;
mod names;
mod programs;
mod projection;
mod schema;
mod upkeep;

pub use as_of::{AnswersRow, AssessmentRow, Attributes, MilestoneRow, Place, SaleRow, StayRow, View};
pub use drafts::Draft;
pub use engine::file::{Keep, Reader, Store, Writer};
pub use engine::older::{Announce, FormatStep};
pub use engine::open::{companions, folder_of, make_private_folder};
pub use error::{FileFault, Result, damaged};
pub use import::Importer;
pub use log::append::{NewEvent, Pending, Stamp};
pub use log::read::{Action, ActionId, ActionKind, HIGHEST_NUMBER, LoggedEvent};
pub use log::undo::{Reversal, ReversalRefusal};
pub use names::{Lookup, NotFound};
pub use programs::{InForce, ProgramRefusal};
pub use projection::project::NameTaken;
pub use schema::records::PlannedYear;
pub use upkeep::backup::Restored;
pub use upkeep::budget::Overdrawn;
pub use upkeep::check::{Checked, Finding};
pub use upkeep::forget::{Erased, ForgottenKeyTaken, NotWiped};
pub use upkeep::health::left_behind;
pub use upkeep::rescue::{Missing, Readable, Rescued, readable};
