//! The programs that come with chanlife: one row each in [`PROGRAM_TEMPLATES`].
//!
//! To add one: its file in `examples/programs`, and a row here.

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::Hint;
use crate::lifecycle::base::text::nearest;
use crate::lifecycle::program::BUILT_IN;

/// A program that comes with chanlife.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ProgramTemplate {
    /// The word by which commands know it.
    pub name: &'static str,
    /// For whom it is, in one line.
    pub purpose: &'static str,
    /// The text of its file.
    pub toml: &'static str,
}

/// All programs that come with chanlife, the built-in one first.
pub(crate) const PROGRAM_TEMPLATES: [ProgramTemplate; 6] = [
    ProgramTemplate {
        name: "default",
        purpose: "the built-in program, for resellers and the like",
        toml: BUILT_IN,
    },
    ProgramTemplate {
        name: "msp",
        purpose: "managed service providers, billed by the month",
        toml: include_str!("../../examples/programs/msp.toml"),
    },
    ProgramTemplate {
        name: "saas-referral",
        purpose: "referral partners of a SaaS vendor, for commissions",
        toml: include_str!("../../examples/programs/saas-referral.toml"),
    },
    ProgramTemplate {
        name: "two-tier-distribution",
        purpose: "distributors and their resellers",
        toml: include_str!("../../examples/programs/two-tier-distribution.toml"),
    },
    ProgramTemplate {
        name: "isv-marketplace",
        purpose: "software vendors that list in your marketplace",
        toml: include_str!("../../examples/programs/isv-marketplace.toml"),
    },
    ProgramTemplate {
        name: "italiano",
        purpose: "the built-in program in Italian",
        toml: include_str!("../../examples/programs/italiano.toml"),
    },
];

/// A word that is neither a ready program nor the path of a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct UnknownTemplate {
    pub word: String,
}

/// Returns the program of this name that comes with chanlife.
pub(crate) fn program_template(name: &str) -> Option<&'static ProgramTemplate> {
    PROGRAM_TEMPLATES.iter().find(|one| one.name == name)
}

impl Sentence for UnknownTemplate {
    fn sentence(&self) -> String {
        let near = nearest(&self.word, PROGRAM_TEMPLATES.iter().map(|one| one.name));
        let meant = near.first().map_or_else(String::new, |near| format!(", did you mean `{near}`?"));
        format!("no ready program is called `{}`{meant}", self.word)
    }

    fn hints(&self) -> Vec<Hint> {
        let ready = PROGRAM_TEMPLATES.iter().map(|one| format!("`{}`: {}", one.name, one.purpose).into());
        let file = format!("for a file, write its path: `./{}`", self.word);
        ready.chain([file.into()]).collect()
    }
}
