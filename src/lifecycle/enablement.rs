//! Courses, certificates and materials.

pub use crate::lifecycle::backing::event::{Certified, Delivered};
pub use crate::lifecycle::backing::readiness::{
    Certificate, Course, Delivery, Material, covered_since, last_days,
};
pub use crate::lifecycle::rules::readiness::{CertifyRequest, certify, deliver, expiries, find_contact};
