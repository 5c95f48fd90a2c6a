-- The ledger's writes as they are now. Flyway runs this file again whenever it changes, so a function is read and mended
-- here; earlier migrations hold what it was before. Tables and types stay with the numbered migrations.
--
-- A hold and its capture are what every call pays for: statements are few, each by key, none a join with an array, whose
-- plan would depend on how large the tables were when it was made. A row of ledger_holds is looked up by its key and by
-- "not resolved", never by state = 'open': that would let the planner take the partial index ledger_holds_open, small on
-- paper, and walk over every hold open or lately closed.

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

-- Enters what a posting does to one grant that lost nothing: nearly always all that it does.
create or replace function ledger_enter_lone(p_posting bigint, p_user uuid, p_hold uuid, s ledger_share)
returns void language plpgsql as $$
begin
  if s.captured = 0 then -- a hold or its release: two lines, whatever the grant
    insert into ledger_entries (posting_id, line, account, unit, amount, user_id, grant_id, hold_id) values
      (p_posting, 1, 'user_available', 'credit_second', s.available_delta, p_user, s.grant_id, null),
      (p_posting, 2, 'user_held', 'credit_second', s.held_delta, p_user, s.grant_id, p_hold);
    return;
  end if;
  insert into ledger_entries (posting_id, line, account, unit, amount, user_id, grant_id, hold_id)
  select p_posting, line, account, unit, amount, user_id, grant_id, hold_id
  from (values
    (1, 'user_held', 'credit_second', s.held_delta, p_user, s.grant_id, p_hold),
    (2, case when s.paid then 'liability' else 'promo' end, 'credit_second', s.captured, null, s.grant_id, null),
    (3, 'liability', 'usd_micro', s.revenue_micros, null, s.grant_id, null),
    (4, 'revenue', 'usd_micro', -s.revenue_micros, null, s.grant_id, null),
    (case when s.revenue_micros = 0 then 3 else 5 end, 'user_available', 'credit_second', s.available_delta, p_user,
     s.grant_id, null))
    lines (line, account, unit, amount, user_id, grant_id, hold_id)
  where amount <> 0;
end $$;

-- Enters a posting and moves its grants. Debts leave the liability (or rejoin it), as no grant stands behind them.
create or replace function ledger_move(p_posting bigint, p_user uuid, p_hold uuid, p_shares ledger_share[],
                                       p_debts ledger_debt[])
returns void language plpgsql as $$
declare
  s ledger_share;
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
  end loop;
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

-- A hold that more than one grant carries, or a plan's, or that there is not enough for.
create or replace function ledger_hold_spread(p_hold uuid, p_user uuid, p_seconds bigint, p_reference text,
                                              p_expires timestamptz, p_body jsonb, p_now timestamptz)
returns ledger_answer language plpgsql as $$
declare
  v_key text := 'hold:' || p_hold;
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
    v_answer := ledger_repeat(v_key, p_body);
    if v_answer.outcome is not null then
      return v_answer;
    end if;
    return ('insufficient', null, jsonb_build_object('available', v_taken, 'requested', p_seconds))::ledger_answer;
  end if;
  v_result := jsonb_build_object('holdId', p_hold, 'seconds', p_seconds, 'slices', ledger_slices(v_shares));
  v_posting := ledger_open(v_key, 'hold', p_user, p_hold, p_body, v_result, p_now);
  if v_posting is null then
    return ledger_repeat(v_key, p_body);
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

create or replace function ledger_hold(p_hold uuid, p_user uuid, p_seconds bigint, p_reference text,
                                       p_expires timestamptz, p_now timestamptz)
returns ledger_answer language plpgsql as $$
declare
  v_key text := 'hold:' || p_hold;
  v_body jsonb := jsonb_build_object('user', p_user, 'seconds', p_seconds, 'reference', p_reference);
  v_share ledger_share := ledger_hold_lone(p_user, p_seconds, p_now);
  v_result jsonb;
  v_posting bigint;
begin
  if v_share.grant_id is null then
    return ledger_hold_spread(p_hold, p_user, p_seconds, p_reference, p_expires, v_body, p_now);
  end if;
  v_result := jsonb_build_object('holdId', p_hold, 'seconds', p_seconds,
                                 'slices', jsonb_build_array(ledger_slice(v_share)));
  v_posting := ledger_open(v_key, 'hold', p_user, p_hold, v_body, v_result, p_now);
  if v_posting is null then -- and what was moved goes back
    update ledger_grants
    set available_seconds = available_seconds + p_seconds, held_seconds = held_seconds - p_seconds
    where grant_id = v_share.grant_id;
    return ledger_repeat(v_key, v_body);
  end if;
  insert into ledger_holds (hold_id, user_id, reference, seconds, opened_at, expires_at)
  values (p_hold, p_user, p_reference, p_seconds, p_now, p_expires);
  insert into ledger_hold_slices (hold_id, grant_id, ordinal, seconds) values (p_hold, v_share.grant_id, 1, p_seconds);
  perform ledger_enter_lone(v_posting, p_user, p_hold, v_share);
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

-- The posting by which a hold resolves; its business key is the hold, so there is one.
create or replace function ledger_settle(p_hold ledger_holds, p_kind text, p_body jsonb, p_result jsonb, p_now timestamptz)
returns bigint language plpgsql as $$
declare
  v_posting bigint := ledger_open('settle:' || p_hold.hold_id, p_kind, p_hold.user_id, p_hold.hold_id, p_body, p_result,
                                  p_now);
begin
  if v_posting is null then
    raise exception 'ledger: hold % was open though its settlement is posted', p_hold.hold_id
      using errcode = 'data_exception';
  end if;
  return v_posting;
end $$;

-- What resolving a hold answers.
create or replace function ledger_resolution(p_hold ledger_holds, p_seconds bigint, p_captured bigint, p_released bigint,
                                             p_broken bigint, p_revenue bigint, p_slices jsonb)
returns jsonb language sql stable as $$
  select jsonb_build_object('holdId', p_hold.hold_id, 'captured', p_captured, 'released', p_released,
                            'broken', p_broken, 'uncovered', greatest(0, p_seconds - p_hold.seconds),
                            'owed', 0, 'revenueMicros', p_revenue, 'slices', p_slices)
$$;

-- The rest of ledger_resolve for a hold of several grants, or one that lost seconds to an expiry.
create or replace function ledger_resolve_spread(p_hold ledger_holds, p_kind text, p_seconds bigint, p_body jsonb,
                                                 p_now timestamptz)
returns ledger_answer language plpgsql as $$
declare
  v_shares ledger_share[] := ledger_unwind(p_hold.hold_id, p_seconds, p_now);
  v_share ledger_share;
  v_captured bigint := 0;
  v_released bigint := 0;
  v_broken bigint := 0;
  v_revenue bigint := 0;
  v_result jsonb;
  v_posting bigint;
begin
  foreach v_share in array v_shares loop
    v_captured := v_captured + v_share.captured;
    v_released := v_released + v_share.available_delta;
    v_broken := v_broken + v_share.broken;
    v_revenue := v_revenue + v_share.revenue_micros;
    if v_share.captured > 0 then
      update ledger_hold_slices set captured_seconds = v_share.captured, revenue_micros = v_share.revenue_micros
      where hold_id = p_hold.hold_id and grant_id = v_share.grant_id;
    end if;
  end loop;
  if v_broken > 0 then
    update ledger_holds set released_seconds = v_released, broken_seconds = v_broken where hold_id = p_hold.hold_id;
  end if;
  v_result := ledger_resolution(p_hold, p_seconds, v_captured, v_released, v_broken, v_revenue, ledger_slices(v_shares));
  v_posting := ledger_settle(p_hold, p_kind || case when v_broken > 0 then '_breakage' else '' end, p_body, v_result,
                             p_now);
  perform ledger_move(v_posting, p_hold.user_id, p_hold.hold_id, v_shares, '{}');
  return ('posted', v_posting, v_result)::ledger_answer;
end $$;

-- The one way a hold resolves. p_op: capture, release or expire.
create or replace function ledger_resolve(p_hold uuid, p_op text, p_seconds bigint, p_reason text, p_now timestamptz)
returns ledger_answer language plpgsql as $$
declare
  v_kind text := case p_op when 'expire' then 'hold_expiry' else p_op end;
  v_body jsonb := jsonb_build_object('op', p_op, 'seconds', p_seconds, 'reason', p_reason);
  v_hold ledger_holds;
  v_share ledger_share;
  v_slices jsonb := '[]';
  v_result jsonb;
  v_posting bigint;
begin
  -- Locks the hold and resolves it in one statement; what was lost to expiry is known only after its grants are locked.
  update ledger_holds
  set state = case p_op when 'capture' then 'captured' when 'release' then 'released' else 'expired' end,
      resolved_at = p_now, captured_seconds = least(seconds, p_seconds), released_seconds = greatest(0, seconds - p_seconds)
  where hold_id = p_hold and resolved_at is null returning * into v_hold;
  if not found then
    return ledger_resolved_before(p_hold, p_op, 'settle:' || p_hold, v_body);
  end if;
  v_share := ledger_unwind_lone(p_hold, v_hold.seconds, v_hold.captured_seconds, p_now);
  if v_share.grant_id is null then
    return ledger_resolve_spread(v_hold, v_kind, p_seconds, v_body, p_now);
  end if;
  if v_share.captured > 0 then
    v_slices := jsonb_build_array(ledger_slice(v_share));
    update ledger_hold_slices set captured_seconds = v_share.captured, revenue_micros = v_share.revenue_micros
    where hold_id = p_hold and grant_id = v_share.grant_id;
  end if;
  v_result := ledger_resolution(v_hold, p_seconds, v_share.captured, v_share.available_delta, 0, v_share.revenue_micros,
                                v_slices);
  v_posting := ledger_settle(v_hold, v_kind, v_body, v_result, p_now);
  perform ledger_enter_lone(v_posting, v_hold.user_id, p_hold, v_share);
  return ('posted', v_posting, v_result)::ledger_answer;
end $$;

-- Replacing a function resets its settings.
alter function ledger_hold set plan_cache_mode = force_generic_plan;
alter function ledger_hold_grow set plan_cache_mode = force_generic_plan;
