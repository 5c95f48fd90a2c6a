import { busy, h, replace, skeleton, toast } from '../dom.js';
import { get, put } from '../api.js';
import { decision } from './decision.js';
import { field, numeric } from '../form.js';
import { moment } from '../format.js';

const NUMBERS = ['temperature', 'maxTokens', 'stability', 'similarityBoost', 'style', 'speed'];
const ID = { autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false' };

/** How each persona sounds and thinks; loads by itself, so that the rest of the page waits for nothing. */
export function personasCard() {
  const place = h('section', { class: 'card' });
  draw(skeleton(3));
  load();
  return place;

  function draw(...content) {
    replace(place, h('h2', {}, 'Voices and minds'),
      h('p', { class: 'hint' }, 'A change holds from the next call on; calls in progress go on as they began.'), content);
  }

  async function load(changed) {
    try {
      const { product, personas } = await get('/api/operator/personas');
      draw(personas.length ? h('ul', { class: 'offers' }, personas.map((one) => persona(one, product))) : h('p', { class: 'muted' }, 'There is no persona yet.'));
      if (changed) place.querySelector(`[data-persona="${changed}"] summary`)?.focus();
    } catch (problem) {
      draw(h('p', { class: 'form-error', role: 'alert' }, [problem.detail ?? 'The personas cannot be shown.', problem.remedy].filter(Boolean).join(' ')),
        h('div', {}, h('button', { class: 'secondary', type: 'button', onclick: (e) => busy(e.currentTarget, () => load()) }, 'Try again')));
    }
  }

  function persona(one, product) {
    return h('li', { class: 'case', 'data-persona': one.id },
      h('div', { class: 'row spread' }, h('strong', {}, one.name), one.active ? null : h('span', { class: 'badge' }, 'not offered')),
      h('dl', { class: 'figures' },
        fact('Voice', one.voiceId), fact('Speaks with', one.effective.speechModel, !one.speechModel),
        fact('Thinks with', one.effective.languageModels.join(', then '), !one.languageModel),
        fact('Temperature', one.temperature), fact('Longest answer', `${one.maxTokens} tokens`),
        fact('Stability', one.effective.stability, one.stability === undefined),
        fact('Similarity', one.effective.similarityBoost, one.similarityBoost === undefined),
        fact('Style', one.effective.style, one.style === undefined),
        fact('Speed', one.effective.speed, one.speed === undefined)),
      one.lastChange ? h('small', {}, [`changed ${moment(one.lastChange.at)} by ${one.lastChange.by}`, one.lastChange.note].filter(Boolean).join(' · ')) : null,
      h('details', {}, h('summary', {}, `Change how ${one.name} sounds and thinks`), form(one, product)));
  }

  function form(one, product) {
    const name = (setting) => `${setting}-${one.id}`;
    const text = (setting, label, hint, more) => field(name(setting), label, { ...ID, ...more, value: one[setting] ?? '' }, hint);
    const number = (setting, label, hint) => text(setting, label, hint, { inputmode: 'decimal' });
    const names = Object.fromEntries(['voiceId', 'speechModel', 'languageModel', ...NUMBERS, 'note'].map((setting) => [setting, name(setting)]));
    return decision([
      text('voiceId', 'Voice', 'The id at the speech vendor', { maxlength: 64 }),
      text('speechModel', 'Speech model', `Empty for the product’s, ${product.speechModel}`, { maxlength: 64 }),
      text('languageModel', 'Language model', `Empty for the product’s: ${product.languageModels.join(', then ')}. They stand behind one of its own`, { maxlength: 100 }),
      h('div', { class: 'small-fields' },
        number('temperature', 'Temperature', '0 to 2'), number('maxTokens', 'Longest answer', '16 to 1000 tokens'),
        number('stability', 'Stability', `0 to 1, empty for ${product.stability}`),
        number('similarityBoost', 'Similarity', `0 to 1, empty for ${product.similarityBoost}`),
        number('style', 'Style', `0 to 1, empty for ${product.style}`),
        number('speed', 'Speed', `0.7 to 1.2, empty for ${product.speed}`)),
      field(name('note'), 'Why', { maxlength: 200 }, 'For whoever comes after you'),
    ], `Set for ${one.name}`, names, (values) => save(one, values));
  }

  async function save(one, values) {
    NUMBERS.filter((setting) => setting in values).forEach((setting) => { values[setting] = numeric(values[setting]); });
    try {
      await put(`/api/operator/personas/${one.id}`, { ...values, version: one.version });
    } catch (problem) {
      if (problem.code !== 'persona_changed') throw problem;
      await load(one.id);
      toast(`Somebody else has changed ${one.name} meanwhile. This is what stands now; nothing of yours was saved.`, 'bad');
      return;
    }
    await load(one.id);
    toast(`Saved. The next call with ${one.name} has it.`);
  }
}

const fact = (label, value, products = false) => h('div', {}, h('dt', {}, label), h('dd', {}, value, products ? h('small', {}, ' the product’s') : null));
