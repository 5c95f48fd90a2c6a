-- What the ledger's writes are made of.

-- What every write answers. outcome: posted, repeated, conflict, insufficient, unknown_hold, resolved, nothing
create type ledger_answer as (outcome text, posting_id bigint, result jsonb);

-- What a posting does to one grant. available_delta + held_delta + captured + broken = 0.
create type ledger_share as (
  grant_id uuid, ordinal integer, paid boolean, available_delta bigint, held_delta bigint,
  captured bigint, broken bigint, revenue_micros bigint, breakage_micros bigint);

-- Null outcome: the key is new.
create function ledger_repeat(p_key text, p_body jsonb) returns ledger_answer language plpgsql as $$
declare
  v_posting record;
begin
  select id, body, result into v_posting from ledger_postings where business_key = p_key;
  if not found then
    return null::ledger_answer;
  end if;
  if v_posting.body = p_body then
    return ('repeated', v_posting.id, v_posting.result)::ledger_answer;
  end if;
  return ('conflict', v_posting.id,
          jsonb_build_object('key', p_key, 'first', v_posting.body, 'this', p_body))::ledger_answer;
end $$;

-- Locks a user's grants in order of id, then burns by priority, expiry, age. Fewer seconds than asked for means that
-- there are no more. p_consume: captured at once instead of held.
create function ledger_burn(p_user uuid, p_seconds bigint, p_consume boolean, p_now timestamptz)
returns ledger_share[] language plpgsql as $$
declare
  v_shares ledger_share[];
begin
  with locked as materialized (
    select * from ledger_grants where user_id = p_user and available_seconds > 0 order by grant_id for update
  ), usable as (
    select *, sum(available_seconds) over burning - available_seconds as before, row_number() over burning as ordinal
    from locked
    where closed_at is null and (expires_at is null or expires_at > p_now)
    window burning as (order by priority, expires_at nulls last, granted_at, grant_id)
  ), taken as (
    select *, least(available_seconds, p_seconds - before)::bigint as take,
           captured_seconds + broken_seconds as gone
    from usable where before < p_seconds
  )
  select array_agg((grant_id, ordinal, price_paid_micros > 0, -take,
           case when p_consume then 0 else take end, case when p_consume then take else 0 end, 0,
           case when p_consume then price_paid_micros * (gone + take) / seconds - price_paid_micros * gone / seconds
                else 0 end, 0)::ledger_share order by ordinal)
  into v_shares from taken;
  return coalesce(v_shares, '{}');
end $$;

-- Locks the grants of a hold in order of id, then captures in burning order and gives the rest back, except to grants
-- that have expired.
create function ledger_unwind(p_hold uuid, p_capture bigint, p_now timestamptz)
returns ledger_share[] language plpgsql as $$
declare
  v_shares ledger_share[];
begin
  with locked as materialized (
    select g.*, s.ordinal, s.seconds as slice_seconds
    from ledger_hold_slices s join ledger_grants g on g.grant_id = s.grant_id
    where s.hold_id = p_hold order by g.grant_id for update of g
  ), placed as (
    select *, sum(slice_seconds) over (order by ordinal) - slice_seconds as before,
           captured_seconds + broken_seconds as gone,
           closed_at is not null or coalesce(expires_at <= p_now, false) as expired
    from locked
  ), charged as (
    select *, greatest(0, least(slice_seconds, p_capture - before))::bigint as take from placed
  ), split as (
    select *, case when expired then 0 else slice_seconds - take end as back,
           case when expired then slice_seconds - take else 0 end as lost
    from charged
  )
  select array_agg((grant_id, ordinal, price_paid_micros > 0, back, -slice_seconds, take, lost,
           price_paid_micros * (gone + take) / seconds - price_paid_micros * gone / seconds,
           price_paid_micros * (gone + take + lost) / seconds - price_paid_micros * (gone + take) / seconds
         )::ledger_share order by ordinal)
  into v_shares from split;
  return v_shares;
end $$;

-- Writes the posting's head; null when another transaction took the key first (nothing is written then).
create function ledger_open(p_key text, p_kind text, p_user uuid, p_hold uuid, p_body jsonb, p_result jsonb,
                            p_now timestamptz)
returns bigint language sql as $$
  insert into ledger_postings (business_key, kind, user_id, hold_id, body, result, occurred_at)
  values (p_key, p_kind, p_user, p_hold, p_body, p_result, p_now)
  on conflict (business_key) do nothing returning id;
$$;

-- What a user comes to owe for a hold; negative when it is recovered.
create type ledger_debt as (hold_id uuid, seconds bigint);

-- Enters a posting and moves its grants. Debts leave the liability (or rejoin it), as no grant stands behind them.
create function ledger_move(p_posting bigint, p_user uuid, p_hold uuid, p_shares ledger_share[], p_debts ledger_debt[])
returns void language plpgsql as $$
begin
  insert into ledger_entries (posting_id, line, account, unit, amount, user_id, grant_id, hold_id)
  select p_posting, row_number() over (order by block, line), account, unit, amount, user_id, grant_id, hold_id
  from (
    select s.ordinal as block, v.*
    from unnest(p_shares) s cross join lateral (values
      (1, 'user_available', 'credit_second', s.available_delta, p_user, s.grant_id, null::uuid),
      (2, 'user_held', 'credit_second', s.held_delta, p_user, s.grant_id, p_hold),
      (3, case when s.paid then 'liability' else 'promo' end, 'credit_second', s.captured + s.broken,
       null, s.grant_id, null),
      (4, 'liability', 'usd_micro', s.revenue_micros + s.breakage_micros, null, s.grant_id, null),
      (5, 'revenue', 'usd_micro', -s.revenue_micros, null, s.grant_id, null),
      (6, 'breakage', 'usd_micro', -s.breakage_micros, null, s.grant_id, null)
    ) v (line, account, unit, amount, user_id, grant_id, hold_id)
    union all
    select 1000 + d.ordinality::integer, v.*
    from unnest(p_debts) with ordinality d cross join lateral (values
      (7, 'receivable', 'credit_second', -d.seconds, p_user, null::uuid, d.hold_id),
      (8, 'liability', 'credit_second', d.seconds, null, null, null)
    ) v (line, account, unit, amount, user_id, grant_id, hold_id)
  ) lines
  where amount <> 0;
  update ledger_grants g
  set available_seconds = g.available_seconds + s.available_delta,
      held_seconds = g.held_seconds + s.held_delta,
      captured_seconds = g.captured_seconds + s.captured,
      broken_seconds = g.broken_seconds + s.broken,
      revenue_micros = g.revenue_micros + s.revenue_micros,
      breakage_micros = g.breakage_micros + s.breakage_micros
  from unnest(p_shares) s where g.grant_id = s.grant_id;
end $$;

-- As results show them.
create function ledger_slices(p_shares ledger_share[]) returns jsonb language sql immutable as $$
  select coalesce(jsonb_agg(jsonb_build_object('grantId', grant_id, 'seconds', greatest(held_delta, captured),
                                               'revenueMicros', revenue_micros) order by ordinal), '[]')
  from unnest(p_shares) where held_delta > 0 or captured > 0;
$$;
