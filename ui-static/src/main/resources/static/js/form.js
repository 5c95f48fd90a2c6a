import { h } from './dom.js';
import { duration } from './format.js';

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

// Where the API speaks to programs, a person gets words of their own; `bound` is the limit that was passed.
const WORDS = {
  field_required: () => 'This is needed.',
  text_too_short: (bound) => `At least ${bound} characters, please.`,
  text_too_long: (bound) => `At most ${bound} characters, please.`,
  pretext_too_long: (bound) => `At most ${bound} characters, please.`,
  email_invalid: () => 'This does not look like an e-mail address.',
  invalid_number: () => 'This is not a phone number. With its country code it begins with “+”.',
  country_not_allowed: () => 'We cannot call this country yet.',
  invalid_local_time: () => 'Choose a day and a time.',
  past_time: () => 'This time has already passed.',
  too_far_ahead: () => 'Choose a time within the next 365 days.',
  plan_calls_used_up: (bound) => `Your plan’s ${bound} calls of this month are used up. Buy a single call, or change your plan.`,
  threshold_out_of_range: (bound) => `Between 1 and ${bound} minutes, please.`,
  number_out_of_range: (bound) => `Between ${bound[0]} and ${bound[1]}, please, with at most two decimals.`,
  vendor_name_invalid: () => 'An id of the vendor has letters, digits and - _ . only.',
  consent_required: () => 'We need your agreement to charge the card while you are away.',
  fair_use_exceeded: (bound) => `You have had the ${bound} calls of this month that fair use allows. Buy a single call to go on.`,
  insufficient_credit: (bound) => `You have ${duration(bound ?? 0)} minutes, which is not enough for a call of this length. Choose a shorter one or get more credit.`,
};
const worded = (error) => WORDS[error.code]?.(error.bound) ?? error.detail;

/** A number to send. What is no number goes as it is, to be refused: as nothing it would mean something else. */
export const numeric = (text) => (Number.isFinite(Number(text)) ? Number(text) : text);

/** Marks what must be filled in and is not; answers whether all is. */
export function complete(form, alert) {
  const errors = [...form.elements].filter((control) => control.required && !control.value)
    .map((control) => ({ field: control.name, code: 'field_required' }));
  if (errors.length) showErrors(form, alert, { errors });
  return errors.length === 0;
}

/** Puts each error beside its field and focuses the first; what belongs to no field goes to `alert`. */
export function showErrors(form, alert, problem) {
  const homeless = [];
  let first = null;
  for (const error of problem.errors ?? []) {
    const name = error.field.split('.')[0];
    const place = form.querySelector(`#f-${CSS.escape(name)}-error`);
    const control = form.elements[name];
    if (!place) {
      homeless.push(worded(error));
      continue;
    }
    place.textContent = worded(error);
    control?.setAttribute?.('aria-invalid', 'true');
    first ??= control;
  }
  if (!problem.errors?.length) homeless.push([problem.detail ?? 'Something went wrong.', problem.remedy].filter(Boolean).join(' '));
  alert.textContent = homeless.join(' ');
  alert.hidden = homeless.length === 0;
  first?.focus?.();
}
