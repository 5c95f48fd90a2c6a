-- Calls: promises, dials, media, conversations. Every write states what a repeat does; keys here, never workflow ids,
-- are what makes things happen once.

create table calls (
  id                uuid primary key,
  user_id           uuid not null references users (id),
  idempotency_key   text,
  request_hash      bytea not null,
  persona_id        text not null references personas (id),
  pretext           text not null default '',
  phone_e164        text not null,
  planned_seconds   integer not null,
  extended_seconds  integer not null default 0,
  immediate         boolean not null,
  scheduled_for     timestamptz not null,
  -- As asked for: the wall clock and its zone. Null for immediate calls.
  local_time        text,
  time_zone         text,
  callback_policy   jsonb not null,
  status            text not null default 'SCHEDULED',
  -- A refusal code, or why a call was given up.
  status_reason     text,
  status_detail     text,
  attempt           integer not null default 0,
  cut_off_redials   integer not null default 0,
  due_at            timestamptz,
  answered_at       timestamptz,
  ended_at          timestamptz,
  ended_by          text,
  end_reason        text,
  hold_seconds      integer not null default 0,
  charge_decision   text not null default 'PENDING',
  charge_reason     text,
  billed_seconds    integer,
  charged_seconds   integer,
  settled_at        timestamptz,
  cost_usd_micros   bigint,
  costs_recorded_at timestamptz,
  summary           text,
  last_event_seq    integer not null default 0,
  created_at        timestamptz not null,
  updated_at        timestamptz not null,
  constraint calls_idempotency unique (user_id, idempotency_key),
  constraint calls_planned_known check (planned_seconds in (180, 300, 600, 900)),
  constraint calls_extended_bound check (extended_seconds between 0 and 1800),
  constraint calls_pretext_bound check (length(pretext) <= 2000),
  constraint calls_phone_shape check (phone_e164 ~ '^\+[1-9][0-9]{6,14}$'),
  constraint calls_status_known check (status in (
    'SCHEDULED', 'DUE', 'ADMITTED', 'DIALING', 'RINGING', 'IN_PROGRESS', 'RETRY_WAIT', 'ENDED', 'SETTLED',
    'COMPLETED', 'CANCELED', 'REFUSED', 'MISSED', 'UNANSWERED', 'FAILED')),
  constraint calls_ended_by_known check (ended_by in ('USER', 'AGENT', 'SYSTEM', 'ERROR')),
  constraint calls_decision_known check (charge_decision in ('PENDING', 'CHARGED', 'NOT_CHARGED')),
  constraint calls_settled_once check ((settled_at is null) = (charge_decision = 'PENDING'))
);
create index calls_by_user on calls (user_id, created_at desc, id desc);
create index calls_open on calls (status, scheduled_for)
  where status not in ('COMPLETED', 'CANCELED', 'REFUSED', 'MISSED', 'UNANSWERED', 'FAILED');

-- What is to be told to Temporal. A row lives until it has been told.
create table call_outbox (
  id              bigint generated always as identity primary key,
  call_id         uuid not null references calls (id),
  kind            text not null,
  created_at      timestamptz not null,
  attempts        integer not null default 0,
  next_attempt_at timestamptz not null,
  constraint call_outbox_once unique (call_id, kind)
);
create index call_outbox_due on call_outbox (next_attempt_at);

-- What a user may see happening, in order per call. `dedupe_key` makes a retried step say a thing once.
create table call_events (
  call_id    uuid not null references calls (id),
  seq        integer not null,
  kind       text not null,
  data       jsonb not null,
  at         timestamptz not null,
  dedupe_key text not null,
  primary key (call_id, seq),
  constraint call_events_once unique (call_id, dedupe_key)
);

-- One row per attempt to dial, written before the telephony is asked. `dial_intents_pkey` is the guard of "at most one
-- dial per attempt"; `dial_intents_open_number` that of "one open dial per number".
create table dial_intents (
  call_id          uuid not null references calls (id),
  attempt          integer not null,
  number           text not null,
  state            text not null default 'BEGUN',
  call_sid         text,
  reason           text,
  telephony_state  text,
  telephony_rank   integer not null default -1,
  answered_by      text,
  sip_code         integer,
  duration_seconds integer,
  answered_at      timestamptz,
  ended_at         timestamptz,
  begun_at         timestamptz not null,
  updated_at       timestamptz not null,
  primary key (call_id, attempt),
  constraint dial_intents_state_known check (state in (
    'BEGUN', 'ACCEPTED', 'UNKNOWN', 'REFUSED', 'ABANDONED', 'CLOSED'))
);
create unique index dial_intents_open_number on dial_intents (number) where state in ('BEGUN', 'ACCEPTED', 'UNKNOWN');
create unique index dial_intents_sid on dial_intents (call_sid) where call_sid is not null;

create table voice_workers (
  incarnation   text primary key,
  media_url     text not null,
  task_queue    text not null,
  capacity      integer not null,
  live_calls    integer not null default 0,
  draining      boolean not null default false,
  registered_at timestamptz not null,
  heartbeat_at  timestamptz not null
);
create index voice_workers_alive on voice_workers (heartbeat_at) where not draining;

-- One token per offered stream; only its SHA-256 is kept. `ordinal` orders all streams ever offered to a call: a claim
-- with a later one proves that the telephony has left the earlier one.
create table stream_tokens (
  token_hash  bytea primary key,
  call_id     uuid not null references calls (id),
  attempt     integer not null,
  ordinal     integer not null,
  incarnation text,
  issued_at   timestamptz not null,
  expires_at  timestamptz not null,
  claimed_at  timestamptz,
  constraint stream_tokens_order unique (call_id, ordinal)
);
create index stream_tokens_expiry on stream_tokens (expires_at);

-- Who speaks for a call. Claiming is a compare-and-set on `ordinal`; `media_leg` fences every later write.
create table media_owners (
  call_id      uuid primary key references calls (id),
  attempt      integer not null,
  ordinal      integer not null,
  incarnation  text not null,
  media_leg    integer not null,
  claimed_at   timestamptz not null,
  lease_until  timestamptz not null,
  released_at  timestamptz,
  -- Set by the workflow, read by the owner at its next renewal.
  hang_up      text
);
create index media_owners_by_worker on media_owners (incarnation) where released_at is null;

create table briefs (
  call_id     uuid not null references calls (id),
  attempt     integer not null,
  content     jsonb not null,
  prepared_at timestamptz not null,
  primary key (call_id, attempt)
);

create table conversation_events (
  call_id     uuid not null references calls (id),
  media_leg   integer not null,
  seq         bigint not null,
  at          timestamptz not null,
  kind        text not null,
  turn        integer not null,
  segment     integer not null,
  text        text not null,
  char_end_ms integer[] not null default '{}',
  heard_ms    integer,
  interrupted boolean not null default false,
  latency_ms  integer,
  detail      jsonb,
  primary key (call_id, media_leg, seq)
);

-- The transcript: turns that are over, as heard.
create table call_turns (
  call_id     uuid not null references calls (id),
  turn        integer not null,
  speaker     text not null,
  text        text not null,
  interrupted boolean not null,
  latency_ms  integer,
  at          timestamptz not null,
  primary key (call_id, turn),
  constraint call_turns_speaker_known check (speaker in ('USER', 'AGENT'))
);

-- Verified webhooks, kept as they came until they have been applied. `dedupe_key` makes a repeat vanish.
create table webhook_inbox (
  id              bigint generated always as identity primary key,
  source          text not null,
  kind            text not null,
  dedupe_key      text not null,
  call_id         uuid not null references calls (id),
  attempt         integer not null,
  payload         jsonb not null,
  received_at     timestamptz not null,
  applied_at      timestamptz,
  attempts        integer not null default 0,
  next_attempt_at timestamptz not null,
  last_error      text,
  constraint webhook_inbox_once unique (source, dedupe_key)
);
create index webhook_inbox_due on webhook_inbox (next_attempt_at) where applied_at is null;

-- An operator's switches, read where they matter and cached nowhere.
create table switches (
  name       text primary key,
  enabled    boolean not null,
  reason     text not null default '',
  changed_at timestamptz not null default now()
);
insert into switches (name, enabled) values ('dialing', true), ('charging', true);

-- What was sent to people; the key is also the mail vendor's idempotency key.
create table notifications (
  notification_key text primary key,
  call_id          uuid not null references calls (id),
  user_id          uuid not null references users (id),
  kind             text not null,
  created_at       timestamptz not null,
  sent_at          timestamptz,
  vendor_id        text
);

-- Appends an event under the call row's lock, so that sequences have no holes and no order but the true one.
-- A repeat (same dedupe key) returns the first one's sequence and tells nobody again.
create function append_call_event(p_call uuid, p_kind text, p_data jsonb, p_dedupe text, p_at timestamptz)
returns integer language plpgsql as $$
declare
  v_seq integer;
begin
  perform 1 from calls where id = p_call for no key update;
  if not found then
    raise exception 'no such call' using errcode = 'no_data_found';
  end if;
  select seq into v_seq from call_events where call_id = p_call and dedupe_key = p_dedupe;
  if found then
    return v_seq;
  end if;
  update calls set last_event_seq = last_event_seq + 1, updated_at = p_at where id = p_call
    returning last_event_seq into v_seq;
  insert into call_events (call_id, seq, kind, data, at, dedupe_key)
    values (p_call, v_seq, p_kind, p_data, p_at, p_dedupe);
  perform pg_notify('call_events', p_call::text);
  return v_seq;
end $$;

-- Moves a call forward and says so. `p_from` comes from the one transition table (CallLifecycle).
-- Returns the status afterwards: the wanted one when it moved now or stood there already, else where it really stands.
create function move_call(
  p_call uuid, p_to text, p_from text[], p_reason text, p_detail text, p_data jsonb, p_dedupe text, p_at timestamptz)
returns text language plpgsql as $$
declare
  v_status text;
begin
  select status into v_status from calls where id = p_call for no key update;
  if not found then
    raise exception 'no such call' using errcode = 'no_data_found';
  end if;
  if v_status = p_to or not (v_status = any (p_from)) then
    return v_status;
  end if;
  update calls set
      status = p_to,
      status_reason = coalesce(p_reason, status_reason),
      status_detail = coalesce(p_detail, status_detail),
      due_at = case when p_to = 'DUE' then p_at else due_at end,
      answered_at = case when p_to = 'IN_PROGRESS' then coalesce(answered_at, p_at) else answered_at end,
      ended_at = case when p_to in ('ENDED', 'CANCELED', 'REFUSED', 'MISSED', 'UNANSWERED', 'FAILED')
                      then coalesce(ended_at, p_at) else ended_at end,
      updated_at = p_at
    where id = p_call;
  perform append_call_event(p_call, 'status',
    p_data || jsonb_build_object('status', p_to, 'reason', p_reason), p_dedupe, p_at);
  return p_to;
end $$;

-- Claims a call's media for one worker and returns all it needs to speak: one round trip.
-- outcome: CLAIMED | STALE (an older stream, a used token, an attempt that is over) | UNKNOWN (no such token).
-- The same worker repeating its own claim of the same token gets STALE: a second socket never gets the call.
create function claim_media(p_token_hash bytea, p_incarnation text, p_lease_ms integer)
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
  return query select 'CLAIMED', t.call_id, t.attempt, v_leg, d.call_sid,
    coalesce(c.answered_at, v_now), c.planned_seconds + c.extended_seconds,
    (select b.content from briefs b where b.call_id = t.call_id and b.attempt = t.attempt),
    (select coalesce(jsonb_agg(jsonb_build_object(
        'mediaLeg', e.media_leg, 'sequence', e.seq, 'at', e.at, 'kind', e.kind, 'turn', e.turn, 'segment', e.segment,
        'text', e.text, 'charEndMs', to_jsonb(e.char_end_ms), 'heardMs', e.heard_ms, 'interrupted', e.interrupted,
        'latencyMs', e.latency_ms) order by e.media_leg, e.seq), '[]'::jsonb)
       from conversation_events e
      where e.call_id = t.call_id
        and e.kind in ('USER_PARTIAL', 'USER_SAID', 'AGENT_PLANNED', 'AGENT_HEARD', 'AGENT_SAID'));
end $$;

-- Appends journal lines of many calls at once. Lines of a leg that no longer owns its call are refused and named in the
-- answer (a worker that was overtaken must stop speaking); repeats are ignored. Closed turns become the transcript and
-- an event that users see.
create function append_journal(p_incarnation text, p_lines jsonb, p_at timestamptz)
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
      insert into call_turns as ct (call_id, turn, speaker, text, interrupted, latency_ms, at)
        values (r.call_id, r.turn, case when r.kind = 'USER_SAID' then 'USER' else 'AGENT' end, r.text, r.interrupted,
                r.latency_ms, r.at)
        on conflict on constraint call_turns_pkey do nothing;
      perform append_call_event(r.call_id, 'turn',
        jsonb_build_object('turn', r.turn, 'speaker', case when r.kind = 'USER_SAID' then 'user' else 'assistant' end,
          'text', r.text, 'interrupted', r.interrupted, 'latencyMs', r.latency_ms),
        'turn-' || r.media_leg || '-' || r.seq, r.at);
    end if;
  end loop;

  return query
    select distinct l."callId", l."mediaLeg"
      from jsonb_to_recordset(p_lines) as l ("callId" uuid, "mediaLeg" integer)
     where not exists (select 1 from media_owners o
                        where o.call_id = l."callId" and o.media_leg = l."mediaLeg" and o.incarnation = p_incarnation);
end $$;
