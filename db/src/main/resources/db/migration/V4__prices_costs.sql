-- What vendors ask, what calls used, and what that cost us.

-- Prices with validity in time: a price is in force from `valid_from` until the next one of the same key, so periods
-- can neither overlap nor leave a gap by accident. A null price ends the validity. Rows are never changed.
create table price_book (
  vendor     text not null,
  operation  text not null,
  -- Empty: any model without a price of its own.
  model      text not null default '',
  unit       text not null,
  unit_price numeric(24, 12),
  valid_from timestamptz not null,
  source     text not null,
  note       text not null,
  noted_at   timestamptz not null default now(),
  primary key (vendor, operation, model, valid_from),
  constraint price_book_not_negative check (unit_price >= 0),
  constraint price_book_source check (source in ('api', 'manual', 'inferred'))
);
create trigger price_book_append_only before update or delete on price_book
  for each row execute function ledger_refuse_change();

insert into price_book (vendor, operation, model, unit, unit_price, valid_from, source, note)
select vendor, operation, model, unit, unit_price, '2024-01-01T00:00:00Z', source, note
from (values
  ('twilio', 'voice', '', 'minute', 0.014, 'manual', 'billed in started minutes'),
  ('deepgram', 'listen', '', 'minute', 0.0059, 'manual', 'billed by the audio sent, not rounded up'),
  ('elevenlabs', 'speech', '', 'character', 0.00015, 'manual', 'billed by text submitted, heard or not'),
  ('llm', 'prompt', 'llama3.1-8b', 'token', 0.0000001, 'manual', '8B'),
  ('llm', 'completion', 'llama3.1-8b', 'token', 0.0000001, 'manual', '8B'),
  ('llm', 'prompt', 'llama-3.3-70b', 'token', 0.0000006, 'manual', '70B'),
  ('llm', 'completion', 'llama-3.3-70b', 'token', 0.0000006, 'manual', '70B'),
  ('llm', 'prompt', 'gpt-oss-120b', 'token', 0.0000006, 'inferred', 'no price known: taken as 70B'),
  ('llm', 'completion', 'gpt-oss-120b', 'token', 0.0000006, 'inferred', 'no price known: taken as 70B'),
  ('platform', 'call', '', 'call', 0.02, 'manual', 'share of the platform in each call')
) as seed (vendor, operation, model, unit, unit_price, source, note);

create view price_periods as
  select vendor, operation, model, unit, unit_price, valid_from,
         lead(valid_from) over (partition by vendor, operation, model order by valid_from) as valid_until,
         source, note
  from price_book;

-- Cumulative counters of a media leg as they were reported; a repeat is the same row.
create table usage_snapshots (
  call_id     uuid not null,
  media_leg   integer not null,
  sequence    bigint not null,
  reported_at timestamptz not null,
  position_ms bigint not null,
  last        boolean not null,
  totals      jsonb not null,
  recorded_at timestamptz not null default clock_timestamp(),
  primary key (call_id, media_leg, sequence),
  constraint usage_snapshots_not_negative check (media_leg >= 0 and sequence >= 0 and position_ms >= 0)
);

create table cost_lines (
  call_id        uuid not null,
  vendor         text not null,
  operation      text not null,
  model          text not null,
  revision       integer not null,
  quantity       numeric(24, 6) not null,
  unit           text not null,
  unit_price     numeric(24, 12),
  amount_micros  bigint,
  estimated      boolean not null,
  missing_reason text,
  posting_id     bigint references ledger_postings (id),
  recorded_at    timestamptz not null,
  primary key (call_id, vendor, operation, model, revision),
  -- No price, no amount, and a reason; never zero instead.
  constraint cost_lines_amount_or_reason check (
    (unit_price is null) = (amount_micros is null) and (amount_micros is null) = (missing_reason is not null)),
  constraint cost_lines_posted check ((posting_id is null) = (coalesce(amount_micros, 0) = 0))
);
create trigger cost_lines_append_only before update or delete on cost_lines
  for each row execute function ledger_refuse_change();

insert into ledger_kinds (kind, description) values
  ('call_cost', 'what vendors will bill us for a call, or a correction of that');
insert into ledger_kind_accounts (kind, account, unit, sign) values
  ('call_cost', 'cost', 'usd_micro', 1), ('call_cost', 'cost', 'usd_micro', -1),
  ('call_cost', 'payable', 'usd_micro', 1), ('call_cost', 'payable', 'usd_micro', -1);

-- Dollars to micros, half-even, once. (round() of PostgreSQL goes away from zero.)
create function usd_to_micros(p_usd numeric) returns bigint language sql immutable strict as $$
  select (case when scaled - floor(scaled) < 0.5 then floor(scaled)
               when scaled - floor(scaled) > 0.5 then floor(scaled) + 1
               when mod(floor(scaled), 2) = 0 then floor(scaled)
               else floor(scaled) + 1 end)::bigint
  from (select p_usd * 1000000 as scaled) s;
$$;

-- Prices quantities with what was in force: the model's own price, else the vendor's for any model.
-- p_inputs: [{"vendor","operation","model","quantity","unit","estimated"}]
create function cost_quote(p_at timestamptz, p_inputs jsonb)
returns table (vendor text, operation text, model text, quantity numeric, unit text, estimated boolean,
               unit_price numeric, missing_reason text)
language sql stable as $$
  select i.vendor, i.operation, i.model, i.quantity, i.unit, i.estimated or coalesce(p.source = 'inferred', false),
         case when p.unit = i.unit then p.unit_price end,
         case when p.unit_price is null then 'no_price' when p.unit <> i.unit then 'other_unit' end
  from jsonb_to_recordset(p_inputs)
    as i (vendor text, operation text, model text, quantity numeric(24, 6), unit text, estimated boolean)
  left join lateral (
    select * from price_periods b
    where b.vendor = i.vendor and b.operation = i.operation and b.model in (i.model, '')
      and b.valid_from <= p_at and (b.valid_until is null or b.valid_until > p_at)
    order by b.model desc limit 1) p on true;
$$;

-- Brings a call's lines to the given quantities: new lines, then correcting ones; posts the sum of what is new.
create function cost_record(p_call uuid, p_at timestamptz, p_inputs jsonb, p_now timestamptz)
returns setof cost_lines language plpgsql as $$
declare
  v_new cost_lines[];
  v_amount bigint;
  v_posting bigint;
  v_key text;
begin
  -- Two recorders of one call take turns; the primary key is the guard below that.
  perform pg_advisory_xact_lock(hashtextextended('cost:' || p_call, 0));
  with booked as (
    select vendor, operation, model, sum(quantity) as quantity, count(*)::integer as revisions,
           min(unit_price) filter (where revision = 0) as unit_price
    from cost_lines where call_id = p_call group by vendor, operation, model
  ), due as (
    select q.vendor, q.operation, q.model, coalesce(b.revisions, 0) as revision,
           q.quantity - coalesce(b.quantity, 0) as quantity, q.unit, coalesce(b.unit_price, q.unit_price) as unit_price,
           q.estimated, q.missing_reason
    from cost_quote(p_at, p_inputs) q left join booked b using (vendor, operation, model)
    where q.quantity <> coalesce(b.quantity, 0)
  )
  select array_agg((p_call, vendor, operation, model, revision, quantity, unit, unit_price,
                    usd_to_micros(quantity * unit_price), estimated,
                    case when unit_price is null then missing_reason end, null, p_now)::cost_lines)
  into v_new from due;

  select coalesce(sum(amount_micros), 0) into v_amount from unnest(v_new);
  if exists (select from unnest(v_new) where amount_micros <> 0) then
    v_key := 'cost:' || p_call || ':' || (select count(distinct posting_id) from cost_lines where call_id = p_call);
    v_posting := ledger_open(v_key, 'call_cost', null, null, jsonb_build_object('call', p_call, 'at', p_at,
                             'inputs', p_inputs), jsonb_build_object('amountMicros', v_amount), p_now);
    insert into ledger_entries (posting_id, line, account, unit, amount)
    select v_posting, row_number() over (order by vendor, operation, model, side), account, 'usd_micro', amount
    from unnest(v_new) n
    cross join lateral (values (1, 'cost', n.amount_micros), (2, 'payable', -n.amount_micros)) l (side, account, amount)
    where n.amount_micros <> 0;
  end if;
  insert into cost_lines
  select call_id, vendor, operation, model, revision, quantity, unit, unit_price, amount_micros, estimated,
         missing_reason, case when amount_micros <> 0 then v_posting end, recorded_at
  from unnest(v_new);
  return query select * from cost_lines where call_id = p_call order by vendor, operation, model, revision;
end $$;

create function cost_audit(p_limit integer)
returns table (rule text, subject text, detail text, entries jsonb) language sql stable as $$
  (select 'cost_amount', 'call ' || call_id, vendor || ' ' || operation || ' ' || model || ' revision ' || revision || ': '
          || quantity || ' at ' || unit_price || ' is not ' || amount_micros || ' micros',
          ledger_evidence(posting_id, null, null)
   from cost_lines where amount_micros <> usd_to_micros(quantity * unit_price) limit p_limit)
  union all
  (select 'cost_posted', 'posting ' || p.id, 'lines say ' || coalesce(l.amount, 0) || ' micros, entries say '
          || coalesce(e.amount, 0), ledger_evidence(p.id, null, null)
   from ledger_postings p
   left join (select posting_id, sum(amount_micros) as amount from cost_lines group by posting_id) l on l.posting_id = p.id
   left join (select posting_id, sum(amount) as amount from ledger_entries where account = 'cost' group by posting_id) e
     on e.posting_id = p.id
   where p.kind = 'call_cost' and coalesce(l.amount, 0) <> coalesce(e.amount, 0) limit p_limit)
$$;

create or replace function ledger_audit(p_limit integer)
returns table (rule text, subject text, detail text, entries jsonb) language sql stable as $$
  select * from ledger_audit_postings(p_limit)
  union all select * from ledger_audit_holds(p_limit)
  union all select * from ledger_audit_grants(p_limit)
  union all select * from cost_audit(p_limit);
$$;
