//! The rows that follow from terms, certificates, deliveries, funds, announcements and questions.

use rusqlite::types::Value;

use crate::lifecycle::partner::Partner;
use crate::store::projection::rows::{Rows, Table, number, optional, perhaps};

const TERM: Table = Table {
    name: "term",
    columns: &["event", "day", "term", "value", "since", "until", "agreed_by", "life"],
};
const CERTIFICATE: Table = Table {
    name: "certificate",
    columns: &["event", "day", "person", "course", "until", "gone", "evidence"],
};
const DELIVERY: Table = Table { name: "delivery", columns: &["event", "day", "material", "version"] };
const MOVEMENT: Table =
    Table { name: "movement", columns: &["event", "day", "kind", "amount_minor", "body"] };
const TELLING: Table = Table {
    name: "telling",
    columns: &["event", "day", "announcement", "subject", "contacts", "launch", "notice_days", "answered"],
};
const QUESTION: Table = Table {
    name: "question",
    columns: &["event", "day", "text", "asked_by", "owner", "reply", "reply_event", "replied"],
};

pub(in crate::store) fn backing_rows(partner: &Partner) -> [(&'static Table, Rows); 6] {
    [
        (&TERM, term_rows(partner)),
        (&CERTIFICATE, certificate_rows(partner)),
        (&DELIVERY, delivery_rows(partner)),
        (&MOVEMENT, movement_rows(partner)),
        (&TELLING, telling_rows(partner)),
        (&QUESTION, question_rows(partner)),
    ]
}

fn term_rows(partner: &Partner) -> Rows {
    let rows = partner.terms.iter().map(|one| {
        vec![
            Value::Integer(one.event),
            number(one.day),
            Value::Text(one.term.clone()),
            optional(one.value.as_ref()),
            number(one.from),
            perhaps(one.until),
            optional(one.by.as_ref()),
            Value::Integer(i64::from(one.life)),
        ]
    });
    rows.collect()
}

fn certificate_rows(partner: &Partner) -> Rows {
    let rows = partner.certificates.iter().map(|one| {
        vec![
            Value::Integer(one.event),
            number(one.day),
            Value::Text(one.person.clone()),
            Value::Text(one.course.clone()),
            perhaps(one.until),
            perhaps(one.gone),
            optional(one.evidence.as_ref()),
        ]
    });
    rows.collect()
}

fn delivery_rows(partner: &Partner) -> Rows {
    let rows = partner.deliveries.iter().map(|one| {
        vec![
            Value::Integer(one.event),
            number(one.day),
            Value::Text(one.material.clone()),
            Value::Text(one.version.clone()),
        ]
    });
    rows.collect()
}

fn movement_rows(partner: &Partner) -> Rows {
    let rows = partner.movements.iter().map(|one| {
        vec![
            Value::Integer(one.event),
            number(one.day),
            Value::Text(one.what.kind().to_owned()),
            one.amount_minor.map_or(Value::Null, Value::Integer),
            Value::Text(one.what.body()),
        ]
    });
    rows.collect()
}

fn telling_rows(partner: &Partner) -> Rows {
    let rows = partner.notifications.iter().map(|one| {
        vec![
            Value::Integer(one.event),
            number(one.day),
            Value::Text(one.announcement.clone()),
            Value::Text(one.subject.clone()),
            Value::Text(serde_json::to_string(&one.to).unwrap_or_default()),
            perhaps(one.launch),
            one.notice_days.map_or(Value::Null, Value::Integer),
            perhaps(one.answered),
        ]
    });
    rows.collect()
}

fn question_rows(partner: &Partner) -> Rows {
    let rows = partner.questions.iter().map(|one| {
        let reply = one.reply.as_ref();
        vec![
            Value::Integer(one.event),
            number(one.day),
            Value::Text(one.text.clone()),
            optional(one.by.as_ref()),
            optional(one.owner.as_ref()),
            optional(reply.map(|reply| &reply.text)),
            reply.map_or(Value::Null, |reply| Value::Integer(reply.event)),
            perhaps(reply.map(|reply| reply.day)),
        ]
    });
    rows.collect()
}
