//! The program: which stages a partner passes, what each chapter asks of partners, what success means.
//!
//! The room puts together the sections of the chapters, and must not know events, partners or words for people. To add a
//! section: read it in `section.rs` of its chapter, a field of `Program`, and a line in `parse.rs`.

pub(crate) mod aliases;
pub(crate) mod applied;
pub(crate) mod applies;
pub(crate) mod attributes;
pub(crate) mod definition;
pub(crate) mod fault;
pub(crate) mod fields;
pub(crate) mod former_parts;
pub(crate) mod parse;
pub(crate) mod renamed;
pub(crate) mod sections;
pub(crate) mod several;
pub(crate) mod succession;
pub(crate) mod vain;

pub use aliases::Aliases;
pub(crate) use aliases::Part;
pub(crate) use applied::Applied;
pub(crate) use applies::{Applies, RuleScopes};
pub(crate) use attributes::{SHARED, attributes_of, plain_spelling, spelling_in_use};
pub use definition::{BUILT_IN, Program};
pub(crate) use fault::{FieldFault, NeedFault, PartFault, ProgramFault, VainFault};
pub(crate) use fields::{BUILT_IN_ATTRIBUTES, PARENT, WHY};
pub(crate) use fields::{Field, FieldKind, options_of};
pub(crate) use several::{further, further_key, further_of, stored, together};
pub(crate) use succession::{
    GonePart, MoneyHeld, PartInUse, ProgramRefusal, fields_with_one_now, gone_parts, refuse_lost_stages,
    refuse_other_currency, refuse_parts_in_use, refuse_several_in_use, refuse_unfit_values, refuse_used_keys,
};

pub(crate) use crate::lifecycle::milestone::needs::Need;
pub(crate) use crate::lifecycle::milestone::section::Milestone;
pub(crate) use crate::lifecycle::stage::section::Stage;
