//! The records that reports can ask for of each partner: one line each in `record_types!`.

use std::cell::Cell;

use crate::lifecycle::announcements::Notification;
use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::enablement::{Certificate, Delivery};
use crate::lifecycle::event::PartnerId;
use crate::lifecycle::funds::{Books, Movement};
use crate::lifecycle::milestone::MovedDue;
use crate::lifecycle::performance::WatchRecord;
use crate::lifecycle::plans::Task;
use crate::lifecycle::questions::PartnerQuestion;
use crate::lifecycle::terms::Agreement;
use crate::lifecycle::tiers::TierReviewed;
use crate::store::{
    AnswersRow, AssessmentRow, AttributesRow, Damage, MilestoneRow, PlannedYear, ProfileRow, ReviewRow, View,
    damaged,
};

/// A type of record that a report can ask for.
pub trait LineRecord: Sized + 'static {
    /// Its place among the types of records.
    const AT: u32;

    /// Returns those that were read, if they were asked for.
    #[doc(hidden)]
    fn among(records: &Records) -> Option<&Loaded<Self>>;

    /// Returns what the records are called in an internal error.
    fn word() -> &'static str;
}

/// The records of one type, in order of the lines.
#[derive(Debug)]
pub struct Loaded<T> {
    rows: Vec<T>,
    /// For each line the end of its rows, which begin where those of the line before end.
    ends: Vec<u32>,
}

/// Makes the types of records from one line each: where they are kept, their type, how the view hands them over in
/// order of the partner's number, and, if they hold only until the partner leaves and comes back, how often it had.
macro_rules! record_types {
    ($($field:ident: $record:ty, $read:path, $life:expr;)*) => {
        /// The records of all partners that were asked for.
        #[derive(Debug, Default)]
        pub struct Records {
            $($field: Option<Loaded<$record>>,)*
            /// What was looked for although nobody had asked for it.
            unread: Cell<Option<&'static str>>,
        }

        #[allow(non_camel_case_types, reason = "named like the fields")]
        enum At {
            $($field,)*
        }

        $(
            impl LineRecord for $record {
                const AT: u32 = At::$field as u32;

                fn among(records: &Records) -> Option<&Loaded<Self>> {
                    records.$field.as_ref()
                }

                fn word() -> &'static str {
                    stringify!($field)
                }
            }
        )*

        impl Records {
            /// Reads the types that are asked for, one bit for each, of partners in order of their number, each with
            /// how often it came back after leaving.
            pub(super) fn load(view: &View, asked_for: u32, of: &[(PartnerId, u32)]) -> anyhow::Result<Records> {
                Ok(Records {
                    $($field: if asked_for & 1 << <$record>::AT != 0 {
                        let mut loading = Loading::<$record>::new(of, $life);
                        $read(view, |partner, row| loading.take(partner, row))?;
                        Some(loading.done())
                    } else {
                        None
                    },)*
                    unread: Cell::new(None),
                })
            }
        }
    };
}

record_types! {
    attributes: AttributesRow, View::each_attributes, |_| None;
    attribute_history: ProfileRow, View::each_profile, |_| None;
    milestones: MilestoneRow, View::each_milestone, |row| Some(row.life);
    moved_dues: MovedDue, View::each, |_| None;
    assessments: AssessmentRow, View::each_assessment, |row| Some(row.life);
    answers: AnswersRow, View::each_answers, |row| Some(row.life);
    plans: PlannedYear, View::each, |_| None;
    reviews: ReviewRow, View::each_review, |row| Some(row.life);
    tier_reviews: TierReviewed, View::each, |_| None;
    tasks: Task, View::each, |_| None;
    watch_list: WatchRecord, View::each, |row| Some(row.life);
    terms: Agreement, View::each, |row| Some(row.life);
    certificates: Certificate, View::each, |_| None;
    deliveries: Delivery, View::each, |_| None;
    notifications: Notification, View::each, |_| None;
    questions: PartnerQuestion, View::each, |_| None;
    funds: Books, each_books, |_| None;
}

impl Records {
    /// Returns the records of one type of the line number `at`.
    pub(super) fn of<T: LineRecord>(&self, at: usize) -> &[T] {
        let Some(loaded) = T::among(self) else {
            self.unread.set(Some(T::word()));
            return &[];
        };
        let end = |at: usize| loaded.ends.get(at).map_or(loaded.rows.len(), |end| *end as usize);
        let start = at.checked_sub(1).map_or(0, end);
        loaded.rows.get(start..end(at)).unwrap_or_default()
    }

    /// Returns what was looked for although nobody had asked for it; what was found then is not so.
    pub(super) fn unread(&self) -> Option<&'static str> {
        self.unread.get()
    }
}

/// Takes records in order of the partner's number, line by line.
struct Loading<'l, T> {
    of: &'l [(PartnerId, u32)],
    life: fn(&T) -> Option<u32>,
    loaded: Loaded<T>,
}

impl<'l, T> Loading<'l, T> {
    fn new(of: &'l [(PartnerId, u32)], life: fn(&T) -> Option<u32>) -> Loading<'l, T> {
        Loading { of, life, loaded: Loaded { rows: Vec::new(), ends: Vec::with_capacity(of.len()) } }
    }

    fn take(&mut self, partner: PartnerId, row: T) {
        let Loaded { rows, ends } = &mut self.loaded;
        while self.of.get(ends.len()).is_some_and(|(id, _)| *id < partner) {
            ends.push(rows.len() as u32);
        }
        let line = self.of.get(ends.len()).filter(|(id, _)| *id == partner);
        if line.is_some_and(|(_, returns)| (self.life)(&row).is_none_or(|life| life == *returns)) {
            rows.push(row);
        }
    }

    fn done(mut self) -> Loaded<T> {
        self.loaded.ends.resize(self.of.len(), self.loaded.rows.len() as u32);
        self.loaded.rows.shrink_to_fit();
        self.loaded
    }
}

/// Hands over the fund ledger of each partner that has one, at the end of the view's day; fails if its movements
/// contradict each other.
fn each_books(view: &View, mut take: impl FnMut(PartnerId, Books)) -> anyhow::Result<()> {
    let mut damage = None;
    let mut now: Option<(PartnerId, Books)> = None;
    view.each(|partner, movement: Movement| {
        if let Some((done, books)) = now.take_if(|(same, _)| *same != partner) {
            take(done, books.on(view.as_of));
        }
        let (_, books) = now.get_or_insert_with(|| (partner, Books::default()));
        if let Err(why) = books.take(&movement) {
            damage.get_or_insert(Damage::Books { event: movement.event, why: why.sentence() });
        }
    })?;
    if let Some((done, books)) = now {
        take(done, books.on(view.as_of));
    }
    damage.map_or(Ok(()), |why| Err(damaged(why).into()))
}
