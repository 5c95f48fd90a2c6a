import { h, replace, toast } from '../dom.js';
import { get, post } from '../api.js';
import { decision } from './decision.js';
import { field } from '../form.js';
import { dollars, moment, unitPrice, words } from '../format.js';

const percent = (part) => (part === undefined ? '–' : `${(part * 100).toFixed(1)} %`);
const region = (name, table) => h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': name }, table);
const head = (names) => h('thead', {}, h('tr', {}, names.map((name) => h('th', { scope: 'col' }, name))));
const num = (text) => h('td', { class: 'num' }, text);

/** What finance expects, who brings in what, and the months that were closed. */
export async function outlookCard() {
  const place = h('section', { class: 'card money' });
  await draw();
  return place;

  async function draw() {
    const [outlook, users, personas, { closings }] = await Promise.all([get('/api/finance/outlook'), get('/api/finance/top/users?limit=10'),
      get('/api/finance/top/personas?limit=10'), get('/api/finance/closings')]);
    replace(place, h('h2', {}, 'Outlook'), breakEven(outlook.breakEven),
      region('The next 28 days', h('table', {}, h('caption', {}, 'The next 28 days, as the last'), head(['Figure', 'Expected', 'The last forecast was off by']),
        h('tbody', {}, outlook.forecasts.map((one) => h('tr', {}, h('th', { scope: 'row' }, words(one.figure)), num(dollars(one.usd)), num(percent(one.lastError))))))),
      h('details', {}, h('summary', {}, 'What a minute of each product leaves'), region('Price matrix', h('table', {}, head(['Product', 'A minute', 'Costs', 'Leaves']),
        h('tbody', {}, outlook.priceMatrix.map((one) => h('tr', {}, h('th', { scope: 'row' }, words(one.product)), num(unitPrice(one.usdPerMinute)),
          num(one.costPerMinuteUsd === undefined ? '–' : unitPrice(one.costPerMinuteUsd)), num(percent(one.margin)))))))),
      h('details', {}, h('summary', {}, 'Who brings in what'), top('Personas', personas.shares), top('Users', users.shares)),
      h('details', {}, h('summary', {}, 'Close a month'), close(), closings.length ? h('ul', { class: 'offers' }, closings.map(closed)) : null));
  }

  function close() {
    return decision([field('closing-month', 'Month', { placeholder: '2026-10' }, 'One that is over'), field('closing-note', 'Note', { maxlength: 500 })],
      'Close the month', { month: 'closing-month', note: 'closing-note' }, async (values) => {
        await post('/api/finance/closings', values);
        await draw();
        toast('Closed');
      });
  }
}

function breakEven(even) {
  if (!even) return h('p', { class: 'muted' }, 'Break-even cannot be said yet: enter a month’s bill under Prices, and let some minutes be paid.');
  return h('p', {}, `${even.minutesPerMonth} minutes a month${even.callsPerMonth === undefined ? '' : ` (${even.callsPerMonth} calls)`} pay the ${dollars(even.fixedUsd)} of ${even.month}: a minute leaves ${unitPrice(even.leftPerMinuteUsd)}.`);
}

function top(name, shares) {
  return region(name, h('table', {}, h('caption', {}, `${name}, the last 28 days`), head([name, 'Calls', 'Revenue', 'Costs']),
    h('tbody', {}, shares.map((share) => h('tr', {}, h('th', { scope: 'row' }, share.subject || 'nobody’s'), num(String(share.calls)), num(dollars(share.revenueUsd)), num(dollars(share.costUsd)))))));
}

function closed(one) {
  return h('li', { class: 'case' }, h('div', { class: 'row spread' }, h('strong', {}, one.month),
    h('span', { class: `badge ${one.differing.length ? 'live' : 'good'}` }, one.differing.length ? `${one.differing.length} figures differ now` : 'as in the books')),
  h('small', {}, [moment(one.closedAt), `${one.openCases} cases were open`, one.note, one.differing.map(words).join(', ')].filter(Boolean).join(' · ')));
}
