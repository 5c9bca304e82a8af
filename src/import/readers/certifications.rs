//! `import certifications`: who passed which course; a new person is added as a contact.

use crate::import::records::{NumberedEvents, RecordRow, RowContext};
use crate::import::sources::csv::SourceRow;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::text::{is_email_address, listed};
use crate::lifecycle::enablement::{Certified, check_course, check_expiry};
use crate::lifecycle::event::Event;
use crate::lifecycle::facts::PartnerFacts;
use crate::lifecycle::partner::{Contact, Edited};

/// A certificate, and the person who has it.
pub(super) struct CertificateRow {
    certified: Certified,
    contact: Contact,
    /// The day of the row, perhaps before the partner joined.
    passed: Day,
}

/// Reads a certificate.
///
/// # Errors
/// Why the row is invalid.
pub(super) fn read(row: &SourceRow, context: RowContext) -> Result<CertificateRow, String> {
    let program = context.program;
    let key = row.get("course").ok_or("has no course")?;
    let course = program.course(key).ok_or_else(|| {
        let keys: Vec<&str> = program.courses.iter().map(|one| one.key.as_str()).collect();
        format!("has the unknown course `{key}`; the courses are {}", listed(&keys))
    })?;
    let person = row.name("person")?.ok_or("has no person")?;
    let email = row.name("email")?;
    if let Some(email) = email.as_ref().filter(|email| !is_email_address(email)) {
        return Err(format!("`{email}` is not an e-mail address"));
    }
    let until = row.day("until")?.or_else(|| course.valid_days.map(|days| context.on.plus(days - 1)));
    check_expiry(context.on, until).map_err(|why| why.to_string())?;
    let (name, role, phone) = (person.clone(), row.name("role")?, None);
    let contact = Contact { name, email: email.clone(), role, phone };
    let certified = Certified {
        person: email.unwrap_or(person),
        course: key.to_owned(),
        until,
        evidence: row.prose("evidence")?,
        earned: None,
    };
    Ok(CertificateRow { certified, contact, passed: context.on })
}

impl RecordRow for CertificateRow {
    /// It then counts from the day on which the partner joined.
    const MAY_PRECEDE_JOINING: bool = true;

    fn add_to(self, day: Day, events: &mut NumberedEvents) -> Result<(), String> {
        let CertificateRow { certified, contact, passed } = self;
        check_expiry(day, certified.until).map_err(|why| why.to_string())?;
        let earned = Some(passed).filter(|passed| *passed < day);
        let certified = Event::from(Certified { earned, ..certified });
        let program = &events.in_force.program;
        if let Event::Certified(one) = &certified
            && events.recorded(day, &certified).is_none()
            && let (Some(course), Some(partner)) = (program.course(&one.course), events.partner_on(day))
        {
            let facts = PartnerFacts { program, partner: &partner, day };
            check_course(facts, course).map_err(|why| why.to_string())?;
        }
        // A certified person must be a contact.
        if !has_contact(events, &contact) {
            let edited = Edited { contacts: vec![contact], ..Edited::default() };
            events.add_anew(day, edited.into());
        }
        events.add(day, certified);
        Ok(())
    }
}

fn has_contact(events: &NumberedEvents, contact: &Contact) -> bool {
    events.all().any(|(_, event)| match event {
        Event::Joined(joined) => joined.contacts.contains(contact),
        Event::Edited(edited) => edited.contacts.contains(contact),
        _ => false,
    })
}
