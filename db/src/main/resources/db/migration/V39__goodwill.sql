-- Talk that finance gives away for a call that was not as it should have been, beside any charge: who, to whom, how much and why.
create table goodwill (
  id              uuid primary key,
  call_id         uuid not null references calls (id),
  user_id         uuid not null references users (id),
  seconds         bigint not null,
  note            text not null,
  given_by        uuid not null references users (id),
  idempotency_key text not null,
  grant_id        uuid not null,
  given_at        timestamptz not null,
  constraint goodwill_once_per_key unique (call_id, idempotency_key),
  constraint goodwill_grant_once unique (grant_id),
  constraint goodwill_seconds check (seconds between 60 and 36000)
);
create trigger goodwill_append_only before update or delete on goodwill
  for each row execute function ledger_refuse_change();

-- Gives once per call and key: 'given', 'repeated', 'conflict' when the key was used for something else, or 'unknown_call'.
create function goodwill_give(p_id uuid, p_call uuid, p_seconds bigint, p_note text, p_by uuid, p_key text, p_now timestamptz)
returns table (outcome text, goodwill_id uuid) language plpgsql as $$
declare
  v_user uuid;
  v_known goodwill;
  v_answer ledger_answer;
begin
  -- Two of a call take turns, so that a repeat finds the first.
  perform pg_advisory_xact_lock(hashtextextended('goodwill:' || p_call, 0));
  select user_id into v_user from calls where id = p_call;
  if not found then
    return query select 'unknown_call', null::uuid;
    return;
  end if;
  select * into v_known from goodwill g where g.call_id = p_call and g.idempotency_key = p_key;
  if found then
    return query select case when (v_known.seconds, v_known.note, v_known.given_by) = (p_seconds, p_note, p_by)
                             then 'repeated' else 'conflict' end, v_known.id;
    return;
  end if;
  v_answer := ledger_grant('goodwill:' || p_id, v_user, p_seconds, 'goodwill', 0, 100, null, p_now);
  insert into goodwill values (p_id, p_call, v_user, p_seconds, p_note, p_by, p_key,
                               (v_answer.result ->> 'grantId')::uuid, p_now);
  return query select 'given', p_id;
end $$;
