import { busy, errorState, h, icon, replace, skeleton } from '../dom.js';
import { get, newKey, post } from '../api.js';
import { showErrors } from '../form.js';
import { dayOf, dollars, duration } from '../format.js';

const STATES = {
  new: ['Preparing', 'live', 'Opening the checkout…'],
  open: ['To be paid', 'live', 'Waiting for your payment.'],
  active: ['Running', 'good', ''],
  past_due: ['Not paid', 'bad', 'The renewal could not be paid. We try again and write to you; until then the plan brings no new talk.'],
  ended: ['Ended', 'muted', 'This plan has ended. Minutes you bought stay yours.'],
  expired: ['Not begun', 'muted', 'It was not paid, so nothing was charged.'],
  failed: ['Failed', 'bad', 'The checkout could not be opened. Nothing was charged.'],
};
const RUNNING = ['active', 'past_due'];
const OVER = ['ended', 'expired', 'failed'];
const REFUSED = {
  payment_declined: 'Your card was declined, so your plan has not changed.',
  refused_by_vendor: 'The payment service did not accept the change. We are looking into it.',
  not_running: 'The plan was over before the change could be made.',
};
const SLOWEST_POLL_MS = 5000;
const SETTLED_POLL_MS = 15000;

const badge = (subscription) => {
  const [word, tone] = STATES[subscription.status] ?? [subscription.status, 'muted'];
  return h('span', { class: `badge ${tone}` }, word);
};

/** What a plan brings, in a person's words. */
function brings(plan) {
  const talk = plan.seconds ? `${plan.seconds / 60} minutes, up to ${plan.callsPerPeriod} calls` : `up to ${plan.fairUseLimitCalls} calls, minutes are not counted`;
  const personas = plan.entitlements?.own_personas ?? 0;
  const documents = plan.entitlements?.documents ?? 0;
  return [talk, personas ? `${personas} persona${personas > 1 ? 's' : ''} of your own` : null, documents ? `${documents} documents` : null,
    plan.entitlements?.priority ? 'your calls go first' : null].filter(Boolean).join(' · ');
}

/** The calls left of a plan that counts calls and no minutes; null without one. Its credits are a bound nobody is to read. */
export function uncounted(subscriptions) {
  const period = subscriptions.find((one) => RUNNING.includes(one.status) && one.period && one.period.secondsLeft === undefined)?.period;
  return period ? { left: Math.max(0, period.callsLimit - period.callsUsed), limit: period.callsLimit } : null;
}

/** What is left beside such a plan, in seconds. */
export function countedSeconds(credit, plan) {
  const planned = plan ? credit.grants.filter((grant) => grant.source === 'subscription' && grant.status === 'usable') : [];
  return planned.reduce((left, grant) => left - grant.availableSeconds, credit.availableSeconds);
}

/** Plans beside packs: the one that runs, or those to choose from. */
export function planCard(products, subscriptions, alert) {
  const plans = products.filter((product) => product.kind === 'plan');
  if (!plans.length) return null;
  const current = subscriptions.find((one) => RUNNING.includes(one.status));
  if (current) {
    return h('section', { class: 'card' }, h('h2', {}, 'Your plan'), h('ul', { class: 'offers' }, h('li', {},
      h('span', {}, h('a', { href: `#/plan/${current.id}` }, current.title), h('small', {}, left(current))), badge(current))));
  }
  return h('section', { class: 'card' }, h('h2', {}, 'Plans'),
    h('p', { class: 'muted' }, 'Paid every month; you can end it with any month.'),
    h('ul', { class: 'offers' }, plans.map((plan) => {
      let key = newKey();
      const label = `${dollars(plan.priceUsd)} a month`;
      const button = h('button', { class: 'secondary', 'aria-label': `${plan.title}: ${label}` }, label);
      button.onclick = () => busy(button, async () => {
        alert.hidden = true;
        const subscription = await post('/api/subscriptions', { plan: plan.code }, { 'Idempotency-Key': key });
        location.hash = `#/plan/${subscription.id}`;
      }, (problem) => {
        if (problem.code !== 'offline') key = newKey();
        return told(alert, problem);
      });
      return h('li', {}, h('span', {}, h('strong', {}, plan.title), h('small', {}, brings(plan))), button);
    })));
}

function told(alert, problem) {
  showErrors(h('form', {}), alert, problem);
  alert.scrollIntoView({ block: 'center' });
  return true;
}

function left(subscription) {
  const period = subscription.period;
  if (!period) return STATES[subscription.status]?.[2] ?? '';
  const calls = `${Math.max(0, period.callsLimit - period.callsUsed)} of ${period.callsLimit} calls left`;
  const talk = period.secondsLeft === undefined ? null : `${duration(period.secondsLeft)} minutes left`;
  return [calls, talk, `until ${dayOf(period.endsAt)}`].filter(Boolean).join(' · ');
}

/** One subscription: to be paid, its period, and what can be changed. */
export async function planPage(root, id, signal) {
  const head = () => [h('a', { class: 'backlink', href: '#/buy' }, icon('back'), 'Buy minutes'), h('h1', {}, 'Your plan')];
  replace(root, head(), skeleton(3));
  let wait = 1000;
  let shown = null;
  let products = null;
  while (!signal.aborted) {
    try {
      const [subscription, catalogue] = await Promise.all([get(`/api/subscriptions/${encodeURIComponent(id)}`), products ?? get('/api/catalogue').then((all) => all.products)]);
      products = catalogue;
      // Only a change is drawn: what is focused stays focused, and nothing is read out twice.
      const now = JSON.stringify(subscription);
      if (shown !== now) {
        draw(subscription);
        dispatchEvent(new Event('credit-changed'));
      }
      shown = now;
      if (OVER.includes(subscription.status)) return;
      const waiting = subscription.lastChange?.status === 'ordered' || !RUNNING.includes(subscription.status);
      wait = waiting ? Math.min(wait * 1.5, SLOWEST_POLL_MS) : SETTLED_POLL_MS;
    } catch (problem) {
      if (problem.code !== 'offline' || !shown) {
        replace(root, errorState(problem, () => planPage(root, id, signal)));
        return;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, wait));
  }

  function draw(subscription) {
    const plan = products.find((one) => one.code === subscription.plan);
    const words = [STATES[subscription.status]?.[2],
      subscription.period?.nearlyUsedUp ? nearly(subscription.period) : null,
      subscription.endsAtPeriodEnd && subscription.period ? `It ends on ${dayOf(subscription.period.endsAt)} and is not paid again.` : null,
      subscription.nextPlan ? `From the next month it is ${title(subscription.nextPlan)}.` : null].filter(Boolean);
    replace(root, head(),
      h('section', { class: 'card' }, h('h2', {}, subscription.title), plan ? h('p', { class: 'muted' }, brings(plan)) : null,
        figures(subscription), h('p', { role: 'status' }, badge(subscription), ' ', words.join(' ')),
        subscription.checkoutUrl ? h('div', { class: 'row' }, h('a', { class: 'button primary', href: subscription.checkoutUrl }, `Pay ${plan ? dollars(plan.priceUsd) : ''} now`)) : null,
        OVER.includes(subscription.status) ? h('a', { class: 'button secondary', href: '#/buy' }, 'Choose a plan') : null),
      RUNNING.includes(subscription.status) ? changes(subscription) : null,
      payments(subscription));
  }

  function nearly(period) {
    if (period.callsUsed < period.callsLimit) return 'You have had most of this month’s calls.';
    return `This month’s calls are used up. A further call of 5 minutes costs ${dollars(period.furtherCallUsd)}.`;
  }

  function title(code) {
    return products.find((one) => one.code === code)?.title ?? code;
  }

  function figures(subscription) {
    const period = subscription.period;
    if (!period) return null;
    const items = [['Calls left', `${Math.max(0, period.callsLimit - period.callsUsed)} of ${period.callsLimit}`],
      ...(period.secondsLeft === undefined ? [] : [['Minutes left', duration(period.secondsLeft)]]),
      [subscription.endsAtPeriodEnd ? 'Ends' : 'Renews', dayOf(period.endsAt)]];
    return h('dl', { class: 'figures' }, items.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))));
  }

  function changes(subscription) {
    const alert = h('p', { class: 'form-error', role: 'alert', hidden: true });
    const change = subscription.lastChange;
    const ordered = change?.status === 'ordered';
    const price = products.find((one) => one.code === subscription.plan)?.priceUsd ?? 0;
    const others = products.filter((one) => one.kind === 'plan' && one.code !== (subscription.nextPlan ?? subscription.plan));
    return h('section', { class: 'card' }, h('h2', {}, 'Change it'),
      change?.status === 'refused' ? h('p', { class: 'form-error' }, REFUSED[change.reason] ?? 'The last change was not made.') : null,
      ordered ? h('p', { role: 'status' }, 'Your change is being made…') : null, alert,
      subscription.status === 'active' && !ordered ? h('ul', { class: 'offers' }, others.map((plan) => h('li', {},
        h('span', {}, h('strong', {}, plan.title), h('small', {}, plan.priceUsd > price ? 'at once; you pay the difference for the rest of the month' : 'from the next month')),
        action(`Change to ${plan.title}`, `${dollars(plan.priceUsd)} a month`, 'plan', { plan: plan.code })))) : null,
      ordered ? null : h('div', { class: 'row' }, subscription.endsAtPeriodEnd
        ? action('Keep the plan', 'Keep the plan', 'resume')
        : action('End it with this month', 'End it with this month', 'cancel')));

    function action(label, words, path, wish) {
      let key = newKey();
      const button = h('button', { class: 'secondary', 'aria-label': label }, words);
      button.onclick = () => busy(button, async () => {
        alert.hidden = true;
        draw(await post(`/api/subscriptions/${subscription.id}/${path}`, wish, { 'Idempotency-Key': key }));
        wait = 1000;
      }, (problem) => {
        if (problem.code !== 'offline') key = newKey();
        return told(alert, problem);
      });
      return button;
    }
  }

  function payments(subscription) {
    if (!subscription.paid.length) return null;
    return h('section', { class: 'card' }, h('h2', {}, 'What you paid'), h('ul', { class: 'offers' }, subscription.paid.map((one) => h('li', {},
      h('span', {}, h('strong', {}, title(one.plan)), h('small', {}, `${dayOf(one.startsAt)} – ${dayOf(one.endsAt)}${one.reason === 'update' ? ' · the difference' : ''}`)),
      h('span', {}, dollars(one.amountUsd))))));
  }
}
