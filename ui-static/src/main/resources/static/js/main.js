// The shell: who is signed in, which page is shown. A page is a function (root, argument, signal); the signal aborts
// when the page is left, and takes timers and streams with it.
import { emptyState, h, icon, replace, errorState } from './dom.js';
import { get, onSession, setSession, user } from './api.js';
import { duration } from './format.js';
import { signInPage } from './views/signin.js';
import { bookPage } from './views/book.js';
import { callPage } from './views/call.js';
import { historyPage } from './views/history.js';
import { creditPage } from './views/credits.js';
import { accountPage } from './views/account.js';
import { buyPage } from './views/buy.js';
import { planPage, uncounted } from './views/plan.js';
import { financePage } from './views/finance.js';
import { operatePage } from './views/operate.js';

const PAGES = { '': bookPage, call: callPage, history: historyPage, credits: creditPage, buy: buyPage, plan: planPage, account: accountPage, finance: financePage, operate: operatePage };
const TABS = [['', 'Call me', 'phone'], ['history', 'Calls', 'list'], ['credits', 'Credits', 'wallet'], ['account', 'Account', 'user']];
// Pages of a role; the API refuses everybody else, and this says so in a person's words.
const ROLES = { finance: ['finance', 'operator'], operate: ['operator'] };
const TITLES = { '': 'Call me', call: 'Call', history: 'Calls', credits: 'Credits', buy: 'Buy minutes', plan: 'Your plan', account: 'Account', finance: 'Money', operate: 'Operate' };

const main = document.getElementById('main');
let leaving = new AbortController();

function show() {
  leaving.abort();
  leaving = new AbortController();
  const [name = '', argument] = location.hash.replace(/^#\/?/, '').split('/');
  const signedIn = user() !== null;
  document.getElementById('top').hidden = !signedIn;
  document.getElementById('tabs').hidden = !signedIn;
  const root = h('div', { class: `page page-${signedIn ? name || 'book' : 'signin'}` });
  replace(main, root);
  if (!signedIn) {
    document.title = 'Call Me Back';
    signInPage(root);
    return;
  }
  shell({ call: 'history', buy: 'credits', plan: 'credits', finance: 'account', operate: 'account' }[name] ?? name);
  document.title = `${TITLES[name] ?? 'Call Me Back'} · Call Me Back`;
  if (ROLES[name] && !ROLES[name].includes(user().role)) {
    replace(root, h('h1', {}, TITLES[name]), emptyState('alert', 'Not for this account', `This page is for ${name === 'operate' ? 'operators' : 'people of finance'}. Whoever runs the service can give an account that role.`,
      h('a', { class: 'button secondary', href: '#/account' }, 'Account')));
    main.focus({ preventScroll: true });
    return;
  }
  const page = PAGES[name] ?? bookPage;
  Promise.resolve(page(root, argument, leaving.signal)).catch((problem) => replace(root, errorState(problem, show)));
  main.focus({ preventScroll: true });
  scrollTo(0, 0);
}

function links(current) {
  return TABS.map(([name, label, symbol]) =>
    h('a', { href: `#/${name}`, 'aria-current': name === current ? 'page' : null }, icon(symbol), h('span', {}, label)));
}

function shell(current) {
  const balance = h('a', { class: 'balance', href: '#/credits', title: 'Credit' }, icon('clock'), h('span', { id: 'balance' }, '…'));
  replace(document.getElementById('top'),
    h('a', { class: 'brand', href: '#/' }, h('img', { src: '/favicon.svg', alt: '', width: '28', height: '28' }), h('span', {}, 'Call Me Back')),
    h('nav', { class: 'wide', 'aria-label': 'Main' }, links(current)), balance);
  replace(document.getElementById('tabs'), links(current));
  refreshBalance();
}

/** The credit in the header; a page that changed it says so with the event. */
async function refreshBalance() {
  try {
    const [credit, { subscriptions }] = await Promise.all([get('/api/credits'), get('/api/subscriptions')]);
    const plan = uncounted(subscriptions);
    const label = document.getElementById('balance');
    if (label) label.textContent = plan ? `${plan.left} calls left` : `${duration(credit.availableSeconds)} left`;
  } catch {
    // The page itself says what is wrong; the header keeps its last figure.
  }
}

addEventListener('hashchange', show);
addEventListener('credit-changed', refreshBalance);
onSession(() => show());

if (user()) {
  // A token kept from yesterday may be revoked by now; asking also brings the account up to date.
  get('/api/auth/validate').catch((problem) => {
    if (problem.code !== 'offline') setSession(null);
  });
}
show();
