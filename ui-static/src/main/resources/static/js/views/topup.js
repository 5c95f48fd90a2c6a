import { busy, h, replace, toast } from '../dom.js';
import { del, get, put } from '../api.js';
import { field, showErrors } from '../form.js';
import { dollars, moment } from '../format.js';

const STATES = {
  off: ['Off', 'muted'],
  awaiting_card: ['Waiting for a card', 'live'],
  on: ['On', 'good'],
  needs_attention: ['Needs your attention', 'bad'],
};
const REASONS = {
  authentication_required: 'Your bank wants to ask you before it lets this card pay.',
  payment_returned: 'A payment it made was given back.',
  product_retired: 'The pack it bought is not sold any more.',
  being_looked_at: 'A payment did not come as it was asked for. A person is looking at it.',
  card_not_saved: 'No card was saved, so it is off.',
};
const NOT_BOUGHT = {
  switched_off: 'not bought: it was switched off',
  not_needed: 'not bought: you had minutes again',
  monthly_cap: 'not bought: the monthly cap',
};
const BOUGHT = { new: 'under way', open: 'under way', processing: 'under way', credited: 'paid', completed: 'paid', case: 'being looked at', failed: 'not paid' };
const WAITING_POLL_MS = 2000;

/** A pack bought by itself when minutes run low, with a saved card. */
export async function topUpCard(products, signal) {
  const place = h('section', { class: 'card' });
  const packs = products.filter((product) => product.kind === 'pack');
  let now = await get('/api/auto-topup');
  // Another card is wanted while the old one serves.
  let another = false;
  draw();
  watch();
  return place;

  function draw() {
    const [word, tone] = STATES[now.status] ?? [now.status, 'muted'];
    const stopped = now.status === 'needs_attention';
    replace(place, h('h2', {}, 'Auto top-up'),
      h('p', { class: 'muted' }, 'Buys a pack with your saved card when your minutes run low.'),
      h('p', { role: 'status' }, h('span', { class: `badge ${tone}` }, word), ' ',
        now.reason ? REASONS[now.reason] ?? 'Your card was not accepted.' : '',
        stopped ? ' Nothing is tried again until you switch it on.' : ''),
      facts(),
      now.cardSetupUrl ? h('div', { class: 'row' }, h('a', { class: 'button primary', href: now.cardSetupUrl }, 'Save a card')) : null,
      now.status === 'awaiting_card' && !now.cardSetupUrl ? h('p', { class: 'muted' }, 'Opening the page to save a card…') : null,
      now.status === 'off' ? null : switchOff(),
      h('details', { open: stopped }, h('summary', {}, now.status === 'off' ? 'Switch it on' : 'Change it'), form()));
  }

  function facts() {
    const items = [];
    if (now.status !== 'off') {
      items.push(['Buys', packs.find((pack) => pack.code === now.product)?.title ?? now.product], ['Below', `${now.thresholdMinutes} minutes`],
        ['This month', `${dollars(now.month.countedUsd)} of ${dollars(now.monthlyCapUsd)}`]);
    }
    if (now.card) items.push(['Card', `${now.card.brand} ending ${now.card.last4}, until ${now.card.expires}`]);
    if (now.last) items.push(['Last time', h('a', { href: `#/buy/${now.last.purchase}` }, `${moment(now.last.at)}, ${dollars(now.last.amountUsd)}, ${NOT_BOUGHT[now.last.reason] ?? BOUGHT[now.last.status] ?? now.last.status}`)]);
    const capped = now.month?.capReachedAt && now.status !== 'off' ? h('p', { class: 'hint' }, 'Another pack would pass this month’s cap, so nothing more is bought until you raise it or the month is over.') : null;
    return [items.length ? h('dl', { class: 'figures' }, items.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value)))) : null, capped];
  }

  function switchOff() {
    const button = h('button', { class: 'secondary', type: 'button' }, 'Switch it off');
    button.onclick = () => busy(button, async () => {
      now = await del('/api/auto-topup');
      draw();
      toast('Auto top-up is off');
    });
    return h('div', { class: 'row' }, button);
  }

  function form() {
    const alert = h('p', { class: 'form-error', role: 'alert', hidden: true });
    const save = h('button', { class: 'primary', type: 'submit' }, now.status === 'off' || now.status === 'needs_attention' ? 'Switch it on' : 'Save');
    const select = h('select', { id: 'f-product', name: 'product', 'aria-describedby': 'f-product-error' },
      packs.map((pack) => h('option', { value: pack.code, selected: pack.code === now.product }, `${pack.title} for ${dollars(pack.priceUsd)}`)));
    const form = h('form', { class: 'fields', novalidate: true, onsubmit: (event) => {
      event.preventDefault();
      alert.hidden = true;
      const entered = new FormData(form);
      const number = (name) => {
        const value = entered.get(name).trim();
        return value && Number.isFinite(Number(value)) ? Number(value) : value || undefined;
      };
      busy(save, async () => {
        now = await put('/api/auto-topup', { product: entered.get('product'), thresholdMinutes: number('thresholdMinutes'),
          monthlyCapUsd: number('monthlyCapUsd'), consent: entered.has('consent'), newCard: entered.has('newCard') });
        another = entered.has('newCard');
        draw();
        if (now.status === 'on' && !another) toast('Auto top-up is on');
        watch();
      }, (problem) => { showErrors(form, alert, problem); return true; });
    } },
    h('div', { class: 'field' }, h('label', { for: 'f-product' }, 'What to buy'), select, h('p', { class: 'field-error', id: 'f-product-error' })),
    field('thresholdMinutes', 'When fewer minutes are left than', { inputmode: 'numeric', value: now.thresholdMinutes ?? 5 }, 'At most the minutes of the pack'),
    field('monthlyCapUsd', 'At most a month, in dollars', { inputmode: 'decimal', value: now.monthlyCapUsd ?? 50 }, 'Calendar months of UTC; what would pass it is not bought'),
    now.card ? h('label', { class: 'check' }, h('input', { type: 'checkbox', name: 'newCard' }), 'Save another card') : null,
    h('div', { class: 'field' }, h('label', { class: 'check' }, h('input', { type: 'checkbox', name: 'consent', id: 'f-consent', 'aria-describedby': 'f-consent-error' }), 'I agree that my saved card is charged while I am away'),
      h('p', { class: 'field-error', id: 'f-consent-error' })),
    alert, h('div', {}, save));
    return form;
  }

  /** Until the card is there: the page to save it opens, and the payment service tells us, in its own time. */
  async function watch() {
    while (!signal?.aborted && (another || now.status === 'awaiting_card')) {
      await new Promise((resolve) => setTimeout(resolve, WAITING_POLL_MS));
      try {
        const next = await get('/api/auto-topup');
        if (now.cardSetupUrl && !next.cardSetupUrl) another = false;
        const changed = next.status !== now.status || next.cardSetupUrl !== now.cardSetupUrl;
        now = next;
        // Only a change is drawn: what is focused stays focused.
        if (changed) draw();
      } catch (problem) {
        if (problem.code !== 'offline') return;
      }
    }
  }
}
