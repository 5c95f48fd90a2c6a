-- As before, except that of a turn that is over a claim brings what was said and not how it came to be said: the plans,
-- marks and partial words of minutes of talk are a hundred times as much, and nobody reads them where the turn itself says
-- what was heard. Of turns that were open when their worker died everything comes, as before.
create or replace function claim_media(p_token_hash bytea, p_incarnation text, p_lease_ms integer)
returns table (
  outcome text, call_id uuid, attempt integer, media_leg integer, call_sid text, first_claimed_at timestamptz,
  planned_seconds integer, brief jsonb, journal jsonb)
language plpgsql as $$
declare
  t stream_tokens%rowtype;
  c calls%rowtype;
  d dial_intents%rowtype;
  m media_owners%rowtype;
  v_leg integer;
  v_closed integer[];
  -- Leases of many machines are compared with each other, so they all go by the database's clock.
  v_now timestamptz := clock_timestamp();
begin
  select * into t from stream_tokens s where s.token_hash = p_token_hash;
  if not found then
    return query select 'UNKNOWN', null::uuid, null::integer, null::integer, null::text, null::timestamptz,
      null::integer, null::jsonb, null::jsonb;
    return;
  end if;
  -- The call row is the lock of everything about a call.
  select * into c from calls k where k.id = t.call_id for no key update;
  select * into t from stream_tokens s where s.token_hash = p_token_hash;
  select * into d from dial_intents i where i.call_id = t.call_id and i.attempt = t.attempt;
  select * into m from media_owners o where o.call_id = t.call_id;
  if t.claimed_at is not null or t.expires_at <= v_now or t.attempt <> c.attempt
     or d.state is null or d.state not in ('BEGUN', 'ACCEPTED', 'UNKNOWN')
     or c.status not in ('DIALING', 'RINGING', 'IN_PROGRESS')
     or (m.call_id is not null and m.ordinal >= t.ordinal) then
    return query select 'STALE', t.call_id, t.attempt, m.media_leg, null::text, null::timestamptz,
      null::integer, null::jsonb, null::jsonb;
    return;
  end if;
  v_leg := coalesce(m.media_leg, 0) + 1;
  update stream_tokens s set claimed_at = v_now where s.token_hash = p_token_hash;
  insert into media_owners as o (call_id, attempt, ordinal, incarnation, media_leg, claimed_at, lease_until)
    values (t.call_id, t.attempt, t.ordinal, p_incarnation, v_leg, v_now, v_now + p_lease_ms * interval '1 millisecond')
    on conflict on constraint media_owners_pkey do update set
      attempt = excluded.attempt, ordinal = excluded.ordinal, incarnation = excluded.incarnation,
      media_leg = excluded.media_leg, claimed_at = excluded.claimed_at, lease_until = excluded.lease_until,
      released_at = null;
  v_closed := array(select distinct e.turn from conversation_events e
                    where e.call_id = t.call_id and e.kind in ('USER_SAID', 'AGENT_SAID'));
  return query select 'CLAIMED', t.call_id, t.attempt, v_leg, d.call_sid,
    coalesce(c.answered_at, v_now), c.planned_seconds + c.extended_seconds,
    (select b.content from briefs b where b.call_id = t.call_id and b.attempt = t.attempt),
    (select coalesce(jsonb_agg(jsonb_build_object(
        'mediaLeg', e.media_leg, 'sequence', e.seq, 'at', e.at, 'kind', e.kind, 'turn', e.turn, 'segment', e.segment,
        'text', e.text, 'charEndMs', to_jsonb(e.char_end_ms), 'heardMs', e.heard_ms, 'interrupted', e.interrupted,
        'latencyMs', e.latency_ms) order by e.media_leg, e.seq), '[]'::jsonb)
       from conversation_events e
      where e.call_id = t.call_id
        and (e.kind in ('USER_SAID', 'AGENT_SAID')
          or (e.kind in ('USER_PARTIAL', 'AGENT_PLANNED', 'AGENT_HEARD') and e.turn <> all (v_closed))
          or (e.kind = 'NOTE' and e.media_leg = v_leg - 1 and e.detail ->> 'legOver' = 'drain')));
end $$;
