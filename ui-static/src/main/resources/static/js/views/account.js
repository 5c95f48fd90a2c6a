import { busy, h, replace, skeleton, toast } from '../dom.js';
import { del, get, patch, post, setSession, updateUser, user } from '../api.js';
import { budgetCard } from './budget.js';
import { field, showErrors } from '../form.js';
import { dayOf, moment } from '../format.js';
import { memoriesPart } from './memories.js';

const SCOPES = [['calls:read', 'Read calls'], ['calls:write', 'Book and change calls'], ['credits:read', 'Read credit'], ['account:read', 'Read the account']];

/** Name and number, keys for programs, and the way out. */
export async function accountPage(root) {
  const keys = h('div', {}, skeleton(2));
  const budgets = h('div', {}, skeleton(2));
  replace(root, h('h1', {}, 'Account'), profile(), memoriesPart(), recordings(), budgets, h('section', { class: 'card' }, h('h2', {}, 'API keys'),
    h('p', { class: 'hint' }, 'For programs of your own. The ', h('a', { href: '/docs' }, 'API reference'), ' says what they can do.'), keys),
  ['finance', 'operator'].includes(user().role) ? h('section', { class: 'card row spread' }, h('span', {}, 'Cases, charges and refunds'),
    h('a', { class: 'button secondary', href: '#/finance' }, 'Decide about money')) : null,
  user().role === 'operator' ? h('section', { class: 'card row spread' }, h('span', {}, 'What waits, switches, who rings'),
    h('a', { class: 'button secondary', href: '#/operate' }, 'Operate')) : null,
  h('section', { class: 'card row spread' }, h('span', { class: 'one-line' }, `Signed in as ${user().email}`),
    h('button', { class: 'secondary', onclick: (e) => busy(e.currentTarget, signOut) }, 'Sign out')));
  const [budget] = await Promise.all([budgetCard(), drawKeys(keys)]);
  budgets.replaceWith(budget);
}

async function signOut() {
  // Whatever the service says, this device forgets the token.
  await post('/api/auth/logout').catch(() => {});
  setSession(null);
  location.hash = '#/';
}

function profile() {
  const alert = h('p', { class: 'form-error', role: 'alert', hidden: true });
  const save = h('button', { class: 'primary', type: 'submit' }, 'Save');
  const form = h('form', { class: 'card', novalidate: true, onsubmit: (event) => {
    event.preventDefault();
    busy(save, async () => {
      updateUser(await patch('/api/me', Object.fromEntries(new FormData(form))));
      toast('Saved');
    }, (problem) => { showErrors(form, alert, problem); return true; });
  } }, h('h2', {}, 'You'),
    field('displayName', 'Name', { value: user().displayName, maxlength: 80, autocomplete: 'name' }, 'What your callers say'),
    field('phoneNumber', 'Phone number', { type: 'tel', value: user().phoneNumber ?? '', autocomplete: 'tel' }, 'With country code'), alert, save);
  return form;
}

/** Consent to recordings of all calls to come, and since when. */
function recordings() {
  const since = h('p', { class: 'hint' });
  const box = h('input', { type: 'checkbox', role: 'switch', onchange: () => busy(box, async () => {
    updateUser(await patch('/api/me', { recordCalls: box.checked }));
    draw();
  }, () => { draw(); return false; }) });
  draw();
  return h('section', { class: 'card' }, h('h2', {}, 'Recordings'),
    h('label', { class: 'check' }, box, 'Record my calls, both sides'), since);

  function draw() {
    const at = user().recordCallsSince;
    box.checked = Boolean(at);
    replace(since, at ? `You agreed on ${dayOf(at)}. ` : '', 'Whoever picks up is told first. Recordings are deleted after a few days, or when you say so. For a single call you can decide otherwise when you book it.');
  }
}

async function drawKeys(place, shown = null) {
  const { apiKeys } = await get('/api/api-keys');
  const live = apiKeys.filter((key) => !key.revokedAt);
  const alert = h('p', { class: 'form-error', role: 'alert', hidden: true });
  const make = h('button', { class: 'secondary', type: 'submit' }, 'Make a key');
  const form = h('form', { class: 'key-form', novalidate: true, onsubmit: (event) => {
    event.preventDefault();
    const data = new FormData(form);
    busy(make, async () => drawKeys(place, await post('/api/api-keys', { name: data.get('name'), scopes: data.getAll('scopes') })),
      (problem) => { showErrors(form, alert, problem); return true; });
  } }, field('name', 'Name of the new key', { maxlength: 80, placeholder: 'My script' }),
    h('fieldset', { class: 'checks' }, h('legend', {}, 'It may'), SCOPES.map(([scope, label]) => h('label', {}, h('input', { type: 'checkbox', name: 'scopes', value: scope, checked: scope === 'calls:read' }), label))),
    h('p', { class: 'field-error', id: 'f-scopes-error' }), alert, make);
  replace(place,
    shown ? h('div', { class: 'notice good', role: 'status' }, h('div', {}, h('strong', {}, 'Copy it now; it is shown once.'), h('code', { class: 'secret' }, shown.secret))) : null,
    live.length ? h('ul', { class: 'keys' }, live.map((key) => h('li', {},
      h('span', {}, h('strong', {}, key.name), h('small', {}, `${key.prefix}… · ${key.scopes.join(', ')} · ${key.lastUsedAt ? `used ${moment(key.lastUsedAt)}` : 'not used yet'}`)),
      h('button', { class: 'quiet', 'aria-label': `Revoke ${key.name}`, onclick: (e) => busy(e.currentTarget, async () => { await del(`/api/api-keys/${key.id}`); await drawKeys(place); }) }, 'Revoke')))) : null,
    form);
}
