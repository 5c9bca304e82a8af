-- chanlife, format 7: periods keep their days, and what a channel manager does every day has its place.

-- What holds the name of a period holds its days instead: what they are called follows from the calendar in force.
drop view milestones;
drop table milestone;
create table milestone (
  partner   integer not null references partner (id) on delete cascade,
  seq       integer not null,
  key       text    not null,
  first_day integer,                               -- the period of a recurring one
  last_day  integer,
  life      integer not null,                      -- how often the partner had come back after leaving
  status    text    not null check (status in ('done', 'skipped', 'reopened')),
  day       integer not null,
  primary key (partner, seq)
) strict, without rowid;

create view milestones as
  select partner.key as partner, milestone.key as milestone,
         date(milestone.first_day * 86400, 'unixepoch') as first_day,
         date(milestone.last_day * 86400, 'unixepoch') as last_day, milestone.status,
         date(milestone.day * 86400, 'unixepoch') as day, milestone.life
  from milestone
  join partner on partner.id = milestone.partner;

drop view plans;
drop table plan;
create table plan (
  partner   integer not null references partner (id) on delete cascade,
  seq       integer not null,
  first_day integer not null,                      -- the fiscal year
  last_day  integer not null,
  day       integer not null,
  from_day  integer,                               -- the day from which it counts; null: from the first of the year
  until_day integer,                               -- the day on which its partner left, that was then merged; null: none
  goals     text,                                  -- JSON: targets by product, of new customers and deals; null: none
  q1_minor  integer not null,                      -- targets in minor units of the program's currency
  q2_minor  integer not null,
  q3_minor  integer not null,
  q4_minor  integer not null,
  sent      integer,                               -- since when it waits for the partner
  agreed    integer,                               -- since when it counts
  agreed_by text,
  primary key (partner, seq)
) strict, without rowid;

create view plans as
  select partner.key as partner, date(plan.first_day * 86400, 'unixepoch') as first_day,
         date(plan.last_day * 86400, 'unixepoch') as last_day,
         plan.q1_minor, plan.q2_minor, plan.q3_minor, plan.q4_minor,
         date(plan.day * 86400, 'unixepoch') as drawn_up, date(plan.sent * 86400, 'unixepoch') as sent,
         date(plan.agreed * 86400, 'unixepoch') as agreed, plan.agreed_by,
         date(plan.from_day * 86400, 'unixepoch') as counts_from,
         date(plan.until_day * 86400, 'unixepoch') as counts_until, plan.goals
  from plan join partner on partner.id = plan.partner;

drop view reviews;
drop table review;
create table review (
  partner   integer not null references partner (id) on delete cascade,
  seq       integer not null,
  first_day integer not null,                      -- the quarter
  last_day  integer not null,
  life      integer not null,
  day       integer not null,
  text      text,
  primary key (partner, seq)
) strict, without rowid;

create view reviews as
  select partner.key as partner, date(review.first_day * 86400, 'unixepoch') as first_day,
         date(review.last_day * 86400, 'unixepoch') as last_day, date(review.day * 86400, 'unixepoch') as day,
         review.text
  from review join partner on partner.id = review.partner;

drop view tasks;
drop table task;
create table task (
  partner    integer not null references partner (id) on delete cascade,
  seq        integer not null,
  event      integer not null,                     -- its number
  life       integer not null,
  day        integer not null,
  what       text    not null,
  owner      text,
  due        integer not null,
  plan_first integer,                              -- the fiscal year of its plan; null where it is to improve
  plan_last  integer,
  done       integer,
  outcome    text,                                 -- what came of it
  follow_up  integer not null,                     -- 1: of no plan, in any stage
  moves      text    not null,                     -- how its due day was moved, JSON: day, from, to and reason
  dropped    integer,
  hands      text    not null,                     -- how it was given to somebody else, JSON: day, from and to
  primary key (partner, seq)
) strict, without rowid;

create view tasks as
  select partner.key as partner, task.event, task.what, task.owner, date(task.due * 86400, 'unixepoch') as due,
         date(task.plan_first * 86400, 'unixepoch') as plan_first,
         date(task.plan_last * 86400, 'unixepoch') as plan_last, task.follow_up,
         json_array_length(task.moves) as moves, date(task.done * 86400, 'unixepoch') as done,
         date(task.dropped * 86400, 'unixepoch') as dropped
  from task join partner on partner.id = task.partner;

drop view revenue;
create view revenue as
  select partner.key as partner, line.value as day,
         sales.lines ->> ('$.amount_minor[' || line.key || ']') as amount_minor,
         sales.lines ->> ('$.first_day[' || line.key || ']') as first_day,
         sales.lines ->> ('$.last_day[' || line.key || ']') as last_day,
         sales.lines ->> ('$.reference[' || line.key || ']') as reference,
         sales.lines ->> ('$.event[' || line.key || ']') as event,
         sales.lines ->> ('$.product[' || line.key || ']') as product,
         sales.lines ->> ('$.quantity[' || line.key || ']') as quantity,
         sales.lines ->> ('$.unit_price[' || line.key || ']') as unit_price,
         sales.lines ->> ('$.customer[' || line.key || ']') as customer,
         sales.lines ->> ('$.ship_to[' || line.key || ']') as ship_to,
         sales.lines ->> ('$.list_amount[' || line.key || ']') as list_amount,
         sales.lines ->> ('$.returns[' || line.key || ']') as returns,
         sales.lines ->> ('$.deal[' || line.key || ']') as deal,
         sales.lines ->> ('$.currency[' || line.key || ']') as currency,
         sales.lines ->> ('$.amount[' || line.key || ']') as amount,
         sales.lines ->> ('$.rate[' || line.key || ']') as rate
  from sales
  join partner on partner.id = sales.partner, json_each(sales.lines, '$.day') as line;

drop view funds;
create view funds as
  select partner.key as partner, movement.event, date(movement.day * 86400, 'unixepoch') as day, movement.kind,
         movement.amount_minor, movement.body ->> '$.fund' as fund,
         movement.body ->> '$.days.first' as first_day, movement.body ->> '$.days.last' as last_day,
         movement.body ->> '$.activity' as activity, movement.body ->> '$.request' as request,
         movement.body ->> '$.claim' as claim, movement.body ->> '$.proof' as proof
  from movement join partner on partner.id = movement.partner;

-- Due days of milestones that were moved for a partner.
create table due_move (
  partner   integer not null references partner (id) on delete cascade,
  seq       integer not null,
  milestone text    not null,
  stage     text,                                  -- none for an item of the list for partners that leave
  period_first integer,                            -- first day of the period of a recurring one
  period_last  integer,
  life      integer not null,
  entered   integer not null,                      -- first day of the visit to the stage
  day       integer not null,
  due_from  integer,
  due_to    integer not null,
  reason    text,
  primary key (partner, seq)
) strict, without rowid;

create view due_moves as
  select partner.key as partner, due_move.stage, due_move.milestone, date(due_move.day * 86400, 'unixepoch') as day,
         date(due_move.due_from * 86400, 'unixepoch') as due_from, date(due_move.due_to * 86400, 'unixepoch') as due_to,
         due_move.reason, due_move.life
  from due_move join partner on partner.id = due_move.partner;
-- The key of the program's reason for which a partner left or was parked.
alter table stay add column why text;

drop view stays;
create view stays as
  select partner.key as partner,
         case stay.standing when 0 then 'in stage' when 1 then 'parked' when 2 then 'declined'
                            when 3 then 'withdrew' else 'terminated' end as standing,
         stage.key as stage,
         stay.why,
         date(stay.entered * 86400, 'unixepoch') as entered,
         stay.entry_known,
         date(next.entered * 86400, 'unixepoch') as ended,
         next.entered - stay.entered as days
  from stay
  join partner on partner.id = stay.partner
  left join stage on stage.id = stay.stage
  left join stay as next on next.partner = stay.partner and next.seq = stay.seq + 1;

-- A certificate counts for the partner since a day, before `day` if the person had another address; it may have been earned
-- before that.
alter table certificate add column since  integer not null default 0;
alter table certificate add column earned integer;

-- Who must not be mailed: e-mail addresses, or names.
create table opt_out (
  partner integer not null references partner (id) on delete cascade,
  seq     integer not null,
  person  text    not null,
  primary key (partner, seq)
) strict, without rowid;

-- Programs, exchange rates and announcements, which belong to no partner: the program is looked for whenever a file is opened.
create index if not exists event_of_nobody on event (kind) where partner is null;
