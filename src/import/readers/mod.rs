//! The table of imports, and their readers: a file for each.
//!
//! From its row follow the verb, its help with columns and examples, the manual page, and the messages that list
//! columns. A reader must not know options nor output. To add an import, write its reader in a file of this folder,
//! and add its `mod` line and, at the end, its row here (tests/fuzz/seeds/imports.txt has a file for each, in this
//! order); nothing else knows single imports. Rows of records have their day in a column `on`.

mod actions;
mod announcements;
mod certifications;
mod deliveries;
mod follow_ups;
mod funds;
mod improvement;
mod known_partner;
mod known_sales;
mod parents;
mod partners;
mod plans;
mod questions;
mod rates;
mod revenue;
mod reviews;
mod stages;
mod terms;

use crate::import::runner::Runner;
use crate::import::sources::csv::Fields;
use crate::import::{ImportSource, Imported, records};
use crate::lifecycle::base::error::Error;
use crate::store::{Keep, Stamp, Store};

/// A kind of import.
#[derive(Debug)]
pub struct ImportKind {
    /// What to type: `import partners`.
    pub word: &'static str,
    /// What it brings, in a line.
    pub about: &'static str,
    /// What to type to see what it brought: `report terms`.
    pub shown_by: &'static str,
    /// Notes for its help.
    pub more: &'static str,
    /// What to type behind its word, in its help; without any, a file with the name of the import.
    pub examples: &'static [&'static str],
    pub columns: &'static [ImportColumn],
    /// Whether rows have stages, and whether the start of the observed history must be given.
    pub stages: Option<ColumnNeed>,
    /// Whether rows are sales, which can be in other currencies and count in several ways.
    pub sales: bool,
    reader: ImportReader,
}

/// A column that an import knows.
#[derive(Debug)]
pub struct ImportColumn {
    pub name: &'static str,
    pub need: ColumnNeed,
    pub meaning: &'static str,
    /// The header in other systems, which needs no mapping.
    pub synonym: Option<&'static str>,
}

/// Whether a column is required.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ColumnNeed {
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
    /// Those of the file, with [`crate::import::RejectedRows`] for rows that cannot be used; then nothing is imported.
    pub fn import(
        &self,
        store: &mut Store,
        stamp: &Stamp,
        source: ImportSource,
        keep: Keep,
    ) -> anyhow::Result<Imported> {
        let name = source.name.clone();
        let imported = (self.reader)(Runner::new(self.fields(), store, stamp, &source, keep), source);
        imported.map_err(|error| match error.downcast::<Error>() {
            // A fault of the file as a whole has its line only.
            Ok(fault) if fault.to_string().starts_with("line ") => {
                fault.about(format!("{name}, {fault}")).into()
            }
            Ok(other) => other.into(),
            Err(other) => other,
        })
    }

    /// Returns the columns that a source is to find.
    fn fields(&self) -> Fields<'static> {
        let named = |need: ColumnNeed| {
            let columns = self.columns.iter().filter(move |column| column.need == need);
            columns.map(|column| column.name).collect()
        };
        let synonyms = self.columns.iter().filter_map(|column| Some((column.synonym?, column.name)));
        Fields {
            required: named(ColumnNeed::Required),
            optional: named(ColumnNeed::Optional),
            headers: Vec::new(),
            synonyms: synonyms.collect(),
        }
    }
}

const fn required(name: &'static str, meaning: &'static str) -> ImportColumn {
    ImportColumn { name, need: ColumnNeed::Required, meaning, synonym: None }
}

const fn optional(name: &'static str, meaning: &'static str) -> ImportColumn {
    ImportColumn { name, need: ColumnNeed::Optional, meaning, synonym: None }
}

const fn also(name: &'static str, synonym: &'static str, meaning: &'static str) -> ImportColumn {
    ImportColumn { name, need: ColumnNeed::Optional, meaning, synonym: Some(synonym) }
}

/// An import without options of its own.
const fn simple(
    word: &'static str,
    about: &'static str,
    shown_by: &'static str,
    columns: &'static [ImportColumn],
    reader: ImportReader,
) -> ImportKind {
    ImportKind { word, about, shown_by, more: "", examples: &[], columns, stages: None, sales: false, reader }
}

const PARTNER: ImportColumn = required("partner", "partner: key, reference or name");

/// All imports, in the order of help.
pub static IMPORTS: &[ImportKind] = &[
    ImportKind {
        stages: Some(ColumnNeed::Optional),
        more: "Existing partners are updated, and each change is named, also with --dry-run; an empty cell changes \
               nothing. What a person changed by hand since (a value, an address, a contact removed, mail not wanted) \
               stays if the file only says again what was so before, and the answer names it; a value that is new in \
               the file is recorded. So the same list can be imported each month. A value that was missing counts \
               from the partner's first day; a changed one, and a tier, from today. Fields of the program are columns, too. \
               Several regions, or values of a field with several, are separated by semicolons, those without a comma of \
               their own by commas, too; one value that is the partner's first leaves the further ones. \
               Each row needs a name, a partner or a key.",
        examples: &[r#"partners.csv --map "Account Name=name" \
      --map Id=partner --observed-from 2026-01-01"#],
        ..simple(
            "partners",
            "Partners, one per row",
            "report",
            &[
                optional("partner", "identifier in the source, stored as a reference"),
                optional("key", "key: lower-case letters, digits and dashes"),
                optional("ref", "another reference"),
                optional("stage", "current stage; needs --observed-from or --complete-history"),
                optional("since", "day it entered that stage"),
                optional(
                    "why",
                    "if it left or is parked: key or name of the program's reason, or --reason-map",
                ),
                optional("reason", "if it left or is parked: the reason in own words"),
                optional("contact_name", "name of a contact"),
                optional("contact_email", "e-mail address of the contact"),
                optional("contact_role", "role of the contact, or several with commas"),
                optional("contact_phone", "phone number of the contact"),
                optional("contact_opt_out", "yes if the contact must not be mailed, no if it may be again"),
                optional("name", "name"),
                optional("type", "partner type, such as reseller or distributor"),
                optional("tier", "tier"),
                optional("region", "region"),
                optional("owner", "partner manager"),
                optional("parent", "partner that it belongs to, such as its distributor"),
            ],
            partners::import,
        )
    },
    ImportKind {
        stages: Some(ColumnNeed::Required),
        more: "A stage can also be parked, declined, withdrew or terminated. Rows can be in any order; rows of one \
               day are sorted by time, if they have one, then by their order in the file. New partners are added under the name in the \
               file.",
        examples: &[
            "history.csv --complete-history",
            r#"crm.csv --observed-from 2025-01-01 --delimiter ';' \
      --map OpportunityId=partner --map StageName=stage --map CreatedDate=entered_on \
      --stage-map "Closed Won=growth" --stage-map "Closed Lost=declined" --stage-map "Draft=ignore" \
      --map LossReason=why --reason-map "Price too high=price""#,
        ],
        ..simple(
            "stages",
            "Stage histories, one stage change per row",
            "report",
            &[
                PARTNER,
                required("stage", "stage entered, or how the partner left"),
                required("entered_on", "day, with or without a time"),
                optional(
                    "why",
                    "of a row that leaves or parks: key or name of the program's reason, or --reason-map",
                ),
                optional("reason", "of a row that leaves or parks: the reason in own words"),
            ],
            stages::import,
        )
    },
    ImportKind {
        sales: true,
        more: "Duplicates are recognized by ref and product, or without a ref by all columns of the row. Returns have \
               negative amounts. The headers of sell-through reports need no mapping: productIdentifier, quantitySold, salesDate, \
               customerIdentifier, shipToLocation, unitPrice.\n\n\
               A row with a period and without customer, deal and ship-to is a total. A total and another record of its days \
               count twice unless their products differ: such a row needs replaces, detail or beside.",
        examples: &[
            r"q3.csv --map Reseller=partner --map Net=amount \
      --map Date=on --map Invoice=ref",
            "sell-through.csv --rate USD=0.92 --rate GBP=1.17",
        ],
        ..simple(
            "revenue",
            "Revenue, one sale or sales report per row",
            "report growth",
            &[
                PARTNER,
                also("on", "salesDate", "day of the sale, or use period"),
                optional("amount", "amount, or use quantity and unit-price"),
                also("quantity", "quantitySold", "units sold"),
                also("unit-price", "unitPrice", "price per unit"),
                optional("currency", "currency, if it is not the program's"),
                optional("rate", "exchange rate to the program's currency"),
                optional("period", "month, quarter, half, year or week of the report, or first..last day"),
                optional("ref", "invoice or report number"),
                also("product", "productIdentifier", "product"),
                also("customer", "customerIdentifier", "end customer"),
                also("ship-to", "shipToLocation", "ship-to place: a country, or one behind a comma"),
                also("list-amount", "listAmount", "price by the list, to check the margin given"),
                also("returns", "returnsRef", "for a return: ref of the sale that is returned"),
                optional("deal", "deal registration or opportunity"),
                optional("replaces", "numbers of events that it restates, or within for all within its days"),
                optional("detail", "yes: part of a total; the total counts for the rest"),
                optional("beside", "yes: counts beside what is recorded of its days"),
            ],
            revenue::import,
        )
    },
    ImportKind {
        more: "Sales in a currency take its last rate if they have none. A rate twice the one before it or more, or half of it \
               or less, is rejected unless --yes is given.",
        ..simple(
            "rates",
            "Exchange rates, one currency and day per row",
            "rate list",
            &[
                required("currency", "currency, such as USD"),
                required("rate", "value of one unit in the program's currency"),
                required("on", "first day of the rate"),
            ],
            rates::import,
        )
    },
    ImportKind {
        more: "With agreed-by, the plan is active; without it, a draft.",
        examples: &["plans.csv --map Goal=target"],
        ..simple(
            "plans",
            "Joint business plans, one year or quarter per row",
            "plan list",
            &[
                PARTNER,
                required("period", "fiscal year or quarter, such as 2026 or 2026-Q3"),
                required("target", "revenue target"),
                optional("product", "product that the target is of; without one, it is of all revenue"),
                optional("customers", "target of new customers in the year"),
                optional("deals", "target of new deals in the year"),
                optional("agreed-by", "who agreed at the partner"),
                optional(
                    "on",
                    "day; a target of the year is that of the quarters left, without a day of the whole year",
                ),
            ],
            plans::import,
        )
    },
    simple(
        "actions",
        "Actions of business plans; without a period, of improvement plans",
        "plan list",
        &[
            PARTNER,
            required("what", "action"),
            required("due", "due date"),
            required("on", "day it was agreed"),
            optional("owner", "person responsible"),
            optional("period", "fiscal year of the plan"),
        ],
        |runner, source| records::import(runner, source, actions::read),
    ),
    simple(
        "follow-ups",
        "Follow-ups: what was promised to partners for a day",
        "next",
        &[
            PARTNER,
            required("what", "what is to be done"),
            required("due", "due date"),
            required("on", "day it was promised"),
            optional("owner", "person responsible"),
            optional("done", "day it was done"),
            optional("outcome", "what came of it"),
        ],
        |runner, source| records::import(runner, source, follow_ups::read),
    ),
    simple(
        "reviews",
        "Business reviews",
        "plan list",
        &[
            PARTNER,
            required("period", "quarter, such as 2026-Q3"),
            required("on", "day of the review"),
            optional("text", "summary"),
        ],
        |runner, source| records::import(runner, source, reviews::read),
    ),
    ImportKind {
        examples: &["watch-list.csv"],
        ..simple(
            "care",
            "Steps with underperforming partners: watch list, improvement, decisions",
            "report nonperforming",
            &[
                PARTNER,
                required("step", "watch, improvement, recover or self-service"),
                required("on", "day"),
                optional("until", "last day of an improvement plan"),
                optional("reason", "reason; optional for an improvement plan"),
            ],
            |runner, source| records::import(runner, source, improvement::read),
        )
    },
    simple(
        "terms",
        "Agreed terms",
        "report terms",
        &[
            PARTNER,
            required("term", "key of the term"),
            required("value", "value; empty if the term was withdrawn"),
            required("on", "day of the agreement"),
            optional("from", "first day"),
            optional("until", "last day"),
            optional("by", "who agreed at the partner"),
        ],
        |runner, source| records::import(runner, source, terms::read),
    ),
    ImportKind {
        examples: &["certificates.csv"],
        ..simple(
            "certifications",
            "Certified people",
            "report readiness",
            &[
                PARTNER,
                required("course", "key of the course"),
                required("person", "person who passed; added as a contact if new"),
                required("on", "day"),
                optional("email", "e-mail address of the person"),
                optional("role", "role of the person"),
                optional("until", "last valid day"),
                optional("evidence", "evidence"),
            ],
            |runner, source| records::import(runner, source, certifications::read),
        )
    },
    simple(
        "deliveries",
        "Materials delivered",
        "report readiness",
        &[
            PARTNER,
            required("material", "key of the material"),
            required("version", "version"),
            required("on", "day"),
        ],
        |runner, source| records::import(runner, source, deliveries::read),
    ),
    simple(
        "announcements",
        "Announcements and responses",
        "report communication",
        &[
            PARTNER,
            required("announcement", "key of the announcement"),
            required("on", "day the partner was notified"),
            optional("subject", "subject"),
            optional("launch-day", "launch day"),
            optional("told-by", "how it was notified, such as newsletter"),
            optional("answered", "day of the response"),
        ],
        |runner, source| records::import(runner, source, announcements::read),
    ),
    simple(
        "questions",
        "Partner questions and answers",
        "questions",
        &[
            PARTNER,
            required("question", "question"),
            required("on", "day it was asked"),
            optional("by", "who asked"),
            optional("owner", "who is to answer"),
            optional("answer", "answer"),
            optional("answered", "day of the answer"),
        ],
        |runner, source| records::import(runner, source, questions::read),
    ),
    simple(
        "funds",
        "Fund movements",
        "fund list",
        &[
            PARTNER,
            required(
                "step",
                "accrue, grant, take-back, expire, request, approve, reject, claim, pay or close",
            ),
            required("on", "day"),
            optional("fund", "key of the fund (accrue, grant, take-back, expire, request)"),
            optional(
                "amount",
                "amount (accrue, grant, take-back, expire, request, approve, claim; pay, if it is a part)",
            ),
            optional(
                "ref",
                "reference of the request (all steps except accrue, grant, take-back and expire)",
            ),
            optional("period", "quarter of an accrual, fiscal year of a grant or of what is taken back"),
            optional("activity", "type of activity requested"),
            optional("starts", "first day of the activity"),
            optional("ends", "last day of the activity"),
            optional("cost", "total cost of the activity"),
            optional("expected", "expected pipeline"),
            optional("until", "expiry; for approve, last day for claims [default: as the fund says]"),
            optional("proof", "proof of a claim; identifies the claim within its request"),
            optional("leads", "leads generated"),
            optional("pipeline", "pipeline generated"),
            optional("reason", "reason (reject, close, take-back, expire)"),
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
        for kind in IMPORTS {
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
