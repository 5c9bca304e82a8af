//! What is read of the channel beside where partners stand; each report says what it needs.

/// What a report needs beside where partners stand.
#[expect(clippy::struct_excessive_bools, reason = "each is a table to read or not")]
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Needs {
    pub attributes: bool,
    pub milestones: bool,
    pub assessments: bool,
    pub answers: bool,
    /// All revenue; that of the last twelve months is read in any case, and so are all stays.
    pub sales: bool,
    /// Plans, and what is done about partners that do not perform.
    pub growth: bool,
    /// What is agreed.
    pub terms: bool,
    /// Certificates and deliveries.
    pub enablement: bool,
    /// Who was notified of what.
    pub notifications: bool,
    /// Questions of partners, with their answers.
    pub questions: bool,
    /// Fund ledgers, with requests and claims.
    pub funds: bool,
}

impl Needs {
    /// Returns what both need.
    pub fn and(self, other: Needs) -> Needs {
        Needs {
            attributes: self.attributes || other.attributes,
            milestones: self.milestones || other.milestones,
            assessments: self.assessments || other.assessments,
            answers: self.answers || other.answers,
            sales: self.sales || other.sales,
            growth: self.growth || other.growth,
            terms: self.terms || other.terms,
            enablement: self.enablement || other.enablement,
            notifications: self.notifications || other.notifications,
            questions: self.questions || other.questions,
            funds: self.funds || other.funds,
        }
    }
}
