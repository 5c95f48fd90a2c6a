-- The ledger's writes as they are now. Flyway runs this file again whenever it changes, so a function is read and mended
-- here; earlier migrations hold what it was before. Tables and types stay with the numbered migrations.
--
-- A hold and its capture are what every call pays for: statements are few, each by key, none a join with an array, whose
-- plan would depend on how large the tables were when it was made. A row of ledger_holds is looked up by its key and by
-- "not resolved", never by state = 'open': that would let the planner take the partial index ledger_holds_open, small on
-- paper, and walk over every hold open or lately closed.

-- What locks ---------------------------------------------------------------------------------------------------------

-- Locks a user's grants in order of id, then burns by priority, expiry, age. Fewer seconds than asked for means that
-- there are no more. p_consume: captured at once instead of held.
-- Rows locked by FOR UPDATE are returned as they are once the lock is had, so they need not be read again.
-- p_hold: what is burned for; one that is beyond its plan's calls gets nothing of a plan.
create or replace function ledger_burn_for(p_hold uuid, p_user uuid, p_seconds bigint, p_consume boolean,
                                           p_now timestamptz)
returns ledger_share[] language plpgsql as $$
declare
  v_grant record;
  v_left bigint := p_seconds;
  v_take bigint;
  v_gone bigint;
  v_shares ledger_share[] := '{}';
begin
  for v_grant in
    select * from (select * from ledger_grants
                   where user_id = p_user and available_seconds > 0 and closed_at is null
                     and (expires_at is null or expires_at > p_now)
                   order by grant_id for update) locked
    order by priority, expires_at nulls last, granted_at, grant_id
  loop
    exit when v_left = 0;
    continue when v_grant.source = 'subscription' and not plan_serves(p_hold);
    v_take := least(v_left, v_grant.available_seconds);
    v_left := v_left - v_take;
    if p_consume then
      v_gone := v_grant.captured_seconds + v_grant.broken_seconds;
      v_shares := v_shares || (v_grant.grant_id, cardinality(v_shares) + 1, v_grant.price_paid_micros > 0, -v_take, 0,
        v_take, 0, ledger_earned(v_grant.price_paid_micros, v_grant.seconds, v_gone + v_take)
                   - ledger_earned(v_grant.price_paid_micros, v_grant.seconds, v_gone), 0)::ledger_share;
    else
      v_shares := v_shares || (v_grant.grant_id, cardinality(v_shares) + 1, v_grant.price_paid_micros > 0, -v_take,
        v_take, 0, 0, 0, 0)::ledger_share;
    end if;
  end loop;
  return v_shares;
end $$;

-- For what is no hold of a call: what was used or is owed is taken from whatever there is.
create or replace function ledger_burn(p_user uuid, p_seconds bigint, p_consume boolean, p_now timestamptz)
returns ledger_share[] language sql as $$
  select ledger_burn_for(null, p_user, p_seconds, p_consume, p_now)
$$;

-- Locks the grants of a hold in order of id; captures in burning order and gives the rest back, except to grants that
-- have expired.
create or replace function ledger_unwind(p_hold uuid, p_capture bigint, p_now timestamptz)
returns ledger_share[] language plpgsql as $$
declare
  v_grant record;
  v_left bigint := p_capture;
  v_take bigint;
  v_lost bigint;
  v_earned bigint;
  v_shares ledger_share[] := '{}';
begin
  for v_grant in
    select *, captured_seconds + broken_seconds as gone, closed_at is not null or expires_at <= p_now as expired
    from (select s.ordinal, s.seconds as held, g.*
          from ledger_hold_slices s join ledger_grants g using (grant_id)
          where s.hold_id = p_hold order by grant_id for update of g) locked
    order by ordinal
  loop
    v_take := least(v_grant.held, v_left);
    v_left := v_left - v_take;
    v_lost := case when v_grant.expired then v_grant.held - v_take else 0 end;
    v_earned := ledger_earned(v_grant.price_paid_micros, v_grant.seconds, v_grant.gone + v_take);
    v_shares := v_shares || (v_grant.grant_id, v_grant.ordinal, v_grant.price_paid_micros > 0,
      v_grant.held - v_take - v_lost, -v_grant.held, v_take, v_lost,
      v_earned - ledger_earned(v_grant.price_paid_micros, v_grant.seconds, v_grant.gone),
      case when v_lost = 0 then 0
           else ledger_earned(v_grant.price_paid_micros, v_grant.seconds, v_grant.gone + v_take + v_lost) - v_earned
      end)::ledger_share;
  end loop;
  return v_shares;
end $$;

-- What writes --------------------------------------------------------------------------------------------------------

-- The entries of what a posting does to one grant; what does not move has none.
create or replace function ledger_lines(s ledger_share, p_user uuid, p_hold uuid)
returns setof ledger_line language sql stable as $$
  select account, unit, amount, user_id, grant_id, hold_id
  from (values
    ('user_available', 'credit_second', s.available_delta, p_user, s.grant_id, null::uuid),
    ('user_held', 'credit_second', s.held_delta, p_user, s.grant_id, p_hold),
    (case when s.paid then 'liability' else 'promo' end, 'credit_second', s.captured + s.broken,
     null, s.grant_id, null),
    ('liability', 'usd_micro', s.revenue_micros + s.breakage_micros, null, s.grant_id, null),
    ('revenue', 'usd_micro', -s.revenue_micros, null, s.grant_id, null),
    ('breakage', 'usd_micro', -s.breakage_micros, null, s.grant_id, null))
    lines (account, unit, amount, user_id, grant_id, hold_id)
  where amount <> 0
$$;

-- Enters a posting and moves its grants. Debts leave the liability (or rejoin it), as no grant stands behind them.
create or replace function ledger_move(p_posting bigint, p_user uuid, p_hold uuid, p_shares ledger_share[],
                                       p_debts ledger_debt[])
returns void language plpgsql as $$
declare
  s ledger_share := p_shares[1];
  v_lone boolean := cardinality(p_shares) = 1 and cardinality(p_debts) = 0; -- nearly always, and less to set up
begin
  if v_lone and s.captured = 0 and s.broken = 0 then -- a hold, its growth or its release: two lines, whatever the grant
    update ledger_grants
    set available_seconds = available_seconds + s.available_delta, held_seconds = held_seconds + s.held_delta
    where grant_id = s.grant_id;
    insert into ledger_entries (posting_id, line, account, unit, amount, user_id, grant_id, hold_id) values
      (p_posting, 1, 'user_available', 'credit_second', s.available_delta, p_user, s.grant_id, null),
      (p_posting, 2, 'user_held', 'credit_second', s.held_delta, p_user, s.grant_id, p_hold);
    return;
  end if;
  foreach s in array p_shares loop
    update ledger_grants
    set available_seconds = available_seconds + s.available_delta,
        held_seconds = held_seconds + s.held_delta,
        captured_seconds = captured_seconds + s.captured,
        broken_seconds = broken_seconds + s.broken,
        revenue_micros = revenue_micros + s.revenue_micros,
        breakage_micros = breakage_micros + s.breakage_micros
    where grant_id = s.grant_id;
  end loop;
  if v_lone then
    insert into ledger_entries (posting_id, line, account, unit, amount, user_id, grant_id, hold_id)
    select p_posting, row_number() over (), l.* from ledger_lines(p_shares[1], p_user, p_hold) l;
    return;
  end if;
  insert into ledger_entries (posting_id, line, account, unit, amount, user_id, grant_id, hold_id)
  select p_posting, row_number() over (), account, unit, amount, user_id, grant_id, hold_id
  from (
    select l.* from unnest(p_shares) share cross join lateral ledger_lines(share, p_user, p_hold) l
    union all
    select l.* from unnest(p_debts) d cross join lateral (values
      ('receivable', 'credit_second', -d.seconds, p_user, null::uuid, d.hold_id),
      ('liability', 'credit_second', d.seconds, null, null, null))
      l (account, unit, amount, user_id, grant_id, hold_id)
    where d.seconds <> 0) lines;
end $$;

-- As results show them.
create or replace function ledger_slice(s ledger_share) returns jsonb language sql stable as $$
  select jsonb_build_object('grantId', s.grant_id, 'seconds', greatest(s.held_delta, s.captured),
                            'revenueMicros', s.revenue_micros)
$$;

create or replace function ledger_slices(p_shares ledger_share[]) returns jsonb language plpgsql stable as $$
declare
  s ledger_share := p_shares[1];
  v_slices jsonb := '[]';
begin
  if cardinality(p_shares) = 1 and (s.held_delta > 0 or s.captured > 0) then
    return jsonb_build_array(ledger_slice(s));
  end if;
  foreach s in array p_shares loop
    if s.held_delta > 0 or s.captured > 0 then
      v_slices := v_slices || ledger_slice(s);
    end if;
  end loop;
  return v_slices;
end $$;

create or replace function ledger_hold(p_hold uuid, p_user uuid, p_seconds bigint, p_reference text,
                                       p_expires timestamptz, p_now timestamptz)
returns ledger_answer language plpgsql as $$
declare
  v_key text := 'hold:' || p_hold;
  v_body jsonb := jsonb_build_object('user', p_user, 'seconds', p_seconds, 'reference', p_reference);
  v_shares ledger_share[] := ledger_burn_for(p_hold, p_user, p_seconds, false, p_now);
  v_answer ledger_answer;
  v_share ledger_share;
  v_taken bigint := 0;
  v_result jsonb;
  v_posting bigint;
begin
  foreach v_share in array v_shares loop
    v_taken := v_taken + v_share.held_delta;
  end loop;
  if v_taken < p_seconds then
    -- A repeat is answered as such also when the first try took the last seconds. With the grants locked a concurrent
    -- first try has committed, or has not taken anything yet.
    v_answer := ledger_repeat(v_key, v_body);
    if v_answer.outcome is not null then
      return v_answer;
    end if;
    return ('insufficient', null, jsonb_build_object('available', v_taken, 'requested', p_seconds))::ledger_answer;
  end if;
  v_result := jsonb_build_object('holdId', p_hold, 'seconds', p_seconds, 'slices', ledger_slices(v_shares));
  v_posting := ledger_open(v_key, 'hold', p_user, p_hold, v_body, v_result, p_now);
  if v_posting is null then
    return ledger_repeat(v_key, v_body);
  end if;
  insert into ledger_holds (hold_id, user_id, reference, seconds, opened_at, expires_at)
  values (p_hold, p_user, p_reference, p_seconds, p_now, p_expires);
  foreach v_share in array v_shares loop
    insert into ledger_hold_slices (hold_id, grant_id, ordinal, seconds)
    values (p_hold, v_share.grant_id, v_share.ordinal, v_share.held_delta);
  end loop;
  perform ledger_move(v_posting, p_user, p_hold, v_shares, '{}');
  return ('posted', v_posting, v_result)::ledger_answer;
end $$;

create or replace function ledger_hold_grow(p_hold uuid, p_key text, p_seconds bigint, p_now timestamptz)
returns ledger_answer language plpgsql as $$
declare
  v_key text := 'grow:' || p_hold || ':' || p_key;
  v_body jsonb := jsonb_build_object('hold', p_hold, 'seconds', p_seconds);
  v_hold ledger_holds;
  v_answer ledger_answer;
  v_shares ledger_share[];
  v_taken bigint;
  v_result jsonb;
  v_posting bigint;
begin
  select * into v_hold from ledger_holds where hold_id = p_hold for update;
  if not found then
    return ('unknown_hold', null, null)::ledger_answer;
  end if;
  v_answer := ledger_repeat(v_key, v_body);
  if v_answer.outcome is not null then
    return v_answer;
  end if;
  if v_hold.state <> 'open' then
    return ('resolved', null, jsonb_build_object('state', v_hold.state))::ledger_answer;
  end if;
  v_shares := ledger_burn_for(p_hold, v_hold.user_id, p_seconds, false, p_now);
  select coalesce(sum(held_delta), 0) into v_taken from unnest(v_shares);
  if v_taken < p_seconds then
    return ('insufficient', null, jsonb_build_object('available', v_taken, 'requested', p_seconds))::ledger_answer;
  end if;
  v_result := jsonb_build_object('holdId', p_hold, 'seconds', v_hold.seconds + p_seconds,
                                 'slices', ledger_slices(v_shares));
  v_posting := ledger_open(v_key, 'hold_growth', v_hold.user_id, p_hold, v_body, v_result, p_now);
  if v_posting is null then
    return ledger_repeat(v_key, v_body);
  end if;
  insert into ledger_hold_slices as s (hold_id, grant_id, ordinal, seconds)
  select p_hold, grant_id,
         ordinal + (select coalesce(max(ordinal), 0) from ledger_hold_slices where hold_id = p_hold), held_delta
  from unnest(v_shares)
  on conflict (hold_id, grant_id) do update set seconds = s.seconds + excluded.seconds;
  update ledger_holds set seconds = seconds + p_seconds where hold_id = p_hold and resolved_at is null;
  perform ledger_move(v_posting, v_hold.user_id, p_hold, v_shares, '{}');
  return ('posted', v_posting, v_result)::ledger_answer;
end $$;

create or replace function ledger_hold_dial_intended(p_hold uuid) returns ledger_answer language plpgsql as $$
declare
  v_state text;
begin
  update ledger_holds set dial_intended = true where hold_id = p_hold and resolved_at is null;
  if found then
    return ('marked', null, null)::ledger_answer;
  end if;
  select state into v_state from ledger_holds where hold_id = p_hold;
  if not found then
    return ('unknown_hold', null, null)::ledger_answer;
  end if;
  return ('resolved', null, jsonb_build_object('state', v_state))::ledger_answer;
end $$;

-- What a hold that is not open answers to one more attempt to resolve it.
create or replace function ledger_resolved_before(p_hold uuid, p_op text, p_key text, p_body jsonb)
returns ledger_answer language plpgsql as $$
declare
  v_state text;
  v_answer ledger_answer;
begin
  select state into v_state from ledger_holds where hold_id = p_hold;
  if not found then
    return ('unknown_hold', null, null)::ledger_answer;
  end if;
  v_answer := ledger_repeat(p_key, p_body);
  if v_answer.outcome = 'conflict' and v_answer.result -> 'first' ->> 'op' <> p_op then
    return ('resolved', v_answer.posting_id, jsonb_build_object('state', v_state))::ledger_answer;
  end if;
  return v_answer;
end $$;

-- The one way a hold resolves. p_op: capture, release or expire; the business key is the hold, so there is one.
create or replace function ledger_resolve(p_hold uuid, p_op text, p_seconds bigint, p_reason text, p_now timestamptz)
returns ledger_answer language plpgsql as $$
declare
  v_key text := 'settle:' || p_hold;
  v_body jsonb := jsonb_build_object('op', p_op, 'seconds', p_seconds, 'reason', p_reason);
  v_hold ledger_holds;
  v_shares ledger_share[];
  v_share ledger_share;
  v_captured bigint := 0;
  v_released bigint := 0;
  v_broken bigint := 0;
  v_revenue bigint := 0;
  v_kind text;
  v_result jsonb;
  v_posting bigint;
begin
  -- Locks the hold and resolves it in one statement; what was lost to expiry is known only after its grants are locked.
  update ledger_holds
  set state = case p_op when 'capture' then 'captured' when 'release' then 'released' else 'expired' end,
      resolved_at = p_now, captured_seconds = least(seconds, p_seconds), released_seconds = greatest(0, seconds - p_seconds)
  where hold_id = p_hold and resolved_at is null returning * into v_hold;
  if not found then
    return ledger_resolved_before(p_hold, p_op, v_key, v_body);
  end if;
  v_shares := ledger_unwind(p_hold, p_seconds, p_now);
  foreach v_share in array v_shares loop
    v_captured := v_captured + v_share.captured;
    v_released := v_released + v_share.available_delta;
    v_broken := v_broken + v_share.broken;
    v_revenue := v_revenue + v_share.revenue_micros;
  end loop;
  v_kind := case p_op when 'expire' then 'hold_expiry' else p_op end
            || case when v_broken > 0 then '_breakage' else '' end;
  v_result := jsonb_build_object('holdId', p_hold, 'captured', v_captured, 'released', v_released,
                                 'broken', v_broken, 'uncovered', greatest(0, p_seconds - v_hold.seconds),
                                 'owed', 0, 'revenueMicros', v_revenue, 'slices', ledger_slices(v_shares));
  v_posting := ledger_open(v_key, v_kind, v_hold.user_id, p_hold, v_body, v_result, p_now);
  if v_posting is null then
    raise exception 'ledger: hold % was open though its settlement is posted', p_hold using errcode = 'data_exception';
  end if;
  if v_broken > 0 then
    update ledger_holds set released_seconds = v_released, broken_seconds = v_broken where hold_id = p_hold;
  end if;
  foreach v_share in array v_shares loop
    if v_share.captured > 0 then
      update ledger_hold_slices set captured_seconds = v_share.captured, revenue_micros = v_share.revenue_micros
      where hold_id = p_hold and grant_id = v_share.grant_id;
    end if;
  end loop;
  perform ledger_move(v_posting, v_hold.user_id, p_hold, v_shares, '{}');
  return ('posted', v_posting, v_result)::ledger_answer;
end $$;

-- The guard of I1 and of the catalogue of kinds ------------------------------------------------------------------------

create or replace function ledger_check_entries() returns trigger language plpgsql as $$
declare
  v_line record;
  v_fault record;
  v_posting bigint;
  v_legal text[];
  v_lines bigint := 0;
  v_seconds bigint := 0;
  v_micros bigint := 0;
  v_sound boolean := true;
begin
  -- This runs for every posting and nearly always finds one that is whole, so it first asks that as cheaply as it can.
  for v_line in
    select posting_id, line, unit, amount, ledger_move_of(account, unit, amount) as move from added
  loop
    if v_posting is null then
      v_posting := v_line.posting_id;
      select k.legal_moves into v_legal from ledger_postings p join ledger_kinds k using (kind) where p.id = v_posting;
    end if;
    v_lines := v_lines + 1;
    v_sound := v_sound and v_line.posting_id = v_posting and v_line.line = v_lines and v_line.move = any (v_legal);
    exit when v_sound is not true; -- also when there is no such posting
    if v_line.unit = 'usd_micro' then
      v_micros := v_micros + v_line.amount;
    else
      v_seconds := v_seconds + v_line.amount;
    end if;
  end loop;
  if v_sound and v_seconds = 0 and v_micros = 0 then
    return null;
  end if;
  -- Several postings at once, lines in another order, or a fault: the whole question.
  select * into v_fault from (
    (select 'ledger_entries_balanced' as guard, posting_id, 'sums to ' || sum(amount) || ' ' || unit as words
     from added group by posting_id, unit having sum(amount) <> 0)
    union all
    (select 'ledger_entries_legal', a.posting_id,
            'of kind ' || coalesce(p.kind, 'unknown') || ' may not move ' || a.amount || ' ' || a.unit || ' on '
            || a.account
     from added a left join ledger_postings p on p.id = a.posting_id
     where not exists (select from ledger_kind_accounts k where k.kind = p.kind and k.account = a.account
                       and k.unit = a.unit and k.sign = sign(a.amount)))
    union all
    (select 'ledger_entries_whole', posting_id, 'is not entered whole'
     from added group by posting_id having min(line) <> 1 or max(line) <> count(*))
  ) faults limit 1;
  if not found then
    return null;
  end if;
  raise exception 'ledger: posting % %', v_fault.posting_id, v_fault.words
    using errcode = 'check_violation', constraint = v_fault.guard;
end $$;

-- Replacing a function resets its settings.
alter function ledger_hold set plan_cache_mode = force_generic_plan;
alter function ledger_hold_grow set plan_cache_mode = force_generic_plan;
