import { h } from '../dom.js';
import { duration } from '../format.js';

// What the time between your last word and the first sound was spent on: name, colour, and the mark that ends it.
const PHASES = [['Thinking', 'think', 'firstWordsMs'], ['Finding the voice', 'voice', 'firstSpeechMs'], ['On the way', 'send', 'firstAudioMs']];
const MARKS = [['first words', 'firstWordsMs'], ['first speech', 'firstSpeechMs']];

/** The phases one after the other. What a turn begun on a guess did before your turn was over cost you no time. */
function phases(record) {
  let at = 0;
  return PHASES.map(([name, kind, mark]) => {
    const begun = at;
    at = Math.max(begun, record[mark] ?? begun);
    return [name, kind, at - begun];
  });
}

/** "367 ms": how long you waited for this answer; empty for what answers nothing. */
export function answerTime({ latencyMs, record }) {
  const ms = record?.firstAudioMs ?? latencyMs;
  return ms ? millis(ms) : '';
}

/** Turn by turn: from the end of your turn to the first sound of the answer, and what became of it. While you talk the newest stands first. */
export function timeline(call) {
  const turns = call.transcript.filter((turn) => turn.speaker === 'assistant' && turn.record);
  if (!turns.length) {
    return call.status === 'in_progress'
      ? h('section', { class: 'card' }, h('h2', {}, 'Turn by turn'), h('p', { class: 'muted' }, 'Each answer appears here, with where its time went.')) : null;
  }
  const rows = turns.map((turn, index) => [turn, index === 0]);
  if (!call.terminal) rows.reverse();
  const answers = turns.map((turn) => turn.record.firstAudioMs).filter((ms) => ms !== undefined).sort((a, b) => a - b);
  const longest = Math.max(1, ...answers);
  return h('section', { class: 'card' }, h('h2', {}, 'Turn by turn'),
    answers.length ? [
      figures(answers, turns.filter((turn) => turn.interrupted).length),
      h('p', { class: 'hint' }, `Each bar begins when your turn ended and ends when the first sound of the answer was sent to your phone.${call.terminal ? '' : ' The newest stands first.'}`),
      h('p', { class: 'legend' }, PHASES.map(([name, kind]) => h('span', {}, h('i', { class: kind, 'aria-hidden': 'true' }), name))),
    ] : null,
    h('ol', { class: 'turns-time' }, rows.map(([turn, first]) => timedTurn(turn, first, longest, call.answeredAt))));
}

function figures(answers, interrupted) {
  const items = [['Typical answer', millis(median(answers))], ['Slowest', millis(answers.at(-1))], ['Interrupted', String(interrupted)]];
  return h('dl', { class: 'figures' }, items.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', { 'data-figure': name }, value))));
}

function median(sorted) {
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** When it began to be heard, on the clock of the call: its end is known, and how long it was. A ring that was cut off has no clock any more. */
function began(turn, answeredAt) {
  const seconds = answeredAt ? (new Date(turn.at) - new Date(answeredAt) - (turn.record.heardMs ?? 0)) / 1000 : -1;
  return seconds < -0.5 ? '' : duration(seconds);
}

function timedTurn(turn, first, longest, answeredAt) {
  const record = turn.record;
  const answered = record.firstAudioMs !== undefined;
  const parts = answered ? phases(record) : [];
  const told = parts.map(([name, , ms]) => `${name} ${millis(ms)}`).join(', ');
  return h('li', {},
    h('span', { class: 'one-line' }, h('small', { class: 'num', title: 'into the call' }, began(turn, answeredAt)), ` “${turn.text}”`),
    h('span', { class: 'num' }, answered ? millis(record.firstAudioMs) : first ? 'spoke first' : 'unasked'),
    answered ? h('span', { class: 'time-bar', role: 'img', 'aria-label': told, title: told },
      parts.map(([, kind, ms]) => h('span', { class: kind, vars: { part: `${(ms / longest) * 100}%` } }))) : null,
    answered ? h('small', { class: 'marks' },
      record.quietMs === undefined ? null : h('span', { title: 'from your last word until it was sure that you had finished' }, `end of turn ${millis(record.quietMs)}`),
      MARKS.filter(([, mark]) => record[mark] !== undefined)
      .map(([name, mark]) => h('span', {}, `${name} ${millis(record[mark])}`))) : null,
    h('small', { class: 'marks', title: 'tokens: read by the model + written by it' }, became(turn).map((text) => h('span', {}, text)),
      turn.interrupted ? h('span', { class: 'cut' }, 'interrupted') : null));
}

/** What became of a turn: how much of it was heard, and what it took. */
function became({ record }) {
  return [
    record.heardMs === undefined ? null : `heard ${(record.heardMs / 1000).toFixed(1)} s`,
    record.plannedCharacters === undefined ? null : `${record.plannedCharacters} characters`,
    record.completionTokens === undefined ? null : `${(record.promptTokens ?? 0).toLocaleString()} + ${record.completionTokens.toLocaleString()} tokens`,
    record.fillers ? `${record.fillers} filler${record.fillers > 1 ? 's' : ''}` : null,
    record.guessed ? 'begun on a guess' : null,
  ].filter(Boolean);
}

const millis = (ms) => (Math.abs(ms) >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${Math.round(ms)} ms`).replace('-', '−');
