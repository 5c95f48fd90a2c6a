-- Gives once per call and key: 'given', 'repeated', 'conflict' when the key was used for something else, 'unknown_call', or
-- 'closed_account' when whoever had the call has left: the minutes would be nobody's.
create or replace function goodwill_give(
  p_id uuid, p_call uuid, p_seconds bigint, p_note text, p_by uuid, p_key text, p_now timestamptz)
returns table (outcome text, goodwill_id uuid) language plpgsql as $$
declare
  v_user uuid;
  v_status text;
  v_known goodwill;
  v_answer ledger_answer;
begin
  -- Two of a call take turns, so that a repeat finds the first.
  perform pg_advisory_xact_lock(hashtextextended('goodwill:' || p_call, 0));
  -- Nobody is forgotten between this look and the posting.
  select u.id, u.status into v_user, v_status from calls c join users u on u.id = c.user_id where c.id = p_call for share of u;
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
  if v_status = 'closed' then
    return query select 'closed_account', null::uuid;
    return;
  end if;
  v_answer := ledger_grant('goodwill:' || p_id, v_user, p_seconds, 'goodwill', 0, 100, null, p_now);
  insert into goodwill values (p_id, p_call, v_user, p_seconds, p_note, p_by, p_key,
                               (v_answer.result ->> 'grantId')::uuid, p_now);
  return query select 'given', p_id;
end $$;
