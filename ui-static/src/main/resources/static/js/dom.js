// The few things a page is built with. Text always goes in as text nodes: nothing a user or a persona said is ever parsed.

/** h('button', {class: 'primary', onclick}, 'Call me') → element. `null` and `false` children are left out. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  setAll(element, props);
  append(element, children);
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

export function s(tag, props = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(props)) {
    element.setAttribute(name, value);
  }
  append(element, children);
  return element;
}

function setAll(element, props) {
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'vars') Object.entries(value).forEach(([k, v]) => element.style.setProperty(`--${k}`, v));
    else if (name === 'value') element.value = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
}

function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

export function replace(element, ...children) {
  element.replaceChildren();
  append(element, children);
  return element;
}

const PATHS = {
  phone: 'M6.6 3.8 8.900 3.300a1.500 1.500 0 0 1 1.700.900l1 2.400a1.500 1.500 0 0 1-.400 1.700L9.900 9.500a12 12 0 0 0 4.600 4.600l1.200-1.300a1.500 1.500 0 0 1 1.700-.400l2.400 1a1.500 1.500 0 0 1 .900 1.700l-.500 2.300a2 2 0 0 1-2 1.600A14.800 14.800 0 0 1 5 5.800a2 2 0 0 1 1.600-2z',
  clock: 'M12 3.500a8.500 8.500 0 1 0 0 17 8.500 8.500 0 0 0 0-17zM12 7.500V12l3 2',
  list: 'M8 6.500h12M8 12h12M8 17.500h12M4 6.500h.01M4 12h.01M4 17.500h.01',
  wallet: 'M4 7.500A2.500 2.500 0 0 1 6.500 5H18v3.500M4 7.500V17a2 2 0 0 0 2 2h13a1 1 0 0 0 1-1v-8.500a1 1 0 0 0-1-1H5a1 1 0 0 1-1-1zM16.500 13.800h.01',
  user: 'M12 11.500a3.800 3.800 0 1 0 0-7.600 3.800 3.800 0 0 0 0 7.600zM4.800 20a7.200 7.200 0 0 1 14.400 0',
  hangup: 'M3.500 14.500c5-4.700 12-4.700 17 0 .5.500.5 1.200.1 1.700l-1.300 1.600c-.400.500-1.100.600-1.600.2l-2-1.500a1.200 1.200 0 0 1-.500-1.100l.100-1.300a12 12 0 0 0-6.600 0l.100 1.300c0 .400-.200.900-.500 1.100l-2 1.500c-.500.400-1.200.300-1.600-.200l-1.300-1.600c-.400-.500-.400-1.200.100-1.700z',
  plus: 'M12 5v14M5 12h14',
  check: 'm5 12.500 4.500 4.500L19 7.500',
  play: 'M8.500 5.500v13l10-6.500z',
  back: 'M14.500 5.500 8 12l6.500 6.500',
  alert: 'M12 8v5M12 16.500h.01M10.300 4.300 2.900 17a2 2 0 0 0 1.700 3h14.800a2 2 0 0 0 1.700-3L13.700 4.300a2 2 0 0 0-3.400 0z',
};

export function icon(name) {
  return s('svg', { viewBox: '0 0 24 24', class: 'icon', 'aria-hidden': 'true' }, s('path', { d: PATHS[name] }));
}

export function avatar(persona, size = '') {
  return h('span', { class: `avatar ${size}`, vars: { accent: persona?.accentColor ?? '#64748b' }, 'aria-hidden': 'true' },
    (persona?.name ?? '?').slice(0, 1));
}

export function skeleton(lines = 3) {
  return h('div', { class: 'skeleton', role: 'status', 'aria-label': 'Loading' },
    Array.from({ length: lines }, () => h('span')));
}

/** What a page shows instead of its content: nothing there yet, or something went wrong. */
export function emptyState(iconName, title, text, ...actions) {
  return h('div', { class: 'empty' }, icon(iconName), h('h2', {}, title), h('p', {}, text), h('div', { class: 'row center' }, actions));
}

export function errorState(problem, retry) {
  return h('div', { class: 'empty', role: 'alert' }, icon('alert'), h('h1', {}, problem.title ?? 'Something went wrong'),
    h('p', {}, problem.detail ?? 'Please try again.'),
    problem.remedy ? h('p', { class: 'muted' }, problem.remedy) : null,
    h('button', { class: 'secondary', onclick: retry }, 'Try again'));
}

export function toast(text, kind = '') {
  const item = h('div', { class: `toast ${kind}` }, text);
  document.getElementById('toasts').append(item);
  setTimeout(() => item.remove(), 5000);
}

/** Runs an action with its button disabled; a problem becomes a toast unless `onProblem` takes it. */
export async function busy(button, action, onProblem) {
  button.disabled = true;
  button.setAttribute('aria-busy', 'true');
  try {
    return await action();
  } catch (problem) {
    if (onProblem?.(problem)) return undefined;
    toast(problem.remedy ? `${problem.detail} ${problem.remedy}` : problem.detail ?? String(problem), 'bad');
    return undefined;
  } finally {
    button.disabled = false;
    button.removeAttribute('aria-busy');
  }
}
