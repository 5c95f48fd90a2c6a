import { busy, h, replace, skeleton, toast } from '../dom.js';
import { del, get, post, put } from '../api.js';
import { decision } from './decision.js';
import { personasCard } from './personas.js';
import { field } from '../form.js';
import { fromNow, moment, statusTone, statusWord, words } from '../format.js';

const REFRESH_MS = 5000;
const AUDIT_MS = 600000;
// Every queue of the overview: its name, and what it means when it does not empty.
const QUEUES = {
  late_calls: ['Calls not begun in time', 'Is a call worker running, and Temporal up?'],
  undecided_calls: ['Calls ended, charge to be decided', 'They wait while charging is off, or a model has to judge.'],
  calls_to_tell_temporal: ['Calls to tell Temporal of', 'Nothing is lost while Temporal is away; they wait.'],
  telephony_callbacks: ['Callbacks of the telephony to apply', 'They are tried again by themselves.'],
  payment_events: ['Payment events to apply', 'They are tried again, up to every ten minutes.'],
  mails: ['E-mails owed', 'Tried ten times, further and further apart.'],
  mails_given_up: ['E-mails given up this week', 'Their people have to be told otherwise.'],
  open_cases: ['Open cases about money', 'For finance: Account, Decide about money.'],
};
const SWITCHES = {
  dialing: ['Dialling', 'Phones are rung', 'No phone is rung; calls that come due are refused'],
  answering: ['Answering', 'Who rings a persona is answered', 'Who rings is told that we cannot take calls now'],
  charging: ['Charging', 'Calls are charged', 'Calls go on; what would be charged waits'],
};

/** For operators: how the platform stands, what can be stopped at once, how personas sound, and who rings. */
export async function operatePage(root, argument, signal) {
  replace(root, h('h1', {}, 'Operate'), skeleton(4));
  const standing = h('section', { class: 'card money' });
  const inbound = h('section', { class: 'card money' });
  const [overview, switches] = await Promise.all([get('/api/operator/overview'), switchesCard(), drawInbound(inbound)]);
  drawStanding(standing, overview);
  replace(root, h('h1', {}, 'Operate'), standing, switches, personasCard(), auditCard(), inbound);
  const clock = setInterval(() => get('/api/operator/overview').then((fresh) => drawStanding(standing, fresh), () => {
    // The next look shows it; what stands is dated.
  }), REFRESH_MS);
  signal.addEventListener('abort', () => clearInterval(clock));
}

const head = (names) => h('thead', {}, h('tr', {}, names.map((name) => h('th', { scope: 'col' }, name))));
const region = (name, table) => h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': name }, table);

function drawStanding(place, seen) {
  const focused = place.contains(document.activeElement) ? document.activeElement.getAttribute('aria-label') : null;
  replace(place, h('h2', {}, 'How it stands'), h('p', { class: 'hint' }, `At ${moment(seen.at)}, every few seconds anew.`),
    seen.calls.length
      ? h('ul', { class: 'row' }, seen.calls.map((one) => h('li', {}, h('span', { class: `badge ${statusTone(one.status)}` }, `${statusWord(one.status)}: ${one.calls}`))))
      : h('p', { class: 'muted' }, 'No call is booked or under way.'),
    region('What waits', h('table', {}, head(['What waits', 'How many', 'Since']), h('tbody', {}, seen.queues.map((queue) => {
      const [name, hint] = QUEUES[queue.name] ?? [words(queue.name), ''];
      return h('tr', {}, h('th', { scope: 'row' }, name, queue.waiting ? h('small', {}, hint) : null),
        h('td', {}, queue.waiting ? h('span', { class: 'badge live' }, String(queue.waiting)) : '0'),
        h('td', {}, queue.since ? fromNow(queue.since) : '–'));
    })))),
    seen.voiceWorkers.length
      ? region('Voice workers', h('table', {}, head(['Voice worker', 'Calls', 'State']), h('tbody', {}, seen.voiceWorkers.map((one) => h('tr', {},
        h('th', { scope: 'row' }, one.name), h('td', {}, `${one.calls} of ${one.capacity}`), h('td', {}, worker(one)))))))
      : h('p', { class: 'form-error' }, 'No voice worker is there: nobody can be called.'));
  if (focused) place.querySelector(`[aria-label="${focused}"]`)?.focus();
}

function worker(one) {
  if (!one.alive) return [h('span', { class: 'badge bad' }, 'silent'), h('small', {}, ` heard ${fromNow(one.heardAt)}`)];
  return one.draining ? h('span', { class: 'badge calm' }, 'draining') : h('span', { class: 'badge good' }, 'takes calls');
}

async function switchesCard() {
  const place = h('section', { class: 'card' });
  await draw();
  return place;

  async function draw() {
    const { switches } = await get('/api/operator/switches');
    replace(place, h('h2', {}, 'Switches'), h('p', { class: 'hint' }, 'They count at once, in every process. Calls in progress go on.'),
      h('ul', { class: 'offers' }, switches.map(one)));
  }

  function one(state) {
    const [name, on, off] = SWITCHES[state.name] ?? [words(state.name), 'On', 'Off'];
    const reason = `reason-${state.name}`;
    return h('li', { class: 'case' },
      h('div', { class: 'row spread' }, h('strong', {}, name), h('span', { class: `badge ${state.enabled ? 'good' : 'bad'}` }, state.enabled ? 'on' : 'off')),
      h('p', {}, state.enabled ? on : off),
      h('small', {}, [`since ${moment(state.changedAt)}`, state.reason].filter(Boolean).join(' · ')),
      h('details', {}, h('summary', {}, state.enabled ? `Stop ${name.toLowerCase()}` : `Start ${name.toLowerCase()} again`), decision(
        [field(reason, 'Why', { maxlength: 200 }, 'For whoever comes after you')], state.enabled ? `Stop ${name.toLowerCase()} now` : `Start ${name.toLowerCase()} now`,
        { reason }, async (values) => {
          await put(`/api/operator/switches/${state.name}`, { ...values, enabled: !state.enabled });
          await draw();
          toast(`${name} is ${state.enabled ? 'off' : 'on'}`);
        })));
  }
}

function auditCard() {
  const result = h('div', { role: 'status' });
  const prove = h('button', { class: 'secondary', type: 'button', onclick: () => busy(prove, async () => {
    const audit = await get('/api/operator/ledger/audit', AUDIT_MS);
    replace(result, audit.ok
      ? h('p', {}, h('span', { class: 'badge good' }, 'clean'), ' Every sum, hold, grant and balance follows from the entries.')
      : [h('p', { class: 'form-error' }, `${audit.violations.length} violations`),
        h('ul', { class: 'offers' }, audit.violations.map((one) => h('li', { class: 'case' }, h('strong', {}, words(one.rule)), h('p', {}, one.subject), h('small', {}, one.detail), h('code', { class: 'secret' }, one.entries))))]);
  }) }, 'Prove the ledger');
  return h('section', { class: 'card' }, h('h2', {}, 'The books'), h('p', { class: 'hint' }, 'Recomputes the whole ledger from its entries; takes time in proportion.'), h('div', {}, prove), result);
}

async function drawInbound(place) {
  const [inbound, { blockedCallers }] = await Promise.all([get('/api/operator/inbound-calls?limit=20'), get('/api/operator/blocked-callers')]);
  const free = inbound.today.filter((one) => one.free).reduce((sum, one) => sum + one.calls, 0);
  const again = () => drawInbound(place);
  replace(place, h('h2', {}, 'Who rings'),
    h('p', {}, `Free calls today: ${free} of ${inbound.freeCallsPerDay}. `, inbound.today.map((one) => `${words(one.outcome)}: ${one.calls}`).join(', ')),
    inbound.calls.length ? region('The latest callers', h('table', {}, head(['When', 'Caller', 'Outcome', 'To do']), h('tbody', {}, inbound.calls.map((call) => h('tr', {},
      h('td', {}, moment(call.at)), h('th', { scope: 'row' }, call.caller ?? 'number withheld', h('small', {}, call.free ? 'free' : '')), h('td', {}, words(call.outcome)),
      h('td', {}, call.caller ? h('button', { class: 'quiet', type: 'button', 'aria-label': `Block ${call.caller}`, onclick: (e) => busy(e.currentTarget, async () => {
        await post('/api/operator/blocked-callers', { callSid: call.callSid, reason: '' });
        await again();
        toast('Blocked');
      }) }, 'Block') : null)))))) : h('p', { class: 'muted' }, 'Nobody has rung yet.'),
    blockedCallers.length ? h('ul', { class: 'keys' }, blockedCallers.map((one) => h('li', {},
      h('span', {}, h('strong', {}, one.caller), h('small', {}, [moment(one.blockedAt), one.reason].filter(Boolean).join(' · '))),
      h('button', { class: 'quiet', type: 'button', 'aria-label': `Let ${one.caller} in again`, onclick: (e) => busy(e.currentTarget, async () => {
        await del(`/api/operator/blocked-callers/${one.id}`);
        await again();
      }) }, 'Let in again')))) : null,
    h('details', {}, h('summary', {}, 'Block a number that has not rung yet'), decision(
      [field('blocked-number', 'Phone number', { type: 'tel' }, 'With country code; kept as a hash only'), field('blocked-reason', 'Why', { maxlength: 200 })],
      'Block the number', { phoneNumber: 'blocked-number', reason: 'blocked-reason' }, async (values) => {
        await post('/api/operator/blocked-callers', values);
        await again();
        toast('Blocked');
      })));
}
