-- Answers the telephony's "the phone was picked up, what now?" in one round trip: may this attempt still speak, which
-- voice workers live, a one-time token for each. Asked again (a redirect, a repeated webhook) it offers new tokens with
-- later ordinals, which is what claim_media decides by. The answer itself goes to the inbox, so that a call is known to
-- be answered even if the status callback is late or lost.
create function offer_streams(
  p_call uuid, p_attempt integer, p_sid text, p_token_hashes bytea[], p_stale_ms integer, p_life_seconds integer,
  p_at timestamptz)
returns table (verdict text, slot integer, media_url text) language plpgsql as $$
declare
  c calls%rowtype;
  d dial_intents%rowtype;
  v_last integer;
  v_now timestamptz := clock_timestamp();
begin
  -- The call row is the lock of everything about a call.
  select * into c from calls k where k.id = p_call for no key update;
  select * into d from dial_intents i where i.call_id = p_call and i.attempt = p_attempt;
  if c.id is null or d.call_id is null then
    return query select 'UNKNOWN', 0, null::text;
    return;
  end if;
  with stored as (
    insert into webhook_inbox (source, kind, dedupe_key, call_id, attempt, payload, received_at, next_attempt_at)
      values ('twilio', 'status', 'answer:' || p_sid, p_call, p_attempt,
        jsonb_build_object('CallSid', p_sid, 'CallStatus', 'in-progress'), p_at, p_at)
      on conflict on constraint webhook_inbox_once do nothing returning id)
  select count(pg_notify('webhook_inbox', '')) into v_last from stored;
  if c.attempt <> p_attempt or c.status not in ('DIALING', 'RINGING', 'IN_PROGRESS')
     or d.state not in ('BEGUN', 'ACCEPTED', 'UNKNOWN') or (d.call_sid is not null and d.call_sid <> p_sid)
     or exists (select 1 from media_owners o
                where o.call_id = p_call and o.attempt = p_attempt and o.hang_up is not null) then
    return query select 'OVER', 0, null::text;
    return;
  end if;
  select coalesce(max(s.ordinal), 0) into v_last from stream_tokens s where s.call_id = p_call;
  return query
    with live as (
      select w.incarnation, w.media_url as url, (row_number() over (order by w.live_calls, random()))::integer as n
      from voice_workers w
      where not w.draining and w.live_calls < w.capacity
        and w.heartbeat_at > v_now - p_stale_ms * interval '1 millisecond'),
    offered as (
      insert into stream_tokens (token_hash, call_id, attempt, ordinal, incarnation, issued_at, expires_at)
        select p_token_hashes[l.n], p_call, p_attempt, v_last + l.n, l.incarnation, v_now,
               v_now + p_life_seconds * interval '1 second'
        from live l where l.n <= cardinality(p_token_hashes)
        returning ordinal)
    select 'OFFER', l.n, l.url from live l, (select count(*) from offered) written
      where l.n <= cardinality(p_token_hashes) order by l.n;
  if not found then
    return query select 'NO_WORKER', 0, null::text;
  end if;
end $$;
