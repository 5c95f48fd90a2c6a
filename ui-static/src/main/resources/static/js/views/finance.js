import { busy, emptyState, h, icon, replace, skeleton, toast } from '../dom.js';
import { get, post } from '../api.js';
import { field, numeric } from '../form.js';
import { decision } from './decision.js';
import { figuresCard } from './figures.js';
import { outlookCard } from './outlook.js';
import { pricesCard } from './prices.js';
import { reconcileCard } from './reconcile.js';
import { dollars, duration, moment, policyWord, reasonWord, words } from '../format.js';

const PAGE = 20;
const DECISIONS = { charged: ['Charged', 'live'], not_charged: ['Not charged', 'good'], pending: ['To be decided', 'calm'] };
const POLL_MS = 1000;

/** For people with the role finance: what a person must decide about money; with an id, the charge of that call. */
export async function financePage(root, callId, signal) {
  if (callId) return chargePage(root, callId);
  replace(root, h('h1', {}, 'Money'), skeleton(3));
  const cases = h('section', { class: 'card' }, h('h2', {}, 'Cases'));
  const [first, figures, outlook, reconcile, prices] = await Promise.all([get(`/api/finance/cases?state=open&limit=${PAGE}`), figuresCard(), outlookCard(), reconcileCard(signal), pricesCard(signal)]);
  replace(root, h('h1', {}, 'Money'), figures, outlook, cases, reconcile, prices, lookUp(), refundForm(signal));
  drawCases(cases, 'open', first);
}

function drawCases(place, state, first) {
  const list = h('ul', { class: 'offers' });
  const more = h('button', { class: 'secondary', type: 'button' }, 'Show earlier cases');
  const choice = h('div', { class: 'segments', role: 'group', 'aria-label': 'Which cases' }, [['open', 'Open'], ['closed', 'Closed']].map(([value, label]) =>
    h('button', { type: 'button', 'aria-pressed': String(value === state), onclick: (e) => busy(e.currentTarget, async () =>
      drawCases(place, value, await get(`/api/finance/cases?state=${value}&limit=${PAGE}`))) }, label)));
  replace(place, h('h2', {}, 'Cases'), choice, first.cases.length ? list : emptyState('check', `No ${state} cases`, 'What could not be booked by itself waits here for a person.'), more);
  add(first);

  function add(page) {
    list.append(...page.cases.map(caseRow));
    more.hidden = !page.nextCursor;
    more.onclick = () => busy(more, async () => add(await get(`/api/finance/cases?state=${state}&limit=${PAGE}&cursor=${page.nextCursor}`)));
  }
}

function caseRow(found) {
  const row = h('li', { class: 'case' });
  draw(found);
  return row;

  function draw(one) {
    replace(row, h('div', { class: 'row spread' }, h('strong', {}, words(one.kind)), h('span', { class: `badge ${one.state === 'open' ? 'live' : 'good'}` }, one.state)),
      h('p', {}, one.detail), h('small', {}, `${moment(one.openedAt)} · ${one.subject} · with ${one.owner}`),
      one.state === 'open' ? resolveForm(one) : h('p', { class: 'muted' }, `${moment(one.closedAt)}: ${one.resolution}`));
  }

  function resolveForm(one) {
    return h('details', {}, h('summary', {}, 'Resolve'), decision(
      [field(`resolution-${one.id}`, 'What was done', { tag: 'textarea', rows: 2, maxlength: 1000 }, 'Kept with your name. It moves no money.')],
      'Close the case', { resolution: `resolution-${one.id}` }, async (values) => draw(await post(`/api/finance/cases/${one.id}/resolve`, values))));
  }
}

function needed(id) {
  if (!id) throw { errors: [{ field: 'id', code: 'field_required' }] };
  return id;
}

function lookUp() {
  return h('section', { class: 'card' }, h('h2', {}, 'A charge somebody complains about'), decision(
    [field('callId', 'Call', { autocomplete: 'off', spellcheck: 'false' }, 'Its id, as in the address of its page')], 'Look at the charge', { id: 'callId' },
    async ({ id }) => { location.hash = `#/finance/${needed(id)}`; }));
}

function refundForm(signal) {
  const result = h('p', { role: 'status' });
  return h('section', { class: 'card' }, h('h2', {}, 'Give a payment back'), decision(
    [field('purchase', 'Purchase', { autocomplete: 'off', spellcheck: 'false' }, 'Its id, as in the address of its page'),
      field('amountUsd', 'Dollars', { inputmode: 'decimal' }, 'All that is left of the payment when empty'), field('note', 'Why', { maxlength: 500 })],
    'Order the refund', { id: 'purchase', amountUsd: 'amountUsd', note: 'note' }, async ({ id, ...values }, key) => {
      if (values.amountUsd) values.amountUsd = numeric(values.amountUsd);
      await watchRefund(await post(`/api/finance/purchases/${encodeURIComponent(needed(id))}/refunds`, values, { 'Idempotency-Key': key }), result, signal);
    }), result);
}

/** Ordered is not done: the payment service says when the money went. */
async function watchRefund(order, place, signal) {
  const badges = { ordered: 'live', issued: 'good', failed: 'bad' };
  let current = order;
  for (;;) {
    replace(place, h('span', { class: `badge ${badges[current.status] ?? 'muted'}` }, words(current.status)), ` ${dollars(current.amountUsd)} `,
      current.status === 'failed' ? words(current.statusReason) : current.status === 'issued' ? 'is on its way back.' : 'goes to the payment service…');
    if (current.status !== 'ordered' || signal.aborted) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    current = await get(`/api/finance/refunds/${order.id}`);
  }
}

async function chargePage(root, callId) {
  const back = h('a', { class: 'backlink', href: '#/finance' }, icon('back'), 'Money');
  replace(root, back, h('h1', {}, 'A call’s charge'), skeleton(3));
  const path = `/api/finance/calls/${encodeURIComponent(callId)}`;
  draw(await get(`${path}/charge`));

  function draw(charge) {
    const [label, tone] = DECISIONS[charge.decision] ?? [charge.decision, 'muted'];
    const left = (charge.chargedSeconds ?? 0) - charge.returnedSeconds;
    const figures = [['Talked', charge.connectedSeconds ?? 0], ['Charged', charge.chargedSeconds ?? 0], ['Given back', charge.returnedSeconds], ['Still charged', left]];
    replace(root, back, h('h1', {}, 'A call’s charge'),
      h('section', { class: 'card' },
        h('p', {}, h('span', { class: `badge ${tone}` }, label), ' ', charge.reason ? reasonWord(charge.reason) : '', `; sold as: ${policyWord(charge.policy)}`, charge.endedBy ? `; ended by: ${words(charge.endedBy)}` : ''),
        h('dl', { class: 'figures' }, figures.map(([name, seconds]) => h('div', {}, h('dt', {}, name), h('dd', { 'data-figure': name }, duration(seconds)))))),
      charge.reviews.length ? h('section', { class: 'card' }, h('h2', {}, 'Reviews'), h('ul', { class: 'offers' }, charge.reviews.map((review) => h('li', {},
        h('span', {}, review.note, h('small', {}, moment(review.at))),
        h('span', { class: `badge ${review.verdict === 'reversed' ? 'good' : 'calm'}` }, review.verdict === 'reversed' ? `${duration(review.returnedSeconds)} given back` : 'stands'))))) : null,
      charge.decision === 'charged' && left > 0 ? review() : null, goodwill());
  }

  function goodwill() {
    return h('section', { class: 'card' }, h('h2', {}, 'Give minutes'), h('p', { class: 'hint' }, 'To whoever had the call, charged or not. They cost nothing and never expire.'), decision(
      [field('goodwill-minutes', 'Minutes', { inputmode: 'numeric' }, '1 to 600'), field('goodwill-note', 'What for', { maxlength: 500 })],
      'Give the minutes', { minutes: 'goodwill-minutes', note: 'goodwill-note' }, async (values, key) => {
        const given = await post(`${path}/goodwill`, { ...values, ...(values.minutes ? { minutes: numeric(values.minutes) } : {}) }, { 'Idempotency-Key': key });
        draw(await get(`${path}/charge`));
        toast(`${given.minutes} minutes given`);
      }));
  }

  function review() {
    return h('section', { class: 'card' }, h('h2', {}, 'Decide'), decision([
      h('div', { class: 'field' }, h('label', { for: 'f-verdict' }, 'The charge'), h('select', { id: 'f-verdict', name: 'verdict' },
        h('option', { value: 'accepted' }, 'stands'), h('option', { value: 'reversed' }, 'is given back')), h('p', { class: 'field-error', id: 'f-verdict-error' })),
      field('seconds', 'Seconds to give back', { inputmode: 'numeric' }, 'All that is left when empty'),
      field('note', 'Why', { tag: 'textarea', rows: 2, maxlength: 500 })], 'Decide', { verdict: 'verdict', seconds: 'seconds', note: 'note' },
    async (values, key) => {
      const body = { ...values, ...(values.seconds ? { seconds: numeric(values.seconds) } : {}) };
      if (body.verdict === 'accepted') delete body.seconds;
      await post(`${path}/charge-reviews`, body, { 'Idempotency-Key': key });
      draw(await get(`${path}/charge`));
      toast('Decided');
    }));
  }
}
