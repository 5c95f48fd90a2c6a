-- Who brings in what, what a minute of each product leaves, and months that were closed.

-- Revenue and costs booked in a range, and calls settled in it, by person or by persona. Whatever is nobody's has an empty
-- subject, so the sums are those of the figures.
create function outlook_top(p_from timestamptz, p_until timestamptz, p_by text)
returns table (subject text, calls bigint, connected_seconds bigint, charged_seconds bigint, revenue_micros bigint,
               cost_micros bigint)
language sql stable as $$
  with parts as (
    select case p_by when 'user' then coalesce(e.user_id, p.user_id)::text else c.persona_id end as subject,
           0 as calls, 0 as connected, 0 as charged, -e.amount as revenue, 0 as cost
    from ledger_postings p join ledger_entries e on e.posting_id = p.id left join calls c on c.id = p.hold_id
    where p.occurred_at >= p_from and p.occurred_at < p_until and e.account = 'revenue'
    union all
    select case p_by when 'user' then c.user_id::text else c.persona_id end, 0, 0, 0, 0, l.amount_micros
    from (select call_id, posting_id, amount_micros from cost_lines
          union all select null, posting_id, amount_micros from other_costs) l
    join ledger_postings p on p.id = l.posting_id left join calls c on c.id = l.call_id
    where p.occurred_at >= p_from and p.occurred_at < p_until
    union all
    select case p_by when 'user' then user_id::text else persona_id end, 1, coalesce(billed_seconds, 0),
           coalesce(charged_seconds, 0), 0, 0
    from calls where settled_at >= p_from and settled_at < p_until
  )
  select coalesce(subject, ''), sum(calls)::bigint, sum(connected)::bigint, sum(charged)::bigint, sum(revenue)::bigint,
         sum(cost)::bigint
  from parts group by 1 order by 5 desc, 6 desc, 1
$$;

-- The bills of the latest month, begun before a time, that has any.
create function outlook_bills(p_at timestamptz) returns table (month date, amount_micros bigint) language sql stable as $$
  select month, sum(amount_micros)::bigint from platform_bills
  where month < p_at group by month order by month desc limit 1
$$;

-- A month's figures as they were when finance closed it.
create table month_closings (
  month       date primary key,
  figures     jsonb not null,
  open_cases  bigint not null,
  note        text not null,
  closed_by   uuid not null references users (id),
  closed_at   timestamptz not null,
  constraint month_closings_month check (month = date_trunc('month', month)::date),
  constraint month_closings_over check (closed_at >= (month + interval '1 month') at time zone 'UTC')
);
create trigger month_closings_append_only before update or delete on month_closings
  for each row execute function ledger_refuse_change();
