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
