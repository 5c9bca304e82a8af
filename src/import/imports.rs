//! The table of imports: for each the word to type, its columns with what they mean, its help, and its reader.
//!
//! From this table follow dispatch, help, and the messages that list columns. To add an import, write a reader in a
//! file of its own, and add one row here.

use crate::import::runner::Runner;
use crate::import::sources::csv::Fields;
use crate::import::{
    ImportSource, Imported, actions, announcements, certifications, deliveries, funds, improvement, partners,
    plans, questions, records, revenue, reviews, stages, terms,
};
use crate::store::{Keep, Stamp, Store};

/// A kind of import.
#[derive(Debug)]
pub struct ImportKind {
    /// What to type: `import partners`.
    pub word: &'static str,
    /// What it brings, in a line.
    pub about: &'static str,
    /// What else is good to know, with examples.
    pub more: &'static str,
    pub columns: &'static [ImportColumn],
    /// What one row is called in the words of an action.
    pub noun: &'static str,
    /// Whether rows name stages, and whether the day must be given since when the file has all partners.
    pub stages: Option<Need>,
    /// Whether rows can be in other currencies.
    pub rates: bool,
    reader: ImportReader,
}

/// A column that an import knows.
#[derive(Debug)]
pub struct ImportColumn {
    pub name: &'static str,
    pub need: Need,
    pub meaning: &'static str,
    /// The header that other systems give it, which is understood without being mapped.
    pub synonym: Option<&'static str>,
}

/// Whether something must be there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Need {
    Required,
    Optional,
}

/// How the rows of an import are read.
type ImportReader = fn(Runner, ImportSource) -> anyhow::Result<Imported>;

impl ImportKind {
    /// Returns the kind of import with this word.
    pub fn named(word: &str) -> Option<&'static ImportKind> {
        IMPORTS.iter().find(|kind| kind.word == word)
    }

    /// Imports a file as one action.
    ///
    /// # Errors
    /// Those of the file, with [`crate::import::RejectedRows`] for rows that can't be used; then nothing is imported.
    pub fn import(
        &self,
        store: &mut Store,
        stamp: &Stamp,
        source: ImportSource,
        keep: Keep,
    ) -> anyhow::Result<Imported> {
        (self.reader)(Runner::new(self.fields(), store, stamp, &source, keep), source)
    }

    /// Returns the columns that a source is to find.
    fn fields(&self) -> Fields<'static> {
        let named = |need: Need| {
            let columns = self.columns.iter().filter(move |column| column.need == need);
            columns.map(|column| column.name).collect()
        };
        let synonyms = self.columns.iter().filter_map(|column| Some((column.synonym?, column.name)));
        Fields {
            required: named(Need::Required),
            optional: named(Need::Optional),
            headers: Vec::new(),
            synonyms: synonyms.collect(),
        }
    }
}

const fn required(name: &'static str, meaning: &'static str) -> ImportColumn {
    ImportColumn { name, need: Need::Required, meaning, synonym: None }
}

const fn optional(name: &'static str, meaning: &'static str) -> ImportColumn {
    ImportColumn { name, need: Need::Optional, meaning, synonym: None }
}

const fn also(name: &'static str, synonym: &'static str, meaning: &'static str) -> ImportColumn {
    ImportColumn { name, need: Need::Optional, meaning, synonym: Some(synonym) }
}

/// An import without options of its own.
const fn simple(
    word: &'static str,
    about: &'static str,
    noun: &'static str,
    columns: &'static [ImportColumn],
    reader: ImportReader,
) -> ImportKind {
    ImportKind { word, about, more: "", columns, noun, stages: None, rates: false, reader }
}

const PARTNER: ImportColumn = required("partner", "the partner: key, reference or name");

/// All imports, in the order of help.
pub static IMPORTS: [ImportKind; 13] = [
    ImportKind {
        stages: Some(Need::Optional),
        more: "A partner that exists is brought up to date; an empty cell changes nothing. Fields of the program are
columns too. A row names its partner in name, partner or key.

Example:
  chanlife import partners partners.csv --map \"Account Name=name\" --map Id=partner \\
      --observed-from 2026-01-01",
        ..simple(
            "partners",
            "Partners, one a row",
            "partner",
            &[
                optional("partner", "what the source calls it; kept as a reference"),
                optional("key", "the key: lower-case letters, digits and dashes"),
                optional("ref", "one more reference"),
                optional("stage", "the stage where it stands; needs --observed-from or --complete-history"),
                optional("since", "since when it stands there"),
                optional("contact_name", "a person at the partner"),
                optional("contact_email", "the person's e-mail address"),
                optional("contact_role", "what the person does"),
                optional("name", "the name"),
                optional("type", "reseller, distributor or another type"),
                optional("tier", "the tier"),
                optional("region", "the region"),
                optional("owner", "who looks after the partner"),
            ],
            partners::import,
        )
    },
    ImportKind {
        stages: Some(Need::Required),
        more: "The words parked, declined, withdrew and terminated mean that it was parked or left. Rows
may come in any order; those of one day count in the order of their time, if they have one, and
then of the file. A partner that does not exist yet is added under the name in the file.

Examples:
  chanlife import stages history.csv --complete-history
  chanlife import stages crm.csv --observed-from 2025-01-01 --delimiter ';' \\
      --map OpportunityId=partner --map StageName=stage --map CreatedDate=entered_on \\
      --stage-map \"Closed Won=growth\" --stage-map \"Closed Lost=declined\" --stage-map \"Draft=ignore\"",
        ..simple(
            "stages",
            "Stage histories, one change a row",
            "move",
            &[
                PARTNER,
                required("stage", "the stage that it entered, or how it left"),
                required("entered_on", "the day, with or without a time"),
            ],
            stages::import,
        )
    },
    ImportKind {
        rates: true,
        more: "A row with a ref is known by it and by its product; one without, by its partner, day, amount
and everything else in it. Returns are rows below zero. The headers of sell-through reports (productIdentifier,
quantitySold, salesDate, customerIdentifier, shipToLocation, unitPrice) are understood as they are.

Examples:
  chanlife import revenue q3.csv --map Reseller=partner --map Net=amount \\
      --map Date=on --map Invoice=ref
  chanlife import revenue sell-through.csv --rate USD=0.92 --rate GBP=1.17",
        ..simple(
            "revenue",
            "Revenue, one sale or report a row",
            "revenue record",
            &[
                PARTNER,
                also("on", "salesDate", "the day of the sale; if there is none, the period"),
                optional("amount", "the amount; if there is none, quantity times unit-price"),
                also("quantity", "quantitySold", "how many were sold"),
                also("unit-price", "unitPrice", "the price of one"),
                optional("currency", "the currency, if it is not the program's"),
                optional("rate", "what one unit of that currency is worth in the program's"),
                optional("period", "the month, quarter or year that the amount is for"),
                optional("ref", "the number of the invoice or report"),
                also("product", "productIdentifier", "what was sold"),
                also("customer", "customerIdentifier", "to whom"),
                also("ship-to", "shipToLocation", "where it was shipped to"),
                optional("deal", "the deal that the sale belongs to"),
            ],
            revenue::import,
        )
    },
    ImportKind {
        more: "A row with agreed-by is a plan that both sides agreed to; one without is a draft.

Example:
  chanlife import plans plans.csv --map Goal=target",
        ..simple(
            "plans",
            "Business plans, one year or quarter a row",
            "row",
            &[
                PARTNER,
                required("period", "the fiscal year or quarter, such as 2026 or 2026-Q3"),
                required("target", "the revenue wanted"),
                optional("agreed-by", "who at the partner agreed"),
                optional("on", "the day; today if there is none"),
            ],
            plans::import,
        )
    },
    simple(
        "actions",
        "Actions of plans; without a period, of improvement plans",
        "action",
        &[
            PARTNER,
            required("what", "what is to be done"),
            required("due", "the day by which it is due"),
            required("on", "the day when it was agreed"),
            optional("owner", "who does it"),
            optional("period", "the fiscal year of the plan"),
        ],
        |runner, source| records::import(runner, source, actions::read),
    ),
    simple(
        "reviews",
        "Business reviews",
        "review",
        &[
            PARTNER,
            required("period", "the quarter, such as 2026-Q3"),
            required("on", "the day of the review"),
            optional("text", "what was said"),
        ],
        |runner, source| records::import(runner, source, reviews::read),
    ),
    simple(
        "care",
        "What was done about partners that do not perform",
        "step",
        &[
            PARTNER,
            required("step", "watch, improvement, recover or self-service"),
            required("on", "the day"),
            optional("until", "the last day of an improvement plan"),
            optional("reason", "the reason; only an improvement plan may have none"),
        ],
        |runner, source| records::import(runner, source, improvement::read),
    ),
    simple(
        "terms",
        "What was agreed",
        "agreement",
        &[
            PARTNER,
            required("term", "the key of the term"),
            required("value", "the value; empty if the term was given up"),
            required("on", "the day of the agreement"),
            optional("from", "the first day"),
            optional("until", "the last day"),
            optional("by", "who agreed"),
        ],
        |runner, source| records::import(runner, source, terms::read),
    ),
    simple(
        "certifications",
        "Who passed which course",
        "certificate",
        &[
            PARTNER,
            required("course", "the key of the course"),
            required("person", "who passed it; a contact is added if there is none"),
            required("on", "the day"),
            optional("email", "the person's e-mail address"),
            optional("role", "what the person does"),
            optional("until", "the last day of the certificate"),
            optional("evidence", "what proves it"),
        ],
        |runner, source| records::import(runner, source, certifications::read),
    ),
    simple(
        "deliveries",
        "Which materials were delivered",
        "delivery",
        &[
            PARTNER,
            required("material", "the key of the material"),
            required("version", "its version"),
            required("on", "the day"),
        ],
        |runner, source| records::import(runner, source, deliveries::read),
    ),
    simple(
        "announcements",
        "Who was told of what",
        "announcement",
        &[
            PARTNER,
            required("announcement", "the key of the announcement"),
            required("on", "the day when the partner was told"),
            optional("subject", "what it is about"),
            optional("launch-day", "the day of the launch"),
            optional("answered", "the day when the partner answered"),
        ],
        |runner, source| records::import(runner, source, announcements::read),
    ),
    simple(
        "questions",
        "Questions with their answers",
        "question",
        &[
            PARTNER,
            required("question", "the question"),
            required("on", "the day when it was asked"),
            optional("by", "who asked"),
            optional("owner", "who is to answer"),
            optional("answer", "the answer"),
            optional("answered", "the day of the answer"),
        ],
        |runner, source| records::import(runner, source, questions::read),
    ),
    simple(
        "funds",
        "Movements of funds",
        "movement",
        &[
            PARTNER,
            required("step", "accrue, grant, request, approve, reject, claim, pay or close"),
            required("on", "the day"),
            optional("fund", "the key of the fund: accrue, grant, request"),
            optional("amount", "the amount: accrue, grant, request, approve, claim"),
            optional("ref", "the reference of the request: all steps but accrue and grant"),
            optional("period", "the quarter of an accrual, the year of a grant"),
            optional("activity", "what kind of activity is requested"),
            optional("starts", "the first day of the activity"),
            optional("ends", "the last day of the activity"),
            optional("cost", "what the activity costs"),
            optional("expected", "the revenue expected of it"),
            optional("until", "the last day for the money or, of an approval, for claims"),
            optional("proof", "what proves a claim; tells the claims of a request apart"),
            optional("leads", "how many leads came of it"),
            optional("pipeline", "the pipeline that came of it"),
            optional("reason", "the reason: reject, close"),
        ],
        |runner, source| records::import(runner, source, funds::read),
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifecycle::program::BUILT_IN_ATTRIBUTES;

    #[test]
    fn words_and_columns_stand_once_and_partners_have_all_attributes() {
        for kind in &IMPORTS {
            assert!(
                ImportKind::named(kind.word).is_some_and(|found| std::ptr::eq(found, kind)),
                "{}",
                kind.word
            );
            for column in kind.columns {
                let same = kind.columns.iter().filter(|other| other.name == column.name);
                assert_eq!(same.count(), 1, "{} {}", kind.word, column.name);
            }
        }
        for key in BUILT_IN_ATTRIBUTES {
            assert!(IMPORTS[0].columns.iter().any(|column| column.name == key), "{key}");
        }
    }
}
