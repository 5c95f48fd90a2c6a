-- The guard of I1 and of the catalogue of kinds. Flyway runs this file again whenever it changes.

-- A move as the catalogue lists it. Of text alone, which the planner can put in the place of the call.
create or replace function ledger_move_of(p_account text, p_unit text, p_amount bigint) returns text
language sql immutable as $$
  select p_account || ' ' || p_unit || case when p_amount > 0 then ' 1' when p_amount < 0 then ' -1' else ' 0' end
$$;

create or replace function ledger_check_entries() returns trigger language plpgsql as $$
declare
  v_line record;
  v_fault record;
  v_posting bigint;
  v_legal text[];
  v_lines bigint := 0;
  v_seconds bigint := 0;
  v_micros bigint := 0;
  v_sound boolean := true;
begin
  -- This runs for every posting and nearly always finds one that is whole, so it first asks that as cheaply as it can.
  for v_line in
    select posting_id, line, unit, amount, ledger_move_of(account, unit, amount) as move from added
  loop
    if v_posting is null then
      v_posting := v_line.posting_id;
      select k.legal_moves into v_legal from ledger_postings p join ledger_kinds k using (kind) where p.id = v_posting;
    end if;
    v_lines := v_lines + 1;
    v_sound := v_sound and v_line.posting_id = v_posting and v_line.line = v_lines and v_line.move = any (v_legal);
    exit when v_sound is not true; -- also when there is no such posting
    if v_line.unit = 'usd_micro' then
      v_micros := v_micros + v_line.amount;
    else
      v_seconds := v_seconds + v_line.amount;
    end if;
  end loop;
  if v_sound and v_seconds = 0 and v_micros = 0 then
    return null;
  end if;
  -- Several postings at once, lines in another order, or a fault: the whole question.
  select * into v_fault from (
    (select 'ledger_entries_balanced' as guard, posting_id, 'sums to ' || sum(amount) || ' ' || unit as words
     from added group by posting_id, unit having sum(amount) <> 0)
    union all
    (select 'ledger_entries_legal', a.posting_id,
            'of kind ' || coalesce(p.kind, 'unknown') || ' may not move ' || a.amount || ' ' || a.unit || ' on '
            || a.account
     from added a left join ledger_postings p on p.id = a.posting_id
     where not exists (select from ledger_kind_accounts k where k.kind = p.kind and k.account = a.account
                       and k.unit = a.unit and k.sign = sign(a.amount)))
    union all
    (select 'ledger_entries_whole', posting_id, 'is not entered whole'
     from added group by posting_id having min(line) <> 1 or max(line) <> count(*))
  ) faults limit 1;
  if not found then
    return null;
  end if;
  raise exception 'ledger: posting % %', v_fault.posting_id, v_fault.words
    using errcode = 'check_violation', constraint = v_fault.guard;
end $$;
