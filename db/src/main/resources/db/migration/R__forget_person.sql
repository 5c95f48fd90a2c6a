-- Takes out of the database who somebody is and what was said: name, address, number, password, keys, memories, words and
-- recordings of calls, the card. What remains are figures under a pseudonym: calls, costs, purchases and the ledger, which must
-- not change. Answers 'unknown', 'under_way' when a call, a plan or an auto top-up is not over yet, else 'forgotten'. A repeat
-- finds nothing to do.
create or replace function forget_person(p_user uuid, p_now timestamptz) returns text language plpgsql as $$
begin
  perform 1 from users where id = p_user for update;
  if not found then
    return 'unknown';
  end if;
  if exists (select from calls where user_id = p_user and status not in
               ('COMPLETED', 'CANCELED', 'REFUSED', 'MISSED', 'UNANSWERED', 'FAILED'))
     or exists (select from subscriptions where user_id = p_user and status not in ('ENDED', 'EXPIRED', 'FAILED'))
     or exists (select from purchases where user_id = p_user and start_due_at is not null)
     or exists (select from auto_topups where user_id = p_user and status <> 'OFF') then
    return 'under_way';
  end if;
  delete from conversation_events e using calls c where c.user_id = p_user and e.call_id = c.id;
  delete from call_turns t using calls c where c.user_id = p_user and t.call_id = c.id;
  delete from briefs b using calls c where c.user_id = p_user and b.call_id = c.id;
  delete from greetings g using calls c where c.user_id = p_user and g.call_id = c.id;
  delete from recording_chunks r using calls c where c.user_id = p_user and r.call_id = c.id;
  delete from webhook_inbox w using calls c where c.user_id = p_user and w.call_id = c.id;
  update dial_intents i set number = '+10000000' from calls c where c.user_id = p_user and i.call_id = c.id;
  update call_events e set data = data - 'text' from calls c where c.user_id = p_user and e.call_id = c.id and e.kind = 'turn';
  update calls set summary = null, pretext = '', phone_e164 = '+10000000', words_purged_at = coalesce(words_purged_at, p_now)
  where user_id = p_user;
  delete from memories where user_id = p_user;
  delete from api_keys where user_id = p_user;
  update auto_topups set customer = null, payment_method = null, card_brand = null, card_last4 = null, card_expires = null
  where user_id = p_user;
  update users set status = 'closed', email = p_user || '@forgotten.invalid', password_hash = '', display_name = '-',
    phone_e164 = null, recording_consent_at = null, updated_at = p_now where id = p_user;
  return 'forgotten';
end $$;
