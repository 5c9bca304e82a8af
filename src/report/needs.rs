//! What is read of the channel beside where partners stand; each report says what it needs.

/// What a report needs beside where partners stand.
#[expect(clippy::struct_excessive_bools, reason = "each is a table to read or not")]
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Needs {
    pub attributes: bool,
    pub milestones: bool,
    pub assessments: bool,
    pub answers: bool,
    pub stays: bool,
    pub sales: bool,
    /// Plans, and what is done about partners that do not perform.
    pub growth: bool,
    /// What is agreed.
    pub terms: bool,
    /// Certificates and deliveries.
    pub readiness: bool,
    /// Who was told of what.
    pub tellings: bool,
}

impl Needs {
    /// What both need.
    pub fn and(self, other: Needs) -> Needs {
        Needs {
            attributes: self.attributes || other.attributes,
            milestones: self.milestones || other.milestones,
            assessments: self.assessments || other.assessments,
            answers: self.answers || other.answers,
            stays: self.stays || other.stays,
            sales: self.sales || other.sales,
            growth: self.growth || other.growth,
            terms: self.terms || other.terms,
            readiness: self.readiness || other.readiness,
            tellings: self.tellings || other.tellings,
        }
    }
}
