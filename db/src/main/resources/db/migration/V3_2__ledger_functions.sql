-- The ledger's writes: one function, one round trip, one posting each. Rows are locked in one order everywhere: holds,
-- then grants by id. A retry of the same request returns the first result; see ai.callmeback.db.ledger.Ledger.

create function ledger_grant(p_key text, p_user uuid, p_seconds bigint, p_source text, p_price_micros bigint,
                             p_priority integer, p_expires timestamptz, p_now timestamptz)
returns ledger_answer language plpgsql as $$
declare
  v_key text := 'grant:' || p_key;
  v_grant uuid := md5('grant:' || p_key)::uuid;
  v_body jsonb := jsonb_build_object('user', p_user, 'seconds', p_seconds, 'source', p_source,
                                     'priceMicros', p_price_micros, 'priority', p_priority, 'expiresAt', p_expires);
  v_result jsonb := jsonb_build_object('grantId', v_grant, 'seconds', p_seconds);
  v_posting bigint;
begin
  v_posting := ledger_open(v_key, case when p_price_micros > 0 then 'grant_paid' else 'grant_free' end,
                           p_user, null, v_body, v_result, p_now);
  if v_posting is null then
    return ledger_repeat(v_key, v_body);
  end if;
  insert into ledger_grants (grant_id, user_id, source, seconds, price_paid_micros, priority, granted_at, expires_at,
                             available_seconds)
  values (v_grant, p_user, p_source, p_seconds, p_price_micros, p_priority, p_now, p_expires, p_seconds);
  insert into ledger_entries (posting_id, line, account, unit, amount, user_id, grant_id)
  select v_posting, line, account, unit, amount, owner, v_grant
  from (values
    (1, 'user_available', 'credit_second', p_seconds, p_user),
    (2, case when p_price_micros > 0 then 'liability' else 'promo' end, 'credit_second', -p_seconds, null),
    (3, 'cash', 'usd_micro', p_price_micros, null),
    (4, 'liability', 'usd_micro', -p_price_micros, null)) l (line, account, unit, amount, owner)
  where amount <> 0;
  return ('posted', v_posting, v_result)::ledger_answer;
end $$;

create function ledger_hold(p_hold uuid, p_user uuid, p_seconds bigint, p_reference text, p_expires timestamptz,
                            p_now timestamptz)
returns ledger_answer language plpgsql as $$
declare
  v_key text := 'hold:' || p_hold;
  v_body jsonb := jsonb_build_object('user', p_user, 'seconds', p_seconds, 'reference', p_reference);
  v_shares ledger_share[] := ledger_burn(p_user, p_seconds, false, p_now);
  v_answer ledger_answer;
  v_taken bigint;
  v_result jsonb;
  v_posting bigint;
begin
  -- Only now, with the grants locked: a concurrent first try has committed, or has not taken anything yet.
  v_answer := ledger_repeat(v_key, v_body);
  if v_answer.outcome is not null then
    return v_answer;
  end if;
  select coalesce(sum(held_delta), 0) into v_taken from unnest(v_shares);
  if v_taken < p_seconds then
    return ('insufficient', null, jsonb_build_object('available', v_taken, 'requested', p_seconds))::ledger_answer;
  end if;
  v_result := jsonb_build_object('holdId', p_hold, 'seconds', p_seconds, 'slices', ledger_slices(v_shares));
  v_posting := ledger_open(v_key, 'hold', p_user, p_hold, v_body, v_result, p_now);
  if v_posting is null then
    return ledger_repeat(v_key, v_body);
  end if;
  insert into ledger_holds (hold_id, user_id, reference, seconds, opened_at, expires_at)
  values (p_hold, p_user, p_reference, p_seconds, p_now, p_expires);
  insert into ledger_hold_slices (hold_id, grant_id, ordinal, seconds)
  select p_hold, grant_id, ordinal, held_delta from unnest(v_shares);
  perform ledger_move(v_posting, p_user, p_hold, v_shares, '{}');
  return ('posted', v_posting, v_result)::ledger_answer;
end $$;

create function ledger_hold_grow(p_hold uuid, p_key text, p_seconds bigint, p_now timestamptz)
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
  v_shares := ledger_burn(v_hold.user_id, p_seconds, false, p_now);
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
  update ledger_holds set seconds = seconds + p_seconds where hold_id = p_hold and state = 'open';
  perform ledger_move(v_posting, v_hold.user_id, p_hold, v_shares, '{}');
  return ('posted', v_posting, v_result)::ledger_answer;
end $$;

-- 'marked', 'resolved' or 'unknown_hold'. Belongs into the transaction that writes the dial intent.
create function ledger_hold_dial_intended(p_hold uuid) returns ledger_answer language plpgsql as $$
declare
  v_state text;
begin
  update ledger_holds set dial_intended = true where hold_id = p_hold and state = 'open';
  if found then
    return ('marked', null, null)::ledger_answer;
  end if;
  select state into v_state from ledger_holds where hold_id = p_hold;
  if not found then
    return ('unknown_hold', null, null)::ledger_answer;
  end if;
  return ('resolved', null, jsonb_build_object('state', v_state))::ledger_answer;
end $$;

-- The one way a hold resolves. p_op: capture, release or expire; the business key is the hold, so there is one.
create function ledger_resolve(p_hold uuid, p_op text, p_seconds bigint, p_reason text, p_now timestamptz)
returns ledger_answer language plpgsql as $$
declare
  v_key text := 'settle:' || p_hold;
  v_body jsonb := jsonb_build_object('op', p_op, 'seconds', p_seconds, 'reason', p_reason);
  v_hold ledger_holds;
  v_answer ledger_answer;
  v_shares ledger_share[];
  v_share ledger_share;
  v_sum record;
  v_kind text;
  v_result jsonb;
  v_posting bigint;
begin
  select * into v_hold from ledger_holds where hold_id = p_hold for update;
  if not found then
    return ('unknown_hold', null, null)::ledger_answer;
  end if;
  v_answer := ledger_repeat(v_key, v_body);
  if v_answer.outcome = 'conflict' and v_answer.result -> 'first' ->> 'op' <> p_op then
    return ('resolved', v_answer.posting_id, jsonb_build_object('state', v_hold.state))::ledger_answer;
  elsif v_answer.outcome is not null then
    return v_answer;
  end if;
  v_shares := ledger_unwind(p_hold, p_seconds, p_now);
  select sum(captured)::bigint as captured, sum(available_delta)::bigint as released, sum(broken)::bigint as broken,
         sum(revenue_micros)::bigint as revenue into v_sum from unnest(v_shares);
  v_kind := case p_op when 'expire' then 'hold_expiry' else p_op end
            || case when v_sum.broken > 0 then '_breakage' else '' end;
  v_result := jsonb_build_object('holdId', p_hold, 'captured', v_sum.captured, 'released', v_sum.released,
                                 'broken', v_sum.broken, 'uncovered', greatest(0, p_seconds - v_hold.seconds),
                                 'owed', 0, 'revenueMicros', v_sum.revenue, 'slices', ledger_slices(v_shares));
  v_posting := ledger_open(v_key, v_kind, v_hold.user_id, p_hold, v_body, v_result, p_now);
  if v_posting is null then
    return ledger_repeat(v_key, v_body);
  end if;
  update ledger_holds
  set state = case p_op when 'capture' then 'captured' when 'release' then 'released' else 'expired' end,
      resolved_at = p_now, captured_seconds = v_sum.captured, released_seconds = v_sum.released,
      broken_seconds = v_sum.broken
  where hold_id = p_hold and state = 'open';
  foreach v_share in array v_shares loop
    if v_share.captured > 0 then
      update ledger_hold_slices set captured_seconds = v_share.captured, revenue_micros = v_share.revenue_micros
      where hold_id = p_hold and grant_id = v_share.grant_id;
    end if;
  end loop;
  perform ledger_move(v_posting, v_hold.user_id, p_hold, v_shares, '{}');
  return ('posted', v_posting, v_result)::ledger_answer;
end $$;

-- After expiry: what is available now pays, the rest is owed. Never more than the hold reached.
create function ledger_late_capture(p_hold uuid, p_seconds bigint, p_reason text, p_now timestamptz)
returns ledger_answer language plpgsql as $$
declare
  v_key text := 'late:' || p_hold;
  v_body jsonb := jsonb_build_object('op', 'capture', 'seconds', p_seconds, 'reason', p_reason);
  v_hold ledger_holds;
  v_answer ledger_answer;
  v_shares ledger_share[];
  v_due bigint;
  v_paid bigint;
  v_revenue bigint;
  v_result jsonb;
  v_posting bigint;
begin
  select * into strict v_hold from ledger_holds where hold_id = p_hold for update;
  v_answer := ledger_repeat(v_key, v_body);
  if v_answer.outcome is not null then
    return v_answer;
  end if;
  v_due := least(p_seconds, v_hold.seconds);
  v_shares := ledger_burn(v_hold.user_id, v_due, true, p_now);
  select coalesce(sum(captured), 0), coalesce(sum(revenue_micros), 0) into v_paid, v_revenue from unnest(v_shares);
  v_result := jsonb_build_object('holdId', p_hold, 'captured', v_due, 'released', 0, 'broken', 0,
                                 'uncovered', p_seconds - v_due, 'owed', v_due - v_paid, 'revenueMicros', v_revenue,
                                 'slices', ledger_slices(v_shares));
  v_posting := ledger_open(v_key, 'late_capture', v_hold.user_id, p_hold, v_body, v_result, p_now);
  if v_posting is null then
    return ledger_repeat(v_key, v_body);
  end if;
  update ledger_holds set late_seconds = v_due, owed_seconds = v_due - v_paid where hold_id = p_hold;
  perform ledger_move(v_posting, v_hold.user_id, p_hold, v_shares, array[(p_hold, v_due - v_paid)::ledger_debt]);
  return ('posted', v_posting, v_result)::ledger_answer;
end $$;

create function ledger_capture(p_hold uuid, p_seconds bigint, p_reason text, p_now timestamptz)
returns ledger_answer language plpgsql as $$
declare
  v_answer ledger_answer := ledger_resolve(p_hold, 'capture', p_seconds, p_reason, p_now);
begin
  if v_answer.outcome = 'resolved' and v_answer.result ->> 'state' = 'expired' then
    return ledger_late_capture(p_hold, p_seconds, p_reason, p_now);
  end if;
  return v_answer;
end $$;

create function ledger_release(p_hold uuid, p_reason text, p_now timestamptz)
returns ledger_answer language plpgsql as $$
begin
  return ledger_resolve(p_hold, 'release', 0, p_reason, p_now);
end $$;

create function ledger_recover(p_key text, p_user uuid, p_now timestamptz)
returns ledger_answer language plpgsql as $$
declare
  v_key text := 'recover:' || p_key;
  v_body jsonb := jsonb_build_object('user', p_user);
  v_answer ledger_answer;
  v_holds ledger_debt[];
  v_debts ledger_debt[];
  v_shares ledger_share[];
  v_owed bigint;
  v_paid bigint;
  v_revenue bigint;
  v_result jsonb;
  v_posting bigint;
begin
  with locked as materialized (
    select * from ledger_holds where user_id = p_user and owed_seconds > recovered_seconds order by hold_id for update
  )
  select array_agg((hold_id, owed_seconds - recovered_seconds)::ledger_debt order by resolved_at, hold_id),
         coalesce(sum(owed_seconds - recovered_seconds), 0)
  into v_holds, v_owed from locked;
  v_answer := ledger_repeat(v_key, v_body);
  if v_answer.outcome is not null then
    return v_answer;
  end if;
  v_shares := ledger_burn(p_user, v_owed, true, p_now);
  select coalesce(sum(captured), 0), coalesce(sum(revenue_micros), 0) into v_paid, v_revenue from unnest(v_shares);
  if v_paid = 0 then
    return ('nothing', null, null)::ledger_answer;
  end if;
  v_result := jsonb_build_object('recovered', v_paid, 'stillOwed', v_owed - v_paid, 'revenueMicros', v_revenue);
  v_posting := ledger_open(v_key, 'recovery', p_user, null, v_body, v_result, p_now);
  if v_posting is null then
    return ledger_repeat(v_key, v_body);
  end if;
  -- Oldest debt first.
  select array_agg((hold_id, -least(seconds, v_paid - before))::ledger_debt) into v_debts
  from (select hold_id, seconds, sum(seconds) over (order by ordinality) - seconds as before
        from unnest(v_holds) with ordinality) d where before < v_paid;
  update ledger_holds h set recovered_seconds = h.recovered_seconds - d.seconds
  from unnest(v_debts) d where h.hold_id = d.hold_id;
  perform ledger_move(v_posting, p_user, null, v_shares, v_debts);
  return ('posted', v_posting, v_result)::ledger_answer;
end $$;

create function ledger_grant_expire(p_grant uuid, p_now timestamptz)
returns ledger_answer language plpgsql as $$
declare
  v_key text := 'breakage:' || p_grant;
  v_body jsonb := jsonb_build_object('grant', p_grant);
  v_grant ledger_grants;
  v_gone bigint;
  v_breakage bigint;
  v_result jsonb;
  v_posting bigint;
begin
  select * into v_grant from ledger_grants
  where grant_id = p_grant and closed_at is null and expires_at <= p_now for update;
  if not found then
    return ('nothing', null, null)::ledger_answer;
  end if;
  update ledger_grants set closed_at = p_now where grant_id = p_grant;
  if v_grant.available_seconds = 0 then
    return ('nothing', null, null)::ledger_answer;
  end if;
  v_gone := v_grant.captured_seconds + v_grant.broken_seconds;
  v_breakage := v_grant.price_paid_micros * (v_gone + v_grant.available_seconds) / v_grant.seconds
                - v_grant.price_paid_micros * v_gone / v_grant.seconds;
  v_result := jsonb_build_object('seconds', v_grant.available_seconds, 'breakageMicros', v_breakage);
  v_posting := ledger_open(v_key, 'grant_expiry', v_grant.user_id, null, v_body, v_result, p_now);
  perform ledger_move(v_posting, v_grant.user_id, null,
    array[(p_grant, 1, v_grant.price_paid_micros > 0, -v_grant.available_seconds, 0, 0, v_grant.available_seconds, 0,
           v_breakage)::ledger_share], '{}');
  return ('posted', v_posting, v_result)::ledger_answer;
end $$;

-- What a sweep should look at; nothing is locked, each is then dealt with in a transaction of its own.
create function ledger_due(p_now timestamptz, p_limit integer)
returns table (what text, subject uuid) language sql stable as $$
  (select 'hold', hold_id from ledger_holds
   where state = 'open' and expires_at <= p_now and (not dial_intended or flagged_at is null)
   order by expires_at limit p_limit)
  union all
  (select 'grant', grant_id from ledger_grants
   where closed_at is null and expires_at <= p_now order by expires_at limit p_limit);
$$;

-- 'expired', 'flagged', or 'nothing' when it was dealt with meanwhile. Once a dial is intended a phone may be ringing:
-- then only whoever knows what became of it may resolve the hold.
create function ledger_hold_sweep(p_hold uuid, p_now timestamptz) returns text language plpgsql as $$
declare
  v_hold ledger_holds;
begin
  select * into v_hold from ledger_holds
  where hold_id = p_hold and state = 'open' and expires_at <= p_now for update skip locked;
  if not found then
    return 'nothing';
  end if;
  if v_hold.dial_intended then
    update ledger_holds set flagged_at = p_now where hold_id = p_hold and flagged_at is null;
    return case when found then 'flagged' else 'nothing' end;
  end if;
  perform ledger_resolve(p_hold, 'expire', 0, 'deadline', p_now);
  return 'expired';
end $$;

create function ledger_balance(p_user uuid, p_now timestamptz)
returns table (available bigint, held bigint, owed bigint) language sql stable as $$
  select coalesce(sum(available_seconds) filter
                    (where closed_at is null and (expires_at is null or expires_at > p_now)), 0)::bigint,
         coalesce(sum(held_seconds), 0)::bigint,
         (select coalesce(sum(owed_seconds - recovered_seconds), 0) from ledger_holds
          where user_id = p_user and owed_seconds > recovered_seconds)::bigint
  from ledger_grants where user_id = p_user;
$$;

-- Platform accounts, derived. Positive is an asset or an expense, negative is owed or earned; in seconds, users'
-- accounts are positive.
create view ledger_account_balances as
  select account, unit, sum(amount)::bigint as amount, count(*) as entries
  from ledger_entries group by account, unit;

-- A plan made for each call costs more than the call: the planner sees one-element arrays, believes in a better plan than
-- the generic one, and plans again every time. The functions called by these inherit the setting.
alter function ledger_grant set plan_cache_mode = force_generic_plan;
alter function ledger_hold set plan_cache_mode = force_generic_plan;
alter function ledger_hold_grow set plan_cache_mode = force_generic_plan;
alter function ledger_capture set plan_cache_mode = force_generic_plan;
alter function ledger_release set plan_cache_mode = force_generic_plan;
alter function ledger_recover set plan_cache_mode = force_generic_plan;
