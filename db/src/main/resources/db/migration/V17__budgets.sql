-- What a person lets calls cost: a day, a month (both by UTC), in dollars of vendors' costs as recorded or, of a call under
-- way, as estimated by its latest usage report.

create table budgets (
  user_id        uuid primary key references users (id),
  daily_micros   bigint,
  monthly_micros bigint,
  alert_percent  integer not null default 80,
  updated_at     timestamptz not null,
  constraint budgets_bounds check (
    coalesce(daily_micros, 10000) between 10000 and 100000000000
    and coalesce(monthly_micros, 10000) between 10000 and 100000000000 and alert_percent between 1 and 100)
);

-- The latest estimate of each call; counts until the call's costs are recorded.
create table running_costs (
  call_id       uuid primary key references calls (id),
  amount_micros bigint not null,
  reported_at   timestamptz not null,
  constraint running_costs_not_negative check (amount_micros >= 0)
);

-- An e-mail owed: the alert, or that the budget is used up. Once per period and kind, however often it is noticed.
create table budget_notices (
  user_id       uuid not null references users (id),
  period        text not null,
  period_start  date not null,
  kind          text not null,
  spent_micros  bigint not null,
  budget_micros bigint not null,
  noticed_at    timestamptz not null,
  send_at       timestamptz,
  attempts      integer not null default 0,
  outcome       text,
  constraint budget_notices_once primary key (user_id, period, period_start, kind),
  constraint budget_notices_period check (period in ('day', 'month')),
  constraint budget_notices_kind check (kind in ('alert', 'used_up')),
  constraint budget_notices_owed check ((send_at is null) = (outcome is not null))
);
create index budget_notices_to_send on budget_notices (send_at) where send_at is not null;

create function budget_spent(p_user uuid, p_from timestamptz) returns bigint language sql stable as $$
  select coalesce(sum(coalesce(c.cost_usd_micros, r.amount_micros, 0)), 0)::bigint
  from calls c left join running_costs r on r.call_id = c.id
  where c.user_id = p_user and coalesce(c.answered_at, c.due_at, c.created_at) >= p_from
$$;

-- Both periods with what was spent; a null budget is none.
create function budget_periods(p_user uuid, p_now timestamptz)
returns table (period text, period_start date, budget_micros bigint, spent_micros bigint, alert_percent integer)
language sql stable as $$
  select p.period, p.start::date, case p.period when 'day' then b.daily_micros else b.monthly_micros end,
         budget_spent(p_user, p.start at time zone 'UTC'), coalesce(b.alert_percent, 80)
  from (values ('day', date_trunc('day', p_now at time zone 'UTC')),
               ('month', date_trunc('month', p_now at time zone 'UTC'))) p (period, start)
  left join budgets b on b.user_id = p_user
$$;

-- Notes what is owed in e-mails, and answers the period whose budget would be used up with `p_more` spent on top; null
-- when none would. Costs nothing for who has no budget.
create function budget_watch(p_user uuid, p_more bigint, p_now timestamptz) returns text language plpgsql as $$
declare
  v_up text;
begin
  if not exists (select from budgets where user_id = p_user) then
    return null;
  end if;
  with periods as (
    select *, budget_periods.spent_micros + p_more >= budget_micros as up from budget_periods(p_user, p_now)
    where budget_micros is not null
  ), noted as (
    insert into budget_notices (user_id, period, period_start, kind, spent_micros, budget_micros, noticed_at, send_at)
    select p_user, period, period_start, case when up then 'used_up' else 'alert' end, spent_micros, budget_micros, p_now,
           p_now
    from periods where up or spent_micros * 100 >= budget_micros * alert_percent
    on conflict do nothing
  )
  select period into v_up from periods where up order by period limit 1;
  return v_up;
end $$;

-- Keeps what a call costs so far, and answers as above with what it costs more, at its own pace, in the half minute it
-- takes to say goodbye.
create function budget_watch_call(p_call uuid, p_running bigint, p_now timestamptz) returns text language plpgsql as $$
declare
  v_user uuid := (select user_id from calls where id = p_call);
  v_talk_ms bigint;
begin
  insert into running_costs (call_id, amount_micros, reported_at) values (p_call, p_running, p_now)
  on conflict (call_id) do update set amount_micros = excluded.amount_micros, reported_at = excluded.reported_at;
  if not exists (select from budgets where user_id = v_user) then
    return null;
  end if;
  select sum(leg_ms) into v_talk_ms
  from (select max(position_ms) as leg_ms from usage_snapshots where call_id = p_call group by media_leg) l;
  return budget_watch(v_user, p_running * 30000 / greatest(30000, v_talk_ms), p_now);
end $$;
