import { busy, h, replace, toast } from '../dom.js';
import { get, put } from '../api.js';
import { field, numeric, showErrors } from '../form.js';
import { dollars } from '../format.js';

/** What calls may cost in a day and a month, what they have cost, and when to be told. */
export async function budgetCard() {
  const place = h('section', { class: 'card' });
  draw(await get('/api/budget'));
  return place;

  function draw(budget) {
    const alert = h('p', { class: 'form-error', role: 'alert', hidden: true });
    const save = h('button', { class: 'primary', type: 'submit' }, 'Save budgets');
    const form = h('form', { class: 'fields', novalidate: true, onsubmit: (event) => {
      event.preventDefault();
      alert.hidden = true;
      const entered = Object.entries(Object.fromEntries(new FormData(form))).map(([name, value]) => [name, value.trim()]).filter(([, value]) => value);
      const values = Object.fromEntries(entered.map(([name, value]) => [name, numeric(value)]));
      busy(save, async () => {
        draw(await put('/api/budget', values));
        toast('Saved');
      }, (problem) => { showErrors(form, alert, problem); return true; });
    } },
    field('dailyUsd', 'A day, in dollars', { inputmode: 'decimal', value: budget.day.limitUsd ?? '' }, spent(budget.day, 'today')),
    field('monthlyUsd', 'A month, in dollars', { inputmode: 'decimal', value: budget.month.limitUsd ?? '' }, spent(budget.month, 'this month')),
    field('alertPercent', 'Tell me at, in percent', { inputmode: 'numeric', value: budget.alertPercent }, 'An e-mail, once a day and once a month'),
    alert, h('div', {}, save));
    replace(place, h('h2', {}, 'Budgets'), h('p', { class: 'hint' }, 'What calls may cost by our vendors’ prices; empty for no limit. Days and months are UTC’s. When one is used up, a call under way ends with a goodbye and no more are made.'), form);
  }
}

function spent(period, when) {
  const words = `${dollars(period.spentUsd)} spent ${when}`;
  return period.limitUsd ? `${words}, ${Math.round((period.spentUsd / period.limitUsd) * 100)} % of it` : words;
}
