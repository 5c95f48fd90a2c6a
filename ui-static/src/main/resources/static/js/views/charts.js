import { h } from '../dom.js';
import { usd, vendorWord } from '../format.js';

/** What each service took, the dearest first, as bars. The table beside it holds every line. */
export function costChart(costs) {
  const totals = new Map();
  for (const line of costs) {
    totals.set(line.vendor, (totals.get(line.vendor) ?? 0) + Number(line.amountUsd ?? 0));
  }
  const parts = [...totals].filter(([, amount]) => amount > 0).sort((a, b) => b[1] - a[1]);
  const sum = parts.reduce((all, [, amount]) => all + amount, 0);
  if (!sum) return null;
  return h('ul', { class: 'bars', 'aria-label': 'Cost by service' }, parts.map(([vendor, amount]) => h('li', {},
    h('span', {}, vendorWord(vendor)),
    h('span', { class: 'bar', 'aria-hidden': 'true' }, h('span', { vars: { part: `${(amount / parts[0][1]) * 100}%` } })),
    h('span', { class: 'num' }, usd(amount), h('small', {}, ` ${share(amount / sum)}`)))));
}

const share = (part) => (part < 0.01 ? 'under 1%' : `${Math.round(part * 100)}%`);

// What the time between your last word and the first sound was spent on: name, colour, and the mark that ends it.
const PHASES = [['Thinking', 'think', 'firstWordsMs'], ['Finding the voice', 'voice', 'firstSpeechMs'], ['On the way', 'send', 'firstAudioMs']];
const MARKS = [['first words', 'firstWordsMs'], ['first speech', 'firstSpeechMs'], ['sent', 'firstAudioMs']];

/** The phases one after the other. What a turn begun on a guess did before your turn was over cost you no time. */
function phases(record) {
  let at = 0;
  return PHASES.map(([name, kind, mark]) => {
    const begun = at;
    at = Math.max(begun, record[mark] ?? begun);
    return [name, kind, at - begun];
  });
}

/** Turn by turn: from the end of your turn to the first sound of the answer, and what became of it. */
export function timeline(transcript) {
  const turns = transcript.filter((turn) => turn.speaker === 'assistant' && turn.record);
  if (!turns.length) return null;
  const answers = turns.map((turn) => turn.record.firstAudioMs).filter((ms) => ms !== undefined).sort((a, b) => a - b);
  const longest = Math.max(1, ...answers);
  return h('section', { class: 'card' }, h('h2', {}, 'Turn by turn'),
    answers.length ? [
      figures(answers, turns.filter((turn) => turn.interrupted).length),
      h('p', { class: 'hint' }, 'Each bar begins when your turn ended and ends when the first sound of the answer was sent to your phone.'),
      h('p', { class: 'legend' }, PHASES.map(([name, kind]) => h('span', {}, h('i', { class: kind, 'aria-hidden': 'true' }), name))),
    ] : null,
    h('ol', { class: 'turns-time' }, turns.map((turn) => timedTurn(turn, longest))));
}

function figures(answers, interrupted) {
  const items = [['Typical answer', millis(median(answers))], ['Slowest', millis(answers.at(-1))], ['Interrupted', String(interrupted)]];
  return h('dl', { class: 'figures' }, items.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', { 'data-figure': name }, value))));
}

function median(sorted) {
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function timedTurn(turn, longest) {
  const record = turn.record;
  const answered = record.firstAudioMs !== undefined;
  const parts = answered ? phases(record) : [];
  const told = parts.map(([name, , ms]) => `${name} ${millis(ms)}`).join(', ');
  return h('li', {},
    h('span', { class: 'one-line' }, `“${turn.text}”`),
    h('span', { class: 'num' }, answered ? millis(record.firstAudioMs) : 'spoke first'),
    answered ? h('span', { class: 'time-bar', role: 'img', 'aria-label': told, title: told },
      parts.map(([, kind, ms]) => h('span', { class: kind, vars: { part: `${(ms / longest) * 100}%` } }))) : null,
    answered ? h('small', { class: 'marks' },
      record.quietMs === undefined ? null : h('span', { title: 'from your last word until it was sure that you had finished' }, `sure after ${millis(record.quietMs)}`),
      MARKS.filter(([, mark]) => record[mark] !== undefined)
      .map(([name, mark]) => h('span', {}, `${name} ${millis(record[mark])}`))) : null,
    h('small', { class: 'marks' }, became(turn).map((text) => h('span', {}, text)),
      turn.interrupted ? h('span', { class: 'cut' }, 'interrupted') : null));
}

/** What became of a turn: how much of it was heard, and what it took. */
function became({ record }) {
  return [
    record.heardMs === undefined ? null : `heard ${(record.heardMs / 1000).toFixed(1)} s`,
    record.plannedCharacters === undefined ? null : `${record.plannedCharacters} characters`,
    record.completionTokens === undefined ? null : `${(record.promptTokens ?? 0) + record.completionTokens} tokens`,
    record.fillers ? `${record.fillers} filler${record.fillers > 1 ? 's' : ''}` : null,
    record.guessed ? 'begun on a guess' : null,
  ].filter(Boolean);
}

const millis = (ms) => (Math.abs(ms) >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${Math.round(ms)} ms`).replace('-', '−');
