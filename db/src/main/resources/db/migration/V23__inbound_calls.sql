-- Calls that people make to a persona's number. Their row, intent and hold look like those of a call we made, so that
-- everything after the answer is the same; what is different stands here.

-- Of an inbound call `phone_e164` is the number that was rung, the persona's: who rang is known by the account, and of an
-- unknown caller no number is kept at all.
alter table calls add column direction text not null default 'OUTBOUND';
alter table calls add constraint calls_direction_known check (direction in ('OUTBOUND', 'INBOUND'));

-- Many may ring one persona at the same time; only what we dial is one at a time per number.
alter table dial_intents add column inbound boolean not null default false;
drop index dial_intents_open_number;
create unique index dial_intents_open_number on dial_intents (number)
  where state in ('BEGUN', 'ACCEPTED', 'UNKNOWN') and not inbound;

create index users_by_phone on users (phone_e164, created_at) where phone_e164 is not null;

-- One row per call of the telephony, however often its webhook comes: the primary key decides who answers it.
create table inbound_calls (
  call_sid    text primary key,
  persona_id  text references personas (id),
  -- HMAC-SHA-256 of the caller's number; null when it was withheld.
  caller_hash bytea,
  outcome     text not null,
  free        boolean not null default false,
  call_id     uuid references calls (id),
  rang_at     timestamptz not null,
  constraint inbound_calls_accepted_has_call check ((outcome = 'accepted') = (call_id is not null))
);
create index inbound_calls_by_time on inbound_calls (rang_at desc);
create index inbound_calls_free on inbound_calls (rang_at) where free;

-- Unknown numbers that had a free call, by the same hash, and the account without a person that the credits belong to.
create table inbound_guests (
  caller_hash bytea primary key,
  user_id     uuid not null unique references users (id),
  free_calls  integer not null default 0,
  first_at    timestamptz not null
);

create table blocked_callers (
  id          uuid primary key,
  caller_hash bytea not null unique,
  reason      text not null,
  blocked_by  text not null,
  blocked_at  timestamptz not null,
  constraint blocked_callers_reason_length check (length(reason) <= 200)
);

insert into switches (name, enabled) values ('answering', true);

insert into price_book (vendor, operation, model, unit, unit_price, valid_from, source, note)
values ('twilio', 'voice', 'inbound', 'minute', 0.0085, '2024-01-01T00:00:00Z', 'manual',
        'calls to our numbers, billed in started minutes');

-- First words to who rings: {name} is replaced for a caller we know.
alter table personas add column greeting_inbound text;
alter table personas add column greeting_stranger text;
update personas set
  greeting_inbound = case id
    when 'brad_001' then 'Hey {name}, it''s Brad. Good that you rang. What are we working on?'
    when 'sarah_001' then 'Hi {name}, it''s Sarah. How lovely that you rang. How are you, really?'
    when 'alex_001' then 'Hello {name}, Alex here. You rang, so there is an idea. Let''s hear it.'
    else 'Hello {name}, this is ' || name || '. What can I do for you?' end,
  greeting_stranger = case id
    when 'brad_001' then 'Hey, it''s Brad. We haven''t talked before, so this one is on me, three minutes. What are we working on?'
    when 'sarah_001' then 'Hi, it''s Sarah. We haven''t met, so the first three minutes are on me. How are you, really?'
    when 'alex_001' then 'Hello, Alex here. First call, so three minutes are on the house. What are we making?'
    else 'Hello, this is ' || name || '. Your first three minutes are free. What can I do for you?' end;
alter table personas alter column greeting_inbound set not null;
alter table personas alter column greeting_stranger set not null;
