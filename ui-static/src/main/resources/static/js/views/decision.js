import { busy, h } from '../dom.js';
import { newKey } from '../api.js';
import { showErrors } from '../form.js';

/** A form that decides something: `names` says which field of the page fills which of the request. One key per intention. */
export function decision(fields, label, names, send) {
  let key = newKey();
  const alert = h('p', { class: 'form-error', role: 'alert', hidden: true });
  const button = h('button', { class: 'primary', type: 'submit' }, label);
  const form = h('form', { class: 'fields', novalidate: true, oninput: () => { key = newKey(); }, onsubmit: (event) => {
    event.preventDefault();
    alert.hidden = true;
    const entered = Object.fromEntries(new FormData(form));
    const values = Object.fromEntries(Object.entries(names).map(([name, place]) => [name, entered[place]?.trim()]).filter(([, value]) => value));
    return busy(button, () => send(values, key), (problem) => {
      const errors = problem.errors?.map((error) => ({ ...error, field: names[error.field] ?? error.field }));
      if (problem.code !== 'offline') key = newKey();
      showErrors(form, alert, { ...problem, errors });
      return true;
    });
  } }, fields, alert, h('div', {}, button));
  return form;
}
