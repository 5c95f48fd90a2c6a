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

/** How long after your last word the persona began to speak, turn by turn. */
export function latencyChart(transcript) {
  const turns = (transcript ?? []).filter((turn) => turn.speaker === 'assistant' && turn.latencyMs > 0);
  if (turns.length < 2) return null;
  const longest = Math.max(...turns.map((turn) => turn.latencyMs));
  return h('section', { class: 'card' }, h('h2', {}, 'How fast it answered'),
    h('ol', { class: 'bars' }, turns.map((turn) => h('li', { vars: { part: `${(turn.latencyMs / longest) * 100}%` } },
      h('span', { class: 'bar', 'aria-hidden': 'true' }), h('span', { class: 'bar-label' }, `${turn.latencyMs} ms`)))));
}
