-- Which models a persona thinks and speaks with; null for those the product is set to (LLM_MODEL, TTS_MODEL). The product's
-- own stand behind a persona's language model. A model that has no row in price_book makes cost lines without an amount.
alter table personas
  add column language_model text,
  add column speech_model text,
  add constraint personas_language_model_shape check (language_model ~ '^[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}$'),
  add constraint personas_speech_model_shape check (speech_model ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$');
