import { busy, h, icon, replace } from '../dom.js';
import { get, post, setSession } from '../api.js';
import { complete, field, showErrors } from '../form.js';

/** Sign in, or open an account. In the local environment the demo account is one click away. */
export function signInPage(root) {
  const card = h('section', { class: 'card signin' });
  replace(root,
    h('section', { class: 'hero' },
      h('img', { src: '/favicon.svg', alt: '', width: '52', height: '52' }),
      h('h1', {}, 'Someone who rings when they said they would.'),
      h('p', { class: 'lead' }, 'Pick a voice, pick a moment, say what it is about. Brad, Sarah or Alex will call you, listen, and remember where you were.'),
      h('ul', { class: 'promises' },
        ['A call you booked is kept, whatever breaks on our side', 'You pay by the second, and never for a call that failed', 'Every cent of a call is shown, line by line']
          .map((text) => h('li', {}, icon('check'), text)))),
    card);
  let registering = false;

  function draw() {
    const alert = h('p', { class: 'form-error', role: 'alert', hidden: true });
    const button = h('button', { class: 'primary wide-button', type: 'submit' }, registering ? 'Open the account' : 'Sign in');
    const form = h('form', { novalidate: true, onsubmit: submit },
      registering ? field('displayName', 'Your name', { autocomplete: 'name', maxlength: 80, required: true }) : null,
      field('email', 'E-mail', { type: 'email', autocomplete: 'username', required: true }),
      field('password', 'Password', { type: 'password', autocomplete: registering ? 'new-password' : 'current-password', required: true },
        registering ? 'At least 6 characters, any you like' : ''),
      registering ? field('phoneNumber', 'Your phone number', { type: 'tel', autocomplete: 'tel', placeholder: '+1 415 555 0123' }, 'With country code; you can add it later') : null,
      alert, button);
    const demo = h('div', {});
    replace(card,
      h('div', { class: 'segments', role: 'group', 'aria-label': 'What to do' },
        ['Sign in', 'New here'].map((label, index) => h('button', {
          type: 'button', 'aria-pressed': String(registering === (index === 1)),
          onclick: () => { registering = index === 1; draw(); },
        }, label))),
      form, demo);
    offerDemo(demo);

    function submit(event) {
      event.preventDefault();
      if (!complete(form, alert)) return;
      const values = Object.fromEntries(new FormData(form));
      if (!values.phoneNumber) delete values.phoneNumber;
      signIn(button, registering ? '/api/auth/register' : '/api/auth/login', values, (problem) => showErrors(form, alert, problem));
    }
  }

  async function offerDemo(place) {
    const info = await get('/api/info').catch(() => ({}));
    if (!info.demo) return;
    const button = h('button', { type: 'button', class: 'secondary wide-button' }, 'Use the demo account');
    button.onclick = () => signIn(button, '/api/auth/login', info.demo);
    replace(place, h('p', { class: 'or' }, h('span', {}, 'or')), button);
  }

  draw();
}

function signIn(button, path, values, onProblem) {
  return busy(button, async () => setSession(await post(path, values)), (problem) => {
    onProblem?.(problem);
    return Boolean(onProblem);
  });
}
