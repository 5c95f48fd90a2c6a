-- When what was said in a call was deleted: the end of retention is promised here too, not by a timer alone.
alter table calls add column words_purged_at timestamptz;
create index calls_words_kept on calls (coalesce(ended_at, updated_at)) where words_purged_at is null;
