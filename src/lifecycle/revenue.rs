//! Sell-through revenue and the reports owed on it.

pub use crate::lifecycle::growth::reporting::{Reporting, owed};
pub use crate::lifecycle::partner::Sale;
pub use crate::lifecycle::rules::growth::{cadence, report_to_come, reports_owed};
pub use crate::lifecycle::rules::records::sold;
pub use crate::lifecycle::sale::{SaleDetail, Sold, Typed};
