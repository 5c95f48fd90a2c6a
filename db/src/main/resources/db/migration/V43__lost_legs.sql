-- Legs of a call that is over whose worker has not written their end, for whoever tells of them in its place. From now on
-- that worker writes nothing about them, should it still live: a leg is told of by one of the two. A repeat answers the same.
create function take_lost_legs(p_call uuid)
returns table (media_leg integer, attempt integer, claimed_at timestamptz, last_sign timestamptz) language plpgsql as $$
begin
  -- The same lock as for writing the journal: what is being written is there before anybody looks.
  perform 1 from calls c where c.id = p_call for no key update;

  return query
    select m.media_leg, m.attempt, m.claimed_at,
        greatest(m.claimed_at, m.ended_at, max(o.renewed_at), max(e.at))
      from media_legs m
        left join media_owners o on o.call_id = m.call_id and o.media_leg = m.media_leg
        left join conversation_events e on e.call_id = m.call_id and e.media_leg = m.media_leg
     where m.call_id = p_call
     group by m.call_id, m.media_leg
    having not coalesce(bool_or(e.kind = 'NOTE' and e.detail ->> 'legOver' is not null), false)
     order by m.media_leg;

  -- Who the worker was stands in media_legs.
  update media_owners o set incarnation = 'nobody', released_at = coalesce(o.released_at, clock_timestamp())
   where o.call_id = p_call
     and not exists (select 1 from conversation_events e
                      where e.call_id = o.call_id and e.media_leg = o.media_leg
                        and e.kind = 'NOTE' and e.detail ->> 'legOver' is not null);
end $$;
