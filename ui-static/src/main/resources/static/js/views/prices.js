import { busy, h, replace, toast } from '../dom.js';
import { get, newKey, post } from '../api.js';
import { decision } from './decision.js';
import { field, numeric } from '../form.js';
import { moment, unitPrice, usd, vendorWord, words } from '../format.js';

const POLL_MS = 700;
const TONES = { api: 'good', manual: 'calm', inferred: 'live' };
const STATES = { pending: 'live', accepted: 'good', refused: 'muted', withdrawn: 'muted' };

/** What vendors ask for, and the changes that wait for a decision. */
export async function pricesCard(signal) {
  const place = h('section', { class: 'card money' });
  await draw();
  return place;

  async function draw() {
    const [book, { changes }] = await Promise.all([get('/api/finance/prices'), get('/api/finance/price-changes')]);
    const waiting = changes.filter((change) => change.state === 'pending');
    const decided = changes.filter((change) => change.state !== 'pending').slice(0, 10);
    replace(place, h('h2', {}, 'Prices'),
      waiting.length ? h('ul', { class: 'offers' }, waiting.map((change) => h('li', { class: 'case' }, told(change), form(change)))) : null,
      h('div', {}, h('button', { class: 'secondary', type: 'button', onclick: (e) => busy(e.currentTarget, refresh) }, 'Read all prices now')),
      h('details', {}, h('summary', {}, 'The price book'), table(book.prices)),
      decided.length ? h('details', {}, h('summary', {}, 'Changes decided'), h('ul', { class: 'offers' }, decided.map((change) => h('li', { class: 'case' }, told(change))))) : null,
      h('details', {}, h('summary', {}, 'Enter a price that no vendor’s API states'), entry()),
      h('details', {}, h('summary', {}, 'Enter a month’s bill for what all calls share'), bill()));
  }

  function bill() {
    return decision([field('bill-payee', 'From', { maxlength: 80 }), field('bill-month', 'Month', { placeholder: '2026-11' }, 'As 2026-11'),
      field('bill-amount', 'Dollars', { inputmode: 'decimal' }), field('bill-note', 'Note', { maxlength: 500 })],
    'Enter the bill', { payee: 'bill-payee', month: 'bill-month', amountUsd: 'bill-amount', note: 'bill-note' }, async (values, key) => {
      if (values.amountUsd) values.amountUsd = numeric(values.amountUsd);
      const booked = await post('/api/finance/bills', values, { 'Idempotency-Key': key });
      await draw();
      toast(`Entered: ${usd(booked.bookedUsd)} beyond the ${usd(booked.carriedUsd)} that calls carry`);
    });
  }

  function form(change) {
    const id = `price-${change.id}`;
    const verdict = `verdict-${id}`;
    return decision([
      h('div', { class: 'field' }, h('label', { for: `f-${verdict}` }, 'The new price'), h('select', { id: `f-${verdict}`, name: verdict },
        h('option', { value: 'accepted' }, 'is accepted'), h('option', { value: 'refused' }, 'is refused: the old one stays')), h('p', { class: 'field-error', id: `f-${verdict}-error` })),
      field(id, 'Why', { maxlength: 500 })], 'Decide', { verdict, note: id }, async (values) => {
      await post(`/api/finance/price-changes/${change.id}/decide`, values);
      await draw();
      toast('Decided');
    });
  }

  function entry() {
    return decision([
      field('price-vendor', 'Vendor', { autocomplete: 'off', spellcheck: 'false' }, 'As in the price book, such as deepgram'),
      field('price-operation', 'Operation', { autocomplete: 'off', spellcheck: 'false' }, 'Such as listen'),
      field('price-model', 'Model', { autocomplete: 'off', spellcheck: 'false' }, 'Empty: any model without a price of its own'),
      field('price-unit', 'Unit', { autocomplete: 'off', spellcheck: 'false' }, 'Such as minute'),
      field('price-usd', 'Dollars a unit', { inputmode: 'decimal' }), field('price-note', 'Where it is from', { maxlength: 500 })],
    'Enter the price', { vendor: 'price-vendor', operation: 'price-operation', model: 'price-model', unit: 'price-unit', usd: 'price-usd', note: 'price-note' },
    async (values) => {
      if (values.usd) values.usd = numeric(values.usd);
      await post('/api/finance/prices', values);
      await draw();
      toast('Entered');
    });
  }

  async function refresh() {
    let run = await post('/api/finance/price-refreshes', {}, { 'Idempotency-Key': newKey() });
    while (run.status !== 'done' && !signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      run = await get(`/api/finance/price-refreshes/${run.id}`);
    }
    if (signal.aborted) return;
    await draw();
    const { read, changed, held, sourcesFailed } = run.progress;
    toast(`${read} read, ${changed} changed, ${held} wait for you${sourcesFailed ? `, ${sourcesFailed} vendors did not answer` : ''}`);
  }
}

const what = (one) => `${vendorWord(one.vendor)}, ${words(one.operation)}${one.model ? ` (${one.model})` : ''}`;

function told(change) {
  return [h('div', { class: 'row spread' }, h('strong', {}, what(change)), h('span', { class: `badge ${STATES[change.state]}` }, change.state)),
    h('p', {}, `${unitPrice(change.newUsd)} a ${change.unit} instead of ${change.oldUsd === undefined ? 'no price' : unitPrice(change.oldUsd)}`),
    h('small', {}, [moment(change.readAt), change.note, change.decisionNote].filter(Boolean).join(' · '))];
}

function table(prices) {
  return h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'The price book' }, h('table', {},
    h('thead', {}, h('tr', {}, ['What', 'Price', 'Source', 'Since'].map((name) => h('th', { scope: 'col' }, name)))),
    h('tbody', {}, prices.map((price) => h('tr', {},
      h('th', { scope: 'row' }, what(price), h('small', {}, price.note)),
      h('td', { class: 'num' }, price.usd === undefined ? '–' : `${unitPrice(price.usd)} a ${price.unit}`),
      h('td', {}, h('span', { class: `badge ${TONES[price.source]}` }, price.source)),
      h('td', {}, moment(price.validFrom)))))));
}
