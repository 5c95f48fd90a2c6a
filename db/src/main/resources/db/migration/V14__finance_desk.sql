-- What finance decides: how a case was resolved, and whether a charge stands.

alter table money_cases
  add column resolution text,
  add column closed_by uuid references users (id),
  drop constraint money_cases_state,
  add constraint money_cases_state check (
    state = 'open' and num_nonnulls(closed_at, resolution, closed_by) = 0
    or state = 'closed' and num_nonnulls(closed_at, resolution, closed_by) = 3);
create index money_cases_by_state on money_cases (state, id desc);

-- A case is resolved once: 'resolved'; 'repeated' for the same words again; 'conflict' for others; 'unknown_case'.
create function money_case_resolve(p_id bigint, p_by uuid, p_resolution text, p_now timestamptz)
returns text language plpgsql as $$
declare
  v_case money_cases;
begin
  select * into v_case from money_cases where id = p_id for update;
  if not found then
    return 'unknown_case';
  elsif v_case.state = 'closed' then
    return case when v_case.resolution = p_resolution then 'repeated' else 'conflict' end;
  end if;
  update money_cases set state = 'closed', closed_at = p_now, resolution = p_resolution, closed_by = p_by
  where id = p_id;
  return 'resolved';
end $$;

-- Finance has looked at a charge decision: it stands, or some of it (or all) was given back.
create table charge_reviews (
  id              uuid primary key,
  call_id         uuid not null references calls (id),
  idempotency_key text not null,
  request         jsonb not null,
  reviewer        uuid not null references users (id),
  verdict         text not null,
  seconds         bigint not null,
  note            text not null,
  posting_id      bigint references ledger_postings (id),
  reviewed_at     timestamptz not null,
  constraint charge_reviews_once unique (call_id, idempotency_key),
  constraint charge_reviews_posting_once unique (posting_id),
  constraint charge_reviews_verdict check (
    verdict = 'accepted' and seconds = 0 and posting_id is null
    or verdict = 'reversed' and seconds > 0 and posting_id is not null)
);
create trigger charge_reviews_append_only before update or delete on charge_reviews
  for each row execute function ledger_refuse_change();

-- Reviews a settled call's charge; null seconds reverse all that is left of it. The review and its reversing posting
-- stand or fall together. Outcomes: recorded, repeated, conflict, unknown_call, not_settled, not_charged, exceeds (with
-- what is left), not_reversible (it was charged after its hold had expired).
create function charge_review(p_id uuid, p_call uuid, p_reviewer uuid, p_key text, p_verdict text, p_seconds bigint,
                              p_note text, p_now timestamptz)
returns table (outcome text, reversible bigint) language plpgsql as $$
declare
  v_request jsonb := jsonb_build_object('verdict', p_verdict, 'seconds', p_seconds, 'note', p_note);
  v_decision text;
  v_known charge_reviews;
  v_left bigint;
  v_seconds bigint := 0;
  v_answer ledger_answer;
begin
  -- One review of a call at a time: a repeat sees the first one's row.
  select c.charge_decision into v_decision from calls c where c.id = p_call for update;
  if not found then
    return query select 'unknown_call', null::bigint;
    return;
  end if;
  select * into v_known from charge_reviews r where r.call_id = p_call and r.idempotency_key = p_key;
  if found then
    return query select case when v_known.request = v_request then 'repeated' else 'conflict' end, null::bigint;
    return;
  elsif v_decision = 'PENDING' then
    return query select 'not_settled', null::bigint;
    return;
  end if;
  if p_verdict = 'reversed' then
    select coalesce(sum(captured_seconds - reversed_seconds), 0) into v_left
    from ledger_hold_slices where hold_id = p_call;
    v_seconds := coalesce(p_seconds, v_left);
    if v_decision <> 'CHARGED' then
      return query select 'not_charged', null::bigint;
      return;
    elsif v_seconds = 0 then
      return query select 'exceeds', v_left;
      return;
    end if;
    v_answer := ledger_reverse(p_call, 'review:' || p_id, v_seconds, 'charge_review', p_now);
    if v_answer.outcome = 'exceeds' then
      return query select 'exceeds', v_left;
      return;
    elsif v_answer.outcome <> 'posted' then
      return query select 'not_reversible', null::bigint;
      return;
    end if;
  end if;
  insert into charge_reviews values (p_id, p_call, p_key, v_request, p_reviewer, p_verdict, v_seconds, p_note,
                                     v_answer.posting_id, p_now);
  return query select 'recorded', null::bigint;
end $$;
