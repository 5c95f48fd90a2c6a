import { busy, h, replace, s } from '../dom.js';
import { download, get } from '../api.js';
import { decision } from './decision.js';
import { field } from '../form.js';
import { dayOf, dollars, duration, moment, reasonWord, usd, vendorWord, words } from '../format.js';

const MAIN = ['projected_profit', 'accrual_profit', 'cash_receipts', 'revenue', 'costs', 'fees', 'deferred', 'breakage'];
const WORDS = {
  projected_profit: 'Projected net profit', accrual_profit: 'Profit, accrual view', cash_receipts: 'Cash received', revenue: 'Revenue recognised',
  costs: 'Costs', fees: 'Card fees', deferred: 'Credits owed', breakage: 'Breakage', clawback_receivable: 'Used, then refunded', concession: 'Given away by rounding',
  charge_rate: 'Calls charged', uncharged_cost: 'Cost of uncharged calls', raw_cost_per_connected_minute: 'Cost of a connected minute',
  loaded_cost_per_billed_minute: 'Full cost of a billed minute', revenue_per_billed_minute: 'Revenue of a billed minute', cost_to_serve_unused: 'Cost to serve unused credits',
};
const TONES = { estimated: 'live', provisional: 'calm', reconciled: 'good' };
const RANGES = [['7 days', 7, 'day'], ['30 days', 30, 'day'], ['12 weeks', 84, 'week'], ['12 months', 365, 'month']];
const DAY_MS = 86400000;
const SERIES = [['cash_receipts', 'Cash received', 'calm'], ['costs', 'Costs', 'live'], ['projected_profit', 'Projected profit', 'good']];
const PAGE = 25;

/** Profit and loss of a range with a chart; every figure says how far it can be trusted and leads to its entries. */
export async function figuresCard() {
  const place = h('section', { class: 'card money' });
  let latest;
  await choose(RANGES[1]);
  return place;

  async function choose(range) {
    latest = range;
    const [, days, grain] = range;
    const until = new Date(Math.ceil(Date.now() / DAY_MS) * DAY_MS);
    await show(new Date(until - days * DAY_MS), until, grain, range);
  }

  /** Days of UTC, the last one included. */
  async function chooseDays({ from, until, grain }) {
    latest = null;
    const day = (text, field) => {
      if (!text) throw { errors: [{ field, code: 'field_required' }] };
      return new Date(`${text}T00:00:00Z`);
    };
    await show(day(from, 'from'), new Date(day(until, 'until').getTime() + DAY_MS), grain, null);
  }

  async function show(from, until, grain, range) {
    const query = `?from=${from.toISOString()}&until=${until.toISOString()}&grain=${grain}`;
    const report = await get(`/api/finance/figures${query}`);
    if (latest !== range) return; // another was chosen meanwhile
    const of = (name) => report.total.figures.find((figure) => figure.name === name);
    const details = h('div', { class: 'entries' });
    replace(place, h('h2', {}, 'Figures'),
      h('div', { class: 'segments', role: 'group', 'aria-label': 'Which time' }, RANGES.map((one) =>
        h('button', { type: 'button', 'aria-pressed': String(one === range), onclick: (e) => busy(e.currentTarget, () => choose(one)) }, one[0]))),
      h('details', { open: range === null }, h('summary', {}, 'Other days'), otherDays(from, until, grain, chooseDays)),
      h('dl', { class: 'figures' }, MAIN.map((name) => h('div', {}, h('dt', {}, label(name)), h('dd', { 'data-figure': name }, shown(of(name))), h('dd', {}, badge(of(name)))))),
      chart(report.periods),
      bridge(report.total.bridge),
      h('details', {}, h('summary', {}, 'Every figure'), table(report.total.figures, details), details),
      h('div', {}, h('button', { class: 'secondary', type: 'button', onclick: (e) => busy(e.currentTarget, () => download(`/api/finance/figures/csv${query}`, 'figures.csv')) }, 'Download as CSV')));
  }
}

const GRAINS = ['day', 'week', 'month', 'total'];
const dayText = (date) => date.toISOString().slice(0, 10);

function otherDays(from, until, grain, choose) {
  return decision([field('figures-from', 'From', { type: 'date', max: dayText(new Date()), value: dayText(from) }),
    field('figures-until', 'Until', { type: 'date', max: dayText(new Date()), value: dayText(new Date(until - DAY_MS)) }, 'Included, in UTC'),
    h('div', { class: 'field' }, h('label', { for: 'f-figures-grain' }, 'By'), h('select', { id: 'f-figures-grain', name: 'figures-grain' },
      GRAINS.map((one) => h('option', { value: one, selected: one === grain }, one))), h('p', { class: 'field-error', id: 'f-figures-grain-error' }))],
  'Show these days', { from: 'figures-from', until: 'figures-until', grain: 'figures-grain' }, choose);
}

function label(name) {
  if (WORDS[name]) return WORDS[name];
  if (name.startsWith('uncharged_cost_')) return `Not charged: ${reasonWord(name.slice('uncharged_cost_'.length))}`;
  if (name.startsWith('cost_') && name !== 'cost_to_serve_unused') return `Cost: ${vendorWord(name.slice('cost_'.length))}`;
  return words(name).replace(/^./, (first) => first.toUpperCase());
}

function shown(figure) {
  if (figure.value === undefined) return '–';
  switch (figure.unit) {
    case 'usd': return dollars(figure.value);
    case 'usd_per_minute': return usd(figure.value);
    case 'seconds': return duration(figure.value);
    case 'ratio': return `${(figure.value * 100).toFixed(1)}%`;
    default: return String(figure.value);
  }
}

const badge = (figure) => h('span', { class: `badge ${TONES[figure.state]}`, title: `as of ${moment(figure.at)}` }, figure.state);

/** A wide table's frame: the keyboard reaches it, so that it can be scrolled without a pointer. */
const scroll = (name) => ({ class: 'scroll', tabindex: '0', role: 'region', 'aria-label': name });

function bridge(steps) {
  return h('div', scroll('The way from one view to the other'), h('table', {}, h('caption', {}, 'From the accrual view to the projected one'),
    h('tbody', {}, steps.map((step) => h('tr', {}, h('th', { scope: 'row' }, label(step.name)), h('td', { class: 'num' }, usd(step.usd)))))));
}

function table(figures, details) {
  return h('div', scroll('Every figure'), h('table', { class: 'tall' },
    h('thead', {}, h('tr', {}, ['Figure', 'Value', 'State', 'Entries'].map((name) => h('th', { scope: 'col' }, name)))),
    h('tbody', {}, figures.map((figure) => h('tr', {},
      h('th', { scope: 'row' }, label(figure.name), figure.madeOf ? h('small', {}, figure.madeOf.map(words).join(' ')) : null),
      h('td', { class: 'num' }, figure.unit === 'usd' ? usd(figure.value) : shown(figure), figure.usual === false ? h('small', {}, ' unusual') : null),
      h('td', {}, badge(figure)),
      h('td', {}, figure.entries ? h('button', { class: 'secondary', type: 'button', 'aria-label': `Entries behind ${label(figure.name)}`,
        onclick: (e) => busy(e.currentTarget, () => drill(figure, details)) }, 'Show') : null))))));
}

async function drill(figure, place) {
  const rows = h('tbody');
  const more = h('button', { class: 'secondary', type: 'button' }, 'Show more entries');
  replace(place, h('h3', { tabindex: '-1' }, `Entries behind ${label(figure.name)}`), h('div', scroll('Entries'), h('table', { class: 'tall' },
    h('thead', {}, h('tr', {}, ['When', 'What', 'Amount'].map((name) => h('th', { scope: 'col' }, name)))), rows)), more);
  await next();
  place.firstElementChild.focus();

  async function next(cursor) {
    const page = await get(`${figure.entries}&limit=${PAGE}${cursor ? `&cursor=${cursor}` : ''}`);
    rows.append(...page.entries.map((entry) => h('tr', {}, h('td', {}, moment(entry.at)),
      h('th', { scope: 'row' }, words(entry.kind), h('small', {}, entry.vendor ? `${vendorWord(entry.vendor)} ${words(entry.operation)} · ` : '', entry.businessKey)),
      h('td', { class: 'num' }, figure.unit === 'usd' ? usd(entry.amount) : `${entry.amount} s`))));
    more.hidden = !page.nextCursor;
    more.onclick = () => busy(more, () => next(page.nextCursor));
  }
}

const WIDTH = 640;
const HEIGHT = 180;
const EDGE = 8;

/** Bars of each period side by side around zero. The same numbers are in the CSV, so the picture is one image to a reader. */
function chart(periods) {
  const value = (period, name) => Number(period.figures.find((figure) => figure.name === name).value);
  const all = periods.flatMap((period) => SERIES.map(([name]) => value(period, name)));
  const top = Math.max(0, ...all);
  const bottom = Math.min(0, ...all);
  if (top === bottom) return h('p', { class: 'muted' }, 'No money moved in this time.');
  const y = (amount) => EDGE + ((top - amount) / (top - bottom)) * (HEIGHT - 2 * EDGE);
  const slot = WIDTH / periods.length;
  const bar = (slot * 0.8) / SERIES.length;
  const told = `From ${dayOf(periods[0].from)}: cash, costs and projected profit by period, between ${dollars(bottom)} and ${dollars(top)}`;
  return h('figure', { class: 'money-chart' },
    h('p', { class: 'legend' }, SERIES.map(([, name, tone]) => h('span', {}, h('i', { class: tone, 'aria-hidden': 'true' }), name))),
    s('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': told },
      periods.flatMap((period, at) => SERIES.map(([name, , tone], n) => {
        const amount = value(period, name);
        return s('rect', { class: tone, x: at * slot + slot * 0.1 + n * bar, width: Math.max(1, bar - 1), y: y(Math.max(0, amount)),
          height: Math.max(0.5, Math.abs(y(amount) - y(0))) }, s('title', {}, `${dayOf(period.from)}: ${name.replaceAll('_', ' ')} ${dollars(amount)}`));
      })),
      s('line', { x1: 0, x2: WIDTH, y1: y(0), y2: y(0) })),
    h('figcaption', {}, `${dayOf(periods[0].from)} – ${dayOf(periods.at(-1).from)}, ${dollars(bottom)} to ${dollars(top)}`));
}
