import { busy, errorState, h, replace, skeleton } from '../dom.js';
import { get, newKey, post } from '../api.js';
import { duration } from '../format.js';

const GROUPS = [['pack', 'Packs'], ['single_call', 'Single calls'], ['extension', 'Longer calls']];
const OVER = ['completed', 'credited', 'expired', 'failed', 'case'];
const WORDS = {
  new: 'Opening the checkout…',
  open: 'Waiting for your payment.',
  processing: 'Your bank is on it. The minutes come when the money does; this can take days.',
  credited: 'Paid. Your minutes are there.',
  completed: 'Paid. Your minutes are there, and the receipt is in your mail.',
  expired: 'Nobody paid in time, so nothing was charged.',
  failed: 'The payment did not work. Nothing was charged.',
  case: 'What was paid is not what we asked for. A person is looking at it and will write to you.',
};

/** What is for sale; with an id, how that purchase stands. */
export async function buyPage(root, purchaseId, signal) {
  if (purchaseId) return purchasePage(root, purchaseId, signal);
  replace(root, h('h1', {}, 'Buy minutes'), skeleton(5));
  const { products } = await get('/api/catalogue');
  const coupon = h('input', { id: 'coupon', autocomplete: 'off', maxlength: '32' });
  const problem = h('p', { role: 'alert', class: 'hint' });
  replace(root, h('h1', {}, 'Buy minutes'), problem,
    h('section', { class: 'card' }, h('label', { for: 'coupon' }, 'Coupon, if you have one'), coupon),
    GROUPS.map(([kind, title]) => h('section', { class: 'card' }, h('h2', {}, title),
      products.filter((product) => product.kind === kind).map(row))));

  function row(product) {
    // One key per button: a second press after a lost answer is the same purchase.
    let key = newKey();
    const button = h('button', { class: 'secondary' }, `Buy for $${product.priceUsd.toFixed(2)}`);
    button.onclick = () => busy(button, async () => {
      problem.textContent = '';
      try {
        const purchase = await post('/api/purchases',
          { product: product.code, ...(coupon.value.trim() ? { coupon: coupon.value.trim() } : {}) }, { 'Idempotency-Key': key });
        location.hash = `#/buy/${purchase.id}`;
      } catch (failure) {
        if (failure.code !== 'offline') key = newKey();
        problem.textContent = failure.errors?.[0]?.detail ?? failure.detail ?? failure.title;
      }
    });
    return h('div', { class: 'row' }, h('span', {}, `${product.title} (${duration(product.seconds)})`), button);
  }
}

async function purchasePage(root, id, signal) {
  const state = h('p', { role: 'status' });
  const pay = h('a', { class: 'button primary', hidden: true }, 'Pay now');
  const title = h('p', {});
  replace(root, h('h1', {}, 'Your purchase'),
    h('section', { class: 'card' }, title, state, pay, h('p', {}, h('a', { href: '#/credits' }, 'Your credits'))));
  while (!signal.aborted) {
    let purchase;
    try {
      purchase = await get(`/api/purchases/${id}`);
    } catch (failure) {
      if (failure.code !== 'offline') {
        replace(root, errorState(failure, () => purchasePage(root, id, signal)));
        return;
      }
    }
    if (purchase) {
      title.textContent = `${purchase.title}, $${purchase.amountUsd.toFixed(2)}`;
      state.textContent = WORDS[purchase.status];
      pay.hidden = !purchase.checkoutUrl;
      if (purchase.checkoutUrl) pay.href = purchase.checkoutUrl;
      if (OVER.includes(purchase.status)) {
        dispatchEvent(new Event('credit-changed'));
        return;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
