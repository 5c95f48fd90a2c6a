import { busy, emptyState, h, replace, skeleton } from '../dom.js';
import { get } from '../api.js';
import { countedSeconds, uncounted } from './plan.js';
import { dayOf, duration, kindWord, moment, sourceWord } from '../format.js';

const PAGE = 20;

/** What is left, what is set aside, and every line that made it so. */
export async function creditPage(root) {
  replace(root, h('h1', {}, 'Credits'), skeleton(5));
  const [credit, first, { subscriptions }] = await Promise.all([get('/api/credits'), get(`/api/credits/lines?limit=${PAGE}`), get('/api/subscriptions')]);
  const plan = uncounted(subscriptions);
  const available = countedSeconds(credit, plan);
  const all = available + credit.heldSeconds;
  const body = h('tbody');
  const more = h('button', { class: 'secondary', hidden: true }, 'Show earlier lines');
  replace(root, h('h1', {}, 'Credits'),
    h('section', { class: 'card wallet' },
      h('p', { class: 'big' }, duration(available), h('small', {}, 'minutes left')),
      plan ? h('p', {}, `Your plan counts calls, not minutes: ${plan.left} of ${plan.limit} are left this month. The minutes above are beside it.`) : null,
      h('div', { class: 'meter', role: 'img', 'aria-label': `${duration(available)} available, ${duration(credit.heldSeconds)} set aside` },
        h('span', { vars: { part: all ? `${(available / all) * 100}%` : '0%' } })),
      h('p', { class: 'hint' }, credit.heldSeconds ? `${duration(credit.heldSeconds)} set aside for calls under way.` : 'Nothing is set aside just now.',
        credit.owedSeconds ? ` ${duration(credit.owedSeconds)} of an earlier call are still owed.` : ''),
      h('p', {}, h('a', { class: 'button primary', href: '#/buy' }, 'Buy minutes'))),
    grants(credit.grants.filter((grant) => grant.status === 'usable' && !(plan && grant.source === 'subscription'))),
    first.lines.length
      ? h('section', { class: 'card' }, h('h2', {}, 'Every movement'), h('table', {},
        h('thead', {}, h('tr', {}, ['What', 'Available', 'Set aside'].map((name, i) => h('th', { scope: 'col', class: i ? 'num' : '' }, name)))), body),
      h('div', { class: 'row center' }, more))
      : emptyState('wallet', 'No movements yet', 'Credit you receive or use is listed here, second by second.'));
  add(first);

  function add(page) {
    body.append(...page.lines.map((line) => h('tr', {},
      h('th', { scope: 'row' }, line.callId ? h('a', { href: `#/call/${line.callId}` }, kindWord(line.kind)) : kindWord(line.kind), h('small', {}, moment(line.at))),
      signed(line.availableSeconds), signed(line.heldSeconds))));
    more.hidden = !page.nextCursor;
    more.onclick = () => busy(more, async () => add(await get(`/api/credits/lines?limit=${PAGE}&cursor=${page.nextCursor}`)));
  }
}

/** Where the minutes come from, in the order they are used, and how long they keep. */
function grants(usable) {
  if (!usable.length) return null;
  return h('section', { class: 'card' }, h('h2', {}, 'Where they come from'), h('ul', { class: 'bars' }, usable.map((grant) => h('li', {},
    h('span', {}, sourceWord(grant.source), h('small', {}, grant.expiresAt ? ` until ${dayOf(grant.expiresAt)}` : '')),
    h('span', { class: 'bar', 'aria-hidden': 'true' }, h('span', { vars: { part: `${(grant.availableSeconds / grant.grantedSeconds) * 100}%` } })),
    h('span', { class: 'num' }, duration(grant.availableSeconds), h('small', {}, ` of ${duration(grant.grantedSeconds)}`))))));
}

function signed(seconds) {
  if (!seconds) return h('td', { class: 'num muted' }, '0');
  return h('td', { class: `num ${seconds > 0 ? 'plus' : 'minus'}` }, `${seconds > 0 ? '+' : '−'}${duration(Math.abs(seconds))}`);
}
