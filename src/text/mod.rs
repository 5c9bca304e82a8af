//! The words for people: what refusals, events, hints and next steps say, under the name of their chapter.
//!
//! It reads the values of the lifecycle and the store, and must not know reports or formats of output; of the command
//! line it knows how steps are typed, in `steps.rs` alone. To add words: implement `Sentence` for the chapter's enum
//! in the file that bears the chapter's name.

pub(crate) mod actions;
pub(crate) mod agenda;
pub(crate) mod announcements;
pub(crate) mod applies;
pub(crate) mod corrections;
pub(crate) mod criteria;
pub(crate) mod enablement;
pub(crate) mod events;
pub(crate) mod exported;
pub(crate) mod faults;
pub(crate) mod follow_ups;
pub(crate) mod fund_accruals;
pub(crate) mod fund_faults;
pub(crate) mod funds;
pub(crate) mod help;
pub(crate) mod imports;
pub(crate) mod milestone;
pub(crate) mod needs;
pub(crate) mod overlaps;
pub(crate) mod partner;
pub(crate) mod performance;
pub(crate) mod periods;
pub(crate) mod plans;
pub(crate) mod program;
pub(crate) mod program_diff;
pub(crate) mod program_sections;
pub(crate) mod program_templates;
pub(crate) mod program_vain;
pub(crate) mod questions;
pub(crate) mod rates;
pub(crate) mod reports;
pub(crate) mod revenue;
pub(crate) mod sale_corrections;
pub(crate) mod stage;
pub(crate) mod steps;
pub(crate) mod store;
pub(crate) mod terms;
pub(crate) mod tiers;
