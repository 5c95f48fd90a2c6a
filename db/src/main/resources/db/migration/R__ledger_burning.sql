-- What locks a user's grants and says what a posting takes of each. Flyway runs this file again whenever it changes; the
-- ledger's writes (R__ledger_writes.sql) call it.

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

-- The same for the hold of a user who has one grant to burn: locks that one row and moves it in one statement. Null, with
-- nothing moved, when there are several, it does not reach, or it is a plan's (whose calls are counted). Its lock may be kept
-- then; with no other grant to lock there is no order to break. (Unless one is given just then: a deadlock that may come of it
-- is an error, and a repeat is safe.)
create or replace function ledger_hold_lone(p_user uuid, p_seconds bigint, p_now timestamptz)
returns ledger_share language plpgsql as $$
declare
  v_share ledger_share;
begin
  update ledger_grants
  set available_seconds = available_seconds - p_seconds, held_seconds = held_seconds + p_seconds
  where grant_id = (select (array_agg(grant_id))[1] from ledger_grants
                    where user_id = p_user and available_seconds > 0 and closed_at is null
                      and (expires_at is null or expires_at > p_now)
                    having count(*) = 1)
    and available_seconds >= p_seconds and closed_at is null and source <> 'subscription'
  returning grant_id, 1, price_paid_micros > 0, -p_seconds, p_seconds, 0, 0, 0, 0 into v_share;
  return v_share;
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

-- The same for a hold of one slice whose grant is still good: locks the grant and moves it in one statement. Null, with
-- nothing moved, for every other hold.
create or replace function ledger_unwind_lone(p_hold uuid, p_held bigint, p_take bigint, p_now timestamptz)
returns ledger_share language plpgsql as $$
declare
  v_share ledger_share;
begin
  update ledger_grants g
  set available_seconds = g.available_seconds + p_held - p_take,
      held_seconds = g.held_seconds - p_held,
      captured_seconds = g.captured_seconds + p_take,
      revenue_micros = g.revenue_micros
        + ledger_earned(g.price_paid_micros, g.seconds, g.captured_seconds + g.broken_seconds + p_take)
        - ledger_earned(g.price_paid_micros, g.seconds, g.captured_seconds + g.broken_seconds)
  from ledger_hold_slices s
  where s.hold_id = p_hold and s.seconds = p_held -- one slice that holds it all is the only one
    and g.grant_id = s.grant_id and g.closed_at is null and (g.expires_at is null or g.expires_at > p_now)
  returning g.grant_id, s.ordinal, g.price_paid_micros > 0, p_held - p_take, -p_held, p_take, 0,
            new.revenue_micros - old.revenue_micros, 0 into v_share;
  return v_share;
end $$;
