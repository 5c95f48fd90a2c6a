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
-- Here and below loops over single rows by key, not joins with arrays: nearly always there is one grant, and a join's
-- plan would depend on how large the tables were when it was made.
create function ledger_burn(p_user uuid, p_seconds bigint, p_consume boolean, p_now timestamptz)
returns ledger_share[] language plpgsql as $$
declare
  v_locked uuid[];
  v_grant ledger_grants;
  v_left bigint := p_seconds;
  v_take bigint;
  v_gone bigint;
  v_shares ledger_share[] := '{}';
begin
  select array_agg(grant_id) into v_locked
  from (select grant_id from ledger_grants where user_id = p_user and available_seconds > 0
        order by grant_id for update) locked;
  for v_grant in
    select * from ledger_grants
    where user_id = p_user and grant_id = any (v_locked) and closed_at is null
      and (expires_at is null or expires_at > p_now)
    order by priority, expires_at nulls last, granted_at, grant_id
  loop
    exit when v_left = 0;
    v_take := least(v_left, v_grant.available_seconds);
    v_left := v_left - v_take;
    if p_consume then
      v_gone := v_grant.captured_seconds + v_grant.broken_seconds;
      v_shares := v_shares || (v_grant.grant_id, cardinality(v_shares) + 1, v_grant.price_paid_micros > 0, -v_take, 0,
        v_take, 0, v_grant.price_paid_micros * (v_gone + v_take) / v_grant.seconds
                   - v_grant.price_paid_micros * v_gone / v_grant.seconds, 0)::ledger_share;
    else
      v_shares := v_shares || (v_grant.grant_id, cardinality(v_shares) + 1, v_grant.price_paid_micros > 0, -v_take,
        v_take, 0, 0, 0, 0)::ledger_share;
    end if;
  end loop;
  return v_shares;
end $$;

-- Locks the grants of a hold in order of id; captures in burning order and gives the rest back, except to grants that
-- have expired.
create function ledger_unwind(p_hold uuid, p_capture bigint, p_now timestamptz)
returns ledger_share[] language plpgsql as $$
declare
  v_slice record;
  v_grant ledger_grants;
  v_gone bigint;
  v_lost bigint;
  v_shares ledger_share[] := '{}';
begin
  for v_slice in
    select grant_id, ordinal, seconds,
           greatest(0, least(seconds, p_capture - (sum(seconds) over (order by ordinal) - seconds)))::bigint as take
    from ledger_hold_slices where hold_id = p_hold order by grant_id
  loop
    select * into strict v_grant from ledger_grants where grant_id = v_slice.grant_id for update;
    v_gone := v_grant.captured_seconds + v_grant.broken_seconds;
    v_lost := case when v_grant.closed_at is not null or v_grant.expires_at <= p_now
                   then v_slice.seconds - v_slice.take else 0 end;
    v_shares := v_shares || (v_slice.grant_id, v_slice.ordinal, v_grant.price_paid_micros > 0,
      v_slice.seconds - v_slice.take - v_lost, -v_slice.seconds, v_slice.take, v_lost,
      v_grant.price_paid_micros * (v_gone + v_slice.take) / v_grant.seconds
        - v_grant.price_paid_micros * v_gone / v_grant.seconds,
      v_grant.price_paid_micros * (v_gone + v_slice.take + v_lost) / v_grant.seconds
        - v_grant.price_paid_micros * (v_gone + v_slice.take) / v_grant.seconds)::ledger_share;
  end loop;
  return v_shares;
end $$;

-- Writes the posting's head; null when another transaction took the key first (nothing is written then).
create function ledger_open(p_key text, p_kind text, p_user uuid, p_hold uuid, p_body jsonb, p_result jsonb,
                            p_now timestamptz)
returns bigint language plpgsql as $$
declare
  v_posting bigint;
begin
  insert into ledger_postings (business_key, kind, user_id, hold_id, body, result, occurred_at)
  values (p_key, p_kind, p_user, p_hold, p_body, p_result, p_now)
  on conflict (business_key) do nothing returning id into v_posting;
  return v_posting;
end $$;

-- What a user comes to owe for a hold; negative when it is recovered.
create type ledger_debt as (hold_id uuid, seconds bigint);

create type ledger_line as (
  account text, unit text, amount bigint, user_id uuid, grant_id uuid, hold_id uuid);

-- Enters a posting and moves its grants. Debts leave the liability (or rejoin it), as no grant stands behind them.
create function ledger_move(p_posting bigint, p_user uuid, p_hold uuid, p_shares ledger_share[], p_debts ledger_debt[])
returns void language plpgsql as $$
declare
  s ledger_share;
  d ledger_debt;
  v_lines ledger_line[] := '{}';
begin
  foreach s in array p_shares loop
    update ledger_grants
    set available_seconds = available_seconds + s.available_delta,
        held_seconds = held_seconds + s.held_delta,
        captured_seconds = captured_seconds + s.captured,
        broken_seconds = broken_seconds + s.broken,
        revenue_micros = revenue_micros + s.revenue_micros,
        breakage_micros = breakage_micros + s.breakage_micros
    where grant_id = s.grant_id;
    v_lines := v_lines || array[
      ('user_available', 'credit_second', s.available_delta, p_user, s.grant_id, null)::ledger_line,
      ('user_held', 'credit_second', s.held_delta, p_user, s.grant_id, p_hold)::ledger_line,
      (case when s.paid then 'liability' else 'promo' end, 'credit_second', s.captured + s.broken,
       null, s.grant_id, null)::ledger_line,
      ('liability', 'usd_micro', s.revenue_micros + s.breakage_micros, null, s.grant_id, null)::ledger_line,
      ('revenue', 'usd_micro', -s.revenue_micros, null, s.grant_id, null)::ledger_line,
      ('breakage', 'usd_micro', -s.breakage_micros, null, s.grant_id, null)::ledger_line];
  end loop;
  foreach d in array p_debts loop
    v_lines := v_lines || array[
      ('receivable', 'credit_second', -d.seconds, p_user, null, d.hold_id)::ledger_line,
      ('liability', 'credit_second', d.seconds, null, null, null)::ledger_line];
  end loop;
  insert into ledger_entries (posting_id, line, account, unit, amount, user_id, grant_id, hold_id)
  select p_posting, row_number() over (), account, unit, amount, user_id, grant_id, hold_id
  from unnest(v_lines) where amount <> 0;
end $$;

-- As results show them.
create function ledger_slices(p_shares ledger_share[]) returns jsonb language plpgsql immutable as $$
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object('grantId', grant_id, 'seconds', greatest(held_delta, captured),
                                                 'revenueMicros', revenue_micros) order by ordinal), '[]')
    from unnest(p_shares) where held_delta > 0 or captured > 0);
end $$;
