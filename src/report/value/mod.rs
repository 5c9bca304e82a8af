//! A report as a value: figures, and tables of typed cells, from which any format can be written.
//!
//! It knows neither how anything looks (that is render/) nor where the numbers come from (the reports). A new type of
//! cell is one variant of [`Cell`] and an arm in each format; a report is written with [`Report::new`] and
//! [`Table::of`].

mod cell;
mod report;
mod table;

pub(crate) use cell::Cell;
pub(crate) use report::{Figure, Report};
pub(crate) use table::{Audience, Column, Priority, Table, TypedTable};
