-- What finance reads: sums over entries, never a second book. See docs/figures.md.

-- Postings come in order of time, so a summary of each range of pages is all the index there needs to be.
create index ledger_postings_by_time on ledger_postings using brin (occurred_at);

-- The period a time belongs to, by its beginning in UTC; null for what was before the range.
create function figures_period(p_at timestamptz, p_from timestamptz, p_grain text) returns timestamptz
language sql stable as $$
  select case when p_at < p_from then null
              when p_grain = 'total' then p_from
              else greatest(p_from, date_trunc(p_grain, p_at, 'UTC')) end
$$;

-- All that figures are made of, of one moment: one statement sees one state of the books.
--   ledger  a kind, b account, c unit; amount their sum
--   cost    a vendor, b charge decision, c its reason; amount micros, n estimated lines, m lines without a price
--   call    a charge decision, c its reason; amount calls, n seconds connected, m seconds charged
--   fee     amount: payments whose fee is still an estimate
--   trial   amount: people who got a free call; n of them who have bought since
--   run     what was held against vendors' records: amount from, n until, m finished, in milliseconds
--   case    a vendor; amount when the latest open case about it was opened, in milliseconds
create function figures_facts(p_from timestamptz, p_until timestamptz, p_grain text)
returns table (section text, period timestamptz, a text, b text, c text, amount bigint, n bigint, m bigint)
language sql stable as $$
  select 'ledger', figures_period(p.occurred_at, p_from, p_grain) as period, p.kind, e.account, e.unit,
         sum(e.amount)::bigint, 0::bigint, 0::bigint
  from ledger_postings p join ledger_entries e on e.posting_id = p.id
  where p.occurred_at < p_until
  group by 2, 3, 4, 5
  union all
  select 'cost', figures_period(coalesce(p.occurred_at, l.recorded_at), p_from, p_grain), l.vendor,
         coalesce(lower(c.charge_decision), 'no_call'), coalesce(lower(c.charge_reason), ''),
         coalesce(sum(l.amount_micros), 0)::bigint, count(*) filter (where l.estimated and l.amount_micros <> 0),
         count(*) filter (where l.amount_micros is null)
  from cost_lines l left join ledger_postings p on p.id = l.posting_id left join calls c on c.id = l.call_id
  where coalesce(p.occurred_at, l.recorded_at) >= p_from and coalesce(p.occurred_at, l.recorded_at) < p_until
  group by 2, 3, 4, 5
  union all
  select 'call', figures_period(settled_at, p_from, p_grain), lower(charge_decision), '',
         coalesce(lower(charge_reason), ''), count(*), coalesce(sum(billed_seconds), 0)::bigint,
         coalesce(sum(charged_seconds), 0)::bigint
  from calls where settled_at >= p_from and settled_at < p_until
  group by 2, 3, 5
  union all
  select 'fee', figures_period(p.occurred_at, p_from, p_grain), '', '', '', count(*), 0, 0
  from (select distinct on (payment) * from ledger_fees order by payment, revision desc) f
  join ledger_postings p on p.id = f.posting_id
  where f.estimated and p.occurred_at >= p_from and p.occurred_at < p_until
  group by 2
  union all
  select 'trial', figures_period(t.granted_at, p_from, p_grain), '', '', '', count(*),
         count(*) filter (where exists (
           select from ledger_grants g where g.user_id = t.user_id and g.price_paid_micros > 0 and g.granted_at < p_until)), 0
  from ledger_grants t where t.source = 'trial' and t.granted_at >= p_from and t.granted_at < p_until
  group by 2
  union all
  select 'run', null, '', '', '', (extract(epoch from from_at) * 1000)::bigint,
         (extract(epoch from least(until_at, created_at)) * 1000)::bigint, (extract(epoch from finished_at) * 1000)::bigint
  from reconciliation_runs where finished_at is not null and from_at < created_at and until_at > p_from and from_at < p_until
  union all
  select 'case', null, split_part(subject, ' ', 1), '', '', (extract(epoch from max(opened_at)) * 1000)::bigint, 0, 0
  from money_cases where kind like 'reconciliation\_%' and state = 'open' group by 3
$$;
