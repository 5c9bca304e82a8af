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
