//! The file: one SQLite database that holds what happened and what follows from it.
//!
//! Writes go through [`Store::write`], one durable transaction per action; reads through
//! [`Store::read`], one consistent view that is closed before anything is computed or printed.
//!
//! This is the only floor that knows SQLite. It must not know the rules of the lifecycle, nor words for people: why
//! something cannot be done is a value whose words stand in `text/store/`. To add a record that follows from events, see
//! `schema/`; to add a question that reports ask of the file, add a method to [`View`].
//!
//! - `engine/`: opening, formats and their migrations, copies of pages, transactions;
//! - `schema/`: the SQL of each format, and the table of records;
//! - `log/`: actions and events, appended and read, and taking them back;
//! - `projection/`: what follows from the events, table by table;
//! - `as_of`: what reports read; `former`: what was known before the last actions; `names`: which partner is meant; `parents`: which is whose parent; `programs`, `drafts`;
//! - `upkeep/`: checking, copies, rescue, forgetting.

mod as_of;
mod children;
mod clock;
mod drafts;
mod engine;
mod error;
mod former;
mod import;
mod log;
mod names;
mod parent_history;
mod parents;
mod programs;
mod projection;
mod rates;
mod schema;
mod upkeep;

pub(crate) use as_of::{
    AnswersRow, AssessmentRow, AttributesRow, MilestoneRow, ProfileRow, ReviewRow, SaleRow, StandingRow,
    StayRow, View, WatchedPartner,
};
pub(crate) use children::{ChildRow, ChildStanding};
pub(crate) use clock::RecordedClock;
pub(crate) use drafts::SavedDraft;
pub(crate) use engine::file::Writer;
pub use engine::file::{Keep, Reader, Store};
pub(crate) use engine::older::{FormatStep, OlderFormat};
pub(crate) use engine::open::Begun;
pub(crate) use engine::paths::{companions, folder_of, make_private_folder};
pub(crate) use error::{
    BadSales, Coded, Content, Damage, FileFault, Finding, Unusable, WriteDone, damaged, unreadable,
};
pub(crate) use import::Importer;
pub use log::append::NewEvent;
pub use log::logged::Stamp;
pub(crate) use log::logged::{ActionId, ActionKind, HIGHEST_NUMBER, LoggedEvent, RecordedAction};
pub(crate) use log::said::{ActionTitle, ErasureCommand};
pub(crate) use log::summary::ActionSummary;
pub(crate) use log::undo::{Reversal, ReversalRefusal};
pub(crate) use names::{Lookup, NotFound};
pub(crate) use parent_history::ParentHistory;
pub(crate) use programs::InForce;
pub(crate) use projection::project::NameTaken;
pub(crate) use schema::records::PlannedYear;
pub(crate) use upkeep::check::Checked;
pub(crate) use upkeep::forget::{Erased, ForgottenKeyTaken, NotWiped};
pub(crate) use upkeep::health::{LeftJournal, left_behind};
pub(crate) use upkeep::rescue::{Loss, Readable, Rescued, readable};
