import { avatar, busy, h, icon, replace, skeleton } from '../dom.js';
import { allPersonas, get, newKey, post, user } from '../api.js';
import { field, showErrors } from '../form.js';
import { countedSeconds, uncounted } from './plan.js';
import { duration } from '../format.js';

const LENGTHS = [3, 5, 10, 15];
const MAX_PRETEXT = 2000;

/** Pick who calls, when, and what it is about. */
export async function bookPage(root) {
  replace(root, h('h1', {}, greeting()), skeleton(6));
  const [personas, credit, { subscriptions }] = await Promise.all([allPersonas(), get('/api/credits'), get('/api/subscriptions')]);
  const plan = uncounted(subscriptions);
  const available = countedSeconds(credit, plan);
  const choice = { personaId: personas[0].id, durationMinutes: 5, later: false };
  // One key for one intention: pressing again after a lost answer asks for the same call.
  let key = newKey();

  const alert = h('p', { class: 'form-error', role: 'alert', hidden: true });
  const submit = h('button', { class: 'primary wide-button', type: 'submit' });
  const cost = h('p', { class: 'hint center' });
  const whenFields = h('div', { class: 'when', hidden: true }, laterFields());
  const form = h('form', { novalidate: true, onsubmit: send, oninput: () => { key = newKey(); } },
    h('fieldset', { class: 'personas' }, h('legend', {}, 'Who should call?'), h('div', { class: 'cards' }, personas.map(card))),
    h('div', { class: 'card fields' },
      pretextField(),
      h('div', { class: 'pair' },
        segments('How long?', LENGTHS.map((n) => [n, `${n} min`]), choice.durationMinutes, (n) => { choice.durationMinutes = n; update(); }),
        segments('When?', [[false, 'Now'], [true, 'Later']], choice.later, (later) => { choice.later = later; update(); })),
      whenFields,
      field('phoneNumber', 'Number to ring', { type: 'tel', autocomplete: 'tel', value: user().phoneNumber ?? '', placeholder: '+1 415 555 0123' }),
      h('label', { class: 'check' }, h('input', { type: 'checkbox', name: 'recorded', checked: Boolean(user().recordCallsSince) }), 'Record this call; whoever picks up is told'),
      policy(), alert, submit, cost));
  replace(root, h('h1', {}, greeting()), form);
  update();

  function card(persona) {
    return h('label', { class: 'persona', vars: { accent: persona.accentColor } },
      h('input', { type: 'radio', name: 'personaId', value: persona.id, checked: persona.id === choice.personaId, onchange: () => { choice.personaId = persona.id; update(); } }),
      avatar(persona, 'large'),
      h('span', { class: 'persona-text' }, h('strong', {}, persona.name), h('span', { class: 'role' }, persona.role),
        h('span', { class: 'tagline' }, persona.tagline),
        h('span', { class: 'traits' }, persona.traits.slice(0, 3).map((trait) => h('span', {}, trait))),
        persona.languageModel ? h('span', { class: 'role' }, `thinks with ${persona.languageModel}`) : null));
  }

  function update() {
    const persona = personas.find((p) => p.id === choice.personaId);
    whenFields.hidden = !choice.later;
    replace(submit, icon(choice.later ? 'clock' : 'phone'), choice.later ? `Book ${persona.name}’s call` : `Have ${persona.name} call me now`);
    const needed = choice.durationMinutes * 60;
    const free = credit.firstCallFreeSeconds >= needed;
    cost.textContent = free ? 'Your first call is free. No card needed.'
      : plan?.left ? `One of the ${plan.left} calls that are left of your plan this month; its minutes are not counted.`
      : available >= needed
      ? `Sets ${choice.durationMinutes} of your ${duration(available)} minutes aside; what you do not talk comes back.`
      : `This needs ${choice.durationMinutes} minutes and you have ${duration(available)}.${
        credit.firstCallFreeSeconds ? ` Your first call is free up to ${credit.firstCallFreeSeconds / 60} minutes.` : ''}`;
    const short = !free && !plan?.left && available < needed;
    if (short) cost.append(' ', h('a', { href: '#/buy' }, 'Buy minutes'));
    cost.classList.toggle('bad', short);
  }

  function send(event) {
    event.preventDefault();
    const values = Object.fromEntries(new FormData(form));
    const body = { personaId: choice.personaId, durationMinutes: choice.durationMinutes };
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (zone && zone !== 'Etc/Unknown') body.timeZone = zone; // "tomorrow at eight", said in the call, is meant by it
    if (values.pretext?.trim()) body.pretext = values.pretext;
    if (values.phoneNumber?.trim()) body.phoneNumber = values.phoneNumber;
    if (choice.later) Object.assign(body, { scheduledFor: values.scheduledFor, timeZone: values.timeZone });
    if (Boolean(values.recorded) !== Boolean(user().recordCallsSince)) body.recorded = Boolean(values.recorded);
    if (values.attempts) body.callbackPolicy = { maxAttempts: Number(values.attempts) };
    return busy(submit, async () => {
      const call = await post('/api/calls', body, { 'Idempotency-Key': key });
      dispatchEvent(new Event('credit-changed'));
      location.hash = `#/call/${call.id}`;
    }, (problem) => {
      if (problem.code !== 'offline') key = newKey();
      showErrors(form, alert, problem);
      return true;
    });
  }
}

function greeting() {
  const hour = new Date().getHours();
  const part = hour < 5 ? 'Still up' : hour < 12 ? 'Good morning' : hour < 18 ? 'Good afternoon' : 'Good evening';
  return `${part}, ${user().displayName}.`;
}

function pretextField() {
  const count = h('span', { class: 'count', 'aria-hidden': 'true' }, '');
  const wrap = field('pretext', 'What is it about?', {
    tag: 'textarea', rows: 3, maxlength: MAX_PRETEXT, placeholder: 'I have a talk tomorrow and keep rewriting the first slide…',
  }, 'Optional. Your caller will know it before ringing.');
  wrap.querySelector('textarea').addEventListener('input', (event) => {
    const left = MAX_PRETEXT - event.target.value.length;
    count.textContent = left < 200 ? `${left} left` : '';
  });
  wrap.querySelector('label').append(' ', count);
  return wrap;
}

/** One of a few, as buttons that say which is pressed. */
function segments(label, options, current, choose) {
  const buttons = options.map(([value, text]) => h('button', {
    type: 'button', 'aria-pressed': String(value === current),
    onclick: (event) => {
      buttons.forEach((b) => b.setAttribute('aria-pressed', String(b === event.currentTarget)));
      choose(value);
    },
  }, text));
  return h('div', { class: 'field' }, h('span', { class: 'label' }, label), h('div', { class: 'segments', role: 'group', 'aria-label': label }, buttons));
}

/** The next full hour, as the local date and time the field wants. */
export function nextHour() {
  const time = new Date(Date.now() + 3600_000);
  time.setMinutes(0, 0, 0);
  return new Date(time - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export function zoneSelect(current) {
  const own = current ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zones = new Set([own, 'UTC', ...(Intl.supportedValuesOf?.('timeZone') ?? [])]);
  return h('select', { id: 'f-timeZone', name: 'timeZone', 'aria-describedby': 'f-timeZone-error' },
    [...zones].map((zone) => h('option', { value: zone, selected: zone === own }, zone.replaceAll('_', ' '))));
}

export function laterFields(local, zone) {
  return [
    field('scheduledFor', 'Day and time', { type: 'datetime-local', value: (local ?? nextHour()).slice(0, 16) }),
    h('div', { class: 'field' }, h('label', { for: 'f-timeZone' }, 'Time zone'), zoneSelect(zone),
      h('p', { class: 'field-error', id: 'f-timeZone-error' })),
  ];
}

function policy() {
  return h('details', {}, h('summary', {}, 'If I do not pick up'),
    h('div', { class: 'field' }, h('label', { for: 'f-attempts' }, 'Ring me'),
      h('select', { id: 'f-attempts', name: 'attempts' },
        [['', 'as usual: up to 3 times'], [1, 'once only'], [2, 'up to twice'], [5, 'up to 5 times']].map(([value, text]) => h('option', { value }, text))),
      h('p', { class: 'hint' }, 'Five minutes after the first try, then a quarter of an hour; never later than an hour after the time you chose.')));
}

