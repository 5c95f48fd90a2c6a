import { busy, h, replace, toast } from '../dom.js';
import { get, newKey, post } from '../api.js';
import { decision } from './decision.js';
import { field } from '../form.js';
import { dayOf, moment, usd, vendorWord, words } from '../format.js';

const POLL_MS = 1000;
const LATEST = 3;
const SHOWN = 12;
const DAY_MS = 86400000;
const TONES = { running: 'live', done: 'good', incomplete: 'bad' };

/** The books beside vendors' records: the latest runs, how far one is, and a run over any days. */
export async function reconcileCard(signal) {
  const place = h('section', { class: 'card' });
  const list = h('ul', { class: 'offers' });
  const told = h('p', { class: 'visually-hidden', role: 'status' });
  replace(place, h('h2', {}, 'Reconciliation'), h('p', { class: 'hint' }, 'Twilio, Stripe, Deepgram and ElevenLabs, each day at 05:00 UTC for the three days before. What has no match becomes a case.'),
    list, told, h('details', {}, h('summary', {}, 'Reconcile other days'), chooser()));
  let watching = false;
  await draw();
  return place;

  async function draw() {
    const { runs } = await get('/api/finance/reconciliations');
    const earlier = runs.slice(LATEST, SHOWN);
    replace(list, runs.length ? runs.slice(0, LATEST).map(row) : h('li', { class: 'muted' }, 'No run yet.'),
      earlier.length ? h('li', { class: 'case' }, h('details', {}, h('summary', {}, 'Earlier runs'), h('ul', { class: 'offers' }, earlier.map(row)))) : null);
    if (runs.some((run) => run.status === 'running')) watch();
  }

  function row(run) {
    const { records, matched, corrected, correctedUsd, casesOpened, late } = run.progress;
    return h('li', { class: 'case' },
      h('div', { class: 'row spread' }, h('strong', {}, `${dayOf(run.from)} – ${dayOf(new Date(new Date(run.until) - 1))}`), h('span', { class: `badge ${TONES[run.status] ?? 'muted'}` }, run.status)),
      h('p', {}, `${records} records, ${matched} matched, ${corrected ? `${corrected} corrected by ${usd(correctedUsd)}` : 'nothing corrected'}, ${casesOpened} new cases${late ? `, ${late} late` : ''}`),
      h('small', {}, [`begun ${moment(run.createdAt)}`, run.startedBy === 'schedule' ? 'by the schedule' : null, run.finishedAt ? `over ${moment(run.finishedAt)}` : null].filter(Boolean).join(' · ')),
      run.incomplete.length ? h('p', { class: 'form-error' }, run.incomplete.map((gap) => `${vendorWord(gap.vendor)} did not answer (${words(gap.reason)}).`).join(' ')) : null,
      run.status === 'incomplete' ? h('div', {}, h('button', { class: 'secondary', type: 'button', onclick: (e) => busy(e.currentTarget, async () => {
        await post(`/api/finance/reconciliations/${run.id}/resume`);
        await draw();
      }) }, 'Resume')) : null);
  }

  /** Days are UTC's, both included. */
  function chooser() {
    const daysAgo = (days) => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);
    return decision([field('reconcile-from', 'From', { type: 'date', max: daysAgo(0), value: daysAgo(3) }), field('reconcile-until', 'Until', { type: 'date', max: daysAgo(0), value: daysAgo(0) }, 'Included; at most 92 days, in UTC')],
      'Reconcile these days', { from: 'reconcile-from', until: 'reconcile-until' }, async (values, key) => {
        const end = values.until ? new Date(Date.parse(values.until) + DAY_MS).toISOString() : undefined;
        await post('/api/finance/reconciliations', { ...(values.from ? { from: `${values.from}T00:00:00Z` } : {}), ...(end ? { until: end } : {}) }, { 'Idempotency-Key': key ?? newKey() });
        await draw();
        toast('The run has begun');
      });
  }

  async function watch() {
    if (watching) return;
    watching = true;
    try {
      for (;;) {
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
        if (signal.aborted) return;
        const { runs } = await get('/api/finance/reconciliations').catch(() => ({ runs: [] }));
        if (runs.length && !runs.some((run) => run.status === 'running')) break;
        if (runs.length) list.firstElementChild?.replaceWith(row(runs[0]));
      }
    } finally {
      watching = false;
    }
    await draw().catch(() => {});
    told.textContent = 'The reconciliation is over.';
  }
}
