-- Vendors that did not answer in time, and where a run that is resumed goes on with them: an array, empty for a whole run.
alter table reconciliation_runs add column gaps jsonb not null default '[]';

-- A run that ended without some vendor: once per run, vendor and days.
create function reconcile_gap(p_run uuid, p_vendor text, p_reason text, p_now timestamptz) returns boolean language sql as $$
  select reconcile_case('reconciliation_incomplete',
    p_vendor || ' ' || to_char(from_at at time zone 'UTC', 'YYYY-MM-DD') || ' to '
      || to_char((until_at - interval '1 microsecond') at time zone 'UTC', 'YYYY-MM-DD') || ', run ' || id,
    p_reason || '; resume the run when the vendor answers again', p_now)
  from reconciliation_runs where id = p_run
$$;

-- What was left out has been held since.
create function reconcile_gap_closed(p_run uuid, p_vendors text[], p_now timestamptz) returns void language sql as $$
  update money_cases set state = 'closed', closed_at = p_now, resolution = 'The run was resumed, and has held it.'
  where kind = 'reconciliation_incomplete' and state = 'open' and subject like '%, run ' || p_run
    and split_part(subject, ' ', 1) <> all (p_vendors)
$$;
