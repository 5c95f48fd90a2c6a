import { h } from '../dom.js';
import { usd, vendorWord } from '../format.js';

const COLOURS = ['#d9482b', '#0f766e', '#6d28d9', '#b45309', '#2563eb', '#be185d'];

/** Which service took which share, as one bar with its legend. The table beside it holds the same figures. */
export function costChart(costs) {
  const totals = new Map();
  for (const line of costs) {
    totals.set(line.vendor, (totals.get(line.vendor) ?? 0) + Number(line.amountUsd ?? 0));
  }
  const parts = [...totals].filter(([, amount]) => amount > 0).sort((a, b) => b[1] - a[1]);
  const sum = parts.reduce((all, [, amount]) => all + amount, 0);
  if (!sum) return null;
  return h('figure', { class: 'share' },
    h('div', { class: 'share-bar', 'aria-hidden': 'true' },
      parts.map(([, amount], i) => h('span', { vars: { part: `${(amount / sum) * 100}%`, colour: COLOURS[i % COLOURS.length] } }))),
    h('figcaption', {}, parts.map(([vendor, amount], i) => h('span', { class: 'key' },
      h('i', { vars: { colour: COLOURS[i % COLOURS.length] }, 'aria-hidden': 'true' }), `${vendorWord(vendor)} ${usd(amount)}`))));
}

// What the time between your last word and the first sound was spent on: name, colour, and the mark that ends it.
const PHASES = [['Thinking', 'think', 'firstWordsMs'], ['Finding the voice', 'voice', 'firstSpeechMs'], ['On the way', 'send', 'firstAudioMs']];

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
  const longest = Math.max(1, ...turns.map((turn) => turn.record.firstAudioMs ?? 0));
  return h('section', { class: 'card' }, h('h2', {}, 'Turn by turn'),
    h('p', { class: 'legend' }, PHASES.map(([name, kind]) => h('span', {}, h('i', { class: kind, 'aria-hidden': 'true' }), name))),
    h('ol', { class: 'turns-time' }, turns.map((turn) => timedTurn(turn, longest))));
}

function timedTurn(turn, longest) {
  const record = turn.record;
  const answered = record.firstAudioMs !== undefined;
  const parts = answered ? phases(record) : [];
  const told = parts.map(([name, , ms]) => `${name} ${millis(ms)}`).join(', ');
  return h('li', {},
    h('span', { class: 'one-line' }, `“${turn.text}”`),
    h('span', { class: 'num' }, answered ? millis(record.firstAudioMs) : 'spoke first'),
    h('span', { class: 'time-bar', role: 'img', 'aria-label': told || 'Answers nothing', title: told },
      parts.map(([, kind, ms]) => h('span', { class: kind, vars: { part: `${(ms / longest) * 100}%` } }))),
    h('small', {}, [
      record.heardMs === undefined ? null : `heard ${(record.heardMs / 1000).toFixed(1)} s`,
      record.plannedCharacters === undefined ? null : `${record.plannedCharacters} characters`,
      record.completionTokens === undefined ? null : `${(record.promptTokens ?? 0) + record.completionTokens} tokens`,
      record.fillers ? `${record.fillers} filler${record.fillers > 1 ? 's' : ''}` : null,
      record.guessed ? 'begun on a guess' : null,
      turn.interrupted ? 'interrupted' : null,
    ].filter(Boolean).join(' · ')));
}

const millis = (ms) => (ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${Math.round(ms)} ms`);
