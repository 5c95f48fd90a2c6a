import { h } from './dom.js';

/** A labelled field with room for a hint and for what is wrong with it. */
export function field(name, label, input = {}, hint = '') {
  const id = `f-${name}`;
  const control = input.tag === 'textarea' ? h('textarea', { id, name, ...without(input) }) : h('input', { id, name, ...input });
  control.setAttribute('aria-describedby', `${id}-hint ${id}-error`);
  control.addEventListener('input', () => clear(control));
  return h('div', { class: 'field' }, h('label', { for: id }, label), control,
    h('p', { class: 'hint', id: `${id}-hint` }, hint), h('p', { class: 'field-error', id: `${id}-error` }));
}

function without({ tag, ...rest }) {
  return rest;
}

function clear(control) {
  control.removeAttribute('aria-invalid');
  const place = document.getElementById(`f-${control.name}-error`);
  if (place) place.textContent = '';
}

/** Puts each error beside its field and focuses the first; what belongs to no field goes to `alert`. */
export function showErrors(form, alert, problem) {
  const homeless = [];
  let first = null;
  for (const error of problem.errors ?? []) {
    const name = error.field.split('.')[0];
    const place = form.querySelector(`#f-${CSS.escape(name)}-error`);
    const control = form.elements[name];
    if (!place || !control) {
      homeless.push(error.detail);
      continue;
    }
    place.textContent = error.detail;
    control.setAttribute?.('aria-invalid', 'true');
    first ??= control;
  }
  if (!problem.errors?.length) homeless.push(problem.remedy ? `${problem.detail} ${problem.remedy}` : problem.detail);
  alert.textContent = homeless.join(' ');
  alert.hidden = homeless.length === 0;
  first?.focus?.();
}
