import { busy, h, icon, replace } from '../dom.js';
import { del, download, file } from '../api.js';
import { duration, moment } from '../format.js';

/**
 * The recording of a call: fetched when it is wanted, since it is large, and played in place. A fresh `call` may be shown
 * at any time; what is playing goes on. `signal` aborts when the page is left.
 */
export function recordingPart(signal) {
  const place = h('div', { class: 'result' });
  let shown = '';
  let url = null;
  signal.addEventListener('abort', () => url && URL.revokeObjectURL(url));
  return { place, show };

  function show(call) {
    const kept = call.recording;
    const state = JSON.stringify([kept ?? null, call.terminal]);
    if (state === shown) return;
    shown = state;
    if (!kept || (call.terminal && !kept.seconds)) replace(place);
    else replace(place, h('section', { class: 'card recording' }, h('h2', {}, 'Recording'), kept.seconds && call.terminal ? player(call) : notice(call)));
  }

  function notice(call) {
    return [h('p', {}, call.terminal || call.answeredAt ? 'Both sides of this call are being recorded.' : 'This call will be recorded. Whoever picks up is told.'),
      h('p', { class: 'hint' }, 'You can have it deleted at any time.'), removal(call, 'Do not record')];
  }

  function player(call) {
    const audio = h('audio', { controls: true, hidden: true, 'aria-label': 'Recording of the call' });
    const play = h('button', { class: 'secondary', onclick: () => busy(play, async () => {
      url ??= URL.createObjectURL(await file(`/api/calls/${call.id}/recording`));
      audio.src = url;
      audio.hidden = false;
      play.hidden = true;
      audio.focus();
      await audio.play().catch(() => {}); // a browser may want the person to press play
    }) }, icon('play'), `Play ${duration(call.recording.seconds)}`);
    return [h('div', { class: 'row' }, play, audio), h('p', { class: 'hint' }, `You on the left, your caller on the right. Kept until ${moment(call.recording.keptUntil)}.`),
      h('div', { class: 'row' },
        h('button', { class: 'quiet', onclick: (e) => busy(e.currentTarget, () => download(`/api/calls/${call.id}/recording`, `call-${call.id}.wav`)) }, 'Save it'),
        removal(call, 'Delete it'))];
  }

  function removal(call, label) {
    return h('button', { class: 'quiet', onclick: (e) => busy(e.currentTarget, async () => {
      await del(`/api/calls/${call.id}/recording`);
      call.recording = undefined;
      show(call);
    }) }, label);
  }
}
