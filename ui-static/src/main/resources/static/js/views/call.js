import { avatar, busy, h, icon, replace, skeleton, toast } from '../dom.js';
import { allPersonas, follow, get, newKey, post } from '../api.js';
import { duration, endedWord, fromNow, moment, planned, policyWord, reasonWord, statusTone, statusWord, timeOfDay, unitPrice, usd, vendorWord, words } from '../format.js';
import { laterFields } from './book.js';
import { showErrors } from '../form.js';
import { costChart } from './charts.js';
import { answerTime, timeline } from './timeline.js';
import { recordingPart } from './recording.js';

const STEPS = [
  ['Booked', ['scheduled']], ['Ringing', ['due', 'admitted', 'dialing', 'ringing', 'retry_wait']],
  ['Talking', ['in_progress']], ['Settled', ['ended', 'settled', 'completed']],
];

/** One call: live while it happens, complete with charge and costs afterwards. */
export async function callPage(root, id, signal) {
  replace(root, skeleton(6));
  const [personas, first] = await Promise.all([allPersonas(), get(`/api/calls/${encodeURIComponent(id)}`)]);
  let call = first;
  let offered = '';
  const persona = personas.find((p) => p.id === call.personaId) ?? { name: call.personaId };

  const head = h('section', { class: 'call-head', vars: { accent: persona.accentColor ?? '#64748b' } });
  const actions = h('div', { class: 'row actions' });
  const transcript = h('ol', { class: 'transcript', 'aria-live': 'polite', 'aria-label': 'Transcript', tabindex: '0' });
  const thinking = h('p', { class: 'thinking', 'aria-hidden': 'true', hidden: true }, avatar(persona, 'small'), h('span', { class: 'bubble' }, h('i'), h('i'), h('i')));
  const spoken = h('section', { class: 'card' }, h('h2', {}, 'Transcript'), transcript, thinking);
  const refused = h('div', { class: 'result' });
  const times = h('div', { class: 'result times' });
  const result = h('div', { class: 'result' });
  const recording = recordingPart(signal);
  const news = h('p', { class: 'visually-hidden', role: 'status' });
  const connection = h('p', { class: 'connection', role: 'status' });
  replace(root, h('a', { class: 'backlink', href: '#/history' }, icon('back'), 'All calls'), head, news, actions, connection,
    // On a wide screen what was said stands on the left, and where the time went on the right.
    refused, h('div', { class: 'beside' }, h('div', { class: 'result' }, spoken, recording.place, result), times));
  call.transcript.forEach(addTurn);
  draw();
  transcript.scrollTop = transcript.scrollHeight;

  const clock = setInterval(tick, 1000);
  // The running cost grows between events, and an answer may get lost: it is asked for while anything goes on.
  const cost = setInterval(() => { if (!call.terminal && call.status !== 'scheduled') refresh(); }, 5000);
  signal.addEventListener('abort', () => { clearInterval(clock); clearInterval(cost); });
  if (!call.terminal) {
    follow(call.id, call.lastEventId, onEvent, (state) => {
      connection.textContent = state === 'live' ? '' : 'Connection lost, trying again…';
    }, signal);
  }

  function onEvent(kind, data) {
    if (kind === 'turn') {
      addTurn(data);
      if (!call.transcript.some((turn) => turn.turn === data.turn)) call.transcript.push(data);
      drawTurnOf();
      drawTimes();
    }
    if (kind === 'status' || kind === 'end' || kind === 'usage' || kind === 'notice') refresh();
  }

  let refreshing = null;
  let again = false;
  function refresh() {
    // What is under way may have been read before that which is told now.
    again = refreshing !== null;
    refreshing ??= get(`/api/calls/${call.id}`).then((fresh) => {
      // What is set aside, charged or given back moves with the status.
      if (fresh.status !== call.status) dispatchEvent(new Event('credit-changed'));
      call = fresh;
      fresh.transcript.forEach(addTurn);
      draw();
    }).catch(() => {}).finally(() => {
      refreshing = null;
      if (again) refresh();
    });
    return refreshing;
  }

  function addTurn(turn) {
    const turnId = `turn-${turn.turn}`;
    if (document.getElementById(turnId)) return;
    const own = turn.speaker === 'user';
    const who = personas.find((p) => p.id === turn.record?.persona) ?? persona;
    const last = [...transcript.children].findLast((row) => row.dataset.who)?.dataset.who ?? persona.id;
    if (!own && who.id !== last) transcript.append(h('li', { class: 'handed' }, `${who.name} takes over`));
    const following = transcript.scrollHeight - transcript.scrollTop - transcript.clientHeight < 120;
    transcript.append(h('li', { id: turnId, class: own ? 'turn own' : 'turn', 'data-who': own ? null : who.id, vars: { accent: who.accentColor ?? '#64748b' } },
      own ? null : avatar(who, 'small'),
      h('div', { class: 'bubble' }, h('span', { class: 'visually-hidden' }, own ? 'You: ' : `${who.name}: `), turn.text,
        turn.interrupted ? h('span', { class: 'cut', title: 'You interrupted here' }, '\u00a0—') : null,
        h('span', { class: 'meta' }, timeOfDay(turn.at), turn.interrupted ? ' · interrupted' : '', answerTime(turn) ? h('span', { title: 'from the end of your turn to the first sound of the answer' }, ` · ${answerTime(turn)}`) : null))));
    // While people talk the list follows them, unless its reader has scrolled back.
    if (following) transcript.scrollTop = transcript.scrollHeight;
  }

  function draw() {
    document.title = `${statusWord(call.status)} · ${persona.name} · Call Me Back`;
    replace(head,
      h('div', { class: `halo ${statusTone(call.status)}` }, avatar(persona, 'huge')),
      h('h1', {}, persona.name),
      h('p', { class: 'status' }, h('span', { class: `badge ${statusTone(call.status)}` }, statusWord(call.status)), ' ', h('span', { id: 'status-line' }, line())),
      call.pretext ? h('p', { class: 'pretext' }, `“${call.pretext}”`) : null,
      steps(), figures());
    const told = `${persona.name}: ${statusWord(call.status)}`;
    // Its own place, written on a change only: the clock beside the badge would be read out every second.
    if (news.textContent !== told) news.textContent = told;
    drawActions();
    recording.show(call);
    drawTurnOf();
    drawTimes();
    replace(refused, call.refusal ? refusal() : null);
    replace(result, call.settlement?.settledAt || call.terminal ? settled() : null);
    transcript.classList.toggle('live', !call.terminal);
    spoken.hidden = !transcript.children.length && (call.terminal || call.status === 'scheduled');
    if (!transcript.children.length) transcript.dataset.empty = call.terminal ? '' : 'What you both say appears here as it is heard.';
    else delete transcript.dataset.empty;
  }

  /** While your last word is not answered yet, or its answer not spoken to the end. */
  function drawTurnOf() {
    thinking.hidden = call.status !== 'in_progress' || call.transcript.at(-1)?.speaker !== 'user';
  }

  function drawTimes() {
    replace(times, timeline(call));
  }

  function line() {
    switch (call.status) {
      case 'scheduled': return call.immediate ? 'in a moment' : `${planned(call)}, ${fromNow(call.scheduledFor)}`;
      case 'ringing': return inbound() ? 'you rang' : `your phone, attempt ${call.attempt}`;
      case 'retry_wait': return `you were not reached; attempt ${call.attempt + 1} follows`;
      case 'in_progress': return duration((Date.now() - new Date(call.answeredAt)) / 1000);
      case 'refused': return '';
      case 'failed': case 'missed': case 'unanswered': return reasonWord(call.statusReason);
      case 'completed': return `${moment(call.answeredAt ?? call.createdAt)}, ${endedWord(call.endedBy, call.endReason)}`;
      default: return '';
    }
  }

  function inbound() {
    return call.direction === 'inbound';
  }

  function tick() {
    const place = document.getElementById('status-line');
    if (place && (call.status === 'in_progress' || call.status === 'scheduled')) place.textContent = line();
  }

  function steps() {
    const at = STEPS.findIndex(([, statuses]) => statuses.includes(call.status));
    if (at < 0) return null;
    const done = call.status === 'completed' ? STEPS.length : at;
    return h('ol', { class: 'steps', 'aria-label': 'Progress' }, STEPS.map(([label], index) => h('li', {
      class: index < done ? 'done' : index === at ? 'now' : '', 'aria-current': index === at && done !== STEPS.length ? 'step' : null,
    }, h('span', { class: 'dot' }, index < done ? icon('check') : null), label)));
  }

  function figures() {
    const total = call.durationMinutes + call.extendedMinutes;
    const items = [['Length', `${total} min`], [inbound() ? 'You rang' : 'Number', call.phoneNumber]];
    const spent = call.costTotalUsd ?? call.runningCostUsd;
    if (spent !== undefined) items.push([call.costTotalUsd === undefined ? 'Cost so far' : 'Cost', usd(spent)]);
    return h('dl', { class: 'figures' }, items.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', { 'data-figure': name }, value))));
  }

  function act(button, path, body, done) {
    return busy(button, async () => {
      call = await post(`/api/calls/${call.id}/${path}`, body, { 'Idempotency-Key': newKey() });
      draw();
      dispatchEvent(new Event('credit-changed'));
      toast(done);
    });
  }

  function drawActions() {
    // What is focused stays focused while the same things can be done.
    const offer = [call.terminal, ...call.actions].join();
    if (offer === offered) return;
    offered = offer;
    const can = (action) => call.actions.includes(action);
    replace(actions,
      can('hang_up') ? h('button', { class: 'danger', onclick: (e) => act(e.currentTarget, 'hang-up', undefined, 'Hanging up') }, icon('hangup'), 'Hang up') : null,
      can('extend') ? extension(1) : null,
      can('extend') ? extension(5) : null,
      can('reschedule') && !call.immediate ? h('button', { class: 'secondary', onclick: openMove }, icon('clock'), 'Move') : null,
      can('cancel') ? h('button', { class: 'quiet', onclick: (e) => act(e.currentTarget, 'cancel', undefined, 'The call is cancelled') }, 'Cancel the call') : null,
      call.terminal ? h('a', { class: 'button secondary', href: '#/' }, icon('phone'), 'Call again') : null);
  }

  function extension(minutes) {
    const words = minutes === 1 ? '1 minute more' : `${minutes} minutes more`;
    return h('button', { class: 'secondary', 'aria-label': words, onclick: (e) => act(e.currentTarget, 'extend', { minutes }, words) }, icon('plus'), `${minutes} min`);
  }

  function openMove() {
    const alert = h('p', { class: 'form-error', role: 'alert', hidden: true });
    const save = h('button', { class: 'primary', type: 'submit' }, 'Move the call');
    const dialog = h('dialog', { 'aria-label': 'Move the call', onclose: () => dialog.remove() });
    const form = h('form', { novalidate: true, onsubmit: (event) => {
      event.preventDefault();
      busy(save, async () => {
        call = await post(`/api/calls/${call.id}/reschedule`, Object.fromEntries(new FormData(form)));
        draw();
        dialog.close();
      }, (problem) => { showErrors(form, alert, problem); return true; });
    } }, h('h2', {}, 'Move the call'), laterFields(call.localTime, call.timeZone), alert,
      h('div', { class: 'row' }, save, h('button', { class: 'quiet', type: 'button', onclick: () => dialog.close() }, 'Keep it')));
    dialog.append(form);
    root.append(dialog);
    dialog.showModal();
  }

  function refusal() {
    return h('section', { class: 'card notice bad', role: 'alert' }, icon('alert'),
      h('div', {}, h('strong', {}, call.refusal.message), h('p', {}, call.refusal.remedy),
        ['insufficient_credit', 'plan_calls_used_up', 'fair_use_exceeded'].includes(call.refusal.code) ? h('p', {}, h('a', { href: '#/buy' }, 'Buy minutes')) : null));
  }

  function settled() {
    const s = call.settlement;
    return [
      h('section', { class: 'card' }, h('h2', {}, 'Charge'),
        s?.settledAt
          ? h('p', {}, h('strong', {}, s.chargeDecision === 'charged' && call.free ? 'Free: your first call' : s.chargeDecision === 'charged' ? `Charged ${duration(s.creditSeconds.captured)} minutes` : s.chargeDecision === 'pending' ? 'To be decided' : 'Not charged'),
            s.chargeReason ? `, because ${reasonWord(s.chargeReason)}.` : '.',
            // By the second is what anybody expects, and what the reason says.
            s.chargeDecision === 'charged' && !call.free && s.chargePolicy !== 'by_the_second' ? h('small', {}, ` What paid for this call: ${policyWord(s.chargePolicy)}.`) : null)
          : h('p', {}, h('strong', {}, 'Not charged'), '. Nothing was set aside for this call.'),
        s?.creditSeconds.held ? h('dl', { class: 'figures' }, [['Set aside', s.creditSeconds.held], ['Charged', s.creditSeconds.captured], ['Given back', s.creditSeconds.released], ['Talked', s.billedSeconds ?? 0]]
          .map(([name, seconds]) => h('div', {}, h('dt', {}, name), h('dd', {}, duration(seconds))))) : null),
      call.costs?.length ? h('section', { class: 'card' }, h('h2', {}, 'What the call cost us'), costChart(call.costs), costTable()) : null,
      call.summary ? h('section', { class: 'card' }, h('h2', {}, 'Summary'), h('p', {}, call.summary)) : null,
    ];
  }

  function costTable() {
    return h('table', {},
      h('thead', {}, h('tr', {}, ['Service', 'Amount'].map((name, i) => h('th', { scope: 'col', class: i ? 'num' : '' }, name)))),
      h('tbody', {}, call.costs.map((line) => h('tr', {},
        h('th', { scope: 'row' }, `${vendorWord(line.vendor)}: ${words(line.operation)}`,
          h('small', {}, `${Number(line.quantity).toLocaleString()} ${words(line.unit)}${Number(line.quantity) === 1 ? '' : 's'}`,
            line.unitPriceUsd === undefined ? '' : ` × ${unitPrice(line.unitPriceUsd)}`, line.model ? ` · ${line.model}` : '', line.estimated ? ' · estimated' : '',
            // What became known after the first booking (the summary's tokens, a vendor's own figure) is a line of its own.
            line.revision > 0 ? ' · booked later' : '')),
        h('td', { class: 'num' }, line.amountUsd === undefined ? h('span', { title: line.missingReason }, 'no price') : usd(line.amountUsd))))),
      h('tfoot', {}, h('tr', {}, h('th', { scope: 'row' }, 'Total'), h('td', { class: 'num' }, usd(call.costTotalUsd)))));
  }
}
