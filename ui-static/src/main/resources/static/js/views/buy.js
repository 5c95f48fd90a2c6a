import { busy, errorState, h, icon, replace, skeleton } from '../dom.js';
import { get, newKey, post } from '../api.js';
import { field, showErrors } from '../form.js';
import { dollars, duration, moment, policyWord } from '../format.js';
import { countedSeconds, planCard, uncounted } from './plan.js';
import { topUpCard } from './topup.js';

const GROUPS = [['pack', 'Packs'], ['single_call', 'Single calls'], ['extension', 'Longer calls']];
const OVER = ['completed', 'credited', 'expired', 'failed', 'case'];
const SLOWEST_POLL_MS = 5000;
const STATES = {
  new: ['Preparing', 'live', 'Opening the checkout…'],
  open: ['To be paid', 'live', 'Waiting for your payment.'],
  processing: ['Under way', 'live', 'Your bank is on it. The minutes come when the money does; this can take days.'],
  credited: ['Paid', 'good', 'Paid. Your minutes are there.'],
  completed: ['Paid', 'good', 'Paid. Your minutes are there, and the receipt is in your mail.'],
  expired: ['Expired', 'muted', 'Nobody paid in time, so nothing was charged.'],
  failed: ['Failed', 'bad', 'The payment did not work. Nothing was charged.'],
  case: ['Being looked at', 'bad', 'What was paid is not what we asked for. A person is looking at it and will write to you.'],
};
const NOT_BOUGHT = {
  switched_off: 'Auto top-up was switched off, so nothing was bought.',
  not_needed: 'You had minutes again, so nothing was bought.',
  monthly_cap: 'It would have passed the monthly cap of your auto top-up, so nothing was bought.',
};
const state = (purchase) => {
  if (purchase.automatic && ['new', 'open'].includes(purchase.status)) return ['Under way', 'live', 'Your auto top-up is buying this with your saved card.'];
  if (purchase.automatic && NOT_BOUGHT[purchase.statusReason]) return ['Not bought', 'muted', NOT_BOUGHT[purchase.statusReason]];
  if (purchase.statusReason === 'receipt_refused') return ['Paid', 'good', 'Paid. Your minutes are there. The receipt could not be mailed; we are looking into it.'];
  return STATES[purchase.status] ?? [purchase.status, 'muted', ''];
};

/** What is for sale and what was bought; with an id, how that purchase stands. */
export async function buyPage(root, purchaseId, signal) {
  if (purchaseId) return purchasePage(root, purchaseId, signal);
  replace(root, h('h1', {}, 'Buy minutes'), skeleton(5));
  const [{ products }, { purchases }, credit, { subscriptions }] = await Promise.all([get('/api/catalogue'), get('/api/purchases'), get('/api/credits'), get('/api/subscriptions')]);
  const topUp = await topUpCard(products, signal);
  const alert = h('p', { class: 'form-error', role: 'alert', hidden: true });
  const coupon = h('form', { novalidate: true, onsubmit: (event) => event.preventDefault() },
    field('coupon', 'Coupon', { autocomplete: 'off', autocapitalize: 'characters', maxlength: 32 }, 'It counts for what you buy next.'));
  const more = h('details', {}, h('summary', {}, 'I have a coupon'), coupon);
  replace(root, back('#/credits', 'Credits'), h('h1', {}, 'Buy minutes'),
    h('p', { class: 'muted' }, `You have ${duration(countedSeconds(credit, uncounted(subscriptions)))} minutes. You pay at our payment service; talk is counted by the second unless an offer says otherwise.`),
    alert, h('section', { class: 'card' }, more), planCard(products, subscriptions, alert), GROUPS.map(group), topUp, history(purchases));

  function group([kind, title]) {
    const offered = products.filter((product) => product.kind === kind);
    return offered.length ? h('section', { class: 'card' }, h('h2', {}, title), h('ul', { class: 'offers' }, offered.map(offer))) : null;
  }

  function offer(product) {
    // One key for one intention: a second press after a lost answer is the same purchase.
    let key = newKey();
    // A subscriber's further call of five minutes costs what the plan says.
    const further = subscriptions.find((one) => one.period)?.period.furtherCallUsd;
    const price = product.code === 'call_5' && further !== undefined ? Math.min(further, product.priceUsd) : product.priceUsd;
    const label = `Buy for ${dollars(price)}`;
    const button = h('button', { class: 'secondary', 'aria-label': `${label}: ${product.title}` }, label);
    coupon.addEventListener('input', () => { key = newKey(); });
    button.onclick = () => busy(button, async () => {
      alert.hidden = true;
      const code = coupon.elements.coupon.value.trim();
      const purchase = await post('/api/purchases', { product: product.code, ...(code ? { coupon: code } : {}) }, { 'Idempotency-Key': key });
      location.hash = `#/buy/${purchase.id}`;
    }, (problem) => {
      if (problem.code !== 'offline') key = newKey();
      more.open ||= Boolean(problem.errors?.some((error) => error.field === 'coupon'));
      showErrors(coupon, alert, problem);
      if (!alert.hidden) alert.scrollIntoView({ block: 'center' });
      return true;
    });
    return h('li', {}, h('span', {}, h('strong', {}, product.title), h('small', {}, [
      product.seconds ? `${dollars(price / (product.seconds / 60))} a minute` : null,
      product.expiresAfterDays ? `kept for ${product.expiresAfterDays} days` : null,
      product.chargePolicy === 'by_the_second' ? null : policyWord(product.chargePolicy)].filter(Boolean).join(' · '))), button);
  }
}

const back = (href, label) => h('a', { class: 'backlink', href }, icon('back'), label);
const badge = (purchase) => h('span', { class: `badge ${state(purchase)[1]}` }, state(purchase)[0]);

function history(purchases) {
  if (!purchases.length) return null;
  return h('section', { class: 'card' }, h('h2', {}, 'What you bought'), h('ul', { class: 'offers' }, purchases.map((purchase) => h('li', {},
    h('span', {}, h('a', { href: `#/buy/${purchase.id}` }, purchase.title), h('small', {}, `${moment(purchase.createdAt)} · ${dollars(purchase.amountUsd)}${purchase.automatic ? ' · by auto top-up' : ''}`)),
    badge(purchase)))));
}

async function purchasePage(root, id, signal) {
  replace(root, back('#/buy', 'Buy minutes'), h('h1', {}, 'Your purchase'), skeleton(2));
  const facts = h('div', {});
  const told = h('p', { role: 'status' });
  const next = h('div', { class: 'row' });
  let wait = 1000;
  let shown = null;
  while (!signal.aborted) {
    try {
      const purchase = await get(`/api/purchases/${encodeURIComponent(id)}`);
      if (!shown) replace(root, back('#/buy', 'Buy minutes'), h('h1', {}, 'Your purchase'), h('section', { class: 'card' }, facts, told, next));
      // Only a change is drawn: what is focused stays focused, and nothing is read out twice.
      if (shown?.status !== purchase.status || shown?.checkoutUrl !== purchase.checkoutUrl) draw(purchase);
      shown = purchase;
      if (OVER.includes(purchase.status)) {
        dispatchEvent(new Event('credit-changed'));
        return;
      }
    } catch (problem) {
      if (problem.code !== 'offline' || !shown) {
        replace(root, errorState(problem, () => purchasePage(root, id, signal)));
        return;
      }
      told.textContent = 'Connection lost, trying again…';
      shown = { ...shown, status: null };
    }
    await new Promise((resolve) => setTimeout(resolve, wait));
    wait = Math.min(wait * 1.5, SLOWEST_POLL_MS);
  }

  function draw(purchase) {
    const items = [['What', purchase.title], ['Price', dollars(purchase.amountUsd)], ['Minutes', duration(purchase.seconds)],
      ...(purchase.bonusSeconds ? [['Extra', duration(purchase.bonusSeconds)]] : [])];
    replace(facts, h('dl', { class: 'figures' }, items.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value)))));
    replace(told, badge(purchase), ' ', state(purchase)[2]);
    replace(next,
      purchase.checkoutUrl ? h('a', { class: 'button primary', href: purchase.checkoutUrl }, `Pay ${dollars(purchase.amountUsd)} now`) : null,
      ['completed', 'credited'].includes(purchase.status) ? h('a', { class: 'button primary', href: '#/' }, icon('phone'), 'Be called') : null,
      ['expired', 'failed'].includes(purchase.status) ? h('a', { class: 'button secondary', href: '#/buy' }, 'Choose again') : null,
      h('a', { class: 'button quiet', href: '#/credits' }, 'Your credits'));
  }
}
