//! A report as a value: figures, and tables of typed cells, from which any format can be written.
//!
//! It must not know how anything looks, which is the business of render/, nor where the numbers come from, which is
//! that of the reports. To add a type of cell, add a variant to [`Cell`] and an arm to each format. A report begins with
//! [`Report::new`] and its tables with [`Table::of`].

mod cell;
mod report;
mod rounding;
mod table;

pub(crate) use cell::Cell;
pub(crate) use report::{Figure, Report};
pub(crate) use rounding::{changed, percent, percent_beside, points, ratio, rounded, signed};
pub(crate) use table::{Column, Priority, Table, TypedTable};
