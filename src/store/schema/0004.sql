-- chanlife, format 4: terms, readiness, funds, announcements, questions.

-- What was agreed with partners. Of rows of a term and life that hold on a day, the last one counts.
create table term (
  partner integer not null references partner (id) on delete cascade,
  seq     integer not null,
  event   integer not null,
  day     integer not null,                        -- on which it was agreed
  term    text    not null,
  value   text,                                    -- null where the term was given up
  since   integer not null,                        -- the first day on which it holds
  until   integer,                                 -- the last one
  agreed_by text,
  life    integer not null,                        -- how often the partner had come back after leaving
  primary key (partner, seq)
) strict, without rowid;

-- Who is certified for what.
create table certificate (
  partner  integer not null references partner (id) on delete cascade,
  seq      integer not null,
  event    integer not null,
  day      integer not null,
  person   text    not null,                       -- the e-mail address, or the name where there is none
  course   text    not null,
  until    integer,                                -- the last day on which it counts
  gone     integer,                                -- since when the person is no longer there
  evidence text,
  primary key (partner, seq)
) strict, without rowid;

-- Materials that partners were given.
create table delivery (
  partner  integer not null references partner (id) on delete cascade,
  seq      integer not null,
  event    integer not null,
  day      integer not null,
  material text    not null,
  version  text    not null,
  primary key (partner, seq)
) strict, without rowid;

-- Money of funds: what came in, was asked for, approved, claimed and paid. Where the money is on a day follows from
-- the movements up to it.
create table movement (
  partner      integer not null references partner (id) on delete cascade,
  seq          integer not null,
  event        integer not null,                   -- the number of a request or claim
  day          integer not null,
  kind         text    not null,
  amount_minor integer,                            -- after corrections; null where it has none of its own
  body         text    not null,                   -- its parts, JSON
  primary key (partner, seq)
) strict;                                          -- with a rowid, since rows are long

-- Who was told of what.
create table telling (
  partner      integer not null references partner (id) on delete cascade,
  seq          integer not null,
  event        integer not null,
  day          integer not null,
  announcement text    not null,
  subject      text    not null,
  contacts     text    not null,                   -- who, JSON
  launch       integer,                            -- the day on which the public is told
  notice_days  integer,                            -- how many days before it the partner was to be told
  answered     integer,
  primary key (partner, seq)
) strict, without rowid;

-- What partners asked.
create table question (
  partner     integer not null references partner (id) on delete cascade,
  seq         integer not null,
  event       integer not null,                    -- its number
  day         integer not null,
  text        text    not null,
  asked_by    text,
  owner       text,
  reply       text,
  reply_event integer,
  replied     integer,                             -- the day of the answer
  primary key (partner, seq)
) strict;

create view terms as
  select partner.key as partner, term.term, term.value, date(term.since * 86400, 'unixepoch') as since,
         date(term.until * 86400, 'unixepoch') as until, date(term.day * 86400, 'unixepoch') as agreed,
         term.agreed_by, term.life
  from term join partner on partner.id = term.partner;

create view certificates as
  select partner.key as partner, certificate.person, certificate.course,
         date(certificate.day * 86400, 'unixepoch') as day, date(certificate.until * 86400, 'unixepoch') as until,
         date(certificate.gone * 86400, 'unixepoch') as gone, certificate.evidence
  from certificate join partner on partner.id = certificate.partner;

create view deliveries as
  select partner.key as partner, delivery.material, delivery.version,
         date(delivery.day * 86400, 'unixepoch') as day
  from delivery join partner on partner.id = delivery.partner;

create view funds as
  select partner.key as partner, movement.event, date(movement.day * 86400, 'unixepoch') as day, movement.kind,
         movement.amount_minor, movement.body ->> '$.fund' as fund, movement.body ->> '$.period' as period,
         movement.body ->> '$.activity' as activity, movement.body ->> '$.request' as request,
         movement.body ->> '$.claim' as claim, movement.body ->> '$.proof' as proof
  from movement join partner on partner.id = movement.partner;

create view announcements as
  select partner.key as partner, telling.announcement, telling.subject,
         date(telling.day * 86400, 'unixepoch') as told, date(telling.launch * 86400, 'unixepoch') as launch,
         telling.notice_days, date(telling.answered * 86400, 'unixepoch') as answered, telling.contacts
  from telling join partner on partner.id = telling.partner;

create view questions as
  select partner.key as partner, question.event, date(question.day * 86400, 'unixepoch') as asked, question.text,
         question.asked_by, question.owner, date(question.replied * 86400, 'unixepoch') as replied, question.reply
  from question join partner on partner.id = question.partner;
