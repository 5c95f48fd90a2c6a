-- Proves the whole ledger from its entries, trusting no constraint: each rule recomputes what it says and names what
-- differs, with the entries behind it. No row returned means that every figure is right.

create function ledger_evidence(p_posting bigint, p_grant uuid, p_hold uuid) returns jsonb language sql stable as $$
  select coalesce(jsonb_agg(to_jsonb(e) order by posting_id, line), '[]')
  from (select * from ledger_entries
        where posting_id = p_posting or grant_id = p_grant or hold_id = p_hold
        order by posting_id, line limit 50) e;
$$;

create function ledger_audit_postings(p_limit integer)
returns table (rule text, subject text, detail text, entries jsonb) language sql stable as $$
  (select 'posting_unbalanced', 'posting ' || posting_id, 'sums to ' || sum(amount) || ' ' || unit,
          ledger_evidence(posting_id, null, null)
   from ledger_entries group by posting_id, unit having sum(amount) <> 0 limit p_limit)
  union all
  (select 'posting_without_entries', 'posting ' || p.id, p.kind || ' ' || p.business_key, '[]'::jsonb
   from ledger_postings p where not exists (select from ledger_entries e where e.posting_id = p.id) limit p_limit)
  union all
  (select 'entry_illegal', 'posting ' || e.posting_id,
          coalesce(p.kind, 'no posting') || ' moved ' || e.amount || ' ' || e.unit || ' on ' || e.account,
          ledger_evidence(e.posting_id, null, null)
   from ledger_entries e
   left join ledger_postings p on p.id = e.posting_id
   left join ledger_kind_accounts k
     on k.kind = p.kind and k.account = e.account and k.unit = e.unit and k.sign = sign(e.amount)
   where k.kind is null limit p_limit)
  union all
  (select 'business_key_reused', 'key ' || business_key, count(*) || ' postings', ledger_evidence(max(id), null, null)
   from ledger_postings group by business_key having count(*) > 1 limit p_limit)
$$;

create function ledger_audit_holds(p_limit integer)
returns table (rule text, subject text, detail text, entries jsonb) language sql stable as $$
  with resolutions as (
    select hold_id, count(*) as times, min(kind) as kind from ledger_postings
    where kind in ('capture', 'capture_breakage', 'release', 'release_breakage', 'hold_expiry', 'hold_expiry_breakage')
    group by hold_id
  ), entered as (
    select hold_id, coalesce(sum(amount) filter (where account = 'user_held'), 0) as held,
           coalesce(sum(amount) filter (where account = 'receivable'), 0) as receivable
    from ledger_entries where hold_id is not null group by hold_id
  ), sliced as (
    select hold_id, sum(seconds) as seconds, sum(captured_seconds) as captured
    from ledger_hold_slices group by hold_id
  )
  (select 'hold_resolved_twice', 'hold ' || hold_id, times || ' resolutions', ledger_evidence(null, null, hold_id)
   from resolutions where times > 1 limit p_limit)
  union all
  (select 'hold_state', 'hold ' || h.hold_id, h.state || ' but posted ' || coalesce(r.kind, 'no resolution'),
          ledger_evidence(null, null, h.hold_id)
   from ledger_holds h left join resolutions r using (hold_id)
   where case h.state when 'open' then r.kind is not null
                      when 'captured' then coalesce(r.kind not in ('capture', 'capture_breakage'), true)
                      when 'released' then coalesce(r.kind not in ('release', 'release_breakage'), true)
                      else coalesce(r.kind not in ('hold_expiry', 'hold_expiry_breakage'), true) end limit p_limit)
  union all
  (select 'hold_dialled_but_expired', 'hold ' || hold_id, 'a dial was intended, yet it expired',
          ledger_evidence(null, null, hold_id)
   from ledger_holds where dial_intended and state = 'expired' limit p_limit)
  union all
  (select 'hold_seconds', 'hold ' || h.hold_id,
          h.state || ' with ' || h.seconds || ' s, entries say ' || coalesce(e.held, 0) || ' s',
          ledger_evidence(null, null, h.hold_id)
   from ledger_holds h left join entered e using (hold_id)
   where coalesce(e.held, 0) <> case when h.state = 'open' then h.seconds else 0 end limit p_limit)
  union all
  (select 'hold_slices', 'hold ' || h.hold_id,
          h.seconds || ' s held and ' || h.captured_seconds || ' s captured, slices say ' || coalesce(s.seconds, 0)
          || ' s and ' || coalesce(s.captured, 0) || ' s', ledger_evidence(null, null, h.hold_id)
   from ledger_holds h left join sliced s using (hold_id)
   where coalesce(s.seconds, 0) <> h.seconds or coalesce(s.captured, 0) <> h.captured_seconds limit p_limit)
  union all
  (select 'hold_debt', 'hold ' || h.hold_id,
          (h.owed_seconds - h.recovered_seconds) || ' s owed, entries say ' || -coalesce(e.receivable, 0) || ' s',
          ledger_evidence(null, null, h.hold_id)
   from ledger_holds h left join entered e using (hold_id)
   where -coalesce(e.receivable, 0) <> h.owed_seconds - h.recovered_seconds
      or h.recovered_seconds not between 0 and h.owed_seconds limit p_limit)
  union all
  (select 'slice_unknown', 'hold ' || s.hold_id, 'a slice of grant ' || s.grant_id || ': no such hold or grant',
          ledger_evidence(null, null, s.hold_id)
   from ledger_hold_slices s left join ledger_holds h using (hold_id) left join ledger_grants g using (grant_id)
   where h.hold_id is null or g.grant_id is null limit p_limit)
  union all
  (select 'hold_unknown', 'hold ' || e.hold_id, 'entries of a hold that does not exist',
          ledger_evidence(null, null, e.hold_id)
   from entered e left join ledger_holds h using (hold_id) where h.hold_id is null limit p_limit)
$$;

create function ledger_audit_grants(p_limit integer)
returns table (rule text, subject text, detail text, entries jsonb) language sql stable as $$
  with entered as (
    select grant_id, coalesce(sum(amount) filter (where account = 'user_available'), 0) as available,
           coalesce(sum(amount) filter (where account = 'user_held'), 0) as held,
           coalesce(sum(amount) filter (where account = 'liability' and unit = 'usd_micro'), 0) as liability,
           coalesce(-sum(amount) filter (where account = 'revenue'), 0) as revenue,
           coalesce(-sum(amount) filter (where account = 'breakage'), 0) as breakage
    from ledger_entries where grant_id is not null group by grant_id
  ), running as (
    select posting_id, account, grant_id, hold_id,
           sum(amount) over (partition by account, grant_id, hold_id order by posting_id) as balance
    from ledger_entries where account in ('user_available', 'user_held')
  )
  (select 'balance_negative', 'grant ' || grant_id, account || ' is ' || min(balance) || ' s at posting '
          || min(posting_id), ledger_evidence(null, grant_id, null)
   from running where balance < 0 group by account, grant_id limit p_limit)
  union all
  (select 'grant_balance', 'grant ' || g.grant_id,
          'available ' || g.available_seconds || ' s and held ' || g.held_seconds || ' s, entries say '
          || coalesce(e.available, 0) || ' s and ' || coalesce(e.held, 0) || ' s', ledger_evidence(null, g.grant_id, null)
   from ledger_grants g left join entered e using (grant_id)
   where (coalesce(e.available, 0), coalesce(e.held, 0)) <> (g.available_seconds, g.held_seconds)
      or g.available_seconds < 0 or g.held_seconds < 0 limit p_limit)
  union all
  (select 'grant_seconds', 'grant ' || grant_id, 'the parts do not sum to ' || seconds || ' s',
          ledger_evidence(null, grant_id, null)
   from ledger_grants
   where available_seconds + held_seconds + captured_seconds + broken_seconds <> seconds limit p_limit)
  union all
  (select 'grant_money', 'grant ' || g.grant_id,
          'paid ' || g.price_paid_micros || ', revenue ' || g.revenue_micros || ', breakage ' || g.breakage_micros
          || ' for ' || (g.captured_seconds + g.broken_seconds) || ' of ' || g.seconds || ' s; entries say revenue '
          || coalesce(e.revenue, 0) || ', breakage ' || coalesce(e.breakage, 0) || ', liability '
          || coalesce(e.liability, 0), ledger_evidence(null, g.grant_id, null)
   from ledger_grants g left join entered e using (grant_id)
   where (coalesce(e.revenue, 0), coalesce(e.breakage, 0)) <> (g.revenue_micros, g.breakage_micros)
      or -coalesce(e.liability, 0) <> g.price_paid_micros - g.revenue_micros - g.breakage_micros
      or g.revenue_micros + g.breakage_micros
         <> g.price_paid_micros * (g.captured_seconds + g.broken_seconds) / g.seconds limit p_limit)
  union all
  (select 'grant_unknown', 'grant ' || e.grant_id, 'entries of a grant that does not exist',
          ledger_evidence(null, e.grant_id, null)
   from entered e left join ledger_grants g using (grant_id) where g.grant_id is null limit p_limit)
$$;

-- At most p_limit violations of each rule.
create function ledger_audit(p_limit integer)
returns table (rule text, subject text, detail text, entries jsonb) language sql stable as $$
  select * from ledger_audit_postings(p_limit)
  union all select * from ledger_audit_holds(p_limit)
  union all select * from ledger_audit_grants(p_limit);
$$;
