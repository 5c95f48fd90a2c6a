-- Where the time of a turn of the agent went, as its voice worker measured it: kept with the turn, and told with its event.
alter table call_turns add column record jsonb;

-- Appends journal lines of many calls at once. Lines of a leg that no longer owns its call are refused and named in the
-- answer (a worker that was overtaken must stop speaking); repeats are ignored. Closed turns become the transcript and
-- an event that users see.
create or replace function append_journal(p_incarnation text, p_lines jsonb, p_at timestamptz)
returns table (call_id uuid, media_leg integer) language plpgsql as $$
declare
  r record;
begin
  -- The call rows are the locks, as for a claim, and are taken in one order: no two batches can wait for each other.
  perform 1 from calls c
    where c.id in (select (l ->> 'callId')::uuid from jsonb_array_elements(p_lines) l)
    order by c.id for no key update;

  for r in
    insert into conversation_events as e
        (call_id, media_leg, seq, at, kind, turn, segment, text, char_end_ms, heard_ms, interrupted, latency_ms, detail)
      select l."callId", l."mediaLeg", l.sequence, l.at, l.kind, l.turn, l.segment, l.text,
             coalesce(l."charEndMs", '{}'), l."heardMs", coalesce(l.interrupted, false), l."latencyMs", l.detail
        from jsonb_to_recordset(p_lines) as l (
          "callId" uuid, "mediaLeg" integer, sequence bigint, at timestamptz, kind text, turn integer,
          segment integer, text text, "charEndMs" integer[], "heardMs" integer, interrupted boolean,
          "latencyMs" integer, detail jsonb)
        join media_owners o on o.call_id = l."callId" and o.media_leg = l."mediaLeg" and o.incarnation = p_incarnation
       order by l."callId", l.sequence
      on conflict do nothing
      returning *
  loop
    if r.kind in ('USER_SAID', 'AGENT_SAID') and r.text <> '' then
      insert into call_turns as ct (call_id, turn, speaker, text, interrupted, latency_ms, record, at)
        values (r.call_id, r.turn, case when r.kind = 'USER_SAID' then 'USER' else 'AGENT' end, r.text, r.interrupted,
                r.latency_ms, r.detail, r.at)
        on conflict on constraint call_turns_pkey do nothing;
      perform append_call_event(r.call_id, 'turn',
        jsonb_build_object('turn', r.turn, 'speaker', case when r.kind = 'USER_SAID' then 'user' else 'assistant' end,
          'text', r.text, 'interrupted', r.interrupted, 'latencyMs', r.latency_ms, 'record', r.detail),
        'turn-' || r.media_leg || '-' || r.seq, r.at);
    end if;
  end loop;

  return query
    select distinct l."callId", l."mediaLeg"
      from jsonb_to_recordset(p_lines) as l ("callId" uuid, "mediaLeg" integer)
     where not exists (select 1 from media_owners o
                        where o.call_id = l."callId" and o.media_leg = l."mediaLeg" and o.incarnation = p_incarnation);
end $$;
