import { avatar, busy, emptyState, h, replace, skeleton } from '../dom.js';
import { allPersonas, get } from '../api.js';
import { duration, fromNow, moment, planned, statusTone, statusWord, usd } from '../format.js';

const PAGE = 15;

/** Every call, newest first. */
export async function historyPage(root) {
  replace(root, h('h1', {}, 'Your calls'), skeleton(5));
  const [personas, first] = await Promise.all([allPersonas(), get(`/api/calls?limit=${PAGE}`)]);
  const byId = new Map(personas.map((p) => [p.id, p]));
  if (!first.calls.length) {
    replace(root, h('h1', {}, 'Your calls'), emptyState('phone', 'No calls yet', 'Pick someone, and the phone rings in seconds.', h('a', { class: 'button primary', href: '#/' }, 'Be called')));
    return;
  }
  const list = h('ul', { class: 'calls' });
  const more = h('button', { class: 'secondary', hidden: true }, 'Show earlier calls');
  replace(root, h('h1', {}, 'Your calls'), list, h('div', { class: 'row center' }, more));
  add(first);

  function add(page) {
    list.append(...page.calls.map((call) => row(call, byId.get(call.personaId) ?? { name: call.personaId })));
    more.hidden = !page.nextCursor;
    more.onclick = () => busy(more, async () => add(await get(`/api/calls?limit=${PAGE}&cursor=${page.nextCursor}`)));
  }
}

function row(call, persona) {
  const upcoming = call.status === 'scheduled' && !call.immediate;
  const talked = call.settlement?.billedSeconds;
  return h('li', {}, h('a', { class: 'call-row', href: `#/call/${call.id}` },
    avatar(persona),
    h('span', { class: 'call-text' },
      h('strong', {}, persona.name), h('span', { class: 'one-line' }, call.pretext || (call.direction === 'inbound' ? 'You rang' : call.immediate ? 'Called right away' : 'Scheduled call')),
      h('small', {}, upcoming ? `${planned(call)} · ${fromNow(call.scheduledFor)}` : moment(call.answeredAt ?? call.createdAt))),
    h('span', { class: 'call-side' }, h('span', { class: `badge ${statusTone(call.status)}` }, statusWord(call.status)),
      talked ? h('small', {}, `${duration(talked)} min`) : null, call.costTotalUsd === undefined ? null : h('small', {}, usd(call.costTotalUsd)))));
}
