-- chanlife, format 1.
--
-- What happened is in `action` and `event`, and rows there never change. Everything else is derived
-- from them and is rewritten with each action; `chanlife check` folds all events again and compares.
-- Days are whole numbers since 1970-01-01. The views at the end show days and names for people.

-- One command of a user: the unit of undo.
create table action (
  id          integer primary key,                 -- the number that users see and undo
  recorded_on integer not null,                    -- the day of recording; never before an earlier action's
  recorded_at text    not null,                    -- the instant of recording, UTC
  actor       text    not null,                    -- who
  words       text    not null,                    -- the words of the command
  said        text    not null,                    -- what it changed, in one sentence
  kind        text    not null check (kind in ('record', 'undo', 'redo')),
  target      integer references action (id),      -- of undo and redo: which action
  first_event integer,                             -- its events are numbered from here
  last_event  integer,                             -- to here; both null where it has none
  checksum    blob    not null                     -- SHA-256 over this row and its events
) strict;

-- One thing that happened, or was found to have happened. Never changed, never deleted.
create table event (
  number  integer primary key,                     -- orders the events of one day; users correct by it
  action  integer not null references action (id),
  partner integer,                                 -- null for events of the program
  day     integer not null,                        -- the day on which it happened
  kind    text    not null,
  body    text    not null                         -- the parts of the event, JSON
) strict;
create index event_of_partner on event (partner);

-- Actions that are taken back at present, and the undo that did it.
create table undone (
  action integer primary key references action (id),
  undo   integer not null references action (id)
) strict;

-- Partners that count: neither removed nor merged into another.
create table partner (
  id            integer primary key,
  key           text    not null unique,
  since         integer not null,                  -- the day of its first event
  observed_from integer not null                   -- the day since when we watch it
) strict;

-- Names of partners in other systems, and keys of partners merged into them.
create table reference (
  partner integer not null references partner (id) on delete cascade,
  seq     integer not null,
  name    text    not null,
  primary key (partner, seq)
) strict, without rowid;
create unique index reference_name on reference (name);

-- Partners merged into another.
create table merged (
  partner integer primary key,
  target  integer not null                         -- the partner that took over its history
) strict;
create index merged_into on merged (target);

-- Names of partners that were removed as mistakes, so that an import does not bring them back.
create table removed (
  partner integer not null,
  name    text    not null,
  primary key (partner, name)
) strict, without rowid;

-- Attributes of partners over time.
create table profile (
  partner integer not null references partner (id) on delete cascade,
  seq     integer not null,
  since   integer not null,                        -- in force from this day until that of the next row
  name    text    not null,
  type    text,
  tier    text,
  region  text,
  owner   text,
  fields  text    not null,                        -- the program's own fields, JSON
  primary key (partner, seq)
) strict, without rowid;

-- Stages by the keys that they go by now.
create table stage (
  id  integer primary key,
  key text    not null unique
) strict;

-- Visits to stages, parkings and leavings; each lasts until the next of the same partner begins.
create table stay (
  partner     integer not null references partner (id) on delete cascade,
  seq         integer not null,
  standing    integer not null check (standing between 0 and 4), -- 0 in the stage, 1 parked, 2 declined, 3 withdrew, 4 terminated
  stage       integer references stage (id),       -- where parked or left: the stage before, null where unknown
  entered     integer not null,
  entry_known integer not null check (entry_known in (0, 1)), -- 0: found here on `entered`, came some day before
  primary key (partner, seq)
) strict, without rowid;

-- What was recorded of milestones; the newest row of a milestone, period and life holds.
create table milestone (
  partner integer not null references partner (id) on delete cascade,
  seq     integer not null,
  key     text    not null,
  period  text,                                    -- of a recurring one
  life    integer not null,                        -- how often the partner had come back after leaving
  status  text    not null check (status in ('done', 'skipped', 'reopened')),
  day     integer not null,
  primary key (partner, seq)
) strict, without rowid;

-- Reported revenue, after corrections.
create table sale (
  partner      integer not null references partner (id) on delete cascade,
  seq          integer not null,
  event        integer not null,                   -- the number to correct it by
  day          integer not null,                   -- for a period: its last day
  amount_minor integer not null,                   -- in minor units of the program's currency
  period       text,
  reference    text,
  primary key (partner, seq)
) strict, without rowid;

create view partners as
  select partner.key, profile.name, profile.type, profile.tier, profile.region, profile.owner,
         case stay.standing when 0 then stage.key when 1 then 'parked' when null then null else 'left' end as stage,
         date(stay.entered * 86400, 'unixepoch') as stage_since,
         date(partner.since * 86400, 'unixepoch') as since,
         date(partner.observed_from * 86400, 'unixepoch') as observed_from,
         profile.fields
  from partner
  join profile on profile.partner = partner.id
   and profile.seq = (select max(seq) from profile as other where other.partner = partner.id)
  left join stay on stay.partner = partner.id
   and stay.seq = (select max(seq) from stay as other where other.partner = partner.id)
  left join stage on stage.id = stay.stage;

create view stays as
  select partner.key as partner,
         case stay.standing when 0 then 'in stage' when 1 then 'parked' when 2 then 'declined'
                            when 3 then 'withdrew' else 'terminated' end as standing,
         stage.key as stage,
         date(stay.entered * 86400, 'unixepoch') as entered,
         stay.entry_known,
         date(next.entered * 86400, 'unixepoch') as ended,
         next.entered - stay.entered as days
  from stay
  join partner on partner.id = stay.partner
  left join stage on stage.id = stay.stage
  left join stay as next on next.partner = stay.partner and next.seq = stay.seq + 1;

create view milestones as
  select partner.key as partner, milestone.key as milestone, milestone.period, milestone.status,
         date(milestone.day * 86400, 'unixepoch') as day, milestone.life
  from milestone
  join partner on partner.id = milestone.partner;

create view revenue as
  select partner.key as partner, date(sale.day * 86400, 'unixepoch') as day, sale.amount_minor,
         sale.period, sale.reference, sale.event
  from sale
  join partner on partner.id = sale.partner;

create view events as
  select event.number, event.action, partner.key as partner,
         date(event.day * 86400, 'unixepoch') as day, event.kind, event.body,
         undone.action is not null as undone
  from event
  left join partner on partner.id = event.partner
  left join undone on undone.action = event.action;
