//! Why a change of who a partner is is refused.

use crate::lifecycle::base::conflict::Conflict;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::money::{Amount, Currency};
use crate::lifecycle::base::period::{Calendar, Period};
use crate::lifecycle::partner::events::Contact;
use crate::lifecycle::revenue::spans::InTheWay;
use crate::lifecycle::stage::events::Standing;

/// What a partner said of a sale.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct SaleSaid {
    pub amount: Amount,
    pub day: Day,
    /// The amount, its currency and the rate, if it was sold in another currency than the program's.
    pub paid: Option<[String; 3]>,
}

/// Why a change of who the partner is is refused.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum PartnerRefusal {
    /// A partner that is to be added has the key of another, or other details; `standing` has the name of the stage.
    OtherDetails {
        key: String,
        partner: String,
        standing: Option<Standing>,
    },
    NoContact {
        partner: String,
        contact: String,
        known: Vec<String>,
    },
    /// A person is to have the address of another contact of the partner.
    ContactInTheWay {
        key: String,
        partner: String,
        other: Contact,
    },
    /// A person is gone, or known by another address or name, since a later day.
    ContactGoneLater {
        key: String,
        partner: String,
        person: String,
        now: Option<String>,
    },
    /// A person who is to go passed a course on a later day.
    CertifiedLater {
        key: String,
        person: String,
        course: String,
        day: Day,
        event: i64,
    },
    /// A value that is to be taken away is not one of the partner's.
    NoValue {
        partner: String,
        field: String,
        value: String,
        known: Vec<String>,
    },
    MergedIntoItself {
        partner: String,
    },
    /// The stages of the partner with one key and of that with another do not fit together; the rest does.
    StagesContradict {
        key: String,
        into: String,
        conflict: Conflict,
    },
    /// Sales of both have the same reference, and other amounts or days; each pair in order, the sale of the partner that
    /// stays first.
    SalesContradict {
        key: String,
        into: String,
        sales: Vec<(String, [SaleSaid; 2])>,
    },
    /// Records of both are of the same days and would count twice, those that are in each other together; those of the
    /// partner that stays first.
    RecordsContradict {
        key: String,
        into: String,
        records: Vec<[Vec<InTheWay>; 2]>,
        currency: Currency,
        calendar: Calendar,
    },
    /// The plan of a year is a draft of the partner with one key, and agreed of that with another: they do not add up.
    DraftAdded {
        draft: String,
        agreed: String,
        year: Period,
    },
    /// What was recorded of both does not fit together, whatever their stages; `owner` is the key of the partner that
    /// has the event.
    HistoriesContradict {
        key: String,
        into: String,
        owner: String,
        conflict: Conflict,
    },
}
