//! Sell-through revenue that partners report, and the reports that they owe.
//!
//! Data below, behavior above: `events.rs` is what is recorded and known, `section.rs` is what the program says of
//! it, `reported.rs` when a record is
//! the very same as another, `rules.rs` is how events are taken in and what may be recorded, `overlaps.rs` what would be counted twice, `back.rs` what must
//! not come back so, `kept.rs` what is left of sales after returns, `nothing.rs` what reports of nothing give
//! way to, `rates.rs` exchange rates by date. A chapter must not know files, reports or
//! words for people; its words are in `text/revenue.rs`. To add a detail of a sale, give `SaleDetail` a field and say
//! in `typed.rs` how it is typed. To add an event, see `happening.rs`.

pub(crate) mod back;
pub(crate) mod copies;
pub(crate) mod corrected;
pub(crate) mod effects;
pub(crate) mod events;
pub(crate) mod kept;
pub(crate) mod nothing;
pub(crate) mod overlaps;
pub(crate) mod rates;
pub(crate) mod reported;
pub(crate) mod reporting;
pub(crate) mod restated;
pub(crate) mod returns;
pub(crate) mod rules;
pub(crate) mod section;
pub(crate) mod spans;
pub(crate) mod typed;
pub(crate) mod ways_out;

pub(crate) use back::{check_not_twice, check_together};
pub(crate) use copies::{copied, reported_by_both, same_reference};
pub(crate) use corrected::TypedCorrection;
pub(crate) use corrected::check_parts;
pub(crate) use effects::{CountsNow, SaleEffect, effects_on_others};
pub(crate) use events::FirstReport;
pub(crate) use events::{Sale, SaleFact};
pub(crate) use events::{SaleCorrection, SalePart, SaleTies};
pub use events::{SaleDetail, Sold};
pub(crate) use events::{SalePapers, sold_between};
pub(crate) use kept::kept_by_name;
pub(crate) use nothing::{SoldDays, says_nothing};
pub use overlaps::Counting;
pub(crate) use overlaps::{Overlap, OverlapFault, Overlaps, counted_twice};
pub use rates::Rated;
pub(crate) use rates::{RateFault, RateKnown, Rates, check_rate};
pub(crate) use reported::{
    KnownReports, ReportKey, report_keys, sale_keys, says_what_is_right, stands_in_place_of,
};
pub(crate) use reporting::ReportingFault;
pub(crate) use restated::{SaleRestated, is_known_again, restated, returned_of_restated};
pub(crate) use returns::{NamedSales, ReturnFault, ReturnableSales, UnfitReturn};
pub use rules::sold;
pub(crate) use rules::{
    GivesWay, ReportedMoney, RevenueRefusal, SaleKnown, SaleRepeated, check_return, check_sales_kept,
    gives_way, repeated, reported_money, sold_as,
};
pub(crate) use section::NoProductiveRevenue;
pub(crate) use spans::{InTheWay, SaleSpan, is_total};
pub use typed::TypedSale;
pub(crate) use typed::{SaleFault, is_rate};
pub(crate) use ways_out::WayOut;
