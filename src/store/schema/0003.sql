-- chanlife, format 3: what was sold, business plans, partners that do not perform, tiers, leaving.

-- Reported revenue, after corrections: the sales of a partner in order of day, up to 16 in a row.
drop view revenue;
drop table sale;
create table sales (
  partner   integer not null references partner (id) on delete cascade,
  seq       integer not null,
  first_day integer not null,
  last_day  integer not null,
  lines     text    not null,                      -- JSON: a list for each part, left out where no sale has it
  primary key (partner, seq)
) strict;                                          -- with a rowid, since rows are long

create view revenue as
  select partner.key as partner, line.value as day,
         sales.lines ->> ('$.amount_minor[' || line.key || ']') as amount_minor,
         sales.lines ->> ('$.period[' || line.key || ']') as period,
         sales.lines ->> ('$.reference[' || line.key || ']') as reference,
         sales.lines ->> ('$.event[' || line.key || ']') as event,
         sales.lines ->> ('$.product[' || line.key || ']') as product,
         sales.lines ->> ('$.quantity[' || line.key || ']') as quantity,
         sales.lines ->> ('$.unit_price[' || line.key || ']') as unit_price,
         sales.lines ->> ('$.customer[' || line.key || ']') as customer,
         sales.lines ->> ('$.ship_to[' || line.key || ']') as ship_to,
         sales.lines ->> ('$.deal[' || line.key || ']') as deal,
         sales.lines ->> ('$.currency[' || line.key || ']') as currency,
         sales.lines ->> ('$.amount[' || line.key || ']') as amount,
         sales.lines ->> ('$.rate[' || line.key || ']') as rate
  from sales
  join partner on partner.id = sales.partner, json_each(sales.lines, '$.day') as line;

-- Business plans: a row for each version of the plan of a fiscal year. The last agreed version counts.
create table plan (
  partner   integer not null references partner (id) on delete cascade,
  seq       integer not null,
  period    text    not null,                      -- the fiscal year
  starts    integer not null,                      -- the first day of its first quarter
  life      integer not null,                      -- how often the partner had come back after leaving
  day       integer not null,
  q1_minor  integer not null,                      -- targets in minor units of the program's currency
  q2_minor  integer not null,
  q3_minor  integer not null,
  q4_minor  integer not null,
  sent      integer,                               -- since when it waits for the partner
  agreed    integer,                               -- since when it counts
  agreed_by text,
  primary key (partner, seq)
) strict, without rowid;

-- Business reviews.
create table review (
  partner integer not null references partner (id) on delete cascade,
  seq     integer not null,
  period  text    not null,                        -- the quarter
  life    integer not null,
  day     integer not null,
  text    text,
  primary key (partner, seq)
) strict, without rowid;

-- What is to be done by a day, of a plan or of an improvement plan.
create table task (
  partner integer not null references partner (id) on delete cascade,
  seq     integer not null,
  event   integer not null,                        -- its number
  life    integer not null,
  day     integer not null,
  what    text    not null,
  owner   text,
  due     integer not null,
  plan    text,                                    -- the fiscal year of its plan; null where it is to improve
  done    integer,
  primary key (partner, seq)
) strict, without rowid;

-- What is done about partners that do not perform. The newest row of a life holds.
create table care (
  partner integer not null references partner (id) on delete cascade,
  seq     integer not null,
  life    integer not null,
  day     integer not null,
  step    text    not null,                        -- watch, improvement, recover, lower-tier, self-service or leave
  until   integer,                                 -- of an improvement plan
  reason  text,
  primary key (partner, seq)
) strict, without rowid;

create view plans as
  select partner.key as partner, plan.period, plan.q1_minor, plan.q2_minor, plan.q3_minor, plan.q4_minor,
         date(plan.day * 86400, 'unixepoch') as drawn_up, date(plan.sent * 86400, 'unixepoch') as sent,
         date(plan.agreed * 86400, 'unixepoch') as agreed, plan.agreed_by, plan.life
  from plan join partner on partner.id = plan.partner;

create view reviews as
  select partner.key as partner, review.period, date(review.day * 86400, 'unixepoch') as day, review.text
  from review join partner on partner.id = review.partner;

create view tasks as
  select partner.key as partner, task.event, task.what, task.owner, date(task.due * 86400, 'unixepoch') as due,
         task.plan, date(task.done * 86400, 'unixepoch') as done
  from task join partner on partner.id = task.partner;

create view watched as
  select partner.key as partner, care.step, date(care.day * 86400, 'unixepoch') as day,
         date(care.until * 86400, 'unixepoch') as until, care.reason, care.life
  from care join partner on partner.id = care.partner;
