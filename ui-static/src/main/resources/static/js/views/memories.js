import { avatar, busy, h, replace, skeleton } from '../dom.js';
import { allPersonas, del, get } from '../api.js';
import { dayOf } from '../format.js';

/** What personas remember of you, each to be forgotten by itself or all at once. */
export function memoriesPart() {
  const list = h('div', {}, skeleton(2));
  const section = h('section', { class: 'card', 'aria-labelledby': 'memories-title' }, h('h2', { id: 'memories-title', tabindex: '-1' }, 'What they remember'),
    h('p', { class: 'hint' }, 'Everyone who calls you knows this. Tell them “remember that…” during a call to add to it.'), list);
  draw();
  return section;

  async function draw() {
    try {
      const [personas, { memories }] = await Promise.all([allPersonas(), get('/api/memories')]);
      replace(list, memories.length ? filled(memories, new Map(personas.map((p) => [p.id, p]))) : h('p', { class: 'muted' }, 'Nothing yet.'));
    } catch (problem) {
      replace(list, h('p', { class: 'form-error', role: 'alert' }, problem.detail), h('button', { class: 'secondary', onclick: draw }, 'Try again'));
    }
  }

  function filled(memories, byId) {
    return [
      h('ul', { class: 'keys memories' }, memories.map((memory) => h('li', {},
        avatar(byId.get(memory.personaId), 'small'),
        h('span', {}, memory.words, h('small', {}, `${byId.get(memory.personaId)?.name ?? 'Somebody'}, `, h('a', { href: `#/call/${memory.callId}` }, dayOf(memory.notedAt)))),
        h('button', { class: 'quiet', 'aria-label': `Forget: ${memory.words}`, onclick: (e) => forget(e.currentTarget, `/api/memories/${memory.id}`) }, 'Forget')))),
      memories.length > 1 ? h('button', { class: 'quiet', onclick: (e) => forget(e.currentTarget, '/api/memories') }, 'Forget everything') : null,
    ];
  }

  function forget(button, path) {
    return busy(button, async () => {
      await del(path);
      await draw();
      // The button is gone; whoever goes by keyboard goes on from here.
      document.getElementById('memories-title')?.focus();
    });
  }
}
